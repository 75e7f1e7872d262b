"""Two processes started at once on a desk without tables: one sets it up, the other waits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.conftest import DATABASES, DatabaseUrl
from ticket_app.core.operations import installation
from ticket_app.core.platform import database
from ticket_app.settings import PROJECT_ROOT
from ticket_app.tables import Person, Ticket

STEPS = 60
START = f"""
import sys
from ticket_app.core.operations import installation
from ticket_app.demo import create as demo

whole = demo.plan
def plan(now):
    print("loads", flush=True)
    sys.stdin.readline()
    return whole(now)[:{STEPS}]
demo.plan = plan

print("comes", flush=True)
installation.migrate()
print("begins", flush=True)
print(len(demo.load().accounts), "accounts", flush=True)
"""
"""A start that stops while it loads, until it is told to go on."""


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'desk.db'}"
    make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
    return make()


@contextmanager
def started(url: str, var: Path) -> Iterator[subprocess.Popen[str]]:
    values = {"VAR": str(var), "DATABASE_URL": url, "DEMO_PASSWORD": "correct horse battery"}
    environment = {**os.environ, **{f"TICKET_{name}": value for name, value in values.items()}}
    with subprocess.Popen(
        [sys.executable, "-c", START],
        cwd=PROJECT_ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_output(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_the_second_start_waits_for_the_first_and_finds_its_work(url: str, tmp_path: Path) -> None:
    var = tmp_path / "var"
    with ExitStack() as both:
        first = both.enter_context(started(url, var))
        assert [read_output(first) for _ in range(3)] == ["comes", "begins", "loads"]
        second = both.enter_context(started(url, var))
        assert read_output(second) == "comes"
        # The tables are there already, but whoever migrates waits for all that is being set up.
        ends = [process.communicate("\n", timeout=120) for process in (first, second)]
        assert [process.returncode for process in (first, second)] == [0, 0], ends
        assert ends[0][0].split() == ["6", "accounts"]
        assert ends[1][0].split() == ["begins", "6", "accounts"]


def test_two_that_start_together_both_end_well(url: str, tmp_path: Path) -> None:
    with ExitStack() as both:
        pair = [both.enter_context(started(url, tmp_path / "var")) for _ in range(2)]
        for process in pair:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        ends = [process.communicate(timeout=120) for process in pair]
        assert [process.returncode for process in pair] == [0, 0], ends
        outputs = sorted(out.split() for out, _ in ends)
        values = ["6", "accounts"]
        assert outputs == [["comes", "begins", *values], ["comes", "begins", "loads", *values]]
    bind = database.create_database_engine(url)
    assert installation.schema_version(bind).is_current
    with database.read_connection(bind) as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (Person, Ticket)
        ]
    bind.dispose()
    assert min(counts) > 0
