"""Which rule is in force when: a rule with what is known of the time of its figures, and its rules along a line of days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from rag_rules.errors import DateSyntaxError, SettingError, called
from rag_rules.periods import CALENDAR, FINANCIAL, LENGTHS, Period, Year, add_months, day_of, written_date
from rag_rules.prorating import accumulation_of, as_due, due_of, of_its_time, rate_of, year_target
from rag_rules.rules import Rule
from rag_rules.status import Reason
from rag_rules.steps import Cut, Side, Steps
from rag_rules.syntax.period_names import named_period
from rag_rules.syntax.when import parse_period
from rag_rules.target import Trajectory
from rag_rules.todate import Accumulation, Due, Lag, Profile
from rag_rules.trajectories import comes_round, holding, year_of

__all__ = ["FIRST_DAY", "LAST_DAY", "Changes", "Standing", "Timed", "period_of_text"]

#: days before and after these are placeholders, such as 9999-12-31, and no days of a figure
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
#: no figure is so late that a day before this could bear on it
_EARLIEST: Final = date(1700, 1, 1)
_DAY: Final = timedelta(days=1)
#: words of a figure beside the name of its period: "Q2 2023/24 to date"
_TO_DATE: Final = frozenset(("to", "date", "ytd"))


class Changes(NamedTuple):
    """The days on which the rule for a figure may become another."""

    #: single days, ascending
    days: tuple[date, ...] = ()
    #: whether each first day of a month is one
    monthly: bool = False
    #: whether the last day of each month is one too
    at_month_ends: bool = False

    def with_those_of(self, other: Changes) -> Changes:
        """Those of both."""
        days = self.days if other.days == self.days else tuple(sorted({*self.days, *other.days}))
        return Changes(days, self.monthly or other.monthly, self.at_month_ends or other.at_month_ends)

    def stretch(self, day: date) -> date:
        """The first day of the stretch of days without a change that ``day`` is in."""
        if self.at_month_ends and (day + _DAY).day == 1:
            return day
        number = bisect_right(self.days, day)
        last = self.days[number - 1] if number else FIRST_DAY
        return max(last, day.replace(day=1)) if self.monthly else last

    def between(self, first_day: date, last_day: date) -> list[date]:
        """The first days of all stretches from one day to another, the first of which begins on ``first_day``."""
        found = {first_day, *(day for day in self.days if first_day < day <= last_day)}
        month = add_months(first_day.replace(day=1), 1)
        while self.monthly and month - _DAY <= last_day:
            found |= {month - _DAY} if self.at_month_ends and month - _DAY > first_day else set()
            found |= {month} if month <= last_day else set()
            month = add_months(month, 1)
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Timed:
    """A rule with what is known of the time of its figures: whether they add up, over which year, and how late they come.

    ``accumulation`` (cumulative, snapshot, rolling, average) is what is known of the figures where the target does not
    say it itself ("28 cumulative"); only those of cumulative figures are pro-rated. ``year`` (financial if it is not
    said), ``profile`` and ``lag`` are those of ``Rule.to_date``; a year that is said is that of quarters which come round
    ("Q1 70%, Q2 72%") too, where the rule knows none.

    >>> from rag_rules.front import rule
    >>> Timed(rule("at most 28"), accumulation="cumulative").at(date(2023, 9, 30)).aim
    'at most 14'

    Raises ``SettingError`` for what is no rule, for words that nobody knows, and for a profile that does not come to the
    target.
    """

    rule: Rule
    accumulation: str | None = None
    year: str | int | Year | None = None
    profile: str | Profile | None = None
    lag: str | None = None
    #: what is derived once and used often
    quick: dict[str, Any] = field(default_factory=dict, compare=False, repr=False, hash=False)

    def __post_init__(self) -> None:
        if not isinstance(self.rule, Rule):
            raise SettingError(
                f"times are those of a rule, and not of {called(self.rule)}",
                hint='write Timed(rule("at most 28"), ...)',
            )
        told = accumulation_of(self.rule)
        said = Accumulation.read(self.accumulation) if self.accumulation is not None else None
        year = Year.read(self.year) if self.year is not None else FINANCIAL
        profile = Profile.read(self.profile) if self.profile is not None else None
        self.quick["read"] = _Read(
            self.rule if self.year is None else _of_year(self.rule, year),
            (told or said) is Accumulation.CUMULATIVE, year, profile, Lag.read(self.lag) if self.lag is not None else None,
        )  # fmt: skip
        for each in (self.rule, *self.rule.stages):
            if profile is not None and each.bands is not None:
                profile.shares(year, year_target(each))

    def or_else(self, accumulation: str | None, year: str | int | Year | None) -> Timed:
        """The same, with what is not said of this rule taken from what is said of all.

        Raises ``SettingError`` for a profile of figures of which nobody says that they add up.
        """
        own = self.accumulation if self.accumulation is not None else accumulation
        found = replace(self, accumulation=own, year=self.year if self.year is not None else year, quick={})
        if found.profile is not None and not found._read.adds_up:
            raise SettingError(
                "a profile is for figures that add up over the year, and nothing says that these do",
                hint='write accumulation="cumulative"',
            )
        return found

    @property
    def _read(self) -> _Read:
        found: _Read = self.quick["read"]
        return found

    @property
    def said_year(self) -> Year | None:
        """The kind of year that is said of the figures, or that the target's own quarters and years are of; ``None`` for none."""
        if self.year is not None:
            return self._read.year
        body = self.rule.target.body
        return year_of(body) if isinstance(body, Trajectory) else None

    @property
    def depends_on_time(self) -> bool:
        """Whether a reading can have one status at one time and another at another."""
        return self._read.adds_up or self.rule.reason is Reason.DATE_NEEDED

    def at(self, day: date | Period) -> Rule:
        """The rule for the figure of a day, or of a period as it stands on its last day.

        That of ``Rule.at``, and of ``Rule.to_date`` where figures add up; a stage of a trajectory that is for its own
        time is taken as written. What cannot be pro-rated has no bands, and that as its reason.

        Raises ``SettingError`` for what is no day and no period, such as a text.
        """
        return self.standing(day if isinstance(day, Period) else day_of(day)).made()

    def standing(self, day: date | Period) -> Standing:
        """``at``, before the rule is made."""
        read, last_day = self._read, day.last_day if isinstance(day, Period) else day
        found = read.rule.at(read.lag.before(last_day) if read.lag is not None else last_day)
        if not read.adds_up:
            return Standing(found)
        if found.stages:
            return Standing(found, stages=tuple(self._to_date(stage, day) for stage in found.stages))
        return self._to_date(found, day)

    def over_time(self, first_day: date, last_day: date) -> Steps[date, Rule]:
        """The rule in force on each day from one to another; what its notes say of days, they say of a stretch's first.

        >>> from rag_rules.front import rule
        >>> steps = Timed(rule("70% before October 2023, then 80%", polarity="higher")).over_time(date(2023, 4, 1), date(2024, 3, 31))
        >>> [(str(cut.at) if cut else "", made.aim) for cut, made, _ in steps.pieces()]
        [('', 'at least 70%'), ('2023-10-01', 'at least 80%')]

        Raises ``SettingError`` for a last day before the first, for days before 1900 or after 2200, and for what is none.
        """
        first_day, last_day = day_of(first_day), day_of(last_day)
        if not FIRST_DAY <= first_day <= last_day <= LAST_DAY:
            raise SettingError(
                f"{first_day} to {last_day} is no stretch of days",
                hint=f"give two days from {written_date(FIRST_DAY)} to {written_date(LAST_DAY)}, the earlier first",
            )
        first, *others = self.changes().between(first_day, last_day)
        return Steps.of(self.at(first), *((Cut(day, Side.BEFORE, "time"), self.at(day)) for day in others))

    def changes(self) -> Changes:
        """On which days the rule may become another; where quarters come round, on any first day of a month."""
        read, body = self._read, self.rule.target.body
        days: tuple[date, ...] = ()
        monthly = read.adds_up
        if isinstance(body, Trajectory) and self.rule.reason is Reason.DATE_NEEDED:
            if comes_round(body):
                monthly = True
            else:
                cuts = [cut.at for cut in holding(body, FIRST_DAY).cuts if _EARLIEST < cut.at <= LAST_DAY]
                days = tuple(sorted({_shown(day, read.lag) for day in cuts}))
        return Changes(days, monthly, read.adds_up)

    def unplaced(self, reason: Reason | None) -> Standing:
        """The rule for a figure of which nothing tells the time, or of which it cannot be told, for a reason.

        The rule itself, if it is the same at any time.
        """
        is_dated = self.rule.reason is Reason.DATE_NEEDED
        is_rule = self.rule.bands is not None or self.rule.stages
        if not self.depends_on_time or not is_rule or (reason is None and not self._read.adds_up):
            return Standing(self.rule)
        if reason is not None:
            return Standing(self.rule, problem=(reason, f"it is not known which time the figure is of: {reason}"))
        why = "nothing says of which time the figure is, so it cannot be told how much of the target is due"
        return Standing(self.rule, problem=(Reason.DATE_NEEDED if is_dated else Reason.NOT_PRO_RATED, why))

    def _to_date(self, rule: Rule, day: date | Period) -> Standing:
        """A rule of one time, pro-rated if it is for a year."""
        if rule.bands is None:
            return Standing(rule)
        if (as_written := of_its_time(rule)) is not None:
            return Standing(as_written)
        if rate := rate_of(rule):
            why = (
                f"the target is a rate ({rate}), and a total since the year began cannot be held against it; "
                "write the target for the year"
            )
            return Standing(rule, problem=(Reason.NOT_PRO_RATED, why))
        read = self._read
        try:
            return Standing(rule, due_of(rule, day, read.year, read.profile, read.lag), adds_up=True)
        except SettingError as error:
            return Standing(rule, problem=(Reason.NOT_PRO_RATED, error.sentence))


