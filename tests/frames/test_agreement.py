"""No engine disagrees with the judge: on any reading, by any rule, in any type of column."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rag_rules import Rule, SettingError, with_status
from rag_rules.frames.engines import CHUNK
from rag_rules.frames.native import WRITTEN
from rag_rules.number_line import number_line
from rag_rules.strategies import rules
from tests.frames.agreement import KINDS, check, readings_of
from tests.frames.engines import ENGINES, KEY, rows_of
from tests.test_conformance import ALL, rule_of


def all_pairs(some: list[Rule], kind: str, anything: list[float]) -> list[tuple[int, Any]]:
    """Each reading on or beside the cuts of any of the rules, for each of the rules, and for one nobody knows (-1)."""
    readings = [*readings_of(some, kind), *(anything if kind == "double" else [])]
    return [(number, reading) for reading in readings for number in range(-1, len(some))]


@pytest.mark.parametrize("kind", KINDS)
@given(
    some=st.lists(rules(), min_size=1, max_size=3),
    anything=st.lists(st.floats(), max_size=20),
    shares=st.sampled_from([None, None, True, False]),
)
# a failing table says which row of it fails, and to make it smaller takes minutes
@settings(max_examples=max(10, settings().max_examples // 10), phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_all_engines_agree_with_the_judge(
    kind: str, some: list[Rule], anything: list[float], shares: bool | None
) -> None:
    check(ENGINES, some, all_pairs(some, kind, anything), kind, shares)


def test_all_engines_agree_on_rules_of_many_shapes() -> None:
    """So many that what they make of their places is joined as columns, and not written into the query."""
    found = [rule_of(case) for _, case in ALL if "readings" in case and "error" not in case and "unrated" not in case]
    some = [rule for rule in found if rule.kind in ("value", "rank")][::5]
    shapes = {tuple(each.status for each in number_line(rule).steps.values) for rule in some}
    assert sum(map(len, shapes)) > WRITTEN
    rows = [(number, reading) for number, rule in enumerate(some) for reading in readings_of([rule], "double")]
    check(ENGINES, some, [*rows, (-1, 1.0), (-1, None)], "double")


def cases() -> list[tuple[Rule, str, str]]:
    """The readings of the conformance suite that have a rule, with the status of each."""
    found = []
    for _, case in ALL:
        if "error" in case or "unrated" in case or not {"readings", "refused_readings"} & set(case):
            continue
        rule = rule_of(case)
        found += [(rule, reading, status) for reading, status in case.get("readings", {}).items()]
        found += [(rule, reading, "unrated") for reading in case.get("refused_readings", {})]
    return found


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_passes_the_conformance_suite(name: str) -> None:
    found = cases()
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


def test_a_name_that_duckdb_cannot_hold_is_refused() -> None:
    frame = ENGINES["duckdb"].make(pa.table({"of": ["a"], "value": [1.0]}))
    with pytest.raises(SettingError, match="no database takes"):
        with_status(frame, {"a\x00b": "at most 1"}, rule="of")
