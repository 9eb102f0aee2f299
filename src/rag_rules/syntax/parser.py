"""A target's text to a target: the pieces that the grammar finds, put together without leaving one out."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Any, Final, cast

from lark import Token, UnexpectedCharacters, UnexpectedToken
from lark.exceptions import VisitError

from rag_rules.errors import TargetSyntaxError
from rag_rules.labels import BALANCED, VOCABULARY, normal
from rag_rules.quantity import Quantity, Unit
from rag_rules.syntax.amounts import read_suffix
from rag_rules.syntax.builder import Piece, Span, Trouble
from rag_rules.syntax.grammar import target_parser
from rag_rules.syntax.text import check_size, fold, tidy
from rag_rules.syntax.words import called, mistyped
from rag_rules.target import (
    AllOf,
    Banded,
    BandText,
    Benchmark,
    Between,
    Body,
    Change,
    Clause,
    Comparison,
    Condition,
    Label,
    NoTarget,
    NoTargetKind,
    Part,
    Parts,
    Place,
    Plain,
    Quartile,
    Sign,
    Target,
)

__all__ = ["read_target"]

_BAND_HINT: Final = "write the readings beside the colour, e.g. “Green ≥95%, Red <90%”"
_EXAMPLES: Final = ("at least 95%", "<£21", "between 10% and 20%", "top 5", "TBC")
_TIMES: Final = frozenset({"time", "working time", "working hours", "school time", "clear time", "months"})
_ASIDE: Final = frozenset(
    {"qualifier", "period", "deadline", "unit word", "rate", "polarity", "accumulation", "rounding"}
)
_BESIDE_A_LABEL: Final = frozenset({"deadline", "period", "polarity", "accumulation", "tolerance", "qualifier"})
_ONE_OF_A_KIND: Final = (
    "tolerance",
    "amber limit",
    "polarity",
    "accumulation",
    "scale",
    "unit",
    "rounding",
    "baseline",
)
_WORDS = re.compile(r"[^\W\d_][\w'’&/.-]*")
_NAME_EDGES = re.compile(
    r"^(?:(?:for|in|of|the|on|to|by|at|and|but|a|an|are|is|be|with|as|our)(?![\w-])[ ,]*|[ ,.:;()|/•*-])+|[ ,.:;()|/*-]+$|[ ,]+(?:and|of|for|by|to|in|is|be|:)$",
    re.IGNORECASE,
)
_PLACE_WORDS = re.compile(
    r"(?:in|out|of|the|to|be|place[sd]?|position|rank(?:ed|ing)?|nationally|regionally|league|table|overall|among|amongst|all|england|uk|country|authorities|councils|region|nation|a|for|achieve|maintain|remain|at)\b",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"(?P<lead>(?:(?:achieve|maintain|retain|remain|rated|rating(?: of)?|to be|be|obtain|receive|attain|a|an|the|status(?: of)?|target:?"
    r"|at least(?: an?)?|minimum(?: of)?(?: an?)?|min\.?|no (?:worse|lower|less) than|not below|at or above|above|better than|higher than"
    r")(?![a-z]) ?|(?:≥|>=|>|=) ?)*)(?P<word>.*?)"
    r"(?P<tail> (?:or|and) (?:better|above|higher|more|outstanding(?= ?$))|\+)?(?: (?:rating|status|judge?ment|award|grade))?[ .*†]*",
    re.DOTALL,
)
_DIGIT: Final = re.compile("[0-9]")
_APPROXIMATE = re.compile(
    r"\b(?:c\.? ?|circa |approx\.? ?|approximately |about |around )[£$€]?[0-9]|~|[0-9%] ?\(?approx|\broughly\b"
)
_AT_LEAST_WORDS = re.compile(r"at least|minimum|min\b|no (?:worse|lower|less) than|not below|at or above|≥|>=")
_ABOVE_WORDS = re.compile(r"(?<!or )above|better than|higher than|>(?!=)")


def read_target(text: str, labels: tuple[str, ...] = ()) -> Target:
    """The target that ``text`` writes, read afresh: what ``parse_target`` gives, without its cache."""
    check_size(text, TargetSyntaxError)
    shown = tidy(text)
    folded = fold(shown)
    if not folded.strip(" .-–—_*†\n"):
        return Target(NoTarget(NoTargetKind.EMPTY), text=shown, span=(0, len(shown)))
    label = _label(shown, folded, labels)
    if label is not None:
        return label
    if (worded := _worded_bands(shown, folded, labels)) is not None:
        return worded
    if ";" in folded and (target := _label_and_clauses(shown, folded, labels)) is not None:
        return target
    pieces = _pieces(shown, folded)
    if len(pieces) == 1 and (piece := pieces[0]).kind == "condition" and piece.end - piece.start == len(folded):
        body = piece.body
        if isinstance(body, (Comparison, Between)) and len(piece.spans) == 2 + isinstance(body, Between):
            return Target(body, text=shown, span=(0, len(shown)))  # nothing but the condition: nothing more to check
    try:
        return _Composer(shown, folded, labels).target(pieces)
    except Trouble as trouble:
        raise trouble.about(shown) from None


def _pieces(shown: str, folded: str) -> list[Piece]:
    """The pieces that the grammar finds in a text; raises ``TargetSyntaxError`` where it finds one that fits nowhere."""
    try:
        return cast("list[Piece]", target_parser().parse(folded, start="start"))
    except UnexpectedToken as error:
        raise _unexpected(shown, folded, error) from None
    except UnexpectedCharacters as error:
        raise _unreadable(shown, folded, cast("int", error.pos_in_stream)) from None
    except VisitError as error:
        if isinstance(error.orig_exc, Trouble):
            raise error.orig_exc.about(shown) from None
        raise
    except Trouble as trouble:
        raise trouble.about(shown) from None


_COLOURED: Final = re.compile(r"[ ,;.|\n]*(green|amber|yellow|red)(?: ?[:=]| is| -)? ")


def _worded_bands(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """Bands of words that are all known: "Green: Good, Amber: Requires improvement, Red: Inadequate"."""
    found = list(_COLOURED.finditer(folded))
    if not found or found[0].start() or _DIGIT.search(folded):
        return None
    bands = []
    for colour, following in zip(found, [*found[1:], None], strict=True):
        start, end = colour.end(), following.start() if following is not None else len(folded)
        label = _label(shown[start:end].strip(), folded[start:end].strip(), labels)
        if label is None or not isinstance(label.body, Label):
            return None
        bands.append(BandText(colour[1].replace("yellow", "amber"), (label.body,)))
    return Target(Banded(tuple(bands)), text=shown, span=(0, len(shown)))


def _label_and_clauses(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """A label with clauses behind it: "at least Silver; scale: Bronze < Silver < Gold"."""
    head = folded.partition(";")[0].rstrip()
    scale = re.search(r"scale ?: ?([^;\n]+)", folded)
    if scale:
        words = re.split("[<>]", shown[scale.start(1) : scale.end(1)])
        labels = [*labels, *(re.sub(r"\(amber\)", "", word, flags=re.IGNORECASE).strip() for word in words)]
    label = _label(shown[: len(head)], head, labels)
    if label is None:
        return None
    composer = _Composer(shown, folded, labels)
    try:
        return composer.with_clauses(label, _pieces(shown, " " * len(head) + folded[len(head) :]))
    except Trouble as trouble:
        raise trouble.about(shown) from None


def _unexpected(shown: str, folded: str, error: UnexpectedToken) -> TargetSyntaxError:
    token = cast("Token", error.token)
    expected = called(set(error.accepts or error.expected or ()))
    if token.type == "$END":
        end = len(shown)
        return TargetSyntaxError("the text ends too early", text=shown, span=(end - 1, end), expected=expected)
    span = (token.start_pos or 0, token.end_pos or 0)
    found = shown[span[0] : span[1]].strip()
    if token.type == "NEGATION":
        return TargetSyntaxError(
            f"“{found}” may turn the meaning round, and its place in the rule is not clear",
            text=shown, span=span, nearest=("zero", "no more than 5") if found.lower() == "no" else ("at least 95%", "no more than 5"),
        )  # fmt: skip
    if token.type == "MONTH":
        return TargetSyntaxError(
            f"“{found}” bounds nothing", text=shown, span=span, hint="write “by March 2024” for a deadline"
        )
    if token.type in (
        "STRAY",
        "LESS_THAN",
        "MORE_THAN",
        "AT_LEAST",
        "AT_MOST",
        "MAXIMUM",
        "MINIMUM",
        "OR_MORE",
        "OR_LESS",
        "BY",
        "TO",
    ):
        return TargetSyntaxError(
            f"“{found}” has no amount to go with", text=shown, span=span, hint="write a comparison and its amount together",
            nearest=("at least 95%", "less than £21") if token.type == "STRAY" else (),
        )  # fmt: skip
    return TargetSyntaxError(f"“{found}” does not fit here", text=shown, span=span, expected=expected)


_EXPONENT = re.compile(r"[0-9]e[+-]?[0-9]")


def _unreadable(shown: str, folded: str, position: int) -> TargetSyntaxError:
    nearby = folded[max(0, position - 12) : position + 24]
    if _EXPONENT.search(nearby):
        return TargetSyntaxError(
            "a number with an exponent is not read",
            text=shown,
            span=(position, position + 1),
            hint="write the number in full",
        )
    end = position + 1
    while end < len(folded) and not folded[end].isspace():
        end += 1
    hint = ""
    if folded[position] == "^":
        hint = "a raised figure after a digit is a footnote or a power; remove it or write it out"
    elif folded[position].isdigit():
        hint = "put a space between a number and what it counts, and use one decimal point and commas for thousands"
    return TargetSyntaxError(f"“{shown[position:end]}” cannot be read", text=shown, span=(position, end), hint=hint)


def _label(shown: str, folded: str, labels: Sequence[str]) -> Target | None:
    """The label that the whole text is, if it is one."""
    if not labels and (_DIGIT.search(folded) or len(folded) > 80):
        return None
    found = _LABEL.fullmatch(folded)
    assert found is not None  # every part is optional and the word takes anything
    word = normal(found["word"])
    known = {normal(label): label for label in labels}
    if folded == normal(shown) and word not in known and normal(folded) in known:
        return Target(Label(known[normal(folded)]), text=shown, span=(0, len(shown)))
    for whole in (normal(folded), word):
        label = known.get(whole) or VOCABULARY.get(whole) or ("Balanced" if whole in BALANCED else None)
        if label is not None and not (label == "No" and folded.strip(" .") != "no"):
            break
    else:
        return None
    lead, sign = found["lead"] or folded[: found.start("word")], Sign.EQUAL
    if whole == word:
        lead = folded[: found.start("word")]
        if _AT_LEAST_WORDS.search(lead) or found["tail"]:
            sign = Sign.AT_LEAST
        elif _ABOVE_WORDS.search(lead):
            sign = Sign.MORE_THAN
    start = found.start("word") if whole == word else 0
    return Target(Label(label, sign), text=shown, span=(start, start + len(whole)))


class _Composer:
    """Puts the pieces of one text together; every piece has a use, or the text is refused."""

    def __init__(self, shown: str, folded: str, labels: Sequence[str]) -> None:
        self.shown = shown
        self.folded = folded
        self.labels = labels
        self.notes: list[str] = []
        self.clauses: list[Clause] = []
        #: the places of all tokens
        self.taken: list[Span] = []

    # what is asked

    def target(self, pieces: list[Piece]) -> Target:
        pieces = self._brackets(pieces)
        self.taken = sorted(span for piece in pieces for span in piece.spans)
        idle = self._idle(pieces)
        self._typing_errors(idle)
        if any(piece.kind == "colour" for piece in pieces):
            body, used = self._banded(pieces)
        else:
            body, used = self._body(pieces, idle)
        for piece in pieces:
            if piece.kind == "loose":
                self._check_loose(piece, used)
            if piece not in used and piece.kind not in ("AND", "NEWLINE", "ENUMERATOR"):
                self._clause(piece, body)
        body = self._with_unit(body, (used[0].start, used[-1].end) if used else (0, 0))
        for kind in _ONE_OF_A_KIND:
            if len([clause for clause in self.clauses if clause.kind == kind]) > 1:
                second = [clause for clause in self.clauses if clause.kind == kind][1]
                raise Trouble(f"two clauses give the {kind}", second.span)
        if _APPROXIMATE.search(self.folded):
            self.notes.append("the target is written as approximate, and read as exact")
        span = (used[0].start, used[-1].end) if used else (0, len(self.shown))
        subject = " … ".join(words for start, end in idle if (words := self._words(start, end)))
        return Target(body, tuple(self.clauses), self.shown, span, subject, tuple(self.notes))

    def with_clauses(self, label: Target, pieces: list[Piece]) -> Target:
        """The label with what the pieces behind it say besides."""
        pieces = self._brackets(pieces)
        self.taken = sorted([label.span, *(span for piece in pieces for span in piece.spans)])
        for start, end in self._idle([Piece("label", [label.span]), *pieces]):
            if words := self._words(max(start, label.span[1]), end):
                raise Trouble(f"“{words}” is no clause that is known", (start, end))
        for piece in pieces:
            if piece.kind in ("condition", "colour", "no target", "quoted", "ordinal", "within range"):
                raise Trouble(f"{label.body} and {piece.body or piece.kind} in one target", (piece.start, piece.end))
            self._clause(piece, label.body)
        return replace(label, clauses=tuple(self.clauses), text=self.shown, notes=tuple(self.notes))

    def _body(self, pieces: list[Piece], idle: list[Span]) -> tuple[Body, list[Piece]]:
        conditions = [piece for piece in pieces if piece.kind in ("condition", "ordinal", "quoted")]
        withins = [piece for piece in pieces if piece.kind in ("within", "within range")]
        none = [piece for piece in pieces if piece.kind == "no target"]
        for piece in conditions:
            self._check_dash(piece, idle)
            self._check_or(piece)
            self._check_governor(piece)
        if not conditions and withins:
            conditions = [self._as_condition(piece) for piece in withins]
        if none:
            if conditions:
                raise Trouble(
                    f"the text gives a target ({conditions[0].body}) and says that there is none",
                    (none[0].start, none[0].end),
                    hint="keep one of them",
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
        if not conditions:
            raise self._nothing(pieces)
        if len(conditions) == 1:
            piece = conditions[0]
            if piece.kind == "ordinal" and not self._only_place_words(idle):
                raise Trouble(
                    "an ordinal among other words may not be a place",
                    (piece.start, piece.end),
                    nearest=(f"rank {piece.body}", str(piece.body)),
                )
            if piece.kind == "quoted":
                if self._words(0, piece.start):
                    raise Trouble(
                        "words outside the quotation marks",
                        (0, piece.start),
                        hint="put the whole label in quotation marks",
                    )
                return Label(self.shown[piece.start + 1 : piece.end - 1].strip(), quoted=True), [piece]
            assert piece.body is not None
            if isinstance(piece.body, Benchmark):
                at = self.folded.find(piece.body.name, piece.start)
                return replace(piece.body, shown=self.shown[at : at + len(piece.body.name)]), [piece]
            return piece.body, [piece]
        return self._several(conditions, pieces)

    def _label_beside(self, pieces: list[Piece], idle: list[Span]) -> Target | None:
        """The label that is all the words beside the clauses: "Good by March 2024", "Silver; scale: Bronze < Silver"."""
        if len(idle) != 1 or not pieces or any(piece.kind not in _BESIDE_A_LABEL for piece in pieces):
            return None
        start, end = idle[0]
        while end > start and self.folded[end - 1] in " ;,.(-:":
            end -= 1
        while start < end and self.folded[start] in " ;,.):-":
            start += 1
        found = _label(self.shown[start:end], self.folded[start:end], self.labels)
        return replace(found, span=(found.span[0] + start, found.span[1] + start)) if found is not None else None

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
        if quantity.unit.dimension not in _TIMES and not quantity.unit.dimension.startswith("money"):
            raise Trouble(
                f"“within {quantity}” does not say within {quantity} of what",
                (piece.start, piece.end),
                nearest=(f"at most {quantity}", f"at least 95%; amber within {quantity}"),
            )
        return piece

    def _several(self, conditions: list[Piece], pieces: list[Piece]) -> tuple[Body, list[Piece]]:
        segments = self._segments(conditions, pieces)
        names = [
            self._name(start, end, piece, pieces) for piece, (start, end) in zip(conditions, segments, strict=True)
        ]
        bodies = [cast("Condition", piece.body) for piece in conditions]
        if (shared := _share_and_time(conditions)) is not None:
            return shared[0].body, [shared[0]]  # type: ignore[return-value]  # a condition has a body
        comparisons = [body for body in bodies if isinstance(body, Comparison)]
        plain_names = [re.fullmatch(r"(?:and|but|or|also|yet|, |[a-z ]{0,0})*", name) is not None for name in names]
        if len(comparisons) == len(bodies) and all(plain_names) and self._are_joined(conditions):
            self._check_together(comparisons, conditions)
            return AllOf(tuple(comparisons)), conditions
        if len(set(names)) == len(names) and all(names) and self._are_parts(conditions, pieces):
            periods = [piece for piece in pieces if piece.kind == "period" and self._period_name(piece) in names]
            return Parts(tuple(Part(name, body) for name, body in zip(names, bodies, strict=True))), [
                *conditions,
                *periods,
            ]
        first, second = conditions[:2]
        raise Trouble(
            f"two conditions and nothing that says which is the target: {first.body} and {second.body}",
            (second.start, second.end),
            nearest=(str(first.body), str(second.body)),
        )

    def _are_joined(self, conditions: list[Piece]) -> bool:
        """Whether two bounds are said to hold together, or are written with signs: ">5 and <10", "≥5 <10"."""
        before, after = conditions[:2]
        signs = all(self.folded[piece.start] in "<>≤≥=m" for piece in conditions)  # m: "minimum 3 maximum 5"
        return signs or re.search(r"\b(?:and|but|yet)\b|[,;]", self.folded[before.end : after.start]) is not None

    def _check_together(self, comparisons: list[Comparison], conditions: list[Piece]) -> None:
        lows = [each for each in comparisons if each.sign.is_lower]
        highs = [each for each in comparisons if each.sign.is_upper]
        if len(lows) != 1 or len(highs) != 1 or len(comparisons) != 2:
            first, second = conditions[:2]
            raise Trouble(
                f"{first.body} and {second.body} do not bound one range",
                (second.start, second.end),
                nearest=(str(first.body), str(second.body)),
            )

    def _are_parts(self, conditions: list[Piece], pieces: list[Piece]) -> bool:
        """Whether the text itself sets its conditions apart: by letters, lines, "for", periods, or a sign each."""
        kinds = {piece.kind for piece in pieces}
        if "ENUMERATOR" in kinds or "NEWLINE" in kinds:
            return True
        if len([piece for piece in pieces if piece.kind == "period"]) >= len(conditions):
            return True
        signed = all(not isinstance(piece.body, (Plain, Change)) for piece in conditions)
        between = self.folded[conditions[0].start : conditions[-1].end]
        fors = len(re.findall(r"\bfor\b", self.folded[conditions[0].start :])) >= len(conditions)
        return (
            signed
            or fors
            or (
                "AND" in kinds
                and len({piece.amount.quantity.unit for piece in conditions if piece.amount}) == 1
                and bool(between)
            )
        )

    def _segments(self, conditions: list[Piece], pieces: list[Piece]) -> list[Span]:
        """The stretch of text that belongs to each condition, split where the text splits itself."""
        edges = [0]
        for before, after in pairwise(conditions):
            joiners = [
                piece
                for piece in pieces
                if piece.kind in ("AND", "NEWLINE", "ENUMERATOR") and before.end <= piece.start < after.end
            ]
            if joiners:
                edges.append(joiners[-1].start if joiners[-1].kind == "ENUMERATOR" else joiners[-1].end)
            elif found := re.search(r"[,;.|]|\band\b", self.folded[before.end : after.start]):
                edges.append(before.end + found.end())
            else:
                period = [
                    piece for piece in pieces if piece.kind == "period" and before.end <= piece.start < after.start
                ]
                edges.append(period[-1].end if period else before.end)
        edges.append(len(self.folded))
        return list(pairwise(edges))

    def _name(self, start: int, end: int, piece: Piece, pieces: list[Piece]) -> str:
        """What a condition is about: its letter, its period, or the words around it."""
        inside = [other for other in pieces if start <= other.start < end]
        for other in inside:
            if other.kind == "ENUMERATOR":
                return self.folded[other.start : other.end].strip("() ")
        for other in inside:
            if other.kind == "period":
                return self._period_name(other)
        taken = sorted(span for other in pieces for span in other.spans if start <= span[0] < end)
        words, at = [], start
        for first, last in [*taken, (end, end)]:
            if first > at:
                words.append(self.shown[at:first])
            at = max(at, last)
        previous, name = None, " ".join(" ".join(words).split())
        while previous != name:
            previous, name = name, _NAME_EDGES.sub("", name)
        return name

    def _period_name(self, piece: Piece) -> str:
        return re.sub(
            r"^(?:in|for|during|at) ", "", self._slice((piece.start, piece.end)).strip("() "), flags=re.IGNORECASE
        )

    # explicit bands

    def _banded(self, pieces: list[Piece]) -> tuple[Body, list[Piece]]:
        ruled = [piece for piece in pieces if piece.kind in ("colour", "condition", "within", "quoted")]
        colours = [piece for piece in ruled if piece.kind == "colour"]
        if ruled == colours:
            raise self._bands_without_readings(colours)
        groups = self._groups(ruled)
        for piece in pieces:
            if piece.kind == "no target":
                raise Trouble("bands and “no target” in one text", (piece.start, piece.end))
        bands: dict[str, tuple[Any, ...]] = {}
        for name, conditions, piece in groups:
            if not conditions:
                raise Trouble(f"“{name}” has no readings", (piece.start, piece.end), hint=_BAND_HINT)
            bands[name] = bands.get(name, ()) + self._band_conditions(conditions)
        return Banded(tuple(BandText(colour, conditions) for colour, conditions in bands.items())), ruled

    def _colour(self, piece: Piece) -> str:
        word = re.match(r"[a-z]+", self.folded[piece.start : piece.end])
        assert word is not None  # a colour token begins with its word
        return word.group().replace("yellow", "amber")

    def _groups(self, ruled: list[Piece]) -> list[tuple[str, list[Piece], Piece]]:
        """Each colour with its conditions, which stand behind it, or all before it."""
        groups: list[tuple[str, list[Piece], Piece]] = []
        waiting: list[Piece] = []
        first_is_colour = ruled[0].kind == "colour"
        for piece in ruled:
            if piece.kind == "colour":
                groups.append((self._colour(piece), [] if first_is_colour else waiting, piece))
                waiting = []
            elif first_is_colour:
                groups[-1][1].append(piece)
            else:
                waiting.append(piece)
        if waiting:
            raise Trouble(f"{waiting[0].body} has no colour", (waiting[0].start, waiting[0].end))
        return groups

    def _bands_without_readings(self, colours: list[Piece]) -> Trouble:
        if len(colours) > 1:
            return Trouble(
                "the bands are words that are on no known scale",
                (colours[0].start, len(self.shown)),
                hint="give the scale, the worst first, e.g. Declining < Flat < Growing",
            )
        return Trouble("the target is itself a colour", (colours[0].start, colours[0].end), hint=_BAND_HINT)

    def _band_conditions(self, pieces: list[Piece]) -> tuple[Any, ...]:
        """The conditions of one band; two bounds joined by "and" or "but" are one range."""
        bodies: list[Any] = []
        last: Piece | None = None
        for piece in pieces:
            body = self._band_condition(piece)
            before = bodies[-1] if bodies else None
            if (
                last is not None
                and isinstance(before, Comparison)
                and isinstance(body, Comparison)
                and self._is_joined(last, piece)
            ):
                low, high = (before, body) if before.sign.is_lower else (body, before)
                if low.sign.is_lower and high.sign.is_upper and low.amount.value <= high.amount.value:
                    bodies[-1], last = AllOf((low, high)), None
                    continue
            bodies.append(body)
            last = piece
        return tuple(bodies)

    def _is_joined(self, before: Piece, after: Piece) -> bool:
        return re.search(r"\||\bor\b", self.folded[before.end : after.start]) is None

    def _band_condition(self, piece: Piece) -> Comparison | Between | Label:
        if isinstance(piece.body, Comparison | Between | Label):
            return piece.body
        if not isinstance(piece.body, Plain):
            raise Trouble(f"{piece.body} is not a band", (piece.start, piece.end))
        quantity = piece.body.amount
        if _is_count(quantity):
            return Comparison(Sign.EQUAL, quantity)
        raise Trouble(
            f"a band of {quantity} does not say which side of it",
            (piece.start, piece.end),
            nearest=(f"≥ {quantity}", f"≤ {quantity}", f"= {quantity}"),
        )

    # what is said besides

    def _brackets(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces with each bracket opened, or taken for what it says of the piece before it."""
        opened: list[Piece] = []
        in_bands = any(piece.kind == "colour" for piece in pieces)
        for piece in pieces:
            if piece.kind != "bracket":
                opened.append(piece)
                continue
            if (
                in_bands
                and not _DIGIT.search(self.folded, piece.start, piece.end)
                and opened
                and opened[-1].kind != "colour"
            ):
                opened.append(
                    Piece("qualifier", [(piece.start, piece.end)])
                )  # a remark on a band: "(needs improvement)"
                continue
            inside = piece.inside
            conditions = [each for each in inside if each.kind in ("condition", "within", "within range", "ordinal")]
            before = opened[-1] if opened else None
            if not conditions:
                opened.extend(each for each in inside if each.kind not in ("AND", "NEWLINE", "quoted"))
                if any(each.kind == "quoted" for each in inside):
                    opened.append(Piece("qualifier", [(piece.start, piece.end)]))
            elif (
                len(conditions) == 1
                and isinstance(conditions[0].body, Plain)
                and before is not None
                and self._beside(before, conditions[0])
            ):
                before.spans.extend([piece.spans[0], *conditions[0].spans, piece.spans[-1]])
                opened.extend(each for each in inside if each not in conditions)
            elif all(each.kind == "within" for each in conditions):
                opened.extend(Piece("qualifier", each.spans) for each in conditions)
                opened.extend(each for each in inside if each not in conditions)
            elif (
                before is not None
                and all(isinstance(each.body, (Comparison, Between)) for each in conditions)
                and self._bracket_words(piece)
            ):
                self.notes.append(
                    f"a further condition is not judged by this reading: {self._slice((piece.start + 1, piece.end - 1))}"
                )
                opened.append(Piece("qualifier", [(piece.start, piece.end)]))
            elif before is None and isinstance(conditions[0].body, Plain) and self.folded.strip()[0] == "(":
                amount = conditions[0].body.amount
                raise Trouble(
                    "an amount in brackets is negative to an accountant",
                    (piece.start, piece.end),
                    nearest=(str(amount), f"-{amount}"),
                )
            elif before is None or len(pieces) == 1 or before.kind == "colour":
                opened.extend(inside)
            else:
                other = conditions[0]
                raise Trouble(
                    f"{before.body or self._slice((before.start, before.end))} and, in brackets, {other.body}: nothing says which is the target",
                    (other.start, other.end),
                    nearest=tuple(str(each.body) for each in (before, other) if each.body is not None),
                )
        return opened

    def _beside(self, before: Piece, inside: Piece) -> bool:
        """Whether an amount in brackets goes with what is before it: ``1% (30.3m)``, ``0 (zero)``, ``than last year (45)``."""
        body, amount = before.body, cast("Plain", inside.body).amount
        if isinstance(body, (Plain, Comparison)) and body.amount == amount:
            return True
        if isinstance(body, Change) and body.by is None and body.to is None and body.baseline is None:
            before.body = replace(body, baseline=amount)
            return True
        if isinstance(body, Plain) and _same_share(body.amount, amount):
            return True
        if (
            isinstance(body, Change)
            and body.by is not None
            and body.baseline is None
            and _NAMES_A_BASELINE.search(self.folded[: before.end])
        ):
            before.body = replace(body, baseline=amount)
            return True
        assert inside.amount is not None
        if amount.unit.is_number and not inside.amount.power and amount.value < 10:
            return False  # a footnote, as likely as not
        if isinstance(body, Plain) and body.amount.unit.is_percent and not amount.unit.is_percent:
            before.body = Change("any", body.amount, beside=amount)
            return True
        if isinstance(body, Change) and body.by is not None and body.beside is None and body.by.unit != amount.unit:
            before.body = replace(body, beside=amount)
            return True
        return False

    def _bracket_words(self, bracket: Piece) -> bool:
        inside = sorted(span for piece in bracket.inside for span in piece.spans)
        at, words = bracket.start + 1, ""
        for start, end in [*inside, (bracket.end - 1, bracket.end)]:
            words += self.shown[at:start]
            at = end
        return bool(_WORDS.search(words))

    def _clause(self, piece: Piece, body: Body) -> None:
        kind, text = piece.kind, self._slice((piece.start, piece.end))
        if kind in ("within", "within range", "condition"):
            kind = "qualifier"
        if kind == "loose":  # with the words that it goes with: "over the year"
            end = self._next_start(piece.end)
            if not self._words(piece.end, end):
                raise Trouble(f"“{text}” has no amount to go with", (piece.start, piece.end))
            kind, text = "qualifier", self._slice((piece.start, end)).rstrip(" ;,.()")
        if kind == "rate" and (
            not isinstance(body, (NoTarget, Parts)) and not re.search(r"[0-9a-z%]", self.folded[: piece.start].rstrip())
        ):
            raise Trouble(f"“{text}” has no amount to go with", (piece.start, piece.end))
        if kind in ("deadline", "period"):
            _check_day(self.folded, piece)
        if kind == "period" and isinstance(body, NoTarget):
            kind = "qualifier"
        if kind == "period" and re.match(
            r"(?:on|over|against|compared|versus|vs|relative|since|than|below|above|of|from|based|last|previous|prior|current|baseline|year)",
            self.folded[piece.start :],
        ):
            raise Trouble(
                f"“{text}” names a baseline, and nothing says what is to change",
                (piece.start, piece.end),
                nearest=(f"5% reduction {text}", f"5% increase {text}"),
            )
        if kind == "unit word":
            text = self._slice((piece.start, self._next_start(piece.end))).rstrip(" ;,.:()")
        if kind == "unit word" and isinstance(body, (Label, NoTarget)):
            kind = "qualifier"
        if (
            kind == "unit word"
            and re.search(r"(?:[0-9%]|[a-z]) ?$", self.folded[: piece.start])
            and self._is_behind_a_unit(piece)
        ):
            raise Trouble(f"“{text}” stands behind an amount that has a unit already", (piece.start, piece.end))
        amount = piece.amount.quantity if piece.amount is not None else None
        self.clauses.append(Clause(kind, text, amount, (piece.start, piece.end)))

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
            named = read_suffix(self.folded[words[0].span[0] : words[0].span[1]]).unit
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
        if ";" in self.folded[min(word[1], amount[1]) : max(word[0], amount[0])]:
            return False
        return word[1] <= amount[0] or len(self.folded[amount[1] : word[0]].split()) <= 1

    # checks

    def _check_dash(self, piece: Piece, idle: list[Span]) -> None:
        """A dash between a word and a number is a minus sign or a dash, and nobody can tell."""
        amount = piece.amount
        if amount is None or not amount.sign or piece.start != amount.start or not isinstance(piece.body, Plain):
            return
        size = Quantity(abs(amount.quantity.value), amount.quantity.unit)
        before = " ".join(self._words(start, end) for start, end in idle if end == piece.start)
        if amount.sign == "minus" and before and self.folded.startswith("minus", amount.start):
            raise Trouble(f"“minus {size}” is taken from something that is not known", (amount.start, amount.end))
        if amount.sign == "plus" and before:
            raise Trouble(
                f"+{size} behind other words could be added to something, or be the target",
                (amount.start, amount.end),
                nearest=(f"{before}: {size}", f"{before} by {size}"),
            )
        if amount.sign != "dash":
            return
        raise Trouble(
            f"the dash before {size} could be a minus sign or a dash",
            (amount.start, amount.end),
            nearest=(f"{self.shown[: amount.start].strip()}: {size}", f"{self.shown[: amount.start].strip()}: -{size}"),
        )

    def _check_or(self, piece: Piece) -> None:
        """An "or" beside a condition offers an alternative to it that nobody has read."""
        before = re.search(r"(?<![a-z])(?:\w+ )?or[ :]*$", self.folded[: piece.start])
        after = re.match(r"[ ,]*or(?: \w+)?(?![a-z])", self.folded[piece.end :])
        for found, offset in ((before, 0), (after, piece.end)):
            if found:
                span = (found.start() + offset, found.end() + offset)
                raise Trouble(
                    f"“{self._slice(span)}” offers an alternative that is not clear", span, nearest=(str(piece.body),)
                )

    def _check_governor(self, piece: Piece) -> None:
        """A verb that governs a condition may turn it round: "prevent more than 3", "limit the increase to 2%"."""
        before = self.folded[: piece.start] + "".join(
            self.folded[a[1] : b[0]] for a, b in pairwise(sorted(piece.spans))
        )
        for kinds, words in _GOVERNORS:
            if isinstance(piece.body, kinds) and (found := words.search(before)):
                raise Trouble(
                    f"“{found.group()}” before “{piece.body}” may turn its meaning round",
                    (min(found.start(), piece.start), min(found.end(), piece.end)),
                    nearest=(str(piece.body),),
                )

    def _check_loose(self, piece: Piece, used: list[Piece]) -> None:
        """A comparator that has lost its amount, before a plain one or right behind one."""
        word = self.folded[piece.start : piece.end]
        for other in used:
            lost = piece.start < other.start and isinstance(other.body, (Plain, Benchmark)) and word != "within"
            beside = (
                0 <= piece.start - other.end <= 1
                and word != "within"
                and not _OVER_TIME.match(self.folded, piece.start)
            )
            if lost or beside:
                raise Trouble(
                    f"“{word}” has no amount to go with",
                    (piece.start, piece.end),
                    hint="write the comparison and its amount together",
                )

    def _only_place_words(self, idle: list[Span]) -> bool:
        return all(not _PLACE_WORDS.sub("", self._words(start, end)).strip() for start, end in idle)

    def _idle(self, pieces: list[Piece]) -> list[Span]:
        """The stretches of text between tokens that hold words."""
        spans = sorted(span for piece in pieces for span in piece.spans)
        gaps, at = [], 0
        for start, end in [*spans, (len(self.folded), len(self.folded))]:
            if start > at and _WORDS.search(self.folded, at, start):
                gaps.append((at, start))
            at = max(at, end)
        return gaps

    def _typing_errors(self, idle: list[Span]) -> None:
        for start, end in idle:
            for word in _WORDS.finditer(self.folded, start, end):
                if mistyped(word.group()) and not self.taken and (labels := self._near_labels(0.85)):
                    raise Trouble("this word is on no scale", (0, len(self.shown)), nearest=labels)
                if meant := mistyped(word.group()):
                    raise Trouble(
                        f"“{self._slice(word.span())}” may be a keyword mistyped", word.span(), nearest=(meant,)
                    )

    def _near_labels(self, cutoff: float) -> tuple[str, ...]:
        """Known labels that look like the whole text."""
        known = {**VOCABULARY, **dict.fromkeys(BALANCED, "Balanced"), **{normal(label): label for label in self.labels}}
        return tuple(known[each] for each in get_close_matches(normal(self.folded), list(known), n=3, cutoff=cutoff))

    def _nothing(self, pieces: list[Piece]) -> Trouble:
        whole = (0, len(self.shown))
        near = self._near_labels(0.7)
        if pieces and pieces[0].kind == "deadline":
            return Trouble(
                "a date and no amount",
                (pieces[0].start, pieces[0].end),
                hint="a target with a date needs an amount; an action's due date is a deadline",
            )
        if pieces and pieces[0].kind == "polarity":
            return Trouble("this says which way is better, but not what the target is", whole, nearest=("No target",))
        if re.fullmatch(r"none[ .]*", self.folded):
            return Trouble("“none” could mean zero or no target", whole, nearest=("zero", "No target"))
        if near:
            return Trouble("this word is on no scale", whole, nearest=near)
        return Trouble(
            "nothing in this text says what the target is",
            whole,
            hint=f'write an amount, a comparison or a known word; put a label of your own in quotation marks, e.g. "{self.shown[:40]}"',
        )

    def _is_behind_a_unit(self, piece: Piece) -> bool:
        """Whether a unit stands right behind another piece, as in "95% days"."""
        return any(0 <= piece.start - end <= 1 for _, end in self.taken)

    def _next_start(self, end: int) -> int:
        """Where the next token behind ``end`` begins."""
        return min((start for start, _ in self.taken if start >= end), default=len(self.folded))

    # places

    def _slice(self, span: Span) -> str:
        return self.shown[span[0] : span[1]].strip()

    def _words(self, start: int, end: int) -> str:
        return self.shown[start:end].strip(" .,;:()|•*†\n-–—/'\"“”‘’")


