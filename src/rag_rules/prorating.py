"""Rules of a whole year to rules of a part of it, and what a figure to date makes of the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final, Literal

from rag_rules.bands import Bands
from rag_rules.errors import SettingError
from rag_rules.lowering import AtLeast, AtMost, Goal, Mapped, Within, moved_for_rounding
from rag_rules.outcomes import Outcome
from rag_rules.periods import Period, Year, day_of, written_date
from rag_rules.quantity import EXACT, POINTS, Quantity, exponent_of, trimmed, written_out
from rag_rules.rules import IN_FULL, Rule, digits_shown
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut, Steps
from rag_rules.syntax.period_names import named_period
from rag_rules.target import Sign, When
from rag_rules.todate import Accumulation, Due, Lag, Profile, due_by, refuse_two_years

__all__ = [
    "IN_FULL_THAT_DAY",
    "Forecast",
    "accumulation_of",
    "as_due",
    "due_of",
    "forecast",
    "is_for_the_year",
    "of_its_time",
    "pro_rated",
    "rate_of",
    "to_date",
    "year_target",
]

#: 95% of what is collected in a year grows from nothing; 95% of calls answered in time does not
_GROWS: Final = (
    "taken as a percentage that grows over the year, such as money collected; one that does not is an average, "
    "and not pro-rated if the column accumulation or the target says so"
)
#: said of a target that is due in full on the last day of the reading's period
IN_FULL_THAT_DAY: Final = "the target is due in full on the last day of the period; taken as written, not pro-rated"
_A_FIGURE: Final = {
    Accumulation.SNAPSHOT: "a snapshot",
    Accumulation.ROLLING: "a rolling one",
    Accumulation.AVERAGE: "an average",
}
#: times that a rate is per: what happens per month happens per month all year
_TIMES: Final = ("day", "week", "month", "quarter", "hour", "term")
#: words that say the same of an amount without a unit: "20 monthly"
_OFTEN: Final = frozenset({"hourly", "daily", "weekly", "fortnightly", "monthly", "quarterly", "termly"})


def to_date(
    rule: Rule,
    last_day: date | Period,
    *,
    accumulation: str,
    year: str | Year,
    profile: str | Profile | None,
    lag: str | None,
) -> Rule:
    """The rule as it stands on the last day of a period: ``Rule.to_date``."""
    told = accumulation_of(rule) or Accumulation.read(accumulation)
    if told is not Accumulation.CUMULATIVE:
        return noted(rule, f"not pro-rated: the figure is {_A_FIGURE[told]}")
    behind = Lag.read(lag) if lag is not None else None
    planned = Profile.read(profile) if profile is not None else None
    return as_due(rule, due_of(rule, last_day, Year.read(year), planned, behind))


def due_of(rule: Rule, last_day: date | Period, year: Year, profile: Profile | None, lag: Lag | None) -> Due | None:
    """How much of a rule's target is due by the last day of a period; ``None`` where it is due in full on that very day.

    Raises ``SettingError`` where that cannot be told.
    """
    day = last_day.last_day if isinstance(last_day, Period) else day_of(last_day)
    last = lag.before(day) if lag is not None else day
    if isinstance(last_day, Period):
        refuse_two_years(last_day if lag is None else last_day.shifted(-lag.months), year)
    due = due_by(last, year, profile=profile, target=year_target(rule))
    return due if is_for_the_year(rule, due, year, last) else None


def as_due(rule: Rule, due: Due | None) -> Rule:
    """The rule of a year as it stands when so much of it is due, as ``due_of`` says it."""
    return noted(rule, IN_FULL_THAT_DAY) if due is None else pro_rated(rule, due)


def accumulation_of(rule: Rule) -> Accumulation | None:
    """What the target itself says of how figures add up: "28 cumulative", "28 (rolling 12 months)"."""
    for clause in rule.target.clauses:
        if clause.kind == "accumulation":
            return Accumulation.read(clause.text)
        if clause.kind == "qualifier" and clause.text.lower().startswith("rolling"):
            return Accumulation.ROLLING
    return None


def year_target(rule: Rule) -> Quantity | None:
    """The one amount that a rule is about, ``None`` for ranges and bands."""
    match rule.goal:
        case AtLeast(value=value) | AtMost(value=value):
            return Quantity(value, rule.unit)
        case Within(low=low, high=high) if low == high:
            return Quantity(low, rule.unit)
    return None


def is_for_the_year(rule: Rule, due: Due, year: Year, last_day: date | None) -> bool:
    """Whether a target is one for the year, of which a part is due; not so where it is due in full on the last day itself.

    ``last_day`` is ``None`` where it is not known which year that is.

    >>> from rag_rules.front import rule
    >>> day, year = date(2023, 9, 30), Year.read("financial")
    >>> [is_for_the_year(rule(f"≥100 by {end}"), due_by(day, year), year, day) for end in ("March 2024", "Sep 2023")]
    [True, False]

    Raises ``SettingError`` for a target that is for another time, of which nobody knows how much is due.
    """
    if rule.bands is None or _does_not_add_up(rule) is not None:
        return True
    _refuse_times_without_days(rule, due, year)
    for said, first, last, is_due in _own_times(rule):
        if first is None and last is None:
            continue
        if last_day is None:
            raise SettingError(
                f"it cannot be told that {rule.aim} {said} is a target for {due.year}: the year of the reading's period is not known",
                hint="name the period with its year, such as Q2 2023/24",
            )
        within = year.containing(last_day)
        if last in (None, within.last_day) and (
            first in (None, within.start) or (last is None and first < within.start)
        ):
            continue
        if is_due and last == last_day:
            return False
        raise SettingError(
            f"{rule.aim} {said} is not a target for {due.year}, so it cannot be pro-rated over that",
            hint=f"give the target for the year to {written_date(within.last_day)}",
        )
    return True


def _refuse_times_without_days(rule: Rule, due: Due, year: Year) -> None:
    """Refuse a target by a time that names a part of a year which is not said, or that could be one of several days."""
    for clause in rule.target.clauses:
        if clause.kind != "deadline" or clause.begins is not None or clause.ends is not None:
            continue
        named = named_period(clause.text, year_start=year.starts)
        if named is None:  # "by the end of the year"
            continue
        days = named.days if named.year is None and not named.untold else None  # of any year: "by March"
        if days is not None and days.end.month == year.starts:
            continue
        raise SettingError(
            f"it cannot be told that {rule.aim} {clause.text} is a target for {due.year}",
            hint=named.untold or "give the target for the year, or its last day in full, such as by 31 March 2024",
        )


def of_its_time(rule: Rule) -> Rule | None:
    """The rule of a stage whose target is for the time that it names, and not for a year of which a part may have gone.

    It has a note that says so; ``None`` for the rule of anything else.
    """
    stage = rule.stage
    if stage is None:
        return None
    months = stage.window.months if stage.window is not None else None
    if stage.quarter is not None or stage.when is When.BY or (stage.when is When.IN and months != 12):
        return noted(rule, f"the target is the one given {stage.time}; taken as written, not pro-rated")
    return None


def pro_rated(rule: Rule, due: Due) -> Rule:
    """The rule for a figure to date: the whole picture, amber with it, drawn smaller by the share that is due.

    So a reading has the status that it would have at the year's end if it went on so: 15 of 28 at half year is as 30 of
    28 is. Amber to 90 is amber to 45 at half year, and a tolerance of 4 is one of 2. With everything due it is the rule
    itself; with nothing due, no reading is rated; what does not add up over a year comes back with a note.

    >>> from rag_rules.front import rule
    >>> pro_rated(rule("<6.9"), due_by(date(2023, 9, 30), Year.read("financial"))).bands
    <Bands green |3.45 red>
    """
    if rule.bands is None or rule.goal is None or due.months == 12:
        return rule
    if (fixed := _does_not_add_up(rule)) is not None:
        return noted(rule, f"not pro-rated: {fixed}")
    notes = tuple(note for note in rule.notes if note != IN_FULL)
    if due.share == 0:
        missing = f"nothing of the target is due by {due.by}"
        return replace(
            rule, goal=None, bands=None, exact_bands=None, reason=Reason.NOT_DUE, missing=missing, notes=notes, quick={}
        )
    notes += (f"{due.why} of {due.year}", *([_GROWS] if rule.unit.is_percent else []))
    goal = _scaled_goal(rule.goal, due.share)
    bands, exact = _scaled(rule.exact_bands or rule.bands, due), None
    digits = digits_shown(rule.setting, rule.goal)
    if digits is not None:
        exact, bands = bands, moved_for_rounding(bands, digits)
    return replace(
        rule, goal=goal, bands=bands, exact_bands=exact, aim=_aim(goal, rule), notes=notes,
        conflicts=tuple((reason, text, _scaled(where, due)) for reason, text, where in rule.conflicts),
        due=due, whole=rule, quick={},
    )  # fmt: skip


def noted(rule: Rule, note: str) -> Rule:
    """The rule with one more note, and without that of a target judged in full."""
    return replace(rule, notes=(*(each for each in rule.notes if each != IN_FULL), note), quick={})


def _own_times(rule: Rule) -> Iterable[tuple[str, date | None, date | None, bool]]:
    """Each time that a target names for itself: its words, the first and the last day, and whether it is due on the last."""
    for clause in rule.target.clauses:
        if clause.kind == "deadline" and clause.ends is None:
            yield clause.text, None, clause.begins, True
        else:
            yield clause.text, clause.begins, clause.ends, False
    if rule.stage is not None and rule.stage.when is When.IN and rule.stage.window is not None:
        yield rule.stage.time, rule.stage.window.first_day, rule.stage.window.last_day, False


def rate_of(rule: Rule) -> str:
    """The time that the amounts of a rule are per, as it says so: "per month", "monthly"; empty where they are not."""
    per = rule.unit.per.lower().split()
    if any(time in per or f"{time}s" in per for time in _TIMES):
        return f"per {rule.unit.per}"
    words = [] if rule.unit.is_percent else rule.target.subject.lower().replace(",", " ").split()
    return next((word for word in words if word in _OFTEN), "")


def _does_not_add_up(rule: Rule) -> str | None:
    """Why the amounts of a rule are the same at any time of the year; ``None`` for amounts that add up."""
    if rule.kind == "rank":
        return "a place in a ranking does not add up over the year"
    if rule.kind == "balance":
        return "a balanced budget is the same at any time of the year"
    if rule.kind != "value" or (rule.bands is not None and rule.bands.scale is not None):
        return "words do not add up over the year"
    unit = rule.unit
    if unit.per and (rate := rate_of(rule)):
        return f"a rate {rate} does not add up over the year"
    if unit.dimension.startswith("out of") or unit.dimension == "ratio":
        return f"an amount in “{unit}” does not add up over the year"
    return None


def _times(value: Decimal, share: Fraction) -> Decimal:
    """The product, exact where it is a decimal; else cut after 80 digits, which no reading of 30 digits can tell from it."""
    return trimmed_end(EXACT.divide(EXACT.multiply(value, Decimal(share.numerator)), Decimal(share.denominator)))


def trimmed_end(value: Decimal) -> Decimal:
    """The same number without zeros behind the point that computing added."""
    return written_out(value.normalize(EXACT))


def _scaled(bands: Bands, due: Due) -> Bands:
    cuts = tuple(
        Cut(_times(cut.at, due.share), cut.side, cut.why if cut.why == "tolerance" else "; ".join(filter(None, (cut.why, due.why))))
        for cut in bands.steps.cuts
    )  # fmt: skip
    return Bands(Steps(cuts, bands.steps.values), bands.unit, bands.scale)


def _scaled_goal(goal: Goal, share: Fraction) -> Goal:
    match goal:
        case AtLeast() | AtMost():
            return replace(goal, value=_times(goal.value, share))
        case Within():
            return replace(goal, low=_times(goal.low, share), high=_times(goal.high, share))
        case Mapped(steps=steps):
            cuts = tuple(replace(cut, at=_times(cut.at, share)) for cut in steps.cuts)
            return Mapped(Steps(cuts, steps.values))


def _aim(goal: Goal, rule: Rule) -> str:
    """A goal to date in words."""
    assert rule.bands is not None
    write = rule.bands.write
    match goal:
        case AtLeast(value=value, strict=strict):
            return f"{(Sign.MORE_THAN if strict else Sign.AT_LEAST).words} {write(value)}"
        case AtMost(value=value, strict=strict):
            return f"{(Sign.LESS_THAN if strict else Sign.AT_MOST).words} {write(value)}"
        case Within(low=low, high=high) if low == high:
            return f"{Sign.EQUAL.words} {write(low)}"
        case Within(low=low, high=high, low_open=low_open, high_open=high_open):
            if not (low_open or high_open):
                return f"between {write(low)} and {write(high)}"
            lower, upper = Sign.MORE_THAN if low_open else Sign.AT_LEAST, Sign.LESS_THAN if high_open else Sign.AT_MOST
            return f"{lower.words} {write(low)} and {upper.words} {write(high)}"
        case Mapped():
            return rule.aim


# forecasts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a figure to date makes by the end of the year, if it goes on so."""

    #: rounded for show; the status is that of the exact figure
    value: Quantity
    #: by the rule of the whole year
    status: Status
    #: "run-rate", or "profile" where that says how the year goes
    by: Literal["run-rate", "profile"]
    #: what each month left must bring at least, or may bring at most, to meet the target, negative for a fall; ``None``
    #: where that is settled, or where the target is a range. Rounded to the side on which the target is met.
    needed_per_month: Quantity | None
    sentence: str
    #: why the figure may not be one that adds up, with the status that it would have otherwise; empty where nothing says so
    doubt: str = ""


