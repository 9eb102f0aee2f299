"""Reports as Word documents: what committees open, and screen readers read."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import docx
from docx.oxml.ns import qn

from rag_rules.models import Report
from rag_rules.reports import word
from rag_rules.reports.paper import Heading, Table, paper
from rag_rules.scorecard import assess, read_scorecard, read_scorecard_text

AS_OF = date(2023, 9, 30)
HOSTILE = "<script>alert(1)</script> =1+1 \u202eturned\x07\x1b[31m 😀 & \ud800"


def example() -> Report:
    return assess(read_scorecard("examples/rutland"), as_of=AS_OF)


def opened(report: Report) -> Any:
    return docx.Document(io.BytesIO(word.render(report)))


def test_document_says_what_the_paper_says() -> None:
    report = example()
    document = opened(report)
    headings = [
        (each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith(("Head", "Title"))
    ]
    names = {1: "Title", 2: "Heading 1", 3: "Heading 2"}
    assert headings == [(names[block.level], block.text) for block in paper(report) if isinstance(block, Heading)]
    tables = [block for block in paper(report) if isinstance(block, Table)]
    assert len(document.tables) == len(tables)
    for drawn, block in zip(document.tables, tables, strict=True):
        cells = [tuple(cell.text for cell in row.cells) for row in drawn.rows]
        assert cells == [block.heads, *block.rows]


def test_headings_of_tables_repeat_and_rows_are_not_parted() -> None:
    for table in opened(example()).tables:
        first, *others = table.rows
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:tblHeader")) is None for row in others)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_every_table_says_what_it_holds() -> None:
    for table in opened(example()).tables:
        for name in ("w:tblCaption", "w:tblDescription"):
            assert len(table._tbl.tblPr.find(qn(name)).get(qn("w:val"))) > 10


def test_same_report_makes_the_same_file() -> None:
    assert word.render(example()) == word.render(example())


def test_text_from_outside_is_inert() -> None:
    text = f"ref,name,target,Q1,comment\n{HOSTILE!s},{HOSTILE},at least 5,6,{'x' * 100_000}\n".replace("\ud800", "")
    report = assess(read_scorecard_text(text), as_of=AS_OF)
    made = word.render(report)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        xml = parts.read("word/document.xml").decode()
    assert "<script>" not in xml
    assert not {"\u202e", "\x07", "\x1b"} & set(xml)
    assert len(xml) < 100_000
    assert "😀" in opened(report).tables[-1].rows[-1].cells[1].text
