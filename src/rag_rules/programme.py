"""Actions and objectives to what is concluded of them: their dates at a day, and what is reported beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import takewhile
from typing import Any, Final

from rag_rules.deadlines import Deadline, Grace, Precision, Window
from rag_rules.errors import RagRulesError, ScorecardError, SettingError
from rag_rules.files.tables import listed, plain_words, printable, runs
from rag_rules.files.years import scheme_year
from rag_rules.models import (
    Action,
    Aim,
    DeadlineShown,
    Problem,
    RatedAction,
    RatedAim,
    RatedObjective,
    Scheme,
    Severity,
    Task,
)
from rag_rules.periods import FINANCIAL, Year, written_date
from rag_rules.reported import Vocabulary, not_read
from rag_rules.states import Clash, Reported, State
from rag_rules.status import Reason, Status
from rag_rules.syntax.when import parse_deadline
from rag_rules.workdays import working_days

__all__ = ["TaskRater"]

#: what is reported of work that is not finished and goes on
_GOING: Final = frozenset({Reported.ON_TRACK, Reported.AT_RISK, Reported.OFF_TRACK, Reported.NOT_STARTED})
#: what cannot be said of work that is past its deadline; who reports it as off track agrees with the dates
_TO_PLAN: Final = _GOING - {Reported.OFF_TRACK}
#: how exactly a day of finishing has to be known
_EXACT: Final = frozenset({Precision.DAY, Precision.WEEK, Precision.MONTH})


@dataclass(frozen=True)
class _Dated:
    """What a cell says of a date: as written, and as read unless it says nothing or cannot be read.

    Tables have few different texts, and each is read and described once.
    """

    text: str = ""
    deadline: Deadline | None = None
    fault: str = ""

    @cached_property
    def meanings(self) -> tuple[Deadline, ...]:
        """The deadline in each of its meanings: one, unless the text has several; one without a day for none."""
        return tuple(each for _, each in self.named_meanings)

    @cached_property
    def named_meanings(self) -> tuple[tuple[str, Deadline], ...]:
        """Each meaning with what the text is taken as in it: ("“3/4/23” as 3 April 2023", ...)."""
        deadline = self.deadline or Deadline()
        found = _meanings_of_last(deadline) if deadline.stages and deadline.alternatives else deadline.alternatives
        begins = [deadline.first_day if deadline.stages else each.first_day for each in found]
        meant = [
            (printable(each.said), replace(deadline, first_day=first, last_day=each.last_day))
            for first, each in zip(begins, found, strict=True)
        ]
        if meant and deadline.precision is not Precision.NONE:
            return tuple(meant)
        # "Sept 21" is a day without a year, or perhaps September 2021
        return ((f"“{_short(self.text)}” as a day without its year", deadline), *meant)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """How the text was taken, where it does not name its last day in full; what it lacks is said elsewhere.

        That "Mar-23" lasts to the end of March needs no note: the sentence about the work names the day.
        """
        found = self.deadline
        if found is None or not (
            found.first_day or found.last_day or found.alternatives or found.original or found.event
        ):
            return ()
        is_plain = found.precision is Precision.MONTH and found.last_day is not None
        return () if is_plain and len(found.notes) == 1 else tuple(map(printable, found.notes))

    @cached_property
    def shown(self) -> DeadlineShown | None:
        """As a report shows it."""
        if not self.text:
            return None
        found = self.deadline or Deadline()
        notes = tuple(map(printable, found.notes))
        return DeadlineShown(
            text=self.text, first_day=found.first_day, last_day=found.last_day, precision=found.precision,
            original_day=found.original.last_day if found.original else None, notes=notes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is concluded of a task in one meaning of its dates."""

    state: State
    status: Status
    reason: Reason | None
    #: why, as the rest of a sentence
    said: str
    #: the days between which the slack is counted
    slack: tuple[date, date] | None = None
    notes: tuple[str, ...] = ()
    #: whether the sentence says each meaning of a date that has several
    names_meanings: bool = False


