"""The sheets beside the indicators of a workbook: the scheme in two columns, and the periods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rag_rules.errors import ScorecardError
from rag_rules.files.tables import Line, Table, plain_words, printable
from rag_rules.models import OnFile, ReportingPeriod, checked

__all__ = ["periods_in", "scheme_in"]

_SCHEME: Final = {
    "tolerance": "tolerance", "default tolerance": "tolerance", "polarity": "polarity", "default polarity": "polarity",
    "boundary": "boundary", "green within": "green_within", "amber if improving": "amber_if_improving",
    "rounding": "rounding", "conflicts": "conflicts", "year start": "year_start", "year starts": "year_start",
    "year begins": "year_start", "financial year starts": "year_start", "due soon": "due_soon", "grace": "grace",
    "day order": "day_order",
    "language": "language", "logo": "logo",
}  # fmt: skip
#: settings by a name that stands behind the word
_NAMED: Final = {
    "benchmark": "benchmarks", "reported": "reported", "resource impact": "resource_impact", "colour": "colours",
    "shape": "shapes",
}  # fmt: skip
_TASK_WORDS: Final = {f"task {word}": word for word in ("green", "amber", "red", "unrated")}
_ROLL_UP: Final = {"roll up": "policy", "roll up green": "green", "roll up amber": "amber"}
_HEADS: Final = frozenset({"setting", "key", "name", "scheme", "item"})
_KNOWN: Final = (
    "title",
    "tolerance",
    "year start",
    "missing",
    "green",
    "amber",
    "red",
    "unrated",
    "benchmark national",
    "group",
    "column target",
    "due soon",
    "grace",
    "day order",
    "holidays",
    "reported blue",
    "resource impact A",
    "boundary",
    "comment required",
    "roll up",
    "task green",
)


def scheme_in(lines: Iterable[Line], *, place: str) -> tuple[OnFile, str | None]:
    """What a scheme sheet says of the scorecard, and which sheet it names as that of the indicators.

    Raises ``ScorecardError`` for a setting that is not known.
    """
    scheme: dict[str, Any] = {
        "words": {}, "benchmarks": {}, "reported": {}, "resource_impact": {},
        "colours": {}, "shapes": {},
    }  # fmt: skip
    table: dict[str, Any] = {"columns": {}}
    whole: dict[str, Any] = {"scheme": scheme}
    sheet: str | None = None
    for line in lines:
        first, second = (*(cell.strip() for cell in line.cells if cell.strip()), "", "")[:2]
        key = plain_words(first)
        if not key or not second or key in _HEADS:
            continue
        if key in ("title", "green", "amber", "red", "unrated"):
            (whole if key == "title" else scheme["words"])[key] = second
        elif key in _SCHEME:
            scheme[_SCHEME[key]] = second
        elif key in ("missing", "missing data", "words for missing data"):
            scheme["missing"] = _parted(second)
        elif key in ("holidays", "comment required"):
            scheme[key.replace(" ", "_")] = _parted(second)
        elif key in _TASK_WORDS:
            scheme.setdefault("task_words", {})[_TASK_WORDS[key]] = second
        elif key in _ROLL_UP:
            scheme.setdefault("roll_up", {})[_ROLL_UP[key]] = second
        elif key in ("group", "groups", "group by"):
            table["group"] = _parted(second)
        elif key in ("sheet", "indicators sheet"):
            sheet = second
        elif found := re.fullmatch(r"(benchmark|column|reported|resource impact|colour|shape) (.+)", key):
            if found[1] == "column":
                table["columns"][found[2].replace(" ", "_")] = second  # no field has a space in its name
            else:
                scheme[_NAMED[found[1]]][found[2]] = second
        else:
            raise ScorecardError(f"{place}, row {line.number}: “{printable(first)}” is not a setting", expected=_KNOWN)
    whole["indicators"] = [table]
    return checked(OnFile, whole, place=place), sheet


def periods_in(table: Table) -> tuple[ReportingPeriod, ...]:
    """The periods that a sheet lists in the columns label, ends, column and target."""
    names = [plain_words(heading) for heading in table.headings]
    if "label" not in names:
        raise ScorecardError(f"{table.place}: no column is called label; there are {table.listed_headings}")
    return tuple(
        checked(ReportingPeriod, _period(names, row.cells), place=table.where(row))
        for row in table.rows
        if row.cell(names.index("label"))
    )


def _period(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    return {
        name: text.strip()
        for name, text in zip(names, cells, strict=False)
        if text.strip() and name in ReportingPeriod.model_fields
    }


def _parted(text: str) -> list[str]:
    """The parts of a list; one with a comma in it stands in quotation marks.

    >>> _parted('theme, "Lead, or team"')
    ['theme', 'Lead, or team']
    """
    found = re.findall(r'\s*"([^"\n]+)"\s*(?:[,;\n]|$)|([^,;\n]+)', text)
    return [part.strip() for pair in found for part in pair if part.strip()]
