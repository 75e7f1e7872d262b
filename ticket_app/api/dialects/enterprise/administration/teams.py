"""List and manage teams and the people in them, in the document's style."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import Path, Query
from pydantic import ConfigDict, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.fields import StrictBody, StrictId
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import teams
from ticket_app.core.people.rows import TeamMemberRow, TeamRow
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork

router = create_router("Users and Departments")

TeamId = Annotated[int, Path(ge=1, le=MAX_ID)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=teams.MAX_NAME_LENGTH)]
MemberIds = Annotated[list[StrictId], Bounded(max_length=teams.MAX_MEMBERS)]


class NewTeam(StrictBody):
    """A new team; its members are people who work on tickets, each in one team."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Network", "member_ids": [2, 3]}]}
    )
    name: Name
    member_ids: MemberIds = []


class TeamUpdate(StrictBody):
    """Update a team. `member_ids` replaces all members; new ones leave the team they were in."""

    name: Name = ""
    member_ids: MemberIds = []


class Team(TypedDict):
    """A team with the number of people in it."""

    id: int
    name: str
    member_count: int
    created_at: datetime


class TeamMember(TypedDict):
    """A person in a team."""

    id: int
    full_name: str
    is_active: bool


class TeamDetails(Team):
    """A team with the people in it, by name."""

    members: list[TeamMember]


def format_team(row: TeamRow) -> Team:
    """Format a team for lists."""
    return {
        "id": row.id,
        "name": row.name,
        "member_count": row.members,
        "created_at": row.created_at,
    }


def _format_member(row: TeamMemberRow) -> TeamMember:
    return {"id": row.id, "full_name": row.full_name, "is_active": row.is_active}


def format_team_details(uow: UnitOfWork, row: TeamRow) -> TeamDetails:
    """Format a team with its members."""
    members = [_format_member(member) for member in teams.list_members(uow, row.id)]
    return {**format_team(row), "members": members}


@router.get("/teams", response_model=SuccessResponse[PageData[Team]])
def list_teams(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    search: Annotated[str, Query(max_length=200, description="Words in the names")] = "",
) -> JsonResponse:
    """List teams by name. For staff."""
    page, total = teams.list_teams(uow, search, page_parameters.page_request)
    return success_response(uow, page_parameters.format_page(map(format_team, page.rows), total))


@router.post("/teams", status_code=201, response_model=SuccessResponse[TeamDetails])
def create_team(body: NewTeam, uow: AuthenticatedUow) -> JsonResponse:
    """Create a team. For admins."""
    row = teams.create_team(uow, body.name, member_ids=body.member_ids)
    return success_response(
        uow, format_team_details(uow, row), "Team created successfully", status_code=201
    )


@router.get("/teams/{team_id}", response_model=SuccessResponse[TeamDetails])
def get_team(team_id: TeamId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a team with its members. For staff."""
    return success_response(uow, format_team_details(uow, teams.get_team(uow, team_id)))


@router.patch("/teams/{team_id}", response_model=SuccessResponse[TeamDetails])
def update_team(team_id: TeamId, body: TeamUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Change the name or the members of a team. For admins."""
    changes = cast("teams.TeamChanges", body.model_dump(exclude_unset=True))
    row = teams.update_team(uow, team_id, changes)
    return success_response(uow, format_team_details(uow, row), "Team updated successfully")


@router.delete("/teams/{team_id}", response_model=SuccessResponse[None])
def delete_team(team_id: TeamId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a team that has no members, tickets or routing rules. For admins."""
    teams.delete_team(uow, team_id)
    return success_response(uow, None, "Team deleted successfully")
