"""The engines that are large, or need Java, keep rows together and count: ``make frames``."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date

import pyarrow as pa
import pytest

from rag_rules import summarise, with_status
from tests.agreement.backends import LARGE, Tools
from tests.frames.engines import KEY, Engine, rows_of
from tests.frames.over_time import MONTH_ENDS, NAMED, OTHER_DAYS, at_noon
from tests.frames.over_time import check as at_each

pytestmark = [pytest.mark.frames, pytest.mark.filterwarnings("ignore")]  # the warnings of these engines are theirs


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    with ExitStack() as stack:
        tools = Tools(stack)
        yield {name: made(tools) for name, made in LARGE.items()}


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("us"), pa.string()], ids=str)
@pytest.mark.parametrize("name", ["spark", "ibis", "dask"])
def test_rows_have_the_status_of_the_rule_of_their_time(
    engines: dict[str, Engine], name: str, kind: pa.DataType
) -> None:
    days: list[date | None] = [*MONTH_ENDS, *OTHER_DAYS[:4], None]
    times = {pa.date32(): days, pa.timestamp("us"): [day and at_noon(day) for day in days]}
    if kind == pa.string():
        at_each({name: engines[name]}, [None, 14.0, 72.0], [*NAMED, None], [*NAMED.values(), None], kind, "financial")
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
