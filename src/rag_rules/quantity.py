"""Exact amounts with their units, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache

from rag_rules.errors import UnitError

__all__ = [
    "DATE",
    "EXACT",
    "NUMBER",
    "PERCENT",
    "POINTS",
    "RANK",
    "Quantity",
    "Unit",
    "percent",
    "plain",
    "pounds",
    "unit",
]

#: Arithmetic on thresholds: numbers as written have at most 30 digits, so products of two are exact and
#: quotients are cut far beyond any digit that a reading can have.
EXACT = Context(prec=80)


#: a number with more digits than this is a quotient without end
_MOST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts. Units of one ``dimension`` convert into each other exactly."""

    #: as printed, in the plural: ``days``; empty for a plain number
    name: str
    dimension: str
    #: how many of the dimension's smallest unit one of this is
    factor: Decimal = field(default=Decimal(1))
    #: the denominator of a rate: ``100,000``, ``year``, ``household``; empty if there is none
    per: str = ""
    singular: str = ""

    def __str__(self) -> str:
        return f"{self.name} per {self.per}".strip() if self.per else self.name

    def __repr__(self) -> str:
        return f"<Unit {self}>"

    @property
    def is_percent(self) -> bool:
        """Whether it is a percentage (``95%``), of which 5% and 5 points are different things."""
        return self.dimension == "percent"

    @property
    def is_date(self) -> bool:
        """Whether its amounts are days of the calendar."""
        return self.dimension == "date"

    @property
    def is_number(self) -> bool:
        """Whether nothing is said of what is counted."""
        return self.dimension == "number"


NUMBER = Unit("", "number")
PERCENT = Unit("%", "percent")
POINTS = Unit("percentage points", "points", singular="percentage point")
RANK = Unit("", "rank")
#: a day, as its number in the calendar that `date.toordinal` counts
DATE = Unit("", "date")
#: a place counted from the top as a share of all: "in the top 10%"
TOP_SHARE = Unit("%", "place from the top")


def _units() -> dict[str, Unit]:
    """Every spelling of every unit, in lower case."""
    table: dict[str, Unit] = {}

    def add(unit: Unit, *spellings: str) -> None:
        for spelling in (unit.name.lower(), unit.singular.lower(), *spellings):
            if spelling:
                table[spelling] = unit

    def family(dimension: str, *members: tuple[str, str, str, str]) -> None:
        for name, singular, factor, spellings in members:
            add(Unit(name, dimension, Decimal(factor), singular=singular), *filter(None, spellings.split("|")))

    add(PERCENT, "per cent", "percent", "per cent.", "pct", "pc", "p.c.", "percentage")
    add(POINTS, "pp", "ppt", "ppts", "pps", "%pt", "%pts", "% points", "%-points", "% point", "percent points",
        "per cent points", "percentage pts", "pct points")  # fmt: skip
    add(Unit("points", "score", singular="point"), "pts", "pt")
    family(
        "time",
        ("milliseconds", "millisecond", "1", "ms|msec|msecs"),
        ("seconds", "second", "1000", "s|sec|secs"),
        ("minutes", "minute", "60000", "min|mins"),
        ("hours", "hour", "3600000", "h|hr|hrs"),
        ("days", "day", "86400000", "d|calendar day|calendar days"),
        ("weeks", "week", "604800000", "w|wk|wks|calendar week|calendar weeks"),
    )
    working = (
        "working",
        "work",
        "wkg",
        "bus",
        "bus.",
        "business",
        "workable",
        "clear working",
        "clear business",
        "full working",
    )
    family(
        "working time",
        ("working days", "working day", "1",
         "|".join([*(f"{kind} {noun}" for kind in working for noun in ("day", "days")), "wd", "wds"])),
        ("working weeks", "working week", "5", "business week|business weeks"),
    )  # fmt: skip
    family("working hours", ("working hours", "working hour", "1", "business hours|business hour"))
    family("school time", ("school days", "school day", "1", "term days|term day"))
    family("clear time", ("clear days", "clear day", "1", ""))
    family(
        "months",
        ("months", "month", "1", "mo|mos|mth|mths|calendar month|calendar months"),
        ("quarters", "quarter", "3", ""),
        ("years", "year", "12", "yr|yrs|calendar year|calendar years"),
    )
    family(
        "mass",
        ("g", "", "1", "gram|grams|gramme|grammes"),
        ("kg", "", "1000", "kgs|kilo|kilos|kilogram|kilograms|kilogramme|kilogrammes"),
        ("tonnes", "tonne", "1000000", "t|te"),
        ("kilotonnes", "kilotonne", "1000000000", "kt"),
    )
    family("tons", ("tons", "ton", "1", ""))
    carbon = ("co2", "co2e", "co2eq", "co2-e", "co2 e", "co2-eq")
    family(
        "carbon",
        ("kgCO2e", "", "1", "|".join(f"{of}{gas}" for gas in carbon for of in ("kg", "kg ", "kg of "))),
        ("tCO2e", "", "1000", "|".join(f"{of}{gas}" for gas in carbon for of in
         ("t", "t ", "tonne ", "tonnes ", "tonne of ", "tonnes of "))),
        ("ktCO2e", "", "1000000", "|".join(f"{of}{gas}" for gas in carbon for of in
         ("kt", "kt ", "kilotonnes ", "kilotonnes of "))),
    )  # fmt: skip
    family("energy", ("kWh", "", "1", ""), ("MWh", "", "1000", ""), ("GWh", "", "1000000", ""))
    family("length", ("metres", "metre", "1", "meters|meter"), ("km", "", "1000", "kms|kilometre|kilometres"))
    family("distance in miles", ("miles", "mile", "1", ""))
    family("area", ("hectares", "hectare", "1", "ha"))
    family("volume", ("litres", "litre", "1", "liters|liter"))
    family("ratio", ("x", "", "1", "times"))
    for code, symbol, spellings in (
        ("GBP", "£", "pound|pounds|sterling|pounds sterling"),
        ("USD", "$", "us$|dollar|dollars"),
        ("EUR", "€", "euro|euros"),
        ("JPY", "¥", "yen"),
        ("INR", "₹", "rupees|rs"),
        ("AUD", "A$", "au$"),
        ("CAD", "CA$", "can$|c$"),
        ("NZD", "NZ$", ""),
        ("HKD", "HK$", ""),
        ("SGD", "S$", ""),
        *((code, code, "") for code in _CODES),
    ):
        add(Unit(symbol, f"money in {code}"), code.lower(), *filter(None, spellings.split("|")))
    add(Unit("p", "money in GBP", Decimal("0.01")), "pence")
    return table


