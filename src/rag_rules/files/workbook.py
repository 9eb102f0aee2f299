"""Excel workbooks to tables: each cell as the text that a person would write for what it shows."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from rag_rules.errors import MissingExtraError, ScorecardError
from rag_rules.files.number_formats import shows_days, written_number
from rag_rules.files.tables import MOST_ROWS, Line, Table, letters, listed, plain_words, printable, table_of

__all__ = ["Book", "open_book"]

LARGEST_BOOK: Final = 50_000_000
#: what its parts may come to when unpacked: a sheet of 100,000 rows is about a quarter of this
LARGEST_UNPACKED: Final = 500_000_000
#: what zipfile raises for what it cannot unpack: no zip file, a password, an unknown method, a file cut short or spoilt
_UNREADABLE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error,
)  # fmt: skip


@dataclass(slots=True)
class Book:
    """A workbook that is open for reading."""

    name: str
    _values: Any
    #: the same workbook with formulas instead of their values, if it holds any
    _formulas: Any = None
    #: place and message of what is odd
    warnings: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the visible sheets, in order."""
        return tuple(sheet.title for sheet in self._values.worksheets if sheet.sheet_state == "visible")

    def find(self, name: str) -> str | None:
        """The sheet of a name, written in any case; hidden ones too."""
        titles = [sheet.title for sheet in self._values.worksheets]
        return next((title for title in titles if plain_words(title) == plain_words(name)), None)

    def place(self, sheet: str) -> str:
        """The place of a sheet: ``book.xlsx, sheet KPIs``."""
        return f"{self.name}, sheet {printable(sheet)}"

    def lines(self, sheet: str) -> Iterator[Line]:
        """The lines of a sheet; what is odd about its cells is added to ``warnings``."""
        hidden: dict[int, tuple[int, str]] = {}
        unsaved: list[str] = []
        formulas = self._rows(self._formulas, sheet) if self._formulas is not None else None
        for number, row in enumerate(self._rows(self._values, sheet), start=1):
            behind = next(formulas, ()) if formulas is not None else ()
            cells = []
            for column, cell in enumerate(row):
                text, hides = _written(cell)
                if hides:
                    hidden[column] = (
                        hidden.get(column, (0, ""))[0] + 1,
                        hidden.get(column, (0, f"{letters(column)}{number}, {text}"))[1],
                    )
                if not text and column < len(behind) and behind[column].data_type == "f":
                    unsaved.append(f"{letters(column)}{number}")
                cells.append(text)
            yield Line(number, tuple(cells))
        self._warn(sheet, hidden, unsaved)

    def table(self, sheet: str, known: Callable[[Sequence[str]], int]) -> Table:
        """The table of a sheet."""
        return table_of(
            self.lines(sheet), place=self.place(sheet), is_headings=lambda cells: known(cells) > 0, addresses="cells"
        )

    def has_table(self, sheet: str, known: Callable[[Sequence[str]], int]) -> bool:
        """Whether one of the first lines of a sheet is a line of headings."""
        return any(known([_written(cell)[0] for cell in row]) for row in islice(self._rows(self._values, sheet), 20))

    def _rows(self, book: Any, sheet: str) -> Iterator[Sequence[Any]]:
        found = book[sheet]
        found.reset_dimensions()  # what a file says of its own size need not be true
        for number, row in enumerate(found.iter_rows(), start=1):
            if number > 20 * MOST_ROWS:  # more than any spreadsheet has
                raise ScorecardError(f"{self.place(sheet)} has more than {MOST_ROWS:,} rows")
            yield row

    def _warn(self, sheet: str, hidden: dict[int, tuple[int, str]], unsaved: list[str]) -> None:
        for column, (count, first) in hidden.items():
            cells = f"{count:,} cells ({first}, ...) hold" if count > 1 else f"the cell ({first}) holds"
            said = f"{cells} more decimals than {'they show' if count > 1 else 'it shows'}; all of them count"
            self.warnings.append((f"{self.place(sheet)}, column {letters(column)}", said))
        if unsaved:
            cells = listed([*unsaved[:5], *([f"{len(unsaved) - 5:,} more"] if len(unsaved) > 5 else [])])
            hint = "open the workbook in a spreadsheet program and save it"
            said = f"formulas without a saved value are read as blank: {cells}; {hint}"
            self.warnings.append((self.place(sheet), said))


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """The workbook at ``path``, for as long as it is read.

    Raises ``ScorecardError`` for a file that is no workbook, ``MissingExtraError`` without openpyxl.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError(
            "reading workbooks needs the package openpyxl", hint='pip install "rag-rules[xlsx]"'
        ) from None
    has_formulas = _inspected(path)
    opened: list[Any] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: charts, validation, styles
        try:
            opened = [openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)]
            if has_formulas:
                opened.append(openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False))
            yield Book(path.name, *opened)
        except (ScorecardError, OSError):
            raise
        except (
            Exception
        ) as error:  # a faulty file fails in openpyxl in many ways: KeyError, ParseError, ValueError, ...
            raise ScorecardError(
                f"{path.name} cannot be read as a workbook ({type(error).__name__})", hint=_SAVE
            ) from error
        finally:
            for book in opened:
                book.close()


_SAVE: Final = "open it in a spreadsheet program and save it as .xlsx again, without a password"


def _inspected(path: Path) -> bool:
    """Whether the sheets hold formulas, after a look at what the file would unpack to."""
    try:
        with zipfile.ZipFile(path) as parts:
            infos = parts.infolist()
            if path.stat().st_size > LARGEST_BOOK or sum(info.file_size for info in infos) > LARGEST_UNPACKED:
                raise ScorecardError(f"{path.name} is too large for a scorecard")
            found = False
            for info in infos:
                if info.filename.lower().endswith((".xml", ".rels")):
                    with parts.open(info) as part:
                        found = _searched(part, path.name) or found
            return found
    except _UNREADABLE as error:
        raise ScorecardError(f"{path.name} is not an Excel workbook, or has a password", hint=_SAVE) from error


def _searched(part: IO[bytes], name: str) -> bool:
    """Whether one part of a workbook holds formulas; raises ``ScorecardError`` for one that could define entities."""
    found, before = False, b""
    while chunk := part.read(1 << 20):
        text = before + chunk.replace(b"\0", b"")  # without what UTF-16 puts between the letters
        if b"<!DOCTYPE" in text:
            raise ScorecardError(f"{name} holds a document type, which no workbook needs; it is not read")
        found = found or b"<f>" in text or b"<f " in text
        before = text[-10:]
    return found


def _written(cell: Any) -> tuple[str, bool]:
    """The text that a person would write for a cell, and whether it shows fewer decimals than it holds."""
    value = cell.value
    match value:
        case None:
            return "", False
        case bool():
            return ("Yes" if value else "No"), False
        case str():
            return value, False
        case int() | float():
            return written_number(value, cell.number_format)
        case datetime() if value.time() == time():
            return _day(value.date(), cell.number_format), False
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes"), False
        case date():
            return _day(value, cell.number_format), False
        case time() | timedelta():
            return str(value), False
        case _:
            return str(value), False


def _day(value: date, number_format: str) -> str:
    """A date as ISO 8601; a month where that is all the cell shows."""
    return value.isoformat() if shows_days(number_format) else f"{value:%b %Y}"
