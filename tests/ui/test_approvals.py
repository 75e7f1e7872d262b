"""The desk's approvals: who is asked sees it, decides it, and everybody reads what became of it."""

from __future__ import annotations

from tests.cast import Cast, DeskFor
from ticket_app.core.approvals import decisions as approval_decisions
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalAction
from ticket_app.core.tickets.tickets import TicketDraft, hold, open_ticket
from ticket_app.core.timeline import timeline
from ticket_app.ui.pages.desk.approvals.rows import standing, waiting_rows, waits_for_me
from ticket_app.ui.pages.desk.ticket_rows import _event
from ticket_app.ui.pages.portal.ticket.reading import read_ticket


def put_before(desk_for: DeskFor, cast: Cast) -> tuple[int, int]:
    """The owner's ticket, and the request that the manager is asked about."""
    with desk_for(cast.owner) as desk:
        ticket_id = open_ticket(desk, TicketDraft(title="Three lamps", description="For us.")).id
    with desk_for(cast.agent) as desk:
        assert ticket_id is not None
        request_id = approval_requests.request(
            desk, hold(desk, ticket_id), reason="Costs 900", approver_ids=[cast.manager.id]
        )
    return ticket_id, request_id


def decide(desk: Desk, request_id: int, action: ApprovalAction, **said: object) -> None:
    approval_decisions.act(desk, request_id, action, **said)  # type: ignore[arg-type]


def test_it_works(desk_for: DeskFor, cast: Cast) -> None:
    _, request_id = put_before(desk_for, cast)
    with desk_for(cast.manager, writes=False) as desk:
        (row,) = waiting_rows(desk)
        assert waits_for_me(desk) == 1
        shown = standing(desk, row.number)
    assert (row.id, row.title, row.asker, row.reason) == (
        request_id,
        "Three lamps",
        "Agnes Hale",
        "Costs 900",
    )
    assert (shown.id, shown.is_mine, shown.may_cancel) == (request_id, True, False)
    assert [ask.name for step in shown.steps for ask in step.asks] == ["Manny Gere"]
    with desk_for(cast.agent, writes=False) as desk:
        assert waits_for_me(desk) == 0
        assert standing(desk, row.number).may_cancel


def test_a_decided_approval_is_over_and_told(desk_for: DeskFor, cast: Cast) -> None:
    ticket_id, request_id = put_before(desk_for, cast)
    with desk_for(cast.manager) as desk:
        decide(desk, request_id, ApprovalAction.REJECT, comments="No budget")
    with desk_for(cast.manager, writes=False) as desk:
        assert waiting_rows(desk) == []
        assert standing(desk, str(ticket_id)).id == 0
        said = [(event.did, event.new) for event in map(_event, timeline.lines(desk, ticket_id))]
    assert ("did not approve it", "No budget") in said
    assert ("asked for the approval of", "Manny Gere") in said
    with desk_for(cast.owner, writes=False) as desk:
        seen = read_ticket(desk, str(ticket_id))
    assert (seen.verdict, seen.verdict_text) == ("This was not approved", "No budget")
    assert "did not approve it" in [step.did for step in seen.steps]


def test_the_requester_reads_what_is_asked_and_what_is_set_as_a_condition(
    desk_for: DeskFor, cast: Cast
) -> None:
    ticket_id, request_id = put_before(desk_for, cast)
    with desk_for(cast.manager) as desk:
        decide(desk, request_id, ApprovalAction.REQUEST_INFO, comments="Which floor?")
    with desk_for(cast.owner, writes=False) as desk:
        assert read_ticket(desk, str(ticket_id)).question == "Which floor?"
    with desk_for(cast.manager) as desk:
        decide(desk, request_id, ApprovalAction.APPROVE, comments="Hm", conditions=["At most 800"])
    with desk_for(cast.owner, writes=False) as desk:
        seen = read_ticket(desk, str(ticket_id))
    assert (seen.question, seen.verdict_text) == ("", "At most 800")
    assert "Hm" not in repr(seen)


def test_a_ticket_without_an_approval_shows_none(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        ticket_id = open_ticket(desk, TicketDraft(title="A lamp", description="Dark.")).id
    with desk_for(cast.manager, writes=False) as desk:
        assert standing(desk, str(ticket_id)).id == 0
        assert standing(desk, "BUG-99").ticket_id == 0
