"""The statuses of a group drawn together by a named policy; whatever the policy, a group never hides a red."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rag_rules.errors import RagRulesError, ScorecardError
from rag_rules.models import RatedIndicator, RollUp
from rag_rules.quantity import EXACT, PERCENT, percent, trimmed
from rag_rules.status import Status
from rag_rules.syntax.amounts import read_amount

__all__ = ["GroupPolicy"]

#: what a status is worth where a group is weighted
_WORTH: Final = {Status.GREEN: Decimal(1), Status.AMBER: Decimal("0.5"), Status.RED: Decimal(0)}
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class GroupPolicy:
    """A policy with its limits, in per cent."""

    name: str
    green: Decimal
    amber: Decimal

    @classmethod
    def of(cls, roll_up: RollUp) -> GroupPolicy:
        """The policy of a scheme; raises ``ScorecardError`` for limits that are no shares, or in the wrong order."""
        green, amber = _share(roll_up.green, "green"), _share(roll_up.amber, "amber")
        if not 0 <= amber <= green <= 100:
            raise ScorecardError(
                f"the scheme's roll_up is green from {roll_up.green} and amber from {roll_up.amber}",
                hint="amber begins at or below green, and both lie between 0% and 100%",
            )
        return cls(roll_up.policy, green, amber)

    def drawn(self, members: Sequence[RatedIndicator], weights: Sequence[Decimal]) -> tuple[Status | None, str]:
        """The status of a group, and the sentence that says how it comes about; no status where the policy only counts.

        Members without a status count for nothing. A group with a red is amber at best, and its sentence names the reds.
        """
        if self.name == "counts":
            return None, ""
        rated = [(each, weight) for each, weight in zip(members, weights, strict=True) if each.status in _WORTH]
        if not rated:
            return Status.UNRATED, "none of the group is rated"
        reds = [each for each, _ in rated if each.status is Status.RED]
        if self.name == "worst":
            status = max(each.status for each, _ in rated)
            many = sum(each.status is status for each, _ in rated)
            return status, f"the worst of {len(rated)} rated is {status} ({many} of them){_named(reds)}"
        status, said = self._by_share(rated)
        if reds and status is Status.GREEN:
            return Status.AMBER, f"{said}; amber at best while any is red{_named(reds)}"
        return status, f"{said}{_named(reds)}"

    def _by_share(self, rated: Sequence[tuple[RatedIndicator, Decimal]]) -> tuple[Status, str]:
        if self.name == "share green":
            green = sum(each.status is Status.GREEN for each, _ in rated)
            share = EXACT.divide(Decimal(100 * green), Decimal(len(rated)))
            said = f"{green} of {len(rated)} rated are green, {_written(share)}"
        else:
            whole = sum((weight for _, weight in rated), Decimal(0))
            if not whole:
                return Status.UNRATED, "the weights of the group add up to nothing"
            worth = sum((EXACT.multiply(_WORTH[each.status], weight) for each, weight in rated), Decimal(0))
            share = EXACT.divide(100 * worth, whole)
            said = f"the weighted score of {len(rated)} rated is {_written(share)} (green 1, amber ½, red 0)"
        status = Status.GREEN if share >= self.green else Status.AMBER if share >= self.amber else Status.RED
        return status, f"{said}; green from {percent(self.green)}, amber from {percent(self.amber)}"


def _share(text: str, name: str) -> Decimal:
    try:
        amount = read_amount(text.strip())[0]
    except (RagRulesError, ValueError):
        amount = None
    if amount is None or amount.unit != PERCENT:
        raise ScorecardError(f"the scheme's roll_up has {name} = “{text}”, which is no percentage", hint="write 80%")
    return amount.value


def _written(share: Decimal) -> str:
    return f"{trimmed(round(share, 1))}%"


def _named(reds: Sequence[RatedIndicator]) -> str:
    """The reds by their refs: "; red: 3.9, 6.2"."""
    if not reds:
        return ""
    names = [each.ref or each.name for each in reds]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"; red: {', '.join(names[:_MOST_NAMED])}{more}"
