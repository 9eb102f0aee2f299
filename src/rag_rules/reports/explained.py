"""One target, and a reading on it, in words: what ``rag-rules explain`` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, SHAPES
from rag_rules.status import Reason

if TYPE_CHECKING:
    from rag_rules.bands import Bands
    from rag_rules.outcomes import Outcome
    from rag_rules.rules import Rule

__all__ = ["outcome_text", "rule_text"]

#: options that give what is missing
_REMEDIES: Final = {
    Reason.MISSING_BENCHMARK: "give it with --benchmark NAME=VALUE",
    Reason.MISSING_BASELINE: "give it with --baseline VALUE",
    Reason.MISSING_SCALE: "give it with --scale “worst < ... < best”",
}

Line = tuple[str, str]


def rule_text(text: str, rule: Rule, *, width: int = 80) -> str:
    """How a target was understood: its canonical text, what it means, and the picture of its bands."""
    return _laid_out([("Target", text), *_rule_lines(rule)], width)


def outcome_text(outcome: Outcome, *, width: int = 80) -> str:
    """What a rule says of a reading: status, reason, the smallest change that matters, and what to note."""
    return _laid_out(list(_outcome_lines(outcome)), width)


def _rule_lines(rule: Rule) -> Iterator[Line]:
    yield "Read as", str(rule.target)
    if rule.aim:
        yield "Means", f"{rule.aim} ({rule.source})" if rule.source else rule.aim
    if rule.bands is not None:
        yield "Bands", str(rule.bands)
        yield "", _edges(rule.bands)
    else:
        remedy = _REMEDIES.get(rule.reason) if rule.reason is not None else None
        yield "No bands", f"{rule.missing}; {remedy}" if remedy else rule.missing
    if rule.exact_bands is not None and rule.exact_bands != rule.bands:
        yield "Unrounded", str(rule.exact_bands)
    if rule.tolerance is not None:
        yield "Tolerance", str(rule.tolerance)
    subject = rule.target.subject
    if subject and subject.removeprefix("or ") not in rule.missing:  # words that it waits for are not left out
        yield "Left out", f"“{subject}”: these words change nothing"
    for note in rule.notes:
        yield "Note", note
    for number, stage in enumerate(rule.stages, start=1):
        yield f"Stage {number}", f"{stage.source}: {stage}"
    for name, part in rule.parts:
        yield f"Part {name}", str(part)


def _edges(bands: Bands) -> str:
    """Who owns each limit, which is what the bars of the picture say."""
    if not bands.steps.cuts:
        return "Every reading has this status."
    owned = dict.fromkeys(f"{bands.write(cut.at)} itself is {bands.status(cut.at)}" for cut in bands.steps.cuts)
    return f"A bar shows where the status changes: {', '.join(owned)}."


def _outcome_lines(outcome: Outcome) -> Iterator[Line]:
    yield "Reading", str(outcome.reading.text).strip() or "(blank)"
    yield "Status", f"{SHAPES[outcome.status]} {outcome.explanation}"
    if outcome.flip is not None:
        yield "", f"{str(outcome.flip)[0].upper()}{str(outcome.flip)[1:]}."
    for text, other in outcome.alternatives:
        yield f"If {text}", f"{SHAPES[other.status]} {other.explanation}"
    for note in outcome.notes:
        if note not in outcome.rule.notes:  # those stand with the rule
            yield "Note", note


def _laid_out(lines: list[Line], width: int) -> str:
    """Labels to the left, what is said of each to the right, wrapped."""
    size = max(9, *(len(one_line(label, 20)) for label, _ in lines)) + 2
    return "".join(f"{_entry(label, said, size, width)}\n" for label, said in lines)


def _entry(label: str, said: str, size: int, width: int) -> str:
    start = f"{one_line(label, 20):<{size}}"
    wrapped = textwrap.wrap(
        one_line(said, LIMIT), width, initial_indent=start, subsequent_indent=" " * size, break_on_hyphens=False
    )
    return "\n".join(wrapped) if wrapped else start.rstrip()
