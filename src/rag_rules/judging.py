"""One reading on the bands of one rule: which status it has, or why it has none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, Any, Final

from rag_rules.errors import UnitError
from rag_rules.labels import Scale, normal
from rag_rules.lowering import AtLeast, AtMost, Within
from rag_rules.outcomes import Outcome
from rag_rules.periods import written_date
from rag_rules.quantity import CURRENCIES, EXACT, Quantity, Unit, exponent_of, trimmed
from rag_rules.status import Reason, Status
from rag_rules.syntax.reading import Missing, Reading, parse_reading
from rag_rules.target import Trajectory
from rag_rules.trajectories import has_always_a_stage

if TYPE_CHECKING:
    from rag_rules.rules import Rule

__all__ = ["any_stage_will_do", "is_sided", "judge", "judge_of", "magnitude"]


def judge(rule: Rule, reading: Any) -> Outcome:
    """The outcome of ``reading`` by ``rule``.

    Raises ``ReadingSyntaxError`` for a text that is no single value and ``UnitError`` for one that cannot be compared.
    """
    known = rule.quick.get("judge")
    if known is None:
        if isinstance(reading, Reading) and rule.kind != "date":
            return _judge(rule, reading)  # it has been read, and a rule that judges few needs no short cut
        known = rule.quick["judge"] = judge_of(rule)
    return known(reading)


#: how many outcomes a rule remembers by the text of the reading
_REMEMBERED: Final = 64
#: what a plain number is written with
_FIGURES: Final = "0123456789."
#: the sizes of floats between which they are sure to be read
_FEWEST, _MOST = 1e-30, 1e30


def judge_of(rule: Rule) -> Callable[[Any], Outcome]:
    """``judge`` for one rule.

    Most readings are a plain number with the sign of the rule's own unit. Up to fifteen digits each float stands for one
    number, and the cuts for floats are exact, so floats find the status; the exact value can wait until it is wanted.
    """
    if rule.kind == "date":
        from rag_rules.syntax.finish import parse_finish

        return lambda reading: _judge(rule, parse_finish(reading))
    rest, sign = _own_sign(rule)
    cuts = rule.bands.float_cuts() if rule.bands is not None else ()
    statuses = rule.bands.steps.values if rule.bands is not None else (Status.UNRATED,)
    low, high = (*cuts, inf, inf)[:2]
    first, second = (*statuses, Status.UNRATED)[:2]
    known: dict[str, Outcome] = {}
    recall, new = known.get, Outcome.__new__
    # a float beyond these can only be an amount in the rule's unit, and is none that is too long or too large for one
    edge = inf if sign is None else 1.0 if rule.unit.is_percent else _FEWEST

    def notes_of(number: float) -> tuple[str, ...]:
        return _judge(rule, parse_reading(number)).own_notes

    def in_full(reading: Any) -> Outcome:
        outcome = _judge(rule, reading if isinstance(reading, Reading) else parse_reading(reading))
        if reading.__class__ is str:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[reading] = outcome
        return outcome

    def judge_reading(reading: Any) -> Outcome:
        value: Any
        if reading.__class__ is str:
            if (outcome := recall(reading)) is not None:
                return outcome
            value = reading[rest]
            if reading.strip(_FIGURES) != sign or len(value) > 15:
                return in_full(reading)
            try:
                number = float(value)
            except ValueError:  # the sign is not where it should be, or there are no figures, or two points
                return in_full(reading)
            if value[-1] == ".":
                return in_full(reading)
            outcome = new(Outcome)  # what __init__ does, without the call
            outcome._reading_notes = ()
            if len(known) < _REMEMBERED:  # beyond that, finding it again is cheaper than making room for it
                known[reading] = outcome
        elif reading.__class__ is float and (edge < reading < _MOST or -_MOST < reading < -edge):
            value = number = reading
            outcome = new(Outcome)
            outcome._reading_notes = notes_of
        else:
            return in_full(reading)
        outcome.status = first if number < low else second if number < high else statuses[bisect_right(cuts, number)]
        outcome.rule = rule
        outcome._reading = reading
        outcome._value = value
        outcome.reason = None
        outcome.detail = ""
        outcome._alternatives = ()
        return outcome

    return judge_reading


def _own_sign(rule: Rule) -> tuple[slice, str | None]:
    """Where a reading with the sign of the rule's unit has its digits, and that sign; ``None`` if other things decide."""
    unit = rule.unit
    is_plain = rule.kind == "value" and rule.bands is not None and not (rule.conflicts or unit.per or unit.factor != 1)
    is_plain = is_plain and rule.setting.improving is None
    if is_plain and not magnitude(rule) and not _side_of_target(rule):
        match unit.dimension:
            case "percent":
                return slice(None, -1), "%"
            case "money in GBP":
                return slice(1, None), "£"
            case "number":
                return slice(None), ""
    return slice(None), None


def _judge(rule: Rule, reading: Reading) -> Outcome:
    if rule.reason is Reason.NO_TARGET:
        return Outcome(rule, reading, Status.UNRATED, reason=Reason.NO_TARGET, detail=rule.missing)
    if reading.missing is Missing.SUPPRESSED:
        return Outcome(rule, reading, Status.UNRATED, reason=Reason.SUPPRESSED, detail="the reading is suppressed")
    if reading.missing is not None:
        return Outcome(
            rule, reading, Status.UNRATED, reason=Reason.NO_READING, detail=f"there is no reading ({reading.missing})"
        )
    if rule.stages and (outcome := _whatever_the_stage(rule, reading)) is not None:
        return outcome
    if rule.bands is None:
        return Outcome(rule, reading, Status.UNRATED, reason=rule.reason, detail=rule.missing)
    match rule.kind:
        case "balance":
            return _balance(rule, reading)
        case "label" | "exact label" | "quartile":
            return _labelled(rule, reading)
        case "rank":
            return _ranked(rule, reading)
        case "date":
            return _finished(rule, reading)
        case _:
            return _valued(rule, reading)


