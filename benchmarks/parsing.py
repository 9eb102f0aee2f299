"""A target's text to a target, beside other parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from benchmarks import rivals
from benchmarks.table import Effort, Items, Section, against
from benchmarks.timing import race
from rag_rules import Setting, parse_target, resolve
from rag_rules.syntax import cache
from rag_rules.syntax.parser import read_target

_TARGET, _TOLERANCE = "at least 95%", "5%"

_BANDS: Final = "Green ≥{1}%, Amber {0}–{1}%, Red <{0}%"
#: a target, and how it reads with other numbers in their places
TEXTS: Final = (
    ("<£21", "<£{}"),
    ("at least 95%", "at least {}%"),
    ("95%", "{}%"),
    ("Between 10%-20%", "Between {}%-{}%"),
    ("90% of repairs completed on time", "{}% of repairs completed on time"),
    ("Maintain better than national average (23.7%)", "Maintain better than national average ({}%)"),
    ("5% reduction on 2022/23", ""),
    ("Green ≥95%, Amber 90–95%, Red <90%", _BANDS),
)
#: the first four, which a small grammar reads too, as rule-engine's own language has them
_AS_RULES: Final = ("reading < 21", "reading >= 95", "reading == 95", "reading >= 10 and reading <= 20")


def parsing(effort: Effort) -> Items:
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
            for other in range(71, 79):  # eight texts make a pattern known
                _parse_afresh(pattern.format(f"{other}.4", f"{other + 10}.4"))
            racers["ours, new numbers"] = partial(_parse_afresh, pattern.format("83.4", "93.4"))
        times = race(racers, turns=effort.turns(100))
        hand = "regular expression by hand" if "regular expression by hand" in racers else None
        yield from against(times, hand=hand, peers=running, limits={"ours, new": ("lark", 60 / 45)})
    yield "**Otherwise**"
    seen = f"`{_TARGET}`, seen before"
    yield from against(race({seen: partial(parse_target, _TARGET)}, turns=effort.turns(100)), at_most={seen: 1e-6})
    resolved = partial(resolve, parse_target(_TARGET), Setting.read(tolerance=_TOLERANCE))
    yield from against(race({"a target in its setting, to its rule and bands": resolved}, turns=effort.turns(100)))


#: phrases with a place for a number, or two, that the small grammar reads too
_SHORT: Final = ("<£{}", "at least {}%", "{}%", "more than {} days", "no more than £{}", ">={}")
_LONG: Final = (
    "{}% of repairs completed on time",
    "Maintain better than national average ({}%)",
    "at least {}% of calls answered within 20 seconds",
    "no more than {} days lost to sickness per employee",
)
_OF_TWO: Final = ("Between {}%-{}%", "{} to {} days", _BANDS)
#: what a column of targets may hold: short and long, with one number and with two
MIXTURE: Final = _SHORT + _LONG + _OF_TWO
_COLUMNS: Final = (
    ("a million short ones, as the small grammar reads them", 1_000_000, _SHORT, True),
    ("200,000 of ten sentences, short and long", 200_000, _SHORT + _LONG, False),
    ("200,000 with two numbers, as in `Between 21%-31%`", 200_000, _OF_TWO[:1], True),
    ("200,000 with bands written out, as in `Green ≥95%, Amber 90–95%, Red <90%`", 200_000, _OF_TWO[2:], False),
)


def column_of_texts(count: int, patterns: Sequence[str] = MIXTURE) -> list[str]:
    """So many texts, all of which differ: their numbers are between 21 and 91, with up to five decimals."""
    texts: list[str] = []
    for each in range(count):
        number = Decimal(2_100_000 + each * 7_000_000 // count).scaleb(-5).normalize()
        texts.append(patterns[each % len(patterns)].format(f"{number:f}", f"{number + 10:f}"))
    return texts


def columns(effort: Effort) -> Items:
    """A column of target texts, all of which differ, each text"""
    hand, plain = "regular expression by hand", "lark"
    small = rivals.peers_in_parsing().get(plain)
    for title, usual, patterns, is_small in _COLUMNS:
        yield f"**{title[0].upper()}{title[1:]}**"
        count = effort.size(usual)
        texts = column_of_texts(count, patterns)
        assert len(set(texts)) == count
        racers: dict[str, Callable[[str], object]] = {"`parse_target`": parse_target}
        peers = [plain] if is_small and small is not None else []
        if is_small and small is not None:
            racers = {hand: rivals.target_by_expression, plain: small, **racers}
        turns = effort.turns(10)
        size = count // turns
        parts = [texts[start : start + size] for start in range(0, count, size)]
        racing = {name: partial(_each_of_next, parse, iter(parts)) for name, parse in racers.items()}
        times = race(racing, operations=size, turns=turns, once=True)
        goal = {"`parse_target`": 25e-6}
        yield from against(times, hand=hand if peers else None, peers=peers, at_most=goal)


def _each_of_next(parse: Callable[[str], object], chunks: Iterator[list[str]]) -> None:
    for text in next(chunks):
        parse(text)


def _parse_afresh(text: str) -> object:
    """``parse_target`` without its memory for whole texts."""
    return cache._parsed.__wrapped__(text, ())


SECTIONS: Final = (
    Section("parsing", parsing, tuple(rivals.TEXT_PEERS)),
    Section("columns", columns, ("lark",)),
)
