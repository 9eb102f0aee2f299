"""Frames in memory: thresholds are gathered by rule number and compared, a chunk of rows at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from decimal import Decimal
from math import nan
from typing import Any, Final, NamedTuple

from rag_rules.frames.book import Book, Columns, column_problem, is_missing
from rag_rules.frames.engines import CHUNK, SCRATCH, STATUSES, Column, Engine, Finder, chunks, numpy
from rag_rules.frames.moments import Moments
from rag_rules.frames.tables import NUMBER, Found, Notes, Table, beside, table_of
from rag_rules.number_line import BAD_READING, Verdict, judged
from rag_rules.status import Status
from rag_rules.steps import Steps

__all__ = ["rated"]


#: chunks that are looked up together, at most: many names, or times, are much to do beforehand
_SPAN: Final = 16


def rated(engine: Engine, book: Book, columns: Columns, workers: int = 1) -> Any:
    """The frame with its new columns; so many workers may look names up."""
    if (problem := column_problem(columns, engine.names)) is not None:
        raise problem
    np = numpy()
    readings = engine.column(columns.reading)
    key = engine.column(columns.key) if columns.key is not None else None
    if book.is_of_texts and columns.target is not None:
        book.learn(engine.distinct(columns.target))
    notes: Notes = book.made.setdefault("notes", Notes())
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
    find = key.finder(book.numbers, len(book.entries) - 1) if key is not None and book.numbers is not None else None
    if are_values:
        rate = _by_value(by, notes)
    elif find is not None and find.numbers is not None and placed is None:
        rate, find = _by_number(by, notes, find.numbers), find._replace(numbers=None)
    else:
        rate = _by_number(by, notes)
    out = _Out(statuses, reasons, bands, distances)

    def parts_of(start: int, stop: int, places: Any) -> Iterator[tuple[int, int, Any]]:
        """Where each chunk begins and ends, and the numbers of its rules."""
        for first, last in chunks(start, stop):
            part = find.numbered(places[first - start : last - start], SCRATCH) if find is not None else None
            yield first, last, part

    workers = workers if find is not None and find.is_by_engine else 1
    size = _SPAN if placed is not None else _span(length, len(book.entries), workers)
    spans = list(chunks(0, length, size * CHUNK))
    for span, places in zip(spans, _places(find, spans, workers), strict=True):
        parts: Iterable[tuple[int, int, Any]] = parts_of(*span, places)
        if placed is not None:  # all before any: an entry for a time that is new makes the tables of all anew
            parts = [(first, last, placed(part, first, last)) for first, last, part in parts]
        for first, last, part in parts:
            rate(readings, part, slice(first, last), out)
    new: list[tuple[str, Any]] = []
    for name in columns.new:
        if name == columns.into:
            new.append((name, engine.of_codes(statuses, STATUSES, is_status=True)))
        elif name == columns.reason:
            new.append((name, engine.of_codes(*_told(reasons, notes.texts), is_status=False)))
        elif name == columns.distance:
            new.append((name, engine.of_distances(distances)))
        else:
            new.append((name, engine.of_bands(bands)))
    return engine.with_columns(new)


def _told(reasons: Any, texts: list[str]) -> tuple[Any, list[str]]:
    """Reasons by number, and the texts of those that occur, in the order of letters: notes know more from other calls."""
    np = numpy()
    occur = np.flatnonzero(np.bincount(reasons + 1, minlength=1)[1:]).tolist()
    labels = sorted(texts[number] for number in occur)
    numbers = np.full(len(texts) + 1, -1, dtype=np.int16)  # the last is for -1, which is none
    for number in occur:
        numbers[number] = labels.index(texts[number])
    return numbers.take(reasons, mode="wrap"), labels


def _span(length: int, names: int, workers: int) -> int:
    """How many chunks to look up together: more where there are many names, or several workers that all have enough."""
    ahead = min(length // CHUNK // (8 * workers), 8) if workers > 1 else 1
    return min(max(names // 4096, ahead, 1), _SPAN)


def _places(find: Finder | None, spans: list[tuple[int, int]], workers: int) -> Iterator[Any]:
    """Where the names of each span are found, in turn; several workers look up ahead of the one who rates.

    To share the rating out as well would take longer: it is many short operations, each of which waits for the
    interpreter.
    """
    if find is None or workers == 1 or len(spans) < 3:
        yield from (find.places(*span) if find is not None else None for span in spans)
        return
    with ThreadPoolExecutor(workers) as pool:
        ahead: deque[Future[Any]] = deque()
        for span in spans:
            ahead.append(pool.submit(find.places, *span))
            if len(ahead) > 2 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


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


_Rate = Callable[[Column, Any, slice, _Out], None]


# numbers --------------------------------------------------------------------------------------------------------------


def _by_number(book: Book, notes: Notes, order: Any = None) -> _Rate:
    """Rates chunks of numbers: as many comparisons as the rule with the most cuts has.

    ``order`` gives the numbers of rules for the codes that rows have, if these are others; -1 is the last code.
    """
    np = numpy()
    ordered: dict[Any, Table] = {}

    def made(kind: Any, scale: int, *, with_distances: bool) -> Table:
        if order is None:
            return table_of(book, kind, scale, notes, with_distances=with_distances)
        if kind not in ordered:
            ordered[kind] = table_of(book, kind, scale, notes, with_distances=with_distances).ordered(order)
        return ordered[kind]

    def rate(readings: Column, codes: Any, rows: slice, out: _Out) -> None:
        numbers, missing = readings.numbers(rows.start, rows.stop)
        table = made(numbers.dtype, readings.scale, with_distances=out.distances is not None)
        if codes is not None:
            codes = SCRATCH.holding("codes", codes, np.intp)
        where = place = _where(table, numbers, codes, 10**readings.scale)
        if missing is not None:
            place[missing] = 0
        if codes is not None:
            where = SCRATCH.array("kinds", len(numbers), table.starts.dtype)
            table.starts.take(codes, out=where, mode="wrap")
            np.add(where, place, out=where)
        by_byte = table.by_byte
        at = (
            SCRATCH.holding("at", where, np.intp)
            if by_byte is None or out.reasons is not None or out.bands is not None
            else None
        )
        if by_byte is not None:
            out.statuses[rows] = np.frombuffer(where.tobytes().translate(by_byte), dtype=np.uint8)
        else:
            table.statuses.ravel().take(at, out=out.statuses[rows], mode="clip")
        if out.reasons is not None:
            table.reasons.ravel().take(at, out=out.reasons[rows], mode="clip")
        if out.bands is not None:
            table.bands.ravel().take(at, out=out.bands[rows], mode="clip")
        if out.distances is not None:
            rule = 0 if codes is None else codes
            with np.errstate(over="ignore"):  # from one end of the floats to the other it is too far to say
                down, up = table.below[rule, place] - numbers, table.above[rule, place] - numbers
            out.distances[rows] = np.where(np.isnan(up) | (np.abs(down) <= np.abs(up)), down, up)
            out.distances[rows][out.statuses[rows] == NUMBER[Status.GREEN]] = 0

    return rate


def _where(table: Table, numbers: Any, codes: Any, unit: int) -> Any:
    """The place of each number along the line of its rule: 0 for NaN, and 1 for what is before all cuts."""
    np = numpy()
    place, reached = (SCRATCH.array(name, len(numbers), np.uint8) for name in ("place", "reached"))
    np.equal(numbers, numbers, out=place.view(bool))
    limits = SCRATCH.array("limits", len(numbers), numbers.dtype)
    for cuts in table.cuts:
        limit = cuts[0] if codes is None else cuts.take(codes, out=limits, mode="wrap")
        np.greater_equal(numbers, limit, out=reached.view(bool))
        np.add(place, reached, out=place)
    if table.whole is not None:
        parts = numbers != np.floor(numbers) if numbers.dtype.kind == "f" else numbers % unit != 0
        wrong = parts & (table.whole[0] if codes is None else table.whole.take(codes, mode="wrap"))
        place[wrong & (place > 0)] = table.width - 1
    return place


# any other values -----------------------------------------------------------------------------------------------------


def _by_value(book: Book, notes: Notes) -> _Rate:
    """Rates chunks of texts, Decimals and other values: each once for each rule."""
    known: dict[tuple[int, type, Any], Found] = {}
    finders: dict[int, Callable[[Decimal], Verdict]] = {}
    np = numpy()

    def find(code: int, value: Any) -> Found:
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
        found: list[Found] = []
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