@dataclass(frozen=True, slots=True)
class _Case:
    """A task with its cells read."""

    task: Task
    due: _Dated
    revised: _Dated
    finished: _Dated
    #: each meaning of the finish date: the days on which it may have been; empty where there is none
    finishes: tuple[tuple[date, date], ...]
    #: what is reported, as written and as understood; a blank and a word for missing data report nothing
    word: str
    reported: Reported | None

    @property
    def in_force(self) -> _Dated:
        """The deadline that counts: the revised one where there is one."""
        return self.revised if self.revised.text else self.due

    @property
    def is_revised(self) -> bool:
        """Whether the deadline in force is not the first: by a column of revised dates, or by its own words."""
        return bool(self.revised.text) or (self.due.deadline is not None and self.due.deadline.original is not None)

    @property
    def original(self) -> date | None:
        """The last day of the first deadline where a revised one is in force; the latest of its meanings."""
        return max(self.originals, default=None)

    @property
    def originals(self) -> tuple[date, ...]:
        """The last day of the first deadline in each of its meanings; none unless each has one."""
        if not self.is_revised:
            return ()
        for dated in (self.due, self.revised):
            if dated.deadline is not None and dated.deadline.original is not None:
                day = dated.deadline.original.last_day
                return () if day is None else (day,)
        days = [_own_day(each) for each in self.due.meanings]
        return tuple(day for day in days if day is not None) if all(days) else ()

    @property
    def is_unknown_word(self) -> bool:
        """Whether something is reported and nobody knows what."""
        return bool(self.word) and self.reported is None

    @property
    def goes_on(self) -> bool:
        """Whether it is certain that it is not finished.

        In a table that has a column of finish dates and none of reported words, a blank says that.
        """
        at = self.task.at
        return self.reported in _GOING or (not self.word and "finished_on" in at and "reported" not in at)


