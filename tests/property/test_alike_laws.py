"""The law of columns of targets: a line that is made by the pattern of its text is the line of the rule."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag_rules import RagRulesError, Setting, parse_target, resolve
from rag_rules.frames.alike import Form
from rag_rules.frames.book import Book, Columns, Entry, EntryOfText, book_of
from rag_rules.frames.tables import Notes, _new_table
from rag_rules.number_line import NumberLine, number_line
from rag_rules.strategies import target_texts
from rag_rules.syntax.parser import read_target

_templates = st.sampled_from(
    "<£{}|at least {}%|at most {}%|{}%|{}|more than {}|{} or fewer|-{}|at least -{}%|exactly {}%|{}% of repairs completed on time|£{}m|{}k or less|"
    "better than national average ({}%)|Above England ({}%)|reduce to {}%|reduce by {}%|at most {}p|no more than {} days|within {} minutes|"
    "overspend below £{}|a deficit of at most £{}|top {}%|top {}|£{} per head|{} per 1,000|5% to {}%|Between {}% and 99.9%|{}% ; amber within 5%|"
    "{}% (cumulative)|amber if improving; {}%|{} tonnes co2|{}% by March 2024|Green >={}%, Amber 10-{}%, Red <10%".split(
        "|"
    )
)
#: each place has a number of its own here
_several = st.sampled_from(
    "Between {}%-{}%|{} to {} days|between {} and {}|between £{} and £{}|-{} to {}|-{} to -{}|[{}, {})|({}, {}]|≥{} and ≤{}|>{} <{}|{} ± {}|"
    "Green ≥{}%, Amber {}-{}%, Red <{}%|Green ≥{}%, Amber ≥{}%|Green ≤{} days, Amber {} to {} days, Red >{} days|Green >{}%; Red <{}%|"
    "Red <{}, Amber {}-{}, Green >{}|Green {}+, Amber {}-{}, Red <{}|Green {}-{}%, Amber {}-{}%, Red >{}%|Green ≥{}k, Amber ≥{}k, Red <{}k|"
    "£{}k to £{}k|{}m to {}m|Green ≥£{}m, Amber £{}m-£{}m, Red <£{}m|Between {}%-100%|5%-{}%|Green 0, Amber {}-{}, Red >{}|"
    "at least {}% of calls answered within {} seconds|increase from {} to {}|reduce by {}% from {}|between {} and {} per 1,000".split(
        "|"
    )
)
_settings = st.builds(
    Setting.read,
    polarity=st.sampled_from(["higher", "higher", "lower", "in range", None]),
    tolerance=st.sampled_from([None, None, "5%", "2.5%", "49.9%", "50%", "60%", "120%", "2pp", "3", "90", "to 90%", "£2", "2 days", "0%"]),
    unit=st.sampled_from([None, None, None, "%", "£"]),
    rounding=st.sampled_from([None, None, None, "as displayed", "round to 0 dp"]),
    green_within=st.sampled_from([None, None, None, "1%"]),
    improving=st.sampled_from([None, None, None, "improving"]),
    benchmarks=st.sampled_from([None, None, "national=45.5%; England=95%"]),
)  # fmt: skip


@st.composite
def _columns(draw: st.DrawFn) -> list[str]:
    """Texts of one sentence, and perhaps another beside them, near where a share of one could be meant too."""
    texts: list[str] = []
    for template in draw(st.lists(_templates, min_size=1, max_size=2)):
        places = draw(st.sampled_from([0, 0, 1, 2, 2, 4, 6]))
        whole = draw(
            st.sampled_from([st.integers(10, 99), st.integers(100, 999), st.integers(95, 105), st.integers(1000, 9999)])
        )
        near = st.sampled_from([0, 1, 10**places - 1, 10**places // 2])
        for _ in range(draw(st.integers(3, 8))):
            number = Decimal(draw(whole)) + Decimal(draw(near)).scaleb(-places)
            texts.append(template.replace("{}", f"{number:.{places}f}"))
    return list(dict.fromkeys(texts))


@st.composite
def _columns_of_several(draw: st.DrawFn) -> list[str]:
    """Texts of one sentence with several numbers: in any order, equal, one apart, at the ends of each other's amber."""
    template = draw(_several)
    places = draw(st.sampled_from([0, 0, 1, 1, 2, 6]))
    digits = st.just(places) if draw(st.booleans()) else st.sampled_from([places, 0, 1])
    least, most = draw(st.sampled_from([(10, 99), (20, 30), (95, 105), (100, 999), (1, 9), (1000, 9999)]))
    texts: list[str] = []
    for _ in range(draw(st.integers(6, 16))):
        numbers: list[Decimal] = []
        for _ in range(template.count("{}")):
            step = Decimal(1).scaleb(-draw(digits))
            number = (draw(st.integers(least, most)) + draw(st.integers(0, 10**6)) * step % 1).quantize(step)
            is_near = draw(st.booleans())
            if numbers and is_near:
                change = draw(st.sampled_from(["1", "1", "0.95", "1.05", "0.975", "100", "0.01"]))
                near = draw(st.sampled_from(numbers)) * Decimal(change) + draw(st.sampled_from([0, 0, 1, -1, 5])) * step
                number = abs(near).quantize(step)
            numbers.append(number)
        order = draw(st.sampled_from(["as they come", "up", "up", "down"]))
        numbers = numbers if order == "as they come" else sorted(numbers, reverse=order == "down")
        if len(numbers) == 4 and "mber {}-" in template.replace("£", "").replace("%", "").replace("m", "").replace(
            "k", ""
        ):
            numbers[1:3] = sorted(numbers[1:3])
        texts.append(template.format(*numbers))
    return list(dict.fromkeys(texts))


