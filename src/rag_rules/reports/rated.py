"""What came of a file of readings, in a few lines for the terminal."""

from __future__ import annotations

import textwrap
from itertools import islice
from typing import Final

from rag_rules.reports.text import one_line
from rag_rules.reports.words import counted
from rag_rules.rulebook import RuleBook
from rag_rules.status import Status
from rag_rules.streams import Counts

__all__ = ["render"]

_ORDER: Final = (Status.GREEN, Status.AMBER, Status.RED, Status.UNRATED)
#: so many names without a rule are shown, the most frequent first
_NAMES: Final = 5
#: so many spellings that were taken for a name are shown
_SPELLINGS: Final = 10


def render(counts: Counts, book: RuleBook, *, seconds: float, width: int = 80) -> str:
    """How many rows have each status, why others have none, and which names have no rule."""
    statuses = ", ".join(f"{counts.statuses[status]:,} {status.value}" for status in _ORDER)
    lines = [f"{counted(counts.total, 'row')} in {seconds:.1f} s: {statuses}."]
    if counts.reasons:
        lines.append(f"Unrated: {'; '.join(_reason(why, rows, counts) for why, rows in counts.reasons.most_common())}.")
    lines += [f"{one_line(warning, 300)}." for warning in counts.warnings]
    if counts.doubt:
        lines.append(f"{counts.doubt[0].upper()}{one_line(counts.doubt[1:], 300)}.")
    if counts.respelt:
        pairs = [f"{_quoted(name)} for {_quoted(meant)}" for name, meant in islice(counts.respelt.items(), _SPELLINGS)]
        others = len(counts.respelt) - len(pairs)
        more = f", and {counted(others, 'other spelling')}" if others else ""
        lines.append(f"Taken for the name of a rule: {', '.join(pairs)}{more}.")
    if counts.unknown:
        shown = [_unknown(name, rows, book) for name, rows in counts.unknown.most_common(_NAMES)]
        number = len(counts.unknown)
        most = f"more than {number:,} names" if counts.has_more_unknown else counted(number, "name")
        rest = "; ..." if number > len(shown) or counts.has_more_unknown else ""
        lines.append(f"No rule for {most}: {'; '.join(shown)}{rest}.")
    return "".join(f"{textwrap.fill(line, width, subsequent_indent='  ', break_on_hyphens=False)}\n" for line in lines)


def _reason(why: str, rows: int, counts: Counts) -> str:
    shown = ", ".join(map(_quoted, counts.examples.get(why, ())))
    return f"{one_line(why, 80)} {rows:,}{f' (such as {shown})' if shown else ''}"


def _unknown(name: str, rows: int, book: RuleBook) -> str:
    near = book.near(name) if name else None
    told = f"; did you mean {_quoted(near)}?" if near is not None else ""
    return f"{_quoted(name) if name else 'blank'} ({counted(rows, 'row')}{told})"


def _quoted(name: str) -> str:
    return f"“{one_line(name, 60)}”"
