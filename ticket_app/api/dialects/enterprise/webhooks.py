"""Webhook Integration: subscriptions, their secrets, and what was sent to them.

The document shows the configuration only; the rest follows its style. A webhook is named by its
`id` or its `webhook_id` (`wh_...`), a delivery by its `id` or its `message_id` (`msg_...`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, NotRequired

import orjson
from fastapi import Query
from pydantic import BaseModel, StrictBool, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller
from ticket_app.api.kit.fields import Moment
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.network_addresses import LONGEST_URL
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import State, message_id
from ticket_app.core.webhooks.events import EVENTS, PING

router = part("Webhooks")

Url = Annotated[StrictStr, Bounded(min_length=1, max_length=LONGEST_URL)]
Event = Annotated[StrictStr, Bounded(max_length=60, json_schema_extra={"enum": list(EVENTS)})]
Events = Annotated[list[Event], Bounded(min_length=1, max_length=2 * len(EVENTS))]
Secret = Annotated[StrictStr, Bounded(min_length=1, max_length=200)]


class NewWebhook(BaseModel):
    """Webhook Configuration."""

    url: Url
    events: Events
    secret: Secret | None = None
    active: StrictBool = True


class WebhookChange(BaseModel):
    """What is to change of a webhook."""

    url: Url | None = None
    events: Events | None = None
    active: StrictBool | None = None


class NewSecret(BaseModel):
    """The secret to take from now on; without one, one is made."""

    secret: Secret | None = None


class ReplayedTime(BaseModel):
    """Which messages to send again: made between the two moments, and ended in this state."""

    since: Moment
    until: Moment | None = None
    state: State = State.FAILED


class Person(TypedDict):
    """A user, by name."""

    id: int
    username: str


class Webhook(TypedDict):
    """A subscription; `secret` only where it was just made."""

    id: int
    webhook_id: str
    url: str
    events: list[str]
    active: bool
    owner: Person
    failures: int
    failing_since: datetime | None
    switched_off_reason: str | None
    old_secret_valid_until: datetime | None
    created_at: datetime
    updated_at: datetime
    secret: NotRequired[str]


class Delivery(TypedDict):
    """A message to one webhook."""

    id: int
    message_id: str
    webhook_id: str
    event: str
    state: str
    attempts: int
    next_try_at: datetime | None
    response_status: int | None
    created_at: datetime
    delivered_at: datetime | None


class Try(TypedDict):
    """What came of sending it once."""

    at: str
    status: int | None
    error: str | None
    milliseconds: int


class WholeDelivery(Delivery):
    """A message with what was sent, what came back, and each try."""

    payload: Any
    response_body: str | None
    tries: list[Try]


class Replayed(TypedDict):
    """How many messages go out again; `has_more` if there are more than one call takes."""

    replayed: int
    has_more: bool


def webhook(row: Any, secret: str | None = None) -> dict[str, Any]:
    """A subscription as it is shown."""
    shown = {
        "id": row.id,
        "webhook_id": webhook_subscriptions.printed(row.uuid),
        "url": row.url,
        "events": row.events,
        "active": row.is_active,
        "owner": {"id": row.owner_id, "username": row.owner_username},
        "failures": row.failures,
        "failing_since": row.failing_since,
        "switched_off_reason": row.switched_off_why,
        "old_secret_valid_until": row.old_secret_until,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    return shown if secret is None else {**shown, "secret": secret}


def delivery(row: Any, of: Any) -> dict[str, Any]:
    """A message as lists show it."""
    return {
        "id": row.id,
        "message_id": message_id(row.uuid),
        "webhook_id": webhook_subscriptions.printed(of.uuid),
        "event": row.event,
        "state": row.state,
        "attempts": row.attempts,
        "next_try_at": row.next_try_at,
        "response_status": row.response_status,
        "created_at": row.created_at,
        "delivered_at": row.delivered_at,
    }


def whole_delivery(row: Any, of: Any) -> dict[str, Any]:
    """A message with all that is known of it."""
    return {
        **delivery(row, of),
        "payload": orjson.Fragment(row.payload),
        "response_body": row.response_body,
        "tries": row.tries,
    }


def _with_secret(desk: Desk, row: Any, secret: str, message: str, status_code: int = 200) -> Json:
    answer = told(desk, webhook(row, secret), message, status_code=status_code)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/webhooks", status_code=201, response_model=Told[Webhook])
def create_webhook(body: NewWebhook, desk: Caller) -> Any:
    """Webhook Configuration; the answer alone shows the secret."""
    row, secret = webhook_subscriptions.subscribe(
        desk, body.url, body.events, secret=body.secret, active=body.active
    )
    return _with_secret(desk, row, secret, "Webhook created successfully", 201)


@router.get("/webhooks", response_model=Told[Listed[Webhook]])
def list_webhooks(desk: Caller, leaf: Paging) -> Any:
    """All webhooks, the oldest first."""
    rows = webhook_subscriptions.listed(desk)
    shown = rows[leaf.part.offset : leaf.part.offset + leaf.part.limit]
    return told(desk, leaf.listed(map(webhook, shown), len(rows)))


@router.get("/webhooks/{webhook_id}", response_model=Told[Webhook])
def get_webhook(webhook_id: str, desk: Caller) -> Any:
    """One webhook."""
    return told(desk, webhook(webhook_subscriptions.find(desk, webhook_id)))


@router.patch("/webhooks/{webhook_id}", response_model=Told[Webhook])
def update_webhook(webhook_id: str, body: WebhookChange, desk: Caller) -> Any:
    """Change where it leads, what it is told of, or whether it is told at all."""
    row = webhook_subscriptions.change(desk, webhook_id, body.model_dump(exclude_none=True))
    return told(desk, webhook(row), "Webhook updated successfully")


@router.delete("/webhooks/{webhook_id}", response_model=Told[None])
def delete_webhook(webhook_id: str, desk: Caller) -> Any:
    """End a subscription; what waits is not sent."""
    webhook_subscriptions.remove(desk, webhook_id)
    return told(desk, None, "Webhook deleted successfully")


@router.post("/webhooks/{webhook_id}/rotate-secret", response_model=Told[Webhook])
def rotate_secret(webhook_id: str, desk: Caller, body: NewSecret | None = None) -> Any:
    """Give it a new secret; for 24 hours messages are signed with the old one, too."""
    row, secret = webhook_subscriptions.rotate_secret(
        desk, webhook_id, body.secret if body else None
    )
    return _with_secret(desk, row, secret, "Secret rotated successfully")


@router.post("/webhooks/{webhook_id}/test", status_code=201, response_model=Told[WholeDelivery])
def test_webhook(webhook_id: str, desk: Caller) -> Any:
    """Send it a message that only tries it (event `ping`), by the way all messages go."""
    row = delivery_log.send_ping(desk, webhook_id)
    shown = whole_delivery(row, webhook_subscriptions.find(desk, webhook_id))
    return told(desk, shown, "Test message is on its way", status_code=201)


@router.post("/webhooks/{webhook_id}/replay", response_model=Told[Replayed])
def replay_webhook(webhook_id: str, body: ReplayedTime, desk: Caller) -> Any:
    """Send the messages of a time again, at most 1,000 at once."""
    replayed, has_more = delivery_log.replay_since(
        desk, webhook_id, body.since, body.until, state=body.state
    )
    shown = {"replayed": replayed, "has_more": has_more}
    return told(desk, shown, f"{replayed} messages are on their way again")


@router.get("/webhooks/{webhook_id}/deliveries", response_model=Told[Listed[Delivery]])
def list_deliveries(
    webhook_id: str,
    desk: Caller,
    leaf: Paging,
    state: State | None = None,
    event: Annotated[
        str | None, Query(max_length=60, json_schema_extra={"enum": [*EVENTS, PING]})
    ] = None,
) -> Any:
    """Its messages of the last 30 days, the newest first; at most 10,000 are counted."""
    if leaf.part.offset > delivery_log.MOST_COUNTED:
        raise NotFound("Page")
    row = webhook_subscriptions.find(desk, webhook_id)
    found, total = delivery_log.listed(desk, row.id, leaf.part, state=state, event=event)
    return told(desk, leaf.listed((delivery(one, row) for one in found), total))


@router.get("/webhooks/{webhook_id}/deliveries/{delivery_id}", response_model=Told[WholeDelivery])
def get_delivery(webhook_id: str, delivery_id: str, desk: Caller) -> Any:
    """One message with what was sent, what came back, and each try."""
    row = delivery_log.find(desk, webhook_id, delivery_id)
    return told(desk, whole_delivery(row, webhook_subscriptions.find(desk, webhook_id)))


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", response_model=Told[WholeDelivery]
)
def replay_delivery(webhook_id: str, delivery_id: str, desk: Caller) -> Any:
    """Send one message once more, with the id it had."""
    row = delivery_log.replay(desk, webhook_id, delivery_id)
    shown = whole_delivery(row, webhook_subscriptions.find(desk, webhook_id))
    return told(desk, shown, "The message is on its way again")
