"""What a proposed change would do, as text: what ``rag-rules whatif`` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rag_rules.periods import written_date
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, SHAPES, STATUSES, counted

if TYPE_CHECKING:
    from rag_rules.models import Changes, RowNamed, StatusChange

__all__ = ["paragraphs", "render"]


def render(changes: Changes, *, width: int = 80) -> str:
    """Each status that would change, before and after, the counts, and what was left out."""
    return paragraphs(_said(changes), width)


def paragraphs(said: Iterable[str], width: int) -> str:
    """Each paragraph wrapped, its further lines set in; an empty one is an empty line."""
    lines = [
        line
        for paragraph in said
        for line in textwrap.wrap(
            paragraph,
            width,
            subsequent_indent=" " * (len(paragraph) - len(paragraph.lstrip()) + 2),
            break_on_hyphens=False,
        )
        or [""]
    ]
    return "\n".join(lines) + "\n"


def _said(changes: Changes) -> Iterator[str]:
    period = f", period {one_line(changes.period, 60)}" if changes.period else ""
    tasks = sum(change.kind != "indicator" for change in changes.changes)
    many = f"{len(changes.changes) - tasks:,} of {counted(changes.compared, 'indicator')} would change status"
    if changes.compared_tasks:
        many += f", and {tasks:,} of {changes.compared_tasks:,} actions and objectives"
    yield f"{many}. As of {written_date(changes.as_of)}{period}."
    for change in changes.changes:
        yield ""
        yield from _change(change)
    yield ""
    for status in STATUSES:
        before, after = (getattr(counts, status.value) for counts in (changes.before, changes.after))
        yield f"{SHAPES[status]} {status.value.capitalize():<8} {before:>5,} → {after:,}"
    if changes.explained_otherwise:
        yield f"{counted(changes.explained_otherwise, 'row')} would keep the status for another reason."
    for names, scorecard in ((changes.only_before, "present"), (changes.only_after, "changed")):
        if names:
            yield f"Only in the {scorecard} scorecard: {_listed(names)}."
    for note in changes.notes:
        yield f"Note: {one_line(note, LIMIT)}."


def _change(change: StatusChange) -> Iterator[str]:
    kind = "" if change.kind == "indicator" else f"{change.kind} "
    yield one_line(f"{kind}{change.ref} {change.name}", LIMIT)
    yield f"  now   {SHAPES[change.before]} {one_line(change.explanation_before, LIMIT)}"
    yield f"  then  {SHAPES[change.after]} {one_line(change.explanation_after, LIMIT)}"
    if change.target_before != change.target_after:
        yield f"  {'target' if change.kind == 'indicator' else 'due'} {one_line(change.target_before, 120) or 'none'} → {one_line(change.target_after, 120) or 'none'}"


def _listed(names: Sequence[RowNamed]) -> str:
    shown = [one_line(f"{each.ref} {each.name}", 60) for each in names[:20]]
    return ", ".join(shown) + (f" and {len(names) - 20:,} more" if len(names) > 20 else "")
