"""A report as a workbook that stays alive: another reading in its cell changes the status and the summary."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from rag_rules.errors import FormulaError, MissingExtraError
from rag_rules.files.number_formats import cell_number
from rag_rules.files.tables import letters, printable
from rag_rules.formula import Typed, formula
from rag_rules.reports.text import inert, one_line
from rag_rules.reports.words import (
    MOVEMENTS,
    STATUSES,
    group_columns,
    heading,
    method_lines,
    share,
    status_words,
    without,
)
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps

if TYPE_CHECKING:
    from rag_rules.models import (
        Count,
        GroupCount,
        Indicator,
        RatedAim,
        RatedIndicator,
        RatedObjective,
        RatedTask,
        Report,
        ReportingPeriod,
        Scheme,
        TaskGroupCount,
        TaskSummary,
        TypedShown,
    )

__all__ = ["render"]

Tick = Callable[[int, int], None]

#: code units of UTF-16 that a cell of Excel holds
_CELL: Final = 32_767
#: characters of a formula or a list in a data validation, and of a heading of a table
_CHECK: Final = 255
#: rows of the title, of the line below it, and of the headings, counted from 0
_TITLE, _HELP, _HEADS = 0, 1, 3
_FIRST: Final = _HEADS + 1
_WIDE, _MIDDLE, _NARROW = 42, 22, 12
#: points of one line, and of the tallest row that Excel has
_LINE, _TALLEST = 15, 409

#: text and fill of each status: at least 7:1, and told apart by shape and word besides
COLOURS: Final = {
    Status.GREEN: ("#0B3D1F", "#CFE8D5"),
    Status.AMBER: ("#4A2F00", "#FFE3A3"),
    Status.RED: ("#6B0A06", "#F9D2CE"),
    Status.UNRATED: ("#333333", "#E6E6E6"),
}
_INK, _QUIET, _RULE, _HEAD = "#1D2733", "#5B6770", "#D5DBE1", "#E3E8EE"
#: hand-entered cells: a pale fill in a frame
_INPUT: Final = {"bg_color": "#FFFBE6", "border": 1, "border_color": "#8A6D00"}
_FONT: Final = {"font_name": "Calibri", "font_size": 11, "font_color": _INK, "valign": "top"}

#: words for missing data that a cell for a number offers
_MISSING: Final = ("DNA", "N/A", "TBC", "[c]", "-")
#: what the scorecard says of an indicator besides its target and readings, under the headings that it is read by
SETTINGS: Final = {
    "polarity": "Polarity", "tolerance": "Tolerance", "unit": "Unit", "scale": "Scale", "benchmarks": "Benchmark",
    "baseline": "Baseline", "rounding": "Rounding", "accumulation": "Accumulation", "frequency": "Frequency",
    "profile": "Profile", "year": "Year", "lag": "Lag", "owner": "Owner",
}  # fmt: skip


def render(report: Report, progress: Tick | None = None) -> bytes:
    """``report`` as an Excel workbook: the same bytes wherever and whenever it is asked for.

    ``progress`` is called now and then with how many indicators are written, and of how many.

    Raises ``MissingExtraError`` without XlsxWriter.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtraError(
            "writing workbooks needs the package XlsxWriter", hint='pip install "rag-rules[xlsx]"'
        ) from None
    stream = io.BytesIO()
    given = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = _Book(xlsxwriter.Workbook(stream, given), report)
    book.write(progress)
    book.file.close()
    return stream.getvalue()


# cells ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Number:
    """A number with the format that shows it."""

    value: float
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class _Formula:
    """A formula with the value it has until it is worked out again."""

    formula: str
    value: str | float
    number_format: str = "General"


Value = str | _Number | _Formula | None


@dataclass(slots=True)
class _Column:
    """A column of a table: its heading, its width and the cell that it has in each row."""

    head: str
    width: int
    cells: list[Value] = field(default_factory=list)
    #: the look of its cells, and of its heading, besides that of all
    look: dict[str, Any] = field(default_factory=dict)
    head_look: dict[str, Any] = field(default_factory=dict)


def _text(value: str | None) -> str:
    """A text from outside as a cell holds it: its lines made inert, and no longer than Excel allows."""
    text = "\n".join(map(inert, (value or "").splitlines()))
    if 2 * len(text) <= _CELL:
        return text
    units = text.encode("utf-16-le")
    return text if len(units) <= 2 * _CELL else units[: 2 * (_CELL - 1)].decode("utf-16-le", "ignore") + "…"


