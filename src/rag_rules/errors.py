"""One family of errors: what was written, where it goes wrong, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = [
    "BandsError",
    "DateSyntaxError",
    "FormulaError",
    "MissingExtraError",
    "PolarityError",
    "RagRulesError",
    "ReadingSyntaxError",
    "ScorecardError",
    "SettingError",
    "TargetSyntaxError",
    "UnitError",
    "called",
    "check_kind",
    "pairs_of",
    "printable",
]


class RagRulesError(ValueError):
    """Base of every error that wrong input raises.

    ``text`` is what was written, ``span`` the (start, end) of the trouble in it, ``expected`` what could
    stand there, ``hint`` one sentence of help and ``nearest`` valid texts that may have been meant.
    ``str()`` draws all of it.
    """

    def __init__(
        self,
        problem: str,
        *,
        text: str = "",
        span: tuple[int, int] | None = None,
        expected: Sequence[str] = (),
        hint: str = "",
        nearest: Sequence[str] = (),
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.text = text
        self.span = span
        self.expected = tuple(expected)
        self.hint = hint
        self.nearest = tuple(nearest)

    @property
    def sentence(self) -> str:
        """The problem, what was expected and the help, on one line and without the drawing."""
        said = self.problem
        if self.expected:
            said += f"; expected {_listed(self.expected)}"
        if self.nearest:
            said += f"; did you mean {_listed([f'“{text}”' for text in self.nearest])}?"
        if self.hint:
            said += f" ({self.hint})" if not self.nearest else f" {self.hint}"
        return said

    def __str__(self) -> str:
        if not self.text or self.span is None:
            return self.sentence
        start, end = self.span
        shown = self.text
        if len(shown) > 100:  # keep the trouble in view
            first = max(0, start - 40)
            shown = shown[first : first + 100]
            start, end = start - first, min(end - first, 100)
        shown = "".join(character if character.isprintable() else " " for character in shown)
        return f"{shown}\n{' ' * start}{'~' * max(1, end - start)}\n{self.sentence}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.problem, self.__dict__.copy()))


def _rebuild(kind: type[RagRulesError], problem: str, state: dict[str, object]) -> RagRulesError:
    error = kind(problem)
    error.__dict__.update(state)
    return error


class TargetSyntaxError(RagRulesError):
    """A target text that cannot be read, or could be read in more than one way."""


class DateSyntaxError(RagRulesError):
    """A deadline or a period that cannot be read, names a day that there is not, or contradicts itself."""


class ReadingSyntaxError(RagRulesError):
    """A reading that is neither a value nor a word for missing data."""


class SettingError(RagRulesError):
    """A polarity, tolerance, scale, benchmark, baseline or rounding that cannot be read."""


class PolarityError(RagRulesError):
    """A target that means two different things until it is said whether higher or lower is better."""


class UnitError(RagRulesError):
    """A reading or tolerance in a unit that cannot be compared with the target's."""


class BandsError(RagRulesError):
    """A picture of bands that cannot be read."""


class FormulaError(RagRulesError):
    """A rule that cannot be written as a formula, a query or another tool's condition, or a name or word that cannot stand in one."""


class ScorecardError(RagRulesError):
    """A scorecard that cannot be read at all: no file, no table, no target column."""


class MissingExtraError(RagRulesError):
    """An optional package is needed; the message names the extra to install."""


def called(value: object) -> str:
    """What a message calls a value that is not of the kind that is wanted.

    >>> from datetime import date
    >>> called("at most 28"), called(date(2023, 9, 30)), called(None)
    ('a text', 'a value of the type date', 'nothing')
    """
    if value is None:
        return "nothing"
    return "a text" if isinstance(value, str) else f"a value of the type {type(value).__name__}"


def check_kind(
    value: object, kinds: type | tuple[type, ...], what: str, error: type[RagRulesError], *, hint: str = ""
) -> None:
    """Refuse, as ``error``, a value that is not of some kinds; ``what`` is the one that is wanted.

    >>> check_kind(5, str, "text of a check", FormulaError)
    Traceback (most recent call last):
    rag_rules.errors.FormulaError: a value of the type int is no text of a check
    """
    if not isinstance(value, kinds):
        raise error(f"{called(value)} is no {what}", hint=hint)


def can_be_key(value: object) -> bool:
    """Whether a value can be looked up: it has a hash, and is compared without an error.

    >>> can_be_key("cost"), can_be_key(([],))
    (True, False)
    """
    try:
        hash(value)
        bool(value == value)
    except (TypeError, ValueError):
        return False
    return True


def pairs_of(rules: object, error: type[RagRulesError]) -> list[tuple[Any, Any]]:
    """Rules with their names, from a mapping or pairs; raises ``error`` for anything else."""
    if isinstance(rules, Mapping):
        return list(rules.items())
    pairs = list(rules) if isinstance(rules, Iterable) and not isinstance(rules, str) else None
    if pairs is None or any(not isinstance(pair, list | tuple) or len(pair) != 2 for pair in pairs):
        raise error(
            "rules come with their names, as a mapping or as pairs of a name and a rule",
            hint='write {"Repairs": rule("at least 95%")}',
        )
    return [(name, rule) for name, rule in pairs]


def printable(text: str) -> str:
    r"""Text from outside, fit for a message: on one line, without controls and marks of writing direction.

    >>> printable("a\x1b[31m\nb")
    'a [31m b'
    """
    if text.isprintable():
        return text.strip()
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _listed(items: Sequence[str]) -> str:
    """The items as people list them: a, b or c."""
    *most, last = items
    return f"{', '.join(most)} or {last}" if most else last
