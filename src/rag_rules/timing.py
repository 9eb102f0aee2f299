"""What an indicator's columns say of time: how its figures add up, over which year, how late and how often."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeVar

from rag_rules.errors import RagRulesError, SettingError
from rag_rules.files.tables import printable
from rag_rules.files.years import scheme_year
from rag_rules.models import Cell, Indicator, ReportingPeriod, Scorecard, Severity
from rag_rules.periods import (
    ACADEMIC,
    CALENDAR,
    FINANCIAL,
    MONTHS,
    Period,
    Year,
    add_months,
    month_number,
    months_between,
    written_date,
)
from rag_rules.prorating import (
    IN_FULL_THAT_DAY,
    accumulation_of,
    is_for_the_year,
    noted,
    of_its_time,
    pro_rated,
    rate_of,
    year_target,
)
from rag_rules.rules import Rule
from rag_rules.status import Reason
from rag_rules.syntax.period_names import named_period
from rag_rules.todate import Accumulation, Due, Frequency, Lag, Profile, due_by, due_in_month, refuse_two_years

__all__ = ["Awaited", "Times", "Timing", "TimingError", "marked"]

#: "April - March", "financial (Apr-Mar)"
_FROM_TO: Final = re.compile(r"(?:[^()]{0,40}\()?([A-Za-z]{3,9}) ?(?:-|–|to) ?([A-Za-z]{3,9})\)?")
#: words in a mark that leave its period what it is
_OF_A_MARK: Final = frozenset("for in to at as end of data figure the ending date".split())
AnyValue = TypeVar("AnyValue")


class TimingError(Exception):
    """Raised where it cannot be told how much of a target is due: why, and the field that it is in."""

    def __init__(self, reason: Reason, key: str, message: str) -> None:
        super().__init__(message)
        self.reason, self.key, self.message = reason, key, message


def marked(cell: Cell) -> tuple[Cell, str]:
    """A reading without the period that stands behind it in brackets, and that period: "99% (2021/22)".

    >>> marked("99% (2021/22)"), marked("£2.4m (forecast)")
    (('99%', '2021/22'), ('£2.4m (forecast)', ''))
    """
    if not isinstance(cell, str) or len(cell) > 200 or not cell.rstrip().endswith((")", "]")):
        return cell, ""
    text = cell.rstrip()
    bracket = {")": "(", "]": "["}[text[-1]]
    bare, found, inside = text[:-1].rpartition(bracket)
    named = named_period(inside) if found and bare.strip() and len(inside) < 40 else None
    if named is None or not set(named.rest.split()) <= _OF_A_MARK:
        return cell, ""
    return bare.strip(), inside.strip()


@dataclass(frozen=True, slots=True)
class Times:
    """What the columns of one indicator say, each ``None`` where it says nothing that can be read."""

    accumulation: Accumulation | None
    year: Year
    lag: Lag | None
    frequency: Frequency | None
    profile: Profile | None
    #: what cannot be read: the field and why
    faults: tuple[tuple[str, str], ...] = ()

    def fault_in(self, *keys: str) -> tuple[str, str] | None:
        """The first fault in one of the fields."""
        return next((fault for fault in self.faults if fault[0] in keys), None)


@dataclass(frozen=True, slots=True)
class Awaited:
    """When a figure that is not there is, or was, due."""

    #: "not due", or "no reading" where it should be there
    reason: Reason
    #: as the rest of a sentence: "the figure is annual and next due for the year to 31 March 2024"
    said: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class _Span:
    """The stretch of time that a figure is for, as far as it is known."""

    #: its last day
    ends: date | None = None
    #: its last month, where the year is not said
    month: int | None = None
    #: how many months it lasts
    months: int | None = None
    #: what it is called
    label: str = ""
    #: why it is not known when it ends, where its name says more than a reader can be sure of
    untold: str = ""
    #: conventions used in reading its name
    notes: tuple[str, ...] = ()

    @property
    def period(self) -> Period | None:
        """The days from its first to its last, where both are known."""
        if self.ends is None or self.months is None or (self.ends + timedelta(days=1)).day != 1:
            return None
        return Period(add_months(self.ends + timedelta(days=1), -self.months), self.ends + timedelta(days=1))

    @property
    def why(self) -> str:
        """The end of a sentence about its end that is not known: why, after a colon."""
        return f": {self.untold}" if self.untold else ""

    def words(self) -> str:
        """What it is called in sentences: "April to June 2023"."""
        period = self.period
        if period is None:
            return f"the time to {written_date(self.ends)}" if self.ends is not None else self.label
        first, last = period.first_day, period.last_day
        month = f"{MONTHS[last.month - 1]} {last.year}"
        if self.months == 1:
            return month
        return f"{MONTHS[first.month - 1]}{'' if first.year == last.year else f' {first.year}'} to {month}"


@dataclass(slots=True)
class Timing:
    """How the time of a scorecard bears on its indicators, at a date. Raises ``ScorecardError`` for a year that nobody knows."""

    scorecard: Scorecard
    as_of: date
    _year: Year = field(init=False)
    _spans: dict[str, _Span] = field(init=False)
    _times: dict[tuple[str | None, ...], Times] = field(default_factory=dict)
    _rules: dict[tuple[int, Due], Rule] = field(default_factory=dict)
    _dues: dict[tuple[Year, _Span], Due] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._year = scheme_year(self.scorecard.scheme)
        self._spans = self._periods(self.scorecard.periods)

    # columns

    def of(self, indicator: Indicator) -> Times:
        """What the columns of an indicator say."""
        given = (indicator.accumulation, indicator.year, indicator.lag, indicator.frequency, indicator.profile)
        found = self._times.get(given)
        if found is None:
            found = self._times[given] = self._read(*given)
        return found

    def _read(
        self, accumulation: str | None, year: str | None, lag: str | None, frequency: str | None, profile: str | None
    ) -> Times:
        faults: list[tuple[str, str]] = []

        def read(key: str, text: str | None, reader: Callable[[str], AnyValue | None]) -> AnyValue | None:
            try:
                return reader(text) if text and text.strip() else None
            except RagRulesError as error:
                faults.append((key, printable(error.sentence)))
                return None

        return Times(
            read("accumulation", accumulation, Accumulation.read), read("year", year, self._kind_of_year) or self._year,
            read("lag", lag, Lag.read), read("frequency", frequency, Frequency.read), read("profile", profile, Profile.read),
            tuple(faults),
        )  # fmt: skip

    def _kind_of_year(self, text: str) -> Year:
        """The year that a column names; the financial year begins when the scheme says, or when the column does.

        A scheme of academic or calendar years does not say when a financial one begins: in April, as everywhere else.
        """
        if (months := _FROM_TO.fullmatch(text[:100])) is not None:
            first, last = month_number(months[1]), month_number(months[2])
            if first is not None and last == (first - 2) % 12 + 1:
                return Year.read(first)
        kind = Year.read(text)
        is_said = self._year not in (ACADEMIC, CALENDAR) or month_number(self.scorecard.scheme.year_start) is not None
        return self._year if kind == FINANCIAL and "apr" not in text.lower() and is_said else kind

    def is_cumulative(self, indicator: Indicator, rule: Rule) -> bool:
        """Whether figures add up over the year; what the target says goes before the column."""
        return (accumulation_of(rule) or self.of(indicator).accumulation) is Accumulation.CUMULATIVE

    def troubles(self, indicator: Indicator, rule: Rule) -> list[tuple[Severity, str, str]]:
        """Severity, field and message of what is wrong with the columns, where it leaves the indicator rated."""
        found: list[tuple[Severity, str, str]] = []
        for key, message in self.of(indicator).faults:
            if key == "frequency" or (key == "lag" and not self.is_cumulative(indicator, rule)):
                found.append(("warning", key, f"{message}; it is not used"))
            elif key == "accumulation" and (said := accumulation_of(rule)) is not None:
                found.append(("warning", key, f"{message}; the target says {said}"))
        return found

    # periods

    def _periods(self, periods: tuple[ReportingPeriod, ...]) -> dict[str, _Span]:
        spans: dict[str, _Span] = {}
        before: date | None = None
        for period in periods:
            span = self._span(period.label, period.ends)
            if span.months is None and before is not None and span.ends is not None and span.ends > before:
                step = months_between(before.replace(day=1), span.ends.replace(day=1))
                span = replace(span, months=step or None)
            before = span.ends or before
            spans[period.label] = span
        return spans

    def _span(self, label: str, ends: date | None = None) -> _Span:
        """The stretch of time that a name and a last day tell."""
        named = named_period(label, year_start=self._year.starts)
        ends = ends or (named.ends if named is not None else None)
        if ends is not None and not 1900 <= ends.year <= 2200:
            ends = None  # a placeholder such as 9999-12-31
        if named is None:
            return _Span(ends, label=label)
        is_of_any_year = ends is None and named.year is None and named.months is not None
        month = named.days.last_day.month if named.days is not None and is_of_any_year else None
        if ends is not None:
            return _Span(ends, None, named.months, label, notes=named.notes)
        return _Span(None, month, named.months, label, printable(named.untold))

    def span_of(self, indicator: Indicator, label: str | None) -> _Span:
        """The stretch of time that an indicator's figure for a period is for: its own where it is in arrears or says so."""
        _, mark = marked(indicator.readings.get(label)) if label is not None else ("", "")
        if mark:
            return self._span(mark)
        span = self._spans.get(label or "", _Span(label=label or ""))
        lag = self.of(indicator).lag
        if lag is None:
            return span
        ends = lag.before(span.ends) if span.ends is not None else None
        month = (span.month - lag.months - 1) % 12 + 1 if span.month is not None else None
        return replace(span, ends=ends, month=month)

    def is_one_figure(self, indicator: Indicator, label: str, earlier: str) -> bool:
        """Whether what stands in two periods is for one time, by the marks of the cells: "74% (2022/23)" in both.

        So too where the earlier period's figure is marked with a later time than the later one's: nothing moves backwards.
        """
        marks = [marked(indicator.readings.get(each))[1] for each in (label, earlier)]
        if not any(marks):
            return False
        if marks[0].casefold() == marks[1].casefold():
            return True
        now, before = self.span_of(indicator, label), self.span_of(indicator, earlier)
        return now.ends is not None and before.ends is not None and now.ends <= before.ends

    # targets

    def to_date(self, indicator: Indicator, label: str | None, rule: Rule) -> Rule:
        """The rule for the figure of a period: pro-rated where figures add up over the year.

        Raises ``TimingError`` where it cannot be told how much is due.
        """
        if label is None:  # no period, no figure
            return rule
        times, said = self.of(indicator), accumulation_of(rule)
        fault = None if said is not None else times.fault_in("accumulation")
        if fault is None and rule.bands is not None:
            if not self.is_cumulative(indicator, rule):
                if times.profile is not None or times.fault_in("profile"):
                    kind = said or times.accumulation
                    raise TimingError(
                        Reason.BAD_SETTING, "profile",
                        f"a profile is for figures that add up over the year, and {f'these are {kind}' if kind else 'nothing says that these do'}; "
                        + ("leave one of the two out" if kind else "write cumulative in the column accumulation"),
                    )  # fmt: skip
                if times.accumulation is Accumulation.CUMULATIVE:
                    return noted(
                        rule,
                        f"not pro-rated: the target says that the figure is {said}, though the column says cumulative",
                    )
                return rule
            fault = times.fault_in("year", "lag", "profile")
        if fault is not None:
            raise TimingError(Reason.BAD_SETTING, *fault)
        if rule.stages and self.is_cumulative(indicator, rule):  # the words leave open which of them is meant
            return replace(
                rule, stages=tuple(self._stage_to_date(indicator, label, stage) for stage in rule.stages), quick={}
            )
        if rule.bands is None:
            return rule
        if rate := rate_of(rule):
            raise TimingError(
                Reason.NOT_PRO_RATED, "accumulation",
                f"the figure is cumulative, and the target, “{printable(rule.target.text)}”, is a rate ({rate}): a total since the year "
                "began cannot be held against it; write the target for the year, or average in the column accumulation if the "
                f"figure is {rate} too",
            )  # fmt: skip
        if self._is_of_the_period(indicator, label):
            return noted(rule, f"the target is the one given for {printable(label)}; taken as written, not pro-rated")
        span = self.span_of(indicator, label)
        due = self._due(times, span, rule)
        if not self._is_for_the_year(times, span, rule, due):
            return noted(rule, IN_FULL_THAT_DAY)
        key = (id(rule), due)  # rules live as long as the rater does
        found = self._rules.get(key)
        if found is None:
            found = self._rules[key] = pro_rated(rule, due)
        return found

    def _stage_to_date(self, indicator: Indicator, label: str, stage: Rule) -> Rule:
        """The rule of a stage for the figure of a period, unless it is for a time of its own."""
        return of_its_time(stage) or self.to_date(indicator, label, stage)

    def _is_for_the_year(self, times: Times, span: _Span, rule: Rule, due: Due) -> bool:
        """Whether the target is one for the year of a span, and not due in full at its end.

        Raises ``TimingError`` where neither is so.
        """
        try:
            return is_for_the_year(rule, due, times.year, span.ends)
        except SettingError as error:
            raise TimingError(Reason.NOT_PRO_RATED, "target", printable(error.sentence)) from error

    def _is_of_the_period(self, indicator: Indicator, label: str) -> bool:
        """Whether the target is that of one period and not of the year: it has a column, or a figure, of its own."""
        if label not in indicator.targets:
            return False
        _, column = indicator.where(f"target {label}")
        own = {period.label: period.target for period in self.scorecard.periods}
        named = named_period(column, year_start=self._year.starts)
        if own.get(label) == column or (named is not None and named.kind not in ("year", "")):
            return True
        year = self._year_of(indicator, label)
        return (
            len({str(given) for each, given in indicator.targets.items() if self._year_of(indicator, each) == year}) > 1
        )

    def _year_of(self, indicator: Indicator, label: str) -> Period | None:
        """The year of a period, where it is known."""
        ends = self._spans[label].ends if label in self._spans else None
        return self.of(indicator).year.containing(ends) if ends is not None else None

    def _due(self, times: Times, span: _Span, rule: Rule) -> Due:
        """How much of the target is due at the end of a span; without a profile it is the same for all targets."""
        if times.profile is not None:
            return self._reckoned(times, span, rule)
        key = (times.year, span)
        found = self._dues.get(key)
        if found is None:
            found = self._dues[key] = self._reckoned(times, span, rule)
        return found

    def _reckoned(self, times: Times, span: _Span, rule: Rule) -> Due:
        """How much of the target is due at the end of a span; raises ``TimingError`` where that cannot be told."""
        target = year_target(rule)
        if times.profile is not None:
            try:
                times.profile.shares(times.year, target)
            except SettingError as error:
                raise TimingError(Reason.BAD_SETTING, "profile", printable(error.sentence)) from error
        try:
            if span.ends is not None:
                if (period := span.period) is not None:  # a total of twelve months is that of one year, or of none
                    refuse_two_years(period, times.year, span.words())
                return due_by(span.ends, times.year, profile=times.profile, target=target)
            if span.month is not None:
                by = f"the end of {MONTHS[span.month - 1]}"
                return due_in_month(span.month, times.year, by=by, profile=times.profile, target=target)
        except SettingError as error:
            raise TimingError(
                Reason.NOT_PRO_RATED, "accumulation", f"cannot be pro-rated: {printable(error.sentence)}"
            ) from error
        told = (
            f"nothing says when “{printable(span.label)}” ends{span.why}"
            if span.label
            else "nothing says which period the reading is for"
        )
        raise TimingError(
            Reason.NOT_PRO_RATED, "accumulation",
            f"the figure is cumulative, and {told}, so it cannot be told how much of {rule.aim} is due"
            + ("" if span.untold else "; name the period with its year, such as Q2 2023/24, or give its last day"),
        )  # fmt: skip

    # readings

    def notes(self, indicator: Indicator, label: str | None, rule: Rule) -> tuple[str, ...]:
        """What to know of the time that a reading is for."""
        times, found = self.of(indicator), []
        _, mark = marked(indicator.readings.get(label)) if label is not None else ("", "")
        if mark:
            found.append(f"figure is for {printable(mark)}")
            if self.stale(indicator, label):
                found.append(f"stale: {self.stale(indicator, label)}")
            if why := self.span_of(indicator, label).why:
                found.append(f"it is not known when that ends{why}")
        elif times.lag is not None and label is not None:
            words = self.span_of(indicator, label)
            said = f" for {words.words()}" if words.ends is not None else ""
            found.append(f"figure is{said} ({times.lag.said})" if said else f"figure is {times.lag.said}")
        elif times.fault_in("lag"):
            found.append(
                f"published in arrears ({printable(indicator.lag or '')}): the reading may be of an earlier period"
            )
        if (
            self.is_cumulative(indicator, rule)
            and rule.bands is not None
            and rule.due is None
            and self._is_over(indicator, label, times)
        ):
            found.append("the year is complete: judged against the target for the full year")
        if (self.is_cumulative(indicator, rule) and rule.bands is not None) or indicator.history:
            found += [printable(note) for note in self.span_of(indicator, label).notes]
        return tuple(found)

    def _is_over(self, indicator: Indicator, label: str | None, times: Times) -> bool:
        ends = self.span_of(indicator, label).ends
        return ends is not None and times.year.containing(ends).last_day == ends

    def stale(self, indicator: Indicator, label: str | None) -> str:
        """Why a figure that is marked with its period is older than it should be by now; empty where it is not."""
        times = self.of(indicator)
        _, mark = marked(indicator.readings.get(label)) if label is not None else ("", "")
        report, own = self._spans.get(label or ""), self._span(mark) if mark else None
        every = times.frequency.gap if times.frequency is not None else None
        if own is None or report is None or own.ends is None or report.ends is None or every is None:
            return ""
        if own.ends > report.ends:
            return f"it is after {printable(report.label)}, the period of the report"
        age = months_between(own.ends.replace(day=1), report.ends.replace(day=1))
        if age <= every + (times.lag.months if times.lag is not None else 0):
            return ""
        assert times.frequency is not None
        return f"it is {age} months old, and the figure is {times.frequency.name}"

    def awaited(self, indicator: Indicator, label: str | None, given: date | None) -> Awaited | None:
        """When a figure that is not there for a period is, or was, due; ``None`` where nothing tells.

        ``given`` is the end of the last period after it that has a figure: what was due by then has come.
        """
        times, report = self.of(indicator), self._spans.get(label or "")
        if report is None or report.ends is None or times.fault_in("year", "lag"):
            return None
        ends, frequency = self.span_of(indicator, label).ends, times.frequency
        is_month_end = ends is not None and (ends + timedelta(days=1)).day == 1
        due = (
            frequency.next_due(ends, times.year)
            if frequency is not None and ends is not None and is_month_end
            else None
        )
        if frequency is None or due is None:
            if report.ends <= self.as_of:
                return None
            said = f"{printable(report.label)} ends only on {written_date(report.ends)}"
            return Awaited(Reason.NOT_DUE, said)
        told = times.lag.after(due) if times.lag is not None else due
        is_ahead = self.as_of < told
        if due != ends:  # the period ends before the figure is due: it has all of that day to come, or has come since
            is_ahead = self.as_of <= told or (given is not None and given >= told)
        return self._awaited(frequency, due, told, is_ahead=is_ahead)

    def _awaited(self, frequency: Frequency, due: date, told: date, *, is_ahead: bool) -> Awaited:
        """How a figure for the time to the day ``due``, which is told by the day ``told``, stands at the report's date."""
        seldom = max((frequency.months or 0) - 12, 0)
        latest = add_months(told + timedelta(days=1), seldom) - timedelta(days=1)
        head, what = f"the figure is {frequency.name}", f"for the {frequency.period} to {written_date(due)}"
        if told != due:
            what += f", by {written_date(told)}"
        if is_ahead:
            when = f"not due before {written_date(told)}" if seldom else f"next due {what}"
            return Awaited(Reason.NOT_DUE, f"{head} and {when}")
        if self.as_of > latest:
            days = (self.as_of - latest).days
            past = f"{days:,} day{'' if days == 1 else 's'} before {written_date(self.as_of)}"
            when = f"by {written_date(latest)} at the latest" if seldom else what
            return Awaited(Reason.NO_READING, f"{head} and late: it was due {when}, {past}", is_late=True)
        if seldom:
            return Awaited(Reason.NO_READING, f"{head}, and nothing says in which year it is due")
        return Awaited(Reason.NO_READING, f"{head} and due {what}, the date of the report")
