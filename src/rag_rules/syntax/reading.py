"""A reading's text to a reading: a quantity, a label, or a word for missing data, with the marks it carries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from rag_rules.errors import ReadingSyntaxError, SettingError, UnitError, check_kind
from rag_rules.expressions import expression
from rag_rules.periods import MONTH
from rag_rules.quantity import EXACT, Quantity, out_of, written_out
from rag_rules.syntax.amounts import number_of, number_words, read_amount
from rag_rules.syntax.text import check_size, fold, tidy

__all__ = ["MISSING_WORDS", "Missing", "Reading", "parse_reading"]


class Missing(StrEnum):
    """Why there is no value."""

    BLANK = "blank"
    NOT_AVAILABLE = "not available"
    NOT_APPLICABLE = "not applicable"
    NOT_KNOWN = "not known"
    SUPPRESSED = "suppressed"
    NOT_A_NUMBER = "not a number"


#: words and signs for missing data, besides those that a scheme adds
MISSING_WORDS: Final[dict[str, Missing]] = {
    **dict.fromkeys(("", "blank", "none", "null", "-", "--", "---", ".", "nil return"), Missing.BLANK),
    **dict.fromkeys(
        ("dna", "data not available", "not available", "n/av", "nav", "unavailable", "no data", "no data available", "awaited",
         "awaiting data", "data awaited", "not yet available", "not reported", "not collected", "..", "...", ":", "[x]", "[z]", "[w]",
         "pending", "tbc", "tba", "tbd", "to be confirmed", "to follow", "not due", "no return", "missing", "data not yet available",
         "not published"),
        Missing.NOT_AVAILABLE,
    ),
    **dict.fromkeys(("n/a", "na", "n.a.", "n.a", "not applicable", "#n/a", "not measured"), Missing.NOT_APPLICABLE),
    **dict.fromkeys(("n/k", "nk", "not known", "unknown", "?", "??"), Missing.NOT_KNOWN),
    **dict.fromkeys(("[c]", "*", "**", "c", "suppressed", "[s]", "[u]", "redacted", "confidential", "[low]", "low numbers"), Missing.SUPPRESSED),
    **dict.fromkeys(("nan", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "inf", "-inf"), Missing.NOT_A_NUMBER),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading as written: its quantity or its label, or why it has neither.

    ``marks`` are the notes that its text carries ("approximate", "provisional"), ``fraction`` the percentage that a
    reading such as ``27/36`` makes, ``is_signed`` whether it says on which side of zero it lies.
    """

    text: str
    quantity: Quantity | None = None
    label: str | None = None
    missing: Missing | None = None
    fraction: Decimal | None = None
    is_signed: bool = False
    is_unconfirmed: bool = False
    #: an ordinal or "12th of 152": a place in a ranking
    is_place: bool = False
    #: "good" for a surplus or underspend, "bad" for a deficit or overspend, "" where the text names no side
    side: str = ""
    marks: tuple[str, ...] = field(default=())
    #: the first and the last day of a reading that is a date
    days: tuple[date, date] | None = None

    def __str__(self) -> str:
        if self.missing is not None:
            return self.text.strip() or "blank"
        if self.days is not None:
            return self.text
        return str(self.quantity) if self.quantity is not None else str(self.label)


