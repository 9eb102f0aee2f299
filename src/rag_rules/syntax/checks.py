"""Words that may turn a condition round, and other signs that it is not what it seems."""

from __future__ import annotations

import re
from calendar import monthrange
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from rag_rules.labels import BALANCED, VOCABULARY, normal
from rag_rules.periods import MONTH, MONTHS, month_number
from rag_rules.quantity import Quantity
from rag_rules.syntax.builder import Piece, Span, Trouble
from rag_rules.syntax.passage import WORDS, Passage
from rag_rules.syntax.words import mistyped
from rag_rules.target import AllOf, Around, Benchmark, Between, Body, Change, Comparison, Place, Plain, Quartile

__all__ = ["check_condition", "check_day", "check_loose", "check_typing", "near_labels", "nothing_found"]

#: words for what must not happen, and for alarms and conditions
_AGAINST = (
    r"eliminat\w*|eradicat\w*|end|ends|ending|clear|clears|clearing|avoid\w*|prevent\w*|stop\w*|halt\w*|discourag\w*|reject\w*|fail|fails"
    r"|failed|failing|alert\w*|escalat\w*|breach\w*|trigger\w*|poor|bad|interven\w*|concern|concerns|penalt\w*|warning\w*|action required"
    r"|unlikely|few|risk of|abolish\w*|ban|bans|remove|removes|tackle\w*|refus\w*|when|whenever|until|instead of|rather than"
)
#: words for holding a change back
_HOLDING = (
    r"limit\w*|restrict\w*|contain\w*|hold|holds|holding|held|cap|caps|capped|slow\w*|block\w*|mitigat\w*|offset\w*|moderat\w*|combat\w*"
    r"|tackl\w*|absorb\w*|despite|control\w*|dampen\w*|revers\w*|arrest\w*|manag\w*|counter\w*|address\w*|resist\w*|oppos\w*|keep|kept"
    r"|minimi[sz]\w*|zero|nil|without|any|curtail\w*|check|constrain\w*|delay\w*|defer\w*|withstand|accept\w*|expect\w*"
)
_GOVERNORS: Final[tuple[tuple[tuple[type[Body], ...], re.Pattern[str]], ...]] = (
    ((Comparison, AllOf, Benchmark, Change, Place, Quartile), re.compile(rf"\b(?:{_AGAINST})\b(?!-)")),
    ((Plain,), re.compile(r"\b(?:fail(?:s|ed|ing)? to|nobody|short of|away from|anything)\b")),
    ((Plain,), re.compile(r"\b(?:ceiling|cap|floor|limit)\b|(?<!be )(?<!is )\b(?:up|down)(?= *$)")),
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
#: what is said behind a condition that makes it one to avoid: "over 10% is a concern", "32 cases (annual ceiling)"
_JUDGED: Final[tuple[tuple[tuple[type[Body], ...], re.Pattern[str]], ...]] = (
    (
        (Comparison, AllOf, Between, Benchmark, Plain, Change, Place),
        re.compile(
            r"[ ,]*(?:is|are|be|being|will be|would be|considered|counts? as|means|=|-|:) "
            r"(?:(?:an?|of|be|as|considered|deemed|rated|too|very|cause for) )*"
            r"(?:poor|bad|concern\w*|fail\w*|problem\w*|breach\w*|unsatisfactory|unacceptable|worrying|weak|inadequate|low|high|red)\b"
        ),
    ),
    ((Plain,), re.compile(r"[^0-9;]*\b(?:ceiling|cap|floor|limit)\b")),
)
_OVER_TIME = re.compile(
    r"(?:over|under|above|below) (?:the|this|a|an|each|any|any one|review|construction|development|way|contract|offer)\b(?! (?:target|national|average|limit|plan|budget|baseline))"
)
_DAY_AND_MONTH = re.compile(
    rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})(?![a-z])\.?,?(?: (?P<year>[0-9]{{4}}))?"
)


