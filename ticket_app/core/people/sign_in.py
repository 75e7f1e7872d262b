"""Signing in and out: passwords, browser sessions, refresh tokens that work once, API tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, and_, bindparam, insert, or_, select, update
from sqlmodel import select as select_rows

from ticket_app.core.people import passwords, profiles
from ticket_app.core.platform import action_limits, secrets, validators
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import (
    Forbidden,
    Invalid,
    NotFound,
    Unauthenticated,
    VersionConflict,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.rate_limits import RateLimitStatus
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.tables import (
    ApiToken,
    Person,
    SignIn,
    api_token_table,
    person_table,
    refresh_token_table,
    sign_in_table,
)

API_TOKEN_PREFIX = "tk_"  # noqa: S105
SEEN_UPDATE_INTERVAL = timedelta(minutes=5)
MAX_API_TOKEN_DAYS = 3650


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A one-hour access token and a single-use refresh token, with their person."""

    person: Person
    access_token: str
    refresh_token: str
    expires_in: int
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """The network address and browser of a sign-in, as far as they are known."""

    address: str = ""
    user_agent: str = ""
    on_rate_limit: Callable[[RateLimitStatus | None], None] = lambda _: None
    """Called with the tightest rate limit after an attempt has been counted."""


@dataclass(frozen=True, slots=True)
class VerifiedPerson:
    """A person whose password was verified; `new_password_hash` replaces an outdated hash."""

    person: Person
    new_password_hash: str | None = None


def verify_credentials(
    uow: UnitOfWork, name: str, password: str, client: ClientInfo
) -> VerifiedPerson:
    """Return the person with this username or email address and password.

    Reads only, because hashing takes long. Every failure takes the same time and raises the same
    error. Raises `Unauthenticated`, and `RateLimited` after repeated attempts.
    """
    # PostgreSQL does not accept NUL, and no database accepts a lone surrogate.
    sanitized = name.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    folded = sanitized.strip().casefold()[:254]
    attempt = action_limits.count_sign_in_attempt(folded, client.address)
    person = uow.session.exec(
        select_rows(Person)
        .where(or_(person_table.c.username_folded == folded, person_table.c.email_folded == folded))
        .order_by((person_table.c.username_folded == folded).desc())
    ).first()
    is_password_right = secrets.verify_password(password, person.password_hash if person else None)
    is_allowed = person is not None and person.is_active and _is_accepted(uow, person)
    if person is None or not is_password_right or not is_allowed:
        client.on_rate_limit(attempt.tightest_limit)
        auth_log().warning("sign_in_failed", name=folded[:60], address=client.address)
        raise Unauthenticated("The username or password is incorrect")
    client.on_rate_limit(attempt.mark_succeeded().tightest_limit)
    is_hash_outdated = secrets.password_needs_rehash(person.password_hash or "")
    return VerifiedPerson(person, secrets.hash_password(password) if is_hash_outdated else None)


def count_registration(client: ClientInfo) -> None:
    """Count one registration for the client's address. Raises `RateLimited`."""
    client.on_rate_limit(action_limits.count_registration(client.address))


def _create_sign_in(
    uow: UnitOfWork,
    verified: VerifiedPerson,
    client: ClientInfo,
    lifetime: timedelta,
    cookie_hash: str | None = None,
) -> SignIn:
    person = verified.person
    assert person.id is not None
    sign_in = SignIn(
        person_id=person.id,
        user_agent=client.user_agent[:300],
        address=client.address[:64],
        created_at=uow.now,
        seen_at=uow.now,
        expires_at=uow.now + lifetime,
        cookie_hash=cookie_hash,
    )
    uow.session.add(sign_in)
    uow.flush()
    changes: dict[str, Any] = {"last_login_at": uow.now}
    if verified.new_password_hash:
        changes["password_hash"] = verified.new_password_hash
    uow.connection.execute(
        update(person_table).where(person_table.c.id == person.id).values(**changes)
    )
    auth_log().info("signed_in", person=person.username, address=client.address)
    return sign_in


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A verified change of the actor's password; `old_hash` detects a concurrent change."""

    old_hash: str
    new_hash: str = field(repr=False)


def prepare_password_change(
    uow: UnitOfWork, old_password: str, new_password: str
) -> PasswordChange:
    """Check the actor's current password and the new one.

    Reads only, because hashing takes long. Raises `Invalid` (field `old_password` or
    `new_password`), and `RateLimited` after repeated attempts.
    """
    action_limits.count_sign_in_attempt(uow.actor.username, "")
    person = profiles.get_own_person(uow)
    if not person.password_hash or not secrets.verify_password(old_password, person.password_hash):
        auth_log().warning("password_change_failed", person=person.username)
        raise Invalid("old_password", "is incorrect")
    passwords.validate_password("new_password", new_password, names=[person.username, person.email])
    if old_password == new_password:
        raise Invalid("new_password", "must differ from your current password")
    return PasswordChange(person.password_hash, secrets.hash_password(new_password))


