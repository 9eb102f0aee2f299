"""Times of one text put together: years that stand beside, ranges, and two names of one time held against each other."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from rag_rules.named_times import ImpossibleTimeError, Meaning, NamedTime, YearName, between, meanings, other_meanings
from rag_rules.periods import ACADEMIC, CALENDAR, MONTHS, Year, written_date
from rag_rules.syntax.builder import Span, Trouble
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.tokens import Token
from rag_rules.syntax.when_pieces import Timed
from rag_rules.syntax.when_words import is_broken, meant

__all__ = ["Item", "Times", "listed"]

#: words that may stand between what belongs together, and bear on nothing
_BARE: Final = re.compile(
    r"(?:[\s,.:*_'\"-]|(?<![a-z])(?:the|of|on|in|at|a|year|years|month|months|about|around|approximately|approx|circa|date|latest"
    r"|very|period|this|our|least|early as|ended|ending)(?![a-z]))*"
)
_MONTH_AND_TWO_DIGITS: Final = re.compile(r"[a-z]+\.? [0-9]{2}")
_ANY_WORD: Final = re.compile(r"[a-z]+(?![0-9])")
_WORD_BEHIND: Final = re.compile(r"[ -]*([a-z]+)(?![a-z0-9])")
_UNIT: Final = re.compile(r" ?(?:working |clear |calendar )?(?:days?|weeks?|months?|years?)(?![a-z'])")
#: what may not follow a time: it is what is left of a longer one
_GLUED: Final = re.compile(r"[a-z]|[/-][0-9]|[ -]?[a-z][0-9](?![0-9])")
_WORD: Final = re.compile(r"([a-z][a-z0-9'/-]*)[ -]*$")


@dataclass(slots=True)
class Item:
    """A piece of the text: a word that says something of times, or a time with its meanings."""

    kind: str
    start: int
    end: int
    time: NamedTime | None = None
    until: NamedTime | None = None
    otherwise: tuple[NamedTime, NamedTime] | None = None
    #: what it may mean, the usual meaning first; empty where its year is not said
    meanings: list[Meaning] = field(default_factory=list)
    #: what is said of the reading besides the conventions of its meaning
    notes: list[str] = field(default_factory=list)

    @property
    def is_time(self) -> bool:
        return self.time is not None


def listed(items: Sequence[str]) -> str:
    """Several as people list them: a, b or c."""
    *most, last = items
    return f"{', '.join(most)} or {last}" if most else last


class Times:
    """The times of one text, in a kind of year and an order of day and month."""

    def __init__(self, passage: Passage, year: Year | None, order: str | None, *, is_period: bool = False) -> None:
        self.passage, self.year, self.order, self.is_period = passage, year, order, is_period

    def items(self, pieces: Sequence[Any]) -> list[Item]:
        """The pieces with ranges and lists joined, years filled in from beside, and meanings worked out."""
        items = [self._item(piece) for piece in pieces]
        self._take_order(items)
        items = self._joined(items)
        for item in items:
            if item.is_time and not item.meanings:
                item.meanings = self._meanings(item)
        self._check_words(items)
        self._refuse_years_of_month(
            [
                (one, other)
                for one, other in pairwise(items)
                if self.passage.folded[one.end : other.start].strip() == ","
            ]
        )
        try:
            return self._compared(items)
        except ImpossibleTimeError as impossible:
            span = (items[0].start, items[-1].end)
            raise Trouble(impossible.problem, span, impossible.hint, impossible.nearest) from None

    def _item(self, piece: Any) -> Item:
        if isinstance(piece, Token):
            return Item(piece.type, piece.start_pos, piece.end_pos)
        assert isinstance(piece, Timed)
        for (_, end), (start, _) in pairwise(piece.spans):
            if not self.is_bare(end, start):
                span = (piece.start, piece.end)
                raise Trouble(f"“{self.said(piece)}” is not one time", span, "write the day, month and year together")
        item = Item("TIME", piece.start, piece.end, piece.time, piece.until, piece.otherwise)
        if (self.is_period or (item.time is not None and item.time.edge == "end")) and (
            month := self.month_and_short_year(item)
        ) is not None:
            item.time = replace(month, edge=piece.time.edge)
            item.notes.append(f"“{self.said(item)}” is taken as a month and its year, not as a day")
        return item

    def _take_order(self, items: Sequence[Item]) -> None:
        """Take the order of day and month that a day of the text can only be in for all of them."""
        figures = [item for item in items if item.time is not None and item.time.unit == "figures"]
        if self.order is not None or len(figures) < 2:
            return
        told = {
            "day first" if item.time.figures[0] > 12 else "month first": item
            for item in figures
            if item.time is not None and max(item.time.figures[:2]) > 12
        }
        if len(told) == 1:
            self.order, teller = next(iter(told.items()))
            others = [item for item in figures if item.time is not None and max(item.time.figures[:2]) < 13]
            for item in others:
                item.notes.append(f"“{self.said(item)}” is taken {self.order}, as “{self.said(teller)}” is")

    def month_and_short_year(self, item: Item) -> NamedTime | None:
        """The month that "Mar 24" names where it is no day of March; ``None`` for other texts."""
        time = item.time
        if time is None or time.unit != "day" or time.year is not None or item.until is not None:
            return None
        found = _MONTH_AND_TWO_DIGITS.search(self.passage.folded, item.start, item.end)
        if found is None or found.end() < item.end or (found.start() > item.start and time.edge != "end"):
            return None
        return NamedTime("month", YearName(2000 + time.day), time.number)

    def is_bare(self, start: int, end: int) -> bool:
        """Whether nothing between two places says anything."""
        return _BARE.fullmatch(self.passage.folded, start, end) is not None

    def said(self, item: Item | Timed) -> str:
        """The text of a piece, as shown."""
        words = self.passage.words(item.start, item.end)
        return f"{words})" if words.count("(") > words.count(")") else words

    def word_before(self, start: int, after: int) -> tuple[str, Span] | None:
        """The idle word directly before a place, if any."""
        found = _WORD.search(self.passage.folded, after, start)
        if found is None or self.is_bare(found.start(1), start):
            return None
        return found[1], found.span(1)

    def mistyped(self, word: str, span: Span) -> None:
        """Refuse a word that is nearly a month, a season or the like."""
        if (name := meant(word)) is not None:
            name = name.capitalize() if name.capitalize() in MONTHS else name
            raise Trouble(f"“{self.passage.slice(span)}” is not understood", span, nearest=(name,))

    def _check_words(self, items: Sequence[Item]) -> None:
        """Refuse words that are nearly words of time, and numbers that nearly belong to a time, beside what is one."""
        after = 0
        for at, item in enumerate(items):
            if item.kind not in ("FIGURE", "QUALITY", "OPEN"):
                ends = r"[.;:!?()\n]" if item.time is not None and item.time.unit == "year" else r"[.,;:!?()\n]"
                gap = re.split(ends, self.passage.folded[after : item.start])[-1]
                words = list(_ANY_WORD.finditer(self.passage.folded, item.start - len(gap), item.start))[-3:]
                for found in words:
                    self.mistyped(found.group(), found.span())
                is_joined = item.kind in ("JOIN", "THROUGH") and at + 1 < len(items) and items[at + 1].is_time
                last = self.word_before(item.start, after) if item.is_time or is_joined else None
                if last is not None and is_broken(last[0]):
                    self._unclear(last[1][0], items[at + is_joined].end)
                counted = at > 0 and items[at - 1].kind == "FIGURE"
                if counted and _UNIT.match(self.passage.folded, after, item.start):
                    self._unclear(items[at - 1].start, item.end)
            if item.is_time:
                self._check_beside(items, at)
                if _GLUED.match(self.passage.folded, item.end):
                    self._unclear(item.start, item.end + 3)
            behind = _WORD_BEHIND.match(self.passage.folded, item.end)
            is_next = at + 1 < len(items) and behind is not None and behind.start(1) >= items[at + 1].start
            if behind is not None and not is_next and item.kind not in ("FIGURE", "QUALITY", "OPEN", "CLOSE"):
                self.mistyped(behind[1], behind.span(1))
            after = item.end

    def _check_beside(self, items: Sequence[Item], at: int) -> None:
        """Refuse a time with a number, or with one short word and another time, directly before it."""
        item, before = items[at], items[at - 1] if at else None
        if before is not None and before.kind == "JOIN" and at > 1:
            before = items[at - 2]
        if before is None:
            return
        gap = self.passage.folded[before.end : item.start]
        figure = self.passage.folded[before.start : before.end]
        if (
            before.kind == "FIGURE"
            and re.fullmatch(r"[0-9]+[a-z]*[0-9]*", figure)
            and not figure.endswith(("am", "pm", "noon"))
        ):
            if re.fullmatch(r" ?(?:[/-]|of |the )*", gap):
                if (word := self.word_before(before.start, 0)) is not None:
                    self.mistyped(*word)
                self._unclear(before.start, item.end)
        elif (
            before is items[at - 1]
            and before.is_time
            and re.fullmatch(r" [a-z]+ ", gap)
            and (len(gap) < 7 or not before.meanings)
        ):
            self._unclear(before.start, item.end)

    def _unclear(self, start: int, end: int) -> None:
        raise Trouble(
            f"it is not clear which time “{self.passage.words(start, end)}” is", (start, end), "write the date in full"
        )

    # joining -----------------------------------------------------------------------------------------------------

    def _joined(self, items: list[Item]) -> list[Item]:
        """The items with each range as one."""
        made: list[Item] = []
        at = 0
        while at < len(items):
            item = items[at]
            chain = [item]
            while items[at].is_time and (next_one := self._next_in_list(items, at)) is not None:
                if next_one == at + 1:
                    chain.append(Item("COMMA", items[at].end, items[next_one].start))
                chain += items[at + 1 : next_one + 1]
                at = next_one
            made += self._chain(chain, made[-1] if made else None) if len(chain) > 1 else [item]
            at += 1
        for first, second in pairwise(made):
            if (
                first.is_time
                and second.is_time
                and self._touch(first, second)
                and not self._is_spelt_out(first, second)
            ):
                raise Trouble(
                    f"it is not clear how “{self.said(first)}” and “{self.said(second)}” go together",
                    (first.start, second.end), "write “to”, “and” or “or” between two times",
                )  # fmt: skip
        return made

    def _touch(self, first: Item, second: Item) -> bool:
        return not self.passage.folded[first.end : second.start].strip(" ")

    def _next_in_list(self, items: list[Item], at: int) -> int | None:
        """The place of the time that is joined to the one at ``at``; a comma joins the months of a list with one year."""
        if at + 1 < len(items) and items[at + 1].is_time and self._is_listed(items[at], items[at + 1]):
            return at + 1
        if at + 2 >= len(items) or not items[at + 2].is_time:
            return None
        joiner = items[at + 1]
        if joiner.kind not in ("THROUGH", "JOIN", "UNTIL", "EITHER"):
            return None
        bare = self.is_bare(items[at].end, joiner.start) and self.is_bare(joiner.end, items[at + 2].start)
        return at + 2 if bare else None

    def _is_listed(self, item: Item, other: Item) -> bool:
        gap = self.passage.folded[item.end : other.start]
        assert item.time is not None
        same = other.time is not None and other.time.unit == item.time.unit
        return gap.strip() == "," and same and not item.time.is_dated and other.until is None

    def _chain(self, chain: list[Item], before: Item | None) -> list[Item]:
        """A list of times with the year that only one of them has, and its ranges made."""
        times = [item for item in chain if item.is_time]
        self._short_year_of_range(chain)
        self._refuse_years_of_month(pairwise(times))
        for one, other in [*zip(times[-2::-1], times[::-1], strict=False), *zip(times[1:], times, strict=False)]:
            self._fill(one, other)
        if any(item.time is not None and item.time.has_no_month for item in times):
            raise Trouble("a day without its month", (chain[0].start, chain[-1].end), "write the month of each day")
        made: list[Item] = [chain[0]]
        between_them = before is not None and before.kind == "BETWEEN_TIMES"
        is_moved = (
            before is not None
            and before.kind == "FORMERLY"
            and self.passage.folded.endswith("from", before.start, before.end)
        )
        for joiner, item in zip(chain[1::2], chain[2::2], strict=True):
            if is_moved and item is chain[-1] and joiner.kind in ("THROUGH", "UNTIL"):
                made += [replace(joiner, kind="REVISED"), item]  # moved from the one to the other
            elif (dated := self._with_its_year(made[-1], joiner, item)) is not None:
                made[-1] = dated
            elif self._is_range(made[-1], joiner, item, between_them):
                made[-1] = self._range(made[-1], item)
            else:
                made += [joiner, item]
        return made

    def _fill(self, item: Item, other: Item) -> None:
        """Give a time the month and year of the one beside it, where it has none of its own."""
        time, beside = item.time, other.time
        assert time is not None
        assert beside is not None
        if time.has_no_month and beside.unit == "day" and not beside.has_no_month:
            if item.start < other.start and time.day > beside.day:
                raise Trouble(
                    f"“{self.said(item)}” stands before “{self.said(other)}” and is the later day of one month",
                    (item.start, other.end), "write the days in their order, or the month and year of each",
                )  # fmt: skip
            time = replace(time, number=beside.number, has_no_month=False)
        if not time.is_dated and beside.year is not None and time.inner is None:
            time = _of_year(time, beside.year)
            item.notes.append("beside")
            filled, time = time, _not_after(time, beside) if item.start < other.start else _not_before(time, beside)
            if time != filled and time.year is not None:
                item.notes.append(
                    f"“{self.said(item)}” is taken as that of {time.year.first}, beside “{self.said(other)}”"
                )
        item.time = time

    def with_year_of_next(self, item: Item, other: Item) -> Item | None:
        """A time without a year, dated as the last such before ``other``; ``None`` where that is not clear."""
        assert item.time is not None
        assert other.time is not None
        filled = _not_after(replace(item.time, year=other.time.year), other.time)
        if filled.number > other.time.number and filled.year == other.time.year:
            return None
        made = replace(item, time=filled)
        if item.until is not None:
            made.until = replace(item.until, year=filled.year)
        made.meanings = self._meanings(made)
        return made

    def _short_year_of_range(self, chain: list[Item]) -> None:
        """Take "25" for a year where a month stands on the other side: "Apr-Jun 25" is no day of June."""
        for first, joiner, last in zip(chain, chain[1:], chain[2:], strict=False):
            if joiner.kind not in ("THROUGH", "UNTIL", "JOIN") or first.time is None or first.time.unit != "month":
                continue
            month = self.month_and_short_year(last)
            if first.time.year is not None or month is None or month.year is None or last.time is None:
                continue
            if last.time.day != monthrange(month.year.first, month.number)[1]:  # "Sept - Nov 30" may be a day after all
                last.time = month

    def _refuse_years_of_month(self, beside: Iterable[tuple[Item, Item]]) -> None:
        """Refuse a bare year joined to a month and its year: "March 2026 and 2027" may be March 2027 or all of it."""
        for one, other in beside:
            if one.time is None or other.time is None or one.time.unit not in ("day", "month", "quarter", "season"):
                continue
            if other.time.unit == "year" and one.time.is_dated and not other.time.edge and not other.time.part:
                raise Trouble(
                    f"it is not clear whether “{self.said(other)}” is the whole year or one {one.time.unit} of it", (one.start, other.end),
                    "write each date in full",
                )  # fmt: skip

    def _with_its_year(self, first: Item, joiner: Item, last: Item) -> Item | None:
        """One time of which the year stands behind a dash: "Q2 - 2023/24"; refused where that is not clear."""
        assert first.time is not None
        assert last.time is not None
        filled = [item for item in (first, last) if "beside" in item.notes]
        other = last if filled == [first] else first
        assert other.time is not None
        if len(filled) != 1 or other.time.unit != "year" or filled[0].time is None:
            return None
        sign = self.passage.folded[joiner.start : joiner.end]
        is_behind = filled[0] is first or filled[0].time.unit in ("quarter", "half")
        if sign not in ("-", "/") or not is_behind or first.until or last.until or other.time.part or other.time.edge:
            raise Trouble(
                f"it is not clear how “{self.said(first)}” and “{self.said(last)}” go together",
                (first.start, last.end), "write the year of each",
            )  # fmt: skip
        return replace(filled[0], start=first.start, end=last.end, notes=[])

    def fill_year(self, item: Item, year: NamedTime) -> None:
        """Give a time without a year the one that stands apart from it."""
        if item.time is not None and not item.time.is_dated and item.time.inner is None and not item.meanings:
            item.time = _of_year(item.time, year.year)
            if item.until is not None:
                item.until = replace(item.until, year=year.year)
            item.meanings = self._meanings(item)

    def _is_range(self, first: Item, joiner: Item, last: Item, between_them: bool) -> bool:
        sign = self.passage.folded[joiner.start : joiner.end]
        if joiner.kind in ("THROUGH", "UNTIL") or sign == "-" or (between_them and joiner.kind == "JOIN"):
            return True
        if joiner.kind != "JOIN" or first.time is None or last.time is None or first.time.unit != last.time.unit:
            return False
        one, other = self._meanings(first), self._meanings(last)
        if not one or not other:
            return False
        return "beside" in first.notes and any(a.period.end == b.period.start for a in one for b in other)

    def _range(self, first: Item, last: Item) -> Item:
        """From the one time to the other."""
        item = Item("TIME", first.start, last.end, first.time, last.until or last.time)
        item.notes = [note for note in (*first.notes, *last.notes) if note != "beside"]
        assert first.time is not None
        assert item.until is not None
        if not first.time.is_dated and not item.until.is_dated:
            return item
        for one in self._around(first, "beside" in first.notes, -1):
            for other in self._around(last, "beside" in last.notes, 1):
                if found := self._pairs(self._meanings(one), self._meanings(other)):
                    item.meanings = found
                    return item
        raise Trouble(f"“{self.said(item)}” ends before it begins", (item.start, item.end))

    def _around(self, item: Item, is_filled: bool, step: int) -> list[Item]:
        """A time whose year was filled in may be of the year before, as in November to January 2025, or after."""
        time = item.time
        if not is_filled or time is None or time.year is None or time.unit not in ("day", "month", "season"):
            return [item]
        moved = replace(time, year=replace(time.year, first=time.year.first + step))
        return [item, replace(item, time=moved, meanings=[])]

    def _pairs(self, ones: Sequence[Meaning], others: Sequence[Meaning]) -> list[Meaning]:
        """The ranges that two times make; what is taken for granted is so in both."""
        single = len(ones) == 1 or len(others) == 1
        found = []
        for one in ones:
            for other in others:
                agree = one.key == other.key or "" in (one.key, other.key) or (single and "first" not in one.key)
                if agree and (made := between(one, other)) is not None:
                    found.append(made)
        if len(found) == 1:
            found = [replace(found[0], is_usual=True)]
        return found

    # meanings ----------------------------------------------------------------------------------------------------

    def _meanings(self, item: Item) -> list[Meaning]:
        if item.meanings:
            return item.meanings
        assert item.time is not None
        if item.time.has_no_month:
            raise Trouble("a day without its month", (item.start, item.end), "write the month")
        try:
            found = meanings(item.time, self.year, self.order, is_period=self.is_period)
            if item.until is not None:
                found = self._pairs(found, meanings(item.until, self.year, self.order, is_period=self.is_period))
                if not found and item.time.is_dated:
                    raise Trouble(f"“{self.said(item)}” ends before it begins", (item.start, item.end))
            if item.otherwise is not None:
                first, last = (meanings(time, self.year, None)[0] for time in item.otherwise)
                both = between(first, last)
                assert both is not None
                found = [replace(found[0], key="one way"), replace(both, key="other way")]
        except ImpossibleTimeError as impossible:
            raise Trouble(impossible.problem, (item.start, item.end), impossible.hint, impossible.nearest) from None
        return found

    # two names of one time ---------------------------------------------------------------------------------------

    def _compared(self, items: list[Item]) -> list[Item]:
        """The items with the second name of a time taken into the first: Q2 2023/24 (July to September 2023)."""
        made: list[Item] = []
        at = 0
        while at < len(items):
            other = self._second_name(items, at)
            if other is None:
                made.append(items[at])
                at += 1
                continue
            closing = other + (items[at + 1].kind == "OPEN")
            closing += self._year_behind(items, at, closing)
            is_told = self._take_kind(items[at], items[other])
            settled = items[at] if is_told else self._one_time(items[at], items[other])
            made.append(replace(settled, end=items[closing].end))
            at = closing + 1
        return made

    def _take_kind(self, first: Item, second: Item) -> bool:
        """Take the kind of year that stands in brackets: "Q1 2025 (financial year)". Whether there is one."""
        if second.time is None or second.time.unit != "year" or second.time.year is not None or first.time is None:
            return False
        if first.time.unit not in ("quarter", "half", "year") or not first.meanings or first.until is not None:
            return False
        if not second.time.word or (first.time.year is not None and first.time.year.kind):
            return False
        word, kind = second.time.word, self.year
        assert first.time.year is not None
        if not first.time.year.is_pair and word in ("financial", "calendar") and kind in (None, CALENDAR):
            kind = Year.read(word)
        elif first.time.year.is_pair or word != "financial" or kind == ACADEMIC:
            first.time = replace(first.time, year=replace(first.time.year, kind=word))
        first.meanings = meanings(first.time, kind, self.order, is_period=True)
        return True

    def _year_behind(self, items: list[Item], at: int, closing: int) -> int:
        """Take the year behind a bracket for the time before it, "Q1 (April to June) 2023/24"; 1 if there is one."""
        first, year = items[at], items[closing + 1] if closing + 1 < len(items) else None
        if (
            year is None
            or year.time is None
            or year.time.unit != "year"
            or year.until
            or year.time.part
            or first.meanings
        ):
            return 0
        if not self.is_bare(items[closing].end, year.start) or first.time is None or first.time.inner is not None:
            return 0
        second = items[closing - 1]
        for item in (first, second):
            if item.time is not None and not item.time.is_dated and item.time.inner is None:
                item.time = replace(item.time, year=year.time.year)
                if item.until is not None and not item.until.is_dated:
                    item.until = replace(item.until, year=year.time.year)
                item.meanings = self._meanings(item)
        return 1

    def _second_name(self, items: list[Item], at: int) -> int | None:
        if items[at].is_time and at + 1 < len(items) and self._is_spelt_out(items[at], items[at + 1]):
            return at + 1
        if not items[at].is_time or at + 2 >= len(items):
            return None
        sign = items[at + 1]
        if sign.kind == "SAME_TIME" and items[at + 2].is_time and self.is_bare(sign.end, items[at + 2].start):
            return at + 2
        if sign.kind != "OPEN" or not self.is_bare(items[at].end, sign.start):
            return None
        second = at + 3 if items[at + 2].kind == "DURING" and at + 3 < len(items) else at + 2
        closed = second + 1 < len(items) and items[second + 1].kind == "CLOSE"
        if not items[second].is_time or not closed or not self.is_bare(sign.end, items[second].start):
            return None
        return second if self.is_bare(items[second].end, items[second + 1].start) else None

    def _is_spelt_out(self, first: Item, second: Item) -> bool:
        """Whether a quarter or half is followed by its months: "Quarter 2: July to September 2024"."""
        if first.time is None or first.time.unit not in ("quarter", "half") or first.until is not None:
            return False
        gap = self.passage.folded[first.end : second.start].strip()
        return (
            second.until is not None
            and second.time is not None
            and second.time.unit in ("month", "day")
            and gap in ("", ",", ":")
        )

    def _one_time(self, first: Item, second: Item) -> Item:
        """The time that has both names; refused where no meaning of the one is a meaning of the other."""
        ones, others = self._all_meanings(first, second), self._all_meanings(second, first)
        if not others:
            return first
        tests = (
            lambda a, b: a.period == b.period,
            lambda a, b: _holds(a, b),
            lambda a, b: _holds(b, a),
        )
        for test in tests:
            for one in ones:
                for other in others:
                    if test(one, other):
                        finer = other if _holds(one, other) and one.period != other.period else one
                        return self._settled(first, second, one, finer, len(ones) > 1)
        span = (first.start, second.end)
        one_said = listed([self.days_of(meaning) for meaning in ones[:1]])
        raise Trouble(
            f"“{self.said(first)}” is {one_said}, and “{self.said(second)}” is {self.days_of(others[0])}: they contradict each other",
            span, "write the one that is meant, or say what kind of year it is",
        )  # fmt: skip

    def _settled(self, first: Item, second: Item, one: Meaning, finer: Meaning, was_open: bool) -> Item:
        notes = list(first.notes)
        if was_open and first.time is not None and first.time.unit in ("quarter", "half", "year", "figures"):
            year = self._kind_named(one)
            notes.append(
                f"“{self.said(second)}” tells that “{self.said(first)}” is {one.period}{year}, {self.days_of(one)}"
            )
        settled = replace(finer, is_usual=True, key="")
        return Item("TIME", first.start, second.end, first.time, None, None, [settled], notes)

    def _kind_named(self, meaning: Meaning) -> str:
        return " (the US federal year begins in October)" if meaning.key == "federal" else ""

    def _all_meanings(self, item: Item, beside: Item) -> list[Meaning]:
        """All that a time may mean beside another, which may tell its year or what kind of year it is of."""
        time = item.time
        assert time is not None
        if item.meanings:
            more = other_meanings(time) if self.year is None and item.until is None else []
            return [*item.meanings, *more]
        years = sorted({meaning.period.first_day.year for meaning in self._with_others(beside)})
        month = self.month_and_short_year(item)
        found = [] if month is None else meanings(month, self.year, self.order)
        for number in dict.fromkeys(year + step for year in years for step in (0, -1, 1)):
            found += self._in_year(item, number)
        return found

    def _with_others(self, item: Item) -> list[Meaning]:
        assert item.time is not None
        more = other_meanings(item.time) if self.year is None and item.meanings and item.until is None else []
        return [*item.meanings, *more]

    def _in_year(self, item: Item, number: int) -> list[Meaning]:
        time = item.time
        assert time is not None
        if time.inner is not None:
            return []
        if time.unit == "year" and time.word not in ("", "calendar"):
            return meanings(_of_year(time, YearName(number, is_pair=True)), self.year, self.order)
        if time.unit in ("quarter", "half", "year"):
            names = [YearName(number, is_pair=True)] if self.year is None or self.year.starts > 1 else []
            if self.year is None or self.year.starts == 1:
                names.append(YearName(number, kind="calendar"))
            found = [meaning for name in names for meaning in meanings(replace(time, year=name), self.year, self.order)]
            if self.year is None:
                found += other_meanings(replace(time, year=YearName(number + 1)))
            return found
        try:
            first = meanings(replace(time, year=YearName(number)), self.year, self.order)
            if item.until is None:
                return first
            last = [
                meaning
                for step in (0, 1)
                for meaning in meanings(replace(item.until, year=YearName(number + step)), self.year, self.order)
            ]
        except ImpossibleTimeError:
            return []
        return self._pairs(first, last)[:1]

    def days_of(self, meaning: Meaning) -> str:
        first, last = meaning.period.first_day, meaning.period.last_day
        return written_date(first) if first == last else f"{written_date(first)} to {written_date(last)}"


def _of_year(time: NamedTime, year: YearName | None) -> NamedTime:
    """A time in a year that stands apart from it; "financial year" is of that kind then, too."""
    if time.unit == "year" and time.word and year is not None and not year.kind:
        year = replace(year, kind=time.word)
    return replace(time, year=year)


def _not_after(time: NamedTime, last: NamedTime) -> NamedTime:
    """A day or month that is listed before another one of the same named year: of the year before, if later in it."""
    return _shifted(time, last, -1) if (time.number, time.day) > (last.number, last.day or 31) else time


def _not_before(time: NamedTime, first: NamedTime) -> NamedTime:
    return _shifted(time, first, 1) if (time.number, time.day or 31) < (first.number, first.day) else time


def _shifted(time: NamedTime, beside: NamedTime, step: int) -> NamedTime:
    plain = time.year is not None and not time.year.is_pair and not time.year.kind
    if time.unit not in ("day", "month") or beside.unit not in ("day", "month") or not plain or time.year is None:
        return time
    return replace(time, year=replace(time.year, first=time.year.first + step))


def _holds(outer: Meaning, inner: Meaning) -> bool:
    return outer.period.start <= inner.period.start and inner.period.end <= outer.period.end
