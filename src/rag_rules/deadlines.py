"""When something is due: the days that a text allows, how exactly it says so, and what finishing on each day is worth."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from rag_rules.errors import SettingError
from rag_rules.periods import add_months, written_date
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps
from rag_rules.workdays import CountedDays

__all__ = ["Deadline", "Grace", "Precision", "Window", "untold"]


class Precision(StrEnum):
    """How exactly a deadline is given: by the shortest stretch of time that it names."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    PART_OF_YEAR = "part of a year"
    HALF = "half-year"
    YEAR = "year"
    #: from one time to another: "between 2025 and 2030"
    RANGE = "range"
    #: no date at all: ongoing, recurring, or relative to an event
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day that a text allows; ``None`` where it sets no limit."""

    first_day: date | None
    last_day: date | None
    #: the words that it was read from, and how they were taken: "Q3 2024 as the quarter of the calendar year"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due, as a text says it.

    ``first_day`` and ``last_day`` bound the time that is named; the last day is the deadline. Both are ``None`` where
    the text gives no date, and where nothing tells which of several days it means, as in 03/04/2014. What people share
    a convention for (Q3 2024, FY2019, winter 2025) has the days of the convention. In both cases ``alternatives`` holds
    every meaning, the one taken first, and ``notes`` says so. The first day alone is ``None`` for "until" and "before",
    the last day alone for "from" and "after", and where an event ends the time that is named.
    """

    first_day: date | None = None
    last_day: date | None = None
    precision: Precision = Precision.NONE
    #: how often it comes round, "annually"; empty where it does not
    recurring: str = ""
    #: what it depends on, in the text's words: "information being provided"; empty where it depends on nothing
    event: str = ""
    #: conventions used, and what else the text could mean
    notes: tuple[str, ...] = field(default=(), compare=False)
    #: each deadline of a text that gives several, in the order in which they fall due
    stages: tuple[Window, ...] = ()
    #: each meaning of a text that has several, the one taken first; the date that an event may replace, as in "by June 2025
    #: or when it is funded", where there is no last day
    alternatives: tuple[Window, ...] = ()
    #: whether the text says that the work has no end: "ongoing"
    ongoing: bool = False
    #: what was due before the text moved it, the first time of several; by its latest meaning
    original: Window | None = None
    #: why a time that the text names gives no date: "no year is given for “Q4”"; empty where it names none, as in "TBC"
    unclear: str = ""
    #: working days that it is counted in from a date, whose last day depends on holidays; ``None`` for any other
    counted: CountedDays | None = None
    #: the text as tidied for reading
    text: str = field(default="", compare=False)

    def steps(self, grace: Grace | None = None) -> Steps[date, Status] | None:
        """What finishing on each day is worth: green up to the last day, amber within the grace, red after it.

        ``None`` where there is no last day.

        >>> deadline = Deadline(date(2020, 6, 1), date(2020, 6, 30), Precision.MONTH)
        >>> steps = deadline.steps(Grace.read("3 months"))
        >>> steps.at(date(2020, 6, 30)), steps.at(date(2020, 9, 30)), steps.at(date(2020, 10, 1))
        (<Status.GREEN>, <Status.AMBER>, <Status.RED>)
        """
        if self.last_day is None:
            return None
        cuts = [(Cut(self.last_day, Side.AFTER, "deadline"), Status.RED)]
        if grace is not None and (last := grace.after(self.last_day)) > self.last_day:
            cuts = [
                (Cut(self.last_day, Side.AFTER, "deadline"), Status.AMBER),
                (Cut(last, Side.AFTER, "grace"), Status.RED),
            ]
        return Steps.of(Status.GREEN, *cuts)

    def with_holidays(self, holidays: Collection[date] = ()) -> Deadline:
        """The deadline with the day that its working days come to; this one where it is not counted in them.

        >>> papers = Deadline(event="20 September 2023", counted=CountedDays(5, date(2023, 9, 20), is_before=True, is_clear=True))
        >>> papers.with_holidays([date(2023, 9, 18)]).last_day
        datetime.date(2023, 9, 11)

        Raises ``SettingError`` for more working days than can be counted.
        """
        if self.counted is None:
            return self
        day = self.counted.day(holidays)
        taken = "but for the holidays that are given" if holidays else "since no holidays are given"
        note = f"“{self.counted.said}” is taken as {written_date(day)}: working days are Monday to Friday, {taken}"
        others = tuple(each for each in self.notes if each != untold(self.counted))
        first = self.counted.anchor if self.counted.is_within else day
        return replace(
            self, first_day=first, last_day=day, precision=Precision.DAY, event="", counted=None, notes=(note, *others)
        )


def untold(counted: CountedDays) -> str:
    """The note of a deadline that is counted in working days, while no holidays are known."""
    return f"it is due “{counted.said}”; no date is worked out, since working days depend on a calendar of holidays"


_GRACE: Final = re.compile(r"([0-9]{1,4}) (day|week|month|year)s?")


@dataclass(frozen=True, slots=True)
class Grace:
    """How long after a deadline something late is amber and not yet red: days, weeks, months or years."""

    number: int
    unit: str

    @classmethod
    def read(cls, text: str) -> Grace:
        """The grace that a text gives: "3 months", "14 days".

        Raises ``SettingError`` for anything else.
        """
        found = _GRACE.fullmatch(" ".join(text.lower().split()))
        if found is None:
            raise SettingError(f"“{text}” is no length of time", expected=("14 days", "6 weeks", "3 months"))
        return cls(int(found[1]), found[2])

    def after(self, day: date) -> date:
        """The last day of the grace after ``day``; three months from the last day of a month are three whole months.

        There is no day after the year 9999: a grace that would end later ends with it.

        >>> Grace.read("3 months").after(date(2020, 6, 30)), Grace.read("1 month").after(date(2023, 1, 31))
        (datetime.date(2020, 9, 30), datetime.date(2023, 2, 28))
        """
        try:
            return self._after(day)
        except (OverflowError, ValueError):
            return date.max

    def _after(self, day: date) -> date:
        if self.unit in ("day", "week"):
            return day + timedelta(days=self.number * (7 if self.unit == "week" else 1))
        months = self.number * (12 if self.unit == "year" else 1)
        if (day + timedelta(days=1)).day == 1:
            return add_months(day + timedelta(days=1), months) - timedelta(days=1)
        return add_months(day, months)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"
