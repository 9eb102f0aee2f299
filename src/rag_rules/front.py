"""The front door: a target and a reading to an outcome, in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from rag_rules.labels import Scale
from rag_rules.outcomes import Outcome, judge
from rag_rules.rules import Rule, resolve
from rag_rules.settings import Setting
from rag_rules.syntax.cache import parse_target

__all__ = ["evaluate", "rule"]


def evaluate(
    target: str,
    reading: Any,
    *,
    polarity: str | None = None,
    tolerance: Any = None,
    unit: str | None = None,
    scale: str | Scale | Sequence[str] | None = None,
    benchmarks: Mapping[str, Any] | str | None = None,
    baseline: Any = None,
    rounding: str | None = None,
    conflicts: str | None = None,
) -> Outcome:
    """The outcome of ``reading`` against ``target``, both as people write them.

    >>> outcome = evaluate("<£21", "£46", tolerance="5%")
    >>> outcome.status, outcome.explanation
    (<Status.RED>, 'Red: £46 is £25 over the target of less than £21, outside the 5% tolerance (up to £22.05).')

    The settings are those of ``Setting.read``. Raises a ``RagRulesError`` for a target, reading or setting that cannot
    be read, ``PolarityError`` for a target that needs a polarity, ``UnitError`` for units that cannot be compared;
    missing data gives an unrated outcome.
    """
    if tolerance.__class__ in _PLAIN and benchmarks.__class__ in _PLAIN and scale.__class__ in _PLAIN and baseline.__class__ in _PLAIN:
        return judge(_rule(target, polarity, tolerance, unit, scale, benchmarks, baseline, rounding, conflicts), reading)
    return rule(
        target, polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
        rounding=rounding, conflicts=conflicts,
    ).evaluate(reading)  # fmt: skip


_PLAIN = frozenset({str, type(None)})


def rule(
    target: str,
    *,
    polarity: str | None = None,
    tolerance: Any = None,
    unit: str | None = None,
    scale: str | Scale | Sequence[str] | None = None,
    benchmarks: Mapping[str, Any] | str | None = None,
    baseline: Any = None,
    rounding: str | None = None,
    conflicts: str | None = None,
) -> Rule:
    """The rule that ``target`` means in a setting: made once, to evaluate many readings.

    >>> rule("Between 10%-20%").bands
    <Bands red |10% green 20%| red>
    """
    setting = Setting.read(
        polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
        rounding=rounding, conflicts=conflicts,
    )  # fmt: skip
    return resolve(parse_target(target, setting.scale.labels if setting.scale is not None else ()), setting)


@lru_cache(maxsize=4096)
def _rule(
    target: str,
    polarity: str | None,
    tolerance: str | None,
    unit: str | None,
    scale: str | None,
    benchmarks: str | None,
    baseline: str | None,
    rounding: str | None,
    conflicts: str | None,
) -> Rule:
    return rule(
        target, polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
        rounding=rounding, conflicts=conflicts,
    )  # fmt: skip
