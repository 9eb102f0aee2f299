"""Property-test a threshold of your own: find where a naive float rule and the real one part ways.

Run it as it is, or with pytest. Needs the extra ``strategies``.
"""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from rag_rules import Quantity, Rule, Status, rule
from rag_rules.lowering import AtLeast, AtMost
from rag_rules.strategies import boundary_readings

# a council's targets, each with amber within 5% of it
TARGETS = [
    ("95%", "higher"),
    ("53.0%", "higher"),
    ("<£21", "lower"),
    ("<12.6%", "lower"),
    ("84%", "higher"),
    ("90.4%", "higher"),
]
RULES = [rule(text, polarity=polarity, tolerance="5%") for text, polarity in TARGETS]


def naive(made: Rule, reading: float) -> str:
    """What is often written by hand: floats, and "within 5% of the target" worked out on the spot."""
    assert isinstance(made.goal, AtLeast | AtMost)  # all the rules above are one-sided
    target = float(made.goal.value)
    good = reading >= target if made.setting.polarity == "higher" else reading < target
    return "green" if good else "amber" if abs(reading - target) <= 0.05 * target else "red"


drawn = st.sampled_from(RULES).flatmap(lambda made: st.tuples(st.just(made), boundary_readings(made)))


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(drawn)
def test_our_statuses_never_get_better_as_the_reading_gets_worse(pair: tuple[Rule, Quantity]) -> None:
    made, reading = pair
    assert made.bands is not None
    worse = Decimal("0.01") * (-1 if made.setting.polarity == "higher" else 1)
    assert made.bands.at(Quantity(reading.value + worse, reading.unit)) >= made.bands.at(reading)


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(drawn)
def naive_rule_agrees(pair: tuple[Rule, Quantity]) -> None:
    made, reading = pair
    assert made.bands is not None
    assert naive(made, float(reading.value)) == made.bands.at(reading), f"{made.target}: {reading}"


def main() -> None:
    """Show the disagreements."""
    test_our_statuses_never_get_better_as_the_reading_gets_worse()
    print("The real rules keep their law on every boundary reading.")
    try:
        naive_rule_agrees()
    except AssertionError as error:
        print(f"The naive float rule is wrong somewhere; the smallest case found: {str(error).splitlines()[0]}")
    for made in RULES:
        assert made.bands is not None
        for cut in made.bands.steps.cuts:
            exact, hand = made.bands.status(cut.at), Status(naive(made, float(cut.at)))
            if exact is not hand:
                print(
                    f"  target {made.target}, reading {made.bands.write(cut.at)}: {exact} by the rule, {hand} by the floats"
                )


if __name__ == "__main__":
    main()
