"""Frames in memory: many readings by many rules, against what people write by hand in each engine.

All forms keep the rows in their order and give the same statuses; they take turns. There are several by hand, since
none is the quickest everywhere, and the ratio is to the best: a join, which is what most people write, and forms that
look the name up once and gather the limits. ``python -m benchmarks.frames [rows]`` runs with fewer rows.
"""

from __future__ import annotations

import ctypes
import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from benchmarks.table import Effort, Items, Row, Section, against, ratio, shown
from benchmarks.timing import Times, race
from rag_rules import rule, with_status

_RULES: Final = 200
_ROWS: Final = 10_000_000
_FEW: Final = 136
_NAMES: Final = [f"indicator {number}" for number in range(_RULES)]
_BOOK: Final = {name: rule(f"at least {50 + number / 4} days", tolerance="5%") for number, name in enumerate(_NAMES)}
_COUNTED: Final = dict(enumerate(_BOOK.values()))
#: of the column that names the rules
_KINDS: Final = ("texts", "categories", "whole numbers")
_STATUSES: Final = ["unrated", "green", "amber", "red"]
_OURS: Final = "`with_status`"
#: bytes that rating may need besides the frame and its new column
_MEMORY: Final = 50_000_000

Form = Callable[[Any], Any]


def _limits() -> tuple[Any, Any]:
    """Where green and amber begin, by the number of the rule."""
    import numpy as np

    limits = np.arange(_RULES) / 4 + 50
    return limits, limits * 0.95


def _table(rows: int, kind: str) -> Any:
    """A table of PyArrow, whose names are of one of the kinds."""
    import numpy as np
    import pyarrow as pa

    made = np.random.default_rng(5)
    numbers = made.integers(0, _RULES, rows).astype(np.int32)
    names = pa.DictionaryArray.from_arrays(numbers, _NAMES)
    columns = {"texts": names.cast(pa.string()), "categories": names, "whole numbers": numbers}
    return pa.table({"value": made.integers(3000, 12000, rows) / 100, "indicator": columns[kind]})


def _ours(frame: Any) -> Any:
    return with_status(frame, _BOOK, rule="indicator")


def _ours_by_number(frame: Any) -> Any:
    return with_status(frame, _COUNTED, rule="indicator")


def _place(value: Any, codes: Any) -> Any:
    """The numbers of the statuses, in NumPy."""
    import numpy as np

    limits, near = _limits()
    place = 3 - (value >= limits[codes]).view(np.uint8) - (value >= near[codes])
    place[np.isnan(value)] = 0
    return place


# by hand: Polars ------------------------------------------------------------------------------------------------------


def _polars_status(limit: Any, near: Any) -> Any:
    import polars as pl

    kind, value = pl.Enum(_STATUSES), pl.col("value")
    unrated, green, amber, red = (pl.lit(status, dtype=kind) for status in _STATUSES)
    return (
        pl.when(value.is_null() | value.is_nan()).then(unrated).when(value >= limit).then(green)
        .when(value >= near).then(amber).otherwise(red)
    )  # fmt: skip


def _polars_joined(engine: Any) -> Form:
    import polars as pl

    limits, near = _limits()
    table = pl.LazyFrame({"name": _NAMES, "number": range(_RULES), "limit": limits, "near": near})

    def rate(frame: Any) -> Any:
        kind = frame.schema["indicator"]
        key = pl.col("number" if kind.is_integer() else "name").cast(kind)
        names = table.select("limit", "near", indicator=key)
        joined = frame.lazy().join(names, on="indicator", how="left", maintain_order="left")
        rated = joined.with_columns(status=_polars_status(pl.col("limit"), pl.col("near")))
        return rated.drop("limit", "near").collect(engine=engine)

    return rate


