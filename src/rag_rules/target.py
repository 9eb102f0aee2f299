"""What was written: one frozen class for each kind of target, before anything is known of its meaning."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from rag_rules.quantity import Quantity
from rag_rules.values import Value

if TYPE_CHECKING:
    from rag_rules.deadlines import Deadline
    from rag_rules.periods import Period, Year

__all__ = [
    "AllOf",
    "Around",
    "Banded",
    "BandText",
    "Benchmark",
    "Between",
    "Body",
    "Change",
    "Clause",
    "Comparison",
    "Finish",
    "Label",
    "NoTarget",
    "NoTargetKind",
    "Part",
    "Parts",
    "Place",
    "Plain",
    "Quartile",
    "Sign",
    "Stage",
    "Target",
    "Trajectory",
    "When",
]

Span = tuple[int, int]


class Sign(StrEnum):
    """How a comparison is meant, in the sign that writes it best."""

    LESS_THAN = "<"
    AT_MOST = "<="
    EQUAL = "="
    AT_LEAST = ">="
    MORE_THAN = ">"
    BETTER_THAN = "better than"
    NO_WORSE_THAN = "no worse than"

    @property
    def is_upper(self) -> bool:
        """Whether it bounds from above."""
        return self in (Sign.LESS_THAN, Sign.AT_MOST)

    @property
    def is_lower(self) -> bool:
        """Whether it bounds from below."""
        return self in (Sign.MORE_THAN, Sign.AT_LEAST)

    @property
    def is_strict(self) -> bool:
        """Whether the value itself is left out."""
        return self in (Sign.LESS_THAN, Sign.MORE_THAN, Sign.BETTER_THAN)

    @property
    def words(self) -> str:
        """The sign in words: ``less than``."""
        return _SIGN_WORDS[self]


_SIGN_WORDS = {
    Sign.LESS_THAN: "less than",
    Sign.AT_MOST: "at most",
    Sign.EQUAL: "exactly",
    Sign.AT_LEAST: "at least",
    Sign.MORE_THAN: "more than",
    Sign.BETTER_THAN: "better than",
    Sign.NO_WORSE_THAN: "no worse than",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comparison(Value):
    """``<£21``, ``at least 95%``, ``30 minutes or less``."""

    sign: Sign
    amount: Quantity

    def __str__(self) -> str:
        gap = "" if self.sign in (Sign.LESS_THAN, Sign.MORE_THAN) else " "
        return f"{self.sign.words if gap else self.sign}{gap}{self.amount}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Plain(Value):
    """``95%``: an amount that says nothing of its side; the polarity does."""

    amount: Quantity

    def __str__(self) -> str:
        return str(self.amount)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Between(Value):
    """``Between 10%-20%``, ``[10, 20)``: an interval; spoken ends belong to it."""

    low: Quantity
    high: Quantity
    low_open: bool = False
    high_open: bool = False

    def __str__(self) -> str:
        if self.low_open or self.high_open:
            return f"{'(' if self.low_open else '['}{self.low}, {self.high}{')' if self.high_open else ']'}"
        return f"between {self.low} and {self.high}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Around(Value):
    """``95 ± 2``, ``7.32 days (+/- 5%)``: a centre and how far either side."""

    centre: Quantity
    margin: Quantity

    def __str__(self) -> str:
        return f"{self.centre} ± {self.margin}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Benchmark(Value):
    """``Maintain better than national average (23.7%)``: a comparison with a named value."""

    sign: Sign
    name: str
    #: the value in brackets, if any
    value: Quantity | None = None
    #: the name as written, capitals and all
    shown: str = field(default="", compare=False)

    def __str__(self) -> str:
        words = {Sign.NO_WORSE_THAN: "in line with", Sign.LESS_THAN: "below", Sign.MORE_THAN: "above"}
        value = f" ({self.value})" if self.value is not None else ""
        return f"{words.get(self.sign, self.sign.words)} {self.shown or self.name}{value}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Place(Value):
    """``Top 5``, ``3rd or better``, ``in the top 10%``: a place in a ranking, 1 being the best."""

    amount: Quantity
    #: of how many places, where the text says so
    of: int | None = None

    def __str__(self) -> str:
        return f"top {self.amount}" + (f" of {self.of}" if self.of is not None else "")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quartile(Value):
    """``upper quartile``, ``top quartile metropolitan authorities``: 1 is the best quarter of a group, 4 the worst."""

    quarter: int
    group: str = ""

    def __str__(self) -> str:
        name = {1: "top", 2: "second", 3: "third", 4: "bottom"}[self.quarter]
        return f"{name} quartile {self.group}".strip()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Change(Value):
    """``5% reduction on 2022/23``, ``halve``, ``year on year improvement``: a target relative to a baseline.

    ``direction`` is "up", "down", "better" or "none" (no increase and no decrease come with a sign); ``by`` how much,
    ``to`` the level reached, ``sign`` how ``by`` (or the baseline itself, without it) is bounded.
    """

    direction: str
    by: Quantity | None = None
    sign: Sign = Sign.AT_LEAST
    to: Quantity | None = None
    #: the baseline's value where the text gives it
    baseline: Quantity | None = None
    #: the baseline's name: ``2022/23``, ``last year``
    since: str = ""
    #: an amount in brackets beside ``by``, which may be the level to reach or the size of the change
    beside: Quantity | None = None

    def __str__(self) -> str:
        verb = {"up": "increase", "down": "reduce", "better": "improve"}.get(self.direction, "")
        said = verb
        if self.direction == "none up":
            said = "no increase"
        elif self.direction == "none down":
            said = "no decrease"
        elif self.direction == "none worse":
            said = "no worse"
        elif self.to is not None:
            said = f"{verb} to {self.to}"
        elif self.by is not None:
            sign = "" if self.sign is Sign.AT_LEAST else f"{self.sign.words} "
            said = f"{verb} by {sign}{self.by}" if verb else str(self.by)
        if self.beside is not None:
            said += f" ({self.beside})"
        if self.baseline is not None:
            said += f" from a baseline of {self.baseline}"
        if self.since:
            said += f" compared with {self.since}"
        return said


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Label(Value):
    """``Good``, ``"Gold"``, ``at least Good``: a word, on a scale if ``sign`` is not "="."""

    word: str
    sign: Sign = Sign.EQUAL
    quoted: bool = False

    def __str__(self) -> str:
        word = f'"{self.word}"' if self.quoted else self.word
        before = {Sign.EQUAL: "", Sign.MORE_THAN: "above "}.get(self.sign, f"{self.sign.words} ")
        return f"{before}{word}"


class NoTargetKind(StrEnum):
    """The ways of saying that there is no target."""

    EMPTY = "empty"
    NOT_APPLICABLE = "not applicable"
    TO_BE_CONFIRMED = "to be confirmed"
    BASELINE_YEAR = "baseline year"
    MONITOR_ONLY = "monitor only"
    NEW_MEASURE = "new measure"
    NO_TARGET_SET = "no target"
    TREND = "trend"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NoTarget(Value):
    """``TBC``, ``Baseline year``, ``Monitor only``, nothing at all: there is no target, and this is why."""

    kind: NoTargetKind

    def __str__(self) -> str:
        return "" if self.kind is NoTargetKind.EMPTY else str(self.kind)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Finish(Value):
    """``By 30th November 2019``, ``by late 2020``: what is asked is to be finished in time."""

    deadline: Deadline

    def __str__(self) -> str:
        return self.deadline.text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AllOf(Value):
    """``more than 5 and at most 10``: conditions that one reading can satisfy together."""

    conditions: tuple[Comparison, ...]

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BandText(Value):
    """One band of explicit bands, ``Amber 90–95%``; it holds a reading that meets any of its conditions."""

    colour: str
    conditions: tuple[Comparison | Between | AllOf | Label, ...]

    def __str__(self) -> str:
        return f"{self.colour}: {', '.join(map(str, self.conditions))}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Banded(Value):
    """``Green ≥95%, Amber 90–95%, Red <90%``: the map itself, written out."""

    bands: tuple[BandText, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.bands))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Part(Value):
    """A condition of its own inside a target, with what it is about."""

    name: str
    condition: Condition

    def __str__(self) -> str:
        return f"{self.name}) {self.condition}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Parts(Value):
    """``a) 5 b) 500``: conditions that need readings of their own."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        marks = [") " if len(part.name) == 1 or part.name in ("ii", "iii", "iv") else ": " for part in self.parts]
        return "\n".join(f"{part.name}{mark}{part.condition}" for part, mark in zip(self.parts, marks, strict=True))


