"""Tables as files hold them: headings and rows of texts, each cell with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rag_rules.errors import ScorecardError, printable

__all__ = [
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Line",
    "Row",
    "Table",
    "letters",
    "listed",
    "plain_words",
    "printable",
    "runs",
    "table_of",
]

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 500
#: so many lines may stand above the headings: a title, a date, a note
_ABOVE: Final = 20

#: how a row is found in its file: by its number, by its line in a text, or by the addresses of its cells
Addresses = Literal["rows", "lines", "cells"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of cells, before it is known whether it is a heading."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in any cell."""
        return not any(map(str.strip, self.cells))


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the headings; ``number`` counts from 1, blank rows included."""

    number: int
    line: int
    cells: tuple[str, ...]

    def cell(self, column: int) -> str:
        """The text in a column, without spaces at its ends; empty where the row is short."""
        return self.cells[column].strip() if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its place: ``kpis.csv``, or ``book.xlsx, sheet KPIs``."""

    place: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    #: what stands above the headings
    title: str = ""
    addresses: Addresses = "rows"
    #: whether semicolons part the cells, as where a comma is the decimal sign
    has_semicolons: bool = False

    def where(self, row: Row, column: int | None = None) -> str:
        """The place of a row, or of one of its cells: ``kpis.csv, row 17``."""
        if self.addresses == "lines":
            return f"{self.place}, row {row.number} (line {row.line})"
        if self.addresses == "cells" and column is not None:
            return f"{self.place}, row {row.number} (cell {letters(column)}{row.line})"
        return f"{self.place}, row {row.number}"

    def at(self, row: Row, column: int) -> tuple[str, str]:
        """The place of a cell and the heading above it."""
        return self.where(row, column), self.heading(column)

    def heading(self, column: int) -> str:
        """The heading of a column, on one line."""
        return printable(self.headings[column]) or f"number {column + 1}"

    @property
    def listed_headings(self) -> str:
        """The headings that there are, for messages."""
        named = [f"“{printable(heading)}”" for heading in self.headings if heading.strip()]
        more = f" and {len(named) - 30} more" if len(named) > 30 else ""
        return ", ".join(named[:30]) + more if named else "none"


def table_of(
    lines: Iterable[Line], *, place: str, is_headings: Callable[[Sequence[str]], bool], addresses: Addresses = "rows"
) -> Table:
    """The table in the lines of a file: its headings are the first line that ``is_headings`` knows, near the top.

    Where it knows none, the first line of several texts is taken, so that a message can name what there is.
    Raises ``ScorecardError`` for a file without any text, or with more than there can be in a scorecard.
    """
    kept = _bounded(lines, place)
    written = [index for index, line in enumerate(kept) if not line.is_blank]
    if not written:
        raise ScorecardError(f"{place} is empty", hint="its first line holds the headings: ref, name, target, ...")
    near = written[:_ABOVE]
    wide = [index for index in near if sum(bool(cell.strip()) for cell in kept[index].cells) > 1]
    # a title such as "KPI targets 2023/24" stands alone in its line, and headings rarely do
    top = next((index for index in (*wide, *near) if is_headings(kept[index].cells)), (wide or written)[0])
    headings = _without_end(kept[top].cells)
    rows = tuple(
        Row(number, line.number, line.cells)
        for number, line in enumerate(kept[top + 1 :], start=1)
        if not line.is_blank
    )
    title = next((text for line in kept[:top] for cell in line.cells if (text := printable(cell))), "")
    return Table(place, headings, rows, title, addresses)


def _bounded(lines: Iterable[Line], place: str) -> list[Line]:
    kept: list[Line] = []
    written = 0
    for line in lines:
        written += not line.is_blank
        if written > MOST_ROWS:
            raise ScorecardError(f"{place} has more than {MOST_ROWS:,} rows")
        if len(line.cells) > MOST_COLUMNS and len(_without_end(line.cells)) > MOST_COLUMNS:
            raise ScorecardError(f"{place} has more than {MOST_COLUMNS:,} columns")
        kept.append(line)
    return kept


def _without_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells without blank ones behind the last that is not."""
    last = next((index for index in range(len(cells), 0, -1) if cells[index - 1].strip()), 0)
    return cells[:last]


def plain_words(text: str) -> str:
    """A heading or a name as it is compared: lower case, no punctuation, single spaces.

    >>> plain_words(" KPI No. "), plain_words("Bigger is better?"), plain_words("Target 2023/24")
    ('kpi no', 'bigger is better', 'target 2023 24')
    """
    return " ".join(
        re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold().replace("’", "").replace("'", ""))
    )


def listed(items: Sequence[str]) -> str:
    """The items as people list them: a, b and c."""
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last


def runs(numbers: Sequence[int]) -> str:
    """The numbers, in order, as people list them: those that follow each other as one run.

    >>> runs([3]), runs([3, 4, 7, 8, 9])
    ('3', '3, 4 and 7 to 9')
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    texts = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in found]
    return listed(", ".join(texts).split(", "))


def letters(column: int) -> str:
    """The letters of a column of a workbook, counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    found, column = "", column + 1
    while column:
        column, digit = divmod(column - 1, 26)
        found = chr(ord("A") + digit) + found
    return found
