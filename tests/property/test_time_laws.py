"""The laws of deadlines and periods."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag_rules import Deadline, RagRulesError, Year, parse_deadline, parse_period
from rag_rules.deadlines import Precision, Window
from rag_rules.periods import ACADEMIC, CALENDAR, FEDERAL, FINANCIAL, MONTHS, written_date
from rag_rules.strategies import deadline_texts, period_texts

YEARS = st.sampled_from([None, FINANCIAL, ACADEMIC, CALENDAR, FEDERAL, Year.read("July")])

anything = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(
        st.sampled_from(
            "by before after until from to and or - / ( ) , ; not end of start early mid late 1 31 30th 2024 2023/24 03/04/2024 Q3 H1 "
            "March Sept. winter autumn term week commencing six months within annually ongoing TBC FY19 5% £2m revised was "
            "financial year the contract 29 February".split()
        ),
        max_size=10,
    ).map(" ".join),
)


def meaning(deadline: Deadline) -> tuple[object, ...]:
    """All that a deadline says apart from the words of its text."""
    return (
        deadline.first_day, deadline.last_day, deadline.precision, deadline.ongoing,
        [(window.first_day, window.last_day) for window in (*deadline.stages, *deadline.alternatives)],
    )  # fmt: skip


@given(period_texts(), YEARS)
def test_the_text_of_a_period_parses_to_an_equal_period(text: str, year: Year | None) -> None:
    try:
        period = parse_period(text, year=year)
    except RagRulesError:  # a quarter that its months contradict in this kind of year
        assume(False)
        return
    again = parse_period(str(period), year=year)
    assert again == period
    assert str(again) == str(period)


@given(anything, YEARS)
def test_whatever_names_a_period_parses_back_to_it(text: str, year: Year | None) -> None:
    try:
        period = parse_period(text, year=year)
    except RagRulesError:
        return
    assert parse_period(str(period), year=year) == period


@given(deadline_texts())
def test_every_generated_deadline_parses(text: str) -> None:
    assert parse_deadline(text).last_day is not None


@given(anything, YEARS, st.sampled_from([None, "day first", "month first"]))
def test_no_window_ends_before_it_begins(text: str, year: Year | None, order: str | None) -> None:
    try:
        deadline = parse_deadline(text, year=year, day_order=order)
    except RagRulesError:
        return
    windows: list[Deadline | Window] = [deadline, *deadline.stages, *deadline.alternatives]
    for window in windows:
        if window.first_day is not None and window.last_day is not None:
            assert window.first_day <= window.last_day


@given(anything)
def test_a_text_without_a_last_day_says_why(text: str) -> None:
    try:
        deadline = parse_deadline(text)
    except RagRulesError:
        return
    assert deadline.last_day is not None or deadline.notes


@given(deadline_texts())
def test_capitals_change_no_deadline(text: str) -> None:
    assert meaning(parse_deadline(text.upper())) == meaning(parse_deadline(text))


@given(
    deadline_texts(),
    st.sampled_from(["Publish the plan", "Council to agree a new strategy", "Action: the report will be ready"]),
)
def test_idle_words_before_it_change_no_deadline(text: str, words: str) -> None:
    assert meaning(parse_deadline(f"{words} {text}")) == meaning(parse_deadline(text))


@given(deadline_texts())
def test_a_full_stop_behind_it_changes_no_deadline(text: str) -> None:
    assert meaning(parse_deadline(f"{text}.")) == meaning(parse_deadline(text))


@pytest.mark.parametrize(
    "text", ["by the end of FY26", "25/26", "Q1 26/27", "Q4 25-26", "H2 FY25/26", "Q3'25", "annually each March"]
)
@pytest.mark.parametrize("ending", [".", ";", ")"])
def test_what_ends_a_sentence_changes_no_short_year(text: str, ending: str) -> None:
    whole = f"({text})" if ending == ")" else f"{text}{ending}"
    assert meaning(parse_deadline(whole)) == meaning(parse_deadline(text))
    assert parse_deadline(whole).recurring == parse_deadline(text).recurring


@pytest.mark.parametrize(
    "text", ["Completed March 2024", "published 1 April 2025", "cancelled March 2025", "no longer due June 2026"]
)
def test_what_is_over_has_no_deadline_whatever_stands_before_it(text: str) -> None:
    for whole in (text, f"Deadline: {text}", f"The scheme: {text}", f"Phase 1 {text}"):
        assert parse_deadline(whole).last_day is None


@pytest.mark.parametrize(
    "text", ["June 2026 instead of March 2026", "June 2026, not March 2026", "moved from March 2026 to June 2026"]
)
def test_a_date_that_is_replaced_is_the_original_one(text: str) -> None:
    deadline = parse_deadline(text)
    assert deadline.last_day == date(2026, 6, 30)
    assert deadline.original is not None
    assert deadline.original.last_day == date(2026, 3, 31)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.data())
def test_a_day_is_read_in_every_spelling(day: date, data: st.DataObject) -> None:
    month, short = MONTHS[day.month - 1], MONTHS[day.month - 1][:3]
    spellings = [
        day.isoformat(), written_date(day), f"{day.day} {short} {day.year}", f"{month} {day.day}, {day.year}",
        f"by {day:%A} {written_date(day)}", f"{day.day:02}-{short}-{day.year}", f"the {day.day}th of {month} {day.year}",
    ]  # fmt: skip
    deadline = parse_deadline(data.draw(st.sampled_from(spellings)))
    assert (deadline.first_day, deadline.last_day, deadline.precision) == (day, day, Precision.DAY)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_in_figures_is_one_day_or_says_both(day: date) -> None:
    deadline = parse_deadline(f"{day.day}/{day.month}/{day.year}")
    if day.day > 12 or day.day == day.month:
        assert deadline.last_day == day
    else:
        assert deadline.last_day is None
        assert {window.last_day for window in deadline.alternatives} == {day, date(day.year, day.day, day.month)}
    assert parse_deadline(f"{day.day}/{day.month}/{day.year}", day_order="day first").last_day == day


@pytest.mark.parametrize("length", [100, 200, 480])
def test_a_long_text_is_refused_or_read_at_once(length: int) -> None:
    for part in ("by 2024 ", "1-", "Q1 (", "March ", "end of ", "six months of ", "2024-25 "):
        try:
            deadline = parse_deadline((part * length)[:length])
        except RagRulesError:
            continue
        assert deadline.text
