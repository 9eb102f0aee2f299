"""The command ``rag-rules``: the only reader of the clock, the environment and the command line."""

from __future__ import annotations

import argparse
import io
import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NoReturn, TextIO

from rag_rules import __version__
from rag_rules.errors import PolarityError, RagRulesError, SettingError
from rag_rules.reports import FORMATS, SUFFIXES, format_of
from rag_rules.reports.text import inert, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from rag_rules.models import Problem, Report, Scorecard
    from rag_rules.reports.terminal import Tick
    from rag_rules.rulebook import RuleBook
    from rag_rules.rules import Rule

__all__ = ["main"]

CLEAN: Final = 0
FINDINGS: Final = 1
BAD: Final = 2
STOPPED: Final = 130  # as shells say "interrupted"
BROKEN_PIPE: Final = 141  # as shells say "nobody reads any more"

EXAMPLES: Final = """\
examples:
  rag-rules explain "<£21" "£46" --tolerance 5%
  rag-rules check kpis.csv
  rag-rules report kpis.csv --as-of 2023-09-30 -o report.md -o report.csv
  rag-rules rate readings.parquet --rules kpis.csv -o rated.parquet

exit codes: 0 all is well, 1 findings (check, --fail-on), 2 something could not be read
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with ``arguments`` (those of the process by default); returns the exit code."""
    _unstrict(sys.stdout, sys.stderr)
    options = _parser().parse_args([_kept(each) for each in (sys.argv[1:] if arguments is None else arguments)])
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except RagRulesError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # The interpreter flushes once more on its way out; let that go nowhere, and quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        return STOPPED
    return code


# explain ------------------------------------------------------------------------------------------------------------


def _explain(options: argparse.Namespace) -> int:
    if options.target != "-":
        return _explain_one(options.target, options.reading, options)
    if options.reading is not None:
        raise RagRulesError("with - for the target, readings come from standard input too, behind a tab")
    lines = [(number, line) for number, line in enumerate(_standard_input().split("\n"), start=1) if line.strip()]
    if not lines:
        raise RagRulesError("there are no targets on standard input")
    worst = CLEAN
    for number, line in lines:
        target, tab, reading = line.rstrip("\r").partition("\t")
        if number > lines[0][0]:
            print()
        worst = max(worst, _explain_one(target, reading if tab else None, options, place=f"line {number}"))
    return worst


def _explain_one(target: str, reading: str | None, options: argparse.Namespace, *, place: str = "") -> int:
    """Explain one target, with its reading if there is one; what cannot be read is said on standard error."""
    from rag_rules.reports.explained import outcome_text, rule_text

    try:
        rule = _rule(target, options, options.polarity)
        sys.stdout.write(rule_text(target, rule, width=_width()))
        if reading is not None:
            rule = rule if options.on is None else rule.at(options.on)
            sys.stdout.write(outcome_text(rule.evaluate(reading), width=_width()))
    except RagRulesError as error:
        sys.stdout.flush()  # so that the two streams keep their order on a screen
        _refuse(str(error), place)
        if isinstance(error, PolarityError):
            _both_ways(target, reading, options)
        return BAD
    return CLEAN


def _rule(target: str, options: argparse.Namespace, polarity: str | None) -> Rule:
    from rag_rules.front import rule

    return rule(
        target, polarity=polarity, tolerance=options.tolerance, unit=options.unit, scale=options.scale,
        benchmarks=_benchmarks(options.benchmark), baseline=options.baseline, rounding=options.rounding,
        conflicts=options.conflicts, boundary=options.boundary, year=options.year,
    )  # fmt: skip