def _texts(template: str, numbers: str) -> list[str]:
    return [template.format(number) for number in numbers.split()]


def _plainly(text: str, setting: Setting, shares: bool | None) -> tuple[Entry | None, NumberLine | None]:
    try:
        rule = resolve(read_target(text), setting)
        line = number_line(rule, shares=shares)
    except RagRulesError:
        return None, None
    return Entry(rule, line), line


def _learnt(texts: list[str], setting: Setting, shares: bool | None) -> Book:
    book = book_of(None, Columns("value", None, "target", "status"), setting, shares)
    book.learn(texts)
    return book


_MADE_PAIRS = [(number, number + 10) for number in range(41, 61)]


@given(st.one_of(_columns(), _columns_of_several()), _settings, st.sampled_from([None, None, True, False]))
@example(_texts("at least {}%", "94.5 95.5 96.5 97.5 99.9"), Setting.read(tolerance="5%"), None)
@example(_texts("at most {}%", "97.0 99.5 98.5 95.3 96.1"), Setting.read(tolerance="2pp"), None)
@example(_texts("at least {}%", "103.5 104.5 105.5 106.5 107.5 102.0"), Setting.read(tolerance="2pp"), None)
@example(_texts("{}%", "95 96 97 98 91 92"), Setting.read(polarity="higher", tolerance="90.5pp"), None)
@example(_texts("{}%", "110 120 105 102 101"), Setting.read(polarity="higher", tolerance="5%"), None)
@example(
    _texts(
        "{}%",
        "93.123457 94.123457 95.123457 96.123457 97.123459 91.123457 90.123459 89.123453 88.123451 87.123457 86.123453",
    ),
    Setting.read(polarity="higher", tolerance="2.123456789%"),
    None,
)
@example(
    _texts("Above England ({}%)", "93 94 95 96 97"), Setting.read(polarity="higher", benchmarks="England=95%"), None
)
@example([f"Between {low}%-{high}%" for low, high in _MADE_PAIRS], Setting.read(tolerance="5%"), None)
@example([f"Between {low}%-{high}%" for low, high in _MADE_PAIRS], Setting.read(tolerance="2pp"), None)
@example([f"Between {95 * low}-{100 * low}" for low, _ in _MADE_PAIRS], Setting.read(tolerance="5%"), None)
@example([f"Between {low}%-100%" for low, _ in _MADE_PAIRS], Setting.read(tolerance="5%"), None)
@example([f"Between 55%-{low + 50}%" for low, _ in _MADE_PAIRS], Setting.read(), None)
@example([f"Green ≥{high}%, Amber {low}-{high - 1}%, Red <{low}%" for low, high in _MADE_PAIRS], Setting.read(), None)
@example(
    [f"Green ≥{high}%, Amber {low}-{high + 1}%, Red <{low}%" for low, high in _MADE_PAIRS],
    Setting.read(conflicts="worse"),
    None,
)
@example([f"Green ≥£{high}m, Amber £{low}m-£{high}m, Red <£{low}m" for low, high in _MADE_PAIRS], Setting.read(), True)
def test_a_line_by_its_pattern_is_the_line_of_the_rule(texts: list[str], setting: Setting, shares: bool | None) -> None:
    book = _learnt(texts, setting, shares)
    assert book.numbers is not None
    plain: list[Entry] = []
    for text in texts:
        found = book.entries[book.numbers[text]]
        entry, line = _plainly(text, setting, shares)
        if entry is None or line is None:
            assert found.rule is None
            plain.append(found)
            continue
        assert found.line == line
        assert found.rule == entry.rule
        assert not found.reason
        plain.append(entry)
    plainly = Book([*plain, book.entries[-1]], book.numbers, setting, shares, is_of_texts=True)
    for kind in ("f8", "f4", "i8"):
        assert _arrays(book, kind) == _arrays(plainly, kind)


