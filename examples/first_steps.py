"""Evaluate a few targets as people write them, and print why each status was given."""

from typing import Any

from rag_rules import RagRulesError, evaluate

ROWS: list[tuple[str, str, dict[str, Any]]] = [
    # target, reading, settings
    ("<£21", "£46", {"tolerance": "5%"}),
    ("Between 10%-20%", "20%", {}),
    ("Maintain better than national average (23.7%)", "15.1%", {"polarity": "lower"}),
    ("Top 5", "6th of 38", {}),
    ("Good", "Requires improvement", {"scale": "Inadequate < Requires improvement (amber) < Good < Outstanding"}),
    ("5% reduction on 2022/23", "1,180", {"baseline": "1,200"}),
    ("Balanced", "£2.4m", {}),
    ("80%", "0.9", {"polarity": "higher"}),
    ("95%", "96%", {}),  # no polarity: refused, with both meanings
    ("TBC", "12", {}),
]

for target, reading, settings in ROWS:
    try:
        outcome = evaluate(target, reading, **settings)
    except RagRulesError as error:
        print(f"{target!r}: refused. {error.sentence}")
    else:
        print(f"{target!r}, {reading!r}: {outcome.explanation}")
