"""What one would use instead: a few lines by hand, a small Lark grammar, and packages with rules of their own."""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from lark import Lark, Transformer

from rag_rules import Report, Status

__all__ = [
    "NUMBER_PEERS",
    "SMALL_GRAMMAR",
    "TEXT_PEERS",
    "by_expression",
    "by_hand_in_decimals",
    "by_hand_in_floats",
    "by_hand_in_text",
    "peers_in_numbers",
    "peers_in_parsing",
    "plain_table",
    "target_by_expression",
]

_GREEN, _AMBER, _RED, _UNRATED = Status.GREEN, Status.AMBER, Status.RED, Status.UNRATED
_TARGET, _LIMIT = Decimal(95), Decimal("90.25")


def by_hand_in_floats(reading: float) -> Status:
    """At least 95%, amber within 5%."""
    if reading != reading:
        return _UNRATED
    if reading >= 95.0:
        return _GREEN
    if reading >= 90.25:
        return _AMBER
    return _RED


def by_hand_in_decimals(reading: Decimal) -> Status:
    """The same, exactly."""
    if reading >= _TARGET:
        return _GREEN
    if reading >= _LIMIT:
        return _AMBER
    return _RED


def by_hand_in_text(reading: str) -> Status:
    """The same for texts that are sure to be percentages."""
    return by_hand_in_decimals(Decimal(reading.rstrip("%")))


_PERCENTAGE: Final = re.compile(r"\s*([-+]?[0-9]+(?:\.[0-9]+)?)\s*%?\s*")


def by_expression(reading: str) -> Status:
    """The same for texts that may be something else."""
    found = _PERCENTAGE.fullmatch(reading)
    return by_hand_in_decimals(Decimal(found[1])) if found is not None else _UNRATED


_AMOUNT: Final = r"(?:£ *([0-9]+(?:\.[0-9]+)?)|([0-9]+(?:\.[0-9]+)?) *(%|days|weeks|hours|minutes)?)"
_TARGET_TEXT: Final = re.compile(
    rf" *(?:between *{_AMOUNT} *(?:and|-|to) *{_AMOUNT}|(<=|at most|no more than|>=|at least|no less than|<|less than|>"
    rf"|more than)? *{_AMOUNT}) *"
)
_SIGNS: Final = dict(zip(
    ("<=", "at most", "no more than", ">=", "at least", "no less than", "<", "less than", ">", "more than"),
    ("<=", "<=", "<=", ">=", ">=", ">=", "<", "<", ">", ">"), strict=True,
))  # fmt: skip


def target_by_expression(text: str) -> object:
    """The same target as by the small grammar, read by a regular expression."""
    found = _TARGET_TEXT.fullmatch(text.lower())
    if found is None:
        raise ValueError(text)
    sign = found[7]
    if found[8] or found[9]:
        amount = _amount(found[8], found[9], found[10])
        return (_SIGNS[sign], amount) if sign else amount
    return ("between", _amount(found[1], found[2], found[3]), _amount(found[4], found[5], found[6]))


def _amount(money: str | None, number: str, unit: str | None) -> tuple[str, Decimal]:
    return ("£", Decimal(money)) if money else (unit or "", Decimal(number))


#: twelve rules, no more than the simplest targets need
SMALL_GRAMMAR: Final = r"""
start: less_than | at_most | at_least | more_than | between | plain
less_than: ("<" | "less than") amount
at_most: ("<=" | "at most" | "no more than") amount
at_least: (">=" | "at least" | "no less than") amount
more_than: (">" | "more than") amount
between: "between" amount ("and" | "-" | "to") amount
plain: amount
amount: money | percentage | count
money: "£" NUMBER
percentage: NUMBER "%"
count: NUMBER UNIT?
NUMBER: /[0-9]+(?:\.[0-9]+)?/
UNIT: "days" | "weeks" | "hours" | "minutes"
%ignore " "
"""


