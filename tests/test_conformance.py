"""The conformance suite: every case of ``grammar/cases/*.json``, one test for each."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag_rules import (
    Bands,
    Rule,
    Setting,
    errors,
    parse_deadline,
    parse_period,
    parse_reading,
    parse_target,
    resolve,
)
from rag_rules.deadlines import Deadline, Window
from rag_rules.periods import Period, Year
from rag_rules.prorating import Forecast
from rag_rules.quantity import exponent_of
from rag_rules.syntax.period_names import named_period

CASES = Path(__file__).parents[1] / "grammar" / "cases"
FILES = sorted(CASES.glob("*.json"))
#: fewer than this, and something has stopped the suite from reading its cases
AT_LEAST = 400

SETTING_FIELDS = {
    "polarity", "tolerance", "unit", "scale", "benchmarks", "baseline", "rounding", "conflicts", "boundary", "improving", "green_within",
    "year",
}  # fmt: skip
RATED_FIELDS = {
    "canonical", "bands", "readings", "refused_readings", "reasons", "clauses", "notes_contain", "explains", "forecast", "on",
}  # fmt: skip
TARGET_FIELDS = {"id", "text", "setting", "to_date", "error", "unrated", "missing_contains"} | RATED_FIELDS
READING_CLAIMS = {"value", "label", "missing", "error"}
READING_FIELDS = {"id", "reading", "marks"} | READING_CLAIMS
TO_DATE_FIELDS = {"period", "accumulation", "year", "profile", "lag"}
FORECAST_FIELDS = {"value", "status", "by", "needed_per_month", "says"}
DEADLINE_FIELDS = {
    "id", "deadline", "year", "day_order", "window", "precision", "recurring", "ongoing", "event", "notes_contain",
    "alternatives", "stages", "error",
}  # fmt: skip
PERIOD_FIELDS = {"id", "period", "year", "window", "canonical", "notes_contain", "error"}
TIME_CLAIMS = {"window", "error"}
ERROR_FIELDS = {"kind", "span", "says", "nearest_includes"}


def read_file(path: Path) -> list[dict[str, Any]]:
    """The cases of one file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content) == {"family", "cases"}, f"{path.name}: a file holds a family and its cases"
    return list(content["cases"])


ALL = [(path.stem, case) for path in FILES for case in read_file(path)]


def labels_of(setting: Setting) -> tuple[str, ...]:
    return setting.scale.labels if setting.scale is not None else ()


def setting_of(case: dict[str, Any]) -> tuple[Setting, Year | None]:
    """The setting of a case, and the kind of year that its text is read in."""
    given = dict(case.get("setting", {}))
    year = given.pop("year", None)
    return Setting.read(**given), Year.read(year) if year is not None else None


def rule_of(case: dict[str, Any]) -> Rule:
    setting, year = setting_of(case)
    rule = resolve(parse_target(case["text"], labels_of(setting), year=year), setting)
    if "to_date" not in case:
        return rule
    told = dict(case["to_date"])
    period = named_period(told.pop("period"))
    assert period is not None
    assert period.ends is not None, period.untold
    return rule.to_date(period.ends, **told)


def listed(texts: str | list[str]) -> list[str]:
    """One text or several, as several."""
    return [texts] if isinstance(texts, str) else texts


def made_of(case: dict[str, Any]) -> object:
    """What the library makes of the text of a case."""
    if "deadline" in case:
        return deadline_of(case)
    if "period" in case:
        return period_of(case)
    return parse_reading(case["reading"]) if "reading" in case else rule_of(case)


def deadline_of(case: dict[str, Any]) -> Deadline:
    return parse_deadline(case["deadline"], year=case.get("year"), day_order=case.get("day_order"))


def period_of(case: dict[str, Any]) -> Period:
    return parse_period(case["period"], year=case.get("year"))


def days_of(window: Window | Deadline | Period) -> list[str | None]:
    """A first and a last day as a case writes them."""
    return [None if day is None else day.isoformat() for day in (window.first_day, window.last_day)]


