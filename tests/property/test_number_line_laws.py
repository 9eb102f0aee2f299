"""The law of number lines: what is worked out from bands is what the judge says of every number."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag_rules import RagRulesError, Rule, rule
from rag_rules.number_line import Verdict, asked, number_line, plain_reading, verdict_of
from rag_rules.quantity import EXACT, NUMBER, PERCENT, TOP_SHARE, Unit
from rag_rules.steps import Cut, Steps
from rag_rules.strategies import rules

_TEXTS = (
    "at least 70% until October 2023, then at least 80%", "<£21 until March 2024, then <£19.50",
    "40% by March 2024, 60% by March 2025, 80% by March 2026", "at least £1.4m until October 2023, then at least £1.6m",
    "Good until October 2023, then Outstanding", "top 5 until October 2023, then top 3", "95% after March 2024, 96% after March 2025",
    "at least 0.9 until October 2023, then at least 1.2", "Green >=95, Amber 90-94, Red <90", "Green ≥95%, Amber 90–94%, Red <90%",
    "Green >=0.95, Amber 0.90-0.94, Red <0.90", "Green 10-20%, Amber 20-25%, Red 25-90%", "at least £1.4m", "at most 25k", "£20k to £30k",
    "between £1.2m and £1.5bn", "at least 1.4m days", "at least £1.4m per year", "at most £2bn", "overspend of at most £1.4m", "balanced budget",
    "overspend below £100", "top 5", "top 10%", "at least 95%; amber if improving", "at least £1.4m; amber if improving", "at least -1.4m", "at most 0.5%",
    "Green ≥95%, Amber 90–94%, Red <90%; amber if improving", "at least 95% until October 2023, then at least 96%; amber if improving", "at least Good",
)  # fmt: skip
_GIVEN: tuple[dict[str, Any], ...] = (
    {},
    {"polarity": "higher"},
    {"polarity": "lower", "tolerance": "5%"},
    {"polarity": "higher", "conflicts": "worse"},
)


def _by_asking(made: Rule, shares: bool | None) -> Steps[Decimal, Verdict]:
    """What the judge says on each side of each number that may matter."""
    is_percentage = any(each.unit.is_percent or each.unit == TOP_SHARE for each in (made, *made.stages))
    own: Unit = PERCENT if is_percentage and shares is not None else NUMBER
    found = asked(made, lambda number: verdict_of(made, plain_reading(number, own)))
    if not (is_percentage and shares):
        return found
    return Steps(tuple(Cut(cut.at.scaleb(-2, context=EXACT), cut.side) for cut in found.cuts), found.values)


def _made(text: str, given: dict[str, Any]) -> list[Rule]:
    """The rule of a text, and those of its stages; none where the text does not fit what is given."""
    try:
        found = rule(text, **given)
    except RagRulesError:
        return []
    return [found, *found.stages]


@pytest.mark.parametrize("shares", [None, True, False])
@pytest.mark.parametrize("text", _TEXTS)
def test_a_line_is_what_the_judge_says(text: str, shares: bool | None) -> None:
    every = [each for given in _GIVEN for each in _made(text, given)]
    assert every
    for made in every:
        _check(made, shares)


def _check(made: Rule, shares: bool | None) -> None:
    line = number_line(made, shares=shares)
    if line.is_whole:  # what is no whole number is no place, whatever the line
        for place in map(Decimal, range(-5, 30)):
            assert line.steps.at(place) == verdict_of(made, plain_reading(place, NUMBER))
    else:
        assert line.steps == _by_asking(made, shares)


@given(rules(), st.sampled_from([None, True, False]))
def test_the_line_of_any_rule_is_what_the_judge_says(made: Rule, shares: bool | None) -> None:
    if made.kind != "date":  # whose numbers are days
        _check(made, shares)
