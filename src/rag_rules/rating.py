"""One indicator to what is concluded of it: its rule, its readings judged, and what is wrong with either."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, Literal, overload

from rag_rules.errors import (
    BandsError,
    FormulaError,
    PolarityError,
    RagRulesError,
    ReadingSyntaxError,
    ScorecardError,
    SettingError,
    TargetSyntaxError,
    UnitError,
)
from rag_rules.files.tables import listed, printable
from rag_rules.formula import typed
from rag_rules.judging import judge
from rag_rules.models import (
    SETTINGS,
    Cell,
    CutShown,
    Forecast,
    Indicator,
    PastReading,
    Problem,
    RatedIndicator,
    ReadingShown,
    ReportingPeriod,
    Scheme,
    Scorecard,
    Severity,
    TargetShown,
    TypedShown,
)
from rag_rules.movement import Movement, improved, movement, without_movement
from rag_rules.outcomes import Outcome
from rag_rules.over_time import Timed
from rag_rules.periods import Year, add_months, written_date
from rag_rules.prorating import of_its_time
from rag_rules.quantity import SPELLINGS
from rag_rules.rules import Rule, resolve
from rag_rules.settings import Setting
from rag_rules.status import Reason, Status
from rag_rules.steps import Side, Steps
from rag_rules.syntax.cache import parse_target
from rag_rules.syntax.finish import parse_finish
from rag_rules.syntax.period_names import named_period
from rag_rules.syntax.reading import Missing, Reading, parse_reading
from rag_rules.timing import Timing, TimingError, marked

__all__ = ["Rater"]

#: reasons for having no status that someone can do something about, by changing the target or what it refers to ...
_TARGET_REASONS: Final = frozenset(
    {
        Reason.MISSING_BENCHMARK,
        Reason.MISSING_BASELINE,
        Reason.MISSING_SCALE,
        Reason.SEPARATE_PARTS,
        Reason.AMBIGUOUS,
        Reason.DATE_NEEDED,
    }
)
#: ... or by changing the reading
_READING_REASONS: Final = frozenset(
    {
        Reason.NO_SIGN,
        Reason.AMBIGUOUS,
        Reason.NOT_ON_SCALE,
        Reason.GAP,
        Reason.OVERLAP,
        Reason.MISSING_SCALE,
        Reason.MISSING_BENCHMARK,
        Reason.UNCONFIRMED,
    }
)
#: settings that count only where a target refers to them: without them it says itself what is missing
_REFERRED: Final = ("benchmarks", "baseline")


@dataclass(frozen=True, slots=True)
class _Fault:
    """Why an indicator cannot be rated: kept where a rule or a setting would be."""

    reason: Reason
    #: the field that it is in
    key: str
    message: str


@dataclass(slots=True)
class _Judged:
    """A reading of one period, with what became of it."""

    text: str
    reading: Reading | None = None
    outcome: Outcome | None = None
    fault: _Fault | None = None


@dataclass(slots=True)
class Rater:
    """Rates indicators one by one and collects their problems. Equal targets in equal settings share one rule."""

    scorecard: Scorecard
    period: ReportingPeriod | None
    previous: ReportingPeriod | None
    as_of: date
    problems: list[Problem] = field(default_factory=list)
    _scheme: Setting = field(init=False)
    _year_before: ReportingPeriod | None = field(init=False)
    _timing: Timing = field(init=False)
    _missing: frozenset[str] = field(init=False)
    _rules: dict[tuple[Any, ...], Rule | _Fault] = field(default_factory=dict)
    _settings: dict[tuple[Any, ...], Setting | _Fault] = field(default_factory=dict)
    _parts: dict[tuple[str, Any], Setting | _Fault] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._scheme = _scheme_setting(self.scorecard.scheme)
        self._year_before = _a_year_before(self.period, self.scorecard.periods)
        self._timing = Timing(self.scorecard, self.as_of)
        self._missing = frozenset(word.strip().lower() for word in self.scorecard.scheme.missing)

    def rate(self, indicator: Indicator) -> RatedIndicator:
        """The indicator with what is concluded of it; its problems are added to ``problems``."""
        given = tuple([_hashable(getattr(indicator, name)) for name in SETTINGS])
        rules = {label: self._rule_to_date(indicator, label, given) for label in self._labels()}
        judged = {
            label: self._judged(_alone(rules[label]), indicator.readings.get(label), label)
            for label in rules
            if label is not None
        }
        self._report_rules(indicator, rules)
        self._report_readings(indicator, judged)
        label = self.period.label if self.period is not None else None
        rule = rules[label]
        now = judged[label] if label is not None else self._judged(rule, None, "")
        self._tell_when_due(indicator, now, judged)
        if label is not None and (why := self._timing.stale(indicator, label)):
            self.add(indicator, "warning", [label], f"the figure is stale: {why}")
        before = judged.get(self.previous.label) if self.previous is not None else None
        year_before = judged.get(self._year_before.label) if self._year_before is not None else None
        if isinstance(rule, Rule) and rule.setting.improving is not None and label is not None:
            is_of_period = rule.setting.improving.since == "period"
            known, period = (before, self.previous) if is_of_period else (year_before, self._year_before)
            self._improve(indicator, rule, now, None if self._repeats(indicator, period) else known)
        return self._rated(indicator, rule, now, before, year_before, self._history(rules, judged))

    def rule(self, indicator: Indicator) -> Rule | Reason:
        """The rule for readings that stand elsewhere, or why there is none; what is wrong with it is added to ``problems``.

        It is the one that ``rate`` judges by, with what the scorecard's own readings tell left out: the period that a cell
        is marked with, and the reading before.
        """
        label = self.period.label if self.period is not None else None
        found = self._rule_for_others(indicator, label)
        if isinstance(found, Rule):
            found = self._to_date(_bare(indicator), label or "", found)
        return self._reported(indicator, label, found)

    def timed_rule(self, indicator: Indicator) -> Timed | Reason:
        """The same for readings that stand elsewhere and have times: the rule with what is known of the time of its figures."""
        found = self._rule_for_others(indicator, None)
        if isinstance(found, Rule) and indicator.history:
            day = written_date(indicator.history[0].since)
            found = _Fault(
                Reason.DATE_NEEDED, "target", f"the target changes on {day}; rate the readings of one period at a time"
            )
        if isinstance(found, _Fault):
            return self._reported(indicator, None, found)
        times = self._timing.of(indicator)
        fault = times.fault_in("accumulation", "year", "lag", "profile")
        accumulation = str(times.accumulation) if times.accumulation is not None else None
        try:
            timed = Timed(found, accumulation, times.year, times.profile, indicator.lag or None).or_else(None, None)
        except SettingError as error:
            fault = fault or ("profile", _sentence(error))
        if fault is not None:
            return self._reported(indicator, None, _Fault(Reason.BAD_SETTING, *fault))
        if found.reason is not Reason.DATE_NEEDED:  # the times of the readings tell
            self._reported(indicator, None, found)
        return timed

    def _rule_for_others(self, indicator: Indicator, label: str | None) -> Rule | _Fault:
        """The rule as it is written, for readings that are not those of the scorecard."""
        bare = _bare(indicator)
        if bare.trouble is not None:
            return _Fault(Reason.BAD_ROW, "", "")
        if label is None and bare.targets:
            given = listed([f"{_text(target)} for {name}" for name, target in list(bare.targets.items())[:4]])
            said = printable(f"the target is not the same in all periods ({given}); name the period")
            return _Fault(Reason.DATE_NEEDED, "target", said)
        return self._rule(bare, label, tuple([_hashable(getattr(bare, name)) for name in SETTINGS]))

    @overload
    def _reported(self, indicator: Indicator, label: str | None, found: _Fault) -> Reason: ...
    @overload
    def _reported(self, indicator: Indicator, label: str | None, found: Rule | _Fault) -> Rule | Reason: ...
    def _reported(self, indicator: Indicator, label: str | None, found: Rule | _Fault) -> Rule | Reason:
        """What is found, or the reason of a fault; what is wrong with it is added to ``problems``."""
        if indicator.trouble is None:  # which has been told where the table was read
            self._report_rules(_bare(indicator), {label: found})
        return found.reason if isinstance(found, _Fault) else found

    def _repeats(self, indicator: Indicator, earlier: ReportingPeriod | None) -> bool:
        """Whether the figure of the period that is assessed is no newer than that of an earlier one."""
        if self.period is None or earlier is None:
            return False
        return self._timing.is_one_figure(indicator, self.period.label, earlier.label)

    def _labels(self) -> list[str | None]:
        """Every period that there is, and no period where none is assessed."""
        labels: list[str | None] = [period.label for period in self.scorecard.periods]
        return labels if self.period is not None else [*labels, None]

    def _target(self, indicator: Indicator, label: str | None) -> tuple[str, str]:
        """The text of the target for a period, and the key of its place: the one in force on the period's last day."""
        if label is not None and label in indicator.targets:
            return _text(indicator.targets[label]), f"target {label}"
        if not indicator.history:
            return _text(indicator.target), "target"
        ends = self._timing.span_of(indicator, label).ends
        dated = [each for each in indicator.history if ends is not None and each.since <= ends]
        if dated:
            return _text(dated[-1].target), f"target from {dated[-1].since}"
        return _text(indicator.target), "target"

    # rules

    def _rule_to_date(self, indicator: Indicator, label: str | None, given: tuple[Any, ...]) -> Rule | _Fault:
        """The rule of an indicator as it stands at the end of a period, or why it has none.

        The one place where the target of a cumulative indicator is pro-rated.
        """
        rule = self._rule(indicator, label, given)
        if isinstance(rule, _Fault):
            return rule
        found = self._to_date(indicator, label, rule)
        is_doubtful = isinstance(found, _Fault) and found.reason is Reason.NOT_PRO_RATED
        return rule if is_doubtful and self._is_missing(indicator, label) else found

    def _to_date(self, indicator: Indicator, label: str | None, rule: Rule) -> Rule | _Fault:
        """``rule`` for the figure of a period, or why nobody can tell it."""
        if self._timing.is_cumulative(indicator, rule) and (as_written := of_its_time(rule)) is not None:
            return as_written
        try:
            return self._timing.to_date(indicator, label, rule)
        except TimingError as error:
            return _Fault(error.reason, error.key, error.message)

    def _is_missing(self, indicator: Indicator, label: str | None) -> bool:
        """Whether there is no figure for a period."""
        try:
            return parse_reading(indicator.readings.get(label or ""), missing=self._missing).missing is not None
        except ReadingSyntaxError:
            return False

    def _rule(self, indicator: Indicator, label: str | None, given: tuple[Any, ...]) -> Rule | _Fault:
        """The rule of an indicator in the setting that its cells give, or why it has none."""
        text, _ = self._target(indicator, label)
        year = self._timing.of(indicator).year
        found = self._rules.get((text, year, given))
        if found is None:
            if given not in self._settings:
                self._settings[given] = self._setting(indicator)
            setting = self._settings[given]
            found = setting if isinstance(setting, _Fault) else self._resolved(text, setting, indicator, year)
            self._rules[(text, year, given)] = found
        return found if isinstance(found, _Fault) else self._in_force(found, indicator, label)

    def _in_force(self, rule: Rule, indicator: Indicator, label: str | None) -> Rule:
        """The rule of the reading's period: of a target that changes over time, that in force on the period's last day."""
        has_own = not indicator.history or label in indicator.targets
        if rule.reason is not Reason.DATE_NEEDED and has_own and not rule.target.is_timed:
            return rule
        span = self._timing.span_of(indicator, label)
        ends = span.ends
        if rule.reason is Reason.DATE_NEEDED:
            if ends is not None:
                return rule.at(ends)
            missing = f"the target changes over time ({rule.target.body}), and it is not known when {label or 'the period'} ends{span.why}"
            return replace(rule, missing=missing, quick={})
        if ends is not None:
            rule = rule.at(ends)
        if has_own:
            return rule
        first = indicator.history[0]
        if ends is None:
            missing = f"the target changes on {written_date(first.since)}, and it is not known when {label or 'the period'} ends{span.why}"
            return replace(rule, bands=None, reason=Reason.DATE_NEEDED, missing=missing, stages=(), quick={})
        if rule.reason is Reason.NO_TARGET and ends < first.since:
            missing = f"{rule.missing}; the first holds from {written_date(first.since)}: {_text(first.target)}"
            return replace(rule, missing=missing, quick={})
        return rule

    def _resolved(self, text: str, setting: Setting, indicator: Indicator, year: Year) -> Rule | _Fault:
        """The rule of a target in its setting, or why there is none."""
        if text.strip().lower() in self._missing:
            text = ""
        try:
            labels = setting.scale.labels if setting.scale is not None else ()
            target = parse_target(text, labels, year=year)
        except RagRulesError as error:
            return _Fault(Reason.BAD_TARGET, "target", _dated(text, "target") or _sentence(error))
        try:
            return resolve(target, setting)
        except (TargetSyntaxError, BandsError) as error:
            return _Fault(Reason.BAD_TARGET, "target", _sentence(error))
        except PolarityError as error:
            return _Fault(Reason.BAD_SETTING, "polarity", _sentence(error))
        except (SettingError, UnitError) as error:
            return _Fault(Reason.BAD_SETTING, _setting_of(error, indicator), _sentence(error))

    def _setting(self, indicator: Indicator) -> Setting | _Fault:
        """The indicator's setting over the scheme's, or why there is none."""
        setting = self._scheme
        for name in SETTINGS:
            given = self._part(name, getattr(indicator, name))
            if isinstance(given, Setting):
                setting = given.over(setting) if given is not _NOTHING else setting
            elif name not in _REFERRED:
                return given
        return setting

    def _part(self, name: str, cell: Any) -> Setting | _Fault:
        """The setting that one cell gives, or why it gives none."""
        if cell in (None, "", {}) or (name == "unit" and _is_count(cell)):
            return _NOTHING
        key = (name, _hashable(cell))
        found = self._parts.get(key)
        if found is None:
            try:
                given: dict[str, Any] = {name: cell if isinstance(cell, dict) else _text(cell)}
                found = Setting.read(**given)
            except RagRulesError as error:
                found = _Fault(Reason.BAD_SETTING, name, _sentence(error))
            self._parts[key] = found
        return found

    # readings

    def _judged(self, rule: Rule | _Fault, cell: Cell, label: str) -> _Judged:
        """What becomes of a reading: its outcome, or what is wrong with it."""
        found = _Judged(_text(cell))
        try:
            is_date = isinstance(rule, Rule) and rule.kind == "date"
            found.reading = (
                parse_finish(cell, missing=self._missing)
                if is_date
                else parse_reading(marked(cell)[0], missing=self._missing)
            )
            if isinstance(rule, Rule):
                found.outcome = judge(rule, found.reading)
        except (ReadingSyntaxError, UnitError) as error:
            dated = None if is_date else _dated(found.text, "reading")
            found.fault = _Fault(Reason.BAD_READING, label, dated or _sentence(error))
        return found

    def _improve(self, indicator: Indicator, rule: Rule, now: _Judged, earlier: _Judged | None) -> None:
        """Rate a red reading by its movement too, as the rule says; from quarter to quarter, figures that add up have none."""
        policy = rule.setting.improving
        if policy is None or now.reading is None or now.fault is not None:
            return
        known = earlier.reading if earlier is not None else None
        if policy.since == "period" and self._timing.is_cumulative(indicator, rule):
            known = None
        try:
            now.outcome = improved(rule, now.reading, known)
        except UnitError:
            now.outcome = judge(rule, now.reading)
        if now.outcome.reason is Reason.NO_EARLIER_READING and self.period is not None:
            message = printable(now.outcome.explanation).removeprefix("Unrated: ").removesuffix(".")
            self.add(indicator, "warning", [self.period.label], message)

    def _tell_when_due(self, indicator: Indicator, now: _Judged, judged: dict[str, _Judged]) -> None:
        """Tell a reading that is late from one that is not due yet, and say the last that there is."""
        outcome = now.outcome
        if self.period is None or outcome is None or outcome.reason is not Reason.NO_READING:
            return
        if outcome.reading.missing not in _AWAITED:
            return
        label, labels = self.period.label, list(judged)
        place = labels.index(label)
        known = [
            number
            for number, each in enumerate(judged.values())
            if each.reading is not None and each.reading.missing is None
        ]
        before = [labels[number] for number in known if number < place]
        ends = [self.scorecard.periods[number].ends for number in known if number > place]
        given = max((day for day in ends if day is not None), default=None)
        awaited = self._timing.awaited(indicator, label, given)
        if awaited is None:
            return
        last = f"; the last figure is {judged[before[-1]].text} for {before[-1]}" if before else ""
        detail = f"{outcome.detail}, and {awaited.said}{last}"
        now.outcome = Outcome(outcome.rule, outcome.reading, Status.UNRATED, reason=awaited.reason, detail=detail)
        if awaited.is_late:
            self.add(indicator, "warning", [label], f"there is no reading, and {awaited.said}")

    # problems

    def _report_rules(self, indicator: Indicator, rules: dict[str | None, Rule | _Fault]) -> None:
        """Add what is wrong with the target and its setting, once for each place."""
        said: set[tuple[str, str]] = set()
        for label, rule in rules.items():
            if self.period is not None and label != self.period.label and _is_of_another_year(rule):
                continue
            _, target = self._target(indicator, label)
            for severity, key, message in _rule_troubles(rule):
                place = target if key == "target" else key
                if (place, message) not in said:
                    said.add((place, message))
                    self.add(indicator, severity, [place], message)
        made = next((rule for rule in rules.values() if isinstance(rule, Rule)), None)
        for severity, key, message in self._timing.troubles(indicator, made) if made is not None else ():
            self.add(indicator, severity, [key], message)
        for name in _REFERRED:
            given = self._part(name, getattr(indicator, name))
            if isinstance(given, _Fault):
                self.add(indicator, "warning", [name], f"{given.message}; it is not used")
        if indicator.unit and _is_count(indicator.unit) and (near := _near_unit(indicator.unit)):
            message = f"“{printable(indicator.unit)}” is no known unit and is taken as a count; did you mean “{near}”?"
            self.add(indicator, "warning", ["unit"], message)

    def _report_readings(self, indicator: Indicator, judged: dict[str, _Judged]) -> None:
        """Add what is wrong with readings; the same trouble in several periods is told once."""
        found: dict[tuple[Severity, str, str], list[str]] = {}
        for label, each in judged.items():
            trouble = _reading_trouble(each)
            if trouble is not None:
                found.setdefault((*trouble, indicator.where(label)[0].partition(" (cell ")[0]), []).append(label)
        for (severity, message, _), labels in found.items():
            self.add(indicator, severity, labels, message)

    def add(self, indicator: Indicator, severity: Severity, keys: Sequence[str], message: str) -> None:
        """Add a problem at the cells of ``keys``, which are all in one row."""
        cells = [self._where(indicator, key) for key in keys]
        row, columns = cells[0][0].partition(" (cell ")[0], listed([printable(column) for _, column in cells])
        addresses = [place.partition(" (cell ")[2].removesuffix(")") for place, _ in cells if " (cell " in place]
        if addresses:
            row += f" (cell{'s' if len(addresses) > 1 else ''} {listed(addresses)})"
        noun = "columns" if " and " in columns else "column"
        self.problems.append(
            Problem(
                severity=severity, place=f"{row}, {noun} {columns}", message=message,
                ref=indicator.ref, row=indicator.row, column=columns,
            )
        )  # fmt: skip

    def _where(self, indicator: Indicator, key: str) -> tuple[str, str]:
        """The place and column of a field or of a period's reading."""
        place, column = indicator.where(key)
        if column == key and key not in indicator.at:
            column = next(
                (period.column for period in self.scorecard.periods if period.label == key and period.column), key
            )
        return place, column

    # the record

    def _change_notes(self, indicator: Indicator) -> tuple[str, ...]:
        """That the target changed inside the period which is assessed, where the table of targets says so."""
        ends = self.period.ends if self.period is not None else None
        begins = self.previous.ends if self.previous is not None else None
        changes = [
            each
            for each in indicator.history
            if begins is not None and ends is not None and begins + timedelta(days=1) < each.since <= ends
        ]
        return tuple(
            f"the target changed on {written_date(each.since)}, inside the period; judged by that of its last day"
            for each in changes
        )[-1:]

    def _history(self, rules: dict[str | None, Rule | _Fault], judged: dict[str, _Judged]) -> tuple[PastReading, ...]:
        """The readings up to the period that is assessed, of which none are blank."""
        found = []
        for period in self.scorecard.periods if self.period is not None else ():
            each = judged[period.label]
            if each.text:
                shown, status = _reading_shown(each), _status(each)
                past = None if period is not self.period and _by_movement(rules[period.label], status) else status
                found.append(
                    PastReading(text=shown.text, value=shown.value, unit=shown.unit, period=period.label, status=past)
                )
            if period is self.period:
                break
        return tuple(found)

    def _rated(
        self,
        indicator: Indicator,
        rule: Rule | _Fault,
        now: _Judged,
        before: _Judged | None,
        year_before: _Judged | None,
        history: tuple[PastReading, ...],
    ) -> RatedIndicator:
        """What is shown of the indicator."""
        label = self.period.label if self.period is not None else None
        typed = _typed_shown(rule, self._missing) if isinstance(rule, Rule) else None
        if label is not None:
            rule = _alone(rule)
        status, reason, explanation, notes = _conclusion(indicator, rule, now)
        moved: Movement | None = None
        moved_in_year: Movement | None = None
        if isinstance(rule, Rule):
            notes += (*self._timing.notes(indicator, label, rule), *self._change_notes(indicator))
            if reason not in _FAULTS:
                if not (self._timing.is_cumulative(indicator, rule) or self._repeats(indicator, self.previous)):
                    moved = _moved(rule, now, before)
                if not self._repeats(indicator, self._year_before):
                    moved_in_year = _moved(rule, now, year_before)
            if reason is None and now.outcome is not None and (doubt := _doubt(now.outcome)):
                notes += (doubt,)
        return RatedIndicator(
            row=indicator.row,
            ref=indicator.ref,
            name=indicator.name,
            period=label,
            groups=indicator.groups,
            target=_target_shown(self._target(indicator, label)[0], rule, typed),
            reading=_reading_shown(now),
            status=status,
            reason=reason,
            explanation=explanation,
            movement=moved,
            previous=_reading_shown(before) if before is not None and before.text else None,
            previous_status=next(
                (each.status for each in history if self.previous is not None and each.period == self.previous.label),
                None,
            ),
            history=history,
            movement_year=moved_in_year,
            previous_year=_reading_shown(year_before) if year_before is not None and year_before.text else None,
            forecast=_forecast(now) if reason is None else None,
            notes=tuple(dict.fromkeys(notes)),
            comment=indicator.comment,
        )


