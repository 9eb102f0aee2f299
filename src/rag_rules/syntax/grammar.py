"""The parsers of the grammar, made of its stored tables; once in a process.

The tables in ``stored/`` are what Lark makes of ``target.lark``: its terminals, and its LALR states and rules. A script
writes them, so that neither Lark nor its work is needed to read a text. They carry the check sum of the grammar that
they were made of; where that is not the grammar that is there, Lark compiles it afresh.
"""

from __future__ import annotations

import gc
import json
import os.path
from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import Any, Final
from zlib import crc32

from rag_rules.syntax.builder import Builder
from rag_rules.syntax.lexer import Lexer
from rag_rules.syntax.tokens import MisplacedError, placed

__all__ = ["PARSERS", "TableParser", "compiled", "date_parser", "grammar_text", "target_parser"]

_Row = dict[str, Any]
_Build = Callable[[list[Any]], Any]

_HERE = os.path.dirname(os.path.abspath(__file__))
#: the start symbols of each parser, and those that only keep their terminals in its lexer
PARSERS: Final = {"target": (("start",), ("refused",)), "time": (("deadline", "period"), ())}


@cache
def grammar_text() -> str:
    """The text of ``target.lark``: beside this module in an installed package, else in the checkout's ``grammar/``."""
    for folder in (_HERE, os.path.join(_HERE, "..", "..", "..", "grammar")):
        file = os.path.join(folder, "target.lark")
        if os.path.isfile(file):
            with open(file, encoding="utf-8") as opened:
                return opened.read()
    return _packed("target.lark")


def _packed(name: str) -> str:
    """A file of this package in an installation that is not a folder: a zipped wheel."""
    from importlib.resources import files

    return files("rag_rules.syntax").joinpath(name).read_text("utf-8")


@cache
def target_parser() -> TableParser:
    """The parser of targets with its builder inside."""
    return TableParser(_tables("target"), Builder())


@cache
def date_parser() -> TableParser:
    """The parser of deadlines and periods; it knows the terminals that those need, and no others."""
    from rag_rules.syntax.when_pieces import WhenBuilder

    return TableParser(_tables("time"), WhenBuilder())


def _tables(name: str) -> dict[str, Any]:
    """The tables of a parser: the stored ones, if they are those of the grammar that is there."""
    try:
        tables: dict[str, Any] = json.loads(_stored(name))
        if tables["grammar"] == crc32(grammar_text().encode()):
            return tables
    except (OSError, ValueError, KeyError):
        pass  # there are none, or what is there is no table
    return compiled(name)


def _stored(name: str) -> str:
    file = os.path.join(_HERE, "stored", f"{name}.json")
    if not os.path.isfile(file):
        return _packed(f"stored/{name}.json")
    with open(file, encoding="utf-8") as opened:
        return opened.read()


def compiled(name: str) -> dict[str, Any]:
    """The tables that Lark makes of the grammar for one of ``PARSERS``, with the check sum of the grammar."""
    from rag_rules.syntax.compiling import tables_of

    was_enabled = gc.isenabled()
    gc.disable()  # compiling makes a great many objects and no garbage; looking for some takes a quarter of the time
    try:
        return {"grammar": crc32(grammar_text().encode()), **tables_of(grammar_text(), *PARSERS[name])}
    finally:
        if was_enabled:
            gc.enable()


class TableParser:
    """An LALR parser that runs tables as Lark makes them, and builds while it reads."""

    def __init__(self, tables: dict[str, Any], builder: object) -> None:
        symbols = tables["symbols"]
        self.lexer: Final = Lexer(tables["terminals"], tables["ignored"])
        #: the names of the builder's methods that the rules need
        self.methods: Final = frozenset(how for _, _, how, _ in tables["rules"] if how)
        rules = [
            (length, _build_of(how, length, spliced, builder), symbols[name])
            for name, length, how, spliced in tables["rules"]
        ]
        rows: list[_Row] = [{} for _ in tables["states"]]
        after = [*rows, *rules]  # a rule's number is negative, and the last of a list is its -1st
        after[len(rows) :] = reversed(rules)
        name_of, action_of = symbols.__getitem__, after.__getitem__
        for row, pairs in zip(rows, tables["states"], strict=True):
            row.update(zip(map(name_of, pairs[::2]), map(action_of, pairs[1::2]), strict=True))
        self._starts: Final = {start: (rows[first], rows[last]) for start, (first, last) in tables["starts"].items()}

    def parse(self, text: str, start: str) -> Any:
        """What the builder makes of ``text``.

        Raises ``UnreadableError`` where no token begins, ``MisplacedError`` for a token that no rule takes, and what the builder
        raises.
        """
        row, last = self._starts[start]
        rows, values = [row], list[Any]()
        for token in chain(self.lexer.lex(text), (placed("$END", "", len(text), len(text)),)):
            kind = token.type
            while (action := row.get(kind)).__class__ is tuple:
                length, build, name = action
                if build is None:
                    row = rows[-1] = rows[-2][name]
                else:
                    value = build(values[-length:] if length else [])
                    if length:
                        del rows[-length:], values[-length:]
                    row = rows[-1][name]
                    if row is last:
                        return value
                    rows.append(row)
                    values.append(value)
            if action is None:
                raise MisplacedError(token, _accepted(rows, last))
            row = action
            rows.append(row)
            values.append(token)
        raise AssertionError("no rule takes the end of the text")


def _accepted(rows: list[_Row], last: _Row) -> frozenset[str]:
    """The kinds of token that a rule would take, where these rows have been reached."""
    return frozenset(kind for kind in rows[-1] if kind.isupper() and _is_taken(kind, rows, last))


def _is_taken(kind: str, rows: list[_Row], last: _Row) -> bool:
    rows = list(rows)
    while (action := rows[-1].get(kind)).__class__ is tuple:
        length, _, name = action
        if length:
            del rows[-length:]
        rows.append(rows[-1][name])
    return action is not None or rows[-1] is last


def _build_of(how: str | None, length: int, spliced: list[int], builder: object) -> _Build | None:
    """What makes a rule's value of its children's; ``None`` where it is worth its one child.

    ``how`` is the builder's method, "" for a list; children at the places ``spliced`` are lists, of which it takes up
    what they hold.
    """
    if how is None:
        return None
    build: _Build = list if how == "" else getattr(builder, how)
    if not spliced:
        return build
    if spliced == [0] and length == 1:
        return lambda children: build(children[0])
    if spliced == [0] and length == 2 and how == "":
        return _longer
    return lambda children: build(
        [each for place, child in enumerate(children) for each in (child if place in spliced else [child])]
    )


def _longer(children: list[Any]) -> list[Any]:
    found: list[Any] = children[0]
    found.append(children[1])
    return found
