"""A report for the terminal: with rich where it is installed, in aligned plain text where not."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, TextIO

from rag_rules.reports.entries import Section, action_sections, indicator_sections, objective_sections
from rag_rules.reports.text import one_line
from rag_rules.reports.words import (
    LIMIT,
    STATUSES,
    count_rows,
    counted,
    group_columns,
    group_table,
    heading,
    provenance_lines,
    task_groups,
    task_lines,
)
from rag_rules.status import Status

if TYPE_CHECKING:
    from rich.console import Console

    from rag_rules.models import Problem, Report, TaskSummary

__all__ = ["progress", "render", "render_problems", "show"]

#: what rich draws a status in, beside its shape and word
_STYLES: Final = {Status.GREEN: "green", Status.AMBER: "yellow", Status.RED: "bold red", Status.UNRATED: "dim"}
_HEAD: Final = 12  # characters of a column's heading before it wraps


def show(report: Report, stream: TextIO, *, width: int = 80, colour: bool = False) -> None:
    """Print ``report`` to ``stream``: in colour if that is wanted and rich is there."""
    if colour:
        try:
            from rich.console import Console
        except ImportError:
            pass
        else:
            _show_rich(report, Console(file=stream, width=width, highlight=False, markup=False, emoji=False))
            return
    stream.write(render(report, width=width))


def render(report: Report, *, width: int = 80) -> str:
    """``report`` as plain text, aligned, no wider than ``width`` where words allow."""
    title, line = heading(report)
    parts = [
        [*_wrapped(title, width), *_wrapped(line, width)],
        *_plain_counts(report, width),
        *(_plain_section(section, width) for section in indicator_sections(report)),
        *_plain_tasks("Actions", "action", report.action_summary, action_sections(report), width),
        *_plain_tasks("Plan", "objective", report.plan_summary, objective_sections(report), width),
        _titled("Why unrated", _columns(_reason_rows(report), right=(1,))),
        _titled("Problems in the scorecard", _problem_lines(report.problems, width)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def render_problems(problems: Sequence[Problem], *, width: int = 80) -> str:
    """What ``check`` finds, one problem after another, and how many there are."""
    errors = sum(problem.severity == "error" for problem in problems)
    total = f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}."
    return "\n".join([*_problem_lines(problems, width), "", total]) + "\n"


# what is said, for both ways of drawing it --------------------------------------------------------------------------


def _reason_rows(report: Report) -> list[tuple[str, ...]]:
    return [(reason.value, f"{number:,}") for reason, number in report.summary.reasons.items()]


def _group_rows(report: Report) -> tuple[list[str], list[tuple[str, ...]], list[str]]:
    """The headings and rows of the table of the first grouping column, and what is said of its groups; or nothing."""
    column = next(iter(group_columns(report)), None)
    if column is None:
        return [], [], []
    (first, *heads), rows = group_table(report, column)
    return [f"By {first}", *heads], rows, provenance_lines(report, column)


def _problem_line(problem: Problem) -> str:
    ref = f" (ref {one_line(problem.ref, 40)})" if problem.ref else ""
    return f"{problem.severity.capitalize()}: {one_line(problem.place, LIMIT)}{ref}: {one_line(problem.message, LIMIT)}"


# plain text ---------------------------------------------------------------------------------------------------------


def _plain_counts(report: Report, width: int) -> list[list[str]]:
    """How many indicators have each status, and how many of the first groups."""
    if not report.indicators:
        return []
    heads, rows, said = _group_rows(report)
    groups = [_plain_groups(heads, rows, width)] if rows else []
    return [_columns(count_rows(report), right=()), *groups, [line for each in said for line in _wrapped(each, width)]]


def _plain_tasks(
    title: str, noun: str, summary: TaskSummary | None, sections: Sequence[Section[Any]], width: int
) -> list[list[str]]:
    """The counts of actions or objectives, and each of them; nothing where there are none."""
    if summary is None:
        return []
    lines = [line for each in task_lines(summary, noun) for line in _wrapped(each, width, after="  ")]
    parts = [_titled(title, lines)]
    parts += [_plain_groups([f"By {heads[0]}", *heads[1:]], rows, width) for _, heads, rows in task_groups(summary)]
    return [*parts, *(_plain_section(section, width) for section in sections)]


def _plain_groups(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    wrapped = [textwrap.wrap(head, _HEAD) or [""] for head in heads[1:]]
    height = max(map(len, wrapped))
    tops = [["", *(([""] * (height - len(lines)) + lines)[line] for lines in wrapped)] for line in range(height)]
    tops[-1][0] = heads[0]
    numbers = [max(map(len, column)) + 2 for column in zip(*(row[1:] for row in (*tops, *rows)), strict=True)]
    first = max(12, width - sum(numbers))
    body: list[Sequence[str]] = []
    for name, *counts in rows:
        *more, last = textwrap.wrap(name, first) or [""]
        body += [[line, *[""] * len(counts)] for line in more] + [[last, *counts]]
    return _columns([*tops, *body], right=range(1, len(heads)))


def _plain_section(section: Section[Any], width: int) -> list[str]:
    indent = min(10, max((len(entry.ref) for entry in section.entries), default=0) + 2)
    lines = [*_wrapped(section.title, width), "-" * min(len(section.title), width)]
    for fact in section.facts:
        lines += _wrapped(fact, width, after="  ")
    for entry in section.entries:
        pad = " " * indent
        named = f"{entry.ref:<{indent - 2}}  {entry.name}" if entry.ref else f"{pad}{entry.name}"
        lines += _wrapped(named, width, after=pad)
        for line in (*_filled(entry.facts, width - indent), *entry.sentences):
            lines += _wrapped(line, width, before=pad, after=pad)
    return lines


def _problem_lines(problems: Sequence[Problem], width: int) -> list[str]:
    return [line for problem in problems for line in _wrapped(_problem_line(problem), width, after="  ")]


def _titled(title: str, lines: Sequence[str]) -> list[str]:
    return [title, "-" * len(title), *lines] if lines else []


def _wrapped(line: str, width: int, *, before: str = "", after: str = "") -> list[str]:
    return textwrap.wrap(line, width, initial_indent=before, subsequent_indent=after, break_on_hyphens=False)


def _filled(pieces: Sequence[str], width: int) -> list[str]:
    """The pieces side by side on as few lines as they fit, none of them divided."""
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 3 + len(piece) <= width:
            lines[-1] += f"   {piece}"
        else:
            lines.append(piece)
    return lines


def _columns(rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> list[str]:
    """Rows with their cells one below the other, two spaces between; the columns in ``right`` end together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            f"{cell:>{size}}" if index in right else f"{cell:<{size}}"
            for index, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


