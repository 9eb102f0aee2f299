"""Headings to what their columns hold, by the names that people usually give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from rag_rules.errors import ScorecardError
from rag_rules.files.tables import Table, letters, listed, plain_words, printable
from rag_rules.models import ReportingPeriod, TableOnFile
from rag_rules.syntax.period_names import NamedPeriod, named_period

__all__ = [
    "COLOURS",
    "FIELDS",
    "NO_READINGS",
    "Finder",
    "Layout",
    "PeriodColumn",
    "called",
    "known_headings",
    "layout_of",
    "names_target",
    "targets_layout",
]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|"))


#: by field: the headings that mean it, and those that are taken for it where none of the first is there
FIELDS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "ref": (
        _names(
            "ref|reference|ref no|reference no|reference number|ref number|id|kpi ref|kpi reference|kpi no"
            "|kpi number|kpi id|kpi code|indicator ref|indicator reference|indicator no|indicator number"
            "|indicator id|indicator code|pi ref|pi no|pi number|pi code|measure ref|measure no"
            "|measure number|measure id|metric id|unique id|unique reference"
        ),
        _names("code|no|number"),
    ),
    "name": (
        _names(
            "name|indicator|indicator name|indicator title|kpi name|kpi title|performance indicator"
            "|performance measure|measure|measure name|measure title|pi name|pi title|metric|metric name"
            "|key performance indicator|indicator description|kpi description|measure description|title|kpi"
            "|pi"
        ),
        _names("description|short name"),
    ),
    "target": (_names("target|targets"), _names("goal|threshold|standard")),
    "polarity": (
        _names(
            "polarity|good is|good performance is|good performance|good to be|what is good|desired direction"
            "|direction of good|good direction|better is|which is better|bigger is better|higher is better"
            "|lower is better|smaller is better|bigger or smaller is better|higher or lower is better"
            "|high or low is good|preferred direction|desired direction of travel|direction of improvement"
            "|improvement direction"
        ),
        _names("direction|aim|aim to"),
    ),
    "tolerance": (_names(
        "tolerance|tolerances|amber tolerance|tolerance level|amber within|amber margin|allowed variance"
        "|acceptable variance"
    ), ()),
    "unit": (_names(
        "unit|units|unit of measure|units of measure|unit of measurement|measurement unit|measure unit"
        "|unit type|uom|measured in"
    ), ()),
    "scale": (_names("scale|grades|rating scale|grade scale"), ()),
    "baseline": (_names("baseline|baseline value|baseline figure|baseline position|starting point"), ()),
    "frequency": (_names("frequency|reporting frequency|collection frequency|frequency of reporting"), ()),
    "accumulation": (_names("accumulation|cumulative|cumulative or snapshot|aggregation"), ()),
    "year": (_names("year|year type|reporting year"), ()),
    "lag": (_names("lag|reporting lag|time lag|data lag"), ()),
    "profile": (_names(
        "profile|target profile|phasing|target phasing|profiled target|year to date profile|profile of the target"
    ), ()),
    "owner": (
        _names(
            "owner|kpi owner|indicator owner|measure owner|lead|lead officer|responsible officer"
            "|accountable officer|responsible"
        ),
        _names("data owner|manager"),
    ),
    "comment": (
        _names(
            "comment|comments|commentary|narrative|performance commentary|officer comments"
            "|supporting commentary|latest commentary"
        ),
        _names("notes|note|explanation"),
    ),
    "rounding": (_names("rounding|rounding policy"), ()),
    "published": (
        _names(
            "published|published status|published rag|published rating|rag|rag status|rag rating|current rag|status|current status"
            "|performance status|reported status|reported rag"
        ),
        _names("rating|colour"),
    ),
    "override": (_names("override|override status|status override|rag override|overridden to"), ()),
    "override_reason": (_names("override reason|reason for override|override justification"), ()),
    "override_by": (_names("override by|overridden by|override author"), ()),
    "override_until": (_names("override until|override expires|override expiry|override expiry date"), ()),
    "weight": (_names("weight|weighting"), ()),
}  # fmt: skip

#: how the warning begins that is none where readings stand in a table, or a file, of their own
NO_READINGS: Final = "no column holds readings"
COLOURS: Final = ("green", "amber", "red")
_COLOUR_WORDS: Final = frozenset("threshold thresholds range band rag criteria if is level target value values".split())

#: each such column is a benchmark of its own name; a column "benchmark" may hold "national=77.8%"
BENCHMARKS: Final = frozenset(
    _names(
        "benchmark|benchmarks|national|national average|national benchmark|england|england average"
        "|english average|uk average|regional|regional average|region|comparator|comparators"
        "|comparator average|comparator group|statistical neighbours|statistical neighbour average"
        "|nearest neighbours|nearest neighbour average|cipfa nearest neighbours|peer average"
        "|family group average"
    )
)
GROUPS: Final = frozenset(
    _names(
        "priority|corporate priority|strategic priority|theme|directorate|service|service area|department"
        "|portfolio|commitment|category"
    )
)
#: a reading more or less decides a status, so no other column may be taken for one of these without a word
_DECISIVE: Final = frozenset({"target", "polarity", "tolerance", "unit", "scale", "baseline", "rounding"})

_READINGS: Final = frozenset("actual actuals value reading result results current performance outturn latest".split())
_READING_WORDS: Final = _READINGS | frozenset("position figure data score ytd".split())
_SMALL_WORDS: Final = frozenset(
    "end of as at to the for quarter qtr month year in on period date by ending ended".split()
)
#: in a table of targets, the column that says from when each holds
_SINCE: Final = frozenset(
    _names(
        "from|from date|effective from|effective date|valid from|in force from|applies from|since|start|start date"
        "|starts|begins"
    )
)
_PREVIOUS: Final = frozenset({"previous", "prior", "last"})
_WHAT_IS_PREVIOUS: Final = _READINGS | {"quarter", "month", "year", "period"}
_TARGET_WORDS: Final = frozenset(
    "annual full year end value figure kpi our for by the of in level quarter current".split()
)
_PERIODS: Final = frozenset(
    _names(
        "period|reporting period|quarter|reporting quarter|quarter ending|month|reporting month|month ending"
        "|period end|period ending|financial year"
    )
)


#: a heading that calls its column a target: not "on target" and not "variance from target"
_CALLED_TARGET: Final = re.compile(
    r"(?!.*\b(?:of|on|to|from|against|vs|versus|above|below|over|under|off|met|meeting|achieved) (?:the )?targets?\b)"
    r"(?:.* )?targets?(?P<behind>| .*)"
)
#: a heading that numbers a stretch of time in a way that is not read: "Week 53", "P6 2023/24"
_PERIOD_LIKE: Final = re.compile(
    r"(?:week|wk|w|month|mth|m|period|p|quarter|qtr|q|term|half|h|year|yr|y) ?[0-9]{1,2}(?: (?:of )?[0-9 /-]{2,9})?"
)


@dataclass(frozen=True, slots=True)
class PeriodColumn:
    """A column of a wide table: the readings of one period."""

    column: int
    #: the period as its heading, or the scorecard's file, names it
    period: ReportingPeriod
    named: NamedPeriod | None = None
    #: the column of this period's own targets
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a table hold, by their position."""

    fields: Mapping[str, int]
    colours: Mapping[str, int]
    benchmarks: tuple[int, ...]
    groups: tuple[int, ...]
    #: of a wide table
    periods: tuple[PeriodColumn, ...]
    #: of a long table: the columns that name the period, together, and the one that holds the reading
    period_names: tuple[int, ...] = ()
    value: int | None = None
    #: oddities for the list of problems
    warnings: tuple[str, ...] = ()
    #: columns that are used for nothing and look like a slip for a known heading, which is given
    slips: tuple[tuple[int, str], ...] = ()
    #: the columns of targets that hold from a day on, each with the day
    dated: tuple[tuple[date, int], ...] = ()


