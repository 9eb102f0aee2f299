"""A report as CSV, one row for each indicator, for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from rag_rules.reports.text import one_line
from rag_rules.reports.words import group_columns

if TYPE_CHECKING:
    from rag_rules.models import RatedIndicator, Report

__all__ = ["render"]

#: a spreadsheet takes a cell that begins so for a formula; the wide forms are those of East Asian keyboards
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: the most characters that a cell of Excel holds, less some for the apostrophe and the ellipsis
_CELL: Final = 32_000

_BEFORE: Final = ("row", "ref", "name")
_AFTER: Final = (
    "period", "target", "target_canonical", "bands", "reading", "value", "unit", "status", "status_word", "reason",
    "explanation", "movement", "notes", "comment",
)  # fmt: skip


def render(report: Report) -> str:
    """``report`` as CSV: commas, lines that end in a line feed, and no byte order mark."""
    columns = group_columns(report)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_BEFORE, *(_heading(column) for column in columns), *_AFTER])
    for indicator in report.indicators:
        writer.writerow(_row(report, indicator, columns))
    return text.getvalue()


def _row(report: Report, indicator: RatedIndicator, columns: tuple[str, ...]) -> list[str | int]:
    target, reading = indicator.target, indicator.reading
    return [
        indicator.row,
        _text(indicator.ref),
        _text(indicator.name),
        *(_text(indicator.groups.get(column)) for column in columns),
        _text(indicator.period),
        _text(target.text),
        _text(target.canonical),
        _text(target.bands),
        _text(reading.text),
        "" if reading.value is None else format(reading.value, "f"),  # ours, and a number: no apostrophe
        _text(reading.unit),
        indicator.status.value,
        _text(report.word(indicator.status)),
        indicator.reason.value if indicator.reason else "",
        _text(indicator.explanation),
        indicator.movement or "",
        _text("; ".join(indicator.notes)),
        _text(indicator.comment),
    ]


def _heading(column: str) -> str:
    """The heading of a grouping column; one that bears the name of a column of ours is told apart."""
    name = _text(column)
    return f"group: {name}" if name in (*_BEFORE, *_AFTER) else name


def _text(cell: str | None) -> str:
    """Text from outside that stays text: an apostrophe goes before what a spreadsheet would calculate.

    >>> _text("=1+1"), _text("-0.7"), _text("<£21")
    ("'=1+1", "'-0.7", '<£21')
    """
    line = one_line(cell or "", _CELL)
    return f"'{line}" if line.startswith(_FORMULA) else line
