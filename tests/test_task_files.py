"""Actions and plans on file: each format gives the same records, and what is wrong is told with its place."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rag_rules.errors import ScorecardError
from rag_rules.files import read_scorecard, read_scorecard_text
from rag_rules.models import Aim, Scorecard, Task
from rag_rules.states import Reported

SETTINGS = """
title = "Delivery"
[scheme]
due_soon = "30 days"
grace = "3 months"
day_order = "day first"
holidays = ["2023-12-25", 2023-12-26]
[scheme.reported]
Blue = "Completed"
[scheme.resource_impact]
A = "within budget"
"""
ACTIONS = """Ref,Action,Priority,Lead officer,Due date,Revised date,Date completed,RAG,Update
1.1,Repair the bridge,Roads,Ann,Oct-23,,,Green,Piles driven
1.2,Paint the bridge,Roads,Bob,Dec-23,Mar-24,2024-02-01,Blue,
"""
PLAN = """Theme,Ref,Aim,Resource impact,Responsible,Objective,By when,RAG,Progress
Roads,1,Safer roads,A,Leader; Director of Place,Audit the junctions,by June 2020,Completed,Going well
,,,,,Rebuild two of them,by 2024,,
Homes,2,Warmer homes,,Director of Place,Insulate the flats,ongoing,,
"""


def folder(path: Path, settings: str = SETTINGS, **tables: str) -> Path:
    """A scorecard's folder with tables of actions and of a plan, as given."""
    for name, text in tables.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
        settings += f'\n[[{name}]]\nfile = "{name}.csv"\n'
    (path / "scorecard.toml").write_text(settings, encoding="utf-8")
    return path


def messages(scorecard: Scorecard) -> list[str]:
    return [f"{problem.severity}: {problem.place}: {problem.message}" for problem in scorecard.problems]


def refused(path: Path) -> str:
    with pytest.raises(ScorecardError) as caught:
        read_scorecard(path)
    return str(caught.value)


def said(task: Task) -> dict[str, Any]:
    """What a record holds besides its places."""
    return task.model_dump(exclude={"place", "at"})


def said_of(aim: Aim) -> dict[str, Any]:
    return aim.model_dump(exclude={"objectives": {"__all__": {"place", "at"}}})


# records --------------------------------------------------------------------------------------------------------------


def test_an_action_holds_what_its_row_says(tmp_path: Path) -> None:
    action = read_scorecard(folder(tmp_path, actions=ACTIONS)).actions[1]
    assert said(action) == {
        "row": 2, "ref": "1.2", "name": "Paint the bridge", "groups": {"Priority": "Roads"}, "owner": "Bob",
        "due": "Dec-23", "revised_due": "Mar-24", "finished_on": "2024-02-01", "reported": "Blue", "progress": None,
        "trouble": None,
    }  # fmt: skip


def test_a_cell_of_an_action_has_its_place(tmp_path: Path) -> None:
    action = read_scorecard(folder(tmp_path, actions=ACTIONS)).actions[0]
    assert action.where("due") == ("actions.csv, row 1", "Due date")


def test_actions_alone_are_a_scorecard(tmp_path: Path) -> None:
    scorecard = read_scorecard(folder(tmp_path, actions=ACTIONS))
    assert (scorecard.indicators, len(scorecard.actions), scorecard.action_groups) == ((), 2, ("Priority",))


def test_the_scheme_says_how_work_is_assessed(tmp_path: Path) -> None:
    scheme = read_scorecard(folder(tmp_path, actions=ACTIONS)).scheme
    assert (scheme.due_soon, scheme.grace, scheme.day_order) == ("30 days", "3 months", "day first")
    assert (scheme.reported, len(scheme.holidays)) == ({"Blue": Reported.COMPLETED}, 2)


def test_an_objective_belongs_to_the_aim_above_it(tmp_path: Path) -> None:
    aims = read_scorecard(folder(tmp_path, plan=PLAN)).aims
    assert [(aim.ref, [each.name for each in aim.objectives]) for aim in aims] == [
        ("1", ["Audit the junctions", "Rebuild two of them"]),
        ("2", ["Insulate the flats"]),
    ]


def test_an_aim_holds_its_own_columns_once(tmp_path: Path) -> None:
    aim = read_scorecard(folder(tmp_path, plan=PLAN)).aims[0]
    assert said_of(aim) | {"objectives": ()} == {
        "theme": "Roads", "ref": "1", "name": "Safer roads", "resource_impact": "A",
        "responsible": ("Leader", "Director of Place"), "progress": "Going well", "objectives": (),
    }  # fmt: skip


