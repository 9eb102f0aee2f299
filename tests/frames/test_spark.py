"""Spark alone: streams, and what travels to its workers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from rag_rules import SettingError, with_status
from tests.frames.spark_session import in_spark, spark_session

pytestmark = [pytest.mark.frames, pytest.mark.filterwarnings("ignore")]  # the warnings of Spark are its own


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark_session() as started:
        yield started


def test_a_stream_is_rated_by_numbers_and_its_texts_are_refused(session: Any, tmp_path: Path) -> None:
    table = pa.table({"of": ["a", "b", "a", "c"], "value": [1.0, 2.0, None, 3.0], "text": ["1", "2", "3", "4"]})
    parquet.write_table(table, tmp_path / "readings.parquet")
    stream = session.readStream.schema("of string, value double, text string").parquet(str(tmp_path))
    rated = with_status(stream, {"a": "at most 1", "b": "at most 1"}, rule="of", reason="why")
    query = rated.writeStream.format("memory").queryName("rated").trigger(availableNow=True).start()
    query.awaitTermination()
    assert sorted((row.of, row.status, row.why or "") for row in session.table("rated").collect()) == [
        ("a", "green", ""), ("a", "unrated", "no reading"), ("b", "red", ""), ("c", "unrated", "no such rule"),
    ]  # fmt: skip
    with pytest.raises(SettingError, match="“text” are read beforehand, and those of a stream"):
        with_status(stream, "at most 1", reading="text")
    with pytest.raises(SettingError, match="“text” are read beforehand, and those of a stream"):
        with_status(stream, target="text")


def test_the_rules_travel_with_the_plan_and_are_broadcast(session: Any) -> None:
    table = pa.table({"of": ["a"], "value": [1.0]})
    rated = with_status(in_spark(session, table), {"a": "at most 1"}, rule="of")
    plan = rated._jdf.queryExecution().executedPlan().toString()
    assert "BroadcastHashJoin" in plan
    assert "SortMergeJoin" not in plan
    assert "ExistingRDD" not in plan, "rows of Python, which workers without Python cannot unpack"
