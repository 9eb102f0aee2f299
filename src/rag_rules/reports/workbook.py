"""A report as a workbook that stays alive: another reading in its cell changes the status and the summary."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from rag_rules.errors import FormulaError
from rag_rules.files.number_formats import cell_number
from rag_rules.files.tables import letters, printable
from rag_rules.formula import Typed, formula
from rag_rules.reports.entries import movement_words, override_words
from rag_rules.reports.sheets import (
    CHECK,
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
    Entry,
    Formula,
    Number,
    Tick,
    Value,
    as_text,
    fits,
    setting_text,
    target_of,
    text,
    unlike,
    written_value,
)  # fmt: skip
from rag_rules.reports.text import one_line
from rag_rules.reports.words import (
    LIMIT,
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
        TaskGroupCount,
        TaskSummary,
        TypedShown,
    )

__all__ = ["render"]

#: text and fill of each status: at least 7:1, and told apart by shape and word besides
COLOURS: Final = {
    Status.GREEN: ("#0B3D1F", "#CFE8D5"),
    Status.AMBER: ("#4A2F00", "#FFE3A3"),
    Status.RED: ("#6B0A06", "#F9D2CE"),
    Status.UNRATED: ("#333333", "#E6E6E6"),
}
#: signs that stand before a number
_SIGNS: Final = ("£", "$", "€", "¥", "₹")
#: words for missing data that a cell for a number offers
_MISSING: Final = ("DNA", "N/A", "TBC", "[c]", "-")


def render(report: Report, progress: Tick | None = None) -> bytes:
    """``report`` as an Excel workbook: the same bytes wherever and whenever it is asked for.

    ``progress`` is called now and then with how many indicators are written, and of how many.

    Raises ``MissingExtraError`` without XlsxWriter.
    """
    book = _Book(report)
    book.write(progress)
    return book.closed()


# the workbook ---------------------------------------------------------------------------------------------------------


class _Book(Book):
    """The workbook of a report in the making."""

    def __init__(self, report: Report) -> None:
        super().__init__(heading(report)[0], report.as_of)
        self.report = report
        self.words = {status: status_words(report, status) for status in Status}

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
            has_indicators = bool(report.indicators)
            self.scheme(
                report.title, report.scorecard.scheme, group=indicators.group_heads, columns=indicators.field_heads,
                has_indicators=has_indicators,
            )  # fmt: skip
            periods = report.scorecard.periods if has_indicators else ()
            self.periods(periods, indicators.period_heads, indicators.target_heads)

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
        by, name = Column("Gathered by", 20), Column("Group", 40)
        counts = [
            Column(self.words[status], 15, look=right, head_look={"font_color": ink, "bg_color": fill})
            for status, (ink, fill) in COLOURS.items()
        ]
        every, rated = Column("All", 9, look=right), Column("Rated", 9, look=right)
        green = Column(f"{one_line(report.word(Status.GREEN), 60)}: share of rated", 18, look=right)
        together, how = Column("Group status as reported", 26), Column("How the group status comes about", 60)
        rows = [(place, group) for place in places for group in (None, *place.counted)]
        for row, (place, group) in enumerate(rows, start=FIRST + 1):
            by.cells.append(text(one_line(group.by, 120)) if group is not None else place.name)
            name.cells.append((text(group.group) or without(group.by)) if group is not None else "")
            found, inside = group.counts if group is not None else place.counts, ""
            if group is not None:
                own = f"$B{row}" if text(group.group) else '""'
                inside = f",--EXACT({place.groups[group.by]},{own})"
            for index, (status, cell) in enumerate(zip(STATUSES, counts, strict=True)):
                head = f"{letters(index + 2)}${HEADS + 1}"
                cell.cells.append(
                    Formula(f"=SUMPRODUCT(--({place.statuses}={head}){inside})", getattr(found, status.value), "#,##0")
                )
            g, a, r, u = (f"{letters(index + 2)}{row}" for index in range(4))
            every.cells.append(Formula(f"=SUM({g}:{u})", found.total, "#,##0"))
            rated.cells.append(Formula(f"={g}+{a}+{r}", found.rated, "#,##0"))
            green.cells.append(_share(g, f"H{row}", found.green, found.rated))
            drawn, provenance = place.drawn.get((group.by, group.group), ("", "")) if group is not None else ("", "")
            together.cells.append(drawn)
            how.cells.append(text(provenance))
        _, line = heading(report)
        said = f"{line} The counts follow the readings in the sheet Indicators."
        drawn_together = [together, how] if any(how.cells) else []
        columns = [by, name, *counts, every, rated, green, *drawn_together]
        self.table(sheet, report.title or "Report", said, columns, frozen=2)
        if drawn_together:
            self.coloured(sheet, FIRST, HEADS + len(rows), columns.index(together))
        if places:
            self._chart(sheet, places[0].name, len(columns) + 1)
        sheet.activate()

    def _chart(self, sheet: Any, name: str, column: int) -> None:
        """The counts in the first row as columns, beside the table."""
        chart = self.file.add_chart({"type": "column"})
        row = FIRST
        chart.add_series({
            "name": name, "categories": ["Summary", HEADS, 2, HEADS, 5], "values": ["Summary", row, 2, row, 5],
            "points": [{"fill": {"color": COLOURS[status][1]}, "border": {"color": COLOURS[status][0]}} for status in STATUSES],
            "data_labels": {"value": True}, "gap": 60,
        })  # fmt: skip
        chart.set_legend({"none": True})
        chart.set_title({"name": f"{name} by status", "name_font": {"size": 12}})
        chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 460, "height": 260})
        sheet.insert_chart(HEADS, column, chart, {
            "description": f"{name} by status, as columns. The figures are in the first row of the table.",
        })  # fmt: skip

    def _actions(self, summary: TaskSummary) -> _Place:
        report = self.report
        groups = tuple(dict.fromkeys(column for action in report.actions for column in action.groups))
        by = {
            column: Column(column, MIDDLE, [text(each.groups.get(column)) for each in report.actions])
            for column in groups
        }
        columns = [
            Column("Ref", 9, [text(each.ref) for each in report.actions], look={"bold": True}),
            Column("Action", WIDE, [text(each.name) for each in report.actions]),
            *self._tasks(report.actions),
            Column("Progress", 90, [text(each.progress) for each in report.actions]),
            Column("Owner", MIDDLE, [text(each.owner) for each in report.actions]),
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
            Column("Ref", 9, [text(aim.ref) for aim, _ in pairs], look={"bold": True}),
            Column("Objective", WIDE, [text(each.name if each else "") for each in objectives]),
            *self._tasks(objectives),
            Column("Objective progress", 90, [text(each.progress if each else "") for each in objectives]),
            Column("Aim", WIDE, [text(aim.name) for aim, _ in pairs]),
            Column("Aim progress", 90, [text(aim.progress) for aim, _ in pairs]),
            Column("Theme", MIDDLE, [text(aim.theme) for aim, _ in pairs]),
            Column("Responsible", MIDDLE, [text("; ".join(aim.responsible)) for aim, _ in pairs]),
            Column("Resource impact", 12, [text(aim.resource_impact) for aim, _ in pairs]),
        ]
        return self._with_tasks("Plan", "Objectives of the plan", columns, objectives, summary, {})

    def _tasks(self, tasks: Sequence[RatedTask | None]) -> list[Column]:
        """The columns that actions and objectives have in common."""

        def column(head: str, width: int, cell: Callable[[RatedTask], str | None]) -> Column:
            return Column(head, width, [text(cell(each)) if each is not None else "" for each in tasks])

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
        columns: list[Column],
        tasks: Sequence[RatedTask | None],
        summary: TaskSummary,
        by: dict[str, Column],
    ) -> _Place:
        """A sheet of work with deadlines; returns where its ratings and groups stand."""
        sheet = self.sheet(sheet_name)
        said = (
            "State and rating go by the dates at the date of the report, and are not worked out again in the workbook."
        )
        self.table(sheet, name, said, columns, frozen=2)
        heads = [column.head for column in columns]
        last = HEADS + len(tasks)
        self.coloured(sheet, FIRST, last, heads.index("Rating"))
        reported = list(dict.fromkeys(word for each in tasks if each and (word := one_line(each.reported or ""))))
        if fits(reported):
            where = heads.index("Reported")
            sheet.data_validation(FIRST, where, last, where, {
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
            Column("Severity", 12, [each.severity for each in found]),
            Column("Ref", 9, [text(each.ref) for each in found]),
            Column("Place", WIDE, [text(each.place) for each in found]),
            Column("Problem", 80, [text(each.message) for each in found]),
        ]
        said = "What was wrong, or odd, in the scorecard when this report was made."
        self.table(self.sheet("Problems"), "Problems in the scorecard", said, columns)

    def _method(self) -> None:
        lines: list[Value] = [text(line) for line in (*method_lines(self.report), *_OF_THE_WORKBOOK)]
        self.table(self.sheet("Method"), "Method", "How to read the figures.", [Column("Method", 110, lines)])


_OF_THE_WORKBOOK: Final = (
    "Readings are typed in the framed column of the sheet Indicators. The status beside a reading is a formula with the "
    "same limits as in the report; the counts of the Summary follow it.",
    "A percentage is typed with its sign, as 94.7%. A blank, a word for missing data and any text that is not a word of "
    "the indicator's scale have no status: neither good nor bad.",
    "Movement, Why and Notes are those of the reading as it was reported. They are greyed where another has been typed, "
    "until rag-rules has read the workbook again.",
)


def _share(part: str, whole: str, number: int, of: int) -> Formula:
    """A share in whole per cent, where "100%" means all, and "0%" none."""
    rounded = f"ROUND({part}/{whole},2)"
    made = (
        f'=IF({whole}=0,"–",IF(AND({part}<{whole},{rounded}=1),"over 99%",'
        f'IF(AND({part}>0,{rounded}=0),"under 1%",{rounded})))'
    )
    shown = share(number, of)
    return Formula(made, round(number / of, 2) if shown[:1].isdigit() else shown, "0%")


# the indicators -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the statuses and the groups of a sheet stand, for the formulas of the summary, and what they come to now."""

    name: str
    statuses: str
    groups: dict[str, str]
    counts: Count
    counted: Sequence[GroupCount | TaskGroupCount]
    #: the status of each group that is drawn together, and how it comes about
    drawn: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)


