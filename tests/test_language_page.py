"""Every row of the tables in grammar/language.md is true."""

import re
from pathlib import Path

import pytest

from rag_rules import DateSyntaxError, TargetSyntaxError, parse_deadline, parse_period, parse_target, rule
from rag_rules.labels import SCALES

PAGE = (Path(__file__).parents[1] / "grammar" / "language.md").read_text("utf-8")


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def _bare(cell: str) -> str:
    return cell[1:-1] if cell.startswith("`") else cell


TABLES = [[_cells(line) for line in table.splitlines()] for table in re.findall(r"(?:^\|.*\n)+", PAGE, re.MULTILINE)]
FAMILIES = [row for table in TABLES if table[0] == ["text", "setting", "canonical", "bands"] for row in table[2:]]
DEADLINES = [row for table in TABLES if table[0] == ["text", "year", "from", "to"] for row in table[2:]]
PERIODS = [row for table in TABLES if table[0][0] == "period" for row in table[2:]]


def _refused(heading: str) -> list[list[str]]:
    return [row for table in TABLES if len(table[0]) == 2 and table[0][0] == heading for row in table[2:]]


REFUSED = _refused("text")


def test_the_page_has_the_rows_that_this_test_reads() -> None:
    assert len(FAMILIES) > 80
    assert len(REFUSED) > 10
    assert len(DEADLINES) > 30
    assert len(PERIODS) > 10


@pytest.mark.parametrize(("text", "setting", "canonical", "bands"), FAMILIES)
def test_a_row_says_what_the_library_does(text: str, setting: str, canonical: str, bands: str) -> None:
    given = dict(part.split("=", 1) for part in _bare(setting).split("; ") if part)
    made = rule(_bare(text), **given)
    assert str(made.target).replace("\n", " / ") == _bare(canonical)
    if bands.startswith("unrated: "):
        assert made.reason == bands.removeprefix("unrated: ")
    else:
        assert str(made.bands) == _bare(bands)


@pytest.mark.parametrize(("text", "because"), REFUSED)
def test_a_refused_text_is_refused(text: str, because: str) -> None:
    assert because
    with pytest.raises(TargetSyntaxError):
        parse_target(_bare(text))


@pytest.mark.parametrize(("text", "year", "first", "last"), DEADLINES)
def test_a_deadline_has_the_days_of_its_row(text: str, year: str, first: str, last: str) -> None:
    deadline = parse_deadline(_bare(text), year=year or None)
    days = [None if day is None else day.isoformat() for day in (deadline.first_day, deadline.last_day)]
    assert days == [first or None, last or None]
    assert last or deadline.notes


@pytest.mark.parametrize(("text", "year", "name", "first", "last"), PERIODS)
def test_a_period_has_the_name_and_days_of_its_row(text: str, year: str, name: str, first: str, last: str) -> None:
    period = parse_period(_bare(text), year=year or None)
    assert [str(period), period.first_day.isoformat(), period.last_day.isoformat()] == [_bare(name), first, last]


@pytest.mark.parametrize(("text", "because"), _refused("refused deadline"))
def test_a_refused_deadline_is_refused(text: str, because: str) -> None:
    assert because
    with pytest.raises(DateSyntaxError):
        parse_deadline(_bare(text))


@pytest.mark.parametrize(("text", "because"), _refused("refused period"))
def test_a_refused_period_is_refused(text: str, because: str) -> None:
    assert because
    with pytest.raises(DateSyntaxError):
        parse_period(_bare(text))


def test_the_page_lists_the_vocabulary() -> None:
    for scale in SCALES:
        assert f"* {scale}\n" in PAGE
