"""What becomes of a piece of work: the states that its dates give it, and those that people report."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Clash", "Reported", "State"]


class State(StrEnum):
    """What the dates of an action or objective say of it at a date."""

    COMPLETED_EARLY = "completed early"
    COMPLETED_ON_TIME = "completed on time"
    COMPLETED_LATE = "completed late"
    #: completed, and it is not said when, or not whether that was in time
    COMPLETED = "completed"
    NOT_DUE = "not due"
    #: within the scheme's warning window
    DUE_SOON = "due soon"
    #: the last day has come and is not over
    DUE_TODAY = "due today"
    OVERDUE = "overdue"
    #: past the first date that was set, and not past the revised one
    OVERDUE_ORIGINAL = "overdue against the original date"
    #: past its deadline, and neither a word nor a date says whether it is finished
    UNREPORTED = "past its date, nothing reported"
    #: ongoing, recurring, after an event, to be confirmed, or blank
    NO_DATE = "no date"
    #: the date has several meanings, and they do not agree
    CANNOT_TELL = "cannot tell"
    NOT_UNDERSTOOD = "not understood"
    PAUSED = "paused"
    CANCELLED = "cancelled"

    @property
    def is_completed(self) -> bool:
        """Whether the work is finished, in time or not.

        >>> State.COMPLETED_LATE.is_completed, State.OVERDUE.is_completed
        (True, False)
        """
        return self in (State.COMPLETED_EARLY, State.COMPLETED_ON_TIME, State.COMPLETED_LATE, State.COMPLETED)


class Reported(StrEnum):
    """What a reported word says, whatever the organisation calls it."""

    COMPLETED = "completed"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"
    NOT_STARTED = "not started"
    PAUSED = "paused"
    CANCELLED = "cancelled"


class Clash(StrEnum):
    """How what is reported and what the dates say disagree."""

    PAST_DEADLINE = "past the deadline"
    DUE_TODAY = "due that very day"
    FINISHED = "finished by its dates"
    FUTURE = "finished on a day that is still to come"
