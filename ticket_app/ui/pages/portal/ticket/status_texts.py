"""What the requester's ticket page says about the status, a reply and an approval."""

from __future__ import annotations

from typing import Final

from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalState
from ticket_app.core.tickets.status_for_requester import RequesterStatus
from ticket_app.core.tickets.transitions import ReplyOutcome
from ticket_app.settings import settings
from ticket_app.ui.pages.portal import texts

STATUS_TEXTS: Final[dict[RequesterStatus, tuple[str, str]]] = {
    RequesterStatus.RECEIVED: (texts.TICKET_STATUS_NEW, texts.TICKET_WAITING_HINT),
    RequesterStatus.READ: (
        texts.TICKET_STATUS_ASSIGNED,
        texts.TICKET_STATUS_ASSIGNED_HINT,
    ),
    RequesterStatus.IN_WORK: (
        texts.TICKET_STATUS_IN_PROGRESS,
        texts.TICKET_STATUS_IN_PROGRESS_HINT,
    ),
    RequesterStatus.ANSWERED: (texts.TICKET_STATUS_ANSWERED, texts.TICKET_STATUS_ANSWERED_HINT),
    RequesterStatus.ANSWERED_IN_WORK: (
        texts.TICKET_STATUS_ANSWERED_WORKING,
        texts.TICKET_STATUS_ANSWERED_WORKING_HINT,
    ),
    RequesterStatus.REPLIED: (texts.TICKET_STATUS_REPLIED, texts.TICKET_WAITING_HINT),
    RequesterStatus.REPLIED_IN_WORK: (
        texts.TICKET_STATUS_IN_PROGRESS,
        texts.TICKET_STATUS_REPLIED_WORKING_HINT,
    ),
    RequesterStatus.REOPENED: (texts.TICKET_STATUS_REOPENED, texts.TICKET_STATUS_IN_PROGRESS_HINT),
    RequesterStatus.NEEDS_REPLY: (texts.TICKET_STATUS_PENDING, texts.TICKET_STATUS_PENDING_HINT),
    RequesterStatus.IN_APPROVAL: (
        texts.TICKET_STATUS_APPROVAL,
        texts.TICKET_STATUS_APPROVAL_HINT,
    ),
    RequesterStatus.SOLVED: (texts.TICKET_STATUS_RESOLVED, texts.TICKET_STATUS_RESOLVED_HINT),
    RequesterStatus.SOLVED_LONG_AGO: (
        texts.TICKET_STATUS_RESOLVED,
        texts.TICKET_STATUS_RESOLVED_OLD_HINT,
    ),
    RequesterStatus.CLOSED: (texts.TICKET_STATUS_CLOSED, texts.TICKET_STATUS_CLOSED_HINT),
    RequesterStatus.CLOSED_LONG_AGO: (
        texts.TICKET_STATUS_CLOSED,
        texts.TICKET_STATUS_CLOSED_HINT,
    ),
    RequesterStatus.DUPLICATE: (texts.TICKET_STATUS_DUPLICATE, texts.TICKET_STATUS_MERGED_HINT),
    RequesterStatus.MERGED: (texts.TICKET_STATUS_MERGED, texts.TICKET_STATUS_MERGED_HINT),
    RequesterStatus.NOT_PLANNED: (
        texts.TICKET_STATUS_WONT_FIX,
        texts.TICKET_STATUS_WONT_FIX_HINT,
    ),
}
"""For each status, the headline and what happens next."""

REPLY_TEXTS: Final[dict[ReplyOutcome, tuple[str, str]]] = {
    ReplyOutcome.STATUS_KEPT: (texts.REPLY, texts.TICKET_REPLY_CLOSED_NOTICE),
    ReplyOutcome.RESUMED: (texts.REPLY, ""),
    ReplyOutcome.REOPENED: (texts.TICKET_REPLY_REOPEN, texts.TICKET_REPLY_REOPEN_NOTICE),
    ReplyOutcome.FOLLOW_UP: (
        texts.TICKET_REPLY_NEW,
        texts.TICKET_REPLY_NEW_NOTICE,
    ),
    ReplyOutcome.REJECTED: (texts.REPLY, ""),
}
"""The label of the send button and the notice about what a reply will do."""


def reply_notice(
    outcome: ReplyOutcome, template: str, follow_up_number: str, *, is_closed: bool
) -> str:
    """Return the notice about what a reply will do, unless it is only added to an open ticket."""
    if outcome is ReplyOutcome.STATUS_KEPT and not is_closed:
        return ""
    if outcome is ReplyOutcome.FOLLOW_UP and follow_up_number:
        return texts.ticket_reply_follow_up_notice(follow_up_number)
    return template.format(days=settings().reopen_days)


def approval_texts(uow: UnitOfWork, ticket_id: int) -> tuple[str, str, str]:
    """Return the approver's question, or the result and reason of the latest approval."""
    requests = approval_listing.list_ticket_requests(uow, ticket_id)
    latest = requests[0] if requests else {}
    match latest.get("state"):
        case ApprovalState.INFO_REQUESTED:
            return latest["question"] or "", "", ""
        case ApprovalState.REJECTED:
            return "", texts.TICKET_APPROVAL_REJECTED, latest["rejected_because"] or ""
        case ApprovalState.APPROVED if latest["conditions"]:
            return "", texts.TICKET_APPROVAL_CONDITIONS, "; ".join(latest["conditions"])
    return "", "", ""
