"""Colours of pages, measured: contrast with what they stand on, and distance from each other in each colour vision."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from rag_rules import rule
from rag_rules.colours import DARK_PAPER, LIGHT_PAPER, contrast, seen_on
from rag_rules.errors import SettingError
from rag_rules.reports import html
from rag_rules.reports.drawing import DARK, LIGHT, band_scale
from rag_rules.status import Status

CSS = (Path(html.__file__).parent / "templates" / "page.css").read_text("utf-8")
#: the colours of light and of dark pages by their names in the style sheet
LIGHT_SET, DARK_SET = (dict(re.findall(r"--([\w-]+):(#\w+)", each)) for each in re.findall(r":root\{(.*?)\}", CSS)[:2])
SETS = {"light": (LIGHT_SET, LIGHT), "dark": (DARK_SET, DARK)}

#: what the three dichromacies make of linear RGB: Machado, Oliveira and Fernandes 2009, severity 1
VISIONS = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def linear(colour: str) -> list[float]:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(colour: str, vision: str) -> list[float]:
    """The colour as somebody with a vision sees it, in CIELAB, where distances are as people judge them."""
    own = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, own, strict=True)))) for row in VISIONS[vision]
    )
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z))
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def distance(one: str, other: str, vision: str) -> float:
    squares = ((a - b) ** 2 for a, b in zip(lab(one, vision), lab(other, vision), strict=True))
    return float(sum(squares) ** 0.5)


def test_the_paper_of_the_style_sheet_is_the_paper_that_colours_are_checked_on() -> None:
    assert (LIGHT_SET["paper"], DARK_SET["paper"]) == ("#fff", DARK_PAPER)
    assert LIGHT_PAPER == "#ffffff"


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_shapes_have_a_contrast_of_three(name: str, ground: str) -> None:
    own, statuses = SETS[name]
    for colour in (*statuses.values(), own["focus"], own["field"]):
        assert contrast(colour, full(own[ground])) >= 3, colour


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(
    ("text", "ground"),
    [("ink", "paper"), ("ink", "tint"), ("soft", "paper"), ("soft", "tint"), ("link", "paper"), ("on-brand", "brand")],
)
def test_text_has_a_contrast_of_four_and_a_half(name: str, text: str, ground: str) -> None:
    own, _ = SETS[name]
    assert contrast(full(own[text]), full(own[ground])) >= 4.5


def full(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * each for each in colour[1:])


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", SETS)
def test_any_two_statuses_can_be_told_apart_by_colour(name: str, vision: str) -> None:
    for one, other in combinations(SETS[name][1].values(), 2):
        assert distance(one, other, vision) >= 12, (one, other)


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("name", SETS)
def test_green_amber_and_red_are_far_apart_in_every_vision(name: str, vision: str) -> None:
    green, amber, red, _ = SETS[name][1].values()
    assert min(distance(green, amber, vision), distance(green, red, vision), distance(amber, red, vision)) >= 20


def test_a_red_and_a_green_that_many_people_confuse_are_found() -> None:
    assert distance("#d4351c", "#6b7d00", "usual") > 60
    assert distance("#d4351c", "#6b7d00", "deuteranopia") < 12


def test_the_better_band_is_the_thicker_one() -> None:
    drawn = band_scale([90.0, 95.0], (Status.RED, Status.AMBER, Status.GREEN), None)
    heights = {status: int(height) for status, height in re.findall(r'class="(\w+)" d="M[^v]*v(\d+)', drawn)}
    assert heights["green"] > heights["amber"] > heights["red"]


@pytest.mark.parametrize("colour", ["#ffff00", "#ffffff", "#00ff00", "#123456"])
@pytest.mark.parametrize("paper", [LIGHT_PAPER, DARK_PAPER])
def test_a_colour_is_mixed_until_it_can_be_seen(colour: str, paper: str) -> None:
    assert contrast(seen_on(colour, paper), paper) >= 3


@pytest.mark.parametrize("text", ["red", "#fff", "#gggggg", "#1234567", "url(x)", ""])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(SettingError, match="not a colour"):
        contrast(text, LIGHT_PAPER)


@pytest.mark.parametrize("polarity", ["higher", "lower"])
@pytest.mark.parametrize("reading", [0, 50, 89, 95, 99, 100])
def test_the_pointer_stands_in_the_band_that_the_reading_is_in(polarity: str, reading: int) -> None:
    bands = rule("95%", polarity=polarity, tolerance="5%").bands
    assert bands is not None
    drawn = band_scale([float(cut.at) for cut in bands.steps.cuts], bands.steps.values, float(reading), most=100)
    edges = {
        status: (int(left), int(right))
        for status, left, right in re.findall(r'class="(\w+)" d="M(\d+) \d+H(\d+)v', drawn)
    }
    pointer = re.search(r'class="now" d="M(\d+) 0h20', drawn)
    assert pointer is not None
    left, right = edges[bands.status(float(reading)).value]
    assert left - 12 <= int(pointer[1]) + 10 <= right + 12  # a slit of 10 shows where one band ends
