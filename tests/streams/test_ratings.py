"""Batches of texts: plain numbers among them are rated as numbers, and come to what the judge says of the text."""

from __future__ import annotations

import pyarrow as pa
import pytest

from rag_rules import RagRulesError, Rule
from rag_rules.number_line import judged
from rag_rules.rulebook import RuleBook
from rag_rules.streams.names import Wanted
from rag_rules.streams.ratings import Rating
from tests.test_conformance import ALL, rule_of

TEXTS = [
    "", "0", "-0", "0.0", "5", "5.0", "5.50", "-5", "007", "0.95", "0.950", "1.00", "1.5", "20", "21.00", "95", "94.950",
    "100", "2023", "1500", "1400000", "-0.70", "95%", "£21", "12/24", "DNA", "3rd", "1,500", "123456789012345.6",
]  # fmt: skip


def _rules() -> list[Rule]:
    found = []
    for _, case in ALL:
        try:
            found.append(rule_of(case))
        except (KeyError, RagRulesError):  # a case of something else, or of a text that is refused
            continue
    return found


@pytest.mark.parametrize("shares", [None, True, False])
@pytest.mark.parametrize("with_dates", [False, True])
def test_texts_are_judged_as_texts_whichever_way_they_are_rated(shares: bool | None, with_dates: bool) -> None:
    rules = [rule for rule in _rules() if with_dates or rule.kind != "date"][:: 7 if with_dates else 2]
    assert any(rule.kind == "date" for rule in rules) is with_dates
    book = RuleBook({str(number): rule for number, rule in enumerate(rules)}, (), frozenset(), None, {})
    rows = [(str(number), text) for number in range(len(rules)) for text in TEXTS]
    table = pa.table({"ref": [name for name, _ in rows], "value": [text for _, text in rows]})
    rating = Rating(book, Wanted(reason="reason").found_in(table.column_names), table.schema, shares)
    rated = rating.rated(table)
    found = zip(rows, rated.column("status").to_pylist(), rated.column("reason").to_pylist(), strict=True)
    for (name, text), status, reason in found:
        verdict, _ = judged(rules[int(name)], text, shares=shares)
        assert (status, reason) == (verdict.status.value, verdict.reason), (rules[int(name)], text)
    assert rating.counts.total == len(rows)
