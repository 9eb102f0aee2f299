"""Rules as SQL, run by DuckDB and SQLite; tests/agreement asks them about thousands of rules."""

import math
import sqlite3
from decimal import Decimal
from itertools import pairwise, product
from pathlib import Path
from typing import Any, cast, get_args

import duckdb
import numpy as np
import pytest

from rag_rules import Bands, FormulaError, Rule, Status, Timed, evaluate, join_sql, rule, rules_table, to_excel, to_sql
from rag_rules.labels import Scale
from rag_rules.sql import Dialect, Kind, float32_cut
from rag_rules.steps import Cut, Side, Steps
from tests.sql import drawn, engines

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


def duck(expression: str, value: object, type_: str) -> Any:
    """What DuckDB makes of an expression on one value in the column x."""
    found = duckdb.execute(f"SELECT {expression} FROM (SELECT CAST(? AS {type_}) AS x)", [value]).fetchone()
    return found[0] if found else None


def lite(expression: str, value: object) -> Any:
    """What SQLite makes of an expression on one value in the column x."""
    return sqlite3.connect(":memory:").execute(f"SELECT {expression} FROM (SELECT ? AS x)", [value]).fetchone()[0]


def test_readings_of_the_conformance_cases_have_their_statuses() -> None:
    checked = 0
    for tried, outcomes in drawn.conformance_rules():
        for value, status in outcomes:
            if abs(value) < 10**12 and value == round(value, 6):
                made = to_sql(tried, "x", "duckdb")
                assert duck(made, format(value, "f"), "DECIMAL(18, 6)") == status.value, (tried, value)
                assert lite(to_sql(tried, "x", "sqlite"), float(value)) == status.value, (tried, value)
                checked += 1
    assert checked > 300


def test_comparisons_are_as_people_write_them() -> None:
    cost = rule("<£21", tolerance="5%")
    assert to_sql(cost, "cost", "postgres") == (
        "CASE WHEN \"cost\" IS NULL OR \"cost\" = CAST('NaN' AS numeric) THEN 'unrated'\n"
        " WHEN \"cost\" < 21 THEN 'green'\n WHEN \"cost\" <= 22.05 THEN 'amber'\n ELSE 'red' END"
    )
    assert "<= CAST('22.05' AS DOUBLE)" in to_sql(cost, "cost", "duckdb", kind="float")
    assert "<= CAST('22.05' AS REAL)" in to_sql(cost, "cost", "duckdb", kind="float32")
    assert cost.bands is not None
    assert to_sql(cost.bands, "cost", "spark") == to_sql(cost, "cost", "spark")


@pytest.mark.parametrize("value", [20, 21, 22, 2**62])
def test_whole_numbers_are_compared_as_they_are(value: int) -> None:
    made = rule("<21", tolerance="5%")
    wanted = made.evaluate(value).status.value
    for type_ in ("BIGINT", "UBIGINT", "HUGEINT", "DECIMAL(38, 0)"):
        assert duck(to_sql(made, "x", "duckdb"), value, type_) == wanted
    assert lite(to_sql(made, "x", "sqlite"), value) == wanted


@pytest.mark.parametrize("value", [None, "21", "", "abc", b"21"])
def test_what_is_no_number_in_sqlite_is_unrated(value: object) -> None:
    assert lite(to_sql(rule(">5"), "x", "sqlite"), value) == "unrated"


def test_a_misspelt_column_is_an_error_in_sqlite() -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        lite(to_sql(rule(">5"), "y", "sqlite"), 6)


def test_places_are_whole_numbers_from_one() -> None:
    made = rule("Top 5")
    for value, wanted in ((0, "unrated"), (1, "green"), (2.5, "unrated"), (5, "green"), (6, "red"), (math.inf, "red"),
                          (1e300, "red"), (-math.inf, "unrated"), (None, "unrated")):  # fmt: skip
        assert duck(to_sql(made, "x", "duckdb", kind="float"), value, "DOUBLE") == wanted, value
        assert lite(to_sql(made, "x", "sqlite"), value) == wanted, value
    assert duck(to_sql(made, "x", "duckdb"), "2.5", "DECIMAL(9, 2)") == "unrated"


