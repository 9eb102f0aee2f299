"""Lark's basic lexer with an index: at each place only the terminals that can begin as the text does are tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from rag_rules.syntax.tokens import Token, UnreadableError, placed

__all__ = ["SEEN", "Lexer", "may_begin"]

#: how many characters of what comes next are looked up: with five, most words leave one to three terminals to try
SEEN: Final = 5
#: in the index "0" is any digit, or each new number would need entries of its own
_ANY_DIGIT: Final = str.maketrans("123456789", "000000000")

Match = Callable[[str, int], "re.Match[str] | None"]
_Entry = list[tuple[Match, str | None]]


class Lexer:
    """The tokens that Lark's basic lexer gives, several times as fast.

    Lark tries all terminals in one order at each place of a text. This keeps that order and leaves out the terminals
    that cannot match what comes next. Which those are follows from their own regular expressions (see ``may_begin``),
    and is worked out an entry of the index at a time, when a text first needs it. An expression is compiled when it is
    first tried, since compiling all of them takes longer than reading a thousand texts.
    """

    def __init__(self, terminals: Iterable[tuple[str, str, list[Any]]], ignored: Iterable[str]) -> None:
        """Of each alternative of a terminal, in the order to try them: its name, expression and beginnings; and those to skip."""
        self._terminals: Final = tuple(terminals)
        self._ignored: Final = frozenset(ignored)
        self._matchers: Final = dict[int, Match]()
        self._candidates: Final = lru_cache(maxsize=8192)(self._candidates_of)
        self._entry: Final = lru_cache(maxsize=8192)(self._entry_of)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the terminals in the order in which they are tried, which is Lark's."""
        return tuple(dict.fromkeys(name for name, _, _ in self._terminals))

    def lex(self, text: str) -> Iterator[Token]:
        """The tokens of ``text``; raises ``UnreadableError`` at a place where no terminal matches."""
        entry, place, end = self._entry, 0, len(text)
        while place < end:
            for match, name in entry(text[place : place + SEEN]):
                if (found := match(text, place)) is not None:
                    start, place = place, found.end()
                    if name is not None:
                        yield placed(name, text[start:place], start, place)
                    break
            else:
                raise UnreadableError(place)

    def _entry_of(self, beginning: str) -> _Entry:
        """What to try where the text goes on with ``beginning``: matchers with kinds, ``None`` for what is ignored."""
        numbers = self._candidates(beginning.translate(_ANY_DIGIT))
        names = [self._terminals[number][0] for number in numbers]
        return [
            (self._matcher(number), None if name in self._ignored else name)
            for number, name in zip(numbers, names, strict=True)
        ]

    def _matcher(self, number: int) -> Match:
        def compiled_first(text: str, place: int) -> re.Match[str] | None:
            if number not in self._matchers:
                self._matchers[number] = re.compile(self._terminals[number][1]).match
                self._entry.cache_clear()  # what is made again holds the matcher itself
            return self._matchers[number](text, place)

        return self._matchers.get(number, compiled_first)

    def _candidates_of(self, beginning: str) -> tuple[int, ...]:
        """The numbers of those that may begin so, narrowed down a character at a time."""
        wider = self._candidates(beginning[:-1]) if len(beginning) > 1 else range(len(self._terminals))
        return tuple(number for number in wider if may_begin(self._terminals[number][2], beginning))


def may_begin(beginnings: list[Any], text: str) -> bool:
    """Whether what begins so could match an expression with these beginnings; "0" is any digit. It errs on the side of yes.

    The beginnings of an expression are a list of what comes one after the other:

    * a text: those characters in turn;
    * ``["in", characters]`` and ``["not in", characters]``: one character;
    * a table: one of several, by the character that they begin with; those of which it is not known stand under "";
    * ``["times", least, most, beginnings]``: so many of them in turn;
    * ``["ahead", beginnings]``: they follow, and are not taken;
    * ``["anything"]``: nothing is known of what comes.

    >>> between = [{"b": [["between"]], "w": [["with", ["times", 0, 1, ["in"]]]]}, ["ahead", [["in", " 0"]]]]
    >>> [may_begin(between, text) for text in ("betw", "within 0", "with 0", "by", "withinx")]
    [True, True, True, False, False]
    """
    return bool(_after(beginnings, {0}, text))


def _after(beginnings: list[Any], places: set[int], text: str) -> set[int]:
    """The places of ``text`` that a match from one of ``places`` may reach.

    The end stands for all that lies beyond, where nothing can be ruled out: what reaches it need go no further.
    """
    end = len(text)
    for part in beginnings:
        if not places or end in places:
            break
        if part.__class__ is str:
            places = _after_text(part, places, text)
        elif part.__class__ is dict:
            others = part.get("", [])
            pairs = ((place, branch) for place in places for branch in (*part.get(text[place], ()), *others))
            places = {reached for place, branch in pairs for reached in _after(branch, {place}, text)}
        else:
            places = _after_one(part, places, text)
    return places


def _after_text(part: str, places: set[int], text: str) -> set[int]:
    reached: set[int] = set()
    for place in places:
        if text.startswith(part, place):
            reached.add(place + len(part))
        elif part.startswith(text[place:]):
            reached.add(len(text))
    return reached


def _after_one(part: list[Any], places: set[int], text: str) -> set[int]:
    match part:
        case ["in", characters]:
            return {place + 1 for place in places if text[place] in characters}
        case ["not in", characters]:
            return {place + 1 for place in places if text[place] not in characters}
        case ["times", least, most, repeated]:
            reached = set() if least else places
            for turn in range(1, min(most, least + len(text)) + 1):  # more turns than that reach no further
                places = _after(repeated, places, text)
                reached = reached | places if turn >= least else reached
            return reached
        case ["ahead", following]:
            return {place for place in places if _after(following, {place}, text)}
    return {*places, len(text)}
