"""Times as they are named, and the days that each name may mean in a kind of year."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from rag_rules.deadlines import Precision, Window
from rag_rules.periods import (
    ACADEMIC,
    CALENDAR,
    FEDERAL,
    FINANCIAL,
    MONTHS,
    TERMS,
    Period,
    Year,
    add_months,
    period_of,
    written_date,
)

__all__ = ["ImpossibleTimeError", "Meaning", "NamedTime", "YearName", "between", "meanings", "other_meanings"]

#: the months in which seasons begin; winter begins in the year before the one it ends in
_SEASONS: Final = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
_WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
#: outside these, years would not be told from other numbers
_EARLIEST: Final = date(1900, 1, 1)
_NOT_READ: Final = "only times from 1900 to 2099 are read"
_LATEST: Final = date(2100, 1, 1)
_LEAP_YEAR: Final = 2024
_THIRDS: Final = {"early": 0, "mid": 1, "late": 2}


class ImpossibleTimeError(Exception):
    """A name that no day or time bears, and the names near it that some do."""

    def __init__(self, problem: str, *nearest: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem, self.nearest, self.hint = problem, nearest, hint


@dataclass(frozen=True, slots=True)
class YearName:
    """A year as written: 2024, 2023/24, FY2024, academic year 2023/24."""

    first: int
    is_pair: bool = False
    #: financial, academic, calendar or federal; empty where it is not said
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NamedTime:
    """One time as a text names it; ``unit`` says which of the other fields count."""

    #: day, figures, week, month, quarter, half, season, term, year, or "length" for so many months up to a time
    unit: str
    year: YearName | None = None
    #: which month, quarter or half; for a length, how many months
    number: int = 0
    #: the last of several quarters or halves: "Q1-Q2"
    last: int = 0
    day: int = 0
    #: a day in figures, as written: 3, 4 and 2024
    figures: tuple[int, int, int] = (0, 0, 0)
    #: the season, the term, or "ending" for a week that is named by its last day
    word: str = ""
    #: early, mid, late; or the first and the last of "mid to late"
    part: tuple[str, ...] = ()
    #: "start" or "end", where the text names only that of it
    edge: str = ""
    #: the day of the week that it is said to be, counted from Monday
    weekday: int | None = None
    #: the time that a week or a length is named by
    inner: NamedTime | None = None
    #: whether only a day of a month is written, whose month comes later: "1" of "1-5 July"
    has_no_month: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether its year is said."""
        if self.inner is not None:
            return self.inner.is_dated
        return self.year is not None or self.unit == "figures"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The days that a named time may mean, and what has to be taken for granted for that."""

    period: Period
    precision: Precision
    #: what is taken for granted, the same word for the same convention: "calendar", "day first"; empty where nothing is
    key: str = ""
    #: whether the name has this meaning by a convention that people share
    is_usual: bool = True
    #: other conventions used, each a sentence
    notes: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        """Its first and last day, and how it was taken."""
        return Window(self.period.first_day, self.period.last_day, str(self.period))


def meanings(time: NamedTime, year: Year | None, day_order: str | None, *, is_period: bool = False) -> list[Meaning]:
    """What ``time`` may mean, the usual meaning first; empty where its year is not said.

    ``year`` is the kind of year that is meant where the text does not say, ``day_order`` "day first" or "month first".
    A plain year is the calendar year in a deadline, and in a heading (``is_period``) a year of the kind that is given.
    Raises ``ImpossibleTimeError`` for a day that there is not.
    """
    if time.unit == "day" and time.year is None:
        _check_day(time)
    if not time.is_dated:
        return []
    found = _PLAIN[time.unit](time, year, day_order, is_period)
    if time.weekday is not None:
        found = _on_weekday(found, time.weekday)
    if time.part:
        found = [_part(meaning, time.part) for meaning in found]
    if time.edge == "start":
        found = [_start(meaning) for meaning in found]
    known = [meaning for meaning in found if meaning.period.start >= _EARLIEST and meaning.period.end <= _LATEST]
    if not known or known[0] is not found[0]:
        raise ImpossibleTimeError(_NOT_READ)
    return known


def other_meanings(time: NamedTime) -> list[Meaning]:
    """What a quarter, half or year might mean besides, in a kind of year that only other words can tell: the federal."""
    if time.unit not in ("quarter", "half", "year") or time.year is None or time.year.is_pair:
        return []
    if time.year.kind not in ("", "financial"):
        return []
    return [_divided(time, FEDERAL, time.year.first - 1, "federal", None)]


def between(first: Meaning, last: Meaning) -> Meaning | None:
    """From the one to the other, both included; ``None`` where the last ends before the first begins."""
    if last.period.last_day < first.period.first_day:
        return None
    start, end = first.period.first_day, last.period.last_day
    notes = tuple(dict.fromkeys((*first.notes, *last.notes)))
    return Meaning(_days(start, end), Precision.RANGE, first.key or last.key, first.is_usual and last.is_usual, notes)


def _days(first_day: date, last_day: date) -> Period:
    """A period under the name of its first and last day."""
    return period_of(first_day, last_day, f"{written_date(first_day)} to {written_date(last_day)}")


def _real_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= 12:
            raise ImpossibleTimeError(f"there is no month {month}", hint="a year has 12 months") from None
        most = calendar.monthrange(year, month)[1]
        last = date(year, month, most)
        if day < 1:
            raise ImpossibleTimeError(f"there is no day {day}", written_date(last.replace(day=1))) from None
        said = f"{MONTHS[month - 1]} {year}" if month == 2 and day == 29 else MONTHS[month - 1]
        raise ImpossibleTimeError(
            f"there is no {day} {said}: it has {most} days",
            written_date(last), *([written_date(last + timedelta(days=1))] if day == most + 1 else []),
        ) from None  # fmt: skip


def _check_day(time: NamedTime) -> None:
    """Raise ``ImpossibleTimeError`` for a day that no year has."""
    try:
        _real_day(_LEAP_YEAR, time.number, time.day)
    except ImpossibleTimeError as impossible:
        nearest = (name.removesuffix(f" {_LEAP_YEAR}") for name in impossible.nearest)
        raise ImpossibleTimeError(impossible.problem, *nearest, hint=impossible.hint) from None


def _years(name: YearName, given: Year | None, *, whole: bool, is_period: bool) -> list[tuple[Year, int, str]]:
    """The kinds of year that a year may be of, the year each begins in, and what that takes for granted."""
    kind = _kind(name, given)
    if name.is_pair:
        if name.kind == "calendar":
            raise ImpossibleTimeError(
                f"a calendar year is not written {name.first}/{(name.first + 1) % 100:02}", str(name.first)
            )
        return [(kind if kind is not None and kind.starts != 1 else FINANCIAL, name.first, "")]
    number = name.first
    if name.kind == "calendar":
        return [(CALENDAR, number, "")]
    if name.kind and kind is not None:
        ending = (kind, number - (kind.starts > 1), "ends")
        return [ending] if kind.named_by_end else [ending, (kind, number, "begins")]
    plain = (CALENDAR, number, "calendar")
    if kind is None or kind.starts == 1:
        return [plain] if whole else [plain, (FINANCIAL, number, "begins"), (FINANCIAL, number - 1, "ends")]
    own = [(kind, number, "begins"), (kind, number - 1, "ends")]
    if kind.named_by_end:
        own = own[1:]
    return [plain, *own] if whole and not is_period else [*own, plain]


def _kind(name: YearName, given: Year | None) -> Year | None:
    if name.kind == "academic":
        return given if given is not None and given.starts in (8, 9) else ACADEMIC
    if name.kind == "federal":
        return FEDERAL
    if name.kind == "financial":
        return given if given is not None and given not in (ACADEMIC, CALENDAR) else FINANCIAL
    return CALENDAR if name.kind == "calendar" else given


def _divided(time: NamedTime, year: Year, number: int, key: str, given: Year | None) -> Meaning:
    """A year, or a quarter or half of it, under a name that reads back with the same kind of year given."""
    if time.unit == "year":
        period, precision = year.year(number), Precision.YEAR
    else:
        part, precision = (year.quarter, Precision.QUARTER) if time.unit == "quarter" else (year.half, Precision.HALF)
        period = part(number, time.number)
        if time.last > time.number:
            end = part(number, time.last)
            period, precision = _days(period.first_day, end.last_day), Precision.RANGE
        elif time.last:
            raise ImpossibleTimeError(f"it ends before it begins: {time.unit} {time.number} to {time.last}")
    usual = FINANCIAL if given is None or given.starts == 1 else given
    plain = CALENDAR if given is None else given
    if time.last == 0 and year != (plain if year.starts == 1 else usual):
        name = "federal fiscal" if year == FEDERAL else year.name
        period = replace(period, label=f"{name} year {period.label}")
    return Meaning(period, precision, key)


def _of_year(time: NamedTime, given: Year | None, _: str | None, is_period: bool) -> list[Meaning]:
    assert time.year is not None
    whole = time.unit == "year"
    found = _years(time.year, given, whole=whole, is_period=is_period)
    doubtful = time.year.kind == "academic" and not time.year.is_pair
    return [
        replace(_divided(time, year, number, key if len(found) > 1 else "", given), is_usual=not doubtful)
        for year, number, key in found
    ]


def _calendar_years(name: YearName, month: int, given: Year | None) -> list[tuple[int, str]]:
    """The calendar years in which a month of a named year may be, and what each takes for granted."""
    if not name.is_pair and not name.kind:
        return [(name.first, "")]
    years = _years(name, given, whole=True, is_period=False)
    return [(number + (month < year.starts), key) for year, number, key in years]


def _day(time: NamedTime, given: Year | None, _: str | None, __: bool) -> list[Meaning]:
    assert time.year is not None
    years = _calendar_years(time.year, time.number, given)
    return [_one_day(_real_day(year, time.number, time.day), key) for year, key in years]


def _one_day(day: date, key: str = "", *, is_usual: bool = True, notes: tuple[str, ...] = ()) -> Meaning:
    if day == date.max:  # a placeholder, and no period can end after it
        raise ImpossibleTimeError(_NOT_READ)
    return Meaning(period_of(day, day, written_date(day)), Precision.DAY, key, is_usual, notes)


def _figures(time: NamedTime, _: Year | None, day_order: str | None, __: bool) -> list[Meaning]:
    """A day in figures: read where only one order makes a day of it, or the order is given."""
    first, second, year = time.figures
    readings: dict[str, date] = {}
    trouble: ImpossibleTimeError | None = None
    for order, month, number in (("day first", second, first), ("month first", first, second)):
        try:
            readings[order] = _real_day(year, month, number)
        except ImpossibleTimeError as impossible:
            trouble = trouble if trouble is not None and trouble.nearest else impossible
    if not readings:
        assert trouble is not None
        raise trouble
    if len(set(readings.values())) == 1:
        order, day = next(iter(readings.items()))
        if day_order is None or len(readings) == 2 or order == day_order:
            return [_one_day(day, order if len(readings) == 1 else "")]
        return [
            _one_day(
                day, order, notes=(f"it can only be {written_date(day)}, though dates are said to be {day_order}",)
            )
        ]
    if day_order is not None:
        return [_one_day(readings[day_order], day_order)]
    return [_one_day(day, order, is_usual=False) for order, day in readings.items()]


def _month(time: NamedTime, given: Year | None, _: str | None, __: bool) -> list[Meaning]:
    assert time.year is not None
    return [_one_month(year, time.number, key) for year, key in _calendar_years(time.year, time.number, given)]


def _one_month(year: int, month: int, key: str) -> Meaning:
    start = date(year, month, 1)
    return Meaning(Period(start, add_months(start, 1), f"{MONTHS[month - 1]} {year}"), Precision.MONTH, key)


def _season(time: NamedTime, _: Year | None, __: str | None, ___: bool) -> list[Meaning]:
    """Three months; winter 2025 begins in December 2025, unless both of its years are written."""
    assert time.year is not None
    first, month = time.year.first, _SEASONS[time.word]
    if time.year.is_pair and month < 9:
        raise ImpossibleTimeError(
            f"{time.word} {first}/{(first + 1) % 100:02} could be that of {first} or of {first + 1}",
            f"{time.word} {first}", f"{time.word} {first + 1}",
        )  # fmt: skip
    start = date(first, month, 1)
    label = f"{time.word} {first}" if month < 12 else f"winter {first}/{(first + 1) % 100:02}"
    found = Meaning(Period(start, add_months(start, 3), label), Precision.SEASON)
    if month < 12 or time.year.is_pair:
        return [found]
    before = Period(add_months(start, -12), add_months(start, -9), f"winter {first - 1}/{first % 100:02}")
    return [replace(found, key="begins"), Meaning(before, Precision.SEASON, "ends")]


def _term(time: NamedTime, _: Year | None, __: str | None, ___: bool) -> list[Meaning]:
    """A school term: autumn September to December, spring January to March, summer April to July."""
    assert time.year is not None
    month, months = TERMS[time.word]
    start = date(time.year.first + (time.year.is_pair and month < 9), month, 1)
    period = Period(start, add_months(start, months), f"{time.word} term {start.year}")
    last = period.last_day
    note = f"the {time.word} term is taken as {MONTHS[month - 1]} to {MONTHS[last.month - 1]}; schools differ by days"
    return [Meaning(period, Precision.SEASON, notes=(note,))]


def _week(time: NamedTime, given: Year | None, day_order: str | None, is_period: bool) -> list[Meaning]:
    assert time.inner is not None
    weeks = []
    for found in meanings(time.inner, given, day_order, is_period=is_period):
        day = found.period.first_day
        start = day - timedelta(days=6) if time.word == "ending" else day
        period = Period(start, start + timedelta(days=7), f"week commencing {written_date(start)}")
        weeks.append(replace(found, period=period, precision=Precision.WEEK))
    return weeks


def _length(time: NamedTime, given: Year | None, day_order: str | None, is_period: bool) -> list[Meaning]:
    """So many months up to a day or to the end of a month: 6 months to 30 September 2023."""
    assert time.inner is not None
    lengths = []
    for found in meanings(time.inner, given, day_order, is_period=is_period):
        end = found.period.end
        last = found.period.last_day
        period = _days(add_months(end, -time.number), last)
        lengths.append(replace(found, period=period, precision=_LENGTHS.get(time.number, Precision.RANGE)))
    return lengths


_LENGTHS: Final = {1: Precision.MONTH, 3: Precision.QUARTER, 6: Precision.HALF, 12: Precision.YEAR}

_PLAIN: Final[dict[str, Callable[[NamedTime, Year | None, str | None, bool], list[Meaning]]]] = {
    "day": _day, "figures": _figures, "month": _month, "season": _season, "term": _term, "week": _week,
    "length": _length, "quarter": _of_year, "half": _of_year, "year": _of_year,
}  # fmt: skip


def _on_weekday(found: Sequence[Meaning], weekday: int) -> list[Meaning]:
    """The meanings that fall on a day of the week; a day of the week may tell which order a date is in."""
    fitting = [meaning for meaning in found if meaning.period.first_day.weekday() == weekday]
    if fitting:
        return [replace(meaning, is_usual=True) if len(fitting) == 1 else meaning for meaning in fitting]
    day = found[0].period.first_day
    raise ImpossibleTimeError(
        f"{written_date(day)} is a {_WEEKDAYS[day.weekday()]}, not a {_WEEKDAYS[weekday]}",
        *(f"{_WEEKDAYS[near.weekday()]} {written_date(near)}" for near in (day, _nearest(day, weekday))),
    )


def _nearest(day: date, weekday: int) -> date:
    """The day of the week that is nearest to ``day``."""
    return min((day + timedelta(days=step) for step in range(-3, 4)), key=lambda near: near.weekday() != weekday)


def _part(found: Meaning, part: tuple[str, ...]) -> Meaning:
    """Early, mid or late of it: its thirds."""
    months, first, last = found.period.months, _THIRDS[part[0]], _THIRDS[part[-1]]
    start = found.period.start
    if months == 1:
        cuts = [start, start.replace(day=11), start.replace(day=21), found.period.end]
    elif months is not None and months % 3 == 0:
        cuts = [add_months(start, months // 3 * third) for third in range(4)]
    else:
        raise ImpossibleTimeError(f"“{' to '.join(part)}” of {found.period} is not clear", hint="write the months")
    if last < first:
        raise ImpossibleTimeError(f"it ends before it begins: {' to '.join(part)}")
    taken = _days(cuts[first], cuts[last + 1] - timedelta(days=1))
    precision = Precision.PART_OF_YEAR if months != 1 else Precision.RANGE
    words = "first middle last".split()
    named = words[first] if first == last else f"{words[first]} and {words[last]}"
    note = f"“{' to '.join(part)}” {found.period} is taken as its {named} third, {taken}"
    return replace(found, period=taken, precision=precision, notes=(*found.notes, note))


def _start(found: Meaning) -> Meaning:
    """Its first day, for "the beginning of"."""
    day = found.period.first_day
    if found.precision is Precision.DAY:
        return found
    note = f"the beginning of {found.period} is taken as its first day, {written_date(day)}"
    return _one_day(day, found.key, is_usual=found.is_usual, notes=(*found.notes, note))
