"""Runs benchmarks, prints their tables, and writes them into the page on performance.

``python -m benchmarks.run [section ...]`` runs those sections, or all but the large ones, and rewrites their tables
only. ``--large`` runs the large ones, ``--list`` names all, ``--quick`` only sees that they run and writes nothing.
"""

from __future__ import annotations

import argparse
import importlib
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from benchmarks.table import COLUMNS, Cells, Columns, Effort, Item, Row, Section

_PAGE: Final = Path(__file__).parents[1] / "docs" / "explanation" / "performance.md"
_END: Final = "<!-- end of figures -->"

#: the modules that have ``SECTIONS``
_MODULES: Final = (
    "scalar",
    "parsing",
    "start",
    "growth",
    "frames",
    "sql",
    "streaming",
    "spark",
    "scorecards",
    "exactness",
)


def sections() -> list[Section]:
    """All sections, in the order of the page."""
    return [each for name in _MODULES for each in importlib.import_module(f"benchmarks.{name}").SECTIONS]


def run(section: Section, effort: Effort) -> Iterator[str]:
    """The lines of a section, one after the other as they are measured."""
    yield f"### {section.title}"
    yield ""
    yield _measured(section)
    table: Columns | None = None
    for item in section.run(effort):
        yield from _lines(item, table)
        table = _table_after(item, table)


def _lines(item: Item, table: Columns | None) -> Iterator[str]:
    if isinstance(item, str):
        yield from ("", item)
        return
    columns = _table_after(item, table)
    if columns != table and columns is not None:
        yield from ("", _line(columns), f"|{'---|' * len(columns)}")
    if not isinstance(item, Columns):
        yield _line(item.cells if isinstance(item, Row) else item)


def _table_after(item: Item, table: Columns | None) -> Columns | None:
    """The table that the line after ``item`` is in."""
    if isinstance(item, str):
        return None
    if isinstance(item, Columns):
        return item
    return COLUMNS if isinstance(item, Row) else table


def _line(cells: Cells | Columns) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _measured(section: Section) -> str:
    with_ = [f"Python {platform.python_version()}"]
    for package in section.packages:
        try:
            with_.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            with_.append(f"without {package}")
    return f"Measured on {date.today():%-d %B %Y} with {', '.join(with_)}; {_processor()}, {platform.system()}."


def _processor() -> str:
    """The kind of processor, and nothing else of the machine."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text("utf-8")) if cpuinfo.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()


def written(page: str, name: str, lines: Sequence[str]) -> str:
    """``page`` with the figures of one section in the place of those before, or after all others if there were none."""
    begin, end = f"<!-- figures: {name} -->", f"<!-- end: {name} -->"
    block = "\n".join((begin, "", *lines, "", end))
    before, found, rest = page.partition(begin)
    if found:
        return before + block + rest.partition(end)[2]
    before, found, after = page.partition(_END)
    if not found:
        raise SystemExit(f"{_PAGE.name} has no {_END}")
    return f"{before}{block}\n\n{found}{after}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the sections that are asked for, each of which is written as soon as it is done."""
    known = {each.name: each for each in sections()}
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("section", nargs="*", help=", ".join(known))
    parser.add_argument("--large", action="store_true", help="run the large sections, if none is named")
    parser.add_argument("--list", action="store_true", help="name all sections, and run none")
    parser.add_argument("--quick", action="store_true", help="only see that they run; the page stays as it is")
    asked = parser.parse_args(arguments)
    if asked.list:
        print("\n".join(f"{each.name:12} {each.title}{' (large)' * each.is_large}" for each in known.values()))
        return
    if unknown := [name for name in asked.section if name not in known]:
        parser.error(f"there is no section {', '.join(unknown)}; there are {', '.join(known)}")
    chosen = [known[name] for name in asked.section] or [
        each for each in known.values() if each.is_large is asked.large
    ]
    for section in chosen:
        lines: list[str] = []
        try:
            for line in run(section, Effort(asked.quick)):
                lines.append(line)
                print(line, flush=True)
        except ImportError as missing:  # an engine that this machine need not have
            print(f"{section.name} is left out: {missing}", file=sys.stderr)
            continue
        print(flush=True)
        if not asked.quick:
            _PAGE.write_text(written(_PAGE.read_text("utf-8"), section.name, lines), "utf-8")


if __name__ == "__main__":
    main()
