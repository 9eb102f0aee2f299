"""The grammar file, found and compiled once in a process."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from lark import Lark, UnexpectedInput
from lark.parsers.lalr_analysis import Shift

from rag_rules.syntax.builder import Builder
from rag_rules.syntax.lexer import IndexedLexer, placed

__all__ = ["TargetParser", "grammar_text", "target_parser"]

_Row = dict[str, Any]

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
    was_enabled = gc.isenabled()
    gc.disable()  # compiling makes a great many objects and no garbage; looking for some takes a quarter of the time
    try:
        return TargetParser(grammar_text(), Builder())
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
        table = inner.parse_table
        #: for each state what comes of a token or of a rule that has ended: the row of the next state, or a rule that
        #: ends here, as its length, its builder and its name
        rows: dict[Any, _Row] = {state: {} for state in table.states}
        for state, actions in table.states.items():
            for name, (action, arg) in actions.items():
                if action is Shift:
                    rows[state][str(name)] = rows[arg]
                else:
                    build = _builder_of(arg, inner.callbacks[arg], builder)
                    rows[state][str(name)] = len(arg.expansion), build, str(arg.origin.name)
        self._lex: Final = lexer.lexer.lex
        self._first: Final = rows[table.start_states["start"]]
        self._last: Final = rows[table.end_states["start"]]

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
                if length:
                    value = build(values[-length:])
                    del rows[-length:], values[-length:]
                else:
                    value = build([])
                row = rows[-1][name]
                if row is last:
                    return value
                rows.append(row)
                values.append(value)
            row = action
            rows.append(row)
            values.append(token)
        raise AssertionError("no rule takes the end of the text")


def _builder_of(rule: Any, callback: Callable[[list[Any]], Any], builder: Builder) -> Callable[[list[Any]], Any]:
    """What makes a rule's value of its children's: Lark's callback, except for rules that Lark inlines.

    Lark makes a tree of such a rule (`_piece`, a repetition) and takes it apart again; here it is a list from the start.
    """
    inlined = [not symbol.is_term and symbol.name.startswith("_") for symbol in rule.expansion]
    is_inlined = rule.origin.name.startswith("_")
    if not is_inlined and not any(inlined):
        return callback
    build: Callable[[list[Any]], Any] = list if is_inlined else getattr(builder, rule.alias or rule.origin.name)
    if inlined == [True]:
        return lambda children: build(children[0])
    pairs = tuple(enumerate(inlined))
    return lambda children: build([each for i, many in pairs for each in (children[i] if many else [children[i]])])
