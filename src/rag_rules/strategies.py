"""Hypothesis strategies for targets, settings, rules, bands and readings, favouring the edges.

For property-testing thresholds of your own: ``boundary_readings(rule)`` gives the readings on every cut and just
beside it, where rules go wrong. Needs the extra ``strategies``: ``pip install "rag-rules[strategies]"``.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from rag_rules.bands import Bands
from rag_rules.errors import RagRulesError
from rag_rules.periods import MONTHS, written_date
from rag_rules.quantity import NUMBER, SPELLINGS, Quantity, Unit
from rag_rules.rules import Rule, resolve
from rag_rules.settings import Polarity, Setting
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps
from rag_rules.syntax.cache import parse_target
from rag_rules.target import Target

__all__ = [
    "amounts", "bands", "boundary_readings", "deadline_texts", "period_texts", "readings", "rules", "settings", "target_texts",
    "targets",
]  # fmt: skip

_SIGNS: Final = (
    "<", ">", "<=", ">=", "≤", "≥", "=<", "less than ", "more than ", "at least ", "at most ", "no more than ", "no less than ",
    "under ", "over ", "below ", "above ", "up to ", "fewer than ", "not exceeding ", "a minimum of ", "max. ", "exactly ",
)  # fmt: skip
_AFTER: Final = ("+", " or more", " or less", " or above", " or below", " plus", " minimum", " maximum")
_BENCHMARKS: Final = ("national average", "regional average", "England", "statistical neighbours", "national")
_SUBJECTS: Final = ("", "", "", " of completed repairs", " of staff", " pass rate")
_LABELS: Final = (
    "Good",
    "Outstanding",
    "Achieved",
    "Yes",
    "Met",
    "Approved by auditor",
    "Balanced",
    "at least Good",
    "Good or better",
    '"Gold"',
    '"Level 2"',
)
#: times that a deadline names by their last day, none of them ambiguous
_DUE_TIMES: Final = st.one_of(
    st.dates(date(1902, 1, 1), date(2097, 12, 31)).map(written_date),
    st.builds("{} {}".format, st.sampled_from(MONTHS), st.integers(1902, 2097)),
    st.builds("Q{} {}".format, st.integers(1, 4), st.integers(1902, 2097)),
    st.integers(1902, 2097).map(str),
    st.integers(1902, 2097).map(lambda first: f"{first}/{(first + 1) % 100:02}"),
    st.builds("{} {}".format, st.sampled_from(["spring", "summer", "autumn", "winter"]), st.integers(1902, 2097)),
)
#: labels on a scale that the text itself gives
_SCALED: Final = (
    "Good; scale: Inadequate < Requires improvement < Good < Outstanding",
    "at least Good; scale: Poor < Fair < Good < Best",
    "above Fair; scale: Poor < Fair < Good < Best",
)
#: conditions with readings of their own: marked, with a name behind, by year, by symbol
_PARTS: Final = (
    "a) {}% b) {}",
    "(a) at least {}% (b) under {}",
    "i) {} days\nii) {} days",
    "1) ≥{}%, 2) £{}, 3) between 5 and 10",
    "{} days for wholetime and {} days for on-call",
    "£{} for members and £{} for visitors",
    "AUC ≥ {}, Gini ≥ {}%",
)
#: conditions one after the other, each in its own time
_TRAJECTORIES: Final = (
    "{}% until October 2023, then {}%",
    "at least {}% until the end of 2023, then at least {}%",
    "{} by March 2024, {} by March 2025",
    "no more than {} days by 2030 and {} days by 2035",
    "{}% (2023-24) {}% (2024-25)",
    "2023/24: £{}; 2024/25: £{}",
    "Q1 {}%, Q2 {}%",
    "{}%, then {}% from 1 October 2023",
)
_NOTHING: Final = (
    "",
    "TBC",
    "N/A",
    "Baseline year",
    "Establish baseline",
    "No target",
    "Monitor only",
    "New measure",
    "Trend",
)


def amounts(*, minimum: int = -1000, maximum: int = 100_000) -> st.SearchStrategy[str]:
    """Texts of amounts, small and large, with zero to three decimals, and the units that targets have."""
    number = st.one_of(
        st.sampled_from(["0", "1", "5", "10", "95", "99.9", "100", "0.5", "1,200", "1.4m", "150,000", "250k"]),
        st.decimals(min_value=minimum, max_value=maximum, places=2, allow_nan=False).map(
            lambda value: f"{value.normalize():f}"
        ),
        st.integers(minimum, maximum).map(str),
    )
    dress = st.sampled_from(
        ["{}%", "{}%", "{}", "{}", "£{}", "{} days", "{} working days", "{} per 100,000", "{} kg", "{} minutes", "${}"]
    )
    return st.builds(_dressed, dress, number)


def _dressed(dress: str, number: str) -> str:
    """The number in its dress, a minus sign before a currency sign."""
    if number.startswith("-") and dress[0] in "£$":
        return f"-{dress.format(number[1:])}"
    return dress.format(number)


def period_texts() -> st.SearchStrategy[str]:
    """Texts of periods: days, months, quarters, halves, years of each kind, seasons, weeks, and stretches of them."""
    number = st.integers(1902, 2097)
    day = st.dates(date(1902, 1, 1), date(2097, 12, 31))
    pair = number.map(lambda first: f"{first}/{(first + 1) % 100:02}")
    year = st.one_of(
        number.map(str), pair, number.map("FY{}".format), pair.map("academic year {}".format), number.map("calendar year {}".format),
        pair.map("{} financial year".format), number.map(lambda first: f"{first}-{(first + 1) % 100:02}"),
    )  # fmt: skip
    month = st.builds("{} {}".format, st.sampled_from(MONTHS), number)
    part = st.sampled_from(["Q1", "Q2", "quarter 3", "Quarter four", "H1", "second half", "first quarter", "Q1-Q3"])
    written = day.map(written_date)
    return st.one_of(
        written, day.map(str), month, year, st.builds("{} {}".format, part, year), st.builds("{} of {}".format, part, pair),
        st.builds("{} {}".format, pair, st.sampled_from(["Q1", "Q4", "H2"])),
        st.builds("{} {}".format, st.sampled_from(["spring", "summer", "autumn", "winter", "autumn term", "Summer term"]), number),
        written.map("week commencing {}".format), written.map("w/e {}".format),
        st.builds("{} to {}".format, st.sampled_from(["6 months", "year", "quarter", "12 months", "half year"]), st.one_of(written, month)),
        st.builds("early {}".format, number), st.builds("January - March {}".format, number), month.map("end of {}".format),
        st.builds(lambda first, years: f"{first} to {first + years}", number, st.integers(0, 2)),
        st.builds(lambda first, days: f"{written_date(first)} to {written_date(first + timedelta(days=days))}", day, st.integers(0, 700)),
    )  # fmt: skip


def deadline_texts() -> st.SearchStrategy[str]:
    """Texts of deadlines that have a last day, in many wordings."""
    lead = st.sampled_from(
        ["by", "By the end of", "no later than", "before the end of", "to be completed by", "until", "due by"]
    )
    return st.one_of(
        st.builds("{} {}".format, lead, _DUE_TIMES), st.builds("between {0} and {0}".format, st.integers(1902, 2097))
    )


def target_texts() -> st.SearchStrategy[str]:
    """Texts of targets in every family of the language; all of them parse."""
    positive = amounts(minimum=1)
    spaces = st.sampled_from(["", " ", "\xa0", "  "])
    compared = st.builds(lambda sign, space, amount, about: f"{sign}{space if sign.strip() else ''}{amount}{about}",
                         st.sampled_from(_SIGNS), spaces, positive, st.sampled_from(_SUBJECTS))  # fmt: skip
    suffixed = st.builds(lambda amount, after: f"{amount}{after}", positive, st.sampled_from(_AFTER))
    ranged = st.builds(
        lambda low, width, form: form.format(low, low + width),
        st.integers(0, 500), st.integers(0, 100),
        st.sampled_from(["between {}% and {}%", "Between {}%-{}%", "{} to {}", "{}–{}%", "[{}, {}]", "£{} to £{}", "{}-{} days"]),
    )  # fmt: skip
    around = st.builds(lambda centre, margin, form: form.format(centre, margin), st.integers(1, 500), st.integers(0, 20),
                       st.sampled_from(["{} ± {}", "{} days (+/- {}%)", "{}% ± {}pp"]))  # fmt: skip
    relative = st.builds(
        lambda relation, name, value: f"{relation} {name}{value}",
        st.sampled_from(
            ["Better than", "Above", "Below", "Maintain better than", "Achieve", "In line with", "lower than"]
        ),
        st.sampled_from(_BENCHMARKS[:2] + _BENCHMARKS[3:]),
        st.one_of(st.just(""), st.integers(1, 99).map(lambda value: f" ({value}%)")),
    )
    placed = st.one_of(
        st.integers(1, 200).map("Top {}".format),
        st.sampled_from(["1st", "3rd or better", "upper quartile", "in the top 10%"]),
    )
    changed = st.builds(
        lambda form, size: form.format(size),
        st.sampled_from(["{}% reduction on 2022/23", "reduce by {}%", "increase by {}% from 1,200", "at least {} points better than last year",
                         "increase to {}%", "{}% increase", "no increase", "halve", "year on year improvement",
                         "reduce by {}%; baseline: 200", "increase by {}%; baseline of 1,200", "increase to {}% from a baseline of 0.5%"]),
        st.integers(1, 60),
    )  # fmt: skip
    banded = st.builds(
        lambda high, width, form: form.format(high, high - width),
        st.integers(50, 100), st.integers(1, 20),
        st.sampled_from(["Green ≥{}%, Amber {}–{}%, Red <{}%".replace("{}–{}", "{1}–{0}").replace("≥{}", "≥{0}").replace("<{}", "<{1}"),
                         "Green >={0}, Red <{1}", "Green ≥{0}%"]),
    )  # fmt: skip
    several = st.builds(
        lambda form, first, second: form.format(f"{first:f}", f"{second:f}"),
        st.sampled_from(_PARTS + _TRAJECTORIES),
        st.decimals(min_value="0.1", max_value=99, places=1),
        st.decimals(min_value="0.1", max_value=99, places=1),
    )
    both = st.builds(
        lambda low, width, form: form.format(low, low + width),
        st.integers(0, 500), st.integers(1, 100),
        st.sampled_from(["more than {} and at most {}", "≥{} and ≤{}", "≥{}% and <{}%", "at least £{} but under £{}"]),
    )  # fmt: skip
    valued = st.builds(
        lambda text, name, value: f"{text} {name}; benchmark: {name} = {value}%",
        st.sampled_from(["better than", "above", "in line with"]),
        st.sampled_from(_BENCHMARKS),
        st.integers(1, 99),
    )
    clause = st.sampled_from(
        [
            "",
            "",
            "",
            "; amber within 5%",
            "; higher is better",
            "; cumulative",
            "; round to 1 dp",
            "; baseline: 42",
            "; amber within 5%; lower is better; round to 1 dp",
            " by March 2030",
        ]
    )
    said = st.builds(lambda text, more: f"{text}{more}", st.one_of(compared, suffixed, ranged, relative), clause)
    day = st.dates(min_value=date(2001, 1, 1), max_value=date(2099, 12, 31)).map(written_date)
    finished = st.one_of(
        st.builds("{} {}".format, st.sampled_from(["by", "By", "no later than", "Plan adopted by"]), day),
        st.sampled_from(["by end of June 2020", "By late 2020", "by September 2020", "by 2029"]),
    )
    timed = st.builds(lambda text: f"{text} within 10 working days", st.one_of(compared, suffixed, ranged))
    return st.one_of(
        said,
        timed,
        finished,
        positive,
        compared,
        suffixed,
        ranged,
        around,
        relative,
        placed,
        changed,
        banded,
        several,
        both,
        valued,
        st.sampled_from(_SCALED),
        st.sampled_from(_LABELS),
        st.sampled_from(_NOTHING),
    )


def targets() -> st.SearchStrategy[Target]:
    """Parsed targets."""
    return target_texts().map(parse_target)


def settings() -> st.SearchStrategy[Setting]:
    """Settings with a polarity, and often a tolerance, baseline, benchmarks and rounding."""
    return st.builds(
        lambda polarity, tolerance, baseline, rounding: Setting.read(
            polarity=polarity, tolerance=tolerance, baseline=baseline, rounding=rounding,
            benchmarks={"national": "50%", "regional": "49.5%", "England": "51%", "statistical neighbours": "48%"},
        ),
        st.sampled_from([Polarity.HIGHER, Polarity.LOWER]),
        st.sampled_from([None, "5%", "10%", "2.5%"]),
        st.sampled_from([None, "1,200", "42"]),
        st.sampled_from([None, None, "exact", "as displayed", "round to 1 dp"]),
    )  # fmt: skip


def rules() -> st.SearchStrategy[Rule]:
    """Rules that have bands."""

    def resolved(pair: tuple[Target, Setting]) -> tuple[Rule, ...]:
        """The one rule with bands, or nothing."""
        try:
            rule = resolve(*pair)
        except RagRulesError:
            return ()
        return (rule,) if rule.bands is not None else ()

    return st.tuples(targets(), settings()).map(resolved).filter(bool).map(lambda found: found[0])


def bands(*, unit: Unit | None = None) -> st.SearchStrategy[Bands]:
    """Bands of one to six stretches, with cuts close together and on both sides of zero."""
    statuses = st.sampled_from([Status.GREEN, Status.AMBER, Status.RED])
    places = st.one_of(st.integers(-3, 3), st.integers(-1000, 1000)).map(lambda value: Decimal(value) / 4)
    cuts = st.lists(st.tuples(places, st.sampled_from(Side)), max_size=5, unique=True).map(sorted)

    def built(drawn: tuple[list[tuple[Decimal, Side]], list[Status]], kind: Unit) -> Bands:
        keys, values = drawn
        return Bands(Steps(tuple(Cut(at, side) for at, side in keys), tuple(values[: len(keys) + 1])), kind)

    kinds = (
        st.just(unit)
        if unit is not None
        else st.sampled_from([NUMBER, SPELLINGS["%"], SPELLINGS["days"], SPELLINGS["gbp"]])
    )
    return st.builds(built, st.tuples(cuts, st.lists(statuses, min_size=6, max_size=6)), kinds)


def readings(rule: Rule) -> st.SearchStrategy[Quantity]:
    """Readings in the unit of ``rule``: its boundary readings, and any others."""
    anything = st.decimals(min_value=-10_000, max_value=10_000, places=3).map(lambda value: Quantity(value, rule.unit))
    return st.one_of(boundary_readings(rule), anything)


def boundary_readings(rule: Rule) -> st.SearchStrategy[Quantity]:
    """Readings on, just below and just above every cut of ``rule``, in its unit; for a rule of words, its labels' places."""
    if rule.bands is None:
        raise ValueError(f"a rule without bands has no boundaries: {rule.missing}")
    places = [cut.at for cut in rule.bands.steps.cuts] or [Decimal(0)]
    beside = [Decimal(0), Decimal("0.000001"), Decimal("0.01"), Decimal(1)]
    values = sorted({place + way * step for place in places for step in beside for way in (-1, 1)})
    return st.sampled_from([Quantity(value, rule.unit) for value in values])
