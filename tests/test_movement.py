"""Movement: whether a reading is better than the one before it."""

from __future__ import annotations

import pytest

from rag_rules.front import rule
from rag_rules.movement import movement

SCALE = "Inadequate < Requires improvement < Good < Outstanding"


@pytest.mark.parametrize(
    ("target", "polarity", "before", "now", "moved"),
    [
        ("95%", "higher", "90%", "91%", "better"),
        ("95%", "higher", "91%", "90%", "worse"),
        ("95%", "higher", "90%", "90.0%", "same"),
        ("95%", "lower", "90%", "91%", "worse"),
        ("<£21", None, "£46", "£40", "better"),
        ("at least 5 days", None, "1 week", "8 days", "better"),
        ("30 days", "lower", "33", "30", "better"),
        ("£1m", "higher", "£1.2m", "£900k", "worse"),
    ],
)
def test_the_better_side_tells_the_movement(
    target: str, polarity: str | None, before: str, now: str, moved: str
) -> None:
    found = rule(target, polarity=polarity)
    assert movement(found.evaluate(before), found.evaluate(now)) == moved


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [("28%", "25%", "better"), ("15%", "19%", "same"), ("15%", "9%", "worse"), ("5%", "25%", "same")],
)
def test_nearer_to_a_range_is_better(before: str, now: str, moved: str) -> None:
    found = rule("Between 10%-20%", polarity="in range")
    assert movement(found.evaluate(before), found.evaluate(now)) == moved


def test_nearer_to_a_plan_is_better() -> None:
    found = rule("100", polarity="plan is best")
    assert movement(found.evaluate("120"), found.evaluate("95")) == "better"


def test_a_lower_place_is_better() -> None:
    found = rule("Top 5")
    assert movement(found.evaluate("2"), found.evaluate("1")) == "better"


def test_a_higher_position_on_the_scale_is_better() -> None:
    found = rule("Good", scale=SCALE)
    assert movement(found.evaluate("Requires improvement"), found.evaluate("Good")) == "better"


def test_without_a_target_the_polarity_is_enough() -> None:
    found = rule("TBC", polarity="higher")
    assert movement(found.evaluate("5%"), found.evaluate("6%")) == "better"


def test_without_a_target_the_scale_is_enough() -> None:
    found = rule("TBC", scale=SCALE)
    assert movement(found.evaluate("Good"), found.evaluate("Inadequate")) == "worse"


def test_shares_written_as_counts_are_compared_as_shares() -> None:
    found = rule("TBC", polarity="higher")
    assert movement(found.evaluate("27/36"), found.evaluate("30/60")) == "worse"


def test_a_signed_budget_moves() -> None:
    found = rule("Balanced", polarity="higher")
    assert movement(found.evaluate("£1m deficit"), found.evaluate("£1m surplus")) == "better"


@pytest.mark.parametrize(
    ("target", "polarity", "before", "now"),
    [
        ("95%", "higher", "DNA", "90%"),
        ("95%", "higher", "90%", "[c]"),
        ("TBC", None, "5%", "6%"),
        ("TBC", "higher", "5%", "£6"),
        ("Balanced", "higher", "£2m", "£3m"),
        ("Balanced", "higher", "£1m surplus", "£1.2m"),
        ("< -0.7", "higher", "-0.8", "-0.9"),
        ("95%", "higher", "90%", "96% tbc"),
        ("TBC", None, "Good", "Bad"),
        ("TBC", "higher", "3rd", "5%"),
    ],
)
def test_what_cannot_be_compared_has_no_movement(target: str, polarity: str | None, before: str, now: str) -> None:
    found = rule(target, polarity=polarity)
    assert movement(found.evaluate(before), found.evaluate(now)) is None


def test_explicit_bands_tell_their_better_side() -> None:
    found = rule("Green: ≤3, Amber: 3 to 5, Red: >5", conflicts="worse")
    assert movement(found.evaluate("4"), found.evaluate("2")) == "better"