def test_words_are_matched_without_case_and_spaces_around_them() -> None:
    made = rule("at least Good")
    for value, wanted in (("Good", "green"), (" gOOD ", "green"), ("Requires Improvement", "red"), ("", "unrated"), (None, "unrated"),
                          ("good'", "unrated"), ("Goodness", "unrated")):  # fmt: skip
        assert duck(to_sql(made, "x", "duckdb"), value, "VARCHAR") == wanted, value
        assert lite(to_sql(made, "x", "sqlite"), value) == wanted, value
    accented = rule("Élevé", scale="Bas < Élevé")
    for value in ("Élevé", "élevé", "ÉLEVÉ"):
        assert lite(to_sql(accented, "x", "sqlite"), value) == "green"
        assert duck(to_sql(accented, "x", "duckdb"), value, "VARCHAR") == "green"


def test_days_are_compared_as_days() -> None:
    made = to_sql(rule("By 30th November 2019", tolerance="1 month"), "x", "duckdb")
    for day in ("2019-11-30", "2019-12-01", "2019-12-31", "2020-01-01"):
        wanted = evaluate("By 30th November 2019", day, tolerance="1 month").status
        assert duck(made, day, "DATE") == wanted.value, day
        assert duck(made, f"{day} 23:59:59", "TIMESTAMP") == wanted.value, day
    assert {duck(made, day, "DATE") for day in ("2019-11-30", "2019-12-01", "2020-01-01", None)} == {
        "green", "amber", "red", "unrated",
    }  # fmt: skip
    with pytest.raises(FormulaError, match="SQLite has no dates"):
        to_sql(rule("By 30th November 2019"), "x", "sqlite")


HOSTILE = ['a"b', "a`b", "a'; DROP TABLE t; --", "x\\", "é ü", "select", "a.b", "[x]", "$x", 'a""b`` \\\' "']


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_quoted(name: str) -> None:
    doubled, ticked = name.replace('"', '""'), name.replace("`", "``")
    made = to_sql(rule("<21"), name, "duckdb")
    assert duckdb.execute(f'SELECT {made} FROM (SELECT 20 AS "{doubled}")').fetchone() == ("green",)
    made = to_sql(rule("<21"), name, "sqlite")
    assert sqlite3.connect(":memory:").execute(f"SELECT {made} FROM (SELECT 20 AS `{ticked}`)").fetchone() == ("green",)
    assert f"`{ticked}`" in to_sql(rule("<21"), name, "spark")


@pytest.mark.parametrize("word", HOSTILE)
def test_words_are_quoted(word: str) -> None:
    words = {Status.GREEN: word}
    assert duck(to_sql(rule("<21"), "x", "duckdb", words=words), 20, "INTEGER") == word
    assert lite(to_sql(rule("<21"), "x", "sqlite", words=words), 20) == word
    spark = to_sql(rule("<21"), "x", "spark", words=words)
    assert word in spark or f"unhex('{word.encode().hex().upper()}')" in spark
    scaled = Bands(Steps((Cut(Decimal(1), Side.BEFORE),), (Status.RED, Status.GREEN)), scale=Scale(("bad", word)))
    assert lite(to_sql(scaled, "x", "sqlite"), word.upper()) == "green"


