"""Engines read the conformance cases as the library does, and keep rows together; tests/agreement asks for the rest."""

import math
from decimal import Decimal
from enum import StrEnum
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from rag_rules import SettingError, summarise, with_status
from rag_rules.frames.engines import CHUNK
from rag_rules.frames.native import OWN
from tests.agreement.drawn import conformance_readings
from tests.frames.engines import ENGINES, KEY, rows_of


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_passes_the_conformance_suite(name: str) -> None:
    found = conformance_readings()
    assert len(found) > 400
    known = {f"case {number}": rule for number, (rule, _, _) in enumerate(found)}
    table = pa.table({KEY: range(len(found)), "of": list(known), "value": [reading for _, reading, _ in found]})
    rated = with_status(ENGINES[name].make(table), known, rule="of")
    got = [status for (status,) in rows_of(ENGINES[name], rated, "status")]
    assert [(found[row][:2], status) for row, status in enumerate(got) if status != found[row][2]] == []


@pytest.mark.parametrize("name", ENGINES)
def test_rows_stay_with_their_keys_in_large_tables(name: str) -> None:
    count = 2 * CHUNK + 77
    known = {f"rule {number}": f"at most {number}" for number in range(200)}
    numbers = [(row * 7919) % 400 for row in range(count)]
    names = [f"rule {(row * 104_729) % 200}" for row in range(count)]
    table = pa.table({KEY: range(count), "of": names, "value": [float(number) for number in numbers]})
    got = rows_of(ENGINES[name], with_status(ENGINES[name].make(table), known, rule="of"), "of", "status")
    limits = [(row * 104_729) % 200 for row in range(count)]
    assert got == [
        (name_of, "green" if number <= limit else "red")
        for name_of, number, limit in zip(names, numbers, limits, strict=True)
    ]