class _Small(Transformer[Any, Any]):
    """Tuples of a sign and amounts."""

    def start(self, children: list[Any]) -> Any:
        return children[0]

    plain = amount = start

    def less_than(self, children: list[Any]) -> Any:
        return ("<", children[0])

    def at_most(self, children: list[Any]) -> Any:
        return ("<=", children[0])

    def at_least(self, children: list[Any]) -> Any:
        return (">=", children[0])

    def more_than(self, children: list[Any]) -> Any:
        return (">", children[0])

    def between(self, children: list[Any]) -> Any:
        return ("between", *children)

    def money(self, children: list[Any]) -> Any:
        return ("£", Decimal(children[0]))

    def percentage(self, children: list[Any]) -> Any:
        return ("%", Decimal(children[0]))

    def count(self, children: list[Any]) -> Any:
        return ("".join(children[1:]), Decimal(children[0]))


def _lark() -> Callable[[str], object]:
    """Lark as it comes, for a grammar of twelve rules: LALR, contextual lexer, transformer inside."""
    parser = Lark(SMALL_GRAMMAR, parser="lalr", lexer="contextual", transformer=_Small())
    return lambda text: parser.parse(text.lower())


def peers_in_numbers() -> dict[str, Callable[[float], Status]]:
    """The same rule by each package that rates a number by a rule in text, made ready beforehand."""
    return _installed(NUMBER_PEERS)


def peers_in_parsing() -> dict[str, Callable[[str], object]]:
    """The texts of targets by each package that reads such texts, made ready beforehand."""
    return _installed(TEXT_PEERS)


def _installed(peers: dict[str, Callable[[], Callable[[Any], Any]]]) -> dict[str, Callable[[Any], Any]]:
    """Those that are installed; the others are named as left out."""
    found = {}
    for name, make in peers.items():
        try:
            found[name] = make()
        except ImportError:
            print(f"{name} is not installed, and left out", file=sys.stderr)
    return found


_BY_WORD: Final = {"green": _GREEN, "amber": _AMBER, "red": _RED}
_TERNARY: Final = "reading >= 95.0 ? 'green' : reading >= 90.25 ? 'amber' : 'red'"


def _nagiosplugin() -> Callable[[float], Status]:
    from nagiosplugin import Range

    green, amber = Range("95:"), Range("90.25:")
    return lambda reading: _GREEN if green.match(reading) else _AMBER if amber.match(reading) else _RED


def _rule_engine() -> Callable[[float], Status]:
    from rule_engine import Rule

    made = Rule(_TERNARY)
    return lambda reading: _BY_WORD[made.evaluate({"reading": reading})]


def _zen_engine() -> Callable[[float], Status]:
    from zen import compile_expression

    compiled = compile_expression(_TERNARY)
    return lambda reading: _BY_WORD[compiled.evaluate({"reading": reading})]


def _simpleeval() -> Callable[[float], Status]:
    from simpleeval import SimpleEval

    evaluator = SimpleEval()
    parsed = evaluator.parse("'green' if reading >= 95 else 'amber' if reading >= 90.25 else 'red'")

    def status(reading: float) -> Status:
        evaluator.names = {"reading": reading}
        return _BY_WORD[evaluator.eval("", previously_parsed=parsed)]

    return status


def _cel() -> Callable[[float], Status]:
    from cel import compile as compile_

    program = compile_(_TERNARY)
    return lambda reading: _BY_WORD[program.execute({"reading": reading})]


def _business_rules() -> Callable[[float], Status]:
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.variables import BaseVariables, numeric_rule_variable

    class Reading(BaseVariables):
        number = 0.0

        @numeric_rule_variable
        def reading(self) -> float:
            return self.number

    class Rated(BaseActions):
        status = _RED

        @rule_action()
        def green(self) -> None:
            self.status = _GREEN

        @rule_action()
        def amber(self) -> None:
            self.status = _AMBER

    rules = [
        {
            "conditions": {"all": [{"name": "reading", "operator": "greater_than_or_equal_to", "value": limit}]},
            "actions": [{"name": name}],
        }
        for limit, name in ((95, "green"), (90.25, "amber"))
    ]
    variables = Reading()

    def status(reading: float) -> Status:
        variables.number = reading
        rated = Rated()
        run_all(rules, variables, rated, stop_on_first_trigger=True)
        return rated.status

    return status


