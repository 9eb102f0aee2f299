"""Words as targets: scales in order, and the documented vocabulary for when no scale is given."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from rag_rules.errors import SettingError

__all__ = ["BALANCED", "SCALES", "VOCABULARY", "Scale", "normal", "scale_of"]


def normal(word: str) -> str:
    """A label as it is compared: lower case, single spaces, without final punctuation.

    >>> normal(" Requires  Improvement. ")
    'requires improvement'
    """
    return " ".join(word.lower().replace("’", "'").split()).strip(" .,;:!\"'")


@dataclass(frozen=True, slots=True)
class Scale:
    """Labels in order, the worst first, with those that are amber when the target is above them.

    >>> scale = Scale.read("Inadequate < Requires improvement (amber) < Good < Outstanding")
    >>> scale.index("good"), scale.amber
    (2, frozenset({1}))
    """

    labels: tuple[str, ...]
    amber: frozenset[int] = field(default=frozenset())

    @classmethod
    def read(cls, text: str) -> Scale:
        """The scale that ``text`` writes; raises ``SettingError`` for fewer than two labels or a repeated one."""
        labels, amber = [], set()
        parts = [part.strip() for part in text.split("<")]
        if len(parts) < 2 and ">" in text:
            parts = [part.strip() for part in reversed(text.split(">"))]
        for position, part in enumerate(parts):
            plain = re.sub(r"\s*\(amber\)\s*$", "", part, flags=re.IGNORECASE)
            if plain != part:
                amber.add(position)
            labels.append(plain.strip(" \"'“”"))
        if len(labels) < 2 or not all(labels):
            raise SettingError(
                f"“{text}” is not a scale",
                hint="write the labels in order, the worst first, e.g. Inadequate < Requires improvement < Good",
            )
        if found := next((label for label in labels if re.match(r"(?i)(?:green|amber|red) ?:", label)), None):
            raise SettingError(
                f"“{found}” is no label", hint="mark the amber step behind it: Requires improvement (amber)"
            )
        if len({normal(label) for label in labels}) < len(labels):
            raise SettingError(f"the scale “{text}” names a label twice")
        return cls(tuple(labels), frozenset(amber))

    def index(self, word: str) -> int | None:
        """The position of ``word`` on the scale, 0 being the worst; ``None`` if it is not on it."""
        wanted = normal(word)
        for position, label in enumerate(self.labels):
            if normal(label) == wanted:
                return position
        return None

    def __str__(self) -> str:
        return " < ".join(f"{label} (amber)" if i in self.amber else label for i, label in enumerate(self.labels))


#: scales that need not be given, because their words have one order wherever they are used
SCALES: Final = tuple(
    Scale.read(text)
    for text in (
        "Inadequate < Requires improvement < Good < Outstanding",
        "Not achieved < Partially achieved < Achieved",
        "Not met < Partially met < Met",
        "Not completed < Partially completed < Completed",
        "Incomplete < Complete",
        "Not delivered < Partially delivered < Delivered",
        "Not implemented < Partially implemented < Implemented",
        "Not in place < Partially in place < In place",
        "Non-compliant < Partially compliant < Compliant",
        "Not compliant < Compliant",
        "Not compliant < Partially compliant < Fully compliant",
        "Not audited < Approved by auditor",
        "Not approved < Approved",
        "Not accredited < Accredited",
        "Not certified < Certified",
        "Not adopted < Adopted",
        "Not published < Published",
        "Qualified < Unqualified",
        "Fail < Pass",
        "Failed < Passed",
        "No < Yes",
        "N < Y",
        "Red < Amber < Green",
        "Not on track < On track",
        "Unsatisfactory < Satisfactory",
        "No assurance < Limited assurance < Reasonable assurance < Substantial assurance",
    )
)

#: "the books balance": rates money that has a sign, and is not a label
BALANCED: Final = frozenset({"balanced", "balanced budget", "break even", "breakeven", "break-even", "balance"})

VOCABULARY: Final = {normal(label): label for scale in SCALES for label in scale.labels}


def scale_of(*words: str) -> Scale | None:
    """The documented scale that all of ``words`` are on, if there is one."""
    for scale in SCALES:
        if all(scale.index(word) is not None for word in words):
            return scale
    return None