def _height(texts: Iterable[tuple[str, int]]) -> float:
    """The height of a row that shows each text in a column of its width; programs differ in whether they find it."""
    lines = max((_lines(text, width) for text, width in texts if text), default=1)
    return min(_TALLEST, _LINE * lines + 2)


def _lines(text: str, width: int) -> int:
    if len(text) < width and "\n" not in text:
        return 1
    return sum(1 + int(len(line) * 1.1) // max(width, 1) for line in text[:4000].split("\n"))


def _unlike(heads: Sequence[str]) -> list[str]:
    """The headings, each told apart from those before it, as a table demands."""
    found: list[str] = []
    known: set[str] = set()
    for index, head in enumerate(heads):
        name = base = one_line(head, 200) or f"Column {index + 1}"
        number = 1
        while name.casefold() in known:
            number += 1
            name = f"{base} ({number})"
        known.add(name.casefold())
        found.append(name)
    return found


# the workbook ---------------------------------------------------------------------------------------------------------


class _Book:
    """The workbook in the making."""

    def __init__(self, file: Any, report: Report) -> None:
        self.file = file
        self.report = report
        self.words = {status: status_words(report, status) for status in Status}
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        title, _ = heading(report)
        file.set_properties({
            "title": title, "subject": "Performance report", "author": "", "comments": "Made by rag-rules",
            "created": datetime(report.as_of.year, report.as_of.month, report.as_of.day),
        })  # fmt: skip
        file.set_calc_mode("auto")

    def look(self, **given: Any) -> Any:
        """The format of a cell, made once for each look."""
        key = tuple(sorted({**_FONT, **given}.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(dict(key))
        return self._looks[key]

    def write(self, progress: Tick | None) -> None:
        """Write every sheet for which the report has something."""
        report, indicators = self.report, _Indicators(self)
        summary = self.sheet("Summary")
        places = [indicators.write(progress)] if report.indicators else []
        if report.action_summary is not None:
            places.append(self._actions(report.action_summary))
        if report.plan_summary is not None:
            places.append(self._plan(report.plan_summary))
        self._summary(summary, places)
        if report.problems:
            self._problems()
        self._method()
        if report.scorecard is not None:
            self._scheme(report.scorecard.scheme, indicators)
            self._periods(report.scorecard.periods, indicators)

    # one sheet with one table

    def sheet(self, name: str) -> Any:
        """A new sheet."""
        return self.file.add_worksheet(name)

    def table(self, sheet: Any, title: str, said: str, columns: Sequence[_Column], *, frozen: int = 0) -> None:
        """Fill a sheet: its title in A1, a line of help below it, and one table with filters and fixed headings."""
        sheet.write_string(_TITLE, 0, _text(title), self.look(bold=True, font_size=16))
        sheet.write_string(_HELP, 0, _text(said), self.look(font_color=_QUIET))
        rows = max(1, *(len(column.cells) for column in columns))
        heads = _unlike([column.head for column in columns])
        sheet.add_table(_HEADS, 0, _HEADS + rows, len(columns) - 1, {
            "name": f"{sheet.get_name()}Table", "style": None, "columns": [{"header": head} for head in heads],
        })  # fmt: skip
        sheet.set_row(_TITLE, 26)
        sheet.set_row(_HEADS, _height([(head, column.width - 3) for head, column in zip(heads, columns, strict=True)]))
        for index, (head, column) in enumerate(zip(heads, columns, strict=True)):
            side = {"align": column.look["align"]} if "align" in column.look else {}
            look = {"bold": True, "text_wrap": True, "bg_color": _HEAD, "bottom": 2, "bottom_color": _INK, **side}
            sheet.write_string(_HEADS, index, head, self.look(**{**look, **column.head_look, "valign": "bottom"}))
            sheet.set_column(index, index, column.width)
        for row, cells in enumerate(zip_longest(*(column.cells for column in columns)), start=_FIRST):
            texts = [(cell, column.width) for cell, column in zip(cells, columns, strict=True) if isinstance(cell, str)]
            sheet.set_row(row, _height(texts))
            for index, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                self.put(sheet, row, index, cell, column.look)
        sheet.freeze_panes(_FIRST, frozen)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEADS)
        sheet.set_footer("&L&A&RPage &P of &N")

    def put(self, sheet: Any, row: int, column: int, value: Value, look: dict[str, Any]) -> None:
        """Write one cell; text is never anything but text."""
        more = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE, **look}
        match value:
            case _Number():
                sheet.write_number(row, column, value.value, self.look(**more, num_format=value.number_format))
            case _Formula():
                more["num_format"] = value.number_format
                sheet.write_formula(row, column, value.formula, self.look(**more), value.value)
            case str() if value:
                sheet.write_string(row, column, value, self.look(**more))
            case _:
                sheet.write_blank(row, column, None, self.look(**more))

    def coloured(self, sheet: Any, first: int, last: int, column: int) -> None:
        """Colour the cells of a column by the words of the statuses that they hold."""
        for status, (ink, fill) in COLOURS.items():
            word = self.words[status].replace('"', '""')
            sheet.conditional_format(first, column, last, column, {
                "type": "formula", "criteria": f'=${letters(column)}{first + 1}="{word}"',
                "format": self.file.add_format({"font_color": ink, "bg_color": fill, "bold": True}),
            })  # fmt: skip

    # the sheets besides the indicators

    def _summary(self, sheet: Any, places: Sequence[_Place]) -> None:
        """The counts of all indicators, actions and objectives, and of each group, as formulas on the statuses."""
        report = self.report
        right = {"align": "right"}
        by, name = _Column("Gathered by", 20), _Column("Group", 40)
        counts = [
            _Column(self.words[status], 15, look=right, head_look={"font_color": ink, "bg_color": fill})
            for status, (ink, fill) in COLOURS.items()
        ]
        every, rated = _Column("All", 9, look=right), _Column("Rated", 9, look=right)
        green = _Column(f"{one_line(report.word(Status.GREEN), 60)}: share of rated", 18, look=right)
        rows = [(place, group) for place in places for group in (None, *place.counted)]
        for row, (place, group) in enumerate(rows, start=_FIRST + 1):
            by.cells.append(_text(one_line(group.by, 120)) if group is not None else place.name)
            name.cells.append((_text(group.group) or without(group.by)) if group is not None else "")
            found, inside = group.counts if group is not None else place.counts, ""
            if group is not None:
                own = f"$B{row}" if _text(group.group) else '""'
                inside = f",--EXACT({place.groups[group.by]},{own})"
            for index, (status, cell) in enumerate(zip(STATUSES, counts, strict=True)):
                head = f"{letters(index + 2)}${_HEADS + 1}"
                cell.cells.append(
                    _Formula(f"=SUMPRODUCT(--({place.statuses}={head}){inside})", getattr(found, status.value), "#,##0")
                )
            g, a, r, u = (f"{letters(index + 2)}{row}" for index in range(4))
            every.cells.append(_Formula(f"=SUM({g}:{u})", found.total, "#,##0"))
            rated.cells.append(_Formula(f"={g}+{a}+{r}", found.rated, "#,##0"))
            green.cells.append(_share(g, f"H{row}", found.green, found.rated))
        _, line = heading(report)
        said = f"{line} The counts follow the readings in the sheet Indicators."
        self.table(sheet, report.title or "Report", said, [by, name, *counts, every, rated, green], frozen=2)
        if places:
            self._chart(sheet, places[0].name)
        sheet.activate()

    def _chart(self, sheet: Any, name: str) -> None:
        """The counts in the first row as columns, beside the table."""
        chart = self.file.add_chart({"type": "column"})
        row = _FIRST
        chart.add_series({
            "name": name, "categories": ["Summary", _HEADS, 2, _HEADS, 5], "values": ["Summary", row, 2, row, 5],
            "points": [{"fill": {"color": COLOURS[status][1]}, "border": {"color": COLOURS[status][0]}} for status in STATUSES],
            "data_labels": {"value": True}, "gap": 60,
        })  # fmt: skip
        chart.set_legend({"none": True})
        chart.set_title({"name": f"{name} by status", "name_font": {"size": 12}})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 460, "height": 260})
        sheet.insert_chart(_HEADS, 10, chart, {
            "description": f"{name} by status, as columns. The figures are in the first row of the table.",
        })  # fmt: skip

    def _actions(self, summary: TaskSummary) -> _Place:
        report = self.report
        groups = tuple(dict.fromkeys(column for action in report.actions for column in action.groups))
        by = {
            column: _Column(column, _MIDDLE, [_text(each.groups.get(column)) for each in report.actions])
            for column in groups
        }
        columns = [
            _Column("Ref", 9, [_text(each.ref) for each in report.actions], look={"bold": True}),
            _Column("Action", _WIDE, [_text(each.name) for each in report.actions]),
            *self._tasks(report.actions),
            _Column("Progress", 60, [_text(each.progress) for each in report.actions]),
            _Column("Owner", _MIDDLE, [_text(each.owner) for each in report.actions]),
            *by.values(),
        ]
        return self._with_tasks("Actions", "Actions", columns, report.actions, summary, by)

    def _plan(self, summary: TaskSummary) -> _Place:
        report = self.report
        pairs: list[tuple[RatedAim, RatedObjective | None]] = [
            (aim, objective) for aim in report.aims for objective in (aim.objectives or (None,))
        ]
        objectives = [objective for _, objective in pairs]
        columns = [
            _Column("Ref", 9, [_text(aim.ref) for aim, _ in pairs], look={"bold": True}),
            _Column("Objective", _WIDE, [_text(each.name if each else "") for each in objectives]),
            *self._tasks(objectives),
            _Column("Objective progress", 60, [_text(each.progress if each else "") for each in objectives]),
            _Column("Aim", _WIDE, [_text(aim.name) for aim, _ in pairs]),
            _Column("Aim progress", 60, [_text(aim.progress) for aim, _ in pairs]),
            _Column("Theme", _MIDDLE, [_text(aim.theme) for aim, _ in pairs]),
            _Column("Responsible", _MIDDLE, [_text("; ".join(aim.responsible)) for aim, _ in pairs]),
            _Column("Resource impact", 12, [_text(aim.resource_impact) for aim, _ in pairs]),
        ]
        return self._with_tasks("Plan", "Objectives of the plan", columns, objectives, summary, {})

    def _tasks(self, tasks: Sequence[RatedTask | None]) -> list[_Column]:
        """The columns that actions and objectives have in common."""

        def column(head: str, width: int, cell: Callable[[RatedTask], str | None]) -> _Column:
            return _Column(head, width, [_text(cell(each)) if each is not None else "" for each in tasks])

        return [
            column("Due", 16, lambda each: each.due.text if each.due else ""),
            column("Revised", 16, lambda each: each.revised.text if each.revised else ""),
            column("Finished", 16, lambda each: each.finished_on.text if each.finished_on else ""),
            column("Reported", 16, lambda each: each.reported),
            column("State", 20, lambda each: each.state.value),
            column("Rating", 26, lambda each: self.words[each.status]),
            column("Why", 60, lambda each: each.explanation),
        ]

    def _with_tasks(
        self,
        sheet_name: str,
        name: str,
        columns: list[_Column],
        tasks: Sequence[RatedTask | None],
        summary: TaskSummary,
        by: dict[str, _Column],
    ) -> _Place:
        """A sheet of work with deadlines; returns where its ratings and groups stand."""
        sheet = self.sheet(sheet_name)
        said = (
            "State and rating go by the dates at the date of the report, and are not worked out again in the workbook."
        )
        self.table(sheet, name, said, columns, frozen=2)
        heads = [column.head for column in columns]
        last = _HEADS + len(tasks)
        self.coloured(sheet, _FIRST, last, heads.index("Rating"))
        reported = list(dict.fromkeys(word for each in tasks if each and (word := one_line(each.reported or ""))))
        if _fits(reported):
            where = heads.index("Reported")
            sheet.data_validation(_FIRST, where, last, where, {
                "validate": "list", "source": reported, "error_type": "warning", "error_title": "Another word",
                "error_message": "This word is not used for any other row. Keep it?",
            })  # fmt: skip
        sheet.print_area(0, 0, last, heads.index("Why"))
        at = {id(column): index for index, column in enumerate(columns)}
        counted = tuple(group for group in summary.groups if group.by in by)
        groups = {key: _span(sheet_name, at[id(column)], last) for key, column in by.items()}
        return _Place(name, _span(sheet_name, heads.index("Rating"), last), groups, summary.counts, counted)

    def _problems(self) -> None:
        found = self.report.problems
        columns = [
            _Column("Severity", 12, [each.severity for each in found]),
            _Column("Ref", 9, [_text(each.ref) for each in found]),
            _Column("Place", _WIDE, [_text(each.place) for each in found]),
            _Column("Problem", 80, [_text(each.message) for each in found]),
        ]
        said = "What was wrong, or odd, in the scorecard when this report was made."
        self.table(self.sheet("Problems"), "Problems in the scorecard", said, columns)

    def _method(self) -> None:
        lines: list[Value] = [_text(line) for line in (*method_lines(self.report), *_OF_THE_WORKBOOK)]
        self.table(self.sheet("Method"), "Method", "How to read the figures.", [_Column("Method", 110, lines)])

    def _scheme(self, scheme: Scheme, indicators: _Indicators) -> None:
        """The settings of the scorecard, in the two columns that a scorecard is read from."""
        rows = [
            ("title", self.report.title), ("sheet", "Indicators" if self.report.indicators else ""),
            ("tolerance", scheme.tolerance), ("polarity", scheme.polarity), ("rounding", scheme.rounding),
            ("conflicts", scheme.conflicts), ("year start", scheme.year_start), ("missing", _list_of(scheme.missing)),
            ("due soon", scheme.due_soon), ("grace", scheme.grace), ("day order", scheme.day_order),
            ("holidays", _list_of(day.isoformat() for day in scheme.holidays)),
            *((f"reported {word}", meaning.value) for word, meaning in scheme.reported.items()),
            *((f"resource impact {code}", meaning) for code, meaning in scheme.resource_impact.items()),
            *((status.value, scheme.words.get(status)) for status in STATUSES),
            *((f"benchmark {name}", _as_text(value)) for name, value in scheme.benchmarks.items()),
            ("group", _list_of(indicators.group_heads)),
            *((f"column {key}", head) for key, head in indicators.field_heads.items()),
        ]  # fmt: skip
        rows = [(key, value) for key, value in rows if value]
        columns = [
            _Column("Setting", 30, [_text(key) for key, _ in rows]),
            _Column("Value", 60, [_text(value) for _, value in rows], look=_INPUT),
        ]
        said = "With this sheet the workbook is a scorecard itself: rag-rules report reads it, and rates it anew."
        self.table(self.sheet("Scheme"), "Scheme", said, columns)

    def _periods(self, periods: Sequence[ReportingPeriod], indicators: _Indicators) -> None:
        """The periods of the scorecard, with their columns in the sheet of the indicators."""
        if not periods or not self.report.indicators:
            return
        heads = indicators.period_heads
        columns = [
            _Column("label", 24, [_text(each.label) for each in periods]),
            _Column("ends", 14, [each.ends.isoformat() if each.ends else "" for each in periods]),
            _Column("column", 24, [heads.get(each.label, "") for each in periods]),
            _Column("target", 24, [indicators.target_heads.get(each.label, "") for each in periods]),
        ]
        said = "The last day of each period, and the columns of its readings and of its own targets."
        self.table(self.sheet("Periods"), "Periods", said, columns)


