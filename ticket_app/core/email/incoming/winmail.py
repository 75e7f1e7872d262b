"""Read `winmail.dat`, in which Outlook packs a message and its files (TNEF)."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import orjson

TIMEOUT_SECONDS = 15
_ROOT = Path(__file__).parents[4]


@dataclass(frozen=True, slots=True)
class WinmailContents:
    """What a `winmail.dat` holds: bodies, which may be empty, and files by name."""

    text: str
    html: str
    files: list[tuple[str, bytes]]


class Answer(TypedDict):
    """What the process writes: the contents with the files in base64."""

    text: str
    html: str
    files: list[tuple[str, str]]


def read(content: bytes) -> WinmailContents | None:
    """Return what is packed in a `winmail.dat`, or None if it cannot be read.

    The reader believes every count in the data, so that hostile data keeps it busy for hours; it
    works in a process of its own with limits (docs/decisions/0037).
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ticket_app.core.email.incoming.winmail_process"],
            check=True,
            env={"PYTHONPATH": os.pathsep.join([str(_ROOT), *filter(None, sys.path)])},
            input=content,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
        )
        answer: Answer = orjson.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, ValueError):
        return None
    files = [(name, base64.b64decode(packed)) for name, packed in answer["files"]]
    return WinmailContents(answer["text"], answer["html"], files)
