"""No number, date, comparator, negation or unit may go unused: checked on real texts with one token more."""

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rag_rules import parse_target
from rag_rules.errors import RagRulesError
from rag_rules.quantity import NUMBER as BARE
from rag_rules.target import (
    Banded,
    Benchmark,
    Between,
    Change,
    Comparison,
    Label,
    Parts,
    Place,
    Plain,
    Quartile,
    Target,
)

# As councils, NHS trusts, housing associations, charities and departments publish them.
TEXTS = """
<£21
>260
< -0.7
>7.0%
<8 days
<7563 tCO2e
<LKR 1Bn
≥ +30
≥ 1.0
=<5
>12 mo
>3x
123
11
0
205
1.4m
150,000
95%
101%
53.0%
£3m
£1.344m
550kg
6 years
22 Days
30 households
45 a year
Ave 4 per quarter
4.0/5.0
27 out of 36
57 per cent
1 in 4
2100 per 100,000
at least 95%
at least 80 per cent of its menu items feature local produce
no more than 10 days
no fewer than 12 inspections
not exceeding 30 seconds
fewer than 50 missed bins per 100,000 collections
under 40
up to 20 days
within 20 days
max. 2%
Max. 2.0% of Gross Rent for the Year
minimum of 40
37 plus
95%+
100%+ of Rent Due for the Year
9% or above
30 minutes or less
14 or more calendar days in advance
greater than 50%
below 4.25%
at or below 5
at least as low as 12
exactly 100%
Target: < 500ms (Agility).
> 90% pass rate
98% of Completed Repairs
97% of appointments kept
Collect 98.5% of council tax due
Visit 14,000 homes to deliver home fire safety checks
Deliver 1,260 homes by 2036
Recruit at least 30 new volunteers
Average of 20 days to process new claims
Average re-let time 25 days
Current tenant arrears below 4.25%
Vacancy rate < 10%
HSMR below 100
No more than 44 cases
No more than 30% of appeals allowed
100% of properties with a valid gas safety certificate
Average length of stay 4.5 days or less
Category 2 mean response within 30 minutes
Friends and Family Test ≥ 95% recommend
Mean annual revision less than 0.5 percentage points.
Monthly Uptime Percentage to you of 99.9%
approved profiled budget of £2.473m
Overspend no more than £50k
Underspend of at least £100k
80% of over 65s vaccinated
65% at Key Stage 2
Covid-19 vaccinations: 80%
40 first-time buyers
95% right first time
120 zero-carbon homes
95% of non-urgent repairs completed on time
3% of A roads
5% of B&C roads
70% of 2 year olds taking up a funded place
fewer than 5% of 16-17 year olds NEET
4.25% (For our General rented and Older people's homes)
By 2035, less than 5% of Canadians (aged 18+) smoke cigarettes
By 2026, at least 55% of key fish stocks are in the healthy zone
Tariff classification - A decision will be issued no later than 365 workable days from the date
To be issued no more than 120 calendar days from the date of receipt
Decisions issued within eight weeks of receiving applications
Maintain a remaining useful service life ratio greater than 50%
Between 10%-20%
10 to 20
10–20%
40 to 45%
between £5k and £10k
7.32 days (+/- 3 days)
95 ± 2
[10, 20)
more than 5 and at most 10
≥10 and ≤20
Maintain better than national average (23.7%)
Maintain better than national average (2100 per 100,000)
Achieve regional average (90.4%)
Above national (51%)
Maintain above national
in line with England
Better than national (49.2%)
lower than statistical neighbours
top quartile metropolitan authorities
Top 5
top three
1st
3rd or better
in the top 10%
upper quartile
Maintain the ranking in the top 5 of participating countries
5% reduction on 2022/23
reduce by 10% from 1,200
increase by 1% (30.3m)
1% (30.3m)
year on year improvement
halve
no increase
increase to 60% from a baseline of 42%
at least 3 points better than last year
Good
Achieved
Approved by auditor
Balanced
Yes
Met
"Gold"
at least Good
TBC
N/A
Baseline year
Establish baseline
No target
Monitor only
New measure
Trend
Green ≥95%, Amber 90–95%, Red <90%
Green ≥95%, Red <90%
Green: ≤3 days; Amber: 3-5 days; Red: >5 days
Red > 30, Amber 20-30, Green < 20
95% within 10 working days
95% of calls answered within 20 seconds
At least 95% of patients seen in 4 hours
90% of fly-tips cleared within 2 working days
43% by March 2024
a recycling rate of 43% by March 2024
a) 5 b) 500
9.2 days for wholetime and 13.2 days for on-call
5.4% (2023-24) 6.3% (2024-25)
AUC ≥ 0.75, Gini ≥ 50%
95%; higher is better; amber within 5 points
at least 95%; amber within 5%; cumulative
<£21; amber within 5%
at least 95%; round to 1 dp
10; unit: days; lower is better
5% reduction; baseline: 200
""".strip().splitlines()

