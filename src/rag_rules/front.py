"""The front door: a target and a reading to an outcome, in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from rag_rules.judging import judge_of
from rag_rules.labels import Scale
from rag_rules.outcomes import Outcome
from rag_rules.rules import Rule, resolve
from rag_rules.settings import Setting
from rag_rules.syntax.cache import parse_target
from rag_rules.syntax.reading import parse_reading

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
    improving: str | None = None,
    green_within: Any = None,
    year: str | None = None,
    on: date | None = None,
    previous: Any = None,
) -> Outcome:
    """The outcome of ``reading`` against ``target``, both as people write them.

    >>> outcome = evaluate("<£21", "£46", tolerance="5%")
    >>> outcome.status, outcome.explanation
    (<Status.RED>, 'Red: £46 is £25 over the target of less than £21, outside the 5% tolerance (up to £22.05).')

    The settings are those of ``Setting.read``. ``on`` is the date of the reading, for targets that change over time, and
    ``year`` the kind of year that their quarters are of. ``previous`` is the earlier reading, for targets that compare
    with one ("amber if improving").

    >>> evaluate("at least 70% until October 2023, then at least 80%", "75%", on=date(2023, 11, 30)).status
    <Status.RED>

    Raises a ``RagRulesError`` for a target, reading or setting that cannot
    be read, ``PolarityError`` for a target that needs a polarity, ``UnitError`` for units that cannot be compared;
    missing data gives an unrated outcome.
    """
    given = (
        target, polarity, tolerance, unit, scale, benchmarks, baseline, rounding, conflicts, boundary, improving, green_within, year, on,
    )  # fmt: skip
    try:
        known = None if previous is not None else _judges.get(given) or _judge_of(*given)
    except TypeError:
        known = None
    if known is None:  # an earlier reading, or a setting that is no text, and so has no place in the cache
        made = rule(
            target, polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
            rounding=rounding, conflicts=conflicts, boundary=boundary, improving=improving, green_within=green_within, year=year,
        )  # fmt: skip
        made = made if on is None else made.at(on)
        if previous is not None:
            from rag_rules.movement import improved

            return improved(made, parse_reading(reading), parse_reading(previous))
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
    improving: str | None = None,
    green_within: Any = None,
    year: str | None = None,
) -> Rule:
    """The rule that ``target`` means in a setting: made once, to evaluate many readings.

    ``year`` is the kind of year (financial, academic, calendar, federal, or the month in which it begins) that quarters
    and years in the target are of.

    >>> rule("Between 10%-20%").bands
    <Bands red |10% green 20%| red>
    """
    setting = Setting.read(
        polarity=polarity, tolerance=tolerance, unit=unit, scale=scale, benchmarks=benchmarks, baseline=baseline,
        rounding=rounding, conflicts=conflicts, boundary=boundary, improving=improving, green_within=green_within,
    )  # fmt: skip
    labels = setting.scale.labels if setting.scale is not None else ()
    return resolve(parse_target(target, labels, year=None if isinstance(year, str) and not year else year), setting)


#: what ``_judge_of`` has made, by what it was given; a dictionary is found in sooner than ``lru_cache``
_judges: Final = dict[tuple[Any, ...], Callable[[Any], Outcome]]()
_REMEMBERED: Final = 4096


def _judge_of(target: Any, *given: Any) -> Callable[[Any], Outcome]:
    """``judge`` for a target in a setting of texts, in the order in which ``evaluate`` takes them, and on a date.

    It is remembered. Raises ``TypeError`` for a setting that is no text.
    """
    *settings, on = given
    if not isinstance(target, str) or not all(text is None or isinstance(text, str) for text in settings):
        raise TypeError("1, 1.0 and True are one key to the cache, and not one text")
    made = rule(target, **dict(zip(_SETTINGS, settings, strict=True)))
    if len(_judges) >= _REMEMBERED:
        _judges.clear()
    found = _judges[(target, *given)] = judge_of(made if on is None else made.at(on))
    return found


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
    "improving",
    "green_within",
    "year",
)
