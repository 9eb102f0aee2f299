"""The words in which people report progress, and what each of them says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rag_rules.files.tables import plain_words
from rag_rules.periods import MONTHS
from rag_rules.states import Reported
from rag_rules.syntax.reading import MISSING_WORDS

__all__ = ["UNCLEAR", "WORDS", "NotRead", "Vocabulary", "not_read"]


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
            "on track|on target|in progress|underway|under way|green|g|started|ongoing|on schedule|on course|on plan"
            "|progressing|progressing well|work in progress|progressing as planned|progressing to plan|in hand|active"
        ),
        Reported.AT_RISK: _words(
            "at risk|amber|a|some risk|at risk of delay|some slippage|minor slippage|minor delay|slight delay"
            "|slightly behind|slightly behind schedule|minor issues|some concerns|some issues|needs attention"
        ),
        Reported.OFF_TRACK: _words(
            "off track|off target|red|r|overdue|behind|behind schedule|behind target|late|delayed|slipped|slipping|slippage"
            "|significant delay|missed|not met|not achieved|not completed|not complete|incomplete|not on track|not on target|stalled|failed"
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
    "b": "short for blue, which is completed in many organisations, and not started in others",
    "grey": "not started in many organisations, and cancelled or on hold in others",
    "gray": "not started in many organisations, and cancelled or on hold in others",
    "yellow": "at risk in some organisations, and on track with small trouble in others",
    "purple": "overdue in some organisations, and completed in others",
    "black": "cancelled in some organisations, and overdue in others",
    "white": "not started in some organisations, and not rated in others",
    "bau": "completed and handed over in some organisations, and going on in others",
    "business as usual": "completed and handed over in some organisations, and going on in others",
}


_MONTHS: Final = frozenset(
    name for month in MONTHS if month != "May" for name in (month.casefold(), month[:3].casefold())
)
#: the number of words in the longest that is known
_LONGEST: Final = max(len(word.split()) for word in WORDS)
_SHARE: Final = re.compile(r"[0-9]\s*(?:%|per ?cent(?![a-z]))", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class NotRead:
    """Why a reported word says nothing, and what to write instead; an empty hint if only its meaning is wanted."""

    said: str
    hint: str = ""


def not_read(text: str) -> NotRead:
    """Why a word that is in no vocabulary cannot be taken for progress.

    >>> not_read("95% complete").said
    'says how much is done, and not how it stands'
    """
    plain = plain_words(text)
    if plain in UNCLEAR:
        return NotRead(f"is {UNCLEAR[plain]}")
    if _SHARE.search(text):
        hint = (
            "write “on track”, “at risk”, “off track” or “completed” here, and the percentage in a column of progress"
        )
        return NotRead("says how much is done, and not how it stands", hint)
    words = plain.split()
    number = next((at for at, word in enumerate(words) if word[0].isdigit() or word in _MONTHS), None)
    for end in range(min(number or 0, _LONGEST), 0, -1):
        if (reported := WORDS.get(" ".join(words[:end]))) is not None:
            word = " ".join(words[:end]).capitalize()
            dates = "finish dates" if reported is Reported.COMPLETED else "dates"
            hint = f"write “{word}” alone here, and put the date in a column of {dates}"
            return NotRead("is a word for progress with a date or number", hint)
    return NotRead("is not known as a word for progress")


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
