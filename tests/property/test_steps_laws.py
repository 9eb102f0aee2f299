"""The laws of steps and bands."""

import math
import pickle
from copy import deepcopy
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, reject
from hypothesis import strategies as st

from rag_rules.bands import Bands, float_cut
from rag_rules.errors import UnitError
from rag_rules.lowering import moved_for_rounding
from rag_rules.quantity import NUMBER, Quantity
from rag_rules.rules import Rule
from rag_rules.status import Status, best, worst
from rag_rules.steps import Cut, Side, Steps
from rag_rules.strategies import bands, readings, rules

plain_bands = bands(unit=NUMBER)
numbers = st.one_of(
    st.integers(-3, 3).map(lambda value: Decimal(value) / 4),
    st.decimals(min_value=-1100, max_value=1100, places=4),
)


@given(plain_bands, numbers)
def test_every_reading_is_in_exactly_one_band(drawn: Bands, value: Decimal) -> None:
    def holds(low: Cut[Decimal] | None, high: Cut[Decimal] | None) -> bool:
        above = low is None or value > low.at or (value == low.at and low.side is Side.BEFORE)
        below = high is None or value < high.at or (value == high.at and high.side is Side.AFTER)
        return above and below

    holding = [band for band in drawn if holds(band.low, band.high)]
    assert len(holding) == 1
    assert drawn.status(value) is holding[0].status
    assert drawn.band(value) == holding[0]


@given(plain_bands)
def test_canonical_form_has_no_cut_between_equal_values(drawn: Bands) -> None:
    values = drawn.steps.values
    assert all(a != b for a, b in pairwise(values))


@given(plain_bands, plain_bands, numbers)
def test_combine_is_pointwise(a: Bands, b: Bands, value: Decimal) -> None:
    assert (a & b).status(value) is worst(a.status(value), b.status(value))
    assert (a | b).status(value) is best(a.status(value), b.status(value))


@given(plain_bands, plain_bands, plain_bands)
def test_combine_is_associative(a: Bands, b: Bands, c: Bands) -> None:
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)


@given(plain_bands, plain_bands)
def test_combine_is_commutative(a: Bands, b: Bands) -> None:
    assert a & b == b & a
    assert a | b == b | a


@given(plain_bands)
def test_combine_with_itself_changes_nothing(drawn: Bands) -> None:
    assert drawn & drawn == drawn


@given(plain_bands, plain_bands, st.lists(numbers, max_size=30))
def test_equal_bands_agree_and_unequal_bands_differ_somewhere(a: Bands, b: Bands, more: list[Decimal]) -> None:
    places = [cut.at for drawn in (a, b) for cut in drawn.steps.cuts]
    small = Decimal("0.001")
    probes = [Decimal(0), *more, *(at + step for at in places for step in (-small, Decimal(0), small))]
    agree = all(a.status(value) is b.status(value) for value in probes)
    assert agree == (a.steps == b.steps)


@given(bands())
def test_reading_the_picture_back_gives_the_bands(drawn: Bands) -> None:
    again = Bands.read(str(drawn))
    assert again.steps == drawn.steps
    assert again.unit == drawn.unit or not drawn.steps.cuts


@given(plain_bands, st.floats(allow_nan=True, allow_infinity=True))
def test_a_float_is_judged_as_the_decimal_it_prints_as(drawn: Bands, value: float) -> None:
    if math.isnan(value):
        assert drawn.status(value) is Status.UNRATED
    elif math.isinf(value):
        assert drawn.status(value) is drawn.steps.values[-1 if value > 0 else 0]
    else:
        assert drawn.status(value) is drawn.at(Quantity(Decimal(repr(value))))


@given(st.decimals(min_value=-10_000, max_value=10_000, places=18), st.sampled_from(Side), st.sampled_from([-1, 0, 1]))
def test_float_cuts_are_directed_for_long_thresholds(at: Decimal, side: Side, step: int) -> None:
    cut = float_cut(Cut(at, side))
    near = math.nextafter(cut, step * math.inf) if step else cut
    exact = Decimal(repr(near))
    assert (near >= cut) == (exact > at or (exact == at and side is Side.BEFORE))


@given(plain_bands, st.decimals(min_value=-1100, max_value=1100, places=5), st.integers(0, 3))
def test_moving_the_cuts_is_rounding_the_reading(drawn: Bands, value: Decimal, digits: int) -> None:
    from decimal import ROUND_HALF_UP

    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert moved_for_rounding(drawn, digits).status(value) is drawn.status(rounded)


def test_steps_refuse_cuts_out_of_order() -> None:
    import pytest

    with pytest.raises(ValueError, match="ascend"):
        Steps((Cut(2, Side.BEFORE), Cut(1, Side.BEFORE)), ("a", "b", "c"))


def test_steps_refuse_a_wrong_number_of_values() -> None:
    import pytest

    with pytest.raises(ValueError, match="values"):
        Steps((Cut(1, Side.BEFORE),), ("a",))


@given(rules().flatmap(lambda rule: st.tuples(st.just(rule), readings(rule))))
def test_rules_and_outcomes_travel_to_other_processes(pair: tuple[Rule, Quantity]) -> None:
    rule, reading = pair
    try:
        outcome = rule.evaluate(reading)  # which leaves functions with the rule
    except UnitError:
        reject()
    for there in (pickle.loads(pickle.dumps(outcome)), deepcopy(outcome)):
        assert there == outcome
        assert (there.notes, there.explanation) == (outcome.notes, outcome.explanation)
        assert there.rule.evaluate(reading) == outcome
        assert there.rule.bands == rule.bands
