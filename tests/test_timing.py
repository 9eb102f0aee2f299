"""What the columns of a scorecard say of time: pro-rating, arrears, frequencies and forecasts, row by row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag_rules.errors import ScorecardError
from rag_rules.models import RatedIndicator, Report, Scheme
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.status import Reason, Status
from rag_rules.timing import marked

RUTLAND = Path(__file__).parent.parent / "examples" / "rutland"
AS_OF = date(2023, 9, 30)
Q1, Q2, Q4 = "Q1 2023/24", "Q2 2023/24", "Q4 2022/23"


def report_of(text: str, **scheme: str) -> Report:
    scorecard = read_scorecard_text(text, "kpis.csv")
    if scheme:
        scorecard = scorecard.model_copy(update={"scheme": Scheme.model_validate(scheme)})
    return assess(scorecard, as_of=AS_OF)


def of_yaml(text: str, folder: Path) -> RatedIndicator:
    path = folder / "kpis.yaml"
    path.write_text(text, encoding="utf-8")
    return assess(read_scorecard(path), as_of=AS_OF).indicators[0]


def rated(text: str, **scheme: str) -> RatedIndicator:
    return report_of(text, **scheme).indicators[0]


def errors(text: str) -> list[tuple[str | None, str]]:
    return [(each.column, each.message) for each in report_of(text).problems if each.severity == "error"]


def warnings(text: str) -> list[tuple[str | None, str]]:
    return [(each.column, each.message) for each in report_of(text).problems if each.severity == "warning"]


@pytest.fixture(scope="module")
def rutland() -> dict[str, RatedIndicator]:
    report = assess(read_scorecard(RUTLAND), as_of=AS_OF)
    return {each.ref: each for each in report.indicators}


# the council's example ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ref", "status", "to_date"),
    [
        ("3.9", "red", "at most 14 by 30 September 2023"), ("5.5", "green", "at least 47.5% by 30 September 2023"),
        ("5.6", "green", "at least 47.5% by 30 September 2023"), ("5.7", "green", "at least 45% by 30 September 2023"),
        ("5.12", "amber", "at least 2,400 by 30 September 2023"), ("6.2", "red", "less than 32.5 by 30 September 2023"),
        ("8.1", "green", "less than 3.45 by 30 September 2023"), ("2.2", "amber", "at most 137.5 kg by 30 June 2023"),
        ("1.5", "green", "more than 21.666667 by 30 September 2023"), ("4.23", "green", None),
        ("5.13", "green", "at least 1,000 by 30 September 2023"), ("6.4", "green", "more than 72.5 by 30 September 2023"),
        ("8.2", "red", "less than 6.3% by 30 September 2023"), ("1.19", "green", "at most 100 by 30 September 2023"),
        ("2.8", "red", "at least 75,000 by 30 September 2023"), ("4.28", "green", "less than 11.5 by 30 September 2023"),
    ],
)  # fmt: skip
def test_rows_of_the_example_are_rated_as_their_period_demands(
    rutland: dict[str, RatedIndicator], ref: str, status: str, to_date: str | None
) -> None:
    assert (rutland[ref].status, rutland[ref].target.to_date) == (status, to_date)


def test_the_explanation_names_both_targets(rutland: dict[str, RatedIndicator]) -> None:
    assert rutland["3.9"].explanation == (
        "Red: 15 is 1 over the 14 due by 30 September 2023 (28 for the year, pro-rated), outside the 5% tolerance (up to 14.7)."
    )


def test_a_figure_in_arrears_is_judged_against_its_own_period(rutland: dict[str, RatedIndicator]) -> None:
    assert rutland["2.2"].notes == (
        "pro-rated: 3 of 12 months of the financial year 2023/24",
        "figure is for April to June 2023 (1 quarter in arrears)",
    )


def test_in_the_quarter_before_it_was_for_the_whole_year_before() -> None:
    report = assess(read_scorecard(RUTLAND), as_of=date(2023, 6, 30))
    waste = next(each for each in report.indicators if each.ref == "2.2")
    assert (waste.status, waste.target.to_date, waste.notes) == (
        Status.GREEN,
        None,
        ("figure is for January to March 2023 (1 quarter in arrears)", "the year is complete: judged against the target for the full year"),
    )  # fmt: skip


def test_the_example_has_forecasts(rutland: dict[str, RatedIndicator]) -> None:
    leavers = rutland["8.2"].forecast
    assert leavers is not None
    assert (str(leavers.value), leavers.unit, leavers.status, leavers.by) == ("16.6", "%", Status.RED, "run-rate")
    assert [ref for ref in ("4.23", "1.6", "2.3") if rutland[ref].forecast is not None] == []


def test_annual_figures_of_the_example_are_not_due(rutland: dict[str, RatedIndicator]) -> None:
    assert [ref for ref, each in rutland.items() if each.reason is Reason.NOT_DUE] == ["1.7", "1.8", "4.7", "4.9"]
    assert [ref for ref, each in rutland.items() if each.reason is Reason.NO_READING] == ["3.8", "8.3"]


# which target is due ------------------------------------------------------------------------------------------------


def test_what_the_target_says_goes_before_the_column() -> None:
    found = rated(f"target,accumulation,{Q2}\n≤28; rolling 12 months,cumulative,20\n")
    assert found.status is Status.GREEN
    assert found.notes == (
        "not pro-rated: the target says that the figure is rolling, though the column says cumulative",
    )


def test_a_cumulative_target_needs_no_column() -> None:
    assert rated(f"target,{Q2}\n≤28 cumulative,20\n").status is Status.RED


def test_without_a_word_nothing_is_pro_rated() -> None:
    assert rated(f"target,{Q2}\n≤28,20\n").status is Status.GREEN


def test_an_unknown_accumulation_is_an_error_that_names_the_nearest() -> None:
    text = f"target,accumulation,{Q2}\n≤28,cumulativ,20\n"
    assert rated(text).reason is Reason.BAD_SETTING
    assert [
        (column, "did you mean “cumulative”" in message or "cumulative" in message) for column, message in errors(text)
    ] == [("accumulation", True)]


def test_yes_in_a_column_called_cumulative_is_cumulative() -> None:
    found = report_of(f"ref,target,cumulative,{Q2}\n1,≤28,yes,20\n2,≤28,no,20\n").indicators
    assert [each.status for each in found] == [Status.RED, Status.GREEN]


@pytest.mark.parametrize(
    ("year", "status"),
    [("financial", Status.RED), ("academic", Status.GREEN), ("", Status.RED), ("calendar", Status.RED)],
)
def test_the_column_says_which_year(year: str, status: Status) -> None:
    assert rated(f"target,accumulation,year,{Q2}\n≥100,cumulative,{year},10\n").status is status


def test_the_financial_year_begins_when_the_scheme_says() -> None:
    text = "target,accumulation,year,Sep 2023\n≥120,cumulative,financial,30\n"
    assert [rated(text, year_start=month).status for month in ("July", "April")] == [Status.GREEN, Status.RED]


@pytest.mark.parametrize(
    ("year_start", "to_date"),
    [
        ("April", "at least 60 by 30 September 2023"), ("financial", "at least 60 by 30 September 2023"),
        ("July", "at least 30 by 30 September 2023"), ("academic", "at least 60 by 30 September 2023"),
        ("calendar", "at least 60 by 30 September 2023"), ("January", "at least 90 by 30 September 2023"),
    ],
)  # fmt: skip
def test_a_row_of_financial_years_goes_by_the_scheme_that_says_when_they_begin(year_start: str, to_date: str) -> None:
    text = "target,accumulation,year,Sep 2023\n≥120,cumulative,financial,30\n"
    assert rated(text, year_start=year_start).target.to_date == to_date


@pytest.mark.parametrize("year_start", ["academic", "September", "Sept"])
def test_the_year_of_the_scheme_is_that_of_files_and_of_the_period_asked_for(year_start: str, tmp_path: Path) -> None:
    (tmp_path / "scorecard.toml").write_text(f'[scheme]\nyear_start = "{year_start}"\n', encoding="utf-8")
    (tmp_path / "kpis.csv").write_text("target,accumulation,Nov 2023,Feb 2024\n≥120,cumulative,30,\n", encoding="utf-8")
    report = assess(read_scorecard(tmp_path), as_of=date(2024, 3, 1), period="30 November 2023")
    assert (report.period, report.indicators[0].target.to_date) == ("Nov 2023", "at least 30 by 30 November 2023")


def test_april_is_april_whatever_the_scheme_says() -> None:
    assert (
        rated("target,accumulation,year,Sep 2023\n≥120,cumulative,April,30\n", year_start="July").status is Status.RED
    )


@pytest.mark.parametrize("year", ["Sept - Aug", "September to August", "Academic year (Sep-Aug)"])
def test_a_year_may_be_said_by_its_months(year: str) -> None:
    assert rated(f"target,accumulation,year,{Q2}\n≥120,cumulative,{year},10\n").status is Status.GREEN


def test_months_that_are_no_year_are_refused() -> None:
    assert rated(f"target,accumulation,year,{Q2}\n≥120,cumulative,April-September,10\n").reason is Reason.BAD_SETTING


def test_a_row_in_trouble_has_no_forecast() -> None:
    found = rated("target,accumulation,period,actual\n≥100,cumulative,Sept 2023,60\n")
    assert (found.status, found.forecast) == (Status.UNRATED, None)


def test_a_year_that_nobody_knows_leaves_a_cumulative_figure_unrated() -> None:
    text = f"target,accumulation,year,{Q2}\n≥100,cumulative,lunar,60\n"
    assert (rated(text).reason, errors(text)[0][0]) == (Reason.BAD_SETTING, "year")


def test_a_scheme_with_no_such_month_is_refused() -> None:
    with pytest.raises(ScorecardError, match="no kind of year"):
        report_of(f"target,{Q2}\n≥100,60\n", year_start="Smarch")


def test_a_quarter_without_a_year_is_pro_rated() -> None:
    found = rated("target,accumulation,Q1,Q2\n≥100,cumulative,30,60\n")
    assert (found.status, found.target.to_date) == (Status.GREEN, "at least 50 by the end of September")


def test_a_period_without_an_end_cannot_be_pro_rated() -> None:
    text = "target,accumulation,actual\n≥100,cumulative,60\n"
    found = rated(text)
    assert (found.status, found.reason) == (Status.UNRATED, Reason.NOT_PRO_RATED)
    assert "nothing says when “actual” ends" in found.explanation
    assert [column for column, _ in errors(text)] == ["accumulation"]


def test_a_missing_figure_is_missing_whether_or_not_it_could_be_pro_rated() -> None:
    text = "target,accumulation,actual\n≥100,cumulative,DNA\n"
    assert (rated(text).reason, errors(text)) == (Reason.NO_READING, [])


def test_a_period_that_ends_within_a_month_cannot_be_pro_rated() -> None:
    found = rated("target,accumulation,15 September 2023\n≥100,cumulative,60\n")
    assert (found.reason, "15 September 2023 is not the last day of a month" in found.explanation) == (
        Reason.NOT_PRO_RATED,
        True,
    )


def test_twelve_months_that_are_not_the_year_cannot_be_pro_rated() -> None:
    found = rated("target,accumulation,year,2022/23\n≥100,cumulative,academic,60\n")
    assert (found.reason, "lies across two years that begin in September" in found.explanation) == (
        Reason.NOT_PRO_RATED,
        True,
    )


def test_words_are_judged_in_full_with_a_note() -> None:
    found = rated(f"target,accumulation,{Q2}\nTop 5,cumulative,3\n")
    assert (found.status, found.notes) == (
        Status.GREEN,
        ("not pro-rated: a place in a ranking does not add up over the year",),
    )


def test_a_target_of_its_own_for_a_period_is_taken_as_written(tmp_path: Path) -> None:
    found = of_yaml(
        "periods:\n  - {label: Q1 2023/24, column: Q1, target: due by June}\n"
        "  - {label: Q2 2023/24, column: Q2, target: due by September}\n"
        "indicators:\n  - {ref: H1, accumulation: cumulative, due by June: ≥7, due by September: ≥14, Q1: 7, Q2: 13}\n",
        tmp_path,
    )
    assert (found.status, found.target.to_date) == (Status.RED, None)
    assert found.notes == ("the target is the one given for Q2 2023/24; taken as written, not pro-rated",)


LONG = "ref,name,target,accumulation,period,actual\n1,Homes,≥{},cumulative,Q1 2023/24,7\n1,Homes,≥{},cumulative,Q2 2023/24,14\n"


def test_a_target_repeated_in_a_long_table_is_that_of_the_year() -> None:
    assert rated(LONG.format(28, 28)).target.to_date == "at least 14 by 30 September 2023"


def test_targets_that_differ_in_a_long_table_are_those_of_their_periods() -> None:
    assert (rated(LONG.format(7, 14)).status, rated(LONG.format(7, 14)).target.to_date) == (Status.GREEN, None)


def test_targets_that_differ_from_year_to_year_are_those_of_their_years() -> None:
    text = LONG.format(28, 28) + "1,Homes,≥24,cumulative,Q4 2022/23,25\n"
    assert rated(text).target.to_date == "at least 14 by 30 September 2023"


# profiles -----------------------------------------------------------------------------------------------------------


def test_a_profile_in_a_column_says_what_is_due() -> None:
    found = rated(f'target,accumulation,profile,{Q2}\n≥160,cumulative,"Q1 20%, Q2 45%, Q3 70%, Q4 100%",72\n')
    assert (found.status, found.target.to_date) == (Status.GREEN, "at least 72 by 30 September 2023")
    assert found.forecast is not None
    assert (found.forecast.by, str(found.forecast.value)) == ("profile", "160")


def test_a_profile_in_yaml_is_a_mapping(tmp_path: Path) -> None:
    found = of_yaml(
        "indicators:\n  - ref: H1\n    target: ≥160\n    accumulation: cumulative\n"
        "    profile: {Q1: 40, Q2: 90, Q3: 120, Q4: 160}\n    readings:\n      Q2 2023/24: 89\n",
        tmp_path,
    )
    assert (found.status, found.target.to_date) == (Status.RED, "at least 90 by 30 September 2023")


def test_a_profile_that_does_not_come_to_the_target_is_an_error() -> None:
    text = f'target,accumulation,profile,{Q2}\n≥160,cumulative,"Q1 40, Q2 80, Q3 120, Q4 150",80\n'
    assert rated(text).reason is Reason.BAD_SETTING
    assert [(column, "the target is 160" in message) for column, message in errors(text)] == [("profile", True)]


@pytest.mark.parametrize(("kind", "said"), [("", "nothing says that these do"), ("snapshot", "these are snapshot")])
def test_a_profile_of_what_does_not_add_up_is_an_error(kind: str, said: str) -> None:
    text = f'target,accumulation,profile,{Q2}\n≥160,{kind},"Q1 20%, Q4 100%",80\n'
    assert [(column, said in message) for column, message in errors(text)] == [("profile", True)]


# arrears ------------------------------------------------------------------------------------------------------------


def test_a_figure_in_arrears_says_what_it_is_for() -> None:
    assert rated(f"target,lag,{Q2}\n≥100,1 quarter,130\n").notes == (
        "figure is for April to June 2023 (1 quarter in arrears)",
    )
    assert rated("target,lag,Sep 2023\n≥100,2 months,130\n").notes == ("figure is for July 2023 (2 months in arrears)",)


def test_months_from_one_to_another_are_called_by_both() -> None:
    assert rated("target,lag,April to September 2023\n≥100,1 quarter,130\n").notes == (
        "figure is for January to June 2023 (1 quarter in arrears)",
    )


def test_a_quarter_in_arrears_without_a_year_is_pro_rated() -> None:
    found = rated("target,lag,accumulation,Q1,Q2\n≥100,1 quarter,cumulative,90,25\n")
    assert (found.status, found.target.to_date) == (Status.GREEN, "at least 25 by the end of June")


def test_a_lag_that_nobody_can_read_is_a_problem() -> None:
    plain, cumulative = (f"target,lag,accumulation,{Q2}\n≥100,6 weeks,{kind},130\n" for kind in ("", "cumulative"))
    assert (rated(plain).status, [column for column, _ in warnings(plain)]) == (Status.GREEN, ["lag"])
    assert (rated(cumulative).reason, [column for column, _ in errors(cumulative)]) == (Reason.BAD_SETTING, ["lag"])


# periods said in the cell -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "bare", "period"),
    [
        ("99% (2021/22)", "99%", "2021/22"), ("99% [Q1]", "99%", "Q1"), ("12 (March 2023)", "12", "March 2023"),
        ("12 (as at 31 March 2023)", "12", "as at 31 March 2023"), ("Good (2022)", "Good", "2022"),
    ],
)  # fmt: skip
def test_a_period_behind_a_figure_is_found(cell: str, bare: str, period: str) -> None:
    assert marked(cell) == (bare, period)


@pytest.mark.parametrize(
    "cell", ["99%", "(0.9%)", "12 (provisional)", "97% (p)", "£2.4m (2023 prices)", "(2021/22)", "12 (12)", "(" * 999]
)
def test_other_brackets_are_left_alone(cell: str) -> None:
    assert marked(cell) == (cell, "")


def test_a_figure_is_judged_by_the_period_it_names() -> None:
    found = rated(f"target,accumulation,{Q2}\n≥100,cumulative,101 (2022/23)\n")
    assert (found.status, found.target.to_date) == (Status.GREEN, None)
    assert found.notes[0] == "figure is for 2022/23"


def test_an_old_figure_is_stale() -> None:
    text = f"target,frequency,{Q2}\n≥95%,annual,99% (2021/22)\n"
    found = rated(text)
    assert (found.status, found.notes) == (
        Status.GREEN,
        ("figure is for 2021/22", "stale: it is 18 months old, and the figure is annual"),
    )
    assert warnings(text) == [(Q2, "the figure is stale: it is 18 months old, and the figure is annual")]


def test_the_last_annual_figure_is_not_stale() -> None:
    assert rated(f"target,frequency,{Q2}\n≥95%,annual,99% (2022/23)\n").notes == ("figure is for 2022/23",)


# what is due --------------------------------------------------------------------------------------------------------


def test_an_annual_figure_is_not_due_before_the_year_has_ended() -> None:
    found = rated(f"target,frequency,{Q2}\n≥95%,annual,\n")
    assert (found.status, found.reason) == (Status.UNRATED, Reason.NOT_DUE)
    assert found.explanation == (
        "Unrated: there is no reading (blank), and the figure is annual and next due for the year to 31 March 2024; "
        "the target is at least 95%."
    )


@pytest.mark.parametrize(
    ("frequency", "period", "reason"),
    [
        ("annual", "Q4 2022/23", Reason.NO_READING), ("quarterly", Q2, Reason.NO_READING), ("monthly", "Aug 2023", Reason.NO_READING),
        ("quarterly", "Aug 2023", Reason.NOT_DUE), ("6 monthly", Q1, Reason.NOT_DUE), ("6 monthly", Q2, Reason.NO_READING),
        ("biennial", Q2, Reason.NOT_DUE), ("as available", Q2, Reason.NO_READING), ("termly", Q2, Reason.NOT_DUE), ("termly", "July 2023", Reason.NO_READING),
        ("", Q2, Reason.NO_READING),
    ],
)  # fmt: skip
def test_the_frequency_tells_what_is_due(frequency: str, period: str, reason: Reason) -> None:
    assert rated(f"target,frequency,{period}\n≥95%,{frequency},DNA\n").reason is reason


@pytest.mark.parametrize(
    ("frequency", "lag", "as_of", "reason", "said"),
    [
        ("annual", "", date(2024, 3, 30), "not due", "annual and next due for the year to 31 March 2024;"),
        ("annual", "", date(2024, 3, 31), "not due", "annual and next due for the year to 31 March 2024;"),
        ("annual", "", date(2024, 4, 1), "no reading", "annual and late: it was due for the year to 31 March 2024, 1 day before 1 April 2024;"),
        ("annual", "1 quarter", date(2024, 6, 30), "not due", "annual and next due for the year to 31 March 2024, by 30 June 2024;"),
        ("annual", "1 quarter", date(2024, 7, 2), "no reading", "late: it was due for the year to 31 March 2024, by 30 June 2024, 2 days before 2 July 2024;"),
        ("quarterly", "", date(2023, 9, 30), "no reading", "quarterly and due for the quarter to 30 September 2023, the date of the report;"),
        ("quarterly", "", date(2023, 10, 10), "no reading", "quarterly and late: it was due for the quarter to 30 September 2023, 10 days before"),
        ("monthly", "", date(2026, 9, 30), "no reading", "monthly and late: it was due for the month to 30 September 2023, 1,096 days before"),
        ("termly", "", date(2023, 12, 31), "not due", "termly and next due for the term to 31 December 2023;"),
        ("termly", "", date(2024, 1, 2), "no reading", "termly and late: it was due for the term to 31 December 2023, 2 days before"),
        ("biennial", "", date(2024, 3, 31), "not due", "biennial and not due before 31 March 2024;"),
        ("biennial", "", date(2025, 3, 31), "no reading", "biennial, and nothing says in which year it is due;"),
        ("biennial", "", date(2025, 4, 1), "no reading", "biennial and late: it was due by 31 March 2025 at the latest, 1 day before"),
        ("as available", "", date(2030, 1, 1), "no reading", "there is no reading (blank); the target"),
    ],
)  # fmt: skip
def test_a_figure_that_is_not_there_is_late_once_its_day_has_passed(
    frequency: str, lag: str, as_of: date, reason: str, said: str
) -> None:
    text = f"target,frequency,lag,{Q2}\n≥95%,{frequency},{lag},\n"
    report = assess(read_scorecard_text(text, "kpis.csv"), as_of=as_of)
    found = report.indicators[0]
    assert (found.reason, said in found.explanation) == (reason, True), found.explanation
    late = [(each.column, "late: it was due" in each.message) for each in report.problems]
    assert late == ([(Q2, True)] if "late" in said else [])


def test_the_annual_figures_of_the_example_are_late_two_years_on() -> None:
    report = assess(read_scorecard(RUTLAND), as_of=date(2025, 6, 30))
    growth = next(each for each in report.indicators if each.ref == "1.7")
    assert growth.reason is Reason.NO_READING
    assert growth.explanation == (
        "Unrated: there is no reading (not available), and the figure is annual and late: it was due for the year to "
        "31 March 2024, 456 days before 30 June 2025."
    )


def test_a_figure_that_has_come_since_is_not_late() -> None:
    scorecard = read_scorecard_text(f"target,frequency,{Q2},Q4 2023/24\n≥95%,annual,,96%\n", "kpis.csv")
    report = assess(scorecard, as_of=date(2024, 6, 30), period=Q2)
    assert (report.indicators[0].reason, report.problems) == (Reason.NOT_DUE, ())


def test_a_figure_of_its_own_period_is_late_though_later_ones_have_come() -> None:
    scorecard = read_scorecard_text(f"target,frequency,{Q1},{Q2}\n≥95%,quarterly,,96%\n", "kpis.csv")
    found = assess(scorecard, as_of=date(2023, 10, 1), period=Q1).indicators[0]
    assert "late: it was due for the quarter to 30 June 2023, 93 days before" in found.explanation


@pytest.mark.parametrize("frequency", ["", "as available", "quarterly"])
def test_no_figure_is_due_for_a_period_that_has_not_ended(frequency: str) -> None:
    scorecard = read_scorecard_text(f"target,frequency,{Q2}\n≥95%,{frequency},\n", "kpis.csv")
    found = assess(scorecard, as_of=date(2023, 8, 1), period=Q2).indicators[0]
    said = "next due for the quarter to" if frequency == "quarterly" else "Q2 2023/24 ends only on"
    assert (found.reason, f"{said} 30 September 2023" in found.explanation) == (Reason.NOT_DUE, True)


def test_a_termly_figure_is_stale_when_a_term_has_passed_without_one() -> None:
    fresh, old = (
        rated(f"target,frequency,{Q2}\n≥95%,termly,99% ({month} 2023)\n").notes for month in ("April", "March")
    )
    assert fresh == ("figure is for April 2023",)
    assert "stale: it is 6 months old, and the figure is termly" in old


def test_the_last_figure_of_what_is_not_due_is_told() -> None:
    found = rated(f"target,frequency,{Q4},{Q1},{Q2}\n≥95%,annual,94%,DNA,DNA\n")
    assert (found.status, "; the last figure is 94% for Q4 2022/23; the target" in found.explanation) == (
        Status.UNRATED,
        True,
    )


def test_a_frequency_of_one_letter_is_read() -> None:
    assert rated(f"target,frequency,{Q2}\n≥95%,A,\n").reason is Reason.NOT_DUE


def test_a_placeholder_for_the_end_of_time_is_no_period() -> None:
    scorecard = read_scorecard_text(
        "target,accumulation,frequency,lag,actual\n≥95,cumulative,annual,1 year,96\n", "kpis.csv"
    )
    periods = tuple(period.model_copy(update={"ends": date.max}) for period in scorecard.periods)
    report = assess(scorecard.model_copy(update={"periods": periods}), as_of=date.max)
    assert report.indicators[0].reason is Reason.NOT_PRO_RATED


def test_what_is_suppressed_or_has_no_target_is_not_called_not_due() -> None:
    found = report_of(f"ref,target,frequency,{Q2}\n1,≥95%,annual,[c]\n2,TBC,annual,DNA\n").indicators
    assert [each.reason for each in found] == [Reason.SUPPRESSED, Reason.NO_TARGET]


def test_an_unknown_frequency_is_a_warning_with_the_nearest() -> None:
    found = warnings(f"target,frequency,{Q2}\n≥95%,quartely,96%\n")
    assert [(column, "quarterly" in message) for column, message in found] == [("frequency", True)]


# targets with a time of their own -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "by March 2025", "by March 2023", "by December 2023", "by 31 May 2024", "in 2024/25", "in 2022/23", "in Q2 2023/24",
        "until March 2025", "after March 2024", "by Autumn 2023",
    ],
)  # fmt: skip
def test_a_target_for_another_time_is_not_pro_rated_over_the_year(said: str) -> None:
    text = f"target,accumulation,{Q1},{Q2}\nat least 100 homes {said},cumulative,20,49\n"
    found = rated(text)
    assert (found.status, found.reason) == (Status.UNRATED, Reason.NOT_PRO_RATED)
    assert found.explanation == (
        f"At least 100 {said} is not a target for the financial year 2023/24, so it cannot be pro-rated over that "
        "(give the target for the year to 31 March 2024)"
    )
    assert [column for column, _ in errors(text)] == ["target"]


@pytest.mark.parametrize("said", ["by March 2024", "in 2023/24", "until March 2024", "by the end of the year", "by March", "after March 2023"])  # fmt: skip
def test_a_target_for_the_year_of_the_reading_is_pro_rated(said: str) -> None:
    found = rated(f"target,accumulation,{Q2}\nat least 100 homes {said},cumulative,49\n")
    assert found.explanation == "Red: 49 is 1 under the 50 due by 30 September 2023 (100 for the year, pro-rated)."


@pytest.mark.parametrize("said", ["by September 2023", "by Q2 2023/24"])
def test_a_target_that_is_due_on_the_last_day_of_the_period_is_taken_as_written(said: str) -> None:
    found = rated(f"target,accumulation,{Q2}\nat least 100 homes {said},cumulative,49\n")
    assert found.explanation == "Red: 49 is 51 under the target of 100."
    assert "the target is due in full on the last day of the period; taken as written, not pro-rated" in found.notes


@pytest.mark.parametrize(
    ("said", "period", "why"),
    [
        ("by Q3", Q2, "at least 100 by Q3"), ("by Q2", Q2, "at least 100 by Q2"), ("until Q2 2023/24", Q2, "is not a target for"), ("by 03/04/2024", Q2, "3 April 2024 or 4 March 2024"),
        ("by March 2025", "Q2", "the year of the reading's period is not known"),
    ],
)  # fmt: skip
def test_a_target_whose_year_cannot_be_told_is_not_pro_rated(said: str, period: str, why: str) -> None:
    found = rated(f"target,accumulation,{period}\nat least 100 homes {said},cumulative,49\n")
    assert found.reason is Reason.NOT_PRO_RATED
    assert why.lower() in found.explanation.lower()


def test_a_target_for_this_year_is_no_error_beside_readings_of_the_year_before() -> None:
    text = f"target,accumulation,{Q4},{Q2}\nat least 100 by March 2024,cumulative,90,50\n"
    report = report_of(text)
    assert report.indicators[0].status is Status.GREEN
    assert [each.status for each in report.indicators[0].history] == [Status.UNRATED, Status.GREEN]
    assert report.problems == ()


def test_at_the_end_of_another_year_the_target_is_not_due_in_full() -> None:
    text = f"target,accumulation,{Q4}\nat least 100 by March 2025,cumulative,49\n"
    assert rated(text).reason is Reason.NOT_PRO_RATED


@pytest.mark.parametrize(
    ("target", "rate"),
    [("20 per month", "per month"), ("at least 10 each quarter", "per quarter"), ("5 a week", "per week"), ("at least 20 monthly", "monthly")],
)  # fmt: skip
def test_a_rate_is_no_target_for_a_total(target: str, rate: str) -> None:
    text = f"target,polarity,accumulation,{Q2}\n{target},higher,cumulative,44.9\n"
    found = rated(text)
    assert (found.status, found.reason) == (Status.UNRATED, Reason.NOT_PRO_RATED)
    assert f"is a rate ({rate})" in found.explanation
    assert [column for column, _ in errors(text)] == ["accumulation"]
    assert rated(text.replace("cumulative", "average")).status is Status.GREEN


# percentages that grow over the year ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "status", "said"),
    [
        ("91%", "green", "at this rate it would be 182% by 31 March 2024, more than everything: if it is an average, and not a figure that grows over the year, it is green against at least 90%"),
        ("60%", "green", "at this rate it would be 120% by 31 March 2024, more than everything: if it is an average, and not a figure that grows over the year, it is green pro-rated and red against at least 90%"),
        ("50%", "green", None), ("44%", "red", None),
    ],
)  # fmt: skip
def test_a_percentage_that_would_pass_everything_may_be_an_average(reading: str, status: str, said: str | None) -> None:
    found = rated(f"target,accumulation,{Q2}\nat least 90%,cumulative,{reading}\n")
    assert (found.status, [note for note in found.notes if "average, and not a figure" in note]) == (
        status,
        [said] if said else [],
    )


def test_a_stage_for_another_kind_of_year_is_not_pro_rated_over_the_year() -> None:
    text = "target,accumulation,{}\nat least 50 in {}; at least 100 in {},cumulative,49\n"
    assert rated(text.format(Q2, "2023/24", "2024/25")).target.to_date == "at least 25 by 30 September 2023"
    found = rated(text.format(Q2, "2023", "2024"))
    assert found.reason is Reason.NOT_PRO_RATED
    assert found.explanation.startswith("At least 50 in 2023 is not a target for the financial year 2023/24")


BETWEEN = "target,accumulation,{}\nat most 70 until August 2023; then at most 80,cumulative,{}\n"


@pytest.mark.parametrize(
    ("period", "reading", "status"),
    [
        ("Aug 2023", 60, Status.RED),  # 29 1/6 or 33 1/3 are due, whichever is meant
        ("Aug 2023", 30, Status.UNRATED),
        ("Aug 2023", 29, Status.GREEN),
        ("Q2", 60, Status.RED),  # of a year that is not said: 35 or 40 are due
        ("Q2", 35, Status.GREEN),
    ],
)
def test_each_of_two_targets_that_may_be_meant_is_pro_rated(period: str, reading: int, status: Status) -> None:
    assert rated(BETWEEN.format(period, reading)).status is status


def test_two_targets_that_may_be_meant_are_not_held_against_a_total_of_no_known_part_of_a_year() -> None:
    assert rated(BETWEEN.format("actual", 60)).reason is Reason.NOT_PRO_RATED
