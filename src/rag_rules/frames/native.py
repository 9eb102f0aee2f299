"""Engines that rate where the data are (DuckDB, Spark, Ibis): comparisons as their own expressions, through narwhals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from rag_rules.bands import float_cut, narrow_float_cut, whole_cut
from rag_rules.errors import MissingExtraError, SettingError
from rag_rules.frames.book import Book, Columns, Entry, column_problem
from rag_rules.frames.eager import rated
from rag_rules.frames.engines import engine_of
from rag_rules.frames.moments import Moment, Years, changes_of, entry_at, moment_of, no_times
from rag_rules.frames.tables import beside
from rag_rules.number_line import BAD_READING, Verdict
from rag_rules.over_time import FIRST_DAY, LAST_DAY
from rag_rules.periods import add_months
from rag_rules.quantity import EXACT
from rag_rules.sql import in_duckdb, letters_in_duckdb
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut

__all__ = ["OWN", "WRITTEN", "narwhals", "native_of", "rated_natively"]

#: what the columns are called that are needed on the way
OWN: Final = "__rag_rules_"


def narwhals() -> Any:
    """narwhals; raises ``MissingExtraError`` where it is not installed."""
    try:
        return import_module("narwhals.stable.v2")
    except ImportError:
        raise MissingExtraError(
            "this kind of data frame needs the package narwhals", hint='pip install "rag-rules[frames]"'
        ) from None


def native_of(frame: Any) -> Any:
    """The frame as one of narwhals; raises ``SettingError`` for what is no data frame."""
    try:
        found = narwhals().from_native(frame)
    except TypeError:
        kind = type(frame)
        is_like_pandas = kind.__module__.startswith("pyspark.pandas")
        hint = "call to_spark() on it, and pandas_api() on what comes back" if is_like_pandas else ""
        raise SettingError(f"{kind.__module__}.{kind.__name__} is no data frame that is known", hint=hint) from None
    return found


def rated_natively(frame: Any, book: Book, columns: Columns) -> Any:
    """The frame with its new columns; the rows of these engines have no order, and each keeps what else it holds."""
    nw = narwhals()
    whole = native_of(frame)
    if not isinstance(whole, nw.LazyFrame):
        raise SettingError(
            f"frames of {whole.implementation.value} in memory are not rated",
            hint="turn it into one of pandas, Polars or PyArrow",
        )
    schema = whole.collect_schema()
    if (problem := column_problem(columns, schema.names()) or _name_problem(columns, schema.names())) is not None:
        raise problem
    whole, columns = _letter_by_letter(whole, columns, schema)
    rated = _rated(whole, book, columns, whole.collect_schema())
    return nw.to_native(rated.select(*schema.names(), *columns.new))


def _letter_by_letter(whole: Any, columns: Columns, schema: Any) -> tuple[Any, Columns]:
    """The frame where A is not a in the texts that are read, and the columns by which to read them.

    A column of DuckDB, or a whole database, may be set to take one letter for another. Such texts become further columns.
    """
    nw = narwhals()
    texts = [name for name in columns.read if isinstance(schema[name], nw.String)]
    if whole.implementation.value != "duckdb" or not texts:
        return whole, columns
    native = whole.to_native()
    default = native.query(f"{OWN}readings", "SELECT current_setting('default_collation')").fetchall()[0][0]
    plain = {
        name: f"{OWN}plain{number}"
        for number, name in enumerate(texts)
        if default or _has_collation(native, name)  # where none has, another column to carry would take its time
    }
    if not plain:
        return whole, columns
    made = ", ".join(f"{letters_in_duckdb(name)} AS {own}" for name, own in plain.items())
    renamed = {
        each: plain[name] for each in ("reading", "rule", "target", "on") if (name := getattr(columns, each)) in plain
    }
    return nw.from_native(native.project(f"*, {made}")), replace(columns, **renamed)


def _has_collation(relation: Any, name: str) -> bool:
    """Whether a column of texts of DuckDB has rules of its own for comparing them, which its schema does not say."""
    duckdb = import_module("duckdb")
    column, letters = duckdb.ColumnExpression(name), duckdb.SQLExpression(letters_in_duckdb(name))
    try:
        relation.select(column == letters)
    except duckdb.BinderException:  # it does not compare by two rules
        return True
    return False


def _rated(whole: Any, book: Book, columns: Columns, schema: Any) -> Any:
    """A frame of narwhals with its new columns, and perhaps others that were needed on the way."""
    nw = narwhals()
    kind = schema[columns.reading]
    if columns.target is not None:
        _check_fetchable(whole, columns.target)
        found = whole.select(columns.target).unique().collect()
        book.learn(found[columns.target].to_list())
    if columns.on is not None and schema[columns.on].is_numeric():
        raise no_times(columns.on)
    if not kind.is_numeric():
        _check_fetchable(whole, columns.reading)
        return _by_value(whole, book, columns, schema.names())
    line = _line(kind)
    kind_of_names = nw.String()
    if book.numbers is not None:
        book, kind_of_names = _findable(book, schema[columns.key])
    if columns.on is not None and any(
        entry.timed is not None and entry.timed.depends_on_time for entry in book.entries
    ):
        return _over_time(whole, book, columns, line, schema, kind_of_names)
    if book.numbers is None:
        one = _shaped(book.entries[0], line, columns)
        starts = [nw.lit(start, dtype=line.kind) for start in one.starts]
        limits = [nw.lit(limit, dtype=nw.Float64) for limit in one.limits]
        reading = _Reading.of(columns, kind, nw)
        terms = _literally(one.shape, starts, limits, reading, nw)
        expressions = _expressions(terms, columns, reading, nw)
        return whole.with_columns(**{name: expressions[name] for name in columns.new})
    assert columns.key is not None
    made = _joined([book.entries[number] for number in book.numbers.values()], book, line, columns, kind)
    names = list(book.numbers)
    table = _made(whole, *made.table((f"{OWN}name", kind_of_names, names)))
    joined = whole.join(table, left_on=columns.key, right_on=f"{OWN}name", how="left")
    return joined.with_columns(**made.expressions)


def _check_fetchable(whole: Any, column: str) -> None:
    """Raises ``SettingError`` for a column of a stream, whose distinct texts or times are still to come."""
    if whole.implementation.value.startswith("pyspark") and whole.to_native().isStreaming:
        raise SettingError(
            f"the texts or times in “{column}” are read beforehand, and those of a stream are still to come",
            hint="call with_status on each batch: writeStream.foreachBatch",
        )


def _name_problem(columns: Columns, names: Sequence[str]) -> SettingError | None:
    """What is wrong with the names of columns where capital letters make no difference, and some names are our own."""
    known = {name.lower(): name for name in names}
    for new in columns.new:
        if new.lower() in known or sum(new.lower() == each.lower() for each in columns.new) > 1:
            there = known.get(new.lower(), new)
            hint = f"write into another, such as “{new}_computed”"
            return SettingError(f"there is a column “{there}”, and to this engine “{new}” is the same name", hint=hint)
    own = next((name for name in (*names, *columns.new) if name.lower().startswith(OWN)), None)
    if own is not None:
        return SettingError(f"a column cannot be called “{own}” here, as those are that are needed on the way")
    return None


def _can_name(kind: Any, names: Iterable[Any]) -> bool:
    """Whether a column of a type may hold names of rules such as these."""
    nw = narwhals()
    if all(isinstance(name, str) for name in names):
        return isinstance(kind, nw.String | nw.Categorical | nw.Enum)
    return kind.is_numeric() or isinstance(kind, nw.Boolean)


def _findable(book: Book, kind: Any) -> tuple[Book, Any]:
    """The book by what a column of a type holds for the names of rules, and the type in which to write that.

    A name that the column cannot hold is left out: an engine would turn it into another, or not take it.
    """
    assert book.numbers is not None
    nw = narwhals()
    of, numbers = nw.String(), book.numbers if _can_name(kind, book.numbers) else {}
    if not all(isinstance(name, str) for name in numbers):
        if not all(isinstance(name, int) for name in numbers):
            raise SettingError("the names of rules are all texts, or all whole numbers")
        of = nw.Float64() if kind.is_float() else kind if kind.is_numeric() else nw.Int64()
        held = ((_held(name, of), number) for name, number in numbers.items())
        numbers = {name: number for name, number in held if name is not None}
    if not numbers:
        return Book([book.entries[-1]], None, book.setting, book.shares), of
    return Book(book.entries, numbers, book.setting, book.shares, book.is_of_texts, book.times), of


def _held(name: Any, kind: Any) -> Any:
    """A whole number as a value of a type of numbers; ``None`` if no value is it."""
    if kind.is_float():
        found = float(name) if abs(name) < _FLOATS_END else None
        return found if found == name else None
    line = _line(kind)
    if not line.least <= name <= line.most:
        return None
    return Decimal(name) if kind.is_decimal() else name


#: no float is so large
_FLOATS_END: Final = 2**1024 - 2**970


# one line of numbers ----------------------------------------------------------------------------------------------------


class _Line(NamedTuple):
    """How cuts are written for a type of numbers."""

    #: the type of the cuts
    kind: Any
    #: from a cut to the least number after it
    cut: Any
    least: Any
    most: Any


def _line(kind: Any) -> _Line:
    nw = narwhals()
    name = type(kind).__name__
    if kind.is_float():
        cut = float_cut if name == "Float64" else lambda each: narrow_float_cut(each, 9)
        return _Line(nw.Float64(), cut, None, None)
    if kind.is_integer():
        bits = int("".join(filter(str.isdigit, name)))
        least, most = (0, 2**bits - 1) if name.startswith("U") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        return _Line(kind, whole_cut, least, most)
    most_of = Decimal(10**kind.precision - 1).scaleb(-kind.scale, EXACT)
    return _Line(kind, lambda cut: _on_grid(cut, kind.scale), most_of.copy_negate(), most_of)


def _on_grid(cut: Cut[Decimal], scale: int) -> Decimal:
    """The least number of so many decimals after a cut."""
    return Decimal(whole_cut(Cut(cut.at.scaleb(scale, EXACT), cut.side))).scaleb(-scale, EXACT)


class _Place(NamedTuple):
    """One place along a line: where it begins (``None``: as far down as numbers go), and what is found there."""

    start: Any
    verdict: Verdict
    below: float
    above: float


def _places(entry: Entry, line: _Line) -> list[_Place]:
    steps = entry.line.steps
    found = []
    for index, verdict in enumerate(steps.values):
        start = None if index == 0 else line.cut(steps.cuts[index - 1])
        if start is not None and line.most is not None and start > line.most:
            break
        if start is not None and line.least is not None:
            start = max(start, line.least)
        found.append(_Place(start, verdict, *beside(steps, index)))
    return found


# expressions ------------------------------------------------------------------------------------------------------------


class _Shape(NamedTuple):
    """What a rule makes of the places along its line, in words; rules of one shape differ in their numbers only."""

    statuses: tuple[str, ...]
    reasons: tuple[str | None, ...]
    bands: tuple[int | None, ...]
    #: the nearest green below and above each place, by its number among the rule's own limits
    below: tuple[int | None, ...]
    above: tuple[int | None, ...]
    missing_reason: str | None
    bad_reason: str | None
    is_whole: bool


class _Shaped(NamedTuple):
    """A rule by its shape and its numbers."""

    shape: _Shape
    starts: list[Any]
    limits: list[float]


def _shaped(entry: Entry, line: _Line, columns: Columns) -> _Shaped:
    """A rule as its shape, which holds no more than what is asked for, and its numbers."""
    places = _places(entry, line)
    limits: dict[float, int] = {}

    def limit(number: float, place: _Place) -> int | None:
        needless = columns.distance is None or place.verdict.status is Status.GREEN
        return None if needless or number != number else limits.setdefault(number, len(limits))

    def reason(verdict: Verdict) -> str | None:
        return str(entry.reason or verdict.reason or "") or None if columns.reason is not None else None

    shape = _Shape(
        tuple(each.verdict.status.value for each in places),
        tuple(reason(each.verdict) for each in places),
        tuple(each.verdict.band if columns.band is not None else None for each in places),
        tuple(limit(each.below, each) for each in places),
        tuple(limit(each.above, each) for each in places),
        reason(entry.line.missing), reason(BAD_READING), entry.line.is_whole,
    )  # fmt: skip
    return _Shaped(shape, [each.start for each in places[1:]], list(limits))


class _Terms(NamedTuple):
    """What the expressions for a rule are made of: literals, or columns of a joined table.

    What is the same in places side by side is the same object.
    """

    starts: list[Any]
    statuses: list[Any]
    reasons: list[Any]
    bands: list[Any]
    ways: list[Any]
    missing_reason: Any
    bad_reason: Any
    is_whole: Any


class _Reading(NamedTuple):
    """The readings of a frame in expressions."""

    number: Any
    is_missing: Any
    #: the condition that a number is not whole; nothing where all are
    is_broken: Any

    @classmethod
    def of(cls, columns: Columns, kind: Any, nw: Any) -> _Reading:
        number = nw.col(columns.reading)
        if kind.is_integer():
            return cls(number, number.is_null(), None)
        if not kind.is_float():
            return cls(number, number.is_null(), number % 1 != 0)
        # from 2^53 on all floats are whole, and of the infinite no engine can tell
        return cls(number, number.is_null() | number.is_nan(), (number.abs() < 2**53) & (number % 1 != 0))

    def way(self, below: Any, above: Any, nw: Any) -> Any:
        """How far it is to the nearer of two limits, either of which may be missing."""
        as_float = self.number.cast(nw.Float64)
        if below is None or above is None:
            return (above if below is None else below) - as_float
        down, up = below - as_float, above - as_float
        return nw.when(up.is_null() | (down.abs() <= up.abs())).then(down).otherwise(up)


def _literally(shape: _Shape, starts: list[Any], limits: list[Any], reading: _Reading, nw: Any) -> _Terms:
    """A shape in words, its numbers being expressions."""

    @cache
    def text(value: str | None) -> Any:
        return nw.lit(value, dtype=nw.String)

    @cache
    def band(value: int | None) -> Any:
        return nw.lit(value, dtype=nw.Int16)

    @cache
    def way(status: str, below: int | None, above: int | None) -> Any:
        if below is None and above is None:
            return nw.lit(0.0 if status == Status.GREEN.value else None, dtype=nw.Float64)
        down, up = (limits[each] if each is not None else None for each in (below, above))
        return reading.way(down, up, nw)

    return _Terms(
        starts, list(map(text, shape.statuses)), list(map(text, shape.reasons)), list(map(band, shape.bands)),
        list(map(way, shape.statuses, shape.below, shape.above)), text(shape.missing_reason), text(shape.bad_reason),
        nw.lit(True) if shape.is_whole else None,
    )  # fmt: skip


def _expressions(terms: _Terms, columns: Columns, reading: _Reading, nw: Any) -> dict[str, Any]:
    """The new columns by name, for rows whose rule is known."""

    def picked(choices: Sequence[Any], if_missing: Any, if_bad: Any) -> Any:
        """The choice for the place that the number is in; null starts, which are none, are passed over."""
        found = choices[0]
        for start, choice, before in zip(terms.starts, choices[1:], choices, strict=False):
            found = nw.when(reading.number >= start).then(choice).otherwise(found) if choice is not before else found
        if terms.is_whole is not None and reading.is_broken is not None:
            found = nw.when(reading.is_broken & terms.is_whole).then(if_bad).otherwise(found)
        return nw.when(reading.is_missing).then(if_missing).otherwise(found)

    unrated, no_band, no_way = _nothing(nw)
    made = {columns.into: picked(terms.statuses, unrated, unrated)}
    if columns.reason is not None:
        made[columns.reason] = picked(terms.reasons, terms.missing_reason, terms.bad_reason)
    if columns.distance is not None:
        made[columns.distance] = picked(terms.ways, no_way, no_way)
    if columns.band is not None:
        made[columns.band] = picked(terms.bands, no_band, no_band)
    return made


def _nothing(nw: Any) -> tuple[Any, Any, Any]:
    """The status, the band and the distance of what is not rated."""
    return nw.lit(Status.UNRATED.value), nw.lit(None, dtype=nw.Int16), nw.lit(None, dtype=nw.Float64)


# many rules: a table of their numbers, joined to the rows ---------------------------------------------------------------

#: how many places the shapes of rules may have altogether for statuses to be written into the query
WRITTEN: Final = 64


class _Joined(NamedTuple):
    """A table to join by the name of the rule, or its time, and the new columns that it makes."""

    #: the columns that are not joined by, each with its type and its values
    columns: dict[str, tuple[Any, list[Any]]]
    expressions: dict[str, Any]

    def table(self, *keys: tuple[str, Any, list[Any]]) -> tuple[list[tuple[str, Any]], list[tuple[Any, ...]]]:
        """The columns of the table with their types, and its rows; ``keys`` are those to join by."""
        every = [*keys, *((name, of, values) for name, (of, values) in self.columns.items())]
        return [(name, of) for name, of, _ in every], list(zip(*(values for _, _, values in every), strict=True))


def _joined(entries: Sequence[Entry], book: Book, line: _Line, columns: Columns, kind: Any) -> _Joined:
    """Entries of a book as a table of numbers, their shapes being written into the expressions.

    Many shapes would make these long: then what the shapes say is in the table too.
    """
    nw = narwhals()
    by_entry = {id(entry): _shaped(entry, line, columns) for entry in {id(each): each for each in entries}.values()}
    rules = [by_entry[id(entry)] for entry in entries]
    made: dict[str, tuple[Any, list[Any]]] = {}

    def column(name: str, of: Any, values: Iterable[Any]) -> Any:
        made[f"{OWN}{name}"] = (of, list(values))
        return nw.col(f"{OWN}{name}")

    def numbers(name: str, of: Any, rows: list[list[Any]]) -> list[Any]:
        most = max(map(len, rows), default=0)
        return [column(f"{name}{place}", of, (_at(row, place) for row in rows)) for place in range(most)]

    reading = _Reading.of(columns, kind, nw)
    starts = numbers("start", line.kind, [each.starts for each in rules])
    shapes = [shape for shape, _ in Counter(each.shape for each in rules).most_common()]
    shapes.sort(
        key=lambda shape: set(shape.statuses) == {Status.UNRATED.value}
    )  # most rows have a rule that rates them
    unrated, no_band, no_way = _nothing(nw)
    unknown = {
        columns.into: unrated, columns.reason: nw.lit(book.entries[-1].reason), columns.distance: no_way,
        columns.band: no_band,
    }  # fmt: skip
    made_of: list[tuple[Any, _Terms]]
    if sum(len(shape.statuses) for shape in shapes) <= WRITTEN:
        limits = numbers("limit", nw.Float64(), [each.limits for each in rules])
        which = {shape: number for number, shape in enumerate(shapes)}
        number = column("shape", nw.Int16(), (which[each.shape] for each in rules))
        made_of = [
            (number == which[shape], _literally(shape, starts[: len(shape.statuses) - 1], limits, reading, nw))
            for shape in reversed(shapes)
        ]
    else:
        is_whole = column("whole", nw.Boolean(), (each.shape.is_whole for each in rules))
        made_of = [(~is_whole.is_null(), _in_columns(rules, starts, is_whole, column, reading, nw))]
    expressions = {name: unknown[name] for name in columns.new}
    for is_it, terms in made_of:
        for name, found in _expressions(terms, columns, reading, nw).items():
            expressions[name] = nw.when(is_it).then(found).otherwise(expressions[name])
    return _Joined(made, expressions)


def _at(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None


def _in_columns(
    rules: list[_Shaped], starts: list[Any], is_whole: Any, column: Callable[[str, Any, Iterable[Any]], Any],
    reading: _Reading, nw: Any,
) -> _Terms:  # fmt: skip
    """The shapes of rules as columns of their table, which ``column`` makes."""

    def words(name: str, of: Any, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """A column for each place; one where a rule has no place is never looked at."""
        if not any(value is not None for row in rows for value in row):
            return [nw.lit(None, dtype=of)] * (len(starts) + 1)
        return [column(f"{name}{place}", of, (_at(row, place) for row in rows)) for place in range(len(starts) + 1)]

    def limits(which: Callable[[_Shape], tuple[int | None, ...]]) -> list[list[float | None]]:
        return [[each.limits[limit] if limit is not None else None for limit in which(each.shape)] for each in rules]

    statuses = words("status", nw.String(), [each.shape.statuses for each in rules])
    below = words("below", nw.Float64(), limits(lambda shape: shape.below))
    above = words("above", nw.Float64(), limits(lambda shape: shape.above))
    return _Terms(
        starts, statuses, words("reason", nw.String(), [each.shape.reasons for each in rules]),
        words("band", nw.Int16(), [each.shape.bands for each in rules]),
        [
            nw.when(status == Status.GREEN.value).then(nw.lit(0.0)).otherwise(reading.way(down, up, nw))
            for status, down, up in zip(statuses, below, above, strict=True)
        ],
        column("missing", nw.String(), (each.shape.missing_reason for each in rules)),
        column("bad", nw.String(), (each.shape.bad_reason for each in rules)), is_whole,
    )  # fmt: skip


def _made(whole: Any, columns: list[tuple[str, Any]], rows: list[tuple[Any, ...]]) -> Any:
    """A small table in the engine, and the session, of a frame."""
    nw = narwhals()
    native, engine = whole.to_native(), whole.implementation.value
    if engine == "duckdb":
        given = in_duckdb(
            (name, _type(kind, _DUCKDB), [row[place] for row in rows]) for place, (name, kind) in enumerate(columns)
        )
        return nw.from_native(native.query(f"{OWN}readings", given))
    if engine.startswith("pyspark"):
        return nw.from_native(_in_spark(native, columns, rows).hint("broadcast"))
    if engine == "ibis":
        return nw.from_native(import_module("ibis").memtable(_in_arrow(columns, rows)))
    raise SettingError(f"rules by name are not rated on {engine}", hint="give one rule, or collect the rows first")


def _in_spark(frame: Any, columns: list[tuple[str, Any]], rows: list[tuple[Any, ...]]) -> Any:
    """A small table in the session of a frame of Spark.

    One of PyArrow travels with the plan, which Spark takes from 4.0 on; rows of Python are unpacked by Python on the
    workers.
    """
    session = frame.sparkSession
    if int(import_module("pyspark").__version__.split(".")[0]) >= 4:
        return session.createDataFrame(_in_arrow(columns, rows))
    return session.createDataFrame(rows, ", ".join(f"{name} {_type(kind, _SPARK)}" for name, kind in columns))


def _in_arrow(columns: list[tuple[str, Any]], rows: list[tuple[Any, ...]]) -> Any:
    """A small table of PyArrow; raises ``MissingExtraError`` where it is not installed."""
    try:
        arrow = import_module("pyarrow")
    except ImportError:
        raise MissingExtraError(
            "this kind of data frame needs the package pyarrow", hint="pip install pyarrow"
        ) from None
    return arrow.table(
        {
            name: arrow.array([row[place] for row in rows], type=_arrow_type(kind, arrow))
            for place, (name, kind) in enumerate(columns)
        }
    )


_DUCKDB: Final = {
    "String": "VARCHAR", "Boolean": "BOOLEAN", "Float64": "DOUBLE", "Decimal": "DECIMAL", "Int8": "TINYINT",
    "Int16": "SMALLINT", "Int32": "INTEGER", "Int64": "BIGINT", "Int128": "HUGEINT", "UInt8": "UTINYINT",
    "UInt16": "USMALLINT", "UInt32": "UINTEGER", "UInt64": "UBIGINT", "UInt128": "UHUGEINT", "Date": "DATE",
}  # fmt: skip
_SPARK: Final = {
    "String": "string", "Boolean": "boolean", "Float64": "double", "Decimal": "decimal", "Int8": "tinyint",
    "Int16": "smallint", "Int32": "int", "Int64": "bigint", "Date": "date",
}  # fmt: skip


def _type(kind: Any, names: dict[str, str]) -> str:
    """A type as an engine calls it."""
    name = type(kind).__name__
    return f"{names[name]}({kind.precision}, {kind.scale})" if name == "Decimal" else names[name]


def _arrow_type(kind: Any, arrow: Any) -> Any:
    name = type(kind).__name__
    return (
        arrow.decimal128(kind.precision, kind.scale)
        if name == "Decimal"
        else getattr(arrow, _ARROW.get(name, name.lower()))()
    )


_ARROW: Final = {"Boolean": "bool_", "Date": "date32"}


# rows that have times -----------------------------------------------------------------------------------------------------


def _over_time(whole: Any, book: Book, columns: Columns, line: _Line, schema: Any, kind_of_names: Any) -> Any:
    """The rows with the numbers of their moments, and the rules joined to them by name and moment."""
    nw = narwhals()
    assert columns.on is not None
    place = _placed_by_day if isinstance(schema[columns.on], nw.Date | nw.Datetime) else _placed_by_text
    placed, moments = place(whole, book, columns.on)
    names = list(book.numbers) if book.numbers is not None else [None]
    entries = [
        _entries_at(number, book, moments) for number in (book.numbers.values() if book.numbers is not None else [0])
    ]
    made = _joined([entry for each in entries for entry in each], book, line, columns, schema[columns.reading])
    left, right = [f"{OWN}moment"], [f"{OWN}place"]
    keys: list[tuple[str, Any, list[Any]]] = [(right[0], nw.Int64(), list(moments.values()) * len(names))]
    if columns.key is not None:
        left, right = [*left, columns.key], [*right, f"{OWN}name"]
        keys.append((right[1], kind_of_names, [name for name in names for _ in moments]))
    joined = placed.join(_made(whole, *made.table(*keys)), left_on=left, right_on=right, how="left")
    return joined.with_columns(**made.expressions).select(*schema.names(), *columns.new)


def _placed_by_day(whole: Any, book: Book, on: str) -> tuple[Any, dict[Moment, int]]:
    """The rows with the numbers of their moments, which are found by comparing days, and the moments.

    Where rules change with each month, those of the rows are known, which are fetched for that; a day in another that
    comes later is unrated.
    """
    nw = narwhals()
    changes, time = changes_of(book), nw.col(on).cast(nw.Date())
    moments: dict[Moment, int] = {None: 0}
    spans, beyond = [(FIRST_DAY, LAST_DAY)], 0
    if changes.monthly:
        _check_fetchable(whole, on)
        spans, beyond = _spans(whole, time), moments.setdefault(_LATER, len(moments))
    #: from which day on the rows have the moment of which number
    starts: list[tuple[date, int]] = []
    after = FIRST_DAY
    for first, last in spans:
        if starts and after < first:
            starts.append((after, beyond))
        starts += [
            (start, moments.setdefault(changes.stretch(start), len(moments))) for start in changes.between(first, last)
        ]
        after = last + timedelta(days=1)

    def number(low: int, high: int) -> Any:
        """The number of the stretch that a day is in, from one stretch to before another."""
        if high - low == 1:
            return nw.lit(starts[low][1], dtype=nw.Int64())
        middle = (low + high) // 2
        return (
            nw.when(time >= nw.lit(starts[middle][0], dtype=nw.Date()))
            .then(number(middle, high))
            .otherwise(number(low, middle))
        )

    none = nw.lit(0, dtype=nw.Int64())
    if beyond:
        none = nw.when(_is_between(time, FIRST_DAY, LAST_DAY)).then(nw.lit(beyond, dtype=nw.Int64())).otherwise(none)
    known = nw.when(_is_between(time, spans[0][0], spans[-1][1])).then(number(0, len(starts))).otherwise(none)
    return whole.with_columns(**{f"{OWN}moment": known}), moments


#: up to so many months from the first to the last are all taken for those of the rows
_FEW_MONTHS: Final = 120


def _spans(whole: Any, time: Any) -> list[tuple[date, date]]:
    """The first and the last days of the times that the rows are of, which are fetched: of one, or of many far apart."""
    nw = narwhals()
    day = nw.col(f"{OWN}time")
    days = whole.select(**{f"{OWN}time": time}).filter(_is_between(day, FIRST_DAY, LAST_DAY))
    found = days.select(**{f"{OWN}first": day.min(), f"{OWN}last": day.max()}).collect(backend="pyarrow")
    bounds = found.to_native().to_pylist()[0]
    first, last = (bounds[f"{OWN}{name}"] or FIRST_DAY for name in ("first", "last"))
    if 12 * (last.year - first.year) + last.month - first.month < _FEW_MONTHS:
        return [(first, last)]
    # one day that is a placeholder, or mistyped, would stand for centuries
    month = (day.dt.year().cast(nw.Int64()) * 12 + day.dt.month().cast(nw.Int64()) - 1).alias(f"{OWN}month")
    months = days.select(month).unique().collect(backend="pyarrow").to_native()[f"{OWN}month"].to_pylist()
    spans: list[tuple[date, date]] = []
    for begin in (date(number // 12, number % 12 + 1, 1) for number in sorted(months)):
        end = add_months(begin, 1) - timedelta(days=1)
        is_next = spans and spans[-1][1] + timedelta(days=1) == begin
        spans[-1:] = [(spans[-1][0], end)] if is_next else [*spans[-1:], (begin, end)]
    return spans


#: why what depends on time is unrated on days, and by texts, that come into the rows after these were looked at
_LATER: Final = Reason.NO_DATE


def _is_between(time: Any, first: date, last: date) -> Any:
    """The condition that a day is from one to another."""
    nw = narwhals()
    return (time >= nw.lit(first, dtype=nw.Date())) & (time <= nw.lit(last, dtype=nw.Date()))


def _placed_by_text(whole: Any, book: Book, on: str) -> tuple[Any, dict[Moment, int]]:
    """The rows with the numbers of their moments, joined to them by text, and the moments.

    The distinct texts are fetched for that; one that is new when the query runs is unrated.
    """
    nw = narwhals()
    _check_fetchable(whole, on)
    marked = whole.with_columns(**{f"{OWN}time": nw.col(on).cast(nw.String())})
    found = marked.select(f"{OWN}time").unique().collect(backend="pyarrow").to_native()
    changes, years = changes_of(book), Years.of(book)
    moments: dict[Moment, int] = {None: 0, _LATER: 1}
    places = {
        value: moments.setdefault(moment_of(value, years, changes), len(moments))
        for value in found[f"{OWN}time"].to_pylist()
        if value is not None
    }
    texts = _made(whole, [(f"{OWN}text", nw.String()), (f"{OWN}at", nw.Int64())], list(places.items()))
    placed = marked.join(texts, left_on=f"{OWN}time", right_on=f"{OWN}text", how="left")
    unknown = nw.when(nw.col(f"{OWN}time").is_null()).then(nw.lit(0)).otherwise(nw.lit(1))
    at = nw.col(f"{OWN}at")
    number = nw.when(at.is_null()).then(unknown).otherwise(at).cast(nw.Int64())
    return placed.with_columns(**{f"{OWN}moment": number}), moments


def _entries_at(number: int, book: Book, moments: Iterable[Moment]) -> list[Entry]:
    """The entry for a rule of a book at each moment."""
    entry = book.entries[number]
    if entry.timed is None or not entry.timed.depends_on_time:
        return [entry for _ in moments]
    return [entry_at(entry.timed, moment, book.shares) for moment in moments]


# readings that are no numbers ---------------------------------------------------------------------------------------------


def _by_value(whole: Any, book: Book, columns: Columns, names: list[str]) -> Any:
    """Texts and other values: the distinct ones are fetched, rated in memory, and joined to the rows."""
    nw = narwhals()
    read = columns.read
    helpers: dict[str, Any] = {}
    for number, name in enumerate(read):
        helpers[f"{OWN}is{number}"] = nw.col(name).is_null()
        helpers[f"{OWN}as{number}"] = nw.col(name).cast(nw.String).fill_null("")
    marked = whole.with_columns(**helpers)
    pairs = marked.select(*read, *helpers).unique().collect(backend="pyarrow").to_native()
    engine = engine_of(pairs)
    assert engine is not None
    own = columns.renamed(OWN)
    found = rated(engine, book, own).select([*helpers, *own.new])
    kinds = {own.into: nw.String(), own.reason: nw.String(), own.distance: nw.Float64(), own.band: nw.Int16()}
    kinds |= {name: nw.Boolean() if "is" in name.removeprefix(OWN) else nw.String() for name in helpers}
    listed = [(name, kinds[name]) for name in found.column_names]
    rows = list(zip(*(column.to_pylist() for column in found.columns), strict=True))
    table = _made(whole, listed, rows)
    joined = marked.join(table, on=list(helpers), how="left")
    return joined.select(*names, *(nw.col(old).alias(new) for old, new in zip(own.new, columns.new, strict=True)))
