"""Text from outside, made safe to show: what a cell holds may be read, but may not act."""

from __future__ import annotations

from typing import Final

from rag_rules.expressions import expression

__all__ = ["inert", "one_line", "shortened"]

#: what tells a terminal to do something, whole, so that no "[31m" is left behind: CSI, OSC and short escapes
_SEQUENCES: Final = expression(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]"
)
_BREAKS: Final = expression("[\t\n\v\f\r\x85\u2028\u2029]")
#: controls (C0, C1), marks that turn the direction of writing, and characters that cannot be seen;
#: the joiners U+200C and U+200D stay, since Persian and emoji need them
_HIDDEN: Final = expression(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
#: halves of characters, which no file can hold
_HALVES: Final = expression("[\ud800-\udfff]")


def inert(text: str) -> str:
    r"""``text`` without anything a terminal would obey; line breaks and tabs become spaces.

    >>> inert("\x1b[31mred\x1b[0m, \u202eturned\u202c")
    'red, turned'
    """
    text = _BREAKS.sub(" ", _SEQUENCES.sub("", text))
    return _HALVES.sub("\ufffd", _HIDDEN.sub("", text))


def one_line(text: str, limit: int | None = None) -> str:
    """``text`` made inert, with single spaces, and no longer than ``limit``."""
    if text.isprintable() and "  " not in text:  # nothing hidden and no break, as in nearly every text: quick
        line = text.strip(" ")
        return line if limit is None else shortened(line, limit)
    line = " ".join(inert(text).split())
    return line if limit is None else shortened(line, limit)


def shortened(text: str, limit: int) -> str:
    """``text``, or its beginning with "…" where it has more than ``limit`` characters.

    >>> shortened("Between 10%-20%", 10)
    'Between 1…'
    """
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