def known_headings(cells: Sequence[str], mapped: TableOnFile) -> int:
    """How many of the cells are headings of a scorecard; 0 for a line without those that it cannot do without."""
    plain = [_plain(cell) for cell in cells]
    wanted = {plain_words(name) for names in mapped.columns.values() for name in names}
    wanted |= {plain_words(period.column) for period in mapped.periods if period.column}
    found = sum(
        bool(_field(cell)) or cell in wanted or cell in _PERIODS or cell in BENCHMARKS or cell in GROUPS
        for cell in plain
        if cell
    )
    readings = sum(bool(set(cell.split()) & _READINGS) for cell in plain)
    decisive = any(_is_target(cell) or cell in FIELDS["target"][1] or cell in wanted for cell in plain if cell)
    decisive = decisive or any((named := named_period(cell)) and _is_dated_target(named) for cell in cells if cell)
    if not decisive and any(map(_colour, plain)):  # a legend has colours too, and nothing else that is known
        decisive = bool(found or readings) or any(named_period(cell) is not None for cell in cells if cell)
        found += sum(bool(_colour(cell)) for cell in plain)
    return found + readings if decisive or (found and readings) else 0


def called(field: str, headings: Sequence[str]) -> list[str]:
    """The headings that mean a field (``ref``, ``name`` or ``reading``): by its first names, or else by the others.

    >>> called("ref", ["KPI No.", "code"]), called("reading", ["value", "Value date"])
    (['KPI No.'], ['value'])
    """
    for names in (tuple(_READINGS),) if field == "reading" else FIELDS[field]:
        if found := [heading for heading in headings if _plain(heading) in names]:
            return found
    return []


