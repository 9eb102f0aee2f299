"""A target in its setting: what was meant, or why that cannot be known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from rag_rules.bands import Bands
from rag_rules.errors import PolarityError, SettingError, TargetSyntaxError, UnitError, check_kind
from rag_rules.labels import BALANCED, Scale, normal, scale_of
from rag_rules.lowering import AtLeast, AtMost, Goal, Mapped, Within, lower, moved_for_rounding
from rag_rules.periods import day_of, written_date
from rag_rules.quantity import DATE, EXACT, NUMBER, RANK, TOP_SHARE, Quantity, Unit, exponent_of, trimmed, unit
from rag_rules.settings import Boundary, Polarity, Rounding, Setting, Tolerance
from rag_rules.status import Reason, Status
from rag_rules.target import (
    AllOf,
    Around,
    Banded,
    Benchmark,
    Between,
    Body,
    Change,
    Comparison,
    Finish,
    Label,
    NoTarget,
    Parts,
    Place,
    Plain,
    Quartile,
    Sign,
    Stage,
    Target,
    Trajectory,
    When,
)
from rag_rules.trajectories import comes_round, has_always_a_stage, holding

if TYPE_CHECKING:
    from datetime import date

    from rag_rules.deadlines import Grace
    from rag_rules.outcomes import Outcome
    from rag_rules.periods import Period, Year
    from rag_rules.todate import Due, Profile

__all__ = ["IN_FULL", "Rule", "digits_shown", "resolve"]

#: the note on a target that says itself that it is cumulative, until it is pro-rated
IN_FULL: Final = "the target is cumulative; it is judged in full, as at the end of its year"
QUARTILES: Final = Scale(("Bottom quartile", "Third quartile", "Second quartile", "Top quartile"))


@dataclass(frozen=True, slots=True)
class Rule:
    """A target resolved in its setting.

    ``bands`` is the map from readings to statuses; it is ``None`` when ``reason`` says why there is none, and then
    ``missing`` says in words what would be needed.
    """

    target: Target
    setting: Setting
    #: "value", "rank", "label", "balance", "date": what a reading must be
    kind: str = "value"
    goal: Goal | None = None
    bands: Bands | None = None
    #: the goal in words: "at least 90.4%"
    aim: str = ""
    #: where the target's value comes from, if not from the words themselves: "national average, from the text"
    source: str = ""
    reason: Reason | None = None
    missing: str = ""
    notes: tuple[str, ...] = ()
    #: those of the notes that say that something is wrong with the target itself
    warnings: tuple[str, ...] = ()
    #: the tolerance in force, as written: "5%"
    tolerance: Tolerance | None = None
    #: the bands as they compare exact readings, where a rounding policy moved them
    exact_bands: Bands | None = None
    #: the rules of the parts that need readings of their own, by name
    parts: tuple[tuple[str, Rule], ...] = ()
    #: the rules that may be meant, where only a date, or not even that, tells which: those of a trajectory's stages
    stages: tuple[Rule, ...] = ()
    #: the stage of a trajectory that this is the rule of
    stage: Stage | None = None
    #: reasons why readings in a stretch of explicit bands are unrated
    conflicts: tuple[tuple[Reason, str, Bands], ...] = ()
    #: of a rule to date: how much of the target is due, and the rule of the whole year
    due: Due | None = None
    whole: Rule | None = None
    #: what `judge` derives once and uses often
    quick: dict[str, Any] = field(default_factory=dict, compare=False, repr=False, hash=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Without ``quick``, which holds functions: other processes derive it for themselves."""
        return (Rule, tuple(getattr(self, each.name) for each in fields(self) if each.name != "quick"))

    @property
    def unit(self) -> Unit:
        """The unit of the bands."""
        return self.bands.unit if self.bands is not None else NUMBER

    def evaluate(self, reading: Any) -> Outcome:
        """The outcome of one reading: a text, a number, a ``Quantity``, a ``Reading`` or ``None``.

        Raises ``ReadingSyntaxError`` for a text that is no single value and ``UnitError`` for one in another unit.
        """
        known = self.quick.get("judge")
        if known is not None:  # what `judge` made for this rule at its first reading
            return cast("Outcome", known(reading))
        from rag_rules.judging import judge

        return judge(self, reading)

    def at(self, day: date) -> Rule:
        """The rule in force on a day: this one, unless its target is a trajectory.

        Without bands where none is in force that day ("not due" before the first milestone, "no target"), and where
        the words leave open which of them is, or of which kind of year its quarters are (ambiguous); then a reading has
        a status if all give it the same.

        >>> from rag_rules.front import rule
        >>> rule("at least 70% until October 2023, then at least 80%").at(date(2023, 11, 1)).aim
        'at least 80%'

        Raises ``SettingError`` for what is no day.
        """
        day, body = day_of(day), self.target.body
        if not isinstance(body, Trajectory) or self.reason is not Reason.DATE_NEEDED:
            return _with_times(self, day)
        if comes_round(body) and body.year is None:
            missing = (
                f"the target changes over time ({body}), and it is not known which year its quarters are of: "
                "financial, academic or calendar"
            )
            # every day is in some quarter, whichever year they are of; without one for each the day may have no target
            stages = self.stages if has_always_a_stage(body) else ()
            return replace(self, reason=Reason.AMBIGUOUS, missing=missing, stages=stages, quick={})
        steps = holding(body, day)
        found = steps.at(day)
        if not found:
            return _without_stage(self, body, day)
        if len(found) == 1:
            return self.stages[found[0]]
        return _between_stages(self, body, found, day)

    def to_date(
        self,
        last_day: date | Period,
        *,
        accumulation: str = "cumulative",
        year: str | Year = "financial",
        profile: str | Profile | None = None,
        lag: str | None = None,
    ) -> Rule:
        """The rule for a figure that adds up over the year, as it stands on the last day of a period.

        Linear by month, or as ``profile`` says (``Q1 20%, Q2 45%, Q3 70%, Q4 100%``); ``year`` is financial, academic,
        calendar, federal or the month in which it begins; ``lag`` (``1 quarter``) is how far the figure is behind.
        What does not add up comes back as it is, with a note. What the target says itself ("28 rolling") goes first.

        >>> from datetime import date
        >>> from rag_rules.front import rule
        >>> rule("28", polarity="lower", tolerance="5%").to_date(date(2023, 9, 30)).bands
        <Bands green 14| amber 14.7| red>

        Raises ``SettingError`` for a day on which no month ends, for a profile that does not come to the target, for a
        target that is for another year (``100 by March 2025`` in 2023/24), and for words that nobody knows.
        """
        from rag_rules.prorating import to_date

        return to_date(self, last_day, accumulation=accumulation, year=year, profile=profile, lag=lag)

    def __str__(self) -> str:
        return f"{self.aim or self.reason}: {self.bands}" if self.bands is not None else f"unrated: {self.missing}"


