"""Rows that have times are judged by the rule in force then, in every engine alike."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from rag_rules import Rule, SettingError, Timed, rule, with_status
from rag_rules.prorating import rate_of
from rag_rules.syntax.period_names import named_period
from tests.frames.engines import ENGINES, IN_MEMORY, KEY, rows_of
from tests.frames.over_time import CASES, DOUBTFUL, MONTH_ENDS, NAMED, OTHER_DAYS, at_noon, check, readings
from tests.test_conformance import ALL, rule_of

DAYS = [*MONTH_ENDS, *OTHER_DAYS, None]
#: days that are placeholders, and so are none
FAR = [date(1899, 12, 31), date(2201, 1, 1), date(9999, 12, 31), date(1, 1, 1)]


@pytest.mark.parametrize("name", ENGINES)
def test_rows_have_the_status_of_the_rule_of_their_day(name: str) -> None:
    check({name: ENGINES[name]}, readings(), DAYS, DAYS, pa.date32())


@pytest.mark.parametrize("name", ENGINES)
def test_a_time_of_day_is_of_its_day(name: str) -> None:
    times = [None if day is None else at_noon(day) for day in DAYS]
    check({name: ENGINES[name]}, [None, 14.0, 72.0], times, DAYS, pa.timestamp("us"))


@pytest.mark.parametrize("name", ENGINES)
def test_names_of_periods_stand_for_their_last_days(name: str) -> None:
    check(
        {name: ENGINES[name]},
        [None, 14.0, 72.0, 80.0],
        [*NAMED, None],
        [*NAMED.values(), None],
        pa.string(),
        "financial",
    )


@pytest.mark.parametrize("name", ENGINES)
def test_readings_that_are_texts_are_judged_by_the_rule_of_their_day(name: str) -> None:
    days = [*MONTH_ENDS, date(2023, 10, 1), None]
    check({name: ENGINES[name]}, ["", "14", "£50k", "72%", "Good"], days, days, pa.date32())


@pytest.mark.parametrize("name", ENGINES)
def test_names_that_name_no_one_period_leave_what_depends_on_time_unrated(name: str) -> None:
    known = {"changing": CASES[8][0], "adding up": CASES[1][0], "neither": CASES[0][0]}
    rows = [(text, of) for text in DOUBTFUL for of in known]
    table = pa.table(
        {
            KEY: range(len(rows)),
            "value": [99.0] * len(rows),
            "of": [of for _, of in rows],
            "time": [text for text, _ in rows],
        }
    )
    found = with_status(ENGINES[name].make(table), known, rule="of", on="time", reason="why")
    assert rows_of(ENGINES[name], found, "status", "why") == [
        ("green", None) if of == "neither" else ("unrated", DOUBTFUL[text]) for text, of in rows
    ]


def test_days_that_come_into_a_table_later_have_their_rule_or_no_status() -> None:
    base = duckdb.connect()
    base.execute("CREATE TABLE readings AS SELECT 75.0 AS value, DATE '2023-09-30' AS day, 'Sept 2023' AS period")
    changing, adding_up = CASES[8][0], CASES[1][0]
    rated = [with_status(base.table("readings"), each, on="day", reason="why") for each in (changing, adding_up)]
    rated += [with_status(base.table("readings"), each, on="period", reason="why") for each in (changing, adding_up)]
    assert [each.fetchall()[0][-2:] for each in rated] == [("green", None), ("red", None)] * 2
    base.execute("UPDATE readings SET day = DATE '2024-03-31', period = 'March 2024'")
    later = base.table("readings")
    now = with_status(later, adding_up, on="day", reason="why").fetchall()[0][-2:]
    assert now == ("red", None)
    # where the days of changes are known, those of the rows need not be
    assert [each.fetchall()[0][-2:] for each in rated] == [("red", None), *[("unrated", "no date")] * 3]


def test_days_far_apart_cost_no_more_than_their_months_and_months_that_come_later_have_no_status() -> None:
    far = [date(1900, 1, 1), date(2023, 9, 30), date(2023, 10, 31), date(2023, 12, 1), date(2200, 12, 31)]
    base = duckdb.connect()
    base.execute("CREATE TABLE readings (day DATE, value DOUBLE)")
    adding_up = Timed(rule("at most 28"), "cumulative")

    def fill(days: list[date]) -> list[dict[str, Any]]:
        """What memory says of these days, which are the table's from now on."""
        base.execute("DELETE FROM readings")
        base.executemany("INSERT INTO readings VALUES (?, 15)", [(day,) for day in days])
        table = base.table("readings").to_arrow_table()
        rows: list[dict[str, Any]] = with_status(table, adding_up, on="day", reason="why").to_pylist()
        return rows

    wanted = fill(far)
    rated = with_status(base.table("readings"), adding_up, on="day", reason="why")
    assert len(rated.sql_query()) < 20_000
    assert rated.to_arrow_table().to_pylist() == wanted
    wanted = fill([date(1900, 1, 31), date(2023, 9, 1), date(2023, 12, 31), date(2200, 12, 1)])
    assert rated.to_arrow_table().to_pylist() == wanted
    later = [
        date(1900, 2, 28),
        date(2000, 6, 30),
        date(2023, 8, 31),
        date(2023, 11, 30),
        date(2024, 1, 31),
        date(2200, 11, 30),
    ]
    assert {row["status"] for row in fill(later)} == {"green", "red"}
    assert {row[2:] for row in rated.fetchall()} == {("unrated", "no date")}