def layout_of(table: Table, mapped: TableOnFile, *, year_start: int, needs_target: bool = True) -> Layout:
    """What the columns of ``table`` hold: what ``mapped`` says of them, and the usual names for the rest.

    Raises ``ScorecardError`` where there is no target column, or where two columns could be one thing.
    """
    finder = _Finder(table, mapped, year_start)
    fields = finder.fields()
    colours = finder.colours()
    dated = finder.dated()
    has_target = "target" in fields or colours or dated or any(period.target for period in mapped.periods)
    if needs_target and not has_target:
        near = [table.heading(index) for index, plain in enumerate(finder.plain) if _slip(plain, {"target", "targets"})]
        raise ScorecardError(
            f"{table.place}: no column holds the targets; there are {table.listed_headings}"
            + (f"; is “{near[0]}” a slip for Target?" if near else ""),
            hint="looked for target, goal, threshold, standard, or green, amber and red; another name is given as "
            '[indicators.columns] target = "..." in scorecard.toml',
        )
    groups = finder.groups()
    layout = finder.with_readings(fields, colours, groups)
    notes = tuple(printable(note) for _, index in dated if (named := finder.named[index]) for note in named.notes)
    layout = replace(layout, dated=dated, slips=finder.slips(layout))
    return replace(layout, warnings=(*layout.warnings, *notes, *finder.passed_over(layout)))


def targets_layout(table: Table, mapped: TableOnFile, *, year_start: int) -> tuple[Layout, int]:
    """What the columns of a table of targets hold, and which of them says from when each target holds.

    Raises ``ScorecardError`` where it has no such column, or none of targets or of indicators.
    """
    finder = _Finder(table, mapped, year_start)
    since = finder.mapped_to("from") or [index for index, plain in enumerate(finder.plain) if plain in _SINCE]
    if len(since) != 1:
        named = f"{len(since)} columns say" if since else "no column says"
        raise ScorecardError(
            f"{table.place}: {named} from when each target holds; there are {table.listed_headings}",
            hint='looked for from, effective from and the like; one is named as [targets.columns] from = "..."',
        )
    finder.taken.update(since)
    fields = finder.fields()
    if "target" not in fields or not {"ref", "name"} & set(fields):
        missing = "holds the targets" if "target" not in fields else "names the indicator"
        raise ScorecardError(f"{table.place}: no column {missing}; there are {table.listed_headings}")
    return Layout(fields, {}, (), (), ()), since[0]


