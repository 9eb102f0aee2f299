"""Rules as Spark's SQL, in Spark: each reading has the status that the library gives it, by either standard of SQL."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import pyarrow as pa
import pytest

from rag_rules import Bands, FormulaError, Status, join_sql, rule, rules_table, to_sql, with_status
from rag_rules.sql import Kind, RuleBand
from tests.frames.spark_session import NUMBERS, having, in_spark, named, runner, spark_session
from tests.sql import drawn, engines
from tests.test_sql import HOSTILE, RULES, values_of, wanted_of

pytestmark = [pytest.mark.frames, pytest.mark.filterwarnings("ignore")]  # the warnings of Spark are its own

ANSI = "spark.sql.ansi.enabled"
ESCAPED = "spark.sql.parser.escapedStringLiterals"


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with spark_session() as started:
        yield started


@pytest.fixture(params=["true", "false"], ids=["ansi", "not-ansi"])
def either(session: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A session that goes by the standard of SQL, and one that does not."""
    with having(session, {ANSI: request.param}):
        yield session


def fitting(count: int, kind: Kind) -> list[Bands]:
    return [each for each in drawn.drawn_bands(count) if kind != "decimal" or drawn.fits_decimals(each)]


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize(("count", "is_compiled"), [(400, False), (60, True)], ids=["interpreted", "compiled"])
def test_drawn_readings_have_the_status_of_the_library(either: Any, count: int, is_compiled: bool, kind: Kind) -> None:
    bands = fitting(count, kind)
    assert len(bands) > count / 2
    rows, wanted = engines.table_of(bands, kind)
    engines.check(runner(either, rows, kind, is_compiled=is_compiled), bands, rows, wanted, "spark", kind)


@pytest.mark.parametrize(
    ("target", "kind", "type_", "values"),
    [
        ("<21", "decimal", pa.int32(), {20: "green", 21: "red", -(2**31): "green", None: "unrated"}),
        ("≥ 0.5", "decimal", pa.int64(), {-(2**63): "red", 0: "red", 1: "green", 2**63 - 1: "green"}),
        ("Top 5", "decimal", pa.int8(), {5: "green", 0: "unrated", 6: "red", -1: "unrated"}),
        ("Top 5", "float", pa.float64(), {5.0: "green", 2.5: "unrated", float("inf"): "red", float("nan"): "unrated"}),
        ("Top 5", "decimal", pa.decimal128(9, 2), {Decimal("5"): "green", Decimal("2.5"): "unrated", Decimal("6"): "red"}),
        ("at least Good", "decimal", pa.string(), {"Good": "green", " gOOD ": "green", "Inadequate": "red", "x": "unrated", None: "unrated"}),
        ("By 30th November 2019", "decimal", pa.date32(), {date(2019, 11, 30): "green", date(2019, 12, 1): "red", None: "unrated"}),
        ("By 30th November 2019", "decimal", pa.timestamp("us"), {datetime(2019, 11, 30, 23, 59): "green", datetime(2019, 12, 1): "red"}),
    ],
)  # fmt: skip
def test_columns_of_other_types_are_rated(
    either: Any, target: str, kind: Kind, type_: pa.DataType, values: dict[Any, str]
) -> None:
    frame = in_spark(either, pa.table({"id": range(len(values)), "x": pa.array(list(values), type=type_)}))
    found = frame.selectExpr("id", f"{to_sql(rule(target), 'x', 'spark', kind=kind)} AS status").collect()
    assert [row.status for row in sorted(found)] == list(values.values())


#: columns in which Spark rounds a limit with decimals to fewer of them, or cannot hold it at all
WIDE = [
    ("≤ 21.5", 0, {"22": "red", "21": "green", "9" * 38: "red", "-" + "9" * 38: "green"}),
    ("< -21.5", 0, {"-22": "green", "-21": "red", "9" * 38: "red", "-" + "9" * 38: "green"}),
    ("≤ 33.333333333333333333", 10, {"33.3333333333": "green", "33.3333333334": "red", "9" * 28: "red"}),
    ("< 33.333333333333333333", 10, {"33.3333333333": "green", "33.3333333334": "red"}),
    ("< 1.4", 37, {"1.3" + "9" * 36: "green", "1.4" + "0" * 36: "red", "-" + "9." + "9" * 37: "green"}),
    ("≤ 21.5", 36, {"21.5": "green", "21.5" + "0" * 34 + "1": "red", "21.4" + "9" * 35: "green"}),
    ("at least 0.5", 38, {"0.5": "green", "0.4" + "9" * 37: "red", "-0.5": "red"}),
]


@pytest.mark.parametrize(("target", "scale", "values"), WIDE)
def test_decimals_of_38_digits_are_rated_exactly(either: Any, target: str, scale: int, values: dict[str, str]) -> None:
    numbers = pa.array([Decimal(value) for value in values], type=pa.decimal128(38, scale))
    frame = in_spark(either, pa.table({"id": range(len(values)), "x": numbers}))
    found = frame.selectExpr("id", f"{to_sql(rule(target), 'x', 'spark')} AS status").collect()
    assert [row.status for row in sorted(found)] == list(values.values())
    rated = with_status(frame.selectExpr("*", "'it' AS of"), {"it": target}, reading="x", rule="of")
    assert [row.status for row in sorted(rated.select("id", "status").collect())] == list(values.values())


