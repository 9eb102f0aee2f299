"""The laws of the target language."""

import typing
from decimal import Decimal

import hypothesis
import pytest
from hypothesis import assume, find, given
from hypothesis import strategies as st

from rag_rules import RagRulesError, Setting, Status, TargetSyntaxError, parse_reading, parse_target, resolve
from rag_rules.lowering import AtLeast, AtMost
from rag_rules.quantity import Quantity
from rag_rules.rules import Rule
from rag_rules.strategies import boundary_readings, readings, rules, settings, target_texts
from rag_rules.syntax.parser import read_target
from rag_rules.target import Body, Label, Parts

BODIES = typing.get_args(Body)
SEARCH = hypothesis.settings(max_examples=5000, derandomize=True, database=None, phases=[hypothesis.Phase.generate])

anything = st.text(
    alphabet=st.one_of(
        st.sampled_from("0123456789%£<>≤≥=-–+±.,;:()[] \n\xa0ab"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=60,
)


@given(target_texts())
def test_every_generated_text_parses(text: str) -> None:
    assert parse_target(text).text is not None


@given(target_texts())
def test_the_canonical_text_parses_to_an_equal_target(text: str) -> None:
    target = parse_target(text)
    assert read_target(str(target)) == target


@given(target_texts())
def test_spelling_in_capitals_means_the_same(text: str) -> None:
    body, shouted = parse_target(text).body, parse_target(text.upper().replace("BN", "bn")).body
    if isinstance(body, Label | Parts):  # their words are kept as they are written
        assert type(shouted) is type(body)
        assert str(shouted).casefold() == str(body).casefold()
    else:
        assert shouted == body


@pytest.mark.parametrize("family", BODIES, ids=lambda family: family.__name__)
def test_texts_of_every_family_are_drawn(family: type) -> None:
    drawn = find(target_texts(), lambda text: isinstance(parse_target(text).body, family), settings=SEARCH)
    assert isinstance(parse_target(drawn).body, family)


@pytest.mark.parametrize("kind", ["scale", "baseline", "benchmark", "tolerance", "polarity", "rounding", "deadline"])
def test_texts_with_every_clause_are_drawn(kind: str) -> None:
    drawn = find(target_texts(), lambda text: parse_target(text).clause(kind) is not None, settings=SEARCH)
    assert parse_target(drawn).clause(kind) is not None


@given(target_texts(), settings())
def test_the_canonical_text_has_the_same_bands(text: str, setting: Setting) -> None:
    target = parse_target(text)
    try:
        rule = resolve(target, setting)
    except RagRulesError as error:
        try:
            resolve(read_target(str(target)), setting)
        except type(error):
            return
        raise
    assert resolve(read_target(str(target)), setting).bands == rule.bands


@given(anything)
def test_any_text_is_read_or_refused_with_a_drawn_error(text: str) -> None:
    refused: TargetSyntaxError | None = None
    try:
        target = read_target(text)
    except TargetSyntaxError as error:
        refused = error
    if refused is None:
        assert read_target(str(target)) == target
    else:
        assert refused.sentence
        assert "__" not in refused.sentence.replace(refused.text[:40], "")
        assert "ANON" not in str(refused)


@given(anything)
def test_any_reading_is_read_or_refused(text: str) -> None:
    refused: RagRulesError | None = None
    try:
        reading = parse_reading(text)
    except RagRulesError as error:
        refused = error
    if refused is not None:
        assert refused.sentence
    else:
        assert (reading.quantity is not None) + (reading.label is not None) + (reading.missing is not None) == 1


@given(rules().flatmap(lambda rule: st.tuples(st.just(rule), readings(rule), readings(rule))))
def test_better_reading_never_scores_worse(drawn: tuple[Rule, Quantity, Quantity]) -> None:
    rule, a, b = drawn
    assume(isinstance(rule.goal, AtLeast | AtMost))
    assert rule.bands is not None
    worse, better = sorted((a.value, b.value), reverse=isinstance(rule.goal, AtMost))
    assert rule.bands.status(better) <= rule.bands.status(worse)


#: rules of amounts, each with a reading on or beside one of its cuts
on_the_edges = (
    rules()
    .filter(lambda rule: rule.kind == "value" and not rule.conflicts)
    .flatmap(lambda rule: st.tuples(st.just(rule), boundary_readings(rule)))
)


@given(on_the_edges)
def test_evaluating_gives_the_status_of_the_bands(drawn: tuple[Rule, Quantity]) -> None:
    rule, reading = drawn
    assert rule.bands is not None
    outcome = rule.evaluate(reading)
    assert outcome.status is rule.bands.at(reading)
    assert outcome.explanation.startswith(outcome.status.value.capitalize())
    assert outcome.explanation.endswith(".")


@given(on_the_edges)
def test_the_smallest_change_flips_and_a_smaller_one_does_not(drawn: tuple[Rule, Quantity]) -> None:
    rule, reading = drawn
    assert rule.bands is not None
    outcome = rule.evaluate(reading)
    flip = outcome.flip
    if flip is None:
        assert not rule.bands.steps.cuts
        return
    assert outcome.value is not None
    assume(abs(flip.by.value) <= Decimal(10) ** 9)
    assume(flip.by.value == round(flip.by.value, 10))
    tiny = Decimal("1E-9")
    way = 1 if flip.by.value > 0 or (flip.by.value == 0 and rule.bands.status(outcome.value + tiny) is flip.to) else -1
    reached = outcome.value + flip.by.value + (tiny * way if flip.past else 0)
    assert rule.bands.status(reached) is flip.to
    if abs(flip.by.value) > tiny:
        assert rule.bands.status(outcome.value + flip.by.value - tiny * way) is outcome.status


@given(rules().flatmap(lambda rule: st.tuples(st.just(rule), readings(rule))))
def test_a_tolerance_never_turns_green_or_makes_worse(drawn: tuple[Rule, Quantity]) -> None:
    rule, reading = drawn
    bare = resolve(
        rule.target,
        Setting(
            **{
                name: getattr(rule.setting, name)
                for name in ("polarity", "unit", "scale", "benchmarks", "baseline", "rounding")
            }
        ),
    )
    assert bare.bands is not None
    assert rule.bands is not None
    before, after = bare.bands.at(reading), rule.bands.at(reading)
    assert after is before or (before, after) == (Status.RED, Status.AMBER)
