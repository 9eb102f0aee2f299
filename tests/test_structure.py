"""The architecture, as tests: layers, homes of packages, grammar and classes in step."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args

import pytest

from rag_rules import target
from rag_rules.quantity import SPELLINGS, unit
from rag_rules.syntax import grammar
from rag_rules.syntax.builder import Builder
from rag_rules.syntax.cache import parse_target
from rag_rules.syntax.grammar import PARSERS, TableParser, compiled, date_parser, grammar_text, target_parser
from rag_rules.syntax.tokens import UnreadableError
from rag_rules.syntax.when_pieces import WhenBuilder

SOURCE = Path(target.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))

#: each module's layer; imports point down only
LAYERS = [
    {"errors", "status", "states", "steps", "expressions", "values"},
    {"quantity", "labels", "periods", "colours", "shapes", "workdays"},
    {"deadlines"},
    {"target", "syntax.text", "syntax.words", "syntax.amounts", "syntax.tokens"},
    {"bands", "trajectories", "syntax.reading", "syntax.patterns", "named_times"},
    {"settings", "syntax.builder", "syntax.lexer", "lowering"},
    {"syntax.when_pieces", "syntax.when_words", "syntax.compiling"},
    {"syntax.grammar", "syntax.passage", "syntax.labelled", "syntax.refusals", "explicit"},
    {"syntax.parts", "syntax.banded", "syntax.brackets", "syntax.checks", "syntax.when_built", "syntax.stretches"},
    {"syntax.when_sorting"},
    {"syntax.when_due", "syntax.when_named"},
    {"syntax.when"},
    {"syntax.stages", "syntax.period_names"},
    {"syntax.composer", "syntax.finish"},
    {"syntax.parser"},
    {"syntax.cache", "syntax"},
    {"todate"},
    {"rules"},
    {"sentences"},
    {"outcomes"},
    {"judging", "prorating"},
    {"movement", "number_line", "over_time"},
    {"front", "strategies", "formula"},
    {"sql", "exchange"},
    {"models", "frames"},
    {"files", "highlights"},
    {"reported", "timing", "published"},
    {"rating", "programme", "remarks", "rollup", "task_counts"},
    {"scorecard"},
    {"reconciling", "whatif", "rulebook"},
    {"streams"},
    {"reports"},
    {"cli"},
    {"__main__"},
]
#: imports inside functions, each with its reason; imports for typing only bind nothing and may point anywhere
LAZY = {
    ("bands", "syntax.amounts"): "reads the picture of bands back, the only text that bands know",
    ("bands", "syntax.text"): "folds that picture first",
    ("rules", "judging"): "a rule evaluates, and judging takes a rule: one of the two must look up",
    ("outcomes", "prorating"): "see rules; an outcome gives its forecast, which is made of it",
    (
        "rules",
        "prorating",
    ): "a rule gives its rule to date, and pro-rating makes a rule; keeps dateutil out of evaluate",
    (
        "settings",
        "syntax.reading",
    ): "benchmarks and baselines are readings; settings in figures need no reading of text",
    ("syntax.parser", "syntax.composer"): "puts several pieces together; most targets are one condition, no more",
    ("syntax.grammar", "syntax.when_pieces"): "only where a text says when; one parser is made without the other",
    ("rules", "explicit"): "only for a target that names its colours",
    ("rules", "deadlines"): "only for a target that is a date",
    ("judging", "syntax.finish"): "only for readings that are dates",
    ("front", "movement"): "only with an earlier reading",
    (
        "syntax.grammar",
        "syntax.compiling",
    ): "needs Lark, and only where the stored tables are not of the grammar at hand",
    ("bands", "reports.svg"): "draws itself in a notebook, and nowhere else",
    ("outcomes", "reports.svg"): "see bands",
    ("models", "reports.svg"): "see bands",
    ("frames", "frames.eager"): "only what the frame needs is loaded",
    ("frames", "frames.batched"): "see frames.eager",
    ("frames", "frames.in_polars"): "see frames.eager",
    ("frames", "frames.native"): "see frames.eager",
    ("frames", "frames.summary"): "see frames.eager",
    ("streams", "streams.ratings"): "needs PyArrow, which the message about its absence does not",
    ("streams", "streams.sinks"): "see streams.ratings",
    ("streams", "streams.sources"): "see streams.ratings",
    ("reports", "reports.html"): "only the face that is asked for is loaded",
    ("reports", "reports.jsonfile"): "only the face that is asked for is loaded",
    ("reports", "reports.markdown"): "only the face that is asked for is loaded",
    ("reports", "reports.table"): "only the face that is asked for is loaded",
    ("reports", "reports.word"): "only the face that is asked for is loaded",
    ("reports", "reports.terminal"): "only the face that is asked for is loaded",
    ("reports", "reports.workbook"): "only the face that is asked for is loaded",
    (
        "reports.jsonfile",
        "models",
    ): "the schema alone needs the records themselves; keeps pydantic out of check and explain",
    ("cli", "files.folder"): "see front; only where a folder is read and a file written",
    ("cli", "front"): "one command loads only what it needs, so that --help is quick",
    ("cli", "reports"): "see front",
    ("cli", "reports.changes"): "see front",
    ("cli", "reports.explained"): "see front",
    ("cli", "reports.reconciled"): "see front",
    ("cli", "reconciling"): "see front",
    ("cli", "reports.jsonfile"): "see front",
    ("cli", "reports.rated"): "see scorecard",
    ("cli", "reports.template"): "see front; needs XlsxWriter",
    ("cli", "reports.terminal"): "see front",
    ("cli", "reports.words"): "see front",
    ("cli", "whatif"): "see scorecard",
    ("cli", "periods"): "see front; keeps dateutil out of explain",
    ("cli", "rulebook"): "see scorecard",
    ("cli", "streams"): "see scorecard",
    ("cli", "scorecard"): "see front; keeps pydantic out of explain",
}
#: the packages that are not of the standard library, and the one part that may import each
HOMES = {
    "lark": ("syntax.compiling",),
    "pydantic": ("models",),
    "dateutil": ("periods",),
    "hypothesis": ("strategies",),
    "rich": ("reports",),
    "jinja2": ("reports.html",),
    "markupsafe": ("reports.html",),
    "openpyxl": ("files",),
    "xlsxwriter": ("reports",),
    "docx": ("reports",),
    "yaml": ("files",),
    "narwhals": ("frames",),
    "numpy": ("streams",),
    "pyarrow": ("streams",),
}


def _name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def _layer(name: str) -> int | None:
    for number, names in enumerate(LAYERS):
        if name in names or name.split(".")[0] in names & {"files", "reports", "frames", "streams"}:
            return number
    return None


def _imports(path: Path) -> list[str]:
    """The modules imported at the top of a module."""
    return [module for node in ast.parse(path.read_text("utf-8")).body for module in _named(node)]


def _lazy_imports(path: Path) -> set[tuple[str, str]]:
    """The modules of ours that functions import, each with the module that does."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = [module for function in functions for node in ast.walk(function) for module in _named(node)]
    ours = {module.removeprefix("rag_rules.") for module in found if module.startswith("rag_rules.")}
    return {(_name(path), module) for module in ours}


