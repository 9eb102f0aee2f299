"""A rule as SQL: the status of a column by the same cuts as in the library, and many rules as a table to join."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from rag_rules.bands import Bands, float_cut, whole_cut
from rag_rules.errors import FormulaError, called, check_kind, pairs_of
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
    has_dates: bool = True
    #: whether decimals have only so many digits
    has_short_decimals: bool = False
    #: what Spark puts in place of `${...}` before it reads a query
    forbidden: str = ""

    def name(self, name: str) -> str:
        """A name in quotation marks; raises ``FormulaError`` for one that cannot be a name."""
        if not name or (self.forbidden and self.forbidden in name):
            raise FormulaError(f"“{name}” cannot be the name of a column or a table here", text=name)
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
    if re.search(r"['\"\\$]", quotable(text)):
        return f"decode(unhex('{text.encode().hex().upper()}'), 'UTF-8')"
    return f"'{text}'"


_DIALECTS: Final[Mapping[str, _Sql]] = {
    "duckdb": _Sql(
        '"', {"decimal": "DECIMAL(38, 18)", "float": "DOUBLE", "float32": "REAL"}, _plain_text,
        lambda column, kind: f"{column} IS NULL OR isnan({column})", has_short_decimals=True,
    ),
    # a column may hold texts, which sort behind all numbers; there are no decimals, and no floats of 32 bits
    "sqlite": _Sql(
        "`", {"float": "REAL"}, _plain_text,
        lambda column, kind: f"typeof({column}) NOT IN ('integer', 'real')", has_dates=False,
    ),
    "postgres": _Sql(
        '"', {"decimal": "numeric", "float": "double precision", "float32": "real"}, _postgres_text,
        lambda column, kind: f"{column} IS NULL OR {column} = CAST('NaN' AS {'numeric' if kind == 'decimal' else 'double precision'})",
    ),
    "spark": _Sql(
        "`", {"decimal": "DECIMAL(38, 18)", "float": "DOUBLE", "float32": "FLOAT"}, _spark_text,
        lambda column, kind: f"{column} IS NULL OR isnan({column})", has_short_decimals=True, forbidden="${",
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
        raise FormulaError(f"“{dialect}” is no dialect of SQL that is known here", expected=tuple(_DIALECTS))
    return _DIALECTS[dialect]


def _kind(dialect: str, kind: str | None) -> Kind:
    types = _dialect(dialect).types
    chosen = kind if kind is not None else next(iter(types))
    check_kind(chosen, str, "name of a kind of number", FormulaError)
    if chosen not in types:
        hint = "SQLite keeps whole numbers and floats of 64 bits" if dialect == "sqlite" else ""
        raise FormulaError(f"“{chosen}” is no kind of number that {dialect} compares", expected=tuple(types), hint=hint)
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
    shown = str(_standing_for(number, kind)) if math.isfinite(number) else f"{'-' if number < 0 else ''}Infinity"
    return f"CAST('{shown}' AS {_DIALECTS[dialect].types[kind]})"


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
    #: the number of the band, 1 being the lowest
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
    Cost 1 None None 21 before green 0 None
    Cost 2 21 before None None red 0 None

    Raises ``FormulaError`` for two rules of one name, for what is no rule, and for a rule of words, of days or that looks at an earlier
    reading.
    """
    if kind not in ("decimal", "float", "float32"):
        raise FormulaError(f"“{kind}” is no kind of number", expected=("decimal", "float", "float32"))
    seen: set[str] = set()
    rows: list[RuleBand] = []
    for name, rule in pairs_of(rules, FormulaError):
        if not isinstance(name, str):
            raise FormulaError(f"the name of a rule is a text, and not {called(name)}")
        if name in seen:
            raise FormulaError(f"two rules are called “{name}”", hint="a reading can be rated by one of them only")
        seen.add(name)
        try:
            rows += _rows(quotable(name), rule, kind)
        except FormulaError as error:
            raise FormulaError(f"“{name}” has no rows in a table of rules: {error.sentence}") from error
    return rows