def _bare(indicator: Indicator) -> Indicator:
    """An indicator without its readings."""
    return indicator.model_copy(update={"readings": {}})


_NOTHING: Final = Setting()
_FAULTS: Final = frozenset({Reason.BAD_READING, Reason.BAD_SETTING, Reason.BAD_TARGET, Reason.NOT_PRO_RATED})
#: why there is no reading where one may yet come
_AWAITED: Final = frozenset({Missing.BLANK, Missing.NOT_AVAILABLE})


def _conclusion(
    indicator: Indicator, rule: Rule | _Fault, now: _Judged
) -> tuple[Status, Reason | None, str, tuple[str, ...]]:
    """The status, why there is none, the sentence that explains it, and the notes."""
    fault = rule if isinstance(rule, _Fault) else now.fault
    if indicator.trouble is not None:
        fault = _Fault(Reason.BAD_READING, "", printable(indicator.trouble))
    if fault is not None:
        return Status.UNRATED, fault.reason, _full_stop(fault.message), ()
    outcome = now.outcome
    assert outcome is not None
    return (
        outcome.status,
        outcome.reason,
        printable(outcome.explanation),
        tuple(printable(note) for note in outcome.notes),
    )


def _alone(rule: Rule | _Fault) -> Rule | _Fault:
    """The rule that judges a reading without the one before it."""
    return without_movement(rule) if isinstance(rule, Rule) else rule


