"""Pages in a real browser: accessibility, overflow, filters, paper. ``make browser`` installs what this needs."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from rag_rules import Report, assess, read_scorecard
from rag_rules.models import Scorecard
from rag_rules.reports import html
from tests.test_page import HOSTILE, RISING, rated, readings, spoilt

pytestmark = pytest.mark.browser

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
MODULES: Final = Path(os.environ.get("BROWSER_MODULES", ROOT / "build" / "browser"))
CHROMIUM: Final = os.environ.get("CHROMIUM", "/usr/bin/chromium")
AXE: Final = ("light 360", "light 1440", "dark 360", "dark 1440", "forced 1440")

BROKEN: Final = (
    '<!doctype html><html><head><title>x</title></head><body><p style="color:#ccc">faint</p><img src="data:,">'
    '<div style="width:2000px">wide</div></body></html>'
)


def example() -> Report:
    """The example of the repository."""
    return assess(read_scorecard(ROOT / "examples" / "rutland"), as_of=date(2023, 9, 30))


def trends() -> Report:
    """Four quarters, with a look of its own, in Welsh."""
    rows = [{**RISING, "comment": "Sylw", "groups": {"Thema": name}} for name in ("Cartrefi", "Iechyd")]
    rows.append({"target": "<£21", "readings": readings("£20", "£22", "£21", "£46"), "groups": {"Thema": "Cartrefi"}})
    rows.append({"target": "TBC", "readings": readings("", "", "", "DNA"), "groups": {"Thema": ""}})
    report = rated(
        *rows, language="cy", tolerance="5%", shapes={"green": "tick", "red": "cross"}, colours={"green": "#004d80"}
    )
    return report.model_copy(update={"title": "Adroddiad"})


PAGES: Final[dict[str, Callable[[], str]]] = {
    "example": lambda: html.render(example()),
    "trends": lambda: html.render(trends()),
    "hostile": lambda: html.render(Report.model_validate(spoilt(example().model_dump()))),
    "empty": lambda: html.render(assess(Scorecard(), as_of=date(2023, 9, 30))),
    "broken": lambda: BROKEN,
}
OURS: Final = ("example", "trends", "hostile", "empty")
_SEEN: dict[str, dict[str, Any]] = {}


@pytest.fixture
def seen(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """What Chromium saw of a page, which it looks at once."""
    name: str = request.param
    if name not in _SEEN:
        file = tmp_path / f"{name}.html"
        file.write_text(PAGES[name](), "utf-8")
        program = ["node", str(HERE / "measure.mjs"), CHROMIUM, str(MODULES), str(file)]
        found = subprocess.run(program, capture_output=True, text=True, timeout=600, check=False)
        assert found.returncode == 0, found.stderr
        _SEEN[name] = json.loads(found.stdout)
    return _SEEN[name]


def of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("seen", names, indirect=True)


@of(*OURS)
@pytest.mark.parametrize("look", AXE)
def test_axe_finds_no_violation(seen: dict[str, Any], look: str) -> None:
    assert seen["axe"][look] == []


@of("broken")
def test_axe_and_the_ruler_find_what_is_wrong(seen: dict[str, Any]) -> None:
    found = " ".join(seen["axe"]["light 1440"])
    assert all(name in found for name in ("color-contrast", "image-alt", "html-has-lang"))
    assert seen["widths"]["360"][0] > 360


@of(*OURS)
@pytest.mark.parametrize("width", ["320", "360", "768", "1440"])
def test_nothing_overflows(seen: dict[str, Any], width: str) -> None:
    scroll, inner = seen["widths"][width]
    assert scroll <= inner == int(width)


@of(*OURS)
def test_nothing_is_fetched_and_nothing_fails(seen: dict[str, Any]) -> None:
    assert all(address.startswith(("file:", "about:", "data:")) for address in seen["requests"])
    assert len({address for address in seen["requests"] if address.startswith("file:")}) == 1
    assert seen["errors"] == []


@of("hostile")
def test_hostile_text_does_not_act(seen: dict[str, Any]) -> None:
    assert "window.acted" in HOSTILE
    assert seen["acted"] is False


@of("example")
def test_dark_screens_get_dark_paper(seen: dict[str, Any]) -> None:
    assert seen["paper"] == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 23, 29)"}


@of(*OURS)
def test_what_is_pressed_is_large_enough(seen: dict[str, Any]) -> None:
    assert seen["small"] == []


@of(*OURS)
def test_the_first_key_comes_to_a_visible_link_that_skips(seen: dict[str, Any]) -> None:
    assert seen["first"] == ["skip", True, "solid"]


@of("example")
def test_a_filter_shows_only_its_rows_and_says_how_many(seen: dict[str, Any]) -> None:
    red = [f"i{number}" for number, each in enumerate(example().indicators) if each.status.value == "red"]
    assert seen["red"] == red
    assert len(seen["all"]) == 136
    assert seen["said"] == f"{len(red)} of 136 indicators shown"


@of("example")
def test_the_choice_survives_a_reload_by_way_of_the_address(seen: dict[str, Any]) -> None:
    assert seen["address"] == "?status=red"
    assert seen["reloaded"] == seen["red"]


@of("example")
def test_a_link_leads_to_a_filtered_and_sorted_view(seen: dict[str, Any]) -> None:
    wanted = {
        f"i{number}" for number, each in enumerate(example().indicators) if each.status.value in ("amber", "green")
    }
    assert set(seen["linked"]) == wanted
    worst = ["red", "amber", "unrated", "green"]
    assert len(seen["order"]) > 1
    assert all([worst.index(each) for each in body] == sorted(map(worst.index, body)) for body in seen["order"])


@of("example")
def test_a_link_to_a_hidden_row_shows_it(seen: dict[str, Any]) -> None:
    assert seen["followed"] == [True, True]


@of("example")
def test_a_search_that_finds_nothing_says_so(seen: dict[str, Any]) -> None:
    assert seen["nothing"] == [[], "No indicator fits this choice."]


@of("trends")
def test_filters_work_in_welsh(seen: dict[str, Any]) -> None:
    assert seen["said"].startswith("Yn dangos ")


@of("example")
def test_without_scripts_everything_is_there_but_the_filters(seen: dict[str, Any]) -> None:
    rows, is_form_hidden = seen["plain"]
    assert len(rows) == 136
    assert is_form_hidden


@of("example")
def test_paper_repeats_headings_and_cuts_no_row(seen: dict[str, Any]) -> None:
    assert seen["print"] == {"heads": ["table-header-group"], "breaks": ["avoid"], "form": "none"}
