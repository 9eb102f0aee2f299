"""Periods as they are named, in headings and cells: which quarter, month or year, and the day it ends."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from rag_rules.periods import add_months

__all__ = ["NamedPeriod", "named_period", "sort_keys"]

_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
#: how many months the kinds of period last
_LENGTHS: Final = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NTHS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}
#: the ways to write a piece of a period, tried in this order: what comes first is not read as something shorter
_PIECES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3][0-9])(?![0-9])(?:[t ][0-9:]+)?",
        rf"(?<![0-9/-])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]*(?P<y>(?:19|20)?[0-9]{{2}})(?![0-9/])",
        r"(?<![0-9/.])(?P<d>[0-3]?[0-9])(?P<mark>[/.])(?P<m>[01]?[0-9])(?P=mark)(?P<y>(?:19|20)[0-9]{2})(?![0-9])",
        r"(?<![0-9])(?P<first>(?:19|20)?[0-9]{2}) ?[/-] ?(?P<second>(?:19|20)?[0-9]{2})(?![0-9])",
        r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})-(?P<m>0[1-9]|1[0-2])(?![0-9])",
        r"(?<![a-z])(?:q|qtr\.?|quarter) ?(?P<quarter>[1-4])(?![0-9])",
        r"(?<![0-9])(?P<quarter>[1-4])(?:st|nd|rd|th) (?:quarter|qtr)\b",
        r"\b(?P<quarter>first|second|third|fourth) (?:quarter|qtr)\b",
        r"(?<![a-z])(?:h|half[ -]?year ?)(?P<half>[12])(?![0-9])",
        r"\b(?P<half>first|second) half(?:[ -]year)?\b",
        rf"(?<![a-z]){_MONTH}(?:[ ,'/-]*(?P<y>(?:19|20)[0-9]{{2}}|[0-9]{{2}})(?![0-9]))?",
        r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?![0-9])",
    )
)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period that a text names; what the text leaves open is ``None``."""

    #: "day", "month", "quarter", "half" or "year"
    kind: str
    #: which quarter, half or month of the year, counted from 1; 0 for years and days
    number: int = 0
    #: the year it is in: the calendar year, or that in which the financial year begins
    year: int | None = None
    ends: date | None = None
    #: the words of the text that do not name the period
    rest: str = ""

    @property
    def begins(self) -> date | None:
        """Its first day; ``None`` where it is not known when it ends."""
        if self.ends is None or self.kind == "day" or self.ends == date.max:
            return self.ends
        return add_months(self.ends + timedelta(days=1), -_LENGTHS[self.kind])

    def is_same_as(self, other: NamedPeriod) -> bool:
        """Whether both name one period; what one of them leaves open is no difference."""
        if (self.kind, self.number) != (other.kind, other.number):
            return False
        if self.ends is not None and other.ends is not None:
            return self.ends == other.ends
        return self.year is None or other.year is None or self.year == other.year


def named_period(text: str, *, year_start: int = 4) -> NamedPeriod | None:
    """The period that ``text`` names, in a financial year that begins in the month ``year_start``.

    >>> named_period("Quarter 2 2023/24").ends, named_period("Apr-23").ends, named_period("2022/23 outturn").rest
    (datetime.date(2023, 9, 30), datetime.date(2023, 4, 30), 'outturn')

    ``None`` where it names none. A quarter or a year of which it is not said whether it is of the calendar or of the
    financial year has no ``ends``, and so has a date such as 4/5/2023, whose day could be its month.
    """
    pieces, rest = _pieces(text)
    if not pieces:
        return None
    found = _put_together(pieces, year_start)
    return None if found is None else replace(found, rest=" ".join(re.findall(r"[^\W_]+", rest)))


def sort_keys(periods: Iterable[NamedPeriod | None], *, year_start: int = 4) -> list[tuple[int, int]] | None:
    """A key for each period by which they sort in time, or ``None`` where their names do not tell their order."""
    named = list(periods)
    if all(period is not None and period.ends is not None for period in named):
        return [(period.ends.toordinal(), 0) for period in named if period is not None and period.ends is not None]
    kinds = {(period.kind, period.year is None) if period is not None else None for period in named}
    if len(kinds) != 1 or None in kinds:
        return None
    return [
        (period.year or 0, (period.number - year_start) % 12 if period.kind == "month" else period.number)
        for period in named
        if period is not None
    ]


