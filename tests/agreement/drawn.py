"""Rules and readings that favour the edges: the one source of cases for every backend."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import MINYEAR, date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from rag_rules import Bands, RagRulesError, Rule, Status, rule, strategies
from rag_rules.number_line import number_line
from rag_rules.quantity import EXACT, NUMBER, Quantity
from rag_rules.steps import Cut, Side, Steps
from tests.test_conformance import ALL, rule_of

#: how many rules each backend is asked about, at the least
CASES: Final = 2_000

#: the types of columns, by what they are called in the tests
KINDS: Final[dict[str, Any]] = {
    "double": pa.float64(), "float": pa.float32(), "half": pa.float16(), "int8": pa.int8(), "int64": pa.int64(),
    "uint8": pa.uint8(), "uint64": pa.uint64(), "decimal": pa.decimal128(20, 3), "long decimal": pa.decimal128(38, 18),
    "text": pa.string(), "date": pa.date32(),
}  # fmt: skip
FLOATS: Final[dict[str, Any]] = {"double": np.float64, "float": np.float32, "half": np.float16}
DECIMALS: Final = ("decimal", "long decimal")


# rules ----------------------------------------------------------------------------------------------------------------

_PLACES = st.one_of(
    st.integers(-8, 8).map(lambda value: Decimal(value) / 4),
    st.decimals(-200, 200, places=2),
    st.decimals(-100, 100, places=16),
    st.builds(lambda a, b: EXACT.divide(Decimal(a), Decimal(b)), st.integers(-500, 500), st.sampled_from([3, 7, 97, 999])),
    st.builds(lambda digits, power: Decimal(digits).scaleb(power), st.integers(-(10**18), 10**18), st.integers(-24, 0)),
    st.builds(lambda digits, power: Decimal(digits).scaleb(power, EXACT), st.integers(-(10**38), 10**38), st.integers(-19, -17)),
    st.builds(lambda digits, power: Decimal(digits).scaleb(power), st.integers(-9, 9), st.integers(-330, 310)),
    st.builds(lambda power, beside: Decimal(2**power + beside), st.sampled_from([7, 8, 31, 53, 63, 64]), st.integers(-2, 2)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Decimal(repr(value))),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda value: Decimal(repr(value))),
    st.floats(allow_nan=False, allow_infinity=False, width=16).map(lambda value: Decimal(repr(value))),
)  # fmt: skip


def _bands() -> st.SearchStrategy[Bands]:
    cuts = st.lists(st.tuples(_PLACES, st.sampled_from(Side)), max_size=4, unique=True).map(sorted)
    values = st.lists(st.sampled_from(Status), min_size=5, max_size=5)
    own = st.builds(
        lambda keys, statuses: Bands(
            Steps(tuple(Cut(at, side) for at, side in keys), tuple(statuses[: len(keys) + 1])), NUMBER
        ),
        cuts,
        values,
    )
    return st.one_of(own, own, strategies.bands(unit=NUMBER))


_ANY_NUMBER: Final = rule("at least 5")


def rule_of_bands(bands: Bands) -> Rule:
    """A rule of plain numbers that has these bands."""
    return replace(_ANY_NUMBER, bands=bands, quick={})


def _rules() -> st.SearchStrategy[Rule]:
    """Rules of any bands, and rules as people write them."""
    return st.one_of(_bands().map(rule_of_bands), strategies.rules())


def drawn_rules(count: int = CASES, start: int | None = None) -> list[Rule]:
    """As many rules; the same in every run, unless a number to start from is given."""
    return _drawn(_rules(), count, start)


def drawn_bands(count: int = CASES) -> list[Bands]:
    """As many bands of plain numbers, the same in every run."""
    return _drawn(_bands(), count, None)


T = TypeVar("T")


def _drawn(strategy: st.SearchStrategy[T], count: int, start: int | None) -> list[T]:
    found: list[T] = []

    @settings(
        max_examples=count, derandomize=start is None, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def draw(each: T) -> None:
        found.append(each)

    (draw if start is None else seed(start)(draw))()
    assert len(found) >= count
    return found[:count]


def conformance_readings() -> list[tuple[Rule, str, str]]:
    """The readings of the conformance cases that have a rule, with the status of each."""
    found = []
    for _, case in ALL:
        if "error" in case or "unrated" in case or not {"readings", "refused_readings"} & set(case):
            continue
        rule = rule_of(case)
        found += [(rule, reading, status) for reading, status in case.get("readings", {}).items()]
        found += [(rule, reading, "unrated") for reading in case.get("refused_readings", {})]
    return found


def conformance_rules() -> list[tuple[Rule, list[tuple[Decimal, Status]]]]:
    """The rules of the conformance cases, each with the amounts among its readings and their statuses."""
    found = []
    for _, case in ALL:
        if "text" not in case or "error" in case:
            continue
        try:
            rule = rule_of(case)
        except RagRulesError:
            continue
        if rule.bands is None or rule.bands.scale is not None or rule.kind == "date" or rule.setting.improving:
            continue
        outcomes = []
        for text in case.get("readings", {}):
            outcome = rule.evaluate(text)
            if outcome.value is not None and not outcome.alternatives and rule.kind == "value":
                # a word for the side, as in "£3m surplus", says more than a number does
                plain = rule.evaluate(Quantity(outcome.value, rule.unit))
                outcomes.append((outcome.value, plain.status))
        found.append((rule, outcomes))
    return found


# readings -------------------------------------------------------------------------------------------------------------


def readings_of(some: Rule | Bands, kind: str, *, shares: bool | None = None) -> list[Any]:
    """Readings in a column of a type: each cut with its neighbours in that type, signed zero, extremes, and none."""
    bands = some if isinstance(some, Bands) else some.bands
    if kind == "date":
        return _days(bands)
    if isinstance(some, Bands):
        cuts = [cut.at for cut in some.steps.cuts]
    else:
        cuts = [cut.at for cut in number_line(some, shares=shares).steps.cuts]
    if kind in FLOATS:
        return _floats(cuts, FLOATS[kind])
    if kind == "text":
        texts = [f"{cut:f}{unit}" for cut in cuts for unit in ("", "%") if abs(cut.adjusted()) < 30]
        labels = bands.scale.labels if bands is not None and bands.scale is not None else ()
        return [*texts, *labels, "", "DNA", "27/36", "£20", "Good", "97% tbc", "a 1 b 2", "1e3", "NaN", " 5 ", None]
    if kind in DECIMALS:
        return _decimals(cuts, KINDS[kind].precision, KINDS[kind].scale)
    least, most = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
    whole = {int(cut) + step for cut in cuts if abs(cut) < 2**70 for step in (-1, 0, 1)} | {least, most, 0, 1}
    return [*sorted(each for each in whole if least <= each <= most), None]


def _floats(cuts: Sequence[Decimal], form: Any) -> list[float | None]:
    info = np.finfo(form)
    found = {form(each) for each in (1, info.tiny, info.smallest_subnormal, info.max)}
    with np.errstate(over="ignore"):
        for cut in cuts:
            near = form(float(cut))
            found |= {near, near / form(2), near + form(0.1) - form(0.1)}
            for way in (np.inf, -np.inf):
                one = np.nextafter(near, form(way))
                found |= {one, np.nextafter(one, form(way))}
    numbers = {float(each) for each in found if np.isfinite(each)}
    return [*sorted(numbers | {-each for each in numbers}), 0.0, -0.0, np.inf, -np.inf, np.nan, None]


def _decimals(cuts: Sequence[Decimal], precision: int, scale: int) -> list[Decimal | None]:
    grid = Decimal(1).scaleb(-scale)
    most = EXACT.multiply(Decimal(10**precision - 1), grid)
    found = {Decimal(0), grid, Decimal(1), Decimal("0.1"), most}
    for cut in cuts:
        if cut.copy_abs() <= most:
            for rounding in (ROUND_FLOOR, ROUND_CEILING):
                near = cut.quantize(grid, rounding=rounding, context=EXACT)
                found |= {near, EXACT.add(near, grid), EXACT.subtract(near, grid)}
    kept = {each for each in found if each.copy_abs() <= most}  # minus one times them would round them
    return [*sorted(kept | {each.copy_negate() for each in kept}), None]


def _days(bands: Bands | None) -> list[date | None]:
    days = {MINYEAR, date.max.toordinal(), date(2024, 2, 29).toordinal()}
    if bands is not None and bands.unit.is_date:
        days |= {int(cut.at) + step for cut in bands.steps.cuts for step in (-1, 0, 1)}
    return [*(date.fromordinal(day) for day in sorted(days)), None]


def write_rows(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    """A file of rows as engines load them: numbers in full, and nothing for what is missing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([format(each, "f") if isinstance(each, Decimal) else each for each in row] for row in rows)
    return path
