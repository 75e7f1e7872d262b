"""Give a new ticket its team and assignee by the first routing rule that matches it.

Rules apply to every channel, in the transaction that opens the ticket, and never to a ticket that
has an assignee. Nobody who is away or offline gets one: the ticket then has the rule's team only.
The rule's row keeps whose turn it is and is locked while the turn is taken, so that tickets opened
at the same time go to different people.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, or_, select, update

from ticket_app.core.people.absences import IS_ABSENT, find_availability
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN
from ticket_app.core.people.staff import can_work_tickets, is_active_staff
from ticket_app.core.platform.ticket_status import UNFINISHED
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AssignmentMethod
from ticket_app.core.tickets import assigning, status_changes
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.settings_rows import (
    CandidateRow,
    LastAssignedRow,
    RoutingRuleConditions,
)
from ticket_app.core.timeline import timeline
from ticket_app.tables import Person, Ticket, person_table, routing_rule_table, ticket_table

MAX_CANDIDATES = 500

_SELECT_RULES = (
    select(
        routing_rule_table.c.id,
        routing_rule_table.c.name,
        routing_rule_table.c.kinds,
        routing_rule_table.c.categories,
        routing_rule_table.c.sections,
        routing_rule_table.c.team_id,
        routing_rule_table.c.assignee_id,
        routing_rule_table.c.method,
    )
    .where(
        routing_rule_table.c.is_active,
        or_(
            routing_rule_table.c.company_id.is_(None),
            routing_rule_table.c.company_id == bindparam("company_id"),
        ),
    )
    .order_by(routing_rule_table.c.rank, routing_rule_table.c.id)
)
_SELECT_MEMBERS = (
    select(
        person_table.c.id,
        person_table.c.role,
        person_table.c.permissions,
        ROLE_PERMISSIONS_COLUMN,
    )
    .where(
        person_table.c.team_id == bindparam("team_id"),
        person_table.c.is_active,
        ~IS_ABSENT,
    )
    .order_by(person_table.c.id)
    .limit(MAX_CANDIDATES)
)
_SELECT_TURN = (
    select(routing_rule_table.c.last_assignee_id)
    .where(routing_rule_table.c.id == bindparam("rule_id"))
    .with_for_update()
)
_SAVE_TURN = (
    update(routing_rule_table)
    .where(routing_rule_table.c.id == bindparam("rule_id"))
    .values(
        last_assignee_id=bindparam("next_assignee_id"),
        assigned_count=routing_rule_table.c.assigned_count + 1,
    )
)
_COUNT_UNFINISHED = (
    select(ticket_table.c.assignee_id, func.count().label("tickets"))
    .where(
        ticket_table.c.deleted_at.is_(None),
        ticket_table.c.assignee_id.in_(bindparam("person_ids", expanding=True)),
        UNFINISHED,
    )
    .group_by(ticket_table.c.assignee_id)
)


def route(uow: UnitOfWork, ticket: Ticket) -> None:
    """Assign a new ticket as the first matching rule says, as an act of the rule.

    Call it in an `inserting` block, for a ticket that has no assignee.
    """
    rule = find_matching_rule(
        uow,
        kind=ticket.kind,
        category=ticket.category,
        section=ticket.section,
        company_id=ticket.company_id,
    )
    if rule is None:
        return
    assert ticket.id is not None
    assignee_id = _find_assignee_id(uow, rule)
    with uow.as_system():
        timeline.record_change(uow, ticket.id, ticket_fields.ROUTING_RULE, None, rule.name)
        if assignee_id is not None:
            assigning.assign_to(uow, ticket, uow.session.get_one(Person, assignee_id))
        if rule.team_id is not None:
            assigning.assign_to_team(uow, ticket, rule.team_id)
        if assignee_id is not None:
            status_changes.open_if_new(uow, ticket)


def find_matching_rule(
    uow: UnitOfWork, *, kind: str, category: str, section: str, company_id: int | None
) -> RoutingRuleConditions | None:
    """Return the first active rule for a ticket with these properties, or None."""
    rules = uow.all_rows(_SELECT_RULES, {"company_id": company_id or 0}, of=RoutingRuleConditions)
    folded_section = section.casefold()
    for rule in rules:
        if (
            (not rule.kinds or kind in rule.kinds)
            and (not rule.categories or category in rule.categories)
            and (
                not rule.sections
                or folded_section in (section.casefold() for section in rule.sections)
            )
        ):
            return rule
    return None


def _find_assignee_id(uow: UnitOfWork, rule: RoutingRuleConditions) -> int | None:
    """Return the active and available person whose turn it is, or None. Takes the turn."""
    match AssignmentMethod(rule.method):
        case AssignmentMethod.TEAM_ONLY:
            return None
        case AssignmentMethod.PERSON:
            person_id = rule.assignee_id
            is_available = (
                person_id
                and is_active_staff(uow, person_id)
                and not find_availability(uow, [person_id])
            )
            return person_id if is_available else None
        case AssignmentMethod.ROUND_ROBIN | AssignmentMethod.LEAST_OPEN as method:
            values = {"team_id": rule.team_id, "now": uow.now}
            members = uow.all_rows(_SELECT_MEMBERS, values, of=CandidateRow)
            person_ids = [member.id for member in members if can_work_tickets(member)]
            return _take_turn(uow, rule.id, method, person_ids) if person_ids else None


def _take_turn(
    uow: UnitOfWork, rule_id: int, method: AssignmentMethod, person_ids: Sequence[int]
) -> int | None:
    turn = uow.first_row(_SELECT_TURN, {"rule_id": rule_id}, of=LastAssignedRow)
    if turn is None:  # the rule was deleted meanwhile
        return None
    in_turn = _order_by_turn(person_ids, turn.last_assignee_id or 0)
    chosen = in_turn[0] if method is AssignmentMethod.ROUND_ROBIN else _least_busy(uow, in_turn)
    uow.connection.execute(_SAVE_TURN, {"rule_id": rule_id, "next_assignee_id": chosen})
    return chosen


def _order_by_turn(person_ids: Sequence[int], last_id: int) -> list[int]:
    """Return the people in the order of their turns: those after the last assignee first."""
    return sorted(person_ids, key=lambda person_id: (person_id <= last_id, person_id))


def _least_busy(uow: UnitOfWork, person_ids: Sequence[int]) -> int:
    """Return who has the fewest unfinished tickets; of several, the first one."""
    rows = uow.connection.execute(_COUNT_UNFINISHED, {"person_ids": list(person_ids)})
    counts = {row.assignee_id: row.tickets for row in rows}
    return min(person_ids, key=lambda person_id: counts.get(person_id, 0))
