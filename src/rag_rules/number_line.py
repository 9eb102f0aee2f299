"""What a rule makes of every number, where bands alone do not say: 0.9 beside 95%, 1.5 beside 1.4m, a sign of a budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from rag_rules.errors import ReadingSyntaxError, UnitError
from rag_rules.judging import any_stage_will_do, is_sided, judge, magnitude
from rag_rules.lowering import AtLeast, AtMost, Within
from rag_rules.quantity import EXACT, NUMBER, PERCENT, TOP_SHARE, Quantity, Unit, exponent_of, written_out
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut, Side, Steps
from rag_rules.syntax.reading import Reading, parse_reading

if TYPE_CHECKING:
    from rag_rules.rules import Rule

__all__ = [
    "BAD_READING",
    "NumberLine",
    "Verdict",
    "asked",
    "is_plain",
    "judged",
    "number_line",
    "plain_reading",
    "verdict_of",
]

V = TypeVar("V")


class Verdict(NamedTuple):
    """What a rule says of a reading, without the sentence."""

    status: Status
    #: why it is unrated
    reason: Reason | None = None
    #: the number of the band that it is in, the lowest being 0
    band: int | None = None


@dataclass(frozen=True, slots=True)
class NumberLine:
    """What a rule says of each number and, beside the line, of none."""

    steps: Steps[Decimal, Verdict]
    missing: Verdict
    #: whether only whole numbers are readings, as of places
    is_whole: bool = False
    #: what is derived once and used often
    quick: dict[str, Any] = field(default_factory=dict, compare=False, repr=False, hash=False)


#: what is said of a reading that cannot be read, or not be compared
BAD_READING: Final = Verdict(Status.UNRATED, Reason.BAD_READING)
_AMBIGUOUS: Final = Verdict(Status.UNRATED, Reason.AMBIGUOUS)
_NO_EARLIER: Final = Verdict(Status.UNRATED, Reason.NO_EARLIER_READING)
_NO_READING: Final = parse_reading(None)
#: numbers that may be shares of one: above -1 and below 1, with both, but not 0
_MAY_BE_SHARES: Final = Steps.of(
    False,
    (Cut(Decimal(-1), Side.BEFORE), True), (Cut(Decimal(0), Side.BEFORE), False),
    (Cut(Decimal(0), Side.AFTER), True), (Cut(Decimal(1), Side.AFTER), False),
)  # fmt: skip


def number_line(rule: Rule, *, shares: bool | None = None) -> NumberLine:
    """What ``rule`` says of each number, as ``rule.evaluate`` would.

    ``shares`` says how percentages are written: as 0.95 (true) or as 95 (false). Where nobody says, a number that could
    be either is ambiguous, if the two have different statuses.

    >>> from rag_rules.front import rule
    >>> number_line(rule("95%", polarity="higher")).steps.at(Decimal("0.97")).reason
    <Reason.AMBIGUOUS>
    >>> number_line(rule("95%", polarity="higher"), shares=True).steps.at(Decimal("0.97")).status
    <Status.GREEN>
    """
    key = f"numbers {shares}"
    if key not in rule.quick:
        rule.quick[key] = NumberLine(
            _steps(rule, shares), verdict_of(rule, _NO_READING), rule.kind == "rank" and rule.unit.dimension == "rank"
        )
    found: NumberLine = rule.quick[key]
    return found


def verdict_of(rule: Rule, reading: Any) -> Verdict:
    """What ``rule`` says of one reading; one that cannot be read, or compared, is unrated with that as its reason."""
    return judged(rule, reading)[0]


def judged(rule: Rule, reading: Any, *, shares: bool | None = None) -> tuple[Verdict, Decimal | None]:
    """``verdict_of`` a reading, with its value in the unit of the bands where it has a status.

    ``shares`` says, as for a line of numbers, how a percentage is written whose text has no sign of its own.
    """
    try:
        outcome = judge(rule, reading if shares is None else _as_percentage(rule, reading, shares))
    except (ReadingSyntaxError, UnitError):
        return BAD_READING, None
    band = outcome.rule.bands.steps.index(outcome.value) if outcome.rule.bands and outcome.value is not None else None
    return Verdict(outcome.status, outcome.reason, band), outcome.value


def _as_percentage(rule: Rule, reading: Any, shares: bool) -> Any:
    """``reading`` as a percentage, where the rule is for those and its text is a plain number."""
    if not (isinstance(reading, str) and _is_of_percentages(rule)):
        return reading
    read = parse_reading(reading)
    number = read.quantity
    if (
        number is None
        or number.unit != NUMBER
        or read.fraction is not None
        or read.is_place
        or exponent_of(number.value) > 0
    ):
        return reading
    value = number.value.scaleb(2, context=EXACT) if shares else number.value
    return replace(read, quantity=Quantity(value, PERCENT))


def _is_of_percentages(rule: Rule) -> bool:
    return any(each.unit.is_percent or each.unit == TOP_SHARE for each in (rule, *rule.stages))


def _steps(rule: Rule, shares: bool | None) -> Steps[Decimal, Verdict]:
    if rule.bands is None and not rule.stages:
        return Steps((), (verdict_of(rule, plain_reading(Decimal(0), NUMBER)),))
    is_percentage = _is_of_percentages(rule)
    own = PERCENT if is_percentage and shares is not None else NUMBER
    written = _in_unit(rule, own)
    if not (is_percentage and shares):
        return written
    return _smaller(written, 2)


def _in_unit(rule: Rule, own: Unit) -> Steps[Decimal, Verdict]:
    """What ``rule`` says of each number that is one of ``own``; a plain number may be a share, or in millions."""
    if rule.bands is None:
        stages = rule.stages if all(stage.kind == "value" and _is_known(stage, own) for stage in rule.stages) else ()
        return _of_stages(rule, [_in_unit(stage, own) for stage in stages]) if stages else _asked(rule, own)
    if not _is_known(rule, own):
        return _asked(rule, own)
    written = _of_bands(rule)
    if rule.kind == "rank":
        from_one = Steps.of(False, (Cut(Decimal(1), Side.BEFORE), True))
        return written.combine(from_one, lambda verdict, is_place: verdict if is_place else BAD_READING)
    if power := magnitude(rule):
        return _or_larger(written, power)
    if own.is_percent or not rule.unit.is_percent or all(abs(cut.at) <= 1 for cut in rule.bands.steps.cuts):
        return written
    return _or_else(written, _smaller(written, 2), _MAY_BE_SHARES)


def _is_known(rule: Rule, own: Unit) -> bool:
    """Whether what the judge makes of a number in ``own`` follows from the bands, and need not be asked of it."""
    if rule.bands is None or rule.stages:
        return False
    if rule.kind == "rank":
        return rule.unit.dimension == "rank" and own.is_number
    if rule.kind != "value" or not (own.is_number or (own.is_percent and rule.unit.is_percent)):
        return False
    return is_plain(rule) or not (is_sided(rule) or rule.unit.per or rule.unit.is_percent)


def _of_bands(rule: Rule) -> Steps[Decimal, Verdict]:
    """The verdicts of the bands; red is none where it may be amber, and a stretch without a status has its reason."""
    assert rule.bands is not None
    steps = rule.bands.steps
    found = Steps(steps.cuts, tuple(Verdict(status, None, number) for number, status in enumerate(steps.values)))
    if rule.setting.improving is not None:
        found = found.map(lambda verdict: _NO_EARLIER if verdict.status is Status.RED else verdict)
    for reason, _, where in rule.conflicts:
        because = Verdict(Status.UNRATED, reason)
        found = found.combine(where.steps, partial(_with_reason, because=because))
    return found


def _with_reason(verdict: Verdict, status: Status, *, because: Verdict) -> Verdict:
    is_without = verdict.status is Status.UNRATED and verdict.reason is None
    return because if is_without and status is Status.UNRATED else verdict


def _of_stages(rule: Rule, lines: list[Steps[Decimal, Verdict]]) -> Steps[Decimal, Verdict]:
    """What a rule says of which any stage may be meant: what the last does, where all give one status."""
    otherwise = Verdict(Status.UNRATED, rule.reason)
    if not any_stage_will_do(rule):
        return Steps((), (otherwise,))
    found = lines[0].map(lambda verdict: otherwise if verdict.band is None else verdict)
    for line in lines[1:]:
        found = found.combine(line, partial(_of_both, otherwise=otherwise))
    return found


def _of_both(one: Verdict, other: Verdict, *, otherwise: Verdict) -> Verdict:
    is_same = one.band is not None and other.band is not None and one.status is other.status
    return other if is_same else otherwise


def _or_larger(written: Steps[Decimal, Verdict], power: int) -> Steps[Decimal, Verdict]:
    """What is said where a bare 1.5 beside 1.4m may be 1.5 million, or thousand."""
    found = _or_else(written, _smaller(written, power), _below(0, 1000))
    return found if power == 3 else found.combine(
        _or_else(written, _smaller(written, 3), _below(1000, 100_000)),
        lambda one, other: one if one == _AMBIGUOUS else other,
    )  # fmt: skip


def _below(least: int, most: int) -> Steps[Decimal, bool]:
    """Which numbers have a size of ``least`` or more (but not of 0), and less than ``most``."""
    side = Side.BEFORE if least else Side.AFTER
    return Steps.of(
        False,
        (Cut(Decimal(-most), Side.AFTER), True), (Cut(Decimal(-least), Side.AFTER if least else Side.BEFORE), False),
        (Cut(Decimal(least), side), True), (Cut(Decimal(most), Side.BEFORE), False),
    )  # fmt: skip


def _or_else(
    written: Steps[Decimal, Verdict], meant: Steps[Decimal, Verdict], where: Steps[Decimal, bool]
) -> Steps[Decimal, Verdict]:
    """``written``, but ambiguous ``where`` a number may be meant otherwise and would have another status."""
    both = written.combine(meant, lambda one, other: (one, one.status is other.status))
    return both.combine(where, lambda found, may_be: _AMBIGUOUS if may_be and not found[1] else found[0])


def _smaller(steps: Steps[Decimal, V], power: int) -> Steps[Decimal, V]:
    """What is said of numbers so many powers of ten as large."""
    return Steps(
        tuple(Cut(cut.at.scaleb(-power, context=EXACT), cut.side, cut.why) for cut in steps.cuts), steps.values
    )


def _asked(rule: Rule, own: Unit) -> Steps[Decimal, Verdict]:
    return asked(rule, lambda number: verdict_of(rule, plain_reading(number, own)))


def is_plain(rule: Rule) -> bool:
    """Whether the bands alone say what becomes of a number in their own unit."""
    goal = (rule.whole or rule).goal  # a share of 1.4m is written in millions too
    edges = (goal.value,) if isinstance(goal, AtLeast | AtMost) else (goal.high,) if isinstance(goal, Within) else ()
    return rule.kind != "balance" and not is_sided(rule) and all(exponent_of(edge) <= 0 for edge in edges)


def asked(rule: Rule, verdict: Callable[[Decimal], V]) -> Steps[Decimal, V]:
    """``verdict`` of every number.

    It is asked on each side of each number that may matter to the judge, and in between.
    """
    bands = [each.bands for each in (rule, *rule.stages) if each.bands is not None]
    bands += [where for _, _, where in rule.conflicts]
    edges = {EXACT.multiply(cut.at, Decimal(1)) for each in bands for cut in each.steps.cuts}
    points = edges | {edge.scaleb(-power, context=EXACT) for edge in edges for power in (2, 3, 6, 9)}
    points |= {Decimal(sign * number) for sign in (-1, 1) for number in (0, 1, 1000, 100_000)}
    ordered = sorted(points)
    between = [EXACT.divide(EXACT.add(low, high), Decimal(2)) for low, high in pairwise(ordered)]
    between = [ordered[0] - 1, *between, ordered[-1] + 1]
    cuts: list[Cut[Decimal]] = []
    found = [verdict(between[0])]
    for point, after in zip(ordered, between[1:], strict=True):
        cuts += [Cut(point, Side.BEFORE), Cut(point, Side.AFTER)]
        found += [verdict(point), verdict(after)]
    return Steps(tuple(cuts), tuple(found))


def plain_reading(number: Decimal, unit: Unit) -> Reading:
    """The reading of a number as a cell or a column holds it: written out, without an exponent or a word."""
    value = number.normalize(EXACT) if exponent_of(number) < 0 else number
    reading = parse_reading(Quantity(written_out(value) + 0, unit))  # "1.4m" is not bare
    return Reading(reading.text, reading.quantity, is_signed=reading.is_signed)
