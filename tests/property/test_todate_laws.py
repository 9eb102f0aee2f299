"""The laws of rules to date."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag_rules import Quantity, Status, rule
from rag_rules.bands import Bands
from rag_rules.periods import Year, add_months
from rag_rules.prorating import pro_rated
from rag_rules.rules import Rule
from rag_rules.strategies import rules
from rag_rules.todate import Due, Profile, due_by

years = st.integers(1, 12).map(Year.read)
targets = st.integers(1, 10**9).map(Decimal)
totals = st.integers(-(10**9), 10**9).map(Decimal)
readings = st.decimals("-1e12", "1e12", places=6, allow_nan=False)


@st.composite
def month_ends(draw: st.DrawFn) -> date:
    """The last day of some month."""
    return date(draw(st.integers(1901, 2100)), draw(st.integers(1, 12)), 1) - timedelta(days=1)


@st.composite
def dues(draw: st.DrawFn) -> Due:
    """What is due by the end of some month, by month or by a profile."""
    year, day = draw(years), draw(month_ends())
    linear = due_by(day, year)
    if draw(st.booleans()) or linear.months % 3:
        return linear
    shares = sorted(draw(st.lists(st.integers(1, 100), min_size=3, max_size=3)))
    return due_by(day, year, profile=Profile.read(", ".join(f"Q{n} {s}%" for n, s in enumerate([*shares, 100], 1))))


def is_pro_rated(made: Rule) -> bool:
    return made.due is not None


@given(rules(), month_ends(), years)
def test_at_the_end_of_the_year_the_rule_is_that_of_the_year(whole: Rule, day: date, year: Year) -> None:
    end = year.containing(day).last_day
    assert pro_rated(whole, due_by(end, year)) == whole


@given(targets, years, st.integers(1950, 2050))
def test_the_pro_rated_parts_are_alike_and_sum_to_the_whole(target: Decimal, year: Year, number: int) -> None:
    whole, start = rule(f"at least {target}"), year.year(number).start
    made = [whole.to_date(add_months(start, month) - timedelta(days=1), year=year).bands for month in range(1, 13)]
    due = [Fraction(0), *(Fraction(bands.steps.cuts[0].at) for bands in made if bands is not None)]
    parts = [b - a for a, b in pairwise(due)]
    assert sum(parts) == target
    assert all(abs(part - Fraction(target) / 12) < Fraction(1, 10**60) for part in parts)


@given(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(any), st.booleans())
def test_a_profile_by_period_and_one_to_date_are_due_alike(parts: list[int], in_money: bool) -> None:
    sign, target = "£" if in_money else "", sum(parts)
    by_period = ", ".join(f"Q{n} {sign}{part}" for n, part in enumerate(parts, 1))
    to_date = ", ".join(f"Q{n} {sign}{sum(parts[:n])}" for n in range(1, 5))
    whole = rule(f"at least {sign}{target}")
    for month, year in ((6, 2023), (9, 2023), (12, 2023), (3, 2024)):
        day = add_months(date(year, month, 1), 1) - timedelta(days=1)
        assert whole.to_date(day, profile=by_period).bands == whole.to_date(day, profile=to_date).bands


@given(st.data(), rules(), dues())
def test_a_reading_to_date_has_the_status_of_what_it_makes_of_the_year(
    data: st.DataObject, whole: Rule, due: Due
) -> None:
    made = pro_rated(whole, due)
    if not is_pro_rated(made) or made.exact_bands is not None:  # rounding to a grid is not the same on a smaller scale
        return
    assert made.bands is not None
    assert whole.bands is not None
    cut = data.draw(st.sampled_from([*(cut.at for cut in whole.bands.steps.cuts), Decimal(0)]))
    of_the_year = Fraction(cut) + data.draw(st.sampled_from([Fraction(0), Fraction(1, 10**9), Fraction(-1, 10**9)]))
    reading = of_the_year * due.share
    if 10**12 % reading.denominator == 0:  # a reading is a decimal
        assert made.bands.status(_decimal(reading)) == whole.bands.status(_decimal(of_the_year))


def _decimal(number: Fraction) -> Decimal:
    scale = 10**30
    assert scale % number.denominator == 0
    return Decimal(number.numerator * (scale // number.denominator)).scaleb(-30)


@given(rules(), dues())
def test_the_order_of_statuses_is_kept(whole: Rule, due: Due) -> None:
    made = pro_rated(whole, due)
    if is_pro_rated(made) and made.exact_bands is None:
        assert made.bands is not None
        assert whole.bands is not None
        assert made.bands.steps.values == whole.bands.steps.values
        assert [cut.side for cut in made.bands.steps.cuts] == [cut.side for cut in whole.bands.steps.cuts]


@given(targets, readings, st.integers(1, 11))
def test_a_cut_is_where_fractions_have_it(target: Decimal, reading: Decimal, months: int) -> None:
    day = add_months(date(2023, 4, 1), months) - timedelta(days=1)
    bands = rule(f"at most {target}").to_date(day).bands
    assert isinstance(bands, Bands)
    met = Fraction(reading) <= Fraction(target) * Fraction(months, 12)
    assert (bands.status(reading) is Status.GREEN) == met


@given(targets, st.integers(1, 11), st.sampled_from([-1, 0, 1]))
def test_the_nearest_readings_of_twelve_decimals_are_told_apart(target: Decimal, months: int, step: int) -> None:
    day = add_months(date(2023, 4, 1), months) - timedelta(days=1)
    bands = rule(f"less than {target}").to_date(day).bands
    assert isinstance(bands, Bands)
    cut = Fraction(target) * Fraction(months, 12)
    reading = Decimal(round(cut * 10**12) + step).scaleb(-12)
    assert (bands.status(reading) is Status.GREEN) == (Fraction(reading) < cut)


@given(totals, totals, st.integers(1, 11), st.booleans())
def test_bringing_what_is_needed_each_month_meets_the_target(
    target: Decimal, reading: Decimal, months: int, least: bool
) -> None:
    day = add_months(date(2023, 4, 1), months) - timedelta(days=1)
    whole = rule(f"at {'least' if least else 'most'} {target}")
    outcome = whole.to_date(day).evaluate(reading)
    found = outcome.forecast
    assert found is not None
    if found.needed_per_month is not None:
        assert whole.bands is not None
        assert whole.bands.status(reading + found.needed_per_month.value * (12 - months)) is Status.GREEN
    else:  # settled, since what is above zero does not fall
        assert target >= 0
        assert reading >= 0
        assert (reading >= target) if least else (reading > target)


@given(st.text(max_size=40))
def test_any_text_is_a_profile_or_an_error_of_ours(text: str) -> None:
    from rag_rules.errors import SettingError

    try:
        read = Profile.read(text)
    except SettingError:
        return
    assert all(isinstance(amount, Quantity) for _, amount in read.parts)
