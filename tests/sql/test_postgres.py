"""Rules as SQL in PostgreSQL: names, types and numbers that only it has; tests/agreement asks about thousands of rules."""

from collections.abc import Iterator
from decimal import Context, Decimal
from pathlib import Path
from typing import get_args

import pytest

from rag_rules import Status, join_sql, rule, rules_table, to_sql
from rag_rules.sql import Kind
from tests.sql import drawn, engines
from tests.test_sql import COLUMNS, RULES, values_of, wanted_of

pytestmark = pytest.mark.sql

#: one in the eightieth digit, and more than any limit has
FINE = Context(prec=90, Emin=-2000, Emax=2000)


@pytest.fixture(scope="module")
def server() -> Iterator[engines.Postgres]:
    with engines.postgres() as started:
        yield started


def test_numbers_longer_than_any_limit_are_rated_in_postgres(server: engines.Postgres, tmp_path: Path) -> None:
    """A numeric holds every cut itself, what is nearest to it, and what is no number."""
    bands = drawn.drawn_bands(300)
    rows = []
    for case, each in enumerate(bands):
        near = [cut.at for cut in each.steps.cuts]
        beside = [step for cut in near for step in (cut.next_plus(FINE), cut.next_minus(FINE))]
        rows += [(case, value) for value in (*near, *beside, Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity"))]
    server.run(
        ["DROP TABLE IF EXISTS readings; CREATE TABLE readings (id integer, indicator integer, reading numeric)"]
    )
    server.load("readings", drawn.write_rows(tmp_path / "readings.csv", [(i, *row) for i, row in enumerate(rows)]))
    engines.check(
        server.run, bands, [(i, *row) for i, row in enumerate(rows)],
        [drawn.expected(bands[case], value, "decimal") for case, value in rows], "postgres", "decimal",
    )  # fmt: skip


def test_names_and_words_cannot_break_out_of_their_quotation_marks(server: engines.Postgres) -> None:
    name = 'a"; DROP TABLE kept; --\\'
    words = {status: f"{status}'; DROP TABLE kept; --\\" for status in Status}
    server.run(["CREATE TABLE kept (x integer)"])
    quoted = '"a""; DROP TABLE kept; --\\"'
    for setting in ("on", "off"):
        made = to_sql(rule("<21"), name, "postgres", words=words)
        found = server.run(
            [f"SET standard_conforming_strings = {setting}", f"SELECT {made} FROM (SELECT 20 AS {quoted}) AS t"]
        )
        assert found[1] == [(words[Status.GREEN],)]
    assert server.run(["SELECT count(*) FROM kept"]) == [[("0",)]]


def test_readings_of_the_conformance_cases_have_their_statuses_in_postgres(server: engines.Postgres) -> None:
    queries, wanted = [], []
    for tried, outcomes in drawn.conformance_rules():
        made = to_sql(tried, "x", "postgres")
        for value, status in outcomes:
            queries.append(f"SELECT {made} FROM (SELECT CAST('{value:f}' AS numeric) AS x) AS t")
            wanted.append((status.value,))
    assert len(queries) > 2_000
    found = [answer[0] for answer in server.run(queries)]
    wrong = [(query, want, got) for query, want, got in zip(queries, wanted, found, strict=True) if want != got]
    assert not wrong, wrong[:3]


@pytest.mark.parametrize(
    ("target", "type_", "values"),
    [
        ("<21", "integer", {"20": "green", "21": "red", "NULL": "unrated"}),
        ("≥ 0.5", "bigint", {"-9223372036854775808": "red", "0": "red", "1": "green", "9223372036854775807": "green"}),
        ("Top 5", "numeric", {"5": "green", "2.5": "unrated", "0": "unrated", "'Infinity'": "red", "'NaN'": "unrated", "6": "red"}),
        ("at least Good", "text", {"'Good'": "green", "' gOOD '": "green", "'Inadequate'": "red", "'x'": "unrated", "NULL": "unrated"}),
        ("By 30th November 2019", "date", {"'2019-11-30'": "green", "'2019-12-01'": "red", "'infinity'": "red", "NULL": "unrated"}),
        ("By 30th November 2019", "timestamp", {"'2019-11-30 23:59'": "green", "'2019-12-01 00:00'": "red"}),
    ],
)  # fmt: skip
def test_columns_of_other_types_are_rated_in_postgres(
    server: engines.Postgres, target: str, type_: str, values: dict[str, str]
) -> None:
    made = to_sql(rule(target), "x", "postgres")
    found = server.run([f"SELECT {made} FROM (SELECT CAST({value} AS {type_}) AS x) AS t" for value in values])
    assert [answer[0][0] for answer in found] == list(values.values())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_one_join_rates_readings_by_many_rules_in_postgres(
    server: engines.Postgres, kind: Kind, tmp_path: Path
) -> None:
    number = engines.TYPES["postgres"][kind]
    server.run([
        "DROP TABLE IF EXISTS rules; DROP TABLE IF EXISTS readings",
        f"CREATE TABLE rules ({COLUMNS.format(text='text', number=number)}, PRIMARY KEY (name, band))",
        f"CREATE TABLE readings (id integer, indicator text, value {number})",
    ])  # fmt: skip
    rows = [(name, value) for name in RULES for value in values_of(name, kind)]
    rows += [("nobody", values_of("cost", kind)[1]), ("nobody", None)]
    server.load("rules", drawn.write_rows(tmp_path / "rules.csv", rules_table(RULES, kind=kind)))
    server.load("readings", drawn.write_rows(tmp_path / "all.csv", [(i, *row) for i, row in enumerate(rows)]))
    wanted = {i: wanted_of(*row, kind) for i, row in enumerate(rows)}
    for given in ("rules", RULES):
        query = join_sql("readings", given, "postgres", kind=kind, reason="reason")
        found = {int(row[0]): row[-2:] for row in server.run([query])[0]}
        wrong = [(rows[i], want, found[i]) for i, want in wanted.items() if found[i] != (want[0], want[1] or "")]
        assert len(found) == len(rows)
        assert not wrong, wrong[:5]


def test_names_are_compared_letter_by_letter_in_postgres(server: engines.Postgres) -> None:
    known = {name: rule(f"<{at}") for at, name in enumerate(("1", "01", "cost", "Cost"), 1)}
    server.run([
        "DROP COLLATION IF EXISTS any_case; "
        "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
    ])  # fmt: skip
    for type_, names in {
        "integer": {"1": "red", "2": "unrated"},
        "text COLLATE any_case": {"cost": "green", "Cost": "green", "COST": "unrated"},
    }.items():
        values = ", ".join(f"('{name}', 1.5)" for name in names)
        found = server.run([
            f"DROP TABLE IF EXISTS readings; CREATE TABLE readings (indicator {type_}, value numeric)",
            f"INSERT INTO readings VALUES {values}", join_sql("readings", known, "postgres"),
        ])[-1]  # fmt: skip
        assert sorted((row[0], row[-1]) for row in found) == sorted(names.items())
