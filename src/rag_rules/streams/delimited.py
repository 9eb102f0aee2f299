"""CSV files as batches of texts: each cell is what is written in it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.csv as pa_csv

from rag_rules.errors import RagRulesError
from rag_rules.files.delimited import DAMAGED, DELIMITERS, GUESSED, NO_TEXT, SAVE_AS, SEPARATOR, encoding_of
from rag_rules.files.tables import MOST_COLUMNS, printable
from rag_rules.streams.partitions import Keys

__all__ = ["CsvReadings"]

#: so many bytes are read at a time ...
_BLOCK: Final = 2 << 20
#: ... and no row is longer than this, or a quotation mark that is never closed would take in all that is left
_LONGEST_ROW: Final = 8 << 20
_HINT: Final = 'a cell with a quotation mark or the delimiter in it is written in quotation marks: "at least ""Good"""'


class _Head(NamedTuple):
    """The beginning of a file."""

    names: tuple[str, ...]
    delimiter: str
    encoding: str
    #: the line of the first row, and how many bytes of the text in UTF-8 stand before it
    line: int
    begins: int


class CsvReadings:
    """Parts of CSV; all columns are texts."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths
        self.total = sum(path.stat().st_size for path in paths)
        self._heads = [_head(path) for path in paths]
        first = self._heads[0]
        for path, head in zip(paths, self._heads, strict=True):
            if (head.names, head.delimiter) != (first.names, first.delimiter):
                raise RagRulesError(f"{printable(path.name)} has other headings than {printable(paths[0].name)}")
        self.delimiter, self.has_semicolons = first.delimiter, first.delimiter == ";"
        #: whether the text in UTF-8 needs a mark, so that a spreadsheet reads it as it read this
        self.has_mark = first.encoding != "utf-8"
        self.warnings = _warnings(paths, self._heads)
        self._keys, self._own = Keys(paths, first.names), pa.schema([(name, pa.string()) for name in first.names])
        self.schema = self._keys.with_fields(self._own)

    def batches(self) -> Iterator[tuple[Any, int]]:
        """See ``Source``."""
        done = 0
        for path, head in zip(self.paths, self._heads, strict=True):
            for block, line, position in _blocks(path, head):
                yield self._keys.added_to(self._table(block, path, line), path), done + position
            done += path.stat().st_size

    def _table(self, block: bytes, path: Path, line: int) -> Any:
        """The rows in a block of whole rows."""
        if b'"' not in block and b"\0" not in block:  # nothing but cells and what parts them
            try:
                return self._quickly(block)
            except pa.ArrowException:
                pass  # said below, with its line
        return _carefully(_text(block, path), self._own, self.delimiter, path, line)

    def _quickly(self, block: bytes) -> Any:
        return pa_csv.read_csv(
            pa.BufferReader(block),
            read_options=pa_csv.ReadOptions(column_names=self._own.names, use_threads=False, block_size=len(block) + 1),
            parse_options=pa_csv.ParseOptions(delimiter=self.delimiter, quote_char=False),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in self._own.names}, strings_can_be_null=False
            ),
        )


def _carefully(text: str, schema: Any, delimiter: str, path: Path, line: int) -> Any:
    """The rows in a text, read as the rules of CSV say, and refused where they are broken."""
    try:
        rows = [cells for cells in _reader(text, delimiter) if cells]
        is_even = all(len(cells) == len(schema.names) for cells in rows)
    except csv.Error:
        is_even = False
    if not is_even:
        raise _trouble(text, delimiter, len(schema.names), path, line)
    columns = zip(*rows, strict=True) if rows else [()] * len(schema.names)
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=schema)


def _reader(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _trouble(text: str, delimiter: str, width: int, path: Path, line: int) -> RagRulesError:
    """What is wrong with the first row that cannot be read, and its line."""
    reader, begins = _reader(text, delimiter), line
    try:
        for cells in reader:
            if cells and len(cells) != width:
                break
            begins = line + reader.line_num
    except csv.Error as error:
        is_long = "field larger" in str(error)
        return _broken(path, begins, "is too long" if is_long else "has a quotation mark that does not fit")
    said = f"the row has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, and there are {width} headings"
    return RagRulesError(f"{printable(path.name)}, line {begins:,}: {said}", hint=_HINT)


def _broken(path: Path, line: int, what: str) -> RagRulesError:
    return RagRulesError(f"{printable(path.name)}, line {line:,}: a cell that begins here {what}", hint=_HINT)


def _warnings(paths: Sequence[Path], heads: Sequence[_Head]) -> tuple[str, ...]:
    """What is said of texts whose encoding had to be guessed: of the first, and how many more there are."""
    guessed = [path for path, head in zip(paths, heads, strict=True) if head.encoding in GUESSED]
    if not guessed:
        return ()
    more = f" (and of {len(guessed) - 1:,} more)" if len(guessed) > 1 else ""
    said = next(GUESSED[head.encoding] for head in heads if head.encoding in GUESSED)
    return (f"{printable(guessed[0].name)}{more}: {said}",)


def _raw(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_BLOCK):
            yield piece


def _pieces(path: Path, encoding: str) -> Iterator[tuple[bytes, int]]:
    """A text in UTF-8 without its mark, each piece with the number of bytes that have been read of the file."""
    read, decoder = 0, codecs.getincrementaldecoder(encoding)()
    for piece in _raw(path):
        if encoding in ("utf-8", "utf-8-sig"):
            made = piece if read else piece.removeprefix(codecs.BOM_UTF8)
        else:
            try:
                made = decoder.decode(piece).encode("utf-8")
            except UnicodeDecodeError:
                raise RagRulesError(f"{printable(path.name)} {NO_TEXT}", hint=SAVE_AS) from None
        read += len(piece)
        yield made, read


def _blocks(path: Path, head: _Head) -> Iterator[tuple[bytes, int, int]]:
    """Blocks of whole rows, each with the number of its first line, and of the bytes that have been read of the file."""
    rest, line, position, skipped = b"", head.line, 0, head.begins
    for piece, read in _pieces(path, head.encoding):
        block, skipped, position = rest + piece[skipped:], 0, read
        end = _end_of_rows(block)
        if end:
            yield block[:end], line, position
            line += block.count(b"\n", 0, end)
        rest = block[end:]
        if len(rest) > _LONGEST_ROW:
            raise _broken(path, line, "is too long, or has a quotation mark that is never closed")
    if rest:
        yield rest, line, position


def _end_of_rows(block: bytes) -> int:
    """Where the last whole row of a block ends: at a line's end that is in no quotation marks."""
    end = block.rfind(b"\n") + 1
    quotes = block.count(b'"', 0, end)
    while end and quotes % 2:
        before = block.rfind(b"\n", 0, block.rfind(b'"', 0, end)) + 1
        quotes -= block.count(b'"', before, end)
        end = before
    return end


