"""A rule with the time of its figures: which one is in force when, and what is refused."""

from datetime import date, datetime
from typing import Any

import pytest

from rag_rules import Period, Reason, SettingError, Timed, rule
from rag_rules.over_time import period_of_text
from rag_rules.periods import CALENDAR, FINANCIAL, Year

CHANGING = rule("70% before October 2023, then 80%", polarity="higher")
QUARTERS = rule("Q1 70%, Q2 72%, Q3 74%, Q4 76%", polarity="higher")


def test_the_rules_of_a_stretch_of_days_change_where_the_target_does() -> None:
    steps = Timed(CHANGING).over_time(date(2023, 4, 1), date(2024, 3, 31))
    assert [cut.at for cut in steps.cuts] == [date(2023, 10, 1)]
    assert [made.aim for made in steps.values] == ["at least 70%", "at least 80%"]


def test_quarters_that_come_round_change_the_rule_in_each_year() -> None:
    timed = Timed(rule("Q1 70%, Q2 72%, Q3 74%, Q4 76%", polarity="higher", year="academic"))
    steps = timed.over_time(date(2023, 9, 1), date(2024, 12, 31))
    assert [cut.at for cut in steps.cuts] == [
        date(2023, 12, 1),
        date(2024, 3, 1),
        date(2024, 6, 1),
        date(2024, 9, 1),
        date(2024, 12, 1),
    ]
    assert [made.aim for made in steps.values] == [f"at least {each}%" for each in (70, 72, 74, 76, 70, 72)]


@pytest.mark.parametrize(
    ("year", "aim"), [("financial", "at least 72%"), ("academic", "at least 70%"), (1, "at least 74%")]
)
def test_a_year_that_is_said_is_that_of_quarters_whose_rule_knows_none(year: str | int, aim: str) -> None:
    assert Timed(QUARTERS, year=year).at(date(2023, 9, 30)).aim == aim
    assert Timed(QUARTERS).or_else(None, year).at(date(2023, 9, 30)).aim == aim


def test_a_year_that_the_rule_knows_for_its_quarters_stands() -> None:
    made = rule("Q1 70%, Q2 72%, Q3 74%, Q4 76%", polarity="higher", year="academic")
    assert Timed(made, year="financial").at(date(2023, 9, 30)).aim == "at least 70%"


def test_quarters_of_no_known_year_are_ambiguous_on_a_day() -> None:
    made = Timed(QUARTERS).at(date(2023, 9, 30))
    assert made.reason is Reason.AMBIGUOUS
    assert "which year its quarters are of" in made.missing
    assert [made.evaluate(reading).status.value for reading in ("60%", "73%", "80%")] == ["red", "unrated", "green"]
    some = rule("Q1 70%, Q2 72%", polarity="higher").at(date(2023, 9, 30))
    assert [some.evaluate(reading).status.value for reading in ("60%", "80%")] == ["unrated", "unrated"]


def test_figures_that_add_up_have_a_rule_on_the_last_day_of_each_month() -> None:
    steps = Timed(rule("at most 24"), accumulation="cumulative").over_time(date(2023, 4, 30), date(2023, 6, 30))
    assert [(cut.at.isoformat() if cut else "", made.aim if made.bands else "") for cut, made, _ in steps.pieces()] == [
        ("", "at most 2"), ("2023-05-01", ""), ("2023-05-31", "at most 4"), ("2023-06-01", ""), ("2023-06-30", "at most 6"),
    ]  # fmt: skip
    assert steps.at(date(2023, 5, 15)).reason is Reason.NOT_PRO_RATED


def test_a_figure_in_arrears_is_held_against_the_rule_of_its_own_time() -> None:
    timed = Timed(CHANGING, lag="1 quarter")
    steps = timed.over_time(date(2023, 4, 1), date(2024, 3, 31))
    assert [cut.at for cut in steps.cuts] == [date(2024, 1, 1)]
    assert timed.at(date(2023, 12, 31)).aim == "at least 70%"


def test_a_stage_for_its_own_time_is_taken_as_written() -> None:
    made = Timed(
        rule("Q1 40, Q2 80, Q3 120, Q4 160", polarity="higher", year="financial"), accumulation="cumulative"
    ).at(date(2023, 9, 30))
    assert made.aim == "at least 80"
    assert any("taken as written, not pro-rated" in note for note in made.notes)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2024, 1, 1), date(2023, 1, 1)),
        (date(1899, 12, 31), date(2023, 1, 1)),
        (date(2023, 1, 1), date(2201, 1, 1)),
    ],
)
def test_days_that_are_no_stretch_are_refused(first: date, last: date) -> None:
    with pytest.raises(SettingError, match="is no stretch of days"):
        Timed(CHANGING).over_time(first, last)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"accumulation": "cumulatif"}, "does not say how figures add up"),
        ({"year": "lunar"}, "is no kind of year"),
        ({"lag": "2 weeks"}, "does not say by how many months"),
        ({"profile": "some"}, "is no profile"),
        ({"lag": 3}, "“3” does not say by how many months"),
        ({"accumulation": 3}, "“3” does not say how figures add up"),
        ({"profile": 3}, "“3” is no profile"),
    ],
)
def test_words_that_nobody_knows_are_refused_at_once(told: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        Timed(rule("at most 28"), **told)


@pytest.mark.parametrize(
    ("text", "year", "found"),
    [
        ("2023", CALENDAR, CALENDAR.year(2023)), ("2023", FINANCIAL, Reason.AMBIGUOUS), ("Q3 2023", CALENDAR, CALENDAR.quarter(2023, 3)),
        ("Q2 2023/24", FINANCIAL, FINANCIAL.quarter(2023, 2)), ("year to date September 2023", FINANCIAL, Reason.BAD_DATE),
        ("FY23", CALENDAR, Reason.AMBIGUOUS), ("winter 2024", CALENDAR, Reason.AMBIGUOUS), ("H1 2024", CALENDAR, CALENDAR.half(2024, 1)),
        ("from Q2 2023/24", FINANCIAL, Reason.BAD_DATE), ("03/04/2014", FINANCIAL, Reason.AMBIGUOUS), ("x" * 5000, FINANCIAL, Reason.BAD_DATE),
    ],
)  # fmt: skip
def test_a_text_is_a_period_for_certain_or_none(text: str, year: Year, found: Period | Reason) -> None:
    assert period_of_text(text, year) == found


@pytest.mark.parametrize("given", ["at most 28", None, rule("at most 28").bands])
def test_what_is_no_rule_has_no_times(given: Any) -> None:
    with pytest.raises(SettingError, match=r"times are those of a rule, and not of .* \(write Timed\(rule"):
        Timed(given, accumulation="cumulative")


@pytest.mark.parametrize("accumulation", [None, "cumulative"])
def test_what_is_no_day_is_refused(accumulation: str | None) -> None:
    timed: Any = Timed(rule("at most 28"), accumulation=accumulation)
    with pytest.raises(SettingError, match="a text is no day"):
        timed.at("2023-09-30")
    with pytest.raises(SettingError, match="nothing is no day"):
        timed.over_time(date(2023, 9, 30), None)


def test_a_time_of_day_is_that_day() -> None:
    assert Timed(CHANGING).at(datetime(2023, 10, 1, 0, 30)).aim == "at least 80%"