# rich ---------------------------------------------------------------------------------------------------------------


def _show_rich(report: Report, console: Console) -> None:
    """The same with rich: bold headings, colour beside shape and word, tables that fit the width.

    Whatever came from outside goes in as ``Text``, in which square brackets are no markup.
    """
    from rich.text import Text

    title, line = heading(report)
    console.print(Text(title, "bold"))
    console.print(Text(line))
    console.print()
    if report.indicators:
        rows = zip(STATUSES, count_rows(report), strict=True)
        console.print(_rich_grid([[Text(word, _STYLES[status]), *map(Text, more)] for status, (word, *more) in rows]))
        heads, groups, said = _group_rows(report)
        if groups:
            _rich_groups(heads, groups, [_STYLES[status] for status in STATUSES], console)
        for each in said:
            console.print(Text(each))
        for section in indicator_sections(report):
            _rich_section(section, console)
    _rich_tasks("Actions", "action", report.action_summary, action_sections(report), console)
    _rich_tasks("Plan", "objective", report.plan_summary, objective_sections(report), console)
    if reasons := _reason_rows(report):
        _rich_title("Why unrated", console)
        console.print(_rich_grid([[Text(reason), Text(number, justify="right")] for reason, number in reasons]))
    if report.problems:
        _rich_title("Problems in the scorecard", console)
        for problem in report.problems:
            console.print(Text(_problem_line(problem), "red" if problem.severity == "error" else ""))


