"""Whether a reading is better than the one before it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal

from rag_rules.errors import UnitError
from rag_rules.judging import judge
from rag_rules.lowering import AtLeast, AtMost, Mapped, Within
from rag_rules.outcomes import Outcome
from rag_rules.quantity import PERCENT, Quantity
from rag_rules.rules import Rule
from rag_rules.settings import Polarity
from rag_rules.status import Status
from rag_rules.syntax.reading import Reading

__all__ = ["Movement", "improved", "movement", "without_movement"]

Movement = Literal["better", "worse", "same"]

_HIGHER, _LOWER = Polarity.HIGHER, Polarity.LOWER
#: the kinds of rule whose readings are places on a scale or in a ranking: what is better needs no polarity
_ORDERED: Final = {"label": _HIGHER, "exact label": _HIGHER, "quartile": _HIGHER, "rank": _LOWER}


def movement(before: Outcome, now: Outcome) -> Movement | None:
    """How a reading compares with the one before it, both judged by one rule; ``None`` where that cannot be told.

    * The polarity says which way is better; without one the side of the target does: less is better for "<£21".
      Where target and polarity contradict each other, nothing is said.
    * For a range, nearer to it is better, and two readings inside it are the same.
    * On a scale of labels the position counts, in a ranking the lower place.
    * Readings that are missing, to be confirmed, without a sign they would need, or in units that cannot be
      compared have no movement.

    >>> from rag_rules.front import rule
    >>> target = rule("Between 10%-20%")
    >>> movement(target.evaluate("28%"), target.evaluate("25%"))
    'better'
    """
    rule = now.rule
    if rule.bands is None and (labels := _labels(rule, before.reading, now.reading)):
        return _compared(*labels, _HIGHER)
    found = _positions(rule, before, now)
    if found is None:
        return None
    old, new = found
    if rule.kind in _ORDERED:
        return _compared(old, new, _ORDERED[rule.kind])
    if before.reading.is_place and now.reading.is_place:
        return _compared(old, new, _LOWER)
    if isinstance(rule.goal, Within) or rule.setting.polarity is Polarity.IN_RANGE:
        return _nearer(rule, old, new)
    return _compared(old, new, _direction(rule))


def without_movement(rule: Rule) -> Rule:
    """The rule by which a reading is judged alone: that of a rule which makes red amber where a reading improved."""
    if rule.setting.improving is None:
        return rule
    alone: Rule | None = rule.quick.get("alone")
    if alone is None:
        alone = rule.quick["alone"] = replace(rule, setting=replace(rule.setting, improving=None), quick={})
    return alone


def improved(rule: Rule, reading: Reading, earlier: Reading | None) -> Outcome:
    """The outcome of a reading by a rule that makes red amber where it is better than an earlier one.

    Where that cannot be told, because there is no earlier reading or none to compare with, a red reading is unrated: it
    is red or amber, and nobody knows which. The explanation says so.

    Raises ``UnitError`` for a reading, or an earlier one, that cannot be compared with the target.
    """
    policy, alone = rule.setting.improving, without_movement(rule)
    now = judge(alone, reading)
    if policy is None or now.status is not Status.RED:
        return now
    moved = movement(judge(alone, earlier), now) if earlier is not None else None
    if moved is None:
        return judge(rule, reading)
    is_amber = moved == "better" or (moved == "same" and policy.maintained)
    assert earlier is not None
    how = {"better": "better than", "same": "no worse than" if is_amber else "no better than", "worse": "worse than"}[
        moved
    ]
    detail = f"{'but' if is_amber else 'and'} {how} {policy.earlier} ({earlier.text.strip()})"
    return Outcome(
        alone, reading, Status.AMBER if is_amber else Status.RED, now.value, detail=detail, notes=now.own_notes
    )


def _positions(rule: Rule, before: Outcome, now: Outcome) -> tuple[Decimal, Decimal] | None:
    """Both readings on one line: in the unit of the rule where it judged them, else in a unit of their own."""
    if before.value is not None and now.value is not None:
        return before.value, now.value
    if rule.kind == "balance" or before.reading.is_unconfirmed or now.reading.is_unconfirmed:
        return None
    return _amounts(before.reading, now.reading)


def _labels(rule: Rule, before: Reading, now: Reading) -> tuple[Decimal, Decimal] | None:
    """The positions of two labels on the scale that the setting gives."""
    scale = rule.setting.scale
    if scale is None or before.label is None or now.label is None or before.is_unconfirmed or now.is_unconfirmed:
        return None
    old, new = scale.index(before.label), scale.index(now.label)
    return None if old is None or new is None else (Decimal(old), Decimal(new))


def _amounts(before: Reading, now: Reading) -> tuple[Decimal, Decimal] | None:
    """Two amounts in the unit of the later one."""
    old, new = _amount(before), _amount(now)
    if old is None or new is None or before.is_place != now.is_place:
        return None
    try:
        return old.to(new.unit).value, new.value
    except UnitError:
        return None


def _amount(reading: Reading) -> Quantity | None:
    """The amount of a reading; a share such as 27/36 as the percentage it is."""
    if reading.fraction is not None and not reading.is_place:
        return Quantity(reading.fraction, PERCENT)
    return reading.quantity


def _direction(rule: Rule) -> Polarity | None:
    """Which way is better: by the polarity, or by the side that is good; ``None`` where they are not of one mind."""
    said, meant = rule.setting.polarity, _side(rule)
    if said is not None and meant is not None:
        return said if said is meant else None
    return said or meant


def _side(rule: Rule) -> Polarity | None:
    """The side of the target that is good."""
    match rule.goal:
        case AtLeast():
            return _HIGHER
        case AtMost():
            return _LOWER
        case Mapped(steps=steps):
            bad = [list(Status).index(status) for status in steps.values if status is not Status.UNRATED]
            if bad == sorted(bad, reverse=True):
                return _HIGHER
            return _LOWER if bad == sorted(bad) else None
    return None


def _compared(old: Decimal, new: Decimal, better: Polarity | None) -> Movement | None:
    if old == new:
        return "same"
    if better is None:
        return None
    return "better" if (new > old) is (better is _HIGHER) else "worse"


def _nearer(rule: Rule, old: Decimal, new: Decimal) -> Movement | None:
    if rule.bands is None:
        return "same" if old == new else None
    far, near = _distance(rule, old), _distance(rule, new)
    return None if far is None or near is None else _compared(far, near, _LOWER)


def _distance(rule: Rule, value: Decimal) -> Decimal | None:
    """How far a reading is from the nearest green one: nothing inside; ``None`` where nothing is green."""
    assert rule.bands is not None
    found = [
        max(
            band.low.at - value if band.low else Decimal(0),
            value - band.high.at if band.high else Decimal(0),
            Decimal(0),
        )
        for band in rule.bands
        if band.status is Status.GREEN
    ]
    return min(found, default=None)
