"""Targets that are words: labels, and bands of labels, which are the user's own and so not in the grammar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag_rules.expressions import expression
from rag_rules.labels import BALANCED, VOCABULARY, normal
from rag_rules.target import Banded, BandText, Label, Sign, Target

__all__ = ["read_label", "read_worded_bands", "scale_labels"]

_DIGIT: Final = expression("[0-9]")
_LABEL: Final = expression(
    r"(?P<lead>(?:(?:achieve|maintain|retain|remain|rated|rating(?: of)?|to be|be|obtain|receive|attain|a|an|the|status(?: of)?|target:?|(?:overall )?(?:cqc|ofsted|estyn|hmicfrs|hmiccfrs|care inspectorate|nhs england|our|inspection)(?: rating| judgement| inspection)*(?: of)?:?"
    r"|at least(?: an?)?|minimum(?: of)?(?: an?)?|min\.?|no (?:worse|lower|less) than|not below|at or above|above|better than|higher than"
    r")(?![a-z]) ?|(?:≥|>=|>|=) ?)*)(?P<word>.*?)"
    r"(?P<tail> (?:or|and) (?:better|above|higher|more|outstanding(?= ?$))|\+)?(?: (?:rating|status|judge?ment|award|grade))?[ .*†]*",
    re.DOTALL,
)
_AT_LEAST_WORDS = expression(r"at least|minimum|min\b|no (?:worse|lower|less) than|not below|at or above|≥|>=")
_QUOTED: Final = expression(r'"(?! *")[^"\n]{1,80}"')
_ABOVE_WORDS = expression(r"(?<!or )above|better than|higher than|>(?!=)")


def read_label(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """The label that the whole text is, if it is one."""
    if not labels and (_DIGIT.search(folded) or len(folded) > 80):
        return None
    found = _LABEL.fullmatch(folded)
    assert found is not None  # every part is optional and the word takes anything
    word = normal(found["word"])
    known = {normal(label): label for label in labels}
    if folded == normal(shown) and word not in known and normal(folded) in known:
        return Target(Label(known[normal(folded)]), text=shown, span=(0, len(shown)))
    for whole in (normal(folded), word):
        label = known.get(whole) or VOCABULARY.get(whole) or ("Balanced" if whole in BALANCED else None)
        if label is not None and not (label == "No" and folded.strip(" .") != "no"):
            break
    else:
        return _at_least_quoted(shown, folded, found)
    lead, sign = found["lead"] or folded[: found.start("word")], Sign.EQUAL
    if whole == word:
        lead = folded[: found.start("word")]
        if _is_at_least(folded, found):
            sign = Sign.AT_LEAST
        elif _ABOVE_WORDS.search(lead):
            sign = Sign.MORE_THAN
    start = found.start("word") if whole == word else 0
    return Target(Label(label, sign), text=shown, span=(start, start + len(whole)))


def _is_at_least(folded: str, found: re.Match[str]) -> bool:
    """Whether a label is said to be the least that will do."""
    return bool(_AT_LEAST_WORDS.search(folded[: found.start("word")]) or found["tail"])


def _at_least_quoted(shown: str, folded: str, found: re.Match[str]) -> Target | None:
    """A label in quotation marks or better, of a scale that is not known: "at least “Reasonable”"."""
    if not _QUOTED.fullmatch(found["word"]) or not _is_at_least(folded, found):
        return None
    start, end = found.start("word") + 1, found.end("word") - 1
    return Target(Label(shown[start:end].strip(), Sign.AT_LEAST, quoted=True), text=shown, span=(start, end))


_COLOURED: Final = expression(r"[ ,;.|\n]*(green|amber|yellow|red)(?: ?[:=]| is| -)? ")


def read_worded_bands(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """Bands of words that are all known: "Green: Good, Amber: Requires improvement, Red: Inadequate"."""
    found = list(_COLOURED.finditer(folded))
    if not found or found[0].start() or _DIGIT.search(folded):
        return None
    bands = []
    for colour, following in zip(found, [*found[1:], None], strict=True):
        start, end = colour.end(), following.start() if following is not None else len(folded)
        label = read_label(shown[start:end].strip(), folded[start:end].strip(), labels)
        if label is None or not isinstance(label.body, Label) or normal(label.body.word) in ("green", "amber", "red"):
            return None
        bands.append(BandText(colour[1].replace("yellow", "amber"), (label.body,)))
    return Target(Banded(tuple(bands)), text=shown, span=(0, len(shown)))


def scale_labels(shown: str, folded: str) -> tuple[str, ...]:
    """The labels of the scale that a clause of the text gives, if one does."""
    scale = re.search(r"scale ?: ?([^;\n]+)", folded)
    if scale is None:
        return ()
    words = re.split("[<>]", shown[scale.start(1) : scale.end(1)])
    return tuple(re.sub(r"\(amber\)", "", word, flags=re.IGNORECASE).strip() for word in words)
