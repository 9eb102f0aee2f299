"""Targets that differ in one number alone: what each says of numbers, without making its rule.

The limits of a plain rule are its amount, and that with its tolerance: multiples of the number, or the number and a bit.
So is where a bare number may be a share. A line is made of another by moving its cuts, where that is all that differs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from sys import float_info
from typing import Final, NamedTuple

from rag_rules.lowering import AtLeast, AtMost, Within
from rag_rules.number_line import NumberLine, is_plain
from rag_rules.quantity import EXACT, exponent_of
from rag_rules.rules import Rule
from rag_rules.steps import Cut

__all__ = ["Alike", "Form"]

_HUNDRED: Final = Decimal(100)
#: how many shapes of texts are known at a time
_REMEMBERED: Final = 2048


class _Source(NamedTuple):
    """Where a cut lies: so many times the number, and so much more."""

    times: Decimal
    more: Decimal

    def at(self, number: Decimal) -> Decimal:
        return EXACT.fma(number, self.times, self.more)

    def digits(self, number: Decimal) -> int:
        """How many digits the cut has at most, for this number and all others that are written as it is."""
        product, more = EXACT.multiply(number, self.times), self.more
        highest = max(product.adjusted() + 1, more.adjusted()) + 1
        return highest - min(exponent_of(number) + exponent_of(self.times), exponent_of(more)) + 1

    def as_share(self) -> _Source:
        return _Source(self.times.scaleb(-2, context=EXACT), self.more.scaleb(-2, context=EXACT))


#: the number itself, and 1 whatever the number
_ITSELF: Final = _Source(Decimal(1), Decimal(0))
_FIXED: Final = _Source(Decimal(0), Decimal(1))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What the lines of targets with different numbers have in common."""

    sources: tuple[_Source, ...]
    like: NumberLine
    #: whether no cut has more digits than any float keeps
    is_short: bool

    def line(self, number: Decimal) -> NumberLine:
        """The line of the target with this number."""
        cuts = [
            Cut(at, cut.side, cut.why) for (at,), cut in zip(self.cuts([number]), self.like.steps.cuts, strict=True)
        ]
        return NumberLine(self.like.steps.moved(tuple(cuts)), self.like.missing)

    def cuts(self, numbers: Sequence[Decimal]) -> Iterator[Sequence[Decimal]]:
        """Where each cut lies, in turn, of the targets with these numbers."""
        for source in self.sources:
            yield numbers if source == _ITSELF else [source.at(number) for number in numbers]


class _Kind:
    """The rules of one shape of text: where their limits lie, and the forms of their lines."""

    __slots__ = ("forms", "limits", "shares")

    def __init__(self, limits: tuple[_Source, ...], shares: bool | None) -> None:
        #: empty if more than the limits depends on the number
        self.limits = limits
        #: whether numbers are shares; ``None`` where some may be and some not
        self.shares = shares
        #: by how many limits are below a hundred, so that a share could reach them; ``None`` for what is no form
        self.forms: dict[int, Form | None] = {}

    def region(self, number: Decimal) -> int | None:
        """Which of the forms a number has; ``None`` where cuts may lie in another order than in any."""
        if not self.limits:
            return None
        if self.shares is not None:
            return 0
        ats = [limit.at(number) for limit in self.limits]
        below = bisect_left(ats, _HUNDRED)
        # above 1, so that no number that may be a share is beyond a limit as it is written
        return below if ats[0] > 1 and _HUNDRED not in ats else None


class Alike:
    """What is known of the rules of a column of texts, by the shape of the text.

    The first line of a form is kept, the second is held against what the first would make of its number; if they are
    the same, the others are made without their rules.
    """

    def __init__(self, shares: bool | None) -> None:
        self._shares = shares
        self._kinds: dict[Hashable, _Kind] = {}
        self._untried: dict[tuple[_Kind, int], tuple[Form, Decimal]] = {}

    def form(self, shape: Hashable, number: Decimal) -> Form | None:
        """The form of the line of a target; ``None`` where its rule must be made."""
        kind = self._kinds.get(shape)
        if kind is None or (region := kind.region(number)) is None:
            return None
        return kind.forms.get(region)

    def learn(self, shape: Hashable, number: Decimal, rule: Rule, line: NumberLine) -> None:
        """Takes note of what the target with ``number`` came to."""
        kind = self._kinds.get(shape)
        if kind is None:
            if len(self._kinds) >= _REMEMBERED:
                return
            kind = self._kinds[shape] = _kind(rule, number, self._shares)
        region = kind.region(number)
        if region is None or region in kind.forms:
            return
        untried = self._untried.get((kind, region))
        if untried is None:
            found = _form(kind, line, number)
            if found is None:
                kind.forms[region] = None
            else:
                self._untried[kind, region] = found, number
        elif untried[1] != number:
            del self._untried[kind, region]
            foretold = untried[0].line(number)
            kind.forms[region] = untried[0] if foretold == line else None


def _kind(rule: Rule, number: Decimal, shares: bool | None) -> _Kind:
    """Where the limits of a rule lie, if it is a plain one: green on a side of its number, amber by a tolerance."""
    tolerance, setting, goal, bands = rule.tolerance, rule.setting, rule.goal, rule.bands
    edges = (
        {goal.value}
        if isinstance(goal, AtLeast | AtMost)
        else {goal.low, goal.high}
        if isinstance(goal, Within)
        else set()
    )
    is_moved = rule.exact_bands is not None or setting.green_within is not None or setting.improving is not None
    if bands is None or rule.kind != "value" or edges != {number} or is_moved or rule.conflicts or not is_plain(rule):
        return _Kind((), shares)
    share = Decimal(0)
    if tolerance is not None and tolerance.kind == "relative":
        share = EXACT.divide(tolerance.amount.value, _HUNDRED)
    is_far = share * 2 >= 1  # such a tolerance is refused beside some targets
    if is_far or (tolerance is not None and tolerance.kind not in ("relative", "absolute")):
        return _Kind((), shares)
    limits = []
    for cut in bands.steps.cuts:
        if cut.at == number:
            limits.append(_ITSELF)
        elif share:
            found = [_Source(EXACT.add(Decimal(1), bit), Decimal(0)) for bit in (share, share.copy_negate())]
            limits += [source for source in found if source.at(number) == cut.at]
        else:
            limits.append(_Source(Decimal(1), EXACT.subtract(cut.at, number)))
    if len(limits) != len(bands.steps.cuts):
        return _Kind((), shares)
    return _Kind(tuple(limits), shares if rule.unit.is_percent else False)


def _form(kind: _Kind, line: NumberLine, number: Decimal) -> Form | None:
    """How the line of a target follows from its number; ``None`` where one of its cuts could come from two places."""
    places = [] if kind.shares else [*kind.limits]
    if kind.shares is not False:
        places += [limit.as_share() for limit in kind.limits]
    if kind.shares is None:
        places.append(_FIXED)
    sources = [[place for place in places if place.at(number) == cut.at] for cut in line.steps.cuts]
    if line.is_whole or any(len(found) != 1 for found in sources):
        return None
    is_short = all(found[0].digits(number) <= float_info.dig for found in sources)
    return Form(tuple(found[0] for found in sources), NumberLine(line.steps, line.missing), is_short)
