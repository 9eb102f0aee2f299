"""Every engine that can be tested here: how a frame is made of columns, and how its rows are fetched in order."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa

KEY: Final = "row key"


class Engine(NamedTuple):
    """One engine."""

    #: a frame from a PyArrow table
    make: Callable[[pa.Table], Any]
    #: columns of a frame as a PyArrow table
    fetch: Callable[[Any, list[str]], pa.Table]
    #: whether it promises that rows stay in their order; where not, they are told by a key
    is_ordered: bool


def _of_pandas(frame: Any, names: list[str]) -> pa.Table:
    return pa.table({name: pa.array(frame[name].astype(object).tolist(), from_pandas=True) for name in names})


def _of_polars(frame: pl.DataFrame, names: list[str]) -> pa.Table:
    return pa.table({name: frame[name].to_list() for name in names})


def _duckdb(table: pa.Table) -> Any:
    return duckdb.connect().from_arrow(table)


_NULLABLE: Final[dict[Any, Any]] = {
    pa.float64(): pd.Float64Dtype(), pa.float32(): pd.Float32Dtype(), pa.int8(): pd.Int8Dtype(), pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(), pa.uint64(): pd.UInt64Dtype(), pa.string(): pd.StringDtype(),
}  # fmt: skip
IN_MEMORY: Final = {
    "pandas": Engine(lambda table: table.to_pandas(), _of_pandas, True),
    "pandas-arrow": Engine(lambda table: table.to_pandas(types_mapper=pd.ArrowDtype), _of_pandas, True),
    "pandas-nullable": Engine(lambda table: table.to_pandas(types_mapper=_NULLABLE.get), _of_pandas, True),
    "polars": Engine(pl.from_arrow, _of_polars, True),
    "pyarrow": Engine(lambda table: table, lambda table, names: table.select(names), True),
}
#: those that are installed with the test dependencies
ENGINES: Final = IN_MEMORY | {
    "polars-lazy": Engine(lambda table: _lazy(table), lambda frame, names: _of_polars(frame.collect(), names), True),
    "polars-streaming": Engine(
        lambda table: _lazy(table), lambda frame, names: _of_polars(frame.collect(engine="streaming"), names), True
    ),
    "duckdb": Engine(_duckdb, lambda relation, names: relation.to_arrow_table().select(names), False),
}


def _lazy(table: pa.Table) -> pl.LazyFrame:
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    return found.lazy()


def rows_of(engine: Engine, frame: Any, *columns: str) -> list[tuple[Any, ...]]:
    """The rows of a frame with a key, in the order of the key; of an engine that keeps order, they must be in it."""
    table = engine.fetch(frame, [KEY, *columns])
    keys = table[KEY].to_pylist()
    rows = list(zip(*(table[name].to_pylist() for name in columns), strict=True))
    if engine.is_ordered:
        assert keys == list(range(len(keys)))
        return rows
    assert sorted(keys) == list(range(len(keys)))
    return [row for _, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[0])]
