"""What the tests of webhooks share: a subscription, and what it was told."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select

from tests.cast import UowFor
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.tables import webhook_delivery_table

URL = "https://your-app.com/webhooks/tickets"


def subscribed(uow: UnitOfWork, *events: str, url: str = URL, **options: Any) -> Any:
    """A webhook of the actor's, of all events unless some are named."""
    row, _ = webhook_subscriptions.subscribe(uow, url, events or EVENT_NAMES, **options)
    return row


def fan_out(uow_for: UowFor) -> None:
    """Write down what the timelines have new, at the clock's time."""
    with uow_for(None) as uow:
        messages = outbox.claim_due(uow, 100, (outbox.CHANGES_TOPIC,))
    with uow_for(None) as uow:
        webhook_deliveries.queue_deliveries_and_delete_messages(uow, messages)


def list_events(uow: UnitOfWork, webhook_id: int | None = None) -> list[dict[str, Any]]:
    """The payloads made so far, in their order."""
    statement = select(webhook_delivery_table.c.payload).order_by(webhook_delivery_table.c.id)
    if webhook_id is not None:
        statement = statement.where(webhook_delivery_table.c.webhook_id == webhook_id)
    return [orjson.loads(payload) for payload in uow.connection.execute(statement).scalars()]
