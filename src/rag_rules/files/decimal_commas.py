"""Numbers that could have a decimal comma: where a table shows such commas, or is parted by semicolons for their sake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rag_rules.expressions import expression

__all__ = ["COULD_BE_EITHER", "NO_COMMAS", "RATE", "SHOWN", "DecimalCommas"]

#: a number that has a decimal comma for certain, wherever it stands in a cell: alone, or behind points or spaces for
#: thousands. A letter before it makes a name of it ("Q1,2"). Without looks around, so that every engine takes it
SHOWN: Final = (
    "(?:^|[^0-9.,A-Za-z])(0+,[0-9]+|[0-9]+,[0-9]{1,2}|[0-9]+,[0-9]{4,}|[0-9]{4,},[0-9]+"
    "|[0-9]{1,3}(?:[ \u00a0\u202f'’.][0-9]{3}){1,9},[0-9]+)(?:$|[^0-9.,]|[.,]+(?:$|[^0-9.,]))"
)
#: by whether cells show decimal commas: one comma (or point) before just three digits, at the end of a number
COULD_BE_EITHER: Final = {
    shown: rf"(?:^|[^0-9.,])([1-9][0-9]{{0,2}}[{signs}][0-9]{{3}})(?:$|[^0-9.,]|[.,]+(?:$|[^0-9.,]))"
    for shown, signs in ((False, ","), (True, ",."))
}
#: what is taken out of a cell before it is looked for such numbers: rates are of whole thousands
RATE: Final = r"\b[Pp]er +[1-9][0-9]{0,2},000\b"
_SHOWN: Final = expression(SHOWN)
_EITHER: Final = {shown: expression(pattern) for shown, pattern in COULD_BE_EITHER.items()}
_RATE: Final = expression(RATE)
#: so much is quoted of the cell with a decimal comma
_LONGEST_QUOTED: Final = 40


@dataclass(frozen=True, slots=True)
class DecimalCommas:
    """What a table says of commas: whether semicolons part its cells, and the first of its cells with a decimal comma."""

    has_semicolons: bool = False
    shown: str | None = None

    def also_in(self, cells: Iterable[str]) -> DecimalCommas:
        """The same, with what the cells show."""
        if self.shown is not None:
            return self
        return DecimalCommas(self.has_semicolons, next((cell for cell in cells if _SHOWN.search(cell)), None))

    def doubt(self, text: str) -> str | None:
        """Why a number in a cell has two meanings, and what to write instead; ``None`` if none has.

        >>> DecimalCommas(has_semicolons=True).doubt("£1,250 or less")
        'in a table with semicolons between its cells, “1,250” could be 1.250 or 1250; write the one that is meant'
        >>> DecimalCommas(shown="95,1").doubt("1.250")
        'beside “95,1”, “1.250” could be 1.250 or 1250; write decimal points in all of the table, and no signs for thousands'
        >>> DecimalCommas().doubt("1,250") is None, DecimalCommas(has_semicolons=True).doubt("1,250.5 per 1,000") is None
        (True, True)
        """
        if not self.has_semicolons and self.shown is None:
            return None
        found = _EITHER[self.shown is not None].search(_RATE.sub("", text))
        if found is None:
            return None
        number = found[1]
        meanings = f"“{number}” could be {number.replace(',', '.')} or {number.replace(',', '').replace('.', '')}"
        if self.shown is not None:
            hint = "write decimal points in all of the table, and no signs for thousands"
            return f"beside “{_quoted(self.shown)}”, {meanings}; {hint}"
        return f"in a table with semicolons between its cells, {meanings}; write the one that is meant"


#: what a table says in which nothing speaks of decimal commas
NO_COMMAS: Final = DecimalCommas()


def _quoted(cell: str) -> str:
    """A cell with a decimal comma, or of a long one the number."""
    found = _SHOWN.search(cell) if len(cell) > _LONGEST_QUOTED else None
    return (found[1] if found else cell)[:_LONGEST_QUOTED]
