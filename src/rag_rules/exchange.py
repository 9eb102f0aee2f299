"""Bands as other tools write them: JSON, unary tests of FEEL, ranges of Nagios, intervals, and conditions of Soda."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rag_rules.bands import Bands
from rag_rules.errors import BandsError, FormulaError, RagRulesError, check_kind
from rag_rules.formula import check_rule
from rag_rules.labels import Scale
from rag_rules.quantity import DATE, EXACT, RANK, TOP_SHARE, Unit, exponent_of, unit
from rag_rules.rules import Rule, resolve
from rag_rules.settings import Setting
from rag_rules.status import Status
from rag_rules.steps import Cut, Side, Steps
from rag_rules.syntax.cache import parse_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "NagiosRanges", "from_feel", "from_intervals", "from_json", "from_nagios", "from_soda", "to_feel", "to_json", "to_nagios",
]  # fmt: skip

Claim = Steps[Decimal, bool]

LONGEST: Final = 100_000
#: how long a condition of another tool may be
LONGEST_CONDITION: Final = 1_000
MOST_CUTS: Final = 1_000
#: digits of a number in FEEL, whose numbers are decimals of 128 bits, and in a plug-in, which compares floats
DIGITS_OF_FEEL: Final = 34
DIGITS_OF_FLOATS: Final = 15

_NUMBER: Final = r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?"
_LONG_NUMBER: Final = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?")
#: units without a spelling, as the JSON form calls them
_UNITS: Final = {"date": DATE, "place": RANK, "% from the top": TOP_SHARE}


# JSON -----------------------------------------------------------------------------------------------------------------


def to_json(rule: Rule | Bands) -> str:
    """The bands as JSON: the unit, the cuts in ascending order with the side on which each lies, and the statuses.

    >>> from rag_rules import rule
    >>> print(to_json(rule("<£21", tolerance="5%")))
    {"unit": "£", "cuts": [{"at": "21", "side": "before"}, {"at": "22.05", "side": "after"}], "statuses": ["green", "amber", "red"]}

    Raises ``FormulaError`` for a rule without bands or that looks at an earlier reading, and for a unit that has no
    spelling.
    """
    bands = _bands_of(rule)
    named = {kind: name for name, kind in _UNITS.items()}.get(bands.unit)
    if named is None:
        named = str(bands.unit)
        if _unit_of(named) != bands.unit:
            raise FormulaError(f"the unit {bands.unit!r} has no spelling that is read back")
    form: dict[str, Any] = {"unit": named or None}
    if bands.scale is not None:
        form["scale"] = list(bands.scale.labels)
    form["cuts"] = [{"at": _written(cut.at, bands), "side": cut.side.name.lower()} for cut in bands.steps.cuts]
    form["statuses"] = [status.value for status in bands.steps.values]
    return json.dumps(form, ensure_ascii=False)


def _bands_of(rule: Rule | Bands) -> Bands:
    """The bands of a rule; raises ``FormulaError`` where they do not say all that it does."""
    if isinstance(rule, Bands):
        return rule
    check_rule(rule)
    if rule.bands is None:
        raise FormulaError(f"there are no bands to write: {rule.missing or rule.reason}")
    if rule.setting.improving is not None:
        raise FormulaError("no bands say this: red is amber by an earlier reading")
    return rule.bands


def from_json(form: str | Mapping[str, Any]) -> Bands:
    """The bands that ``to_json`` wrote, as a text or as what is read from it.

    Raises ``BandsError`` for what is no such form.
    """
    if isinstance(form, str):
        if len(form) > LONGEST:
            raise BandsError(f"bands of {len(form):,} characters are too long; {LONGEST:,} is the most")
        try:
            form = json.loads(form)
        except (ValueError, RecursionError) as error:
            raise BandsError("this is no JSON") from error
    if not isinstance(form, Mapping) or not {"cuts", "statuses"} <= set(form) <= {"unit", "scale", "cuts", "statuses"}:
        raise BandsError("bands in JSON are an object of unit, cuts and statuses, and perhaps a scale")
    kind = _unit_of(form.get("unit") or "")
    scale, cuts, statuses = form.get("scale"), form["cuts"], form["statuses"]
    if kind is None:
        raise BandsError("the unit of the bands is not known")
    if not isinstance(cuts, list) or not isinstance(statuses, list) or len(cuts) > MOST_CUTS:
        raise BandsError(f"the cuts and the statuses of bands are lists, of up to {MOST_CUTS:,} cuts")
    if scale is not None and not (isinstance(scale, list) and scale and all(isinstance(each, str) for each in scale)):
        raise BandsError("the scale of bands is a list of labels, the worst first")
    try:
        steps = Steps(tuple(_cut(each, kind) for each in cuts), tuple(Status(each) for each in statuses))
    except (ValueError, TypeError) as error:
        raise error if isinstance(error, BandsError) else BandsError(f"these are no bands: {error}") from None
    return Bands(steps, kind, Scale(tuple(scale)) if scale is not None else None)


def _unit_of(name: object) -> Unit | None:
    if not isinstance(name, str):
        return None
    try:
        return _UNITS.get(name) or unit(name)
    except RagRulesError:
        return None


def _written(at: Decimal, bands: Bands) -> str:
    return date.fromordinal(int(at)).isoformat() if bands.unit.is_date else _number(at)


def _cut(form: Any, kind: Unit) -> Cut[Decimal]:
    if (
        not isinstance(form, Mapping)
        or set(form) - {"why"} != {"at", "side"}
        or form["side"] not in ("before", "after")
    ):
        raise BandsError('a cut is an object with "at" and "side", which is "before" or "after"')
    at = form["at"]
    if kind.is_date and isinstance(at, str):
        place = Decimal(date.fromisoformat(at).toordinal())
    elif isinstance(at, str) and _LONG_NUMBER.fullmatch(at) and EXACT.plus(Decimal(at)) == Decimal(at):
        place = Decimal(at)
    else:
        raise BandsError('where a cut is ("at") is a text, such as "22.05", of up to 80 digits')
    return Cut(place, Side[form["side"].upper()])


# FEEL -----------------------------------------------------------------------------------------------------------------


def to_feel(rule: Rule | Bands) -> dict[Status, str]:
    """The unary test in FEEL, the language of decision tables, for each status that the bands give.

    Numbers are in the unit of the bands. A null meets none of them.

    >>> to_feel(Bands.read("green |£21 amber £22.05| red"))
    {<Status.GREEN>: '< 21', <Status.AMBER>: '[21..22.05]', <Status.RED>: '> 22.05'}

    Raises ``FormulaError`` as ``to_json`` does, for limits of more digits than FEEL has, and for labels that cannot be
    quoted.
    """
    bands = _bands_of(rule)
    found: dict[Status, list[str]] = {}
    if bands.scale is not None:
        for index, label in enumerate(bands.scale.labels):
            found.setdefault(bands.steps.at(Decimal(index)), []).append(_feel_text(label))
    else:
        for low, status, high in bands.steps.pieces():
            found.setdefault(status, []).append(_feel_test(low, high, bands))
    return {status: ", ".join(tests) for status, tests in found.items()}


def _feel_test(low: Cut[Decimal] | None, high: Cut[Decimal] | None, bands: Bands) -> str:
    def place(cut: Cut[Decimal]) -> str:
        if bands.unit.is_date:
            return f'date("{_written(cut.at, bands)}")'
        return _number(cut.at, most=DIGITS_OF_FEEL)

    if low is None and high is None:
        return "-"
    if low is None or high is None:
        return _comparison(low, high, place, at_most="<=", at_least=">=")
    if low.at == high.at:
        return place(low)
    opening, closing = "[" if low.side is Side.BEFORE else "(", ")" if high.side is Side.BEFORE else "]"
    return f"{opening}{place(low)}..{place(high)}{closing}"


def _comparison(
    low: Cut[Decimal] | None,
    high: Cut[Decimal] | None,
    place: Callable[[Cut[Decimal]], str],
    *,
    at_most: str,
    at_least: str,
) -> str:
    """A stretch with one end, with the signs that a language has for an end that counts."""
    if low is None:
        assert high is not None
        return f"{'<' if high.side is Side.BEFORE else at_most} {place(high)}"
    return f"{at_least if low.side is Side.BEFORE else '>'} {place(low)}"


def _feel_text(label: str) -> str:
    if not label.isprintable() or re.search(r'["\\]', label):
        raise FormulaError(
            "a label with quotation marks, backslashes or control characters is not written in FEEL", text=label
        )
    return f'"{label}"'


def from_feel(tests: Mapping[str, str], *, unit: str | None = None) -> Rule:
    """The rule of unary tests in FEEL, by status: ``{"green": ">= 95", "amber": "[90..95)"}``.

    Of three statuses one may be left out, as in bands that are written out; gaps and overlaps are unrated, and named.

    >>> from_feel({"green": ">= 95", "amber": "[90..95)"}, unit="%").bands
    <Bands red |90% amber |95% green>

    Raises ``FormulaError`` for what is no unary test of numbers, with its place.
    """
    return _rule_of({_colour(status): _feel_claim(test) for status, test in _by_status(tests)}, unit)


def _feel_claim(test: str) -> Claim:
    inside = re.fullmatch(r"\s*not\s*\((.*)\)\s*", _short(test), re.DOTALL)
    if inside is not None:
        return _any_of(_claims(test, _FEEL, inside.span(1))).map(_negated)
    return _any_of(_claims(test, _FEEL))


# intervals ------------------------------------------------------------------------------------------------------------


def from_intervals(intervals: Mapping[str, str], *, unit: str | None = None) -> Rule:
    """The rule of intervals, by status: ``{"green": "[10, 20]", "amber": "[5, 10) ∪ (20, 25]"}``.

    A round bracket leaves its end out, or a square one that is turned away; an end may be ``-∞``, ``∞`` or ``inf``.

    >>> from_intervals({"green": "[95, ∞)", "amber": "[90, 95)", "red": "(-∞, 90)"}).bands
    <Bands red |90 amber |95 green>

    Raises ``FormulaError`` for what is no interval, with its place.
    """
    claims = {_colour(status): _any_of(_claims(text, _INTERVALS)) for status, text in _by_status(intervals)}
    return _rule_of(claims, unit)


# Nagios ---------------------------------------------------------------------------------------------------------------


class NagiosRanges(NamedTuple):
    """The two ranges of a check by the rules for plug-ins of Nagios; a reading that critical takes is not looked at by warning."""

    warning: str
    critical: str


def to_nagios(rule: Rule | Bands) -> NagiosRanges:
    """The ranges for a check: warning is amber, critical is red. Plug-ins compare floats.

    >>> to_nagios(Bands.read("green |21 amber 22.05| red"))
    NagiosRanges(warning='@21:', critical='~:22.05')

    Raises ``FormulaError`` as ``to_json`` does, and where no range is so: readings that are unrated, words and days, and
    stretches that are open at one end.
    """
    bands = _bands_of(rule)
    if bands.scale is not None or bands.unit.is_date:
        raise FormulaError("the ranges of Nagios are of numbers, and these readings are words or days")
    if Status.UNRATED in bands.steps.values:
        raise FormulaError("the ranges of Nagios leave no reading without a status, and these bands do")
    red = bands.steps.map(lambda status: status is Status.RED)
    # what is red may be in both: critical goes first
    wide = bands.steps.map(lambda status: status is not Status.GREEN)
    narrow = bands.steps.map(lambda status: status is Status.AMBER)
    critical, warning = _range(red), _range(wide) or _range(narrow)
    for name, found in (("red", critical), ("amber", warning)):
        if found is None:
            raise FormulaError(
                f"no range of Nagios says which readings are {name} in {bands}",
                hint="a range is closed at both ends, and there is one of each",
            )
    assert warning is not None
    assert critical is not None
    return NagiosRanges(warning, critical)


def _range(alerts: Claim) -> str | None:
    """The range that alerts for these readings and no others, if there is one."""
    if alerts.values == (False,):
        return "~:"
    inside = _closed(alerts)
    outside = _closed(alerts.map(_negated))
    return outside if outside is not None else f"@{inside}" if inside is not None else None


def _closed(claim: Claim) -> str | None:
    """The one closed stretch that is claimed."""
    stretches = [(low, high) for low, is_in, high in claim.pieces() if is_in]
    if len(stretches) != 1:
        return None
    low, high = stretches[0]
    if (low is not None and low.side is Side.AFTER) or (high is not None and high.side is Side.BEFORE):
        return None
    start = "~" if low is None else _number(low.at, most=DIGITS_OF_FLOATS)
    return f"{start}:{'' if high is None else _number(high.at, most=DIGITS_OF_FLOATS)}"


_RANGE: Final = re.compile(rf"(?P<inside>@?)(?:(?P<low>~|{_NUMBER}):(?P<high>{_NUMBER})?|(?P<only>{_NUMBER}))")


def from_nagios(warning: str | None, critical: str | None, *, unit: str | None = None) -> Rule:
    """The rule of the two ranges of a check: critical is red, else warning is amber, else it is green.

    >>> from_nagios("10:20", "5:25").bands
    <Bands red |5 amber |10 green 20| amber 25| red>

    Raises ``FormulaError`` for what is no range, and for ranges that make every reading the same.
    """
    return _rule_of_alerts(_nagios_alerts(warning), _nagios_alerts(critical), unit)


def _nagios_alerts(text: str | None) -> Claim:
    """The readings for which a range alerts; none for no range."""
    if text is None or not _short(text).strip():
        return Steps((), (False,))
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise FormulaError(
            "this is no range of Nagios",
            text=text,
            span=(0, len(text)),
            expected=("10", "10:", "~:10", "10:20", "@10:20"),
        )
    low, high = ("0", found["only"]) if found["only"] else (found["low"], found["high"])
    if low != "~" and high is not None and Decimal(low) > Decimal(high):
        raise FormulaError("the range begins after its end", text=text, span=(0, len(text)))
    inside = _stretch(None if low == "~" else (Decimal(low), False), None if high is None else (Decimal(high), False))
    return inside if found["inside"] else inside.map(_negated)


# Soda -----------------------------------------------------------------------------------------------------------------

_ALERT: Final = re.compile(r"\s{0,100}(?P<outcome>warn|fail)\s{0,9}:\s{0,9}when\s(?P<condition>.*)", re.IGNORECASE)
_CHECK: Final = re.compile(
    r"\s{0,100}(?:-\s)?\s{0,9}(?P<metric>[A-Za-z_]\w{0,99}(?:\([^()]{0,200}\))?)\s{0,9}(?P<rest>:|(?:[<>=!]|(?:not\s)?between\b).*)"
)


def from_soda(check: str, *, unit: str | None = None) -> Rule:
    """The rule of one check in the manner of SodaCL: a condition that must hold, or lines that say when to warn and fail.

    ``row_count between 10 and 20`` is red outside; with ``warn: when between 1 and 10`` and ``fail: when > 10`` below
    ``duplicate_count(email):`` what fails is red, what warns is amber, and the rest is green.

    >>> from_soda("missing_percent(phone) < 5", unit="%").bands
    <Bands green |5% red>

    Raises ``FormulaError`` for what is none, and for conditions that make every reading the same.
    """
    lines = [line for line in _short(check).splitlines() if line.strip()]
    first = _CHECK.fullmatch(lines[0]) if lines else None
    if first is not None and first["rest"] != ":" and len(lines) == 1:
        passed = _soda_claim(check, check.index(first["rest"], first.end("metric")), len(check.rstrip()))
        return _rule_of_alerts(Steps((), (False,)), passed.map(_negated), unit)
    alerts: dict[str, Claim] = {}
    offset = 0
    for number, line in enumerate(check.splitlines(keepends=True)):
        found = _ALERT.fullmatch(line.rstrip())
        outcome = found["outcome"].lower() if found else ""
        if found is not None and outcome not in alerts:
            alerts[outcome] = _soda_claim(check, offset + found.start("condition"), offset + found.end("condition"))
        elif line.strip() and (found is not None or number or first is None or first["rest"] != ":"):
            raise FormulaError(
                "this line is not understood", text=check, span=(offset, offset + len(line.rstrip())),
                expected=("row_count between 10 and 20", "warn: when > 5", "fail: when not between 1 and 10"),
            )  # fmt: skip
        offset += len(line)
    if not alerts:
        raise FormulaError("this check does not say when it warns or fails")
    nothing: Claim = Steps((), (False,))
    return _rule_of_alerts(alerts.get("warn", nothing), alerts.get("fail", nothing), unit)


def _soda_claim(text: str, start: int, end: int) -> Claim:
    return _any_of(_claims(text, _SODA, (start, end)))


# conditions -----------------------------------------------------------------------------------------------------------

_END: Final = rf"(?:{_NUMBER}|[+-]?(?:∞|inf(?:inity)?))"
_COMPARED: Final = rf"(?P<sign><=|>=|!=|<|>|=|≤|≥|≠)\s{{0,9}}(?P<to>{_NUMBER})"
_FEEL: Final = (
    re.compile(rf"(?P<all>-)(?![0-9])|{_COMPARED}|(?P<opens>[\[(\]])\s{{0,9}}(?P<low>{_NUMBER})\s{{0,9}}\.\.\s{{0,9}}(?P<high>{_NUMBER})\s{{0,9}}(?P<closes>[\])\[])|(?P<only>{_NUMBER})"),
    re.compile(r"\s{0,99},"),
    ("< 21", "[21..22.05]", "> 5, < 2", "not(5)"),
)  # fmt: skip
_INTERVALS: Final = (
    re.compile(rf"(?P<opens>[\[(\]])\s{{0,9}}(?P<low>{_END})\s{{0,9}}[,;]\s{{0,9}}(?P<high>{_END})\s{{0,9}}(?P<closes>[\])\[])", re.IGNORECASE),
    re.compile(r"\s{0,99}(?:∪|U\b|or\b)"),
    ("[10, 20]", "(-∞, 5]", "[5, 10) ∪ (20, 25]"),
)  # fmt: skip
_SODA: Final = (
    re.compile(rf"{_COMPARED}|(?P<negated>not\s{{1,9}})?between\s{{1,9}}(?P<opens>[\[(]?)\s{{0,9}}(?P<low>{_NUMBER})\s{{1,9}}and\s{{1,9}}(?P<high>{_NUMBER})\s{{0,9}}(?P<closes>[\])]?)"),
    re.compile(r"(?!)"),
    ("< 5", "between 10 and 20", "between (10 and 20]", "not between 1 and 10"),
)  # fmt: skip


def _claims(
    text: str, language: tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]], span: tuple[int, int] | None = None
) -> Iterator[Claim]:
    """The readings that each of the conditions in a text claims; raises ``FormulaError`` at the first that is none."""
    term, separator, examples = language
    place, end = span or (0, len(text))
    _short(text)
    while True:
        place += len(text[place:end]) - len(text[place:end].lstrip())
        found = term.match(text, place, end)
        after = found.end() if found else place
        behind = text[after:end].strip()
        joined = separator.match(text, after, end) if behind else None
        if found is None or (behind and joined is None):
            raise FormulaError(
                "this condition is not understood", text=text, span=(after, max(end, after)), expected=examples
            )
        yield _claim(found, text)
        if joined is None:
            return
        place = joined.end()


def _claim(found: re.Match[str], text: str) -> Claim:
    parts = found.groupdict()
    if parts.get("all"):
        return Steps((), (True,))
    if parts.get("sign"):
        at, sign = Decimal(parts["to"]), parts["sign"]
        match sign:
            case "<" | "<=" | "≤":
                return _stretch(None, (at, sign == "<"))
            case ">" | ">=" | "≥":
                return _stretch((at, sign == ">"), None)
            case "=":
                return _stretch((at, False), (at, False))
        return _stretch((at, False), (at, False)).map(_negated)
    if parts.get("only"):
        return _stretch((Decimal(parts["only"]), False), (Decimal(parts["only"]), False))
    low, high = _end(parts["low"]), _end(parts["high"])
    opens, closes = parts["opens"], parts["closes"]
    if low is not None and high is not None and low > high:
        raise FormulaError("the interval begins after its end", text=text, span=found.span())
    if parts["low"].lower().lstrip("+")[0] in "∞i" or (parts["high"].startswith("-") and high is None):
        raise FormulaError("the interval begins at its infinite end", text=text, span=found.span())
    inside = _stretch(
        None if low is None else (low, opens in ("(", "]")), None if high is None else (high, closes in (")", "["))
    )
    return inside.map(_negated) if parts.get("negated") else inside


def _end(text: str) -> Decimal | None:
    return Decimal(text) if text[-1].isdigit() else None


def _stretch(low: tuple[Decimal, bool] | None, high: tuple[Decimal, bool] | None) -> Claim:
    """From one place to another; each with whether it is left out."""
    cuts: list[Cut[Decimal]] = []
    values = [True]
    if low is not None:
        cuts.append(Cut(low[0], Side.AFTER if low[1] else Side.BEFORE))
        values = [False, True]
    if high is not None:
        cuts.append(Cut(high[0], Side.BEFORE if high[1] else Side.AFTER))
        values.append(False)
    if len(cuts) == 2 and not cuts[0].key < cuts[1].key:
        return Steps((), (False,))
    return Steps(tuple(cuts), tuple(values))


def _any_of(claims: Iterable[Claim]) -> Claim:
    found: Claim = Steps((), (False,))
    for claim in claims:
        found = found.combine(claim, lambda a, b: a or b)
    return found


def _negated(claimed: bool) -> bool:
    return not claimed


def _short(text: str) -> str:
    """``text`` if it is short enough to be a condition; raises ``FormulaError`` if not, and for what is no text."""
    check_kind(text, str, "text of a condition", FormulaError)
    if len(text) > LONGEST_CONDITION:
        raise FormulaError(f"a condition of {len(text):,} characters is too long; {LONGEST_CONDITION:,} is the most")
    return text


def _number(number: Decimal, *, most: int | None = None) -> str:
    """A number with a point and no exponent; raises ``FormulaError`` for one of more digits than go."""
    digits = number.normalize(EXACT).as_tuple().digits
    if most is not None and (len(digits) > most or abs(exponent_of(number)) > 300):
        raise FormulaError(f"a limit of {len(digits)} digits is more than can be compared there, which is {most}")
    return format(number.normalize(EXACT), "f") if number else "0"


# rules ----------------------------------------------------------------------------------------------------------------


def _by_status(texts: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """The texts, each with its status; raises ``FormulaError`` for what is no mapping."""
    check_kind(
        texts, Mapping, "mapping from statuses", FormulaError, hint='write {"green": ">= 95", "amber": "[90..95)"}'
    )
    return texts.items()


def _colour(status: str) -> Status:
    try:
        found = Status(status)
    except ValueError:
        found = Status.UNRATED
    if found is Status.UNRATED:
        raise FormulaError(f"“{str(status)[:40]}” is no status to give", expected=("green", "amber", "red"))
    return found


def _rule_of_alerts(warning: Claim, critical: Claim, unit: str | None) -> Rule:
    """The rule by which what is critical is red, else what is to be warned of amber, and the rest green."""
    steps = warning.combine(
        critical, lambda warns, fails: Status.RED if fails else Status.AMBER if warns else Status.GREEN
    )
    statuses = sorted(set(steps.values))
    if len(statuses) == 1:
        raise FormulaError(f"every reading would be {statuses[0]}: that is no target")
    return _rule_of({status: steps.map(status.__eq__) for status in statuses}, unit)


def _rule_of(claims: Mapping[Status, Claim], unit: str | None) -> Rule:
    """The rule of the target that says of each status which readings have it."""
    texts = []
    for status, claim in claims.items():
        for low, claimed, high in claim.pieces():
            if claimed:
                if low is None and high is None:
                    raise FormulaError(f"every reading would be {status}: that is no target")
                texts.append(f"{status.value.capitalize()}: {_condition(low, high)}")
    if not texts:
        raise FormulaError("no reading has a status by these conditions")
    rule = resolve(parse_target(", ".join(texts)), Setting.read(unit=unit))
    for status, claim in claims.items():
        others = _any_of(other for name, other in claims.items() if name is not status)
        alone = claim.combine(others, lambda mine, other: mine and not other)
        found = rule.bands.steps.map(status.__eq__) if rule.bands is not None else others
        if any(alone.combine(found, lambda mine, given: mine and not given).values):
            raise FormulaError(f"these conditions cannot be written as a target; it would be {rule}")
    return rule


def _condition(low: Cut[Decimal] | None, high: Cut[Decimal] | None) -> str:
    """A stretch as a condition of the target language."""
    if low is None or high is None:
        return _comparison(low, high, lambda cut: _number(cut.at), at_most="≤", at_least="≥")
    if low.at == high.at:
        return f"exactly {_number(low.at)}"
    return f"{_condition(low, None)} and {_condition(None, high)}"
