"""A file of readings larger than memory should be: time and peak memory of a process of its own, for each way to rate it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.table import Cells, Columns, Effort, Item, Items, Section, ratio, with_spread
from benchmarks.timing import Times

RULES: Final = 200
_NAMES: Final = [f"KPI {number:03}" for number in range(RULES)]
_LIMITS: Final = [50 + number / 4 for number in range(RULES)]
_ROWS_OF_A_GROUP: Final = 1_000_000
#: how many row groups Polars reads ahead; it would be more, and more memory, the more threads there are
_AHEAD_IN_POLARS: Final = "2"
#: what DuckDB may use; it counts its own buffers, not all that it takes
_LIMIT_OF_DUCKDB: Final = "SET memory_limit = '300MB'; SET preserve_insertion_order = {order}"


class _Taken(NamedTuple):
    seconds: float
    #: megabytes
    peak: float
    #: a digest of the statuses: how many there are of each
    statuses: dict[str, int]


class _Way(NamedTuple):
    """One way to rate the file: what is done, in a module of its own below, and what it is measured by."""

    name: str
    function: str
    hand: str = ""
    keeps_order: bool = True


_BY_HAND: Final = (
    "PyArrow by hand, batch by batch",
    "Polars by hand, streaming, 2 row groups ahead",
    "DuckDB by hand, 300 MB",
)
_WAYS: Final = (
    _Way(_BY_HAND[0], "pyarrow_by_hand"),
    _Way(_BY_HAND[1], "polars_by_hand"),
    _Way(_BY_HAND[2], "duckdb_by_hand", keeps_order=False),
    _Way("`rag-rules rate`", "command", _BY_HAND[0]),
    _Way("`with_status` of a Polars LazyFrame, 2 row groups ahead", "polars_frame", _BY_HAND[1]),
    _Way("`with_status` of a DuckDB relation, 300 MB", "duckdb_frame", _BY_HAND[2], keeps_order=False),
)


def streaming(effort: Effort) -> Items:
    """100 million readings by 200 rules, from Parquet to Parquet.

    Each is a process of its own.
    """
    yield from rated_files(effort.size(100_000_000), turns=effort.turns(3))


def rated_files(rows: int, *, turns: int = 3) -> Iterator[Item]:
    """A line for each way to rate a file of so many readings."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), rows)
        found: dict[str, list[_Taken]] = {way.name: [] for way in _WAYS}
        for _ in range(turns):
            for way in _WAYS:
                found[way.name].append(_taken(Path(folder), way.function))
    assert len({json.dumps(each.statuses, sort_keys=True) for all_ in found.values() for each in all_}) == 1
    times = {name: Times(tuple(each.seconds for each in taken)) for name, taken in found.items()}
    yield f"{rows:,} rows."
    yield Columns(("What", "Median ± spread", "By hand = 1", "Peak memory", "Rows in order", "Goal", ""))
    for way in _WAYS:
        peak = max(each.peak for each in found[way.name])
        against = ratio(times[way.name].against(times[way.hand])) if way.hand else ""
        order = "yes" if way.keeps_order else "no"
        goal, met = ("under 350 MB", "met" if peak < 350 else "**not met**") if way.hand else ("", "")
        yield Cells((way.name, with_spread(times[way.name]), against, f"{peak:.0f} MB", order, goal, met))


