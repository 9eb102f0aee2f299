"""Rows that have times: which rule is for which row, by the number of its rule and the stretch of time that it is in.

The rule for a reading changes on few days. So a day is looked up in a table of days, a rule and a stretch in a table of
both, and a rule is worked out only for those pairs that occur.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from threading import Lock
from typing import Any, Final, NamedTuple

from rag_rules.errors import SettingError
from rag_rules.frames.book import Book, Entry, is_missing
from rag_rules.frames.engines import Engine, numpy
from rag_rules.number_line import number_line
from rag_rules.over_time import FIRST_DAY, LAST_DAY, Changes, Timed, period_of_text
from rag_rules.periods import FINANCIAL, Period, Year, add_months
from rag_rules.status import Reason

__all__ = ["Moment", "Moments", "Years", "changes_of", "entry_at", "moment_of", "no_times"]


class Riddle(NamedTuple):
    """A time that a text names in one kind of year, where it names another in that of some of the rules."""

    time: date | Period
    #: the kinds of year in which it is another time
    otherwise: frozenset[Year]


#: a stretch of time, by its first day; a period of a year or more, of which not only its last day matters; one of these
#: that is another for some rules; why it is not known when a reading is of; ``None`` where nothing says it
Moment = date | Period | Riddle | Reason | None
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST: Final = FIRST_DAY.toordinal() - _EPOCH
_COUNT: Final = LAST_DAY.toordinal() - FIRST_DAY.toordinal() + 1


def no_times(name: str) -> SettingError:
    """What is wrong with a column of times that holds numbers."""
    return SettingError(
        f"the column “{name}” holds numbers, and a number is no day and no period",
        hint="give days, or the names of periods as texts, such as 2023/24 Q2",
    )


class Years(NamedTuple):
    """The kinds of year by which the texts of a column may be read."""

    #: the one by which they are, where nothing of the rule of a row says another
    read: Year
    #: those of rules, where the call says none
    others: frozenset[Year]

    @classmethod
    def of(cls, book: Book) -> Years:
        """Those of a book: the one that the call says, or the financial one beside those that its rules say."""
        if book.times is not None and book.times.year is not None:
            return cls(book.times.year, frozenset())
        said = {
            entry.timed.said_year for entry in book.entries if entry.timed is not None and entry.timed.depends_on_time
        }
        return cls(FINANCIAL, frozenset(year for year in said if year is not None and year != FINANCIAL))


class Moments:
    """The rules of a book at each of the times that occur."""

    def __init__(self, book: Book) -> None:
        np = numpy()
        self._given = [entry.timed for entry in book.entries]
        #: whether a reading can have one status at one time and another at another
        self.matter = any(timed is not None and timed.depends_on_time for timed in self._given)
        #: the entries by the numbers that ``codes`` gives
        self.book = Book([], None, book.setting, book.shares)
        self._changes = changes_of(book)
        self._years = Years.of(book)
        self._places: dict[Moment, int] = {}
        self._moments: list[Moment] = [None]
        self._of_values: dict[Any, int] = {}
        self._of_days = np.zeros(_COUNT + 2, dtype=np.intp)  # 0: not asked for yet; first and last: no day
        self._lock = Lock()  # an engine may rate several batches by one book at a time
        self._numbers: dict[int, int] = {}
        self._table = np.zeros((len(book.entries), 1), dtype=np.int32)  # 0: not asked for yet
        self._fixed = np.zeros(len(book.entries), dtype=np.int32)
        for number, entry in enumerate(book.entries):
            if entry.timed is None or not entry.timed.depends_on_time:
                self._fixed[number] = self._number_of(entry)

    def codes(self, engine: Engine, name: str) -> Callable[[Any, int, int], Any]:
        """From the numbers of the rules of a chunk (``None``: one for all), and where it is, to those of its entries.

        Raises ``SettingError`` for a column of numbers.
        """
        places = self._places_in(engine, name)

        def coded(rules: Any, start: int, stop: int) -> Any:
            return self._entries(rules, places(start, stop))

        return coded

    def _places_in(self, engine: Engine, name: str) -> Callable[[int, int], Any]:
        """What gives the numbers of the moments of a chunk."""
        np = numpy()
        days = engine.days(name)
        if days is not None:
            return lambda start, stop: self._by_days(days(start, stop))
        column = engine.column(name)
        if column.kind != "values":
            raise no_times(name)
        with self._lock:
            for value in engine.distinct(name):
                if _is_known(value, self._of_values):
                    continue
                self._of_values[value] = self._place(moment_of(value, self._years, self._changes))
            none, bad = self._place(None), self._place(Reason.BAD_DATE)
            known = {value: place for value, place in self._of_values.items() if not is_missing(value)}
        find = column.finder(known, 0)

        def places(start: int, stop: int) -> Any:
            found = find.codes(start, stop)
            if not found.all():
                values = column.values(start, stop)
                lost = np.flatnonzero(found == 0)
                found[lost] = [none if is_missing(values[row]) else bad for row in lost.tolist()]
            return found

        return places

    def _by_days(self, days: Any) -> Any:
        """The numbers of the moments of days, which are counted from 1970."""
        np = numpy()
        places = np.clip(days.astype(np.int64, copy=False) - (_FIRST - 1), 0, _COUNT + 1)
        found = self._of_days.take(places)
        if not found.all():
            with self._lock:
                for place in np.unique(places[found == 0]).tolist():
                    is_day = 0 < place <= _COUNT
                    day = date.fromordinal(_EPOCH + _FIRST + place - 1) if is_day else None
                    self._of_days[place] = self._place(moment_of(day, self._years, self._changes))
            found = self._of_days.take(places)
        return found

    def _place(self, moment: Moment) -> int:
        if moment not in self._places:
            self._places[moment] = len(self._moments)
            self._moments.append(moment)
        return self._places[moment]

    def _entries(self, rules: Any, places: Any) -> Any:
        """The numbers of the entries for pairs of rules and moments."""
        np = numpy()
        table = self._table
        if places.size and table.shape[1] <= int(places.max()):
            table = self._widened()
        keys = places if rules is None else rules * table.shape[1] + places
        found = table.ravel().take(keys)
        if not found.all():
            with self._lock:
                for key in np.unique(keys[found == 0]).tolist():
                    rule, place = divmod(key, table.shape[1])
                    self._table[rule, place] = table[rule, place] = self._made(rule, self._moments[place])
            found = table.ravel().take(keys)
        return found - 1

    def _widened(self) -> Any:
        """The table with room for more moments."""
        np = numpy()
        with self._lock:
            table = np.zeros((len(self._given), 2 * len(self._moments)), dtype=np.int32)
            table[:, : self._table.shape[1]] = self._table
            table[self._fixed > 0] = self._fixed[self._fixed > 0, None]
            self._table = table
            return table

    def _made(self, number: int, moment: Moment) -> int:
        """The number, from 1, of the entry for a rule at a moment."""
        timed = self._given[number]
        assert timed is not None
        return self._number_of(entry_at(timed, moment, self.book.shares))

    def _number_of(self, entry: Entry) -> int:
        if id(entry) not in self._numbers:
            self.book.entries.append(entry)
            self._numbers[id(entry)] = len(self.book.entries)
        return self._numbers[id(entry)]


def changes_of(book: Book) -> Changes:
    """On which days any of the rules of a book may become another."""
    found = Changes()
    for timed in {entry.timed.changes() for entry in book.entries if entry.timed is not None}:
        found = found.with_those_of(timed)
    return found


def entry_at(timed: Timed, moment: Moment, shares: bool | None) -> Entry:
    """The entry of a rule at a moment; a rule remembers those that were made for it."""
    if isinstance(moment, Riddle):
        moment = Reason.AMBIGUOUS if timed.said_year in moment.otherwise else moment.time
    standing = timed.unplaced(moment) if moment is None or isinstance(moment, Reason) else timed.standing(moment)
    known: dict[Any, Entry] = timed.rule.quick.setdefault("over time", {})
    key = (standing.key, shares)
    if key not in known:
        made = standing.made()
        known[key] = Entry(made, number_line(made, shares=shares))
    return known[key]


def moment_of(value: Any, years: Years, changes: Changes) -> Moment:
    """The moment that a value of a column stands for: a day, a text, or what stands for none."""
    if is_missing(value):
        return None
    if not isinstance(value, str):
        return _moment_at(value, changes)
    found = period_of_text(value, years.read) if value.strip() else None
    if not isinstance(found, Period):
        return found
    otherwise = frozenset(year for year in years.others if period_of_text(value, year) != found)
    time = _moment_at(found, changes)
    return Riddle(time, otherwise) if otherwise and isinstance(time, date | Period) else time


def _moment_at(value: Any, changes: Changes) -> date | Period | Reason | None:
    """The moment of a day or a period."""
    if isinstance(value, Period):
        if value.end >= add_months(value.start, 12):
            return value if value.start >= FIRST_DAY and value.last_day <= LAST_DAY else None
        value = value.last_day
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        return Reason.BAD_DATE
    return changes.stretch(value) if FIRST_DAY <= value <= LAST_DAY else None


def _is_known(value: Any, known: dict[Any, int]) -> bool:
    """Whether a value needs no look: it is known, or cannot be, as a list."""
    try:
        return is_missing(value) or value in known
    except TypeError:
        return True
