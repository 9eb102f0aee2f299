"""The workbook face: what is in it, that it is inert, and that it reads back. `make workbook` proves its formulas."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from rag_rules import cli
from rag_rules.errors import MissingExtraError
from rag_rules.files.columns import FIELDS
from rag_rules.files.number_formats import cell_number, written_number
from rag_rules.models import Report, Scheme
from rag_rules.reports import as_file, sheets, template, workbook
from rag_rules.reports.words import SHAPES
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.status import Status

EXAMPLES = Path(__file__).parents[1] / "examples"
AS_OF = date(2023, 9, 30)
#: what must come out as the text it is, or not at all
HOSTILE = (
    '=HYPERLINK("http://x.example","y")', "+1+1", "@SUM(A1)", "-2+3", "=cmd|' /C calc'!A0", "http://x.example", "mailto:a@b.c",
    "<script>alert(1)</script>", "\x1b[31mred\x1b[0m", "a\u202eb\u202c", "\x00\x07", "_x0041_", "👩‍👩‍👧‍👦", '"', "'", "]]>", "&amp;",
)  # fmt: skip


def report_of(table: str, as_of: date = AS_OF) -> Report:
    return assess(read_scorecard_text(table), as_of=as_of)


def opened(report: Report, **how: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(as_file(report, "xlsx")), **how)


def read_back(report: Report, path: Path) -> Report:
    path.write_bytes(as_file(report, "xlsx"))
    return assess(read_scorecard(path), as_of=report.as_of, period=report.period)


def column(sheet: Any, head: str) -> list[Any]:
    heads = [cell.value for cell in sheet[4]]
    return [sheet.cell(row, heads.index(head) + 1) for row in range(5, sheet.max_row + 1)]


@pytest.fixture(scope="module")
def rutland() -> Report:
    return assess(read_scorecard(EXAMPLES / "rutland"), as_of=AS_OF)


# what is in it --------------------------------------------------------------------------------------------------------


def test_each_sheet_has_its_title_in_a1_one_table_and_fixed_headings(rutland: Report) -> None:
    book = opened(rutland)
    assert book.sheetnames[:2] == ["Summary", "Indicators"]
    assert book.sheetnames[2:] == ["Actions", "Plan", "Problems", "Method", "Scheme", "Periods"]
    for sheet in book:
        assert sheet["A1"].value
        assert len(sheet.tables) == 1
        table = next(iter(sheet.tables.values()))
        assert table.ref.startswith("A4:")
        assert table.autoFilter is not None
        assert sheet.freeze_panes.endswith("5")
        assert not sheet.merged_cells.ranges


def test_there_are_no_sheets_without_content() -> None:
    assert opened(report_of("ref,name,target,polarity,Q1\n1,A,5,higher,5\n")).sheetnames == [
        "Summary", "Indicators", "Method", "Scheme", "Periods",
    ]  # fmt: skip


def test_the_status_is_a_formula_with_its_value_saved(rutland: Report) -> None:
    formulas, values = opened(rutland)["Indicators"], opened(rutland, data_only=True)["Indicators"]
    live = [cell.value for cell in column(formulas, "Live status") if str(cell.value).startswith("=")]
    assert len(live) > 120
    shown = [cell.value for cell in column(values, "Live status")]
    assert shown == [f"{SHAPES[each.status]} {rutland.word(each.status)}" for each in rutland.indicators]
    said = [cell.value for cell in column(values, "Live")]
    assert said.count("Yes") == len(live)
    assert all(text == "Yes" or text.startswith("No: ") for text in said)


def test_numbers_are_numbers_in_the_format_of_their_unit(rutland: Report) -> None:
    cells = dict(
        zip([each.ref for each in rutland.indicators], column(opened(rutland)["Indicators"], "2023-24 Q2"), strict=True)
    )
    found = {ref: (cells[ref].value, cells[ref].number_format) for ref in ("1.6", "2.3", "1.9", "1.7", "2.1", "1.17")}
    assert found == {
        "1.6": (46, '"£"0'), "2.3": (0.554, "0.0%"), "1.9": (9.12, "0.00"), "1.7": ("DNA", "General"),
        "2.1": (7563, '0" tCO2e"'), "1.17": ("1.514m", "General"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["95%", "94.70%", "£1,250", "-£5", "-0.7", "12 days", "141.13kgs", "0", "€0.30", "1,234,567.89", "5 per 1,000"],
)
def test_a_number_shows_as_it_was_written(text: str) -> None:
    made = cell_number(text)
    if made is not None:
        assert written_number(float(made.value), made.number_format) == (text, False)
    assert (made is None) == (text == "5 per 1,000")


@pytest.mark.parametrize(
    "text", ["", "c68%", "97% (p)", "007", "1e5", "£1.2m", "1234567890.12345", "5 apples", "3/5", "٣"]
)
def test_what_is_more_than_a_number_stays_text(text: str) -> None:
    assert cell_number(text) is None


def test_statuses_have_colours_of_enough_contrast() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for ink, fill in workbook.COLOURS.values():
        assert (light(fill) + 0.05) / (light(ink) + 0.05) >= 7


def test_every_word_of_a_status_has_a_conditional_format(rutland: Report) -> None:
    found = opened(rutland)["Indicators"].conditional_formatting
    tests = {rule.formula[0] for each in found for rule in each.rules}
    for status in Status:
        assert any(f'="{SHAPES[status]} {rutland.word(status)}"' in test for test in tests)


def test_cells_for_readings_check_what_is_typed(rutland: Report) -> None:
    checks = opened(rutland)["Indicators"].data_validations.dataValidation
    assert {check.type for check in checks} == {"custom", "list"}
    assert all(check.errorStyle == "warning" for check in checks)
    lists = [check.formula1 for check in checks if check.type == "list"]
    assert any("Inadequate,Requires improvement,Good,Outstanding,DNA" in each for each in lists)


def test_the_chart_says_what_it_shows(rutland: Report) -> None:
    parts = zipfile.ZipFile(io.BytesIO(as_file(rutland, "xlsx")))
    drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert 'descr="All indicators by status, as columns' in drawing


def test_a_workbook_is_the_same_bytes_each_time(rutland: Report) -> None:
    assert as_file(rutland, "xlsx") == as_file(rutland.model_copy(), "xlsx")
    book = opened(rutland)
    assert book.properties.created.date() == AS_OF
    assert book.properties.title == rutland.title


def test_words_with_signs_do_not_break_the_formulas() -> None:
    made = report_of("ref,name,target,polarity,Q1\n1,A,5,higher,5\n")
    odd = {Status.GREEN: '"On" & =1', Status.RED: "x" * 300, Status.UNRATED: "a\x00b\nc"}
    shown = column(opened(made.model_copy(update={"words": odd}))["Indicators"], "Live status")[0].value
    assert '"● ""On"" & =1"' in shown
    assert "\x00" not in shown


def test_the_progress_is_told(rutland: Report) -> None:
    told: list[tuple[int, int]] = []
    workbook.render(rutland, lambda done, total: told.append((done, total)))
    assert told[0] == (0, 136)
    assert told[-1] == (136, 136)


def test_a_missing_package_is_named(rutland: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(MissingExtraError, match=r"rag-rules\[xlsx\]"):
        as_file(rutland, "xlsx")


# hostile input --------------------------------------------------------------------------------------------------------


def hostile_report() -> Report:
    rows = ["ref,name,theme,target,polarity,owner,comment,Q1"]
    for text in HOSTILE:
        cell = '"' + text.replace('"', '""') + '"'
        rows.append(",".join([cell, cell, cell, "5", "higher", cell, cell, cell]))
    rows.append('1,Long,"' + "g" * 400 + '",5,higher,"' + "👪" * 40_000 + '","' + "word " * 20_000 + '",5')
    return report_of("\n".join(rows))


def test_nothing_from_outside_becomes_a_formula_or_a_link() -> None:
    report = hostile_report()
    book = opened(report)
    own = {"Live status", "Changed"}
    sheet = book["Indicators"]
    heads = [cell.value for cell in sheet[4]]
    for row in sheet.iter_rows(min_row=5):
        for head, cell in zip(heads, row, strict=True):
            assert (cell.data_type == "f") == (head in own and str(cell.value).startswith("=")), (head, cell.value)
            assert cell.hyperlink is None
            if head == "Live status" and cell.data_type == "f":
                assert cell.value.startswith("=IF(AND(ISNUMBER(")
    for name in ("Problems", "Method", "Scheme", "Periods"):
        if name in book.sheetnames:
            assert all(cell.data_type != "f" for row in book[name].iter_rows() for cell in row)


def test_controls_and_marks_of_direction_are_left_out_and_long_texts_are_cut() -> None:
    parts = zipfile.ZipFile(io.BytesIO(as_file(hostile_report(), "xlsx")))
    for name in parts.namelist():
        if name.endswith((".xml", ".rels")):
            text = parts.read(name).decode()
            assert not re.search(
                "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]|_x00[01]", text
            ), name
            assert "http://x.example" not in text or name == "xl/sharedStrings.xml" or "worksheets/sheet" in name
    sheet = opened(hostile_report())["Indicators"]
    assert all(
        len(str(cell.value).encode("utf-16-le")) // 2 <= 32_767
        for row in sheet.iter_rows()
        for cell in row
        if cell.value
    )


def test_emoji_and_texts_that_look_escaped_come_through(tmp_path: Path) -> None:
    back = read_back(hostile_report(), tmp_path / "hostile.xlsx")
    names = [each.name for each in back.indicators]
    assert {"👩‍👩‍👧‍👦", "_x0041_", "<script>alert(1)</script>", '=HYPERLINK("http://x.example","y")'} <= set(names)


def test_headings_that_are_alike_are_told_apart(tmp_path: Path) -> None:
    table = "ref,name,Target,polarity,Status,priority,Q1\n1,A,5,higher,x,y,5\n"
    path = tmp_path / "kpis.csv"
    path.write_text(table)
    (tmp_path / "scorecard.toml").write_text(
        '[[indicators]]\nfile = "kpis.csv"\ngroup = ["Status", "priority", "polarity"]\n'
    )
    report = assess(read_scorecard(tmp_path), as_of=AS_OF)
    heads = [cell.value for cell in opened(report)["Indicators"][4]]
    assert len({head.casefold() for head in heads}) == len(heads)
    assert {"Live status", "Status", "Polarity (2)"} <= set(heads)


def test_a_report_of_nothing_and_one_without_its_scorecard_can_be_written(rutland: Report) -> None:
    nothing = report_of("ref,name,target,Q1\n1,A,TBC,\n")
    assert opened(nothing)["Summary"]["A1"].value
    alone = rutland.model_copy(update={"scorecard": None})
    assert opened(alone).sheetnames == ["Summary", "Indicators", "Actions", "Plan", "Problems", "Method"]
    empty = rutland.model_copy(update={"indicators": (), "scorecard": None})
    assert "Indicators" not in opened(empty).sheetnames


# reading it back ------------------------------------------------------------------------------------------------------


def alike(report: Report) -> dict[str, Any]:
    """All of a report but its problems, whose places are in another file."""
    return report.model_dump(exclude={"problems"})


@pytest.mark.parametrize("source", ["rutland", "rutland.yaml"])
@pytest.mark.parametrize("as_of", [date(2023, 6, 30), AS_OF])
def test_the_workbook_of_the_example_reads_back_as_the_same_report(tmp_path: Path, source: str, as_of: date) -> None:
    report = assess(read_scorecard(EXAMPLES / source), as_of=as_of)
    back = read_back(report, tmp_path / "report.xlsx")
    assert alike(back) == alike(report)
    assert [each.message for each in back.problems] == [each.message for each in report.problems]


def test_everything_that_rates_an_indicator_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "kpis.yaml"
    path.write_text(
        """
