"""The rules of a call as arrays: where the cuts of each lie, and what is found between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from math import inf, nan
from threading import Lock
from typing import Any, Final, NamedTuple

from rag_rules.bands import float_cut, narrow_float_cut, whole_cut
from rag_rules.errors import SettingError
from rag_rules.frames.alike import Amounts, Form
from rag_rules.frames.book import Book, EntryOfText
from rag_rules.frames.engines import chunks, numpy
from rag_rules.number_line import BAD_READING, NumberLine, Verdict
from rag_rules.quantity import EXACT
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps

__all__ = ["NUMBER", "Found", "Notes", "Table", "beside", "table_of"]

#: places along a line are numbered in a byte
_MOST_CUTS: Final = 250
#: the number that stands for each status
NUMBER: Final = {status: number for number, status in enumerate(Status)}
#: from a line to its cuts for some type of numbers, and the verdict in each place
_CutsOf = Callable[[Steps[Decimal, Verdict]], tuple[list[Any], list[Verdict]]]


class Found(NamedTuple):
    """What is found out of one reading, as numbers: of its status, its reason (or -1) and its band (or -1)."""

    status: int
    reason: int
    band: int
    distance: float


class Notes:
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

    def found(self, reason: str, verdict: Verdict, distance: float = nan) -> Found:
        """A verdict in numbers, by an entry that may have a reason of its own for being no rule."""
        band = -1 if verdict.band is None else verdict.band
        return Found(NUMBER[verdict.status], self.number(reason or verdict.reason or ""), band, distance)


class Table(NamedTuple):
    """The rules of a book as arrays: one of cuts for each place along the line, and what is found in each place.

    Of what is found there are few kinds, so it is by kind and place; all else is by rule.
    """

    cuts: list[Any]
    #: the kind of each rule, by where its places begin in the arrays below
    starts: Any
    #: by kind and place: the first place is that of missing numbers, the last that of numbers that are not whole
    statuses: Any
    reasons: Any
    bands: Any
    #: where green begins below and above, by rule and place; NaN where it does not
    below: Any
    above: Any
    #: which rules take whole numbers only; ``None`` if none does
    whole: Any

    @property
    def width(self) -> int:
        """How many places a rule has."""
        found: int = self.statuses.shape[1]
        return found

    @property
    def by_byte(self) -> bytes | None:
        """The number of the status for each byte that can stand for a kind and place; ``None`` where more are needed."""
        return self.statuses.tobytes().ljust(256) if self.starts.dtype.itemsize == 1 else None

    def ordered(self, rules: Any) -> Table:
        """The table of rules with these numbers, in this order."""
        cuts = [each.take(rules) for each in self.cuts]
        below, above = (each.take(rules, axis=0) if each is not None else None for each in (self.below, self.above))
        whole = self.whole.take(rules) if self.whole is not None else None
        return self._replace(cuts=cuts, starts=self.starts.take(rules), below=below, above=above, whole=whole)


def table_of(book: Book, kind: Any, scale: int, notes: Notes, *, with_distances: bool) -> Table:
    name = f"table of {kind.char} by {scale} for {len(book.entries)}, {with_distances}"
    if name not in book.made:
        book.made[name] = _new_table(book, kind, scale, notes, with_distances)
    found: Table = book.made[name]
    return found


def _new_table(book: Book, kind: Any, scale: int, notes: Notes, with_distances: bool) -> Table:
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
        alike: dict[Form, tuple[list[int], list[Amounts]]] = {}
        for row, entry in enumerate(book.entries[start:stop], start):
            if book.is_of_texts and isinstance(entry, EntryOfText):
                if is_quick and entry.form is not None and entry.form.is_short:
                    rows_alike, amounts = alike.setdefault(entry.form, ([], []))
                    rows_alike.append(row)
                    amounts.append(entry.amounts)
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
        for form, (rows_alike, amounts) in alike.items():
            like = form.like
            of_entry[rows_alike] = kinds.setdefault(("", _places(like.missing, False, like.steps.values)), len(kinds))
            for place, (ats, cut) in enumerate(zip(form.cuts(amounts), like.steps.cuts, strict=True)):
                # a number of few digits is what its float stands for, so the float cut is that or the next
                near = np.fromiter(map(float, ats), dtype=kind, count=len(ats))
                column(place)[rows_alike] = near if cut.side is Side.BEFORE else np.nextafter(near, inf)
    most = len(cuts)
    if most > _MOST_CUTS:
        raise SettingError(f"a rule with {most} limits is more than a column is rated by ({_MOST_CUTS})")
    grid = np.array([[notes.found(reason, each)[:3] for each in of_kind.in_table(most)] for reason, of_kind in kinds])
    statuses, reasons, bands = (
        grid[:, :, part].astype(size) for part, size in enumerate((np.uint8, np.int16, np.int16))
    )
    whole = np.array([of_kind.is_whole for _, of_kind in kinds]).take(of_entry)
    below = above = None
    if with_distances:
        none = (nan, nan)
        near = np.array([(none, *row, *[row[-1]] * (most + 1 - len(row)), none) for row in edges])
        below, above = near[:, :, 0], near[:, :, 1]
    return Table(
        cuts, (of_entry * (most + 3)).astype(np.uint8 if statuses.size <= 256 else np.intp), statuses, reasons, bands, below, above,
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


def _once(line: NumberLine, key: str, made: Callable[[NumberLine], Any]) -> Any:
    """What is made of a line, and then kept with it under a key."""
    known = line.quick.get(key)
    if known is None:
        known = line.quick[key] = made(line)
    return known
