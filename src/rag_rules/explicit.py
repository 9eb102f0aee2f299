"""Explicit bands to one total map, with every gap, overlap and contradiction named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from rag_rules.bands import Bands
from rag_rules.errors import BandsError, UnitError
from rag_rules.labels import Scale, scale_of
from rag_rules.quantity import NUMBER, Quantity, Unit
from rag_rules.settings import Conflicts, Setting
from rag_rules.status import Reason, Status
from rag_rules.steps import Cut, Side, Steps
from rag_rules.target import AllOf, Banded, Between, Comparison, Label, Sign

__all__ = ["Explicit", "explicit_bands"]

Claim = Steps[Decimal, frozenset[Status]]
NOBODY: frozenset[Status] = frozenset()


@dataclass(frozen=True, slots=True)
class Explicit:
    """The map that explicit bands give, and what is wrong with them."""

    steps: Steps[Decimal, Status]
    unit: Unit
    notes: tuple[str, ...]
    #: the gaps and overlaps with what becomes of them
    warnings: tuple[str, ...]
    conflicts: tuple[tuple[Reason, str, Bands], ...]
    scale: Scale | None = None


def explicit_bands(body: Banded, setting: Setting, in_unit: Callable[[Quantity, Setting], Quantity]) -> Explicit:
    """The map of bands as written.

    Of three colours one may be left out: it takes the readings between or beyond the others. Readings that no band or
    two bands claim are named in a note; they are unrated, or by ``Conflicts.WORSE`` take the worse of the statuses
    beside or over them.
    """
    labels = [condition for band in body.bands for condition in band.conditions if isinstance(condition, Label)]
    scale = _scale(labels, setting)
    unit = _unit(body, setting, in_unit, scale)
    claims = {
        Status(band.colour): [
            _claim(each, Status(band.colour), unit, setting, in_unit, scale) for each in band.conditions
        ]
        for band in body.bands
    }
    notes = _nest(body, claims)
    claimed: Claim = Steps((), (NOBODY,))
    for claim in (claim for mine in claims.values() for claim in mine):
        claimed = claimed.combine(claim, frozenset.union)
    given = {Status(band.colour) for band in body.bands}
    claimed = _rest(claimed, given)
    conflicts = _conflicts(claimed, unit, scale)
    worse = setting.conflicts is Conflicts.WORSE
    values = tuple(_decided(claimed, i, worse=worse) for i in range(len(claimed.values)))
    outcome = "take the worse status" if worse else "are unrated"
    warnings = tuple(f"{text}; they {outcome}" for _, text, _ in conflicts)
    return Explicit(Steps(claimed.cuts, values), unit, notes, warnings, () if worse else conflicts, scale)


def _nest(body: Banded, claims: dict[Status, list[Claim]]) -> tuple[str, ...]:
    """Take a narrower band out of a wider one on the same side, as people mean it: "Green ≥95%, Amber ≥90%".

    Changes ``claims``; gives a note for each band that was narrowed.
    """
    sides = {
        Status(band.colour): band.conditions[0]
        for band in body.bands
        if len(band.conditions) == 1
        and isinstance(band.conditions[0], Comparison)
        and band.conditions[0].sign is not Sign.EQUAL
    }
    notes = []
    for outer, wide in sides.items():
        for inner, narrow in sides.items():
            same_side = wide.sign.is_lower == narrow.sign.is_lower
            adjacent = {outer, inner} != {Status.GREEN, Status.RED} or Status.AMBER in sides
            if outer is inner or not same_side or not adjacent or not _contains(claims[outer][0], claims[inner][0]):
                continue
            claims[outer][0] = claims[outer][0].combine(claims[inner][0], lambda mine, other: NOBODY if other else mine)
            notes.append(f"the {outer} band is read as what the {inner} band leaves of it")
    return tuple(notes)


def _contains(outer: Claim, inner: Claim) -> bool:
    """Whether ``outer`` claims all that ``inner`` does, and more."""
    pairs = outer.combine(inner, lambda a, b: (bool(a), bool(b))).values
    return (False, True) not in pairs and (True, False) in pairs


def _scale(labels: list[Label], setting: Setting) -> Scale | None:
    if not labels:
        return None
    scale = setting.scale or scale_of(*(label.word for label in labels))
    if scale is None:
        raise BandsError("the bands are words that are on no known scale", hint="give the scale, the worst first")
    return scale


def _unit(
    body: Banded, setting: Setting, in_unit: Callable[[Quantity, Setting], Quantity], scale: Scale | None
) -> Unit:
    """The one unit of all amounts; plain numbers take that of the others."""
    units = [
        in_unit(amount, setting).unit
        for band in body.bands
        for condition in band.conditions
        for amount in _amounts(condition)
    ]
    named = list(dict.fromkeys(unit for unit in units if not unit.is_number))
    if scale is not None and units:
        raise BandsError("some bands are words and some are amounts")
    if len({(unit.dimension, unit.per) for unit in named}) > 1:
        raise UnitError(f"the bands are in {named[0]} and in {named[1]}")
    return named[0] if named else NUMBER


def _amounts(condition: Comparison | Between | AllOf | Label) -> tuple[Quantity, ...]:
    match condition:
        case Comparison(amount=amount):
            return (amount,)
        case Between(low=low, high=high):
            return (low, high)
        case AllOf(conditions=conditions):
            return tuple(each.amount for each in conditions)
        case Label():
            return ()


def _claim(
    condition: Comparison | Between | AllOf | Label,
    status: Status,
    unit: Unit,
    setting: Setting,
    in_unit: Callable[[Quantity, Setting], Quantity],
    scale: Scale | None,
) -> Claim:
    """The readings that a condition claims for a status."""
    mine = frozenset({status})

    def at(amount: Quantity) -> Decimal:
        placed = in_unit(amount, setting)
        return placed.value if placed.unit.is_number and not unit.is_number else placed.to(unit).value

    def stretch(low: tuple[Decimal, bool] | None, high: tuple[Decimal, bool] | None) -> Claim:
        cuts: list[Cut[Decimal]] = []
        values = [mine]
        if low is not None:
            cuts.append(Cut(low[0], Side.AFTER if low[1] else Side.BEFORE, f"{status} band"))
            values = [NOBODY, mine]
        if high is not None:
            cuts.append(Cut(high[0], Side.BEFORE if high[1] else Side.AFTER, f"{status} band"))
            values.append(NOBODY)
        if len(cuts) == 2 and not cuts[0].key < cuts[1].key:
            return Steps((), (NOBODY,))  # the two bounds leave nothing between them
        return Steps(tuple(cuts), tuple(values))

    match condition:
        case Between(low=low, high=high, low_open=low_open, high_open=high_open):
            return stretch((at(low), low_open), (at(high), high_open))
        case AllOf(conditions=conditions):
            low_end = next(each for each in conditions if each.sign.is_lower)
            high_end = next(each for each in conditions if each.sign.is_upper)
            return stretch((at(low_end.amount), low_end.sign.is_strict), (at(high_end.amount), high_end.sign.is_strict))
        case Label(word=word, sign=sign):
            assert scale is not None
            position = scale.index(word)
            if position is None:
                raise BandsError(f"“{word}” is not on the scale {scale}")
            here = Decimal(position)
            lowest = (here + 1 if sign.is_strict else here, False) if position or sign.is_strict else None
            is_last = position == len(scale.labels) - 1
            return stretch(lowest, (here + 1, True) if sign is Sign.EQUAL and not is_last else None)
        case Comparison(sign=Sign.EQUAL, amount=amount):
            return stretch((at(amount), False), (at(amount), False))
        case Comparison(sign=sign, amount=amount) if sign.is_lower:
            return stretch((at(amount), sign.is_strict), None)
        case Comparison(sign=sign, amount=amount) if sign.is_upper:
            return stretch(None, (at(amount), sign.is_strict))
        case _:
            raise BandsError(f"“{condition}” is not a band", hint="write the side of the amount, e.g. ≥95%")


def _rest(claimed: Claim, given: set[Status]) -> Claim:
    """The claims with the readings nobody claims given to the one colour that was left out, where that can be told.

    Green and red given: amber lies between them. Green alone: the rest is red. Green and amber: the far rest is red.
    Amber and red: the far rest is green.
    """
    colours = {Status.GREEN, Status.AMBER, Status.RED}
    left = colours - given
    if not left:
        return claimed
    values = list(claimed.values)
    open_places = [i for i, value in enumerate(values) if not value]
    if left == {Status.AMBER}:
        beside = [
            i
            for i in open_places
            if 0 < i < len(values) - 1 and values[i - 1] | values[i + 1] == {Status.GREEN, Status.RED}
        ]
        for i in beside:
            values[i] = frozenset({Status.AMBER})
    elif left == {Status.RED} or left == {Status.GREEN}:
        (colour,) = left
        neighbour = Status.AMBER
        for i in open_places:
            around = {status for j in (i - 1, i + 1) if 0 <= j < len(values) for status in values[j]}
            if around == {neighbour} or (colour is Status.RED and around == {Status.GREEN} and _is_end(i, values)):
                values[i] = frozenset({colour})
    elif left == {Status.AMBER, Status.RED}:
        values = [value or frozenset({Status.RED}) for value in values]
    elif left == {Status.GREEN, Status.AMBER}:
        values = [value or frozenset({Status.GREEN}) for value in values]
    else:
        raise BandsError("amber alone does not say where green is", hint="give the green or the red band too")
    return Steps(claimed.cuts, tuple(values))


def _is_end(i: int, values: list[frozenset[Status]]) -> bool:
    return i in (0, len(values) - 1)


def _decided(claimed: Claim, i: int, *, worse: bool) -> Status:
    value = claimed.values[i]
    if len(value) == 1:
        return next(iter(value))
    if not worse:
        return Status.UNRATED
    if value:
        return max(value)
    beside = [status for j in (i - 1, i + 1) if 0 <= j < len(claimed.values) for status in claimed.values[j]]
    return max(beside, default=Status.UNRATED)


def _conflicts(claimed: Claim, unit: Unit, scale: Scale | None) -> tuple[tuple[Reason, str, Bands], ...]:
    """Each gap and overlap with the readings that it concerns."""
    found = []
    writer = Bands(Steps((), (Status.UNRATED,)), unit, scale)
    for index, (low, value, high) in enumerate(claimed.pieces()):
        if len(value) == 1:
            continue
        where = _where(low, high, writer)
        if value:
            colours = " and ".join(sorted(value))
            text = f"readings {where} are in {colours}"
            reason = Reason.OVERLAP
        else:
            text = f"readings {where} are in no band"
            reason = Reason.GAP
        marks = tuple(Status.UNRATED if i == index else Status.GREEN for i in range(len(claimed.values)))
        found.append((reason, text, Bands(Steps(claimed.cuts, marks), unit, scale)))
    return tuple(found)


def _where(low: Cut[Decimal] | None, high: Cut[Decimal] | None, writer: Bands) -> str:
    """A stretch of readings in words."""
    if low is not None and high is not None:
        if low.at == high.at:
            return f"of {writer.write(low.at)}"
        start = f"from {writer.write(low.at)}" if low.side is Side.BEFORE else f"above {writer.write(low.at)}"
        end = f"to {writer.write(high.at)}" if high.side is Side.AFTER else f"below {writer.write(high.at)}"
        return (
            f"{start} {end}"
            if (low.side, high.side) == (Side.BEFORE, Side.AFTER)
            else f"{start} and {end.replace('to ', 'up to ')}"
        )
    if low is not None:
        return f"{'from' if low.side is Side.BEFORE else 'above'} {writer.write(low.at)}"
    assert high is not None
    return f"{'up to' if high.side is Side.AFTER else 'below'} {writer.write(high.at)}"