@dataclass(slots=True)
class TaskRater:
    """Assesses actions and objectives one by one at a date, and collects their problems.

    Raises ``ScorecardError`` for a scheme that cannot be read.
    """

    scheme: Scheme
    as_of: date
    problems: list[Problem] = field(default_factory=list)
    _grace: Grace | None = field(init=False)
    _soon: Grace | None = field(init=False)
    _vocabulary: Vocabulary = field(init=False)
    _dates: dict[str, _Dated] = field(default_factory=dict)
    _unknown: dict[str, list[tuple[Task, str]]] = field(default_factory=dict)
    _codes: dict[str, str] = field(init=False)
    #: the kind of year that texts are read with; ``None`` for the financial year from April, however it is written
    _year: Year | None = field(init=False)

    def __post_init__(self) -> None:
        self._grace = _length(self.scheme.grace, "grace")
        self._soon = _length(self.scheme.due_soon, "due_soon")
        self._vocabulary = Vocabulary.of(self.scheme.reported, self.scheme.missing)
        self._codes = {code.strip().casefold(): meaning for code, meaning in self.scheme.resource_impact.items()}
        year = scheme_year(self.scheme)
        self._year = None if year == FINANCIAL else year
        if self.scheme.day_order is not None:  # else there is nothing to go wrong, and no grammar to compile
            try:
                self._read("1 April 2000")
            except SettingError as error:
                raise ScorecardError(f"the scheme cannot be read: {printable(error.sentence)}") from error

    def action(self, action: Action) -> RatedAction:
        """The action with what is concluded of it; its problems are added to ``problems``."""
        return RatedAction(**self._rated(action, action.ref), groups=action.groups, owner=action.owner)

    def aim(self, aim: Aim) -> RatedAim:
        """The aim with its objectives, each with what is concluded of it; problems as with actions."""
        return RatedAim(
            theme=aim.theme,
            ref=aim.ref,
            name=aim.name,
            resource_impact=aim.resource_impact,
            resource_meaning=self._codes.get((aim.resource_impact or "").strip().casefold()),
            responsible=aim.responsible,
            progress=aim.progress,
            objectives=tuple(RatedObjective(**self._rated(each, aim.ref)) for each in aim.objectives),
        )

    def say_of_all(self, aims: Iterable[Aim]) -> None:
        """Add the problems that concern several rows, each told once; to be called when all tasks are rated."""
        self._say_unknown_words()
        self._say_unknown_codes(aims)

    def _say_unknown_words(self) -> None:
        """Add a problem for each reported word that nobody knows."""
        for word, tasks in self._unknown.items():
            found = not_read(word)
            said = f"“{word}” {found.said}"
            hint = (
                found.hint or f"say what it means here: [scheme.reported] “{word}” = “completed”, or one of {_MEANINGS}"
            )
            task, ref = tasks[0]
            place, column = task.where("reported")
            if len(tasks) > 1:
                place = _rows([task for task, _ in tasks])
            self.problems.append(
                Problem(
                    severity="warning", place=f"{place}, column {printable(column)}", message=f"{said}; {hint}",
                    ref=ref if len(tasks) == 1 else "", row=task.row, column=column,
                )
            )  # fmt: skip

    def _say_unknown_codes(self, aims: Iterable[Aim]) -> None:
        """Add a problem for each code of resource impact that the scheme, which lists codes, does not list."""
        if not self._codes:
            return
        found: dict[str, list[Task]] = {}
        for aim in aims:
            code = (aim.resource_impact or "").strip()
            if code and code.casefold() not in self._codes and aim.objectives:
                found.setdefault(_short(code), []).append(aim.objectives[0])
        known = ", ".join(f"“{_short(code)}”" for code in self.scheme.resource_impact)
        for code, tasks in found.items():
            message = f"the resource impact “{code}” is not in the scheme, which has {known}"
            self.problems.append(Problem(severity="warning", place=_rows(tasks), message=message, row=tasks[0].row))

    # one task

    def _rated(self, task: Task, ref: str) -> dict[str, Any]:
        """The fields of a rated task, whatever its kind."""
        case = self._case(task, ref)
        verdict = self._verdict(case)
        clash, disagreement = self._clash(case, verdict)
        notes = verdict.notes
        if case.revised.text and case.due.fault:
            notes += (f"the first deadline, “{_short(case.due.text)}”, cannot be read",)
        if verdict.reason not in (Reason.NO_LONGER, Reason.BAD_ROW) and not verdict.names_meanings:
            notes += tuple(note for dated in (case.due, case.revised, case.finished) for note in dated.notes)
        self._report(case, verdict, ref, clash, disagreement)
        slack = verdict.slack
        holidays = self.scheme.holidays
        return {
            "row": task.row,
            "ref": ref,
            "name": task.name,
            "due": case.due.shown,
            "revised": case.revised.shown,
            "finished_on": case.finished.shown,
            "reported": case.word or None,
            "reported_state": case.reported,
            "state": verdict.state,
            "undated": _is_undated(case.in_force),
            "status": verdict.status,
            "reason": verdict.reason,
            "explanation": _sentence(verdict),
            "slack": (slack[1] - slack[0]).days if slack else None,
            "slack_working_days": working_days(*slack, holidays) if slack and holidays else None,
            "disagreement": disagreement,
            "clash": clash,
            "notes": tuple(dict.fromkeys(notes)),
            "progress": task.progress,
        }

    def _case(self, task: Task, ref: str) -> _Case:
        """The task with its cells read; what cannot be read becomes a problem."""
        due, revised, finished = (self._dated(task, key) for key in ("due", "revised_due", "finished_on"))
        finishes = [_finish_of(each) for each in finished.meanings]
        if finished.deadline is not None and None in finishes:
            fault = f"“{_short(finished.text)}” is no day on which something was finished; write 2023-09-30, or Sep-23"
            finished = replace(finished, fault=fault)
        for key, dated in (("due", due), ("revised_due", revised), ("finished_on", finished)):
            if dated.fault:
                self._add(task, ref, "error", key, dated.fault)
            elif dated.deadline is not None and dated.deadline.unclear:
                said = f"{printable(dated.deadline.unclear)}; write the date in full, such as 31 March 2024 or Mar-24"
                self._add(task, ref, "warning", key, said)
        word = "" if self._vocabulary.says_nothing(task.reported) else printable(task.reported or "")
        reported = self._vocabulary.read(word) if word else None
        if word and reported is None:
            self._unknown.setdefault(_short(word), []).append((task, ref))
        known = () if finished.fault else tuple(each for each in finishes if each is not None)
        return _Case(task, due, revised, finished, known, word, reported)

    def _dated(self, task: Task, key: str) -> _Dated:
        """What the cell of a date says."""
        text = getattr(task, key) or ""
        if text not in self._dates:
            self._dates[text] = self._read_or_fault(text)
        return self._dates[text]

    def _read_or_fault(self, text: str) -> _Dated:
        shown = printable(text)
        if not shown or self._vocabulary.says_nothing(text):
            return _Dated(shown if plain_words(shown) in _TO_COME else "")
        try:
            return _Dated(shown, self._read(text))
        except RagRulesError as error:
            return _Dated(shown, fault=_day_number(shown) or printable(error.sentence))

    def _read(self, text: str) -> Deadline:
        # 2023/24 begins in April unless another month is said; where a kind of year is said, a plain 2024 could be one
        # of that kind too, and in a scorecard of the usual year it is the calendar year
        found = parse_deadline(text, year=self._year, day_order=self.scheme.day_order)
        return found.with_holidays(self.scheme.holidays)

    # what is concluded

    def _verdict(self, case: _Case) -> _Verdict:
        """What is concluded of a task, over all meanings of its dates."""
        if case.task.trouble is not None:
            return _unrated(State.NOT_UNDERSTOOD, Reason.BAD_ROW, printable(case.task.trouble))
        is_over = any(first <= self.as_of for first, _ in case.finishes)
        if case.reported is Reported.CANCELLED or (case.reported is Reported.PAUSED and not is_over):
            state = State.CANCELLED if case.reported is Reported.CANCELLED else State.PAUSED
            return _unrated(
                state, Reason.NO_LONGER, f"reported as “{_short(case.word)}”, so no deadline is held against it"
            )
        fault = case.finished.fault or case.in_force.fault
        if fault:
            is_over = is_over or case.reported is Reported.COMPLETED
            said = f"completed, and whether in time cannot be told: {fault}" if is_over else fault
            return _unrated(State.COMPLETED if is_over else State.NOT_UNDERSTOOD, Reason.BAD_DATE, said)
        verdicts: list[tuple[str, _Verdict]] = []
        finishes: Sequence[tuple[date, date] | None] = case.finishes or (None,)
        names = [name for name, _ in case.finished.named_meanings] if case.finishes else [""]
        for name, meaning in case.in_force.named_meanings:
            for finish_name, finish in zip(names, finishes, strict=True):
                taken = [name] if len(case.in_force.meanings) > 1 else []
                taken += [finish_name] if len(finishes) > 1 else []
                verdicts.append((" and ".join(taken), self._judged(case, meaning, finish)))
        return self._agreed(case, verdicts)

    def _agreed(self, case: _Case, named: Sequence[tuple[str, _Verdict]]) -> _Verdict:
        """The one verdict of all meanings, where they agree; else each of them is said, with its name."""
        verdicts = [verdict for _, verdict in named]
        first, *others = verdicts
        if not others:
            return first
        if all((each.state, each.status, each.reason) == (first.state, first.status, first.reason) for each in others):
            if all(each.slack == first.slack for each in others):
                return first
            # a convention says which meaning counts; of a date such as 03/04/2023 none does
            is_open = any(
                each.deadline is not None and _is_open(each.deadline) for each in (case.in_force, case.finished)
            )
            said = f"{first.said}; every other meaning of its dates comes to the same"
            return replace(first, said=said, slack=None if is_open else first.slack)
        state = State.CANNOT_TELL
        if all(each.state.is_completed for each in verdicts):
            state = State.COMPLETED
        elif all(each.state is first.state for each in verdicts):
            state = first.state
        texts = dict.fromkeys(
            f"“{_short(each.text)}”" for each in (case.in_force, case.finished) if len(each.meanings) > 1
        )  # fmt: skip
        each_said = "; or ".join(
            dict.fromkeys(f"{name}: {each.status.value}, {each.said}" for name, each in named)
        )  # fmt: skip
        has = "has" if len(texts) == 1 else "have"
        said = f"{listed(list(texts))} {has} more than one meaning, and they do not agree: {each_said}"
        return replace(_unrated(state, Reason.AMBIGUOUS, said), names_meanings=True)

    def _judged(self, case: _Case, deadline: Deadline, finish: tuple[date, date] | None) -> _Verdict:
        """What is concluded in one meaning of the deadline and of the finish date."""
        is_completed = case.reported is Reported.COMPLETED
        if finish is not None and finish[0] <= self.as_of:
            return self._finished(case, deadline, finish[0], min(finish[1], self.as_of))
        if finish is not None and is_completed:
            said = f"reported as “{_short(case.word)}”, and its finish date, {_span(*finish)}, is still to come"
            return _unrated(State.CANNOT_TELL, Reason.AMBIGUOUS, said)
        if is_completed:
            return self._completed(case, deadline)
        if case.is_unknown_word and finish is None:
            said = f"what is reported, “{_short(case.word)}”, {not_read(case.word).said}"
            return _unrated(State.CANNOT_TELL, Reason.UNKNOWN_REPORT, said)
        return self._unfinished(case, deadline, goes_on=case.goes_on or finish is not None)

    def _finished(self, case: _Case, deadline: Deadline, first: date, last: date) -> _Verdict:
        """What is concluded of work that was finished on one of some days."""
        steps, due = deadline.steps(self._grace), deadline.last_day
        if deadline.recurring:
            steps = None  # one day cannot say how each of its rounds went
        day = f"finished {'on' if first == last else 'in'} {_span(first, last)}"
        if steps is None or due is None:
            return _unrated(State.COMPLETED, Reason.NO_DATE, f"{day}; {_undated(case)}")
        slack = (first, due) if first == last else None
        notes = self._notes_of_original(case, first, due)
        if last <= due:
            is_early = deadline.first_day is not None and last < deadline.first_day
            state = State.COMPLETED_EARLY if is_early else State.COMPLETED_ON_TIME
            by = f"{_days((due - last).days)} before its deadline, " if last < due else "on the day of its deadline, "
            said = f"{day}, {by}{_by(case, due)}" if slack else f"{day}, in time for its deadline, {_by(case, due)}"
            return _Verdict(state, Status.GREEN, None, said, slack, notes)
        if first <= due:
            said = f"{day}, and whether that was by its deadline, {_by(case, due)}, depends on the day"
            return _unrated(State.COMPLETED, Reason.AMBIGUOUS, said)
        late = f"{_days((first - due).days)} after" if slack else "after"
        said = f"{day}, {late} its deadline, {_by(case, due)}{self._within(due, first)}"
        if steps.at(first) != steps.at(last):
            return _unrated(State.COMPLETED_LATE, Reason.AMBIGUOUS, f"{said}, or beyond it, depending on the day")
        return _Verdict(State.COMPLETED_LATE, steps.at(last), None, said, slack)

    def _completed(self, case: _Case, deadline: Deadline) -> _Verdict:
        """What is concluded of work that is reported as completed, without a date."""
        due = deadline.last_day if not deadline.recurring else None
        head = f"reported as “{_short(case.word)}” without a date"
        if due is None:
            return _unrated(State.COMPLETED, Reason.NO_DATE, f"reported as “{_short(case.word)}”; {_undated(case)}")
        if self.as_of > due:
            said = f"{head}; its deadline, {_by(case, due)}, has passed, so it may have been late"
            return _unrated(State.COMPLETED, Reason.NO_FINISH, said)
        is_early = deadline.first_day is not None and self.as_of < deadline.first_day
        passed = "has not passed" if self.as_of < due else "is the date of the report"
        said = f"{head}, and in time for certain: its deadline, {_by(case, due)}, {passed}"
        state = State.COMPLETED_EARLY if is_early else State.COMPLETED_ON_TIME
        return _Verdict(state, Status.GREEN, None, said)

    def _unfinished(self, case: _Case, deadline: Deadline, *, goes_on: bool) -> _Verdict:
        """What is concluded of work that is not finished, or of which nothing is reported."""
        due, today = deadline.last_day, self.as_of
        if due is None:
            if deadline.first_day is not None and today < deadline.first_day:
                said = f"not to begin before {written_date(deadline.first_day)}"
                return _unrated(State.NOT_DUE, Reason.NOT_DUE, said)
            return _unrated(State.NO_DATE, Reason.NO_DATE, _undated(case) + self._past_original(case))
        if deadline.recurring and deadline.first_day is not None:
            return replace(_unrated(State.NO_DATE, Reason.NO_DATE, _undated(case)), notes=_note_of_round(deadline, due))
        slack = (today, due)
        if today > due:
            late = f"due by {_by(case, due)}, {_days((today - due).days)} before {written_date(today)}"
            if not goes_on:
                said = f"{late}, and nothing says whether it is finished"
                return _unrated(State.UNREPORTED, Reason.NO_REPORT, said, slack)
            steps = deadline.steps(self._grace)
            assert steps is not None
            said = f"{late}, and not finished{self._within(due, today)}"
            return _Verdict(State.OVERDUE, steps.at(today), None, said, slack)
        if deadline.recurring:
            said = f"comes round ({deadline.recurring}) until {written_date(due)}, so one date cannot say how it stands"
            return _unrated(State.NO_DATE, Reason.NO_DATE, said)
        return self._ahead(case, deadline, due, goes_on=goes_on)

    def _ahead(self, case: _Case, deadline: Deadline, due: date, *, goes_on: bool) -> _Verdict:
        """What is concluded of work whose deadline is not past."""
        today, slack, notes = self.as_of, (self.as_of, due), self._notes_of_stages(deadline)
        original = case.original
        if original is not None and original < today and goes_on:
            said = (
                f"past its first date, {written_date(original)}, by {_days((today - original).days)}, "
                f"and not past the revised one, {written_date(due)}"
            )
            return _Verdict(State.OVERDUE_ORIGINAL, Status.AMBER, None, said, slack, notes)
        notes += self._notes_of_original(case, today, due)
        if due == today:
            state, said = State.DUE_TODAY, f"falls due that very day, {_by(case, due)}"
        elif self._soon is not None and self._soon.after(today) >= due:
            window = f"within the warning window of {self._soon}"
            state, said = State.DUE_SOON, f"due by {_by(case, due)}, {_days((due - today).days)} ahead, {window}"
        else:
            said = f"not due until {_by(case, due)}, {_days((due - today).days)} ahead"
            return _Verdict(State.NOT_DUE, Status.UNRATED, Reason.NOT_DUE, said, slack, notes)
        if self._soon is None:
            return _Verdict(state, Status.UNRATED, Reason.NOT_DUE, said, slack, notes)
        if not goes_on:
            said += ", and nothing says whether it is finished"
            return _Verdict(state, Status.UNRATED, Reason.NO_REPORT, said, slack, notes)
        return _Verdict(state, Status.AMBER, None, said, slack, notes)

    # parts of what is said

    def _within(self, due: date, day: date) -> str:
        """How something late stands to the scheme's grace."""
        if self._grace is None:
            return ""
        return f", {'within' if day <= self._grace.after(due) else 'beyond'} the grace of {self._grace}"

    def _past_original(self, case: _Case) -> str:
        original = case.original
        if original is None or original >= self.as_of:
            return ""
        return f"; the first, {written_date(original)}, is past by {_days((self.as_of - original).days)}"

    def _notes_of_original(self, case: _Case, day: date, due: date) -> tuple[str, ...]:
        """That a day is after the first deadline, where it is not after the revised one."""
        original = case.original
        if original is None or not original < day <= due:
            return ()
        return (f"after the first deadline, {written_date(original)}, and not after the revised one",)

    def _notes_of_stages(self, deadline: Deadline) -> tuple[str, ...]:
        """The stages that are past, where a text gives several deadlines."""
        past = [each.last_day for each in deadline.stages if each.last_day is not None and each.last_day < self.as_of]
        if not past:
            return ()
        days = listed([written_date(day) for day in past])
        return (f"an earlier stage was due by {days}; it is judged by the last",)

    def _clash(self, case: _Case, verdict: _Verdict) -> tuple[Clash | None, str | None]:
        """How what is reported and the dates disagree, as a kind and as a sentence."""
        if case.task.trouble is not None or case.reported is Reported.CANCELLED:
            return None, None
        head = f"reported as “{_short(case.word)}”"
        if case.finishes and all(first > self.as_of for first, _ in case.finishes):
            day = _span(*case.finishes[0])
            said = f"the finish date, {day}, is after the date of the report, {written_date(self.as_of)}"
            return Clash.FUTURE, said
        if case.finishes and (case.reported in _GOING or case.reported is Reported.PAUSED):
            return Clash.FINISHED, f"{head}, and has a finish date, {_span(*case.finishes[0])}"
        if case.finishes or case.finished.fault or case.reported not in _TO_PLAN:
            return None, None
        if verdict.slack is not None and verdict.slack[1] == self.as_of:
            return Clash.DUE_TODAY, f"{head}, and falls due that very day, {written_date(self.as_of)}"
        if verdict.state is not State.OVERDUE:
            return None, None
        if verdict.slack is None:
            return Clash.PAST_DEADLINE, f"{head}, and past its deadline, whatever “{_short(case.in_force.text)}” means"
        due = verdict.slack[1]
        late = f"{_days((self.as_of - due).days)} past its deadline, {_by(case, due)}"
        return Clash.PAST_DEADLINE, f"{head}, and {late}"

    # problems

    def _report(self, case: _Case, verdict: _Verdict, ref: str, clash: Clash | None, disagreement: str | None) -> None:
        """Add what is worth a second look."""
        if clash is not None and disagreement is not None:
            key = "finished_on" if clash in (Clash.FUTURE, Clash.FINISHED) else "reported"
            self._add(case.task, ref, "warning", key, disagreement)
        elif verdict.reason is Reason.AMBIGUOUS:
            ambiguous = "finished_on" if len(case.in_force.meanings) == 1 else self._key_in_force(case)
            self._add(case.task, ref, "warning", ambiguous, verdict.said)
        self._report_original(case, verdict, ref)

    def _report_original(self, case: _Case, verdict: _Verdict, ref: str) -> None:
        """Add that a revised date is before the first one, or is none while the first is past and the work goes on."""
        original, key = case.original, self._key_in_force(case)
        if original is None:
            return
        revised = [day for each in case.in_force.meanings if (day := _own_day(each)) is not None]
        if revised and max(revised) < min(case.originals):
            said = f"the revised date, {written_date(max(revised))}, is before the first, {written_date(original)}"
            self._add(case.task, ref, "warning", key, f"{said}; is one of them mistyped?")
        elif not revised and original < self.as_of and case.goes_on and verdict.state is State.NO_DATE:
            late = f"{written_date(original)}, is past by {_days((self.as_of - original).days)}"
            said = f"the first date, {late}, and the revised one, “{_short(case.in_force.text)}”, gives no day"
            self._add(case.task, ref, "warning", key, f"{said} to hold the work against; write the new date")

    def _key_in_force(self, case: _Case) -> str:
        return "revised_due" if case.revised.text else "due"

    def _add(self, task: Task, ref: str, severity: Severity, key: str, message: str) -> None:
        place, column = task.where(key)
        self.problems.append(
            Problem(
                severity=severity, place=f"{place}, column {printable(column)}", message=message,
                ref=ref, row=task.row, column=column,
            )
        )  # fmt: skip


