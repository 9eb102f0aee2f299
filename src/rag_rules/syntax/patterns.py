"""Patterns: texts alike in all but the numbers that are left open, and what makes their targets without reading them.

What a pattern makes is what ``read_target`` would give. The language looks at some numbers themselves (years, small
counts, a hundred), and at how others are ordered (the ends of a range): so those stand in a pattern as they are, and
texts whose numbers are ordered otherwise have another. Of what is left open, every one must be an amount of the target
and stand nowhere else in it. What a pattern makes is then held against a text that was read, and against two more at the
ends of what the pattern takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, Final

from rag_rules.errors import TargetSyntaxError
from rag_rules.quantity import EXACT, Quantity, Unit, exponent_of
from rag_rules.syntax.amounts import number_words
from rag_rules.syntax.text import fold
from rag_rules.target import (
    AllOf,
    Around,
    Banded,
    BandText,
    Benchmark,
    Between,
    Body,
    Change,
    Comparison,
    Place,
    Plain,
    Target,
)

__all__ = ["Maker", "Pattern", "Sentence", "amounts_of", "form_of", "numbers_in", "order_of"]

#: a number as it stands in a text, and what may be one
_NUMBER: Final = re.compile(r"[.,]?[0-9](?:[0-9.,]*[0-9])?")
#: what may be left open: a number that the language does not look at. It does at whole ones below 20, at a hundred, at
#: years (2.05k is one too), and at those that it names, as in "999 calls"; a test looks for such in the grammar.
_ORDINARY: Final = re.compile(
    r"(?!100(?:\.0+)?\Z|(?:24|101|111|112|999|2\.5|(?:1\.9|2\.0)[0-9]*)\Z|(?:19|20|1,9|2,0)[0-9]{2}(?![0-9,]))"
    r"(?:(?:[2-9][0-9]|[1-9][0-9]{2,8}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?|[1-9][0-9]?\.[0-9]{0,5}[1-9])"
)
_ANY_DIGIT: Final = bytes.maketrans(b"123456789", b"000000000")
_WORD: Final = re.compile("[a-z]+")
_RISING: Final = (0, 1)
_FALLING: Final = (1, 0)
_LEVEL: Final = (0, 0)
#: how far the magnitude behind a number may move its point
_POWERS: Final = (0, 3, 6, 9, 12)
#: the parts of a target that are made anew with other amounts
_MADE: Final = (Comparison, Plain, Place, Benchmark, Change, Between, Around, AllOf, Banded, BandText)
#: how many texts of a pattern are read before it is tried: a column may have a pattern for each few of its texts
_ENOUGH: Final = 6
#: in how many steps a number that the pattern takes is looked for; there are 200 years in a row that it does not
_STEPS: Final = 300


def numbers_in(text: str) -> list[str]:
    """The numbers of a text as they are written.

    >>> numbers_in("Green ≥95.5%, Amber 1,000 by 31.3.24")
    ['95.5', '1,000', '31.3.24']
    """
    return _NUMBER.findall(text)


def form_of(text: str) -> bytes:
    """The text with nothing known of its digits but where they stand."""
    return text.encode("utf-8", "surrogatepass").translate(_ANY_DIGIT)


def order_of(numbers: Sequence[str]) -> tuple[int, ...]:
    """The place of each number in their order, equal ones having one; nothing for a single one.

    >>> order_of(["95", "90", "95.0"])
    (1, 0, 1)
    """
    if len(numbers) == 1:
        return ()
    try:
        values = list(map(float, numbers))  # as floats: no two of up to 15 digits are one
    except ValueError:
        values = [_size(number) for number in numbers]
    if len(values) == 2:
        first, second = values
        return _RISING if first < second else _FALLING if first > second else _LEVEL
    return tuple(map(sorted(values).index, values))


def _size(number: str) -> float:
    try:
        return float(number)
    except ValueError:
        pass
    try:
        return float(number.replace(",", ""))
    except ValueError:
        return -1.0  # "31.3.24"


def _value(number: str) -> Decimal:
    return Decimal(number.replace(",", "") if "," in number else number)


@cache
def _spoken() -> frozenset[str]:
    """Words of numbers, which the language may compare with the number: "20 (twenty)" is one amount, "21 (twenty)" two."""
    words = [word for phrase in number_words() for word in _WORD.findall(phrase) if word not in ("a", "and")]
    return frozenset([*words, *"half halves third thirds quarter quarters fifth fifths tenth tenths".split()])


class Sentence:
    """Texts with the same words, whose numbers have the same form and order: which of the numbers may be left open."""

    __slots__ = ("_is_seen", "_open", "_whole")

    def __init__(self) -> None:
        self._is_seen = False
        self._open: tuple[int, ...] | None = None
        #: the pattern with all its numbers open
        self._whole: Pattern | None = None

    def pattern(self, numbers: Sequence[str]) -> Pattern | None:
        """The pattern of a text with these numbers; ``None`` where there is none, or not yet."""
        if self._whole is not None and all(map(_ORDINARY.fullmatch, numbers)):
            return self._whole
        if not self._open:
            return None
        fixed: list[str | None] = list(numbers)
        for place in self._open:
            if _ORDINARY.fullmatch(numbers[place]):
                fixed[place] = None
        return _pattern(self, tuple(fixed)) if None in fixed else None

    def read(self, numbers: Sequence[str], read: Callable[[], Target]) -> Target:
        """The target of a text that has no pattern; from the second on it is seen which numbers are open."""
        target = read()
        if self._open is None and self._is_seen:
            self._open = tuple(_open_places(target, numbers))
            if len(self._open) == len(numbers):
                self._whole = Pattern((None,) * len(numbers))
        self._is_seen = True
        return target


class Pattern:
    """Texts that differ only in the numbers that are left open.

    The first of them is read and kept. A later one is read and held against what the first would make of its numbers,
    and so are two more, with the least and the greatest numbers that the pattern takes; if that is the same in every
    part, the others need not be read.
    """

    __slots__ = ("_first", "_fixed", "_seen", "make")

    def __init__(self, fixed: tuple[str | None, ...]) -> None:
        #: each number that is not left open, at its place
        self._fixed = fixed
        self._first: tuple[Target, Sequence[str]] | None = None
        self._seen = 0
        #: what makes the targets, once it is known
        self.make: Maker | None = None

    def read(self, text: str, numbers: Sequence[str], read: Callable[[str], Target]) -> Target:
        """The target that ``text`` writes with these numbers, until what makes it is known."""
        try:
            target = read(text)
        except TargetSyntaxError:
            self._seen = _ENOUGH  # what is refused for its numbers alone has no pattern
            raise
        if self._seen < _ENOUGH:
            self._seen += 1
            self._learn(target, numbers, read)
        return target

    def _learn(self, target: Target, numbers: Sequence[str], read: Callable[[str], Target]) -> None:
        first = self._first
        if first is None:
            self._first = target, numbers
        if first is None or self._seen < _ENOUGH:
            return
        make = _maker(*first, self._fixed)
        self._first = None
        if make is None or not _is_same(make(numbers), target):
            return
        if all(_is_foretold(make, ends, read) for ends in _ends(numbers, self._fixed)):
            self.make = make


_pattern: Final = lru_cache(maxsize=2048)(lambda sentence, fixed: Pattern(fixed))


def _is_foretold(make: Maker, numbers: Sequence[str] | None, read: Callable[[str], Target]) -> bool:
    if numbers is None:
        return False
    foretold = make(numbers)
    try:
        return _is_same(read(foretold.text), foretold)
    except TargetSyntaxError:
        return False


def _ends(numbers: Sequence[str], fixed: Sequence[str | None]) -> Iterator[list[str] | None]:
    """The least and the greatest numbers of a text's pattern, in the same order; ``None`` where there are none."""
    sizes = [_size(number) for number in numbers]
    for sign in (1, -1):
        found = list(numbers)
        before: Decimal | None = None
        for size in sorted(set(sizes), reverse=sign < 0):
            places = [place for place, each in enumerate(sizes) if each == size]
            if any(fixed[place] is not None for place in places):  # what is as large as that cannot vary
                before = Decimal(repr(size))
                continue
            before = _next(before, [numbers[place] for place in places], sign)
            if before is None:
                yield None
                return
            for place in places:
                found[place] = _as_written(before, numbers[place])
        yield found


