"""One reading at a time: numbers and texts, by a rule that is there already."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Final

from benchmarks import rivals
from benchmarks.table import Effort, Items, Section, against
from benchmarks.timing import race
from rag_rules import Rule, Status, evaluate, rule
from rag_rules.syntax import reading

_TARGET, _TOLERANCE = "at least 95%", "5%"


def numbers(effort: Effort) -> Items:
    """A number rated by a rule that is there already."""
    made = _rule()
    bands = made.bands
    assert bands is not None
    floats = [number / 10 for number in range(850, 1000)]
    decimals = [Decimal(str(number)) for number in floats]
    peers = rivals.peers_in_numbers()
    ours: dict[str, Callable[[Any], Status]] = {
        "`bands.status(float)`": bands.status,
        "`bands.compiled()(float)`": bands.compiled(),
    }
    for rate in (*peers.values(), *ours.values(), lambda number: made.evaluate(number).status):
        assert _each(rate, floats) == _each(rivals.by_hand_in_floats, floats), rate
    assert _each(bands.status, decimals) == _each(rivals.by_hand_in_decimals, decimals)

    outcome, hand = "`rule.evaluate(float)`, an `Outcome`", "floats by hand"
    racers: dict[str, Callable[[Any], object]] = {
        hand: rivals.by_hand_in_floats,
        **peers,
        **ours,
        outcome: made.evaluate,
    }
    racing = {name: partial(_each, rate, floats) for name, rate in racers.items()}
    times = race(racing, operations=len(floats), turns=effort.turns(200))
    goals = {"`bands.status(float)`": 2.0, "`bands.compiled()(float)`": 1.5, outcome: 20.0}
    yield from against(times, hand=hand, peers=peers, goals=goals, ahead=ours)
    hand, ours_exactly = "Decimals by hand", "`bands.status(Decimal)`"
    racing = {
        hand: partial(_each, rivals.by_hand_in_decimals, decimals),
        ours_exactly: partial(_each, bands.status, decimals),
    }
    times = race(racing, operations=len(decimals), turns=effort.turns(200))
    yield from against(times, hand=hand, goals={ours_exactly: 2.0})


def readings(effort: Effort) -> Items:
    """A reading in words rated by a target that has been seen before."""
    distinct = [f"{number / 10}%" for number in range(effort.size(1000))]
    repeated = (distinct[-40:] * 25)[: len(distinct)]
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
    goals = {name: 3.0 for name in racers if name.startswith("`evaluate")}
    times = race(racers, operations=len(distinct), turns=effort.turns(200))
    yield from against(times, hand=hand, goals=goals)
    longer: dict[str, Callable[[], object]] = {
        "`evaluate(...).explanation`": lambda: evaluate(_TARGET, "93.4%", tolerance=_TOLERANCE).explanation,
        "`parse_reading` of `c. £1.2m (p)`, new": partial(_read_afresh, "c. £1.2m (p)"),
    }
    yield from against(race(longer, turns=effort.turns(200)))


def _rule() -> Rule:
    return rule(_TARGET, tolerance=_TOLERANCE)


def _each(rate: Callable[[Any], Any], readings: list[Any]) -> list[Any]:
    return [rate(reading) for reading in readings]


def _read_afresh(text: str) -> object:
    """``parse_reading`` without its memory."""
    return reading._parse.__wrapped__(text, frozenset())


SECTIONS: Final = (Section("numbers", numbers, tuple(rivals.NUMBER_PEERS)), Section("readings", readings))
