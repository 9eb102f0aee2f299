"""The rows of tables: the one part of a page that is put together by hand, since there are thousands of them.

Every text from outside goes through ``_shown``, which cleans, shortens and escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

from rag_rules.reports.entries import override_words
from rag_rules.reports.html.charts import bullet, sparkline, stacked_bar
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, MOVEMENTS, STATUSES, group_columns, without

if TYPE_CHECKING:
    from rag_rules.models import Forecast, GroupCount, RatedIndicator, RatedTask, Report
    from rag_rules.reports.html.texts import Texts
    from rag_rules.status import Status

__all__ = ["LONG", "group_rows", "links_to", "rows_of"]

#: characters of an explanation, a note or a comment on the page
LONG: Final = 2_000


def rows_of(report: Report, texts: Texts, chips: Mapping[Status, str]) -> Iterator[str]:
    """The rows of all indicators as HTML, in the order of the report; ``chips`` are the words of statuses, escaped."""
    columns = group_columns(report)
    others = columns[1:]
    places = _places(report)
    moves = _moves(texts)
    target, reading, status, movement = (texts[key] for key in ("target", "reading", "status", "movement"))
    before, note, comment = texts["before"], texts["note"], texts["comment"]
    english = "" if texts["language"] == "en" else ' lang="en"'
    for number, each in enumerate(report.indicators):
        groups = each.groups
        within = " ".join([places[column].get(groups.get(column, ""), "-") for column in columns])
        ref, name, more, said, asked, due, bands, read, last, remark = _all_shown(each, others)
        is_plain = each.override is None and not each.needs_comment
        beside = _NONE if is_plain else _beside(report, each, texts, english)
        since = _NONE if each.movement_year is None else _since_last_year(each, moves, texts)
        notes = "".join(
            [f'<p class="aside">{note}: <span{english}>{_shown(text, LONG)}</span></p>' for text in each.notes]
        )
        yield (
            f'<tr role="row" id="i{number}" tabindex="-1" data-s="{each.status.value}" data-m="{each.movement or _NONE}"'
            f' data-g="{within}"><td role="cell" class="ref">{ref}</td>'
            f'<th role="rowheader" scope="row"><span>{name}</span>{_aside(more)}<p{english}>{said}</p>{notes}'
            f"{_forecast(each.forecast, texts, chips, english) if each.forecast is not None else _NONE}"
            f"{_labelled('comment', comment, remark) if remark else _NONE}</th>"
            f'<td role="cell" data-h="{target}">{asked}{_aside(due, english)}</td>'
            f'<td role="cell" data-h="{reading}"><b>{read}</b>{_aside(f"{before} {last}") if last else _NONE}'
            f"{bullet(each, number, f'{read}: {bands}', said)}{sparkline(each, number)}</td>"
            f'<td role="cell" data-h="{status}" class="status">{chips[each.status]}{beside}</td>'
            f'<td role="cell" data-h="{movement}">{moves[each.movement]}{since}</td></tr>\n'
        )


_NONE: Final = ""


def _all_shown(indicator: RatedIndicator, columns: Sequence[str]) -> list[str]:
    """The texts of a row. They are escaped all at once, which is quick: a line break parts them, since none has one."""
    groups, target, previous = indicator.groups, indicator.target, indicator.previous
    texts = (
        one_line(indicator.ref, LIMIT),
        one_line(indicator.name, LIMIT),
        one_line(" · ".join([groups[column] for column in columns if groups.get(column)]), LIMIT),
        one_line(indicator.explanation, LONG),
        one_line(target.text, LIMIT),
        one_line(target.to_date or "", LIMIT),
        one_line(target.bands or "", LIMIT),
        one_line(indicator.reading.text, LIMIT),
        one_line(previous.text, LIMIT) if previous is not None else "",
        one_line(indicator.comment or "", LONG),
    )
    return escape("\n".join(texts)).split("\n")


def links_to(letter: str, rows: Iterable[tuple[int, RatedIndicator | RatedTask]]) -> str:
    """Links to the rows of a table, whose ids begin with ``letter``, with a comma between them."""
    return ", ".join(
        [f'<a href="#{letter}{position}">{_shown(each.ref or each.name, 40)}</a>' for position, each in rows]
    )


def group_rows(groups: Sequence[GroupCount], shapes: Mapping[Status, str], chips: Mapping[Status, str]) -> str:
    """The counts of groups as rows of HTML: name, bar, the number of each status beside its shape, and all."""
    rows = []
    for group in groups:
        counts = group.counts
        status = _rolled_up(group, chips)
        cells = "".join(
            [f'<td role="cell" class="n">{shapes[status]}{getattr(counts, status.value)}</td>' for status in STATUSES]
        )
        rows.append(
            f'<tr role="row"><th role="rowheader" scope="row">{_shown(group.group, 120) or _shown(without(group.by))}{status}</th>'
            f'<td role="cell" class="bars">{stacked_bar(counts)}</td>{cells}'
            f'<td role="cell" class="n">{counts.total}</td></tr>\n'
        )
    return "".join(rows)


def _rolled_up(group: GroupCount, chips: Mapping[Status, str]) -> str:
    """The status of a group by the scheme's policy, and how it comes about; nothing where groups have none."""
    if group.status is None:
        return ""
    return f'<p>{chips[group.status]}</p><p class="aside" lang="en">{_shown(group.provenance)}</p>'


def _aside(said: str, english: str = "") -> str:
    return f'<p class="aside"{english}>{said}</p>' if said else ""


def _labelled(kind: str, word: str, said: str) -> str:
    return f'<p class="{kind}"><b>{word}:</b> {said}</p>'


def _forecast(forecast: Forecast, texts: Texts, chips: Mapping[Status, str], english: str) -> str:
    """What a figure to date makes of the year: the status that it would have, and the sentence."""
    said = f'{chips[forecast.status]} <span class="aside"{english}>{_shown(forecast.sentence, LONG)}</span>'
    return _labelled("forecast", texts["forecast"], said)


def _beside(report: Report, indicator: RatedIndicator, texts: Texts, english: str) -> str:
    """What stands beside a computed status: one that was set by hand, and a comment that is wanting."""
    found = _aside(texts["needs_comment"]) if indicator.needs_comment else ""
    if indicator.override is None:
        return found
    said = _shown(override_words(report, indicator.override))
    return f'{found}<p class="aside"><b>{texts["by_hand"]}:</b> <span{english}>{said}</span></p>'


def _since_last_year(indicator: RatedIndicator, moves: Mapping[str | None, str], texts: Texts) -> str:
    """The movement against the same period of the year before, and its reading."""
    before = indicator.previous_year
    if indicator.movement_year is None or before is None:
        return ""
    return f'<p class="aside">{moves[indicator.movement_year]} {texts["on_year"]} ({_shown(before.text)})</p>'


def _moves(texts: Texts) -> dict[str | None, str]:
    """Arrow and word for each movement; nothing where there is none."""
    shown: dict[str | None, str] = {
        key: f'<span aria-hidden="true">{words.split()[0]}</span> {texts[key]}' for key, words in MOVEMENTS.items()
    }
    shown[None] = ""
    return shown


def _places(report: Report) -> dict[str, dict[str, str]]:
    """For each grouping column the place of each group among its groups, which is what a page filters by."""
    found: dict[str, dict[str, str]] = {column: {} for column in group_columns(report)}
    for each in report.summary.groups:
        places = found[each.by]
        places[each.group] = str(len(places))
    return found


def _shown(text: str, limit: int = LIMIT) -> str:
    return escape(one_line(text, limit))
