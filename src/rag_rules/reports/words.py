"""The words and shapes that every face of a report uses: a status is never shown by its colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from rag_rules import shapes
from rag_rules.periods import written_date
from rag_rules.reports.text import one_line, shortened
from rag_rules.shapes import Shape
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import Count, Report, TaskSummary
    from rag_rules.states import State

__all__ = [
    "LIMIT",
    "MOVEMENTS",
    "SHAPES",
    "STATUSES",
    "count_rows",
    "counted",
    "group_columns",
    "group_table",
    "heading",
    "method_lines",
    "provenance_lines",
    "shape_and_word",
    "share",
    "standing",
    "status_words",
    "task_groups",
    "task_lines",
    "without",
]

#: the order in which statuses are counted
STATUSES: Final = (Status.GREEN, Status.AMBER, Status.RED, Status.UNRATED)
#: the signs of the usual shapes
SHAPES: Final = {status: shape.sign for status, shape in shapes.SHAPES.items()}
#: by the indicator's polarity, not by the sign of the change
MOVEMENTS: Final = {"better": "↑ better", "worse": "↓ worse", "same": "→ same"}
#: characters of one piece of text from outside on a page that people read
LIMIT: Final = 400


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "indicator"), counted(1200, "problem")
    ('1 indicator', '1,200 problems')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def share(part: int, whole: int) -> str:
    """A share in whole per cent; "100%" means all, and "0%" none. For people: JSON has the counts, and CSV the rows.

    >>> share(80, 120), share(299, 300), share(1, 300), share(0, 0)
    ('67%', 'over 99%', 'under 1%', '–')
    """
    if whole == 0:
        return "–"
    rounded = (200 * part + whole) // (2 * whole)
    if rounded == 100 and part < whole:
        return "over 99%"
    return "under 1%" if rounded == 0 and part > 0 else f"{rounded}%"


def status_words(report: Report, status: Status) -> str:
    """A status as shape and word: "● On target"."""
    return shape_and_word(status, report.word(status), report.look.shapes.get(status))


def shape_and_word(status: Status, word: str, shape: Shape | None = None) -> str:
    """A word for a status behind the shape of that status: the usual one, unless another is given."""
    return f"{(shape or shapes.SHAPES[status]).sign} {one_line(word, 60)}"


def standing(counts: Count, status: Status) -> tuple[int, str, str]:
    """How many have a status, out of how many, and the share: a share of the rated, but for the unrated."""
    number: int = getattr(counts, status.value)
    if status is Status.UNRATED:
        return number, f"{number:,} of {counted(counts.total, 'indicator')}", share(number, counts.total)
    return number, f"{number:,} of {counts.rated:,} rated", share(number, counts.rated)


def count_rows(report: Report) -> list[tuple[str, str, str]]:
    """For each status its words, how many have it, out of how many, and their share."""
    return [(status_words(report, status), *standing(report.summary.counts, status)[1:]) for status in STATUSES]


def group_table(report: Report, column: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The headings and the rows of the counts by a grouping column; its name heads the first column.

    Where groups are drawn together, a last column says the status of each.
    """
    groups = [each for each in report.summary.groups if each.by == column]
    is_drawn = any(each.status is not None for each in groups)
    heads = (one_line(column, 60), *(status_words(report, status) for status in STATUSES), "All")
    rows = [
        (
            one_line(each.group, 120) or without(column),
            *(f"{getattr(each.counts, status.value):,}" for status in STATUSES),
            f"{each.counts.total:,}",
            *([status_words(report, each.status) if each.status is not None else ""] if is_drawn else []),
        )
        for each in groups
    ]
    return (*heads, "Group") if is_drawn else heads, rows


def provenance_lines(report: Report, column: str) -> list[str]:
    """How the status of each group comes about, where groups are drawn together."""
    return [
        f"{one_line(each.group, 120) or without(column)}: {one_line(each.provenance, LIMIT)}."
        for each in report.summary.groups
        if each.by == column and each.provenance
    ]


