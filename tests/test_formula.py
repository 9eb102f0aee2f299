"""Rules as spreadsheet formulas. That the formulas agree with the library is shown by tests/workbook, in LibreOffice."""

from decimal import Decimal
from fractions import Fraction

import pytest

from rag_rules import Bands, FormulaError, RagRulesError, Status, rule, to_dax, to_excel
from rag_rules.formula import DEEPEST, formula, typed
from rag_rules.labels import Scale
from rag_rules.steps import Cut, Side, Steps


def test_bands_become_nested_comparisons() -> None:
    made = to_excel(rule("<£21", tolerance="5%"), "B2")
    assert made == ('=IF(AND(ISNUMBER(B2),NOT(ISLOGICAL(B2))),IF(B2<21,"Green",IF(B2<=22.05,"Amber","Red")),"Unrated")')
    assert to_excel(Bands.read("green |£21 amber £22.05| red"), "B2") == made


def test_percentages_are_compared_as_the_shares_that_cells_hold() -> None:
    assert "C3<0.9025," in to_excel(rule("95%", polarity="higher", tolerance="5%"), "C3")
    assert "C3<0.95," in to_excel(rule("95%", polarity="higher"), "C3")


def test_points_are_not_shares() -> None:
    assert "A1<=2," in to_excel(rule("at most 2 percentage points"), "A1")