def _named(node: ast.AST) -> list[str]:
    """The modules that a statement imports; "from package import module" imports both."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom) or not node.module:
        return []
    modules = {f"rag_rules.{_name(path)}" for path in MODULES}
    inside = [f"{node.module}.{alias.name}" for alias in node.names]
    own = [name for name in inside if name in modules]
    return own if len(own) == len(inside) else [node.module, *own]


def test_imports_inside_functions_are_known_and_have_reasons() -> None:
    found = set().union(*map(_lazy_imports, MODULES))
    assert found == set(LAZY)


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


@pytest.mark.parametrize(("parser", "builder"), [(target_parser, Builder), (date_parser, WhenBuilder)])
def test_the_grammar_and_the_builder_have_the_same_names(parser: Callable[[], TableParser], builder: type) -> None:
    methods = {name for name in vars(builder) if not name.startswith("_")}
    assert methods == parser().methods


@pytest.mark.parametrize("name", PARSERS)
def test_the_stored_tables_are_those_of_the_grammar(name: str) -> None:
    file = SOURCE / "syntax" / "stored" / f"{name}.json"
    stored = json.loads(file.read_text("utf-8"))
    assert stored == json.loads(json.dumps(compiled(name))), "after a change of the grammar run `make tables`"


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = grammar_text().replace("OPEN.2: /[(\\[]/", "OPEN.2: /[({\\[]/")
    assert changed != grammar_text()
    with monkeypatch.context() as patched:
        patched.setattr(grammar, "grammar_text", lambda: changed)
        parser = TableParser(grammar._tables("target"), Builder())
    assert [token.type for token in parser.lexer.lex("{")] == ["OPEN"]
    with pytest.raises(UnreadableError):
        list(target_parser().lexer.lex("{"))


@pytest.mark.parametrize("found", ["", "{", "{}", '{"grammar": 0}'])
def test_tables_that_are_broken_are_not_used(found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "_stored", lambda name: found)
    assert grammar._tables("time") == compiled("time")


FAMILIES = {
    target.Comparison: "<£21",
    target.Plain: "95%",
    target.Between: "Between 10%-20%",
    target.Around: "95 ± 2",
    target.Benchmark: "Maintain better than national average (23.7%)",
    target.Place: "Top 5",
    target.Quartile: "upper quartile",
    target.Change: "5% reduction on 2022/23",
    target.Label: "at least Good",
    target.AllOf: "more than 5 and at most 10",
    target.NoTarget: "TBC",
    target.Banded: "Green ≥95%, Amber 90–95%, Red <90%",
    target.Parts: "a) 5 b) 500",
    target.Trajectory: "70% until Oct 2023, then 80%",
    target.Finish: "By 30th November 2019",
}


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_every_family_is_built_by_the_grammar(family: type) -> None:
    assert type(parse_target(FAMILIES[family]).body) is family


def test_there_are_no_other_families() -> None:
    assert set(FAMILIES) == set(get_args(target.Body))


def test_every_class_of_targets_is_made_of_some_text() -> None:
    texts = [*FAMILIES.values(), "95%; amber within 5%"]
    made = {each.__name__ for text in texts for each in _classes(parse_target(text))}
    assert made == set(target.__all__) - {"Body"}  # a name for the families together


def _classes(value: object) -> Iterator[type]:
    """The classes of ``value`` and of all that it holds which are classes of targets."""
    if isinstance(value, tuple):
        for each in value:
            yield from _classes(each)
    elif type(value).__module__ == target.__name__:
        yield type(value)
        for field in fields(value) if is_dataclass(value) else ():
            yield from _classes(getattr(value, field.name))


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_every_spelling_of_a_unit_is_one_amount_to_the_grammar(spelling: str) -> None:
    before = SPELLINGS[spelling].dimension.startswith("money") and spelling not in (
        "pound", "pounds", "sterling", "pounds sterling", "dollar", "dollars", "euro", "euros", "yen", "rupees", "p", "pence",
    )  # fmt: skip
    text = f"{spelling} 5" if before else f"5{'' if len(spelling) == 1 else ' '}{spelling}"
    tokens = list(target_parser().lexer.lex(text))
    assert [token.type for token in tokens] == ["AMOUNT"], tokens
    assert unit(spelling) == SPELLINGS[spelling]


def test_the_grammar_file_is_found() -> None:
    assert "start: _piece*" in grammar_text()


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, rag_rules; print([m for m in ('lark', 'pydantic', 'narwhals', 'hypothesis', 'dateutil') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_evaluating_loads_neither_pydantic_nor_hypothesis() -> None:
    code = "import sys, rag_rules; rag_rules.evaluate('<5', '4'); print([m for m in ('pydantic', 'narwhals', 'hypothesis', 'rich') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
