"""The laws of targets that change over time, and of what-if."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rag_rules.front import rule
from rag_rules.models import DatedTarget, Indicator, RatedIndicator, ReportingPeriod, Scorecard
from rag_rules.movement import improved, movement, without_movement
from rag_rules.periods import FINANCIAL, add_months
from rag_rules.scorecard import assess
from rag_rules.settings import Improving
from rag_rules.status import Status
from rag_rules.syntax.cache import parse_target
from rag_rules.syntax.reading import parse_reading
from rag_rules.target import Trajectory
from rag_rules.trajectories import holding
from rag_rules.whatif import compare

days = st.dates(min_value=date(2018, 1, 1), max_value=date(2030, 12, 31))
percents = st.integers(1, 99).map("{}%".format)
histories = st.dictionaries(days, percents, max_size=4).map(
    lambda found: tuple(DatedTarget(since=day, target=text) for day, text in sorted(found.items()))
)
PERIODS = tuple(
    ReportingPeriod(label=str(period), ends=period.last_day)
    for year in (2021, 2022, 2023)
    for period in (FINANCIAL.quarter(year, number) for number in (1, 2, 3, 4))
)


def card(target: str | None, history: tuple[DatedTarget, ...], reading: str) -> Scorecard:
    indicator = Indicator(
        row=1, place="kpis.csv, row 1", ref="A", target=target, polarity="higher", tolerance="5%", history=history,
        readings={period.label: reading for period in PERIODS},
    )  # fmt: skip
    return Scorecard(periods=PERIODS, indicators=(indicator,))


def rated(scorecard: Scorecard, period: ReportingPeriod) -> RatedIndicator:
    return assess(scorecard, as_of=date(2031, 1, 1), period=period.label).indicators[0]


@given(percents, histories, percents, st.data())
def test_a_target_that_is_added_later_changes_no_earlier_status(
    target: str, history: tuple[DatedTarget, ...], reading: str, data: st.DataObject
) -> None:
    latest = max((each.since for each in history), default=date(2017, 12, 31))
    added = DatedTarget(since=data.draw(st.dates(latest + timedelta(days=1), date(2032, 1, 1))), target="1%")
    before, after = card(target, history, reading), card(target, (*history, added), reading)
    for period in PERIODS:
        assert period.ends is not None
        if period.ends < added.since:
            one, other = rated(before, period), rated(after, period)
            assert (one.status, one.explanation, one.target) == (other.status, other.explanation, other.target)


@given(percents, percents, st.dates(date(2018, 1, 1), date(2021, 3, 31)))
def test_an_unchanged_target_history_changes_nothing(target: str, reading: str, since: date) -> None:
    plain = card(target, (), reading)
    told = card(target, (DatedTarget(since=since, target=target),), reading)
    for period in PERIODS:
        one, other = rated(plain, period), rated(told, period)
        assert (one.status, one.explanation, one.target) == (other.status, other.explanation, other.target)
    assert compare(plain, told, as_of=date(2031, 1, 1)).changes == ()


@given(percents, histories, percents)
def test_nothing_proposed_changes_nothing(target: str, history: tuple[DatedTarget, ...], reading: str) -> None:
    scorecard = card(target, history, reading)
    assert compare(scorecard, scorecard, as_of=date(2031, 1, 1)).changes == ()


@st.composite
def chains(draw: st.DrawFn) -> str:
    """Texts of trajectories of months: "70% until June 2021, then 75% until ..."."""
    word = draw(st.sampled_from(["by", "from", "until", "until the end of", "before", "in"]))
    start = date(draw(st.integers(2018, 2024)), draw(st.integers(1, 12)), 1)
    gaps = draw(st.lists(st.integers(2, 15), min_size=2, max_size=4))
    parts = []
    for gap in gaps:
        start = add_months(start, gap)
        parts.append(f"{draw(percents)} {word} {start:%B %Y}")
    return "; ".join(parts) + (
        draw(st.sampled_from(["", "; then 50%"])) if word.startswith(("until", "before")) else ""
    )


@given(chains(), days)
def test_on_each_day_one_stage_holds_or_none_or_two_neighbours(text: str, day: date) -> None:
    body = parse_target(text).body
    assert isinstance(body, Trajectory)
    found = holding(body, day).at(day)
    assert len(found) <= 2
    assert found == tuple(sorted(found))
    assert all(0 <= number <= len(body.stages) for number in found)


@given(chains(), days, percents)
def test_the_rule_in_force_gives_what_its_own_target_gives(text: str, day: date, reading: str) -> None:
    made = rule(text, polarity="higher")
    body = made.target.body
    assert isinstance(body, Trajectory)
    found = holding(body, day).at(day)
    if len(found) == 1:
        alone = rule(str(body.stages[found[0]].condition), polarity="higher")
        assert made.at(day).evaluate(reading).status is alone.evaluate(reading).status


@given(chains(), days, days)
def test_stages_only_follow_one_another(text: str, one: date, other: date) -> None:
    body = parse_target(text).body
    assert isinstance(body, Trajectory)
    earlier, later = (holding(body, day).at(day) for day in sorted((one, other)))
    if earlier and later:
        assert earlier[0] <= later[0]


@given(percents, percents, percents, st.sampled_from(["higher", "lower"]), st.booleans())
def test_improving_only_turns_red_to_amber(target: str, now: str, before: str, polarity: str, maintained: bool) -> None:
    made = rule(
        target, polarity=polarity, tolerance="5%", improving="improving or maintained" if maintained else "improving"
    )
    assert made.setting.improving == Improving(maintained=maintained)
    alone = without_movement(made)
    outcome = improved(made, parse_reading(now), parse_reading(before))
    moved = movement(alone.evaluate(before), alone.evaluate(now))
    counts = moved == "better" or (maintained and moved == "same")
    plain = alone.evaluate(now).status
    assert outcome.status is (Status.AMBER if plain is Status.RED and counts else plain)


@given(percents, percents, st.sampled_from(["higher", "lower"]))
def test_without_an_earlier_reading_what_would_be_red_is_unrated_and_nothing_else(
    target: str, now: str, polarity: str
) -> None:
    made = rule(target, polarity=polarity, improving="improving")
    plain = without_movement(made).evaluate(now).status
    assert made.evaluate(now).status is (Status.UNRATED if plain is Status.RED else plain)