# words ----------------------------------------------------------------------------------------------------------------

#: words that promise a date and give none; others for missing data, such as "n/a", say that there is none
_TO_COME: Final = frozenset({"tbc", "tba", "tbd", "to be confirmed", "to follow", "pending", "awaited"})
#: days as Excel counts them, of the years 1954 to 2119
_DAY_NUMBER: Final = re.compile(r"[2-7][0-9]{4}(?:\.[0-9]{1,15})?", re.ASCII)
_EXCEL_BEGINS: Final = date(1899, 12, 30)
_LONGEST_SHOWN: Final = 120
_MEANINGS: Final = listed([f"“{each.value}”" for each in Reported if each is not Reported.COMPLETED])


def _unrated(state: State, reason: Reason, said: str, slack: tuple[date, date] | None = None) -> _Verdict:
    return _Verdict(state, Status.UNRATED, reason, said, slack)


def _length(text: str | None, key: str) -> Grace | None:
    """The length of time that a setting of the scheme gives; raises ``ScorecardError`` for what is none."""
    try:
        return Grace.read(text) if text is not None else None
    except SettingError as error:
        raise ScorecardError(f"the scheme's {key} cannot be read: {printable(error.sentence)}") from error


def _meanings_of_last(deadline: Deadline) -> tuple[Window, ...]:
    """The meanings of the last stage, by which a text with several is judged.

    The alternatives of such a text hold those of each stage in turn, the one that was taken first.
    """
    last, *others = reversed(deadline.stages)
    if last not in deadline.alternatives:
        return (last,)
    after = deadline.alternatives[deadline.alternatives.index(last) + 1 :]
    return (last, *takewhile(lambda each: each not in others, after))


