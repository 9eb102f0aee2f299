"""The year of a scheme, for all who reckon by it."""

from __future__ import annotations

from rag_rules.errors import ScorecardError, SettingError
from rag_rules.files.tables import printable
from rag_rules.models import Scheme
from rag_rules.periods import Year

__all__ = ["scheme_year"]


def scheme_year(scheme: Scheme) -> Year:
    """The year that ``year_start`` names: by its kind, or by the month in which it begins.

    Raises ``ScorecardError`` where it names none.
    """
    try:
        return Year.read(scheme.year_start)
    except SettingError as error:
        raise ScorecardError(f"the scheme's year_start cannot be read: {printable(error.sentence)}") from error
