"""Files are looked at before they are kept, and handed out to who may see their ticket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, update

from tests.cast import MORNING, Cast, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.attachments.scanning.verdicts import Status, Verdict
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import FileRejected, Forbidden, NotFound, RuleViolation
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.vocabulary import AttachmentType
from ticket_app.core.tickets.fields import MAX_FILES
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.timeline import drafts, timeline
from ticket_app.tables import Attachment

Examine = Callable[..., StoredUpload]


@pytest.fixture
def examine(cast: Cast, tmp_path: Path) -> Examine:
    """Examines a file of some content, as the owner if not told otherwise."""

    def look(content: bytes = samples.png(), name: str = "lamp.png", by=None) -> StoredUpload:
        path = tmp_path / uuid4().hex
        path.write_bytes(content)
        return uploading.count_check_and_store(by or cast.owner, path, name, now=MORNING)

    return look


def stored() -> int:
    return sum(len(batch) for batch in file_storage().store.list())


class Silent:
    """A scanner that cannot tell."""

    def scan(self, path: Path, filetype: object) -> Verdict:
        return Verdict("failed", "ClamAV does not answer", retry=True)


def test_attached_file_is_listed_with_safe_names(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, examine: Examine
) -> None:
    ticket_id = file_ticket()
    examined = examine(name="../C:\\lamps\\My lamp.PNG")
    assert (examined.original_name, examined.mime_type) == ("My lamp.PNG", "image/png")
    assert examined.stored_name.endswith(".png")
    assert str(examined.uuid) in examined.storage_key
    with uow_for(cast.owner) as uow:
        attachments.attach(
            uow,
            lock_ticket(uow, ticket_id),
            examined,
            attachment_type=AttachmentType.SCREENSHOT,
            description=" My\nlamp ",
            is_public=True,
        )
    with uow_for(cast.owner, writes=False) as uow:
        (row,) = stored_files.list_ticket_files(uow, ticket_id)
        assert (row.original_name, row.size, row.sha256, row.scan_status) == (
            "My lamp.PNG",
            len(samples.png()),
            examined.sha256,
            "clean",
        )
        assert (row.attachment_type, row.description, row.is_public, row.audience) == (
            "screenshot",
            "My lamp",
            True,
            "public",
        )
        assert (row.uploader_username, row.uploaded_at) == ("owner", MORNING)
        fetched = stored_files.get_downloadable_file(uow, examined.uuid)
        assert b"".join(stored_files.read_content(fetched)) == samples.png()
        line = timeline.list_entries(uow, ticket_id)[-1]
        assert (line.kind, line.new_value, line.new_id) == ("file", "My lamp.PNG", row.id)
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.attachments_count, ticket.internal_attachments_count) == (1, 0)
        assert ticket.version == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (samples.EICAR, "notes.txt"),
        (samples.ELF, "lamp.png"),
        (samples.PE, "lamp.jpg"),
        (samples.png(), "lamp.jpg"),
        (samples.png(), "lamp.exe"),
        (samples.png(), "lamp"),
        (b"<html><script>alert(1)</script>", "lamp.png"),
        (b"", "lamp.png"),
        (b"\x00" * 100, "lamp.txt"),
        (b"#!/bin/sh\nrm -rf /\n", "lamp.pdf"),
        (samples.png() + b"\x00" * (10 * 1024 * 1024), "lamp.png"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value[:8]!r}",
)
def test_what_is_refused_is_not_stored(examine: Examine, content: bytes, name: str) -> None:
    with pytest.raises(FileRejected) as error:
        examine(content, name)
    assert error.value.is_too_large == (len(content) > uploading.MAX_FILE_BYTES)
    assert stored() == 0


def test_file_of_exactly_the_maximum_size_is_accepted(examine: Examine) -> None:
    content = b"line\n" * (uploading.MAX_FILE_BYTES // 5)
    content += b"\n" * (uploading.MAX_FILE_BYTES - len(content))
    assert examine(content, "long.log").size == 10 * 1024 * 1024


def test_rejected_upload_stores_nothing(cast: Cast, examine: Examine) -> None:
    with pytest.raises(Forbidden):
        examine(by=replace(cast.owner, scopes=frozenset({"view_tickets"})))
    assert stored() == 0


def test_a_file_that_was_not_attached_is_forgotten(examine: Examine) -> None:
    examined = examine()
    assert stored() == 1
    uploading.discard_upload(examined)
    uploading.discard_upload(examined)
    assert stored() == 0


@pytest.mark.parametrize("verdict", ["clean", "infected"])
def test_a_file_nobody_could_judge_waits(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    examine: Examine,
    monkeypatch: pytest.MonkeyPatch,
    verdict: Status,
) -> None:
    ticket_id = file_ticket()
    monkeypatch.setattr(uploading, "get_scanner", lru_cache(Silent))
    examined = examine()
    assert examined.scan_status == "pending"
    with uow_for(cast.owner) as uow:
        kept = attachments.attach(uow, lock_ticket(uow, ticket_id), examined)
        assert kept.id is not None
    for actor in (cast.owner, cast.agent):
        with uow_for(actor) as uow:
            (row,) = stored_files.list_ticket_files(uow, ticket_id)
            assert row.scan_status == "pending"
            with pytest.raises(Forbidden):
                stored_files.get_downloadable_file(uow, examined.uuid)
    with uow_for(cast.agent) as uow:
        (message,) = outbox.claim_due(uow, 1, (uploading.SCAN_TOPIC,))
        assert (message.topic, message.payload) == (
            uploading.SCAN_TOPIC,
            {"attachment_id": kept.id},
        )
        waiting = uploading.find_unscanned_file(uow, kept.id)
        assert waiting is not None
        assert waiting.storage_key == examined.storage_key
        uploading.save_scan_result(uow, kept.id, Verdict(verdict, "Eek" * (verdict != "clean")))
        assert uploading.find_unscanned_file(uow, kept.id) is None
    with uow_for(cast.owner) as uow:
        if verdict == "clean":
            assert stored_files.get_downloadable_file(uow, examined.uuid).scan_reason is None
        else:
            with pytest.raises(Forbidden):
                stored_files.get_downloadable_file(uow, examined.uuid)


def test_a_draft_s_files_are_its_writer_s_alone(
    uow_for: UowFor, cast: Cast, examine: Examine
) -> None:
    examined = examine(b"GET / 200\n", "server.log")
    with uow_for(cast.owner) as uow:
        kept = attachments.attach_to_draft(uow, drafts.NEW_TICKET_PLACE, examined)
        assert kept.attachment_type == "log_file"
    for name, actor in cast:
        with uow_for(actor) as uow:
            if name == "owner":
                assert (
                    stored_files.get_downloadable_file(uow, examined.uuid).original_name
                    == "server.log"
                )
                assert len(stored_files.list_draft_files(uow, drafts.NEW_TICKET_PLACE)) == 1
                continue
            assert len(stored_files.list_draft_files(uow, drafts.NEW_TICKET_PLACE)) == 0, name
            with pytest.raises(NotFound):
                stored_files.get_downloadable_file(uow, examined.uuid)
            with pytest.raises(NotFound):
                attachments.remove_file(uow, examined.uuid)


@pytest.mark.parametrize("internal", [False, True])
def test_a_draft_s_files_go_with_what_it_becomes(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, examine: Examine, internal: bool
) -> None:
    ticket_id = file_ticket()
    place = drafts.note_place(ticket_id) if internal else drafts.reply_place(ticket_id)
    first, taken_back, last = (examine(by=cast.agent, name=f"{n}.png") for n in "123")
    with uow_for(cast.agent) as uow:
        for examined in (first, taken_back, last):
            attachments.attach_to_draft(uow, place, examined)
        attachments.remove_file(uow, taken_back.uuid)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        entry_id = commenting.add_comment(uow, ticket, "See here", internal=internal)
        assert (
            attachments.attach_draft_files(uow, ticket, place, entry_id=entry_id, internal=internal)
            == 2
        )
        drafts.discard_draft(uow, place)
        assert attachments.attach_draft_files(uow, ticket, place) == 0
    with uow_for(cast.agent) as uow:
        rows = stored_files.list_ticket_files(uow, ticket_id)
        assert [(row.original_name, row.entry_id) for row in rows] == [
            ("1.png", entry_id),
            ("3.png", entry_id),
        ]
        counts = lock_ticket(uow, ticket_id)
        assert (counts.attachments_count, counts.internal_attachments_count) == (
            (0, 2) if internal else (2, 0)
        )
    with uow_for(cast.owner) as uow:
        assert len(stored_files.list_ticket_files(uow, ticket_id)) == (0 if internal else 2)
        assert ("3.png" in str(timeline.list_entries(uow, ticket_id))) is not internal
        with pytest.raises(NotFound):
            stored_files.get_downloadable_file(uow, taken_back.uuid)


def test_a_draft_thrown_away_takes_its_files_along(
    uow_for: UowFor, cast: Cast, examine: Examine
) -> None:
    examined = examine()
    with uow_for(cast.owner) as uow:
        attachments.attach_to_draft(uow, drafts.NEW_TICKET_PLACE, examined)
        drafts.discard_draft(uow, drafts.NEW_TICKET_PLACE)
    with uow_for(cast.owner) as uow, pytest.raises(NotFound):
        stored_files.get_downloadable_file(uow, examined.uuid)


def test_a_ticket_holds_so_many_files(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket, examine: Examine
) -> None:
    ticket_id, place = file_ticket(), drafts.reply_place(1)
    one = examine()

    def another() -> StoredUpload:
        return replace(one, uuid=uuid4(), stored_name=uuid4().hex)

    with uow_for(cast.owner) as uow:
        for _ in range(MAX_FILES - 1):
            attachments.attach_to_draft(uow, place, another())
        attachments.attach(uow, lock_ticket(uow, ticket_id), another())
    with uow_for(cast.owner) as uow:
        attachments.attach_to_draft(uow, place, another())
        with pytest.raises(RuleViolation):
            attachments.attach_to_draft(uow, place, another())
        with pytest.raises(RuleViolation):
            attachments.attach_draft_files(uow, lock_ticket(uow, ticket_id), place)
        attachments.remove_file(uow, stored_files.list_draft_files(uow, place)[0].uuid)
        assert (
            attachments.attach_draft_files(uow, lock_ticket(uow, ticket_id), place) == MAX_FILES - 1
        )
    with uow_for(cast.agent) as uow:
        for internal in (False, True):
            with pytest.raises(RuleViolation):
                attachments.attach(uow, lock_ticket(uow, ticket_id), another(), internal=internal)
        assert lock_ticket(uow, ticket_id).attachments_count == MAX_FILES
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Attachment)).scalar_one() == 101


def test_an_internal_file_is_attached_by_staff_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, examine: Examine
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        attachments.attach(uow, lock_ticket(uow, ticket_id), examine(), internal=True)


@pytest.mark.parametrize("status", ["pending", "infected", "failed"])
def test_only_a_clean_file_is_handed_out(
    database: Engine,
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    examine: Examine,
    status: str,
) -> None:
    ticket_id, examined = file_ticket(), examine()
    with uow_for(cast.owner) as uow:
        attachments.attach(uow, lock_ticket(uow, ticket_id), examined)
    with uow_for(cast.admin) as uow:
        uow.connection.execute(update(Attachment).values(scan_status=status))
    for actor in (cast.owner, cast.admin):
        with uow_for(actor) as uow, pytest.raises(Forbidden):
            stored_files.get_downloadable_file(uow, examined.uuid)
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        stored_files.get_downloadable_file(uow, examined.uuid)
