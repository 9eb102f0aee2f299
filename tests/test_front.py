"""The front door: what callers of ``evaluate``, ``rule`` and the pipeline can rely on."""

import contextlib
import math
from decimal import Decimal
from typing import Any

import pytest

import rag_rules
from rag_rules import (
    Bands,
    PolarityError,
    Quantity,
    RagRulesError,
    ReadingSyntaxError,
    Reason,
    Setting,
    SettingError,
    Status,
    TargetSyntaxError,
    UnitError,
    evaluate,
    parse_reading,
    parse_target,
    resolve,
    rule,
)
from rag_rules.quantity import percent, pounds


def test_every_name_of_the_front_door_loads() -> None:
    for name in rag_rules.__all__:
        assert getattr(rag_rules, name) is not None
    assert set(rag_rules.__all__) <= set(dir(rag_rules))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_here"):
        rag_rules.nothing_here  # noqa: B018


def test_a_status_is_its_word() -> None:
    assert evaluate("<£21", "£20").status == "green"
    assert evaluate("<£21", "£20").reason is None
    assert [str(status) for status in sorted(Status)] == ["unrated", "green", "amber", "red"]


def test_a_reason_is_a_word_too() -> None:
    outcome = evaluate("TBC", "5")
    assert (outcome.status, outcome.reason) == ("unrated", "no target")


def test_the_issue_s_example_gives_red_and_says_why() -> None:
    outcome = evaluate("<£21", "£46", tolerance="5%")
    assert outcome.status is Status.RED
    assert outcome.explanation == (
        "Red: £46 is £25 over the target of less than £21, outside the 5% tolerance (up to £22.05)."
    )


def test_amber_says_what_the_tolerance_allows() -> None:
    assert evaluate("30%", "31%", polarity="lower", tolerance="5%").explanation == (
        "Amber: 31% is 1 percentage point over the target of 30%, inside the 5% tolerance (up to 31.5%)."
    )


@pytest.mark.parametrize("missing", [None, math.nan, "", "DNA", "N/A", "n/k", "-", "..", float("inf")])
def test_missing_data_never_raises_and_is_never_rated(missing: object) -> None:
    outcome = evaluate("at least 95%", missing)
    assert (outcome.status, outcome.reason) == (Status.UNRATED, Reason.NO_READING)


def test_suppressed_data_has_its_own_reason() -> None:
    assert evaluate("at least 95%", "[c]").reason is Reason.SUPPRESSED


@pytest.mark.parametrize("reading", [96, 96.0, Decimal(96), "96", "96%", percent(96), parse_reading("96%")])
def test_numbers_texts_and_quantities_are_readings(reading: object) -> None:
    assert evaluate("at least 95%", reading).status is Status.GREEN


def test_a_float_reading_is_the_decimal_that_it_prints_as() -> None:
    assert evaluate("at most 0.3", 0.3).status is Status.GREEN
    assert evaluate("at most 0.3", 0.1 + 0.2).status is Status.RED


@pytest.mark.parametrize(
    ("target", "reading", "settings", "error"),
    [
        ("Betwen 10%-20%", "15%", {}, TargetSyntaxError),
        ("95%", "96%", {}, PolarityError),
        ("at least 95%", "£46", {}, UnitError),
        ("at least 95%", "10 to 20", {}, ReadingSyntaxError),
        ("at least 95%", "96%", {"tolerance": "lots"}, SettingError),
        ("at least 95%", "96%", {"polarity": "sideways"}, SettingError),
        ("at least 95%", "96%", {"rounding": "up"}, SettingError),
        ("Good", "Good", {"scale": "Good"}, SettingError),
        ("at least 95%", "96%", {"unit": "furlongs"}, UnitError),
    ],
)
def test_wrong_input_raises_its_own_error(
    target: str, reading: str, settings: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        evaluate(target, reading, **settings)
    assert isinstance(caught.value, RagRulesError)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value)