class _UnresolvedError(Exception):
    """Raised where something is missing that the setting could have given."""

    def __init__(self, reason: Reason, missing: str) -> None:
        super().__init__(missing)
        self.reason, self.missing = reason, missing


@dataclass(slots=True)
class _Meaning:
    """What a resolve arm finds out."""

    goal: Goal
    unit: Unit = NUMBER
    aim: str = ""
    source: str = ""
    kind: str = "value"
    scale: Scale | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    why: str = "target"
    conflicts: tuple[tuple[Reason, str, Bands], ...] = ()


def resolve(target: Target, setting: Setting = Setting()) -> Rule:  # noqa: B008  # a frozen value
    """The rule that ``target`` means in ``setting``; what the text itself says goes before the setting.

    A rule without bands says why in ``reason``: there is no target, a benchmark or baseline is missing, its parts need
    readings of their own, or it is ambiguous.

    Raises ``PolarityError`` where the target means two things until a polarity is given, ``SettingError`` or
    ``UnitError`` where target and setting do not fit each other; ``SettingError`` too for what is no target or no setting.
    """
    check_kind(
        target, Target, "target", SettingError, hint='write parse_target("at least 95%"), or rule("at least 95%")'
    )
    check_kind(setting, Setting, "setting", SettingError, hint='write Setting.read(polarity="higher")')
    said = _said(target)
    setting = said.over(setting)
    notes = list(target.notes)
    body = target.body
    if isinstance(body, NoTarget):
        return Rule(
            target, setting, reason=Reason.NO_TARGET, missing=f"there is no target ({body.kind})", notes=tuple(notes)
        )
    if isinstance(body, Parts):
        parts = tuple(
            (part.name, _part(Target(part.condition, target.clauses, str(part.condition)), setting))
            for part in body.parts
        )
        listed = "; ".join(f"{part.name}: {part.condition}" for part in body.parts)
        return Rule(
            target, setting, reason=Reason.SEPARATE_PARTS, parts=parts, notes=tuple(notes),
            missing=f"the target has parts that need readings of their own: {listed}",
        )  # fmt: skip
    if isinstance(body, Trajectory):
        return _trajectory(body, target, setting)
    try:
        meaning = _meaning(body, setting, target)
    except _UnresolvedError as found:
        return Rule(target, setting, reason=found.reason, missing=found.missing, notes=tuple(notes))
    warnings = (*meaning.warnings, *_contradictions(body, meaning, setting))
    notes += (*meaning.notes, *warnings)
    if said.scale is not None and meaning.scale is None:
        raise SettingError(f"the scale {said.scale} has nothing to do with the target “{body}”")
    _note_clauses(target, notes)
    if setting.improving is not None:
        notes.append(f"red is amber where the reading is {setting.improving}")
    if meaning.scale is not None and said.tolerance is not None and said.tolerance.kind != "steps":
        raise SettingError(
            f"a tolerance of {said.tolerance} does not fit a scale of labels", hint="write “amber within 1 step”"
        )
    if isinstance(meaning.goal, Mapped) and said.tolerance is not None:
        raise SettingError(
            f"a tolerance of {said.tolerance} beside bands that are written out",
            hint="write the amber band itself, e.g. Amber ≥90%",
        )
    tolerance = None if isinstance(meaning.goal, Mapped) else setting.tolerance
    margin = _margin(tolerance, meaning, notes)
    goal, margin = _widened(meaning, setting.green_within, margin, notes)
    bands = lower(goal, margin, meaning.unit, meaning.scale, why=meaning.why)
    exact = None
    is_rounded = meaning.scale is None and meaning.kind != "date"
    digits = digits_shown(setting, meaning.goal) if is_rounded else None
    if digits is not None:
        exact, bands = bands, moved_for_rounding(bands, digits)
        notes.append(
            f"readings are compared as displayed, rounded to {digits} decimal place{'s' if digits != 1 else ''}"
        )
    return Rule(
        target, setting, meaning.kind, meaning.goal, bands, meaning.aim, meaning.source, notes=tuple(dict.fromkeys(notes)),
        warnings=warnings, tolerance=tolerance, exact_bands=exact, conflicts=meaning.conflicts,
    )  # fmt: skip


