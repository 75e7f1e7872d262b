"""Which processes do background work, and what happens to the work of one that died.

Each registers itself and gives a sign of life every few seconds. What a process holds (messages of
the outbox, deliveries of webhooks) carries its id. Whoever gives a sign of life also looks for the
dead: one of the same machine whose process has ended is found at once, one of another machine when
it has been silent for `DEAD_AFTER`. Its work is then due again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, getnode, uuid4

from sqlalchemy import bindparam, delete, insert, select, update

from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks.deliveries import State
from ticket_app.tables import (
    background_process_table,
    outbox_message_table,
    webhook_delivery_table,
)

EVERY = timedelta(seconds=5)
"""How often a process gives a sign of life."""
DEAD_AFTER = timedelta(seconds=20)
"""How long a process may be silent before others take over its work."""
START_TIME = 22
"""The field of /proc/<pid>/stat with the time at which a process started."""


@cache
def this_machine() -> str:
    """Return what names the place in which a pid means something: host, boot and pid namespace."""
    boot, namespace = "", ""
    with suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    with suppress(OSError):
        namespace = str(Path("/proc/self/ns/pid").readlink())
    return f"{socket.gethostname()}/{boot or hex(getnode())}/{namespace}"[:200]


def start_of(pid: int) -> str | None:
    """Return what tells the running process `pid` from others that had its number, or None."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        if Path("/proc/self/stat").exists():
            return None
        return _start_without_proc(pid)
    # `rest` begins with field 4, as the fields before the closing bracket are two.
    return None if state in "ZX" else rest[START_TIME - 4]


def _start_without_proc(pid: int) -> str | None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except PermissionError:
        pass
    return ""


def beat(desk: Desk, process_id: UUID | None) -> UUID:
    """Give a sign of life for this process, and release the work of dead ones.

    Registers the process if `process_id` is None or has been taken for dead meanwhile. Returns the
    id under which it is registered now.
    """
    seen = (
        update(background_process_table)
        .where(background_process_table.c.id == process_id)
        .values(seen_at=desk.now)
    )
    if process_id is None or not desk.db.execute(seen).rowcount:
        process_id = uuid4()
        desk.db.execute(
            insert(background_process_table).values(
                id=process_id,
                machine=this_machine(),
                pid=os.getpid(),
                started=start_of(os.getpid()) or "",
                registered_at=desk.now,
                seen_at=desk.now,
            )
        )
    release_dead(desk, but=process_id)
    return process_id


def sign_off(desk: Desk, process_id: UUID) -> None:
    """Forget this process, which is about to end; what it still holds is due again."""
    _release(desk, [process_id])


def living(desk: Desk) -> list[Any]:
    """Return the processes seen lately: `machine`, `pid`, `registered_at` and `seen_at`."""
    return [
        row for row in desk.db.execute(select(background_process_table)) if not _is_dead(desk, row)
    ]


def release_dead(desk: Desk, *, but: UUID | None = None) -> int:
    """Make the work of dead processes due again; returns how many there were."""
    rows = desk.db.execute(select(background_process_table).with_for_update(skip_locked=True))
    dead = [row.id for row in rows if row.id != but and _is_dead(desk, row)]
    _release(desk, dead)
    return len(dead)


def _is_dead(desk: Desk, row: Any) -> bool:
    if desk.now - row.seen_at >= DEAD_AFTER:
        return True
    return row.machine == this_machine() and start_of(row.pid) != row.started


_FREE_MESSAGES = (
    update(outbox_message_table)
    .where(
        outbox_message_table.c.claimed_by.in_(bindparam("ids", expanding=True)),
        outbox_message_table.c.done_at.is_(None),
    )
    .values(claimed_until=None, claimed_by=None)
)
_FREE_DELIVERIES = (
    update(webhook_delivery_table)
    .where(
        webhook_delivery_table.c.claimed_by.in_(bindparam("ids", expanding=True)),
        webhook_delivery_table.c.state == State.PENDING,
    )
    .values(next_try_at=bindparam("now"), claimed_by=None)
)
_FORGET = delete(background_process_table).where(
    background_process_table.c.id.in_(bindparam("ids", expanding=True))
)


def _release(desk: Desk, ids: Sequence[UUID]) -> None:
    if not ids:
        return
    desk.db.execute(_FREE_MESSAGES, {"ids": list(ids)})
    desk.db.execute(_FREE_DELIVERIES, {"ids": list(ids), "now": desk.now})
    desk.db.execute(_FORGET, {"ids": list(ids)})
    desk.after += [outbox.bell.set, outbox.changes_bell.set, webhook_deliveries.bell.set]
