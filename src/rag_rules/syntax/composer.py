"""The pieces of one text put together to a target, without leaving one out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from rag_rules.errors import RagRulesError
from rag_rules.quantity import Quantity, Unit
from rag_rules.syntax.amounts import read_suffix
from rag_rules.syntax.banded import read_bands
from rag_rules.syntax.brackets import open_brackets
from rag_rules.syntax.builder import Piece, Span, Trouble
from rag_rules.syntax.checks import check_condition, check_day, check_loose, check_typing, nothing_found
from rag_rules.syntax.labelled import read_label
from rag_rules.syntax.parts import TIMES, read_several
from rag_rules.syntax.passage import Passage
from rag_rules.syntax.stages import check_single, days_of, read_labels, read_trajectory, two_dates
from rag_rules.syntax.stretches import TIME_KINDS, whole_times
from rag_rules.syntax.when import parse_deadline
from rag_rules.target import (
    Benchmark,
    Between,
    Body,
    Change,
    Clause,
    Comparison,
    Finish,
    Label,
    NoTarget,
    NoTargetKind,
    Parts,
    Plain,
    Target,
)

__all__ = ["Composer"]

_BESIDE_A_LABEL: Final = frozenset(
    {"deadline", "period", "polarity", "accumulation", "tolerance", "improving", "qualifier"}
)
_ONE_OF_A_KIND: Final = (
    "tolerance",
    "amber limit",
    "improving",
    "polarity",
    "accumulation",
    "scale",
    "unit",
    "rounding",
    "baseline",
)
_PLACE_WORDS = re.compile(
    r"(?:in|out|of|the|to|be|place[sd]?|position|rank(?:ed|ing)?|nationally|regionally|league|table|overall|among|amongst|all|england|uk|country|authorities|councils|region|nation|a|for|achieve|maintain|remain|at)\b",
    re.IGNORECASE,
)
#: a year with a word right behind it that may be what is counted: "2000 homes"
_YEAR_OR_NUMBER = re.compile(
    r"(?:19|20)[0-9]{2} (?!(?:an?|the|all|every|each|our|its|any|and|or|but|if|as|with|without|in|on|at|of|to|for|from|by|via|per|"
    r"publish|complete|deliver|we|this|these|it|they|there|be|have|must|will|should|shall|is|are|latest)(?![a-z]))[a-z]+"
)
_PART_OF_WORK = re.compile(r"(?:phase|stage|step|round|wave|section|schedule|version|objective|priority) [0-9]{1,2}")
_FORMER = re.compile(r"(?:previously|formerly|originally|was|were) ")
_COLOUR_WORD = re.compile(r"\b(?:green|amber|red|yellow)\b")
_APPROXIMATE = re.compile(
    r"\b(?:(?<!/)c\.? ?(?=[0-9£€])|circa |approx\.? ?|approximately |about |around )[£$€]?[0-9]|~|[0-9%] ?\(?approx|\broughly\b"
)


class Composer:
    """Puts the pieces of one text together; every piece has a use, or the text is refused."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.notes: list[str] = []
        self.clauses: list[Clause] = []

    # what is asked

    def target(self, pieces: list[Piece]) -> Target:
        pieces = whole_times(self.passage, open_brackets(self.passage, pieces, self.notes))
        self.passage.take(pieces)
        idle = self.passage.idle()
        check_typing(self.passage, idle)
        if any(piece.kind == "colour" for piece in pieces):
            body, used = read_bands(self.passage, pieces)
        else:
            body, used = self._body(pieces, idle)
        for piece in pieces:
            if piece.kind == "loose":
                check_loose(self.passage, piece, used)
            if piece not in used and piece.kind not in ("AND", "NEWLINE", "ENUMERATOR"):
                self._clause(piece, body, pieces)
        body = self._with_unit(body, (used[0].start, used[-1].end) if used else (0, 0))
        for kind in _ONE_OF_A_KIND:
            if len([clause for clause in self.clauses if clause.kind == kind]) > 1:
                second = [clause for clause in self.clauses if clause.kind == kind][1]
                raise Trouble(f"two clauses give the {kind}", second.span)
        if _APPROXIMATE.search(self.passage.folded):
            self.notes.append("the target is written as approximate, and read as exact")
        span = (used[0].start, used[-1].end) if used else (0, len(self.passage.shown))
        subject = " … ".join(words for start, end in self.passage.idle() if (words := self.passage.words(start, end)))
        return Target(body, tuple(self.clauses), self.passage.shown, span, subject, tuple(self.notes))

    def with_clauses(self, label: Target, pieces: list[Piece]) -> Target:
        """The label with what the pieces behind it say besides."""
        pieces = whole_times(self.passage, open_brackets(self.passage, pieces, self.notes))
        self.passage.take(pieces, label.span)
        for start, end in self.passage.idle():
            if words := self.passage.words(max(start, label.span[1]), end):
                raise Trouble(f"“{words}” is no clause that is known", (start, end))
        for piece in pieces:
            if piece.kind in ("condition", "colour", "no target", "quoted", "ordinal", "within range"):
                raise Trouble(f"{label.body} and {piece.body or piece.kind} in one target", (piece.start, piece.end))
            self._clause(piece, label.body, pieces)
        return replace(label, clauses=tuple(self.clauses), text=self.passage.shown, notes=tuple(self.notes))

    def _body(self, pieces: list[Piece], idle: list[Span]) -> tuple[Body, list[Piece]]:
        conditions = [piece for piece in pieces if piece.kind in ("condition", "ordinal", "quoted")]
        withins = [piece for piece in pieces if piece.kind in ("within", "within range")]
        none = [piece for piece in pieces if piece.kind == "no target"]
        letters = [piece for piece in pieces if piece.kind == "ENUMERATOR"]
        if letters and conditions and len(letters) != len(conditions):
            raise Trouble(
                f"{len(letters)} parts have letters, and {len(conditions)} of them can be read",
                (letters[0].start, len(self.passage.shown)),
                hint="give each part an amount or a comparison",
            )
        labels = read_labels(self.passage, pieces) if not conditions and not none else []
        apart = replace(self.passage, taken=sorted([*self.passage.taken, *(label.spans[0] for label in labels)]))
        if (trajectory := read_trajectory(apart, pieces, conditions or labels)) is not None and not none:
            self.passage = apart
            windows = [stage.window for stage in trajectory[0].stages if stage.window is not None]
            self.notes += dict.fromkeys(note for window in windows for note in window.notes)
            return trajectory
        for piece in conditions:
            check_condition(self.passage, piece, idle)
        check_single(self.passage, pieces, conditions or labels)
        if not conditions and withins:
            conditions = [self._as_condition(piece) for piece in withins]
        if none:
            if conditions:
                raise Trouble(
                    f"the text gives a target ({conditions[0].body}) and says that there is none",
                    (none[0].start, none[0].end),
                    hint="keep one of them",
                )
            if any(re.search(r"\bor\b", self.passage.words(start, end)) for start, end in idle):
                raise Trouble(
                    "“or” offers an alternative to having no target",
                    (none[0].start, none[0].end),
                    hint="write the target alone",
                )
            trend = [piece for piece in none if piece.body == NoTarget(NoTargetKind.TREND)]
            if trend == none and idle:
                raise Trouble(
                    "“trend” does not say what the target is",
                    (none[0].start, none[0].end),
                    nearest=("Trend", "year on year improvement"),
                )
            assert none[0].body is not None
            return none[0].body, none
        if not conditions and (label := self._label_beside(pieces, idle)) is not None:
            return label.body, [Piece("label", [label.span])]
        if not conditions and (due := self._due(pieces)) is not None:
            return due, pieces
        if not conditions:
            raise nothing_found(self.passage, pieces)
        if len(conditions) == 1:
            piece = conditions[0]
            if piece.kind == "ordinal" and not self._only_place_words(idle):
                raise Trouble(
                    "an ordinal among other words may not be a place",
                    (piece.start, piece.end),
                    nearest=(f"rank {piece.body}", str(piece.body)),
                )
            if piece.kind == "quoted":
                if self.passage.words(0, piece.start):
                    raise Trouble(
                        "words outside the quotation marks",
                        (0, piece.start),
                        hint="put the whole label in quotation marks",
                    )
                return Label(self.passage.shown[piece.start + 1 : piece.end - 1].strip(), quoted=True), [piece]
            assert piece.body is not None
            if isinstance(piece.body, Benchmark):
                at = self.passage.folded.find(piece.body.name, piece.start)
                return replace(piece.body, shown=self.passage.shown[at : at + len(piece.body.name)]), [piece]
            return piece.body, [piece]
        return read_several(self.passage, conditions, pieces)

    def _label_beside(self, pieces: list[Piece], idle: list[Span]) -> Target | None:
        """The label that is all the words beside the clauses: "Good by March 2024", "Silver; scale: Bronze < Silver"."""
        if len(idle) != 1 or not pieces or any(piece.kind not in _BESIDE_A_LABEL for piece in pieces):
            return None
        start, end = idle[0]
        if any(piece.kind == "qualifier" and self._is_part_of_work(piece) for piece in pieces):
            return None  # "Complete phase 2": a verb and what it is done to
        while end > start and self.passage.folded[end - 1] in " ;,.(-:":
            end -= 1
        while start < end and self.passage.folded[start] in " ;,.):-":
            start += 1
        found = read_label(self.passage.shown[start:end], self.passage.folded[start:end], self.passage.labels)
        return replace(found, span=(found.span[0] + start, found.span[1] + start)) if found is not None else None

    def _is_part_of_work(self, piece: Piece) -> bool:
        """Whether a qualifier names what is to be done, behind a verb: "Complete phase 2"."""
        return (
            any(end == piece.start for _, end in self.passage.idle())
            and _PART_OF_WORK.fullmatch(self.passage.folded, piece.start, piece.end) is not None
        )

    def _due(self, pieces: list[Piece]) -> Finish | None:
        """What a text asks that says when and not how much: "Publish the plan by March 2024"."""
        kinds = {piece.kind for piece in pieces}
        if "deadline" not in kinds or not kinds <= {"deadline", "period", "AND", "NEWLINE", "qualifier"}:
            return None
        if any(piece.kind == "qualifier" and not self._is_part_of_work(piece) for piece in pieces):
            return None
        if colour := _COLOUR_WORD.search(self.passage.folded):
            raise Trouble(
                f"“{colour.group()}” beside a date and no amount",
                colour.span(),
                hint="write the date alone, by March 2024; how late is amber is a tolerance: 3 months",
            )
        try:
            deadline = parse_deadline(self.passage.shown)
        except RagRulesError as error:
            raise Trouble(
                error.problem, error.span or (0, len(self.passage.shown)), nearest=error.nearest, hint=error.hint
            ) from None
        for piece in pieces:
            if piece.kind == "deadline" and (found := _YEAR_OR_NUMBER.match(self.passage.folded, piece.end - 4)):
                raise Trouble(
                    f"“{found.group()}” could be a year, or a number of things",
                    found.span(),
                    hint="for a year, put a comma behind it, or write “by the end of 2030”; for a number, write it as 2,000",
                )
        return Finish(deadline)

    def _as_condition(self, piece: Piece) -> Piece:
        assert piece.amount is not None
        quantity = piece.amount.quantity
        if piece.kind == "within range":
            assert isinstance(piece.body, Between)
            raise Trouble(
                "“within” a range could mean at most its end, or no less than its beginning too",
                (piece.start, piece.end),
                nearest=(f"within {piece.body.high}", str(piece.body)),
            )
        if quantity.unit.dimension not in TIMES and not quantity.unit.dimension.startswith("money"):
            raise Trouble(
                f"“within {quantity}” does not say within {quantity} of what",
                (piece.start, piece.end),
                nearest=(f"at most {quantity}", f"at least 95%; amber within {quantity}"),
            )
        return piece

    # what is said besides

    def _clause(self, piece: Piece, body: Body, pieces: list[Piece]) -> None:
        kind, text = piece.kind, self.passage.slice((piece.start, piece.end))
        if kind in ("within", "within range", "condition"):
            unit = piece.amount.quantity.unit if piece.amount is not None else None
            if kind == "within" and unit is not None and unit.dimension not in TIMES:
                raise Trouble(f"“{text}” does not say within what", (piece.start, piece.end))
            kind = "qualifier"
        if kind == "loose":  # with the words that it goes with: "over the year"
            end = self.passage.next_start(piece.end)
            if not self.passage.words(piece.end, end):
                raise Trouble(f"“{text}” has no amount to go with", (piece.start, piece.end))
            kind, text = "qualifier", self.passage.slice((piece.start, end)).rstrip(" ;,.()")
        if kind == "rate" and (
            not isinstance(body, (NoTarget, Parts))
            and not re.search(r"[0-9a-z%]", self.passage.folded[: piece.start].rstrip())
        ):
            raise Trouble(f"“{text}” has no amount to go with", (piece.start, piece.end))
        begins = ends = None
        if kind in TIME_KINDS:
            check_day(self.passage.folded, piece)
            if kind == "period" or self._has_one_day(piece, text):
                begins, ends = days_of(self.passage, piece, pieces)
        if kind == "period" and (isinstance(body, NoTarget) or _FORMER.match(text.lower())):
            kind = "qualifier"
        is_of_change = isinstance(body, Change) and not body.since and not body.baseline
        if (
            kind == "period"
            and not (is_of_change and text.lower().startswith("compared"))
            and re.match(
                r"(?:on(?! (?:or|and) after)|over|against|compared|versus|vs|relative|since|than|below|above|of|from|based|last|previous|prior|current|baseline|year(?! (?:to|ending|ended)))",
                self.passage.folded[piece.start :],
            )
        ):
            raise Trouble(
                f"“{text}” names a baseline, and nothing says what is to change",
                (piece.start, piece.end),
                nearest=(f"5% reduction {text}", f"5% increase {text}"),
            )
        if kind == "unit word":
            text = self.passage.slice((piece.start, self.passage.next_start(piece.end))).rstrip(" ;,.:()")
        if kind == "unit word" and isinstance(body, (Label, NoTarget)):
            kind = "qualifier"
        if (
            kind == "unit word"
            and re.search(r"(?:[0-9%]|[a-z]) ?$", self.passage.folded[: piece.start])
            and self._is_behind_a_unit(piece)
        ):
            raise Trouble(f"“{text}” stands behind an amount that has a unit already", (piece.start, piece.end))
        amount = piece.amount.quantity if piece.amount is not None else None
        self.clauses.append(Clause(kind, text, amount, (piece.start, piece.end), begins, ends))

    def _has_one_day(self, piece: Piece, text: str) -> bool:
        """Whether a deadline beside a target has one last day; what is odd about it is noted where it has not."""
        try:
            deadline = parse_deadline(text, year=self.passage.year)
        except RagRulesError as error:
            raise Trouble(error.problem, (piece.start, piece.end), error.hint, error.nearest) from None
        if len(deadline.stages) > 1:
            raise two_dates((piece.start, piece.end))
        if deadline.last_day is not None and not deadline.alternatives:
            return True
        self.notes += deadline.notes
        return False

    def _with_unit(self, body: Body, place: Span) -> Body:
        """The body with the unit or rate that the text names apart from its number: "Days to process: 30"."""
        rates = [clause for clause in self.clauses if clause.kind == "rate"]
        if (
            len(rates) == 1
            and isinstance(body, (Plain, Comparison))
            and body.amount.unit.is_number
            and not body.amount.unit.per
        ):
            per = read_suffix(f" {rates[0].text.lower()}").per
            body = replace(body, amount=Quantity(body.amount.value, Unit("", "number", per=per)))
            self.clauses = [clause for clause in self.clauses if clause.kind != "rate"]
        words = [clause for clause in self.clauses if clause.kind == "unit word"]
        if not words:
            return body
        amount = getattr(body, "amount", None)
        if (
            isinstance(body, (Plain, Comparison))
            and isinstance(amount, Quantity)
            and not amount.unit.per
            and self._names_the_unit(words[0].span, place)
            and amount.unit.is_number
            and len(words) == 1
            and words[0].text[:1] not in ("%", "£", "€", "$")
        ):
            named = read_suffix(self.passage.folded[words[0].span[0] : words[0].span[1]]).unit
            assert named is not None  # the grammar's unit words are all units
            self.notes.append(f"the amount is taken to be in {named}")
            self.clauses = [clause for clause in self.clauses if clause.kind != "unit word"]
            return replace(body, amount=Quantity(amount.value, named))
        for clause in words:
            if clause.text[:1] in ("%", "£", "€", "$"):
                raise Trouble(f"“{clause.text}” has no number", clause.span)
        self.clauses = [
            Clause("qualifier" if clause.kind == "unit word" else clause.kind, clause.text, clause.amount, clause.span)
            for clause in self.clauses
        ]
        return body

    def _names_the_unit(self, word: Span, amount: Span) -> bool:
        """Whether a unit apart from its number is that number's: before it, or behind it with one word between."""
        if ";" in self.passage.folded[min(word[1], amount[1]) : max(word[0], amount[0])]:
            return False
        return word[1] <= amount[0] or len(self.passage.folded[amount[1] : word[0]].split()) <= 1

    def _only_place_words(self, idle: list[Span]) -> bool:
        return all(not _PLACE_WORDS.sub("", self.passage.words(start, end)).strip() for start, end in idle)

    def _is_behind_a_unit(self, piece: Piece) -> bool:
        """Whether a unit stands right behind another piece, as in "95% days"."""
        return any(0 <= piece.start - end <= 1 for _, end in self.passage.taken)