def _moved(rule: Rule, now: _Judged, before: _Judged | None) -> Movement | None:
    """Movement from an earlier reading, judged by the same rule.

    Figures that add up over the year have none from quarter to quarter, where they rise whatever happens.
    """
    if before is None or before.reading is None or now.outcome is None:
        return None
    try:
        earlier = (
            before.outcome
            if before.outcome is not None and before.outcome.rule is rule
            else judge(rule, before.reading)
        )
    except UnitError:
        return None
    return movement(earlier, now.outcome)


def _a_year_before(period: ReportingPeriod | None, periods: Sequence[ReportingPeriod]) -> ReportingPeriod | None:
    """The same period of the year before: it ends a year earlier, and is as long where both names tell how long."""
    if period is None or period.ends is None or period.ends == date.max:
        return None
    day_after = add_months(period.ends + timedelta(days=1), -12)
    own = named_period(period.label)
    for other in periods:
        if other.ends is None or other.ends == date.max or other.ends + timedelta(days=1) != day_after:
            continue
        named = named_period(other.label)
        if own is None or named is None or None in (own.months, named.months) or own.months == named.months:
            return other
    return None


def _is_of_another_year(rule: Rule | _Fault) -> bool:
    """Whether a target is none for the year of a period, which is wrong in the period that is assessed and in no other."""
    return isinstance(rule, _Fault) and rule.reason is Reason.NOT_PRO_RATED and rule.key == "target"


