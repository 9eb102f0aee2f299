"""A scorecard to its report: every indicator rated at a date, and every problem with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from rag_rules.colours import LEAST, LIGHT_PAPER, contrast, seen_on
from rag_rules.errors import ScorecardError, check_kind
from rag_rules.files import read_scorecard, read_scorecard_text
from rag_rules.files.tables import listed, plain_words, printable
from rag_rules.files.years import scheme_year
from rag_rules.highlights import highlights
from rag_rules.models import (
    Action,
    Count,
    GroupCount,
    Indicator,
    Look,
    Problem,
    RatedIndicator,
    Report,
    Scheme,
    Scorecard,
    Summary,
)
from rag_rules.periods import day_of
from rag_rules.programme import TaskRater
from rag_rules.rating import Rater
from rag_rules.remarks import Remarker
from rag_rules.rollup import GroupPolicy
from rag_rules.syntax.period_names import named_period
from rag_rules.task_counts import action_summary, plan_summary

__all__ = ["assess", "check", "period_called", "read_scorecard", "read_scorecard_text"]


def assess(
    scorecard: Scorecard, *, as_of: date, period: str | None = None, progress: Callable[[int, int], None] | None = None
) -> Report:
    """The report on ``scorecard`` at a date: each indicator rated by its reading for one period, and each action and
    objective assessed by its dates.

    That is ``period``, matched by its label or column however it is written, or else the last that has ended by
    ``as_of``; a period without an end counts as ended once it has a reading. Movement is against the period before.
    ``progress`` is called now and then with how many indicators are done, and of how many.

    What is wrong with an indicator leaves it unrated and is listed in ``problems``. Raises ``ScorecardError`` for a
    period that is not there, for a scheme that cannot be read and for what is no scorecard; ``SettingError`` for what is
    no day.
    """
    check_kind(scorecard, Scorecard, "scorecard", ScorecardError, hint='write read_scorecard("kpis.csv")')
    as_of = day_of(as_of)
    chosen, problems = _chosen(scorecard, as_of, period)
    previous = scorecard.periods[chosen - 1] if chosen else None
    current = scorecard.periods[chosen] if chosen is not None else None
    rater = Rater(scorecard, current, previous, as_of)
    remarker = Remarker(scorecard.scheme, as_of, rater.add)
    rated = []
    for number, indicator in enumerate(scorecard.indicators):
        if progress is not None and number % 50 == 0:
            progress(number, len(scorecard.indicators))
        rated.append(remarker.remarked(indicator, rater.rate(indicator)))
    tasks = TaskRater(scorecard.scheme, as_of)
    actions = tuple(tasks.action(action) for action in scorecard.actions)
    aims = tuple(tasks.aim(aim) for aim in scorecard.aims)
    tasks.say_of_all(scorecard.aims)
    return Report(
        title=scorecard.title,
        as_of=as_of,
        period=current.label if current is not None else None,
        words=scorecard.scheme.words,
        task_words=scorecard.scheme.task_words,
        tolerance=scorecard.scheme.tolerance,
        look=_look(scorecard),
        highlights=highlights(rated),
        summary=_summary(rated, scorecard, remarker),
        indicators=tuple(rated),
        action_summary=action_summary(actions, scorecard.action_groups) if actions else None,
        actions=actions,
        plan_summary=plan_summary(aims) if aims else None,
        aims=aims,
        problems=(
            *scorecard.problems,
            *problems,
            *repeated_refs(scorecard.indicators),
            *_faint_colours(scorecard.scheme),
            *rater.problems,
            *repeated_refs(scorecard.actions),
            *tasks.problems,
        ),
        scorecard=scorecard,
    )


def check(scorecard: Scorecard, *, as_of: date) -> tuple[Problem, ...]:
    """Everything that is wrong, or odd, in ``scorecard`` at a date: the problems of its report."""
    return assess(scorecard, as_of=as_of).problems


# which period -------------------------------------------------------------------------------------------------------


def _chosen(scorecard: Scorecard, as_of: date, wanted: str | None) -> tuple[int | None, list[Problem]]:
    """The position of the period to assess, and what is odd about it."""
    if wanted is not None:
        return period_called(scorecard, wanted), []
    with_readings = {
        label
        for indicator in scorecard.indicators
        for label, cell in indicator.readings.items()
        if cell not in (None, "")
    }
    ended = [
        index
        for index, period in enumerate(scorecard.periods)
        if (period.ends <= as_of if period.ends is not None else period.label in with_readings)
    ]
    if not ended:
        return None, [_no_period(scorecard, as_of)] if scorecard.periods else []
    chosen = scorecard.periods[ended[-1]]
    read = [index for index in ended if scorecard.periods[index].label in with_readings]
    if chosen.label in with_readings or not read:
        return ended[-1], []
    last = scorecard.periods[read[-1]].label
    return ended[-1], [_general(f"there are no readings for {chosen.label} yet; the last are for {last}")]


def _no_period(scorecard: Scorecard, as_of: date) -> Problem:
    ends = [period for period in scorecard.periods if period.ends is not None]
    first = f"; the first, {ends[0].label}, ends on {ends[0].ends}" if ends else ""
    return _general(f"no period has ended by {as_of}{first}" if ends else "there are no readings")


def _general(message: str) -> Problem:
    return Problem(severity="warning", place="the scorecard", message=printable(message))


def period_called(scorecard: Scorecard, wanted: str) -> int:
    """The position of the period that ``wanted`` names; raises ``ScorecardError`` where none is, or more than one."""
    check_kind(wanted, str, "name of a period", ScorecardError, hint='write period="Q2 2023/24"')
    plain, periods = plain_words(wanted), scorecard.periods
    year_start = scheme_year(scorecard.scheme).starts
    names = [{plain_words(period.label), plain_words(period.column or "")} for period in periods]
    found = [index for index, own in enumerate(names) if plain in own]
    named = named_period(wanted, year_start=year_start)
    if not found and named is not None:
        own_names = [named_period(period.label, year_start=year_start) for period in periods]
        found = [index for index, own in enumerate(own_names) if own is not None and own.is_same_as(named)]
        found = found or [
            index for index, period in enumerate(periods) if named.ends is not None and named.ends == period.ends
        ]
    if len(found) == 1:
        return found[0]
    labels = (
        listed([f"“{printable(periods[index].label)}”" for index in found or range(len(periods))])
        if periods
        else "none"
    )
    if found:
        raise ScorecardError(f"“{wanted}” could be the periods {labels}")
    why = f" ({printable(named.untold)})" if named is not None and named.untold else ""
    raise ScorecardError(f"there is no period “{wanted}”{why}; there are {labels}")


# refs ---------------------------------------------------------------------------------------------------------------


def repeated_refs(rows: Sequence[Indicator] | Sequence[Action]) -> list[Problem]:
    """A warning for each ref that more than one indicator, or action, has."""
    found: dict[str, list[Indicator | Action]] = {}
    for each in rows:
        if each.ref.strip():
            found.setdefault(each.ref.strip().casefold(), []).append(each)
    return [_repeated(same) for same in found.values() if len(same) > 1]


def _repeated(same: Sequence[Indicator | Action]) -> Problem:
    first = same[0]
    ref = printable(first.ref)
    _, column = first.where("ref")
    file = first.place.partition(", row ")[0]
    rows = (
        listed([str(indicator.row) for indicator in same]) if all(each.place.startswith(file) for each in same) else ""
    )
    place = f"{file}, rows {rows}, column {column}" if rows else listed([each.place for each in same])
    names = listed([f"“{printable(indicator.name)}”" for indicator in same])
    hint = (
        f"; a spreadsheet turns {ref}0 into {ref}, so one may be {ref}0" if re.fullmatch(r"[0-9]+\.[0-9]", ref) else ""
    )
    message = f"the ref {ref} is repeated: {names} have it{hint}"
    return Problem(severity="warning", place=place, message=message, ref=first.ref, row=same[-1].row, column=column)


# looks --------------------------------------------------------------------------------------------------------------


def _look(scorecard: Scorecard) -> Look:
    scheme = scorecard.scheme
    return Look(language=scheme.language, colours=scheme.colours, shapes=scheme.shapes, logo=scorecard.logo)


def _faint_colours(scheme: Scheme) -> list[Problem]:
    """A warning for each colour that cannot be told from white paper."""
    return [
        _general(
            f"the colour {colour} of {status} has a contrast of {contrast(colour, LIGHT_PAPER):.1f} with white paper, "
            f"and shapes need {LEAST:.0f}; {seen_on(colour, LIGHT_PAPER)} has it"
        )
        for status, colour in scheme.colours.items()
        if contrast(colour, LIGHT_PAPER) < LEAST
    ]


# counting -----------------------------------------------------------------------------------------------------------


def _summary(rated: Sequence[RatedIndicator], scorecard: Scorecard, remarker: Remarker) -> Summary:
    """The counts of all, and of each group in the order in which the groups first appear."""
    policy = GroupPolicy.of(scorecard.scheme.roll_up)
    weights = [remarker.weight(indicator) for indicator in scorecard.indicators]
    groups: list[GroupCount] = []
    for column in scorecard.group_columns:
        members: dict[str, list[tuple[RatedIndicator, Decimal]]] = {}
        for each, weight in zip(rated, weights, strict=True):
            members.setdefault(each.groups.get(column, ""), []).append((each, weight))
        for group, inside in members.items():
            counts = Count.of(each.status for each, _ in inside)
            status, provenance = policy.drawn(*zip(*inside, strict=True))
            groups.append(GroupCount(by=column, group=group, counts=counts, status=status, provenance=provenance))
    counts = Count.of(each.status for each in rated)
    reasons = Counter(each.reason for each in rated if each.reason is not None)
    return Summary(counts=counts, total=counts.total, rated=counts.rated, reasons=dict(reasons), groups=tuple(groups))