def _text(block: bytes, path: Path) -> str:
    text = block.decode("utf-8")
    if "\0" in text:
        raise RagRulesError(f"{printable(path.name)} is not a text file", hint="save the table as CSV UTF-8")
    return text


def _head(path: Path) -> _Head:
    """The headings of a file, and what parts its cells: the sign that shows most of them."""
    try:
        encoding = encoding_of(_raw(path))
    except UnicodeDecodeError:
        raise RagRulesError(f"{printable(path.name)} {DAMAGED}", hint=SAVE_AS) from None
    beginning, _ = next(_pieces(path, encoding), (b"", 0))
    line, delimiter, begins = 1, "", 0
    if said := SEPARATOR.match(beginning[:100].decode("latin-1")):
        delimiter, begins, line = said[1], said.end(), 2
    end = begins
    while True:  # a heading may have lines of its own
        newline = beginning.find(b"\n", end)
        end = newline + 1 if newline >= 0 else len(beginning)
        if newline < 0 or beginning.count(b'"', begins, end) % 2 == 0:
            break
    text = _text(beginning[begins:end], path)
    if not text.strip():
        raise RagRulesError(
            f"{printable(path.name)} is empty", hint="its first line holds the headings: indicator, value, ..."
        )
    found = {each: _cells(text, each) for each in delimiter or DELIMITERS}
    delimiter, names = max(found.items(), key=lambda each: len(each[1]))
    if len(names) < 2 and not all(found.values()):
        raise _broken(path, line, "has a quotation mark that does not fit")
    if _has_rows(text, delimiter):
        if "\n" in text.strip():
            raise _broken(path, line, "has a quotation mark that does not fit")
        raise RagRulesError(f"the lines of {printable(path.name)} end with carriage returns alone", hint=SAVE_AS)
    if len(names) > MOST_COLUMNS:
        raise RagRulesError(f"{printable(path.name)} has more than {MOST_COLUMNS:,} columns")
    return _Head(tuple(names), delimiter, encoding, line + text.count("\n"), end)


def _has_rows(text: str, delimiter: str) -> bool:
    """Whether rows stand in what should be the headings: they would be lost."""
    try:
        _, *rows = _reader(text, delimiter)
    except csv.Error:
        return True
    return any(rows)


def _cells(text: str, delimiter: str) -> list[str]:
    """The cells of a line by one delimiter; none where quotation marks do not fit it."""
    try:
        found: list[str] = next(_reader(text, delimiter))
        return found
    except csv.Error:
        return []