@pytest.mark.parametrize("escaped", ["true", "false"])
@pytest.mark.parametrize("name", [*HOSTILE, "`; DROP TABLE kept; --", "a``b", "\\`", "{x}", "?", ":x"])
def test_names_and_words_cannot_break_out_of_their_quotation_marks(session: Any, name: str, escaped: str) -> None:
    words = {Status.GREEN: name}
    named(session, "odd", pa.table({name: [20]}))
    with having(session, {ESCAPED: escaped}):
        found = session.sql(f"SELECT {to_sql(rule('<21'), name, 'spark', words=words)} AS status FROM odd")
        assert [tuple(row) for row in found.collect()] == [(name,)]


@pytest.mark.parametrize("escaped", ["true", "false"])
@pytest.mark.parametrize("word", ["${env:HOME}", "${spark.app.name}", "$", "it's", "\\u0041", "é – “ ”", "%s"])
def test_words_come_out_as_they_are(session: Any, word: str, escaped: str) -> None:
    with having(session, {ESCAPED: escaped}):
        made = to_sql(rule("<21"), "x", "spark", words={Status.GREEN: word})
        assert session.sql(f"SELECT {made} AS status FROM VALUES (20) AS t(x)").collect()[0].status == word


def test_what_spark_would_put_in_place_of_a_name_is_why_such_a_name_is_refused(session: Any) -> None:
    with having(session, {"spark.some.name": "other"}):
        assert session.sql("SELECT 1 AS `${spark.some.name}`").columns == ["other"]
    with pytest.raises(FormulaError, match="cannot be the name"):
        to_sql(rule("<5"), "${spark.some.name}", "spark")


def rules_in(kind: Kind) -> pa.Table:
    """The rows of a table of rules, with the types that the page on SQL names."""
    types = {"band": pa.int32(), "low": NUMBERS[kind], "high": NUMBERS[kind], "whole": pa.int32()}
    rows = zip(*rules_table(RULES, kind=kind), strict=True)
    return pa.table(
        {name: pa.array(each, type=types.get(name, pa.string())) for name, each in zip(RuleBand._fields, rows, strict=True)}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("INT", {1: "red", 2: "unrated"}),
        ("STRING COLLATE UTF8_LCASE", {"cost": "green", "Cost": "green", "COST": "unrated"}),
    ],
)
def test_names_are_compared_letter_by_letter(either: Any, type_: str, names: dict[Any, str]) -> None:
    known = {name: rule(f"<{at}") for at, name in enumerate(("1", "01", "cost", "Cost"), 1)}
    listed = ", ".join(f"CAST({name!r} AS {type_})" for name in names)
    either.sql(f"SELECT explode(array({listed})) AS indicator, 1.5 AS value").createOrReplaceTempView("by_letters")
    found = either.sql(join_sql("by_letters", known, "spark")).collect()
    assert sorted((row[0], row[-1]) for row in found) == sorted(names.items())


@pytest.mark.parametrize("kind", get_args(Kind))
def test_one_join_rates_readings_by_many_rules(either: Any, kind: Kind) -> None:
    number = Decimal(1) if kind == "decimal" else 1.0
    rows = [(name, value) for name in RULES for value in values_of(name, kind)] + [("nobody", number), ("nobody", None)]
    names, values = zip(*rows, strict=True)
    readings = {"id": range(len(rows)), 'KPI "name"`': names, "the value": pa.array(values, type=NUMBERS[kind])}
    named(either, "my ` readings", pa.table(readings))
    named(either, "rules", rules_in(kind))
    for given in ("rules", RULES):
        query = join_sql(
            "my ` readings", given, "spark", rule='KPI "name"`', reading="the value", kind=kind, into="RAG `", reason="why"
        )  # fmt: skip
        found = {row[0]: tuple(row)[-2:] for row in either.sql(query).collect()}
        assert len(found) == len(rows)
        wrong = [(row, found[i]) for i, row in enumerate(rows) if found[i] != wanted_of(*row, kind)]
        assert not wrong, wrong[:5]


def test_a_decimal_too_long_for_the_table_of_rules_is_unrated(either: Any) -> None:
    numbers = pa.array([Decimal("9" * 38), Decimal(22), Decimal(23)], type=pa.decimal128(38, 0))
    named(either, "readings", pa.table({"indicator": ["cost"] * 3, "value": numbers}))
    named(either, "rules", rules_in("decimal"))
    for given in ("rules", RULES):
        found = either.sql(join_sql("readings", given, "spark", reason="reason") + " ORDER BY value").collect()
        assert [(row.status, row.reason) for row in found] == [
            ("amber", None),
            ("red", None),
            ("unrated", "no reading"),
        ]
