"""What every engine must agree with where readings have times: the rule of the day, asked by itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

import pyarrow as pa

from rag_rules import SettingError, Timed, rule, with_status
from rag_rules.number_line import number_line, verdict_of
from rag_rules.periods import FINANCIAL, Period
from rag_rules.rules import Rule
from tests.frames.engines import KEY, Engine, rows_of

#: a rule with its times, and the settings that `Rule.to_date` needs for the same; none where figures do not add up
CASES: Final[list[tuple[Timed, dict[str, Any] | None]]] = [
    (Timed(rule("at least 95%", tolerance="5%")), None),
    (Timed(rule("at most 28", tolerance="5%"), accumulation="cumulative"), {}),
    (Timed(rule("at most 28 cumulative")), {}),
    (Timed(rule("at most 28; rolling 12 months"), accumulation="cumulative"), None),
    (Timed(rule("≥160"), "cumulative", profile="Q1 20, Q2 60, Q3 110, Q4 160"), {"profile": "Q1 20, Q2 60, Q3 110, Q4 160"}),
    (Timed(rule("≥£120k"), "cumulative", year="academic", lag="1 quarter"), {"year": "academic", "lag": "1 quarter"}),
    (Timed(rule("at least 100 by March 2024"), "cumulative"), {}),
    (Timed(rule("Good or better"), "cumulative"), {}),
    (Timed(rule("70% until Oct 2023, then 80%", polarity="higher", tolerance="5%")), None),
    (Timed(rule("40 by March 2024, 30 by March 2026", polarity="lower")), None),
    (Timed(rule("Q1 70%, Q2 72%, Q3 74%, Q4 76%", polarity="higher", year="financial")), None),
    (Timed(rule("TBC"), "cumulative"), None),
]  # fmt: skip

MONTH_ENDS: Final = [date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 30), date(2023, 10, 31), date(2024, 3, 31)]
OTHER_DAYS: Final = [date(2023, 9, 29), date(2023, 10, 1), date(2023, 11, 1), date(2024, 3, 30), date(1960, 2, 29)]
#: texts with the day that each names
NAMED: Final[dict[str, date | Period]] = {
    "Q2 2023/24": date(2023, 9, 30), "Sept 2023": date(2023, 9, 30), "2023-09-30": date(2023, 9, 30),
    "31 October 2023": date(2023, 10, 31), "Q4 2023/24 to date": date(2024, 3, 31), "2023/24": FINANCIAL.year(2023),
}  # fmt: skip
#: texts that name none for certain, with the reason that rules which depend on time give
DOUBTFUL: Final = {
    "Q3 2023": "ambiguous", "4/5/2023": "ambiguous", "FY23": "ambiguous", "some time": "date not understood",
    "Q2": "date not understood", "2022/23 outturn": "date not understood", "31 Feb 2023": "date not understood",
}  # fmt: skip


def judged_on(timed: Timed, told: dict[str, Any] | None, day: date | Period) -> Rule | None:
    """The rule for a figure of a day, by the methods of the rule itself; ``None`` where it cannot be pro-rated."""
    if told is None or timed.rule.bands is None:
        return timed.rule.at(day.last_day if isinstance(day, Period) else day)
    try:
        return timed.rule.to_date(day, **told)
    except SettingError:
        return None


@cache
def expected(number: int, reading: float | str | None, day: date | Period | None) -> tuple[str, str | None, int | None]:
    """The status, reason and band of a reading on a day, by the rule of that number."""
    timed, told = CASES[number]
    made = judged_on(timed, told, day) if day is not None else None if told is not None else timed.rule
    if made is None:
        return ("unrated", "no reading" if reading in (None, "") else "cannot be pro-rated", None)
    found = verdict_of(made, Decimal(str(reading)) if isinstance(reading, float) else reading)
    return found.status.value, str(found.reason) if found.reason is not None else None, found.band


def readings() -> list[float | None]:
    """Readings on and beside the cuts of the rules at all of their times."""
    made = [judged_on(timed, told, day) for timed, told in CASES for day in [*MONTH_ENDS, *OTHER_DAYS]]
    cuts = {float(cut.at) for each in made if each is not None for cut in number_line(each).steps.cuts}
    return [None, *sorted({near for cut in cuts for near in (cut, cut + 0.001, cut - 0.001)})]


def check(
    engines: Mapping[str, Engine],
    values: Sequence[Any],
    times: Sequence[Any],
    days: Sequence[date | Period | None],
    kind: Any,
    year: str | None = None,
) -> None:
    """Rates each of the values by each of the rules at each of the times, which are a column of a type, in a kind of year."""
    grid = [(number, value, place) for number in range(len(CASES)) for value in values for place in range(len(times))]
    table = pa.table(
        {
            KEY: pa.array(range(len(grid)), type=pa.int64()),
            "of": pa.array([f"rule {number}" for number, _, _ in grid]),
            "value": pa.array(
                [value for _, value, _ in grid], type=pa.string() if isinstance(values[-1], str) else pa.float64()
            ),
            "time": pa.array([times[place] for _, _, place in grid], type=kind),
        }
    )
    known = {f"rule {number}": timed for number, (timed, _) in enumerate(CASES)}
    wanted = [expected(number, value, days[place]) for number, value, place in grid]
    for name, engine in engines.items():
        made = engine.make(table)
        found = with_status(made, known, rule="of", on="time", year=year, reason="why", band="band", distance="way")
        got = rows_of(engine, found, "status", "why", "band")
        for (number, value, place), (status, why, band), want in zip(grid, got, wanted, strict=True):
            shown = f"{name}: {value!r} by {CASES[number][0].rule} at {times[place]!r}: {(status, why, band)} and not {want}"
            assert (status, why, None if band is None else int(band)) == want, shown


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59) - timedelta(microseconds=1)
