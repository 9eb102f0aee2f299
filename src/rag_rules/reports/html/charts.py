"""Small drawings of what the report says: bands with a reading, readings over time, counts as a bar."""

from __future__ import annotations

from html import escape
from math import inf
from typing import TYPE_CHECKING

from rag_rules.reports.drawing import HEIGHT, WIDTH, band_scale
from rag_rules.reports.text import one_line
from rag_rules.reports.words import STATUSES

if TYPE_CHECKING:
    from rag_rules.models import Count, RatedIndicator

__all__ = ["bullet", "sparkline", "stacked_bar"]


def bullet(indicator: RatedIndicator, number: int, said: str) -> str:
    """The bands of an indicator as a line, with its reading as a pointer; empty where they are not amounts.

    ``said`` is its explanation, escaped.
    """
    target = indicator.target
    if not target.cuts:
        return ""
    value = indicator.reading.value
    most = 100.0 if target.unit == "%" else inf
    body = band_scale(
        [float(cut.at) for cut in target.cuts], target.statuses, None if value is None else float(value), most=most
    )
    shown = escape(one_line(f"{indicator.reading.text}: {target.bands}", 200))
    return (
        f'<svg class="bullet" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="b{number}" aria-describedby="d{number}">'
        f'<title id="b{number}">{shown}</title><desc id="d{number}">{said}</desc>{body}</svg>'
    )


def sparkline(indicator: RatedIndicator, number: int) -> str:
    """The readings of three or more periods as a line; empty where there are fewer in one unit."""
    if len(indicator.history) < 3:
        return ""
    unit = indicator.reading.unit
    found = [(each, float(each.value)) for each in indicator.history if each.value is not None and each.unit == unit]
    if len(found) < 3:
        return ""
    values = [value for _, value in found]
    low, high = min(values), max(values)
    points = [
        (40 + 1520 * place // (len(values) - 1), int(160 - 120 * (value - low) / (high - low)) if high > low else 100)
        for place, value in enumerate(values)
    ]
    listed = escape(one_line("; ".join(f"{each.period}: {each.text}" for each, _ in found), 400))
    line = " ".join(f"{x},{y}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="s{number}"><title id="s{number}">'
        f'{listed}</title><polyline points="{line}"/><circle cx="{x}" cy="{y}" r="30"/></svg>'
    )


def stacked_bar(counts: Count) -> str:
    """The counts of a group as one bar; the numbers stand beside it, so that it says nothing by itself."""
    drawn, left = [], 0
    for status in STATUSES:
        number: int = getattr(counts, status.value)
        if number:
            width = max(1000 * number // counts.total, 8)
            drawn.append(f'<path class="{status.value}" d="M{left} 0h{width - 6}v8H{left}z"/>')
            left += width
    return (
        f'<svg class="stack" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'
    )
