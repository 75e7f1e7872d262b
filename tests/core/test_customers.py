"""Companies, contacts, teams and people: staff see all, requesters only their own."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import customers
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.vocabulary import CATEGORY_OF_KIND, Category, Kind, Status
from ticket_app.core.tickets import statistics, ticket_list
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.ticket_query import TicketQuery


def test_companies_and_contacts_are_added_and_found(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        made = customers.add_company(uow, "  Bright   Water ")
        assert made.name == "Bright Water"
        contact = customers.add_contact(uow, "Jo", company_id=made.id, email="jo@example.com")
        page, count = customers.list_companies(uow, "water bri", PageRequest())
        assert ([row.name for row in page.rows], count) == (["Bright Water"], 1)
        (found,) = customers.list_contacts(uow, "jo@", PageRequest())[0].rows
        assert (found.uuid, found.company_name) == (contact.uuid, "Bright Water")
        with pytest.raises(Conflict):
            customers.add_company(uow, "BRIGHT WATER")
        assert customers.list_companies(uow, "%", PageRequest())[1] == 0


def test_a_requester_knows_of_their_own_only(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        contact = customers.add_contact(uow, "Jo", company_id=1)
    with uow_for(cast.owner) as uow:
        assert [row.id for row in customers.list_companies(uow, "", PageRequest())[0].rows] == [1]
        assert [row.id for row in customers.list_people(uow, "", PageRequest())[0].rows] == [
            cast.owner.id
        ]
        assert customers.list_contacts(uow, "", PageRequest())[1] == 0
        for look_up, reference in (
            (customers.get_company, 2),
            (customers.get_contact, contact.uuid),
            (customers.get_person, cast.agent.id),
        ):
            with pytest.raises(NotFound):
                look_up(uow, reference)
        with pytest.raises(Forbidden):
            customers.add_company(uow, "Mine")
        for named in ({"company_id": 2}, {"contact_id": contact.id}):
            with pytest.raises(Invalid):
                open_ticket(uow, TicketDraft(title="x", description="y", **named))


def test_a_team_is_made_when_it_is_first_named(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        assert customers.find_team_id(uow, "Music") == 0
        assert (
            customers.get_or_create_team(uow, "Music")
            == customers.get_or_create_team(uow, "Music")
            > 0
        )
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        customers.get_or_create_team(uow, "Dance")


def test_a_contact_goes_with_another_company(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.agent) as uow:
        contact = customers.add_contact(uow, "Jo", company_id=1)
    ticket_id = file_ticket(by=cast.agent, company_id=1, contact_id=contact.id)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        ticket_updates.update_ticket(uow, ticket, {"company_id": 2})
        assert (ticket.company_id, ticket.contact_id) == (2, None)
        with pytest.raises(Invalid):
            ticket_updates.update_ticket(uow, ticket, {"contact_id": contact.id})
    with uow_for(cast.agent, writes=False) as uow:
        assert ticket_list.count_tickets(uow, TicketQuery(search="saltmarsh")) == 1
        assert ticket_list.count_tickets(uow, TicketQuery(search="lanternworks")) == 0


def test_the_status_asked_for_has_the_last_word(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        changes = {"status": Status.CLOSED, "assignee_id": cast.agent.id, "title": "Done"}
        ticket_updates.update_ticket(uow, ticket, changes)
        assert (ticket.status, ticket.assignee_id, ticket.title) == (
            "closed",
            cast.agent.id,
            "Done",
        )
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation):
        ticket_updates.update_ticket(uow, lock_ticket(uow, ticket_id), {"title": "Mine"})


@pytest.mark.parametrize("kind", Kind)
def test_kind_and_category_follow_each_other(uow_for: UowFor, cast: Cast, kind: Kind) -> None:
    category = CATEGORY_OF_KIND.get(kind)
    with uow_for(cast.owner) as uow:
        ticket = open_ticket(uow, TicketDraft(title="x", description="y", kind=kind))
        assert ticket.category == (category or Category.GENERAL)
        if category:
            other = open_ticket(uow, TicketDraft(title="x", description="y", category=category))
            assert other.kind == kind


def test_figures_are_of_what_one_may_see(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    file_ticket(by=cast.stranger)
    with uow_for(cast.agent) as uow:
        ticket_updates.update_ticket(uow, lock_ticket(uow, 1), {"assignee_id": cast.agent.id})
    for actor, total, mine in ((cast.owner, 1, 0), (cast.agent, 2, 1), (cast.colleague, 0, 0)):
        with uow_for(actor, writes=False) as uow:
            figures = statistics.read_statistics(uow)
        assert (figures.total, figures.assigned_to_me, figures.assigned_to_me_unfinished) == (
            total,
            mine,
            mine,
        )
        assert sum(figures.by_status.values()) == total
