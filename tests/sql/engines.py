"""PostgreSQL as a server of the tests' own, and readings in a table."""

import csv
import io
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag_rules import Bands, to_sql
from rag_rules.sql import Dialect, Kind
from tests.sql import drawn

#: the answers to several queries
Run = Callable[[list[str]], list[list[tuple[Any, ...]]]]
Rows = list[tuple[int, int, drawn.Number]]

TYPES: dict[str, dict[Kind, str]] = {
    "duckdb": {"decimal": "DECIMAL(38, 18)", "float": "DOUBLE", "float32": "FLOAT"},
    "postgres": {"decimal": "numeric", "float": "double precision", "float32": "real"},
    "sqlite": {"float": "REAL"},
}


def table_of(bands: list[Bands], kind: Kind) -> tuple[Rows, list[str]]:
    """The rows (number, rule, reading) of a table of readings, and the status that each should have."""
    rows = [(case, value) for case, each in enumerate(bands) for value in drawn.readings(each, kind)]
    wanted = [drawn.expected(bands[case], value, kind) for case, value in rows]
    return [(number, case, value) for number, (case, value) in enumerate(rows)], wanted


def check(run: Run, bands: list[Bands], rows: Rows, wanted: list[str], dialect: Dialect, kind: Kind) -> None:
    """Every reading has the status that the library gives it."""
    queries = [
        f"SELECT id, {to_sql(each, 'reading', dialect, kind=kind)} FROM readings WHERE indicator = {case}"
        for case, each in enumerate(bands)
    ]
    found = {int(number): status for answer in run(queries) for number, status in answer}
    assert len(found) == len(wanted)
    wrong = [(rows[i], status, found[i], bands[rows[i][1]]) for i, status in enumerate(wanted) if found[i] != status]
    assert not wrong, f"{len(wrong)} of {len(wanted)}: {wrong[:5]}"


class Postgres:
    """A server of PostgreSQL, spoken to through its own client."""

    def __init__(self, programs: Path, sockets: Path) -> None:
        self.client = [
            str(programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(sockets), "-U", "tester", "-d", "postgres",
        ]  # fmt: skip

    def run(self, queries: list[str]) -> list[list[tuple[Any, ...]]]:
        """The answers to several queries, as texts; nothing for NULL."""
        mark = "\\echo ~~~\n"
        script = "".join(f"{query};\n{mark}" for query in queries)
        done = subprocess.run([*self.client, "--csv", "-t"], input=script, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[:2_000]
        answers = done.stdout.split("~~~\n")[:-1]
        return [[tuple(row) for row in csv.reader(io.StringIO(answer))] for answer in answers]

    def load(self, table: str, path: Path) -> None:
        """Fill a table with the rows of a file."""
        self.run([f"\\copy {table} FROM '{path}' CSV\nSELECT 1"])


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server in a folder of its own, which listens on a socket there and ends with the tests."""
    programs = _programs()
    # the path of a socket may have about a hundred characters, which pytest's own folders exceed
    folder = Path(tempfile.mkdtemp(prefix="rag"))
    account: dict[str, Any] = {}
    if os.getuid() == 0:  # the server refuses to run as root
        account = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True, text=True, cwd=folder, **account,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            stdout=log, stderr=log, cwd=folder, **account,
        )  # fmt: skip
        try:
            for _ in range(300):
                ready = subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False)
                if ready.returncode == 0:
                    break
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.2)
            yield Postgres(programs, folder)
        finally:
            server.terminate()
            server.wait(timeout=60)
    shutil.rmtree(folder)


def has_postgres() -> bool:
    """Whether the server's programs are installed."""
    return bool(_found())


def _programs() -> Path:
    """Where the server's programs are."""
    found = _found()
    assert found, "PostgreSQL's server is not installed: `make sql` installs it on Debian and Ubuntu"
    return found[-1].parent


def _found() -> list[Path]:
    """The newest last; Debian keeps them out of the path."""
    found = shutil.which("initdb")
    if found is not None:
        return [Path(found).resolve()]
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
