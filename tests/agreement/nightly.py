"""A million readings and more for each backend that is installed: ``make nightly``.

Rules are drawn from a number that is printed; given again with ``--seed``, they are the same. It ends with 1 if any
backend disagrees with the judge.
"""

import argparse
import random
import shutil
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.agreement.backends import BACKENDS, Backend, Tools, disagreements
from tests.agreement.drawn import drawn_rules
from tests.agreement.judge import Batch, batch_of

#: rules that are drawn at a time
_ROUND: Final = 1_000
#: disagreements that are shown for each backend
_SHOWN: Final = 5

#: whether what a backend needs is installed
_NEEDS: Final[dict[str, Callable[[], object]]] = {
    "dask": lambda: find_spec("dask"),
    "ibis": lambda: find_spec("ibis"),
    "spark": lambda: find_spec("pyspark") and shutil.which("java"),
    "postgres": lambda: shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    "LibreOffice": lambda: shutil.which("soffice"),
    "bands.js": lambda: shutil.which("node"),
}


def installed() -> Iterator[Backend]:
    """The backends that can be asked here."""
    for name, backend in BACKENDS.items():
        needed = next((has for word, has in _NEEDS.items() if name.endswith(word)), None)
        if needed is None or needed():
            yield backend


def run(backends: Sequence[Backend], cases: int, start: int) -> int:
    """Asks each backend until it has rated so many readings; returns how many it got wrong."""
    rated: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    began = time.monotonic()
    with ExitStack() as stack:
        tools = Tools(stack)
        for number in range(10_000):
            asked = [each for each in backends if rated[each.name] < cases]
            if not asked:
                break
            rules = drawn_rules(_ROUND, start + number)
            batches: dict[tuple[str, bool | None, int], Batch] = {}
            for backend in asked:
                shares = False if backend.is_in_units else (None, None, True, False)[number % 4]
                if backend.name == "evaluate":
                    shares = None
                for kind in backend.kinds:
                    for rate, most in backend.ways:
                        key = (kind, shares, min(most or _ROUND, _ROUND))
                        if key not in batches:
                            batches[key] = batch_of(rules[: key[2]], kind, shares)
                        found, problems = disagreements(rate, batches[key], tools)
                        rated[backend.name] += found
                        for problem in problems[: max(_SHOWN - wrong[backend.name], 0)]:
                            print(f"{backend.name}: {problem}", flush=True)
                        wrong[backend.name] += len(problems)
                done = sum(min(each, cases) for each in rated.values()) / (cases * len(backends))
                shown = f"{done:4.0%}  round {number + 1}, {backend.name}: {rated[backend.name]:,}"
                print(f"\r{shown:<70}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    width = max(len(each.name) for each in backends)
    for each in backends:
        print(f"{each.name:<{width}}  {rated[each.name]:>12,} readings  {wrong[each.name]:>8,} wrong")
    print(f"seed {start}, {time.monotonic() - began:,.0f} s, {wrong.total():,} wrong")
    return wrong.total()


def main() -> None:
    """Reads the arguments, and ends with 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="readings for each backend, at the least")
    parser.add_argument("--seed", type=int, default=None, help="the number that the rules are drawn from")
    parser.add_argument("--only", default="", help="backends whose name holds one of these, with commas between them")
    given = parser.parse_args()
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(10**9)
    words = [word.strip() for word in given.only.split(",") if word.strip()]
    backends = [each for each in installed() if not words or any(word in each.name for word in words)]
    if not backends:
        parser.error(f"no backend is called so; there are {', '.join(BACKENDS)}")
    print(f"seed {seed}, {given.cases:,} readings for each of {len(backends)} backends", flush=True)
    warnings.simplefilter("ignore")
    sys.exit(run(backends, given.cases, seed) > 0)


if __name__ == "__main__":
    main()
