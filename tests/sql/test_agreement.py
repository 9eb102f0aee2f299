"""Two thousand bands in every engine: each reading has the status that the library gives it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from rag_rules import Bands, Status, rule, to_sql
from rag_rules.sql import Kind
from tests.sql import drawn, engines

pytestmark = pytest.mark.sql


@pytest.fixture(scope="module")
def bands() -> list[Bands]:
    return drawn.drawn_bands(drawn.CASES)


@pytest.fixture(scope="module")
def server() -> Iterator[engines.Postgres]:
    with engines.postgres() as started:
        yield started


@pytest.mark.parametrize("kind", get_args(Kind))
def test_duckdb_agrees(bands: list[Bands], kind: Kind, tmp_path: Path) -> None:
    chosen = [each for each in bands if kind != "decimal" or drawn.fits_decimals(each)]
    assert len(chosen) >= 1_000
    rows, wanted = engines.table_of(chosen, kind)
    engines.check(engines.in_duckdb(rows, kind, tmp_path), chosen, rows, wanted, "duckdb", kind)


def test_sqlite_agrees(bands: list[Bands]) -> None:
    rows, wanted = engines.table_of(bands, "float")
    engines.check(engines.in_sqlite(rows), bands, rows, wanted, "sqlite", "float")


@pytest.mark.parametrize("kind", get_args(Kind))
def test_postgres_agrees(bands: list[Bands], kind: Kind, server: engines.Postgres, tmp_path: Path) -> None:
    rows, wanted = engines.table_of(bands, kind)
    if kind == "decimal":  # numeric holds every cut itself, what is nearest to it, and what is no number
        for case, each in enumerate(bands):
            near = [cut.at for cut in each.steps.cuts]
            values = [
                *near,
                *(cut.next_plus(drawn.FINE) for cut in near),
                *(cut.next_minus(drawn.FINE) for cut in near),
            ]
            for value in (*values, Decimal("NaN"), Decimal("Infinity"), Decimal("-Infinity")):
                rows.append((len(rows), case, value))
                wanted.append(drawn.expected(each, value, kind))
    table = engines.TYPES["postgres"][kind]
    server.run(
        [f"DROP TABLE IF EXISTS readings; CREATE TABLE readings (id integer, indicator integer, reading {table})"]
    )
    server.load("readings", drawn.write_rows(tmp_path / "readings.csv", rows))
    server.run(["CREATE INDEX ON readings (indicator)"])
    engines.check(server.run, bands, rows, wanted, "postgres", kind)


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
