"""How much of a year's target is due by a day: how figures add up, profiles, and the share of the year gone by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final

from rag_rules.errors import SettingError, UnitError
from rag_rules.periods import (
    LENGTHS,
    MONTH,
    MONTHS,
    TERMS,
    Period,
    Year,
    add_months,
    month_number,
    months_between,
    written_date,
)
from rag_rules.quantity import Quantity, plain, trimmed
from rag_rules.settings import quantity_of

__all__ = ["Accumulation", "Due", "Frequency", "Lag", "Profile", "due_by", "due_in_month", "refuse_two_years"]

_DAY: Final = timedelta(days=1)
#: a text longer than this is no setting
_LONGEST: Final = 500


def _folded(text: object) -> str:
    return " ".join(re.sub(r"[-_‐‑–]", " ", str(text)[:_LONGEST].lower()).split()).strip(" .")


class Accumulation(StrEnum):
    """What a figure for part of a year is: the total since the year began, or something that does not add up."""

    CUMULATIVE = "cumulative"
    SNAPSHOT = "snapshot"
    ROLLING = "rolling"
    AVERAGE = "average"

    @classmethod
    def read(cls, text: str | Accumulation) -> Accumulation:
        """The accumulation that ``text`` names.

        >>> Accumulation.read("Year to date"), Accumulation.read("rolling 12 months")
        (<Accumulation.CUMULATIVE: 'cumulative'>, <Accumulation.ROLLING: 'rolling'>)

        Raises ``SettingError``, with the nearest known word, for anything else.
        """
        word = re.sub(r" (?:figure|total|count|sum|value|basis|measure)s?$", "", _folded(text))
        for accumulation, words in _ACCUMULATIONS.items():
            if word in words:
                return accumulation
        if re.fullmatch(
            r"rolling(?: (?:[0-9]{1,2}|twelve|six|three|four) ?(?:months?|quarters?|weeks?))?(?: (?:average|total))?",
            word,
        ):
            return cls.ROLLING
        known = [each for words in _ACCUMULATIONS.values() for each in words]
        raise SettingError(
            f"“{text}” does not say how figures add up over the year",
            expected=[str(each) for each in cls],
            nearest=get_close_matches(word, known, n=1, cutoff=0.7),
        )


_ACCUMULATIONS: Final = {
    Accumulation.CUMULATIVE: (
        "cumulative", "cumulatively", "cumul", "cum", "cumulated", "accumulative", "accumulating", "ytd", "year to date", "running",
        "cumulative ytd", "cumulative year to date", "cumulative to date",
    ),
    Accumulation.SNAPSHOT: (
        "snapshot", "point in time", "at period end", "as at", "stock", "non cumulative", "not cumulative",
    ),
    Accumulation.ROLLING: ("rolling", "rolling year", "rolling average", "rolling annual", "moving average"),
    Accumulation.AVERAGE: ("average", "mean", "quarter average", "year average", "average over the year", "ytd average",
                           "year to date average", "average ytd", "average year to date"),
}  # fmt: skip

_COUNTS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_LAG: Final = re.compile(
    r"(?:([0-9]{1,3}|a|one|two|three|four|six|twelve) )?(month|quarter|year)s?(?: (?:in arrears|behind|lag|late|in arrear|delay))?"
)


@dataclass(frozen=True, slots=True)
class Lag:
    """How many months before the report's period the period of a figure lies."""

    months: int
    #: as people say it: "1 quarter in arrears"
    said: str

    @classmethod
    def read(cls, text: str) -> Lag | None:
        """The lag that ``text`` gives, ``None`` where it says that there is none.

        >>> Lag.read("1 quarter"), Lag.read("three months in arrears").months, Lag.read("none")
        (Lag(months=3, said='1 quarter in arrears'), 3, None)

        Raises ``SettingError`` for anything else: weeks and days move no period by whole months.
        """
        word = _folded(text)
        if word in ("", "none", "no", "nil", "0", "no lag", "0 months", "0 quarters"):
            return None
        found = _LAG.fullmatch(re.sub(r"^(?:in arrears(?: by)?|lag(?: of)?|arrears(?: of)?)[: ]*(?=.)", "", word))
        number = 0 if found is None else _COUNTS.get(found[1] or "a") or int(found[1])
        if found is None or not 0 < number <= 120:
            raise SettingError(
                f"“{text}” does not say by how many months or quarters a figure lags behind",
                expected=("1 quarter", "3 months", "1 year", "none"),
            )
        months = number * LENGTHS[found[2]]
        return cls(months, f"{number} {found[2]}{'' if number == 1 else 's'} in arrears")

    def before(self, last_day: date) -> date:
        """The last day of the period of a figure that is reported for a period with this last day.

        >>> Lag.read("1 quarter").before(date(2023, 9, 30)), Lag.read("1 month").before(date(2024, 3, 31))
        (datetime.date(2023, 6, 30), datetime.date(2024, 2, 29))
        """
        return add_months(last_day + _DAY, -self.months) - _DAY

    def after(self, last_day: date) -> date:
        """The last day of the period for which the figure of the period with this last day is reported."""
        return add_months(last_day + _DAY, self.months) - _DAY


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often there is a figure: ``months`` apart, or ``None`` where the word gives no months ("as available")."""

    name: str
    months: int | None
    #: the months of the calendar with which its periods end, where those are not all as long: school terms
    ends_in: tuple[int, ...] = ()

    @classmethod
    def read(cls, text: str) -> Frequency:
        """The frequency that ``text`` names.

        >>> Frequency.read("6 monthly").months, Frequency.read("Annually").months, Frequency.read("As available").months
        (6, 12, None)

        Raises ``SettingError``, with the nearest known word, for anything else.
        """
        word = re.sub(r"^(?:reported|collected|every|once a|once per|each) ", "", _folded(text))
        for months, words in _FREQUENCIES.items():
            if word in words:
                return cls(words[0], months)
        if word in ("termly", "term", "school term", "every term", "school terms"):
            return cls("termly", None, tuple((month + lasts - 2) % 12 + 1 for month, lasts in TERMS.values()))
        if word in ("biannual", "bi annual", "biannually", "bi annually"):
            raise SettingError(
                f"“{text}” could be twice a year or every two years", nearest=("half-yearly", "biennial")
            )
        known = [each for words in _FREQUENCIES.values() for each in words]
        raise SettingError(
            f"“{text}” is no known frequency", nearest=get_close_matches(word, known, n=1, cutoff=0.6) or ("quarterly",)
        )

    @property
    def period(self) -> str:
        """What the time of one figure is called."""
        return "term" if self.ends_in else _CALLED.get(self.months or 0, "period")

    @property
    def gap(self) -> int | None:
        """How many months lie between two figures at most; ``None`` where nothing tells."""
        ends = sorted(self.ends_in)
        return max(((b - a) % 12 for a, b in pairwise([*ends, *ends[:1]])), default=self.months)

    def next_due(self, last_day: date, year: Year) -> date | None:
        """The last day of the first period of a figure that ends on ``last_day`` or after it; that day ends a month.

        ``None`` where the word gives no months. Of what comes every two years or more seldom, the end of the year: in
        which years, nobody says.

        >>> from rag_rules.periods import FINANCIAL
        >>> Frequency.read("annual").next_due(date(2023, 9, 30), FINANCIAL)
        datetime.date(2024, 3, 31)
        """
        ends = self.ends_in
        if self.months is not None:
            step = min(self.months, 12)
            ends = tuple((year.starts + gone - 2) % 12 + 1 for gone in range(step, 13, step))
        if not ends:
            return None
        return add_months(last_day + timedelta(days=1), min((month - last_day.month) % 12 for month in ends)) - _DAY


#: what the time between two figures is called, by its months
_CALLED: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
_FREQUENCIES: Final[dict[int | None, tuple[str, ...]]] = {
    1: ("monthly", "m", "month", "daily", "day", "weekly", "week", "fortnightly", "continuous", "4 weekly", "four weekly"),
    2: ("two-monthly", "two monthly", "2 monthly", "bi monthly", "bimonthly", "two months", "2 months"),
    3: ("quarterly", "q", "quarter", "3 monthly", "three monthly", "3 months", "three months"),
    4: ("four-monthly", "4 monthly", "four monthly", "4 months", "four months"),
    6: ("half-yearly", "half yearly", "6 monthly", "six monthly", "twice a year", "twice yearly", "6 months", "six months",
        "semi annual", "semi annually", "half year"),
    12: ("annual", "a", "annually", "yearly", "year", "12 monthly", "twelve monthly", "academic year", "financial year", "per year"),
    24: ("biennial", "biennially", "two yearly", "2 yearly", "two years", "2 years", "every two years", "every 2 years"),
    36: ("three-yearly", "three yearly", "3 yearly", "three years", "3 years"),
    None: ("as available", "when available", "ad hoc", "as required", "as needed", "one off", "once", "seasonal", "variable", "various", "on request", "periodic", "periodically", "as published", "irregular"),
}  # fmt: skip


# profiles -----------------------------------------------------------------------------------------------------------

_PART: Final = re.compile(
    r"(?<![a-z0-9])(?:(?:q|qtr|quarter) ?(?P<quarter>[1-4])(?![0-9])|(?:h|half) ?(?P<half>[12])(?![0-9])"
    rf"|(?P<month>{MONTH})(?![a-z])\.?)"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is due in, or by the end of, each part of a year, as written: ``Q1 40, Q2 80, Q3 120, Q4 160``."""

    #: "quarter", "half" or "month"
    kind: str
    #: the number of each part (of the calendar's month, for months), with its amount
    parts: tuple[tuple[int, Quantity], ...]

    @classmethod
    def read(cls, text: str | Profile) -> Profile:
        """The profile that ``text`` writes: amounts or percentages, each behind the name of its quarter, half or month.

        >>> Profile.read("Q1 20%, Q2 45%, Q3 70%, Q4 100%").kind, len(Profile.read("H1=3; H2=4").parts)
        ('quarter', 2)

        Raises ``SettingError`` for anything else.
        """
        if isinstance(text, Profile):
            return text
        text = str(text)
        folded = " ".join(text.lower().split())
        found = list(_PART.finditer(folded)) if len(folded) <= _LONGEST else []
        if not found or folded[: found[0].start()].strip(" :"):
            raise SettingError(f"“{text[:80]}” is no profile", hint="write Q1 20%, Q2 45%, Q3 70%, Q4 100%, or amounts")
        kinds = {match.lastgroup or "" for match in found}
        if len(kinds) > 1:
            raise SettingError(f"the profile “{text}” mixes {' and '.join(sorted(kind + 's' for kind in kinds))}")
        parts: list[tuple[int, Quantity]] = []
        for match, end in zip(found, [*[match.start() for match in found[1:]], len(folded)], strict=True):
            named, number = match[match.lastgroup or 0], match.group()
            amount = re.sub(r"^(?:[:=]|- )", "", folded[match.end() : end].strip(" ,;")).strip()
            if not amount:
                raise SettingError(f"the profile “{text}” has no amount for {number.upper()}")
            quantity = quantity_of(amount, what=f"profile of {number.capitalize()}")
            if quantity.value < 0:
                raise SettingError(f"the profile “{text}” has a negative amount for {number.capitalize()}")
            parts.append((month_number(named) or int(named) if not named.isdecimal() else int(named), quantity))
        if len({number for number, _ in parts}) < len(parts):
            raise SettingError(f"the profile “{text}” names a {next(iter(kinds))} twice")
        return cls(next(iter(kinds)), tuple(parts))

    def shares(self, year: Year, target: Quantity | None) -> dict[int, Fraction]:
        """The share of the target that is due, by how many months of the year have gone by.

        Amounts to date end at the target (or at 100%), amounts by period sum to it. Raises ``SettingError`` for a
        profile that does neither, and for one that could be read both ways.

        >>> from rag_rules.periods import FINANCIAL
        >>> Profile.read("Q1 10, Q2 10, Q3 20, Q4 40").shares(FINANCIAL, Quantity(Decimal(80)))[6]
        Fraction(1, 4)
        """
        lasts = LENGTHS[self.kind]
        placed = sorted(
            ((self._months_gone(number, year), amount) for number, amount in self.parts), key=lambda pair: pair[0]
        )
        places, amounts = [place for place, _ in placed], [amount for _, amount in placed]
        if places[-1] != 12:
            raise SettingError(f"the profile “{self}” does not say what is due by the end of the year")
        is_whole = len(places) == 12 // lasts
        meanings: dict[tuple[Fraction, ...], str] = {}
        for values, total in self._totals(amounts, target):
            if values[-1] == total and all(a <= b for a, b in pairwise(values)):
                meanings.setdefault(tuple(value / total for value in values), "amounts to date")
            if is_whole and sum(values) == total:
                meanings.setdefault(tuple(value / total for value in accumulate(values)), "amounts by period")
        if len(meanings) > 1:
            raise SettingError(
                f"the profile “{self}” could be {' or '.join(meanings.values())}",
                hint="write it as percentages to date",
            )
        if not meanings:
            raise SettingError(self._unmatched(amounts, target, is_whole))
        return dict(zip(places, next(iter(meanings)), strict=True))

    def _months_gone(self, number: int, year: Year) -> int:
        return (number - year.starts) % 12 + 1 if self.kind == "month" else number * LENGTHS[self.kind]

    def _totals(self, amounts: Sequence[Quantity], target: Quantity | None) -> list[tuple[list[Fraction], Fraction]]:
        """The amounts as numbers, with what they may come to: the target, 100%."""
        found: list[tuple[list[Fraction], Fraction]] = []
        if target is not None and target.value > 0:
            try:
                values = [each.value if each.unit.is_number else each.to(target.unit).value for each in amounts]
                found.append(([Fraction(value) for value in values], Fraction(target.value)))
            except UnitError:
                pass  # percentages of an amount of something else
        if all(each.unit.is_percent and not each.unit.per for each in amounts):
            found.append(([Fraction(each.value) for each in amounts], Fraction(100)))
        return found

    def _unmatched(self, amounts: Sequence[Quantity], target: Quantity | None, is_whole: bool) -> str:
        wanted = f"the target is {target}" if target is not None else "the target is no single amount"
        kinds = {(each.unit.dimension, each.unit.per) for each in amounts}
        total = ""
        if len(kinds) == 1 and is_whole:
            total = f" and sums to {Quantity(trimmed(sum((each.to(amounts[0].unit).value for each in amounts), start=amounts[0].value * 0)), amounts[0].unit)}"
        return (
            f"the profile “{self}” ends at {amounts[-1]}{total}, and {wanted}; "
            "amounts to date must end at the target (or at 100%) and never fall, amounts by period must sum to it"
        )

    def __str__(self) -> str:
        names = {"quarter": "Q{}", "half": "H{}"}
        return ", ".join(
            f"{names[self.kind].format(number) if self.kind in names else MONTHS[number - 1][:3]} {amount}"
            for number, amount in self.parts
        )


