"""What was sent to webhooks, for those who manage them: to look at, to try, and to send again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from ticket_app.core.platform.errors import Invalid, NotFound, RuleBroken, not_a_choice
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import events as webhook_events
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import State
from ticket_app.core.webhooks.events import EVENTS, PING
from ticket_app.core.webhooks.subscriptions import LARGEST_ID, Receiver
from ticket_app.tables import ticket_table, webhook_delivery_table, webhook_table

MOST_REPLAYED = 1_000
MOST_COUNTED = 10_000
SWITCHED_OFF = "The webhook is switched off; switch it on to send it something"
_PRINTED = re.compile(r"msg_([0-9a-f]{32})")

_SHOWN = (
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
_LOG = select(*_SHOWN).select_from(
    webhook_delivery_table.outerjoin(
        ticket_table, ticket_table.c.id == webhook_delivery_table.c.ticket_id
    )
)
_NEWEST = (
    select(func.max(webhook_delivery_table.c.id))
    .where(webhook_delivery_table.c.webhook_id == webhook_table.c.id)
    .correlate(webhook_table)
    .scalar_subquery()
)
_LATEST = _LOG.where(
    webhook_delivery_table.c.id.in_(
        select(_NEWEST).select_from(webhook_table).where(webhook_table.c.deleted_at.is_(None))
    )
)


def latest(desk: Desk) -> dict[int, Any]:
    """The newest delivery of each webhook that has one, by the webhook's id. Raises `Forbidden`."""
    desk.actor.must(webhook_subscriptions.MANAGE, "manage webhooks")
    return {row.webhook_id: row for row in desk.db.execute(_LATEST)}


def listed(
    desk: Desk,
    reference: str | int,
    part: Slice,
    *,
    state: State | None = None,
    event: str | None = None,
) -> tuple[Sequence[Any], int]:
    """A webhook's deliveries, the newest first, and how many there are (10,000 are counted).

    Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    row = webhook_subscriptions.find(desk, reference)
    if event is not None and event not in (*EVENTS, PING):
        raise Invalid("event", not_a_choice((*EVENTS, PING), event))
    chosen = [webhook_delivery_table.c.webhook_id == row.id]
    if state is not None:
        chosen.append(webhook_delivery_table.c.state == state)
    if event is not None:
        chosen.append(webhook_delivery_table.c.event == event)
    found = desk.db.execute(
        _LOG.where(*chosen)
        .order_by(webhook_delivery_table.c.id.desc())
        .limit(part.limit)
        .offset(part.offset)
    ).all()
    counted = select(webhook_delivery_table.c.id).where(*chosen).limit(MOST_COUNTED).subquery()
    return found, desk.db.execute(select(func.count()).select_from(counted)).scalar_one()


def find(desk: Desk, reference: str | int, delivery: str | int) -> Any:
    """One delivery whole, by its id or its message's. Raises `Forbidden`, `NotFound`."""
    row = webhook_subscriptions.find(desk, reference)
    if match := _PRINTED.fullmatch(str(delivery)):
        return _one(desk, row.id, webhook_delivery_table.c.uuid == UUID(match.group(1)))
    number = int(delivery) if str(delivery).isdecimal() and len(str(delivery)) <= 10 else 0
    return _one(
        desk, row.id, webhook_delivery_table.c.id == (number if number <= LARGEST_ID else 0)
    )


def _one(desk: Desk, webhook_id: int, condition: Any) -> Any:
    found = desk.db.execute(
        select(webhook_delivery_table).where(
            webhook_delivery_table.c.webhook_id == webhook_id, condition
        )
    ).first()
    if found is None:
        raise NotFound("Delivery")
    return found


_AGAIN = {"state": State.PENDING, "attempts": 0, "delivered_at": None}


def replay(desk: Desk, reference: str | int, delivery: str | int) -> Any:
    """Send a message once more, with the id it had; returns the delivery.

    Raises `Forbidden`, `NotFound`, `RuleBroken` if the webhook is switched off or the message is on
    its way.
    """
    row = find(desk, reference, delivery)
    if not webhook_subscriptions.find(desk, reference).is_active:
        raise RuleBroken(SWITCHED_OFF)
    again = desk.db.execute(
        update(webhook_delivery_table)
        .where(
            webhook_delivery_table.c.id == row.id, webhook_delivery_table.c.state != State.PENDING
        )
        .values(**_AGAIN, next_try_at=desk.now)
    )
    if again.rowcount != 1:
        raise RuleBroken("The message is still on its way")
    desk.after.append(webhook_deliveries.bell.set)
    return find(desk, reference, row.id)


def replay_since(
    desk: Desk,
    reference: str | int,
    since: datetime,
    until: datetime | None = None,
    *,
    state: State = State.FAILED,
) -> tuple[int, bool]:
    """Send again what was made in a time and came to an end, the oldest first.

    Returns how many messages, and whether there are more than one call takes. Raises `Forbidden`,
    `NotFound`, `Invalid`, `RuleBroken`.
    """
    row = webhook_subscriptions.find(desk, reference)
    if not row.is_active:
        raise RuleBroken(SWITCHED_OFF)
    if state is State.PENDING:
        raise Invalid("state", "must be failed or delivered")
    end = until or desk.now
    if end < since:
        raise Invalid("until", "must not be before since")
    meant = (
        select(webhook_delivery_table.c.id)
        .where(
            webhook_delivery_table.c.webhook_id == row.id,
            webhook_delivery_table.c.state == state,
            webhook_delivery_table.c.created_at >= since,
            webhook_delivery_table.c.created_at <= end,
        )
        .order_by(webhook_delivery_table.c.id)
        .limit(MOST_REPLAYED + 1)
    )
    ids = desk.db.execute(meant).scalars().all()
    if ids:
        desk.db.execute(
            update(webhook_delivery_table)
            .where(
                webhook_delivery_table.c.id.in_(ids[:MOST_REPLAYED]),
                webhook_delivery_table.c.state != State.PENDING,
            )
            .values(**_AGAIN, next_try_at=desk.now)
        )
        desk.after.append(webhook_deliveries.bell.set)
    return min(len(ids), MOST_REPLAYED), len(ids) > MOST_REPLAYED


def send_ping(desk: Desk, reference: str | int) -> Any:
    """Send a message that only tries a webhook, by the way all go; returns the delivery.

    Raises `Forbidden`, `NotFound`, `RuleBroken` if it is switched off.
    """
    row = webhook_subscriptions.find(desk, reference)
    if not row.is_active:
        raise RuleBroken(SWITCHED_OFF)
    receiver = Receiver(row.id, row.uuid, frozenset({PING}))
    (uuid,) = webhook_deliveries.put(desk, [webhook_events.ping(desk)], [receiver])
    return _one(desk, row.id, webhook_delivery_table.c.uuid == uuid)
