"""Score a corpus of target texts with known meanings: how many are read right, refused, or read wrong.

    python scripts/score_corpus.py PATH [--all]
    python scripts/score_corpus.py --milestones PATH [--all]

PATH is a CSV with the columns target_text, polarity and expected_meaning, the last in a normal form such as
``>= 95 %``, ``[10, 20] %``, ``rank <= 5``, ``no target`` or ``... (unresolved)``. A meaning that this script cannot compare
by itself is listed for a person to judge. Exits with 1 if any text is read wrong.

With --milestones PATH is a CSV of deadlines with the columns text, expected_start and expected_end, dates or empty. A
deadline is right with the same window; "among" where the window is one of the meanings that are stated; "reason" where
no window is expected or given, and a note says why.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from decimal import Decimal

from rag_rules import Deadline, RagRulesError, Reason, Rule, parse_deadline, rule
from rag_rules.deadlines import Window
from rag_rules.lowering import AtLeast, AtMost, Within
from rag_rules.target import AllOf, Change, NoTarget, Parts

SIGN = re.compile(r"(?P<sign><=|>=|<|>|=|within) *(?P<number>-?[0-9][0-9,]*(?:\.[0-9]+)?|eight|two)")
RANGE = re.compile(r"(?P<low_end>[\[(]) *(?P<low>-?[0-9.]+), *(?P<high>-?[0-9.]+) *(?P<high_end>[\])])")
WORDS = {"eight": Decimal(8), "two": Decimal(2)}


def asked(meaning: str) -> str:
    """The part of a meaning that the text itself asks: a share of cases may come from another column."""
    return meaning.split("of cases:")[-1].strip()


def compare(made: Rule, meaning: str) -> str:
    """``right``, ``wrong`` or ``judge``."""
    wanted = asked(meaning)
    body = made.target.body
    if meaning.startswith("no target"):
        return "right" if isinstance(body, NoTarget) else "wrong"
    if isinstance(body, NoTarget):
        return "wrong"
    if "unresolved" in wanted or "baseline" in wanted:
        return (
            "right"
            if made.reason in (Reason.MISSING_BASELINE, Reason.MISSING_BENCHMARK) and isinstance(body, Change)
            else "judge"
        )
    if " AND " in wanted or wanted.count(";") or isinstance(body, (Parts, AllOf)):
        return "right" if isinstance(body, (Parts, AllOf)) else "judge"
    goal = made.goal
    if found := RANGE.search(wanted):
        same = isinstance(goal, Within) and (goal.low, goal.high) == (Decimal(found["low"]), Decimal(found["high"]))
        return "right" if same else "wrong"
    found = SIGN.search(wanted)
    if found is None:
        return "judge"
    number = WORDS.get(found["number"]) or Decimal(found["number"].replace(",", ""))
    if isinstance(goal, AtLeast):
        sign = ">" if goal.strict else ">="
    elif isinstance(goal, AtMost):
        sign = "<" if goal.strict else "<="
    else:
        return "judge"
    wanted_sign = found["sign"].replace("within", "<=")
    return "right" if (sign, goal.value) == (wanted_sign, number) else "wrong"


def days(window: Deadline | Window) -> str:
    """A window as the columns of a corpus write it."""
    return " to ".join("" if day is None else day.isoformat() for day in (window.first_day, window.last_day))


def compare_deadline(made: Deadline, wanted: str) -> str:
    """``right``, ``among``, ``reason`` or ``wrong``."""
    if days(made) == wanted:
        return "right" if wanted != " to " else "reason" if made.notes else "wrong"
    return "among" if wanted in [days(window) for window in made.alternatives] and made.notes else "wrong"


def score_milestones(path: str, *, list_all: bool) -> int:
    """Score a corpus of deadlines."""
    counts: Counter[str] = Counter()
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        wanted = f"{row['expected_start']} to {row['expected_end']}"
        try:
            made = parse_deadline(row["text"])
        except RagRulesError as error:
            verdict, shown = "refused", error.sentence
        else:
            verdict, shown = compare_deadline(made, wanted), f"{days(made)}; {'; '.join(made.notes)}"
        counts[verdict] += 1
        if list_all or verdict not in ("right", "reason"):
            print(f"{verdict:8} {row['text'][:70]!r}\n         meant {wanted}\n         read  {shown[:160]}")
    print(f"\n{len(rows)} deadlines: {dict(counts)}")
    return 1 if counts["wrong"] else 0


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("path", nargs="?", help="a corpus of targets")
    options.add_argument("--milestones", metavar="PATH", help="a corpus of deadlines")
    options.add_argument("--all", action="store_true", help="list every row, not only those to look at")
    given = options.parse_args()
    if given.milestones:
        return score_milestones(given.milestones, list_all=given.all)
    if not given.path:
        options.error("give the path of a corpus")
    counts: Counter[str] = Counter()
    short: Counter[str] = Counter()
    with open(given.path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        text, meaning = row["target_text"], row["expected_meaning"]
        polarity = (
            row["polarity"]
            if row["polarity"] in ("higher", "lower")
            else "in range"
            if row["polarity"] == "range"
            else None
        )
        try:
            made = rule(text, polarity=polarity)
        except RagRulesError as error:
            verdict, shown = "refused", error.sentence
        else:
            verdict, shown = compare(made, meaning), str(made.bands or made.missing)
        counts[verdict] += 1
        if len(text) <= 60:
            short[verdict] += 1
        if given.all or verdict != "right":
            print(f"{verdict:8} {text[:70]!r}\n         meant {meaning}\n         read  {shown[:160]}")
    print(f"\n{len(rows)} texts: {dict(counts)}; of those up to 60 characters: {dict(short)}")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
