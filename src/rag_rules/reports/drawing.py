"""The drawings that pages and pictures share: the shape and the colours of each status, and bands as a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rag_rules.shapes import SHAPES, Shape
from rag_rules.status import Status

__all__ = ["DARK", "LIGHT", "WIDTH", "band_scale", "drawing"]

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
#: of a line of bands, which is 20 high
WIDTH: Final = 160
#: top and height of each band: the better, the thicker, so that nobody has to tell them by colour
_BANDS: Final = {
    Status.GREEN: (6, 12), Status.AMBER: (8, 8), Status.RED: (10, 4), Status.UNRATED: (11, 2)
}  # fmt: skip


def drawing(status: Status, shape: Shape | None = None) -> str:
    """The shape of a status, as SVG in a box of 16 by 16; by default the usual one."""
    return _DRAWINGS[shape or SHAPES[status]]


def band_scale(cuts: Sequence[float], statuses: Sequence[Status], reading: float | None) -> str:
    """Bands and pointer as SVG in a box of 160 by 20."""
    low, high = _range(cuts, reading)
    scale = (WIDTH - 8) / (high - low)
    edges = [0.0, *(4 + (cut - low) * scale for cut in cuts), float(WIDTH)]
    drawn = []
    for place, status in enumerate(statuses):
        top, height = _BANDS[status]
        left, right = edges[place], edges[place + 1]
        gap = 1 if place else 0  # a slit of paper shows where one band ends
        drawn.append(
            f'<path class="{status.value}" d="M{left + gap:.4g} {top}H{max(right, left + gap):.4g}v{height}H{left + gap:.4g}z"/>'
        )
    if reading is not None:
        x = 4 + (reading - low) * scale
        drawn.append(f'<path class="now" d="M{x:.4g} 0v20" /><path class="tip" d="M{x - 4:.4g} 0h8l-4 5z"/>')
    return "".join(drawn)


def _range(cuts: Sequence[float], reading: float | None) -> tuple[float, float]:
    """The stretch of the line that is drawn: all cuts and the reading, and some room on both sides."""
    points = cuts if reading is None else [*cuts, reading]
    low, high = min(points), max(points)
    room = (high - low) * 0.2 or abs(high) * 0.2 or 1.0
    return (low - room if low < 0 else max(0.0, low - room)) if low else -room * 0.05, high + room
