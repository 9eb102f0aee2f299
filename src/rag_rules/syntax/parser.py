"""A target's text to a target: a label, bands of labels, or the pieces that the grammar finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from lark import UnexpectedCharacters, UnexpectedToken
from lark.exceptions import VisitError

from rag_rules.errors import TargetSyntaxError
from rag_rules.syntax.builder import Piece, Trouble
from rag_rules.syntax.composer import Composer
from rag_rules.syntax.grammar import target_parser
from rag_rules.syntax.labelled import read_label, read_worded_bands, scale_labels
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.refusals import unexpected, unreadable
from rag_rules.syntax.text import check_size, fold, tidy
from rag_rules.target import Between, Comparison, NoTarget, NoTargetKind, Target

__all__ = ["read_target"]


def read_target(text: str, labels: tuple[str, ...] = ()) -> Target:
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
    if len(pieces) == 1 and (piece := pieces[0]).kind == "condition" and piece.end - piece.start == len(folded):
        body = piece.body
        if isinstance(body, (Comparison, Between)) and len(piece.spans) == 2 + isinstance(body, Between):
            return Target(body, text=shown, span=(0, len(shown)))  # nothing but the condition: nothing more to check
    try:
        return Composer(Passage(shown, folded, labels)).target(pieces)
    except Trouble as trouble:
        raise trouble.about(shown) from None


def _pieces(shown: str, folded: str) -> list[Piece]:
    """The pieces that the grammar finds in a text; raises ``TargetSyntaxError`` where it finds one that fits nowhere."""
    try:
        return cast("list[Piece]", target_parser().parse(folded, start="start"))
    except UnexpectedToken as error:
        raise unexpected(shown, folded, error) from None
    except UnexpectedCharacters as error:
        raise unreadable(shown, folded, cast("int", error.pos_in_stream)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, Trouble):
            raise error.orig_exc.about(shown) from None
        raise
    except Trouble as trouble:
        raise trouble.about(shown) from None


def _label_and_clauses(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """A label with clauses behind it: "at least Silver; scale: Bronze < Silver < Gold"."""
    head = folded.partition(";")[0].rstrip()
    labels = [*labels, *scale_labels(shown, folded)]
    label = read_label(shown[: len(head)], head, labels)
    if label is None:
        return None
    composer = Composer(Passage(shown, folded, labels))
    try:
        return composer.with_clauses(label, _pieces(shown, " " * len(head) + folded[len(head) :]))
    except Trouble as trouble:
        raise trouble.about(shown) from None