def _with_times(rule: Rule, day: date) -> Rule:
    """The rule of a day, with a note where its target is for another time; it is judged all the same."""
    more: list[str] = []
    for clause in rule.target.clauses:
        if clause.begins is not None and day < clause.begins:
            due = "to be reached " if clause.kind == "deadline" else "for a later time, "
            more.append(f"not due yet on {written_date(day)}: the target is {due}{clause.text}")
        elif clause.ends is not None and day > clause.ends:
            more.append(f"the target is for an earlier time than {written_date(day)}: {clause.text}")
    return replace(rule, notes=(*rule.notes, *more), quick={}) if more else rule


def _trajectory(body: Trajectory, target: Target, setting: Setting) -> Rule:
    """The rule of a trajectory: those of its stages, of which a date tells the one in force."""
    return Rule(
        target, setting, reason=Reason.DATE_NEEDED, notes=target.notes, stages=tuple(_stages(body, target, setting)),
        missing=f"the target changes over time ({body}), and the date of the reading is not given",
    )  # fmt: skip


def _stages(body: Trajectory, target: Target, setting: Setting) -> Iterator[Rule]:
    """The rule of each stage, which says when it holds and what comes after it."""
    for number, stage in enumerate(body.stages):
        made = resolve(replace(target, body=stage.condition), setting)
        time = stage.time if stage.when is not When.THEN else f"after “{body.stages[number - 1].time}”"
        source = f"{made.source}; {time}" if made.source else time
        follower = body.stages[number + 1] if number + 1 < len(body.stages) else None
        notes = made.notes
        if follower is not None and not comes_round(body):
            notes += (f"the target changes: {follower}",)
        yield replace(made, source=source, notes=notes, stage=stage, quick={})


def _without_stage(rule: Rule, body: Trajectory, day: date) -> Rule:
    """The rule of a day on which no stage of a trajectory holds."""
    steps = holding(body, day)
    index = steps.index(day)
    coming = next(
        ((cut.at, found[0]) for cut, found in zip(steps.cuts[index:], steps.values[index + 1 :], strict=True) if found),
        None,
    )
    if coming is None:
        reason, missing = Reason.NO_TARGET, f"there is no target for {written_date(day)}; the last is {body.stages[-1]}"
    elif body.stages[coming[1]].when is When.BY:
        stage = body.stages[coming[1]]
        reason, missing = (
            Reason.NOT_DUE,
            f"no target is due on {written_date(day)}; the next is {stage}, due on {written_date(coming[0])}",
        )
    else:
        reason = Reason.NO_TARGET
        missing = (
            f"there is no target for {written_date(day)}; the next is {body.stages[coming[1]]}, "
            f"from {written_date(coming[0])}"
        )
    return replace(rule, reason=reason, missing=missing, stages=(), quick={})


def _between_stages(rule: Rule, body: Trajectory, found: tuple[int, ...], day: date) -> Rule:
    """The rule of a day on which the words leave open which of two stages holds."""
    stage, window = body.stages[found[0]], body.stages[found[0]].window
    assert window is not None
    other = str(body.stages[found[1]].condition) if found[1] < len(body.stages) else "none"
    missing = (
        f"“{stage.time}” may or may not include {stage.said}, so the target on {written_date(day)} is {stage.condition} or {other}; "
        f"write “before {stage.said}” or “until the end of {stage.said}”"
    )
    stages = tuple(rule.stages[number] for number in found if number < len(rule.stages))
    return replace(
        rule, reason=Reason.AMBIGUOUS, missing=missing, quick={}, stages=stages if len(stages) == len(found) else ()
    )


