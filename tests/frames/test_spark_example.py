"""The example for Spark runs as it stands, in a Python of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

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
