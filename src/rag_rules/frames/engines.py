"""What differs between pandas, Polars and PyArrow: columns as NumPy chunks, and columns made of codes.

The engines are reached by the frames themselves, so that none is imported that is not in use already; and by their own
methods, since a common interface costs a small table more than its statuses do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, Protocol

from rag_rules.errors import MissingExtraError
from rag_rules.status import Status

__all__ = ["CHUNK", "FEW", "STATUSES", "Column", "Engine", "chunks", "engine_of", "numpy"]

#: rows that are rated at a time: what is worked out for them stays in a processor's cache
CHUNK: Final = 65_536
#: a day that is none
_NO_DAY: Final = -(2**31)
#: the categories of a column of statuses, in order
STATUSES: Final = [status.value for status in Status]
#: up to so many rows, Python looks names up quicker than an engine
FEW: Final = 2_000


def numpy() -> Any:
    """NumPy, which comes with most engines; raises ``MissingExtraError`` where it did not."""
    try:
        return import_module("numpy")
    except ImportError:
        raise MissingExtraError("rating a data frame needs the package NumPy", hint="pip install numpy") from None


#: the days of a chunk as a NumPy array, counted from 1970; a number far below zero where there is none
Days = Callable[[int, int], Any]


class Column(Protocol):
    """One column of a frame."""

    #: "float", "int", or "values" for anything else
    kind: str

    def __len__(self) -> int: ...

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        """A chunk as a NumPy array, and where it is missing (``None``: nowhere, or where it is NaN)."""

    def values(self, start: int, stop: int) -> list[Any]:
        """A chunk as values of Python."""

    def codes(self, numbers: dict[Any, int], unknown: int, start: int, stop: int) -> Any:
        """The number of each value of a chunk, as a NumPy array; ``unknown`` for those without."""


class Engine(Protocol):
    """A frame in memory."""

    names: list[str]

    def column(self, name: str) -> Column: ...

    def distinct(self, name: str) -> list[Any]:
        """The distinct values of a column."""

    def days(self, name: str) -> Days | None:
        """The days of a column of dates or times of day; ``None`` for any other column."""

    def with_columns(self, new: Sequence[tuple[str, Any]]) -> Any:
        """The same frame, of its own kind, with columns behind the others."""

    def of_codes(self, codes: Any, labels: list[str], *, is_status: bool) -> Any:
        """A column of labels by number; below zero is null."""

    def of_bands(self, bands: Any) -> Any:
        """A column of small whole numbers; below zero is null."""

    def of_distances(self, distances: Any) -> Any:
        """A column of floats; NaN is null, where the engine has nulls."""


def engine_of(frame: Any) -> Engine | None:
    """The engine of a frame in memory; ``None`` for any other frame."""
    kind = type(frame)
    for package, name, engine in (
        ("pandas", "DataFrame", _Pandas), ("polars", "DataFrame", _Polars), ("pyarrow", "Table", _PyArrow)
    ):  # fmt: skip
        for base in kind.__mro__:
            if base.__name__ == name and base.__module__.split(".")[0] == package:
                return engine(frame)
    return None


def _looked_up(values: list[Any], numbers: dict[Any, int], unknown: int) -> Any:
    """The number of each value, by the dictionary itself."""
    np = numpy()

    def number(value: Any) -> int:
        try:
            return numbers.get(value, unknown)
        except TypeError:  # a list, which is no name
            return unknown

    return np.fromiter(map(number, values), dtype=np.intp, count=len(values))


class _Values:
    """A column of which only the values are of use."""

    kind = "values"

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        raise TypeError("a column of values is not one of numbers")

    def values(self, start: int, stop: int) -> list[Any]:
        found: list[Any] = self.column[start:stop].tolist()
        return found

    def codes(self, numbers: dict[Any, int], unknown: int, start: int, stop: int) -> Any:
        return _looked_up(self.values(start, stop), numbers, unknown)


# pandas ---------------------------------------------------------------------------------------------------------------


class _PandasValues(_Values):
    """A column of texts or other objects in pandas."""

    def __init__(self, column: Any) -> None:
        super().__init__(column.array)
        self._index: tuple[int, Any, Any] | None = None

    def codes(self, numbers: dict[Any, int], unknown: int, start: int, stop: int) -> Any:
        if stop - start <= FEW or not all(isinstance(name, str) for name in numbers):
            return super().codes(numbers, unknown, start, stop)
        np = numpy()
        if self._index is None or self._index[0] != len(numbers):
            pandas = import_module("pandas")
            self._index = (
                len(numbers),
                pandas.Index(list(numbers), dtype=object),
                np.array([*numbers.values(), unknown]),
            )
        _, index, found = self._index
        return found[index.get_indexer(np.asarray(self.column[start:stop], dtype=object))]


class _PandasNumbers(_Values):
    """A column of numbers in pandas: of NumPy's types, or of those with missing values."""

    def __init__(self, column: Any, kind: str) -> None:
        self._is_plain = not hasattr(column.dtype, "numpy_dtype")
        super().__init__(column.to_numpy() if self._is_plain else column.array)
        self.kind = kind

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        chunk = self.column[start:stop]
        if self._is_plain:
            return chunk, None
        missing = chunk.isna()
        return chunk.to_numpy(dtype=chunk.dtype.numpy_dtype, na_value=0), missing if missing.any() else None


