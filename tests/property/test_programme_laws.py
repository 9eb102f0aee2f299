"""Laws of assessing work with deadlines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rag_rules.deadlines import Grace
from rag_rules.models import Action, RatedAction, Scheme, Scorecard
from rag_rules.scorecard import assess
from rag_rules.states import State
from rag_rules.status import Status
from rag_rules.syntax.when import parse_deadline

#: near each other, and near the ends of months and of a year with 29 February
days = st.dates(date(2023, 11, 25), date(2024, 4, 5)) | st.sampled_from(
    [date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31)]
)
deadlines = days.map(str) | st.sampled_from(["Dec-23", "Feb-24", "by March 2024", "by 2023", "ongoing", "03/02/2024"])
graces = st.none() | st.sampled_from(["1 day", "2 weeks", "1 month", "3 months"])
words = st.none() | st.sampled_from(["On track", "At risk", "Off track", "Not started", "Completed", "On hold", "Blue"])
RANK = {Status.GREEN: 0, Status.AMBER: 1, Status.RED: 2}


def rated(as_of: date, scheme: Scheme, **cells: Any) -> RatedAction:
    action = Action(row=1, place="actions.csv, row 1", **cells)
    return assess(Scorecard(actions=(action,), scheme=scheme), as_of=as_of).actions[0]


@given(deadlines, st.none() | deadlines, st.lists(days, min_size=2, max_size=2), days, graces, graces, words)
def test_a_later_finish_never_rates_better(
    due: str,
    revised: str | None,
    finishes: list[date],
    as_of: date,
    grace: str | None,
    soon: str | None,
    word: str | None,
) -> None:
    scheme = Scheme(grace=grace, due_soon=soon)
    early, late = (
        rated(as_of, scheme, due=due, revised_due=revised, finished_on=str(day), reported=word).status
        for day in sorted(finishes)
    )
    assert Status.UNRATED in (early, late) or RANK[early] <= RANK[late]


@given(days, st.none() | days, st.lists(days, min_size=2, max_size=2), st.integers(0, 400), graces, graces, words)
def test_a_later_finish_on_a_known_day_never_rates_better_and_always_rates(
    due: date,
    revised: date | None,
    finishes: list[date],
    later: int,
    grace: str | None,
    soon: str | None,
    word: str | None,
) -> None:
    scheme, as_of = Scheme(grace=grace, due_soon=soon), max(finishes) + timedelta(days=later)
    moved = str(revised) if revised is not None else None
    early, late = (
        rated(as_of, scheme, due=str(due), revised_due=moved, finished_on=str(day), reported=word).status
        for day in sorted(finishes)
    )
    assert RANK[early] <= RANK[late]


@given(days, st.none() | days, st.lists(days, min_size=2, max_size=2), graces, graces)
def test_unfinished_work_with_a_known_day_is_unrated_only_until_it_is_due_and_never_gets_better(
    due: date, revised: date | None, ends: list[date], grace: str | None, soon: str | None
) -> None:
    scheme, moved = Scheme(grace=grace, due_soon=soon), str(revised) if revised is not None else None
    before, after = (
        rated(day, scheme, due=str(due), revised_due=moved, reported="Off track").status for day in sorted(ends)
    )
    rank = {Status.UNRATED: 0, **RANK}
    assert rank[before] <= rank[after]
    assert (after is Status.UNRATED) <= (max(ends) <= (revised or due))


@given(days, days, days, graces, graces, words)
def test_a_date_moved_by_its_own_words_is_judged_as_one_moved_in_a_column(
    first: date, moved: date, as_of: date, grace: str | None, soon: str | None, word: str | None
) -> None:
    scheme = Scheme(grace=grace, due_soon=soon)
    in_words = rated(as_of, scheme, due=f"{first} (revised to {moved})", reported=word)
    in_columns = rated(as_of, scheme, due=str(first), revised_due=str(moved), reported=word)
    assert (in_words.state, in_words.status, in_words.explanation) == (
        in_columns.state, in_columns.status, in_columns.explanation,
    )  # fmt: skip


@given(deadlines, st.none() | deadlines, st.lists(days, min_size=2, max_size=2), graces, graces)
def test_unfinished_work_never_gets_better_by_waiting(
    due: str, revised: str | None, ends: list[date], grace: str | None, soon: str | None
) -> None:
    scheme = Scheme(grace=grace, due_soon=soon)
    before, after = (
        rated(day, scheme, due=due, revised_due=revised, reported="Off track").status for day in sorted(ends)
    )
    assert Status.UNRATED in (before, after) or RANK[before] <= RANK[after]


@given(days.map(str) | st.sampled_from(["Dec-23", "Feb-24", "by 2023"]), days, days, graces)
def test_the_steps_of_the_deadline_agree_with_the_state(due: str, finish: date, as_of: date, grace: str | None) -> None:
    shown = rated(as_of, Scheme(grace=grace), due=due, finished_on=str(finish), reported="Off track")
    steps = parse_deadline(due).steps(Grace.read(grace) if grace else None)
    assert steps is not None
    day = min(finish, as_of)
    if finish <= as_of or shown.state is State.OVERDUE:
        assert shown.status is steps.at(day if finish <= as_of else as_of)
    else:
        assert shown.status is Status.UNRATED


@given(st.lists(st.tuples(deadlines, words), max_size=6), days)
def test_every_action_is_counted_once(cells: list[tuple[str, str | None]], as_of: date) -> None:
    actions = tuple(
        Action(row=row, place=f"actions.csv, row {row}", due=due, reported=word)
        for row, (due, word) in enumerate(cells, start=1)
    )
    found = assess(Scorecard(actions=actions), as_of=as_of).action_summary
    totals = [sum(counts.values()) for counts in (found.states, found.reported)] if found is not None else [0, 0]
    assert totals == [len(cells), len(cells)]


#: what people and files put in cells, and what nobody should
cells = (
    st.none()
    | deadlines
    | st.sampled_from(
        ["", "n/a", "TBC", "Completed", "by late 2020 and in place by 2021", "Q3 2024", "winter 2024", "31/02/2024"]
    )
    | st.text(max_size=20)
)


@given(cells, cells, cells, cells | words, days, graces, graces)
def test_whatever_stands_in_the_cells_there_is_a_status_or_a_reason_and_one_sentence(
    due: str | None,
    revised: str | None,
    finished: str | None,
    word: str | None,
    as_of: date,
    grace: str | None,
    soon: str | None,
) -> None:
    scheme = Scheme(grace=grace, due_soon=soon)
    shown = rated(as_of, scheme, due=due, revised_due=revised, finished_on=finished, reported=word)
    assert (shown.status is Status.UNRATED) == (shown.reason is not None)
    assert shown.explanation.isprintable()
    assert shown.explanation[-1] in ".?"
    assert shown.explanation[-2] not in ".?"
    assert (shown.clash is None) == (shown.disagreement is None)
