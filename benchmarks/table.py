"""The common form of all benchmarks: sections of rows, and what the rows are compared with.

A module of benchmarks has ``SECTIONS``, a tuple of ``Section``, and stands in the list in ``benchmarks/run.py``. A
section's function is given an ``Effort`` and yields rows: ``against`` makes them of the times of a race, ``Row`` is one
by hand, ``Columns`` begins a table with columns of its own, and a text is a paragraph.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from benchmarks.timing import Times

__all__ = [
    "COLUMNS",
    "Cells",
    "Columns",
    "Effort",
    "Item",
    "Items",
    "Row",
    "Section",
    "against",
    "shown",
    "ratio",
    "with_spread",
]


class Cells(tuple[str, ...]):
    """One line of a table with columns of its own."""


class Columns(tuple[str, ...]):
    """The headings that begin such a table."""


class Row(NamedTuple):
    """One line of a table with the common columns."""

    what: str
    #: the time with its spread, or another figure with its unit
    figure: str
    #: as a ratio to what one would write by hand
    by_hand: str = ""
    #: as a ratio to the best of the peers
    by_peer: str = ""
    goal: str = ""
    is_met: bool | None = None

    @property
    def cells(self) -> Cells:
        met = {True: "met", False: "**not met**", None: ""}[self.is_met]
        return Cells((self.what, self.figure, self.by_hand, self.by_peer, self.goal, met))


COLUMNS: Final = Columns(("What", "Median ± spread", "By hand = 1", "Best peer = 1", "Goal", ""))

Item = Row | Cells | Columns | str
Items = Iterator[Item]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure: all of it, or only enough to see that it runs."""

    is_quick: bool = False

    def turns(self, usual: int) -> int:
        return 1 if self.is_quick else usual

    def size(self, usual: int) -> int:
        """How many rows, rules or texts."""
        return min(usual, 100) if self.is_quick else usual


@dataclass(frozen=True, slots=True)
class Section:
    """Benchmarks that are run and written together."""

    name: str
    #: its docstring is the heading
    run: Callable[[Effort], Items]
    #: distributions whose versions are said beside the figures
    packages: tuple[str, ...] = ()
    #: whether it takes more than a few minutes or a few hundred megabytes, and so runs only when asked for
    is_large: bool = False

    @property
    def title(self) -> str:
        return (self.run.__doc__ or self.name).partition("\n")[0].rstrip(".")


def against(
    times: Mapping[str, Times],
    *,
    hand: str | None = None,
    peers: Collection[str] = (),
    goals: Mapping[str, float] | None = None,
    limits: Mapping[str, tuple[str, float]] | None = None,
    at_most: Mapping[str, float] | None = None,
    ahead: Collection[str] = (),
) -> Iterator[Row]:
    """A row for each rival of one race: as a ratio to ``hand`` and, but for the peers, to the best of the peers.

    ``goals`` are ratios to ``hand`` that are to be kept to, ``limits`` ratios to another of the rivals, and ``at_most``
    seconds; those ``ahead`` are to be quicker than every peer.
    """
    goals, limits, at_most = goals or {}, limits or {}, at_most or {}
    running = [name for name in peers if name in times]
    best = min(running, key=lambda name: times[name].median, default=None)
    for name, taken in times.items():
        by_hand = taken.against(times[hand]) if hand is not None and name != hand else None
        by_peer = taken.against(times[best]) if best is not None and name not in (*peers, hand) else None
        wanted: list[tuple[str, bool]] = []
        if name in goals:
            assert by_hand is not None, f"{name} has a goal, and nothing that it is measured by"
            wanted.append((f"at most {goals[name]:.3g}×", by_hand <= goals[name]))
        if name in limits and limits[name][0] in times:
            other, limit = limits[name]
            wanted.append((f"at most {limit:.3g}× {other}", taken.against(times[other]) <= limit))
        if name in at_most:
            wanted.append((f"at most {shown(at_most[name])}", taken.median <= at_most[name]))
        if name in ahead and by_peer is not None:
            wanted.append(("ahead of every peer", by_peer < 1))
        yield Row(
            name,
            with_spread(taken),
            ratio(by_hand),
            f"{ratio(by_peer)} {best}" if by_peer is not None else "",
            ", ".join(goal for goal, _ in wanted),
            all(met for _, met in wanted) if wanted else None,
        )


def shown(seconds: float) -> str:
    """A time in the unit that suits it."""
    for size, unit in ((1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{_three_digits(seconds / size)} {unit}"
    return f"{_three_digits(seconds / 1e-9)} ns"


def with_spread(taken: Times) -> str:
    """The median and half the distance between the quartiles."""
    return f"{shown(taken.median)} ± {shown(taken.spread)}"


def ratio(times: float | None) -> str:
    """How many times as much; nothing where there is nothing to compare with."""
    return f"{times:.2f}×" if times is not None else ""


def _three_digits(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
