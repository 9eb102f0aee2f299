"""The laws of the short ways: each gives what the long way gives."""

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st
from lark import Lark, UnexpectedCharacters, UnexpectedInput
from lark.lexer import BasicLexer, LexerThread

from rag_rules import Bands, RagRulesError, Rule, TargetSyntaxError, evaluate, parse_reading, parse_target, rule
from rag_rules.judging import _judge, judge_of
from rag_rules.quantity import Quantity
from rag_rules.strategies import boundary_readings, rules, target_texts
from rag_rules.syntax import cache
from rag_rules.syntax.builder import Trouble
from rag_rules.syntax.grammar import target_parser
from rag_rules.syntax.lexer import IndexedLexer
from rag_rules.syntax.parser import read_target
from rag_rules.syntax.text import fold, tidy
from rag_rules.target import Target

# readings ---------------------------------------------------------------------------------------------------------------

_RULES = [
    rule(text, tolerance=tolerance, rounding=rounding)
    for text in (
        "at least 95%", "<£21", "£21.50 or less", ">5", "at most 0.5", "between 10% and 20%", "[10, 20)", "at least 1.4m", "£20k or less",
        "Green ≥95%, Amber 90–94%, Red <90%", "overspend below £100", "at least 5 per 1,000", "within 5 days", "at most 50p",
        "Top 5", "1 out of 4 or more", "at least Good", "TBC", "better than national average", "balanced budget", "upper quartile",
    )
    for tolerance, rounding in ((None, None), ("5%", "as displayed"))
    if (text, tolerance) not in {("at least Good", "5%"), ("balanced budget", "5%")}
]  # fmt: skip
_digits = st.one_of(
    st.integers(0, 10**6).map(str),
    st.decimals(0, 1000, places=1).map(str),
    st.text("0123456789", max_size=42),
    st.from_regex(r"[0-9]{0,12}\.?[0-9]{0,14}", fullmatch=True),
    st.sampled_from(
        [
            "5.",
            ".5",
            ".",
            "١٢",
            "1_000",
            "nan",
            "inf",
            "1e5",
            "５",
            "12²",
            "1,234",
            "1,23",
            "007",
            "0",
            "00",
            "-0",
            "1.2.3",
            "½",
            "५.५",
        ]
    ),
)
_reading_texts = st.one_of(
    st.builds(
        lambda before, digits, after: before + digits + after,
        st.sampled_from(["", "", "", "£", "£", " ", "+", "-", "£-", "-£", "−", "c", "~", "("]),
        _digits,
        st.sampled_from(
            [
                "",
                "",
                "",
                "%",
                "%",
                "%",
                " %",
                "٪",
                "％",
                ".%",
                "%.",
                " ",
                "p",
                "m",
                "k",
                "% (p)",
                "*",
                ")",
                "\n",
                " days",
            ]
        ),
    ),
    st.text(max_size=20),
    st.sampled_from(["", "DNA", "[c]", "Good", "£46 overspend", "27/36", "12th of 152"]),
)


def _result(judge: Callable[[], Any]) -> Any:
    """All that comes of judging: what an outcome says, or the error."""
    try:
        outcome = judge()
    except RagRulesError as error:
        return type(error), str(error)
    return outcome, repr(outcome.value), outcome.reading, outcome.notes, outcome.explanation, outcome.band, outcome.flip


@given(st.sampled_from(_RULES), _reading_texts)
@example(rule("at least 95%"), "5.%")
@example(rule("at least 95%"), " 95% ")
@example(rule("at least 95%"), "+5%")
@example(rule("overspend below £100"), "£50")
@example(rule("at least 5"), "9" * 40)
@example(rule("at least 5"), "5" + "0" * 14 + "1")
def test_a_text_judged_at_sight_is_judged_alike(rule: Rule, text: str) -> None:
    slowly = _result(lambda: _judge(rule, parse_reading(text)))
    judge = judge_of(rule)
    assert _result(lambda: judge(text)) == slowly  # at sight
    assert _result(lambda: judge(text)) == slowly  # from memory