def forecast(outcome: Outcome) -> Forecast | None:
    """What the reading makes of the year; ``None`` where it is not of a part of a year, or has no certain value."""
    rule, value = outcome.rule, outcome.value
    due, whole = rule.due, rule.whole
    if due is None or whole is None or whole.bands is None or value is None or not _is_certain(outcome, value):
        return None
    exact = _times(value, 1 / due.share)
    shown = Quantity(_rounded(exact, whole, value, ROUND_HALF_EVEN), rule.unit)
    status = whole.bands.status(exact)
    needed, words = _needed(outcome, 12 - due.months)
    rate = "by its profile" if due.by_profile else "at this rate"
    would = f"would be {status}" if status is not Status.UNRATED else "would have no status"
    reading = rule.bands.write(value) if rule.bands is not None else ""
    sentence = f"{rate.capitalize()} {reading} by {due.by} makes {shown} by {due.ends}, which {would}{words}."
    doubt = _doubt(outcome, exact, shown, whole.bands.status(value))
    return Forecast(shown, status, "profile" if due.by_profile else "run-rate", needed, sentence, doubt)


def _doubt(outcome: Outcome, exact: Decimal, shown: Quantity, in_full: Status) -> str:
    """What is odd about a percentage that would be more than everything by the end of the year."""
    rule = outcome.rule
    if not rule.unit.is_percent or rule.unit.per or exact <= 100 or rule.whole is None or rule.due is None:
        return ""
    but = f"{outcome.status} pro-rated and " if in_full is not outcome.status else ""
    return (
        f"at this rate it would be {shown} by {rule.due.ends}, more than everything: if it is an average, and not a figure that "
        f"grows over the year, it is {but}{in_full} against {rule.whole.aim}"
    )


