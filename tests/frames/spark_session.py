"""A Spark of the tests' own: its session, frames of it, and queries in it."""

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from tests.frames.engines import Engine

#: where workers would look for Python. There is none, so a query that needs Python on a worker fails
NO_PYTHON: Final = "/no/python/here"
_SETTINGS: Final = {
    "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1", "spark.log.level": "ERROR",
}  # fmt: skip


@contextmanager
def spark_session(master: str = "local[2]", **settings: str) -> Iterator[Any]:
    """A session whose workers have no Python; it ends with the block."""
    from pyspark.sql import SparkSession

    before = os.environ.get("PYSPARK_PYTHON")
    os.environ["PYSPARK_PYTHON"] = NO_PYTHON
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            building = SparkSession.builder.master(master).appName("rag-rules")
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
    before = {name: session.conf.get(name) for name in settings}
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value)


def in_spark(session: Any, table: pa.Table) -> Any:
    """A frame of Spark with the columns of a table; Spark has no unsigned numbers."""
    return session.createDataFrame(table)


def fetched(frame: Any, names: list[str]) -> pa.Table:
    """Columns of a frame of Spark, its rows in whatever order they come."""
    return frame.select(*[f"`{name}`" for name in names]).toArrow()


def spark_engine(session: Any) -> Engine:
    """Spark as one of the engines that statuses are compared in."""
    return Engine(lambda table: in_spark(session, table), fetched, False)
