"""Rows to indicators: each with its settings, its readings by period, and the place of every cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from rag_rules.errors import ScorecardError
from rag_rules.files.columns import COLOURS, NO_READINGS, Layout
from rag_rules.files.decimal_commas import NO_COMMAS, DecimalCommas
from rag_rules.files.tables import Row, Table, listed, plain_words, printable, runs
from rag_rules.models import SETTINGS, DatedTarget, Indicator, Problem, ReportingPeriod, Severity
from rag_rules.periods import written_date
from rag_rules.syntax.period_names import NamedPeriod, named_period, sort_keys
from rag_rules.syntax.reading import MISSING_WORDS

__all__ = ["LEGEND", "Collector", "Draft"]

#: fields that a word for missing data leaves open; a target of "n/a" and a reading of "n/a" say something themselves
_OPEN: Final = frozenset(
    "polarity tolerance unit scale baseline rounding frequency accumulation year lag profile owner weight override override_reason "
    "override_by override_until".split()
)
#: fields that hold amounts
_AMOUNTS: Final = ("target", "tolerance", "baseline", "profile", "weight")
#: what rows below the indicators begin with. These name no indicator ...
LEGEND: Final = re.compile(r"(?:notes?|source|key)(?: [0-9]+)? ?(?:[:=]|$)|(?:green|amber|red) ?[:=]", re.IGNORECASE)
#: ... and these may, where there is more of a name than the word, and a target
_TOTAL: Final = re.compile(r"(?:overall total|totals?|average|mean) ?:?$", re.IGNORECASE)
_BEGINS: Final = re.compile(r"(?:overall total|totals?|average|mean|notes?|source|key to)\b", re.IGNORECASE)
_YES_OR_NO: Final = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}


@dataclass(slots=True)
class Draft:
    """An indicator in the making."""

    row: int
    place: str
    values: dict[str, Any]
    at: dict[str, tuple[str, str]]
    groups: dict[str, str]
    readings: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    history: dict[date, str] = field(default_factory=dict)
    trouble: str | None = None

    @property
    def ref(self) -> str:
        return str(self.values.get("ref", ""))

    @property
    def key(self) -> tuple[str, str]:
        """What tells indicators of a long table apart."""
        return plain_words(self.ref), plain_words(str(self.values.get("name", "")))

    def made(self) -> Indicator:
        """The finished record."""
        changed = self.targets if len(set(self.targets.values())) > 1 else {}
        return Indicator(
            row=self.row, place=self.place, at=self.at, groups=self.groups, readings=dict(self.readings),
            targets=dict(changed), trouble=self.trouble,
            history=tuple(DatedTarget(since=day, target=text) for day, text in sorted(self.history.items())), **self.values,
        )  # fmt: skip


@dataclass(slots=True)
class _Periods:
    """The periods of a scorecard, each under one label however it is written."""

    year_start: int
    periods: list[ReportingPeriod] = field(default_factory=list)
    named: list[NamedPeriod | None] = field(default_factory=list)
    #: whether the scorecard's file lists them, and so gives their order
    are_given: bool = False
    _labels: dict[str, str | None] = field(default_factory=dict)

    def add(self, period: ReportingPeriod, named: NamedPeriod | None) -> str:
        """The label of a period, which is new or the same as one before."""
        for index, (old, old_named) in enumerate(zip(self.periods, self.named, strict=True)):
            if old.label == period.label or (
                named is not None and old_named is not None and named.is_same_as(old_named)
            ):
                if old.ends is None and period.ends is not None:
                    self.periods[index] = old.model_copy(update={"ends": period.ends})
                elif period.ends is not None and old.ends != period.ends:
                    raise ScorecardError(
                        f"the period “{old.label}” ends on {old.ends} in one table and on {period.ends} in another"
                    )
                return old.label
        self.periods.append(period)
        self.named.append(named)
        return period.label

    def named_in(self, text: str) -> NamedPeriod | None:
        """The period that a text names in the scorecard's year."""
        return named_period(text, year_start=self.year_start)

    def label(self, text: str) -> str | None:
        """The label of the period that a cell of a long table names; ``None`` if it is none of those given."""
        if text not in self._labels:
            named = self.named_in(text)
            if named is not None and named.rest:
                named = None
            known = self._known(text, named)
            if known is None and not self.are_given:
                shown = printable(text)
                known = self.add(ReportingPeriod(label=shown, ends=named.ends if named else None), named)
            self._labels[text] = known
        return self._labels[text]

    def _known(self, text: str, named: NamedPeriod | None) -> str | None:
        plain = plain_words(text)
        for period, own in zip(self.periods, self.named, strict=True):
            if plain in (plain_words(period.label), plain_words(period.column or "")):
                return period.label
            if named is not None and own is not None and named.is_same_as(own):
                return period.label
        return None

    def in_order(self) -> tuple[ReportingPeriod, ...]:
        """The periods, oldest first where their names or ends tell; else in the order of the file."""
        ends = [period.ends for period in self.periods if period.ends is not None]
        keys: Sequence[Any] | None = ends if len(ends) == len(self.periods) else sort_keys(self.named)
        if keys is None or self.are_given or 0 < len(ends) < len(self.periods):
            return tuple(self.periods)
        return tuple(period for _, period in sorted(zip(keys, self.periods, strict=True), key=lambda pair: pair[0]))


