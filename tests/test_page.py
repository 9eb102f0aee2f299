"""The web page: what it says, that nothing from outside acts in it, and what a scheme can change of it."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from datetime import date
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from rag_rules import MissingExtraError, RagRulesError, Report, ScorecardError, assess, cli, read_scorecard
from rag_rules.models import Highlights, Scheme, Scorecard, checked
from rag_rules.reports import html, jsonfile, render
from rag_rules.reports.html.texts import LANGUAGES
from rag_rules.reports.text import one_line
from rag_rules.reports.words import method_lines
from rag_rules.shapes import SHAPES, Shape
from rag_rules.status import Status

EXAMPLE = Path(__file__).parents[1] / "examples" / "rutland"
AS_OF = date(2023, 9, 30)
HOSTILE = (
    "<script>window.acted=true</script>\"'><img src=x onerror=window.acted=true></style></textarea>"
    "{{ 7 * 7 }}{% raw %}\u202eturned\u2066\u200b\x1b[31m\x00\x07\ud83d 😀 שלום "
)
#: a picture of one pixel
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
_VOID = {"meta", "img", "input", "br", "hr", "link"}
#: texts that can only be one of a few
_CHOICES = {"better", "worse", "same", "before", "after", "error", "warning", "en", "run-rate", "profile"}


class Page(HTMLParser):
    """What a page holds: tags with their attributes, and the text that is shown; tags that do not match are an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.shown: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.shown.append(data)

    def attributes(self, name: str) -> list[str]:
        return [found[name] for _, found in self.tags if name in found]

    @property
    def text(self) -> str:
        return " ".join("".join(self.shown).split())


@cache
def example() -> Report:
    return assess(read_scorecard(EXAMPLE), as_of=AS_OF)


@cache
def page() -> str:
    return html.render(example())


@cache
def parsed() -> Page:
    return Page(page())


def scorecard(*rows: dict[str, Any], **scheme: Any) -> Scorecard:
    """A scorecard of four quarters."""
    quarters = [{"label": f"Q{number}", "ends": date(2023, 3 * number, 28)} for number in (1, 2, 3, 4)]
    indicators = [
        {"row": number, "place": f"row {number}", "ref": str(number), "name": f"Indicator {number}", **row}
        for number, row in enumerate(rows, start=1)
    ]
    given = {"periods": quarters, "indicators": indicators, "scheme": scheme}
    return Scorecard.model_validate(given)


def rated(*rows: dict[str, Any], **scheme: Any) -> Report:
    return assess(scorecard(*rows, **scheme), as_of=date(2023, 12, 31))


def readings(*values: str) -> dict[str, str]:
    return {f"Q{number}": value for number, value in enumerate(values, start=1)}


RISING = {"target": "90%", "polarity": "higher", "readings": readings("70%", "80%", "85%", "88%")}

# what it says ---------------------------------------------------------------------------------------------------------


def test_title_date_and_counts_stand_at_the_top() -> None:
    text = parsed().text
    assert "As of 30 September 2023 · Period: 2023-24 Q2 · 123 of 136 indicators rated" in text
    assert f"On target {example().summary.counts.green} " in text


@pytest.mark.parametrize("number", range(0, 136, 9))
def test_a_row_shows_target_reading_status_and_explanation(number: int) -> None:
    found = example().indicators[number]
    row = Page(page()[page().index(f'<tr role="row" id="i{number}"') :].split("</tr>")[0] + "</tr>").text
    for text in (found.name, found.target.text, found.reading.text, found.explanation, example().word(found.status)):
        assert one_line(text) in row


def test_every_indicator_action_and_objective_has_its_row() -> None:
    rows = Counter(name[0] for name in parsed().attributes("id") if re.fullmatch(r"[ia][0-9]+", name))
    assert rows == {"i": len(example().indicators), "a": len(example().actions)}
    assert all(one_line(task.name)[:60] in parsed().text for aim in example().aims for task in aim.objectives)


def test_the_method_is_in_the_words_of_every_face() -> None:
    assert all(line in parsed().text for line in method_lines(example()))


def test_problems_are_listed_with_their_places() -> None:
    assert example().problems
    assert all(one_line(problem.place) in parsed().text for problem in example().problems)


