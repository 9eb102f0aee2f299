"""The rules, and what is done with readings: the same lines for a frame of pandas and for one of Spark."""

from typing import TypeVar

from rag_rules import rule, summarise, with_status

F = TypeVar("F")

RULES = {
    "Repairs on time": rule("at least 95%", tolerance="5%"),
    "Weekly cost of care": rule("<£21", tolerance="5%"),
    "Recycling": rule("Between 40%-60%", tolerance="5%"),
    "Days to let a home": rule("no more than 28 days", tolerance="10%"),
    "Rank among 38 councils": rule("Top 5"),
    "Homes begun": rule("TBC"),
}


def rated(readings: F) -> F:
    """``readings`` with a status each and, where there is none, the reason; ``shares`` as 96.5 is per cent here."""
    return with_status(readings, RULES, rule="indicator", reading="value", reason="why", shares=False)


def counted(statuses: F) -> F:
    """How many readings of each quarter are green, amber, red and unrated."""
    return summarise(statuses, by="quarter")
