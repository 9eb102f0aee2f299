"""Laws of working days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rag_rules.workdays import add_working_days, is_working_day, working_days

days = st.dates(date(1999, 1, 1), date(2101, 1, 1))
holidays = st.frozensets(st.dates(date(2023, 12, 1), date(2024, 3, 1)), max_size=8)
near = st.dates(date(2023, 12, 1), date(2024, 3, 1))


@given(near, near, holidays)
def test_working_days_are_those_counted_one_by_one(start: date, end: date, off: frozenset[date]) -> None:
    first, last = min(start, end), max(start, end)
    counted = sum(is_working_day(first + timedelta(days=ahead), off) for ahead in range(1, (last - first).days + 1))
    assert working_days(first, last, off) == counted


@given(days, days, days, holidays)
def test_working_days_add_up(a: date, b: date, c: date, off: frozenset[date]) -> None:
    assert working_days(a, b, off) + working_days(b, c, off) == working_days(a, c, off)


@given(near, st.integers(0, 60), holidays)
def test_adding_working_days_and_counting_them_agree(day: date, number: int, off: frozenset[date]) -> None:
    assert working_days(day, add_working_days(day, number, off), off) == number
