"""Counts of statuses by group, worked out where the data are."""

from __future__ import annotations

from typing import Any

from rag_rules.errors import SettingError
from rag_rules.frames.native import OWN, narwhals, native_of
from rag_rules.status import Status

__all__ = ["summed"]


def summed(frame: Any, groups: list[str], status: str) -> Any:
    """``summarise``: the counts of each group, in a frame of the same kind."""
    nw = narwhals()
    whole = native_of(frame)
    names = whole.collect_schema().names()
    for name in (*groups, status):
        if name not in names:
            raise SettingError(f"there is no column “{name}”", expected=[str(each) for each in names[:20]])
    listed = [each.value for each in (Status.GREEN, Status.AMBER, Status.RED, Status.UNRATED)]
    taken = sorted({*listed, "total"}.intersection(groups))
    if taken:
        raise SettingError(f"a column to group by cannot be called “{taken[0]}”, as a column of counts is")
    own = next((name for name in names if str(name).startswith(OWN)), None)
    if own is not None:
        raise SettingError(f"a column cannot be called “{own}” here, as those are that are needed on the way")
    word = nw.col(status).cast(nw.String)
    one, none = (nw.lit(number, dtype=nw.Int64) for number in (1, 0))
    marked = {name: nw.when(word == name).then(one).otherwise(none) for name in listed}
    counted = whole.with_columns(**{f"{OWN}{name}": each for name, each in {**marked, "total": one}.items()})
    sums = [nw.col(f"{OWN}{name}").sum().alias(name) for name in (*listed, "total")]
    found = counted.group_by(*groups).agg(*sums).sort(*groups) if groups else counted.select(*sums)
    return nw.to_native(
        nw.maybe_reset_index(found.select(*groups, *(nw.col(name).cast(nw.Int64) for name in (*listed, "total"))))
    )
