"""The outlines that statuses are shown by, so that nobody has to rely on a colour."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from rag_rules.status import Status

__all__ = ["SHAPES", "Shape"]


class Shape(StrEnum):
    """An outline that differs from the others without its colour."""

    CIRCLE = "circle"
    TRIANGLE = "triangle"
    SQUARE = "square"
    RING = "ring"
    DIAMOND = "diamond"
    TICK = "tick"
    CROSS = "cross"
    BAR = "bar"

    @property
    def sign(self) -> str:
        """The character that stands for it in a text."""
        return _SIGNS[self]


_SIGNS: Final = dict(zip(Shape, "●▲■○◆√×▬", strict=True))  # all of them in the fonts of Windows consoles

#: the shapes of statuses where a scheme names no others
SHAPES: Final = {
    Status.GREEN: Shape.CIRCLE, Status.AMBER: Shape.TRIANGLE, Status.RED: Shape.SQUARE, Status.UNRATED: Shape.RING
}  # fmt: skip
