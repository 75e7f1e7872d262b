"""Macros: sets of actions that are applied to a ticket at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import ConfigDict, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.ticket_settings.fields import (
    Name,
    NamedReference,
    Rank,
    sent_fields,
)
from ticket_app.api.dialects.enterprise.ticket_settings.sharing import format_sharing
from ticket_app.api.kit.fields import StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.automation import macro_running, macros
from ticket_app.core.automation.macro_actions import ActionType
from ticket_app.core.automation.macros import MacroRow
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.validators import MAX_TEXT_LENGTH
from ticket_app.core.tickets.routing_rules import DEFAULT_RANK
from ticket_app.core.tickets.transitions import SOLVED_STATUS

router = create_router("Ticket Settings")

MacroId = Annotated[int, Path(ge=1, le=MAX_ID)]
Key = Annotated[StrictStr, Bounded(max_length=1, description="A letter or a digit")]
RowId = Annotated[StrictInt, Bounded(ge=1, le=MAX_ID)]
Text = Annotated[StrictStr, Bounded(max_length=MAX_TEXT_LENGTH)]
Number = Annotated[StrictInt, Bounded(ge=0, le=MAX_ID)]
Words = Annotated[list[StrictStr], Bounded(max_length=20)]


class MacroActionBody(StrictBody):
    """One action; what `value` may be depends on its `type` (docs/api/settings.md)."""

    type: ActionType
    value: Text | Number | Words | None = None


class MacroFields(StrictBody):
    """The fields of a macro that need not be sent; without a team, the caller's is meant."""

    shortcut: Key | None = None
    rank: Rank = DEFAULT_RANK
    scope: Scope = Scope.ME
    team_id: RowId | None = None


class NewMacro(MacroFields):
    """A macro; its actions are applied in their order, messages last."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Solved by restart",
                    "actions": [
                        {"type": "set_status", "value": str(SOLVED_STATUS)},
                        {"type": "add_tags", "value": ["restart"]},
                        {"type": "reply", "value": "Good that it works, {{requester.first_name}}."},
                    ],
                    "shortcut": "1",
                }
            ]
        }
    )
    name: Name
    actions: Annotated[list[MacroActionBody], Bounded(min_length=1, max_length=len(ActionType))]


class MacroUpdate(MacroFields):
    """Update a macro: any of these fields. `actions` replaces all actions."""

    name: Name = ""
    actions: Annotated[
        list[MacroActionBody], Bounded(min_length=1, max_length=len(ActionType))
    ] = []

    def to_changes(self) -> dict[str, object]:
        """Return the fields that were sent, by core name."""
        changes = sent_fields(self)
        if "actions" in changes:
            changes["actions"] = _to_actions(self.actions)
        return changes


def _to_actions(actions: list[MacroActionBody]) -> list[dict[str, object]]:
    return [{"type": action.type, "value": action.value} for action in actions]


class MacroAction(TypedDict):
    """One action of a macro."""

    type: ActionType
    value: str | int | list[str] | None


class Macro(TypedDict):
    """A macro, who may apply it, and how often it was applied."""

    id: int
    name: str
    actions: list[MacroAction]
    shortcut: str | None
    rank: int
    scope: Scope
    team: NamedReference | None
    owner: NamedReference | None
    use_count: int
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AppliedMacro(TypedDict):
    """What a macro did: the ticket with its version, and the comments that it added."""

    ticket_id: int
    ticket_number: str
    version: int
    macro: NamedReference
    comment_id: int | None
    note_id: int | None


def format_macro(row: MacroRow) -> dict[str, object]:
    """Format a macro."""
    return {
        "id": row.id,
        "name": row.name,
        "actions": row.actions,
        "shortcut": row.shortcut,
        "rank": row.rank,
        **format_sharing(row),
        "use_count": row.use_count,
        "last_used_at": row.last_used_at,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


@router.get("/macros", response_model=SuccessResponse[PageData[Macro]])
def list_macros(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the macros that the caller may apply or change, in their order. For staff."""
    rows = macros.list_macros(uow)
    return success_response(uow, page_parameters.slice_and_format_page(rows, format_macro))


@router.post("/macros", status_code=201, response_model=SuccessResponse[Macro])
def create_macro(body: NewMacro, uow: AuthenticatedUow) -> JsonResponse:
    """Create a macro. For staff; for everyone's use, for admins."""
    row = macros.create_macro(
        uow,
        body.name,
        _to_actions(body.actions),
        shortcut=body.shortcut,
        rank=body.rank,
        scope=body.scope,
        team_id=body.team_id,
    )
    return success_response(uow, format_macro(row), "Macro created successfully", status_code=201)


@router.get("/macros/{macro_id}", response_model=SuccessResponse[Macro])
def get_macro(macro_id: MacroId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a macro. For staff."""
    return success_response(uow, format_macro(macros.get_macro(uow, macro_id)))


@router.patch("/macros/{macro_id}", response_model=SuccessResponse[Macro])
def update_macro(macro_id: MacroId, body: MacroUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Update a macro of one's own or of one's team. Admins update those of everyone."""
    row = macros.update_macro(uow, macro_id, body.to_changes())
    return success_response(uow, format_macro(row), "Macro updated successfully")


@router.delete("/macros/{macro_id}", response_model=SuccessResponse[None])
def delete_macro(macro_id: MacroId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a macro, under the rules of updating it. What it has done stays."""
    macros.delete_macro(uow, macro_id)
    return success_response(uow, None, "Macro deleted successfully")


@router.post("/tickets/{ticket_id}/macros/{macro_id}", response_model=SuccessResponse[AppliedMacro])
def apply_macro(ticket_id: str, macro_id: MacroId, uow: AuthenticatedUow) -> JsonResponse:
    """Apply a macro to a ticket: every action, or none if one is not possible. For staff.

    Its reply is sent at once.
    """
    applied = macro_running.apply(uow, macro_id, ticket_id)
    payload = {
        "ticket_id": applied.ticket_id,
        "ticket_number": applied.ticket_key,
        "version": applied.version,
        "macro": {"id": macro_id, "name": applied.macro_name},
        "comment_id": applied.reply_entry_id,
        "note_id": applied.note_entry_id,
    }
    return success_response(uow, payload, "Macro applied successfully")
