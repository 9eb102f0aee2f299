"""The counts of actions and of objectives: of all, and of each group of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rag_rules.files.tables import plain_words
from rag_rules.models import (
    ClashCount,
    Count,
    RatedAction,
    RatedAim,
    RatedTask,
    TaskCount,
    TaskGroupCount,
    TaskSummary,
)
from rag_rules.states import State

__all__ = ["action_summary", "plan_summary"]


def action_summary(rated: Sequence[RatedAction], group_columns: Sequence[str]) -> TaskSummary:
    """The counts of all actions, and by each grouping column and by owner."""
    members: list[tuple[str, str, RatedTask]] = [
        (column, each.groups.get(column, ""), each) for column in group_columns for each in rated
    ]
    if any(each.owner for each in rated) and "owner" not in group_columns:
        members += [("owner", each.owner or "", each) for each in rated]
    return _summary(rated, members)


def plan_summary(aims: Sequence[RatedAim]) -> TaskSummary:
    """The counts of all objectives, and by theme, role and resource impact; one counts for each role of its aim."""
    pairs = [(aim, each) for aim in aims for each in aim.objectives]
    members: list[tuple[str, str, RatedTask]] = [("theme", aim.theme, each) for aim, each in pairs]
    members += [("responsible", role, each) for aim, each in pairs for role in aim.responsible or ("",)]
    members += [
        ("resource impact", aim.resource_meaning or aim.resource_impact or "", each) for aim, each in pairs
    ]  # fmt: skip
    return _summary([each for _, each in pairs], members)


def _summary(rated: Sequence[RatedTask], members: Sequence[tuple[str, str, RatedTask]]) -> TaskSummary:
    """The counts of all, and of the members of each group, in the order in which the groups first appear."""
    spelling: dict[str, str] = {}
    for each in rated:
        spelling.setdefault(_plain(each), each.reported or "")
    groups: dict[tuple[str, str], list[RatedTask]] = {}
    for by, group, each in members:
        groups.setdefault((by, group), []).append(each)
    counted = tuple(
        TaskGroupCount(by=by, group=group, **dict(_counted(inside, spelling))) for (by, group), inside in groups.items()
    )
    return TaskSummary(**dict(_counted(rated, spelling)), groups=counted)


def _counted(rated: Sequence[RatedTask], spelling: Mapping[str, str]) -> TaskCount:
    """The counts of some tasks; a reported word is shown as ``spelling`` has it, by its plain words."""
    states = Counter(each.state for each in rated)
    words = [spelling[_plain(each)] for each in rated]
    clashes = Counter((word, each.clash) for word, each in zip(words, rated, strict=True) if each.clash is not None)
    return TaskCount(
        total=len(rated),
        counts=Count.of(each.status for each in rated),
        states={state: states[state] for state in State if states[state]},
        reported=dict(Counter(words)),
        completed=sum(states[state] for state in State if state.is_completed),
        met=states[State.COMPLETED_EARLY] + states[State.COMPLETED_ON_TIME],
        overdue=states[State.OVERDUE],
        unreported=states[State.UNREPORTED],
        revised=sum(_is_revised(each) for each in rated),
        undated=sum(each.undated for each in rated),
        disagreements=tuple(
            ClashCount(reported=word, clash=clash, number=number) for (word, clash), number in clashes.items()
        ),
    )


def _plain(task: RatedTask) -> str:
    """What is reported as words are compared; a sign without letters is itself."""
    reported = task.reported or ""
    return plain_words(reported) or reported.strip()


def _is_revised(task: RatedTask) -> bool:
    """Whether the first deadline was moved: by a date in a column of revised ones, or by its own words."""
    return task.revised is not None or (task.due is not None and task.due.original_day is not None)
