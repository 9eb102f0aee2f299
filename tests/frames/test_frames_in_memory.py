"""Statuses on frames of pandas, Polars and PyArrow: what each kind of reading, name and column comes to."""

import math
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from rag_rules import Bands, RagRulesError, Setting, SettingError, Status, rule
from rag_rules.frames import summarise, with_status
from rag_rules.frames.book import Columns, book_of
from rag_rules.frames.eager import rated
from rag_rules.frames.engines import engine_of
from rag_rules.frames.in_polars import rated_in_polars
from rag_rules.number_line import verdict_of
from rag_rules.steps import Cut, Side, Steps
from tests.agreement.drawn import rule_of_bands

MAKERS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": lambda columns: pl.DataFrame(columns, strict=False),
    "pyarrow": pa.table,
}
RULES = {"repairs": rule("at least 95%", tolerance="5%"), "cost": rule("<£21", tolerance="5%"), "place": rule("Top 5")}


def listed(frame: Any, column: str) -> list[Any]:
    """A column as plain values, with ``None`` for what is missing."""
    if isinstance(frame, pd.DataFrame):
        return [None if value is pd.NA or value != value else value for value in frame[column].tolist()]
    values = frame[column].to_list() if isinstance(frame, pl.DataFrame) else frame[column].to_pylist()
    return [None if value != value else value for value in values]


@pytest.fixture(params=MAKERS)
def made(request: pytest.FixtureRequest) -> Callable[[dict[str, Any]], Any]:
    return MAKERS[request.param]


