"""Words of time that are mistyped: near a keyword, and no word of their own."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rag_rules.periods import MONTHS

__all__ = ["is_broken", "meant"]

_KEYWORDS: Final = frozenset(
    "spring summer autumn winter quarter half first second third fourth early week weeks month months year years days "
    "since before after until from between through throughout within following ahead prior later onwards each every "
    "start starts starting commencing beginning commences end ending ended financial fiscal academic school calendar "
    "federal working clear revised delayed extended deferred rescheduled postponed originally previously completed "
    "complete annually quarterly monthly biannually yearly weekly ongoing".split()
) | {month.lower() for month in MONTHS if month != "May"}
#: ordinary words that are one letter from a keyword
_ORDINARY: Final = frozenset(
    "late mid form frog prom fro farm firm halt hall hale halo calf weak seek meek weed weep peek weeds seeks reek geek bear dear fear "
    "gear hear near pear rear tear wear yearn ear fears gears tears bears ears hears nears wears ways says pays lays bays "
    "rays day dams dais dogs alter rafter altar untie nearly dearly pearly earls string sprint sprung springs simmer hummer "
    "drummer winner wither winters summers autumns fist firsts seconds forth fourths smart stark star stars tart stat stats "
    "stars sending lending pending mending bending tending vending endings tended mended sended ceded vended fended beach "
    "reach teach peach ear ever very water latter layer hater mater rater cater date dater quarters quartet schools mouths "
    "mouth worming wording forking walking clean lear clears bleak cleat devised revises relayed decayed relays staring "
    "starling stating stared match marsh arch larch tune dune jane prune jury duly bully duty augusta eight send lend "
    "tend bend mend vend and send ends weekly ever thirst bird thirds halves halved though thorough tough rough trough "
    "withing extends extender attended intended completes completely competed complex compete prior priory priors prion "
    "lend deferred referred differed head heads ahead behead alternately reeks leeks leek ached aches ditch fresh "
    "hearty yeah yeas wears pay pays says dry days' stare star's sort sorts smarts tarts darts apart federate federals feral "
    "monthly monthlies weekend annual annuals week's year's day's later's clear-cut cleared clearer march's marched marches".split()
)


_MONTH_NAMES: Final = tuple(month.lower() for month in MONTHS if len(month) > 3)
_OF_OTHER_WORDS: Final = ("marche", "marchi", "augusta", "augusti")
#: the small words that may stand directly before a time, and others that a slip makes of "to", "by", "of", "in", "on", "at"
_SMALL: Final = ("to", "by", "of", "in", "on", "at")
_SMALL_ORDINARY: Final = frozenset("is as be it up us we no so do if go an am pm mr dr ie eg".split())


def is_broken(word: str) -> bool:
    """Whether a word directly before a time may be what is left of another: "t June 2024", "form April 2024", "o/c".

    >>> [is_broken(word) for word in ("t", "too", "o/c", "form", "is", "draft")]
    [True, True, True, True, False, False]
    """
    if any(character.isdigit() for character in word) or word in ("form", "fro", "mis", "lat"):
        return True
    if "/" in word:
        return len(word) < 5
    return (
        len(word) < 4
        and word not in _SMALL_ORDINARY
        and (len(word) < 3 or any(_is_one_slip(word, small) for small in _SMALL))
    )


@lru_cache(maxsize=4096)
def meant(word: str) -> str | None:
    """The keyword that ``word`` (lower case) is most likely a mistyping of, if any.

    >>> meant("setpember"), meant("quater"), meant("form"), meant("repairs")
    ('september', 'quarter', None, None)
    """
    if len(word) < 3 or word in _KEYWORDS or word in _ORDINARY:
        return None
    for month in _MONTH_NAMES:
        if word != month and (word.startswith(month) or word.endswith(month)) and not word.startswith(_OF_OTHER_WORDS):
            return month
    near = {
        keyword
        for keyword in _KEYWORDS
        if abs(len(keyword) - len(word)) < 2 and len(keyword) > 3 and _is_one_slip(word, keyword)
    }
    return min(near, default=None)


def _is_one_slip(word: str, keyword: str) -> bool:
    """Whether one letter is missing, too many, another one, or in the other order."""
    start = next((at for at, (one, other) in enumerate(zip(word, keyword, strict=False)) if one != other), None)
    if start is None:
        return True
    rest, wanted = word[start:], keyword[start:]
    return (
        rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )  # fmt: skip