def digits_shown(setting: Setting, goal: Goal) -> int | None:
    """To how many decimals readings are rounded before they are compared; ``None`` where they are compared exactly."""
    digits = setting.rounding.digits if setting.rounding is not None else None
    return digits if digits is None or digits >= 0 else _decimals(goal)


def _part(target: Target, setting: Setting) -> Rule:
    try:
        return resolve(target, setting)
    except PolarityError as error:
        return Rule(target, setting, reason=Reason.BAD_SETTING, missing=error.sentence)


# what the text says of the setting ----------------------------------------------------------------------------------


def _said(target: Target) -> Setting:
    """The setting that the clauses of a target give."""
    given: dict[str, Any] = {}
    for clause in target.clauses:
        after = clause.text.partition(":")[2].strip()
        if clause.kind == "tolerance":
            given["tolerance"] = Tolerance.read(_tolerance_text(clause.text))
        elif clause.kind == "amber limit":
            assert clause.amount is not None
            given["tolerance"] = Tolerance("limit", clause.amount)
        elif clause.kind == "improving":
            given["improving"] = clause.text
        elif clause.kind == "polarity":
            given["polarity"] = Polarity.read(clause.text)
        elif clause.kind == "scale":
            given["scale"] = Scale.read(after)
        elif clause.kind == "unit":
            given["unit"] = unit(after)
        elif clause.kind == "rounding":
            given["rounding"] = Rounding.read(clause.text)
        elif clause.kind == "baseline":
            given["baseline"] = clause.amount
        elif clause.kind == "benchmark":
            name = re.sub(r"(?i)^benchmark ?:? ?", "", clause.text).partition("=")[0].strip()
            given["benchmarks"] = {**given.get("benchmarks", {}), name: clause.amount}
    return Setting.read(**given) if given else Setting()


def _tolerance_text(text: str) -> str:
    """The amount of a tolerance clause: "amber within 5 points" is "5 points"."""
    found = re.search(r"(?i)[£$€.0-9].*|\b(?:one|two|three|five|ten|a)\b.*", text)
    return found.group() if found else text


def _better_side(goal: Goal) -> Polarity | None:
    """Which way a goal says is better, if it says one way."""
    if isinstance(goal, AtLeast):
        return Polarity.HIGHER
    if isinstance(goal, AtMost):
        return Polarity.LOWER
    if isinstance(goal, Mapped) and {goal.steps.values[0], goal.steps.values[-1]} == {Status.GREEN, Status.RED}:
        return Polarity.HIGHER if goal.steps.values[-1] is Status.GREEN else Polarity.LOWER
    return None


def _contradictions(body: Body, meaning: _Meaning, setting: Setting) -> tuple[str, ...]:
    """What to say where the text wants one side and the polarity the other; the text is followed."""
    if setting.polarity not in (Polarity.HIGHER, Polarity.LOWER) or meaning.kind != "value":
        return ()
    if _better_side(meaning.goal) in (None, setting.polarity):
        return ()
    return (f"the target “{body}” contradicts the polarity “{setting.polarity} is better”; the text is followed",)


def _note_clauses(target: Target, notes: list[str]) -> None:
    for clause in target.clauses:
        if clause.kind == "deadline":
            notes.append(f"to be reached {clause.text}")
        elif clause.kind == "accumulation" and clause.text.lower().startswith(("cumul", "year to", "year-to", "ytd")):
            notes.append(IN_FULL)


# arms: one for each kind of target ----------------------------------------------------------------------------------


def _meaning(body: Body, setting: Setting, target: Target) -> _Meaning:
    match body:
        case Comparison():
            return _comparison(body, setting)
        case Plain():
            return _plain(body, setting, target)
        case Between():
            low, high = _in_unit(body.low, setting), _in_unit(body.high, setting)
            goal = Within(low.value, high.to(low.unit).value, body.low_open, body.high_open)
            return _Meaning(
                goal, low.unit, str(body) if body.low_open or body.high_open else f"between {low} and {high}"
            )
        case Around():
            return _around(body, setting)
        case AllOf():
            return _all_of(body, setting)
        case Benchmark():
            return _benchmark(body, setting)
        case Place():
            unit = TOP_SHARE if body.amount.unit.is_percent else RANK
            return _Meaning(
                AtMost(body.amount.value),
                unit,
                "first place" if body.amount.value == 1 else f"a place in the top {body.amount}",
                kind="rank",
            )
        case Quartile():
            return _quartile(body, setting)
        case Change():
            return _change(body, setting)
        case Label():
            return _label(body, setting, target)
        case Banded():
            return _banded(body, setting)
        case Finish():
            return _due(body)
        case _:  # NoTarget, Parts and Trajectory are answered before
            raise AssertionError(body)


def _comparison(body: Comparison, setting: Setting) -> _Meaning:
    amount = _in_unit(body.amount, setting)
    sign = _definite(body.sign, setting, str(amount))
    return _Meaning(_goal(sign, amount.value), amount.unit, f"{sign.words} {amount}")


