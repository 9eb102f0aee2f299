"""What is due by a day: words, profiles, shares, and the rules to date that come of them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from rag_rules import Quantity, Status, rule
from rag_rules.errors import SettingError
from rag_rules.periods import ACADEMIC, FINANCIAL, Period, Year
from rag_rules.prorating import pro_rated
from rag_rules.todate import Accumulation, Frequency, Lag, Profile, due_by, due_in_month

SEPTEMBER = date(2023, 9, 30)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Cumulative", "cumulative"), ("cumulative total", "cumulative"), ("YTD", "cumulative"), ("year-to-date", "cumulative"),
        ("Running total", "cumulative"), ("Snapshot", "snapshot"), ("point in time", "snapshot"), ("Non-cumulative", "snapshot"),
        ("rolling 12 months", "rolling"), ("Rolling 12-month average", "rolling"), ("rolling twelve months", "rolling"),
        ("Average", "average"), ("YTD average", "average"), ("average over the year", "average"), ("quarter average", "average"),
    ],
)  # fmt: skip
def test_words_for_accumulation_are_read(text: str, read: str) -> None:
    assert Accumulation.read(text) == read


@pytest.mark.parametrize("text", ["cumulativ", "comulative", "weekly", "in quarter", "x" * 10_000])
def test_other_words_for_accumulation_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="does not say how figures add up"):
        Accumulation.read(text)


def test_a_mistyped_accumulation_names_the_nearest() -> None:
    with pytest.raises(SettingError) as caught:
        Accumulation.read("comulative")
    assert caught.value.nearest == ("cumulative",)


@pytest.mark.parametrize(
    ("text", "months", "said"),
    [
        ("1 quarter", 3, "1 quarter in arrears"), ("1 quarter in arrears", 3, "1 quarter in arrears"),
        ("One quarter", 3, "1 quarter in arrears"), ("quarter in arrears", 3, "1 quarter in arrears"),
        ("2 quarters behind", 6, "2 quarters in arrears"), ("3 months", 3, "3 months in arrears"), ("a year", 12, "1 year in arrears"),
        ("in arrears by 2 months", 2, "2 months in arrears"),
    ],
)  # fmt: skip
def test_lags_are_read(text: str, months: int, said: str) -> None:
    found = Lag.read(text)
    assert found is not None
    assert (found.months, found.said) == (months, said)


@pytest.mark.parametrize("text", ["none", "No", "0", "nil"])
def test_no_lag_is_none(text: str) -> None:
    assert Lag.read(text) is None


@pytest.mark.parametrize("text", ["6 weeks", "14 days", "late", "0 quarter", "999 months", "1 quarter or 2"])
def test_other_lags_are_refused(text: str) -> None:
    with pytest.raises(SettingError, match="does not say by how many months"):
        Lag.read(text)


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("Monthly", 1), ("weekly", 1), ("Quarterly", 3), ("6 monthly", 6), ("Half-yearly", 6), ("Twice a year", 6), ("Annual", 12),
        ("Annually", 12), ("every 2 years", 24), ("Biennial", 24), ("As available", None), ("Termly", None), ("ad hoc", None),
    ],
)  # fmt: skip
def test_frequencies_are_read(text: str, months: int | None) -> None:
    assert Frequency.read(text).months == months


def test_biannual_could_be_two_things() -> None:
    with pytest.raises(SettingError, match="twice a year or every two years"):
        Frequency.read("Bi-annual")


def test_a_mistyped_frequency_names_the_nearest() -> None:
    with pytest.raises(SettingError) as caught:
        Frequency.read("quartely")
    assert caught.value.nearest == ("quarterly",)


@pytest.mark.parametrize(
    ("frequency", "year", "day", "due"),
    [
        ("monthly", FINANCIAL, date(2023, 9, 30), date(2023, 9, 30)), ("quarterly", FINANCIAL, date(2023, 7, 31), date(2023, 9, 30)),
        ("quarterly", ACADEMIC, date(2023, 9, 30), date(2023, 11, 30)), ("two-monthly", FINANCIAL, date(2023, 12, 31), date(2024, 1, 31)),
        ("half-yearly", FINANCIAL, date(2023, 10, 31), date(2024, 3, 31)), ("annual", ACADEMIC, date(2023, 9, 30), date(2024, 8, 31)),
        ("annual", FINANCIAL, date(2024, 3, 31), date(2024, 3, 31)), ("biennial", FINANCIAL, date(2024, 4, 30), date(2025, 3, 31)),
        ("termly", FINANCIAL, date(2023, 8, 31), date(2023, 12, 31)), ("termly", FINANCIAL, date(2024, 1, 31), date(2024, 3, 31)),
        ("school term", ACADEMIC, date(2024, 4, 30), date(2024, 7, 31)), ("annual", Year.read("March"), date(2023, 3, 31), date(2024, 2, 29)),
        ("as available", FINANCIAL, date(2023, 9, 30), None),
    ],
)  # fmt: skip
def test_a_figure_is_due_when_its_period_ends(frequency: str, year: Year, day: date, due: date | None) -> None:
    assert Frequency.read(frequency).next_due(day, year) == due


# shares -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [FINANCIAL, ACADEMIC, Year.read("calendar"), Year.read("federal"), Year.read("July")])
def test_the_months_of_a_year_are_twelfths(year: Year) -> None:
    ends = [date(2023 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(year.starts, year.starts + 12)]
    periods = [Period(start, Year.read(start.month).containing(start).shifted(-11).end) for start in ends]
    assert [due_by(period.last_day, year).share for period in periods] == [Fraction(n, 12) for n in range(1, 13)]


def test_a_month_of_a_year_without_a_number_is_as_any_other() -> None:
    assert due_in_month(9, ACADEMIC, by="the end of September").share == Fraction(1, 12)


def test_half_a_year_ends_on_the_last_of_february_in_a_year_from_september() -> None:
    assert [due_by(day, ACADEMIC).months for day in (date(2023, 2, 28), date(2024, 2, 29))] == [6, 6]


def test_a_profile_prints_as_it_is_read() -> None:
    text = "Q1 20%, Q2 45%, Q3 70%, Q4 100%"
    assert str(Profile.read(text)) == text
    assert Profile.read(str(Profile.read("apr=1; may=2; mar=12"))) == Profile.read("Apr 1, May 2, Mar 12")


def test_a_profile_of_a_mapping_is_read() -> None:
    assert Profile.read("Q1=40; Q2=80; Q3=120; Q4=160") == Profile.read("Q1 40, Q2 80, Q3 120, Q4 160")


def test_months_of_a_profile_are_counted_from_the_start_of_the_year() -> None:
    shares = Profile.read("Sep 10%, Aug 100%, Jan 50%").shares(ACADEMIC, None)
    assert shares == {1: Fraction(1, 10), 5: Fraction(1, 2), 12: Fraction(1)}


def test_a_long_profile_is_refused() -> None:
    with pytest.raises(SettingError, match="is no profile"):
        Profile.read("Q1 1, " * 1000)


# rules --------------------------------------------------------------------------------------------------------------


def test_the_cut_says_where_it_comes_from() -> None:
    made = rule("28", polarity="lower", tolerance="5%").to_date(SEPTEMBER)
    assert made.bands is not None
    assert [cut.why for cut in made.bands.steps.cuts] == ["target; pro-rated: 6 of 12 months", "tolerance"]


def test_the_cut_of_a_profile_names_the_profile() -> None:
    made = rule("≥28").to_date(SEPTEMBER, profile="H1 30%, H2 70%")
    assert made.bands is not None
    assert [cut.why for cut in made.bands.steps.cuts] == ["target; by its profile: 30%"]


def test_a_period_is_as_good_as_its_last_day() -> None:
    assert rule("<28").to_date(FINANCIAL.quarter(2023, 2)) == rule("<28").to_date(SEPTEMBER)


def test_the_rule_of_the_whole_year_stays_what_it_was() -> None:
    whole = rule("<28")
    assert whole.evaluate("15").status is Status.GREEN
    assert whole.to_date(SEPTEMBER).evaluate("15").status is Status.RED
    assert whole.evaluate("15").status is Status.GREEN


def test_the_judge_of_the_whole_year_is_not_that_of_a_part() -> None:
    whole = rule("<28")
    whole.evaluate("20")
    assert [whole.to_date(SEPTEMBER).evaluate("20").status, whole.evaluate("20").status] == [Status.RED, Status.GREEN]


def test_reason_of_conflicting_bands_is_kept() -> None:
    made = rule("Green >90, Red <80").to_date(SEPTEMBER)
    assert (made.evaluate("42").status, made.evaluate("46").status) == (
        rule("Green >90, Red <80").evaluate("84").status,
        Status.GREEN,
    )


def test_a_conflict_lies_where_the_bands_to_date_have_it() -> None:
    made = rule("Green ≥100, Amber 80–100, Red <80").to_date(SEPTEMBER)
    whole = rule("Green ≥100, Amber 80–100, Red <80")
    assert (made.evaluate("50").reason, made.evaluate("100").status) == (whole.evaluate("100").reason, Status.GREEN)
    assert whole.evaluate("100").reason is not None


def test_thirty_digits_are_never_misjudged() -> None:
    made = rule("at most 100").to_date(date(2023, 7, 31))  # a third
    below, above = Decimal("33." + "3" * 28), Decimal("33." + "3" * 27 + "4")
    assert (made.evaluate(below).status, made.evaluate(above).status) == (Status.GREEN, Status.RED)


def test_nothing_due_is_no_status() -> None:
    made = pro_rated(rule("≥100"), due_by(date(2023, 6, 30), FINANCIAL, profile=Profile.read("Q1 0%, Q4 100%")))
    found = made.evaluate("0")
    assert (found.status, found.reason) == (Status.UNRATED, "not due")
    assert found.explanation == "Unrated: nothing of the target is due by 30 June 2023; the target is at least 100."


def test_forecasts_are_for_readings_with_a_status() -> None:
    made = rule("≥100").to_date(SEPTEMBER)
    assert [made.evaluate(reading).forecast for reading in ("DNA", "60 tbc")] == [None, None]
    assert rule("≥100").evaluate("60").forecast is None


def test_what_is_needed_is_rounded_to_the_side_on_which_the_target_is_met() -> None:
    least, most = (rule(text).to_date(date(2023, 12, 31)).evaluate("50").forecast for text in ("≥60", "≤60"))
    assert [str(found and found.needed_per_month) for found in (least, most)] == ["3.34", "3.33"]


def test_the_sentence_of_a_forecast_reads_well() -> None:
    found = rule("<12.6%").to_date(SEPTEMBER).evaluate("8.3%").forecast
    assert found is not None
    assert found.sentence == (
        "At this rate 8.3% by 30 September 2023 makes 16.6% by 31 March 2024, which would be red; less than 0.716 "
        "percentage points a month in the 6 months left would meet the target of less than 12.6%."
    )


@pytest.mark.parametrize(
    ("target", "reading", "needed", "said"),
    [
        ("at most -12", "-5", "-1.17", "a fall of at least 1.17 a month in the 6 months left would meet"),
        ("at least -12", "-5", "-1.16", "a fall of at most 1.16 a month in the 6 months left would meet"),
        ("less than -12", "-6", "-1", "a fall of more than 1 a month in the 6 months left would meet"),
        ("more than -12", "-6", "-1", "a fall of less than 1 a month in the 6 months left would meet"),
        ("at most -12", "-20", "1.33", "; at most 1.33 a month in the 6 months left would meet"),
        ("at least -12", "-20", "1.34", "; at least 1.34 a month in the 6 months left would meet"),
        ("at most -12", "-12", "0", "; at most 0 a month in the 6 months left would meet"),
        ("at least -12", "5", "-2.83", "a fall of at most 2.83 a month in the 6 months left would meet"),
        ("at least 12", "-5", "2.84", "; at least 2.84 a month in the 6 months left would meet"),
        ("at most -£1,200", "-£500", "-116.67", "a fall of at least £116.67 a month in the 6 months left would meet"),
        ("at least 0", "0", "None", "; the target of at least 0 is reached already"),
        ("at most 12", "13", "None", "; the target of at most 12 is passed already"),
    ],
)  # fmt: skip
def test_a_total_below_zero_is_not_settled_before_the_year_ends(
    target: str, reading: str, needed: str, said: str
) -> None:
    found = rule(target).to_date(SEPTEMBER).evaluate(reading).forecast
    assert found is not None
    needs = found.needed_per_month
    assert (str(needs.value if needs is not None else None), said in found.sentence) == (needed, True), found.sentence


def test_a_profile_that_does_not_come_to_the_target_says_what_it_comes_to() -> None:
    with pytest.raises(SettingError, match="ends at 50 and sums to 110, and the target is 160"):
        Profile.read("Q1 10, Q2 20, Q3 30, Q4 50").shares(FINANCIAL, Quantity(Decimal(160)))


def test_the_end_of_time_is_refused() -> None:
    for day in (date.max, date.min):
        with pytest.raises(SettingError):
            due_by(day, FINANCIAL)


@pytest.mark.parametrize(
    ("target", "reading"), [("at least 0.95", "48%"), ("at most 95%", "0.4"), ("at most £1.4m", "0.35")]
)
def test_a_figure_of_uncertain_size_has_no_forecast(target: str, reading: str) -> None:
    outcome = rule(target).to_date(SEPTEMBER).evaluate(reading)
    assert (outcome.status, outcome.forecast) == (Status.GREEN, None)


def test_a_target_for_another_year_has_no_rule_to_date() -> None:
    with pytest.raises(SettingError, match="at least 100 by March 2025 is not a target for the financial year 2023/24"):
        rule("at least 100 homes by March 2025").to_date(SEPTEMBER)
    with pytest.raises(SettingError, match="it cannot be told that at least 100 by Q2 is a target for"):
        rule("at least 100 by Q2").to_date(SEPTEMBER)
    assert rule("at least 100 by September 2023").to_date(SEPTEMBER).due is None
    assert rule("at least 100 by March").to_date(SEPTEMBER).aim == "at least 50"
    assert rule("at least 100 by March 2024").to_date(SEPTEMBER).aim == "at least 50"
    assert rule("top 5 by March 2025").to_date(SEPTEMBER).due is None


@pytest.mark.parametrize(
    ("period", "says"),
    [
        (
            Period(date(2022, 10, 1), date(2023, 10, 1)),
            "1 October 2022 to 30 September 2023 lies across two years that begin in April",
        ),
        (Period(date(2022, 4, 1), date(2023, 10, 1)), "is longer than a year"),
        (Period(date(2022, 4, 15), date(2023, 10, 1)), "is longer than a year"),
    ],
)
def test_a_total_of_a_year_that_is_none_of_its_kind_has_no_rule_to_date(period: Period, says: str) -> None:
    with pytest.raises(SettingError, match=says):
        rule("≤28").to_date(period)
    assert rule("≤28").to_date(FINANCIAL.year(2023)).aim == "at most 28"
    assert rule("≤28").to_date(FINANCIAL.year(2023), lag="1 quarter", year="calendar").aim == "at most 28"