@pytest.mark.parametrize(
    ("target", "settings", "problem"),
    [
        ("TBC", {}, "there is no target"),
        ("<5", {"improving": "improving", "polarity": "lower"}, "by an earlier reading"),
    ],
)
def test_what_no_query_can_rate_is_refused(target: str, settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(FormulaError, match=problem):
        to_sql(rule(target, **settings), "x", "duckdb")


@pytest.mark.parametrize("name", ["", "a\x00b", "a\nb", "x" * 256])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_names_that_cannot_be_quoted_are_refused(name: str, dialect: Dialect) -> None:
    with pytest.raises(FormulaError):
        to_sql(rule("<5"), name, dialect)


def test_a_name_that_spark_would_replace_is_refused() -> None:
    with pytest.raises(FormulaError, match="cannot be the name"):
        to_sql(rule("<5"), "${env:HOME}", "spark")


def test_unknown_dialects_and_kinds_are_refused() -> None:
    oracle: Any = "oracle"
    double: Any = "double"
    with pytest.raises(FormulaError, match="no dialect"):
        to_sql(rule("<5"), "x", oracle)
    with pytest.raises(FormulaError, match="no kind of number"):
        to_sql(rule("<5"), "x", "sqlite", kind="decimal")
    with pytest.raises(FormulaError, match="no kind of number"):
        rules_table({"a": rule("<5")}, kind=double)


@pytest.mark.parametrize("at", ["1e25", "-1e39"])
def test_a_limit_too_long_for_decimals_is_refused(at: str) -> None:
    wide = Bands(Steps((Cut(Decimal(at), Side.BEFORE),), (Status.RED, Status.GREEN)))
    with pytest.raises(FormulaError, match="digits"):
        rules_table({"wide": wide})
    assert len(rules_table({"wide": wide}, kind="float")) == 2


def test_spark_does_not_let_a_number_too_long_fall_through_to_the_last_status() -> None:
    assert to_sql(rule("<21"), "x", "spark").endswith("WHEN `x` >= 21 THEN 'red'\n ELSE 'unrated' END")
    assert to_sql(rule("<21.5"), "x", "spark").endswith("WHEN `x` >= 21 THEN 'red'\n ELSE 'unrated' END")


def test_spark_is_given_no_limit_that_it_would_round() -> None:
    shown = to_sql(rule("≤ 21.5"), "x", "spark")
    assert "WHEN `x` < 21 OR (`x` < 22 AND pmod(`x`, 1) <= 0.5) THEN 'green'" in shown
    shown = to_sql(rule("< -21.5"), "x", "spark")
    assert "WHEN `x` < -22 OR (`x` < -21 AND pmod(`x`, 1) < 0.5) THEN 'green'" in shown


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(
    "at", ["0", "94.7", "-94.7", "1e-45", "1e-46", "-1e-46", "1e39", "-1e39", "33.333333333333333", "3.4028235e38"]
)
def test_cuts_for_floats_of_32_bits_are_directed(at: str, side: Side) -> None:
    cut = Cut(Decimal(at), side)
    first = float32_cut(cut)
    assert np.float32(first) == first
    with np.errstate(over="ignore"):
        below = float(np.nextafter(np.float32(first), np.float32(-np.inf)))
    for value, after in ((first, True), (below, False)):
        if math.isfinite(value):
            exact = drawn.meant(value, "float32")
            assert (exact >= cut.at if side is Side.BEFORE else exact > cut.at) is after


# many rules -----------------------------------------------------------------------------------------------------------

RULES: dict[str, Rule | Bands] = {
    "cost": rule("<£21", tolerance="5%"), "range": rule("Between 10%-20%", tolerance="5%"), "third": rule("at least 1 in 3"),
    "top": rule("Top 5"), "none": rule("TBC"), "o'neill \\ \"": rule(">5"), "all": Bands.read("red |0 amber 0| red"),
    "always": Bands(Steps((), (Status.GREEN,))), "long": rule("≥ 0.123456789012345678"),
}  # fmt: skip
COLUMNS = "name {text}, band INTEGER, low {number}, low_side {text}, high {number}, high_side {text}, status {text}, whole INTEGER, reason {text}"


def values_of(name: str, kind: Kind) -> list[drawn.Number]:
    made = RULES[name]
    bands = made if isinstance(made, Bands) else made.bands
    return drawn.readings(bands, kind) if bands is not None else [None, 1.0 if kind != "decimal" else Decimal(1)]


def wanted_of(name: str, value: drawn.Number, kind: Kind) -> tuple[str, str | None]:
    """The status of a reading in the join, and the reason for having none."""
    if value is None or (value.__class__ is float and math.isnan(value)):
        return "unrated", "no reading"
    if name not in RULES:
        return "unrated", "no such rule"
    made = RULES[name]
    if not isinstance(made, Bands) and made.bands is None:
        return "unrated", "no target"
    if name == "top" and (value < 1 or (math.isfinite(value) and value != int(value))):
        return "unrated", "reading not understood"
    bands = made if isinstance(made, Bands) else made.bands
    assert bands is not None
    return drawn.expected(bands, value, kind), None


@pytest.mark.parametrize("kind", get_args(Kind))
def test_one_join_rates_readings_by_many_rules_in_duckdb(kind: Kind, tmp_path: Path) -> None:
    base = duckdb.connect()
    number = engines.TYPES["duckdb"][kind]
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='VARCHAR', number=number)}, PRIMARY KEY (name, band))")
    base.executemany(
        "INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [format(each, "f") if isinstance(each, Decimal) else each for each in row]
            for row in rules_table(RULES, kind=kind)
        ],
    )
    rows = [(name, value) for name in RULES for value in values_of(name, kind)] + [
        ("nobody", Decimal(1)),
        ("nobody", None),
        (None, Decimal(1)),
    ]
    base.execute(f'CREATE TABLE "my readings" (id INTEGER, "KPI ""name""" VARCHAR, "the value" {number})')
    path = drawn.write_rows(tmp_path / "readings.csv", [(i, *row) for i, row in enumerate(rows)])
    base.execute(
        f"INSERT INTO \"my readings\" SELECT * FROM read_csv('{path}', header=false, all_varchar=true, nullstr='', quote='\"', escape='\"')"
    )
    for given in ("rules", RULES):
        query = join_sql(
            "my readings",
            given,
            "duckdb",
            rule='KPI "name"',
            reading="the value",
            kind=kind,
            into="RAG",
            reason="why not",
        )
        found = {row[0]: row[-2:] for row in base.execute(query).fetchall()}
        assert len(found) == len(rows)
        wrong = [(row, found[i]) for i, row in enumerate(rows) if found[i] != wanted_of(str(row[0]), row[1], kind)]
        assert not wrong, wrong[:5]