def test_highlights_follow_from_status_and_movement() -> None:
    found = rated(
        RISING,
        {**RISING, "readings": readings("70%", "80%", "95%", "97%")},
        {**RISING, "readings": readings("70%", "80%", "95%", "60%")},
        {**RISING, "readings": readings("", "", "95%", "DNA")},
    ).highlights
    assert found == Highlights(
        meeting_improving=(1,),
        missing_improving=(0,),
        missing_worsening=(2,),
        newly_missing=(2,),
        best=(0, 1),
        worst=(2,),
    )


def test_movements_from_nothing_or_in_other_units_are_not_ranked() -> None:
    found = rated(
        {"target": "at least 5", "readings": readings("", "", "0", "7")},
        {"target": "at least 5 days", "readings": readings("", "", "1 day", "7 days")},
    ).highlights
    assert (found.meeting_improving, found.best) == ((0, 1), (1,))


def test_a_report_without_actions_plan_or_problems_has_no_empty_sections() -> None:
    text = html.render(rated(RISING))
    names = {name for name in Page(text).attributes("id") if name.isalpha()}
    assert {"summary", "indicators", "method"} <= names
    assert not {"actions", "plan", "problems"} & names


def test_overdue_actions_are_linked_from_the_summary() -> None:
    overdue = [number for number, each in enumerate(example().actions) if each.state.value == "overdue"]
    assert overdue
    assert {f"#a{number}" for number in overdue} <= set(parsed().attributes("href"))


def test_a_disagreement_stands_with_its_action() -> None:
    found = [each.disagreement for each in example().actions if each.disagreement]
    assert found
    assert all(one_line(text) in parsed().text for text in found)


def test_a_status_set_by_hand_stands_beside_the_computed_one() -> None:
    by_hand = {"override": "green", "override_reason": "data error", "override_by": "J. Smith"}
    found = Page(html.render(rated({**RISING, **by_hand, "override_until": "2024-03-31"})))
    assert "Set by hand: ● Green by J. Smith until 31 March 2024 (data error)" in found.text
    assert [each["data-s"] for tag, each in found.tags if tag == "tr" and "data-s" in each] == ["red"]


def test_a_status_that_wants_a_comment_says_so() -> None:
    wanting, given = (rated({**RISING, "comment": text}, comment_required=["red"]) for text in (None, "Known"))
    assert "needs a comment" in Page(html.render(wanting)).text
    assert "needs a comment" not in Page(html.render(given)).text


def test_a_group_shows_its_status_and_how_it_comes_about() -> None:
    given = scorecard({**RISING, "groups": {"area": "Homes"}}, roll_up={"policy": "worst"})
    found = assess(given.model_copy(update={"group_columns": ("area",)}), as_of=date(2023, 12, 31))
    assert found.summary.groups[0].provenance
    shown = Page(html.render(found)).text
    assert re.search(rf"Homes *Red *{re.escape(found.summary.groups[0].provenance)}", shown)


def test_movement_on_the_year_before_is_shown_with_its_reading() -> None:
    both = [{"label": f"Q4 {year}", "ends": date(year, 12, 31)} for year in (2022, 2023)]
    row = {"row": 1, "place": "row 1", "name": "Repairs", "target": "90%", "polarity": "higher"}
    given = Scorecard.model_validate(
        {"periods": both, "indicators": [{**row, "readings": {"Q4 2022": "80%", "Q4 2023": "85%"}}]}
    )
    assert "↑ better on the year before (80%)" in Page(html.render(assess(given, as_of=date(2024, 1, 1)))).text


def test_a_past_status_that_may_have_hung_on_a_movement_is_left_open() -> None:
    found = rated(RISING, amber_if_improving="true").indicators[0]
    assert [each.status for each in found.history] == [None, None, None, Status.AMBER]
    assert found.previous_status is None


# charts ---------------------------------------------------------------------------------------------------------------


def test_each_indicator_with_amounts_has_a_chart_that_its_explanation_describes() -> None:
    numeric = [number for number, each in enumerate(example().indicators) if each.target.cuts]
    assert len(numeric) > 100
    described = re.findall(r'<desc id="d(\d+)">(.*?)</desc>', page())
    assert [int(number) for number, _ in described] == numeric
    assert all(
        Page(f"<p>{said}</p>").text == example().indicators[int(number)].explanation for number, said in described
    )


def test_a_sparkline_needs_three_readings() -> None:
    three, two = (
        rated({**RISING, "readings": readings(*values)}) for values in (("1%", "2%", "3%", "4%"), ("", "", "3%", "4%"))
    )
    assert html.render(three).count("<polyline") == 1
    assert "<polyline" not in html.render(two)