def test_repeated_columns_of_an_aim_are_the_same_as_blank_ones(tmp_path: Path) -> None:
    repeated = PLAN.replace(",,,,,Rebuild", "Roads,1,Safer roads,A,Leader; Director of Place,Rebuild")
    (tmp_path / "other").mkdir()
    blank = read_scorecard(folder(tmp_path, plan=PLAN)).aims
    assert list(map(said_of, read_scorecard(folder(tmp_path / "other", plan=repeated)).aims)) == list(
        map(said_of, blank)
    )


def test_an_aim_that_comes_back_further_down_is_the_same_aim(tmp_path: Path) -> None:
    aims = read_scorecard(folder(tmp_path, plan=f"{PLAN}Roads,1,Safer roads,,,Paint the lines,2025,,\n")).aims
    assert [len(aim.objectives) for aim in aims] == [3, 1]


def test_two_aims_of_one_ref_are_told_apart_by_their_names(tmp_path: Path) -> None:
    aims = read_scorecard(folder(tmp_path, plan=f"{PLAN}Roads,1,Quieter roads,,,Lay new tarmac,2025,,\n")).aims
    assert [aim.name for aim in aims] == ["Safer roads", "Warmer homes", "Quieter roads"]


def test_a_column_of_the_aim_that_contradicts_itself_is_a_warning(tmp_path: Path) -> None:
    found = messages(read_scorecard(folder(tmp_path, plan=PLAN.replace(",,,,,Rebuild", ",1,,B,,Rebuild"))))
    assert found == [
        "warning: plan.csv, row 2, column Resource impact: the resource impact of the aim is “B” here and “A” in row 1, "
        "which is taken"
    ]


def test_a_theme_that_is_left_blank_is_carried_down_and_said(tmp_path: Path) -> None:
    scorecard = read_scorecard(folder(tmp_path, plan=PLAN.replace("Homes,2", ",2")))
    assert [aim.theme for aim in scorecard.aims] == ["Roads", "Roads"]
    assert messages(scorecard) == ["warning: plan.csv, row 3: the theme is blank and taken from the rows above"]


def test_an_objective_above_every_aim_is_a_warning(tmp_path: Path) -> None:
    found = messages(read_scorecard(folder(tmp_path, plan=PLAN.replace("Roads,1,Safer roads", ",,"))))
    assert "warning: plan.csv, row 1: the row names no aim, and there is none above it" in found


def test_a_date_without_an_objective_is_a_warning(tmp_path: Path) -> None:
    found = messages(read_scorecard(folder(tmp_path, plan=PLAN.replace("Rebuild two of them", ""))))
    assert found == ["warning: plan.csv, row 2: the row has a date or a status and no objective"]


# formats --------------------------------------------------------------------------------------------------------------

YAML = """
title: Delivery
actions:
  - {ref: "1.1", name: Repair the bridge, priority: Roads, owner: Ann, due: Oct-23, reported: Green, progress: Piles driven}
  - {ref: "1.2", name: Paint the bridge, priority: Roads, owner: Bob, due: Dec-23, revised_due: Mar-24,
     finished_on: 2024-02-01, reported: Blue}
aims:
  - theme: Roads
    ref: "1"
    name: Safer roads
    resource_impact: A
    responsible: [Leader, Director of Place]
    progress: Going well
    objectives:
      - {name: Audit the junctions, due: by June 2020, reported: Completed}
      - {name: Rebuild two of them, due: by 2024}
  - theme: Homes
    ref: "2"
    name: Warmer homes
    responsible: Director of Place
    objectives:
      - {name: Insulate the flats, due: ongoing}
"""


def as_yaml(path: Path, text: str = YAML) -> Path:
    (path / "delivery.yaml").write_text(text, encoding="utf-8")
    return path / "delivery.yaml"


def as_book(path: Path, **sheets: Any) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.capitalize())
        for row in rows:
            sheet.append(row)
    book.save(path / "delivery.xlsx")
    return path / "delivery.xlsx"


def cells(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.splitlines()]


def test_a_yaml_file_holds_the_same_as_the_tables(tmp_path: Path) -> None:
    tables, file = read_scorecard(folder(tmp_path, actions=ACTIONS, plan=PLAN)), read_scorecard(as_yaml(tmp_path))
    assert [{**said(action), "groups": {}} for action in file.actions] == [
        {**said(action), "groups": {}} for action in tables.actions
    ]
    assert list(map(said_of, file.aims)) == list(map(said_of, tables.aims))


