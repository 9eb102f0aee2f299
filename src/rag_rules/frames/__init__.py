"""Statuses on data frames of any make: the same bands, the same answer, rows in their order."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from rag_rules.errors import SettingError, called, can_be_key, check_kind
from rag_rules.frames.book import Book, Columns, Times, book_of, check_setting
from rag_rules.frames.engines import PolarsFrame, engine_of
from rag_rules.over_time import Timed
from rag_rules.periods import Year
from rag_rules.rules import Rule
from rag_rules.settings import Setting

__all__ = ["summarise", "with_status"]

F = TypeVar("F")
#: what stands for a rule
Given = Rule | Timed | str


def with_status(
    frame: F,
    rules: Given | Mapping[Any, Given] | Sequence[tuple[Any, Given]] | None = None,
    *,
    reading: str = "value",
    rule: str | None = None,
    target: str | None = None,
    into: str = "status",
    reason: str | None = None,
    distance: str | None = None,
    band: str | None = None,
    shares: bool | None = None,
    setting: Setting | None = None,
    on: str | None = None,
    accumulation: str | None = None,
    year: str | int | Year | None = None,
) -> F:
    """``frame`` with a column of statuses: those that each rule's ``evaluate`` gives the readings, row by row.

    ``rules`` is one rule (or target text) for all rows, or rules by name, and then the column ``rule`` names them; or
    the column ``target`` holds target texts, each of which is read once, in ``setting``. Readings are numbers in the
    unit of the rule, or texts. ``shares`` says whether percentages are written as 0.95 (true) or 95 (false); where it
    is not said, numbers that could be either are ambiguous. ``into``, ``reason`` (why unrated), ``distance`` (how far
    the reading must move to be green) and ``band`` (its number, the lowest being 0) name the new columns.

    ``on`` is the column that tells the time that a reading is for, by its last day or by the name of a period ("Q2
    2023/24"). Each row is judged by the rule in force then, as by ``Timed(rule, ...).at(day)``: the stage of a target
    that changes, and what is due by then of one whose figures add up. Those say so themselves ("28 cumulative"), or
    ``accumulation="cumulative"`` says it of all, or a ``Timed`` among the rules of one. ``year`` is the kind of year
    by which the names of periods are read (financial if it is not said), and that of rules of which nothing else says
    it. Where it is not said, a quarter that is another in the year of its rule is ambiguous.

    Raises ``SettingError`` for columns that are missing or there already, for two rules of one name, for what is no rule and
    for a setting beside rules that are all made, the errors of
    ``rule`` for a target among ``rules`` that cannot be read, and ``MissingExtraError`` where narwhals or NumPy is
    needed and missing. A reading, or a text in the column ``target``, that cannot be read is unrated; ``reason`` says so.
    """
    check_kind(shares, (bool, type(None)), "answer to shares=", SettingError, hint="write True, False or None")
    for name in (reading, rule, target, on):
        _check_column(name)
    if reading is None:
        raise SettingError("no column of readings is named", hint='write reading="value", or another')
    columns = Columns(reading, rule, target, into, reason, distance, band, on)
    times = Times(accumulation, Year.read(year) if year is not None else None)
    check_setting(setting, rules, columns)
    book = book_of(rules, columns, setting or Setting(), shares, times)
    found: F = _rate(frame, book, columns)
    return found


def summarise(frame: F, by: str | Sequence[str] = (), *, status: str = "status") -> F:
    """How many rows have each status, in each group of ``by``: one row for each group, in their order.

    The columns are those of ``by``, ``green``, ``amber``, ``red``, ``unrated`` and ``total``; the last counts rows
    whose status is another word, or missing, too. The rows are counted in the engine, and never fetched.

    Raises ``SettingError`` for columns that are missing, and ``MissingExtraError`` without narwhals.
    """
    from rag_rules.frames.summary import summed

    check_kind(
        by, (str, Sequence), "list of columns", SettingError, hint='write by="service", or by=["service", "year"]'
    )
    for name in (status, *([by] if isinstance(by, str) else by)):
        _check_column(name)
    found: F = summed(frame, [by] if isinstance(by, str) else list(by), status)
    return found


def _check_column(name: object) -> None:
    if not can_be_key(name):
        raise SettingError(f"{called(name)} is no name of a column")


def _rate(frame: Any, book: Book, columns: Columns) -> Any:
    """Rates in memory, in batches or in the engine, whichever the frame is for."""
    engine = engine_of(frame)
    if isinstance(engine, PolarsFrame):
        from rag_rules.frames.in_polars import rated_in_polars

        found = rated_in_polars(frame, book, columns)
        if found is not None:
            return found
    if engine is not None:
        from rag_rules.frames.eager import rated

        return rated(engine, book, columns, _processors())
    from rag_rules.frames.batched import by_batches

    rate = by_batches(frame)
    if rate is not None:
        return rate(book, columns)
    from rag_rules.frames.native import rated_natively

    return rated_natively(frame, book, columns)


def _processors() -> int:
    """How many processors look names up in a frame in memory: those that this process may use, and four at most."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 4)
