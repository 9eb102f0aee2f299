"""CSV, and its relatives with semicolons or tabs, to tables."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from rag_rules.errors import ScorecardError
from rag_rules.files.tables import MOST_COLUMNS, MOST_ROWS, Line, Table, table_of

__all__ = [
    "DAMAGED",
    "DELIMITERS",
    "GUESSED",
    "LARGEST_TEXT",
    "NO_TEXT",
    "SAVE_AS",
    "SEPARATOR",
    "decoded",
    "delimited_table",
    "encoding_of",
    "most_known",
]

LARGEST_TEXT: Final = 50_000_000
DELIMITERS: Final = ",;\t"
#: Excel says so in a first line of its own
SEPARATOR: Final = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: how a text without a mark is encoded that is not UTF-8, and what is said of it
_OLDER: Final = "cp1252"
GUESSED: Final = {_OLDER: "the text is not UTF-8; it is read as Windows-1252, as older spreadsheets write it"}
NO_TEXT: Final = "is not a text in UTF-8 or Windows-1252"
DAMAGED: Final = "begins with the mark of UTF-8 and has bytes in it that are not UTF-8: the text is damaged"
SAVE_AS: Final = "save it as CSV UTF-8"


def encoding_of(pieces: Iterable[bytes]) -> str:
    r"""How a text in pieces is encoded: as its mark says, or else in UTF-8, if it can be; Windows-1252 if it cannot.

    >>> encoding_of([b"\xc2", b"\xa3"]), encoding_of([b"\xa3"]), encoding_of(["£".encode("utf-16")])
    ('utf-8', 'cp1252', 'utf-16')

    Raises ``UnicodeDecodeError`` for a text with the mark of UTF-8 that is not UTF-8.
    """
    pieces = iter(pieces)
    first = next(pieces, b"")
    encoding = next((name for mark, name in _MARKS if first.startswith(mark)), "utf-8")
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in chain([first], pieces):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        if encoding == "utf-8-sig":
            raise
        return _OLDER
    return encoding


def decoded(data: bytes, *, place: str) -> tuple[str, str]:
    """The text of a file, and a warning if its encoding had to be guessed.

    Raises ``ScorecardError`` for what is no text.
    """
    if len(data) > LARGEST_TEXT:
        raise ScorecardError(f"{place} is larger than {LARGEST_TEXT // 1_000_000} MB")
    try:
        encoding = encoding_of([data])
    except UnicodeDecodeError:
        raise ScorecardError(f"{place} {DAMAGED}", hint=SAVE_AS) from None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise ScorecardError(f"{place} {NO_TEXT}", hint=SAVE_AS) from None
    if "\0" in text:
        raise ScorecardError(f"{place} is not a text file", hint="save the table as CSV UTF-8")
    return text, GUESSED.get(encoding, "")


def delimited_table(text: str, *, place: str, known: Callable[[Sequence[str]], int]) -> Table:
    """The table in a text whose cells are parted by commas, semicolons or tabs.

    ``known`` counts the headings it knows in a line: the delimiter is the one that shows most of them.
    """
    text = text.removeprefix("\ufeff")
    delimiter = None
    if said := SEPARATOR.match(text):
        delimiter, text = said[1], text[said.end() :]
    delimiter = delimiter or max(DELIMITERS, key=lambda each: _fit(text, each, known))
    lines = _lines(text, delimiter, place)
    table = table_of(lines, place=place, is_headings=lambda cells: known(cells) > 0)
    return replace(table, has_semicolons=delimiter == ";")


def most_known(text: str, known: Callable[[Sequence[str]], int]) -> int:
    """The most headings that ``known`` counts in one of the first lines, whatever parts their cells."""
    return max(_fit(text.removeprefix("\ufeff"), each, known)[0] for each in DELIMITERS)


def _fit(text: str, delimiter: str, known: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    """How well a delimiter fits: the most known headings in one of the first lines, and its number of cells."""
    found = (0, 0)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
            if number == 20:
                break
            found = max(found, (known(cells), len(cells)))
    except csv.Error:
        pass  # said with its place when the whole text is read
    return found


def _lines(text: str, delimiter: str, place: str) -> Iterator[Line]:
    # strict: a quotation mark that is never closed would swallow the rows below it
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for number, cells in enumerate(reader, start=1):
            if number > 10 * MOST_ROWS or len(cells) > 100 * MOST_COLUMNS:
                raise ScorecardError(f"{place} has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns")
            yield Line(number, tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        said = "is too long" if "field larger" in str(error) else "has a quotation mark that does not fit"
        raise ScorecardError(
            f"{place}, line {begins}: a cell that begins here {said}",
            hint='a cell with a quotation mark or the delimiter in it is written in quotation marks: "at least ""Good"""',
        ) from None