def _pieces(text: str) -> tuple[list[dict[str, str]], str]:
    """The pieces of period names in the text, and the text without them."""
    rest = re.sub(r"[‐‑‒–—−_]", "-", text.lower().replace("’", "'").replace("\xa0", " "))
    found: list[tuple[int, dict[str, str]]] = []
    for pattern in _PIECES:
        for match in pattern.finditer(rest):
            piece = {name: value for name, value in match.groupdict().items() if value is not None}
            if "first" in piece and _pair(piece) is None:
                continue
            found.append((match.start(), piece))
            rest = f"{rest[: match.start()]}{'#' * len(match.group())}{rest[match.end() :]}"
    return [piece for _, piece in sorted(found, key=lambda each: each[0])], rest.replace("#", " ")


def _put_together(pieces: list[dict[str, str]], year_start: int) -> NamedPeriod | None:
    """The one period that the pieces of a name make: the last day or month they mention says when it ends."""
    day = month = quarter = half = pair = year = None
    ends: date | None = None
    for piece in pieces:
        if "d" in piece:
            ends = _date(piece)
            day = piece
        elif "first" in piece:
            pair = _pair(piece)
        elif "quarter" in piece:
            quarter = _NTHS.get(piece["quarter"]) or int(piece["quarter"])
        elif "half" in piece:
            half = _NTHS.get(piece["half"]) or int(piece["half"])
        elif "year" in piece:
            year = int(piece["year"])
        else:
            month, ends = piece, _month_end(piece) or ends
    if half is not None or quarter is not None:
        kind, number, months = ("quarter", quarter, 3) if quarter is not None else ("half", half, 6)
        assert number is not None
        start = pair if pair is not None else year if year_start == 1 else None
        if start is not None:
            ends = _after(start, year_start, number * months)
        return NamedPeriod(kind, number, pair if pair is not None else year, ends)
    if day is not None:
        return NamedPeriod("day", ends=ends, year=ends.year if ends else None)
    if month is not None:
        return _month(month, ends, pair, year, year_start)
    if pair is not None:
        return NamedPeriod("year", 0, pair, None if year_start == 1 else _after(pair, year_start, 12))
    return None if year is None else NamedPeriod("year", 0, year, _after(year, 1, 12) if year_start == 1 else None)


def _month(
    piece: dict[str, str], ends: date | None, pair: int | None, year: int | None, year_start: int
) -> NamedPeriod:
    """The period of a month, whose year may be said apart: "April, 2023/24"."""
    number = _number(piece)
    if ends is None and (pair is not None or year is not None):
        start = pair + (number < year_start) if pair is not None else year
        assert start is not None
        ends = _after(start, number, 1)
    return NamedPeriod("month", number, ends.year if ends else None, ends)


def _after(year: int, month: int, months: int) -> date:
    """The last day of so many months from the first of ``month``."""
    return add_months(date(year, month, 1), months) - timedelta(days=1)


def _number(piece: dict[str, str]) -> int:
    return int(piece["m"]) if "m" in piece else _MONTHS.index(piece["month"][:3]) + 1


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month_end(piece: dict[str, str]) -> date | None:
    return _after(_full_year(piece["y"]), _number(piece), 1) if "y" in piece else None


def _date(piece: dict[str, str]) -> date | None:
    """The day, unless there is no such day or its day could be its month."""
    if "mark" in piece and int(piece["d"]) <= 12 and piece["d"] != piece["m"]:
        return None
    try:
        return date(_full_year(piece["y"]), _number(piece), int(piece["d"]))
    except ValueError:
        return None


def _pair(piece: dict[str, str]) -> int | None:
    """The first year of 2023/24, 2023-2024 or 23/24; ``None`` where the second does not follow the first."""
    first, second = _full_year(piece["first"]), piece["second"]
    return first if second in (str(first + 1), f"{(first + 1) % 100:02}") else None
