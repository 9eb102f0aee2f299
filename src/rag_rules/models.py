"""What is on file and what is concluded from it: the records of scorecards and reports."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from rag_rules.deadlines import Precision
from rag_rules.errors import ScorecardError
from rag_rules.settings import Boundary
from rag_rules.shapes import SHAPES, Shape
from rag_rules.states import Clash, Reported, State
from rag_rules.status import Reason, Status

__all__ = [
    "Action",
    "Agreement",
    "Aim",
    "Changes",
    "ClashCount",
    "Count",
    "CutShown",
    "DatedTarget",
    "DeadlineShown",
    "Forecast",
    "GroupCount",
    "Highlights",
    "Indicator",
    "Look",
    "Objective",
    "OnFile",
    "PastReading",
    "Problem",
    "Kind",
    "RatedAction",
    "RatedAim",
    "RatedIndicator",
    "RatedObjective",
    "RatedTask",
    "ReadingShown",
    "Reconciliation",
    "Report",
    "ReportingPeriod",
    "RowNamed",
    "Scheme",
    "Scorecard",
    "StatusChange",
    "Summary",
    "TableOnFile",
    "TargetShown",
    "Task",
    "TaskCount",
    "TaskGroupCount",
    "TaskSummary",
    "TriedPolicy",
    "TypedShown",
    "Verdict",
    "checked",
]

#: a cell as it stands in a file: text, or a number that the file holds as one
Cell = str | int | float | Decimal | bool | None
#: the languages that pages can have: English and Welsh
Language = Literal["en", "cy"]
Colour = Annotated[str, Field(pattern="^#[0-9a-fA-F]{6}$")]


class Record(BaseModel):
    """A frozen record; unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False, coerce_numbers_to_str=True)


class RollUp(Record):
    """How the statuses of a group's indicators are drawn together."""

    policy: Literal["counts", "worst", "share green", "weighted"] = Field(
        default="counts", description="counts gives a group no status of its own"
    )
    green: str = Field(default="80%", description="a group is green from this share (share green, weighted)")
    amber: str = Field(default="60%", description="and amber from this one")


def _lowered(value: object) -> object:
    """A text in lower case, as the names of states are."""
    return value.strip().lower() if isinstance(value, str) else value


class Scheme(Record):
    """How an organisation rates: the settings of indicators that have none of their own, and its words."""

    tolerance: str | None = Field(default=None, description="default tolerance, e.g. 5%")
    polarity: str | None = Field(default=None, description="default polarity")
    rounding: str | None = Field(default=None, description="exact (the default), as displayed, or round to N dp")
    green_within: str | None = Field(default=None, description="how far off the target still counts as green, e.g. 10%")
    amber_if_improving: str | bool | None = Field(
        default=None, description="when red is amber: true, or improving or maintained on the same period last year"
    )
    conflicts: Literal["refuse", "worse"] | None = Field(
        default=None, description="what becomes of readings in a gap or overlap of explicit bands"
    )
    benchmarks: dict[str, Cell] = Field(default_factory=dict, description="values by name, for every indicator")
    boundary: Boundary | None = Field(
        default=None, description="whether a bare target such as 95% is met on its limit; inclusive unless said"
    )
    year_start: str = Field(
        default="April", description="the year: financial, academic, calendar, federal, or the month in which it begins"
    )
    missing: tuple[str, ...] = Field(default=(), description="words for missing data besides the documented ones")
    words: dict[Status, str] = Field(default_factory=dict, description="what the statuses are called in reports")
    task_words: dict[Status, str] = Field(
        default_factory=dict,
        description="what the statuses of actions and objectives are called: amber = delayed under 3 months",
    )
    colours: dict[Status, Colour] = Field(default_factory=dict, description="colours of the statuses on pages: #00795f")
    shapes: dict[Status, Shape] = Field(default_factory=dict, description="outlines of the statuses: tick, cross, ...")
    language: Language = Field(default="en", description="of a page's headings: en or cy")
    logo: str | None = Field(default=None, description="a picture in the scorecard's folder, for pages")
    comment_required: tuple[Status, ...] = Field(default=(), description="statuses that need a comment: red")
    roll_up: RollUp = RollUp()
    due_soon: str | None = Field(default=None, description="how long before its deadline work is due soon: 30 days")
    grace: str | None = Field(default=None, description="how long after its deadline late work is amber: 3 months")
    day_order: str | None = Field(
        default=None, description="how dates such as 03/04/2014 are meant: day first or month first"
    )
    reported: dict[str, Annotated[Reported, BeforeValidator(_lowered)]] = Field(
        default_factory=dict, description="what words of reported progress mean: Blue = completed"
    )
    resource_impact: dict[str, str] = Field(
        default_factory=dict, description="what the codes of resource impact stand for"
    )
    holidays: tuple[date, ...] = Field(default=(), description="days on which nobody works, besides weekends")

    @field_validator("shapes")
    @classmethod
    def _four_outlines(cls, given: dict[Status, Shape]) -> dict[Status, Shape]:
        """The shapes, if no two statuses have one; else people who do not see colours could not tell them apart."""
        shared = [shape for shape, number in Counter({**SHAPES, **given}.values()).items() if number > 1]
        if shared:
            raise ValueError(f"two statuses would have the shape {shared[0]}; give each its own")
        return given

    def word(self, status: Status) -> str:
        """What ``status`` is called."""
        return self.words.get(status, status.value.capitalize())