@pytest.mark.parametrize("name", ENGINES)
def test_target_texts_are_read_row_by_row(name: str) -> None:
    table = pa.table(
        {
            KEY: range(5),
            "value": [96.0, 20.0, 25.0, 3.0, 3.0],
            "aim": ["at least 95%", "<£21", "<£21", "betwen 3", None],
        }
    )
    rated = with_status(ENGINES[name].make(table), target="aim", reason="why")
    assert rows_of(ENGINES[name], rated, "status", "why") == [
        ("green", None), ("green", None), ("red", None), ("unrated", "target not understood"), ("unrated", "no target"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ENGINES)
def test_one_rule_rates_all_rows(name: str) -> None:
    table = pa.table({KEY: range(4), "value": [1.0, None, float("nan"), 1.000001]})
    rated = with_status(ENGINES[name].make(table), "at most 1", reason="why", band="band", distance="way")
    got = rows_of(ENGINES[name], rated, "status", "why", "band")
    assert [(status, why, None if band is None else int(band)) for status, why, band in got] == [
        ("green", None, 0), ("unrated", "no reading", None), ("unrated", "no reading", None), ("red", None, 1),
    ]  # fmt: skip


HOSTILE = [
    'a"b',
    "it's",
    "x\\",
    "a\nb",
    "\\u0000",
    "é ü",
    "${x}",
    "'; DROP TABLE t; --",
    "]'",
    "null",
    "",
    "a,b",
    "\x1f",
]


@pytest.mark.parametrize("name", ENGINES)
def test_names_of_rules_are_nothing_but_names(name: str) -> None:
    table = pa.table({KEY: range(len(HOSTILE) + 1), "of": [*HOSTILE, None], "value": [1.0] * (len(HOSTILE) + 1)})
    rated = with_status(ENGINES[name].make(table), dict.fromkeys(HOSTILE, "at most 1"), rule="of", reason="why")
    wanted = [*[("green", None)] * len(HOSTILE), ("unrated", "no such rule")]
    assert rows_of(ENGINES[name], rated, "status", "why") == wanted


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(
    ("names", "keys", "wanted"),
    [
        (["a", "é"], ["a", "a ", "A", "e\u0301", "é", "a\x00", None], "gnnngnn"),
        (["1", "2"], [1, 2, None], "nnn"),
        ([1, 2], ["1", "2", " 1", None], "nnnn"),
        ([1, 2], [1.0, 2.5, None], "gnn"),
        (["a\x00b"], ["a", "a\x00b"], "ng"),
        ([], ["a", None], "nn"),
    ],
)
def test_names_are_the_same_or_not_the_same(name: str, names: list[Any], keys: list[Any], wanted: str) -> None:
    table = pa.table({KEY: range(len(keys)), "of": keys, "value": [1.0] * len(keys)})
    rated = with_status(ENGINES[name].make(table), dict.fromkeys(names, "at most 1"), rule="of", reason="why")
    said = {"g": ("green", None), "n": ("unrated", "no such rule")}
    assert rows_of(ENGINES[name], rated, "status", "why") == [said[each] for each in wanted]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("names", [[None], [float("nan")], [1.5], ["a", 1], [("a",)], [True]])
def test_names_that_are_neither_texts_nor_whole_numbers_are_refused(name: str, names: list[Any]) -> None:
    frame = ENGINES[name].make(pa.table({"of": ["a"], "value": [1.0]}))
    with pytest.raises(SettingError, match="all texts, or all whole numbers"):
        with_status(frame, dict.fromkeys(names, "at most 1"), rule="of")


class Team(StrEnum):
    NORTH = "north"


@pytest.mark.parametrize("name", ENGINES)
def test_names_of_other_classes_stand_for_what_they_are(name: str) -> None:
    for key, each in (("north", Team.NORTH), ("north", np.str_("north")), (7, np.int64(7))):
        table = pa.table({KEY: [0], "of": [key], "value": [1.0]})
        rated = with_status(ENGINES[name].make(table), {each: "at most 1"}, rule="of")
        assert rows_of(ENGINES[name], rated, "status") == [("green",)]


HELD: dict[str, list[Any]] = {
    "TINYINT": [1, 2], "BIGINT": [2**53, 2**53 + 1, 2**63 - 1], "UBIGINT": [2**63, 2**53 + 1, 1], "HUGEINT": [2**70, 2**63, 1, 2],
    "DOUBLE": [1.0, 1.5, 2.0**53, 2.0**70, math.inf, math.nan], "FLOAT": [1.0, 2.0**24, 2.0**70],
    "DECIMAL(38, 1)": [Decimal(1), Decimal("1.5"), Decimal(2**70), Decimal(2**53 + 1)], "BOOLEAN": [True, False], "VARCHAR": ["1"],
}  # fmt: skip


@pytest.mark.parametrize("type_", HELD)
def test_names_that_are_numbers_are_found_in_duckdb_as_in_memory(type_: str) -> None:
    names = [1, 300, 2**24 + 1, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**70, -(2**200), 10**400]
    known = {name: f"at most {number}" for number, name in enumerate(names)}
    base = duckdb.connect()
    base.execute(f'CREATE TABLE readings ("{KEY}" INTEGER, of {type_}, value DOUBLE)')
    rows = [(name, value + 0.5) for name in [*HELD[type_], None] for value in range(-1, len(names))]
    base.executemany("INSERT INTO readings VALUES (?, ?, ?)", [(i, *row) for i, row in enumerate(rows)])
    there = base.table("readings")
    here = with_status(there.to_arrow_table(), known, rule="of", reason="why")
    wanted = rows_of(ENGINES["pyarrow"], here, "status", "why")
    assert rows_of(ENGINES["duckdb"], with_status(there, known, rule="of", reason="why"), "status", "why") == wanted


@pytest.mark.parametrize("type_", ["VARCHAR", "VARCHAR COLLATE NOCASE", "VARCHAR COLLATE NOACCENT.NOCASE", "JSON"])
@pytest.mark.parametrize("collation", ["", "NOCASE"])
@pytest.mark.parametrize("readings", ["DOUBLE", "VARCHAR"])
def test_duckdb_compares_texts_letter_by_letter(type_: str, collation: str, readings: str) -> None:
    base = duckdb.connect()
    base.execute(f"SET default_collation = '{collation}'")
    base.execute(f'CREATE TABLE readings ("{KEY}" INTEGER, "the ""Of" {type_}, target VARCHAR, value {readings})')
    names = ["cost", "Cost", "COST", "cöst"] if type_ != "JSON" else ['"cost"', '"Cost"', '"COST"', "1"]
    targets = ["at most 1", "AT MOST 1", "at most 1 K", "at most 1 k"]
    rows = [(i, *row, 0.5) for i, row in enumerate(zip(names, targets, strict=True))]
    base.executemany("INSERT INTO readings VALUES (?, ?, ?, ?)", rows)
    known = {names[0]: "at most 1", names[1]: "at least 1"}
    there = base.table("readings")
    here = there.to_arrow_table()
    for rules, name, target in ((known, 'the "Of', None), (None, None, "target")):
        found = with_status(there, rules, rule=name, target=target, reason="why")
        assert found.columns == [*there.columns, "status", "why"]
        rated = with_status(here, rules, rule=name, target=target, reason="why")
        wanted = rows_of(ENGINES["pyarrow"], rated, "status", "why")
        assert rows_of(ENGINES["duckdb"], found, "status", "why") == wanted


@pytest.mark.parametrize("readings", [[20.0], ["20"]])
@pytest.mark.parametrize("column", ["STATUS", "Why", f"{OWN}name", f"{OWN}start0", f"{OWN}into", f"{OWN}is0"])
def test_columns_that_duckdb_would_take_for_new_ones_are_refused(column: str, readings: list[Any]) -> None:
    frame = ENGINES["duckdb"].make(pa.table({"of": ["a"], "value": readings, column: [1]}))
    with pytest.raises(SettingError, match=r"the same name|cannot be called"):
        with_status(frame, {"a": "<21"}, rule="of", reason="why")
    if column.startswith(OWN):
        with pytest.raises(SettingError, match="cannot be called"):
            summarise(ENGINES["polars"].make(pa.table({"status": ["red"], column: [1]})), by=column)
