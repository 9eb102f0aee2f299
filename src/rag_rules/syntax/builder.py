"""What the grammar's rules build: pieces of a target, each with the places of its tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from rag_rules.errors import RagRulesError, TargetSyntaxError, UnitError
from rag_rules.expressions import expression
from rag_rules.labels import VOCABULARY
from rag_rules.quantity import PERCENT, Quantity
from rag_rules.syntax.amounts import read_amount
from rag_rules.syntax.tokens import Token
from rag_rules.target import (
    Around,
    Benchmark,
    Between,
    Body,
    Change,
    Comparison,
    Label,
    NoTarget,
    NoTargetKind,
    Place,
    Plain,
    Quartile,
    Sign,
)

__all__ = ["Amount", "Builder", "Piece", "Trouble"]

Span = tuple[int, int]


class Amount(NamedTuple):
    """An amount with its place, and what its text said besides the quantity."""

    quantity: Quantity
    start: int
    end: int
    power: int
    has_currency: bool
    #: "minus", "dash", "plus" or "": a dash after a word may be a minus sign or not
    sign: str = ""
    #: written in words: "half"
    worded: bool = False


@dataclass(slots=True)
class Piece:
    """A condition, clause, bracket or joiner, with the places of the tokens that it is made of."""

    kind: str
    spans: list[Span]
    body: Body | None = None
    amount: Amount | None = None
    inside: list[Piece] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


class Trouble(Exception):  # noqa: N818  # becomes an error where the whole text is at hand
    """A refusal raised inside the parser, where the whole text is not at hand."""

    def __init__(self, problem: str, span: Span, hint: str = "", nearest: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.problem, self.span, self.hint, self.nearest = problem, span, hint, nearest

    def about(self, text: str, kind: type[RagRulesError] = TargetSyntaxError) -> RagRulesError:
        """The same refusal as an error about ``text``."""
        return kind(self.problem, text=text, span=self.span, hint=self.hint, nearest=self.nearest)


#: stems of words of change, and the way they point
_DIRECTIONS: Final = (
    ("better", expression(r"improv|better|positive")),
    (
        "up",
        expression(r"increas|rais|exceed|rising|grow|\bris|boost|lift|expand|\bmore|greater|higher|upward|gain|^up$"),
    ),
    ("down", expression(r"")),
)
#: words that point and say no more, and the verbs for what they may mean
_VERBS: Final = {"up": "increase", "down": "reduce"}
_NOUN_OF_CHANGE = expression(
    r"(?:increase|rise|growth|uplift|gains?|reductions?|decrease|fall|drop|decline|cut|improvements?|better|more|fewer|less"
    r"|higher|lower|greater|saving)(?: (?:of|by))?$"
)
#: how a named benchmark is compared with, by the words before it; the first that is found counts
_RELATIONS: Final = (
    (Sign.NO_WORSE_THAN, expression(r"no worse|(?:not|never) .*worse|as good as|or (?:better|exceed)")),
    (
        Sign.AT_LEAST,
        expression(
            r">=|=>|≥|(?:not|never) .*(?:below|under|lower|less)|at or above|at least|no lower|not below|or (?:above|higher|more)"
        ),
    ),
    (
        Sign.AT_MOST,
        expression(
            r"<=|=<|≤|(?:not|never) .*(?:above|over|higher|more|greater)|at or below|at most|no higher|not above|or (?:below|lower|less)|within"
        ),
    ),
    (Sign.BETTER_THAN, expression(r"better than|beat|outperform")),
    (Sign.MORE_THAN, expression(r">|higher than|greater than|more than|above|over\b|exceed")),
    (Sign.LESS_THAN, expression(r"<|lower than|less than|fewer than|below|under\b")),
)
_RELATION_WORDS = expression(
    r"^(?:[<>≤≥=]+ ?|(?:(?:must|should|shall|do|does|to|will|can) )?(?:not|never) (?:to )?(?:be |fall |drop |go |rise )?(?=[a-z])|(?:(?:better|higher|lower|greater|less|fewer|more|worse) than|above|below|under|over|exceed(?:ing|s)?|beat(?:ing)?"
    r"|outperform(?:ing)?|in line with|on a par with|on par with|comparable (?:to|with)|at or above|at or below|at least"
    r"|at most|no worse than|no lower than|no higher than|not worse than|not below|not above|at least as good as|equal to"
    r"|match(?:ing)?|meet(?:ing)?|achiev(?:e|ing)|maintain(?:ing)?|reach(?:ing)?|remain|keep|at|within)\b"
    r"(?: (?:at|or (?:exceed(?:ing)?|beat|(?:better|worse|above|below|higher|lower|more|less)(?: than)?)))*\s*)+"
)
#: one comparison, with the verbs that people put before it
_ONE_RELATION = expression(
    r"(?:(?:maintain(?:ing)?|achiev(?:e|ing)|meet(?:ing)?|reach(?:ing)?|match(?:ing)?|remain|keep|at)\s+)*"
    r"(?:(?:in line with|equal to|match(?:ing)?|at|meet(?:ing)?|on par with|achiev(?:e|ing)|reach(?:ing)?|maintain(?:ing)?) or )?"
    r"(?:(?:(?:must|should|shall|do|does|to|will|can) )?(?:not|never) (?:to )?(?:be |fall |drop |go |rise )?)?"
    r"(?:[<>≤≥=]+|at or above|at or below|at least|at most|(?:no|not) (?:worse|lower|higher) than|not below|not above"
    r"|at least as good as|in line with|on a par with|on par with|comparable (?:to|with)|equal to|above|below|under|over"
    r"|(?:better|higher|lower|greater|less|fewer|more|worse) than|better|exceed(?:ing|s)?|beat(?:ing)?|outperform(?:ing)?)?\s*"
)
_KNOWN_NAME = expression(
    r"\b(?:national|regional|england|english|scot|wales|welsh|uk|gb|great britain|london|midlands|north|south|east|west|yorkshire|county|unitary"
    r"|metropolitan|statistical|comparator|peers?|sector|industry|neighbour|nearest|family|similar|median|mean|average|benchmark|nhs|eu|oecd"
    r"|global|world|international|trust|group|cipfa|authorit|state|provincial|territorial|shire|district|borough|council)"
)
#: how the ways of saying "no target" begin, in the order to try
_NO_TARGETS: Final = (
    (NoTargetKind.BASELINE_YEAR, expression(r".*baselin")),
    (
        NoTargetKind.NO_TARGET_SET,
        expression(r"no |none|not (?:set|available|agreed|targeted)|targets? not|un-?targeted"),
    ),
    (NoTargetKind.NOT_APPLICABLE, expression(r"n/?\.?a|not applicable")),
    (NoTargetKind.NEW_MEASURE, expression(r"new |under dev|in dev")),
    (NoTargetKind.TREND, expression(r"trend")),
    (NoTargetKind.MONITOR_ONLY, expression(r"monitor|track|for |information|context|data|reporting")),
    (NoTargetKind.TO_BE_CONFIRMED, expression(r"")),
)
_QUARTERS: Final = (
    (1, expression(r"top|upper|first|1st|best|highest")),
    (2, expression(r"second|2nd")),
    (3, expression(r"third|3rd")),
    (4, expression(r"bottom|lower|lowest|fourth|4th|worst")),
)
_ORDINALS: Final = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_MULTIPLES: Final = {
    "halv": ("down", "50"),
    "cut ": ("down", "50"),
    "redu": ("down", "50"),
    "doub": ("up", "100"),
    "treb": ("up", "200"),
    "trip": ("up", "200"),
    "quad": ("up", "300"),
}
_SINCE = expression(
    r"^(?:[<>≤≥=]+ ?|(?:exceed(?:s|ing)?|beat(?:ing)?|under|on|from|over|against|compared (?:to|with)|versus|vs\.?|relative to|since|of|than|below|above|based on"
    r"|(?:better|higher|lower|less|more|fewer|greater|worse|quicker|faster|shorter|longer) than|(?:in|for) )\b ?)"
)
_YEAR_ON_YEAR = expression(
    r"year[ -]on[ -]year|year[ -]over[ -]year|yoy|(?:the )?(?:previous|prior|preceding) year|last year's"
)


def since_name(text: str) -> str:
    """The name of a baseline: ``on 2022/23`` is 2022/23, ``compared to the previous year`` is last year."""
    previous = None
    while previous != text:
        previous, text = text, re.sub(r"^(?:the|our|in|for|fy) ", "", _SINCE.sub("", text.strip()))
    if not text.startswith(("current", "existing")):
        text = re.sub(
            r"(?: (?:figure|levels?|results?|outturn|performance|values?|actuals?|totals?|position|rates?))+$", "", text
        )
    return re.sub(r"^(month|quarter)[ -]on[ -]\1", r"last \1", _YEAR_ON_YEAR.sub("last year", text))


def direction_of(word: str) -> str:
    """Which way a word of change points: up, down or better."""
    return next(way for way, stems in _DIRECTIONS if stems.search(word))


def _amounts(children: list[Any]) -> list[Amount]:
    """The amounts among the children, those of comparisons too."""
    found = [child.amount if type(child) is Piece else child for child in children]
    return [child for child in found if type(child) is Amount]


def _spans(children: list[Any]) -> list[Span]:
    spans: list[Span] = []
    for child in children:
        if type(child) is Piece:
            spans += child.spans
        elif type(child) is Amount:
            spans.append((child.start, child.end))
        else:
            spans.append((child.start_pos, child.end_pos))
    return spans


def _tokens(children: list[Any], kind: str) -> list[Token]:
    return [child for child in children if isinstance(child, Token) and child.type == kind]


def _sign_in(children: list[Any]) -> Sign:
    for child in children:
        if type(child) is Piece and isinstance(child.body, Comparison):
            return child.body.sign
    return Sign.AT_LEAST


def _since_in(children: list[Any]) -> str:
    found = _tokens(children, "SINCE") or _tokens(children, "THAN_SINCE")
    return since_name(str(found[0])) if found else ""


def _condition(body: Body, children: list[Any]) -> Piece:
    return Piece("condition", _spans(children), body)


def _compared(sign: Sign) -> Any:
    def build(self: Builder, children: list[Any]) -> Piece:
        amount = children[0] if type(children[0]) is Amount else children[1]
        quantity = amount.quantity
        last = children[-1]
        if type(last) is not Amount and last.type == "UNIT_WORD":
            if not quantity.unit.is_number or quantity.unit.per:
                raise Trouble(f"“{last}” follows an amount that has a unit already", (last.start_pos, last.end_pos))
            quantity = Quantity(quantity.value, read_amount(f"1 {last}")[0].unit)
        return Piece("condition", _spans(children), Comparison(sign, quantity), amount)

    return build


def _clause(kind: str) -> Any:
    def build(self: Builder, children: list[Any]) -> Piece:
        amounts = _amounts(children)
        return Piece(kind, _spans(children), amount=amounts[0] if amounts else None)

    return build


_DIGIT = expression("[0-9]")


class Builder:
    """One method for each rule of the grammar."""

    def start(self, children: list[Any]) -> list[Piece]:
        pieces = [child if type(child) is Piece else Piece(child.type, _spans([child])) for child in children]
        if any(piece.kind == "plain since" for piece in pieces):
            return [each for piece in pieces for each in (piece.inside if piece.kind == "plain since" else [piece])]
        return pieces

    def bracket(self, children: list[Any]) -> Piece:
        inside = self.start(children[1:-1])
        return Piece("bracket", _spans([children[0]]) + _spans([children[-1]]), inside=inside)

    # amounts

    def amount(self, children: list[Token]) -> Amount:
        token = children[-1]
        start, end = children[0].start_pos, token.end_pos
        try:
            quantity, power, has_currency = read_amount(token)
        except UnitError as error:
            raise Trouble(error.problem, (start, end), nearest=error.nearest, hint=error.hint) from None
        return Amount(
            quantity, start, end, power, has_currency, "plus" if len(children) > 1 else "", not _DIGIT.search(token)
        )

    def negative(self, children: list[Token]) -> Amount:
        positive = self.amount(children[1:])._replace(start=children[0].start_pos)
        quantity = Quantity(positive.quantity.value.copy_negate(), positive.quantity.unit)
        return positive._replace(quantity=quantity, sign=children[0].type.lower())

    # 1. comparisons, 2. plain amounts

    less_than = _compared(Sign.LESS_THAN)
    at_most = or_less = _compared(Sign.AT_MOST)
    at_least = or_more = _compared(Sign.AT_LEAST)
    more_than = _compared(Sign.MORE_THAN)
    equal = _compared(Sign.EQUAL)

    def same(self, children: list[Any]) -> Piece:
        """A sign of equality before an amount introduces it, and says no more of its side than the amount alone."""
        amount = children[1]
        return Piece("condition", _spans(children), Plain(amount.quantity), amount)

    better_than = _compared(Sign.BETTER_THAN)
    no_worse_than = or_better = _compared(Sign.NO_WORSE_THAN)

    def plain(self, children: list[Amount]) -> Piece:
        return Piece("condition", [(children[0].start, children[0].end)], Plain(children[0].quantity), children[0])

    def plain_since(self, children: list[Any]) -> Piece:
        """An amount with a time behind it that is no baseline, since nothing changes: "95% from 2026"."""
        time = Piece("period", _spans(children[1:]))
        return Piece("plain since", _spans(children), inside=[self.plain(children[:1]), time])

    # 3. ranges

    def between(self, children: list[Any]) -> Piece:
        low, high = _amounts(children)
        return _condition(_ends(low, high), children)

    def from_to(self, children: list[Any]) -> Piece:
        low, high = (str(amount.quantity) for amount in _amounts(children))
        raise Trouble(
            "“from … to …” could be a range or a change",
            _whole(children),
            nearest=(f"between {low} and {high}", f"increase from {low} to {high}"),
        )

    def interval(self, children: list[Token]) -> Piece:
        token = children[0]
        text = token.rstrip("%")
        tail = "%" if text != token else ""
        low, high = (
            read_amount(part.strip().lstrip("+") + tail * (not part.strip().endswith("%")))[0]
            for part in _parted(text, token)
        )
        low, high = _same_unit(low, high), _same_unit(high, low)
        body = Between(low, high, low_open=text[0] == "(", high_open=text[-1] == ")")
        if low.value > high.value or (low.value == high.value and (body.low_open or body.high_open)):
            raise Trouble("the interval holds no reading", _whole(children))
        return _condition(body, children)

    def around(self, children: list[Any]) -> Piece:
        centre, margin = _amounts(children)
        if margin.quantity.value < 0:
            raise Trouble("a margin is not negative", (margin.start, margin.end))
        quantity = margin.quantity
        if quantity.unit.per and not centre.quantity.unit.per:
            middle = centre.quantity
            centre = centre._replace(quantity=Quantity(middle.value, replace(middle.unit, per=quantity.unit.per)))
        if quantity.unit.is_number and not centre.quantity.unit.is_percent:
            quantity = Quantity(quantity.value, centre.quantity.unit)
        elif quantity.unit.is_number:
            quantity = Quantity(quantity.value, read_amount("1pp")[0].unit)
        elif quantity.unit.is_percent and centre.quantity.unit.is_percent:
            raise Trouble(
                "a margin of a percentage could be percentage points, or relative",
                (margin.start, margin.end),
                nearest=(f"{centre.quantity} ± {quantity.value}pp", f"{centre.quantity}; tolerance {quantity}"),
            )
        return _condition(Around(centre.quantity, quantity), children)

    def within(self, children: list[Any]) -> Piece:
        amount = children[1]
        return Piece("within", _spans(children), Comparison(Sign.AT_MOST, amount.quantity), amount)

    def within_range(self, children: list[Any]) -> Piece:
        low, high = _amounts(children)
        return Piece("within range", _spans(children), _ends(low, high), high)

    # 4. benchmarks, 5. places

    def benchmark(self, children: list[Any]) -> Piece:
        text = str(children[0])
        found = _RELATION_WORDS.match(text)
        relation = found.group() if found is not None else ""  # a name alone: as good as that
        sign = next((sign for sign, words in _RELATIONS if words.search(relation)), Sign.NO_WORSE_THAN)
        if not _ONE_RELATION.fullmatch(relation):
            raise Trouble(f"“{relation.strip()}” compares twice", _whole(children[:1]))
        first, valued = text[len(relation) :].split(" ")[0], bool(_amounts(children))
        if first in VOCABULARY or (not valued and not _KNOWN_NAME.search(text[len(relation) :])):
            raise Trouble(
                f"“{text[len(relation) :]}” is not a benchmark that is known by its name", _whole(children[:1])
            )
        if relation.startswith("worse"):
            raise Trouble(
                "a target is not to be worse", _whole(children[:1]), nearest=("better than " + text[len(relation) :],)
            )
        if len(children) > 1 and _tokens(children, "OR_BETTER"):
            sign = Sign.NO_WORSE_THAN
        name = re.sub(r"(?: (?:of|at|is)|:| ?=| the)+$", "", text[len(relation) :]).strip()
        amounts = _amounts(children)
        return _condition(
            Benchmark(sign, re.sub(r"^(?:the|our|its) ", "", name), amounts[0].quantity if amounts else None), children
        )

    def place(self, children: list[Any]) -> Piece:
        amounts, ordinals = _amounts(children), _tokens(children, "ORDINAL")
        whole: int | None = None
        if (signs := _tokens(children, "AT_LEAST")) and str(signs[0])[0] in ">=≥":
            raise Trouble(
                "a sign before a place could mean better or worse than it", _whole(children), nearest=("3rd or better",)
            )
        if amounts:
            quantity = amounts[0].quantity
            if quantity.unit.dimension.startswith("out of"):
                whole = int(re.sub(r"\D", "", quantity.unit.dimension))
                quantity = Quantity(quantity.value)
        elif not ordinals:  # "top 5 of 32"
            quantity = Quantity(read_amount(re.findall("[0-9]+", str(children[0]))[0])[0].value)
            whole = int(re.findall("[0-9]+", str(children[0]))[-1])
        else:
            word = str(ordinals[0]).split()[0]
            if found := re.search(r"of (?:the )?([0-9]+)$", str(ordinals[0])):
                whole = int(found[1])
            number = _ORDINALS.index(word) if word in _ORDINALS else int(re.sub(r"\D", "", word))
            quantity = Quantity(read_amount(str(number))[0].value)
        too_far = quantity.unit.is_percent and quantity.value > 100
        if (
            quantity.value <= 0
            or too_far
            or quantity.unit.per
            or not (quantity.unit.is_percent or quantity.unit.is_number)
        ):
            raise Trouble(f"“{quantity}” is not a place", _whole(children))
        kind = (
            "condition"
            if amounts or not ordinals or len(str(ordinals[0]).split()) > 1 or len(children) > 1
            else "ordinal"
        )
        return Piece(kind, _spans(children), Place(quantity, whole))

    def quartile(self, children: list[Token]) -> Piece:
        text = str(children[0])
        before, _, group = text.partition("quartile")
        quarter = next(number for number, words in _QUARTERS if words.search(before))
        if re.search(r"top (?:two|2)", before):
            quarter = 2
        if quarter == 4:
            raise Trouble(
                f"every reading is in the {before.split()[-1]} quartile or better",
                _whole(children),
                nearest=("top quartile",),
            )
        return _condition(
            Quartile(quarter, re.sub(r"^s?(?: or better)? ?(?:of |for |among |amongst )?(?:the )?", "", group).strip()),
            children,
        )

    # 6. change

    def change(self, children: list[Any]) -> Piece:
        return _condition(Change(direction_of(children[0]), sign=Sign.MORE_THAN), children)

    def change_since(self, children: list[Any]) -> Piece:
        return _condition(Change(direction_of(children[0]), sign=Sign.MORE_THAN, since=_since_in(children)), children)

    def since_change(self, children: list[Any]) -> Piece:
        return _condition(Change(direction_of(children[1]), sign=Sign.MORE_THAN, since=_since_in(children)), children)

    def change_by(self, children: list[Any]) -> Piece:
        amount = _by(_amounts(children)[0])
        return _condition(
            Change(direction_of(children[0]), amount, _sign_in(children), since=_since_in(children)), children
        )

    def change_by_from(self, children: list[Any]) -> Piece:
        by, start = _amounts(children)
        return _condition(
            Change(direction_of(children[0]), _by(by), baseline=start.quantity, since=_since_in(children)), children
        )

    def change_from_by(self, children: list[Any]) -> Piece:
        start, by = _amounts(children)
        return _condition(Change(direction_of(children[0]), _by(by), baseline=start.quantity), children)

    def change_to(self, children: list[Any]) -> Piece:
        amount = _amounts(children)[0]
        if amount.worded and amount.quantity.unit.is_percent:
            raise Trouble(
                f"“to {amount.quantity}” could be of the baseline, or the level itself", (amount.start, amount.end),
                nearest=(f"{children[0]} by {amount.quantity}", f"{children[0]} to {amount.quantity}"),
            )  # fmt: skip
        return _condition(Change(direction_of(children[0]), to=_amounts(children)[0].quantity), children)

    def change_to_comparison(self, children: list[Any]) -> Piece:
        inner: Piece = children[2]
        return Piece("condition", _spans(children[:2]) + inner.spans, inner.body, inner.amount)

    def change_from(self, children: list[Any]) -> Piece:
        start = _amounts(children)[0]
        return _condition(
            Change(direction_of(children[0]), sign=Sign.MORE_THAN, baseline=start.quantity, since=_since_in(children)),
            children,
        )

    def change_from_to(self, children: list[Any]) -> Piece:
        start, end = _amounts(children)
        return self._moved(direction_of(children[0]), start.quantity, end.quantity, children)

    def change_to_from(self, children: list[Any]) -> Piece:
        end, start = _amounts(children)
        return self._moved(direction_of(children[0]), start.quantity, end.quantity, children)

    def _moved(self, direction: str, start: Quantity, end: Quantity, children: list[Any]) -> Piece:
        start = _same_unit(start, end)
        end = _same_unit(end, start)
        if start.unit == end.unit and direction != "better" and (end.value > start.value) != (direction == "up"):
            raise Trouble(f"from {start} to {end} does not go {direction}", _whole(children))
        return _condition(Change(direction, to=end, baseline=start), children)

    def change_unclear(self, children: list[Any]) -> Piece:
        amount, word = _amounts(children)[0].quantity, str(children[0])
        sign = f"{_sign_in(children).words} " if type(children[1]) is Piece else ""
        if word.endswith(" of"):
            return self.change_by_from(children) if len(_amounts(children)) == 2 else self.change_by(children)
        verb = _VERBS.get(word, word)
        raise Trouble(
            f"“{word} {sign}{amount}” could be a change by {amount}, or to {amount}",
            _whole(children),
            nearest=(f"{verb} by {sign}{amount}", f"{verb} to {sign}{amount}"),
        )

    def amount_change(self, children: list[Any]) -> Piece:
        word = _tokens(children, "CHANGE")[0]
        if word in _VERBS:
            amount, sign = _amounts(children)[0].quantity, "at least" if word == "up" else "at most"
            raise Trouble(
                f"“{amount} {word}” could be a change by {amount}, or {amount} itself",
                _whole(children),
                nearest=(f"{_VERBS[word]} by {amount}", f"{sign} {amount}"),
            )
        return _condition(
            Change(
                direction_of(_next_to(word, children)),
                _by(_amounts(children)[0]),
                _sign_in(children),
                since=_since_in(children),
            ),
            children,
        )

    def amount_change_from(self, children: list[Any]) -> Piece:
        word = _tokens(children, "CHANGE")[0]
        by, start = _amounts(children)
        return _condition(
            Change(direction_of(_next_to(word, children)), _by(by), _sign_in(children), baseline=start.quantity),
            children,
        )

    def since_amount_change(self, children: list[Any]) -> Piece:
        word = _next_to(children[2], children)
        return _condition(Change(direction_of(word), _by(_amounts(children)[0]), since=_since_in(children)), children)

    def amount_than(self, children: list[Any]) -> Piece:
        word = _tokens(children, "THAN_SINCE")[0]
        return _condition(
            Change(
                _than(_next_to(word, children)),
                _by(_amounts(children)[0]),
                _sign_in(children),
                since=_since_in(children),
            ),
            children,
        )

    def than(self, children: list[Any]) -> Piece:
        word = str(children[0])
        if found := re.match(r"[<>≤≥=]+", word):  # "≥ last year": the baseline itself included, or not
            upwards, strict = found.group()[0] in ">≥" or found.group() == "=>", found.group() in ("<", ">")
            direction = "up" if upwards == strict else "down"
            change = Change(direction, sign=Sign.MORE_THAN, since=_since_in(children))
            return _condition(
                change if strict else replace(change, direction=f"none {direction}", sign=Sign.AT_LEAST), children
            )
        return _condition(Change(_than(children[0]), sign=Sign.MORE_THAN, since=_since_in(children)), children)

    def multiple(self, children: list[Any]) -> Piece:
        direction, by = _MULTIPLES[str(children[0])[:4]]
        amounts = _amounts(children)
        quantity = Quantity(read_amount(by)[0].value, PERCENT)
        return _condition(
            Change(direction, quantity, baseline=amounts[0].quantity if amounts else None, since=_since_in(children)),
            children,
        )

    def no_change(self, children: list[Any]) -> Piece:
        word = str(children[0])
        if len(children) == 1 and word.endswith((" than", " on")):
            raise Trouble(
                f"what follows “{word}” is no baseline or benchmark that is known by its name",
                _whole(children),
                nearest=(f"{word} last year", "no worse than the national average"),
            )
        either = re.search(r"(\w+) or (\w+)", word)
        if either and not word.startswith(("no ", "not ")):  # "stable or decreasing", "increase or maintain"
            way = direction_of(" ".join(either.groups()))
            direction = {"up": "none down", "down": "none up", "better": "none worse"}[way]
        elif re.search(r"more|higher|greater", word) and word.startswith("no "):
            direction = "none up"
        elif re.search(r"fewer|lower|less", word) and word.startswith("no "):
            direction = "none down"
        elif re.search(r"increase|rise|growth", word) and not word.startswith("maintain"):
            direction = "none up"
        elif re.search(r"decrease|reduc|fall|drop|declin", word):
            direction = "none down"
        elif "change" in word:
            raise Trouble(
                "“no change” does not say which way would be a miss",
                _whole(children),
                nearest=("no increase", "no decrease"),
            )
        elif re.search(r"or higher", word):
            direction = "none down"
        elif re.search(r"or lower", word):
            direction = "none up"
        else:
            direction = "none worse"
        amounts = _amounts(children)
        return _condition(
            Change(direction, baseline=amounts[0].quantity if amounts else None, since=_since_in(children)), children
        )

    # 7, 8. words

    def label(self, children: list[Token]) -> Piece:
        return Piece("quoted", _spans(children), Label(str(children[0])[1:-1].strip(), quoted=True))

    def no_target(self, children: list[Token]) -> Piece:
        word = str(children[0])
        kind = next(kind for kind, start in _NO_TARGETS if start.match(word))
        return Piece("no target", _spans(children), NoTarget(kind))

    colour = _clause("colour")
    tolerance = _clause("tolerance")
    amber_limit = _clause("amber limit")
    improving = _clause("improving")
    polarity = _clause("polarity")
    accumulation = _clause("accumulation")
    scale = _clause("scale")
    unit = _clause("unit")
    rounding = _clause("rounding")
    baseline = _clause("baseline")
    benchmark_is = _clause("benchmark")
    deadline = _clause("deadline")
    period = _clause("period")
    qualifier = _clause("qualifier")
    unit_word = _clause("unit word")

    def side(self, children: list[Token]) -> Piece:
        bad = re.match(r"over|deficit|shortfall|adverse", str(children[0]))
        return Piece("deficit" if bad else "surplus", _spans(children))

    loose = _clause("loose")

    def rate(self, children: list[Token]) -> Piece:
        token = children[0]
        if token.strip()[0] == "/":
            raise Trouble(f"“{token.strip()}” has no amount to go with", _whole(children))
        return Piece("rate", _spans(children))


def _whole(children: list[Any]) -> Span:
    spans = _spans(children)
    return spans[0][0], spans[-1][1]


def _parted(text: str, token: Token) -> tuple[str, str]:
    """The two ends of an interval's text; a comma with no space may be a thousands separator, and is refused."""
    inside = text[1:-1]
    if inside.count(",") == 1:
        low, high = inside.split(",")
        return low, high
    if inside.count(", ") == 1:
        low, high = inside.split(", ")
        return low, high
    raise Trouble("the ends of the interval are not clear", (token.start_pos, token.end_pos), hint="write [10, 20)")


