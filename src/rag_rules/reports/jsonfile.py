"""A report as JSON, for other programs; ``docs/reference/json.md`` describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from rag_rules.models import Changes, Problem, Report

__all__ = ["render", "render_changes", "render_problems", "schema"]

#: JSON escapes the first 32 controls by itself; these too should not reach a terminal as they are
_ACTING: Final = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")

#: how ``_plain`` writes a number
_NUMBER: Final = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}


def render(report: Report) -> str:
    """``report`` as JSON, with every text exactly as it is in the scorecard."""
    return _written(report.model_dump())


def render_problems(title: str, problems: Iterable[Problem]) -> str:
    """What ``check`` finds, as JSON."""
    return _written({"title": title, "problems": [problem.model_dump() for problem in problems]})


def render_changes(changes: Changes) -> str:
    """What ``whatif`` finds, as JSON."""
    return _written(changes.model_dump())


def schema() -> str:
    """The JSON Schema of what ``render`` writes."""
    from rag_rules.models import Report

    found = Report.model_json_schema(mode="serialization")
    found["$defs"]["ReadingShown"]["properties"]["value"]["anyOf"] = [_NUMBER, {"type": "null"}]
    cut = found["$defs"]["CutShown"]["properties"]["at"]
    found["$defs"]["CutShown"]["properties"]["at"] = {
        **_NUMBER,
        "description": cut["description"],
        "title": cut["title"],
    }
    return _written({"$schema": "https://json-schema.org/draft/2020-12/schema", **found})


def _written(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return _ACTING.sub(_escaped, text) + "\n"


def _plain(value: Any) -> str:
    """An exact number in full, without exponent, so that nobody's float gets in between; a date as ISO 8601."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
