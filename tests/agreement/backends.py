"""Every backend that the tests ask: the types of columns that it takes, and what it says of a batch of readings."""

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa

from rag_rules import (
    Bands,
    FormulaError,
    RagRulesError,
    Rule,
    RuleBand,
    Status,
    join_sql,
    rules_table,
    to_dax,
    to_excel,
    to_feel,
    to_json,
    to_nagios,
    to_sql,
    with_status,
)
from rag_rules.formula import MOST_EXACT, Typed, typed
from rag_rules.number_line import Verdict, number_line
from rag_rules.sql import Dialect, Kind
from tests.agreement.drawn import DECIMALS, KINDS, write_rows
from tests.agreement.judge import Batch, Said, number_meant
from tests.frames.engines import ENGINES, Engine, rows_of
from tests.frames.spark_session import named, spark_engine, spark_session
from tests.sql.engines import Postgres, postgres
from tests.workbook.office import recalculated

#: what a backend says of each row: all, the status only, or nothing, where it refuses the rule or takes no such reading
Answers = list[Said | str | None]

NUMBERS: Final = tuple(kind for kind in KINDS if kind not in ("text", "date"))


class Tools:
    """Servers and sessions, started when they are first wanted and ended with the stack."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    @cached_property
    def postgres(self) -> Postgres:
        return self._stack.enter_context(postgres())

    @cached_property
    def spark(self) -> Any:
        own = {"spark.sql.ansi.enabled": "false"}
        return self._stack.enter_context(spark_session(python=sys.executable, **own))


#: asks a backend about a batch in one of the ways in which it may be asked
Rate = Callable[[Batch, Tools], Answers]


class Backend(NamedTuple):
    """One backend."""

    name: str
    kinds: tuple[str, ...]
    #: the ways to ask it, each with how many rules it is asked about
    ways: tuple[tuple[Rate, int | None], ...]
    #: the marker of the tests that need what it needs
    mark: str = ""
    #: whether it takes numbers in the unit of the bands only, so that 0.95 is no 95%
    is_in_units: bool = True


def disagreements(rate: Rate, batch: Batch, tools: Tools) -> tuple[int, list[str]]:
    """How many rows are rated, and what is wrong with any of them."""
    found = rate(batch, tools)
    wrong = [
        f"{reading!r} as {batch.kind} by {batch.rules[number].bands if number >= 0 else 'nobody'}"
        f" (shares={batch.shares}) is {said}, and should be {wanted}"
        for (number, reading), said, wanted in zip(batch.rows, found, batch.wanted, strict=True)
        if said is not None and said != (wanted if isinstance(said, Said) else wanted.status)
    ]
    return sum(said is not None for said in found), wrong


# the library itself ---------------------------------------------------------------------------------------------------


def _by_bands(batch: Batch, _: Tools) -> Answers:
    """``bands.status``, where bands alone say what becomes of a number."""
    found: Answers = []
    for number, reading in batch.rows:
        bands = _plain_bands(batch.rules[number]) if number >= 0 and reading is not None else None
        found.append(bands.status(reading).value if bands is not None else None)
    return found


def _plain_bands(rule: Rule) -> Bands | None:
    """The bands of a rule that rates numbers by nothing else."""
    line = number_line(rule, shares=False)
    is_plain = rule.bands is not None and not line.is_whole
    return rule.bands if is_plain and rule.bands and line.steps.map(_status) == rule.bands.steps else None


def _status(verdict: Verdict) -> Status:
    return verdict.status


def _by_evaluate(batch: Batch, _: Tools) -> Answers:
    """``rule.evaluate``, for numbers of up to thirty digits."""
    found: Answers = []
    for number, reading in batch.rows:
        if number < 0 or (reading is not None and not _is_short(number_meant(reading, batch.kind))):
            found.append(None)
            continue
        try:
            outcome = batch.rules[number].evaluate(reading)
        except RagRulesError:
            found.append("unrated")
            continue
        found.append(outcome.status.value)
    return found


def _is_short(number: Decimal) -> bool:
    return number.is_finite() and len(number.as_tuple().digits) <= 30 and abs(number.adjusted()) <= 30


# data frames ----------------------------------------------------------------------------------------------------------


def _by_names(batch: Batch, tools: Tools, engine: Callable[[Tools], Engine], *, has_gaps: bool) -> Answers:
    """``with_status`` with a column of names, and all that it can say."""
    found: Answers = [None] * len(batch.rows)
    asked = _kept(batch, has_gaps)
    said = _rated(engine(tools), batch.only(asked), dict(zip(batch.names, batch.rules, strict=True)), rule="of")
    for row, each in zip(asked, said, strict=True):
        found[row] = each
    return found


def _by_few_names(batch: Batch, tools: Tools, engine: Callable[[Tools], Engine], *, has_gaps: bool) -> Answers:
    """``with_status`` with a column of few names, and nothing but the status."""
    found: Answers = [None] * len(batch.rows)
    groups: dict[int, list[int]] = defaultdict(list)
    for row in _kept(batch, has_gaps):
        groups[max(batch.rows[row][0], 0) // 4].append(row)
    for group, own in groups.items():
        rules = dict(list(zip(batch.names, batch.rules, strict=True))[group * 4 : group * 4 + 4])
        for row, status in zip(own, _statuses(engine(tools), batch.only(own), rules, rule="of"), strict=True):
            found[row] = status
    return found


def _one_by_one(batch: Batch, tools: Tools, engine: Callable[[Tools], Engine], *, has_gaps: bool) -> Answers:
    """``with_status`` with one rule for all rows: half of the rules with all that it can say, half with the status only."""
    found: Answers = [None] * len(batch.rows)
    groups: dict[int, list[int]] = defaultdict(list)
    for row in _kept(batch, has_gaps):
        groups[batch.rows[row][0]].append(row)
    for number, own in groups.items():
        if number >= 0:
            rate: Callable[[Engine, Batch, Any], Iterable[Any]] = _rated if number % 2 else _statuses
            for row, said in zip(own, rate(engine(tools), batch.only(own), batch.rules[number]), strict=True):
                found[row] = said
    return found


def _statuses(engine: Engine, batch: Batch, rules: Any, **columns: Any) -> Iterator[str]:
    rated = with_status(engine.make(batch.table()), rules, shares=batch.shares, **columns)
    return (status for (status,) in rows_of(engine, rated, "status"))


def _kept(batch: Batch, has_gaps: bool) -> list[int]:
    """The rows that stay what they are in an engine; NumPy's whole numbers have no gaps."""
    is_whole = batch.kind.startswith(("int", "uint"))
    return [row for row, (_, reading) in enumerate(batch.rows) if has_gaps or not is_whole or reading is not None]


