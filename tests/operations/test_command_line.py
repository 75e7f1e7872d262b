"""The commands refuse what cannot work in one line, before anything is built or changed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRET = "hunter2"


def environment(folder: Path, **variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TICKET_")}
    return {**kept, "TICKET_VAR": str(folder / "var"), "TICKET_ENV": "test", **variables}


def command(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ticket_app", *arguments],
        cwd=ROOT,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("verb", ["serve", "migrate", "doctor", "worker"])
def test_wrong_settings_are_a_line_each_and_nothing_is_made(tmp_path: Path, verb: str) -> None:
    done = command(
        tmp_path,
        verb,
        TICKET_SESSION_DAYS="-1",
        TICKET_DATABASE_URL=f"mysql://root:{SECRET}@host/desk",
        TICKET_FILES_URL="/srv/files",
    )
    assert done.returncode == 2
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        "TICKET_DATABASE_URL",
        "TICKET_FILES_URL",
        "TICKET_SESSION_DAYS",
    ]
    assert SECRET not in done.stderr + done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_is_a_warning(tmp_path: Path) -> None:
    done = command(tmp_path, "migrate", TICKET_PORT="tcp://10.0.0.1:80")
    assert done.returncode == 0
    assert "TICKET_PORT is not a setting and is ignored.\n" in done.stderr


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    url = f"postgresql://root:{SECRET}@127.0.0.1:1/desk"
    done = command(tmp_path, "migrate", TICKET_DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("The database is not available right now. Try again in a moment")
    assert 'server at "127.0.0.1", port 1 failed: Connection refused' in done.stderr
    assert done.stderr.count("\n") == 1
    assert SECRET not in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_in_use_is_refused_in_one_line(tmp_path: Path, host: str) -> None:
    with socket.socket() as taken:
        # Another server shares its port, as Granian does; only asking for it alone shows that.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = command(tmp_path, "serve", HOST=host, PORT=str(port))
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {port} on {host} is already in use. "
        "Stop the program that uses it, or choose another port with PORT.\n"
    )
    assert not (tmp_path / "var" / "desk.db").exists()


def test_an_address_of_another_machine_is_refused_in_one_line(tmp_path: Path) -> None:
    done = command(tmp_path, "serve", HOST="192.0.2.1", PORT="18999")
    assert done.returncode == 1
    assert done.stderr == (
        "192.0.2.1 is not an address of this machine. Set HOST to one that is.\n"
    )


def test_of_two_that_start_at_once_one_is_refused(tmp_path: Path) -> None:
    """Neither listens yet while both prepare, so the socket alone cannot tell."""
    waits = (
        "import sys\n"
        "from ticket_app.listening import reserved_address\n"
        "with reserved_address('127.0.0.1', int(sys.argv[1])):\n"
        "    print('reserved', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    first = subprocess.Popen(
        [sys.executable, "-c", waits, port],
        cwd=ROOT,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout is not None
    assert first.stdin is not None
    assert first.stdout.readline() == "reserved\n"
    second = command(tmp_path, "serve", PORT=port)
    assert second.returncode == 1
    assert f"Port {port} on 127.0.0.1 is already in use." in second.stderr
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdin.close()
    first.stdout.close()


def test_the_doctor_never_ends_in_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    done = command(
        tmp_path,
        "doctor",
        TICKET_DATABASE_URL=f"postgresql://root:{SECRET}@127.0.0.1:1/desk",
        TICKET_FILES_URL=(tmp_path / "taken").as_uri(),
        TICKET_REDIS_URL="redis://127.0.0.1:1/0",
        TICKET_CLAMAV_URL="tcp://127.0.0.1:1",
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    assert SECRET not in done.stderr + done.stdout
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert len(failed) >= 5
