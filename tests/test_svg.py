"""Pictures of single things, and what notebooks show."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from rag_rules import Bands, assess, badge_svg, bands_svg, evaluate, read_scorecard, rule
from rag_rules.reports.drawing import LIGHT
from rag_rules.status import Status

SPACE = "{http://www.w3.org/2000/svg}"
EXAMPLE = Path(__file__).parents[1] / "examples" / "rutland"
HOSTILE = "<script>window.acted=true</script>\u202e\x1b[31m"
TARGET = rule("<£21", tolerance="5%")


def texts(svg: str, tag: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter(f"{SPACE}{tag}")]


@pytest.mark.parametrize(("reading", "word"), [("£20", "Green"), ("£22", "Amber"), ("£46", "Red"), ("DNA", "Unrated")])
def test_a_badge_says_the_status_in_word_shape_and_colour(reading: str, word: str) -> None:
    outcome = TARGET.evaluate(reading)
    badge = badge_svg(outcome)
    assert texts(badge, "text") == [word]
    assert texts(badge, "desc") == [outcome.explanation]
    assert f'color="{LIGHT[outcome.status]}"' in badge


def test_badges_differ_without_their_colours() -> None:
    drawn = {
        re.sub(r"#\w+|<(title|desc|text).*?</\1>", "", badge_svg(TARGET.evaluate(each)))
        for each in ("£20", "£22", "£46", "DNA")
    }
    assert len(drawn) == 4


def test_bands_are_drawn_with_a_title_and_a_description() -> None:
    drawn = bands_svg(TARGET, "£46")
    assert texts(drawn, "title") == ["green |£21 amber £22.05| red"]
    assert texts(drawn, "desc") == [TARGET.evaluate("£46").explanation]
    fills = [each.get("fill") for each in ElementTree.fromstring(drawn).iter(f"{SPACE}path")]
    assert fills[:3] == [LIGHT[status] for status in (Status.GREEN, Status.AMBER, Status.RED)]


def test_without_a_reading_there_is_no_pointer() -> None:
    assert bands_svg(TARGET, "£46").count("<path") - bands_svg(TARGET).count("<path") == 2
    assert bands_svg(TARGET, "DNA").count("<path") == bands_svg(TARGET).count("<path")


@pytest.mark.parametrize("target", ["TBC", "at least Good", "better than the national average"])
def test_what_has_no_line_is_said_in_words(target: str) -> None:
    drawn = bands_svg(rule(target, scale="Poor < Fair < Good"))
    assert texts(drawn, "text")[0]
    assert not list(ElementTree.fromstring(drawn).iter(f"{SPACE}path"))


@pytest.mark.parametrize("draw", [badge_svg, lambda outcome: outcome._repr_html_()])
def test_hostile_readings_stay_text(draw: object) -> None:
    outcome = evaluate("at least Good", f"bad {HOSTILE}", scale="Poor < Fair < Good")
    assert callable(draw)
    drawn = draw(outcome)
    assert "<script" not in drawn
    assert "\u202e" not in drawn
    assert "\x1b" not in drawn


def test_hostile_labels_stay_text() -> None:
    bands = rule("at least Good", scale=f"Poor {HOSTILE[:34]} < Good").bands
    assert bands is not None
    assert "<script" not in bands._repr_html_()


def test_a_notebook_shows_an_outcome_as_a_badge_with_its_explanation() -> None:
    outcome = TARGET.evaluate("£46")
    shown = outcome._repr_html_()
    assert badge_svg(outcome) in shown
    assert outcome.explanation in shown.rpartition("</svg>")[2]


def test_a_notebook_shows_bands_with_their_picture_in_words() -> None:
    assert "<code>green |10% red</code>" in Bands.read("green |10% red")._repr_html_()


def test_a_notebook_shows_the_counts_of_a_report_in_its_own_words() -> None:
    report = assess(read_scorecard(EXAMPLE), as_of=date(2023, 9, 30))
    shown = report._repr_html_()
    root = ElementTree.fromstring(f"<div>{shown.replace('<br>', '<br/>')}</div>")
    rows = ["".join(row.itertext()) for row in root.iter("tr")]
    assert [
        word in row for word, row in zip(("On target", "Below target", "Off target", "Not rated"), rows, strict=True)
    ] == [True] * 4
    assert f"{report.summary.counts.red} of" in rows[2]