class ReportingPeriod(Record):
    """A period of the scorecard, in the order of its readings."""

    label: str
    ends: date | None = None
    column: str | None = Field(default=None, description="the column of a wide table that holds its readings")
    target: str | None = Field(
        default=None, description="the column that holds its targets, where each period has its own"
    )


class DatedTarget(Record):
    """A target with the day from which it holds."""

    since: date
    target: Cell = None


class Indicator(Record):
    """One row of the scorecard. ``ref`` is a label, not a key: real reports repeat one."""

    row: int = Field(description="number of the row in its table, the first below the headings being 1")
    place: str = Field(description="where it stands, for messages: kpis.csv, row 17")
    ref: str = ""
    name: str = ""
    target: Cell = None
    groups: dict[str, str] = Field(default_factory=dict, description="grouping columns: priority, directorate, ...")
    polarity: str | None = None
    tolerance: str | None = None
    unit: str | None = None
    scale: str | None = None
    benchmarks: dict[str, Cell] | str | None = None
    baseline: Cell = None
    rounding: str | None = None
    frequency: str | None = None
    accumulation: str | None = Field(
        default=None, description="cumulative (targets are pro-rated), snapshot, rolling or average"
    )
    year: str | None = Field(
        default=None, description="financial, academic, calendar, federal, or the month in which it begins"
    )
    lag: str | None = Field(default=None, description="how late readings are published, e.g. 1 quarter in arrears")
    profile: str | None = Field(
        default=None, description="what is due by each part of the year: Q1 20%, Q2 45%, Q3 70%, Q4 100%"
    )
    owner: str | None = None
    comment: str | None = None
    published: str | None = Field(default=None, description="the status that was published, in the table's own words")
    override: str | None = Field(default=None, description="the status that somebody sets by hand")
    override_reason: str | None = None
    override_by: str | None = None
    override_until: str | None = Field(default=None, description="the last day on which it holds")
    weight: Cell = Field(default=None, description="how much it counts where a group is weighted; 1 if blank")
    readings: dict[str, Cell] = Field(default_factory=dict, description="reading as written, by period label")
    targets: dict[str, Cell] = Field(default_factory=dict, description="target by period label, where it changed")
    history: tuple[DatedTarget, ...] = Field(
        default=(), description="targets that hold from a day on, the oldest first; before them it is `target`"
    )
    trouble: str | None = Field(
        default=None, description="what is wrong with the row as a whole, which leaves it unrated"
    )
    at: dict[str, tuple[str, str]] = Field(
        default_factory=dict,
        repr=False,
        description="place and column of each field; of readings under their period's label",
    )

    def where(self, key: str) -> tuple[str, str]:
        """The place and the column of a field, or of the reading of a period: ("kpis.csv, row 17", "target")."""
        return self.at.get(key, (self.place, key))


