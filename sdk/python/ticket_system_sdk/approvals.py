"""Approvals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ticket_system_sdk.call import Call
from ticket_system_sdk.model import read
from ticket_system_sdk.models import Approval, BulkResult, PendingApproval
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, known, segment
from ticket_system_sdk.tickets import Priority

Action = Literal["approve", "reject", "delegate", "request_info"]


class Approvals(Resource):
    """Who must agree, and the decisions."""

    def pending(
        self,
        *,
        department_id: int | None = None,
        priority: Priority | None = None,
        page: int | None = None,
        size: int | None = None,
        everybody: bool = False,
    ) -> Page[PendingApproval]:
        """A page of what waits for the caller's decision; for admins, of `everybody`'s."""
        params = known(department_id=department_id, priority=priority, page=page, size=size)
        if everybody:
            params["all"] = "true"
        call = Call(method="GET", path="/approvals/pending", params=params)
        return self._page(PendingApproval, call)

    def get(self, id: int) -> Approval:  # noqa: A002
        """One request with its steps. Raises `NotFound`."""
        return self._one(Approval, Call(method="GET", path=f"/approvals/{segment(id)}"))

    def act(
        self,
        id: int,  # noqa: A002
        action: Action,
        *,
        comments: str | None = None,
        conditions: Sequence[str] | None = None,
        delegate_to_id: int | None = None,
    ) -> Approval:
        """Decide, hand on, or ask for more.

        Raises `PermissionDenied`, `NotFound`, `BusinessRuleViolation` for what is decided already.
        """
        said = known(
            action=action,
            comments=comments,
            conditions=None if conditions is None else [*conditions],
            delegate_to_id=delegate_to_id,
        )
        call = Call(method="POST", path=f"/approvals/{segment(id)}/action", json=said)
        return self._one(Approval, call)

    def bulk(
        self,
        approval_ids: Sequence[int],
        action: Action,
        *,
        comments: str | None = None,
        conditions: Sequence[str] | None = None,
    ) -> BulkResult:
        """The same action on several requests, each with a result of its own."""
        said = known(
            approval_ids=[*approval_ids],
            action=action,
            comments=comments,
            conditions=None if conditions is None else [*conditions],
        )
        return self._one(BulkResult, Call(method="POST", path="/approvals/bulk-action", json=said))

    def cancel(self, id: int) -> Approval:  # noqa: A002
        """Take a request back. Raises `PermissionDenied`, `BusinessRuleViolation`."""
        call = Call(method="POST", path=f"/approvals/{segment(id)}/cancel")
        return self._one(Approval, call)

    def of_ticket(self, ticket_id: int | str) -> list[Approval]:
        """The approvals of a ticket, the latest first. Raises `NotFound`."""
        call = Call(method="GET", path=f"/tickets/{segment(ticket_id)}/approvals")
        return [read(Approval, told) for told in self._data(call)]

    def request(
        self,
        ticket_id: int | str,
        *,
        reason: str | None = None,
        policy_id: int | None = None,
        approver_ids: Sequence[int] | None = None,
    ) -> Approval:
        """Ask for approval of a ticket. Raises `PermissionDenied`, `BusinessRuleViolation`."""
        said = known(
            reason=reason,
            policy_id=policy_id,
            approver_ids=None if approver_ids is None else [*approver_ids],
        )
        path = f"/tickets/{segment(ticket_id)}/approvals"
        return self._one(Approval, Call(method="POST", path=path, json=said))
