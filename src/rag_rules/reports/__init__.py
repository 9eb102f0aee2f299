"""The faces of a report: each module shows one, and none of them works out a status."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rag_rules.models import Report

__all__ = ["FORMATS", "SUFFIXES", "format_of", "render"]

FORMATS: Final = ("terminal", "html", "markdown", "csv", "json")

#: what the name of a file says of its format
SUFFIXES: Final = {
    ".txt": "terminal", ".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".json": "json",
}  # fmt: skip


def format_of(name: str) -> str | None:
    """The format that the suffix of a file's name stands for; ``None`` for any other suffix.

    >>> format_of("build/report.MD")
    'markdown'
    """
    return SUFFIXES.get(PurePath(name).suffix.lower())


def render(report: Report, form: str, *, templates: Path | None = None) -> str:
    """``report`` as text in one of ``FORMATS``: the same text wherever and whenever it is asked for.

    ``templates`` is a folder of templates of one's own, for ``html``.
    """
    if form == "html":
        from rag_rules.reports import html

        return html.render(report, templates=templates)
    from rag_rules.reports import jsonfile, markdown, table, terminal

    faces = {
        "terminal": terminal.render, "markdown": markdown.render, "csv": table.render, "json": jsonfile.render
    }  # fmt: skip
    return faces[form](report)