class Finder:
    """Finds columns by their headings, each for one thing only."""

    #: by field: the headings that mean it, and those that are taken for it where none of the first is there
    known: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = FIELDS
    #: the fields that no column is taken for while another could be it
    decisive: frozenset[str] = _DECISIVE
    #: what else may be named besides the fields
    parts: tuple[str, ...] = ()
    #: what the table is called in the scorecard's file
    section = "indicators"

    def __init__(self, table: Table, mapped: TableOnFile) -> None:
        self.table, self.mapped = table, mapped
        self.plain = [_plain(heading) for heading in table.headings]
        self.taken: set[int] = set()
        self._refuse_unknown_keys()

    def _refuse_unknown_keys(self) -> None:
        known = [*self.known, *self.parts]
        for key in self.mapped.columns:
            if key not in known:
                raise ScorecardError(f"{self.table.place}: “{printable(key)}” is not a field", expected=known)

    def mapped_to(self, key: str) -> list[int]:
        """The columns that the scorecard's file names for a field."""
        return [self.column(name) for name in self.mapped.columns.get(key, ())]

    def column(self, heading: str) -> int:
        """The column of a heading; raises ``ScorecardError`` if there is none, or more than one."""
        found = [index for index, own in enumerate(self.table.headings) if own.strip() == heading.strip()]
        found = found or [index for index, plain in enumerate(self.plain) if plain and plain == _plain(heading)]
        if len(found) != 1:
            if found:
                raise ScorecardError(
                    f"{self.table.place}: columns {listed([letters(each) for each in found])} are all named "
                    f"“{printable(heading)}”",
                    hint="rename all but one of them",
                )
            raise ScorecardError(
                f"{self.table.place}: no column named “{printable(heading)}”; there are {self.table.listed_headings}"
            )
        self.taken.add(found[0])
        return found[0]

    def fields(self) -> dict[str, int]:
        """The column of each field that has one."""
        found: dict[str, int] = {}
        for field in self.known:
            if columns := self.mapped_to(field):
                if len(columns) > 1:
                    raise ScorecardError(f"{self.table.place}: the {field} can be in one column only")
                found[field] = columns[0]
        spoken_for = {plain_words(period.column) for period in self.mapped.periods if period.column}
        spoken_for |= {plain_words(period.target) for period in self.mapped.periods if period.target}
        for field, (names, others) in self.known.items():
            if field in found or (field == "target" and any(period.target for period in self.mapped.periods)):
                continue
            for wanted in (names, others):
                columns = self._named(field, wanted, spoken_for)
                if columns:
                    found[field] = self._only(field, columns)
                    self.taken.add(found[field])
                    break
        return found

    def _named(self, field: str, names: tuple[str, ...], spoken_for: set[str]) -> list[int]:
        """The free columns whose heading is one of the names, the best first."""
        found = []
        for index, plain in enumerate(self.plain):
            if index in self.taken or plain in spoken_for:
                continue
            if plain not in names:
                plain = self._named_less_exactly(field, index)
            if plain in names:
                found.append((names.index(plain), index))
        return [index for _, index in sorted(found)]

    def _named_less_exactly(self, field: str, index: int) -> str:
        """A heading as it is compared with the names of a field where it is none of them itself."""
        return self.plain[index]

    def _only(self, field: str, columns: list[int]) -> int:
        """The one column of a field; for what decides a status there must be no choice."""
        if len(columns) > 1 and field in self.decisive:
            raise ScorecardError(
                f"{self.table.place}: {self._told_apart(columns)} could {'both' if len(columns) == 2 else 'all'} "
                f"be the {field}",
                hint=self._way_out(field, columns, columns[-1]),
            )
        return columns[0]

    def _told_apart(self, columns: Sequence[int]) -> str:
        """The columns by their headings, and by their letters too where two headings are the same."""
        headings = [self.table.heading(index) for index in columns]
        if len(set(headings)) == len(headings):
            return listed([f"“{heading}”" for heading in headings])
        return listed([f"“{heading}” (column {letters(i)})" for heading, i in zip(headings, columns, strict=True)])

    def _way_out(self, field: str, columns: Sequence[int], likely: int) -> str:
        """What to do about columns that could be one thing; one that shares its heading cannot be named."""
        if len({self.table.heading(index) for index in columns}) < len(columns):
            return "rename one of them" if len(columns) == 2 else "rename all but one of them"
        return f'say which: [{self.section}.columns] {field} = "{self.table.heading(likely)}" in scorecard.toml'

    def groups(self) -> tuple[int, ...]:
        """The columns that indicators are gathered under; they may have another meaning besides."""
        if self.mapped.group:
            return tuple(dict.fromkeys(self.column(name) for name in self.mapped.group))
        found = tuple(i for i, plain in enumerate(self.plain) if plain in GROUPS and i not in self.taken)
        self.taken.update(found)
        return found

    def slipped(self, used: set[int], known: Iterable[str]) -> tuple[tuple[int, str], ...]:
        """The columns with cells that are used for nothing and look like a known heading, with that heading."""
        found = [
            (index, near)
            for index in range(len(self.plain))
            if index not in used and (near := self._slip(index, known))
        ]
        return tuple((index, near) for index, near in found if any(row.cell(index) for row in self.table.rows))

    def _slip(self, index: int, known: Iterable[str]) -> str | None:
        """The known heading that a column is a slip for; short ones are compared in YAML alone, which has keys."""
        plain = self._compared_for_slips(index)
        found = _slip(plain, known)
        if found is None and self.table.addresses == "lines" and plain not in known:
            return next((name for name in sorted(known) if _lacks_a_letter(plain, name)), None)
        return found

    def _compared_for_slips(self, index: int) -> str:
        return self.plain[index]


