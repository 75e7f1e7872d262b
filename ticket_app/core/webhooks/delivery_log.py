"""List, resend and test webhook deliveries, for people who manage webhooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation, invalid_choice
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import DeliveryState
from ticket_app.core.webhooks.event_messages import PING_EVENT, build_ping
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.core.webhooks.rows import DeliveryRow, DeliverySummaryRow
from ticket_app.core.webhooks.subscriptions import MAX_ID, Receiver
from ticket_app.tables import ticket_table, webhook_delivery_table, webhook_table

MAX_REPLAYED = 1_000
MAX_COUNTED = 10_000
INACTIVE_WEBHOOK = "This webhook is inactive. Activate it to send deliveries."
_MESSAGE_ID_PATTERN = re.compile(r"msg_([0-9a-f]{32})")

_LIST_COLUMNS = (
    webhook_delivery_table.c.id,
    webhook_delivery_table.c.uuid,
    webhook_delivery_table.c.webhook_id,
    webhook_delivery_table.c.event,
    webhook_delivery_table.c.state,
    webhook_delivery_table.c.attempts,
    webhook_delivery_table.c.next_try_at,
    webhook_delivery_table.c.response_status,
    webhook_delivery_table.c.created_at,
    webhook_delivery_table.c.delivered_at,
    ticket_table.c.key_prefix,
    ticket_table.c.key_number,
)
_SELECT_DELIVERIES = select(*_LIST_COLUMNS).select_from(
    webhook_delivery_table.outerjoin(
        ticket_table, ticket_table.c.id == webhook_delivery_table.c.ticket_id
    )
)
_LATEST_DELIVERY_ID = (
    select(func.max(webhook_delivery_table.c.id))
    .where(webhook_delivery_table.c.webhook_id == webhook_table.c.id)
    .correlate(webhook_table)
    .scalar_subquery()
)
_SELECT_LATEST = _SELECT_DELIVERIES.where(
    webhook_delivery_table.c.id.in_(
        select(_LATEST_DELIVERY_ID)
        .select_from(webhook_table)
        .where(webhook_table.c.deleted_at.is_(None))
    )
)


def latest_by_webhook(uow: UnitOfWork) -> dict[int, DeliverySummaryRow]:
    """Return the newest delivery of each webhook by webhook id. Raises `Forbidden`."""
    uow.actor.require(webhook_subscriptions.MANAGE_WEBHOOKS, "manage webhooks")
    return {row.webhook_id: row for row in uow.all_rows(_SELECT_LATEST, of=DeliverySummaryRow)}


def list_deliveries(
    uow: UnitOfWork,
    reference: str | int,
    part: PageRequest,
    *,
    state: DeliveryState | None = None,
    event: str | None = None,
) -> tuple[Sequence[DeliverySummaryRow], int]:
    """Return a page of a webhook's deliveries, newest first, and their number (at most 10,000).

    Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    row = webhook_subscriptions.find(uow, reference)
    if event is not None and event not in (*EVENT_NAMES, PING_EVENT):
        raise Invalid("event", invalid_choice((*EVENT_NAMES, PING_EVENT), event))
    conditions = [webhook_delivery_table.c.webhook_id == row.id]
    if state is not None:
        conditions.append(webhook_delivery_table.c.state == state)
    if event is not None:
        conditions.append(webhook_delivery_table.c.event == event)
    statement = (
        _SELECT_DELIVERIES.where(*conditions)
        .order_by(webhook_delivery_table.c.id.desc())
        .limit(part.limit)
        .offset(part.offset)
    )
    rows = uow.all_rows(statement, of=DeliverySummaryRow)
    counted_ids = (
        select(webhook_delivery_table.c.id).where(*conditions).limit(MAX_COUNTED).subquery()
    )
    return rows, uow.connection.execute(select(func.count()).select_from(counted_ids)).scalar_one()


def find(uow: UnitOfWork, reference: str | int, delivery: str | int) -> DeliveryRow:
    """Return one delivery with its payload, by its id or message id. Raises `Forbidden`,
    `NotFound`.
    """
    row = webhook_subscriptions.find(uow, reference)
    if match := _MESSAGE_ID_PATTERN.fullmatch(str(delivery)):
        return _get_delivery(uow, row.id, webhook_delivery_table.c.uuid == UUID(match.group(1)))
    number = int(delivery) if str(delivery).isdecimal() and len(str(delivery)) <= 10 else 0
    return _get_delivery(
        uow, row.id, webhook_delivery_table.c.id == (number if number <= MAX_ID else 0)
    )


