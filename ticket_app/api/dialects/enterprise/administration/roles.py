"""Roles and permissions: what each permission means, and which ones a role has."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.administration.users import Permissions, RoleValue
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.request_context import AuthenticatedUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import permissions
from ticket_app.core.platform.actor import PERMISSION_DESCRIPTIONS, REQUIRED_PERMISSION
from ticket_app.core.platform.vocabulary import Role

router = create_router("Users and Departments")


class RolePermissionsUpdate(BaseModel):
    """All permissions that a role will have."""

    permissions: Permissions


class RolePermissions(TypedDict):
    """The permissions of a role, and since when they differ from the defaults."""

    role: Role
    permissions: list[str]
    is_custom: bool
    updated_at: datetime | None


class RolePermissionsList(TypedDict):
    """All roles."""

    items: list[RolePermissions]


class Permission(TypedDict):
    """A permission, and the permissions it requires."""

    name: str
    description: str
    requires: str | None


class PermissionList(TypedDict):
    """All permissions."""

    items: list[Permission]


def format_role(role_permissions: permissions.RolePermissions) -> RolePermissions:
    """Format a role with its permissions."""
    return {
        "role": role_permissions.role,
        "permissions": list(role_permissions.permissions),
        "is_custom": role_permissions.changed_at is not None,
        "updated_at": role_permissions.changed_at,
    }


@router.get("/permissions", response_model=SuccessResponse[PermissionList])
def list_permissions(uow: AuthenticatedUow) -> JsonResponse:
    """List all permissions, each described in a sentence."""
    items = [
        {"name": name, "description": description, "requires": REQUIRED_PERMISSION.get(name)}
        for name, description in PERMISSION_DESCRIPTIONS.items()
    ]
    return success_response(uow, {"items": items})


@router.get("/roles", response_model=SuccessResponse[RolePermissionsList])
def list_roles(uow: AuthenticatedUow) -> JsonResponse:
    """List the permissions of each role. For staff."""
    return success_response(
        uow, {"items": list(map(format_role, permissions.list_role_permissions(uow)))}
    )


@router.put("/roles/{role}/permissions", response_model=SuccessResponse[RolePermissions])
def change_role(
    role: RoleValue, body: RolePermissionsUpdate, uow: AuthenticatedUow
) -> JsonResponse:
    """Replace the permissions of a role below your own."""
    role_permissions = permissions.set_role_permissions(uow, role, body.permissions)
    return success_response(uow, format_role(role_permissions), "Permissions updated")


@router.delete("/roles/{role}/permissions", response_model=SuccessResponse[RolePermissions])
def reset_role(role: RoleValue, uow: AuthenticatedUow) -> JsonResponse:
    """Restore the default permissions of a role."""
    return success_response(
        uow, format_role(permissions.reset_role_permissions(uow, role)), "Permissions reset"
    )