def _rated(engine: Engine, batch: Batch, rules: Any, **columns: Any) -> Iterator[Said]:
    frame = engine.make(batch.table())
    rated = with_status(frame, rules, reason="why", band="band", distance="way", shares=batch.shares, **columns)
    for status, reason, band, way in rows_of(engine, rated, "status", "why", "band", "way"):
        none = way is None or way != way
        assert way == 0 if status == Status.GREEN else status != Status.UNRATED or none, f"{status}, {way} from green"
        yield Said(status, reason, None if band is None else int(band))


# SQL ------------------------------------------------------------------------------------------------------------------

_SQL_TYPES: Final[dict[Dialect, dict[str, str]]] = {
    "duckdb": {
        "double": "DOUBLE", "float": "FLOAT", "int8": "TINYINT", "int64": "BIGINT", "uint8": "UTINYINT", "uint64": "UBIGINT",
        "decimal": "DECIMAL(20, 3)", "long decimal": "DECIMAL(38, 18)", "text": "VARCHAR", "date": "DATE",
    },
    "postgres": {
        "double": "double precision", "float": "real", "int8": "smallint", "int64": "bigint", "uint8": "integer",
        "uint64": "numeric", "decimal": "numeric(20, 3)", "long decimal": "numeric", "text": "text", "date": "date",
    },
    "sqlite": {"double": "REAL", "int8": "INTEGER", "int64": "INTEGER", "uint8": "INTEGER", "text": "TEXT"},
    "spark": {
        "double": "double", "float": "float", "int8": "tinyint", "int64": "bigint", "decimal": "decimal(20, 3)",
        "long decimal": "decimal(38, 18)", "text": "string", "date": "date",
    },
}  # fmt: skip
#: of the limits in a table of rules
_LIMITS: Final[dict[Dialect, dict[Kind, str]]] = {
    "duckdb": {"decimal": "DECIMAL(38, 18)", "float": "DOUBLE", "float32": "FLOAT"},
    "postgres": {"decimal": "numeric", "float": "double precision", "float32": "real"},
    "sqlite": {"float": "REAL"},
    "spark": {"decimal": "decimal(38, 18)", "float": "double", "float32": "float"},
}
_RULES: Final = "name {text}, band {number}, low {limit}, low_side {text}, high {limit}, high_side {text}, status {text}, whole {number}, reason {text}"
_TOGETHER: Final = 40


