"""Scorecards on file: one thin module for each format, and the way from any of them to the same records."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from rag_rules.errors import ScorecardError, check_kind
from rag_rules.files.columns import known_headings, layout_of, targets_layout
from rag_rules.files.delimited import decoded, delimited_table, most_known
from rag_rules.files.folder import SETTINGS, file_in, only_table, read_settings, tables_in
from rag_rules.files.pictures import data_uri
from rag_rules.files.scheme_sheet import periods_in, scheme_in
from rag_rules.files.tables import Table, printable
from rag_rules.files.task_columns import (
    action_layout,
    is_action_headings,
    is_plan_headings,
    known_action_headings,
    known_plan_headings,
    plan_layout,
)
from rag_rules.files.task_records import TaskCollector
from rag_rules.files.workbook import Book, open_book
from rag_rules.files.yaml_rows import yaml_tables
from rag_rules.files.years import scheme_year
from rag_rules.models import OnFile, Scorecard, TableOnFile

__all__ = ["read_scorecard", "read_scorecard_text"]

TEXTS: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})
YAML: Final = frozenset({".yaml", ".yml"})
BOOKS: Final = frozenset({".xlsx", ".xlsm"})
_TABLES: Final = TEXTS - {".txt"} | YAML | BOOKS
#: the sheets of a workbook that have a meaning by their name
_SHEETS: Final = frozenset({"scheme", "periods", "readings", "targets", "actions", "plan"})


class _Known(Protocol):
    """Counts the headings that it knows in a line of cells; 0 for a line that is none of headings."""

    def __call__(self, cells: Sequence[str], mapped: TableOnFile) -> int: ...


_KNOWN: Final[dict[str, _Known]] = {
    "indicators": known_headings,
    "readings": known_headings,
    "targets": known_headings,
    "actions": known_action_headings,
    "plan": known_plan_headings,
}


@dataclass(slots=True)
class _Contents:
    """What the files of a scorecard hold, before any of it is understood."""

    on_file: OnFile
    indicators: list[tuple[Table, TableOnFile]] = field(default_factory=list)
    readings: list[tuple[Table, TableOnFile]] = field(default_factory=list)
    targets: list[tuple[Table, TableOnFile]] = field(default_factory=list)
    actions: list[tuple[Table, TableOnFile]] = field(default_factory=list)
    plan: list[tuple[Table, TableOnFile]] = field(default_factory=list)
    #: place and message of what was odd about the files
    warnings: list[tuple[str, str]] = field(default_factory=list)


def read_scorecard(
    path: str | Path, *, sheet: str | None = None, columns: Mapping[str, str | Sequence[str]] | None = None
) -> Scorecard:
    """The scorecard at ``path``: a folder, or one CSV, YAML or Excel file.

    ``sheet`` names the sheet of a workbook that holds the indicators, ``columns`` the headings by field
    (``{"target": "Target 2023/24"}``) where they are not the usual ones and no scorecard.toml says so.

    Every problem in single rows and cells is collected in ``problems``, with its place. Raises ``ScorecardError``
    where the whole cannot be read (no file, no table, no target column, or two that could be it), and
    ``MissingExtraError`` without the package that a format needs.
    """
    check_kind(path, (str, os.PathLike), "path", ScorecardError, hint='write read_scorecard("kpis.csv")')
    if sheet is not None:
        check_kind(sheet, str, "name of a sheet", ScorecardError)
    path = Path(path)
    mapped = TableOnFile(columns=_listed(columns), sheet=sheet)
    if os.path.isdir(path):
        return _with_logo(_scorecard(_folder(path, mapped)), path)
    if not os.path.isfile(path):  # unlike the method of a path, also where no name is as long
        raise ScorecardError(f"there is no file or folder {printable(str(path))}")
    return _with_logo(_scorecard(_file(path, mapped)), path.parent)


def read_scorecard_text(
    text: str | bytes, name: str = "standard input", *, columns: Mapping[str, str | Sequence[str]] | None = None
) -> Scorecard:
    """The scorecard in the text of a CSV file; ``name`` is what messages call it.

    The table is one of indicators, unless its headings are certainly those of actions or of a plan. Raises ``ScorecardError`` as ``read_scorecard`` does.
    """
    check_kind(text, (str, bytes), "text of a table", ScorecardError)
    check_kind(name, str, "name of a table", ScorecardError)
    mapped = TableOnFile(columns=_listed(columns))
    contents = _Contents(OnFile())
    _add_text(text, name, mapped, contents)
    return _scorecard(contents)


def _with_logo(scorecard: Scorecard, folder: Path) -> Scorecard:
    """The scorecard with the picture that its scheme names."""
    name = scorecard.scheme.logo
    return scorecard.model_copy(update={"logo": data_uri(file_in(folder, name))}) if name else scorecard


def _listed(columns: Mapping[str, str | Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    """The headings by field; raises ``ScorecardError`` for what is no mapping of texts."""
    if columns is None:
        return {}
    hint = 'write columns={"target": "Target 2023/24"}'
    check_kind(columns, Mapping, "mapping from fields to headings", ScorecardError, hint=hint)
    found = {}
    for field_name, names in columns.items():
        listed = (names,) if isinstance(names, str) else names
        check_kind(listed, (tuple, list), "heading", ScorecardError, hint=hint)
        for each in (field_name, *listed):
            check_kind(each, str, "heading", ScorecardError, hint=hint)
        found[field_name] = tuple(listed)
    return found


# from files to contents ---------------------------------------------------------------------------------------------


def _folder(folder: Path, given: TableOnFile) -> _Contents:
    """What a folder holds: the tables that its scorecard.toml names, or else its only one."""
    on_file = read_settings(folder)
    contents = _Contents(on_file)
    tables = on_file.indicators or (() if on_file.actions or on_file.plan else (TableOnFile(),))
    others = (*on_file.readings, *on_file.actions, *on_file.plan)
    named = frozenset(table.file for table in (*tables, *others) if table.file)
    if not tables and (unnamed := tables_in(folder, _TABLES, named)):
        said = f"not named in {SETTINGS}, and not read: {', '.join(printable(path.name) for path in unnamed[:10])}"
        contents.warnings.append((SETTINGS, said))
    for table in tables:
        path = file_in(folder, table.file) if table.file else only_table(folder, _TABLES, named)
        mapped = _over(given, table)
        if path.suffix.lower() in YAML | BOOKS and not on_file.indicators:
            return _file(path, mapped)
        contents.indicators.append((_one_table(path, mapped, contents), mapped))
    for name, given_tables, into in (
        ("readings", on_file.readings, contents.readings),
        ("targets", on_file.targets, contents.targets),
        ("actions", on_file.actions, contents.actions),
        ("plan", on_file.plan, contents.plan),
    ):
        for number, table in enumerate(given_tables):
            if not table.file:
                raise ScorecardError(f"{SETTINGS}: a table of [[{name}]] needs its file")
            if any((table.file, table.sheet) == (other.file, other.sheet) for other in given_tables[:number]):
                raise ScorecardError(f"{SETTINGS}: [[{name}]] names {printable(table.file)} twice")
            path = file_in(folder, table.file)
            into.append((_one_table(path, table, contents, sheet=name, known=_KNOWN[name]), table))
    return contents


def _file(path: Path, mapped: TableOnFile) -> _Contents:
    """What one file holds."""
    suffix = path.suffix.lower()
    contents = _Contents(OnFile())
    if suffix in TEXTS:
        _add_text(path.read_bytes(), printable(path.name), mapped, contents)
        return contents
    if suffix in YAML:
        text, warning = decoded(path.read_bytes(), place=path.name)
        contents.on_file, own, tables = yaml_tables(text, place=path.name)
        contents.indicators = [(table, _over(mapped, own)) for table in tables["indicators"]]
        contents.readings = [(table, TableOnFile()) for table in tables["readings"]]
        contents.targets = [(table, TableOnFile()) for table in tables["targets"]]
        contents.actions = [(table, TableOnFile()) for table in tables["actions"]]
        contents.plan = [(table, TableOnFile()) for table in tables["aims"]]
        contents.warnings += [(path.name, warning)] if warning else []
        return contents
    if suffix in BOOKS:
        with open_book(path) as book:
            return _book(book, mapped)
    hint = (
        "save it as .xlsx or as CSV UTF-8"
        if suffix in (".xls", ".xlsb", ".ods", ".numbers")
        else "it can be a folder, or a .csv, .yaml or .xlsx file"
    )
    raise ScorecardError(f"{printable(path.name)} is not a file that scorecards are read from", hint=hint)


def _one_table(
    path: Path, mapped: TableOnFile, contents: _Contents, *, sheet: str = "", known: _Known = known_headings
) -> Table:
    """The table of a text file or of one sheet of a workbook: the one that is named, or called ``sheet``."""
    suffix = path.suffix.lower()
    if suffix in BOOKS:
        with open_book(path) as book:
            own = book.find(sheet) if sheet and not mapped.sheet else None
            table = book.table(own or _sheet(book, mapped, known), partial(known, mapped=mapped))
            contents.warnings += book.warnings
            return table
    if suffix not in TEXTS:
        raise ScorecardError(f"{printable(path.name)} is not a table", hint="a table is a .csv or .xlsx file")
    return _text_table(path.read_bytes(), printable(path.name), mapped, contents, known)


def _text_table(
    text: str | bytes, place: str, mapped: TableOnFile, contents: _Contents, known: _Known = known_headings
) -> Table:
    return delimited_table(_decoded(text, place, contents), place=place, known=partial(known, mapped=mapped))


def _decoded(text: str | bytes, place: str, contents: _Contents) -> str:
    """The text of a file; that its encoding had to be guessed is a warning."""
    if isinstance(text, bytes):
        text, warning = decoded(text, place=place)
        contents.warnings += [(place, warning)] if warning else []
    return text


def _add_text(text: str | bytes, place: str, mapped: TableOnFile, contents: _Contents) -> None:
    """Add the table of a text that stands alone: of indicators, or of actions or a plan if its headings say so."""
    text = _decoded(text, place, contents)
    name, into = "indicators", contents.indicators
    if not mapped.columns and most_known(text, is_plan_headings):
        name, into = "plan", contents.plan
    elif not mapped.columns and most_known(text, is_action_headings):
        name, into = "actions", contents.actions
    into.append((_text_table(text, place, mapped, contents, _KNOWN[name]), mapped))


def _book(book: Book, mapped: TableOnFile) -> _Contents:
    """What a workbook holds: the indicators, and perhaps the sheets Scheme, Periods, Readings, Targets, Actions and Plan."""
    contents = _Contents(OnFile())
    if found := book.find("Scheme"):
        contents.on_file, sheet = scheme_in(book.lines(found), place=book.place(found))
        mapped = _over(mapped, contents.on_file.indicators[0])
        mapped = mapped.model_copy(update={"sheet": mapped.sheet or sheet})
    if found := book.find("Periods"):
        mapped = mapped.model_copy(
            update={"periods": periods_in(book.table(found, lambda cells: "label" in map(str.lower, cells)))}
        )
    _add_task_sheets(book, mapped, contents)
    if not (contents.actions or contents.plan) or mapped.sheet or _may_hold_indicators(book, mapped):
        table = book.table(_sheet(book, mapped, known_headings), partial(known_headings, mapped=mapped))
        contents.indicators.append((table, mapped))
        if (found := book.find("Readings")) and table.place != book.place(found):
            readings = TableOnFile()
            contents.readings.append((book.table(found, partial(known_headings, mapped=readings)), readings))
    if (found := book.find("Targets")) and found != mapped.sheet and table.place != book.place(found):
        contents.targets.append((book.table(found, partial(known_headings, mapped=TableOnFile())), TableOnFile()))
    contents.warnings += book.warnings
    return contents


def _add_task_sheets(book: Book, mapped: TableOnFile, contents: _Contents) -> None:
    """Add the sheets Actions and Plan, where they have the headings of such tables."""
    for name, into in (("actions", contents.actions), ("plan", contents.plan)):
        found = book.find(name)
        if found is None or found == mapped.sheet:
            continue
        known = partial(_KNOWN[name], mapped=TableOnFile())
        if book.has_table(found, known):
            into.append((book.table(found, known), TableOnFile()))
        else:
            contents.warnings.append(
                (book.place(found), f"the sheet has no headings of a table of {name}, and is not read")
            )


def _may_hold_indicators(book: Book, mapped: TableOnFile) -> bool:
    """Whether there is a sheet with the headings of indicators besides those with a meaning by their name."""
    return any(book.has_table(sheet, partial(known_headings, mapped=mapped)) for sheet in _unnamed_sheets(book))


def _unnamed_sheets(book: Book) -> list[str]:
    return [sheet for sheet in book.sheets if sheet.lower() not in _SHEETS]


def _sheet(book: Book, mapped: TableOnFile, known: _Known) -> str:
    """The sheet of a table: the one that is named, or else the only one with its headings."""
    if mapped.sheet:
        found = book.find(mapped.sheet)
        if found is None:
            raise ScorecardError(
                f"{book.name}: there is no sheet “{printable(mapped.sheet)}”; there are {_names(book.sheets)}"
            )
        return found
    candidates = _unnamed_sheets(book) or list(book.sheets)
    if len(candidates) > 1:
        fitting = [sheet for sheet in candidates if book.has_table(sheet, partial(known, mapped=mapped))]
        candidates = fitting or candidates[:1]
    if len(candidates) > 1:
        raise ScorecardError(
            f"{book.name}: {_names(candidates)} could each hold the indicators",
            hint='name one in a sheet “Scheme”, as sheet and its name side by side, or with sheet="..."',
        )
    if not candidates:
        raise ScorecardError(f"{book.name} has no visible sheet")
    return candidates[0]


def _names(sheets: Sequence[str]) -> str:
    return ", ".join(f"“{printable(sheet)}”" for sheet in sheets[:20])


def _over(given: TableOnFile, own: TableOnFile) -> TableOnFile:
    """How a table is to be read: as the caller says, and else as its file says."""
    return own.model_copy(update={"columns": {**own.columns, **given.columns}, "sheet": given.sheet or own.sheet})


# from contents to records -------------------------------------------------------------------------------------------


def _scorecard(contents: _Contents) -> Scorecard:
    """The scorecard that the contents make."""
    scheme = contents.on_file.scheme
    year_start = scheme_year(scheme).starts
    periods = tuple(period for _, mapped in contents.indicators for period in mapped.periods)
    collector = TaskCollector(year_start=year_start, missing=scheme.missing, periods=periods)
    for place, warning in contents.warnings:
        collector.warn(place, warning)
    for table, _ in (*contents.indicators, *contents.actions, *contents.plan):
        if not table.rows:
            raise ScorecardError(f"{table.place} has no rows below its headings {table.listed_headings}")
    for table, mapped in contents.indicators:
        layout = layout_of(table, mapped, year_start=year_start)
        collector.add_indicators(table, layout, has_readings=not contents.readings)
    for table, mapped in contents.readings:
        collector.add_readings(table, layout_of(table, mapped, year_start=year_start, needs_target=False))
    for table, mapped in contents.targets:
        collector.add_targets(table, *targets_layout(table, mapped, year_start=year_start))
    collector.warn_of_missing_targets()
    for table, mapped in contents.actions:
        collector.add_actions(table, action_layout(table, mapped))
    for table, mapped in contents.plan:
        collector.add_plan(table, plan_layout(table, mapped))
    tables = (*contents.indicators, *contents.actions, *contents.plan)
    titles = (contents.on_file.title, *(table.title for table, _ in tables), "Scorecard")
    return Scorecard(
        title=next(title for title in titles if title),
        scheme=scheme,
        periods=collector.periods,
        group_columns=tuple(collector.group_columns),
        indicators=collector.indicators,
        action_groups=tuple(collector.action_groups),
        actions=tuple(collector.actions),
        aims=collector.aims,
        problems=tuple(collector.problems),
    )
