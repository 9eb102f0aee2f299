"""Working days: Monday to Friday but for the holidays that the caller gives, since they differ by country and office."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rag_rules.errors import SettingError

__all__ = ["CountedDays", "add_working_days", "clear_working_days_before", "is_working_day", "working_days"]

_DAY: Final = timedelta(days=1)
#: more than any period of notice, and few enough to count one by one
_MOST: Final = 10_000


def is_working_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Whether people work on ``day``.

    >>> is_working_day(date(2023, 12, 22)), is_working_day(date(2023, 12, 25), [date(2023, 12, 25)])
    (True, False)
    """
    return day.weekday() < 5 and day not in holidays


def working_days(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """How many working days come after ``start`` and up to ``end``, that day included; negative where it is earlier.

    >>> working_days(date(2023, 12, 22), date(2023, 12, 29), [date(2023, 12, 25), date(2023, 12, 26)])
    3
    """
    if end < start:
        return -working_days(end, start, holidays)
    weeks, rest = divmod((end - start).days, 7)
    # counted from the weekday of the start, so that a day before the first of all dates is never made
    in_rest = sum((start.weekday() + ahead) % 7 < 5 for ahead in range(1, rest + 1))
    taken = sum(start < day <= end and day.weekday() < 5 for day in set(holidays))
    return 5 * weeks + in_rest - taken


def add_working_days(day: date, number: int, holidays: Collection[date] = ()) -> date:
    """The working day so many working days after ``day``, or before it where ``number`` is negative.

    >>> add_working_days(date(2023, 12, 22), 1, [date(2023, 12, 25), date(2023, 12, 26)])
    datetime.date(2023, 12, 27)

    Raises ``SettingError`` for more than 10,000 days, and where the calendar ends.
    """
    if abs(number) > _MOST:
        raise SettingError(f"{number:,} working days are more than can be counted", expected=(f"at most {_MOST:,}",))
    off = frozenset(holidays)
    step = _DAY if number > 0 else -_DAY
    try:
        for _ in range(abs(number)):
            day += step
            while not is_working_day(day, off):
                day += step
    except OverflowError:
        raise SettingError(f"{number:,} working days lead beyond the years 1 to 9999") from None
    return day


def clear_working_days_before(day: date, number: int, holidays: Collection[date] = ()) -> date:
    """The last working day that leaves so many clear ones before ``day``: neither that day nor ``day`` counts.

    Papers for a meeting on Wednesday 20 September, due 5 clear working days before, are due on Tuesday the 12th:

    >>> clear_working_days_before(date(2023, 9, 20), 5)
    datetime.date(2023, 9, 12)

    Raises ``SettingError`` for a negative number, and as ``add_working_days`` does.
    """
    if number < 0:
        raise SettingError(f"{number} is no number of clear days", expected=("0 or more",))
    return add_working_days(day, -(number + 1), holidays)


@dataclass(frozen=True, slots=True)
class CountedDays:
    """So many working days before or after a day: which day that is depends on the holidays.

    >>> papers = CountedDays(5, date(2023, 9, 20), is_before=True, is_clear=True)
    >>> papers.day(), papers.day([date(2023, 9, 18)])
    (datetime.date(2023, 9, 12), datetime.date(2023, 9, 11))
    """

    number: int
    #: the day that they are counted from
    anchor: date
    is_before: bool = False
    #: whether neither that day nor the one that is sought counts
    is_clear: bool = False
    #: whether any day up to the one that is sought will do: "within 10 working days of 1 March 2024"
    is_within: bool = False
    #: as written
    said: str = ""

    def day(self, holidays: Collection[date] = ()) -> date:
        """The day that it comes to; raises ``SettingError`` as ``add_working_days`` does."""
        if self.is_before and self.is_clear:
            return clear_working_days_before(self.anchor, self.number, holidays)
        number = self.number + self.is_clear
        return add_working_days(self.anchor, -number if self.is_before else number, holidays)
