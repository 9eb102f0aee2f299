"""Targets that live in time: pro-rated, changing, due by a day; and what a change of policy would alter.

Run it with `python examples/over_time.py`.
"""

from datetime import date
from pathlib import Path

from rag_rules import (
    Timed,
    assess,
    compare,
    evaluate,
    parse_deadline,
    parse_period,
    read_scorecard,
    rule,
    with_tolerance,
)

HALF_YEAR = parse_period("2023/24 Q2")

# A target for the year: half of it is due at half year, and the forecast says where it is going.
admissions = rule("28", polarity="lower", tolerance="5%").to_date(HALF_YEAR)
outcome = admissions.evaluate("15")
print(outcome.explanation)
print(outcome.forecast.sentence if outcome.forecast else "no forecast")

# A profile says what is due by when, where the year is not even.
homes = rule("160 homes", polarity="higher").to_date(HALF_YEAR, profile="Q1 20, Q2 60, Q3 110, Q4 160")
print(homes.evaluate("64 homes").explanation)

# A target that changes, and the one in force on a day.
changing = rule("70% to September 2023, 80% from October 2023", polarity="higher")
for day in (date(2023, 9, 30), date(2023, 10, 31)):
    print(f"{day}: {changing.at(day).aim}, so 75% is {changing.at(day).evaluate('75%').status}")

# Which rule is in force when.
steps = Timed(changing).over_time(date(2023, 4, 1), date(2024, 3, 31))
print(*(f"{made.aim}{f' from {cut.at}' if cut else ''}" for cut, made, _ in steps.pieces()), sep=", then ")

# A deadline is a target too.
print(evaluate("By late 2020", "2021-02-03", tolerance="3 months").explanation)
for text in ("by winter 2025", "03/04/2014", "within six months of adoption", "Annually, by March 31"):
    deadline = parse_deadline(text)
    print(f"{text!r}: {deadline.first_day} to {deadline.last_day}; {'; '.join(deadline.notes) or deadline.event}")

# What another tolerance would alter in a whole scorecard.
scorecard = read_scorecard(Path(__file__).parent / "rutland")
report = assess(scorecard, as_of=date(2023, 9, 30))
print(report.summary.counts, "and with a tolerance of 2%:")
for change in compare(scorecard, with_tolerance(scorecard, "2%"), as_of=report.as_of).changes:
    print(f"  {change.ref} {change.name}: {change.before} to {change.after}")

# What the programme says of itself, and what its dates say.
assert report.action_summary is not None
for clash in report.action_summary.disagreements:
    print(f"{clash.number} reported “{clash.reported}”: {clash.clash}")
