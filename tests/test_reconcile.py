"""Published statuses beside computed ones, and the policies that would explain them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag_rules.cli import main
from rag_rules.models import Reconciliation, Scheme
from rag_rules.reconciling import reconcile
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.settings import Boundary

AS_OF = date(2023, 9, 30)
HEAD = "ref,name,target,polarity,accumulation,2023-24 Q2,RAG\n"
RUTLAND = Path(__file__).parents[1] / "examples" / "rutland"


def found(rows: str, **scheme: str) -> Reconciliation:
    scorecard = read_scorecard_text(HEAD + rows).model_copy(update={"scheme": Scheme.model_validate(scheme)})
    return reconcile(assess(scorecard, as_of=AS_OF), scorecard)


def test_each_published_status_agrees_disagrees_or_cannot_be_compared() -> None:
    rows = (
        "1,One,95%,higher,,96%,Green\n2,Two,95%,higher,,80%,Green\n3,Three,95%,higher,,DNA,Green\n4,Four,95%,higher,,DNA,Grey\n"
        "5,Five,95%,higher,,96%,Splendid\n6,Six,95%,higher,,96%,\n"
    )
    verdicts = {each.ref: each for each in found(rows).verdicts}
    assert {ref: each.agreement for ref, each in verdicts.items()} == {
        "1": "agrees", "2": "disagrees", "3": "cannot be compared", "4": "agrees", "5": "cannot be compared",
    }  # fmt: skip
    assert "under the target of 95%" in verdicts["2"].explanation


#: of a target of 100: on it, 4% off, 8% off, 20% off
SPREAD = "{}1,A,100,higher,,100,{}\n2,B,100,higher,,96,{}\n3,C,100,higher,,92,{}\n4,D,100,higher,,80,{}\n"


@pytest.mark.parametrize(
    ("colours", "tolerance", "boundary"),
    [
        (("green", "red", "red", "red"), "none", Boundary.INCLUSIVE),
        (("green", "amber", "red", "red"), "5%", Boundary.INCLUSIVE),
        (("green", "amber", "amber", "red"), "10%", Boundary.INCLUSIVE),
        (("amber", "amber", "amber", "red"), "10%", Boundary.STRICT),
    ],
)
def test_policy_that_explains_the_published_colours_is_found(
    colours: tuple[str, ...], tolerance: str, boundary: Boundary
) -> None:
    best = found(SPREAD.format("", *colours)).policies[0]
    assert (best.tolerance, best.boundary, best.agreed, best.compared) == (tolerance, boundary, 4, 4)
    assert "4 of 4 published statuses" in best.sentence


@pytest.mark.parametrize(("colour", "pro_rated"), [("green", True), ("red", False)])
def test_policy_tells_whether_cumulative_targets_were_pro_rated(colour: str, pro_rated: bool) -> None:
    best = found(f"1,Homes,120,higher,cumulative,70,{colour}\n").policies[0]
    assert (best.pro_rated, best.agreed) == (pro_rated, 1)


def test_points_are_tried_on_percentages_only() -> None:
    rows = "1,A,90%,higher,,88.5%,amber\n2,B,90%,higher,,87.5%,red\n3,C,1000,higher,,999,red\n"
    best = found(rows).policies[0]
    assert (best.tolerance, best.agreed) == ("2pp", 3)


def test_of_equal_policies_the_simplest_comes_first() -> None:
    assert found("1,A,100,higher,,120,green\n").policies[0].tolerance == "none"


def test_without_published_colours_no_policy_is_tried() -> None:
    assert found("1,A,100,higher,,120,\n") == Reconciliation(
        title="Scorecard", as_of=AS_OF, period="2023-24 Q2", verdicts=()
    )


def test_actions_disagree_where_their_dates_contradict_the_report() -> None:
    scorecard = read_scorecard(RUTLAND)
    verdicts = reconcile(assess(scorecard, as_of=AS_OF)).verdicts
    actions = [each for each in verdicts if each.kind == "action"]
    assert len(actions) == 105
    disagree = [each for each in actions if each.agreement == "disagrees"]
    assert len([each for each in disagree if each.published == "On track"]) == 19


def test_command_lists_and_ends_with_1_where_any_disagree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kpis.csv"
    path.write_text(HEAD + "1,One,95%,higher,,96%,Green\n2,Two,95%,higher,,80%,Green\n", encoding="utf-8")
    assert main(["reconcile", str(path), "--as-of", "2023-09-30"]) == 1
    shown = capsys.readouterr().out
    assert "Of 2 published, 1 agree, 1 disagree, 0 cannot be compared." in shown
    assert shown.index("Disagree:") < shown.index("2 Two") < shown.index("Agree:") < shown.index("1 One")
    assert "no amber, a target is met on its limit" in shown
    assert main(["reconcile", str(path), "--as-of", "2023-09-30", "--format", "json"]) == 1
    assert [each["agreement"] for each in json.loads(capsys.readouterr().out)["verdicts"]] == ["agrees", "disagrees"]


def test_command_ends_with_0_where_all_agree_or_nothing_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kpis.csv"
    for colour, said in (("Green", "1 agree, 0 disagree"), ("", "Nothing is published")):
        path.write_text(HEAD + f"1,One,95%,higher,,96%,{colour}\n", encoding="utf-8")
        assert main(["reconcile", str(path), "--as-of", "2023-09-30"]) == 0
        assert said in capsys.readouterr().out


def test_the_front_door_gives_the_function_whatever_was_imported_before() -> None:
    import rag_rules
    from rag_rules import reconciling

    assert rag_rules.reconcile is reconciling.reconcile
