"""Downloads send the part of a file that is asked for, from every store and in every dialect."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.api.conftest import CreateTicket, TestClient
from tests.cast import PASSWORD
from ticket_app.api.kit.byte_ranges import RangeNotSatisfiable, parse_range
from ticket_app.core.attachments import stored_files, uploading
from ticket_app.core.platform import storage

CONTENT = b"".join(b"%05d\n" % n for n in range(100_000))
SIZE = len(CONTENT)
ETAG = '"tag"'

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-9", (0, 10)),
        ("bytes=5-", (5, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=90-1000", (90, 100)),
        ("Bytes = 1 - 2 ", (1, 3)),
        (f"bytes=0-{'9' * 5000}", (0, 100)),
        ("bytes=100-", RangeNotSatisfiable),
        ("bytes=-0", RangeNotSatisfiable),
        (f"bytes={'9' * 5000}-", RangeNotSatisfiable),
        ("bytes=9-5", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=٣-", None),
        ("lines=0-5", None),
        ("bytes=0-1,5-9", None),
        ("bytes=" + "0-," * 10_000, None),
        ("", None),
        (None, None),
    ],
)
def test_range_selects_the_bytes_it_names(asked: str | None, expected: Any) -> None:
    if expected is RangeNotSatisfiable:
        with pytest.raises(RangeNotSatisfiable):
            parse_range(asked, None, size=100, etag=ETAG)
    else:
        assert parse_range(asked, None, size=100, etag=ETAG) == expected


@pytest.mark.parametrize("condition", [f"W/{ETAG}", '"other"', "Fri, 20 Nov 2026 09:00:00 GMT", ""])
def test_a_range_of_another_version_is_the_whole_file(condition: str) -> None:
    assert parse_range("bytes=0-1", condition, size=100, etag=ETAG) is None
    assert parse_range("bytes=0-1", f" {ETAG} ", size=100, etag=ETAG) == (0, 2)


@pytest.fixture
def places(
    owner: TestClient, nobody: TestClient, create_ticket: CreateTicket
) -> list[tuple[TestClient, str]]:
    """A file, and where each dialect and the web app send it from."""
    ticket = create_ticket()
    sent = owner.post(
        f"/api/tickets/{ticket['id']}/attachments",
        files={"file": ("log.txt", CONTENT, "text/plain")},
    )
    assert sent.status_code == 200, sent.text
    number = owner.get("/api/ticketing/tickets/").json()["results"][0]["id"]
    file = owner.get(f"/attachments/ticket/{number}").json()["data"]
    file = file["items"][0] if isinstance(file, dict) else file[0]
    uuid = sent.json()["attachment"]["id"]
    media = owner.get("/api/v1/ticket-attachments/").json()["results"][0]["file"]
    nobody.post("/session/login", data={"username": "owner", "password": PASSWORD})
    return [
        (owner, f"/api/tickets/attachments/{uuid}/download"),
        (owner, f"/attachments/{file['id']}/download"),
        (owner, "/media/" + media.partition("/media/")[2]),
        (nobody, f"/files/{uuid}"),
    ]


@only_sqlite
def test_every_download_sends_ranges(places: list[tuple[TestClient, str]]) -> None:
    for client, path in places:
        whole = client.get(path)
        assert (whole.status_code, whole.content) == (200, CONTENT), path
        assert whole.headers["accept-ranges"] == "bytes"
        etag = whole.headers["etag"]
        for asked, start, end in (
            ("bytes=0-9", 0, 10),
            ("bytes=300000-399999", 300_000, 400_000),
            (f"bytes={SIZE - 5}-", SIZE - 5, SIZE),
            ("bytes=-7", SIZE - 7, SIZE),
        ):
            for headers in ({"Range": asked}, {"Range": asked, "If-Range": etag}):
                part = client.get(path, headers=headers)
                assert (part.status_code, part.content) == (206, CONTENT[start:end]), (path, asked)
                assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
                assert part.headers["content-length"] == str(end - start)
                for name in ("etag", "content-disposition", "content-security-policy"):
                    assert part.headers[name] == whole.headers[name]
        for headers in (
            {"Range": "bytes=0-9,20-29"},
            {"Range": "bytes=5-2"},
            {"Range": "bytes=0-9", "If-Range": '"older"'},
        ):
            answer = client.get(path, headers=headers)
            assert (answer.status_code, answer.content) == (200, CONTENT)
        beyond = client.get(path, headers={"Range": f"bytes={SIZE}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{SIZE}")
        head = client.head(path, headers={"Range": "bytes=0-9"})
        assert (head.status_code, head.headers["content-length"]) == (200, str(SIZE))
        assert (head.content, head.headers["accept-ranges"]) == (b"", "bytes")
        fresh = client.get(path, headers={"Range": "bytes=0-9", "If-None-Match": etag})
        assert fresh.status_code == 304


@only_sqlite
def test_a_range_is_read_without_the_rest_of_the_file(
    places: list[tuple[TestClient, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[int, int | None]] = []
    opened = storage.Storage.stream

    def watched(self: storage.Storage, key: str, start: int = 0, end: int | None = None) -> Any:
        read.append((start, end))
        return opened(self, key, start, end)

    monkeypatch.setattr(storage.Storage, "stream", watched)
    client, path = places[0]
    client.get(path, headers={"Range": "bytes=100-109"})
    client.head(path)
    assert read == [(100, 110), (0, 0)]


@only_sqlite
def test_ranges_come_from_a_folder_as_from_memory(
    owner: TestClient, create_ticket: CreateTicket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = storage.open_storage(f"file://{tmp_path}/files")
    for module in (stored_files, uploading):
        monkeypatch.setattr(module, "file_storage", lru_cache(lambda: kept))
    path = f"/api/tickets/{create_ticket()['id']}/attachments"
    sent = owner.post(path, files={"file": ("log.txt", CONTENT)}).json()["attachment"]
    place = f"/api/tickets/attachments/{sent['id']}/download"
    part = owner.get(place, headers={"Range": "bytes=262140-262150"})
    assert (part.status_code, part.content) == (206, CONTENT[262_140:262_151])
    kept.delete(next(iter(_keys(kept))))
    assert owner.get(place, headers={"Range": "bytes=0-1"}).status_code == 404


def _keys(store: storage.Storage) -> list[str]:
    return [row["path"] for batch in store.store.list() for row in batch]
