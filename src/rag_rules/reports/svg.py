"""Pictures of single things, to embed elsewhere: a status as a badge, bands as a line, a report as its counts."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

from rag_rules.errors import SettingError, check_kind
from rag_rules.outcomes import Outcome
from rag_rules.reports.drawing import HEIGHT, LIGHT, WIDTH, band_scale, drawing
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, STATUSES, heading, standing
from rag_rules.rules import Rule

if TYPE_CHECKING:
    from rag_rules.bands import Bands
    from rag_rules.models import Report
    from rag_rules.shapes import Shape
    from rag_rules.status import Status

__all__ = ["badge_svg", "bands_html", "bands_svg", "outcome_html", "report_html"]

_INK: Final = "#1a2530"


def badge_svg(outcome: Outcome) -> str:
    """The status of ``outcome`` as a small SVG picture: shape and word, with the explanation as its description.

    >>> from rag_rules.front import evaluate
    >>> "<desc>Red: £46 is £25 over" in badge_svg(evaluate("<£21", "£46"))
    True

    Raises ``SettingError`` for what is no outcome.
    """
    check_kind(outcome, Outcome, "outcome", SettingError, hint='write evaluate("<£21", "£46"), or rule.evaluate("£46")')
    return _badge(outcome.status, outcome.status.value.capitalize(), outcome.explanation)


def _badge(status: Status, word: str, said: str, shape: Shape | None = None) -> str:
    """A badge on white paper of its own, so that its colours can be seen wherever it is put."""
    width = 36 + 8 * len(word)
    colour = LIGHT[status]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="24" viewBox="0 0 {width} 24" role="img">'
        f"<title>{_text(word)}</title><desc>{_text(said)}</desc>"
        f'<rect x=".5" y=".5" width="{width - 1}" height="23" rx="3" fill="#fff" stroke="{colour}"/>'
        f'<g transform="translate(6 4)" color="{colour}">{drawing(status, shape)}</g>'
        f'<text x="28" y="17" font-family="sans-serif" font-size="14" fill="{_INK}" textLength="{width - 36}" '
        f'lengthAdjust="spacingAndGlyphs">{_text(word)}</text></svg>'
    )


def bands_svg(rule: Rule, reading: object = None) -> str:
    """The bands of ``rule`` as an SVG picture, with a pointer at ``reading`` where one is given.

    A rule without bands, or with labels for readings, has no line to draw: its picture says so in words. Raises
    what evaluating the reading raises, and ``SettingError`` for what is no rule.
    """
    check_kind(rule, Rule, "rule", SettingError, hint='write rule("at least 95%")')
    outcome = rule.evaluate(reading) if reading is not None else None
    said = outcome.explanation if outcome is not None else rule.aim or rule.missing
    if rule.bands is None:
        return _picture(rule.missing, said, _words(rule.missing))
    return _picture(str(rule.bands), said, _line(rule.bands, outcome.value if outcome is not None else None))


def _picture(title: str, said: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="320" height="40" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f'<title>{_text(title)}</title><desc>{_text(said)}</desc><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f"{body}</svg>"
    )


def _line(bands: Bands, value: Decimal | None) -> str:
    """The line of bands in colours of its own, since no style sheet goes with it; labels in words."""
    if bands.scale is not None or not bands.steps.cuts:
        return _words(str(bands))
    drawn = band_scale(
        [float(cut.at) for cut in bands.steps.cuts], bands.steps.values, None if value is None else float(value)
    )
    for status, colour in LIGHT.items():
        drawn = drawn.replace(f'class="{status.value}"', f'fill="{colour}"')
    return drawn.replace('class="now"', f'fill="{_INK}"')


def _words(text: str) -> str:
    return f'<text y="130" font-family="sans-serif" font-size="70" fill="{_INK}">{_text(text, 45)}</text>'


# notebooks ------------------------------------------------------------------------------------------------------------


def outcome_html(outcome: Outcome) -> str:
    """``outcome`` for a notebook: a badge and its explanation."""
    return f"<p>{badge_svg(outcome)} {_text(outcome.explanation)}</p>"


def bands_html(bands: Bands) -> str:
    """``bands`` for a notebook: the line, and below it the picture in words."""
    return f"<p>{_picture(str(bands), 'Bands', _line(bands, None))}<br><code>{_text(str(bands))}</code></p>"


def report_html(report: Report) -> str:
    """``report`` for a notebook: its title, its date and its counts."""
    title, line = heading(report)
    rows = []
    for status in STATUSES:
        _, many, part = standing(report.summary.counts, status)
        badge = _badge(status, one_line(report.word(status), 40), many, report.look.shapes.get(status))
        rows.append(f"<tr><td>{badge}</td><td>{many}</td><td>{part}</td></tr>")
    return f"<p><b>{_text(title)}</b><br>{_text(line)}</p><table><tbody>{''.join(rows)}</tbody></table>"


def _text(text: str, limit: int = LIMIT) -> str:
    return escape(one_line(text, limit))
