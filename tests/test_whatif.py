"""What-if: every status that a proposed change would alter, and what it would leave as it is."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from rag_rules.cli import main
from rag_rules.errors import ScorecardError, SettingError
from rag_rules.models import Changes, Scheme, Scorecard
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text
from rag_rules.status import Status
from rag_rules.whatif import compare, with_tolerance

RUTLAND = Path(__file__).parent.parent / "examples" / "rutland"
AS_OF = date(2023, 9, 30)
HEAD = "ref,name,target,tolerance,Q1 2023/24,Q2 2023/24\n"
PRESENT = HEAD + "A,Calls,at least 90%,,85%,87%\nB,Bins,under 60,,61,62\nC,Homes,at least 90%,10%,85%,84%\n"


def card(text: str, **scheme: str) -> Scorecard:
    return read_scorecard_text(text, "kpis.csv").model_copy(update={"scheme": Scheme.model_validate(scheme)})


def found(before: Scorecard, after: Scorecard) -> Changes:
    return compare(before, after, as_of=AS_OF)


def test_a_narrower_tolerance_lists_what_turns_red() -> None:
    before = card(PRESENT, tolerance="5%")
    changes = found(before, with_tolerance(before, "1%"))
    assert [(each.ref, each.before, each.after) for each in changes.changes] == [
        ("A", Status.AMBER, Status.RED), ("B", Status.AMBER, Status.RED),
    ]  # fmt: skip
    assert "inside the 5% tolerance" in changes.changes[0].explanation_before
    assert "outside the 1% tolerance" in changes.changes[0].explanation_after
    assert (changes.before.amber, changes.after.amber) == (3, 1)


def test_indicators_with_a_tolerance_of_their_own_are_named_as_not_affected() -> None:
    before = card(PRESENT.replace("under 60,", "under 60; amber within 5%,"), tolerance="5%")
    changes = found(before, with_tolerance(before, "1%"))
    assert changes.notes == (
        "2 indicators have tolerances of their own, which the scheme's does not change: B and C",
    )  # fmt: skip
    assert [each.ref for each in changes.changes] == ["A"]


def test_a_changed_target_is_shown_with_the_one_before() -> None:
    before = card(PRESENT)
    after = card(PRESENT.replace("A,Calls,at least 90%", "A,Calls,at least 80%"))
    (change,) = found(before, after).changes
    assert (change.target_before, change.target_after) == ("at least 90%", "at least 80%")
    assert (change.before, change.after) == (Status.RED, Status.GREEN)


def test_indicators_are_matched_by_ref_and_name_wherever_they_stand() -> None:
    before = card(PRESENT)
    rows = PRESENT.removeprefix(HEAD).splitlines()
    after = card(HEAD + "\n".join([*reversed(rows), "D,Parks,5,,4,4"]) + "\n")
    changes = found(before, after)
    assert changes.changes == ()
    assert [each.ref for each in changes.only_after] == ["D"]
    assert found(after, before).only_before == changes.only_after


def test_rows_that_share_ref_and_name_are_matched_by_what_is_written() -> None:
    twice = HEAD + "1.1,Calls,at least 90%,,85%,87%\n1.1,Calls,at least 80%,,85%,87%\n"
    (change,) = found(card(twice), card(twice.replace("at least 80%", "at least 95%"))).changes
    assert (change.row, change.after) == (2, Status.RED)


def test_nothing_proposed_changes_nothing() -> None:
    scorecard = read_scorecard(RUTLAND)
    changes = found(scorecard, scorecard)
    assert (changes.changes, changes.explained_otherwise, changes.compared) == ((), 0, 136)
    assert changes.before == changes.after


def test_the_changes_account_for_the_difference_of_the_counts() -> None:
    scorecard = read_scorecard(RUTLAND)
    changes = found(scorecard, with_tolerance(scorecard, "2%"))
    for status in Status:
        gained = sum(each.after is status for each in changes.changes)
        lost = sum(each.before is status for each in changes.changes)
        assert getattr(changes.after, status) - getattr(changes.before, status) == gained - lost


def test_each_change_is_what_the_reports_say() -> None:
    scorecard = read_scorecard(RUTLAND)
    changed = with_tolerance(scorecard, "10%")
    one, other = (assess(each, as_of=AS_OF) for each in (scorecard, changed))
    wanted = [
        (a.row, a.status, b.status)
        for a, b in zip(one.indicators, other.indicators, strict=True)
        if a.status != b.status
    ]
    assert [(each.row, each.before, each.after) for each in found(scorecard, changed).changes] == wanted
    assert wanted


def test_a_text_that_is_no_tolerance_is_refused() -> None:
    with pytest.raises(SettingError, match="lots"):
        with_tolerance(card(PRESENT), "lots")


def test_scorecards_of_different_periods_are_refused() -> None:
    with pytest.raises(ScorecardError, match="different periods"):
        found(card(PRESENT), card(PRESENT.replace("Q2 2023/24", "Q2 2024/25")))


# the command --------------------------------------------------------------------------------------------------------


def test_the_command_lists_the_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whatif", str(RUTLAND), "--tolerance", "2%", "--as-of", "2023-09-30"]) == 0
    said = capsys.readouterr().out
    assert "of 136 indicators would change status" in said
    assert "now   ▲ Amber" in said
    assert "then  ■ Red" in said


def test_the_command_compares_two_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text(PRESENT, encoding="utf-8")
    other.write_text(PRESENT.replace("A,Calls,at least 90%", "A,Calls,at least 80%"), encoding="utf-8")
    assert main(["whatif", str(one), str(other), "--as-of", "2023-09-30", "--format", "json"]) == 0
    changes = json.loads(capsys.readouterr().out)
    assert [(each["ref"], each["before"], each["after"]) for each in changes["changes"]] == [("A", "red", "green")]


@pytest.mark.parametrize("more", [[], ["changed.csv", "--tolerance", "2%"]])
def test_the_command_wants_one_proposal(more: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whatif", str(RUTLAND), *more, "--as-of", "2023-09-30"]) == 2
    assert "whatif needs one proposal" in capsys.readouterr().err


def test_it_is_not_guessed_which_of_several_rows_of_one_name_is_which() -> None:
    twice = HEAD + "1,Relet,at most 20,,21,22\n1,Relet,at most 30,,31,29\n"
    one = HEAD + "1,Relet,at most 30,,31,29\n"
    changes = found(card(twice), card(one))
    assert changes.changes == ()
    assert [each.row for each in changes.only_before] == [1]
    other = HEAD + "1,Relet,at most 25,,41,42\n1,Relet,at most 35,,51,49\n"
    changes = found(card(twice), card(other))
    assert changes.compared == 0
    assert (len(changes.only_before), len(changes.only_after)) == (2, 2)


def test_actions_and_objectives_are_compared_too(tmp_path: Path) -> None:
    def folder(name: str, due: str) -> Scorecard:
        (tmp_path / name).mkdir()
        (tmp_path / name / "actions.csv").write_text(
            f"ref,action,due,status\n1,Roof,{due},On track\n2,Door,May-23,On track\n"
        )
        (tmp_path / name / "scorecard.toml").write_text('[[actions]]\nfile = "actions.csv"\n')
        return read_scorecard(tmp_path / name)

    changes = found(folder("present", "Aug-23"), folder("changed", "Dec-23"))
    assert (changes.compared, changes.compared_tasks) == (0, 2)
    (change,) = changes.changes
    assert (change.kind, change.ref, change.before, change.after) == ("action", "1", Status.RED, Status.UNRATED)
    assert (change.target_before, change.target_after) == ("Aug-23", "Dec-23")
