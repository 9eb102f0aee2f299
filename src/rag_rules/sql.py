"""A rule as SQL: the status of a column by the same cuts as in the library, and many rules as a table to join."""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import product
from json import dumps
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from rag_rules.bands import Bands, float_cut, whole_cut
from rag_rules.errors import FormulaError, called, check_kind, pairs_of, printable
from rag_rules.formula import check_rule, quotable, typed_by, words_of
from rag_rules.quantity import EXACT, exponent_of
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut, Side, Steps

if TYPE_CHECKING:
    from rag_rules.rules import Rule

__all__ = ["Dialect", "Kind", "RuleBand", "join_sql", "rules_table", "to_sql"]

Dialect = Literal["duckdb", "sqlite", "postgres", "spark"]
#: what the numbers of a column are: whole or decimal ones, floats of 64 bits (double), floats of 32 bits (real)
Kind = Literal["decimal", "float", "float32"]

#: digits that a decimal of DuckDB and of Spark has, and those behind the point that a long quotient keeps
_MOST_DIGITS: Final = 38
_DECIMALS: Final = 18
_LARGEST_32: Final = 3.4028234663852886e38
#: why a number that is no place has no status, as everywhere else
_BAD_PLACE: Final = f"'{Reason.BAD_READING}'"
#: how many bands a join may be made for
MOST_BANDS: Final = 100
#: how many bands the shapes may have altogether that are written into a query
_MOST_WRITTEN: Final = 100
#: up to here every whole number is a float, and beyond it every float is a whole number
_ALL_WHOLE: Final = 2**53


@dataclass(frozen=True, slots=True)
class _Sql:
    """What the dialects say differently."""

    #: around a name; doubled inside it. SQLite takes a name in double quotes that is no column for a text
    mark: str
    #: the types of numbers, by kind; a kind without one cannot be compared exactly
    types: Mapping[Kind, str]
    text: Callable[[str], str]
    #: the condition that a column holds no number, by kind
    no_number: Callable[[str, Kind], str]
    #: a column as texts that are compared letter by letter; columns may take A for a, or 01 for 1
    letters: str
    has_dates: bool = True
    #: whether decimals have only so many digits
    has_short_decimals: bool = False
    #: what Spark puts in place of `${...}` before it reads a query
    forbidden: str = ""

    def name(self, name: str) -> str:
        """A name in quotation marks; raises ``FormulaError`` for one that cannot be a name."""
        check_kind(name, str, "name of a column or a table", FormulaError)
        if not name or (self.forbidden and self.forbidden in name):
            raise FormulaError(f"“{printable(name)}” cannot be the name of a column or a table here", text=name)
        doubled = quotable(name).replace(self.mark, self.mark * 2)
        return f"{self.mark}{doubled}{self.mark}"


def _plain_text(text: str) -> str:
    doubled = quotable(text).replace("'", "''")
    return f"'{doubled}'"


def _postgres_text(text: str) -> str:
    """Old settings of a server take a backslash for an escape unless it is said which it is."""
    plain = _plain_text(text)
    return "E" + plain.replace("\\", "\\\\") if "\\" in plain else plain


def _spark_text(text: str) -> str:
    """What a quotation mark or a backslash means inside quotation marks depends on Spark's settings; bytes do not."""
    return f"'{text}'" if _is_plain_in_spark(text) else f"decode(unhex('{_hex(text)}'), 'UTF-8')"


def _is_plain_in_spark(text: str) -> bool:
    return re.search(r"['\"\\$]", quotable(text)) is None


def _hex(text: str) -> str:
    return text.encode().hex().upper()


_DIALECTS: Final[Mapping[str, _Sql]] = {
    "duckdb": _Sql(
        '"', {"decimal": "DECIMAL(38, 18)", "float": "DOUBLE", "float32": "REAL"}, _plain_text,
        lambda column, kind: f"{column} IS NULL OR isnan({column})", 'CAST({} AS VARCHAR) COLLATE "binary"',
        has_short_decimals=True,
    ),
    # a column may hold texts, which sort behind all numbers; there are no decimals, and no floats of 32 bits
    "sqlite": _Sql(
        "`", {"float": "REAL"}, _plain_text,
        lambda column, kind: f"typeof({column}) NOT IN ('integer', 'real')", "CAST({} AS TEXT) COLLATE BINARY",
        has_dates=False,
    ),
    "postgres": _Sql(
        '"', {"decimal": "numeric", "float": "double precision", "float32": "real"}, _postgres_text,
        lambda column, kind: f"{column} IS NULL OR {column} = CAST('NaN' AS {'numeric' if kind == 'decimal' else 'double precision'})",
        'CAST({} AS text) COLLATE "C"',
    ),
    "spark": _Sql(
        "`", {"decimal": "DECIMAL(38, 18)", "float": "DOUBLE", "float32": "FLOAT"}, _spark_text,
        lambda column, kind: f"{column} IS NULL OR isnan({column})", "CAST({} AS STRING)", has_short_decimals=True,
        forbidden="${",
    ),
}  # fmt: skip