def _finish_of(deadline: Deadline) -> tuple[date, date] | None:
    """The days on one of which something was finished, if a date says no more than a day, a week or a month."""
    first, last = deadline.first_day, deadline.last_day
    if deadline.recurring or deadline.event or deadline.stages or deadline.ongoing or deadline.original is not None:
        return None
    if deadline.precision not in _EXACT:
        return None
    return (first, last) if first is not None and last is not None else None


def _is_open(deadline: Deadline) -> bool:
    """Whether a text has several meanings and none that is taken by convention."""
    return bool(deadline.alternatives) and deadline.last_day is None


def _is_undated(dated: _Dated) -> bool:
    """Whether a deadline has no day that could be met or missed; one that cannot be read may well have one."""
    return not dated.fault and all(each.last_day is None or bool(each.recurring) for each in dated.meanings)


def _undated(case: _Case) -> str:
    """Why there is no day to hold work against."""
    dated = case.in_force
    deadline, which = dated.deadline, "revised deadline" if case.is_revised else "deadline"
    if not dated.text:
        return "it has no deadline"
    if deadline is None:
        return f"its {which} is “{_short(dated.text)}”, which is no date"
    if deadline.event:
        return f"its {which}, “{_short(dated.text)}”, depends on {_short(deadline.event)}"
    if deadline.recurring and deadline.last_day is not None:
        return f"its {which}, “{_short(dated.text)}”, comes round, so one date cannot say how it stands"
    if deadline.recurring:
        return f"its {which}, “{_short(dated.text)}”, comes round and gives no day of its own"
    if deadline.ongoing:
        return f"its {which} is “{_short(dated.text)}”, which has no end"
    if deadline.first_day is not None:
        return f"its {which}, “{_short(dated.text)}”, says when it begins and not when it ends"
    if deadline.unclear:
        return f"its {which} gives no date: {_short(deadline.unclear)}"
    return f"its {which}, “{_short(dated.text)}”, gives no date"


