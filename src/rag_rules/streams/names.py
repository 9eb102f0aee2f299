"""Which columns of a file hold the readings and the names of their rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from rag_rules.errors import SettingError
from rag_rules.files.columns import called
from rag_rules.files.tables import listed, plain_words, printable
from rag_rules.frames.book import Columns, column_problem

__all__ = ["Wanted", "time_columns"]

#: what people may call the new columns
_USUAL: Final = {"--into": "status", "--reason": "why", "--distance": "distance", "--band": "band"}
_TIMES: Final = frozenset("period month quarter date day year week".split())
#: what stands beside those in headings of times, and not in such as “Year to date” or “Quarter figure”
_BESIDE: Final = frozenset("reporting financial fiscal calendar of the reading data end ending ended".split())


def time_columns(headings: Sequence[str]) -> list[str]:
    """The headings of columns that look as if they held times.

    >>> time_columns(["ref", "Reporting Period", "month end", "Year to date"])
    ['Reporting Period', 'month end']
    """
    words = {each: set(plain_words(each[:100]).split()) for each in headings}
    return [each for each in headings if _TIMES & words[each] and words[each] <= _TIMES | _BESIDE]


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
        self._refuse_new()
        rule = (
            self.rule if self.rule is not None else _only(headings, ("ref", "name"), "the names of the rules", "--rule")
        )
        reading = (
            self.reading if self.reading is not None else _only(headings, ("reading",), "the readings", "--reading")
        )
        for given in (rule, reading, self.on):
            if given is not None:
                _refuse_unclear(given, headings)
        columns = Columns(reading, rule, None, self.into, self.reason, self.distance, self.band, self.on)
        if (problem := column_problem(columns, headings)) is not None:
            raise problem
        if len(columns.read) < (2 if self.on is None else 3):
            raise SettingError("the readings, the names of their rules and their times stand in columns of their own")
        return columns

    def _refuse_new(self) -> None:
        """Refuse names of new columns that are empty, or that two options give."""
        options: dict[str, str] = {}
        for option, name in (
            ("--into", self.into),
            ("--reason", self.reason),
            ("--distance", self.distance),
            ("--band", self.band),
        ):
            if name is None:
                continue
            if not name.strip():
                raise SettingError(
                    f"{option} names no column", hint=f"give it a name, such as {option} {_USUAL[option]}"
                )
            if name in options:
                raise SettingError(
                    f"{options[name]} and {option} both name the column “{printable(name)}”",
                    hint="give each new column a name of its own",
                )
            options[name] = option


def _only(headings: Sequence[str], fields: Sequence[str], what: str, option: str) -> str:
    """The one column that any heading means by one of ``fields``."""
    found = list(dict.fromkeys(heading for field in fields for heading in called(field, headings)))
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


def _refuse_unclear(name: str, headings: Sequence[str]) -> None:
    """Refuse the name of a column that is not there, or that several columns have."""
    number = list(headings).count(name)
    if number > 1:
        raise SettingError(
            f"{number:,} columns are called “{printable(name)}”", hint="rename all but one of them in the file"
        )
    if not number:
        near = {plain_words(each[:100]): each for each in headings}
        found = get_close_matches(plain_words(name[:100]), list(near), 1, 0.6)
        raise SettingError(
            f"there is no column “{printable(name)}”",
            nearest=[printable(near[each]) for each in found],
            expected=[printable(each) for each in headings[:20]],
        )
