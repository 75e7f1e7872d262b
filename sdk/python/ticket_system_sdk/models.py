"""What the API answers, in the document's order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from ticket_system_sdk.model import Model


class User(Model):
    """Somebody; lists name them with the first four fields only."""

    id: int
    username: str
    first_name: str = ""
    last_name: str = ""
    email: str | None = None
    role: str | None = None
    department_id: int | None = None
    is_active: bool = True
    last_login: datetime | None = None
    created_at: datetime | None = None
    preferences: dict[str, Any] = {}
    permissions: tuple[str, ...] = ()


class Session(Model):
    """What a login gives."""

    access_token: str = Field(repr=False)
    refresh_token: str = Field(repr=False)
    token_type: str = "bearer"  # noqa: S105
    expires_in: int
    user: User


class Department(Model):
    """A department, as tickets name it."""

    id: int
    name: str


class Comment(Model):
    """Comment Model."""

    id: int
    ticket_id: int
    user_id: int | None = None
    content: str
    is_internal: bool = False
    mentions: tuple[int, ...] = ()
    created_at: datetime
    updated_at: datetime | None = None
    edited: bool = False
    attachments: tuple[int, ...] = ()
    user: User | None = None


class Attachment(Model):
    """A file of a ticket."""

    id: int
    filename: str
    size: int
    content_type: str
    upload_url: str | None = None
    virus_scan_status: str | None = None
    ticket_id: int | None = None
    comment_id: int | None = None
    description: str | None = None
    is_internal: bool = False
    uploaded_by: User | None = None
    uploaded_at: datetime | None = None


class Ticket(Model):
    """Ticket Model."""

    id: int
    ticket_number: str
    title: str
    status: str
    created_at: datetime
    description: str = ""
    priority: str | None = None
    ticket_type: str | None = None
    created_by_id: int | None = None
    assigned_to_id: int | None = None
    department_id: int | None = None
    tags: tuple[str, ...] = ()
    updated_at: datetime | None = None
    due_date: datetime | None = None
    resolution_time: int | None = None
    sla_breach_time: datetime | None = None
    customer_satisfaction_rating: int | None = None
    internal_notes: str | None = None
    public_notes: str | None = None
    created_by: User | None = None
    assigned_to: User | None = None
    department: Department | None = None


class Policy(Model):
    """The policy an approval goes by."""

    id: int | None = None
    name: str


class Ask(Model):
    """What one approver was asked, and said."""

    approver: User
    state: str
    comments: str | None = None
    conditions: tuple[str, ...] = ()
    delegated_by: User | None = None
    is_escalation: bool = False
    asked_at: datetime | None = None
    decided_at: datetime | None = None


class Step(Model):
    """One step of an approval; who was asked in it is told to staff."""

    step: int
    name: str
    state: str
    quorum: int | str | None = None
    started_at: datetime | None = None
    due_at: datetime | None = None
    escalated_at: datetime | None = None
    decided_at: datetime | None = None
    asks: tuple[Ask, ...] = ()


class Approval(Model):
    """An approval and how it stands."""

    id: int
    ticket_id: int
    state: str
    policy: Policy | None = None
    reason: str | None = None
    requested_by: User
    created_at: datetime
    question: str | None = None
    question_by: User | None = None
    decided_at: datetime | None = None
    decided_by: User | None = None
    conditions: tuple[str, ...] = ()
    rejected_because: str | None = None
    steps: tuple[Step, ...] = ()


class PendingApproval(Model):
    """What waits to be decided, with its ticket and the step it is at."""

    id: int
    ticket_id: int
    state: str
    policy: Policy | None = None
    reason: str | None = None
    requested_by_id: int | None = None
    requested_by: User
    created_at: datetime
    due_date: datetime | None = None
    current_step: dict[str, Any] = {}
    ticket: Ticket


class Refusal(Model):
    """Why nothing was done."""

    code: str
    message: str


class BulkItem(Model):
    """What became of one approval of a bulk action."""

    approval_id: int
    success: bool
    state: str | None = None
    error: Refusal | None = None


class BulkResult(Model):
    """What became of a bulk action."""

    results: tuple[BulkItem, ...]
    total: int
    succeeded: int
    failed: int


class Activity(Model):
    """A line of a ticket's activity timeline."""

    id: int
    event: str
    field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    note: str | None = None
    comment_id: int | None = None
    attachment_id: int | None = None
    is_internal: bool = False
    user_id: int | None = None
    user: User | None = None
    created_at: datetime


class RelatedTicket(Model):
    """A ticket that has to do with another."""

    id: int
    ticket_number: str
    title: str
    status: str
    relation: str


class TicketDetails(Ticket):
    """A ticket with all that belongs to it; `etag` is for `if_match`."""

    comments: tuple[Comment, ...] = ()
    comments_total: int = 0
    attachments: tuple[Attachment, ...] = ()
    awaited_attachments: tuple[str, ...] = ()
    approval_status: str | None = None
    approvals: tuple[Approval, ...] = ()
    activity_timeline: tuple[Activity, ...] = ()
    related_tickets: tuple[RelatedTicket, ...] = ()
    sla: dict[str, Any] | None = None
    etag: str | None = None


class Webhook(Model):
    """A subscription; `secret` is told once, when it is made or rotated."""

    id: int
    webhook_id: str
    url: str
    events: tuple[str, ...]
    active: bool
    owner: dict[str, Any] = {}
    failures: int = 0
    failing_since: datetime | None = None
    switched_off_reason: str | None = None
    old_secret_valid_until: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    secret: str | None = Field(default=None, repr=False)


class Delivery(Model):
    """A message to a webhook; what follows `delivered_at` comes for one by itself."""

    id: int
    message_id: str
    webhook_id: str
    event: str
    state: str
    attempts: int
    next_try_at: datetime | None = None
    response_status: int | None = None
    created_at: datetime
    delivered_at: datetime | None = None
    payload: dict[str, Any] | None = None
    response_body: str | None = None
    tries: tuple[dict[str, Any], ...] = ()


class Replayed(Model):
    """How many messages go out again; `has_more` if there are more than one call takes."""

    replayed: int
    has_more: bool = False


class WebhookEvent(Model):
    """Webhook Payload, after its signature was checked."""

    event: str
    timestamp: datetime
    data: dict[str, Any]
    webhook_id: str | None = None