def _next(before: Decimal | None, like: Sequence[str], sign: int) -> Decimal | None:
    """The first value beyond another that can be written like each of these, and be left open."""
    step = Decimal(1).scaleb(max(exponent_of(_value(each)) for each in like)) * sign
    wholes = [Decimal(10) ** _value(each).adjusted() for each in like]
    start = max(wholes) if sign > 0 else min(wholes) * 10 + step
    if before is not None and (start - before) * sign <= 0:
        start += ((before - start) / step).to_integral_value("ROUND_FLOOR") * step + step
    for _ in range(_STEPS):
        texts = [_as_written(start, each) for each in like]
        if list(map(len, texts)) != list(map(len, like)):
            return None
        if all(map(_ORDINARY.fullmatch, texts)):
            return start
        start += step
    return None


def _as_written(value: Decimal, like: str) -> str:
    digits = -exponent_of(_value(like))
    return f"{value:,.{digits}f}" if "," in like else f"{value:.{digits}f}"


@dataclass(frozen=True, slots=True)
class _Slot:
    """An amount of a target, and the number that it comes from."""

    quantity: Quantity
    place: int
    power: int
    is_negative: bool


def amounts_of(part: Any) -> Iterator[Quantity]:
    """The amounts that a target's body is made of, in their order.

    >>> [str(each) for each in amounts_of(Between(Quantity(Decimal(10)), Quantity(Decimal(20))))]
    ['10', '20']
    """
    if isinstance(part, Quantity):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from amounts_of(each)
    elif isinstance(part, _MADE):
        for each in fields(part):
            yield from amounts_of(getattr(part, each.name))


