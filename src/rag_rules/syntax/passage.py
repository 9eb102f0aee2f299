"""The text of one target while it is put together, and where its tokens stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rag_rules.expressions import expression
from rag_rules.periods import Year
from rag_rules.syntax.builder import Piece, Span

__all__ = ["WORDS", "Passage"]

WORDS = expression(r"[^\W\d_][\w'’&/.-]*")


@dataclass(slots=True)
class Passage:
    """A text as shown and as folded, the labels that count in it, and the places of its tokens."""

    shown: str
    folded: str
    labels: Sequence[str] = ()
    #: the kind of year that times in the text are of
    year: Year | None = None
    taken: list[Span] = field(default_factory=list)

    def take(self, pieces: Sequence[Piece], *more: Span) -> None:
        """Note the places of the tokens of ``pieces``."""
        self.taken = sorted([*more, *(span for piece in pieces for span in piece.spans)])

    def slice(self, span: Span) -> str:
        """The text at a place, as shown."""
        return self.shown[span[0] : span[1]].strip()

    def words(self, start: int, end: int) -> str:
        """The words of a stretch, without the punctuation around them."""
        return self.shown[start:end].strip(" .,;:()|•*†\n-–—/'\"“”‘’")

    def idle(self) -> list[Span]:
        """The stretches between tokens that hold words."""
        gaps, at = [], 0
        for start, end in [*self.taken, (len(self.folded), len(self.folded))]:
            if start > at and WORDS.search(self.folded, at, start):
                gaps.append((at, start))
            at = max(at, end)
        return gaps

    def next_start(self, end: int) -> int:
        """Where the next token behind ``end`` begins."""
        return min((start for start, _ in self.taken if start >= end), default=len(self.folded))
