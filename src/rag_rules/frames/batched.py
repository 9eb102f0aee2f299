"""Polars queries and Dask frames: each batch is a frame in memory, and is rated as one, so that rows keep their order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Final

from rag_rules.frames.book import Book, Columns, column_problem
from rag_rules.frames.eager import rated
from rag_rules.frames.engines import STATUSES, engine_of
from rag_rules.frames.in_polars import rated_in_polars
from rag_rules.frames.moments import no_times

__all__ = ["by_batches"]


#: rows that no batch of a stream has: the engine that holds whole columns runs one thread for each
_WHOLE: Final = 1_000_000


def by_batches(frame: Any) -> Callable[[Book, Columns], Any] | None:
    """What rates a query that hands over its rows in batches; ``None`` for any other frame."""
    kind = type(frame)
    if (kind.__module__.split(".")[0], kind.__name__) == ("polars", "LazyFrame"):
        return partial(_of_polars, frame)
    if kind.__module__.split(".")[0] in ("dask", "dask_expr") and hasattr(frame, "map_partitions"):
        return partial(_of_dask, frame)
    return None


def _rated(batch: Any, book: Book, columns: Columns) -> Any:
    """One batch, rated as a frame in memory."""
    engine = engine_of(batch)
    assert engine is not None
    return rated(engine, book.copy(), columns)


def _of_polars(frame: Any, book: Book, columns: Columns) -> Any:
    polars = import_module("polars")
    schema = frame.collect_schema()
    if (problem := column_problem(columns, schema.names())) is not None:
        raise problem
    if columns.on is not None and schema[columns.on].is_numeric():
        raise no_times(columns.on)
    types = {
        columns.into: polars.Enum(STATUSES), columns.reason: polars.String, columns.distance: polars.Float64,
        columns.band: polars.Int16,
    }  # fmt: skip
    fields = [f"field {place}" for place in range(len(columns.new))]  # and no names, which may look like patterns
    made = polars.Struct({field: types[name] for field, name in zip(fields, columns.new, strict=True)})

    def rate(batch: Any) -> Any:
        part = batch.struct.unnest()
        found = rated_in_polars(part, book, columns, _WHOLE)
        if found is None:
            found = _rated(part, book, columns)
        new = [found.get_column(name).alias(field) for field, name in zip(fields, columns.new, strict=True)]
        return polars.DataFrame(new).to_struct(batch.name)

    read = polars.struct(polars.selectors.by_name(*columns.read))
    together = read.map_batches(rate, return_dtype=made, is_elementwise=True)
    return frame.with_columns(
        together.struct.field(field).alias(name) for field, name in zip(fields, columns.new, strict=True)
    )


def _of_dask(frame: Any, book: Book, columns: Columns) -> Any:
    if (problem := column_problem(columns, list(frame.columns))) is not None:
        raise problem
    if columns.reason is None:
        return frame.map_partitions(_rated, book, columns, meta=_rated(frame._meta, book, columns))
    # the categories of reasons are those of a partition, and Dask wants one type for all
    return frame.map_partitions(_plainly, book, columns, meta=_plainly(frame._meta, book, columns))


def _plainly(batch: Any, book: Book, columns: Columns) -> Any:
    found = _rated(batch, book, columns)
    found[columns.reason] = found[columns.reason].astype(object)
    return found
