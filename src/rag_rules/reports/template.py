"""An empty scorecard as a workbook to fill in, and a filled one with how each target was understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rag_rules.models import ReportingPeriod, Scheme
from rag_rules.periods import FINANCIAL
from rag_rules.reports.sheets import (
    FIRST,
    HEADS,
    INPUT,
    MIDDLE,
    NARROW,
    QUIET,
    SETTINGS,
    WIDE,
    Book,
    Column,
    as_text,
    fits,
    setting_text,
    target_of,
    text,
    unlike,
    written_value,
)
from rag_rules.reports.words import group_columns

if TYPE_CHECKING:
    from rag_rules.models import Action, Aim, Indicator, Objective, RatedIndicator, Report, Scorecard, Task

__all__ = ["render"]

#: blank rows below those that are filled
_SPARE: Final = 100
_GROUPS: Final = ("Priority", "Directorate")
#: what the drop-downs offer; another word may be typed
_OFFERS: Final = {
    "polarity": ("higher", "lower", "in range"),
    "accumulation": ("cumulative", "snapshot", "rolling", "average"),
    "frequency": ("monthly", "quarterly", "half-yearly", "annual"),
    "year": ("financial", "academic", "calendar", "federal"),
    "rounding": ("exact", "as displayed", "round to 0 dp", "round to 1 dp"),
    "unit": ("%", "£", "days", "weeks", "months", "years", "kg", "tonnes", "tCO2e", "percentage points"),
}  # fmt: skip
#: what each column of the indicators holds, with an example
_ABOUT: Final = {
    "ref": ("A label of your own. It may repeat; a warning says so.", "1.6"),
    "name": ("What is measured.", "Repairs completed on time"),
    "target": ("The target as you write it, with its sign and its unit.", "at least 95%"),
    "read as": ("How the target was understood. Nothing to fill in: rag-rules writes it.", "at least 95%"),
    "means": ("Which readings are green, amber and red. Nothing to fill in.", "red |90.25% amber |95% green"),
    "polarity": ("Which way is better. Needed where the target does not say: 95%.", "higher"),
    "tolerance": ("How far off is still amber. Blank: as in the sheet Scheme, or else none.", "5%"),
    "unit": ("The unit of a target that is written without one.", "days"),
    "scale": ("Words in order, the worst first.", "Poor < Fair (amber) < Good"),
    "benchmarks": ("Values that targets refer to, by name.", "national=77.8%"),
    "baseline": ("The value that a change starts from.", "1,200"),
    "rounding": ("Whether readings are compared exactly, or rounded first.", "exact"),
    "accumulation": ("Whether figures add up over the year. Cumulative targets are pro-rated.", "cumulative"),
    "frequency": ("How often there is a reading.", "quarterly"),
    "profile": ("What is due by each part of the year, where that is not even.", "Q1 20%, Q2 45%, Q3 70%, Q4 100%"),
    "year": ("The year that a target is for.", "financial"),
    "lag": ("How late readings are published.", "1 quarter in arrears"),
    "owner": ("Who answers for it.", "Head of Housing"),
    "published": ("The status that was published, to hold the worked-out one against.", "Green"),
    "override": ("A status that somebody sets by hand. It is shown beside the worked-out one.", "Amber"),
    "override_reason": ("Why it is set by hand.", "The figure is under review."),
    "override_by": ("Who sets it.", "Head of Housing"),
    "override_until": ("The last day on which it holds.", "2023-12-31"),
    "weight": ("How much it counts where a group is weighted; 1 where blank.", "2"),
    "comment": ("What to say of it in the report.", "Two crews were short of staff."),
    "group": ("What reports gather indicators by.", "A county for everyone"),
    "reading": ("The reading of the period, or a word such as DNA where there is none.", "94.7%"),
}  # fmt: skip


def render(day: date, report: Report | None = None) -> bytes:
    """A workbook to fill in; with a report it holds the scorecard, and how each of its targets was understood.

    An empty one has the quarters of the financial year that ``day`` is in. Raises ``MissingExtraError`` without
    XlsxWriter, and ``ValueError`` for a report that does not carry its scorecard.
    """
    if report is None:
        year = day.year if day.month >= FINANCIAL.starts else day.year - 1
        quarters = [FINANCIAL.quarter(year, number) for number in (1, 2, 3, 4)]
        name = str(FINANCIAL.year(year))
        periods = tuple(
            ReportingPeriod(label=f"Q{number} {name}", ends=quarter.last_day)
            for number, quarter in enumerate(quarters, start=1)
        )
        return _Template("My scorecard", day, Scheme(tolerance="5%"), periods, _GROUPS, []).made()
    scorecard = report.scorecard
    if scorecard is None:
        raise ValueError("the report does not carry its scorecard")
    rows = list(zip(report.indicators, scorecard.indicators, strict=True))
    groups = group_columns(report) or _GROUPS
    return _Template(report.title, day, scorecard.scheme, scorecard.periods, groups, rows).made(scorecard)


class _Template(Book):
    """The workbook in the making."""

    def __init__(
        self,
        title: str,
        day: date,
        scheme: Scheme,
        periods: Sequence[ReportingPeriod],
        groups: Sequence[str],
        rows: Sequence[tuple[RatedIndicator, Indicator]],
    ) -> None:
        super().__init__(title, day)
        self.title, self.scheme_of, self.periods_of, self.groups, self.rows = title, scheme, periods, groups, rows

    def made(self, scorecard: Scorecard | None = None) -> bytes:
        """The finished workbook."""
        start = self.sheet("Start")
        columns = self._columns()
        heads = dict(zip(columns, unlike([column.head for column in columns.values()]), strict=True))
        sheet = self._form("Indicators", self.title, _SAID, list(columns.values()))
        for index, key in enumerate(columns):
            if (offered := _OFFERS.get(key)) is not None:
                self._offer(sheet, index, offered)
        self._actions(scorecard.actions if scorecard is not None else ())
        self._plan(scorecard.aims if scorecard is not None else ())
        group_heads = [heads[f"group {name}"] for name in self.groups]
        named = {"benchmarks": "benchmark"}
        fields = {named.get(key, key): heads[key] for key in (*SETTINGS, "ref", "name", "target", "comment")}
        self.scheme(self.title, self.scheme_of, group=group_heads, columns=fields)
        targets = {
            each.label: heads[f"target {each.label}"] for each in self.periods_of if f"target {each.label}" in heads
        }
        self.periods(self.periods_of, {each.label: heads[f"reading {each.label}"] for each in self.periods_of}, targets)
        self._start(start, columns)
        start.activate()
        return self.closed()

    def _columns(self) -> dict[str, Column]:
        """The columns of the indicators by what they hold."""

        def column(
            head: str, width: int, cell: Callable[[RatedIndicator, Indicator], str | None], **look: Any
        ) -> Column:
            return Column(head, width, [text(cell(rated, source)) for rated, source in self.rows], look=look or INPUT)

        found = {
            "ref": column("Ref", 9, lambda _, source: source.ref),
            "name": column("Indicator", WIDE, lambda _, source: source.name),
            "target": column("Target", MIDDLE, lambda rated, source: "" if source.trouble else as_text(source.target)),
            "read as": column("Read as", MIDDLE, lambda rated, _: _read_as(rated), font_color=QUIET),
            "means": column("Means", 32, lambda rated, _: rated.target.bands, font_color=QUIET),
        }
        for key in ("polarity", "tolerance", "unit"):
            found[key] = self._setting(key, column)
        for period in self.periods_of:
            found[f"reading {period.label}"] = self._readings(period.label)
        for name in self.groups:
            groups = [text(rated.groups.get(name)) for rated, _ in self.rows]
            found[f"group {name}"] = Column(name, MIDDLE, [*groups], look=INPUT)
        for key in SETTINGS:
            if key not in found:
                found[key] = self._setting(key, column)
        found["comment"] = column("Comment", 60, lambda _, source: source.comment)
        if any(source.targets or source.history for _, source in self.rows):
            for period in self.periods_of:
                targets = [text(target_of(source, period.label, period.ends)) for _, source in self.rows]
                found[f"target {period.label}"] = Column(f"Target {period.label}", MIDDLE, [*targets], look=INPUT)
        return found

    def _setting(self, key: str, column: Callable[..., Column]) -> Column:
        return column(SETTINGS[key], 16, lambda _, source: setting_text(getattr(source, key)))

    def _readings(self, label: str) -> Column:
        cells = [written_value(as_text(source.readings.get(label))) for _, source in self.rows]
        return Column(label, NARROW + 2, cells, look={**INPUT, "align": "right"})

    def _form(self, name: str, title: str, said: str, columns: list[Column]) -> Any:
        """A sheet with the columns and blank rows below them."""
        sheet = self.sheet(name)
        for column in columns:
            column.cells.extend([None] * _SPARE)
        self.table(sheet, title, said, columns, frozen=2)
        return sheet

    def _offer(self, sheet: Any, column: int, words: Sequence[str]) -> None:
        """A drop-down in a column, beside which another word may be typed."""
        if fits(words):
            sheet.data_validation(FIRST, column, HEADS + len(self.rows) + _SPARE, column, {
                "validate": "list", "source": list(words), "error_type": "information",
                "error_title": "Not in the list", "error_message": "rag-rules check says whether this is understood.",
            })  # fmt: skip

    def _actions(self, actions: Sequence[Action]) -> None:
        groups = tuple(dict.fromkeys(column for each in actions for column in each.groups)) or _GROUPS
        columns = [
            Column("Ref", 9, [text(each.ref) for each in actions], look=INPUT),
            Column("Action", WIDE, [text(each.name) for each in actions], look=INPUT),
            *_dates(actions),
            Column("Owner", MIDDLE, [text(each.owner) for each in actions], look=INPUT),
            *(Column(by, MIDDLE, [text(each.groups.get(by)) for each in actions], look=INPUT) for by in groups),
            Column("Progress", 60, [text(each.progress) for each in actions], look=INPUT),
        ]
        self._form("Actions", "Actions", "A delivery programme, if there is one: a row for each action.", columns)

    def _plan(self, aims: Sequence[Aim]) -> None:
        pairs: list[tuple[Aim, Objective | None]] = [
            (aim, each) for aim in aims for each in (aim.objectives or (None,))
        ]
        columns = [
            Column("Ref", 9, [text(aim.ref) for aim, _ in pairs], look=INPUT),
            Column("Objective", WIDE, [text(each.name if each else "") for _, each in pairs], look=INPUT),
            *_dates([each for _, each in pairs]),
            Column("Aim", WIDE, [text(aim.name) for aim, _ in pairs], look=INPUT),
            Column("Theme", MIDDLE, [text(aim.theme) for aim, _ in pairs], look=INPUT),
            Column("Responsible", MIDDLE, [text("; ".join(aim.responsible)) for aim, _ in pairs], look=INPUT),
            Column("Resource impact", 16, [text(aim.resource_impact) for aim, _ in pairs], look=INPUT),
            Column("Objective progress", 60, [text(each.progress if each else "") for _, each in pairs], look=INPUT),
            Column("Aim progress", 60, [text(aim.progress) for aim, _ in pairs], look=INPUT),
        ]
        self._form("Plan", "Strategic plan", "A plan, if there is one: a row for each objective of an aim.", columns)

    def _start(self, sheet: Any, columns: Mapping[str, Column]) -> None:
        """What to do, and what each column of the indicators holds."""
        about = [
            (column.head, *_ABOUT.get(key, _ABOUT.get(key.partition(" ")[0], ("", ""))))
            for key, column in columns.items()
        ]
        table = [
            Column("Column", MIDDLE, [text(head) for head, _, _ in about], look={"bold": True}),
            Column("What it holds", 72, [said for _, said, _ in about]),
            Column("For example", 36, [example for _, _, example in about], look={"font_color": QUIET}),
        ]
        said = (
            "Fill in the framed cells of the sheet Indicators; Ref, Indicator, Target and one reading are enough to begin. "
            "Then: rag-rules report, with the name of this file."
        )
        self.table(sheet, "How to fill in this scorecard", said, table)


_SAID: Final = (
    "A row for each indicator. What the columns hold is said in the sheet Start. Read as and Means are filled by: "
    "rag-rules template --from this file -o another."
)


def _read_as(rated: RatedIndicator) -> str:
    """How the target was understood, or why it was not."""
    if rated.target.bands is not None or (rated.target.canonical and not rated.target.text):
        return rated.target.canonical or ""
    return rated.explanation if rated.target.text else ""


def _dates(tasks: Sequence[Task | None]) -> list[Column]:
    """The columns that actions and objectives have in common."""
    heads = {"due": "Due", "revised_due": "Revised", "finished_on": "Finished", "reported": "Reported"}
    return [
        Column(head, 16, [text(getattr(each, key) if each else "") for each in tasks], look=INPUT)
        for key, head in heads.items()
    ]
