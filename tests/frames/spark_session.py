"""A Spark of the tests' own: its session, frames of it, and queries in it."""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from rag_rules.sql import Kind
from tests.frames.engines import Engine
from tests.sql.engines import Rows, Run

#: where workers would look for Python. There is none, so a query that needs Python on a worker fails
NO_PYTHON: Final = "/no/python/here"
_SETTINGS: Final = {
    "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
}  # fmt: skip


@contextmanager
def spark_session(*, python: str = NO_PYTHON, **settings: str) -> Iterator[Any]:
    """A session with two cores, whose workers have no Python unless they are given one; it ends with the block."""
    from pyspark.sql import SparkSession

    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = python
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            building = SparkSession.builder.master("local[2]").appName("rag-rules")
            for name, value in {**_SETTINGS, **settings}.items():
                building = building.config(name, value)
            session = building.getOrCreate()
        try:
            yield session
        finally:
            session.stop()
    finally:
        os.environ.pop("PYSPARK_PYTHON")
        if before is not None:
            os.environ["PYSPARK_PYTHON"] = before


@contextmanager
def having(session: Any, settings: Mapping[str, str]) -> Iterator[None]:
    """A session with other settings of SQL, inside the block."""
    before = {name: session.conf.get(name, None) for name in settings}
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value) if value is not None else session.conf.unset(name)


def in_spark(session: Any, table: pa.Table) -> Any:
    """A frame of Spark with the columns of a table; Spark has no unsigned numbers."""
    return session.createDataFrame(table)


def fetched(frame: Any, names: list[str]) -> pa.Table:
    """Columns of a frame of Spark, its rows in whatever order they come."""
    return frame.select(*[f"`{name}`" for name in names]).toArrow()


def spark_engine(session: Any) -> Engine:
    """Spark as one of the engines that statuses are compared in."""
    return Engine(lambda table: in_spark(session, table), fetched, False)


# queries ----------------------------------------------------------------------------------------------------------------

#: what the numbers of a column are, in Arrow; in Spark they are double, float and decimal(38, 18)
NUMBERS: Final[Mapping[Kind, pa.DataType]] = {
    "decimal": pa.decimal128(38, 18), "float": pa.float64(), "float32": pa.float32(),
}  # fmt: skip
#: makes Spark run a query on a small table, which it would otherwise work out while it plans
_RUN: Final = {"spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.ConvertToLocalRelation"}
_TOGETHER: Final = 40


def named(session: Any, name: str, table: pa.Table) -> None:
    """Give a table a name that queries know it by."""
    quoted = name.replace("`", "``")
    in_spark(session, table).createOrReplaceTempView(f"`{quoted}`")


def runner(session: Any, rows: Rows, kind: Kind, *, is_compiled: bool = False) -> Run:
    """What runs queries on a table of readings; all of a few dozen queries at once, as each has its own overhead."""
    numbers, cases, values = zip(*rows, strict=True)
    table = {"id": pa.array(numbers), "indicator": pa.array(cases), "reading": pa.array(values, type=NUMBERS[kind])}
    named(session, "readings", pa.table(table))

    def run(queries: list[str]) -> list[list[tuple[Any, ...]]]:
        with having(session, _RUN if is_compiled else {}):
            together = [
                " UNION ALL ".join(queries[start : start + _TOGETHER]) for start in range(0, len(queries), _TOGETHER)
            ]
            return [[tuple(row) for row in session.sql(query).collect()] for query in together]

    return run
