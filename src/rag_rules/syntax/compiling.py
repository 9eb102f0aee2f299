"""The grammar to the tables that are stored: Lark's work, and the only part that needs Lark.

What comes out is plain lists and texts, the same whatever the machine: states are numbered in the order in which they
are reached, and rules in the order of their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from lark import GrammarError, Lark
from lark.parsers.lalr_analysis import Shift

from rag_rules.syntax.lexer import SEEN

__all__ = ["tables_of"]

#: the standard library's parser of expressions, which it keeps to itself: by whatever name Lark, which measures its
#: terminals with it, has found it
_found_by_lark: Any = import_module("lark.utils")
sre_parse, op = _found_by_lark.sre_parse, _found_by_lark.sre_constants


def tables_of(grammar: str, starts: Sequence[str], beside: Sequence[str] = ()) -> dict[str, Any]:
    """The tables of a parser with these start symbols, as ``TableParser`` takes them.

    The terminals are those that Lark keeps for ``starts`` and for the symbols ``beside`` them. Raises ``GrammarError``
    for what cannot be a table: a terminal that matches nothing, a rule of which it is not clear what it is worth.
    """
    lark = Lark(grammar, parser="lalr", lexer="basic", start=[*starts, *beside], maybe_placeholders=False)
    terminals = [
        [name, part, _beginnings(part)] for name, expression in _terminals(lark) for part in _alternatives(expression)
    ]
    ignored = sorted(lark.lexer_conf.ignore)
    return {"terminals": terminals, "ignored": ignored, **_States(lark, starts).numbered()}


# terminals --------------------------------------------------------------------------------------------------------------


def _terminals(lark: Lark) -> Iterator[tuple[str, str]]:
    """The names and expressions of the terminals in the order in which Lark tries them."""
    expressions = {terminal.name: terminal.pattern.to_regexp() for terminal in lark.lexer_conf.terminals}
    widths = {name: sre_parse.parse(expression).getwidth() for name, expression in expressions.items()}
    if empty := [name for name, (least, _) in widths.items() if not least]:
        raise GrammarError(f"terminals that match nothing would be found for ever: {', '.join(empty)}")
    order = sorted(
        lark.lexer_conf.terminals, key=lambda it: (-it.priority, -widths[it.name][1], -len(it.pattern.value), it.name)
    )
    return ((terminal.name, expressions[terminal.name]) for terminal in order)


#: what gives an expression its form; signs that are escaped, or stand in a set, give it none
_FORM: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|([()|])", re.DOTALL)


def _alternatives(expression: str) -> list[str]:
    r"""The alternatives that an expression is made of, in the order in which it tries them.

    Each is compiled when it is needed, and the expression is the first of them that matches.

    >>> _alternatives(r"(?:(?:a|b)c|[|(]d|\||(?:e|f))")
    ['(?:a|b)c', '[|(]d', '\\|', 'e', 'f']
    """
    depth, bars, closed = 0, [-1], 0
    for found in _FORM.finditer(expression):
        depth += {"(": 1, ")": -1}.get(found[1], 0)
        if found[1] == "|" and depth == 0:
            bars.append(found.start())
        if found[1] == ")" and depth == 0 and not closed:
            closed = found.end()
    if len(bars) > 1:
        ends = [*bars[1:], len(expression)]
        return [each for bar, end in zip(bars, ends, strict=True) for each in _alternatives(expression[bar + 1 : end])]
    if expression.startswith("(?:") and closed == len(expression):
        return _alternatives(expression[3:-1])
    return [expression]


def _beginnings(expression: str) -> list[Any]:
    """How the matches of an expression begin, as ``may_begin`` takes it."""
    return _beginnings_of(sre_parse.parse(expression), SEEN)


def _beginnings_of(tree: Any, seen: int) -> list[Any]:
    """The same of an expression taken apart, as far as so many characters."""
    parts: list[Any] = []
    for kind, detail in tree.data:
        if seen <= 0:
            break
        more = _parts(kind, detail, seen)
        if more and parts and isinstance(more[0], str) and isinstance(parts[-1], str):
            parts[-1] += more.pop(0)
        parts += more
        if parts[-1:] == [_ANYTHING]:
            break
        seen -= _least_width(kind, detail)
    return parts


def _least_width(kind: Any, detail: Any) -> int:
    one = sre_parse.SubPattern(sre_parse.State(), [(kind, detail)])
    return int(one.getwidth()[0])


_ANYTHING: Final = ["anything"]


def _parts(kind: Any, detail: Any, seen: int) -> list[Any]:
    match kind:
        case op.LITERAL:
            return [_shown(detail)]
        case op.IN:
            return [_one_of(detail)]
        case op.BRANCH:
            return [_table([_beginnings_of(branch, seen) for branch in detail[1]])]
        case op.SUBPATTERN if not detail[1] & re.IGNORECASE:
            return _beginnings_of(detail[-1], seen)
        case op.MAX_REPEAT | op.MIN_REPEAT:
            least, most, repeated = detail
            return [["times", min(least, seen), min(most, seen), _beginnings_of(repeated, seen)]]
        case op.ASSERT if detail[0] > 0:  # it looks ahead
            return [["ahead", _beginnings_of(detail[1], seen)]]
        case op.ASSERT | op.ASSERT_NOT | op.AT:
            return []
    return [_ANYTHING]


def _table(branches: list[list[Any]]) -> dict[str, list[Any]]:
    """Branches by the character that they begin with; under "" those that begin with something else than a text."""
    table: dict[str, list[Any]] = {}
    for branch in branches:
        under = table.setdefault(branch[0][0] if branch and isinstance(branch[0], str) else "", [])
        if branch not in under:  # two words may begin alike
            under.append(branch)
    return table


def _shown(code: int) -> str:
    """A character as the index has it: "0" is any digit."""
    return "0" if chr(code) in "0123456789" else chr(code)


def _one_of(items: Any) -> list[Any]:
    """One character of a set."""
    is_negated = items[0][0] is op.NEGATE
    characters: set[str] = set()
    for kind, detail in items[1:] if is_negated else items:
        if kind is not op.LITERAL and kind is not op.RANGE:
            return _ANYTHING  # a category such as \w
        first, last = (detail, detail) if kind is op.LITERAL else detail
        if last - first > 1000:
            return _ANYTHING
        characters |= {chr(code) for code in range(first, last + 1)}
    digits = characters & set("0123456789")
    if len(digits) == 10 or (digits and not is_negated):  # one digit left out of a set leaves others in it
        characters.add("0")
    elif is_negated:
        characters.discard("0")
    return ["not in" if is_negated else "in", "".join(sorted(characters - set("123456789")))]


# rules and states -------------------------------------------------------------------------------------------------------

#: a state of Lark's, and the tokens that it may look at, where those are not all of its own
_State = tuple[int, frozenset[str] | None]


class _States:
    """Lark's states and rules, without the states that would only be passed through.

    Such a state always ends one rule that is worth its one child. It is passed at once, and the state behind it looks
    at no more tokens than it did, so that an error is found at the same place as Lark finds it.
    """

    def __init__(self, lark: Lark, starts: Sequence[str]) -> None:
        inner: Any = lark.parser.parser
        table = inner.parser.parse_table
        self._rows: Final[Mapping[int, Mapping[str, tuple[Any, Any]]]] = table.states
        self._ends: Final = {start: (table.start_states[start], table.end_states[start]) for start in starts}
        self._rules: Final = list(lark.rules)
        self._names: Final = {rule.origin.name for rule in self._rules}
        for rule in self._rules:
            if rule.origin.name in starts and self.how(rule) is None:
                raise GrammarError(f"the start symbol {rule.origin.name} must build something")

    def numbered(self) -> dict[str, Any]:
        """All that can be reached, by numbers in place of names."""
        rows = dict[_State, dict[str, Any]]()
        waiting = [(state, None) for pair in self._ends.values() for state in pair]
        while waiting:
            state = waiting.pop(0)
            if state not in rows:
                rows[state] = self._row(state)
                waiting += [after for _, after in sorted(rows[state].items()) if isinstance(after, tuple)]
        states = {state: number for number, state in enumerate(rows)}
        used = {_key(rule): rule for row in rows.values() for rule in row.values() if not isinstance(rule, tuple)}
        rules = {key: number for number, key in enumerate(sorted(used))}
        symbols = sorted({name for row in rows.values() for name in row})
        number_of = {name: number for number, name in enumerate(symbols)}
        return {
            "symbols": symbols,
            "rules": [self._rule(used[key], number_of) for key in rules],
            "starts": {start: [states[first, None], states[last, None]] for start, (first, last) in self._ends.items()},
            "states": [
                [
                    each
                    for name, after in sorted(row.items())
                    for each in (
                        number_of[name],
                        states[after] if isinstance(after, tuple) else ~rules[_key(after)],
                    )
                ]
                for row in rows.values()
            ],
        }

    def _row(self, state: _State) -> dict[str, Any]:
        """What comes of a token, or of a rule that has ended: the next state, or the rule that ends here."""
        row, tokens = self._rows[state[0]], state[1]
        names = [name for name in row if name in self._names or tokens is None or name in tokens]
        return {str(name): self._after(row, name) for name in names}

    def _after(self, row: Mapping[str, tuple[Any, Any]], name: str) -> Any:
        action, after = row[name]
        if action is not Shift:
            return after
        tokens: frozenset[str] | None = None
        while (passed := self._passed(self._rows[after])) is not None:
            behind = row[passed][1]
            if behind in {last for _, last in self._ends.values()}:
                break
            tokens = frozenset(self._rows[after]) & (tokens if tokens is not None else frozenset(self._rows[after]))
            after = behind
            if tokens >= self._rows[after].keys() - self._names:
                tokens = None
        return after, tokens

    def _passed(self, row: Mapping[str, tuple[Any, Any]]) -> str | None:
        """The rule that a state always ends, where that rule is worth the one child that it has."""
        rules = {_key(after): after for action, after in row.values() if action is not Shift}
        if len(rules) != 1 or any(action is Shift for action, _ in row.values()):
            return None
        (rule,) = rules.values()
        return str(rule.origin.name) if self.how(rule) is None else None

    def _rule(self, rule: Any, number_of: Mapping[str, int]) -> list[Any]:
        spliced = [place for place, symbol in enumerate(rule.expansion) if self._is_list(symbol)]
        return [number_of[str(rule.origin.name)], len(rule.expansion), self.how(rule), spliced]

    def how(self, rule: Any) -> str | None:
        """The method that builds what a rule is worth; "" where it is a list, ``None`` where it is its one child."""
        name, symbols = rule.origin.name, rule.expansion
        if any(symbol.is_term and symbol.filter_out for symbol in symbols):
            raise GrammarError(f"the rule {name} leaves out a token; give the token a name")
        if name.startswith("_"):
            return "" if self._is_list(rule.origin) else None
        if rule.options.expand1 and not rule.alias:
            if any(map(self._is_list, symbols)):
                raise GrammarError(f"the rule {name} holds a list, and so cannot stand for its one child")
            if len(symbols) == 1:
                return None
        return str(rule.alias or name)

    def _is_list(self, symbol: Any) -> bool:
        """Whether a symbol is worth a list, to be taken up into the rule that holds it: not a rule with one child each."""
        if symbol.is_term or not symbol.name.startswith("_"):
            return False
        return any(
            len(rule.expansion) != 1 or rule.expansion[0] == symbol or self._is_list(rule.expansion[0])
            for rule in self._rules
            if rule.origin == symbol
        )


def _key(rule: Any) -> tuple[str, tuple[str, ...], str]:
    return str(rule.origin.name), tuple(str(symbol.name) for symbol in rule.expansion), str(rule.alias or "")