def _rows(name: str, rule: Rule | Bands, kind: Kind) -> list[RuleBand]:
    check_rule(rule)
    if not isinstance(rule, Bands) and rule.bands is None:
        return [RuleBand(name, 1, None, None, None, None, Status.UNRATED.value, 0, str(rule.reason))]
    if _is_of_days(rule):
        raise FormulaError("its readings are days; use to_sql")
    typed = typed_by(rule, is_bare=True)
    if typed.numbers is None:
        raise FormulaError("its readings are words; use to_sql")
    edges: list[tuple[Decimal | float | None, str | None]] = [(None, None)]
    edges += [_edge(cut, kind) for cut in typed.numbers.cuts]
    edges.append((None, None))
    return [
        RuleBand(name, number, *edges[number - 1], *edges[number], status.value, int(typed.is_whole), None)
        for number, status in enumerate(typed.numbers.values, start=1)
    ]


def _edge(cut: Cut[Decimal], kind: Kind) -> tuple[Decimal | float, str]:
    if kind == "decimal":
        kept = _fitting(cut, _MOST_DIGITS - _DECIMALS)
        return kept.at.normalize(EXACT) if kept.at else Decimal(0), kept.side.name.lower()
    return (float_cut(cut) if kind == "float" else float32_cut(cut)), "before"


def join_sql(
    readings: str,
    rules: str,
    dialect: Dialect,
    *,
    rule: str = "indicator",
    reading: str = "reading",
    kind: Kind | None = None,
    bands: int = 5,
    rows: Iterable[RuleBand] | None = None,
    into: str = "status",
    reason: str | None = "reason",
) -> str:
    """A query that gives each row of the table ``readings`` its status by a table that ``rules_table`` filled.

    ``rule`` is the column with the name of the rule, ``reading`` that with the number; all columns come out, and then
    the status ``into`` and, unless it is ``None``, the ``reason`` for having none. ``bands`` is the most that a rule
    may have; the fewer, the quicker. Quickest is a query for the ``rows`` that are in the table: it holds their
    statuses, and only the limits may change without a new one. A row comes out once, in no order. Unrated are: what is
    no number ("no reading"), a name that is no rule's ("no such rule"), a rule of more bands ("too many bands") or that
    is like none of ``rows`` ("other bands"), a place that is no whole number from 1 on ("reading not understood"), in SQLite a whole number
    beyond 2^53 ("too many digits"), and a rule without bands, for its own reason.

    >>> from rag_rules import rule
    >>> rows = rules_table({"Cost": rule("<£21", tolerance="5%")}, kind="float")
    >>> print(join_sql("readings", "rules", "duckdb", kind="float", rows=rows, reason=None))
    WITH b AS (SELECT name, max(CASE WHEN band = 1 THEN high END) AS high1,
     max(CASE WHEN band = 2 THEN high END) AS high2,
     CASE WHEN max(band) > 3 THEN -1 ELSE CASE coalesce(max(CASE WHEN band = 1 THEN status || coalesce(high_side, '') END), '') || ' '
     || coalesce(max(CASE WHEN band = 2 THEN status || coalesce(high_side, '') END), '') || ' '
     || coalesce(max(CASE WHEN band = 3 THEN status || coalesce(high_side, '') END), '') || ' '
     || CASE max(whole) WHEN 1 THEN 'whole' ELSE '' END || coalesce(max(reason), '')
     WHEN 'greenbefore amberbefore red ' THEN 0
     ELSE -1 END END AS shape
     FROM "rules" GROUP BY name)
    SELECT r.*, CASE WHEN r."reading" IS NULL OR isnan(r."reading") THEN 'unrated'
     WHEN b.shape = 0 THEN CASE WHEN r."reading" < b.high1 THEN 'green'
     WHEN r."reading" < b.high2 THEN 'amber'
     ELSE 'red' END
     ELSE 'unrated' END AS "status"
    FROM "readings" AS r LEFT JOIN b ON b.name = r."indicator"

    Raises ``FormulaError`` as ``to_sql`` does, and for a number of bands that is not from 1 to 100.
    """
    sql = _dialect(dialect)
    chosen = _kind(dialect, kind)
    shapes = _shapes(rows) if rows is not None else []
    most = max((len(shape.statuses) for shape in shapes), default=1) if rows is not None else bands
    check_kind(most, int, "number of bands", FormulaError)
    if not 1 <= most <= MOST_BANDS:
        raise FormulaError(f"a join takes rules of up to 1 to {MOST_BANDS} bands, and not of {most}")
    value = f"r.{sql.name(reading)}"
    missing = sql.no_number(value, chosen)
    too_long = f"typeof({value}) = 'integer' AND {value} NOT BETWEEN -{_ALL_WHOLE} AND {_ALL_WHOLE}"
    no_place = _no_place(value, dialect)
    if dialect == "spark" and chosen == "decimal":  # beside a column of more digits the limits would be rounded
        value = f"try_cast({value} AS {sql.types[chosen]})"
        missing += f" OR {value} IS NULL"
    # in SQLite the limits are floats, and such whole numbers lie between two of them
    tested = _Tested(value, missing, no_place, too_long if dialect == "sqlite" else None)
    is_short = rows is not None and sum(len(shape.statuses) for shape in shapes) <= MOST_BANDS
    join = _join_for(shapes, most, tested, sql) if is_short else _join_for_any(most, tested, chosen)
    found = [f"{join.status} AS {sql.name(into)}"]
    if reason is not None:
        found.append(f"{join.reason} AS {sql.name(reason)}")
    return (
        "WITH b AS (SELECT name, "
        + ",\n ".join(join.columns)
        + f"\n FROM {sql.name(rules)} GROUP BY name)\n"
        + "SELECT r.*, "
        + ",\n ".join(found)
        + f"\nFROM {sql.name(readings)} AS r LEFT JOIN b ON b.name = r.{sql.name(rule)}"
    )


