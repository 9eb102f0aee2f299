"""The drawings that pages and pictures share: the shape and the colours of each status, and bands as a line."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Final

from rag_rules.shapes import SHAPES, Shape
from rag_rules.status import Status

__all__ = ["DARK", "HEIGHT", "LIGHT", "WIDTH", "band_scale", "drawing"]

#: chosen for contrast with the paper, and to differ from each other with each kind of colour vision; tests measure both
LIGHT: Final = {
    Status.GREEN: "#00795f", Status.AMBER: "#c27400", Status.RED: "#94102a", Status.UNRATED: "#707c88"
}  # fmt: skip
DARK: Final = {
    Status.GREEN: "#57d9b0", Status.AMBER: "#ffcf5c", Status.RED: "#e8606c", Status.UNRATED: "#8795a3"
}  # fmt: skip

#: in a box of 16 by 16; ``currentColor`` lets forced colours through
_DRAWINGS: Final = {
    Shape.CIRCLE: '<circle cx="8" cy="8" r="7" fill="currentColor"/>',
    Shape.TRIANGLE: '<path d="M8 1 15.5 15H.5z" fill="currentColor"/>',
    Shape.SQUARE: '<path d="M1.5 1.5h13v13h-13z" fill="currentColor"/>',
    Shape.RING: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
    Shape.DIAMOND: '<path d="M8 0 16 8 8 16 0 8z" fill="currentColor"/>',
    Shape.TICK: '<path d="M1.5 8.5 6 13 14.5 3" fill="none" stroke="currentColor" stroke-width="3"/>',
    Shape.CROSS: '<path d="M2.5 2.5l11 11m0-11l-11 11" fill="none" stroke="currentColor" stroke-width="3"/>',
    Shape.BAR: '<path d="M1 6h14v4H1z" fill="currentColor"/>',
}
#: of a line of bands: width and height of its box, in which all places are whole numbers
WIDTH: Final = 1600
HEIGHT: Final = 200
_MARGIN: Final = 40
#: how each band begins, its top and its height: the better, the thicker, so that nobody has to tell them by colour
_BANDS: Final = {
    status: (f'<path class="{status.value}" d="M', top, height)
    for status, top, height in (
        (Status.GREEN, 60, 120), (Status.AMBER, 80, 80), (Status.RED, 100, 40), (Status.UNRATED, 110, 20)
    )
}  # fmt: skip


def drawing(status: Status, shape: Shape | None = None) -> str:
    """The shape of a status, as SVG in a box of 16 by 16; by default the usual one."""
    return _DRAWINGS[shape or SHAPES[status]]


def band_scale(cuts: Sequence[float], statuses: Sequence[Status], reading: float | None, *, most: float = inf) -> str:
    """Bands, and a pointer at the reading, as SVG in a box of ``WIDTH`` by ``HEIGHT``; ``most`` ends the line."""
    low, high = _range(cuts, reading, most)
    scale = (WIDTH - 2 * _MARGIN) / (high - low)
    left, drawn = 0, []
    for status, cut in zip(statuses, (*cuts, None), strict=True):
        right = WIDTH if cut is None else max(left, int((cut - low) * scale) + _MARGIN)
        begin, top, height = _BANDS[status]
        # a slit of paper shows where one band ends
        drawn.append(f'{begin}{left} {top}H{right}v{height}H{left}z"/>')
        left = right + 10
    if reading is not None:
        x = int((reading - low) * scale) + _MARGIN
        drawn.append(f'<path class="now" d="M{x - 10} 0h20v200h-20z"/><path class="now" d="M{x - 45} 0h90l-45 55z"/>')
    return "".join(drawn)


def _range(cuts: Sequence[float], reading: float | None, most: float) -> tuple[float, float]:
    """The stretch of the line that is drawn: all cuts and the reading, with some room on both sides."""
    low, high = cuts[0], cuts[-1]
    if reading is not None:
        low, high = min(low, reading), max(high, reading)
    room = (high - low) * 0.2 or abs(high) * 0.2 or 1.0
    least = low - room if low < 0 else max(0.0, low - room)
    return least, max(min(high + room, most), high, least + room / 2)
