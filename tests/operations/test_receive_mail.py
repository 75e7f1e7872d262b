"""`python -m ticket_app receive-mail`, as the pipe of a mail server calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cast import UowFor
from tests.core.mailing import emails, write
from tests.operations.test_command_line import ROOT, environment

Pipe = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def pipe(tmp_path: Path) -> Pipe:
    """Pipes a message into the command."""

    def run(source: bytes, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "ticket_app", "receive-mail"],
            cwd=ROOT,
            env=environment(tmp_path, **variables),
            input=source,
            capture_output=True,
            timeout=60,
            check=False,
        )
        return subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )

    return run


def test_message_is_stored_once(pipe: Pipe, uow_for: UowFor, tmp_path: Path) -> None:
    variables = {
        "TICKET_DATABASE_URL": os.environ["TICKET_DATABASE_URL"],
        "TICKET_FILES_URL": (tmp_path / "files").as_uri(),
    }
    source = write()
    first = pipe(source, **variables)
    assert (first.returncode, first.stdout) == (0, "accepted SUP-1\n"), first.stderr
    again = pipe(source, **variables)
    assert (again.returncode, again.stdout) == (0, "duplicate SUP-1\n")
    broken = pipe(b"not a message", **variables)
    assert (broken.returncode, broken.stdout.split()[0]) == (0, "parked")
    assert [email.channel for email in emails(uow_for)] == ["pipe", "pipe"]


@pytest.mark.parametrize(
    "variables",
    [
        {"TICKET_DATABASE_URL": "postgresql://root:hunter2@127.0.0.1:1/desk"},
        {"TICKET_DATABASE_URL": "sqlite:////proc/nowhere/desk.db"},
        {"TICKET_DATABASE_URL": "mysql://host/desk"},
        {},
    ],
    ids=["server away", "file away", "wrong settings", "not migrated"],
)
def test_mail_server_keeps_the_message_if_it_cannot_be_stored(
    pipe: Pipe, variables: dict[str, str]
) -> None:
    done = pipe(write(), **variables)
    assert done.returncode == 75
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr + done.stdout