def test_an_error_draws_where_it_went_wrong() -> None:
    with pytest.raises(TargetSyntaxError) as caught:
        parse_target("Betwen 10%-20%")
    assert str(caught.value) == ("Betwen 10%-20%\n~~~~~~\n“Betwen” may be a keyword mistyped; did you mean “between”?")
    assert caught.value.span == (0, 6)
    assert caught.value.nearest == ("between",)


def test_an_error_in_a_long_text_keeps_the_trouble_in_view() -> None:
    with pytest.raises(TargetSyntaxError) as caught:
        parse_target(f"95% {'of the completed repairs ' * 12} 90%")
    drawn = str(caught.value).splitlines()
    assert "90%" in drawn[0]
    assert drawn[0][drawn[1].index("~") :].startswith("90%")


def test_a_polarity_error_shows_both_meanings() -> None:
    with pytest.raises(PolarityError, match=r"at least 95%.*at most 95%"):
        rule("95%")


def test_texts_and_numbers_too_long_are_refused_politely() -> None:
    with pytest.raises(TargetSyntaxError, match="501 characters"):
        parse_target("9" + "a" * 500)
    with pytest.raises(TargetSyntaxError, match="digits"):
        parse_target("9" * 31)
    with pytest.raises(TargetSyntaxError, match="exponent"):
        parse_target("1e5")


def test_parsing_a_long_text_takes_time_in_proportion() -> None:
    import time

    def seconds(text: str) -> float:
        from rag_rules.syntax.parser import read_target

        start = time.perf_counter()
        for _ in range(20):
            with contextlib.suppress(TargetSyntaxError):
                read_target(text)
        return time.perf_counter() - start

    for part in ("at least ", "the the ", "((", "1,1,", "by the end of ", "a ", "better than the ", "- "):
        seconds("95%")
        short, long = seconds((part * 200)[:120]), seconds((part * 200)[:480])
        assert long < 40 * short + 0.2, (
            part
        )  # quadratic would be 16, and noise is allowed for; runaway would be far more


def test_a_text_goes_before_the_indicator_and_that_before_the_scheme() -> None:
    scheme, indicator = Setting.read(tolerance="10%", polarity="higher"), Setting.read(tolerance="5%")
    setting = indicator.over(scheme)
    assert str(resolve(parse_target("80%"), setting).bands) == "red |76% amber |80% green"
    assert str(resolve(parse_target("80%; tolerance 2pp"), setting).bands) == "red |78% amber |80% green"


def test_percent_of_a_percentage_is_not_percentage_points() -> None:
    assert str(rule("80%", polarity="higher", tolerance="5%").bands) == "red |76% amber |80% green"
    assert str(rule("80%", polarity="higher", tolerance="5pp").bands) == "red |75% amber |80% green"
    assert str(rule("80%", polarity="higher", tolerance="5 points").bands) == "red |75% amber |80% green"


def test_a_tolerance_of_nothing_is_noted() -> None:
    made = rule("0", polarity="lower", tolerance="5%")
    assert str(made.bands) == "green 0| red"
    assert any("zero" in note for note in made.notes)


def test_a_negative_target_has_a_tolerance_on_its_bad_side() -> None:
    assert str(rule("< -0.7", tolerance="10%").bands) == "green |-0.7 amber -0.63| red"


def test_distances_and_the_flip_are_in_the_unit_of_the_rule() -> None:
    outcome = evaluate("<£21", "£22", tolerance="5%")
    assert [str(distance.by) for distance in outcome.distances] == ["-£1", "£0.05"]
    assert str(outcome.flip) == "more than £0.05 higher would make it red"


def test_a_reading_on_a_closed_edge_says_that_any_change_flips_it() -> None:
    outcome = evaluate("at most 5", "5")
    assert outcome.status is Status.GREEN
    assert str(outcome.flip) == "anything higher would make it red"