def test_a_forecast_is_a_dashed_end_of_the_line() -> None:
    number = next(place for place, each in enumerate(example().indicators) if each.forecast is not None)
    found = example().indicators[number]
    assert found.forecast is not None
    drawn = page()[page().index(f'id="s{number}"') :].split("</svg>")[0]
    assert drawn.count('class="ahead"') == 1
    assert f"→: {found.forecast.value}" in drawn


def test_a_line_to_a_forecast_begins_with_the_year() -> None:
    months = [{"label": f"{month:02}", "ends": date(2023, month, 28 if month == 2 else 30)} for month in (3, 4, 6)]
    row = {"row": 1, "place": "row 1", "name": "Homes", "target": "at least 120", "accumulation": "cumulative"}
    found = Scorecard.model_validate(
        {"periods": months, "indicators": [{**row, "readings": {"03": "110", "04": "9", "06": "29"}}]}
    )
    drawn = html.render(assess(found, as_of=date(2023, 7, 1)))
    assert "04: 9; 06: 29; →: 116" in drawn
    assert "03: 110" not in drawn


def test_a_sparkline_says_its_readings() -> None:
    assert "Q1: 70%; Q2: 80%; Q3: 85%; Q4: 88%" in html.render(rated(RISING))


def test_history_ends_with_the_period_of_the_report() -> None:
    found = assess(scorecard(RISING), as_of=date(2023, 7, 1)).indicators[0]
    assert [(each.period, each.text, each.status) for each in found.history] == [
        ("Q1", "70%", Status.RED),
        ("Q2", "80%", Status.RED),
    ]
    assert found.previous_status is Status.RED


def test_a_label_has_no_chart_and_no_cuts() -> None:
    found = rated({"target": "at least Good", "scale": "Poor < Fair < Good", "readings": readings("Good")})
    assert found.indicators[0].target.cuts == ()
    assert 'class="bullet"' not in html.render(found)


def test_the_cuts_of_a_target_are_those_of_its_bands() -> None:
    target = rated({"target": "<£21", "tolerance": "5%", "readings": readings("£46")}).indicators[0].target
    assert [(str(cut.at), cut.side, cut.why) for cut in target.cuts] == [
        ("21", "before", "target"),
        ("22.05", "after", "tolerance"),
    ]
    assert (target.unit, target.statuses) == ("£", (Status.GREEN, Status.AMBER, Status.RED))


def test_a_forecast_stands_with_its_reading() -> None:
    found = [each.forecast.sentence for each in example().indicators if each.forecast is not None]
    assert found
    assert all(one_line(text) in parsed().text for text in found)


# form -----------------------------------------------------------------------------------------------------------------


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    names = parsed().attributes("id")
    assert len(names) == len(set(names))
    links = {each.removeprefix("#") for each in parsed().attributes("href")}
    assert links <= set(names)
    for labels in (*parsed().attributes("aria-labelledby"), *parsed().attributes("aria-describedby")):
        assert set(labels.split()) <= set(names)


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert not [
        each
        for each in (*parsed().attributes("src"), *parsed().attributes("href"))
        if not each.startswith(("#", "data:"))
    ]
    assert not re.search(r"@import|url\(|https?:|fetch\(|XMLHttpRequest|sendBeacon", page())


