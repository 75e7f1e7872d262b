"""Files are renamed, described and removed by who uploaded them or by staff."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import event

from tests.cast import Cast, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.attachments.attachments import FileFacts
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, VersionConflict
from ticket_app.core.platform.ticket_numbers import TicketReference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.timeline import timeline
from ticket_app.tables import Ticket, attachment_table


def attach_image(uow_for: UowFor, actor: Actor, ticket_id: int, path: Path) -> UUID:
    path.write_bytes(samples.png())
    with uow_for(actor) as uow:
        upload = uploading.count_check_and_store(actor, path, "lamp.png", now=uow.now)
        return attachments.attach(uow, lock_ticket(uow, ticket_id), upload).uuid


@pytest.fixture
def ticket_id(file_ticket: FileTicket) -> int:
    return file_ticket()


@pytest.fixture
def own_file(uow_for: UowFor, cast: Cast, ticket_id: int, tmp_path: Path) -> UUID:
    return attach_image(uow_for, cast.owner, ticket_id, tmp_path / "own.png")


@pytest.fixture
def staff_file(uow_for: UowFor, cast: Cast, ticket_id: int, tmp_path: Path) -> UUID:
    return attach_image(uow_for, cast.agent, ticket_id, tmp_path / "staff.png")


def test_renamed_and_described_file_is_recorded(
    uow_for: UowFor, cast: Cast, ticket_id: int, own_file: UUID
) -> None:
    with uow_for(cast.owner) as uow:
        attachments.edit_file(uow, own_file, name="Broken lamp.png", description="In the hall")
    with uow_for(cast.owner, writes=False) as uow:
        (file,) = stored_files.list_ticket_files(uow, ticket_id)
        assert (file.original_name, file.description) == ("Broken lamp.png", "In the hall")
        changes = timeline.list_entries(uow, ticket_id)[-2:]
        assert [(line.field, line.old_value, line.new_value) for line in changes] == [
            ("file_name", "lamp.png", "Broken lamp.png"),
            ("file_description", None, "In the hall"),
        ]
        assert lock_ticket(uow, ticket_id).version == 3


def test_requester_changes_and_removes_only_own_files(
    uow_for: UowFor, cast: Cast, ticket_id: int, own_file: UUID, staff_file: UUID
) -> None:
    with uow_for(cast.owner) as uow:
        with pytest.raises(Forbidden):
            attachments.edit_file(uow, staff_file, name="x.png", description=None)
        with pytest.raises(Forbidden):
            attachments.remove_file(uow, staff_file)
    for other in (cast.stranger, cast.colleague):
        with uow_for(other) as uow:
            with pytest.raises(NotFound):
                attachments.edit_file(uow, own_file, name="x.png", description=None)
            with pytest.raises(NotFound):
                attachments.remove_file(uow, own_file)
    with uow_for(cast.owner) as uow:
        attachments.remove_file(uow, own_file)
    with uow_for(cast.manager) as uow:
        attachments.edit_file(uow, staff_file, name="x.png", description=None)
        assert lock_ticket(uow, ticket_id).attachments_count == 1
        attachments.remove_file(uow, staff_file)
        assert lock_ticket(uow, ticket_id).attachments_count == 0


def test_file_keeps_its_extension(uow_for: UowFor, cast: Cast, own_file: UUID) -> None:
    with uow_for(cast.owner) as uow:
        for name in ("lamp.pdf", "", "   "):
            with pytest.raises(Invalid):
                attachments.edit_file(uow, own_file, name=name, description=None)
        for name, stored in (
            ("Front", "Front.png"),
            ("v1.2", "v1.2.png"),
            ("run.exe", "run.exe.png"),
            ("../up.PNG", "up.PNG"),
        ):
            attachments.edit_file(uow, own_file, name=name, description=None)
            assert stored_files.get_downloadable_file(uow, own_file).original_name == stored


def test_edit_of_an_outdated_file_is_refused(uow_for: UowFor, cast: Cast, own_file: UUID) -> None:
    seen = FileFacts("lamp.png", None)
    with uow_for(cast.agent) as uow:
        attachments.edit_file(uow, own_file, name="b.png", description=None, original=seen)
    with uow_for(cast.owner) as uow, pytest.raises(VersionConflict):
        attachments.edit_file(uow, own_file, name="c.png", description=None, original=seen)


def test_edit_that_changes_nothing_leaves_no_trace(
    uow_for: UowFor, cast: Cast, ticket_id: int, own_file: UUID
) -> None:
    with uow_for(cast.owner) as uow:
        before = len(timeline.list_entries(uow, ticket_id))
        attachments.edit_file(uow, own_file, name="lamp.png", description=" ")
        assert len(timeline.list_entries(uow, ticket_id)) == before


@pytest.mark.parametrize(
    "change",
    [
        attachments.remove_file,
        partial(attachments.edit_file, name="other.png", description=None),
    ],
)
def test_file_that_a_merge_has_just_moved_is_not_changed(
    uow_for: UowFor,
    cast: Cast,
    ticket_id: int,
    file_ticket: FileTicket,
    own_file: UUID,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[UnitOfWork, UUID], None],
) -> None:
    """A merge ends between the first look at the file and the lock of its ticket."""
    merged_into = file_ticket()

    def lock_after_merge(uow: UnitOfWork, reference: int | TicketReference) -> Ticket:
        ticket = lock_ticket(uow, reference)
        uow.connection.execute(attachment_table.update().values(ticket_id=merged_into))
        return ticket

    monkeypatch.setattr(attachments.locking, "lock_ticket", lock_after_merge)
    with pytest.raises(VersionConflict), uow_for(cast.owner) as uow:
        change(uow, own_file)
    monkeypatch.undo()
    with uow_for(cast.owner) as uow:
        assert lock_ticket(uow, ticket_id).attachments_count == 1


def test_download_looks_up_only_the_ticket_of_the_file(
    uow_for: UowFor, cast: Cast, own_file: UUID
) -> None:
    for actor in (cast.owner, cast.agent):
        executed: list[tuple[str, object]] = []
        with uow_for(actor, writes=False) as uow:
            if not uow.is_sqlite:
                return
            event.listen(
                uow.connection,
                "before_cursor_execute",
                lambda *call, executed=executed: executed.append((call[2], call[3])),
            )
            assert stored_files.get_downloadable_file(uow, own_file).uuid == own_file
            (statement, values), *_ = [one for one in executed if "attachment" in one[0]]
            plan = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
        assert not [row[-1] for row in plan if row[-1].startswith("SCAN ticket")]
