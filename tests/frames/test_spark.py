"""Spark alone: streams, and what travels to its workers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from rag_rules import SettingError, Timed, rule, with_status
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


def test_a_stream_of_days_is_rated_unless_figures_are_pro_rated(session: Any, tmp_path: Path) -> None:
    table = pa.table({"day": [date(2023, 9, 30), date(2023, 11, 30), None], "value": [75.0, 75.0, 75.0]})
    parquet.write_table(table, tmp_path / "readings.parquet")
    stream = session.readStream.schema("day date, value double").parquet(str(tmp_path))
    changing = rule("70% until Oct 2023, then 80%", polarity="higher")
    query = (
        with_status(stream, changing, on="day")
        .writeStream.format("memory").queryName("dated").trigger(availableNow=True).start()
    )  # fmt: skip
    query.awaitTermination()
    assert sorted((str(row.day), row.status) for row in session.table("dated").collect()) == [
        ("2023-09-30", "green"), ("2023-11-30", "red"), ("None", "unrated"),
    ]  # fmt: skip
    with pytest.raises(SettingError, match="“day” are read beforehand, and those of a stream"):
        with_status(stream, Timed(changing, "cumulative"), on="day")


def test_the_rules_travel_with_the_plan_and_are_broadcast(session: Any) -> None:
    table = pa.table({"of": ["a"], "value": [1.0]})
    rated = with_status(in_spark(session, table), {"a": "at most 1"}, rule="of")
    plan = rated._jdf.queryExecution().executedPlan().toString()
    assert "BroadcastHashJoin" in plan
    assert "SortMergeJoin" not in plan
    assert "ExistingRDD" not in plan, "rows of Python, which workers without Python cannot unpack"
