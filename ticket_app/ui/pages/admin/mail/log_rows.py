"""Rows of the log of outgoing email."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from ticket_app.core.email.outgoing import log
from ticket_app.core.email.outgoing.log import EmailFilters, LoggedEmailRow
from ticket_app.core.platform import dates
from ticket_app.core.platform.email_states import DeliveryState
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import routes
from ticket_app.ui.pages.admin.mail import texts
from ticket_app.ui.rows import iso_time

PAGE_SIZE: Final = 50
FILTER_NAMES: Final = ("state", "kind", "address", "ticket", "since", "until")
"""The filters in the page's address; `before` is the cursor of a page."""


@dataclass(frozen=True)
class EmailRow:
    """An outgoing email in the list."""

    uuid: str
    kind: str
    subject: str
    recipient: str
    number: str
    href: str
    state: str
    state_label: str
    reason: str
    attempts: str
    at: str


@dataclass(frozen=True)
class EmailLogPage:
    """One page of the log, with the number of emails in each state."""

    rows: list[EmailRow]
    counts: dict[str, str]
    next_cursor: str


@dataclass(frozen=True)
class EmailAttempt:
    """One attempt to send an email."""

    at: str
    result: str


@dataclass(frozen=True)
class EmailDetails:
    """An email with its content."""

    uuid: str = ""
    subject: str = ""
    recipient: str = ""
    state: str = ""
    state_label: str = ""
    reason: str = ""
    preview: str = ""
    text: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    attempts: list[EmailAttempt] = field(default_factory=list)


def _build_row(row: LoggedEmailRow) -> EmailRow:
    number = f"{row.key_prefix}-{row.key_number}" if row.key_prefix else ""
    return EmailRow(
        uuid=str(row.uuid),
        kind=texts.KIND_LABELS.get(row.kind, row.kind),
        subject=row.subject,
        recipient=row.recipient,
        number=number,
        href=routes.desk_ticket(number) if number else "",
        state=row.state,
        state_label=texts.STATE_LABELS[row.state],
        reason=row.reason or "",
        attempts=texts.attempts(row.attempts) if row.attempts > 1 else "",
        at=iso_time(row.sent_at or row.created_at),
    )


def load_page(uow: UnitOfWork, params: dict[str, str], before: str) -> EmailLogPage:
    """Return a page of the log. Raises `Forbidden`."""
    zone = dates.default_time_zone()
    filters = EmailFilters(
        state=params["state"] if params["state"] in texts.STATE_LABELS else "",
        kind=params["kind"],
        address=params["address"],
        ticket=params["ticket"],
        since=_start_of_day(params["since"], zone),
        until=_start_of_day(params["until"], zone, days=1),
    )
    rows = log.list_emails(
        uow,
        filters,
        limit=PAGE_SIZE + 1,
        before_id=int(before) if before.isdecimal() and len(before) < 16 else None,
    )
    counts = log.count_by_state(uow)
    return EmailLogPage(
        rows=[_build_row(row) for row in rows[:PAGE_SIZE]],
        counts={state: _format_count(number) for state, number in counts.items()},
        next_cursor=str(rows[PAGE_SIZE - 1].id) if len(rows) > PAGE_SIZE else "",
    )


def _format_count(number: int) -> str:
    return f"{number:,}+" if number >= log.MAX_COUNTED else f"{number:,}"


def _start_of_day(text: str, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_uuid(text: str) -> UUID:
    """Return the id that a page sends. Raises `NotFound`."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(texts.TITLE) from None


def load_details(uow: UnitOfWork, email_uuid: str) -> EmailDetails:
    """Return an email with its content. Raises `Forbidden`, `NotFound`."""
    row = log.get_email(uow, parse_uuid(email_uuid))
    content = log.read_content(row.source)
    return EmailDetails(
        uuid=str(row.uuid),
        subject=row.subject,
        recipient=f"{row.person_name} <{row.recipient}>" if row.person_name else row.recipient,
        state=row.state,
        state_label=texts.STATE_LABELS[row.state],
        reason=row.reason or "" if row.state != DeliveryState.SENT else "",
        preview=routes.email_preview(str(row.uuid)) if content.html else "",
        text=content.text,
        headers=list(content.headers),
        attempts=[
            EmailAttempt(str(attempt.get("at", "")), str(attempt.get("result", "")))
            for attempt in row.attempt_log
        ],
    )
