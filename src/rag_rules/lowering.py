"""What was meant to what it maps: goals with literal amounts, and the bands of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from rag_rules.bands import Bands
from rag_rules.labels import Scale
from rag_rules.quantity import EXACT, NUMBER, Unit
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps
from rag_rules.values import Value

__all__ = ["AtLeast", "AtMost", "Goal", "Mapped", "Within", "lower", "moved_for_rounding"]

GREEN, AMBER, RED = Status.GREEN, Status.AMBER, Status.RED


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AtLeast(Value):
    """Green from ``value`` upwards; ``strict`` leaves the value itself out."""

    value: Decimal
    strict: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AtMost(Value):
    """Green up to ``value``; ``strict`` leaves the value itself out."""

    value: Decimal
    strict: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Within(Value):
    """Green from ``low`` to ``high``; an open end is left out."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mapped(Value):
    """Explicit bands: the map is the goal."""

    steps: Steps[Decimal, Status]


Goal = AtLeast | AtMost | Within | Mapped
#: from the target's edge and the side that is bad (-1 below, 1 above) to the far edge of amber
Margin = Callable[[Decimal, int], Decimal]


def lower(
    goal: Goal, margin: Margin | None, unit: Unit = NUMBER, scale: Scale | None = None, *, why: str = "target"
) -> Bands:
    """The bands of ``goal``, with amber from its edge on the bad side as far as ``margin`` says, far edge included.

    >>> lower(AtMost(Decimal(21), strict=True), lambda at, side: at + side * Decimal("1.05"))
    <Bands green |21 amber 22.05| red>
    """
    if isinstance(goal, Mapped):
        return Bands(goal.steps, unit, scale)
    cuts: list[Cut[Decimal]] = []
    values: list[Status] = []
    if isinstance(goal, (AtLeast, Within)):
        low, is_open = (goal.value, goal.strict) if isinstance(goal, AtLeast) else (goal.low, goal.low_open)
        far = low if margin is None else margin(low, -1)
        values.append(RED)
        if far < low:
            cuts.append(Cut(far, Side.BEFORE, "tolerance"))
            values.append(AMBER)
        cuts.append(Cut(low, Side.AFTER if is_open else Side.BEFORE, why))
    values.append(GREEN)
    if isinstance(goal, (AtMost, Within)):
        high, is_open = (goal.value, goal.strict) if isinstance(goal, AtMost) else (goal.high, goal.high_open)
        far = high if margin is None else margin(high, 1)
        cuts.append(Cut(high, Side.BEFORE if is_open else Side.AFTER, why))
        if far > high:
            values.append(AMBER)
            cuts.append(Cut(far, Side.AFTER, "tolerance"))
        values.append(RED)
    return Bands(Steps(tuple(cuts), tuple(values)), unit, scale)


def moved_for_rounding(bands: Bands, digits: int) -> Bands:
    """Bands that give each exact reading the status of that reading rounded to ``digits`` decimals, half away from zero.

    Rounding a reading before comparing it is the same as moving the cuts:

    >>> moved_for_rounding(Bands.read("red |99.5 green"), 0)
    <Bands red |99.5 green>
    >>> moved_for_rounding(Bands.read("red |99.5 green"), 1)
    <Bands red |99.45 green>
    """
    grid = Decimal(1).scaleb(-digits)
    merged: dict[tuple[Decimal, int], tuple[Cut[Decimal], Status]] = {}
    for cut, status in zip(bands.steps.cuts, bands.steps.values[1:], strict=True):
        first = _first_rounded_after(cut, grid)
        edge = EXACT.subtract(first, EXACT.divide(grid, Decimal(2)))
        # the tie at the edge rounds away from zero: up to `first` when positive, down from it when negative
        moved = Cut(edge, Side.BEFORE if first > 0 else Side.AFTER, cut.why)
        merged[moved.key] = (moved, status)  # two cuts that fall together leave no reading between them
    return Bands(Steps.of(bands.steps.values[0], *merged.values()), bands.unit, bands.scale)


def _first_rounded_after(cut: Cut[Decimal], grid: Decimal) -> Decimal:
    """The smallest multiple of ``grid`` that lies after ``cut``."""
    ratio = EXACT.divide(cut.at, grid)
    if cut.side is Side.BEFORE:
        steps = ratio.to_integral_value(ROUND_CEILING)
    else:
        steps = ratio.to_integral_value(ROUND_FLOOR) + 1
    return EXACT.multiply(steps, grid)
