"""All benchmarks, as one table: printed, and written into the page on performance."""

from __future__ import annotations

import os
import platform
import re
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import rivals
from benchmarks.timing import Times, race, start_up
from rag_rules import Rule, Setting, evaluate, parse_target, resolve, rule
from rag_rules.syntax import cache, reading
from rag_rules.syntax.parser import read_target

_ROOT: Final = Path(__file__).parents[1]
_PAGE: Final = _ROOT / "docs" / "explanation" / "performance.md"
_TARGET, _TOLERANCE = "at least 95%", "5%"

#: a target, and how it reads with another number in its place
_TEXTS: Final = (
    ("<£21", "<£{}"),
    ("at least 95%", "at least {}%"),
    ("95%", "{}%"),
    ("Between 10%-20%", ""),
    ("90% of repairs completed on time", "{}% of repairs completed on time"),
    ("Maintain better than national average (23.7%)", "Maintain better than national average ({}%)"),
    ("5% reduction on 2022/23", ""),
    ("Green ≥95%, Amber 90–95%, Red <90%", ""),
)
#: how many of these, from the first, a small grammar reads too
_EASY: Final = 4


class Row(NamedTuple):
    """One line of the table."""

    what: str
    times: Times
    #: what it is compared with: a name in the same section
    limit: str = ""
    ratio: float | None = None
    goal: str = ""
    is_met: bool | None = None


def _against(times: dict[str, Times], limits: dict[str, tuple[str, float | None]]) -> Iterator[Row]:
    """A row for each rival: those with a limit as a ratio to it, and whether the ratio is within the goal."""
    for name, taken in times.items():
        limit, goal = limits.get(name, ("", None))
        ratio = taken.against(times[limit]) if limit else None
        is_met = ratio <= goal if ratio is not None and goal is not None else None
        yield Row(name, taken, limit, ratio, f"at most {goal:.3g}×" if goal is not None else "", is_met)


def _within(name: str, taken: Times, seconds: float) -> Row:
    return Row(name, taken, goal=f"at most {_shown(seconds)}", is_met=taken.median <= seconds)


# sections ---------------------------------------------------------------------------------------------------------------


def numbers() -> Iterator[Row]:
    """A number rated by a rule that is there already."""
    bands = _rule().bands
    assert bands is not None
    status = bands.status
    floats = [number / 10 for number in range(850, 1000)]
    decimals = [Decimal(str(number)) for number in floats]

    assert _each(status, floats) == _each(rivals.by_hand_in_floats, floats)
    racers: dict[str, Callable[[], object]] = {
        "floats by hand": partial(_each, rivals.by_hand_in_floats, floats),
        "`bands.status(float)`": partial(_each, status, floats),
        "Decimals by hand": partial(_each, rivals.by_hand_in_decimals, decimals),
        "`bands.status(Decimal)`": partial(_each, status, decimals),
    }
    limits: dict[str, tuple[str, float | None]] = {
        "`bands.status(float)`": ("floats by hand", 2.0),
        "`bands.status(Decimal)`": ("Decimals by hand", None),
    }
    for name in rivals.PACKAGES:
        if (rate := rivals.package(name)) is not None:
            racers[name], limits[name] = partial(_each, rate, floats), ("floats by hand", None)
        else:
            print(f"{name} is not installed, and left out", file=sys.stderr)
    yield from _against(race(racers, operations=len(floats)), limits)


