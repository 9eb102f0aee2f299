"""A report as a Word document, for committees: heading styles, tables whose headings repeat, and words for every table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from rag_rules.errors import MissingExtraError
from rag_rules.reports.paper import Block, Heading, Lines, Sentence, Table, paper
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import Report

__all__ = ["render"]

#: behind a status, which is said by shape and word too; dark text on each has a contrast of at least 7:1
_FILLS: Final = {Status.GREEN: "CDE8D4", Status.AMBER: "FBE3B5", Status.RED: "F6CFCB", Status.UNRATED: "E6E6E6"}
#: shares of the width that the columns of a table of indicators or tasks have
_WIDTHS: Final = (5, 18, 12, 10, 13, 10, 32)
#: the attributes of a style that name its font
_FONTS: Final = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")
_HEAD_FILL: Final = "1F3A4D"


def render(report: Report) -> bytes:
    """``report`` as a .docx file, A4 across; the same bytes whenever it is made.

    Raises ``MissingExtraError`` without python-docx.
    """
    try:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Mm, Pt
    except ImportError:
        raise MissingExtraError(
            "Word documents need the package python-docx", hint="pip install 'rag-rules[word]'"
        ) from None
    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    for name, size in (("Normal", 10), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13)):
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        fonts = style.element.rPr.rFonts.attrib
        fonts.clear()  # of those of the theme, which go before any other
        fonts.update(dict.fromkeys(map(qn, _FONTS), "Arial"))
    made = datetime(report.as_of.year, report.as_of.month, report.as_of.day)
    properties = document.core_properties
    properties.title, properties.author, properties.language = "", "rag-rules", "en-GB"
    properties.created = properties.modified = made
    for block in paper(report):
        if isinstance(block, Heading) and block.level == 1:
            properties.title = block.text[:250]
        _add(document, block)
    return _without_clock(document, made)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(level, text):
            document.add_heading(text, level=level - 1)
        case Sentence(text):
            document.add_paragraph(text)
        case Lines(lines):
            for line in lines:
                document.add_paragraph(line, style="List Bullet")
        case Table():
            _add_table(document, block)


def _add_table(document: Any, block: Table) -> None:
    from docx.shared import Mm, Pt

    table = document.add_table(rows=0, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    widths = _WIDTHS if len(block.heads) == len(_WIDTHS) else (30, *([70 // max(1, len(block.heads) - 1)] * 20))
    sizes = [Mm(261 * part / 100) for part in widths[: len(block.heads)]]
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    rows: Sequence[Sequence[str]] = (block.heads, *block.rows)
    body = table._tbl
    for number, cells in enumerate(rows):
        row = table.add_row()
        _mark(row, is_head=number == 0)
        fill = block.statuses[number - 1] if number and block.statuses else None
        for index, (cell, text, size) in enumerate(zip(row.cells, cells, sizes, strict=True)):
            cell.width = size
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(9)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
            if number == 0:
                run.font.bold = True
                _shade(cell, _HEAD_FILL, run)
            elif fill is not None and index == block.status_column:
                run.font.bold = True
                _shade(cell, _FILLS[fill])
    _describe(body, block.caption)


def _mark(row: Any, *, is_head: bool) -> None:
    """A heading repeats on each page, and no row is parted by the end of one."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: Any, colour: str, run: Any = None) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)
    if run is not None:
        run.font.color.rgb = RGBColor(255, 255, 255)


def _describe(body: Any, caption: str) -> None:
    """What assistive technology says of a table before reading it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for name in ("w:tblCaption", "w:tblDescription"):
        said = OxmlElement(name)
        said.set(qn("w:val"), caption)
        body.tblPr.append(said)


def _without_clock(document: Any, made: datetime) -> bytes:
    """The file with the date of the report on each of its parts, where zip files have that of the clock."""
    import zipfile

    first, second = io.BytesIO(), io.BytesIO()
    document.save(first)
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            stamp = (max(1980, made.year), made.month, made.day, 0, 0, 0)
            copy.writestr(zipfile.ZipInfo(name, stamp), source.read(name), zipfile.ZIP_DEFLATED)
    return second.getvalue()
