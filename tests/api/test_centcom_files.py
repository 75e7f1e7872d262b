"""Files through Centcom's API: what is taken, what is told of it, and who gets it back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import As, CreateTicket, Working
from tests.cast import Cast
from tests.contracts import contract
from tests.core import samples
from ticket_app.core.attachments import attachments, file_types, uploading
from ticket_app.core.platform.vocabulary import ScanStatus
from ticket_app.core.tickets import locking, trash
from ticket_app.tables import attachment_table

CENTCOM = contract.read("centcom")
MAX_BYTES = CENTCOM["uploads"]["most_bytes"]
MISSING = "00000000-0000-4000-8000-000000000000"
SAMPLE_FILES = {
    "image/jpeg": "photo.jpg",
    "image/png": "shot.png",
    "image/gif": "loop.gif",
    "image/webp": "picture.webp",
    "video/mp4": "clip.mp4",
    "video/webm": "clip.webm",
    "application/pdf": "report.pdf",
    "text/plain": "notes.txt",
    "text/csv": "table.csv",
    "application/json": "data.json",
    "application/zip": "files.zip",
}

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def path(create_ticket: CreateTicket) -> str:
    """Where the owner's ticket takes files."""
    return f"/api/tickets/{create_ticket()['id']}/attachments"


def send(client: TestClient, path: str, name: str, content: bytes, **fields: str) -> Any:
    return client.post(path, files={"file": (name, content)}, data=fields)


def sent(client: TestClient, path: str, name: str = "notes.txt", content: bytes = b"hello") -> Any:
    """A file sent and taken; the answer's `attachment`."""
    answer = send(client, path, name, content)
    assert answer.status_code == 200, answer.text
    return answer.json()["attachment"]


def fetched(client: TestClient, attachment: dict[str, Any], **headers: str) -> Any:
    return client.get(f"/api/tickets/attachments/{attachment['id']}/download", headers=headers)


def nothing_kept(client: TestClient, path: str) -> bool:
    return client.get(path).json() == {"success": True, "attachments": []}