def _sql_kind(kind: str, dialect: Dialect) -> Kind:
    return "float32" if kind == "float" else "float" if kind == "double" or dialect == "sqlite" else "decimal"


def _by_case(batch: Batch, tools: Tools, dialect: Dialect) -> Answers:
    """``to_sql``: the expressions of some rules in one query."""
    cases: dict[int, str] = {}
    for number, rule in enumerate(batch.rules):
        if _has_type(rule, batch.kind) and not (
            dialect == "duckdb" and batch.kind == "long decimal" and _is_long(rule)
        ):
            try:
                cases[number] = to_sql(rule, "reading", dialect, kind=_sql_kind(batch.kind, dialect))
            except FormulaError:
                continue
    asked = [row for row, (number, _) in enumerate(batch.rows) if number in cases]
    rows = [(row, str(batch.rows[row][0]), batch.rows[row][1]) for row in asked]
    numbers = sorted(cases)
    queries = []
    for start in range(0, len(numbers), _TOGETHER):
        some = numbers[start : start + _TOGETHER]
        whens = "\n".join(f"WHEN '{number}' THEN {cases[number]}" for number in some)
        names = ", ".join(f"'{number}'" for number in some)
        queries.append(f"SELECT id, CASE indicator {whens} END FROM readings WHERE indicator IN ({names})")
    return _run(batch, tools, dialect, rows, [], queries)


def _is_long(rule: Rule) -> bool:
    """Whether a limit has no room among decimals of 20 digits before the point: for such a query DuckDB reports an error."""
    cuts = () if rule.bands is None else rule.bands.steps.cuts
    return any(abs(cut.at) >= Decimal(10) ** 20 for cut in cuts)


def _has_type(rule: Rule, kind: str) -> bool:
    """Whether a rule rates a column of a type."""
    if rule.bands is not None and rule.bands.unit.is_date:
        return kind == "date"
    return kind == ("text" if rule.bands is not None and rule.bands.scale is not None else kind) and kind != "date" and (
        kind != "text" or rule.bands is None or rule.bands.scale is not None
    )  # fmt: skip


def _by_join(batch: Batch, tools: Tools, dialect: Dialect, *, is_in_query: bool = False) -> Answers:
    """``join_sql``, by a table that ``rules_table`` fills, or by rules that the query holds."""
    table: list[RuleBand] = []
    known = {-1}
    held: dict[str, Rule] = {}
    kind = _sql_kind(batch.kind, dialect)
    for number, rule in enumerate(batch.rules):
        try:
            table += rules_table({str(number): rule}, kind=kind)
            known.add(number)
            held[str(number)] = rule
        except FormulaError:
            continue
    # SQLite's limits are floats: longer whole numbers are refused
    short = 2**53 if dialect == "sqlite" else None
    rows = [
        (row, str(number), reading)
        for row, (number, reading) in enumerate(batch.rows)
        if number in known and not (short and isinstance(reading, int) and abs(reading) > short)
    ]
    most = max(row[1] for row in table)
    given = held if is_in_query else "rules"
    query = join_sql("readings", given, dialect, reading="reading", kind=kind, bands=max(most + 1, 2))
    return _run(batch, tools, dialect, rows, table, [f"SELECT id, status FROM ({query}) AS rated"])


