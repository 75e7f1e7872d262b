"""Webhooks and what was sent to them, as the pages show them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import delivery_log
from ticket_app.core.webhooks import subscriptions as webhook_subscriptions
from ticket_app.core.webhooks.deliveries import State, message_id
from ticket_app.core.webhooks.events import EVENTS
from ticket_app.ui import routes
from ticket_app.ui.rows import moment

PAGE: Final = 50
LONGEST_SHOWN: Final = 40_000
"""Characters of a payload that a dialog shows."""
MEANS: Final[dict[str, str]] = {
    "ticket.created": "A ticket was filed",
    "ticket.updated": "A field of it changed",
    "ticket.status_changed": "Its status changed",
    "ticket.assigned": "Somebody was given it",
    "comment.added": "Somebody wrote on it",
    "approval.requested": "Approval was asked for",
    "approval.processed": "An approval was decided",
    "file.uploaded": "A file was added",
}
"""What each event is sent for (held total by a test)."""


@dataclass(frozen=True)
class WebhookRow:
    """A webhook without its secret."""

    id: str = ""
    href: str = ""
    url: str = ""
    host: str = ""
    path: str = ""
    events: list[str] = field(default_factory=list)
    hears_all: bool = False
    is_active: bool = False
    why: str = ""
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
    """A message to a webhook, on one line."""

    id: int
    event: str
    state: str
    number: str
    href: str
    tries: int
    status: str
    at: str
    next_at: str


@dataclass(frozen=True)
class Try:
    """What came of sending a message once."""

    at: str
    outcome: str


@dataclass(frozen=True)
class Message:
    """A message whole: what was sent, what came back, each try."""

    id: int = 0
    event: str = ""
    state: str = ""
    message_id: str = ""
    payload: str = ""
    answer: str = ""
    may_replay: bool = False
    tries: list[Try] = field(default_factory=list)


@dataclass(frozen=True)
class Log:
    """A webhook and a page of its deliveries."""

    webhook: WebhookRow
    rows: list[DeliveryRow]
    total: int


def webhook_rows(desk: Desk) -> list[WebhookRow]:
    """Every webhook, with what became of its newest message."""
    latest = delivery_log.latest(desk)
    return [webhook_row(row, latest.get(row.id)) for row in webhook_subscriptions.listed(desk)]


def webhook_row(row: Any, last: Any = None) -> WebhookRow:
    """One webhook, and the newest of its deliveries."""
    host, slash, path = row.url.partition("://")[2].partition("/")
    printed = webhook_subscriptions.printed(row.uuid)
    return WebhookRow(
        id=printed,
        href=routes.admin_webhook(printed),
        url=row.url,
        host=host,
        path=slash + path,
        events=list(row.events),
        hears_all=len(row.events) == len(EVENTS),
        is_active=row.is_active,
        why=row.switched_off_why or "",
        failures=row.failures,
        failing_since=moment(row.failing_since),
        owner=row.owner_username,
        old_secret_until=_until(row.old_secret_until),
        at=moment(row.created_at),
        last_state=_state(last) if last else "",
        last_status=str(last.response_status or "") if last else "",
        last_at=moment(last.delivered_at or last.created_at) if last else "",
    )


def _until(at: datetime | None) -> str:
    """A moment to come, as it is written."""
    return f"{at:%-d %B, %H:%M} UTC" if at else ""


def _state(row: Any) -> str:
    """How a message stands: one that was tried and is tried again has a word of its own."""
    if row.state == State.PENDING and row.attempts > 0:
        return "retrying"
    return row.state


def log_of(desk: Desk, reference: str, state: str, page: int) -> Log:
    """A webhook and a page of what was sent to it, the newest first."""
    row = webhook_subscriptions.find(desk, reference)
    chosen = State(state) if state in {*State} else None
    found, total = delivery_log.listed(
        desk, reference, Slice(PAGE, offset=(page - 1) * PAGE), state=chosen
    )
    shown = webhook_row(row)
    if row.old_secret_until and row.old_secret_until <= desk.now:
        shown = replace(shown, old_secret_until="")
    return Log(shown, [_delivery(one) for one in found], total)


def _delivery(row: Any) -> DeliveryRow:
    number = ticket_numbers.key(row) if row.key_prefix else ""
    return DeliveryRow(
        id=row.id,
        event=row.event,
        state=_state(row),
        number=number,
        href=routes.desk_ticket(number) if number else "",
        tries=row.attempts,
        status=str(row.response_status or ""),
        at=moment(row.created_at),
        next_at=moment(row.next_try_at),
    )


def message(desk: Desk, reference: str, delivery_id: int) -> Message:
    """One message to a webhook, whole."""
    row = delivery_log.find(desk, reference, delivery_id)
    whole = json.dumps(json.loads(row.payload), indent=2, ensure_ascii=False)
    cut = whole[:LONGEST_SHOWN]
    return Message(
        id=row.id,
        event=row.event,
        state=_state(row),
        message_id=message_id(row.uuid),
        payload=cut if cut == whole else f"{cut}\n… cut here; the API tells it whole",
        answer=row.response_body or "",
        may_replay=row.state != State.PENDING,
        tries=[Try(str(one["at"]), _outcome(one)) for one in reversed(row.tries)],
    )


def _outcome(one: dict[str, Any]) -> str:
    came = f"answered {one['status']}" if one["status"] else one["error"] or "no answer"
    return f"{came} after {one['milliseconds']} ms"
