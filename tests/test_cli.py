"""The command: what it prints, where, and with which exit code."""

from __future__ import annotations

import doctest
import io
import json
import os
import re
import shlex
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from rag_rules import __version__, cli

ROOT = Path(__file__).parent.parent
RUTLAND = str(ROOT / "examples" / "rutland")
PAGE = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")


def run(*arguments: str, stdin: bytes | None = None, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command as a process of its own, far from any terminal."""
    return subprocess.run(
        [sys.executable, "-m", "rag_rules", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1", **environment},
    )


def piped(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def flat(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


# explain ------------------------------------------------------------------------------------------------------------


def test_explain_says_how_a_target_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "10 days or less of completed repairs", "--tolerance", "5%"]) == 0
    shown = capsys.readouterr().out
    assert "Read as    at most 10 days\n" in shown
    assert "Bands      green 10 days| amber 10.5 days| red\n" in shown
    assert "10 days itself is green, 10.5 days itself is amber" in flat(shown)
    assert "Left out   “of completed repairs”: these words change nothing" in shown


def test_words_that_a_deadline_waits_for_are_not_called_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "by 31 March 2025 or on approval"]) == 0
    shown = flat(capsys.readouterr().out)
    assert "or “on approval”" in shown
    assert "Left out" not in shown


def test_explain_rates_a_reading_with_shape_word_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "<£21", "£46", "--tolerance", "5%"]) == 0
    shown = flat(capsys.readouterr().out)
    assert (
        "Status ■ Red: £46 is £25 over the target of less than £21, outside the 5% tolerance (up to £22.05)." in shown
    )
    assert "£23.95 lower would make it amber." in shown


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["-0.7", "-0.5", "--polarity", "higher"], "● Green"),
        (["-£5", "-£6", "--polarity", "higher"], "■ Red"),
        (["--polarity", "higher", "-5%", "-4%"], "● Green"),
        (["at least 5", "-1"], "■ Red"),
        (["--polarity=lower", "--", "-0.7", "-0.5"], "■ Red"),
        (["reduce by 2", "-3", "--baseline", "-1"], "● Green"),
        (["−0.7", "−0.5", "--polarity", "higher"], "● Green"),
    ],
)
def test_arguments_with_a_minus_sign_are_no_options(
    arguments: list[str], status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["explain", *arguments]) == 0
    assert status in capsys.readouterr().out


def test_explain_gives_both_meanings_where_a_polarity_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "-0.7", "-0.5"]) == 2
    said = flat(capsys.readouterr().err)
    assert "rag-rules: “-0.7” does not say which side of it is good" in said
    assert "--polarity higher at least -0.7: red |-0.7 green ● Green: -0.5 meets the target of at least -0.7." in said
    assert "--polarity lower at most -0.7: green -0.7| red ■ Red: -0.5 is 0.2 over the target of -0.7." in said


def test_explain_draws_where_a_target_goes_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "Betwen 10%-20%"]) == 2
    assert capsys.readouterr().err.startswith("rag-rules:\nBetwen 10%-20%\n~~~~~~\n")


def test_explain_shows_the_target_before_it_complains_of_the_reading(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "<£21", "5 days"]) == 2
    shown = capsys.readouterr()
    assert "Means      less than £21\n" in shown.out
    assert "5 days cannot be compared with the target" in flat(shown.err)


def test_explain_says_which_option_gives_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "Maintain above national average", "81.1%"]) == 0
    shown = flat(capsys.readouterr().out)
    assert "No bands the value of “national average” is not known; give it with --benchmark NAME=VALUE" in shown
    assert "Status ○ Unrated" in shown


def test_explain_takes_benchmarks_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "explain",
        "Maintain above national average",
        "81.1%",
        "--benchmark",
        "national=77.8%",
        "--benchmark",
        "peers=80%",
    ]
    assert cli.main(arguments) == 0
    assert "Means      more than 77.8% (national average, from the setting)" in capsys.readouterr().out


@pytest.mark.parametrize("given", ["national", "national=", "=77.8%"])
def test_a_benchmark_without_name_or_value_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "Above national", "--benchmark", given]) == 2
    assert "is not a benchmark" in capsys.readouterr().err


def test_a_benchmark_given_twice_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "Above national", "--benchmark", "national=1", "--benchmark", "national=2"]) == 2
    assert "the benchmark “national” is given twice" in capsys.readouterr().err


def test_explain_shows_what_an_ambiguous_reading_could_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "50%", "0.9", "--polarity", "higher"]) == 0
    shown = capsys.readouterr().out
    assert "○ Unrated" in shown
    assert "If 0.9%    ■ Red" in shown
    assert "If 90%     ● Green" in shown


def test_explain_takes_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["90", "89.96%", "--unit", "%", "--polarity", "higher", "--rounding", "round to 1 dp"],
        ["Fair", "Good", "--scale", "Poor < Fair < Good"],
        ["Green: >=90%; amber 80-89%; red <80%", "89.5%", "--conflicts", "worse"],
        ["increase by 5%", "£110", "--baseline", "£100"],
    ):
        assert cli.main(["explain", *arguments]) == 0
        assert "○" not in capsys.readouterr().out


def test_a_setting_that_cannot_be_read_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "90%", "--polarity", "sideways"]) == 2
    assert "“sideways” is not a polarity" in capsys.readouterr().err


def test_explain_reads_lines_of_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "\ufeff<£21\t£46\r\n\r\nBetween 10%-20%\n".encode())
    assert cli.main(["explain", "-"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("Target") == 2
    assert shown.count("Status") == 1


def test_explain_names_the_line_that_cannot_be_read_and_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "\n\nBetwen 10%-20%\n<£21\n".encode())
    assert cli.main(["explain", "-"]) == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("rag-rules: line 3:\nBetwen 10%-20%\n")
    assert "Means      less than £21" in shown.out


def test_explain_reads_what_windows_programs_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "<£21\n".encode("cp1252"))
    assert cli.main(["explain", "-"]) == 0
    assert "Means      less than £21" in capsys.readouterr().out


def test_no_targets_on_standard_input_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, b" \n\n")
    assert cli.main(["explain", "-"]) == 2
    assert "there are no targets on standard input" in capsys.readouterr().err


def test_a_reading_beside_standard_input_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "-", "£46"]) == 2
    assert "readings come from standard input too" in capsys.readouterr().err


@pytest.mark.parametrize("hostile", ["\x1b[31m<£21\x1b[0m", "\u202e<£21", "<£21\x07", "\x1b]0;x\x07nonsense"])
def test_explain_lets_no_control_character_through(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["explain", hostile, hostile])
    shown = capsys.readouterr()
    assert all(line.isprintable() for line in (shown.out + shown.err).splitlines())


def test_explain_loads_nothing_heavy() -> None:
    code = (
        "import sys; from rag_rules.cli import main; main(['explain', '<£21', '£46', '--tolerance', '5%']); "
        "print([name for name in ('pydantic', 'rich', 'narwhals', 'hypothesis', 'openpyxl', 'yaml') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout.decode().rstrip().endswith("[]")


# check --------------------------------------------------------------------------------------------------------------

CLEAN = "ref,name,polarity,target,reading\n1.6,Weekly pay gap,lower,<£21,£20\n2.3,Waste recycled,higher,53%,55.4%\n"
#: one indicator that is red, one that is amber
MISSED = (
    "ref,name,polarity,tolerance,target,reading\n1.6,Weekly pay gap,lower,5%,<£21,£46\n2.3,Recycled,higher,5%,53%,52%\n"
)
BROKEN = "ref,name,target,reading\n1.6,Weekly pay gap,Betwen 10%-20%,£46\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with three scorecards."""
    for name, text in (("clean.csv", CLEAN), ("missed.csv", MISSED), ("broken.csv", BROKEN)):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_of_a_clean_scorecard_exits_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "clean.csv"]) == 0
    assert capsys.readouterr().out == "No problems in 2 indicators.\n"


