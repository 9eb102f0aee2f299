"""The cases of tests/agreement in the terms of SQL: bands, and columns of three kinds of numbers."""

from decimal import Decimal
from typing import Any, Final

from rag_rules import Bands, Rule
from rag_rules.sql import Kind
from tests.agreement.drawn import CASES, conformance_rules, drawn_bands, readings_of, rule_of_bands, write_rows
from tests.agreement.judge import number_meant, said_of

__all__ = [
    "CASES", "Number", "conformance_rules", "drawn_bands", "expected", "fits_decimals", "meant", "readings", "write_rows",
]  # fmt: skip

Number = float | Decimal | None
_COLUMNS: Final[dict[Kind, str]] = {"decimal": "long decimal", "float": "double", "float32": "float"}


def readings(bands: Bands, kind: Kind) -> list[Number]:
    """The readings that matter to bands, in a column of a kind."""
    return readings_of(bands, _COLUMNS[kind])


def meant(value: float | Decimal, kind: Kind) -> Decimal:
    """The number that a reading stands for."""
    return number_meant(value, _COLUMNS[kind])


def expected(some: Bands | Rule, value: Any, kind: Kind) -> str:
    """The status that the library gives a reading."""
    return said_of(some if isinstance(some, Rule) else rule_of_bands(some), value, _COLUMNS[kind], False).status


def fits_decimals(bands: Bands) -> bool:
    """Whether the cuts can stand beside a column of DECIMAL(38, 18)."""
    return all(abs(cut.at) < 10**19 for cut in bands.steps.cuts)