class _Finder(Finder):
    """Finds the columns of a table of indicators or readings."""

    parts = (*COLOURS, "benchmark", "benchmarks", "period", "value", "from")

    def __init__(self, table: Table, mapped: TableOnFile, year_start: int) -> None:
        super().__init__(table, mapped)
        self.year_start = year_start
        self.named = [
            named_period(heading, year_start=year_start) if heading.strip() else None for heading in table.headings
        ]

    def _named_less_exactly(self, field: str, index: int) -> str:
        plain = self.plain[index]
        if field not in self.decisive:
            return plain
        return "target" if _is_target(plain) else _bare(plain, self.named[index])  # "Baseline 2022/23"

    def _compared_for_slips(self, index: int) -> str:
        return _bare(self.plain[index], self.named[index])

    def dated(self) -> tuple[tuple[date, int], ...]:
        """The columns of targets that hold from a day on: "Target from October 2023"."""
        found: dict[date, int] = {}
        for index, named in enumerate(self.named):
            if index in self.taken or named is None or not _is_dated_target(named):
                continue
            heading = self.table.heading(index)
            if named.begins is None:
                raise ScorecardError(
                    f"{self.table.place}: “{heading}” does not say from which day",
                    hint="write Target from 2023-10-01, or Target from October 2023",
                )
            if named.begins in found:
                raise ScorecardError(
                    f"{self.table.place}: “{self.table.heading(found[named.begins])}” and “{heading}” begin on one day"
                )
            found[named.begins] = index
        self.taken.update(found.values())
        return tuple(sorted(found.items()))

    def colours(self) -> dict[str, int]:
        """The columns that hold the bands of the three colours."""
        found: dict[str, int] = {}
        for colour in COLOURS:
            columns = self.mapped_to(colour) or [
                i for i, plain in enumerate(self.plain) if i not in self.taken and _colour(plain) == colour
            ]
            if len(columns) > 1:
                raise ScorecardError(
                    f"{self.table.place}: {self._told_apart(columns)} could both be the {colour} band",
                    hint=self._way_out(colour, columns, columns[-1]),
                )
            if columns:
                found[colour] = columns[0]
                self.taken.add(columns[0])
        return found

    def benchmarks(self) -> tuple[int, ...]:
        """The columns that hold benchmarks."""
        mapped = [*self.mapped_to("benchmark"), *self.mapped_to("benchmarks")]
        found = tuple(mapped) or tuple(
            i for i, plain in enumerate(self.plain) if i not in self.taken and _bare(plain, self.named[i]) in BENCHMARKS
        )
        self.taken.update(found)
        return found

    # readings

    def with_readings(self, fields: dict[str, int], colours: dict[str, int], groups: tuple[int, ...]) -> Layout:
        """The whole layout, with the columns that hold readings."""
        benchmarks = self.benchmarks()
        period_names, value = tuple(self.mapped_to("period")), self.mapped_to("value")
        if given := [period for period in self.mapped.periods if self._has_column(period)]:
            return Layout(fields, colours, benchmarks, groups, tuple(self._given(period) for period in given))
        dated, undated, previous = self._readings()
        if value:
            undated, dated, previous = value, [], []
        if not period_names and not dated and len(undated) == 1:
            period_names = self._period_names(fields)
        if period_names:
            return Layout(fields, colours, benchmarks, groups, (), period_names, self._value(undated))
        warnings: tuple[str, ...] = ()
        if dated and undated:
            unused = listed([f"“{self.table.heading(index)}”" for index in undated])
            used = listed([f"“{self.table.heading(index)}”" for index in dated])
            warnings = (f"{unused} {'is' if len(undated) == 1 else 'are'} not used: the readings are those of {used}",)
        columns = dated or [*previous[:1], *([self._value(undated)] if undated else [])]
        if not columns:
            warnings = (f"{NO_READINGS}; there are {self.table.listed_headings}",)
        periods = tuple(PeriodColumn(i, self._period(i), self.named[i]) for i in columns)
        self._refuse_twice(periods)
        return Layout(fields, colours, benchmarks, groups, periods, warnings=warnings)

    def _has_column(self, period: ReportingPeriod) -> bool:
        return period.column is not None or _plain(period.label) in self.plain

    def _given(self, period: ReportingPeriod) -> PeriodColumn:
        """The columns of a period that the scorecard's file names; without a column it is that of its label."""
        column = self.column(period.column if period.column is not None else period.label)
        named = named_period(period.label, year_start=self.year_start)
        ends = period.ends or (named.ends if named is not None else None)
        period = period.model_copy(update={"ends": ends, "column": self.table.heading(column)})
        return PeriodColumn(column, period, named, self.column(period.target) if period.target else None)

    def _readings(self) -> tuple[list[int], list[int], list[int]]:
        """The free columns of readings: those of a period, those without one, and those of "the previous" period."""
        dated, undated, previous = [], [], []
        for index, (plain, named) in enumerate(zip(self.plain, self.named, strict=True)):
            if index in self.taken or not plain:
                continue
            words = set((named.rest if named is not None else plain).split())
            if not words <= _READING_WORDS | _SMALL_WORDS | _PREVIOUS:
                continue
            if named is not None and not words & _PREVIOUS:
                dated.append(index)
            elif words & _PREVIOUS and words & _WHAT_IS_PREVIOUS:
                previous.append(index)
            elif words & _READINGS and not words & _PREVIOUS:
                undated.append(index)
        return dated, undated, previous

    def _period_names(self, fields: dict[str, int]) -> tuple[int, ...]:
        """The columns of a long table that name the period of each row, such as a year and a quarter."""
        found = [i for i, plain in enumerate(self.plain) if plain in _PERIODS and i not in self.taken]
        year = fields.get("year")
        if year is not None and self._names_years(year):
            found.append(year)
            del fields["year"]
        return tuple(found)

    def _names_years(self, column: int) -> bool:
        texts = [text for row in self.table.rows[:100] if (text := row.cell(column))]
        return bool(texts) and all(named_period(text, year_start=self.year_start) is not None for text in texts)

    def _value(self, columns: list[int]) -> int:
        """The one column of readings that have no period of their own."""
        if len(columns) == 1:
            return columns[0]
        if not columns:
            raise ScorecardError(
                f"{self.table.place}: no column holds the readings; there are {self.table.listed_headings}",
                hint="looked for value, actual, reading, result, performance or outturn",
            )
        raise ScorecardError(
            f"{self.table.place}: {self._told_apart(columns)} could {'both' if len(columns) == 2 else 'all'} "
            "hold the readings",
            hint=self._way_out("value", columns, columns[0]),
        )

    def _period(self, column: int) -> ReportingPeriod:
        named = self.named[column]
        heading = self.table.heading(column)
        return ReportingPeriod(label=heading, ends=named.ends if named is not None else None, column=heading)

    def _used(self, layout: Layout) -> set[int]:
        used = {*self.taken, *layout.fields.values(), *layout.colours.values(), *layout.benchmarks, *layout.groups}
        used |= {
            *layout.period_names,
            *(column.column for column in layout.periods),
            *(index for index, _ in layout.slips),
        }
        used |= {column.target for column in layout.periods if column.target is not None}
        return used | ({layout.value} if layout.value is not None else set())

    def passed_over(self, layout: Layout) -> tuple[str, ...]:
        """What to say of columns with cells that are used for nothing and look like targets, or like periods, of their own."""
        used = self._used(layout)
        free = [
            index
            for index, plain in enumerate(self.plain)
            if plain and index not in used and any(row.cell(index) for row in self.table.rows)
        ]
        found: list[str] = []
        targets = [index for index in free if self._holds_targets(index)]
        if targets:
            own = [layout.fields["target"]] if "target" in layout.fields else []
            own += [*layout.colours.values(), *(index for _, index in layout.dated)]
            own += [column.target for column in layout.periods if column.target is not None]
            found.append(
                f"{self._unused(targets)}: the targets are those of {self._headings(own)}"
                if own
                else self._unused(targets)
            )
        readings = [index for index in free if _PERIOD_LIKE.fullmatch(self._without_readings(index))]
        if readings and layout.periods:
            periods = self._headings([column.column for column in layout.periods])
            found.append(
                f"{self._unused(readings)}, though {'it looks like a period' if len(readings) == 1 else 'they look like periods'}: the readings "
                f"are those of {periods}; name such columns as [[indicators.periods]] in scorecard.toml"
            )
        return tuple(found)

    def _headings(self, columns: Iterable[int]) -> str:
        return listed([f"“{self.table.heading(index)}”" for index in sorted(set(columns))])

    def _unused(self, columns: Sequence[int]) -> str:
        return f"{self._headings(columns)} {'is' if len(columns) == 1 else 'are'} not used"

    def _holds_targets(self, index: int) -> bool:
        """Whether a column is called a target of some kind, and its cells may be such: "Revised target", not "Target date"."""
        found = _CALLED_TARGET.fullmatch(self.plain[index])
        if found is None:
            return False
        cells = [cell for row in self.table.rows[:100] if (cell := row.cell(index))]
        days = [named_period(cell, year_start=self.year_start) for cell in cells]
        has_amounts = any(
            any(sign.isdigit() for sign in cell) and day is None for cell, day in zip(cells, days, strict=True)
        )
        return has_amounts or (found["behind"] == "" and not all(days))

    def _without_readings(self, index: int) -> str:
        """A heading without words for readings: "Month 1 actual" is "month 1"."""
        named = self.named[index]
        if named is not None and not set(named.rest.split()) <= _READING_WORDS | _SMALL_WORDS:
            return ""
        return " ".join(word for word in self.plain[index].split() if word not in _READING_WORDS)

    def slips(self, layout: Layout) -> tuple[tuple[int, str], ...]:
        """The columns with cells that are used for nothing and look like a known heading, with that heading."""
        used = self._used(layout)
        return self.slipped(used, _KNOWN | {"readings"} if self.table.addresses == "lines" else _KNOWN)

    def _refuse_twice(self, periods: Sequence[PeriodColumn]) -> None:
        for index, one in enumerate(periods):
            for other in periods[:index]:
                if one.period.label == other.period.label or (
                    one.named is not None and other.named is not None and one.named.is_same_as(other.named)
                ):
                    raise ScorecardError(
                        f"{self.table.place}: “{other.period.label}” and “{one.period.label}” are one period",
                        hint="list the columns to use as [[indicators.periods]] in scorecard.toml",
                    )