def _slots(target: Target, numbers: Sequence[str]) -> list[_Slot] | None:
    """Where the amounts of a target come from; ``None`` if that is not clear, or amounts may be compared by it."""
    values = {place: _value(number) for place, number in enumerate(numbers) if _is_plain(number)}
    slots: list[_Slot] = []
    scales: dict[str, tuple[Unit, int]] = {}
    for each in amounts_of(target.body):
        found = [
            (place, power)
            for place, value in values.items()
            if value.as_tuple().digits == each.value.as_tuple().digits
            and (power := exponent_of(each.value) - exponent_of(value)) in _POWERS
        ]
        if not found or len({numbers[place] for place, _ in found}) > 1:
            return None
        place, power = found[0]
        slots.append(_Slot(each, place, power, each.value.is_signed()))
        # minutes and hours, or thousands and millions, are in another order than their numbers
        if scales.setdefault(each.unit.dimension, (each.unit, power)) != (each.unit, power):
            return None
    return slots


def _is_plain(number: str) -> bool:
    return number[0] not in ".," and number.count(".") <= 1


def _open_places(target: Target, numbers: Sequence[str]) -> Iterator[int]:
    """Which numbers of a text are amounts of its target, and nothing else in it."""
    folded = fold(target.text)
    if not numbers_in(folded) == numbers_in(target.text) == list(numbers):
        return
    slots = _slots(target, numbers) if _spoken().isdisjoint(_WORD.findall(folded)) else None
    if not slots:
        return
    said = {_significant(number) for words in _said(target) for number in numbers_in(words)}
    are_amounts = {numbers[slot.place] for slot in slots}
    for place, number in enumerate(numbers):
        if number in are_amounts and _significant(number) not in said:
            yield place


def _significant(number: str) -> str:
    return number.replace(",", "").replace(".", "").strip("0")


def _said(target: Target) -> Iterator[str]:
    """All that a target says besides its amounts."""
    yield target.subject
    yield from target.notes
    for clause in target.clauses:
        yield from (clause.kind, clause.text)
    yield from _words(target.body)


