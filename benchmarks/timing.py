"""Times of rivals, taken in turns so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["Times", "race", "start_up"]

#: seconds that one turn of one rival takes, about
_TURN: Final = 0.0005
_TURNS: Final = 200
#: what takes so many seconds needs no second call to be warm
_LONG: Final = 0.2


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds that one operation took, in each turn."""

    seconds: tuple[float, ...]

    def against(self, other: Times) -> float:
        """How many times as long as ``other`` it took: the median over turns, since turns side by side suffer alike."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def spread(self) -> float:
        """Half the distance between the quartiles."""
        if len(self.seconds) == 1:
            return 0.0
        low, _, high = statistics.quantiles(self.seconds, n=4)
        return (high - low) / 2


def race(
    rivals: Mapping[str, Callable[[], object]], *, operations: int = 1, turns: int = _TURNS, once: bool = False
) -> dict[str, Times]:
    """The times of each rival, whose every call is so many operations.

    Where each call does other work than the one before, rivals are called ``once`` in each turn, and not beforehand.
    """
    calls = {name: 1 if once else _calls(rival) for name, rival in rivals.items()}
    found: dict[str, list[float]] = {name: [] for name in rivals}
    gc.collect()
    gc.disable()
    try:
        for _ in range(turns):
            for name, rival in rivals.items():
                repeats = range(calls[name])
                began = time.perf_counter()
                for _ in repeats:
                    rival()
                found[name].append((time.perf_counter() - began) / (calls[name] * operations))
    finally:
        gc.enable()
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}


def _calls(rival: Callable[[], object]) -> int:
    """How many calls make a turn; finding out warms the caches."""
    for _ in range(2):
        began = time.perf_counter()
        rival()
        taken = time.perf_counter() - began
        if taken > _LONG:
            return 1
    return max(1, round(_TURN / max(taken, 1e-8)))


def start_up(programs: Mapping[str, str], *, environment: Mapping[str, str], turns: int = 20) -> dict[str, Times]:
    """The times of whole processes, each of which runs one program; the first turn writes bytecode and is not counted."""
    found: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(turns + 1):
        for name, program in programs.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], env=dict(environment), check=True)
            if turn:
                found[name].append(time.perf_counter() - began)
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}
