"""Scorecards assessed: statuses, reasons, movement, counts, and every problem with its place."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rag_rules.errors import ScorecardError
from rag_rules.models import Indicator, Problem, RatedIndicator, Report, ReportingPeriod, Scheme, Scorecard
from rag_rules.reports import render
from rag_rules.scorecard import assess, check, read_scorecard, read_scorecard_text
from rag_rules.status import Reason, Status

RUTLAND = Path(__file__).parent.parent / "examples" / "rutland"
AS_OF = date(2023, 9, 30)


def report_of(text: str, **scheme: str) -> Report:
    scorecard = read_scorecard_text(text, "kpis.csv")
    return assess(scorecard.model_copy(update={"scheme": Scheme.model_validate(scheme)}), as_of=AS_OF)


def rated(text: str, **scheme: str) -> RatedIndicator:
    return report_of(text, **scheme).indicators[0]


def problems(text: str) -> list[str]:
    return [f"{each.severity}: {each.place}: {each.message}" for each in report_of(text).problems]


# the council's example ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rutland() -> Report:
    return assess(read_scorecard(RUTLAND), as_of=AS_OF)


def test_every_row_of_the_example_is_rated_or_has_a_reason(rutland: Report) -> None:
    assert len(rutland.indicators) == 136
    assert all((each.status is Status.UNRATED) == (each.reason is not None) for each in rutland.indicators)


def test_the_example_has_these_counts(rutland: Report) -> None:
    counts = rutland.summary.counts
    assert (counts.green, counts.amber, counts.red, counts.unrated) == (78, 12, 33, 13)


def test_the_example_has_these_rows_unrated(rutland: Report) -> None:
    unrated = {each.ref for each in rutland.indicators if each.status is Status.UNRATED}
    assert unrated == {"1.7", "1.8", "2.5", "2.6", "3.8", "3.17", "4.6", "4.7", "4.9", "5.1", "5.2", "5.9", "8.3"}


def test_the_example_has_one_error_which_is_an_impossible_date(rutland: Report) -> None:
    errors = [(problem.place, problem.ref) for problem in rutland.problems if problem.severity == "error"]
    assert errors == [("plan.csv, row 8, column due", "1.2b")]


def test_the_example_lists_what_deserves_a_second_look() -> None:
    problems = check(read_scorecard(RUTLAND), as_of=AS_OF)
    found = [(each.ref, each.column) for each in problems if each.place.startswith("kpis.csv")]
    assert found == [
        ("1.1", "ref"), ("1.7", "target"), ("1.8", "target"), ("4.7", "target"), ("4.9", "target"), ("5.1", "q1 and q2"), ("5.2", "q2"), ("5.9", "q2"),
    ]  # fmt: skip


def test_groups_of_the_example_add_up(rutland: Report) -> None:
    totals = Counter[str]()
    for group in rutland.summary.groups:
        totals[group.by] += group.counts.total
    assert totals == {"priority": 136, "commitment": 136, "directorate": 136}


def test_the_reasons_add_up_to_the_unrated(rutland: Report) -> None:
    assert (
        sum(rutland.summary.reasons.values())
        == rutland.summary.counts.unrated
        == rutland.summary.total - rutland.summary.rated
    )


# statuses and reasons -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason", "place"),
    [
        ("Betwen 10% and 20%,lower,5%,15%", Reason.BAD_TARGET, "kpis.csv, row 1, column target"),
        ("95%,upwards-ish,5%,96%", Reason.BAD_SETTING, "kpis.csv, row 1, column polarity"),
        ("95%,,5%,96%", Reason.BAD_SETTING, "kpis.csv, row 1, column polarity"),
        ("95%,higher,lots,96%", Reason.BAD_SETTING, "kpis.csv, row 1, column tolerance"),
        ("95%,higher,3 days,96%", Reason.BAD_SETTING, "kpis.csv, row 1, column tolerance"),
        ("95%,higher,5%,10-20", Reason.BAD_READING, "kpis.csv, row 1, column Q1"),
        ("95%,higher,5%,£96", Reason.BAD_READING, "kpis.csv, row 1, column Q1"),
    ],
)
def test_a_bad_cell_leaves_the_row_unrated_and_is_an_error_at_its_place(row: str, reason: Reason, place: str) -> None:
    report = report_of(f"target,polarity,tolerance,Q1\n{row}\n")
    assert (report.indicators[0].status, report.indicators[0].reason) == (Status.UNRATED, reason)
    assert [(problem.severity, problem.place) for problem in report.problems] == [("error", place)]


@pytest.mark.parametrize(
    ("row", "reason", "place"),
    [
        ("Balanced,£2m", Reason.NO_SIGN, "kpis.csv, row 1, column Q1"),
        ("≥50%,0.9", Reason.AMBIGUOUS, "kpis.csv, row 1, column Q1"),
        ("Good,Splendid", Reason.NOT_ON_SCALE, "kpis.csv, row 1, column Q1"),
        ("≥50%,60% tbc", Reason.UNCONFIRMED, "kpis.csv, row 1, column Q1"),
        ("Above national,60%", Reason.MISSING_BENCHMARK, "kpis.csv, row 1, column target"),
        ("Reduce by 5%,60%", Reason.MISSING_BASELINE, "kpis.csv, row 1, column target"),
    ],
)
def test_what_someone_could_settle_is_a_warning_at_its_place(row: str, reason: Reason, place: str) -> None:
    report = report_of(f"target,Q1\n{row}\n")
    assert report.indicators[0].reason is reason
    assert [(problem.severity, problem.place) for problem in report.problems] == [("warning", place)]


def test_a_gap_between_bands_is_told_at_the_target_and_at_a_reading_in_it() -> None:
    report = report_of("Green,Amber,Red,Q1\n≥95%,80-94%,<80%,94.5%\n")
    assert [problem.column for problem in report.problems] == ["Green, Amber and Red", "Q1"]
    assert report.indicators[0].reason is Reason.GAP


@pytest.mark.parametrize("row", ["TBC,5%", "≥95%,DNA", "≥95%,[c]", "Baseline year,DNA"])
def test_missing_data_is_no_problem(row: str) -> None:
    report = report_of(f"target,Q1\n{row}\n")
    assert (report.indicators[0].status, report.problems) == (Status.UNRATED, ())


def test_a_target_against_the_polarity_is_a_warning_even_without_a_reading() -> None:
    assert problems("ref,target,polarity,Q1\n4.7,< -0.7,higher,DNA\n") == [
        "warning: kpis.csv, row 1, column target: the target “<-0.7” contradicts the polarity “higher is better”; the text is followed"
    ]


def test_the_same_trouble_in_two_periods_is_told_once() -> None:
    assert [each.partition(": £")[0] for each in problems("target,Q1,Q2\nBalanced,£2m,£2m\n")] == [
        "warning: kpis.csv, row 1, columns Q1 and Q2"
    ]


def test_readings_of_every_period_are_checked() -> None:
    report = report_of("target,Q1,Q2\n≥95%,10-20,96%\n")
    assert [(each.severity, each.column) for each in report.problems] == [("error", "Q1")]


def test_a_scorecard_without_any_reading_says_so() -> None:
    assert problems("target,Q1\n≥95%,\n") == ["warning: the scorecard: there are no readings"]


def test_an_earlier_bad_reading_does_not_unrate_a_later_good_one() -> None:
    assert rated("target,Q1,Q2\n≥95%,10-20,96%\n").status is Status.GREEN


def test_the_sentence_of_an_error_is_the_explanation() -> None:
    assert rated("target,polarity,Q1\n95%,,96%\n").explanation.startswith("“95%” does not say which side of it is good")


def test_a_repeated_ref_names_its_rows() -> None:
    assert problems("ref,name,target,Q1\n1.1,Homes,≥5,5\n2,Gap,≥5,5\n1.1,Roads,≥5,5\n") == [
        "warning: kpis.csv, rows 1 and 3, column ref: the ref 1.1 is repeated: “Homes” and “Roads” have it; "
        "a spreadsheet turns 1.10 into 1.1, so one may be 1.10"
    ]


def test_control_characters_are_kept_out_of_messages() -> None:
    found = problems('ref,target,Q1\n1,Betwen \x1b[31m10 \u202e and 20,"5\x07-6"\n')
    assert found
    assert all(message.isprintable() for message in found)


# the cascade --------------------------------------------------------------------------------------------------------


def test_the_text_goes_before_the_indicator_and_the_indicator_before_the_scheme() -> None:
    text = "target,polarity,tolerance,Q1\n100,,,94\n100,,10%,94\n100 amber within 1%,,10%,94\n"
    statuses = [each.status for each in report_of(text, polarity="higher", tolerance="5%").indicators]
    assert statuses == [Status.RED, Status.AMBER, Status.RED]


def test_a_benchmark_of_the_scheme_serves_every_indicator() -> None:
    scorecard = read_scorecard_text("target,polarity,Q1\nAbove national,higher,81%\n")
    scorecard = scorecard.model_copy(update={"scheme": Scheme(benchmarks={"national": "77.8%"})})
    assert assess(scorecard, as_of=AS_OF).indicators[0].status is Status.GREEN


@pytest.mark.parametrize("column", ["baseline", "national"])
def test_a_value_that_no_target_refers_to_leaves_the_row_rated(column: str) -> None:
    report = report_of(f"target,{column},Q1\n≥95%,see the note,96%\n")
    assert report.indicators[0].status is Status.GREEN
    assert [(each.severity, each.column) for each in report.problems] == [("warning", column)]


def test_a_benchmark_that_cannot_be_read_is_missing_where_a_target_refers_to_it() -> None:
    assert rated("target,national,Q1\nAbove national,see the note,96%\n").reason is Reason.MISSING_BENCHMARK


def test_a_benchmark_column_of_a_year_has_the_name_without_it() -> None:
    assert rated("target,National average 2022/23,Q1\nAbove national,90%,96%\n").status is Status.GREEN


def test_a_scheme_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ScorecardError, match=r"the scheme cannot be read: .*lots"):
        report_of("target,Q1\n95%,96%\n", tolerance="lots")


@pytest.mark.parametrize("unit", ["Number", "No.", "#", "Visits", "Ratio"])
def test_a_unit_that_only_says_what_is_counted_is_none(unit: str) -> None:
    report = report_of(f"target,unit,Q1\n≥100,{unit},120\n")
    assert (report.indicators[0].status, report.problems) == (Status.GREEN, ())


def test_a_unit_that_looks_like_a_slip_is_a_warning() -> None:
    assert problems("target,unit,Q1\n≤100,dyas,90\n") == [
        "warning: kpis.csv, row 1, column unit: “dyas” is no known unit and is taken as a count; did you mean “days”?"
    ]


@pytest.mark.parametrize("unit", ["£000s", "thousands", "£m", "Visits per month"])
def test_a_unit_that_makes_numbers_larger_is_an_error(unit: str) -> None:
    report = report_of(f"target,unit,Q1\n≥100,{unit},120\n")
    assert report.indicators[0].reason is Reason.BAD_SETTING
    assert report.problems[0].place == "kpis.csv, row 1, column unit"


def test_a_unit_of_the_column_is_that_of_the_target() -> None:
    assert rated("target,unit,polarity,Q1\n95,Percentage,higher,96%\n").target.bands == "red |95% green"


def test_words_for_missing_data_of_the_scheme_are_missing_readings_and_targets() -> None:
    scorecard = read_scorecard_text("target,Q1\n≥95%,Not in yet\nNot in yet,5%\n")
    scorecard = scorecard.model_copy(update={"scheme": Scheme(missing=("not in yet",))})
    report = assess(scorecard, as_of=AS_OF)
    assert [each.reason for each in report.indicators] == [Reason.NO_READING, Reason.NO_TARGET]
    assert report.problems == ()


# periods ------------------------------------------------------------------------------------------------------------

QUARTERS = "target,Q1 2023-24,Q2 2023-24,Q3 2023-24\n≥95%,90%,96%,97%\n"


@pytest.mark.parametrize(
    ("as_of", "label"),
    [(date(2023, 9, 29), "Q1 2023-24"), (date(2023, 9, 30), "Q2 2023-24"), (date(2024, 6, 1), "Q3 2023-24")],
)
def test_the_period_is_the_last_that_has_ended(as_of: date, label: str) -> None:
    assert assess(read_scorecard_text(QUARTERS), as_of=as_of).period == label


def test_before_any_period_has_ended_nothing_is_rated_and_that_is_said() -> None:
    report = assess(read_scorecard_text(QUARTERS), as_of=date(2023, 4, 1))
    assert (report.period, report.indicators[0].reason) == (None, Reason.NO_READING)
    assert report.problems[0].message == "no period has ended by 2023-04-01; the first, Q1 2023-24, ends on 2023-06-30"


def test_without_ends_the_period_is_the_last_with_a_reading() -> None:
    assert report_of("target,Q1,Q2,Q3\n≥95%,90%,96%,\n").period == "Q2"


def test_a_period_that_has_ended_without_any_readings_is_said() -> None:
    assert report_of("target,Q1 2023-24,Q2 2023-24\n≥95%,90%,\n").problems[0].message == (
        "there are no readings for Q2 2023-24 yet; the last are for Q1 2023-24"
    )


@pytest.mark.parametrize("wanted", ["Q1 2023-24", "q1", "Quarter 1", "2023/24 Q1", "Quarter 1 2023/24"])
def test_a_period_can_be_asked_for_however_it_is_written(wanted: str) -> None:
    report = assess(read_scorecard_text(QUARTERS), as_of=AS_OF, period=wanted)
    assert (report.period, report.indicators[0].status) == ("Q1 2023-24", Status.RED)


def test_a_period_can_be_asked_for_by_its_column() -> None:
    assert assess(read_scorecard(RUTLAND), as_of=AS_OF, period="q1").period == "2023-24 Q1"


def test_a_period_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(
        ScorecardError, match="there is no period “Q4”; there are “Q1 2023-24”, “Q2 2023-24” and “Q3 2023-24”"
    ):
        assess(read_scorecard_text(QUARTERS), as_of=AS_OF, period="Q4")


def test_a_period_that_could_be_two_is_asked_about() -> None:
    with pytest.raises(ScorecardError, match="“Q1” could be the periods “Q1 2022-23” and “Q1 2023-24”"):
        assess(read_scorecard_text("target,Q1 2022-23,Q1 2023-24\n≥95%,90%,96%\n"), as_of=AS_OF, period="Q1")


# movement and notes -------------------------------------------------------------------------------------------------


def test_movement_is_against_the_period_before() -> None:
    found = rated(QUARTERS)
    assert (found.movement, found.previous and found.previous.text) == ("better", "90%")


def test_movement_needs_both_readings() -> None:
    assert [
        each.movement for each in report_of("target,Q1,Q2\n≥95%,DNA,96%\n≥95%,10-20,96%\n≥95%,96%,\n").indicators
    ] == [None, None, None]


def test_a_cumulative_figure_is_pro_rated_and_has_no_movement() -> None:
    found = rated("target,accumulation,Q1 2023/24,Q2 2023/24\n≥100,cumulative,30,60\n")
    assert (found.status, found.movement, found.notes) == (
        Status.GREEN,
        None,
        ("pro-rated: 6 of 12 months of the financial year 2023/24",),
    )


# what is shown ------------------------------------------------------------------------------------------------------


def test_target_and_reading_are_shown_as_written_and_as_understood() -> None:
    found = rated("target,polarity,Q1\n95 per cent,higher,96%\n", tolerance="5%")
    assert (found.target.text, found.target.bands) == ("95 per cent", "red |90.25% amber |95% green")
    assert (found.reading.text, str(found.reading.value), found.reading.unit) == ("96%", "96", "%")


def test_a_label_is_shown_without_a_value() -> None:
    found = rated("target,Q1\nGood,Outstanding\n")
    assert (found.status, found.reading.text, found.reading.value) == (Status.GREEN, "Outstanding", None)


def test_groups_are_counted_in_the_order_in_which_they_appear() -> None:
    report = report_of("theme,target,Q1\nRoads,≥5,5\nHomes,≥5,4\nRoads,≥5,3\n,≥5,DNA\n")
    counts = [(each.group, each.counts.rated, each.counts.total) for each in report.summary.groups]
    assert counts == [("Roads", 2, 2), ("Homes", 1, 1), ("", 0, 1)]


# records made by hand -----------------------------------------------------------------------------------------------


def test_a_scorecard_made_by_hand_is_assessed_like_one_from_a_file() -> None:
    scorecard = Scorecard(
        periods=(ReportingPeriod(label="Q1"),),
        indicators=(
            Indicator(row=1, place="here, row 1", target=95, polarity="higher", readings={"Q1": 96.5}),
            Indicator(row=2, place="here, row 2", target="≥95%", readings={"Q1": "10-20"}, benchmarks={"national": 5}),
        ),
    )
    report = assess(scorecard, as_of=AS_OF)
    assert [each.status for each in report.indicators] == [Status.GREEN, Status.UNRATED]
    assert report.problems[0].place == "here, row 2, column Q1"


def test_an_empty_scorecard_has_an_empty_report() -> None:
    assert assess(Scorecard(), as_of=AS_OF).summary.total == 0


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    text = "target,Q1\n" + "≥95%,96%\n" * 120
    assess(read_scorecard_text(text), as_of=AS_OF, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 120), (50, 120), (100, 120)]


def test_a_report_survives_json(rutland: Report) -> None:
    assert Report.model_validate_json(rutland.model_dump_json()) == rutland


def test_ten_thousand_indicators_take_seconds() -> None:
    rows = "".join(f"{i},≥{i % 400}%,{i % 300}%,{i % 350}%\n" for i in range(10_000))
    began = time.perf_counter()
    report = assess(read_scorecard_text(f"ref,target,Q1,Q2\n{rows}"), as_of=AS_OF)
    assert report.summary.rated == 10_000
    assert time.perf_counter() - began < 30  # far more than it takes, for slow machines


def test_problems_keep_their_row_and_ref() -> None:
    problem = report_of("ref,target,Q1\n7,Betwen 1 and 2,5\n").problems[0]
    assert isinstance(problem, Problem)
    assert (problem.ref, problem.row, problem.column) == ("7", 1, "target")


DATED = "ref,name,target,Q1 2023/24,Q2 2023/24\n1,Strategy,By end of June 2023,{},{}\n"


@pytest.mark.parametrize(
    ("reading", "status"),
    [
        ("30 June 2023", Status.GREEN),
        ("2023-07-01", Status.RED),
        ("June 2023", Status.GREEN),
        ("", Status.UNRATED),
        ("DNA", Status.UNRATED),
    ],
)
def test_a_target_that_is_a_deadline_is_rated_by_the_day_of_finishing(reading: str, status: Status) -> None:
    report = report_of(DATED.format("", reading))
    assert report.indicators[0].status is status
    assert [problem.message for problem in report.problems] == []


def test_an_earlier_day_of_finishing_is_better() -> None:
    assert report_of(DATED.format("2023-07-05", "2023-07-01")).indicators[0].movement == "better"


def test_an_amount_for_a_target_that_is_a_deadline_is_an_error_at_its_place() -> None:
    report = report_of(DATED.format("", "95%"))
    assert report.indicators[0].reason is Reason.BAD_READING
    assert [problem.place for problem in report.problems] == ["kpis.csv, row 1, column Q2 2023/24"]


def test_days_are_shown_as_days_and_not_as_numbers() -> None:
    shown = report_of(DATED.format("", "2023-07-01")).indicators[0]
    assert (shown.target.bands, shown.target.cuts, shown.reading.value) == ("green 2023-06-30| red", (), None)
    assert (
        "738"
        not in render(report_of(DATED.format("", "2023-07-01")), "html").partition("<main")[2].partition("</main")[0]
    )