_CODES = (
    "LKR CHF SEK NOK DKK ISK PLN CZK HUF RON BGN TRY ZAR NGN KES GHS UGX TZS EGP MAD ILS AED SAR QAR KWD BHD "
    "OMR PKR BDT NPR CNY RMB KRW TWD THB MYR IDR PHP VND BRL MXN ARS CLP COP PEN UAH"
).split()

SPELLINGS: dict[str, Unit] = _units()
#: dimensions whose name is written before the number
CURRENCIES = frozenset(unit.dimension for unit in SPELLINGS.values() if unit.dimension.startswith("money"))


@lru_cache(maxsize=1024)
def unit(name: str, *, per: str = "") -> Unit:
    """The unit that ``name`` spells, as a rate ``per`` something if that is given.

    >>> unit("wks"), unit("%", per="year")
    (<Unit weeks>, <Unit % per year>)

    Raises ``UnitError`` for a name that is no known unit.
    """
    if not per and " per " in f" {name}" and " ".join(name.lower().split()) not in SPELLINGS:
        name, _, per = f" {name}".partition(" per ")
    spelled = " ".join(name.lower().split())
    found = NUMBER if not spelled else SPELLINGS.get(spelled)
    if spelled.startswith("out of ") and spelled[7:].isdecimal():
        found = out_of(Decimal(spelled[7:]))
    if found is None:
        from difflib import get_close_matches

        raise UnitError(
            f"“{name}” is not a known unit",
            nearest=get_close_matches(spelled, [key for key in SPELLINGS if len(key) > 1], n=3),
        )
    return Unit(found.name, found.dimension, found.factor, per, found.singular) if per else found


def out_of(whole: Decimal) -> Unit:
    """The unit of a score or count out of ``whole``: ``4.0/5.0``, ``27 out of 36``."""
    name = f"out of {plain(trimmed(whole))}"
    return Unit(name, name)


def plain(value: Decimal) -> str:
    """The number in digits, thousands parted by commas, as many decimals as it was written with.

    >>> plain(Decimal("1234.50")), plain(Decimal("1.4E+6")), plain(Decimal("-0"))
    ('1,234.50', '1,400,000', '0')
    """
    return f"{value if value else abs(value):,f}"


def trimmed(value: Decimal) -> Decimal:
    """The same number without zeros that computing added: ``22.050`` is ``22.05``; long ones rounded for show."""
    exponent = exponent_of(value)
    if exponent == 0:
        return value
    if exponent < -10:
        value = round(value, 6)
    return written_out(value.normalize(EXACT))


def written_out(value: Decimal) -> Decimal:
    """The same number with all its digits in front of the point.

    >>> written_out(Decimal("1.4E+6")), written_out(Decimal("1.50"))
    (Decimal('1400000'), Decimal('1.50'))
    """
    return value if exponent_of(value) <= 0 else value.quantize(Decimal(1), context=EXACT)


