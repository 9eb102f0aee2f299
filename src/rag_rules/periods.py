"""Years of every kind, the periods that they are divided into, and the arithmetic of dates: no clock, no time zones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from rag_rules.errors import SettingError, check_kind
from rag_rules.expressions import expression

__all__ = [
    "ACADEMIC",
    "CALENDAR",
    "FEDERAL",
    "FINANCIAL",
    "LENGTHS",
    "MONTH",
    "MONTHS",
    "TERMS",
    "Period",
    "Year",
    "add_months",
    "day_of",
    "month_number",
    "months_between",
    "period_of",
    "written_date",
]

MONTHS: Final = "January February March April May June July August September October November December".split()
#: the month in which each school term begins, and how many it lasts
TERMS: Final = {"autumn": (9, 4), "spring": (1, 3), "summer": (4, 4)}
#: a regular expression of their names, in lower case
MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
#: how many months the kinds of period last
LENGTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_MONTH_NAME: Final = expression(rf"({MONTH})\.?")


def month_number(name: str) -> int | None:
    """The number of the month that ``name`` spells, in full or by its first three letters.

    >>> month_number("April"), month_number("sept"), month_number("x")
    (4, 9, None)
    """
    found = _MONTH_NAME.fullmatch(name.strip().lower())
    return [month[:3].lower() for month in MONTHS].index(found[1][:3]) + 1 if found else None


def written_date(day: date) -> str:
    """A date as people write it, in English whatever the locale.

    >>> written_date(date(2023, 9, 30))
    '30 September 2023'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_of(given: object) -> date:
    """A day, or that of a time of day; raises ``SettingError`` for anything else."""
    if isinstance(given, datetime):
        if given != given:  # as the missing time of pandas is not
            raise SettingError("a missing time is no day", hint="write date(2023, 9, 30)")
        return given.date()
    check_kind(given, date, "day", SettingError, hint="write date(2023, 9, 30), or parse_period for a text")
    assert isinstance(given, date)
    return given


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or the last day of a month that is too short.

    >>> add_months(date(2024, 1, 31), 1), add_months(date(2024, 2, 29), 12)
    (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    """
    if day.day <= 28:  # every month has such a day
        years, month = divmod(day.month - 1 + months, 12)
        return day.replace(year=day.year + years, month=month + 1)
    from dateutil.relativedelta import relativedelta  # loaded only where dates are reckoned

    return day + relativedelta(months=months)


def months_between(start: date, end: date) -> int:
    """How many months begin between two first days of months: 6 from 1 April to 1 October."""
    return (end.year - start.year) * 12 + end.month - start.month


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of days, half-open: ``start`` belongs to it, ``end`` is the first day after it.

    Periods sort by their start, then by their end; the label is no part of what they are.

    >>> quarter = FINANCIAL.quarter(2023, 2)
    >>> str(quarter), quarter.first_day, quarter.last_day, date(2023, 10, 1) in quarter
    ('2023/24 Q2', datetime.date(2023, 7, 1), datetime.date(2023, 9, 30), False)

    Raises ``ValueError`` for an end that is not after the start.
    """

    start: date
    end: date
    label: str = field(default="", compare=False)
    #: conventions used in reading it, each with what else it could have meant
    notes: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period cannot begin on {self.start} and end before {self.end}")

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self.start

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.end - timedelta(days=1)

    @property
    def months(self) -> int | None:
        """How many whole months it lasts; ``None`` where it does not begin and end with a month."""
        return months_between(self.start, self.end) if self.start.day == self.end.day == 1 else None

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def shifted(self, months: int) -> Period:
        """The period of the same length so many months later, or earlier; without a label of its own.

        >>> FINANCIAL.quarter(2023, 1).shifted(-3) == FINANCIAL.quarter(2022, 4)
        True
        """
        return Period(add_months(self.start, months), add_months(self.end, months))

    def __str__(self) -> str:
        return self.label or f"{self.start} to {self.last_day}"


@dataclass(frozen=True, slots=True)
class Year:
    """A kind of year: the month in which it begins, and how its years are called.

    >>> str(FINANCIAL.year(2023)), str(CALENDAR.year(2023)), str(FEDERAL.year(2023)), FEDERAL.year(2023).start
    ('2023/24', '2023', '2023/24', datetime.date(2023, 10, 1))
    """

    #: financial, academic, calendar, federal, or "from July" for one that begins in another month
    name: str
    #: the number of the month in which it begins
    starts: int
    #: whether FY2024 is the year that ends in 2024, as in the United States; else it is not said which is meant
    named_by_end: bool = False

    @classmethod
    def read(cls, given: str | int | Year) -> Year:
        """The year that a word names: financial, academic, calendar, federal, or the month in which it begins.

        >>> Year.read("academic").starts, Year.read("July").starts, Year.read("financial year from February").starts
        (9, 7, 2)

        Raises ``SettingError`` for anything else.
        """
        if isinstance(given, Year):
            return given
        if isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 12:
            return _beginning_in(given)
        text = " ".join(str(given).lower().split())
        kind = re.sub(r"^(?:us |u\.s\. )", "", text.removesuffix(" year"))
        if kind in _KINDS:
            return _KINDS[kind]
        month = month_number(re.sub(r"^(?:.* )?(?:from|starting|beginning|begins|starts)(?: in)? ", "", text))
        if month is not None:
            return _beginning_in(month)
        raise SettingError(
            f"“{given}” is no kind of year",
            expected=("financial", "academic", "calendar", "federal", "the month in which it begins"),
        )

    def year(self, number: int) -> Period:
        """The year that begins in the calendar year ``number``."""
        return self._part(number, 0, 12, "")

    def quarter(self, number: int, quarter: int) -> Period:
        """Quarter 1 to 4 of the year that begins in ``number``."""
        return self._part(number, 3 * (quarter - 1), 3, f" Q{quarter}")

    def half(self, number: int, half: int) -> Period:
        """Half 1 or 2 of the year that begins in ``number``."""
        return self._part(number, 6 * (half - 1), 6, f" H{half}")

    def containing(self, day: date) -> Period:
        """The year that a day is in.

        >>> str(FINANCIAL.containing(date(2024, 3, 31)))
        '2023/24'
        """
        return self.year(day.year if day.month >= self.starts else day.year - 1)

    def label(self, number: int) -> str:
        """What the year that begins in ``number`` is called: 2023/24, or 2023 where it is the calendar year."""
        return str(number) if self.starts == 1 else f"{number}/{(number + 1) % 100:02}"

    def _part(self, number: int, after: int, months: int, name: str) -> Period:
        start = add_months(date(number, self.starts, 1), after)
        return Period(start, add_months(start, months), f"{self.label(number)}{name}")

    def __str__(self) -> str:
        return self.name


FINANCIAL: Final = Year("financial", 4)
ACADEMIC: Final = Year("academic", 9)
CALENDAR: Final = Year("calendar", 1, named_by_end=True)
FEDERAL: Final = Year("federal", 10, named_by_end=True)

_KINDS: Final = {
    "financial": FINANCIAL, "fiscal": FINANCIAL, "municipal": FINANCIAL, "academic": ACADEMIC, "school": ACADEMIC,
    "calendar": CALENDAR, "federal": FEDERAL, "federal fiscal": FEDERAL, "fy": FINANCIAL,
}  # fmt: skip


def _beginning_in(month: int) -> Year:
    for kind in (CALENDAR, FINANCIAL):
        if kind.starts == month:
            return kind
    return Year(f"from {MONTHS[month - 1]}", month)


def period_of(first_day: date, last_day: date, label: str = "", notes: tuple[str, ...] = ()) -> Period:
    """The period from one day to another, both included.

    >>> period_of(date(2024, 2, 1), date(2024, 2, 29)).months
    1
    """
    return Period(first_day, last_day + timedelta(days=1), label, notes)
