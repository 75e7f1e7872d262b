"""Who is asking, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from ticket_app.core.errors import Forbidden
from ticket_app.core.words import Role

USER_MAY = ("view_tickets", "create_tickets", "comment_tickets", "upload_files")
AGENT_MAY = (
    *USER_MAY,
    "view_all_tickets",
    "work_tickets",
    "assign_tickets",
    "write_notes",
    "delete_tickets",
    "view_statistics",
)
MANAGER_MAY = (*AGENT_MAY, "approve_tickets", "view_reports")
ADMIN_MAY = (
    *MANAGER_MAY,
    "restore_tickets",
    "purge_tickets",
    "manage_people",
    "manage_webhooks",
    "set_up",
)
SUPER_ADMIN_MAY = (*ADMIN_MAY, "manage_admins")

PERMISSIONS: dict[Role, tuple[str, ...]] = {
    Role.USER: USER_MAY,
    Role.AGENT: AGENT_MAY,
    Role.MANAGER: MANAGER_MAY,
    Role.ADMIN: ADMIN_MAY,
    Role.SUPER_ADMIN: SUPER_ADMIN_MAY,
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
    via: str = "system"
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """Works tickets: sees all of them, and what is internal."""
        return self.may("view_all_tickets")

    def may(self, permission: str) -> bool:
        """Whether the actor holds a permission (and the token in use carries it)."""
        return permission in self.permissions and (not self.scopes or permission in self.scopes)

    def must(self, permission: str, what: str) -> None:
        """Raise `Forbidden` with a sentence about `what` unless the actor holds the permission."""
        if not self.may(permission):
            raise Forbidden(f"You are not allowed to {what}")
