"""What stands in brackets: a value, a remark, a further condition, or a second target that nobody can tell from the first."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final, cast

from rag_rules.quantity import Quantity
from rag_rules.syntax.builder import Piece, Trouble
from rag_rules.syntax.parts import TIMES
from rag_rules.syntax.passage import WORDS, Passage
from rag_rules.target import Between, Change, Comparison, Plain

__all__ = ["open_brackets"]

_DIGIT: Final = re.compile("[0-9]")
_NAMES_A_BASELINE = re.compile(r"(?:baseline|levels?|outturn|figures?)$")


def open_brackets(passage: Passage, pieces: list[Piece], notes: list[str]) -> list[Piece]:
    """The pieces with each bracket opened, or taken for what it says of the piece before it."""
    opened: list[Piece] = []
    in_bands = any(piece.kind == "colour" for piece in pieces)
    for piece in pieces:
        if piece.kind != "bracket":
            opened.append(piece)
            continue
        if (
            in_bands
            and not _DIGIT.search(passage.folded, piece.start, piece.end)
            and opened
            and opened[-1].kind != "colour"
        ):
            opened.append(Piece("qualifier", [(piece.start, piece.end)]))  # a remark on a band: "(needs improvement)"
            continue
        inside = piece.inside
        conditions = [each for each in inside if each.kind in ("condition", "within", "within range", "ordinal")]
        before = opened[-1] if opened else None
        if not conditions:
            opened.extend(each for each in inside if each.kind not in ("AND", "NEWLINE", "quoted"))
            if any(each.kind == "quoted" for each in inside):
                opened.append(Piece("qualifier", [(piece.start, piece.end)]))
        elif (
            len(conditions) == 1
            and isinstance(conditions[0].body, Plain)
            and before is not None
            and not _is_time_of_share(before, conditions[0])
            and _beside(passage, before, conditions[0])
        ):
            before.spans.extend([piece.spans[0], *conditions[0].spans, piece.spans[-1]])
            opened.extend(each for each in inside if each not in conditions)
        elif before is not None and len(conditions) == 1 and _is_time_of_share(before, conditions[0]):
            opened.append(Piece("qualifier", [(piece.start, piece.end)]))
        elif all(each.kind == "within" for each in conditions):
            opened.extend(Piece("qualifier", each.spans) for each in conditions)
            opened.extend(each for each in inside if each not in conditions)
        elif (
            before is not None
            and all(isinstance(each.body, (Comparison, Between)) for each in conditions)
            and _has_words(passage, piece)
        ):
            notes.append(
                f"a further condition is not judged by this reading: {passage.slice((piece.start + 1, piece.end - 1))}"
            )
            opened.append(Piece("qualifier", [(piece.start, piece.end)]))
        elif before is None and isinstance(conditions[0].body, Plain) and passage.folded.strip()[0] == "(":
            amount = conditions[0].body.amount
            raise Trouble(
                "an amount in brackets is negative to an accountant",
                (piece.start, piece.end),
                nearest=(str(amount), f"-{amount}"),
            )
        elif before is None or len(pieces) == 1 or before.kind == "colour":
            opened.extend(inside)
        else:
            other = conditions[0]
            raise Trouble(
                f"{before.body or passage.slice((before.start, before.end))} and, in brackets, {other.body}: nothing says which is the target",
                (other.start, other.end),
                nearest=tuple(str(each.body) for each in (before, other) if each.body is not None),
            )
    return opened


def _is_time_of_share(before: Piece, inside: Piece) -> bool:
    """Whether a bracket only says in what time a share is to be reached: "95% (4 hours)"."""
    shared = [body.amount if isinstance(body, Plain | Comparison) else None for body in (before.body, inside.body)]
    return (
        shared[0] is not None
        and shared[1] is not None
        and shared[0].unit.is_percent
        and shared[1].unit.dimension in TIMES
    )


def _beside(passage: Passage, before: Piece, inside: Piece) -> bool:
    """Whether an amount in brackets goes with what is before it: ``1% (30.3m)``, ``0 (zero)``, ``than last year (45)``."""
    body, amount = before.body, cast("Plain", inside.body).amount
    if isinstance(body, (Plain, Comparison)) and body.amount == amount:
        return True
    if isinstance(body, Change) and body.by is None and body.to is None and body.baseline is None:
        before.body = replace(body, baseline=amount)
        return True
    if isinstance(body, Plain) and _same_share(body.amount, amount):
        return True
    if (
        isinstance(body, Change)
        and body.by is not None
        and body.baseline is None
        and _NAMES_A_BASELINE.search(passage.folded[: before.end])
    ):
        before.body = replace(body, baseline=amount)
        return True
    assert inside.amount is not None
    if amount.unit.is_number and not inside.amount.power and amount.value < 10:
        return False  # a footnote, as likely as not
    if isinstance(body, Plain) and body.amount.unit.is_percent and not amount.unit.is_percent:
        before.body = Change("any", body.amount, beside=amount)
        return True
    if isinstance(body, Change) and body.by is not None and body.beside is None and body.by.unit != amount.unit:
        before.body = replace(body, beside=amount)
        return True
    return False


def _has_words(passage: Passage, bracket: Piece) -> bool:
    inside = sorted(span for piece in bracket.inside for span in piece.spans)
    at, words = bracket.start + 1, ""
    for start, end in [*inside, (bracket.end - 1, bracket.end)]:
        words += passage.shown[at:start]
        at = end
    return bool(WORDS.search(words))


def _same_share(a: Quantity, b: Quantity) -> bool:
    """Whether two amounts are one share written twice: "7 out of 10 (70%)"."""
    for share, other in ((a, b), (b, a)):
        whole = share.unit.dimension.removeprefix("out of ")
        if other.unit.is_percent and whole != share.unit.dimension:
            return share.value * 100 == other.value * Decimal(whole.replace(",", ""))
    return False
