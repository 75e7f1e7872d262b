"""The responses of the API, in the document's order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from ticket_system_sdk.model import Model


class User(Model):
    """A user; lists include the first four fields only."""

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
    """The tokens and user of a sign-in."""

    access_token: str = Field(repr=False)
    refresh_token: str = Field(repr=False)
    token_type: str = "bearer"  # noqa: S105
    expires_in: int
    user: User


class Department(Model):
    """The department of a ticket."""

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
    """The policy of an approval request."""

    id: int | None = None
    name: str


class ApproverDecision(Model):
    """The decision of one approver, or that it is pending."""

    approver: User
    state: str
    comments: str | None = None
    conditions: tuple[str, ...] = ()
    delegated_by: User | None = None
    is_escalation: bool = False
    asked_at: datetime | None = None
    decided_at: datetime | None = None


class Step(Model):
    """A step of an approval request; only staff see its approvers."""

    step: int
    name: str
    state: str
    quorum: int | str | None = None
    started_at: datetime | None = None
    due_at: datetime | None = None
    escalated_at: datetime | None = None
    decided_at: datetime | None = None
    asks: tuple[ApproverDecision, ...] = ()


class Approval(Model):
    """An approval request and its state."""

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
    """A pending approval request with its ticket and current step."""

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


class ErrorInfo(Model):
    """The code and message of an error."""

    code: str
    message: str


class BulkItem(Model):
    """The result of a bulk action for one approval request."""

    approval_id: int
    success: bool
    state: str | None = None
    error: ErrorInfo | None = None


class BulkResult(Model):
    """The result of a bulk action."""

    results: tuple[BulkItem, ...]
    total: int
    succeeded: int
    failed: int


class Activity(Model):
    """An entry of a ticket's activity timeline."""

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
    """A ticket that is related to another one."""

    id: int
    ticket_number: str
    title: str
    status: str
    relation: str


class TicketDetails(Ticket):
    """A ticket with its comments, files and approvals; pass `etag` as `if_match`."""

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
    """A webhook subscription; `secret` is set only when it is created or rotated."""

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
    """A delivery to a webhook; lists leave out the fields after `delivered_at`."""

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


class ReplayResult(Model):
    """The number of deliveries sent again; call again if `has_more`."""

    replayed: int
    has_more: bool = False


class WebhookEvent(Model):
    """Webhook Payload, with a verified signature."""

    event: str
    timestamp: datetime
    data: dict[str, Any]
    webhook_id: str | None = None