def _polars_gathered(engine: Any) -> Form:
    import polars as pl

    limits, near = map(pl.Series, _limits())
    name = pl.col("indicator")

    def rate(frame: Any) -> Any:
        is_code = frame.schema["indicator"].is_integer()
        code = name if is_code else name.cast(pl.Enum(_NAMES), strict=False).to_physical()
        status = _polars_status(pl.lit(limits).gather(pl.col("code")), pl.lit(near).gather(pl.col("code")))
        return frame.lazy().with_columns(code=code).with_columns(status=status).drop("code").collect(engine=engine)

    return rate


def _polars_in_numpy(frame: Any) -> Any:
    import polars as pl

    names = frame["indicator"]
    is_code = names.dtype.is_integer()
    codes = (names if is_code else names.cast(pl.Enum(_NAMES), strict=False).to_physical()).to_numpy()
    place = _place(frame["value"].to_numpy(), codes)
    return frame.with_columns(status=pl.Series(place).cat.to(pl.Enum(_STATUSES)))


def _polars_forms() -> dict[str, Form]:
    return {
        "a join": _polars_joined("in-memory"),
        "a join, streaming": _polars_joined("streaming"),
        "gathered by codes": _polars_gathered("in-memory"),
        "gathered by codes, streaming": _polars_gathered("streaming"),
        "gathered by codes in NumPy": _polars_in_numpy,
    }


# by hand: pandas ------------------------------------------------------------------------------------------------------


def _with_category(frame: Any, place: Any) -> Any:
    import pandas as pd

    return frame.assign(status=pd.Categorical.from_codes(place, _STATUSES, ordered=True))


def _pandas_merged(frame: Any) -> Any:
    import numpy as np
    import pandas as pd

    limits, near = _limits()
    is_code = frame["indicator"].dtype.kind == "i"
    table = pd.DataFrame({"indicator": range(_RULES) if is_code else _NAMES, "limit": limits, "near": near})
    joined = frame.merge(table.astype({"indicator": frame["indicator"].dtype}), on="indicator", how="left")
    value = joined["value"]
    place = np.select([value.isna(), value >= joined["limit"], value >= joined["near"]], [0, 1, 2], 3)
    return _with_category(frame, place)


def _pandas_factorised(frame: Any) -> Any:
    import pandas as pd

    codes, distinct = pd.factorize(frame["indicator"])
    return _with_category(frame, _place(frame["value"].to_numpy(), pd.Index(_NAMES).get_indexer(distinct)[codes]))


