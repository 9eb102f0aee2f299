"""Small drawings of what the report says: bands with a reading, readings over time, counts as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from math import inf
from typing import TYPE_CHECKING

from rag_rules.reports.drawing import HEIGHT, WIDTH, band_scale
from rag_rules.reports.text import one_line
from rag_rules.reports.words import STATUSES

if TYPE_CHECKING:
    from rag_rules.models import Count, RatedIndicator

__all__ = ["bullet", "sparkline", "stacked_bar"]


#: a period, its reading as written, and the value of that
_Point = tuple[str, str, Decimal]


def bullet(indicator: RatedIndicator, number: int, shown: str, said: str) -> str:
    """The bands of an indicator as a line, with its reading as a pointer; empty where they are not amounts.

    ``shown`` is what it shows, in short, and ``said`` its explanation, both escaped.
    """
    target = indicator.target
    if not target.cuts:
        return ""
    value = indicator.reading.value
    most = 100.0 if target.unit == "%" else inf
    body = band_scale(
        [float(cut.at) for cut in target.cuts], target.statuses, None if value is None else float(value), most=most
    )
    return (
        f'<svg class="bullet" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="b{number}" aria-describedby="d{number}">'
        f'<title id="b{number}">{shown}</title><desc id="d{number}">{said}</desc>{body}</svg>'
    )


def sparkline(indicator: RatedIndicator, number: int) -> str:
    """The readings of the periods as a line, dashed to the forecast where there is one; empty for fewer than three."""
    history, forecast = indicator.history, indicator.forecast
    if len(history) + (forecast is not None) < 3:
        return ""
    unit = indicator.reading.unit
    found = [(each.period, each.text, each.value) for each in history if each.value is not None and each.unit == unit]
    if forecast is not None and forecast.unit == unit:
        found = _of_this_year(found)
        found.append(("→", f"{forecast.value:f}", forecast.value))
    else:
        forecast = None
    if len(found) < 3:
        return ""
    values = [float(value) for _, _, value in found]
    low, high = min(values), max(values)
    points = [
        (40 + 1520 * place // (len(values) - 1), int(160 - 120 * (value - low) / (high - low)) if high > low else 100)
        for place, value in enumerate(values)
    ]
    said = escape(one_line("; ".join(f"{period}: {text}" for period, text, _ in found), 400))
    known = points[:-1] if forecast is not None else points
    ahead = f'<polyline class="ahead" points="{_path(points[-2:])}"/>' if forecast is not None else ""
    ends = "".join(
        f'<circle{" class=ahead" if point not in known else ""} cx="{point[0]}" cy="{point[1]}" r="30"/>'
        for point in dict.fromkeys((known[-1], points[-1]))
    )
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="s{number}"><title id="s{number}">'
        f'{said}</title><polyline points="{_path(known)}"/>{ahead}{ends}</svg>'
    )


def _of_this_year(found: list[_Point]) -> list[_Point]:
    """The last readings of a total that adds up, from where it began anew: a total that falls is that of a new year."""
    first = len(found) - 1
    while first > 0 and found[first - 1][2] <= found[first][2]:
        first -= 1
    return found[max(first, 0) :]


def _path(points: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


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
