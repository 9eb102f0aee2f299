"""Shapes and colours of the statuses on a page: four outlines and four colours, for light paper and for dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag_rules.colours import DARK_PAPER, seen_on
from rag_rules.reports.drawing import DARK, LIGHT, drawing
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import Look

__all__ = ["chip", "colour_rules", "symbols"]


def symbols(look: Look) -> str:
    """The shapes of all statuses, for ``chip`` to refer to."""
    return "".join(
        f'<symbol id="shape-{status.value}" viewBox="0 0 16 16">{drawing(status, look.shapes.get(status))}</symbol>'
        for status in Status
    )


def chip(status: Status) -> str:
    """The shape of a status in its colour, to stand before its word."""
    return f'<svg class="i {status.value}" aria-hidden="true"><use href="#shape-{status.value}"/></svg> '


def colour_rules(look: Look) -> str:
    """Colours as CSS: for light paper, for dark, and for people who force their own."""
    light = {status: look.colours.get(status, LIGHT[status]) for status in Status}
    dark = {
        status: seen_on(look.colours[status], DARK_PAPER) if status in look.colours else DARK[status]
        for status in Status
    }
    forced = dict.fromkeys(Status, "CanvasText")
    return (
        f":root{{{_set(light)}}}@media screen and (prefers-color-scheme:dark){{:root{{{_set(dark)}}}}}"
        f"@media (forced-colors:active){{:root{{{_set(forced)}--ink:CanvasText;--soft:CanvasText}}}}"
    )


def _set(colours: dict[Status, str]) -> str:
    return "".join(f"--{status.value}:{colour};" for status, colour in colours.items())
