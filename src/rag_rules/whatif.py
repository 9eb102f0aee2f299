"""What a proposed change would do: every status that other targets or another tolerance would alter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from rag_rules.errors import RagRulesError, ScorecardError
from rag_rules.files.tables import listed, printable
from rag_rules.models import Changes, Indicator, IndicatorNamed, RatedIndicator, Scorecard, StatusChange
from rag_rules.scorecard import assess
from rag_rules.settings import Tolerance
from rag_rules.syntax.cache import parse_target

__all__ = ["compare", "with_tolerance"]

_Key = tuple[str, str, int]


def compare(scorecard: Scorecard, changed: Scorecard, *, as_of: date, period: str | None = None) -> Changes:
    """Every indicator whose status differs between two scorecards at a date, in the order of the changed one.

    Indicators are the same if ref and name are, whatever row they stand in; where several share both, the first of
    one is the first of the other. Those that only one scorecard has are listed apart.

    Raises ``ScorecardError`` for a period that either does not have, and where the two would rate different periods.
    """
    before, after = (assess(each, as_of=as_of, period=period) for each in (scorecard, changed))
    if before.period != after.period and None not in (before.period, after.period):
        raise ScorecardError(
            f"the scorecards would be rated for different periods, {printable(before.period or '')} and "
            f"{printable(after.period or '')}",
            hint="name one period that both have",
        )
    old, new = _keyed(before.indicators), _keyed(after.indicators)
    pairs = [(old[key], each) for key, each in new.items() if key in old]
    return Changes(
        as_of=as_of,
        period=after.period,
        compared=len(pairs),
        before=before.summary.counts,
        after=after.summary.counts,
        changes=tuple(_change(one, other) for one, other in pairs if one.status is not other.status),
        explained_otherwise=sum(
            one.status is other.status and one.explanation != other.explanation for one, other in pairs
        ),
        only_before=tuple(_named(each) for key, each in old.items() if key not in new),
        only_after=tuple(_named(each) for key, each in new.items() if key not in old),
        notes=_notes(scorecard, changed),
    )


def with_tolerance(scorecard: Scorecard, tolerance: str) -> Scorecard:
    """The scorecard with another tolerance for the indicators that have none of their own.

    Raises ``SettingError`` for a text that is no tolerance.
    """
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


def _keyed(indicators: Iterable[RatedIndicator]) -> dict[_Key, RatedIndicator]:
    """The indicators by ref, name, and which of those that share both they are."""
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[_Key, RatedIndicator] = {}
    for each in indicators:
        key = (each.ref.strip().casefold(), " ".join(each.name.split()).casefold())
        seen[key] += 1
        found[(*key, seen[key])] = each
    return found


def _named(rated: RatedIndicator) -> IndicatorNamed:
    return IndicatorNamed(row=rated.row, ref=rated.ref, name=rated.name)


def _change(before: RatedIndicator, after: RatedIndicator) -> StatusChange:
    return StatusChange(
        row=after.row,
        ref=after.ref,
        name=after.name,
        target_before=before.target.text,
        target_after=after.target.text,
        before=before.status,
        explanation_before=before.explanation,
        after=after.status,
        explanation_after=after.explanation,
    )
