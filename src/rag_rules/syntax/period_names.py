"""The one reader of periods as they are named, in headings, cells and brackets: which days they are, as far as that is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rag_rules.errors import DateSyntaxError
from rag_rules.periods import CALENDAR, LENGTHS, MONTH, Period, Year, month_number, written_date
from rag_rules.syntax.text import LONGEST_TEXT
from rag_rules.syntax.when import parse_period

__all__ = ["NamedPeriod", "named_period", "sort_keys"]

#: what a text has that names a period, to tell cheaply the few headings of a table that are worth reading
_NAMES_ONE: Final = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|(?<![0-9/.])[0-3]?[0-9][/.][01]?[0-9][/.][0-9]{2}(?![0-9])"
    rf"|(?<![a-z]){MONTH}(?![a-z])|(?<![a-z])(?:q|qtr\.?|quarter|h|half[ -]?year) ?[1-4](?![0-9a-z])|\bfy ?'?[0-9]{{2}}(?![0-9])"
    r"|\bquarter (?:one|two|three|four)\b|\b(?:first|second|third|fourth|1st|2nd|3rd|4th) (?:quarter|qtr|half)\b"
)
#: 23/24; the second year has to follow the first
_PAIR: Final = re.compile(r"(?<![0-9/.-])([0-9]{2}) ?[/-] ?([0-9]{2})(?![0-9/-])")
_WORD: Final = re.compile(r"w/[ce]\b|[^\W_]+")
#: words that are of the name of a period wherever they stand, ...
_TIME_WORD: Final = re.compile(
    r"[0-9]+(?:st|nd|rd|th|t[0-9]+|[qh][1-4])?|(?:q|qtr|quarter|h|half|fy|p|m|w|wk|week|y)[0-9]+|w/[ce]|fy"
    r"|(?:quarter|qtr|half|halve|year|yr|month|mth|week|wk|term|semester|fortnight)s?"
)
#: ... those that are where they stand beside one of them, ...
_BESIDE: Final = frozenset(
    "first second third fourth one two three four five six seven eight nine ten eleven twelve spring summer autumn fall winter "
    "early mid late financial fiscal academic school municipal calendar federal".split()
)
#: ... and those that are where they stand between two of them: elsewhere they belong to the words around the name
_BETWEEN: Final = frozenset(
    "of to in the and as at for from by on up end start ending ended commencing beginning starting through between which is".split()
)
#: what stands behind a word that is spelt out
_SPELT_OUT: Final = re.compile(r" ?(?:[(:]|[Qq][1-4])")
#: said of the figure and not of the period: "Q2 2023/24 to date"
_TO_DATE: Final = re.compile(r"\b(?:year[ -])?to[ -]date\b")
#: words around a name that make it mean other days
_TURNS: Final = frozenset("from since after before beyond prior onward onwards not except excluding".split())
#: a year in which names without a year are read, to tell which months they mean
_ANY_YEAR: Final = 2001


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period that a text names, as far as it tells."""

    #: "day", "month", "quarter", "half", "year", or "stretch" for other days; empty where that cannot be told
    kind: str
    #: its days; of a name without a year, or whose year means two things, those of one such period
    days: Period | None = None
    #: the year it is in, by the calendar year in which that begins; ``None`` where it is not said
    year: int | None = None
    #: the words of the text that do not name the period
    rest: str = ""
    #: why it is not known when it ends, though its year is said
    untold: str = ""
    #: whether that is a fault of the name, such as a contradiction, and not only a name with two meanings
    is_faulty: bool = False
    #: conventions used in reading it, each with what else it could have meant
    notes: tuple[str, ...] = ()

    @property
    def begins(self) -> date | None:
        """Its first day, where that is told."""
        known = self.days is not None and self.year is not None and (not self.untold or self._is_turned)
        return self.days.first_day if self.days is not None and known else None

    @property
    def ends(self) -> date | None:
        """Its last day, where that is told."""
        known = self.days is not None and self.year is not None and not self.untold
        return self.days.last_day if self.days is not None and known else None

    @property
    def months(self) -> int | None:
        """How many months it lasts; ``None`` for a day and for what does not begin and end with a month."""
        return self.days.months if self.days is not None and self.kind != "day" else None

    @property
    def _is_turned(self) -> bool:
        return not _TURNS.isdisjoint(self.rest.split())

    def is_same_as(self, other: NamedPeriod) -> bool:
        """Whether both name one period; what one of them leaves open is no difference."""
        if self.kind != other.kind or self.days is None or other.days is None or self.is_faulty or other.is_faulty:
            return False
        if self.year is not None and other.year is not None:
            return self.year == other.year and self.days == other.days
        one, two = self.days.start, other.days.start
        return (one.month, one.day, self.months) == (two.month, two.day, other.months)


def named_period(text: str, *, year_start: int = 4) -> NamedPeriod | None:
    """The period that ``text`` names, in a financial year that begins in the month ``year_start``.

    >>> named_period("Quarter 2 2023/24").ends, named_period("FY2019").ends, named_period("2022/23 outturn").rest
    (datetime.date(2023, 9, 30), datetime.date(2019, 3, 31), 'outturn')

    ``None`` where it names none. A name without a year has no ``ends``, and neither has one that says two things; then
    ``untold`` says which, in the grammar's own words where it refuses the name:

    >>> named_period("4/5/2023").untold
    '“4/5/2023” could be 4 May 2023 or 5 April 2023; did you mean “4 May 2023” or “5 April 2023”?'
    """
    return _named(text, year_start) if len(text) <= LONGEST_TEXT else None


