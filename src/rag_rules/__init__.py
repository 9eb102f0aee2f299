"""KPI targets the way people write them, and Red / Amber / Green statuses that anyone can check."""

TYPE_CHECKING = False  # as typing has it: type checkers take a name like this for true, and `typing` is slow to import
if TYPE_CHECKING:
    from rag_rules.bands import Band, Bands
    from rag_rules.deadlines import Deadline
    from rag_rules.errors import (
        BandsError,
        DateSyntaxError,
        FormulaError,
        MissingExtraError,
        PolarityError,
        RagRulesError,
        ReadingSyntaxError,
        ScorecardError,
        SettingError,
        TargetSyntaxError,
        UnitError,
    )
    from rag_rules.exchange import (
        NagiosRanges,
        from_feel,
        from_intervals,
        from_json,
        from_nagios,
        from_soda,
        to_feel,
        to_json,
        to_nagios,
    )
    from rag_rules.formula import to_dax, to_excel
    from rag_rules.frames import summarise, with_status
    from rag_rules.front import evaluate, rule
    from rag_rules.models import Report, Scorecard
    from rag_rules.outcomes import Outcome
    from rag_rules.over_time import Timed
    from rag_rules.periods import Period, Year
    from rag_rules.quantity import Quantity
    from rag_rules.reconciling import reconcile
    from rag_rules.reports.svg import badge_svg, bands_svg
    from rag_rules.rules import Rule, resolve
    from rag_rules.scorecard import assess, read_scorecard
    from rag_rules.settings import Setting
    from rag_rules.sql import RuleBand, join_sql, rules_table, to_sql
    from rag_rules.status import Reason, Status
    from rag_rules.syntax.cache import parse_target
    from rag_rules.syntax.reading import Reading, parse_reading
    from rag_rules.syntax.when import parse_deadline, parse_period
    from rag_rules.target import Target
    from rag_rules.whatif import compare, with_tolerance

__version__ = "0.1.0"

#: where each name lives; it loads when it is first touched, so that `import rag_rules` stays quick
_HOMES = {
    "evaluate": "front", "rule": "front",
    "parse_target": "syntax.cache", "Target": "target", "parse_reading": "syntax.reading", "Reading": "syntax.reading",
    "Setting": "settings", "resolve": "rules", "Rule": "rules", "Quantity": "quantity",
    "parse_deadline": "syntax.when", "parse_period": "syntax.when", "Deadline": "deadlines", "Period": "periods",
    "Year": "periods",
    "Bands": "bands", "Band": "bands", "Outcome": "outcomes", "Status": "status", "Reason": "status",
    "badge_svg": "reports.svg", "bands_svg": "reports.svg",
    "read_scorecard": "scorecard", "assess": "scorecard", "Scorecard": "models", "Report": "models",
    "compare": "whatif", "with_tolerance": "whatif", "reconcile": "reconciling",
    "RagRulesError": "errors", "TargetSyntaxError": "errors", "ReadingSyntaxError": "errors", "SettingError": "errors",
    "DateSyntaxError": "errors",
    "PolarityError": "errors", "UnitError": "errors", "BandsError": "errors", "ScorecardError": "errors",
    "MissingExtraError": "errors", "FormulaError": "errors", "to_excel": "formula", "to_dax": "formula",
    "to_sql": "sql", "rules_table": "sql", "RuleBand": "sql", "join_sql": "sql",
    "to_json": "exchange", "from_json": "exchange", "to_feel": "exchange", "from_feel": "exchange",
    "to_nagios": "exchange", "from_nagios": "exchange", "NagiosRanges": "exchange", "from_intervals": "exchange",
    "from_soda": "exchange",
    "with_status": "frames", "summarise": "frames", "Timed": "over_time",
}  # fmt: skip

__all__ = [
    # one call
    "evaluate", "rule",
    # step by step
    "parse_target", "Target", "parse_reading", "Reading", "Setting", "resolve", "Rule", "Quantity",
    # time
    "parse_deadline", "parse_period", "Deadline", "Period", "Year", "Timed",
    # the answer
    "Bands", "Band", "Outcome", "Status", "Reason",
    # pictures
    "badge_svg", "bands_svg",
    # elsewhere
    "to_excel", "to_dax", "to_sql", "rules_table", "RuleBand", "join_sql",
    "to_json", "from_json", "to_feel", "from_feel", "to_nagios", "from_nagios", "NagiosRanges", "from_intervals",
    "from_soda",
    "with_status", "summarise",
    # scorecards
    "read_scorecard", "assess", "Scorecard", "Report", "compare", "with_tolerance", "reconcile",
    # errors
    "RagRulesError", "TargetSyntaxError", "ReadingSyntaxError", "SettingError", "PolarityError", "UnitError", "BandsError",
    "DateSyntaxError", "ScorecardError", "MissingExtraError", "FormulaError",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
