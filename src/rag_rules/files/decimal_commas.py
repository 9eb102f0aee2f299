"""Numbers that could have a decimal comma: where a table shows such commas, or is parted by semicolons for their sake."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rag_rules.expressions import expression

__all__ = ["COULD_BE_EITHER", "SHOWN", "DecimalCommas"]

#: a cell with one number, which has a decimal comma for certain; without looks around, so that every engine takes it
SHOWN: Final = r"^[^0-9]{0,40}(?:0+,[0-9]+|[0-9]+,[0-9]{1,2}|[0-9]+,[0-9]{4,}|[0-9]{4,},[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+)[^0-9]{0,40}$"
#: by whether cells show decimal commas: one comma (or point) before just three digits, at the end of a number
COULD_BE_EITHER: Final = {
    shown: rf"(?:^|[^0-9.,])([1-9][0-9]{{0,2}}[{signs}][0-9]{{3}})(?:$|[^0-9.,]|[.,]+(?:$|[^0-9.,]))"
    for shown, signs in ((False, ","), (True, ",."))
}
_SHOWN: Final = expression(SHOWN)
_EITHER: Final = {shown: expression(pattern) for shown, pattern in COULD_BE_EITHER.items()}


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
        >>> DecimalCommas().doubt("1,250") is None, DecimalCommas(has_semicolons=True).doubt("1,250.5") is None
        (True, True)
        """
        if not self.has_semicolons and self.shown is None:
            return None
        found = _EITHER[self.shown is not None].search(text)
        if found is None:
            return None
        number = found[1]
        meanings = f"“{number}” could be {number.replace(',', '.')} or {number.replace(',', '').replace('.', '')}"
        if self.shown is not None:
            hint = "write decimal points in all of the table, and no signs for thousands"
            return f"beside “{self.shown}”, {meanings}; {hint}"
        return f"in a table with semicolons between its cells, {meanings}; write the one that is meant"