# what is due --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """How much of a year's target is due by a day."""

    #: of the target for the year, exactly
    share: Fraction
    #: how many months of the year have gone by
    months: int
    #: when, in words: "30 September 2023", "the end of Q2"
    by: str
    #: the end of the year, in words
    ends: str
    #: the year, in words: "the financial year 2023/24"
    year: str
    #: whether a profile says so; else the share of the months that have gone by
    by_profile: bool = False

    @property
    def why(self) -> str:
        """Where the share comes from: ``pro-rated: 6 of 12 months``, ``by its profile: 45%``."""
        if self.by_profile:
            return f"by its profile: {_percentage(self.share)}"
        return f"pro-rated: {self.months} of 12 months"

    @property
    def how(self) -> str:
        """The way in a word or two, for sentences."""
        return "by its profile" if self.by_profile else "pro-rated"


def _percentage(share: Fraction) -> str:
    hundredths = share * 10_000
    about = "" if hundredths.denominator == 1 else "about "
    return f"{about}{plain(trimmed(round(hundredths) * Decimal('0.01')))}%"


def due_by(last_day: date, year: Year, *, profile: Profile | None = None, target: Quantity | None = None) -> Due:
    """What is due by a day: the share of the year's months that have gone by, or what the profile says.

    >>> from rag_rules.periods import FINANCIAL
    >>> due_by(date(2023, 9, 30), FINANCIAL).share, due_by(date(2024, 2, 29), FINANCIAL).why
    (Fraction(1, 2), 'pro-rated: 11 of 12 months')

    Raises ``SettingError`` for a day on which no month ends, for a day that the profile says nothing of, and for a
    profile that does not come to the target.
    """
    if profile is None:
        return _by_months(last_day, year)
    return _due_on(last_day, year, profile, target)


