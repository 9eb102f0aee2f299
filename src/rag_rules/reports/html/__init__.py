"""A report as a web page: one file that needs no network, no script and no colour to be read."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rag_rules.errors import MissingExtraError, RagRulesError
from rag_rules.reports.entries import by_group
from rag_rules.reports.html import look
from rag_rules.reports.html.rows import LONG, group_rows, links_to, rows_of
from rag_rules.reports.html.texts import texts_in
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, STATUSES, group_columns, method_lines, standing, without
from rag_rules.states import State
from rag_rules.status import Status

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from rag_rules.models import RatedAim, RatedTask, Report
    from rag_rules.reports.html.texts import Texts

__all__ = ["render"]


def render(report: Report, *, templates: Path | None = None) -> str:
    """``report`` as one HTML file.

    ``templates`` is a folder whose files take the place of ours by name; a ``page.html`` of one's own may extend
    ``rag_rules/page.html``. They run in Jinja2's sandbox. Raises ``MissingExtraError`` without Jinja2, and
    ``RagRulesError`` for a template that cannot be read or names something that is not there.
    """
    environment = _environment(templates)
    from jinja2 import TemplateError, TemplateSyntaxError

    try:
        return environment.get_template("page.html").render(_context(report)) + "\n"
    except TemplateSyntaxError as error:
        raise RagRulesError(f"{error.name}, line {error.lineno}: {one_line(str(error.message), LIMIT)}") from error
    except TemplateError as error:
        raise RagRulesError(f"the template cannot be used: {one_line(str(error), LIMIT)}") from error


@lru_cache(maxsize=8)
def _environment(templates: Path | None) -> Environment:
    """Jinja2 with autoescape, where an unknown name is an error."""
    try:
        from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment
    except ImportError as error:
        raise MissingExtraError("web pages need Jinja2", hint='pip install "rag-rules[html]"') from error
    ours = PackageLoader("rag_rules.reports.html")
    both = ChoiceLoader(
        [*([FileSystemLoader(templates)] if templates else []), ours, PrefixLoader({"rag_rules": ours})]
    )
    kind = ImmutableSandboxedEnvironment if templates else Environment
    environment = kind(
        loader=both, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    environment.filters.update(short=_short, long=_long)
    return environment


def _short(text: str) -> str:
    return one_line(text, LIMIT)


def _long(text: str) -> str:
    return one_line(text, LONG)


def _context(report: Report) -> dict[str, Any]:
    """What the templates may use."""
    from markupsafe import Markup

    texts = texts_in(report.look.language)
    words = {status: one_line(report.words.get(status) or texts[status.value], 60) for status in Status}
    shapes = {status: Markup(look.chip(status)) for status in Status}
    chips = {status: shapes[status] + words[status] for status in Status}
    columns = group_columns(report)
    rows = dict(zip(map(id, report.indicators), rows_of(report, texts, chips), strict=True))
    return {
        "report": report,
        "t": texts,
        "date": texts.date,
        "statuses": STATUSES,
        "words": words,
        "chips": chips,
        "symbols": Markup(look.symbols(report.look)),
        "colours": Markup(look.colour_rules(report.look)),
        "standings": [_standing(report, texts, status) for status in STATUSES],
        "glances": [_glance(report, texts, key) for key in _GLANCES],
        "columns": columns,
        "groupings": [_grouping(report, column, shapes, chips) for column in columns],
        "sections": [
            (name, len(members), Markup("".join([rows[id(each)] for each in members])))
            for name, members in by_group(report.indicators, columns).items()
        ],
        "shapes": shapes,
        "overdue": _overdue(report),
        "belongs": _belongs,
        "themes": _themes(report),
        "method": method_lines(report),
    }


_GLANCES: Final = ("meeting_improving", "missing_improving", "missing_worsening", "newly_missing")


def _standing(report: Report, texts: Texts, status: Status) -> tuple[Status, str, str]:
    """How many have a status, and out of how many."""
    counts = report.summary.counts
    number, _, part = standing(counts, status)
    if status is Status.UNRATED:
        return status, f"{number:,}", texts["of_all"].format(total=f"{counts.total:,}")
    return status, f"{number:,}", f"{part} {texts['of_rated'].format(rated=f'{counts.rated:,}')}"


def _glance(report: Report, texts: Texts, key: str) -> tuple[str, int, Markup]:
    """A heading, how many indicators it is true of, and links to them."""
    from markupsafe import Markup

    positions = getattr(report.highlights, key)
    return texts[key], len(positions), Markup(links_to("i", [(place, report.indicators[place]) for place in positions]))


def _grouping(
    report: Report, column: str, shapes: Mapping[Status, str], chips: Mapping[Status, str]
) -> tuple[str, list[str], Markup]:
    """The heading of a grouping column, the names of its groups, and the rows of their counts."""
    from markupsafe import Markup

    groups = [each for each in report.summary.groups if each.by == column]
    names = [one_line(each.group, 120) or without(column) for each in groups]
    return _capital(one_line(column, 60)), names, Markup(group_rows(groups, shapes, chips))


def _overdue(report: Report) -> tuple[int, Markup]:
    """How many actions are overdue, and links to them."""
    from markupsafe import Markup

    found = [(place, action) for place, action in enumerate(report.actions) if action.state is State.OVERDUE]
    return len(found), Markup(links_to("a", found))


def _belongs(task: RatedTask) -> str:
    """What an action belongs to and who owns it; nothing for an objective, which stands below its aim."""
    found = (*getattr(task, "groups", {}).values(), getattr(task, "owner", None) or "")
    return one_line(" · ".join(dict.fromkeys(each for each in found if each)), LIMIT)


def _themes(report: Report) -> list[tuple[str, list[RatedAim]]]:
    """The aims by theme, in the order of the plan."""
    found: dict[str, list[RatedAim]] = {}
    for aim in report.aims:
        found.setdefault(one_line(aim.theme, LIMIT), []).append(aim)
    return list(found.items())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
