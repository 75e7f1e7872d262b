"""Sessions: browser cookies, and access tokens with single-use refresh tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, insert, select, update

from ticket_app.core.people.actors import load_permissions
from ticket_app.core.people.credentials import ClientInfo, VerifiedPerson
from ticket_app.core.people.demo_accounts import is_account_accepted
from ticket_app.core.people.mail_people import must_verify_address
from ticket_app.core.platform import audit_log, secrets
from ticket_app.core.platform.errors import (
    Unauthenticated,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.settings import settings
from ticket_app.tables import (
    Person,
    SignIn,
    api_token_table,
    person_table,
    refresh_token_table,
    sign_in_table,
)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A one-hour access token and a single-use refresh token, with their person."""

    person: Person
    access_token: str
    refresh_token: str
    expires_in: int
    permissions: frozenset[str]


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
    changes: dict[str, object] = {"last_login_at": uow.now}
    if verified.new_password_hash:
        changes["password_hash"] = verified.new_password_hash
    uow.connection.execute(
        update(person_table).where(person_table.c.id == person.id).values(**changes)
    )
    auth_log().info("signed_in", person=person.username, address=client.address)
    _record(uow, AuditAction.SIGNED_IN, person.id, person.full_name)
    return sign_in


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
    return TokenPair(person, access_token, refresh_token, lifetime, load_permissions(uow, person))


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
        sign_in = uow.session.get_one(SignIn, known_token.sign_in_id)
        owner = uow.session.get_one(Person, sign_in.person_id)
        _record(uow, AuditAction.TOKEN_REUSED, owner.id, owner.full_name)
        return None
    sign_in = uow.session.get(SignIn, used_token.sign_in_id)
    person = sign_in and uow.session.get(Person, sign_in.person_id)
    if sign_in is None or person is None or sign_in.ended_at or not person.is_active:
        raise Unauthenticated("The sign-in has ended")
    if not is_account_accepted(uow, person) or must_verify_address(person):
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
        .values(ended_at=uow.now, end_reason=reason)
    )


def end_sign_ins(uow: UnitOfWork, person_id: int, reason: str) -> None:
    """End all sessions of a person."""
    uow.connection.execute(
        update(sign_in_table)
        .where(sign_in_table.c.person_id == person_id, sign_in_table.c.ended_at.is_(None))
        .values(ended_at=uow.now, end_reason=reason)
    )


def revoke_all_access(uow: UnitOfWork, person_id: int, reason: str) -> None:
    """End all sessions of a person and revoke their API tokens for good."""
    end_sign_ins(uow, person_id, reason)
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
        _record(uow, AuditAction.SIGNED_OUT, uow.actor.id, uow.actor.full_name)


def _record(uow: UnitOfWork, action: AuditAction, person_id: int | None, full_name: str) -> None:
    audit_log.record(
        uow,
        AuditKind.SIGN_IN,
        action,
        subject_type="person",
        subject_id=person_id,
        subject_name=full_name,
        actor=(person_id, full_name),
    )