@lru_cache(maxsize=4096)
def _by_months(last_day: date, year: Year) -> Due:
    """What is due where there is no profile: the same of every target."""
    return _due_on(last_day, year, None, None)


def _due_on(last_day: date, year: Year, profile: Profile | None, target: Quantity | None) -> Due:
    if not 1900 <= last_day.year <= 2200:
        raise SettingError(f"{last_day} is not a day on which a period of a scorecard ends")
    after = last_day + timedelta(days=1)
    if after.day != 1:
        raise SettingError(
            f"{written_date(last_day)} is not the last day of a month, so the part of the year that has gone by is no number of months"
        )
    within = year.containing(last_day)
    return _due(
        months_between(within.start, after), year, profile, target,
        by=written_date(last_day), ends=written_date(within.last_day), name=_called(year, f" {within}"),
    )  # fmt: skip


def refuse_two_years(period: Period, year: Year, called: str = "") -> None:
    """Refuse a period whose figure is the total of no one year; ``called`` says which it is in words.

    Raises ``SettingError`` for one of twelve months that are not the year, and for one that is longer.
    """
    words = called or f"{written_date(period.first_day)} to {written_date(period.last_day)}"
    if period.end > add_months(period.start, 12):
        raise SettingError(f"{words} is longer than a year")
    if period.months == 12 and period.start != year.containing(period.last_day).start:
        raise SettingError(f"{words} lies across two years that begin in {MONTHS[year.starts - 1]}")


def due_in_month(
    month: int, year: Year, *, by: str, profile: Profile | None = None, target: Quantity | None = None
) -> Due:
    """What is due by the end of a month of a year that is not named; ``by`` says when in words.

    >>> from rag_rules.periods import FINANCIAL
    >>> due_in_month(9, FINANCIAL, by="the end of Q2").share
    Fraction(1, 2)

    Raises ``SettingError`` as ``due_by`` does.
    """
    months = (month - year.starts) % 12 + 1
    return _due(months, year, profile, target, by=by, ends="the end of the year", name=_called(year, ""))


def _called(year: Year, label: str) -> str:
    return f"year{label} {year}" if year.name.startswith("from ") else f"{year} year{label}"


def _due(
    months: int, year: Year, profile: Profile | None, target: Quantity | None, *, by: str, ends: str, name: str
) -> Due:
    share = Fraction(months, 12)
    if profile is not None:
        shares = profile.shares(year, target)
        if months not in shares:
            raise SettingError(
                f"the profile “{profile}” does not say what is due by {by}", hint=f"add what is due by {by}"
            )
        share = shares[months]
    return Due(share, months, by, ends, f"the {name}", profile is not None)