#: in pandas such dates are objects, and tested as texts are
@pytest.mark.parametrize("name", [name for name in ENGINES if name != "pandas"])
def test_days_that_are_placeholders_are_none(name: str) -> None:
    table = pa.table({KEY: range(4), "value": [99.0] * 4, "time": pa.array(FAR, type=pa.date32())})
    found = with_status(ENGINES[name].make(table), CASES[8][0], on="time", reason="why")
    assert rows_of(ENGINES[name], found, "status", "why") == [("green", None)] * 4  # it is, by each stage
    found = with_status(ENGINES[name].make(table), CASES[1][0], on="time", reason="why")
    assert rows_of(ENGINES[name], found, "status", "why") == [("unrated", "cannot be pro-rated")] * 4


@pytest.mark.parametrize("name", ENGINES)
def test_targets_in_rows_change_over_time_and_add_up(name: str) -> None:
    texts = [
        "at least 70% until Oct 2023, then at least 80%", "at most 28 cumulative", "at least 70%", "Q1 ≥70%, Q2 ≥80%, Q3 ≥80%, Q4 ≥80%",
        "betwen 3", None,
    ]  # fmt: skip
    day = [date(2023, 9, 30)] * 6
    table = pa.table(
        {
            KEY: range(6),
            "value": [75.0, 15.0, 75.0, 75.0, 3.0, 3.0],
            "aim": texts,
            "time": pa.array(day, type=pa.date32()),
        }
    )
    rated = with_status(ENGINES[name].make(table), target="aim", on="time", year="financial", reason="why")
    assert rows_of(ENGINES[name], rated, "status", "why") == [
        ("green", None), ("red", None), ("green", None), ("red", None), ("unrated", "target not understood"), ("unrated", "no target"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ENGINES)
def test_targets_in_rows_that_differ_in_a_number_all_add_up(name: str) -> None:
    count = 40
    table = pa.table(
        {
            KEY: range(count), "value": [number + 0.5 for number in range(count)],
            "aim": [f"at most {2 * number}" for number in range(count)],
            "time": pa.array([date(2023, 9, 30), date(2024, 3, 31)] * (count // 2), type=pa.date32()),
        }
    )  # fmt: skip
    rated = with_status(ENGINES[name].make(table), target="aim", on="time", accumulation="cumulative")
    assert rows_of(ENGINES[name], rated, "status") == [
        ("green" if number % 2 and number + 0.5 <= 2 * number else "red",) for number in range(count)
    ]


@pytest.mark.parametrize("name", ENGINES)
def test_quarters_of_a_rule_that_knows_no_year_are_of_that_of_the_call(name: str) -> None:
    table = pa.table({KEY: range(3), "value": [71.0, 71.0, 60.0], "time": ["Q1 2023/24", "Q2 2023/24", "Q2 2023/24"]})
    made = rule("Q1 70%, Q2 72%, Q3 74%, Q4 76%", polarity="higher")
    rated = with_status(ENGINES[name].make(table), made, on="time", year="financial", reason="why")
    assert rows_of(ENGINES[name], rated, "status", "why") == [("green", None), ("red", None), ("red", None)]
    rated = with_status(ENGINES[name].make(table), made, on="time", reason="why")
    assert rows_of(ENGINES[name], rated, "status", "why") == [
        ("unrated", "ambiguous"),
        ("unrated", "ambiguous"),
        ("red", None),
    ]


@pytest.mark.parametrize("name", ENGINES)
def test_a_quarter_that_is_another_in_the_year_of_its_rule_is_ambiguous_until_the_call_says_the_year(name: str) -> None:
    quarters = rule("Q1 70%, Q2 72%, Q3 74%, Q4 76%", polarity="higher", year="academic")
    known: dict[str, Rule | Timed | str] = {
        "academic": Timed(rule("at most 24"), accumulation="cumulative", year="academic"),
        "financial": Timed(rule("at most 24"), accumulation="cumulative"),
        "quarters": quarters,
        "neither": Timed(rule("at most 24"), year="academic"),
    }
    times = ["Q2 2023/24", "H1 2023/24", "Sept 2023", "2023-09-30"]
    rows = [(of, time) for time in times for of in known]
    values = [71.0 if of == "quarters" else 11.0 for of, _ in rows]
    table = pa.table(
        {KEY: range(len(rows)), "value": values, "of": [of for of, _ in rows], "time": [each for _, each in rows]}
    )
    rated = with_status(ENGINES[name].make(table), known, rule="of", on="time", reason="why")
    doubtful = [("unrated", "ambiguous"), ("green", None), ("unrated", "ambiguous"), ("green", None)]
    by_day = [("red", None), ("green", None), ("green", None), ("green", None)]
    assert rows_of(ENGINES[name], rated, "status", "why") == doubtful * 2 + by_day * 2
    rated = with_status(ENGINES[name].make(table), known, rule="of", on="time", year="academic", reason="why")
    academic = [("green", None), ("green", None), ("red", None), ("green", None)]  # by the end of February
    assert rows_of(ENGINES[name], rated, "status", "why")[:8] == academic * 2
    rated = with_status(ENGINES[name].make(table), known, rule="of", on="time", year="financial", reason="why")
    assert rows_of(ENGINES[name], rated, "status", "why") == by_day * 4


@pytest.mark.parametrize("name", ENGINES)
def test_a_quarter_beside_targets_for_academic_years_is_ambiguous_until_the_call_says_the_year(name: str) -> None:
    made = rule("2023/24: 70%; 2024/25: 75%", polarity="higher", year="academic")
    times = ["Q1 2024/25", "Q2 2023/24", "2024-12-31"]  # financial Q1 is in the year of 70%, academic Q1 in that of 75%
    table = pa.table({KEY: range(3), "value": [72.0] * 3, "time": times})
    rated = with_status(ENGINES[name].make(table), made, on="time", reason="why", shares=False)
    assert rows_of(ENGINES[name], rated, "status", "why") == [("unrated", "ambiguous")] * 2 + [("red", None)]
    rated = with_status(ENGINES[name].make(table), made, on="time", year="academic", shares=False)
    assert [status for (status,) in rows_of(ENGINES[name], rated, "status")] == ["red", "green", "red"]


def conformance() -> list[tuple[str, Timed, str, date, str, str | None]]:
    """Each claim of the conformance suite on a reading at a time: its case, rule, reading, day, status and reason.

    A total is not held against a rate here, as in a scorecard; the suite asks a rule to date with a reading that is a
    rate too.
    """
    found: list[tuple[str, Timed, str, date, str, str | None]] = []
    for _, case in ALL:
        if "text" not in case or "error" in case:
            continue
        whole = rule_of({name: value for name, value in case.items() if name != "to_date"})
        for day, claims in case.get("on", {}).items():
            for reading, status in claims.items():
                outcome, _, reason = status.partition(": ")
                found.append((case["id"], Timed(whole), reading, date.fromisoformat(day), outcome, reason or None))
        if "to_date" not in case or rate_of(whole):
            continue
        told = dict(case["to_date"])
        period = named_period(told.pop("period"))
        assert period is not None
        assert period.ends is not None
        timed = Timed(whole, **{"accumulation": "cumulative", **told})
        for reading, status in case.get("readings", {}).items():
            found.append((case["id"], timed, reading, period.ends, status, None))
    return found


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_passes_the_cases_that_have_times(name: str) -> None:
    cases = conformance()
    assert len(cases) > 150
    known = {f"case {number}": timed for number, (_, timed, *_) in enumerate(cases)}
    table = pa.table(
        {
            KEY: range(len(cases)), "of": list(known), "value": [reading for _, _, reading, *_ in cases],
            "time": pa.array([day for _, _, _, day, *_ in cases], type=pa.date32()),
        }
    )  # fmt: skip
    rated = with_status(ENGINES[name].make(table), known, rule="of", on="time", reason="why")
    got = rows_of(ENGINES[name], rated, "status", "why")
    wrong = [
        (case, reading, status, why, wanted)
        for (case, _, reading, _, wanted, reason), (status, why) in zip(cases, got, strict=True)
        if status != wanted or (reason is not None and why != reason)
    ]
    assert wrong == []


def test_what_is_said_of_all_rules_gives_way_to_what_is_said_of_one() -> None:
    known: dict[str, Rule | Timed | str] = {
        "all": rule("at most 28"), "one": Timed(rule("at most 28"), accumulation="snapshot"),
        "said": rule("at most 28; rolling 12 months"), "text": "at most 28",
        "year": Timed(rule("at most 24"), year="calendar"),
    }  # fmt: skip
    frame = pl.DataFrame({"of": list(known), "value": [15.0, 15.0, 15.0, 15.0, 18.0], "time": [date(2023, 9, 30)] * 5})
    found = with_status(frame, known, rule="of", on="time", accumulation="cumulative")
    assert found["status"].to_list() == ["red", "green", "green", "red", "green"]


def test_a_figure_of_twelve_months_that_are_not_the_year_is_not_pro_rated() -> None:
    frame = pl.DataFrame(
        {"value": [5.0, 5.0, 5.0], "time": ["year to September 2023", "2023/24", "April 2022 to September 2023"]}
    )
    found = with_status(frame, CASES[1][0], on="time", reason="why")
    assert found["why"].to_list() == ["cannot be pro-rated", None, "cannot be pro-rated"]


def test_a_total_is_not_held_against_a_rate() -> None:
    frame = pl.DataFrame({"value": [240.0, None], "time": [date(2024, 3, 31)] * 2})
    found = with_status(frame, "at least 20 per month", on="time", accumulation="cumulative", reason="why")
    assert found["why"].to_list() == ["cannot be pro-rated", "no reading"]


def test_readings_of_two_stages_are_held_against_each_to_date() -> None:
    timed = Timed(rule("at most 70 until October 2023, then at most 80"), accumulation="cumulative")
    frame = pl.DataFrame({"value": [60.0, 43.0, 40.0], "time": [date(2023, 10, 31)] * 3})
    found = with_status(frame, timed, on="time", reason="why")
    assert found["status"].to_list() == ["red", "unrated", "green"]  # 40 5/6 or 46 2/3 are due
    assert found["why"].to_list() == [None, "ambiguous", None]


@pytest.mark.parametrize("name", IN_MEMORY)
def test_rows_stay_in_order_over_many_chunks_and_months(name: str) -> None:
    count = 150_000
    ends = [date(2023, month, 30) for month in (4, 6, 9, 11)]
    known = {f"rule {number}": Timed(rule(f"at most {number}"), accumulation="cumulative") for number in range(1, 40)}
    rows = [(1 + row * 7919 % 39, ends[row * 104_729 % 4], float(row % 40)) for row in range(count)]
    table = pa.table({"of": [f"rule {number}" for number, _, _ in rows], "value": [value for *_, value in rows],
                      "time": pa.array([day for _, day, _ in rows], type=pa.date32())})  # fmt: skip
    found = IN_MEMORY[name].fetch(with_status(IN_MEMORY[name].make(table), known, rule="of", on="time"), ["status"])
    months = {4: 1, 6: 3, 9: 6, 11: 8}
    assert found["status"].to_pylist() == [
        "green" if value * 12 <= number * months[day.month] else "red" for number, day, value in rows
    ]


PANDAS: dict[str, Callable[[list[str]], Any]] = {
    "days": lambda days: pd.to_datetime(pd.Series(days)),
    "seconds": lambda days: pd.to_datetime(pd.Series(days)).astype("datetime64[s]"),
    "with a time zone": lambda days: pd.to_datetime(pd.Series(days)).dt.tz_localize("Europe/London"),
    "months": lambda days: pd.Series(pd.PeriodIndex(days, freq="M")),
    "objects": lambda days: pd.Series([date.fromisoformat(day) for day in days], dtype=object),
    "texts": lambda days: pd.Series(days),
    "categories": lambda days: pd.Series(days, dtype="category"),
}


@pytest.mark.parametrize("kind", PANDAS)
def test_each_type_of_day_in_pandas_is_read(kind: str) -> None:
    days = ["2023-09-30", "1960-03-31", "2023-09-30"]
    frame = pd.DataFrame({"value": [15.0, 29.0, 14.0], "time": PANDAS[kind](days)})
    assert with_status(frame, CASES[1][0], on="time")["status"].tolist() == ["red", "amber", "green"]


@pytest.mark.parametrize("name", IN_MEMORY)
def test_a_time_with_a_zone_is_of_the_day_that_it_is_there(name: str) -> None:
    late = datetime(2023, 9, 29, 23, 30, tzinfo=UTC)  # half past midnight in London, on the last day of September
    table = pa.table({"value": [15.0], "time": pa.array([late], type=pa.timestamp("us", tz="Europe/London"))})
    found = IN_MEMORY[name].fetch(with_status(IN_MEMORY[name].make(table), CASES[1][0], on="time"), ["status"])
    assert found["status"].to_pylist() == ["red"]


def test_numbers_are_no_times() -> None:
    for engine in ENGINES.values():
        with pytest.raises(SettingError, match="a number is no day and no period"):
            with_status(
                engine.make(pa.table({"value": [1.0], "time": [202309]})),
                "at most 1",
                on="time",
                accumulation="cumulative",
            )


@pytest.mark.parametrize(
    ("rules", "told", "says"),
    [
        ("at most 28", {"accumulation": "cumulative"}, "nothing says when readings are of"),
        (CASES[1][0], {}, "a rule with times is for readings with times"),
        ("at most 28", {"on": "tiem"}, "there is no column “tiem”"),
        ("at most 28", {"on": "time", "accumulation": "cumul8"}, "does not say how figures add up"),
        ("at most 28", {"on": "time", "year": "lunar"}, "is no kind of year"),
        (Timed(rule("at least 4"), profile="Q1 1, Q2 2, Q3 3, Q4 4"), {"on": "time"}, "nothing says that these do"),
    ],
)
def test_times_that_do_not_fit_are_refused(rules: Rule | Timed | str, told: dict[str, Any], says: str) -> None:
    frame = pl.DataFrame({"value": [1.0], "time": [date(2023, 9, 30)]})
    with pytest.raises(SettingError, match=says):
        with_status(frame, rules, **told)


def test_a_profile_that_does_not_come_to_the_target_is_refused_at_once() -> None:
    with pytest.raises(SettingError, match="amounts to date must end at the target"):
        Timed(rule("at least 5"), accumulation="cumulative", profile="Q1 1, Q2 2, Q3 3, Q4 4")
