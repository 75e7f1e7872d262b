"""Departments of the organisation, each with a manager; tickets and people belong to them."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy import bindparam, func, select, update

from ticket_app.core.people.customers import contains_every_word
from ticket_app.core.people.rows import DepartmentRow
from ticket_app.core.people.staff import is_active_staff
from ticket_app.core.platform import audit_log, usage, validators
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.usage import ReferencingColumn
from ticket_app.tables import Department, department_table, person_table, ticket_table

MAX_NAME_LENGTH = 120
MAX_DEPARTMENTS = 1000
NAME_TAKEN_MESSAGE = "A department with this name already exists"

_MANAGER = person_table.alias("manager")
_SELECT_DEPARTMENTS = select(
    department_table.c.id,
    department_table.c.name,
    department_table.c.manager_id,
    department_table.c.created_at,
    _MANAGER.c.username.label("manager_username"),
    _MANAGER.c.first_name.label("manager_first_name"),
    _MANAGER.c.last_name.label("manager_last_name"),
).select_from(department_table.outerjoin(_MANAGER, _MANAGER.c.id == department_table.c.manager_id))
_SELECT_DEPARTMENT = _SELECT_DEPARTMENTS.where(department_table.c.id == bindparam("department_id"))
DEPARTMENT_USES = (
    ReferencingColumn("person", "people", person_table.c.department_id),
    ReferencingColumn("ticket", "tickets", ticket_table.c.department_id),
)
"""What refers to a department."""


def list_departments(
    uow: UnitOfWork, page_request: PageRequest, *, search_text: str = ""
) -> tuple[Page[DepartmentRow], int]:
    """Return one page of departments, by name, and the total. Raises `Forbidden`.

    With a search text, each of its words occurs in the names.
    """
    uow.actor.require("view_tickets", "list departments")
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    condition = contains_every_word(search_text, department_table.c.name)
    statement = (
        _SELECT_DEPARTMENTS.where(condition)
        .order_by(department_table.c.name)
        .limit(limit)
        .offset(max(0, page_request.offset))
    )
    rows = uow.all_rows(statement, of=DepartmentRow)
    total = uow.connection.execute(
        select(func.count()).select_from(department_table).where(condition)
    ).scalar_one()
    return Page(rows, page_request.offset + len(rows) < total), total


def get_department(uow: UnitOfWork, department_id: int) -> DepartmentRow:
    """Return a department with its manager. Raises `NotFound`."""
    row = uow.first_row(_SELECT_DEPARTMENT, {"department_id": department_id}, of=DepartmentRow)
    if row is None:
        raise NotFound("Department")
    return row


def create_department(
    uow: UnitOfWork, name: str, *, manager_id: int | None = None
) -> DepartmentRow:
    """Create a department and return its row.

    Raises `Forbidden`, `Invalid`, `Conflict` (name taken), `RuleViolation` (too many).
    """
    uow.actor.require("manage_people", "create departments")
    values = _validate_values(uow, {"name": name, "manager_id": manager_id})
    if (
        uow.connection.execute(select(func.count()).select_from(department_table)).scalar_one()
        >= MAX_DEPARTMENTS
    ):
        raise RuleViolation(f"There can be at most {MAX_DEPARTMENTS:,} departments")
    department = Department(**values, created_at=uow.now)
    uow.session.add(department)
    with conflict_on_violation(NAME_TAKEN_MESSAGE):
        uow.flush()
    assert department.id is not None
    audit_log.record_created(uow, department_table, department.id)
    return get_department(uow, department.id)


class DepartmentChanges(TypedDict, total=False):
    """The fields of a department that can be changed."""

    name: str
    manager_id: int | None


def update_department(
    uow: UnitOfWork, department_id: int, changes: DepartmentChanges
) -> DepartmentRow:
    """Change a department and return its row.

    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict` (name taken).
    """
    old_row = get_department(uow, department_id)
    uow.actor.require("manage_people", "change departments")
    values = _validate_values(uow, changes, except_id=old_row.id)
    if values:
        with (
            audit_log.record_changes(uow, department_table, department_id),
            conflict_on_violation(NAME_TAKEN_MESSAGE),
        ):
            uow.connection.execute(
                update(department_table)
                .where(department_table.c.id == department_id)
                .values(**values)
            )
    return get_department(uow, department_id)


def delete_department(uow: UnitOfWork, department_id: int) -> None:
    """Delete a department.

    Raises `NotFound`, `Forbidden`, `RuleViolation` if people or tickets belong to it.
    """
    get_department(uow, department_id)
    uow.actor.require("manage_people", "delete departments")
    try:
        usage.delete_unused(uow, department_table, department_id, "department", DEPARTMENT_USES)
    except Conflict as error:
        raise RuleViolation(error.message) from None


def _validate_values(
    uow: UnitOfWork, changes: DepartmentChanges, *, except_id: int = 0
) -> DepartmentChanges:
    values: DepartmentChanges = {}
    if "name" in changes:
        values["name"] = validators.required_line("name", changes["name"], MAX_NAME_LENGTH)
        has_same_name = func.lower(department_table.c.name) == values["name"].lower()
        if uow.connection.execute(
            select(department_table.c.id).where(has_same_name, department_table.c.id != except_id)
        ).first():
            raise Conflict(NAME_TAKEN_MESSAGE)
    if "manager_id" in changes:
        values["manager_id"] = changes["manager_id"]
        manager_id = changes["manager_id"]
        if manager_id is not None and not is_active_staff(uow, manager_id):
            raise Invalid("manager_id", "must be a person who works on tickets")
    return values
