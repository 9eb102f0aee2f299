"""What a rule says of a reading: the status, and all that follows from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rag_rules.bands import Band
from rag_rules.quantity import CURRENCIES, EXACT, POINTS, SPELLINGS, Quantity, trimmed
from rag_rules.sentences import sentence
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut, Side
from rag_rules.syntax.reading import Reading, parse_reading

if TYPE_CHECKING:
    from rag_rules.prorating import Forecast
    from rag_rules.rules import Rule

__all__ = ["Distance", "Flip", "Outcome"]


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a reading is from one edge of its rule: positive towards higher readings."""

    edge: Cut[Decimal]
    by: Quantity


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of a reading that changes its status."""

    #: signed, in the unit of the rule; a reading must go this far ...
    by: Quantity
    #: ... or just past it, where the edge belongs to the band that the reading is in
    past: bool
    to: Status
    #: which way along the line; the sign of ``by``, except on the edge itself
    upwards: bool = True
    #: what going down and going up are called
    ways: tuple[str, str] = ("lower", "higher")

    def __str__(self) -> str:
        size = Quantity(abs(self.by.value), self.by.unit)
        if self.by.value == 0:
            return f"anything {self.ways[self.upwards]} would make it {self.to}"
        return f"{'more than ' if self.past else ''}{size} {self.ways[self.by.value > 0]} would make it {self.to}"


class Outcome:
    """What a rule says of a reading.

    ``status`` is green, amber, red or unrated; ``reason`` says why it is unrated and is ``None`` otherwise; ``value``
    is the reading in the unit of the rule's bands. All else is worked out when asked for.
    """

    __slots__ = ("_alternatives", "_reading", "_reading_notes", "_value", "detail", "reason", "rule", "status")

    def __init__(
        self,
        rule: Rule,
        reading: Any,
        status: Status,
        value: Decimal | None = None,
        reason: Reason | None = None,
        detail: str = "",
        notes: tuple[str, ...] = (),
        alternatives: tuple[tuple[str, Outcome], ...] = (),
    ) -> None:
        self.rule = rule
        self._reading = reading
        self.status = status
        self._value: Decimal | str | float | None = value
        self.reason = reason
        self.detail = detail
        self._reading_notes: tuple[str, ...] | Callable[[Any], tuple[str, ...]] = notes
        self._alternatives = alternatives

    @property
    def value(self) -> Decimal | None:
        """The reading in the unit of the rule's bands; ``None`` where it is unrated."""
        if isinstance(self._value, str | float):
            self._value = Decimal(self._value if isinstance(self._value, str) else repr(self._value))
        return self._value

    @property
    def reading(self) -> Reading:
        """The reading as it was read."""
        return self._reading if isinstance(self._reading, Reading) else parse_reading(self._reading)

    @property
    def alternatives(self) -> tuple[tuple[str, Outcome], ...]:
        """For an ambiguous reading: each meaning it could have, with the outcome that it would give."""
        return self._alternatives

    @property
    def own_notes(self) -> tuple[str, ...]:
        """Those of the notes that are of this reading, and not of the rule or of marks on the reading."""
        if not isinstance(self._reading_notes, tuple):
            self._reading_notes = self._reading_notes(self._reading)
        return self._reading_notes

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the status should know besides: marks of the reading, units taken, contradictions."""
        found = [*self.rule.notes, *self.own_notes]
        found += [
            mark if mark.startswith(("brackets", "“")) else f"the reading is {mark}"
            for mark in self.reading.marks
            if mark != "footnote"
        ]
        exact = self.rule.exact_bands
        if exact is not None and self.value is not None and (other := exact.status(self.value)) != self.status:
            found.append(f"compared exactly it would be {other}")
        return tuple(dict.fromkeys(found))

    @property
    def band(self) -> Band | None:
        """The band that the reading is in."""
        return None if self.value is None or self.rule.bands is None else self.rule.bands.band(self.value)

    @property
    def distances(self) -> tuple[Distance, ...]:
        """The distance to each edge of the bands, in order along the line; empty for labels and unrated outcomes."""
        bands = self.rule.bands
        if self.value is None or bands is None or bands.scale is not None:
            return ()
        return tuple(Distance(cut, self.amount(EXACT.subtract(cut.at, self.value))) for cut in bands.steps.cuts)

    @property
    def flip(self) -> Flip | None:
        """The smallest change of the reading that would change its status; ``None`` for labels and unrated outcomes."""
        band = self.band
        if band is None or self.rule.bands is None or self.rule.bands.scale is not None or self.value is None:
            return None
        found: list[tuple[Decimal, Flip]] = []
        for edge, side in ((band.low, -1), (band.high, 1)):
            if edge is None:
                continue
            by = EXACT.subtract(edge.at, self.value)
            past = edge.side is (Side.BEFORE if side < 0 else Side.AFTER)
            index = self.rule.bands.steps.cuts.index(edge) + (0 if side < 0 else 1)
            ways = ("earlier", "later") if self.rule.unit.is_date else ("lower", "higher")
            flip = Flip(self.amount(by), past, self.rule.bands.steps.values[index], side > 0, ways)
            found.append((abs(by), flip))
        return min(found, key=lambda pair: (pair[0], pair[1].past))[1] if found else None

    @property
    def forecast(self) -> Forecast | None:
        """What a figure to date makes of the year; ``None`` for any other, and where it has no status."""
        if self.rule.due is None:
            return None
        from rag_rules.prorating import forecast

        return forecast(self)

    def amount(self, value: Decimal) -> Quantity:
        """An amount of difference in the unit of the rule: points where that is a percentage."""
        unit, read = self.rule.unit, self.reading.quantity
        if unit.is_number and read is not None and read.unit.dimension in CURRENCIES:
            unit = read.unit  # the rule has no unit of its own: a budget that balances
        if unit.is_date:
            unit = SPELLINGS["days"]
        return Quantity(trimmed(value), POINTS if unit.is_percent and not unit.per else unit)

    @property
    def explanation(self) -> str:
        """One plain sentence that says why, with the target, the tolerance and where the target comes from."""
        return " ".join(sentence(self).split())

    def __str__(self) -> str:
        return self.explanation

    def _repr_html_(self) -> str:
        from rag_rules.reports.svg import outcome_html  # only in notebooks

        return outcome_html(self)

    def __repr__(self) -> str:
        return f"<Outcome {self.status}: {self.reading}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outcome):
            return NotImplemented
        return (self.rule, self.status, self.reason, self.value, self.reading) == (
            other.rule, other.status, other.reason, other.value, other.reading,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.status, self.reason, self.value))