Condition = Comparison | Plain | Between | Around | Benchmark | Place | Quartile | Change | Label | AllOf


class When(StrEnum):
    """How the time that a stage of a trajectory names bounds it."""

    #: it names none, and holds until the next stage begins
    FIRST = "at first"
    #: a milestone: it holds from the last day of the time on
    BY = "by"
    FROM = "from"
    #: from the day after the time
    AFTER = "after"
    #: until the time, which itself may belong to it or not
    UNTIL = "until"
    BEFORE = "before"
    THROUGH = "until the end of"
    IN = "in"
    #: it holds where the stage before it ends
    THEN = "then"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stage(Value):
    """One condition of a trajectory with its time: ``70% until Oct 2023``."""

    condition: Condition
    when: When
    #: the time that it names
    window: Period | None = None
    #: the quarter that it names, where that comes round every year
    quarter: int | None = None
    #: the time as written
    said: str = field(default="", compare=False)

    @property
    def time(self) -> str:
        """When it holds, in words: ``until Oct 2023``."""
        return self.when.value if self.when in (When.FIRST, When.THEN) else f"{self.when.value} {self.said}"

    def __str__(self) -> str:
        if self.when is When.FIRST:
            return str(self.condition)
        return f"then {self.condition}" if self.when is When.THEN else f"{self.condition} {self.time}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trajectory(Value):
    """``70% until Oct 2023, then 80%``, ``Q1 70%, Q2 72%``: conditions one after the other, each in its own time."""

    stages: tuple[Stage, ...]
    #: the year that its quarters are of, where it names quarters that come round
    year: Year | None = None

    def __str__(self) -> str:
        first, *others = map(str, self.stages)
        return "; ".join(
            [first, *others] if self.stages[0].when is not When.FIRST else [f"{first}, then {others[0]}", *others[1:]]
        )


