"""Sign-ins and tokens (secrets are stored as hashes only), and the permissions of roles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Uuid
from sqlmodel import Field, SQLModel

from ticket_app.tables.types import Json, UtcDateTime, VocabularyString


class SignIn(SQLModel, table=True):
    """One sign-in: a browser's cookie session, or a family of API tokens from one login."""

    __tablename__ = "sign_in"

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    cookie_hash: str | None = Field(default=None, max_length=64, unique=True)
    user_agent: str = Field(default="", max_length=300)
    address: str = Field(default="", max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: str | None = Field(default=None, max_length=40)


class RefreshToken(SQLModel, table=True):
    """A refresh token of a sign-in; it can be used once."""

    __tablename__ = "refresh_token"

    id: int | None = Field(default=None, primary_key=True)
    sign_in_id: int = Field(foreign_key="sign_in.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApiToken(SQLModel, table=True):
    """A personal API token (`tk_...`)."""

    __tablename__ = "api_token"

    id: int | None = Field(default=None, primary_key=True)
    uuid: UUID = Field(default_factory=uuid4, sa_type=Uuid, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=120)
    hint: str = Field(max_length=16)
    token_hash: str = Field(max_length=64, unique=True)
    scopes: list[str] = Field(default_factory=list, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PermissionSet(SQLModel, table=True):
    """The permissions of a role, where they differ from the default."""

    __tablename__ = "permission_set"

    role: str = Field(primary_key=True, sa_type=VocabularyString)
    permissions: list[str] = Field(default_factory=list, sa_type=Json)
    updated_at: datetime = Field(sa_type=UtcDateTime)


class AccountLink(SQLModel, table=True):
    """A link that was sent to a person by email and works once, until it expires.

    `purpose` is `password_reset`, `invitation`, `verification` or `rating` (of `ticket_id`).
    """

    __tablename__ = "account_link"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(sa_type=VocabularyString)
    token_hash: str = Field(max_length=64, unique=True)
    address: str = Field(max_length=254)
    """The address that it was sent to, case-folded."""
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    created_by_id: int | None = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