def _write(folder: Path, rows: int) -> None:
    """The readings and the rules."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    made, names = np.random.default_rng(5), pa.array(_NAMES)
    schema = pa.schema([("indicator", pa.string()), ("value", pa.float64())])
    with pq.ParquetWriter(folder / "readings.parquet", schema, use_dictionary=["indicator"]) as writer:
        for begin in range(0, rows, _ROWS_OF_A_GROUP):
            number = min(_ROWS_OF_A_GROUP, rows - begin)
            which = names.take(pa.array(made.integers(0, RULES, number)))
            writer.write_table(pa.table([which, pa.array(made.uniform(0, 200, number))], schema=schema))
    with (folder / "kpis.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("indicator", "target", "tolerance"))
        table.writerows((name, f"at least {limit} days", "5%") for name, limit in zip(_NAMES, _LIMITS, strict=True))


def _taken(folder: Path, function: str) -> _Taken:
    """What one way takes, in a process of its own."""
    environment = {
        **os.environ,
        "POLARS_ROW_GROUP_PREFETCH_SIZE": _AHEAD_IN_POLARS,
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.streaming", function, str(folder)],
        env=environment, cwd=Path(__file__).parents[1], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    seconds, peak = json.loads(done.stdout)
    counted = _counted(folder / "rated.parquet")
    (folder / "rated.parquet").unlink()
    return _Taken(seconds, peak, counted)


def _counted(path: Path) -> dict[str, int]:
    import duckdb

    found = duckdb.execute("SELECT status, count(*) FROM read_parquet(?) GROUP BY status", [str(path)]).fetchall()
    return {str(status): number for status, number in found}


# what the processes do --------------------------------------------------------------------------------------------------


def peak() -> float:
    """The most memory that this process has had, in MB."""
    import resource

    status = Path("/proc/self/status")
    if status.is_file():  # without that of the process which started this one
        return next(int(line.split()[1]) for line in status.read_text("ascii").split("\n") if "VmHWM" in line) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)


def _book() -> dict[str, Any]:
    from rag_rules import rule

    return {name: rule(f"at least {limit} days", tolerance="5%") for name, limit in zip(_NAMES, _LIMITS, strict=True)}


def command(folder: str) -> None:
    from rag_rules.cli import main

    main(["rate", f"{folder}/readings.parquet", "--rules", f"{folder}/kpis.csv", "-o", f"{folder}/rated.parquet"])


def pyarrow_by_hand(folder: str) -> None:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    names, limits = pa.array(_NAMES), pa.array(_LIMITS)
    near = pc.multiply(limits, 0.95)
    writer: Any = None
    waiting: list[Any] = []
    file = pq.ParquetFile(f"{folder}/readings.parquet", buffer_size=1 << 20, pre_buffer=False)
    for batch in file.iter_batches(batch_size=65_536):
        codes, value = pc.index_in(batch["indicator"], value_set=names), batch["value"]
        conditions = pc.make_struct(
            pc.or_kleene(pc.is_null(value), pc.is_nan(value)),
            pc.greater_equal(value, limits.take(codes)), pc.greater_equal(value, near.take(codes)),
        )  # fmt: skip
        status = pc.case_when(conditions, "unrated", "green", "amber", "red")
        waiting.append(pa.Table.from_batches([batch]).append_column("status", status))
        writer = writer or pq.ParquetWriter(
            f"{folder}/rated.parquet", waiting[0].schema, use_dictionary=["indicator", "status"]
        )
        if len(waiting) == 16:
            writer.write_table(pa.concat_tables(waiting))
            waiting = []
    if waiting:
        writer.write_table(pa.concat_tables(waiting))
    writer.close()


def polars_by_hand(folder: str) -> None:
    import polars as pl

    table = pl.LazyFrame({"indicator": _NAMES, "limit": _LIMITS, "near": [limit * 0.95 for limit in _LIMITS]})
    value = pl.col("value")
    status = (
        pl.when(value.is_null() | value.is_nan()).then(pl.lit("unrated")).when(value >= pl.col("limit")).then(pl.lit("green"))
        .when(value >= pl.col("near")).then(pl.lit("amber")).otherwise(pl.lit("red"))
    )  # fmt: skip
    joined = pl.scan_parquet(f"{folder}/readings.parquet").join(
        table, on="indicator", how="left", maintain_order="left"
    )
    joined.with_columns(status=status).drop("limit", "near").sink_parquet(f"{folder}/rated.parquet")


def polars_frame(folder: str) -> None:
    import polars as pl

    from rag_rules import with_status

    frame = pl.scan_parquet(f"{folder}/readings.parquet")
    with_status(frame, _book(), rule="indicator").sink_parquet(f"{folder}/rated.parquet")


def duckdb_by_hand(folder: str) -> None:
    import duckdb

    connection = duckdb.connect()
    connection.execute(_LIMIT_OF_DUCKDB.format(order="false"))
    listed = ", ".join(
        f"('{name}', {limit}::DOUBLE, {limit * 0.95!r}::DOUBLE)" for name, limit in zip(_NAMES, _LIMITS, strict=True)
    )
    connection.execute(
        f"""COPY (SELECT readings.*, CASE WHEN value IS NULL OR isnan(value) THEN 'unrated' WHEN value >= limit_ THEN 'green'
            WHEN value >= near THEN 'amber' ELSE 'red' END AS status
            FROM read_parquet('{folder}/readings.parquet') AS readings
            LEFT JOIN (VALUES {listed}) AS rules(name, limit_, near) ON indicator = name)
            TO '{folder}/rated.parquet' (FORMAT parquet)"""
    )  # fmt: skip


def duckdb_frame(folder: str) -> None:
    import duckdb

    from rag_rules import with_status

    connection = duckdb.connect()
    connection.execute(_LIMIT_OF_DUCKDB.format(order="false"))
    readings = connection.read_parquet(f"{folder}/readings.parquet")
    with_status(readings, _book(), rule="indicator").write_parquet(f"{folder}/rated.parquet")


SECTIONS: Final = (Section("streaming", streaming, ("pyarrow", "polars", "duckdb"), is_large=True),)


def _run_in_process() -> None:
    import time

    _, function, folder = sys.argv
    began = time.perf_counter()
    globals()[function](folder)
    print(json.dumps([time.perf_counter() - began, peak()]))


if __name__ == "__main__":
    _run_in_process()
