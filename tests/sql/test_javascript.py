"""The evaluator in examples/bands.js, run by Node.js: each reading has the status that the library gives it."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from rag_rules import Bands, rule, to_json
from tests.sql import drawn

pytestmark = pytest.mark.sql

EVALUATOR = Path(__file__).parents[2] / "examples" / "bands.js"
#: numbers come as they are, but for those that JSON does not have; texts say so
DRIVER = """
const { status } = require(process.argv[1]);
const special = { NaN, Infinity, "-Infinity": -Infinity };
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const read = (reading) => Array.isArray(reading) ? reading[0] : reading in special ? special[reading] : reading;
console.log(JSON.stringify(cases.map(([bands, readings]) => readings.map((each) => status(bands, read(each))))));
"""


def statuses(cases: list[tuple[Bands, list[object]]]) -> list[list[str]]:
    """What the evaluator says; a text in a list is a reading that is a text."""
    asked = [[json.loads(to_json(bands)), readings] for bands, readings in cases]
    done = subprocess.run(
        ["node", "-e", DRIVER, str(EVALUATOR)], input=json.dumps(asked), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found


def shown(value: drawn.Number) -> object:
    if isinstance(value, Decimal):
        return [format(value, "f")]
    if value is None or value - value == 0:
        return value
    return str(value).replace("nan", "NaN").replace("inf", "Infinity")


def test_every_drawn_reading_has_the_status_of_the_library() -> None:
    bands = [each for each in drawn.drawn_bands() if all(abs(cut.at.adjusted()) < 390 for cut in each.steps.cuts)]
    values: list[list[drawn.Number]] = [
        [
            *drawn.readings(each, "float"),
            *drawn.readings(each, "decimal"),
            *(cut.at for cut in each.steps.cuts if -300 < cut.at.adjusted() < 300),
        ]
        for each in bands
    ]
    found = statuses([(each, [shown(value) for value in row]) for each, row in zip(bands, values, strict=True)])
    wrong = [
        (each, value, status)
        for each, row, answer in zip(bands, values, found, strict=True)
        for value, status in zip(row, answer, strict=True)
        if status != drawn.expected(each, value, "float")
    ]
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    assert len(bands) >= 1_900


def test_words_days_and_places_are_rated() -> None:
    words, days, places = (rule(text).bands for text in ("at least Good", "By 30th November 2019", "Top 5"))
    assert words is not None
    assert days is not None
    assert places is not None
    assert statuses([
        (words, ["Good", " requires improvement ", "Goodish", None, 2]),
        (days, ["2019-11-30", "2019-12-01", "30/11/2019", None, 20191130]),
        (places, [5, 6, 2.5, 0, "5", "x", None]),
    ]) == [
        ["green", "red", "unrated", "unrated", "unrated"],
        ["green", "red", "unrated", "unrated", "unrated"],
        ["green", "red", "unrated", "unrated", "green", "unrated", "unrated"],
    ]  # fmt: skip