class Standing(NamedTuple):
    """What a figure is held against at some time, before that is a rule: of many days it is one and the same."""

    #: the rule of that time, of the whole year if it is for one
    rule: Rule
    #: how much of it is due; ``None`` where it is due in full
    due: Due | None = None
    adds_up: bool = False
    #: why there is no status, and that in words
    problem: tuple[Reason, str] | None = None
    #: each of the rules that may be meant, where the words leave open which
    stages: tuple[Standing, ...] = ()

    @property
    def key(self) -> Hashable:
        """What is the same where, of one rule, the same is said of every reading, though not in the same words."""
        share = self.due.share if self.due is not None else None
        reason = self.problem[0] if self.problem is not None else None
        of = (id(self.rule.stage), *(id(each.stage) for each in self.rule.stages))
        return of, self.rule.reason, share, reason, tuple(stage.key for stage in self.stages)

    def made(self) -> Rule:
        """The rule."""
        if self.problem is not None:
            reason, missing = self.problem
            return replace(
                self.rule, goal=None, bands=None, exact_bands=None, conflicts=(), stages=(), reason=reason, missing=missing, quick={}
            )  # fmt: skip
        if self.stages:
            return replace(self.rule, stages=tuple(stage.made() for stage in self.stages), quick={})
        return as_due(self.rule, self.due) if self.adds_up else self.rule


