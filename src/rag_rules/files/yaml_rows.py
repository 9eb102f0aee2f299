"""A YAML scorecard to what it says and to its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag_rules.errors import ScorecardError
from rag_rules.files.tables import MOST_COLUMNS, MOST_ROWS, Row, Table, printable
from rag_rules.files.yaml_file import Numbered, load_yaml
from rag_rules.models import OnFile, TableOnFile, checked

__all__ = ["yaml_tables"]

_HEAD = ("title", "scheme", "periods", "group", "columns", "indicators", "readings", "targets")


def yaml_tables(text: str, *, place: str) -> tuple[OnFile, TableOnFile, Table, dict[str, Table]]:
    """What a YAML scorecard says, how its indicators are to be read, and its tables: of indicators, and the others by name.

    Raises ``ScorecardError`` where it is not built as a scorecard is.
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
    rows = data.get("indicators")
    if not rows:
        raise ScorecardError(f"{place} has no indicators; it has {', '.join(map(printable, data)) or 'nothing'}")
    others = {
        name: _table(more, f"{place}, {name}", name) for name in ("readings", "targets") if (more := data.get(name))
    }
    return (
        checked(OnFile, head, place=place), checked(TableOnFile, table, place=place), _table(rows, place, "indicators"),
        others,
    )  # fmt: skip


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
