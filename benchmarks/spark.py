"""Spark on one machine: rules by name, against the join and the conditions that people write by hand for it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from benchmarks.table import Effort, Item, Section, against
from benchmarks.timing import race
from rag_rules import rule, with_status

_RULES: Final = 200
#: fewer where a machine is small: ``SPARK_ROWS=1000000``
_ROWS: Final = int(os.environ.get("SPARK_ROWS", "10000000"))
_FILES: Final = 8
_LIMITS: Final = np.arange(_RULES) * 0.25 + 50
_NAMES: Final = [f"indicator {number}" for number in range(_RULES)]
_BOOK: Final = {
    name: rule(f"at least {limit} days", tolerance="5%") for name, limit in zip(_NAMES, _LIMITS, strict=True)
}
_CONF: Final = {
    "spark.ui.enabled": "false", "spark.driver.memory": "2g", "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
    "spark.ui.showConsoleProgress": "false",
}  # fmt: skip


def _session() -> Any:
    from pyspark.sql import SparkSession

    building = SparkSession.builder.master("local[2]").appName("rag-rules")
    for name, value in _CONF.items():
        building = building.config(name, value)
    return building.getOrCreate()


def _write(folder: Path, rows: int) -> None:
    """Readings from figures, in as many files as make work for two cores."""
    made = np.random.default_rng(5)
    names = pa.array(_NAMES)
    for number in range(_FILES):
        count = len(range(number, rows, _FILES))
        codes = pa.array(made.integers(0, _RULES, count))
        values = pa.array(made.integers(3000, 12000, count) / 100)
        table = pa.table({"indicator": names.take(codes), "value": values})
        parquet.write_table(table, folder / f"{number}.parquet")


def _by_hand(frame: Any) -> Any:
    """What one writes for limits in two columns."""
    from pyspark.sql import functions as f

    table = frame.sparkSession.createDataFrame(
        pa.table({"indicator": _NAMES, "limit": _LIMITS, "near": _LIMITS * 0.95})
    )
    value = f.col("value")
    status = (
        f.when(value.isNull() | f.isnan(value) | f.col("limit").isNull(), "unrated").when(value >= f.col("limit"), "green")
        .when(value >= f.col("near"), "amber").otherwise("red")
    )  # fmt: skip
    return frame.join(f.broadcast(table), "indicator", "left").withColumn("status", status).drop("limit", "near")


def _ours(frame: Any) -> Any:
    return with_status(frame, _BOOK, rule="indicator")


def _counted(frame: Any) -> list[Any]:
    return frame.groupBy("indicator", "status").count().orderBy("indicator", "status").collect()


def _written(frame: Any) -> None:
    """All rows worked out, and thrown away."""
    frame.write.format("noop").mode("overwrite").save()


def rated_in_spark(effort: Effort) -> Iterator[Item]:
    """Spark with two cores: readings from Parquet by 200 rules.

    Rows are counted by indicator and status, and all worked out without writing them anywhere.
    """
    rows = effort.size(_ROWS)
    session = _session()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), rows)
            frame = session.read.parquet(folder)
            assert _counted(_by_hand(frame)) == _counted(_ours(frame)), "statuses differ"
            yield f"{rows:,} readings in {_FILES} files of Parquet, {_RULES} rules, `local[2]`."
            for what, done in (("counted", _counted), ("worked out", _written)):
                hand, ours = f"by hand: `when` and a broadcast join, {what}", f"`with_status`, {what}"
                forms: dict[str, Callable[[], object]] = {
                    hand: lambda done=done: done(_by_hand(frame)), ours: lambda done=done: done(_ours(frame)),
                }  # fmt: skip
                times = race(forms, turns=effort.turns(7))
                yield from against(times, hand=hand, goals={ours: 1.1})
    finally:
        session.stop()


SECTIONS = (Section("spark", rated_in_spark, ("pyspark", "pyarrow", "narwhals"), is_large=True),)
