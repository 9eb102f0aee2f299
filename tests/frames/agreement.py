"""What every engine must agree with: the judge itself, asked for each reading."""

import math
import struct
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from rag_rules import Rule, Status, with_status
from rag_rules.number_line import number_line, verdict_of
from tests.frames.engines import KEY, Engine, rows_of

FLOATS: dict[str, tuple[str, Any]] = {"float": ("f", np.float32), "double": ("d", np.float64)}


def expected(rule: Rule, reading: Any, kind: str, shares: bool | None = None) -> tuple[str, str | None, int | None]:
    """The status, reason and band that the judge gives a reading in a column of a type.

    Numbers that are no readings to it, the infinite and those of more than thirty digits, go by the bands.
    """
    if reading is None or reading != reading:
        found = verdict_of(rule, None)
    elif isinstance(reading, str):
        found = verdict_of(rule, reading)
    else:
        line = number_line(rule, shares=shares)
        number = Decimal(str(np.float32(reading))) if kind == "float" else Decimal(str(reading))
        whole = not line.is_whole or not number.is_finite() or number == number.to_integral_value()
        found = line.steps.at(number) if whole else verdict_of(rule, Decimal("2.5"))
        short = number.is_finite() and len(number.as_tuple().digits) <= 30 and abs(number.adjusted()) <= 30
        if short and shares is None:
            plain = f"{number:f}"
            asked = verdict_of(rule, Decimal(plain))
            assert found == asked, f"{rule}: {number} is {found} on the line and {asked} to the judge"
    return found.status.value, str(found.reason) if found.reason is not None else None, found.band


def check(
    engines: Mapping[str, Engine],
    rules: Sequence[Rule],
    rows: Sequence[tuple[int, Any]],
    kind: str,
    shares: bool | None = None,
) -> None:
    """Rates rows of (rule number, reading) in each engine and compares all with the judge; -1 is a name nobody knows."""
    names = [f"it's “{number}\"\\ ;--" for number in range(len(rules))]
    table = pa.table(
        {
            KEY: pa.array(range(len(rows)), type=pa.int64()),
            "of": pa.array([names[number] if number >= 0 else "nobody" for number, _ in rows], type=pa.string()),
            "value": pa.array([reading for _, reading in rows], type=KINDS[kind]),
        }
    )
    known = dict(zip(names, rules, strict=True))
    unknown = ("unrated", "no such rule", None)
    wanted = [expected(rules[number], reading, kind, shares) if number >= 0 else unknown for number, reading in rows]
    for name, engine in engines.items():
        found = with_status(
            engine.make(table), known, rule="of", reason="why", band="band", distance="way", shares=shares
        )
        got = rows_of(engine, found, "status", "why", "band", "way")
        for (number, reading), (status, why, band, way), want in zip(rows, got, wanted, strict=True):
            shown = f"{name}: {reading!r} as {kind} by {rules[number] if number >= 0 else 'nobody'}"
            assert (status, why, None if band is None else int(band)) == want, shown
            assert way == 0 if status == Status.GREEN else status != Status.UNRATED or way is None or math.isnan(way), (
                shown
            )


def neighbours(number: float, form: str) -> list[float]:
    """A float and those beside it, in its own type."""
    whole = {"f": "i", "d": "q"}[form]
    near = struct.unpack(form, struct.pack(form, number))[0]
    if math.isinf(near) or near == 0:
        return [near, -near]
    bits = struct.unpack(whole, struct.pack(form, near))[0]
    return [struct.unpack(form, struct.pack(whole, bits + step))[0] for step in (-2, -1, 0, 1, 2)]


def cuts_of(rules: Sequence[Rule]) -> list[Decimal]:
    """The places along the lines of rules where a status may change."""
    return sorted({cut.at for rule in rules for cut in number_line(rule).steps.cuts} | {Decimal(0)})


def readings_of(rules: Sequence[Rule], kind: str) -> list[Any]:
    """Readings in a column of a type: on each cut, beside it in that type, at the extremes, missing."""
    cuts = cuts_of(rules)
    if kind in FLOATS:
        form, plain = FLOATS[kind]
        most = float(np.finfo(plain).max)
        near = {each for cut in cuts if abs(cut) < most for each in neighbours(float(cut), form)}
        return [*sorted(near), -0.0, math.inf, -math.inf, math.nan, None, most, -most, float(np.finfo(plain).tiny)]
    if kind.startswith(("int", "uint")):
        least, most_whole = int(np.iinfo(kind).min), int(np.iinfo(kind).max)
        whole = {int(cut) + step for cut in cuts for step in (-1, 0, 1)} | {least, most_whole, 0, 1}
        return [*sorted(each for each in whole if least <= each <= most_whole), None]
    if kind == "decimal":
        grid = Decimal("0.001")
        near_cuts = {cut.quantize(grid) + step * grid for cut in cuts if abs(cut) < 10**12 for step in (-1, 0, 1)}
        return [*sorted(near_cuts), Decimal("99999999999999999.999"), Decimal("-99999999999999999.999"), None]
    texts = [f"{cut:f}{unit}" for cut in cuts for unit in ("", "%")]
    return [*texts, "", "DNA", "27/36", "£20", "Good", "97% tbc", "a 1 b 2", None]


KINDS = {
    "double": pa.float64(), "float": pa.float32(), "int64": pa.int64(), "int8": pa.int8(), "uint8": pa.uint8(),
    "uint64": pa.uint64(), "decimal": pa.decimal128(20, 3), "text": pa.string(),
}  # fmt: skip
