"""The grammar file, found and compiled once in a process."""

from __future__ import annotations

from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from lark import Lark, UnexpectedInput
from lark.parsers.lalr_analysis import Shift

from rag_rules.syntax.builder import Builder
from rag_rules.syntax.lexer import IndexedLexer, PlacedToken

__all__ = ["TargetParser", "grammar_text", "target_parser"]

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
    return TargetParser(grammar_text(), Builder())


_END: Final = (PlacedToken("$END", "", 0, 0),)


class TargetParser(Lark):
    """Lark, with a short way through its own table for texts that have no error.

    Most of Lark's time for a short text goes into what only errors need: counting lines, keeping a state that can be
    resumed. ``parse`` does without, and leaves a text that does not parse to Lark, which then says why in its own way.
    """

    def __init__(self, grammar: str, builder: Builder) -> None:
        super().__init__(
            grammar, parser="lalr", lexer=IndexedLexer, start=["start", "refused"], maybe_placeholders=False, transformer=builder
        )
        lexer: Any = self.parser.lexer
        self._lex: Final = lexer.lexer.lex
        inner: Any = self.parser.parser.parser
        table = inner.parse_table
        #: for each state what to do at a token, or after a rule: a row to go to, or a rule's length, callback and name
        rows: dict[int, dict[str, Any]] = {state: {} for state in table.states}
        for state, actions in table.states.items():
            for name, (action, what) in actions.items():
                rows[state][name] = rows[what] if action is Shift else (len(what.expansion), inner.callbacks[what], what.origin.name)
        self._first: Final = rows[table.start_states["start"]]
        self._last: Final = rows[table.end_states["start"]]

    def parse(self, text: str, start: str | None = None, on_error: Any = None) -> Any:  # type: ignore[override]  # it takes texts only
        """What the builder makes of ``text``; raises as Lark does."""
        if start != "start" or on_error is not None:
            return super().parse(text, start, on_error)
        try:
            return self._parsed(text)
        except (UnexpectedInput, KeyError):
            return super().parse(text, start)

    def _parsed(self, text: str) -> Any:
        last, row = self._last, self._first
        rows, values = [row], []
        for token in chain(self._lex(text), _END):
            kind = token.type
            while (action := row[kind]).__class__ is tuple:
                length, build, name = action
                if length:
                    built = build(values[-length:])
                    del rows[-length:], values[-length:]
                else:
                    built = build([])
                row = rows[-1][name]
                values.append(built)
                rows.append(row)
                if row is last:
                    return built
            row = action
            rows.append(row)
            values.append(token)
        raise AssertionError("the end of a text is taken by no rule")