_SUFFIX_MARKS: Final = (
    (
        "approximate",
        expression(
            r" ?\((?:approx\.?|approximate(?:ly)?|c\.?|est\.?|estimated?|e)\)$| ?(?:approx\.?|approximately|est\.?|\(e\))$"
        ),
    ),
    (
        "provisional",
        expression(
            r" ?[\[(](?:p|prov\.?|provisional|interim|draft|unvalidated|unaudited)[\])]$| (?:provisional|interim|unvalidated|unaudited|draft)$|(?<=%)p$"
        ),
    ),
    ("revised", expression(r" ?[\[(](?:r|rev\.?|revised)[\])]$|(?<=[0-9%])r$")),
    ("footnote", expression(r" ?(?:\*+|†+|‡+|#|\[[0-9a-z]{1,2}\]|\([0-9]\)(?<=%\([0-9]\)))$")),
    ("", expression(r"[ .;,]+$")),
)
_PREFIX_MARKS: Final = (
    (
        "approximate",
        expression(
            r"^(?:c\.? ?|circa |ca\.? |approx\.? |approximately |about |around |est\.? |estimated |~ ?|≈ ?)(?=[-+£€.0-9])"
        ),
    ),
    ("provisional", expression(r"^(?:provisional(?:ly)?:? |\(p\) ?)(?=[-+£$€.0-9])")),
)
_UNCONFIRMED = expression(
    r"[ ([-]*(?:\b(?:tbc|tba|to be confirmed|subject to (?:confirmation|audit)|unconfirmed|awaiting confirmation)\b)[)\]. ]*$"
)
_ACCOUNTING = expression(r"\( ?([£$€]? ?[0-9][0-9,]*(?:\.[0-9]+)? ?(?:k|m|bn|million)?%?) ?\)(%?)")
_OF = expression(
    r"([0-9][0-9,]*(?:\.[0-9]+)?) ?(?:/|out of|of|from) ?(?:a total of )?([0-9][0-9,]*(?:\.[0-9]+)?)(?: [a-z ]{1,30})?"
)
_PLACE = expression(
    r"(?:(?:joint|equal|ranked|rank|position|place|=) ?)*(?:(?P<nth>[0-9]+)(?:st|nd|rd|th)=?|#(?P<number>[0-9]+))(?: ?(?:place|position|=))?"
    r"(?: ?(?:out of|of|/) ?(?P<whole>[0-9]+))?"
    r"(?: (?:nationally|regionally|overall|in england|in the (?:country|region|uk)|authorities|councils|trusts|best|highest|lowest|joint|equal|rank))*"
)
_SIDE = expression(
    r"(?P<amount>.+?) (?:(?P<good>surplus|under[ -]?spend|underspent|under budget|favourable|credit)"
    r"|(?P<bad>deficit|over[ -]?spend|overspent|over budget|adverse|shortfall|overdrawn|over(?=$)))(?: .{0,40})?"
    r"|(?P<good2>surplus|under[ -]?spend|favourable|credit)(?: of)?:? (?P<amount2>.+)"
    r"|(?P<bad2>deficit|over[ -]?spend|adverse|shortfall)(?: of)?:? (?P<amount3>.+)"
)
_SIGNED = expression(
    r"(?P<sign>[-+]) ?(?P<rest>[£$€.0-9].*)|(?P<money>[a-z]{0,3}[£$€]) ?(?P<inner>[-+]) ?(?P<digits>[.0-9].*)|(?P<word>minus|plus) (?P<after>.+)"
)
#: a number with an exponent as programs write it: with a point before the "e" or a sign behind it; "5e12" may be a code
_OF_PROGRAMS = expression(r"[-+]?[0-9]+(?:\.[0-9]+e[-+]?|e[-+])[0-9]{1,3}")
_EXPONENT = expression(r"[-+£$€ ]*[0-9][0-9,]*(?:\.[0-9]+)?e[-+]?[0-9]+(?![0-9]).{0,20}")
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBER_AND_MORE = expression(r"[a-z]{0,3}[£$€]? ?[-+]?\.?[0-9]")
_QUARTILE = expression(r"(?:in )?(?:the )?[1-4](?:st|nd|rd|th) quartile")
_COMPARED = expression(r"[<>≤≥]|(?:less|more|fewer) than|over|under|up to|at least")


def parse_reading(text: Any, *, missing: frozenset[str] | tuple[str, ...] = ()) -> Reading:
    """The reading that ``text`` writes; numbers, ``None`` and NaN are readings too.

    ``missing`` are words for missing data besides the documented ones.

    >>> str(parse_reading("£1.2m").quantity), parse_reading("DNA").missing, parse_reading("c68%").marks
    ('£1.2m', <Missing.NOT_AVAILABLE: 'not available'>, ('approximate',))

    Raises ``ReadingSyntaxError`` for a text with a number in it that is no single amount, and ``SettingError`` where
    ``missing`` holds no words.
    """
    if isinstance(text, str):
        return _parse(text, _words(missing))
    return _valued(text)


def _words(missing: Iterable[str]) -> frozenset[str]:
    if isinstance(missing, _LISTS) and not missing:
        return _NO_WORDS
    check_kind(missing, _LISTS, "list of words", SettingError, hint='write missing=("not returned",)')
    for word in missing:
        check_kind(word, str, "word for missing data", SettingError)
    return frozenset(word.lower() for word in missing)


