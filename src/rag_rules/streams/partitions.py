"""Columns that are not in parts but in the names of their folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from rag_rules.errors import RagRulesError
from rag_rules.files.tables import printable
from rag_rules.streams.folders import keys_of

__all__ = ["Keys"]


class Keys:
    """The columns that folders tell; each value is a text, as 1 and 01 may be two things."""

    def __init__(self, paths: Sequence[Path], names: Sequence[str]) -> None:
        """``names`` are the columns of the parts, which count where a folder has the same.

        Raises ``RagRulesError`` where the folders of two parts do not tell the same columns.
        """
        self._values = {path: keys_of(path) for path in paths}
        first = list(self._values[paths[0]])
        for path, values in self._values.items():
            if list(values) != first:
                raise RagRulesError(
                    f"the folders of {printable(str(path))} tell other columns than those of {printable(str(paths[0]))}",
                    hint="all parts lie in folders of the same names, such as year=2023/month=4",
                )
        self.names = [name for name in first if name not in names]

    def with_fields(self, schema: Any) -> Any:
        """The columns of the parts, with these behind them."""
        for name in self.names:
            schema = schema.append(pa.field(name, pa.string()))
        return schema

    def added_to(self, rows: Any, path: Path) -> Any:
        """The rows of a part, with what its folders tell."""
        for name in self.names:
            value = pa.scalar(self._values[path][name], pa.string())
            rows = rows.append_column(name, pa.repeat(value, rows.num_rows))
        return rows