def to_sql(
    rule: Rule | Bands,
    column: str,
    dialect: Dialect,
    *,
    kind: Kind | None = None,
    words: Mapping[Status, str] | None = None,
) -> str:
    """The status of what stands in ``column``, as a ``CASE`` expression.

    ``dialect`` is duckdb, sqlite, postgres or spark. ``kind`` says what the numbers are: ``decimal`` for whole and
    decimal numbers (the default, but in SQLite), ``float`` for floats of 64 bits (the default in SQLite, which keeps
    no decimals), ``float32``. They are in the unit of the bands: 95 for 95%. What is no number is unrated, and a rule
    of words rates texts, a rule of days dates.

    >>> from rag_rules import rule
    >>> print(to_sql(rule("<£21", tolerance="5%"), "cost", "sqlite"))
    CASE WHEN typeof(`cost`) NOT IN ('integer', 'real') THEN 'unrated'
     WHEN `cost` < 21.0 THEN 'green'
     WHEN `cost` <= 22.05 THEN 'amber'
     ELSE 'red' END

    Raises ``FormulaError`` for what is no rule, for a rule without bands or that looks at an earlier reading, for what a dialect cannot
    compare exactly, and for names and words that cannot be quoted.
    """
    check_rule(rule)
    sql = _dialect(dialect)
    chosen = _kind(dialect, kind)
    name = sql.name(column)
    names = {status: sql.text(word) for status, word in words_of(words).items()}
    if _is_of_days(rule):
        return _of_days(rule, name, dialect, names)
    typed = typed_by(rule, is_bare=True)
    if typed.numbers is None:
        return _of_words(typed.words, name, dialect, names)
    return _of_numbers(typed.numbers, name, dialect, chosen, names, is_whole=typed.is_whole)


def _dialect(dialect: str) -> _Sql:
    check_kind(dialect, str, "name of a dialect", FormulaError)
    if dialect not in _DIALECTS:
        raise FormulaError(f"“{printable(dialect)}” is no dialect of SQL that is known here", expected=tuple(_DIALECTS))
    return _DIALECTS[dialect]


def _kind(dialect: str, kind: str | None) -> Kind:
    types = _dialect(dialect).types
    chosen = kind if kind is not None else next(iter(types))
    check_kind(chosen, str, "name of a kind of number", FormulaError)
    if chosen not in types:
        hint = "SQLite keeps whole numbers and floats of 64 bits" if dialect == "sqlite" else ""
        raise FormulaError(
            f"“{printable(chosen)}” is no kind of number that {dialect} compares", expected=tuple(types), hint=hint
        )
    return cast("Kind", chosen)


def _cases(tests: Iterable[tuple[str, str]], last: str) -> str:
    lines = [*(f"WHEN {test} THEN {status}" for test, status in tests), f"ELSE {last} END"]
    return "CASE " + "\n ".join(lines) if len(lines) > 1 else last


def _of_numbers(
    steps: Steps[Decimal, Status], name: str, dialect: str, kind: Kind, names: Mapping[Status, str], *, is_whole: bool
) -> str:
    unrated = names[Status.UNRATED]
    tests = [(_DIALECTS[dialect].no_number(name, kind), unrated)]
    if is_whole:
        tests.append((_no_place(name, dialect), unrated))
    last = names[steps.values[-1]]
    if dialect == "spark" and kind == "decimal":
        kept = [_fitting(cut) for cut in steps.cuts]
        tests += [(_before_in_spark(name, cut), names[status]) for cut, status in zip(kept, steps.values, strict=False)]
        if kept:
            # a number too long to stand beside the cut becomes NULL there, and must not fall through to the last status
            whole = kept[-1].at.to_integral_value(ROUND_FLOOR)
            tests.append((f"{name} >= {_decimal_literal(whole, dialect)}", last))
            last = unrated
        return _cases(tests, last)
    compared = [_compared(cut, dialect, kind) for cut in steps.cuts]
    tests += [
        (_before(cut, name, *signed, dialect), names[status])
        for cut, signed, status in zip(steps.cuts, compared, steps.values, strict=False)
    ]
    return _cases(tests, last)


def _before(cut: Cut[Decimal], name: str, sign: str, literal: str, dialect: str) -> str:
    """The condition that a number lies before a cut, which is compared as a literal."""
    plain = f"{name} {sign} {literal}"
    if dialect != "sqlite" or abs(cut.at) < _ALL_WHOLE:
        return plain
    # a column holds whole numbers beside floats, and the float of such a cut may lie beyond some of them
    whole = whole_cut(cut)
    if not -(2**63) < whole < 2**63:
        return plain
    return f"CASE typeof({name}) WHEN 'integer' THEN {name} < {whole} ELSE {plain} END"


