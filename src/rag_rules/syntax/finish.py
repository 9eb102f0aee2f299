"""When something was finished: a reading that is a date."""

from __future__ import annotations

from typing import Any

from rag_rules.errors import RagRulesError, ReadingSyntaxError
from rag_rules.syntax.reading import Reading, parse_reading
from rag_rules.syntax.when import parse_deadline

__all__ = ["parse_finish"]


def parse_finish(reading: Any, *, missing: frozenset[str] | tuple[str, ...] = ()) -> Reading:
    """The reading of a day, or of a time with a first and a last day: a date, a text, or nothing.

    >>> [day.isoformat() for day in parse_finish("Sept 2020").days]
    ['2020-09-01', '2020-09-30']

    Raises ``ReadingSyntaxError`` for a text that is neither a date nor a word for missing data.
    """
    if not isinstance(reading, str):
        return parse_reading(reading)
    try:
        found = parse_reading(reading, missing=missing)
        if found.missing is not None:
            return found
    except ReadingSyntaxError:
        pass  # as most dates are no single amount
    try:
        when = parse_deadline(reading)
    except RagRulesError as error:
        raise ReadingSyntaxError(
            error.problem,
            text=error.text,
            span=error.span,
            expected=error.expected,
            hint=error.hint,
            nearest=error.nearest,
        ) from None
    if when.first_day is None or when.last_day is None or when.stages or when.recurring or when.event:
        raise ReadingSyntaxError(
            "this is not one day, or one time with a first and a last day",
            text=reading, span=(0, len(reading)), hint="; ".join(when.notes) or "write 2020-11-20 or 20 November 2020",
        )  # fmt: skip
    return Reading(when.text or reading, days=(when.first_day, when.last_day), marks=when.notes)
