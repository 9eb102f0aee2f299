"""What a proposed change would do: every status that other targets or another tolerance would alter."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from rag_rules.errors import RagRulesError, ScorecardError, check_kind
from rag_rules.files.tables import listed, printable
from rag_rules.models import (
    Changes,
    Indicator,
    Kind,
    RatedAction,
    RatedIndicator,
    RatedObjective,
    RatedTask,
    Report,
    RowNamed,
    Scorecard,
    StatusChange,
)
from rag_rules.scorecard import assess
from rag_rules.settings import Tolerance
from rag_rules.states import State
from rag_rules.status import Status
from rag_rules.syntax.cache import parse_target

__all__ = ["compare", "with_tolerance"]

_Key = tuple[str, str, str]
_Rated = RatedIndicator | RatedAction | RatedObjective


def compare(scorecard: Scorecard, changed: Scorecard, *, as_of: date, period: str | None = None) -> Changes:
    """Every indicator, action and objective whose status (or state) differs between two scorecards at a date.

    They stand in the order of the changed scorecard. Rows are the same if ref and name are, whatever row they stand in; where several share both, those with the same
    readings are. Those that only one scorecard has, or that could be either of several, are listed apart.

    Raises ``ScorecardError`` for a period that either does not have, and where the two would rate different periods.
    """
    before, after = (assess(each, as_of=as_of, period=period) for each in (scorecard, changed))
    if before.period != after.period and None not in (before.period, after.period):
        raise ScorecardError(
            f"the scorecards would be rated for different periods, {printable(before.period or '')} and "
            f"{printable(after.period or '')}",
            hint="name one period that both have",
        )
    pairs, only_before, only_after = _paired(_rows(before), _rows(after))
    indicators = sum(isinstance(each, RatedIndicator) for _, each in pairs)
    return Changes(
        as_of=as_of,
        period=after.period,
        compared=indicators,
        compared_tasks=len(pairs) - indicators,
        before=before.summary.counts,
        after=after.summary.counts,
        changes=tuple(_change(one, other) for one, other in pairs if _says(one) != _says(other)),
        explained_otherwise=sum(
            _says(one) == _says(other) and one.explanation != other.explanation for one, other in pairs
        ),
        only_before=tuple(map(_named, only_before)),
        only_after=tuple(map(_named, only_after)),
        notes=_notes(scorecard, changed),
    )


def with_tolerance(scorecard: Scorecard, tolerance: str) -> Scorecard:
    """The scorecard with another tolerance for the indicators that have none of their own.

    Raises ``SettingError`` for a text that is no tolerance, and ``ScorecardError`` for what is no scorecard.
    """
    check_kind(scorecard, Scorecard, "scorecard", ScorecardError, hint='write read_scorecard("kpis.csv")')
    Tolerance.read(tolerance)
    return scorecard.model_copy(update={"scheme": scorecard.scheme.model_copy(update={"tolerance": tolerance})})


def _notes(scorecard: Scorecard, changed: Scorecard) -> tuple[str, ...]:
    """Which indicators another tolerance of the scheme leaves as they are, since they have their own."""
    if scorecard.scheme.tolerance == changed.scheme.tolerance:
        return ()
    own = [printable(each.ref or each.name) for each in changed.indicators if _has_own_tolerance(each)]
    if not own:
        return ()
    shown = listed([*own[:10], *([f"{len(own) - 10} more"] if len(own) > 10 else [])])
    many = f"{len(own)} indicators have tolerances of their own" if len(own) > 1 else "1 has a tolerance of its own"
    return (f"{many}, which the scheme's does not change: {shown}",)


def _has_own_tolerance(indicator: Indicator) -> bool:
    """Whether the row, or the text of a target, gives a tolerance."""
    if (indicator.tolerance or "").strip():
        return True
    texts = [indicator.target, *indicator.targets.values(), *(each.target for each in indicator.history)]
    return any(_says_a_tolerance(str(text)) for text in texts if text is not None)


def _says_a_tolerance(text: str) -> bool:
    try:
        target = parse_target(text)
    except RagRulesError:
        return False
    return any(target.clause(kind) is not None for kind in ("tolerance", "amber limit"))


def _rows(report: Report) -> list[_Rated]:
    """Every indicator, action and objective of a report."""
    objectives = [each for aim in report.aims for each in aim.objectives]
    return [*report.indicators, *report.actions, *objectives]


def _paired(
    before: list[_Rated], after: list[_Rated]
) -> tuple[list[tuple[_Rated, _Rated]], list[_Rated], list[_Rated]]:
    """Each row of the changed scorecard with the one it was, and the rows that only one of the two has.

    Where several share kind, ref and name, those that are written alike are the same, then those with the same readings,
    and then those left if they are one and one; it is not guessed which of more is which.
    """
    old: defaultdict[_Key, list[_Rated]] = defaultdict(list)
    for each in before:
        old[_key(each)].append(each)
    new: defaultdict[_Key, list[_Rated]] = defaultdict(list)
    for each in after:
        new[_key(each)].append(each)
    was: dict[int, _Rated] = {}
    for key, rows in new.items():
        left = old[key]
        for find in (_written, _filled, _known):
            for row in rows:
                same = [each for each in left if find(each) == find(row)]
                twins = [each for each in rows if id(each) not in was and find(each) == find(row)]
                if id(row) not in was and len(same) == len(twins) == 1:
                    was[id(row)] = same[0]
                    left.remove(same[0])
    paired = [(was[id(each)], each) for each in after if id(each) in was]
    taken = {id(each) for each in was.values()}
    return paired, [each for each in before if id(each) not in taken], [each for each in after if id(each) not in was]


def _key(rated: _Rated) -> _Key:
    return _kind(rated), rated.ref.strip().casefold(), " ".join(rated.name.split()).casefold()


def _written(rated: _Rated) -> tuple[object, ...]:
    """All that is written of a row."""
    return (_asked(rated), *_filled(rated))


def _filled(rated: _Rated) -> tuple[object, ...]:
    """What tells rows of one name apart: their readings, or what is reported and when it was due."""
    if isinstance(rated, RatedIndicator):
        return tuple(each.text for each in rated.history), rated.reading.text, tuple(rated.groups.items())
    return rated.due.text if rated.due is not None else "", rated.reported, rated.finished_on, rated.progress


def _known(rated: _Rated) -> None:
    """Nothing: all rows of one name are alike."""


def _kind(rated: _Rated) -> Kind:
    return (
        "indicator"
        if isinstance(rated, RatedIndicator)
        else "action"
        if isinstance(rated, RatedAction)
        else "objective"
    )


def _says(rated: _Rated) -> tuple[Status, State | None]:
    """What must stay the same for nothing to have changed: the status, and of a task the state too."""
    return rated.status, rated.state if isinstance(rated, RatedTask) else None


def _named(rated: _Rated) -> RowNamed:
    return RowNamed(kind=_kind(rated), row=rated.row, ref=rated.ref, name=rated.name)


def _asked(rated: _Rated) -> str:
    """The target as written, or the deadline in force."""
    if isinstance(rated, RatedIndicator):
        return rated.target.text
    due = rated.revised or rated.due
    return due.text if due is not None else ""


def _change(before: _Rated, after: _Rated) -> StatusChange:
    return StatusChange(
        kind=_kind(after),
        row=after.row,
        ref=after.ref,
        name=after.name,
        target_before=_asked(before),
        target_after=_asked(after),
        before=before.status,
        explanation_before=before.explanation,
        after=after.status,
        explanation_after=after.explanation,
    )