def _is_certain(outcome: Outcome, value: Decimal) -> bool:
    """Whether the reading's size is known, and not only its status: a bare 0.9 beside 95% may be 0.9% or 90%."""
    rule, read = outcome.rule, outcome.reading.quantity
    target = year_target(outcome.rule.whole or rule)
    if read is None or rule.unit.is_number:
        return read is None or not read.unit.is_percent
    if rule.unit.is_percent and read.unit.is_number:
        return not 0 < abs(value) <= 1
    is_in_millions = target is not None and exponent_of(target.value) > 0
    return not (is_in_millions and exponent_of(read.value) <= 0 and 0 < abs(value) < 100_000)


def _needed(outcome: Outcome, months: int) -> tuple[Quantity | None, str]:
    """What each month left must, or may, bring to meet the target, and that in words."""
    whole, value = outcome.rule.whole, outcome.value
    assert whole is not None
    assert value is not None
    if not isinstance(whole.goal, AtLeast | AtMost):
        return None, ""
    gap = EXACT.subtract(whole.goal.value, value)
    is_least = isinstance(whole.goal, AtLeast)
    is_beyond = gap < 0 or (gap == 0 and is_least != whole.goal.strict)
    if is_beyond and whole.goal.value >= 0 and value >= 0:  # such totals do not fall; others may, and undo it
        settled = "reached already" if is_least else "passed already"
        return None, f"; the target of {whole.aim} is {settled}"
    rounding = ROUND_CEILING if is_least else ROUND_FLOOR
    each = _rounded(EXACT.divide(gap, Decimal(months)), whole, value, rounding)
    unit = POINTS if whole.unit.is_percent and not whole.unit.per else whole.unit
    left = f"the {months} months left" if months > 1 else "the month left"
    bound = _bound(Quantity(each, unit), is_least=is_least, strict=whole.goal.strict)
    a_month = " a month" if months > 1 else ""
    return Quantity(each, unit), f"; {bound}{a_month} in {left} would meet the target of {whole.aim}"


def _bound(amount: Quantity, *, is_least: bool, strict: bool) -> str:
    """The least or the most that a month may bring, in words; below zero it is a fall, and the words turn round."""
    size, is_fall = amount, amount.value < 0
    if is_fall:
        size, is_least = Quantity(-amount.value, amount.unit), not is_least
    bound = ("more than" if is_least else "less than") if strict else "at least" if is_least else "at most"
    return f"{'a fall of ' if is_fall else ''}{bound} {size}"


def _rounded(number: Decimal, whole: Rule, value: Decimal, rounding: str) -> Decimal:
    """A number with two decimals more than the target and the reading have, if it has no end before."""
    assert whole.goal is not None
    places = max((-exponent_of(each) for each in (*_edges(whole.goal), value)), default=0)
    grid = Decimal(1).scaleb(-(max(places, 0) + 2))
    return trimmed(number.quantize(grid, rounding=rounding, context=EXACT))


def _edges(goal: Goal) -> Iterable[Decimal]:
    return (goal.value,) if isinstance(goal, AtLeast | AtMost) else ()
