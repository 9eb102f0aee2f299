"""Workbooks worked out by LibreOffice: every status is the one that the library gives, on each side of each limit."""

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from rag_rules import RagRulesError, Rule, Status, rule, to_excel
from rag_rules.files.number_formats import cell_number, written_number
from rag_rules.models import Report
from rag_rules.reports import as_file
from rag_rules.reports.words import STATUSES, status_words
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from tests.workbook.office import recalculated

pytestmark = pytest.mark.workbook

AS_OF = date(2023, 9, 30)
RUTLAND = Path(__file__).parents[2] / "examples" / "rutland"

#: targets with their settings: units, polarities, tolerances, long quotients, words
RULES = [
    ("95%", {"polarity": "higher"}), ("95%", {"polarity": "higher", "tolerance": "5%"}),
    ("94.7%", {"polarity": "higher", "tolerance": "2pp"}), ("0.1%", {"polarity": "lower", "tolerance": "10%"}),
    ("33.3%", {"polarity": "lower", "tolerance": "3%"}), ("97.53%", {"polarity": "higher", "tolerance": "to 90%"}),
    ("1 in 3", {"polarity": "higher"}), ("1 in 6", {"polarity": "lower"}), ("2 in 3", {"polarity": "higher"}),
    ("5 in 7", {"polarity": "lower", "tolerance": "1%"}), ("1 in 9", {"polarity": "higher", "tolerance": "7%"}),
    ("8 in 9", {"polarity": "lower"}), ("7 in 11", {"polarity": "higher"}), ("10 in 97", {"polarity": "lower"}), ("at most 1 in 7", {}), ("110%", {"polarity": "lower", "tolerance": "7.5%"}),
    ("Between 10%-20%", {"tolerance": "5%"}), ("95% ± 2", {}), (">82.5%", {}), (">82.5%", {"tolerance": "5%"}),
    ("<29%", {"tolerance": "5%"}), ("100%", {"polarity": "higher", "tolerance": "5%"}), ("0%", {"polarity": "lower"}),
    ("95%", {"polarity": "higher", "tolerance": "5%", "rounding": "round to 0 dp"}),
    ("94.75%", {"polarity": "higher", "tolerance": "5%", "rounding": "round to 1 dp"}),
    ("<£21", {}), ("<£21", {"tolerance": "5%"}), ("£1,250.50", {"polarity": "lower", "tolerance": "£25"}),
    ("at least £3", {"tolerance": "7%"}), ("$5", {"polarity": "lower"}), ("€0.30", {"polarity": "higher"}),
    ("123", {"polarity": "higher", "tolerance": "5%"}), (">260", {"tolerance": "5%"}), ("0.3", {"polarity": "higher"}),
    ("5000", {"polarity": "higher", "tolerance": "5%"}), ("< -0.7", {"tolerance": "5%"}), ("0", {"polarity": "lower"}),
    ("1.4m", {"polarity": "higher", "tolerance": "5%"}), ("£2.5k", {"polarity": "lower", "tolerance": "5%"}),
    ("£3m", {"polarity": "higher"}), ("123456789.12", {"polarity": "higher", "tolerance": "5%"}),
    ("6 years", {"polarity": "higher", "tolerance": "5%"}), ("<8 days", {"tolerance": "5%"}),
    ("within 30 minutes", {"tolerance": "10%"}), ("<7563 tCO2e", {"tolerance": "5%"}), ("550 kg", {"polarity": "lower"}),
    ("2 percentage points", {"polarity": "lower", "tolerance": "5%"}), ("4 per quarter", {"polarity": "lower"}),
    ("at most 3 per 1,000", {"tolerance": "5%"}), ("more than 5 and at most 10", {"tolerance": "5%"}),
    ("Between 3 and 5", {}), ("10 ± 0.5", {"tolerance": "1%"}), ("5% reduction", {"baseline": "1,200"}),
    ("reduce by 3% from 77.7", {"tolerance": "5%"}), ("7% increase", {"baseline": "333", "tolerance": "3%"}),
    ("Green ≥95%, Amber 90–95%, Red <90%", {}), ("Green >=3, Amber 2-2.5, Red <2", {}),
    ("Green <10, Amber 10 to 20, Red >20", {"conflicts": "worse"}), ("Top 5", {}), ("Top 5", {"tolerance": "5%"}),
    ("Top 10%", {}), ("top quartile", {}), ("Balanced budget", {}), ("overspend of no more than £100k", {}),
    ("at least Good", {}), ("Achieved", {}), ("Yes", {}), ("No", {"scale": "Yes < No"}),
    ("Silver", {"scale": "Bronze < Silver (amber) < Gold"}), ("G~?*", {"scale": "Bronze < Silver (amber) < G~?*"}),
    ("Some", {"scale": "None < Few < Some"}), ("better than Fair", {"scale": 'Poor < Fair < "Good"'}),
]  # fmt: skip
WORDS = ["DNA", "n/a", "", "good ", "GOLD", "G*", "G~?*", "Good", "Silver", "yes", "No", "Achieved", "none", "Few",
         "Top quartile", "Third quartile", "Balanced", "Outstanding", "#", "=1+1", "TBC", "?"]  # fmt: skip
