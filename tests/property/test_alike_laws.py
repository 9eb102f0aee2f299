"""The law of columns of targets: a line that is made by its shape is the line of the rule."""

from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from rag_rules import RagRulesError, Setting, resolve
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
    """Texts of one shape, and perhaps another beside them, near where a share of one could be meant too."""
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


@given(_columns(), _settings, st.sampled_from([None, None, True, False]))
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
def test_a_line_by_shape_is_the_line_of_the_rule(texts: list[str], setting: Setting, shares: bool | None) -> None:
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


def test_a_column_of_one_shape_needs_few_rules() -> None:
    for text in ("<£{}", "at least {}%", "{}% of repairs completed on time", "{} days or fewer"):
        texts = [text.format(f"{number // 100}.{number % 100:02}") for number in range(2500, 2600)]
        for tolerance in (None, "5%"):
            forms = _forms(texts, polarity="higher", tolerance=tolerance)
            assert len(forms) == 100
            assert all(form is not None for form in forms[4:])


def test_a_share_that_a_limit_reaches_has_a_form_of_its_own() -> None:
    texts = [f"at least {number}.{tenth}%" for tenth in (5, 6, 7, 8) for number in (120, 150, 101, 102, 104, 105)]
    forms = _forms(texts, tolerance="5%")
    assert len({form for form in forms if form is not None}) == 2
