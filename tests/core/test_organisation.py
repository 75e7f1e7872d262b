"""Teams, departments, companies and contacts as administrators manage them."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.people import customer_changes, customers, departments, teams
from ticket_app.core.platform import usage
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.tickets import routing_rules, ticket_list
from ticket_app.core.tickets.ticket_query import TicketQuery


def test_a_team_has_a_name_and_people(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        made = teams.create_team(uow, " Design  team ", member_ids=[cast.agent.id])
        assert (made.name, made.members) == ("Design team", 1)
        other = teams.create_team(uow, "Sales", member_ids=[cast.agent.id, cast.manager.id])
        assert teams.get_team(uow, made.id).members == 0
        changed = teams.update_team(
            uow, other.id, {"name": "Sales team", "member_ids": [cast.manager.id]}
        )
        assert (changed.name, changed.members) == ("Sales team", 1)
        assert [row.full_name for row in teams.list_members(uow, other.id)] == ["Manny Gere"]
        page, total = teams.list_teams(uow, "team SAL", PageRequest())
        assert ([(row.name, row.members) for row in page.rows], total) == ([("Sales team", 1)], 1)
        page, total = teams.list_teams(uow, "", PageRequest(limit=1))
        assert ([row.name for row in page.rows], page.has_more, total) == (["Design team"], True, 2)
        for member_ids in ([cast.owner.id], [999]):
            with pytest.raises(Invalid):
                teams.update_team(uow, other.id, {"member_ids": member_ids})
        with pytest.raises(Conflict):
            teams.update_team(uow, other.id, {"name": "DESIGN TEAM"})


@pytest.mark.parametrize("name", ["Österreich", "Ünal", "Жанна"])
def test_names_beyond_ascii_are_unique_and_found_in_any_case(
    uow_for: UowFor, cast: Cast, name: str
) -> None:
    with uow_for(cast.admin) as uow:
        team = teams.create_team(uow, name)
        department = departments.create_department(uow, name)
        contact = customers.add_contact(uow, name)
        for typed in (name.upper(), name.lower()):
            with pytest.raises(Conflict):
                teams.create_team(uow, typed)
            with pytest.raises(Conflict):
                departments.create_department(uow, typed)
            found, _ = teams.list_teams(uow, typed[:3], PageRequest())
            assert [row.id for row in found.rows] == [team.id]
            listed, _ = departments.list_departments(uow, PageRequest(), search_text=typed)
            assert [row.id for row in listed.rows] == [department.id]
            contacts, _ = customers.list_contacts(uow, typed, PageRequest())
            assert [row.id for row in contacts.rows] == [contact.id]


def test_only_an_unused_team_is_deleted(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        used = teams.create_team(uow, "Tech", member_ids=[cast.agent.id, cast.manager.id]).id
        spare = teams.create_team(uow, "Spare").id
        routing_rules.create_rule(uow, "All", team_id=used)
    file_ticket()
    with uow_for(cast.admin) as uow:
        with pytest.raises(
            Conflict, match="used by 2 people, 1 ticket and 1 routing rule, so it cannot be deleted"
        ):
            teams.delete_team(uow, used)
        teams.delete_team(uow, spare)
        with pytest.raises(NotFound):
            teams.get_team(uow, spare)


def test_departments_are_searched_and_kept_while_they_are_used(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        used = departments.create_department(uow, "People and culture").id
        departments.create_department(uow, "IT")
    file_ticket(department_id=used)
    with uow_for(cast.admin) as uow:
        page, total = departments.list_departments(uow, PageRequest(), search_text="cult")
        assert ([row.id for row in page.rows], total) == ([used], 1)
        with pytest.raises(RuleViolation, match="used by 1 ticket, so it cannot be deleted"):
            departments.delete_department(uow, used)


def test_a_company_is_changed_and_its_tickets_are_found_by_the_new_name(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    assert cast.owner.company_id is not None
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow:
        row = customer_changes.update_company(
            uow,
            cast.owner.company_id,
            {"name": "Bright Water", "domain": " bright.example ", "notes": "Since 2019"},
        )
        assert (row.name, row.domain, row.notes) == (
            "Bright Water",
            "bright.example",
            "Since 2019",
        )
        found = ticket_list.page(uow, TicketQuery(search="bright water"), PageRequest())
        assert [one.id for one in found.rows] == [ticket_id]
        with pytest.raises(Conflict, match=r"used by 2 people and 1 ticket, so it"):
            customer_changes.delete_company(uow, cast.owner.company_id)
        spare_id = customers.add_company(uow, "Spare").id
        assert spare_id is not None
        customer_changes.delete_company(uow, spare_id)
        with pytest.raises(NotFound):
            customers.get_company(uow, spare_id)


def test_a_contact_is_changed_and_deleted(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        used, spare = (customers.add_contact(uow, name).id for name in ("Jo", "Di"))
        assert used
        assert spare
        row = customer_changes.update_contact(
            uow,
            used,
            {"name": "Jo Hill", "email": "jo@x.example", "phone": " 12 ", "company_id": 1},
        )
        assert (row.name, row.email, row.phone, row.company_id) == (
            "Jo Hill",
            "jo@x.example",
            "12",
            1,
        )
        with pytest.raises(Invalid):
            customer_changes.update_contact(uow, used, {"company_id": 999})
    file_ticket(cast.agent, contact_id=used)
    with uow_for(cast.admin) as uow:
        with pytest.raises(Conflict, match="used by 1 ticket, so"):
            customer_changes.delete_contact(uow, used)
        customer_changes.delete_contact(uow, spare)


def test_only_admins_change_teams_and_delete_customers(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        team_id = teams.create_team(uow, "Tech").id
        contact_id = customers.add_contact(uow, "Jo").id
    assert contact_id
    with uow_for(cast.agent) as uow:
        assert teams.list_teams(uow, "", PageRequest())[1] == 1
        for use_case in (
            lambda: teams.create_team(uow, "x"),
            lambda: teams.update_team(uow, team_id, {"name": "x"}),
            lambda: teams.delete_team(uow, team_id),
            lambda: customer_changes.delete_company(uow, 1),
            lambda: customer_changes.delete_contact(uow, contact_id),
        ):
            with pytest.raises(Forbidden):
                use_case()
    with uow_for(cast.owner) as uow:
        for use_case in (
            lambda: teams.list_teams(uow, "", PageRequest()),
            lambda: customer_changes.update_company(uow, 1, {"name": "Mine"}),
        ):
            with pytest.raises(Forbidden):
                use_case()


def test_uses_are_counted_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "MAX_COUNTED", 2)
    assert usage.format_count(1, "ticket", "tickets") == "1 ticket"
    assert usage.format_count(2, "ticket", "tickets") == "2 tickets"
    assert usage.format_count(3, "ticket", "tickets") == "more than 2 tickets"
