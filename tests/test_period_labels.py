"""The names of a scorecard's periods: read as the grammar reads them, or said to be unclear, and never taken for another period."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from rag_rules.errors import ScorecardError
from rag_rules.models import RatedIndicator, Report
from rag_rules.scorecard import assess, read_scorecard_text
from rag_rules.status import Reason, Status
from rag_rules.syntax.period_names import named_period

CONTRADICTION = "quarter three, 2020/21 which is January to March 2021"


def report_of(text: str, *, as_of: date = date(2023, 9, 30), period: str | None = None) -> Report:
    return assess(read_scorecard_text(text, "kpis.csv"), as_of=as_of, period=period)


def wide(period: str, *, target: str = "100", reading: str = "76") -> RatedIndicator:
    """The one indicator, cumulative, of a table whose column of readings is headed so."""
    text = f'ref,target,polarity,accumulation,"{period}"\n1,{target},higher,cumulative,{reading}\n'
    return report_of(text).indicators[0]


def long(period: str) -> Report:
    """The report on a long table with one cumulative reading, for a period that is called so."""
    return report_of(f'ref,target,polarity,accumulation,period,value\n1,100,higher,cumulative,"{period}",76\n')


@pytest.mark.parametrize(
    ("period", "status", "due"),
    [
        ("quarter three 2020/21", Status.GREEN, "at least 75 by 31 December 2020"),
        ("autumn term 2020", Status.GREEN, "at least 75 by 31 December 2020"),
        ("first half 2020/21", Status.GREEN, "at least 50 by 30 September 2020"),
        ("9 months to 31 December 2020", Status.GREEN, "at least 75 by 31 December 2020"),
        ("Q4 2020/21 outturn", Status.RED, None),
    ],
)
def test_a_cumulative_figure_is_due_by_the_end_of_the_named_period(
    period: str, status: Status, due: str | None
) -> None:
    for found in (wide(period), long(period).indicators[0]):
        assert (found.status, found.target.to_date) == (status, due)


def test_a_fiscal_year_is_read_and_its_other_meaning_said() -> None:
    found = wide("FY2019")
    assert found.status is Status.RED
    assert (
        "“FY2019” is taken as 1 April 2018 to 31 March 2019; it could also mean 1 April 2019 to 31 March 2020"
        in found.notes
    )


@pytest.mark.parametrize("period", [CONTRADICTION, "half term 2020", "P6 2023/24", "2020/21 2", "31 June 2023"])
def test_a_period_whose_name_is_unclear_leaves_cumulative_figures_unrated(period: str) -> None:
    for found in (wide(period), long(period).indicators[0]):
        assert (found.status, found.reason) == (Status.UNRATED, Reason.NOT_PRO_RATED)
        assert f"nothing says when “{period}” ends: " in found.explanation


def test_a_contradiction_in_a_heading_is_a_problem_of_that_column() -> None:
    report = report_of(f'ref,target,polarity,"{CONTRADICTION}"\n1,70,higher,76\n')
    assert report.indicators[0].status is Status.GREEN
    assert [(each.severity, each.place) for each in report.problems] == [
        ("warning", f"kpis.csv, column {CONTRADICTION}")
    ]
    assert "they contradict each other" in report.problems[0].message


def test_an_unclear_cell_of_a_long_table_is_told_once() -> None:
    text = f'ref,target,polarity,period,value\n1,70,higher,"{CONTRADICTION}",76\n2,70,higher,"{CONTRADICTION}",66\n'
    assert [each.place for each in report_of(text).problems] == ["kpis.csv, row 1, column period"]


def test_a_quarter_of_a_plain_year_is_unrated_with_both_meanings() -> None:
    found = wide("Q3 2020")
    assert found.status is Status.UNRATED
    assert (
        "“Q3 2020” could be 1 October 2020 to 31 December 2020 or 1 July 2020 to 30 September 2020" in found.explanation
    )


def test_a_total_of_three_years_is_not_held_against_the_target_of_one() -> None:
    assert "April 2020 to March 2023 is longer than a year" in wide("2020/21-2022/23").explanation


def test_a_target_that_changes_needs_a_period_that_is_clear() -> None:
    text = f'ref,target,polarity,"{CONTRADICTION}"\n1,"70% until October 2020, then 80%",higher,76%\n'
    found = report_of(text).indicators[0]
    assert (found.status, found.reason) == (Status.UNRATED, Reason.DATE_NEEDED)
    assert "they contradict each other" in found.explanation


def test_a_week_ends_on_its_last_day() -> None:
    text = "ref,target,polarity,week commencing 17 November 2025\n1,100,higher,106\n"
    assert report_of(text, as_of=date(2025, 11, 22)).period is None
    assert report_of(text, as_of=date(2025, 11, 23)).period == "week commencing 17 November 2025"


@pytest.mark.parametrize("mark", ["FY2019", "autumn term 2020", "quarter three 2020/21", "data to end of Q3 2020/21"])
def test_a_mark_may_be_any_period_that_the_grammar_reads(mark: str) -> None:
    found = report_of(f"ref,target,polarity,Q2 2023/24\n1,95%,higher,97% ({mark})\n").indicators[0]
    assert (found.status, found.notes[0]) == (Status.GREEN, f"figure is for {mark}")


def test_a_mark_that_is_unclear_is_said_to_be() -> None:
    text = "ref,target,polarity,Q2 2023/24\n1,95%,higher,97% (Q2 2023/24 = May 2023)\n"
    assert "it is not known when that ends: “Q2 2023/24” is 1 July 2023" in report_of(text).indicators[0].notes[1]


def test_a_cumulative_figure_with_an_unclear_mark_is_unrated() -> None:
    assert wide("Q2 2023/24", reading="76 (half term 2023)").status is Status.UNRATED


@pytest.mark.parametrize("wanted", ["2023/24 Q3", "quarter three 2023/24", "October to December 2023"])
def test_a_period_is_asked_for_in_any_words_for_it(wanted: str) -> None:
    text = "ref,target,polarity,Q2 2023/24,Q3 2023/24\n1,100,higher,106,90\n"
    assert report_of(text, period=wanted).period == "Q3 2023/24"


def test_a_period_that_contradicts_itself_is_not_asked_for() -> None:
    with pytest.raises(ScorecardError, match="they contradict each other"):
        report_of("ref,target,polarity,Q3 2020/21\n1,100,higher,106\n", period=CONTRADICTION)


def test_a_target_that_holds_from_a_fiscal_year_says_which() -> None:
    text = "ref,polarity,target,Target from FY2019,Q3 2020/21\n1,higher,50,100,76\n"
    report = report_of(text)
    assert "it could also mean 1 April 2019 to 31 March 2020" in report.problems[0].message


def test_a_target_that_holds_from_a_plain_year_is_refused() -> None:
    with pytest.raises(ScorecardError, match="“Target from 2023” does not say from which day"):
        report_of("ref,polarity,target,Target from 2023,Q3 2023/24\n1,higher,50,100,76\n")


# names ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ends", "rest"),
    [
        ("2022/23 outturn", date(2023, 3, 31), "outturn"),
        ("Q2 2023/24 to date", date(2023, 9, 30), "to date"),
        ("Actual Q2 (2023/24)", date(2023, 9, 30), "actual"),
        ("Q2 (July to September) Actual 2023/24", date(2023, 9, 30), "actual"),
        ("Position at end of Q2 2023/24", date(2023, 9, 30), "position at end of"),
        ("Previous year (2022/23)", date(2023, 3, 31), "previous year"),
        ("Previous quarter Q1 2023/24", date(2023, 6, 30), "previous quarter"),
        ("First time entrants 2022/23", date(2023, 3, 31), "first time entrants"),
        ("Full year 2022/23", date(2023, 3, 31), "full"),
        ("w/e 23 November 2025", date(2025, 11, 23), ""),
        ("Month: Sept 2023", date(2023, 9, 30), ""),
    ],
)
def test_words_around_a_name_leave_it_what_it_is(text: str, ends: date, rest: str) -> None:
    named = named_period(text)
    assert named is not None
    assert (named.ends, named.rest) == (ends, rest)


@pytest.mark.parametrize("text", ["before Q2 2023/24", "since April 2023", "April 2023 onwards", "Half (Q2 2023/24)"])
def test_words_that_make_a_name_mean_other_days_leave_it_without_an_end(text: str) -> None:
    named = named_period(text)
    assert named is not None
    assert (named.ends, named.is_faulty) == (None, True)


@pytest.mark.parametrize(("text", "months"), [("Q2", 3), ("September", 1), ("Apr-Jun", 3), ("first half", 6)])
def test_a_name_without_a_year_tells_how_long_it_is(text: str, months: int) -> None:
    named = named_period(text)
    assert named is not None
    assert (named.year, named.ends, named.months, named.untold) == (None, None, months, "")


def test_a_period_is_the_same_however_it_is_spelt() -> None:
    names = ["Q2 2023-24", "quarter two 2023/24", "July to September 2023", "Q2 (Jul-Sep 2023)", "Q2"]
    first, *others = [named_period(name) for name in names]
    assert first is not None
    assert [other is not None and first.is_same_as(other) for other in others] == [True] * 4


def test_two_names_that_cannot_be_read_are_not_one_period() -> None:
    one, other = named_period("half term 2020"), named_period("half term 2021")
    assert one is not None
    assert other is not None
    assert not one.is_same_as(other)


def test_the_time_before_a_period_is_not_that_period() -> None:
    one, other = named_period("before Q2 2023/24"), named_period("Q2 2023/24")
    assert one is not None
    assert other is not None
    assert not one.is_same_as(other)


def test_long_texts_and_many_brackets_are_read_quickly() -> None:
    started = perf_counter()
    for text in ("Q1 " * 160, "(2023/24 " * 50, "2023 " * 90, "a " * 240 + "2023/24", "x" * 100_000 + " 2023"):
        named_period(text)
    assert perf_counter() - started < 2


@pytest.mark.parametrize(
    ("year_start", "quarter", "year"),
    [
        (4, date(2023, 6, 30), date(2024, 3, 31)),
        (7, date(2023, 9, 30), date(2024, 6, 30)),
        (9, date(2023, 11, 30), date(2024, 8, 31)),
    ],
)
def test_a_pair_of_years_is_of_the_scorecards_own_kind_of_year(year_start: int, quarter: date, year: date) -> None:
    for text, ends in (("2023/24 Q1", quarter), ("Q1 2023-24", quarter), ("2023/24", year)):
        named = named_period(text, year_start=year_start)
        assert named is not None
        assert (named.ends, named.untold) == (ends, "")
