"""Bands and readings that favour the edges, the same for every engine, with the status that the library gives each."""

import csv
import math
import struct
from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from rag_rules import Bands, RagRulesError, Rule, Status, strategies
from rag_rules.quantity import EXACT, NUMBER, Quantity
from rag_rules.sql import Kind
from rag_rules.steps import Cut, Side, Steps
from tests.test_conformance import ALL, rule_of

CASES = 2_000
Number = float | Decimal | None
_NAN_32 = struct.unpack("<f", struct.pack("<f", math.nan))[0]

_PLACES = st.one_of(
    st.integers(-8, 8).map(lambda value: Decimal(value) / 4),
    st.decimals(-200, 200, places=2),
    st.decimals(-100, 100, places=16),
    st.builds(lambda a, b: EXACT.divide(Decimal(a), Decimal(b)), st.integers(-500, 500), st.sampled_from([3, 7, 97, 999])),
    st.builds(lambda digits, power: Decimal(digits).scaleb(power), st.integers(-(10**18), 10**18), st.integers(-24, 0)),
    st.builds(lambda digits, power: Decimal(digits).scaleb(power), st.integers(-9, 9), st.integers(-330, 310)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Decimal(repr(value))),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda value: Decimal(repr(value))),
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
    return st.one_of(own, own, strategies.bands())


def drawn_bands(count: int = CASES) -> list[Bands]:
    """As many bands, the same in every run."""
    found: list[Bands] = []

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(_bands())
    def draw(bands: Bands) -> None:
        found.append(bands)

    draw()
    assert len(found) >= count
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


def write_rows(path: Path, rows: Iterable[tuple[Any, ...]]) -> Path:
    """A file of rows as engines load them: numbers in full, and nothing for what is missing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([format(each, "f") if isinstance(each, Decimal) else each for each in row] for row in rows)
    return path


# readings of each kind --------------------------------------------------------------------------------------------------


def readings(bands: Bands, kind: Kind) -> list[Number]:
    """Each cut with its neighbours in the type, signed zero, extremes, what is no number, and some in between."""
    if kind == "decimal":
        return [None, *_decimals(bands)]
    return [None, *(_floats(bands) if kind == "float" else _floats_32(bands))]


def _floats(bands: Bands) -> Iterator[float]:
    yield from (
        0.0,
        -0.0,
        5e-324,
        -5e-324,
        1.7976931348623157e308,
        -1.7976931348623157e308,
        math.inf,
        -math.inf,
        math.nan,
        1.0,
    )
    for cut in bands.steps.cuts:
        near = float(cut.at)
        for way in (math.inf, -math.inf):
            yield near
            one = math.nextafter(near, way)
            yield from (one, math.nextafter(one, way), near * 3 / 3 + 0.1 - 0.1)
        yield from (-near, near / 2)


def as_32(number: float) -> float:
    """A float rounded to 32 bits."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def beside_32(number: float, step: int) -> float:
    """The float of 32 bits so many places further from zero, or nearer to it."""
    if math.isinf(number) or number == 0:
        return number
    bits = struct.unpack("<i", struct.pack("<f", number))[0]
    return float(struct.unpack("<f", struct.pack("<i", bits + step))[0])


def _floats_32(bands: Bands) -> Iterator[float]:
    largest = 3.4028234663852886e38
    yield from (0.0, -0.0, 2.0**-149, -(2.0**-149), largest, -largest, math.inf, -math.inf, _NAN_32, 1.0)
    for cut in bands.steps.cuts:
        near = as_32(float(cut.at))
        yield from (near, -near, beside_32(near, 1), beside_32(near, -1), beside_32(near, 2), beside_32(near, -2))


#: decimals as a column of DuckDB or Spark may hold them: DECIMAL(38, 18)
_GRID = Decimal(1).scaleb(-18)
MOST = Decimal("99999999999999999999.999999999999999999")


def _decimals(bands: Bands) -> Iterator[Decimal]:
    yield from (Decimal(0), _GRID, -_GRID, MOST, MOST.copy_negate(), Decimal(1), Decimal("0.1"))
    for cut in bands.steps.cuts:
        if abs(cut.at) < 10**19:
            for rounding in (ROUND_FLOOR, ROUND_CEILING):
                near = cut.at.quantize(_GRID, rounding=rounding, context=EXACT)
                yield from (near, EXACT.add(near, _GRID), EXACT.subtract(near, _GRID), near.copy_negate())


def meant(value: Number, kind: Kind) -> Any:
    """The number that a reading stands for."""
    if kind != "float32" or value is None or math.isnan(value) or math.isinf(value):
        return value
    shown = (f"{value:.{digits}g}" for digits in range(1, 12))
    return Decimal(next(text for text in shown if as_32(float(text)) == value))


def expected(bands: Bands, value: Number, kind: Kind) -> str:
    """The status that the library gives a reading."""
    return bands.status(meant(value, kind)).value if value is not None else Status.UNRATED.value


def fits_decimals(bands: Bands) -> bool:
    """Whether the cuts can stand beside a column of DECIMAL(38, 18)."""
    return all(abs(cut.at) < 10**19 for cut in bands.steps.cuts)


#: one in the eightieth digit, and more than any limit has
FINE = Context(prec=90, Emin=-2000, Emax=2000)
