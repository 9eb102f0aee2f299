"""Frames in memory: thresholds are gathered by rule number and compared, a chunk of rows at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import repeat
from math import inf, nan
from threading import Lock
from typing import Any, Final, NamedTuple

from rag_rules.bands import float_cut, narrow_float_cut, whole_cut
from rag_rules.frames.book import Book, Columns, Entry, column_problem, is_missing
from rag_rules.frames.engines import CHUNK, FEW, STATUSES, Column, Engine, chunks, numpy
from rag_rules.frames.moments import Moments
from rag_rules.number_line import BAD_READING, Verdict, judged
from rag_rules.status import Status
from rag_rules.steps import Steps

__all__ = ["beside", "rated"]

#: chunks that are looked up together, at most: many names, or times, are much to do beforehand
_SPAN: Final = 16
_NUMBER: Final = {status: number for number, status in enumerate(Status)}


class _Found(NamedTuple):
    """What is found out of one reading, as numbers: of its status, its reason (or -1) and its band (or -1)."""

    status: int
    reason: int
    band: int
    distance: float


class _Notes:
    """Reasons, by the numbers that stand for them."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._lock = Lock()  # an engine may rate several batches by one book at a time

    def number(self, text: str) -> int:
        if not text:
            return -1
        with self._lock:
            if text not in self._numbers:
                self._numbers[text] = len(self.texts)
                self.texts.append(str(text))
            return self._numbers[text]

    def found(self, entry: Entry, verdict: Verdict, distance: float = nan) -> _Found:
        """A verdict by an entry in numbers."""
        band = -1 if verdict.band is None else verdict.band
        return _Found(_NUMBER[verdict.status], self.number(entry.reason or verdict.reason or ""), band, distance)


