"""Webhook Integration: subscriptions, their secrets and deliveries.

The document shows the configuration only; the rest follows its style. A webhook is identified by
its `id` or `webhook_id` (`wh_...`), a delivery by its `id` or `message_id` (`msg_...`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

import orjson
from fastapi import Query
from pydantic import BaseModel, StrictBool, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.fields import DateTime
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.network_addresses import MAX_URL_LENGTH
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import DeliveryState, format_message_id
from ticket_app.core.webhooks.event_messages import PING_EVENT
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.core.webhooks.rows import DeliveryRow, DeliverySummaryRow, WebhookRow

router = create_router("Webhooks")

Url = Annotated[StrictStr, Bounded(min_length=1, max_length=MAX_URL_LENGTH)]
Event = Annotated[StrictStr, Bounded(max_length=60, json_schema_extra={"enum": list(EVENT_NAMES)})]
Events = Annotated[list[Event], Bounded(min_length=1, max_length=2 * len(EVENT_NAMES))]
Secret = Annotated[StrictStr, Bounded(min_length=1, max_length=200)]


class NewWebhook(BaseModel):
    """Webhook Configuration."""

    url: Url
    events: Events
    secret: Secret | None = None
    active: StrictBool = True


class WebhookUpdate(BaseModel):
    """Update a webhook: any of these fields."""

    url: Url | None = None
    events: Events | None = None
    active: StrictBool | None = None


class SecretRotation(BaseModel):
    """The new secret; generated if it is missing."""

    secret: Secret | None = None


class ReplayRequest(BaseModel):
    """Send again the deliveries created in a period that are in this state."""

    since: DateTime
    until: DateTime | None = None
    state: DeliveryState = DeliveryState.FAILED


class WebhookOwner(TypedDict):
    """The user who owns the webhook."""

    id: int
    username: str


class Webhook(TypedDict):
    """A subscription; `secret` is included only when it was just created."""

    id: int
    webhook_id: str
    url: str
    events: list[str]
    active: bool
    owner: WebhookOwner
    failures: int
    failing_since: datetime | None
    switched_off_reason: str | None
    old_secret_valid_until: datetime | None
    created_at: datetime
    updated_at: datetime
    secret: NotRequired[str]


class Delivery(TypedDict):
    """A delivery to a webhook."""

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


class DeliveryAttempt(TypedDict):
    """One attempt of a delivery."""

    at: str
    status: int | None
    error: str | None
    milliseconds: int


class DeliveryDetails(Delivery):
    """A delivery with its payload, the last response and each attempt."""

    payload: object
    response_body: str | None
    tries: list[DeliveryAttempt]


class ReplayResult(TypedDict):
    """How many deliveries are sent again; `has_more` if there are more than one call handles."""

    replayed: int
    has_more: bool


def format_webhook(row: WebhookRow, secret: str | None = None) -> dict[str, object]:
    """Format a subscription."""
    payload: dict[str, object] = {
        "id": row.id,
        "webhook_id": webhook_subscriptions.format_public_id(row.uuid),
        "url": row.url,
        "events": row.events,
        "active": row.is_active,
        "owner": {"id": row.owner_id, "username": row.owner_username},
        "failures": row.failures,
        "failing_since": row.failing_since,
        "switched_off_reason": row.deactivation_reason,
        "old_secret_valid_until": row.old_secret_expires_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    return payload if secret is None else {**payload, "secret": secret}


def format_delivery_summary(
    row: DeliverySummaryRow | DeliveryRow, subscription: WebhookRow
) -> dict[str, object]:
    """Format a delivery for lists."""
    return {
        "id": row.id,
        "message_id": format_message_id(row.uuid),
        "webhook_id": webhook_subscriptions.format_public_id(subscription.uuid),
        "event": row.event,
        "state": row.state,
        "attempts": row.attempts,
        "next_try_at": row.next_try_at,
        "response_status": row.response_status,
        "created_at": row.created_at,
        "delivered_at": row.delivered_at,
    }


def format_delivery_details(row: DeliveryRow, subscription: WebhookRow) -> dict[str, object]:
    """Format a delivery with its payload, response and attempts."""
    return {
        **format_delivery_summary(row, subscription),
        "payload": orjson.Fragment(row.payload),
        "response_body": row.response_body,
        "tries": row.attempt_log,
    }


def _response_with_secret(
    uow: UnitOfWork, row: WebhookRow, secret: str, message: str, status_code: int = 200
) -> JsonResponse:
    response = success_response(uow, format_webhook(row, secret), message, status_code=status_code)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/webhooks", status_code=201, response_model=SuccessResponse[Webhook])
def create_webhook(body: NewWebhook, uow: AuthenticatedUow) -> JsonResponse:
    """Webhook Configuration; only this response contains the secret."""
    row, secret = webhook_subscriptions.subscribe(
        uow, body.url, body.events, secret=body.secret, active=body.active
    )
    return _response_with_secret(uow, row, secret, "Webhook created successfully", 201)


@router.get("/webhooks", response_model=SuccessResponse[PageData[Webhook]])
def list_webhooks(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List all webhooks, oldest first."""
    rows = webhook_subscriptions.list_all(uow)
    return success_response(uow, page_parameters.slice_and_format_page(rows, format_webhook))


