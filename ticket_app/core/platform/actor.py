"""The actor of a request, and the permissions of each role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.vocabulary import Role

PERMISSION_DESCRIPTIONS: dict[str, str] = {
    "view_tickets": "View own tickets",
    "create_tickets": "Create tickets",
    "comment_tickets": "Comment on visible tickets",
    "upload_files": "Attach files to visible tickets",
    "view_all_tickets": "View all tickets, including internal notes and files",
    "work_tickets": "Edit tickets, and create them for other people",
    "assign_tickets": "Assign tickets to people and teams",
    "write_notes": "Write internal notes",
    "delete_tickets": "Move tickets to the trash",
    "view_statistics": "View statistics",
    "approve_tickets": "Approve or reject requests",
    "view_reports": "View reports and export tickets",
    "restore_tickets": "Restore tickets from the trash",
    "purge_tickets": "Delete tickets in the trash permanently",
    "import_tickets": "Import tickets with their original numbers and dates",
    "manage_people": "Manage people, departments and permissions",
    "manage_webhooks": "Manage webhooks",
    "view_audit": "See and export the audit log of all tickets and settings",
    "set_up": "Manage settings: policies, calendars, holidays",
    "manage_admins": "Manage administrators",
}
"""Every permission with its description."""

REQUIRED_PERMISSION: dict[str, str] = {
    **dict.fromkeys(
        ("create_tickets", "comment_tickets", "upload_files", "view_all_tickets"), "view_tickets"
    ),
    **dict.fromkeys(
        (
            "work_tickets",
            "assign_tickets",
            "write_notes",
            "delete_tickets",
            "view_statistics",
            "approve_tickets",
            "view_reports",
            "restore_tickets",
            "purge_tickets",
            "import_tickets",
            "view_audit",
        ),
        "view_all_tickets",
    ),
    "manage_admins": "manage_people",
}
"""The permission that another one needs: whoever has the first must have the second."""

USER_PERMISSIONS = ("view_tickets", "create_tickets", "comment_tickets", "upload_files")
AGENT_PERMISSIONS = (
    *USER_PERMISSIONS,
    "view_all_tickets",
    "work_tickets",
    "assign_tickets",
    "write_notes",
    "delete_tickets",
    "view_statistics",
)
MANAGER_PERMISSIONS = (*AGENT_PERMISSIONS, "approve_tickets", "view_reports")
ADMIN_PERMISSIONS = (
    *MANAGER_PERMISSIONS,
    "restore_tickets",
    "purge_tickets",
    "import_tickets",
    "manage_people",
    "manage_webhooks",
    "view_audit",
    "set_up",
)
SUPER_ADMIN_PERMISSIONS = (*ADMIN_PERMISSIONS, "manage_admins")

DEFAULT_ROLE_PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.USER: USER_PERMISSIONS,
    Role.AGENT: AGENT_PERMISSIONS,
    Role.MANAGER: MANAGER_PERMISSIONS,
    Role.ADMIN: ADMIN_PERMISSIONS,
    Role.SUPER_ADMIN: SUPER_ADMIN_PERMISSIONS,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The authenticated person or system that makes a request."""

    id: int
    uuid: UUID
    username: str
    full_name: str
    email: str
    role: Role
    permissions: frozenset[str]
    department_id: int | None = None
    team_id: int | None = None
    company_id: int | None = None
    shared_company_id: int | None = None
    """Their company, if its people may read each other's tickets."""
    sign_in_id: int | None = None
    authentication_method: str = "system"
    scopes: frozenset[str] = frozenset()
    rate_limits: Mapping[str, int] | None = None
    """Their own limits by category, where an administrator has set them."""

    @property
    def is_staff(self) -> bool:
        """Whether the actor sees all tickets and internal content, whatever their role."""
        return self.can("view_all_tickets")

    @property
    def can_see_own_tickets(self) -> bool:
        """Whether the actor sees at least their own tickets."""
        return self.can("view_tickets") or self.is_staff

    def can(self, permission: str) -> bool:
        """Return whether the actor has a permission and the token in use carries it."""
        return permission in self.permissions and (not self.scopes or permission in self.scopes)

    def require(self, permission: str, action: str) -> None:
        """Raise `Forbidden` with a message about `action` unless the actor has the permission."""
        if not self.can(permission):
            raise Forbidden(f"You are not allowed to {action}")
