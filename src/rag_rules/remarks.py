"""What people add to a computed status: the one they published, one set by hand, and the comment that it needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rag_rules.errors import RagRulesError
from rag_rules.files.tables import printable
from rag_rules.models import Indicator, OverrideShown, RatedIndicator, Scheme, Severity
from rag_rules.published import status_named
from rag_rules.status import Status
from rag_rules.syntax.finish import parse_finish
from rag_rules.syntax.reading import parse_reading

__all__ = ["Remarker"]


@dataclass(frozen=True, slots=True)
class Remarker:
    """Adds to rated indicators what their rows say besides; ``add`` takes what is wrong with it, and the fields."""

    scheme: Scheme
    as_of: date
    add: Callable[[Indicator, Severity, Sequence[str], str], None]

    def remarked(self, indicator: Indicator, rated: RatedIndicator) -> RatedIndicator:
        """The rated indicator with its published status, its override, and whether it lacks a comment."""
        override = self._override(indicator)
        needs_comment = rated.status in self.scheme.comment_required and not (indicator.comment or "").strip()
        if needs_comment:
            self.add(indicator, "warning", ["comment"], f"{rated.status} needs a comment, and there is none")
        if override is None and not indicator.published and not needs_comment:
            return rated
        return rated.model_copy(
            update={
                "needs_comment": needs_comment,
                "published": indicator.published,
                "published_status": self._status(indicator, "published"),
                "override": override,
            }
        )

    def _status(self, indicator: Indicator, key: str) -> Status | None:
        """The status that a field names; a word that names none is a problem."""
        word = getattr(indicator, key)
        if not word:
            return None
        found = status_named(word, self.scheme)
        if found is None:
            message = f"“{printable(word)}” is no status that is known; the scheme's words can name it"
            self.add(indicator, "warning", [key], message)
        return found

    def _override(self, indicator: Indicator) -> OverrideShown | None:
        """The status set by hand, with its reason, author and last day; what is missing of them is a problem."""
        if not indicator.override:
            if indicator.override_reason or indicator.override_until:
                self.add(indicator, "warning", ["override"], "an override has a reason or a last day, and no status")
            return None
        status = self._status(indicator, "override")
        if status is None:
            return None
        for key, what in (("override_reason", "reason"), ("override_by", "author")):
            if not getattr(indicator, key):
                self.add(indicator, "warning", ["override"], f"the override to {status} has no {what}")
        until = self._until(indicator)
        expired = until is not None and until < self.as_of
        if expired:
            assert until is not None
            self.add(indicator, "warning", ["override_until"], f"the override to {status} expired on {until}")
        return OverrideShown(
            status=status, reason=indicator.override_reason, by=indicator.override_by, until=until, expired=expired
        )

    def weight(self, indicator: Indicator) -> Decimal:
        """How much the indicator counts in a weighted group: 1 where nothing, or nothing that can be read, says."""
        if indicator.weight in (None, ""):
            return Decimal(1)
        try:
            quantity = parse_reading(indicator.weight).quantity
        except RagRulesError:
            quantity = None
        if quantity is None or not quantity.unit.is_number or quantity.value < 0:
            message = f"“{printable(str(indicator.weight))}” is no weight; it counts as 1"
            self.add(indicator, "error", ["weight"], message)
            return Decimal(1)
        return quantity.value

    def _until(self, indicator: Indicator) -> date | None:
        """The last day of the override."""
        if not indicator.override_until:
            return None
        try:
            reading = parse_finish(indicator.override_until)
        except RagRulesError as error:
            self.add(indicator, "error", ["override_until"], printable(error.sentence))
            return None
        return reading.days[1] if reading.days is not None else None