def _before_in_spark(name: str, cut: Cut[Decimal]) -> str:
    """The condition that a decimal lies before a cut.

    Beside a column of many digits Spark rounds a limit to fewer decimals, as 21.5 to 22. So the whole part and what is
    behind the point are compared by themselves: neither is rounded.
    """
    sign = "<" if cut.side is Side.BEFORE else "<="
    whole = cut.at.to_integral_value(ROUND_FLOOR)
    literal, behind = _decimal_literal(whole, "spark"), EXACT.subtract(cut.at, whole)
    if not behind:
        return f"{name} {sign} {literal}"
    above = _decimal_literal(EXACT.add(whole, Decimal(1)), "spark")
    fraction = _decimal_literal(behind, "spark")
    return f"{name} < {literal} OR ({name} < {above} AND pmod({name}, 1) {sign} {fraction})"


def _no_place(name: str, dialect: str) -> str:
    """The condition that a number is no place: places are whole numbers from 1 on; infinity is behind all of them."""
    if dialect == "sqlite":  # floor() may not be there, and whole numbers end at 2^63
        return f"{name} < 1 OR ({name} < {_ALL_WHOLE} AND {name} <> CAST({name} AS INTEGER))"
    if dialect == "spark":  # floor() ends at 2^63; what is left of infinity is NaN
        return f"{name} < 1 OR ({name} % 1 <> 0 AND NOT isnan({name} % 1))"
    return f"{name} < 1 OR {name} <> floor({name})"


def _of_words(statuses: Mapping[str, Status], name: str, dialect: str, names: Mapping[Status, str]) -> str:
    text = _DIALECTS[dialect].text
    by_status: dict[Status, dict[str, None]] = {}
    for word, status in statuses.items():
        plain = " ".join(word.split())
        # lower() of some engines and settings knows only the letters from A to Z
        spellings = {_ascii_lower(each) for each in (plain, plain.lower(), plain.upper(), plain.title())}
        by_status.setdefault(status, {}).update(dict.fromkeys(sorted(spellings)))
    unrated = names[Status.UNRATED]
    tests = [
        (f"lower(trim({name})) IN ({', '.join(map(text, spellings))})", names[status])
        for status, spellings in by_status.items()
        if status is not Status.UNRATED
    ]
    return _cases(tests, unrated)


def _ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _is_of_days(rule: Rule | Bands) -> bool:
    bands = rule if isinstance(rule, Bands) else rule.bands
    return bands is not None and bands.unit.is_date


def _of_days(rule: Rule | Bands, name: str, dialect: str, names: Mapping[Status, str]) -> str:
    if not _DIALECTS[dialect].has_dates:
        raise FormulaError("SQLite has no dates, and a text or a number may stand for a day in several ways")
    bands = rule if isinstance(rule, Bands) else rule.bands
    assert bands is not None
    if not isinstance(rule, Bands) and rule.setting.improving is not None:
        raise FormulaError("no query can rate this: red is amber by an earlier reading, which is not in the column")
    tests = [(f"{name} IS NULL", names[Status.UNRATED])]
    for cut, status in zip(bands.steps.cuts, bands.steps.values, strict=False):
        sign = "<" if cut.side is Side.BEFORE else "<="
        day = date.fromordinal(int(cut.at)).isoformat()
        tests.append((f"CAST({name} AS DATE) {sign} CAST('{day}' AS DATE)", names[status]))
    return _cases(tests, names[bands.steps.values[-1]])


# numbers in a query ---------------------------------------------------------------------------------------------------


def _compared(cut: Cut[Decimal], dialect: str, kind: Kind) -> tuple[str, str]:
    """The sign and the number with which a reading before the cut is compared."""
    if kind == "decimal":
        kept = _fitting(cut) if _DIALECTS[dialect].has_short_decimals else cut
        return "<" if kept.side is Side.BEFORE else "<=", _decimal_literal(kept.at, dialect)
    first = float_cut(cut) if kind == "float" else float32_cut(cut)
    below = math.nextafter(first, -math.inf) if kind == "float" else _beside_32(first, up=False)
    if cut.side is Side.AFTER and _standing_for(below, kind) == cut.at:
        return "<=", _float_literal(below, dialect, kind)  # as people would write it
    return "<", _float_literal(first, dialect, kind)


def _fitting(cut: Cut[Decimal], whole_digits: int | None = None) -> Cut[Decimal]:
    """A cut with at most 18 decimals, that has all numbers of as few on the sides on which they were.

    Raises ``FormulaError`` for a number of more digits than a decimal of DuckDB or Spark has.
    """
    at = cut.at
    if exponent_of(at) < -_DECIMALS:
        at = at.quantize(Decimal(1).scaleb(-_DECIMALS), rounding=ROUND_FLOOR, context=EXACT)
    behind = max(-exponent_of(at), 0) if whole_digits is None else 0
    digits = (at.adjusted() + 1 if at else 1) + behind
    most = whole_digits or _MOST_DIGITS
    if digits > most:
        raise FormulaError(f"a limit of {digits} digits is more than a decimal column can be compared with ({most})")
    return Cut(at, cut.side if at == cut.at else Side.AFTER, cut.why)