def _whatever_the_stage(rule: Rule, reading: Reading) -> Outcome | None:
    """The outcome by the last of the rules that may be meant, where all give one status; ``None`` where they do not.

    A trajectory with days that have no target gives none: the reading may be of one of those.
    """
    if not any_stage_will_do(rule):
        return None
    outcomes = [_judge(stage, reading) for stage in rule.stages]
    if any(outcome.value is None or outcome.status is not outcomes[0].status for outcome in outcomes):
        return None
    last = outcomes[-1]
    note = f"the status is the same by each target that may be meant: {'; '.join(each.rule.aim for each in outcomes)}"
    return Outcome(last.rule, reading, last.status, last.value, notes=(*last.own_notes, note))


def any_stage_will_do(rule: Rule) -> bool:
    """Whether a reading has a status if all stages give it the same: not where there are days without a target."""
    body = rule.target.body
    return not (rule.reason is Reason.DATE_NEEDED and isinstance(body, Trajectory) and not has_always_a_stage(body))


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
    if status is Status.RED and rule.setting.improving is not None:
        return Outcome(
            rule, reading, Status.UNRATED, reason=Reason.NO_EARLIER_READING, notes=notes,
            detail=f"{reading.text.strip()} is red, or amber if it is {rule.setting.improving}, whose reading is not known",
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
    if quantity is None or (quantity.unit.dimension not in CURRENCIES and not quantity.unit.is_number):
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


def _finished(rule: Rule, reading: Reading) -> Outcome:
    """A day on which something was finished, or a time of which every day has the same status."""
    if reading.quantity is not None and reading.quantity.unit.is_date:
        return _rated(rule, reading, reading.quantity.value)
    if reading.days is None:
        raise UnitError(f"“{reading.text}” is not a date, and the target is to finish {rule.aim}", text=reading.text)
    first, last = (_rated(rule, reading, Decimal(day.toordinal())) for day in reading.days)
    if first.status is last.status:
        return last
    days = [written_date(day) for day in reading.days]
    return Outcome(
        rule, reading, Status.UNRATED, reason=Reason.AMBIGUOUS, alternatives=tuple(zip(days, (first, last), strict=True)),
        detail=f"“{reading.text}” is {days[0]} ({first.status}) to {days[1]} ({last.status}); give the day",
    )  # fmt: skip


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
    if reading.is_place and (not unit.is_number or isinstance(rule.goal, AtLeast)):
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
    return "bad" if rule.target.clause("deficit") else "good" if rule.target.clause("surplus") else ""


def is_sided(rule: Rule) -> bool:
    """Whether the target speaks of one side of a budget."""
    return bool(_side_of_target(rule))


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
    if not same and target_side == "good" and not isinstance(rule.goal, AtLeast):
        return _unrated(
            rule, reading, Reason.AMBIGUOUS,
            f"“{reading.text}” is on the other side of the budget than the target of {rule.aim}, which only bounds its own side",
        )  # fmt: skip
    return _valued_as(rule, reading, size if same else Quantity(size.value.copy_negate(), size.unit))


def _with_per(quantity: Quantity, per: str) -> Any:
    kind = quantity.unit
    return type(kind)(kind.name, kind.dimension, kind.factor, per, kind.singular)


def magnitude(rule: Rule) -> int:
    """The power of ten in whose units the target is written: 6 for ``1.4m``, 0 for most."""
    goal = (rule.whole or rule).goal  # a share of 1.4m is written in millions too
    edge = goal.value if isinstance(goal, (AtLeast, AtMost)) else goal.high if isinstance(goal, Within) else Decimal(0)
    if exponent_of(edge) <= 0:
        return 0
    return next((power for power in (9, 6, 3) if abs(edge) >= Decimal(10) ** power), 0)


def _othermagnitude(rule: Rule, reading: Reading, quantity: Quantity) -> Outcome | None:
    """A bare 1.5 against 1.4m may be 1.5 million; ``None`` where it is not bare, or both meanings give one status."""
    power = magnitude(rule)
    if (
        not power
        or abs(quantity.value) >= 100_000
        or quantity.value == 0
        or re.search(r"[0-9] ?[a-z]", reading.text.lower())
    ):
        return None
    as_written = _rated(rule, reading, quantity.value)
    for scaling in dict.fromkeys((power, 3)):
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
        outcome := _othermagnitude(rule, reading, quantity)
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
    as_share = _rated(rule, reading, value.scaleb(2, context=EXACT), *notes)
    if as_share.status == as_written.status:
        return as_written
    share = Quantity(trimmed(EXACT.multiply(value, Decimal(100))), rule.unit)
    return Outcome(
        rule, reading, Status.UNRATED, reason=Reason.AMBIGUOUS, notes=notes,
        detail=f"{reading.text} could be {reading.text}% ({as_written.status}) or {share} ({as_share.status}); write the one that is meant",
        alternatives=((f"{reading.text}%", as_written), (str(share), as_share)),
    )  # fmt: skip