class _Pandas:
    """A frame of pandas."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.names = list(frame.columns)

    def column(self, name: str) -> Column:
        found = self.frame[name]
        kind = found.dtype
        if hasattr(kind, "pyarrow_dtype"):
            return _arrow_column(import_module("pyarrow").chunked_array(found.array.__arrow_array__()))
        if getattr(kind, "storage", "") == "pyarrow":  # texts
            return _arrow_column(import_module("pyarrow").chunked_array(found.array.__arrow_array__()))
        plain = getattr(kind, "numpy_dtype", kind)
        letter = getattr(plain, "kind", "O") if type(plain).__module__.startswith("numpy") else "O"
        if letter in "iuf" and plain.itemsize <= 8:
            return _PandasNumbers(found, "float" if letter == "f" else "int")
        return _PandasValues(found)

    def distinct(self, name: str) -> list[Any]:
        found: list[Any] = self.frame[name].unique().tolist()
        return found

    def days(self, name: str) -> Days | None:
        array = self.frame[name].array
        kind = array.dtype
        if hasattr(kind, "pyarrow_dtype"):
            return _arrow_days(import_module("pyarrow").chunked_array(array.__arrow_array__()))
        letter = getattr(kind, "kind", "O")
        is_period = hasattr(array, "to_timestamp")
        if letter != "M" and not is_period:
            return None

        def days(start: int, stop: int) -> Any:
            chunk = array[start:stop]
            if is_period:
                chunk = chunk.to_timestamp(how="end")
            elif hasattr(kind, "tz"):
                chunk = chunk.tz_localize(None)
            return numpy().asarray(chunk).astype("datetime64[D]").view("int64")

        return days

    def with_columns(self, new: Sequence[tuple[str, Any]]) -> Any:
        frame = self.frame.copy(deep=False)
        for name, column in new:
            frame[name] = column
        return frame

    def of_codes(self, codes: Any, labels: list[str], *, is_status: bool) -> Any:
        kind = _categories_of_pandas(tuple(labels), is_status)
        return import_module("pandas").Categorical.from_codes(codes, dtype=kind, validate=False)

    def of_bands(self, bands: Any) -> Any:
        return import_module("pandas").arrays.IntegerArray(bands, bands < 0)

    def of_distances(self, distances: Any) -> Any:
        return distances


@lru_cache
def _categories_of_pandas(labels: tuple[str, ...], ordered: bool) -> Any:
    return import_module("pandas").CategoricalDtype(list(labels), ordered=ordered)


# PyArrow --------------------------------------------------------------------------------------------------------------


class _ArrowColumn(_Values):
    """A column of PyArrow."""

    def values(self, start: int, stop: int) -> list[Any]:
        found: list[Any] = self.column.slice(start, stop - start).to_pylist()
        return found

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        chunk = self.column.slice(start, stop - start).combine_chunks()
        if not chunk.null_count:
            return chunk.to_numpy(zero_copy_only=False), None
        missing = chunk.is_null().to_numpy(zero_copy_only=False)
        return chunk.fill_null(0).to_numpy(zero_copy_only=False), missing

    def codes(self, numbers: dict[Any, int], unknown: int, start: int, stop: int) -> Any:
        np, pyarrow = numpy(), import_module("pyarrow")
        kind = self.column.type
        is_text = pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)
        if stop - start <= FEW or not is_text or not all(isinstance(name, str) for name in numbers):
            return super().codes(numbers, unknown, start, stop)
        names = pyarrow.array(list(numbers), type=kind)
        chunk = self.column.slice(start, stop - start).combine_chunks()
        found = import_module("pyarrow.compute").index_in(chunk, value_set=names).fill_null(len(numbers))
        return np.array([*numbers.values(), unknown])[found.to_numpy(zero_copy_only=False)]


def _arrow_column(column: Any) -> _ArrowColumn:
    types = import_module("pyarrow").types
    found = _ArrowColumn(column)
    if types.is_integer(column.type):
        found.kind = "int"
    elif types.is_floating(column.type):
        found.kind = "float"
    return found


def _arrow_days(column: Any) -> Days | None:
    types, compute = import_module("pyarrow").types, import_module("pyarrow.compute")
    if not (types.is_date(column.type) or types.is_timestamp(column.type)):
        return None

    def days(start: int, stop: int) -> Any:
        chunk = column.slice(start, stop - start).combine_chunks()
        if types.is_timestamp(chunk.type):
            chunk = compute.floor_temporal(
                chunk if chunk.type.tz is None else compute.local_timestamp(chunk), unit="day"
            )
        return chunk.cast("date32").cast("int32").fill_null(_NO_DAY).to_numpy(zero_copy_only=False)

    return days


class _PyArrow:
    """A table of PyArrow."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.names = list(frame.column_names)

    def column(self, name: str) -> Column:
        return _arrow_column(self.frame.column(name))

    def distinct(self, name: str) -> list[Any]:
        found: list[Any] = self.frame.column(name).unique().to_pylist()
        return found

    def days(self, name: str) -> Days | None:
        return _arrow_days(self.frame.column(name))

    def with_columns(self, new: Sequence[tuple[str, Any]]) -> Any:
        frame = self.frame
        for name, column in new:
            frame = frame.append_column(name, column)
        return frame

    def of_codes(self, codes: Any, labels: list[str], *, is_status: bool) -> Any:
        pyarrow = import_module("pyarrow")
        missing = None if is_status else codes < 0
        kind = pyarrow.int8() if is_status else pyarrow.int16()
        return pyarrow.DictionaryArray.from_arrays(
            pyarrow.array(codes, type=kind, mask=missing),
            pyarrow.array(labels, type=pyarrow.string()),
            ordered=is_status,
        )

    def of_bands(self, bands: Any) -> Any:
        return import_module("pyarrow").array(bands, mask=bands < 0)

    def of_distances(self, distances: Any) -> Any:
        return import_module("pyarrow").array(distances, from_pandas=True)


