"""What differs between pandas, Polars and PyArrow: columns as NumPy chunks, and columns made of codes.

The engines are reached by the frames themselves, so that none is imported that is not in use already; and by their own
methods, since a common interface costs a small table more than its statuses do.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache, partial
from importlib import import_module
from itertools import repeat
from threading import local
from typing import Any, Final, NamedTuple, Protocol

from rag_rules.errors import MissingExtraError
from rag_rules.quantity import EXACT
from rag_rules.status import Status

__all__ = [
    "CHUNK", "FEW", "STATUSES", "Column", "Engine", "Finder", "SCRATCH", "PolarsFrame", "are_texts", "are_whole", "chunks", "engine_of",
    "in_a_row", "looked_up", "numpy", "plain_texts", "polars_labels", "wide_kinds",
]  # fmt: skip

#: rows that are rated at a time: what is worked out for them stays in a processor's cache
CHUNK: Final = 65_536
#: a day that is none
_NO_DAY: Final = -(2**31)
#: digits after the point, at most, of Decimals that are compared as whole numbers of 64 bits
_SCALE: Final = 18
#: the categories of a column of statuses, in order
STATUSES: Final = [status.value for status in Status]
#: whole numbers are looked up by counting if no more than so many are there for each that is a name
_GAPS: Final = 64
#: up to so many rows, Python looks names up quicker than an engine
FEW: Final = 2_000


@lru_cache
def numpy() -> Any:
    """NumPy, which comes with most engines; raises ``MissingExtraError`` where it did not."""
    try:
        return import_module("numpy")
    except ImportError:
        raise MissingExtraError("rating a data frame needs the package NumPy", hint="pip install numpy") from None


class Scratch(local):
    """Arrays for what is worked out on the way, which each chunk uses after the last: to get new memory takes longer
    than to work in it. Each thread has its own.
    """

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, Any], Any] = {}

    def array(self, name: str, length: int, kind: Any) -> Any:
        """An array of so many numbers of a type, which hold anything."""
        found = self._arrays.get((name, kind))
        if found is None or len(found) < length:
            found = self._arrays[name, kind] = numpy().empty(length, dtype=kind)
        return found[:length]

    def holding(self, name: str, numbers: Any, kind: Any) -> Any:
        """The numbers as those of another type; themselves, if they are that already."""
        if numbers.dtype == kind:
            return numbers
        found = self.array(name, len(numbers), kind)
        found[...] = numbers
        return found


class Finder(NamedTuple):
    """What finds the number of each value of a column."""

    #: from where a chunk begins and ends to a NumPy array of whole numbers
    places: Callable[[int, int], Any]
    #: the number of a value in each place, the last being for those without; ``None`` where places are the numbers
    numbers: Any = None
    #: whether an engine looks texts up, so that the interpreter is free for something else meanwhile
    is_by_engine: bool = False

    def codes(self, start: int, stop: int) -> Any:
        """The number of each value of a chunk, as a NumPy array."""
        return self.numbered(self.places(start, stop), Scratch())

    def numbered(self, places: Any, scratch: Scratch) -> Any:
        """The number of the value in each place, as a NumPy array; it may be in the scratch."""
        codes = scratch.holding("places", places, numpy().intp)
        if self.numbers is None:
            return codes
        found = scratch.array("codes", len(codes), numpy().intp)
        return self.numbers.take(codes, out=found, mode="wrap")  # -1 is the last


#: kept from call to call, a few megabytes at most: streams rate one batch after another
SCRATCH: Final = Scratch()
#: the days of a chunk as a NumPy array, counted from 1970; a number far below zero where there is none
Days = Callable[[int, int], Any]


class Column(Protocol):
    """One column of a frame."""

    #: "float", "int", "decimal" for whole numbers of 10 ** -scale, or "values" for anything else
    kind: str
    scale: int

    def __len__(self) -> int: ...

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        """A chunk as a NumPy array, and where it is missing (``None``: nowhere, or where it is NaN)."""

    def values(self, start: int, stop: int) -> list[Any]:
        """A chunk as values of Python."""

    def finder(self, numbers: dict[Any, int], unknown: int) -> Finder:
        """Finds the number of each value; ``unknown`` for those without."""


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
    for base in type(frame).__mro__:
        engine = _ENGINES.get((base.__module__.partition(".")[0], base.__name__))
        if engine is not None:
            return engine(frame)
    return None


def looked_up(values: Sequence[Any], numbers: dict[Any, int], unknown: int) -> Any:
    """The number of each value, by the dictionary itself."""
    np = numpy()

    def number(value: Any) -> int:
        try:
            return numbers.get(value, unknown)
        except TypeError:  # a list, which is no name
            return unknown

    try:
        found = map(numbers.get, values, repeat(unknown))
        return np.fromiter(found, dtype=np.intp, count=len(values))
    except TypeError:  # one of them is a list
        return np.fromiter(map(number, values), dtype=np.intp, count=len(values))


def _by_category(
    places: Callable[[int, int], Any], categories: Sequence[Any], numbers: dict[Any, int], unknown: int
) -> Finder:
    """Finds the numbers of categories, each of which is looked up once; its place among them tells a value."""
    return Finder(places, numpy().append(looked_up(categories, numbers, unknown), unknown))


def _among_texts(places: Callable[[int, int], Any], numbers: dict[Any, int], unknown: int) -> Finder:
    """Finds texts by their places among the names, as an engine says them; behind the last is what is none."""
    found = [*numbers.values(), unknown]
    if found == list(range(len(found))):
        return Finder(places, is_by_engine=True)
    return Finder(places, numpy().array(found, dtype=numpy().intp), is_by_engine=True)


def _among_whole_numbers(column: Column, numbers: dict[Any, int], unknown: int) -> Finder:
    """Finds whole numbers among names that are whole numbers."""
    np = numpy()
    kind = column.numbers(0, 0)[0].dtype
    least, most = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    names = sorted(name for name in numbers if least <= name <= most)
    if (row := in_a_row(names, numbers, unknown)) is not None:
        return _counted(column, names[0], np.array([*row, unknown], dtype=np.intp))
    ordered = np.array(names, dtype=kind)
    padded = np.append(ordered, np.zeros(1, dtype=kind))

    def places(start: int, stop: int) -> Any:
        keys, missing = column.numbers(start, stop)
        found = ordered.searchsorted(keys)
        is_other = padded.take(found) != keys
        is_other |= found == len(names)
        if missing is not None:
            is_other |= missing
        found[is_other] = -1
        return found

    return Finder(places, np.array([*(numbers[name] for name in names), unknown], dtype=np.intp))


def in_a_row(names: Sequence[int], numbers: dict[Any, int], unknown: int) -> list[int] | None:
    """The number of each whole number from the first name to the last; ``None`` where too few of those are names."""
    if not names or names[-1] - names[0] > _GAPS * len(names) or not -(2**63) <= names[0] <= names[-1] < 2**63:
        return None
    return [numbers.get(name, unknown) for name in range(names[0], names[-1] + 1)]


def _counted(column: Column, first: int, numbers: Any) -> Finder:
    """Finds whole numbers by how far they are from the first; beyond all names is the last."""
    np = numpy()
    beyond = np.uint64(len(numbers) - 1)

    def places(start: int, stop: int) -> Any:
        keys, missing = column.numbers(start, stop)
        found = SCRATCH.array("counted", len(keys), np.int64)
        found[...] = keys  # from 2^63 on they come round, and are beyond all; so does what is less than the first
        found -= first
        far = found.view(np.uint64)
        np.minimum(far, beyond, out=far)
        if missing is not None:
            far[missing] = beyond
        return found

    return Finder(places, numbers)


def are_texts(names: dict[Any, int]) -> bool:
    return all(issubclass(kind, str) for kind in set(map(type, names)))


def are_whole(names: dict[Any, int]) -> bool:
    return all(kind is int or issubclass(kind, numpy().integer) for kind in set(map(type, names)))


def plain_texts(names: dict[Any, int]) -> list[str]:
    """Names as plain texts, of whatever class of texts they are."""
    return list(map(str.__str__, names))


class _Values:
    """A column of which only the values are of use."""

    kind = "values"
    scale = 0

    def __init__(self, column: Any) -> None:
        self.column = column

    def __len__(self) -> int:
        return len(self.column)

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        raise TypeError("a column of values is not one of numbers")

    def values(self, start: int, stop: int) -> list[Any]:
        found: list[Any] = self.column[start:stop].tolist()
        return found

    def finder(self, numbers: dict[Any, int], unknown: int) -> Finder:
        found = None
        if len(self) > FEW:
            if self.kind == "int" and are_whole(numbers):
                return _among_whole_numbers(self, numbers, unknown)
            found = self._by_engine(numbers, unknown)
        return found or Finder(lambda start, stop: looked_up(self.values(start, stop), numbers, unknown))

    def _by_engine(self, numbers: dict[Any, int], unknown: int) -> Finder | None:
        """The engine's own way of finding many values; ``None`` where it has none that is exact."""
        return None


