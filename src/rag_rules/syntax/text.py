"""Text made plain for reading: the same letters in one spelling, each at its own place."""

from __future__ import annotations

import re
from typing import Final

from rag_rules.errors import RagRulesError, check_kind
from rag_rules.expressions import expression

__all__ = ["LONGEST_TEXT", "MOST_DIGITS", "check_size", "fold", "tidy"]

LONGEST_TEXT: Final = 500
MOST_DIGITS: Final = 30

_SPACES = "\t\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u202f\u205f\u3000"
#: width-less marks: soft hyphen, zero-width characters, marks of writing direction, byte order mark
_INVISIBLE = (
    "\xad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_ONE_TO_ONE = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－⁻", "-"),
        **dict.fromkeys("‘’‚‛′`´＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("≤⩽≦", "≤"),
        **dict.fromkeys("≥⩾≧", "≥"),
        **dict.fromkeys("‹＜⟨", "<"),
        **dict.fromkeys("›＞⟩", ">"),
        **dict.fromkeys("％﹪", "%"),
        **dict.fromkeys("﹤", "<"),
        **dict.fromkeys("￡", "£"),
        **dict.fromkeys("≈∼～", "~"),
        **dict.fromkeys("₂", "2"),
        **{chr(0xFF01 + i): chr(0x21 + i).lower() for i in range(94) if chr(0xFF01 + i) not in "＇＂－＜＞％～"},
        **dict.fromkeys("¹²³⁰⁴⁵⁶⁷⁸⁹", "†"),
        "\xa6": "|",
    }
)
#: what only some texts hold, and few of them
_ODD: Final = frozenset(f"\n{_SPACES}{_INVISIBLE}")
_SPACING = expression(
    f"[ {_SPACES}{_INVISIBLE}]*\n[ \n{_SPACES}{_INVISIBLE}]*|[ {_SPACES}]*[{_INVISIBLE}]+[ {_SPACES}]*|[{_SPACES}]+ *|  +[{_SPACES} ]*"
)
_DIGITS = expression(r"[0-9][0-9,. ]{29,}")
_AFTER_DIGIT = expression(r"(?<=[0-9])[⁰¹²³⁴-⁹]")


def check_size(text: str, error: type[RagRulesError], *, longest: int = LONGEST_TEXT) -> None:
    """Refuse, as ``error``, a text too long to be a target or a reading, or with a number of too many digits; and what is none."""
    check_kind(text, str, "text", error)
    if len(text) > longest:
        raise error(
            f"the text has {len(text):,} characters, more than {longest}",
            hint="a target is a short phrase; move the rest to a description",
        )
    if len(text) >= MOST_DIGITS and (long := _DIGITS.search(text)):
        digits = sum(character.isdigit() for character in long.group())
        if digits > MOST_DIGITS:
            raise error(
                f"a number of {digits} digits is more than the {MOST_DIGITS} allowed", text=text, span=long.span()
            )


def tidy(text: str) -> str:
    """The text with single spaces, and without invisible characters and edges of white space.

    >>> tidy(" 95\\xa0%  of\\tcases ")
    '95 % of cases'
    """
    if text.isascii() and "  " not in text and "\n" not in text and "\t" not in text and "\r" not in text:
        return text.strip()
    if "  " not in text and _ODD.isdisjoint(text):
        return text.strip(" ")
    return _SPACING.sub(_space, text).strip(" \n")


def _space(found: re.Match[str]) -> str:
    spaces = found.group()
    if "\n" in spaces:
        return "\n"
    return " " if any(character == " " or character in _SPACES for character in spaces) else ""


def fold(text: str) -> str:
    """The text in lower case with one spelling of each sign; every character stays at its place.

    >>> fold("Between 10%–20％")
    'between 10%-20%'
    """
    if text.isascii():
        return text.lower()
    if any(sign in text for sign in "⁰¹²³⁴⁵⁶⁷⁸⁹"):
        text = _AFTER_DIGIT.sub("^", text)  # 10² is a footnote or a square; the grammar refuses the sign
    folded = text.translate(_ONE_TO_ONE)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)
