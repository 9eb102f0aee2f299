"""The laws of rules over time: the steps along the days are the rules of the days."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_rules import SettingError, Timed, rule, with_status
from rag_rules.number_line import number_line, verdict_of
from rag_rules.periods import Year, add_months
from rag_rules.prorating import of_its_time, rate_of
from rag_rules.rules import Rule
from rag_rules.status import Reason
from rag_rules.strategies import rules

#: targets that change over time, in every way of saying so
CHANGING = [
    "70% until Oct 2023, then 80%", "70% before October 2023, 80% after", "70% to September 2023, 80% from October 2023",
    "40 by March 2024, 30 by March 2026", "70% in 2023/24, 75% in 2024/25",
    "90% until Oct 2023, 80% until Oct 2024, then 70%", "Q1 70%, Q2 72%, Q3 74%, Q4 76%", "Q1 5, Q3 9",
    "at most 10 until 2023/24, then at most 8 cumulative",
]  # fmt: skip
changing = st.sampled_from([rule(text, polarity="higher", year="financial") for text in CHANGING])
anything = st.one_of(rules(), changing)
days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
month_ends = st.builds(
    lambda year, month: add_months(date(year, month, 1), 1) - timedelta(days=1),
    st.integers(2023, 2026),
    st.integers(1, 12),
)
moments = st.one_of(days, month_ends)
lags = st.sampled_from([None, "1 month", "1 quarter", "1 year"])
accumulations = st.sampled_from([None, "cumulative"])
years = st.integers(1, 12).map(Year.read)


def said(made: Rule) -> tuple[object, ...]:
    """What a rule says of every reading, without the words for it."""
    return made.bands, made.reason, made.goal, [said(stage) for stage in made.stages]


@given(anything, st.tuples(moments, moments).map(sorted), st.lists(moments, min_size=1), lags, accumulations)
def test_the_steps_are_the_rules_of_the_days(
    whole: Rule, span: list[date], some: list[date], lag: str | None, accumulation: str | None
) -> None:
    first, last = span
    timed = Timed(whole, accumulation, lag=lag)
    steps = timed.over_time(first, last)
    for day in [first, last, *(day for day in some if first <= day <= last)]:
        assert said(steps.at(day)) == said(timed.at(day)), day


@given(anything, moments)
def test_without_a_word_on_accumulation_the_rule_is_that_of_the_day(whole: Rule, day: date) -> None:
    timed = Timed(whole, accumulation="snapshot")
    if whole.target.clause("accumulation") is None:
        assert timed.at(day) == whole.at(day)


@given(rules(), moments, years, lags)
def test_a_rule_that_adds_up_is_its_rule_to_date(whole: Rule, day: date, year: Year, lag: str | None) -> None:
    made = Timed(whole, accumulation="cumulative", year=year, lag=lag).at(day)
    if whole.bands is None or rate_of(whole):
        assert made.bands is None
        return
    if made.reason is Reason.NOT_PRO_RATED:
        with pytest.raises(SettingError) as caught:
            whole.to_date(day, year=year, lag=lag)
        assert made.missing == caught.value.sentence
    else:
        assert said(made) == said(whole.to_date(day, year=year, lag=lag))


@given(changing, moments)
def test_a_stage_that_adds_up_is_its_rule_to_date_unless_it_is_for_its_own_time(whole: Rule, day: date) -> None:
    stage, made = whole.at(day), Timed(whole, accumulation="cumulative").at(day)
    if stage.bands is None or of_its_time(stage) is not None:
        assert made.bands == stage.bands
        return
    if made.reason is Reason.NOT_PRO_RATED:
        with pytest.raises(SettingError):
            stage.to_date(day)
    else:
        assert said(made) == said(stage.to_date(day))


@given(
    st.lists(anything, min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.one_of(st.none(), moments), st.integers(0, 5)), min_size=1, max_size=30),
    accumulations,
)
def test_each_row_has_the_verdict_of_the_rule_of_its_time(
    some: list[Rule], rows: list[tuple[int, date | None, int]], accumulation: str | None
) -> None:
    timed = [Timed(each, accumulation=accumulation) for each in some]
    asked = []
    for number, day, place in rows:
        made = timed[number % len(some)]
        of_day = made.at(day) if day is not None else made.unplaced(None).made()
        cuts = [cut.at for cut in number_line(of_day).steps.cuts] or [Decimal(50)]
        asked.append((number % len(some), day, cuts[place % len(cuts)], of_day))
    frame = pl.DataFrame(
        {
            "of": [str(number) for number, *_ in asked],
            "time": pl.Series([day for _, day, *_ in asked], dtype=pl.Date),
            "value": [float(value) for _, _, value, _ in asked],
        }
    )
    known = {str(number): each for number, each in enumerate(timed)}
    for found in (
        with_status(frame, known, rule="of", on="time", reason="why"),
        with_status(frame.lazy(), known, rule="of", on="time", reason="why").collect(),
    ):
        for row, (_, _, _, of_day) in zip(found.iter_rows(named=True), asked, strict=True):
            wanted = verdict_of(of_day, Decimal(repr(row["value"])))
            assert (row["status"], row["why"]) == (wanted.status.value, str(wanted.reason) if wanted.reason else None)
