"""No removed file lies in the store for ever, and none goes while it may still be wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import attachments
from ticket_app.core.attachments import cleanup as attachment_cleanup
from ticket_app.core.attachments.attachments import Examined
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.storage import file_store
from ticket_app.core.tickets.tickets import hold


def sent(desk_for: DeskFor, cast: Cast, ticket_id: int, path: Path, clock: Clock) -> Examined:
    path.write_bytes(samples.png())
    examined = attachments.examine(cast.owner, path, path.name, now=clock.now)
    with desk_for(cast.owner) as desk:
        attachments.attach(desk, hold(desk, ticket_id), examined)
    return examined


def swept(desk_for: DeskFor) -> int:
    with desk_for(None) as desk:
        return attachment_cleanup.sweep(desk)


def test_it_works(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, clock: Clock, tmp_path: Path
) -> None:
    ticket_id = file_ticket()
    gone = sent(desk_for, cast, ticket_id, tmp_path / "gone.png", clock)
    kept = sent(desk_for, cast, ticket_id, tmp_path / "kept.png", clock)
    with desk_for(cast.agent) as desk:
        attachments.remove(desk, gone.uuid)
    clock.forward(days=6)
    assert swept(desk_for) == 0
    assert file_store().size(gone.storage_key)
    clock.forward(days=2)
    assert swept(desk_for) == 1
    with pytest.raises(NotFound):
        file_store().size(gone.storage_key)
    assert file_store().size(kept.storage_key)
    assert swept(desk_for) == 0
    with desk_for(cast.owner, writes=False) as desk:
        assert [file.uuid for file in attachments.of_ticket(desk, ticket_id)] == [kept.uuid]