WORDED = {Status.GREEN: 'On "target"', Status.AMBER: "=Close", Status.RED: "Off, target", Status.UNRATED: "Not rated"}


def made(text: str, settings: dict[str, str]) -> Rule | None:
    try:
        found = rule(text, **settings)
    except RagRulesError:
        return None
    return found if found.bands is not None else None


def number_format(tried: Rule) -> str:
    """The format that a cell for readings of the rule has."""
    unit = tried.unit
    if unit.name == "%" and (unit.is_percent or tried.kind == "rank"):
        return "0.00%"
    found = cell_number(f"{tried.bands.write(Decimal(7))}") if tried.bands and not tried.bands.scale else None
    return found.number_format if found is not None else "0.00"


def boundary_values(tried: Rule) -> Iterator[float]:
    """What may stand in a cell: each cut, its neighbours in several digits, and what binary arithmetic makes of them."""
    assert tried.bands is not None
    is_share = number_format(tried).endswith("%")
    yield from (0, 1, -1, 0.5, 2.5, 1000, 99_999, 100_001)
    if tried.bands.scale is not None:
        return
    for cut in tried.bands.steps.cuts:
        at = cut.at.scaleb(-2) if is_share else cut.at
        near = float(at)
        for digits in (2, 5, 9, 14):
            step = Decimal(1).scaleb((at.adjusted() if at else 0) - digits + 1)
            centre = at.quantize(step)
            yield from (float(centre - step), float(centre), float(centre + step))
        noise = (near * 3 / 3, near + 0.1 - 0.1, math.nextafter(near, math.inf), math.nextafter(near, -math.inf))
        yield from (each for each in (near, *noise) if near and f"{each:.15g}" == f"{near:.15g}")
        yield -near


def expected(tried: Rule, value: float | str | bool | None, shown_as: str) -> Status:
    """The status that the library gives the cell when it reads the workbook."""
    if isinstance(value, bool):
        text = "Yes" if value else "No"
    elif isinstance(value, int | float):
        text = written_number(value, shown_as)[0]
    else:
        text = value or ""
    try:
        return tried.evaluate(text).status
    except RagRulesError:
        return Status.UNRATED


