"""Rows to actions, and to aims with their objectives, with the place of every cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rag_rules.files.columns import Layout
from rag_rules.files.records import LEGEND, Collector, Draft
from rag_rules.files.tables import Row, Table, plain_words, printable, runs
from rag_rules.models import Action, Aim, Objective

__all__ = ["TaskCollector"]

#: the columns of a plan that belong to the aim, not to one of its objectives
_OF_AIM: Final = ("theme", "resource_impact", "responsible", "progress")
#: what makes a row one of work: without any of these it is a title or a note
_OF_WORK: Final = ("due", "revised_due", "finished_on", "reported")


@dataclass(slots=True)
class _AimDraft:
    """An aim in the making: its own columns, the row that each was first seen in, and its objectives."""

    ref: str
    name: str
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    objectives: list[Objective] = field(default_factory=list)

    def made(self) -> Aim:
        """The finished record."""
        roles = (role.strip() for role in re.split(r"[;\n]", self.values.get("responsible", "")))
        return Aim(
            theme=self.values.get("theme", ""),
            ref=self.ref,
            name=self.name,
            resource_impact=self.values.get("resource_impact"),
            responsible=tuple(role for role in roles if role),
            progress=self.values.get("progress"),
            objectives=tuple(self.objectives),
        )


@dataclass(slots=True)
class _Plan:
    """The aims of one table in the making."""

    aims: list[_AimDraft] = field(default_factory=list)
    _by_ref: dict[str, list[_AimDraft]] = field(default_factory=dict)
    _by_name: dict[str, list[_AimDraft]] = field(default_factory=dict)
    current: _AimDraft = field(default_factory=lambda: _AimDraft("", ""))

    def add(self, aim: _AimDraft) -> _AimDraft:
        """Add an aim, to which the rows below belong that name none."""
        self.aims.append(aim)
        self._by_ref.setdefault(plain_words(aim.ref), []).append(aim)
        self._by_name.setdefault(plain_words(aim.name), []).append(aim)
        self.current = aim
        return aim

    def named(self, ref: str, name: str) -> list[_AimDraft]:
        """The aims that a row can mean by a ref, a name, or both; that of the row above before all others."""
        known = self._by_ref.get(plain_words(ref), []) if ref else self._by_name.get(plain_words(name), [])
        found = [aim for aim in known if not (ref and name and aim.name) or plain_words(aim.name) == plain_words(name)]
        return [self.current] if self.current in found else found


class TaskCollector(Collector):
    """Collects actions and aims as well."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.actions: list[Action] = []
        self.action_groups: list[str] = []
        self._aims: list[_AimDraft] = []

    @property
    def aims(self) -> tuple[Aim, ...]:
        """The aims, in the order of the tables."""
        return tuple(aim.made() for aim in self._aims)

    def add_actions(self, table: Table, layout: Layout) -> None:
        """Add the actions of a table, one for each row."""
        self._warn_of_slips(table, layout)
        headings = map(table.heading, layout.groups)
        self.action_groups += [heading for heading in headings if heading not in self.action_groups]
        left_out = []
        for row in table.rows:
            if _is_left_out(layout, row, ("ref", "name"), needs=("ref", *_OF_WORK)):
                left_out.append(row.number)
                continue
            draft = self._draft(table, layout, row)
            self.actions.append(
                Action(
                    row=draft.row,
                    place=draft.place,
                    at=draft.at,
                    groups=draft.groups,
                    trouble=draft.trouble,
                    **draft.values,
                )
            )
        self._warn_of_left_out(table, left_out)

    # plans

    def add_plan(self, table: Table, layout: Layout) -> None:
        """Add the aims of a plan, which has a row for each objective.

        The columns of the aim are repeated in its rows, or left blank below the first; a blank theme is that of the
        aim before.
        """
        self._warn_of_slips(table, layout)
        plan = _Plan()
        left_out: list[int] = []
        carried: list[int] = []
        theme = ""
        for row in table.rows:
            if _is_left_out(layout, row, ("ref", "aim", "objective"), needs=("ref", "aim", "objective", *_OF_WORK)):
                theme = _cell(layout, row, "theme") or theme
                left_out.append(row.number)
                continue
            draft = self._draft(table, layout, row)
            aim, is_new = self._aim_of(draft, plan)
            if is_new and theme and "theme" not in draft.values:
                draft.values["theme"] = theme
                carried.append(row.number)
            theme = draft.values.get("theme", theme)
            self._add_to_aim(aim, draft)
        self._aims += plan.aims
        self._warn_of_left_out(table, left_out)
        if carried:
            rows = f"{'rows' if len(carried) > 1 else 'row'} {runs(carried)}"
            self.warn(f"{table.place}, {rows}", "the theme is blank and taken from the rows above")

    def _aim_of(self, draft: Draft, plan: _Plan) -> tuple[_AimDraft, bool]:
        """The aim that a row names, or else that of the row before; and whether it is new."""
        ref, name = draft.ref, str(draft.values.get("aim", ""))
        if not (ref or name):
            if plan.aims:
                return plan.current, False
            self.warn(draft.place, "the row names no aim, and there is none above it", row=draft.row)
        found = plan.named(ref, name)
        if len(found) > 1:
            called = printable(ref or name)
            self.warn(
                draft.place, f"“{called}” could be several aims of the plan; it is taken as a new one",
                severity="error", row=draft.row, ref=ref,
            )  # fmt: skip
        if len(found) != 1:
            return plan.add(_AimDraft(ref, name)), True
        aim = found[0]
        aim.ref, aim.name = aim.ref or ref, aim.name or name
        plan.current = aim
        return aim, False

    def _add_to_aim(self, aim: _AimDraft, draft: Draft) -> None:
        """Add what a row says of its aim, and its objective if it has one."""
        for key in _OF_AIM:
            if key not in draft.values:
                continue
            value = draft.values.pop(key)
            own = aim.values.setdefault(key, value)
            first = aim.rows.setdefault(key, draft.row)
            if own != value:
                place, column = draft.at[key]
                self.warn(
                    f"{place}, column {column}",
                    f"the {key.replace('_', ' ')} of the aim is “{printable(value)}” here and “{printable(own)}” in row "
                    f"{first}, which is taken",
                    row=draft.row, ref=aim.ref, column=column,
                )  # fmt: skip
        values = {
            _AS_OBJECTIVE.get(key, key): value for key, value in draft.values.items() if key not in ("ref", "aim")
        }
        if not any(key in values for key in ("name", *_OF_WORK)):
            return
        if "name" not in values:
            self.warn(draft.place, "the row has a date or a status and no objective", row=draft.row, ref=aim.ref)
        at = {_AS_OBJECTIVE.get(key, key): place for key, place in draft.at.items()}
        aim.objectives.append(Objective(row=draft.row, place=draft.place, at=at, trouble=draft.trouble, **values))


#: the fields of a plan's table as they are called in an objective
_AS_OBJECTIVE: Final = {"objective": "name", "objective_progress": "progress"}


def _cell(layout: Layout, row: Row, name: str) -> str:
    return row.cell(layout.fields[name]) if name in layout.fields else ""


def _is_left_out(layout: Layout, row: Row, called: Sequence[str], *, needs: Sequence[str]) -> bool:
    """Whether a row is no work: a note, a line of the legend, or the title of those below it."""
    name = next((text for each in called if (text := _cell(layout, row, each))), "")
    return bool(LEGEND.match(name)) or not any(_cell(layout, row, each) for each in needs)