def _doubt(outcome: Outcome) -> str:
    """Why a figure to date may not be one that adds up over the year; empty where nothing says so."""
    found = outcome.forecast
    return printable(found.doubt) if found is not None else ""


def _forecast(now: _Judged) -> Forecast | None:
    """What a figure to date makes of the year."""
    found = now.outcome.forecast if now.outcome is not None else None
    if found is None:
        return None
    return Forecast(
        value=found.value.value, unit=str(found.value.unit) or None, status=found.status, by=found.by,
        needed_per_month=found.needed_per_month.value if found.needed_per_month is not None else None,
        sentence=printable(found.sentence),
    )  # fmt: skip


def _target_shown(text: str, rule: Rule | _Fault, typed: TypedShown | None) -> TargetShown:
    if isinstance(rule, _Fault):
        return TargetShown(text=text)
    canonical = str(rule.target) or None
    if rule.bands is None:
        return TargetShown(text=text, canonical=canonical)
    has_amounts = rule.bands.scale is None and not rule.unit.is_date
    cuts, statuses = _line_shown(rule.bands.steps) if has_amounts else ((), ())
    return TargetShown(
        text=text, canonical=canonical, bands=str(rule.bands), unit=str(rule.unit) or None, cuts=cuts, statuses=statuses,
        to_date=f"{rule.aim} by {rule.due.by}" if rule.due is not None else None, typed=typed,
    )  # fmt: skip