def _plain(body: Plain, setting: Setting, target: Target) -> _Meaning:
    amount = _in_unit(body.amount, setting)
    sign = _by_polarity(setting.polarity, str(amount))
    if setting.boundary is Boundary.STRICT:
        sign = {Sign.AT_LEAST: Sign.MORE_THAN, Sign.AT_MOST: Sign.LESS_THAN}.get(sign, sign)
    side = target.clause("deficit") or target.clause("surplus")
    if side is not None and sign.is_lower == (side.kind == "deficit"):
        raise PolarityError(
            f"“{side.text}” of {amount} with “{setting.polarity} is better” could be meant either way",
            hint=f"write “{side.text} of at most {amount}” or “at least”",
        )
    return _Meaning(_goal(sign, amount.value), amount.unit, f"{sign.words} {amount}")


def _around(body: Around, setting: Setting) -> _Meaning:
    centre = _in_unit(body.centre, setting)
    margin = body.margin
    if margin.unit.is_percent and not centre.unit.is_percent:
        width = EXACT.divide(EXACT.multiply(abs(centre.value), margin.value), Decimal(100))
    else:
        width = _absolute(margin, centre.unit)
    low, high = EXACT.subtract(centre.value, width), EXACT.add(centre.value, width)
    return _Meaning(
        Within(low, high), centre.unit, f"between {_written(low, centre.unit)} and {_written(high, centre.unit)}"
    )


def _all_of(body: AllOf, setting: Setting) -> _Meaning:
    low = next(each for each in body.conditions if each.sign.is_lower)
    high = next(each for each in body.conditions if each.sign.is_upper)
    bottom, top = low.amount, high.amount
    if bottom.unit.is_number:
        bottom = Quantity(bottom.value, top.unit)
    elif top.unit.is_number:
        top = Quantity(top.value, bottom.unit)
    bottom, top = _in_unit(bottom, setting), _in_unit(top, setting)
    goal = Within(bottom.value, top.to(bottom.unit).value, low.sign.is_strict, high.sign.is_strict)
    if goal.low > goal.high or (goal.low == goal.high and (goal.low_open or goal.high_open)):
        raise TargetSyntaxError(f"no reading is {low} and {high}", text=str(body), span=(0, len(str(body))))
    return _Meaning(goal, bottom.unit, f"{low.sign.words} {bottom} and {high.sign.words} {top}")


def _benchmark(body: Benchmark, setting: Setting) -> _Meaning:
    known = setting.benchmark(body.name)
    value = known if known is not None else body.value
    notes: list[str] = []
    if known is not None and body.value is not None and known != body.value:
        notes.append(
            f"{body.shown or body.name} is {known} in the setting and {body.value} in the text; the setting's is used"
        )
    if value is None:
        raise _UnresolvedError(Reason.MISSING_BENCHMARK, f"the value of “{body.shown or body.name}” is not known")
    value = _in_unit(value, setting)
    sign = _definite(body.sign, setting, f"{body.shown or body.name} of {value}")
    name = body.shown or body.name
    source = f"{name}, {'from the setting' if known is not None else 'from the text'}"
    return _Meaning(
        _goal(sign, value.value),
        value.unit,
        f"{sign.words} {value}",
        source,
        notes=tuple(notes),
        why=f"benchmark: {body.name}",
    )


def _quartile(body: Quartile, setting: Setting) -> _Meaning:
    name = str(body)
    for spelling in (
        name,
        name.replace("top", "upper"),
        name.replace("bottom", "lower"),
        f"{body.group} {name}".strip(),
        "top quartile",
        "upper quartile",
    ):
        value = setting.benchmark(spelling) if body.quarter == 1 or spelling == name else None
        if value is not None:
            sign = _by_polarity(setting.polarity, f"{name} of {value}")
            return _Meaning(
                _goal(sign, value.value),
                value.unit,
                f"{sign.words} {value}",
                f"{name}, from the setting",
                why=f"benchmark: {name}",
            )
    goal = AtLeast(Decimal(4 - body.quarter))
    return _Meaning(
        goal, NUMBER, f"the {name}{' or better' if body.quarter > 1 else ''}", kind="quartile", scale=QUARTILES
    )


