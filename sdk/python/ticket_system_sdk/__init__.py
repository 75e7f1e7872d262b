"""Clients for the Enterprise Ticket Management System's API and for the Centcom API."""

from ticket_system_sdk.centcom import AsyncCentcomTickets, CentcomTickets
from ticket_system_sdk.client import AsyncTicketSystemClient, TicketSystemClient
from ticket_system_sdk.errors import (
    AuthenticationRequired,
    BusinessRuleViolation,
    ConnectionFailed,
    DuplicateResource,
    ExternalServiceError,
    InvalidSignature,
    NotFound,
    PermissionDenied,
    RateLimited,
    TicketSystemError,
    UnexpectedResponse,
    ValidationError,
    VersionConflict,
)
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
from ticket_system_sdk.page import AsyncPage, Page
from ticket_system_sdk.report_models import Dashboard, Performance
from ticket_system_sdk.signatures import verify as verify_webhook

__all__ = [
    "Approval",
    "AsyncCentcomTickets",
    "AsyncPage",
    "AsyncTicketSystemClient",
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
    "InvalidSignature",
    "NotFound",
    "Page",
    "PendingApproval",
    "Performance",
    "PermissionDenied",
    "RateLimited",
    "Session",
    "Ticket",
    "TicketDetails",
    "TicketSystemClient",
    "TicketSystemError",
    "UnexpectedResponse",
    "User",
    "ValidationError",
    "VersionConflict",
    "Webhook",
    "WebhookEvent",
    "verify_webhook",
]
