"""The four statuses and the reasons for having none."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Reason", "Status", "best", "worst"]


class Status(StrEnum):
    """Green, amber, red, or unrated: missing data is neither good nor bad.

    Ordered by severity, so that ``max`` of statuses is the most severe:

    >>> max(Status.GREEN, Status.RED, Status.AMBER)
    <Status.RED>
    """

    UNRATED = "unrated"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"

    def __repr__(self) -> str:
        return f"<Status.{self.name}>"

    def __lt__(self, other: object) -> bool:
        return _RANK[self] < _RANK[other] if isinstance(other, Status) else NotImplemented

    def __le__(self, other: object) -> bool:
        return _RANK[self] <= _RANK[other] if isinstance(other, Status) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return _RANK[self] > _RANK[other] if isinstance(other, Status) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return _RANK[self] >= _RANK[other] if isinstance(other, Status) else NotImplemented


_RANK = {status: rank for rank, status in enumerate(Status)}


def worst(a: Status, b: Status) -> Status:
    """The status of "a and b": red if either is red; unrated if an unrated one could still make it worse.

    >>> worst(Status.GREEN, Status.AMBER), worst(Status.UNRATED, Status.AMBER), worst(Status.UNRATED, Status.RED)
    (<Status.AMBER>, <Status.UNRATED>, <Status.RED>)
    """
    if Status.RED in (a, b):
        return Status.RED
    return Status.UNRATED if Status.UNRATED in (a, b) else max(a, b)


def best(a: Status, b: Status) -> Status:
    """The status of "a or b": green if either is green; unrated if an unrated one could still make it better.

    >>> best(Status.RED, Status.AMBER), best(Status.UNRATED, Status.AMBER), best(Status.UNRATED, Status.GREEN)
    (<Status.AMBER>, <Status.UNRATED>, <Status.GREEN>)
    """
    if Status.GREEN in (a, b):
        return Status.GREEN
    return Status.UNRATED if Status.UNRATED in (a, b) else min(a, b)


class Reason(StrEnum):
    """Why an outcome is unrated."""

    NO_TARGET = "no target"
    NO_READING = "no reading"
    NOT_DUE = "not due"
    SUPPRESSED = "reading suppressed"
    UNCONFIRMED = "reading to be confirmed"
    MISSING_BENCHMARK = "benchmark missing"
    MISSING_BASELINE = "baseline missing"
    MISSING_SCALE = "scale missing"
    SEPARATE_PARTS = "parts need readings of their own"
    AMBIGUOUS = "ambiguous"
    NO_SIGN = "reading has no sign"
    NOT_ON_SCALE = "reading is not on the scale"
    GAP = "gap between bands"
    OVERLAP = "bands overlap"
    #: the target changes over time, and nothing says which time is meant
    DATE_NEEDED = "date needed"
    #: whether it is red or amber depends on an earlier reading
    NO_EARLIER_READING = "earlier reading missing"
    NO_DATE = "no date"
    NO_FINISH = "finish date missing"
    NO_REPORT = "nothing reported"
    UNKNOWN_REPORT = "reported word not known"
    NO_LONGER = "paused or cancelled"
    BAD_DATE = "date not understood"
    BAD_ROW = "row not understood"
    NOT_PRO_RATED = "cannot be pro-rated"
    BAD_TARGET = "target not understood"
    BAD_READING = "reading not understood"
    BAD_SETTING = "setting not understood"

    def __repr__(self) -> str:
        return f"<Reason.{self.name}>"
