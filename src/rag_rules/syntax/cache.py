"""Targets by their text: read once, remembered while they are in use."""

from __future__ import annotations

from functools import lru_cache

from rag_rules.syntax.parser import read_target
from rag_rules.target import Target

__all__ = ["parse_target"]


@lru_cache(maxsize=4096)
def parse_target(text: str, labels: tuple[str, ...] = ()) -> Target:
    """The target that ``text`` writes.

    ``labels`` are words that count as targets besides the documented vocabulary: the labels of the indicator's scale.

    >>> str(parse_target("Between 10%-20%"))
    'between 10% and 20%'

    Raises ``TargetSyntaxError`` where the text does not read as a target, or reads as two.
    """
    return read_target(text, labels)
