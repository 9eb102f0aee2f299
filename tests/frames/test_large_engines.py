"""The engines that are large, or need Java, agree with the judge as the others do: ``make frames``."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from rag_rules import SettingError, rule, summarise, with_status
from tests.frames.agreement import KINDS, check, readings_of
from tests.frames.engines import KEY, Engine, rows_of
from tests.frames.spark_session import spark_engine, spark_session

pytestmark = [pytest.mark.frames, pytest.mark.filterwarnings("ignore")]  # the warnings of these engines are theirs

RULES = [
    rule("at least 95%", tolerance="5%"), rule("<£21", tolerance="5%"), rule("Top 5"), rule("1.4m", polarity="lower"),
    rule("Green ≥95, Amber 90–94, Red <90"), rule("TBC"), rule("less than 33.333333333333333333"),
]  # fmt: skip


def _from_pandas(frame: Any, names: list[str]) -> pa.Table:
    return pa.table({name: pa.array(frame[name].astype(object).tolist(), from_pandas=True) for name in names})


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    dask, ibis = import_module("dask.dataframe"), import_module("ibis")
    with spark_session() as session:
        yield {
            "spark": spark_engine(session),
            "ibis": Engine(ibis.memtable, lambda frame, names: frame.to_pyarrow().select(names), False),
            "dask": Engine(
                lambda table: dask.from_pandas(table.to_pandas(), npartitions=3),
                lambda frame, names: _from_pandas(frame.compute(), names),
                True,
            ),
        }


#: Spark has no unsigned numbers
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("uint")])
@pytest.mark.parametrize("name", ["spark", "ibis", "dask"])
def test_an_engine_agrees_with_the_judge(engines: dict[str, Engine], name: str, kind: str) -> None:
    rows = [(number, reading) for reading in readings_of(RULES, kind) for number in range(-1, len(RULES))]
    check({name: engines[name]}, RULES, rows, kind)


@pytest.mark.parametrize("name", ["spark", "ibis", "dask"])
def test_rows_stay_with_their_keys(engines: dict[str, Engine], name: str) -> None:
    names = [f"rule {(row * 7919) % 50}" for row in range(5000)]
    table = pa.table({KEY: range(5000), "of": names, "value": [float(row % 100) for row in range(5000)]})
    rated = with_status(
        engines[name].make(table), {f"rule {limit}": f"at most {limit}" for limit in range(50)}, rule="of"
    )
    wanted = ["green" if row % 100 <= (row * 7919) % 50 else "red" for row in range(5000)]
    assert [status for (status,) in rows_of(engines[name], rated, "status")] == wanted


@pytest.mark.parametrize("name", ["spark", "ibis"])
def test_counts_are_made_in_the_engine(engines: dict[str, Engine], name: str) -> None:
    table = pa.table({KEY: range(3), "of": ["a", "b", "a"], "value": [1.0, 2.0, None]})
    found = summarise(with_status(engines[name].make(table), "at most 1"), by="of")
    assert engines[name].fetch(found, ["of", "green", "amber", "red", "unrated", "total"]).to_pylist() == [
        {"of": "a", "green": 1, "amber": 0, "red": 0, "unrated": 1, "total": 2},
        {"of": "b", "green": 0, "amber": 0, "red": 1, "unrated": 0, "total": 1},
    ]


def test_a_stream_is_rated_by_numbers_and_its_texts_are_refused(engines: dict[str, Engine], tmp_path: Path) -> None:
    table = pa.table({"of": ["a", "b", "a", "c"], "value": [1.0, 2.0, None, 3.0], "text": ["1", "2", "3", "4"]})
    parquet.write_table(table, tmp_path / "readings.parquet")
    session = engines["spark"].make(table).sparkSession
    stream = session.readStream.schema("of string, value double, text string").parquet(str(tmp_path))
    rated = with_status(stream, {"a": "at most 1", "b": "at most 1"}, rule="of", reason="why")
    query = rated.writeStream.format("memory").queryName("rated").trigger(availableNow=True).start()
    query.awaitTermination()
    assert sorted((row.of, row.status, row.why or "") for row in session.table("rated").collect()) == [
        ("a", "green", ""), ("a", "unrated", "no reading"), ("b", "red", ""), ("c", "unrated", "no such rule"),
    ]  # fmt: skip
    with pytest.raises(SettingError, match=r"“text” holds texts.*stream"):
        with_status(stream, "at most 1", reading="text")
    with pytest.raises(SettingError, match=r"“text” holds texts.*stream"):
        with_status(stream, target="text")


def test_the_rules_travel_with_the_plan_and_are_broadcast(engines: dict[str, Engine]) -> None:
    table = pa.table({"of": ["a"], "value": [1.0]})
    rated = with_status(engines["spark"].make(table), {"a": "at most 1"}, rule="of")
    plan = rated._jdf.queryExecution().executedPlan().toString()
    assert "BroadcastHashJoin" in plan
    assert "SortMergeJoin" not in plan
    assert "ExistingRDD" not in plan, "rows of Python, which workers without Python cannot unpack"
