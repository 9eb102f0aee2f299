"""What tokens are called in messages, and which words look like a keyword mistyped."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

__all__ = ["called", "mistyped"]

#: the names of tokens as users know them
_NAMES: Final = {
    "AMOUNT": "an amount",
    "LESS_THAN": "a comparison",
    "AT_MOST": "a comparison",
    "AT_LEAST": "a comparison",
    "MORE_THAN": "a comparison",
    "EQUAL": "a comparison",
    "BETTER_THAN": "a comparison",
    "NO_WORSE_THAN": "a comparison",
    "BETWEEN": "“between”",
    "AND": "“and” with an amount",
    "TO": "“to” with an amount",
    "DASH": "a dash",
    "PLUS_MINUS": "“±”",
    "DEADLINE": "a deadline",
    "CLOSE": "a closing bracket",
    "UNIT_WORD": "a unit",
    "OR_MORE": "“or more”",
    "OR_LESS": "“or less”",
}
_ORDER: Final = tuple(dict.fromkeys(_NAMES.values()))


def called(expected: set[str]) -> tuple[str, ...]:
    """The token names as users know them, the commonest first; at the start of a text, just the kinds of target."""
    if "NO_TARGET" in expected and "BETWEEN" in expected:
        return ("a comparison", "an amount", "“between”", "a benchmark", "a word such as Good")
    names = {_NAMES[name] for name in expected if name in _NAMES}
    return tuple(name for name in _ORDER if name in names)[:4]


_KEYWORDS: Final = (
    "between least minimum maximum exceed exceeding exceeds greater fewer higher lower below above under within "
    "reduce reduction increase decrease improvement improve better national average quartile baseline amber "
    "without cumulative tolerance percent less more than working business calendar percentage minutes upto"
).split()
#: ordinary words that are one letter from a keyword
_ORDINARY: Final = frozenset(
    "lease leased east last feast beast release hire hired tower power flower mower loser lover owner love bellow bellows "
    "wonder thunder sunder udder hunder under-fives within letter butter bitter setter getter wetter batter nationals "
    "nationally rational notional average averages averaged beverage leverage creased grease reduces reduced increases "
    "increased decreases decreased improves improved improving lesser lessen lesson lessons mess bless unless loss lens "
    "legs less-than core wore bore sore fore mere move moved moves mode model moss store score shore ignore chore tore "
    "pore gore lore them then that thin than thank hand chan plan clan ember umber member timber camber "
    "percents percentile higher-level fewer sewer fever newer viewer hewer above abode about lowers slower lowest "
    "greater grater crater maximums minimums miniumum excel excels succeed proceed exceeded baselined tolerances "
    "women woman men min open often oven even ten tan tha her hers the bester bets best beet meet rest rate rates live "
    "lives lived late lates later lat leas lead leads meter mere man may many mare mores lass las les".split()
) - {"les", "miniumum", "tha"}


def _deletes(word: str) -> set[str]:
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


_NEIGHBOURS: Final[dict[str, str]] = {}
for _keyword in _KEYWORDS:
    for _shape in _deletes(_keyword):
        _NEIGHBOURS.setdefault(_shape, _keyword)


@lru_cache(maxsize=4096)
def mistyped(word: str) -> str | None:
    """The keyword that ``word`` (lower case) is most likely a mistyping of, if any.

    >>> mistyped("betwen"), mistyped("atleast"), mistyped("repairs")
    ('between', 'at least', None)
    """
    if word in _ORDINARY or word in _KEYWORDS or len(word) < 3:
        return None
    if word in ("nto", "ont", "nott"):
        return "not"
    glued = re.fullmatch(r"at(least|most)|no(more|less)(than)?|(less|more|fewer|greater|higher|lower|better)than", word)
    if glued:
        return re.sub(r"^(at|no)", r"\1 ", re.sub(r"than$", " than", word))
    for shape in (word, *_deletes(word)):
        keyword = _NEIGHBOURS.get(shape)
        if keyword is not None and (len(word) > 4 or len(keyword) == len(word) + 1) and word[0] == keyword[0]:
            if word == f"{keyword}s" or word == f"{keyword}d" or keyword == f"{word}s":
                return None
            return keyword
    return None