def _change(body: Change, setting: Setting) -> _Meaning:
    if body.to is not None:
        level = _in_unit(body.to, setting)
        direction = _way(body.direction, setting, f"{body}")
        sign = Sign.AT_LEAST if direction == "up" else Sign.AT_MOST
        return _Meaning(_goal(sign, level.value), level.unit, f"{sign.words} {level}")
    if body.beside is not None:
        raise _UnresolvedError(
            Reason.AMBIGUOUS,
            f"{body.beside} beside {body.by} could be the level to reach, or the size of the change; "
            f"write “{_verb(body, setting)} to {body.beside}” or “{_verb(body, setting)} by {body.by}”",
        )
    baseline = body.baseline if body.baseline is not None else setting.baseline
    named = setting.benchmark(body.since) if body.since else None
    if body.baseline is None and named is not None:
        baseline = named
    if baseline is None:
        raise _UnresolvedError(
            Reason.MISSING_BASELINE,
            f"the value of {'the baseline' if body.since in ('', 'baseline') else body.since} is not known",
        )
    baseline = _in_unit(baseline, setting)
    direction = _way(body.direction.removeprefix("none "), setting, str(body))
    size = Decimal(0) if body.by is None else _size(body.by, baseline)
    by_text = f"{body.by} {'above' if direction == 'up' else 'below'} " if body.by is not None else ""
    since = "the baseline" if not body.since else body.since
    source = f"{by_text}{since} of {baseline}, {'from the text' if body.baseline is not None else 'from the setting'}"
    if body.direction.startswith("none"):
        # no increase: at most the baseline; "worse" was turned into the bad way already
        keep = {"up": Sign.AT_MOST, "down": Sign.AT_LEAST}[direction]
        if body.direction == "none worse":
            keep = Sign.AT_LEAST if direction == "up" else Sign.AT_MOST
        return _Meaning(
            _goal(keep, baseline.value), baseline.unit, f"{keep.words} {baseline}", source, why=f"baseline: {since}"
        )
    reached = EXACT.add(baseline.value, size) if direction == "up" else EXACT.subtract(baseline.value, size)
    outward = direction == "up"
    sign = body.sign
    if sign.is_upper:  # "less than a 5% increase": bounded from the other side
        outward = not outward
    strict = sign.is_strict
    final = (Sign.MORE_THAN if strict else Sign.AT_LEAST) if outward else (Sign.LESS_THAN if strict else Sign.AT_MOST)
    aim = f"{final.words} {_written(reached, baseline.unit)}"
    return _Meaning(_goal(final, reached), baseline.unit, aim, source, why=f"baseline: {since}")


def _label(body: Label, setting: Setting, target: Target) -> _Meaning:
    if (
        normal(body.word) in BALANCED
        and not body.quoted
        and (setting.scale is None or setting.scale.index(body.word) is None)
    ):
        return _Meaning(AtLeast(Decimal(0)), NUMBER, "balanced: no deficit", kind="balance")
    scale = setting.scale or scale_of(body.word)
    if scale is None and body.quoted:
        scale = Scale(("", body.word))
        better = " or better" if body.sign is Sign.AT_LEAST else ""
        return _Meaning(AtLeast(Decimal(1)), NUMBER, f"“{body.word}”{better}", kind="exact label", scale=scale)
    index = scale.index(body.word) if scale is not None else None
    if scale is None or index is None:
        raise TargetSyntaxError(
            f"“{body.word}” is not on the scale{f' {scale}' if scale else ''}", text=target.text, span=target.span or None,
            nearest=scale.labels if scale else (),
        )  # fmt: skip
    strict = body.sign is Sign.MORE_THAN
    if index == 0 and not strict:
        raise TargetSyntaxError(
            f"“{body.word}” is the worst step of the scale {scale}, so every reading would meet it",
            text=target.text, span=target.span, hint="give a scale that has it above another step",
        )  # fmt: skip
    if strict and index == len(scale.labels) - 1:
        raise TargetSyntaxError(f"nothing on the scale is above “{body.word}”", text=target.text, span=target.span)
    best = index == len(scale.labels) - 1
    aim = (
        f"above {scale.labels[index]}"
        if strict
        else scale.labels[index]
        if best
        else f"{scale.labels[index]} or better"
    )
    return _Meaning(AtLeast(Decimal(index), strict), NUMBER, aim, kind="label", scale=scale)


def _banded(body: Banded, setting: Setting) -> _Meaning:
    from rag_rules.explicit import explicit_bands

    found = explicit_bands(body, setting, _in_unit)
    return _Meaning(Mapped(found.steps), found.unit, "the bands as written", notes=found.notes, warnings=found.warnings, conflicts=found.conflicts,
                    scale=found.scale,
                    kind="label" if found.scale else "value")  # fmt: skip


def _due(body: Finish) -> _Meaning:
    deadline = body.deadline
    if len(deadline.stages) > 1:
        several = "; ".join(stage.said for stage in deadline.stages)
        raise _UnresolvedError(
            Reason.SEPARATE_PARTS, f"the text gives several deadlines ({several}); give each a row of its own"
        )
    last_days = {other.last_day for other in deadline.alternatives} or {deadline.last_day}
    if deadline.last_day is None or None in last_days or len(last_days) > 1:
        is_doubtful = len(deadline.alternatives) > 1  # one beside an event is no other meaning
        meant = "; ".join(other.said for other in deadline.alternatives) if is_doubtful else ""
        reason = Reason.AMBIGUOUS if is_doubtful else Reason.NO_DATE
        raise _UnresolvedError(reason, meant or "; ".join(deadline.notes) or f"“{body}” names no last day")
    last_day = deadline.last_day
    source = "" if deadline.first_day == last_day else f"“{body}”"
    return _Meaning(
        AtMost(Decimal(last_day.toordinal())), DATE, f"by {written_date(last_day)}", source, kind="date",
        notes=deadline.notes, why="deadline",
    )  # fmt: skip