def test_one_join_rates_readings_by_many_rules_in_sqlite() -> None:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='REAL')}, PRIMARY KEY (name, band))")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rules_table(RULES, kind="float"))
    rows = [(name, value) for name in RULES for value in values_of(name, "float")] + [("nobody", 1.0), ("nobody", None)]
    base.execute("CREATE TABLE readings (id INTEGER, indicator TEXT, value REAL)")
    base.executemany("INSERT INTO readings VALUES (?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
    base.execute("INSERT INTO readings VALUES (-1, 'cost', 'a text')")
    for given in ("rules", RULES):
        query = join_sql("readings", given, "sqlite", reason="reason")
        found = {row[0]: row[-2:] for row in base.execute(query).fetchall()}
        assert found.pop(-1) == ("unrated", "no reading")
        assert [found[i] for i in range(len(rows))] == [wanted_of(name, value, "float") for name, value in rows]


def test_a_text_among_numbers_is_unrated_whatever_it_is_compared_with() -> None:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='REAL')}, PRIMARY KEY (name, band))")
    rows = rules_table(RULES, kind="float")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    base.execute("CREATE TABLE readings (indicator TEXT, value TEXT)")
    base.execute("INSERT INTO readings VALUES ('cost', '20')")
    for given in ("rules", RULES):
        query = join_sql("readings", given, "sqlite", reason="reason")
        assert base.execute(query).fetchall() == [("cost", "20", "unrated", "no reading")]


def test_rows_that_do_not_make_one_rule_rate_nothing() -> None:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='REAL')})")
    for given in (
        {"twice": rule("<6")},
        {"twice": rule("<7", tolerance="5%"), "gap": rule("<7", tolerance="5%"), "once": rule("<7")},
    ):
        base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rules_table(given, kind="float"))
    base.execute("DELETE FROM rules WHERE name = 'gap' AND band = 1")
    base.execute("CREATE TABLE readings AS SELECT DISTINCT name AS indicator, 5 AS value FROM rules ORDER BY 1")
    assert base.execute(join_sql("readings", "rules", "sqlite", reason="why")).fetchall() == [
        ("gap", 5, "unrated", "not one rule"), ("once", 5, "green", None), ("twice", 5, "unrated", "not one rule"),
    ]  # fmt: skip


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
@pytest.mark.parametrize(
    "kept",
    [(1, 2), (0, 2), (0, 1), (0,), (1,), (2,), (0, 0, 2), (0, 1, 1), (1, 1, 2), (0, 0, 0), (0, 1, 2, 2), (0, 1, 2, None)],
)  # fmt: skip
def test_a_rule_that_lost_a_row_or_has_one_twice_rates_nothing(dialect: Dialect, kept: tuple[int | None, ...]) -> None:
    base: Any = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='DOUBLE')})")
    whole = rules_table({"a": rule("<7", tolerance="5%")}, kind="float")
    rows = [(*whole[2][:1], None, *whole[2][2:]) if band is None else whole[band] for band in kept]
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    base.execute("CREATE TABLE readings (indicator TEXT, value DOUBLE)")
    base.executemany("INSERT INTO readings VALUES ('a', ?)", [(5,), (7.2,), (9,)])
    query = join_sql("readings", "rules", dialect, kind="float", reason="why")
    assert [row[1:] for row in sorted(base.execute(query).fetchall())] == [
        (value, "unrated", "not one rule") for value in (5.0, 7.2, 9.0)
    ]


