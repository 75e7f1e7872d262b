"""The process that `winmail` starts: reads TNEF from its input and writes what is packed in it."""

from __future__ import annotations

import base64
import logging
import resource
import sys
from contextlib import suppress

import orjson
from tnefparse import TNEF

from ticket_app.core.email.incoming import charsets
from ticket_app.core.email.incoming.winmail import Answer

CPU_SECONDS = 2
MEMORY_BYTES = 512 * 1024 * 1024


def _main() -> None:
    for limit, value in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # macOS refuses a limit on memory
            resource.setrlimit(limit, (value, value))
    logging.disable(logging.CRITICAL)
    packed = TNEF(sys.stdin.buffer.read(), do_checksum=False)
    answer = Answer(
        text=_text(packed.body, packed.codepage),
        html=_text(packed.htmlbody, packed.codepage),
        files=[
            (_text(item.long_filename(), packed.codepage), base64.b64encode(item.data).decode())
            for item in packed.attachments
        ],
    )
    sys.stdout.buffer.write(orjson.dumps(answer))


def _text(value: str | bytes | None, codepage: str | None) -> str:
    if isinstance(value, bytes):
        return charsets.decode(value.rstrip(b"\0"), codepage or "cp1252")
    return (value or "").rstrip("\0")


if __name__ == "__main__":
    _main()
