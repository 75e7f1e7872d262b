"""Ticket templates: administrators define them, people who create tickets pick one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired

from fastapi import Path
from pydantic import ConfigDict, StrictBool, StrictStr
from pydantic import Field as Bounded
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.data_models import PriorityValue, Tags, TicketTypeValue
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
from ticket_app.api.dialects.enterprise.vocabulary import KIND, PRIORITY
from ticket_app.api.kit.fields import OptionalText, StrictBody
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.vocabulary import Category, Kind, Priority, Severity
from ticket_app.core.tickets import templates
from ticket_app.core.tickets.routing_rules import DEFAULT_RANK
from ticket_app.core.tickets.settings_rows import TemplateRow

router = create_router("Ticket Settings")

TemplateId = Annotated[int, Path(ge=1, le=MAX_ID)]
Summary = Annotated[StrictStr, Bounded(max_length=300)]
Line = Annotated[StrictStr, Bounded(max_length=500)]
EXAMPLE: JsonDict = {
    "name": "New laptop",
    "summary": "For people who start next month",
    "values": {
        "title": "Laptop for a new colleague",
        "description": "Name:\nFirst day:",
        "kind": "request",
        "priority": "medium",
        "tags": ["hardware", "onboarding"],
    },
}


class TemplateValuesBody(StrictBody):
    """What the template fills in; a field that is missing, empty or null stays as it is."""

    title: Line | None = None
    description: OptionalText | None = None
    kind: Kind | None = None
    category: Category | None = None
    priority: Priority | None = None
    severity: Severity | None = None
    section: SectionValue | None = None
    steps_to_reproduce: OptionalText | None = None
    expected_behavior: OptionalText | None = None
    actual_behavior: OptionalText | None = None
    tags: Tags | None = None


class TemplateFields(StrictBody):
    """The fields of a template that need not be sent."""

    summary: Summary | None = None
    rank: Rank = DEFAULT_RANK
    is_staff_only: StrictBool = False
    is_active: StrictBool = True
    values: TemplateValuesBody = TemplateValuesBody()

    def to_core_fields(self) -> dict[str, object]:
        """Return the fields that were sent, by core name, without the name."""
        fields = sent_fields(self, without="name")
        if "values" in fields:
            del fields["values"]
            fields["ticket_values"] = sent_fields(self.values)
        return fields


class NewTemplate(TemplateFields):
    """A template; without `is_staff_only` everyone who may create tickets can pick it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})
    name: Name


class TemplateUpdate(TemplateFields):
    """Update a template: any of these fields. `values` replaces all values."""

    name: Name = ""

    def to_changes(self) -> dict[str, object]:
        """Return the fields that were sent, by core name."""
        name = {"name": self.name} if "name" in self.model_fields_set else {}
        return {**self.to_core_fields(), **name}


class TemplateValues(TypedDict):
    """What the template fills in, in the web app's words; only the fields that are set."""

    title: NotRequired[str]
    description: NotRequired[str]
    kind: NotRequired[Kind]
    category: NotRequired[Category]
    priority: NotRequired[Priority]
    severity: NotRequired[Severity]
    section: NotRequired[str]
    steps_to_reproduce: NotRequired[str]
    expected_behavior: NotRequired[str]
    actual_behavior: NotRequired[str]
    tags: NotRequired[list[str]]


class TicketBody(TypedDict):
    """The values that `POST /tickets` accepts, in the document's words."""

    title: NotRequired[str]
    description: NotRequired[str]
    priority: NotRequired[PriorityValue]
    ticket_type: NotRequired[TicketTypeValue]
    tags: NotRequired[list[str]]


class Template(TypedDict):
    """A template, and what it gives a ticket created with `POST /tickets`."""

    id: int
    name: str
    summary: str | None
    rank: int
    is_staff_only: bool
    is_active: bool
    values: TemplateValues
    ticket: TicketBody
    created_at: datetime
    updated_at: datetime


def format_template(row: TemplateRow) -> dict[str, object]:
    """Format a template."""
    values = row.ticket_values
    ticket = {
        name: values[name]
        for name in ("title", "description", "priority", "tags")
        if name in values
    }
    if "priority" in values:
        ticket["priority"] = PRIORITY.format(str(values["priority"]))
    if "kind" in values:
        ticket["ticket_type"] = KIND.format(str(values["kind"]))
    return {
        "id": row.id,
        "name": row.name,
        "summary": row.summary,
        "rank": row.rank,
        "is_staff_only": row.is_staff_only,
        "is_active": row.is_active,
        "values": values,
        "ticket": ticket,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


@router.get("/ticket-templates", response_model=SuccessResponse[PageData[Template]])
def list_ticket_templates(
    uow: AuthenticatedUow, page_parameters: PageParametersDep
) -> JsonResponse:
    """List the templates in their order. For everyone who may create tickets.

    Only admins see inactive templates, only staff those for staff.
    """
    rows = templates.list_visible(uow)
    return success_response(uow, page_parameters.slice_and_format_page(rows, format_template))


@router.post("/ticket-templates", status_code=201, response_model=SuccessResponse[Template])
def create_ticket_template(body: NewTemplate, uow: AuthenticatedUow) -> JsonResponse:
    """Create a template. For admins."""
    row = templates.create_template(uow, body.name, **body.to_core_fields())
    return success_response(
        uow, format_template(row), "Template created successfully", status_code=201
    )


@router.get("/ticket-templates/{template_id}", response_model=SuccessResponse[Template])
def get_ticket_template(template_id: TemplateId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a template that the caller may pick or change."""
    return success_response(uow, format_template(templates.get_template(uow, template_id)))


@router.patch("/ticket-templates/{template_id}", response_model=SuccessResponse[Template])
def update_ticket_template(
    template_id: TemplateId, body: TemplateUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Update a template. Tickets created with it stay as they are. For admins."""
    row = templates.update_template(uow, template_id, body.to_changes())
    return success_response(uow, format_template(row), "Template updated successfully")


@router.delete("/ticket-templates/{template_id}", response_model=SuccessResponse[None])
def delete_ticket_template(template_id: TemplateId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a template. Tickets created with it stay as they are. For admins."""
    templates.delete_template(uow, template_id)
    return success_response(uow, None, "Template deleted successfully")
