"""The rules of one call: found by name, by the text of a target, or one for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache, partial
from numbers import Integral
from operator import is_
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import uuid4

from rag_rules.errors import PolarityError, RagRulesError, SettingError, UnitError, called, pairs_of
from rag_rules.frames.alike import Alike, Amounts, Form
from rag_rules.number_line import NumberLine, Verdict, number_line
from rag_rules.over_time import Timed
from rag_rules.rules import Rule, resolve
from rag_rules.settings import Setting
from rag_rules.status import Reason, Status
from rag_rules.steps import Steps
from rag_rules.syntax.cache import amounts_in, parse_target

if TYPE_CHECKING:
    from collections.abc import Hashable

    from rag_rules.periods import Year

__all__ = [
    "NO_SUCH_RULE",
    "Book",
    "Columns",
    "Entry",
    "EntryOfText",
    "NoRule",
    "Times",
    "book_of",
    "check_setting",
    "column_problem",
    "is_missing",
]

#: under which a rule keeps its entry
_ENTRY_KEYS: Final[dict[bool | None, str]] = {shares: f"entry {shares}" for shares in (None, False, True)}
#: the reason for having no status where the column of rules names none that there is
NO_SUCH_RULE: Final = "no such rule"


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that are read and written."""

    reading: str
    rule: str | None
    target: str | None
    into: str
    reason: str | None = None
    distance: str | None = None
    band: str | None = None
    #: the column that tells the time that a reading is for
    on: str | None = None

    @property
    def key(self) -> str | None:
        """The column that tells the rule of a row."""
        return self.rule if self.rule is not None else self.target

    @property
    def read(self) -> list[str]:
        """The columns that are read, each once."""
        return list(dict.fromkeys(name for name in (self.reading, self.key, self.on) if name is not None))

    @property
    def new(self) -> tuple[str, ...]:
        """The columns to write."""
        return tuple(name for name in (self.into, self.reason, self.distance, self.band) if name is not None)

    def renamed(self, prefix: str) -> Columns:
        """The same, with names for the new columns that no column of people has."""
        new = {
            name: f"{prefix}{name}"
            for name in ("into", "reason", "distance", "band")
            if getattr(self, name) is not None
        }
        return replace(self, **new)


@dataclass(frozen=True, slots=True)
class NoRule:
    """What stands under a name in place of a rule: why its readings have no status."""

    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of a book, or why there is none."""

    rule: Rule | None
    line: NumberLine
    #: why nothing by this entry has a status, where it is no rule
    reason: str = ""
    #: the rule with what is known of the time of its figures, where readings have times
    timed: Timed | None = None


class Times(NamedTuple):
    """What is said of the time of all figures, where readings have times."""

    accumulation: str | None = None
    year: Year | None = None


_NO_TIMES: Final = Times()


class EntryOfText(Entry):
    """The entry of a target's text in a column of them: of a million rules, one is made again when it is asked for."""

    __slots__ = ("_line", "_rules", "_text", "amounts", "form")
    reason = ""
    timed = None
    #: what its line has in common with those of other texts, and the amounts in which they differ; ``None`` if nothing
    form: Form | None
    amounts: Amounts
    _text: str
    _rules: Callable[[str], Rule]
    _line: NumberLine | None

    def __init__(
        self,
        text: str,
        rules: Callable[[str], Rule],
        line: NumberLine | None,
        form: Form | None = None,
        amounts: Amounts = (),
    ) -> None:
        keep = object.__setattr__
        keep(self, "_text", text)
        keep(self, "_rules", rules)
        keep(self, "_line", line)
        keep(self, "form", form)
        keep(self, "amounts", amounts)

    @property
    def rule(self) -> Rule:
        """The rule that the text means."""
        return self._rules(self._text)

    @property
    def line(self) -> NumberLine:
        """What it says of each number."""
        if self._line is not None:
            return self._line
        assert self.form is not None
        return self.form.line(self.amounts)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Entry, (self.rule, self.line))


#: how many rules of a column of texts are kept, for readings that need more than the line
_KEPT: Final = 1024


