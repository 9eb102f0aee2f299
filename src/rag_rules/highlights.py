"""What stands out among rated indicators: who improves, who worsens, and who has newly missed a target."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

from rag_rules.models import Highlights, RatedIndicator
from rag_rules.quantity import EXACT
from rag_rules.status import Status

__all__ = ["highlights"]

#: how many movements are named as the best, and as the worst
_NAMED: Final = 3
_MISSING: Final = (Status.AMBER, Status.RED)


def highlights(rated: Sequence[RatedIndicator]) -> Highlights:
    """What stands out among ``rated``, as positions in it."""
    return Highlights(
        meeting_improving=_where(rated, (Status.GREEN,), "better"),
        missing_improving=_where(rated, _MISSING, "better"),
        missing_worsening=_where(rated, _MISSING, "worse"),
        newly_missing=tuple(
            place
            for place, each in enumerate(rated)
            if each.status in _MISSING and each.previous_status is Status.GREEN
        ),
        best=_furthest(rated, "better"),
        worst=_furthest(rated, "worse"),
    )


def _where(
    rated: Sequence[RatedIndicator], statuses: Sequence[Status], movement: Literal["better", "worse"]
) -> tuple[int, ...]:
    return tuple(place for place, each in enumerate(rated) if each.status in statuses and each.movement == movement)


def _furthest(rated: Sequence[RatedIndicator], movement: Literal["better", "worse"]) -> tuple[int, ...]:
    """The few that moved furthest; of equal ones the first."""
    sizes = [(size, place) for place, each in enumerate(rated) if each.movement == movement and (size := _size(each))]
    return tuple(place for _, place in sorted(sizes, key=lambda pair: (-pair[0], pair[1]))[:_NAMED])


def _size(indicator: RatedIndicator) -> Decimal | None:
    """How far a reading moved as a share of the one before it, which has no unit and so can be compared.

    ``None`` where the two are not amounts in one unit, or the earlier one is nothing.
    """
    now, before = indicator.reading, indicator.previous
    if before is None or now.value is None or before.value is None or now.unit != before.unit or not before.value:
        return None
    return abs(EXACT.divide(EXACT.subtract(now.value, before.value), before.value))
