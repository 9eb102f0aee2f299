"""Actions and objectives at a date: their states, what is said of them, and where the reports disagree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag_rules.errors import ScorecardError
from rag_rules.models import Action, Aim, Objective, RatedAction, Report, Scheme, Scorecard
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.states import Clash, Reported, State
from rag_rules.status import Reason, Status
from rag_rules.syntax.grammar import date_parser

TODAY = date(2023, 9, 30)


def report(*actions: Action, as_of: date = TODAY, **scheme: Any) -> Report:
    return assess(Scorecard(actions=actions, scheme=Scheme(**scheme)), as_of=as_of)


def action(number: int = 1, **cells: Any) -> Action:
    return Action(row=number, place=f"actions.csv, row {number}", ref=f"A{number}", name="Repair the bridge", **cells)


def rated(as_of: date = TODAY, scheme: dict[str, Any] | None = None, **cells: Any) -> RatedAction:
    return report(action(**cells), as_of=as_of, **(scheme or {})).actions[0]


def found(shown: RatedAction) -> tuple[State, Status, Reason | None]:
    return shown.state, shown.status, shown.reason


# finished work --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finished", "state", "status"),
    [
        ("2023-02-28", State.COMPLETED_EARLY, Status.GREEN),
        ("2023-03-01", State.COMPLETED_ON_TIME, Status.GREEN),
        ("2023-03-31", State.COMPLETED_ON_TIME, Status.GREEN),
        ("2023-04-01", State.COMPLETED_LATE, Status.RED),
        ("Mar-23", State.COMPLETED_ON_TIME, Status.GREEN),
        ("Feb-23", State.COMPLETED_EARLY, Status.GREEN),
        ("Apr-23", State.COMPLETED_LATE, Status.RED),
    ],
)
def test_finished_work_is_judged_by_its_day(finished: str, state: State, status: Status) -> None:
    assert found(rated(due="Mar-23", finished_on=finished, reported="Completed")) == (state, status, None)


@pytest.mark.parametrize(("finished", "status"), [("2023-06-30", Status.AMBER), ("2023-07-01", Status.RED)])
def test_late_work_is_amber_within_the_grace(finished: str, status: Status) -> None:
    assert rated(due="Mar-23", finished_on=finished, scheme={"grace": "3 months"}).status is status


def test_a_month_of_finishing_that_holds_the_deadline_cannot_say_whether_in_time() -> None:
    shown = rated(due="2023-03-15", finished_on="Mar-23", reported="Completed")
    assert found(shown) == (State.COMPLETED, Status.UNRATED, Reason.AMBIGUOUS)
    assert "depends on the day" in shown.explanation


def test_a_month_of_finishing_that_is_not_over_ends_with_the_report() -> None:
    assert rated(date(2023, 3, 15), due="2023-03-15", finished_on="Mar-23").state is State.COMPLETED_ON_TIME


def test_a_month_of_finishing_at_the_end_of_the_grace_has_no_status() -> None:
    shown = rated(due="2023-03-15", finished_on="Jun-23", scheme={"grace": "3 months"})
    assert found(shown) == (State.COMPLETED_LATE, Status.UNRATED, Reason.AMBIGUOUS)


def test_finished_work_without_a_deadline_is_unrated() -> None:
    shown = rated(finished_on="2023-03-31")
    assert found(shown) == (State.COMPLETED, Status.UNRATED, Reason.NO_DATE)
    assert shown.explanation == "Unrated: finished on 31 March 2023; it has no deadline."


def test_work_that_is_late_against_the_first_date_and_not_the_revised_one_is_in_time() -> None:
    shown = rated(due="Mar-23", revised_due="Jun-23", finished_on="2023-05-31")
    assert found(shown) == (State.COMPLETED_EARLY, Status.GREEN, None)
    assert shown.notes == ("after the first deadline, 31 March 2023, and not after the revised one",)


def test_completed_work_without_a_date_is_unrated_once_its_deadline_has_passed() -> None:
    assert found(rated(due="Mar-23", reported="Completed")) == (State.COMPLETED, Status.UNRATED, Reason.NO_FINISH)


@pytest.mark.parametrize(("due", "state"), [("Oct-23", State.COMPLETED_EARLY), ("Sep-23", State.COMPLETED_ON_TIME)])
def test_completed_work_without_a_date_is_in_time_while_its_deadline_is_ahead(due: str, state: State) -> None:
    assert found(rated(due=due, reported="Completed")) == (state, Status.GREEN, None)


def test_completed_work_whose_deadline_cannot_be_read_is_completed() -> None:
    shown = rated(due="31st Sept 2020", reported="Completed")
    assert found(shown) == (State.COMPLETED, Status.UNRATED, Reason.BAD_DATE)


# work that is not finished --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "state", "slack"),
    [
        (date(2023, 8, 30), State.NOT_DUE, 31),
        (date(2023, 8, 31), State.DUE_SOON, 30),
        (date(2023, 9, 29), State.DUE_SOON, 1),
        (date(2023, 9, 30), State.DUE_TODAY, 0),
        (date(2023, 10, 1), State.OVERDUE, -1),
    ],
)
def test_unfinished_work_comes_nearer_to_its_deadline(as_of: date, state: State, slack: int) -> None:
    shown = rated(as_of, {"due_soon": "30 days"}, due="Sep-23", reported="On track")
    assert (shown.state, shown.slack) == (state, slack)


def test_work_that_is_due_soon_is_amber() -> None:
    assert rated(due="Oct-23", reported="On track", scheme={"due_soon": "2 months"}).status is Status.AMBER


def test_work_that_is_not_due_is_unrated() -> None:
    assert found(rated(due="Oct-23", reported="On track")) == (State.NOT_DUE, Status.UNRATED, Reason.NOT_DUE)


@pytest.mark.parametrize(
    ("grace", "status"), [(None, Status.RED), ("6 months", Status.AMBER), ("5 months", Status.RED)]
)
def test_overdue_work_is_amber_within_the_grace(grace: str | None, status: Status) -> None:
    assert rated(due="Mar-23", reported="Off track", scheme={"grace": grace}).status is status


def test_work_past_its_first_date_and_not_its_revised_one_is_amber() -> None:
    shown = rated(due="Mar-23", revised_due="Dec-23", reported="At risk")
    assert found(shown) == (State.OVERDUE_ORIGINAL, Status.AMBER, None)
    assert shown.explanation == (
        "Amber: past its first date, 31 March 2023, by 183 days, and not past the revised one, 31 December 2023."
    )


def test_work_past_its_revised_date_is_overdue() -> None:
    shown = rated(due="Mar-23", revised_due="Jun-23", reported="Off track")
    assert (shown.state, shown.slack) == (State.OVERDUE, -92)


def test_work_past_its_deadline_of_which_nothing_is_reported_has_no_status() -> None:
    shown = rated(due="Mar-23")
    assert found(shown) == (State.UNREPORTED, Status.UNRATED, Reason.NO_REPORT)


def test_a_blank_finish_date_says_unfinished_where_no_column_reports_progress() -> None:
    shown = rated(due="Mar-23", at={"due": ("row", "Due"), "finished_on": ("row", "Finished")})
    assert found(shown) == (State.OVERDUE, Status.RED, None)


def test_a_blank_finish_date_says_nothing_where_a_column_reports_progress() -> None:
    places = {"due": ("row", "Due"), "finished_on": ("row", "Finished"), "reported": ("row", "RAG")}
    assert rated(due="Mar-23", at=places).state is State.UNREPORTED


def test_due_soon_is_unrated_where_nothing_is_reported() -> None:
    shown = rated(due="Oct-23", scheme={"due_soon": "2 months"})
    assert found(shown) == (State.DUE_SOON, Status.UNRATED, Reason.NO_REPORT)


@pytest.mark.parametrize(("word", "state"), [("On hold", State.PAUSED), ("Superseded", State.CANCELLED)])
def test_nothing_is_held_against_work_that_waits_or_is_given_up(word: str, state: State) -> None:
    assert found(rated(due="Mar-23", reported=word)) == (state, Status.UNRATED, Reason.NO_LONGER)


# dates that are none, or mean several things --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "why"),
    [
        (None, "it has no deadline"),
        ("n/a", "it has no deadline"),
        ("TBC", "which is no date"),
        ("ongoing", "which has no end"),
        ("annually", "comes round"),
        ("within six months of approval", "depends on"),
    ],
)
def test_work_without_a_date_is_unrated(due: str | None, why: str) -> None:
    shown = rated(due=due, reported="On track")
    assert found(shown) == (State.NO_DATE, Status.UNRATED, Reason.NO_DATE)
    assert shown.undated
    assert why in shown.explanation


def test_work_that_only_begins_on_a_day_is_not_due_before_it() -> None:
    before, after = (rated(day, due="from 1 April 2023", reported="On track") for day in (date(2023, 3, 31), TODAY))
    assert (before.state, after.state) == (State.NOT_DUE, State.NO_DATE)


def test_a_revised_deadline_to_be_confirmed_leaves_no_date_in_force() -> None:
    shown = rated(due="Mar-23", revised_due="TBC", reported="Off track")
    assert shown.state is State.NO_DATE
    assert "the first, 31 March 2023, is past by 183 days" in shown.explanation


MOVED = [
    "Mar 2023 (revised to Dec 2023)",
    "Was Mar 2023 now Dec 2023",
    "Mar 2023 – slipped to Dec 2023",
    "March 2023 extended until December 2023",
]


@pytest.mark.parametrize("due", MOVED)
def test_a_date_that_its_own_words_move_is_judged_as_one_that_two_columns_move(due: str) -> None:
    in_words = rated(reported="On track", due=due)
    in_columns = rated(reported="On track", due="Mar-23", revised_due="Dec-23")
    assert found(in_words) == (State.OVERDUE_ORIGINAL, Status.AMBER, None)
    assert (in_words.explanation, in_words.slack) == (in_columns.explanation, in_columns.slack)


@pytest.mark.parametrize("due", MOVED)
def test_a_date_that_its_own_words_move_is_counted_as_revised_and_noted(due: str) -> None:
    shown = report(action(due=due, reported="On track"))
    assert shown.action_summary is not None
    assert shown.action_summary.revised == 1
    assert any("was due before" in note for note in shown.actions[0].notes)


def test_the_first_of_several_dates_that_were_moved_is_the_original() -> None:
    assert (
        "its first date, 31 December 2022"
        in rated(due="Was Dec 2022, then Mar 2023, now Dec 2023", reported="On track").explanation
    )


def test_a_revised_date_before_the_first_is_a_warning() -> None:
    problems = report(action(due="Dec-23", revised_due="Mar-23", reported="Off track")).problems
    assert [(each.severity, each.place) for each in problems] == [("warning", "actions.csv, row 1, column revised_due")]
    assert "the revised date, 31 March 2023, is before the first, 31 December 2023" in problems[0].message


def test_a_revised_date_that_may_be_after_the_first_is_no_warning() -> None:
    shown = report(action(due="03/04/2023", revised_due="2023-03-20", reported="Off track"))
    assert not any("is before the first" in each.message for each in shown.problems)


@pytest.mark.parametrize(("word", "number"), [("Off track", 1), ("On track", 1), ("Completed", 0), (None, 0)])
def test_work_that_goes_on_past_its_first_date_without_a_new_one_is_a_warning(word: str | None, number: int) -> None:
    problems = report(action(due="Mar-23", revised_due="TBC", reported=word)).problems
    assert len([each for each in problems if "31 March 2023, is past by 183 days" in each.message]) == number


def test_a_revised_deadline_to_be_confirmed_is_no_warning_while_the_first_is_ahead() -> None:
    assert report(action(due="Dec-23", revised_due="TBC", reported="On track")).problems == ()


def test_a_revised_deadline_that_does_not_apply_is_none() -> None:
    shown = rated(due="Mar-23", revised_due="n/a", reported="Off track")
    assert (shown.state, shown.revised) == (State.OVERDUE, None)


def test_a_day_without_a_year_that_may_be_a_month_is_not_taken_for_one() -> None:
    shown = rated(due="Sept 21", reported="On track")
    assert found(shown) == (State.CANNOT_TELL, Status.UNRATED, Reason.AMBIGUOUS)
    assert "“Sept 21” as a day without its year: unrated, its deadline" in shown.explanation
    assert "; or “Sept 21” as 1 September 2021 to 30 September 2021: red, due by 30 September 2021" in shown.explanation


@pytest.mark.parametrize(
    ("due", "named"),
    [
        ("Q4", "“Q4”"),
        ("End March", "“End March”"),
        ("31st March", "“31st March”"),
        ("Year end", "“Year end”"),
        ("Dec 22 - Jan 23", "“Dec 22 - Jan 23”"),
        ("5th March 2O22", "“5th March”"),
        ("by Easter 2023", "“Easter 2023”"),
    ],
)
def test_a_deadline_that_lacks_its_year_or_is_unclear_is_a_warning_with_the_reason(due: str, named: str) -> None:
    shown = report(action(due=due, reported="On track"))
    assert found(shown.actions[0]) == (State.NO_DATE, Status.UNRATED, Reason.NO_DATE)
    assert named in shown.actions[0].explanation
    (problem,) = shown.problems
    assert (problem.severity, problem.place) == ("warning", "actions.csv, row 1, column due")
    assert named in problem.message


@pytest.mark.parametrize(
    "due", ["Ongoing", "TBC", "date to be agreed", "annually", "Annually, by March 31", "within six months of approval"]
)
def test_a_deadline_that_promises_no_date_is_no_problem(due: str) -> None:
    assert report(action(due=due, reported="On track")).problems == ()


@pytest.mark.parametrize(
    ("due", "day"),
    [
        ("mid 2023", "31 August 2023"),
        ("mid-September 2023", "20 September 2023"),
        ("late 2024", "31 December 2024"),
        ("2024", "31 December 2024"),
        ("Q1 2023-24", "30 June 2023"),
    ],
)
def test_a_last_day_that_the_text_does_not_name_is_noted(due: str, day: str) -> None:
    assert any(f"is taken as by its last day, {day}" in note for note in rated(due=due, reported="Off track").notes)


@pytest.mark.parametrize("due", ["2023-03-31", "31 March 2023", "Mar-23"])
def test_a_last_day_that_the_sentence_alone_makes_plain_is_not_noted(due: str) -> None:
    shown = rated(due=due, reported="Off track")
    assert shown.notes == ()
    assert "31 March 2023" in shown.explanation


@pytest.mark.parametrize("cells", [{"due": "45016"}, {"due": "45016.0"}])
def test_a_day_number_of_excel_is_named_as_its_date(cells: dict[str, Any]) -> None:
    (problem,) = report(action(reported="On track", **cells)).problems
    assert "it may be a day number of Excel, 31 March 2023" in problem.message


@pytest.mark.parametrize("number", ["4501", "450167", "12345", "99999"])
def test_a_number_that_is_no_likely_day_is_not_taken_for_one(number: str) -> None:
    (problem,) = report(action(due=number, reported="On track")).problems
    assert "Excel" not in problem.message


@pytest.mark.parametrize("cells", [{"finished_on": "2023-01-05"}, {"reported": "Completed"}])
def test_one_round_of_what_comes_round_says_nothing_of_the_others(cells: dict[str, Any]) -> None:
    shown = rated(due="Biannually until 2029", **cells)
    assert found(shown) == (State.COMPLETED, Status.UNRATED, Reason.NO_DATE)


def test_what_comes_round_is_overdue_once_its_time_is_over() -> None:
    before, after = (
        rated(day, due="Biannually until 2022", reported="On track") for day in (date(2022, 12, 31), TODAY)
    )
    assert (before.state, after.state) == (State.NO_DATE, State.OVERDUE)


@pytest.mark.parametrize("word", ["On track", "Off track", None])
@pytest.mark.parametrize(
    "due", ["March 2022, then annually", "Annually, by 31 March 2022", "March 2024, then annually"]
)
def test_the_first_date_of_what_comes_round_is_no_deadline_for_all_of_it(due: str, word: str | None) -> None:
    shown = rated(due=due, reported=word)
    assert found(shown) == (State.NO_DATE, Status.UNRATED, Reason.NO_DATE)
    assert "comes round" in shown.explanation
    assert any("is the deadline of one round" in note for note in shown.notes)
    assert (shown.slack, shown.disagreement) == (None, None)


def test_meanings_that_differ_are_each_said() -> None:
    shown = rated(due="03/10/2023", reported="On track")
    assert found(shown) == (State.CANNOT_TELL, Status.UNRATED, Reason.AMBIGUOUS)
    assert "as 10 March 2023: red, due by 10 March 2023, 204 days before 30 September 2023" in shown.explanation
    assert "as 3 October 2023: unrated, not due until 3 October 2023" in shown.explanation


def test_the_meanings_of_two_dates_are_named_together() -> None:
    shown = rated(due="03/04/2023", finished_on="04/03/2023", reported="Completed")
    assert shown.state is State.COMPLETED
    assert (
        "“03/04/2023” as 4 March 2023 and “04/03/2023” as 3 April 2023: red, finished on 3 April" in shown.explanation
    )


def test_meanings_that_agree_give_their_state() -> None:
    shown = rated(due="03/04/2023", reported="On track")
    assert (shown.state, shown.status, shown.slack) == (State.OVERDUE, Status.RED, None)
    assert shown.clash is Clash.PAST_DEADLINE


def test_the_day_order_of_the_scheme_settles_a_date() -> None:
    shown = rated(due="03/10/2023", reported="On track", scheme={"day_order": "day first"})
    assert (shown.state, shown.slack) == (State.NOT_DUE, 3)


def test_a_convention_keeps_its_slack_where_the_other_meanings_agree() -> None:
    shown = rated(due="Q3 2024", reported="On track")
    assert (shown.state, shown.slack) == (State.NOT_DUE, 366)
    assert "every other meaning of its dates comes to the same" in shown.explanation


def test_a_convention_does_not_settle_what_its_other_meanings_would_change() -> None:
    assert rated(date(2024, 10, 1), due="Q3 2024", reported="On track").state is State.CANNOT_TELL


@pytest.mark.parametrize(
    "scheme", [{}, *({"year_start": text} for text in ("April", "financial", "apr", "calendar", "January"))]
)
def test_the_usual_year_is_the_same_however_it_is_written(scheme: dict[str, str]) -> None:
    plain = rated(due="by 2022", reported="Late", scheme=scheme)
    assert (plain.state, plain.slack) == (State.OVERDUE, -273)
    quarter = rated(date(2024, 10, 1), due="Q3 2024", reported="On track", scheme=scheme)
    assert (quarter.state, quarter.due and quarter.due.last_day) == (State.CANNOT_TELL, date(2024, 9, 30))


def test_a_plain_year_may_be_that_of_an_organisation_with_another_year() -> None:
    assert (
        rated(date(2022, 8, 1), due="by 2022", reported="Late", scheme={"year_start": "July"}).state
        is State.CANNOT_TELL
    )


@pytest.mark.parametrize("year_start", ["September", "academic"])
def test_a_financial_year_begins_when_the_scheme_says(year_start: str) -> None:
    shown = rated(due="by the end of 2022/23", reported="Late", scheme={"year_start": year_start})
    assert shown.due is not None
    assert shown.due.last_day == date(2023, 8, 31)


def test_several_deadlines_are_judged_by_the_last() -> None:
    shown = rated(date(2021, 4, 30), due="by late 2020 and to be in place by 2021", reported="On track")
    assert (shown.state, shown.slack) == (State.NOT_DUE, 245)
    assert shown.notes[0] == "an earlier stage was due by 31 December 2020; it is judged by the last"


def test_only_the_meanings_of_the_last_of_several_deadlines_count() -> None:
    shown = rated(due="by Q1 2021 and by Q4 2024", reported="On track")
    assert (shown.state, shown.slack) == (State.NOT_DUE, 458)


def test_an_ambiguous_date_is_a_warning_at_its_place() -> None:
    problems = report(action(due="03/10/2023", reported="On track")).problems
    assert [(each.severity, each.place) for each in problems] == [("warning", "actions.csv, row 1, column due")]


def test_an_impossible_date_is_an_error_at_its_place() -> None:
    shown = report(action(due="31st Sept 2020", reported="Delayed"))
    assert found(shown.actions[0]) == (State.NOT_UNDERSTOOD, Status.UNRATED, Reason.BAD_DATE)
    assert [(each.severity, each.place) for each in shown.problems] == [("error", "actions.csv, row 1, column due")]


def test_an_impossible_first_date_leaves_the_revised_one_in_force() -> None:
    shown = rated(due="31st Sept 2020", revised_due="Dec-21", reported="Delayed")
    assert shown.state is State.OVERDUE
    assert shown.notes == ("the first deadline, “31st Sept 2020”, cannot be read",)


@pytest.mark.parametrize("text", ["2023", "ongoing", "from 1 April 2023", "Mar 2023 (revised to Apr 2023)"])
def test_a_finish_date_is_a_day_or_a_month(text: str) -> None:
    shown = report(action(due="Mar-23", finished_on=text, reported="On track"))
    assert found(shown.actions[0]) == (State.NOT_UNDERSTOOD, Status.UNRATED, Reason.BAD_DATE)
    assert "no day on which something was finished" in shown.problems[0].message


def test_a_row_that_is_in_trouble_is_not_assessed() -> None:
    shown = rated(due="Mar-23", reported="On track", trouble="the row has 9 cells and the table 8 columns")
    assert found(shown) == (State.NOT_UNDERSTOOD, Status.UNRATED, Reason.BAD_ROW)


# the calendar ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("Feb-24", date(2024, 2, 29)),
        ("Feb-23", date(2023, 2, 28)),
        ("29 February 2024", date(2024, 2, 29)),
        ("Dec-23", date(2023, 12, 31)),
        ("Apr-23", date(2023, 4, 30)),
    ],
)
def test_a_deadline_is_the_last_day_of_what_it_names(due: str, last: date) -> None:
    on, after = (rated(day, due=due, reported="On track") for day in (last, date.fromordinal(last.toordinal() + 1)))
    assert (on.state, after.state, after.slack) == (State.DUE_TODAY, State.OVERDUE, -1)


def test_the_grace_of_a_month_after_29_february_ends_with_march() -> None:
    scheme = {"grace": "1 month"}
    days = (date(2024, 3, 31), date(2024, 4, 1))
    assert [rated(day, scheme, due="29 February 2024", reported="Late").status for day in days] == [
        Status.AMBER,
        Status.RED,
    ]


def test_the_end_of_the_calendar_stops_nothing() -> None:
    shown = rated(due="2099-12-31", reported="On track", scheme={"due_soon": "9999 years", "grace": "9999 years"})
    assert shown.state is State.DUE_SOON


def test_slack_in_working_days_leaves_weekends_and_holidays_out() -> None:
    holidays = (date(2023, 12, 25), date(2023, 12, 26))
    shown = rated(date(2023, 12, 22), {"holidays": holidays}, due="2023-12-29", reported="On track")
    assert (shown.slack, shown.slack_working_days) == (7, 3)


def test_finished_work_has_the_days_that_were_left() -> None:
    assert rated(due="2023-03-31", finished_on="2023-04-03").slack == -3


# what is reported -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["On track", "At risk", "Not started"])
def test_work_to_plan_that_is_past_its_deadline_is_a_disagreement(word: str) -> None:
    shown = report(action(due="Mar-23", reported=word))
    said = f"reported as “{word}”, and 183 days past its deadline, 31 March 2023"
    assert (shown.actions[0].clash, shown.actions[0].disagreement) == (Clash.PAST_DEADLINE, said)
    assert [(each.place, each.message) for each in shown.problems] == [("actions.csv, row 1, column reported", said)]


def test_work_to_plan_that_falls_due_that_day_is_a_disagreement_of_its_own() -> None:
    shown = rated(due="Sep-23", reported="On track")
    assert (shown.clash, shown.disagreement) == (
        Clash.DUE_TODAY,
        "reported as “On track”, and falls due that very day, 30 September 2023",
    )


def test_unfinished_work_with_a_finish_date_is_a_disagreement() -> None:
    shown = report(action(due="Mar-23", finished_on="2023-03-01", reported="On track"))
    assert (shown.actions[0].state, shown.actions[0].clash) == (State.COMPLETED_ON_TIME, Clash.FINISHED)
    assert shown.problems[0].place == "actions.csv, row 1, column finished_on"


@pytest.mark.parametrize(
    ("word", "state"), [("Completed", State.CANNOT_TELL), ("Off track", State.OVERDUE), ("", State.OVERDUE)]
)
def test_a_finish_date_that_is_still_to_come_is_a_disagreement(word: str, state: State) -> None:
    shown = rated(due="Mar-23", finished_on="2023-12-01", reported=word)
    assert (shown.state, shown.clash) == (state, Clash.FUTURE)


@pytest.mark.parametrize(
    "cells",
    [
        {"due": "Mar-23", "reported": "Off track"},
        {"due": "Oct-23", "reported": "Off track"},
        {"due": "Mar-23", "reported": "Completed"},
        {"due": "Mar-23", "reported": "On hold"},
        {"due": "Mar-23", "reported": "Cancelled", "finished_on": "2023-01-01"},
        {"due": "Mar-23", "revised_due": "Oct-23", "reported": "On track"},
        {"due": "Mar-23"},
    ],
)
def test_reports_that_fit_the_dates_are_no_disagreement(cells: dict[str, Any]) -> None:
    shown = report(action(**cells))
    assert (shown.actions[0].disagreement, shown.problems) == (None, ())


def test_a_word_that_nobody_knows_is_told_once_with_its_rows() -> None:
    shown = report(*(action(number, due="Mar-23", reported="Blue") for number in (1, 2, 4)))
    assert {found(each) for each in shown.actions} == {(State.CANNOT_TELL, Status.UNRATED, Reason.UNKNOWN_REPORT)}
    assert [each.place for each in shown.problems] == ["actions.csv, rows 1, 2 and 4, column reported"]
    assert "completed in many organisations, and not started in others" in shown.problems[0].message


def test_a_word_that_the_scheme_knows_is_understood() -> None:
    shown = rated(due="Mar-23", reported="Blue", scheme={"reported": {"Blue": "completed"}})
    assert (shown.state, shown.reported, shown.reported_state) == (State.COMPLETED, "Blue", Reported.COMPLETED)


def test_a_word_that_nobody_knows_does_not_hide_a_finish_date() -> None:
    assert rated(due="Mar-23", finished_on="2023-03-01", reported="Blue").state is State.COMPLETED_ON_TIME


def test_a_ref_that_repeats_is_a_warning() -> None:
    shown = report(action(1, reported="Completed"), action(2, reported="Completed").model_copy(update={"ref": "A1"}))
    assert [each.place for each in shown.problems] == ["actions.csv, rows 1 and 2, column ref"]


def test_text_from_outside_is_printable_in_what_is_said() -> None:
    shown = report(action(due="\x1b[31mMar", reported="\x1b[31mGreen", finished_on="\x1b[31msoon"))
    said = [shown.actions[0].explanation, *(each.message for each in shown.problems)]
    assert all(text.isprintable() for text in said)


# the scheme -----------------------------------------------------------------------------------------------------------


def test_a_scorecard_without_tasks_needs_no_grammar_of_dates() -> None:
    indicators = read_scorecard_text("target,Q2 2023/24\n≥5,6\n", "kpis.csv").indicators
    date_parser.cache_clear()
    assess(Scorecard(indicators=indicators), as_of=TODAY)
    assert date_parser.cache_info().currsize == 0
    rated(due="by 7 December 2031", reported="On track")
    assert date_parser.cache_info().currsize == 1


@pytest.mark.parametrize(
    "setting", [{"year_start": "Smarch"}, {"grace": "a while"}, {"due_soon": "soon"}, {"day_order": "any"}]
)
def test_a_setting_that_cannot_be_read_is_refused(setting: dict[str, Any]) -> None:
    with pytest.raises(ScorecardError, match="the scheme"):
        report(**setting)


# plans and counts -----------------------------------------------------------------------------------------------------


def plan(*aims: Aim, as_of: date = TODAY, **scheme: Any) -> Report:
    return assess(Scorecard(aims=aims, scheme=Scheme(**scheme)), as_of=as_of)


def aim(theme: str, *dues: str, **cells: Any) -> Aim:
    objectives = tuple(
        Objective(row=row, place=f"plan.csv, row {row}", name="Audit", due=due, reported="On track")
        for row, due in enumerate(dues, start=1)
    )
    return Aim(theme=theme, ref=theme[:1], name="Better", objectives=objectives, **cells)


def test_an_objective_has_the_ref_of_its_aim() -> None:
    assert plan(aim("Roads", "Mar-23")).aims[0].objectives[0].ref == "R"


def test_a_code_of_resource_impact_has_the_meaning_of_the_scheme() -> None:
    shown = plan(aim("Roads", "Mar-23", resource_impact="A"), resource_impact={"a": "within budget"})
    assert (shown.aims[0].resource_impact, shown.aims[0].resource_meaning) == ("A", "within budget")


def test_a_code_that_the_scheme_does_not_list_is_a_warning() -> None:
    shown = plan(aim("Roads", "Oct-23", resource_impact="C"), resource_impact={"A": "within budget"})
    assert [each.message for each in shown.problems] == ["the resource impact “C” is not in the scheme, which has “A”"]


def test_objectives_count_for_their_theme_for_each_role_and_for_their_resource_impact() -> None:
    shown = plan(
        aim("Roads", "Mar-23", "Oct-23", responsible=("Leader", "Director"), resource_impact="A"),
        aim("Homes", "Mar-23", responsible=("Director",)),
    )
    assert shown.plan_summary is not None
    assert [(each.by, each.group, each.total, each.overdue) for each in shown.plan_summary.groups] == [
        ("theme", "Roads", 2, 1),
        ("theme", "Homes", 1, 1),
        ("responsible", "Leader", 2, 1),
        ("responsible", "Director", 3, 2),
        ("resource impact", "A", 2, 1),
        ("resource impact", "", 1, 1),
    ]


@pytest.mark.parametrize("roles", [("Mayor", "Mayor"), ("Leader of the Council", "leader  of the council")])
def test_a_role_that_is_listed_twice_counts_once(roles: tuple[str, ...]) -> None:
    shown = plan(aim("Roads", "Mar-23", responsible=roles))
    assert shown.plan_summary is not None
    assert [(each.group, each.total) for each in shown.plan_summary.groups if each.by == "responsible"] == [
        (roles[0], 1)
    ]


def test_spellings_of_one_reported_word_are_counted_together_as_it_is_first_written() -> None:
    shown = report(
        *(
            action(n, due="Mar-23", reported=word)
            for n, word in enumerate(("On track", "on-track", "ON TRACK.", "★"), 1)
        )
    ).action_summary
    assert shown is not None
    assert shown.reported == {"On track": 3, "★": 1}
    assert [(each.reported, each.number) for each in shown.disagreements] == [("On track", 3)]


def test_actions_are_counted_by_state_by_word_and_by_disagreement() -> None:
    shown = report(
        action(1, due="Mar-23", reported="On track", owner="Ann"),
        action(2, due="Mar-23", revised_due="Oct-23", reported="Late"),
        action(3, due="ongoing", reported="On track", owner="Ann"),
        action(4, due="Mar-23"),
        action(5, due="Mar-23", finished_on="2023-03-01", reported="Done"),
    ).action_summary
    assert shown is not None
    assert shown.states == {
        State.COMPLETED_ON_TIME: 1, State.OVERDUE: 1, State.OVERDUE_ORIGINAL: 1, State.UNREPORTED: 1, State.NO_DATE: 1,
    }  # fmt: skip
    assert list(shown.reported.items()) == [("On track", 2), ("Late", 1), ("", 1), ("Done", 1)]
    assert (shown.completed, shown.met, shown.overdue, shown.unreported, shown.revised, shown.undated) == (
        1,
        1,
        1,
        1,
        1,
        1,
    )
    assert [(each.reported, each.clash, each.number) for each in shown.disagreements] == [
        ("On track", Clash.PAST_DEADLINE, 1)
    ]
    assert [(each.by, each.group, each.total) for each in shown.groups] == [("owner", "Ann", 2), ("owner", "", 3)]


def test_a_scorecard_without_actions_and_plan_has_no_counts_of_them() -> None:
    shown = report()
    assert (shown.action_summary, shown.plan_summary) == (None, None)


# the example ----------------------------------------------------------------------------------------------------------

RUTLAND = Path(__file__).parents[1] / "examples" / "rutland"


@pytest.fixture(scope="module")
def rutland() -> Report:
    return assess(read_scorecard(RUTLAND), as_of=TODAY)


def test_the_reported_words_of_the_example_are_counted_as_published(rutland: Report) -> None:
    assert rutland.action_summary is not None
    assert rutland.action_summary.reported == {
        "Completed": 51, "On track": 46, "At risk": 4, "Off target": 3, "Not started": 1,
    }  # fmt: skip


def test_18_actions_of_the_example_that_are_on_track_are_past_their_month_and_one_is_due_that_day(
    rutland: Report,
) -> None:
    clashes = [each.clash for each in rutland.actions if each.reported == "On track"]
    assert (clashes.count(Clash.PAST_DEADLINE), clashes.count(Clash.DUE_TODAY), len(clashes)) == (18, 1, 46)


def test_each_disagreement_of_the_example_is_said_at_its_row(rutland: Report) -> None:
    rows = {each.row for each in rutland.actions if each.disagreement is not None}
    places = [each.place for each in rutland.problems if each.place.startswith("actions.csv")]
    assert sorted(places) == sorted(f"actions.csv, row {row}, column reported" for row in rows)
    assert len(places) == 20  # one that is at risk is past its month too


def test_the_impossible_date_of_the_example_is_found(rutland: Report) -> None:
    errors = [each for each in rutland.problems if each.severity == "error" and each.place.startswith("plan.csv")]
    assert [each.ref for each in errors] == ["1.2b"]
    assert "30 September 2020" in errors[0].message


@pytest.mark.parametrize(
    ("as_of", "states"),
    [
        (
            date(2021, 4, 30),
            {
                State.COMPLETED_EARLY: 3, State.COMPLETED: 10, State.NOT_DUE: 15, State.OVERDUE: 10,
                State.OVERDUE_ORIGINAL: 4, State.UNREPORTED: 23, State.NO_DATE: 4, State.PAUSED: 1,
            },
        ),
        (
            TODAY,
            {
                State.COMPLETED: 13, State.NOT_DUE: 3, State.OVERDUE: 19, State.UNREPORTED: 30, State.NO_DATE: 4,
                State.PAUSED: 1,
            },
        ),
    ],
)  # fmt: skip
def test_the_plan_of_the_example_stands_as_counted_by_hand(as_of: date, states: dict[State, int]) -> None:
    found = assess(read_scorecard(RUTLAND), as_of=as_of).plan_summary
    assert found is not None
    assert (found.states, found.revised, found.undated) == (states, 5, 4)


def test_the_objectives_of_the_example_are_counted_by_theme(rutland: Report) -> None:
    assert rutland.plan_summary is not None
    assert [
        (each.group, each.total, each.overdue, each.unreported, each.completed, each.revised, each.undated)
        for each in rutland.plan_summary.groups
        if each.by == "theme"
    ] == [
        ("Delivering Sustainable Development", 25, 4, 13, 4, 4, 0),
        ("Vibrant Communities", 22, 11, 7, 2, 1, 2),
        ("Protecting the Vulnerable", 14, 1, 6, 7, 0, 0),
        ("Customer Focussed Services", 9, 3, 4, 0, 0, 2),
    ]


# working days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "holidays", "day"),
    [
        ("5 clear working days before 20 September 2023", (), date(2023, 9, 12)),
        ("5 clear working days before 20 September 2023", (date(2023, 9, 18),), date(2023, 9, 11)),
        ("5 working days before 20/09/2023", (), date(2023, 9, 13)),
        ("10 working days after 1 March 2024", (), date(2024, 3, 15)),
        ("within 10 working days of 1 March 2024", (date(2024, 3, 4),), date(2024, 3, 18)),
        ("2 clear business days after 1 March 2024", (), date(2024, 3, 6)),
    ],
)
def test_working_days_are_counted_with_the_holidays_of_the_scheme(
    due: str, holidays: tuple[date, ...], day: date
) -> None:
    shown = rated(as_of=day, scheme={"holidays": holidays}, due=due, reported="On track")
    assert shown.due is not None
    assert (shown.due.last_day, shown.state) == (day, State.DUE_TODAY)
    assert "since no holidays are given" in shown.notes[0] if not holidays else "but for the holidays" in shown.notes[0]
    assert rated(as_of=day, due=due, finished_on=day.isoformat(), scheme={"holidays": holidays}).status is Status.GREEN


@pytest.mark.parametrize(
    "due",
    [
        "5 clear days before 20 September 2023", "5 working days before the end of March 2024", "5 school days before 20 September 2023",
        "5 working days before 03/04/2024", "within 5 working days before 20 September 2023",
        "5 working days before 1 March 2024 and 10 working days after 1 May 2024",
    ],
)  # fmt: skip
def test_other_counted_days_give_no_date(due: str) -> None:
    shown = rated(due=due, reported="On track")
    assert shown.due is not None
    assert (shown.due.last_day, shown.state) == (None, State.NO_DATE)
