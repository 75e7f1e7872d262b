"""Roles and permissions: what each is for, and what a role may here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.users import Permissions, RoleWord
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.door import Caller
from ticket_app.core.people import permissions
from ticket_app.core.platform.actor import PERMISSION, RESTS_ON
from ticket_app.core.platform.vocabulary import Role

router = part("Users and Departments")


class NewSet(BaseModel):
    """All that a role may from now on."""

    permissions: Permissions


class RoleSet(TypedDict):
    """What a role may here, and since when that is not the usual."""

    role: Role
    permissions: list[str]
    is_custom: bool
    updated_at: datetime | None


class RoleSets(TypedDict):
    """Every role."""

    items: list[RoleSet]


class Permission(TypedDict):
    """Something one may do, and what it is worth nothing without."""

    name: str
    description: str
    requires: str | None


class AllPermissions(TypedDict):
    """Every permission there is."""

    items: list[Permission]


def role_set(found: permissions.RoleSet) -> RoleSet:
    """What a role may."""
    return {
        "role": found.role,
        "permissions": list(found.permissions),
        "is_custom": found.changed_at is not None,
        "updated_at": found.changed_at,
    }


@router.get("/permissions", response_model=Told[AllPermissions])
def list_permissions(desk: Caller) -> Any:
    """Everything that somebody may or may not do, in a sentence."""
    items = [
        {"name": name, "description": says, "requires": RESTS_ON.get(name)}
        for name, says in PERMISSION.items()
    ]
    return told(desk, {"items": items})


@router.get("/roles", response_model=Told[RoleSets])
def list_roles(desk: Caller) -> Any:
    """What each role may here, for staff."""
    return told(desk, {"items": list(map(role_set, permissions.role_sets(desk)))})


@router.put("/roles/{role}/permissions", response_model=Told[RoleSet])
def change_role(role: RoleWord, body: NewSet, desk: Caller) -> Any:
    """Let a role below one's own do this and nothing else."""
    found = permissions.change_role_set(desk, role, body.permissions)
    return told(desk, role_set(found), "Permissions updated")


@router.delete("/roles/{role}/permissions", response_model=Told[RoleSet])
def reset_role(role: RoleWord, desk: Caller) -> Any:
    """Let a role do the usual again."""
    return told(desk, role_set(permissions.reset_role_set(desk, role)), "Permissions reset")
