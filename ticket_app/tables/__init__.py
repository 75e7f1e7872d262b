"""SQLModel rows: columns, keys and indexes; no behaviour."""

from ticket_app.tables.access import ApiToken, PermissionSet, RefreshToken, SignIn
from ticket_app.tables.approvals import (
    ApprovalAsk,
    ApprovalPolicy,
    ApprovalRequest,
    ApprovalStep,
)
from ticket_app.tables.merging import Merge, MovedAttachment, MovedEntry
from ticket_app.tables.notices import Notification
from ticket_app.tables.outbox import (
    IdempotentAnswer,
    OutboxMessage,
    Webhook,
    WebhookDelivery,
)
from ticket_app.tables.people import Company, Contact, Department, Person, Team
from ticket_app.tables.processes import BackgroundProcess
from ticket_app.tables.service_levels import BusinessCalendar, ServicePolicy
from ticket_app.tables.tickets import Counter, Tag, Tally, Ticket, TicketTag, TicketText
from ticket_app.tables.timeline import Attachment, Draft, Entry, PromisedFile
from ticket_app.tables.types import metadata

__all__ = [
    "ApiToken",
    "ApprovalAsk",
    "ApprovalPolicy",
    "ApprovalRequest",
    "ApprovalStep",
    "Attachment",
    "BackgroundProcess",
    "BusinessCalendar",
    "Company",
    "Contact",
    "Counter",
    "Department",
    "Draft",
    "Entry",
    "IdempotentAnswer",
    "Merge",
    "MovedAttachment",
    "MovedEntry",
    "Notification",
    "OutboxMessage",
    "PermissionSet",
    "Person",
    "PromisedFile",
    "RefreshToken",
    "ServicePolicy",
    "SignIn",
    "Tag",
    "Tally",
    "Team",
    "Ticket",
    "TicketTag",
    "TicketText",
    "Webhook",
    "WebhookDelivery",
    "metadata",
]
