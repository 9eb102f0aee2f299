"""Whether the cost of one stays what it is where there are many: rows, rules and texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from benchmarks.parsing import column_of_texts
from benchmarks.table import Cells, Columns, Effort, Items, Section, ratio, with_spread
from benchmarks.timing import Times, race
from rag_rules import Rule, Setting, parse_target, rule, with_status
from rag_rules.syntax import cache

_RULES: Final = 200


def rows(effort: Effort) -> Items:
    """More rows: a Polars frame, 200 rules"""
    book = _book(_RULES)

    def ready(count: int) -> Callable[[], object]:
        frame = _frame(count, book)
        return lambda: with_status(frame, book, rule="indicator")

    yield from _grown("Rows", "each row", [10**power for power in range(3, 8)], ready, effort)


def rules(effort: Effort) -> Items:
    """More rules: made from texts, and used on a Polars frame of a million rows"""
    import polars as pl

    sizes = [10**power for power in range(6)]
    books: dict[int, dict[str, Rule]] = {}

    def making(count: int) -> Callable[[], object]:
        frame = pl.DataFrame({"value": [93.4] * count, "indicator": _names(count)})

        def make() -> object:
            cache._parsed.cache_clear()  # else only the first turn would parse
            books[count] = _book(count)
            return with_status(frame, books[count], rule="indicator")

        return make

    yield from _grown("Rules", "each made, and used for one row", sizes, making, effort)
    length = effort.size(1_000_000)

    def using(count: int) -> Callable[[], object]:
        frame = _frame(length, books[count])
        return lambda: with_status(frame, books[count], rule="indicator")

    yield (
        "Each call prepares the limits of all its rules, which takes a time of its own for each rule and none for a row. "
        "Where a rule has few rows, as with 100,000 rules for a million, that is most of it: per row it grows, per rule not."
    )
    yield from _grown("Rules", "each of a million rows", sizes, using, effort, units=lambda _: length)

    def known(count: int) -> Callable[[], object]:
        frame = pl.DataFrame({"value": [93.4] * count, "indicator": _names(count)})
        return lambda: with_status(frame, books[count], rule="indicator")

    yield from _grown("Rules", "each, made before, with one row", sizes, known, effort)


def texts(effort: Effort) -> Items:
    """More target texts, all of which differ, of 13 sentences: parsed, and as a column of a Polars frame"""

    def parsing(count: int) -> Callable[[], object]:
        column = column_of_texts(count)

        def parse() -> None:
            _forget()
            for text in column:
                parse_target(text)

        return parse

    yield from _grown("Texts", "each parsed", [10**power for power in range(2, 7)], parsing, effort)
    yield from _in_frames([10**power for power in range(2, 6)], effort)


def _forget() -> None:
    """Each turn begins with no text known, and no pattern."""
    cache._parsed.cache_clear()
    cache._sentence.cache_clear()


def million_texts(effort: Effort) -> Items:
    """A million target texts, all of which differ, of 13 sentences, as a column of a Polars frame: takes some gigabytes"""
    yield from _in_frames([10_000, 1_000_000], effort)


def _in_frames(sizes: Sequence[int], effort: Effort) -> Items:
    import polars as pl

    def rating(count: int) -> Callable[[], object]:
        frame = pl.DataFrame({"value": [93.4] * count, "target": column_of_texts(count)})

        def rate() -> object:
            _forget()
            return with_status(frame, target="target", setting=Setting.read(polarity="higher"))

        return rate

    yield from _grown("Texts", "each rated in its row", sizes, rating, effort)


def _grown(
    what: str, unit: str, sizes: Sequence[int], ready: Callable[[int], Callable[[], object]], effort: Effort,
    *, units: Callable[[int], int] = lambda count: count,
) -> Items:  # fmt: skip
    """A line for each size: the time of one unit, and as a ratio to that of the smallest size.

    The sizes take turns, so that what else the machine does falls on all of them.
    """
    counts = list(dict.fromkeys(map(effort.size, sizes)))
    jobs = {count: ready(count) for count in counts}
    found: dict[int, list[float]] = {count: [] for count in counts}
    jobs[counts[0]]()  # what is made once, for all sizes
    for _ in range(effort.turns(3)):
        for count, job in jobs.items():
            calls = max(1, _LEAST // units(count))
            repeated = partial(_repeat, job, calls)
            found[count] += race({"": repeated}, operations=calls * units(count), turns=1, once=True)[""].seconds
    yield Columns((what, f"Median ± spread, {unit}", "Smallest = 1"))
    smallest = Times(tuple(found[counts[0]]))
    for count in counts:
        times = Times(tuple(found[count]))
        yield Cells((f"{count:,}", with_spread(times), ratio(times.against(smallest))))


def _repeat(job: Callable[[], object], calls: int) -> None:
    for _ in range(calls):
        job()


#: how many units a turn has at least, so that short ones are not told by one call
_LEAST: Final = 1000


def _names(count: int) -> list[str]:
    return [f"indicator {each}" for each in range(count)]


def _book(count: int) -> dict[str, Rule]:
    """Rules with limits of their own, from texts all of which differ."""
    limits = (50 + each / 4 for each in range(count))
    return {
        name: rule(f"at least {limit} days", tolerance="5%") for name, limit in zip(_names(count), limits, strict=True)
    }


def _frame(count: int, book: dict[str, Any]) -> Any:
    import numpy as np
    import polars as pl

    made = np.random.default_rng(5)
    names = pl.Series(list(book)).gather(made.integers(0, len(book), count))
    return pl.DataFrame({"value": made.integers(3000, 12000, count) / 100, "indicator": names})


SECTIONS: Final = (
    Section("rows", rows, ("polars", "narwhals")),
    Section("rules", rules, ("polars", "narwhals")),
    Section("texts", texts, ("polars", "narwhals")),
    Section("million-texts", million_texts, ("polars", "narwhals"), is_large=True),
)
