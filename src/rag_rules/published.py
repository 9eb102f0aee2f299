"""The statuses that people write in a table: which of the four a word, a letter or a coloured sign stands for."""

from __future__ import annotations

from typing import Final

from rag_rules.models import Scheme
from rag_rules.status import Status

__all__ = ["status_named"]

_GREEN: Final = (
    "green|g|on target|at target|on or above target|at or above target|met|target met|achieved|target achieved|on track|exceeded"
    "|exceeding|exceeds target|better than target|🟢|🟩|✅"
)
_AMBER: Final = (
    "amber|a|yellow|orange|near target|just off target|slightly off target|within tolerance|at risk|🟡|🟠|🟨|🟧"
)
_RED: Final = "red|r|off target|not met|target not met|missed|not achieved|off track|worse than target|🔴|🟥|❌"
_NONE: Final = (
    "unrated|not rated|grey|gray|white|no rating|none|n/a|na|not applicable|no data|data not available|dna|no target|not due"
    "|no status|tbc|-|⚪|⬜"
)
_WORDS: Final = {
    word: status
    for words, status in ((_GREEN, Status.GREEN), (_AMBER, Status.AMBER), (_RED, Status.RED), (_NONE, Status.UNRATED))
    for word in words.split("|")
}


def status_named(word: str, scheme: Scheme | None = None) -> Status | None:
    """The status that a published word stands for: the scheme's own words first, then the usual ones.

    >>> status_named("On Target"), status_named("G"), status_named("Not met."), status_named("splendid")
    (<Status.GREEN>, <Status.GREEN>, <Status.RED>, None)

    "Below target" and "above target" are good or bad by the measure, so they stand for none; and so does a word that a
    scheme gives to two statuses.
    """
    plain = _plain(word)
    own = {status for status, name in (scheme.words if scheme else {}).items() if _plain(name) == plain}
    if own:
        return own.pop() if len(own) == 1 else None
    return _WORDS.get(plain)


def _plain(word: str) -> str:
    return " ".join(word.lower().replace("\ufe0f", "").replace("_", " ").split()).strip(" .:;()[]") or word.strip()