# shared by the arms -------------------------------------------------------------------------------------------------


def _goal(sign: Sign, value: Decimal) -> Goal:
    if sign is Sign.EQUAL:
        return Within(value, value)
    return AtLeast(value, sign.is_strict) if sign.is_lower else AtMost(value, sign.is_strict)


def _in_unit(amount: Quantity, setting: Setting) -> Quantity:
    """The amount, in the setting's unit where it has none of its own; raises ``UnitError`` if the two do not fit."""
    wanted = setting.unit
    if wanted is None:
        return amount
    if amount.unit.is_number:
        if wanted.is_percent and 0 < abs(amount.value) < 1:
            raise UnitError(
                f"{amount} of a percentage could be {amount}% or {trimmed(amount.value * 100)}%",
                nearest=(f"{amount}%", f"{trimmed(amount.value * 100)}%"),
            )
        return Quantity(
            amount.value,
            wanted
            if not amount.unit.per
            else Unit(wanted.name, wanted.dimension, wanted.factor, amount.unit.per, wanted.singular),
        )
    if amount.unit.dimension != wanted.dimension and not wanted.is_number:
        raise UnitError(f"the target is in {amount.unit}, the indicator in {wanted}", hint="change one of them")
    return amount


def _by_polarity(polarity: Polarity | None, amount: str) -> Sign:
    if polarity is None:
        raise PolarityError(
            f"“{amount}” does not say which side of it is good",
            hint=f"higher is better would mean at least {amount}, lower is better at most {amount}; give the polarity or write it out",
        )
    return {Polarity.HIGHER: Sign.AT_LEAST, Polarity.LOWER: Sign.AT_MOST, Polarity.IN_RANGE: Sign.EQUAL}[polarity]


def _definite(sign: Sign, setting: Setting, amount: str) -> Sign:
    """The sign with "better" and "no worse" turned into a side by the polarity."""
    if sign not in (Sign.BETTER_THAN, Sign.NO_WORSE_THAN):
        return sign
    strict = sign is Sign.BETTER_THAN
    if setting.polarity in (None, Polarity.IN_RANGE):
        high, low = (Sign.MORE_THAN, Sign.LESS_THAN) if strict else (Sign.AT_LEAST, Sign.AT_MOST)
        raise PolarityError(
            f"“{sign.words} {amount}” does not say which side is good",
            hint=f"higher is better would mean {high.words} {amount}, lower is better {low.words} {amount}; give the polarity or write it out",
        )
    if setting.polarity is Polarity.HIGHER:
        return Sign.MORE_THAN if strict else Sign.AT_LEAST
    return Sign.LESS_THAN if strict else Sign.AT_MOST


def _way(direction: str, setting: Setting, text: str) -> str:
    """Up or down, from "better", "worse" or "any" by the polarity."""
    if direction in ("up", "down"):
        return direction
    if setting.polarity not in (Polarity.HIGHER, Polarity.LOWER):
        raise PolarityError(
            f"“{text}” does not say which way is better",
            hint="higher is better would mean an increase, lower is better a reduction; give the polarity or write it out",
        )
    return "up" if setting.polarity is Polarity.HIGHER else "down"


def _verb(body: Change, setting: Setting) -> str:
    way = (
        body.direction
        if body.direction in ("up", "down")
        else {Polarity.HIGHER: "up", Polarity.LOWER: "down"}.get(setting.polarity or Polarity.IN_RANGE, "")
    )
    return {"up": "increase", "down": "reduce"}.get(way, "change")


def _size(by: Quantity, baseline: Quantity) -> Decimal:
    """How much a change is in the baseline's unit: a percentage is relative, points are absolute."""
    if by.unit.is_percent:
        return EXACT.divide(EXACT.multiply(abs(baseline.value), by.value), Decimal(100))
    return _absolute(by, baseline.unit)


def _absolute(amount: Quantity, unit: Unit) -> Decimal:
    """An amount of difference in ``unit``: points of a percentage, a bare number, or an amount that converts."""
    if amount.unit.is_number and not unit.is_percent:
        return amount.value
    if unit.is_percent and (amount.unit.dimension in ("points", "score")):
        return amount.value
    if unit.is_number and amount.unit.dimension == "score":
        return amount.value
    if unit.is_percent:
        raise UnitError(
            f"“{amount}” of a percentage could be percentage points, or relative",
            nearest=(f"{trimmed(amount.value)}pp", f"{trimmed(amount.value)}%"),
        )
    bare = Unit(unit.name, unit.dimension, unit.factor, amount.unit.per, unit.singular)
    return amount.to(bare).value


