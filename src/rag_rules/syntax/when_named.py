"""A heading's pieces to the one period that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rag_rules.periods import Period
from rag_rules.syntax.builder import Trouble
from rag_rules.syntax.when_built import Item, Times, listed

__all__ = ["period_from"]


def period_from(times: Times, pieces: Sequence[Any]) -> Period:
    """The period that the pieces of a heading make; raises ``Trouble`` where they leave words or meanings over."""
    items = times.items(pieces)
    _check_words(times, items)
    named = [item for item in items if item.is_time]
    if len(named) != 1:
        raise Trouble("it names more than one period", (items[0].start, items[-1].end), "write one")
    item = named[0]
    said = times.said(item)
    span = (item.start, item.end)
    words = times.passage.folded[: item.start]
    if item.until is None and re.search(r"since|from|start|commenc|begin|effective|not ", words):
        raise Trouble(
            f"“{times.passage.words(0, item.end)}” does not say when the period ends", span, "write its end too"
        )
    if not item.meanings:
        raise Trouble(
            f"“{said}” is of a year that is not said", span, "write the year too, such as “2023/24 Q2” or “April 2023”"
        )
    first, *others = item.meanings
    if not first.is_usual:
        meant = listed([times.days_of(meaning) for meaning in item.meanings])
        raise Trouble(
            f"“{said}” could be {meant}", span, nearest=tuple(str(meaning.period) for meaning in item.meanings)
        )
    assert item.time is not None
    if item.time.edge == "start":
        raise Trouble(f"“{said}” is no period", span, "write the period itself")
    notes = [note for note in (*item.notes, *first.notes) if note != "beside"]
    if others:
        meant = listed([times.days_of(meaning) for meaning in others])
        notes.append(f"“{said}” is taken as {times.days_of(first)}; it could also mean {meant}")
    return replace(first.period, notes=tuple(notes))


def _check_words(times: Times, items: Sequence[Item]) -> None:
    """Refuse words that are no part of a period's name."""
    folded = times.passage.folded
    at = 0
    for start, end in [*((item.start, item.end) for item in items), (len(folded), len(folded))]:
        if not times.is_bare(at, start):
            span = (at, start)
            left = times.passage.words(*span)
            word = times.word_before(start, at)
            if word is not None:
                times.mistyped(*word)
            raise Trouble(f"“{left}” is no part of a period", span, "write only the period, such as “2023/24 Q2”")
        at = max(at, end)
