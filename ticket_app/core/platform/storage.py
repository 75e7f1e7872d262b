"""Store files in a folder, in memory or in a bucket, under generated keys."""

from __future__ import annotations

import errno
import os
import re
import shutil
import time
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import NotFound, Unavailable
from ticket_app.settings import settings

CHUNK_BYTES = 256 * 1024
"""Files are read in pieces of about this size."""
PART_BYTES = 5 * 1024 * 1024
"""Larger files are uploaded to a bucket in parts of this size, the minimum of S3."""
MAX_CONCURRENT_PARTS = 2
"""Parts held in memory at a time."""
INCOMING_FOLDER = ".incoming"
"""Folder of a local store where files are written before they get their name."""
ABANDONED_SECONDS = 86_400.0
"""Files that are older than a day were left by a crash."""

_KEY_PATTERN = re.compile(
    r"[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}(?:/[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}){0,7}"
)


class StorageFailed(Unavailable):
    """The file could not be stored; nothing of it was kept, and trying later may help."""


def build_key(now: datetime, file: uuid.UUID) -> str:
    """Return the key of a new file, such as `2026/11/<uuid>`; it contains no user input."""
    return f"{now.astimezone(UTC):%Y/%m}/{file}"


def open_storage(url: str) -> Storage:
    """Open the storage at `file:///abs/folder`, `memory://`, `s3://`, `gs://` or `az://bucket/prefix`.

    Credentials of a bucket come from its provider's usual environment variables. Raises ValueError.
    """
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return Storage(MemoryStore())
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        folder = Path(unquote(parts.path))
        folder.mkdir(parents=True, exist_ok=True)
        _delete_abandoned(folder)
        return Storage(LocalStore(folder), folder)
    if parts.scheme in ("s3", "gs", "az") and parts.netloc:
        try:
            return Storage(from_url(url))
        except BaseError as error:
            raise ValueError(
                f"TICKET_FILES_URL: the {parts.scheme}:// file store is not configured: {error}"
            ) from error
    raise ValueError("TICKET_FILES_URL must be file:///folder, memory://, s3://, gs:// or az://")


@dataclass(frozen=True, slots=True)
class Storage:
    """Files by key. Every call blocks; `folder` is the folder of a local store."""

    store: ObjectStore
    folder: Path | None = None

    def put(self, key: str, content: Path | BinaryIO) -> int:
        """Store the content under the key, all of it or nothing; return its size in bytes.

        The file has been synced to disk then. Raises `StorageFailed`.
        """
        _check_key(key)
        try:
            if self.folder is not None:
                return _write_atomically(self.folder, key, content)
            return self._upload(key, content)
        except (OSError, BaseError) as error:
            is_full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
            reason = "the disk is full" if is_full else "the file store is not available"
            raise StorageFailed(
                f"The file could not be saved: {reason}. Try again later."
            ) from error

    def _upload(self, key: str, content: Path | BinaryIO) -> int:
        if not isinstance(content, Path):
            content.seek(0)
        obstore.put(
            self.store, key, content, chunk_size=PART_BYTES, max_concurrency=MAX_CONCURRENT_PARTS
        )
        return self.size(key)

    def stream(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Return the file in chunks, from byte `start` up to but not including byte `end`.

        Raises `NotFound` immediately, not at the first chunk, and ValueError for a range outside of
        the file.
        """
        size = self.size(key)
        end = size if end is None else min(end, size)
        if not 0 <= start <= end:
            raise ValueError("The range lies outside of the file")
        if start == end:
            return iter(())
        with _translate_errors():
            response = obstore.get(self.store, key, options={"range": (start, end)})
        return (bytes(chunk) for chunk in response.stream(min_chunk_size=CHUNK_BYTES))

    def size(self, key: str) -> int:
        """Return the size of a file in bytes. Raises `NotFound`."""
        _check_key(key)
        with _translate_errors():
            return obstore.head(self.store, key)["size"]

    def ensure_writable(self) -> None:
        """Write a small file and delete it again. Raises `StorageFailed`."""
        key = f"status/{uuid.uuid4()}"
        self.put(key, BytesIO(b"written to check whether files can be stored"))
        self.delete(key)

    def free_bytes(self) -> int | None:
        """Return how much space is left on the disk of a local store; None for a bucket."""
        return None if self.folder is None else shutil.disk_usage(self.folder).free

    def delete(self, key: str) -> None:
        """Delete a file, if it exists."""
        _check_key(key)
        with suppress(NotFound), _translate_errors():
            obstore.delete(self.store, key)


@contextmanager
def _translate_errors() -> Generator[None]:
    """Raise `NotFound` for a missing file and `Unavailable` if the store cannot be reached."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("File") from error
    except (OSError, BaseError) as error:
        raise to_unavailable_error(error) or error from error


def _check_key(key: str) -> None:
    """Raise ValueError for a key that could point outside of the store."""
    if not _KEY_PATTERN.fullmatch(key) or ".." in key:
        raise ValueError(f"Not a valid file key: {key!r}")


def _write_atomically(folder: Path, key: str, content: Path | BinaryIO) -> int:
    """Write to a temporary file, sync and rename it, so that no one ever sees part of the file."""
    incoming_folder = folder / INCOMING_FOLDER
    incoming_folder.mkdir(exist_ok=True)
    temporary_path = incoming_folder / uuid.uuid4().hex
    try:
        with temporary_path.open("xb") as target_file:
            if isinstance(content, Path):
                with content.open("rb") as source:
                    shutil.copyfileobj(source, target_file, CHUNK_BYTES)
            else:
                content.seek(0)
                shutil.copyfileobj(content, target_file, CHUNK_BYTES)
            target_file.flush()
            os.fsync(target_file.fileno())
            size = target_file.tell()
        final_path = folder / key
        _create_durable_folder(final_path.parent, folder)
        temporary_path.replace(final_path)
        _fsync_folder(final_path.parent)
    except BaseException:
        temporary_path.unlink(missing_ok=True)
        raise
    return size


def _create_durable_folder(folder: Path, root: Path) -> None:
    """Create a folder and its parents below the root, and sync each to disk."""
    if folder != root and not folder.is_dir():
        _create_durable_folder(folder.parent, root)
        folder.mkdir(exist_ok=True)
        _fsync_folder(folder.parent)


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _delete_abandoned(folder: Path) -> None:
    """Delete old incomplete files that a crash left behind."""
    oldest_allowed = time.time() - ABANDONED_SECONDS
    for path in (folder / INCOMING_FOLDER).glob("*"):
        if path.stat().st_mtime < oldest_allowed:
            path.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def file_storage() -> Storage:
    """Return the storage of all files (`TICKET_FILES_URL`)."""
    return open_storage(settings().files_url)
