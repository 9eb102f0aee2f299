"""YAML to plain data: every scalar stays the text that was written, and nothing in the file can be run or repeated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from rag_rules.errors import MissingExtraError, ScorecardError

__all__ = ["Numbered", "load_yaml"]

LARGEST_YAML: Final = 20_000_000
DEEPEST: Final = 8


class Numbered(dict[str, Any]):
    """A mapping that knows the line it begins on."""

    line: int = 0


@dataclass(slots=True)
class _Open:
    """A mapping or list that is still being read."""

    made: Any
    key: str | None = None
    keys: dict[str, int] = field(default_factory=dict)


def load_yaml(text: str, *, place: str) -> Any:
    """The data in a YAML text: mappings, lists and texts; an empty value or ``~`` is ``None``.

    Raises ``ScorecardError`` for faulty YAML, and for anchors, aliases, tags and repeated keys, which a scorecard
    does not need; ``MissingExtraError`` without PyYAML.
    """
    try:
        import yaml
    except ImportError:
        raise MissingExtraError("reading YAML needs the package PyYAML", hint='pip install "rag-rules[yaml]"') from None
    if len(text) > LARGEST_YAML:
        raise ScorecardError(f"{place} is larger than {LARGEST_YAML // 1_000_000} MB")
    try:
        # events only: no object is made by the library, so no tag can ask for one
        return _built(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)), place)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "this is not YAML"
        raise ScorecardError(f"{place}{f', line {mark.line + 1}' if mark else ''}: {said}") from None


def _built(events: Any, place: str) -> Any:
    import yaml

    whole: list[Any] = []
    stack = [_Open(whole)]
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ScorecardError(
                f"{place}, line {line}: anchors and aliases (& and *) are not read", hint="write the value out"
            )
        if getattr(event, "tag", None):
            raise ScorecardError(f"{place}, line {line}: tags such as “{event.tag}” are not read")
        if isinstance(event, yaml.ScalarEvent):
            _put(stack[-1], _text(event), line, place)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            if len(stack) > DEEPEST:
                raise ScorecardError(f"{place}, line {line}: nested deeper than a scorecard is")
            made: Any = Numbered() if isinstance(event, yaml.MappingStartEvent) else []
            if isinstance(made, Numbered):
                made.line = line
            _put(stack[-1], made, line, place)
            stack.append(_Open(made))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
    if len(whole) > 1:
        raise ScorecardError(f"{place} holds several documents, and a scorecard is one")
    return whole[0] if whole else None


def _text(event: Any) -> str | None:
    is_plain = not event.style  # one parser says None, the other an empty text
    return None if is_plain and event.value in ("", "~") else str(event.value)


def _put(into: _Open, value: Any, line: int, place: str) -> None:
    """Add a value to the mapping or list that is open; in a mapping every other one is a key."""
    if isinstance(into.made, list):
        into.made.append(value)
    elif into.key is None:
        if not isinstance(value, str):
            raise ScorecardError(f"{place}, line {line}: a key is missing, or is not a text")
        if value in into.keys:
            raise ScorecardError(
                f"{place}, line {line}: “{value}” is here for the second time, after line {into.keys[value]}"
            )
        into.key = value
        into.keys[value] = line
    else:
        into.made[into.key] = value
        into.key = None
