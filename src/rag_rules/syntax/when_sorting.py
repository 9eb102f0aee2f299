"""Which times of a text are deadlines, and which name the work, a base value, an amount or what is no longer due."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from rag_rules.syntax.builder import Trouble
from rag_rules.syntax.when_built import Item, Times

__all__ = ["LEADS", "UNTIMED", "Sorting"]

#: the pieces that say what the time behind them is
LEADS: Final = frozenset(
    ("DUE", "BEFORE", "AFTER", "START", "ENDS", "UNTIL", "CONCERNING", "FORMERLY", "REVISED", "DROPPED", "BETWEEN_TIMES",
     "THROUGH", "FINISHED", "OCCASION", "WHICHEVER", "COUNTED")
)  # fmt: skip
_STOPS: Final = frozenset(("BREAK", "NEWLINE", "OPEN", "CLOSE", "TIME", "LENGTH"))
#: words before a bare year that say that it is when something is done
_DONE: Final = frozenset(
    "completion complete completed deadline due date target delivery deliver delivered finish finished year launch milestone "
    "timescale timeframe in programme implementation publication published start end".split()
)
_CLAUSE_END: Final = re.compile(r"[.,;:!?()\[\]\n|]| (?:and|or|but|so|which|then)(?= )")
_CHANGED: Final = re.compile(
    r"(?:increas|reduc|decreas|grow|cut|ris|rais|fall|fell|improv|expand|lower|up|down|drop|exceed)[a-z]* $"
)
#: what may follow a number that is no year: 2030 units, 2050 new jobs, 2050 in total
_UNITS: Final = r"(?:[a-z]*[a-hj-rtv-z]s|people|staff|children|men|women|metres?|hectares?)(?![a-z'])"
_COUNTED_BEHIND: Final = re.compile(
    rf" (?:in total|altogether|overall|each)(?![a-z])| {_UNITS}(?= ?(?:[.;:)]|$| (?:by|per) ))"
)
_COUNTED_AFTER_MORE: Final = re.compile(
    rf" (?:(?!(?:for|in|by|on|with|of|to|and|or|as|at|if|so)(?![a-z]))[a-z]+ )?{_UNITS}"
)
#: what a figure is compared with stands between one of these and its year: "from 45% in 2021", "lower than in 2019"
_COMPARED: Final = re.compile(
    r"(?<![a-z])(?:(?:(?:fewer|less|lower|more|higher|better|worse|greater|larger|smaller) than|below|above) (?:in |the )?"
    r"|(?:from|was|were) (?:an? |the |about |around )?[£$€]?[0-9][0-9.,]*[a-z]{0,2} ?(?:%|per ?cent)?(?: [a-z]{1,20}){0,3} ?\(?(?:in )?)$"
)
_COMPARED_BEHIND: Final = re.compile(r" (?:baselines?|base|levels?|figures?|outturn|actuals?|values?)(?![a-z])")
_CHANGE_SINCE: Final = re.compile(r"[0-9] ?(?:%|per ?cent|percentage points?) $")
#: how far back from a time its surroundings are looked at
_NEAR: Final = 80
_YEAR_OF: Final = re.compile(r"(?<![a-z])([a-z-]+) years?(?: of)? $")
#: words before "year" that leave it a year like any other
_PLAIN_YEARS: Final = _DONE | frozenset(
    "the this that each every of in by for during per full whole and to from until calendar next planned final base baseline "
    "reporting budget".split()
)
#: a part of a year, in words
_OF_YEAR: Final = re.compile(
    r"(?:spring|summer|autumn|winter|christmas|easter|(?:jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec)[a-z]*|may)(?![a-z])"
)
_MOVED: Final = "was due before"
_DROPPED: Final = "is no longer when it is due"
UNTIMED: Final = "write the date, such as “31 March 2025”"


class Sorting:
    """The items of one text, and which of its times are due."""

    def __init__(self, times: Times, items: list[Item]) -> None:
        self.times, self.items = times, items
        self.shown, self.folded = times.passage.shown, times.passage.folded
        self.notes: list[str] = []
        self.event = ""
        #: the times that were due before the text moved them
        self.moved: list[Item] = []

    def _lead(self, at: int) -> Item | None:
        """The piece directly before a time that says what it is."""
        end = self.items[at].start
        for item in reversed(self.items[:at]):
            if not self.times.is_bare(item.end, end):
                return None
            if item.kind in LEADS:
                return item
            if item.kind not in ("DURING", "OPEN"):
                return None
            end = item.start
        return None

    def _due(self, leads: dict[int, Item | None]) -> list[int]:
        """The places of the times that are deadlines; the others name the work, or what was due before."""
        due: list[int] = []
        aside: list[tuple[int, str]] = []
        named: list[int] = []
        amounts: list[int] = []
        for at, lead in leads.items():
            kind = lead.kind if lead is not None else ""
            if kind == "FORMERLY":
                aside.append((at, _MOVED))
            elif kind == "DROPPED":
                aside.append((at, _DROPPED))
            elif kind == "FINISHED":
                aside.append((at, self._how_finished(at)))
            elif self._is_called_off(at):
                aside.append((at, "was called off, and is no deadline"))
            elif kind == "OCCASION" or self._is_expected(at) or self._dates_event(at, lead):
                continue
            elif self._is_amount(at, lead, len(leads) > 1):
                amounts.append(at)
            elif (
                kind == "CONCERNING"
                or (kind == "START" and len(leads) > 1 and self._names_work(at, None))
                or self._names_work(at, lead)
                or self._begins_work(at, lead)
                or self._is_baseline(at, kind)
            ):
                named.append(at)
            else:
                due.append(at)
        revised = [at for at in due if (lead := leads[at]) is not None and lead.kind == "REVISED"]
        if revised:
            aside += [(at, _MOVED) for at in due if at < revised[-1] and at not in revised]
            due = [at for at in due if at > revised[-1] or at in revised[-1:]]
        if named and not due and not aside and not any(item.kind == "OCCASION" for item in self.items):
            due = [at for at in named if (lead := leads[at]) is not None]
            named = [at for at in named if at not in due]
        for at in amounts:
            if not due and not aside:
                self._refuse_as_amount(self.items[at])
            self.notes.append(f"“{self.times.said(self.items[at])}” is taken as an amount, not as a year")
        for at in named:
            if not due and not aside:
                self._refuse_bare_year(at, None)
            self.notes.append(
                f"“{self.times.said(self.items[at])}” is taken as what the work is about, not as a deadline"
            )
        for at, what in aside:
            is_moved = what == _MOVED or (what == _DROPPED and due)
            if is_moved and self.items[at].meanings and self.items[at].until is None:
                self.moved.append(self.items[at])
            self.notes.append(f"“{self.times.said(self.items[at])}” {what}")
        due = self._without_background(self._with_year_apart(due, leads), leads)
        self._years_of_next(due, leads)
        for at in due:
            self._refuse_bare_year(at, leads[at])
            self._refuse_other_year(self.items[at])
            self._refuse_year_of_occasion(at)
            self._refuse_amount(at, leads[at])
        return due

    def _names_work(self, at: int, lead: Item | None) -> bool:
        """Whether a time without a word such as "by" belongs to the noun behind it: "the 2021/22 accounts"."""
        item = self.items[at]
        if lead is not None or (at > 0 and self.items[at - 1].kind == "DURING" and self._touches(at - 1, at)):
            return False
        behind = re.match(
            r" (?!(?:or|and|if|when|with|to|at|as|in|on|by|for|is|are|respectively|inclusive|unless|but|then|because|due|whichever|subject|onward)(?![a-z]))[a-z]",
            self.folded[item.end :],
        )
        if behind is None or self._piece_at(item.end + 1):
            return False
        return item.time is not None and item.time.edge == "" and not item.time.part

    def _with_year_apart(self, due: list[int], leads: dict[int, Item | None]) -> list[int]:
        """The deadlines, with the one year that stands apart from them filled in: "2025: by 30 June"."""
        dated = [at for at in due if self.items[at].meanings]
        if len(dated) != 1 or len(due) < 2 or leads[dated[0]] is not None:
            return due
        year = self.items[dated[0]].time
        if year is None or year.unit != "year" or year.part or year.edge or self.items[dated[0]].until is not None:
            return due
        self.notes.append(f"“{self.times.said(self.items[dated[0]])}” is taken as the year of the others")
        for at in due:
            self.times.fill_year(self.items[at], year)
        return [at for at in due if at != dated[0]]

    def _is_baseline(self, at: int, kind: str) -> bool:
        """Whether a time is that of a figure that is compared with: "from a baseline of 75% in 2023"."""
        item = self.items[at]
        if kind in ("", "START", "CONCERNING") and _COMPARED_BEHIND.match(self.folded, item.end):
            return True
        if kind == "START" and item.time is not None and item.time.unit == "year":
            return _CHANGE_SINCE.search(self._before(self._lead_start(at))) is not None
        if kind:
            return False
        if _COMPARED.search(self._before(item.start)):
            return True
        clause = re.split(r"[,;.()\n]", self.folded[: item.start])[-1]
        return re.search(r"(?<![a-z])(?:baseline|benchmark|status|actuals?|levels?)(?![a-z])", clause) is not None

    def _lead_start(self, at: int) -> int:
        lead = self._lead(at)
        return lead.start if lead is not None else self.items[at].start

    def _how_finished(self, at: int) -> str:
        lead = self._lead(at)
        word = "" if lead is None else self.folded[lead.start : lead.end]
        off = re.search(r"cancel|withdrawn|superseded|abandoned", word)
        what = "called off" if off else "published" if "published" in word else "finished"
        return (
            f"is when it was {what}, which is no deadline (write “by {self.times.said(self.items[at])}” if it is one)"
        )

    def _is_called_off(self, at: int) -> bool:
        """Whether the text says behind a time that it holds no more: "due June 2026 has been cancelled"."""
        item = self.items[at]
        behind = next((other for other in self.items[at + 1 :] if other.kind in ("CALLED_OFF", "TIME")), None)
        if behind is None or behind.kind != "CALLED_OFF":
            return False
        return re.search(r"[.,;:)\n]", self.folded[item.end : behind.start]) is None

    def _is_amount(self, at: int, lead: Item | None, has_others: bool) -> bool:
        """Whether what looks like a year counts something: "up to 2050 new jobs", "over 2025 staff"."""
        item = self.items[at]
        time, last = item.time, item.until or item.time
        assert time is not None
        assert last is not None
        if any(
            one.unit != "year" or one.year is None or one.year.is_pair or one.year.kind or one.edge or one.part
            for one in (time, last)
        ):
            return False
        if _COMPARED_BEHIND.match(self.folded, item.end):
            return False
        kind = lead.kind if lead is not None else ""
        if (
            item.until is not None
            and kind == "START"
            and has_others
            and _CHANGED.search(self._before(self._lead_start(at)))
        ):
            return True
        before = self.items[at - 1] if at else None
        if before is not None and before.kind == "DURING" and self._touches(at - 1, at):
            more = re.fullmatch(r"over|within|across", self.folded[before.start : before.end]) is not None
        else:
            more = kind in ("UNTIL", "BEFORE", "BETWEEN_TIMES")
        pattern = _COUNTED_AFTER_MORE if more else _COUNTED_BEHIND
        is_onward = any(other.kind == "ONWARDS" and other.start == item.end + 1 for other in self.items[at + 1 :])
        return pattern.match(self.folded, item.end) is not None and not is_onward

    def _refuse_as_amount(self, item: Item) -> None:
        raise Trouble(
            f"“{self.times.said(item)}” may be a year or an amount", (item.start, item.end),
            f"write “by the end of {self.times.said(item)}” if that is the deadline",
        )  # fmt: skip

    def _without_background(self, due: list[int], leads: dict[int, Item | None]) -> list[int]:
        """The deadlines without the times that only tell how it came to them, where others have a word such as "by"."""
        ends = [at for at in due if self._is_deadline_said(leads[at]) and self.items[at].meanings]
        if not ends:
            return due
        last = max(self.items[at].meanings[0].period.last_day for at in ends)
        kept: list[int] = []
        for at in due:
            if at in ends or not self._is_background(at, leads[at], last, kept):
                kept.append(at)
                continue
            self.notes.append(
                f"“{self.times.said(self.items[at])}” has no word such as “by”, and is taken as background"
            )
        return kept

    def _is_deadline_said(self, lead: Item | None) -> bool:
        return lead is not None and lead.kind in ("DUE", "BEFORE", "REVISED", "ENDS")

    def _is_background(self, at: int, lead: Item | None, last: date, kept: list[int]) -> bool:
        """Whether a time says nothing of when something is due, beside a deadline whose last day is given."""
        item = self.items[at]
        if lead is not None and not (lead.kind == "START" and self.folded.startswith("as of", lead.start)):
            return False
        if not item.meanings or item.time is None or self._is_joined(at, kept):
            return False
        if at + 1 < len(self.items) and self.items[at + 1].kind == "EITHER" and self._touches(at, at + 1):
            return False
        if all(meaning.period.last_day < last for meaning in item.meanings):
            return True
        opened = at > 0 and self.items[at - 1].kind == "OPEN" and self._touches(at - 1, at)
        word = self.times.word_before(item.start, self.items[at - 1].end if at else 0)
        if item.time.unit != "year" or not (opened or word is not None):
            return False
        if kept and any(self._is_deadline_said(self._lead(other)) for other in kept):
            raise Trouble(
                f"it is not clear whether “{self.times.said(item)}” is another deadline", (item.start, item.end),
                f"write “by {self.times.said(item)}” if it is, and leave it out if not",
            )  # fmt: skip
        return True

    def _is_joined(self, at: int, kept: list[int]) -> bool:
        """Whether a time shares the word of the one before it: "by June 2024 and December 2024"."""
        if at - 1 in kept:
            return self._touches(at - 1, at)
        joins = at > 1 and at - 2 in kept and self.items[at - 1].kind in ("JOIN", "EITHER", "COMMA", "THROUGH")
        return joins and self._touches(at - 2, at - 1) and self._touches(at - 1, at)

    def _years_of_next(self, due: Sequence[int], leads: dict[int, Item | None]) -> None:
        """Give a deadline without a year that of the next one: "draft by June, final by December 2025"."""
        for at, behind in [*pairwise(due)][::-1]:
            item, other = self.items[at], self.items[behind]
            time, beside = item.time, other.time
            assert time is not None
            assert beside is not None
            lead, other_lead = leads[at], leads[behind]
            alike = (lead.kind if lead else "") == (other_lead.kind if other_lead else "")
            if item.meanings or time.is_dated or not alike or time.unit != beside.unit or beside.year is None:
                continue
            if (
                time.inner is not None
                or time.has_no_month
                or other.until is not None
                or self.times.month_and_short_year(item)
            ):
                continue
            if (filled := self.times.with_year_of_next(item, other)) is not None:
                self.items[at] = filled
                self.notes.append(f"“{self.times.said(item)}” is taken as the one before “{self.times.said(other)}”")

    def _refuse_other_year(self, item: Item) -> None:
        """Refuse a year of a kind whose first day is not known: "crop year 2025-26"."""
        time = item.time
        if time is None or time.unit != "year" or time.year is None:
            return
        found = _YEAR_OF.search(self._before(item.start))
        kind = found[1] if found is not None else ""
        if found is None and time.year.kind == "municipal":
            kind = "municipal"
        if kind and kind not in _PLAIN_YEARS:
            raise Trouble(
                f"it is not known when a “{kind} year” begins", (item.start, item.end), UNTIMED
            )  # fmt: skip

    def _refuse_year_of_occasion(self, at: int) -> None:
        """Refuse a year of which only an occasion is meant: "the end of the 2026 summer holidays", "each March (2026)"."""
        item = self.items[at]
        if item.time is None or item.time.unit != "year":
            return
        before = [
            other for other in self.items[:at] if other.kind not in ("OPEN", "JOIN", "DURING") and not other.is_time
        ]
        named = (
            before and before[-1].kind == "RECURRING" and _OF_YEAR.search(self.folded, before[-1].start, before[-1].end)
        )
        if named or _OF_YEAR.match(self.folded, item.end + 1):
            raise Trouble(
                f"only a part of “{self.times.said(item)}” seems to be meant", (item.start, item.end), UNTIMED
            )  # fmt: skip

    def _begins_work(self, at: int, lead: Item | None) -> bool:
        """Whether a beginning is that of a noun before it: "a contract commencing 2021"."""
        if lead is None or lead.kind != "START" or lead.start == 0 or self.items[at].until is not None:
            return False
        if any(item.kind == "ENDS" for item in self.items) or re.search(
            r"(?<![a-z])(?:to|will|shall|must) $", self.folded[: lead.start]
        ):
            return False
        word = self.folded[lead.start : lead.end]
        return bool(re.match(r"start|commenc|begin|run", word)) and bool(
            re.search(r"[a-z] $", self.folded[: lead.start])
        )

    def _is_expected(self, at: int) -> bool:
        """Whether a time in brackets only says when an event is expected: "the next review (expected in 2020)"."""
        opened = [item for item in self.items[:at] if item.kind == "OPEN"]
        occasions = [item for item in self.items[:at] if item.kind == "OCCASION"]
        if not opened or not occasions:
            return False
        self.notes.append(f"“{self.times.said(self.items[at])}” is when that is expected, not a deadline")
        return True

    def _dates_event(self, at: int, lead: Item | None) -> bool:
        """Whether a time is that of an event that the work comes before or after: "following the elections in May 2025"."""
        end = self.items[at].start
        if lead is not None and lead.kind == "AFTER" and self._names_occasion(at):
            words = self._words_behind(self.items[at].start, self.items[at].end)
            self.event = self.event or words
            self.notes.append(f"it depends on “{words}”, for which the text gives no deadline")
            return True
        if lead is not None and not re.match(
            r"expected|anticipated|forecast|estimated|scheduled", self.folded[lead.start :]
        ):
            return False
        for item in reversed(self.items[:at]):
            if item is lead:
                continue
            if item.kind in ("AFTER", "BEFORE") and not re.search(r"[,;:.()\n]", self.folded[item.end : end]):
                words = self.times.passage.words(item.end, self.items[at].end)
                self.event = self.event or words
                self.notes.append(f"it depends on “{words}”, for which the text gives no deadline")
                return True
            if item.kind not in ("DURING", "FIGURE", "QUALITY"):
                return False
        return False

    def _names_occasion(self, at: int) -> bool:
        """Whether a time says which one of a kind is meant: "the May 2026 elections", not "the May 2026 deadline"."""
        behind = re.match(r" (?:deadline|target|due|date|milestone)", self.folded[self.items[at].end :])
        return behind is None and self._names_work(at, None)

    def _before(self, place: int) -> str:
        """What stands directly before a place."""
        return self.folded[max(0, place - _NEAR) : place]

    def _touches(self, one: int, other: int) -> bool:
        return self.times.is_bare(self.items[one].end, self.items[other].start)

    def _piece_at(self, place: int) -> bool:
        return any(item.start <= place < item.end for item in self.items)

    def _refuse_bare_year(self, at: int, lead: Item | None) -> None:
        """Refuse a year whose word before it is not understood, and may be a month mistyped or an occasion."""
        item = self.items[at]
        if item.time is None or item.time.unit != "year" or item.time.part or item.time.edge or not item.meanings:
            return
        after = max((other.end for other in self.items[:at] if self.folded[other.start : other.end] != "-"), default=0)
        of = re.search(r" of(?: the)? $", self.folded[after : item.start])
        word = self.times.word_before(after + of.start() if of else item.start, after)
        if word is not None:
            self.times.mistyped(*word)
            if of or (lead is None and not re.search(r"[a-z] (?:by|in|on) ", self.folded[after : item.start])):
                if word[0] in _DONE and not of:
                    return
                raise Trouble(
                    f"it is not clear what “{word[0]}” says of “{self.times.said(item)}”",
                    (word[1][0], item.end), f"write “by {self.times.said(item)}”, or the month",
                )  # fmt: skip
        behind = re.match(r" [a-z]", self.folded[item.end :])
        if lead is None and behind and self._names_work(at, lead):
            raise Trouble(
                f"“{self.times.said(item)}” may name the work, and nothing says when it is due",
                (item.start, item.end), f"write “by {self.times.said(item)}” if that is the deadline",
            )  # fmt: skip

    def _refuse_amount(self, at: int, lead: Item | None) -> None:
        """Refuse a year that may be an amount: "increase by 2000 homes"."""
        item = self.items[at]
        if (
            lead is None
            or lead.kind != "DUE"
            or item.time is None
            or item.time.unit != "year"
            or item.time.year is None
        ):
            return
        if item.time.year.is_pair or item.time.edge or item.time.part or not self._names_work(at, None):
            return
        if _CHANGED.search(self.folded[: lead.start]):
            self._refuse_as_amount(item)

    def _words_behind(self, place: int, within: int = 0) -> str:
        """The words from a place to the end of their clause; a time that begins before ``within`` is one of them."""
        ends = [len(self.folded)]
        if found := _CLAUSE_END.search(self.folded, place):
            ends.append(found.start())
        for item, behind in zip(self.items, [*self.items[1:], None], strict=True):
            is_stop = item.kind in _STOPS or (item.kind == "DUE" and behind is not None and behind.is_time)
            if item.start > max(place, within) and is_stop:
                ends.append(item.start)
        return self.times.passage.words(place, min(ends))