title: "Board, part 1"
scheme:
  tolerance: 5%
  polarity: higher
  rounding: round to 1 dp
  conflicts: worse
  year_start: January
  missing: [gone, "away, for now"]
  benchmarks: {national: 77.8%, "regional average": 80%}
  words: {green: "Met, fully", red: Missed}
  task_words: {red: Late}
  boundary: strict
  green_within: 1%
  comment_required: [red, amber]
  roll_up: {policy: share green, green: 90%, amber: 50%}
columns: {target: target}
group: [theme, "Lead, or team"]
periods:
  - {label: One, ends: 2023-03-31, column: a, target: ta}
  - {label: Two, ends: 2023-06-30, column: b, target: tb}
  - {label: Three, ends: 2023-12-31, column: c}
indicators:
  - {ref: "1.10", name: A, theme: x, "Lead, or team": t, target: 95%, ta: 90%, tb: 94%, a: 90%, b: 93.95%, tolerance: 2pp}
  - {ref: "1.10", name: B, theme: y, target: above national average, a: gone, b: "away, for now", c: 81%}
  - {ref: "2", name: C, target: at least Fair, scale: Poor < Fair < Good, b: "fair", polarity: higher, unit: "%"}
  - {ref: "3", name: D, target: 5% reduction, baseline: "1,200", benchmarks: {peers: 5}, b: "1,140.0", owner: O, comment: "x\\ny"}
  - {ref: "4", name: E, target: "12", accumulation: cumulative, year: calendar, frequency: monthly, lag: none, b: "6"}
  - {ref: "5", name: F, target: "Green >=3, Amber 2-2.5, Red <2", b: "2.7", rounding: exact}
  - {ref: "6", name: G, target: "£1.2m", b: "c. £1.25m (p)"}
  - {ref: "7", name: H, target: "by 30 June 2023", b: 2023-06-15}
  - {ref: "8", name: I, target: "90%; amber if improving", a: 70%, b: 80%, published: Amber}
  - {ref: "9", name: J, target: "5", b: "4", override: Green, override_reason: R, override_by: B, override_until: 2023-12-31, weight: 2}
