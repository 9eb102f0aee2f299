"""Sheets of a workbook: text that is nothing but text, and one table to a sheet that people can read and print."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from rag_rules.errors import MissingExtraError
from rag_rules.files.number_formats import cell_number
from rag_rules.reports.text import inert, one_line
from rag_rules.reports.words import STATUSES

if TYPE_CHECKING:
    from rag_rules.models import Indicator, ReportingPeriod, Scheme

__all__ = [
    "CHECK", "FIRST", "HEADS", "INPUT", "MIDDLE", "NARROW", "QUIET", "SETTINGS", "WIDE",
    "Book", "Column", "Entry", "Formula", "Number", "Tick", "Value", "as_text", "fits", "setting_text", "text", "unlike",
]  # fmt: skip

Tick = Callable[[int, int], None]

#: code units of UTF-16 that a cell of Excel holds
_CELL: Final = 32_767
#: characters of a list in a data validation
CHECK: Final = 255
#: rows of the title, of the line below it, of the headings and of the first cells, counted from 0
_TITLE, _HELP, HEADS, FIRST = 0, 1, 3, 4
WIDE, MIDDLE, NARROW = 42, 22, 12
#: points of one line, and of the tallest row that Excel has
_LINE, _TALLEST = 15, 409

INK, QUIET, _RULE, _HEAD = "#1D2733", "#5B6770", "#D5DBE1", "#E3E8EE"
#: hand-entered cells: a pale fill in a frame
INPUT: Final = {"bg_color": "#FFFBE6", "border": 1, "border_color": "#8A6D00"}
_FONT: Final = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "top"}

#: what a scorecard says of an indicator besides its target and readings, under the headings that it is read by
SETTINGS: Final = {
    "polarity": "Polarity", "tolerance": "Tolerance", "unit": "Unit", "scale": "Scale", "benchmarks": "Benchmark",
    "baseline": "Baseline", "rounding": "Rounding", "accumulation": "Accumulation", "frequency": "Frequency",
    "profile": "Profile", "year": "Year", "lag": "Lag", "owner": "Owner", "published": "Published", "override": "Override",
    "override_reason": "Override reason", "override_by": "Override by", "override_until": "Override until",
    "weight": "Weight",
}  # fmt: skip


# cells ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the format that shows it."""

    value: float
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula with the value it has until it is worked out again."""

    formula: str
    value: str | float
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Entry:
    """A text, or nothing, in a cell whose format waits for a number."""

    text: str
    number_format: str


Value = str | Entry | Number | Formula | None


@dataclass(slots=True)
class Column:
    """A column of a table: its heading, its width and the cell that it has in each row."""

    head: str
    width: int
    cells: list[Value] = field(default_factory=list)
    #: the look of its cells, and of its heading, besides that of all
    look: dict[str, Any] = field(default_factory=dict)
    head_look: dict[str, Any] = field(default_factory=dict)


def text(value: str | None) -> str:
    """A text from outside as a cell holds it: its lines made inert, and no longer than Excel allows."""
    lines = "\n".join(map(inert, (value or "").splitlines()))
    if 2 * len(lines) <= _CELL:
        return lines
    units = lines.encode("utf-16-le")
    return lines if len(units) <= 2 * _CELL else units[: 2 * (_CELL - 1)].decode("utf-16-le", "ignore") + "…"


def written_value(value: str) -> Value:
    """A reading as a cell holds it: a number in the format that shows it as it is written, or the text."""
    shown = text(value)
    made = cell_number(shown)
    return Number(float(made.value), made.number_format) if made is not None else shown


def _height(texts: Iterable[tuple[str, int]]) -> float:
    """The height of a row that shows each text in a column of its width; programs differ in whether they find it."""
    lines = max((_lines(shown, width) for shown, width in texts if shown), default=1)
    return min(_TALLEST, _LINE * lines + 2)


def _lines(shown: str, width: int) -> int:
    if len(shown) < width and "\n" not in shown:
        return 1
    return sum(1 + int(len(line) * 1.1) // max(width, 1) for line in shown[:4000].split("\n"))


def unlike(heads: Sequence[str]) -> list[str]:
    """The headings, each told apart from those before it, as a table demands."""
    found: list[str] = []
    known: set[str] = set()
    for index, head in enumerate(heads):
        name = base = one_line(head, 200) or f"Column {index + 1}"
        number = 1
        while name.casefold() in known:
            number += 1
            name = f"{base} ({number})"
        known.add(name.casefold())
        found.append(name)
    return found


# the workbook ---------------------------------------------------------------------------------------------------------


class Book:
    """A workbook in the making; raises ``MissingExtraError`` without XlsxWriter."""

    def __init__(self, title: str, day: date) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtraError(
                "writing workbooks needs the package XlsxWriter", hint='pip install "rag-rules[xlsx]"'
            ) from None
        self._stream = io.BytesIO()
        given = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file: Any = xlsxwriter.Workbook(self._stream, given)
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.file.set_properties({
            "title": title, "subject": "Performance report", "author": "", "comments": "Made by rag-rules",
            "created": datetime(day.year, day.month, day.day),
        })  # fmt: skip

    def closed(self) -> bytes:
        """The bytes of the finished workbook."""
        self.file.close()
        return self._stream.getvalue()

    def look(self, **given: Any) -> Any:
        """The format of a cell, made once for each look."""
        key = tuple(sorted({**_FONT, **given}.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(dict(key))
        return self._looks[key]

    # one sheet with one table

    def sheet(self, name: str) -> Any:
        """A new sheet."""
        return self.file.add_worksheet(name)

    def table(self, sheet: Any, title: str, said: str, columns: Sequence[Column], *, frozen: int = 0) -> None:
        """Fill a sheet: its title in A1, a line of help below it, and one table with filters and fixed headings."""
        sheet.write_string(_TITLE, 0, text(title), self.look(bold=True, font_size=16))
        sheet.write_string(_HELP, 0, text(said), self.look(font_color=QUIET))
        rows = max(1, *(len(column.cells) for column in columns))
        heads = unlike([column.head for column in columns])
        sheet.add_table(HEADS, 0, HEADS + rows, len(columns) - 1, {
            "name": f"{sheet.get_name()}Table", "style": None, "columns": [{"header": head} for head in heads],
        })  # fmt: skip
        sheet.set_row(_TITLE, 26)
        sheet.set_row(HEADS, _height([(head, column.width - 3) for head, column in zip(heads, columns, strict=True)]))
        for index, (head, column) in enumerate(zip(heads, columns, strict=True)):
            side = {"align": column.look["align"]} if "align" in column.look else {}
            look = {"bold": True, "text_wrap": True, "bg_color": _HEAD, "bottom": 2, "bottom_color": INK, **side}
            sheet.write_string(HEADS, index, head, self.look(**{**look, **column.head_look, "valign": "bottom"}))
            sheet.set_column(index, index, column.width)
        for row, cells in enumerate(zip_longest(*(column.cells for column in columns)), start=FIRST):
            texts = [(cell, column.width) for cell, column in zip(cells, columns, strict=True) if isinstance(cell, str)]
            sheet.set_row(row, _height(texts))
            for index, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                self.put(sheet, row, index, cell, column.look)
        sheet.freeze_panes(FIRST, frozen)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADS)
        sheet.set_footer("&L&A&RPage &P of &N")

    def put(self, sheet: Any, row: int, column: int, value: Value, given: dict[str, Any]) -> None:
        """Write one cell; text is never anything but text."""
        more = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE, **given}
        match value:
            case Number():
                sheet.write_number(row, column, value.value, self.look(**more, num_format=value.number_format))
            case Formula():
                more["num_format"] = value.number_format
                sheet.write_formula(row, column, value.formula, self.look(**more), value.value)
            case Entry():
                look = self.look(**more, num_format=value.number_format)
                if value.text:
                    sheet.write_string(row, column, value.text, look)
                else:
                    sheet.write_blank(row, column, None, look)
            case str() if value:
                sheet.write_string(row, column, value, self.look(**more))
            case _:
                sheet.write_blank(row, column, None, self.look(**more))

    def scheme(
        self,
        title: str,
        scheme: Scheme,
        *,
        group: Sequence[str],
        columns: Mapping[str, str],
        has_indicators: bool = True,
    ) -> None:
        """The settings of the scorecard, in the two columns that a scorecard is read from."""
        rows = [
            ("title", title), ("sheet", "Indicators" if has_indicators else ""),
            ("tolerance", scheme.tolerance), ("polarity", scheme.polarity), ("rounding", scheme.rounding),
            ("conflicts", scheme.conflicts), ("year start", scheme.year_start), ("missing", _list_of(scheme.missing)),
            ("green within", scheme.green_within), ("amber if improving", _answer(scheme.amber_if_improving)),
            ("boundary", scheme.boundary), ("comment required", _list_of(status.value for status in scheme.comment_required)),
            *_roll_up(scheme), ("due soon", scheme.due_soon), ("grace", scheme.grace), ("day order", scheme.day_order),
            ("holidays", _list_of(day.isoformat() for day in scheme.holidays)),
            *((f"reported {word}", meaning.value) for word, meaning in scheme.reported.items()),
            *((f"resource impact {code}", meaning) for code, meaning in scheme.resource_impact.items()),
            *((status.value, scheme.words.get(status)) for status in STATUSES),
            *((f"task {status.value}", scheme.task_words.get(status)) for status in STATUSES),
            ("language", None if scheme.language == "en" else scheme.language), ("logo", scheme.logo),
            *((f"colour {status.value}", scheme.colours.get(status)) for status in STATUSES),
            *((f"shape {status.value}", scheme.shapes.get(status)) for status in STATUSES),
            *((f"benchmark {name}", as_text(value)) for name, value in scheme.benchmarks.items()),
            ("group", _list_of(group)),
            *((f"column {key}", head) for key, head in columns.items()),
        ]  # fmt: skip
        rows = [(key, value) for key, value in rows if value]
        table = [
            Column("Setting", 30, [text(key) for key, _ in rows]),
            Column("Value", 60, [text(value) for _, value in rows], look=INPUT),
        ]
        said = "With this sheet the workbook is a scorecard itself: rag-rules report reads it, and rates it anew."
        self.table(self.sheet("Scheme"), "Scheme", said, table)

    def periods(
        self, periods: Sequence[ReportingPeriod], columns: Mapping[str, str], targets: Mapping[str, str]
    ) -> None:
        """The periods of the scorecard, with their columns in the sheet of the indicators."""
        if not periods:
            return
        table = [
            Column("label", 24, [text(each.label) for each in periods]),
            Column("ends", 14, [each.ends.isoformat() if each.ends else "" for each in periods]),
            Column("column", 24, [columns.get(each.label, "") for each in periods]),
            Column("target", 24, [targets.get(each.label, "") for each in periods]),
        ]
        said = "The last day of each period, and the columns of its readings and of its own targets."
        self.table(self.sheet("Periods"), "Periods", said, table)


def _answer(value: str | bool | None) -> str | None:
    return ("yes" if value else "") if isinstance(value, bool) else value


def _roll_up(scheme: Scheme) -> list[tuple[str, str]]:
    """How groups are drawn together, where the scheme says so."""
    own = scheme.roll_up
    if own == type(own)():
        return []
    return [("roll up", own.policy), ("roll up green", own.green), ("roll up amber", own.amber)]


def _list_of(names: Iterable[str]) -> str:
    """Names as a cell of the scheme lists them; one with a comma in it stands in quotation marks."""
    return ", ".join(f'"{name}"' if any(sign in name for sign in ",;\n") else name for name in names)


def as_text(value: object) -> str:
    return "" if value is None else str(value)


def fits(words: Sequence[str]) -> bool:
    """Whether a drop-down can offer the words."""
    return bool(words) and len(",".join(words)) <= CHECK and not any("," in word or word[:1] in "=" for word in words)


def target_of(indicator: Indicator, label: str, ends: date | None) -> str:
    """The target of a period as it is written, where the indicator's target changed; else nothing."""
    if not (indicator.targets or indicator.history):
        return ""
    dated = [each.target for each in indicator.history if ends is not None and each.since <= ends]
    return as_text(indicator.targets.get(label, dated[-1] if dated else indicator.target))


def setting_text(value: object) -> str:
    """A setting as the column holds it; benchmarks by name as ``national=77.8%; regional=80%``."""
    if isinstance(value, dict):
        return "; ".join(f"{name}={each}" for name, each in value.items() if each is not None)
    return as_text(value)
