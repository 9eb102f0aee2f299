"""The front doors of deadlines and periods: what a text says about when."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast

from rag_rules.deadlines import Deadline
from rag_rules.errors import DateSyntaxError, SettingError, check_kind
from rag_rules.periods import Period, Year
from rag_rules.syntax.builder import Trouble
from rag_rules.syntax.grammar import date_parser
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.text import check_size, fold, tidy
from rag_rules.syntax.tokens import MisplacedError, Token, UnreadableError
from rag_rules.syntax.when_built import Times
from rag_rules.syntax.when_due import deadline_of
from rag_rules.syntax.when_named import period_from

__all__ = ["parse_deadline", "parse_period"]

_ORDERS: Final = {
    "day first": "day first", "dmy": "day first", "month first": "month first", "mdy": "month first",
}  # fmt: skip


def parse_deadline(text: str, *, year: str | int | Year | None = None, day_order: str | None = None) -> Deadline:
    """When a text says that something is due.

    ``year`` is the kind of year that quarters and the like are of where the text does not say, as ``Year.read`` takes
    it; ``day_order`` is "day first" or "month first", for dates such as 03/04/2014.

    >>> deadline = parse_deadline("By end of June 2020")
    >>> deadline.first_day, deadline.last_day, deadline.precision
    (datetime.date(2020, 6, 1), datetime.date(2020, 6, 30), <Precision.MONTH: 'month'>)

    Raises ``DateSyntaxError`` for a text that names no time, or a day that there is not, or contradicts itself;
    ``SettingError`` for a ``year`` or a ``day_order`` that is none.
    """
    check_size(text, DateSyntaxError)
    return _deadline(text, _kind_of_year(year), _order(day_order))


def parse_period(text: str, *, year: str | int | Year | None = None) -> Period:
    """The period that a text names, and nothing else.

    ``year`` is the kind of year that is meant where the text does not say, as ``Year.read`` takes it.

    >>> period = parse_period("Quarter 4 of 2023-24")
    >>> str(period), period.last_day
    ('2023/24 Q4', datetime.date(2024, 3, 31))

    Raises ``DateSyntaxError`` for words that are no part of a period, for a period without its year, and for one that
    contradicts itself; ``SettingError`` for a ``year`` that is none.
    """
    check_size(text, DateSyntaxError)
    return _period(text, _kind_of_year(year))


def _kind_of_year(given: str | int | Year | None) -> Year | None:
    return None if given is None else Year.read(given)


def _order(given: str | None) -> str | None:
    if given is None:
        return None
    check_kind(given, str, "order of day and month", SettingError, hint="write day first, or month first")
    order = _ORDERS.get(" ".join(given.lower().replace("-", " ").split()))
    if order is None:
        raise SettingError(f"“{given}” is no order of day and month", expected=("day first", "month first"))
    return order


@lru_cache(maxsize=4096)
def _deadline(text: str, year: Year | None, order: str | None) -> Deadline:
    passage, pieces = _read(text, "deadline")
    try:
        return deadline_of(Times(passage, year, order), pieces)
    except Trouble as trouble:
        raise trouble.about(passage.shown, DateSyntaxError) from None


@lru_cache(maxsize=4096)
def _period(text: str, year: Year | None) -> Period:
    passage, pieces = _read(text, "period")
    try:
        return period_from(Times(passage, year, None, is_period=True), pieces)
    except Trouble as trouble:
        raise trouble.about(passage.shown, DateSyntaxError) from None


def _read(text: str, start: str) -> tuple[Passage, list[Any]]:
    """The text made plain, and the pieces that the grammar finds in it."""
    shown = tidy(text)
    folded = fold(shown)
    try:
        return Passage(shown, folded), cast("list[Any]", date_parser().parse(folded, start=start))
    except MisplacedError as error:
        raise _unexpected(shown, error.token, start) from None
    except UnreadableError as error:
        place = error.place
        raise DateSyntaxError(
            f"“{shown[place : place + 12]}” cannot be read as a time",
            text=shown, span=(place, place + 1), hint=_HINTS[start],
        ) from None  # fmt: skip
    except Trouble as trouble:
        raise trouble.about(shown, DateSyntaxError) from None


_HINTS: Final = {
    "deadline": "write a day, month, quarter or year, such as “by 31 March 2025” or “by Q2 2024/25”",
    "period": "write a day, month, quarter or year, such as “September 2023” or “2023/24 Q2”",
}


def _unexpected(shown: str, token: Token, start: str) -> DateSyntaxError:
    if token.type == "$END":
        return DateSyntaxError(
            "the text names no time" if start == "period" else "the text ends too early",
            text=shown, span=(max(0, len(shown) - 1), len(shown)), hint=_HINTS[start],
        )  # fmt: skip
    span = (token.start_pos, token.end_pos)
    found = shown[span[0] : span[1]].strip()
    if token.type == "DAY":
        return DateSyntaxError(f"“{found}” has no month to go with", text=shown, span=span, hint=_HINTS[start])
    return DateSyntaxError(f"“{found}” does not fit here", text=shown, span=span, hint=_HINTS[start])
