"""A folder with a scorecard.toml: what it says, and the tables it names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from rag_rules.errors import ScorecardError
from rag_rules.files.delimited import decoded
from rag_rules.files.tables import printable
from rag_rules.models import OnFile, checked

__all__ = ["SETTINGS", "file_in", "only_table", "read_settings", "tables_in"]

SETTINGS: Final = "scorecard.toml"


def read_settings(folder: Path) -> OnFile:
    """What the folder's scorecard.toml says; nothing where there is none.

    Raises ``ScorecardError`` for faulty TOML and for settings that are not known.
    """
    path = folder / SETTINGS
    if not path.is_file():
        return OnFile()
    try:
        data: dict[str, Any] = tomllib.loads(decoded(path.read_bytes(), place=SETTINGS)[0])
    except tomllib.TOMLDecodeError as error:
        raise ScorecardError(f"{SETTINGS}: {printable(str(error))}") from None
    for name in ("indicators", "readings", "targets", "actions", "plan"):
        if isinstance(data.get(name), Mapping):  # [indicators] for [[indicators]]
            data[name] = [data[name]]
    return checked(OnFile, data, place=SETTINGS)


def file_in(folder: Path, name: str) -> Path:
    """The path of a file that scorecard.toml names, which must be inside the folder."""
    steps = {*PurePosixPath(name).parts, *PureWindowsPath(name).parts}
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor or ".." in steps:
        raise ScorecardError(f"{SETTINGS}: the file “{printable(name)}” is not inside the scorecard's folder")
    path = folder / name
    if not path.is_file():
        raise ScorecardError(f"{SETTINGS}: there is no file “{printable(name)}”; the folder holds {_listing(folder)}")
    return path


def tables_in(folder: Path, suffixes: frozenset[str], but: frozenset[str] = frozenset()) -> list[Path]:
    """The files of a folder that can be tables, in the order of their names, without hidden ones."""
    found = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in suffixes and path.is_file() and path.name not in but
    )
    return [path for path in found if not path.name.startswith((".", "~$"))]


def only_table(folder: Path, suffixes: frozenset[str], but: frozenset[str] = frozenset()) -> Path:
    """The one table in a folder where nothing says which; raises ``ScorecardError`` if it is not one."""
    found = tables_in(folder, suffixes, but)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ScorecardError(
            f"the folder {folder} holds no table; it holds {_listing(folder)}",
            hint="looked for a .csv, .yaml or .xlsx file",
        )
    named = ", ".join(printable(path.name) for path in found[:10])
    raise ScorecardError(
        f"the folder {folder} holds {len(found)} tables: {named}",
        hint=f'name one in {SETTINGS}: [[indicators]] file = "{printable(found[0].name)}"',
    )


def _listing(folder: Path) -> str:
    names = sorted(printable(path.name) for path in folder.iterdir())
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "") if names else "nothing"