# pandas ---------------------------------------------------------------------------------------------------------------


class _PandasValues(_Values):
    """A column of texts or other objects in pandas."""

    def __init__(self, column: Any) -> None:
        super().__init__(column.array)

    def _by_engine(self, numbers: dict[Any, int], unknown: int) -> Finder | None:
        np, pandas = numpy(), import_module("pandas")
        if isinstance(self.column, pandas.Categorical):
            codes = self.column.codes
            categories = self.column.categories.tolist()
            return _by_category(lambda start, stop: codes[start:stop], categories, numbers, unknown)
        if not are_texts(numbers):
            return None

        def places(start: int, stop: int) -> Any:
            values = np.asarray(self.column[start:stop], dtype=object)
            try:
                found, distinct = pandas.factorize(values)
            except TypeError:  # something in the column cannot be told from others quickly
                return looked_up(values, numbers, unknown)
            return looked_up([*distinct, None], numbers, unknown).take(found)

        return Finder(places)


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
        columns, count = frame.columns, len(self.names)
        frame.columns = import_module("pandas").RangeIndex(count)  # beside numbers, inserting costs half as much
        for place, (_, column) in enumerate(new, count):
            frame.insert(place, place, column)
        names = [name for name, _ in new]
        if type(columns).__name__ == "Index" and columns.name is None and all(type(name) is str for name in self.names):
            frame.columns = _longer_index(tuple(self.names), columns.dtype, tuple(names)).view()
        else:
            frame.columns = _longer(columns, names)
        return frame

    def of_codes(self, codes: Any, labels: list[str], *, is_status: bool) -> Any:
        kind = _categories_of_pandas(tuple(labels), is_status)
        return import_module("pandas").Categorical.from_codes(codes, dtype=kind, validate=False)

    def of_bands(self, bands: Any) -> Any:
        return import_module("pandas").arrays.IntegerArray(bands, bands < 0)

    def of_distances(self, distances: Any) -> Any:
        return distances