_OF_THE_WORKBOOK: Final = (
    "Readings are typed in the framed column of the sheet Indicators. The status beside a reading is a formula with the "
    "same limits as in the report; the counts of the Summary follow it.",
    "A percentage is typed with its sign, as 94.7%. A blank, a word for missing data and any text that is not a word of "
    "the indicator's scale have no status: neither good nor bad.",
    "Movement, Why and Notes are those of the reading as it was reported. They are greyed where another has been typed, "
    "until rag-rules has read the workbook again.",
)


def _list_of(names: Iterable[str]) -> str:
    """Names as a cell of the scheme lists them; one with a comma in it stands in quotation marks."""
    return ", ".join(f'"{name}"' if any(sign in name for sign in ",;\n") else name for name in names)


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _share(part: str, whole: str, number: int, of: int) -> _Formula:
    """A share in whole per cent, where "100%" means all, and "0%" none."""
    rounded = f"ROUND({part}/{whole},2)"
    made = (
        f'=IF({whole}=0,"–",IF(AND({part}<{whole},{rounded}=1),"over 99%",'
        f'IF(AND({part}>0,{rounded}=0),"under 1%",{rounded})))'
    )
    shown = share(number, of)
    return _Formula(made, round(number / of, 2) if shown[:1].isdigit() else shown, "0%")


