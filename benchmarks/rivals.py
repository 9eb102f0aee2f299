"""What one would use instead: a few lines by hand, a small Lark grammar, and packages with rules of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from typing import Any, Final

from lark import Lark, Transformer

from rag_rules import Report, Status

__all__ = [
    "PACKAGES",
    "by_expression",
    "by_hand_in_decimals",
    "by_hand_in_floats",
    "by_hand_in_text",
    "package",
    "plain_table",
    "small_grammar",
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


#: twelve rules, no more than the simplest targets need
_GRAMMAR: Final = r"""
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


def small_grammar() -> Callable[[str], Any]:
    """Lark as it comes, for a grammar of twelve rules: LALR, contextual lexer, transformer inside."""
    parser = Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=_Small())
    return lambda text: parser.parse(text.lower())


def _nagiosplugin(module: Any) -> Callable[[float], object]:
    green, amber = module.Range("95:"), module.Range("90.25:")
    return lambda reading: "ok" if green.match(reading) else "warning" if amber.match(reading) else "critical"


def _rule_engine(module: Any) -> Callable[[float], object]:
    green, amber = module.Rule("reading >= 95"), module.Rule("reading >= 90.25")
    return lambda reading: (
        "green" if green.matches({"reading": reading}) else "amber" if amber.matches({"reading": reading}) else "red"
    )


def _simpleeval(module: Any) -> Callable[[float], object]:
    evaluator = module.EvalWithCompoundTypes()
    parsed = evaluator.parse("'green' if reading >= 95 else 'amber' if reading >= 90.25 else 'red'")

    def status(reading: float) -> object:
        evaluator.names = {"reading": reading}
        return evaluator.eval("", previously_parsed=parsed)

    return status


def package(name: str) -> Callable[[float], object] | None:
    """The same rule by a package; ``None`` where it is not installed."""
    try:
        return PACKAGES[name](import_module(name))
    except ImportError:
        return None


#: packages that rate a number by a rule in text; none is needed to run the benchmarks
PACKAGES: Final[dict[str, Callable[[Any], Callable[[float], object]]]] = {
    "nagiosplugin": _nagiosplugin,
    "rule_engine": _rule_engine,
    "simpleeval": _simpleeval,
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
