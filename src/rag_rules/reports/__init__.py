"""The faces of a report: each module shows one, and none of them works out a status."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from rag_rules.models import Report

__all__ = ["BINARY", "FORMATS", "SUFFIXES", "as_file", "format_of", "render"]

FORMATS: Final = ("terminal", "html", "markdown", "csv", "json", "xlsx", "docx")
#: those that are no text
BINARY: Final = frozenset({"xlsx", "docx"})

#: what the name of a file says of its format
SUFFIXES: Final = {
    ".txt": "terminal", ".html": "html", ".htm": "html", ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".json": "json",
    ".xlsx": "xlsx", ".docx": "docx",
}  # fmt: skip


def format_of(name: str) -> str | None:
    """The format that the suffix of a file's name stands for; ``None`` for any other suffix.

    >>> format_of("build/report.MD")
    'markdown'
    """
    return SUFFIXES.get(os.path.splitext(name)[1].lower())


def render(report: Report, form: str, *, templates: Path | None = None) -> str:
    """``report`` as text in one of ``FORMATS`` that are text: the same wherever and whenever it is asked for.

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


def as_file(
    report: Report,
    form: str,
    progress: Callable[[int, int], None] | None = None,
    *,
    templates: Path | None = None,
) -> bytes:
    """What a file of one of ``FORMATS`` holds: the same bytes wherever and whenever it is asked for.

    ``templates`` is a folder of templates of one's own, for ``html``. ``progress`` is called now and then with how much is done, and of how much, where that takes its time.
    """
    if form == "xlsx":
        from rag_rules.reports import workbook

        return workbook.render(report, progress)
    if form == "docx":
        from rag_rules.reports import word

        return word.render(report)
    # Excel takes a CSV file for UTF-8 only if it begins with a byte order mark.
    return render(report, form, templates=templates).encode("utf-8-sig" if form == "csv" else "utf-8")