def test_formulas_agree_with_the_library_on_every_boundary(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    wanted: list[tuple[str, object, Status]] = []
    rules = [(text, settings, tried) for text, settings in RULES if (tried := made(text, settings)) is not None]
    assert len(rules) == len(RULES), [text for text, settings in RULES if made(text, settings) is None]
    for text, settings, tried in rules:
        shown_as = number_format(tried)
        values: list[float | str | bool | None] = [*boundary_values(tried), *WORDS, True, False, None]
        for value in dict.fromkeys(values):
            row = len(wanted) + 1
            cell = sheet.cell(row, 1)
            if isinstance(value, str):
                cell.value, cell.data_type = value, "s"
            elif value is not None:
                cell.value, cell.number_format = value, shown_as
            sheet.cell(row, 2).value = to_excel(tried, f"A{row}", words=WORDED)
            wanted.append((f"{text} {settings}: {value!r}", value, expected(tried, value, shown_as)))
    path = tmp_path / "boundaries.xlsx"
    book.save(path)
    done = openpyxl.load_workbook(recalculated(path, tmp_path), data_only=True).active
    assert done is not None
    found = [done.cell(row, 2).value for row in range(1, len(wanted) + 1)]
    wrong = [
        (said, f"library {status}", f"workbook {got}")
        for (said, _, status), got in zip(wanted, found, strict=True)
        if got != WORDED[status]
    ]
    assert not wrong, f"{len(wrong)} of {len(wanted)}: {wrong[:20]}"
    assert sum(isinstance(value, int | float) for _, value, _ in wanted) >= 1_000
    assert {status for _, _, status in wanted} == set(Status)


def test_errors_in_cells_are_unrated(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row, text in enumerate(("=1/0", "=NA()", '=VALUE("x")', "=nothing()"), start=1):
        sheet.cell(row, 1).value = text
        sheet.cell(row, 2).value = to_excel(rule(">5"), f"A{row}")
        sheet.cell(row, 3).value = to_excel(rule("at least Good"), f"A{row}")
    path = tmp_path / "errors.xlsx"
    book.save(path)
    done = openpyxl.load_workbook(recalculated(path, tmp_path), data_only=True).active
    assert done is not None
    assert [[done.cell(row, column).value for column in (2, 3)] for row in range(1, 5)] == [["Unrated", "Unrated"]] * 4


# the workbook of a report ---------------------------------------------------------------------------------------------


def typed_in(report: Report, path: Path, turn: int) -> int:
    """Type a reading on or beside a limit into each input cell, as a person would; returns how many were typed."""
    path.write_bytes(as_file(report, "xlsx"))
    book = openpyxl.load_workbook(path)
    sheet = book["Indicators"]
    heads = {cell.value: index for index, cell in enumerate(sheet[4], start=1)}
    column = heads[report.period]
    typed = 0
    for row, indicator in enumerate(report.indicators, start=5):
        shown = indicator.target.typed
        if shown is None:
            continue
        cell = sheet.cell(row, column)
        if shown.statuses:
            places = [(cut, side) for cut in shown.cuts for side in (-1, 0, 1)]
            cut, side = places[turn % len(places)]
            value = cut.at + side * Decimal("0.01")
            if shown.is_whole:
                value = cut.at + side
            cell.value = float(value.scaleb(-2)) if shown.is_share else float(value)
            cell.number_format = "0.00%" if shown.is_share else "0.00"
        else:
            cell.value = [*shown.words, "DNA", None][turn % (len(shown.words) + 2)]
        typed += 1
    book.save(path)
    return typed


@pytest.mark.parametrize("turn", range(8))
def test_typing_other_readings_changes_statuses_and_counts_as_the_library_would(tmp_path: Path, turn: int) -> None:
    report = assess(read_scorecard(RUTLAND), as_of=AS_OF)
    path = tmp_path / "rutland.xlsx"
    assert typed_in(report, path, turn) > 120
    again = assess(read_scorecard(path), as_of=AS_OF)
    assert [each.reading.text for each in again.indicators] != [each.reading.text for each in report.indicators]
    check_against(again, recalculated(path, tmp_path))


def test_the_workbook_as_written_has_the_statuses_of_the_report(tmp_path: Path) -> None:
    table = "ref,name,theme,target,polarity,tolerance,Q1\n" + "\n".join(
        f'{number},"Name {number}","{theme}","{target}",higher,5%,"{reading}"'
        for number, (theme, target, reading) in enumerate(
            (theme, target, reading)
            for theme in ("A*", "a?", "<5", "=1+1", "", "~", "A")
            for target, reading in (
                ("95%", "c94%"), ("95%", "27/36"), ("95%", "97% (provisional)"), ("95%", "0.9"), ("95%", "96"),
                ("£1.2m", "£1.3m"), ("£1.2m", "1.3"), ("5 hours", "290 minutes"), ("Good", "Good (June 2023)"),
                ("Good", "Poor"), ("TBC", "5"), ("95%", "DNA"), ("95%", ""), ("95%", "95% tbc"), ("Top 5", "3rd of 152"),
                ("Balanced", "£5k surplus"), ("Balanced", "5"), ("5%", "5% overspend"), ("90 - ", "3"), ("5", "3 apples"),
            )
        )
    )  # fmt: skip
    report = assess(read_scorecard_text(table), as_of=AS_OF)
    assert report.summary.rated > 50
    path = tmp_path / "odd.xlsx"
    path.write_bytes(as_file(report, "xlsx"))
    check_against(report, recalculated(path, tmp_path))
    check_against(report, path)  # the values saved in it are the same


def check_against(report: Report, path: Path) -> None:
    """Hold the statuses and the counts in a workbook against a report."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["Indicators"]
    heads = {cell.value: index for index, cell in enumerate(sheet[4], start=1)}
    found = [sheet.cell(row, heads["Live status"]).value for row in range(5, 5 + len(report.indicators))]
    wrong = [
        (
            each.ref,
            each.target.text,
            each.reading.text,
            f"library {each.status}",
            f"workbook {status}",
            each.explanation,
        )
        for each, status in zip(report.indicators, found, strict=True)
        if status != status_words(report, each.status)
    ]
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"
    summary = book["Summary"]
    rows = [report.summary.counts, *(group.counts for group in report.summary.groups)]
    for row, counts in enumerate(rows, start=5):
        shown = [summary.cell(row, column).value for column in range(3, 9)]
        assert shown == [*(getattr(counts, status.value) for status in STATUSES), counts.total, counts.rated], row
