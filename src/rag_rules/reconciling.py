"""Published statuses against computed ones: where they agree, where not, and which policy explains the published best."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final, Literal

from rag_rules.errors import ScorecardError, check_kind
from rag_rules.models import (
    Agreement,
    Indicator,
    RatedIndicator,
    RatedTask,
    Reconciliation,
    Report,
    Scorecard,
    TriedPolicy,
    Verdict,
)
from rag_rules.scorecard import assess
from rag_rules.settings import Boundary
from rag_rules.status import Status

__all__ = ["reconcile"]

#: the tolerances that published colours are tried with, the strictest first
_TOLERANCES: Final = ("none", "5%", "10%", "1pp", "2pp", "5pp")
_RATED: Final = (Status.GREEN, Status.AMBER, Status.RED)


def reconcile(report: Report, scorecard: Scorecard | None = None) -> Reconciliation:
    """The published statuses in ``report`` beside its own; with the ``scorecard`` it came from, policies are tried too.

    An indicator has a published status where its row gives one, an action or objective where it is reported. A published
    status and a computed one agree when they are the same; where one of the two is unrated, or the published word is not
    known, they cannot be compared. A task disagrees where its dates contradict what is reported.

    Raises ``ScorecardError`` for what is no report, or no scorecard.
    """
    check_kind(report, Report, "report", ScorecardError, hint="write assess(scorecard, as_of=...)")
    if scorecard is not None:
        check_kind(scorecard, Scorecard, "scorecard", ScorecardError, hint='write read_scorecard("kpis.csv")')
    verdicts = [_of_indicator(each) for each in report.indicators if each.published]
    verdicts += [_of_task("action", each) for each in report.actions if each.reported]
    verdicts += [_of_task("objective", each) for aim in report.aims for each in aim.objectives if each.reported]
    policies = _policies(report, scorecard) if scorecard is not None else ()
    return Reconciliation(
        title=report.title, as_of=report.as_of, period=report.period, verdicts=tuple(verdicts), policies=tuple(policies)
    )


def _of_indicator(rated: RatedIndicator) -> Verdict:
    both = (rated.published_status, rated.status)
    agreement: Agreement = "agrees" if both[0] is both[1] else "disagrees"
    if both[0] not in _RATED or both[1] not in _RATED:
        agreement = "agrees" if both[0] is both[1] else "cannot be compared"
    return Verdict(
        kind="indicator", row=rated.row, ref=rated.ref, name=rated.name, published=rated.published or "",
        published_status=rated.published_status, computed=rated.status, agreement=agreement, explanation=rated.explanation,
    )  # fmt: skip


def _of_task(kind: Literal["action", "objective"], task: RatedTask) -> Verdict:
    agreement: Agreement = "disagrees" if task.disagreement else "agrees"
    if not task.disagreement and task.reported_state is None:
        agreement = "cannot be compared"
    return Verdict(
        kind=kind, row=task.row, ref=task.ref, name=task.name, published=task.reported or "", computed=task.status,
        agreement=agreement, explanation=task.disagreement or task.explanation,
    )  # fmt: skip


# which policy -------------------------------------------------------------------------------------------------------


def _policies(report: Report, scorecard: Scorecard) -> list[TriedPolicy]:
    """Every policy with its score, the best first; of equals, the one that changes least of the scheme."""
    pairs = zip(report.indicators, scorecard.indicators, strict=True)
    published = [(rated, indicator) for rated, indicator in pairs if rated.published_status in _RATED]
    if not published:
        return []
    tried = [_tried(report, scorecard, published, *policy) for policy in product(_TOLERANCES, Boundary, (True, False))]
    return sorted(tried, key=lambda each: -each.agreed)


def _tried(
    report: Report,
    scorecard: Scorecard,
    published: Sequence[tuple[RatedIndicator, Indicator]],
    tolerance: str,
    boundary: Boundary,
    pro_rated: bool,
) -> TriedPolicy:
    scheme = scorecard.scheme.model_copy(update={"tolerance": tolerance, "boundary": boundary.value})
    indicators = tuple(_changed(each, tolerance, pro_rated, rated.reading.unit == "%") for rated, each in published)
    update = {"scheme": scheme, "indicators": indicators, "actions": (), "aims": (), "problems": ()}
    changed = scorecard.model_copy(update=update)
    made = assess(changed, as_of=report.as_of, period=report.period)
    rated = [each for each in made.indicators if each.status in _RATED]
    agreed = sum(each.published_status is each.status for each in rated)
    amber = "no amber" if tolerance == "none" else f"amber within {tolerance}"
    limit = (
        "a target is met on its limit" if boundary is Boundary.INCLUSIVE else "a target is met only beyond its limit"
    )
    part = "cumulative targets pro-rated" if pro_rated else "cumulative targets in full"
    return TriedPolicy(
        tolerance=tolerance, boundary=boundary, pro_rated=pro_rated, agreed=agreed, compared=len(rated),
        sentence=f"{amber}, {limit}, {part}: {agreed:,} of {len(rated):,} published statuses",
    )  # fmt: skip


def _changed(indicator: Indicator, tolerance: str, pro_rated: bool, is_percent: bool) -> Indicator:
    """The indicator under a policy; a tolerance in points is nothing to what is no percentage."""
    update: dict[str, str] = {}
    if tolerance.endswith("pp") and not is_percent and not indicator.tolerance:
        update["tolerance"] = "none"
    if not pro_rated:
        update["accumulation"] = "snapshot"
    return indicator.model_copy(update=update) if update else indicator