def test_each_row_has_the_status_of_its_own_rule(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made(
        {"value": [95.0, 94.9, 22.05, 22.06, 3.0, 3.5], "of": ["repairs", "repairs", "cost", "cost", "place", "place"]}
    )
    found = with_status(frame, RULES, rule="of", reason="why", distance="way", band="band")
    assert type(found) is type(frame)
    assert listed(found, "status") == ["green", "amber", "amber", "red", "green", "unrated"]
    assert listed(found, "why") == [None, None, None, None, None, "reading not understood"]
    assert listed(found, "way") == pytest.approx([0, 0.1, -1.05, -1.06, 0, None])
    assert listed(found, "band") == [2, 1, 1, 2, 0, None]
    assert listed(found, "value") == [95.0, 94.9, 22.05, 22.06, 3.0, 3.5]


@pytest.mark.parametrize("times", [1, 1000])
def test_rules_with_more_and_with_fewer_limits_stand_in_one_table(
    made: Callable[[dict[str, Any]], Any], times: int
) -> None:
    """Few rows are rated one by one, and many by tables."""
    rules = {"within": rule("20 to 30", tolerance="10%"), **RULES, "none": rule("no target")}
    rows = [
        (name, value, verdict_of(rules[name], value).status.value)
        for name in rules
        for value in (float("nan"), 1.0, 5.5, 17.9, 20.0, 33.0, 33.1, 95.0, 1e9)
    ] * times
    names, values, expected = map(list, zip(*rows, strict=True))
    found = with_status(made({"value": values, "of": names}), rules, rule="of")
    assert listed(found, "status") == expected


def test_the_first_name_that_two_rules_have_is_said() -> None:
    pairs = [(name, RULES["cost"]) for name in ("a", "b", "c", "c", "b")]
    with pytest.raises(SettingError, match="two rules named “b”"):
        with_status(pl.DataFrame({"value": [1.0], "of": ["a"]}), pairs, rule="of")


def test_a_list_in_the_column_of_names_is_no_name_and_its_neighbours_are() -> None:
    frame = pd.DataFrame({"value": [20.0, 20.0, 23.0], "of": ["cost", ["cost"], "cost"]})
    assert listed(with_status(frame, RULES, rule="of"), "status") == ["green", "unrated", "red"]


def test_missing_numbers_and_unknown_names_are_unrated_and_say_why(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made(
        {
            "value": [None, float("nan"), float("inf"), -float("inf"), 97.0, 97.0],
            "of": ["repairs"] * 4 + ["repair", None],
        }
    )
    found = with_status(frame, RULES, rule="of", reason="why")
    assert listed(found, "status") == ["unrated", "unrated", "green", "red", "unrated", "unrated"]
    assert listed(found, "why") == ["no reading", "no reading", None, None, "no such rule", "no such rule"]


def test_a_number_that_may_be_a_share_is_ambiguous_until_it_is_said(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made({"value": [0.97, 97.0]})
    assert listed(with_status(frame, RULES["repairs"]), "status") == ["unrated", "green"]
    assert listed(with_status(frame, RULES["repairs"], shares=True), "status") == ["green", "green"]
    assert listed(with_status(frame, RULES["repairs"], shares=False), "status") == ["red", "green"]


def test_texts_are_read_as_they_are_written(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made({"value": ["97%", "27/36", "DNA", "a b 3 4", "£5", None, "97% tbc"]})
    found = with_status(frame, RULES["repairs"], reason="why")
    assert listed(found, "status") == ["green", "red", *["unrated"] * 5]
    assert listed(found, "why")[2:] == [
        "no reading", "reading not understood", "reading not understood", "no reading", "reading to be confirmed",
    ]  # fmt: skip


def test_a_column_of_targets_is_read_row_by_row(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made({"value": [95, 90, 4, 4, 4, 4], "aim": ["95%", "at least 95%", "under 5", "betwen 3", "TBC", None]})
    found = with_status(frame, target="aim", reason="why", setting=Setting.read(polarity="higher", tolerance="10%"))
    assert listed(found, "status") == ["green", "amber", "green", "unrated", "unrated", "unrated"]
    assert listed(found, "why")[3:] == ["target not understood", "no target", "no target"]
    without = with_status(frame, target="aim", reason="why")
    assert listed(without, "why")[0] == "setting not understood"  # a bare 95% needs a polarity


def test_a_frame_without_rows_keeps_its_columns(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = with_status(
        made({"value": [1.0], "of": ["cost"]})[:0], RULES, rule="of", reason="why", distance="way", band="band"
    )
    assert list(getattr(frame, "column_names", None) or frame.columns) == [
        "value",
        "of",
        "status",
        "why",
        "way",
        "band",
    ]
    assert len(frame) == 0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"rule": "of", "reading": "valeu"}, "there is no column “valeu”"),
        ({"rule": "of", "into": "value"}, "not written over"),
        ({"rule": "of", "reason": "status"}, "two of the new columns"),
        ({"rule": "of", "target": "of"}, "not by both"),
        ({}, "say which rule a row has"),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    made: Callable[[dict[str, Any]], Any], given: dict[str, Any], says: str
) -> None:
    with pytest.raises(SettingError, match=says):
        with_status(made({"value": [1.0], "of": ["cost"]}), RULES, **given)


@pytest.mark.parametrize(
    ("rules", "told", "says"),
    [
        ([RULES["cost"]], {"rule": "of"}, "rules come with their names"),
        ([("cost",)], {"rule": "of"}, "rules come with their names"),
        ({"cost": RULES["cost"].bands}, {"rule": "of"}, "a value of the type Bands is no rule"),
        (RULES["cost"].bands, {}, "a value of the type Bands is no rule"),
        ("at least 3", {"setting": {"polarity": "higher"}}, r"no setting \(write setting=Setting.read"),
        (RULES["cost"], {"setting": Setting.read(tolerance="5%")}, "these rules are made already"),
        (RULES, {"rule": "of", "setting": Setting.read(tolerance="5%")}, "these rules are made already"),
        (list(RULES.items()), {"rule": "of", "setting": Setting.read(tolerance="5%")}, "these rules are made already"),
        (None, {}, "say which rule a row has"),
        (None, {"rule": "of"}, "say which rule a row has"),
        ("at least 3", {"into": ""}, "a new column needs a name"),
        ("at least 3", {"reason": " "}, "a new column needs a name"),
        ("at least 3", {"into": 3}, "a new column needs a name"),
        ("at least 3", {"into": "a", "reason": "a"}, "two of the new columns would be called “a”"),
    ],
)
def test_what_no_rows_can_be_rated_by_is_refused_in_words(rules: Any, told: dict[str, Any], says: str) -> None:
    for make in (pd.DataFrame, pl.DataFrame, pl.LazyFrame):
        with pytest.raises(SettingError, match=says):
            with_status(make({"value": [1.0], "of": ["cost"]}), rules, **told)


def test_a_setting_is_for_the_texts_among_the_rules() -> None:
    frame = pl.DataFrame({"value": [22.0, 22.0], "of": ["made", "text"]})
    found = with_status(frame, {"made": rule("<£21"), "text": "<£21"}, rule="of", setting=Setting.read(tolerance="5%"))
    assert found["status"].to_list() == ["red", "amber"]


def test_two_rules_of_one_name_are_refused() -> None:
    with pytest.raises(SettingError, match="two rules named “cost”"):
        with_status(pl.DataFrame({"value": [1.0], "of": ["cost"]}), [("cost", "<£21"), ("cost", "<£22")], rule="of")


def test_a_rule_that_cannot_be_read_is_refused_at_once() -> None:
    with pytest.raises(RagRulesError, match="keyword mistyped"):
        with_status(pl.DataFrame({"value": [1.0]}), "betwen 3 and 4")


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(SettingError, match="list is no data frame"):
        with_status([1, 2], "<£21")


THIRD = rule("less than 33.333333333333333333")  # no float is on it: 33.333333333333336 is its neighbour


@pytest.mark.parametrize("kind", ["float16", "float32", "float64"])
def test_narrow_floats_stand_for_the_decimals_that_they_print_as(kind: str) -> None:
    column = np.array([0.1, 0.2, 0.3, 33.34], dtype=kind)
    for cut, expected in (
        ("at least 0.2", ["red", "green", "green", "green"]),
        ("more than 0.2", ["red", "red", "green", "green"]),
    ):
        assert with_status(pd.DataFrame({"value": column}), cut)["status"].tolist() == expected


@pytest.mark.parametrize(
    "kind", ["int8", "uint8", "int64", "uint64", "Int64", "UInt8", "Float64", "int64[pyarrow]", "uint64[pyarrow]"]
)
def test_each_type_of_pandas_is_rated_in_its_own_numbers(kind: str) -> None:
    column = pd.Series([0, 20, 21, 22, 23, 127], dtype=kind)
    found = with_status(pd.DataFrame({"value": column}), RULES["cost"])
    assert found["status"].tolist() == ["green", "green", "amber", "amber", "red", "red"]
    assert with_status(pd.DataFrame({"value": column}), "less than 300")["status"].tolist() == ["green"] * 6
    assert with_status(pd.DataFrame({"value": column}), "more than -300")["status"].tolist() == ["green"] * 6


@pytest.mark.parametrize("kind", [pl.Int64, pl.UInt64])
def test_large_whole_numbers_with_gaps_are_not_rounded(kind: Any) -> None:
    most = 9007199254740993  # the first whole number that no float is
    for frame in (
        pl.DataFrame({"value": [most, most - 1, None]}, schema={"value": kind}),
        pa.table({"value": [most, most - 1, None]}),
        pd.DataFrame({"value": pd.array([most, most - 1, None], dtype="Int64")}),
    ):
        assert listed(with_status(frame, f"at least {most}"), "status") == ["green", "red", "unrated"]


def test_decimals_are_compared_as_decimals() -> None:
    values = [Decimal("33.33"), Decimal("33.34"), None]
    for frame in (
        pl.DataFrame({"value": values}, schema={"value": pl.Decimal(20, 2)}),
        pa.table({"value": pa.array(values, type=pa.decimal128(20, 2))}),
        pd.DataFrame({"value": values}),
        pd.DataFrame({"value": pd.array(values, dtype=pd.ArrowDtype(pa.decimal128(20, 2)))}),
    ):
        assert listed(with_status(frame, "at most 33.333333333333333333"), "status") == ["green", "red", "unrated"]


def test_types_of_the_new_columns() -> None:
    columns: dict[str, Any] = {"reason": "why", "distance": "way", "band": "band"}
    arrow = with_status(pa.table({"value": [1.0]}), "<£21", **columns).schema
    assert arrow.field("status").type == pa.dictionary(pa.int8(), pa.string(), ordered=True)
    assert arrow.field("band").type == pa.int16()
    polars = with_status(pl.DataFrame({"value": [1.0]}), "<£21", **columns).schema
    assert polars["status"] == pl.Enum(["unrated", "green", "amber", "red"])
    assert [polars[name] for name in columns.values()] == [pl.String(), pl.Float64(), pl.Int16()]
    pandas = with_status(pd.DataFrame({"value": [1.0]}), "<£21", **columns)
    assert pandas["status"].dtype == pd.CategoricalDtype(["unrated", "green", "amber", "red"], ordered=True)
    assert pandas["status"].max() == "green"
    assert (str(pandas["way"].dtype), str(pandas["band"].dtype)) == ("float64", "Int16")


def test_the_index_of_pandas_stays_and_the_given_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"value": [1.0, 99.0, 1.0]}, index=[7, 7, 3])
    found = with_status(frame, RULES["cost"])
    assert found.index.tolist() == [7, 7, 3]
    assert found["status"].tolist() == ["green", "red", "green"]
    assert list(frame.columns) == ["value"]


def test_rows_stay_in_order_over_many_chunks(made: Callable[[dict[str, Any]], Any]) -> None:
    count = 150_000
    numbers = np.random.default_rng(7).integers(0, 3000, count)
    names = np.array([f"rule {number}" for number in range(200)])[numbers % 200]
    rules = {f"rule {number}": rule(f"at most {number}", tolerance="10%") for number in range(200)}
    frame = made({"value": numbers / 10, "of": names, "key": np.arange(count)})
    found = with_status(frame, rules, rule="of")
    assert listed(found, "key") == list(range(count))
    limits = numbers % 200
    exact = np.where(numbers <= limits * 10, "green", np.where(numbers <= limits * 11, "amber", "red"))
    assert listed(found, "status") == exact.tolist()


def test_counts_by_group(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made({"value": [1.0, 22.0, 30.0, None, 2.0], "team": ["b", "a", "b", "a", "b"]})
    found = summarise(with_status(frame, RULES["cost"]), by="team")
    assert type(found) is type(frame)
    counts = [listed(found, name) for name in ("team", "green", "amber", "red", "unrated", "total")]
    assert counts == [["a", "b"], [0, 2], [1, 0], [0, 1], [1, 0], [2, 3]]
    whole = summarise(with_status(frame, RULES["cost"]))
    assert [listed(whole, name) for name in ("green", "amber", "red", "unrated", "total")] == [[2], [1], [1], [1], [5]]


def test_counting_by_what_is_not_there_is_refused() -> None:
    with pytest.raises(SettingError, match="no column “team”"):
        summarise(pl.DataFrame({"status": ["red"]}), by="team")
    with pytest.raises(SettingError, match="cannot be called “red”"):
        summarise(pl.DataFrame({"status": ["red"], "red": [1]}), by="red")


def test_a_few_rows_and_many_have_the_same_statuses() -> None:
    numbers = np.concatenate([np.arange(0, 200, 0.05), [np.nan, np.inf, -np.inf]])
    for each in (*RULES.values(), rule("1.4m", polarity="lower")):
        whole = with_status(pl.DataFrame({"value": numbers}), each)["status"]
        parts = [with_status(pl.DataFrame({"value": part}), each)["status"] for part in np.array_split(numbers, 40)]
        assert pl.concat(parts).to_list() == whole.to_list()


MANY = 150_000  # so many that Polars rates by itself, and that there are several chunks
KEYS_OF_TEXTS = [*(f"rule {number}" for number in range(5)), "whole", "none"]
NAMED = {f"indicator {number}": rule(f"at most {number}", tolerance="10%") for number in range(200)}


def _keys(seed: int) -> list[str | None]:
    """Names of rules, of none, and nulls."""
    drawn = np.random.default_rng(seed).integers(0, 220, MANY)
    return [f"indicator {number}" if number < 210 else None for number in drawn.tolist()]


def _differing_dictionaries(keys: list[str | None]) -> pa.Array | pa.ChunkedArray:
    """A column whose chunks have dictionaries of their own, as several files give them; one holds a null itself."""
    parts = [pa.array(keys[:70_000]).dictionary_encode(), pa.array(keys[70_000:100_000]).dictionary_encode("encode")]
    last = pa.array(sorted(set(filter(None, keys)), reverse=True))
    parts.append(pa.DictionaryArray.from_arrays(pa.compute.index_in(pa.array(keys[100_000:]), value_set=last), last))
    return pa.chunked_array(parts)


KEYED: dict[str, Callable[[list[str | None]], Any]] = {
    "pandas objects": lambda keys: pd.Series(keys, dtype=object),
    "pandas texts": lambda keys: pd.Series(keys, dtype="str"),
    "pandas texts of Python": lambda keys: pd.Series(keys, dtype=pd.StringDtype("python")),
    "pandas texts of Arrow": lambda keys: pd.Series(keys, dtype=pd.ArrowDtype(pa.string())),
    "pandas categories": lambda keys: pd.Series(keys, dtype="category"),
    "pandas dictionary of Arrow": lambda keys: pd.Series(pd.arrays.ArrowExtensionArray(_differing_dictionaries(keys))),
    "polars texts": lambda keys: pl.Series(keys, dtype=pl.String),
    "polars categories": lambda keys: pl.Series(keys, dtype=pl.Categorical),
    "polars enumeration": lambda keys: pl.Series(keys, dtype=pl.Enum(sorted(set(filter(None, keys))))),
    "pyarrow texts": lambda keys: pa.array(keys),
    "pyarrow large texts": lambda keys: pa.array(keys, type=pa.large_string()),
    "pyarrow text views": lambda keys: pa.array(keys, type=pa.string_view()),
    "pyarrow dictionaries": _differing_dictionaries,
}


@pytest.mark.parametrize("kind", KEYED)
def test_names_are_found_in_columns_of_every_kind(kind: str) -> None:
    keys, numbers = _keys(3), np.random.default_rng(4).integers(0, 240, MANY) / 1.0
    frame = MAKERS[kind.split()[0]]({"value": numbers, "of": KEYED[kind](keys)})
    expected, why = [], []
    for key, number in zip(keys, numbers.tolist(), strict=True):
        limit = int(key.split()[1]) if key is not None and key in NAMED else None
        why.append("no such rule" if limit is None else None)
        if limit is None:
            expected.append("unrated")
        else:
            expected.append("green" if number <= limit else "amber" if 10 * number <= 11 * limit else "red")
    found = with_status(frame, NAMED, rule="of", reason="why")
    assert listed(found, "status") == expected
    assert listed(found, "why") == why
    few = with_status(frame[:500], NAMED, rule="of", reason="why")
    assert listed(few, "status") == expected[:500]
    assert listed(few, "why") == why[:500]


@pytest.mark.parametrize("count", [100, 5000])
@pytest.mark.parametrize("kind", ["int8", "uint8", "int64", "uint64"])
def test_rules_may_be_named_by_whole_numbers_of_any_size(kind: str, count: int) -> None:
    info = np.iinfo(kind)
    most, least = int(info.max), int(info.min)
    rules = {number: rule("at least 5") for number in (0, 7, most, 300, -5, 2**64, -(2**63))}
    keys = np.resize(np.array([0, 7, 8, most, most - 1, least, 44], dtype=kind), count)
    expected = np.resize(["green" if int(key) in rules else "unrated" for key in keys[:7]], count).tolist()
    for make in MAKERS.values():
        assert listed(with_status(make({"value": np.full(count, 6.0), "of": keys}), rules, rule="of"), "status") == (
            expected
        )
    gaps = pd.Series(keys).astype(pd.Series(keys).dtype.name.replace("i", "I", 1).replace("uI", "UI"))
    gaps[1] = pd.NA
    expected[1] = "unrated"
    found = with_status(pd.DataFrame({"value": np.full(count, 6.0), "of": gaps}), rules, rule="of")
    assert listed(found, "status") == expected


@pytest.mark.parametrize("engine", MAKERS)
def test_each_call_goes_by_the_rules_as_they_are_then(engine: str) -> None:
    rules = {"cost": rule("at most £21"), "repairs": rule("at least 95%")}
    frame = MAKERS[engine]({"value": [20.0, 0.95], "of": ["cost", "repairs"]})

    def found(**asked: Any) -> list[str]:
        return listed(with_status(frame, rules, rule="of", **asked), "status")

    assert found() == ["green", "unrated"]
    assert found(distance="by") == ["green", "unrated"]
    assert found(shares=True) == ["green", "green"]
    assert found(shares=False, reason="why") == ["green", "red"]
    rules["cost"] = rule("at most £19")
    assert found() == ["red", "unrated"]
    rules["repairs"] = rules.pop("cost")
    assert found() == ["unrated", "green"]
    assert [listed(with_status(frame, text), "status")[0] for text in ("at most 21", "at most 19", "at most 21")] == (
        ["green", "red", "green"]
    )


@pytest.mark.parametrize("count", [100, MANY])
@pytest.mark.parametrize("kind", ["int8", "uint8", "int32", "int64", "uint64"])
def test_whole_numbers_in_a_row_name_rules_and_their_neighbours_none(kind: str, count: int) -> None:
    info = np.iinfo(kind)
    rules = {number: rule(f"at least {number}") for number in range(max(int(info.min), -20), 100, 3)}
    ends = [int(info.min), int(info.min) + 1, int(info.max), int(info.max) - 1, 0, 98, 97, 99, 100, 101, 102, 1]
    keys = np.resize(np.array(ends + list(range(110, 127)), dtype=kind), count)
    readings = np.resize([1000.0, -1000.0, 40.0], count)
    expected = [
        "unrated" if key not in rules else "green" if number >= key else "red"
        for key, number in zip(keys.tolist(), readings.tolist(), strict=True)
    ]
    for make in MAKERS.values():
        found = with_status(make({"value": readings, "of": keys}), rules, rule="of")
        assert listed(found, "status") == expected
    gaps = with_status(pl.DataFrame({"value": readings, "of": [None, *keys.tolist()[1:]]}), rules, rule="of")
    assert listed(gaps, "status") == ["unrated", *expected[1:]]


POLARS_KEYS: dict[str, Callable[[list[str | None]], pl.Series]] = {
    "none": lambda keys: pl.Series(keys),
    "texts": lambda keys: pl.Series(keys, dtype=pl.String),
    "categories": lambda keys: pl.Series(keys, dtype=pl.Categorical),
    "enumeration": lambda keys: pl.Series(keys, dtype=pl.Enum(["another", *reversed(KEYS_OF_TEXTS)])),
    "numbers": lambda keys: pl.Series([KEYS_OF_TEXTS.index(key) if key in KEYS_OF_TEXTS else None for key in keys]),
}


@pytest.mark.parametrize("keyed", POLARS_KEYS)
@pytest.mark.parametrize("shares", [None, False, True])
@pytest.mark.parametrize("kind", ["Float64", "Float32", "Int64", "UInt8", "Int16", "UInt64"])
def test_polars_rates_as_numpy_does(kind: str, shares: bool | None, keyed: str) -> None:
    texts = ["at least 95%", "at most 3", "Between 10-20", "Green >=95, Amber 90-95, Red <90", "exactly 40"]
    rules = {f"rule {number}": rule(text) for number, text in enumerate(texts)} | {
        "whole": rule("at least 5 schools"), "none": rule("TBC", polarity="higher"),
    }  # fmt: skip
    numbers = [0.0, -0.0, 0.95, 1, 3, 3.5, 5, 5.5, 9.99, 10, 20, 20.5, 40, 85, 90, 94.9, 95, 96, 100, 250, None]
    if kind.startswith("Float"):
        numbers += [math.nan, math.inf, -math.inf, 1e30, -7]
    readings = pl.Series(numbers, dtype=pl.Float64).cast(getattr(pl, kind))
    names = [*KEYS_OF_TEXTS, "another", None]
    frame = pl.DataFrame({"value": readings}).join(
        pl.DataFrame({"of": POLARS_KEYS[keyed](names)}), how="cross", maintain_order="left_right"
    )
    given: Any = {KEYS_OF_TEXTS.index(name): each for name, each in rules.items()} if keyed == "numbers" else rules
    columns = Columns("value", "of", None, "status", "why", None, "band")
    for part in (frame, frame[:1], frame[:0]):
        if keyed == "none":
            columns, given = replace(columns, rule=None), rules["rule 3"]
        book = book_of(given, columns, Setting(), shares)
        engine = engine_of(part)
        assert engine is not None
        expected = rated(engine, book, columns)
        found = rated_in_polars(part, book, columns, least=0)
        assert found is not None
        assert found.equals(expected)
        assert found.schema == expected.schema


STRANGE = ("^v.*$", "*", "^status$", "code", "reading", "field 0")


@pytest.mark.parametrize(
    ("name", "count"), [*((name, 10) for name in STRANGE), ("^v.*$", MANY), ("*", MANY), ("^v.*$", 1_000_001)]
)
def test_names_of_columns_are_no_patterns(name: str, count: int) -> None:
    values = np.arange(count) % 10 / 1.0
    for reading, key, into in ((name, "rule", "status"), ("value", name, "status"), ("value", "rule", name)):
        frame = pl.DataFrame({"v": -values, "status 2": "b", reading: values, key: ["a"] * count})
        for each in (frame, frame.lazy()):
            found: Any = with_status(
                each, {"a": rule("at least 5"), "b": rule("at most -100")}, reading=reading, rule=key, into=into
            )
            found = found.collect() if isinstance(found, pl.LazyFrame) else found
            assert found.columns == [*frame.columns, into]
            assert found.to_series(-1).to_list() == np.where(values >= 5, "green", "red").tolist()


@pytest.mark.parametrize(
    "columns",
    [
        pd.Index(["value", "b"]), pd.Index(["value", "b"], dtype=object), pd.Index(["value", "b"], name="heading"),
        pd.Index(["value", 0], dtype=object), pd.Index(["value", False], dtype=object), pd.CategoricalIndex(["value", "b"]),
    ],
    ids=str,
)  # fmt: skip
def test_columns_of_pandas_are_inserted_as_pandas_does(columns: pd.Index) -> None:
    frame = pd.DataFrame([[6.0, 1.0]], columns=columns)
    frame.columns.name = columns.name
    for into in ("status", "other", "status"):
        if isinstance(columns, pd.CategoricalIndex):
            frame.columns = columns.add_categories([into])
        expected = frame.copy()
        expected.insert(2, into, "x")
        for _ in range(2):
            found = with_status(frame, "at least 5", into=into)
            assert found.columns.identical(expected.columns)
            assert list(map(type, found.columns)) == list(map(type, expected.columns))
            found.columns.name = "changed afterwards"


def test_threads_may_rate_by_other_rules_at_a_time() -> None:
    def rated_by(number: int) -> list[str]:
        frame = pd.DataFrame({"value": [float(number), number + 1.0], "of": ["a", "a"]})
        return listed(with_status(frame, {"a": rule(f"at least {number + 1} days")}, rule="of"), "status")

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(rated_by, range(400)))
    finally:
        sys.setswitchinterval(usual)
    assert found == [["red", "green"]] * 400


@pytest.mark.parametrize("count", [10, 5000, MANY])
def test_names_beyond_63_bits_are_found(count: int) -> None:
    rules = {2**63 + number: rule(f"at least {number}") for number in range(-3, 6)}
    keys = np.resize(np.array([2**63 + 5, 2**63 - 3, 2**63, 2**64 - 1, 0], dtype=np.uint64), count)
    expected = np.resize(["green", "green", "green", "unrated", "unrated"], count).tolist()
    for make in MAKERS.values():
        found = with_status(make({"value": np.full(count, 9.0), "of": keys}), rules, rule="of")
        assert listed(found, "status") == expected


def test_the_categories_of_reasons_are_those_that_occur_whatever_was_rated_before() -> None:
    rules = {"a": rule("at least 5")}

    def why(readings: list[str]) -> Any:
        return with_status(pd.DataFrame({"value": readings, "of": "a"}), rules, rule="of", reason="why")["why"]

    assert list(why(["5", "x"]).cat.categories) == ["reading not understood"]
    assert list(why(["5", "5"]).cat.categories) == []
    assert list(why(["5", "", "x"]).cat.categories) == ["no reading", "reading not understood"]


@pytest.mark.parametrize("engine", MAKERS)
def test_names_that_cannot_be_written_are_refused(engine: str) -> None:
    frame = MAKERS[engine]({"value": [1.0], "of": ["a"]})
    with pytest.raises(SettingError, match=r"no letter or sign of any language: 'x\\ud800'"):
        with_status(frame, {"a": "at least 5", "x\ud800": "at least 5"}, rule="of")
    nothing: Any = None
    with pytest.raises(SettingError, match="a new column needs a name"):
        with_status(frame, "at least 5", into=nothing)


def test_a_rule_of_too_many_limits_is_refused() -> None:
    cuts = tuple(Cut(Decimal(number), Side.BEFORE) for number in range(300))
    wide = rule_of_bands(Bands(Steps(cuts, (*[Status.RED, Status.GREEN] * 150, Status.RED))))
    with pytest.raises(SettingError, match="300 limits"):
        with_status(pl.DataFrame({"value": [1.0]}), wide)


def test_an_old_polars_is_left_to_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"value": np.arange(MANY) / 1.0, "of": ["indicator 7", None, "another"] * (MANY // 3)})
    found = with_status(frame, NAMED, rule="of", reason="why")
    monkeypatch.setattr(pl, "__version__", "1.20.0")
    monkeypatch.setattr("rag_rules.frames.in_polars._expressions", None)
    assert with_status(frame, NAMED, rule="of", reason="why").equals(found)


def test_a_query_that_holds_whole_columns_is_rated_as_frames_are() -> None:
    count = 1_000_001
    frame = pl.DataFrame(
        {"value": np.arange(count) % 97 / 1.0, "of": (["indicator 7", None, "indicator 40"] * count)[:count]}
    )
    found = with_status(frame.lazy(), NAMED, rule="of", reason="why").collect()
    assert found.equals(with_status(frame.lazy(), NAMED, rule="of", reason="why").collect(engine="streaming"))
    assert found.equals(with_status(frame, NAMED, rule="of", reason="why"))
    few = slice(400_000, 400_500)
    assert found[few].equals(with_status(frame[few], NAMED, rule="of", reason="why"))


@pytest.mark.parametrize("count", [10, 5000])
def test_what_is_no_name_has_no_rule(count: int) -> None:
    keys = np.empty(count, dtype=object)
    keys[:] = [
        ("cost", ["cost"], 1, True, None, float("nan"), {"cost"}, b"cost", "Cost", "cost ")[n % 10]
        for n in range(count)
    ]
    found = with_status(pd.DataFrame({"value": np.full(count, 1.0), "of": keys}), RULES, rule="of")
    assert listed(found, "status") == (["green"] + ["unrated"] * 9) * (count // 10)


@pytest.mark.parametrize("kind", ["category", "object", "str"])
def test_names_of_a_class_of_texts_are_their_texts(kind: str) -> None:
    rules = {np.str_("repairs"): RULES["repairs"]}
    frame = pd.DataFrame({"value": np.full(3000, 96.0), "of": pd.Series(["repairs", "cost"] * 1500, dtype=kind)})
    assert listed(with_status(frame, rules, rule="of"), "status") == ["green", "unrated"] * 1500


DECIMALS: dict[str, Callable[[list[Decimal | None], int, int], Any]] = {
    "pyarrow": lambda values, digits, scale: pa.table({"value": pa.array(values, type=pa.decimal128(digits, scale))}),
    "pyarrow in parts": lambda values, digits, scale: pa.table(
        {
            "value": pa.chunked_array(
                [
                    pa.array([None, *values[at : at + 999]], type=pa.decimal128(digits, scale))[1:]
                    for at in range(0, len(values), 999)
                ]
            )
        }
    ),
    "polars": lambda values, digits, scale: pl.DataFrame(
        {"value": values}, schema={"value": pl.Decimal(digits, scale)}
    ),
    "pandas": lambda values, digits, scale: pd.DataFrame(
        {"value": pd.array(values, dtype=pd.ArrowDtype(pa.decimal128(digits, scale)))}
    ),
}


@pytest.mark.parametrize("engine", DECIMALS)
@pytest.mark.parametrize(
    ("digits", "scale", "ends"),
    [(9, 2, "9999999.99"), (38, 18, "9.223372036854775807"), (38, 18, "9.223372036854775808"), (20, 0, "95")],
)
def test_many_decimals_are_compared_as_decimals(engine: str, digits: int, scale: int, ends: str) -> None:
    unit = Decimal(1).scaleb(-scale)
    near = [Decimal(text).quantize(unit) for text in ("0", "3", "4.123456789012345678", "5", "-5.5", ends, f"-{ends}")]
    few = [None, *near, *(value + unit for value in near[:4]), *(value - unit for value in near[:4])]
    values = (few * 200)[:2500]
    for text in (
        "at least 4.123456789012345678", "more than 4.1234567890123456785", "under 5", "3 to 5", "at most 95",
        "Top 5", "at least 99999999999999999999999", "more than -99999999999999999999999",
    ):  # fmt: skip
        by = rule(text)
        frame = with_status(DECIMALS[engine](values, digits, scale), by, reason="why")
        expected = [verdict_of(by, value) for value in few]
        assert listed(frame, "status")[: len(few)] == [each.status.value for each in expected], text
        assert listed(frame, "status") == (listed(frame, "status")[: len(few)] * 200)[:2500]
        assert [why is None for why in listed(frame, "why")[: len(few)]] == [each.reason is None for each in expected]
        way = with_status(DECIMALS[engine](values, digits, scale), by, distance="way")
        assert listed(way, "status") == listed(frame, "status")


def test_a_distance_beyond_all_floats_is_infinite(made: Callable[[dict[str, Any]], Any]) -> None:
    most = np.finfo(np.float64).max
    far = rule_of_bands(Bands(Steps((Cut(Decimal(repr(-float(most))), Side.AFTER),), (Status.GREEN, Status.RED))))
    found = with_status(made({"value": [most, -most]}), far, distance="way")
    assert listed(found, "status") == ["red", "green"]
    assert listed(found, "way") == [-np.inf, 0]


def test_numbers_of_numpy_among_objects_are_rated_in_their_own_width() -> None:
    kinds = ("float16", "float32", "float64", "longdouble")
    column = pd.Series([np.dtype(kind).type("0.1") for kind in kinds], dtype=object)
    for cut in ("at most 0.1", "at least 0.1"):
        assert with_status(pd.DataFrame({"value": column}), cut)["status"].tolist() == ["green"] * 4
    wide = pd.DataFrame({"value": np.array([np.longdouble("0.1"), np.longdouble("0.2")])})
    assert with_status(wide, "at most 0.1")["status"].tolist() == ["green", "red"]


def test_a_share_from_the_top_is_a_percentage(made: Callable[[dict[str, Any]], Any]) -> None:
    frame = made({"value": [0.08, 8.0, 12.0]})
    assert listed(with_status(frame, "Top 10%"), "status") == ["unrated"] * 3
    assert listed(with_status(frame, "Top 10%", shares=True), "status") == ["green", "red", "red"]
    assert listed(with_status(frame, "Top 10%", shares=False), "status") == ["green", "green", "red"]


def test_a_day_is_no_budget(made: Callable[[dict[str, Any]], Any]) -> None:
    found = with_status(made({"value": [date(2024, 2, 29), None]}), "Balanced budget", reason="why")
    assert listed(found, "why") == ["reading not understood", "no reading"]


def test_a_frame_of_pandas_on_spark_is_refused_with_the_way_round() -> None:
    like_pandas = type("DataFrame", (), {"__module__": "pyspark.pandas.frame"})()
    with pytest.raises(SettingError, match=r"call to_spark\(\) on it"):
        with_status(like_pandas, "at most 1")
