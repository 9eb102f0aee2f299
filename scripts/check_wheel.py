"""Proof that what we would publish works: the wheel, made from the sdist, in an environment of its own.

Standard library only, though the interpreter that runs it must have ``build`` and ``hatchling``.
"""

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parent.parent
GRAMMAR: Final = "rag_rules/syntax/target.lark"
TABLES: Final = {"target.json", "time.json"}
TEMPLATES: Final = {"page.html", "tasks.html", "page.css", "page.js"}
EVALUATE: Final = (
    "import sys, rag_rules; print(rag_rules.evaluate('<£21', '£46', tolerance='5%').status, 'lark' in sys.modules)"
)
EXPLAIN: Final = ("explain", "<£21", "£46", "--tolerance", "5%")


def main() -> None:
    """Build, install, try; leave with a sentence at the first thing that is not so."""
    with tempfile.TemporaryDirectory(prefix="rag-rules-wheel-") as folder:
        elsewhere = Path(folder)
        wheel = build_wheel(elsewhere)
        check_grammar(wheel)
        check_folder(wheel, "rag_rules/syntax/stored/", TABLES, "tables")
        check_folder(wheel, "rag_rules/reports/html/templates/", TEMPLATES, "templates")
        check_install(wheel, elsewhere)
    print(
        f"{wheel.name}: carries the grammar once, its tables and the templates, and rates a reading in an empty environment"
    )


def build_wheel(elsewhere: Path) -> Path:
    """The wheel made from the sdist made from the checkout."""
    dist = elsewhere / "dist"
    # From another directory, since the checkout's own build/ must not be taken for the module.
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(CHECKOUT)], cwd=elsewhere)
    wheels = list(dist.glob("*.whl"))
    if len(wheels) != 1:
        sys.exit(f"The build was to make one wheel, but made {len(wheels)}.")
    return wheels[0]


def check_grammar(wheel: Path) -> None:
    """Leave unless the grammar is in the wheel at its one place."""
    with zipfile.ZipFile(wheel) as archive:
        grammars = [name for name in archive.namelist() if name.endswith(".lark")]
    if grammars != [GRAMMAR]:
        sys.exit(f"{wheel.name} was to hold {GRAMMAR} once, but holds: {', '.join(grammars) or 'no grammar'}.")


def check_folder(wheel: Path, folder: str, expected: set[str], what: str) -> None:
    """Leave unless a folder of the wheel holds these files, and no others."""
    with zipfile.ZipFile(wheel) as archive:
        found = {name.removeprefix(folder) for name in archive.namelist() if name.startswith(folder)}
    if found != expected:
        sys.exit(f"{wheel.name} was to hold the {what} {sorted(expected)}, but holds {sorted(found)}.")


def check_install(wheel: Path, elsewhere: Path) -> None:
    """Leave unless the installed wheel rates a reading, by way of Python and by way of the command."""
    environment = elsewhere / "environment"
    venv.create(environment, with_pip=True)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    python = str(programs / "python")
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)], cwd=elsewhere)

    status = run([python, "-c", EVALUATE], cwd=elsewhere).strip()
    if status != "red False":
        sys.exit(
            f"Installed from {wheel.name}, £46 against '<£21' was to be 'red' without Lark ('False'), but was {status!r}."
        )

    explanation = run([str(programs / "rag-rules"), *EXPLAIN], cwd=elsewhere)
    if "red" not in explanation.lower():
        sys.exit(f"Installed from {wheel.name}, rag-rules explain was to say red, but said:\n{explanation}")


def run(command: list[str], *, cwd: Path) -> str:
    """What the command printed; leave with everything it said if it failed."""
    # PYTHONPATH could lend the checkout to an install that lacks something.
    surroundings = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"} | {"PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"This failed with exit code {done.returncode}: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
