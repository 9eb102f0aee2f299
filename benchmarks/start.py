"""New processes, from start to end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from benchmarks.rivals import SMALL_GRAMMAR
from benchmarks.table import Effort, Items, Section, against
from benchmarks.timing import start_up

_ROOT: Final = Path(__file__).parents[1]


def processes(effort: Effort) -> Items:
    """A new process, from start to end."""
    command = (
        "import sys; from rag_rules.cli import main; sys.argv = {!r}; sys.stdout = open({!r}, 'w'); sys.exit(main())"
    )
    bare, first, explain = (
        "`python -c pass`",
        "`import rag_rules`, first `evaluate`",
        "`rag-rules explain '<£21' '£20'`",
    )
    small = "lark with 12 rules, first text"
    report = ["rag-rules", "report", str(_ROOT / "examples" / "rutland"), "--as-of", "2023-09-30"]
    programs = {
        bare: "pass",
        "`import rag_rules`": "import rag_rules",
        "`import lark`": "import lark",
        small: f"from lark import Lark; Lark({SMALL_GRAMMAR!r}, parser='lalr').parse('<£21')",
        first: "import rag_rules; rag_rules.evaluate('<£21', '£20')",
        f"{first} of `at least 95%`": "import rag_rules; rag_rules.evaluate('at least 95%', '93.4%')",
        "`import rag_rules`, first `parse_deadline`": "import rag_rules; rag_rules.parse_deadline('by March 2024')",
        explain: command.format(["rag-rules", "explain", "<£21", "£20"], os.devnull),
        "`rag-rules report` of the example": command.format(report, os.devnull),
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    times = start_up(programs, environment=environment, turns=effort.turns(20))
    yield from against(times, hand=bare, peers=[small], goals={"`import rag_rules`": 3.5, first: 9.0, explain: 10.0})


SECTIONS: Final = (Section("start", processes, ("lark",)),)
