"""A target's text to a target: a label, bands of labels, or the pieces that the grammar finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from rag_rules.errors import TargetSyntaxError
from rag_rules.periods import Year
from rag_rules.syntax.builder import Piece, Trouble
from rag_rules.syntax.grammar import target_parser
from rag_rules.syntax.labelled import read_label, read_worded_bands, scale_labels
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.refusals import unexpected, unreadable
from rag_rules.syntax.text import check_size, fold, tidy
from rag_rules.syntax.tokens import MisplacedError, UnreadableError
from rag_rules.target import Between, Comparison, NoTarget, NoTargetKind, Plain, Target

__all__ = ["read_target"]


def read_target(text: str, labels: tuple[str, ...] = (), year: Year | None = None) -> Target:
    """The target that ``text`` writes, read afresh: what ``parse_target`` gives, without its cache."""
    check_size(text, TargetSyntaxError)
    shown = tidy(text)
    folded = fold(shown)
    if not folded.strip(" .-–—_*†\n"):
        return Target(NoTarget(NoTargetKind.EMPTY), text=shown, span=(0, len(shown)))
    label = read_label(shown, folded, labels)
    if label is not None:
        return label
    if (worded := read_worded_bands(shown, folded, labels)) is not None:
        return worded
    if ";" in folded and (target := _label_and_clauses(shown, folded, labels)) is not None:
        return target
    pieces = _pieces(shown, folded)
    if len(pieces) == 1 and (body := pieces[0].body) is not None and _is_all(folded, pieces[0]):
        return Target(body, text=shown, span=(pieces[0].start, pieces[0].end))
    from rag_rules.syntax.composer import Composer

    try:
        return Composer(Passage(shown, folded, labels, year)).target(pieces)
    except Trouble as trouble:
        raise trouble.about(shown) from None


def _is_all(folded: str, piece: Piece) -> bool:
    """Whether one plain condition is all of the text, so that nothing more is to be checked: no word is idle."""
    if type(piece.body) not in (Comparison, Plain, Between) or piece.kind != "condition" or "~" in folded:
        return False
    at = 0
    for start, end in piece.spans:
        if start - at > 1 or (start > at and folded[at] != " "):
            return False
        at = end
    return at == len(folded) and folded[piece.spans[-1][0]] in _AMOUNT_STARTS and folded[0] in _STARTS


#: how an amount begins that is not written as approximate ("c. 95%")
_AMOUNT_STARTS = frozenset("0123456789£$€.+")
_STARTS = frozenset("0123456789£$€.<>≤≥abefghijklmnopqrstuvwxyz=")


def _pieces(shown: str, folded: str) -> list[Piece]:
    """The pieces that the grammar finds in a text; raises ``TargetSyntaxError`` where it finds one that fits nowhere."""
    try:
        return cast("list[Piece]", target_parser().parse(folded, start="start"))
    except MisplacedError as error:
        raise unexpected(shown, folded, error) from None
    except UnreadableError as error:
        raise unreadable(shown, folded, error.place) from None
    except Trouble as trouble:
        raise trouble.about(shown) from None


def _label_and_clauses(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """A label with clauses behind it: "at least Silver; scale: Bronze < Silver < Gold"."""
    head = folded.partition(";")[0].rstrip()
    labels = [*labels, *scale_labels(shown, folded)]
    label = read_label(shown[: len(head)], head, labels)
    if label is None:
        return None
    from rag_rules.syntax.composer import Composer

    composer = Composer(Passage(shown, folded, labels))
    try:
        return composer.with_clauses(label, _pieces(shown, " " * len(head) + folded[len(head) :]))
    except Trouble as trouble:
        raise trouble.about(shown) from None
