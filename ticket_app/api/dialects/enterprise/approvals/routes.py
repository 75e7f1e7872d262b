"""Approvals: pending requests, decisions and policies."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from ticket_app.api.dialects.enterprise.approvals import policy_schemas, schemas
from ticket_app.api.dialects.enterprise.errors import status_and_code
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.vocabulary import PRIORITY
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.approvals.listing import PendingQuery
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets import locking, ticket_lookup

router = create_router("Approvals")

ApprovalId = Annotated[int, Path(ge=1, le=MAX_ID)]
PolicyId = Annotated[int, Path(ge=1, le=MAX_ID)]
IdParameter = Annotated[int | None, Query(ge=1, le=MAX_ID)]

MESSAGES_BY_ACTION = {
    ApprovalAction.APPROVE: "Approved",
    ApprovalAction.REJECT: "Rejected",
    ApprovalAction.DELEGATE: "Delegated",
    ApprovalAction.REQUEST_INFO: "Additional information requested",
}


def _approval_response(
    uow: UnitOfWork, approval_id: int, message: str, status_code: int = 200
) -> JsonResponse:
    return success_response(
        uow, approval_listing.get_request(uow, approval_id), message, status_code=status_code
    )


@router.get("/approvals/pending", response_model=SuccessResponse[PageData[schemas.PendingApproval]])
def list_pending_approvals(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    department_id: IdParameter = None,
    priority: Annotated[
        str | None, Query(json_schema_extra={"enum": list(PRIORITY.value_by_word)})
    ] = None,
    include_others: Annotated[
        bool, Query(alias="all", description="Include approvals that wait for others; for admins")
    ] = False,
) -> JsonResponse:
    """List Pending Approvals: requests that wait for the caller, longest waiting first."""
    query = PendingQuery(
        department_id, PRIORITY.expand(priority) if priority else frozenset(), include_others
    )
    rows = approval_listing.list_pending(uow, query, page_parameters.page_request).rows
    return success_response(
        uow,
        page_parameters.format_page(
            map(schemas.format_pending_approval, rows), approval_listing.count_pending(uow, query)
        ),
    )


@router.post("/approvals/bulk-action", response_model=SuccessResponse[schemas.BulkResults])
def bulk_approval(body: schemas.BulkApprovalBody, uow: AuthenticatedUow) -> JsonResponse:
    """Bulk Approval: each decision is independent; failures do not affect the others."""
    results = approval_decisions.perform_bulk_action(uow, body.approval_ids, **body.to_arguments())
    errors: list[schemas.BulkError | None] = [
        result.error and {"code": status_and_code(result.error)[1], "message": result.error.message}
        for result in results
    ]
    payload = schemas.format_bulk_results(results, errors)
    return success_response(
        uow, payload, f"{payload['succeeded']} of {payload['total']} approvals processed"
    )


@router.get("/approvals/{approval_id}", response_model=SuccessResponse[schemas.Approval])
def get_approval(approval_id: ApprovalId, uow: AuthenticatedUow) -> JsonResponse:
    """Get an approval. Everyone who sees its ticket may see it."""
    return _approval_response(uow, approval_id, "Approval retrieved successfully")


@router.post("/approvals/{approval_id}/action", response_model=SuccessResponse[schemas.Approval])
def process_approval(
    approval_id: ApprovalId, body: schemas.ApprovalActionBody, uow: AuthenticatedUow
) -> JsonResponse:
    """Process Approval."""
    approval_decisions.perform_action(uow, approval_id, **body.to_arguments())
    return _approval_response(uow, approval_id, MESSAGES_BY_ACTION[body.action])


@router.post("/approvals/{approval_id}/cancel", response_model=SuccessResponse[schemas.Approval])
def cancel_approval(approval_id: ApprovalId, uow: AuthenticatedUow) -> JsonResponse:
    """Cancel an approval request. For its requester and admins."""
    approval_decisions.cancel_request(uow, approval_id)
    return _approval_response(uow, approval_id, "Approval cancelled")


@router.get(
    "/tickets/{ticket_id}/approvals", response_model=SuccessResponse[list[schemas.Approval]]
)
def list_ticket_approvals(ticket_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """List the approvals of a ticket, newest first."""
    return success_response(
        uow,
        approval_requests.list_ticket_requests(
            uow, ticket_lookup.read_ticket(uow, ticket_id, "summary").id
        ),
    )


@router.post(
    "/tickets/{ticket_id}/approvals",
    status_code=201,
    response_model=SuccessResponse[schemas.Approval],
)
def request_approval(
    ticket_id: str, body: schemas.NewApproval, uow: AuthenticatedUow
) -> JsonResponse:
    """Request approval; the ticket waits until it is decided."""
    approval_id = approval_requests.request_approval(
        uow, locking.lock_ticket(uow, ticket_id), **body.model_dump()
    )
    return _approval_response(uow, approval_id, "Approval requested successfully", 201)


def _policy_response(
    uow: UnitOfWork, policy_id: int, message: str, status_code: int = 200
) -> JsonResponse:
    row = approval_policies.get_policy(uow, policy_id)
    return success_response(
        uow, policy_schemas.format_policy(row), message, status_code=status_code
    )


@router.get("/approval-policies", response_model=SuccessResponse[PageData[policy_schemas.Policy]])
def list_approval_policies(
    uow: AuthenticatedUow, page_parameters: PageParametersDep
) -> JsonResponse:
    """List approval policies in the order they are tried. For staff who work on tickets."""
    rows = approval_policies.list_policies(uow, page_parameters.page_request).rows
    return success_response(
        uow,
        page_parameters.format_page(
            map(policy_schemas.format_policy, rows), approval_policies.count_policies(uow)
        ),
    )


@router.post(
    "/approval-policies", status_code=201, response_model=SuccessResponse[policy_schemas.Policy]
)
def create_approval_policy(body: policy_schemas.NewPolicy, uow: AuthenticatedUow) -> JsonResponse:
    """Require approval for tickets created from now on. For admins."""
    policy_id = approval_policies.create_policy(uow, body.to_draft())
    return _policy_response(uow, policy_id, "Approval policy created successfully", 201)


@router.get("/approval-policies/{policy_id}", response_model=SuccessResponse[policy_schemas.Policy])
def get_approval_policy(policy_id: PolicyId, uow: AuthenticatedUow) -> JsonResponse:
    """Get an approval policy. For staff who work on tickets."""
    return _policy_response(uow, policy_id, "Approval policy retrieved successfully")


@router.patch(
    "/approval-policies/{policy_id}", response_model=SuccessResponse[policy_schemas.Policy]
)
def update_approval_policy(
    policy_id: PolicyId, body: policy_schemas.PolicyUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update an approval policy. Pending requests stay as they are. For admins."""
    approval_policies.update_policy(uow, policy_id, body.to_changes())
    return _policy_response(uow, policy_id, "Approval policy updated successfully")


@router.delete("/approval-policies/{policy_id}", response_model=SuccessResponse[None])
def delete_approval_policy(policy_id: PolicyId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete an approval policy. Past decisions are kept. For admins."""
    approval_policies.delete_policy(uow, policy_id)
    return success_response(uow, None, "Approval policy deleted successfully")
