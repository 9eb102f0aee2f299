"""No backend disagrees with the judge: on any reading, by any rule, in any type of column."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from rag_rules import Rule
from tests.agreement.backends import BACKENDS, NUMBERS, Backend, Tools, disagreements
from tests.agreement.drawn import CASES, drawn_rules
from tests.agreement.judge import Batch, batch_of


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return drawn_rules()


@pytest.fixture(scope="module")
def tools() -> Iterator[Tools]:
    with ExitStack() as stack:
        yield Tools(stack)


_known: dict[tuple[str, bool | None, int], Batch] = {}
#: how many rules other columns than those of floats are rated by, and what they make of shares where these are known
FEWER = 500
SHARED = 100


def batch(rules: list[Rule], kind: str, shares: bool | None, most: int) -> Batch:
    """The batch of some rules for a type of column; the judge is asked once."""
    if (kind, shares, most) not in _known:
        _known[kind, shares, most] = batch_of(rules[:most], kind, shares)
    return _known[kind, shares, most]


@pytest.mark.parametrize(
    ("backend", "kind"),
    [
        pytest.param(
            each, kind, id=f"{each.name}, {kind}", marks=[getattr(pytest.mark, each.mark)] if each.mark else []
        )
        for each in BACKENDS.values()
        for kind in each.kinds
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::FutureWarning")
def test_a_backend_agrees_with_the_judge(backend: Backend, kind: str, rules: list[Rule], tools: Tools) -> None:
    shares = False if backend.is_in_units else None
    most = CASES if kind == "double" else FEWER
    asked = [(rate, shares, min(most, up_to or most)) for rate, up_to in backend.ways]
    if not backend.is_in_units and backend.name != "evaluate":  # which asks of bare numbers what they are
        asked += [(backend.ways[0][0], known, SHARED) for known in (True, False)]
    rated = 0
    for rate, known, count in asked:
        found, wrong = disagreements(rate, batch(rules, kind, known, count), tools)
        rated += found
        assert not wrong, "\n".join([f"{len(wrong):,} of {found:,}", *wrong[:5]])
    assert rated >= (CASES if kind in NUMBERS else 50)
