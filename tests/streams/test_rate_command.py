"""``rag-rules rate``: files in, files with statuses out."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rag_rules import RagRulesError, cli, rule
from rag_rules.rulebook import rulebook
from rag_rules.scorecard import assess, read_scorecard
from rag_rules.streams import Wanted, rate_files
from rag_rules.streams.folders import keys_of

ROOT = Path(__file__).parents[2]
RULES = """\
ref,name,target,polarity,tolerance
R1,Repairs on time,at least 95%,,5%
C2,Weekly pay gap,<£21,,5%
B3,Balanced,balanced budget,,
V4,Visits,100,higher,
"""
ROWS = [
    ("R1", "96.2"),
    ("R1", "90.25"),
    ("R1", "0.97"),
    ("C2", "£46"),
    ("C2", "20.99"),
    ("V4", ""),
    ("X9", "1"),
    ("R1", "DNA"),
]
STATUSES = ["green", "amber", "unrated", "red", "green", "unrated", "unrated", "unrated"]

Rate = Callable[..., Path]


@pytest.fixture
def rate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Rate:
    """Rates a file, or the text of one, by the rules above; returns the file that is written."""
    (tmp_path / "kpis.csv").write_text(RULES, "utf-8")

    def run(readings: str | Path, *options: str, into: str = "rated.csv", code: int = 0) -> Path:
        path = readings if isinstance(readings, Path) else tmp_path / "readings.csv"
        if isinstance(readings, str):
            path.write_text(readings, "utf-8", newline="")
        out = tmp_path / into
        assert cli.main(["rate", str(path), "--rules", str(tmp_path / "kpis.csv"), "-o", str(out), *options]) == code
        return out

    return run


def as_csv(rows: list[tuple[str, str]], headings: str = "indicator,value") -> str:
    return "\n".join([headings, *map(",".join, rows)]) + "\n"


def column(path: Path, name: str = "status") -> list[Any]:
    if path.suffix == ".parquet":
        return list(pq.read_table(path).column(name).to_pylist())
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def flat(text: str) -> str:
    return " ".join(text.split())


# what is written --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("into", ["rated.csv", "rated.parquet"])
def test_rows_keep_their_order_and_get_a_status(rate: Rate, into: str) -> None:
    out = rate(as_csv(ROWS), into=into)
    assert column(out) == STATUSES
    assert column(out, "indicator") == [name for name, _ in ROWS]


def test_the_columns_that_are_asked_for_stand_behind_the_others(rate: Rate) -> None:
    out = rate(as_csv(ROWS), "--into", "rag", "--reason", "why", "--distance", "far", "--band", "place")
    assert out.read_text("utf-8").splitlines()[:4] == [
        "indicator,value,rag,why,far,place", "R1,96.2,green,,0,2", "R1,90.25,amber,,4.75,1", "R1,0.97,unrated,ambiguous,,"
    ]  # fmt: skip


def test_what_came_of_it_is_said_on_standard_error(rate: Rate, capsys: pytest.CaptureFixture[str]) -> None:
    rate(as_csv([*ROWS, ("visit", "7")]))
    said = flat(capsys.readouterr().err)
    assert "9 rows in" in said
    assert "2 green, 1 amber, 1 red, 5 unrated" in said
    assert "Unrated: no reading 2; no such rule 2; ambiguous 1." in said
    assert "No rule for 2 names: “X9” (1 row); “visit” (1 row; did you mean “Visits”?)." in said


def test_names_are_known_in_other_capitals_and_with_other_signs_and_that_is_said(
    rate: Rate, capsys: pytest.CaptureFixture[str]
) -> None:
    assert column(rate(as_csv([("repairs-on  time", "96"), ("r1", "80")]))) == ["green", "red"]
    assert "Taken for the name of a rule: “repairs-on time” for “Repairs on time”, “r1” for “R1”." in flat(
        capsys.readouterr().err
    )


def test_refs_and_names_both_name_a_rule(rate: Rate) -> None:
    assert column(rate(as_csv([("V4", "101"), ("Visits", "99")]))) == ["green", "red"]


def test_a_ref_that_two_indicators_have_names_neither(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = RULES.replace("V4,", "R1,")
    rate(as_csv(ROWS))
    (tmp_path / "kpis.csv").write_text(twice, "utf-8")
    again = rate(as_csv([("R1", "99"), ("Visits", "101"), ("Repairs on time", "99")]), "--reason", "why")
    assert column(again) == ["unrated", "green", "green"]
    assert column(again, "why")[0] == "several rules of this name"
    said = flat(capsys.readouterr().err)
    assert "Warning: kpis.csv, rows 1 and 4, column ref (ref R1): the ref R1 is repeated" in said
    assert "Unrated: several rules of this name 1 (such as “R1”)." in said


def test_readings_that_are_not_understood_are_shown(rate: Rate, capsys: pytest.CaptureFixture[str]) -> None:
    rate(as_csv([("R1", text) for text in ("goodish", "goodish", "so so", "fairly bad", "bad\x1b[31m")]))
    said = flat(capsys.readouterr().err)
    assert "Unrated: reading not understood 5 (such as “goodish”, “so so”, “fairly bad”)." in said


def test_at_most_ten_spellings_are_shown(rate: Rate, capsys: pytest.CaptureFixture[str]) -> None:
    rate(as_csv([(f"Repairs{'-' * number}on time", "96") for number in range(1, 13)]))
    said = flat(capsys.readouterr().err)
    assert said.count("for “Repairs on time”") == 10
    assert "and 2 other spellings." in said


def test_being_stopped_is_said_and_nothing_is_written(
    rate: Rate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rag_rules.streams.ratings.Rating.rated", stop)
    out = rate(as_csv(ROWS), code=130)
    assert capsys.readouterr().err.endswith("Stopped; nothing was written\n")
    assert [each.name for each in out.parent.iterdir() if "rated" in each.name] == []


def test_rules_that_cannot_be_read_are_said_first_and_leave_their_rows_unrated(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = rate(as_csv(ROWS))
    (tmp_path / "kpis.csv").write_text(RULES.replace("at least 95%", "betwen 1 and 2"), "utf-8")
    capsys.readouterr()
    out = rate(as_csv(ROWS), "--reason", "why")
    assert column(out)[:4] == ["unrated", "unrated", "unrated", "red"]
    assert column(out, "why")[0] == "target not understood"
    said = flat(capsys.readouterr().err)
    assert said.startswith("Error: kpis.csv, row 1, column target (ref R1)")
    assert "1 error, 0 warnings." in said


def test_the_headings_and_their_case_decide_which_columns_are_read(rate: Rate) -> None:
    assert column(rate("KPI Ref,Team,Actual\nV4,north,120\n")) == ["green"]


@pytest.mark.parametrize(
    ("headings", "words"),
    [
        ("id,kpi ref,value", "“id” and “kpi ref” could each hold the names of the rules (name one with --rule)"),
        ("indicator,value,actual", "“value” and “actual” could each hold the readings (name one with --reading)"),
        ("what,value,x", "no column is known to hold the names of the rules; there are “what”, “value” and “x”"),
        ("ref,outturns,x", "no column is known to hold the readings; there are “ref”, “outturns” and “x”"),
        ("ref,value,status", "there is a column “status” already"),
        ("ref,indicator,value", "“ref” and “indicator” could each hold the names of the rules (name one with --rule)"),
        ("ref,value,value", "2 columns are called “value” (rename all but one of them in the file)"),
    ],
)
def test_unclear_columns_are_refused_by_name(
    rate: Rate, headings: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = rate(f"{headings}\nV4,1,2\n", code=2)
    assert words in flat(capsys.readouterr().err)
    assert not out.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--into", ""], "--into names no column"),
        (["--band", " "], "--band names no column"),
        (["--into", "x", "--reason", "x"], "--into and --reason both name the column “x”"),
        (["--reading", "Valeu"], "there is no column “Valeu”; expected ref, month or value; did you mean “value”?"),
        (["--rule", "reff"], "there is no column “reff”; expected ref, month or value; did you mean “ref”?"),
        (["--on", "moths"], "there is no column “moths”; expected ref, month or value; did you mean “month”?"),
    ],
)
def test_names_of_columns_that_cannot_be_meant_are_refused(
    rate: Rate, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = rate("ref,month,value\nV4,May 2023,2\n", *options, code=2)
    assert words in flat(capsys.readouterr().err)
    assert not out.exists()


def test_two_columns_that_could_name_the_rule_are_told_apart_by_the_option(rate: Rate) -> None:
    text = "ref,indicator,value\nR1,Repairs on time,99\nR1,Weekly pay gap,99\n"
    assert column(rate(text, "--rule", "ref")) == ["green", "green"]
    assert column(rate(text, "--rule", "indicator")) == ["green", "red"]


def test_columns_may_be_named(rate: Rate) -> None:
    text = "what,how much,value\nV4,120,1\n"
    assert column(rate(text, "--rule", "what", "--reading", "how much")) == ["green"]


# the same statuses as elsewhere -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("time", [("--period", "2023-24 Q2"), ("--on", "day")])
def test_statuses_are_those_of_the_report(tmp_path: Path, time: tuple[str, str]) -> None:
    folder = ROOT / "examples" / "rutland"
    report = assess(read_scorecard(folder), as_of=date(2023, 9, 30))
    refs = [each.ref for each in report.indicators]
    marked = re.compile(r"\(.*20\d\d")  # a mark moves the time of its figure in a report, and only there
    alone = [each for each in report.indicators if refs.count(each.ref) == 1 and not marked.search(each.reading.text)]
    readings, out = tmp_path / "readings.csv", tmp_path / "rated.csv"
    with readings.open("w", encoding="utf-8", newline="") as file:
        rows = ((each.ref, each.reading.text, "2023-09-30") for each in alone)
        csv.writer(file).writerows([("ref", "value", "day"), *rows])
    assert cli.main(["rate", str(readings), "--rules", str(folder), *time, "-o", str(out)]) == 0
    assert len(alone) > 100
    assert list(zip(column(out, "ref"), column(out), strict=True)) == [(each.ref, each.status.value) for each in alone]


def test_each_row_may_have_a_time_of_its_own(rate: Rate, tmp_path: Path) -> None:
    rate(as_csv(ROWS))
    table = (
        "ref,name,target,accumulation,polarity\nH1,Homes,at least 120,cumulative,\n"
        'T2,Turnout,"70% until Oct 2023, then 80%",,higher\nV4,Visits,100,,higher\n'
    )
    (tmp_path / "kpis.csv").write_text(table, "utf-8")
    rows = [
        ("H1,61", "Q2 2023/24", "green"), ("H1,61", "2023-12-31", "red"), ("H1,61", "", "unrated"),
        ("T2,75", "September 2023", "green"), ("T2,75", "2023-12-01", "red"), ("T2,75", "Q3 2023", "unrated"), ("V4,120", "", "green"),
    ]  # fmt: skip
    text = "ref,value,period\n" + "".join(f"{row},{when}\n" for row, when, _ in rows)
    assert column(rate(text, "--on", "period")) == [status for _, _, status in rows]
    path = tmp_path / "readings.parquet"
    days = [date(2023, 9, 30), date(2023, 12, 31)]
    pq.write_table(pa.table({"ref": ["H1"] * 2, "value": [61, 61], "day": days}), path)
    assert column(rate(path, "--on", "day")) == ["green", "red"]


def test_targets_with_a_history_are_rated_one_period_at_a_time(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rate(as_csv(ROWS))
    table = "ref,name,target,Target from October 2023,polarity\nH1,Homes,10,20,higher\n"
    (tmp_path / "kpis.csv").write_text(table, "utf-8")
    text = "ref,value,day\nH1,15,2023-09-30\n"
    assert column(rate(text, "--on", "day", "--reason", "why"), "why") == ["date needed"]
    assert "rate the readings of one period at a time" in flat(capsys.readouterr().err)
    assert column(rate(text, "--period", "September 2023")) == ["green"]
    assert column(rate(text, "--period", "October 2023")) == ["red"]


def test_a_period_and_times_are_not_both_given(rate: Rate) -> None:
    with pytest.raises(SystemExit):
        rate(as_csv(ROWS), "--on", "day", "--period", "Q2 2023/24")


def test_deadlines_are_rated_by_dates(rate: Rate, tmp_path: Path) -> None:
    rate(as_csv(ROWS))
    (tmp_path / "kpis.csv").write_text("ref,name,target\nP1,Plan agreed,By 30th November 2019\n", "utf-8")
    path = tmp_path / "readings.parquet"
    days = [date(2019, 11, 30), date(2019, 12, 1), None]
    pq.write_table(pa.table({"ref": ["P1"] * 3, "value": days}), path)
    assert column(rate(path)) == ["green", "red", "unrated"]
    assert column(rate(as_csv([("P1", "2018"), ("P1", "2 December 2019"), ("P1", "2019")])))[:2] == ["green", "red"]


def test_figures_that_add_up_need_their_period(rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rate(as_csv(ROWS))
    (tmp_path / "kpis.csv").write_text("ref,name,target,accumulation\nH1,Homes,at least 120,cumulative\n", "utf-8")
    readings = as_csv([("H1", "61"), ("H1", "59")])
    assert column(rate(readings, "--reason", "why"), "why") == ["cannot be pro-rated"] * 2
    assert "nothing says which period the reading is for" in flat(capsys.readouterr().err)
    assert column(rate(readings, "--period", "Q2 2023/24")) == ["green", "red"]


def test_the_ways_to_tell_the_time_are_said(rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rate("ref,value,Reporting period\nV4,1,Q1 2023/24\n")
    assert "--on" not in capsys.readouterr().err
    (tmp_path / "kpis.csv").write_text("ref,name,target,accumulation\nH1,Homes,at least 120,cumulative\n", "utf-8")
    rate(as_csv([("H1", "61")]))
    said = flat(capsys.readouterr().err)
    assert (
        "which period all readings are of with --period, or name the column that tells the time of each with --on "
        in said
    )
    text = "ref,value,Reporting period\nH1,61,Q1 2023/24\n"
    rate(text)
    said = flat(capsys.readouterr().err)
    assert "the readings have a column “Reporting period”: rate with --on 'Reporting period'" in said
    rate(text, "--period", "Q2 2023/24")
    said = flat(capsys.readouterr().err)
    assert said.count("all rows are rated as Q2 2023/24, and the readings have a column “Reporting period”") == 1
    rate(text, "--on", "Reporting period")
    assert "rag-rules:" not in capsys.readouterr().err


def test_a_target_of_each_period_needs_the_period(rate: Rate, tmp_path: Path) -> None:
    rate(as_csv(ROWS))
    table = "ref,name,target,period,value\nH1,Homes,at least 10,Q1 2023/24,1\nH1,Homes,at least 20,Q2 2023/24,2\n"
    (tmp_path / "kpis.csv").write_text(table, "utf-8")
    readings = as_csv([("H1", "15")])
    assert column(rate(readings, "--reason", "why"), "why") == ["date needed"]
    assert column(rate(readings, "--period", "Q1 2023/24")) == ["green"]
    assert column(rate(readings, "--period", "Q2 2023/24")) == ["red"]


def test_the_schemes_own_words_for_missing_data_are_none(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "kpis.csv").write_text(RULES, "utf-8")
    (folder / "scorecard.toml").write_text('[scheme]\nmissing = ["999", "-1.5", "awol"]\n', "utf-8")
    texts, numbers = tmp_path / "texts.csv", tmp_path / "numbers.parquet"
    texts.write_text(as_csv([("V4", "999"), ("V4", "AWOL"), ("V4", "120")]), "utf-8")
    pq.write_table(pa.table({"indicator": ["V4"] * 3, "value": [999, -1.5, 120]}), numbers)
    for readings in (texts, numbers):
        out = tmp_path / f"{readings.stem}-rated.csv"
        assert cli.main(["rate", str(readings), "--rules", str(folder), "-o", str(out), "--reason", "why"]) == 0
        assert list(zip(column(out), column(out, "why"), strict=True)) == [("unrated", "no reading")] * 2 + [
            ("green", "")
        ]


@pytest.mark.parametrize(
    ("option", "statuses"), [("--shares", ["green", "green", "green"]), ("--no-shares", ["red", "red", "green"])]
)
def test_shares_are_said_once_for_numbers_and_texts(
    rate: Rate, option: str, statuses: list[str], tmp_path: Path
) -> None:
    texts = [("R1", "0.97"), ("R1", "1.50000000000000000001"), ("R1", "97%")]
    assert column(rate(as_csv(texts), option)) == statuses
    path = tmp_path / "numbers.parquet"
    pq.write_table(pa.table({"indicator": ["R1", "R1"], "value": [0.97, 1.5]}), path)
    assert column(rate(path, option)) == statuses[:2]


def test_a_number_in_a_text_is_judged_by_all_its_digits(rate: Rate) -> None:
    texts = [
        "100.00000000000000000",
        "99.999999999999999999",
        "100.000000000000000001",
        "99.9999999999999",
        "1,000",
    ]
    assert column(rate(as_csv([("V4", f'"{text}"') for text in texts]))) == [
        rule("100", polarity="higher").evaluate(text).status.value for text in texts
    ]


@pytest.mark.parametrize(
    ("readings", "statuses", "said"),
    [
        (
            "ref;value\nV4;99,125\nV4;120\nX9;99,125\nV4;1,250.5\n",
            ["unrated", "green", "unrated", "green"],
            "In a table with semicolons between its cells, “99,125” could be 99.125 or 99125; write the one that is meant.",
        ),
        (
            'ref,value\nV4,"99,125"\nV4,99.125\nV4,120\nV4,"96,2"\n',
            ["unrated", "unrated", "green", "unrated"],
            "Beside “96,2”, “99,125” could be 99.125 or 99125;",
        ),
        (
            "ref\tvalue\nV4\t99,125\nV4\t1 250,5\nV4\t120\n",
            ["unrated", "unrated", "green"],
            "Beside “1 250,5”, “99,125” could be 99.125 or 99125;",
        ),
        (
            'ref,value\nV4,"99,125"\nV4,"95,1 of 97,2"\nV4,120\n',
            ["unrated", "unrated", "green"],
            "Beside “95,1 of 97,2”, “99,125” could be 99.125 or 99125;",
        ),
    ],
)
def test_a_comma_that_could_be_decimal_leaves_its_reading_unrated(
    rate: Rate, capsys: pytest.CaptureFixture[str], readings: str, statuses: list[str], said: str
) -> None:
    out = rate(readings, "--reason", "why", into="rated.parquet")
    assert column(out) == statuses
    assert column(out, "why")[0] == "reading not understood"
    assert said in flat(capsys.readouterr().err)


def test_what_a_rate_is_of_is_in_no_doubt(rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kpis.csv").write_text('ref,name,target\nP1,Admissions,"at most 5 per 1,000"\n', "utf-8")
    out = rate("ref;value\nP1;4 per 1,000\nP1;6 Per 1,000\n", into="rated.parquet")
    assert column(out) == ["green", "red"]
    assert "could be" not in flat(capsys.readouterr().err)
    out = rate("ref;value\nP1;4 per 1,000\nP1;4,125 per 1,000\nP1;4 per 1,250\n", into="rated.parquet")
    assert column(out) == ["green", "unrated", "unrated"]
    assert "“4,125” could be 4.125 or 4125" in flat(capsys.readouterr().err)


def test_a_decimal_comma_behind_many_readings_counts_for_those_before_it(rate: Rate, tmp_path: Path) -> None:
    path = tmp_path / "readings.parquet"
    texts = [*["99,125"] * 200_000, "96,2"]
    pq.write_table(pa.table({"ref": ["V4"] * len(texts), "value": texts}), path)
    assert set(column(rate(path, into="rated.parquet"))) == {"unrated"}
    pq.write_table(pa.table({"ref": ["V4"] * 200_000, "value": texts[:-1]}), path)
    assert set(column(rate(path, into="rated.parquet"))) == {"green"}


# files ------------------------------------------------------------------------------------------------------------------


def test_cells_are_copied_as_they_are(rate: Rate) -> None:
    rows = ['R1,96.20,"a ""b"", c"', 'R1,96.2," \n two lines"', "V4,007,=1+1", "V4,1e3,", "V4,NaN,NULL"]
    out = rate("\ufeffref,value,note\r\n" + "\r\n".join(rows) + "\r\n")
    assert out.read_bytes().decode("utf-8") == (
        '\ufeffref,value,note,status\nR1,96.20,"a ""b"", c",green\nR1,96.2," \n two lines",green\n'
        "V4,007,=1+1,red\nV4,1e3,,unrated\nV4,NaN,NULL,unrated\n"
    )


@pytest.mark.parametrize(
    "kind", [pa.float64(), pa.float32(), pa.decimal128(30, 12), pa.int64(), pa.string()], ids=lambda each: str(each)
)
def test_what_is_written_as_csv_is_rated_as_it_was(rate: Rate, kind: Any, tmp_path: Path) -> None:
    numbers = [1e-05, -2.5e-07, 0.0, 20.0, 1e07, 12345678.0, 1e15, 1e16, 123456789012345680.0, 21.0, 95.125]
    values = pa.array([Decimal(repr(each)) for each in numbers], pa.decimal128(30, 12))
    readings = values.cast(pa.float64()).cast(kind, safe=False) if kind != values.type else values
    path = tmp_path / "readings.parquet"
    pq.write_table(
        pa.table(
            {
                "ref": ["C2", "V4", "R1"] * len(numbers),
                "value": readings.take(pa.array([n // 3 for n in range(3 * len(numbers))])),
            }
        ),
        path,
    )
    first = rate(path, "--no-shares", into="first.csv")
    second = rate(first, "--no-shares", "--into", "again", into="second.csv")
    assert column(second, "again") == column(second, "status")
    assert {"green", "red"} <= set(column(second))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_each_encoding_that_tables_are_read_in_is_read(
    rate: Rate, encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("C2", "£20.99"), ("C2", "£46"), *[("V4", "“120”")] * 3, *[("V4", "120")] * 300_000, ("C2", "£20")]
    path = tmp_path / "readings.csv"
    path.write_bytes(as_csv(rows, "ref,value").encode(encoding))
    out = rate(path)
    content = out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") is (encoding != "utf-8")
    assert content.decode("utf-8-sig").splitlines()[1:4] == ["C2,£20.99,green", "C2,£46,red", "V4,“120”,unrated"]
    assert content.decode("utf-8").endswith("C2,£20,green\n")
    said = flat(capsys.readouterr().err)
    assert ("readings.csv: the text is not UTF-8; it is read as Windows-1252" in said) is (encoding == "cp1252")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"ref,value\rV4,120\rV4,90\r", "the lines of readings.csv end with carriage returns alone (save it as CSV UTF-8)"),
        (b'"ref","value"\r\rV4,120\rV4,90\r\n', "the lines of readings.csv end with carriage returns alone"),
        (b"sep=;\rref;value\rV4;120", "the lines of readings.csv end with carriage returns alone"),
        (b'ref,5" pipe,value\nV4,3" pipe,120\n', "line 1: a cell that begins here has a quotation mark that does not fit"),
        (b"\xef\xbb\xbfref,value\nV4,120\nV4,\xa390\n", "readings.csv begins with the mark of UTF-8 and has bytes in it that are not"),
    ],
)  # fmt: skip
def test_texts_whose_rows_would_be_lost_or_misread_are_refused(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(content)
    assert not rate(path, code=2).exists()
    assert said in flat(capsys.readouterr().err)


def test_headings_alone_may_end_with_any_line_end(rate: Rate) -> None:
    assert column(rate("ref,value\r\r\nV4,120\r\n")) == ["green"]
    assert column(rate("ref,value\r")) == []


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_sign_between_cells_is_found_and_kept(rate: Rate, delimiter: str) -> None:
    out = rate(f"ref{delimiter}value{delimiter}note\nV4{delimiter}120{delimiter}a, b\n")
    assert out.read_text("utf-8").splitlines()[1] == f"V4{delimiter}120{delimiter}a, b{delimiter}green"


def test_parquet_keeps_its_columns_types_and_metadata(rate: Rate, tmp_path: Path) -> None:
    path = tmp_path / "readings.parquet"
    table = pa.table(
        {
            "indicator": pa.array(["R1", "V4", None, "C2"]).dictionary_encode(),
            "value": pa.array([95, None, 3, 20], pa.int16()),
            "when": pa.array([date(2024, 1, 1)] * 4),
            "tags": pa.array([["a"], [], None, ["b"]]),
            "note": pa.array(["x"] * 4, pa.large_string()),
            "exact": pa.array([Decimal("1.50")] * 4),
        }
    ).replace_schema_metadata({"made by": "us"})
    pq.write_table(table, path, compression="gzip")
    out = rate(path, "--reason", "why", into="rated.parquet")
    rated = pq.read_table(out)
    assert rated.drop_columns(["status", "why"]).equals(table)
    assert rated.schema.metadata[b"made by"] == b"us"
    assert rated.schema.field("tags").type == table.schema.field("tags").type
    assert pq.ParquetFile(out).metadata.row_group(0).column(0).compression == "GZIP"
    assert rated.column("status").to_pylist() == ["green", "unrated", "unrated", "green"]
    assert rated.column("why").to_pylist() == [None, "no reading", "no such rule", None]


@pytest.mark.parametrize(
    "readings",
    [
        pa.array([Decimal("99.99"), Decimal("100.00"), None]),
        pa.array(["99.99", "100", None]).dictionary_encode(),
        pa.array([99.99, 100.0, float("nan")], pa.float32()),
        pa.array([b"99.99", b"100", None]),
        pa.array([99, 100, None], pa.uint64()),
        pa.array(["99.99", "100", None], pa.string_view()),
    ],
    ids=lambda each: str(each.type),
)
def test_readings_of_each_type_are_rated(rate: Rate, readings: Any, tmp_path: Path) -> None:
    path = tmp_path / "readings.parquet"
    pq.write_table(pa.table({"id": ["V4"] * 3, "value": readings}), path)
    assert column(rate(path, into="rated.parquet")) == ["red", "green", "unrated"]


def test_whole_numbers_name_rules_and_decimals_do_not(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rate(as_csv(ROWS))
    (tmp_path / "kpis.csv").write_text("ref,name,target,polarity\n7,Visits,100,higher\n", "utf-8")
    path = tmp_path / "readings.parquet"
    pq.write_table(pa.table({"ref": [7, 8], "value": [120, 120]}), path)
    assert column(rate(path)) == ["green", "unrated"]
    pq.write_table(pa.table({"ref": [7.1, 7.10], "value": [120, 120]}), path)
    rate(path, code=2)
    assert "1.1 and 1.10 are two refs and one number (store the refs as texts)" in flat(capsys.readouterr().err)


def test_a_folder_of_parts_is_read_in_the_order_of_names(rate: Rate, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in (2, 1, 3):
        pq.write_table(pa.table({"ref": ["V4"] * 2, "value": [number * 50] * 2}), parts / f"part-{number}.parquet")
    (parts / "_SUCCESS").touch()
    assert column(rate(parts, into="rated.parquet")) == ["red"] * 2 + ["green"] * 4
    assert column(rate(parts / "part-[12].parquet")) == ["red"] * 2 + ["green"] * 2


def test_parts_may_differ_in_their_metadata_and_in_what_may_be_missing(rate: Rate, tmp_path: Path) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    for number, may_be_missing in enumerate((False, True)):
        fields = [pa.field("ref", pa.string()), pa.field("value", pa.int64(), nullable=may_be_missing)]
        schema = pa.schema(fields, {"part": str(number)})
        table = pa.table({"ref": ["V4"], "value": [None if may_be_missing else 120]}, schema=schema)
        pq.write_table(table, parts / f"{number}.parquet")
    assert column(rate(parts, into="rated.parquet")) == ["green", "unrated"]


def test_parts_with_other_columns_are_refused(rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    pq.write_table(pa.table({"ref": ["V4"], "value": [1]}), parts / "a.parquet")
    pq.write_table(pa.table({"ref": ["V4"], "value": [1.5]}), parts / "b.parquet")
    rate(parts, code=2)
    assert "b.parquet holds double in the column “value”, not int64, unlike a.parquet" in capsys.readouterr().err
    (parts / "January").mkdir()
    rate(parts, code=2)
    assert "holds folders, such as January, and what their names say would be lost" in flat(capsys.readouterr().err)


def parted(folder: Path, parts: dict[str, Any]) -> Path:
    """A folder of Parquet with one part in each of the folders."""
    for name, table in parts.items():
        (folder / name).mkdir(parents=True)
        pq.write_table(pa.table(table), folder / name / "part-0.parquet")
        (folder / name / "_SUCCESS").touch()
    return folder


@pytest.mark.parametrize("into", ["rated.parquet", "rated.csv"])
def test_the_names_of_folders_become_columns(rate: Rate, into: str, tmp_path: Path) -> None:
    readings = parted(
        tmp_path / "parts",
        {
            f"year=2023/quarter={name}": {"ref": ["V4", "V4"], "value": [number, 120]}
            for number, name in enumerate(("__HIVE_DEFAULT_PARTITION__", "01", "1", "Q1%2FQ2"))
        },
    )
    out = rate(readings, into=into)
    assert column(out, "year") == ["2023"] * 8
    order = ["01", "1", "Q1/Q2", "" if into.endswith("csv") else None]
    assert column(out, "quarter") == [each for each in order for _ in range(2)]
    assert column(out) == ["red", "green"] * 4


def test_a_folder_may_tell_the_time_or_the_rule(rate: Rate, tmp_path: Path) -> None:
    readings = parted(
        tmp_path / "parts", {f"ref={ref}/month=2023-0{n}": {"value": [21.5]} for n, ref in enumerate(("C2", "V4"), 4)}
    )
    assert column(rate(readings, "--on", "month", into="rated.parquet")) == ["amber", "red"]
    assert column(rate(readings / "ref=C2" / "month=2023-04" / "part-0.parquet"), "month") == ["2023-04"]


def test_a_column_of_the_part_counts_before_the_name_of_its_folder(rate: Rate, tmp_path: Path) -> None:
    readings = parted(tmp_path / "parts", {"month=4": {"ref": ["V4"], "value": [120], "month": ["April"]}})
    assert column(rate(readings), "month") == ["April"]


def test_parts_in_folders_of_csv_are_read_too(rate: Rate, tmp_path: Path) -> None:
    for month in ("4", "5"):
        (tmp_path / "parts" / f"month={month}").mkdir(parents=True)
        (tmp_path / "parts" / f"month={month}" / "a.csv").write_text('ref,value\nV4,"120"\nV4,90\n', "utf-8")
    out = rate(tmp_path / "parts")
    assert list(zip(column(out, "month"), column(out), strict=True)) == [
        ("4", "green"), ("4", "red"), ("5", "green"), ("5", "red"),
    ]  # fmt: skip


def test_folders_that_tell_other_things_are_refused(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {"ref": ["V4"], "value": [120]}
    rate(parted(tmp_path / "a", {"month=4": table, "quarter=1": table}), code=2)
    assert "tell other columns than those of" in flat(capsys.readouterr().err)
    rate(parted(tmp_path / "b", {"month=4/month=5": table}), code=2)
    assert "say month twice" in flat(capsys.readouterr().err)
    rate(parted(tmp_path / "c", {"month=4": table, "month=5": table}), into="c/month=4/rated.parquet", code=2)
    assert "would stand among the readings" in flat(capsys.readouterr().err)


@pytest.mark.parametrize("name", ["month=%FF", "a%00b=1", "month=4%0A"])
def test_folders_whose_names_are_no_text_are_refused(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "parts" / name).mkdir(parents=True)
    (tmp_path / "parts" / name / "a.csv").write_text("ref,value\nV4,120\n", "utf-8")
    rate(tmp_path / "parts", code=2)
    assert "have names that are no text" in flat(capsys.readouterr().err)


@pytest.mark.parametrize("name", [b"month=\xff", b"m\xff=1", b"month=\x1b[31m"])
def test_no_column_is_told_by_a_folder_whose_name_is_no_text(name: bytes) -> None:
    """Of names that not every system lets a folder have."""
    with pytest.raises(RagRulesError, match="have names that are no text"):
        keys_of(Path(os.fsdecode(name)) / "a.csv")


@pytest.mark.parametrize("into", ["rated.csv", "rated.parquet"])
def test_readings_without_rows_give_a_file_without_rows(rate: Rate, into: str) -> None:
    assert column(rate("ref,value\n", into=into)) == []


@pytest.mark.parametrize("name", ["readings.csv", "readings.parquet", "readings in utf-16.csv"])
def test_progress_comes_to_the_whole(name: str, tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text(RULES, "utf-8")
    path = tmp_path / name
    if path.suffix == ".csv":
        path.write_text(as_csv([("V4", "120")] * 400_000), "utf-16" if "utf-16" in name else "utf-8")
    else:
        pq.write_table(pa.table({"ref": ["V4"] * 150_000, "value": [120] * 150_000}), path)
    seen: list[tuple[int, int]] = []
    book = rulebook(read_scorecard(tmp_path / "kpis.csv"))
    rate_files([path], tmp_path / "out.parquet", book, Wanted(), progress=lambda *each: seen.append(each))
    assert len(seen) > 1
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


# what goes wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "readings.csv is empty"),
        (b'ref,value\nV4,"1\nV4,2\n', "readings.csv, line 2: a cell that begins here has a quotation mark that does not fit"),
        (b'ref,value\nV4,1\nV4,"1"2\n', "readings.csv, line 3: a cell that begins here has a quotation mark that does not fit"),
        (b"ref,value\nV4,1\nV4,1,2\n", "readings.csv, line 3: the row has 3 cells, and there are 2 headings"),
        (b"ref,value\nV4,1\n\nV4\n", "readings.csv, line 4: the row has 1 cell, and there are 2 headings"),
        (b"ref,value\nV4,1\nV4,\x811\n", "readings.csv is not a text in UTF-8 or Windows-1252 (save it as CSV UTF-8)"),
        (b"\xff\xfer\0e\0f", "is not a text file"),
        (b"ref,value\nV4,1\0\n", "is not a text file"),
        (b'ref,"value\nV4,1\n', "a cell that begins here has a quotation mark that does not fit"),
    ],
)  # fmt: skip
def test_broken_csv_is_refused_with_its_line(
    rate: Rate, content: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(content)
    out = rate(path, code=2)
    said = capsys.readouterr().err
    assert words in flat(said)
    assert not out.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kpis.csv", "readings.csv"]


def test_damaged_parquet_is_refused_and_nothing_is_left(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "readings.parquet"
    path.write_bytes(b"PAR1 and nothing more")
    rate(path, code=2)
    assert "readings.parquet is no Parquet file, or a damaged one" in flat(capsys.readouterr().err)
    pq.write_table(pa.table({"ref": ["V4"] * 200_000, "value": list(range(200_000))}), path, row_group_size=50_000)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    path.write_bytes(content)
    out = rate(path, code=2)
    said = flat(capsys.readouterr().err)
    assert "readings.parquet cannot be read behind row" in said
    assert "Traceback" not in said
    assert not out.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kpis.csv", "readings.parquet"]


def test_bytes_that_are_no_text_are_refused(rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "readings.parquet"
    pq.write_table(pa.table({"ref": [b"V4", b"V\xff"], "value": [1, 2]}), path)
    rate(path, into="rated.parquet", code=2)
    assert "the column “ref” holds bytes that are no text in UTF-8" in flat(capsys.readouterr().err)


def test_what_is_there_stays_where_the_rating_fails(rate: Rate) -> None:
    out = rate(as_csv(ROWS))
    before = out.read_bytes()
    rate("ref,value\nV4\n", code=2)
    assert out.read_bytes() == before


def test_nothing_that_is_read_is_written_over(rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rate(as_csv(ROWS), into="readings.csv", code=2)
    assert "is a file of readings; it is not written over" in flat(capsys.readouterr().err)
    rate(as_csv(ROWS), into="kpis.csv", code=2)
    assert "is a file of the scorecard; it is not written over" in flat(capsys.readouterr().err)
    assert (tmp_path / "kpis.csv").read_text("utf-8") == RULES
    (tmp_path / "link.csv").symlink_to(tmp_path / "readings.csv")
    rate(as_csv(ROWS), into="link.csv", code=2)
    assert (tmp_path / "readings.csv").read_text("utf-8") == as_csv(ROWS)


def test_folders_are_made_where_they_are_missing(rate: Rate) -> None:
    assert column(rate(as_csv(ROWS), into="new/folder/rated.csv")) == STATUSES


@pytest.mark.parametrize(
    ("into", "words"),
    [
        ("rated.xlsx", "rated.xlsx is not a .parquet or .csv file"),
        ("kpis.csv/rated.csv", "is a file, not a folder"),
        (".", "is not a .parquet or .csv file"),
    ],
)
def test_places_that_cannot_be_written_are_refused(
    rate: Rate, into: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rate(as_csv(ROWS), into=into, code=2)
    assert words in flat(capsys.readouterr().err)


@pytest.mark.parametrize("into", ["rated.csv", "rated.parquet"])
def test_a_disk_that_is_full_is_said_and_nothing_is_left(into: str, tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text(RULES, "utf-8")
    pq.write_table(
        pa.table({"ref": ["V4"] * 50_000, "value": [n * 1.1 for n in range(50_000)]}), tmp_path / "r.parquet"
    )
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); from rag_rules.cli import main; sys.exit(main())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "rate", "r.parquet", "--rules", "kpis.csv", "-o", into],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert found.returncode == 2
    assert f"{into} cannot be written: File too large" in flat(found.stderr)
    assert "Traceback" not in found.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["kpis.csv", "r.parquet"]


def test_names_from_outside_cannot_act_in_messages(rate: Rate, capsys: pytest.CaptureFixture[str]) -> None:
    rate("ref,value\n\x1b[31mV5\u202e,1\n")
    rate("\x1b[2Jref\u202e,worth\nV5,1\n", code=2)
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_a_row_of_any_length_is_not_read_into_memory(
    rate: Rate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(b'ref,value\nV4,"' + b"1\n" * 6_000_000)
    rate(path, into="rated.parquet", code=2)
    assert "line 2: a cell that begins here is too long" in flat(capsys.readouterr().err)


# memory -----------------------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    (tmp_path / "kpis.csv").write_text(RULES, "utf-8")
    peaks = []
    for million in (1, 4):
        path = tmp_path / f"{million}.parquet"
        with pq.ParquetWriter(path, pa.schema([("ref", pa.string()), ("value", pa.float64())])) as writer:
            names = pa.array(["R1", "C2", "V4", "X9"] * 250_000)
            for part in range(million):
                values = pa.array([part + number / 7 for number in range(1000)] * 1000)
                writer.write_table(pa.table({"ref": names, "value": values}))
        peaks.append(_peak(tmp_path, path.name))
    assert peaks[1] < peaks[0] * 1.25
    assert peaks[1] < 350


def _peak(folder: Path, name: str) -> float:
    """The most memory, in MB, that a process of its own takes to rate a file."""
    code = "import sys; from rag_rules.cli import main; code = main(); from benchmarks.streaming import peak; print(peak()); sys.exit(code)"
    found = subprocess.run(
        [sys.executable, "-c", code, "rate", name, "--rules", "kpis.csv", "-o", f"rated-{name}"],
        cwd=folder, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
    )  # fmt: skip
    return float(found.stdout)
