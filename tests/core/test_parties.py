"""What a ticket can name: staff chooses from everything, a requester knows of their own."""

from __future__ import annotations

import pytest

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.vocabulary import CATEGORY_OF_KIND, Category, Kind, Status
from ticket_app.core.tickets import statistics, ticket_list
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import TicketDraft, hold, open_ticket


def test_it_works(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent) as desk:
        made = customers.add_company(desk, "  Bright   Water ")
        assert made.name == "Bright Water"
        contact = customers.add_contact(desk, "Jo", company_id=made.id, email="jo@example.com")
        page, count = customers.companies(desk, "water bri", Slice())
        assert ([row.name for row in page.rows], count) == (["Bright Water"], 1)
        (found,) = customers.contacts(desk, "jo@", Slice())[0].rows
        assert (found.uuid, found.company_name) == (contact.uuid, "Bright Water")
        with pytest.raises(Conflict):
            customers.add_company(desk, "BRIGHT WATER")
        assert customers.companies(desk, "%", Slice())[1] == 0


def test_a_requester_knows_of_their_own_only(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent) as desk:
        contact = customers.add_contact(desk, "Jo", company_id=1)
    with desk_for(cast.owner) as desk:
        assert [row.id for row in customers.companies(desk, "", Slice())[0].rows] == [1]
        assert [row.id for row in customers.people(desk, "", Slice())[0].rows] == [cast.owner.id]
        assert customers.contacts(desk, "", Slice())[1] == 0
        for look_up, reference in (
            (customers.company, 2),
            (customers.contact, contact.uuid),
            (customers.person, cast.agent.id),
        ):
            with pytest.raises(NotFound):
                look_up(desk, reference)
        with pytest.raises(Forbidden):
            customers.add_company(desk, "Mine")
        for named in ({"company_id": 2}, {"contact_id": contact.id}):
            with pytest.raises(Invalid):
                open_ticket(desk, TicketDraft(title="x", description="y", **named))


def test_a_team_is_made_when_it_is_first_named(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent) as desk:
        assert customers.team_id(desk, "Music") == 0
        assert customers.team_named(desk, "Music") == customers.team_named(desk, "Music") > 0
    with desk_for(cast.owner) as desk, pytest.raises(Forbidden):
        customers.team_named(desk, "Dance")


def test_a_contact_goes_with_another_company(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.agent) as desk:
        contact = customers.add_contact(desk, "Jo", company_id=1)
    ticket_id = file_ticket(by=cast.agent, company_id=1, contact_id=contact.id)
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        ticket_updates.revise(desk, ticket, {"company_id": 2})
        assert (ticket.company_id, ticket.contact_id) == (2, None)
        with pytest.raises(Invalid):
            ticket_updates.revise(desk, ticket, {"contact_id": contact.id})
    with desk_for(cast.agent, writes=False) as desk:
        assert ticket_list.count(desk, TicketQuery(search="saltmarsh")) == 1
        assert ticket_list.count(desk, TicketQuery(search="lanternworks")) == 0


def test_the_status_asked_for_has_the_last_word(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        changes = {"status": Status.CLOSED, "assignee_id": cast.agent.id, "title": "Done"}
        ticket_updates.revise(desk, ticket, changes)
        assert (ticket.status, ticket.assignee_id, ticket.title) == (
            "closed",
            cast.agent.id,
            "Done",
        )
    with desk_for(cast.owner) as desk, pytest.raises(RuleBroken):
        ticket_updates.revise(desk, hold(desk, ticket_id), {"title": "Mine"})


@pytest.mark.parametrize("kind", Kind)
def test_kind_and_category_follow_each_other(desk_for: DeskFor, cast: Cast, kind: Kind) -> None:
    category = CATEGORY_OF_KIND.get(kind)
    with desk_for(cast.owner) as desk:
        ticket = open_ticket(desk, TicketDraft(title="x", description="y", kind=kind))
        assert ticket.category == (category or Category.GENERAL)
        if category:
            other = open_ticket(desk, TicketDraft(title="x", description="y", category=category))
            assert other.kind == kind


def test_figures_are_of_what_one_may_see(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    file_ticket(by=cast.stranger)
    with desk_for(cast.agent) as desk:
        ticket_updates.revise(desk, hold(desk, 1), {"assignee_id": cast.agent.id})
    for actor, total, mine in ((cast.owner, 1, 0), (cast.agent, 2, 1), (cast.colleague, 0, 0)):
        with desk_for(actor, writes=False) as desk:
            figures = statistics.figures(desk)
        assert (figures.total, figures.mine, figures.my_unfinished) == (total, mine, mine)
        assert sum(figures.by_status.values()) == total
