"""A report as Markdown, for web pages, wikis and repositories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rag_rules.reports.text import one_line
from rag_rules.reports.words import (
    LIMIT,
    MOVEMENTS,
    count_rows,
    group_columns,
    group_table,
    heading,
    method_lines,
    sections,
    status_words,
)

if TYPE_CHECKING:
    from rag_rules.models import RatedIndicator, Report

__all__ = ["render"]

_MARKUP: Final = re.compile(r"[\\`*_\[\]|~#$]")
_HTML: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


def render(report: Report) -> str:
    """``report`` as GitHub-flavoured Markdown; nothing in it that came from outside is markup or HTML."""
    title, line = heading(report)
    parts = [
        f"# {_text(title)}",
        _text(line),
        *_summary(report),
        *_indicators(report),
        *_problems(report),
        *_method(report),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(report: Report) -> list[str]:
    parts = ["## Summary", _table(("Status", "Indicators", "Share"), count_rows(report))]
    for column in group_columns(report):
        (first, *heads), rows = group_table(report, column)
        if rows:
            parts += [f"### By {_text(first)}", _table((first[:1].upper() + first[1:], *heads), rows)]
    return parts


def _indicators(report: Report) -> list[str]:
    parts = ["## Indicators"]
    named = bool(group_columns(report))
    for name, indicators in sections(report):
        parts += [f"### {_text(name)}"] if named else []
        parts.append(_table(_HEADS, (_indicator_row(report, indicator) for indicator in indicators)))
    return parts


_HEADS: Final = ("Ref", "Indicator", "Target", "Reading", "Status", "Movement", "Why")


def _indicator_row(report: Report, indicator: RatedIndicator) -> tuple[str, ...]:
    why = [indicator.explanation, *(f"Note: {note}." for note in indicator.notes)]
    if indicator.comment:
        why.append(f"Comment: {indicator.comment}")
    return (
        indicator.ref,
        indicator.name,
        indicator.target.text,
        indicator.reading.text,
        status_words(report, indicator.status),
        MOVEMENTS.get(indicator.movement or "", ""),
        " ".join(one_line(each, LIMIT) for each in why),
    )


def _problems(report: Report) -> list[str]:
    if not report.problems:
        return []
    rows = ((each.severity, each.place, each.ref, each.message) for each in report.problems)
    return ["## Problems in the scorecard", _table(("Severity", "Place", "Ref", "Problem"), rows)]


def _method(report: Report) -> list[str]:
    return ["## Method", "\n".join(f"- {_text(line)}" for line in method_lines(report))]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join([_row(heads), f"|{' --- |' * len(heads)}", *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_text(one_line(cell, 4 * LIMIT)) for cell in cells)} |"


def _text(line: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> _text("<£21 | *")
    '&lt;£21 \\| \\*'
    """
    return _MARKUP.sub(r"\\\g<0>", line).translate(_HTML)
