"""Files of readings of any size, rated a batch at a time and written as they are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Final

from rag_rules.errors import MissingExtraError, RagRulesError
from rag_rules.files.decimal_commas import DecimalCommas
from rag_rules.files.tables import printable
from rag_rules.rulebook import RuleBook
from rag_rules.streams.counts import Counts
from rag_rules.streams.folders import outermost, parts_in
from rag_rules.streams.names import Wanted, time_columns

__all__ = ["Counts", "Wanted", "rate_files", "readings_at", "spare", "times_in"]

PARQUET: Final = frozenset({".parquet", ".pq"})
TEXTS: Final = frozenset({".csv", ".tsv", ".tab", ".txt"})
_KINDS: Final = "a .parquet or .csv file"
#: more parts than this are no folder that somebody made on purpose
_MOST_PARTS: Final = 100_000


def readings_at(path: str) -> list[Path]:
    """The files of readings at ``path``, in the order of their paths: a file, a folder of parts, or a pattern such as ``parts/*.csv``.

    A folder of parts may hold folders of them whose names become columns, such as ``month=2023-04``.

    Raises ``RagRulesError`` where there are none, or where they are not all of one format.
    """
    given = Path(path)
    if given.is_dir():
        found = parts_in(given, PARQUET | TEXTS)
    elif given.exists() or not set(path) & set("*?["):
        found = [given]
    else:
        found = sorted(each for each in Path(given.anchor).glob(str(given.relative_to(given.anchor))) if each.is_file())
    if not found:
        raise RagRulesError(
            f"there are no readings at {printable(path)}", hint=f"they are in {_KINDS}, or in a folder of them"
        )
    for each in found[:1] if given.exists() else found:
        if not each.is_file():
            raise RagRulesError(f"there is no file or folder {printable(str(each))}")
    formats = {_format(each) for each in found}
    if len(formats) > 1 or len(found) > _MOST_PARTS:
        raise RagRulesError(
            f"the files at {printable(path)} are not all of one format",
            hint="name those to rate, such as parts/*.parquet",
        )
    return found


def rate_files(
    readings: Sequence[Path],
    into: Path,
    book: RuleBook,
    wanted: Wanted,
    *,
    shares: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Counts:
    """Writes the rows of ``readings``, in their order and with their statuses, into one file; returns what was counted.

    Nothing stands at ``into`` until all is written. Raises ``RagRulesError`` for files that cannot be read or written and
    for columns that are not there or could be several, and ``MissingExtraError`` without PyArrow and NumPy.
    """
    _need_packages()
    from rag_rules.streams.ratings import DecimalCommaSeenError, Rating
    from rag_rules.streams.sinks import sink_for
    from rag_rules.streams.sources import source_of

    into = Path(os.path.realpath(into))  # through a link, so that the link stays one
    spare(readings, into)
    source = source_of(readings, _format(readings[0]))
    columns, commas = wanted.found_in(source.schema.names), DecimalCommas(source.has_semicolons)
    with _beside(into) as unfinished:
        while True:
            rating = Rating(book, columns, source.schema, shares, commas)
            sink = sink_for(unfinished, _format(into), rating.schema, source, shown=into)
            try:
                for batch, done in source.batches():
                    sink.write(rating.rated(batch))
                    if progress is not None:
                        progress(done, source.total)
                sink.finish()
                rating.counts.warnings = source.warnings
                return rating.counts
            except DecimalCommaSeenError as seen:  # what was rated before may have had decimal commas too: once more
                commas = replace(commas, shown=seen.cell)
            finally:
                sink.close()


def times_in(readings: Sequence[Path]) -> list[str]:
    """The columns of the readings that look as if they held times.

    Raises ``RagRulesError`` for a file that cannot be read, and ``MissingExtraError`` without PyArrow and NumPy.
    """
    _need_packages()
    from rag_rules.streams.sources import source_of

    return time_columns(source_of(readings[:1], _format(readings[0])).schema.names)


def _need_packages() -> None:
    for package in ("pyarrow", "numpy"):
        try:
            import_module(package)
        except ImportError:
            raise MissingExtraError(
                "rating files of readings needs the packages PyArrow and NumPy", hint='pip install "rag-rules[parquet]"'
            ) from None


def _format(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return "parquet"
    if suffix in TEXTS:
        return "csv"
    raise RagRulesError(f"{printable(path.name)} is not {_KINDS}", hint="the name of a file says its format")


def spare(readings: Sequence[Path], into: Path) -> None:
    """Refuse to write over the readings, to put what is written where it would be taken for some of them, or to write no format."""
    _format(into)
    if into.is_dir():
        raise RagRulesError(f"{printable(str(into))} is a folder", hint="name the file to write, such as rated.parquet")
    if into.exists() and not into.is_file():
        raise RagRulesError(f"{printable(str(into))} is not a file that can be written over")
    if into.exists() and any(each.samefile(into) for each in readings):
        raise RagRulesError(f"{printable(str(into))} is a file of readings; it is not written over")
    if len(readings) > 1 and _is_inside(into, outermost(readings[0])):
        raise RagRulesError(
            f"{printable(str(into))} would stand among the readings, and be read with them the next time",
            hint="write it into another folder",
        )


def _is_inside(into: Path, folder: Path) -> bool:
    """Whether a file is in a folder, or in one of those in it that hold parts."""
    own, folder = outermost(into), Path(os.path.realpath(folder))
    return Path(os.path.realpath(own)) == folder


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Where to write what shall be at ``path`` when it is whole: put there at the end, and gone if anything went wrong."""
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
