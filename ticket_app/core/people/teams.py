"""Teams of agents: list, create, rename and delete them, and say who is in them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TypedDict

from sqlalchemy import func, select, update

from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN
from ticket_app.core.people.customers import contains_every_word
from ticket_app.core.people.rows import TeamMemberRow, TeamRow
from ticket_app.core.people.staff import can_work_tickets
from ticket_app.core.platform import audit_log, usage, validators
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.usage import ReferencingColumn
from ticket_app.tables import (
    Team,
    macro_table,
    person_table,
    routing_rule_table,
    saved_reply_table,
    saved_view_table,
    team_table,
    ticket_table,
)

MAX_NAME_LENGTH = 120
MAX_TEAMS = 1000
MAX_MEMBERS = 500
NAME_TAKEN_MESSAGE = "A team with this name already exists"
TEAM_USES = (
    ReferencingColumn("person", "people", person_table.c.team_id),
    ReferencingColumn("ticket", "tickets", ticket_table.c.team_id),
    ReferencingColumn("routing rule", "routing rules", routing_rule_table.c.team_id),
    ReferencingColumn("saved reply", "saved replies", saved_reply_table.c.team_id),
    ReferencingColumn("macro", "macros", macro_table.c.team_id),
    ReferencingColumn("saved view", "saved views", saved_view_table.c.team_id),
)
"""What refers to a team."""

_SELECT_TEAMS = select(
    team_table.c.id,
    team_table.c.uuid,
    team_table.c.name,
    team_table.c.created_at,
    select(func.count())
    .select_from(person_table)
    .where(person_table.c.team_id == team_table.c.id)
    .correlate(team_table)
    .scalar_subquery()
    .label("members"),
)
_SELECT_MEMBERS = select(
    person_table.c.id,
    person_table.c.full_name,
    person_table.c.is_active,
    person_table.c.role,
    person_table.c.permissions,
    ROLE_PERMISSIONS_COLUMN,
)


class TeamChanges(TypedDict, total=False):
    """The fields of a team that can be changed; `member_ids` replaces all members."""

    name: str
    member_ids: Sequence[int]


def list_teams(
    uow: UnitOfWork, search_text: str, page_request: PageRequest
) -> tuple[Page[TeamRow], int]:
    """Return one page of teams, by name, with their numbers of people, and the total.

    Raises `Forbidden`.
    """
    _ensure_can_view(uow)
    condition = contains_every_word(search_text, team_table.c.name)
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    rows = uow.all_rows(
        _SELECT_TEAMS.where(condition)
        .order_by(team_table.c.name)
        .limit(limit)
        .offset(max(0, page_request.offset)),
        of=TeamRow,
    )
    total = uow.connection.execute(
        select(func.count()).select_from(team_table).where(condition)
    ).scalar_one()
    return Page(rows, page_request.offset + len(rows) < total), total


def get_team(uow: UnitOfWork, team_id: int) -> TeamRow:
    """Return a team. Raises `Forbidden`, `NotFound`."""
    _ensure_can_view(uow)
    row = uow.first_row(_SELECT_TEAMS.where(team_table.c.id == team_id), of=TeamRow)
    if row is None:
        raise NotFound("Team")
    return row


def list_members(uow: UnitOfWork, team_id: int) -> Sequence[TeamMemberRow]:
    """Return the people in a team by name, at most `MAX_MEMBERS`. Raises `Forbidden`."""
    _ensure_can_view(uow)
    statement = (
        _SELECT_MEMBERS.where(person_table.c.team_id == team_id)
        .order_by(person_table.c.full_name, person_table.c.id)
        .limit(MAX_MEMBERS)
    )
    return uow.all_rows(statement, of=TeamMemberRow)


def create_team(uow: UnitOfWork, name: str, *, member_ids: Sequence[int] = ()) -> TeamRow:
    """Create a team and return it.

    Raises `Forbidden`, `Invalid`, `Conflict` (name taken), `RuleViolation` (too many).
    """
    uow.actor.require("manage_people", "create teams")
    count = uow.connection.execute(select(func.count()).select_from(team_table)).scalar_one()
    if count >= MAX_TEAMS:
        raise RuleViolation(f"There can be at most {MAX_TEAMS:,} teams")
    team = Team(name=_validate_unique_name(uow, name), created_at=uow.now)
    uow.session.add(team)
    with conflict_on_violation(NAME_TAKEN_MESSAGE):
        uow.flush()
    assert team.id is not None
    audit_log.record_created(uow, team_table, team.id)
    _set_members(uow, team.id, member_ids)
    return get_team(uow, team.id)


def update_team(uow: UnitOfWork, team_id: int, changes: TeamChanges) -> TeamRow:
    """Change the name or the people of a team and return it.

    People who come from another team leave that one. Raises `NotFound`, `Forbidden`, `Invalid`,
    `Conflict` (name taken).
    """
    uow.actor.require("manage_people", "change teams")
    get_team(uow, team_id)
    if "name" in changes:
        name = _validate_unique_name(uow, changes["name"], except_id=team_id)
        with (
            audit_log.record_changes(uow, team_table, team_id),
            conflict_on_violation(NAME_TAKEN_MESSAGE),
        ):
            uow.connection.execute(
                update(team_table).where(team_table.c.id == team_id).values(name=name)
            )
    if "member_ids" in changes:
        _set_members(uow, team_id, changes["member_ids"])
    return get_team(uow, team_id)


def delete_team(uow: UnitOfWork, team_id: int) -> None:
    """Delete a team. Raises `NotFound`, `Forbidden`, `Conflict` that says where it is used."""
    uow.actor.require("manage_people", "delete teams")
    get_team(uow, team_id)
    usage.delete_unused(uow, team_table, team_id, "team", TEAM_USES)


def _ensure_can_view(uow: UnitOfWork) -> None:
    if not uow.actor.can("work_tickets"):
        uow.actor.require("manage_people", "list teams")


def _validate_unique_name(uow: UnitOfWork, name: str, *, except_id: int = 0) -> str:
    line = validators.required_line("name", name, MAX_NAME_LENGTH)
    has_same_name = func.lower(team_table.c.name) == line.lower()
    statement = select(team_table.c.id).where(has_same_name, team_table.c.id != except_id)
    if uow.connection.execute(statement).first():
        raise Conflict(NAME_TAKEN_MESSAGE)
    return line


def _set_members(uow: UnitOfWork, team_id: int, member_ids: Sequence[int]) -> None:
    wanted = set(member_ids)
    if len(wanted) > MAX_MEMBERS:
        raise Invalid("member_ids", f"must name at most {MAX_MEMBERS} people")
    current = {row.id for row in list_members(uow, team_id)}
    added, removed = wanted - current, current - wanted
    people = uow.all_rows(_SELECT_MEMBERS.where(person_table.c.id.in_(added)), of=TeamMemberRow)
    if len(people) != len(added) or not all(map(can_work_tickets, people)):
        raise Invalid("member_ids", "must be people who work on tickets")
    with ExitStack() as recording:
        for person_id in sorted(added | removed):
            recording.enter_context(audit_log.record_changes(uow, person_table, person_id))
        for ids, new_team_id in ((removed, None), (added, team_id)):
            if ids:
                uow.connection.execute(
                    update(person_table)
                    .where(person_table.c.id.in_(sorted(ids)))
                    .values(team_id=new_team_id)
                )
