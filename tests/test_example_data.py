"""The example's tables of actions and objectives, read as plain CSV: what they hold is what was published."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

RUTLAND = Path(__file__).parent.parent / "examples" / "rutland"
ACTION_HEADINGS = "ref title priority commitment directorate due reported".split()
PLAN_HEADINGS = (
    "theme ref aim resource_impact responsible objective due revised_due finished_on reported progress".split()
)
AIM_COLUMNS = "theme ref aim resource_impact responsible progress".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

Row = dict[str, str]


def rows(name: str, headings: list[str]) -> list[Row]:
    with (RUTLAND / name).open(encoding="utf-8", newline="") as file:
        found, *records = csv.reader(file)
    assert found == headings
    return [dict(zip(headings, record, strict=True)) for record in records]


@pytest.fixture(scope="module")
def actions() -> list[Row]:
    return rows("actions.csv", ACTION_HEADINGS)


@pytest.fixture(scope="module")
def plan() -> list[Row]:
    return rows("plan.csv", PLAN_HEADINGS)


def month(due: str) -> tuple[int, int]:
    """The year and month of a due month written as ``Sep-23``; ValueError for anything else."""
    name, year = due.split("-")
    return 2000 + int(year), MONTHS.index(name) + 1


def by_aim(plan: list[Row]) -> dict[str, list[Row]]:
    aims: dict[str, list[Row]] = {}
    ref = ""
    for row in plan:
        ref = row["ref"] or ref
        aims.setdefault(ref, []).append(row)
    return aims


# the programme ------------------------------------------------------------------------------------------------------


def test_the_programme_has_the_published_number_of_actions(actions: list[Row]) -> None:
    assert len(actions) == 105
    assert list(Counter(row["priority"] for row in actions).items()) == [
        ("A special place", 17),
        ("Sustainable lives", 15),
        ("Healthy and well", 26),
        ("A county for everyone", 26),
        ("A modern and effective council", 21),
    ]


def test_the_programme_has_the_published_counts_of_reported_words(actions: list[Row]) -> None:
    counts = {"Completed": 51, "On track": 46, "At risk": 4, "Off target": 3, "Not started": 1}
    assert Counter(row["reported"] for row in actions) == counts


def test_refs_number_the_actions_of_each_priority_without_gap_or_repeat(actions: list[Row]) -> None:
    sizes = enumerate(Counter(row["priority"] for row in actions).values(), start=1)
    assert [row["ref"] for row in actions] == [
        f"{priority}.{number}" for priority, size in sizes for number in range(1, size + 1)
    ]


def test_no_action_lacks_a_fact(actions: list[Row]) -> None:
    assert [row["ref"] for row in actions if not all(row.values())] == []


def test_actions_on_track_past_their_month_are_as_many_as_published(actions: list[Row]) -> None:
    due = [month(row["due"]) for row in actions if row["reported"] == "On track"]
    assert sum(each < (2023, 9) for each in due) == 18
    assert sum(each == (2023, 9) for each in due) == 1


def test_titles_are_labels_and_each_is_another(actions: list[Row]) -> None:
    titles = [row["title"] for row in actions]
    assert all(3 <= len(title.split()) <= 9 for title in titles)
    assert len(set(titles)) == len(titles)


# the plan -----------------------------------------------------------------------------------------------------------


def test_the_plan_has_its_aims_in_four_themes(plan: list[Row]) -> None:
    refs: dict[str, list[str]] = {}
    for row in plan:
        if row["ref"]:
            refs.setdefault(row["theme"], []).append(row["ref"])
    assert refs == {
        "Delivering Sustainable Development": ["1.1", "1.2a", "1.2b", "1.3", "1.4", "1.5", "1.6", "1.7"],
        "Vibrant Communities": ["2.1", "2.2", "2.3", "2.4", "2.5", "2.6"],
        "Protecting the Vulnerable": ["3.1", "3.2"],
        "Customer Focussed Services": ["4.1", "4.2", "4.3", "4.4"],
    }
    assert sum(map(len, refs.values())) == 20


def test_every_row_of_the_plan_is_an_objective(plan: list[Row]) -> None:
    assert len(plan) == 70
    assert all(row["objective"] for row in plan)
    assert [len(objectives) for objectives in by_aim(plan).values()] == [
        *[5, 2, 1, 3, 3, 3, 2, 6],
        *[3, 3, 2, 1, 6, 7],
        *[7, 7],
        *[3, 1, 3, 2],
    ]


def test_an_aim_stands_on_its_first_row_only(plan: list[Row]) -> None:
    for first, *others in by_aim(plan).values():
        assert all(first[column] for column in AIM_COLUMNS)
        assert not any(row[column] for row in others for column in AIM_COLUMNS)


def test_resource_impact_is_a_published_letter(plan: list[Row]) -> None:
    impacts = {row["ref"]: row["resource_impact"] for row in plan if row["ref"]}
    assert set(impacts.values()) == {"I", "B"}
    assert [ref for ref, impact in impacts.items() if impact == "B"] == ["1.2b", "1.3", "1.6", "2.2", "4.1"]


def test_a_role_has_one_spelling(plan: list[Row]) -> None:
    roles = Counter(role for row in plan if row["ref"] for role in row["responsible"].split("; "))
    assert roles == {
        "Leader": 2,
        "Chief Executive": 1,
        "Portfolio Holder for Growth and Resources": 5,
        "Portfolio Holder for Environment and Finance": 5,
        "Portfolio Holder for Culture and Highways": 5,
        "Portfolio Holder for Adults and Health": 2,
        "Portfolio Holder for Children and Learning": 2,
        "Strategic Director of Place": 13,
        "Strategic Director for People": 4,
        "Strategic Director of Resources": 4,
    }


def test_the_impossible_date_stands_verbatim(plan: list[Row]) -> None:
    assert [row["due"] for row in by_aim(plan)["1.2b"]] == ["by 31st Sept2020"]


def test_two_deadlines_in_one_phrase_stand_together(plan: list[Row]) -> None:
    assert by_aim(plan)["1.6"][0]["due"] == "by late 2020 and to be in place by 2021"


def test_objectives_without_a_date_say_so_or_name_their_event(plan: list[Row]) -> None:
    undated = [(ref, row["due"]) for ref, aim in by_aim(plan).items() for row in aim if "20" not in row["due"]]
    assert undated == [("2.1", ""), ("2.2", ""), ("4.3", "within six months of information being provided")]
    assert by_aim(plan)["4.3"][0]["due"] == "by the date of the next Government Spending Review (expected in 2020)"


def test_what_the_progress_says_of_an_objective_is_kept(plan: list[Row]) -> None:
    assert Counter(row["reported"] for row in plan) == {"": 37, "Delayed": 19, "Completed": 13, "Paused": 1}
    revised = [(ref, row["revised_due"]) for ref, aim in by_aim(plan).items() for row in aim if row["revised_due"]]
    assert revised == [
        ("1.2a", "Autumn 2021"),
        ("1.2b", "Autumn 2021"),
        ("1.7", "September 2021"),
        ("1.7", "December 2021"),
        ("2.4", "spring 2022"),
    ]
    assert not any(row["finished_on"] for row in plan)