def _by_movement(rule: Rule | _Fault, status: Status) -> bool:
    """Whether a status that was told from a reading alone may be another one by how the reading has moved."""
    return isinstance(rule, Rule) and rule.setting.improving is not None and status is Status.RED


def _status(judged: _Judged) -> Status:
    return judged.outcome.status if judged.outcome is not None else Status.UNRATED


def _typed_shown(rule: Rule, missing: frozenset[str]) -> TypedShown | None:
    """What becomes of what is typed into a cell that the rule rates; ``None`` where no formula can tell."""
    try:
        found = typed(rule, missing=missing)
    except FormulaError:
        return None
    cuts, statuses = _line_shown(found.numbers) if found.numbers is not None else ((), ())
    return TypedShown(
        cuts=cuts, statuses=statuses, words=dict(found.words), is_share=found.is_share, is_whole=found.is_whole
    )


def _line_shown(steps: Steps[Decimal, Status]) -> tuple[tuple[CutShown, ...], tuple[Status, ...]]:
    """Cuts with the statuses between them."""
    cuts = tuple(CutShown(at=cut.at, side=_SIDES[cut.side], why=printable(cut.why)) for cut in steps.cuts)
    return cuts, steps.values


_SIDES: Final[dict[Side, Literal["before", "after"]]] = {Side.BEFORE: "before", Side.AFTER: "after"}


