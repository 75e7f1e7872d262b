"""People and roles as the pages show them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from ticket_app.core.people import accounts, directory, permissions
from ticket_app.core.people.accounts import AccountQuery
from ticket_app.core.platform.actor import PERMISSION, PERMISSIONS
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui.rows import color_of, initials_of, moment

PAGE: Final = 50
ROLES: Final[dict[str, str]] = {
    Role.USER: "User",
    Role.AGENT: "Agent",
    Role.MANAGER: "Manager",
    Role.ADMIN: "Administrator",
    Role.SUPER_ADMIN: "Super administrator",
}
"""How roles are said (held total by a test)."""
_PERMISSION: Final = re.compile(rf"\b(?:{'|'.join(PERMISSION)})\b")


@dataclass(frozen=True)
class PersonRow:
    """Somebody who can come in, or could."""

    id: int
    name: str
    initials: str
    color: int
    username: str
    email: str
    role: str
    department: str
    is_active: bool
    has_own: bool
    seen_at: str


@dataclass(frozen=True)
class PersonForm:
    """A person, as a dialog asks about them."""

    id: int = 0
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = Role.USER
    department_id: str = ""
    is_active: bool = True
    has_own: bool = False
    held: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RoleRow:
    """A role, and what it may here."""

    role: str
    word: str
    held: list[str]
    is_usual: bool
    is_fixed: bool
    changed_at: str


def _may(desk: Desk) -> None:
    desk.actor.must("manage_people", "change people and what they may")


def people_rows(
    desk: Desk, words: str, role: str, active: str, page: int
) -> tuple[list[PersonRow], int]:
    """A page of the people in whose names or address the words stand, and how many there are."""
    _may(desk)
    query = AccountQuery(
        words=words,
        roles=frozenset({Role(role)} if role in ROLES else ()),
        is_active={"yes": True, "no": False}.get(active),
    )
    found, total = accounts.page(desk, query, Slice(PAGE, offset=(page - 1) * PAGE))
    departments = dict(departments_of(desk))
    return [_person(row, departments) for row in found.rows], total


def departments_of(desk: Desk) -> list[tuple[str, str]]:
    """Departments to choose from: id and name, none first."""
    _may(desk)
    rows = directory.departments(desk) if desk.actor.may("work_tickets") else ()
    return [("", "No department"), *((str(row.id), row.name) for row in rows)]


def _person(row: Any, departments: dict[str, str]) -> PersonRow:
    return PersonRow(
        id=row.id,
        name=row.full_name,
        initials=initials_of(row.full_name),
        color=color_of(row.username),
        username=row.username,
        email=row.email,
        role=row.role,
        department=departments.get(str(row.department_id), "") if row.department_id else "",
        is_active=row.is_active,
        has_own=row.permissions is not None,
        seen_at=moment(row.last_login_at),
    )


def person_form(desk: Desk, person_id: int) -> PersonForm:
    """A person, for a dialog."""
    _may(desk)
    row = accounts.find(desk, person_id)
    return PersonForm(
        id=row.id,
        username=row.username,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        role=row.role,
        department_id=str(row.department_id or ""),
        is_active=row.is_active,
        has_own=row.permissions is not None,
        held=list(accounts.held(row)),
    )


def role_rows(desk: Desk) -> list[RoleRow]:
    """What each role may here."""
    _may(desk)
    return [
        RoleRow(
            role=one.role,
            word=ROLES[one.role],
            held=list(one.permissions),
            is_usual=set(one.permissions) == set(PERMISSIONS[one.role]),
            is_fixed=one.role is Role.SUPER_ADMIN,
            changed_at=moment(one.changed_at),
        )
        for one in permissions.role_sets(desk)
    ]


def in_sentences(errors: dict[str, str]) -> dict[str, str]:
    """What was refused, with permissions as the ticks name them."""
    return {field: _PERMISSION.sub(_sentence, why) for field, why in errors.items()}


def _sentence(found: re.Match[str]) -> str:
    return f"“{PERMISSION[found.group()]}”"


def permission_words() -> list[tuple[str, str]]:
    """Everything that somebody may: the permission and its sentence."""
    return list(PERMISSION.items())