def texts() -> Iterator[Row]:
    """A reading in words rated by a target that has been seen before."""
    distinct = [f"{number / 10}%" for number in range(1000)]
    repeated = distinct[900:940] * 25
    first, second = _rule(), _rule()  # a rule remembers readings, so those for distinct and repeated ones are two
    assert [first.evaluate(text).status for text in distinct] == _each(rivals.by_hand_in_text, distinct)
    again = f"{_TARGET} "
    hand = "`Decimal(text)` by hand"
    racers: dict[str, Callable[[], object]] = {
        hand: partial(_each, rivals.by_hand_in_text, distinct),
        "regular expression by hand": partial(_each, rivals.by_expression, distinct),
        "`evaluate`, readings distinct": lambda: [evaluate(_TARGET, text, tolerance=_TOLERANCE) for text in distinct],
        "`evaluate`, readings repeated": lambda: [evaluate(again, text, tolerance=_TOLERANCE) for text in repeated],
        "`rule.evaluate`, readings distinct": lambda: [first.evaluate(text) for text in distinct],
        "`rule.evaluate`, readings repeated": lambda: [second.evaluate(text) for text in repeated],
    }
    limits: dict[str, tuple[str, float | None]] = {name: (hand, None) for name in racers if name != hand}
    limits.update({name: (hand, 3.0) for name in racers if name.startswith("`evaluate")})
    yield from _against(race(racers, operations=len(distinct)), limits)
    longer: dict[str, Callable[[], object]] = {
        "`evaluate(...).explanation`": lambda: evaluate(_TARGET, "93.4%", tolerance=_TOLERANCE).explanation,
        "`parse_reading` of `c. £1.2m (p)`, new": partial(_read_afresh, "c. £1.2m (p)"),
    }
    yield from _against(race(longer), {})


def parsing() -> Iterator[Row]:
    """A target's text to a target."""
    small = rivals.small_grammar()
    for number, (text, pattern) in enumerate(_TEXTS):
        racers: dict[str, Callable[[], object]] = {}
        limits: dict[str, tuple[str, float | None]] = {}
        plain, new, known = (f"`{text}`{how}" for how in (", Lark with 12 rules", ", new", ", new number"))
        if number < _EASY:
            racers[plain] = partial(small, text)
            limits = {new: (plain, 60 / 45), known: (plain, None)}
        racers[new] = partial(read_target, text)
        if pattern:
            for other in ("81.4", "82.4"):  # two texts make a shape known
                _parse_afresh(pattern.format(other))
            racers[known] = partial(_parse_afresh, pattern.format("83.4"))
        yield from _against(race(racers), limits)
    yield _within(f"`{_TARGET}`, seen before", race({"": partial(parse_target, _TARGET)})[""], 1e-6)
    for pattern in ("<£{}", "{}% of repairs completed on time"):
        column = [pattern.format(f"{number // 100}.{number % 100:02}") for number in range(2100, 9600)]
        taken = race({"": partial(_each, parse_target, column)}, operations=len(column), turns=5)[""]
        yield _within(f"a column of `{pattern.format('…')}`, all distinct, each", taken, 25e-6)
    resolved = partial(resolve, parse_target(_TARGET), Setting.read(tolerance=_TOLERANCE))
    yield from _against(race({"a target in its setting, to its rule and bands": resolved}), {})


