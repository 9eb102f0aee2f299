"""Periods by their names: what they end on, and in which order they come."""

from __future__ import annotations

from datetime import date

import pytest

from rag_rules.errors import DateSyntaxError, TargetSyntaxError
from rag_rules.periods import month_number
from rag_rules.syntax.cache import parse_target
from rag_rules.syntax.period_names import named_period, sort_keys
from rag_rules.syntax.when import parse_deadline, parse_period


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Q2 2023-24", date(2023, 9, 30)), ("2023/24 Quarter 4", date(2024, 3, 31)), ("Apr-23", date(2023, 4, 30)), ("2023-24", date(2024, 3, 31)),
        ("February 2024", date(2024, 2, 29)), ("30/09/2023", date(2023, 9, 30)), ("as at 30th September 2023", date(2023, 9, 30)),
        ("Q1 (Apr-Jun 2023)", date(2023, 6, 30)), ("H1 2023/24", date(2023, 9, 30)), ("2023-04", date(2023, 4, 30)), ("2011-12", date(2012, 3, 31)),
        ("Q2", None), ("2023", None), ("Q3 2023", None), ("4/5/2023", None), ("31 June 2023", None),
    ],
)  # fmt: skip
def test_a_period_ends_on_the_day_that_its_name_tells(text: str, ends: date | None) -> None:
    named = named_period(text)
    assert named is not None
    assert named.ends == ends


@pytest.mark.parametrize("text", ["Target", "Top 5", "10-20", "1/2", "Marketing", "", "Mayor"])
def test_other_texts_name_no_period(text: str) -> None:
    assert named_period(text) is None


def test_a_calendar_year_makes_plain_years_and_quarters_definite() -> None:
    ends = [named.ends for text in ("2023", "Q3 2023") if (named := named_period(text, year_start=1))]
    assert ends == [date(2023, 12, 31), date(2023, 9, 30)]


def order(*names: str, year_start: int = 4) -> list[str] | None:
    keys = sort_keys([named_period(name, year_start=year_start) for name in names])
    return None if keys is None else [name for _, name in sorted(zip(keys, names, strict=True))]


def test_quarters_without_a_year_sort_by_their_number() -> None:
    assert order("Q3", "Q1", "Q2") == ["Q1", "Q2", "Q3"]


def test_months_without_a_year_sort_from_the_start_of_the_year() -> None:
    assert order("Jan", "Apr", "Mar") == ["Apr", "Jan", "Mar"]


def test_periods_of_different_kinds_without_ends_have_no_order() -> None:
    assert order("Q3", "2022/23") is None


def test_dates_that_are_written_in_two_ways_are_one_period() -> None:
    one, other = named_period("Q2 2023-24"), named_period("2nd quarter 2023/24")
    assert one is not None
    assert other is not None
    assert one.is_same_as(other)


def test_a_quarter_of_another_year_is_another_period() -> None:
    one, other = named_period("Q2 2023-24"), named_period("Q2 2022-23")
    assert one is not None
    assert other is not None
    assert not one.is_same_as(other)


@pytest.mark.parametrize("name", ["Apr", "april", " APRIL "])
def test_a_month_is_known_by_its_first_letters(name: str) -> None:
    assert month_number(name) == 4


@pytest.mark.parametrize("lead", ["", "by ", "before ", "after ", "until ", "from ", "3 months after ", "10 working days after ", "between 2020 and "])  # fmt: skip
@pytest.mark.parametrize("day", ["31/12/9999", "31.12.9999", "12/31/9999", "01/01/0001"])
def test_the_first_and_last_of_all_days_are_refused(lead: str, day: str) -> None:
    for read in (parse_deadline, parse_period):
        with pytest.raises(DateSyntaxError):
            read(lead + day)
    with pytest.raises(TargetSyntaxError):
        parse_target(f"95% by {day}")
    named = named_period(day)
    assert named is None or named.ends is None
