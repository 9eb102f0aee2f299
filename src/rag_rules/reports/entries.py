"""What is said of each indicator, action and objective, the same in every face that people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, MOVEMENTS, counted, group_columns, status_words, without
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import RatedIndicator, Report

__all__ = ["Entry", "Section", "indicator_sections", "said_of"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a report in words: what it is, what is known of it at a glance, and whole sentences."""

    ref: str
    name: str
    status: Status
    #: the status in words first
    facts: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one heading; ``group`` is empty where the rows are in no group."""

    group: str
    noun: str
    entries: tuple[Entry, ...]

    @property
    def title(self) -> str:
        """The heading: "Places: 12 indicators", or "Indicators" for rows in no group."""
        return f"{self.group}: {counted(len(self.entries), self.noun)}" if self.group else f"{self.noun.capitalize()}s"


def said_of(explanation: str, notes: Iterable[str], **more: str | None) -> tuple[str, ...]:
    """The explanation, the notes, and what ``more`` holds under its name: "Comment: ..."."""
    said = [explanation, *(f"Note: {note}" for note in notes)]
    said += [f"{name.capitalize()}: {text}" for name, text in more.items() if text]
    return tuple(one_line(each, LIMIT) for each in said)


def indicator_sections(report: Report) -> list[tuple[Section, Sequence[RatedIndicator]]]:
    """The indicators by the first grouping column, in the order of the scorecard."""
    column = next(iter(group_columns(report)), None)
    found: dict[str, list[RatedIndicator]] = {}
    for indicator in report.indicators:
        group = "" if column is None else one_line(indicator.groups.get(column, ""), 120) or without(column)
        found.setdefault(group, []).append(indicator)
    return [
        (Section(group, "indicator", tuple(_indicator(report, each) for each in inside)), inside)
        for group, inside in found.items()
    ]


def _indicator(report: Report, indicator: RatedIndicator) -> Entry:
    reading = one_line(indicator.reading.text, LIMIT) or "(blank)"
    target = one_line(indicator.target.text, LIMIT) or "(none)"
    facts = [status_words(report, indicator.status), f"reading {reading}", f"target {target}"]
    if indicator.movement:
        facts.append(MOVEMENTS[indicator.movement])
    said = said_of(indicator.explanation, indicator.notes, comment=indicator.comment)
    return Entry(one_line(indicator.ref, 40), one_line(indicator.name, LIMIT), indicator.status, tuple(facts), said)