def _span(sheet: str, column: int, last: int) -> str:
    """The cells of a column below its heading."""
    return f"{sheet}!${letters(column)}${FIRST + 1}:${letters(column)}${last + 1}"


@dataclass(slots=True)
class _Reading:
    """The cell of the reading that is rated, with the status beside it."""

    cell: Value
    status: Value
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

        ref, name = Column("Ref", 8, look={"bold": True}), Column("Indicator", WIDE)
        by = [Column(column, MIDDLE) for column in groups]
        target, read_as = Column("Target", MIDDLE), Column("Read as", MIDDLE, look={"font_color": QUIET})
        due = Column("Due by now", 18)
        has_due = any(rated.target.to_date for rated, _ in self.rows)
        before = [Column(label, NARROW, look={"align": "right"}) for label in labels[:now]]
        reading = Column(report.period or "Reading", NARROW + 2, look={**INPUT, "align": "right"})
        status, changed = Column("Live status", 26, look={"align": "left", "indent": 1}), Column("Changed", 10)
        movement, why = Column("Movement", NARROW), Column("Why", 60)
        forecast = Column("Forecast", 80)
        has_forecast = any(rated.forecast is not None for rated, _ in self.rows)
        notes, comment = Column("Notes", 80), Column("Comment", 80)
        by_hand, has_by_hand = Column("Set by hand", MIDDLE), any(rated.override is not None for rated, _ in self.rows)
        live = Column("Live", 16, look={"font_color": QUIET})
        reported = Column("Reported reading", NARROW, look={"align": "right", "font_color": QUIET})
        after = [Column(label, NARROW, look={"align": "right"}) for label in labels[now + 1 :]]
        own, ends = self._targets(labels), {period.label: period.ends for period in periods}
        settings = self._settings()
        columns = [
            ref, name, target, *([due] if has_due else []), *before, reading, status, *([by_hand] if has_by_hand else []), movement, why, changed,
            *([forecast] if has_forecast else []), notes, comment, *by, read_as, live, reported, *after, *own.values(),
            *settings.values(),
        ]  # fmt: skip
        at = {id(column): index for index, column in enumerate(columns)}
        reading_letters, reported_letters = letters(at[id(reading)]), letters(at[id(reported)])
        offers: dict[tuple[str, ...], list[int]] = {}
        for number, (rated, source) in enumerate(self.rows):
            if progress is not None and number % 50 == 0:
                progress(number, len(self.rows))
            row = FIRST + number + 1
            made = self._reading(rated, source, f"{reading_letters}{row}")
            faulty = source is not None and source.trouble is not None
            offers.setdefault(made.offers, []).append(row)
            ref.cells.append(text(rated.ref))
            name.cells.append(text(rated.name))
            for column, key in zip(by, groups, strict=True):
                column.cells.append(text(rated.groups.get(key)))
            target.cells.append("" if faulty else text(rated.target.text))
            read_as.cells.append(text(rated.target.canonical))
            for column, label in zip(before, labels[:now], strict=True):
                column.cells.append(_past(source, label))
            reading.cells.append(made.cell)
            status.cells.append(made.status)
            changed.cells.append(
                Formula(f'=IF(IFERROR({reading_letters}{row}={reported_letters}{row},FALSE),"no","yes")', "no")
            )
            movement.cells.append(", ".join(movement_words(rated)))
            if rated.override is not None:
                by_hand.cells.append(text(override_words(report, rated.override)))
            else:
                by_hand.cells.append("")
            why.cells.append(text(rated.explanation))
            due.cells.append(text(rated.target.to_date))
            forecast.cells.append(text(rated.forecast.sentence if rated.forecast is not None else ""))
            on_file = (f"the target as it stands on file: {rated.target.text}",) if faulty else ()
            notes.cells.append(text("; ".join((*rated.notes, *on_file))))
            comment.cells.append(text(rated.comment))
            live.cells.append(made.live)
            reported.cells.append(made.cell)
            for column, label in zip(after, labels[now + 1 :], strict=True):
                column.cells.append(_past(source, label))
            for label, column in own.items():
                assert source is not None
                column.cells.append(text(target_of(source, label, ends[label])))
            for key, column in settings.items():
                assert source is not None
                column.cells.append(text(setting_text(getattr(source, key))))
        if progress is not None:
            progress(len(self.rows), len(self.rows))
        said = (
            f"Type another reading in the framed column {reading_letters}: the status, its colour and the Summary follow. "
            "Movement, Why and Notes are those of the reading as reported."
        )
        book.table(sheet, report.title or "Report", said, columns, frozen=2)
        self._keep_heads(columns, by, {"ref": ref, "name": name, "target": target, "comment": comment, **settings})
        heads = unlike([column.head for column in columns])
        self.period_heads = {
            label: heads[at[id(column)]]
            for label, column in zip(labels, [*before, *([reading] if now < len(labels) else []), *after], strict=True)
        }
        self.target_heads = {label: heads[at[id(column)]] for label, column in own.items()}
        last = HEADS + max(1, len(self.rows))
        book.coloured(sheet, FIRST, last, at[id(status)])
        grey = book.file.add_format({"font_color": QUIET, "italic": True, "font_strikeout": True})
        test = f'=${letters(at[id(changed)])}{FIRST + 1}="yes"'
        for column in (movement, why, notes, *([forecast] if has_forecast else [])):
            where = at[id(column)]
            sheet.conditional_format(FIRST, where, last, where, {"type": "formula", "criteria": test, "format": grey})
        self._offer(sheet, at[id(reading)], offers)
        self._explain_blanks(sheet, at[id(reading)])
        self._show_decimals(sheet, at[id(reading)], reading.cells)
        sheet.print_area(0, 0, last, at[id(why)])

        groups_at = {key: _span("Indicators", at[id(column)], last) for key, column in zip(groups, by, strict=True)}
        counts = report.summary
        return _Place(
            "All indicators", _span("Indicators", at[id(status)], last), groups_at, counts.counts, counts.groups,
            {(each.by, each.group): (book.words[each.status], each.provenance) for each in counts.groups if each.status},
        )  # fmt: skip

    def _keep_heads(self, columns: Sequence[Column], by: Sequence[Column], fields: dict[str, Column]) -> None:
        """Keep the headings by which the sheet is read back."""
        heads = dict(zip(map(id, columns), unlike([column.head for column in columns]), strict=True))
        self.group_heads = [heads[id(column)] for column in by]
        named = {"benchmarks": "benchmark"}
        self.field_heads = {named.get(key, key): heads[id(column)] for key, column in fields.items()}

    def _targets(self, labels: Sequence[str]) -> dict[str, Column]:
        """A column for the target of each period, where any indicator has a target that changed."""
        if not any(source is not None and (source.targets or source.history) for _, source in self.rows):
            return {}
        return {label: Column(f"Target {label}", MIDDLE, look=INPUT) for label in labels}

    def _settings(self) -> dict[str, Column]:
        """A column for each setting that any indicator has."""
        return {
            key: Column(head, 16, look=INPUT)
            for key, head in SETTINGS.items()
            if any(source is not None and getattr(source, key) for _, source in self.rows)
        }

    def _reading(self, rated: RatedIndicator, source: Indicator | None, place: str) -> _Reading:
        """The cell of the reading and that of its status: a formula where there are bands."""
        words, shown = self.book.words, text(rated.reading.text)
        fixed = words[rated.status]
        typed = _typed(rated.target.typed) if rated.target.typed is not None else None
        made = cell_number(shown)
        if typed is None or (source is not None and source.trouble is not None):
            cell: Value = Number(float(made.value), made.number_format) if made is not None else shown
            why = (
                "No: there are no bands"
                if rated.target.bands is None
                else "No: it takes more than the number in the cell"
            )
            why = why if typed is None else "No: the row on file is faulty"
            return _Reading(cell, fixed, why)
        offers = _offers(typed)
        known: tuple[str, Status] | None = None
        if made is not None and _agrees(typed, made.value, made.is_percent, rated.status):
            cell = Number(float(made.value), made.number_format)
        else:
            cell = Entry(shown, _number_format(rated, typed))
            if shown and _of_word(typed, shown) is not rated.status:
                known = (shown, rated.status)
        try:
            status: Value = Formula(formula(typed, place, words=words, known=known), fixed)
        except FormulaError as error:
            return _Reading(cell, fixed, f"No: {printable(error.problem)}")
        return _Reading(cell, status, "Yes", offers)

    def _explain_blanks(self, sheet: Any, column: int) -> None:
        """A note on each blank reading that says why it is one, as far as that is known."""
        for number, (rated, _) in enumerate(self.rows):
            if not rated.reading.text.strip():
                note = one_line(" ".join((rated.explanation, *(f"{each}." for each in rated.notes))), LIMIT)
                sheet.write_comment(FIRST + number, column, note, {"author": "rag-rules", "x_scale": 2})

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

    def _show_decimals(self, sheet: Any, column: int, cells: Sequence[Value]) -> None:
        """Show the decimals of a number that has more than its format: 94.67% beside a target of 95% is no 95%."""
        found: dict[str, list[int]] = {}
        for row, cell in enumerate(cells, start=FIRST + 1):
            if isinstance(cell, Number | Entry):
                found.setdefault(cell.number_format, []).append(row)
        for number_format, rows in found.items():
            finer, digits = _finer(number_format)
            if not finer:
                continue
            first = f"{letters(column)}{rows[0]}"
            ranges = [
                f"{letters(column)}{low + 1}:{letters(column)}{high + 1}" for low, _, high, _ in _ranges(rows, column)
            ]
            sheet.conditional_format(rows[0] - 1, column, rows[0] - 1, column, {
                "type": "formula", "criteria": f"=AND(ISNUMBER({first}),ROUND({first},{digits})<>{first})",
                "format": self.book.file.add_format({"num_format": finer}), "multi_range": " ".join(ranges),
            })  # fmt: skip