def _decimal_literal(number: Decimal, dialect: str) -> str:
    short = number.normalize(EXACT) if number else Decimal(0)
    plain = format(short, "f")
    digits = plain.lstrip("-").replace(".", "")
    if len(digits) <= _DECIMALS:
        return plain
    behind = max(-exponent_of(short), 0)
    precision = f"({len(digits)}, {behind})" if dialect != "postgres" else ""
    return f"CAST('{plain}' AS {'numeric' if dialect == 'postgres' else 'DECIMAL'}{precision})"


def _float_literal(number: float, dialect: str, kind: Kind) -> str:
    if dialect == "sqlite":
        return _sqlite_float(number)
    return f"CAST('{_shown(number, kind)}' AS {_DIALECTS[dialect].types[kind]})"


def _shown(number: float, kind: Kind) -> str:
    """A float as a text that is cast to it."""
    return str(_standing_for(number, kind)) if math.isfinite(number) else f"{'-' if number < 0 else ''}Infinity"


def _sqlite_float(number: float) -> str:
    """A float for SQLite, whose versions differ in how they round long numbers.

    Up to fifteen digits, four of them decimals, all read what is written; other floats are made by steps without rounding.
    """
    if math.isinf(number):
        return "9e999" if number > 0 else "-9e999"
    shown = format(Decimal(repr(number)), "f")
    shown = shown if "." in shown else f"{shown}.0"
    before, behind = shown.lstrip("-").split(".")
    if len(before) + len(behind) <= 15 and len(behind) <= 4:
        return shown
    mantissa, exponent = math.frexp(number)
    whole, power = int(mantissa * _ALL_WHOLE), exponent - 53
    while whole % 2 == 0:
        whole, power = whole // 2, power + 1
    steps = [f"{whole}.0"]
    sign = "*" if power > 0 else "/"
    while power:
        step = min(abs(power), 60)
        steps.append(f"{2**step}.0")
        power -= step if power > 0 else -step
    return f"({f' {sign} '.join(steps)})"


def float32_cut(cut: Cut[Decimal]) -> float:
    """The smallest float of 32 bits that lies after ``cut``; like ``float_cut``, each stands for its shortest decimal."""
    near = _nearest_32(cut.at)

    def lies_after(number: float) -> bool:
        if math.isinf(number):
            return number > 0
        exact = _standing_for(number, "float32")
        assert exact is not None
        return exact >= cut.at if cut.side is Side.BEFORE else exact > cut.at

    while lies_after(near) and near > -math.inf:
        near = _beside_32(near, up=False)
    while not lies_after(near):
        near = _beside_32(near, up=True)
    return near


def _nearest_32(number: Decimal) -> float:
    near = float(number)
    return near if math.isinf(near) else _as_32(near)