def test_check_lists_problems_with_their_place_and_exits_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "broken.csv"]) == 1
    shown = flat(capsys.readouterr().out)
    assert shown.startswith("Error: broken.csv, row 1, column target (ref 1.6): “Betwen” may be a keyword mistyped")
    assert shown.endswith("1 error, 0 warnings.")


def test_a_red_reading_is_no_problem_of_the_scorecard(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "missed.csv"]) == 0


def test_check_gives_problems_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "broken.csv", "--format", "json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["severity"], problem["row"], problem["column"]) == ("error", 1, "target")


def test_check_of_a_clean_scorecard_gives_json_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "clean.csv", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []


# report -------------------------------------------------------------------------------------------------------------


def test_report_shows_findings_and_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", RUTLAND, "--as-of", "2023-09-30"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "Rutland County Council: corporate performance, Quarter 2 2023-24\nAs of 30 September 2023."
    )
    assert "      ■ Off target   reading £46   target <£21   → same\n" in shown


def test_report_takes_todays_date_unless_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = date.today()
    assert cli.main(["report", "clean.csv", "--format", "json"]) == 0
    shown = date.fromisoformat(json.loads(capsys.readouterr().out)["as_of"])
    assert before <= shown <= date.today()


def test_report_rates_the_period_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", RUTLAND, "--as-of", "2023-09-30", "--period", "2023-24 Q1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["period"] == "2023-24 Q1"