def change_password(uow: UnitOfWork, password_change: PasswordChange) -> None:
    """Set the new password and end every other session of the actor. Raises `VersionConflict`."""
    result = uow.connection.execute(
        update(person_table)
        .where(
            person_table.c.id == uow.actor.id,
            person_table.c.password_hash == password_change.old_hash,
        )
        .values(password_hash=password_change.new_hash)
    )
    if not result.rowcount:
        raise VersionConflict("The password was changed by another request; try again")
    uow.connection.execute(
        update(sign_in_table)
        .where(
            sign_in_table.c.person_id == uow.actor.id,
            sign_in_table.c.id != (uow.actor.sign_in_id or 0),
            sign_in_table.c.ended_at.is_(None),
        )
        .values(ended_at=uow.now, ended_why="password changed")
    )
    auth_log().info("password_changed", person=uow.actor.username)


def start_browser_session(uow: UnitOfWork, verified: VerifiedPerson, client: ClientInfo) -> str:
    """Start a browser session and return its cookie value; only its hash is stored."""
    cookie = secrets.new_token()
    lifetime = timedelta(days=settings().session_days)
    _create_sign_in(uow, verified, client, lifetime, secrets.hash_token(cookie))
    return cookie


def issue_tokens(uow: UnitOfWork, verified: VerifiedPerson, client: ClientInfo) -> TokenPair:
    """Start a token family and return its first tokens (specs/enterprise, "Login")."""
    sign_in = _create_sign_in(uow, verified, client, secrets.REFRESH_TOKEN_LIFETIME)
    return _issue_token_pair(uow, verified.person, sign_in)


def _issue_token_pair(uow: UnitOfWork, person: Person, sign_in: SignIn) -> TokenPair:
    refresh_token = secrets.new_token("rt_")
    uow.connection.execute(
        insert(refresh_token_table),
        {
            "sign_in_id": sign_in.id,
            "token_hash": secrets.hash_token(refresh_token),
            "issued_at": uow.now,
            "expires_at": uow.now + secrets.REFRESH_TOKEN_LIFETIME,
        },
    )
    access_token = secrets.create_access_token(
        person_uuid=str(person.uuid),
        sign_in_uuid=str(sign_in.uuid),
        role=person.role,
        now=uow.now,
    )
    lifetime = int(secrets.ACCESS_TOKEN_LIFETIME.total_seconds())
    return TokenPair(
        person, access_token, refresh_token, lifetime, profiles.load_permissions(uow, person)
    )


_SELECT_REFRESH_TOKEN_OWNER = (
    select(sign_in_table.c.person_id)
    .select_from(
        refresh_token_table.join(
            sign_in_table, sign_in_table.c.id == refresh_token_table.c.sign_in_id
        )
    )
    .where(refresh_token_table.c.token_hash == bindparam("hash"))
)


def find_refresh_token_owner(uow: UnitOfWork, token: str) -> int | None:
    """Return the id of the person a refresh token was issued to, used or not, or None."""
    return uow.connection.execute(
        _SELECT_REFRESH_TOKEN_OWNER, {"hash": secrets.hash_token(token)}
    ).scalar()


