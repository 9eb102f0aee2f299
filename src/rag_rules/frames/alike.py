"""Targets that differ in their numbers alone: what each says of numbers, without making its rule.

The limits of a plain rule are its amounts, and those with the tolerance: multiples of an amount, or the amount and a bit.
So are those of bands that are written out, and where a bare number may be a share. A line is made of another by moving
its cuts, where that is all that differs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from sys import float_info
from typing import Final, NamedTuple

from rag_rules.lowering import AtLeast, AtMost, Mapped, Within
from rag_rules.number_line import NumberLine, is_plain
from rag_rules.quantity import EXACT, exponent_of
from rag_rules.rules import Rule
from rag_rules.steps import Cut
from rag_rules.syntax.patterns import amounts_of
from rag_rules.target import AllOf, Banded, Benchmark, Between, Change, Comparison, Plain

__all__ = ["Alike", "Amounts", "Form"]

#: the amounts in which a target differs from others of its pattern
Amounts = tuple[Decimal, ...]

_HUNDRED: Final = Decimal(100)
_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
#: how many patterns of texts are known at a time
_REMEMBERED: Final = 2048
#: how many lines of a form are looked at, of which cuts may lie together by chance
_TRIES: Final = 4


class _Source(NamedTuple):
    """Where a cut lies: so many times one of the amounts, and so much more."""

    which: int
    times: Decimal
    more: Decimal

    def at(self, amounts: Amounts) -> Decimal:
        return EXACT.fma(amounts[self.which], self.times, self.more)

    def all_at(self, amounts: Sequence[Amounts]) -> list[Decimal]:
        which, times, more = self
        if times is _ONE and more is _NONE:
            return [each[which] for each in amounts]
        return [EXACT.fma(each[which], times, more) for each in amounts]

    def digits(self, amounts: Amounts) -> int:
        """How many digits the cut has at most, for these amounts and all others that are written as they are."""
        number, more = amounts[self.which], self.more
        product = EXACT.multiply(number, self.times)
        highest = max(product.adjusted() + 1, more.adjusted()) + 1
        return highest - min(exponent_of(number) + exponent_of(self.times), exponent_of(more)) + 1

    def scaled(self, times: Decimal) -> _Source:
        return _Source(self.which, EXACT.multiply(self.times, times), EXACT.multiply(self.more, times))

    def and_more(self, more: Decimal) -> _Source:
        return self._replace(more=EXACT.add(self.more, more))


#: 1 whatever the amounts
_FIXED: Final = _Source(0, _NONE, _ONE)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """What the lines of targets with different numbers have in common."""

    sources: tuple[_Source, ...]
    like: NumberLine
    #: whether no cut has more digits than any float keeps
    is_short: bool

    def line(self, amounts: Amounts) -> NumberLine:
        """The line of the target with these amounts."""
        cuts = [
            Cut(source.at(amounts), cut.side, cut.why)
            for source, cut in zip(self.sources, self.like.steps.cuts, strict=True)
        ]
        return NumberLine(self.like.steps.moved(tuple(cuts)), self.like.missing)

    def cuts(self, amounts: Sequence[Amounts]) -> Iterator[list[Decimal]]:
        """Where each cut lies, in turn, of the targets with these amounts."""
        for source in self.sources:
            yield source.all_at(amounts)


class _Kind:
    """The rules of one pattern: where their limits lie, and the forms of their lines."""

    __slots__ = ("forms", "limits", "shares")

    def __init__(self, limits: tuple[_Source, ...], shares: bool | None) -> None:
        #: empty if more than the limits depends on the amounts
        self.limits = limits
        #: whether numbers are shares; ``None`` where some may be and some not
        self.shares = shares
        #: by how many limits are below a hundred, so that a share could reach them; ``None`` for what is no form
        self.forms: dict[int, Form | None] = {}

    def region(self, amounts: Amounts) -> int | None:
        """Which of the forms these amounts have; ``None`` where cuts may lie in another order than in any."""
        if not self.limits:
            return None
        if self.shares is not None:
            return 0
        ats = [
            amounts[which] if times is _ONE and more is _NONE else EXACT.fma(amounts[which], times, more)
            for which, times, more in self.limits
        ]
        if ats[0] <= 1:  # else no number that may be a share is beyond a limit as it is written
            return None
        below = bisect_left(ats, _HUNDRED)
        is_on_it = below < len(ats) and ats[below] == _HUNDRED and self.limits[below].times
        return None if is_on_it else below


class Alike:
    """What is known of the rules of a column of texts, by the pattern of the text.

    The first line of a form is kept, the second is held against what the first would make of its amounts; if they are
    the same, the others are made without their rules.
    """

    def __init__(self, shares: bool | None) -> None:
        self._shares = shares
        self._kinds: dict[Hashable, _Kind] = {}
        self._untried: dict[tuple[_Kind, int], tuple[Form, Amounts]] = {}
        self._tries: dict[tuple[_Kind, int], int] = {}

    def form(self, pattern: Hashable, amounts: Amounts) -> Form | None:
        """The form of the line of a target; ``None`` where its rule must be made."""
        kind = self._kinds.get(pattern)
        if kind is None or (region := kind.region(amounts)) is None:
            return None
        return kind.forms.get(region)

    def learn(self, pattern: Hashable, amounts: Amounts, rule: Rule, line: NumberLine) -> None:
        """Takes note of what the target with these amounts came to."""
        kind = self._kinds.get(pattern)
        if kind is None:
            if len(self._kinds) >= _REMEMBERED:
                return
            kind = self._kinds[pattern] = _Kind(*_limits(rule, amounts, self._shares))
        region = kind.region(amounts)
        if region is None or region in kind.forms:
            return
        untried = self._untried.get((kind, region))
        if untried is None:
            found = _form(kind, line, amounts)
            if found is not None:
                self._untried[kind, region] = found, amounts
                return
            tries = self._tries[kind, region] = self._tries.get((kind, region), 0) + 1
            if tries == _TRIES:
                kind.forms[region] = None
        elif untried[1] != amounts:
            del self._untried[kind, region]
            foretold = untried[0].line(amounts)
            kind.forms[region] = untried[0] if foretold == line else None


def _limits(rule: Rule, amounts: Amounts, shares: bool | None) -> tuple[tuple[_Source, ...], bool | None]:
    """Where the limits of a rule lie, and whether numbers are shares for it.

    None where more depends on the amounts than the limits: where these are not amounts of the target, or those with
    the tolerance.
    """
    nothing: tuple[tuple[_Source, ...], bool | None] = (), shares
    setting, bands = rule.setting, rule.bands
    if bands is None or rule.kind != "value" or not isinstance(rule.goal, AtLeast | AtMost | Within | Mapped):
        return nothing
    if rule.exact_bands is not None or setting.green_within is not None or setting.improving is not None:
        return nothing
    if not _is_of_its_amounts(rule) or not is_plain(rule):
        return nothing
    tolerance = rule.tolerance
    share = _NONE
    if tolerance is not None and tolerance.kind == "relative":
        share = EXACT.divide(tolerance.amount.value, _HUNDRED)
    is_far = share * 2 >= 1  # such a tolerance is refused beside some targets
    if is_far or (tolerance is not None and tolerance.kind not in ("relative", "absolute")):
        return nothing
    cuts = bands.steps.cuts
    edges = [_edge(cut.at, rule, amounts) if cut.why != "tolerance" else None for cut in cuts]
    limits: list[_Source] = []
    for place, (cut, found) in enumerate(zip(cuts, edges, strict=True)):
        if found is None and cut.why == "tolerance":
            beside = 1 if place == 0 else place - 1  # amber is outside of green
            found = edges[beside] if beside < len(cuts) else None
            if found is not None and share:
                both = [found.scaled(EXACT.add(_ONE, bit)) for bit in (share, share.copy_negate())]
                found = next((source for source in both if source.at(amounts) == cut.at), None)
            elif found is not None:
                found = found.and_more(EXACT.subtract(cut.at, cuts[beside].at))
        if found is None:
            return nothing
        limits.append(found)
    return tuple(limits), shares if rule.unit.is_percent else False


def _is_of_its_amounts(rule: Rule) -> bool:
    """Whether the edges of a rule's green are amounts that its target writes."""
    body = rule.target.body
    if isinstance(body, Change):
        return body.by is None
    return isinstance(body, Comparison | Plain | Between | AllOf | Banded | Benchmark)


def _edge(at: Decimal, rule: Rule, amounts: Amounts) -> _Source | None:
    """Which amount an edge is; ``None`` if none."""
    if at in amounts:
        return _Source(amounts.index(at), _ONE, _NONE)
    is_known = any(each.value == at for each in amounts_of(rule.target.body))
    return _Source(0, _NONE, at) if is_known else None


def _form(kind: _Kind, line: NumberLine, amounts: Amounts) -> Form | None:
    """How the line of a target follows from its amounts; ``None`` where one of its cuts could come from two places."""
    places = [] if kind.shares else [*kind.limits]
    if kind.shares is not False:
        places += [limit.scaled(Decimal("0.01")) for limit in kind.limits]
    if kind.shares is None:
        places.append(_FIXED)
    places = list(dict.fromkeys(places))
    sources = [[place for place in places if place.at(amounts) == cut.at] for cut in line.steps.cuts]
    if line.is_whole or any(len(found) != 1 for found in sources):
        return None
    is_short = all(found[0].digits(amounts) <= float_info.dig for found in sources)
    return Form(tuple(found[0] for found in sources), NumberLine(line.steps, line.missing), is_short)
