"""A report as Markdown, for web pages, wikis and repositories."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rag_rules.reports.paper import Block, Heading, Lines, Sentence, paper

if TYPE_CHECKING:
    from rag_rules.models import Report

__all__ = ["render"]

_MARKUP: Final = re.compile(r"[\\`*_\[\]|~#$]")
_HTML: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;"}


def render(report: Report) -> str:
    """``report`` as GitHub-flavoured Markdown; nothing in it that came from outside is markup or HTML."""
    return "\n\n".join(map(_written, paper(report))) + "\n"


def _written(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {_text(text)}"
        case Sentence(text):
            return _text(text)
        case Lines(lines):
            return "\n".join(f"- {_text(line)}" for line in lines)
    return "\n".join([_row(block.heads), f"|{' --- |' * len(block.heads)}", *map(_row, block.rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_text, cells))} |"


def _text(line: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> _text("<£21 | *")
    '&lt;£21 \\| \\*'
    """
    return _MARKUP.sub(r"\\\g<0>", line).translate(_HTML)