#: words for what must not happen, and for alarms and conditions
_AGAINST = (
    r"eliminat\w*|eradicat\w*|end|ends|ending|clear|clears|clearing|avoid\w*|prevent\w*|stop\w*|halt\w*|discourag\w*|reject\w*|fail|fails"
    r"|failed|failing|alert\w*|escalat\w*|breach\w*|trigger\w*|poor|bad|interven\w*|concern|concerns|penalt\w*|warning\w*|action required"
    r"|abolish\w*|ban|bans|remove|removes|tackle\w*|refus\w*|when|whenever|until|instead of|rather than"
)
#: words for holding a change back
_HOLDING = (
    r"limit\w*|restrict\w*|contain\w*|hold|holds|holding|held|cap|caps|capped|slow\w*|block\w*|mitigat\w*|offset\w*|moderat\w*|combat\w*"
    r"|tackl\w*|absorb\w*|despite|control\w*|dampen\w*|revers\w*|arrest\w*|manag\w*|counter\w*|address\w*|resist\w*|oppos\w*|keep|kept"
    r"|minimi[sz]\w*|zero|nil|without|any|curtail\w*|check|constrain\w*|delay\w*|defer\w*|withstand|accept\w*|expect\w*"
)
_GOVERNORS: Final = (
    ((Comparison, AllOf, Benchmark, Change, Place, Quartile), re.compile(rf"\b(?:{_AGAINST})\b(?!-)")),
    ((Plain,), re.compile(r"\b(?:fail(?:s|ed|ing)? to|nobody|short of|away from|anything)\b")),
    ((Change,), re.compile(rf"\b(?:{_HOLDING})\b")),
    (
        (Benchmark,),
        re.compile(
            r"\b(?:gap|difference|clos(?:e|ing)|narrow\w*|towards?|approach\w*|outside|half|twice|times|double|percentage of|share of)\b"
        ),
    ),
    ((Place, Quartile), re.compile(r"\b(?:outside|leav\w*|out of|exit\w*)\b")),
    ((Between,), re.compile(r"\b(?:ratio|outside|except\w*)\b")),
)
_OVER_TIME = re.compile(
    r"(?:over|under|above|below) (?:the|this|a|an|each|any|any one|review|construction|development|way|contract|offer)\b(?! (?:target|national|average|limit|plan|budget|baseline))"
)
_DAY_AND_MONTH = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?(?: (?P<year>[0-9]{4}))?"
)
_MONTHS: Final = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _check_day(folded: str, piece: Piece) -> None:
    """Refuse a day that does not exist, with the nearest one that does: 31 September."""
    found = _DAY_AND_MONTH.search(folded, piece.start, piece.end)
    if found is None:
        return
    month = _MONTHS.index(found["month"]) + 1
    last = monthrange(int(found["year"] or 2024), month)[1]
    if not 1 <= int(found["day"]) <= last:
        name = month_name[month]
        raise Trouble(
            f"there is no {found['day']} {name}{' ' + found['year'] if found['year'] else ''}",
            found.span(),
            nearest=(f"{last} {name}",),
        )


