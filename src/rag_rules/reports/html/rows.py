"""The rows of the indicators as a page shows them: texts cleaned and shortened, charts drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from rag_rules.reports.html.charts import bullet, sparkline
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, MOVEMENTS, group_columns
from rag_rules.status import Status

if TYPE_CHECKING:
    from markupsafe import Markup

    from rag_rules.models import RatedIndicator, Report
    from rag_rules.reports.html.texts import Texts

__all__ = ["LONG", "Row", "rows_of"]

#: characters of an explanation, a note or a comment on the page
LONG: Final = 2_000


class Row(NamedTuple):
    """One indicator. All texts are plain, and escaped by the template; only markup of our own is ``Markup``."""

    indicator: RatedIndicator
    number: int
    status: str
    moved: str
    places: str
    ref: str
    name: str
    groups: str
    explanation: Markup
    notes: tuple[str, ...]
    comment: str
    target: str
    reading: str
    before: str
    charts: Markup
    chip: Markup
    movement: Markup | str


def rows_of(report: Report, texts: Texts, chips: Mapping[Status, Markup]) -> Iterator[Row]:
    """The rows of all indicators, in the order of the report."""
    from markupsafe import Markup, escape

    columns = group_columns(report)
    others = columns[1:]
    places = _places(report)
    moves = {
        key: Markup(f'<span aria-hidden="true">{shown.split()[0]}</span> ') + texts[key]
        for key, shown in MOVEMENTS.items()
    }
    for number, each in enumerate(report.indicators):
        groups, previous = each.groups, each.previous
        explanation = escape(one_line(each.explanation, LONG))
        yield Row(
            each,
            number,
            each.status.value,
            each.movement or "",
            " ".join([places[column].get(groups.get(column, ""), "-") for column in columns]),
            one_line(each.ref, LIMIT),
            one_line(each.name, LIMIT),
            one_line(" · ".join([groups[column] for column in others if groups.get(column)]), LIMIT),
            explanation,
            tuple([one_line(note, LONG) for note in each.notes]),
            one_line(each.comment, LONG) if each.comment else "",
            one_line(each.target.text, LIMIT),
            one_line(each.reading.text, LIMIT),
            one_line(previous.text, LIMIT) if previous is not None else "",
            Markup(bullet(each, number, explanation) + sparkline(each, number)),
            chips[each.status],
            moves[each.movement] if each.movement else "",
        )


def _places(report: Report) -> dict[str, dict[str, str]]:
    """For each grouping column the place of each group among its groups, which is what a page filters by."""
    found: dict[str, dict[str, str]] = {column: {} for column in group_columns(report)}
    for each in report.summary.groups:
        places = found[each.by]
        places[each.group] = str(len(places))
    return found
