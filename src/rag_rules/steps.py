"""A total map from an ordered line to values: n cuts and n+1 values."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from typing import Generic, Protocol, Self, TypeVar

__all__ = ["Cut", "Side", "Steps"]


class Side(IntEnum):
    """Where a cut lies: just before a point, so the point is on its right, or just after it."""

    BEFORE = 0
    AFTER = 1


class Ordered(Protocol):
    """What a line is made of."""

    def __lt__(self, other: Self, /) -> bool: ...


K = TypeVar("K", bound=Ordered)
V = TypeVar("V")
W = TypeVar("W")
X = TypeVar("X")


@dataclass(frozen=True, slots=True)
class Cut(Generic[K]):
    """A place between two neighbours on the line: ``<21`` cuts BEFORE 21, ``<=21`` AFTER it."""

    at: K
    side: Side
    #: what the cut stands for (target, tolerance, benchmark); two maps that differ only here are equal
    why: str = field(default="", compare=False)

    @property
    def key(self) -> tuple[K, int]:
        """Sorts cuts along the line."""
        return (self.at, self.side)


@dataclass(frozen=True, slots=True)
class Steps(Generic[K, V]):
    """Values along a line, changing at the cuts.

    Total by construction: there is one value more than cuts, so there is no gap, no overlap and no "else".
    Canonical: cuts ascend and neighbouring values differ, so ``==`` means "the same map".

    >>> Steps.of("low", (Cut(10, Side.BEFORE), "high")).at(10)
    'high'
    """

    cuts: tuple[Cut[K], ...]
    values: tuple[V, ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.cuts) + 1:
            raise ValueError(f"{len(self.cuts)} cuts need {len(self.cuts) + 1} values, not {len(self.values)}")
        keys = [cut.key for cut in self.cuts]
        if any(not a < b for a, b in pairwise(keys)):
            raise ValueError("cuts must ascend along the line")
        keep = [i for i in range(len(self.cuts)) if self.values[i] != self.values[i + 1]]
        if len(keep) < len(self.cuts):
            object.__setattr__(self, "cuts", tuple(self.cuts[i] for i in keep))
            object.__setattr__(self, "values", (self.values[0], *(self.values[i + 1] for i in keep)))

    @classmethod
    def of(cls, first: V, *rest: tuple[Cut[K], V]) -> Self:
        """The map that starts with ``first`` and changes at each cut to the value beside it."""
        return cls(tuple(cut for cut, _ in rest), (first, *(value for _, value in rest)))

    def index(self, key: K) -> int:
        """The number of the step that ``key`` is on: how many cuts lie before it."""
        # (at, AFTER) sorts after every (key, BEFORE); asking for "just after key, before its AFTER cut"
        return bisect_left([cut.key for cut in self.cuts], (key, 0.5))

    def at(self, key: K) -> V:
        """The value at ``key``."""
        return self.values[self.index(key)]

    def map(self, change: Callable[[V], W]) -> Steps[K, W]:
        """The same cuts with changed values, made canonical."""
        return Steps(self.cuts, tuple(change(value) for value in self.values))

    def combine(self, other: Steps[K, W], join: Callable[[V, W], X]) -> Steps[K, X]:
        """The map whose value at each key is ``join`` of the two values there."""
        cuts: list[Cut[K]] = []
        values = [join(self.values[0], other.values[0])]
        i = j = 0
        while i < len(self.cuts) or j < len(other.cuts):
            mine = self.cuts[i] if i < len(self.cuts) else None
            theirs = other.cuts[j] if j < len(other.cuts) else None
            if theirs is None or (mine is not None and mine.key <= theirs.key):
                assert mine is not None
                cut = mine
                j += theirs is not None and mine.key == theirs.key
                i += 1
            else:
                cut = theirs
                j += 1
            cuts.append(cut)
            values.append(join(self.values[i], other.values[j]))
        return Steps(tuple(cuts), tuple(values))

    def moved(self, cuts: tuple[Cut[K], ...]) -> Steps[K, V]:
        """The same values at other cuts, which must be as many and ascend like these; that is not looked at."""
        made: Steps[K, V] = object.__new__(Steps)
        object.__setattr__(made, "cuts", cuts)
        object.__setattr__(made, "values", self.values)
        return made

    def pieces(self) -> Iterator[tuple[Cut[K] | None, V, Cut[K] | None]]:
        """Each value with the cut on its left and on its right."""
        edges: Sequence[Cut[K] | None] = (None, *self.cuts, None)
        for value, left, right in zip(self.values, edges, edges[1:], strict=False):
            yield left, value, right
