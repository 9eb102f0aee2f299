"""``python -m rag_rules`` is ``rag-rules``."""

from __future__ import annotations

import sys

from rag_rules.cli import main

if __name__ == "__main__":
    sys.exit(main())
