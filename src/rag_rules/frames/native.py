"""Engines that rate where the data are (DuckDB, Spark, Ibis): comparisons as their own expressions, through narwhals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any, Final, NamedTuple

from rag_rules.bands import float_cut, narrow_float_cut
from rag_rules.errors import MissingExtraError, SettingError
from rag_rules.frames.book import Book, Columns, Entry, column_problem
from rag_rules.frames.eager import beside, rated, whole_cut
from rag_rules.frames.engines import engine_of
from rag_rules.number_line import BAD_READING, Verdict
from rag_rules.status import Status
from rag_rules.steps import Cut

__all__ = ["OWN", "narwhals", "native_of", "rated_natively"]

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
        raise SettingError(f"{kind.__module__}.{kind.__name__} is no data frame that is known") from None
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
    if (problem := column_problem(columns, schema.names())) is not None:
        raise problem
    if columns.target is not None:
        found = whole.select(columns.target).unique().collect()
        book.learn(found[columns.target].to_list())
    kind = schema[columns.reading]
    if not kind.is_numeric():
        return nw.to_native(_by_value(whole, book, columns, schema.names()))
    line = _line(kind)
    if book.numbers is None:
        expressions = _expressions(_written(book.entries[0], line, nw), columns, kind, nw)
        return nw.to_native(whole.with_columns(**expressions))
    assert columns.key is not None
    table, places = _table(book, line, columns, whole, kind)
    joined = whole.join(table, left_on=columns.key, right_on=f"{OWN}name", how="left")
    expressions = _expressions(_joined(places, columns, book, nw), columns, kind, nw)
    return nw.to_native(joined.with_columns(**expressions).select(*schema.names(), *columns.new))


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
    grid = Decimal(1).scaleb(-kind.scale)
    most_of = (Decimal(10) ** kind.precision - 1) * grid
    return _Line(kind, lambda cut: _on_grid(cut, kind.scale), -most_of, most_of)


def _on_grid(cut: Cut[Decimal], scale: int) -> Decimal:
    """The least number of so many decimals after a cut."""
    return Decimal(whole_cut(Cut(cut.at.scaleb(scale), cut.side))).scaleb(-scale)


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


class _Terms(NamedTuple):
    """What the expressions are made of: literals for one rule, columns of a joined table for many."""

    starts: list[Any]
    statuses: list[Any]
    reasons: list[Any]
    bands: list[Any]
    below: list[Any]
    above: list[Any]
    missing_reason: Any
    bad_reason: Any
    is_whole: Any
    is_known: Any
    #: the reason where no rule is known
    if_unknown: str


def _written(entry: Entry, line: _Line, nw: Any) -> _Terms:
    places = _places(entry, line)

    def reason(verdict: Verdict) -> Any:
        return nw.lit(str(entry.reason or verdict.reason or "") or None, dtype=nw.String)

    return _Terms(
        [nw.lit(each.start, dtype=line.kind) for each in places[1:]],
        [nw.lit(each.verdict.status.value) for each in places],
        [reason(each.verdict) for each in places],
        [nw.lit(each.verdict.band, dtype=nw.Int16) for each in places],
        [nw.lit(_or_null(each.below), dtype=nw.Float64) for each in places],
        [nw.lit(_or_null(each.above), dtype=nw.Float64) for each in places],
        reason(entry.line.missing), reason(BAD_READING), nw.lit(True) if entry.line.is_whole else None, None, "",
    )  # fmt: skip


def _or_null(number: float) -> float | None:
    return number if number == number else None


def _expressions(terms: _Terms, columns: Columns, kind: Any, nw: Any) -> dict[str, Any]:
    """The new columns by name."""
    number = nw.col(columns.reading)
    missing = number.is_null() | number.is_nan() if kind.is_float() else number.is_null()
    not_whole = None
    if terms.is_whole is not None and not kind.is_integer():
        not_whole = (number % 1 != 0) & terms.is_whole
        if kind.is_float():  # from 2^53 on all are whole, and of the infinite no engine can tell
            not_whole = (number.abs() < 2**53) & not_whole

    def picked(choices: Sequence[Any], if_missing: Any, if_bad: Any, if_unknown: Any) -> Any:
        """The choice for the place that the number is in; null cuts, which are no cuts, are passed over."""
        found = choices[0]
        for start, choice in zip(terms.starts, choices[1:], strict=True):
            found = nw.when(number >= start).then(choice).otherwise(found)
        if not_whole is not None:
            found = nw.when(not_whole).then(if_bad).otherwise(found)
        found = nw.when(missing).then(if_missing).otherwise(found)
        return found if terms.is_known is None else nw.when(terms.is_known).then(found).otherwise(if_unknown)

    unrated = nw.lit(Status.UNRATED.value)
    status = picked(terms.statuses, unrated, unrated, unrated)
    made = {columns.into: status}
    if columns.reason is not None:
        made[columns.reason] = picked(terms.reasons, terms.missing_reason, terms.bad_reason, nw.lit(terms.if_unknown))
    if columns.distance is not None:
        none = nw.lit(None, dtype=nw.Float64)
        as_float = number.cast(nw.Float64)
        down = picked(terms.below, none, none, none) - as_float
        up = picked(terms.above, none, none, none) - as_float
        nearer = nw.when(up.is_null() | (down.abs() <= up.abs())).then(down).otherwise(up)
        made[columns.distance] = nw.when(status == Status.GREEN.value).then(nw.lit(0.0)).otherwise(nearer)
    if columns.band is not None:
        none = nw.lit(None, dtype=nw.Int16)
        made[columns.band] = picked(terms.bands, none, none, none)
    return {name: made[name] for name in columns.new}


# many rules: a table of them, joined to the rows ------------------------------------------------------------------------


def _table(book: Book, line: _Line, columns: Columns, whole: Any, kind: Any) -> tuple[Any, int]:
    """A table of the rules of a book by name, and how many places a rule has."""
    nw = narwhals()
    assert book.numbers is not None
    lines = {name: _places(book.entries[number], line) for name, number in book.numbers.items()}
    most = max((len(places) for places in lines.values()), default=1)
    wanted: list[tuple[str, Any]] = [(f"{OWN}name", _kind_of_names(list(book.numbers)))]
    for place in range(most):
        wanted += [(f"{OWN}start{place}", line.kind)] if place else []
        wanted += [(f"{OWN}status{place}", nw.String())]
        wanted += [(f"{OWN}reason{place}", nw.String())] if columns.reason is not None else []
        wanted += [(f"{OWN}band{place}", nw.Int16())] if columns.band is not None else []
        if columns.distance is not None:
            wanted += [(f"{OWN}below{place}", nw.Float64()), (f"{OWN}above{place}", nw.Float64())]
    wanted += [(f"{OWN}missing", nw.String()), (f"{OWN}bad", nw.String()), (f"{OWN}whole", nw.Boolean())]
    rows = []
    for name, number in book.numbers.items():
        entry, places = book.entries[number], lines[name]
        row: dict[str, Any] = {
            "name": name, "missing": entry.reason or entry.line.missing.reason, "bad": entry.reason or BAD_READING.reason,
            "whole": entry.line.is_whole,
        }  # fmt: skip
        for index in range(most):
            found = places[min(index, len(places) - 1)]
            row[f"start{index}"] = found.start if index < len(places) else None
            row[f"status{index}"], row[f"band{index}"] = found.verdict.status.value, found.verdict.band
            row[f"reason{index}"] = entry.reason or found.verdict.reason
            row[f"below{index}"], row[f"above{index}"] = _or_null(found.below), _or_null(found.above)
        rows.append(tuple(_plain(row[full.removeprefix(OWN)]) for full, _ in wanted))
    return _made(whole, wanted, rows), most


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _joined(most: int, columns: Columns, book: Book, nw: Any) -> _Terms:
    def each(name: str, is_wanted: object = True) -> list[Any]:
        return [nw.col(f"{OWN}{name}{place}") for place in range(most)] if is_wanted is not None else []

    is_whole = nw.col(f"{OWN}whole") if any(entry.line.is_whole for entry in book.entries) else None
    return _Terms(
        each("start")[1:], each("status"), each("reason", columns.reason), each("band", columns.band),
        each("below", columns.distance), each("above", columns.distance), nw.col(f"{OWN}missing"), nw.col(f"{OWN}bad"),
        is_whole, ~nw.col(f"{OWN}whole").is_null(), book.entries[-1].reason,
    )  # fmt: skip


def _kind_of_names(names: Iterable[Any]) -> Any:
    nw = narwhals()
    kinds = {type(name) for name in names}
    if kinds <= {str}:
        return nw.String()
    if kinds == {int}:
        return nw.Int64()
    raise SettingError("the names of rules are all texts, or all whole numbers")


def _made(whole: Any, columns: list[tuple[str, Any]], rows: list[tuple[Any, ...]]) -> Any:
    """A small table in the engine, and the session, of a frame."""
    nw = narwhals()
    native, engine = whole.to_native(), whole.implementation.value
    if engine == "duckdb":
        types = _sql_types(columns)
        listed = ", ".join(f"({', '.join(map(_sql_literal, row))})" for row in rows or [(None,) * len(columns)])
        names = [name for name, _ in columns]
        selected = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in zip(names, types, strict=True))
        inside = ", ".join(f'"{name}"' for name in names)
        query = f'SELECT {selected} FROM (VALUES {listed}) AS rules({inside}) WHERE "{names[0]}" IS NOT NULL'
        return nw.from_native(native.query(f"{OWN}readings", query))
    if engine.startswith("pyspark"):
        return nw.from_native(_in_spark(native, _arrow(columns, rows)).hint("broadcast"))
    if engine == "ibis":
        return nw.from_native(import_module("ibis").memtable(_arrow(columns, rows)))
    raise SettingError(f"rules by name are not rated on {engine}", hint="give one rule, or collect the rows first")


def _in_spark(frame: Any, table: Any) -> Any:
    """A table in the session of a frame of Spark; from 4.0 on it travels with the plan, and no worker needs Python."""
    session = frame.sparkSession
    if int(import_module("pyspark").__version__.split(".")[0]) >= 4:
        return session.createDataFrame(table)
    kinds = ", ".join(f"{field.name} {_SPARK_TYPES.get(str(field.type), str(field.type))}" for field in table.schema)
    return session.createDataFrame(list(zip(*(each.to_pylist() for each in table.columns), strict=True)), kinds)


#: what types of Arrow are called in Spark, where that differs
_SPARK_TYPES: Final = {"bool": "boolean", "int8": "tinyint", "int16": "smallint", "int32": "int", "int64": "bigint"}


def _arrow(columns: list[tuple[str, Any]], rows: list[tuple[Any, ...]]) -> Any:
    """A table of PyArrow, whose types are exact."""
    try:
        pa = import_module("pyarrow")
    except ImportError:
        raise MissingExtraError(
            "this kind of data frame needs the package pyarrow", hint="pip install pyarrow"
        ) from None
    own = {"String": pa.string(), "Boolean": pa.bool_(), "Float64": pa.float64()}
    made = {}
    for number, (name, kind) in enumerate(columns):
        called = type(kind).__name__
        if called == "Decimal":
            type_ = pa.decimal128(kind.precision, kind.scale)
        elif called in own:
            type_ = own[called]
        else:
            type_ = getattr(pa, called.lower())()
        made[name] = pa.array([row[number] for row in rows], type=type_)
    return pa.table(made)


def _sql_types(columns: list[tuple[str, Any]]) -> list[str]:
    names = {"String": "VARCHAR", "Boolean": "BOOLEAN", "Float64": "DOUBLE", "Int16": "SMALLINT", "Int64": "BIGINT"}
    return [
        f"DECIMAL({kind.precision}, {kind.scale})"
        if type(kind).__name__ == "Decimal"
        else names.get(type(kind).__name__, "HUGEINT")
        for _, kind in columns
    ]


def _sql_literal(value: Any) -> str:
    """A value in SQL, as text where that is exact; what stands in quotation marks ends at none within."""
    if value is None:
        return "NULL"
    text = str(value).replace("'", "''")
    if "\x00" in text:
        raise SettingError("the name of a rule holds a character that no database takes", text=text)
    return f"'{text}'"


# readings that are no numbers ---------------------------------------------------------------------------------------------


def _by_value(whole: Any, book: Book, columns: Columns, names: list[str]) -> Any:
    """Texts and other values: the distinct ones are fetched, rated in memory, and joined to the rows."""
    nw = narwhals()
    read = [columns.reading, *([columns.key] if columns.key not in (None, columns.reading) else [])]
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