@pytest.mark.parametrize(
    ("as_of", "period", "old"),
    [
        ("2023-09-30", None, False),
        ("2024-09-30", None, False),
        ("2024-10-01", None, True),
        ("2024-07-01", "2023-24 Q1", True),
    ],
)
def test_a_period_that_ended_more_than_a_year_ago_is_said_to(
    as_of: str, period: str | None, old: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", RUTLAND, "--as-of", as_of, *(["--period", period] if period else [])]) == 0
    said = capsys.readouterr().err
    assert said.count("\n") == old
    assert ("ended on" in said and "more than a year before" in said) is old


def test_a_period_that_is_not_there_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", RUTLAND, "--period", "Q9"]) == 2
    assert "there is no period “Q9”; there are “2023-24 Q1” and “2023-24 Q2”" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["clean.csv"], 0, ""),
        (["missed.csv"], 0, ""),
        (["clean.csv", "--fail-on", "red"], 0, ""),
        (["clean.csv", "--fail-on", "amber"], 0, ""),
        (["missed.csv", "--fail-on", "red"], 1, "rag-rules: --fail-on red: 1 red\n"),
        (["missed.csv", "--fail-on", "amber"], 1, "rag-rules: --fail-on amber: 1 red and 1 amber\n"),
        (["broken.csv", "--fail-on", "amber"], 0, ""),
    ],
)
def test_exit_code_follows_fail_on(
    folder: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", *arguments]) == code
    assert capsys.readouterr().err == said


def test_fail_on_amber_is_met_by_amber_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "amber.csv").write_text("ref,name,tolerance,target,reading\n1,Gap,5%,<£21,£22\n", "utf-8")
    assert cli.main(["report", "amber.csv", "--fail-on", "red"]) == 0
    assert cli.main(["report", "amber.csv", "--fail-on", "amber"]) == 1
    assert capsys.readouterr().err == "rag-rules: --fail-on amber: 1 amber\n"


def test_report_writes_each_file_in_the_format_of_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["build/r.md", "build/r.json", "build/r.csv", "build/r.txt"]
    assert cli.main(["report", "clean.csv", *(part for name in names for part in ("-o", name))]) == 0
    begins = [(folder / name).read_bytes()[:3] for name in names]
    assert begins == [b"# S", b"{\n ", b"\xef\xbb\xbf", b"Sco"]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "".join(f"Written: {Path(name)}\n" for name in names)


def test_format_goes_before_the_name_of_the_file(folder: Path) -> None:
    assert cli.main(["report", "clean.csv", "-o", "report", "--format", "json"]) == 0
    assert json.loads((folder / "report").read_text("utf-8"))["summary"]["total"] == 2


def test_a_file_without_a_format_is_refused_before_anything_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", "clean.csv", "-o", "r.md", "-o", "r.odt"]) == 2
    assert not (folder / "r.md").exists()
    assert "the name “r.odt” does not say which format to write" in capsys.readouterr().err


@pytest.mark.parametrize(("path", "output"), [("clean.csv", "clean.csv"), (".", "./clean.csv")])
def test_a_scorecard_is_never_written_over(
    folder: Path, path: str, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "missed.csv").unlink()
    (folder / "broken.csv").unlink()
    assert cli.main(["report", path, "-o", "r.md", "-o", output]) == 2
    assert "is a file of the scorecard; it is not written over" in capsys.readouterr().err
    assert (folder / "clean.csv").read_text("utf-8") == CLEAN
    assert not (folder / "r.md").exists()


