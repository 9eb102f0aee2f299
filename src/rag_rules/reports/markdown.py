"""A report as Markdown, for web pages, wikis and repositories."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from rag_rules.reports.entries import Entry, Section, action_sections, indicator_sections, objective_sections
from rag_rules.reports.text import one_line
from rag_rules.reports.words import (
    LIMIT,
    MOVEMENTS,
    count_rows,
    counted,
    group_columns,
    group_table,
    heading,
    task_groups,
    task_lines,
)

if TYPE_CHECKING:
    from rag_rules.models import RatedTask, Report, TaskSummary

__all__ = ["render"]

_MARKUP: Final = re.compile(r"[\\`*_\[\]|~#$]")
_HTML: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


def render(report: Report) -> str:
    """``report`` as GitHub-flavoured Markdown; nothing in it that came from outside is markup or HTML."""
    title, line = heading(report)
    parts = [
        f"# {_text(title)}",
        _text(line),
        *(_summary(report) if report.indicators else []),
        *(_indicators(report) if report.indicators else []),
        *_tasks("Actions", "Action", report.action_summary, action_sections(report)),
        *_tasks("Plan", "Objective", report.plan_summary, objective_sections(report)),
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
    for section in indicator_sections(report):
        parts += [f"### {_text(section.group)}"] if section.group else []
        rows = (
            (
                indicator.ref,
                indicator.name,
                indicator.target.text,
                indicator.reading.text,
                entry.facts[0],
                MOVEMENTS.get(indicator.movement or "", ""),
                " ".join(entry.sentences),
            )
            for indicator, entry in zip(section.rows, section.entries, strict=True)
        )
        parts.append(_table(("Ref", "Indicator", "Target", "Reading", "Status", "Movement", "Why"), rows))
    return parts


def _tasks(title: str, noun: str, summary: TaskSummary | None, sections: Sequence[Section[Any]]) -> list[str]:
    """The counts of actions or objectives, and a table of each group of them; nothing where there are none."""
    if summary is None:
        return []
    parts = [f"## {title}", "\n".join(f"- {_text(line)}" for line in task_lines(summary, noun.lower()))]
    for column, heads, rows in task_groups(summary):
        parts += [f"### {title} by {_text(column)}", _table(heads, rows)]
    for section in sections:
        parts += [f"### {_text(section.group)}"] if section.group else []
        parts += ["\n".join(f"- {_text(fact)}" for fact in section.facts)] if section.facts else []
        rows = [_task_row(task, entry) for task, entry in zip(section.rows, section.entries, strict=True)]
        parts.append(_table(("Ref", noun, "Due", "Revised", "Reported", "By its dates", "Why"), rows))
    return parts


def _task_row(task: RatedTask, entry: Entry) -> tuple[str, ...]:
    due, revised = (each.text if each is not None else "" for each in (task.due, task.revised))
    return (task.ref, entry.name, due, revised, task.reported or "", entry.facts[0], " ".join(entry.sentences))


def _problems(report: Report) -> list[str]:
    if not report.problems:
        return []
    rows = ((each.severity, each.place, each.ref, each.message) for each in report.problems)
    return ["## Problems in the scorecard", _table(("Severity", "Place", "Ref", "Problem"), rows)]


def _method(report: Report) -> list[str]:
    """How to read the figures: what amber means, who is left out of the shares, and what movement compares."""
    summary = report.summary
    lines = ["Each status follows from the target as it is written and the reading as it is published."]
    if report.tolerance:
        tolerance = one_line(report.tolerance, 60)
        lines.append(
            f"A miss within the tolerance of {tolerance} is amber, unless an indicator has a tolerance of its own."
        )
    else:
        lines.append("There is no general tolerance: a miss is red, unless the indicator itself says what is amber.")
    lines.append(f"Shares of green, amber and red are of the {counted(summary.rated, 'rated indicator')}.")
    if summary.counts.unrated:
        unrated = counted(summary.counts.unrated, "indicator")
        reasons = "; ".join(f"{reason.value} {number:,}" for reason, number in summary.reasons.items())
        lines.append(f"{unrated} without a rating, neither good nor bad: {reasons}.")
    lines.append("Movement is against the period before; better and worse go by what is good, not by up and down.")
    return ["## Method", "\n".join(f"- {_text(line)}" for line in lines)]


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
