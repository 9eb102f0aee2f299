"""Files of readings as batches of rows, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from rag_rules.errors import RagRulesError
from rag_rules.files.tables import printable
from rag_rules.frames.engines import CHUNK
from rag_rules.streams.delimited import CsvReadings
from rag_rules.streams.partitions import Keys

__all__ = ["ParquetReadings", "Source", "source_of"]

#: of each column so many bytes are read at a time; without this, a column of a row group is read whole
_BUFFER: Final = 1 << 20
#: so many bytes of rows are read at a time, as far as the file tells their size
_MOST_BYTES: Final = 32 << 20


class Source(Protocol):
    """Readings on file."""

    schema: Any
    #: how much there is to read, in rows or bytes
    total: int
    #: whether semicolons part the cells, as where a comma is the decimal sign
    has_semicolons: bool
    #: what was odd about the files
    warnings: tuple[str, ...]

    def batches(self) -> Iterator[tuple[Any, int]]:
        """Tables of some rows, each with how much has been read up to its end.

        Raises ``RagRulesError`` for what cannot be read.
        """


def source_of(paths: Sequence[Path], form: str) -> Source:
    """The readings in files of one format; raises ``RagRulesError`` where they cannot be read, or differ in their columns."""
    return ParquetReadings(paths) if form == "parquet" else CsvReadings(paths)


class ParquetReadings:
    """Parts of Parquet."""

    has_semicolons = False
    warnings: tuple[str, ...] = ()

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths, self.total = paths, 0
        for path in paths:
            with _opened(path) as part:
                self.total += part.metadata.num_rows
                if path is paths[0]:
                    self.schema, first = part.schema_arrow, part.metadata
                elif problem := _difference(self.schema, part.schema_arrow):
                    raise RagRulesError(f"{printable(path.name)} {problem}, unlike {printable(paths[0].name)}")
                else:
                    self.schema = _with_gaps_of(self.schema, part.schema_arrow)
        self._keys, self._own = Keys(paths, self.schema.names), self.schema
        self.schema = self._keys.with_fields(self._own)
        group = first.row_group(0) if first.num_row_groups else None
        chunks = [group.column(number) for number in range(group.num_columns)] if group is not None else []
        #: how the columns are squeezed, and which of them hold a number for each distinct value
        self.codec = chunks[0].compression.lower() if chunks else "snappy"
        self.dictionaries = [chunk.path_in_schema for chunk in chunks if chunk.has_dictionary_page] + self._keys.names

    def batches(self) -> Iterator[tuple[Any, int]]:
        """See ``Source``."""
        done = 0
        for path in self.paths:
            begins = done
            with _opened(path) as part:
                try:
                    for batch in part.iter_batches(batch_size=_rows_at_a_time(part.metadata)):
                        done += batch.num_rows
                        rows = pa.Table.from_arrays(batch.columns, schema=self._own)
                        yield self._keys.added_to(rows, path), done
                except (pa.ArrowException, OSError) as error:
                    where = f"{printable(path.name)} cannot be read behind row {done - begins:,}"
                    raise RagRulesError(f"{where}: {told(error)}") from error


def _opened(path: Path) -> Any:
    try:
        return pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
    except pa.ArrowException as error:
        raise RagRulesError(f"{printable(path.name)} is no Parquet file, or a damaged one: {told(error)}") from error
    except OSError as error:
        raise RagRulesError(f"{printable(path.name)} cannot be read: {error.strerror or told(error)}") from error


def _rows_at_a_time(metadata: Any) -> int:
    """How many rows to read: fewer where they are long, as those with documents in them."""
    size: int = sum(metadata.row_group(number).total_byte_size for number in range(metadata.num_row_groups))
    rows: int = metadata.num_rows
    return max(1_000, min(CHUNK, _MOST_BYTES * rows // max(size, 1)))


def _with_gaps_of(schema: Any, other: Any) -> Any:
    """A schema in which what may be missing in another may be missing too."""
    for number, field in enumerate(other):
        if field.nullable and not schema.field(number).nullable:
            schema = schema.set(number, schema.field(number).with_nullable(True))
    return schema


def _difference(schema: Any, other: Any) -> str:
    """How the columns of one part differ from those of the first."""
    if schema.names != other.names:
        extra = sorted(set(schema.names) ^ set(other.names))
        return (
            f"has other columns ({', '.join(map(printable, extra[:5]))})"
            if extra
            else "has its columns in another order"
        )
    for name, one, two in zip(schema.names, schema.types, other.types, strict=True):
        if one != two:
            return f"holds {two} in the column “{printable(name)}”, not {one}"
    return ""


def told(error: Exception) -> str:
    """The first sentence of an error of PyArrow, which may quote pages of what it read."""
    said = printable(str(error).split("\n")[0]).partition(". ")[0]
    return said[:300].removesuffix(".")
