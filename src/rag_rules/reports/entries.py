"""What is said of each indicator, action and objective, the same in every face that people read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from rag_rules.periods import written_date
from rag_rules.reports.text import one_line
from rag_rules.reports.words import LIMIT, MOVEMENTS, counted, group_columns, shape_and_word, status_words, without
from rag_rules.status import Status

if TYPE_CHECKING:
    from rag_rules.models import OverrideShown, RatedAction, RatedAim, RatedIndicator, RatedObjective, RatedTask, Report

__all__ = [
    "Entry",
    "Section",
    "action_sections",
    "aim_facts",
    "by_group",
    "indicator_sections",
    "movement_words",
    "objective_sections",
    "override_words",
    "said_of",
    "task_words",
]


class _Grouped(Protocol):
    """What has grouping columns."""

    @property
    def groups(self) -> Mapping[str, str]: ...


Row = TypeVar("Row")
Grouped = TypeVar("Grouped", bound=_Grouped)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a report in words: what it is, what is known of it at a glance, and whole sentences."""

    ref: str
    name: str
    status: Status
    #: the status in words first
    facts: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section(Generic[Row]):
    """Rows of a report under one heading, each with its entry; ``group`` is empty where they are in no group."""

    group: str
    noun: str
    rows: tuple[Row, ...]
    entries: tuple[Entry, ...]
    #: what is said of the group as a whole
    facts: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The heading: "Places: 12 indicators", or "Indicators" for rows in no group."""
        return f"{self.group}: {counted(len(self.rows), self.noun)}" if self.group else f"{self.noun.capitalize()}s"


def said_of(explanation: str, notes: Iterable[str], **more: str | None) -> tuple[str, ...]:
    """The explanation, the notes, and what ``more`` holds, each under its name: "Comment: ..."."""
    said = [explanation, *(f"Note: {note}" for note in notes)]
    said += [f"{name.capitalize()}: {text}" for name, text in more.items() if text]
    return tuple(one_line(each, LIMIT) for each in said)


def movement_words(indicator: RatedIndicator) -> list[str]:
    """The movement against the period before, "↑ better", and against the same period last year, "↓ worse on last year"."""
    found = [MOVEMENTS[indicator.movement]] if indicator.movement else []
    if indicator.movement_year:
        found.append(f"{MOVEMENTS[indicator.movement_year]} on last year")
    return found


def override_words(report: Report, override: OverrideShown) -> str:
    """What somebody set by hand: "▲ Amber by A. Officer until 31 July 2024 (data error)"."""
    by = f" by {override.by}" if override.by else ""
    until = f" until {written_date(override.until)}" if override.until is not None else ""
    reason = f" ({override.reason})" if override.reason else ""
    return f"{status_words(report, override.status)}{by}{until}{reason}{'; expired' if override.expired else ''}"


def indicator_sections(report: Report) -> list[Section[RatedIndicator]]:
    """The indicators by the first grouping column, in the order of the scorecard."""
    return _sections(report.indicators, group_columns(report), "indicator", partial(_indicator, report))


def action_sections(report: Report) -> list[Section[RatedAction]]:
    """The actions by the first grouping column, in the order of the scorecard."""
    columns = tuple(dict.fromkeys(column for action in report.actions for column in action.groups))
    return _sections(report.actions, columns, "action", partial(_task, report))


def objective_sections(report: Report) -> list[Section[RatedObjective]]:
    """The objectives by their aims, in the order of the plan."""
    return [
        Section(
            one_line(f"{aim.ref} {aim.name}", LIMIT) or "(no aim)",
            "objective",
            aim.objectives,
            tuple(_task(report, objective, ref="") for objective in aim.objectives),
            aim_facts(aim),
        )
        for aim in report.aims
    ]


def aim_facts(aim: RatedAim) -> tuple[str, ...]:
    """The theme, the resource impact, who is responsible, and the progress."""
    code, meaning = aim.resource_impact, aim.resource_meaning
    is_told = not code or not meaning or meaning.startswith(code)  # "I, as published" says the code itself
    impact = (meaning or code) if is_told else f"{code} ({meaning})"
    facts = (
        ("Theme", aim.theme), ("Resource impact", impact), ("Responsible", "; ".join(aim.responsible)), ("Progress", aim.progress),
    )  # fmt: skip
    return tuple(f"{name}: {one_line(text, LIMIT)}" for name, text in facts if text)


def _sections(
    rows: Sequence[Grouped], columns: Sequence[str], noun: str, entry: Callable[[Grouped], Entry]
) -> list[Section[Grouped]]:
    found = by_group(rows, columns)
    return [Section(group, noun, tuple(inside), tuple(map(entry, inside))) for group, inside in found.items()]


def by_group(rows: Sequence[Grouped], columns: Sequence[str]) -> dict[str, list[Grouped]]:
    """The rows by what they have in the first of ``columns``, in order; all under "" where there are no columns."""
    column = next(iter(columns), None)
    if column is None:
        return {"": list(rows)} if rows else {}
    names = {group: one_line(group, 120) or without(column) for group in {row.groups.get(column, "") for row in rows}}
    found: dict[str, list[Grouped]] = {}
    for row in rows:
        found.setdefault(names[row.groups.get(column, "")], []).append(row)
    return found


def _indicator(report: Report, indicator: RatedIndicator) -> Entry:
    reading = one_line(indicator.reading.text, LIMIT) or "(blank)"
    target = one_line(indicator.target.text, LIMIT) or "(none)"
    if indicator.target.to_date:
        target += f" ({one_line(indicator.target.to_date, LIMIT)})"
    facts = [status_words(report, indicator.status), f"reading {reading}", f"target {target}"]
    facts += movement_words(indicator)
    said = said_of(
        indicator.explanation,
        indicator.notes,
        forecast=indicator.forecast.sentence if indicator.forecast is not None else None,
        published=indicator.published,
        override=override_words(report, indicator.override) if indicator.override is not None else None,
        comment=indicator.comment or ("needed, and there is none" if indicator.needs_comment else None),
    )
    return Entry(one_line(indicator.ref, 40), one_line(indicator.name, LIMIT), indicator.status, tuple(facts), said)


def task_words(report: Report, task: RatedTask) -> str:
    """The state behind the shape of its status, with what the scheme calls that status: "▲ Overdue: delayed under 3 months"."""
    word = report.task_words.get(task.status)
    said = f"{task.state.value.capitalize()}{f': {word}' if word else ''}"
    return shape_and_word(task.status, said, report.look.shapes.get(task.status))


def _task(report: Report, task: RatedTask, *, ref: str | None = None) -> Entry:
    facts = [
        task_words(report, task),
        f"due {one_line(task.due.text, LIMIT) or '(blank)'}" if task.due is not None else "due (blank)",
    ]
    if task.revised is not None:
        facts.append(f"revised {one_line(task.revised.text, LIMIT)}")
    if task.reported:
        facts.append(f"reported {one_line(task.reported, LIMIT)}")
    said = said_of(task.explanation, task.notes, disagreement=task.disagreement, progress=task.progress)
    ref = task.ref if ref is None else ref
    return Entry(one_line(ref, 40), one_line(task.name, LIMIT), task.status, tuple(facts), said)