_NO_WORDS: Final = frozenset[str]()
_LISTS: Final = (tuple, frozenset, list, set)


def is_nothing(value: object) -> bool:
    """Whether a value is ``None``, or stands for a missing one in pandas."""
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def number_given(value: Any) -> Decimal | None:
    """The number that a value of Python or NumPy is, by the digits that it prints with; ``None`` for anything else.

    >>> number_given(0.1), number_given(True), number_given("95")
    (Decimal('0.1'), None, None)
    """
    if isinstance(value, float):
        return Decimal(repr(float(value)))
    if isinstance(value, int | Decimal):
        return Decimal(value) if not isinstance(value, bool) else None
    if _is_of_numpy(value, "f"):  # it prints as the shortest decimal that it is, in its own width
        return Decimal(str(value))
    return Decimal(value.item()) if _is_of_numpy(value, "iu") else None


def _valued(value: Any) -> Reading:
    """The reading of a value that is no text."""
    if is_nothing(value):
        return Reading("", missing=Missing.BLANK)
    if isinstance(value, Reading):
        return value
    if isinstance(value, Quantity):
        return Reading(str(value), value, is_signed=value.value <= 0)
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        return Reading(day.isoformat(), days=(day, day))
    if isinstance(value, bool) or _is_of_numpy(value, "b"):
        return Reading("Yes" if value else "No", label="Yes" if value else "No")
    number = number_given(value)
    if number is None:
        raise ReadingSyntaxError(f"a reading is a text or a number, not {type(value).__name__}")
    if not number.is_finite():
        return Reading(str(value), missing=Missing.NOT_A_NUMBER)
    _check_digits(number)
    return Reading(str(value), Quantity(number), is_signed=number <= 0)


def _check_digits(number: Decimal) -> None:
    if len(number.as_tuple().digits) > 30 or abs(number.adjusted()) > 30:
        raise ReadingSyntaxError("a number of more than 30 digits is not a reading")


def _is_of_numpy(value: Any, kinds: str) -> bool:
    """Whether a value is one number of NumPy, of some kinds."""
    return getattr(value, "shape", None) == () and getattr(getattr(value, "dtype", None), "kind", "?") in kinds


@lru_cache(maxsize=4096)
def _parse(text: str, missing: frozenset[str]) -> Reading:
    check_size(text, ReadingSyntaxError)
    shown = tidy(text)
    folded = fold(shown).strip()
    bare = folded.strip(" ")
    if bare in missing or bare.strip(" .()") in missing:
        return Reading(shown, missing=Missing.NOT_AVAILABLE)
    for word in (
        bare,
        bare.replace(".", "") or bare,
        bare.strip(" ()") if bare not in ("(", ")") else bare,
        bare.rstrip(".") or bare,
    ):
        if word in MISSING_WORDS:
            return Reading(shown, missing=MISSING_WORDS[word])
    marks: list[str] = []
    unconfirmed = False
    if found := _UNCONFIRMED.search(folded):
        folded, unconfirmed = folded[: found.start()].rstrip(" -–([,;:"), True
        marks.append("to be confirmed")
    folded = _unmarked(folded, marks)
    reading = _value(shown, folded, marks, unconfirmed)
    if reading is not None:
        return reading
    if _NUMBER_AND_MORE.match(folded) or _COMPARED.match(folded):
        raise _not_one_amount(shown, folded)
    label, note = _label(shown, folded)
    if note:
        marks.append(note)
    return Reading(shown, label=label, is_unconfirmed=unconfirmed, marks=tuple(dict.fromkeys(marks)))


def _unmarked(folded: str, marks: list[str]) -> str:
    """The text without the marks at its ends, which are added to ``marks``."""
    again = True
    while again and folded:
        again = False
        for name, pattern in (*_SUFFIX_MARKS, *_PREFIX_MARKS):
            found = pattern.search(folded)
            if found and found.group() and found.end() - found.start() < len(folded):
                folded = folded[: found.start()] + folded[found.end() :]
                again = True
                if name and name not in marks:
                    marks.append(name)
    return folded