def _get_delivery(uow: UnitOfWork, webhook_id: int, condition: ColumnElement[bool]) -> DeliveryRow:
    statement = select(webhook_delivery_table).where(
        webhook_delivery_table.c.webhook_id == webhook_id, condition
    )
    row = uow.first_row(statement, of=DeliveryRow)
    if row is None:
        raise NotFound("Delivery")
    return row


_RESET_VALUES = {"state": DeliveryState.PENDING, "attempts": 0, "delivered_at": None}


def replay(uow: UnitOfWork, reference: str | int, delivery: str | int) -> DeliveryRow:
    """Send a delivery again under the same message id; return the delivery.

    Raises `Forbidden`, `NotFound`, `RuleViolation` if the webhook is inactive or the delivery is
    still pending.
    """
    row = find(uow, reference, delivery)
    if not webhook_subscriptions.find(uow, reference).is_active:
        raise RuleViolation(INACTIVE_WEBHOOK)
    updated = uow.connection.execute(
        update(webhook_delivery_table)
        .where(
            webhook_delivery_table.c.id == row.id,
            webhook_delivery_table.c.state != DeliveryState.PENDING,
        )
        .values(**_RESET_VALUES, next_try_at=uow.now)
    )
    if updated.rowcount != 1:
        raise RuleViolation(
            "This delivery is still pending. Wait until it has been delivered or has failed."
        )
    uow.after_commit.append(webhook_deliveries.wake_event.set)
    return find(uow, reference, row.id)


def replay_since(
    uow: UnitOfWork,
    reference: str | int,
    since: datetime,
    until: datetime | None = None,
    *,
    state: DeliveryState = DeliveryState.FAILED,
) -> tuple[int, bool]:
    """Send finished deliveries of a period again, oldest first.

    Returns how many were queued, and whether there are more than one call takes. Raises
    `Forbidden`, `NotFound`, `Invalid`, `RuleViolation`.
    """
    row = webhook_subscriptions.find(uow, reference)
    if not row.is_active:
        raise RuleViolation(INACTIVE_WEBHOOK)
    if state is DeliveryState.PENDING:
        raise Invalid("state", "must be failed or delivered")
    end = until or uow.now
    if end < since:
        raise Invalid("until", "must not be before since")
    select_ids = (
        select(webhook_delivery_table.c.id)
        .where(
            webhook_delivery_table.c.webhook_id == row.id,
            webhook_delivery_table.c.state == state,
            webhook_delivery_table.c.created_at >= since,
            webhook_delivery_table.c.created_at <= end,
        )
        .order_by(webhook_delivery_table.c.id)
        .limit(MAX_REPLAYED + 1)
    )
    ids = uow.connection.execute(select_ids).scalars().all()
    if ids:
        uow.connection.execute(
            update(webhook_delivery_table)
            .where(
                webhook_delivery_table.c.id.in_(ids[:MAX_REPLAYED]),
                webhook_delivery_table.c.state != DeliveryState.PENDING,
            )
            .values(**_RESET_VALUES, next_try_at=uow.now)
        )
        uow.after_commit.append(webhook_deliveries.wake_event.set)
    return min(len(ids), MAX_REPLAYED), len(ids) > MAX_REPLAYED


def send_ping(uow: UnitOfWork, reference: str | int) -> DeliveryRow:
    """Queue a test delivery, sent like any other; return the delivery.

    Raises `Forbidden`, `NotFound`, `RuleViolation` if the webhook is inactive.
    """
    row = webhook_subscriptions.find(uow, reference)
    if not row.is_active:
        raise RuleViolation(INACTIVE_WEBHOOK)
    receiver = Receiver(row.id, row.uuid, frozenset({PING_EVENT}))
    (uuid,) = webhook_deliveries.enqueue_for_subscribers(uow, [build_ping(uow)], [receiver])
    return _get_delivery(uow, row.id, webhook_delivery_table.c.uuid == uuid)
