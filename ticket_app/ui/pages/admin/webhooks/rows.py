"""Rows of the webhook pages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import rows as stored_rows
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import DeliveryState, format_message_id
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.ui import routes
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.rows import iso_time

PAGE_SIZE: Final = 50
MAX_SHOWN_PAYLOAD: Final = 40_000
"""Maximum characters of a payload that the dialog shows."""


@dataclass(frozen=True)
class WebhookRow:
    """A webhook without its secret."""

    id: str = ""
    href: str = ""
    url: str = ""
    host: str = ""
    path: str = ""
    events: list[str] = field(default_factory=list)
    has_all_events: bool = False
    is_active: bool = False
    disabled_reason: str = ""
    failures: int = 0
    failing_since: str = ""
    owner: str = ""
    old_secret_until: str = ""
    at: str = ""
    last_state: str = ""
    last_status: str = ""
    last_at: str = ""


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery in the list."""

    id: int
    event: str
    state: str
    number: str
    href: str
    attempts: int
    status: str
    at: str
    next_at: str


@dataclass(frozen=True)
class Attempt:
    """One attempt to send a delivery, with its outcome."""

    at: str
    outcome: str


@dataclass(frozen=True)
class DeliveryDetails:
    """A delivery with its payload, response and attempts."""

    id: int = 0
    event: str = ""
    state: str = ""
    message_id: str = ""
    payload: str = ""
    response: str = ""
    can_replay: bool = False
    attempts: list[Attempt] = field(default_factory=list)


@dataclass(frozen=True)
class WebhookLogPage:
    """A webhook and one page of its deliveries."""

    webhook: WebhookRow
    rows: list[DeliveryRow]
    total: int


def webhook_rows(uow: UnitOfWork) -> list[WebhookRow]:
    """Return every webhook with the state of its latest delivery."""
    latest = delivery_log.latest_by_webhook(uow)
    return [webhook_row(row, latest.get(row.id)) for row in webhook_subscriptions.list_all(uow)]


def webhook_row(
    row: stored_rows.WebhookRow, latest: stored_rows.DeliverySummaryRow | None = None
) -> WebhookRow:
    """Return a webhook with the state of its latest delivery."""
    host, slash, path = row.url.partition("://")[2].partition("/")
    reference = webhook_subscriptions.format_public_id(row.uuid)
    return WebhookRow(
        id=reference,
        href=routes.admin_webhook(reference),
        url=row.url,
        host=host,
        path=slash + path,
        events=list(row.events),
        has_all_events=len(row.events) == len(EVENT_NAMES),
        is_active=row.is_active,
        disabled_reason=row.deactivation_reason or "",
        failures=row.failures,
        failing_since=iso_time(row.failing_since),
        owner=row.owner_username,
        old_secret_until=_format_until(row.old_secret_expires_at),
        at=iso_time(row.created_at),
        last_state=_delivery_state(latest) if latest else "",
        last_status=str(latest.response_status or "") if latest else "",
        last_at=iso_time(latest.delivered_at or latest.created_at) if latest else "",
    )


def _format_until(at: datetime | None) -> str:
    return f"{at:%-d %B, %H:%M} UTC" if at else ""


def _delivery_state(row: stored_rows.DeliverySummaryRow | stored_rows.DeliveryRow) -> str:
    """Return the delivery's state; pending ones with a failed attempt are "retrying"."""
    if row.state == DeliveryState.PENDING and row.attempts > 0:
        return "retrying"
    return row.state


def load_log(uow: UnitOfWork, reference: str, state: str, page: int) -> WebhookLogPage:
    """Return a webhook and one page of its deliveries, newest first."""
    row = webhook_subscriptions.find(uow, reference)
    chosen = DeliveryState(state) if state in {*DeliveryState} else None
    found, total = delivery_log.list_deliveries(
        uow, reference, PageRequest(PAGE_SIZE, offset=(page - 1) * PAGE_SIZE), state=chosen
    )
    shown = webhook_row(row)
    if row.old_secret_expires_at and row.old_secret_expires_at <= uow.now:
        shown = replace(shown, old_secret_until="")
    return WebhookLogPage(shown, [_delivery_row(one) for one in found], total)


def _delivery_row(row: stored_rows.DeliverySummaryRow) -> DeliveryRow:
    number = ticket_numbers.format_key(row) if row.key_prefix else ""
    return DeliveryRow(
        id=row.id,
        event=row.event,
        state=_delivery_state(row),
        number=number,
        href=routes.desk_ticket(number) if number else "",
        attempts=row.attempts,
        status=str(row.response_status or ""),
        at=iso_time(row.created_at),
        next_at=iso_time(row.next_try_at),
    )


def load_delivery(uow: UnitOfWork, reference: str, delivery_id: int) -> DeliveryDetails:
    """Return a delivery with its payload, response and attempts."""
    row = delivery_log.find(uow, reference, delivery_id)
    full_payload = json.dumps(json.loads(row.payload), indent=2, ensure_ascii=False)
    shown_payload = full_payload[:MAX_SHOWN_PAYLOAD]
    return DeliveryDetails(
        id=row.id,
        event=row.event,
        state=_delivery_state(row),
        message_id=format_message_id(row.uuid),
        payload=shown_payload
        if shown_payload == full_payload
        else texts.webhooks_payload_cut(shown_payload),
        response=row.response_body or "",
        can_replay=row.state != DeliveryState.PENDING,
        attempts=[
            Attempt(str(one["at"]), _attempt_outcome(one)) for one in reversed(row.attempt_log)
        ],
    )


def _attempt_outcome(one: dict[str, object]) -> str:
    result = (
        texts.webhooks_responded(one["status"])
        if one["status"]
        else one["error"] or texts.WEBHOOKS_NO_RESPONSE
    )
    return texts.webhooks_attempt(result, one["milliseconds"])