Body = Condition | Finish | NoTarget | Banded | Parts | Trajectory


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Clause(Value):
    """Something said beside the rule: ``kind`` names it (tolerance, polarity, deadline, qualifier, ...)."""

    kind: str
    text: str
    amount: Quantity | None = None
    span: Span = field(default=(0, 0), compare=False)
    #: of a time, the first and the last day on which the target is to be met, where it says so: "by" has a first one
    begins: date | None = field(default=None, compare=False)
    ends: date | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Target(Value):
    """A target as written: what it asks (``body``), what it says besides (``clauses``), and where it says so.

    ``str()`` is the canonical text: parsing it gives an equal target. Two targets are equal when they ask and say
    the same, whatever words they do it in.
    """

    body: Body
    clauses: tuple[Clause, ...] = ()
    #: the text as tidied for reading: single spaces, none at the ends
    text: str = field(default="", compare=False)
    #: where in ``text`` the body stands
    span: Span = field(default=(0, 0), compare=False)
    #: words that bear on no rule: "of completed repairs"
    subject: str = field(default="", compare=False)
    #: oddities that the reader of the status should know
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_timed(self) -> bool:
        """Whether a clause says from when, or until when, the target is for."""
        return any(clause.begins is not None or clause.ends is not None for clause in self.clauses)

    def clause(self, kind: str) -> Clause | None:
        """The first clause of a kind, if any."""
        for clause in self.clauses:
            if clause.kind == kind:
                return clause
        return None

    def __str__(self) -> str:
        return "; ".join(filter(None, (str(self.body), *(clause.text for clause in self.clauses))))
