"""Local files: reading uploads, and writing downloads atomically."""

from __future__ import annotations

import mimetypes
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FileSource = str | os.PathLike[str] | bytes | IO[bytes]
"""A file to upload: its path, its bytes or an open binary file."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to upload, before it is opened."""

    file: FileSource
    filename: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file to upload."""

    name: str
    content: bytes | IO[bytes]
    media_type: str


@contextmanager
def open_upload(source: Source) -> Generator[Upload]:
    """Open a file for upload, so that each retry can send it again. Raises `OSError`."""
    file, filename = source.file, source.filename
    if isinstance(file, (str, os.PathLike)):
        path = Path(file)
        with path.open("rb") as content:
            yield _upload(filename or path.name, content, source.content_type)
    elif isinstance(file, bytes):
        yield _upload(filename or "file", file, source.content_type)
    else:
        name = filename or Path(str(getattr(file, "name", "file"))).name
        yield _upload(name, file if file.seekable() else file.read(), source.content_type)


def _upload(name: str, content: bytes | IO[bytes], content_type: str | None) -> Upload:
    media_type = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Upload(name=name, content=content, media_type=media_type)


@contextmanager
def open_download(to: str | os.PathLike[str]) -> Generator[IO[bytes]]:
    """Open a file for writing that appears when the block is complete. Raises `OSError`."""
    path = Path(to)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