def _value(shown: str, folded: str, marks: list[str], unconfirmed: bool) -> Reading | None:
    """The reading of a text that is one number in some dress; ``None`` if it is not."""

    def made(quantity: Quantity, **more: Any) -> Reading:
        return Reading(shown, quantity, is_unconfirmed=unconfirmed, marks=tuple(marks), **more)

    if _QUARTILE.fullmatch(folded):
        return Reading(shown, label=shown, is_unconfirmed=unconfirmed, marks=tuple(marks))
    if found := _ACCOUNTING.fullmatch(folded):
        _number(re.sub(r"[^0-9,.]", "", found[1]))
        quantity = read_amount((found[1] + found[2]).replace(" ", ""))[0]
        marks.append("brackets read as a minus sign")
        return made(Quantity(quantity.value.copy_negate(), quantity.unit), is_signed=True)
    if _OF_PROGRAMS.fullmatch(folded):
        number = Decimal(folded)
        if not number and abs(number.adjusted()) > 30:
            number = Decimal(0)
        _check_digits(number)
        return made(Quantity(written_out(number)), is_signed=number <= 0 or folded[0] == "+")
    if folded in _ORDINALS:
        return made(Quantity(Decimal(_ORDINALS.index(folded) + 1)), is_place=True)
    if (found := _PLACE.fullmatch(folded)) and (found["nth"] or found["number"]):
        place, whole = Decimal(found["nth"] or found["number"]), found["whole"]
        if whole and 0 < place <= Decimal(whole):
            return made(Quantity(place), is_place=True, fraction=EXACT.divide(place * 100, Decimal(whole)))
        return made(Quantity(place), is_place=True)
    if found := _OF.fullmatch(folded):
        part, whole = _number(found[1]), _number(found[2])
        if _CHANGES_MEANING.search(re.sub(r"^[0-9,./ ]+(?:out of|of|from)?(?: a total of)?[0-9,. ]*", "", folded)):
            raise _not_one_amount(shown, folded)
        if part > whole > 0 or re.search(r"/ ?(?:19|20)[0-9]{2}$", folded):
            raise ReadingSyntaxError(
                f"“{shown}” is more than the whole: a share or a date?",
                text=shown,
                span=(0, len(shown)),
                hint="write the percentage",
            )
        if whole == 0:
            return Reading(shown, missing=Missing.NOT_A_NUMBER, marks=("a share of none",))
        share = EXACT.divide(part * 100, whole)
        return made(Quantity(part, out_of(whole)), fraction=share)
    if found := _SIDE.fullmatch(folded):
        inner = _amount(found["amount"] or found["amount2"] or found["amount3"])
        if (
            inner is not None
            and inner.value >= 0
            and (inner.unit.dimension.startswith("money") or inner.unit.is_percent)
        ):
            good = bool(found["good"] or found["good2"])
            return made(
                Quantity(inner.value if good else inner.value.copy_negate(), inner.unit),
                is_signed=True,
                side="good" if good else "bad",
            )
    if found := _SIGNED.fullmatch(folded):
        sign = found["sign"] or found["inner"] or {"minus": "-", "plus": "+"}[found["word"]]
        inner = _amount((found["money"] or "") + (found["rest"] or found["digits"] or found["after"]))
        if inner is None or inner.value < 0:
            return None
        return made(Quantity(inner.value.copy_negate() if sign == "-" else inner.value, inner.unit), is_signed=True)
    quantity_or_none = _amount(folded)
    if quantity_or_none is None:
        return None
    return made(quantity_or_none, is_signed=quantity_or_none.value == 0)


_PLAIN = expression(
    r"(?:[a-z]{0,3}[£$€¥₹] ?|[a-z]{3} (?=[0-9]))?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?![0-9,.])|\.[0-9]+)(?P<rest>.*)"
)


def _number(digits: str) -> Decimal:
    """``number_of`` digits; raises ``ReadingSyntaxError`` where a comma could be anything."""
    try:
        return number_of(digits)
    except UnitError as error:
        raise ReadingSyntaxError(error.problem, text=digits, span=(0, len(digits)), hint=error.hint) from None