def test_the_sheets_actions_and_plan_hold_the_same_as_the_tables(tmp_path: Path) -> None:
    tables = read_scorecard(folder(tmp_path, actions=ACTIONS, plan=PLAN))
    book = read_scorecard(as_book(tmp_path, actions=cells(ACTIONS), plan=cells(PLAN)))
    assert list(map(said, book.actions)) == list(map(said, tables.actions))
    assert list(map(said_of, book.aims)) == list(map(said_of, tables.aims))


def test_a_date_in_a_workbook_is_read_as_its_day(tmp_path: Path) -> None:
    rows = [["Ref", "Action", "Due", "Status"], ["1", "Repair", datetime(2023, 10, 31), "On track"]]
    assert read_scorecard(as_book(tmp_path, actions=rows)).actions[0].due == "2023-10-31"


def test_a_workbook_holds_indicators_beside_actions(tmp_path: Path) -> None:
    kpis = [["Ref", "Indicator", "Target", "Q1 2023/24"], ["K1", "Visits", "at least 5", "4"]]
    scorecard = read_scorecard(as_book(tmp_path, kpis=kpis, actions=cells(ACTIONS)))
    assert (len(scorecard.indicators), len(scorecard.actions)) == (1, 2)


def test_a_sheet_plan_that_is_none_is_passed_over_with_a_word(tmp_path: Path) -> None:
    kpis = [["Ref", "Indicator", "Target", "Q1 2023/24"], ["K1", "Visits", "at least 5", "4"]]
    scorecard = read_scorecard(as_book(tmp_path, kpis=kpis, plan=[["Floor", "Room"], ["1", "Hall"]]))
    assert messages(scorecard) == [
        "warning: delivery.xlsx, sheet Plan: the sheet has no headings of a table of plan, and is not read"
    ]


def test_a_scheme_sheet_has_the_settings_of_work(tmp_path: Path) -> None:
    scheme = [
        ["Due soon", "30 days"], ["Grace", "3 months"], ["Day order", "day first"], ["Holidays", "2023-12-25, 2023-12-26"],
        ["Reported Blue", "completed"], ["Resource impact A", "within budget"],
    ]  # fmt: skip
    found = read_scorecard(as_book(tmp_path, scheme=scheme, actions=cells(ACTIONS))).scheme
    assert (found.due_soon, found.grace, found.day_order, len(found.holidays)) == (
        "30 days",
        "3 months",
        "day first",
        2,
    )
    assert (found.reported, found.resource_impact) == ({"blue": Reported.COMPLETED}, {"a": "within budget"})


def test_a_key_of_the_aim_in_its_objective_is_refused(tmp_path: Path) -> None:
    text = YAML.replace("name: Rebuild two of them", "name: Rebuild two of them, ref: x")
    assert "line 16: “ref” belongs to the aim and not to its objective" in refused(as_yaml(tmp_path, text))


@pytest.mark.parametrize(("key", "known"), [("nam", "name"), ("reportd", "reported")])
def test_a_mistyped_key_of_an_objective_is_named(tmp_path: Path, key: str, known: str) -> None:
    text = f"{YAML}      - {{{key}: Glaze the flats, due: Q4 2023}}\n"
    errors = [message for message in messages(read_scorecard(as_yaml(tmp_path, text))) if message.startswith("error")]
    assert len(errors) == 1
    assert f"“{key}” is not a field; did you mean “{known}”?" in errors[0]


def test_a_mistyped_key_of_the_only_objective_is_named(tmp_path: Path) -> None:
    text = "aims:\n  - name: Warmer homes\n    objectives:\n      - {nam: o, due: Q4}\n"
    found = refused(as_yaml(tmp_path, text))
    assert "no column holds the objective" in found
    assert "did you mean “name” by “nam”?" in found


def test_a_role_that_a_yaml_list_has_twice_answers_once(tmp_path: Path) -> None:
    text = YAML.replace("responsible: Director of Place", "responsible: [Leader, Leader, Mayor]")
    assert read_scorecard(as_yaml(tmp_path, text)).aims[-1].responsible == ("Leader", "Mayor")


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        ("holidays: [31/12/2023]", "scheme.holidays.1: “31/12/2023” is no date; write it as 2023-12-31"),
        ("reported: {Blue: complet}", "scheme.reported.Blue: “complet” is not known; did you mean “completed”?"),
        ("boundary: strikt", "scheme.boundary: “strikt” is not known; did you mean “strict”?"),
    ],
)
def test_a_setting_that_cannot_be_says_what_to_write(tmp_path: Path, scheme: str, said: str) -> None:
    assert said in refused(as_yaml(tmp_path, f"scheme: {{{scheme}}}\n{YAML}"))