#: every heading that a slip may be for
_KNOWN: Final = frozenset(
    {name for names, others in FIELDS.values() for name in (*names, *others)}
    | {*COLOURS, *BENCHMARKS, *GROUPS, *_PERIODS, *_READINGS}
)


def _slip(plain: str, known: Iterable[str]) -> str | None:
    """The known heading that ``plain`` is a slip for: the same words, but for a letter or two in those of some length.

    Words are compared one by one, since "direction of travel" is most of "desired direction of travel" and no slip.
    """
    if not plain or plain in known:
        return None
    likeness = {name: _likeness(plain.split(), name.split()) for name in known}
    near = max(sorted(likeness), key=lambda name: likeness[name])
    return near if likeness[near] else None


def _lacks_a_letter(short: str, whole: str) -> bool:
    """Whether a word of some letters is another with one letter left out: "nam"."""
    if len(short) < 3 or len(short) + 1 != len(whole):
        return False
    return any(short == whole[:at] + whole[at + 1 :] for at in range(len(whole)))


def _likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """How alike two headings are, from 0 for those that no slip makes of each other."""
    if len(words) != len(others):
        return 0
    pairs = [(one, other) for one, other in zip(words, others, strict=True) if one != other]
    if any(min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1 for one, other in pairs):
        return 0
    found = min((SequenceMatcher(None, one, other).ratio() for one, other in pairs), default=1.0)
    return found if found >= 0.8 else 0