def _as_32(number: float) -> float:
    """A float rounded to 32 bits."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def _beside_32(number: float, *, up: bool) -> float:
    """The next float of 32 bits."""
    if math.isinf(number):
        inwards = (number > 0) != up
        return math.copysign(_LARGEST_32, number) if inwards else number
    if number == 0:
        return math.copysign(2.0**-149, 1 if up else -1)
    bits = struct.unpack("<i", struct.pack("<f", number))[0]
    return float(struct.unpack("<f", struct.pack("<i", bits + (1 if up == (number > 0) else -1)))[0])


def _standing_for(number: float, kind: Kind) -> Decimal | None:
    """The shortest decimal that a float prints as; ``None`` for infinity."""
    if math.isinf(number):
        return None
    if kind == "float":
        return Decimal(repr(number))
    return Decimal(next(text for digits in range(1, 10) if _as_32(float(text := f"{number:.{digits}g}")) == number))


# many rules -----------------------------------------------------------------------------------------------------------


class RuleBand(NamedTuple):
    """One band of one rule, as a row of plain values."""

    #: the rule's name
    name: str
    #: the number of the band, the lowest being 0
    band: int
    #: where it begins; nothing if it has no beginning
    low: Decimal | float | None
    #: on which side of ``low`` the limit lies: "before" it, so that ``low`` belongs to the band, or "after" it
    low_side: str | None
    #: where it ends; nothing if it has no end
    high: Decimal | float | None
    #: on which side of ``high`` the limit lies: "before" it, so that ``high`` does not belong to the band, or "after" it
    high_side: str | None
    #: green, amber, red or unrated
    status: str
    #: 1 where only whole numbers from 1 on have a status, as places do; else 0
    whole: int
    #: why a rule without bands has no status: "no target"
    reason: str | None


def rules_table(
    rules: Mapping[str, Rule | Bands] | Iterable[tuple[str, Rule | Bands]], *, kind: Kind = "decimal"
) -> list[RuleBand]:
    """The bands of many rules, one row for each band, for a table that ``join_sql`` joins.

    ``kind`` is what the numbers of the readings are, as in ``to_sql``. Decimals are cut to 18 decimals, which is exact
    for readings of as many. A rule without bands has one row, unrated, with its reason.

    >>> from rag_rules import rule
    >>> for row in rules_table({"Cost": rule("<£21")}):
    ...     print(*row)
    Cost 0 None None 21 before green 0 None
    Cost 1 21 before None None red 0 None

    Raises ``FormulaError`` for two rules of one name, for what is no rule, and for a rule of words, of days or that looks at an earlier
    reading.
    """
    if kind not in ("decimal", "float", "float32"):
        raise FormulaError(f"“{printable(str(kind))}” is no kind of number", expected=("decimal", "float", "float32"))
    seen: set[str] = set()
    rows: list[RuleBand] = []
    for name, rule in pairs_of(rules, FormulaError):
        if not isinstance(name, str):
            raise FormulaError(f"the name of a rule is a text, and not {called(name)}")
        if name in seen:
            raise FormulaError(
                f"two rules are called “{printable(name)}”", hint="a reading can be rated by one of them only"
            )
        seen.add(name)
        try:
            rows += _rows(quotable(name), rule, kind)
        except FormulaError as error:
            raise FormulaError(f"“{printable(name)}” has no rows in a table of rules: {error.sentence}") from error
    return rows


def _rows(name: str, rule: Rule | Bands, kind: Kind) -> list[RuleBand]:
    check_rule(rule)
    if not isinstance(rule, Bands) and rule.bands is None:
        return [RuleBand(name, 0, None, None, None, None, Status.UNRATED.value, 0, str(rule.reason))]
    if _is_of_days(rule):
        raise FormulaError("its readings are days; use to_sql")
    typed = typed_by(rule, is_bare=True)
    if typed.numbers is None:
        raise FormulaError("its readings are words; use to_sql")
    edges: list[tuple[Decimal | float | None, str | None]] = [(None, None)]
    edges += [_edge(cut, kind) for cut in typed.numbers.cuts]
    edges.append((None, None))
    return [
        RuleBand(name, band, *edges[band], *edges[band + 1], status.value, int(typed.is_whole), None)
        for band, status in enumerate(typed.numbers.values)
    ]


def _edge(cut: Cut[Decimal], kind: Kind) -> tuple[Decimal | float, str]:
    if kind == "decimal":
        kept = _fitting(cut, _MOST_DIGITS - _DECIMALS)
        return kept.at.normalize(EXACT) if kept.at else Decimal(0), kept.side.name.lower()
    return (float_cut(cut) if kind == "float" else float32_cut(cut)), "before"


def join_sql(
    readings: str,
    rules: str | Mapping[str, Rule | Bands] | Iterable[tuple[str, Rule | Bands]],
    dialect: Dialect,
    *,
    rule: str = "indicator",
    reading: str = "value",
    kind: Kind | None = None,
    bands: int = 5,
    into: str = "status",
    reason: str | None = None,
) -> str:
    """A query that gives each row of the table ``readings`` its status by the rule that the row names.

    ``rules`` are rules by name, and the query holds their limits; or the name of a table that ``rules_table`` filled,
    and the query reads whatever rules are there, of at most ``bands`` bands each. ``rule`` is the column with the name
    of the rule, ``reading`` that with the number; all columns come out, and then the status ``into`` and, if it is
    given, the ``reason`` for having none. A row comes out once, in no order. Unrated are: what is no number ("no
    reading"), a name that is no rule's ("no such rule"), a place that is no whole number from 1 on ("reading not
    understood"), in SQLite a whole number beyond 2^53 ("too many digits"), a rule without bands, for its own reason,
    and by a table also a rule of more bands ("too many bands") and rows that do not make one rule ("not one rule").

    >>> from rag_rules import rule
    >>> print(join_sql("readings", {"Cost": rule("<£21", tolerance="5%")}, "postgres"))
    WITH v(name, shape, high0, high1) AS (VALUES
     ('Cost', 'g<a=r', CAST('21' AS numeric), CAST('22.05' AS numeric))),
    b AS (SELECT name, shape, high0, high1 FROM v)
    SELECT r.*, CASE WHEN r."value" IS NULL OR r."value" = CAST('NaN' AS numeric) THEN 'unrated'
     WHEN b.shape IS NULL THEN 'unrated'
     WHEN r."value" < b.high0 THEN 'green'
     WHEN r."value" <= b.high1 THEN 'amber'
     ELSE 'red' END AS "status"
    FROM "readings" AS r LEFT JOIN b ON b.name = CAST(r."indicator" AS text) COLLATE "C"

    Raises ``FormulaError`` as ``to_sql`` and ``rules_table`` do, for no rules at all, for a number of bands that is
    not from 1 to 100, and where ``into`` and ``reason`` are one name.
    """
    sql = _dialect(dialect)
    chosen = _kind(dialect, kind)
    _check_bands(bands)
    if reason is not None and sql.name(into).lower() == sql.name(reason).lower():
        raise FormulaError(
            f"the status and its reason would both be called “{into}”", hint="give each a name of its own"
        )
    value = f"r.{sql.name(reading)}"
    missing = sql.no_number(value, chosen)
    # SQLite compares whole numbers with floats exactly, and floats with floats quickly
    too_long = f"{value} NOT BETWEEN -{_ALL_WHOLE}.0 AND {_ALL_WHOLE}.0 AND typeof({value}) = 'integer'"
    no_place = _no_place(value, dialect)
    if dialect == "spark" and chosen == "decimal":  # beside a column of more digits the limits would be rounded
        value = f"try_cast({value} AS {sql.types[chosen]})"
        missing += f" OR {value} IS NULL"
    # in SQLite the limits are floats, and such whole numbers lie between two of them
    tested = _Tested(value, missing, no_place, too_long if dialect == "sqlite" else None)
    taken = {each.lower() for each in (readings, rules) if isinstance(each, str)}
    own, given = _unlike(taken, "b"), _unlike(taken, "v")  # ours would hide theirs
    is_explained = reason is not None
    if isinstance(rules, str):
        source = _of_table(rules, bands, dialect, chosen, own, is_explained=is_explained)
    else:
        rows = rules_table(rules, kind=chosen)
        source = _of_rules(rows, dialect, chosen, (own, given), is_explained=is_explained)
    found = [f"{_status_of(source, tested)} AS {sql.name(into)}"]
    if reason is not None:
        found.append(f"{_reason_of(source, tested)} AS {sql.name(reason)}")
    named = sql.letters.format(f"r.{sql.name(rule)}")
    return (
        f"WITH {source.tables}\nSELECT r.*, "
        + ",\n ".join(found)
        + f"\nFROM {sql.name(readings)} AS r LEFT JOIN {own}{' AS b' * (own != 'b')} ON b.name = {named}"
    )


def _unlike(names: Collection[str], name: str) -> str:
    """A name that is none of those, which are in small letters."""
    while name in names:
        name += "_"
    return name


class _Tested(NamedTuple):
    """A reading in a query, and the conditions that it is no number, no place, or too long to be compared."""

    value: str
    missing: str
    no_place: str
    too_long: str | None


class _Shape(NamedTuple):
    """What rules may have in common: all but their limits."""

    statuses: tuple[str, ...]
    #: the sides of the limits between the bands
    sides: tuple[str, ...]
    whole: int = 0

    @property
    def text(self) -> str:
        """As the column ``shape`` has it: ``g<a=r`` is green below a limit, amber up to the next, and red above it."""
        sides = (*(_SIDES[side] for side in self.sides), "")
        spelt = "".join(_LETTERS[status] + side for status, side in zip(self.statuses, sides, strict=True))
        return spelt + _WHOLE * self.whole


#: how a shape is spelt; databases may take large letters for small ones, so there are only small ones
_LETTERS: Final[Mapping[str, str]] = {"green": "g", "amber": "a", "red": "r", "unrated": "u"}
_SIDES: Final[Mapping[str, str]] = {"before": "<", "after": "="}
_WHOLE: Final = "#"
#: the shapes of rows that are no rule
_TOO_MANY: Final = "+"
_NOT_ONE: Final = "!"
#: the condition that a rule is for whole numbers only
_IS_WHOLE: Final = f"substr(b.shape, length(b.shape), 1) = '{_WHOLE}'"
#: shapes of most rules, which are quicker when they are written into a query
_USUAL: Final = (("red", "amber", "green"), ("green", "amber", "red"), ("red", "green"), ("green", "red"))


class _Source(NamedTuple):
    """Where a join finds its rules: a table of one row for each, and what is known of them."""

    #: the definition of the table, whose columns are name, shape, the limits high0, high1, ..., and perhaps reason,
    #: which is why readings by a rule have no status, or why some have none that are no whole numbers
    tables: str
    #: the shapes that are written into the query
    shapes: list[_Shape]
    #: how many limits a row has
    limits: int
    #: whether there may be rules of other shapes
    has_others: bool
    has_reasons: bool


def _check_bands(bands: object) -> None:
    """Raises ``FormulaError`` for what is no number of bands that a rule in a join may have."""
    if isinstance(bands, bool):
        raise FormulaError("true or false is no number of bands")
    check_kind(bands, int, "number of bands", FormulaError)
    assert isinstance(bands, int)
    if not 1 <= bands <= MOST_BANDS:
        raise FormulaError(f"a join takes rules of 1 to {MOST_BANDS} bands, and not of {bands}")


def _of_table(table: str, bands: int, dialect: Dialect, kind: Kind, own: str, *, is_explained: bool) -> _Source:
    """The rules that are in a table when the query runs; the usual shapes are written into the query."""
    sides = tuple(_SIDES) if kind == "decimal" else ("before",)  # floats lie before all limits that are theirs
    shapes = [
        _Shape(statuses, each)
        for statuses in _USUAL
        if len(statuses) <= bands
        for each in product(sides, repeat=len(statuses) - 1)
    ]

    def spelt(column: str, words: Mapping[str, str], otherwise: str) -> str:
        tests = " ".join(f"WHEN '{word}' THEN '{mark}'" for word, mark in words.items())
        return f"CASE {column} {tests} ELSE '{otherwise}' END"

    spellings = [f"coalesce(max(CASE WHEN band = {band} THEN spelt END), '')" for band in range(bands)]
    spellings.append(f"CASE max(whole) WHEN 1 THEN '{_WHOLE}' ELSE '' END")
    # their numbers go from 0 to the last without a gap, and the last is the only one without an end
    is_not_one = (
        "min(band) <> 0 OR count(*) <> max(band) + 1 OR count(DISTINCT band) <> count(*)\n"
        " OR coalesce(min(CASE WHEN high IS NULL THEN band END), -1) <> max(band)"
    )
    is_long = f"max(band) >= {bands}"
    columns = [
        "name",
        f"CASE WHEN {is_not_one} THEN '{_NOT_ONE}' WHEN {is_long} THEN '{_TOO_MANY}'\n ELSE "
        + "\n || ".join(spellings)
        + " END AS shape",
        *(f"max(CASE WHEN band = {band} THEN high END) AS high{band}" for band in range(bands - 1)),
    ]
    if is_explained:
        columns.append(
            f"CASE WHEN {is_not_one} THEN 'not one rule' WHEN {is_long} THEN 'too many bands'\n"
            f" WHEN max(whole) = 1 THEN {_BAD_PLACE} ELSE max(reason) END AS reason"
        )
    sql = _DIALECTS[dialect]
    tables = (
        f"{own} AS (SELECT "
        + ",\n ".join(columns)
        + f"\n FROM (SELECT {sql.letters.format('name')} AS name, band, high, whole{', reason' * is_explained},\n"
        f" {spelt('status', _LETTERS, _LETTERS['unrated'])}\n || {spelt('high_side', _SIDES, '')} AS spelt\n"
        f" FROM {sql.name(table)}) AS bands GROUP BY name)"
    )
    return _Source(tables, shapes, bands - 1, has_others=True, has_reasons=is_explained)


def _of_rules(
    rows: list[RuleBand], dialect: Dialect, kind: Kind, own: tuple[str, str], *, is_explained: bool
) -> _Source:
    """The rules of these rows, which the query holds, under the first name of its own; the other is for the way there."""
    if not rows:
        raise FormulaError("there are no rules to join")
    by_name: dict[str, list[RuleBand]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    most = max(map(len, by_name.values()))
    _check_bands(most)
    of_names = {name: _shape(found) for name, found in by_name.items()}
    counts = Counter(of_names.values())
    shapes: list[_Shape] = []
    for shape, _ in counts.most_common():
        if sum(len(each.statuses) for each in (*shapes, shape)) <= _MOST_WRITTEN:
            shapes.append(shape)
    columns: dict[str, list[str | None]] = {
        "name": list(by_name), "shape": [shape.text for shape in of_names.values()]
    }  # fmt: skip
    for band in range(most - 1):
        columns[f"high{band}"] = [
            _limit(found[band].high, dialect, kind) if band < len(found) - 1 else None for found in by_name.values()
        ]
    reasons = [_reason(found) for found in by_name.values()]
    has_reasons = is_explained and any(reasons)
    if has_reasons:
        columns["reason"] = list(reasons)
    tables = _rows_of(columns, dialect, kind, *own)
    return _Source(tables, shapes, most - 1, len(shapes) < len(counts), has_reasons)


def _rows_of(columns: Mapping[str, list[str | None]], dialect: Dialect, kind: Kind, own: str, given: str) -> str:
    """A table of these columns, whose limits are numbers, in a query; ``given`` is a name for the way there."""
    sql = _DIALECTS[dialect]
    limits = [name for name in columns if name.startswith("high")]
    number = sql.types[kind]
    if dialect == "duckdb":
        typed = ((name, number if name in limits else "VARCHAR", values) for name, values in columns.items())
        return f"{own} AS ({in_duckdb(typed)})"
    written: dict[str, Callable[[str], str]] = dict.fromkeys(columns, sql.text)
    chosen = {name: name for name in columns}
    end = ""
    if dialect == "sqlite":  # makes an index only of a column with a type, and of a table that it does not dissolve
        written |= dict.fromkeys(limits, str)
        chosen["name"], end = "CAST(name AS TEXT) AS name", " LIMIT -1"
    elif dialect == "spark":  # takes no function in a list of rows
        chosen |= {name: f"CAST({name} AS {number}) AS {name}" for name in limits}
        for name, values in columns.items():
            if not all(value is None or _is_plain_in_spark(value) for value in values):
                written[name] = lambda value: f"'{_hex(value)}'"
                chosen[name] = f"decode(unhex({name}), 'UTF-8') AS {name}"
    cells = {
        name: ["NULL" if value is None else written[name](value) for value in values]
        for name, values in columns.items()
    }
    if dialect == "postgres":  # takes the types from the first row, and would cast what comes out for each reading
        for name in limits:
            cells[name][0] = f"CAST({cells[name][0]} AS {number})"
    listed = ",\n".join(f" ({', '.join(row)})" for row in zip(*cells.values(), strict=True))
    return (
        f"{given}({', '.join(columns)}) AS (VALUES\n{listed}),\n"
        f"{own} AS (SELECT {', '.join(chosen.values())} FROM {given}{end})"
    )


def in_duckdb(columns: Iterable[tuple[str, str, Sequence[object]]]) -> str:
    """A query of DuckDB that gives columns of these names, types and values.

    One text holds each column: as so many values the query would take DuckDB a hundred times as long to read.
    """
    selected = []
    for name, type_, values in columns:
        listed = dumps([None if value is None else str(value) for value in values], ensure_ascii=False)
        doubled = listed.replace("'", "''")  # so that what stands in quotation marks ends at none within
        selected.append(f"unnest(CAST(from_json('{doubled}', '[\"VARCHAR\"]') AS {type_}[])) AS \"{name}\"")
    return "SELECT " + ",\n ".join(selected)


def letters_in_duckdb(name: str) -> str:
    """An expression of DuckDB for the column of this name, as texts that are compared letter by letter."""
    doubled = name.replace('"', '""')
    return _DIALECTS["duckdb"].letters.format(f'"{doubled}"')


def _shape(rows: list[RuleBand]) -> _Shape:
    """The shape of a rule by its rows."""
    sides = tuple(str(row.high_side) for row in rows[:-1])
    return _Shape(tuple(row.status for row in rows), sides, rows[0].whole)


def _reason(rows: list[RuleBand]) -> str | None:
    """Why readings by a rule have no status, or why some have none that are no whole numbers."""
    return Reason.BAD_READING.value if rows[0].whole else rows[0].reason


def _limit(number: Decimal | float | None, dialect: Dialect, kind: Kind) -> str:
    """A limit as a text that is cast to the type of the readings; SQLite casts none exactly."""
    if isinstance(number, Decimal):
        return f"{number:f}"
    assert number is not None
    return _sqlite_float(number) if dialect == "sqlite" else _shown(number, kind)


def _status_of(source: _Source, tested: _Tested) -> str:
    # that it is no number comes first, since a text compares with a number in its own way
    tests = [(each, "'unrated'") for each in (tested.missing, tested.too_long) if each is not None]
    for shape in source.shapes:
        places = [
            (f"{tested.value} {'<' if side == 'before' else '<='} b.high{band}", f"'{shape.statuses[band]}'")
            for band, side in enumerate(shape.sides)
        ]
        if shape.whole:
            places.insert(0, (tested.no_place, "'unrated'"))
        last = f"'{shape.statuses[-1]}'"
        if shape is source.shapes[-1] and not source.has_others:
            return _cases([*tests, ("b.shape IS NULL", "'unrated'"), *places], last)
        tests.append((f"b.shape = '{shape.text}'", _cases(places, last)))
    tests.append((f"{_IS_WHOLE} AND ({tested.no_place})", "'unrated'"))
    return _cases(tests, _spelt_in(tested.value, source.limits))


def _spelt_in(value: str, limits: int) -> str:
    """The status by the spelling of any shape: the letter of the band in which a reading lies."""
    places = [
        (
            f"{value} < b.high{band} OR ({value} = b.high{band} AND substr(b.shape, {2 * band + 2}, 1) = '{_SIDES['after']}')",
            str(2 * band + 1),
        )
        for band in range(limits)
    ]
    last = f"length(replace(b.shape, '{_WHOLE}', ''))"
    letter = f"substr(b.shape, {_cases(places, last)}, 1)"
    statuses = "\n ".join(f"WHEN '{mark}' THEN '{status}'" for status, mark in _LETTERS.items() if status != "unrated")
    return f"CASE {letter}\n {statuses} ELSE 'unrated' END"


def _reason_of(source: _Source, tested: _Tested) -> str:
    tests = [(tested.missing, "'no reading'"), ("b.shape IS NULL", "'no such rule'")]
    if tested.too_long is not None:
        tests.append((tested.too_long, "'too many digits'"))
    if not source.has_reasons:
        return _cases(tests, "NULL")
    tests.append((f"b.reason = {_BAD_PLACE}", f"CASE WHEN {tested.no_place} THEN b.reason END"))
    return _cases(tests, "b.reason")