def test_objectives_that_are_no_list_are_refused(tmp_path: Path) -> None:
    assert "“objectives” is not a list" in refused(as_yaml(tmp_path, "aims:\n  - name: A\n    objectives: soon\n"))


def test_a_mistyped_key_of_an_action_is_an_error_at_its_line(tmp_path: Path) -> None:
    text = "actions:\n  - {ref: '1', name: Repair, due: Oct-23}\n  - {ref: '2', name: Paint, due: Oct-23, ownr: Ann}\n"
    scorecard = read_scorecard(as_yaml(tmp_path, text))
    assert messages(scorecard) == [
        "error: delivery.yaml, actions, row 2 (line 3): “ownr” is not a field; did you mean “owner”?"
    ]
    assert scorecard.actions[1].trouble is not None


@pytest.mark.parametrize("text", [ACTIONS, ACTIONS.replace(",", ";"), f"Delivery programme\n\n{ACTIONS}"])
def test_a_file_of_actions_alone_is_known_by_its_headings(text: str) -> None:
    scorecard = read_scorecard_text(text, "actions.csv")
    assert (len(scorecard.actions), scorecard.indicators, scorecard.problems) == (2, (), ())


def test_a_file_of_a_plan_alone_is_known_by_its_headings(tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
    scorecard = read_scorecard(tmp_path / "plan.csv")
    assert (len(scorecard.aims), scorecard.actions, scorecard.indicators) == (2, (), ())


def test_a_table_with_targets_is_one_of_indicators_though_it_has_dates() -> None:
    text = "Ref,Action,Target,Due date,Status,Q1 2023/24\n1,Visits,at least 5,Oct-23,Green,4\n"
    scorecard = read_scorecard_text(text)
    assert (len(scorecard.indicators), scorecard.actions) == (1, ())


# headings -------------------------------------------------------------------------------------------------------------


def action_of(tmp_path: Path, headings: str, row: str) -> dict[str, Any]:
    scorecard = read_scorecard(folder(tmp_path, actions=f"{headings}\n{row}\n"))
    return said(scorecard.actions[0])


@pytest.mark.parametrize(
    "heading", ["Due", "TARGET DATE", "Deadline", "By when?", "Timescale", "due_date", "Original due date"]
)
def test_a_usual_heading_of_deadlines_is_known(heading: str, tmp_path: Path) -> None:
    assert action_of(tmp_path, f"Action,{heading},RAG", "Repair,Oct-23,Green")["due"] == "Oct-23"


@pytest.mark.parametrize("heading", ["RAG", "Status", "Progress status", "BRAG", "Reported"])
def test_a_usual_heading_of_progress_is_known(heading: str, tmp_path: Path) -> None:
    assert action_of(tmp_path, f"Action,Due,{heading}", "Repair,Oct-23,Green")["reported"] == "Green"


@pytest.mark.parametrize("heading", ["Completed on", "Date completed", "Actual date", "finished_on"])
def test_a_usual_heading_of_finish_dates_is_known(heading: str, tmp_path: Path) -> None:
    assert action_of(tmp_path, f"Action,Due,{heading}", "Repair,Oct-23,2023-10-01")["finished_on"] == "2023-10-01"


def test_a_completion_date_beside_a_deadline_is_the_day_of_finishing(tmp_path: Path) -> None:
    assert action_of(tmp_path, "Action,Due,Completion date", "Repair,Oct-23,Sep-23")["finished_on"] == "Sep-23"


def test_a_completion_date_beside_a_day_of_finishing_is_the_deadline(tmp_path: Path) -> None:
    assert action_of(tmp_path, "Action,Completion date,Finished on", "Repair,Oct-23,Sep-23")["due"] == "Oct-23"


def test_a_completion_date_alone_is_asked_about(tmp_path: Path) -> None:
    found = refused(folder(tmp_path, actions="Action,Completion date,RAG\nRepair,Oct-23,Green\n"))
    assert "“Completion date” could be the deadline or the day of finishing" in found
    assert '[actions.columns] due = "Completion date"' in found


def test_two_columns_of_progress_are_asked_about(tmp_path: Path) -> None:
    found = refused(folder(tmp_path, actions="Action,Due,Status,RAG\nRepair,Oct-23,Open,Green\n"))
    assert "“RAG” and “Status” could both be the reported" in found
    assert '[actions.columns] reported = "Status"' in found


def test_a_settings_file_can_say_which_columns_are_meant(tmp_path: Path) -> None:
    path = folder(tmp_path, actions="What,Until,Standing\nRepair,Oct-23,Green\n")
    with (path / "scorecard.toml").open("a", encoding="utf-8") as settings:
        settings.write('columns = {name = "What", due = "Until", reported = "Standing"}\ngroup = ["Standing"]\n')
    scorecard = read_scorecard(path)
    assert (scorecard.actions[0].name, scorecard.actions[0].due) == ("Repair", "Oct-23")
    assert scorecard.actions[0].groups == {"Standing": "Green"}


def test_a_mapping_of_an_unknown_field_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path, actions=ACTIONS)
    with (path / "scorecard.toml").open("a", encoding="utf-8") as settings:
        settings.write('columns = {target = "Due date"}\n')
    assert "“target” is not a field; expected ref, name, due" in refused(path)


