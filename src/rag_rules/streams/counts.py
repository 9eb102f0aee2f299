"""What is counted while readings are rated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from rag_rules.status import Status

__all__ = ["MOST_EXAMPLES", "Counts"]

#: so many different names without a rule are remembered; a column of keys may have one for each row
_MOST_NAMES: Final = 1_000
#: so many examples of what is wrong are remembered
MOST_EXAMPLES: Final = 3


@dataclass(slots=True)
class Counts:
    """How many rows have each status, why the unrated ones have none, and which names have no rule."""

    statuses: Counter[Status] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    #: names without a rule, with the rows of each
    unknown: Counter[str] = field(default_factory=Counter)
    #: whether there are more such names than are remembered
    has_more_unknown: bool = False
    #: names in another spelling than their rule's, and the name that each was taken for
    respelt: dict[str, str] = field(default_factory=dict)

    #: some of the readings that are not understood, and of the names that several rules have
    examples: dict[str, list[str]] = field(default_factory=dict)
    #: what is said of the first number that could have a decimal comma; empty where there is none
    doubt: str = ""
    #: what was odd about the files
    warnings: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many rows there are."""
        return self.statuses.total()

    def add_example(self, reason: str, text: str) -> None:
        """Remember one of the first different texts with a reason."""
        known = self.examples.setdefault(reason, [])
        if len(known) < MOST_EXAMPLES and text not in known:
            known.append(text)

    def add_unknown(self, name: str, rows: int) -> None:
        """Count rows whose name has no rule."""
        if name in self.unknown or len(self.unknown) < _MOST_NAMES:
            self.unknown[name] += rows
        else:
            self.has_more_unknown = True
