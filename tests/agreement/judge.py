"""What every backend must agree with: the judge itself, asked for each reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from rag_rules import Rule
from rag_rules.number_line import BAD_READING, Verdict, judged, number_line, verdict_of
from rag_rules.steps import Side
from tests.agreement.drawn import FLOATS, KINDS, readings_of

#: the column that tells rows apart, of engines that keep no order
KEY = "row key"


class Said(NamedTuple):
    """What is said of one reading."""

    status: str
    reason: str | None
    band: int | None


NOBODY = Said("unrated", "no such rule", None)


@dataclass
class Batch:
    """Readings in a column of one type, each with the number of its rule; -1 is a name nobody knows."""

    rules: list[Rule]
    rows: list[tuple[int, Any]]
    kind: str
    shares: bool | None = None
    _wanted: list[Said] | None = field(default=None, repr=False)

    @property
    def wanted(self) -> list[Said]:
        """What the judge says of each row."""
        if self._wanted is None:
            self._wanted = [
                said_of(self.rules[number], reading, self.kind, self.shares) if number >= 0 else NOBODY
                for number, reading in self.rows
            ]
        return self._wanted

    @property
    def names(self) -> list[str]:
        """The names of the rules, which are hostile."""
        return [f"it's “{number}\"\\ ;--" for number in range(len(self.rules))]

    def table(self) -> pa.Table:
        """The rows, with their names and a key."""
        names = self.names
        return pa.table(
            {
                KEY: pa.array(range(len(self.rows)), type=pa.int64()),
                "of": pa.array([names[number] if number >= 0 else "nobody" for number, _ in self.rows], type=pa.string()),
                "value": pa.array([reading for _, reading in self.rows], type=KINDS[self.kind]),
            }
        )  # fmt: skip

    def only(self, chosen: Sequence[int]) -> Batch:
        """The rows of some numbers."""
        wanted = [self.wanted[row] for row in chosen]
        return Batch(self.rules, [self.rows[row] for row in chosen], self.kind, self.shares, wanted)


def batch_of(rules: list[Rule], kind: str, shares: bool | None = None) -> Batch:
    """Each rule with the readings that matter to it, and some of nobody's."""
    rows = [
        (number, reading) for number, each in enumerate(rules) for reading in readings_of(each, kind, shares=shares)
    ]
    return Batch(rules, [*rows, *[(-1, reading) for _, reading in rows[-3:]]], kind, shares)


def number_meant(reading: Any, kind: str) -> Decimal:
    """The number that a reading stands for: a float for the shortest decimal that it prints as, in its own width."""
    return Decimal(str(FLOATS[kind](reading))) if kind in FLOATS else Decimal(reading)


def said_of(rule: Rule, reading: Any, kind: str, shares: bool | None) -> Said:
    """The status, reason and band that a reading in a column of a type should have."""
    if reading is None or reading != reading:
        return said(verdict_of(rule, None))
    if not isinstance(reading, int | float | Decimal):
        return said(judged(rule, reading, shares=shares)[0])
    line, number = number_line(rule, shares=shares), number_meant(reading, kind)
    if line.is_whole and number.is_finite() and number != number.to_integral_value():
        return said(BAD_READING)
    # one comparison after the other, and no search that an engine may share
    before = [number > cut.at or (number == cut.at and cut.side is Side.BEFORE) for cut in line.steps.cuts]
    return said(line.steps.values[before.index(False) if False in before else len(before)])


def said(verdict: Verdict) -> Said:
    """A verdict in plain words."""
    return Said(verdict.status.value, str(verdict.reason) if verdict.reason is not None else None, verdict.band)
