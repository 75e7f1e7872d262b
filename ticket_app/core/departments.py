"""Departments: parts of the organisation that tickets and people belong to, each with a manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, select, union_all, update

from ticket_app.core import people, text
from ticket_app.core.database import Collision
from ticket_app.core.desk import Desk
from ticket_app.core.errors import Conflict, Invalid, NotFound, RuleBroken
from ticket_app.core.policy import T
from ticket_app.core.queue import LONGEST_PAGE, Page, Slice
from ticket_app.core.timeline import P
from ticket_app.tables import Department

DE: Any = Department.__table__  # type: ignore[attr-defined]
LONGEST_NAME = 120
MOST = 1000
"""Departments of a desk."""

_MANAGER = P.alias("manager")
_ALL = select(
    DE.c.id,
    DE.c.name,
    DE.c.manager_id,
    DE.c.created_at,
    _MANAGER.c.username.label("manager_username"),
    _MANAGER.c.first_name.label("manager_first_name"),
    _MANAGER.c.last_name.label("manager_last_name"),
).select_from(DE.outerjoin(_MANAGER, _MANAGER.c.id == DE.c.manager_id))
_ONE = _ALL.where(DE.c.id == bindparam("department_id"))
_USED = union_all(
    select(P.c.id).where(P.c.department_id == bindparam("department_id")),
    select(T.c.id).where(T.c.department_id == bindparam("department_id")),
).limit(1)
_MANAGES = select(P.c.role, P.c.permissions, people.ROLE_PERMISSIONS).where(
    P.c.id == bindparam("person_id"), P.c.is_active
)


def page(desk: Desk, part: Slice) -> tuple[Page, int]:
    """Departments by name, a part of them, and how many there are; for everybody known."""
    desk.actor.must("view_tickets", "see the departments")
    limit = max(1, min(part.limit, LONGEST_PAGE))
    statement = _ALL.order_by(DE.c.name).limit(limit).offset(max(0, part.offset))
    rows = desk.db.execute(statement).all()
    total = desk.db.execute(select(func.count()).select_from(DE)).scalar_one()
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
    if desk.db.execute(select(func.count()).select_from(DE)).scalar_one() >= MOST:
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
            desk.db.execute(update(DE).where(DE.c.id == department_id).values(**values))
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
        desk.db.execute(delete(DE).where(DE.c.id == department_id))
    except Collision:
        raise RuleBroken(why) from None


def _checked(desk: Desk, told: Mapping[str, Any], *, besides: int = 0) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "name" in told:
        values["name"] = text.required_line("name", told["name"], LONGEST_NAME)
        alike = func.lower(DE.c.name) == values["name"].lower()
        if desk.db.execute(select(DE.c.id).where(alike, DE.c.id != besides)).first():
            raise Conflict("A department with this name already exists")
    if "manager_id" in told:
        values["manager_id"] = told["manager_id"]
        if told["manager_id"] is not None:
            manager = desk.db.execute(_MANAGES, {"person_id": told["manager_id"]}).first()
            if manager is None or not people.works(manager):
                raise Invalid("manager_id", "must be a person who works on tickets")
    return values
