"""What was meant, as a picture: the statuses along the line of readings."""

from __future__ import annotations

import math
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, InvalidOperation
from typing import Any, Final, TypeVar

from rag_rules.errors import BandsError, RagRulesError, called, check_kind
from rag_rules.expressions import expression
from rag_rules.labels import Scale
from rag_rules.quantity import DATE, NUMBER, Quantity, Unit, exponent_of, trimmed
from rag_rules.status import Status, best, worst
from rag_rules.steps import Cut, Side, Steps

__all__ = ["Band", "Bands"]

_STATUS = expression(r"\b(green|amber|red|unrated)\b")
_ISO_DATE: Final = expression(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INFINITY: Final = Decimal("Infinity")
_Rate = Callable[[float | Decimal], Status]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Band:
    """One stretch of readings with its status; an edge of ``None`` is open without end."""

    status: Status
    low: Cut[Decimal] | None
    high: Cut[Decimal] | None


@dataclass(frozen=True, slots=True)
class Bands:
    """A total map from readings in ``unit`` (or positions on ``scale``) to statuses.

    Its ``repr`` is its picture: a bar left of a value means that the value belongs to the right, and the reverse.

    >>> Bands.read("red |10% green 20%| red").at(Quantity(Decimal(20), Bands.read("red |10% green").unit))
    <Status.GREEN>
    """

    steps: Steps[Decimal, Status]
    unit: Unit = NUMBER
    scale: Scale | None = None
    #: the status of a reading given as a number in ``unit``: a float (NaN is unrated), an int or a Decimal
    status: Callable[[float | Decimal], Status] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "status", _for_any(self.steps))

    def __reduce__(self) -> tuple[Any, ...]:
        """Without ``status``, which is made anew: no process can hand a function on to another."""
        return (Bands, (self.steps, self.unit, self.scale))

    # making

    @classmethod
    def read(cls, picture: str, *, scale: Scale | None = None) -> Bands:
        """The bands that a picture draws, e.g. ``green |£21 amber £22.05| red``; with a scale the cuts are labels.

        Raises ``BandsError`` for a picture that draws none.
        """
        check_kind(picture, str, "picture of bands", BandsError)
        from rag_rules.syntax.amounts import read_amount  # the one text that bands know is their own picture
        from rag_rules.syntax.text import fold

        pieces = _STATUS.split(picture.strip())
        if len(pieces) < 3 or pieces[0].strip() or pieces[-1].strip():
            raise BandsError("a picture begins and ends with a status", text=picture, span=(0, len(picture)))
        statuses = tuple(Status(word) for word in pieces[1::2])
        cuts: list[Cut[Decimal]] = []
        unit = NUMBER
        for piece in pieces[2:-1:2]:
            text = piece.strip()
            side = Side.BEFORE if text.startswith("|") else Side.AFTER
            text = text.removeprefix("|") if side is Side.BEFORE else text.removesuffix("|")
            if not text.strip() or "|" in text or text == piece.strip():
                raise BandsError(f"“{piece.strip()}” is no cut", text=picture, hint="write |10% or 10%|")
            if scale is not None:
                position = scale.index(text)
                if position is None:
                    raise BandsError(f"“{text.strip()}” is not on the scale {scale}", text=picture)
                cuts.append(Cut(Decimal(position), side))
                continue
            try:
                if _ISO_DATE.fullmatch(text.strip()):
                    unit = DATE
                    cuts.append(Cut(Decimal(date.fromisoformat(text.strip()).toordinal()), side))
                    continue
                bare = fold(text).strip()
                quantity = read_amount(bare.lstrip("-"))[0]
            except (RagRulesError, ValueError) as error:
                raise BandsError(f"“{text.strip()}” is no amount", text=picture) from error
            unit = quantity.unit
            cuts.append(Cut(quantity.value.copy_negate() if bare.startswith("-") else quantity.value, side))
        try:
            return cls(Steps(tuple(cuts), statuses), unit, scale)
        except ValueError as error:
            raise BandsError(str(error), text=picture) from None

    # asking

    def at(self, reading: Quantity) -> Status:
        """The status of ``reading``, which is converted to the unit of the bands.

        >>> from rag_rules.quantity import pounds
        >>> Bands.read("green |£21 red").at(pounds(21))
        <Status.RED>

        Raises ``UnitError`` for a unit that cannot be converted, and ``BandsError`` for what is no quantity.
        """
        check_kind(reading, Quantity, "quantity", BandsError, hint="status takes numbers, and rule.evaluate texts")
        return self.status(reading.to(self.unit).value)

    def compiled(self) -> Callable[[float | Decimal], Status]:
        """``status`` as a function for loops over floats: the same answers, sooner for a float and later for the rest.

        >>> status = Bands.read("red |90 amber |95 green").compiled()
        >>> [str(status(reading)) for reading in (89.9, 90.0, 95.0, float("nan"))]
        ['red', 'amber', 'green', 'unrated']
        """
        return _for_floats(self.steps, self.status)

    def band(self, value: Decimal) -> Band:
        """The band that a reading of ``value`` is in."""
        index = self.steps.index(value)
        edges = (None, *self.steps.cuts, None)
        return Band(self.steps.values[index], edges[index], edges[index + 1])

    def __iter__(self) -> Iterator[Band]:
        edges = (None, *self.steps.cuts, None)
        return iter([Band(status, edges[i], edges[i + 1]) for i, status in enumerate(self.steps.values)])

    def float_cuts(self) -> tuple[float, ...]:
        """The cuts for floats: a float is right of a cut exactly when it is no less than the cut's number here."""
        return tuple(map(float_cut, self.steps.cuts))

    def write(self, value: Decimal) -> str:
        """A position on the line as people write it: an amount in the unit, a label, or a date as 2019-11-30."""
        if self.scale is not None:
            return self.scale.labels[int(value)]
        return str(Quantity(trimmed(value) if exponent_of(value) < 0 else value, self.unit))

    # combining

    def combine(self, other: Bands, join: Callable[[Status, Status], Status]) -> Bands:
        """The bands whose status at each reading is ``join`` of the two statuses there."""
        if (self.unit, self.scale) != (other.unit, other.scale):
            raise BandsError("bands in different units cannot be combined")
        return Bands(self.steps.combine(other.steps, join), self.unit, self.scale)

    def __and__(self, other: Bands) -> Bands:
        return self.combine(other, worst)

    def __or__(self, other: Bands) -> Bands:
        return self.combine(other, best)

    # showing

    def __str__(self) -> str:
        parts = [str(self.steps.values[0])]
        for cut, status in zip(self.steps.cuts, self.steps.values[1:], strict=True):
            text = self.write(cut.at)
            parts += [f"|{text}" if cut.side is Side.BEFORE else f"{text}|", str(status)]
        return " ".join(parts)

    def __repr__(self) -> str:
        return f"<Bands {self}>"

    def _repr_html_(self) -> str:
        from rag_rules.reports.svg import bands_html  # only in notebooks

        return bands_html(self)