@pytest.mark.parametrize("output", ["scorecard.toml", "kpis.csv", "actuals.csv", "actions.csv", "plan.csv"])
def test_no_file_that_scorecard_toml_names_is_written_over(
    tmp_path: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "scorecard.toml": "".join(
            f'[[{table}]]\nfile = "{name}.csv"\n'
            for table, name in (
                ("indicators", "kpis"),
                ("readings", "actuals"),
                ("actions", "actions"),
                ("plan", "plan"),
            )
        ),
        "kpis.csv": "ref,target\n1,<5\n",
        "actuals.csv": "ref,period,value\n1,Q1 2023/24,4\n",
        "actions.csv": "ref,action,due\n1,Repair,Oct-23\n",
        "plan.csv": "aim,objective,due\nRoads,Audit,Oct-23\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    assert cli.main(["report", str(tmp_path), "-o", str(tmp_path / output), "--format", "csv"]) == 2
    assert "is a file of the scorecard; it is not written over" in capsys.readouterr().err
    assert {name: (tmp_path / name).read_text("utf-8") for name in files} == files
    assert cli.main(["report", str(tmp_path), "-o", str(tmp_path / "report.csv")]) == 0


@pytest.mark.parametrize("output", ["clean.csv/report.md", "clean.csv/deep/down/report.md"])
def test_a_file_in_the_place_of_a_folder_is_named(
    output: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", "clean.csv", "-o", "r.md", "-o", output]) == 2
    assert "cannot be written: clean.csv is a file, not a folder" in capsys.readouterr().err
    assert not (folder / "r.md").exists()


def test_a_file_that_cannot_be_written_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "taken.md").mkdir()
    assert cli.main(["report", "clean.csv", "-o", "taken.md"]) == 2
    assert capsys.readouterr().err.startswith("rag-rules: taken.md: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_report_reads_csv_from_standard_input(
    encoding: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, MISSED.encode(encoding))
    assert cli.main(["report", "-"]) == 0
    assert "■ Red   reading £46   target <£21" in capsys.readouterr().out


@pytest.mark.parametrize(("command", "path"), [("report", "nosuch.csv"), ("check", "nosuch"), ("report", "image.png")])
def test_an_unreadable_scorecard_is_named_without_a_traceback(
    folder: Path, command: str, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "image.png").write_bytes(b"\x89PNG")
    assert cli.main([command, path]) == 2
    said = capsys.readouterr().err
    assert said.startswith("rag-rules: ")
    assert path in said


def test_a_scorecard_without_indicators_is_not_a_success(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, b"ref,name,target,reading\n")
    assert cli.main(["check", "-"]) == 2
    assert "no rows" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["2023-09-31", "30/09/2023", "20230930", "2023-W01-1", "yesterday", "\x1b[31m"])
def test_a_date_that_is_none_is_bad_usage(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["report", RUTLAND, "--as-of", given])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "argument --as-of" in said
    assert "\x1b" not in said


