"""Whether email leaves the help desk, for administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, select

from ticket_app.core.email.outgoing.transport import CONNECTION_PROBLEM
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import outgoing_email_table

RECENT = timedelta(days=1)
MAX_COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class EmailHealth:
    """What keeps email from leaving, and how much waits or has failed; at most 1,000 are counted.

    `problem` is empty while the mail server works.
    """

    problem: str
    waiting: int
    failed_recently: int


_SELECT_PROBLEM = (
    select(outgoing_email_table.c.reason)
    .where(
        outgoing_email_table.c.state == DeliveryState.WAITING,
        outgoing_email_table.c.reason.startswith(CONNECTION_PROBLEM),
    )
    .order_by(outgoing_email_table.c.id.desc())
    .limit(1)
)
_COUNT_WAITING = select(func.count()).select_from(
    select(outgoing_email_table.c.id)
    .where(outgoing_email_table.c.state == DeliveryState.WAITING)
    .limit(MAX_COUNTED)
    .subquery()
)
_COUNT_FAILED = select(func.count()).select_from(
    select(outgoing_email_table.c.id)
    .where(
        outgoing_email_table.c.state == DeliveryState.FAILED,
        outgoing_email_table.c.created_at >= bindparam("recent"),
    )
    .limit(MAX_COUNTED)
    .subquery()
)


def read_health(uow: UnitOfWork) -> EmailHealth:
    """Return whether email leaves the help desk. The caller checks who may know."""
    reason = uow.connection.execute(_SELECT_PROBLEM).scalar()
    return EmailHealth(
        problem=str(reason or "").removeprefix(CONNECTION_PROBLEM),
        waiting=uow.connection.execute(_COUNT_WAITING).scalar_one(),
        failed_recently=uow.connection.execute(
            _COUNT_FAILED, {"recent": uow.now - RECENT}
        ).scalar_one(),
    )


def get_health(uow: UnitOfWork) -> EmailHealth:
    """Return whether email leaves the help desk. Raises `Forbidden`."""
    uow.actor.require("set_up", "see outgoing email")
    return read_health(uow)