def _fits(words: Sequence[str]) -> bool:
    """Whether a drop-down can offer the words."""
    return bool(words) and len(",".join(words)) <= _CHECK and not any("," in word or word[:1] in "=" for word in words)


# the indicators -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the statuses and the groups of a sheet stand, for the formulas of the summary, and what they come to now."""

    name: str
    statuses: str
    groups: dict[str, str]
    counts: Count
    counted: Sequence[GroupCount | TaskGroupCount]


def _span(sheet: str, column: int, last: int) -> str:
    """The cells of a column below its heading."""
    return f"{sheet}!${letters(column)}${_FIRST + 1}:${letters(column)}${last + 1}"


@dataclass(slots=True)
class _Reading:
    """The cell of the reading that is rated, with the status beside it."""

    cell: Value
    status: Value
    number_format: str
    live: str
    #: what may be typed: "number", "share", "whole", or the words
    offers: tuple[str, ...] = ()


class _Indicators:
    """The sheet of the indicators: a report to read, a form to fill in, and a scorecard to read back."""

    def __init__(self, book: _Book) -> None:
        self.book, self.report = book, book.report
        sources = self.report.scorecard.indicators if self.report.scorecard is not None else ()
        self.rows: list[tuple[RatedIndicator, Indicator | None]] = list(
            zip_longest(self.report.indicators, sources[: len(self.report.indicators)])
        )
        self.group_heads: list[str] = []
        self.field_heads: dict[str, str] = {}
        self.period_heads: dict[str, str] = {}
        self.target_heads: dict[str, str] = {}

    def write(self, progress: Tick | None) -> _Place:
        """Write the sheet; returns where its statuses and groups stand."""
        book, report = self.book, self.report
        sheet = book.sheet("Indicators")
        periods = report.scorecard.periods if report.scorecard is not None else ()
        labels = [period.label for period in periods]
        now = labels.index(report.period) if report.period in labels else len(labels)
        groups = group_columns(report)

        ref, name = _Column("Ref", 8, look={"bold": True}), _Column("Indicator", _WIDE)
        by = [_Column(column, _MIDDLE) for column in groups]
        target, read_as = _Column("Target", _MIDDLE), _Column("Read as", _MIDDLE, look={"font_color": _QUIET})
        due = _Column("Due by now", 18)
        has_due = any(rated.target.to_date for rated, _ in self.rows)
        before = [_Column(label, _NARROW, look={"align": "right"}) for label in labels[:now]]
        reading = _Column(report.period or "Reading", _NARROW + 2, look={**_INPUT, "align": "right"})
        status, changed = _Column("Status", 26, look={"indent": 1}), _Column("Changed", 10)
        movement, why = _Column("Movement", _NARROW), _Column("Why", 60)
        forecast = _Column("Forecast", 60)
        has_forecast = any(rated.forecast is not None for rated, _ in self.rows)
        notes, comment = _Column("Notes", 60), _Column("Comment", 60)
        live = _Column("Live", 16, look={"font_color": _QUIET})
        reported = _Column("Reported reading", _NARROW, look={"align": "right", "font_color": _QUIET})
        after = [_Column(label, _NARROW, look={"align": "right"}) for label in labels[now + 1 :]]
        own = self._targets(labels)
        settings = self._settings()
        columns = [
            ref, name, target, *([due] if has_due else []), *before, reading, status, movement, why, changed,
            *([forecast] if has_forecast else []), notes, comment, *by, read_as, live, reported, *after, *own.values(),
            *settings.values(),
        ]  # fmt: skip
        at = {id(column): index for index, column in enumerate(columns)}
        reading_letters, reported_letters = letters(at[id(reading)]), letters(at[id(reported)])
        offers: dict[tuple[str, ...], list[int]] = {}
        for number, (rated, source) in enumerate(self.rows):
            if progress is not None and number % 50 == 0:
                progress(number, len(self.rows))
            row = _FIRST + number + 1
            made = self._reading(rated, source, f"{reading_letters}{row}")
            faulty = source is not None and source.trouble is not None
            offers.setdefault(made.offers, []).append(row)
            ref.cells.append(_text(rated.ref))
            name.cells.append(_text(rated.name))
            for column, key in zip(by, groups, strict=True):
                column.cells.append(_text(rated.groups.get(key)))
            target.cells.append("" if faulty else _text(rated.target.text))
            read_as.cells.append(_text(rated.target.canonical))
            for column, label in zip(before, labels[:now], strict=True):
                column.cells.append(_past(source, label))
            reading.cells.append(made.cell)
            status.cells.append(made.status)
            changed.cells.append(
                _Formula(f'=IF(IFERROR({reading_letters}{row}={reported_letters}{row},FALSE),"no","yes")', "no")
            )
            movement.cells.append(MOVEMENTS.get(rated.movement or "", ""))
            why.cells.append(_text(rated.explanation))
            due.cells.append(_text(rated.target.to_date))
            forecast.cells.append(_text(rated.forecast.sentence if rated.forecast is not None else ""))
            on_file = (f"the target as it stands on file: {rated.target.text}",) if faulty else ()
            notes.cells.append(_text("; ".join((*rated.notes, *on_file))))
            comment.cells.append(_text(rated.comment))
            live.cells.append(made.live)
            reported.cells.append(made.cell)
            for column, label in zip(after, labels[now + 1 :], strict=True):
                column.cells.append(_past(source, label))
            for label, column in own.items():
                assert source is not None
                column.cells.append(_text(_as_text(source.targets.get(label, source.target)) if source.targets else ""))
            for key, column in settings.items():
                assert source is not None
                column.cells.append(_text(_setting(getattr(source, key))))
        if progress is not None:
            progress(len(self.rows), len(self.rows))
        said = (
            f"Type another reading in the framed column {reading_letters}: the status, its colour and the Summary follow. "
            "Movement, Why and Notes are those of the reading as reported."
        )
        book.table(sheet, report.title or "Report", said, columns, frozen=2)
        self._keep_heads(columns, by, {"ref": ref, "name": name, "target": target, "comment": comment, **settings})
        heads = _unlike([column.head for column in columns])
        self.period_heads = {
            label: heads[at[id(column)]]
            for label, column in zip(labels, [*before, *([reading] if now < len(labels) else []), *after], strict=True)
        }
        self.target_heads = {label: heads[at[id(column)]] for label, column in own.items()}
        last = _HEADS + max(1, len(self.rows))
        book.coloured(sheet, _FIRST, last, at[id(status)])
        grey = book.file.add_format({"font_color": _QUIET, "italic": True, "font_strikeout": True})
        test = f'=${letters(at[id(changed)])}{_FIRST + 1}="yes"'
        for column in (movement, why, notes, *([forecast] if has_forecast else [])):
            where = at[id(column)]
            sheet.conditional_format(_FIRST, where, last, where, {"type": "formula", "criteria": test, "format": grey})
        self._offer(sheet, at[id(reading)], offers)
        sheet.print_area(0, 0, last, at[id(why)])

        groups_at = {key: _span("Indicators", at[id(column)], last) for key, column in zip(groups, by, strict=True)}
        counts = report.summary
        return _Place(
            "All indicators", _span("Indicators", at[id(status)], last), groups_at, counts.counts, counts.groups
        )

    def _keep_heads(self, columns: Sequence[_Column], by: Sequence[_Column], fields: dict[str, _Column]) -> None:
        """Keep the headings by which the sheet is read back."""
        heads = dict(zip(map(id, columns), _unlike([column.head for column in columns]), strict=True))
        self.group_heads = [heads[id(column)] for column in by]
        named = {"benchmarks": "benchmark"}
        self.field_heads = {named.get(key, key): heads[id(column)] for key, column in fields.items()}

    def _targets(self, labels: Sequence[str]) -> dict[str, _Column]:
        """A column for the target of each period, where any indicator has a target that changed."""
        if not any(source is not None and source.targets for _, source in self.rows):
            return {}
        return {label: _Column(f"Target {label}", _MIDDLE, look=_INPUT) for label in labels}

    def _settings(self) -> dict[str, _Column]:
        """A column for each setting that any indicator has."""
        return {
            key: _Column(head, 16, look=_INPUT)
            for key, head in SETTINGS.items()
            if any(source is not None and getattr(source, key) for _, source in self.rows)
        }

    def _reading(self, rated: RatedIndicator, source: Indicator | None, place: str) -> _Reading:
        """The cell of the reading and that of its status: a formula where there are bands."""
        words, shown = self.book.words, _text(rated.reading.text)
        fixed = words[rated.status]
        typed = _typed(rated.target.typed) if rated.target.typed is not None else None
        made = cell_number(shown)
        if typed is None or (source is not None and source.trouble is not None):
            cell: Value = _Number(float(made.value), made.number_format) if made is not None else shown
            why = "No: there are no bands" if typed is None else "No: the row on file is faulty"
            return _Reading(cell, fixed, made.number_format if made else "General", why)
        offers = _offers(typed)
        known: tuple[str, Status] | None = None
        if made is not None and _agrees(typed, made.value, made.is_percent, rated.status):
            cell = _Number(float(made.value), made.number_format)
        else:
            cell = shown
            if shown and _of_word(typed, shown) is not rated.status:
                known = (shown, rated.status)
        try:
            status: Value = _Formula(formula(typed, place, words=words, known=known), fixed)
        except FormulaError as error:
            return _Reading(cell, fixed, "General", f"No: {printable(error.problem)}")
        return _Reading(cell, status, "", "Yes", offers)

    def _offer(self, sheet: Any, column: int, offers: dict[tuple[str, ...], list[int]]) -> None:
        """Check what is typed as a reading: words from a list, else a number or a word for missing data."""
        scheme = self.report.scorecard.scheme if self.report.scorecard is not None else None
        missing = list(dict.fromkeys((*(scheme.missing if scheme is not None else ()), *_MISSING)))
        for offer, rows in offers.items():
            if not offer:
                continue
            first = f"{letters(column)}{rows[0]}"
            check = _check(offer, first, missing)
            if check is None:
                continue
            ranges = _ranges(rows, column)
            check |= {"other_cells": ranges[1:], "error_type": "warning", "ignore_blank": True}
            sheet.data_validation(*ranges[0], check)


