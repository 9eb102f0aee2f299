"""Targets that change: trajectories on a date, dated columns and tables of targets, and the readings judged by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rag_rules.errors import ScorecardError
from rag_rules.front import evaluate, rule
from rag_rules.models import RatedIndicator, Report, Scheme, Scorecard
from rag_rules.periods import FINANCIAL
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.status import Reason, Status
from rag_rules.syntax.cache import parse_target
from rag_rules.target import Trajectory
from rag_rules.trajectories import holding

AS_OF = date(2024, 3, 31)
QUARTERS = "Q1 2023/24,Q2 2023/24,Q3 2023/24,Q4 2023/24"


def report_of(text: str, as_of: date = AS_OF, period: str | None = None, **scheme: object) -> Report:
    scorecard = read_scorecard_text(text, "kpis.csv").model_copy(update={"scheme": Scheme.model_validate(scheme)})
    return assess(scorecard, as_of=as_of, period=period)


def statuses(text: str, *periods: str) -> list[Status]:
    return [report_of(text, period=period).indicators[0].status for period in periods]


# trajectories -------------------------------------------------------------------------------------------------------


def test_the_rule_in_force_on_a_day_is_that_of_its_stage() -> None:
    made = rule("70% until the end of September 2023, then 80%", polarity="higher")
    assert [made.at(day).aim for day in (date(2023, 9, 30), date(2023, 10, 1))] == ["at least 70%", "at least 80%"]


def test_a_rule_without_stages_is_in_force_on_every_day() -> None:
    made = rule("at least 70%")
    assert made.at(date(1900, 1, 1)) is made


def test_without_a_date_it_is_said_that_one_is_needed() -> None:
    outcome = evaluate("70% until October 2023, then 80%", "75%", polarity="higher")
    assert outcome.reason is Reason.DATE_NEEDED
    assert "the date of the reading is not given" in outcome.explanation


def test_without_a_date_a_status_that_every_target_gives_is_the_status() -> None:
    outcome = evaluate("70% until October 2023, then 80%", "60%", polarity="higher")
    assert outcome.status is Status.RED
    assert "at least 70%; at least 80%" in outcome.notes[-1]


def test_without_a_date_a_milestone_may_not_be_due_so_nothing_is_rated() -> None:
    outcome = evaluate("70% by March 2024, 80% by March 2025", "60%", polarity="higher")
    assert outcome.reason is Reason.DATE_NEEDED


def test_the_explanation_says_which_target_it_is_and_a_note_what_comes_next() -> None:
    outcome = evaluate("70% by March 2024, 80% by March 2025", "60%", polarity="higher", on=date(2024, 9, 30))
    assert outcome.explanation == "Red: 60% is 10 percentage points under the target of 70% (by March 2024)."
    assert "the target changes: 80% by March 2025" in outcome.notes


def test_before_the_first_milestone_nothing_is_due() -> None:
    outcome = evaluate("70% by March 2024, 80% by March 2025", "60%", polarity="higher", on=date(2023, 9, 30))
    assert (outcome.status, outcome.reason) == (Status.UNRATED, Reason.NOT_DUE)
    assert "the next is 70% by March 2024, due on 31 March 2024" in outcome.explanation


def test_the_days_in_doubt_name_both_targets_and_how_to_write_it() -> None:
    outcome = evaluate("70% until October 2023, then 80%", "75%", polarity="higher", on=date(2023, 10, 31))
    assert outcome.reason is Reason.AMBIGUOUS
    assert "is 70% or 80%; write “before October 2023” or “until the end of October 2023”" in outcome.explanation


def test_what_the_doubt_is_told_to_write_settles_it() -> None:
    for text, status in (("before", Status.RED), ("until the end of", Status.GREEN)):
        target = f"70% {text} October 2023, then 80%"
        assert evaluate(target, "75%", polarity="higher", on=date(2023, 10, 31)).status is status


def test_the_doubt_about_the_last_target_is_whether_there_is_one() -> None:
    text = "70% until the end of 2023, 80% until June 2024"
    assert "is 80% or none" in evaluate(text, "75%", polarity="higher", on=date(2024, 6, 30)).explanation


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [
        ("95% by March 2024", date(2024, 3, 30), "not due yet on 30 March 2024: the target is to be reached by March 2024"),
        ("95% after April 2024", date(2024, 4, 30), "not due yet on 30 April 2024: the target is for a later time, after April 2024"),
        ("95% in 2024/25", date(2024, 3, 31), "not due yet on 31 March 2024: the target is for a later time, in 2024/25"),
        ("95% in 2024/25", date(2025, 4, 1), "the target is for an earlier time than 1 April 2025: in 2024/25"),
        ("95% until April 2024", date(2024, 5, 1), "the target is for an earlier time than 1 May 2024: until April 2024"),
    ],
)  # fmt: skip
def test_a_single_target_for_another_time_is_judged_with_a_note(text: str, day: date, note: str) -> None:
    outcome = evaluate(text, "90%", polarity="higher", on=day)
    assert outcome.status is Status.RED
    assert note in outcome.notes


@pytest.mark.parametrize(
    ("text", "day"),
    [("95% by March 2024", date(2024, 3, 31)), ("95% after April 2024", date(2024, 5, 1)), ("95% in 2024/25", date(2025, 3, 31)),
     ("95% until April 2024", date(2024, 4, 30)), ("95% by 03/04/2024", date(2023, 1, 1))],
)  # fmt: skip
def test_a_single_target_for_the_day_or_of_no_known_day_has_no_such_note(text: str, day: date) -> None:
    made = rule(text, polarity="higher")
    assert made.at(day).notes == made.notes


def test_in_a_scorecard_the_note_goes_by_the_last_day_of_the_period() -> None:
    text = "Measure,Target,Good is,Q2 2023/24\nRecycling,43% by March 2024,high,40%\n"
    rated = report_of(text, period="Q2 2023/24").indicators[0]
    assert rated.status is Status.RED
    assert any(note.startswith("not due yet on 30 September 2023") for note in rated.notes)


def test_a_miss_too_small_to_be_shown_is_not_called_the_limit() -> None:
    said = evaluate("1 in 3", "33.3333333%", polarity="higher").explanation
    assert said == "Red: 33.3333333% is under the target of at least 1 in 3, by less than is shown."


def test_the_tolerance_of_the_text_holds_for_every_stage() -> None:
    made = rule("70% until the end of 2023, then 80%; amber within 5pp", polarity="higher")
    assert [str(stage.bands) for stage in made.stages] == ["red |65% amber |70% green", "red |75% amber |80% green"]


def test_quarters_come_round_every_year() -> None:
    body = parse_target("Q1 70%, Q2 72%, Q3 75%, Q4 80%", year=FINANCIAL).body
    assert isinstance(body, Trajectory)
    ends = [date(year, month, day) for year in (1999, 2024) for month, day in ((6, 30), (9, 30), (12, 31), (3, 31))]
    assert [holding(body, day).at(day) for day in ends] == [(0,), (1,), (2,), (3,)] * 2


def test_a_trajectory_in_a_scorecard_is_judged_by_the_last_day_of_the_period() -> None:
    text = f'target,polarity,{QUARTERS}\n"70% until 1 October 2023, then 80%",higher,75%,75%,75%,75%\n'
    wanted = [Status.GREEN, Status.GREEN, Status.RED, Status.RED]
    assert statuses(text, *QUARTERS.split(",")) == wanted


def test_a_trajectory_without_the_end_of_the_period_says_so() -> None:
    report = report_of('target,polarity,Latest\n"70% until 1 October 2023, then 80%",higher,75%\n')
    assert report.indicators[0].reason is Reason.DATE_NEEDED
    assert "it is not known when Latest ends" in report.indicators[0].explanation


def test_quarters_in_a_scorecard_are_those_of_its_year() -> None:
    text = 'target,polarity,year,Q2 2023/24,30/09/2023\n"Q1 70%, Q2 72%, Q3 75%, Q4 80%",higher,{},73%,73%\n'
    assert report_of(text.format(""), date(2023, 9, 30)).indicators[0].status is Status.GREEN
    assert report_of(text.format("calendar"), date(2023, 9, 30)).indicators[0].status is Status.RED


def test_targets_of_quarters_are_not_pro_rated() -> None:
    text = 'target,polarity,accumulation,Q2 2023/24\n"Q1 25, Q2 50, Q3 75, Q4 100",higher,cumulative,49\n'
    rated = report_of(text, date(2023, 9, 30)).indicators[0]
    assert rated.status is Status.RED
    assert "the target is the one given in Q2; taken as written, not pro-rated" in rated.notes


def test_the_target_of_a_year_is_pro_rated() -> None:
    text = 'target,polarity,accumulation,Q2 2023/24\n"2022/23: 80, 2023/24: 100",higher,cumulative,49\n'
    rated = report_of(text, date(2023, 9, 30)).indicators[0]
    assert rated.status is Status.RED
    assert "50 due by 30 September 2023 (100 for the year, pro-rated" in rated.explanation


def test_a_reading_in_arrears_is_judged_by_the_target_of_its_own_period() -> None:
    text = 'target,polarity,lag,Q3 2023/24\n"70% until 1 October 2023, then 80%",higher,{},75%\n'
    assert report_of(text.format(""), date(2023, 12, 31)).indicators[0].status is Status.RED
    assert report_of(text.format("1 quarter"), date(2023, 12, 31)).indicators[0].status is Status.GREEN


# columns and tables -------------------------------------------------------------------------------------------------

DATED = f"ref,name,target,Target from October 2023,polarity,{QUARTERS}\nA,Calls,70%,80%,higher,75%,75%,75%,75%\n"


def test_a_dated_column_holds_from_its_day_on() -> None:
    assert statuses(DATED, *QUARTERS.split(",")) == [Status.GREEN, Status.GREEN, Status.RED, Status.RED]


def test_the_report_shows_the_target_of_the_period() -> None:
    assert [report_of(DATED, period=p).indicators[0].target.text for p in ("Q2 2023/24", "Q3 2023/24")] == [
        "70%",
        "80%",
    ]


def test_before_the_first_dated_target_there_is_none_and_its_day_is_given() -> None:
    rated = report_of(DATED.replace(",70%,", ",,"), period="Q2 2023/24").indicators[0]
    assert rated.reason is Reason.NO_TARGET
    assert "the first holds from 1 October 2023: 80%" in rated.explanation


def test_a_change_inside_the_period_is_noted() -> None:
    text = DATED.replace("from October 2023", "from 2023-11-15")
    assert "the target changed on 15 November 2023, inside the period" in " ".join(note_of(text, "Q3 2023/24"))
    assert "inside the period" not in " ".join(note_of(text, "Q4 2023/24"))


def note_of(text: str, period: str) -> tuple[str, ...]:
    return report_of(text, period=period).indicators[0].notes


def test_without_the_end_of_the_period_a_dated_target_says_so() -> None:
    rated = report_of("target,Target from 2023-10-01,polarity,Latest\n70%,80%,higher,75%\n").indicators[0]
    assert rated.reason is Reason.DATE_NEEDED
    assert "it is not known when Latest ends" in rated.explanation


def test_a_mistake_in_a_dated_target_is_told_at_its_cell() -> None:
    report = report_of(DATED.replace(",80%,", ",Betwen 10% and 20%,"))
    assert [(problem.severity, problem.column) for problem in report.problems] == [
        ("error", "Target from October 2023")
    ]


@pytest.mark.parametrize("heading", ["Target from Q2", "Target from 4/5/2023"])
def test_a_heading_that_does_not_say_which_day_is_refused(heading: str) -> None:
    with pytest.raises(ScorecardError, match="does not say from which day"):
        read_scorecard_text(f"ref,target,{heading},Q1 2023/24\nA,70%,80%,75%\n", "kpis.csv")


def test_two_columns_from_one_day_are_refused() -> None:
    with pytest.raises(ScorecardError, match="begin on one day"):
        read_scorecard_text("ref,target,Target from October 2023,Target from 2023-10-01,Q1\nA,1,2,3,4\n", "kpis.csv")


KPIS = f"ref,name,target,polarity,{QUARTERS}\nA,Calls,70%,higher,75%,75%,75%,75%\nB,Bins,60,lower,61,61,61,61\n"


def folder(path: Path, targets: str, settings: str = "") -> Scorecard:
    (path / "kpis.csv").write_text(KPIS, encoding="utf-8")
    (path / "targets.csv").write_text(targets, encoding="utf-8")
    named = '[[indicators]]\nfile = "kpis.csv"\n[[targets]]\nfile = "targets.csv"\n'
    (path / "scorecard.toml").write_text(named + settings, encoding="utf-8")
    return read_scorecard(path)


def rated_of(scorecard: Scorecard, ref: str, period: str) -> RatedIndicator:
    return next(each for each in assess(scorecard, as_of=AS_OF, period=period).indicators if each.ref == ref)


def test_a_table_of_targets_gives_each_from_its_day_on(tmp_path: Path) -> None:
    scorecard = folder(tmp_path, "ref,from,target\nA,2023-10-01,80%\nA,Q4 2023/24,74%\nB,July 2023,65\n")
    assert [rated_of(scorecard, "A", period).status for period in QUARTERS.split(",")] == [
        Status.GREEN, Status.GREEN, Status.RED, Status.GREEN,
    ]  # fmt: skip
    assert [rated_of(scorecard, "B", period).status for period in QUARTERS.split(",")[:2]] == [Status.RED, Status.GREEN]


def test_a_table_of_targets_may_name_its_columns(tmp_path: Path) -> None:
    more = '[targets.columns]\nfrom = "When"\n'
    scorecard = folder(tmp_path, "name,When,target\nCalls,2023-10-01,80%\n", more)
    assert rated_of(scorecard, "A", "Q3 2023/24").status is Status.RED


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("C,2023-10-01,80%", "no indicator is called “C”; the target is not used"),
        ("A,soon,80%", "“soon” does not say from which day"),
        ("A,Q2,80%", "“Q2” does not say from which day"),
        ("A,2023-10-01,80%\nA,October 2023,85%", "“85%” is a second target from 1 October 2023, after “80%”"),
    ],
)
def test_what_is_wrong_in_a_table_of_targets_is_an_error_at_its_place(tmp_path: Path, row: str, said: str) -> None:
    scorecard = folder(tmp_path, f"ref,from,target\n{row}\n")
    (problem,) = scorecard.problems
    assert (problem.severity, said in problem.message) == ("error", True), problem.message
    assert problem.place.startswith("targets.csv, row ")


def test_a_doubtful_number_in_a_table_of_targets_leaves_its_indicator_unrated(tmp_path: Path) -> None:
    scorecard = folder(tmp_path, "ref;from;target\nA;2023-10-01;1,250\nB;2023-10-01;60\n")
    assert [rated_of(scorecard, ref, "Q4 2023/24").status for ref in "AB"] == [Status.UNRATED, Status.RED]
    assert "“1,250” could be 1.250 or 1250" in scorecard.problems[0].message


def test_an_indicator_whose_targets_cannot_be_told_apart_is_not_rated(tmp_path: Path) -> None:
    scorecard = folder(tmp_path, "ref,from,target\nA,soon,80%\nB,2023-10-01,60\nB,2023-10-01,70\n")
    assert {rated_of(scorecard, ref, "Q1 2023/24").status for ref in "AB"} == {Status.UNRATED}


def test_a_table_of_targets_needs_a_column_of_days(tmp_path: Path) -> None:
    with pytest.raises(ScorecardError, match="no column says from when each target holds"):
        folder(tmp_path, "ref,target\nA,80%\n")


def test_a_table_of_targets_needs_a_file(tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text(KPIS, encoding="utf-8")
    (tmp_path / "scorecard.toml").write_text("[[targets]]\nsheet = 'x'\n", encoding="utf-8")
    with pytest.raises(ScorecardError, match="needs its file"):
        read_scorecard(tmp_path)


def test_yaml_has_targets_too(tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_text(
        "indicators:\n  - ref: A\n    target: at least 70%\n    readings: {Q2 2023/24: 75%, Q3 2023/24: 75%}\n"
        "targets:\n  - {ref: A, from: 2023-10-01, target: at least 80%}\n",
        encoding="utf-8",
    )
    scorecard = read_scorecard(path)
    assert [rated_of(scorecard, "A", period).status for period in ("Q2 2023/24", "Q3 2023/24")] == [
        Status.GREEN, Status.RED,
    ]  # fmt: skip


def test_a_workbook_has_a_sheet_of_targets(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    for line in (["ref", "target", "Q2 2023/24", "Q3 2023/24"], ["A", "at least 70%", "75%", "75%"]):
        sheet.append(line)
    targets = book.create_sheet("Targets")
    targets.append(["ref", "from", "target"])
    targets.append(["A", date(2023, 10, 1), "at least 80%"])
    book.save(tmp_path / "card.xlsx")
    scorecard = read_scorecard(tmp_path / "card.xlsx")
    assert [rated_of(scorecard, "A", period).status for period in ("Q2 2023/24", "Q3 2023/24")] == [
        Status.GREEN, Status.RED,
    ]  # fmt: skip


def test_the_lines_of_a_long_table_may_repeat_a_dated_target() -> None:
    text = (
        "ref,target,Target from October 2023,polarity,period,value\n"
        "A,70%,80%,higher,Q2 2023/24,75%\nA,70%,80%,higher,Q3 2023/24,75%\n"
    )
    assert statuses(text, "Q2 2023/24", "Q3 2023/24") == [Status.GREEN, Status.RED]


def test_the_scheme_of_a_workbook_may_let_improving_count(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["ref", "target", "Q2 2022/23", "Q1 2023/24", "Q2 2023/24"])
    book.active.append(["A", "at least 95%", "81%", "90%", "84%"])
    scheme = book.create_sheet("Scheme")
    scheme.append(["green within", "10%"])
    scheme.append(["amber if improving", "improving on the same quarter last year"])
    book.save(tmp_path / "card.xlsx")
    assert rated_of(read_scorecard(tmp_path / "card.xlsx"), "A", "Q2 2023/24").status is Status.AMBER


def test_a_plain_year_is_the_calendars_in_every_kind_of_year() -> None:
    changing = rule("at least 60% by 2030 and 100% by 2035", year="financial")
    assert changing.at(date(2030, 12, 30)).reason is Reason.NOT_DUE
    assert changing.at(date(2030, 12, 31)).aim == "at least 60%"