def _amount(text: str) -> Quantity | None:
    """The amount that the whole text writes, with a counted noun allowed behind a plain number: ``59 visits``."""
    text = text.strip()
    found = _PLAIN.fullmatch(text)
    if found is None:
        if text in number_words():
            return Quantity(number_words()[text])
        return None
    rest = found["rest"]
    if _EXPONENT.fullmatch(text):
        raise _not_one_amount(text, text)
    if "," in text:
        _number(text[: found.start("rest")].lstrip("abcdefghijklmnopqrstuvwxyz£$€¥₹ "))
    try:
        return read_amount(text)[0]
    except UnitError as error:
        if not rest or re.match(r"(?:%|[a-z])? ?(?:-|to|and) ?[0-9£$€]", rest):
            raise _not_one_amount(text, text) from None
        spoken = re.match(
            r" ?(?:%|per ?cent|percent|days?|hours?|minutes?|weeks?|months?|years?|points?)(?![a-z])", rest
        )
        behind = rest[spoken.end() :] if spoken else rest
        if not re.fullmatch(r" [a-z][a-z' -]{1,40}", behind) or _CHANGES_MEANING.search(behind):
            raise ReadingSyntaxError(
                f"“{rest.strip()}” is not a unit",
                text=text,
                span=(found.start("rest"), len(text)),
                nearest=error.nearest,
            ) from None
        kept = text[: found.start("rest")] + (spoken.group() if spoken else "")
        return read_amount(kept)[0]


#: words behind a number that make it mean something else than itself
_CHANGES_MEANING = expression(
    r"\b(?:not|no|below|above|under|over|less|more|fewer|higher|lower|increase|decrease|reduction|change|to|or|and|than|target|out|"
    r"million|thousand|mil|mill|mio|mm|bil|thou|dozens?|lakhs?|crores?|thousands|millions|billions|fold|squared|hundreds?|target|in|every|each|days?|hours?|weeks?|decile|quartile|class|quarter|short|off|minus|plus|behind|ahead|early|earlier|late|later|overdue|outstanding|missed|failed|breached|gbp|usd|eur|aud|cad|better|worse|hundred|dozen|up|down|per)\b"
)


#: remarks behind a label that say when or by whom, and leave it what it is
_HARMLESS = expression(
    r"(?:(?:as at|as of|in|on|since|at|by|from|to|of|the|for|and|inspect(?:ed|ion)|published|report(?:ed)?|visit(?:ed)?|rated|rating|final|confirmed"
    r"|validated|audited|ofsted|cqc|estyn|last|latest|draft|provisional|date|dated|year|quarter|q[1-4]"
    rf"|{MONTH}"
    r"|tbc|[0-9]+(?:st|nd|rd|th)?)[ ,./:()-]*)+"
)


def _label(shown: str, folded: str) -> tuple[str, str]:
    """The label and the remark behind it: "Approved by auditor – October 2023" is one and the other."""
    found = (
        re.search(r" ?(?:[-–—:;,(]) ", f"{shown} ")
        if re.search(r"[0-9]|\(", shown) or " – " in shown or " - " in shown
        else None
    )
    head = shown[: found.start()] if found else shown
    head = head.split(" (")[0]
    note = shown[len(head) :].strip(" -–—:;,()")
    if note and not _HARMLESS.fullmatch(note.lower()):
        head, note = shown, ""  # "Achieved (partially)": a remark that may change the label is part of it
    return head.strip().strip("\"“”'‘’").strip(" .;,*†"), f"written with “{note}”" if note else ""


def _not_one_amount(shown: str, folded: str) -> ReadingSyntaxError:
    if _COMPARED.match(folded):
        return ReadingSyntaxError(
            "a reading is a value, not a comparison",
            text=shown,
            span=(0, len(shown)),
            hint="write the value itself, or [c] if it is suppressed",
        )
    if re.search(r"[0-9]e[-+]?[0-9]", folded):
        is_short = re.fullmatch(r"[0-9]+e[0-9]+", folded)
        problem = (
            "this could be a number with an exponent, or a code"
            if is_short
            else "an exponent belongs to a number alone"
        )
        return ReadingSyntaxError(problem, text=shown, span=(0, len(shown)), hint="write it in full")
    if re.search(r"[0-9]-[0-9]|[0-9] (?:to|and|-) [0-9]", folded):
        return ReadingSyntaxError("a reading is one value, not two", text=shown, span=(0, len(shown)))
    return ReadingSyntaxError(
        "this is not one value",
        text=shown,
        span=(0, len(shown)),
        expected=("an amount such as 95% or £1.2m", "a word such as Good", "DNA"),
    )
