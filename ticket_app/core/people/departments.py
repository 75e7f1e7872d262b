"""Departments: parts of the organisation that tickets and people belong to, each with a manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, select, union_all, update

from ticket_app.core.people import profiles
from ticket_app.core.platform import text
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound, RuleBroken
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import Department, department_table, person_table, ticket_table

LONGEST_NAME = 120
MOST = 1000
"""Departments of a desk."""

_MANAGER = person_table.alias("manager")
_ALL = select(
    department_table.c.id,
    department_table.c.name,
    department_table.c.manager_id,
    department_table.c.created_at,
    _MANAGER.c.username.label("manager_username"),
    _MANAGER.c.first_name.label("manager_first_name"),
    _MANAGER.c.last_name.label("manager_last_name"),
).select_from(department_table.outerjoin(_MANAGER, _MANAGER.c.id == department_table.c.manager_id))
_ONE = _ALL.where(department_table.c.id == bindparam("department_id"))
_USED = union_all(
    select(person_table.c.id).where(person_table.c.department_id == bindparam("department_id")),
    select(ticket_table.c.id).where(ticket_table.c.department_id == bindparam("department_id")),
).limit(1)
_MANAGES = select(person_table.c.role, person_table.c.permissions, profiles.ROLE_PERMISSIONS).where(
    person_table.c.id == bindparam("person_id"), person_table.c.is_active
)


def page(desk: Desk, part: Slice) -> tuple[Page, int]:
    """Departments by name, a part of them, and how many there are; for everybody known."""
    desk.actor.must("view_tickets", "see the departments")
    limit = max(1, min(part.limit, LONGEST_PAGE))
    statement = _ALL.order_by(department_table.c.name).limit(limit).offset(max(0, part.offset))
    rows = desk.db.execute(statement).all()
    total = desk.db.execute(select(func.count()).select_from(department_table)).scalar_one()
    return Page(rows, part.offset + len(rows) < total), total


def find(desk: Desk, department_id: int) -> Any:
    """One department and its manager. Raises `NotFound`."""
    row = desk.db.execute(_ONE, {"department_id": department_id}).first()
    if row is None:
        raise NotFound("Department")
    return row


def add(desk: Desk, name: str, *, manager_id: int | None = None) -> Any:
    """Make a department known. Returns its row. Raises `Forbidden`, `Invalid`, `Conflict`."""
    desk.actor.must("manage_people", "add departments")
    values = _checked(desk, {"name": name, "manager_id": manager_id})
    if desk.db.execute(select(func.count()).select_from(department_table)).scalar_one() >= MOST:
        raise RuleBroken(f"A desk has at most {MOST:,} departments")
    made = Department(**values, created_at=desk.now)
    desk.session.add(made)
    try:
        desk.settle()
    except Collision:
        raise Conflict("A department with this name already exists") from None
    assert made.id is not None
    return find(desk, made.id)


def change(desk: Desk, department_id: int, changes: Mapping[str, Any]) -> Any:
    """Change `name` or `manager_id`. Returns the row. Raises as `add`, and `NotFound`."""
    before = find(desk, department_id)
    desk.actor.must("manage_people", "change departments")
    values = _checked(desk, changes, besides=before.id)
    if values:
        try:
            desk.db.execute(
                update(department_table)
                .where(department_table.c.id == department_id)
                .values(**values)
            )
        except Collision:
            raise Conflict("A department with this name already exists") from None
    return find(desk, department_id)


def remove(desk: Desk, department_id: int) -> None:
    """Remove a department that nobody and no ticket belongs to.

    Raises `NotFound`, `Forbidden`, `RuleBroken`.
    """
    find(desk, department_id)
    desk.actor.must("manage_people", "remove departments")
    why = "People or tickets belong to this department; move them first"
    if desk.db.execute(_USED, {"department_id": department_id}).first():
        raise RuleBroken(why)
    try:
        desk.db.execute(delete(department_table).where(department_table.c.id == department_id))
    except Collision:
        raise RuleBroken(why) from None


def _checked(desk: Desk, told: Mapping[str, Any], *, besides: int = 0) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "name" in told:
        values["name"] = text.required_line("name", told["name"], LONGEST_NAME)
        alike = func.lower(department_table.c.name) == values["name"].lower()
        if desk.db.execute(
            select(department_table.c.id).where(alike, department_table.c.id != besides)
        ).first():
            raise Conflict("A department with this name already exists")
    if "manager_id" in told:
        values["manager_id"] = told["manager_id"]
        if told["manager_id"] is not None:
            manager = desk.db.execute(_MANAGES, {"person_id": told["manager_id"]}).first()
            if manager is None or not profiles.works(manager):
                raise Invalid("manager_id", "must be a person who works on tickets")
    return values
