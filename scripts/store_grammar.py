"""Writes the tables of the grammar, so that reading a text needs neither Lark nor its work: ``make tables``."""

import json
from pathlib import Path
from typing import Final

from rag_rules.syntax.grammar import PARSERS, compiled

STORED: Final = Path(__file__).resolve().parent.parent / "src" / "rag_rules" / "syntax" / "stored"


def main() -> None:
    """Write each parser's tables."""
    STORED.mkdir(exist_ok=True)
    for name in PARSERS:
        file = STORED / f"{name}.json"
        file.write_text(stored(name), "utf-8")
        print(f"{file.name}: {file.stat().st_size:,} bytes")


def stored(name: str) -> str:
    """What the file of a parser holds."""
    return json.dumps(compiled(name), ensure_ascii=False, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    main()
