"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["expression"]


def expression(text: str, flags: int = 0) -> re.Pattern[str]:
    """What ``re.compile(text, flags)`` is, compiled at its first use: most texts need few of the expressions there are.

    >>> expression("[0-9]+").findall("5 of 12")
    ['5', '12']
    """
    return cast("re.Pattern[str]", _Later(text, flags))


class _Later:
    """Stands for a compiled expression; from the first use on it holds that expression's own methods."""

    def __init__(self, text: str, flags: int) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
