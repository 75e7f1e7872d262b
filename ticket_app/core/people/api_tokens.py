"""Personal API tokens: create, list and revoke them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from ticket_app.core.platform import audit_log, secrets, validators
from ticket_app.core.platform.errors import (
    Forbidden,
    Invalid,
    NotFound,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.tables import (
    ApiToken,
    api_token_table,
)

API_TOKEN_PREFIX = "tk_"  # noqa: S105


def create_api_token(
    uow: UnitOfWork,
    name: str,
    *,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[str, ApiToken]:
    """Create an API token for the actor; return its value, which is not stored, and its row.

    Raises `Invalid`, and `Forbidden` for scopes beyond the actor's own permissions.
    """
    held_permissions = set(filter(uow.actor.can, uow.actor.permissions))
    missing = set(scopes or uow.actor.permissions) - held_permissions
    if missing:
        raise Forbidden(
            f"You cannot grant permissions you do not have: {', '.join(sorted(missing))}"
        )
    if expires_at is not None and expires_at <= uow.now:
        raise Invalid("expires_at", "must be in the future")
    token = secrets.new_token(API_TOKEN_PREFIX)
    row = ApiToken(
        person_id=uow.actor.id,
        name=validators.required_line("name", name, 120),
        hint=token[:7],
        token_hash=secrets.hash_token(token),
        scopes=list(scopes),
        created_at=uow.now,
        expires_at=expires_at,
    )
    uow.session.add(row)
    uow.flush()
    _record(uow, AuditAction.CREATED, row, new=", ".join(row.scopes) or "all permissions")
    auth_log().info("api_token_created", person=uow.actor.username, token=row.hint)
    return token, row


def list_own_api_tokens(uow: UnitOfWork) -> Sequence[ApiToken]:
    """List the actor's API tokens that are not revoked, newest first, without their values."""
    statement = (
        select(api_token_table)
        .where(api_token_table.c.person_id == uow.actor.id, api_token_table.c.revoked_at.is_(None))
        .order_by(api_token_table.c.id.desc())
    )
    return uow.all_rows(statement, of=ApiToken)


def revoke_api_token(uow: UnitOfWork, reference: UUID) -> None:
    """Revoke one of the actor's API tokens. Raises `NotFound`."""
    row = uow.first_row(
        update(api_token_table)
        .where(
            api_token_table.c.uuid == reference,
            api_token_table.c.person_id == uow.actor.id,
            api_token_table.c.revoked_at.is_(None),
        )
        .values(revoked_at=uow.now)
        .returning(api_token_table.c.id, api_token_table.c.name),
        of=ApiToken,
    )
    if row is None:
        raise NotFound("Token")
    _record(uow, AuditAction.REVOKED, row)


def _record(uow: UnitOfWork, action: AuditAction, row: ApiToken, new: str | None = None) -> None:
    audit_log.record(
        uow,
        AuditKind.API_TOKEN,
        action,
        subject_type="api_token",
        subject_id=row.id,
        subject_name=row.name,
        field=None if new is None else "permissions",
        new=new,
    )
