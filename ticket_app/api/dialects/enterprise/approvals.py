"""Approvals: who must agree, what waits, and the decisions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query

from ticket_app.api.dialects.enterprise import approval_shapes as shapes
from ticket_app.api.dialects.enterprise import policy_shapes as policies
from ticket_app.api.dialects.enterprise.errors import status_and_code
from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.vocabulary import PRIORITY
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.approvals.listing import WaitingQuery
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets import ticket_list, tickets

router = part("Approvals")

ApprovalId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
PolicyId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
OneId = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]

DONE = {
    ApprovalAction.APPROVE: "Approved",
    ApprovalAction.REJECT: "Rejected",
    ApprovalAction.DELEGATE: "Delegated",
    ApprovalAction.REQUEST_INFO: "Additional information requested",
}


def _one(desk: Desk, approval_id: int, message: str, status_code: int = 200) -> Json:
    return told(desk, approval_listing.read(desk, approval_id), message, status_code=status_code)


@router.get("/approvals/pending", response_model=Told[Listed[shapes.PendingApproval]])
def list_pending_approvals(
    desk: Caller,
    leaf: Paging,
    department_id: OneId = None,
    priority: Annotated[str | None, Query(json_schema_extra={"enum": list(PRIORITY.hears)})] = None,
    everybody: Annotated[
        bool, Query(alias="all", description="What waits for others, too; for admins")
    ] = False,
) -> Any:
    """List Pending Approvals: what waits for the caller, the longest waiting first."""
    query = WaitingQuery(
        department_id, PRIORITY.covers(priority) if priority else frozenset(), everybody
    )
    rows = approval_listing.waiting(desk, query, leaf.part).rows
    return told(desk, leaf.listed(map(shapes.pending, rows), approval_listing.count(desk, query)))


@router.post("/approvals/bulk-action", response_model=Told[shapes.BulkResults])
def bulk_approval(body: shapes.BulkDeed, desk: Caller) -> Any:
    """Bulk Approval: each as if alone; what fails hinders none of the others."""
    results = approval_decisions.act_on_many(desk, body.approval_ids, **body.deed())
    refusals: list[shapes.Refusal | None] = [
        result.error and {"code": status_and_code(result.error)[1], "message": result.error.message}
        for result in results
    ]
    answer = shapes.bulk(results, refusals)
    return told(desk, answer, f"{answer['succeeded']} of {answer['total']} approvals processed")


@router.get("/approvals/{approval_id}", response_model=Told[shapes.Approval])
def get_approval(approval_id: ApprovalId, desk: Caller) -> Any:
    """One approval, for everybody who sees its ticket."""
    return _one(desk, approval_id, "Approval retrieved successfully")


@router.post("/approvals/{approval_id}/action", response_model=Told[shapes.Approval])
def process_approval(approval_id: ApprovalId, body: shapes.ApprovalDeed, desk: Caller) -> Any:
    """Process Approval."""
    approval_decisions.act(desk, approval_id, **body.deed())
    return _one(desk, approval_id, DONE[body.action])


@router.post("/approvals/{approval_id}/cancel", response_model=Told[shapes.Approval])
def cancel_approval(approval_id: ApprovalId, desk: Caller) -> Any:
    """Take the request back: who asked may, and admins."""
    approval_decisions.cancel(desk, approval_id)
    return _one(desk, approval_id, "Approval cancelled")


@router.get("/tickets/{ticket_id}/approvals", response_model=Told[list[shapes.Approval]])
def list_ticket_approvals(ticket_id: str, desk: Caller) -> Any:
    """The approvals of a ticket, the latest first."""
    return told(
        desk, approval_requests.of_ticket(desk, ticket_list.read(desk, ticket_id, "line").id)
    )


@router.post(
    "/tickets/{ticket_id}/approvals", status_code=201, response_model=Told[shapes.Approval]
)
def request_approval(ticket_id: str, body: shapes.NewApproval, desk: Caller) -> Any:
    """Ask for approval; the ticket waits until it is decided."""
    made = approval_requests.request(desk, tickets.hold(desk, ticket_id), **body.model_dump())
    return _one(desk, made, "Approval requested successfully", 201)


def _policy(desk: Desk, policy_id: int, message: str, status_code: int = 200) -> Json:
    row = approval_policies.read(desk, policy_id)
    return told(desk, policies.policy(row), message, status_code=status_code)


@router.get("/approval-policies", response_model=Told[Listed[policies.Policy]])
def list_approval_policies(desk: Caller, leaf: Paging) -> Any:
    """When approval is needed, in the order asked; for those who work tickets."""
    rows = approval_policies.page(desk, leaf.part).rows
    return told(desk, leaf.listed(map(policies.policy, rows), approval_policies.count(desk)))


@router.post("/approval-policies", status_code=201, response_model=Told[policies.Policy])
def create_approval_policy(body: policies.NewPolicy, desk: Caller) -> Any:
    """Demand approval of tickets filed from now on; for admins."""
    made = approval_policies.add(desk, body.draft())
    return _policy(desk, made, "Approval policy created successfully", 201)


@router.get("/approval-policies/{policy_id}", response_model=Told[policies.Policy])
def get_approval_policy(policy_id: PolicyId, desk: Caller) -> Any:
    """One policy; for those who work tickets."""
    return _policy(desk, policy_id, "Approval policy retrieved successfully")


@router.patch("/approval-policies/{policy_id}", response_model=Told[policies.Policy])
def update_approval_policy(policy_id: PolicyId, body: policies.PolicyChange, desk: Caller) -> Any:
    """Say otherwise; approvals under way go on as they began. For admins."""
    approval_policies.change(desk, policy_id, body.changes())
    return _policy(desk, policy_id, "Approval policy updated successfully")


@router.delete("/approval-policies/{policy_id}", response_model=Told[None])
def delete_approval_policy(policy_id: PolicyId, desk: Caller) -> Any:
    """Demand no such approval any more; what was decided stays. For admins."""
    approval_policies.remove(desk, policy_id)
    return told(desk, None, "Approval policy deleted successfully")