_NAMES_A_BASELINE = re.compile(r"(?:baseline|levels?|outturn|figures?)$")


def _share_and_time(conditions: list[Piece]) -> tuple[Piece, Piece] | None:
    """The share and the time of "92% < 18 weeks": the share is rated, and the time says of what."""
    if len(conditions) != 2:
        return None
    amounts = [piece.body.amount if isinstance(piece.body, (Plain, Comparison)) else None for piece in conditions]
    for (mine, piece), (theirs, other) in ((pair := list(zip(amounts, conditions, strict=True))), pair[::-1]):
        if (
            mine is not None
            and theirs is not None
            and mine.unit.is_percent
            and theirs.unit.dimension in _TIMES
            and isinstance(other.body, Comparison)
        ):
            return piece, other
    return None


def _same_share(a: Quantity, b: Quantity) -> bool:
    """Whether two amounts are one share written twice: "7 out of 10 (70%)"."""
    for share, other in ((a, b), (b, a)):
        whole = share.unit.dimension.removeprefix("out of ")
        if other.unit.is_percent and whole != share.unit.dimension:
            return share.value * 100 == other.value * Decimal(whole.replace(",", ""))
    return False


def _is_count(amount: Quantity) -> bool:
    """Whether an amount in a band is a whole number of things: "Green 0, Amber 1-2, Red 3+"."""
    return amount.unit.is_number and amount.value == amount.value.to_integral_value() and abs(amount.value) < 20