class Task(Record):
    """A piece of work with a deadline: what an action and an objective have in common."""

    row: int = Field(description="number of the row in its table, the first below the headings being 1")
    place: str = Field(description="where it stands, for messages: actions.csv, row 17")
    name: str = ""
    due: str | None = Field(default=None, description="the deadline as written: Oct-23, by late 2020, ongoing")
    revised_due: str | None = Field(default=None, description="the deadline that is in force instead, as written")
    finished_on: str | None = Field(default=None, description="the day it was finished, as written")
    reported: str | None = Field(default=None, description="the progress that is reported, in the words of the table")
    progress: str | None = Field(default=None, description="what is written of its progress")
    trouble: str | None = Field(
        default=None, description="what is wrong with the row as a whole, which leaves it unrated"
    )
    at: dict[str, tuple[str, str]] = Field(
        default_factory=dict, repr=False, description="place and column of each field"
    )

    def where(self, key: str) -> tuple[str, str]:
        """The place and the column of a field: ("actions.csv, row 17", "due")."""
        return self.at.get(key, (self.place, key))


class Action(Task):
    """One action of a delivery programme. ``ref`` is a label, not a key."""

    ref: str = ""
    groups: dict[str, str] = Field(default_factory=dict, description="grouping columns: priority, directorate, ...")
    owner: str | None = None


class Objective(Task):
    """One dated objective of an aim."""


