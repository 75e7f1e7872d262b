"""Users (User Model) and oneself; the document tells of them in its fields and logins only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import BaseModel, StrictBool, StrictInt, StrictStr
from pydantic import Field as Bounded
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.paging import Listed, Paging
from ticket_app.api.dialects.enterprise.voice import Told, part, told
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.core.people import accounts, sign_in
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role

router = part("Users and Departments")

UserId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
RoleWord = Annotated[Role, Bounded(description="Of the document's, and `agent`")]
Name = Annotated[StrictStr, Bounded(max_length=150)]
Email = Annotated[StrictStr, Bounded(min_length=1, max_length=254)]
Secret = Annotated[StrictStr, Bounded(min_length=1, max_length=1024)]
Id = Annotated[StrictInt, Bounded(ge=1, le=LARGEST_ID)]
Permissions = Annotated[list[Annotated[StrictStr, Bounded(max_length=60)]], Bounded(max_length=100)]


class NewUser(BaseModel):
    """Somebody to make known; without a password they come in by a trusted issuer, or not yet."""

    username: Annotated[StrictStr, Bounded(min_length=1, max_length=150)]
    email: Email
    password: Secret | None = None
    first_name: Name = ""
    last_name: Name = ""
    role: RoleWord = Role.USER
    department_id: Id | None = None
    permissions: Permissions | None = None


class UserChange(BaseModel):
    """What is to change of somebody; `permissions: null` gives back those of the role."""

    first_name: Name | None = None
    last_name: Name | None = None
    email: Email | None = None
    role: RoleWord | None = None
    department_id: Id | None = None
    is_active: StrictBool | None = None
    permissions: Permissions | None = None


class MyChange(BaseModel):
    """What somebody changes of their own; a preference of null is forgotten."""

    first_name: Name | None = None
    last_name: Name | None = None
    preferences: dict[str, Any] | None = None
    current_password: Secret | None = None
    new_password: Secret | None = None


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
    preferences: dict[str, Any]


def user(row: Any, actor: Actor) -> User:
    """User Model; what somebody prefers is for themselves only, and of oneself is told what the
    token in use carries.
    """
    is_me = row.id == actor.id
    holds = filter(actor.may, actor.permissions) if is_me else accounts.held(row)
    return {
        "id": row.id,
        "username": row.username,
        "email": row.email,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "role": row.role,
        "permissions": sorted(holds),
        "department_id": row.department_id,
        "is_active": row.is_active,
        "last_login": row.last_login_at,
        "created_at": row.created_at,
        "preferences": row.preferences if is_me else {},
    }


def _sent(body: BaseModel, *, may_be_null: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What was sent. Raises `Invalid` for a null where something must stand."""
    sent = body.model_dump(exclude_unset=True)
    empty = [name for name, value in sent.items() if value is None and name not in may_be_null]
    if empty:
        raise Invalid.several([(name, "must not be null") for name in empty])
    return sent


def _me(desk: Desk, row: Any, message: str) -> Json:
    answer = told(desk, user(row, desk.actor), message)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.get("/auth/me", response_model=Told[User])
def me(desk: Caller) -> Any:
    """Oneself (User Model)."""
    return _me(desk, accounts.find(desk, desk.actor.id), "Current user")


@router.patch("/auth/me", response_model=Told[User])
def change_me(body: MyChange, door: Entrance) -> Any:
    """Change one's names, preferences or password; with the password, other sign-ins end."""
    door.check()
    sent = _sent(body)
    old, new = sent.pop("current_password", None), sent.pop("new_password", None)
    if (old is None) is not (new is None):
        missing = "current_password" if old is None else "new_password"
        raise Invalid(missing, "is required to change the password")
    prepared = None
    if old is not None and new is not None:
        with door.desk(writes=False) as desk:
            prepared = sign_in.prepare_password(desk, old, new)
    with door.desk() as desk:
        row = accounts.change_mine(desk, sent)
        if prepared is not None:
            sign_in.change_password(desk, prepared)
        return _me(desk, row, "Profile updated")


@router.get("/users", response_model=Told[Listed[User]])
def list_users(
    desk: Caller,
    leaf: Paging,
    search: Annotated[str, Query(max_length=500)] = "",
    role: RoleWord | None = None,
    department_id: Annotated[int | None, Query(ge=1, le=LARGEST_ID)] = None,
    is_active: bool | None = None,
) -> Any:
    """Users, for staff: those in whose names or address every word of `search` stands."""
    wanted = accounts.AccountQuery(
        words=search,
        roles=frozenset({role} if role else ()),
        department_id=department_id,
        is_active=is_active,
    )
    page, total = accounts.page(desk, wanted, leaf.part)
    return told(desk, leaf.listed((user(row, desk.actor) for row in page.rows), total))


@router.post("/users", status_code=201, response_model=Told[User])
def add_user(body: NewUser, desk: Caller) -> Any:
    """Make somebody known, of a role below one's own."""
    sent = body.model_dump()
    row = accounts.add(desk, own=sent.pop("permissions"), **sent)
    return told(desk, user(row, desk.actor), "User created successfully", status_code=201)


@router.get("/users/{user_id}", response_model=Told[User])
def get_user(user_id: UserId, desk: Caller) -> Any:
    """One user (User Model); who is no staff finds themselves only."""
    return told(desk, user(accounts.find(desk, user_id), desk.actor))


@router.patch("/users/{user_id}", response_model=Told[User])
def change_user(user_id: UserId, body: UserChange, desk: Caller) -> Any:
    """Change somebody of a role below one's own; who is switched off is out at once."""
    sent = _sent(body, may_be_null=frozenset({"department_id", "permissions"}))
    row = accounts.change(desk, user_id, sent)
    return told(desk, user(row, desk.actor), "User updated successfully")
