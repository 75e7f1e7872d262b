"""Cleanup removes stored files that nothing refers to, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.attachments import cleanup as attachment_cleanup
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.tickets.locking import lock_ticket


def sent(uow_for: UowFor, cast: Cast, ticket_id: int, path: Path, clock: Clock) -> StoredUpload:
    path.write_bytes(samples.png())
    examined = uploading.count_check_and_store(cast.owner, path, path.name, now=clock.now)
    with uow_for(cast.owner) as uow:
        attachments.attach(uow, lock_ticket(uow, ticket_id), examined)
    return examined


def swept(uow_for: UowFor) -> int:
    with uow_for(None) as uow:
        return attachment_cleanup.destroy_removed_files(uow)


def test_cleanup_removes_unused_files_after_a_week(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock, tmp_path: Path
) -> None:
    ticket_id = file_ticket()
    gone = sent(uow_for, cast, ticket_id, tmp_path / "gone.png", clock)
    kept = sent(uow_for, cast, ticket_id, tmp_path / "kept.png", clock)
    with uow_for(cast.agent) as uow:
        attachments.remove_file(uow, gone.uuid)
    clock.forward(days=6)
    assert swept(uow_for) == 0
    assert file_storage().size(gone.storage_key)
    clock.forward(days=2)
    assert swept(uow_for) == 1
    with pytest.raises(NotFound):
        file_storage().size(gone.storage_key)
    assert file_storage().size(kept.storage_key)
    assert swept(uow_for) == 0
    with uow_for(cast.owner, writes=False) as uow:
        assert [file.uuid for file in stored_files.list_ticket_files(uow, ticket_id)] == [kept.uuid]
