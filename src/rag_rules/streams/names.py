"""Which columns of a file hold the readings and the names of their rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag_rules.errors import SettingError
from rag_rules.files.columns import called
from rag_rules.files.tables import listed, printable
from rag_rules.frames.book import Columns, column_problem

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The columns to read, ``None`` for those to find by their usual names, and the names of those to write."""

    rule: str | None = None
    reading: str | None = None
    into: str = "status"
    reason: str | None = None
    distance: str | None = None
    band: str | None = None
    #: the column that tells the time that a reading is for
    on: str | None = None

    def found_in(self, headings: Sequence[str]) -> Columns:
        """The columns of a file with these headings.

        Raises ``SettingError`` for columns that are missing, could be several, or are there already.
        """
        rule = (
            self.rule if self.rule is not None else _only(headings, ("ref", "name"), "the names of the rules", "--rule")
        )
        reading = (
            self.reading if self.reading is not None else _only(headings, ("reading",), "the readings", "--reading")
        )
        columns = Columns(reading, rule, None, self.into, self.reason, self.distance, self.band, self.on)
        if (problem := column_problem(columns, headings)) is not None:
            raise problem
        if len(columns.read) < (2 if self.on is None else 3):
            raise SettingError("the readings, the names of their rules and their times stand in columns of their own")
        return columns


def _only(headings: Sequence[str], fields: Sequence[str], what: str, option: str) -> str:
    """The one column of the first of ``fields`` that any heading means."""
    for field in fields:
        found = called(field, headings)
        if len(found) == 1:
            return found[0]
        if found:
            named = listed([f"“{printable(each)}”" for each in found[:20]])
            raise SettingError(f"{named} could each hold {what}", hint=f"name one with {option}")
    there = [f"“{printable(each)}”" for each in headings[:20]]
    raise SettingError(
        f"no column is known to hold {what}; there {'are' if there else 'is'} {listed(there) if there else 'none'}",
        hint=f"name it with {option}",
    )