@lru_cache(maxsize=8192)
def _named(text: str, year_start: int) -> NamedPeriod | None:
    if not _names_one(text.lower()):
        return None
    year = Year.read(year_start)
    found = _whole(text, year)
    if isinstance(found, NamedPeriod):
        return found
    name, rest = _parted(text)
    inner = _whole(name, year) if rest else found
    if not isinstance(inner, NamedPeriod):
        figures = re.fullmatch(r"[0-9]{1,2}([/.])[0-9]{1,2}\1[0-9]{2,4}", name) is not None
        return NamedPeriod("day" if figures else "", rest=rest, untold=inner.sentence, is_faulty=True)
    words = set(rest.split())
    if not _TURNS.isdisjoint(words):
        days = None if inner.untold else inner.days  # "from 2023": the first day of either year
        return replace(inner, days=days, rest=rest, untold=found.sentence, is_faulty=True)
    if words & set(LENGTHS) - {inner.kind}:  # "Half (Q2 2023/24)"
        return NamedPeriod("", rest=rest, untold=found.sentence, is_faulty=True)
    return replace(inner, rest=rest)


def _whole(text: str, year: Year) -> NamedPeriod | DateSyntaxError:
    """What a text that should be nothing but a period names, or why it names none."""
    try:
        days = parse_period(text, year=year)
    except DateSyntaxError as error:
        try:
            return NamedPeriod(_kind(days := parse_period(f"{text} {year.label(_ANY_YEAR)}", year=year), year), days)
        except DateSyntaxError:
            return error
    kind, first = _kind(days, year), year.containing(days.first_day).start.year
    untold = _two_years(text, days, year) if kind not in ("day", "month") else ""
    return NamedPeriod(kind, days, first, untold=untold, notes=days.notes)


def _two_years(text: str, days: Period, year: Year) -> str:
    """What a name could be that tells its year and not of which kind it is: 2023, or Q3 2023; empty for any other.

    Those are the names that are of the calendar year where nobody says otherwise; the scorecard has a year of its own,
    and no name says whether that was in the writer's mind.
    """
    if year == CALENDAR:
        return ""
    try:
        calendar = parse_period(text, year=CALENDAR)
        if calendar == days or parse_period(text) != calendar or "/" in calendar.label:
            return ""  # 2023/24 is of the scorecard's own kind of year
    except DateSyntaxError:
        return ""
    return f"“{text.strip()}” could be {_from_to(days)} or {_from_to(calendar)}; write “{days}” or the months"


def _from_to(days: Period) -> str:
    return f"{written_date(days.first_day)} to {written_date(days.last_day)}"


def _kind(days: Period, year: Year) -> str:
    if days.first_day == days.last_day:
        return "day"
    for kind, months in LENGTHS.items():
        if days.months == months and (days.start.month - year.starts) % months == 0:
            return kind
    return "stretch"


def sort_keys(periods: Iterable[NamedPeriod | None]) -> list[tuple[date, date]] | None:
    """A key for each period by which they sort in time, or ``None`` where their names do not tell their order."""
    named = list(periods)
    told = {(period.ends is None, period.kind, period.year is None) if period is not None else None for period in named}
    days = [period.days for period in named if period is not None and period.days is not None]
    if len(days) < len(named) or (len(told) > 1 and any(each is None or each[0] for each in told)):
        return None
    return [(each.last_day, each.first_day) for each in days]


def _names_one(folded: str) -> bool:
    return _NAMES_ONE.search(folded) is not None or any(
        int(pair[2]) == (int(pair[1]) + 1) % 100 for pair in _PAIR.finditer(folded)
    )


def _parted(text: str) -> tuple[str, str]:
    """The part of a text that names a period, and the words around it and between it that do not."""
    said = _TO_DATE.search(text.lower())
    words = [found for found in _WORD.finditer(text) if said is None or not said.start() <= found.start() < said.end()]
    kept = _kept(
        [found.group().lower() for found in words], [_SPELT_OUT.match(text, found.end()) is not None for found in words]
    )
    runs: list[list[re.Match[str]]] = [[]]
    for found, is_kept in zip(words, kept, strict=True):
        if is_kept:
            runs[-1].append(found)
        elif runs[-1]:
            runs.append([])
    name = " ".join(_balanced(text[run[0].start() : run[-1].end()]) for run in runs if run)
    rest = [found.group().lower() for found, is_kept in zip(words, kept, strict=True) if not is_kept]
    return name, " ".join([*rest, *(_WORD.findall(said.group().lower()) if said is not None else [])])


def _kept(words: list[str], spelt_out: list[bool]) -> list[bool]:
    """Which of the words are of the name of a period; a word that is spelt out behind it is not: "Last year (2022/23)"."""
    sure = [
        _is_time_word(word) and not (word in LENGTHS and is_spelt_out)
        for word, is_spelt_out in zip(words, spelt_out, strict=True)
    ]
    kept = list(sure)
    for index, word in enumerate(words):
        beside = [*sure[index + 1 : index + 2], *(sure[index - 1 : index] if index else [])]
        kept[index] = sure[index] or (word in _BESIDE and any(beside))
    places = [index for index, is_kept in enumerate(kept) if is_kept]
    for one, other in pairwise(places):
        if all(word in _BETWEEN for word in words[one + 1 : other]):
            kept[one:other] = [True] * (other - one)
    return kept


def _is_time_word(word: str) -> bool:
    return _TIME_WORD.fullmatch(word) is not None or month_number(word.rstrip("0123456789")) is not None


def _balanced(text: str) -> str:
    """A piece of a text whose brackets are closed, though the words around it are cut off."""
    return text + ")" * (text.count("(") - text.count(")"))
