"""Movement: whether a reading is better than the one before it."""

from __future__ import annotations

from datetime import date

import pytest

from rag_rules.errors import SettingError
from rag_rules.front import rule
from rag_rules.models import RatedIndicator, Scheme
from rag_rules.movement import movement
from rag_rules.scorecard import assess, read_scorecard_text
from rag_rules.settings import Improving
from rag_rules.status import Reason, Status

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


# against the same period of the year before -------------------------------------------------------------------------

YEARS = "Q1 2022/23,Q2 2022/23,Q3 2022/23,Q4 2022/23,Q1 2023/24,Q2 2023/24"


def rated(text: str, **scheme: object) -> RatedIndicator:
    scorecard = read_scorecard_text(text, "kpis.csv").model_copy(update={"scheme": Scheme.model_validate(scheme)})
    return assess(scorecard, as_of=date(2023, 9, 30)).indicators[0]


@pytest.mark.parametrize(
    ("readings", "before", "year"),
    [
        ("1%,80%,3%,4%,85%,82%", "worse", "better"),
        ("1%,82%,3%,4%,80%,82%", "better", "same"),
        ("1%,,3%,4%,80%,82%", "better", None),
    ],
)
def test_movement_is_told_against_the_period_and_the_year_before(readings: str, before: str, year: str | None) -> None:
    found = rated(f"target,{YEARS}\nat least 90%,{readings}\n")
    assert (found.movement, found.movement_year) == (before, year)


def test_the_reading_of_the_year_before_is_shown() -> None:
    found = rated(f"target,{YEARS}\nat least 90%,1%,80%,3%,4%,85%,82%\n")
    assert found.previous_year is not None
    assert found.previous_year.text == "80%"


def test_figures_that_add_up_are_compared_with_the_year_before_only() -> None:
    found = rated(f"target,accumulation,polarity,{YEARS}\n100,cumulative,higher,10,40,60,90,20,45\n")
    assert (found.movement, found.movement_year) == (None, "better")


def test_a_whole_year_is_not_the_quarter_that_ends_with_it() -> None:
    found = rated("target,2021/22,2022/23,Q2 2023/24\nat least 90%,1%,2%,3%\n")
    assert found.movement_year is None


def test_a_quarter_is_not_compared_with_a_year_that_ends_on_its_day() -> None:
    scorecard = read_scorecard_text("target,2021/22,Q4 2022/23\nat least 90%,80%,82%\n", "kpis.csv")
    assert assess(scorecard, as_of=date(2023, 3, 31)).indicators[0].movement_year is None


def test_a_changed_target_is_no_movement() -> None:
    found = rated("target,Target from July 2023,Q1 2023/24,Q2 2023/24\nat least 70%,at least 95%,75%,80%\n")
    assert (found.status, found.movement) == (Status.RED, "better")


# rules that use movement: Havering's, as published for the fourth quarter of 2013/14 ----------------------------------

HAVERING = {
    "green_within": "10%",
    "amber_if_improving": "improved or maintained compared with the same quarter last year",
}


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        ("50%", "85.5%", Status.GREEN),
        ("80%", "85.4%", Status.AMBER),
        ("85.4%", "85.4%", Status.AMBER),
        ("86%", "85.4%", Status.RED),
        ("", "85.4%", Status.UNRATED),
        ("", "86%", Status.GREEN),
        ("N/A", "85.4%", Status.UNRATED),
    ],
)
def test_red_is_amber_where_the_reading_improved_on_the_year_before(before: str, now: str, status: Status) -> None:
    assert rated(f"target,{YEARS}\nat least 95%,1%,{before},3%,4%,99%,{now}\n", **HAVERING).status is status


def test_the_explanation_says_what_it_improved_on() -> None:
    found = rated(f"target,{YEARS}\nat least 95%,1%,81%,3%,4%,99%,84%\n", **HAVERING)
    assert found.explanation == (
        "Amber: 84% is 11 percentage points under the target of 95%, outside the 10% that counts as green, "
        "but better than the same period of the year before (81%)."
    )


def test_without_the_earlier_reading_it_is_unrated_and_a_warning_says_so() -> None:
    text = f"target,{YEARS}\nat least 95%,1%,,3%,4%,99%,84%\n"
    scorecard = read_scorecard_text(text, "kpis.csv").model_copy(update={"scheme": Scheme.model_validate(HAVERING)})
    report = assess(scorecard, as_of=date(2023, 9, 30))
    assert report.indicators[0].reason is Reason.NO_EARLIER_READING
    (problem,) = report.problems
    assert problem.column == "Q2 2023/24"
    assert "is red, or amber if it is no worse than the same period of the year before" in problem.message


def test_figures_that_add_up_cannot_improve_on_the_quarter_before() -> None:
    text = f"target,accumulation,polarity,{YEARS}\n100,cumulative,higher,10,40,60,90,20,45\n"
    assert rated(text, amber_if_improving=True).reason is Reason.NO_EARLIER_READING
    assert rated(text, amber_if_improving="improving on last year").status is Status.AMBER


def test_no_switches_it_off() -> None:
    assert rated(f"target,{YEARS}\nat least 95%,1%,2%,3%,4%,5%,6%\n", amber_if_improving=False).status is Status.RED


@pytest.mark.parametrize("text", ["sometimes", "improving on the moon", "worse"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="does not say when red is amber"):
        Improving.read(text)


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ("74% (2022/23)", "74% (2022/23)", None), ("74% (2022/23)", "75% (2022/23)", None), ("74% (2021/22)", "75% (2022/23)", "better"),
        ("74% (2022/23)", "75% (2021/22)", None), ("74%", "75%", "better"), ("74%", "75% (Q1 2023/24)", None), ("74%", "74%", "same"),
    ],
)  # fmt: skip
def test_a_figure_of_two_periods_does_not_move(before: str, now: str, moved: str | None) -> None:
    text = f"target,polarity,Q1 2023/24,Q2 2023/24\n70%,higher,{before},{now}\n"
    assert assess(read_scorecard_text(text, "kpis.csv"), as_of=date(2023, 9, 30)).indicators[0].movement == moved


def test_a_figure_of_two_periods_has_not_improved() -> None:
    text = "target,polarity,Q1 2023/24,Q2 2023/24\n80%; amber if improved or maintained,higher,74% (2022/23),74% (2022/23)\n"
    found = assess(read_scorecard_text(text, "kpis.csv"), as_of=date(2023, 9, 30)).indicators[0]
    assert (found.status, found.reason) == (Status.UNRATED, Reason.NO_EARLIER_READING)
