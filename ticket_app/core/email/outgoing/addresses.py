"""Undeliverable addresses as administrators see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from ticket_app.core.email.outgoing import failures
from ticket_app.core.platform import audit_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import person_table, undeliverable_address_table


class UndeliverableRow:
    """An address that nothing is sent to, and why."""

    id: int
    address: str
    reason: str
    created_at: datetime
    person_name: str | None


_SELECT_UNDELIVERABLE = (
    select(
        undeliverable_address_table.c.id,
        undeliverable_address_table.c.address,
        undeliverable_address_table.c.reason,
        undeliverable_address_table.c.created_at,
        person_table.c.full_name.label("person_name"),
    )
    .select_from(
        undeliverable_address_table.outerjoin(
            person_table, person_table.c.email_folded == undeliverable_address_table.c.address
        )
    )
    .order_by(undeliverable_address_table.c.id.desc())
    .limit(bindparam("limit"))
)


def list_undeliverable(uow: UnitOfWork, *, limit: int = 200) -> Sequence[UndeliverableRow]:
    """Return undeliverable addresses, the latest first. Raises `Forbidden`."""
    uow.actor.require("set_up", "see undeliverable addresses")
    return uow.all_rows(_SELECT_UNDELIVERABLE, {"limit": limit}, of=UndeliverableRow)


def clear(uow: UnitOfWork, address: str) -> None:
    """Send email to an address again. Raises `Forbidden`."""
    uow.actor.require("set_up", "clear undeliverable addresses")
    if failures.is_undeliverable(uow, address):
        failures.clear_undeliverable(uow, address)
        audit_log.record(
            uow,
            AuditKind.SETTING,
            AuditAction.DELETED,
            subject_type="undeliverable_address",
            subject_name=address,
        )