def test_an_ambiguous_reading_shows_both_meanings_and_what_each_gives() -> None:
    outcome = evaluate("80%", "0.9", polarity="higher")
    assert outcome.reason is Reason.AMBIGUOUS
    assert [(meaning, str(other.status)) for meaning, other in outcome.alternatives] == [
        ("0.9%", "red"),
        ("90%", "green"),
    ]


def test_a_bare_reading_is_taken_as_a_percentage_with_a_note() -> None:
    outcome = evaluate("80%", "90", polarity="higher")
    assert outcome.status is Status.GREEN
    assert "90 is taken as 90%" in outcome.notes


def test_units_convert_exactly() -> None:
    assert evaluate("at most 2 hours", "90 minutes").status is Status.GREEN
    assert evaluate("at most 2 hours", "121 minutes").status is Status.RED
    with pytest.raises(UnitError):
        evaluate("at most 2 days", "2 working days")


def test_benchmarks_come_from_the_setting_first_and_a_difference_is_noted() -> None:
    outcome = evaluate("Above national (51%)", "52%", benchmarks={"National": "53%"})
    assert outcome.status is Status.RED
    assert any("53%" in note and "51%" in note for note in outcome.notes)


def test_parts_are_rated_by_readings_of_their_own() -> None:
    made = rule("a) 5 b) 500", polarity="higher")
    assert made.evaluate("5").reason is Reason.SEPARATE_PARTS
    assert {name: part.evaluate("100").status for name, part in made.parts} == {"a": Status.GREEN, "b": Status.RED}


def test_as_displayed_notes_where_it_differs() -> None:
    outcome = evaluate("at least 95%", "94.6%", rounding="as displayed")
    assert outcome.status is Status.GREEN
    assert "compared exactly it would be red" in outcome.notes


def test_bands_convert_a_quantity_to_their_unit() -> None:
    assert Bands.read("green |£21 red").at(pounds(21)) is Status.RED
    with pytest.raises(UnitError):
        Bands.read("green |£21 red").at(percent(21))


def test_labels_of_a_scale_are_readings() -> None:
    made = rule("Good", scale="Inadequate < Requires improvement (amber) < Good < Outstanding")
    statuses = [made.evaluate(label).status for label in ("Inadequate", "requires improvement", "GOOD", "Outstanding")]
    assert statuses == [Status.RED, Status.AMBER, Status.GREEN, Status.GREEN]
    assert made.evaluate("Excellent").reason is Reason.NOT_ON_SCALE


def test_a_tolerance_of_one_step_makes_the_next_label_amber() -> None:
    made = rule("Good", scale="Inadequate < Requires improvement < Good", tolerance="1 step")
    assert str(made.bands) == "red |Requires improvement amber |Good green"


def test_the_letter_m_is_refused_beside_time() -> None:
    for target, reading in (("30 minutes", "25m"), ("30m", "25 minutes")):
        with pytest.raises(UnitError, match="could be"):
            evaluate(target, reading, polarity="lower")


def test_outcomes_of_equal_input_are_equal() -> None:
    assert evaluate("<5", "4") == evaluate("<5", "4")
    assert hash(evaluate("<5", "4")) == hash(evaluate("<5", "4"))
    assert evaluate("<5", "4") != evaluate("<5", "6")


def test_a_quantity_is_written_as_people_do() -> None:
    assert [str(Quantity(Decimal(text))) for text in ("1234.50", "1.4E+6", "5E+3", "-0")] == [
        "1,234.50",
        "1.4m",
        "5k",
        "0",
    ]


def test_the_flip_on_an_edge_says_which_way() -> None:
    assert str(evaluate("95%", "95%", polarity="higher").flip) == "anything lower would make it red"
    assert str(evaluate("<£21", "£21").flip) == "anything lower would make it green"
    assert str(evaluate("at most 5", "5").flip) == "anything higher would make it red"


