"""Register background processes and release the work of those that died.

Each process registers itself and sends a heartbeat every few seconds. Outbox messages, webhook
deliveries and emails that it has claimed carry its id. Each heartbeat also looks for dead
processes: on the same machine by process id, on other machines when no heartbeat came for
`DEAD_AFTER`. Their work becomes due again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, getnode, uuid4

from sqlalchemy import bindparam, delete, insert, select, update

from ticket_app.core.email.outgoing import delivery as email_delivery
from ticket_app.core.platform import outbox
from ticket_app.core.platform.email_states import DeliveryState as EmailState
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks.deliveries import DeliveryState
from ticket_app.tables import (
    background_process_table,
    outbox_message_table,
    outgoing_email_table,
    webhook_delivery_table,
)

HEARTBEAT_INTERVAL = timedelta(seconds=5)
"""The time between two heartbeats of a process."""
DEAD_AFTER = timedelta(seconds=20)
"""The time without heartbeat after which a process counts as dead."""
START_TIME_FIELD = 22
"""The field of /proc/<pid>/stat with the start time of a process."""


@cache
def machine_id() -> str:
    """Return what makes a process id unique: host, boot and pid namespace."""
    boot, namespace = "", ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    with suppress(OSError):
        namespace = str(Path("/proc/self/ns/pid").readlink())
    return f"{socket.gethostname()}/{boot or hex(getnode())}/{namespace}"[:200]


def process_start_time(pid: int) -> str | None:
    """Return what distinguishes process `pid` from earlier ones with that id, or None."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        if Path("/proc/self/stat").exists():
            return None
        return _start_without_proc(pid)
    # `rest` begins with field 4: the fields before the closing bracket are two.
    return None if state in "ZX" else rest[START_TIME_FIELD - 4]


def _start_without_proc(pid: int) -> str | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return ""


def record_heartbeat_and_release_dead(uow: UnitOfWork, process_id: UUID | None) -> UUID:
    """Record a heartbeat of this process and release the work of dead processes.

    Registers the process if `process_id` is None or was removed as dead. Returns its current id.
    """
    update_seen_at = (
        update(background_process_table)
        .where(background_process_table.c.id == process_id)
        .values(seen_at=uow.now)
    )
    if process_id is None or not uow.connection.execute(update_seen_at).rowcount:
        process_id = uuid4()
        uow.connection.execute(
            insert(background_process_table).values(
                id=process_id,
                machine=machine_id(),
                pid=os.getpid(),
                start_time=process_start_time(os.getpid()) or "",
                registered_at=uow.now,
                seen_at=uow.now,
            )
        )
    release_work_of_dead_processes(uow, except_id=process_id)
    return process_id


_SELECT_FIRST = (
    select(background_process_table.c.id)
    .order_by(background_process_table.c.registered_at, background_process_table.c.id)
    .limit(1)
)


def is_first_registered(uow: UnitOfWork, process_id: UUID) -> bool:
    """Return whether this process is registered for the longest time; it runs periodic tasks."""
    return uow.connection.execute(_SELECT_FIRST).scalar() == process_id


def unregister(uow: UnitOfWork, process_id: UUID) -> None:
    """Remove the registration of this process and release the work it still holds."""
    _release(uow, [process_id])


class ProcessRow:
    """A background process and its last heartbeat."""

    id: UUID
    machine: str
    pid: int
    start_time: str
    registered_at: datetime
    seen_at: datetime


def list_living(uow: UnitOfWork) -> list[ProcessRow]:
    """Return the processes with a recent heartbeat."""
    rows = uow.all_rows(select(background_process_table), of=ProcessRow)
    return [row for row in rows if not _is_dead(uow, row)]


def release_work_of_dead_processes(uow: UnitOfWork, *, except_id: UUID | None = None) -> int:
    """Release the work of dead processes; return how many there were."""
    statement = select(background_process_table).with_for_update(skip_locked=True)
    rows = uow.all_rows(statement, of=ProcessRow)
    dead = [row.id for row in rows if row.id != except_id and _is_dead(uow, row)]
    _release(uow, dead)
    return len(dead)


def _is_dead(uow: UnitOfWork, row: ProcessRow) -> bool:
    if uow.now - row.seen_at >= DEAD_AFTER:
        return True
    return row.machine == machine_id() and process_start_time(row.pid) != row.start_time


_RELEASE_MESSAGES = (
    update(outbox_message_table)
    .where(
        outbox_message_table.c.claimed_by.in_(bindparam("ids", expanding=True)),
        outbox_message_table.c.done_at.is_(None),
    )
    .values(claimed_until=None, claimed_by=None)
)
_RELEASE_DELIVERIES = (
    update(webhook_delivery_table)
    .where(
        webhook_delivery_table.c.claimed_by.in_(bindparam("ids", expanding=True)),
        webhook_delivery_table.c.state == DeliveryState.PENDING,
    )
    .values(next_try_at=bindparam("now"), claimed_by=None)
)
_RELEASE_EMAILS = (
    update(outgoing_email_table)
    .where(
        outgoing_email_table.c.claimed_by.in_(bindparam("ids", expanding=True)),
        outgoing_email_table.c.state == EmailState.WAITING,
    )
    .values(next_try_at=bindparam("now"), claimed_by=None)
)
_DELETE_PROCESSES = delete(background_process_table).where(
    background_process_table.c.id.in_(bindparam("ids", expanding=True))
)


def _release(uow: UnitOfWork, ids: Sequence[UUID]) -> None:
    if not ids:
        return
    uow.connection.execute(_RELEASE_MESSAGES, {"ids": list(ids)})
    for release in (_RELEASE_DELIVERIES, _RELEASE_EMAILS):
        uow.connection.execute(release, {"ids": list(ids), "now": uow.now})
    uow.connection.execute(_DELETE_PROCESSES, {"ids": list(ids)})
    uow.after_commit += [
        outbox.wake_all,
        webhook_deliveries.wake_event.set,
        email_delivery.wake_event.set,
    ]