class _Tested(NamedTuple):
    """A reading in a query, and the conditions that it is no number, no place, or too long to be compared."""

    value: str
    missing: str
    no_place: str
    too_long: str | None

    @property
    def unrated(self) -> list[tuple[str, str]]:
        """The tests for readings that no rule rates; the first, since a text compares with a number in its own way."""
        return [(each, "'unrated'") for each in (self.missing, self.too_long) if each is not None]

    @property
    def long_reasons(self) -> list[tuple[str, str]]:
        return [(self.too_long, "'too many digits'")] if self.too_long is not None else []


class _Join(NamedTuple):
    """What differs between joins: the columns of a rule, made of its rows, and the new columns made of them."""

    columns: list[str]
    status: str
    reason: str


def _join_for_any(most: int, tested: _Tested, kind: Kind) -> _Join:
    """A join that takes the statuses from the table.

    The column ``state`` is 0 for a rule of any numbers, 1 for one of places, and 2 for one of too many bands.
    """
    columns = [
        f"CASE WHEN max(band) > {most} THEN 2 ELSE max(whole) END AS state", "max(reason) AS reason",
        "max(CASE WHEN high IS NULL THEN status END) AS last_status",
    ]  # fmt: skip
    tests = [*tested.unrated, (f"b.state > 0 AND (b.state = 2 OR {tested.no_place})", "'unrated'")]
    for band in range(1, most):
        columns.append(f"max(CASE WHEN band = {band} THEN high END) AS high{band}")
        columns.append(f"max(CASE WHEN band = {band} AND high IS NOT NULL THEN status END) AS status{band}")
        before = f"{tested.value} < b.high{band}"
        if kind == "decimal":  # floats lie before all limits that are theirs
            columns.append(f"max(CASE WHEN band = {band} AND high_side = 'after' THEN high END) AS after{band}")
            before += f" OR {tested.value} = b.after{band}"
        tests.append((before, f"b.status{band}"))
    tests.append(("b.name IS NULL", "'unrated'"))  # last, since few readings come down to here
    reasons = [
        (tested.missing, "'no reading'"), ("b.name IS NULL", "'no such rule'"), ("b.state = 2", "'too many bands'"),
        (f"b.state = 1 AND ({tested.no_place})", _BAD_PLACE), *tested.long_reasons,
    ]  # fmt: skip
    return _Join(columns, _cases(tests, "b.last_status"), _cases(reasons, "b.reason"))