class Aim(Record):
    """An aim of a strategic plan, with the objectives that are to bring it about."""

    theme: str = ""
    ref: str = ""
    name: str = ""
    resource_impact: str | None = Field(default=None, description="a code that the scheme gives a meaning")
    responsible: tuple[str, ...] = Field(default=(), description="the roles that answer for it, each of them once")
    progress: str | None = None
    objectives: tuple[Objective, ...] = ()

    @field_validator("responsible")
    @classmethod
    def _each_role_once(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """The roles without those that are listed a second time; else an objective would count twice for one role."""
        roles: dict[str, str] = {}
        for role in given:
            roles.setdefault(" ".join(role.casefold().split()), role)
        return tuple(roles.values())


#: the fields of an indicator that make its setting
SETTINGS: Final = ("polarity", "tolerance", "unit", "scale", "benchmarks", "baseline", "rounding")
Severity = Literal["error", "warning"]


class Problem(Record):
    """Something wrong with the table, with its place."""

    severity: Severity
    place: str = Field(description="kpis.csv, row 17, column target")
    message: str
    ref: str = ""
    row: int | None = None
    column: str | None = None


class Scorecard(Record):
    """What is on file."""

    title: str = "Scorecard"
    scheme: Scheme = Scheme()
    logo: str | None = Field(default=None, description="the scheme's logo as a data URI", repr=False)
    periods: tuple[ReportingPeriod, ...] = ()
    group_columns: tuple[str, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    action_groups: tuple[str, ...] = Field(default=(), description="the columns that actions are gathered under")
    actions: tuple[Action, ...] = ()
    aims: tuple[Aim, ...] = ()
    problems: tuple[Problem, ...] = Field(default=(), description="found while reading the files")


class CutShown(Record):
    """A place on the line of readings where the status changes."""

    at: Decimal = Field(description="in the unit of the bands")
    side: Literal["before", "after"] = Field(
        description="where it lies: before its value, which then belongs to the band above, or after it"
    )
    why: str = Field(default="", description="what it stands for: target, tolerance, benchmark: national average")


class TypedShown(Record):
    """What becomes of what is typed into a cell of a workbook: a number in the unit of the target, or a word."""

    cuts: tuple[CutShown, ...] = ()
    statuses: tuple[Status, ...] = ()
    words: dict[str, Status] = Field(default_factory=dict)
    is_share: bool = Field(default=False, description="whether the cell holds 0.95 for 95%")
    is_whole: bool = Field(default=False, description="whether only whole numbers from 1 on have a status")


class TargetShown(Record):
    """A target in a report."""

    text: str = Field(description="as written")
    canonical: str | None = Field(default=None, description="as understood, in the canonical spelling")
    bands: str | None = Field(default=None, description="the picture of its bands, e.g. red |90.25% amber |95% green")
    unit: str | None = Field(default=None, description="the unit of the bands: %, £, days; null for a plain number")
    cuts: tuple[CutShown, ...] = Field(
        default=(), description="where the status changes, ascending; none where the target is a word"
    )
    statuses: tuple[Status, ...] = Field(
        default=(), description="the statuses between the cuts, one more than there are cuts"
    )
    typed: TypedShown | None = Field(
        default=None, exclude=True, repr=False, description="what becomes of what is typed into a cell of a workbook"
    )
    to_date: str | None = Field(
        default=None,
        description="what is due by the end of the reading's period, of a target for the year: at most 14 by 30 September 2023",
    )


class ReadingShown(Record):
    """A reading in a report."""

    text: str = Field(description="as written")
    value: Decimal | None = Field(default=None, description="in the unit of the target's bands")
    unit: str | None = None


class PastReading(ReadingShown):
    """The reading of one period, as it was rated then."""

    period: str
    status: Status | None = Field(
        description="by the target of that period; None where it depended on a movement that is not worked out again"
    )


class OverrideShown(Record):
    """A status that somebody set by hand; it stands beside the computed one and never replaces it."""

    status: Status
    reason: str | None = None
    by: str | None = None
    until: date | None = Field(default=None, description="the last day on which it holds; open-ended if None")
    expired: bool = Field(default=False, description="whether that day has passed")


class Forecast(Record):
    """What a cumulative figure makes by the end of the year, if it goes on so."""

    value: Decimal = Field(description="in the unit of the target's bands, rounded for show")
    unit: str | None = None
    status: Status = Field(description="by the rule of the full year")
    by: Literal["run-rate", "profile"]
    needed_per_month: Decimal | None = Field(
        default=None, description="what each month left must bring, or may bring, to meet the target"
    )
    sentence: str


class RatedIndicator(Record):
    """An indicator with what was concluded of it."""

    row: int
    ref: str
    name: str
    period: str | None
    groups: dict[str, str] = Field(default_factory=dict)
    target: TargetShown
    reading: ReadingShown
    status: Status
    reason: Reason | None = None
    explanation: str
    movement: Literal["better", "worse", "same"] | None = Field(
        default=None, description="against the previous period, by polarity; None where it cannot be told"
    )
    previous: ReadingShown | None = None
    previous_status: Status | None = Field(default=None, description="of the history, for the previous period")
    history: tuple[PastReading, ...] = Field(
        default=(), description="the readings up to the period, each rated by the target of its own period"
    )
    movement_year: Literal["better", "worse", "same"] | None = Field(
        default=None, description="against the same period of the year before, by polarity"
    )
    previous_year: ReadingShown | None = None
    forecast: Forecast | None = Field(
        default=None, description="of a cumulative figure within its year; None where there is none"
    )
    notes: tuple[str, ...] = ()
    comment: str | None = None
    needs_comment: bool = Field(default=False, description="whether its status needs a comment, and there is none")
    published: str | None = Field(default=None, description="the published status as written")
    published_status: Status | None = Field(default=None, description="the status that it is taken for")
    override: OverrideShown | None = None


class Count(Record):
    """How many indicators have each status, and out of how many."""

    green: int = 0
    amber: int = 0
    red: int = 0
    unrated: int = 0

    @classmethod
    def of(cls, statuses: Iterable[Status]) -> Count:
        """How many of ``statuses`` are each."""
        return cls(**Counter(status.value for status in statuses))

    @property
    def total(self) -> int:
        """All of them."""
        return self.green + self.amber + self.red + self.unrated

    @property
    def rated(self) -> int:
        """Those with a status: the denominator of any share."""
        return self.total - self.unrated


class GroupCount(Record):
    """The counts of one group: ``by`` is the column, ``group`` its value."""

    by: str
    group: str
    counts: Count
    status: Status | None = Field(default=None, description="by the scheme's policy; None where that only counts")
    provenance: str = Field(default="", description="how the status comes about, with the reds that it may not hide")


class Summary(Record):
    """The counts of a report."""

    counts: Count
    total: int
    rated: int = Field(description="indicators with a status: the denominator of shares")
    reasons: dict[Reason, int] = Field(default_factory=dict, description="how many are unrated for each reason")
    groups: tuple[GroupCount, ...] = ()


class Highlights(Record):
    """What stands out in a report: positions in its ``indicators``, counted from 0."""

    meeting_improving: tuple[int, ...] = Field(default=(), description="green, and better than the period before")
    missing_improving: tuple[int, ...] = Field(default=(), description="amber or red, and better")
    missing_worsening: tuple[int, ...] = Field(default=(), description="amber or red, and worse")
    newly_missing: tuple[int, ...] = Field(default=(), description="amber or red, and green in the period before")
    best: tuple[int, ...] = Field(
        default=(), description="the largest movements for the better, as a share of the reading before"
    )
    worst: tuple[int, ...] = Field(default=(), description="the largest movements for the worse")


class Look(Record):
    """How a report is to look."""

    language: Language = Field(default="en", description="of headings and fixed words")
    colours: dict[Status, str] = Field(default_factory=dict, description="as #rrggbb")
    shapes: dict[Status, Shape] = Field(default_factory=dict, description="in place of the usual ones")
    logo: str | None = Field(default=None, description="a picture as a data URI", repr=False, exclude=True)


class DeadlineShown(Record):
    """A deadline in a report."""

    text: str = Field(description="as written")
    first_day: date | None = Field(default=None, description="the first day of the time that it names")
    last_day: date | None = Field(default=None, description="the last day on which it is met")
    precision: Precision = Precision.NONE
    original_day: date | None = Field(
        default=None, description="the last day of what was due before, where the text itself moves it"
    )
    notes: tuple[str, ...] = ()


class RatedTask(Record):
    """A piece of work with what was concluded of it: what actions and objectives have in common."""

    row: int
    ref: str = Field(description="its own ref, or that of its aim")
    name: str
    due: DeadlineShown | None = None
    revised: DeadlineShown | None = None
    finished_on: DeadlineShown | None = Field(default=None, description="a day, or the month that is all that is known")
    reported: str | None = Field(default=None, description="as written")
    reported_state: Reported | None = Field(default=None, description="what the reported word is taken to say")
    state: State
    undated: bool = Field(default=False, description="whether it has no date that could be met or missed")
    status: Status
    reason: Reason | None = None
    explanation: str
    slack: int | None = Field(
        default=None,
        description="days left to the deadline in force, negative after it; for finished work, days to spare",
    )
    slack_working_days: int | None = Field(
        default=None, description="the same in working days, where the scheme lists holidays"
    )
    disagreement: str | None = Field(default=None, description="how what is reported and the dates disagree")
    clash: Clash | None = Field(default=None, description="the kind of disagreement")
    notes: tuple[str, ...] = ()
    progress: str | None = None


class RatedAction(RatedTask):
    """An action with what was concluded of it."""

    groups: dict[str, str] = Field(default_factory=dict)
    owner: str | None = None


class RatedObjective(RatedTask):
    """An objective with what was concluded of it."""


class RatedAim(Record):
    """An aim with its objectives, each with what was concluded of it."""

    theme: str
    ref: str
    name: str
    resource_impact: str | None = Field(default=None, description="the code")
    resource_meaning: str | None = Field(default=None, description="what the scheme says that the code stands for")
    responsible: tuple[str, ...] = ()
    progress: str | None = None
    objectives: tuple[RatedObjective, ...] = ()


class ClashCount(Record):
    """How many that are reported with one word disagree with their dates in one way."""

    reported: str
    clash: Clash
    number: int


class TaskCount(Record):
    """The counts of some actions or objectives."""

    total: int
    counts: Count
    states: dict[State, int] = Field(default_factory=dict, description="those that occur, in the order of the states")
    reported: dict[str, int] = Field(
        default_factory=dict, description="by reported word, in order of appearance; empty where nothing is reported"
    )
    completed: int = Field(default=0, description="completed, in time or not")
    met: int = Field(default=0, description="completed early or on time, as far as that is known for certain")
    overdue: int = Field(default=0, description="past the deadline in force, and not finished")
    unreported: int = Field(default=0, description="past the deadline in force, and nothing says whether finished")
    revised: int = Field(default=0, description="with a revised deadline")
    undated: int = Field(default=0, description="without a date that could be met or missed")
    disagreements: tuple[ClashCount, ...] = ()


class TaskGroupCount(TaskCount):
    """The counts of one group: ``by`` is the column, ``group`` its value."""

    by: str
    group: str


class TaskSummary(TaskCount):
    """The counts of all actions, or of all objectives, and of each group of them."""

    groups: tuple[TaskGroupCount, ...] = ()


class Report(Record):
    """What is concluded from a scorecard at a date."""

    title: str
    as_of: date
    period: str | None
    words: dict[Status, str] = Field(default_factory=dict, description="what the statuses are called")
    task_words: dict[Status, str] = Field(
        default_factory=dict, description="what those of actions and objectives are called, beside their state"
    )
    tolerance: str | None = Field(default=None, description="the scheme's tolerance")
    summary: Summary
    highlights: Highlights = Highlights()
    indicators: tuple[RatedIndicator, ...]
    look: Look = Look()
    action_summary: TaskSummary | None = None
    actions: tuple[RatedAction, ...] = ()
    plan_summary: TaskSummary | None = None
    aims: tuple[RatedAim, ...] = ()
    problems: tuple[Problem, ...] = ()
    scorecard: Scorecard | None = Field(
        default=None, exclude=True, repr=False, description="what it is concluded from; the indicators are in its order"
    )

    def __eq__(self, other: object) -> bool:
        """Whether both say the same; what they are concluded from need not be the same."""
        return isinstance(other, Report) and self.model_dump() == other.model_dump()

    def __hash__(self) -> int:
        return hash((self.title, self.as_of, self.period, self.summary.total))

    def word(self, status: Status) -> str:
        """What ``status`` is called in this report."""
        return self.words.get(status, status.value.capitalize())

    def _repr_html_(self) -> str:
        from rag_rules.reports.svg import report_html  # only in notebooks

        return report_html(self)


Kind = Literal["indicator", "action", "objective"]


class RowNamed(Record):
    """An indicator, action or objective by its names."""

    kind: Kind = "indicator"
    row: int
    ref: str
    name: str


class StatusChange(RowNamed):
    """What a proposed change would do to the status of one indicator, action or objective."""

    target_before: str = Field(description="the target as written; of actions and objectives the deadline in force")
    target_after: str
    before: Status
    explanation_before: str
    after: Status
    explanation_after: str


class Changes(Record):
    """What a proposed change would do to the statuses of a scorecard at a date."""

    as_of: date
    period: str | None
    compared: int = Field(description="indicators that both scorecards have")
    compared_tasks: int = Field(default=0, description="actions and objectives that both have")
    before: Count = Field(description="of indicators")
    after: Count = Field(description="of indicators")
    changes: tuple[StatusChange, ...] = Field(description="those whose status would change")
    explained_otherwise: int = Field(description="how many would keep their status for another reason")
    only_before: tuple[RowNamed, ...] = ()
    only_after: tuple[RowNamed, ...] = ()
    notes: tuple[str, ...] = ()


Agreement = Literal["agrees", "disagrees", "cannot be compared"]


class Verdict(Record):
    """One published status beside the computed one."""

    kind: Kind
    row: int
    ref: str
    name: str
    published: str = Field(description="as written")
    published_status: Status | None = Field(
        default=None, description="the status that it is taken for; of actions and objectives there is none"
    )
    computed: Status
    agreement: Agreement
    explanation: str = Field(
        description="why the computed status is what it is, or how the dates contradict the report"
    )


class TriedPolicy(Record):
    """How many published statuses a policy gives, of those that are green, amber or red and that it rates."""

    tolerance: str
    boundary: Boundary = Field(description="whether a bare target such as 95% is met on its limit")
    pro_rated: bool = Field(
        description="whether cumulative figures are held against the part of the target that is due"
    )
    agreed: int
    compared: int
    sentence: str


class Reconciliation(Record):
    """What a comparison of published and computed statuses finds."""

    title: str
    as_of: date
    period: str | None
    verdicts: tuple[Verdict, ...]
    policies: tuple[TriedPolicy, ...] = Field(
        default=(), description="the best first; empty without the scorecard, and where nothing is published"
    )

    @property
    def disagreements(self) -> tuple[Verdict, ...]:
        """The verdicts that disagree."""
        return tuple(each for each in self.verdicts if each.agreement == "disagrees")


# what scorecard.toml, and the head of a YAML scorecard, say of the tables ---------------------------------------------


def _listed(value: object) -> object:
    """One text as a list of one."""
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class TableOnFile(Record):
    """How one table is to be read."""

    file: str | None = None
    sheet: str | None = None
    columns: dict[str, Names] = Field(default_factory=dict, description="heading by field: target = My target column")
    group: Names = Field(default=(), description="headings that indicators are gathered under")
    periods: tuple[ReportingPeriod, ...] = ()


class OnFile(Record):
    """What a scorecard's file says besides its tables."""

    title: str | None = None
    scheme: Scheme = Scheme()
    indicators: tuple[TableOnFile, ...] = ()
    readings: tuple[TableOnFile, ...] = ()
    targets: tuple[TableOnFile, ...] = ()
    actions: tuple[TableOnFile, ...] = ()
    plan: tuple[TableOnFile, ...] = ()


AnyRecord = TypeVar("AnyRecord", bound=Record)


def checked(kind: type[AnyRecord], data: Mapping[str, Any], *, place: str) -> AnyRecord:
    """The record that ``data`` from outside makes; raises ``ScorecardError`` that names every fault in it."""
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        faults = [_fault(place, dict(fault)) for fault in error.errors(include_url=False)]
    raise ScorecardError("; ".join(faults))


def _fault(place: str, fault: Mapping[str, Any]) -> str:
    """One fault as a message for whoever wrote the scorecard."""
    loc, kind, given = fault["loc"], fault["type"], fault["input"]
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)
    if kind == "extra_forbidden":
        known = {name for record in (OnFile, Scheme, TableOnFile, ReportingPeriod) for name in record.model_fields}
        return f"{place}: “{where}” is not a setting{_nearest(str(loc[-1]), known)}"
    if kind.startswith("date_") and isinstance(given, str):
        return f"{place}, {where}: “{_on_one_line(given)}” is no date; write it as 2023-12-31"
    if kind in ("enum", "literal_error") and isinstance(given, str):
        expected = str(fault.get("ctx", {}).get("expected", ""))
        near = _nearest(given, set(re.findall(r"'([^']+)'", expected)))
        wanted = expected.replace("'", "")
        return f"{place}, {where}: “{_on_one_line(given)}” is not known{near or f'; write {wanted}'}"
    message = fault["msg"]
    return f"{place}, {where}: {message[:1].lower()}{message[1:]}"


def _nearest(given: str, known: Iterable[str]) -> str:
    """The known name that is most like one that is not known, as a question; empty if none is."""
    from difflib import get_close_matches

    near = get_close_matches(given[:80], sorted(known), n=1)
    return f"; did you mean “{near[0]}”?" if near else ""


def _on_one_line(text: str) -> str:
    """A text from outside as messages show it: without controls, and cut where it is long."""
    return "".join(character if character.isprintable() else " " for character in text[:80])