def _own_day(deadline: Deadline) -> date | None:
    """The last day of a deadline, if it is the one day by which the work is due; not that of what comes round."""
    return None if deadline.recurring else deadline.last_day


def _note_of_round(deadline: Deadline, day: date) -> tuple[str, ...]:
    """That the date which a text names beside its rounds is the deadline of one of them."""
    return (f"it comes round {printable(deadline.recurring)}; {written_date(day)} is the deadline of one round",)


def _day_number(text: str) -> str:
    """What is wrong with a number in a column of dates that may be a day as Excel counts them; empty for any other."""
    if not _DAY_NUMBER.fullmatch(text):
        return ""
    day = _EXCEL_BEGINS + timedelta(days=int(text.partition(".")[0]))
    return (
        f"“{text}” is no date; it may be a day number of Excel, {written_date(day)}: give the column the format of "
        f"dates, or write {day.isoformat()}"
    )


def _by(case: _Case, due: date) -> str:
    """A deadline as people write it, with the word that it is a revised one."""
    return f"{written_date(due)}{' (revised)' if case.is_revised else ''}"


def _span(first: date, last: date) -> str:
    """One day, or the days of which one is meant."""
    return written_date(first) if first == last else f"the days from {written_date(first)} to {written_date(last)}"


def _sentence(verdict: _Verdict) -> str:
    """Why, as a whole sentence; a fault may end with a question of its own."""
    said = verdict.said.rstrip(". ")
    return f"{verdict.status.value.capitalize()}: {said}{'' if said.endswith('?') else '.'}"


def _short(text: str) -> str:
    """A text from outside as messages show it, on one line and cut where it is long."""
    shown = printable(text)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"


def _days(number: int) -> str:
    return f"{number:,} day{'' if number == 1 else 's'}"


def _rows(tasks: Sequence[Task]) -> str:
    """The place of several rows of one table; of rows in several, each of them up to some number."""
    tables = {task.place.partition(", row ")[0] for task in tasks}
    if len(tables) == 1 and all(", row " in task.place for task in tasks):
        rows = sorted({task.row for task in tasks})
        return f"{tables.pop()}, {'rows' if len(rows) > 1 else 'row'} {runs(rows)}"
    return listed([*(task.place for task in tasks[:5]), *([f"{len(tasks) - 5:,} more"] if len(tasks) > 5 else [])])