def _pyparsing() -> Callable[[str], object]:
    """The small grammar once more."""
    from pyparsing import Literal, MatchFirst, Opt, Regex, replace_with

    number = Regex(r"[0-9]+(?:\.[0-9]+)?").set_parse_action(lambda found: Decimal(found[0]))
    money = (Literal("£").suppress() + number).set_parse_action(lambda found: ("£", found[0]))
    percentage = (number + Literal("%").suppress()).set_parse_action(lambda found: ("%", found[0]))
    unit = Regex("days|weeks|hours|minutes", flags=re.IGNORECASE)
    count = (number + Opt(unit, default="")).set_parse_action(lambda found: (found[1], found[0]))
    amount = money | percentage | count
    signs = {"<=": "<=|at most|no more than", ">=": ">=|at least|no less than", "<": "<|less than", ">": ">|more than"}
    sign = MatchFirst(
        Regex(phrases, flags=re.IGNORECASE).set_parse_action(replace_with(name)) for name, phrases in signs.items()
    )
    compared = (sign + amount).set_parse_action(lambda found: (found[0], found[1]))
    to = Regex("and|-|to", flags=re.IGNORECASE).suppress()
    between = Regex("between", flags=re.IGNORECASE) + amount + to + amount
    between.set_parse_action(lambda found: ("between", found[1], found[2]))
    target = between | compared | amount
    return lambda text: target.parse_string(text, parse_all=True)[0]


def _rule_engine_text() -> Callable[[str], object]:
    """A rule in its own language, which it parses when it is made."""
    from rule_engine import Rule

    return Rule


def _quantulum() -> Callable[[str], object]:
    """The quantities in the text, of which it takes in no more: not whether more or less is better."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that its classifier, which needs scikit-learn, is not installed
        from quantulum3 import parser
    return lambda text: parser.parse(text)


#: packages that rate a number by a rule in text, by the names of their distributions; none is needed
NUMBER_PEERS: Final[dict[str, Callable[[], Callable[[float], Status]]]] = {
    "nagiosplugin": _nagiosplugin,
    "zen-engine": _zen_engine,
    "simpleeval": _simpleeval,
    "common-expression-language": _cel,
    "rule-engine": _rule_engine,
    "business-rules": _business_rules,
}

#: those that read the texts of targets
TEXT_PEERS: Final[dict[str, Callable[[], Callable[[str], object]]]] = {
    "lark": _lark,
    "pyparsing": _pyparsing,
    "rule-engine": _rule_engine_text,
    "quantulum3": _quantulum,
}


def plain_table(report: Report) -> Callable[[], str]:
    """The same rows as a web page shows, as a plain Jinja2 table: escaped, and nothing else done to them."""
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(_TABLE)
    return lambda: template.render(report=report)


_TABLE: Final = """<!doctype html><html lang="en"><title>{{ report.title }}</title><table>
{% for row in report.indicators %}<tr><td>{{ row.ref }}</td><td>{{ row.name }}</td>
{% for group in row.groups.values() %}<td>{{ group }}</td>{% endfor %}
<td>{{ row.target.text }}</td><td>{{ row.target.to_date or "" }}</td><td>{{ row.reading.text }}</td>
<td>{{ row.previous.text if row.previous }}</td><td>{{ report.word(row.status) }}</td><td>{{ row.movement or "" }}</td>
<td>{{ row.explanation }}</td><td>{{ row.notes|join("; ") }}</td><td>{{ row.forecast.sentence if row.forecast }}</td>
<td>{{ row.comment or "" }}</td></tr>
{% endfor %}</table></html>"""