def rated(engine: Engine, book: Book, columns: Columns, workers: int = 1) -> Any:
    """The frame with its new columns; so many workers may share the rows out among them."""
    if (problem := column_problem(columns, engine.names)) is not None:
        raise problem
    np = numpy()
    readings = engine.column(columns.reading)
    key = engine.column(columns.key) if columns.key is not None else None
    if book.is_of_texts and columns.target is not None:
        book.learn(engine.distinct(columns.target))
    notes: _Notes = book.made.setdefault("notes", _Notes())
    length = len(readings)
    statuses = np.empty(length, dtype=np.uint8)
    reasons = np.empty(length, dtype=np.int16) if columns.reason is not None else None
    bands = np.empty(length, dtype=np.int16) if columns.band is not None else None
    distances = np.empty(length) if columns.distance is not None else None
    moments = _moments(book) if columns.on is not None else None
    placed = moments.codes(engine, columns.on) if moments is not None and columns.on is not None else None
    by = book if moments is None else moments.book
    rate = _by_value(by, notes) if readings.kind == "values" else _by_number(by, notes)
    if length <= FEW and columns.new == (columns.into,):
        rate = _by_row(by, rate)
    find = key.finder(book.numbers, len(book.entries) - 1) if key is not None and book.numbers is not None else None
    out = _Out(statuses, reasons, bands, distances)

    def rate_span(start: int, stop: int) -> None:
        codes = find.codes(start, stop) if find is not None else None
        parts = []
        for first, last in chunks(start, stop):
            part = codes if codes is None else codes[first - start : last - start]
            parts.append((slice(first, last), part if placed is None else placed(part, first, last)))
        for rows, part in parts:  # not before: an entry for a time that is new makes the tables of all anew
            rate(readings, part, rows, out)

    size = _SPAN if placed is not None else min(max(len(book.entries) // 4096, 1), _SPAN)
    if readings.kind == "values" or placed is not None or not (find is None or find.is_free):
        workers = 1
    _share(rate_span, list(chunks(0, length, size * CHUNK)), workers)
    new: list[tuple[str, Any]] = []
    for name in columns.new:
        if name == columns.into:
            new.append((name, engine.of_codes(statuses, STATUSES, is_status=True)))
        elif name == columns.reason:
            new.append((name, engine.of_codes(reasons, notes.texts, is_status=False)))
        elif name == columns.distance:
            new.append((name, engine.of_distances(distances)))
        else:
            new.append((name, engine.of_bands(bands)))
    return engine.with_columns(new)


def _share(rate: Callable[[int, int], None], spans: list[tuple[int, int]], workers: int) -> None:
    """Rates each span of rows, in several threads where there are many: each writes to places of its own."""
    rate(*spans[0])  # makes the tables, which all others use
    rest = iter(spans[1:])

    def work() -> None:
        for start, stop in rest:
            rate(start, stop)

    others = min(workers, len(spans) - 1) - 1
    if others < 1:
        work()
        return
    with ThreadPoolExecutor(others) as pool:
        started = [pool.submit(work) for _ in range(others)]
        work()
        for each in started:
            each.result()


def _moments(book: Book) -> Moments | None:
    """What knows the rules of a book over time; ``None`` where they do not depend on it."""
    if "moments" not in book.made:
        book.made.setdefault("moments", Moments(book))
    found: Moments = book.made["moments"]
    return found if found.matter else None


class _Out(NamedTuple):
    """The new columns, as arrays; ``None`` for one that nobody wants."""

    statuses: Any
    reasons: Any
    bands: Any
    distances: Any


#: from a line to its cuts for some type of numbers, and the verdict in each place
_CutsOf = Callable[[Steps[Decimal, Verdict]], tuple[list[Any], list[Verdict]]]
_Rate = Callable[[Column, Any, slice, _Out], None]


# numbers --------------------------------------------------------------------------------------------------------------


def _by_number(book: Book, notes: _Notes) -> _Rate:
    """Rates chunks of numbers: as many comparisons as the rule with the most cuts has."""
    np = numpy()

    def rate(readings: Column, codes: Any, rows: slice, out: _Out) -> None:
        numbers, missing = readings.numbers(rows.start, rows.stop)
        table = _table(book, numbers.dtype, notes, with_distances=out.distances is not None)
        place = np.equal(numbers, numbers).view(np.uint8)  # 0 for NaN, and 1 for what is before all cuts
        if codes is not None:
            codes = codes.astype(np.intp, copy=False)
        if codes is None:
            for cuts in table.cuts:
                place += np.greater_equal(numbers, cuts[0])
        else:
            for cuts in table.cuts:
                place += np.greater_equal(numbers, cuts.take(codes))
        if missing is not None:
            place[missing] = 0
        if table.whole is not None:
            wrong = (numbers != np.floor(numbers)) & (table.whole[0] if codes is None else table.whole.take(codes))
            place[wrong & (place > 0)] = table.width - 1
        where = place if codes is None else np.add(codes * table.width, place, dtype=np.intp)
        table.statuses.take(where, out=out.statuses[rows], mode="clip")
        if out.reasons is not None:
            table.reasons.take(where, out=out.reasons[rows], mode="clip")
        if out.bands is not None:
            table.bands.take(where, out=out.bands[rows], mode="clip")
        if out.distances is not None:
            with np.errstate(over="ignore"):  # from one end of the floats to the other it is too far to say
                down, up = table.below.take(where) - numbers, table.above.take(where) - numbers
            out.distances[rows] = np.where(np.isnan(up) | (np.abs(down) <= np.abs(up)), down, up)
            out.distances[rows][table.statuses.take(where) == _NUMBER[Status.GREEN]] = 0

    return rate


def _by_row(book: Book, otherwise: _Rate) -> _Rate:
    """Rates a few numbers one by one, which takes less time than making tables of the rules."""
    np = numpy()

    def rate(readings: Column, codes: Any, rows: slice, out: _Out) -> None:
        if readings.kind == "values":
            return otherwise(readings, codes, rows, out)
        numbers, missing = readings.numbers(rows.start, rows.stop)
        found: list[int] = []
        key, cuts_of = f"row of {numbers.dtype.char}", _cuts_for(numbers.dtype)
        by_code: dict[int, tuple[list[Any], list[int], bool]] = {}
        for code, number in zip(repeat(0) if codes is None else codes.tolist(), numbers.tolist(), strict=False):
            if code not in by_code:
                by_code[code] = _row_of(book.entries[code], key, cuts_of)
            cuts, statuses, is_whole = by_code[code]
            if number != number or (is_whole and number % 1 != 0 and abs(number) != inf):
                found.append(_NUMBER[Status.UNRATED])
            else:
                found.append(statuses[bisect_right(cuts, number)])
        out.statuses[rows] = np.array(found, dtype=np.uint8)
        if missing is not None:
            out.statuses[rows][missing] = _NUMBER[Status.UNRATED]
        return None

    return rate


def _row_of(entry: Entry, key: str, cuts_of: _CutsOf) -> tuple[list[Any], list[int], bool]:
    """The cuts of an entry for numbers of a type, the number of the status in each place, and whether all are whole."""
    known = entry.line.quick.get(key)
    if known is None:
        cuts, verdicts = cuts_of(entry.line.steps)
        known = entry.line.quick[key] = (cuts, [_NUMBER[each.status] for each in verdicts], entry.line.is_whole)
    return known


class _Table(NamedTuple):
    """The rules of a book as arrays: one of cuts for each place along the line, and what is found in each place."""

    cuts: list[Any]
    #: how many places a rule has: first that of missing numbers, last that of numbers that are not whole
    width: int
    statuses: Any
    reasons: Any
    bands: Any
    #: where green begins below and above each place; NaN where it does not
    below: Any
    above: Any
    #: which rules take whole numbers only; ``None`` if none does
    whole: Any


def _table(book: Book, kind: Any, notes: _Notes, *, with_distances: bool) -> _Table:
    name = f"table of {kind.char} for {len(book.entries)}"
    if name not in book.made:
        book.made[name] = _new_table(book, kind, notes, with_distances)
    found: _Table = book.made[name]
    return found


def _new_table(book: Book, kind: Any, notes: _Notes, with_distances: bool) -> _Table:
    np = numpy()
    cuts_of = _cuts_for(kind)
    lines = [cuts_of(entry.line.steps) for entry in book.entries]
    most = max(len(cuts) for cuts, _ in lines)
    width = most + 3
    last = inf if kind.kind == "f" else int(np.iinfo(kind).max)
    cuts = np.full((most, len(lines)), last, dtype=kind)
    found: list[_Found] = []
    edges: list[tuple[float, float]] = []
    for number, (entry, (own, verdicts)) in enumerate(zip(book.entries, lines, strict=True)):
        cuts[: len(own), number] = own
        places = [*verdicts, *[verdicts[-1]] * (most + 1 - len(verdicts))]
        found += [notes.found(entry, verdict) for verdict in (entry.line.missing, *places, BAD_READING)]
        if with_distances:
            near = [beside(entry.line.steps, index) for index in range(len(verdicts))]
            edges += [(nan, nan), *near, *[near[-1]] * (most + 1 - len(verdicts)), (nan, nan)]
    whole = np.array([entry.line.is_whole for entry in book.entries])
    below, above = zip(*edges, strict=True) if with_distances else ((), ())
    return _Table(
        list(cuts), width, np.array([each.status for each in found], dtype=np.uint8),
        np.array([each.reason for each in found], dtype=np.int16), np.array([each.band for each in found], dtype=np.int16),
        np.array(below), np.array(above), whole if whole.any() and kind.kind == "f" else None,
    )  # fmt: skip


def _cuts_for(kind: Any) -> _CutsOf:
    """The cuts of a line for numbers of a NumPy type, directed so that comparing with them is exact, and the verdicts.

    A number is right of a cut exactly when it is no less than the cut here. Whole numbers have no cuts, nor verdicts,
    beyond the largest of their type.
    """
    if kind.kind == "f":
        digits = {4: 9, 2: 5}.get(kind.itemsize)
        one = float_cut if digits is None else lambda cut: narrow_float_cut(cut, digits)
        return lambda steps: ([one(cut) for cut in steps.cuts], list(steps.values))
    info = numpy().iinfo(kind)
    least, most = int(info.min), int(info.max)

    def whole(steps: Steps[Decimal, Verdict]) -> tuple[list[Any], list[Verdict]]:
        found = [number for number in map(whole_cut, steps.cuts) if number <= most]
        return [max(number, least) for number in found], list(steps.values[: len(found) + 1])

    return whole


def beside(steps: Steps[Decimal, Verdict], index: int) -> tuple[float, float]:
    """Where the nearest green lies below and above a step; NaN where there is none, and for what is unrated."""
    if steps.values[index].status is Status.UNRATED:
        return nan, nan
    greens = [number for number, verdict in enumerate(steps.values) if verdict.status is Status.GREEN]
    below = [float(steps.cuts[number].at) for number in greens if number < index]
    above = [float(steps.cuts[number - 1].at) for number in greens if number > index]
    return (below[-1] if below else nan), (above[0] if above else nan)


# any other values -----------------------------------------------------------------------------------------------------


def _by_value(book: Book, notes: _Notes) -> _Rate:
    """Rates chunks of texts, Decimals and other values: each once for each rule."""
    known: dict[tuple[int, type, Any], _Found] = {}
    finders: dict[int, Callable[[Decimal], Verdict]] = {}
    np = numpy()

    def find(code: int, value: Any) -> _Found:
        entry = book.entries[code]
        line = entry.line
        if entry.rule is None or is_missing(value) or (isinstance(value, Decimal) and value.is_nan()):
            return notes.found(entry, line.missing)
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            verdict, exact = judged(entry.rule, value, shares=book.shares)
            bands = entry.rule.bands
            if exact is None or bands is None:
                return notes.found(entry, verdict)
            return notes.found(entry, verdict, _distance(_of_statuses(bands.steps), exact))
        number = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
        if line.is_whole and number.is_finite() and number != int(number):
            return notes.found(entry, BAD_READING)
        if code not in finders:
            finders[code] = _finder(line.steps)
        return notes.found(entry, finders[code](number), _distance(line.steps, number) if number.is_finite() else nan)

    def rate(readings: Column, codes: Any, rows: slice, out: _Out) -> None:
        values = readings.values(rows.start, rows.stop)
        found: list[_Found] = []
        for code, value in zip([0] * len(values) if codes is None else codes.tolist(), values, strict=True):
            key = (code, value.__class__, value)
            try:
                each = known.get(key)
                if each is None:
                    each = known[key] = find(code, value)
            except TypeError:  # a list, or anything else that is no reading and cannot be remembered
                each = notes.found(book.entries[code], BAD_READING)
            found.append(each)
        out.statuses[rows] = [each.status for each in found]
        for array, name in ((out.reasons, "reason"), (out.bands, "band"), (out.distances, "distance")):
            if array is not None:
                array[rows] = np.array([getattr(each, name) for each in found], dtype=array.dtype)

    return rate


def _finder(steps: Steps[Decimal, Verdict]) -> Callable[[Decimal], Verdict]:
    """``steps.at``, for many numbers."""
    keys = [cut.key for cut in steps.cuts]
    return lambda number: steps.values[bisect_left(keys, (number, 0.5))]


def _of_statuses(steps: Steps[Decimal, Status]) -> Steps[Decimal, Verdict]:
    return steps.map(Verdict)


def _distance(steps: Steps[Decimal, Verdict], number: Decimal) -> float:
    """How far a number must move to be green: 0 if it is, NaN if it is unrated or nothing is green."""
    index = steps.index(number)
    if steps.values[index].status is Status.GREEN:
        return 0.0
    ways = [edge - float(number) for edge in beside(steps, index)]
    return min((way for way in ways if way == way), key=abs, default=nan)
