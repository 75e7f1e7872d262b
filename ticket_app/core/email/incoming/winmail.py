"""Read `winmail.dat`, in which Outlook packs a message and its files (TNEF)."""

from __future__ import annotations

import base64
import subprocess
import sys
from dataclasses import dataclass
from typing import TypedDict

import orjson

MAX_BYTES = 25 * 1024 * 1024
TIMEOUT_SECONDS = 15
CPU_SECONDS = 2
MEMORY_BYTES = 512 * 1024 * 1024

# The reader believes every count in the data, so that hostile data keeps it busy for hours. It
# therefore works in a process of its own, with limits.
_READER = f"""
import base64, json, logging, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
logging.disable(logging.CRITICAL)
from tnefparse import TNEF
def text(value, codepage):
    if isinstance(value, bytes):
        value = value.rstrip(b"\\0").decode(codepage or "cp1252", "replace")
    return (value or "").rstrip("\\0")
read = TNEF(sys.stdin.buffer.read(), do_checksum=False)
json.dump({{
    "text": text(read.body, read.codepage),
    "html": text(read.htmlbody, read.codepage),
    "files": [
        [text(item.long_filename(), read.codepage), base64.b64encode(item.data).decode()]
        for item in read.attachments
    ],
}}, sys.stdout)
"""


@dataclass(frozen=True, slots=True)
class WinmailContents:
    """What a `winmail.dat` holds: bodies, which may be empty, and files by name."""

    text: str
    html: str
    files: list[tuple[str, bytes]]


def read(content: bytes) -> WinmailContents | None:
    """Return what is packed in a `winmail.dat`, or None if it cannot be read."""
    if len(content) > MAX_BYTES:
        return None
    try:
        done = subprocess.run(
            [sys.executable, "-c", _READER],
            input=content,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return _parse(done.stdout)


class _Answer(TypedDict):
    text: str
    html: str
    files: list[tuple[str, str]]


def _parse(output: bytes) -> WinmailContents | None:
    try:
        answer: _Answer = orjson.loads(output)
    except ValueError:
        return None
    files = [(name, base64.b64decode(content)) for name, content in answer["files"]]
    return WinmailContents(answer["text"], answer["html"], files)
