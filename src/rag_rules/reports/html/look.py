"""Shapes and colours of the statuses on a page: four outlines and four colours, for light paper and for dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rag_rules.colours import seen_on
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import Look

__all__ = ["DARK", "DARK_PAPER", "LIGHT", "LIGHT_PAPER", "chip", "colour_rules", "drawing", "symbols"]

LIGHT_PAPER: Final = "#ffffff"
DARK_PAPER: Final = "#12171d"
#: chosen for contrast with the paper, and to differ from each other with each kind of colour vision; tests measure both
LIGHT: Final = {
    Status.GREEN: "#00795f", Status.AMBER: "#c27400", Status.RED: "#94102a", Status.UNRATED: "#707c88"
}  # fmt: skip
DARK: Final = {
    Status.GREEN: "#57d9b0", Status.AMBER: "#ffcf5c", Status.RED: "#e8606c", Status.UNRATED: "#8795a3"
}  # fmt: skip

#: in a box of 16 by 16; ``currentColor`` lets forced colours through
_DRAWINGS: Final = {
    "circle": '<circle cx="8" cy="8" r="7" fill="currentColor"/>',
    "triangle": '<path d="M8 1 15.5 15H.5z" fill="currentColor"/>',
    "square": '<path d="M1.5 1.5h13v13h-13z" fill="currentColor"/>',
    "ring": '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
    "diamond": '<path d="M8 0 16 8 8 16 0 8z" fill="currentColor"/>',
    "tick": '<path d="M1.5 8.5 6 13 14.5 3" fill="none" stroke="currentColor" stroke-width="3"/>',
    "cross": '<path d="M2.5 2.5l11 11m0-11l-11 11" fill="none" stroke="currentColor" stroke-width="3"/>',
    "bar": '<path d="M1 6h14v4H1z" fill="currentColor"/>',
}
_SHAPES: Final = {
    Status.GREEN: "circle", Status.AMBER: "triangle", Status.RED: "square", Status.UNRATED: "ring"
}  # fmt: skip


def drawing(status: Status, look: Look | None = None) -> str:
    """The shape of a status, as SVG in a box of 16 by 16."""
    given = look.shapes if look is not None else {}
    return _DRAWINGS[given.get(status, _SHAPES[status])]


def symbols(look: Look) -> str:
    """The shapes of all statuses, for ``chip`` to refer to."""
    return "".join(
        f'<symbol id="shape-{status.value}" viewBox="0 0 16 16">{drawing(status, look)}</symbol>' for status in Status
    )


def chip(status: Status) -> str:
    """The shape of a status in its colour, to stand before its word."""
    return f'<svg class="i {status.value}" aria-hidden="true"><use href="#shape-{status.value}"/></svg> '


def colour_rules(look: Look) -> str:
    """Colours as CSS: for light paper, for dark, and for people who force their own."""
    light = {status: look.colours.get(status, LIGHT[status]) for status in Status}
    dark = {
        status: seen_on(look.colours[status], DARK_PAPER, least=3) if status in look.colours else DARK[status]
        for status in Status
    }
    forced = dict.fromkeys(Status, "CanvasText")
    return (
        f":root{{{_set(light)}}}@media screen and (prefers-color-scheme:dark){{:root{{{_set(dark)}}}}}"
        f"@media (forced-colors:active){{:root{{{_set(forced)}--ink:CanvasText;--soft:CanvasText}}}}"
    )


def _set(colours: dict[Status, str]) -> str:
    return "".join(f"--{status.value}:{colour};" for status, colour in colours.items())