def check_day(folded: str, piece: Piece) -> None:
    """Refuse a day that does not exist, with the nearest one that does: 31 September."""
    found = _DAY_AND_MONTH.search(folded, piece.start, piece.end)
    if found is None:
        return
    month = month_number(found["month"])
    assert month is not None
    last = monthrange(int(found["year"] or 2024), month)[1]
    if not 1 <= int(found["day"]) <= last:
        name = MONTHS[month - 1]
        raise Trouble(
            f"there is no {found['day']} {name}{' ' + found['year'] if found['year'] else ''}",
            found.span(),
            nearest=(f"{last} {name}",),
        )


def check_condition(passage: Passage, piece: Piece, idle: list[Span]) -> None:
    """Refuse a condition whose sign is not clear, that has an alternative, or that a verb may turn round."""
    _check_dash(passage, piece, idle)
    _check_unit(passage, piece)
    _check_or(passage, piece)
    _check_margin(passage, piece)
    _check_governor(passage, piece)


_UNIT_LIKE = re.compile(r" ?(?P<word>[a-zμµ°]+[0-9†]*(?:/[a-z]+[0-9†]*)?)(?![\w'-])")
#: short words that may stand behind a number without being its unit
_SHORT: Final = frozenset(
    "of in by to and or on at for as is an a the we our out all new net own old per via vs any not no but "
    "fte wte kpi sms gp gps nhs hr it icb ltd hq mps cqc eu uk us gb red job men boy day due top ave avg max min than from with "
    "kids bins dogs cars jobs bed beds bus tv pcs isp cyp sen lac cin cp asb rtc rta ehc sar foi mrsa cdi tb hiv".split()
)
_UNITS_UNKNOWN: Final = frozenset(
    "mph kph knots acres degrees celsius decibels mbps gbps kbps gigabytes megabytes feet foot inches inch yards stone lbs ounces gallons pints "
    "basis joules watts volts amps gigajoules litre ml mg μg µg ft lb oz db gj mj kj kw mw gw tb gb mb kb pb cm mm nm ppm ppb".split()
)


def _check_unit(passage: Passage, piece: Piece) -> None:
    """Refuse a word right behind an amount that looks like a unit which is not known: "5 mg/l", "10 kW"."""
    if piece.amount is not None and re.match(r"/[a-z0-9]", passage.folded[piece.end : piece.end + 2]):
        span = (piece.start, min(piece.end + 3, len(passage.folded)))
        raise Trouble(
            f"“{passage.slice(span)}” is a rate per something that is not known", span, hint="write it out with “per”"
        )
    found = _UNIT_LIKE.match(passage.folded, piece.end) if piece.amount is not None else None
    if found is None or any(start <= found.start("word") < end for start, end in passage.taken):
        return
    word = found["word"]
    if re.match(r"\. ?[a-z]", passage.folded[found.end() : found.end() + 3]):
        return  # an abbreviation: "C. difficile"
    short = len(word) <= 2 and word not in _SHORT
    if ("/" in word and "and/or" not in word) or "†" in word or short or word in _UNITS_UNKNOWN:
        raise Trouble(
            f"“{passage.slice(found.span('word'))}” may be a unit, and is not one that is known",
            found.span("word"),
            hint="write the amount in a known unit, or say what is counted in words",
        )


def _check_dash(passage: Passage, piece: Piece, idle: list[Span]) -> None:
    """A dash between a word and a number is a minus sign or a dash, and nobody can tell."""
    amount = piece.amount
    if amount is None or not amount.sign or piece.start != amount.start or not isinstance(piece.body, Plain):
        return
    size = Quantity(abs(amount.quantity.value), amount.quantity.unit)
    before = " ".join(passage.words(start, end) for start, end in idle if end == piece.start)
    if amount.sign == "minus" and before and passage.folded.startswith("minus", amount.start):
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
        nearest=(
            f"{passage.shown[: amount.start].strip()}: {size}",
            f"{passage.shown[: amount.start].strip()}: -{size}",
        ),
    )


