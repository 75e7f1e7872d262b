"""Authentication, in the document's order; what it leaves out (register, me) in its style."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field, StrictStr
from starlette.responses import Response
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.errors import success
from ticket_app.api.dialects.enterprise.voice import Told, part
from ticket_app.api.kit.answers import Json
from ticket_app.api.kit.door import Caller, Entrance
from ticket_app.core.people import profiles, sign_in
from ticket_app.core.people.sign_in import Proven
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.vocabulary import Role

FOR_STRANGERS = frozenset({"/auth/login", "/auth/register", "/auth/refresh"})

router = part("Authentication", for_strangers=FOR_STRANGERS)


class Login(BaseModel):
    """Login: username (or e-mail address) and password."""

    username: StrictStr = Field(min_length=1, max_length=254)
    password: StrictStr = Field(min_length=1, max_length=1024)


class Registration(BaseModel):
    """What somebody tells of themselves to get an account."""

    username: StrictStr = Field(min_length=1, max_length=150)
    email: StrictStr = Field(min_length=1, max_length=254)
    password: StrictStr = Field(min_length=1, max_length=1024)
    first_name: StrictStr = Field(default="", max_length=150)
    last_name: StrictStr = Field(default="", max_length=150)


class Renewal(BaseModel):
    """A refresh token, for clients that do not send it in the header."""

    refresh_token: StrictStr = Field(min_length=1, max_length=200)


class LoginUser(TypedDict):
    """The user of a login's answer."""

    id: int
    username: str
    email: str
    first_name: str
    last_name: str
    role: Role
    permissions: list[str]


class Session(TypedDict):
    """What a login answers."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    user: LoginUser


def user(person: Any, permissions: frozenset[str]) -> LoginUser:
    """The user as a login answers it."""
    return {
        "id": person.id,
        "username": person.username,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "role": person.role,
        "permissions": sorted(permissions),
    }


def _tokens(tokens: sign_in.Tokens) -> Session:
    return {
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "token_type": "bearer",
        "expires_in": tokens.expires_in,
        "user": user(tokens.person, tokens.permissions),
    }


def _secret(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/auth/login", response_model=Told[Session])
def login(body: Login, door: Entrance) -> Any:
    """Login."""
    with door.strangers_desk(writes=False, counts=False) as desk:
        proven = sign_in.check_credentials(desk, body.username, body.password, door.caller)
    with door.strangers_desk() as desk:
        tokens = sign_in.sign_in_program(desk, proven, door.caller)
    return _secret(Json(success(_tokens(tokens), "Login successful", door.request_id)))


@router.post("/auth/register", status_code=201, response_model=Told[Session])
def register(body: Registration, door: Entrance) -> Any:
    """Sign up for oneself, as a user."""
    sign_in.count_registration(door.caller)
    with door.strangers_desk() as desk:
        person = profiles.register(desk, **body.model_dump())
        tokens = sign_in.sign_in_program(desk, Proven(person), door.caller)
    answer = Json(
        success(_tokens(tokens), "Registration successful", door.request_id), status_code=201
    )
    return _secret(answer)


@router.post("/auth/refresh", response_model=Told[Session])
def refresh(door: Entrance, body: Renewal | None = None) -> Any:
    """Token Refresh."""
    token = door.bearer() or (body.refresh_token if body else "")
    if not token:
        raise Unauthenticated("A refresh token is required")
    with door.strangers_desk(of=lambda desk: sign_in.holder(desk, token)) as desk:
        tokens = sign_in.refresh(desk, token)
    if tokens is None:
        raise Unauthenticated("The refresh token was used before; the sign-in has been ended")
    return _secret(Json(success(_tokens(tokens), "Token refreshed", door.request_id)))


@router.post("/auth/logout", response_model=Told[None])
def logout(desk: Caller) -> Any:
    """End the sign-in the token belongs to."""
    sign_in.sign_out(desk)
    return Json(success(None, "Logout successful", desk.request_id))
