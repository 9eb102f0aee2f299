"""Several conditions in one text: one range, parts with names, or nobody knows."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, cast

from rag_rules.syntax.builder import Piece, Span, Trouble
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.stretches import TIME_KINDS
from rag_rules.target import AllOf, Body, Change, Comparison, Condition, Part, Parts, Plain

__all__ = ["TIMES", "read_several"]

TIMES: Final = frozenset({"time", "working time", "working hours", "school time", "clear time", "months"})
_NAME_EDGES = re.compile(
    r"^(?:(?:for|in|of|the|on|to|by|at|and|but|a|an|are|is|be|with|as|our)(?![\w-])[ ,]*|[ ,.:;()|/•*-])+|[ ,.:;()|/*-]+$|[ ,]+(?:and|of|for|by|to|in|is|be|:)$",
    re.IGNORECASE,
)


def read_several(passage: Passage, conditions: list[Piece], pieces: list[Piece]) -> tuple[Body, list[Piece]]:
    segments = _segments(passage, conditions, pieces)
    names = [
        _name(passage, start, end, piece, pieces) for piece, (start, end) in zip(conditions, segments, strict=True)
    ]
    bodies = [cast("Condition", piece.body) for piece in conditions]
    if (shared := share_and_time(conditions)) is not None:
        return cast("Condition", shared[0].body), [shared[0]]
    comparisons = [body for body in bodies if isinstance(body, Comparison)]
    plain_names = [re.fullmatch(r"(?:and|but|or|also|yet|, )*", name) is not None for name in names]
    if len(comparisons) == len(bodies) and all(plain_names) and _are_joined(passage, conditions):
        _check_together(passage, comparisons, conditions)
        return AllOf(tuple(comparisons)), conditions
    if len(set(names)) == len(names) and all(names) and _are_parts(passage, conditions, pieces):
        periods = [piece for piece in pieces if piece.kind == "period" and _period_name(passage, piece) in names]
        others = [piece for piece in pieces if piece.kind in TIME_KINDS and piece not in periods]
        if periods and others:
            raise Trouble(
                f"“{passage.slice((others[0].start, others[0].end))}” stands beside targets that have times of their own",
                (others[0].start, others[0].end),
                hint="write one time for each target",
            )
        return Parts(tuple(Part(name, body) for name, body in zip(names, bodies, strict=True))), [
            *conditions,
            *periods,
        ]
    first, second = conditions[:2]
    raise Trouble(
        f"two conditions and nothing that says which is the target: {first.body} and {second.body}",
        (second.start, second.end),
        nearest=(str(first.body), str(second.body)),
    )


def _are_joined(passage: Passage, conditions: list[Piece]) -> bool:
    """Whether two bounds are said to hold together, or are written with signs: ">5 and <10", "≥5 <10"."""
    before, after = conditions[:2]
    signs = all(passage.folded[piece.start] in "<>≤≥=m" for piece in conditions)  # m: "minimum 3 maximum 5"
    return signs or re.search(r"\b(?:and|but|yet)\b|[,;&]", passage.folded[before.end : after.start]) is not None


def _check_together(passage: Passage, comparisons: list[Comparison], conditions: list[Piece]) -> None:
    lows = [each for each in comparisons if each.sign.is_lower]
    highs = [each for each in comparisons if each.sign.is_upper]
    if len(lows) != 1 or len(highs) != 1 or len(comparisons) != 2:
        first, second = conditions[:2]
        raise Trouble(
            f"{first.body} and {second.body} do not bound one range",
            (second.start, second.end),
            nearest=(str(first.body), str(second.body)),
        )


def _are_parts(passage: Passage, conditions: list[Piece], pieces: list[Piece]) -> bool:
    """Whether the text itself sets its conditions apart: by letters, lines, "for", periods, or a sign each."""
    kinds = {piece.kind for piece in pieces}
    if "ENUMERATOR" in kinds or "NEWLINE" in kinds:
        return True
    if len([piece for piece in pieces if piece.kind == "period"]) >= len(conditions):
        return True
    signed = all(not isinstance(piece.body, (Plain, Change)) for piece in conditions)
    between = passage.folded[conditions[0].start : conditions[-1].end]
    fors = len(re.findall(r"\bfor\b", passage.folded[conditions[0].start :])) >= len(conditions)
    return (
        signed
        or fors
        or (
            "AND" in kinds
            and len({piece.amount.quantity.unit for piece in conditions if piece.amount}) == 1
            and bool(between)
        )
    )


def _segments(passage: Passage, conditions: list[Piece], pieces: list[Piece]) -> list[Span]:
    """The stretch of text that belongs to each condition, split where the text splits it."""
    edges = [0]
    for before, after in pairwise(conditions):
        joiners = [
            piece
            for piece in pieces
            if piece.kind in ("AND", "NEWLINE", "ENUMERATOR") and before.end <= piece.start < after.end
        ]
        if joiners:
            edges.append(joiners[-1].start if joiners[-1].kind == "ENUMERATOR" else joiners[-1].end)
        elif found := re.search(r"[,;.|]|\band\b", passage.folded[before.end : after.start]):
            edges.append(before.end + found.end())
        else:
            period = [piece for piece in pieces if piece.kind == "period" and before.end <= piece.start < after.start]
            leads = any(piece.kind == "period" and piece.start < conditions[0].start for piece in pieces)
            edges.append(period[-1].end if period and not leads else before.end)
    edges.append(len(passage.folded))
    return list(pairwise(edges))


def _name(passage: Passage, start: int, end: int, piece: Piece, pieces: list[Piece]) -> str:
    """What a condition is about: its letter, its period, or the words around it."""
    inside = [other for other in pieces if start <= other.start < end]
    for other in inside:
        if other.kind == "ENUMERATOR":
            return passage.folded[other.start : other.end].strip("() ")
    for other in inside:
        if other.kind == "period":
            return _period_name(passage, other)
    taken = sorted(span for other in pieces for span in other.spans if start <= span[0] < end)
    words, at = [], start
    for first, last in [*taken, (end, end)]:
        if first > at:
            words.append(passage.shown[at:first])
        at = max(at, last)
    previous, name = None, " ".join(re.sub(r"[()\[\]:]", " ", " ".join(words)).split())
    while previous != name:
        previous, name = name, _NAME_EDGES.sub("", name)
    return name


def _period_name(passage: Passage, piece: Piece) -> str:
    return re.sub(
        r"^(?:in|for|during|at) ", "", passage.slice((piece.start, piece.end)).strip("() "), flags=re.IGNORECASE
    )


def share_and_time(conditions: list[Piece]) -> tuple[Piece, Piece] | None:
    """The share and the time of "92% < 18 weeks": the share is rated, and the time says of what."""
    if len(conditions) != 2:
        return None
    amounts = [piece.body.amount if isinstance(piece.body, (Plain, Comparison)) else None for piece in conditions]
    for (mine, piece), (theirs, other) in ((pair := list(zip(amounts, conditions, strict=True))), pair[::-1]):
        if (
            mine is not None
            and theirs is not None
            and mine.unit.is_percent
            and theirs.unit.dimension in TIMES
            and isinstance(other.body, Comparison)
        ):
            return piece, other
    return None
