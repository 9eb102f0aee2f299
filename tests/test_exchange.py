"""Bands in JSON, FEEL, ranges of Nagios, intervals and conditions of Soda. JavaScript is asked in tests/sql."""

import contextlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag_rules import (
    Bands,
    BandsError,
    FormulaError,
    RagRulesError,
    Rule,
    Status,
    from_feel,
    from_intervals,
    from_json,
    from_nagios,
    from_soda,
    rule,
    strategies,
    to_feel,
    to_json,
    to_nagios,
)
from rag_rules.labels import Scale
from rag_rules.quantity import NUMBER, SPELLINGS
from rag_rules.steps import Cut, Side, Steps
from tests.agreement.backends import by_ranges

# JSON -----------------------------------------------------------------------------------------------------------------


@given(strategies.rules())
def test_bands_in_json_read_back(made: Any) -> None:
    bands = made.bands
    assert from_json(to_json(bands)) == bands
    assert from_json(json.loads(to_json(bands))) == bands


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_every_unit_reads_back(spelling: str) -> None:
    bands = Bands(Steps((Cut(Decimal("0.50"), Side.AFTER),), (Status.RED, Status.GREEN)), SPELLINGS[spelling])
    assert from_json(to_json(bands)).unit == bands.unit


def test_days_are_written_as_days() -> None:
    bands = rule("By 30th November 2019").bands
    assert bands is not None
    assert json.loads(to_json(bands)) == {
        "unit": "date", "cuts": [{"at": "2019-11-30", "side": "after"}], "statuses": ["green", "red"],
    }  # fmt: skip


def test_long_quotients_are_kept() -> None:
    bands = rule("at least 1 in 3").bands
    assert bands is not None
    assert from_json(to_json(bands)).steps.cuts[0].at == bands.steps.cuts[0].at


GOOD: dict[str, Any] = {"unit": None, "cuts": [{"at": "21", "side": "before"}], "statuses": ["green", "red"]}


@pytest.mark.parametrize(
    "form",
    [
        "", "[]", "{}", "nonsense", "[" * 50_000, "x" * 200_000, None, 5,
        GOOD | {"more": 1}, GOOD | {"unit": "furlongs"}, GOOD | {"unit": 5}, GOOD | {"cuts": None}, GOOD | {"statuses": ["green"]},
        GOOD | {"statuses": ["green", "blue"]}, GOOD | {"statuses": [[], {}]}, GOOD | {"cuts": [{"at": 21, "side": "before"}]},
        GOOD | {"cuts": [{"at": "1e5", "side": "before"}]}, GOOD | {"cuts": [{"at": "NaN", "side": "before"}]},
        GOOD | {"cuts": [{"at": "1" * 81, "side": "before"}]}, GOOD | {"cuts": [{"at": "21", "side": "left"}]}, GOOD | {"cuts": [{"at": "21"}]},
        GOOD | {"cuts": [{"at": "21", "side": []}]}, GOOD | {"unit": "date"}, GOOD | {"cuts": ["21"]}, GOOD | {"scale": []}, GOOD | {"scale": [1]},
        {"cuts": [{"at": "5", "side": "after"}, {"at": "4", "side": "after"}], "statuses": ["red", "amber", "green"]},
    ],
)  # fmt: skip
def test_what_is_no_form_of_bands_is_refused(form: Any) -> None:
    with pytest.raises(BandsError):
        from_json(form)


@pytest.mark.parametrize(
    ("target", "setting", "why"),
    [("TBC", {}, "to be confirmed"), ("5% reduction", {}, "baseline"), ("95%", {"polarity": "higher", "improving": "improving"}, "earlier reading")],
)  # fmt: skip
@pytest.mark.parametrize("export", [to_json, to_feel, to_nagios])
def test_a_rule_that_bands_do_not_say_is_not_exported(
    export: Callable[[Rule], object], target: str, setting: dict[str, str], why: str
) -> None:
    with pytest.raises(FormulaError, match=why):
        export(rule(target, **setting))


# FEEL -----------------------------------------------------------------------------------------------------------------


def test_each_status_has_its_unary_test() -> None:
    bands = Bands.read("red |-5 amber 0| green |10 amber 20| red")
    assert to_feel(bands) == {Status.RED: "< -5, > 20", Status.AMBER: "[-5..0], [10..20]", Status.GREEN: "(0..10)"}
    assert to_feel(Bands.read("red |5 green 5| red")) == {Status.RED: "< 5, > 5", Status.GREEN: "5"}
    assert to_feel(Bands(Steps((), (Status.GREEN,)))) == {Status.GREEN: "-"}


def test_words_and_days_have_unary_tests() -> None:
    words, days = rule("at least Good").bands, rule("By 30th November 2019").bands
    assert words is not None
    assert days is not None
    assert to_feel(words)[Status.GREEN] == '"Good", "Outstanding"'
    assert to_feel(days) == {Status.GREEN: '<= date("2019-11-30")', Status.RED: '> date("2019-11-30")'}