def heading(report: Report) -> tuple[str, str]:
    """The title, and the line below it: date, period and number of indicators."""
    period = f"Period {one_line(report.period, 60)}. " if report.period else ""
    many = [f"{counted(report.summary.total, 'indicator')}, {report.summary.rated:,} of them rated."]
    if report.actions:
        many.append(f"{counted(len(report.actions), 'action')}.")
    if report.plan_summary is not None:
        many.append(f"{counted(len(report.aims), 'aim')} with {counted(report.plan_summary.total, 'objective')}.")
    if not report.indicators and len(many) > 1:
        del many[0]
    return one_line(report.title, LIMIT) or "Report", f"As of {written_date(report.as_of)}. {period}{' '.join(many)}"


def group_columns(report: Report) -> tuple[str, ...]:
    """The columns that the indicators are grouped by, the widest first."""
    counted_by = (each.by for each in report.summary.groups)
    given = (column for indicator in report.indicators for column in indicator.groups)
    return tuple(dict.fromkeys((*counted_by, *given)))


def method_lines(report: Report) -> list[str]:
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
    to_date = [each for each in report.indicators if each.target.to_date]
    if to_date:
        refs = ", ".join(one_line(each.ref or each.name, 40) for each in to_date)
        lines.append(
            f"{counted(len(to_date), 'target')} for a year, of figures that add up over it, {'is' if len(to_date) == 1 else 'are'} "
            f"held against the part that is due by the end of the reading's period: {shortened(refs, LIMIT)}."
        )
    lines.append(f"Shares of green, amber and red are of the {counted(summary.rated, 'rated indicator')}.")
    if summary.counts.unrated:
        unrated = counted(summary.counts.unrated, "indicator")
        reasons = "; ".join(f"{reason.value} {number:,}" for reason, number in summary.reasons.items())
        lines.append(f"{unrated} without a rating, neither good nor bad: {reasons}.")
    lines.append(
        "Movement is against the period before, and on last year against the same period a year earlier; "
        "better and worse go by what is good, not by up and down."
    )
    return lines


def without(column: str) -> str:
    """What rows are called that have nothing in a grouping column."""
    return f"(no {one_line(column, 60)})"


def task_lines(summary: TaskSummary, noun: str) -> list[str]:
    """What the counts of actions or objectives say, a sentence each."""
    lines = [f"{counted(summary.total, noun)}: {_numbered(summary.states)}."]
    if summary.reported:
        lines.append(f"Reported: {_numbered(summary.reported)}.")
    for each in summary.disagreements:
        said = f"reported “{one_line(each.reported, 60)}”" if each.reported else "without a report"
        whole = summary.reported.get(each.reported, 0) if each.reported else 0
        of = f" of {whole:,}" if whole else ""
        lines.append(f"{each.number:,}{of} {said}: {each.clash.value}.")
    return lines


#: completed, overdue, past without a report and undated exclude each other; met are some of the completed, revised of all
_TASK_HEADS: Final = ("Completed", "Of these in time", "Overdue", "Past, not reported", "Undated", "Revised", "All")


def task_groups(summary: TaskSummary) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """For each grouping column its name, the headings, and a row of counts for each group."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for each in summary.groups:
        numbers = (
            each.completed, each.met, each.overdue, each.unreported, each.undated, each.revised, each.total,
        )  # fmt: skip
        name = one_line(each.group, 120) or without(each.by)
        found.setdefault(one_line(each.by, 60), []).append((name, *(f"{number:,}" for number in numbers)))
    return [(column, (column, *_TASK_HEADS), rows) for column, rows in found.items()]


def _numbered(counts: Mapping[str, int] | Mapping[State, int]) -> str:
    return ", ".join(f"{number:,} {one_line(word, 60) or 'without a report'}" for word, number in counts.items())