def float_cut(cut: Cut[Decimal]) -> float:
    """The smallest float that lies after ``cut``: ``x`` is on its right exactly when ``x >= float_cut(cut)``.

    A float stands for the shortest decimal that it prints as, so 0.3 is three tenths; the cut is directed, not merely
    rounded, and so right for thresholds of any number of digits.
    """
    near = float(cut.at)
    if math.isinf(near):  # beyond all floats but infinity
        return near if near > 0 else math.nextafter(near, math.inf)
    if Decimal(repr(near)) == cut.at:  # as for all but very long numbers
        return near if cut.side is Side.BEFORE else math.nextafter(near, math.inf)
    while _lies_after(near, cut):
        near = math.nextafter(near, -math.inf)
    while not _lies_after(near, cut):
        near = math.nextafter(near, math.inf)
    return near


def whole_cut(cut: Cut[Decimal]) -> int:
    """The smallest whole number after a cut."""
    if cut.side is Side.BEFORE:
        return int(cut.at.to_integral_value(ROUND_CEILING))
    return int(cut.at.to_integral_value(ROUND_FLOOR)) + 1


def narrow_float_cut(cut: Cut[Decimal], digits: int) -> float:
    """``float_cut`` for narrower floats: those of 32 bits, told by up to 9 digits, or of 16 bits, told by up to 5.

    A narrow float, too, stands for the shortest decimal that it prints as: 0.1 of 32 bits is a tenth.

    >>> narrow_float_cut(Cut(Decimal("0.1"), Side.BEFORE), 9)
    0.10000000149011612
    """
    form, whole = (">f", ">i") if digits == 9 else (">e", ">h")

    def number_at(place: int) -> float:
        """The float at a place in order: those from 0 on are in the order of their bits, those below it reversed."""
        bits = struct.pack(whole, place if place >= 0 else -1 - place)
        found: float = struct.unpack(form, bits)[0]
        return found if place >= 0 else -found

    def packed(number: float) -> bytes:
        try:
            return struct.pack(form, number)
        except OverflowError:  # the largest, rounded up to fewer digits, is beyond its type
            return b""

    def lies_after(number: float) -> bool:
        texts = (f"{number:.{count}g}" for count in range(1, digits + 1))
        exact = Decimal(next(text for text in texts if packed(float(text)) == packed(number)))
        return exact >= cut.at if cut.side is Side.BEFORE else exact > cut.at

    high = int(struct.unpack(whole, struct.pack(form, math.inf))[0])
    low = -1 - high
    while high - low > 1:  # what is at `low` lies before the cut, and what is at `high` after it
        middle = (low + high) // 2
        low, high = (low, middle) if lies_after(number_at(middle)) else (middle, high)
    return number_at(high)


