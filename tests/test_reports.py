"""The faces of a report: the same content everywhere, and nothing from outside acts."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from rag_rules.models import (
    Count,
    GroupCount,
    Problem,
    RatedIndicator,
    ReadingShown,
    Report,
    Summary,
    TargetShown,
)
from rag_rules.reports import BINARY, FORMATS, format_of, jsonfile, markdown, render, table, terminal
from rag_rules.reports.text import inert, one_line, shortened
from rag_rules.reports.words import SHAPES, share
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.status import Reason, Status

#: the workbook has tests of its own, in test_workbook.py
TEXTS = [form for form in FORMATS if form not in BINARY]
SCHEMA = Path(__file__).parent.parent / "docs" / "reference" / "report.schema.json"
WORDS = {Status.GREEN: "On target", Status.AMBER: "Close", Status.RED: "Off target", Status.UNRATED: "Not rated"}


def target(text: str, **more: Any) -> TargetShown:
    return TargetShown.model_validate({"text": text, **more})


def reading(text: str, **more: Any) -> ReadingShown:
    return ReadingShown.model_validate({"text": text, **more})


def indicator(**changed: Any) -> RatedIndicator:
    given: dict[str, Any] = {
        "row": 6,
        "ref": "1.6",
        "name": "Weekly pay gap",
        "period": "2023-24 Q2",
        "groups": {"priority": "A special place", "directorate": "Places"},
        "target": target(text="<£21", canonical="<£21", bands="green |£21 amber £22.05| red"),
        "reading": reading(text="£46", value=Decimal(46), unit="£"),
        "status": Status.RED,
        "explanation": "Red: £46 is £25 over the target of less than £21.",
        "movement": "worse",
    }
    return RatedIndicator(**{**given, **changed})


def report(*indicators: RatedIndicator, **changed: Any) -> Report:
    counts = Count(**{status.value: sum(each.status is status for each in indicators) for status in Status})
    reasons = [each.reason for each in indicators if each.reason]
    groups = dict.fromkeys((by, group) for each in indicators for by, group in each.groups.items())
    given: dict[str, Any] = {
        "title": "A council's scorecard",
        "as_of": date(2023, 9, 30),
        "period": "2023-24 Q2",
        "words": WORDS,
        "tolerance": "5%",
        "summary": Summary(
            counts=counts,
            total=counts.total,
            rated=counts.rated,
            reasons={reason: reasons.count(reason) for reason in reasons},
            groups=tuple(GroupCount(by=by, group=group, counts=counts) for by, group in groups),
        ),
        "indicators": indicators,
    }
    return Report(**{**given, **changed})


@pytest.fixture
def plain() -> Report:
    return report(
        indicator(),
        indicator(
            row=7,
            ref="1.7",
            name="Economic growth",
            target=target(text="1% (30.3m)"),
            reading=reading(text="DNA"),
            status=Status.UNRATED,
            reason=Reason.NO_READING,
            explanation="Unrated: there is no reading (not available).",
            movement=None,
        ),
        indicator(
            row=9,
            ref="2.3",
            name="Share of waste recycled",
            groups={"priority": "Sustainable Lives", "directorate": "Places"},
            target=target(text="53.0%", canonical="53.0%", bands="red |50.35% amber |53.0% green"),
            reading=reading(text="55.4%", value=Decimal("55.4"), unit="%"),
            status=Status.GREEN,
            explanation="Green: 55.4% meets the target of at least 53.0%.",
            movement="better",
            notes=("the target has no unit",),
            comment="A new lorry helped.",
        ),
        problems=(
            Problem(
                severity="warning", place="kpis.csv, row 17, column ref", message="the ref 1.1 is used twice", ref="1.1"
            ),
        ),
    )


#: what a cell may hold, and what must not come through
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \u202egnp.exe\u202c "
    "| pipe\nnew line\r\n# heading `code` [link](javascript:alert(1)) ![i](x) *b* _i_ $x$ \\| \u2028 \x00 \u200bx"
)


@pytest.fixture
def hostile() -> Report:
    bad = indicator(
        ref=HOSTILE,
        name=HOSTILE,
        period=HOSTILE,
        groups={HOSTILE: HOSTILE, "status": "=1+1"},
        target=target(text=HOSTILE, canonical=HOSTILE, bands=HOSTILE),
        reading=reading(text=HOSTILE, unit=HOSTILE),
        explanation=HOSTILE,
        notes=(HOSTILE,),
        comment=HOSTILE,
    )
    return report(
        bad,
        title=HOSTILE,
        period=HOSTILE,
        tolerance=HOSTILE,
        words=dict.fromkeys(Status, HOSTILE),
        problems=(Problem(severity="error", place=HOSTILE, message=HOSTILE, ref=HOSTILE),),
    )


def drawn_by_rich(drawn: Report, *, width: int = 80) -> str:
    stream = io.StringIO()
    terminal.show(drawn, stream, width=width, colour=True)
    return stream.getvalue()


# every face ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", TEXTS)
def test_every_face_shows_every_indicator(plain: Report, form: str) -> None:
    shown = render(plain, form)
    assert all(each.name in shown and each.reading.text in shown for each in plain.indicators)


@pytest.mark.parametrize("form", TEXTS)
def test_no_face_depends_on_anything_but_the_report(plain: Report, form: str) -> None:
    assert render(plain, form) == render(plain.model_copy(), form)


@pytest.mark.parametrize("form", TEXTS)
def test_a_report_of_nothing_can_be_shown(form: str) -> None:
    assert render(report(), form)


@pytest.mark.parametrize("form", TEXTS)
def test_a_report_without_groups_or_words_can_be_shown(form: str) -> None:
    assert "Weekly pay gap" in render(report(indicator(groups={}), words={}, period=None, tolerance=None), form)


@pytest.mark.parametrize("form", TEXTS)
def test_no_face_lets_a_control_character_through(hostile: Report, form: str) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u200b]", render(hostile, form))


@pytest.mark.parametrize("form", ["terminal", "markdown", "csv"])
def test_a_comment_of_100000_characters_does_not_flood_a_page(form: str) -> None:
    assert len(render(report(indicator(comment="word " * 20_000)), form)) < 40_000


def test_the_suffix_of_a_file_says_its_format() -> None:
    assert [format_of(name) for name in ("a.md", "a.CSV", "b/a.json", "a.txt", "a.xlsx", "a")] == [
        "markdown", "csv", "json", "terminal", "xlsx", None,
    ]  # fmt: skip


# text ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x1b\\", "link"),
        ("\x9b31mred", "red"),
        ("\x1b\x1b[31m[32mred", "[32mred"),
        ("\x1bcreset", "reset"),
        ("a\x08b\x7fc\x00d", "abcd"),
        ("\u202eevil\u202c \u2066x\u2069 \u200fy", "evil x y"),
        ("two\nlines\tand\u2028more", "two lines and more"),
        ("half \ud800 character", "half \ufffd character"),
        ("£21 – 95 % ≥ “é”", "£21 – 95 % ≥ “é”"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
    ],
)
def test_inert_text_holds_nothing_that_a_terminal_obeys(text: str, shown: str) -> None:
    assert inert(text) == shown


@pytest.mark.parametrize(
    "text", ["\x1b[" * 50_000, "\x1b]" * 50_000, "\x1b[" + "1;" * 50_000, " " * 100_000, "\x9d" + "a" * 100_000]
)
def test_long_hostile_text_is_made_inert_in_little_time(text: str) -> None:
    assert "\x1b" not in one_line(text)


def test_shortened_text_keeps_to_its_limit() -> None:
    assert (shortened("abcdef", 6), shortened("abcdef", 5)) == ("abcdef", "abcd…")


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (1, 2, "50%"),
        (1, 3, "33%"),
        (2, 3, "67%"),
        (1, 1, "100%"),
        (999, 1000, "over 99%"),
        (1, 1000, "under 1%"),
        (0, 5, "0%"),
        (0, 0, "–"),
    ],
)
def test_a_share_says_all_or_none_only_when_it_is_so(part: int, whole: int, written: str) -> None:
    assert share(part, whole) == written


def test_shapes_differ_from_each_other() -> None:
    assert len(set(SHAPES.values())) == len(Status)


# terminal -----------------------------------------------------------------------------------------------------------


def test_terminal_gives_each_status_a_shape_and_a_word(plain: Report) -> None:
    shown = terminal.render(plain)
    assert "● On target" in shown
    assert "■ Off target   reading £46   target <£21   ↓ worse" in shown
    assert "○ Not rated" in shown


def test_terminal_states_the_denominator_of_each_share(plain: Report) -> None:
    shown = terminal.render(plain)
    assert "1 of 2 rated" in shown
    assert "1 of 3 indicators" in shown


def test_terminal_says_why_indicators_are_unrated(plain: Report) -> None:
    assert "Why unrated\n-----------\nno reading  1\n" in terminal.render(plain)


def test_terminal_lists_problems_with_their_place(plain: Report) -> None:
    shown = " ".join(terminal.render(plain).split())
    assert "Warning: kpis.csv, row 17, column ref (ref 1.1): the ref 1.1 is used twice" in shown


def test_terminal_gathers_indicators_by_the_first_grouping_column(plain: Report) -> None:
    shown = terminal.render(plain)
    assert "A special place: 2 indicators" in shown
    assert "Sustainable Lives: 1 indicator\n" in shown


@pytest.mark.parametrize("width", [80, 100, 120])
def test_plain_terminal_text_keeps_to_the_width(plain: Report, width: int) -> None:
    assert max(map(len, terminal.render(plain, width=width).splitlines())) <= width


def test_plain_terminal_text_of_hostile_data_keeps_its_lines(hostile: Report) -> None:
    assert all(line.isprintable() for line in terminal.render(hostile).splitlines())


def test_rich_says_what_plain_text_says(plain: Report) -> None:
    drawn = drawn_by_rich(plain, width=120)
    words = set(re.findall(r"[\w£%.]+", terminal.render(plain, width=120)))
    assert words <= set(re.findall(r"[\w£%.]+", drawn))


def test_rich_takes_nothing_from_outside_for_markup() -> None:
    assert "[red]not markup[/red] :smile:" in drawn_by_rich(report(indicator(name="[red]not markup[/red] :smile:")))


def test_rich_lets_no_control_character_through(hostile: Report) -> None:
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", drawn_by_rich(hostile))


def test_without_rich_the_text_is_plain(plain: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert drawn_by_rich(plain) == terminal.render(plain)


# markdown -----------------------------------------------------------------------------------------------------------


def test_markdown_shows_signs_that_are_markup_elsewhere(plain: Report) -> None:
    assert "| 1.6 | Weekly pay gap | &lt;£21 | £46 | ■ Off target | ↓ worse | Red: " in markdown.render(plain)


def test_markdown_has_a_summary_table_for_every_grouping_column(plain: Report) -> None:
    shown = markdown.render(plain)
    assert "### By priority" in shown
    assert "### By directorate" in shown


def test_markdown_says_how_many_are_unrated_and_what_amber_means(plain: Report) -> None:
    shown = markdown.render(plain)
    assert "- A miss within the tolerance of 5% is amber" in shown
    assert "- 1 indicator without a rating, neither good nor bad: no reading 1." in shown


def test_markdown_lets_no_html_through(hostile: Report) -> None:
    assert not re.search("[<>]", markdown.render(hostile))


def test_markdown_tables_keep_their_columns(hostile: Report) -> None:
    rows = [line for line in markdown.render(hostile).splitlines() if line.startswith("|")]
    cells = {len(re.sub(r"\\.", "", row).split("|")) for row in rows}
    assert cells == {5, 6, 8, 9}  # summary, problems, groups, indicators: each with an end on both sides


def test_markdown_lets_no_markup_through(hostile: Report) -> None:
    bare = re.sub(r"\\.", "", markdown.render(hostile))
    assert not re.search(r"[`*_\[\]~$]", bare)


def test_markdown_of_hostile_text_makes_no_element_but_its_own(hostile: Report) -> None:
    markdown_it = pytest.importorskip("markdown_it")  # comes with rich
    html = markdown_it.MarkdownIt("commonmark").enable("table").render(markdown.render(hostile))
    assert set(re.findall(r"<([a-z0-9]+)", html)) <= set("h1 h2 h3 p table thead tbody tr th td ul li".split())


def test_markdown_of_hostile_text_shows_it_all(hostile: Report) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    html = markdown_it.MarkdownIt("commonmark").enable("table").render(markdown.render(hostile))
    assert unescape(html).count(one_line(HOSTILE)) >= 8


def test_markdown_shows_a_reading_of_dashes_as_it_is() -> None:
    assert "| --- | ■ Off target |" in markdown.render(report(indicator(reading=reading(text="---"))))


# csv ----------------------------------------------------------------------------------------------------------------


def rows(shown: Report) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(table.render(shown)))


def test_csv_has_a_row_for_each_indicator_and_a_column_for_each_group(plain: Report) -> None:
    first, second, third = rows(plain)
    assert (
        list(first)
        == (
            "kind row ref name priority directorate period target target_canonical bands reading value unit status status_word reason "
            "explanation movement notes comment movement_year target_to_date forecast forecast_status published published_status override "
            "override_reason override_by override_until override_expired"
        ).split()
    )
    assert (first["status"], first["status_word"], first["value"]) == ("red", "Off target", "46")
    assert (second["reason"], second["value"]) == ("no reading", "")
    assert third["notes"] == "the target has no unit"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\u200b=1", "\x1b[0m=1"]
)
def test_csv_keeps_text_from_outside_text(text: str) -> None:
    outside = indicator(
        ref=text,
        name=text,
        groups={"g": text},
        period=text,
        target=target(text=text, canonical=text),
        reading=reading(text=text, unit=text),
        explanation=text,
        notes=(text,),
        comment=text,
    )
    (row,) = rows(report(outside, words=dict.fromkeys(Status, text)))
    columns = "ref name g period target target_canonical reading unit status_word explanation notes comment".split()
    assert all(row[column].startswith("'") for column in columns)


def test_csv_keeps_the_headings_of_grouping_columns_text() -> None:
    (row,) = rows(report(indicator(groups={"=1+1": "a", "status": "b"})))
    assert (row["'=1+1"], row["group: status"], row["status"]) == ("a", "b", "red")


@pytest.mark.parametrize(
    ("value", "written"), [("-0.7", "-0.7"), ("1.514E+6", "1514000"), ("1E-7", "0.0000001"), ("95.0", "95.0")]
)
def test_csv_writes_a_value_as_a_plain_number(value: str, written: str) -> None:
    (row,) = rows(report(indicator(reading=reading(text="x", value=Decimal(value)))))
    assert row["value"] == written


def test_csv_cells_fit_a_spreadsheet() -> None:
    (row,) = rows(report(indicator(comment="=" * 100_000)))
    assert len(row["comment"]) <= 32_767


# json ---------------------------------------------------------------------------------------------------------------


def test_json_reads_back_as_the_same_report(plain: Report) -> None:
    assert Report.model_validate_json(jsonfile.render(plain)) == plain


def test_json_keeps_hostile_text_exactly(hostile: Report) -> None:
    assert json.loads(jsonfile.render(hostile))["indicators"][0]["comment"] == HOSTILE


def test_json_writes_a_value_as_exact_text_without_exponent() -> None:
    shown = report(indicator(reading=reading(text="1.514m", value=Decimal("1.514E+6"), unit="")))
    assert json.loads(jsonfile.render(shown))["indicators"][0]["reading"]["value"] == "1514000"


def test_json_has_the_documented_parts(plain: Report) -> None:
    shown = json.loads(jsonfile.render(plain))
    assert list(shown) == [
        "title", "as_of", "period", "words", "task_words", "tolerance", "summary", "highlights", "indicators", "look",
        "action_summary", "actions", "plan_summary", "aims", "problems",
    ]  # fmt: skip
    assert shown["as_of"] == "2023-09-30"
    assert shown["summary"]["counts"] == {"green": 1, "amber": 0, "red": 1, "unrated": 1}
    assert shown["summary"]["reasons"] == {"no reading": 1}


def test_published_schema_is_that_of_the_report() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == jsonfile.schema()


def test_schema_describes_every_field_of_what_is_written(plain: Report) -> None:
    schema, shown = json.loads(jsonfile.schema()), json.loads(jsonfile.render(plain))
    assert set(schema["required"]) <= set(shown) <= set(schema["properties"])
    rated = schema["$defs"]["RatedIndicator"]
    assert set(rated["required"]) <= set(shown["indicators"][0]) <= set(rated["properties"])


@pytest.mark.parametrize("value", ["1.514E+6", "-0.7", "1E-7", "0"])
def test_a_value_in_json_is_of_the_form_in_the_schema(value: str) -> None:
    text, nothing = json.loads(jsonfile.schema())["$defs"]["ReadingShown"]["properties"]["value"]["anyOf"]
    shown = json.loads(jsonfile.render(report(indicator(reading=reading(text="x", value=Decimal(value))))))
    assert re.search(text["pattern"], shown["indicators"][0]["reading"]["value"])
    assert nothing == {"type": "null"}


# progress -----------------------------------------------------------------------------------------------------------


def ticking(monkeypatch: pytest.MonkeyPatch, *, seconds: float) -> str:
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    stream, times = io.StringIO(), iter([0.0, seconds, seconds, seconds])
    with terminal.progress(stream, clock=lambda: next(times)) as tick:
        tick(1, 2)
        tick(2, 2)
    return stream.getvalue()


def test_quick_work_draws_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ticking(monkeypatch, seconds=0.5) == ""


def test_slow_work_draws_progress_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = ticking(monkeypatch, seconds=2)
    assert "\rRating [###############               ]  50%" in drawn
    assert drawn.endswith(f"\r{' ' * 44}\r")


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_rich_draws_progress_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    monkeypatch.setenv("TERM", "xterm")
    stream, times = Screen(), iter([0.0, 2.0])
    with terminal.progress(stream, clock=lambda: next(times)) as tick:
        tick(1, 2)
    assert "Rating" in stream.getvalue()
    assert "Rating [" not in stream.getvalue()  # the bar drawn without rich


def test_statuses_of_tasks_have_the_words_of_the_scheme_behind_their_state(tmp_path: Path) -> None:
    (tmp_path / "actions.csv").write_text(
        "ref,action,due,status\n1,Repair the roof,2023-08-31,On track\n", encoding="utf-8"
    )
    (tmp_path / "scorecard.toml").write_text(
        '[scheme]\ngrace = "3 months"\n[scheme.task_words]\namber = "delayed under 3 months"\n[[actions]]\nfile = "actions.csv"\n',
        encoding="utf-8",
    )
    report = assess(read_scorecard(tmp_path), as_of=date(2023, 9, 30))
    for form in ("terminal", "markdown"):
        assert "▲ Overdue: delayed under 3 months" in render(report, form)


def test_movement_on_last_year_is_said_beside_that_on_the_period_before() -> None:
    text = "ref,name,target,polarity,2022-23 Q2,2023-24 Q1,2023-24 Q2\n1,One,95%,higher,90%,97%,96%\n"
    report = assess(read_scorecard_text(text), as_of=date(2023, 9, 30))
    assert "| ↓ worse, ↑ better on last year |" in render(report, "markdown")
    assert "↓ worse   ↑ better on last year" in render(report, "terminal")
    assert next(rows(report))["movement_year"] == "better"


def test_tasks_without_a_report_are_counted_in_words() -> None:
    report = assess(read_scorecard("examples/rutland"), as_of=date(2023, 9, 30))
    shown = render(report, "markdown")
    assert "Reported: 37 without a report, 19 Delayed, 13 Completed, 1 Paused." in shown


def test_groups_of_tasks_say_where_all_of_them_are() -> None:
    report = assess(read_scorecard("examples/rutland"), as_of=date(2023, 9, 30))
    table_of_themes = render(report, "markdown").partition("### Plan by theme")[2].strip().splitlines()
    heads = [cell.strip() for cell in table_of_themes[0].strip("|").split("|")]
    assert heads[1:] == ["Completed", "Of these in time", "Overdue", "Past, not reported", "Undated", "Revised", "All"]
    totals = [0] * 7
    for line in table_of_themes[2:6]:
        totals = [total + int(cell) for total, cell in zip(totals, line.strip("|").split("|")[1:], strict=True)]
    assert totals == [13, 0, 19, 30, 4, 5, 70]


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_groups_that_are_drawn_together_say_their_status_and_how_it_comes_about(form: str, tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text(
        "ref,name,theme,target,Q1\n1,One,North,at least 5,6\n2,Two,North,at least 5,4\n", encoding="utf-8"
    )
    (tmp_path / "scorecard.toml").write_text(
        '[scheme.roll_up]\npolicy = "worst"\n[[indicators]]\nfile = "kpis.csv"\ngroup = "theme"\n', encoding="utf-8"
    )
    shown = unescape(render(assess(read_scorecard(tmp_path), as_of=date(2023, 9, 30)), form))
    assert "the worst of 2 rated is red (1 of them); red: 2" in " ".join(shown.split())


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_method_says_what_was_pro_rated(form: str) -> None:
    shown = unescape(render(assess(read_scorecard("examples/rutland"), as_of=date(2023, 9, 30)), form))
    assert "18 targets for a year, of figures that add up over it, are held against the part that is due" in shown