def test_headings_go_down_one_step_at_a_time() -> None:
    levels = [int(tag[1]) for tag, _ in parsed().tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_their_headings_scopes() -> None:
    tags = Counter(tag for tag, _ in parsed().tags)
    assert tags["caption"] == tags["table"]
    assert all("scope" in found for tag, found in parsed().tags if tag == "th")


def test_the_same_report_gives_the_same_page() -> None:
    assert html.render(example()) == page()


def test_the_page_of_the_example_is_small() -> None:
    assert len(page().encode()) < 400_000


def test_ten_thousand_indicators_take_less_than_ten_seconds() -> None:
    copies = tuple(each.model_copy() for _ in range(74) for each in example().indicators)[:10_000]
    many = example().model_copy(update={"indicators": copies})
    began = time.perf_counter()
    assert html.render(many).count('<tr role="row" id="i') == 10_000
    assert time.perf_counter() - began < 10


# nothing from outside acts --------------------------------------------------------------------------------------------


def spoilt(value: Any) -> Any:
    """A dumped report with hostile text behind every text that came from outside, keys of mappings too."""
    if isinstance(value, dict):
        return {_key(name): spoilt(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [spoilt(each) for each in value]
    return value + HOSTILE if type(value) is str and value not in _CHOICES else value


def _key(name: Any) -> Any:
    return name + HOSTILE if type(name) is str and name not in _FIELDS else name


_FIELDS = {
    name
    for record in json.loads(jsonfile.schema())["$defs"].values()
    for name in record.get("properties", {})
} | set(json.loads(jsonfile.schema())["properties"]) | {status.value for status in Status}  # fmt: skip


@pytest.fixture(scope="module")
def hostile() -> str:
    return html.render(Report.model_validate(spoilt(example().model_dump())))


def test_hostile_text_in_every_field_stays_text(hostile: str) -> None:
    tags = Page(hostile).tags
    assert Counter(tag for tag, _ in tags) == Counter(tag for tag, _ in parsed().tags)
    assert not [name for _, found in tags for name in found if name.startswith("on")]
    assert "window.acted" in Page(hostile).text  # it is there to be read


def test_hostile_text_is_no_template(hostile: str) -> None:
    assert "{{ 7 * 7 }}{% raw %}" in Page(hostile).text


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\x1b", "\x00", "\x07", "\ud83d"])
def test_no_hidden_character_reaches_the_page(hostile: str, mark: str) -> None:
    assert mark in HOSTILE
    assert mark not in hostile


def test_emoji_and_other_scripts_are_shown(hostile: str) -> None:
    assert "😀 שלום" in hostile


def test_a_page_can_be_written_as_utf8(hostile: str) -> None:
    assert hostile.encode("utf-8")


def test_a_comment_of_a_hundred_thousand_characters_is_shortened() -> None:
    long = "<b>&" * 25_000
    found = html.render(rated({**RISING, "comment": long, "name": long, "target": long}))
    assert len(found) < 100_000
    assert "…" in found


# looks ----------------------------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_words_to_fill_in() -> None:
    english, welsh = LANGUAGES["en"], LANGUAGES["cy"]
    assert set(english) == set(welsh)
    blanks = re.compile(r"\{\w+\}")
    assert {key: sorted(blanks.findall(english[key])) for key in english} == {
        key: sorted(blanks.findall(welsh[key])) for key in english
    }
    assert len(english["months"].split()) == len(welsh["months"].split()) == 12


def test_every_word_of_the_table_is_used() -> None:
    sources = [*Path(html.__file__).parent.rglob("*.py"), *Path(html.__file__).parent.rglob("*.html")]
    used = "".join(path.read_text("utf-8") for path in sources if path.name != "texts.py")
    kept = {"months", *(status.value for status in Status), "better", "worse", "same", "error", "warning"}
    kept |= {f"sort_{key}" for key in ("order", "ref", "name", "status", "movement")}
    kept |= {f"key_{status.value}" for status in Status}
    assert [key for key in LANGUAGES["en"] if key not in kept and not re.search(rf"\b{key}\b", used)] == []


def test_a_welsh_page_has_welsh_words_and_marks_what_is_english() -> None:
    found = html.render(rated(RISING, language="cy"))
    assert '<html lang="cy">' in found
    assert "Ar 31 Rhagfyr 2023" in found
    assert "Gwyrdd" in found
    assert re.search(r'<p lang="en">(Green|Red|Amber):', found)
    for key in ("summary", "indicators", "method", "key"):
        assert LANGUAGES["cy"][key] in found
        assert f">{LANGUAGES['en'][key]}<" not in found


def test_the_words_of_the_scheme_go_before_those_of_the_language() -> None:
    assert "Ar y trywydd" in html.render(rated(RISING, language="cy", words={"green": "Ar y trywydd"}))


def test_colours_of_the_scheme_are_on_the_page_and_lighter_on_dark_screens() -> None:
    found = html.render(rated(RISING, colours={"green": "#003300"}))
    light, dark = re.findall(r"--green:(#\w+)", found)
    assert light == "#003300"
    assert dark not in (light, "#57d9b0")


def test_a_faint_colour_is_a_warning_that_names_a_better_one() -> None:
    problems = rated(RISING, colours={"amber": "#ffff00"}).problems
    assert [problem.message for problem in problems] == [
        "the colour #ffff00 of amber has a contrast of 1.1 with white paper, and shapes need 3; #999900 has it"
    ]


@pytest.mark.parametrize("colour", ["red", "#fff", "red;}</style><script>", "#00795f;"])
def test_what_is_no_colour_is_refused_in_the_scheme(colour: str) -> None:
    with pytest.raises(ScorecardError, match=r"colours\.green"):
        checked(Scheme, {"colours": {"green": colour}}, place="scorecard.toml")


def test_shapes_of_the_scheme_are_drawn_and_stand_in_texts() -> None:
    found = rated(RISING, shapes={"red": "cross"})
    assert "M2.5 2.5l11 11" in html.render(found)
    assert "× Red" in render(found, "markdown")


def test_two_statuses_cannot_have_one_shape() -> None:
    with pytest.raises(ScorecardError, match="two statuses would have the shape circle"):
        checked(Scheme, {"shapes": {"red": "circle"}}, place="scorecard.toml")


def test_every_shape_has_a_sign_of_its_own() -> None:
    assert len({shape.sign for shape in Shape}) == len(Shape)
    assert len(set(SHAPES.values())) == len(Status)


def folder(path: Path, logo: str = "") -> Path:
    (path / "kpis.csv").write_text("ref,name,target,Q1\n1,Homes,at least 5,7\n", "utf-8")
    settings = f'[scheme]\nlogo = "{logo}"\n' if logo else ""
    (path / "scorecard.toml").write_text(f'title = "Homes"\n{settings}[[indicators]]\nfile = "kpis.csv"\n', "utf-8")
    return path


def test_a_logo_is_part_of_the_page_and_of_no_json(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(PIXEL)
    found = assess(read_scorecard(folder(tmp_path, "logo.png")), as_of=AS_OF)
    assert '<img class="logo" src="data:image/png;base64,iVBORw0KGgo' in html.render(found)
    assert "base64" not in jsonfile.render(found)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("logo.svg", b"<svg onload='x()'/>", "is not a picture that pages can hold"),
        ("logo.png", b"<script>", "is not a picture that pages can hold"),
        ("logo.png", PIXEL + bytes(200_000), "it may have 200,000"),
        ("../logo.png", PIXEL, "is not inside the scorecard's folder"),
        ("none.png", b"", "there is no file"),
    ],
)
def test_a_logo_that_is_none_is_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    if data:
        (inside / name).write_bytes(data)
    with pytest.raises(ScorecardError, match=message):
        read_scorecard(folder(inside, name))


# templates ------------------------------------------------------------------------------------------------------------


def own(path: Path, text: str, name: str = "page.html") -> Path:
    (path / name).write_text(text, "utf-8")
    return path


def test_a_template_of_ones_own_changes_one_block(tmp_path: Path) -> None:
    text = '{% extends "rag_rules/page.html" %}{% block method %}<p>Ask {{ report.title }}</p>{% endblock %}'
    found = html.render(example(), templates=own(tmp_path, text))
    assert "<p>Ask Rutland" in found
    assert 'id="i0"' in found
    assert "How to read this report</h2>" not in found


def test_a_style_sheet_of_ones_own_takes_the_place_of_ours(tmp_path: Path) -> None:
    found = html.render(example(), templates=own(tmp_path, "body{margin:9px}", "page.css"))
    assert "body{margin:9px}" in found
    assert "scroll-padding-top" not in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{% if %}", "page.html, line 1: Expected"),
        ("{{ nothing.here }}", "'nothing' is undefined"),
        ("{% include 'none.html' %}", "none.html"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ report.indicators.__class__.__base__.__subclasses__() }}", "unsafe"),
    ],
)
def test_a_template_that_cannot_be_used_is_an_error_that_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RagRulesError, match=message):
        html.render(example(), templates=own(tmp_path, text))


def test_what_a_template_prints_is_escaped(tmp_path: Path) -> None:
    found = html.render(example().model_copy(update={"title": "<b>"}), templates=own(tmp_path, "{{ report.title }}"))
    assert found.strip() == "&lt;b&gt;"


def test_without_jinja_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    html._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MissingExtraError, match=r"rag-rules\[html\]"):
        html.render(example())


# the command ----------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_page(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    assert cli.main(["report", str(EXAMPLE), "--as-of", "2023-09-30", "-o", str(file)]) == 0
    assert file.read_text("utf-8") == page()


def test_the_command_takes_templates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own(tmp_path, "Only {{ report.title }}")
    assert cli.main(["report", str(EXAMPLE), "--format", "html", "--templates", str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("Only Rutland")


def test_the_command_refuses_a_folder_of_templates_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["report", str(EXAMPLE), "--templates", "no/such/folder"])
    assert "there is no folder" in capsys.readouterr().err