def _benchmarks(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not (name and sign and value):
            raise SettingError(f"“{pair}” is not a benchmark", hint="write --benchmark national=77.8%")
        if name in found:
            raise SettingError(f"the benchmark “{name}” is given twice")
        found[name] = value
    return found


def _both_ways(target: str, reading: str | None, options: argparse.Namespace) -> None:
    """Say what the target, and the reading, would be with each polarity."""
    from rag_rules.reports.words import SHAPES

    for polarity in ("higher", "lower"):
        try:
            rule = _rule(target, options, polarity)
            shown = f"  --polarity {polarity:<7} {rule}"
            if reading is not None:
                outcome = (rule if options.on is None else rule.at(options.on)).evaluate(reading)
                shown += f"\n{' ' * 21}{SHAPES[outcome.status]} {outcome.explanation}"
        except RagRulesError:
            continue  # the error has been shown already, or the next one will be when a polarity is given
        print(_inert_lines(shown), file=sys.stderr)


# check, report, schema ----------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    from rag_rules.reports import jsonfile, terminal
    from rag_rules.scorecard import check

    scorecard = _scorecard(options.path)
    problems = check(scorecard, as_of=options.as_of or date.today())
    if options.format == "json":
        _utf8(sys.stdout)
        sys.stdout.write(jsonfile.render_problems(scorecard.title, problems))
    elif problems:
        sys.stdout.write(terminal.render_problems(problems, width=_width()))
    else:
        print(f"No problems in {len(scorecard.indicators):,} indicator{'' if len(scorecard.indicators) == 1 else 's'}.")
    return FINDINGS if problems else CLEAN


def _report(options: argparse.Namespace) -> int:
    forms = [_form(name, options) for name in options.output]
    scorecard = _scorecard(options.path)
    report = _assessed(scorecard, options)
    _say_if_old(report, scorecard)
    if options.output:
        _spare_sources(options.output, scorecard, options.path)
        _write(report, list(zip(options.output, forms, strict=True)), options.templates)
    else:
        _print(report, options.format or "terminal", options.templates)
    return _gate(report, options.fail_on)


def _form(name: str, options: argparse.Namespace) -> str:
    form: str | None = options.format or format_of(name)
    if form is None:
        raise RagRulesError(
            f"the name “{name}” does not say which format to write",
            hint=f"let it end in {', '.join(SUFFIXES)}, or give --format",
        )
    return form


def _scorecard(path: str) -> Scorecard:
    from rag_rules.scorecard import read_scorecard, read_scorecard_text

    return read_scorecard_text(sys.stdin.buffer.read()) if path == "-" else read_scorecard(path)


def _assessed(scorecard: Scorecard, options: argparse.Namespace) -> Report:
    from rag_rules.scorecard import assess

    with _progress() as tick:
        return assess(scorecard, as_of=options.as_of or date.today(), period=options.period, progress=tick)


def _say_if_old(report: Report, scorecard: Scorecard) -> None:
    """Say on standard error that the period which is rated ended more than a year before the date of the report."""
    from rag_rules.periods import written_date

    ends = next((period.ends for period in scorecard.periods if period.label == report.period), None)
    if ends is not None and (report.as_of.year - 1, report.as_of.month, report.as_of.day) > (
        ends.year,
        ends.month,
        ends.day,
    ):
        print(
            f"rag-rules: the period {one_line(report.period or '', 60)} ended on {written_date(ends)}, "
            f"more than a year before {written_date(report.as_of)}",
            file=sys.stderr,
        )


def _progress() -> AbstractContextManager[Tick | None]:
    """A bar on standard error for work of more than a second; none where that is no terminal."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rag_rules.reports.terminal import progress

    return progress(sys.stderr, clock=time.monotonic)


def _spare_sources(outputs: Sequence[str], scorecard: Scorecard, source: str) -> None:
    """Refuse to write over a file that the scorecard was read from."""
    from pathlib import Path  # slow to load, and explain needs none

    own = [] if source == "-" else [Path(source)]
    if own and own[0].is_dir():
        from rag_rules.files.folder import SETTINGS, read_settings

        on_file = read_settings(own[0])
        tables = {indicator.place.partition(", row ")[0] for indicator in scorecard.indicators}
        own += [path for path in own[0].iterdir() if any(f"{table}, ".startswith(f"{path.name}, ") for table in tables)]
        tables_on_file = (*on_file.indicators, *on_file.readings, *on_file.targets, *on_file.actions, *on_file.plan)
        own += [own[0] / table.file for table in tables_on_file if table.file]
        own.append(own[0] / SETTINGS)
    for path in map(Path, outputs):
        if path.exists() and any(each.exists() and path.samefile(each) for each in own):
            raise RagRulesError(f"{path} is a file of the scorecard; it is not written over")


def _write(report: Report, outputs: Sequence[tuple[str, str]], templates: Path | None) -> None:
    """Write each file, all of them made before the first is written; their folders are made where needed."""
    from pathlib import Path

    from rag_rules.reports import as_file

    with _progress() as tick:
        made = [(Path(name), as_file(report, form, tick, templates=templates)) for name, form in outputs]
    for path, _ in made:
        _make_folder(path)
    for path, content in made:
        path.write_bytes(content)
        print(f"Written: {inert(str(path))}", file=sys.stderr)


def _make_folder(path: Path) -> None:
    """Make the folder that a file is to be written in, unless something else stands in its place."""
    stands = next((each for each in path.parents if each.exists()), None)
    if stands is not None and not stands.is_dir():
        raise RagRulesError(f"{path} cannot be written: {stands} is a file, not a folder")
    path.parent.mkdir(parents=True, exist_ok=True)


def _print(report: Report, form: str, templates: Path | None) -> None:
    from rag_rules.reports import BINARY, as_file, render, terminal

    if form == "terminal":
        terminal.show(report, sys.stdout, width=_width(), colour=_in_colour(sys.stdout))
    elif form in BINARY:
        if sys.stdout.isatty():
            raise RagRulesError("this format is not for the screen", hint=f"write it to a file: -o report.{form}")
        sys.stdout.buffer.write(as_file(report, form))
    else:
        _utf8(sys.stdout)
        sys.stdout.write(render(report, form, templates=templates))


def _gate(report: Report, fail_on: str | None) -> int:
    """The exit code, by ``--fail-on``; if it is met, that is said on standard error."""
    if fail_on is None:
        return CLEAN
    counts = report.summary.counts
    found = [(counts.red, "red"), *([(counts.amber, "amber")] if fail_on == "amber" else [])]
    listed = " and ".join(f"{number:,} {word}" for number, word in found if number)
    if not listed:
        return CLEAN
    print(f"rag-rules: --fail-on {fail_on}: {listed}", file=sys.stderr)
    return FINDINGS


def _template(options: argparse.Namespace) -> int:
    from pathlib import Path

    from rag_rules.reports import template

    path = Path(options.output)
    if path.suffix.lower() != ".xlsx":
        raise RagRulesError(
            f"a template is a workbook, and “{path.name}” is no name of one", hint="let it end in .xlsx"
        )
    if path.exists():
        raise RagRulesError(f"{path} is there already; it is not written over", hint="give the template another name")
    day = options.as_of or date.today()
    options.period = None
    report = _assessed(_scorecard(options.source), options) if options.source is not None else None
    content = template.render(day, report)
    _make_folder(path)
    path.write_bytes(content)
    print(f"Written: {inert(str(path))}", file=sys.stderr)
    return CLEAN


# whatif -------------------------------------------------------------------------------------------------------------


def _whatif(options: argparse.Namespace) -> int:
    from rag_rules.reports import changes, jsonfile
    from rag_rules.whatif import compare, with_tolerance

    if (options.changed is None) == (options.tolerance is None):
        raise RagRulesError(
            "whatif needs one proposal", hint="give --tolerance 2%, or the path of a changed scorecard, and not both"
        )
    scorecard = _scorecard(options.path)
    changed = with_tolerance(scorecard, options.tolerance) if options.changed is None else _scorecard(options.changed)
    found = compare(scorecard, changed, as_of=options.as_of or date.today(), period=options.period)
    if options.format == "json":
        _utf8(sys.stdout)
        sys.stdout.write(jsonfile.render_changes(found))
    else:
        sys.stdout.write(changes.render(found, width=_width()))
    return CLEAN


def _whatif_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Lists every status that another tolerance, or a changed scorecard, would alter."
    parser.epilog = "example: rag-rules whatif kpis.csv --tolerance 2% --as-of 2023-09-30"
    parser.set_defaults(run=_whatif)
    _path_options(parser)
    add = parser.add_argument
    add("changed", metavar="CHANGED", type=_text, nargs="?", help="the scorecard as it is proposed")
    add(
        "--tolerance",
        metavar="T",
        type=_text,
        help="the tolerance that is proposed, for those without one of their own",
    )
    add("--period", metavar="P", type=_text, help="the period to rate (default: the latest one at the date)")
    add("--format", choices=("terminal", "json"), default="terminal", help="how to list it")


def _reconcile(options: argparse.Namespace) -> int:
    from rag_rules.reconciling import reconcile
    from rag_rules.reports import jsonfile, reconciled

    scorecard = _scorecard(options.path)
    found = reconcile(_assessed(scorecard, options), scorecard)
    if options.format == "json":
        _utf8(sys.stdout)
        sys.stdout.write(jsonfile.render_reconciliation(found))
    else:
        sys.stdout.write(reconciled.render(found, width=_width()))
    return FINDINGS if found.disagreements else CLEAN


def _reconcile_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Compares the statuses that a scorecard publishes with the computed ones. Exit code 1 if any disagree."
    )
    parser.epilog = "example: rag-rules reconcile kpis.csv --as-of 2023-09-30"
    parser.set_defaults(run=_reconcile)
    _path_options(parser)
    parser.add_argument(
        "--period", metavar="P", type=_text, help="the period to rate (default: the latest one at the date)"
    )
    parser.add_argument("--format", choices=("terminal", "json"), default="terminal", help="how to list it")


# rate ---------------------------------------------------------------------------------------------------------------

#: so many problems of the rules are shown before the readings are read
_PROBLEMS: Final = 20


def _rate(options: argparse.Namespace) -> int:
    from pathlib import Path

    from rag_rules.reports import rated
    from rag_rules.rulebook import rulebook
    from rag_rules.streams import Wanted, rate_files, readings_at, spare, times_in

    into = Path(options.output)
    readings = readings_at(options.readings)
    spare(readings, into)
    scorecard = _scorecard(options.rules)
    book = rulebook(scorecard, period=options.period, with_times=options.on is not None)
    _spare_sources([options.output], scorecard, options.rules)
    _say_problems(book.problems, options.rules)
    if options.on is None:
        _say_times(book, times_in(readings), options.period)
    wanted = Wanted(
        options.rule, options.reading, options.into, options.reason, options.distance, options.band, options.on
    )
    _make_folder(into)
    began = time.monotonic()
    try:
        with _progress() as tick:
            counts = rate_files(readings, into, book, wanted, shares=options.shares, progress=tick)
    except KeyboardInterrupt:
        print("Stopped; nothing was written", file=sys.stderr)
        return STOPPED
    sys.stderr.write(rated.render(counts, book, seconds=time.monotonic() - began, width=_width()))
    print(f"Written: {inert(str(into))}", file=sys.stderr)
    return CLEAN


def _say_problems(problems: Sequence[Problem], path: str) -> None:
    """Say on standard error what is wrong with the rules, the errors first: their rows will be unrated."""
    from rag_rules.reports import terminal

    if not problems:
        return
    listed = sorted(problems, key=lambda problem: problem.severity != "error")[:_PROBLEMS]
    sys.stderr.write(terminal.render_problems(listed, width=_width()))
    if len(problems) > len(listed):
        print(f"{len(problems) - len(listed):,} more: rag-rules check {inert(path)}", file=sys.stderr)


def _say_times(book: RuleBook, columns: Sequence[str], period: str | None) -> None:
    """Say on standard error how to tell the time of the readings, where targets depend on it, or where a column may tell another."""
    named = f"the readings have a column “{one_line(columns[0], 60)}”" if columns else ""
    if period is not None:
        if named:
            print(
                f"rag-rules: all rows are rated as {one_line(period, 60)}, and {named}: where that tells other periods, "
                f"rate with --on {inert(shlex.quote(columns[0]))}",
                file=sys.stderr,
            )
    elif book.needs_time:
        told = f"; {named}: rate with --on {inert(shlex.quote(columns[0]))}" if named else ""
        print(
            "rag-rules: some targets depend on the time: say which period all readings are of with --period, or name the "
            f"column that tells the time of each with --on{told}",
            file=sys.stderr,
        )


def _rate_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Rates a file of readings of any size by the rules of a scorecard, and writes it with a column of statuses. "
        "Rows keep their order."
    )
    parser.epilog = "example: rag-rules rate readings.parquet --rules kpis.csv -o rated.parquet"
    parser.set_defaults(run=_rate)
    add = parser.add_argument
    add(
        "readings",
        metavar="READINGS",
        type=_text,
        help="a .parquet or .csv file with one reading in each row, a folder of such files, or a pattern in quotes",
    )
    add(
        "--rules",
        metavar="PATH",
        type=_text,
        required=True,
        help="a scorecard's folder or file, as for report; - reads CSV",
    )
    add("-o", "--output", metavar="FILE", type=_text, required=True, help="the file to write: .parquet or .csv")
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--period", metavar="P", type=_text, help="the period of the readings, where a target depends on it"
    )
    when.add_argument(
        "--on", metavar="COLUMN", type=_text, help="the column that tells the day or the period of each reading"
    )
    for name, what in (
        ("rule", "the column of readings that names the rule: by its ref or name (default: found by its heading)"),
        ("reading", "the column that holds the reading (default: found by its heading)"),
    ):
        add(f"--{name}", metavar="COLUMN", type=_text, help=what)
    add(
        "--into",
        metavar="COLUMN",
        type=_text,
        default="status",
        help="the column to write statuses to (default: status)",
    )
    add("--reason", metavar="COLUMN", type=_text, help="write why rows are unrated to this column")
    add("--distance", metavar="COLUMN", type=_text, help="write how far readings must move to be green to this column")
    add("--band", metavar="COLUMN", type=_text, help="write the number of the band, the lowest being 0, to this column")
    add(
        "--shares",
        action=argparse.BooleanOptionalAction,
        help="whether percentages without a sign are written as 0.95 or as 95 (default: ambiguous where it matters)",
    )


def _schema(options: argparse.Namespace) -> int:
    from rag_rules.reports.jsonfile import schema

    _utf8(sys.stdout)
    sys.stdout.write(schema())
    return CLEAN


# streams ------------------------------------------------------------------------------------------------------------


def _unstrict(*streams: TextIO) -> None:
    """Let a console without £ or ● show "?" in their place, rather than fail."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _utf8(stream: TextIO) -> None:
    """Files have one encoding everywhere, and so has what is piped into them."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", newline="\n")


def _standard_input() -> str:
    """What is piped in: UTF-8, or else what Windows programs in Western Europe write."""
    raw = sys.stdin.buffer.read()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _width() -> int:
    return max(40, min(120, shutil.get_terminal_size().columns))


def _in_colour(stream: TextIO) -> bool:
    """Whether to colour: on a terminal, unless ``NO_COLOR`` is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _refuse(message: str, place: str = "") -> int:
    """Say on standard error what is wrong; a drawing below a line of its own, so that it stays aligned."""
    said = _inert_lines(message)
    start = f"rag-rules: {place}:" if place else "rag-rules:"
    print(f"{start} {said}" if "\n" not in said else f"{start}\n{said}", file=sys.stderr)
    return BAD


def _inert_lines(text: str) -> str:
    return "\n".join(inert(line) for line in text.split("\n"))


# the command line ---------------------------------------------------------------------------------------------------

#: stands before an argument such as "-£5" while argparse looks for options; no real argument can hold it
_MARK: Final = "\0"


def _kept(argument: str) -> str:
    """The argument, marked if it begins with a minus sign but can be no option: ``-0.7``, ``-£5``, ``-5%``."""
    return _MARK + argument if re.match(r"-[^-A-Za-z]", argument) else argument


def _text(argument: str) -> str:
    return argument.removeprefix(_MARK)


def _day(argument: str) -> date:
    """A date of the form 2023-09-30."""
    text = _text(argument)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it as 2023-09-30")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"there is no {text} in the calendar") from None


def _folder(argument: str) -> Path:
    """A folder that is there."""
    from pathlib import Path

    path = Path(_text(argument))
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder “{path}”")
    return path


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints show no marks and no controls."""

    def __init__(self, **given: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **given)

    def error(self, message: str) -> NoReturn:
        super().error(one_line(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rag-rules",
        description="Reads KPI targets as people write them, and rates readings green, amber or red.",
        epilog=EXAMPLES,
    )
    parser.add_argument("--version", action="version", version=f"rag-rules {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _explain_options(commands.add_parser("explain", help="say how a target is understood, and rate a reading on it"))
    _check_options(commands.add_parser("check", help="list what is wrong with a scorecard"))
    _report_options(commands.add_parser("report", help="rate every indicator of a scorecard"))
    _template_options(commands.add_parser("template", help="write an empty scorecard to fill in, as a workbook"))
    _whatif_options(commands.add_parser("whatif", help="list what a proposed change would alter"))
    _reconcile_options(commands.add_parser("reconcile", help="compare published statuses with the computed ones"))
    _rate_options(commands.add_parser("rate", help="rate a large file of readings"))
    schema = commands.add_parser("schema", help="print the JSON Schema of the JSON report")
    schema.set_defaults(run=_schema)
    return parser


def _explain_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Says how a target is understood, and rates a reading on it."
    parser.epilog = 'example: rag-rules explain "<£21" "£46" --tolerance 5%'
    parser.set_defaults(run=_explain)
    add = parser.add_argument
    add(
        "target",
        metavar="TARGET",
        type=_text,
        help="as it is written; - reads lines of standard input: target, tab, reading",
    )
    add("reading", metavar="READING", type=_text, nargs="?", help="as it is written")
    add("--polarity", metavar="P", type=_text, help="which way is better: higher, lower or in range")
    add("--tolerance", metavar="T", type=_text, help="how far off is still amber: 5%% (of the target), 2pp, “to 90%%”")
    add("--unit", metavar="U", type=_text, help="unit of a target that is written without one: %%, £, days")
    add("--scale", metavar="S", type=_text, help="words in order, the worst first: “Poor < Fair < Good”")
    add(
        "--benchmark",
        metavar="NAME=VALUE",
        type=_text,
        action="append",
        default=[],
        help="a value that the target refers to; may be repeated",
    )
    add("--baseline", metavar="B", type=_text, help="the value that a change starts from")
    add("--rounding", metavar="R", type=_text, help="exact (the default), as displayed, or “round to 1 dp”")
    add(
        "--conflicts",
        choices=("refuse", "worse"),
        help="readings in a gap or overlap of bands: unrated (the default) or the worse status",
    )
    add("--boundary", choices=("inclusive", "strict"), help="whether a bare target is met on its limit (the default)")
    add("--on", metavar="DATE", type=_day, help="the date of the reading, for a target that changes over time")
    add("--year", metavar="Y", type=_text, help="the year that quarters in the target are of: financial, calendar, ...")


def _check_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Lists what is wrong with a scorecard. Exit code 1 if anything is."
    parser.set_defaults(run=_check)
    _path_options(parser)
    parser.add_argument("--format", choices=("terminal", "json"), default="terminal", help="how to list it")


def _report_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Rates every indicator of a scorecard."
    parser.set_defaults(run=_report)
    _path_options(parser)
    add = parser.add_argument
    add("--period", metavar="P", type=_text, help="the period to rate (default: the latest one at the date)")
    add("--format", choices=FORMATS, help="default: by the name of the file; on the screen, terminal")
    add(
        "-o",
        "--output",
        metavar="FILE",
        type=_text,
        action="append",
        default=[],
        help="write to a file: .html, .xlsx, .docx, .md, .csv, .json or .txt; may be repeated",
    )
    add("--templates", metavar="DIR", type=_folder, help="templates of your own for the web page")
    add("--fail-on", choices=("red", "amber"), help="exit with code 1 if any indicator is red (or, with amber, amber)")


def _template_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Writes a scorecard to fill in, as a workbook: empty, or with what is in another scorecard."
    parser.epilog = "example: rag-rules template -o my-scorecard.xlsx"
    parser.set_defaults(run=_template)
    add = parser.add_argument
    add("-o", "--output", metavar="FILE", type=_text, required=True, help="the workbook to write, ending in .xlsx")
    add(
        "--from",
        dest="source",
        metavar="PATH",
        type=_text,
        help="a scorecard to fill it with; the column “Read as” then says how each target was understood",
    )
    add("--as-of", metavar="DATE", type=_day, help="a day of the year to make it for, as 2023-09-30 (default: today)")


def _path_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", type=_text, help="a scorecard's folder or file; - reads CSV from standard input"
    )
    parser.add_argument(
        "--as-of", metavar="DATE", type=_day, help="the date of the report, as 2023-09-30 (default: today)"
    )
