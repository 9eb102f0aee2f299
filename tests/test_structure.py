"""The architecture, as tests: layers, homes of packages, grammar and classes in step."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from rag_rules import target
from rag_rules.quantity import SPELLINGS, unit
from rag_rules.syntax.builder import Builder
from rag_rules.syntax.grammar import grammar_text, target_parser

SOURCE = Path(target.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

#: each module's layer; imports point down only
LAYERS = [
    {"errors", "status", "steps"},
    {"quantity", "labels"},
    {"periods", "target", "syntax.text", "syntax.words", "syntax.amounts"},
    {"bands", "syntax.reading"},
    {"settings", "syntax.builder", "syntax.lexer", "lowering"},
    {"syntax.grammar", "syntax.passage", "syntax.labelled", "syntax.refusals", "explicit"},
    {"syntax.parts", "syntax.banded", "syntax.brackets", "syntax.checks"},
    {"syntax.composer"},
    {"syntax.parser"},
    {"syntax.cache", "syntax"},
    {"rules"},
    {"outcomes"},
    {"front", "strategies"},
    {"models"},
    {"files", "movement"},
    {"rating"},
    {"scorecard"},
    {"reports"},
    {"cli"},
    {"__main__"},
]
#: imports at the top of a module; those inside functions are for typing, for cycles that the text explains, or lazy
HOMES = {
    "lark": ("syntax",),
    "pydantic": ("models",),
    "dateutil": ("periods",),
    "hypothesis": ("strategies",),
    "rich": ("reports", "cli"),
    "openpyxl": ("files",),
    "yaml": ("files",),
}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def _layer(name: str) -> int | None:
    for number, names in enumerate(LAYERS):
        if name in names or name.split(".")[0] in names & {"files", "reports"}:
            return number
    return None


def _imports(path: Path) -> list[str]:
    tree = ast.parse(path.read_text("utf-8"))
    found: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


@pytest.mark.parametrize(
    "path", [path for path in MODULES if path.name != "__init__.py" or path.parent != SOURCE], ids=_name
)
def test_imports_point_down(path: Path) -> None:
    mine = _layer(_name(path))
    assert mine is not None, f"{_name(path)} has no layer"
    for module in _imports(path):
        if module.startswith("rag_rules."):
            other = module.removeprefix("rag_rules.")
            theirs = _layer(other)
            assert theirs is not None, f"{other} has no layer"
            same_package = other.split(".")[0] == _name(path).split(".")[0]
            assert theirs < mine or (theirs == mine and same_package), f"{_name(path)} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_each_package_has_one_home(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for package in (name.split(".")[0] for name in names):
            if package in HOMES:
                assert _name(path).startswith(HOMES[package]), f"{package} is imported in {_name(path)}"


def test_every_rule_of_the_grammar_has_a_builder_method() -> None:
    kept = ("start", "refused", "condition", "comparison", "clause")
    for rule in target_parser().rules:
        name = rule.alias or str(getattr(rule.origin.name, "value", rule.origin.name))
        if not name.startswith("_") and name not in kept and not name.startswith("__"):
            assert hasattr(Builder, name), name


def test_every_family_is_built_by_the_grammar() -> None:
    import inspect

    source = inspect.getsource(sys.modules[Builder.__module__])
    families = [
        "Comparison",
        "Plain",
        "Between",
        "Around",
        "Benchmark",
        "Place",
        "Quartile",
        "Change",
        "Label",
        "NoTarget",
    ]
    assert all(f"{family}(" in source for family in families)
    assert all(hasattr(target, family) for family in families)


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_every_spelling_of_a_unit_is_one_amount_to_the_grammar(spelling: str) -> None:
    before = SPELLINGS[spelling].dimension.startswith("money") and spelling not in (
        "pound", "pounds", "sterling", "pounds sterling", "dollar", "dollars", "euro", "euros", "yen", "rupees", "p", "pence",
    )  # fmt: skip
    text = f"{spelling} 5" if before else f"5{'' if len(spelling) == 1 else ' '}{spelling}"
    tokens = list(target_parser().lex(text))
    assert [token.type for token in tokens] == ["AMOUNT"], tokens
    assert unit(spelling) == SPELLINGS[spelling]


def test_the_grammar_file_is_found() -> None:
    assert "start: _piece*" in grammar_text()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, rag_rules; print([m for m in ('lark', 'pydantic', 'narwhals', 'hypothesis', 'dateutil', 're') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() in ("[]", "['re']")


def test_evaluating_loads_neither_pydantic_nor_hypothesis() -> None:
    code = "import sys, rag_rules; rag_rules.evaluate('<5', '4'); print([m for m in ('pydantic', 'narwhals', 'hypothesis', 'rich') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