@pytest.mark.parametrize(
    ("cut", "literal"),
    [
        ("94.75", "<94.75,"),
        ("-0.665", "<-0.665,"),
        ("0", "<0,"),
        ("1.4E+6", "<1400000,"),
        (
            "33.333333333333333333333",
            "<33.3333333333335,",
        ),  # 33.3333333333333, which a cell has for it, is before the cut
        ("-33.333333333333333333333", "<-33.3333333333333,"),
        ("0.000123456789012345678", "<0.000123456789012346,"),
        ("123456789012345678", "<123456789012346000,"),
    ],
)
def test_a_cut_is_exact_for_readings_of_fourteen_digits(cut: str, literal: str) -> None:
    bands = Bands(Steps((Cut(Decimal(cut), Side.BEFORE),), (Status.RED, Status.GREEN)))
    made = to_excel(bands, "A1")
    assert f"A1{literal}" in made
    shown = Fraction(literal.strip("<,"))
    if shown != Fraction(cut):
        digits = 13 - Decimal(cut).adjusted()
        below = Fraction(int(Fraction(cut) * 10**digits // 1), 1) / Fraction(10) ** digits
        assert below < shown < below + Fraction(1, 10) ** digits
        assert below < Fraction(cut) < below + Fraction(1, 10) ** digits


def test_words_are_matched_without_case_and_only_as_texts() -> None:
    made = to_excel(rule("at least Good"), "A1")
    assert made == (
        '=IF(ISTEXT(A1),IF(OR(TRIM(A1)="Inadequate",TRIM(A1)="Requires improvement"),"Red",'
        'IF(OR(TRIM(A1)="Good",TRIM(A1)="Outstanding"),"Green","Unrated")),"Unrated")'
    )


def test_words_that_are_read_as_something_else_are_left_out() -> None:
    made = typed(rule("Some", scale="None < Few < Some"), missing=frozenset({"few"}))
    assert dict(made.words) == {"Some": Status.GREEN}  # "None" is a word for missing data, and here so is "Few"


def test_quartiles_are_words() -> None:
    words = typed(rule("top quartile")).words
    assert words["Top quartile"] is Status.GREEN
    assert words["4th quartile"] is Status.RED


def test_places_are_whole_numbers_from_one() -> None:
    made = to_excel(rule("Top 5"), "A1")
    assert 'IF(AND(A1>=1,A1=INT(A1)),IF(A1<=5,"Green","Red"),"Unrated")' in made


def test_a_surplus_without_a_sign_is_not_taken_for_one() -> None:
    steps = typed(rule("Balanced budget")).numbers
    assert steps is not None
    found = [steps.at(Decimal(number)) for number in (-5, 0, 5)]
    assert found == [Status.RED, Status.GREEN, Status.UNRATED]


def test_the_sign_of_a_figure_beside_an_overspend_leaves_it_unrated() -> None:
    steps = typed(rule("overspend of no more than £100k")).numbers
    assert steps is not None
    found = [steps.at(Decimal(number)) for number in (-200_000, -1, 0, 100_000, 100_001)]
    assert found == [Status.UNRATED, Status.UNRATED, Status.GREEN, Status.GREEN, Status.RED]


def test_a_figure_that_may_be_in_millions_is_unrated() -> None:
    made = rule("1.4m", polarity="higher")
    steps = typed(made).numbers
    assert steps is not None
    for number in ("0", "0.5", "1.39", "1.4", "2", "999", "1399.9", "1400", "99999", "100000", "1399999", "1400000"):
        assert steps.at(Decimal(number)) is made.evaluate(Decimal(number)).status, number


def test_words_of_statuses_are_quoted() -> None:
    hostile = {Status.GREEN: '"&HYPERLINK("http://x","y")&"', Status.RED: "=1+1"}
    made = to_excel(rule(">5"), "A1", words=hostile)
    assert '"""&HYPERLINK(""http://x"",""y"")&"""' in made
    assert '"=1+1"' in made


def test_words_that_cannot_stand_in_a_formula_are_refused() -> None:
    for word in ("x" * 256, "a\nb", "a\x00b", "a\u202eb"):
        with pytest.raises(FormulaError):
            to_excel(rule(">5"), "A1", words={Status.GREEN: word})


@pytest.mark.parametrize(
    "cell",
    [
        "A1", "$A$1", "XFD1048576", "'My sheet'!A1", "'It''s'!$B2", "Sheet1!B$2", "[@Reading]", "[@[Q2 2023/24]]",
        "KPIs[@Reading]", "KPIs[[#This Row],[Q2 2023/24]]", "[@[it''s '[1']]]",
    ],
)  # fmt: skip
def test_references_to_one_cell_are_taken(cell: str) -> None:
    assert f"ISNUMBER({cell})" in to_excel(rule(">5"), cell)


@pytest.mark.parametrize(
    "cell",
    [
        "", "A0", "XFE1", "A1048577", "A1:B2", "A", "1", "A1)", "A1,\"x\")", "Sheet 1!A1", "'a'b'!A1", "[Reading]",
        "[@[a]]b]", "[@a,b]", "A1 ", "[@[x[y]]", "=A1", "'[other.xlsx]S'!A1", "A1\n", "x" * 1000,
    ],
)  # fmt: skip
def test_what_is_no_reference_to_one_cell_is_refused(cell: str) -> None:
    with pytest.raises(FormulaError, match="does not name one cell"):
        to_excel(rule(">5"), cell)


def test_a_rule_without_bands_is_refused_with_its_reason() -> None:
    for text, said in (("TBC", "no target"), ("above national average", "national average"), ("a) 5 b) 6", "parts")):
        with pytest.raises(FormulaError, match=said):
            to_excel(rule(text), "A1")


def test_more_than_a_spreadsheet_allows_is_refused() -> None:
    cuts = tuple(Cut(Decimal(number), Side.BEFORE) for number in range(DEEPEST + 1))
    statuses = tuple((Status.RED, Status.GREEN)[number % 2] for number in range(DEEPEST + 2))
    with pytest.raises(FormulaError, match="61 cuts"):
        to_excel(Bands(Steps(cuts, statuses)), "A1")
    scale = " < ".join(f"{number} {'x' * 200}" for number in range(60))
    with pytest.raises(RagRulesError, match="characters"):
        to_excel(Bands.read(f"red |1 {'x' * 200} green", scale=rule_scale(scale)), "A1")


def rule_scale(text: str) -> Scale:
    return Scale.read(text)


def test_a_known_text_keeps_its_status_and_nothing_else_changes() -> None:
    found = typed(rule("95%", polarity="higher"))
    made = formula(found, "A1", known=('97% "(p)"', Status.GREEN))
    assert made.startswith("=IF(AND(ISNUMBER(A1),NOT(ISLOGICAL(A1))),IF(A1<0.95,")
    assert made.endswith('IF(ISTEXT(A1),IF(EXACT(A1,"97% ""(p)"""),"Green","Unrated"),"Unrated"))')


def test_a_measure_is_rated_by_the_same_comparisons() -> None:
    assert to_dax(rule("95%", polarity="higher", tolerance="5%"), "On time") == (
        'IF(ISNUMBER([On time]), SWITCH(TRUE(), [On time] < 0.9025, "Red", [On time] < 0.95, "Amber", "Green"), "Unrated")'
    )
    assert to_dax(rule("Top 5"), "Place") == (
        "IF(ISNUMBER([Place]), IF([Place] >= 1 && [Place] = INT([Place]), "
        'SWITCH(TRUE(), [Place] <= 5, "Green", "Red"), "Unrated"), "Unrated")'
    )
    assert to_dax(Bands(Steps((), (Status.GREEN,))), "x") == 'IF(ISNUMBER([x]), "Green", "Unrated")'


def test_names_of_measures_and_words_are_quoted_in_dax() -> None:
    made = to_dax(rule("<5"), 'a]b"[c', words={Status.GREEN: 'On "target"'})
    assert made.startswith('IF(ISNUMBER([a]]b"[c]), SWITCH(TRUE(), [a]]b"[c] < 5, "On ""target""", ')


@pytest.mark.parametrize("measure", ["", " ", "a\nb", "x" * 256])
def test_what_is_no_name_of_a_measure_is_refused(measure: str) -> None:
    with pytest.raises(FormulaError):
        to_dax(rule("<5"), measure)


def test_words_cannot_be_a_measure() -> None:
    with pytest.raises(FormulaError, match="a measure is a number"):
        to_dax(rule("at least Good"), "Rating")
