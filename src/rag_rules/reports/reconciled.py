"""Published statuses beside computed ones, as text: what ``rag-rules reconcile`` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rag_rules.periods import written_date
from rag_rules.reports.changes import paragraphs
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, SHAPES

if TYPE_CHECKING:
    from rag_rules.models import Reconciliation, Verdict

__all__ = ["render"]

#: how many of the policies that were tried are shown
_SHOWN: Final = 3


def render(found: Reconciliation, *, width: int = 80) -> str:
    """How many agree, each that does not with the reason, and the policies that explain most of what is published."""
    return paragraphs(_said(found), width)


def _said(found: Reconciliation) -> Iterator[str]:
    period = f", period {one_line(found.period, 60)}" if found.period else ""
    yield f"{one_line(found.title, LIMIT)}. As of {written_date(found.as_of)}{period}."
    if not found.verdicts:
        yield "Nothing is published: no row has a status of its own, and none is reported."
        return
    counts = Counter(each.agreement for each in found.verdicts)
    yield (
        f"Of {len(found.verdicts):,} published, {counts['agrees']:,} agree, {counts['disagrees']:,} disagree, "
        f"{counts['cannot be compared']:,} cannot be compared."
    )
    for agreement, title in (
        ("disagrees", "Disagree"),
        ("cannot be compared", "Cannot be compared"),
        ("agrees", "Agree"),
    ):
        verdicts = [each for each in found.verdicts if each.agreement == agreement]
        if verdicts:
            yield ""
            yield f"{title}:"
            for verdict in verdicts:
                yield from _verdict(verdict)
    if found.policies:
        yield ""
        yield "What would explain the published colours of the indicators best:"
        for policy in found.policies[:_SHOWN]:
            yield f"  {policy.sentence}"


def _verdict(verdict: Verdict) -> Iterator[str]:
    named = " ".join(filter(None, (verdict.ref, verdict.name)))
    yield f"  {verdict.kind} {one_line(named, LIMIT)}"
    computed = f"{SHAPES[verdict.computed]} {one_line(verdict.explanation, LIMIT)}"
    published = one_line(verdict.published, 120)
    yield f"    published {published}, computed {computed}" if verdict.kind == "indicator" else f"    {computed}"
