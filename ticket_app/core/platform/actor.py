"""Who is asking, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from ticket_app.core.platform.errors import Forbidden
from ticket_app.core.platform.vocabulary import Role

PERMISSION_DESCRIPTIONS: dict[str, str] = {
    "view_tickets": "See the tickets one has filed",
    "create_tickets": "File tickets",
    "comment_tickets": "Comment on the tickets one sees",
    "upload_files": "Send files with the tickets one sees",
    "view_all_tickets": "See every ticket and what is internal to it",
    "work_tickets": "Change tickets, and file them for others",
    "assign_tickets": "Assign tickets to people and teams",
    "write_notes": "Write notes that requesters do not see",
    "delete_tickets": "Put tickets into the trash",
    "view_statistics": "See the figures of all tickets",
    "approve_tickets": "Decide on the approvals one is asked for",
    "view_reports": "See reports, and take tickets away as files",
    "restore_tickets": "Bring tickets back from the trash",
    "purge_tickets": "Destroy tickets in the trash",
    "manage_people": "Make people and departments known, and change what they may",
    "manage_webhooks": "Have other systems told of what happens",
    "set_up": "Set up the desk: policies, calendars, holidays",
    "manage_admins": "Change who is an administrator and what they may",
}
"""Everything that somebody may or may not do, in a sentence."""

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
        ),
        "view_all_tickets",
    ),
    "manage_admins": "manage_people",
}
"""What a permission is worth nothing without: a set that holds the one must hold the other."""

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
    "manage_people",
    "manage_webhooks",
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
    """Somebody known, for the length of one request."""

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
    sign_in_id: int | None = None
    authentication_method: str = "system"
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """Sees all tickets, and what is internal; whatever the role is called."""
        return self.can("view_all_tickets")

    @property
    def can_see_own_tickets(self) -> bool:
        """Sees at least the tickets they filed."""
        return self.can("view_tickets") or self.is_staff

    def can(self, permission: str) -> bool:
        """Whether the actor holds a permission (and the token in use carries it)."""
        return permission in self.permissions and (not self.scopes or permission in self.scopes)

    def require(self, permission: str, action: str) -> None:
        """Raise `Forbidden` with a sentence about `what` unless the actor holds the permission."""
        if not self.can(permission):
            raise Forbidden(f"You are not allowed to {action}")
