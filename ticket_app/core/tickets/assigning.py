"""Assign a ticket to a person or a team."""

from __future__ import annotations

from sqlalchemy import select

from ticket_app.core.people.staff import is_active_staff
from ticket_app.core.platform.errors import Invalid, Reason, does_not_exist
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import status_changes
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.tables import Person, Team, Ticket, person_table

NOT_ASSIGNABLE = Reason("must be a person who works on tickets", "not_assignable")


def _person_exists(uow: UnitOfWork, person_id: int) -> bool:
    return (
        uow.connection.execute(
            select(person_table.c.id).where(person_table.c.id == person_id)
        ).first()
        is not None
    )


def get_assignable_person(uow: UnitOfWork, person_id: int | None) -> Person | None:
    """Return the active person who may work on tickets, or None without an id. Raises `Invalid`."""
    if person_id is None:
        return None
    if not is_active_staff(uow, person_id):
        exists = _person_exists(uow, person_id)
        raise Invalid("assignee", NOT_ASSIGNABLE if exists else does_not_exist(person_id))
    return uow.session.get(Person, person_id)


def assign(uow: UnitOfWork, ticket: Ticket, assignee_id: int | None) -> None:
    """Assign the ticket to a staff member (by id), or unassign it with None.

    Assigning a new ticket opens it. Raises `Forbidden`, `Invalid`.
    """
    ensure_allowed(Action.ASSIGN, ticket, uow.actor, uow.now)
    if ticket.assignee_id == assignee_id:
        return
    person = get_assignable_person(uow, assignee_id)
    with changing(uow, ticket):
        assign_to(uow, ticket, person)
        if person:
            status_changes.open_if_new(uow, ticket)


def assign_to(uow: UnitOfWork, ticket: Ticket, person: Person | None) -> None:
    """Set the assignee and their team without checking permissions."""
    assert ticket.id is not None
    old = uow.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    ticket.assignee_id = person.id if person else None
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.ASSIGNEE,
        old and old.full_name,
        person and person.full_name,
        old_id=old and old.id,
        new_id=person and person.id,
    )
    if person and person.team_id is not None:
        assign_to_team(uow, ticket, person.team_id)


def set_team(uow: UnitOfWork, ticket: Ticket, team_id: int | None) -> None:
    """Assign the ticket to a team (by id), or to none. Raises `Forbidden`, `Invalid`."""
    uow.actor.require("assign_tickets", "assign tickets")
    if ticket.team_id != team_id:
        with changing(uow, ticket):
            assign_to_team(uow, ticket, team_id)


def assign_to_team(uow: UnitOfWork, ticket: Ticket, team_id: int | None) -> None:
    """Set the team without checking permissions. Raises `Invalid`."""
    assert ticket.id is not None
    if ticket.team_id == team_id:
        return
    old = uow.session.get(Team, ticket.team_id) if ticket.team_id else None
    new = uow.session.get(Team, team_id) if team_id else None
    if team_id and new is None:
        raise Invalid("team", does_not_exist(team_id))
    ticket.team_id = team_id
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.TEAM,
        old and old.name,
        new and new.name,
        old_id=old and old.id,
        new_id=new and new.id,
    )
