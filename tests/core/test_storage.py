"""Files are kept whole or not at all, under keys of our own making."""

from __future__ import annotations

import errno
import io
import os
import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticket_app.core.platform import storage
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.storage import Storage, StorageFailed, build_key, open_storage

KEY = "2026/11/7b0f8f0e-0000-4000-8000-000000000001"
CONTENT = os.urandom(6_000_000)


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return open_storage("memory://" if request.param == "memory" else f"file://{tmp_path}/my files")


def test_stored_file_is_read_whole_or_in_part_until_deleted(store: Storage) -> None:
    assert store.put(KEY, io.BytesIO(CONTENT)) == len(CONTENT)
    assert store.size(KEY) == len(CONTENT)
    assert b"".join(store.stream(KEY)) == CONTENT
    assert b"".join(store.stream(KEY, 10, 20)) == CONTENT[10:20]
    assert b"".join(store.stream(KEY, 5_999_990)) == CONTENT[-10:]
    assert b"".join(store.stream(KEY, 5_999_990, 9_000_000)) == CONTENT[-10:]
    store.delete(KEY)
    with pytest.raises(NotFound):
        store.size(KEY)
    store.delete(KEY)


def test_a_large_file_comes_in_pieces(tmp_path: Path) -> None:
    store = open_storage(f"file://{tmp_path}")
    store.put(KEY, io.BytesIO(CONTENT))
    assert max(map(len, store.stream(KEY))) <= 4 * storage.CHUNK_BYTES


def test_a_file_is_taken_by_path_or_by_stream_from_its_start(
    store: Storage, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"hello")
    assert store.put("a", source) == 5
    stream = io.BytesIO(b"hello")
    stream.read()
    assert store.put("b", stream) == 5
    assert not stream.closed
    assert b"".join(store.stream("a")) == b"".join(store.stream("b")) == b"hello"


def test_an_empty_file_is_a_file(store: Storage) -> None:
    assert store.put(KEY, io.BytesIO()) == 0
    assert list(store.stream(KEY)) == []


def test_a_missing_file_is_missed_before_the_first_piece(store: Storage) -> None:
    with pytest.raises(NotFound):
        store.stream(KEY)


@pytest.mark.parametrize(("start", "end"), [(-1, None), (6, None), (3, 2)])
def test_a_range_outside_is_refused(store: Storage, start: int, end: int | None) -> None:
    store.put(KEY, io.BytesIO(b"hello"))
    with pytest.raises(ValueError, match="range"):
        store.stream(KEY, start, end)


@pytest.mark.parametrize(
    "key",
    [
        *("", "/etc/passwd", "../x", "a/../b", "a/./b", "a//b", "a/", ".incoming/x", "a\\b"),
        *("a\0b", "a b", "a%2e%2e", "a\n", "x" * 129, "a/" * 9 + "a"),
    ],
)
def test_a_key_that_could_lead_elsewhere_is_refused(store: Storage, key: str) -> None:
    for use in (store.stream, store.size, store.delete, lambda key: store.put(key, io.BytesIO())):
        with pytest.raises(ValueError, match="Not a valid file key"):
            use(key)


@given(st.text(max_size=40))
def test_no_key_leaves_the_folder(key: str) -> None:
    root = Path("/var/files")
    try:
        storage._check_key(key)
    except ValueError:
        return
    assert Path(os.path.normpath(root / key)).is_relative_to(root)
    assert os.path.normpath(root / key) != str(root)


def test_storage_keys_contain_only_the_month_in_utc() -> None:
    file = uuid.UUID("7b0f8f0e-0000-4000-8000-000000000001")
    assert build_key(datetime(2026, 11, 21, tzinfo=UTC), file) == KEY
    east = timezone(timedelta(hours=9))
    assert build_key(datetime(2026, 12, 1, 3, tzinfo=east), file) == KEY


class Failing(io.BytesIO):
    """Gives a little, then fails as a full disk or a cut connection does."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(100)

    def readinto(self, buffer: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_full_disk_leaves_nothing_and_what_was_there_stays(tmp_path: Path) -> None:
    store = open_storage(f"file://{tmp_path}")
    with pytest.raises(StorageFailed, match="disk is full"):
        store.put(KEY, Failing(bytes(1000)))
    assert files_in(tmp_path) == []
    store.put(KEY, io.BytesIO(b"old"))
    with pytest.raises(StorageFailed):
        store.put(KEY, Failing(bytes(1000)))
    assert b"".join(store.stream(KEY)) == b"old"
    assert files_in(tmp_path) == [tmp_path / KEY]


def test_unavailable_bucket_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise obstore.exceptions.GenericError("connection refused by secret-host")

    monkeypatch.setattr(obstore, "put", away)
    with pytest.raises(StorageFailed, match="not available") as error:
        open_storage("memory://").put(KEY, io.BytesIO(b"x"))
    assert "secret-host" not in error.value.message


def test_the_file_and_its_folders_are_on_the_disk_before_it_is_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_storage(f"file://{tmp_path}")
    synced: list[str] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(storage.os, "fsync", watched)
    store.put(KEY, io.BytesIO(b"x"))
    assert synced[0].startswith(str(tmp_path / ".incoming"))
    assert synced[1:] == [str(tmp_path), str(tmp_path / "2026"), str(tmp_path / "2026/11")]


def test_what_a_crash_left_is_swept_after_a_day(tmp_path: Path) -> None:
    incoming = tmp_path / ".incoming"
    incoming.mkdir()
    old, new = incoming / "old", incoming / "new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    open_storage(f"file://{tmp_path}")
    assert files_in(tmp_path) == [new]


def test_buckets_are_known_by_their_scheme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "desk")
    for url in ("s3://bucket/files", "gs://bucket/files", "az://bucket/files"):
        assert open_storage(url).folder is None


@pytest.mark.parametrize("url", ["", "files", "file://host/x", "http://x/y", "s3://", "ftp://x"])
def test_any_other_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        open_storage(url)