def _reading_shown(judged: _Judged) -> ReadingShown:
    """A reading as written, with its value where it is an amount that was judged."""
    outcome = judged.outcome
    if (
        outcome is None
        or outcome.value is None
        or outcome.rule.bands is None
        or outcome.rule.kind in ("label", "exact label", "quartile", "date")
    ):
        return ReadingShown(text=judged.text)
    return ReadingShown(text=judged.text, value=outcome.value, unit=str(outcome.rule.unit) or None)


# what is worth listing ----------------------------------------------------------------------------------------------


def _rule_troubles(rule: Rule | _Fault) -> Iterable[tuple[Severity, str, str]]:
    """Severity, field and message of each thing that is wrong, or odd, with a target."""
    if isinstance(rule, _Fault):
        yield "error", rule.key, rule.message
        return
    if rule.reason in _TARGET_REASONS:
        yield "warning", "target", printable(rule.missing)
    for warning in rule.warnings:
        yield "warning", "target", printable(warning)


def _reading_trouble(judged: _Judged) -> tuple[Severity, str] | None:
    """Severity and message of what is wrong with a reading."""
    if judged.fault is not None:
        return "error", judged.fault.message
    outcome = judged.outcome
    if outcome is None or outcome.rule.reason is not None:
        return None
    if outcome.reason in _READING_REASONS:
        return "warning", printable(outcome.explanation).removeprefix("Unrated: ").removesuffix(".")
    return None