def test_a_join_for_no_rules_is_refused_and_an_empty_table_rates_nothing() -> None:
    with pytest.raises(FormulaError, match="no rules"):
        join_sql("readings", {}, "duckdb")
    base = duckdb.connect()
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='VARCHAR', number='DOUBLE')})")
    base.execute("CREATE TABLE readings AS SELECT 'a' AS indicator, 5::DOUBLE AS value")
    query = join_sql("readings", "rules", "duckdb", kind="float", reason="why")
    assert base.execute(query).fetchall() == [("a", 5.0, "unrated", "no such rule")]


@pytest.mark.parametrize("name", ["b", "B", "v", "V"])
def test_tables_may_be_called_as_the_query_calls_its_own(name: str) -> None:
    light, duck = sqlite3.connect(":memory:"), duckdb.connect()
    for base in (light, duck):
        base.execute(f"CREATE TABLE {name} (indicator TEXT, value REAL)")
        base.execute(f"INSERT INTO {name} VALUES ('a', 5)")
    query = join_sql(name, {"a": rule("<5")}, "sqlite", kind="float")
    assert light.execute(query).fetchall() == [("a", 5.0, "red")]
    query = join_sql(name, {"a": rule("<5")}, "duckdb", kind="float32")
    assert duck.execute(query).fetchall() == [("a", 5.0, "red")]
    light.execute(f"DROP TABLE {name}")
    light.execute("CREATE TABLE readings (indicator TEXT, value REAL)")
    light.execute("INSERT INTO readings VALUES ('a', 5)")
    light.execute(f"CREATE TABLE {name} ({COLUMNS.format(text='TEXT', number='REAL')})")
    light.executemany(
        f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rules_table({"a": rule("<5")}, kind="float")
    )
    assert light.execute(join_sql("readings", name, "sqlite")).fetchall() == [("a", 5.0, "red")]


def test_a_table_of_another_kind_of_number_keeps_the_sides_of_its_limits() -> None:
    base = duckdb.connect()
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='VARCHAR', number='DOUBLE')})")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rules_table({"a": rule("at most 5")}))
    base.execute("CREATE TABLE readings AS SELECT 'a' AS indicator, unnest([5::DOUBLE, 5.1]) AS value")
    assert base.execute(join_sql("readings", "rules", "duckdb", kind="float")).fetchall() == [
        ("a", 5.0, "green"), ("a", 5.1, "red"),
    ]  # fmt: skip


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite"])
def test_a_join_for_rules_of_many_shapes_takes_the_statuses_from_the_rules(dialect: Dialect) -> None:
    shapes = [
        Bands(Steps(tuple(Cut(Decimal(at), Side.BEFORE) for at in range(1, len(statuses))), statuses))
        for length in (5, 6)
        for statuses in product(Status, repeat=length)
        if all(one is not other for one, other in pairwise(statuses))
    ][::40]
    known: dict[str, Rule | Bands] = {f"rule {number}": each for number, each in enumerate(shapes)}
    known |= {"top": rule("Top 5"), "none": rule("TBC"), "one": rule(">3")}
    rows = rules_table(known, kind="float")
    base: Any = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='DOUBLE')})")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    base.execute("CREATE TABLE numbers (x DOUBLE)")
    base.executemany("INSERT INTO numbers VALUES (?)", [(x / 2,) for x in range(14)])
    base.execute("CREATE TABLE readings AS SELECT DISTINCT name AS indicator, x AS value FROM rules, numbers")
    for given in ("rules", known):
        query = join_sql("readings", given, dialect, kind="float", bands=6, reason="why")
        assert "substr" in query
        found = base.execute(query).fetchall()
        assert len(found) == 14 * len(known)
        for name, value, status, why in found:
            made = known[name]
            bands = made if isinstance(made, Bands) else made.bands
            no_place = name == "top" and (value < 1 or value % 1 != 0)
            wanted = bands.status(value) if bands is not None and not no_place else Status.UNRATED
            assert status == wanted.value, (name, value)
            assert why == ("reading not understood" if no_place else "no target" if bands is None else None), name


