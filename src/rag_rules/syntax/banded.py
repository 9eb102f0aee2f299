"""Explicit bands: colours, each with the readings that it claims."""

from __future__ import annotations

import re
from typing import Any, Final

from rag_rules.quantity import Quantity
from rag_rules.syntax.builder import Piece, Trouble
from rag_rules.syntax.passage import Passage
from rag_rules.target import AllOf, Banded, BandText, Between, Body, Comparison, Label, Plain, Sign

__all__ = ["read_bands"]

_BAND_HINT: Final = "write the readings beside the colour, e.g. “Green ≥95%, Red <90%”"


def read_bands(passage: Passage, pieces: list[Piece]) -> tuple[Body, list[Piece]]:
    parted = [part for piece in pieces for part in _parted(passage, piece)]
    ruled = [piece for piece in parted if piece.kind in ("colour", "condition", "within", "quoted")]
    colours = [piece for piece in ruled if piece.kind == "colour"]
    if ruled == colours:
        raise _without_readings(passage, colours)
    groups = _groups(passage, ruled)
    for piece in pieces:
        if piece.kind == "no target":
            raise Trouble("bands and “no target” in one text", (piece.start, piece.end))
    bands: dict[str, tuple[Any, ...]] = {}
    for name, conditions, piece in groups:
        if not conditions:
            raise Trouble(f"“{name}” has no readings", (piece.start, piece.end), hint=_BAND_HINT)
        bands[name] = bands.get(name, ()) + _conditions(passage, conditions)
    ruled += [piece for piece in pieces if piece.kind == "amber limit"]
    return Banded(tuple(BandText(colour, conditions) for colour, conditions in bands.items())), ruled


def _parted(passage: Passage, piece: Piece) -> list[Piece]:
    """The pieces of "amber up to 15 days" among other bands: a colour and its condition."""
    if piece.kind != "amber limit":
        return [piece]
    words = passage.folded[piece.start : piece.spans[0][1]]
    sign = Sign.AT_MOST if "up to" in words else Sign.AT_LEAST if "down to" in words else None
    assert piece.amount is not None  # the grammar gives the clause one
    if sign is None:
        raise Trouble(
            "the amber band does not say which side of its limit it is on", (piece.start, piece.end), hint=_BAND_HINT
        )
    condition = Comparison(sign, piece.amount.quantity)
    return [Piece("colour", piece.spans[:1]), Piece("condition", piece.spans, condition, piece.amount)]


def _colour(passage: Passage, piece: Piece) -> str:
    word = re.match(r"green|amber|yellow|red", passage.folded[piece.start : piece.end])
    assert word is not None  # a colour token begins with its word
    return word.group().replace("yellow", "amber")


def _groups(passage: Passage, ruled: list[Piece]) -> list[tuple[str, list[Piece], Piece]]:
    """Each colour with its conditions, which stand behind it, or all before it."""
    groups: list[tuple[str, list[Piece], Piece]] = []
    waiting: list[Piece] = []
    first_is_colour = ruled[0].kind == "colour"
    for piece in ruled:
        if piece.kind == "colour":
            groups.append((_colour(passage, piece), [] if first_is_colour else waiting, piece))
            waiting = []
        elif first_is_colour:
            groups[-1][1].append(piece)
        else:
            waiting.append(piece)
    if waiting:
        raise Trouble(f"{waiting[0].body} has no colour", (waiting[0].start, waiting[0].end))
    return groups


def _without_readings(passage: Passage, colours: list[Piece]) -> Trouble:
    if len(colours) > 1:
        return Trouble(
            "the bands are words that are on no known scale",
            (colours[0].start, len(passage.shown)),
            hint="give the scale, the worst first, e.g. Declining < Flat < Growing",
        )
    return Trouble("the target is itself a colour", (colours[0].start, colours[0].end), hint=_BAND_HINT)


def _conditions(passage: Passage, pieces: list[Piece]) -> tuple[Any, ...]:
    """The conditions of one band; two bounds joined by "and" or "but" are one range."""
    bodies: list[Any] = []
    last: Piece | None = None
    for piece in pieces:
        body = _condition(passage, piece)
        before = bodies[-1] if bodies else None
        if (
            last is not None
            and isinstance(before, Comparison)
            and isinstance(body, Comparison)
            and _is_joined(passage, last, piece)
        ):
            low, high = (before, body) if before.sign.is_lower else (body, before)
            if low.sign.is_lower and high.sign.is_upper and low.amount.value <= high.amount.value:
                bodies[-1], last = AllOf((low, high)), None
                continue
        bodies.append(body)
        last = piece
    return tuple(bodies)


def _is_joined(passage: Passage, before: Piece, after: Piece) -> bool:
    return re.search(r"\||\bor\b", passage.folded[before.end : after.start]) is None


def _condition(passage: Passage, piece: Piece) -> Comparison | Between | Label:
    if isinstance(piece.body, Comparison | Between | Label):
        return piece.body
    if not isinstance(piece.body, Plain):
        raise Trouble(f"{piece.body} is not a band", (piece.start, piece.end))
    quantity = piece.body.amount
    if _is_count(quantity):
        return Comparison(Sign.EQUAL, quantity)
    raise Trouble(
        f"a band of {quantity} does not say which side of it",
        (piece.start, piece.end),
        nearest=(f"≥ {quantity}", f"≤ {quantity}", f"= {quantity}"),
    )


def _is_count(amount: Quantity) -> bool:
    """Whether an amount in a band is a whole number of things: "Green 0, Amber 1-2, Red 3+"."""
    return amount.unit.is_number and amount.value == amount.value.to_integral_value() and abs(amount.value) < 20