@dataclass(slots=True)
class Book:
    """The rules of one call, by number; the last entry is for names that nobody knows."""

    entries: list[Entry]
    #: the number of the entry of each name; ``None`` where one rule is for all rows
    numbers: dict[Hashable, int] | None
    setting: Setting
    shares: bool | None
    #: whether names are the texts of targets, and so become known as they come
    is_of_texts: bool = False
    #: what is said of the time of figures; ``None`` where no column tells it
    times: Times | None = None
    #: what has been worked out for this book, by what it is
    made: dict[str, Any] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Any, ...]:
        """Without what has been worked out, which holds functions: batches may be rated in other processes."""
        return (Book, (self.entries, self.numbers, self.setting, self.shares, self.is_of_texts, self.times))

    def __dask_tokenize__(self) -> str:
        """What Dask takes a book by: each one differs from all others."""
        token: str = self.made.setdefault("token", uuid4().hex)
        return token

    def is_like(self, other: Book) -> bool:
        """Whether the same would be made of the same rules."""
        return self.setting == other.setting and self.shares is other.shares and self.times == other.times

    def named(self, names: list[Any] | None, rules: list[Any]) -> Book:
        """This book, with the rules of a call, or one for all; raises ``SettingError`` for two of one name."""
        if names is not None:
            names = _names(names)
            self.numbers = dict(zip(names, range(len(names)), strict=True))
            if len(self.numbers) < len(names):
                twice = next(name for number, name in enumerate(names) if self.numbers[name] != number)
                raise SettingError(f"there are two rules named “{twice}”", hint="give each rule a name of its own")
        self.entries = [_entry(each, self) for each in rules]
        if names is not None:
            self.entries.append(_unknown(NO_SUCH_RULE))
        return self

    def copy(self) -> Book:
        """One that learns for itself, as batches that are rated at the same time must."""
        if not self.is_of_texts:
            return self
        numbers = dict(self.numbers or {})
        return Book(list(self.entries), numbers, self.setting, self.shares, self.is_of_texts, self.times)

    def learn(self, texts: Iterable[Any]) -> None:
        """Reads each text as a target, unless it is known; what cannot be read gets an entry that says so."""
        assert self.numbers is not None
        for text in texts:
            is_text = isinstance(text, str)
            if (not is_text and is_missing(text)) or text in self.numbers:
                continue
            entry = self._of_text(text) if is_text else _refused(Reason.BAD_TARGET)
            self.numbers[text] = len(self.entries) - 1
            self.entries.insert(-1, entry)

    def _of_text(self, text: str) -> Entry:
        try:
            return _entry(text, self) if self.times is not None else self._like_others(text)
        except (PolarityError, SettingError, UnitError):
            return _refused(Reason.BAD_SETTING)
        except RagRulesError:
            return _refused(Reason.BAD_TARGET)

    def _like_others(self, text: str) -> Entry:
        """The entry of a text in a column that may hold a million like it."""
        if "alike" not in self.made:
            self.made.setdefault("rules", lru_cache(_KEPT)(partial(_rule, setting=self.setting)))
            self.made.setdefault("alike", Alike(self.shares))
        rules: Callable[[str], Rule] = self.made["rules"]
        alike: Alike = self.made["alike"]
        found = amounts_in(text) if self.setting.scale is None else None
        if found is not None and (form := alike.form(*found)) is not None:
            return EntryOfText(text, rules, None, form, found[1])
        rule = rules(text)
        line = number_line(rule, shares=self.shares)
        if found is not None:
            alike.learn(*found, rule, line)
        return EntryOfText(text, rules, line)


#: rules beyond which a book is not kept for the next call
_MANY: Final = 1024
#: the books of the last calls, each with the names and rules that it was made of: who rates tables in a
#: loop has the same rules in every call, and they take longer to set out than a hundred rows to rate
_BOOKS: Final[list[tuple[Book, list[Any] | None, list[Any]]]] = []
_KEPT_BOOKS: Final = 4
_LOCK: Final = Lock()


def is_missing(value: Any) -> bool:
    """Whether a value of a column stands for none: ``None``, NaN, and what pandas has for them."""
    return (
        value is None or type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and value != value)
    )


def book_of(rules: Any, columns: Columns, setting: Setting, shares: bool | None, times: Times = _NO_TIMES) -> Book:
    """The book for what ``with_status`` is given.

    Raises ``SettingError`` where rules, columns and times do not fit each other, and for two rules of one name.
    """
    if columns.rule is not None and columns.target is not None:
        raise SettingError(
            "a row has its rule either by name (rule=) or by the text of its target (target=), not by both"
        )
    if columns.on is None and times != _NO_TIMES:
        raise SettingError(
            "nothing says when readings are of", hint="name the column of their days or periods with on="
        )
    book = Book([], None, setting, shares, times=times if columns.on is not None else None)
    if columns.target is not None:
        if rules is not None:
            raise SettingError("with target= each row brings its own target, so give no rules besides")
        book.entries, book.numbers, book.is_of_texts = [_unknown(Reason.NO_TARGET)], {}, True
        return book
    if isinstance(rules, Rule | Timed | str):
        if columns.rule is not None:
            raise SettingError("rule= names a column of rule names; give the rules by name, as a mapping")
        return _kept(book, None, [rules])
    if rules is not None and not isinstance(rules, Mapping | Sequence):
        raise _no_rule(rules)
    if columns.rule is None or rules is None:
        raise SettingError("say which rule a row has: one rule for all, rule= with rules by name, or target=")
    if type(rules) is dict:
        return _kept(book, list(rules), list(rules.values()))
    pairs = pairs_of(rules, SettingError)
    return _kept(book, [name for name, _ in pairs], [each for _, each in pairs])


