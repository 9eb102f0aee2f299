"""One reading on the bands of one rule: its status, and why, in a sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, Any, Final

from rag_rules.bands import Band
from rag_rules.errors import UnitError
from rag_rules.labels import Scale, normal
from rag_rules.lowering import AtLeast, AtMost, Mapped, Within
from rag_rules.quantity import CURRENCIES, EXACT, POINTS, Quantity, Unit, trimmed
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut, Side
from rag_rules.syntax.reading import Missing, Reading, parse_reading

if TYPE_CHECKING:
    from rag_rules.rules import Rule

__all__ = ["Distance", "Flip", "Outcome", "judge"]


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

    def __str__(self) -> str:
        size = Quantity(abs(self.by.value), self.by.unit)
        if self.by.value == 0:
            return f"any change {'upwards' if self.upwards else 'downwards'} would make it {self.to}"
        return f"{'more than ' if self.past else ''}{size} {'higher' if self.by.value > 0 else 'lower'} would make it {self.to}"


class Outcome:
    """What a rule says of a reading.

    ``status`` is green, amber, red or unrated; ``reason`` says why it is unrated and is ``None`` otherwise; ``value``
    is the reading in the unit of the rule's bands. All else is worked out when asked for.
    """

    __slots__ = ("_alternatives", "_detail", "_reading", "_reading_notes", "_value", "reason", "rule", "status")

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
        self._value: Decimal | str | None = value
        self.reason = reason
        self._detail = detail
        self._reading_notes = notes
        self._alternatives = alternatives

    @property
    def value(self) -> Decimal | None:
        """The reading in the unit of the rule's bands; ``None`` where it is unrated."""
        if isinstance(self._value, str):
            self._value = Decimal(self._value)
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
    def notes(self) -> tuple[str, ...]:
        """What a reader of the status should know besides: marks of the reading, units taken, contradictions."""
        found = [*self.rule.notes, *self._reading_notes]
        found += [
            mark if mark.startswith("brackets") else f"the reading is {mark}"
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
        return tuple(Distance(cut, self._amount(EXACT.subtract(cut.at, self.value))) for cut in bands.steps.cuts)

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
            found.append((abs(by), Flip(self._amount(by), past, self.rule.bands.steps.values[index], side > 0)))
        return min(found, key=lambda pair: (pair[0], pair[1].past))[1] if found else None

    def _amount(self, value: Decimal) -> Quantity:
        unit, read = self.rule.unit, self.reading.quantity
        if unit.is_number and read is not None and read.unit.dimension in CURRENCIES:
            unit = read.unit  # the rule has no unit of its own: a budget that balances
        return Quantity(trimmed(value), POINTS if unit.is_percent and not unit.per else unit)

    @property
    def explanation(self) -> str:
        """One plain sentence that says why, with the target, the tolerance and where the target comes from."""
        return " ".join(_sentence(self).split())

    def __str__(self) -> str:
        return self.explanation

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


def judge(rule: Rule, reading: Any) -> Outcome:
    """The outcome of ``reading`` by ``rule``.

    Raises ``ReadingSyntaxError`` for a text that is no single value and ``UnitError`` for one that cannot be compared.
    """
    known = rule.quick.get("judge")
    if known is None:
        known = rule.quick["judge"] = judge_of(rule)
    return known(reading)


#: how many outcomes a rule remembers by the text of the reading
_REMEMBERED: Final = 64


def judge_of(rule: Rule) -> Callable[[Any], Outcome]:
    """``judge`` for one rule.

    Most readings are a plain number with the sign of the rule's own unit. Up to fifteen digits each float stands for one
    number, and the cuts for floats are exact, so floats find the status; the exact value can wait until it is wanted.
    """
    mark, rest, sign = _own_sign(rule)
    cuts = rule.bands.float_cuts() if rule.bands is not None else ()
    statuses = rule.bands.steps.values if rule.bands is not None else (Status.UNRATED,)
    low, high = (*cuts, inf, inf)[:2]
    first, second = (*statuses, Status.UNRATED)[:2]
    known: dict[str, Outcome] = {}
    recall, new = known.get, Outcome.__new__

    def judge_reading(reading: Any) -> Outcome:
        if reading.__class__ is not str:
            return _judge(rule, reading if isinstance(reading, Reading) else parse_reading(reading))
        if (outcome := recall(reading)) is not None:
            return outcome
        digits = reading[rest]
        if (
            reading[mark] == sign
            and digits.isascii()
            and digits.replace(".", "", 1).isdecimal()
            and digits[-1] != "."
            and len(digits) < 16
        ):
            number = float(digits)
            outcome = new(Outcome)  # what __init__ does, without the call
            outcome.status = (
                first if number < low else second if number < high else statuses[bisect_right(cuts, number)]
            )
            outcome.rule = rule
            outcome._reading = reading
            outcome._value = digits
            outcome.reason = None
            outcome._detail = ""
            outcome._reading_notes = outcome._alternatives = ()
            if len(known) < _REMEMBERED:  # beyond that, finding it again is cheaper than making room for it
                known[reading] = outcome
            return outcome
        outcome = _judge(rule, parse_reading(reading))
        if len(known) >= _REMEMBERED:
            known.clear()
        known[reading] = outcome
        return outcome

    return judge_reading


def _own_sign(rule: Rule) -> tuple[slice, slice, str | None]:
    """Where a reading bears the sign of the rule's unit, where its digits stand, and the sign; ``None`` if others decide."""
    unit = rule.unit
    is_plain = rule.kind == "value" and rule.bands is not None and not (rule.conflicts or unit.per or unit.factor != 1)
    if is_plain and not _magnitude(rule) and not _side_of_target(rule):
        match unit.dimension:
            case "percent":
                return slice(-1, None), slice(None, -1), "%"
            case "money in GBP":
                return slice(0, 1), slice(1, None), "£"
            case "number":
                return slice(0, 0), slice(None), ""
    return slice(0, 0), slice(None), None


def _judge(rule: Rule, reading: Reading) -> Outcome:
    if rule.reason is Reason.NO_TARGET:
        return Outcome(rule, reading, Status.UNRATED, reason=Reason.NO_TARGET, detail=rule.missing)
    if reading.missing is Missing.SUPPRESSED:
        return Outcome(rule, reading, Status.UNRATED, reason=Reason.SUPPRESSED, detail="the reading is suppressed")
    if reading.missing is not None:
        return Outcome(
            rule, reading, Status.UNRATED, reason=Reason.NO_READING, detail=f"there is no reading ({reading.missing})"
        )
    if rule.bands is None:
        return Outcome(rule, reading, Status.UNRATED, reason=rule.reason, detail=rule.missing)
    match rule.kind:
        case "balance":
            return _balance(rule, reading)
        case "label" | "exact label" | "quartile":
            return _labelled(rule, reading)
        case "rank":
            return _ranked(rule, reading)
        case _:
            return _valued(rule, reading)


def _unrated(rule: Rule, reading: Reading, reason: Reason, detail: str) -> Outcome:
    return Outcome(rule, reading, Status.UNRATED, reason=reason, detail=detail)


def _rated(rule: Rule, reading: Reading, value: Decimal, *notes: str) -> Outcome:
    assert rule.bands is not None
    status = rule.bands.status(value)
    if reading.is_unconfirmed:
        return Outcome(
            rule, reading, Status.UNRATED, reason=Reason.UNCONFIRMED, notes=notes,
            detail=f"the reading is to be confirmed; if it is, it will be {status}",
        )  # fmt: skip
    if status is Status.UNRATED:
        for reason, text, where in rule.conflicts:
            if where.status(value) is Status.UNRATED:
                return Outcome(rule, reading, status, reason=reason, detail=text, notes=notes)
    return Outcome(rule, reading, status, value, notes=notes)


def _balance(rule: Rule, reading: Reading) -> Outcome:
    if reading.label is not None:
        word = normal(reading.label)
        if word in ("balanced", "break even", "break-even", "breakeven", "on budget"):
            return _rated(rule, reading, Decimal(0))
        return _unrated(
            rule, reading, Reason.NOT_ON_SCALE, f"“{reading.label}” does not say whether the budget balances"
        )
    quantity = reading.quantity
    assert quantity is not None
    if quantity.unit.dimension not in CURRENCIES and not quantity.unit.is_number:
        raise UnitError(
            f"“{reading.text}” is not an amount of money, and the target is a balanced budget", text=reading.text
        )
    if not reading.is_signed:
        return _unrated(
            rule, reading, Reason.NO_SIGN,
            f"{quantity} does not say whether it is a surplus (green) or a deficit (red); write +{quantity}, -{quantity}, “{quantity} surplus” or “{quantity} deficit”",
        )  # fmt: skip
    return _rated(rule, reading, quantity.value)


def _labelled(rule: Rule, reading: Reading) -> Outcome:
    assert rule.bands is not None
    scale = rule.bands.scale
    assert scale is not None
    if rule.kind == "quartile":
        quarter = _quarter(reading)
        if quarter is None:
            return _unrated(
                rule, reading, Reason.MISSING_BENCHMARK,
                f"the value that marks the {rule.target.body} is not known; give it as a benchmark, or the reading as a quartile",
            )  # fmt: skip
        return _rated(rule, reading, Decimal(4 - quarter))
    if reading.label is None:
        raise UnitError(
            f"“{reading.text}” is an amount, and the target is a word: {rule.aim}",
            text=reading.text,
            expected=scale.labels if scale.labels[0] else (),
        )
    position = scale.index(reading.label)
    if position is None and (whole := scale.index(reading.text)) is not None:
        position = whole
    if position is None and rule.kind == "exact label":
        return _unrated(
            rule,
            reading,
            Reason.MISSING_SCALE,
            f"nothing says whether “{reading.label}” is better or worse than {rule.aim}; give a scale",
        )
    if position is None:
        return _unrated(
            rule,
            reading,
            Reason.NOT_ON_SCALE,
            f"“{reading.label}” is not on the scale {_plain_scale(scale)}{_near(reading.label, scale)}",
        )
    return _rated(rule, reading, Decimal(position))


def _plain_scale(scale: Scale) -> str:
    return " < ".join(scale.labels)


def _near(word: str, scale: Scale) -> str:
    from difflib import get_close_matches

    known = {normal(label): label for label in scale.labels}
    near = get_close_matches(normal(word), list(known), n=1, cutoff=0.7)
    return f"; did you mean “{known[near[0]]}”?" if near else ""


def _quarter(reading: Reading) -> int | None:
    words = (
        (1, "top|upper|1st|first|best|highest"),
        (2, "2nd|second"),
        (3, "3rd|third"),
        (4, "bottom|lower|lowest|4th|fourth|worst"),
    )
    for quarter, pattern in words:
        if re.match(rf"(?:in )?(?:the )?(?:{pattern})(?: quartile)?$", reading.text.lower().strip(" .")):
            return quarter
    if found := re.fullmatch(r"(?:quartile|q) ?([1-4])", reading.text.lower()):
        return int(found[1])
    return None


def _ranked(rule: Rule, reading: Reading) -> Outcome:
    quantity = reading.quantity
    if quantity is None:
        raise UnitError(
            f"“{reading.text}” is not a place, and the target is {rule.aim}",
            text=reading.text,
            hint="write 3, 3rd or 3rd of 152",
        )
    if rule.unit.dimension == "rank":
        place = quantity.value
        if (
            not (quantity.unit.is_number or reading.is_place or reading.fraction is not None)
            or place != int(place)
            or place < 1
        ):
            raise UnitError(
                f"“{reading.text}” is not a place, and the target is {rule.aim}",
                text=reading.text,
                hint="write 3, 3rd or 3rd of 152",
            )
        return _rated(rule, reading, place)
    share = reading.fraction if reading.fraction is not None else quantity.value if quantity.unit.is_percent else None
    if share is None:
        raise UnitError(
            f"“{reading.text}” does not say of how many, and the target is {rule.aim}",
            text=reading.text,
            hint="write 12th of 152, or top 8%",
        )
    return _rated(rule, reading, share)


def _valued(rule: Rule, reading: Reading) -> Outcome:
    quantity, unit = reading.quantity, rule.unit
    if quantity is None:
        raise UnitError(f"“{reading.label}” is not an amount, and the target is {rule.aim}", text=reading.text)
    if unit.dimension in CURRENCIES or unit.is_number or unit.is_percent:
        target_side, reading_side = _side_of_target(rule), reading.side
        if target_side or reading_side:
            return _sided(rule, reading, target_side)
    if reading.is_place and not unit.is_number:
        raise UnitError(f"“{reading.text}” is a place, and the target is {rule.aim}", text=reading.text)
    if unit.per and quantity.unit.per != unit.per:
        if quantity.unit.per:
            return _rated(rule, reading, quantity.to(unit).value)
        return _valued_as(
            rule,
            reading,
            Quantity(quantity.value, _with_per(quantity, unit.per)),
            f"{reading.text} is taken as per {unit.per}",
        )
    return _valued_as(rule, reading, quantity)


def _side_of_target(rule: Rule) -> str:
    """Which side of a budget the target speaks of: "good" (surplus), "bad" (deficit) or ""."""
    clause = rule.target.clause("side")
    if clause is None:
        return ""
    return "bad" if re.match(r"over|deficit|shortfall|adverse", clause.text.lower()) else "good"


def _sided(rule: Rule, reading: Reading, target_side: str) -> Outcome:
    """An overspend against an allowed overspend; a side against a target that names none could be meant either way."""
    quantity = reading.quantity
    assert quantity is not None
    size = Quantity(quantity.value.copy_abs(), quantity.unit)
    if not target_side:
        return _unrated(
            rule, reading, Reason.AMBIGUOUS,
            f"“{reading.text}” is on one side of a budget, and the target of {rule.aim} does not say whether a surplus or a deficit is meant",
        )  # fmt: skip
    if not reading.side:
        if reading.is_signed and quantity.value != 0:
            return _unrated(
                rule,
                reading,
                Reason.AMBIGUOUS,
                f"the sign of {quantity} does not say whether it is a surplus or a deficit",
            )
        return _valued_as(rule, reading, size, f"{reading.text} is taken as on the side that the target names")
    same = reading.side == target_side
    return _valued_as(rule, reading, size if same else Quantity(size.value.copy_negate(), size.unit))


def _with_per(quantity: Quantity, per: str) -> Any:
    kind = quantity.unit
    return type(kind)(kind.name, kind.dimension, kind.factor, per, kind.singular)


def _magnitude(rule: Rule) -> int:
    """The power of ten in whose units the target is written: 6 for ``1.4m``, 0 for most."""
    goal = rule.goal
    edge = goal.value if isinstance(goal, (AtLeast, AtMost)) else goal.high if isinstance(goal, Within) else Decimal(0)
    exponent = edge.as_tuple().exponent
    if not isinstance(exponent, int) or exponent <= 0:
        return 0
    return next((power for power in (9, 6, 3) if abs(edge) >= Decimal(10) ** power), 0)


def _other_magnitude(rule: Rule, reading: Reading, quantity: Quantity) -> Outcome | None:
    """A bare 1.5 against 1.4m may be 1.5 million; ``None`` where it is not bare, or both meanings give one status."""
    power = _magnitude(rule)
    if (
        not power
        or abs(quantity.value) >= 100_000
        or quantity.value == 0
        or re.search(r"[0-9] ?[a-z]", reading.text.lower())
    ):
        return None
    as_written = _rated(rule, reading, quantity.value)
    for scaling in {power, 3}:
        scaled = _rated(rule, reading, quantity.value.scaleb(scaling))
        if as_written.status != scaled.status and (scaling == power) == (abs(quantity.value) < 1000):
            break
    else:
        return None
    meant = Quantity(trimmed(quantity.value).scaleb(scaling), rule.unit)
    return Outcome(
        rule, reading, Status.UNRATED, reason=Reason.AMBIGUOUS, alternatives=((str(quantity), as_written), (str(meant), scaled)),
        detail=f"{reading.text} could be {quantity} ({as_written.status}) or {meant} ({scaled.status}); write the one that is meant",
    )  # fmt: skip


def _valued_as(rule: Rule, reading: Reading, quantity: Quantity, *notes: str) -> Outcome:
    unit = rule.unit
    if (quantity.unit.is_number or quantity.unit == unit) and (
        outcome := _other_magnitude(rule, reading, quantity)
    ) is not None:
        return outcome
    if quantity.unit == unit or (quantity.unit.dimension == unit.dimension and quantity.unit.per == unit.per):
        return _rated(rule, reading, quantity.to(unit).value, *notes)
    if reading.fraction is not None and unit.is_percent:
        return _rated(rule, reading, reading.fraction, *notes, f"{reading.text} is {trimmed(reading.fraction)}%")
    if quantity.unit.is_number:
        if unit.is_percent:
            return _bare_percentage(rule, reading, quantity, notes)
        _refuse_the_letter_m(reading.text, unit, reading)
        note = f"{reading.text} is taken as {Quantity(quantity.value, unit)}"
        return _rated(rule, reading, quantity.value, *notes, note)
    if unit.is_number and not unit.per:
        if quantity.unit.dimension.startswith("out of"):
            raise UnitError(f"{reading.text} could be a count or a share, and the target is {rule.aim}", text=reading.text,
                            hint="write the count, or give the target as a percentage")  # fmt: skip
        _refuse_the_letter_m(rule.target.text, quantity.unit, reading)
        _refuse_the_letter_p(quantity, reading)
        if quantity.unit.is_percent and (outcome := _bare_share(rule, reading, quantity, notes)) is not None:
            return outcome
        if (
            not quantity.unit.is_percent
            and quantity.unit.dimension not in CURRENCIES
            and quantity.unit.dimension not in _ALONE
        ):
            raise UnitError(
                f"{quantity} cannot be compared with {rule.aim}, which has no unit",
                text=reading.text,
                hint="give the target its unit",
            )
        note = f"the target has no unit; it is taken as {quantity.unit} like the reading"
        return _rated(rule, reading, quantity.value, *notes, note)
    if unit.dimension in ("points", "score") and quantity.unit.dimension in ("points", "score", "percent"):
        note = f"{quantity} is taken as {Quantity(quantity.value, unit)}"
        return _rated(rule, reading, quantity.value, *notes, note)
    raise UnitError(f"{quantity} cannot be compared with the target, {rule.aim}", text=reading.text)


#: dimensions of one unit, which a target without a unit can only mean
_ALONE: Final = frozenset(
    {
        "ratio",
        "score",
        "points",
        "tons",
        "working hours",
        "school time",
        "clear time",
        "distance in miles",
        "area",
        "volume",
    }
)


def _refuse_the_letter_p(quantity: Quantity, reading: Reading) -> None:
    """``97p`` beside anything but money may be a provisional 97."""
    if quantity.unit.name == "p":
        raise UnitError(
            f"the p in “{reading.text}” could be pence or provisional", text=reading.text, hint="write £0.97, or 97 (p)"
        )


def _refuse_the_letter_m(text: str, other: Unit, reading: Reading) -> None:
    """``30m`` beside an amount of time or length is thirty million to nobody but a computer."""
    if other.dimension in ("time", "months", "length") and re.search(r"[0-9] ?m(?![a-z])", text.lower()):
        raise UnitError(
            f"the m in “{text}” could be million, minutes, months or metres", text=reading.text, hint="write it out"
        )


def _bare_share(rule: Rule, reading: Reading, quantity: Quantity, notes: tuple[str, ...]) -> Outcome | None:
    """A percentage against a bare target such as 0.95, which may be 0.95% or 95%; ``None`` where both give one status."""
    assert rule.bands is not None
    if not any(0 < abs(cut.at) <= 1 for cut in rule.bands.steps.cuts):
        return None
    as_percent = _rated(rule, reading, quantity.value, *notes)
    as_share = _rated(rule, reading, EXACT.divide(quantity.value, Decimal(100)), *notes)
    if as_percent.status == as_share.status:
        return None
    return Outcome(
        rule, reading, Status.UNRATED, reason=Reason.AMBIGUOUS, notes=notes,
        detail=f"the target, {rule.aim}, could be a percentage ({as_percent.status}) or a share of one ({as_share.status}); "
        "write it with a % sign",
        alternatives=(("a percentage", as_percent), ("a share of one", as_share)),
    )  # fmt: skip


def _bare_percentage(rule: Rule, reading: Reading, quantity: Quantity, notes: tuple[str, ...]) -> Outcome:
    """A bare number against a percentage: 90 is 90%, and 0.9 may be 0.9% or 90%."""
    value = quantity.value
    assert rule.bands is not None
    as_written = _rated(rule, reading, value, *notes, f"{reading.text} is taken as {Quantity(value, rule.unit)}")
    if not 0 < abs(value) <= 1 or all(abs(cut.at) <= 1 for cut in rule.bands.steps.cuts):
        return as_written
    as_share = _rated(rule, reading, trimmed(EXACT.multiply(value, Decimal(100))), *notes)
    if as_share.status == as_written.status:
        return as_written
    share = Quantity(trimmed(EXACT.multiply(value, Decimal(100))), rule.unit)
    return Outcome(
        rule, reading, Status.UNRATED, reason=Reason.AMBIGUOUS, notes=notes,
        detail=f"{reading.text} could be {reading.text}% ({as_written.status}) or {share} ({as_share.status}); write the one that is meant",
        alternatives=((f"{reading.text}%", as_written), (str(share), as_share)),
    )  # fmt: skip


# the sentence -------------------------------------------------------------------------------------------------------


def _sentence(outcome: Outcome) -> str:
    rule = outcome.rule
    head = outcome.status.value.capitalize()
    if outcome.value is None:
        said = outcome._detail.rstrip(".")
        aim = (
            f"; the target is {rule.aim}"
            if rule.aim and outcome.reason in (Reason.NO_READING, Reason.SUPPRESSED)
            else ""
        )
        return f"{head}: {said}{aim}."
    source = f" ({rule.source})" if rule.source else ""
    if rule.kind in ("label", "exact label", "quartile"):
        return _label_sentence(outcome, head, source)
    return f"{head}: {_value_sentence(outcome, source)}."


def _label_sentence(outcome: Outcome, head: str, source: str) -> str:
    rule = outcome.rule
    assert rule.bands is not None
    assert rule.bands.scale is not None
    assert outcome.value is not None
    label = rule.bands.scale.labels[int(outcome.value)]
    if isinstance(rule.goal, Mapped):
        return f"{head}: “{label}” is in the {outcome.status} band."
    if outcome.status is Status.GREEN:
        return f"{head}: “{label}” meets the target of {rule.aim}{source}."
    within = ", one of the steps that are amber" if outcome.status is Status.AMBER else ""
    return f"{head}: “{label}” {'misses' if rule.kind == 'quartile' else 'is below'} the target of {rule.aim}{source}{within}."


def _value_sentence(outcome: Outcome, source: str) -> str:
    rule, value = outcome.rule, outcome.value
    assert value is not None
    assert rule.bands is not None
    shown = _shown(outcome)
    goal = rule.goal
    if isinstance(goal, Mapped):
        return f"{shown} is in the {outcome.status} band{_edges_of(outcome)}"
    if rule.kind == "balance":
        meets = "is a surplus" if value > 0 else "is balanced" if value == 0 else "is a deficit"
        return f"{shown} {meets}, and the target is a balanced budget"
    if outcome.status is Status.GREEN:
        rounded = _as_displayed(outcome)
        return f"{shown} meets the target of {rule.aim}{source}{rounded}"
    edge, way = _missed(goal, value)
    gap = outcome._amount(abs(EXACT.subtract(value, edge)))
    place = rule.kind == "rank"
    limit = _target_amount(outcome, edge)
    if gap.value == 0:
        missed = f"is on the limit of the target of {rule.aim}{source}, which the limit itself does not meet"
    elif place and rule.unit.dimension == "rank":
        count = gap.value
        missed = f"is {count} place{'s' if count != 1 else ''} outside the target of {rule.aim}{source}"
    else:
        missed = f"is {gap} {'over' if way > 0 else 'under'} the target of {limit}{source}"
    return f"{shown} {missed}{_tolerance(outcome, way)}{_as_displayed(outcome)}"


def _shown(outcome: Outcome) -> str:
    """The reading as it was judged, with what was written where that differs."""
    rule, value = outcome.rule, outcome.value
    assert value is not None
    text = outcome.reading.text.strip()
    if rule.kind == "rank":
        return (
            text
            if rule.unit.dimension == "rank" and not text.isdigit()
            else f"place {text}"
            if text.isdigit()
            else f"{trimmed(value)}% from the top"
        )
    quantity = outcome.reading.quantity
    if rule.kind == "balance" or outcome.reading.side:
        return text
    judged = Quantity(trimmed(value) if value.as_tuple().exponent < -12 else value, rule.unit)  # type: ignore[operator]
    if quantity is not None and quantity.unit == rule.unit and quantity.value == value:
        return str(quantity)
    if quantity is not None and (
        quantity.unit.dimension != "number" and quantity.unit != rule.unit and not rule.unit.is_number
    ):
        return f"{text} ({judged})"
    if rule.unit.is_number and quantity is not None:
        return str(quantity)
    return str(judged)


def _missed(goal: Any, value: Decimal) -> tuple[Decimal, int]:
    """The edge of the goal that a reading misses, and on which side of it the reading is."""
    match goal:
        case AtLeast(value=edge):
            return edge, -1
        case AtMost(value=edge):
            return edge, 1
        case Within(low=low, high=high):
            return (low, -1) if value < low or (value == low != high) else (high, 1)
    raise AssertionError(goal)


def _target_amount(outcome: Outcome, edge: Decimal) -> str:
    rule = outcome.rule
    assert rule.bands is not None
    goal = rule.goal
    if isinstance(goal, (AtLeast, AtMost)) and not goal.strict and rule.kind != "rank":
        return rule.bands.write(edge)
    return rule.aim


def _tolerance(outcome: Outcome, way: int) -> str:
    """What the tolerance has to do with it: ", inside the 5% tolerance (up to 31.5%)"."""
    rule = outcome.rule
    if rule.tolerance is None or rule.bands is None:
        return ""
    fars = [cut for cut in rule.bands.steps.cuts if cut.why == "tolerance"]
    far = (fars[-1] if way > 0 else fars[0]) if fars else None
    if far is None or ((way > 0) != (far.side is Side.AFTER) and rule.exact_bands is None):
        return ""
    inside = "inside" if outcome.status is Status.AMBER else "outside"
    limit = f"{'up' if way > 0 else 'down'} to {rule.bands.write(far.at)}"
    if rule.tolerance.kind == "limit":
        return f", {inside} what is amber ({limit})"
    return f", {inside} the {rule.tolerance} tolerance ({limit})"


def _as_displayed(outcome: Outcome) -> str:
    rule = outcome.rule
    if rule.exact_bands is None or outcome.value is None or rule.exact_bands.status(outcome.value) == outcome.status:
        return ""
    return " when rounded as displayed"


def _edges_of(outcome: Outcome) -> str:
    band, bands = outcome.band, outcome.rule.bands
    assert band is not None
    assert bands is not None
    parts = []
    if band.low is not None:
        parts.append(f"{'from' if band.low.side is Side.BEFORE else 'above'} {bands.write(band.low.at)}")
    if band.high is not None:
        parts.append(f"{'up to' if band.high.side is Side.AFTER else 'below'} {bands.write(band.high.at)}")
    return f" ({' '.join(parts)})" if parts else ""
