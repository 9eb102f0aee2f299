"""The pieces of a deadline to what they say: which time is due, what it depends on, and how often it comes round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from rag_rules.deadlines import Deadline, Precision, Window
from rag_rules.named_times import Meaning, meanings
from rag_rules.periods import add_months, period_of, written_date
from rag_rules.syntax.builder import Trouble
from rag_rules.syntax.when_built import Item, Times, listed
from rag_rules.syntax.when_pieces import figure

__all__ = ["deadline_of"]

#: the pieces that say what the time behind them is
_LEADS: Final = frozenset(
    ("DUE", "BEFORE", "AFTER", "START", "UNTIL", "CONCERNING", "FORMERLY", "REVISED", "BETWEEN_TIMES", "THROUGH", "FINISHED", "OCCASION")
)  # fmt: skip
_STOPS: Final = frozenset(("BREAK", "NEWLINE", "OPEN", "CLOSE", "TIME", "LENGTH"))
#: words before a bare year that say that it is when something is done
_DONE: Final = frozenset(
    "completion complete completed deadline due date target delivery deliver delivered finish finished year launch milestone "
    "timescale timeframe in programme implementation publication published start end".split()
)
_CLAUSE_END: Final = re.compile(r"[.,;:!?()\[\]\n|]| (?:and|or|but|so|which|then)(?= )")
#: words behind an adverb of time; any other word makes it an adjective: "quarterly reports"
_FUNCTION: Final = re.compile(
    r" ?(?:to|on|at|by|in|from|until|till|with|as|and|or|for|through|throughout|thereafter|after|before|during|of|up|between|via|"
    r"starting|beginning|commencing|from)(?![a-z])"
)
_MONTH_NAMED: Final = re.compile(r"(?<= )(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*")
_COUNTED_FROM_NOW: Final = re.compile(
    r"(?:^|[ (])(?:within|in|over|during|for|by|until|after|next|coming|following|first)(?: the)?(?: next| coming| following)? $"
)
_TO_COME: Final = re.compile(r"tb|to be|not |no |date|unknown")
_CHANGED: Final = re.compile(
    r"(?:increas|reduc|decreas|grow|cut|ris|rais|fall|fell|improv|expand|lower|up|down|drop|exceed)[a-z]* $"
)
_COUNTED_DAY: Final = re.compile(
    r"(?<![a-z0-9])(?:first|second|third|fourth|last|[1-5](?:st|nd|rd|th)) (?:full |working |calendar )?"
    r"(?:week|weekend|day|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?= (?:of|in) (?!each|every))"
)
_UNTIMED: Final = "write the date, such as “31 March 2025”"


def deadline_of(times: Times, pieces: Sequence[Any]) -> Deadline:
    """The deadline that the pieces make; raises ``Trouble`` where they name no time or contradict themselves."""
    return _Composer(times, times.items(pieces)).deadline()


class _Composer:
    """The items of one text while they become a deadline."""

    def __init__(self, times: Times, items: list[Item]) -> None:
        self.times, self.items = times, items
        self.shown, self.folded = times.passage.shown, times.passage.folded
        self.notes: list[str] = []
        self.event = ""
        #: whether the event ends the window, as in "in March 2027 and at the end of the commitment"
        self.is_open_ended = False
        #: what "March 24" means if it is no day
        self.perhaps: list[Window] = []
        #: the times that were due before the text moved them
        self.moved: list[Window] = []

    def deadline(self) -> Deadline:
        if not self.folded.strip(" .-–—_*†\n"):
            return Deadline(notes=("the text is blank: no deadline is given",), text=self.shown)
        leads = {at: self._lead(at) for at, item in enumerate(self.items) if item.is_time}
        due = self._due(leads)
        self._check_denied(due)
        self._lengths(due)
        self._ends_of_events(due)
        if not due and not self.event:
            self._event_of_lead()
        self._check_counted_days(due)
        recurring, ongoing = self._recurring(due), self._ongoing(due)
        promised: set[str] = set()
        for item in self.items:
            if item.kind == "UNDATED":
                said = self.times.said(item)
                what = "no date is given" if not due else "the date may change" if _TO_COME.match(said.lower()) else ""
                self.notes.append(f"the text says “{said}”: {what}" if what else f"the text also says “{said}”")
                promised.add(self.notes[-1])
            elif item.kind == "UNKNOWN_DAY" and not due:
                self.notes.append(
                    f"no date is given: which day or year “{self.times.said(item)}” is, the text does not say"
                )
        dated = [at for at in due if self.items[at].meanings]
        for at in due:
            if not self.items[at].meanings:
                self._without_year(self.items[at])
        made = self._dated(dated, leads) if dated else Deadline(alternatives=tuple(self.perhaps))
        if not (due or recurring or ongoing or self.event or self.notes):
            self._nothing()
        notes = self._all_notes()
        named = made.first_day or made.last_day or made.alternatives
        says_so = recurring or ongoing or self.event or named
        return replace(
            made, recurring=recurring, ongoing=ongoing, event=self.event, notes=notes, text=self.shown,
            original=min(self.moved, key=_due_day, default=None),
            unclear="" if says_so else "; ".join(note for note in notes if note not in promised),
        )  # fmt: skip

    def _without_year(self, item: Item) -> None:
        said = self.times.said(item)
        month = self.times.month_and_short_year(item)
        if month is None:
            self.notes.append(f"no year is given for “{said}”, so it has no date")
            return
        meaning = meanings(month, None, None)[0]
        self.perhaps.append(self._window(meaning, "DUE", item))
        self.notes.append(
            f"“{said}” may be a day of a year that is not given, or {meaning.period}: write the year in full"
        )

    def _all_notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.notes))

    # which times are due -----------------------------------------------------------------------------------------

    def _lead(self, at: int) -> Item | None:
        """The piece directly before a time that says what it is."""
        end = self.items[at].start
        for item in reversed(self.items[:at]):
            if not self.times.is_bare(item.end, end):
                return None
            if item.kind in _LEADS:
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
        for at, lead in leads.items():
            kind = lead.kind if lead is not None else ""
            if kind == "FORMERLY":
                aside.append((at, "was due before"))
            elif kind == "FINISHED":
                aside.append((at, "is when it was finished, which is no deadline"))
            elif kind == "OCCASION" or self._is_expected(at) or self._dates_event(at, lead):
                continue
            elif (
                kind == "CONCERNING"
                or (kind == "START" and len(leads) > 1 and self._names_work(at, None))
                or self._names_work(at, lead)
                or self._begins_work(lead)
                or (not kind and self._is_baseline(at))
            ):
                named.append(at)
            else:
                due.append(at)
        revised = [at for at in due if (lead := leads[at]) is not None and lead.kind == "REVISED"]
        if revised:
            aside += [(at, "was due before") for at in due if at < revised[-1] and at not in revised]
            due = [at for at in due if at > revised[-1] or at in revised[-1:]]
        if named and not due and not aside and not any(item.kind == "OCCASION" for item in self.items):
            due = [at for at in named if (lead := leads[at]) is not None]
            named = [at for at in named if at not in due]
        for at in named:
            if not due and not aside:
                self._refuse_bare_year(at, None)
            self.notes.append(
                f"“{self.times.said(self.items[at])}” is taken as what the work is about, not as a deadline"
            )
        for at, what in aside:
            if what == "was due before" and self.items[at].meanings and self.items[at].until is None:
                windows = [self._window(meaning, "DUE", self.items[at]) for meaning in self.items[at].meanings]
                self.moved.append(max(windows, key=_due_day))
            self.notes.append(f"“{self.times.said(self.items[at])}” {what}")
        due = self._with_year_apart(due, leads)
        for at in due:
            self._refuse_bare_year(at, leads[at])
            self._refuse_amount(at, leads[at])
        return due

    def _names_work(self, at: int, lead: Item | None) -> bool:
        """Whether a time without a word such as "by" belongs to the noun behind it: "the 2021/22 accounts"."""
        item = self.items[at]
        if lead is not None or (at > 0 and self.items[at - 1].kind == "DURING" and self._touches(at - 1, at)):
            return False
        behind = re.match(
            r" (?!(?:or|and|if|when|with|to|at|as|in|on|by|for|is|are)(?![a-z]))[a-z]", self.folded[item.end :]
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

    def _is_baseline(self, at: int) -> bool:
        """Whether a time is that of a figure that is compared with: "from a baseline of 75% in 2023"."""
        clause = re.split(r"[,;:.()\n]", self.folded[: self.items[at].start])[-1]
        return re.search(r"(?<![a-z])(?:baseline|benchmark|status|actuals?|levels?)(?![a-z])", clause) is not None

    def _begins_work(self, lead: Item | None) -> bool:
        """Whether a beginning is that of a noun before it: "a contract commencing 2021"."""
        if lead is None or lead.kind != "START" or lead.start == 0:
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
            raise Trouble(
                f"“{self.times.said(item)}” may be a year or an amount", (item.start, item.end),
                f"write “by the end of {self.times.said(item)}” if that is the deadline",
            )  # fmt: skip

    def _check_denied(self, due: Sequence[int]) -> None:
        """Refuse a negation before the first time, in its clause: "will not be done by March 2024"."""
        if not due:
            return
        first = self.items[due[0]].start
        for item in self.items:
            if (
                item.kind == "DENIED"
                and item.end <= first
                and not re.search(r"[;,:.(\n]", self.folded[item.end : first])
            ):
                raise Trouble(
                    f"“{self.times.said(item)}” may turn the meaning round", (item.start, item.end),
                    "write the deadline alone, such as “by March 2025”",
                )  # fmt: skip

    def _check_counted_days(self, due: Sequence[int]) -> None:
        """Refuse a day or week that is counted within a month: its date is not worked out."""
        if due and (found := _COUNTED_DAY.search(self.folded)) is not None:
            raise Trouble(f"“{self.times.passage.slice(found.span())}” is no date", found.span(), _UNTIMED)

    # events ------------------------------------------------------------------------------------------------------

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

    def _lengths(self, due: list[int]) -> None:
        """Lengths of time: so many days before or after something, or an amount that says nothing of when."""
        for at, item in enumerate(self.items):
            if item.kind != "LENGTH":
                continue
            said = self.times.said(item)
            relation = re.search(
                r" (of|from|after|following|before|prior to|ahead of|in advance of)$",
                self.folded[item.start : item.end],
            )
            within = at > 0 and self.items[at - 1].kind == "DURING" and self._touches(at - 1, at)
            anchor = at + 1 if at + 1 in due and self._touches(at, at + 1) else None
            if relation is not None and relation[1] == "of" and anchor is not None and not within:
                span = (item.start, self.items[anchor].end)
                raise Trouble(f"“{self.times.passage.words(*span)}” is not one time", span, "write its months")
            if relation is not None and anchor is not None:
                self._anchored(item, relation[1], within, anchor, due)
            elif due:
                self.notes.append(f"“{said}” is taken as part of the work, not as a deadline")
            elif relation is not None and (words := self._words_behind(item.end)):
                self.times.mistyped(words.lower().split()[0], (item.end + 1, item.end + 1 + len(words.split()[0])))
                self.event = self.event or words
                start = self.items[at - 1].start if within else item.start
                whole = self.times.passage.words(start, item.end)
                self.notes.append(f"it is due “{whole} {words}”, and the text gives no date for that")
            elif within or _COUNTED_FROM_NOW.search(self.folded[: item.start]):
                self.notes.append(f"“{said}” is counted from a day that the text does not say")
            elif not any(other.kind in ("RECURRING", "ONGOING", "UNDATED") for other in self.items):
                raise Trouble(f"“{said}” says how long, and not when", (item.start, item.end), _UNTIMED)

    def _anchored(self, item: Item, relation: str, within: bool, anchor: int, due: list[int]) -> None:
        """A length before or after a date: the date itself, moved, where calendar days are counted."""
        time = self.items[anchor]
        said = self.folded[item.start : item.end]
        start = self.items[anchor - 2].start if within else item.start
        whole = self.times.passage.words(start, time.end)
        working = re.search(r"clear|working|business|school", said)
        if working or len(time.meanings) != 1 or time.meanings[0].precision is not Precision.DAY:
            due.remove(anchor)
            self.event = self.times.said(time)
            why = f"{working[0]} days depend on a calendar of holidays" if working else "its day is not given"
            self.notes.append(f"it is due “{whole}”; no date is worked out, since {why}")
            return
        day = time.meanings[0].period.first_day
        number, back = figure(said), relation in ("before", "prior to", "ahead of", "in advance of")
        moved = _moved(day, -number if back else number, said)
        first = min(day, moved) if within else moved
        last = max(day, moved) if within else moved
        if back and within:
            last = day
        time.meanings = [_between(time.meanings[0], first, last)]
        item.kind = "COUNTED"
        self.notes.append(f"“{whole}” is taken as {written_date(moved)}")

    def _ends_of_events(self, due: Sequence[int]) -> None:
        """The end or start of something that is no time: "by the end of the contract"."""
        for at, item in enumerate(self.items):
            if item.kind not in ("EDGE", "OCCASION"):
                continue
            if self._is_year_of_event(item):
                words = self._words_behind(item.start, item.end)
            else:
                words = self._words_behind(item.start if item.kind == "EDGE" else item.end)
            led = at > 0 and self.items[at - 1].kind in (*_LEADS, "DURING") and self._touches(at - 1, at)
            joined = led and re.search(r"(?:^|[ ,;])and $", self.folded[: self.items[at - 1].start]) is not None
            if not (led or item.start == 0) or words.lower() == self.times.said(item).lower() or self.event:
                continue
            if due and not joined:
                self.notes.append(f"the text also names “{words}”, for which it gives no date")
                continue
            self.event, self.is_open_ended = words, bool(due)
            self.notes.append(f"it depends on “{words}”, for which the text gives no date")

    def _is_year_of_event(self, item: Item) -> bool:
        return self.folded[item.start : item.end].startswith("the") and self._piece_at(item.end)

    def _event_of_lead(self) -> None:
        """What it depends on, for a text that begins with "after", "before" or "by" and names no time."""
        for at, item in enumerate(self.items):
            if item.kind not in ("AFTER", "BEFORE", "DUE", "UNTIL") or (item.kind == "DUE" and item.start > 0):
                continue
            if (
                at + 1 < len(self.items)
                and self.items[at + 1].start - item.end < 2
                and self.items[at + 1].kind not in ("QUALITY", "DURING")
            ):
                continue
            on = re.match(
                r"(?:on|at) ", self.folded[item.start : item.end]
            )  # the rest of the words is the event's name
            words = self._words_behind(item.start + on.end() if on else item.end)
            if not words:
                continue
            first = words.split()[0].lower()
            self.times.mistyped(first, (item.end + 1, item.end + 1 + len(first)))
            self.event = words
            self.notes.append(f"it depends on “{words}”, for which the text gives no date")
            return

    # how often ---------------------------------------------------------------------------------------------------

    def _recurring(self, due: Sequence[int]) -> str:
        found = [item for item in self.items if item.kind == "RECURRING"]
        counted = [item for item in found if not (due and self._is_adjective(item))]
        said = " and ".join(
            dict.fromkeys(_MONTH_NAMED.sub(_capital, self.folded[item.start : item.end]) for item in counted)
        )
        if re.search(r"\bbi-?(?:annual|monthly|weekly|quarterly)", said):
            self.notes.append(f"“{said}” is taken as written: it may mean twice in that time, or once in two of them")
        if said and not due:
            self.notes.append(f"it comes round {said}, and no single date is given")
        return said

    def _ongoing(self, due: Sequence[int]) -> bool:
        found = [item for item in self.items if self._is_ongoing(item) and not (due and self._is_adjective(item))]
        if found and not due:
            self.notes.append(f"the text says “{self.times.said(found[0])}”: it has no end")
        return bool(found)

    def _is_ongoing(self, item: Item) -> bool:
        return item.kind == "ONGOING" or (
            item.kind == "ONWARDS" and self.folded[item.start : item.end].endswith("going")
        )

    def _is_adjective(self, item: Item) -> bool:
        """Whether a word such as "quarterly" goes with the noun behind it."""
        said = self.folded[item.start : item.end]
        if re.match(r"each|every|once|twice", said) or self._piece_at(item.end + 1):
            return False
        behind = self.folded[item.end :]
        return re.match(r" [a-z]", behind) is not None and _FUNCTION.match(behind) is None

    # windows -----------------------------------------------------------------------------------------------------

    def _dated(self, dated: Sequence[int], leads: dict[int, Item | None]) -> Deadline:
        """The deadline of the times that have dates."""
        windows: list[Window] = []
        alternatives: list[Window] = []
        is_certain = True
        precision = Precision.RANGE
        choices = self._choices(dated)
        for at in dated:
            item, lead = self.items[at], leads[at]
            kind = self._role(at, lead)
            made = [self._window(meaning, kind, item) for meaning in item.meanings]
            certain = item.meanings[0].is_usual
            self._explain(item, kind, made, certain)
            windows.append(made[0])
            precision = item.meanings[0].precision
            if len(made) > 1 or at in choices:
                alternatives += made
            is_certain = is_certain and certain and at not in choices
        if choices:
            said = listed([f"“{self.times.said(self.items[at])}”" for at in sorted(choices)])
            self.notes.append(f"the text leaves it open whether {said} is the deadline")
        if len(windows) > 1:
            precision = Precision.RANGE
        first, last = self._span(windows)
        if not is_certain:
            first = last = None
        stages = tuple(sorted((w for w in windows if w.last_day is not None), key=_due_day)) if not choices else ()
        if len(stages) > 1 and is_certain and not self.is_open_ended:
            self.notes.append(f"the text gives {len(stages)} times; the window is from the first to the last")
        return Deadline(
            first, None if self.is_open_ended else last, precision,
            stages=stages if len(stages) > 1 else (), alternatives=tuple(alternatives),
        )  # fmt: skip

    def _choices(self, dated: Sequence[int]) -> set[int]:
        """The times that "or" leaves open."""
        found: set[int] = set()
        for one, other in pairwise(dated):
            if any(item.kind == "EITHER" for item in self.items[one:other]) and other == one + 2:
                found |= {one, other}
        return found

    def _role(self, at: int, lead: Item | None) -> str:
        """How the time bounds the window."""
        item = self.items[at]
        is_range = item.until is not None or (item.time is not None and item.time.last > 0)
        if lead is not None and not is_range and lead.kind in ("BEFORE", "AFTER", "START", "UNTIL", "THROUGH"):
            if lead.kind == "BEFORE" and item.time is not None and item.time.edge == "end":
                return "DUE"
            return "UNTIL" if lead.kind == "THROUGH" else lead.kind
        if lead is not None and item.until is None and self.folded.startswith("since", lead.start):
            return "START"
        behind = next((other for other in self.items[at + 1 :] if other.kind not in ("DURING",)), None)
        if behind is not None and behind.kind == "ONWARDS" and self.times.is_bare(item.end, behind.start):
            return "START"
        return "DUE"

    def _window(self, meaning: Meaning, kind: str, item: Item) -> Window:
        first, last = meaning.period.first_day, meaning.period.last_day
        said = f"“{self.times.said(item)}” as {self.times.days_of(meaning)}"
        match kind:
            case "BEFORE":
                return Window(None, first - timedelta(days=1), said)
            case "AFTER":
                return Window(meaning.period.end, None, said)
            case "START":
                return Window(first, None, said)
            case "UNTIL":
                return Window(None, last, said)
        return Window(first, last, said)

    def _explain(self, item: Item, kind: str, windows: Sequence[Window], certain: bool) -> None:
        """Note the conventions that a time is read by."""
        said = self.times.said(item)
        self.notes += [note for note in (*item.notes, *item.meanings[0].notes) if note != "beside"]
        days = [self.times.days_of(meaning) for meaning in item.meanings]
        usual = item.meanings[0]
        if not certain:
            help_ = " (say which comes first, the day or the month)" if "first" in usual.key else ""
            self.notes.append(f"“{said}” could be {listed(days)}{help_}")
        elif len(days) > 1:
            why = _WHY.get((usual.precision.value, usual.key), "")
            self.notes.append(f"“{said}” is taken as {days[0]}{why}; it could also mean {listed(days[1:])}")
        if certain and usual.precision is not Precision.DAY:
            last = windows[0].last_day
            if kind == "DUE" and last is not None and not self.is_open_ended:
                self.notes.append(f"“{said}” is taken as by its last day, {written_date(last)}")
            elif kind == "UNTIL" and last is not None:
                self.notes.append(f"“{said}” is taken as until {written_date(last)}")
        if certain and kind == "START":
            self.notes.append(f"“{said}” is when it begins: from {written_date(usual.period.first_day)}")
        if certain and kind == "AFTER" and (first := windows[0].first_day) is not None:
            self.notes.append(f"“after {said}” is taken as from {written_date(first)}")
        if certain and kind == "BEFORE" and (last := windows[0].last_day) is not None:
            self.notes.append(f"“before {said}” is taken as until {written_date(last)}")

    def _span(self, windows: Sequence[Window]) -> tuple[date | None, date | None]:
        """From the first day of all windows to the last; a beginning and an end that lie apart make one window."""
        firsts = [window.first_day for window in windows if window.first_day is not None]
        lasts = [window.last_day for window in windows if window.last_day is not None]
        first, last = min(firsts, default=None), max(lasts, default=None)
        if first is not None and last is not None and last < first:
            raise Trouble(
                f"it begins on {written_date(first)} and is to end by {written_date(last)}, before that", (0, len(self.folded)),
                "write the one deadline that is meant",
            )  # fmt: skip
        return first, last

    def _nothing(self) -> None:
        """Refuse a text that says nothing of when, and name the word that may be a mistyped month."""
        for found in re.finditer(r"[a-z]{4,}", self.folded):
            self.times.mistyped(found.group(), found.span())
        raise Trouble("the text names no time", (0, max(1, len(self.folded))), _UNTIMED)


_WHY: Final = {
    ("season", "begins"): ", the winter that begins in it, since a season is named by the year in which it begins",
    ("quarter", "calendar"): ", of the calendar year",
    ("half-year", "calendar"): ", of the calendar year",
    ("year", "ends"): ", the year that ends in it",
    ("year", "calendar"): ", the calendar year",
    ("year", "one way"): ", one year written by its two numbers",
    ("range", "one way"): ", calendar years",
}


def _capital(found: re.Match[str]) -> str:
    return found.group().capitalize()


def _due_day(window: Window) -> date:
    assert window.last_day is not None
    return window.last_day


def _moved(day: date, number: int, length: str) -> date:
    """So many days, weeks, months or years from a day."""
    if "day" in length:
        return day + timedelta(days=number)
    if "week" in length or "fortnight" in length:
        return day + timedelta(days=number * (14 if "fortnight" in length else 7))
    return add_months(day, number * (12 if "year" in length else 3 if "quarter" in length else 1))


def _between(meaning: Meaning, first: date, last: date) -> Meaning:
    return replace(meaning, period=period_of(first, last, written_date(last)))