class Collector:
    """Collects the indicators and readings of a scorecard's tables, and every problem with its place."""

    def __init__(
        self, *, year_start: int, missing: tuple[str, ...] = (), periods: tuple[ReportingPeriod, ...] = ()
    ) -> None:
        self.problems: list[Problem] = []
        self.group_columns: list[str] = []
        self._drafts: list[Draft] = []
        self._periods = _Periods(year_start, are_given=bool(periods))
        self._faulty_names: set[str] = set()
        # "none" is an answer: a tolerance of none is not one left open
        self._open_words = {word.strip().casefold() for word in missing} | (set(MISSING_WORDS) - {"none"})
        for period in periods:
            named = self._periods.named_in(period.label)
            self._warn_of_name(f"period {printable(period.label)}", named if period.ends is None else None)
            ends = period.ends or (named.ends if named is not None else None)
            self._periods.add(period.model_copy(update={"ends": ends}), named)

    @property
    def periods(self) -> tuple[ReportingPeriod, ...]:
        """The periods, oldest first."""
        return self._periods.in_order()

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators, in the order of the tables."""
        return tuple(draft.made() for draft in self._drafts)

    def warn(
        self,
        place: str,
        message: str,
        *,
        severity: Severity = "warning",
        ref: str = "",
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        """Add a problem."""
        self.problems.append(Problem(severity=severity, place=place, message=message, ref=ref, row=row, column=column))

    # tables of indicators

    def add_indicators(self, table: Table, layout: Layout, *, has_readings: bool = True) -> None:
        """Add the indicators of a table: one for each row, or in a long table one for each ref and name.

        ``has_readings`` is false where a table of its own holds the readings.
        """
        for warning in layout.warnings:
            if has_readings or not warning.startswith(NO_READINGS):
                self.warn(table.place, warning)
        self._warn_of_colours(table, layout)
        labels = [self._periods.add(column.period, column.named) for column in layout.periods]
        for column in layout.periods:
            if column.period.ends is None:
                self._warn_of_name(f"{table.place}, column {column.period.column}", column.named)
        self.group_columns += [
            heading for index in layout.groups if (heading := table.heading(index)) not in self.group_columns
        ]
        self._warn_of_slips(table, layout)
        known: dict[tuple[str, str], Draft] = {}
        left_out: list[int] = []
        commas = _commas_in(table, layout)
        for row in table.rows:
            if _is_left_out(layout, row):
                left_out.append(row.number)
                continue
            draft = self._draft(table, layout, row, commas)
            if layout.value is None:
                self._add_wide(draft, table, layout, row, labels)
                self._drafts.append(draft)
            else:
                self._add_long(draft, table, layout, row, known)
        self._warn_of_left_out(table, left_out)

    def _warn_of_name(self, place: str, named: NamedPeriod | None) -> None:
        """Say what is wrong with the name of a period, once for each name."""
        if named is not None and named.is_faulty and named.untold not in self._faulty_names:
            self._faulty_names.add(named.untold)
            self.warn(place, f"it is not known when the period ends: {printable(named.untold)}")

    def _warn_of_left_out(self, table: Table, rows: Sequence[int]) -> None:
        """Say which rows are passed over, by their numbers."""
        if rows:
            many = len(rows) > 1
            said = "look like totals or notes and are" if many else "looks like a total or a note and is"
            self.warn(table.place, f"{'rows' if many else 'row'} {runs(rows)} {said} left out")

    def warn_of_missing_targets(self) -> None:
        """Say of each indicator with a reading that it has no target; to be called after all tables are added."""
        for draft in self._drafts:
            readings = [text for text in draft.readings.values() if text.casefold() not in self._open_words]
            if readings and "target" not in draft.values and not draft.history and draft.trouble is None:
                place, column = draft.at.get("target", (draft.place, "target"))
                self.warn(
                    f"{place}, column {column}", "there is a reading and no target",
                    row=draft.row, ref=draft.ref, column=column,
                )  # fmt: skip

    def _warn_of_slips(self, table: Table, layout: Layout) -> None:
        """Say which headings are mistyped; the rows of a YAML file have keys of their own, each told at its row."""
        if table.addresses == "lines":
            return
        for column, near in layout.slips:
            self.warn(
                table.place, f"column “{table.heading(column)}” is not used; did you mean {_as_heading(near)}?",
                column=table.heading(column),
            )  # fmt: skip

    def _mistyped(self, table: Table, layout: Layout, row: Row, ref: str) -> str | None:
        """What is wrong with the keys of a YAML row; they leave it unrated, since one may have said how to rate it."""
        if table.addresses != "lines":
            return None
        trouble = None
        for column, near in layout.slips:
            if row.cell(column):
                message = f"“{table.heading(column)}” is not a field; did you mean “{near}”?"
                trouble = trouble or message
                self.warn(table.where(row), message, severity="error", row=row.number, ref=ref)
        return trouble

    def _doubtful(self, table: Table, layout: Layout, row: Row, ref: str, commas: DecimalCommas) -> str | None:
        """Which number of a row could have a decimal comma; what it means decides a status, so the row is unrated."""
        trouble = None
        for column in _amounts_in(layout):
            if (doubt := commas.doubt(row.cell(column))) is not None:
                place, heading = table.at(row, column)
                doubt = printable(doubt)
                trouble = trouble or doubt
                self.warn(
                    f"{place}, column {heading}", doubt, severity="error", row=row.number, ref=ref, column=heading
                )
        return trouble

    def _warn_of_colours(self, table: Table, layout: Layout) -> None:
        """Say that the columns of colours are passed over in rows with a target."""
        target = layout.fields.get("target")
        if target is None or not layout.colours:
            return
        both = [row for row in table.rows if row.cell(target) and any(map(row.cell, layout.colours.values()))]
        if both:
            named = listed([f"“{table.heading(column)}”" for column in layout.colours.values()])
            rows = f"{len(both):,} row{'s' if len(both) > 1 else ''}"
            unused = f"{named} {'is' if len(layout.colours) == 1 else 'are'} not used"
            self.warn(table.place, f"{unused} where there is a target ({rows})")

    def _draft(self, table: Table, layout: Layout, row: Row, commas: DecimalCommas = NO_COMMAS) -> Draft:
        """What a row says of its indicator, without its readings."""
        values: dict[str, Any] = {}
        at: dict[str, tuple[str, str]] = {}
        for name, column in layout.fields.items():
            at[name] = table.at(row, column)
            text = self._field(name, row.cell(column), table.headings[column])
            if text:
                values[name] = text
        if not values.get("target"):
            self._bands(values, at, table, layout, row)
        if benchmarks := self._benchmarks(table, layout, row):
            values["benchmarks"] = benchmarks
            at["benchmarks"] = table.at(row, layout.benchmarks[0])
        groups = {table.heading(column): text for column in layout.groups if (text := row.cell(column))}
        draft = Draft(
            row.number, table.where(row), values, at, groups,
            trouble=self._ragged(table, row, values.get("ref", ""))
            or self._mistyped(table, layout, row, values.get("ref", ""))
            or self._doubtful(table, layout, row, values.get("ref", ""), commas),
        )  # fmt: skip
        for since, column in layout.dated:
            if text := row.cell(column):
                self._add_dated(draft, since, text, table.at(row, column))
        return draft

    def _field(self, name: str, text: str, heading: str) -> str:
        """The text of a field; empty where a word for missing data leaves it open."""
        if name in _OPEN and text.casefold() in self._open_words:
            return ""
        answer = _YES_OR_NO.get(text.casefold())
        if answer is None:
            return text
        asked = plain_words(heading)
        if name == "polarity" and asked in _ASKED:
            return "higher" if answer == _ASKED[asked] else "lower"
        if name == "accumulation":
            return "cumulative" if answer else "snapshot"
        return text

    def _bands(
        self, values: dict[str, Any], at: dict[str, tuple[str, str]], table: Table, layout: Layout, row: Row
    ) -> None:
        """Make one target of the texts in the columns of the colours."""
        given = [
            (colour, text)
            for colour in COLOURS
            if colour in layout.colours and (text := row.cell(layout.colours[colour]))
        ]
        given = [(colour, text) for colour, text in given if text.casefold() not in self._open_words]
        if layout.colours:
            at.setdefault("target", table.at(row, next(iter(layout.colours.values()))))
        if given:
            values["target"] = ", ".join(f"{colour.capitalize()}: {text}" for colour, text in given)
            place, _ = table.at(row, layout.colours[given[0][0]])
            at["target"] = (place, listed([table.heading(layout.colours[colour]) for colour, _ in given]))

    def _benchmarks(self, table: Table, layout: Layout, row: Row) -> str:
        """The benchmarks of a row as one text: ``national=77.8%; regional=80%``."""
        found = []
        for column in layout.benchmarks:
            text = row.cell(column)
            if text.casefold() not in self._open_words:
                found.append(text if "=" in text else f"{self._benchmark_name(table.heading(column))}={text}")
        return "; ".join(found)

    def _benchmark_name(self, heading: str) -> str:
        """A heading without its period: "National 2022/23" is the benchmark "national"."""
        named = self._periods.named_in(heading)
        return named.rest if named is not None and named.rest else heading

    def _ragged(self, table: Table, row: Row, ref: str) -> str | None:
        """What is wrong with the number of cells; too many of them leave the row unrated."""
        if table.addresses != "rows":
            return None
        many, wanted = len(row.cells), len(table.headings)
        if many < wanted:
            # blank cells at the end are often left out; blank headings there were cut off already
            self.warn(
                table.where(row),
                f"the row has {many} cells and the table {wanted} columns; the missing ones are taken as blank",
                row=row.number,
                ref=ref,
            )
        elif any(cell.strip() for cell in row.cells[wanted:]):
            trouble = f"the row has {many} cells and the table {wanted} columns, so its cells may be in the wrong ones"
            hint = "a cell with a comma in it is written in quotation marks"
            self.warn(table.where(row), f"{trouble}; {hint}", severity="error", row=row.number, ref=ref)
            return trouble
        return None

    def _add_dated(self, draft: Draft, since: date, text: str, place: tuple[str, str]) -> None:
        """Add a target that holds from a day on; a second one from that day leaves the row unrated."""
        key = f"target from {since}"
        if draft.history.setdefault(since, text) == text:
            draft.at.setdefault(key, place)
            return
        other = printable(draft.history[since])
        message = (
            f"“{printable(text)}” is a second target from {written_date(since)}, after “{other}” in {draft.at[key][0]}"
        )
        self.warn(
            f"{place[0]}, column {place[1]}", message, severity="error", row=draft.row, ref=draft.ref, column=place[1]
        )
        draft.trouble = (
            draft.trouble or f"there are two targets from {written_date(since)}: “{other}” and “{printable(text)}”"
        )

    def _add_wide(self, draft: Draft, table: Table, layout: Layout, row: Row, labels: list[str]) -> None:
        for column, label in zip(layout.periods, labels, strict=True):
            draft.at[label] = table.at(row, column.column)
            if text := row.cell(column.column):
                draft.readings[label] = text
            if column.target is not None and (target := row.cell(column.target)):
                draft.targets[label] = target
                draft.at[f"target {label}"] = table.at(row, column.target)
        if draft.targets and "target" not in draft.values:
            draft.values["target"] = list(draft.targets.values())[-1]
            draft.at["target"] = draft.at[f"target {list(draft.targets)[-1]}"]

    # long tables

    def _add_long(
        self, draft: Draft, table: Table, layout: Layout, row: Row, known: dict[tuple[str, str], Draft]
    ) -> None:
        """Add a row of a long table to the indicator that it belongs to."""
        if not any(draft.key):
            self.warn(draft.place, "the row has no ref and no name", severity="error", row=row.number)
            draft.trouble = draft.trouble or "the row does not say which indicator it is of"
        first = known.setdefault(draft.key, draft) if any(draft.key) else draft
        if first is draft:
            self._drafts.append(draft)
        else:
            first.trouble = first.trouble or draft.trouble
            self._agree(first, draft)
        label = self._add_reading(first, table, layout, row)
        if label is not None and (target := draft.values.get("target")):
            first.targets[label] = target
            first.at[f"target {label}"] = draft.at["target"]
            first.values.setdefault("target", target)
            if len(set(first.targets.values())) > 1:
                first.values["target"], first.at["target"] = target, draft.at["target"]

    def _agree(self, first: Draft, draft: Draft) -> None:
        """Take what the first row leaves open from a later one; what contradicts it is an error."""
        for name, value in draft.values.items():
            own = first.values.setdefault(name, value)
            if own == value:
                first.at.setdefault(name, draft.at[name])
            elif name in SETTINGS:  # in which the rows of one indicator must agree
                place, column = draft.at[name]
                message = f"the {name} is “{printable(str(value))}” here and “{printable(str(own))}” in row {first.row}"
                self.warn(
                    f"{place}, column {column}", message, severity="error", row=draft.row, ref=first.ref, column=column
                )
                first.trouble = first.trouble or message.replace(" here ", f" in row {draft.row} ")
            elif name == "comment":
                first.values[name] = value
        for since, text in draft.history.items():
            self._add_dated(first, since, text, draft.at[f"target from {since}"])
        for column, text in draft.groups.items():
            first.groups.setdefault(column, text)

    def _add_reading(self, draft: Draft, table: Table, layout: Layout, row: Row) -> str | None:
        """Add the reading in a row of a long table; returns the label of its period."""
        assert layout.value is not None
        said = _period_in(layout, row)
        reading, (place, column) = row.cell(layout.value), table.at(row, layout.value)
        more: dict[str, Any] = {"row": row.number, "ref": draft.ref, "severity": "error"}
        label = self._periods.label(said) if said else None
        if label is None:
            if said or reading:
                listing = ", ".join(period.label for period in self._periods.periods)
                trouble = (
                    f"“{printable(said)}” is none of the periods {listing}" if said else "the reading has no period"
                )
                self.warn(
                    f"{table.where(row)}, column {table.heading(layout.period_names[0])}",
                    f"{trouble}; the reading is not used",
                    **more,
                )
            return None
        self._warn_of_name(
            f"{table.where(row)}, column {table.heading(layout.period_names[0])}", self._periods.named_in(said)
        )
        if label in draft.at and draft.readings.get(label, reading) != reading:
            self.warn(
                f"{place}, column {column}",
                f"“{printable(reading)}” is a second reading for {label}, after “{printable(draft.readings[label])}” in "
                f"{draft.at[label][0]}; neither is used",
                column=column, **more,
            )  # fmt: skip
            draft.readings.pop(label)
            draft.trouble = draft.trouble or f"there are two readings for {label}"
            return label
        if reading or label not in draft.at:
            draft.at[label] = (place, column)
        if reading:
            draft.readings[label] = reading
        return label

    # tables of readings

    def add_readings(self, table: Table, layout: Layout) -> None:
        """Add the readings of a second table to the indicators that it names by ref, by name, or by both."""
        if layout.value is None:
            raise ScorecardError(
                f"{table.place}: no column names the period of each reading; there are {table.listed_headings}",
                hint='looked for period, quarter or month; another name is given as [readings.columns] period = "..."',
            )
        if not {"ref", "name"} & set(layout.fields):
            raise ScorecardError(
                f"{table.place}: no column names the indicator; there are {table.listed_headings}",
                hint="looked for ref and name",
            )
        self._warn_of_slips(table, layout)
        by_ref, by_name = self._index("ref"), self._index("name")
        commas = _commas_in(table, layout)
        for row in table.rows:
            draft = self._draft(table, layout, row, commas)
            found = self._only_indicator(draft, by_ref, by_name, "reading")
            if found is not None and draft.trouble:  # without this reading another would decide
                found.trouble = found.trouble or draft.trouble
                if said := _period_in(layout, row):
                    self._periods.label(said)
            elif found is not None:
                self._add_reading(found, table, layout, row)

    # tables of targets

    def add_targets(self, table: Table, layout: Layout, since: int) -> None:
        """Add the targets of a second table, each from the day that its column ``since`` says, to their indicators."""
        by_ref, by_name = self._index("ref"), self._index("name")
        commas = _commas_in(table, layout)
        for row in table.rows:
            draft = self._draft(table, layout, row, commas)
            found = self._only_indicator(draft, by_ref, by_name, "target")
            if found is not None and draft.trouble:  # without this target another would be in force
                found.trouble = found.trouble or draft.trouble
                continue
            text = row.cell(since)
            named = self._periods.named_in(text)
            if found is None or not draft.values.get("target"):
                continue
            if named is None or named.rest or named.begins is None:
                place, column = table.at(row, since)
                why = f" ({printable(named.untold)})" if named is not None and named.untold else ""
                message = f"“{printable(text)}” does not say from which day{why}; the target is not used"
                self.warn(
                    f"{place}, column {column}", message,
                    severity="error", row=row.number, ref=draft.ref, column=column,
                )  # fmt: skip
                found.trouble = found.trouble or f"it is not known from when its target of {table.where(row)} holds"
                continue
            for note in named.notes:
                self.warn(table.where(row), printable(note), row=row.number, ref=draft.ref)
            self._add_dated(found, named.begins, draft.values["target"], draft.at["target"])

    def _only_indicator(
        self, draft: Draft, by_ref: Mapping[str, list[Draft]], by_name: Mapping[str, list[Draft]], what: str
    ) -> Draft | None:
        """The indicator that a row of a second table names; where it does not name one, that is an error."""
        found = self._indicators_of(draft.key, by_ref, by_name)
        if len(found) == 1:
            return found[0]
        called = printable(" ".join(filter(None, (draft.ref, str(draft.values.get("name", ""))))))
        trouble = (
            f"no indicator is called “{called}”"
            if not found
            else f"“{called}” could be the indicators in rows {listed([str(each.row) for each in found])}"
        )
        self.warn(draft.place, f"{trouble}; the {what} is not used", severity="error", row=draft.row, ref=draft.ref)
        return None

    def _index(self, name: str) -> Mapping[str, list[Draft]]:
        found: dict[str, list[Draft]] = {}
        for draft in self._drafts:
            found.setdefault(plain_words(str(draft.values.get(name, ""))), []).append(draft)
        return found

    def _indicators_of(
        self, key: tuple[str, str], by_ref: Mapping[str, list[Draft]], by_name: Mapping[str, list[Draft]]
    ) -> list[Draft]:
        """The indicators of a ref and a name; either may be left out."""
        ref, name = key
        if ref and name:
            return [draft for draft in by_ref.get(ref, []) if draft.key[1] == name]
        return list(by_ref.get(ref, []) if ref else by_name.get(name, []) if name else [])


def _amounts_in(layout: Layout) -> list[int]:
    """The columns that hold amounts, and so decide statuses."""
    found = [layout.fields[name] for name in _AMOUNTS if name in layout.fields]
    found += [*layout.colours.values(), *layout.benchmarks, *(column for _, column in layout.dated)]
    for each in layout.periods:
        found += [each.column] if each.target is None else [each.column, each.target]
    return found if layout.value is None else [*found, layout.value]


def _period_in(layout: Layout, row: Row) -> str:
    """What a row of a long table says of its period."""
    return " ".join(filter(None, (row.cell(column) for column in layout.period_names)))


def _commas_in(table: Table, layout: Layout) -> DecimalCommas:
    """What the amounts of a table say of commas; in a workbook they say nothing, where numbers are no texts."""
    if table.addresses == "cells":
        return NO_COMMAS
    lists = layout.fields.get("profile")  # in which a comma may part two numbers
    columns = [column for column in _amounts_in(layout) if column != lists]
    return DecimalCommas(table.has_semicolons).also_in(row.cell(column) for row in table.rows for column in columns)


def _is_left_out(layout: Layout, row: Row) -> bool:
    """Whether a row is no indicator: a total, a note, a line of the legend, or the title of those below it.

    A row with a ref of its own is always an indicator, and so is one with a name and a reading, unless it is called
    as totals and notes are.
    """
    ref, name = (row.cell(layout.fields[field]) if field in layout.fields else "" for field in ("ref", "name"))
    targets = [*layout.colours.values(), *(each.target for each in layout.periods if each.target is not None)]
    targets += [column for _, column in layout.dated]
    targets += [layout.fields["target"]] if "target" in layout.fields else []
    has_target = any(map(row.cell, targets))
    called = next((text for text in (ref, name) if text), "")
    if LEGEND.match(called) or _TOTAL.fullmatch(called):
        return True
    if has_target:
        return False
    if _BEGINS.match(called):
        return True
    readings = [each.column for each in layout.periods] if layout.value is None else [layout.value]
    has_reading = any(map(row.cell, readings))
    return not ref and not (has_reading if layout.value is not None else name and has_reading)


def _as_heading(known: str) -> str:
    """A known heading as people write it.

    >>> _as_heading("tolerance"), _as_heading("kpi ref")
    ('Tolerance', 'KPI ref')
    """
    words = [word.upper() if word in ("kpi", "pi", "id", "uk", "uom", "cipfa") else word for word in known.split()]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


#: headings that ask a question, and the answer that means "higher is better"
_ASKED: Final = {
    "bigger is better": True, "higher is better": True, "smaller is better": False, "lower is better": False,
}  # fmt: skip