@given(rules().flatmap(lambda rule: st.tuples(st.just(rule), boundary_readings(rule))))
def test_a_reading_beside_a_cut_is_judged_alike_by_text(pair: tuple[Rule, Quantity]) -> None:
    rule, reading = pair
    assume(not reading.unit.is_date)  # days are read in one way only
    sign = {"percent": "{}%", "money in GBP": "£{}"}.get(reading.unit.dimension, "{}")
    text = sign.format(f"{abs(reading.value):f}")
    assert _result(lambda: judge_of(rule)(text)) == _result(lambda: _judge(rule, parse_reading(text)))


@given(
    st.lists(st.decimals(-1000, 1000, places=3), min_size=0, max_size=5, unique=True).map(sorted),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.one_of(st.integers(0, 4), st.decimals(-1001, 1001, places=3)),
)
def test_floats_and_decimals_have_one_status(cuts: list[Decimal], sides: list[bool], at: int | Decimal) -> None:
    words = ["red", "amber", "green", "red", "amber", "green"]
    bars = [f"|{cut}" if before else f"{cut}|" for cut, before in zip(cuts, sides, strict=False)]
    picture = " ".join(word for pair in zip(words, bars, strict=False) for word in pair) + f" {words[len(bars)]}"
    bands = Bands.read(picture.strip())
    reading = at if isinstance(at, Decimal) else cuts[at % len(cuts)] if cuts else Decimal(at)
    assert bands.status(float(reading)) == bands.status(reading) == bands.steps.at(reading)


# the lexer --------------------------------------------------------------------------------------------------------------

_words = st.sampled_from(
    "at least no more than less under below between and to within 5% 10 £21 £1.2m 2022/23 march 2024 by reduce increase of "
    "the national average better england top 5 quartile baseline tbc n/a green amber red ≥95% <90% ( ) per 1,000 days covid-19 "
    "fy24 q3 1st 3rd twenty half not don't a) b) ± +/- - – ; : . , \" ' & &lt; % year on ages 16-18 24/7 scale: good < bad "
    "tolerance maximum exceed or + 1.4m 100k co2 tco2e stage 2 [1] \n * é ² ¼ １２ ٣".split(" ")
)
_texts = st.one_of(
    st.lists(_words, max_size=9).map(" ".join),
    st.lists(_words, max_size=5).map("".join),
    target_texts(),
    st.text(max_size=30),
    st.text("0123456789%£<>≤≥=-–+±.,;:()[] \nabcdeilmnorstuxy'\"/&*^", max_size=30),
)


@functools.cache
def _basic() -> BasicLexer:
    return BasicLexer(target_parser().lexer_conf)


def _lexed(lexer: Any, text: str) -> tuple[list[tuple[str, str, int]], Any]:
    tokens: list[tuple[str, str, int]] = []
    try:
        if isinstance(lexer, IndexedLexer):
            tokens.extend((token.type, str(token), token.start_pos or 0) for token in lexer.lex(text))
        else:
            thread = LexerThread.from_text(lexer, text)
            tokens.extend((token.type, str(token), token.start_pos or 0) for token in thread.lex(None))  # type: ignore[no-untyped-call]  # Lark's
    except UnexpectedCharacters as error:
        return tokens, (error.pos_in_stream, error.line, error.column)
    return tokens, None


def test_terminals_are_tried_in_the_order_of_lark() -> None:
    assert IndexedLexer(target_parser().lexer_conf).names == tuple(each.name for each in _basic().terminals)


@given(_texts.map(tidy).map(fold))
def test_the_indexed_lexer_finds_the_tokens_of_the_basic_lexer(text: str) -> None:
    assert _lexed(_indexed(), text) == _lexed(_basic(), text)


@functools.cache
def _indexed() -> IndexedLexer:
    return IndexedLexer(target_parser().lexer_conf)


def _built(parse: Callable[[], Any]) -> Any:
    try:
        return parse()
    except UnexpectedInput as error:
        return type(error), error.pos_in_stream, getattr(error, "accepts", None) or getattr(error, "expected", None)
    except Trouble as trouble:
        return str(trouble), trouble.span


