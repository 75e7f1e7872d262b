"""Sections that the form for a new ticket offers."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, StrictBool
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.dialects.enterprise.ticket_settings.fields import (
    Name,
    Rank,
    SectionValue,
    sent_fields,
)
from ticket_app.api.kit.fields import StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.tickets import sections
from ticket_app.core.tickets.settings_rows import SectionRow

router = create_router("Ticket Settings")


class NewSection(StrictBody):
    """A section; `value` is what tickets get, by default the name. Without a rank, it is last."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Mobile app", "value": "mobile_app"}]}
    )
    name: Name
    value: SectionValue | None = None
    rank: Rank | None = None
    is_active: StrictBool = True


class SectionUpdate(StrictBody):
    """Update a section: any of these fields. Its value stays, because tickets have it."""

    name: Name = ""
    rank: Rank = 0
    is_active: StrictBool = True


class Section(TypedDict):
    """A section. The sections of `TICKET_SECTIONS` have no id until the first change of one."""

    id: int | None
    value: str
    name: str
    rank: int
    is_active: bool
    created_at: datetime | None
    updated_at: datetime | None


def format_section(section: sections.Section | SectionRow) -> Section:
    """Format a section."""
    return {
        "id": section.id,
        "value": section.value,
        "name": section.name,
        "rank": section.rank,
        "is_active": section.is_active,
        "created_at": section.created_at,
        "updated_at": section.updated_at,
    }


@router.get("/sections", response_model=SuccessResponse[PageData[Section]])
def list_sections(uow: AuthenticatedUow, page_parameters: PageParametersDep) -> JsonResponse:
    """List the sections in their order. For staff."""
    current = sections.list_stored_or_configured(uow)
    return success_response(uow, page_parameters.slice_and_format_page(current, format_section))


@router.post("/sections", status_code=201, response_model=SuccessResponse[Section])
def create_section(body: NewSection, uow: AuthenticatedUow) -> JsonResponse:
    """Create a section. For admins."""
    row = sections.create_section(
        uow, body.name, value=body.value, rank=body.rank, is_active=body.is_active
    )
    return success_response(
        uow, format_section(row), "Section created successfully", status_code=201
    )


@router.get("/sections/{section_id}", response_model=SuccessResponse[Section])
def get_section(section_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Get a section, by its id or its value. For staff."""
    return success_response(
        uow, format_section(sections.get_stored_or_configured_section(uow, section_id))
    )


@router.patch("/sections/{section_id}", response_model=SuccessResponse[Section])
def update_section(section_id: str, body: SectionUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Update a section, by its id or its value. For admins."""
    stored_id = sections.find_stored_id(uow, section_id)
    row = sections.update_section(uow, stored_id, sent_fields(body))
    return success_response(uow, format_section(row), "Section updated successfully")


@router.delete("/sections/{section_id}", response_model=SuccessResponse[None])
def delete_section(section_id: str, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a section that no ticket, routing rule or template has. For admins."""
    sections.delete_section(uow, sections.find_stored_id(uow, section_id))
    return success_response(uow, None, "Section deleted successfully")