def _pandas_in_arrow(frame: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pa.array(frame["indicator"])
    codes = pc.index_in(names, value_set=pa.array(_NAMES, type=names.type)).to_numpy()
    return _with_category(frame, _place(frame["value"].to_numpy(), codes))


def _pandas_coded(frame: Any) -> Any:
    import pandas as pd

    if frame["indicator"].dtype.kind == "i":
        return _with_category(frame, _place(frame["value"].to_numpy(), frame["indicator"].to_numpy()))
    names = frame["indicator"].cat
    codes = pd.Index(_NAMES).get_indexer(names.categories)[names.codes.to_numpy()]
    return _with_category(frame, _place(frame["value"].to_numpy(), codes))


# by hand: PyArrow -----------------------------------------------------------------------------------------------------


def _arrow_codes(frame: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    names = frame["indicator"]
    if pa.types.is_integer(names.type):
        return names
    if not pa.types.is_dictionary(names.type):
        return pc.index_in(names, value_set=pa.array(_NAMES))
    whole = names.combine_chunks()
    return pc.take(pc.index_in(whole.dictionary, value_set=pa.array(_NAMES)), whole.indices)


def _arrow_computed(frame: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    codes, value = _arrow_codes(frame), frame["value"]
    reached = [pc.greater_equal(value, pc.take(pa.array(cuts), codes)).cast(pa.int8()) for cuts in _limits()]
    place = pc.subtract(pa.scalar(3, pa.int8()), pc.add(*reached))
    place = pc.if_else(pc.or_kleene(pc.is_null(value), pc.is_nan(value)), pa.scalar(0, pa.int8()), place)
    parts = [pa.DictionaryArray.from_arrays(part, _STATUSES) for part in place.chunks]
    return frame.append_column("status", pa.chunked_array(parts))


def _arrow_in_cases(frame: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    codes, value = _arrow_codes(frame), frame["value"]
    limit, near = (pc.take(pa.array(cuts), codes) for cuts in _limits())
    missing = pc.or_kleene(pc.is_null(value), pc.is_nan(value))
    conditions = pc.make_struct(missing, pc.greater_equal(value, limit), pc.greater_equal(value, near))
    status = pc.case_when(conditions, "unrated", "green", "amber", "red")
    return frame.append_column("status", status.dictionary_encode())


def _arrow_in_numpy(frame: Any) -> Any:
    import pyarrow as pa

    place = _place(frame["value"].to_numpy(), _arrow_codes(frame).to_numpy())
    return frame.append_column("status", pa.DictionaryArray.from_arrays(place, _STATUSES))


# the races ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Engine:
    """One engine: how a frame of it is made from a table of PyArrow, and the forms by hand."""

    made: Callable[[Any], Any]
    forms: Callable[[], dict[str, Form]]
    #: those for names that are categories or numbers already, if they are others
    forms_by_code: Callable[[], dict[str, Form]] | None = None

    def by_hand(self, kind: str) -> dict[str, Form]:
        """The forms by hand; the first is the usual one."""
        return (self.forms_by_code if kind != "texts" and self.forms_by_code else self.forms)()


def _of_polars(table: Any) -> Any:
    import polars as pl

    frame = pl.DataFrame(table)
    return frame.with_columns(pl.col("indicator").cast(pl.Enum(_NAMES))) if _has_categories(table) else frame


def _of_pandas(table: Any) -> Any:
    return table.to_pandas()


def _has_categories(table: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_dictionary(table["indicator"].type))


_ENGINES: Final[Mapping[str, _Engine]] = {
    "Polars": _Engine(_of_polars, _polars_forms),
    "pandas": _Engine(
        _of_pandas,
        lambda: {
            "a merge": _pandas_merged,
            "factorised, gathered in NumPy": _pandas_factorised,
            "looked up by PyArrow, gathered in NumPy": _pandas_in_arrow,
        },
        lambda: {"a merge": _pandas_merged, "gathered by codes in NumPy": _pandas_coded},
    ),
    "PyArrow": _Engine(
        lambda table: table,
        lambda: {
            "`take`, `case_when`": _arrow_in_cases,
            "`take`, arithmetic": _arrow_computed,
            "gathered by codes in NumPy": _arrow_in_numpy,
        },
    ),
}


def statuses(effort: Effort, rows: int = _ROWS) -> Items:
    """Frames in memory: 10 million readings by 200 rules, rows in their order"""
    rows = effort.size(rows)
    for kind in _KINDS:
        for name, engine in _ENGINES.items():
            yield f"{name}, the names of rules being {kind}, {rows:,} rows:"
            yield from _raced(engine, rows, effort.turns(7), kind)
            if not effort.is_quick:
                yield _memory_row(name, rows, kind)
    yield "Polars, as a query, the names of rules being texts:"
    yield from _queries(rows, effort.turns(7))


def _raced(engine: _Engine, rows: int, turns: int, kind: str) -> Iterator[Row]:
    forms, ours = engine.by_hand(kind), _ours_by_number if kind == "whole numbers" else _ours
    _agree({_OURS: ours, **forms}, engine.made(_table(min(rows, 100_000), kind)))
    frame = engine.made(_table(rows, kind))
    times = race({name: _called(form, frame) for name, form in {**forms, _OURS: ours}.items()}, turns=turns)
    yield from _by_best(times, 0.5)
    usual = next(iter(forms))
    to_usual = times[_OURS].against(times[usual])
    yield Row(f"{_OURS}, to {usual}", "", ratio(to_usual), goal="at most 0.5×", is_met=to_usual <= 0.5)


def _by_best(times: dict[str, Times], goal: float) -> Iterator[Row]:
    """Rows with ratios to the best form by hand."""
    best = min((name for name in times if name != _OURS), key=lambda name: times[name].median)
    yield from against(times, hand=best, goals={_OURS: goal})


def _called(form: Form, frame: Any) -> Callable[[], object]:
    return lambda: form(frame)


def _agree(forms: Mapping[str, Form], frame: Any) -> None:
    found = {name: _listed(form(frame)["status"]) for name, form in forms.items()}
    for name, statuses_ in found.items():
        assert statuses_ == found[_OURS], f"{name} gives other statuses"


def _listed(column: Any) -> list[str]:
    return list(map(str, column.to_pylist() if hasattr(column, "to_pylist") else column.to_list()))


def _queries(rows: int, turns: int) -> Iterator[Row]:
    frame = _of_polars(_table(rows, "texts"))
    forms: dict[str, Form] = {
        "a join": _polars_joined("in-memory"),
        "a join, streaming": _polars_joined("streaming"),
        _OURS: lambda each: _ours(each.lazy()).collect(),
    }
    times = race({name: _called(form, frame) for name, form in forms.items()}, turns=turns)
    yield from _by_best(times, 1.1)


def small(effort: Effort) -> Items:
    """Frames in memory: a table of 136 readings by 200 rules"""
    table = _table(_FEW, "texts")
    racers = {name: _called(_ours, engine.made(table)) for name, engine in _ENGINES.items()}
    times = race(racers, turns=effort.turns(200))
    yield from against(times, at_most=dict.fromkeys(times, 300e-6))
    quickest = ", ".join(f"{name} {shown(min(taken.seconds))}" for name, taken in times.items())
    yield f"The quickest turns, which say more where others use the machine too: {quickest}."


# memory ---------------------------------------------------------------------------------------------------------------


def _memory_row(name: str, rows: int, kind: str) -> Row:
    """The most memory besides the frame and its new column, of three new processes."""
    command = [sys.executable, "-m", "benchmarks.frames", "memory", name, str(rows), kind]
    root = Path(__file__).parents[1]
    found = [int(subprocess.run(command, check=True, capture_output=True, cwd=root).stdout) for _ in range(3)]
    most = statistics.median(found)
    return Row(
        f"{_OURS}, memory besides the frame and its new column", f"{most / 1e6:.0f} MB", goal=f"at most {_MEMORY / 1e6:.0f} MB",
        is_met=most <= _MEMORY,
    )  # fmt: skip


def _memory(name: str, rows: int, kind: str) -> int:
    """The most bytes that this process takes while it rates, besides those of the frame and of the new column."""
    engine = _ENGINES[name]
    ours = _ours_by_number if kind == "whole numbers" else _ours
    ours(engine.made(_table(200_000, kind)))  # imports, threads and the tables of rules
    frame = engine.made(_table(rows, kind))
    _give_back()
    before = _resident()
    most, is_done = [before], Event()

    def watch() -> None:
        while not is_done.is_set():
            most.append(_resident())
            time.sleep(0.001)

    watcher = Thread(target=watch)
    watcher.start()
    rated = ours(frame)
    is_done.set()
    watcher.join()
    assert len(rated) == rows
    return max(0, max(most) - before - rows)  # a status takes one byte in each engine


def _give_back() -> None:
    """Gives memory that making the frame has freed back to the system, so that rating cannot use it unseen."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
    time.sleep(2)  # the allocator of Polars gives back after a while


def _resident() -> int:
    import resource

    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


SECTIONS: Final = (
    Section("small-frames", small, ("polars", "pandas", "pyarrow", "numpy")),
    Section("frames", statuses, ("polars", "pandas", "pyarrow", "numpy"), is_large=True),
)


def _main(arguments: list[str]) -> None:
    from benchmarks.run import run

    if arguments[:1] == ["memory"]:
        print(_memory(arguments[1], int(arguments[2]), arguments[3]))
        return
    rows = int(arguments[0]) if arguments else _ROWS
    section = Section("frames", lambda effort: statuses(effort, rows), SECTIONS[1].packages, is_large=True)
    for line in run(section, Effort()):
        print(line, flush=True)


if __name__ == "__main__":
    _main(sys.argv[1:])