class TestUpload:
    def test_upload_returns_the_documented_attachment(self, owner: TestClient, path: str) -> None:
        answer = owner.post(
            path,
            files={"file": ("Fehler Dialog.PNG", samples.png(), "image/png")},
            data={
                "attachment_type": "screenshot",
                "description": "Error dialog screenshot",
                "is_public": "true",
            },
        )
        assert answer.status_code == 200
        payload = answer.json()
        attachment = payload["attachment"]
        assert attachment.pop("id")
        filename = attachment.pop("filename")
        assert not CENTCOM.differs("filename", filename, "stored_name")
        assert filename.endswith(".png")
        at = datetime.fromisoformat(attachment.pop("uploaded_at"))
        assert abs((datetime.now(UTC) - at).total_seconds()) < 60
        assert payload == {
            "success": True,
            "attachment": {
                "original_filename": "Fehler Dialog.PNG",
                "file_size": len(samples.png()),
                "mime_type": "image/png",
                "attachment_type": "screenshot",
                "description": "Error dialog screenshot",
                "is_public": True,
                "scan_status": "clean",
            },
            "message": "File uploaded successfully",
        }

    def test_what_is_left_out_has_its_default(self, owner: TestClient, path: str) -> None:
        payload = sent(owner, path)
        assert payload["attachment_type"] == "other"
        assert payload["description"] is None
        assert payload["is_public"] is False

    def test_only_who_sees_the_ticket_may(self, as_: As, cast: Cast, path: str) -> None:
        codes = {name: send(as_(who), path, "a.txt", b"a").status_code for name, who in cast}
        assert codes == {
            "owner": 200,
            "colleague": 404,
            "stranger": 404,
            "agent": 200,
            "manager": 200,
            "admin": 200,
        }
        assert send(as_(None), path, "a.txt", b"a").status_code == 401

    def test_a_strangers_upload_leaves_nothing(
        self, stranger: TestClient, owner: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        examined: list[Any] = []
        monkeypatch.setattr(uploading, "count_check_and_store", lambda *_, **__: examined.append(1))
        assert send(stranger, path, "a.txt", b"a").status_code == 404
        assert not examined
        assert nothing_kept(owner, path)


@only_sqlite
class TestWhatIsTaken:
    @pytest.mark.parametrize(
        "mime", [mime for types in CENTCOM["uploads"]["types"].values() for mime in types.values()]
    )
    def test_every_listed_file_type_is_accepted(
        self, owner: TestClient, path: str, mime: str
    ) -> None:
        name = SAMPLE_FILES[mime]
        payload = sent(owner, path, name, samples.HONEST[name])
        assert (payload["mime_type"], payload["scan_status"]) == (mime, "clean")
        assert payload["original_filename"] == name
        assert fetched(owner, payload).content == samples.HONEST[name]

    @pytest.mark.parametrize("declared", ["application/x-msdownload", "text/html", "", "nonsense"])
    def test_file_type_is_detected_from_content_not_from_the_declared_type(
        self, owner: TestClient, path: str, declared: str
    ) -> None:
        answer = owner.post(path, files={"file": ("shot.png", samples.png(), declared)})
        assert answer.json()["attachment"]["mime_type"] == "image/png"

    @pytest.mark.parametrize("word", CENTCOM.words("attachment_type"))
    def test_every_attachment_type_is_accepted(
        self, owner: TestClient, path: str, word: str
    ) -> None:
        answer = send(owner, path, "a.txt", b"a", attachment_type=word)
        assert answer.json()["attachment"]["attachment_type"] == word

    @pytest.mark.parametrize(
        ("word", "meaning"), [("true", True), ("false", False), ("True", True), ("FALSE", False)]
    )
    def test_public_flag_ignores_case(
        self, owner: TestClient, path: str, word: str, *, meaning: bool
    ) -> None:
        answer = send(owner, path, "a.txt", b"a", is_public=word)
        assert answer.json()["attachment"]["is_public"] is meaning

    def test_ten_megabytes_exactly(self, owner: TestClient, path: str) -> None:
        content = b"0123456789abcde\n" * (MAX_BYTES // 16)
        payload = sent(owner, path, "big.log", content)
        assert payload["file_size"] == MAX_BYTES
        assert fetched(owner, payload).content == content

    @pytest.mark.parametrize(
        ("raw", "shown"),
        [
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\temp\\log.txt", "log.txt"),
            ("/absolute/log.txt", "log.txt"),
            ("a\u200bb.txt", "ab.txt"),
            ("gnp.\u202etxt", "gnp.txt"),
            (".hidden.txt", "hidden.txt"),
            ("con.txt", "_con.txt"),
            ("naïve 📎.txt", "naïve 📎.txt"),
            ("x" * 300 + ".txt", "x" * 251 + ".txt"),
        ],
    )
    def test_names_become_harmless(
        self, owner: TestClient, path: str, raw: str, shown: str
    ) -> None:
        payload = sent(owner, path, raw)
        assert payload["original_filename"] == shown
        answer = fetched(owner, payload)
        assert "\n" not in answer.headers["content-disposition"]
        assert answer.content == b"hello"


@only_sqlite
class TestWhatIsRefused:
    def refused(self, client: TestClient, path: str, **request: Any) -> str:
        answer = client.post(path, **request)
        assert answer.status_code == 400, answer.text
        assert not CENTCOM.failure_differs(answer.json())
        assert nothing_kept(client, path)
        return answer.json()["error"]

    def test_one_byte_more_than_ten_megabytes(self, owner: TestClient, path: str) -> None:
        files = {"file": ("big.log", b"a" * (MAX_BYTES + 1))}
        assert self.refused(owner, path, files=files) == "The file is larger than 10 MB"

    def test_upload_of_twice_the_limit_is_rejected(self, owner: TestClient, path: str) -> None:
        files = {"file": ("big.log", b"a" * (2 * MAX_BYTES))}
        assert self.refused(owner, path, files=files) == "The file is larger than 10 MB"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("setup.exe", samples.PE),
            ("page.html", b"<p>hello"),
            ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            ("run.sh", b"#!/bin/sh\n"),
            ("letter.docx", samples.zipped({"[Content_Types].xml": b"<x/>"})),
            ("film.mov", samples.MOV),
            ("noextension", b"hello"),
            (".txt", b"hello"),
            ("", b"hello"),
            ("shot.png.exe", samples.png()),
        ],
    )
    def test_unlisted_file_types_are_rejected(
        self, owner: TestClient, path: str, name: str, content: bytes
    ) -> None:
        self.refused(owner, path, files={"file": (name, content)})

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("shot.png", samples.PE),
            ("shot.png", samples.jpeg()),
            ("photo.jpg", b"<script>alert(1)</script>"),
            ("notes.txt", samples.ELF),
            ("report.pdf", samples.zipped({"a": b"b"})),
            ("data.json", b"{'a': 1}"),
            ("files.zip", b"PK\x03\x04 but no archive"),
            ("clip.mp4", samples.png()),
            ("empty.txt", b""),
        ],
    )
    def test_content_that_contradicts_its_name_is_rejected(
        self, owner: TestClient, path: str, name: str, content: bytes
    ) -> None:
        assert name in self.refused(owner, path, files={"file": (name, content)})

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("virus.txt", samples.EICAR),
            ("virus.zip", samples.zipped({"inner.txt": samples.EICAR})),
            ("program.zip", samples.zipped({"setup.exe": samples.PE})),
        ],
    )
    def test_what_the_scan_finds(
        self, owner: TestClient, agent: TestClient, path: str, name: str, content: bytes
    ) -> None:
        payload = self.refused(owner, path, files={"file": (name, content)})
        assert payload.startswith(f"{name} was rejected by the security scan")
        assert nothing_kept(agent, path)

    def test_form_without_a_file_is_rejected(self, owner: TestClient, path: str) -> None:
        data = {"attachment_type": "other"}
        boundary = {"Content-Type": "multipart/form-data; boundary=x"}
        field = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--\r\n'
        assert (
            self.refused(owner, path, content=field, headers=boundary)
            == "The file field is required."
        )
        assert self.refused(owner, path, data=data).startswith("The file field ")
        assert self.refused(owner, path, json=data).startswith("The file field ")
        assert self.refused(owner, path).startswith("The file field ")

    def test_a_file_under_another_name(self, owner: TestClient, path: str) -> None:
        files = {"attachment": ("a.txt", b"a")}
        assert self.refused(owner, path, files=files) == "The file field is required."

    def test_a_text_field_is_no_file(self, owner: TestClient, path: str) -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        content = b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhi\r\n--x--\r\n'
        payload = self.refused(owner, path, content=content, headers=headers)
        assert payload == "The file field is required."

    def test_form_with_two_files_is_rejected(self, owner: TestClient, path: str) -> None:
        files = [("file", ("a.txt", b"a")), ("file", ("b.txt", b"b"))]
        assert self.refused(owner, path, files=files) == "The file field must be one file."

    @pytest.mark.parametrize("word", ["nonsense", "Screenshot", "image/png"])
    def test_unknown_attachment_type_is_rejected(
        self, owner: TestClient, path: str, word: str
    ) -> None:
        request = {"files": {"file": ("a.txt", b"a")}, "data": {"attachment_type": word}}
        payload = self.refused(owner, path, **request)
        assert payload.startswith("The attachment_type field must be one of screenshot")

    @pytest.mark.parametrize("word", ["yes", "maybe", "truefalse", "null"])
    def test_what_is_neither_true_nor_false(self, owner: TestClient, path: str, word: str) -> None:
        request = {"files": {"file": ("a.txt", b"a")}, "data": {"is_public": word}}
        assert self.refused(owner, path, **request) == "The is_public field must be true or false."

    def test_a_description_that_is_too_long(self, owner: TestClient, path: str) -> None:
        request = {"files": {"file": ("a.txt", b"a")}, "data": {"description": "x" * 1_001}}
        assert self.refused(owner, path, **request).startswith("The description field ")

    @pytest.mark.parametrize(
        ("kind", "content"),
        [
            ("multipart/form-data", b"--x\r\n"),
            ("multipart/form-data; boundary=", b"--x\r\n"),
            ("multipart/form-data; boundary=x", b"not a part"),
            ("multipart/form-data; boundary=x", b"--x\r\nno header\r\n\r\n--x--"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\na"),
            ("multipart/form-data; boundary=\xff".encode("latin-1"), b"--x\r\n"),
            ("multipart/form-data; boundary=x", b""),
            ("multipart/mixed; boundary=x", b"--x--"),
            ("application/octet-stream", b"hello"),
        ],
    )
    def test_bodies_that_are_no_form_are_rejected(
        self, owner: TestClient, path: str, kind: Any, content: bytes
    ) -> None:
        self.refused(owner, path, content=content, headers={"Content-Type": kind})

    def test_form_with_too_many_fields_is_rejected(self, owner: TestClient, path: str) -> None:
        data = {f"field{n}": "x" for n in range(2_000)}
        self.refused(owner, path, files={"file": ("a.txt", b"a")}, data=data)

    def test_a_field_that_is_too_large(self, owner: TestClient, path: str) -> None:
        data = {"description": "x" * 100_000}
        self.refused(owner, path, files={"file": ("a.txt", b"a")}, data=data)

    def test_form_without_its_final_boundary_is_rejected(
        self, owner: TestClient, path: str
    ) -> None:
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello'
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        self.refused(owner, path, content=head, headers=headers)

    def test_headers_of_a_part_without_end(self, owner: TestClient, path: str) -> None:
        head = b"--x\r\nContent-Disposition: " + b"a" * 500_000
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        self.refused(owner, path, content=head, headers=headers)

    def test_a_description_no_database_takes(self, owner: TestClient, path: str) -> None:
        request = {"files": {"file": ("a.txt", b"a")}, "data": {"description": "a\x00b"}}
        assert self.refused(owner, path, **request).startswith("The description field ")

    def test_more_files_than_a_ticket_holds(
        self, owner: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(attachments, "MAX_FILES", 1)
        sent(owner, path)
        answer = send(owner, path, "b.txt", b"b")
        assert answer.status_code == 400
        assert answer.json()["error"] == "A ticket holds at most 1 files"
        assert len(owner.get(path).json()["attachments"]) == 1


class TestList:
    def test_list_shows_files_of_staff_and_requester(
        self, owner: TestClient, agent: TestClient, path: str, cast: Cast
    ) -> None:
        first, second = sent(owner, path), sent(agent, path, "shot.png", samples.png())
        answer = owner.get(path)
        assert answer.status_code == 200
        assert answer.json() == {
            "success": True,
            "attachments": [
                {
                    **attachment,
                    "uploader": {
                        "id": str(actor.uuid),
                        "username": actor.username,
                        "full_name": actor.full_name,
                    },
                    "download_url": f"/api/tickets/attachments/{attachment['id']}/download",
                }
                for attachment, actor in ((first, cast.owner), (second, cast.agent))
            ],
        }

    def test_internal_files_are_shown_to_nobody_here(
        self,
        owner: TestClient,
        agent: TestClient,
        path: str,
        working: Working,
        cast: Cast,
        tmp_path: Any,
    ) -> None:
        (tmp_path / "x").write_bytes(b"hush")
        with working(cast.agent) as uow:
            examined = uploading.count_check_and_store(
                cast.agent, tmp_path / "x", "secret.txt", now=datetime.now(UTC)
            )
            ticket = locking.lock_ticket(uow, path.split("/")[3])
            kept = attachments.attach(uow, ticket, examined, internal=True)
            reference = {"id": str(kept.uuid)}
        for client in (owner, agent):
            assert nothing_kept(client, path)
            assert "secret.txt" not in client.get(path.removesuffix("/attachments")).text
        assert fetched(owner, reference).status_code == 404
        assert owner.get("/api/tickets").json()["tickets"][0]["attachments_count"] == [{"count": 0}]

    def test_only_who_sees_the_ticket_may(self, as_: As, cast: Cast, path: str) -> None:
        codes = [as_(actor).get(path).status_code for _, actor in cast]
        assert codes == [200, 404, 404, 200, 200, 200]
        assert as_(None).get(path).status_code == 401


class TestDownload:
    def test_download_returns_the_file_with_safe_headers(
        self, owner: TestClient, path: str
    ) -> None:
        payload = sent(owner, path, "Bericht 'neu' ü.txt", "Grüße\r\n\x07".encode())
        answer = fetched(owner, payload)
        assert answer.status_code == 200
        assert answer.content == "Grüße\r\n\x07".encode()
        headers = answer.headers
        assert headers["content-type"].split(";")[0] == "text/plain"
        assert headers["content-length"] == str(len(answer.content)) == str(payload["file_size"])
        assert headers["content-disposition"] == (
            'attachment; filename="Bericht__neu___.txt"; '
            "filename*=UTF-8''Bericht%20%27neu%27%20%C3%BC.txt"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert headers["cache-control"].startswith("private")

    @pytest.mark.parametrize("name", sorted(SAMPLE_FILES.values()))
    @only_sqlite
    def test_only_raster_images_open_in_place(
        self, owner: TestClient, path: str, name: str
    ) -> None:
        headers = fetched(owner, sent(owner, path, name, samples.HONEST[name])).headers
        image = file_types.BY_EXTENSION[name.rpartition(".")[2]].family == "image"
        way = headers["content-disposition"].split(";")[0]
        assert way == ("inline" if image else "attachment")
        assert headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in headers["content-security-policy"]

    def test_only_who_sees_the_ticket_may(
        self, as_: As, cast: Cast, owner: TestClient, path: str
    ) -> None:
        payload = owner.post(
            path, files={"file": ("a.txt", b"a")}, data={"is_public": "true"}
        ).json()["attachment"]
        codes = {name: fetched(as_(actor), payload).status_code for name, actor in cast}
        assert codes == {
            "owner": 200,
            "colleague": 404,
            "stranger": 404,
            "agent": 200,
            "manager": 200,
            "admin": 200,
        }
        assert fetched(as_(None), payload).status_code == 401

    def test_a_strangers_file_is_like_a_missing_one(
        self, owner: TestClient, stranger: TestClient, path: str
    ) -> None:
        theirs = fetched(stranger, sent(owner, path))
        missing = fetched(stranger, {"id": MISSING})
        assert theirs.status_code == missing.status_code == 404
        assert theirs.json() == missing.json() == {"success": False, "error": "File not found"}
        assert fetched(stranger, {"id": "x"}).status_code == 404

    @pytest.mark.parametrize("status", [ScanStatus.PENDING, ScanStatus.INFECTED, ScanStatus.FAILED])
    def test_what_is_not_clean_is_kept_from_everybody(
        self,
        owner: TestClient,
        agent: TestClient,
        path: str,
        working: Working,
        cast: Cast,
        status: ScanStatus,
    ) -> None:
        payload = sent(owner, path)
        with working(cast.admin) as uow:
            uow.connection.execute(attachment_table.update().values(scan_status=status))
        for client in (owner, agent):
            answer = fetched(client, payload)
            assert answer.status_code == 403
            assert b"hello" not in answer.content
            assert client.get(path).json()["attachments"][0]["scan_status"] == status

    @pytest.mark.parametrize(
        "asked",
        ["bytes=0-0,1-1,2-2", "bytes=" + "0-1," * 5_000 + "2-3"],
        ids=["three", "thousands"],
    )
    @only_sqlite
    def test_several_ranges_at_once_cost_nothing(
        self, owner: TestClient, path: str, asked: str
    ) -> None:
        answer = fetched(owner, sent(owner, path), Range=asked)
        assert answer.status_code == 200
        assert answer.content == b"hello"
        assert answer.headers["accept-ranges"] == "bytes"

    def test_a_copy_that_is_fresh_is_not_sent_again(self, owner: TestClient, path: str) -> None:
        payload = sent(owner, path)
        etag = fetched(owner, payload).headers["etag"]
        answer = fetched(owner, payload, **{"If-None-Match": etag})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == etag

    def test_with_the_ticket_the_file_goes(
        self, owner: TestClient, path: str, working: Working, cast: Cast
    ) -> None:
        payload = sent(owner, path)
        with working(cast.agent) as uow:
            trash.delete_ticket(uow, locking.lock_ticket(uow, path.split("/")[3]))
        assert fetched(owner, payload).status_code == 404
