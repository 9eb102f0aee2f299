"""The engines that are large, or need Java, keep rows together and count: ``make frames``."""

from collections.abc import Iterator
from contextlib import ExitStack

import pyarrow as pa
import pytest

from rag_rules import summarise, with_status
from tests.agreement.backends import LARGE, Tools
from tests.frames.engines import KEY, Engine, rows_of

pytestmark = [pytest.mark.frames, pytest.mark.filterwarnings("ignore")]  # the warnings of these engines are theirs


@pytest.fixture(scope="module")
def engines() -> Iterator[dict[str, Engine]]:
    with ExitStack() as stack:
        tools = Tools(stack)
        yield {name: made(tools) for name, made in LARGE.items()}


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
