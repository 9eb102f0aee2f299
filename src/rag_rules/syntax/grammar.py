"""The grammar file, found and compiled once in a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lark import Lark

from rag_rules.syntax.builder import Builder

__all__ = ["grammar_text", "target_parser"]

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
def target_parser() -> Lark:
    """The compiled grammar with its builder inside."""
    return Lark(
        grammar_text(), parser="lalr", lexer="basic", start=["start", "refused"], maybe_placeholders=False, transformer=Builder()
    )
