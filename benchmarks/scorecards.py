"""Whole scorecards, and the web pages of them."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import rivals
from benchmarks.parsing import TEXTS
from benchmarks.table import Effort, Items, Section, against
from benchmarks.timing import Times, race

_ROOT: Final = Path(__file__).parents[1]


def scorecards(effort: Effort) -> Items:
    """A scorecard of 10,000 indicators, each with a target and a reading."""
    from rag_rules.models import Indicator, ReportingPeriod, Scorecard
    from rag_rules.scorecard import assess

    count = effort.size(10_000)
    indicators = tuple(
        Indicator(
            row=number + 2,
            place=f"row {number + 2}",
            ref=str(number),
            name=f"Indicator {number}",
            target=TEXTS[number % len(TEXTS)][1].format(number % 60 + 30, number % 60 + 40)
            or TEXTS[number % len(TEXTS)][0],
            polarity="higher",
            baseline="50%" if "2022/23" in TEXTS[number % len(TEXTS)][0] else None,
            readings={"Q1": f"£{number % 40}" if number % len(TEXTS) == 0 else f"{number % 100}.{number % 10}%"},
        )
        for number in range(count)
    )
    scorecard = Scorecard(periods=(ReportingPeriod(label="Q1", ends=date(2024, 6, 30)),), indicators=indicators)
    taken = race({"": lambda: assess(scorecard, as_of=date(2024, 7, 1))}, turns=effort.turns(5))[""]
    each = Times(tuple(seconds / count for seconds in taken.seconds))
    yield from against({"`assess`, the whole": taken, "`assess`, each indicator": each})


def pages(effort: Effort) -> Items:
    """A web page of the 136 indicators of the example, and one of 10,000."""
    from rag_rules.reports import html
    from rag_rules.scorecard import assess, read_scorecard

    whole = assess(read_scorecard(_ROOT / "examples" / "rutland"), as_of=date(2023, 9, 30))
    rest = {"actions": (), "action_summary": None, "aims": (), "plan_summary": None, "problems": ()}
    report = whole.model_copy(update=rest)  # a table of indicators is what it races against
    plain = "a plain Jinja2 table of the same rows"
    racers: dict[str, Callable[[], object]] = {
        plain: rivals.plain_table(report), "`render(report, \"html\")`": partial(html.render, report)
    }  # fmt: skip
    times = race(racers, turns=effort.turns(100))
    yield from against(times, hand=plain, goals={'`render(report, "html")`': 2.0})
    copies = (each.model_copy() for _ in range(74) for each in report.indicators)
    many = report.model_copy(update={"indicators": tuple(copies)[: max(effort.size(10_000), len(report.indicators))]})
    tracemalloc.start()
    html.render(many)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    name = f"10,000 indicators, with at most {peak:.0f} MB of memory besides the report"
    yield from against(race({name: partial(html.render, many)}, turns=effort.turns(5)), at_most={name: 10})


SECTIONS: Final = (Section("scorecards", scorecards), Section("pages", pages, ("Jinja2",)))