def _plain(heading: str) -> str:
    return "no" if heading.strip() == "#" else plain_words(heading)


def _field(plain: str) -> str | None:
    """The field that a heading names."""
    if _is_target(plain):
        return "target"
    return next((field for field, (names, others) in FIELDS.items() if plain in names or plain in others), None)


def names_target(heading: str) -> bool:
    """Whether a heading is that of targets: "Target", "Annual target 2023/24", but not "Target date"."""
    plain = _plain(heading)
    return _is_target(plain) or plain in FIELDS["target"][1]


def _is_target(plain: str) -> bool:
    """Whether a heading names a target, perhaps of a certain year: "2023/24 target", "Annual target"."""
    if "target" not in plain:
        return False
    named = named_period(plain)
    words = set(_bare(plain, named).split())
    return bool(words & {"target", "targets"}) and words <= _TARGET_WORDS | {"target", "targets"}


def _is_dated_target(named: NamedPeriod) -> bool:
    """Whether a heading that names a period is that of targets from then on."""
    words = set(named.rest.split())
    return (
        "target" in words and bool(words & {"from", "since"}) and words <= _TARGET_WORDS | {"target", "from", "since"}
    )


def _bare(plain: str, named: NamedPeriod | None) -> str:
    """A heading without the period it names: "National average 2022/23" is "national average"."""
    rest = named.rest if named is not None else plain
    return " ".join(word for word in rest.split() if not word.isdigit())


def _colour(plain: str) -> str | None:
    """The colour whose band a heading names: "Green", "Amber threshold"."""
    words = set(plain.split())
    colours = [colour for colour in COLOURS if colour in words]
    return colours[0] if len(colours) == 1 and words <= _COLOUR_WORDS | {colours[0]} else None
