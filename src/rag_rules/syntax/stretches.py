"""Times in a target with all the words that belong to them: "after March 2024", "year ending March 2024".

The grammar of targets knows a time by its look, and takes the words around it for idle ones. The grammar of dates knows
more such words, and each of them may change which days are meant. So a time is read with all of them, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rag_rules.syntax.builder import Piece, Span, Trouble
from rag_rules.syntax.grammar import date_parser
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.tokens import Token, UnreadableError

__all__ = ["RELATIONS", "TIME_KINDS", "DateWord", "date_words", "whole_times"]

TIME_KINDS: Final = frozenset({"deadline", "period"})
#: what says how a time bounds something
RELATIONS: Final = frozenset(
    "DUE BEFORE AFTER START UNTIL DURING CONCERNING THROUGH BETWEEN_TIMES FORMERLY REVISED EITHER JOIN DENIED".split()
)
#: what may stand before a time and be a part of it
_BEFORE: Final = (RELATIONS - {"JOIN"}) | frozenset(
    "PART EDGE WEEK WEEKDAY UNKNOWN_DAY LENGTH LENGTH_TO TERM HALF QUARTER SEASON YEAR_KIND RECURRING MONTH_NAME".split()
)
#: what may stand behind one
_BEHIND: Final = frozenset({"ONWARDS", "YEAR_KIND", "TERM", "HALF", "SEASON", "QUARTER"})
_PLAINLY: Final = "write the time as in “by March 2024” or “in Q2 2024/25”"
_NEXT_TO: Final = re.compile(r" ?(?:(?:the|of) )*")


@dataclass(frozen=True, slots=True)
class DateWord:
    """A token of the grammar of dates: its kind, and where it stands."""

    kind: str
    start: int
    end: int


def date_words(folded: str, pieces: Sequence[Piece]) -> list[DateWord]:
    """What the grammar of dates makes of a text, without those of its pieces that are no times.

    Raises ``Trouble`` for a character that it cannot take.
    """
    for start, end in _other_spans(pieces):
        folded = folded[:start] + " " * (end - start) + folded[end:]
    try:
        tokens = list(date_parser().lexer.lex(folded))
    except UnreadableError as error:
        place = error.place
        raise Trouble(f"“{folded[place]}” cannot be read beside a time", (place, place + 1), _PLAINLY) from None
    return [_trimmed(token, folded) for token in tokens]


def _other_spans(pieces: Sequence[Piece]) -> list[Span]:
    return [span for piece in pieces if piece.kind not in TIME_KINDS for span in piece.spans]


def _trimmed(token: Token, folded: str) -> DateWord:
    start, end = token.start_pos, token.end_pos
    while end > start and folded[end - 1] == " ":
        end -= 1
    return DateWord(token.type, start, end)


def whole_times(passage: Passage, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each time with the words right beside it that the grammar of dates knows; it is one with times in them."""
    if not any(piece.kind in TIME_KINDS for piece in pieces):
        return list(pieces)
    words = date_words(passage.folded, pieces)
    others = _other_spans(pieces)
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind not in TIME_KINDS:
            found.append(piece)
            continue
        start, end = _widened(passage.folded, words, (piece.start, piece.end), others)
        while found and found[-1].kind in TIME_KINDS and found[-1].end > start:
            swallowed = found.pop()
            start, end = min(start, swallowed.start), max(end, swallowed.end)
        if (start, end) == (piece.start, piece.end):
            found.append(piece)
        else:
            first = next((word.kind for word in words if word.start >= start), "")
            kind = "deadline" if first in ("DUE", "BEFORE", "UNTIL") else "period" if first in RELATIONS else piece.kind
            found.append(replace(piece, kind=kind, spans=[(start, end)]))
    return found


def _widened(folded: str, words: list[DateWord], span: Span, others: list[Span]) -> Span:
    """The place of a time with all the words beside it that belong to it."""
    start, end = span
    for word in reversed([word for word in words if word.start < start]):
        is_cut = word.end > start  # a word of the time that the time begins in: "q1-q2"
        if not is_cut and (word.kind not in _BEFORE or not _NEXT_TO.fullmatch(folded, word.end, start)):
            break
        if _overlaps(word, others) or folded.startswith("target", word.start):  # "target 2025: 80%" is no deadline
            break
        start = word.start
    for word in [word for word in words if word.end > end]:
        is_cut = word.start < end
        if not is_cut and (word.kind not in _BEHIND or not _NEXT_TO.fullmatch(folded, end, word.start)):
            break
        if _overlaps(word, others):
            break
        end = word.end
    return start, end


def _overlaps(word: DateWord, spans: list[Span]) -> bool:
    return any(start < word.end and word.start < end for start, end in spans)