def _past(source: Indicator | None, label: str) -> Value:
    """The reading of another period."""
    assert source is not None
    return written_value(as_text(source.readings.get(label)))


def _typed(shown: TypedShown) -> Typed:
    """What becomes of what is typed, out of its record."""
    cuts = tuple(Cut(cut.at, Side.BEFORE if cut.side == "before" else Side.AFTER) for cut in shown.cuts)
    steps = Steps(cuts, shown.statuses) if shown.statuses else None
    return Typed(steps, shown.words, shown.is_share, shown.is_whole)


def _number_format(rated: RatedIndicator, typed: Typed) -> str:
    """The format of a cell that waits for a number in the unit of the target."""
    has_decimals = any(cut.at != int(cut.at) for cut in rated.target.cuts)
    if typed.is_share:
        return "0.0%"
    if rated.target.unit in _SIGNS:
        return f'"{rated.target.unit}"#,##0{".00" if has_decimals else ""}'
    return "General"


def _finer(number_format: str) -> tuple[str, int]:
    """The format with more decimals, shown where a number has them, and how many of the number the format itself shows.

    >>> _finer("0%"), _finer('"£"#,##0.00')
    (('0.0###%', 2), ('"£"#,##0.00###', 2))
    """
    found = re.search(r"0(?:\.(0+))?(?=%|\"|$)", number_format)
    if found is None:
        return "", 0
    start, end = number_format[: found.start()], number_format[found.end() :]
    decimals = len(found[1] or "")
    return f"{start}0.{found[1] or '0'}###{end}", decimals + 2 * end.startswith("%")


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
        if not fits(words):
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
        if printable(word) == word and len(",".join([*tests, f'{first}="{doubled}"'])) < CHECK - 10:
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