def test_a_limit_longer_than_numbers_of_feel_is_refused() -> None:
    bands = rule("at least 1 in 3").bands
    assert bands is not None
    with pytest.raises(FormulaError, match="digits"):
        to_feel(bands)


def test_a_label_that_would_end_its_quotation_is_refused() -> None:
    with pytest.raises(FormulaError, match="label"):
        to_feel(Bands.read("red |b green", scale=Scale(('a"', "b"))))


@given(strategies.bands(unit=NUMBER))
def test_unary_tests_read_back(bands: Bands) -> None:
    assume(bands.steps.cuts and set(bands.steps.values) != {Status.AMBER})
    assert from_feel({str(status): test for status, test in to_feel(bands).items()}).bands == bands


@pytest.mark.parametrize(
    ("test", "picture"),
    [
        ("< 21", "green |21 red"), ("<=21", "green 21| red"), ("[10..20)", "red |10 green |20 red"), ("]10..20[", "red 10| green |20 red"),
        ("5", "red |5 green 5| red"), ("-5.5", "red |-5.5 green -5.5| red"), ("not(5)", "green |5 red 5| green"),
        ("not ( < 5, > 10 )", "red |5 green 10| red"), ("> 10,< 5", "green |5 red 10| green"), ("[1..2],[2..3]", "red |1 green 3| red"),
    ],
)  # fmt: skip
def test_unary_tests_are_read(test: str, picture: str) -> None:
    assert str(from_feel({"green": test}).bands) == picture


@pytest.mark.parametrize(
    ("test", "span"),
    [
        ("", (0, 0)), ("abc", (0, 3)), ("< x", (0, 3)), ("5, ", (3, 3)), ("5 6", (1, 3)), ("[1..", (0, 4)), ("[1,2]", (0, 5)),
        ("> 5 and < 7", (3, 11)), ("? > 5", (0, 5)), ("not(5", (0, 5)), ("5, not(6)", (3, 9)), ("between 1 and 2", (0, 15)), ("[5..1]", (0, 6)),
    ],
)  # fmt: skip
def test_what_is_no_unary_test_is_refused_with_its_place(test: str, span: tuple[int, int]) -> None:
    with pytest.raises(FormulaError) as caught:
        from_feel({"green": test})
    assert caught.value.span == span


@pytest.mark.parametrize(
    "tests",
    [
        {"green": "-"},
        {"blue": "5"},
        {"unrated": "5"},
        {},
        {"green": "(5..5)"},
        {"green": "not(-)"},
        {"green": "5" * 2_000},
    ],
)
def test_tests_that_make_no_rule_are_refused(tests: dict[str, str]) -> None:
    with pytest.raises(RagRulesError):
        from_feel(tests)


def test_gaps_and_overlaps_are_unrated_and_named() -> None:
    found = from_feel({"green": ">= 95", "amber": "[85..90)", "red": "[0..85]"})
    assert str(found.bands) == "unrated |0 red |85 unrated 85| amber |90 unrated |95 green"
    assert len(found.warnings) == 3


# intervals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("[10, 20]", "red |10 green 20| red"), ("(10; 20)", "red 10| green |20 red"), ("]10,20]", "red 10| green 20| red"), ("[95, ∞)", "red |95 green"),
        ("(-∞, 5]", "green 5| red"), ("(-inf, 5) ∪ (10, +Infinity)", "green |5 red 10| green"), ("[1, 2) or [3, 4)", "red |1 green |2 red |3 green |4 red"),
        ("[-2.5, -1]", "red |-2.5 green -1| red"),
    ],
)  # fmt: skip
def test_intervals_are_read(text: str, picture: str) -> None:
    assert str(from_intervals({"green": text}).bands) == picture


def test_a_unit_makes_the_numbers_amounts() -> None:
    found = from_intervals({"green": "[95, 100]", "amber": "[90, 95)", "red": "(-inf, 90) ∪ (100, inf)"}, unit="%")
    assert found.evaluate("94.9%").status is Status.AMBER


@pytest.mark.parametrize(
    "text",
    [
        "10, 20",
        "[10 20]",
        "[10, 20",
        "[20, 10]",
        "[1,000, 2,000]",
        "[∞, 5]",
        "[5, -∞)",
        "[a, b]",
        "[10, 20] [30, 40]",
        "[10, 20] ∪",
        "(-∞, ∞)",
        "[1..2]",
    ],
)
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        from_intervals({"green": text})


# Nagios ---------------------------------------------------------------------------------------------------------------


@given(strategies.bands(unit=NUMBER), st.data())
def test_ranges_give_each_reading_its_status(bands: Bands, data: st.DataObject) -> None:
    try:
        ranges = to_nagios(bands)
    except FormulaError:
        return
    near = [float(cut.at) + step for cut in bands.steps.cuts for step in (-0.125, 0, 0.125)]
    value = data.draw(st.sampled_from([*near, 0.0, -1e6, 1e6]))
    assert by_ranges(*ranges, value) is bands.status(value), ranges
    if len(set(bands.steps.values)) > 1:
        assert from_nagios(*ranges).bands == bands


