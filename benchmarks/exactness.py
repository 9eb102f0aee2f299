"""How many of a million readings placed on a limit are rated wrong by usual recipes, and by this library.

The truth is worked out in whole numbers or in Decimal, and by neither of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.table import Cells, Columns, Effort, Items, Section
from rag_rules import Rule, rule, with_status

_READINGS: Final = 1_000_000
#: different limits among them
_LIMITS: Final = 5_000


class Recipe(NamedTuple):
    """Readings on limits, and what is made of them."""

    what: str
    #: whether the recipe says that each reading keeps its limit
    naive: Any
    #: whether it does
    truth: Any
    #: the rules, the number of each reading's own, and the readings as a column of Arrow
    rules: list[Rule]
    which: Any
    readings: Any
    #: the statuses of those that keep it and those that do not
    words: tuple[str, str]
    shares: bool | None = None


def exactness(effort: Effort) -> Items:
    """A million readings on a limit: how many are rated wrong"""
    engines = dict(_engines())
    yield (
        "Each reading is on a limit, or on the number before it in its column’s own type. “By hand” compares as the recipe "
        "says, in NumPy; the other columns are `with_status` in that engine."
    )
    yield Columns(("Recipe", "By hand, wrong", *(f"{name}, wrong" for name in engines), "Goal", ""))
    for made in _RECIPES:
        recipe = made(effort.size(_READINGS), np.random.default_rng(7))
        count = len(recipe.truth)
        wrong = int((recipe.naive != recipe.truth).sum())
        ours = [_wrong(recipe, make, fetch) for make, fetch in engines.values()]
        met = "met" if not any(ours) else "**not met**"
        shown = f"{wrong:,} of {count:,} ({wrong / count:.0%})"
        yield Cells((recipe.what, shown, *(f"{each:,}" for each in ours), "0", met))


def _wrong(recipe: Recipe, make: Callable[[Any], Any], fetch: Callable[[Any], Any]) -> int:
    """How many readings have another status than is right."""
    import pyarrow as pa

    names = np.array([f"rule {number}" for number in range(len(recipe.rules))])
    key = np.arange(len(recipe.truth))
    table = pa.table({"key": key, "of": names[recipe.which], "value": recipe.readings})
    rules = {str(name): each for name, each in zip(names, recipe.rules, strict=True)}
    found = fetch(with_status(make(table), rules, rule="of", shares=recipe.shares))
    keys, statuses = found["key"].to_numpy(), np.array(found["status"].to_pylist())
    assert np.array_equal(np.sort(keys), key)
    right = np.where(recipe.truth, *recipe.words)[keys]
    return int((statuses != right).sum())


def _engines() -> Iterator[tuple[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]]]:
    """How each engine that is installed makes a frame of a table, and the table of a frame."""
    import pyarrow as pa

    if find_spec("pandas"):
        yield "pandas", (lambda table: table.to_pandas(), lambda frame: pa.Table.from_pandas(frame[["key", "status"]]))
    if find_spec("polars"):
        import polars as pl

        yield "Polars", (pl.from_arrow, lambda frame: _plain(frame))
        yield "Polars, lazy", (lambda table: _frame(table).lazy(), lambda frame: _plain(frame.collect()))
    yield "PyArrow", (lambda table: table, lambda frame: frame)
    if find_spec("duckdb"):
        import duckdb

        yield "DuckDB", (lambda table: duckdb.connect().from_arrow(table), lambda found: found.to_arrow_table())


def _frame(table: Any) -> Any:
    import polars as pl

    return pl.from_arrow(table)


def _plain(frame: Any) -> Any:
    import polars as pl

    return frame.select("key", pl.col("status").cast(pl.String)).to_arrow()


# recipes --------------------------------------------------------------------------------------------------------------


def _edges(count: int, random: Any, tolerances: list[int]) -> tuple[Any, Any, Any, Any, list[Rule]]:
    """Targets in hundredths with a tolerance in percent: those of each reading, the edge of amber, and the rules."""
    targets, own = random.integers(100, 20_000, _LIMITS), random.choice(tolerances, _LIMITS)
    rules = [rule(f"at least {t / 100:.2f}", tolerance=f"{p}%") for t, p in zip(targets, own, strict=True)]
    which = random.integers(0, _LIMITS, count)
    edge = (targets * (100 - own))[which]  # in ten-thousandths
    return targets[which], own[which], edge, which, rules


def _nearest(whole: Any, power: int) -> Any:
    """The floats nearest to whole numbers over a power of ten, which is what reading the decimals gives."""
    return whole / 10**power  # both are exact, and a quotient is rounded once


def _times(count: int, random: Any) -> Recipe:
    import pyarrow as pa

    target, _, edge, which, rules = _edges(count, random, [5])
    readings = _nearest(edge, 4)
    naive = readings >= _nearest(target, 2) * 0.95
    everything = np.ones(count, dtype=bool)
    return Recipe("amber from `target * 0.95`", naive, everything, rules, which, pa.array(readings), ("amber", "red"))


def _less(count: int, random: Any) -> Recipe:
    import pyarrow as pa

    target, own, edge, which, rules = _edges(count, random, list(range(1, 21)))
    readings, plain = _nearest(edge, 4), _nearest(target, 2)
    naive = readings >= plain - plain * own / 100
    everything = np.ones(count, dtype=bool)
    return Recipe(
        "amber from `target - target * p / 100`", naive, everything, rules, which, pa.array(readings), ("amber", "red")
    )


def _rounded(count: int, random: Any) -> Recipe:
    """So many of so many, the least share that keeps the limit or the greatest that does not."""
    import pyarrow as pa

    limits = random.integers(500, 1000, _LIMITS)  # in tenths of a percent
    rules = [rule(f"at least {limit / 10:.1f}%") for limit in limits]
    which = random.integers(0, _LIMITS, count)
    limit, whole = limits[which], random.integers(200, 20_000, count)
    least = -(-limit * whole // 1000)
    part = least - random.integers(0, 2, count)
    readings = part / whole
    naive = np.round(readings * 100, 1) >= _nearest(limit, 1)
    return Recipe(
        "`round(x / y * 100, 1) >= limit`", naive, part * 1000 >= limit * whole, rules, which, pa.array(readings),
        ("green", "red"), shares=True,
    )  # fmt: skip


def _hundredfold(count: int, random: Any) -> Recipe:
    import pyarrow as pa

    limits = random.integers(1, 10_000, _LIMITS)  # in hundredths of a percent
    rules = [rule(f"at least {limit / 100:.2f}%") for limit in limits]
    which = random.integers(0, _LIMITS, count)
    readings = _nearest(limits[which], 4)
    naive = readings * 100 >= _nearest(limits[which], 2)
    everything = np.ones(count, dtype=bool)
    return Recipe(
        "shares: `x * 100 >= limit`", naive, everything, rules, which, pa.array(readings), ("green", "red"), shares=True
    )


def _narrow(count: int, random: Any) -> Recipe:
    import pyarrow as pa

    limits = random.integers(1, 100_000, _LIMITS)  # in thousandths
    rules = [rule(f"at least {limit / 1000:.3f}") for limit in limits]
    which = random.integers(0, _LIMITS, count)
    readings = _nearest(limits[which], 3).astype(np.float32)
    naive = readings.astype(np.float64) >= _nearest(limits[which], 3)
    everything = np.ones(count, dtype=bool)
    return Recipe(
        "a column of 32 bits: `x >= limit`", naive, everything, rules, which, pa.array(readings), ("green", "red")
    )


def _long_limits(random: Any) -> tuple[list[Decimal], list[Rule]]:
    limits = [Decimal(int(digits)).scaleb(-16) for digits in random.integers(10**17, 10**18, _LIMITS)]
    return limits, [rule(f"at least {limit:f}") for limit in limits]


def _long(count: int, random: Any) -> Recipe:
    import pyarrow as pa

    limits, rules = _long_limits(random)
    near = np.array([float(limit) for limit in limits])
    which = random.integers(0, _LIMITS, count)
    keeps = np.array([Decimal(repr(float(each))) >= limit for each, limit in zip(near, limits, strict=True)])
    readings = near[which]
    return Recipe(
        "limits of 18 digits: `x >= float(limit)`", readings >= near[which], keeps[which], rules, which, pa.array(readings),
        ("green", "red"),
    )  # fmt: skip


def _decimal(count: int, random: Any) -> Recipe:
    """Decimals on a limit of 18 digits, or one in the last of them below it."""
    import pyarrow as pa

    limits, rules = _long_limits(random)
    which, below = random.integers(0, _LIMITS, count), random.integers(0, 2, count)
    kind = pa.decimal128(20, 16)
    both = [(limit, limit - Decimal(1).scaleb(-16)) for limit in limits]
    readings = pa.array([both[number][less] for number, less in zip(which, below, strict=True)], type=kind)
    near = np.array([[float(each) for each in pair] for pair in both])
    naive = near[which, below] >= near[which, 0]
    return Recipe("Decimals: `float(x) >= float(limit)`", naive, below == 0, rules, which, readings, ("green", "red"))


_RECIPES: Final = (_times, _less, _rounded, _hundredfold, _narrow, _long, _decimal)

SECTIONS: Final = (Section("exactness", exactness, ("numpy", "pandas", "polars", "pyarrow", "duckdb")),)
