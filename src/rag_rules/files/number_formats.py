"""A number and the format that shows it, to the text that a person would write for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from rag_rules.errors import UnitError
from rag_rules.quantity import exponent_of, unit

__all__ = ["CellNumber", "cell_number", "shows_days", "written_number"]

#: a number as people write it, with a currency before it or a unit behind it
_WRITTEN: Final = re.compile(
    r"(?P<sign>-?)(?P<before>[£$€¥₹]?)(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<decimals>\.[0-9]+)?"
    r"(?P<after>%| ?[^\W\d_][\w /-]{0,40})?"
)
#: a spreadsheet shows fifteen digits of a number, and is sure of one less
_MOST_DIGITS: Final = 14

#: the pieces of a format: colours and conditions, currencies, quoted and escaped texts, fill and width, digits
_PIECES: Final = re.compile(
    r'\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]|"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|[_*].|(?P<general>general)'
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*)?(?P<scale>,*)(?:e[+-][#0?]+)?|\.[#0?]+)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a format writes around a number, and how."""

    before: str = ""
    after: str = ""
    decimals: int = 0
    in_thousands: bool = False
    is_percent: bool = False
    is_general: bool = False


def written_number(value: float | int, number_format: str) -> tuple[str, bool]:
    """The number as text, and whether the format hides some of its decimals.

    The text is exact: where a cell shows fewer decimals than it holds, all of them are written.

    >>> written_number(0.95, "0%"), written_number(46, '"£"#,##0'), written_number(0.9496, "0%")
    (('95%', False), ('£46', False), ('94.96%', True))
    """
    shown = _read(number_format or "General")
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)  # all that a spreadsheet keeps
    if shown.is_percent:
        number *= 100
    number = _plain(number)
    held = max(0, -exponent_of(number))
    hides = not shown.is_general and held > shown.decimals
    if not shown.is_general and held < shown.decimals:
        number = number.quantize(Decimal(1).scaleb(-shown.decimals))
    digits = f"{abs(number):,f}" if shown.in_thousands else f"{abs(number):f}"
    return f"{'-' if number < 0 else ''}{shown.before}{digits}{shown.after}", hides


@dataclass(frozen=True, slots=True)
class CellNumber:
    """A number as a cell holds it, with the format that shows it as it was written."""

    value: Decimal
    number_format: str

    @property
    def is_percent(self) -> bool:
        """Whether the cell holds 0.95 for 95%."""
        return self.number_format.endswith("%")


def cell_number(text: str) -> CellNumber | None:
    """The number and the format that show exactly ``text``; ``None`` if it is no number with at most a unit.

    >>> cell_number("94.7%"), cell_number("c. 94%")
    (CellNumber(value=Decimal('0.947'), number_format='0.0%'), None)
    >>> cell_number("£1,250").number_format, cell_number("12 days").number_format
    ('"£"#,##0', '0" days"')
    """
    found = _WRITTEN.fullmatch(text) if len(text) < 80 else None
    if found is None:
        return None
    digits, decimals, after = found["digits"], found["decimals"] or "", found["after"] or ""
    if len(digits.replace(",", "") + decimals) - bool(decimals) > _MOST_DIGITS or not _is_unit(after):
        return None
    pattern = ("#,##0" if "," in digits else "0") + (f".{'0' * (len(decimals) - 1)}" if decimals else "")
    before = f'"{found["before"]}"' if found["before"] else ""
    shown = before + pattern + ("%" if after == "%" else f'"{after}"' if after else "")
    number = Decimal(found["sign"] + digits.replace(",", "") + decimals)
    value = number.scaleb(-2) if after == "%" else number
    made = CellNumber(value, shown)
    return made if written_number(float(value), shown) == (text, False) else None


@lru_cache(maxsize=1024)
def _is_unit(after: str) -> bool:
    try:
        unit(after.strip())
    except UnitError:
        return False
    return True


def shows_days(number_format: str) -> bool:
    """Whether a date format shows the day: "mmm-yy" means a month."""
    bare = re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", number_format.lower().replace("general", ""))
    return "d" in bare


def _plain(number: Decimal) -> Decimal:
    """The number without an exponent and without zeros at its end."""
    number = number.normalize()
    return number.quantize(Decimal(1)) if exponent_of(number) > 0 and abs(number) < Decimal(10) ** 25 else number


@lru_cache(maxsize=1024)
def _read(number_format: str) -> _Shown:
    """What the first section of a format, that of positive numbers, says."""
    before = after = ""
    digits = ""
    is_percent = is_general = False
    for piece in _PIECES.finditer(_first_section(number_format)):
        text = piece["currency"] or piece["quoted"] or piece["escaped"] or ""
        if piece["digits"] and not digits:
            digits = piece["digits"]
        elif piece["general"]:
            is_general = True
        elif piece["other"]:
            is_percent = is_percent or piece["other"] == "%"
            # a format is code: of its bare signs only these are shown
            text = piece["other"] if piece["other"] in "%£$€¥₹ " else ""
        if digits or is_general:
            after += text
        else:
            before += text
    if not digits:
        is_general = True
    scaled = re.search(r",(?:\.|e|$)", digits.lower()) is not None
    decimals = 0 if scaled else len(digits.partition(".")[2].lower().partition("e")[0].rstrip(","))
    if scaled:
        after = ""  # £0.0,,"m" shows millions: the number is written in full, and so without its "m"
    return _Shown(
        before.lstrip(),
        after.rstrip(),
        decimals,
        "," in digits,
        is_percent,
        is_general or scaled or "e" in digits.lower(),
    )


def _first_section(number_format: str) -> str:
    """The format up to the first semicolon that is not quoted."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', lambda found: "x" * len(found.group()), number_format)
    return number_format[: bare.index(";")] if ";" in bare else number_format