""",
        "utf-8",
    )
    report = assess(read_scorecard(path), as_of=date(2023, 7, 1))
    assert report.period == "Two"
    back = read_back(report, tmp_path / "board.xlsx")
    assert alike(back) == alike(report)
    assert back.scorecard is not None
    assert report.scorecard is not None
    assert back.scorecard.scheme == report.scorecard.scheme
    cells = column(opened(report)["Indicators"], "Live status")
    assert [str(cell.value).startswith("=") for cell in cells] == [True] * 7 + [False, False, True], [
        (each.target.bands, each.explanation) for each in report.indicators
    ]
    assert [each.readings for each in back.scorecard.indicators] == [
        each.readings for each in report.scorecard.indicators
    ]


def test_a_faulty_row_is_not_rated_when_it_is_read_back(tmp_path: Path) -> None:
    report = report_of("ref,name,target,polarity,Q1\n1,A,5,higher,5\n2,B,5,higher,6,7\n")
    assert report.indicators[1].status is Status.UNRATED
    back = read_back(report, tmp_path / "faulty.xlsx")
    assert [each.status for each in back.indicators] == [Status.GREEN, Status.UNRATED]
    assert "on file: 5" in column(opened(report)["Indicators"], "Notes")[1].value


def test_every_field_of_a_scorecard_has_a_column() -> None:
    assert {*sheets.SETTINGS, "ref", "name", "target", "comment"} == {*FIELDS, "benchmarks"}


# the template ---------------------------------------------------------------------------------------------------------


def test_the_template_is_empty_documented_and_offers_words(tmp_path: Path) -> None:
    path = tmp_path / "my-scorecard.xlsx"
    assert cli.main(["template", "-o", str(path), "--as-of", "2023-09-30"]) == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Start", "Indicators", "Actions", "Plan", "Scheme", "Periods"]
    heads = [cell.value for cell in book["Indicators"][4]]
    assert heads[:5] == ["Ref", "Indicator", "Target", "Read as", "Means"]
    assert {"Q1 2023/24", "Q4 2023/24"} <= set(heads)
    assert not any(cell.value for row in book["Indicators"].iter_rows(min_row=5) for cell in row)
    offered = {check.formula1 for check in book["Indicators"].data_validations.dataValidation}
    assert '"higher,lower,in range"' in offered
    about = {row[0].value: row[1].value for row in book["Start"].iter_rows(min_row=5)}
    assert set(about) == set(heads)
    assert all(about.values())


def test_a_template_that_is_filled_in_is_a_scorecard(tmp_path: Path) -> None:
    path = tmp_path / "my-scorecard.xlsx"
    path.write_bytes(template.render(AS_OF))
    book = openpyxl.load_workbook(path)
    for sheet, cells in (
        ("Indicators", {"Ref": "1.1", "Indicator": "A", "Target": "95%", "Polarity": "higher", "Q2 2023/24": "94%"}),
        ("Actions", {"Ref": "2.1", "Action": "B", "Due": "Oct-22", "Reported": "Completed"}),
        ("Plan", {"Ref": "3.1", "Objective": "C", "Due": "March 2024", "Aim": "D"}),
    ):
        heads = [cell.value for cell in book[sheet][4]]
        for head, value in cells.items():
            book[sheet].cell(5, heads.index(head) + 1).value = value
    book.save(path)
    report = assess(read_scorecard(path), as_of=AS_OF)
    assert [(each.ref, each.status, each.period) for each in report.indicators] == [("1.1", Status.AMBER, "Q2 2023/24")]
    assert ([each.ref for each in report.actions], [each.name for each in report.aims]) == (["2.1"], ["D"])
    assert not report.problems


def test_a_template_says_how_each_target_was_understood(tmp_path: Path, rutland: Report) -> None:
    path = tmp_path / "checked.xlsx"
    source = str(EXAMPLES / "rutland")
    assert cli.main(["template", "--from", source, "-o", str(path), "--as-of", "2023-09-30"]) == 0
    sheet = openpyxl.load_workbook(path)["Indicators"]
    read, means = (column(sheet, head)[: len(rutland.indicators)] for head in ("Read as", "Means"))
    for indicator, as_read, drawn in zip(rutland.indicators, read, means, strict=True):
        assert drawn.value == indicator.target.bands
        assert as_read.value == (indicator.target.canonical if indicator.target.bands else indicator.explanation)
    assert alike(assess(read_scorecard(path), as_of=AS_OF)) == alike(rutland)


def test_a_template_writes_over_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("mine")
    assert cli.main(["template", "-o", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert cli.main(["template", "-o", str(tmp_path / "mine.csv")]) == 2
    assert "let it end in .xlsx" in capsys.readouterr().err


# the command ----------------------------------------------------------------------------------------------------------


def test_the_command_writes_the_same_workbook(tmp_path: Path, rutland: Report) -> None:
    path = tmp_path / "report.xlsx"
    arguments = ["report", str(EXAMPLES / "rutland"), "--as-of", "2023-09-30", "-o", str(path)]
    assert cli.main(arguments) == 0
    assert path.read_bytes() == as_file(rutland, "xlsx")


def test_a_workbook_is_not_written_to_a_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert cli.main(["report", str(EXAMPLES / "rutland"), "--as-of", "2023-09-30", "--format", "xlsx"]) == 2
    assert "not for the screen" in capsys.readouterr().err


def test_every_setting_of_a_scheme_can_be_written_in_the_sheet() -> None:
    path = Path(sheets.__file__)
    written = set(re.findall(r"scheme\.(\w+)", path.read_text("utf-8")))
    assert set(Scheme.model_fields) <= written


BESIDE = (
    "ref,name,theme,target,polarity,2023-24 Q1,2023-24 Q2,override,override reason,override by\n"
    "1,One,A,95%,higher,90%,80%,Amber,Data error,A. Officer\n2,Two,A,95%,higher,90%,96%,,,\n3,Three,A,95%,higher,90%,,,,\n"
)


def beside(tmp_path: Path) -> Report:
    (tmp_path / "kpis.csv").write_text(BESIDE, encoding="utf-8")
    (tmp_path / "scorecard.toml").write_text(
        '[scheme.roll_up]\npolicy = "worst"\n[[indicators]]\nfile = "kpis.csv"\ngroup = "theme"\n', encoding="utf-8"
    )
    return assess(read_scorecard(tmp_path), as_of=AS_OF)


def values(sheet: Any, head: str) -> list[Any]:
    return [cell.value for cell in column(sheet, head)]


def test_what_is_set_by_hand_stands_beside_the_live_status(tmp_path: Path) -> None:
    sheet = opened(beside(tmp_path))["Indicators"]
    assert values(sheet, "Set by hand") == ["▲ Amber by A. Officer (Data error)", None, None]
    assert str(values(sheet, "Live status")[0]).startswith("=")
    assert "Set by hand" not in [
        cell.value for cell in opened(report_of("ref,target,Q1\n1,at least 5,6\n"))["Indicators"][4]
    ]


def test_groups_that_are_drawn_together_say_how(tmp_path: Path) -> None:
    sheet = opened(beside(tmp_path))["Summary"]
    assert values(sheet, "Group status as reported") == [None, "■ Red"]
    assert values(sheet, "How the group status comes about")[1] == "the worst of 2 rated is red (1 of them); red: 1"


def test_a_note_explains_a_blank_reading(tmp_path: Path) -> None:
    sheet = opened(beside(tmp_path))["Indicators"]
    notes = [cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment is not None]
    assert len(notes) == 1
    assert "there is no reading (blank)" in notes[0]


def test_what_stands_beside_the_status_reads_back(tmp_path: Path) -> None:
    report = beside(tmp_path)
    assert alike(read_back(report, tmp_path / "report.xlsx")) == alike(report)