def exponent_of(value: Decimal) -> int:
    """The power of ten of the last digit written: -2 for ``1.50``, 3 for ``12E+3``; 0 for NaN and the infinities.

    >>> exponent_of(Decimal("1.50")), exponent_of(Decimal("NaN"))
    (-2, 0)
    """
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact amount: a number in a unit.

    >>> str(pounds(21)), str(percent("31.5")), str(Quantity(Decimal("7.4"), unit("years")))
    ('£21', '31.5%', '7.4 years')
    """

    value: Decimal
    unit: Unit = NUMBER

    def __str__(self) -> str:
        kind = self.unit
        if kind.is_date:
            return date.fromordinal(int(self.value)).isoformat()
        if kind.is_percent and len(self.value.as_tuple().digits) > _MOST_SHOWN:
            from fractions import Fraction  # slow to load, and few quantities need it

            share = Fraction(self.value) / 100  # a third is no decimal; "1 in 3" is read back as the same quotient
            near = share.limit_denominator(99)
            if abs(share - near) < Fraction(1, 10**60):
                return f"{near.numerator} in {near.denominator}" + (f" per {kind.per}" if kind.per else "")
        digits = _shortened(self.value)
        sign = ""
        if kind.dimension in CURRENCIES and kind.name != "p":
            sign, digits = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
            shown = f"{sign}{kind.name}{' ' if kind.name.isalpha() else ''}{digits}"
        elif kind.name in ("%", "x", "p"):
            shown = f"{digits}{kind.name}"
        else:
            name = kind.singular if kind.singular and abs(self.value) == 1 else kind.name
            shown = f"{digits} {name}" if name else digits
        return f"{shown} per {kind.per}" if kind.per else shown

    def to(self, other: Unit) -> Quantity:
        """The same amount in ``other``, exactly.

        >>> str(Quantity(Decimal(90), unit("minutes")).to(unit("hours")))
        '1.5 hours'

        Raises ``UnitError`` where there is no exact conversion.
        """
        if self.unit is other or self.unit == other:
            return self
        rate = _rate_factor(self.unit.per, other.per)
        if self.unit.dimension != other.dimension or rate is None:
            raise UnitError(f"{self} cannot be compared with an amount in {_called(other)}")
        if self.unit.factor == other.factor and rate == (1, 1):
            return Quantity(self.value, other)
        value = EXACT.multiply(EXACT.multiply(self.value, self.unit.factor), Decimal(rate[0]))
        return Quantity(EXACT.divide(value, EXACT.multiply(other.factor, Decimal(rate[1]))), other)


#: lengths of the times that a rate is per, in two families that do not convert into each other
_PER_TIMES = {
    "day": ("days", 1),
    "week": ("days", 7),
    "month": ("months", 1),
    "quarter": ("months", 3),
    "year": ("months", 12),
}


_COUNT = re.compile(r"[0-9,]+")


def _per_time(per: str) -> tuple[str, int] | None:
    """The family and length of the time that a rate is per: ``6 months`` is six of the months."""
    count, _, noun = per.rpartition(" ")
    found = _PER_TIMES.get(noun.removesuffix("s"))
    return (found[0], found[1] * int(count or 1)) if found is not None and (not count or count.isdecimal()) else None


def _rate_factor(per: str, other: str) -> tuple[int, int] | None:
    """What a rate per ``per`` is multiplied and divided by to be one per ``other``; ``None`` if they do not convert."""
    if per == other:
        return (1, 1)
    if per[:1].isdigit() and other[:1].isdigit() and _COUNT.fullmatch(per) and _COUNT.fullmatch(other):
        return (int(other.replace(",", "")), int(per.replace(",", "")))
    mine, theirs = _per_time(per), _per_time(other)
    if mine is None or theirs is None or mine[0] != theirs[0]:
        return None
    return (theirs[1], mine[1])


def _called(kind: Unit) -> str:
    names = {"percent": "per cent", "number": "plain numbers", "rank": "places"}
    return names.get(kind.dimension, str(kind)) if not kind.per else str(kind)


def _shortened(value: Decimal) -> str:
    """The number, with k, m or bn when it was written so (its last written digit is above the units)."""
    exponent = exponent_of(value)
    if exponent > 0 and value:
        for suffix, power in (("bn", 9), ("m", 6), ("k", 3)):
            if abs(value) >= Decimal(10) ** power and exponent - power >= -6:
                return f"{plain(value.scaleb(-power))}{suffix}"
    return plain(value)


def pounds(amount: Decimal | int | str) -> Quantity:
    """An amount of pounds sterling."""
    return Quantity(Decimal(amount), SPELLINGS["gbp"])


def percent(amount: Decimal | int | str) -> Quantity:
    """A percentage."""
    return Quantity(Decimal(amount), PERCENT)