def _run(
    batch: Batch,
    tools: Tools,
    dialect: Dialect,
    rows: list[tuple[Any, ...]],
    table: Sequence[tuple[Any, ...]],
    queries: list[str],
) -> Answers:
    """The answers to queries over a table of readings, and of rules if there are any."""
    reading, limit = _SQL_TYPES[dialect][batch.kind], _LIMITS[dialect][_sql_kind(batch.kind, dialect)]
    text, number = ("text", "integer") if dialect != "spark" else ("string", "int")
    tables = {
        "readings": (f"id {number}, indicator {text}, reading {reading}", rows),
        "rules": (_RULES.format(text=text, number=number, limit=limit), table),
    }
    found: Answers = [None] * len(batch.rows)
    with tempfile.TemporaryDirectory() as folder:
        for row, status in _ASK[dialect](tables, queries, tools, Path(folder)):
            assert found[int(row)] is None
            found[int(row)] = status
    assert sum(each is not None for each in found) == len(rows)
    return found


_Tables = Mapping[str, tuple[str, list[tuple[Any, ...]]]]


def _ask_duckdb(tables: _Tables, queries: list[str], _: Tools, folder: Path) -> Iterator[tuple[Any, ...]]:
    with duckdb.connect(config={"threads": 1}) as base:
        for name, (columns, rows) in tables.items():
            path = write_rows(folder / name, rows)
            base.execute(f"CREATE TABLE {name} ({columns})")
            if rows:
                base.execute(
                    f"INSERT INTO {name} SELECT * FROM read_csv('{path}', header=false, all_varchar=true, nullstr='')"
                )
        for query in queries:
            yield from base.execute(query).fetchall()


def _ask_sqlite(tables: _Tables, queries: list[str], _: Tools, folder: Path) -> Iterator[tuple[Any, ...]]:
    base = sqlite3.connect(":memory:")
    for name, (columns, rows) in tables.items():
        base.execute(f"CREATE TABLE {name} ({columns})")
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns.split(',')))})", rows)
    for query in queries:
        yield from base.execute(query).fetchall()
    base.close()


def _ask_postgres(tables: _Tables, queries: list[str], tools: Tools, folder: Path) -> Iterator[tuple[Any, ...]]:
    for name, (columns, rows) in tables.items():
        tools.postgres.run([f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns})"])
        tools.postgres.load(name, write_rows(folder / name, rows))
    for answer in tools.postgres.run(queries):
        yield from answer


#: the types of Spark in Arrow, in which rows reach it without a worker's Python
_IN_ARROW: Final = {
    "int": pa.int32(), "string": pa.string(), "double": pa.float64(), "float": pa.float32(), "tinyint": pa.int8(),
    "bigint": pa.int64(), "decimal(20, 3)": pa.decimal128(20, 3), "decimal(38, 18)": pa.decimal128(38, 18), "date": pa.date32(),
}  # fmt: skip


def _ask_spark(tables: _Tables, queries: list[str], tools: Tools, folder: Path) -> Iterator[tuple[Any, ...]]:
    for name, (columns, rows) in tables.items():
        if rows:
            kinds = re.findall(r"(\w+) (decimal\(\d+, \d+\)|\w+)", columns)
            values = list(zip(*rows, strict=True))
            arrays = [pa.array(each, type=_IN_ARROW[kind]) for each, (_, kind) in zip(values, kinds, strict=True)]
            named(tools.spark, name, pa.table(arrays, names=[each for each, _ in kinds]))
    for query in queries:
        yield from ((row[0], row[1]) for row in tools.spark.sql(query).collect())


_ASK: Final[dict[Dialect, Callable[..., Iterator[tuple[Any, ...]]]]] = {
    "duckdb": _ask_duckdb,
    "sqlite": _ask_sqlite,
    "postgres": _ask_postgres,
    "spark": _ask_spark,
}


# other tools ----------------------------------------------------------------------------------------------------------