def _same_unit(quantity: Quantity, other: Quantity) -> Quantity:
    return Quantity(quantity.value, other.unit) if quantity.unit.is_number and not quantity.unit.per else quantity


def _ends(low: Amount, high: Amount) -> Between:
    """The range between two amounts as written: a unit, sign or magnitude said once serves both."""
    first, last = low.quantity, high.quantity
    if _is_year(first) and _is_year(last):
        raise Trouble(
            "these two could be years, or amounts", (low.start, high.end), hint="write amounts with a comma: 2,023"
        )
    if high.power and not low.power and first.value * 10**high.power <= last.value * 10**3:
        if low.has_currency and high.has_currency:
            scaled = Quantity(first.value.scaleb(high.power), first.unit)
            raise Trouble(
                f"“{first}” could mean {first} or {scaled}",
                (low.start, high.end),
                nearest=(f"between {first} and {last}", f"between {scaled} and {last}"),
            )
        first = Quantity(first.value.scaleb(high.power), first.unit)
    first = _same_unit(first, last)
    last = _same_unit(last, first)
    try:
        in_last = first.to(last.unit)
    except UnitError:
        raise Trouble(f"{first} and {last} cannot be the ends of one range", (low.start, high.end)) from None
    if first.unit.per != last.unit.per:  # "between once per day and once per week": nobody minds the order of rates
        first, last = sorted((in_last, last), key=lambda end: end.value)
    if first.to(last.unit).value > last.value:
        raise Trouble(
            f"the range begins at {first}, above its end {last}",
            (low.start, high.end),
            nearest=(f"between {last} and {first}",),
        )
    return Between(first, last)