def _arrays(book: Book, kind: str) -> list[Any]:
    """The table that numbers are rated by."""
    table = _new_table(book, np.dtype(kind), 0, Notes(), with_distances=False)
    kinds = table.starts // table.width
    found = [each.take(kinds, axis=0).tolist() for each in (table.statuses, table.bands)]
    return [*(cuts.tolist() for cuts in table.cuts), *found, table.width]


@given(st.lists(target_texts(), max_size=6), _settings)
def test_any_column_of_targets_is_read_text_by_text(texts: list[str], setting: Setting) -> None:
    book = _learnt(texts, setting, None)
    assert book.numbers is not None
    for text in texts:
        found = book.entries[book.numbers[text]]
        assert (found.line if found.rule is not None else None) == _plainly(text, setting, None)[1]


def _forms(texts: list[str], **setting: Any) -> list[Form | None]:
    book = _learnt(texts, Setting.read(**setting), None)
    return [entry.form for entry in book.entries if isinstance(entry, EntryOfText)]


def test_a_column_of_one_pattern_needs_few_rules() -> None:
    for text in ("<£{}", "at least {}%", "{}% of repairs completed on time", "{} days or fewer"):
        texts = [text.format(f"{number // 100}.{number % 100:02}") for number in range(2500, 2600)]
        for tolerance in (None, "5%"):
            forms = _forms(texts, polarity="higher", tolerance=tolerance)
            assert len(forms) == 100
            assert all(form is not None for form in forms[11:])


@pytest.mark.parametrize(
    "template",
    ["Between {}%-{}%", "{} to {} days", "Green ≥{1}%, Amber {0}–{1}%, Red <{0}%", "Green >{1}; Red <{0}", "≥{} and ≤{}", "Between {}%-100%",
     "Green ≥{1}%, Amber {0}-{1}%, Red <40%"],
)  # fmt: skip
@pytest.mark.parametrize("tolerance", [None, "5%", "2pp"])
def test_a_column_of_ranges_or_bands_needs_few_rules(template: str, tolerance: str | None) -> None:
    texts = [template.format(f"{each}.25", f"{each + 14}.75") for each in range(41, 81)]
    if "Green" in template:
        tolerance = None
    forms = _forms(texts, tolerance=tolerance if "%" in template or tolerance != "2pp" else "2")
    assert len(forms) == 40
    assert all(form is not None for form in forms[11:])


def test_an_edge_that_is_an_amount_by_chance_makes_no_form() -> None:
    for number in range(61, 75):
        parse_target(f"Above England ({number}%)")
    setting = Setting.read(polarity="higher", benchmarks="England=95%")
    texts = [f"Above England ({number}%)" for number in (95, 96, 97, 98)]
    book = _learnt(texts, setting, None)
    assert [entry.line for entry in book.entries[:-1]] == [_plainly(text, setting, None)[1] for text in texts]


def test_a_share_that_a_limit_reaches_has_a_form_of_its_own() -> None:
    texts = [f"at least {number}.{tenth}%" for tenth in (5, 6, 7, 8) for number in (120, 150, 101, 102, 104, 105)]
    forms = _forms(texts, tolerance="5%")
    assert len({form for form in forms if form is not None}) == 2
