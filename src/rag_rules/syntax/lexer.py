"""Lark's basic lexer with an index: at each place only the terminals that can begin as the text does are tried."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, Final

from lark import Token, UnexpectedCharacters
from lark.exceptions import LexError
from lark.lexer import Lexer
from lark.utils import sre_constants as op  # type: ignore[attr-defined]  # the standard library's, under the name that
from lark.utils import sre_parse  # type: ignore[attr-defined]  # Lark finds it by; Lark measures its terminals with it

__all__ = ["IndexedLexer", "may_begin", "placed"]

#: how many characters of what comes next are looked up: with five, most words leave one to three terminals to try
_SEEN: Final = 5
#: in the index "0" is any digit, or each new number would need entries of its own
_ANY_DIGIT: Final = str.maketrans("123456789", "000000000")

Match = Callable[[str, int], "re.Match[str] | None"]


class PlacedToken(Token):
    """A token that knows its place in characters and counts no lines; targets are too short for that to pay."""

    __slots__ = ()

    line = column = end_line = end_column = None


def placed(kind: str, text: str, start: int, end: int) -> PlacedToken:
    """A token with its place; a function, since a class takes twice as long to call."""
    token = str.__new__(PlacedToken, text)
    token.type = kind
    token.value = text
    token.start_pos = start
    token.end_pos = end
    return token


class IndexedLexer(Lexer):
    """The tokens that Lark's basic lexer gives, several times as fast.

    Lark tries all terminals in one order at each place of a text. This keeps that order and leaves out the terminals
    that cannot match what comes next. Which those are is worked out from their own regular expressions, an entry of
    the index at a time, when a text first needs it; so it cannot fall out of step with the grammar. And an expression
    that no text needs is never compiled.
    """

    def __init__(self, conf: Any) -> None:
        expressions = {terminal.name: terminal.pattern.to_regexp() for terminal in conf.terminals}
        self._trees: Final = {name: sre_parse.parse(expression) for name, expression in expressions.items()}
        widths = {name: tree.getwidth() for name, tree in self._trees.items()}
        if empty := [name for name, (least, _) in widths.items() if not least]:
            raise LexError(f"terminals that match nothing would be found for ever: {', '.join(empty)}")
        order = sorted(
            conf.terminals, key=lambda it: (-it.priority, -widths[it.name][1], -len(it.pattern.value), it.name)
        )
        #: the order in which terminals are tried, which is Lark's
        self.names: Final = tuple(terminal.name for terminal in order)
        self._ignored: Final = frozenset(conf.ignore)
        self._matcher: Final = cache(lambda name: re.compile(expressions[name]).match)
        self._candidates: Final = lru_cache(maxsize=8192)(self._candidates_of)
        self._entry: Final = lru_cache(maxsize=8192)(self._entry_of)

    def lex(self, text: str) -> Iterator[Token]:  # type: ignore[override]  # Lark asks this of a lexer of one's own
        """The tokens of ``text``; raises ``UnexpectedCharacters`` at a place where no terminal matches."""
        entry, place, end = self._entry, 0, len(text)
        while place < end:
            for match, name in entry(text[place : place + _SEEN]):
                if (found := match(text, place)) is not None:
                    start, place = place, found.end()
                    if name is not None:
                        yield placed(name, text[start:place], start, place)
                    break
            else:
                raise self._unexpected(text, place)

    def _unexpected(self, text: str, place: int) -> Exception:
        before = text[:place]
        line, column = before.count("\n") + 1, place - before.rfind("\n")
        allowed = {*self.names} - self._ignored
        error: Exception = UnexpectedCharacters(text, place, line, column, allowed=allowed)  # type: ignore[no-untyped-call]  # Lark's
        return error

    def _entry_of(self, beginning: str) -> list[tuple[Match, str | None]]:
        """What to try where the text goes on with ``beginning``: matchers with kinds, ``None`` for what is ignored."""
        names = self._candidates(beginning.translate(_ANY_DIGIT))
        return [(self._matcher(name), None if name in self._ignored else name) for name in names]

    def _candidates_of(self, beginning: str) -> tuple[str, ...]:
        """The terminals that may begin so, narrowed down a character at a time."""
        wider = self._candidates(beginning[:-1]) if len(beginning) > 1 else self.names
        return tuple(name for name in wider if may_begin(self._trees[name], beginning))


def may_begin(tree: Any, beginning: str) -> bool:
    """Whether a text that begins so could match the parsed expression; "0" is any digit. It errs on the side of yes.

    >>> between = sre_parse.parse("(?:between|with(?:in)?)(?= ?[1-9])")
    >>> [may_begin(between, text) for text in ("betw", "within 0", "with 0", "by", "within x")]
    [True, True, True, False, False]
    """
    return bool(_after(tree, {0}, beginning))


def _after(tree: Any, places: set[int], text: str) -> set[int]:
    """The places of ``text`` that a match of ``tree`` from one of ``places`` may reach.

    The end stands for all that lies beyond, where nothing can be ruled out: what reaches it need go no further.
    """
    for kind, detail in tree.data:
        if not places or len(text) in places:
            break
        places = _after_one(kind, detail, places, text)
    return places


def _after_one(kind: Any, detail: Any, places: set[int], text: str) -> set[int]:
    match kind:
        case op.LITERAL:
            return {place + 1 for place in places if text[place] == _character(detail)}
        case op.IN:
            return {place + 1 for place in places if _holds(detail, text[place])}
        case op.BRANCH:
            branches = tuple(detail[1])
            pairs = ((place, branch) for place in places for branch in _beginning(branches, text[place]))
            return {reached for place, branch in pairs for reached in _after(branch, {place}, text)}
        case op.SUBPATTERN if not detail[1] & re.IGNORECASE:
            return _after(detail[-1], places, text)
        case op.MAX_REPEAT | op.MIN_REPEAT:
            least, most, repeated = detail
            reached = set() if least else places
            for turn in range(1, min(most, least + len(text)) + 1):  # more turns than that reach no further
                places = _after(repeated, places, text)
                reached = reached | places if turn >= least else reached
            return reached
        case op.ASSERT if detail[0] > 0:  # it looks ahead
            return {place for place in places if _after(detail[1], {place}, text)}
        case op.ASSERT | op.ASSERT_NOT | op.AT:
            return places
    return {*places, len(text)}  # whatever else an expression may hold: it could match anything


@cache
def _by_character(branches: tuple[Any, ...]) -> tuple[dict[str, list[Any]], list[Any]]:
    """Long lists of words in order of their first letters, and the branches that begin with something else."""
    table: dict[str, list[Any]] = {}
    others: list[Any] = []
    for branch in branches:
        kind, detail = branch.data[0] if branch.data else (None, 0)
        (table.setdefault(_character(detail), []) if kind is op.LITERAL else others).append(branch)
    return table, others


def _beginning(branches: tuple[Any, ...], character: str) -> list[Any]:
    table, others = _by_character(branches)
    return table.get(character, []) + others


def _character(code: int) -> str:
    return chr(code).translate(_ANY_DIGIT)


def _holds(items: Any, character: str) -> bool:
    """Whether the items of a set may hold a character."""
    code = ord(character)
    low, high = (ord("0"), ord("9")) if character == "0" else (code, code)
    negated = items[0][0] is op.NEGATE
    for kind, detail in items[1:] if negated else items:
        if kind is not op.LITERAL and kind is not op.RANGE:
            return True  # a category such as \w
        first, last = (detail, detail) if kind is op.LITERAL else detail
        if negated and first <= low and high <= last:
            return False
        if not negated and first <= high and low <= last:
            return True
    return negated
