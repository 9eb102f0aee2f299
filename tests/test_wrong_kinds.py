"""Whatever the public functions are given, they raise an error of the library or do what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rag_rules
from rag_rules import RagRulesError
from rag_rules.files import read_scorecard_text

RULE = rag_rules.rule("at least 95%", tolerance="5%")
IN_STAGES = rag_rules.rule("at least 70% until Oct 2023, then at least 80%")
SCORECARD = read_scorecard_text("ref,name,target,Q1 2023/24\n1,Repairs,at least 95%,96%\n", "kpis.csv")
REPORT = rag_rules.assess(SCORECARD, as_of=dt.date(2023, 9, 30))
FRAME = pd.DataFrame({"value": [96.0], "service": ["a"], "status": ["green"]})
DAY = dt.date(2023, 9, 30)

WRONG: list[Any] = [
    None, "", "x", "\0", "x" * 10_000, "2024-13-45", "95%", b"x", [], (), {}, {"a": 1}, {1: 2}, ["a"], range(3), object(), int, True, -1,
    10**40, 1.5, float("nan"), float("inf"), Decimal("NaN"), DAY, dt.datetime(2024, 1, 1, 12),
    pd.NaT, pd.NA, np.array(["a", "b"]), np.array([1, 2]), np.array([]), np.int64(95), np.float32(0.1), np.bool_(True), Decimal("sNaN"),
    ([],), (1,), (None,), (0, (9, 6), 0), frozenset({1}),
]  # fmt: skip

#: each function with one of its arguments left open
CALLS: dict[str, Callable[[Any], Any]] = {
    "evaluate": lambda given: rag_rules.evaluate(given, "96%"),
    "evaluate a reading": lambda given: rag_rules.evaluate("at least 95%", given),
    "evaluate on": lambda given: rag_rules.evaluate("at least 95% by March 2024", "96%", on=given),
    "evaluate previous": lambda given: rag_rules.evaluate("at least 95%", "94%", improving="improving", previous=given),
    "rule": rag_rules.rule,
    "rule polarity": lambda given: rag_rules.rule("95%", polarity=given),
    "rule tolerance": lambda given: rag_rules.rule("at least 95%", tolerance=given),
    "rule unit": lambda given: rag_rules.rule("at least 95", unit=given),
    "rule scale": lambda given: rag_rules.rule("Good", scale=given),
    "rule benchmarks": lambda given: rag_rules.rule("above the national average", benchmarks=given),
    "rule baseline": lambda given: rag_rules.rule("reduce by 5%", baseline=given),
    "rule rounding": lambda given: rag_rules.rule("at least 95%", rounding=given),
    "rule improving": lambda given: rag_rules.rule("at least 95%", improving=given),
    "rule year": lambda given: rag_rules.rule("at least 95% by Q2 2024", year=given),
    "Rule.evaluate": RULE.evaluate,
    "Rule.at": IN_STAGES.at,
    "Rule.to_date": RULE.to_date,
    "Rule.to_date year": lambda given: RULE.to_date(DAY, year=given),
    "Rule.to_date profile": lambda given: RULE.to_date(DAY, profile=given),
    "Rule.to_date lag": lambda given: RULE.to_date(DAY, lag=given),
    "Rule.to_date accumulation": lambda given: RULE.to_date(DAY, accumulation=given),
    "Bands.read": rag_rules.Bands.read,
    "Bands.at": lambda given: RULE.bands.at(given) if RULE.bands is not None else None,
    "Bands.status": lambda given: RULE.bands.status(given) if RULE.bands is not None else None,
    "Timed": rag_rules.Timed,
    "Timed.at": lambda given: rag_rules.Timed(RULE).at(given),
    "parse_target": rag_rules.parse_target,
    "parse_target labels": lambda given: rag_rules.parse_target("Good", given),
    "parse_target year": lambda given: rag_rules.parse_target("95% by Q2 2024", year=given),
    "parse_reading": rag_rules.parse_reading,
    "parse_reading missing": lambda given: rag_rules.parse_reading("96%", missing=given),
    "parse_deadline": rag_rules.parse_deadline,
    "parse_deadline day_order": lambda given: rag_rules.parse_deadline("March 2024", day_order=given),
    "parse_deadline year": lambda given: rag_rules.parse_deadline("March 2024", year=given),
    "parse_period": rag_rules.parse_period,
    "resolve": rag_rules.resolve,
    "resolve setting": lambda given: rag_rules.resolve(rag_rules.parse_target("at least 95%"), given),
    "Setting.over": rag_rules.Setting().over,
    "Setting.benchmark": rag_rules.Setting().benchmark,
    "Year.read": rag_rules.Year.read,
    "badge_svg": rag_rules.badge_svg,
    "bands_svg": rag_rules.bands_svg,
    "bands_svg reading": lambda given: rag_rules.bands_svg(RULE, given),
    "to_excel": lambda given: rag_rules.to_excel(given, "B2"),
    "to_excel cell": lambda given: rag_rules.to_excel(RULE, given),
    "to_excel words": lambda given: rag_rules.to_excel(RULE, "B2", words=given),
    "to_dax": lambda given: rag_rules.to_dax(given, "Cost"),
    "to_dax measure": lambda given: rag_rules.to_dax(RULE, given),
    "to_dax words": lambda given: rag_rules.to_dax(RULE, "Cost", words=given),
    "to_sql": lambda given: rag_rules.to_sql(given, "cost", "duckdb"),
    "to_sql column": lambda given: rag_rules.to_sql(RULE, given, "duckdb"),
    "to_sql dialect": lambda given: rag_rules.to_sql(RULE, "cost", given),
    "to_sql kind": lambda given: rag_rules.to_sql(RULE, "cost", "duckdb", kind=given),
    "to_sql words": lambda given: rag_rules.to_sql(RULE, "cost", "duckdb", words=given),
    "rules_table": rag_rules.rules_table,
    "join_sql": lambda given: rag_rules.join_sql(given, "rules", "duckdb"),
    "join_sql bands": lambda given: rag_rules.join_sql("readings", "rules", "duckdb", bands=given),
    "join_sql rules": lambda given: rag_rules.join_sql("readings", given, "duckdb"),
    "join_sql reason": lambda given: rag_rules.join_sql("readings", "rules", "duckdb", reason=given),
    "to_json": rag_rules.to_json,
    "from_json": rag_rules.from_json,
    "to_feel": rag_rules.to_feel,
    "from_feel": rag_rules.from_feel,
    "from_feel unit": lambda given: rag_rules.from_feel({"green": ">= 95"}, unit=given),
    "to_nagios": rag_rules.to_nagios,
    "from_nagios": lambda given: rag_rules.from_nagios(given, "5:25"),
    "from_intervals": rag_rules.from_intervals,
    "from_soda": rag_rules.from_soda,
    "read_scorecard": rag_rules.read_scorecard,
    "read_scorecard sheet": lambda given: rag_rules.read_scorecard("none.xlsx", sheet=given),
    "read_scorecard columns": lambda given: rag_rules.read_scorecard("none.csv", columns=given),
    "read_scorecard_text": read_scorecard_text,
    "assess": lambda given: rag_rules.assess(given, as_of=DAY),
    "assess as_of": lambda given: rag_rules.assess(SCORECARD, as_of=given),
    "assess period": lambda given: rag_rules.assess(SCORECARD, as_of=DAY, period=given),
    "compare": lambda given: rag_rules.compare(SCORECARD, given, as_of=DAY),
    "with_tolerance": lambda given: rag_rules.with_tolerance(given, "5%"),
    "with_tolerance tolerance": lambda given: rag_rules.with_tolerance(SCORECARD, given),
    "reconcile": rag_rules.reconcile,
    "reconcile scorecard": lambda given: rag_rules.reconcile(REPORT, given),
    "with_status": lambda given: rag_rules.with_status(FRAME[["value"]], given),
    "with_status reading": lambda given: rag_rules.with_status(FRAME[["value"]], RULE, reading=given),
    "with_status into": lambda given: rag_rules.with_status(FRAME[["value"]], RULE, into=given),
    "with_status reason": lambda given: rag_rules.with_status(FRAME[["value"]], RULE, reason=given),
    "with_status shares": lambda given: rag_rules.with_status(FRAME[["value"]], RULE, shares=given),
    "with_status on": lambda given: rag_rules.with_status(FRAME[["value"]], RULE, on=given),
    "with_status rule": lambda given: rag_rules.with_status(FRAME[["value"]], RULE, rule=given),
    "with_status target": lambda given: rag_rules.with_status(FRAME[["value"]], target=given),
    "with_status setting": lambda given: rag_rules.with_status(FRAME[["value"]], "at least 95%", setting=given),
    "summarise by": lambda given: rag_rules.summarise(FRAME, given),
    "summarise status": lambda given: rag_rules.summarise(FRAME, status=given),
}


@pytest.mark.parametrize("name", CALLS)
def test_wrong_kinds_are_refused_in_words(name: str) -> None:
    refused = 0
    for given in WRONG:
        try:
            CALLS[name](given)
        except RagRulesError:
            refused += 1
    assert refused


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("Rule.at", "x", "a text is no day (write date(2023, 9, 30), or parse_period for a text)"),
        ("Rule.to_date", "Q2 2023/24", "a text is no day (write date(2023, 9, 30), or parse_period for a text)"),
        ("parse_deadline", None, "nothing is no text"),
        ("parse_reading missing", "DNA", 'a text is no list of words (write missing=("not returned",))'),
        ("parse_target labels", ["Poor", "Good"], 'labels are a tuple of texts, not a value of the type list (write labels=("Poor", "Good"))'),
        ("Bands.status", "96%", 'a text is no number (rule.evaluate reads texts, such as "96%")'),
        ("Bands.status", (0, (9, 6), 0), "a value of the type tuple is no number"),
        ("Bands.status", True, "a value of the type bool is no number"),
        ("Rule.at", pd.NaT, "a missing time is no day"),
        ("Timed.at", pd.NaT, "a missing time is no day"),
        ("assess as_of", pd.NaT, "a missing time is no day"),
        ("evaluate on", pd.NaT, "a missing time is no day"),
        ("parse_target", np.array([1, 2]), "a target is a text or a number, not ndarray"),
        ("parse_target labels", ([],), 'a value of the type list is no label (write labels=("Poor", "Good"))'),
        ("parse_target labels", (1,), "a value of the type int is no label"),
        ("parse_target labels", (None,), "nothing is no label"),
        ("parse_reading missing", np.array(["a", "b"]), "a value of the type ndarray is no list of words"),
        ("rule baseline", Decimal("sNaN"), "the baseline is given as Decimal"),
        ("to_sql column", np.array(["a", "b"]), "a value of the type ndarray is no name of a column"),
        ("with_status reading", pd.NA, "a value of the type NAType is no name of a column"),
        ("summarise status", pd.NA, "a value of the type NAType is no name of a column"),
        ("to_feel", "at least 95%", "a text is neither a rule nor bands"),
        ("to_excel words", "Met", 'a text is no mapping of words (write words={Status.GREEN: "On track"})'),
        ("to_excel words", {"met": "Met"}, "“met” is no status to give a word for"),
        ("from_feel", ">= 95", "a text is no mapping from statuses"),
        ("assess", "kpis.csv", 'a text is no scorecard (write read_scorecard("kpis.csv"))'),
        ("with_status shares", "yes", "a text is no answer to shares= (write True, False or None)"),
    ],
)  # fmt: skip
def test_what_to_write_instead_is_said(name: str, given: Any, said: str) -> None:
    with pytest.raises(RagRulesError) as caught:
        CALLS[name](given)
    assert said in str(caught.value)


@pytest.mark.parametrize("value", [np.int64(95), np.uint8(95), np.float32(95), 95, Decimal(95)])
def test_numbers_of_every_kind_are_targets(value: Any) -> None:
    assert rag_rules.parse_target(value) == rag_rules.parse_target("95")


@pytest.mark.parametrize(
    "value", [None, pd.NA, pd.NaT, float("nan"), np.float32("nan"), Decimal("NaN"), Decimal("sNaN")]
)
def test_missing_values_are_no_target(value: Any) -> None:
    assert rag_rules.parse_target(value) == rag_rules.parse_target("")


@pytest.mark.parametrize("reading", ["NaN", "sNaN"])
def test_what_is_no_number_in_decimals_has_no_status(reading: str) -> None:
    assert RULE.bands is not None
    assert RULE.bands.status(Decimal(reading)) == "unrated"


def test_a_time_of_day_stands_for_its_day() -> None:
    when = dt.datetime(2023, 9, 30, 17, 30)
    assert IN_STAGES.at(when).aim == IN_STAGES.at(DAY).aim
    assert RULE.to_date(when).bands == RULE.to_date(DAY).bands
    assert rag_rules.assess(SCORECARD, as_of=when) == REPORT
