"""The engines that are large, or need Java, agree with the judge as the others do: ``make frames``."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any

import pyarrow as pa
import pytest

from rag_rules import rule, summarise, with_status
from tests.frames.agreement import KINDS, check, readings_of
from tests.frames.engines import KEY, Engine, rows_of
from tests.frames.over_time import MONTH_ENDS, NAMED, OTHER_DAYS, at_noon
from tests.frames.over_time import check as at_each
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


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("us"), pa.string()], ids=str)
@pytest.mark.parametrize("name", ["spark", "ibis", "dask"])
def test_rows_have_the_status_of_the_rule_of_their_time(
    engines: dict[str, Engine], name: str, kind: pa.DataType
) -> None:
    days: list[date | None] = [*MONTH_ENDS, *OTHER_DAYS[:4], None]
    times = {pa.date32(): days, pa.timestamp("us"): [day and at_noon(day) for day in days]}
    if kind == pa.string():
        at_each({name: engines[name]}, [None, 14.0, 72.0], [*NAMED, None], [*NAMED.values(), None], kind)
    else:
        at_each({name: engines[name]}, [None, 7.0, 14.0, 72.0, 80.0], times[kind], days, kind)


@pytest.mark.parametrize("name", ["spark", "ibis", "dask"])
def test_texts_have_the_status_of_the_rule_of_their_day(engines: dict[str, Engine], name: str) -> None:
    at_each({name: engines[name]}, ["", "14", "72%", "Good"], [*MONTH_ENDS, None], [*MONTH_ENDS, None], pa.date32())


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
