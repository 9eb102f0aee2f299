"""What the grammar cannot take, said in the user's words."""

from __future__ import annotations

import re

from rag_rules.errors import TargetSyntaxError
from rag_rules.expressions import expression
from rag_rules.syntax.tokens import MisplacedError
from rag_rules.syntax.words import called, mistyped

__all__ = ["unexpected", "unreadable"]


def unexpected(shown: str, folded: str, error: MisplacedError) -> TargetSyntaxError:
    token = error.token
    expected = called(set(error.accepted))
    if token.type == "$END":
        end = len(shown)
        return TargetSyntaxError("the text ends too early", text=shown, span=(end - 1, end), expected=expected)
    span = (token.start_pos, token.end_pos)
    found = shown[span[0] : span[1]].strip()
    if token.type == "NEGATION":
        return TargetSyntaxError(
            f"“{found}” may turn the meaning round, and its place in the rule is not clear",
            text=shown, span=span, hint="for none at all, write “zero”" if found.lower() == "no" else "",
        )  # fmt: skip
    before = re.search(r"([a-z]+) $", folded[: span[0]])
    if token == "than" and before and (meant := mistyped(before[1]) or {"les": "less"}.get(before[1])):
        return TargetSyntaxError(
            f"“{before[1]} than” may be a keyword mistyped",
            text=shown,
            span=(before.start(), span[1]),
            nearest=(f"{meant} than",),
        )
    if token.type == "BY" and before and before[1] in ("up", "down"):
        return TargetSyntaxError(
            f"“{before[1]}” may say how it changes, or belong to the word before it",
            text=shown,
            span=(before.start(1), span[1]),
            hint="write “increase by” or “reduce by”, or a colon before it, as in “Complaints: down by 3%”",
        )
    if token.type == "MONTH":
        return TargetSyntaxError(
            f"“{found}” bounds nothing", text=shown, span=span, hint="write “by March 2024” for a deadline"
        )
    if token.type in (
        "STRAY",
        "SIDED",
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
            f"“{found}” is not understood here" if token.type in ("STRAY", "SIDED") else f"“{found}” has no amount to go with",
            text=shown, span=span, hint="write a comparison and its amount together, e.g. “at least 95%”, and units that are known",
        )  # fmt: skip
    return TargetSyntaxError(f"“{found}” does not fit here", text=shown, span=span, expected=expected)


_EXPONENT = expression(r"[0-9]e[+-]?[0-9]")


def unreadable(shown: str, folded: str, position: int) -> TargetSyntaxError:
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