def _check_or(passage: Passage, piece: Piece) -> None:
    """An "or" beside a condition offers an alternative to it that nobody has read."""
    before = re.search(r"(?<![a-z])(?:\w+ )?or[ :]*$", passage.folded[: piece.start])
    after = re.match(r"[ ,]*or(?: \w+)?(?![a-z])", passage.folded[piece.end :])
    for found, offset in ((before, 0), (after, piece.end)):
        if found:
            span = (found.start() + offset, found.end() + offset)
            raise Trouble(
                f"“{passage.slice(span)}” offers an alternative that is not clear", span, nearest=(str(piece.body),)
            )


def _check_margin(passage: Passage, piece: Piece) -> None:
    """A margin on both sides that is called a tolerance may be green, or amber on the worse side."""
    body = piece.body
    if isinstance(body, Around) and (found := re.search(r"\btoleran\w*", passage.folded)):
        raise Trouble(
            f"within a tolerance of {body.margin} of {body.centre} could be green, or amber",
            (min(found.start(), piece.start), max(found.end(), piece.end)),
            nearest=(f"{body.centre} ± {body.margin}", f"{body.centre}; tolerance {body.margin}"),
        )


def _check_governor(passage: Passage, piece: Piece) -> None:
    """A verb that governs a condition may turn it round: "prevent more than 3", "limit the increase to 2%"."""
    before = passage.folded[: piece.start] + "".join(
        passage.folded[a[1] : b[0]] for a, b in pairwise(sorted(piece.spans))
    )
    for kinds, words in _GOVERNORS:
        if isinstance(piece.body, kinds) and (found := words.search(before)):
            raise Trouble(
                f"“{found.group()}” before “{piece.body}” may turn its meaning round",
                (min(found.start(), piece.start), min(found.end(), piece.end)),
            )
    for kinds, words in _JUDGED:
        if isinstance(piece.body, kinds) and (found := words.match(passage.folded, piece.end)):
            said = passage.slice(found.span()).strip(" ,-:=(")
            raise Trouble(f"“{said}” behind “{piece.body}” may turn its meaning round", (piece.start, found.end()))


def check_loose(passage: Passage, piece: Piece, used: list[Piece]) -> None:
    """A comparator that has lost its amount, before a plain one or right behind one."""
    word = passage.folded[piece.start : piece.end]
    for other in used:
        lost = piece.start < other.start and isinstance(other.body, (Plain, Benchmark)) and word != "within"
        beside = (
            0 <= piece.start - other.end <= 1 and word != "within" and not _OVER_TIME.match(passage.folded, piece.start)
        )
        if lost or beside:
            raise Trouble(
                f"“{word}” has no amount to go with",
                (piece.start, piece.end),
                hint="write the comparison and its amount together",
            )


def check_typing(passage: Passage, idle: list[Span]) -> None:
    for start, end in idle:
        for word in WORDS.finditer(passage.folded, start, end):
            if mistyped(word.group()) and not passage.taken and (labels := near_labels(passage, 0.85)):
                raise Trouble("this word is on no scale", (0, len(passage.shown)), nearest=labels)
            if meant := mistyped(word.group()):
                raise Trouble(
                    f"“{passage.slice(word.span())}” may be a keyword mistyped", word.span(), nearest=(meant,)
                )


def near_labels(passage: Passage, cutoff: float) -> tuple[str, ...]:
    """Known labels that look like the whole text."""
    known = {**VOCABULARY, **dict.fromkeys(BALANCED, "Balanced"), **{normal(label): label for label in passage.labels}}
    return tuple(known[each] for each in get_close_matches(normal(passage.folded), list(known), n=3, cutoff=cutoff))


def nothing_found(passage: Passage, pieces: list[Piece]) -> Trouble:
    whole = (0, len(passage.shown))
    near = near_labels(passage, 0.7)
    if pieces and pieces[0].kind == "polarity":
        return Trouble("this says which way is better, but not what the target is", whole, nearest=("No target",))
    if re.fullmatch(r"none[ .]*", passage.folded):
        return Trouble("“none” could mean zero or no target", whole, nearest=("zero", "No target"))
    if near:
        return Trouble("this word is on no scale", whole, nearest=near)
    return Trouble(
        "nothing in this text says what the target is",
        whole,
        hint=f'write an amount, a comparison or a known word; put a label of your own in quotation marks, e.g. "{passage.shown[:40]}"',
    )
