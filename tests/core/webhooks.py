"""What the tests of webhooks share: a subscription, and what it was told."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import select

from tests.cast import DeskFor
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.events import EVENTS
from ticket_app.tables import webhook_delivery_table

URL = "https://your-app.com/webhooks/tickets"


def subscribed(desk: Desk, *events: str, url: str = URL, **options: Any) -> Any:
    """A webhook of the actor's, of all events unless some are named."""
    row, _ = webhook_subscriptions.subscribe(desk, url, events or EVENTS, **options)
    return row


def fan_out(desk_for: DeskFor) -> None:
    """Write down what the timelines have new, at the clock's time."""
    with desk_for(None) as desk:
        messages = outbox.claim(desk, 100, (outbox.CHANGES_TOPIC,))
    with desk_for(None) as desk:
        webhook_deliveries.fan_out(desk, messages)


def told(desk: Desk, webhook_id: int | None = None) -> list[dict[str, Any]]:
    """The payloads made so far, in their order."""
    statement = select(webhook_delivery_table.c.payload).order_by(webhook_delivery_table.c.id)
    if webhook_id is not None:
        statement = statement.where(webhook_delivery_table.c.webhook_id == webhook_id)
    return [orjson.loads(payload) for payload in desk.db.execute(statement).scalars()]
