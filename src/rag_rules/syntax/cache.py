"""Targets by their text: read once, remembered while they are in use, and told apart by their number alone.

A column of a million targets holds a few dozen sentences, each with a million numbers. So besides texts this remembers
*shapes*: a text of which only the number is left open. What a shape gives is what ``read_target`` would give, and a
property test holds it to that; the rules below say where that is so.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import fields
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from rag_rules.errors import SettingError, TargetSyntaxError, called
from rag_rules.periods import Year
from rag_rules.quantity import EXACT, Quantity, exponent_of
from rag_rules.syntax.amounts import number_words
from rag_rules.syntax.parser import read_target
from rag_rules.syntax.text import fold
from rag_rules.target import Benchmark, Change, Comparison, Place, Plain, Target

__all__ = ["amount_in", "parse_target"]


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
    return _parsed(text if text.__class__ is str else _as_text(text), labels, kind)


def amount_in(text: str) -> tuple[Hashable, Decimal] | None:
    """The shape of a text and the value of the amount in it, if texts of its shape are known to differ in that alone.

    >>> [str(parse_target(text)) for text in ("under £31.50 a visit", "under £32.75 a visit")]
    ['<£31.50', '<£32.75']
    >>> amount_in("under £33.25 a visit")[1]
    Decimal('33.25')
    """
    found = _ONE_NUMBER.fullmatch(text)
    if found is None:
        return None
    before, digits, after = found.groups()
    shape = _shape(before, digits.translate(_ANY_DIGIT), after)
    return (shape, shape.make.amount(digits)) if shape.make is not None else None


def _as_text(value: Any) -> str:
    """The text of a target that came as something else, from a spreadsheet's cell or a data frame."""
    if isinstance(value, str):
        return str(value)
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        value = Decimal(repr(float(value)))
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and Decimal(value).is_finite():
        return f"{Decimal(value):f}"
    raise TargetSyntaxError(f"a target is a text or a number, not {type(value).__name__}")


@lru_cache(maxsize=4096)
def _parsed(text: str, labels: tuple[str, ...], year: Year | None = None) -> Target:
    found = None if labels else _ONE_NUMBER.fullmatch(text)
    if found is None:
        return read_target(text, labels, year)
    before, digits, after = found.groups()
    return _shape(before, digits.translate(_ANY_DIGIT), after).target(text, digits)


#: A text whose only digits are one number that is nothing out of the ordinary. The language looks at the value of a
#: number, not only at its form, for those left out here: small ones (counts, days, footnotes, zero), a hundred (which a
#: share cannot exceed) and what may be a year.
_ONE_NUMBER: Final = re.compile(
    r"(\D*)(?<![.,])(?!100(?![0-9,])|(?:19|20|1,9|2,0)[0-9]{2}(?![0-9,]))"
    r"((?:[2-9][0-9]|[1-9][0-9]{2,8}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?)(\D*)"
)
_ANY_DIGIT: Final = str.maketrans("123456789", "000000000")
_DIGIT: Final = re.compile("[0-9]")
_WORD: Final = re.compile("[a-z]+")


@cache
def _spoken() -> frozenset[str]:
    """Words of numbers, which the language may compare with the number: "20 (twenty)" is one amount, "21 (twenty)" two."""
    words = [word for phrase in number_words() for word in _WORD.findall(phrase) if word != "a"]
    return frozenset([*words, *"half halves third thirds quarter quarters fifth fifths tenth tenths".split()])


class _Shape:
    """What texts have in common that differ in their one number only.

    The first such text is read and kept, the second is read and compared with what the first would make of its number;
    if that is the same in every part, the others need not be read.
    """

    __slots__ = ("_first", "_is_settled", "make")

    def __init__(self) -> None:
        self._first: tuple[Target, str] | None = None
        #: what makes the targets, once it is known
        self.make: _Maker | None = None
        self._is_settled = False

    def target(self, text: str, digits: str) -> Target:
        """The target that ``text`` writes, whose number is ``digits``."""
        if self.make is not None:
            return self.make(digits)
        target = read_target(text)
        if self._first is None:
            self._first = target, digits
        elif not self._is_settled and digits != self._first[1]:
            make = _maker(*self._first)
            if make is not None and _in_full(make(digits)) == _in_full(target):
                self.make = make
            self._is_settled = True
        return target


_shape: Final = lru_cache(maxsize=2048)(lambda before, form, after: _Shape())


def _maker(target: Target, digits: str) -> _Maker | None:
    """What makes the target with another number of this one; ``None`` if more than its amount depends on it."""
    if not isinstance(target.body, Comparison | Plain | Place | Benchmark | Change):
        return None
    parts = [getattr(target.body, each.name) for each in fields(target.body)]
    places = [place for place, part in enumerate(parts) if isinstance(part, Quantity)]
    if len(places) != 1:
        return None
    old = parts[places[0]]
    said = [part for part in parts if isinstance(part, str)] + [old.unit.name, old.unit.dimension, old.unit.per]
    said += [word for clause in target.clauses for word in (clause.kind, clause.text)] + [target.subject, *target.notes]
    folded, number = fold(target.text), _number(digits)
    is_its_only_number = len(_DIGIT.findall(folded)) == len(_DIGIT.findall(digits)) and _spoken().isdisjoint(
        _WORD.findall(folded)
    )
    if not is_its_only_number or _DIGIT.search(" ".join(said)):
        return None
    if old.value.as_tuple().digits != number.as_tuple().digits:
        return None
    return _Maker(target, digits, parts, places[0])


class _Maker:
    """Makes targets that differ from one in their amount alone."""

    __slots__ = ("_after", "_before", "_is_negative", "_kind", "_parts", "_place", "_power", "_target", "_unit")

    def __init__(self, target: Target, digits: str, parts: list[Any], place: int) -> None:
        self._target, self._parts, self._place = target, parts, place
        self._kind: Any = type(target.body)
        self._before, _, self._after = target.text.partition(digits)
        old: Quantity = parts[place]
        self._unit = old.unit
        self._is_negative = old.value.is_signed()
        self._power = exponent_of(old.value) - exponent_of(_number(digits))  # that of the magnitude: "£25m" is £25E+6

    def amount(self, digits: str) -> Decimal:
        """The value of the amount that is written with these digits."""
        number = _number(digits)
        if self._power:
            number = number.scaleb(self._power, context=EXACT)
        return number.copy_negate() if self._is_negative else number

    def __call__(self, digits: str) -> Target:
        like, place, parts = self._target, self._place, self._parts
        amount = Quantity(self.amount(digits), self._unit)
        body = self._kind(*parts[:place], amount, *parts[place + 1 :])
        return Target(body, like.clauses, f"{self._before}{digits}{self._after}", like.span, like.subject, like.notes)


def _number(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _in_full(target: Target) -> tuple[Target, str]:
    """All that a target holds, to the last digit; ``==`` of targets looks at their meaning only."""
    return target, repr([getattr(target, each.name) for each in fields(target)])