class _Shape(NamedTuple):
    """What rules may have in common: all but their limits."""

    statuses: tuple[str, ...]
    #: the sides of the limits between the bands
    sides: tuple[str, ...]
    whole: int
    reason: str | None

    def text(self, most: int) -> str:
        """What a query that looks at so many bands puts together from the rows of a rule."""
        each = [status + side for status, side in zip(self.statuses, (*self.sides, ""), strict=True)]
        each += [""] * (most - len(each) + 1)
        return " ".join(each) + ("whole" if self.whole else "") + (self.reason or "")


def _shapes(rows: Iterable[RuleBand]) -> list[_Shape]:
    """The shapes of the rules in a table, the most frequent first."""
    by_name: dict[str, list[RuleBand]] = {}
    check_kind(rows, Iterable, "table of rules", FormulaError, hint="write rows=rules_table(...)")
    for row in rows:
        check_kind(row, RuleBand, "row of rules_table", FormulaError)
        by_name.setdefault(row.name, []).append(row)
    counts: dict[_Shape, int] = {}
    for found in by_name.values():
        found.sort(key=lambda row: row.band)
        sides = tuple(str(row.high_side) for row in found[:-1])
        shape = _Shape(tuple(row.status for row in found), sides, found[0].whole, found[0].reason)
        counts[shape] = counts.get(shape, 0) + 1
    return sorted(counts, key=lambda shape: -counts[shape])


def _join_for(shapes: list[_Shape], most: int, tested: _Tested, sql: _Sql) -> _Join:
    """A join with the statuses of these shapes in it; a rule of another is of shape -1."""
    columns = [f"max(CASE WHEN band = {band} THEN high END) AS high{band}" for band in range(1, most)]
    texts = [
        f"coalesce(max(CASE WHEN band = {band} THEN status || coalesce(high_side, '') END), '') || ' '"
        for band in range(1, most + 1)
    ]
    whole_text = "\n || ".join([*texts, "CASE max(whole) WHEN 1 THEN 'whole' ELSE '' END || coalesce(max(reason), '')"])
    numbered = "\n ".join(f"WHEN {sql.text(shape.text(most))} THEN {number}" for number, shape in enumerate(shapes))
    known = f"CASE {whole_text}\n {numbered}\n ELSE -1 END" if shapes else "-1"
    columns.append(f"CASE WHEN max(band) > {most} THEN -1 ELSE {known} END AS shape")
    tests = tested.unrated
    reasons = [
        (tested.missing, "'no reading'"), ("b.name IS NULL", "'no such rule'"), ("b.shape = -1", "'other bands'"),
    ]  # fmt: skip
    for number, shape in enumerate(shapes):
        is_it = f"b.shape = {number}"
        signs = ["<" if side == "before" else "<=" for side in shape.sides]
        places = [
            (f"{tested.value} {sign} b.high{band}", sql.text(shape.statuses[band - 1]))
            for band, sign in enumerate(signs, start=1)
        ]
        if shape.whole:
            places.insert(0, (tested.no_place, "'unrated'"))
            reasons.append((f"{is_it} AND ({tested.no_place})", _BAD_PLACE))
        if shape.reason is not None:
            reasons.append((is_it, sql.text(shape.reason)))
        tests.append((is_it, _cases(places, sql.text(shape.statuses[-1]))))
    return _Join(columns, _cases(tests, "'unrated'"), _cases([*reasons, *tested.long_reasons], "NULL"))
