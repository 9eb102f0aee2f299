"""Numbers in Polars, rated by Polars: the limits of each row's rule are gathered and compared by its own engine.

So all of its threads rate, which threads of Python, that hand the interpreter over at each operation, do not manage.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

from rag_rules.frames.book import Book, Columns, column_problem
from rag_rules.frames.engines import (
    STATUSES,
    are_texts,
    are_whole,
    in_a_row,
    looked_up,
    numpy,
    plain_texts,
    polars_labels,
    wide_kinds,
)
from rag_rules.frames.tables import Notes, table_of

__all__ = ["rated_in_polars"]

#: so many rows are worth the start of the engine
_MANY: Final = 100_000
#: the first version whose engine for this is tested; with any before, batches are rated in NumPy
_SINCE: Final = (1, 25)
#: rules beyond which their tables take more to gather from than the processor has at hand
_RULES: Final = 100_000


def rated_in_polars(frame: Any, book: Book, columns: Columns, least: int = _MANY) -> Any:
    """The frame with its new columns; ``None`` if it has fewer rows, or readings other than numbers, for NumPy to rate."""
    version = import_module("polars").__version__
    if len(frame) < least or tuple(int(part) for part in version.split(".")[:2]) < _SINCE:
        return None
    if (problem := column_problem(columns, frame.columns)) is not None:
        raise problem
    # under names of its own: Polars takes “*” and “^…$” for patterns
    taken = {"reading": columns.reading} | ({"rule": columns.key} if columns.key is not None else {})
    found = _expressions({name: frame.schema[column] for name, column in taken.items()}, book, columns)
    if found is None:
        return None
    code, new = found
    columns_taken = [frame.get_column(column).alias(name) for name, column in taken.items()]
    query = type(frame)(columns_taken).lazy().select("reading", *code)
    made = query.select(expression.alias(str(place)) for place, expression in enumerate(new)).collect(
        engine="streaming"
    )
    return frame.hstack([column.alias(name) for column, name in zip(made.get_columns(), columns.new, strict=True)])


def _expressions(schema: dict[str, Any], book: Book, columns: Columns) -> tuple[list[Any], list[Any]] | None:
    """The number of the rule, on the way, and the new columns by it; ``None`` where it takes more."""
    polars = import_module("polars")
    kind = schema["reading"]
    is_number = kind.is_numeric() and not kind.is_decimal() and kind not in _others(polars)
    is_too_much = columns.target is not None or columns.distance is not None or columns.on is not None
    if not is_number or is_too_much or len(book.entries) > _RULES:
        return None
    if "rule" not in schema or book.numbers is None:
        return [], _Rating(polars, book, columns, kind, None, [0]).new()
    coded = _coded(polars, schema["rule"], book.numbers, len(book.entries) - 1)
    if coded is None:
        return None
    code, rows = coded
    rating = _Rating(polars, book, columns, kind, polars.col("code"), [*rows, len(book.entries) - 1])
    return [code.alias("code")], rating.new()


def _others(polars: Any) -> list[Any]:
    """Numbers that NumPy has no type for, or Polars no mathematics."""
    return [*wide_kinds(polars), *([polars.Float16] if hasattr(polars, "Float16") else [])]


def _coded(polars: Any, kind: Any, numbers: dict[Any, int], unknown: int) -> tuple[Any, Sequence[int]] | None:
    """The code of the name in each row, null for what is no name of a rule, and the number of the rule for each."""
    name = polars.col("rule")
    if isinstance(kind, polars.Enum):
        if len(kind.categories) == 0:
            return None
        return name.to_physical(), looked_up(kind.categories.to_list(), numbers, unknown).tolist()
    if kind.is_integer() and kind not in _others(polars) and are_whole(numbers):
        row = in_a_row(sorted(numbers), numbers, unknown)
        return (_counted(polars, name, min(numbers), len(row)), row) if row is not None else None
    if not numbers or not are_texts(numbers) or not (isinstance(kind, polars.Categorical) or kind == polars.String):
        return None
    return name.cast(polars.Enum(plain_texts(numbers)), strict=False).to_physical(), list(numbers.values())


def _counted(polars: Any, number: Any, first: int, count: int) -> Any:
    """How far a whole number is from the first; null beyond so many."""
    number = number.cast(polars.Int64, strict=False)
    return polars.when(number.is_between(first, first + count - 1)).then(number - first).cast(polars.UInt32)


class _Rating:
    """The new columns of readings, as expressions."""

    def __init__(self, polars: Any, book: Book, columns: Columns, kind: Any, code: Any, rows: list[int]) -> None:
        """``code`` is the expression of the number of a rule among ``rows``, the last of which is for none."""
        self._polars, self._columns, self._code = polars, columns, code
        self._notes: Notes = book.made.setdefault("notes", Notes())
        of_numpy = polars.Series([], dtype=kind).to_numpy().dtype
        table = table_of(book, of_numpy, 0, self._notes, with_distances=False)
        self._table = table.ordered(numpy().array(rows, dtype=numpy().intp))
        self._kinds = self._table.starts // self._table.width
        self._number = polars.col("reading")
        self._is_float = kind.is_float()

    def new(self) -> list[Any]:
        """The new columns that are wanted."""
        polars, columns, table = self._polars, self._columns, self._table
        reasons = polars.Series([*self._notes.texts, None], dtype=polars.String)
        bands = polars.Series([*range(int(table.bands.max()) + 1), None], dtype=polars.Int16)
        wanted = (
            (columns.into, table.statuses, polars_labels(tuple(STATUSES), is_status=True)),
            (columns.reason, table.reasons, reasons),
            (columns.band, table.bands, bands),
        )
        return [self._picked(numbers, labels) for name, numbers, labels in wanted if name is not None]

    def _picked(self, numbers: Any, labels: Any) -> Any:
        """The label of the place that the reading is in, of the numbers of labels by rule and place."""
        when, number, table = self._polars.when, self._number, self._table
        of_places = numbers.take(self._kinds, axis=0).T
        found = self._of_rule(of_places[1], labels)
        for cuts, of_place, before in zip(table.cuts, of_places[2:], of_places[1:], strict=False):
            if (of_place != before).any():
                limit = self._of_rule(cuts, None)
                found = when(number >= limit).then(self._of_rule(of_place, labels)).otherwise(found)
        if table.whole is not None:
            is_bad = (number != number.floor()) & self._of_rule(table.whole, None)
            found = when(is_bad).then(self._of_rule(of_places[-1], labels)).otherwise(found)
        is_none = number.is_null() | number.is_nan() if self._is_float else number.is_null()
        if self._code is not None:
            is_none |= self._code.is_null()
        return when(is_none).then(self._of_rule(of_places[0], labels, is_for_all=True)).otherwise(found)

    def _of_rule(self, numbers: Any, labels: Any, *, is_for_all: bool = False) -> Any:
        """The number for the rule of each row, or the label of that number; ``is_for_all`` means also rows of no rule."""
        lit = self._polars.lit
        values = self._polars.Series(numbers) if labels is None else labels[numbers]
        known = numbers if is_for_all or self._code is None else numbers[:-1]
        if (known == known[0]).all():
            return lit(values[0], dtype=values.dtype)
        code = self._code.fill_null(len(numbers) - 1) if is_for_all else self._code
        return lit(values).gather(code)
