"""Tags as administrators manage them: list, create, rename, merge and delete."""

from __future__ import annotations

from typing import Annotated

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
from ticket_app.api.kit.fields import StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.tickets import tag_changes
from ticket_app.core.tickets.settings_rows import TagRow

router = create_router("Ticket Settings")

TagId = Annotated[int, Path(ge=1, le=MAX_ID)]
TagName = Annotated[StrictStr, Bounded(min_length=1, max_length=60)]


class TagBody(StrictBody):
    """The name of a tag; names are unique regardless of case."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "vpn"}]})
    name: TagName


class TagMerge(StrictBody):
    """The name of the tag that takes the place of this one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"into": "vpn"}]})
    into: TagName


class ManagedTag(TypedDict):
    """A tag with the number of its tickets."""

    id: int
    name: str
    ticket_count: int


def format_tag(row: TagRow) -> ManagedTag:
    """Format a tag."""
    return {"id": row.id, "name": row.name, "ticket_count": row.tickets}


@router.get("/tags", response_model=SuccessResponse[PageData[ManagedTag]])
def list_tags(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    prefix: Annotated[str, Query(max_length=60, description="The beginning of the names")] = "",
) -> JsonResponse:
    """List the tags by name. For admins."""
    page, total = tag_changes.list_tags(uow, prefix, page_parameters.page_request)
    return success_response(uow, page_parameters.format_page(map(format_tag, page.rows), total))


@router.post("/tags", status_code=201, response_model=SuccessResponse[ManagedTag])
def create_tag(body: TagBody, uow: AuthenticatedUow) -> JsonResponse:
    """Create a tag that no ticket has yet, to suggest it. For admins."""
    row = tag_changes.create_tag(uow, body.name)
    return success_response(uow, format_tag(row), "Tag created successfully", status_code=201)


@router.get("/tags/{tag_id}", response_model=SuccessResponse[ManagedTag])
def get_tag(tag_id: TagId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a tag. For admins."""
    return success_response(uow, format_tag(tag_changes.get_tag(uow, tag_id)))


@router.patch("/tags/{tag_id}", response_model=SuccessResponse[ManagedTag])
def rename_tag(tag_id: TagId, body: TagBody, uow: AuthenticatedUow) -> JsonResponse:
    """Rename a tag on all tickets and templates. For admins.

    The response has the id of the renamed tag, which may be a new one. The newest tickets change at
    once and the others within minutes; until then, another change of the tag returns 409.
    """
    row = tag_changes.rename_tag(uow, tag_id, body.name)
    return success_response(uow, format_tag(row), "Tag renamed successfully")


@router.post("/tags/{tag_id}/merge", response_model=SuccessResponse[ManagedTag])
def merge_tag(tag_id: TagId, body: TagMerge, uow: AuthenticatedUow) -> JsonResponse:
    """Give all tickets of a tag another tag instead. Returns that tag. For admins."""
    row = tag_changes.merge_tags(uow, tag_id, body.into)
    return success_response(uow, format_tag(row), "Tags merged successfully")


@router.delete("/tags/{tag_id}", response_model=SuccessResponse[None])
def delete_tag(tag_id: TagId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a tag that no ticket and no template has. For admins."""
    tag_changes.delete_tag(uow, tag_id)
    return success_response(uow, None, "Tag deleted successfully")