def _lies_after(number: float, cut: Cut[Decimal]) -> bool:
    exact = Decimal(repr(number))
    return exact >= cut.at if cut.side is Side.BEFORE else exact > cut.at


def _for_any(steps: Steps[Decimal, Status]) -> _Rate:
    """A function from a number to its status: comparisons with cuts of the number's own kind.

    Three comparisons answer for nearly all rules; infinity stands for cuts that a rule does not have.
    """
    first, second, third = _three(steps.values, Status.UNRATED)
    floats = tuple(map(float_cut, steps.cuts))
    low, high, top = _three(floats, math.inf)
    low_at, high_at, top_at = _three([cut.at for cut in steps.cuts], _INFINITY)
    low_after, high_after, top_after = _three([cut.side is Side.AFTER for cut in steps.cuts], False)
    if top_after:
        top_at = -_INFINITY  # one more name that the function takes from outside would cost it more than the few gain
    others = _by_bisection(steps, floats)

    def status(reading: float | Decimal) -> Status:
        if reading.__class__ is float:
            if reading < low:
                return first
            if reading < high:
                return second
            if reading < top:
                return third
        elif reading.__class__ is Decimal:
            try:
                if reading <= low_at if low_after else reading < low_at:
                    return first
                if reading <= high_at if high_after else reading < high_at:
                    return second
                if reading < top_at:
                    return third
            except InvalidOperation:  # NaN, which has no place on the line
                return Status.UNRATED
        return others(reading)

    return status


def _for_floats(steps: Steps[Decimal, Status], others: _Rate) -> _Rate:
    """``others`` with a short cut for floats: what it takes from outside is copied at every call, so it takes little."""
    first, second, third = _three(steps.values, Status.UNRATED)
    low, high, top = _three([*map(float_cut, steps.cuts[:3])], math.inf)

    def status(reading: float | Decimal) -> Status:
        if reading.__class__ is float:
            if reading < low:
                return first
            if reading < high:
                return second
            if reading < top:
                return third
        return others(reading)

    return status


def _by_bisection(steps: Steps[Decimal, Status], floats: tuple[float, ...]) -> _Rate:
    """The status of what the comparisons leave over: other kinds of numbers, NaN, and what lies beyond the third cut."""

    def status(reading: Any) -> Status:
        if isinstance(reading, float):  # or of a subclass, such as NumPy's
            return steps.values[bisect_right(floats, reading)] if reading == reading else Status.UNRATED
        if isinstance(reading, bool) or not isinstance(reading, (int, Decimal)):  # Decimal takes texts and tuples too
            raise BandsError(f"{called(reading)} is no number", hint='rule.evaluate reads texts, such as "96%"')
        exact = Decimal(reading)
        return Status.UNRATED if exact.is_nan() else steps.at(exact)

    return status


def _three(given: Sequence[_T], otherwise: _T) -> tuple[_T, _T, _T]:
    """The first three, or what there is and ``otherwise``."""
    first, second, third = (*given, otherwise, otherwise, otherwise)[:3]
    return first, second, third
