"""Scorecards on file: each format gives the same records, and what is wrong is told with its place."""

from __future__ import annotations

import csv
import re
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from rag_rules.errors import MissingExtraError, ScorecardError
from rag_rules.files import read_scorecard, read_scorecard_text
from rag_rules.files.number_formats import written_number
from rag_rules.files.tables import plain_words
from rag_rules.files.yaml_file import load_yaml
from rag_rules.models import Problem, Report, Scorecard
from rag_rules.scorecard import assess

EXAMPLES = Path(__file__).parent.parent / "examples"
AS_OF = date(2023, 9, 30)


def scorecard_of(text: str) -> Scorecard:
    return read_scorecard_text(text, "kpis.csv")


def refused(text: str | bytes) -> str:
    with pytest.raises(ScorecardError) as caught:
        read_scorecard_text(text, "kpis.csv")
    return str(caught.value)


def messages(scorecard: Scorecard) -> list[str]:
    return [f"{problem.severity}: {problem.place}: {problem.message}" for problem in scorecard.problems]


def book_at(path: Path, sheets: Mapping[str, Any]) -> Path:
    """A workbook of the given cells; a pair is a value with its number format."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for y, row in enumerate(rows, start=1):
            for x, value in enumerate(row, start=1):
                cell = sheet.cell(y, x)
                cell.value = value[0] if isinstance(value, tuple) else value
                if isinstance(value, tuple):
                    cell.number_format = value[1]
    book.save(path)
    return path


# the same content in every format -----------------------------------------------------------------------------------

ROWS = [
    ["Ref", "Indicator", "Directorate", "Target", "Polarity", "Q1 2023-24", "Q2 2023-24"],
    ["1.1", "Homes completed", "Places", "123", "higher", "32", "52"],
    ["1.10", "Weekly pay gap", "Places", "<£21", "lower", "£46", "£20"],
    ["2.1", "Invoices paid in time", "Resources", "95%", "higher", "DNA", "94.5%"],
    ["2.2", "Budget position", "Resources", "Balanced", "", "£2.4m", "£1m surplus"],
    ["2.3", "Passengers", "Places", "150,000", "higher", "42,327", "160,000"],
    ["2.4", "Broken", "Places", "Betwen 1 and 2", "higher", "1", "?!"],
]
SETTINGS = """
title = "Performance"
[scheme]
tolerance = "5%"
missing = ["DNA"]
[scheme.words]
green = "On target"
[[indicators]]
file = "kpis.csv"
"""
#: the same cells as a spreadsheet holds them
TYPED: dict[str, Any] = {
    "123": 123, "32": 32, "52": 52, "1": 1, "95%": (0.95, "0%"), "94.5%": (0.945, "0.0%"), "£46": (46, '"£"#,##0'),
    "£20": (20, "[$£-809]#,##0"), "150,000": (150000, "#,##0"), "42,327": (42327, "#,##0"), "160,000": (160000, "#,##0"),
    "1.10": (1.1, "0.00"), "1.1": (1.1, "General"),
}  # fmt: skip


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)


def as_folder(path: Path) -> Path:
    (path / "kpis.csv").write_text(as_csv(ROWS), encoding="utf-8")
    (path / "scorecard.toml").write_text(SETTINGS, encoding="utf-8")
    return path


def as_yaml(path: Path) -> Path:
    head = {"title": "Performance", "scheme": {"tolerance": "5%", "missing": ["DNA"], "words": {"green": "On target"}}}
    rows = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]
    target = path / "kpis.yaml"
    target.write_text(
        yaml.safe_dump({**head, "indicators": rows}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    return target


def as_book(path: Path) -> Path:
    scheme = [
        ["Setting", "Value"],
        ["Title", "Performance"],
        ["Tolerance", (0.05, "0%")],
        ["Missing", "DNA"],
        ["Green", "On target"],
    ]
    return book_at(
        path / "kpis.xlsx", {"Scheme": scheme, "KPIs": [[TYPED.get(cell, cell) for cell in row] for row in ROWS]}
    )


def without_places(report: Report) -> Report:
    problems = [problem.model_copy(update={"place": ""}) for problem in report.problems]
    return report.model_copy(update={"problems": tuple(problems)})


@pytest.mark.parametrize("form", [as_yaml, as_book])
def test_the_same_content_gives_the_same_report_in_every_format(form: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = assess(read_scorecard(as_folder(tmp_path)), as_of=AS_OF)
    assert without_places(assess(read_scorecard(form(tmp_path)), as_of=AS_OF)) == without_places(folder)


def test_a_folder_gives_the_words_title_and_groups_of_its_file(tmp_path: Path) -> None:
    report = assess(read_scorecard(as_folder(tmp_path)), as_of=AS_OF)
    assert (report.title, report.word(report.indicators[1].status), report.period) == (
        "Performance",
        "On target",
        "Q2 2023-24",
    )


def test_the_example_folder_and_the_example_file_give_the_same_report() -> None:
    folder, file = (read_scorecard(EXAMPLES / name) for name in ("rutland", "rutland.yaml"))
    indicators_alone = folder.model_copy(update={"actions": (), "aims": ()})
    assert without_places(assess(indicators_alone, as_of=AS_OF)) == without_places(assess(file, as_of=AS_OF))


def typed(cell: str) -> Any:
    """What a spreadsheet makes of a text that is typed into it: a number shown as a percentage, or the text."""
    found = re.fullmatch(r"([0-9]+)(?:\.([0-9]+))?%", cell)
    return (float(cell[:-1]) / 100, f"0{'.' + '0' * len(found[2]) if found[2] else ''}%") if found else cell


def test_the_example_in_a_workbook_gives_the_same_report(tmp_path: Path) -> None:
    tables = {}
    for sheet, name in (("KPIs", "kpis.csv"), ("Actions", "actions.csv"), ("Plan", "plan.csv")):
        with (EXAMPLES / "rutland" / name).open(encoding="utf-8", newline="") as file:
            tables[sheet] = [[typed(cell) for cell in row] for row in csv.reader(file)]
    scheme = [
        ["title", "Rutland County Council: corporate performance, Quarter 2 2023-24"], ["tolerance", typed("5%")], ["missing", "DNA"],
        ["green", "On target"], ["amber", "Below target, within 5%"], ["red", "Off target"], ["unrated", "Not rated"],
        ["resource impact I", "I, as published"], ["resource impact B", "B, as published"],
    ]  # fmt: skip
    periods = [
        ["label", "ends", "column"],
        ["2023-24 Q1", date(2023, 6, 30), "q1"],
        ["2023-24 Q2", date(2023, 9, 30), "q2"],
    ]
    path = book_at(tmp_path / "rutland.xlsx", {**tables, "Scheme": scheme, "Periods": periods})
    book, folder = (assess(read_scorecard(each), as_of=AS_OF) for each in (path, EXAMPLES / "rutland"))
    assert without_places(book) == without_places(folder)


def test_a_folder_with_one_table_needs_no_settings(tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text(as_csv(ROWS), encoding="utf-8")
    assert len(read_scorecard(tmp_path).indicators) == 6


def test_a_folder_with_two_tables_asks_which(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(as_csv(ROWS), encoding="utf-8")
    with pytest.raises(ScorecardError, match=r"2 tables: a\.csv, b\.csv"):
        read_scorecard(tmp_path)


def test_a_folder_without_a_table_names_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("nothing here", encoding="utf-8")
    with pytest.raises(ScorecardError, match=r"holds no table; it holds notes\.md"):
        read_scorecard(tmp_path)


@pytest.mark.parametrize("name", ["../kpis.csv", "/etc/passwd", "a/../../kpis.csv", "C:\\kpis.csv"])
def test_a_file_outside_the_folder_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "scorecard.toml").write_text(f"[[indicators]]\nfile = '{name}'\n", encoding="utf-8")
    with pytest.raises(ScorecardError, match="is not inside the scorecard's folder"):
        read_scorecard(tmp_path)


def test_an_unknown_setting_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "scorecard.toml").write_text('[scheme]\ntolerence = "5%"\n', encoding="utf-8")
    with pytest.raises(ScorecardError, match=r"“scheme\.tolerence” is not a setting; did you mean “tolerance”"):
        read_scorecard(tmp_path)


def test_faulty_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "scorecard.toml").write_text("title = \n", encoding="utf-8")
    with pytest.raises(ScorecardError, match=r"scorecard\.toml: .*line 1"):
        read_scorecard(tmp_path)


def test_a_year_that_begins_in_no_month_is_refused(tmp_path: Path) -> None:
    (as_folder(tmp_path) / "scorecard.toml").write_text('[scheme]\nyear_start = "Aprl"\n', encoding="utf-8")
    with pytest.raises(ScorecardError, match="year_start cannot be read: “Aprl” is no kind of year"):
        read_scorecard(tmp_path)


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScorecardError, match="there is no file or folder"):
        read_scorecard(tmp_path / "none.csv")


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "kpis.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(ScorecardError, match=r"save it as \.xlsx"):
        read_scorecard(tmp_path / "kpis.xls")


# headings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        *((name, "ref") for name in ("Ref", "REFERENCE", "ID", "KPI no.", "Indicator number", "indicator_ref", "#")),
        *(
            (name, "name")
            for name in ("Name", "Indicator", "KPI", "Measure", "Description", "Performance indicator", "Title")
        ),
        *(
            (name, "polarity")
            for name in ("Polarity", "Good is:", "Good performance is...", "Direction", "Aim", "Desired direction")
        ),
        *((name, "tolerance") for name in ("Tolerance", "Amber tolerance")),
        *((name, "unit") for name in ("Unit", "Units", "Unit of measure")),
        *((name, "baseline") for name in ("Baseline", "Baseline 2022/23")),
        *((name, "frequency") for name in ("Frequency", "Reporting frequency")),
        *((name, "owner") for name in ("Owner", "Lead", "Responsible officer")),
        *((name, "comment") for name in ("Comment", "Commentary", "Narrative", "Notes")),
    ],
)
def test_a_usual_heading_is_known(heading: str, field: str) -> None:
    indicator = scorecard_of(f"target,{heading},actual\n95%,something,96%\n").indicators[0]
    assert getattr(indicator, field) == "something"


@pytest.mark.parametrize(
    "heading", ["Target", "TARGET:", "Target 2023/24", "2023-24 target", "Annual target", "Goal", "Threshold"]
)
def test_a_usual_heading_of_targets_is_known(heading: str) -> None:
    assert scorecard_of(f"ref,{heading},actual\n1,95%,96%\n").indicators[0].target == "95%"


@pytest.mark.parametrize("heading", ["Target date", "Target owner", "RAG against target", "Target type"])
def test_other_headings_with_the_word_target_are_not(heading: str) -> None:
    assert "no column holds the targets" in refused(f"ref,{heading},actual\n1,95%,96%\n")


@pytest.mark.parametrize(
    "heading",
    ["Actual", "Value", "Reading", "Result", "Current", "Performance", "Outturn", "Current performance", "Q1", "Quarter 2", "Apr-23",
     "Quarter 2 - end of September position", "Q2 2023-24", "April 2023", "2022/23", "2023-09-30", "Actual 2022/23", "Q3 result"],
)  # fmt: skip
def test_a_usual_heading_of_readings_is_known(heading: str) -> None:
    assert list(scorecard_of(f"ref,target,{heading}\n1,95%,96%\n").indicators[0].readings.values()) == ["96%"]


@pytest.mark.parametrize(
    "heading", ["Q2 RAG", "Status", "Direction of travel", "Q2 comments", "Last updated", "Rank 2022/23", "Trend"]
)
def test_other_headings_are_not_readings(heading: str) -> None:
    scorecard = scorecard_of(f"ref,target,actual,{heading}\n1,95%,96%,x\n")
    assert [period.label for period in scorecard.periods] == ["actual"]


def test_no_target_column_names_the_columns_that_are_there() -> None:
    assert "no column holds the targets; there are “ref”, “Aimed at”, “Q1”" in refused("ref,Aimed at,Q1\n1,95%,96%\n")


def test_two_columns_that_could_be_the_target_are_asked_about() -> None:
    said = refused("ref,Target 2022/23,Target 2023/24,Q1\n1,95%,96%,97%\n")
    assert "“Target 2022/23” and “Target 2023/24” could both be the target" in said
    assert '[indicators.columns] target = "Target 2023/24"' in said


def test_two_columns_that_could_be_the_reading_are_asked_about() -> None:
    assert "“Actual” and “Outturn” could both hold the readings" in refused(
        "ref,target,Actual,Outturn\n1,95%,96%,97%\n"
    )


def test_two_columns_of_one_period_are_asked_about() -> None:
    assert "“Q1” and “Quarter 1 actual” are one period" in refused("ref,target,Q1,Quarter 1 actual\n1,95%,96%,97%\n")


def test_a_caller_can_say_which_column_is_meant() -> None:
    text = "ref,Target 2022/23,Target 2023/24,Q1\n1,95%,96%,97%\n"
    assert read_scorecard_text(text, columns={"target": "target 2023/24"}).indicators[0].target == "96%"


def test_a_settings_file_can_say_which_columns_are_meant(tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text("Nr,What we aim at,Q1\n7,95%,96%\n", encoding="utf-8")
    columns = '[[indicators]]\nfile = "kpis.csv"\n[indicators.columns]\nref = "Nr"\ntarget = "What we aim at"\n'
    (tmp_path / "scorecard.toml").write_text(columns, encoding="utf-8")
    indicator = read_scorecard(tmp_path).indicators[0]
    assert (indicator.ref, indicator.target) == ("7", "95%")


def test_a_mapping_to_a_column_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ScorecardError, match="no column named “Targets 2024”; there are “ref”, “target”"):
        read_scorecard_text("ref,target\n1,95%\n", columns={"target": "Targets 2024"})


def test_a_mapping_of_an_unknown_field_is_refused() -> None:
    with pytest.raises(ScorecardError, match="“tarket” is not a field"):
        read_scorecard_text("ref,target\n1,95%\n", columns={"tarket": "target"})


def test_a_column_without_a_period_beside_those_with_one_is_not_used_and_said() -> None:
    scorecard = scorecard_of("ref,target,Q1,Q2,Actual\n1,95%,96%,97%,98%\n")
    assert scorecard.indicators[0].readings == {"Q1": "96%", "Q2": "97%"}
    assert messages(scorecard) == ["warning: kpis.csv: “Actual” is not used: the readings are those of “Q1” and “Q2”"]


def test_a_previous_column_comes_before_the_actual_one() -> None:
    scorecard = scorecard_of("ref,target,Actual,Previous quarter\n1,95%,96%,97%\n")
    assert [period.label for period in scorecard.periods] == ["Previous quarter", "Actual"]


def test_periods_are_sorted_where_their_names_tell_their_order() -> None:
    scorecard = scorecard_of("ref,target,Q2 2023-24,Q1 2023-24,Q4 2022-23\n1,95%,96%,97%,98%\n")
    assert [period.label for period in scorecard.periods] == ["Q4 2022-23", "Q1 2023-24", "Q2 2023-24"]


def test_groups_are_the_usual_columns_in_the_order_of_the_table() -> None:
    scorecard = scorecard_of("Theme,ref,Directorate,target,Q1\nHomes,1,Places,95%,96%\n")
    assert scorecard.group_columns == ("Theme", "Directorate")
    assert scorecard.indicators[0].groups == {"Theme": "Homes", "Directorate": "Places"}


def test_columns_of_colours_make_one_target() -> None:
    scorecard = scorecard_of("ref,Green,Amber,Red,Q1\n1,≥95%,90% to 95%,<90%,96%\n")
    assert scorecard.indicators[0].target == "Green: ≥95%, Amber: 90% to 95%, Red: <90%"


def test_a_target_goes_before_the_columns_of_colours() -> None:
    scorecard = scorecard_of("ref,target,Green,Red,Q1\n1,95%,≥95%,<90%,96%\n2,,≥95%,<90%,96%\n")
    assert [indicator.target for indicator in scorecard.indicators] == ["95%", "Green: ≥95%, Red: <90%"]


def test_columns_of_colours_beside_a_target_are_said_to_be_unused() -> None:
    scorecard = scorecard_of("ref,target,Amber,Q1\n1,95%,90%,96%\n2,95%,90%,96%\n3,95%,,96%\n")
    assert messages(scorecard) == ["warning: kpis.csv: “Amber” is not used where there is a target (2 rows)"]


def test_columns_of_comparators_are_benchmarks_by_their_names() -> None:
    scorecard = scorecard_of("ref,target,National average,Region,Benchmark\n1,Above national,77.8%,n/a,peers=70%\n")
    assert scorecard.indicators[0].benchmarks == "National average=77.8%; peers=70%"


@pytest.mark.parametrize(("answer", "polarity"), [("Yes", "higher"), ("N", "lower"), ("lower", "lower")])
def test_an_answer_to_bigger_is_better_is_a_polarity(answer: str, polarity: str) -> None:
    assert scorecard_of(f"target,Bigger is better?,Q1\n95%,{answer},96%\n").indicators[0].polarity == polarity


@pytest.mark.parametrize("word", ["n/a", "-", "TBC", ""])
def test_a_word_for_missing_data_leaves_a_setting_open(word: str) -> None:
    assert scorecard_of(f"target,tolerance,Q1\n95%,{word},96%\n").indicators[0].tolerance is None


def test_a_title_above_the_headings_is_the_title() -> None:
    scorecard = scorecard_of("Performance report 2023/24,,\n,,\nref,target,Q1\n1,95%,96%\n")
    assert scorecard.title == "Performance report 2023/24"
    assert scorecard.indicators[0].place == "kpis.csv, row 1"


@pytest.mark.parametrize(
    "above",
    [
        "KPI targets 2023/24,,,\n",
        "Performance report,,,\nQuarter 2,,,\n,,,\n",
        "Target,,,\n",
        "Key:,Green,Amber,Red\n",
        "Report\n" + "A note\n" * 18,
    ],
)
def test_titles_and_legends_above_the_headings_are_passed_over_without_a_word(above: str) -> None:
    scorecard = scorecard_of(f"{above}ref,name,target,Q1\n1,Homes,95%,96%\n")
    assert [(each.ref, each.target, each.readings) for each in scorecard.indicators] == [("1", "95%", {"Q1": "96%"})]
    assert scorecard.problems == ()


def test_a_merged_title_in_a_workbook_is_passed_over(tmp_path: Path) -> None:
    path = book_at(tmp_path / "book.xlsx", {"KPIs": [["KPI targets"], ["As at Q1"], *TABLE]})
    book = openpyxl.load_workbook(path)
    for cells in ("A1:C1", "A2:B2"):
        book["KPIs"].merge_cells(cells)
    book.save(path)
    scorecard = read_scorecard(path)
    assert (scorecard.title, scorecard.indicators[0].target, scorecard.problems) == ("KPI targets", "95%", ())


# columns that are not used ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "near"),
    [
        ("Tolerence", "Tolerance"), ("Polarty", "Polarity"), ("Kpi onwer", "KPI owner"), ("Directrate", "Directorate"),
        ("Basline 2022/23", "Baseline"), ("Natoinal average", "National average"), ("Q2 actaul", "Actual"),
    ],
)  # fmt: skip
def test_a_mistyped_heading_is_a_warning_that_names_the_known_one(heading: str, near: str) -> None:
    assert messages(scorecard_of(f"ref,target,{heading},Q1\n1,95%,5%,96%\n")) == [
        f"warning: kpis.csv: column “{heading}” is not used; did you mean {near}?"
    ]


@pytest.mark.parametrize(
    "heading",
    ["Direction of travel", "RAG", "Status", "Trend", "Last updated", "Target date", "Rank", "Monthly", "Team"],
)
def test_a_column_that_looks_like_nothing_known_is_passed_over(heading: str) -> None:
    assert scorecard_of(f"ref,target,{heading},Q1\n1,95%,x,96%\n").problems == ()


def test_a_mistyped_heading_without_cells_is_passed_over() -> None:
    assert scorecard_of("ref,target,Tolerence,Q1\n1,95%,,96%\n").problems == ()


def test_a_mistyped_heading_that_is_mapped_is_used() -> None:
    text = "ref,target,Tolerence,Q1\n1,95%,5%,96%\n"
    scorecard = read_scorecard_text(text, columns={"tolerance": "Tolerence"})
    assert (scorecard.indicators[0].tolerance, scorecard.problems) == ("5%", ())


def test_a_mistyped_heading_of_the_only_targets_is_named() -> None:
    assert "is “Traget” a slip for Target?" in refused("ref,Traget,Q1\n1,95%,96%\n")


def test_a_mistyped_key_of_a_yaml_row_is_an_error_at_its_line(tmp_path: Path) -> None:
    text = "indicators:\n  - {ref: 1, target: 95%, Q1: 96%}\n  - {ref: 2, traget: 95%, Q1: 96%, mood: good}\n"
    (tmp_path / "kpis.yaml").write_text(text, encoding="utf-8")
    scorecard = read_scorecard(tmp_path / "kpis.yaml")
    assert messages(scorecard) == ["error: kpis.yaml, row 2 (line 3): “traget” is not a field; did you mean “target”?"]
    assert assess(scorecard, as_of=AS_OF).indicators[1].status == "unrated"


def test_two_columns_of_one_heading_are_told_apart_by_their_letters() -> None:
    said = refused("ref,Target,Q1,Target\n1,95%,96%,97%\n")
    assert "“Target” (column B) and “Target” (column D) could both be the target" in said
    assert "rename one of them" in said


def test_a_mapping_to_two_columns_of_one_heading_names_their_letters() -> None:
    with pytest.raises(ScorecardError, match="columns B and D are all named “Target”"):
        read_scorecard_text("ref,Target,Q1,Target\n1,95%,96%,97%\n", columns={"target": "Target"})


# rows that are no indicators ----------------------------------------------------------------------------------------


def test_totals_and_notes_below_the_indicators_are_left_out_with_a_warning() -> None:
    below = "Total,,,96%\n,Average,95%,95%\n\nNotes: 2 of 3,,,\nSource: NHS\nGreen = on target,,,\n"
    scorecard = scorecard_of(f"ref,name,target,Q1\n1,Homes,95%,96%\n{below}")
    assert [each.ref for each in scorecard.indicators] == ["1"]
    assert messages(scorecard) == ["warning: kpis.csv: rows 2, 3 and 5 to 7 look like totals or notes and are left out"]


def test_the_title_of_a_section_is_left_out_with_a_warning() -> None:
    scorecard = scorecard_of("ref,name,target,Q1\n,Housing,,\n1,Homes,95%,96%\n")
    assert messages(scorecard) == ["warning: kpis.csv: row 1 looks like a total or a note and is left out"]


@pytest.mark.parametrize(
    "row",
    [
        "1,Total homes completed,50,51", "1,Total,50,51", ",Average days to let a home,20,19", "1,Mean wait,20,19",
        ",Key decisions in time,95%,96%", ",Green spaces with an award,5,6", "1,Homes,,", "Note-3,Homes,5,6",
    ],
)  # fmt: skip
def test_an_indicator_whose_name_begins_as_a_total_does_is_kept(row: str) -> None:
    scorecard = scorecard_of(f"ref,name,target,Q1\n{row}\n")
    assert (len(scorecard.indicators), scorecard.problems) == (1, ())


@pytest.mark.parametrize("row", ["1,,,96%", ",Homes,,96%", "1,Total homes,,96%"])
def test_a_reading_without_a_target_is_a_warning_at_the_target(row: str) -> None:
    scorecard = scorecard_of(f"ref,name,target,Q1\n{row}\n")
    assert messages(scorecard) == ["warning: kpis.csv, row 1, column target: there is a reading and no target"]
    assert assess(scorecard, as_of=AS_OF).indicators[0].reason == "no target"


def test_missing_data_without_a_target_is_no_problem() -> None:
    assert scorecard_of("ref,name,target,Q1\n1,Homes,,DNA\n").problems == ()


def test_a_later_row_of_a_long_table_need_not_repeat_the_target() -> None:
    scorecard = scorecard_of("name,target,period,value\nHomes,95%,Q1,96%\nHomes,,Q2,97%\n,,,\nTotal,,Q2,97%\n")
    assert scorecard.indicators[0].readings == {"Q1": "96%", "Q2": "97%"}
    assert messages(scorecard) == ["warning: kpis.csv: row 4 looks like a total or a note and is left out"]


# long tables --------------------------------------------------------------------------------------------------------

LONG = """\
ref,name,target,polarity,period,value
1,Homes,95%,higher,Q1 2023-24,90%
2,Gap,<£21,lower,Q1 2023-24,£20
1,Homes,95%,higher,Q2 2023-24,91%
2,Gap,<£21,lower,Q2 2023-24,£22
"""


def test_a_long_table_has_one_indicator_for_each_ref_and_name() -> None:
    scorecard = scorecard_of(LONG)
    assert [indicator.readings for indicator in scorecard.indicators] == [
        {"Q1 2023-24": "90%", "Q2 2023-24": "91%"}, {"Q1 2023-24": "£20", "Q2 2023-24": "£22"}
    ]  # fmt: skip


def test_a_long_table_gives_the_same_statuses_as_a_wide_one() -> None:
    wide = "ref,name,target,polarity,Q1 2023-24,Q2 2023-24\n1,Homes,95%,higher,90%,91%\n2,Gap,<£21,lower,£20,£22\n"
    assert assess(scorecard_of(LONG), as_of=AS_OF).summary == assess(scorecard_of(wide), as_of=AS_OF).summary


def test_a_year_and_a_quarter_in_two_columns_make_one_period() -> None:
    scorecard = scorecard_of("ref,target,quarter,year,value\n1,95%,Q1,2023/24,90%\n1,95%,Q2,2023/24,91%\n")
    assert [period.ends for period in scorecard.periods] == [date(2023, 6, 30), date(2023, 9, 30)]


def test_a_target_that_changed_during_the_year_is_kept_for_each_period() -> None:
    scorecard = scorecard_of("ref,target,period,value\n1,≥90%,Q1 2023-24,90%\n1,≥95%,Q2 2023-24,91%\n")
    statuses = [assess(scorecard, as_of=AS_OF, period=period).indicators[0].status for period in ("Q1", "Q2")]
    assert statuses == ["green", "red"]


def test_two_readings_for_one_period_are_an_error_and_neither_is_used() -> None:
    scorecard = scorecard_of("ref,target,period,value\n1,95%,Q1,90%\n1,95%,Q1,91%\n")
    assert messages(scorecard) == [
        "error: kpis.csv, row 2, column value: “91%” is a second reading for Q1, after “90%” in kpis.csv, row 1; neither is used"
    ]
    assert assess(scorecard, as_of=AS_OF).indicators[0].status == "unrated"


def test_rows_of_one_indicator_that_contradict_each_other_are_an_error() -> None:
    scorecard = scorecard_of("ref,target,polarity,period,value\n1,95%,higher,Q1,90%\n1,95%,lower,Q2,91%\n")
    assert messages(scorecard) == [
        "error: kpis.csv, row 2, column polarity: the polarity is “lower” here and “higher” in row 1"
    ]
    assert assess(scorecard, as_of=AS_OF).indicators[0].status == "unrated"


def with_readings(path: Path, indicators: str, readings: str) -> Scorecard:
    (path / "kpis.csv").write_text(indicators, encoding="utf-8")
    (path / "readings.csv").write_text(readings, encoding="utf-8")
    settings = '[[indicators]]\nfile = "kpis.csv"\n[[readings]]\nfile = "readings.csv"\n'
    (path / "scorecard.toml").write_text(settings, encoding="utf-8")
    return read_scorecard(path)


def test_a_second_table_gives_the_readings(tmp_path: Path) -> None:
    scorecard = with_readings(tmp_path, "ref,name,target\n1,Homes,95%\n", "ref,period,value\n1,Q1,90%\n1,Q2,96%\n")
    assert scorecard.indicators[0].readings == {"Q1": "90%", "Q2": "96%"}
    assert scorecard.indicators[0].where("Q2") == ("readings.csv, row 2", "value")


@pytest.mark.parametrize(
    "rows",
    [
        "A;Q3 2023/24;150\nA;Q3 2023/24;95,125\n",
        "A;Q3 2023/24;95,125\nA;Q3 2023/24;150\n",
        "A;Q2 2023/24;150\nA;Q3 2023/24;95,125\n",
        "A;Q2 2023/24;150\nA;Q3 2023/24;160;one more\n",
    ],
)
def test_a_reading_in_doubt_is_no_reason_to_take_another(tmp_path: Path, rows: str) -> None:
    table = "ref;name;target\nA;Homes;at least 100\nB;Roads;at least 100\n"
    scorecard = with_readings(tmp_path, table, f"ref;period;value\n{rows}B;Q2 2023/24;150\n")
    assert [each.label for each in scorecard.periods][-1] == "Q3 2023/24"
    report = assess(scorecard, as_of=date(2024, 1, 31))
    assert report.period == "Q3 2023/24"
    assert report.indicators[0].status.value == "unrated"
    earlier = assess(scorecard, as_of=date(2024, 1, 31), period="Q2 2023/24")
    assert [each.status.value for each in earlier.indicators] == ["unrated", "green"]


def test_a_reading_of_no_indicator_is_an_error(tmp_path: Path) -> None:
    scorecard = with_readings(tmp_path, "ref,name,target\n1,Homes,95%\n", "ref,period,value\n7,Q1,90%\n")
    assert "error: readings.csv, row 1: no indicator is called “7”; the reading is not used" in messages(scorecard)


def test_a_reading_of_a_repeated_ref_needs_the_name_too(tmp_path: Path) -> None:
    table = "ref,name,target\n1.1,Homes,95%\n1.1,Roads,3%\n"
    scorecard = with_readings(tmp_path, table, "ref,name,period,value\n1.1,,Q1,90%\n1.1,Roads,Q1,2%\n")
    assert (
        messages(scorecard)[-1]
        == "error: readings.csv, row 1: “1.1” could be the indicators in rows 1 and 2; the reading is not used"
    )
    assert scorecard.indicators[1].readings == {"Q1": "2%"}


def test_periods_can_have_targets_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text("ref,Q1 target,Q1,Q2 target,Q2\n1,≥90%,90%,≥95%,90%\n", encoding="utf-8")
    periods = "".join(
        f'[[indicators.periods]]\nlabel = "{q}"\ncolumn = "{q}"\ntarget = "{q} target"\n' for q in ("Q1", "Q2")
    )
    (tmp_path / "scorecard.toml").write_text(f'[[indicators]]\nfile = "kpis.csv"\n{periods}', encoding="utf-8")
    scorecard = read_scorecard(tmp_path)
    assert [assess(scorecard, as_of=AS_OF, period=q).indicators[0].status for q in ("Q1", "Q2")] == ["green", "red"]


# rows ---------------------------------------------------------------------------------------------------------------


def test_blank_rows_are_skipped_and_still_counted() -> None:
    scorecard = scorecard_of("ref,target,Q1\n1,95%,96%\n,,\n\n2,95%,96%\n")
    assert [indicator.place for indicator in scorecard.indicators] == ["kpis.csv, row 1", "kpis.csv, row 4"]
    assert scorecard.problems == ()


def test_a_row_with_too_few_cells_is_a_warning() -> None:
    scorecard = scorecard_of("ref,target,Q1\n1,95%\n")
    assert messages(scorecard) == [
        "warning: kpis.csv, row 1: the row has 2 cells and the table 3 columns; the missing ones are taken as blank"
    ]


def test_a_row_with_too_many_cells_is_an_error_and_unrated() -> None:
    scorecard = scorecard_of("ref,target,Q1,Q2\n1,1,000,900,950\n")
    assert scorecard.problems[0].severity == "error"
    indicator = assess(scorecard, as_of=AS_OF).indicators[0]
    assert (
        indicator.explanation == "The row has 5 cells and the table 4 columns, so its cells may be in the wrong ones."
    )


def test_blank_cells_behind_the_last_heading_are_no_trouble() -> None:
    assert scorecard_of("ref,target,Q1,,\n1,95%,96%,,\n").problems == ()


@pytest.mark.parametrize("text", ["", "\n\n", ",,\n,,\n", "\ufeff"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert "kpis.csv is empty" in refused(text)


def test_headings_without_rows_are_refused_with_the_headings() -> None:
    assert "kpis.csv has no rows below its headings “ref”, “target”, “Q1”" in refused("ref,target,Q1\n\n")


def test_more_rows_than_a_scorecard_has_are_refused() -> None:
    assert "more than 100,000 rows" in refused("target\n" + "95%\n" * 100_001)


def test_more_columns_than_a_scorecard_has_are_refused() -> None:
    assert "more than 500 columns" in refused("target" + ",x" * 500 + "\n95%\n")


def test_a_table_without_readings_is_read_and_says_so() -> None:
    assert messages(scorecard_of("ref,target\n1,95%\n")) == [
        "warning: kpis.csv: no column holds readings; there are “ref”, “target”"
    ]


# texts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = 'ref|name|target|Q1\n1|"Pay; gap, weekly\tmean"|<£21|£20\n'.replace("|", delimiter)
    indicator = scorecard_of(text).indicators[0]
    assert (indicator.name, indicator.readings) == ("Pay; gap, weekly\tmean", {"Q1": "£20"})


SEMICOLONS = "ref;target;polarity;Q1 2023/24;Q2 2023/24\n"


@pytest.mark.parametrize(
    ("row", "number"),
    [
        ("1;95,125;higher;96;97", "95,125"),
        ("1;95;higher;96;97,125%", "97,125"),
        ("1;Between 1,250 and 2000;;1300;1300", "1,250"),
    ],
)
def test_a_comma_before_three_digits_has_two_meanings_where_semicolons_part_cells(row: str, number: str) -> None:
    scorecard = scorecard_of(f"{SEMICOLONS}{row}\n2;95;higher;96;97\n")
    assert [each.status.value for each in assess(scorecard, as_of=AS_OF).indicators] == ["unrated", "green"]
    (message,) = messages(scorecard)
    decimal = number.replace(",", ".")
    assert message.startswith("error: kpis.csv, row 1, column ")
    assert f"“{number}” could be {decimal} or {number.replace(',', '')}; write the one that is meant" in message


@pytest.mark.parametrize(
    "number", ["1250", "95.125", "1,250.5", "1,250,000", "1,250.0%", "5 per 1,000", "12 per 100,000"]
)
def test_other_numbers_have_one_meaning_where_semicolons_part_cells(number: str) -> None:
    scorecard = scorecard_of(f"{SEMICOLONS}1;{number};higher;{number};{number}\n")
    assert messages(scorecard) == []
    assert assess(scorecard, as_of=AS_OF).indicators[0].status.value == "green"


def test_a_weight_that_could_be_decimal_is_in_doubt_too() -> None:
    table = (
        "ref;target;weight;Q2 2023/24\n1;at least 95%;1,250;96%\n2;at least 95%;1.250;96%\n3;at least 95%;1250;96%\n"
    )
    scorecard = scorecard_of(table)
    assert [each.status.value for each in assess(scorecard, as_of=AS_OF).indicators] == ["unrated", "green", "green"]
    (message,) = messages(scorecard)
    assert message.startswith("error: kpis.csv, row 1, column weight: in a table with semicolons")


def test_only_rates_of_whole_thousands_are_certain() -> None:
    table = f"{SEMICOLONS}1;at most 5 per 1,000;;4 per 1,000;4 per 1,250\n2;at most 5,125 per 1,000;;4;4\n"
    assert [each.split("; ")[0].rpartition(", ")[2] for each in messages(scorecard_of(table))] == [
        "“1,250” could be 1.250 or 1250",
        "“5,125” could be 5.125 or 5125",
    ]


@pytest.mark.parametrize(
    "shown",
    [
        "96,2",
        "£96,20",
        "0,5%",
        "1.234,5",
        "1 250,5",
        "1\u00a0250,5",
        "1\u202f250,5",
        "1'250,5",
        "95,1 of 97,2",
        "c. 95,1 (of 40)",
    ],
)
@pytest.mark.parametrize("number", ["1,250", "1.250"])
def test_signs_before_three_digits_have_two_meanings_beside_a_decimal_comma(shown: str, number: str) -> None:
    scorecard = scorecard_of(
        f'ref,target,polarity,Q2 2023/24\n1,95,higher,"{shown}"\n2,1,higher,"{number}"\n3,1,higher,"2"\n'
    )
    assert [each.status.value for each in assess(scorecard, as_of=AS_OF).indicators] == ["unrated", "unrated", "green"]
    written = " ".join(shown.split())
    assert f"beside “{written}”, “{number}” could be 1.250 or 1250" in messages(scorecard)[0]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("profile", "40,60"),
        ("profile", "Q1 40,60"),
        ("benchmark", "peers=Q1,2"),
        ("Q1 2023/24", "Q1,2"),
        ("comment", "95,1"),
    ],
)
def test_what_is_no_number_shows_no_decimal_comma(column: str, cell: str) -> None:
    table = f'ref,target,{column},Q2 2023/24\n1,"at least 1,250","{cell}","1,300"\n2,"at least 1,250",,"1,300"\n'
    scorecard = scorecard_of(table)
    assert not [each for each in messages(scorecard) if "could be" in each]
    assert assess(scorecard, as_of=AS_OF).indicators[1].status.value == "green"


def test_no_more_is_quoted_than_the_number_of_a_long_cell() -> None:
    long = f"{'as published, ' * 30} 95,1 of 97"
    (problem,) = messages(scorecard_of(f'ref,target,polarity,Q1\n1,95,higher,"{long}"\n2,1,higher,"1,250"\n'))
    assert "beside “95,1”, “1,250” could be" in problem
    (problem,) = messages(scorecard_of(f'ref,target,polarity,Q1\n1,95,higher,"0,{"1" * 90}"\n2,1,higher,"1,250"\n'))
    assert f"beside “0,{'1' * 38}”, " in problem


def test_commas_for_thousands_are_read_where_nothing_speaks_of_decimal_commas() -> None:
    scorecard = scorecard_of('ref,target,Q2 2023/24,comment\n1,"at least 1,250","1,300","from 95,1"\n')
    assert messages(scorecard) == []
    assert assess(scorecard, as_of=AS_OF).indicators[0].status.value == "green"


def test_a_doubtful_number_in_a_later_row_of_a_long_table_leaves_its_indicator_unrated() -> None:
    text = "ref;target;polarity;quarter;value\n1;100;higher;Q1 2023/24;130\n1;100;higher;Q2 2023/24;1,300\n"
    assert assess(scorecard_of(text), as_of=AS_OF).indicators[0].status.value == "unrated"


def test_numbers_of_a_workbook_are_shown_with_commas_for_thousands_beside_any_text(tmp_path: Path) -> None:
    rows = [
        ["ref", "target", "polarity", "Q2 2023/24"],
        ["1", (1000, "#,##0"), "higher", (1300, "#,##0")],
        ["2", 1, "higher", "96,2"],
    ]
    scorecard = read_scorecard(book_at(tmp_path / "kpis.xlsx", {"KPIs": rows}))
    assert [each.status.value for each in assess(scorecard, as_of=AS_OF).indicators] == ["green", "unrated"]


def test_semicolons_in_cells_do_not_make_them_the_delimiter() -> None:
    text = (
        "ref,target,benchmark,Q1\n"
        + "1,Above national,national=77.8%; regional=80%; peers=70%; best=90%; last=20%,81%\n" * 3
    )
    assert len(scorecard_of(text).indicators) == 3


def test_a_line_that_names_the_delimiter_is_followed() -> None:
    assert scorecard_of("sep=;\nref;target;Q1\n1;95%;96%\n").indicators[0].target == "95%"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    scorecard = read_scorecard_text("ref,target,Q1\n1,<£21,£20\n".encode(encoding))
    assert scorecard.indicators[0].ref == "1"
    assert (scorecard.indicators[0].target, scorecard.problems) == ("<£21", ())


def test_windows_1252_is_read_with_a_warning() -> None:
    scorecard = read_scorecard_text("ref,name,target,Q1\n1,Café,<£21,£20\n".encode("cp1252"), "kpis.csv")
    assert (scorecard.indicators[0].name, scorecard.indicators[0].target) == ("Café", "<£21")
    assert messages(scorecard) == [
        "warning: kpis.csv: the text is not UTF-8; it is read as Windows-1252, as older spreadsheets write it"
    ]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"ref,target\n1,\x00\n", b"ref,target\n1,\x81\n"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    assert "is not a text" in refused(data)


def test_a_text_that_is_not_what_its_mark_says_is_refused() -> None:
    assert (
        "kpis.csv begins with the mark of UTF-8 and has bytes in it that are not UTF-8: the text is damaged"
        in refused(b"\xef\xbb\xbfref,target\n1,\xa390\n")
    )


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line() -> None:
    assert "kpis.csv, line 3: a cell that begins here" in refused('ref,target,Q1\n1,95%,96%\n2,"95%,96%\n3,95%,96%\n')


def test_cells_may_hold_line_breaks() -> None:
    scorecard = scorecard_of('ref,target,Q1\n1,"at least\n95%",96%\n2,95%,96%\n')
    assert [indicator.target for indicator in scorecard.indicators] == ["at least\n95%", "95%"]


def test_an_endless_cell_is_refused() -> None:
    assert "a cell that begins here is too long" in refused("ref,target\n1," + "9" * 200_000 + "\n")


# YAML ---------------------------------------------------------------------------------------------------------------


def yaml_refused(text: str) -> str:
    with pytest.raises(ScorecardError) as caught:
        load_yaml(text, place="kpis.yaml")
    return str(caught.value)


def test_scalars_in_yaml_stay_as_they_are_written() -> None:
    text = "indicators:\n  - {ref: 1.10, target: 0x10, polarity: no, q1: 1_000, q2: 2023-06-30, name: ~, unit: }\n"
    assert load_yaml(text, place="")["indicators"] == [
        {
            "ref": "1.10",
            "target": "0x10",
            "polarity": "no",
            "q1": "1_000",
            "q2": "2023-06-30",
            "name": None,
            "unit": None,
        }
    ]


@pytest.mark.parametrize("loader", ["CBaseLoader", "BaseLoader"])
def test_a_bomb_of_aliases_is_refused_at_its_first_anchor(loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "CBaseLoader", getattr(yaml, loader, yaml.BaseLoader), raising=False)
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
    assert yaml_refused(bomb) == "kpis.yaml, line 1: anchors and aliases (& and *) are not read (write the value out)"


def test_an_alias_is_refused() -> None:
    assert "anchors and aliases" in yaml_refused("a: *nothing\n")


def test_a_tag_is_refused_and_runs_nothing() -> None:
    assert "tags such as" in yaml_refused("a: !!python/object/apply:os.system ['true']\n")


def test_a_repeated_key_is_refused() -> None:
    assert "kpis.yaml, line 2: “a” is here for the second time, after line 1" in yaml_refused("a: 1\na: 2\n")


def test_deep_nesting_is_refused() -> None:
    assert "nested deeper" in yaml_refused("[" * 100_000)


def test_several_documents_are_refused() -> None:
    assert "several documents" in yaml_refused("a: 1\n---\nb: 2\n")


def test_faulty_yaml_is_refused_with_its_line() -> None:
    assert "kpis.yaml, line 2:" in yaml_refused("a: [1,\nb: }")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "kpis.yaml is empty"),
        ("- 1\n", "is not a mapping"),
        ("title: x\n", "has no indicators; it has title"),
        ("indicators: none\n", "is not a list of mappings"),
        ("indicators: [1]\n", "is not a list of mappings"),
        ("kpis: []\n", "“kpis” is not a part of a scorecard"),
        ("scheme: {tolerence: 5%}\nindicators: [{target: 95%}]\n", "did you mean “tolerance”"),
        ("periods: [{label: Q1, ends: soon}]\nindicators: [{target: 95%}]\n", "periods.1.ends"),
    ],
)
def test_yaml_that_is_no_scorecard_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "kpis.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScorecardError) as caught:
        read_scorecard(tmp_path / "kpis.yaml")
    assert said in str(caught.value)


def test_yaml_may_nest_readings_benchmarks_and_scales(tmp_path: Path) -> None:
    text = "indicators:\n  - target: Good\n    scale: [Poor, Good]\n    benchmarks: {national: 77.8%}\n    readings: {Q1: Poor, Q2: Good}\n"
    (tmp_path / "kpis.yaml").write_text(text, encoding="utf-8")
    indicator = read_scorecard(tmp_path / "kpis.yaml").indicators[0]
    assert (indicator.scale, indicator.benchmarks, indicator.readings) == (
        "Poor < Good",
        "national=77.8%",
        {"Q1": "Poor", "Q2": "Good"},
    )
    assert indicator.place == "kpis.yaml, row 1 (line 2)"


# workbooks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.95, "0%", "95%"), (0.95, "0.0%", "95.0%"), (0.9496, "0%", "94.96%"), (0.07, "0%", "7%"), (0.29, "0%", "29%"),
        (46, '"£"#,##0', "£46"), (46, "[$£-809]#,##0.00", "£46.00"), (-46, '"£"#,##0;[Red]-"£"#,##0', "-£46"),
        (1234567, "_-£* #,##0_-;-£* #,##0_-", "£1,234,567"), (1200000, '£0.0,,"m"', "£1,200,000"), (5, '0" days"', "5 days"),
        (95, '0.0"%"', "95.0%"), (1.1, "0.00", "1.10"), (0.1 + 0.2, "General", "0.3"), (1e20, "General", "1" + "0" * 20),
        (0.00001, "General", "0.00001"), (-60, "0_);(0)", "-60"), (1.5, "0.00E+00", "1.5"), (2.3, "0.0\\p\\p", "2.3pp"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_its_format_means_it(value: float, number_format: str, text: str) -> None:
    assert written_number(value, number_format)[0] == text


def test_cells_are_read_as_what_they_show(tmp_path: Path) -> None:
    row = [1.1, "At least", (0.95, "0%"), "#DIV/0!", datetime(2024, 3, 31), True, (date(2023, 4, 1), "mmm-yy")]
    path = book_at(tmp_path / "kpis.xlsx", {"KPIs": [["ref", "name", "target", "Q1", "Q2", "Q3", "comment"], row]})
    indicator = read_scorecard(path).indicators[0]
    assert (indicator.ref, indicator.target, indicator.comment) == ("1.1", "95%", "Apr 2023")
    assert indicator.readings == {"Q1": "#DIV/0!", "Q2": "2024-03-31", "Q3": "Yes"}


def test_a_date_as_a_target_or_a_reading_is_called_one(tmp_path: Path) -> None:
    day = (date(2023, 5, 3), "dd/mm/yyyy")
    path = book_at(tmp_path / "kpis.xlsx", {"KPIs": [["ref", "target", "Q1"], [1, day, 5], [2, "≥5", day]]})
    report = assess(read_scorecard(path), as_of=AS_OF)
    assert [problem.message.partition(";")[0] for problem in report.problems] == [
        "“2023-05-03” is a date, not a target",
        "“2023-05-03” is a date, not a reading",
    ]


def test_dates_as_headings_are_periods(tmp_path: Path) -> None:
    heads = ["ref", "target", (date(2023, 5, 1), "mmm-yy"), (date(2023, 4, 30), "dd/mm/yyyy")]
    scorecard = read_scorecard(book_at(tmp_path / "kpis.xlsx", {"KPIs": [heads, [1, "95%", "96%", "97%"]]}))
    assert [period.ends for period in scorecard.periods] == [date(2023, 4, 30), date(2023, 5, 31)]


def test_a_problem_in_a_workbook_names_the_cell(tmp_path: Path) -> None:
    rows = [["Report"], [], ["Ref", "Name", "Target", "Q1"], [1, "Homes", "Betwen 1 and 2", 5]]
    report = assess(read_scorecard(book_at(tmp_path / "book.xlsx", {"KPIs": rows})), as_of=AS_OF)
    assert report.title == "Report"
    assert report.problems[0].place == "book.xlsx, sheet KPIs, row 1 (cell C4), column Target"


def test_hidden_decimals_count_and_are_said(tmp_path: Path) -> None:
    rows = [["ref", "target", "Q1"], [1, "95%", (0.9496, "0%")], [2, "95%", (0.9512, "0%")]]
    scorecard = read_scorecard(book_at(tmp_path / "book.xlsx", {"KPIs": rows}))
    assert scorecard.indicators[0].readings == {"Q1": "94.96%"}
    assert messages(scorecard) == [
        "warning: book.xlsx, sheet KPIs, column C: 2 cells (C2, 94.96%, ...) hold more decimals than they show; all of them count"
    ]


def test_formulas_without_a_saved_value_are_blank_and_said(tmp_path: Path) -> None:
    rows = [["ref", "target", "Q1"], [1, "95%", "=48/50"]]
    scorecard = read_scorecard(book_at(tmp_path / "book.xlsx", {"KPIs": rows}))
    assert scorecard.indicators[0].readings == {}
    assert "formulas without a saved value are read as blank: C2" in scorecard.problems[0].message


TABLE = [["ref", "target", "Q1"], [1, "95%", "96%"]]


def test_a_sheet_of_something_else_is_passed_over(tmp_path: Path) -> None:
    path = book_at(tmp_path / "book.xlsx", {"About": [["This is a report"], ["of the council"]], "KPIs": TABLE})
    assert len(read_scorecard(path).indicators) == 1


def test_two_sheets_that_could_hold_the_indicators_are_asked_about(tmp_path: Path) -> None:
    path = book_at(tmp_path / "book.xlsx", {"2022": TABLE, "2023": TABLE})
    with pytest.raises(ScorecardError, match="“2022”, “2023” could each hold the indicators"):
        read_scorecard(path)
    assert read_scorecard(path, sheet="2023").indicators[0].place == "book.xlsx, sheet 2023, row 1"


def test_the_scheme_sheet_can_name_the_sheet(tmp_path: Path) -> None:
    scheme = [["sheet", "2023"], ["column target", "target"], ["group", "ref"], ["benchmark national", (0.5, "0%")]]
    scorecard = read_scorecard(book_at(tmp_path / "book.xlsx", {"2022": TABLE, "2023": TABLE, "Scheme": scheme}))
    assert (scorecard.group_columns, scorecard.scheme.benchmarks) == (("ref",), {"national": "50%"})


def test_an_unknown_line_of_the_scheme_sheet_is_refused(tmp_path: Path) -> None:
    path = book_at(tmp_path / "book.xlsx", {"KPIs": TABLE, "Scheme": [["Tolerence", "5%"]]})
    with pytest.raises(ScorecardError, match=r"book\.xlsx, sheet Scheme, row 1: “Tolerence” is not a setting"):
        read_scorecard(path)


def test_a_sheet_of_readings_is_a_second_table(tmp_path: Path) -> None:
    sheets = {
        "KPIs": [["ref", "target"], [1, "95%"]],
        "Readings": [["ref", "period", "value"], [1, "Q1", (0.96, "0%")]],
    }
    indicator = read_scorecard(book_at(tmp_path / "book.xlsx", sheets)).indicators[0]
    assert indicator.readings == {"Q1": "96%"}
    assert indicator.where("Q1") == ("book.xlsx, sheet Readings, row 1 (cell C2)", "value")


def test_a_sheet_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ScorecardError, match="there is no sheet “Old”; there are “KPIs”"):
        read_scorecard(book_at(tmp_path / "book.xlsx", {"KPIs": TABLE}), sheet="Old")


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScorecardError, match="sheet KPIs is empty"):
        read_scorecard(book_at(tmp_path / "book.xlsx", {"KPIs": []}))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"ref,target\n1,95%\n"])
def test_a_file_that_is_no_workbook_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(data)
    with pytest.raises(ScorecardError, match=r"book\.xlsx is not an Excel workbook"):
        read_scorecard(tmp_path / "book.xlsx")


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def test_a_document_type_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = book_at(tmp_path / "book.xlsx", {"KPIs": TABLE})
    rewritten(path, "xl/worksheets/sheet1.xml", lambda data: b'<!DOCTYPE a [<!ENTITY b "c">]>' + data)
    with pytest.raises(ScorecardError, match="holds a document type"):
        read_scorecard(path)


def test_a_workbook_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = book_at(tmp_path / "book.xlsx", {"KPIs": TABLE})
    rewritten(path, "docProps/app.xml", lambda data: data + b" " * 500_000_001)
    with pytest.raises(ScorecardError, match="too large for a scorecard"):
        read_scorecard(path)


def test_a_faulty_part_of_a_workbook_is_refused(tmp_path: Path) -> None:
    path = rewritten(
        book_at(tmp_path / "book.xlsx", {"KPIs": TABLE}), "xl/worksheets/sheet1.xml", lambda data: data[:300]
    )
    with pytest.raises(ScorecardError, match="cannot be read as a workbook"):
        read_scorecard(path)


@pytest.mark.parametrize(("package", "name", "extra"), [("openpyxl", "a.xlsx", "xlsx"), ("yaml", "a.yaml", "yaml")])
def test_a_missing_package_names_its_extra(
    package: str, name: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    (tmp_path / name).write_text("indicators: []", encoding="utf-8")
    with pytest.raises(MissingExtraError, match=rf'pip install "rag-rules\[{extra}\]"'):
        read_scorecard(tmp_path / name)


# names --------------------------------------------------------------------------------------------------------------


def test_names_are_compared_without_case_space_and_punctuation() -> None:
    assert plain_words(" KPI_No.\n") == plain_words("kpi no")


def test_a_problem_is_plain_data() -> None:
    problem = scorecard_of("ref,target,Q1\n1,95%\n").problems[0]
    assert Problem.model_validate_json(problem.model_dump_json()) == problem


# columns that look like targets or periods ----------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Revised target", "Target (revised)", "Stretch target", "Period 7 target"])
def test_a_second_column_of_targets_is_named(heading: str) -> None:
    scorecard = scorecard_of(f"ref,Target,{heading},Q1 2023/24\n1,95%,97%,96%\n")
    assert messages(scorecard) == [f"warning: kpis.csv: “{heading}” is not used: the targets are those of “Target”"]
    assert scorecard.indicators[0].target == "95%"


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Revised target", ""), ("Target date", "2024-03-01"), ("Target owner", "Jo"), ("On target?", "Yes, 96"), ("Variance from target", "3%"),
        ("Target met", "Y"),
    ],
)  # fmt: skip
def test_a_column_about_targets_is_passed_over(heading: str, cell: str) -> None:
    assert messages(scorecard_of(f'ref,Target,{heading},Q1 2023/24\n1,95%,"{cell}",96%\n')) == []


def test_columns_that_look_like_periods_are_named_beside_those_that_are_read() -> None:
    scorecard = scorecard_of("ref,Target,Week 53,Month 1 actual,Q1 2023/24,Week 2 comment\n1,95%,94%,93%,96%,3\n")
    assert messages(scorecard) == [
        "warning: kpis.csv: “Week 53” and “Month 1 actual” are not used, though they look like periods: the readings are those "
        "of “Q1 2023/24”; name such columns as [[indicators.periods]] in scorecard.toml"
    ]
    assert [period.label for period in scorecard.periods] == ["Q1 2023/24"]


def test_periods_that_are_listed_leave_no_column_out() -> None:
    scorecard = read_scorecard_text("ref,Target,Week 53,Q1 2023/24\n1,95%,,96%\n", "kpis.csv")
    assert messages(scorecard) == []
