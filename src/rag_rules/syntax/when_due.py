"""The pieces of a deadline to what they say: which time is due, what it depends on, and how often it comes round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from rag_rules.deadlines import Deadline, Precision, Window, untold
from rag_rules.named_times import Meaning, meanings
from rag_rules.periods import add_months, period_of, written_date
from rag_rules.syntax.builder import Span, Trouble
from rag_rules.syntax.when_built import Item, Times, listed
from rag_rules.syntax.when_pieces import figure
from rag_rules.syntax.when_sorting import LEADS, UNTIMED, Sorting
from rag_rules.workdays import CountedDays

__all__ = ["deadline_of"]

#: words behind an adverb of time; any other word makes it an adjective: "quarterly reports"
_FUNCTION: Final = re.compile(
    r" ?(?:to|on|at|by|in|from|until|till|with|as|and|or|for|through|throughout|thereafter|after|before|during|of|up|between|via|"
    r"starting|beginning|commencing|from)(?![a-z])"
)
_MONTH_NAMED: Final = re.compile(r"(?<= )(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*")
#: the end of a year of which the kind is not said, beside which the year itself is as clear as alone
_END_OF_ANY_YEAR: Final = re.compile(
    r".*(?<![a-z])(?:eoy|(?<!new )(?<!financial )(?<!fiscal )(?<!academic )(?<!school )(?<!municipal )year)"
)
_YEAR_BEHIND: Final = re.compile(r"[ ,:(-]*(?:(?:in|of) )?")
_COUNTED_FROM_NOW: Final = re.compile(
    r"(?:^|[ (])(?:within|in|over|during|for|by|until|after|next|coming|following|first)(?: the)?(?: next| coming| following)? $"
)
_TO_COME: Final = re.compile(r"tb|to be|not |no |date|unknown")
_COUNTED_DAY: Final = re.compile(
    r"(?<![a-z0-9])(?:first|second|third|fourth|last|[1-5](?:st|nd|rd|th)) (?:full |working |calendar )?"
    r"(?:week|weekend|day|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?= (?:of|in) (?!each|every))"
)
_LASTING: Final = re.compile(
    r"(?<![a-z])(?:for|period of|term of|duration of)(?: an?| at least| more than| over| no less than)*"
    r"(?: (?:further|period|term|maximum|minimum|total) of)?(?: at least)? $"
)
_LASTING_BEHIND: Final = re.compile(r",? (?:and )?(?:will |to )?(?:last |run )?for [a-z ]*")
_SOONER: Final = re.compile(r"earl|soon|first")
_OTHER_ENDED: Final = re.compile(r"[.;()\n]|,? whichever")
#: what stands between a deadline and something else that may be when it is due; "or sooner" is nothing else
_OTHERWISE: Final = re.compile(
    r"(?: at the latest)?,? (?:and|or) (?!(?:sooner|earlier|before(?! [a-z0-9])|later|so|less|more|better|thereabouts|beyond|nearest|after(?! [a-z0-9])"
    r"|as soon as (?:possible|practi[a-z]+)|if (?:possible|practi[a-z]+|sooner|earlier|necessary|needed|required))(?![a-z]))"
)


def deadline_of(times: Times, pieces: Sequence[Any]) -> Deadline:
    """The deadline that the pieces make; raises ``Trouble`` where they name no time or contradict themselves."""
    return _Composer(times, times.items(pieces)).deadline()


class _Composer(Sorting):
    """The items of one text while they become a deadline."""

    def __init__(self, times: Times, items: list[Item]) -> None:
        super().__init__(times, items)
        #: whether the event ends the window, as in "in March 2027 and at the end of the commitment"
        self.is_open_ended = False
        #: whether something that has no date may be due later than the times of the text: "or when it is funded"
        self.is_firm = True
        #: "earlier" or "later", where the text says which of several holds
        self.which = ""
        #: where the other end of an "or" stands
        self.other_end = (0, 0)
        #: working days from a date, of which a calendar of holidays tells the last
        self.counted: list[CountedDays] = []
        #: what "March 24" means if it is no day
        self.perhaps: list[Window] = []

    def deadline(self) -> Deadline:
        if not self.folded.strip(" .-–—_*†\n"):
            return Deadline(notes=("the text is blank: no deadline is given",), text=self.shown)
        leads = {at: self._lead(at) for at, item in enumerate(self.items) if item.is_time}
        due = self._due(leads)
        self._check_denied(due)
        self._other_ends(due)
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
            elif item.kind == "UNKNOWN_DAY":
                self._check_year_beside(item, due)
                what = "the text also names a time" if due else "no date is given"
                self.notes.append(f"{what}: which day or year “{self.times.said(item)}” is, the text does not say")
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
        moved = [
            max((self._window(meaning, "DUE", item) for meaning in item.meanings), key=_due_day) for item in self.moved
        ]
        return replace(
            made, recurring=recurring, ongoing=ongoing, event=self.event, notes=notes, text=self.shown,
            counted=self.counted[0] if len(self.counted) == 1 and not (due or recurring or ongoing) else None,
            original=min(moved, key=_due_day, default=None),
            unclear="" if says_so else "; ".join(note for note in notes if note not in promised),
        )  # fmt: skip

    def _check_year_beside(self, item: Item, due: Sequence[int]) -> None:
        """Refuse a year that may tell which end of a financial year, quarter or the like is meant."""
        if _END_OF_ANY_YEAR.fullmatch(self.folded, item.start, item.end):
            return
        for at in due:
            year = self.items[at]
            is_year = year.time is not None and year.time.unit == "year" and year.start >= item.end
            if is_year and _YEAR_BEHIND.fullmatch(self.folded, item.end, year.start):
                raise Trouble(
                    f"it is not clear how “{self.times.said(item)}” and “{self.times.said(year)}” go together",
                    (item.start, year.end), "write the date in full, such as “31 March 2026”",
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

    def _other_ends(self, due: Sequence[int]) -> None:
        """What else decides when it is due: "or when funding is secured", "the earlier of June 2025 and the sale"."""
        dated = [at for at in due if self.items[at].meanings]
        if not dated:
            return
        which = next((item for item in self.items if item.kind == "WHICHEVER"), None)
        if which is not None:
            said = self.folded[which.start : which.end]
            self.which = "earlier" if _SOONER.search(said) else "later"
        span = self._behind_or(dated, which) or self._before_or(dated, which)
        if span is None or any(span[0] <= self.items[at].start < span[1] for at in dated):
            return
        words = self.times.passage.words(*span)
        if not words:
            return
        self.other_end = span
        self.event, self.is_firm = words, self.which == "earlier"
        holds = f"whichever is the {self.which}" if self.which else "and nothing says which holds"
        said = listed([f"“{self.times.said(self.items[at])}”" for at in dated])
        self.notes.append(f"it is due by {said} or “{words}”, {holds}, and the text gives no date for the latter")

    def _behind_or(self, dated: Sequence[int], which: Item | None) -> Span | None:
        """Where the words stand that follow a deadline and "or"."""
        for at in dated:
            found = _OTHERWISE.match(self.folded, self.items[at].end)
            if found is None:
                continue
            joiner = next(
                (
                    place
                    for place, item in enumerate(self.items)
                    if item.kind in ("EITHER", "OR_ELSE", "JOIN") and found.start() <= item.start < found.end()
                ),
                None,
            )
            is_of = which is not None and which.end <= self.items[at].start
            is_or = found.group().endswith("or ") or is_of
            if joiner is not None:
                behind = self.items[joiner + 1].kind if joiner + 1 < len(self.items) else ""
                is_or = is_or and (self.items[joiner].kind == "OR_ELSE" or behind in ("FIGURE", "LENGTH"))
            if is_or:
                end = _OTHER_ENDED.search(self.folded, found.end())
                return (found.end(), end.start() if end is not None else len(self.folded))
        return None

    def _before_or(self, dated: Sequence[int], which: Item | None) -> Span | None:
        """Where the words stand that come before "or" and a deadline: "3 months after approval or by June 2025"."""
        for at in dated:
            lead = self._lead(at)
            start = lead.start if lead is not None else self.items[at].start
            found = re.search(r",? (or|and) $", self._before(start))
            if found is None:
                continue
            end = start - len(found.group())
            before = [item for item in self.items if item.end <= end]
            if before and before[-1].is_time:
                continue
            if which is not None and which in before:
                return (which.end, end)
            first = next(
                (item for item in before if item.kind in ("LENGTH", "AFTER", "BEFORE", "DUE", "OCCASION")), None
            )
            if found[1] == "or" and (first is not None or which is not None):
                begins = first.start if first is not None else 0
                within = re.search(r"(?:with)?in $", self._before(begins))
                return (begins - len(within.group()) if within is not None else begins, end)
        return None

    def _check_denied(self, due: Sequence[int]) -> None:
        """Refuse a negation before a time, in its clause: "will not be done by March 2024"."""
        after = 0
        for at in due:
            first = self.items[at].start
            for item in self.items:
                is_near = item.kind == "DENIED" and after <= item.start and item.end <= first
                if is_near and not re.search(r"[;,:.(\n]", self.folded[item.end : first]):
                    raise Trouble(
                        f"“{self.times.said(item)}” may turn the meaning round", (item.start, item.end),
                        "write the deadline alone, such as “by March 2025”",
                    )  # fmt: skip
            after = self.items[at].end

    def _check_counted_days(self, due: Sequence[int]) -> None:
        """Refuse a day or week that is counted within a month: its date is not worked out."""
        if due and (found := _COUNTED_DAY.search(self.folded)) is not None:
            raise Trouble(f"“{self.times.passage.slice(found.span())}” is no date", found.span(), UNTIMED)

    # events ------------------------------------------------------------------------------------------------------

    def _lengths(self, due: list[int]) -> None:
        """Lengths of time: so many days before or after something, or an amount that says nothing of when."""
        for at, item in enumerate(self.items):
            if item.kind != "LENGTH" or self.other_end[0] <= item.start < self.other_end[1] or self._lasts(at, due):
                continue
            said = self.times.said(item)
            relation = re.search(
                r" (of|from|after|following|before|prior to|ahead of|in advance of)$",
                self.folded[item.start : item.end],
            )
            within = at > 0 and self.items[at - 1].kind == "DURING" and self._touches(at - 1, at)
            anchor = at + 1 if at + 1 in due and self._touches(at, at + 1) else None
            if relation is not None and relation[1] == "of" and anchor is not None and not within:
                if self._is_first_or_last(item, anchor):
                    continue
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
                raise Trouble(f"“{said}” says how long, and not when", (item.start, item.end), UNTIMED)

    def _lasts(self, at: int, due: Sequence[int]) -> bool:
        """Whether a length and the day on which it starts make one time: "for 3 years from 1 April 2025"."""
        item = self.items[at]
        said, before = self.folded[item.start : item.end], self._before(item.start)
        anchor = self._start_of_length(at, due, _LASTING.search(before) is not None)
        number = figure(said)
        if anchor is None or not number or re.search(r"clear|working|business|school", said):
            return False
        time = self.items[anchor]
        if time.until is not None or len(time.meanings) != 1:
            return time.until is not None
        if re.search(r"(?<![a-z])(?:at least|minimum of|no less than|more than) (?:an? )?$", before):
            raise Trouble(
                f"“{self.times.said(item)}” is not said to be the whole time", (item.start, item.end), UNTIMED
            )
        first = time.meanings[0].period.first_day
        last = _moved(first, number, said) - timedelta(days=1)
        time.meanings = [replace(_between(time.meanings[0], first, last), precision=Precision.RANGE)]
        if (lead := self._lead(anchor)) is not None:
            lead.kind = "COUNTED"
        item.kind = "COUNTED"
        time.start, time.end = min(time.start, item.start), max(time.end, item.end)
        return True

    def _start_of_length(self, at: int, due: Sequence[int], is_lasting: bool) -> int | None:
        """The place of the time that a length starts with, before or behind it."""
        item = self.items[at]
        said = self.folded[item.start : item.end]
        if said.endswith(" from") and at + 1 in due and self._touches(at, at + 1):
            return at + 1 if is_lasting or self.items[at + 1].until is not None else None
        if re.search(r"(?:days?|weeks?|fortnights?|months?|quarters?|years?)$", said) is None:
            return None
        if at + 2 in due and self.items[at + 1].kind == "START" and self._touches(at, at + 1):
            return at + 2
        last = max((one for one in due if one < at), default=None)
        if last is None or not is_lasting or (lead := self._lead(last)) is None or lead.kind != "START":
            return None
        return last if _LASTING_BEHIND.fullmatch(self.folded, self.items[last].end, item.start) else None

    def _is_first_or_last(self, item: Item, anchor: int) -> bool:
        """Take "the first six months of 2026" as those months; whether it is that."""
        which = re.search(r"(?<![a-z])(first|last) $", self.folded[: item.start])
        said, time = self.folded[item.start : item.end], self.items[anchor]
        if which is None or "month" not in said or len(time.meanings) != 1 or time.until is not None:
            return False
        period, months = time.meanings[0].period, figure(said)
        if period.months is None or months >= period.months:
            return False
        cut = add_months(period.start, months) if which[1] == "first" else add_months(period.end, -months)
        days = (period.start, cut) if which[1] == "first" else (cut, period.end)
        made = _between(time.meanings[0], days[0], days[1] - timedelta(days=1))
        time.meanings = [replace(made, precision=Precision.RANGE)]
        item.kind = "COUNTED"
        time.start = which.start()
        return True

    def _anchored(self, item: Item, relation: str, within: bool, anchor: int, due: list[int]) -> None:
        """A length before or after a date: the date itself, moved, where calendar days are counted."""
        time = self.items[anchor]
        said = self.folded[item.start : item.end]
        start = self.items[anchor - 2].start if within else item.start
        whole = self.times.passage.words(start, time.end)
        working = re.search(r"clear|working|business|school", said)
        is_before = relation in ("before", "prior to", "ahead of", "in advance of")
        is_one_day = len(time.meanings) == 1 and time.meanings[0].precision is Precision.DAY
        if working or not is_one_day:
            due.remove(anchor)
            self.event = self.times.said(time)
            if is_one_day and re.search(r"(?:working|business) days?", said) and not (within and is_before):
                counted = CountedDays(
                    figure(said), time.meanings[0].period.first_day, is_before=is_before, is_clear="clear" in said,
                    is_within=within, said=whole,
                )  # fmt: skip
                self.counted.append(counted)
                self.notes.append(untold(counted))
                return
            why = f"{working[0]} days depend on a calendar of holidays" if working else "its day is not given"
            self.notes.append(f"it is due “{whole}”; no date is worked out, since {why}")
            return
        day = time.meanings[0].period.first_day
        number = figure(said)
        moved = _moved(day, -number if is_before else number, said)
        first = min(day, moved) if within else moved
        last = max(day, moved) if within else moved
        if is_before and within:
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
            led = at > 0 and self.items[at - 1].kind in (*LEADS, "DURING") and self._touches(at - 1, at)
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
            dict.fromkeys(
                _MONTH_NAMED.sub(_capital, self.folded[item.start : item.end].rstrip(".")).rstrip(".")
                for item in counted
            )
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
        if self.which and len(dated) > 1 and self.is_firm and not self.event:
            dated, choices = self._chosen(dated), set()
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
        if not self.is_firm:
            alternatives += windows
        if not (is_certain and self.is_firm):
            first = last = None
        if self.event and self.which == "earlier":
            first = None
        is_settled = not choices and self.is_firm
        stages = tuple(sorted((w for w in windows if w.last_day is not None), key=_due_day)) if is_settled else ()
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
            if self._is_choice(self.items[one + 1 : other]):
                found |= {one, other}
        return found

    def _is_choice(self, between_them: Sequence[Item]) -> bool:
        """Whether "or" alone stands between two times, with what leads to the second."""
        kinds = [item.kind for item in between_them]
        if not kinds or kinds[0] not in ("EITHER", "OR_ELSE"):
            return False
        return all(kind in ("DUE", "DURING", "COUNTED", "BEFORE", "AFTER", "START", "UNTIL") for kind in kinds[1:])

    def _chosen(self, dated: Sequence[int]) -> list[int]:
        """The one of several deadlines that the text says holds: the earlier or the later."""
        pick = min if self.which == "earlier" else max
        chosen = pick(dated, key=lambda at: self.items[at].meanings[0].period.last_day)
        self.notes.append(f"the text gives {len(dated)} times, of which the {self.which} holds")
        return [chosen]

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
            if kind == "DUE" and last is not None and not self.is_open_ended and self.is_firm:
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
        raise Trouble("the text names no time", (0, max(1, len(self.folded))), UNTIMED)


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