@pytest.mark.parametrize(
    ("dialect", "type_", "names"),
    [
        ("sqlite", "INTEGER", {1: "1", 2: None}), ("duckdb", "INTEGER", {1: "1", 2: None}),
        ("sqlite", "REAL", {1.0: None}), ("duckdb", "DOUBLE", {1.0: None}),
        ("sqlite", "TEXT COLLATE NOCASE", {"cost": "cost", "Cost": "Cost", "COST": None}),
        ("duckdb", "VARCHAR COLLATE NOCASE", {"cost": "cost", "Cost": "Cost", "COST": None}),
        ("duckdb", "VARCHAR COLLATE NOACCENT.NOCASE", {"cost": "cost", "cöst": None}),
        ("duckdb", "VARCHAR", {"cost": "cost", "COST": None, "cost ": None, None: None}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("collation", ["", "NOCASE"])
def test_names_are_compared_letter_by_letter_and_each_row_comes_out_once(
    dialect: Dialect, type_: str, names: dict[Any, str | None], collation: str
) -> None:
    base: Any = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:")
    if dialect == "duckdb":
        base.execute(f"SET default_collation = '{collation}'")
    known: dict[str, Rule | Bands] = {name: rule(f"<{at}") for at, name in enumerate(("1", "01", "cost", "Cost"), 1)}
    columns = COLUMNS.format(text="TEXT", number="DOUBLE")
    if collation:
        columns = columns.replace("name TEXT", f"name TEXT COLLATE {collation}")
    base.execute(f"CREATE TABLE rules ({columns})")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rules_table(known, kind="float"))
    base.execute(f"CREATE TABLE readings (id INTEGER, indicator {type_}, value DOUBLE)")
    rows = [(name, found, at + 0.5) for name, found in names.items() for at in range(5)]
    base.executemany("INSERT INTO readings VALUES (?, ?, ?)", [(i, row[0], row[2]) for i, row in enumerate(rows)])
    limits = {name: at for at, name in enumerate(known, 1)}
    for given in ("rules", known):
        found = sorted(base.execute(join_sql("readings", given, dialect, kind="float", reason="why")).fetchall())
        assert [row[-2:] for row in found] == [
            ("unrated", "no such rule") if name is None else ("green" if value < limits[name] else "red", None)
            for _, name, value in rows
        ]


def test_a_rule_of_more_bands_than_the_join_takes_is_unrated() -> None:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='REAL')})")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rules_table(RULES, kind="float"))
    base.execute(
        "CREATE TABLE readings AS SELECT 'range' AS indicator, 15 AS value UNION ALL SELECT 'third', 50 ORDER BY 1"
    )
    query = join_sql("readings", "rules", "sqlite", bands=4, reason="reason")
    assert base.execute(query).fetchall() == [("range", 15, "unrated", "too many bands"), ("third", 50, "green", None)]
    query = join_sql("readings", RULES, "sqlite", bands=4)
    assert base.execute(query).fetchall() == [("range", 15, "green"), ("third", 50, "green")]


@pytest.mark.parametrize("rules", ["rules", RULES])
@pytest.mark.parametrize("bands", [0, -1, 101, True, False, "x", None, 2.0])
def test_a_join_for_no_bands_or_too_many_is_refused(rules: Any, bands: Any) -> None:
    with pytest.raises(FormulaError, match="bands"):
        join_sql("readings", rules, "duckdb", bands=bands)


