"""The rules of a scorecard by the names that its readings call them by, wherever those stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from rag_rules.errors import ScorecardError, SettingError
from rag_rules.files.columns import NO_READINGS
from rag_rules.files.tables import plain_words
from rag_rules.files.years import scheme_year
from rag_rules.frames.book import NoRule
from rag_rules.models import Problem, ReportingPeriod, Scorecard
from rag_rules.over_time import Timed
from rag_rules.periods import Year
from rag_rules.rating import Rater
from rag_rules.rules import Rule
from rag_rules.scorecard import period_called, repeated_refs
from rag_rules.status import Reason
from rag_rules.syntax.period_names import named_period

__all__ = ["SEVERAL_RULES", "RuleBook", "rulebook"]

#: the reason for having no status where a name is that of several indicators
SEVERAL_RULES = NoRule("several rules of this name")

_UNTIMED = frozenset({Reason.DATE_NEEDED.value, Reason.NOT_PRO_RATED.value})


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of a scorecard: each under the ref, and under the name, of its indicator."""

    #: by ref and name, as they are written
    rules: dict[str, Rule | Timed | NoRule]
    #: what is wrong with the rules, and with the tables that they are from
    problems: tuple[Problem, ...]
    #: words for missing data besides the documented ones
    missing: frozenset[str]
    #: the kind of year that names of periods are of, where readings have times
    year: Year | None
    #: the names by their plain words, where those tell one from all others
    _plain: dict[str, str]

    @property
    def needs_time(self) -> bool:
        """Whether some of the rules are not known until the time of a reading is."""
        return any(isinstance(each, NoRule) and each.reason in _UNTIMED for each in self.rules.values())

    def meant(self, name: str) -> str | None:
        """The name of a rule that another spelling of it stands for, in capitals or with other signs between its words."""
        return self._plain.get(plain_words(name[:1000]))

    def near(self, name: str) -> str | None:
        """The name of a rule that ``name`` may be a slip for."""
        found = get_close_matches(plain_words(name[:100]), list(self._plain), 1, 0.75)
        return self._plain[found[0]] if found else None


def rulebook(scorecard: Scorecard, *, period: str | None = None, with_times: bool = False) -> RuleBook:
    """The rules of ``scorecard`` by name: for readings of one period, or of any where each is told ``with_times``.

    Without either, they are those that hold in all periods. A name that several indicators have stands for none of them.
    Raises ``ScorecardError`` for a scorecard without indicators, for one whose scheme cannot be read, and for a period
    that is not there; ``SettingError`` for a period beside times.
    """
    if period is not None and with_times:
        raise SettingError("readings are either of one period or have times of their own, not both")
    if not scorecard.indicators:
        raise ScorecardError("there are no indicators, so there is nothing to rate readings by")
    scorecard, chosen = _in_period(scorecard, period)
    rater = Rater(scorecard, chosen, None, date.max)  # nothing here depends on how late a figure is
    rule_of = rater.timed_rule if with_times else rater.rule
    owners: dict[str, list[Rule | Timed | NoRule]] = {}
    for indicator in scorecard.indicators:
        found = rule_of(indicator)
        rule = NoRule(str(found)) if isinstance(found, Reason) else found
        for name in sorted({indicator.ref.strip(), indicator.name.strip()} - {""}):
            owners.setdefault(name, []).append(rule)
    rules = {name: found[0] if len(found) == 1 else SEVERAL_RULES for name, found in owners.items()}
    return RuleBook(
        rules,
        tuple(
            each
            for each in (*scorecard.problems, *repeated_refs(scorecard.indicators), *rater.problems)
            if not each.message.startswith(NO_READINGS)
        ),
        frozenset(word.strip().lower() for word in scorecard.scheme.missing),
        scheme_year(scorecard.scheme) if with_times else None,
        _by_plain_words(rules),
    )


def _by_plain_words(names: Iterable[str]) -> dict[str, str]:
    """The names by their plain words; none where two names have the same."""
    found: dict[str, str | None] = {}
    for name in names:
        plain = plain_words(name)
        found[plain] = None if plain in found else name
    return {plain: name for plain, name in found.items() if plain and name is not None}


def _in_period(scorecard: Scorecard, wanted: str | None) -> tuple[Scorecard, ReportingPeriod | None]:
    """The period that is wanted, with the scorecard that it is one of: one that lists no periods has any."""
    if wanted is None:
        return scorecard, None
    if not scorecard.periods:
        named = named_period(wanted, year_start=scheme_year(scorecard.scheme).starts)
        if named is None or named.rest or named.ends is None:
            raise ScorecardError(
                f"“{wanted}” does not say when it ends", hint="name the period with its year, such as Q2 2023/24"
            )
        only = ReportingPeriod(label=wanted, ends=named.ends)
        return scorecard.model_copy(update={"periods": (only,)}), only
    return scorecard, scorecard.periods[period_called(scorecard, wanted)]
