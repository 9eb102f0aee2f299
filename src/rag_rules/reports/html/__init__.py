"""A report as a web page: one file that needs no network, no script and no colour to be read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag_rules.errors import MissingExtraError, RagRulesError
from rag_rules.reports.html import charts, look
from rag_rules.reports.html.rows import LONG, rows_of
from rag_rules.reports.html.texts import texts_in
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, STATUSES, counts_by, group_columns, method_lines, sections, share
from rag_rules.status import Status

if TYPE_CHECKING:
    from jinja2 import Environment

    from rag_rules.models import Report

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
    environment.filters.update(short=_short, long=_long, share=share)
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
    rows = {id(each.indicator): each for each in rows_of(report, texts, chips)}
    return {
        "report": report,
        "t": texts,
        "date": texts.date,
        "statuses": STATUSES,
        "words": words,
        "shapes": shapes,
        "chips": chips,
        "symbols": Markup(look.symbols(report.look)),
        "colours": Markup(look.colour_rules(report.look)),
        "columns": columns,
        "groupings": [(_capital(one_line(column, 60)), counts_by(report, column)) for column in columns],
        "sections": [(name, [rows[id(each)] for each in members]) for name, members in sections(report)],
        "bar": lambda counts: Markup(charts.stacked_bar(counts)),
        "method": method_lines(report),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
