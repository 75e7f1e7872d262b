"""Departments, which the document names in its fields: to choose from, and to look after."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.shapes import PersonBrief, somebody
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.door import Caller
from ticket_app.core.people import departments
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_numbers import LARGEST_ID

router = part("Users and Departments")

DepartmentId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
Id = Annotated[StrictInt, Bounded(ge=1, le=LARGEST_ID)]
Name = Annotated[StrictStr, Bounded(min_length=1, max_length=departments.LONGEST_NAME)]


class NewDepartment(BaseModel):
    """A department to make known; its manager decides on approvals."""

    name: Name
    manager_id: Id | None = None


class DepartmentChange(BaseModel):
    """What is to change of a department; `manager_id: null` leaves it without one."""

    name: Name | None = None
    manager_id: Id | None = None


class Department(TypedDict):
    """A department; its manager is told to staff."""

    id: int
    name: str
    manager_id: int | None
    created_at: datetime
    manager: PersonBrief | None


def department(row: Any, actor: Actor) -> Department:
    """A department as the caller may know it."""
    manager_id = row.manager_id if actor.is_staff else None
    return {
        "id": row.id,
        "name": row.name,
        "manager_id": manager_id,
        "created_at": row.created_at,
        "manager": somebody(row, "manager", manager_id),
    }


@router.get("/departments", response_model=Told[Listed[Department]])
def list_departments(desk: Caller, leaf: Paging) -> Any:
    """Departments by name, for everybody known: a ticket may name one."""
    page, total = departments.page(desk, leaf.part)
    return told(desk, leaf.listed((department(row, desk.actor) for row in page.rows), total))


@router.post("/departments", status_code=201, response_model=Told[Department])
def add_department(body: NewDepartment, desk: Caller) -> Any:
    """Make a department known."""
    row = departments.add(desk, body.name, manager_id=body.manager_id)
    answer = department(row, desk.actor)
    return told(desk, answer, "Department created successfully", status_code=201)


@router.get("/departments/{department_id}", response_model=Told[Department])
def get_department(department_id: DepartmentId, desk: Caller) -> Any:
    """One department."""
    return told(desk, department(departments.find(desk, department_id), desk.actor))


@router.patch("/departments/{department_id}", response_model=Told[Department])
def change_department(department_id: DepartmentId, body: DepartmentChange, desk: Caller) -> Any:
    """Change a department's name or manager."""
    sent = body.model_dump(exclude_unset=True)
    if "name" in sent and sent["name"] is None:
        raise Invalid("name", "must not be null")
    row = departments.change(desk, department_id, sent)
    return told(desk, department(row, desk.actor), "Department updated successfully")


@router.delete("/departments/{department_id}", response_model=Told[None])
def remove_department(department_id: DepartmentId, desk: Caller) -> Any:
    """Remove a department that nobody and no ticket belongs to."""
    departments.remove(desk, department_id)
    return told(desk, None, "Department deleted successfully")
