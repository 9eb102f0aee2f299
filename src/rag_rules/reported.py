"""The words in which people report progress, and what each of them says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rag_rules.files.tables import plain_words
from rag_rules.states import Reported
from rag_rules.syntax.reading import MISSING_WORDS

__all__ = ["UNCLEAR", "WORDS", "Vocabulary"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


#: by what they say. "Delayed" and "slipped" are off track: they say that the date is missed or will be. "In progress"
#: and "started" are on track: who says no more than that reports no trouble. Deferred work waits, like paused work.
WORDS: Final[dict[str, Reported]] = {
    word: reported
    for reported, words in {
        Reported.COMPLETED: _words(
            "completed|complete|done|closed|achieved|finished|delivered|implemented|met|fully met|target met|target achieved"
            "|fully achieved|fully implemented|fully delivered|action completed|action complete|100 complete|signed off"
            "|completed on time|completed late|completed early|closed completed|closed complete"
        ),
        Reported.ON_TRACK: _words(
            "on track|on target|in progress|underway|under way|green|started|ongoing|on schedule|on course|on plan"
            "|progressing|progressing well|work in progress|progressing as planned|progressing to plan|in hand|active"
        ),
        Reported.AT_RISK: _words(
            "at risk|amber|some risk|at risk of delay|some slippage|minor slippage|minor delay|slight delay"
            "|slightly behind|slightly behind schedule|minor issues|some concerns|some issues|needs attention"
        ),
        Reported.OFF_TRACK: _words(
            "off track|off target|red|overdue|behind|behind schedule|behind target|late|delayed|slipped|slipping|slippage"
            "|significant delay|missed|not met|not achieved|not completed|not on track|not on target|stalled|failed"
            "|not delivered|critical"
        ),
        Reported.NOT_STARTED: _words(
            "not started|not yet started|not begun|not yet begun|yet to start|to start|not commenced|not yet commenced"
            "|yet to commence|planned|scheduled|to do|not due|not yet due|not due to start|not due yet"
        ),
        Reported.PAUSED: _words("paused|on hold|deferred|postponed|suspended|parked|put on hold"),
        Reported.CANCELLED: _words(
            "cancelled|canceled|superseded|withdrawn|stopped|abandoned|discontinued|no longer required|no longer relevant"
            "|no longer needed|no longer applicable|not proceeding|not being pursued|removed|deleted|terminated|ceased"
        ),
    }.items()
    for word in words
}
#: words that say different things in different organisations, with what they say
UNCLEAR: Final = {
    "blue": "completed in many organisations, and not started in others",
    "grey": "not started in many organisations, and cancelled or on hold in others",
    "gray": "not started in many organisations, and cancelled or on hold in others",
    "yellow": "at risk in some organisations, and on track with small trouble in others",
    "purple": "overdue in some organisations, and completed in others",
    "black": "cancelled in some organisations, and overdue in others",
    "white": "not started in some organisations, and not rated in others",
    "bau": "completed and handed over in some organisations, and going on in others",
    "business as usual": "completed and handed over in some organisations, and going on in others",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one organisation over those that most people use, and its words for nothing at all."""

    own: Mapping[str, Reported]
    missing: frozenset[str]

    @classmethod
    def of(cls, own: Mapping[str, Reported], missing: tuple[str, ...] = ()) -> Vocabulary:
        """The vocabulary of the words that a scheme gives."""
        return cls(
            {plain_words(word) or word.strip(): reported for word, reported in own.items()},
            frozenset(word.strip().casefold() for word in missing) | frozenset(MISSING_WORDS),
        )

    def says_nothing(self, text: str | None) -> bool:
        """Whether a cell is blank, or holds a word for missing data such as "n/a".

        >>> Vocabulary.of({}).says_nothing("TBC"), Vocabulary.of({}).says_nothing("Not due")
        (True, False)
        """
        return self.read(text or "") is None and (text or "").strip().casefold() in self.missing

    def read(self, text: str) -> Reported | None:
        """What a reported word says; ``None`` for a word that is not known, or not clear.

        >>> Vocabulary.of({}).read("On-Track"), Vocabulary.of({"Blue": Reported.COMPLETED}).read("blue")
        (<Reported.ON_TRACK: 'on track'>, <Reported.COMPLETED: 'completed'>)
        """
        plain = plain_words(text) or text.strip()
        return self.own.get(plain) or WORDS.get(plain)