def test_a_table_without_deadlines_names_the_columns_that_are_there(tmp_path: Path) -> None:
    found = refused(folder(tmp_path, plan="Aim,Objective\nSafer roads,Audit\n"))
    assert "plan.csv: no column holds the due; there are “Aim”, “Objective”" in found


def test_a_mistyped_heading_is_a_warning_that_names_the_known_one(tmp_path: Path) -> None:
    scorecard = read_scorecard(folder(tmp_path, actions=ACTIONS.replace("Revised date", "Revisd date")))
    assert messages(scorecard) == ["warning: actions.csv: column “Revisd date” is not used; did you mean Revised date?"]


# what is wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistyped", "near"),
    [
        ("due_son", "due_soon"),
        ("graze", "grace"),
        ("day_ordr", "day_order"),
        ("reportd", "reported"),
        ("holiday", "holidays"),
    ],
)
def test_a_mistyped_setting_names_the_known_one(mistyped: str, near: str, tmp_path: Path) -> None:
    found = refused(folder(tmp_path, f'[scheme]\n{mistyped} = "x"\n', actions=ACTIONS))
    assert f"“scheme.{mistyped}” is not a setting; did you mean “{near}”?" in found


def test_a_mistyped_table_names_the_known_one(tmp_path: Path) -> None:
    assert "did you mean “actions”?" in refused(folder(tmp_path, action=ACTIONS))


def test_a_reported_word_can_only_mean_what_is_known(tmp_path: Path) -> None:
    found = refused(folder(tmp_path, '[scheme.reported]\nBlue = "fine"\n', actions=ACTIONS))
    assert "scheme.reported.Blue" in found
    assert "“fine” is not known; write completed, on track, at risk" in found


def test_titles_and_notes_are_left_out_and_said(tmp_path: Path) -> None:
    text = f"{ACTIONS},Roads and bridges,,,,,,,\nSource: highways team,,,,,,,,\n"
    scorecard = read_scorecard(folder(tmp_path, actions=text))
    assert len(scorecard.actions) == 2
    assert messages(scorecard) == ["warning: actions.csv: rows 3 and 4 look like totals or notes and are left out"]


def test_a_row_with_too_many_cells_is_told(tmp_path: Path) -> None:
    scorecard = read_scorecard(folder(tmp_path, actions=f"{ACTIONS}1.3,Clean, sweep,Roads,Ann,Oct-23,,,Green,Soon\n"))
    assert scorecard.actions[2].trouble is not None
    assert [problem.place for problem in scorecard.problems] == ["actions.csv, row 3"]


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    assert "actions.csv has no rows below its headings" in refused(folder(tmp_path, actions="Action,Due,RAG\n"))


def test_a_table_of_actions_needs_its_file(tmp_path: Path) -> None:
    assert "a table of [[actions]] needs its file" in refused(folder(tmp_path, '[[actions]]\ngroup = "Priority"\n'))


def test_a_file_outside_the_folder_is_refused(tmp_path: Path) -> None:
    assert "is not inside the scorecard's folder" in refused(folder(tmp_path, '[[plan]]\nfile = "../plan.csv"\n'))


def test_a_file_that_is_named_twice_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path, '[[actions]]\nfile = "actions.csv"\n', actions=ACTIONS)
    assert "[[actions]] names actions.csv twice" in refused(path)


def test_a_table_that_is_not_named_beside_actions_is_said(tmp_path: Path) -> None:
    path = folder(tmp_path, actions=ACTIONS)
    (path / "kpis.csv").write_text("Ref,Target,Q1\n1,5,4\n", encoding="utf-8")
    assert messages(read_scorecard(path)) == [
        "warning: scorecard.toml: not named in scorecard.toml, and not read: kpis.csv"
    ]
