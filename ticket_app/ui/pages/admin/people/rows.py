"""Rows of the people and role pages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ticket_app.core.people import accounts, directory, invitations, permissions
from ticket_app.core.people.accounts import AccountQuery
from ticket_app.core.people.rows import AccountRow
from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, PERMISSION_DESCRIPTIONS
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.rate_limits import LimitCategory
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.rows import initials_of, iso_time, person_color_number

PAGE_SIZE: Final = 50
ROLE_NAMES: Final[dict[str, str]] = {
    Role.USER: texts.PEOPLE_ROLE_USER,
    Role.AGENT: texts.PEOPLE_ROLE_AGENT,
    Role.MANAGER: texts.PEOPLE_ROLE_MANAGER,
    Role.ADMIN: texts.PEOPLE_ROLE_ADMIN,
    Role.SUPER_ADMIN: texts.PEOPLE_ROLE_SUPER_ADMIN,
}
"""Role names. A test checks that every role has one."""
LIMIT_NAMES: Final[dict[str, str]] = {
    LimitCategory.GENERAL.value: texts.PERSON_LIMIT_GENERAL,
    LimitCategory.UPLOAD.value: texts.PERSON_LIMIT_UPLOADS,
    LimitCategory.SEARCH.value: texts.PERSON_LIMIT_SEARCHES,
    LimitCategory.REPORTS.value: texts.PERSON_LIMIT_REPORTS,
    LimitCategory.IMPORT.value: texts.PERSON_LIMIT_IMPORTS,
}
"""The limits that can be set for one person, by category."""
_PERMISSION_PATTERN: Final = re.compile(rf"\b(?:{'|'.join(PERMISSION_DESCRIPTIONS)})\b")


@dataclass(frozen=True)
class PersonRow:
    """A person in the list."""

    id: int
    name: str
    initials: str
    color: int
    username: str
    email: str
    role: str
    department: str
    is_active: bool
    has_own_permissions: bool
    last_sign_in_at: str
    is_invited: bool = False
    is_invitation_expired: bool = False


@dataclass(frozen=True)
class PersonForm:
    """A person in the dialog."""

    id: int = 0
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    role: str = Role.USER
    department_id: str = ""
    is_active: bool = True
    has_own_permissions: bool = False
    granted: list[str] = field(default_factory=list)
    limits: dict[str, str] = field(default_factory=lambda: dict.fromkeys(LIMIT_NAMES, ""))
    default_limits: dict[str, str] = field(default_factory=lambda: dict.fromkeys(LIMIT_NAMES, ""))


@dataclass(frozen=True)
class RoleRow:
    """A role with its permissions."""

    role: str
    role_name: str
    granted: list[str]
    is_default: bool
    is_fixed: bool
    changed_at: str


def _require_manage_people(uow: UnitOfWork) -> None:
    uow.actor.require("manage_people", texts.PEOPLE_PERMISSION)


def people_rows(
    uow: UnitOfWork, search: str, role: str, active: str, page: int
) -> tuple[list[PersonRow], int]:
    """Return a page of people matching every search word and filter, with the total."""
    _require_manage_people(uow)
    query = AccountQuery(
        search_text=search,
        roles=frozenset({Role(role)} if role in ROLE_NAMES else ()),
        is_active={"yes": True, "no": False}.get(active),
    )
    found, total = accounts.list_accounts(
        uow, query, PageRequest(PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    )
    departments = dict(department_options(uow))
    expiries = invitations.list_open_invitations(uow, [row.id for row in found.rows])
    return [
        _person_row(row, departments, expiries.get(row.id), uow.now) for row in found.rows
    ], total


def department_options(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return departments as (id, name) options, "No department" first."""
    _require_manage_people(uow)
    rows = directory.list_departments(uow) if uow.actor.can("work_tickets") else ()
    return [("", texts.PEOPLE_NO_DEPARTMENT), *((str(row.id), row.name) for row in rows)]


def _person_row(
    row: AccountRow, departments: dict[str, str], invited_until: datetime | None, now: datetime
) -> PersonRow:
    return PersonRow(
        id=row.id,
        name=row.full_name,
        initials=initials_of(row.full_name),
        color=person_color_number(row.username),
        username=row.username,
        email=row.email,
        role=row.role,
        department=departments.get(str(row.department_id), "") if row.department_id else "",
        is_active=row.is_active,
        has_own_permissions=row.permissions is not None,
        last_sign_in_at=iso_time(row.last_login_at),
        is_invited=row.is_active and invited_until is not None,
        is_invitation_expired=invited_until is not None and invited_until <= now,
    )


def person_form(uow: UnitOfWork, person_id: int) -> PersonForm:
    """Return a person's current values for the dialog."""
    _require_manage_people(uow)
    row = accounts.get_account(uow, person_id)
    return PersonForm(
        id=row.id,
        username=row.username,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        role=row.role,
        department_id=str(row.department_id or ""),
        is_active=row.is_active,
        has_own_permissions=row.permissions is not None,
        granted=list(accounts.get_permissions(row)),
        limits={name: str((row.rate_limits or {}).get(name, "")) for name in LIMIT_NAMES},
        default_limits={
            name: str(limit or texts.PERSON_NO_LIMIT)
            for name, limit in rate_limits.default_limits().items()
        },
    )


def role_rows(uow: UnitOfWork) -> list[RoleRow]:
    """Return every role with its permissions."""
    _require_manage_people(uow)
    return [
        RoleRow(
            role=one.role,
            role_name=ROLE_NAMES[one.role],
            granted=list(one.permissions),
            is_default=set(one.permissions) == set(DEFAULT_ROLE_PERMISSIONS[one.role]),
            is_fixed=one.role is Role.SUPER_ADMIN,
            changed_at=iso_time(one.changed_at),
        )
        for one in permissions.list_role_permissions(uow)
    ]


def label_permissions(errors: dict[str, str]) -> dict[str, str]:
    """Return the error with permissions named by their labels."""
    return {field: _PERMISSION_PATTERN.sub(_permission_label, why) for field, why in errors.items()}


def _permission_label(found: re.Match[str]) -> str:
    return f"“{PERMISSION_DESCRIPTIONS[found.group()]}”"


def permission_options() -> list[tuple[str, str]]:
    """Return every permission with its label."""
    return list(PERMISSION_DESCRIPTIONS.items())
