"""A report as CSV, one row for each indicator, action and objective, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from rag_rules.reports.text import one_line
from rag_rules.reports.words import group_columns

if TYPE_CHECKING:
    from rag_rules.models import Forecast, OverrideShown, RatedAction, RatedAim, RatedIndicator, RatedTask, Report

__all__ = ["render"]

#: a spreadsheet takes a cell that begins so for a formula; the wide forms are those of East Asian keyboards
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
#: the most characters that a cell of Excel holds, less some for the apostrophe and the ellipsis
_CELL: Final = 32_000

_BEFORE: Final = ("kind", "row", "ref", "name")
_AFTER: Final = (
    "period", "target", "target_canonical", "bands", "reading", "value", "unit", "status", "status_word", "reason",
    "explanation", "movement", "notes", "comment",
    "movement_year", "target_to_date", "forecast", "forecast_status", "published", "published_status", "override", "override_reason", "override_by",
    "override_until", "override_expired",
)  # fmt: skip
#: further columns where there are actions or objectives
_TASK: Final = (
    "state", "due", "first_day", "last_day", "revised_due", "finished_on", "reported", "slack_days", "disagreement", "owner",
    "theme", "aim_ref", "aim", "resource_impact", "responsible",
)  # fmt: skip

#: a cell by the name of its column; what is left out is blank
Cells = dict[str, str | int]


def render(report: Report) -> str:
    """``report`` as CSV: commas, lines that end in a line feed, and no byte order mark.

    There is a row for each indicator, action and objective, and ``kind`` says which it is.
    """
    indicators = [_indicator_cells(report, each) for each in report.indicators]
    actions = [_task_cells(report, "action", each) | _action_cells(each) for each in report.actions]
    objectives = [
        _task_cells(report, "objective", each) | _aim_cells(aim) for aim in report.aims for each in aim.objectives
    ]
    own = (column for action in report.actions for column in action.groups)
    groups = dict.fromkeys((*group_columns(report), *own))
    text = io.StringIO()
    more = _TASK if actions or objectives else ()
    writer = csv.DictWriter(text, [*_BEFORE, *map(_heading, groups), *_AFTER, *more], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*indicators, *actions, *objectives])
    return text.getvalue()


def _indicator_cells(report: Report, indicator: RatedIndicator) -> Cells:
    target, reading = indicator.target, indicator.reading
    return {
        "kind": "indicator",
        "row": indicator.row,
        "ref": _text(indicator.ref),
        "name": _text(indicator.name),
        **_group_cells(indicator.groups),
        "period": _text(indicator.period),
        "target": _text(target.text),
        "target_canonical": _text(target.canonical),
        "bands": _text(target.bands),
        "reading": _text(reading.text),
        "value": "" if reading.value is None else format(reading.value, "f"),  # ours, and a number: no apostrophe
        "unit": _text(reading.unit),
        **_status_cells(report, indicator),
        "movement": indicator.movement or "",
        "comment": _text(indicator.comment),
        "movement_year": indicator.movement_year or "",
        "target_to_date": _text(target.to_date),
        "published": _text(indicator.published),
        "published_status": indicator.published_status.value if indicator.published_status else "",
        **_forecast_cells(indicator.forecast),
        **_override_cells(indicator.override),
    }


def _forecast_cells(forecast: Forecast | None) -> Cells:
    if forecast is None:
        return {}
    return {"forecast": format(forecast.value, "f"), "forecast_status": forecast.status.value}


def _override_cells(override: OverrideShown | None) -> Cells:
    if override is None:
        return {}
    return {
        "override": override.status.value,
        "override_reason": _text(override.reason),
        "override_by": _text(override.by),
        "override_until": _day(override.until),
        "override_expired": "yes" if override.expired else "no",
    }


def _task_cells(report: Report, kind: str, task: RatedTask) -> Cells:
    due = task.revised or task.due
    return {
        "kind": kind,
        "row": task.row,
        "ref": _text(task.ref),
        "name": _text(task.name),
        **_status_cells(report, task),
        "comment": _text(task.progress),
        "state": task.state.value,
        "due": _text(task.due.text if task.due else None),
        "first_day": _day(due.first_day if due else None),
        "last_day": _day(due.last_day if due else None),
        "revised_due": _text(task.revised.text if task.revised else None),
        "finished_on": _text(task.finished_on.text if task.finished_on else None),
        "reported": _text(task.reported),
        "slack_days": "" if task.slack is None else task.slack,
        "disagreement": _text(task.disagreement),
    }


def _action_cells(action: RatedAction) -> Cells:
    return {**_group_cells(action.groups), "owner": _text(action.owner)}


def _aim_cells(aim: RatedAim) -> Cells:
    return {
        "ref": "",
        "theme": _text(aim.theme),
        "aim_ref": _text(aim.ref),
        "aim": _text(aim.name),
        "resource_impact": _text(aim.resource_impact),
        "responsible": _text("; ".join(aim.responsible)),
    }


def _group_cells(groups: Mapping[str, str]) -> Cells:
    return {_heading(column): _text(group) for column, group in groups.items()}


def _status_cells(report: Report, rated: RatedIndicator | RatedTask) -> Cells:
    return {
        "status": rated.status.value,
        "status_word": _text(report.word(rated.status)),
        "reason": rated.reason.value if rated.reason else "",
        "explanation": _text(rated.explanation),
        "notes": _text("; ".join(rated.notes)),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _heading(column: str) -> str:
    """The heading of a grouping column; one that bears the name of a column of ours is told apart."""
    name = _text(column)
    return f"group: {name}" if name in (*_BEFORE, *_AFTER, *_TASK) else name


def _text(cell: str | None) -> str:
    """Text from outside that stays text: an apostrophe goes before what a spreadsheet would calculate.

    >>> _text("=1+1"), _text("-0.7"), _text("<£21")
    ("'=1+1", "'-0.7", '<£21')
    """
    line = one_line(cell or "", _CELL)
    return f"'{line}" if line.startswith(_FORMULA) else line
