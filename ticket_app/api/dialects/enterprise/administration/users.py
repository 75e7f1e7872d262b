"""Users and the caller's own profile (User Model), in the document's style."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired, cast

from fastapi import Path, Query
from pydantic import BaseModel, StrictBool, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import PageData, PageParametersDep
from ticket_app.api.dialects.enterprise.routing import (
    SuccessResponse,
    create_router,
    success_response,
)
from ticket_app.api.kit.fields import StrictId
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import accounts
from ticket_app.core.people.credentials import change_password, prepare_password_change
from ticket_app.core.people.rows import AccountRow
from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NULL, Invalid
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role

router = create_router("Users and Departments")

UserId = Annotated[int, Path(ge=1, le=MAX_ID)]
RoleValue = Annotated[Role, Bounded(description="One of the document's roles, or `agent`")]
Name = Annotated[StrictStr, Bounded(max_length=150)]
Email = Annotated[StrictStr, Bounded(min_length=1, max_length=254)]
Password = Annotated[StrictStr, Bounded(min_length=1, max_length=1024)]
Permissions = Annotated[list[Annotated[StrictStr, Bounded(max_length=60)]], Bounded(max_length=100)]


RateLimits = dict[
    Annotated[StrictStr, Bounded(max_length=60)],
    Annotated[StrictInt, Bounded(ge=1, le=rate_limits.MAX_OWN_LIMIT)],
]


class NewUser(BaseModel):
    """A new account; without a password they sign in through a trusted issuer."""

    username: Annotated[StrictStr, Bounded(min_length=1, max_length=150)]
    email: Email
    password: Password | None = None
    first_name: Name = ""
    last_name: Name = ""
    role: RoleValue = Role.USER
    department_id: StrictId | None = None
    permissions: Permissions | None = None


class UserUpdate(BaseModel):
    """Update a user; `permissions: null` restores those of the role.

    `rate_limits` are requests an hour by category; null restores those of the installation.
    """

    first_name: Name | None = None
    last_name: Name | None = None
    email: Email | None = None
    role: RoleValue | None = None
    department_id: StrictId | None = None
    is_active: StrictBool | None = None
    permissions: Permissions | None = None
    rate_limits: RateLimits | None = None


class ProfileUpdate(BaseModel):
    """Update the caller's own profile; a preference of null is removed."""

    first_name: Name | None = None
    last_name: Name | None = None
    preferences: dict[str, object] | None = None
    current_password: Password | None = None
    new_password: Password | None = None


class User(TypedDict):
    """User Model."""

    id: int
    username: str
    email: str
    first_name: str
    last_name: str
    role: Role
    permissions: list[str]
    department_id: int | None
    is_active: bool
    last_login: datetime | None
    created_at: datetime
    preferences: dict[str, object]


class ManagedUser(User):
    """A user; administrators see their own rate limits, too, which the document lacks."""

    rate_limits: NotRequired[dict[str, int] | None]


def format_user(row: AccountRow, actor: Actor) -> User:
    """Format a user (User Model); only the caller's own has preferences and token scopes."""
    is_self = row.id == actor.id
    permissions = filter(actor.can, actor.permissions) if is_self else accounts.get_permissions(row)
    return {
        "id": row.id,
        "username": row.username,
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "role": Role(row.role),
        "permissions": sorted(permissions),
        "department_id": row.department_id,
        "is_active": row.is_active,
        "last_login": row.last_login_at,
        "created_at": row.created_at,
        "preferences": row.preferences if is_self else {},
    }


def _format_managed_user(row: AccountRow, actor: Actor) -> ManagedUser:
    user = format_user(row, actor)
    if not actor.can("manage_people"):
        return {**user}
    return {**user, "rate_limits": row.rate_limits}


def _sent_fields(body: BaseModel, *, nullable: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return the sent fields. Raises `Invalid` if a required field is null."""
    fields = body.model_dump(exclude_unset=True)
    null_fields = [name for name, value in fields.items() if value is None and name not in nullable]
    if null_fields:
        raise Invalid.from_problems([(name, NULL) for name in null_fields])
    return fields


def _profile_response(uow: UnitOfWork, row: AccountRow, message: str) -> JsonResponse:
    response = success_response(uow, format_user(row, uow.actor), message)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/auth/me", response_model=SuccessResponse[User])
def me(uow: AuthenticatedUow) -> JsonResponse:
    """Get the caller's own account (User Model)."""
    return _profile_response(uow, accounts.get_account(uow, uow.actor.id), "Current user")


@router.patch("/auth/me", response_model=SuccessResponse[User])
def change_me(body: ProfileUpdate, context: RequestContextDep) -> JsonResponse:
    """Change your names, preferences or password; a new password ends other sessions."""
    context.authenticate()
    changes = _sent_fields(body)
    current_password, new_password = body.current_password, body.new_password
    changes.pop("current_password", None)
    changes.pop("new_password", None)
    if (current_password is None) is not (new_password is None):
        missing = "current_password" if current_password is None else "new_password"
        raise Invalid(missing, "is required to change the password")
    prepared_password = None
    if current_password is not None and new_password is not None:
        with context.unit_of_work(writes=False) as uow:
            prepared_password = prepare_password_change(uow, current_password, new_password)
    with context.unit_of_work() as uow:
        row = accounts.update_own_account(uow, cast("accounts.OwnAccountChanges", changes))
        if prepared_password is not None:
            change_password(uow, prepared_password)
        return _profile_response(uow, row, "Profile updated")


@router.get("/users", response_model=SuccessResponse[PageData[User]])
def list_users(
    uow: AuthenticatedUow,
    page_parameters: PageParametersDep,
    search: Annotated[str, Query(max_length=500)] = "",
    role: RoleValue | None = None,
    department_id: Annotated[int | None, Query(ge=1, le=MAX_ID)] = None,
    is_active: bool | None = None,
) -> JsonResponse:
    """List users. `search` finds those whose names or address contain every word. For staff."""
    query = accounts.AccountQuery(
        search_text=search,
        roles=frozenset({role} if role else ()),
        department_id=department_id,
        is_active=is_active,
    )
    page, total = accounts.list_accounts(uow, query, page_parameters.page_request)
    return success_response(
        uow, page_parameters.format_page((format_user(row, uow.actor) for row in page.rows), total)
    )


@router.post("/users", status_code=201, response_model=SuccessResponse[User])
def add_user(body: NewUser, uow: AuthenticatedUow) -> JsonResponse:
    """Create an account with a role below your own."""
    fields = body.model_dump()
    row = accounts.create_account(uow, own_permissions=fields.pop("permissions"), **fields)
    return success_response(
        uow, format_user(row, uow.actor), "User created successfully", status_code=201
    )


@router.get("/users/{user_id}", response_model=SuccessResponse[ManagedUser])
def get_user(user_id: UserId, uow: AuthenticatedUow) -> JsonResponse:
    """Get a user (User Model). Users who are not staff see only themselves."""
    row = accounts.get_account(uow, user_id)
    return success_response(uow, _format_managed_user(row, uow.actor))


@router.patch("/users/{user_id}", response_model=SuccessResponse[ManagedUser])
def change_user(user_id: UserId, body: UserUpdate, uow: AuthenticatedUow) -> JsonResponse:
    """Update a user with a role below your own. Deactivating them signs them out everywhere."""
    changes = _sent_fields(
        body, nullable=frozenset({"department_id", "permissions", "rate_limits"})
    )
    row = accounts.update_account(uow, user_id, cast("accounts.AccountChanges", changes))
    return success_response(uow, _format_managed_user(row, uow.actor), "User updated successfully")
