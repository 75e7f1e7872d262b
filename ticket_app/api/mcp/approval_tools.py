"""The tools for approvals. A tool's docstring is what the model reads about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from ticket_app.api.mcp.formats import (
    ApprovalSummary,
    PendingApproval,
    format_approval,
    format_pending_approval,
)
from ticket_app.api.mcp.tool_calls import tool_call
from ticket_app.core.approvals import decisions, listing
from ticket_app.core.approvals.listing import PendingQuery
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.vocabulary import ApprovalAction

ACTIONS: dict[str, ApprovalAction] = {
    "approve": ApprovalAction.APPROVE,
    "reject": ApprovalAction.REJECT,
    "request_info": ApprovalAction.REQUEST_INFO,
}


class PendingApprovals(TypedDict):
    """The requests that wait for the token's owner, longest waiting first."""

    approvals: list[PendingApproval]
    total: int


def list_pending_approvals(
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
    offset: Annotated[int, Field(ge=0, le=MAX_ID)] = 0,
) -> PendingApprovals:
    """List the approval requests that wait for your decision, longest waiting first."""
    with tool_call() as uow:
        query = PendingQuery()
        rows = listing.list_pending(uow, query, PageRequest(limit, offset)).rows
        return {
            "approvals": [format_pending_approval(row) for row in rows],
            "total": listing.count_pending(uow, query),
        }


def decide_approval(
    approval_id: Annotated[int, Field(ge=1, le=MAX_ID)],
    decision: Literal["approve", "reject", "request_info"],
    comments: Annotated[
        str | None, Field(description="Required to reject and to request information")
    ] = None,
) -> ApprovalSummary:
    """Approve or reject an approval request that waits for you, or ask its requester for
    information. Ask the person you act for before you decide."""
    with tool_call(writes=True) as uow:
        decisions.perform_action(uow, approval_id, ACTIONS[decision], comments=comments)
        uow.flush()
        return format_approval(listing.get_request(uow, approval_id))
