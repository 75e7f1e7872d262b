"""List and manage departments, in the document's style."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, cast

from fastapi import Path, Query
from pydantic import BaseModel, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.data_models import UserSummary, format_user_or_none
from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.fields import StrictId
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import departments
from ticket_app.core.people.rows import DepartmentRow
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NULL, Invalid
from ticket_app.core.platform.ticket_numbers import MAX_ID

router = create_router("Users and Departments")

DepartmentId = Annotated[int, Path(ge=1, le=MAX_ID)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=departments.MAX_NAME_LENGTH)]


class NewDepartment(BaseModel):
    """A new department; its manager decides on approvals."""

    name: Name
    manager_id: StrictId | None = None


class DepartmentUpdate(BaseModel):
    """Update a department; `manager_id: null` removes the manager."""

    name: Name | None = None
    manager_id: StrictId | None = None


class Department(TypedDict):
    """A department; only staff see its manager."""

    id: int
    name: str
    manager_id: int | None
    created_at: datetime
    manager: UserSummary | None


def format_department(row: DepartmentRow, actor: Actor) -> Department:
    """Format a department for the caller."""
    manager_id = row.manager_id if actor.is_staff else None
    return {
        "id": row.id,
        "name": row.name,
        "manager_id": manager_id,
        "created_at": row.created_at,
        "manager": format_user_or_none(row, "manager", manager_id),
    }


@router.get("/departments", response_model=SuccessResponse[PageData[Department]])
def list_departments(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    search: Annotated[str, Query(max_length=200, description="Words in the names")] = "",
) -> JsonResponse:
    """List departments by name. Everyone who is signed in may see them."""
    page, total = departments.list_departments(
        uow, page_parameters.page_request, search_text=search
    )
    return success_response(
        uow,
        page_parameters.format_page(
            (format_department(row, uow.actor) for row in page.rows), total
        ),
    )


@router.post("/departments", status_code=201, response_model=SuccessResponse[Department])
def add_department(body: NewDepartment, uow: AuthenticatedUow) -> JsonResponse:
    """Create a department."""
    row = departments.create_department(uow, body.name, manager_id=body.manager_id)
    payload = format_department(row, uow.actor)
    return success_response(uow, payload, "Department created successfully", status_code=201)


@router.get("/departments/{department_id}", response_model=SuccessResponse[Department])
def get_department(department_id: DepartmentId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a department."""
    return success_response(
        uow, format_department(departments.get_department(uow, department_id), uow.actor)
    )


@router.patch("/departments/{department_id}", response_model=SuccessResponse[Department])
def change_department(
    department_id: DepartmentId, body: DepartmentUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Change the name or manager of a department."""
    changes = body.model_dump(exclude_unset=True)
    if "name" in changes and changes["name"] is None:
        raise Invalid("name", NULL)
    row = departments.update_department(
        uow, department_id, cast("departments.DepartmentChanges", changes)
    )
    return success_response(
        uow, format_department(row, uow.actor), "Department updated successfully"
    )


@router.delete("/departments/{department_id}", response_model=SuccessResponse[None])
def remove_department(department_id: DepartmentId, uow: AuthenticatedUow) -> JsonResponse:
    """Delete a department that has no members and no tickets."""
    departments.delete_department(uow, department_id)
    return success_response(uow, None, "Department deleted successfully")
