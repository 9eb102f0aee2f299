"""Why a reading has its status, in one plain sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rag_rules.lowering import AtLeast, AtMost, Mapped, Within
from rag_rules.periods import written_date
from rag_rules.quantity import EXACT, Quantity, exponent_of, trimmed
from rag_rules.status import Reason, Status
from rag_rules.steps import Side

if TYPE_CHECKING:
    from rag_rules.outcomes import Outcome
    from rag_rules.rules import Rule

__all__ = ["sentence"]


def sentence(outcome: Outcome) -> str:
    """The explanation of ``outcome``."""
    rule = outcome.rule
    head = outcome.status.value.capitalize()
    if outcome.value is None:
        said = outcome.detail.rstrip(".")
        aim = (
            f"; the target is {rule.aim}{_to_date(rule)}"
            if rule.aim and outcome.reason in (Reason.NO_READING, Reason.SUPPRESSED, Reason.NOT_DUE)
            else ""
        )
        return f"{head}: {said}{aim}{'' if said.endswith('?') and not aim else '.'}"
    source = f" ({rule.source})" if rule.source else ""
    if rule.kind == "date":
        said = _date_sentence(outcome, source)
    elif rule.kind in ("label", "exact label", "quartile"):
        said = _label_sentence(outcome, source)
    else:
        said = _value_sentence(outcome, source)
    return f"{head}: {said}{f', {outcome.detail}' if outcome.detail else ''}."


def _label_sentence(outcome: Outcome, source: str) -> str:
    rule = outcome.rule
    assert rule.bands is not None
    assert rule.bands.scale is not None
    assert outcome.value is not None
    label = rule.bands.scale.labels[int(outcome.value)]
    if isinstance(rule.goal, Mapped):
        return f"“{label}” is in the {rule.bands.status(outcome.value)} band"
    if outcome.status is Status.GREEN:
        return f"“{label}” meets the target of {rule.aim}{source}"
    within = ", one of the steps that are amber" if rule.bands.status(outcome.value) is Status.AMBER else ""
    return f"“{label}” {'misses' if rule.kind == 'quartile' else 'is below'} the target of {rule.aim}{source}{within}"


def _date_sentence(outcome: Outcome, source: str) -> str:
    goal, value = outcome.rule.goal, outcome.value
    assert isinstance(goal, AtMost)
    assert value is not None
    day, last_day = date.fromordinal(int(value)), date.fromordinal(int(goal.value))
    deadline = f"the deadline of {written_date(last_day)}{source}"
    late = (day - last_day).days
    if late == 0:
        return f"{written_date(day)} is the very day of {deadline}"
    how_far = f"{abs(late):,} day{'' if abs(late) == 1 else 's'}"
    if late < 0:
        return f"{written_date(day)} is {how_far} before {deadline}"
    return f"{written_date(day)} is {how_far} after {deadline}{_tolerance(outcome, 1)}"


def _value_sentence(outcome: Outcome, source: str) -> str:
    rule, value = outcome.rule, outcome.value
    assert value is not None
    assert rule.bands is not None
    shown = _shown(outcome)
    goal = rule.goal
    if isinstance(goal, Mapped):
        return f"{shown} is in the {rule.bands.status(value)} band{_edges_of(outcome)}{_to_date(rule)}"
    if rule.kind == "balance":
        meets = "is a surplus" if value > 0 else "is balanced" if value == 0 else "is a deficit"
        return f"{shown} {meets}, and the target is a balanced budget"
    if outcome.status is Status.GREEN and not _is_green_by_tolerance(outcome):
        rounded = _as_displayed(outcome)
        return f"{shown} meets the target of {rule.aim}{_to_date(rule, source)}{rounded}"
    edge, way = _missed(goal, value)
    gap = outcome.amount(abs(EXACT.subtract(value, edge)))
    place = rule.kind == "rank"
    if gap.value == 0 and value != edge:
        missed = f"is {'over' if way > 0 else 'under'} the target of {rule.aim}{_to_date(rule, source)}, by less than is shown"
    elif gap.value == 0:
        missed = (
            f"is on the limit of the target of {rule.aim}{_to_date(rule, source)}, which the limit itself does not meet"
        )
    elif place and rule.unit.dimension == "rank":
        count = gap.value
        missed = f"is {count} place{'s' if count != 1 else ''} outside the target of {rule.aim}{source}"
    else:
        missed = f"is {gap} {'over' if way > 0 else 'under'} the {_limit(outcome, edge, source)}"
    return f"{shown} {missed}{_tolerance(outcome, way)}{_as_displayed(outcome)}"


def _is_green_by_tolerance(outcome: Outcome) -> bool:
    """Whether a green reading misses the target, by no more than counts as green."""
    value = outcome.value
    if outcome.rule.setting.green_within is None or value is None:
        return False
    match outcome.rule.goal:
        case AtLeast(value=edge, strict=strict):
            return value < edge or (strict and value == edge)
        case AtMost(value=edge, strict=strict):
            return value > edge or (strict and value == edge)
        case Within(low=low, high=high, low_open=low_open, high_open=high_open):
            return not low <= value <= high or (low_open and value == low) or (high_open and value == high)
    return False


def _shown(outcome: Outcome) -> str:
    """The reading as it was judged, with what was written where that differs."""
    rule, value = outcome.rule, outcome.value
    assert value is not None
    text = outcome.reading.text.strip()
    if rule.kind == "rank":
        return (
            text
            if rule.unit.dimension == "rank" and not text.isdigit()
            else f"place {text}"
            if text.isdigit()
            else f"{trimmed(value)}% from the top"
        )
    quantity = outcome.reading.quantity
    if rule.kind == "balance" or outcome.reading.side:
        return text
    judged = Quantity(trimmed(value) if exponent_of(value) < -12 else value, rule.unit)
    if quantity is not None and quantity.unit == rule.unit and quantity.value == value:
        return str(quantity)
    if quantity is not None and (
        quantity.unit.dimension != "number" and quantity.unit != rule.unit and not rule.unit.is_number
    ):
        return f"{text} ({judged})"
    if rule.unit.is_number and quantity is not None:
        return str(quantity)
    return str(judged)


def _missed(goal: Any, value: Decimal) -> tuple[Decimal, int]:
    """The edge of the goal that a reading misses, and on which side of it the reading is."""
    match goal:
        case AtLeast(value=edge):
            return edge, -1
        case AtMost(value=edge):
            return edge, 1
        case Within(low=low, high=high):
            return (low, -1) if value < low or (value == low != high) else (high, 1)
    raise AssertionError(goal)


def _limit(outcome: Outcome, edge: Decimal, source: str) -> str:
    """The target that is missed: "target of 28", "14 due by 30 September 2023 (28 for the year, pro-rated)"."""
    rule = outcome.rule
    assert rule.bands is not None
    goal = rule.goal
    if not isinstance(goal, (AtLeast, AtMost)) or goal.strict or rule.kind == "rank":
        return f"target of {rule.aim}{_to_date(rule, source)}"
    if rule.due is None:
        return f"target of {rule.bands.write(edge)}{source}"
    return f"{rule.bands.write(edge)} due{_to_date(rule, source)}"


def _to_date(rule: Rule, source: str = "") -> str:
    """Behind a target: where it comes from, and of a target to date also by when and what it is for the whole year."""
    if rule.due is None or rule.whole is None or rule.whole.bands is None:
        return source
    goal = rule.whole.goal
    whole = (
        rule.whole.bands.write(goal.value)
        if isinstance(goal, (AtLeast, AtMost)) and not goal.strict
        else rule.whole.aim
    )
    more = f"; {source[2:-1]}" if source else ""
    return f" by {rule.due.by} ({whole} for the year, {rule.due.how}{more})"


def _tolerance(outcome: Outcome, way: int) -> str:
    """What the tolerance has to do with it: ", inside the 5% tolerance (up to 31.5%)"."""
    rule = outcome.rule
    if rule.bands is not None and outcome.status is Status.GREEN:
        cuts = [cut for cut in rule.bands.steps.cuts if cut.why != "tolerance"]
        limit = f"{'up' if way > 0 else 'down'} to {rule.bands.write((cuts[-1] if way > 0 else cuts[0]).at)}"
        return f", inside the {rule.setting.green_within} that counts as green ({limit})"
    if rule.bands is not None and rule.tolerance is None and rule.setting.green_within is not None:
        return f", outside the {rule.setting.green_within} that counts as green"
    if rule.tolerance is None or rule.bands is None:
        return ""
    fars = [cut for cut in rule.bands.steps.cuts if cut.why == "tolerance"]
    far = (fars[-1] if way > 0 else fars[0]) if fars else None
    if far is None or ((way > 0) != (far.side is Side.AFTER) and rule.exact_bands is None):
        return ""
    inside = "inside" if outcome.value is not None and rule.bands.status(outcome.value) is Status.AMBER else "outside"
    limit = f"{'up' if way > 0 else 'down'} to {rule.bands.write(far.at)}"
    if rule.tolerance.kind == "limit":
        return f", {inside} what is amber ({limit})"
    whole = " for the year" if rule.due is not None and rule.tolerance.kind == "absolute" else ""
    return f", {inside} the {rule.tolerance} tolerance{whole} ({limit})"


def _as_displayed(outcome: Outcome) -> str:
    rule = outcome.rule
    if rule.exact_bands is None or outcome.value is None or rule.exact_bands.status(outcome.value) == outcome.status:
        return ""
    return " when rounded as displayed"


def _edges_of(outcome: Outcome) -> str:
    band, bands = outcome.band, outcome.rule.bands
    assert band is not None
    assert bands is not None
    parts = []
    if band.low is not None:
        parts.append(f"{'from' if band.low.side is Side.BEFORE else 'above'} {bands.write(band.low.at)}")
    if band.high is not None:
        parts.append(f"{'up to' if band.high.side is Side.AFTER else 'below'} {bands.write(band.high.at)}")
    return (
        f" ({' and '.join(parts) if parts[1:] and not parts[1].startswith('up to') else ' '.join(parts)})"
        if parts
        else ""
    )