def check_deadline(case: dict[str, Any]) -> None:
    deadline = deadline_of(case)
    assert days_of(deadline) == case["window"], deadline.notes
    assert deadline.precision.value == case.get("precision", "none")
    assert deadline.recurring == case.get("recurring", "")
    assert deadline.ongoing == case.get("ongoing", False)
    assert deadline.event == case.get("event", "")
    assert [days_of(window) for window in deadline.stages] == case.get("stages", [])
    assert [days_of(window) for window in deadline.alternatives] == case.get("alternatives", [])
    for words in case.get("notes_contain", []):
        assert words in "\n".join(deadline.notes)


def check_period(case: dict[str, Any]) -> None:
    period = period_of(case)
    assert days_of(period) == case["window"], period.notes
    assert str(period) == case["canonical"]
    assert parse_period(str(period), year=case.get("year")) == period, f"“{period}” does not read back"
    for words in case.get("notes_contain", []):
        assert words in "\n".join(period.notes)


def check_error(case: dict[str, Any]) -> None:
    expected = case["error"]
    with pytest.raises(errors.RagRulesError) as caught:
        made_of(case)
    error = caught.value
    assert type(error).__name__ == expected["kind"], str(error)
    if "span" in expected:
        assert error.span == tuple(expected["span"]), str(error)
    for words in listed(expected.get("says", [])):
        assert words in str(error)
    for text in listed(expected.get("nearest_includes", [])):
        assert text in error.nearest, str(error)


def check_text(case: dict[str, Any]) -> None:
    setting, year = setting_of(case)
    labels = labels_of(setting)
    target = parse_target(case["text"], labels, year=year)
    canonical = str(target)
    if "canonical" in case:
        assert canonical == case["canonical"]
    assert parse_target(canonical, labels, year=year) == target, f"“{canonical}” does not read back as the same target"
    for kind, text in case.get("clauses", {}).items():
        clause = target.clause(kind)
        assert clause is not None, f"no clause of kind “{kind}” in {target.clauses}"
        assert clause.text == text


def check_unrated(case: dict[str, Any]) -> None:
    rule = rule_of(case)
    assert rule.reason is not None, f"rated as {rule.bands}"
    assert rule.reason.value == case["unrated"]
    assert rule.bands is None
    for words in listed(case.get("missing_contains", [])):
        assert words in rule.missing


def check_rated(case: dict[str, Any]) -> None:
    rule = rule_of(case)
    assert rule.bands is not None, rule.missing
    if "bands" in case:
        assert str(rule.bands) == case["bands"]
        if rule.kind == "value" and rule.bands.scale is None:
            drawn = Bands.read(case["bands"])
            assert drawn.unit == rule.bands.unit
            if all(exponent_of(cut.at) >= -10 for cut in rule.bands.steps.cuts):  # a third of 100 is rounded for show
                assert drawn.steps == rule.bands.steps, "the picture reads back otherwise"
    for reading, status in case.get("readings", {}).items():
        outcome = rule.evaluate(reading)
        assert outcome.status.value == status, f"{reading}: {outcome.explanation}"
    for reading, kind in case.get("refused_readings", {}).items():
        with pytest.raises(errors.RagRulesError) as caught:
            rule.evaluate(reading)
        assert type(caught.value).__name__ == kind, reading
    for reading, reason in case.get("reasons", {}).items():
        found = rule.evaluate(reading).reason
        assert found is not None, reading
        assert found.value == reason, reading
    for reading, words in case.get("explains", {}).items():
        for part in listed(words):
            assert part in rule.evaluate(reading).explanation, reading
    for reading, expected in case.get("forecast", {}).items():
        check_forecast(rule.evaluate(reading).forecast, expected)
    notes = "\n".join(
        [*rule.notes, *(note for reading in case.get("readings", {}) for note in rule.evaluate(reading).notes)]
    )
    for words in case.get("notes_contain", []):
        assert words in notes


