"""Targets by their text: read once, remembered while they are in use, and told apart by their numbers alone.

A column of a million targets holds a few dozen sentences, each with a million numbers. So besides texts this remembers
the patterns that they are written by.
"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from rag_rules.errors import SettingError, TargetSyntaxError, called, check_kind
from rag_rules.periods import Year
from rag_rules.syntax.parser import read_target
from rag_rules.syntax.patterns import Sentence, form_of, numbers_in, order_of
from rag_rules.syntax.reading import is_nothing, number_given
from rag_rules.syntax.text import LONGEST_TEXT
from rag_rules.target import Target

__all__ = ["amounts_in", "parse_target"]


def parse_target(text: Any, labels: tuple[str, ...] = (), *, year: str | int | Year | None = None) -> Target:
    """The target that ``text`` writes; a number is a plain amount, and ``None`` or NaN no target.

    ``labels`` are words that count as targets besides the documented vocabulary: the labels of the indicator's scale.
    ``year`` is the kind of year that quarters and years in the text are of, as ``Year.read`` takes it.

    >>> str(parse_target("Between 10%-20%"))
    'between 10% and 20%'

    Raises ``TargetSyntaxError`` where the text does not read as a target, or reads as two, and ``SettingError`` for labels
    or a year that are none.
    """
    if labels.__class__ is not tuple:
        raise SettingError(f"labels are a tuple of texts, not {called(labels)}", hint='write labels=("Poor", "Good")')
    kind = year if year is None or isinstance(year, Year) else Year.read(year)
    written = text if text.__class__ is str else _as_text(text)
    try:
        return _parsed(written, labels, kind)
    except TypeError:  # what cannot be remembered
        _check_labels(labels)
        raise


def amounts_in(text: str) -> tuple[Hashable, tuple[Decimal, ...]] | None:
    """The pattern of a text and its amounts, if texts of that pattern are known to differ in those alone.

    >>> found = [parse_target(f"under £3{digit}.50 a visit") for digit in range(1, 9)]
    >>> amounts_in("under £33.25 a visit")[1]
    (Decimal('33.25'),)
    """
    found = _sentence_of(text, None)
    if found is None:
        return None
    sentence, numbers = found
    pattern = sentence.pattern(numbers)
    return (pattern, pattern.make.amounts(numbers)) if pattern is not None and pattern.make is not None else None


def _as_text(value: Any) -> str:
    """The text of a target that came as something else, from a spreadsheet's cell or a data frame."""
    if isinstance(value, str):
        return str(value)
    number = number_given(value)
    if is_nothing(value) or (number is not None and number.is_nan()):
        return ""
    if number is not None and number.is_finite():
        return f"{number:f}"
    raise TargetSyntaxError(f"a target is a text or a number, not {type(value).__name__}")


def _check_labels(labels: tuple[str, ...]) -> None:
    for label in labels:
        check_kind(label, str, "label", SettingError, hint='write labels=("Poor", "Good")')


@lru_cache(maxsize=4096)
def _parsed(text: str, labels: tuple[str, ...], year: Year | None = None) -> Target:
    _check_labels(labels)
    found = None if labels else _sentence_of(text, year)
    if found is None:
        return read_target(text, labels, year)
    sentence, numbers = found
    pattern = sentence.pattern(numbers)
    if pattern is None:
        return sentence.read(numbers, lambda: read_target(text, labels, year))
    if pattern.make is not None:
        return pattern.make(numbers)
    return pattern.read(text, numbers, lambda text: read_target(text, labels, year))


#: of how many numbers a text is remembered by more than itself
_MOST: Final = 8


def _sentence_of(text: str, year: Year | None) -> tuple[Sentence, list[str]] | None:
    """The sentence of a text, and its numbers; ``None`` for a text with no number or many, or too long to be read."""
    if len(text) > LONGEST_TEXT:
        return None
    numbers = numbers_in(text)
    return (_sentence(form_of(text), order_of(numbers), year), numbers) if 0 < len(numbers) <= _MOST else None


_sentence: Final = lru_cache(maxsize=2048)(lambda form, order, year: Sentence())
