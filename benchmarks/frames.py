"""Statuses on frames: many readings by many rules, against what people write by hand in each engine.

Every form in memory keeps the rows in their order, and all of them give the same statuses; the forms take turns.
``python -m benchmarks.frames [rows]``.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from rag_rules import rule, with_status

RULES = 200
LIMITS = np.arange(RULES) * 0.25 + 50
NEAR = LIMITS * 0.95
NAMES = [f"indicator {number}" for number in range(RULES)]
BOOK = {name: rule(f"at least {limit} days", tolerance="5%") for name, limit in zip(NAMES, LIMITS, strict=True)}
LABELS = ["unrated", "green", "amber", "red"]


def data(rows: int) -> dict[str, Any]:
    made = np.random.default_rng(5)
    codes = made.integers(0, RULES, rows)
    return {"value": made.integers(3000, 12000, rows) / 100, "indicator": np.array(NAMES)[codes]}


def polars_by_hand(frame: Any) -> Any:
    table = pl.DataFrame({"indicator": NAMES, "limit": LIMITS, "near": NEAR})
    value = pl.col("value")
    status = (
        pl.when(value.is_null() | value.is_nan()).then(pl.lit("unrated")).when(value >= pl.col("limit")).then(pl.lit("green"))
        .when(value >= pl.col("near")).then(pl.lit("amber")).otherwise(pl.lit("red")).cast(pl.Enum(LABELS))
    )  # fmt: skip
    joined = frame.join(
        table.lazy() if isinstance(frame, pl.LazyFrame) else table, on="indicator", how="left", maintain_order="left"
    )
    return joined.with_columns(status=status).drop("limit", "near")


def pandas_by_hand(frame: pd.DataFrame) -> Any:
    table = pd.DataFrame({"indicator": NAMES, "limit": LIMITS, "near": NEAR})
    joined = frame.merge(table, on="indicator", how="left")
    value = joined["value"]
    chosen = np.select([value.isna(), value >= joined["limit"], value >= joined["near"]], [0, 1, 2], 3)
    return frame.assign(status=pd.Categorical.from_codes(chosen, LABELS, ordered=True))


def numpy_by_hand(frame: pd.DataFrame) -> Any:
    codes = pd.Index(NAMES).get_indexer(frame["indicator"])
    value = frame["value"].to_numpy()
    chosen = np.select([np.isnan(value), value >= LIMITS[codes], value >= NEAR[codes]], [0, 1, 2], 3)
    return frame.assign(status=pd.Categorical.from_codes(chosen, LABELS, ordered=True))


def pyarrow_by_hand(frame: pa.Table) -> Any:
    import pyarrow.compute as pc

    codes = pc.index_in(frame["indicator"], value_set=pa.array(NAMES))
    limit, near = pc.take(pa.array(LIMITS), codes), pc.take(pa.array(NEAR), codes)
    value = frame["value"]
    missing = pc.or_kleene(pc.is_null(value), pc.is_nan(value))
    conditions = pc.make_struct(missing, pc.greater_equal(value, limit), pc.greater_equal(value, near))
    return frame.append_column(
        "status", pc.case_when(conditions, "unrated", "green", "amber", "red").dictionary_encode()
    )


def duckdb_by_hand(relation: Any) -> Any:
    listed = ", ".join(
        f"('{name}', {limit}::DOUBLE, {near!r}::DOUBLE)"
        for name, limit, near in zip(NAMES, LIMITS, NEAR.tolist(), strict=True)
    )
    return relation.query(
        "readings",
        f"""SELECT readings.*, CASE WHEN value IS NULL OR isnan(value) THEN 'unrated' WHEN value >= limit_ THEN 'green'
            WHEN value >= near THEN 'amber' ELSE 'red' END AS status
            FROM readings LEFT JOIN (VALUES {listed}) AS rules(name, limit_, near) ON indicator = name""",
    )  # fmt: skip


def ours(frame: Any) -> Any:
    return with_status(frame, BOOK, rule="indicator")


def _counted(relation: Any) -> Any:
    """Works a relation out to the end, without fetching its rows."""
    return relation.query("rated", "SELECT status, count(*) FROM rated GROUP BY status ORDER BY status").fetchall()


def engines(rows: int) -> dict[str, tuple[Any, Callable[[Any], Any], Callable[[Any], Any]]]:
    columns = data(rows)
    frame = pd.DataFrame({"value": columns["value"], "indicator": columns["indicator"].astype(object)}).astype(
        {"indicator": "str"}
    )
    table = pa.table({"value": columns["value"], "indicator": pa.array(columns["indicator"].tolist())})
    in_polars = pl.from_arrow(table)
    relation = duckdb.connect().from_arrow(table)
    return {
        "Polars": (in_polars, polars_by_hand, ours),
        "pandas, merged": (frame, pandas_by_hand, ours),
        "pandas and NumPy, gathered": (frame, numpy_by_hand, ours),
        "PyArrow": (table, pyarrow_by_hand, ours),
        "Polars, lazy": (
            in_polars.lazy(),
            lambda lazy: polars_by_hand(lazy).collect(),
            lambda lazy: ours(lazy).collect(),
        ),
        "DuckDB": (relation, lambda each: _counted(duckdb_by_hand(each)), lambda each: _counted(ours(each))),
    }


def _statuses(found: Any) -> list[str]:
    if isinstance(found, list):
        return [str(found)]
    if isinstance(found, pa.Table):
        return found["status"].to_pylist()
    return found["status"].to_list()


def main(rows: int) -> None:
    print(f"{rows:,} rows, {RULES} rules, medians of 5")
    for name, (frame, hand, our) in engines(rows).items():
        assert _statuses(hand(frame)) == _statuses(our(frame)), name
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(5):
            for form, taken in zip((hand, our), times, strict=True):
                began = time.perf_counter()
                form(frame)
                taken.append(time.perf_counter() - began)
        by_hand, by_us = map(statistics.median, times)
        print(
            f"{name:28} by hand {by_hand:7.3f} s, ours {by_us:7.3f} s, ours is {by_us / by_hand:.2f} of it", flush=True
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000)