def _margin(
    tolerance: Tolerance | None, meaning: _Meaning, notes: list[str]
) -> Callable[[Decimal, int], Decimal] | None:
    """The function from the target's edge to amber's far edge, by the tolerance."""
    scale = meaning.scale
    if scale is not None:
        if meaning.kind != "label":
            return None
        if scale.amber and isinstance(meaning.goal, AtLeast):
            first = min(scale.amber)
            return lambda at, side: min(at, Decimal(first))
        if tolerance is not None and tolerance.kind == "steps":
            steps = tolerance.amount.value
            return lambda at, side: at + side * steps
        return None
    if tolerance is None or meaning.kind == "balance":
        return None
    if meaning.kind == "date":
        grace = _grace(tolerance)
        if grace is None:
            notes.append(f"a tolerance of {tolerance} says nothing of a date")
            return None
        return lambda at, side: Decimal(grace.after(date.fromordinal(int(at))).toordinal())
    if tolerance.kind == "steps":
        raise SettingError(f"a tolerance of {tolerance} needs a scale of labels")
    if tolerance.kind == "relative":
        _refuse_a_limit(tolerance, meaning)
        share = EXACT.divide(tolerance.amount.value, Decimal(100))
        if any(edge == 0 for edge in _edges(meaning.goal)):
            notes.append(f"a tolerance of {tolerance} of a target of zero is nothing")
        return lambda at, side: EXACT.add(at, EXACT.multiply(side * abs(at), share))
    if tolerance.kind == "limit":
        limit = tolerance.amount
        value = limit.value if limit.unit.is_number else limit.to(meaning.unit).value
        bad_side = {AtLeast: -1, AtMost: 1}.get(type(meaning.goal), 0)
        if not bad_side or any((value - edge) * bad_side < 0 for edge in _edges(meaning.goal)):
            raise SettingError(f"“{tolerance}” is not on the bad side of {meaning.aim}")
        return lambda at, side: value
    width = _absolute(tolerance.amount, meaning.unit)
    return lambda at, side: EXACT.add(at, side * width)


def _widened(
    meaning: _Meaning,
    green_within: Tolerance | None,
    margin: Callable[[Decimal, int], Decimal] | None,
    notes: list[str],
) -> tuple[Goal, Callable[[Decimal, int], Decimal] | None]:
    """The goal with the miss that counts as green, and amber's margin from its edges; its far edge is green itself."""
    goal = meaning.goal
    if green_within is None or meaning.scale is not None or meaning.kind == "date" or isinstance(goal, Mapped):
        return goal, margin
    reach = _margin(green_within, meaning, notes)
    if reach is None:
        return goal, margin
    edges = {-1: _edges(goal)[0], 1: _edges(goal)[-1]}

    def amber(at: Decimal, side: int) -> Decimal:
        far = at if margin is None else margin(edges[side], side)
        return min(far, at) if side < 0 else max(far, at)

    match goal:
        case AtLeast(value=value):
            return (goal if (far := reach(value, -1)) == value else AtLeast(far)), amber
        case AtMost(value=value):
            return (goal if (far := reach(value, 1)) == value else AtMost(far)), amber
    low, high = reach(goal.low, -1), reach(goal.high, 1)
    return Within(low, high, goal.low_open and low == goal.low, goal.high_open and high == goal.high), amber


def _grace(tolerance: Tolerance) -> Grace | None:
    """How long after a deadline is amber; ``None`` for a tolerance that is no whole number of days, weeks or months."""
    amount = tolerance.amount
    kind = amount.unit.singular
    if tolerance.kind != "absolute" or kind not in ("day", "week", "month", "quarter", "year") or amount.value % 1:
        return None
    number = int(amount.value) * (3 if kind == "quarter" else 1)
    from rag_rules.deadlines import Grace

    return Grace(number, "month" if kind == "quarter" else kind)


def _refuse_a_limit(tolerance: Tolerance, meaning: _Meaning) -> None:
    """A tolerance of 90% beside a target of 95% is amber's far edge to most people, and not nine tenths of the target."""
    share, goal = tolerance.amount, meaning.goal
    if meaning.unit.is_percent and isinstance(goal, AtLeast) and Decimal(50) <= share.value < goal.value:
        points = trimmed(EXACT.divide(EXACT.multiply(goal.value, share.value), Decimal(100)))
        raise SettingError(
            f"a tolerance of {share} beside {meaning.aim} could be the lowest value that is amber, or {share} of the target",
            nearest=(f"to {share}", f"{points}pp"),
        )


def _edges(goal: Goal) -> tuple[Decimal, ...]:
    if isinstance(goal, Within):
        return (goal.low, goal.high)
    return () if isinstance(goal, Mapped) else (goal.value,)


def _decimals(goal: Goal) -> int:
    """How many decimals the target is written with."""
    edges = _edges(goal) if not isinstance(goal, Mapped) else tuple(cut.at for cut in goal.steps.cuts)
    return max((-exponent_of(edge) for edge in edges), default=0)


def _written(value: Decimal, unit: Unit) -> str:
    return str(Quantity(trimmed(value), unit))