@pytest.mark.parametrize(
    ("picture", "ranges"),
    [
        ("green |21 amber 22.05| red", ("@21:", "~:22.05")), ("red |90 amber |95 green", ("95:", "90:")),
        ("red |5 amber |10 green 20| amber 25| red", ("10:20", "5:25")), ("green |5 red 10| green", ("@5:10", "@5:10")),
        ("red |10 green 20| red", ("10:20", "10:20")), ("green |5 amber 10| red", ("@5:", "~:10")), ("green 0| red", ("~:0", "~:0")),
        ("green 5| amber 10| green", None), ("green |5 amber |10 green", None), ("red |10 green |20 red", None), ("unrated |5 green", None),
        ("green |5 amber 6| green |8 red 9| green", ("@5:6", "@8:9")), ("red 10%| green", ("@~:10", "@~:10")),
    ],
)  # fmt: skip
def test_ranges_are_written_where_there_are_any(picture: str, ranges: tuple[str, str] | None) -> None:
    bands = Bands.read(picture)
    if ranges is None:
        with pytest.raises(FormulaError):
            to_nagios(bands)
    else:
        assert to_nagios(bands) == ranges


@pytest.mark.parametrize(
    ("warning", "critical", "picture"),
    [
        ("10", "20", "red |0 green 10| amber 20| red"), ("10:", "5:", "red |5 amber |10 green"), ("~:10", None, "green 10| amber"),
        ("", "@10:20", "green |10 red 20| green"), ("~:80", "~:90", "green 80| amber 90| red"), ("-5:5", "", "amber |-5 green 5| amber"),
    ],
)  # fmt: skip
def test_ranges_are_read(warning: str | None, critical: str | None, picture: str) -> None:
    made = from_nagios(warning, critical)
    assert str(made.bands) == picture
    for value in (-100, -5, 0, 5, 10, 10.5, 15, 20, 20.5, 80, 85, 90, 95):
        assert made.bands is not None
        assert made.bands.status(value) is by_ranges(warning or "~:", critical or "~:", value)


@pytest.mark.parametrize("text", ["x", "10:5", ":", "@", "5:~", "1e5", "10:20:30", "@@5", "10%", "~"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(FormulaError):
        from_nagios(text, None)


@pytest.mark.parametrize("ranges", [(None, None), ("~:", "~:"), ("", "@~:")])
def test_ranges_that_always_say_the_same_are_refused(ranges: tuple[str | None, str | None]) -> None:
    with pytest.raises(FormulaError, match="every reading would be"):
        from_nagios(*ranges)


# Soda -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "picture"),
    [
        ("row_count between 10 and 20", "red |10 green 20| red"), ("- row_count not between 10 and 20", "green |10 red 20| green"),
        ("row_count between (10 and 20]", "red 10| green 20| red"), ("missing_count(name) = 0", "red |0 green 0| red"), ("avg(size) > -2.5", "red -2.5| green"),
        ("duplicate_count(email, phone):\n    warn: when between 1 and 10\n    fail: when > 10", "green |1 amber 10| green 10| red"),
        ("row_count != 5", "green |5 red 5| green"), ("x:\n  fail: when < 5\n  warn: when < 10", "red |5 amber |10 green"), ("x:\n  warn: when >= 3", "green |3 amber"),
    ],
)  # fmt: skip
def test_conditions_of_soda_are_read(check: str, picture: str) -> None:
    picture = picture.replace(" 10| green 10| red", " 10| red")
    assert str(from_soda(check).bands) == picture


@pytest.mark.parametrize(
    "check",
    [
        "", "row_count", "row_count:", "row_count ~ 5", "row_count between 20 and 10", "row_count between 5", "between 1 and 2", "x > 5 and < 7", "schema:\n  fail: when required column missing",
        "x:\n  warn: when > 5\n  warn: when > 6", "x > 5\n  fail: when < 3", "x:\n  fail when > 5", "freshness(d) < 2h", "change for row_count < 5", "x > 5%", "x:\n  fail: when between 1 and 2 or > 3",
    ],
)  # fmt: skip
def test_what_is_no_condition_of_soda_is_refused(check: str) -> None:
    with pytest.raises(FormulaError):
        from_soda(check)


@given(st.text(st.sampled_from("[]()<>=!0123456789.,;:@~-+ \nabetwnodrUfilh∪∞'\"\\\x00"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        from_soda,
        lambda each: from_feel({"green": each}),
        lambda each: from_intervals({"red": each}),
        lambda each: from_nagios(each, None),
    ):
        with contextlib.suppress(RagRulesError):
            assert read(text).bands is not None


@pytest.mark.parametrize(
    "text", ["[" * 900, "< 1, " * 190 + "x", "between " * 110, " " * 990 + "x", "x:\n" + " " * 900 + "warn"]
)
def test_hostile_texts_are_refused_at_once(text: str) -> None:
    for read in (from_soda, lambda each: from_feel({"green": each}), lambda each: from_intervals({"red": each})):
        with pytest.raises(RagRulesError):
            read(text)
