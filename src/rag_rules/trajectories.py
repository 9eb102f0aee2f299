"""Which stage of a trajectory holds on which day."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from rag_rules.periods import CALENDAR, Period, Year, add_months
from rag_rules.steps import Cut, Side, Steps
from rag_rules.target import Stage, Trajectory, When

__all__ = ["comes_round", "has_always_a_stage", "holding", "is_in_order", "year_of"]

#: the stages that begin where the one before them ends
_FOLLOWS: Final = frozenset({When.FIRST, When.UNTIL, When.BEFORE, When.THROUGH, When.THEN})


class _Span(NamedTuple):
    """When a stage holds: ``None`` is as far back, or as far ahead, as there are days."""

    start: date | None
    #: the first day on which it may have ended ...
    sure: date | None
    #: ... and the first on which it has
    end: date | None


def comes_round(trajectory: Trajectory) -> bool:
    """Whether it begins anew every year: ``Q1 70%, Q2 72%``."""
    return any(stage.quarter is not None for stage in trajectory.stages)


def holding(trajectory: Trajectory, day: date) -> Steps[date, tuple[int, ...]]:
    """The positions of the stages that hold on each day; of a trajectory that comes round, in the year of ``day``.

    Nothing on a day without a target, and two where the words leave open which: October in "70% until October 2023,
    then 80%". The position behind the last stands for no target.

    Raises ``ValueError`` where the trajectory comes round in a year that is not known.
    """
    if comes_round(trajectory) and trajectory.year is None:
        raise ValueError("it is not known which year the quarters are of")
    spans = _spans(trajectory, trajectory.year or CALENDAR, day)
    first: tuple[int, ...] = () if spans[0].start is not None else (0,)
    cuts: list[tuple[Cut[date], tuple[int, ...]]] = []
    for number, span in enumerate(spans):
        if span.start is not None:
            cuts.append((_cut(span.start), (number,)))
        next_start = spans[number + 1].start if number + 1 < len(spans) else None
        if span.end is None or span.sure is None:
            continue
        if span.sure < span.end:
            cuts.append((_cut(span.sure), (number, number + 1 if span.end == next_start else len(spans))))
        if span.end != next_start:
            cuts.append((_cut(span.end), ()))
    return Steps.of(first, *cuts)


def year_of(trajectory: Trajectory) -> Year | None:
    """The kind of year that its quarters, or the years that it names, are of; ``None`` where they tell none.

    A calendar year tells none: 2030 is one whatever the years of the figures are.
    """
    if trajectory.year is not None:
        return trajectory.year
    windows = [stage.window for stage in trajectory.stages if stage.window is not None]
    months = {each.start.month for each in windows if each.start.day == 1 and each.end == add_months(each.start, 12)}
    found = Year.read(months.pop()) if len(months) == 1 else CALENDAR
    return found if found != CALENDAR else None


def has_always_a_stage(trajectory: Trajectory) -> bool:
    """Whether there is a target on every day."""
    if comes_round(trajectory):
        return [(stage.when, stage.quarter) for stage in trajectory.stages] == [
            (When.IN, each) for each in (1, 2, 3, 4)
        ]
    none = len(trajectory.stages)
    return all(found and none not in found for found in holding(trajectory, date.min).values)


def is_in_order(trajectory: Trajectory) -> bool:
    """Whether its stages follow one another in time: each ends after it begins, and before the next one does."""
    reached = date.min
    spans = _spans(trajectory, trajectory.year or CALENDAR, date(2001, 1, 1))
    for number, span in enumerate(spans):
        if (span.start is None and number > 0) or (span.end is None and number + 1 < len(spans)):
            return False
        start, end = span.start or date.min, span.end or date.max
        if start < reached or end <= start or (span.sure is not None and span.sure <= start):
            return False
        reached = end
    return True


def _cut(day: date) -> Cut[date]:
    return Cut(day, Side.BEFORE, "trajectory")


def _spans(trajectory: Trajectory, year: Year, day: date) -> list[_Span]:
    windows = [_window(stage, year, day) for stage in trajectory.stages]
    starts = [_start(stage, window) for stage, window in zip(trajectory.stages, windows, strict=True)]
    spans: list[_Span] = []
    for number, (stage, window) in enumerate(zip(trajectory.stages, windows, strict=True)):
        start = starts[number] if starts[number] is not None or not spans else spans[-1].end
        next_start = starts[number + 1] if number + 1 < len(starts) else None
        spans.append(_Span(start, *_ends(stage, window, next_start)))
    return spans


def _window(stage: Stage, year: Year, day: date) -> Period | None:
    return stage.window if stage.quarter is None else year.quarter(year.containing(day).start.year, stage.quarter)


def _start(stage: Stage, window: Period | None) -> date | None:
    """The first day of a stage, where its own time says it."""
    if window is None or stage.when in _FOLLOWS:
        return None
    return window.last_day if stage.when is When.BY else window.end if stage.when is When.AFTER else window.start


def _ends(stage: Stage, window: Period | None, next_start: date | None) -> tuple[date | None, date | None]:
    """The first day on which a stage may have ended, and the first on which it has."""
    if window is not None and stage.when is When.UNTIL:
        if next_start is not None and window.start <= next_start <= window.end:
            return next_start, next_start
        return window.start, window.end
    if window is not None and stage.when is When.BEFORE:
        return window.start, window.start
    if window is not None and stage.when in (When.THROUGH, When.IN):
        return window.end, window.end
    return next_start, next_start
