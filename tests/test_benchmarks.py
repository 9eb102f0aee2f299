"""The benchmarks start, and write what they find where it belongs; how long anything takes is no test."""

from __future__ import annotations

import pytest

from benchmarks import run
from benchmarks.table import Cells, Columns, Effort, Items, Row, Section, against
from benchmarks.timing import Times

#: those that need PostgreSQL or Java, or start processes for each turn, are left to ``make bench`` and ``bench-large``
SECTIONS = {each.name: each for each in run.sections() if each.name not in ("postgres-sql", "streaming", "spark")}


@pytest.mark.parametrize("name", SECTIONS)
def test_section_runs_and_has_a_table(name: str) -> None:
    lines = list(run.run(SECTIONS[name], Effort(is_quick=True)))
    assert lines[0].startswith("### ")
    assert any(line.startswith("|---") for line in lines)


def test_figures_replace_those_of_their_section_only() -> None:
    page = "Why.\n\n<!-- end of figures -->\n"
    for name, line in (("one", "1"), ("two", "2"), ("one", "one")):
        page = run.written(page, name, [line])
    assert page == (
        "Why.\n\n<!-- figures: one -->\n\none\n\n<!-- end: one -->\n\n"
        "<!-- figures: two -->\n\n2\n\n<!-- end: two -->\n\n<!-- end of figures -->\n"
    )


def test_each_line_is_in_a_table_of_its_own_columns() -> None:
    def mixed(effort: Effort) -> Items:
        """Mixed."""
        yield Row("a", "1 s")
        yield "Then:"
        yield Columns(("x", "y"))
        yield Cells(("1|2", "3"))

    lines = list(run.run(Section("mixed", mixed), Effort()))
    assert [line for line in lines if line.startswith("|")] == [
        "| What | Median ± spread | By hand = 1 | Best peer = 1 | Goal |  |", "|---|---|---|---|---|---|",
        "| a | 1 s |  |  |  |  |", "| x | y |", "|---|---|", "| 1\\|2 | 3 |",
    ]  # fmt: skip


def test_ratios_are_to_the_hand_and_to_the_quickest_peer() -> None:
    times = {name: Times((seconds, seconds)) for name, seconds in (("hand", 1), ("slow", 8), ("quick", 4), ("ours", 2))}
    rows = list(against(times, hand="hand", peers=("slow", "quick"), goals={"ours": 1.5}, ahead=("ours",)))
    assert rows[-1] == Row("ours", "2 s ± 0 ns", "2.00×", "0.50× quick", "at most 1.5×, ahead of every peer", False)
    assert [row.by_hand for row in rows] == ["", "8.00×", "4.00×", "2.00×"]


def test_section_that_is_not_there_is_named_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main(["speed"])
    assert "there is no section speed; there are numbers, readings" in capsys.readouterr().err