def test_a_join_for_a_rule_of_too_many_bands_is_refused() -> None:
    cuts = tuple(Cut(Decimal(at), Side.BEFORE) for at in range(100))
    long = Bands(Steps(cuts, (*([Status.GREEN, Status.RED] * 50), Status.GREEN)))
    with pytest.raises(FormulaError, match="rules of 1 to 100 bands, and not of 101"):
        join_sql("readings", {"long": long}, "duckdb")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("reason", ["rag", "RAG"])
def test_two_new_columns_of_one_name_are_refused(dialect: Dialect, reason: str) -> None:
    with pytest.raises(FormulaError, match="both be called “rag”"):
        join_sql("readings", {"a": rule("<5")}, dialect, into="rag", reason=reason)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b", "a\x1b[31mb", "a\u202eb"])
def test_names_in_messages_are_printable(name: str) -> None:
    a, given = rule("<5"), cast("Any", name)
    for make in (
        lambda: rules_table({name: a}), lambda: rules_table([(name, a), (name, a)]),
        lambda: join_sql("readings", {name: a}, "duckdb"), lambda: to_sql(a, "x", given),
        lambda: to_sql(a, "x", "duckdb", kind=given), lambda: rules_table({"a": a}, kind=given),
        lambda: to_sql(a, f"${{{name}", "spark"),
    ):  # fmt: skip
        with pytest.raises(FormulaError) as raised:
            make()
        assert str(raised.value).isprintable()


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(FormulaError, match="two rules are called “a”"):
        rules_table([("a", rule("<5")), ("b", rule("<5")), ("a", rule("<6"))])


@pytest.mark.parametrize("target", ["at least Good", "By 30th November 2019"])
def test_a_rule_of_words_or_days_has_no_rows(target: str) -> None:
    with pytest.raises(FormulaError, match="“it” has no rows"):
        rules_table({"it": rule(target)})


def test_long_whole_numbers_are_compared_exactly_in_sqlite() -> None:
    first = 2**53 + 1  # no float is on it
    made = to_sql(rule(f"at least {first}"), "x", "sqlite")
    assert [lite(made, each) for each in (first - 1, first, float(first - 1), 2**63 - 1, -(2**63))] == [
        "red", "green", "red", "green", "red",
    ]  # fmt: skip
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE rules ({COLUMNS.format(text='TEXT', number='REAL')})")
    rows = rules_table({"a": rule(f"at least {first}")}, kind="float")
    base.executemany("INSERT INTO rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    base.execute(f"CREATE TABLE readings AS SELECT 'a' AS indicator, {first} AS value UNION ALL SELECT 'a', 9e15")
    assert base.execute(join_sql("readings", "rules", "sqlite", reason="reason")).fetchall() == [
        ("a", first, "unrated", "too many digits"), ("a", 9e15, "red", None),
    ]  # fmt: skip


def test_a_bare_number_that_may_be_in_millions_is_unrated_whatever_the_unit() -> None:
    made = to_sql(rule("at most 1.4m kg"), "x", "duckdb")
    assert [duck(made, each, "DECIMAL(12, 1)") for each in ("1.5", "1400000", "1400000.1")] == [
        "unrated",
        "green",
        "red",
    ]


@pytest.mark.parametrize("given", ["at most 28", None, Timed(rule("at most 28"), accumulation="cumulative")])
def test_what_is_no_rule_is_refused_in_words(given: Any) -> None:
    with pytest.raises(FormulaError, match="is neither a rule nor bands"):
        to_sql(given, "cost", "duckdb")
    with pytest.raises(FormulaError, match=r"“Cost” has no rows in a table of rules: .* is neither a rule nor bands"):
        rules_table({"Cost": given})
    with pytest.raises(FormulaError, match="is neither a rule nor bands"):
        to_excel(given, "A1")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (rule("at most 28"), "rules come with their names"), ([rule("at most 28")], "rules come with their names"),
        ("at most 28", "rules come with their names"), ({1: rule("at most 28")}, "the name of a rule is a text"),
    ],
)  # fmt: skip
def test_rules_without_names_are_no_table(given: Any, says: str) -> None:
    with pytest.raises(FormulaError, match=says):
        rules_table(given)
