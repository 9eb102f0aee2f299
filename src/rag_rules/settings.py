"""What a target needs besides its text: which way is better, how far off is amber, and the values it refers to."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from rag_rules.errors import RagRulesError, SettingError, can_be_key, check_kind
from rag_rules.expressions import expression
from rag_rules.labels import Scale
from rag_rules.quantity import PERCENT, POINTS, Quantity, Unit, unit
from rag_rules.values import Value

__all__ = ["Conflicts", "Improving", "Polarity", "Rounding", "Setting", "Tolerance", "benchmark_key", "quantity_of"]


class Polarity(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    IN_RANGE = "in range"

    @classmethod
    def read(cls, text: str | Polarity) -> Polarity:
        """The polarity that ``text`` names, in any of the field's words.

        >>> Polarity.read("bigger is better"), Polarity.read("Minimise"), Polarity.read("plan is best")
        (<Polarity.HIGHER: 'higher'>, <Polarity.LOWER: 'lower'>, <Polarity.IN_RANGE: 'in range'>)

        Raises ``SettingError`` for other words.
        """
        word = " ".join(text.lower().replace("-", " ").replace("_", " ").split()).strip(" .")
        word = re.sub(r"^(?:polarity:? |aim to )", "", word)
        word = re.sub(r"^good(?: performance)?(?: is|:| =)? (?:to be )?|^(?:to be|is) ", "", word)
        word = re.sub(r" (?:numbers?|values?|figures?|scores?)?\s*(?:is|are|=) (?:better|good|best)$", "", word).strip()
        for polarity, words in _POLARITIES.items():
            if word in words:
                return polarity
        raise SettingError(
            f"“{text}” is not a polarity", expected=("higher is better", "lower is better", "in range is best")
        )


_POLARITIES: Final = {
    Polarity.HIGHER: frozenset("higher high bigger big larger more greater up maximise maximize increase positive h + ↑".split()),
    Polarity.LOWER: frozenset("lower low smaller small less fewer down minimise minimize decrease reduce negative l ↓".split()),
    Polarity.IN_RANGE: frozenset(
        ("in range", "range", "within range", "plan", "on plan", "target", "on target", "closer to target", "closest to target",
         "nearer to target", "neither", "between")
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tolerance(Value):
    """How far on the bad side of the target is still amber; the far edge itself is amber.

    ``kind`` is "relative" (a percentage of the target's size), "absolute" (an amount), "limit" (amber up to this
    value) or "steps" (labels below the target on its scale).
    """

    kind: str
    amount: Quantity

    @classmethod
    def read(cls, text: str | Tolerance) -> Tolerance:
        """The tolerance that ``text`` writes: ``5%`` of the target, ``2pp``, ``3 days``, ``to 90%``, ``1 step``.

        >>> Tolerance.read("5%").kind, Tolerance.read("5 points").kind, Tolerance.read("1 step").kind
        ('relative', 'absolute', 'steps')

        Raises ``SettingError`` for other texts and for negative amounts.
        """
        if isinstance(text, Tolerance):
            return text
        if str(text).strip().lower() in ("none", "no tolerance", "nil", "0"):
            return cls("relative", Quantity(Decimal(0), PERCENT))  # switches a wider setting's tolerance off
        folded = " ".join(str(text).lower().split()).replace("±", "").replace("+/-", "").strip()
        folded = re.sub(r"^(?:amber )?(?:within|tolerance:?|margin:?) ?(?:of )?", "", folded)
        if steps := re.fullmatch(r"(\d+|one|two|a) (?:steps?|levels?|labels?)(?: below)?", folded):
            count = {"one": 1, "a": 1, "two": 2}.get(steps[1]) or int(steps[1])
            return cls("steps", Quantity(Decimal(count)))
        limit = re.match(r"(?:down to|up to|to|from|until) ", folded)
        quantity = quantity_of(
            folded[limit.end() :] if limit else re.sub(r" of (?:the )?target$", "", folded), what="tolerance"
        )
        if limit:
            return cls("limit", quantity)
        if quantity.value < 0:
            raise SettingError(f"the tolerance “{text}” is negative")
        if quantity.unit.is_percent and not quantity.unit.per:
            return cls("relative", quantity)
        return cls("absolute", Quantity(quantity.value, POINTS) if quantity.unit.dimension == "score" else quantity)

    def __str__(self) -> str:
        if self.kind == "limit":
            return f"amber to {self.amount}"
        if self.kind == "steps":
            return f"{self.amount} step{'s' if self.amount.value != 1 else ''}"
        return str(self.amount)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Rounding(Value):
    """Whether a reading is compared exactly (``digits`` is None) or as displayed, to ``digits`` decimal places.

    ``digits`` of -1 means as many decimals as the target is written with.
    """

    digits: int | None = None

    @classmethod
    def read(cls, text: str | Rounding) -> Rounding:
        """The policy that ``text`` names: ``exact``, ``as displayed``, ``round to 1 dp``.

        Raises ``SettingError`` for other texts.
        """
        if isinstance(text, Rounding):
            return text
        folded = " ".join(str(text).lower().split()).strip(" .")
        folded = re.sub(r"^(?:rounding: ?|rounded |round )", "", folded)
        if folded in ("exact", "exact comparison", "compare exact", "none"):
            return cls(None)
        if folded in ("as displayed", "displayed", "as published"):
            return cls(-1)
        if re.search(r"whole", folded):
            return cls(0)
        if found := re.fullmatch(r"(?:to )?(\d{1,2}) ?(?:dp|d\.p|decimal places?|decimals?)", folded):
            return cls(int(found[1]))
        raise SettingError(f"“{text}” is not a rounding policy", expected=("exact", "as displayed", "round to 1 dp"))

    def __str__(self) -> str:
        return "exact" if self.digits is None else "as displayed" if self.digits < 0 else f"round to {self.digits} dp"


class Boundary(StrEnum):
    """Whether a bare target, such as 95%, is met by a reading on its limit; what a target says in words goes before it."""

    INCLUSIVE = "inclusive"
    STRICT = "strict"

    @classmethod
    def read(cls, text: str) -> Boundary:
        """The boundary that ``text`` names; raises ``SettingError`` for another text."""
        try:
            return cls(text.strip().lower())
        except ValueError:
            raise SettingError(f"“{text}” is no way to own a limit", expected=list(cls)) from None


class Conflicts(StrEnum):
    """What becomes of readings in a gap or an overlap of explicit bands."""

    REFUSE = "refuse"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Improving(Value):
    """When a red reading is amber instead: where it is better than an earlier one."""

    #: "period" for the period before, "year" for the same period of the year before
    since: str = "period"
    #: whether a reading that is the same as the earlier one counts too
    maintained: bool = False

    @classmethod
    def read(cls, text: str | bool | Improving) -> Improving | None:
        """What ``text`` says; ``None`` for no.

        >>> str(Improving.read("improving or maintained on the same quarter last year"))
        'no worse than the same period of the year before'

        Raises ``SettingError`` for other texts.
        """
        if isinstance(text, Improving):
            return text
        folded = " ".join(str(text).lower().split()).strip(" .")
        if folded in ("no", "false"):
            return None
        found = _IMPROVING.fullmatch("improving" if folded in ("yes", "true") else folded)
        if found is None:
            raise SettingError(
                f"“{text}” does not say when red is amber",
                expected=("improving", "improving or maintained", "improving on the same period last year"),
            )
        return cls("year" if "year" in (found["than"] or "") else "period", found["maintained"] is not None)

    @property
    def earlier(self) -> str:
        """The reading that it compares with: "the period before"."""
        return "the period before" if self.since == "period" else "the same period of the year before"

    def __str__(self) -> str:
        return f"{'no worse' if self.maintained else 'better'} than {self.earlier}"


_IMPROVING: Final = expression(
    r"(?:amber )?(?:if |when |but )?(?:improving|improved|better)(?P<maintained> or (?:maintained|the same|unchanged|no worse))?"
    r"(?: (?:on|than|since|against|from|compared (?:to|with|on))"
    r" (?P<than>(?:the )?(?:same (?:period|quarter|month) (?:of |in )?)?(?:the )?(?:last|previous|prior) (?:year|period|quarter|month)))?"
)


def benchmark_key(name: str) -> str:
    """A benchmark's name as it is looked up: "the national average" and "National" are one.

    >>> benchmark_key("the national average") == benchmark_key("National")
    True
    """
    words = re.sub(r"[^\w' ]+", " ", name.lower()).split()
    kept = [word for word in words if word not in _NOISE]
    return " ".join(_SAME_PLACE.get(word, word) for word in kept) or " ".join(words)


_NOISE: Final = frozenset(
    "the our its of average averages avg mean figure rate level benchmark performance value result".split()
)
_SAME_PLACE: Final = {
    "english": "england",
    "neighbours": "neighbour",
    "peers": "peer",
    "authorities": "authority",
    "comparators": "comparator",
    "councils": "council",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Setting(Value):
    """The setting of a target. What is not given is ``None``, and may come from a wider setting (``over``).

    >>> narrow, wide = Setting.read(polarity="lower"), Setting.read(polarity="higher", tolerance="5%")
    >>> narrow.over(wide).polarity, str(narrow.over(wide).tolerance)
    (<Polarity.LOWER: 'lower'>, '5%')
    """

    polarity: Polarity | None = None
    tolerance: Tolerance | None = None
    unit: Unit | None = None
    scale: Scale | None = None
    #: values by name, sorted; names as ``benchmark_key`` gives them
    benchmarks: tuple[tuple[str, Quantity], ...] = field(default=())
    baseline: Quantity | None = None
    rounding: Rounding | None = None
    conflicts: Conflicts | None = None
    boundary: Boundary | None = None
    improving: Improving | None = None
    #: how far on the bad side of the target still counts as green
    green_within: Tolerance | None = None

    @classmethod
    def read(
        cls,
        *,
        polarity: str | Polarity | None = None,
        tolerance: Any = None,
        unit: str | Unit | None = None,
        scale: str | Scale | Sequence[str] | None = None,
        benchmarks: Mapping[str, Any] | str | None = None,
        baseline: Any = None,
        rounding: str | Rounding | None = None,
        conflicts: str | None = None,
        boundary: str | None = None,
        improving: str | bool | Improving | None = None,
        green_within: Any = None,
    ) -> Setting:
        """The setting that texts (or values) write; empty texts are as good as ``None``.

        ``tolerance``: ``5%``, ``2pp``, ``3 days``, ``1 step``; ``scale``: labels in order, the worst first;
        ``benchmarks``: amounts by name, or ``national=77.8%; regional=80%``; ``baseline``: an amount; ``improving``:
        when red is amber, ``improving or maintained on the same period last year``; ``green_within``: a tolerance that
        counts as green.
        Raises ``SettingError`` or ``UnitError`` where one cannot be read.
        """
        for what, given, kinds in (
            ("polarity", polarity, str), ("unit", unit, (str, Unit)), ("rounding", rounding, (str, Rounding)),
            ("conflicts", conflicts, str), ("boundary", boundary, str), ("benchmarks", benchmarks, (str, Mapping)), ("scale", scale, (str, Scale, Sequence)),
            ("baseline", baseline, Hashable), ("tolerance", tolerance, Hashable), ("improving", improving, (str, bool, Improving)),
            ("green_within", green_within, Hashable),
        ):  # fmt: skip
            is_one = can_be_key(given) if kinds is Hashable else isinstance(given, kinds)
            if given is not None and not is_one:
                raise SettingError(f"the {what} is given as {type(given).__name__}", hint="write it as a text")
        if isinstance(scale, str):
            scale = Scale.read(scale) if scale.strip() else None
        elif scale is not None and not isinstance(scale, Scale):
            scale = Scale.read(" < ".join(map(str, scale)))
        return cls(
            polarity=Polarity.read(polarity) if polarity else None,
            tolerance=Tolerance.read(tolerance) if tolerance not in (None, "") else None,
            unit=_unit(unit) if isinstance(unit, str) and unit.strip() else unit if isinstance(unit, Unit) else None,
            scale=scale,
            benchmarks=_benchmarks(benchmarks or {}),
            baseline=quantity_of(baseline, what="baseline") if baseline not in (None, "") else None,
            rounding=Rounding.read(rounding) if rounding else None,
            conflicts=_conflicts(conflicts) if conflicts else None,
            boundary=Boundary.read(boundary) if boundary else None,
            green_within=Tolerance.read(green_within) if green_within not in (None, "") else None,
            improving=Improving.read(improving) if improving not in (None, "") else None,
        )

    def over(self, wider: Setting) -> Setting:
        """This setting, with what it leaves open taken from ``wider``; benchmarks of both, its own first.

        Raises ``SettingError`` for what is no setting.
        """
        check_kind(wider, Setting, "setting", SettingError, hint='write Setting.read(polarity="higher")')
        if wider == _NOTHING:
            return self
        mine = dict(wider.benchmarks) | dict(self.benchmarks)
        values: dict[str, Any] = {
            each.name: own if (own := getattr(self, each.name)) is not None else getattr(wider, each.name)
            for each in fields(self)
        }
        return Setting(**{**values, "benchmarks": tuple(sorted(mine.items(), key=lambda item: item[0]))})

    def benchmark(self, name: str) -> Quantity | None:
        """The value of a benchmark, by any spelling of its name; raises ``SettingError`` for a name that is no text."""
        check_kind(name, str, "name of a benchmark", SettingError)
        return dict(self.benchmarks).get(benchmark_key(name))


_NOTHING: Final = Setting()


def _unit(text: str) -> Unit:
    return unit(text.strip())


def _conflicts(text: str) -> Conflicts:
    try:
        return Conflicts(text.lower().strip())
    except ValueError:
        raise SettingError(
            f"“{text}” does not say what to do with conflicting bands", expected=list(Conflicts)
        ) from None


def _benchmarks(given: Mapping[Any, Any] | str) -> tuple[tuple[str, Quantity], ...]:
    if isinstance(given, str):
        pairs = [part.partition("=")[::2] for part in re.split(r"[;\n]|,(?![0-9]{3}(?![0-9]))", given) if part.strip()]
        if any(not name.strip() or not value.strip() for name, value in pairs):
            raise SettingError(f"“{given}” names no benchmarks", hint="write national=77.8%; regional=80%")
        given = {name.strip(): value.strip() for name, value in pairs}
    table: dict[str, Quantity] = {}
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, Hashable):
            raise SettingError(f"the benchmark “{name}” is not a name with an amount")
        if value in (None, ""):
            continue
        key = benchmark_key(name)
        quantity = quantity_of(value, what=f"benchmark “{name}”")
        if table.setdefault(key, quantity) != quantity:
            raise SettingError(f"the benchmark “{name}” has two values, {table[key]} and {quantity}")
    return tuple(sorted(table.items(), key=lambda item: item[0]))


@lru_cache(maxsize=1024)
def quantity_of(value: Any, *, what: str = "amount") -> Quantity:
    """The quantity that a text, number or quantity stands for; raises ``SettingError`` naming ``what`` it is."""
    from rag_rules.syntax.reading import parse_reading

    if isinstance(value, Quantity):
        return value
    try:
        reading = parse_reading(value)
    except RagRulesError as error:
        raise SettingError(f"the {what} “{value}” is not an amount: {error.sentence}") from None
    if reading.quantity is None:
        raise SettingError(f"the {what} “{value}” is not an amount")
    if reading.fraction is not None:
        return Quantity(reading.fraction, PERCENT)
    return reading.quantity
