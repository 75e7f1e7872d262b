"""Files on this machine: what is sent, and what is fetched into place whole or not at all."""

from __future__ import annotations

import mimetypes
import os
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ticket_system_sdk.call import Upload

Source = str | os.PathLike[str] | bytes | IO[bytes]
"""A file to send: its path, its bytes, or an open binary file."""


@contextmanager
def opened(file: Source, filename: str | None, content_type: str | None) -> Generator[Upload]:
    """The file, ready to be sent as often as it takes. Raises `OSError`."""
    if isinstance(file, (str, os.PathLike)):
        path = Path(file)
        with path.open("rb") as content:
            yield _upload(filename or path.name, content, content_type)
    elif isinstance(file, bytes):
        yield _upload(filename or "file", file, content_type)
    else:
        name = filename or Path(str(getattr(file, "name", "file"))).name
        again = file if file.seekable() else file.read()
        yield _upload(name, again, content_type)


def _upload(name: str, content: bytes | IO[bytes], content_type: str | None) -> Upload:
    guessed = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Upload(name=name, content=content, media_type=guessed)


def put(chunks: Iterable[bytes], to: str | os.PathLike[str]) -> Path:
    """Write the chunks to a file that appears only when the last is there. Raises `OSError`."""
    path = Path(to)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
        return part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