def _kept(book: Book, names: list[Any] | None, rules: list[Any]) -> Book:
    """The book with these rules, or that of an earlier call with the same."""
    if book.times is not None or len(rules) > _MANY:  # a book over time grows with the times that it has seen
        return book.named(names, rules)
    with _LOCK:
        for place, (known, its_names, its_rules) in enumerate(_BOOKS):
            if _are_same(its_names, names) and _are_same(its_rules, rules) and known.is_like(book):
                _BOOKS.append(_BOOKS.pop(place))  # the last used is the last forgotten
                return known
    made = book.named(names, rules)
    with _LOCK:
        _BOOKS.append((made, names, rules))
        del _BOOKS[:-_KEPT_BOOKS]
    return made


def _are_same(some: list[Any] | None, others: list[Any] | None) -> bool:
    """Whether two lists are of the same objects."""
    if some is None or others is None:
        return some is others
    return len(some) == len(others) and all(map(is_, some, others))


def _names(names: list[Any]) -> list[Hashable]:
    """Names as plain texts or numbers; raises ``SettingError`` where they are neither, or some of each."""
    if len(kinds := set(map(type, names))) > 1 or not kinds <= {str, int}:
        names = [_name(name, is_text=isinstance(names[0], str)) for name in names]
    if kinds and isinstance(names[0], str) and not _is_writable("".join(names)):
        strange = next(name for name in names if not _is_writable(name))
        raise SettingError(f"the name of a rule holds what is no letter or sign of any language: {strange!a}")
    return names


def _is_writable(text: str) -> bool:
    """Whether a text can be written in UTF-8, as every engine does."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name(name: Any, *, is_text: bool) -> Hashable:
    if is_text and isinstance(name, str):
        return str.__str__(name)
    if not is_text and isinstance(name, Integral) and not isinstance(name, bool):
        return int(name)
    raise SettingError("the names of rules are all texts, or all whole numbers", text=str(name))


def column_problem(columns: Columns, names: Sequence[str]) -> SettingError | None:
    """What is wrong with the columns for a frame whose columns have these names."""
    for wanted in columns.read:
        if list(names).count(wanted) != 1:
            problem = "there is no column" if wanted not in names else "there are several columns named"
            return SettingError(f"{problem} “{wanted}”", expected=[str(name) for name in names[:20]])
    if not all(map(_is_name, (columns.into, *columns.new))):
        return SettingError("a new column needs a name", hint='write into="status", or another')
    for new in columns.new:
        if columns.new.count(new) > 1:
            return SettingError(f"two of the new columns would be called “{new}”", hint="give each a name of its own")
        if new in names:
            hint = f"write into another, such as “{new}_computed”"
            return SettingError(f"there is a column “{new}” already, and it is not written over", hint=hint)
    return None


def _is_name(given: object) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _entry(given: Rule | Timed | str | NoRule, book: Book) -> Entry:
    if isinstance(given, NoRule):
        return _refused(given.reason)
    if not isinstance(given, Rule | Timed | str | int | float | Decimal):
        raise _no_rule(given)
    if book.times is None:
        if isinstance(given, Timed):
            raise SettingError("a rule with times is for readings with times", hint="name the column of those with on=")
        made = given if isinstance(given, Rule) else _rule(given, book.setting)
        key = _ENTRY_KEYS[book.shares]
        if key not in made.quick:
            made.quick[key] = Entry(made, number_line(made, shares=book.shares))
        known: Entry = made.quick[key]
        return known
    if not isinstance(given, Timed):
        given = Timed(given if isinstance(given, Rule) else _rule(given, book.setting, book.times.year))
    timed = given.or_else(*book.times)
    return Entry(timed.rule, number_line(timed.rule, shares=book.shares), timed=timed)


def _no_rule(given: object) -> SettingError:
    return SettingError(
        f"{called(given)} is no rule", hint='write rule("at least 95%"), a Timed, or the text of the target'
    )


def check_setting(setting: object, rules: Any, columns: Columns) -> None:
    """Raises ``SettingError`` for a setting that is none, or that would have no effect, since no target is read."""
    if setting is None:
        return
    if not isinstance(setting, Setting):
        raise SettingError(f"{called(setting)} is no setting", hint='write setting=Setting.read(polarity="higher")')
    made = [each for _, each in pairs_of(rules, SettingError)] if isinstance(rules, Mapping | list | tuple) else [rules]
    if columns.target is None and made and all(isinstance(each, Rule | Timed) for each in made):
        raise SettingError(
            "setting= is for the texts of targets, and these rules are made already",
            hint='give the settings where the rules are made, as in rule("95%", polarity="higher")',
        )


def _rule(text: str, setting: Setting, year: Year | None = None) -> Rule:
    labels = setting.scale.labels if setting.scale is not None else ()
    return resolve(parse_target(text, labels, year=year), setting)


@lru_cache
def _refused(reason: str) -> Entry:
    """The entry of what is no rule: nothing by it has a status."""
    nothing = Verdict(Status.UNRATED)
    return Entry(None, NumberLine(Steps((), (nothing,)), nothing), str(reason))


_unknown = _refused
