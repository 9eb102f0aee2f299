"""Colours as numbers: their contrast, and how one is made lighter or darker until it can be seen."""

from __future__ import annotations

import re
from typing import Final

from rag_rules.errors import SettingError

__all__ = ["DARK_PAPER", "LEAST", "LIGHT_PAPER", "contrast", "seen_on"]

LIGHT_PAPER: Final = "#ffffff"
DARK_PAPER: Final = "#12171d"
#: the contrast that WCAG 2.2 asks of shapes
LEAST: Final = 3.0

_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2.2 defines it, from 1 (none) to 21 (black on white).

    >>> round(contrast("#000000", "#ffffff"))
    21

    Raises ``SettingError`` for what is no colour.
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def seen_on(colour: str, background: str, *, least: float = LEAST) -> str:
    """``colour``, mixed with white or black in steps until its contrast with ``background`` is at least ``least``.

    >>> seen_on("#00795f", LIGHT_PAPER), seen_on("#ffff00", LIGHT_PAPER)
    ('#00795f', '#999900')
    """
    end = "#ffffff" if _luminance(background) < 0.18 else "#000000"
    for step in range(21):
        mixed = _mixed(colour, end, step / 20)
        if contrast(mixed, background) >= least:
            return mixed
    return end


def _mixed(colour: str, other: str, part: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(mine + (theirs - mine) * part):02x}" for mine, theirs in pairs)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, int, int]:
    if not _HEX.fullmatch(colour):
        raise SettingError(f"“{colour}” is not a colour", hint="write it as #00795f")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
