"""The desk's approvals: who is asked sees it, decides it, and everybody reads what became of it."""

from __future__ import annotations

from tests.cast import Cast, UowFor
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.timeline import timeline
from ticket_app.ui.pages.desk.approvals.rows import (
    count_waiting_for_me,
    load_approval_status,
    waiting_rows,
)
from ticket_app.ui.pages.desk.ticket.events import event_row
from ticket_app.ui.pages.portal.ticket.rows import load_ticket


def put_before(uow_for: UowFor, cast: Cast) -> tuple[int, int]:
    """The owner's ticket, and the request that the manager is asked about."""
    with uow_for(cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft(title="Three lamps", description="For us.")).id
    with uow_for(cast.agent) as uow:
        assert ticket_id is not None
        request_id = approval_requests.request_approval(
            uow, lock_ticket(uow, ticket_id), reason="Costs 900", approver_ids=[cast.manager.id]
        )
    return ticket_id, request_id


def decide(uow: UnitOfWork, request_id: int, action: ApprovalAction, **details: object) -> None:
    approval_decisions.perform_action(uow, request_id, action, **details)  # type: ignore[arg-type]


def test_approver_sees_and_decides_a_request(uow_for: UowFor, cast: Cast) -> None:
    _, request_id = put_before(uow_for, cast)
    with uow_for(cast.manager, writes=False) as uow:
        (row,) = waiting_rows(uow)
        assert count_waiting_for_me(uow) == 1
        shown = load_approval_status(uow, row.number)
    assert (row.id, row.title, row.requested_by, row.reason) == (
        request_id,
        "Three lamps",
        "Agnes Hale",
        "Costs 900",
    )
    assert (shown.id, shown.is_my_decision, shown.can_cancel) == (request_id, True, False)
    assert [ask.name for step in shown.steps for ask in step.approvers] == ["Manny Gere"]
    with uow_for(cast.agent, writes=False) as uow:
        assert count_waiting_for_me(uow) == 0
        assert load_approval_status(uow, row.number).can_cancel


def test_decided_approval_leaves_the_list_and_appears_in_the_timeline(
    uow_for: UowFor, cast: Cast
) -> None:
    ticket_id, request_id = put_before(uow_for, cast)
    with uow_for(cast.manager) as uow:
        decide(uow, request_id, ApprovalAction.REJECT, comments="No budget")
    with uow_for(cast.manager, writes=False) as uow:
        assert waiting_rows(uow) == []
        assert load_approval_status(uow, str(ticket_id)).id == 0
        details = [
            (event.action, event.new)
            for event in map(event_row, timeline.list_entries(uow, ticket_id))
        ]
    assert ("rejected", "No budget") in details
    assert ("requested approval from", "Manny Gere") in details
    with uow_for(cast.owner, writes=False) as uow:
        seen = load_ticket(uow, str(ticket_id))
    assert (seen.approval_result, seen.approval_reason) == ("Not approved", "No budget")
    assert "rejected the request" in [step.action for step in seen.history]


def test_the_requester_reads_what_is_asked_and_what_is_set_as_a_condition(
    uow_for: UowFor, cast: Cast
) -> None:
    ticket_id, request_id = put_before(uow_for, cast)
    with uow_for(cast.manager) as uow:
        decide(uow, request_id, ApprovalAction.REQUEST_INFO, comments="Which floor?")
    with uow_for(cast.owner, writes=False) as uow:
        assert load_ticket(uow, str(ticket_id)).question == "Which floor?"
    with uow_for(cast.manager) as uow:
        decide(uow, request_id, ApprovalAction.APPROVE, comments="Hm", conditions=["At most 800"])
    with uow_for(cast.owner, writes=False) as uow:
        seen = load_ticket(uow, str(ticket_id))
    assert (seen.question, seen.approval_reason) == ("", "At most 800")
    assert "Hm" not in repr(seen)


def test_a_ticket_without_an_approval_shows_none(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft(title="A lamp", description="Dark.")).id
    with uow_for(cast.manager, writes=False) as uow:
        assert load_approval_status(uow, str(ticket_id)).id == 0
        assert load_approval_status(uow, "BUG-99").ticket_id == 0