def _past(source: Indicator | None, label: str) -> Value:
    """The reading of another period: a number with its format, or the text."""
    assert source is not None
    shown = _text(_as_text(source.readings.get(label)))
    made = cell_number(shown)
    return _Number(float(made.value), made.number_format) if made is not None else shown


def _setting(value: object) -> str:
    """A setting as the column holds it; benchmarks by name as ``national=77.8%; regional=80%``."""
    if isinstance(value, dict):
        return "; ".join(f"{name}={each}" for name, each in value.items() if each is not None)
    return _as_text(value)


def _typed(shown: TypedShown) -> Typed:
    """What becomes of what is typed, out of its record."""
    cuts = tuple(Cut(cut.at, Side.BEFORE if cut.side == "before" else Side.AFTER) for cut in shown.cuts)
    steps = Steps(cuts, shown.statuses) if shown.statuses else None
    return Typed(steps, shown.words, shown.is_share, shown.is_whole)


def _agrees(typed: Typed, value: Decimal, is_percent: bool, status: Status) -> bool:
    """Whether a number in the cell has the status that the report gives it."""
    if is_percent is not typed.is_share and typed.numbers is not None:
        return False  # 90 beside 95% is 90% to the report, and 9,000% to the cell
    return typed.number(value) is status


def _of_word(typed: Typed, text: str) -> Status:
    """The status that the formula finds for a text."""
    plain = " ".join(text.split()).casefold()
    return next((status for word, status in typed.words.items() if word.casefold() == plain), Status.UNRATED)


