"""The text of one amount to the quantity it writes: ``£1.2m``, ``2100 per 100,000``, ``twenty-five per cent``."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, NamedTuple

from rag_rules.errors import UnitError
from rag_rules.expressions import expression
from rag_rules.quantity import EXACT, NUMBER, PERCENT, Quantity, Unit, out_of, unit

__all__ = ["Suffix", "number_words", "read_amount", "read_number", "read_suffix"]

_ONES: Final = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_POWERS: Final = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "tn": 12, "trillion": 12,
}  # fmt: skip


@cache
def number_words() -> dict[str, Decimal]:
    """The numbers that are written in words."""
    words = {word: Decimal(i) for i, word in enumerate(_ONES)}
    words |= {"nil": Decimal(0), "once": Decimal(1), "twice": Decimal(2)}
    for i, ten in enumerate(_TENS, 2):
        words[ten] = Decimal(10 * i)
        for one in range(1, 10):
            words[f"{ten}-{_ONES[one]}"] = words[f"{ten} {_ONES[one]}"] = Decimal(10 * i + one)
    for word, value in list(words.items()):
        words[f"{word} hundred"] = value * 100
    for hundred in range(1, 10):
        for rest, value in list(words.items()):
            if 0 < value < 100 and rest not in ("once", "twice"):
                words[f"{_ONES[hundred]} hundred and {rest}"] = 100 * hundred + value
    words |= {
        "a hundred": Decimal(100),
        "a dozen": Decimal(12),
        "a thousand": Decimal(1000),
        "a million": Decimal("1E+6"),
    }
    return words


_PARTS_OF_ONE: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10}

_AMOUNT = expression(
    r"(?:(?:c\.? ?|circa |approx\.? |approximately |about |around |~ ?)(?=[-+.0-9£€¥₹]))?"
    r"((?:[a-z]{0,3}[£$€¥₹]|[a-z]{2,3}\.?(?= ?[-+0-9.])) ?)?([-+])?([0-9][0-9,]*(?:\.[0-9]+|[½¼¾])?|\.[0-9]+)(.*)",
    re.DOTALL,
)
_IN = expression(
    r"([0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine) in ([0-9]{1,3}(?:,[0-9]{3})*(?![0-9])|two|three|four|five|six|seven|eight|nine|ten)(?![a-z])"
)
_SUFFIX = expression(
    r"(?: ?(?:/|out of|of) ?(?P<whole>[0-9]+(?:\.[0-9]+)?)(?![0-9]))?"
    r"(?: ?(?P<power>k|mn|mln|m|bn|b|tn|thousand|million|billion|trillion)(?:(?<=and|ion)s)?(?![a-z0-9]))?"
    r"(?P<unit>.*?)"
    r"(?P<per> ?per (?!cent).*| ?/ ?(?:[0-9][0-9,]*(?:k| thousand| million)?|[a-z]{2,20}|day|week|month|quarter|year|annum|yr)| (?:an?|each|every) (?:day|week|month|quarter|year)"
    r"| (?:every|per) [0-9]+ (?:days|weeks|months|years)| p\.?a\.?| pcm)?",
    re.DOTALL,
)
_POPULATION = expression(
    r" (?:of )?(?:the )?(?:population|people|residents|inhabitants|collections|households|persons|head)$"
)


_GROUPED = expression(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_VULGAR: Final = {"½": ".5", "¼": ".25", "¾": ".75"}
_COMPOUND = expression(
    r"([0-9]+ ?(?:hours?|hrs?|h|days?|years?|yrs?|weeks?|minutes?|mins?))(?: |, | and )?"
    r"([0-9]+ ?(?:minutes?|mins?|months?|mths?|days?|hours?|hrs?|seconds?|secs?))"
)


def _compound(large: str, small: str) -> Quantity:
    """The sum of two amounts of one dimension, in the smaller unit: "1 hour 30 minutes"."""
    first, second = read_amount(large)[0], read_amount(small)[0]
    same = first.unit.dimension == second.unit.dimension and not first.unit.is_number
    if not same or first.unit.factor <= second.unit.factor:
        raise UnitError(f"{first} and {second} are not one amount")
    return Quantity(EXACT.add(first.to(second.unit).value, second.value), second.unit)


class Suffix(NamedTuple):
    """What stands behind the digits."""

    power: int
    unit: Unit | None
    per: str
    whole: Decimal | None


@lru_cache(maxsize=2048)
def read_suffix(text: str) -> Suffix:
    """The magnitude, unit and rate that ``text`` writes behind a number; raises ``UnitError`` for unknown units."""
    found = _SUFFIX.fullmatch(text)
    assert found is not None  # every part is optional and the unit takes anything
    whole = found["whole"]
    if whole and re.fullmatch(r" ?/ ?(?:19|20)[0-9]{2}", text):
        raise UnitError(
            f"“{text.strip()}” behind a number could be a year", hint="write “out of”, or the date in words"
        )
    if whole and (Decimal(whole) == 0 or found["per"] or found["unit"].strip()):
        raise UnitError(f"“{text.strip()}” behind a number is not clear")
    name = found["unit"].strip()
    return Suffix(
        power=_POWERS[found["power"]] if found["power"] else 0,
        unit=unit(name) if name else None,
        per=_per(found["per"] or ""),
        whole=Decimal(whole) if whole else None,
    )


def _per(text: str) -> str:
    """The denominator of a rate in one spelling: ``per 100k`` and ``/100,000`` are ``100,000``."""
    text = text.strip()
    if not text:
        return ""
    if text in ("pcm", "p.a", "p.a.", "pa"):
        return "month" if text == "pcm" else "year"
    name = _POPULATION.sub("", re.sub(r"^(?:per|/|an?|each|every) ?", "", text)).strip()
    digits = re.fullmatch(r"([0-9][0-9,]*)(k| thousand| million)?((?: [a-z]+)*)", name)
    if digits and not re.fullmatch(r"[0-9]+ (?:days|weeks|months|years)", name):
        power = _POWERS[digits[2].strip()] if digits[2] else 0
        return f"{int(digits[1].replace(',', '')) * 10**power:,}{digits[3]}"
    return {"annum": "year", "yr": "year"}.get(name, re.sub(r"^1 (\w+?)s?$", r"\1", name))


def read_number(text: str) -> Decimal | None:
    """The number that digits or number words write; ``None`` if they write none."""
    if text in number_words():
        return number_words()[text]
    try:
        return Decimal(text.replace(",", ""))
    except ArithmeticError:
        return None


@lru_cache(maxsize=1024)
def _worded(text: str) -> tuple[Decimal, Unit, str]:
    """A number in words, with its unit and what is left of the text."""
    text = re.sub(r"^(?:circa |c\.? |approx\.? |approximately |about |around |~ ?)", "", text)
    if found := _IN.match(text):
        count, whole = read_number(found[1]), read_number(found[2])
        assert count is not None
        assert whole is not None
        if whole == 0 or count > whole:
            raise UnitError(f"“{text}” is no share of a whole")
        return EXACT.divide(count * 100, whole), PERCENT, text[found.end() :]
    share = re.match(r"(?:(one|two|three|four|an?)[ -])?(half|third|quarter|fifth|tenth)s?", text)
    if share:
        count = number_words().get(share[1] or "one", Decimal(1))
        return EXACT.divide(count * 100, Decimal(_PARTS_OF_ONE[share[2]])), PERCENT, text[share.end() :]
    longest = max((word for word in number_words() if text.startswith(word)), key=len, default="")
    if not longest:
        raise UnitError(f"“{text}” is not an amount", hint="write the number in digits")
    return number_words()[longest], NUMBER, text[len(longest) :]


def number_of(digits: str) -> Decimal:
    """The number that digits write, with commas before each three; raises ``UnitError`` where they stand otherwise.

    >>> number_of("1,234,567.5")
    Decimal('1234567.5')
    """
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise UnitError(
            f"“{digits}” could have a decimal comma", hint="write a decimal point, and commas for thousands only"
        )
    return Decimal(digits.replace(",", ""))


def read_amount(text: str) -> tuple[Quantity, int, bool]:
    """The quantity that ``text`` (folded) writes, its magnitude as a power of ten, and whether it has a currency sign.

    >>> str(read_amount("£1.2m")[0]), str(read_amount("2100 per 100,000")[0]), str(read_amount("half")[0])
    ('£1.2m', '2,100 per 100,000', '50%')
    """
    found = _AMOUNT.fullmatch(text)
    if found is None or (" in " in text and _IN.match(text)):
        value, kind, rest = _worded(text)
        power, named, per, _ = read_suffix(rest)
        if named is not None and kind is PERCENT:
            raise UnitError(f"“{text}” has two units, {kind} and {named}")
        if named is not None:
            kind = named
        if per:
            kind = Unit(kind.name, kind.dimension, kind.factor, per, kind.singular)
        return Quantity(value.scaleb(power) if power else value, kind), power, False
    currency, sign, digits, rest = found.groups()
    if len(rest) > 2 and (compound := _COMPOUND.fullmatch(text)) is not None:  # "1h2h" is the shortest
        return _compound(compound[1], compound[2]), 0, False
    if digits[-1] in _VULGAR:
        digits = f"{digits[:-1]}{_VULGAR[digits[-1]]}"
    value = number_of(digits) if "," in digits else Decimal(digits)
    power, kind_or_none, per, whole = read_suffix(rest) if rest else (0, None, "", None)
    kind = NUMBER if kind_or_none is None else kind_or_none
    if currency and (kind_or_none is not None or whole is not None):
        raise UnitError(f"“{text}” has two units, {currency.strip()} and {kind_or_none or out_of(whole or value)}")
    if currency:
        kind = unit(currency.strip().rstrip("."))
    elif whole is not None:
        kind = out_of(whole)
    if per:
        kind = (
            unit(kind.name, per=per)
            if kind.name and whole is None
            else Unit(kind.name, kind.dimension, kind.factor, per)
        )
    if power:
        value = value.scaleb(power)
    if sign == "-":
        value = value.copy_negate()
    return Quantity(value, kind), power, bool(currency)