def _longer(columns: Any, new: Sequence[str]) -> Any:
    """An index of columns with more names behind the others."""
    for name in new:
        columns = columns.insert(len(columns), name)
    return columns


@lru_cache
def _longer_index(names: tuple[str, ...], kind: Any, new: tuple[str, ...]) -> Any:
    """The same for columns that are named by texts, which tables that are rated in a loop have in common."""
    return _longer(import_module("pandas").Index(list(names), dtype=kind), new)


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
        chunk = _part_of_arrow(self.column, start, stop)
        if self.kind == "decimal":
            missing = chunk.is_null().to_numpy(zero_copy_only=False) if chunk.null_count else None
            return _low_words(chunk), missing
        if not chunk.null_count:
            return chunk.to_numpy(zero_copy_only=False), None
        missing = chunk.is_null().to_numpy(zero_copy_only=False)
        return chunk.fill_null(0).to_numpy(zero_copy_only=False), missing

    def _by_engine(self, numbers: dict[Any, int], unknown: int) -> Finder | None:
        pyarrow = import_module("pyarrow")
        kind = self.column.type
        if pyarrow.types.is_dictionary(kind):
            return _by_dictionaries(self.column, numbers, unknown)
        if not are_texts(numbers) or not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)):
            return None
        names, index_in = pyarrow.array(plain_texts(numbers), type=kind), import_module("pyarrow.compute").index_in

        def places(start: int, stop: int) -> Any:
            found = index_in(_part_of_arrow(self.column, start, stop), value_set=names)
            return (found.fill_null(len(numbers)) if found.null_count else found).to_numpy(zero_copy_only=False)

        return _among_texts(places, numbers, unknown)


def _part_of_arrow(column: Any, start: int, stop: int) -> Any:
    """A chunk of rows as one array, which is copied only where it comes from several."""
    part = column.slice(start, stop - start)
    return part.chunk(0) if part.num_chunks == 1 else part.combine_chunks()