def processes() -> Iterator[Row]:
    """A new process, from start to end."""
    command = (
        "import sys; from rag_rules.cli import main; sys.argv = {!r}; sys.stdout = open({!r}, 'w'); sys.exit(main())"
    )
    bare, first, explain = (
        "`python -c pass`",
        "`import rag_rules`, first `evaluate`",
        "`rag-rules explain '<£21' '£20'`",
    )
    report = ["rag-rules", "report", str(_ROOT / "examples" / "rutland"), "--as-of", "2023-09-30"]
    programs = {
        bare: "pass",
        "`import rag_rules`": "import rag_rules",
        "`import lark`": "import lark",
        first: "import rag_rules; rag_rules.evaluate('<£21', '£20')",
        f"{first} of `at least 95%`": "import rag_rules; rag_rules.evaluate('at least 95%', '93.4%')",
        "`import rag_rules`, first `parse_deadline`": "import rag_rules; rag_rules.parse_deadline('by March 2024')",
        explain: command.format(["rag-rules", "explain", "<£21", "£20"], os.devnull),
        "`rag-rules report` of the example": command.format(report, os.devnull),
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    limits: dict[str, tuple[str, float | None]] = {
        **dict.fromkeys(programs, (bare, None)),
        "`import rag_rules`": (bare, 3.5),
        first: (bare, 9.0),
        explain: (bare, 10.0),
    }
    del limits[bare]
    yield from _against(start_up(programs, environment=environment), limits)


def scorecards() -> Iterator[Row]:
    """A scorecard of 10,000 indicators, each with a target and a reading."""
    from rag_rules.models import Indicator, ReportingPeriod, Scorecard
    from rag_rules.scorecard import assess

    indicators = tuple(
        Indicator(
            row=number + 2,
            place=f"row {number + 2}",
            ref=str(number),
            name=f"Indicator {number}",
            target=_TEXTS[number % len(_TEXTS)][1].format(number % 60 + 30) or _TEXTS[number % len(_TEXTS)][0],
            polarity="higher",
            baseline="50%" if "2022/23" in _TEXTS[number % len(_TEXTS)][0] else None,
            readings={"Q1": f"£{number % 40}" if number % len(_TEXTS) == 0 else f"{number % 100}.{number % 10}%"},
        )
        for number in range(10_000)
    )
    scorecard = Scorecard(periods=(ReportingPeriod(label="Q1", ends=date(2024, 6, 30)),), indicators=indicators)
    taken = race({"": lambda: assess(scorecard, as_of=date(2024, 7, 1))}, turns=3)[""]
    yield Row("`assess`, the whole", taken)
    yield Row("`assess`, each indicator", Times(tuple(seconds / 10_000 for seconds in taken.seconds)))


def pages() -> Iterator[Row]:
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
    yield from _against(race(racers), {'`render(report, "html")`': (plain, 2.0)})
    copies = (each.model_copy() for _ in range(74) for each in report.indicators)
    many = report.model_copy(update={"indicators": tuple(copies)[:10_000]})
    tracemalloc.start()
    html.render(many)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    taken = race({"": partial(html.render, many)}, turns=3)[""]
    yield _within(f"10,000 indicators, with at most {peak:.0f} MB of memory besides the report", taken, 10)


def _rule() -> Rule:
    return rule(_TARGET, tolerance=_TOLERANCE)


def _each(rate: Callable[[Any], Any], readings: list[Any]) -> list[Any]:
    return [rate(reading) for reading in readings]


def _parse_afresh(text: str) -> object:
    """``parse_target`` without its memory for whole texts."""
    return cache._parsed.__wrapped__(text, ())


def _read_afresh(text: str) -> object:
    """``parse_reading`` without its memory."""
    return reading._parse.__wrapped__(text, frozenset())


# the table --------------------------------------------------------------------------------------------------------------

_SECTIONS: Final = (numbers, texts, parsing, processes, scorecards, pages)


def _shown(seconds: float) -> str:
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _line(row: Row) -> str:
    ratio = f"{row.ratio:.2f}× {row.limit}" if row.ratio is not None else ""
    met = {True: "met", False: "not met", None: ""}[row.is_met]
    cells = (row.what, f"{_shown(row.times.median)} ± {_shown(row.times.spread)}", ratio, row.goal, met)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _processor() -> str:
    """The kind of processor, and nothing else of the machine."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text("utf-8")) if cpuinfo.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()


def main() -> None:
    """Run all sections; print the table, and put it on the page."""
    lines = [
        f"Measured on {date.today():%-d %B %Y} with Python {platform.python_version()} and lark {version('lark')}; "
        f"{_processor()}, {platform.system()}."
    ]
    for section in _SECTIONS:
        title = (section.__doc__ or "").rstrip(".")
        lines += ["", f"### {title}", "", "| What | Median ± spread | Ratio | Goal | |", "|---|---|---|---|---|"]
        print("\n".join(lines[-5:]), flush=True)
        for row in section():
            lines.append(_line(row))
            print(lines[-1], flush=True)
    page = _PAGE.read_text("utf-8")
    before, _, rest = page.partition("<!-- figures -->")
    _, _, after = rest.partition("<!-- end of figures -->")
    figures = "\n".join(lines)
    _PAGE.write_text(f"{before}<!-- figures -->\n\n{figures}\n\n<!-- end of figures -->{after}", "utf-8")


if __name__ == "__main__":
    main()
