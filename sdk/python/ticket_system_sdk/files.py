"""Local files: reading uploads, and writing downloads atomically."""

from __future__ import annotations

import mimetypes
import os
import tempfile
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ticket_system_sdk.call import Upload

FileSource = str | os.PathLike[str] | bytes | IO[bytes]
"""A file to upload: its path, its bytes or an open binary file."""


@contextmanager
def open_upload(
    file: FileSource, filename: str | None, content_type: str | None
) -> Generator[Upload]:
    """Open a file for upload, so that each retry can send it again. Raises `OSError`."""
    if isinstance(file, (str, os.PathLike)):
        path = Path(file)
        with path.open("rb") as content:
            yield _upload(filename or path.name, content, content_type)
    elif isinstance(file, bytes):
        yield _upload(filename or "file", file, content_type)
    else:
        name = filename or Path(str(getattr(file, "name", "file"))).name
        source = file if file.seekable() else file.read()
        yield _upload(name, source, content_type)


def _upload(name: str, content: bytes | IO[bytes], content_type: str | None) -> Upload:
    media_type = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Upload(name=name, content=content, media_type=media_type)


def write_file(chunks: Iterable[bytes], to: str | os.PathLike[str]) -> Path:
    """Write the chunks to a file that appears when it is complete. Raises `OSError`."""
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