_EVALUATOR: Final = Path(__file__).parents[2] / "examples" / "bands.js"
#: numbers come as they are, but for those that JSON does not have; a text in a list is a reading that is a text
_DRIVER: Final = """
const { status } = require(process.argv[1]);
const special = { NaN, Infinity, "-Infinity": -Infinity };
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const read = (reading) => Array.isArray(reading) ? reading[0] : reading in special ? special[reading] : reading;
console.log(JSON.stringify(cases.map(([bands, readings]) => readings.map((each) => status(bands, read(each))))));
"""


def ask_node(cases: list[tuple[Bands, list[Any]]]) -> list[list[str]]:
    """What the evaluator in examples/bands.js says of readings by bands, in Node.js."""
    asked = [[json.loads(to_json(bands)), readings] for bands, readings in cases]
    done = subprocess.run(
        ["node", "-e", _DRIVER, str(_EVALUATOR)], input=json.dumps(asked), capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found: list[list[str]] = json.loads(done.stdout)
    return found


def _in_javascript(reading: Any) -> Any:
    if isinstance(reading, Decimal | int):
        return [f"{reading:f}" if isinstance(reading, Decimal) else str(reading)]
    if reading is None or reading - reading == 0:
        return reading
    return str(reading).replace("nan", "NaN").replace("inf", "Infinity")


def _by_javascript(batch: Batch, _: Tools) -> Answers:
    cases: dict[int, list[int]] = defaultdict(list)
    for row, (number, _reading) in enumerate(batch.rows):
        bands = _plain_bands(batch.rules[number]) if number >= 0 else None
        if bands is not None and all(abs(cut.at.adjusted()) < 390 for cut in bands.steps.cuts):
            cases[number].append(row)
    found: Answers = [None] * len(batch.rows)
    asked = [
        (batch.rules[number].bands, [_in_javascript(batch.rows[row][1]) for row in rows])
        for number, rows in cases.items()
    ]
    for rows, statuses in zip(cases.values(), ask_node([(b, r) for b, r in asked if b is not None]), strict=True):
        for row, status in zip(rows, statuses, strict=True):
            found[row] = status
    return found


def _by_export(batch: Batch, _: Tools, rates: Callable[[Rule], Callable[[Any], str | None]]) -> Answers:
    """What an export says, read by the definition of its language; nothing where there is no such export."""
    known: dict[int, Callable[[Any], str | None] | None] = {}
    found: Answers = []
    for number, reading in batch.rows:
        if number not in known:
            try:
                known[number] = rates(batch.rules[number]) if number >= 0 else None
            except FormulaError:
                known[number] = None
        rate = known[number]
        found.append(rate(reading) if rate is not None else None)
    return found


def _feel(rule: Rule) -> Callable[[Any], str | None]:
    """The unary tests of FEEL, whose numbers are decimals."""
    bands = _plain_bands(rule)
    if bands is None:
        raise FormulaError("not by bands alone")
    tests = {status.value: [_feel_test(test) for test in text.split(", ")] for status, text in to_feel(bands).items()}

    def rate(reading: Any) -> str | None:
        if reading is None or reading != reading:
            return "unrated"
        number = number_meant(reading, "double" if isinstance(reading, float) else "decimal")
        met = [status for status, each in tests.items() if any(test(number) for test in each)]
        assert len(met) == 1, (reading, met)
        return met[0]

    return rate


def _feel_test(text: str) -> Callable[[Decimal], bool]:
    if text == "-":
        return lambda number: True
    if found := re.fullmatch(r"(<=?|>=?) (\S+)", text):
        sign, limit = found[1], Decimal(found[2])
        return {
            "<": lambda number: number < limit, "<=": lambda number: number <= limit,
            ">": lambda number: number > limit, ">=": lambda number: number >= limit,
        }[sign]  # fmt: skip
    if found := re.fullmatch(r"([\[(])(.+)\.\.(.+)([\])])", text):
        low, high, opening, closing = Decimal(found[2]), Decimal(found[3]), found[1], found[4]
        return lambda number: (
            (number > low or (number == low and opening == "["))
            and (number < high or (number == high and closing == "]"))
        )
    only = Decimal(text)
    return lambda number: number == only


def _nagios(rule: Rule) -> Callable[[Any], str | None]:
    """The ranges of a check of Nagios, whose numbers are floats."""
    bands = _plain_bands(rule)
    if bands is None:
        raise FormulaError("not by bands alone")
    ranges = to_nagios(bands)

    def rate(reading: Any) -> str | None:
        if reading is None or reading != reading:
            return None  # a check has a number
        return by_ranges(ranges.warning, ranges.critical, reading).value

    return rate


def alerts(text: str, value: float) -> bool:
    """Whether a range alerts, by the guidelines for plug-ins."""
    start, _, end = text.removeprefix("@").rpartition(":")
    low = float("-inf") if start == "~" else float(start or 0)
    high = float(end) if end else float("inf")
    outside = value < low or value > high
    return not outside if text.startswith("@") else outside


def by_ranges(warning: str, critical: str, value: float) -> Status:
    """The status of a check: critical goes first."""
    return Status.RED if alerts(critical, value) else Status.AMBER if alerts(warning, value) else Status.GREEN


def _dax(rule: Rule) -> Callable[[Any], str | None]:
    """The expression in DAX, which no tool here can run: its comparisons are read, and made in Decimal."""
    numbers = typed(rule, is_bare=True)
    text = to_dax(rule, "x")
    tests = [
        (sign, Decimal(limit), status.lower())
        for sign, limit, status in re.findall(r'\[x\] (<=?) (\S+), "(\w+)"', text)
    ]
    is_whole = "INT([x])" in text
    last = str(re.findall(r'"(\w+)"', text)[-3 if is_whole else -2]).lower()

    def rate(reading: Any) -> str | None:
        if reading is None or reading != reading:
            return "unrated"
        number = number_meant(reading, "decimal")
        if numbers.is_share:
            number = number.scaleb(-2)
        if len(number.normalize().as_tuple().digits) > MOST_EXACT:
            return None
        if is_whole and (number < 1 or number != int(number)):
            return "unrated"
        met = [status for sign, limit, status in tests if number < limit or (sign == "<=" and number == limit)]
        return met[0] if met else last

    return rate


#: readings of more digits, and limits that are very large or small, are not what a spreadsheet compares exactly
_OF_A_CELL: Final = 14


def _by_excel(batch: Batch, _: Tools) -> Answers:
    """``to_excel``, worked out by LibreOffice, for readings that a cell holds as they are."""
    openpyxl = import_module("openpyxl")
    known: dict[int, Typed | None] = {}
    found: Answers = [None] * len(batch.rows)
    book = openpyxl.Workbook()
    sheet = book.active
    asked: list[int] = []
    for row, (number, reading) in enumerate(batch.rows):
        if number not in known:
            known[number] = _in_cells(batch.rules[number]) if number >= 0 else None
        cells = known[number]
        if cells is None:
            continue
        value = None if reading is None else number_meant(reading, batch.kind)
        if value is not None and cells.is_share:
            value = value.scaleb(-2)
        if value is not None and not _is_of_a_cell(value):
            continue
        asked.append(row)
        sheet.cell(len(asked), 1).value = None if value is None else float(value)
        sheet.cell(len(asked), 2).value = to_excel(batch.rules[number], f"A{len(asked)}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.xlsx"
        book.save(path)
        done = openpyxl.load_workbook(recalculated(path, Path(folder)), data_only=True).active
        for place, row in enumerate(asked, start=1):
            found[row] = str(done.cell(place, 2).value).lower()
    return found


def _in_cells(rule: Rule) -> Typed | None:
    """What a rule makes of cells, where their unit makes no difference and its limits are of a size that cells have."""
    if (numbers := _typed_numbers(rule)) is None or numbers != typed(rule, is_bare=True).numbers:
        return None
    is_usual = all(not cut.at or abs(cut.at.adjusted()) < _OF_A_CELL for cut in numbers.cuts)
    return typed(rule) if is_usual else None


def _is_of_a_cell(value: Decimal) -> bool:
    short = value.is_finite() and len(value.normalize().as_tuple().digits) <= _OF_A_CELL
    return short and (not value or abs(value.adjusted()) < _OF_A_CELL)


def _typed_numbers(rule: Rule) -> Any:
    try:
        return typed(rule).numbers
    except FormulaError:
        return None


# the table ------------------------------------------------------------------------------------------------------------


def _in_dask(table: pa.Table) -> Any:
    """Python's Decimals and dates would become texts in Dask, and so come as Arrow's."""
    kept = {KINDS[kind]: pd.ArrowDtype(KINDS[kind]) for kind in (*DECIMALS, "date")}
    frame = table.to_pandas(types_mapper=kept.get)
    return import_module("dask.dataframe").from_pandas(frame, npartitions=3)


def _of_dask(frame: Any, names: list[str]) -> pa.Table:
    found = frame.compute()
    return pa.table({name: pa.array(found[name].astype(object).tolist(), from_pandas=True) for name in names})


#: the engines that are large, or need Java
LARGE: Final[dict[str, Callable[[Tools], Engine]]] = {
    "dask": lambda tools: Engine(_in_dask, _of_dask, True),
    "ibis": lambda tools: Engine(
        import_module("ibis").memtable, lambda frame, names: frame.to_pyarrow().select(names), False
    ),
    "spark": lambda tools: spark_engine(tools.spark),
}
_NOT_IN: Final = {"duckdb": ("half",), "ibis": ("half",), "spark": ("half", "uint8", "uint64")}


#: how many rules an engine is asked about: together, in groups of a few, and one by one
_MOST: Final = {"spark": (100, 12, 6), "ibis": (200, 40, 20), "duckdb": (300, 40, 30), "dask": (None, 40, 16)}


def _table() -> Iterator[Backend]:
    yield Backend("bands.status", ("double", "int64", "uint64", *DECIMALS), ((_by_bands, None),))
    yield Backend("evaluate", ("double", "int64", *DECIMALS), ((_by_evaluate, None),), is_in_units=False)
    engines: dict[str, tuple[Callable[[Tools], Engine], str]] = {
        name: (partial(_always, engine), "") for name, engine in ENGINES.items()
    }
    for name, (engine, mark) in (engines | {name: (each, "frames") for name, each in LARGE.items()}).items():
        kinds = tuple(kind for kind in KINDS if kind not in _NOT_IN.get(name, ()))
        together, few, alone = _MOST.get(name, (None, 80, 40))
        how: dict[str, Any] = {"engine": engine, "has_gaps": name not in ("pandas", "dask")}
        ways = (
            (partial(_by_names, **how), together),
            (partial(_by_few_names, **how), few),
            (partial(_one_by_one, **how), alone),
        )
        yield Backend(name, kinds, ways, mark, is_in_units=False)
    marks: dict[Dialect, str] = {"duckdb": "", "sqlite": "", "postgres": "sql", "spark": "frames"}
    for dialect, mark in marks.items():
        kinds = tuple(_SQL_TYPES[dialect])
        numbers = tuple(kind for kind in kinds if kind in NUMBERS)
        yield Backend(f"to_sql in {dialect}", kinds, ((partial(_by_case, dialect=dialect), None),), mark)
        joins = ((partial(_by_join, dialect=dialect), None), (partial(_by_join, dialect=dialect, is_in_query=True), 40))
        yield Backend(f"join_sql in {dialect}", numbers, joins, mark)
    yield Backend("bands.js", ("double", "int64", *DECIMALS), ((_by_javascript, None),), "sql")
    yield Backend("to_feel", ("double", *DECIMALS), ((partial(_by_export, rates=_feel), None),))
    yield Backend("to_nagios", ("double",), ((partial(_by_export, rates=_nagios), None),))
    yield Backend("to_excel in LibreOffice", ("double", "decimal"), ((_by_excel, 400),), "workbook")
    yield Backend("to_dax", DECIMALS, ((partial(_by_export, rates=_dax), None),))


def _always(engine: Engine, _: Tools) -> Engine:
    return engine


BACKENDS: Final = {each.name: each for each in _table()}
