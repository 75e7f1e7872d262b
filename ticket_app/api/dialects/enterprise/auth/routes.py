"""Authentication, in the document's order, with register and me in its style."""

from __future__ import annotations

from pydantic import BaseModel, Field, StrictStr
from starlette.responses import Response
from typing_extensions import TypedDict

from ticket_app.api.dialects.enterprise.errors import success_body
from ticket_app.api.dialects.enterprise.routing import SuccessResponse, create_router
from ticket_app.api.kit.request_context import AuthenticatedUow, RequestContextDep
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.core.people import verification
from ticket_app.core.people.actors import load_permissions
from ticket_app.core.people.credentials import (
    VerifiedPerson,
    count_registration,
    verify_credentials,
)
from ticket_app.core.people.mail_people import must_verify_address
from ticket_app.core.people.registration import register_user
from ticket_app.core.people.sessions import (
    TokenPair,
    find_refresh_token_owner,
    issue_tokens,
    refresh_tokens,
    sign_out,
)
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Person

REGISTERED = "Registration successful"
ANONYMOUS_PATHS = frozenset(
    {"/auth/login", "/auth/register", "/auth/refresh", "/auth/verification"}
)

router = create_router("Authentication", anonymous_paths=ANONYMOUS_PATHS)


class LoginRequest(BaseModel):
    """Login: username (or email address) and password."""

    username: StrictStr = Field(min_length=1, max_length=254)
    password: StrictStr = Field(min_length=1, max_length=1024)


class RegistrationRequest(BaseModel):
    """Create an account."""

    username: StrictStr = Field(min_length=1, max_length=150)
    email: StrictStr = Field(min_length=1, max_length=254)
    password: StrictStr = Field(min_length=1, max_length=1024)
    first_name: StrictStr = Field(default="", max_length=150)
    last_name: StrictStr = Field(default="", max_length=150)


class RefreshRequest(BaseModel):
    """A refresh token, for clients that do not send it in the header."""

    refresh_token: StrictStr = Field(min_length=1, max_length=200)


class LoginUser(TypedDict):
    """The user in the response to a login."""

    id: int
    username: str
    email: str
    first_name: str
    last_name: str
    role: Role
    permissions: list[str]


class TokenResponse(TypedDict):
    """The response to a login."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    user: LoginUser


class RegistrationResponse(TypedDict):
    """The response to a registration; without tokens while the address must be verified first."""

    access_token: str | None
    refresh_token: str | None
    token_type: str
    expires_in: int | None
    user: LoginUser


def format_login_user(person: Person, permissions: frozenset[str]) -> LoginUser:
    """Format the user in the response to a login."""
    return {
        "id": person.id or 0,
        "username": person.username,
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "role": Role(person.role),
        "permissions": sorted(permissions),
    }


def _format_tokens(tokens: TokenPair) -> TokenResponse:
    return {
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token,
        "token_type": "bearer",
        "expires_in": tokens.expires_in,
        "user": format_login_user(tokens.person, tokens.permissions),
    }


def _without_caching(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/auth/login", response_model=SuccessResponse[TokenResponse])
def login(body: LoginRequest, context: RequestContextDep) -> Response:
    """Login."""
    with context.anonymous_unit_of_work(writes=False, count_request=False) as uow:
        proven = verify_credentials(uow, body.username, body.password, context.client_info)
    with context.anonymous_unit_of_work() as uow:
        tokens = issue_tokens(uow, proven, context.client_info)
    return _without_caching(
        JsonResponse(success_body(_format_tokens(tokens), "Login successful", context.request_id))
    )


@router.post(
    "/auth/register", status_code=201, response_model=SuccessResponse[RegistrationResponse]
)
def register(body: RegistrationRequest, context: RequestContextDep) -> Response:
    """Create your own account, with the role `user`.

    Where addresses have to be verified first, the tokens are null until the link in the email that
    is sent has been followed.
    """
    count_registration(context.client_info)
    data: TokenResponse | RegistrationResponse
    with context.anonymous_unit_of_work() as uow:
        person = register_user(uow, **body.model_dump())
        if must_verify_address(person):
            message = f"{REGISTERED}. Follow the link that was sent to {person.email} to sign in"
            data = _format_unverified(uow, person)
        else:
            message = REGISTERED
            tokens = issue_tokens(uow, VerifiedPerson(person), context.client_info)
            data = _format_tokens(tokens)
    response = JsonResponse(success_body(data, message, context.request_id), status_code=201)
    return _without_caching(response)


def _format_unverified(uow: UnitOfWork, person: Person) -> RegistrationResponse:
    return {
        "access_token": None,
        "refresh_token": None,
        "token_type": "bearer",
        "expires_in": None,
        "user": format_login_user(person, load_permissions(uow, person)),
    }


@router.post("/auth/verification", status_code=202, response_model=SuccessResponse[None])
def resend_verification(body: LoginRequest, context: RequestContextDep) -> Response:
    """Send the link that verifies your own address again.

    With username and password, because people cannot sign in before where
    `TICKET_MAIL_VERIFICATION` asks for a verified address. 409 if the address is verified already.
    """
    with context.anonymous_unit_of_work(writes=False, count_request=False) as uow:
        person_id = verification.find_applicant(
            uow, body.username, body.password, context.client_info
        )
    with context.anonymous_unit_of_work() as uow:
        verification.resend_verification(uow, person_id, context.client_info.address)
    response = JsonResponse(
        success_body(None, "Check your email", context.request_id), status_code=202
    )
    return _without_caching(response)


@router.post("/auth/refresh", response_model=SuccessResponse[TokenResponse])
def refresh(context: RequestContextDep, body: RefreshRequest | None = None) -> Response:
    """Token Refresh."""
    token = context.bearer() or (body.refresh_token if body else "")
    if not token:
        raise Unauthenticated("A refresh token is required")
    with context.anonymous_unit_of_work(
        find_person_id=lambda uow: find_refresh_token_owner(uow, token)
    ) as uow:
        tokens = refresh_tokens(uow, token)
    if tokens is None:
        raise Unauthenticated("The refresh token was used before; the sign-in has been ended")
    return _without_caching(
        JsonResponse(success_body(_format_tokens(tokens), "Token refreshed", context.request_id))
    )


@router.post("/auth/logout", response_model=SuccessResponse[None])
def logout(uow: AuthenticatedUow) -> JsonResponse:
    """Sign out: end the session that the token belongs to."""
    sign_out(uow)
    return JsonResponse(success_body(None, "Logout successful", uow.request_id))