class _Read(NamedTuple):
    """What is said of a figure's time, read."""

    #: the rule, in a year that is said for its quarters where it names none itself
    rule: Rule
    adds_up: bool
    year: Year
    profile: Profile | None
    lag: Lag | None


def _of_year(rule: Rule, year: Year) -> Rule:
    """The rule with a year for quarters that come round, where it is not known which year they are of."""
    body = rule.target.body
    if not isinstance(body, Trajectory) or not comes_round(body) or body.year is not None:
        return rule
    return replace(rule, target=replace(rule.target, body=replace(body, year=year)), quick={})


def _shown(day: date, lag: Lag | None) -> date:
    """The first day for which a figure of ``day`` or later is shown."""
    if lag is None:
        return day
    found = lag.after(day) - 4 * _DAY  # months are not all as long
    while lag.before(found) < day:
        found += _DAY
    return found


def period_of_text(text: str, year: Year) -> Period | Reason:
    """The period that a text names, in years of a kind; a reason where it names none for certain, and nowhere says so.

    >>> str(period_of_text("Q2 2023/24", FINANCIAL)), period_of_text("Q3 2023", FINANCIAL), period_of_text("Q2", FINANCIAL)
    ('2023/24 Q2', <Reason.AMBIGUOUS>, <Reason.BAD_DATE>)
    """
    named = named_period(text, year_start=year.starts)
    if named is None or named.days is None or named.year is None or not _TO_DATE.issuperset(named.rest.split()):
        return Reason.AMBIGUOUS if _has_two_meanings(text, year) else Reason.BAD_DATE
    if named.untold:
        return Reason.AMBIGUOUS
    # "Q3 2023" is no riddle where years are said to be those of the calendar; "FY23" is one, of which notes would tell
    is_of_calendar = year == CALENDAR and named.kind in LENGTHS and "/" not in named.days.label
    return named.days if is_of_calendar or not named.notes else Reason.AMBIGUOUS


def _has_two_meanings(text: str, year: Year) -> bool:
    """Whether the grammar refuses a text as one that could be either of two days: 4/5/2023."""
    try:
        parse_period(text, year=year)
    except DateSyntaxError as error:
        return len(error.nearest) > 1
    return False