NUMBERS = ("7", "88%", "£9", "three", "1,234", "0.5")
NEGATIONS = ("not", "never", "unless", "no", "without", "except")
COMPARATORS = ("<", "≥", "more than", "at most", "less than", "under", "or less", "or more", "between", "minimum", "gt")
DATES = ("by March 2031", "2029", "before 2030", "in 2027/28", "31/12/2029", "March", "November")
UNITS = ("days", "%", "£", "hours", "working days", "per week", "kg", "percentage points", "mil", "dozen")
#: words that bear on an amount only straight behind its figures: "5 fewer", "5% off"
BEHIND = ("fewer", "off")
#: the comparators that bound from below, and from above
LOWER = frozenset({"≥", "more than", "or more", "minimum"})
UPPER = frozenset({"<", "at most", "less than", "under", "or less"})
IDLE = (
    "of all completed repairs",
    "in the borough",
    "for our tenants",
    "across the county",
    "as reported to the board",
)


def read(text: str) -> Target | None:
    """The target, or ``None`` where the text is refused."""
    try:
        return parse_target(text)
    except RagRulesError:
        return None


def gaps(text: str) -> list[int]:
    """The places between words, and both ends."""
    return [0, *(found.start() for found in re.finditer(" ", text)), len(text)]


def inserted(text: str, token: str, at: int) -> str:
    return " ".join(f"{text[:at]} {token} {text[at:]}".split())


def says_again(target: Target, token: str) -> bool:
    """Whether a token only repeats what the target says already: "minimum" in "at least 95% minimum"."""
    body = target.body
    if isinstance(body, Place):
        return token == "or more"
    if isinstance(body, Between) and str(body.low).endswith(token):
        return True  # "40% to 45%" is "40 to 45%"
    if isinstance(body, Between | Banded):
        return token == "between"
    if not isinstance(body, (Comparison, Change, Label)):
        return False
    return (token in LOWER and body.sign.is_lower) or (token in UPPER and body.sign.is_upper)


@st.composite
def mutations(draw: st.DrawFn, tokens: tuple[str, ...]) -> tuple[str, str, str]:
    """A text, a token, and the text with the token in it."""
    text, token = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(tokens))
    return text, token, inserted(text, token, draw(st.sampled_from(gaps(text))))


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_read(text: str) -> None:
    assert read(text) is not None


def law_of_use(tokens: tuple[str, ...]) -> Callable[[], None]:
    """The law for one kind of token: what it adds is refused, or makes another target."""

    @settings(max_examples=1000)
    @given(mutations(tokens))
    def check(mutation: tuple[str, str, str]) -> None:
        text, token, mutated = mutation
        original, target = parse_target(text), read(mutated)
        assume(not says_again(original, token))
        assert target is None or target != original, f"“{mutated}” is read as “{text}”: {target}"

    return check


test_no_number_goes_unused = law_of_use(NUMBERS)
test_no_negation_goes_unused = law_of_use(NEGATIONS)
test_no_comparator_goes_unused = law_of_use(COMPARATORS)
test_no_date_goes_unused = law_of_use(DATES)
test_no_unit_goes_unused = law_of_use(UNITS)


@settings(max_examples=500)
@given(st.sampled_from(TEXTS), st.sampled_from(IDLE))
def test_idle_words_at_the_end_change_no_body(text: str, words: str) -> None:
    original, target = parse_target(text).body, read(f"{text} {words}")
    assume(not isinstance(original, (Benchmark, Quartile, Parts)))  # the words may belong to the name
    assert target is None or target.body == original


@pytest.mark.parametrize("word", BEHIND)
def test_a_word_behind_the_figures_is_used(word: str) -> None:
    for text in TEXTS:
        for figures in re.finditer(r"[0-9]%?(?= |$)", text):
            mutated = inserted(text, word, figures.end())
            target = read(mutated)
            assert target is None or target != parse_target(text), f"“{mutated}” is read as “{text}”: {target}"


@pytest.mark.parametrize("text", TEXTS)
def test_a_unit_behind_a_bare_number_is_used(text: str) -> None:
    original = parse_target(text)
    body, end = original.body, original.span[1]
    if isinstance(body, Plain | Comparison) and body.amount.unit == BARE and original.text[:end][-1:].isdigit():
        target = read(inserted(original.text, "wd", end))
        assert target is None or target.body != body


def test_most_targets_are_read_with_idle_words_behind_them() -> None:
    with_words = [f"{text} {words}" for text in TEXTS for words in IDLE]
    refused = [text for text in with_words if read(text) is None]
    assert len(refused) <= 0.2 * len(with_words), refused


@pytest.mark.parametrize("token", [*NUMBERS, *NEGATIONS, *COMPARATORS, *DATES, *UNITS])
def test_what_is_put_in_is_read_in_some_places(token: str) -> None:
    assert any(read(inserted(text, token, at)) is not None for text in TEXTS for at in gaps(text))
