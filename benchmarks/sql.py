"""SQL: a table of rules joined to readings, and one rule as an expression, against what people write by hand.

DuckDB and SQLite run in the process, PostgreSQL as a server of its own where one is installed. All forms give each
reading the same status, which is looked at before they take turns, and write all columns and the status to a table.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np

from benchmarks.table import Effort, Item, Section, against
from benchmarks.timing import race
from rag_rules import join_sql, rule, rules_table, to_sql
from rag_rules.sql import Dialect, Kind
from tests.agreement.drawn import write_rows
from tests.sql import engines

__all__ = ["SECTIONS"]

_RULES: Final = 200
#: one query of DuckDB takes as long as ten of the same of others
_ROWS: Final[dict[Dialect, int]] = {"duckdb": 10_000_000, "sqlite": 1_000_000, "postgres": 1_000_000}
_LIMITS: Final = [Decimal(number) / 4 + 50 for number in range(_RULES)]
_BOOK: Final = {
    f"indicator {number}": rule(f"at least {limit} days", tolerance="5%") for number, limit in enumerate(_LIMITS)
}
_ONE: Final = rule("at least 75 days", tolerance="5%")
_NO_NUMBER: Final = {
    "duckdb": "reading IS NULL OR isnan(reading)",
    "sqlite": "typeof(reading) NOT IN ('integer', 'real')",
    "postgres": "reading IS NULL OR reading = 'NaN'",
}
#: runs one query, and gives its rows
_Run = Callable[[str], list[tuple[Any, ...]]]


def _tables(folder: Path, rows: int, kind: Kind) -> dict[str, Path]:
    """The rows of each table: of readings, of rules as the library makes them, and of limits as people do."""
    made = np.random.default_rng(5)
    names = list(_BOOK)
    readings = zip(
        range(rows),
        (names[code] for code in made.integers(0, _RULES, rows)),
        (made.integers(3000, 12000, rows) / 100).tolist(),
        strict=True,
    )
    limits = [(name, limit, limit * Decimal("0.95")) for name, limit in zip(names, _LIMITS, strict=True)]
    contents = {"readings": readings, "rules": rules_table(_BOOK, kind=kind), "limits": limits}
    return {name: write_rows(folder / f"{name}.csv", each) for name, each in contents.items()}


def _definitions(dialect: Dialect, kind: Kind) -> list[str]:
    number, text = engines.TYPES[dialect][kind], "TEXT"
    return [
        f"CREATE TABLE readings (id INTEGER, indicator {text}, reading {number})",
        f"CREATE TABLE rules (name {text}, band INTEGER, low {number}, low_side {text}, high {number}, high_side {text}, "
        f"status {text}, whole INTEGER, reason {text}, PRIMARY KEY (name, band))",
        f"CREATE TABLE limits (name {text} PRIMARY KEY, green {number}, amber {number})",
    ]


@contextmanager
def _duckdb(tables: dict[str, Path], kind: Kind) -> Iterator[_Run]:
    base = duckdb.connect()
    for definition in _definitions("duckdb", kind):
        base.execute(definition)
    for name, path in tables.items():
        base.execute(f"INSERT INTO {name} SELECT * FROM read_csv('{path}', header=false, all_varchar=true, nullstr='')")
    yield lambda query: base.execute(query).fetchall()
    base.close()


@contextmanager
def _sqlite(tables: dict[str, Path], kind: Kind) -> Iterator[_Run]:
    base = sqlite3.connect(":memory:")
    for definition in _definitions("sqlite", kind):
        base.execute(definition)
    for name, path in tables.items():
        rows = [
            [cell or None for cell in line.rstrip("\n").split(",")] for line in path.read_text("utf-8").splitlines()
        ]
        base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    yield lambda query: base.execute(query).fetchall()
    base.close()


@contextmanager
def _postgres(tables: dict[str, Path], kind: Kind) -> Iterator[_Run]:
    with engines.postgres() as server:
        server.run(_definitions("postgres", kind))
        for name, path in tables.items():
            server.load(name, path)
        server.run(["VACUUM ANALYZE"])
        yield lambda query: server.run([query])[0]


_ENGINES: Final = {"duckdb": _duckdb, "sqlite": _sqlite, "postgres": _postgres}


def _by_hand(dialect: Dialect, green: str, amber: str) -> str:
    return (
        f"CASE WHEN {_NO_NUMBER[dialect]} THEN 'unrated' WHEN reading >= {green} THEN 'green' "
        f"WHEN reading >= {amber} THEN 'amber' ELSE 'red' END AS status"
    )


def _forms(dialect: Dialect, kind: Kind) -> tuple[dict[str, str], ...]:
    """The queries of three races by what they are; the first of each is written by hand, and the goal is for the second."""
    by_rules = partial(join_sql, "readings", _BOOK, dialect, reading="reading", kind=kind)
    by_table = partial(join_sql, "readings", "rules", dialect, reading="reading", kind=kind)
    by_hand, one_by_hand = _by_hand(dialect, "green", "amber"), _by_hand(dialect, "75", "71.25")
    reason = f"CASE WHEN {_NO_NUMBER[dialect]} THEN 'no reading' WHEN name IS NULL THEN 'no such rule' END AS reason"
    joined = "FROM readings LEFT JOIN limits ON name = indicator"
    return {
        "join by hand": f"SELECT readings.*, {by_hand} {joined}",
        "`join_sql`, rules in the query": by_rules(),
        "`join_sql`, any rules, from a table": by_table(),
    }, {
        "join by hand, with reasons": f"SELECT readings.*, {by_hand}, {reason} {joined}",
        "`join_sql(reason=…)`, rules in the query": by_rules(reason="reason"),
        "`join_sql(reason=…)`, any rules, from a table": by_table(reason="reason"),
    }, {
        "`CASE` by hand": f"SELECT readings.*, {one_by_hand} FROM readings",
        "`to_sql`": f"SELECT readings.*, {to_sql(_ONE, 'reading', dialect, kind=kind)} AS status FROM readings",
    }  # fmt: skip


def _statuses(run: _Run, query: str) -> list[tuple[Any, ...]]:
    return run(f"SELECT id, status FROM ({query}) AS rated WHERE id < 10000 ORDER BY id")


def _counts(run: _Run, query: str) -> list[tuple[Any, ...]]:
    return run(f"SELECT status, count(*) FROM ({query}) AS rated GROUP BY status ORDER BY status")


def _written(run: _Run, query: str) -> Callable[[], object]:
    def write() -> None:
        run("DROP TABLE IF EXISTS rated")
        run(f"CREATE TEMPORARY TABLE rated AS {query}")

    return write


def _raced(dialect: Dialect, kind: Kind, effort: Effort) -> Iterator[Item]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server of PostgreSQL reads as another user
        tables = _tables(Path(folder), effort.size(_ROWS[dialect]), kind)
        with _ENGINES[dialect](tables, kind) as run:
            forms = _forms(dialect, kind)
            for group in forms:
                hand, *others = group
                for each in (_statuses, _counts):
                    answers = {name: each(run, query) for name, query in group.items()}
                    assert all(answer == answers[hand] for answer in answers.values()), (dialect, kind, hand)
                times = race({name: _written(run, query) for name, query in group.items()}, turns=effort.turns(7))
                goals = dict.fromkeys(others[:1], 1.1)
                yield from against(times, hand=hand, goals=goals)


def in_duckdb(effort: Effort) -> Iterator[Item]:
    """Ten million readings rated in DuckDB, by 200 rules and by one"""
    for kind in ("float", "decimal"):
        yield f"As {engines.TYPES['duckdb'][kind]}:"
        yield from _raced("duckdb", kind, effort)


def in_sqlite(effort: Effort) -> Iterator[Item]:
    """A million readings rated in SQLite, by 200 rules and by one"""
    yield from _raced("sqlite", "float", effort)


def in_postgres(effort: Effort) -> Iterator[Item]:
    """A million readings rated in PostgreSQL, by 200 rules and by one"""
    if not engines.has_postgres():
        yield "PostgreSQL's server is not installed here: `make sql` installs it."
        return
    for kind in ("float", "decimal"):
        yield f"As {engines.TYPES['postgres'][kind]}:"
        yield from _raced("postgres", kind, effort)


SECTIONS: Final = (
    Section("duckdb-sql", in_duckdb, ("duckdb",)),
    Section("sqlite-sql", in_sqlite),
    Section("postgres-sql", in_postgres),
)