def _by_dictionaries(column: Any, numbers: dict[Any, int], unknown: int) -> Finder:
    """Finds the numbers of values that are places in dictionaries; each part of the column may have its own."""
    np, int32 = numpy(), import_module("pyarrow").int32()
    ends: list[int] = []  # of the parts, and where the categories of each begin
    begins: list[int] = []
    categories: list[Any] = []
    known = None
    for part in column.chunks:
        if known is None or not part.dictionary.equals(known):
            known, begin = part.dictionary, len(categories)
            categories += known.to_pylist()
        ends.append(len(part) + (ends[-1] if ends else 0))
        begins.append(begin)

    def places(start: int, stop: int) -> Any:
        first = bisect_right(ends, start)
        found = []
        for part, begin in zip(column.slice(start, stop - start).chunks, begins[first:], strict=False):
            indices = part.indices
            if indices.null_count:
                indices = indices.cast(int32).fill_null(len(categories) - begin)
            indices = indices.to_numpy(zero_copy_only=False)
            found.append(indices.astype(np.intp) + begin if begin else indices)
        return found[0] if len(found) == 1 else np.concatenate(found)

    return _by_category(places, categories, numbers, unknown)


def _arrow_column(column: Any) -> _ArrowColumn:
    types = import_module("pyarrow").types
    found = _ArrowColumn(column)
    if types.is_integer(column.type):
        found.kind = "int"
    elif types.is_floating(column.type):
        found.kind = "float"
    elif types.is_decimal128(column.type) and len(column) > FEW and sys.byteorder == "little":
        ends = import_module("pyarrow.compute").min_max(column).as_py()
        _as_whole(found, column.type.scale, ends["min"], ends["max"])
    return found


def _low_words(chunk: Any) -> Any:
    """Decimals of 128 bits as the whole numbers that they are stored as, where these need no more than 64 bits."""
    np = numpy()
    stored = chunk.buffers()[1]
    if stored is None:  # all are null
        return np.zeros(len(chunk), dtype=np.int64)
    first = 2 * chunk.offset
    return np.frombuffer(stored, dtype=np.int64)[first : first + 2 * len(chunk) : 2].copy()


def _as_whole(column: _Values, scale: int, least: Decimal | None, most: Decimal | None) -> None:
    """Takes a column of Decimals for one of whole numbers, if its least and its largest need no more than 64 bits."""
    ends = [int(end.scaleb(scale, context=EXACT)) for end in (least, most) if end is not None]
    if 0 <= scale <= _SCALE and all(-(2**63) <= end < 2**63 for end in ends):
        column.kind, column.scale = "decimal", scale


def _arrow_days(column: Any) -> Days | None:
    types, compute = import_module("pyarrow").types, import_module("pyarrow.compute")
    if not (types.is_date(column.type) or types.is_timestamp(column.type)):
        return None

    def days(start: int, stop: int) -> Any:
        chunk = _part_of_arrow(column, start, stop)
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
        places = pyarrow.array(codes.view("int8")) if is_status else pyarrow.array(codes, mask=codes < 0)
        return pyarrow.DictionaryArray.from_arrays(places, _labels_of_arrow(tuple(labels)), ordered=is_status)

    def of_bands(self, bands: Any) -> Any:
        return import_module("pyarrow").array(bands, mask=bands < 0)

    def of_distances(self, distances: Any) -> Any:
        return import_module("pyarrow").array(distances, from_pandas=True)


@lru_cache
def _labels_of_arrow(labels: tuple[str, ...]) -> Any:
    pyarrow = import_module("pyarrow")
    return pyarrow.array(labels, type=pyarrow.string())


# Polars ---------------------------------------------------------------------------------------------------------------


