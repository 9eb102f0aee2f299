"""Headings of tables of actions and of plans to what their columns hold."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from rag_rules.errors import ScorecardError
from rag_rules.files.columns import FIELDS, Finder, Layout, names_target
from rag_rules.files.tables import Table, plain_words
from rag_rules.models import TableOnFile

__all__ = [
    "action_layout",
    "is_action_headings",
    "is_plan_headings",
    "known_action_headings",
    "known_plan_headings",
    "plan_layout",
]

_Names = dict[str, tuple[tuple[str, ...], tuple[str, ...]]]


def _both(names: str, others: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(names.split("|")), tuple(others.split("|")) if others else ()


#: what actions and objectives have in common
_DATES: Final[_Names] = {
    "due": _both(
        "due|due date|due by|due on|date due|target date|target completion date|target completion|target month"
        "|planned completion date|planned completion|planned end date|planned end|planned finish|target end date"
        "|completion target|deadline|deadlines|by when|when|when by|timescale|timescales|timeframe|complete by"
        "|to be completed by|original due date|original due|original deadline|original target date|original date"
        "|milestone date",
        "end date|date|target|timing",
    ),
    "revised_due": _both(
        "revised due|revised due date|revised|revised date|revised deadline|revised target date|revised target"
        "|revised completion date|revised timescale|revised end date|new date|new due date|new deadline"
        "|new target date|extended deadline|extended to|extended date|extension date"
    ),
    "finished_on": _both(
        "finished on|finished|date finished|completed on|date completed|completed date|finish date|actual date"
        "|actual completion date|actual completion|actual end date|actual finish|actual finish date"
        "|date of completion|date closed|closed on|closed date|achieved on|date achieved|delivered on|date delivered"
    ),
    "reported": _both(
        "reported|reported status|rag|rag status|rag rating|brag|brag status|brag rating|status|progress status|action status"
        "|delivery status|current status|overall status|progress rag|delivery rag|current rag|project status|objective status"
    ),
}  # fmt: skip
_ROLES: Final = (
    "owners|lead|leads|lead officer|lead officers|responsible officer|responsible officers|accountable officer"
)
_PROGRESS: Final = (
    "progress|progress update|update|updates|latest update|progress notes|progress to date|progress comments"
    "|comment|comments|commentary|narrative|current position|latest position|officer comments"
)
_ACTIONS: Final[_Names] = {
    "ref": (
        (*FIELDS["ref"][0], *_both("action ref|action reference|action no|action number|action id|action code")[0]),
        FIELDS["ref"][1],
    ),
    "name": _both(
        "name|title|action|actions|action title|action name|task|tasks|task name|milestone|milestones|deliverable"
        "|deliverables|project|project name|activity|what we will do|what will we do|objective|improvement action"
        "|key action|recommendation",
        "description|action description|details|detail",
    ),
    **_DATES,
    "owner": _both(
        f"owner|action owner|action lead|assigned to|who|by whom|responsible|responsibility|responsible person|{_ROLES}"
        "|responsible lead|lead person|lead name|project lead|project manager|delivery lead|sro|accountable",
        "manager",
    ),
    "progress": _both(_PROGRESS, "notes|note"),
}  # fmt: skip
_PLAN: Final[_Names] = {
    "theme": _both("theme|priority theme|strategic theme|priority|strategic priority|corporate priority|pillar|goal"),
    "ref": (
        (*FIELDS["ref"][0], *_both("aim ref|aim reference|aim no|aim number|aim id|objective ref|objective no")[0]),
        FIELDS["ref"][1],
    ),
    "aim": _both("aim|aims|strategic aim|aim title|priority aim|ambition|outcome|strategic outcome", "name|title"),
    "objective": _both(
        "objective|objectives|strategic objective|dated objective|action|actions|milestone|milestones|deliverable"
        "|key action|what we will do|what will we do",
        "task|activity|description",
    ),
    "resource_impact": _both("resource impact|impact on resources|resource implications|resource implication", "resources|resource"),
    "responsible": _both(
        f"responsible|responsibility|responsibilities|responsible roles|responsible role|roles|role|{_ROLES}|owner|who"
        "|portfolio holder|accountable"
    ),
    "objective_progress": _both("objective progress|progress of objective|progress on objective|objective update"),
    "progress": _both(f"aim progress|progress of aim|{_PROGRESS}", "notes|note"),
    **_DATES,
}  # fmt: skip
#: headings that name the deadline in some tables and the day of finishing in others
_EITHER: Final = ("completion date", "completion", "date of finish")


class _TaskFinder(Finder):
    """Finds the columns of a table of actions."""

    known = _ACTIONS
    decisive = frozenset(_DATES)
    section = "actions"
    #: the fields without which there is nothing to assess, each with what is looked for
    needed: tuple[tuple[str, ...], ...] = (("due", "reported"), ("name", "ref"))

    def layout(self) -> Layout:
        """What the columns hold; raises ``ScorecardError`` without those that a table of its kind needs."""
        fields = self.fields()
        self._settle(fields)
        for either in self.needed:
            if not any(field in fields for field in either):
                looked_for = ", ".join(self.known[either[0]][0][:5])
                used = {*self.taken, *fields.values(), *self.groups()}
                slips = [
                    f"; did you mean “{near}” by “{self.table.heading(index)}”?"
                    for index, near in self.slipped(used, _all_names(self.known))
                ]
                raise ScorecardError(
                    f"{self.table.place}: no column holds the {either[0].replace('_', ' ')}; "
                    f"there are {self.table.listed_headings}{''.join(slips[:3])}",
                    hint=f"looked for {looked_for} and the like; another name is given as "
                    f'[{self.section}.columns] {either[0]} = "..." in scorecard.toml',
                )
        groups = self.groups()
        used = {*self.taken, *fields.values(), *groups}
        return Layout(fields, {}, (), groups, (), slips=self.slipped(used, _all_names(self.known)))

    def _settle(self, fields: dict[str, int]) -> None:
        """Say which date a heading such as "completion date" names: the one that no other column holds."""
        for index, plain in enumerate(self.plain):
            if plain not in _EITHER or index in self.taken:
                continue
            free = [field for field in ("due", "finished_on") if field not in fields]
            if len(free) == 2:
                heading = self.table.heading(index)
                raise ScorecardError(
                    f"{self.table.place}: “{heading}” could be the deadline or the day of finishing",
                    hint=f'say which: [{self.section}.columns] due = "{heading}" in scorecard.toml, or finished_on',
                )
            if free:
                fields[free[0]] = index
                self.taken.add(index)


class _PlanFinder(_TaskFinder):
    """Finds the columns of a plan, which has a row for each objective."""

    known = _PLAN
    section = "plan"
    needed = (("due",), ("objective",))

    def groups(self) -> tuple[int, ...]:
        """None: a plan is gathered under its themes, its roles and its resource impact."""
        return ()


def action_layout(table: Table, mapped: TableOnFile) -> Layout:
    """What the columns of a table of actions hold.

    Raises ``ScorecardError`` where what is needed is missing, or where two columns could be one thing.
    """
    return _TaskFinder(table, mapped).layout()


def plan_layout(table: Table, mapped: TableOnFile) -> Layout:
    """What the columns of a plan hold; raises ``ScorecardError`` as ``action_layout`` does."""
    return _PlanFinder(table, mapped).layout()


def _all_names(known: _Names) -> frozenset[str]:
    """Every heading that a slip may be for."""
    return frozenset(name for names, others in known.values() for name in (*names, *others))


def _known(cells: Sequence[str], mapped: TableOnFile, *, known: _Names) -> int:
    """How many of the cells are headings of such a table; 0 for a line with fewer than two."""
    wanted = {plain_words(name) for names in mapped.columns.values() for name in names} | {*_all_names(known), *_EITHER}
    found = sum(plain_words(cell) in wanted for cell in cells if cell.strip())
    return found if found > 1 else 0


def is_action_headings(cells: Sequence[str]) -> bool:
    """Whether a line is certainly that of a table of actions: deadlines, what is to be done, and how it stands.

    A table with targets is one of indicators, though it may have dates as well.
    """
    return _has(cells, _ACTIONS, ("due",), ("name",), ("reported", "finished_on"))


def is_plan_headings(cells: Sequence[str]) -> bool:
    """Whether a line is certainly that of a plan: aims, objectives and deadlines."""
    return _has(cells, _PLAN, ("due",), ("aim",), ("objective",))


def _has(cells: Sequence[str], known: _Names, *needed: tuple[str, ...]) -> bool:
    """Whether each of the needed fields, or of those that may stand for it, has a heading of its own in a line."""
    if any(map(names_target, cells)):
        return False
    plain = set(map(plain_words, cells))
    return all(any(plain.intersection(known[field][0]) for field in either) for either in needed)


known_action_headings = partial(_known, known=_ACTIONS)
known_plan_headings = partial(_known, known=_PLAN)
