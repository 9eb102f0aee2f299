"""A rule as a spreadsheet formula: the status of a cell, by the same cuts as in the library."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Final

from rag_rules.bands import Bands
from rag_rules.errors import FormulaError, ReadingSyntaxError, UnitError, called, check_kind
from rag_rules.judging import judge
from rag_rules.number_line import asked, is_plain, plain_reading
from rag_rules.quantity import EXACT, NUMBER, PERCENT, Unit
from rag_rules.rules import Rule
from rag_rules.status import Status
from rag_rules.steps import Side, Steps
from rag_rules.syntax.reading import parse_reading

__all__ = [
    "LONGEST_TEXT",
    "MOST_EXACT",
    "Typed",
    "check_rule",
    "formula",
    "quotable",
    "to_dax",
    "to_excel",
    "typed",
    "typed_by",
]

#: Excel's limits: the length of a formula, of a text in it, and how deep IFs may stand in each other
LONGEST_FORMULA: Final = 8192
LONGEST_TEXT: Final = 255
DEEPEST: Final = 60
#: digits of a reading up to which the formula is exact. Spreadsheets keep 15 digits of a number, and LibreOffice takes
#: numbers for equal that differ by less than 2^-48 of their size, which is more than one in the fifteenth digit
MOST_EXACT: Final = 14
#: so far apart, as a share of their size, LibreOffice takes two numbers for equal, and so far for two
_SURELY_ALIKE: Final = Decimal(2) ** -48 * Decimal("0.9")
_SURELY_APART: Final = Decimal(2) ** -48 * Decimal("1.1")

#: words that the language knows for a quarter of the field, and for the two sides of a budget
_PLACES: Final = tuple(
    f"{word}{noun}"
    for word in (
        "Top|Upper|First|1st|Second|2nd|Third|3rd|Fourth|4th|Bottom|Lower|Quartile 1|Quartile 2|Quartile 3|Quartile 4"
    ).split("|")
    for noun in (" quartile", "")
)
_BUDGET: Final = ("Balanced", "Break even", "Break-even", "Breakeven", "On budget")


@dataclass(frozen=True, slots=True)
class Typed:
    """What becomes of what is typed into a cell: a number in the unit of the bands, or a word."""

    #: the status of a number; ``None`` where only words have one
    numbers: Steps[Decimal, Status] | None = None
    #: the status of a word, for each that has one
    words: Mapping[str, Status] = field(default_factory=dict)
    #: whether the cell holds 0.95 for 95%
    is_share: bool = False
    #: whether only whole numbers from 1 on have a status, as places have
    is_whole: bool = False

    def number(self, value: Decimal) -> Status:
        """The status of a number as the cell holds it."""
        if self.numbers is None or (self.is_whole and (value < 1 or value != int(value))):
            return Status.UNRATED
        return self.numbers.at(EXACT.multiply(value, Decimal(100)) if self.is_share else value)


def to_excel(rule: Rule | Bands, cell: str, *, words: Mapping[Status, str] | None = None) -> str:
    """The status of what stands in ``cell``, as a formula for Excel, LibreOffice and the like.

    ``words`` are what the statuses are called. A percentage is 0.95 in the cell, as one formatted ``0%`` holds it. A
    blank, an error and a text that is no word on the scale are unrated.

    >>> from rag_rules import rule
    >>> to_excel(rule("<£21", tolerance="5%"), "B2")
    '=IF(AND(ISNUMBER(B2),NOT(ISLOGICAL(B2))),IF(B2<21,"Green",IF(B2<=22.05,"Amber","Red")),"Unrated")'

    Raises ``FormulaError`` for a rule without bands, of days, or that looks at an earlier reading; for what is no
    reference to one cell; and for what would be longer than a spreadsheet allows.
    """
    return formula(typed_by(rule), cell, words=words)


def to_dax(rule: Rule | Bands, measure: str, *, words: Mapping[Status, str] | None = None) -> str:
    """The status of a measure, as an expression in DAX for Power BI; the comparisons are those of ``to_excel``.

    ``measure`` is the measure's name, without brackets. A percentage is 0.95, as a measure formatted as one holds it.

    >>> from rag_rules import rule
    >>> to_dax(rule("<£21", tolerance="5%"), "Cost")
    'IF(ISNUMBER([Cost]), SWITCH(TRUE(), [Cost] < 21, "Green", [Cost] <= 22.05, "Amber", "Red"), "Unrated")'

    Raises ``FormulaError`` as ``to_excel`` does, and for a rule of words alone: a measure is a number.
    """
    typed = typed_by(rule, is_bare=True)
    if typed.numbers is None:
        raise FormulaError("no measure can be rated by this: the readings are words, and a measure is a number")
    check_kind(measure, str, "name of a measure", FormulaError)
    if not measure.strip() or len(measure) > LONGEST_TEXT:
        raise FormulaError(f"the name of a measure has 1 to {LONGEST_TEXT} characters")
    names = _status_names(words)
    name = f"[{quotable(measure).replace(']', ']]')}]"
    tests = [f"{name} {sign} {literal}, {names[status]}" for sign, literal, status in _comparisons(typed)]
    last = names[typed.numbers.values[-1]]
    found = f"SWITCH(TRUE(), {', '.join(tests)}, {last})" if tests else last
    if typed.is_whole:
        found = f"IF({name} >= 1 && {name} = INT({name}), {found}, {names[Status.UNRATED]})"
    return f"IF(ISNUMBER({name}), {found}, {names[Status.UNRATED]})"


# what can be typed ----------------------------------------------------------------------------------------------------


def check_rule(given: object) -> None:
    """Raises ``FormulaError`` for what is neither a rule of the library nor bands."""
    if not isinstance(given, Rule | Bands):
        raise FormulaError(
            f"{called(given)} is neither a rule nor bands",
            hint='make a rule of a text, rule("at most 28"), and take that of one day of a Timed, timed.at(day)',
        )


def typed_by(rule: Rule | Bands, *, is_bare: bool = False) -> Typed:
    """What becomes of what is typed, by a rule or by bands alone; raises ``FormulaError`` as ``typed`` does, and for neither."""
    check_rule(rule)
    return _typed_in_bands(rule) if isinstance(rule, Bands) else typed(rule, is_bare=is_bare)


def typed(rule: Rule, *, missing: frozenset[str] = frozenset(), is_bare: bool = False) -> Typed:
    """What becomes of what is typed into a cell that ``rule`` rates; ``missing`` are words for missing data.

    A cell shows its unit, and 1.5 kg is no 1.5 million; a number that ``is_bare``, as in a column of a database, may be.

    Raises ``FormulaError`` for a rule without bands, for one of days, and for one that looks at an earlier reading.
    """
    if rule.bands is None:
        raise FormulaError(f"no formula can rate this: {rule.missing}")
    if rule.kind == "date":
        raise FormulaError("no formula can rate this: to a spreadsheet a day is a number like any other")
    if rule.setting.improving is not None:
        raise FormulaError("no formula can rate this: red is amber by an earlier reading, which is not in the cell")
    if rule.bands.scale is not None:
        candidates = _PLACES if rule.kind == "quartile" else rule.bands.scale.labels
        return Typed(words=_words(rule, candidates, missing))
    if rule.unit.dimension == "rank":
        return Typed(rule.bands.steps, is_whole=True)
    words = _words(rule, _BUDGET, missing) if rule.kind == "balance" else {}
    own = PERCENT if rule.kind == "rank" else rule.unit
    is_share = own.is_percent
    asked_in = NUMBER if is_bare and not is_share else own
    return Typed(rule.bands.steps if is_plain(rule) else _asked(rule, asked_in), words, is_share)


def _typed_in_bands(bands: Bands) -> Typed:
    """What becomes of what is typed into a cell that bands alone rate."""
    if bands.scale is not None:
        statuses = {label: bands.steps.at(Decimal(index)) for index, label in enumerate(bands.scale.labels) if label}
        return Typed(words=statuses)
    is_share = bands.unit.is_percent or bands.unit.name == "%"
    return Typed(bands.steps, is_share=is_share, is_whole=bands.unit.dimension == "rank")


def _words(rule: Rule, candidates: Sequence[str], missing: frozenset[str]) -> dict[str, Status]:
    """The status of each word that has one."""
    found: dict[str, Status] = {}
    for word in filter(None, candidates):
        try:
            status = judge(rule, parse_reading(word, missing=missing)).status
        except (UnitError, ReadingSyntaxError):  # a label that is read as an amount
            continue
        if status is not Status.UNRATED:
            found[word] = status
    return found


def _asked(rule: Rule, own: Unit) -> Steps[Decimal, Status]:
    """The status of a number where bands alone do not say: the sign of a budget, 1.5 beside a target of 1.4m."""
    kind = NUMBER if rule.kind == "balance" else own
    return asked(rule, lambda number: judge(rule, plain_reading(number, kind)).status)


# the formula ----------------------------------------------------------------------------------------------------------


def formula(
    typed: Typed,
    cell: str,
    *,
    words: Mapping[Status, str] | None = None,
    known: tuple[str, Status] | None = None,
) -> str:
    """The formula for what is typed into ``cell``; ``known`` is a text whose status is known as it stands.

    Raises ``FormulaError`` as ``to_excel`` does.
    """
    cell = _reference(cell)
    names = _status_names(words)
    unrated = names[Status.UNRATED]
    logical = _of_logical(typed.words, cell, names)
    of_text = _of_words(typed.words, f"TRIM({cell})", names)
    if known is not None:
        of_text = f"IF(EXACT({cell},{_quoted(known[0])}),{names[known[1]]},{of_text})"
    found = logical if of_text == unrated else f"IF(ISTEXT({cell}),{of_text},{logical})"
    if typed.numbers is not None:
        found = f"IF(AND(ISNUMBER({cell}),NOT(ISLOGICAL({cell}))),{_of_numbers(typed, cell, names)},{found})"
    whole = f"={found}"
    if len(whole) > LONGEST_FORMULA:
        raise FormulaError(f"the formula has {len(whole):,} characters, and a cell holds {LONGEST_FORMULA:,}")
    return whole


def _status_names(words: Mapping[Status, str] | None) -> dict[Status, str]:
    """What the statuses are called, quoted."""
    return {status: _quoted(word) for status, word in words_of(words, str.capitalize).items()}


def words_of(words: Mapping[Status, str] | None, usual: Callable[[str], str] = str) -> dict[Status, str]:
    """What the statuses are called: their own names, as they are usually written, where nothing else is said.

    Raises ``FormulaError`` for what is no mapping from statuses.
    """
    if words is not None:
        check_kind(words, Mapping, "mapping of words", FormulaError, hint='write words={Status.GREEN: "On track"}')
        unknown = [word for word in words if word not in tuple(Status)]
        if unknown:
            raise FormulaError(
                f"“{str(unknown[0])[:40]}” is no status to give a word for", expected=[*map(str, Status)]
            )
    return {status: (words or {}).get(status, usual(status.value)) for status in Status}


def _of_numbers(typed: Typed, cell: str, names: Mapping[Status, str]) -> str:
    assert typed.numbers is not None
    found = names[typed.numbers.values[-1]]
    for sign, literal, status in reversed(_comparisons(typed)):
        found = f"IF({cell}{sign}{literal},{names[status]},{found})"
    if typed.is_whole:
        found = f"IF(AND({cell}>=1,{cell}=INT({cell})),{found},{names[Status.UNRATED]})"
    return found


def _comparisons(typed: Typed) -> list[tuple[str, str, Status]]:
    """The sign and the number that each cut is compared by, from the lowest on, with the status before it."""
    assert typed.numbers is not None
    steps = typed.numbers
    if len(steps.cuts) > DEEPEST:
        raise FormulaError(f"bands with {len(steps.cuts)} cuts are more than a formula can hold, which is {DEEPEST}")
    found = []
    for cut, status in zip(steps.cuts, steps.values, strict=False):
        at = cut.at.scaleb(-2, context=EXACT) if typed.is_share else cut.at
        if _in_digits(at, MOST_EXACT) == at:
            sign, literal = ("<" if cut.side is Side.BEFORE else "<="), at
        else:
            sign, literal = "<", _beside(at)
        found.append((sign, _literal(literal), status))
    return found


def _in_digits(number: Decimal, digits: int, rounding: str = ROUND_FLOOR) -> Decimal:
    """A number in so many digits."""
    return number.quantize(_last_of(number, digits), rounding=rounding, context=EXACT) if number else number


def _last_of(number: Decimal, digits: int) -> Decimal:
    """One in the last of so many digits."""
    return Decimal(1).scaleb(number.adjusted() - digits + 1)


def _beside(at: Decimal) -> Decimal:
    """Where a cut of many digits stands in a formula: the readings before it are less than this, and no others are.

    No reading is on such a cut. Those of ``MOST_EXACT`` digits stay on their sides of it, apart enough for LibreOffice;
    and if that leaves a choice, so does the quotient itself in the fifteen digits that a cell has for it.
    """
    one = _last_of(at, MOST_EXACT + 1)
    low = _in_digits(at, MOST_EXACT)
    itself = _in_digits(at, MOST_EXACT + 1, ROUND_HALF_EVEN)
    wanted = min(itself, _past(at, _SURELY_ALIKE)) if itself > at else EXACT.add(_past(at, _SURELY_APART), one)
    least = EXACT.add(_past(low, _SURELY_APART), one)
    return min(max(wanted, least), EXACT.add(low, one * 10))


def _past(number: Decimal, share: Decimal) -> Decimal:
    """The last number of fifteen digits up to ``share`` of itself past a number."""
    return _in_digits(EXACT.add(number, EXACT.multiply(abs(number), share)), MOST_EXACT + 1)


def _literal(number: Decimal) -> str:
    """A number as a formula writes it: a point, no thousands, no exponent."""
    short = number.normalize(EXACT)
    return format(short if short else Decimal(0), "f")


def _of_words(statuses: Mapping[str, Status], text: str, names: Mapping[Status, str]) -> str:
    """The status of a word, whatever its case and the spaces around it."""
    by_status: dict[Status, list[str]] = {}
    for word, status in statuses.items():
        by_status.setdefault(status, []).append(f"{text}={_quoted(' '.join(word.split()))}")
    found = names[Status.UNRATED]
    for status, tests in reversed(by_status.items()):
        if status is not Status.UNRATED:
            any_of = tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"
            found = f"IF({any_of},{names[status]},{found})"
    return found


def _of_logical(statuses: Mapping[str, Status], cell: str, names: Mapping[Status, str]) -> str:
    """The status of TRUE and FALSE, which are Yes and No where the scale has these."""
    found = {word.casefold(): status for word, status in statuses.items()}
    yes, no = (names[found.get(word, Status.UNRATED)] for word in ("yes", "no"))
    return f"IF(ISLOGICAL({cell}),IF({cell},{yes},{no}),{names[Status.UNRATED]})" if yes != no else yes


def _quoted(text: str) -> str:
    """A text in a formula: quotation marks doubled, and nothing in it that acts."""
    doubled = quotable(text).replace('"', '""')
    return f'"{doubled}"'


def quotable(text: str) -> str:
    """``text`` if it may stand in a formula or a query; raises ``FormulaError`` for one too long or that may act, and for what is none."""
    check_kind(text, str, "text", FormulaError)
    if len(text) > LONGEST_TEXT:
        raise FormulaError(f"a text of {len(text):,} characters cannot stand in a formula, which takes {LONGEST_TEXT}")
    if not text.replace("\u200c", "").replace("\u200d", "").isprintable():  # joiners, of Persian and of emoji
        raise FormulaError("a text with control characters cannot stand in a formula", text=text)
    return text


_NAME: Final = r"(?:[^\W\d]|\\)[\w.]{0,254}"
#: inside double brackets an apostrophe stands before each of these four signs
_COLUMN: Final = r"(?:[^\[\]#'@\x00-\x1f]|'[\[\]#'@]){1,255}"
_REFERENCE: Final = re.compile(
    rf"(?:(?:{_NAME}|'(?:[^'\[\]:*?/\\\x00-\x1f]|''){{1,31}}')!)?\$?(?P<column>[A-Za-z]{{1,3}})\$?(?P<row>[1-9][0-9]{{0,6}})"
    rf"|(?:{_NAME})?\[@(?:[\w ]{{1,255}}|\[{_COLUMN}\])\]"
    rf"|(?:{_NAME})?\[\[#This Row\],\[{_COLUMN}\]\]"
)


def _reference(cell: str) -> str:
    """``cell`` if it names one cell; raises ``FormulaError`` if it does not."""
    check_kind(cell, str, "name of a cell", FormulaError, hint="write B2, or [@Reading]")
    found = _REFERENCE.fullmatch(cell) if len(cell) <= 600 else None
    column = found["column"] if found else None
    if found is None or (column and not _on_sheet(column, int(found["row"]))):
        raise FormulaError(
            f"“{cell[:60]}” does not name one cell", expected=("B2", "'My sheet'!$B$2", "[@Reading]", "[@[Q2 2023/24]]")
        )
    return cell


def _on_sheet(column: str, row: int) -> bool:
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number <= 16_384 and row <= 1_048_576