class _PolarsColumn(_Values):
    """A column of Polars."""

    def values(self, start: int, stop: int) -> list[Any]:
        found: list[Any] = self.column.slice(start, stop - start).to_list()
        return found

    def numbers(self, start: int, stop: int) -> tuple[Any, Any]:
        chunk = self.column.slice(start, stop - start)
        if self.kind == "decimal":
            chunk = chunk.to_physical().cast(import_module("polars").Int64)
        if not chunk.null_count():
            return chunk.to_numpy(), None
        return chunk.fill_null(0).to_numpy(), chunk.is_null().to_numpy()

    def _by_engine(self, numbers: dict[Any, int], unknown: int) -> Finder | None:
        polars = import_module("polars")
        column, kind = self.column, self.column.dtype
        if isinstance(kind, polars.Enum):
            return _by_category(partial(_physical, column), kind.categories.to_list(), numbers, unknown)
        if isinstance(kind, polars.Categorical):
            return _by_category(partial(_physical, column), _categories(column), numbers, unknown)
        if not are_texts(numbers) or kind != polars.String:
            return None
        names, none = polars.Enum(plain_texts(numbers)), len(numbers)

        def places(start: int, stop: int) -> Any:
            found = column.slice(start, stop - start).cast(names, strict=False).to_physical()
            return (found.cast(polars.Int64).fill_null(none) if found.null_count() else found).to_numpy()

        return _among_texts(places, numbers, unknown)


def _categories(column: Any) -> list[Any]:
    """The category of each number up to the largest that there is in a column."""
    polars = import_module("polars")
    physical = column.to_physical()
    most = physical.max()
    numbers = polars.Series(numpy().arange(0 if most is None else most + 1), dtype=physical.dtype)
    found: list[Any] = numbers.cat.to(column.dtype).cast(polars.String).to_list()
    return found


def _physical(column: Any, start: int, stop: int) -> Any:
    """The numbers of the categories of a chunk; -1 for null."""
    found = column.slice(start, stop - start).to_physical()
    return (found.cast(import_module("polars").Int64).fill_null(-1) if found.null_count() else found).to_numpy()


class PolarsFrame:
    """A frame of Polars."""

    def __init__(self, frame: Any) -> None:
        self.frame = frame
        self.names = list(frame.columns)

    def _named(self, name: str) -> Any:
        """The column of a name, under another: many methods of Polars take a name such as “^a.*$” for a pattern."""
        return self.frame.get_column(name).alias("column")

    def column(self, name: str) -> Column:
        series = self._named(name)
        found = _PolarsColumn(series)
        polars = import_module("polars")
        if series.dtype.is_float():
            found.kind = "float"
        elif series.dtype.is_integer() and series.dtype not in wide_kinds(polars):
            found.kind = "int"
        elif isinstance(series.dtype, polars.Decimal) and len(series) > FEW:
            _as_whole(found, series.dtype.scale, series.min(), series.max())
        return found

    def distinct(self, name: str) -> list[Any]:
        found: list[Any] = self._named(name).unique().to_list()
        return found

    def days(self, name: str) -> Days | None:
        polars = import_module("polars")
        column = self._named(name)
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
        known = polars_labels(tuple(labels), is_status=is_status)
        parts = [known[codes[slice(*part)]] for part in chunks(0, len(codes))]
        return parts[0] if len(parts) == 1 else polars.concat(parts, rechunk=True)

    def of_bands(self, bands: Any) -> Any:
        return _nulls_below_zero(import_module("polars"), bands)

    def of_distances(self, distances: Any) -> Any:
        return import_module("polars").Series(distances, nan_to_null=True)


def wide_kinds(polars: Any) -> list[Any]:
    """Types of whole numbers that NumPy has none for."""
    return [getattr(polars, name) for name in ("Int128", "UInt128") if hasattr(polars, name)]


@lru_cache
def polars_labels(labels: tuple[str, ...], *, is_status: bool) -> Any:
    """Labels by number; -1 is null."""
    polars = import_module("polars")
    return polars.Series([*labels, None], dtype=polars.Enum(list(labels)) if is_status else polars.String)


def _nulls_below_zero(polars: Any, numbers: Any) -> Any:
    series = polars.Series(numbers)
    return series.zip_with(series >= 0, polars.Series([None], dtype=series.dtype))


#: by the package and the name of a kind of frame
_ENGINES: Final[dict[tuple[str, str], Callable[[Any], Engine]]] = {
    ("pandas", "DataFrame"): _Pandas, ("polars", "DataFrame"): PolarsFrame, ("pyarrow", "Table"): _PyArrow
}  # fmt: skip


def chunks(start: int, stop: int, size: int = CHUNK) -> Iterator[tuple[int, int]]:
    """Where each chunk begins and ends; one without rows where there are none."""
    for first in range(start, max(stop, start + 1), size):
        yield first, min(first + size, stop)