def _offers(typed: Typed) -> tuple[str, ...]:
    if typed.numbers is None:
        return tuple(typed.words)
    return ("share",) if typed.is_share else ("whole",) if typed.is_whole else ("number",)


def _check(offer: tuple[str, ...], first: str, missing: Sequence[str]) -> dict[str, Any] | None:
    """The data validation for what may be typed; ``None`` where Excel cannot hold it."""
    if offer[0] not in ("share", "whole", "number"):
        words = [*map(one_line, offer), *(word for word in missing[:2] if "," not in word)]
        if not _fits(words):
            return None
        return {
            "validate": "list", "source": words, "error_title": "Not a word of the scale",
            "error_message": "This word is not on the indicator's scale: it will have no status. Keep it?",
        }  # fmt: skip
    number = {
        "share": f"AND(ISNUMBER({first}),ABS({first})<=10)",
        "whole": f"AND(ISNUMBER({first}),{first}>=1,{first}=INT({first}))",
        "number": f"ISNUMBER({first})",
    }[offer[0]]
    said = {
        "share": "Type a percentage with its sign, as 94.7%",
        "whole": "Type the place as a number, as 3",
        "number": "Type a number in the unit of the target",
    }[offer[0]]
    tests = [number]
    for word in missing:
        doubled = word.replace('"', '""')
        if printable(word) == word and len(",".join([*tests, f'{first}="{doubled}"'])) < _CHECK - 10:
            tests.append(f'{first}="{doubled}"')
    return {
        "validate": "custom", "value": f"=OR({','.join(tests)})", "error_title": "Not a reading",
        "error_message": f"{said}, or a word for missing data. Anything else has no status, or a wrong one. Keep it?",
    }  # fmt: skip


def _ranges(rows: Sequence[int], column: int) -> list[list[int]]:
    """Rows, counted from 1, as ranges of cells in one column."""
    found: list[list[int]] = []
    for row in rows:
        if found and row - 1 == found[-1][2] + 1:
            found[-1][2] = row - 1
        else:
            found.append([row - 1, column, row - 1, column])
    return found
