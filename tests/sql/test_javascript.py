"""The evaluator in examples/bands.js, run by Node.js; tests/agreement asks it about thousands of rules."""

import pytest

from rag_rules import rule
from tests.agreement.backends import ask_node

pytestmark = pytest.mark.sql


def test_words_days_and_places_are_rated() -> None:
    words, days, places = (rule(text).bands for text in ("at least Good", "By 30th November 2019", "Top 5"))
    assert words is not None
    assert days is not None
    assert places is not None
    assert ask_node([
        (words, ["Good", " requires improvement ", "Goodish", None, 2]),
        (days, ["2019-11-30", "2019-12-01", "30/11/2019", None, 20191130]),
        (places, [5, 6, 2.5, 0, "5", "x", None, "Infinity"]),
    ]) == [
        ["green", "red", "unrated", "unrated", "unrated"],
        ["green", "red", "unrated", "unrated", "unrated"],
        ["green", "red", "unrated", "unrated", "green", "unrated", "unrated", "red"],
    ]  # fmt: skip
