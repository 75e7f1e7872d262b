"""A client for the Enterprise Ticket Management System's API, and one for Centcom's."""

from ticket_system_sdk.centcom import CentcomTickets
from ticket_system_sdk.client import TicketSystemClient
from ticket_system_sdk.errors import (
    AuthenticationRequired,
    BusinessRuleViolation,
    ConnectionFailed,
    DuplicateResource,
    ExternalServiceError,
    NotFound,
    PermissionDenied,
    RateLimited,
    SignatureInvalid,
    Stale,
    TicketSystemError,
    UnexpectedAnswer,
    ValidationError,
)
from ticket_system_sdk.figures import Dashboard, Performance
from ticket_system_sdk.models import (
    Approval,
    Attachment,
    Comment,
    Delivery,
    PendingApproval,
    Session,
    Ticket,
    TicketDetails,
    User,
    Webhook,
    WebhookEvent,
)
from ticket_system_sdk.page import Page
from ticket_system_sdk.signatures import verify as verify_webhook

__all__ = [
    "Approval",
    "Attachment",
    "AuthenticationRequired",
    "BusinessRuleViolation",
    "CentcomTickets",
    "Comment",
    "ConnectionFailed",
    "Dashboard",
    "Delivery",
    "DuplicateResource",
    "ExternalServiceError",
    "NotFound",
    "Page",
    "PendingApproval",
    "Performance",
    "PermissionDenied",
    "RateLimited",
    "Session",
    "SignatureInvalid",
    "Stale",
    "Ticket",
    "TicketDetails",
    "TicketSystemClient",
    "TicketSystemError",
    "UnexpectedAnswer",
    "User",
    "ValidationError",
    "Webhook",
    "WebhookEvent",
    "verify_webhook",
]
