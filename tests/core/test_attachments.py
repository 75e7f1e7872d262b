"""Files are looked at before they are kept, and handed out to who may see their ticket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, update

from tests.cast import MORNING, Cast, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments
from ticket_app.core.attachments.attachments import Examined
from ticket_app.core.attachments.scanning.verdicts import Status, Verdict
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import Forbidden, NotFound, RuleBroken, Unacceptable
from ticket_app.core.platform.storage import file_store
from ticket_app.core.platform.vocabulary import AttachmentType
from ticket_app.core.tickets.fields import MOST_FILES
from ticket_app.core.tickets.tickets import hold
from ticket_app.core.timeline import drafts, timeline
from ticket_app.tables import Attachment

Examine = Callable[..., Examined]


@pytest.fixture
def examine(cast: Cast, tmp_path: Path) -> Examine:
    """Examines a file of some content, as the owner if not told otherwise."""

    def look(content: bytes = samples.png(), name: str = "lamp.png", by=None) -> Examined:
        path = tmp_path / uuid4().hex
        path.write_bytes(content)
        return attachments.examine(by or cast.owner, path, name, now=MORNING)

    return look


def stored() -> int:
    return sum(len(batch) for batch in file_store().store.list())


class Silent:
    """A scanner that cannot tell."""

    def scan(self, path: Path, filetype: object) -> Verdict:
        return Verdict("failed", "ClamAV does not answer", retry=True)


def test_it_works(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, examine: Examine) -> None:
    ticket_id = file_ticket()
    examined = examine(name="../C:\\lamps\\My lamp.PNG")
    assert (examined.original_name, examined.mime_type) == ("My lamp.PNG", "image/png")
    assert examined.stored_name.endswith(".png")
    assert str(examined.uuid) in examined.storage_key
    with desk_for(cast.owner) as desk:
        attachments.attach(
            desk,
            hold(desk, ticket_id),
            examined,
            attachment_type=AttachmentType.SCREENSHOT,
            description=" My\nlamp ",
            is_public=True,
        )
    with desk_for(cast.owner, writes=False) as desk:
        (row,) = attachments.of_ticket(desk, ticket_id)
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
        fetched = attachments.fetch(desk, examined.uuid)
        assert b"".join(attachments.content(fetched)) == samples.png()
        line = timeline.lines(desk, ticket_id)[-1]
        assert (line.kind, line.new_value, line.new_id) == ("file", "My lamp.PNG", row.id)
    with desk_for(cast.owner) as desk:
        ticket = hold(desk, ticket_id)
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
    with pytest.raises(Unacceptable) as refusal:
        examine(content, name)
    assert refusal.value.too_large == (len(content) > attachments.LARGEST_FILE)
    assert stored() == 0


def test_a_file_of_just_the_largest_size_is_taken(examine: Examine) -> None:
    content = b"line\n" * (attachments.LARGEST_FILE // 5)
    content += b"\n" * (attachments.LARGEST_FILE - len(content))
    assert examine(content, "long.log").size == 10 * 1024 * 1024


def test_who_may_not_upload_stores_nothing(cast: Cast, examine: Examine) -> None:
    with pytest.raises(Forbidden):
        examine(by=replace(cast.owner, scopes=frozenset({"view_tickets"})))
    assert stored() == 0


def test_a_file_that_was_not_attached_is_forgotten(examine: Examine) -> None:
    examined = examine()
    assert stored() == 1
    attachments.forget(examined)
    attachments.forget(examined)
    assert stored() == 0


@pytest.mark.parametrize("verdict", ["clean", "infected"])
def test_a_file_nobody_could_judge_waits(
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    examine: Examine,
    monkeypatch: pytest.MonkeyPatch,
    verdict: Status,
) -> None:
    ticket_id = file_ticket()
    monkeypatch.setattr(attachments, "scanner", lru_cache(Silent))
    examined = examine()
    assert examined.scan_status == "pending"
    with desk_for(cast.owner) as desk:
        kept = attachments.attach(desk, hold(desk, ticket_id), examined)
        assert kept.id is not None
    for actor in (cast.owner, cast.agent):
        with desk_for(actor) as desk:
            (row,) = attachments.of_ticket(desk, ticket_id)
            assert row.scan_status == "pending"
            with pytest.raises(Forbidden):
                attachments.fetch(desk, examined.uuid)
    with desk_for(cast.agent) as desk:
        (message,) = outbox.claim(desk, 1, (attachments.SCAN_TOPIC,))
        assert (message.topic, message.payload) == (
            attachments.SCAN_TOPIC,
            {"attachment_id": kept.id},
        )
        waiting = attachments.waiting(desk, kept.id)
        assert waiting.storage_key == examined.storage_key
        attachments.judge_again(desk, kept.id, Verdict(verdict, "Eek" * (verdict != "clean")))
        assert attachments.waiting(desk, kept.id) is None
    with desk_for(cast.owner) as desk:
        if verdict == "clean":
            assert attachments.fetch(desk, examined.uuid).scan_reason is None
        else:
            with pytest.raises(Forbidden):
                attachments.fetch(desk, examined.uuid)


def test_a_draft_s_files_are_its_writer_s_alone(
    desk_for: DeskFor, cast: Cast, examine: Examine
) -> None:
    examined = examine(b"GET / 200\n", "server.log")
    with desk_for(cast.owner) as desk:
        kept = attachments.attach_to_draft(desk, drafts.NEW_TICKET, examined)
        assert kept.attachment_type == "log_file"
    for name, actor in cast:
        with desk_for(actor) as desk:
            if name == "owner":
                assert attachments.fetch(desk, examined.uuid).original_name == "server.log"
                assert len(attachments.of_draft(desk, drafts.NEW_TICKET)) == 1
                continue
            assert len(attachments.of_draft(desk, drafts.NEW_TICKET)) == 0, name
            with pytest.raises(NotFound):
                attachments.fetch(desk, examined.uuid)
            with pytest.raises(NotFound):
                attachments.remove(desk, examined.uuid)


@pytest.mark.parametrize("internal", [False, True])
def test_a_draft_s_files_go_with_what_it_becomes(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, examine: Examine, internal: bool
) -> None:
    ticket_id = file_ticket()
    place = drafts.note_on(ticket_id) if internal else drafts.reply_to(ticket_id)
    first, taken_back, last = (examine(by=cast.agent, name=f"{n}.png") for n in "123")
    with desk_for(cast.agent) as desk:
        for examined in (first, taken_back, last):
            attachments.attach_to_draft(desk, place, examined)
        attachments.remove(desk, taken_back.uuid)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        entry_id = commenting.comment(desk, ticket, "See here", internal=internal)
        assert attachments.adopt(desk, ticket, place, entry_id=entry_id, internal=internal) == 2
        drafts.discard(desk, place)
        assert attachments.adopt(desk, ticket, place) == 0
    with desk_for(cast.agent) as desk:
        rows = attachments.of_ticket(desk, ticket_id)
        assert [(row.original_name, row.entry_id) for row in rows] == [
            ("1.png", entry_id),
            ("3.png", entry_id),
        ]
        counts = hold(desk, ticket_id)
        assert (counts.attachments_count, counts.internal_attachments_count) == (
            (0, 2) if internal else (2, 0)
        )
    with desk_for(cast.owner) as desk:
        assert len(attachments.of_ticket(desk, ticket_id)) == (0 if internal else 2)
        assert ("3.png" in str(timeline.lines(desk, ticket_id))) is not internal
        with pytest.raises(NotFound):
            attachments.fetch(desk, taken_back.uuid)


def test_a_draft_thrown_away_takes_its_files_along(
    desk_for: DeskFor, cast: Cast, examine: Examine
) -> None:
    examined = examine()
    with desk_for(cast.owner) as desk:
        attachments.attach_to_draft(desk, drafts.NEW_TICKET, examined)
        drafts.discard(desk, drafts.NEW_TICKET)
    with desk_for(cast.owner) as desk, pytest.raises(NotFound):
        attachments.fetch(desk, examined.uuid)


def test_a_ticket_holds_so_many_files(
    database: Engine, desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, examine: Examine
) -> None:
    ticket_id, place = file_ticket(), drafts.reply_to(1)
    one = examine()

    def another() -> Examined:
        return replace(one, uuid=uuid4(), stored_name=uuid4().hex)

    with desk_for(cast.owner) as desk:
        for _ in range(MOST_FILES - 1):
            attachments.attach_to_draft(desk, place, another())
        attachments.attach(desk, hold(desk, ticket_id), another())
    with desk_for(cast.owner) as desk:
        attachments.attach_to_draft(desk, place, another())
        with pytest.raises(RuleBroken):
            attachments.attach_to_draft(desk, place, another())
        with pytest.raises(RuleBroken):
            attachments.adopt(desk, hold(desk, ticket_id), place)
        attachments.remove(desk, attachments.of_draft(desk, place)[0].uuid)
        assert attachments.adopt(desk, hold(desk, ticket_id), place) == MOST_FILES - 1
    with desk_for(cast.agent) as desk:
        for internal in (False, True):
            with pytest.raises(RuleBroken):
                attachments.attach(desk, hold(desk, ticket_id), another(), internal=internal)
        assert hold(desk, ticket_id).attachments_count == MOST_FILES
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Attachment)).scalar_one() == 101


def test_an_internal_file_is_attached_by_staff_only(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, examine: Examine
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        attachments.attach(desk, hold(desk, ticket_id), examine(), internal=True)


@pytest.mark.parametrize("status", ["pending", "infected", "failed"])
def test_only_a_clean_file_is_handed_out(
    database: Engine,
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    examine: Examine,
    status: str,
) -> None:
    ticket_id, examined = file_ticket(), examine()
    with desk_for(cast.owner) as desk:
        attachments.attach(desk, hold(desk, ticket_id), examined)
    with desk_for(cast.admin) as desk:
        desk.db.execute(update(Attachment).values(scan_status=status))
    for actor in (cast.owner, cast.admin):
        with desk_for(actor) as desk, pytest.raises(Forbidden):
            attachments.fetch(desk, examined.uuid)
    with desk_for(cast.stranger) as desk, pytest.raises(NotFound):
        attachments.fetch(desk, examined.uuid)
