"""A report as a paper that people read from top to bottom: headings, sentences and tables, whatever it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag_rules.reports.entries import (
    Entry,
    Section,
    action_sections,
    indicator_sections,
    movement_words,
    objective_sections,
)
from rag_rules.reports.text import one_line
from rag_rules.reports.words import (
    LIMIT,
    count_rows,
    group_columns,
    group_table,
    heading,
    method_lines,
    provenance_lines,
    task_groups,
    task_lines,
)
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import RatedTask, Report, TaskSummary

__all__ = ["Block", "Heading", "Lines", "Sentence", "Table", "paper"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 is the title of the paper."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph of its own."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A list of sentences."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with what it holds in one sentence.

    ``statuses`` gives the status of each row, and ``status_column`` where it is said, where rows have one.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    statuses: tuple[Status, ...] = ()
    status_column: int | None = None


Block = Heading | Sentence | Lines | Table


def paper(report: Report) -> Iterator[Block]:
    """The blocks of the paper, in order; every text is one line without anything that acts."""
    title, line = heading(report)
    yield Heading(1, title)
    yield Sentence(line)
    if report.indicators:
        yield from _summary(report)
        yield from _indicators(report)
    yield from _tasks("Actions", "Action", report.action_summary, action_sections(report))
    yield from _tasks("Plan", "Objective", report.plan_summary, objective_sections(report))
    if report.problems:
        yield Heading(2, "Problems in the scorecard")
        problems = tuple(_cells(each.severity, each.place, each.ref, each.message) for each in report.problems)
        yield Table("What is wrong with the scorecard, and where", ("Severity", "Place", "Ref", "Problem"), problems)
    yield Heading(2, "Method")
    yield Lines(tuple(method_lines(report)))


def _summary(report: Report) -> Iterator[Block]:
    yield Heading(2, "Summary")
    yield Table("How many indicators have each status", ("Status", "Indicators", "Share"), tuple(count_rows(report)))
    for column in group_columns(report):
        (first, *heads), rows = group_table(report, column)
        if rows:
            yield Heading(3, f"By {first}")
            named = (first[:1].upper() + first[1:], *heads)
            yield Table(f"How many indicators have each status, by {first}", named, tuple(rows))
            if said := provenance_lines(report, column):
                yield Lines(tuple(said))


def _indicators(report: Report) -> Iterator[Block]:
    yield Heading(2, "Indicators")
    heads = ("Ref", "Indicator", "Target", "Reading", "Status", "Movement", "Why")
    for section in indicator_sections(report):
        if section.group:
            yield Heading(3, section.group)
        rows = tuple(
            _cells(
                each.ref, each.name, each.target.text, each.reading.text, entry.facts[0],
                ", ".join(movement_words(each)), " ".join(entry.sentences),
            )
            for each, entry in zip(section.rows, section.entries, strict=True)
        )  # fmt: skip
        statuses = tuple(entry.status for entry in section.entries)
        yield Table(f"{section.title}: target, reading, status and why", heads, rows, statuses, heads.index("Status"))


def _tasks(title: str, noun: str, summary: TaskSummary | None, sections: Sequence[Section[Any]]) -> Iterator[Block]:
    """The counts of actions or objectives, and a table of each group of them; nothing where there are none."""
    if summary is None:
        return
    yield Heading(2, title)
    yield Lines(tuple(task_lines(summary, noun.lower())))
    for column, heads, rows in task_groups(summary):
        yield Heading(3, f"{title} by {column}")
        yield Table(f"How many are met, overdue, revised or undated, by {column}", heads, tuple(rows))
    heads = ("Ref", noun, "Due", "Revised", "Reported", "By its dates", "Why")
    for section in sections:
        if section.group:
            yield Heading(3, section.group)
        if section.facts:
            yield Lines(section.facts)
        rows = [_task_row(task, entry) for task, entry in zip(section.rows, section.entries, strict=True)]
        statuses = tuple(entry.status for entry in section.entries)
        yield Table(
            f"{section.title}: deadline, report, state and why",
            heads,
            tuple(rows),
            statuses,
            heads.index("By its dates"),
        )


def _task_row(task: RatedTask, entry: Entry) -> tuple[str, ...]:
    due, revised = (each.text if each is not None else "" for each in (task.due, task.revised))
    return _cells(task.ref, entry.name, due, revised, task.reported or "", entry.facts[0], " ".join(entry.sentences))


def _cells(*cells: str) -> tuple[str, ...]:
    return tuple(one_line(cell, 4 * LIMIT) for cell in cells)
