"""Batches of rated rows to a file."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from rag_rules.errors import RagRulesError
from rag_rules.files.tables import printable
from rag_rules.streams.delimited import CsvReadings
from rag_rules.streams.sources import ParquetReadings, Source, told

__all__ = ["Sink", "sink_for"]

#: a row group of Parquet has so many rows, or fewer where they take up so many bytes
_MOST_ROWS: Final = 1_000_000
_MOST_BYTES: Final = 32 << 20


class Sink(Protocol):
    """A file that is being written."""

    def write(self, batch: Any) -> None:
        """Add the rows of a table; raises ``RagRulesError`` where they cannot be written."""

    def finish(self) -> None:
        """Write what is left; raises ``RagRulesError`` where it cannot be written."""

    def close(self) -> None:
        """Let go of the file, whole or not."""


def sink_for(path: Path, form: str, schema: Any, source: Source, *, shown: Path) -> Sink:
    """The file at ``path`` in a format, for rows of a schema; messages call it ``shown``."""
    if form == "parquet":
        return _Parquet(path, schema, source, shown)
    return _Csv(path, schema, source, shown)


@contextmanager
def _writing(shown: Path) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else told(error)
        raise RagRulesError(f"{printable(str(shown))} cannot be written: {why}") from error


def _let_go(file: BinaryIO) -> None:
    """Close a file, whatever is left to be written."""
    with suppress(OSError):
        file.close()


class _Parquet:
    """Parquet, in row groups of about a million rows."""

    def __init__(self, path: Path, schema: Any, source: Source, shown: Path) -> None:
        self.shown, self.rows, self.bytes = shown, 0, 0
        self.waiting: list[Any] = []
        codec = "snappy"
        dictionaries: bool | list[str] = True
        if isinstance(source, ParquetReadings):
            own = [name for name in schema.names if name not in source.schema.names]
            codec, dictionaries = source.codec, [*source.dictionaries, *own]
        with _writing(shown):
            self.file = path.open("wb")
            self.writer = pq.ParquetWriter(self.file, schema, compression=codec, use_dictionary=dictionaries)

    def write(self, batch: Any) -> None:
        """See ``Sink``."""
        self.waiting.append(batch)
        self.rows += batch.num_rows
        self.bytes += batch.nbytes
        if self.rows >= _MOST_ROWS or self.bytes >= _MOST_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self.waiting:
            together = pa.concat_tables(self.waiting)
            with _writing(self.shown):
                self.writer.write_table(together, row_group_size=max(self.rows, 1))
            self.waiting, self.rows, self.bytes = [], 0, 0

    def finish(self) -> None:
        """See ``Sink``."""
        self._flush()
        with _writing(self.shown):
            self.writer.close()
            self.file.close()

    def close(self) -> None:
        """See ``Sink``."""
        with suppress(pa.ArrowException, OSError):  # what is not finished is thrown away, and why has been said
            self.writer.close()
        _let_go(self.file)


class _Csv:
    """CSV, as the readings were where they are CSV: with the same sign between cells, and a byte order mark if they have one."""

    def __init__(self, path: Path, schema: Any, source: Source, shown: Path) -> None:
        self.shown, self.delimiter = shown, "," if shown.suffix.lower() == ".csv" else "\t"
        mark = b""
        if isinstance(source, CsvReadings):
            self.delimiter, mark = source.delimiter, codecs.BOM_UTF8 if source.has_mark else b""
        self.schema = _as_texts(schema, shown)
        with _writing(shown):
            self.file = path.open("wb")
            self.file.write(mark + self._carefully([schema.names]))

    def write(self, batch: Any) -> None:
        """See ``Sink``."""
        with _writing(self.shown):
            texts = batch.cast(self.schema)
        content = io.BytesIO()
        options = pa_csv.WriteOptions(include_header=False, delimiter=self.delimiter, quoting_style="none")
        try:
            pa_csv.write_csv(texts, content, options)
            made = content.getvalue()
        except pa.ArrowInvalid:  # some cells need quotation marks, and this way all of them would get some
            made = self._carefully(zip(*(column.to_pylist() for column in texts.columns), strict=True))
        with _writing(self.shown):
            self.file.write(made)

    def _carefully(self, rows: Iterable[Sequence[str | None]]) -> bytes:
        """Lines in which those cells have quotation marks that need them."""
        lines = io.StringIO()
        csv.writer(lines, delimiter=self.delimiter, lineterminator="\n").writerows(rows)
        return lines.getvalue().encode("utf-8")

    def finish(self) -> None:
        """See ``Sink``."""
        with _writing(self.shown):
            self.file.close()

    def close(self) -> None:
        """See ``Sink``."""
        _let_go(self.file)


def _as_texts(schema: Any, shown: Path) -> Any:
    """The columns as texts; raises ``RagRulesError`` for values that a CSV file cannot hold."""
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        try:
            pa.array([], kind).cast(pa.string())
            is_text = not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind))
        except pa.ArrowException:
            is_text = False
        if not is_text:
            raise RagRulesError(
                f"the column “{printable(field.name)}” holds values of the type {kind}, which a CSV file cannot hold",
                hint=f"write Parquet: {printable(shown.stem)}.parquet",
            )
    return pa.schema([(name, pa.string()) for name in schema.names])
