"""Batches of readings to batches with statuses, by the rules of a scorecard."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rag_rules.errors import ReadingSyntaxError, SettingError
from rag_rules.expressions import expression
from rag_rules.files.decimal_commas import COULD_BE_EITHER, NO_COMMAS, RATE, SHOWN, DecimalCommas
from rag_rules.files.tables import printable
from rag_rules.frames.book import NO_SUCH_RULE, Book, Columns, Times, book_of
from rag_rules.frames.eager import rated
from rag_rules.frames.engines import STATUSES, engine_of
from rag_rules.rulebook import SEVERAL_RULES, RuleBook
from rag_rules.settings import Setting
from rag_rules.status import Reason, Status
from rag_rules.streams.counts import MOST_EXAMPLES, Counts
from rag_rules.syntax.reading import Missing, parse_reading

__all__ = ["DecimalCommaSeenError", "Rating"]

#: so many spellings of names are taken for others; what has more is no list of indicators
_MOST_SPELLINGS: Final = 10_000
#: for so many batches it is remembered what the texts of times mean
_REMEMBERED: Final = 64
#: a number as the judge takes it, whether it stands in a text or a column of numbers; up to so many signs, a float of
#: 64 bits stands for it alone
_PLAIN: Final = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$"
_LONGEST_PLAIN: Final = 15

#: by reason: the column with the texts that are shown as examples of it
_EXAMPLES: Final = {Reason.BAD_READING.value: "reading", SEVERAL_RULES.reason: "rule"}


class DecimalCommaSeenError(Exception):
    """A reading has a decimal comma, and those before it were rated as if there were none."""

    def __init__(self, cell: str) -> None:
        super().__init__(cell)
        self.cell = cell


class Rating:
    """Rates one batch after another and counts what it finds."""

    def __init__(
        self,
        book: RuleBook,
        columns: Columns,
        schema: Any,
        shares: bool | None,
        commas: DecimalCommas = NO_COMMAS,
    ) -> None:
        """Raises ``SettingError`` for columns of a type that is none of readings, or none of names."""
        assert columns.rule is not None
        self._commas = commas
        self.counts = Counts()
        self._given, self._shares = book, shares
        self._columns = columns
        self._own = replace(
            columns, reading="reading", rule="rule", into="status", reason="reason", on=columns.on and "on"
        )
        self._own = replace(self._own, distance=columns.distance and "distance", band=columns.band and "band")
        self._rules, self._batches = dict(book.rules), 0
        self._book = self._new_book()
        _refuse_names(columns.rule, schema.field(columns.rule).type)
        _refuse_readings(columns.reading, schema.field(columns.reading).type)
        nothing = self.rated(schema.empty_table())
        self.schema = nothing.schema

    def rated(self, batch: Any) -> Any:
        """A table with its new columns behind the others.

        Raises ``DecimalCommaSeenError`` for the first reading with a decimal comma, unless it is known that there are some.
        """
        readings = _plain_column(batch.column(self._columns.reading), self._columns.reading)
        readings = _without(readings, self._given.missing)
        names = _texts(batch.column(self._columns.rule), self._columns.rule)
        table = pa.table([readings, names], names=["reading", "rule"])
        if self._columns.on is not None:
            self._forget_times()
            table = table.append_column("on", _plain_column(batch.column(self._columns.on), self._columns.on))
        found = self._judged(table)
        unknown = self._unknown(found, names)
        learnt = [name for name in unknown if self._learn(name)]
        if learnt:
            self._book = self._new_book()
            found = self._judged(table)
            unknown = self._unknown(found, names)
        self._count(found, unknown)
        self._remember(found, table)
        for own, name in zip(self._own.new, self._own_names(), strict=True):
            if name is not None:
                batch = batch.append_column(name, found.column(own))
        return batch

    def _own_names(self) -> tuple[str | None, ...]:
        """What each of the columns that are worked out is called in the file; ``None`` for one that nobody wants."""
        asked = self._columns
        others = [name for name in (asked.distance, asked.band) if name is not None]
        return (asked.into, asked.reason, *others)

    # rules

    def _new_book(self) -> Book:
        times = Times(year=self._given.year) if self._own.on is not None else Times()
        return book_of(self._rules, self._own, Setting(), self._shares, times)

    def _forget_times(self) -> None:
        """Forget from time to time what is known of times, of which a hostile file has one for each row."""
        self._batches += 1
        if self._batches % _REMEMBERED == 0:
            self._book = self._new_book()

    def _learn(self, name: str | None) -> bool:
        """Whether a name that has no rule is another spelling of one that has, which is known from now on."""
        meant = self._given.meant(name) if name is not None and len(self.counts.respelt) < _MOST_SPELLINGS else None
        if name is None or meant is None:
            return False
        self._rules[name] = self._given.rules[meant]
        self.counts.respelt[name] = meant
        return True

    def _unknown(self, found: Any, names: Any) -> dict[str | None, int]:
        """The names that have no rule, each with the number of its rows."""
        reasons = found.column("reason").combine_chunks()
        number = pc.index(reasons.dictionary, NO_SUCH_RULE).as_py()
        if number < 0:
            return {}
        is_unknown = pc.equal(reasons.indices, number)
        if not pc.any(is_unknown).as_py():
            return {}
        counted = pc.value_counts(names.filter(is_unknown.fill_null(False)))
        return dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))

    # readings

    def _judged(self, table: Any) -> Any:
        """The new columns of a table of readings and names of rules."""
        readings = table.column("reading")
        doubtful = self._doubtful(readings) if pa.types.is_string(readings.type) else None
        if doubtful is None:
            return self._judged_for_certain(table)
        found = self._judged_for_certain(table.set_column(0, "reading", pc.if_else(doubtful, None, readings)))
        reasons = found.column("reason").cast(pa.string())
        is_doubt = pc.and_(doubtful, pc.equal(reasons, Reason.NO_READING.value).fill_null(False))
        reasons = pc.if_else(is_doubt, Reason.BAD_READING.value, reasons).dictionary_encode()
        kind = found.schema.field("reason").type
        return found.set_column(found.schema.get_field_index("reason"), "reason", reasons.cast(kind))

    def _doubtful(self, readings: Any) -> Any | None:
        """Which of the texts hold a number that could have a decimal comma; ``None`` where none does."""
        with_comma = readings.filter(pc.match_substring(readings, ","))
        if self._commas.shown is None:
            shown = with_comma.filter(pc.match_substring_regex(with_comma, SHOWN))
            if len(shown):
                raise DecimalCommaSeenError(shown[0].as_py())
            if not (self._commas.has_semicolons and len(with_comma)):
                return None
        pattern = COULD_BE_EITHER[self._commas.shown is not None]
        doubtful = pc.match_substring_regex(readings, pattern).fill_null(False)
        if not pc.any(doubtful).as_py():
            return None
        without_rates = pc.replace_substring_regex(readings, RATE, "")
        doubtful = pc.and_(doubtful, pc.match_substring_regex(without_rates, pattern).fill_null(False))
        if not pc.any(doubtful).as_py():
            return None
        if not self.counts.doubt:
            self.counts.doubt = self._commas.doubt(readings.filter(doubtful)[0].as_py()) or ""
        return doubtful

    def _judged_for_certain(self, table: Any) -> Any:
        readings = table.column("reading")
        if not pa.types.is_string(readings.type) or self._has_dates():
            return _rated(table, self._book, self._own)
        is_plain = pc.and_(
            pc.match_substring_regex(readings, _PLAIN), pc.less_equal(pc.binary_length(readings), _LONGEST_PLAIN)
        )
        is_number = np.asarray(pc.or_(is_plain.fill_null(True), pc.equal(readings, "").fill_null(True)))
        if not is_number.any():
            return _rated(table, self._book, self._own)
        ways = [(where, is_one) for is_one in (True, False) if len(where := np.flatnonzero(is_number == is_one))]
        parts = []
        for where, is_one in ways:
            part = table if len(ways) == 1 else table.take(pa.array(where))
            if is_one:
                texts = part.column("reading")
                numbers = pc.if_else(pc.equal(texts, ""), None, texts).cast(pa.float64())
                part = part.set_column(0, "reading", numbers)
            parts.append(_rated(part, self._book, self._own))
        if len(parts) == 1:
            return parts[0]
        order = np.argsort(np.concatenate([where for where, _ in ways]), kind="stable")
        together = pa.concat_tables([part.select(self._own.new) for part in parts]).unify_dictionaries()
        return together.take(pa.array(order))

    def _has_dates(self) -> bool:
        """Whether a rule takes dates, beside which 2023 is a year and no number."""
        return any(entry.rule is not None and entry.rule.kind == "date" for entry in self._book.entries)

    # counting

    def _count(self, found: Any, unknown: dict[str | None, int]) -> None:
        statuses = found.column("status").combine_chunks().indices
        for number, rows in enumerate(np.bincount(statuses.to_numpy(), minlength=len(STATUSES)).tolist()):
            self.counts.statuses[Status(STATUSES[number])] += rows
        reasons = found.column("reason").combine_chunks()
        for each in pc.value_counts(reasons.indices.drop_null()):
            self.counts.reasons[reasons.dictionary[each["values"].as_py()].as_py()] += each["counts"].as_py()
        for name, rows in unknown.items():
            self.counts.add_unknown(name if name is not None else "", rows)

    def _remember(self, found: Any, table: Any) -> None:
        """Remember some of the texts that could not be rated, for those who mend them."""
        reasons = found.column("reason").combine_chunks()
        for why, column in _EXAMPLES.items():
            if len(self.counts.examples.get(why, ())) == MOST_EXAMPLES:
                continue
            number = pc.index(reasons.dictionary, why).as_py()
            if number < 0:
                continue
            where = pc.equal(reasons.indices, number).fill_null(False)
            for text in pc.unique(table.column(column).filter(where)).slice(0, 2 * MOST_EXAMPLES).to_pylist():
                if text is not None:
                    self.counts.add_example(why, str(text))


def _rated(table: Any, book: Book, columns: Columns) -> Any:
    engine = engine_of(table)
    assert engine is not None
    return rated(engine, book, columns)


# columns ----------------------------------------------------------------------------------------------------------------


def _value_type(kind: Any) -> Any:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: Any) -> bool:
    types = pa.types
    tests = (types.is_string, types.is_large_string, types.is_string_view, types.is_binary, types.is_large_binary)
    return any(test(kind) for test in tests)


def _refuse_names(name: str, kind: Any) -> None:
    inside = _value_type(kind)
    if _is_text(inside) or pa.types.is_integer(inside) or pa.types.is_null(inside):
        return
    said = f"the column “{printable(name)}” holds values of the type {inside}, which name no rules"
    if pa.types.is_floating(inside) or pa.types.is_decimal(inside):
        raise SettingError(f"{said}: 1.1 and 1.10 are two refs and one number", hint="store the refs as texts")
    raise SettingError(said, hint="names of rules are texts or whole numbers")


def _refuse_readings(name: str, kind: Any) -> None:
    inside = _value_type(kind)
    if pa.types.is_nested(inside):
        raise SettingError(
            f"the column “{printable(name)}” holds values of the type {inside}, which are no readings",
            hint="readings are numbers, texts or dates, one in each row",
        )


def _texts(column: Any, name: str | None) -> Any:
    """A column as texts; raises ``SettingError`` for bytes that are none."""
    if pa.types.is_string(column.type):
        return column
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:
        raise SettingError(f"the column “{printable(name or '')}” holds bytes that are no text in UTF-8") from None


def _plain_column(column: Any, name: str) -> Any:
    """A column of readings without what only saves room: dictionaries, and other ways to hold texts."""
    kind = _value_type(column.type)
    if pa.types.is_null(kind):
        return column.cast(pa.float64())
    if _is_text(kind):
        return _texts(column, name)
    return column if kind == column.type else column.cast(kind)


def _without(readings: Any, missing: frozenset[str]) -> Any:
    """The readings without those that a scheme's own words for missing data stand for, written as texts or numbers."""
    if not missing:
        return readings
    if pa.types.is_string(readings.type):
        words = [text for text in pc.unique(readings).to_pylist() if text and _is_missing(text, missing)]
        found = pa.array(words, pa.string())
    else:
        numbers = (Decimal(word) for word in missing if _NUMBER.fullmatch(word))
        found = pa.array(
            [each for number in numbers if (each := _in(readings.type, number)) is not None], readings.type
        )
    return pc.if_else(pc.is_in(readings, value_set=found), None, readings) if len(found) else readings


def _in(kind: Any, number: Decimal) -> Any:
    """A number as one of a type; ``None`` where the type has it not."""
    try:
        return pa.scalar(number).cast(kind)
    except pa.ArrowException:
        return None


_NUMBER: Final = expression(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def _is_missing(text: str, missing: frozenset[str]) -> bool:
    """Whether a text is one of a scheme's own words for missing data."""
    try:
        return parse_reading(text, missing=missing).missing is Missing.NOT_AVAILABLE
    except ReadingSyntaxError:
        return False