def _is_year(quantity: Quantity) -> bool:
    return (
        quantity.unit.is_number
        and not quantity.unit.per
        and 1990 <= quantity.value <= 2099
        and quantity.value == int(quantity.value)
    )


def _by(amount: Amount) -> Quantity:
    if amount.quantity.value == 0:
        raise Trouble(
            "a change of nothing does not say which way would be a miss",
            (amount.start, amount.end),
            nearest=("no increase", "no decrease"),
        )
    if amount.quantity.value < 0:
        raise Trouble(
            "the change has a sign of its own", (amount.start, amount.end), hint="write the size without a sign"
        )
    return amount.quantity


def _next_to(word: Token, children: list[Any]) -> str:
    """The word of change, which must stand right beside its amount: in "95% of patients improve" it does not."""
    amount = _amounts(children)[0]
    between = _tokens(children, "SINCE")
    nearest = max([amount.end, *(token.end_pos for token in between if token.end_pos <= word.start_pos)])
    if word.start_pos - nearest > 1 or (word.type == "CHANGE" and not _NOUN_OF_CHANGE.search(str(word))):
        raise Trouble(
            f"“{word}” may or may not be about the {amount.quantity} before it",
            (amount.start, word.end_pos),
            nearest=(f"{amount.quantity} increase", f"{amount.quantity} reduction", str(amount.quantity)),
        )
    return str(word)


def _than(text: str) -> str:
    word = str(text).split()[0]
    if re.match(r"exceed|above|over|>|≥", word):
        return "up"
    if re.match(r"below|under|<|≤", word):
        return "down"
    if word.startswith("beat"):
        return "better"
    if word == "worse":
        raise Trouble("a target is not to be worse", (0, 0))
    return {"better": "better", "quicker": "down", "faster": "down", "shorter": "down", "longer": "up"}.get(
        word
    ) or direction_of(word)
