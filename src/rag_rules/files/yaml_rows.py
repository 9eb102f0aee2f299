"""A YAML scorecard to what it says and to its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rag_rules.errors import ScorecardError
from rag_rules.files.tables import MOST_COLUMNS, MOST_ROWS, Row, Table, printable
from rag_rules.files.yaml_file import Numbered, load_yaml
from rag_rules.models import OnFile, TableOnFile, checked

__all__ = ["yaml_tables"]

_HEAD = ("title", "scheme", "periods", "group", "columns", "indicators", "readings", "targets", "actions", "aims")


def yaml_tables(text: str, *, place: str) -> tuple[OnFile, TableOnFile, dict[str, list[Table]]]:
    """What a YAML scorecard says, how its indicators are to be read, and its tables: none or one under each name.

    The names are indicators, readings, targets, actions and aims. Raises ``ScorecardError`` where it is not built as a
    scorecard is.
    """
    data = load_yaml(text, place=place)
    if not isinstance(data, Mapping):
        raise ScorecardError(
            f"{place} is empty"
            if data is None
            else f"{place} is not a mapping of title, scheme, periods and indicators"
        )
    if unknown := [key for key in data if key not in _HEAD]:
        raise ScorecardError(f"{place}: “{printable(unknown[0])}” is not a part of a scorecard", expected=_HEAD)
    head = {key: value for key in ("title", "scheme") if (value := data.get(key)) is not None}
    table = {key: value for key in ("periods", "group", "columns") if (value := data.get(key)) is not None}
    if not any(data.get(name) for name in ("indicators", "actions", "aims")):
        raise ScorecardError(f"{place} has no indicators; it has {', '.join(map(printable, data)) or 'nothing'}")
    found: dict[str, list[Table]] = {}
    for name in ("indicators", "readings", "targets", "actions", "aims"):
        rows = data.get(name)
        inside = place if name == "indicators" else f"{place}, {name}"
        if rows and name == "aims":
            rows = _objectives(rows, inside)
        found[name] = [_table(rows, inside, name)] if rows else []
    return checked(OnFile, head, place=place), checked(TableOnFile, table, place=place), found


def _objectives(aims: Any, place: str) -> list[Numbered]:
    """The rows of a plan: one for each objective, with the keys of its aim; an aim without any has one row."""
    if not isinstance(aims, list) or not all(isinstance(aim, Numbered) for aim in aims):
        raise ScorecardError(f"{place}: “aims” is not a list of mappings, one for each aim")
    rows = []
    for aim in aims:
        objectives = aim.get("objectives") or [Numbered()]
        if not isinstance(objectives, list) or not all(isinstance(each, Numbered) for each in objectives):
            raise ScorecardError(f"{place}, line {aim.line}: “objectives” is not a list of mappings")
        own = {_KEYS_OF_AIM.get(key, key): value for key, value in aim.items() if key != "objectives"}
        if isinstance(own.get("responsible"), list):
            own["responsible"] = "; ".join(_text("responsible", role) for role in own["responsible"])
        for each in objectives:
            of_objective = {_KEYS_OF_OBJECTIVE.get(key, key): value for key, value in each.items()}
            if twice := [key for key in of_objective if key in own]:
                raise ScorecardError(
                    f"{place}, line {each.line}: “{printable(twice[0])}” belongs to the aim and not to its objective"
                )
            row = Numbered({**own, **of_objective})
            row.line = each.line or aim.line
            rows.append(row)
    return rows


#: what an aim and an objective call by one name
_KEYS_OF_AIM: Final = {"name": "aim"}
_KEYS_OF_OBJECTIVE: Final = {"name": "objective", "progress": "objective progress"}


def _table(rows: Any, place: str, name: str) -> Table:
    """The table of a list of mappings; its headings are their keys."""
    if not isinstance(rows, list) or not all(isinstance(row, Numbered) for row in rows):
        raise ScorecardError(f"{place}: “{name}” is not a list of mappings, one for each row")
    flat = [_flat(row, place) for row in rows]
    headings = tuple(dict.fromkeys(key for row in flat for key in row))
    if len(rows) > MOST_ROWS or len(headings) > MOST_COLUMNS:
        raise ScorecardError(f"{place} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns")
    lines = enumerate(zip(rows, flat, strict=True), start=1)
    made = (Row(number, row.line, tuple(cells.get(key, "") for key in headings)) for number, (row, cells) in lines)
    return Table(place, headings, tuple(made), addresses="lines")


def _flat(row: Numbered, place: str) -> dict[str, str]:
    """The cells of one mapping: its readings by period are columns, other lists and mappings one text each."""
    cells: dict[str, str] = {}
    for key, value in row.items():
        if key == "readings" and isinstance(value, Mapping):
            for period, reading in value.items():
                cells[period] = _text(period, reading)
        else:
            cells[key] = _text(key, value)
    if len(cells) < len(row):
        raise ScorecardError(f"{place}, line {row.line}: a period has the name of another key")
    return cells


def _text(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={_text(key, each)}" for name, each in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (" < " if key == "scale" else ", ").join(_text(key, each) for each in value)
    return "" if value is None else str(value)