def _words(part: Any) -> Iterator[str]:
    if isinstance(part, Quantity):
        yield from (part.unit.name, part.unit.dimension, part.unit.per)
    elif isinstance(part, str | int):
        yield str(part)
    elif isinstance(part, tuple):
        for each in part:
            yield from _words(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _words(getattr(part, field.name))


#: makes a part of a target of the amounts that differ
_Make = Callable[[Sequence[Quantity]], Any]


def _maker(target: Target, numbers: Sequence[str], fixed: Sequence[str | None]) -> Maker | None:
    """What makes targets with other numbers where none is fixed; ``None`` where more than amounts depends on one."""
    is_open = {place for place, number in enumerate(fixed) if number is None}
    if not is_open <= set(_open_places(target, numbers)):
        return None
    slots = {_exactly(slot.quantity): slot for slot in _slots(target, numbers) or () if slot.place in is_open}
    make = _remade(target.body, {key: index for index, key in enumerate(slots)})
    return Maker(target, numbers, list(slots.values()), make) if make is not None else None


def _exactly(quantity: Quantity) -> Hashable:
    """What tells quantities apart that are equal: 95% and 95.0%."""
    return quantity.value.as_tuple(), quantity.unit


def _remade(part: Any, indexes: dict[Hashable, int]) -> _Make | None:
    """What makes a part of a body anew; ``None`` where none of its amounts differs."""
    if isinstance(part, Quantity):
        index = indexes.get(_exactly(part))
        return None if index is None else itemgetter(index)
    is_tuple = isinstance(part, tuple)
    if not is_tuple and not isinstance(part, _MADE):
        return None
    kind: Any = type(part)
    parts = list(part) if is_tuple else [getattr(part, name) for name in _names(kind)]
    made = [(place, make) for place, each in enumerate(parts) if (make := _remade(each, indexes)) is not None]
    if not made:
        return None
    place, make_one = made[0]
    if len(parts) == 1 and is_tuple:
        return lambda amounts: (make_one(amounts),)
    if len(made) == 1 and not is_tuple:
        before, after = parts[:place], parts[place + 1 :]
        return lambda amounts: kind(*before, make_one(amounts), *after)

    def make_all(amounts: Sequence[Quantity]) -> Any:
        filled = parts.copy()
        for place, make_part in made:
            filled[place] = make_part(amounts)
        return tuple(filled) if is_tuple else kind(*filled)

    return make_all


class Maker:
    """Makes targets that differ from one in some of their amounts alone."""

    __slots__ = ("_make", "_slots", "_target", "_text", "_values")

    def __init__(self, target: Target, numbers: Sequence[str], slots: Sequence[_Slot], make: _Make) -> None:
        self._target, self._make = target, make
        self._text = _NUMBER.sub("%s", target.text.replace("%", "%%"))
        self._slots = [(slot.place, slot.power, slot.is_negative, slot.quantity.unit) for slot in slots]
        own = {(_size(numbers[slot.place]), slot.power, slot.is_negative): slot for slot in slots}
        self._values = [(slot.place, slot.power, slot.is_negative) for slot in own.values()]

    def amounts(self, numbers: Sequence[str]) -> tuple[Decimal, ...]:
        """The values of the amounts that these numbers make, each once: equal numbers are equal in all such texts."""
        return tuple([_amount(numbers[place], power, is_negative) for place, power, is_negative in self._values])

    def __call__(self, numbers: Sequence[str]) -> Target:
        like = self._target
        body: Body = self._make(
            [
                Quantity(_amount(numbers[place], power, is_negative), unit)
                for place, power, is_negative, unit in self._slots
            ]
        )
        return Target(body, like.clauses, self._text % tuple(numbers), like.span, like.subject, like.notes)


def _amount(number: str, power: int, is_negative: bool) -> Decimal:
    value = _value(number)
    if power:
        value = value.scaleb(power, context=EXACT)
    return value.copy_negate() if is_negative else value


def _is_same(one: Any, other: Any) -> bool:
    """Whether two targets, or parts of them, are the same to the last digit; ``==`` looks at their meaning only."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is Decimal:
        return bool(one.as_tuple() == other.as_tuple())
    if kind is tuple:
        return len(one) == len(other) and all(map(_is_same, one, other))
    if is_dataclass(kind):
        return all(_is_same(getattr(one, name), getattr(other, name)) for name in _names(kind))
    return bool(one == other)


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))