def _rich_title(title: str, console: Console) -> None:
    from rich.text import Text

    console.print()
    console.print(Text(title, "bold underline"))


def _rich_grid(rows: Sequence[Sequence[Any]]) -> Any:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    for row in rows:
        grid.add_row(*row)
    return grid


def _rich_tasks(
    title: str, noun: str, summary: TaskSummary | None, sections: Sequence[Section[Any]], console: Console
) -> None:
    from rich.text import Text

    if summary is None:
        return
    _rich_title(title, console)
    for line in task_lines(summary, noun):
        console.print(Text(line))
    for _, heads, rows in task_groups(summary):
        _rich_groups([f"By {heads[0]}", *heads[1:]], rows, (), console)
    for section in sections:
        _rich_section(section, console)


def _rich_groups(heads: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[str], console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(Text(heads[0]), vertical="bottom")
    for head, style in zip_longest(heads[1:], styles, fillvalue=""):
        table.add_column(Text(head, style), justify="right", vertical="bottom", max_width=_HEAD)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print()
    console.print(table)


def _rich_section(section: Section[Any], console: Console) -> None:
    from rich.text import Text

    _rich_title(section.title, console)
    for fact in section.facts:
        console.print(Text(fact))
    width = console.width - 2 - max((len(entry.ref) for entry in section.entries), default=0)
    rows = []
    for entry in section.entries:
        facts = Text("\n".join(_filled(entry.facts, width)))
        facts.stylize(_STYLES[entry.status], 0, len(entry.facts[0]))
        said = Text("\n").join([Text(entry.name, "bold"), facts, *map(Text, entry.sentences)])
        rows.append([Text(entry.ref, overflow="fold"), said])
    console.print(_rich_grid(rows))


# progress -----------------------------------------------------------------------------------------------------------

Tick = Callable[[int, int], None]


@contextmanager
def progress(stream: TextIO, *, clock: Callable[[], float], after: float = 1.0) -> Iterator[Tick]:
    """A function to call with how many are done, and of how many; after a second it draws a bar on ``stream``.

    The bar is gone when the work is done. Meant for a terminal only: whoever pipes gets none.
    """
    start = clock()
    bar: _Bar | None = None

    def tick(done: int, total: int) -> None:
        nonlocal bar
        if bar is None and clock() - start >= after:
            bar = _bar(stream)
        if bar is not None:
            bar.draw(done, total)

    try:
        yield tick
    finally:
        if bar is not None:
            bar.close()


def _bar(stream: TextIO) -> _Bar:
    try:
        return _RichBar(stream)
    except ImportError:
        return _Bar(stream)


class _Bar:
    """A bar of ASCII signs on one line."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.shown = stream, ""

    def draw(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``, if that looks different from before."""
        filled = 30 * done // max(total, 1)
        line = f"Rating [{'#' * filled:<30}] {100 * done // max(total, 1):3}%"
        if line != self.shown:
            self.stream.write(f"\r{line}")
            self.stream.flush()
            self.shown = line

    def close(self) -> None:
        """Leave the line empty."""
        self.stream.write(f"\r{' ' * len(self.shown)}\r")
        self.stream.flush()


class _RichBar(_Bar):
    """The same, drawn by rich."""

    def __init__(self, stream: TextIO) -> None:
        from rich.console import Console
        from rich.progress import Progress

        super().__init__(stream)
        self.bar = Progress(console=Console(file=stream), transient=True)
        self.task = self.bar.add_task("Rating", total=None)
        self.bar.start()

    def draw(self, done: int, total: int) -> None:
        """Show ``done`` of ``total``."""
        self.bar.update(self.task, completed=done, total=total)

    def close(self) -> None:
        """Take the bar away."""
        self.bar.stop()