# texts --------------------------------------------------------------------------------------------------------------


def _scheme_setting(scheme: Scheme) -> Setting:
    """The setting that the scheme gives every indicator; raises ``ScorecardError`` where it cannot be read."""
    try:
        return Setting.read(
            polarity=scheme.polarity, tolerance=scheme.tolerance, rounding=scheme.rounding, conflicts=scheme.conflicts, boundary=scheme.boundary,
            improving=scheme.amber_if_improving, green_within=scheme.green_within,
            benchmarks={name: _text(value) for name, value in scheme.benchmarks.items()},
        )  # fmt: skip
    except RagRulesError as error:
        raise ScorecardError(f"the scheme cannot be read: {_sentence(error)}") from error


def _setting_of(error: RagRulesError, indicator: Indicator) -> str:
    """The field that an error in a setting is about, as far as its message tells by its value or by its name."""
    said = error.sentence.lower()
    given = [name for name in ("tolerance", "baseline", "scale", "benchmarks", "rounding") if getattr(indicator, name)]
    for name in given:
        if _text_of(getattr(indicator, name)).lower() in said:
            return name
    for name in given:
        if name.removesuffix("s") in said:
            return name
    return "unit" if indicator.unit and isinstance(error, UnitError) else "target"


def _text_of(cell: Any) -> str:
    return str(cell) if isinstance(cell, dict) else _text(cell)