@pytest.mark.parametrize("form", ["terminal", "markdown", "csv", "json"])
def test_hostile_cells_come_through_no_face(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = "\x1b[31m=1+1\x9b \u202e<script>" + "x" * 100_000
    piped(monkeypatch, f'ref,name,target,reading,comment\n1,"{cell}",<£21,£20,"{cell}"\n'.encode())
    assert cli.main(["report", "-", "--format", form]) == 0
    shown = capsys.readouterr().out
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", shown)
    assert form != "markdown" or "<" not in shown


def test_report_without_terminal_has_neither_colour_nor_progress() -> None:
    done = run("report", RUTLAND, "--as-of", "2023-09-30")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout


def test_an_ascii_screen_gets_the_words_of_every_status() -> None:
    done = run("report", RUTLAND, "--as-of", "2023-09-30", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"? Off target   reading ?46   target <?21" in done.stdout


@pytest.mark.parametrize("form", ["markdown", "csv", "json"])
def test_what_programs_read_is_utf8_wherever_it_is_written(form: str) -> None:
    done = run("report", RUTLAND, "--as-of", "2023-09-30", "--format", form, PYTHONIOENCODING="cp1252")
    assert "£46" in done.stdout.decode("utf-8")
    assert b"\r" not in done.stdout


class Screen(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def on_screen(monkeypatch: pytest.MonkeyPatch, stream: str = "stdout") -> io.BytesIO:
    """What a terminal in place of a stream gets."""
    raw = io.BytesIO()
    monkeypatch.setattr(sys, stream, Screen(raw, encoding="utf-8", write_through=True))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return raw


def test_a_terminal_gets_colour(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = on_screen(monkeypatch)
    assert cli.main(["report", "missed.csv"]) == 0
    assert b"\x1b[" in raw.getvalue()


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_that_wants_none_gets_no_colour(
    name: str, value: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = on_screen(monkeypatch)
    monkeypatch.setenv(name, value)
    assert cli.main(["report", "missed.csv"]) == 0
    assert b"\x1b[" not in raw.getvalue()
    assert "■ Red".encode() in raw.getvalue()


def test_long_work_draws_progress_on_a_terminal_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, seconds = on_screen(monkeypatch, "stderr"), iter(range(0, 1000, 2))
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    monkeypatch.setitem(sys.modules, "rich.progress", None)
    assert cli.main(["report", "clean.csv"]) == 0
    assert raw.getvalue().startswith(b"\rRating [")
    assert "Rating [" not in capsys.readouterr().out


# schema -------------------------------------------------------------------------------------------------------------


def test_schema_prints_the_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    assert capsys.readouterr().out == (ROOT / "docs" / "reference" / "report.schema.json").read_text("utf-8")


# the page about it --------------------------------------------------------------------------------------------------

EXAMPLES = [
    pytest.param(command, want, id=command[:40])
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for command, want in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 9


@pytest.mark.parametrize(("command", "want"), EXAMPLES)
def test_an_example_of_the_page_prints_what_it_says(
    command: str, want: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    before, pipe, after = command.rpartition(" | ")
    if pipe:
        lines = shlex.split(before)[1].replace("\\t", "\t").replace("\\n", "\n").replace("%%", "%")
        piped(monkeypatch, lines.encode())
    name, *arguments = shlex.split(after)
    assert name == "rag-rules"
    cli.main(arguments)
    shown = capsys.readouterr()
    got = shown.out + shown.err
    assert doctest.OutputChecker().check_output(want, got, doctest.ELLIPSIS), got


def test_the_page_on_json_shows_an_indicator_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "reference" / "json.md").read_text("utf-8")
    example = re.search(r"## An indicator\n\n```json\n(.*?)```", page, re.DOTALL)
    assert example is not None
    assert cli.main(["report", RUTLAND, "--as-of", "2023-09-30", "--format", "json"]) == 0
    assert json.loads(example[1]) == json.loads(capsys.readouterr().out)["indicators"][5]


def test_the_page_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("explain", "check", "report", "whatif", "reconcile", "rate"):
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out)) - {"--help"}
        assert all(option in PAGE for option in options)


# the command itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [[], ["frobnicate"], ["explain"], ["explain", "5", "6", "-7"], ["report"], ["--tolerance"]]
)
def test_bad_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "usage: rag-rules" in said
    assert "\0" not in said


def test_version_is_that_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"rag-rules {__version__}\n"


def test_help_has_examples_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert 'rag-rules explain "<£21" "£46" --tolerance 5%' in shown
    assert "exit codes: 0" in shown


def test_module_is_the_command() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout.decode().strip()) == (0, f"rag-rules {__version__}")


def test_an_ascii_console_gets_question_marks_and_every_word() -> None:
    done = run("explain", "<£21", "£46", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert b"Status     ? Red: ?46 is ?25 over the target of less than ?21." in done.stdout


def test_an_interrupt_exits_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_explain_one", interrupted)
    assert cli.main(["explain", "5"]) == 130


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_a_reader_that_stops_early_is_no_error() -> None:
    lines = b"<21\t46\n" * 5_000
    process = subprocess.Popen(
        [sys.executable, "-m", "rag_rules", "explain", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(lines)
    process.stdin.close()
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), said) == (141, b"")
