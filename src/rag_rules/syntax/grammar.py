"""The grammar file, found and compiled once in a process."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar

from lark import GrammarError, Lark, UnexpectedInput
from lark.parsers.lalr_analysis import Shift

from rag_rules.syntax.builder import Builder
from rag_rules.syntax.lexer import IndexedLexer, placed
from rag_rules.syntax.when_pieces import WhenBuilder

__all__ = ["TargetParser", "date_parser", "grammar_text", "target_parser"]

_Row = dict[str, Any]
_Build = Callable[[list[Any]], Any]
_Parser = TypeVar("_Parser", bound=Lark)

_HERE = Path(__file__).parent


@cache
def grammar_text() -> str:
    """The text of ``target.lark``: beside this module in an installed package, else in the checkout's ``grammar/``."""
    for folder in (_HERE, _HERE.parents[2] / "grammar"):
        file = folder / "target.lark"
        if file.is_file():
            return file.read_text("utf-8")
    from importlib.resources import files  # an installation that is not a folder: a zipped wheel

    return files("rag_rules.syntax").joinpath("target.lark").read_text("utf-8")


@cache
def target_parser() -> TargetParser:
    """The compiled grammar with its builder inside."""
    return _compiled(lambda: TargetParser(grammar_text(), Builder()))


@cache
def date_parser() -> Lark:
    """The compiled grammar of deadlines and periods; it holds the terminals that those need, and no others."""
    starts = ["deadline", "period"]
    return _compiled(
        lambda: Lark(
            grammar_text(), parser="lalr", lexer=IndexedLexer, start=starts, maybe_placeholders=False,
            transformer=WhenBuilder(),
        )
    )  # fmt: skip


def _compiled(compile_it: Callable[[], _Parser]) -> _Parser:
    was_enabled = gc.isenabled()
    gc.disable()  # compiling makes a great many objects and no garbage; looking for some takes a quarter of the time
    try:
        return compile_it()
    finally:
        if was_enabled:
            gc.enable()


_END: Final = (placed("$END", "", 0, 0),)


class TargetParser(Lark):
    """Lark, with a short way through its own table for texts that have no error.

    Most of Lark's time for a short text goes into what only errors need: counting lines, keeping a state that can be
    resumed. ``parse`` does without, and leaves a text that does not parse to Lark, which then says why in its own way.
    """

    def __init__(self, grammar: str, builder: Builder) -> None:
        starts = ["start", "refused"]
        super().__init__(
            grammar, parser="lalr", lexer=IndexedLexer, start=starts, maybe_placeholders=False, transformer=builder
        )
        lexer: Any = self.parser.lexer
        inner: Any = self.parser.parser.parser
        rows = _rows(inner.parse_table.states, inner.callbacks, builder)
        self._lex: Final = lexer.lexer.lex
        self._first: Final = rows[inner.parse_table.start_states["start"]]
        self._last: Final = rows[inner.parse_table.end_states["start"]]

    def parse(self, text: str, start: str | None = None, on_error: Any = None) -> Any:  # type: ignore[override]  # texts only
        """What the builder makes of ``text``; raises as Lark does."""
        if start == "start" and on_error is None:
            try:
                return self._parsed(text)
            except (UnexpectedInput, KeyError):
                pass
        return super().parse(text, start, on_error)

    def _parsed(self, text: str) -> Any:
        row, last = self._first, self._last
        rows, values = [row], list[Any]()
        for token in chain(self._lex(text), _END):
            while (action := row[token.type]).__class__ is tuple:
                length, build, name = action
                if build is None:
                    row = rows[-1] = rows[-2][name]
                    continue
                value = build(values[-length:] if length else [])
                if length:
                    del rows[-length:], values[-length:]
                row = rows[-1][name]
                if row is last:
                    return value
                rows.append(row)
                values.append(value)
            row = action
            rows.append(row)
            values.append(token)
        raise AssertionError("no rule takes the end of the text")


def _rows(states: dict[Any, Any], callbacks: dict[Any, _Build], builder: Builder) -> dict[Any, _Row]:
    """Lark's table with the builder inside.

    For each state, what comes of a token, or of a rule that has ended: the row of the next state, or a rule that ends
    here, as its length, what builds its value, and its name.
    """
    rows: dict[Any, _Row] = {state: {} for state in states}
    for state, actions in states.items():
        for name, (action, arg) in actions.items():
            if action is Shift:
                rows[state][str(name)] = rows[arg]
            else:
                rows[state][str(name)] = (
                    len(arg.expansion),
                    _build_of(arg, callbacks[arg], builder),
                    str(arg.origin.name),
                )
    for row in rows.values():
        for name, after in row.items():
            while (other := _only_renamed(after)) is not None:
                after = row[other]  # a state that would only be passed through
            row[name] = after
    return rows


def _only_renamed(row: Any) -> str | None:
    """The rule that a state always ends, where that rule is worth the one child that it has."""
    actions = list(row.values()) if row.__class__ is dict else []
    if actions and all(action.__class__ is tuple and action[1:] == (None, actions[0][2]) for action in actions):
        return str(actions[0][2])
    return None


def _build_of(rule: Any, callback: _Build, builder: Builder) -> _Build | None:
    """What makes a rule's value of its children's; ``None`` where it is worth its one child.

    It is Lark's callback, except where Lark makes a tree and takes it apart again: a repetition, whose name Lark begins
    with two underscores, is a list here, and an inlined rule such as `_piece` is the one child that it has.
    """
    name, is_list = rule.origin.name, rule.origin.name.startswith("__")
    lists = [not symbol.is_term and symbol.name.startswith("__") for symbol in rule.expansion]
    if len(lists) == 1 and not is_list and not rule.alias and (rule.options.expand1 or name.startswith("_")):
        return None
    if not is_list and name.startswith("_"):
        raise GrammarError(f"the rule {name} holds more than one thing, and so cannot stand for it")
    if not is_list and not any(lists):
        return callback
    build: _Build = list if is_list else getattr(builder, rule.alias or name)
    if lists == [True]:
        return lambda children: build(children[0])
    pairs = tuple(enumerate(lists))
    return lambda children: build([each for i, many in pairs for each in (children[i] if many else [children[i]])])