def check_on(case: dict[str, Any]) -> None:
    """The status of readings on a date; where a third word is given, why there is none."""
    rule = rule_of(case)
    for day, readings in case["on"].items():
        for reading, expected in readings.items():
            outcome = rule.at(date.fromisoformat(day)).evaluate(reading)
            status, _, reason = expected.partition(": ")
            assert outcome.status.value == status, f"{day}, {reading}: {outcome.explanation}"
            assert (outcome.reason or "") == reason, f"{day}, {reading}: {outcome.explanation}"


def check_forecast(found: Forecast | None, expected: dict[str, Any] | None) -> None:
    if expected is None:
        assert found is None
        return
    assert found is not None
    needed = str(found.needed_per_month) if found.needed_per_month is not None else None
    assert (str(found.value), found.status.value, found.by, needed) == (
        expected["value"], expected["status"], expected["by"], expected["needed_per_month"],
    )  # fmt: skip
    for words in listed(expected.get("says", [])):
        assert words in found.sentence


def check_reading(case: dict[str, Any]) -> None:
    reading = parse_reading(case["reading"])
    if "value" in case:
        assert str(reading.quantity) == case["value"]
    if "label" in case:
        assert reading.label == case["label"]
    if "missing" in case:
        assert reading.missing is not None, str(reading)
        assert reading.missing.value == case["missing"]
    assert set(case.get("marks", [])) <= set(reading.marks)


def check(case: dict[str, Any]) -> None:
    """All that a case says, against what the library does."""
    if "error" in case:
        check_error(case)
        return
    if "deadline" in case:
        check_deadline(case)
        return
    if "period" in case:
        check_period(case)
        return
    if "reading" in case:
        check_reading(case)
        return
    check_text(case)
    if "on" in case:
        check_on(case)
    if "unrated" in case:
        check_unrated(case)
    elif RATED_FIELDS & set(case) - {"canonical", "clauses", "on"}:
        check_rated(case)


@pytest.mark.parametrize("case", [case for _, case in ALL], ids=[f"{family}:{case['id']}" for family, case in ALL])
def test_case(case: dict[str, Any]) -> None:
    check(case)


def claims_of(case: dict[str, Any]) -> set[str]:
    """The kinds of claim that a case makes; exactly one, or it is not a case."""
    if "deadline" in case or "period" in case:
        return TIME_CLAIMS & set(case)
    if "reading" in case:
        return READING_CLAIMS & set(case)
    rated = {"rated"} if {"canonical", "bands", "readings", "refused_readings", "reasons"} & set(case) else set()
    rated |= {"rated"} if "on" in case and "unrated" not in case else set()
    if "unrated" in case:
        return {"unrated"} | ({"rated"} if {"bands", "readings"} & set(case) else set())
    return ({"error"} & set(case)) | rated


def fields_of(case: dict[str, Any]) -> set[str]:
    """The fields that a case of its kind may have."""
    for kind, fields in (("reading", READING_FIELDS), ("deadline", DEADLINE_FIELDS), ("period", PERIOD_FIELDS)):
        if kind in case:
            return fields
    return TARGET_FIELDS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_well_formed(path: Path) -> None:
    cases = read_file(path)
    assert cases
    for case in cases:
        assert set(case) <= fields_of(case), case["id"]
        assert set(case.get("setting", {})) <= SETTING_FIELDS, case["id"]
        assert set(case.get("to_date", {})) <= TO_DATE_FIELDS, case["id"]
        assert all(set(each or {}) <= FORECAST_FIELDS for each in case.get("forecast", {}).values()), case["id"]
        assert not isinstance(case.get("error"), dict) or set(case["error"]) <= ERROR_FIELDS, case["id"]
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", case["id"]), case["id"]
        assert len(claims_of(case)) == 1, f"{case['id']} claims {claims_of(case) or 'nothing'}"


def test_no_two_cases_have_the_same_id() -> None:
    counts = Counter(case["id"] for _, case in ALL)
    assert [identity for identity, count in counts.items() if count > 1] == []


def test_suite_is_all_there() -> None:
    assert len(ALL) >= AT_LEAST
