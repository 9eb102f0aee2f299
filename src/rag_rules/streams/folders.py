"""The parts in a folder, and in folders that say what all their rows have in common: ``quarter=2023-Q1/part-0.parquet``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from rag_rules.errors import RagRulesError
from rag_rules.expressions import expression
from rag_rules.files.tables import printable

__all__ = ["keys_of", "outermost", "parts_in"]

#: so many folders lie inside each other at most
_DEEPEST: Final = 20
#: in place of a value where there is none, as Hive and Spark write it
_MISSING: Final = "__HIVE_DEFAULT_PARTITION__"
#: controls, and bytes that are not in UTF-8
_NO_TEXT: Final = expression(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def parts_in(folder: Path, suffixes: frozenset[str], depth: int = 0) -> list[Path]:
    """The parts in a folder, in the order of their paths: what engines write beside them begins with a dot or an underscore.

    Raises ``RagRulesError`` for folders in it whose names do not say anything of their rows.
    """
    found = []
    for each in sorted(folder.iterdir()):
        if each.name.startswith((".", "_")):
            continue
        if not each.is_dir():
            found += [each] if each.suffix.lower() in suffixes else []
        elif _is_key(each) and depth < _DEEPEST:
            found += parts_in(each, suffixes, depth + 1)
        else:
            raise RagRulesError(
                f"{printable(str(folder))} holds folders, such as {printable(each.name)}, and what their names say would be lost",
                hint="rate one of them, or call them such as month=2023-04, which becomes a column",
            )
    return found


def keys_of(path: Path) -> dict[str, str | None]:
    """What the folders of a part say, the outermost first: the columns that the part itself need not hold.

    >>> keys_of(Path("rated/year=2023/quarter=Q1%2Fa/part-0.parquet"))
    {'year': '2023', 'quarter': 'Q1/a'}

    Raises ``RagRulesError`` where they say one thing twice, or what is no text.
    """
    found: dict[str, str | None] = {}
    for folder in reversed(_key_folders(path)):
        written, _, value = folder.name.partition("=")
        name = _text(written, path)
        if name in found:
            raise RagRulesError(f"the folders of {printable(str(path))} say {printable(written)} twice")
        found[name] = None if value == _MISSING else _text(value, path)
    return found


def _text(written: str, path: Path) -> str:
    """A part of a folder's name, without the signs that stand for others in it."""
    try:
        text = unquote(written, errors="strict")
    except UnicodeDecodeError:
        text = "\0"
    if _NO_TEXT.search(text):
        raise RagRulesError(
            f"the folders of {printable(str(path))} have names that are no text: {printable(written)}",
            hint="call them such as month=2023-04",
        )
    return text


def outermost(path: Path) -> Path:
    """The folder of a part, or that of all parts where its folders say something."""
    folders = _key_folders(path)
    return folders[-1].parent if folders else path.parent


def _key_folders(path: Path) -> Sequence[Path]:
    """The folders around a part that say something, the innermost first."""
    found: list[Path] = []
    for folder in path.parents:
        if not _is_key(folder):
            break
        found.append(folder)
    return found


def _is_key(folder: Path) -> bool:
    name, sign, _ = folder.name.partition("=")
    return bool(name and sign) and not folder.is_symlink()
