"""Approvals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Approval, BulkResult, PendingApproval
from ticket_system_sdk.operation import Listing, Operation, many, one
from ticket_system_sdk.resource import Resource, endpoint, listing, path_segment, without_none
from ticket_system_sdk.tickets import Priority
from ticket_system_sdk.transport import TransportT

Action = Literal["approve", "reject", "delegate", "request_info"]


class Approvals(Resource[TransportT]):
    """Approval requests and decisions."""

    @listing
    def pending(
        self,
        *,
        department_id: int | None = None,
        priority: Priority | None = None,
        page: int | None = None,
        size: int | None = None,
        all_approvers: bool = False,
    ) -> Listing[PendingApproval]:
        """Return a page of `size` requests that wait for the caller; admins see `all_approvers`."""
        params = without_none(department_id=department_id, priority=priority, page=page, size=size)
        if all_approvers:
            params["all"] = "true"
        call = Call(method="GET", path="/approvals/pending", params=params)
        return Listing(call, PendingApproval)

    @endpoint
    def get(self, id: int) -> Operation[Approval]:  # noqa: A002
        """Return a request with its steps. Raises `NotFound`."""
        return one(Approval, Call(method="GET", path=f"/approvals/{path_segment(id)}"))

    @endpoint
    def act(
        self,
        id: int,  # noqa: A002
        action: Action,
        *,
        comments: str | None = None,
        conditions: Sequence[str] | None = None,
        delegate_to_id: int | None = None,
    ) -> Operation[Approval]:
        """Approve, reject, delegate or ask for information.

        Raises `PermissionDenied`, `NotFound`, `BusinessRuleViolation` if it is decided already.
        """
        body = without_none(
            action=action,
            comments=comments,
            conditions=None if conditions is None else [*conditions],
            delegate_to_id=delegate_to_id,
        )
        call = Call(method="POST", path=f"/approvals/{path_segment(id)}/action", json=body)
        return one(Approval, call)

    @endpoint
    def bulk(
        self,
        approval_ids: Sequence[int],
        action: Action,
        *,
        comments: str | None = None,
        conditions: Sequence[str] | None = None,
    ) -> Operation[BulkResult]:
        """Apply one action to several requests; each has its own result."""
        body = without_none(
            approval_ids=[*approval_ids],
            action=action,
            comments=comments,
            conditions=None if conditions is None else [*conditions],
        )
        return one(BulkResult, Call(method="POST", path="/approvals/bulk-action", json=body))

    @endpoint
    def cancel(self, id: int) -> Operation[Approval]:  # noqa: A002
        """Cancel a request. Raises `PermissionDenied`, `NotFound`, `BusinessRuleViolation`."""
        call = Call(method="POST", path=f"/approvals/{path_segment(id)}/cancel")
        return one(Approval, call)

    @endpoint
    def of_ticket(self, ticket_id: int | str) -> Operation[list[Approval]]:
        """Return the approval requests of a ticket, newest first. Raises `NotFound`."""
        call = Call(method="GET", path=f"/tickets/{path_segment(ticket_id)}/approvals")
        return many(Approval, call)

    @endpoint
    def request(
        self,
        ticket_id: int | str,
        *,
        reason: str | None = None,
        policy_id: int | None = None,
        approver_ids: Sequence[int] | None = None,
    ) -> Operation[Approval]:
        """Request approval of a ticket.

        Raises `PermissionDenied`, `NotFound`, `BusinessRuleViolation`.
        """
        body = without_none(
            reason=reason,
            policy_id=policy_id,
            approver_ids=None if approver_ids is None else [*approver_ids],
        )
        path = f"/tickets/{path_segment(ticket_id)}/approvals"
        return one(Approval, Call(method="POST", path=path, json=body))