def refresh_tokens(uow: UnitOfWork, token: str) -> TokenPair | None:
    """Exchange a refresh token for new tokens (specs/enterprise, "Token Refresh").

    Returns None if the token was used before: the whole token family has then been revoked, access
    tokens included, and the caller must commit before it responds. Raises `Unauthenticated`.
    """
    now = uow.now
    used_token = uow.connection.execute(
        update(refresh_token_table)
        .where(
            refresh_token_table.c.token_hash == secrets.hash_token(token),
            refresh_token_table.c.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(refresh_token_table.c.sign_in_id, refresh_token_table.c.expires_at)
    ).first()
    if used_token is None:
        known_token = uow.connection.execute(
            select(refresh_token_table.c.sign_in_id).where(
                refresh_token_table.c.token_hash == secrets.hash_token(token)
            )
        ).first()
        if known_token is None:
            raise Unauthenticated("The refresh token is not valid")
        _end_sign_in(uow, known_token.sign_in_id, "refresh token used twice")
        auth_log().warning("refresh_token_reused", sign_in=known_token.sign_in_id)
        return None
    sign_in = uow.session.get(SignIn, used_token.sign_in_id)
    person = sign_in and uow.session.get(Person, sign_in.person_id)
    if sign_in is None or person is None or sign_in.ended_at or not person.is_active:
        raise Unauthenticated("The sign-in has ended")
    if not _is_accepted(uow, person):
        raise Unauthenticated("The sign-in has ended")
    if used_token.expires_at <= now:
        raise Unauthenticated("The refresh token has expired")
    sign_in.seen_at, sign_in.expires_at = now, now + secrets.REFRESH_TOKEN_LIFETIME
    uow.flush()
    return _issue_token_pair(uow, person, sign_in)


def _end_sign_in(uow: UnitOfWork, sign_in_id: int, reason: str) -> None:
    uow.connection.execute(
        update(sign_in_table)
        .where(sign_in_table.c.id == sign_in_id, sign_in_table.c.ended_at.is_(None))
        .values(ended_at=uow.now, ended_why=reason)
    )


def revoke_all_access(uow: UnitOfWork, person_id: int, reason: str) -> None:
    """End all sessions of a person and revoke their API tokens for good."""
    uow.connection.execute(
        update(sign_in_table)
        .where(sign_in_table.c.person_id == person_id, sign_in_table.c.ended_at.is_(None))
        .values(ended_at=uow.now, ended_why=reason)
    )
    uow.connection.execute(
        update(api_token_table)
        .where(api_token_table.c.person_id == person_id, api_token_table.c.revoked_at.is_(None))
        .values(revoked_at=uow.now)
    )


def sign_out(uow: UnitOfWork) -> None:
    """End the actor's current session; its cookie and tokens stop working at once."""
    if uow.actor.sign_in_id is not None:
        _end_sign_in(uow, uow.actor.sign_in_id, "signed out")
        auth_log().info("signed_out", person=uow.actor.username)


_PERSON_COLUMNS = (
    person_table.c.id,
    person_table.c.uuid,
    person_table.c.username,
    person_table.c.full_name,
    person_table.c.email,
    person_table.c.role,
    person_table.c.permissions,
    person_table.c.department_id,
    person_table.c.team_id,
    person_table.c.company_id,
    profiles.ROLE_PERMISSIONS_COLUMN,
)
_IS_ACCEPTED = and_(
    person_table.c.is_active,
    or_(person_table.c.is_demo.is_(False), bindparam("accepts_demo", type_=Boolean())),
)
_IS_SIGN_IN_VALID = and_(
    sign_in_table.c.ended_at.is_(None), sign_in_table.c.expires_at > bindparam("now"), _IS_ACCEPTED
)
_SELECT_BY_COOKIE = (
    select(*_PERSON_COLUMNS, sign_in_table.c.id.label("sign_in_id"), sign_in_table.c.seen_at)
    .select_from(sign_in_table.join(person_table, person_table.c.id == sign_in_table.c.person_id))
    .where(sign_in_table.c.cookie_hash == bindparam("hash"), _IS_SIGN_IN_VALID)
)
_SELECT_BY_SIGN_IN = (
    select(*_PERSON_COLUMNS, sign_in_table.c.id.label("sign_in_id"), sign_in_table.c.seen_at)
    .select_from(sign_in_table.join(person_table, person_table.c.id == sign_in_table.c.person_id))
    .where(
        sign_in_table.c.uuid == bindparam("uuid"),
        person_table.c.uuid == bindparam("person_uuid"),
        _IS_SIGN_IN_VALID,
    )
)
_SELECT_BY_API_TOKEN = (
    select(
        *_PERSON_COLUMNS,
        api_token_table.c.id.label("token_id"),
        api_token_table.c.scopes,
        api_token_table.c.used_at,
    )
    .select_from(
        api_token_table.join(person_table, person_table.c.id == api_token_table.c.person_id)
    )
    .where(
        api_token_table.c.token_hash == bindparam("hash"),
        api_token_table.c.revoked_at.is_(None),
        or_(
            api_token_table.c.expires_at.is_(None), api_token_table.c.expires_at > bindparam("now")
        ),
        _IS_ACCEPTED,
    )
)
_SELECT_BY_SUBJECT = select(*_PERSON_COLUMNS, person_table.c.is_active).where(
    person_table.c.issuer == bindparam("issuer"), person_table.c.subject == bindparam("subject")
)


def accepts_demo_accounts(uow: UnitOfWork) -> bool:
    """Whether demo accounts may be used from the address of this request.

    Only from this machine without a proxy, unless `TICKET_DEMO=true` allows every address.
    """
    return settings().has_demo_accounts and (settings().demo is True or uow.is_local_request)


def _is_accepted(uow: UnitOfWork, person: Person) -> bool:
    return not person.is_demo or accepts_demo_accounts(uow)


def _query_values(uow: UnitOfWork, **values: Any) -> dict[str, Any]:
    return {"now": uow.now, "accepts_demo": accepts_demo_accounts(uow), **values}


def authenticate_cookie(uow: UnitOfWork, cookie: str) -> Actor | None:
    """Return the actor of a browser session, or None if the cookie is not valid."""
    if not cookie or len(cookie) > 200:
        return None
    row = uow.connection.execute(
        _SELECT_BY_COOKIE, _query_values(uow, hash=secrets.hash_token(cookie))
    ).first()
    return (
        None if row is None else profiles.build_actor(row, sign_in_id=row.sign_in_id, via="session")
    )


def authenticate_bearer(uow: UnitOfWork, token: str) -> Actor:
    """Return the actor of an API token, an access token or a trusted issuer's JWT.

    Raises `Unauthenticated`, and its subclass `UnregisteredSubject` for a valid JWT of an unknown
    person: the caller then calls `register_issuer_subject` in a unit of work that writes.
    """
    if token.startswith(API_TOKEN_PREFIX):
        return authenticate_api_token(uow, token)
    if len(token) > 8_192 or token.count(".") != 2:
        raise Unauthenticated("The token is not valid")
    issuer_name = secrets.read_unverified_issuer(token)
    for issuer in settings().trusted_issuers if issuer_name is not None else ():
        if issuer.issuer == issuer_name:
            claims = secrets.decode_external_token(token, issuer, uow.now)
            subject = profiles.normalize_subject(claims.get(issuer.subject_claim) or "")
            row = uow.connection.execute(
                _SELECT_BY_SUBJECT, {"issuer": issuer_name, "subject": subject}
            ).first()
            if row is None:
                raise UnregisteredSubject(issuer.issuer, claims)
            if not row.is_active:
                raise Unauthenticated("The account is inactive")
            return profiles.build_actor(row, via="issuer")
    claims = secrets.decode_access_token(token, uow.now)
    try:
        query_values = _query_values(uow, uuid=UUID(claims["sid"]), person_uuid=UUID(claims["sub"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Unauthenticated("The token is not valid") from None
    row = uow.connection.execute(_SELECT_BY_SIGN_IN, query_values).first()
    if row is None:
        raise Unauthenticated("The sign-in has ended")
    return profiles.build_actor(row, sign_in_id=row.sign_in_id, via="token")


class UnregisteredSubject(Unauthenticated):
    """A trusted issuer's JWT is valid, but its subject has no account yet."""

    def __init__(self, issuer: str, claims: dict[str, Any]) -> None:
        super().__init__()
        self.issuer = issuer
        self.claims = claims


def register_issuer_subject(uow: UnitOfWork, unregistered: UnregisteredSubject) -> Actor:
    """Create the person a JWT names, with the role user. Needs a unit of work that writes."""
    trusted_issuer = next(
        candidate
        for candidate in settings().trusted_issuers
        if candidate.issuer == unregistered.issuer
    )
    claim_names = {
        "subject": trusted_issuer.subject_claim,
        "email": trusted_issuer.email_claim,
        "username": trusted_issuer.username_claim,
        "name": trusted_issuer.name_claim,
    }
    try:
        person = profiles.get_or_create_from_issuer(
            uow, unregistered.issuer, unregistered.claims, claim_names
        )
    except Invalid as error:
        raise Unauthenticated(f"The token {error.reason}") from None
    auth_log().info(
        "person_created_from_issuer", person=person.username, issuer=unregistered.issuer
    )
    return replace(
        profiles.build_actor(person, via="issuer"),
        permissions=profiles.load_permissions(uow, person),
    )


def authenticate_api_token(uow: UnitOfWork, token: str) -> Actor:
    """Return the actor of a personal API token, limited to its scopes. Raises `Unauthenticated`."""
    row = uow.connection.execute(
        _SELECT_BY_API_TOKEN, _query_values(uow, hash=secrets.hash_token(token))
    ).first()
    if row is None:
        raise Unauthenticated("The API token is not valid")
    return profiles.build_actor(row, via="api_token", scopes=row.scopes)


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
    auth_log().info("api_token_created", person=uow.actor.username, token=row.hint)
    return token, row


def list_own_api_tokens(uow: UnitOfWork) -> Sequence[Any]:
    """List the actor's API tokens that are not revoked, newest first, without their values."""
    return uow.connection.execute(
        select(api_token_table)
        .where(api_token_table.c.person_id == uow.actor.id, api_token_table.c.revoked_at.is_(None))
        .order_by(api_token_table.c.id.desc())
    ).all()


def revoke_api_token(uow: UnitOfWork, reference: UUID) -> None:
    """Revoke one of the actor's API tokens. Raises `NotFound`."""
    result = uow.connection.execute(
        update(api_token_table)
        .where(
            api_token_table.c.uuid == reference,
            api_token_table.c.person_id == uow.actor.id,
            api_token_table.c.revoked_at.is_(None),
        )
        .values(revoked_at=uow.now)
    )
    if not result.rowcount:
        raise NotFound("Token")
