"""Tokens, and what is raised where a text has none or has one that fits nowhere."""

from __future__ import annotations

__all__ = ["MisplacedError", "Token", "UnreadableError", "placed"]


class Token(str):
    """A piece of a text, which knows its kind and its place."""

    __slots__ = ("end_pos", "start_pos", "type")

    type: str
    start_pos: int
    end_pos: int


def placed(kind: str, text: str, start: int, end: int) -> Token:
    """A token with its place; a function, since a class takes twice as long to call."""
    token = str.__new__(Token, text)
    token.type = kind
    token.start_pos = start
    token.end_pos = end
    return token


class UnreadableError(Exception):
    """There is no token at ``place``."""

    def __init__(self, place: int) -> None:
        super().__init__(f"no token begins at {place}")
        self.place = place


class MisplacedError(Exception):
    """A token that no rule takes where it stands; ``accepted`` are the kinds of token that a rule would have taken."""

    def __init__(self, token: Token, accepted: frozenset[str]) -> None:
        super().__init__(f"no rule takes {token.type} at {token.start_pos}")
        self.token, self.accepted = token, accepted
