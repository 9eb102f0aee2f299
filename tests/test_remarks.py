"""What people add to a computed status: published words, overrides, required comments, and groups drawn together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from rag_rules.errors import ScorecardError
from rag_rules.models import Indicator, RatedIndicator, Report, ReportingPeriod, RollUp, Scheme, Scorecard
from rag_rules.published import status_named
from rag_rules.scorecard import assess, read_scorecard_text
from rag_rules.status import Status

AS_OF = date(2024, 6, 30)


def report(scheme: Scheme | None = None, **fields: Any) -> Report:
    """The report on one indicator that misses its target."""
    indicator = Indicator(
        row=1, place="kpis.csv, row 1", ref="1", target="at least 95%", readings={"Q1": "80%"}, **fields
    )
    scorecard = Scorecard(
        scheme=scheme or Scheme(), periods=(ReportingPeriod(label="Q1", ends=AS_OF),), indicators=(indicator,)
    )
    return assess(scorecard, as_of=AS_OF)


def rated(scheme: Scheme | None = None, **fields: Any) -> RatedIndicator:
    return report(scheme, **fields).indicators[0]


def messages(scheme: Scheme | None = None, **fields: Any) -> list[str]:
    return [problem.message for problem in report(scheme, **fields).problems]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Green", Status.GREEN), ("g", Status.GREEN), ("On target", Status.GREEN), ("🟢", Status.GREEN), ("AMBER", Status.AMBER), ("Not met.", Status.RED),
        ("🔴", Status.RED), ("Grey", Status.UNRATED), ("n/a", Status.UNRATED), ("Below target", None), ("splendid", None), ("", None),
    ],
)  # fmt: skip
def test_published_words_name_statuses(word: str, status: Status | None) -> None:
    assert status_named(word) is status


def test_words_of_the_scheme_go_before_the_usual_ones() -> None:
    scheme = Scheme(words={Status.AMBER: "At Risk", Status.RED: "Green"})
    assert status_named("at risk", scheme) is Status.AMBER
    assert status_named("Green", scheme) is Status.RED
    assert status_named("Off", Scheme(words={Status.AMBER: "Off", Status.RED: "off"})) is None


def test_published_status_stands_beside_the_computed_one() -> None:
    found = rated(published="Green")
    assert (found.status, found.published, found.published_status) == (Status.RED, "Green", Status.GREEN)


def test_published_word_that_nobody_knows_is_a_problem() -> None:
    assert any("“Splendid” is no status" in message for message in messages(published="Splendid"))


def test_override_never_replaces_the_computed_status() -> None:
    found = rated(
        override="Amber", override_reason="Data error", override_by="A. Officer", override_until="31 July 2024"
    )
    assert found.status is Status.RED
    assert found.override is not None
    assert (found.override.status, found.override.until, found.override.expired) == (
        Status.AMBER,
        date(2024, 7, 31),
        False,
    )
    assert report(override="Amber", override_reason="x", override_by="y").summary.counts.red == 1


@pytest.mark.parametrize(
    ("until", "expired"), [("2024-06-29", True), ("2024-06-30", False), ("June 2024", False), ("May 2024", True)]
)
def test_override_holds_up_to_its_last_day(until: str, expired: bool) -> None:
    given: dict[str, Any] = {"override": "Green", "override_reason": "x", "override_by": "y", "override_until": until}
    found = rated(**given).override
    assert found is not None
    assert found.expired is expired
    assert any("expired" in message for message in messages(**given)) is expired


def test_override_without_reason_and_author_is_a_finding() -> None:
    found = messages(override="Green")
    assert any("has no reason" in message for message in found)
    assert any("has no author" in message for message in found)


def test_override_that_cannot_be_read_is_no_override() -> None:
    assert rated(override="Splendid").override is None
    assert any("no status" in message for message in messages(override_reason="because"))
    assert any(
        "2024-02-30" in message or "30" in message
        for message in messages(override="Green", override_until="2024-02-30")
    )


@pytest.mark.parametrize(("comment", "needs"), [(None, True), ("  ", True), ("Staff were ill.", False)])
def test_red_needs_a_comment_where_the_scheme_says_so(comment: str | None, needs: bool) -> None:
    scheme = Scheme(comment_required=(Status.RED,))
    assert rated(scheme, comment=comment).needs_comment is needs
    assert any("red needs a comment" in message for message in messages(scheme, comment=comment)) is needs
    assert not rated(comment=comment).needs_comment


def test_comment_is_needed_of_the_statuses_that_the_scheme_names_only() -> None:
    assert not rated(Scheme(comment_required=(Status.AMBER,))).needs_comment


GROUP = """\
ref,name,theme,target,Q1,weight
1,One,A,at least 10,10,1
2,Two,A,at least 10,11,1
3,Three,A,at least 10,12,1
4,Four,A,at least 10,13,1
5,Five,A,at least 10,5,{weight}
6,Six,B,at least 10,DNA,1
"""


def drawn(roll_up: RollUp, weight: str = "1") -> tuple[Status | None, str]:
    """The status and provenance of group A: four greens and a red."""
    scorecard = read_scorecard_text(GROUP.format(weight=weight))
    made = assess(scorecard.model_copy(update={"scheme": Scheme(roll_up=roll_up)}), as_of=AS_OF)
    first = made.summary.groups[0]
    assert first.group == "A"
    return first.status, first.provenance


def test_counts_give_a_group_no_status() -> None:
    assert drawn(RollUp()) == (None, "")


def test_worst_of_a_group_names_the_reds() -> None:
    assert drawn(RollUp(policy="worst")) == (Status.RED, "the worst of 5 rated is red (1 of them); red: 5")


def test_share_green_says_its_share_and_never_hides_a_red() -> None:
    status, said = drawn(RollUp(policy="share green"))
    assert status is Status.AMBER
    assert said == "4 of 5 rated are green, 80%; green from 80%, amber from 60%; amber at best while any is red; red: 5"


@pytest.mark.parametrize(
    ("green", "amber", "status"),
    [("80%", "60%", Status.AMBER), ("90%", "80%", Status.AMBER), ("95%", "81%", Status.RED)],
)
def test_limits_of_a_share_belong_to_the_better_status(green: str, amber: str, status: Status) -> None:
    assert drawn(RollUp(policy="share green", green=green, amber=amber))[0] is status


def test_weights_count() -> None:
    assert "80%" in drawn(RollUp(policy="weighted"))[1]
    assert drawn(RollUp(policy="weighted"), weight="16")[0] is Status.RED  # 4 of 20
    assert (
        drawn(RollUp(policy="weighted"), weight="0")[0] is Status.AMBER
    )  # all that counts is green, and yet there is a red


def test_weight_that_is_none_counts_as_one_and_is_a_problem() -> None:
    scorecard = read_scorecard_text(GROUP.format(weight="heavy"))
    made = assess(scorecard.model_copy(update={"scheme": Scheme(roll_up=RollUp(policy="weighted"))}), as_of=AS_OF)
    assert any("“heavy” is no weight" in problem.message for problem in made.problems)


def test_group_without_ratings_is_unrated() -> None:
    scorecard = read_scorecard_text(GROUP.format(weight="1"))
    made = assess(scorecard.model_copy(update={"scheme": Scheme(roll_up=RollUp(policy="worst"))}), as_of=AS_OF)
    assert (made.summary.groups[1].status, made.summary.groups[1].provenance) == (
        Status.UNRATED,
        "none of the group is rated",
    )


@pytest.mark.parametrize(("green", "amber"), [("60%", "80%"), ("101%", "60%"), ("eighty", "60%"), ("80", "60%")])
def test_limits_that_make_no_sense_are_refused(green: str, amber: str) -> None:
    with pytest.raises(ScorecardError, match="roll_up"):
        drawn(RollUp(policy="share green", green=green, amber=amber))