@router.get("/webhooks/{webhook_id}", response_model=SuccessResponse[Webhook])
def get_webhook(webhook_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get a webhook."""
    return success_response(uow, format_webhook(webhook_subscriptions.find(uow, webhook_id)))


@router.patch("/webhooks/{webhook_id}", response_model=SuccessResponse[Webhook])
def update_webhook(webhook_id: str, body: WebhookUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Change the URL or the events of a webhook, or pause it."""
    changes = webhook_subscriptions.WebhookChanges(**body.model_dump(exclude_none=True))
    row = webhook_subscriptions.update_webhook(uow, webhook_id, changes)
    return success_response(uow, format_webhook(row), "Webhook updated successfully")


@router.delete("/webhooks/{webhook_id}", response_model=SuccessResponse[None])
def delete_webhook(webhook_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a webhook. Pending deliveries are not sent."""
    webhook_subscriptions.delete_webhook(uow, webhook_id)
    return success_response(uow, None, "Webhook deleted successfully")


@router.post("/webhooks/{webhook_id}/rotate-secret", response_model=SuccessResponse[Webhook])
def rotate_secret(
    webhook_id: str, uow: AuthenticatedUow, body: SecretRotation | None = None
) -> JsonResponse:
    """Replace the secret; for 24 hours messages are also signed with the old one."""
    row, secret = webhook_subscriptions.rotate_secret(
        uow, webhook_id, body.secret if body else None
    )
    return _response_with_secret(uow, row, secret, "Secret rotated successfully")


@router.post(
    "/webhooks/{webhook_id}/test", status_code=201, response_model=SuccessResponse[DeliveryDetails]
)
def test_webhook(webhook_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Send a `ping` event to a webhook."""
    row = delivery_log.send_ping(uow, webhook_id)
    payload = format_delivery_details(row, webhook_subscriptions.find(uow, webhook_id))
    return success_response(uow, payload, "Test message is on its way", status_code=201)


@router.post("/webhooks/{webhook_id}/replay", response_model=SuccessResponse[ReplayResult])
def replay_webhook(webhook_id: str, body: ReplayRequest, uow: AuthenticatedUow) -> JsonResponse:
    """Send the deliveries of a period again, at most 1,000 per call."""
    replayed, has_more = delivery_log.replay_since(
        uow, webhook_id, body.since, body.until, state=body.state
    )
    payload = {"replayed": replayed, "has_more": has_more}
    return success_response(uow, payload, f"{replayed} messages are on their way again")


@router.get("/webhooks/{webhook_id}/deliveries", response_model=SuccessResponse[PageData[Delivery]])
def list_deliveries(
    webhook_id: str,
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    state: DeliveryState | None = None,
    event: Annotated[
        str | None, Query(max_length=60, json_schema_extra={"enum": [*EVENT_NAMES, PING_EVENT]})
    ] = None,
) -> JsonResponse:
    """List the deliveries of the last 30 days, newest first; at most 10,000 are counted."""
    if page_parameters.page_request.offset > delivery_log.MAX_COUNTED:
        raise NotFound("Page")
    row = webhook_subscriptions.find(uow, webhook_id)
    deliveries, total = delivery_log.list_deliveries(
        uow, row.id, page_parameters.page_request, state=state, event=event
    )
    return success_response(
        uow,
        page_parameters.format_page(
            (format_delivery_summary(delivery_row, row) for delivery_row in deliveries), total
        ),
    )


@router.get(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    response_model=SuccessResponse[DeliveryDetails],
)
def get_delivery(webhook_id: str, delivery_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get a delivery with its payload, the last response and each attempt."""
    row = delivery_log.find(uow, webhook_id, delivery_id)
    return success_response(
        uow, format_delivery_details(row, webhook_subscriptions.find(uow, webhook_id))
    )


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    response_model=SuccessResponse[DeliveryDetails],
)
def replay_delivery(webhook_id: str, delivery_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Send a delivery again with the same message id."""
    row = delivery_log.replay(uow, webhook_id, delivery_id)
    payload = format_delivery_details(row, webhook_subscriptions.find(uow, webhook_id))
    return success_response(uow, payload, "The message is on its way again")
