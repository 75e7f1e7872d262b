"""The interface texts that several areas use: statuses, priorities, kinds, errors."""

from collections.abc import Sequence
from typing import Final

PRODUCT_NAME: Final = "Ticket"

# Errors
DIALOG_NO_LONGER_OPEN: Final = "This dialog is no longer open. Nothing was changed. Open it again."
UNEXPECTED_ERROR: Final = "Something went wrong. Nothing was changed. Try again."

# Values of fields
UNKNOWN_CHOICE: Final = "is not one of the choices"
INVALID_HOURS: Final = "must be a number of hours, such as 1.5"

# Security scan of files
SCAN_PENDING: Final = "Scanning"
SCAN_INFECTED: Final = "Blocked by the security scan"
SCAN_FAILED: Final = "Security scan failed"

# Due dates and SLA targets
CLOCK_DUE: Final = "Due"
CLOCK_FIRST_REPLY: Final = "First reply"
CLOCK_RESOLUTION: Final = "Resolution"

# Statuses, for staff and for requesters
STATUS_NEW: Final = "New"
STATUS_NEW_FOR_REQUESTER: Final = "Received"
STATUS_OPEN: Final = "Open"
STATUS_OPEN_FOR_REQUESTER: Final = "Received"
STATUS_IN_PROGRESS: Final = "In progress"
STATUS_IN_PROGRESS_FOR_REQUESTER: Final = "In progress"
STATUS_PENDING_USER: Final = "Waiting for requester"
STATUS_PENDING_USER_FOR_REQUESTER: Final = "Needs your answer"
STATUS_PENDING_APPROVAL: Final = "Waiting for approval"
STATUS_PENDING_APPROVAL_FOR_REQUESTER: Final = "Waiting for approval"
STATUS_RESOLVED: Final = "Resolved"
STATUS_RESOLVED_FOR_REQUESTER: Final = "Resolved"
STATUS_CLOSED: Final = "Closed"
STATUS_CLOSED_FOR_REQUESTER: Final = "Closed"
STATUS_REOPENED: Final = "Reopened"
STATUS_REOPENED_FOR_REQUESTER: Final = "Reopened"
STATUS_DUPLICATE: Final = "Duplicate"
STATUS_DUPLICATE_FOR_REQUESTER: Final = "Duplicate"
STATUS_WONT_FIX: Final = "Won't fix"
STATUS_WONT_FIX_FOR_REQUESTER: Final = "Not planned"

# Priorities, and what they mean to requesters
PRIORITY_LOW: Final = "Low"
PRIORITY_LOW_HINT: Final = "A minor problem. It can wait."
PRIORITY_MEDIUM: Final = "Medium"
PRIORITY_MEDIUM_HINT: Final = "It slows me down, but I can work."
PRIORITY_HIGH: Final = "High"
PRIORITY_HIGH_HINT: Final = "I can't do an important part of my work."
PRIORITY_URGENT: Final = "Urgent"
PRIORITY_URGENT_HINT: Final = "I can't work, or several people are affected."
PRIORITY_CRITICAL: Final = "Critical"
PRIORITY_CRITICAL_HINT: Final = "Work has stopped for everyone, or data is at risk."

# Kinds of tickets, and what they mean to requesters
KIND_BUG: Final = "Bug"
KIND_BUG_HINT: Final = "Something does not work as it should."
KIND_FEATURE_REQUEST: Final = "Feature request"
KIND_FEATURE_REQUEST_HINT: Final = "Something new you would like."
KIND_IMPROVEMENT: Final = "Improvement"
KIND_IMPROVEMENT_HINT: Final = "Something that works, but could be better."
KIND_SUPPORT: Final = "Support"
KIND_SUPPORT_HINT: Final = "A question, or help with something."
KIND_INCIDENT: Final = "Incident"
KIND_INCIDENT_HINT: Final = "A service is down or slow for people now."
KIND_REQUEST: Final = "Request"
KIND_REQUEST_HINT: Final = "You need access, a device or a service."
KIND_PROBLEM: Final = "Problem"
KIND_PROBLEM_HINT: Final = "The cause behind several incidents."
KIND_CHANGE: Final = "Change"
KIND_CHANGE_HINT: Final = "A planned change that someone has to approve."
KIND_OTHER: Final = "Other"
KIND_OTHER_HINT: Final = "None of the above."

# Categories
CATEGORY_TECHNICAL: Final = "Technical"
CATEGORY_BILLING: Final = "Billing"
CATEGORY_ZONE_CONFIG: Final = "Zone configuration"
CATEGORY_ACCOUNT: Final = "Account"
CATEGORY_PRODUCT: Final = "Product"
CATEGORY_FEATURE_REQUEST: Final = "Feature request"
CATEGORY_BUG: Final = "Bug"
CATEGORY_SUPPORT: Final = "Support"
CATEGORY_GENERAL: Final = "General"
CATEGORY_OTHER: Final = "Other"

# Severities
SEVERITY_CRITICAL: Final = "Critical"
SEVERITY_MAJOR: Final = "Major"
SEVERITY_MINOR: Final = "Minor"
SEVERITY_COSMETIC: Final = "Cosmetic"


# How a requester reached the person who created the ticket for them
CHANNEL_PHONE: Final = "Phone"
CHANNEL_PHONE_USED: Final = "by phone"
CHANNEL_EMAIL: Final = "Email"
CHANNEL_EMAIL_USED: Final = "by email"
CHANNEL_CHAT: Final = "Chat"
CHANNEL_CHAT_USED: Final = "by chat"
CHANNEL_IN_PERSON: Final = "In person"
CHANNEL_IN_PERSON_USED: Final = "in person"


def created_for(creator: str, requester: str, channel: str) -> str:
    return f"Created by {creator} for {requester} {channel}".strip()


# Undo
UNDO_EXPIRED: Final = "This can no longer be undone."


def describe_tickets(numbers: Sequence[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{len(numbers)} tickets"


def undo_done(tickets: str) -> str:
    return f"Change to {tickets} undone"


def hours(number: float) -> str:
    return f"{number:g} h"


def object_was_deleted(label: str) -> str:
    return f"{label} was deleted in the meantime."


def object_has_changed(label: str) -> str:
    return (
        f"{label} has been changed since you opened this dialog. Nothing was saved; close the "
        "dialog and open it again."
    )