def test_a_tolerance_beside_bands_that_are_written_out_is_refused() -> None:
    for text in ("Green ≥95%, Red <85%; amber within 5%", "Green ≥95%, Amber within 5%"):
        with pytest.raises(SettingError, match="written out"):
            rule(text)


def test_a_tolerance_of_none_switches_a_wider_one_off() -> None:
    setting = Setting.read(tolerance="none").over(Setting.read(tolerance="5%"))
    assert str(resolve(parse_target("at least 95%"), setting).bands) == "red |95% green"


def test_a_refused_verb_suggests_no_condition() -> None:
    with pytest.raises(TargetSyntaxError) as caught:
        parse_target("Prevent more than 3 accidents")
    assert caught.value.nearest == ()


def test_targets_that_are_no_texts_are_read_or_refused() -> None:
    nothing: tuple[Any, ...] = (None, math.nan)
    for none in nothing:
        assert evaluate(none, "5").reason is Reason.NO_TARGET
    numbers: tuple[tuple[Any, str, Status], ...] = ((5, "6", Status.GREEN), (5.5, "5", Status.RED))
    for number, reading, status in numbers:
        assert evaluate(number, reading, polarity="higher").status is status
    wrongs: tuple[Any, ...] = (True, b"95%", ["95%"], {})
    for wrong in wrongs:
        with pytest.raises(TargetSyntaxError, match="a text or a number"):
            evaluate(wrong, "5")


def test_thirty_digits_keep_their_sign_and_every_digit() -> None:
    digits = "123456789012345678901234567890"
    for text in (f"-{digits}", f"({digits})"):
        quantity = parse_reading(text).quantity
        assert quantity is not None
        assert quantity.value == Decimal(f"-{digits}")


@pytest.mark.parametrize(
    "given",
    [
        {"polarity": 5}, {"polarity": True}, {"unit": 5}, {"unit": ["days"]}, {"scale": 5}, {"benchmarks": 5},
        {"benchmarks": {1: 2}}, {"benchmarks": {"national": [1]}}, {"baseline": [1]}, {"tolerance": [1]},
        {"scale": "Poor < amber: Fair < Good"},
    ],
)  # fmt: skip
def test_a_setting_of_the_wrong_kind_is_a_setting_error(given: dict[str, Any]) -> None:
    with pytest.raises(SettingError):
        evaluate("≥5", 6, **given)


@pytest.mark.parametrize("target", [5, 5.0, Decimal(5)])
def test_a_number_as_target_is_written_as_it_was_given(target: Any) -> None:
    assert str(parse_target(target)) in ("5", "5.0")
    assert str(parse_target(5)) == "5"


@pytest.mark.parametrize("reading", ["5 days late", "5 days early", "3 overdue", "£5 USD"])
def test_a_word_that_makes_an_amount_another_one_is_refused(reading: str) -> None:
    with pytest.raises(ReadingSyntaxError):
        parse_reading(reading)


def test_an_overspend_does_not_meet_a_bound_on_the_underspend() -> None:
    bounded = rule("Underspend of up to 1%")
    assert bounded.evaluate("0.5% underspend").status is Status.GREEN
    assert bounded.evaluate("2% overspend").reason is Reason.AMBIGUOUS


def test_a_place_is_no_count_to_reach() -> None:
    with pytest.raises(UnitError):
        evaluate("Number 1", "5th", polarity="higher")


def test_the_notes_that_are_warnings_are_told_apart() -> None:
    made = rule("at least 95%; cumulative", polarity="lower")
    assert set(made.warnings) < set(made.notes)
    assert ["contradicts" in warning for warning in made.warnings] == [True]


def test_a_convention_of_a_date_is_said_in_its_own_words() -> None:
    notes = evaluate("by 30 June 2025", "July 2025").notes
    assert "“July 2025” is taken as by its last day, 31 July 2025" in notes
