"""Several conditions with a time each: the stages of one trajectory."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final, cast

from rag_rules.errors import RagRulesError
from rag_rules.periods import Period
from rag_rules.syntax.builder import Piece, Span, Trouble
from rag_rules.syntax.checks import check_condition
from rag_rules.syntax.labelled import read_label
from rag_rules.syntax.passage import WORDS, Passage
from rag_rules.syntax.stretches import RELATIONS, TIME_KINDS, DateWord, date_words
from rag_rules.syntax.when import parse_period
from rag_rules.target import Change, Comparison, Condition, Label, Plain, Stage, Trajectory, When
from rag_rules.trajectories import comes_round, is_in_order

__all__ = ["check_single", "days_of", "read_labels", "read_trajectory", "two_dates"]

#: a condition and its time; a stage without a time is the first, or follows what is before it
_Pair = tuple[Piece, Piece | None]
#: how a time bounds its stage, and the words that name it
_Bound = tuple[When | None, str]

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
_LATER_ON: Final = re.compile(r"\b(?:then|thereafter|afterwards|subsequently|followed by)\b")
_PLAIN_YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}")
_PARTED: Final = re.compile(r"[;,:|\n]|\b(?:and|then|but|rising|falling|increasing|followed by)\b")
#: the end or the start of a time, behind what says how the time bounds a target
_EDGE: Final = re.compile(r"(?:the )?(?:(?P<end>end|close)|start|beginning)(?: of)? (?:the )?")
_FOR: Final = re.compile(r"for(?: the| our| this)? ")
_MILESTONES: Final = ("as at", "at", "on")
_LATER: Final = ("after", "following", "post", "later than", "beyond")
#: words of dates that say nothing of when where they stand apart from a time
_APART: Final = frozenset(
    "DURING CONCERNING AFTER THROUGH JOIN EITHER DUE FORMERLY REVISED LENGTH OPEN CLOSE NEWLINE BREAK FIGURE QUALITY OCCASION "
    "ONGOING UNDATED FINISHED SAME_TIME".split()
)
_LAST_WORD: Final = re.compile(r"([^\W\d_][\w'’&/.-]*) ?$")
#: words that may not stand right before one that has: they make another time of it
_HEDGES: Final = frozenset(
    "until till til by from to in for at on of up during since about around approximately roughly circa just shortly soon immediately "
    "sometime some long well only unless except".split()
)
_COLOURS: Final = ("green", "amber", "red")
#: words that may stand right before a time that has no preposition
_BESIDE: Final = _JOINERS | frozenset("kpi goal goals aim standard threshold figure level rate total".split())
_QUARTER: Final = re.compile(r"(?:q|quarter )(?P<number>[1-4])")


def read_trajectory(
    passage: Passage, pieces: list[Piece], conditions: list[Piece]
) -> tuple[Trajectory, list[Piece]] | None:
    """The trajectory that conditions and times make together, and the pieces that it is made of.

    ``None`` where they make none: where one has no time, or is about something else than the first.
    """
    times = [piece for piece in pieces if piece.kind in TIME_KINDS]
    if len(conditions) < 2 or not times or any(piece.kind != "condition" for piece in conditions):
        return None
    words = date_words(passage.folded, [*pieces, *conditions])
    bounds = {time.start: _time(passage, time, words) for time in times}
    pairs = _paired(passage, conditions, times, bounds)
    if pairs is None:
        return None
    _check_times(passage, times, words)
    _check_words(passage, pairs)
    for piece in conditions:
        masked = _alone(passage, piece)
        check_condition(masked, piece, masked.idle())
    bodies = _bodies([cast("Condition", piece.body) for piece in conditions], conditions)
    if bodies is None:
        return None
    stages: list[Stage] = []
    for body, (_, time) in zip(bodies, pairs, strict=True):
        if time is None:
            stages.append(Stage(body, When.THEN if stages else When.FIRST))
            continue
        stage = _stage(passage, body, time, *bounds[time.start])
        if stage is None:
            raise Trouble(
                f"“{passage.slice((time.start, time.end))}” does not say when a target holds",
                (time.start, time.end),
                hint="write from, after, until the end of, before, by or in, and a time",
            )
        stages.append(stage)
    trajectory = Trajectory(tuple(stages))
    rounds = {stage.quarter is not None for stage in stages}
    if comes_round(trajectory):
        if len(rounds) > 1 or any(stage.when not in (When.IN, When.BY) for stage in stages):
            quarter = next(
                time for _, time in pairs if time is not None and _QUARTER.fullmatch(bounds[time.start][1].lower())
            )
            raise Trouble(
                f"“{passage.slice((quarter.start, quarter.end))}” is of a year that is not said",
                (quarter.start, quarter.end),
                hint="write the year of each quarter, such as Q1 2024/25",
            )
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


def read_labels(passage: Passage, pieces: list[Piece]) -> list[Piece]:
    """The labels that stand between times, as conditions: "Good until 2025, then Outstanding"; none where other words do."""
    if not pieces or any(piece.kind not in TIME_KINDS for piece in pieces):
        return []
    found: list[Piece] = []
    for first, last in passage.idle():
        start, end = _without_joiners(passage.folded, first, last)
        if start == end:
            continue
        label = read_label(passage.shown[start:end], passage.folded[start:end], passage.labels)
        if label is None or not isinstance(label.body, Label) or label.body.word.lower() in _COLOURS:
            return []
        found.append(Piece("condition", [(start, end)], label.body))
    return found


def _without_joiners(folded: str, start: int, end: int) -> Span:
    """The place of a stretch of words without the joiners and signs at its ends."""
    words = list(re.finditer(r"[^ ,;:.()|\n]+", folded[start:end]))
    while words and words[0].group() in _JOINERS:
        del words[0]
    while words and words[-1].group() in _JOINERS:
        del words[-1]
    return (start + words[0].start(), start + words[-1].end()) if words else (start, start)


def check_single(passage: Passage, pieces: list[Piece], conditions: list[Piece]) -> None:
    """Refuse a single target beside two times, or with words of what comes after it: the later target would be lost."""
    if len(conditions) != 1 or not any(piece.kind in TIME_KINDS for piece in pieces):
        return
    dates = [
        piece
        for piece in pieces
        if piece.kind == "deadline" or (piece.kind == "period" and passage.folded.startswith("or ", piece.start))
    ]
    if len(dates) > 1:
        raise two_dates((dates[1].start, dates[1].end))
    for first, last in passage.idle():
        if (found := _LATER_ON.search(passage.folded, first, last)) is None:
            continue
        start, end = _without_joiners(passage.folded, found.start(), last)
        if start < end:
            raise Trouble(
                f"“{passage.slice((start, end))}” comes after the target, and is not understood",
                (start, end),
                hint="write an amount and a time for each of the targets, or the first one alone",
            )


def days_of(passage: Passage, time: Piece, pieces: list[Piece]) -> tuple[date | None, date | None]:
    """The first and the last day on which a target beside a time is to be met; ``None`` where the time leaves it open."""
    when, said = _time(passage, time, date_words(passage.folded, pieces))
    if when is None:
        return None, None
    try:
        window = _window(passage, said, time)
    except Trouble:
        return None, None  # it is kept as it was written
    if when in (When.UNTIL, When.THROUGH):
        return None, window.last_day
    if when is When.BEFORE:
        return window.start - timedelta(days=1), None
    if when is When.IN:
        return window.start, window.last_day
    return (window.last_day if when is When.BY else window.end if when is When.AFTER else window.start), None


def two_dates(span: Span) -> Trouble:
    """The refusal of a second date beside a single target."""
    return Trouble(
        "two dates and one target",
        span,
        hint="write an amount for each date, or keep one of the dates; what is called by a name needs a row of its own",
    )


def _paired(
    passage: Passage, conditions: list[Piece], times: list[Piece], bounds: dict[int, _Bound]
) -> list[_Pair] | None:
    """Each condition with its time, by the order in which they stand; ``None`` where that does not tell."""
    items = sorted([*conditions, *times], key=lambda piece: piece.start)
    order = "".join("C" if piece.kind == "condition" else "T" for piece in items)
    many = len(conditions)
    are_beginnings = all(bounds[time.start][0] in (When.FROM, When.AFTER) for time in times)
    if order == "TC" * many and _binds(passage, items, 0):
        return list(zip(conditions, times, strict=True))
    if order == "CT" * many and _binds(passage, items, 0):
        return list(zip(conditions, times, strict=True))
    if order == "CT" * (many - 1) + "C":
        last = conditions[-1]
        if are_beginnings and _binds(passage, items, 1):
            return list(zip(conditions, [None, *times], strict=True))
        if _THEN.search(passage.folded, times[-1].end) and _binds(passage, items[:-1], 0):
            return [*zip(conditions[:-1], times, strict=True), (last, None)]
    is_then = _THEN.search(passage.folded[conditions[0].end : conditions[1].start]) is not None
    if order == "C" + "CT" * (many - 1) and are_beginnings and is_then:
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


def _check_times(passage: Passage, times: list[Piece], words: list[DateWord]) -> None:
    """Refuse words of time that belong to no time, and words that stand right before one and are not known."""
    used = sorted(passage.taken)
    for word in words:
        if word.kind not in _APART and not any(a < word.end and word.start < b for a, b in used):
            raise _not_understood(passage, (word.start, word.end))
    for time in times:
        first = next(word for word in words if word.start >= time.start)
        before = _LAST_WORD.search(passage.folded, max((b for _, b in used if b <= time.start), default=0), time.start)
        if before is None:
            continue
        said = before.group(1).strip(".-/")
        if said in _HEDGES if first.kind in RELATIONS else said not in _BESIDE:
            raise _not_understood(passage, before.span(1))


def _not_understood(passage: Passage, span: Span) -> Trouble:
    return Trouble(
        f"“{passage.slice(span)}” is not understood beside the time of a target",
        span,
        hint="write from, after, until the end of, before, by or in, and a time",
    )


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
    kept = _THEN.sub(lambda found: " " * len(found.group()), kept)
    folded = " " * start + kept
    folded += " " * (len(passage.folded) - end)
    return replace(passage, folded=folded)


def _bodies(bodies: list[Condition], pieces: list[Piece]) -> list[Condition] | None:
    """The conditions, plain amounts with the sign of the comparison before them: "at least 60% by 2030, 100% by 2035"."""
    amounts = [body.amount for body in bodies if isinstance(body, Plain | Comparison)]
    if len({amount.unit for amount in amounts}) > 1:
        return None
    signs = [body.sign for body in bodies if isinstance(body, Comparison)]
    if any(sign.is_lower for sign in signs) and any(sign.is_upper for sign in signs):
        raise Trouble(
            "of the targets some are the least and some the most that is to be reached",
            (pieces[0].start, pieces[-1].end),
            hint="write them all with at least, or all with at most",
        )
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


def _stage(passage: Passage, body: Condition, time: Piece, when: When | None, said: str) -> Stage | None:
    """The stage of a condition in its time; ``None`` where the time is none that a trajectory can have."""
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


def _time(passage: Passage, time: Piece, words: list[DateWord]) -> _Bound:
    """How a time bounds its stage, and the words that name it."""
    inside = [word for word in words if word.start >= time.start and word.end <= time.end]
    if not inside:  # "last year"
        return None, passage.slice((time.start, time.end))
    first, start, end = inside[0], time.start, time.end
    relation = passage.folded[first.start : first.end]
    when = _relation(first, relation)
    if first.kind == "CONCERNING" and (found := _FOR.match(passage.folded, start)):
        when, start = When.IN, found.end()  # "for the year to March" begins with a word of the year
    elif first.kind in RELATIONS and first.kind != "BETWEEN_TIMES":
        start = first.end
    if inside[-1].kind == "ONWARDS":
        when, end = When.FROM if when in (When.IN, When.FROM) else None, inside[-1].start
    if when is When.FROM and any(word.kind in ("THROUGH", "UNTIL", "JOIN") for word in inside[1:]):
        when = When.IN  # from one time to another
    said = passage.folded[start:end]
    start += len(said) - len(said.lstrip(" ,;:."))
    edge = _EDGE.match(passage.folded, start, end) if first.kind in RELATIONS else None
    if edge is not None:
        when, start = _at_edge(when, is_end=edge["end"] is not None), edge.end()
    return when, passage.shown[start:end].strip(" ,;:.").removeprefix("the ")


def _relation(word: DateWord, text: str) -> When | None:
    """How a time bounds its stage by the word before it; ``None`` for a word that says something else."""
    match word.kind:
        case "DUE":
            return When.BY
        case "BEFORE":
            return When.BEFORE
        case "UNTIL" if "including" in text:
            return When.THROUGH
        case "UNTIL" | "THROUGH":
            return When.UNTIL
        case "START":
            return When.FROM
        case "AFTER":
            return When.AFTER if text.rstrip(" -") in _LATER else None
        case "CONCERNING":
            return When.FROM if text == "since" else None
        case "DURING":
            return When.BY if text in _MILESTONES else When.IN
    return When.IN if word.kind not in RELATIONS or word.kind == "BETWEEN_TIMES" else None


def _at_edge(when: When | None, *, is_end: bool) -> When | None:
    """How the end or the start of a time bounds a stage, where the time itself would do it so."""
    if when is When.UNTIL or when is When.THROUGH:
        return When.THROUGH if is_end else When.BEFORE
    return when if when in ((When.BY, When.AFTER) if is_end else (When.FROM, When.BEFORE)) else None