# Polars ---------------------------------------------------------------------------------------------------------------


class _PolarsColumn(_Values):
    """A column of Polars."""

    def values(self, start: int, stop: int) -> list[Any]:
        found: list[Any] = self.column.slice(start, stop - start).to_list()
        return found

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        chunk = self.column.slice(start, stop - start)
        if not chunk.null_count():
            return chunk.to_numpy(), None
        return chunk.fill_null(0).to_numpy(), chunk.is_null().to_numpy()

    def codes(self, numbers: dict[Any, int], unknown: int, start: int, stop: int) -> Any:
        polars = import_module("polars")
        if (
            stop - start <= FEW
            or self.column.dtype != polars.String
            or not all(isinstance(name, str) for name in numbers)
        ):
            return super().codes(numbers, unknown, start, stop)
        chunk = self.column.slice(start, stop - start)
        found = chunk.cast(_enum_of_polars(tuple(numbers)), strict=False).to_physical()
        return numpy().array([*numbers.values(), unknown])[found.cast(polars.Int64).fill_null(len(numbers)).to_numpy()]


class _Polars:
    """A frame of Polars."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.names = list(frame.columns)

    def column(self, name: str) -> Column:
        series = self.frame.get_column(name)
        found = _PolarsColumn(series)
        polars = import_module("polars")
        if series.dtype in (polars.Float32, polars.Float64):
            found.kind = "float"
        elif series.dtype.is_integer() and series.dtype not in (polars.Int128, getattr(polars, "UInt128", None)):
            found.kind = "int"
        return found

    def distinct(self, name: str) -> list[Any]:
        found: list[Any] = self.frame.get_column(name).unique().to_list()
        return found

    def days(self, name: str) -> Days | None:
        polars = import_module("polars")
        column = self.frame.get_column(name)
        if column.dtype != polars.Date and column.dtype.base_type() != polars.Datetime:
            return None

        def days(start: int, stop: int) -> Any:
            chunk = column.slice(start, stop - start)
            chunk = chunk if chunk.dtype == polars.Date else chunk.dt.date()
            return chunk.to_physical().fill_null(_NO_DAY).to_numpy()

        return days

    def with_columns(self, new: Sequence[tuple[str, Any]]) -> Any:
        return self.frame.hstack([column.alias(name) for name, column in new])

    def of_codes(self, codes: Any, labels: list[str], *, is_status: bool) -> Any:
        polars = import_module("polars")
        if is_status:
            return polars.Series(codes).cat.to(_enum_of_polars(tuple(labels)))
        return polars.Series(labels, dtype=polars.String).gather(_nulls_below_zero(polars, codes))

    def of_bands(self, bands: Any) -> Any:
        return _nulls_below_zero(import_module("polars"), bands)

    def of_distances(self, distances: Any) -> Any:
        return import_module("polars").Series(distances, nan_to_null=True)


@lru_cache
def _enum_of_polars(labels: tuple[str, ...]) -> Any:
    return import_module("polars").Enum(list(labels))


def _nulls_below_zero(polars: Any, numbers: Any) -> Any:
    series = polars.Series(numbers)
    return series.zip_with(series >= 0, polars.Series([None], dtype=series.dtype))


def chunks(length: int) -> Iterator[tuple[int, int]]:
    """Where each chunk begins and ends; one without rows where there are none."""
    for start in range(0, max(length, 1), CHUNK):
        yield start, min(start + CHUNK, length)
