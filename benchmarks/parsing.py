"""A target's text to a target, beside other parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from benchmarks import rivals
from benchmarks.table import Effort, Item, Section, against, within
from benchmarks.timing import race
from rag_rules import Setting, parse_target, resolve
from rag_rules.syntax import cache
from rag_rules.syntax.parser import read_target

_TARGET, _TOLERANCE = "at least 95%", "5%"

#: a target, and how it reads with another number in its place
TEXTS: Final = (
    ("<£21", "<£{}"),
    ("at least 95%", "at least {}%"),
    ("95%", "{}%"),
    ("Between 10%-20%", ""),
    ("90% of repairs completed on time", "{}% of repairs completed on time"),
    ("Maintain better than national average (23.7%)", "Maintain better than national average ({}%)"),
    ("5% reduction on 2022/23", ""),
    ("Green ≥95%, Amber 90–95%, Red <90%", ""),
)
#: the first four, which a small grammar reads too, as rule-engine's own language has them
_AS_RULES: Final = ("reading < 21", "reading >= 95", "reading == 95", "reading >= 10 and reading <= 20")


def parsing(effort: Effort) -> Iterator[Item]:
    """A target's text to a target."""
    peers = rivals.peers_in_parsing()
    for number, (text, pattern) in enumerate(TEXTS):
        yield f"**`{text}`**"
        racers: dict[str, Callable[[], object]] = {}
        if number < len(_AS_RULES):
            racers["regular expression by hand"] = partial(rivals.target_by_expression, text)
            expected = rivals.target_by_expression(text)
            for name in ("lark", "pyparsing"):
                assert name not in peers or peers[name](text) == expected, name
        for name, parse in peers.items():
            if number < len(_AS_RULES) or name == "quantulum3":
                racers[name] = partial(parse, _AS_RULES[number] if name == "rule-engine" else text)
        running = [name for name in peers if name in racers]
        racers["ours, new"] = partial(read_target, text)
        if pattern:
            for other in ("81.4", "82.4"):  # two texts make a shape known
                _parse_afresh(pattern.format(other))
            racers["ours, new number"] = partial(_parse_afresh, pattern.format("83.4"))
        times = race(racers, turns=effort.turns(100))
        hand = "regular expression by hand" if "regular expression by hand" in racers else None
        yield from against(times, hand=hand, peers=running, limits={"ours, new": ("lark", 60 / 45)})
    yield "**Otherwise**"
    seen = race({"": partial(parse_target, _TARGET)}, turns=effort.turns(100))[""]
    yield within(f"`{_TARGET}`, seen before", seen, 1e-6)
    resolved = partial(resolve, parse_target(_TARGET), Setting.read(tolerance=_TOLERANCE))
    yield from against(race({"a target in its setting, to its rule and bands": resolved}, turns=effort.turns(100)))


def _parse_afresh(text: str) -> object:
    """``parse_target`` without its memory for whole texts."""
    return cache._parsed.__wrapped__(text, ())


SECTIONS: Final = (Section("parsing", parsing, tuple(rivals.TEXT_PEERS)),)
