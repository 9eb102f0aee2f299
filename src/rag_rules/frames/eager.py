"""Frames in memory: thresholds are gathered by rule number and compared, a chunk of rows at a time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain, repeat
from math import inf, nan
from threading import Lock
from typing import Any, Final, NamedTuple

from rag_rules.bands import float_cut, narrow_float_cut, whole_cut
from rag_rules.frames.alike import Form
from rag_rules.frames.book import Book, Columns, EntryOfText, column_problem, is_missing
from rag_rules.frames.engines import CHUNK, FEW, STATUSES, Column, Each, Engine, chunks, numpy
from rag_rules.frames.moments import Moments
from rag_rules.number_line import BAD_READING, NumberLine, Verdict, judged
from rag_rules.quantity import EXACT
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps

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

    def found(self, reason: str, verdict: Verdict, distance: float = nan) -> _Found:
        """A verdict in numbers, by an entry that may have a reason of its own for being no rule."""
        band = -1 if verdict.band is None else verdict.band
        return _Found(_NUMBER[verdict.status], self.number(reason or verdict.reason or ""), band, distance)


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
    # how far a Decimal is from green is worked out of the Decimal itself
    are_values = readings.kind == "values" or (readings.kind == "decimal" and columns.distance is not None)
    rate = _by_value(by, notes) if are_values else _by_number(by, notes)
    if length <= FEW and columns.new == (columns.into,):
        rate = _by_row(by, rate)
    find = key.finder(book.numbers, len(book.entries) - 1) if key is not None and book.numbers is not None else None
    out = _Out(statuses, reasons, bands, distances)

    def rate_span(span: tuple[int, int]) -> None:
        start, stop = span
        codes = find.codes(start, stop) if find is not None else None
        parts = []
        for first, last in chunks(start, stop):
            part = codes if codes is None else codes[first - start : last - start]
            parts.append((slice(first, last), part if placed is None else placed(part, first, last)))
        for rows, part in parts:  # not before: an entry for a time that is new makes the tables of all anew
            rate(readings, part, rows, out)

    if are_values or placed is not None or not (find is None or find.is_free):
        workers = 1
    size = _SPAN if placed is not None else _span(length, len(book.entries), workers)
    spans = list(chunks(0, length, size * CHUNK))
    with _threads(workers if len(spans) > 2 else 1) as each:
        rate_span(spans[0])  # makes the tables, which all others use
        deque(each(rate_span, spans[1:]), maxlen=0)
        new: list[tuple[str, Any]] = []
        for name in columns.new:
            if name == columns.into:
                new.append((name, engine.of_codes(statuses, STATUSES, is_status=True, each=each)))
            elif name == columns.reason:
                new.append((name, engine.of_codes(reasons, notes.texts, is_status=False, each=each)))
            elif name == columns.distance:
                new.append((name, engine.of_distances(distances)))
            else:
                new.append((name, engine.of_bands(bands)))
    return engine.with_columns(new)


def _span(length: int, names: int, workers: int) -> int:
    """How many chunks to look up together: more where there are many names, or so many rows that all have enough."""
    return min(max(names // 4096, min(length // CHUNK // (16 * workers), 4), 1), _SPAN)


@contextmanager
def _threads(count: int) -> Iterator[Each]:
    """``map``, or the same in several threads: what they are given must write to places of its own."""
    if count == 1:
        yield map
        return
    with ThreadPoolExecutor(count) as pool:
        yield pool.map


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
        table = _table(book, numbers.dtype, readings.scale, notes, with_distances=out.distances is not None)
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
            parts = numbers != np.floor(numbers) if numbers.dtype.kind == "f" else numbers % 10**readings.scale != 0
            wrong = parts & (table.whole[0] if codes is None else table.whole.take(codes))
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
            row = by_code.get(code)
            if row is None:
                line = book.entries[code].line
                row = by_code[code] = line.quick.get(key) or _once(line, key, lambda line: _row_of(line, cuts_of))
            cuts, statuses, is_whole = row
            if is_whole and number % 1 != 0 and abs(number) != inf:
                found.append(_NUMBER[Status.UNRATED])
            else:
                found.append(statuses[bisect_right(cuts, number)])
        out.statuses[rows] = found
        is_none = np.not_equal(numbers, numbers)  # NaN, which is nowhere on the line
        if missing is not None:
            is_none |= missing
        out.statuses[rows][is_none] = _NUMBER[Status.UNRATED]
        return None

    return rate


def _row_of(line: NumberLine, cuts_of: _CutsOf) -> tuple[list[Any], list[int], bool]:
    """The cuts of a line for numbers of a type, the number of the status in each place, and whether all are whole."""
    cuts, verdicts = cuts_of(line.steps)
    return (cuts, [_NUMBER[each.status] for each in verdicts], line.is_whole)


def _once(line: NumberLine, key: str, made: Callable[[NumberLine], Any]) -> Any:
    """What is made of a line, and then kept with it under a key."""
    known = line.quick.get(key)
    if known is None:
        known = line.quick[key] = made(line)
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


def _table(book: Book, kind: Any, scale: int, notes: _Notes, *, with_distances: bool) -> _Table:
    name = f"table of {kind.char} by {scale} for {len(book.entries)}"
    if name not in book.made:
        book.made[name] = _new_table(book, kind, scale, notes, with_distances)
    found: _Table = book.made[name]
    return found


def _new_table(book: Book, kind: Any, scale: int, notes: _Notes, with_distances: bool) -> _Table:
    """Lines are looked at one by one and not kept: of what is found in their places, there are few kinds."""
    np = numpy()
    cuts_of, key = _cuts_for(kind, scale), f"cuts of {kind.char} by {scale}"
    length = len(book.entries)
    last = inf if kind.kind == "f" else int(np.iinfo(kind).max)
    cuts: list[Any] = []
    kinds: dict[tuple[str, _Places], int] = {}
    of_entry = np.empty(length, dtype=np.intp)
    edges: list[list[tuple[float, float]]] = []
    is_quick = kind == np.float64 and not with_distances

    def made_of(line: NumberLine) -> tuple[list[Any], _Places]:
        ats, verdicts = cuts_of(line.steps)
        return (ats, _places(line.missing, line.is_whole, tuple(verdicts)))

    def column(place: int) -> Any:
        if place == len(cuts):
            cuts.append(np.full(length, last, dtype=kind))
        return cuts[place]

    for start, stop in chunks(0, length):
        rows: list[int] = []
        own: list[list[Any]] = []
        of_own: list[int] = []
        alike: dict[Form, tuple[list[int], list[Decimal]]] = {}
        for row, entry in enumerate(book.entries[start:stop], start):
            if book.is_of_texts and isinstance(entry, EntryOfText):
                if is_quick and entry.form is not None and entry.form.is_short:
                    rows_alike, numbers = alike.setdefault(entry.form, ([], []))
                    rows_alike.append(row)
                    numbers.append(entry.number)
                    continue
                line = entry.line
                found = made_of(line)  # and not kept: of those there may be a million
            else:
                line = entry.line
                found = line.quick.get(key) or _once(line, key, made_of)
            rows.append(row)
            own.append(found[0])
            of_own.append(kinds.setdefault((entry.reason, found[1]), len(kinds)))
            if with_distances:
                edges.append([beside(line.steps, index) for index in range(len(found[1].verdicts))])
        of_entry[rows] = of_own
        lengths = np.fromiter(map(len, own), dtype=np.intp, count=len(own))
        begins = lengths.cumsum() - lengths
        points = np.fromiter(chain.from_iterable(own), dtype=kind, count=lengths.sum())
        where = np.array(rows, dtype=np.intp)
        for place in range(lengths.max(initial=0)):
            has = lengths > place
            column(place)[where[has]] = points[begins[has] + place]
        for form, (rows_alike, numbers) in alike.items():
            like = form.like
            of_entry[rows_alike] = kinds.setdefault(("", _places(like.missing, False, like.steps.values)), len(kinds))
            for place, (ats, cut) in enumerate(zip(form.cuts(numbers), like.steps.cuts, strict=True)):
                # a number of few digits is what its float stands for, so the float cut is that or the next
                near = np.fromiter(map(float, ats), dtype=kind, count=len(ats))
                column(place)[rows_alike] = near if cut.side is Side.BEFORE else np.nextafter(near, inf)
    most = len(cuts)
    grid = np.array([[notes.found(reason, each)[:3] for each in of_kind.in_table(most)] for reason, of_kind in kinds])
    statuses, reasons, bands = (
        grid[:, :, part].astype(size).take(of_entry, axis=0).ravel()
        for part, size in enumerate((np.uint8, np.int16, np.int16))
    )
    whole = np.array([of_kind.is_whole for _, of_kind in kinds]).take(of_entry)
    none = (nan, nan)
    near = [side for row in edges for side in (none, *row, *[row[-1]] * (most + 1 - len(row)), none)]
    below, above = zip(*near, strict=True) if with_distances else ((), ())
    return _Table(
        cuts, most + 3, statuses, reasons, bands, np.array(below), np.array(above),
        whole if whole.any() and (kind.kind == "f" or scale) else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """What is found in the places along a line: one object for all lines alike, which is quick to look up."""

    missing: Verdict
    is_whole: bool
    verdicts: tuple[Verdict, ...]

    def in_table(self, most: int) -> list[Verdict]:
        """What is found in each place of a rule, in a table whose longest has ``most`` cuts."""
        beyond = [self.verdicts[-1]] * (most + 1 - len(self.verdicts))
        return [self.missing, *self.verdicts, *beyond, BAD_READING]


_places = lru_cache(1024)(_Places)


def _cuts_for(kind: Any, scale: int = 0) -> _CutsOf:
    """The cuts of a line for numbers of a NumPy type, directed so that comparing with them is exact, and the verdicts.

    A number is right of a cut exactly when it is no less than the cut here. Whole numbers have no cuts, nor verdicts,
    beyond the largest of their type; they count units of 10 ** -scale.
    """
    if kind.kind == "f":
        digits = {4: 9, 2: 5}.get(kind.itemsize)
        one = float_cut if digits is None else lambda cut: narrow_float_cut(cut, digits)
        return lambda steps: ([one(cut) for cut in steps.cuts], list(steps.values))
    info = numpy().iinfo(kind)
    least, most = int(info.min), int(info.max)

    def whole(steps: Steps[Decimal, Verdict]) -> tuple[list[Any], list[Verdict]]:
        scaled = (Cut(cut.at.scaleb(scale, context=EXACT), cut.side) for cut in steps.cuts)
        found = [number for number in map(whole_cut, scaled) if number <= most]
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
            return notes.found(entry.reason, line.missing)
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            verdict, exact = judged(entry.rule, value, shares=book.shares)
            bands = entry.rule.bands
            if exact is None or bands is None:
                return notes.found(entry.reason, verdict)
            return notes.found(entry.reason, verdict, _distance(_of_statuses(bands.steps), exact))
        number = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
        if line.is_whole and number.is_finite() and number != int(number):
            return notes.found(entry.reason, BAD_READING)
        if code not in finders:
            finders[code] = _finder(line.steps)
        return notes.found(
            entry.reason, finders[code](number), _distance(line.steps, number) if number.is_finite() else nan
        )

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
                each = notes.found(book.entries[code].reason, BAD_READING)
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