@given(_texts.map(tidy).map(fold))
def test_the_short_way_through_the_table_builds_what_lark_builds(text: str) -> None:
    parser = target_parser()
    assert _built(lambda: parser.parse(text, start="start")) == _built(lambda: Lark.parse(parser, text, start="start"))


# shapes -----------------------------------------------------------------------------------------------------------------

_templates = st.one_of(
    st.sampled_from(
        "<£{}|at least {}%|{}%|{}|£{}m|{}k or less|-{}|at least -{}%|Between {} and 45|10%-{}%|{} (twenty)|{} (40)|half ({}%)|twenty to {}|"
        "{}% of repairs completed on time|Maintain better than national average ({}%)|{}% reduction on last year|reduce by {}%|"
        "reduce to {}%|halve to {}%|top {}|top {}%|{}th|{}th or better|in the top {}|{} days|within {} minutes|{}p|£{} per head|"
        "per {}|{} in total; amber within 5%|95% ; amber within {}|amber within {}%|by {} March|covid-{}|q{}|year {}|fy{}|ages {}|"
        "stage {}|Green {}|Green {}+, Amber|rank {}|({})|[{}]|{}.|.{}|{},|{} of |at least {} out of ten|once in {} days|c. {}%|"
        "about {} visits|{}x|{} tonnes co2|{} tCO₂|４０% ({}%)|{}²|no more than {} complaints per year|ROUND TO {} DP; 95%|"
        '> {} but not all|{} new homes|a) {}|{}) 95%|"Level {}"|None of {}|{}  %\xa0of  staff|not {}|maximum of {}: cases'.split(
            "|"
        )
    ),
    target_texts().map(lambda text: text.replace("{", "").replace("}", "").replace("9", "{}", 1)),
)
_numbers = st.one_of(
    st.integers(0, 130),
    st.sampled_from([100, 1000, 1950, 1989, 1990, 1999, 2000, 2024, 2099, 2100, 19_500, 150_000, 999_999_999]),
    st.integers(0, 10**10),
).flatmap(
    lambda number: st.sampled_from(
        [str(number), f"{number:,}", f"0{number}", f"{number}.0", f"{number}.5", f"{number},5"]
    )
)
_decimals = st.decimals(0, 10_000, places=2).map(str)


def _read(read: Callable[[str], Any], text: str) -> Any:
    try:
        return cache._in_full(read(text))
    except TargetSyntaxError as error:
        return str(error)


def _with_shapes(text: str) -> Target:
    """``parse_target`` without its memory for whole texts."""
    return cache._parsed.__wrapped__(text, ())


@given(_templates, st.lists(st.one_of(_numbers, _decimals), min_size=1, max_size=6))
@example("{} (twenty)", ["20", "21", "22", "20"])
@example("top {}%", ["90", "95", "101", "100", "150", "150.5"])
@example("４０% ({}%)", ["40", "45", "40", "50"])
@example("halve to {}%", ["50", "60", "70"])
@example("at least {}", ["2025", "2150", "2250", "1990", "3000"])
@example("£{}m", ["1.4", "25.0", "26.0", "27.5", "2.50"])
def test_a_shape_gives_what_reading_gives(template: str, numbers: list[str]) -> None:
    for number in numbers:
        text = template.replace("{}", number)
        assert _read(_with_shapes, text) == _read(read_target, text)


@given(_texts)
def test_any_text_is_read_alike_with_and_without_the_cache(text: str) -> None:
    assert _read(parse_target, text) == _read(read_target, text)


# settings ---------------------------------------------------------------------------------------------------------------


@given(st.sampled_from(["5", "5%", "", " ", "five", 5, 5.0, True, Decimal("5.0"), None]))
def test_evaluate_agrees_with_rule_in_any_setting(tolerance: Any) -> None:
    slowly = _result(lambda: rule("at most £100", tolerance=tolerance).evaluate("£104"))
    assert _result(lambda: evaluate("at most £100", "£104", tolerance=tolerance)) == slowly
    assert _result(lambda: evaluate("at most £100", "£104", tolerance=tolerance)) == slowly