def _text(cell: Cell) -> str:
    """A cell as text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    return cell if isinstance(cell, str) else f"{cell:f}" if not isinstance(cell, (int, float)) else str(cell)


def _is_count(unit: str) -> bool:
    """Whether what a column calls a unit says only what is counted: "Number", "Visits".

    Words that make a number larger ("thousands", "£000s") are not taken so, and neither are rates.
    """
    word = " ".join(unit.lower().split()).strip(" .:")
    if word in _NOT_UNITS:
        return True
    is_noun = re.fullmatch(r"[^\W\d_]{3,}(?:[ -][^\W\d_]+){0,3}", word) is not None
    return is_noun and word not in SPELLINGS and not _LARGER.search(word)


def _near_unit(unit: str) -> str | None:
    """The unit that a word may be a slip for."""
    word = " ".join(unit.lower().split())
    found = (
        [] if word in _NOT_UNITS else get_close_matches(word, [each for each in SPELLINGS if len(each) > 3], 1, 0.75)
    )
    return found[0] if found else None


#: what a column of units says where there is none
_NOT_UNITS: Final = frozenset(
    "number numbers numeric numerical no nr num # count integer figure ratio score rank ranking rating grade text word date status "
    "currency value yes/no".split()
) | {"whole number", "number of"}
_LARGER: Final = re.compile(
    r"\b(?:hundreds?|thousands?|millions?|billions?|lakhs?|crores?|dozens?|per|out of|percent|cent)\b"
)


def _hashable(cell: Any) -> Any:
    return tuple(sorted((str(name), str(value)) for name, value in cell.items())) if isinstance(cell, dict) else cell


def _sentence(error: RagRulesError) -> str:
    """The error on one line, without controls."""
    return printable(error.sentence)


def _dated(text: str, what: str) -> str | None:
    """The message for a cell that holds a date and nothing else, as spreadsheets make of a text such as 3-5."""
    named = named_period(text) if len(text) < 40 else None
    if named is None or named.rest or not (named.kind == "day" or (named.kind == "month" and named.ends is not None)):
        return None
    return f"“{printable(text)}” is a date, not a {what}; a spreadsheet may have made it of a text such as 3-5"


def _full_stop(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}{'' if message.endswith(('.', '?', ')')) else '.'}"
