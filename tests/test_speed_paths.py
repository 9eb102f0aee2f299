"""What keeps the library quick, apart from the laws in ``property/test_speed_laws.py``; nothing here is timed."""

import subprocess
import sys
from decimal import Decimal

import pytest

from rag_rules import Bands, Status, evaluate, parse_target, rule
from rag_rules.outcomes import Outcome
from rag_rules.steps import Cut, Side, Steps
from rag_rules.syntax import cache
from rag_rules.syntax.parser import read_target

#: what `import rag_rules` leaves for later
_HEAVY = "lark pydantic narwhals hypothesis dateutil rich openpyxl yaml typing dataclasses decimal re".split()


def _loaded(program: str) -> set[str]:
    names = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {program}; print(*sys.modules)"],
        capture_output=True, encoding="utf-8", check=True,
    ).stdout.split()  # fmt: skip
    return set(names)


def test_import_loads_nothing_heavy() -> None:
    assert not _loaded("import rag_rules") & (set(_HEAVY) - _loaded("pass"))


@pytest.mark.parametrize("call", ["evaluate('<£21', '£20')", "parse_deadline('by 31 March 2024')"])
def test_reading_a_text_loads_nothing_that_takes_long(call: str) -> None:
    loaded = _loaded(f"import rag_rules; rag_rules.{call}")
    assert not loaded & {"lark", "pydantic", "narwhals", "hypothesis", "dateutil"}


def test_a_value_is_as_exact_as_it_was_written() -> None:
    assert repr(evaluate("at least 95%", "93.40%").value) == repr(Decimal("93.40"))


def test_a_rule_remembers_a_reading() -> None:
    known = rule("at least 95%")
    assert known.evaluate("93.4%") is known.evaluate("93.4%")


def test_a_rule_forgets_readings_in_the_end() -> None:
    known = rule("at least 95%")
    first = known.evaluate("c. 93.4%")
    for number in range(1000):
        known.evaluate(f"c. {number}%")
    assert known.evaluate("c. 93.4%") is not first
    assert known.evaluate("c. 93.4%") == first


def test_a_reading_of_sixteen_digits_is_compared_exactly() -> None:
    target = "at most 0.1"
    assert evaluate(target, "0.1000000000000000").status is Status.GREEN
    assert evaluate(target, "0.1000000000000000000001").status is Status.RED


def test_an_outcome_made_at_sight_has_all_that_any_outcome_has() -> None:
    outcome = rule("at least 95%").evaluate("93.4%")
    assert all(hasattr(outcome, name) for name in Outcome.__slots__)


@pytest.mark.parametrize(
    "text",
    ["<£{}", "at least {}%", "{}% of repairs completed on time", "£{}m or less", "Above England ({}%)", "Between {}%-{}%",
     "Green ≥{1}%, Amber {0}–{1}%, Red <{0}%"],
)  # fmt: skip
def test_the_ninth_text_of_a_pattern_is_not_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read_target(text.format("39.5", "49.5"))
    for number in range(31, 39):
        parse_target(text.format(f"{number}.5", f"{number + 10}.5"))
    monkeypatch.setattr(cache, "read_target", None)
    assert parse_target(text.format("39.5", "49.5")) == expected


@pytest.mark.parametrize("picture", ["green |-1e400 red", "red |1e400 green", "green 1e400| red", "red -1e400| green"])
def test_a_float_beyond_all_others_is_rated_as_the_decimal_is(picture: str) -> None:
    first, cut, last = picture.split()
    side = Side.BEFORE if cut.startswith("|") else Side.AFTER
    bands = Bands(Steps((Cut(Decimal(cut.strip("|")), side),), (Status(first), Status(last))))
    for value in ("-Infinity", "-1.7e308", "0", "1.7e308", "Infinity"):
        assert bands.status(float(value)) is bands.status(Decimal(value)), value
