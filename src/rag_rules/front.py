"""The front door: a target and a reading to an outcome, in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from rag_rules.judging import judge_of
from rag_rules.labels import Scale
from rag_rules.outcomes import Outcome
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
    boundary: str | None = None,
) -> Outcome:
    """The outcome of ``reading`` against ``target``, both as people write them.

    >>> outcome = evaluate("<£21", "£46", tolerance="5%")
    >>> outcome.status, outcome.explanation
    (<Status.RED>, 'Red: £46 is £25 over the target of less than £21, outside the 5% tolerance (up to £22.05).')

    The settings are those of ``Setting.read``. Raises a ``RagRulesError`` for a target, reading or setting that cannot
    be read, ``PolarityError`` for a target that needs a polarity, ``UnitError`` for units that cannot be compared;
    missing data gives an unrated outcome.
    """
    try:
        known = _judge_of(target, polarity, tolerance, unit, scale, benchmarks, baseline, rounding, conflicts, boundary)
    except TypeError:
        known = None
    if known is None:  # a setting that is no text, and so has no place in the cache
        made = rule(
            target, polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
            rounding=rounding, conflicts=conflicts, boundary=boundary,
        )  # fmt: skip
        return made.evaluate(reading)
    return known(reading)


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
    boundary: str | None = None,
) -> Rule:
    """The rule that ``target`` means in a setting: made once, to evaluate many readings.

    >>> rule("Between 10%-20%").bands
    <Bands red |10% green 20%| red>
    """
    setting = Setting.read(
        polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
        rounding=rounding, conflicts=conflicts, boundary=boundary,
    )  # fmt: skip
    return resolve(parse_target(target, setting.scale.labels if setting.scale is not None else ()), setting)


@lru_cache(maxsize=4096)
def _judge_of(target: Any, *settings: Any) -> Callable[[Any], Outcome]:
    """``judge`` for a target in a setting of texts, in the order in which ``evaluate`` takes them."""
    if not isinstance(target, str) or not all(text is None or isinstance(text, str) for text in settings):
        raise TypeError("1, 1.0 and True are one key to the cache, and not one text")
    return judge_of(rule(target, **dict(zip(_SETTINGS, settings, strict=True))))


_SETTINGS: Final = (
    "polarity",
    "tolerance",
    "unit",
    "scale",
    "benchmarks",
    "baseline",
    "rounding",
    "conflicts",
    "boundary",
)
