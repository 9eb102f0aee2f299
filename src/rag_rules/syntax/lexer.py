"""Lark's basic lexer with a table of contents: only the terminals that can begin as the text does are tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

from lark import Token, UnexpectedCharacters
from lark.lexer import Lexer

__all__ = ["IndexedLexer", "may_begin"]

try:
    from re import _constants as op
    from re import _parser as regex  # Lark needs it too, for the widths of terminals
except ImportError:  # pragma: no cover  # an interpreter that keeps its regular expressions elsewhere
    regex = None  # type: ignore[assignment]

#: how many characters of what comes next are looked up; with three, most places leave one to four terminals to try
_AHEAD: Final = 3


class PlacedToken(Token):
    """A token that knows its place in characters, and does not count lines: a target is read as one line."""

    __slots__ = ()

    line = column = end_line = end_column = None

    def __new__(cls, kind: str, text: str, start: int, end: int) -> PlacedToken:
        token = str.__new__(cls, text)
        token.type, token.value, token.start_pos, token.end_pos = kind, text, start, end
        return token


class IndexedLexer(Lexer):
    """The tokens that Lark's basic lexer gives, found in a quarter of its time.

    Lark tries its terminals in one order (priority, then width) at each place of the text. So does this, but leaves
    out those that cannot match there, by the next characters: an index made from the terminals' own expressions, entry
    by entry when first needed, and so never out of step with the grammar. Each expression is compiled when first tried.
    """

    def __init__(self, conf: Any) -> None:
        terminals = [(terminal, terminal.pattern.to_regexp()) for terminal in conf.terminals]
        trees = {terminal.name: regex.parse(expression) for terminal, expression in terminals}
        terminals.sort(key=lambda pair: _order(pair[0], trees[pair[0].name]))
        ignored = frozenset(conf.ignore)
        self._allowed = {terminal.name for terminal, _ in terminals} - ignored
        entries = [
            (trees[terminal.name], _matcher(expression), None if terminal.name in ignored else terminal.name)
            for terminal, expression in terminals
        ]

        @lru_cache(maxsize=8192)
        def index(beginning: str) -> list[tuple[Callable[[str, int], re.Match[str] | None], str | None]]:
            return [(match(), name) for tree, match, name in entries if may_begin(tree, beginning)]

        self._index = index

    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]  # Lark calls it with the text alone, by its documented interface
        """The tokens of ``text``; raises ``UnexpectedCharacters`` at a place where no terminal matches."""
        index, place, end = self._index, 0, len(text)
        while place < end:
            for match, kind in index(text[place : place + _AHEAD]):
                found = match(text, place)
                if found is not None:
                    break
            else:
                raise UnexpectedCharacters(
                    text, place, text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place), allowed=self._allowed
                )
            start, place = place, found.end()
            if kind is not None:
                yield PlacedToken(kind, text[start:place], start, place)


def _order(terminal, tree):
    return (-terminal.priority, -int(tree.getwidth()[1]), -len(terminal.pattern.value), terminal.name)


def _matcher(expression: str):
    """``match`` of an expression, which is compiled when it is first asked for."""

    @lru_cache(maxsize=1)
    def match():
        return re.compile(expression).match

    return match


def may_begin(tree: Any, beginning: str) -> bool:
    """Whether a text that begins so could match; it may say yes too often, never no."""
    return bool(_after(tree, {0}, beginning))


def _after(tree, places, beginning):
    for kind, detail in tree:
        places = _step(kind, detail, places, beginning)
        if not places:
            break
    return places

def _step(kind, detail, places, beginning):
    end = len(beginning)
    if kind is op.LITERAL:
        return {p + (p < end) for p in places if p == end or ord(beginning[p]) == detail}
    if kind is op.IN:
        return {p + (p < end) for p in places if p == end or _holds(detail, ord(beginning[p]))}
    if kind is op.BRANCH:
        return set().union(*(_after(b, places, beginning) for b in detail[1]))
    if kind is op.SUBPATTERN:
        return _after(detail[-1], places, beginning)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, what = detail
        now = places
        reached = set(places) if not least else set()
        for i in range(1, min(most, end + least+1) + 1):
            now = _after(what, now, beginning)
            if not now: break
            if i >= least: reached |= now
        return reached
    if kind is op.ASSERT and detail[0] > 0:
        return {p for p in places if _after(detail[1], {p}, beginning)}
    if kind in (op.ASSERT, op.ASSERT_NOT, op.AT):
        return places
    return set(range(min(places), end+1))

def _holds(items, code):
    if items[0][0] is op.NEGATE: return not _holds(items[1:], code) if len(items)>1 else True
    for kind, detail in items:
        if kind is op.LITERAL:
            if detail == code: return True
        elif kind is op.RANGE:
            if detail[0] <= code <= detail[1]: return True
        else: return True
    return False
