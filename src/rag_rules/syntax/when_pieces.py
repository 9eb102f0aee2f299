"""What the grammar's rules for times build: named times, each with the places of its tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Final

from rag_rules.named_times import NamedTime, YearName
from rag_rules.periods import month_number
from rag_rules.syntax.builder import Span, Trouble
from rag_rules.syntax.tokens import Token

__all__ = ["Timed", "WhenBuilder", "figure"]

_DIGITS = re.compile(r"[0-9]+")
_ISO_DAY = re.compile(r"([0-9]{4})[/-]?([0-9]{1,2})[/-]?([0-9]{1,2})")
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4, "latter": 2}
_COUNTS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty": 20, "thirty": 30,
}  # fmt: skip
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Timed:
    """A named time and where it stands; ``until`` is where it ends, for a range in one piece."""

    time: NamedTime
    spans: tuple[Span, ...]
    until: NamedTime | None = None
    #: another way to take it: 2025-2026 as two years, 2022-24 as financial years
    otherwise: tuple[NamedTime, NamedTime] | None = None

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class _Year:
    """A year as written, and the month or the last year that stands beside it in one token."""

    name: YearName
    spans: tuple[Span, ...]
    month: int = 0
    last: int = 0
    #: the last year where a pair may also be two years, 2025-2026
    pair_of_years: int = 0
    #: whether the last of a stretch of years is written by two digits, 2022-24
    is_short: bool = False
    at_end: bool = False
    #: whether both of its numbers are written in full, 2026/2027
    is_spelt_out: bool = False


def figure(text: str) -> int:
    """The number that a word or digits write: "six", "6", "six (6)"."""
    found = _DIGITS.search(text)
    return int(found.group()) if found else _COUNTS[text.split()[0]]


def _span(token: Token) -> Span:
    return (token.start_pos, token.end_pos)


def _full(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _month(name: str) -> int:
    number = month_number(name)
    assert number is not None
    return number


def _dated(time: NamedTime, tokens: list[Token], year: _Year | None) -> Timed:
    """A time of a year that is one year, and not a stretch of years or a month."""
    spans = [*map(_span, tokens), *(year.spans if year is not None else ())]
    if year is None:
        return Timed(time, tuple(sorted(spans)))
    if year.month or year.last or (year.is_spelt_out and time.unit in ("day", "month")):
        raise Trouble(
            "it is not clear which year is meant",
            (year.spans[0][0], year.spans[-1][1]),
            "write one year, such as 2024 or 2023/24",
        )
    edge = "end" if year.at_end else time.edge
    return Timed(replace(time, year=year.name, edge=edge), tuple(sorted(spans)))


class WhenBuilder:
    """One method for each rule of the grammar that stands for a time."""

    def deadline(self, children: list[Any]) -> list[Any]:
        return children

    def period(self, children: list[Any]) -> list[Any]:
        return children

    def year(self, children: list[Token]) -> _Year:
        spans = tuple(map(_span, children))
        kind, at_end = "", False
        written = children[0]
        for token in children:
            if token.type == "YEAR_KIND":
                kind, at_end = _year_kind(token), token.endswith(_ENDS)
            else:
                written = token
        numbers = _DIGITS.findall(written)
        first = _full(numbers[0])
        if len(numbers) == 1:
            return _Year(YearName(first, kind=kind), spans, at_end=at_end)
        second = numbers[1]
        if second in (str(first + 1), f"{(first + 1) % 100:02}"):
            both = first + 1 if len(second) == 4 and "-" in written and not kind else 0
            name = YearName(first, is_pair=True, kind=kind)
            return _Year(name, spans, pair_of_years=both, at_end=at_end, is_spelt_out=len(second) == 4)
        if (
            len(numbers[0]) == 4
            and len(second) == 2
            and 1 <= int(second) <= 12
            and not kind
            and ("-" in written or int(second) < first % 100)
        ):
            return _Year(YearName(first), spans, month=int(second))
        last = int(second) if len(second) == 4 else first - first % 100 + int(second)
        if len(numbers[0]) == 2 or last <= first:
            raise Trouble(
                f"“{written}” is neither a year nor a stretch of years",
                _span(written),
                nearest=(f"{first}/{(first + 1) % 100:02}",),
            )
        return _Year(YearName(first, kind=kind), spans, last=last, is_short=len(second) == 2)

    def whole_year(self, children: list[Any]) -> Timed:
        year = children[0]
        if isinstance(year, Token):  # only its kind: "the financial year"
            edge = "end" if year.endswith(_ENDS) else ""
            return Timed(NamedTime("year", edge=edge, word=_year_kind(year)), (_span(year),))
        if year.month:
            return Timed(NamedTime("month", year.name, year.month), year.spans)
        time = NamedTime("year", year.name, edge="end" if year.at_end else "")
        if year.last:
            until = replace(time, year=replace(year.name, first=year.last))
            pairs = [NamedTime("year", YearName(number, is_pair=True)) for number in (year.name.first, year.last - 1)]
            return Timed(time, year.spans, until, (pairs[0], pairs[1]) if year.is_short else None)
        if year.pair_of_years:
            years = [NamedTime("year", YearName(number)) for number in (year.name.first, year.pair_of_years)]
            return Timed(time, year.spans, otherwise=(years[0], years[1]))
        return Timed(time, year.spans)

    def day(self, children: list[Any]) -> Timed:
        tokens = [child for child in children if isinstance(child, Token)]
        year = children[-1] if isinstance(children[-1], _Year) else None
        time = NamedTime("day")
        for token in tokens:
            if token.type == "MONTH_NAME":
                time = replace(time, number=_month(token))
            else:
                time = replace(time, day=figure(token), has_no_month=token.type == "DAY_ALONE")
        return _dated(time, tokens, year)

    def days(self, children: list[Any]) -> Timed:
        month, first, _, last, *year = children
        found = _dated(
            NamedTime("day", number=_month(month), day=figure(last)), [month, first, last], *(year or [None])
        )
        return replace(found, time=replace(found.time, day=figure(first)), until=found.time)

    def iso_day(self, children: list[Token]) -> Timed:
        year, month, day = map(int, _ISO_DAY.findall(children[0])[0])
        return Timed(NamedTime("day", YearName(year), month, day=day), (_span(children[0]),))

    def day_in_figures(self, children: list[Token]) -> Timed:
        first, second, year = _DIGITS.findall(children[0])
        return Timed(NamedTime("figures", figures=(int(first), int(second), _full(year))), (_span(children[0]),))

    def dashed_day(self, children: list[Token]) -> Timed:
        day, year = _DIGITS.findall(children[0])
        month = _month(re.findall(r"[a-z]+", children[0])[-1])
        return Timed(NamedTime("day", YearName(_full(year)), month, day=int(day)), (_span(children[0]),))

    def weekday(self, children: list[Any]) -> Timed:
        token: Token = children[0]
        timed: Timed = children[1]
        time = timed.time
        if time.unit not in ("day", "figures") or timed.until is not None or time.has_no_month:
            raise Trouble(f"“{token}” has no day to go with", _span(token), "write the day, month and year")
        number = _WEEKDAYS.index(token[:3])
        return replace(timed, time=replace(time, weekday=number), spans=(_span(token), *timed.spans))

    def month(self, children: list[Any]) -> Timed:
        month, *year = children
        return _dated(NamedTime("month", number=_month(month)), [month], *(year or [None]))

    def dashed_month(self, children: list[Token]) -> Timed:
        month, year = re.findall(r"[a-z]+", children[0])[0], _DIGITS.findall(children[0])[0]
        return Timed(NamedTime("month", YearName(_full(year)), _month(month)), (_span(children[0]),))

    def month_in_figures(self, children: list[Token]) -> Timed:
        month, year = _DIGITS.findall(children[0])
        return Timed(NamedTime("month", YearName(int(year)), int(month)), (_span(children[0]),))

    def quarter(self, children: list[Any]) -> Timed:
        return _numbered("quarter", children)

    def half(self, children: list[Any]) -> Timed:
        return _numbered("half", children)

    def season(self, children: list[Any]) -> Timed:
        return _worded("season", children)

    def term(self, children: list[Any]) -> Timed:
        return _worded("term", children)

    def week(self, children: list[Any]) -> Timed:
        token: Token = children[0]
        timed: Timed = children[1]
        if timed.time.unit not in ("day", "figures") or timed.until is not None:
            raise Trouble(
                "a week is named by a day", (timed.start, timed.end), "write “week commencing 17 November 2025”"
            )
        if timed.time.has_no_month:
            raise Trouble("a day without its month", (timed.start, timed.end), "write the month of each day")
        word = "ending" if re.search(r"end(?:ing|ed)|/e|^we$", token) else ""
        return Timed(NamedTime("week", word=word, inner=timed.time), (_span(token), *timed.spans))

    def length_to(self, children: list[Any]) -> Timed:
        token: Token = children[0]
        timed: Timed = children[1]
        if timed.time.unit not in ("day", "figures", "month") or timed.until is not None or timed.time.part:
            raise Trouble("it does not end with a day or a month", (timed.start, timed.end))
        months = next((number for word, number in _LENGTHS if re.search(word, token)), 0)
        months = months or figure(token) * (12 if "year" in token else 1)
        return Timed(
            NamedTime("length", number=months, inner=replace(timed.time, edge="")), (_span(token), *timed.spans)
        )

    def edge(self, children: list[Any]) -> Timed:
        token: Token = children[0]
        timed: Timed = children[1]
        if timed.time.edge or timed.until is not None:
            raise Trouble(
                f"“{token}” does not fit here", _span(token), "say once whether its start or its end is meant"
            )
        if token == "eoy" and timed.time.unit != "year":
            raise Trouble(f"“{token}” goes with a year", _span(token))
        edge = "start" if re.search(r"start|beginning", token) else "end"
        return replace(timed, time=replace(timed.time, edge=edge), spans=(_span(token), *timed.spans))

    def part(self, children: list[Any]) -> Timed:
        token: Token = children[0]
        timed: Timed = children[1]
        if timed.time.edge or timed.time.part or timed.until is not None or timed.otherwise is not None:
            raise Trouble(f"“{token}” does not fit here", _span(token), "write the months")
        if timed.time.unit not in ("month", "quarter", "half", "season", "year"):
            raise Trouble(f"“{token}” goes with a month, a season or a year", _span(token), "write the day alone")
        part = tuple(re.findall(r"early|mid|late", token))
        return replace(timed, time=replace(timed.time, part=part), spans=(_span(token), *timed.spans))


#: how many months a length is, by its word; one in figures says so itself
_LENGTHS: Final = ((r"half", 6), (r"(?:^|[a-z] )year[ -]|^fy|^eo", 12), (r"quarter", 3), (r"^month", 1))


#: with which words that name a year name its end
_ENDS: Final = ("end", "ends", "eofy", "fye")


def _year_kind(token: Token) -> str:
    if token.startswith("ffy"):
        return "federal"
    for kind in ("municipal", "federal", "academic", "calendar"):
        if kind in token:
            return kind
    if token.startswith(("cy", "ay", "sy")):
        return "calendar" if token.startswith("cy") else "academic"
    if token.startswith(("us ", "u.s.")):
        return "federal"
    return "academic" if "school" in token else "" if token.startswith("year") else "financial"


def _numbered(unit: str, children: list[Any]) -> Timed:
    tokens = [child for child in children if isinstance(child, Token)]
    year = next((child for child in children if isinstance(child, _Year)), None)
    digits = re.findall(
        r"[1-4]|first|second|third|fourth|final|last|latter|one|two|three|four", tokens[0].split(" of")[0]
    )
    numbers = [int(word) if word.isdigit() else _ORDINALS.get(word) or _COUNTS[word] for word in digits[:2]]
    time = NamedTime(unit, number=numbers[0], last=numbers[1] if len(numbers) > 1 else 0)
    return _dated(time, tokens, year)


def _worded(unit: str, children: list[Any]) -> Timed:
    tokens = [child for child in children if isinstance(child, Token)]
    year = next((child for child in children if isinstance(child, _Year)), None)
    word = tokens[0].split()[0].rstrip(".,")
    return _dated(NamedTime(unit, word="autumn" if word == "fall" else word), tokens, year)
