"""Several conditions with a time each: the stages of one trajectory."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, cast

from rag_rules.errors import RagRulesError
from rag_rules.periods import Period
from rag_rules.syntax.builder import Piece, Trouble
from rag_rules.syntax.checks import check_condition
from rag_rules.syntax.passage import WORDS, Passage
from rag_rules.syntax.when import parse_period
from rag_rules.target import Change, Comparison, Condition, Plain, Stage, Trajectory, When
from rag_rules.trajectories import comes_round, is_in_order

__all__ = ["read_trajectory"]

#: a condition and its time; a stage without a time is the first, or follows what is before it
_Pair = tuple[Piece, Piece | None]

_JOINERS: Final = frozenset(
    "then thereafter afterwards after that this subsequently and rising raised increasing moving going up down falling to by for "
    "in the a of at target targets is will be with but from on onwards followed until till".split()
)
#: what says that an amount is no target but what came of one, or another kind of target
_NO_TARGET: Final = re.compile(
    r"\b(?:actuals?|achieved|outturn|results?|performance|baseline|current(?:ly)?|now|was|were|previous(?:ly)?|forecast|estimate[ds]?"
    r"|stretch|aspirational?|provisional|draft|proposed|revised|original(?:ly)?|minimum|ambition|ideal(?:ly)?)\b"
)
_THEN: Final = re.compile(
    r"\b(?:then|thereafter|afterwards|subsequently|after|rising|falling|increasing|followed by)\b"
)
_PLAIN_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_PARTED: Final = re.compile(r"[;,:|\n]|\b(?:and|then|but|rising|falling|increasing|followed by)\b")
_TIME: Final = re.compile(
    r"(?:(?P<until>until|till)|(?P<before>before)|(?P<by>(?:to be completed |(?:for )?completion )?by|no later than|on or before"
    r"|due(?: by| on)?|with a deadline of|as at|at|on)|(?P<from>from|since|as of)|(?P<in>in|for|during|throughout))\b"
    r" (?:the )?(?P<edge>(?:end|close|start|beginning)(?: of)? (?:the )?)?(?:(?:year|period) )?"
)
_UP_TO: Final = re.compile(r"\b(?:up )?to (?:the )?(?P<end>end of (?:the )?)?$")
_QUARTER: Final = re.compile(r"(?:q|quarter )(?P<number>[1-4])")


def read_trajectory(
    passage: Passage, pieces: list[Piece], conditions: list[Piece]
) -> tuple[Trajectory, list[Piece]] | None:
    """The trajectory that conditions and times make together, and the pieces that it is made of.

    ``None`` where they make none: where one has no time, or is about something else than the first.
    """
    times = [piece for piece in pieces if piece.kind in ("deadline", "period")]
    if len(conditions) < 2 or not times or any(piece.kind != "condition" for piece in conditions):
        return None
    pairs = _paired(passage, conditions, times)
    if pairs is None:
        return None
    _check_words(passage, pairs)
    for piece in conditions:
        masked = _alone(passage, piece)
        check_condition(masked, piece, masked.idle())
    bodies = _bodies([cast("Condition", piece.body) for piece in conditions], conditions)
    if bodies is None:
        return None
    stages: list[Stage] = []
    for body, (_, time) in zip(bodies, pairs, strict=True):
        stage = _stage(passage, body, time, is_first=not stages)
        if stage is None:
            assert time is not None
            raise Trouble(
                f"“{passage.slice((time.start, time.end))}” does not say when a target holds",
                (time.start, time.end),
                hint="write from, until the end of, before, by or in, and a time",
            )
        stages.append(stage)
    trajectory = Trajectory(tuple(stages))
    rounds = {stage.quarter is not None for stage in stages}
    if comes_round(trajectory):
        if len(rounds) > 1 or any(stage.when not in (When.IN, When.BY) for stage in stages):
            return None
        trajectory = replace(trajectory, year=passage.year)
    if not is_in_order(trajectory):
        raise Trouble(
            "the times of the targets overlap, or are not in order",
            (min(piece.start for piece in (*conditions, *times)), max(piece.end for piece in (*conditions, *times))),
            hint="begin with the earliest, and let each end before the next begins",
        )
    for start, end in passage.idle():  # "then", "rising", "to the end of": these have been used
        if not _subject(passage, start, end):
            passage.taken.append((start, end))
    passage.taken.sort()
    return trajectory, sorted([*conditions, *times], key=lambda piece: piece.start)


def _paired(passage: Passage, conditions: list[Piece], times: list[Piece]) -> list[_Pair] | None:
    """Each condition with its time, by the order in which they stand; ``None`` where that does not tell."""
    items = sorted([*conditions, *times], key=lambda piece: piece.start)
    order = "".join("C" if piece.kind == "condition" else "T" for piece in items)
    many = len(conditions)
    if order == "TC" * many and _binds(passage, items, 0):
        return list(zip(conditions, times, strict=True))
    if order == "CT" * many and _binds(passage, items, 0):
        return list(zip(conditions, times, strict=True))
    if order == "CT" * (many - 1) + "C":
        last = conditions[-1]
        if all(_begins(passage, time) for time in times) and _binds(passage, items, 1):
            return list(zip(conditions, [None, *times], strict=True))
        if _THEN.search(passage.folded, times[-1].end) and _binds(passage, items[:-1], 0):
            return [*zip(conditions[:-1], times, strict=True), (last, None)]
    is_then = _THEN.search(passage.folded[conditions[0].end : conditions[1].start]) is not None
    if order == "C" + "CT" * (many - 1) and all(_begins(passage, time) for time in times) and is_then:
        return list(zip(conditions, [None, *times], strict=True)) if _binds(passage, items, 1) else None
    return None


def _binds(passage: Passage, items: list[Piece], first: int) -> bool:
    """Whether the items from ``first`` on go in pairs: nothing parts a pair that does not part pairs too."""
    for index in range(first, len(items) - 2, 2):
        one, other, after = items[index : index + 3]
        if _PARTED.search(passage.folded[one.end : other.start].replace(":", " ")) and not _PARTED.search(
            passage.folded[other.end : after.start]
        ):
            return False
    return first == 0 or _PARTED.search(passage.folded[items[0].end : items[1].start]) is not None


def _begins(passage: Passage, time: Piece) -> bool:
    """Whether a time says from when something holds."""
    return _time(passage, time)[0] is When.FROM


def _check_words(passage: Passage, pairs: list[_Pair]) -> None:
    """Refuse amounts that are no targets, and conditions about several things: later ones repeat the words of the first.

    What stands behind all of them is about all: "60% by 2030 and 80% by 2035 of all homes".
    """
    edges: list[tuple[int, int]] = []
    for number, (condition, time) in enumerate(pairs):
        pieces = [piece for piece in (condition, time) if piece is not None]
        leads = time is not None and time.start < condition.start
        before = 0 if number == 0 else edges[-1][1]
        after = max(piece.end for piece in pieces)
        if number + 1 < len(pairs):
            following = [piece.start for piece in pairs[number + 1] if piece is not None]
            after = min(following) if leads or time is None else max(piece.end for piece in pieces)
        edges.append((before, after))
    said = [_subject(passage, start, end) for start, end in edges]
    behind = _subject(passage, edges[-1][1], len(passage.folded))
    for start, end in passage.idle():
        if found := _NO_TARGET.search(passage.folded, start, end):
            raise Trouble(
                f"with “{found.group()}” beside it, an amount may be no target",
                found.span(),
                hint="write the targets alone",
            )
    others = [words for words in (*said[1:], behind if said[0] else "") if words not in ("", said[0])]
    if others:
        first, second = pairs[:2]
        raise Trouble(
            f"the targets may be about different things: “{said[0] or first[0].body}” and “{others[0]}”",
            (second[0].start, second[0].end),
            hint="make an indicator of each, or leave out the words behind the first",
        )


def _subject(passage: Passage, start: int, end: int) -> str:
    """The words of a stretch that say what a condition is about."""
    words: list[str] = []
    for first, last in passage.idle():
        for found in WORDS.finditer(passage.folded, max(first, start), max(min(last, end), max(first, start))):
            if (word := found.group().strip(".-/")) not in _JOINERS:
                words.append(word)
    return " ".join(words)


def _alone(passage: Passage, condition: Piece) -> Passage:
    """The passage with nothing but blanks where other conditions and their times stand: these qualify no other."""
    start = max((end for begin, end in passage.taken if end <= condition.start), default=0)
    end = min((begin for begin, _ in passage.taken if begin >= condition.end), default=len(passage.folded))
    kept = passage.folded[start:end]
    for words in (_THEN, _UP_TO):
        kept = words.sub(lambda found: " " * len(found.group()), kept)
    folded = " " * start + kept
    folded += " " * (len(passage.folded) - end)
    return replace(passage, folded=folded)


def _bodies(bodies: list[Condition], pieces: list[Piece]) -> list[Condition] | None:
    """The conditions, plain amounts with the sign of the comparison before them: "at least 60% by 2030, 100% by 2035"."""
    amounts = [body.amount for body in bodies if isinstance(body, Plain | Comparison)]
    if len({amount.unit for amount in amounts}) > 1:
        return None
    first, found = bodies[0], []
    for body, piece in zip(bodies, pieces, strict=True):
        if isinstance(first, Change) and isinstance(body, Plain):
            raise Trouble(
                f"“{body}” could be a change by {body}, or the level to reach",
                (piece.start, piece.end),
                hint="write out each change in full",
            )
        found.append(
            Comparison(first.sign, body.amount) if isinstance(first, Comparison) and isinstance(body, Plain) else body
        )
    return found


def _stage(passage: Passage, body: Condition, time: Piece | None, *, is_first: bool) -> Stage | None:
    """The stage of a condition in its time; ``None`` where the time is none that a trajectory can have."""
    if time is None:
        return Stage(body, When.FIRST if is_first else When.THEN)
    when, said = _time(passage, time)
    if when is None:
        return None
    if found := _QUARTER.fullmatch(said.lower()):
        return Stage(body, when, None, int(found["number"]), said)
    window = _window(passage, said, time)
    if when is When.UNTIL and window.start == window.last_day:
        # the first day of a month is when something new begins, the last is when something ends
        when = When.BEFORE if window.start.day == 1 else When.THROUGH if window.end.day == 1 else when
    return Stage(body, when, window, None, said)


def _window(passage: Passage, said: str, time: Piece) -> Period:
    """The days that a time names; raises ``Trouble`` where it names none, or could name two."""
    year = None if _PLAIN_YEAR.fullmatch(said) else passage.year  # 2030 is the calendar's, as in deadlines
    try:
        return parse_period(said, year=year)
    except RagRulesError as error:
        raise Trouble(error.problem, (time.start, time.end), error.hint, error.nearest) from None


def _time(passage: Passage, time: Piece) -> tuple[When | None, str]:
    """How a time bounds its stage, and the words that name it."""
    text = passage.folded[time.start : time.end]
    before = _UP_TO.search(passage.folded[: time.start])
    found = _TIME.match(text)
    start = time.start + (found.end() if found is not None else 0)
    said = passage.shown[start : time.end].strip(" ,;:.")
    if found is None:
        return (When.IN if before is None else When.THROUGH if before["end"] else When.UNTIL), said
    edge = (found["edge"] or "").split(" ")[0]
    ends = edge in ("end", "close")
    if found["until"]:
        return (When.THROUGH if ends else When.BEFORE if edge else When.UNTIL), said
    if edge and not (found["by"] and ends) and not (found["from"] and not ends):
        return None, said
    return (
        When.BEFORE if found["before"] else When.BY if found["by"] else When.FROM if found["from"] else When.IN
    ), said
