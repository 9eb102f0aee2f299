"""The example for Spark runs as it stands, in a Python of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from rag_rules import cli
from tests.frames.spark_session import NO_PYTHON

pytestmark = pytest.mark.frames

EXAMPLE = Path(__file__).parents[2] / "examples" / "spark" / "rate.py"


def test_pandas_and_spark_agree_in_the_example_while_workers_have_no_python(tmp_path: Path) -> None:
    workers = {"PYSPARK_PYTHON": NO_PYTHON, "PYSPARK_DRIVER_PYTHON": sys.executable}
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), str(tmp_path)], env={**os.environ, **workers}, capture_output=True, text=True, timeout=900
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    first, *counts = done.stdout.splitlines()
    assert first == "2,800 readings by 6 rules: pandas and Spark agree"
    assert len(counts) == 8
    for line in counts:
        assert sum(int(word) for word in line.split(": ")[1].split() if word.isdigit()) == 350
    written = pyarrow.parquet.read_table(tmp_path / "rated")
    assert written.num_rows == 2_800
    assert set(written["status"].to_pylist()) == {"green", "amber", "red", "unrated"}
    whys = set(zip(written["indicator"].to_pylist(), written["why"].to_pylist(), strict=True))
    assert {why for indicator, why in whys if indicator == "Nobody's indicator"} == {"no such rule"}
    assert {why for indicator, why in whys if indicator == "Recycling"} == {None, "no reading"}

    rules = tmp_path / "kpis.csv"
    rules.write_text("name,target\nRepairs on time,at least 95%\nDays to let a home,no more than 28 days\n", "utf-8")
    again = tmp_path / "again.parquet"
    options = ["--rules", str(rules), "-o", str(again), "--into", "again", "--no-shares"]
    assert cli.main(["rate", str(tmp_path / "rated"), *options]) == 0
    read = pyarrow.parquet.read_table(again)
    assert set(read["quarter"].to_pylist()) == {
        f"{year}-Q{quarter}" for year in (2022, 2023) for quarter in (1, 2, 3, 4)
    }
    both = zip(read["indicator"].to_pylist(), read["status"].to_pylist(), read["again"].to_pylist(), strict=True)
    statuses = {(first, second) for indicator, first, second in both if indicator == "Repairs on time"}
    assert statuses == {("green", "green"), ("amber", "red"), ("red", "red"), ("unrated", "unrated")}
