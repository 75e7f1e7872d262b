"""A backup brings a desk back as it was, and a damaged or foreign one changes nothing."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from tests.cast import Cast, UowFor
from ticket_app.core.attachments import attachments, stored_files, uploading
from ticket_app.core.operations import backup, installation
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.tickets import ticket_list, ticket_query
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.tables import Ticket

LOG_TEXT = b"two lines\nof a log\n"


@pytest.fixture(params=["sqlite"])
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def archive(uow_for: UowFor, cast: Cast, tmp_path: Path) -> Path:
    """A backup of a desk with one ticket that has one file."""
    log = tmp_path / "lamp.log"
    log.write_bytes(LOG_TEXT)
    with uow_for(cast.agent) as uow:
        examined = uploading.count_check_and_store(cast.agent, log, "lamp.log", now=uow.now)
        ticket = open_ticket(uow, TicketDraft(title="The lamp flickers", description="Always."))
        attachments.attach(uow, ticket, examined)
    target = tmp_path / "kept" / "desk.tar.gz"
    assert backup.create_backup(target).file_count == 1
    return target


def count(bind: Engine) -> int:
    with database.read_connection(bind) as connection:
        return connection.execute(select(func.count()).select_from(Ticket)).scalar_one()


def test_restore_brings_back_every_row_and_every_file(
    archive: Path, cast: Cast, uow_for: UowFor, database: Engine, tmp_path: Path
) -> None:
    with uow_for(cast.agent) as uow:
        open_ticket(uow, TicketDraft(title="Created after the backup", description="Gone then."))
        kept = stored_files.list_ticket_files(uow, 1)[0]
        file_storage().delete(kept.storage_key)
    found = backup.restore_backup(archive, force=True)
    assert found.file_count == 1
    assert count(database) == 1
    with uow_for(cast.agent, writes=False) as uow:
        row = stored_files.get_downloadable_file(uow, kept.uuid)
        assert b"".join(stored_files.read_content(row)) == LOG_TEXT
        lamps = ticket_list.page(uow, ticket_query.TicketQuery(search="lamp"))
        assert [ticket.title for ticket in lamps.rows] == ["The lamp flickers"]


def test_restored_installation_keeps_working(archive: Path, cast: Cast, uow_for: UowFor) -> None:
    backup.restore_backup(archive, force=True)
    with uow_for(cast.agent) as uow:
        opened = open_ticket(uow, TicketDraft(title="Next", description="After."))
        assert opened.id == 2
        assert lock_ticket(uow, 1).title == "The lamp flickers"


def test_empty_installation_can_be_restored_without_force(archive: Path, tmp_path: Path) -> None:
    bind = database.create_database_engine(f"sqlite:///{tmp_path / 'other.db'}")
    backup.restore_backup(archive, bind)
    assert count(bind) == 1
    assert installation.schema_version(bind).is_current
    bind.dispose()


def test_installation_in_use_is_not_overwritten_without_force(
    archive: Path, database: Engine
) -> None:
    with pytest.raises(RuleViolation, match="--force"):
        backup.restore_backup(archive)
    assert count(database) == 1


def test_a_backup_is_private_and_replaces_no_other(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]
    with pytest.raises(RuleViolation, match="exists"):
        backup.create_backup(archive)


def rewritten(archive: Path, change: dict[str, bytes]) -> Path:
    """The archive with other content in some of its members, or with members of its own."""
    target = archive.with_name("changed.tar.gz")
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        contents = {member.name: old.extractfile(member) for member in old}
        for name, content in {**contents, **change}.items():
            data = content if isinstance(content, bytes) else content.read()  # type: ignore[union-attr]
            member = tarfile.TarInfo(name)
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"desk.db": b"not what it was"},
        {"files/2026/11/stray": b"nobody wrote this"},
        {"../outside": b"a way out"},
        {"manifest.json": b"{}"},
    ],
    ids=["changed", "added", "outside", "manifest"],
)
def test_a_changed_archive_touches_nothing(
    archive: Path, database: Engine, tmp_path: Path, change: dict[str, bytes]
) -> None:
    with pytest.raises(RuleViolation):
        backup.restore_backup(rewritten(archive, change), force=True)
    assert count(database) == 1
    assert not (tmp_path / "outside").exists()


def test_half_an_archive_is_refused(archive: Path, database: Engine) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    with pytest.raises(RuleViolation, match="damaged"):
        backup.restore_backup(archive, force=True)
    assert count(database) == 1
