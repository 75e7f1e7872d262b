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
from ticket_app.core.platform import action_limits, secrets, text
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, Stale, Unauthenticated
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.rate_limits import Allowance
from ticket_app.core.platform.unit_of_work import Desk
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
SEEN_EVERY = timedelta(minutes=5)
LONGEST_API_TOKEN_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gives: the person, an access token for an hour, a refresh token good once."""

    person: Person
    access: str
    refresh: str
    expires_in: int
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from, as far as it can be told."""

    address: str = ""
    user_agent: str = ""
    on_limit: Callable[[Allowance | None], None] = lambda _: None
    """Called with the limit of which least is left, once an attempt was counted."""


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody who has just proved who they are; `new_hash` replaces a dated one."""

    person: Person
    new_hash: str | None = None


def check_credentials(desk: Desk, name: str, password: str, caller: Caller) -> Proven:
    """The person with this username or e-mail address and password; reads only, as it takes time.

    Every failure costs the same time and says the same. Raises `TooMany` after repeated tries,
    `Unauthenticated`.
    """
    # PostgreSQL takes no NUL, and no database half a character.
    typed = name.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    folded = typed.strip().casefold()[:254]
    attempt = action_limits.spend_sign_in(folded, caller.address)
    person = desk.session.exec(
        select_rows(Person)
        .where(or_(person_table.c.username_folded == folded, person_table.c.email_folded == folded))
        .order_by((person_table.c.username_folded == folded).desc())
    ).first()
    right = secrets.password_matches(password, person.password_hash if person else None)
    is_let_in = person is not None and person.is_active and _is_accepted(desk, person)
    if person is None or not right or not is_let_in:
        caller.on_limit(attempt.tightest)
        auth_log().warning("sign_in_refused", name=folded[:60], address=caller.address)
        raise Unauthenticated("The username or the password is wrong")
    caller.on_limit(attempt.succeed().tightest)
    dated = secrets.password_is_dated(person.password_hash or "")
    return Proven(person, secrets.hash_password(password) if dated else None)


def count_registration(caller: Caller) -> None:
    """Count one new account for the address it is made from. Raises `Spent`."""
    caller.on_limit(action_limits.spend_registration(caller.address))


def _begin(
    desk: Desk, proven: Proven, caller: Caller, lifetime: timedelta, cookie_hash: str | None = None
) -> SignIn:
    person = proven.person
    assert person.id is not None
    sign_in = SignIn(
        person_id=person.id,
        user_agent=caller.user_agent[:300],
        address=caller.address[:64],
        created_at=desk.now,
        seen_at=desk.now,
        expires_at=desk.now + lifetime,
        cookie_hash=cookie_hash,
    )
    desk.session.add(sign_in)
    desk.settle()
    changes: dict[str, Any] = {"last_login_at": desk.now}
    if proven.new_hash:
        changes["password_hash"] = proven.new_hash
    desk.db.execute(update(person_table).where(person_table.c.id == person.id).values(**changes))
    auth_log().info("signed_in", person=person.username, address=caller.address)
    return sign_in


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that may take the place of the actor's own, which was proven."""

    old_hash: str
    new_hash: str = field(repr=False)


def prepare_password(desk: Desk, old: str, new: str) -> NewPassword:
    """Check the actor's old password and the new one; reads only, as it takes time.

    Raises `Invalid` (field `old_password` or `new_password`), `TooMany` after repeated tries.
    """
    action_limits.spend_sign_in(desk.actor.username, "")
    person = profiles.myself(desk)
    if not person.password_hash or not secrets.password_matches(old, person.password_hash):
        auth_log().warning("password_change_refused", person=person.username)
        raise Invalid("old_password", "is wrong")
    passwords.check_password("new_password", new, names=[person.username, person.email])
    if old == new:
        raise Invalid("new_password", "must differ from your current password")
    return NewPassword(person.password_hash, secrets.hash_password(new))


def change_password(desk: Desk, prepared: NewPassword) -> None:
    """Take the new password; every other sign-in of the actor ends. Raises `Stale`."""
    changed = desk.db.execute(
        update(person_table)
        .where(
            person_table.c.id == desk.actor.id, person_table.c.password_hash == prepared.old_hash
        )
        .values(password_hash=prepared.new_hash)
    )
    if not changed.rowcount:
        raise Stale("The password was changed meanwhile; try again")
    desk.db.execute(
        update(sign_in_table)
        .where(
            sign_in_table.c.person_id == desk.actor.id,
            sign_in_table.c.id != (desk.actor.sign_in_id or 0),
            sign_in_table.c.ended_at.is_(None),
        )
        .values(ended_at=desk.now, ended_why="password changed")
    )
    auth_log().info("password_changed", person=desk.actor.username)


def sign_in_browser(desk: Desk, proven: Proven, caller: Caller) -> str:
    """Begin a browser session; returns the value of its cookie, which is kept as a hash only."""
    cookie = secrets.new_token()
    lifetime = timedelta(days=settings().session_days)
    _begin(desk, proven, caller, lifetime, secrets.fingerprint(cookie))
    return cookie


def sign_in_program(desk: Desk, proven: Proven, caller: Caller) -> Tokens:
    """Begin a family of tokens (specs/enterprise, "Login")."""
    sign_in = _begin(desk, proven, caller, secrets.REFRESH_LIFETIME)
    return _issue(desk, proven.person, sign_in)


def _issue(desk: Desk, person: Person, sign_in: SignIn) -> Tokens:
    refresh = secrets.new_token("rt_")
    desk.db.execute(
        insert(refresh_token_table),
        {
            "sign_in_id": sign_in.id,
            "token_hash": secrets.fingerprint(refresh),
            "issued_at": desk.now,
            "expires_at": desk.now + secrets.REFRESH_LIFETIME,
        },
    )
    access = secrets.sign_access(
        person_uuid=str(person.uuid),
        sign_in_uuid=str(sign_in.uuid),
        role=person.role,
        now=desk.now,
    )
    lifetime = int(secrets.ACCESS_LIFETIME.total_seconds())
    return Tokens(person, access, refresh, lifetime, profiles.holds(desk, person))


_HOLDER = (
    select(sign_in_table.c.person_id)
    .select_from(
        refresh_token_table.join(
            sign_in_table, sign_in_table.c.id == refresh_token_table.c.sign_in_id
        )
    )
    .where(refresh_token_table.c.token_hash == bindparam("hash"))
)


def holder(desk: Desk, token: str) -> int | None:
    """The id of who was given a refresh token, spent or not; None for one nobody was given."""
    return desk.db.execute(_HOLDER, {"hash": secrets.fingerprint(token)}).scalar()


def refresh(desk: Desk, token: str) -> Tokens | None:
    """New tokens for a refresh token, which is spent by this (specs/enterprise, "Token Refresh").

    Returns None when the token was spent before: then the whole family has been ended, access
    tokens included, and the caller commits that before it answers. Raises `Unauthenticated`.
    """
    now = desk.now
    spent = desk.db.execute(
        update(refresh_token_table)
        .where(
            refresh_token_table.c.token_hash == secrets.fingerprint(token),
            refresh_token_table.c.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(refresh_token_table.c.sign_in_id, refresh_token_table.c.expires_at)
    ).first()
    if spent is None:
        known = desk.db.execute(
            select(refresh_token_table.c.sign_in_id).where(
                refresh_token_table.c.token_hash == secrets.fingerprint(token)
            )
        ).first()
        if known is None:
            raise Unauthenticated("The refresh token is not valid")
        _end(desk, known.sign_in_id, "refresh token used twice")
        auth_log().warning("refresh_token_reused", sign_in=known.sign_in_id)
        return None
    sign_in = desk.session.get(SignIn, spent.sign_in_id)
    person = sign_in and desk.session.get(Person, sign_in.person_id)
    if sign_in is None or person is None or sign_in.ended_at or not person.is_active:
        raise Unauthenticated("The sign-in has ended")
    if not _is_accepted(desk, person):
        raise Unauthenticated("The sign-in has ended")
    if spent.expires_at <= now:
        raise Unauthenticated("The refresh token has expired")
    sign_in.seen_at, sign_in.expires_at = now, now + secrets.REFRESH_LIFETIME
    desk.settle()
    return _issue(desk, person, sign_in)


def _end(desk: Desk, sign_in_id: int, why: str) -> None:
    desk.db.execute(
        update(sign_in_table)
        .where(sign_in_table.c.id == sign_in_id, sign_in_table.c.ended_at.is_(None))
        .values(ended_at=desk.now, ended_why=why)
    )


def end_all(desk: Desk, person_id: int, why: str) -> None:
    """End all that somebody came in with, API tokens too: it does not come back with them."""
    desk.db.execute(
        update(sign_in_table)
        .where(sign_in_table.c.person_id == person_id, sign_in_table.c.ended_at.is_(None))
        .values(ended_at=desk.now, ended_why=why)
    )
    desk.db.execute(
        update(api_token_table)
        .where(api_token_table.c.person_id == person_id, api_token_table.c.revoked_at.is_(None))
        .values(revoked_at=desk.now)
    )


def sign_out(desk: Desk) -> None:
    """End the sign-in the actor came with; its cookie and tokens stop working at once."""
    if desk.actor.sign_in_id is not None:
        _end(desk, desk.actor.sign_in_id, "signed out")
        auth_log().info("signed_out", person=desk.actor.username)


_PERSON = (
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
    profiles.ROLE_PERMISSIONS,
)
_WELCOME = and_(
    person_table.c.is_active,
    or_(person_table.c.is_demo.is_(False), bindparam("demo_too", type_=Boolean())),
)
_ALIVE = and_(
    sign_in_table.c.ended_at.is_(None), sign_in_table.c.expires_at > bindparam("now"), _WELCOME
)
_BY_COOKIE = (
    select(*_PERSON, sign_in_table.c.id.label("sign_in_id"), sign_in_table.c.seen_at)
    .select_from(sign_in_table.join(person_table, person_table.c.id == sign_in_table.c.person_id))
    .where(sign_in_table.c.cookie_hash == bindparam("hash"), _ALIVE)
)
_BY_SIGN_IN = (
    select(*_PERSON, sign_in_table.c.id.label("sign_in_id"), sign_in_table.c.seen_at)
    .select_from(sign_in_table.join(person_table, person_table.c.id == sign_in_table.c.person_id))
    .where(
        sign_in_table.c.uuid == bindparam("uuid"),
        person_table.c.uuid == bindparam("person_uuid"),
        _ALIVE,
    )
)
_BY_API_TOKEN = (
    select(
        *_PERSON,
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
        _WELCOME,
    )
)
_BY_SUBJECT = select(*_PERSON, person_table.c.is_active).where(
    person_table.c.issuer == bindparam("issuer"), person_table.c.subject == bindparam("subject")
)


def accepts_demo(desk: Desk) -> bool:
    """Whether demo accounts are accepted from where this request comes.

    That is this machine and no proxy on it, unless `TICKET_DEMO=true` opens them to everybody.
    """
    return settings().has_demo and (settings().demo is True or desk.is_local)


def _is_accepted(desk: Desk, person: Person) -> bool:
    return not person.is_demo or accepts_demo(desk)


def _now(desk: Desk, **values: Any) -> dict[str, Any]:
    return {"now": desk.now, "demo_too": accepts_demo(desk), **values}


def by_cookie(desk: Desk, cookie: str) -> Actor | None:
    """Who the browser session's cookie stands for, if it is still good."""
    if not cookie or len(cookie) > 200:
        return None
    row = desk.db.execute(_BY_COOKIE, _now(desk, hash=secrets.fingerprint(cookie))).first()
    return None if row is None else profiles.actor_of(row, sign_in_id=row.sign_in_id, via="session")


def by_bearer(desk: Desk, token: str) -> Actor:
    """Who a bearer token stands for: an API token, an access token, or a trusted issuer's JWT.

    Raises `Unauthenticated`; and `NewcomerFound` when an issuer vouches for somebody unknown, who
    is then made known by `welcome` on a desk that writes.
    """
    if token.startswith(API_TOKEN_PREFIX):
        return by_api_token(desk, token)
    if len(token) > 8_192 or token.count(".") != 2:
        raise Unauthenticated("The token is not valid")
    named = secrets.unverified_issuer(token)
    for issuer in settings().trusted_issuers if named is not None else ():
        if issuer.issuer == named:
            claims = secrets.read_foreign(token, issuer, desk.now)
            subject = profiles.subject_of(claims.get(issuer.subject_claim) or "")
            row = desk.db.execute(_BY_SUBJECT, {"issuer": named, "subject": subject}).first()
            if row is None:
                raise NewcomerFound(issuer.issuer, claims)
            if not row.is_active:
                raise Unauthenticated("The account is switched off")
            return profiles.actor_of(row, via="issuer")
    claims = secrets.read_access(token, desk.now)
    try:
        wanted = _now(desk, uuid=UUID(claims["sid"]), person_uuid=UUID(claims["sub"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise Unauthenticated("The token is not valid") from None
    row = desk.db.execute(_BY_SIGN_IN, wanted).first()
    if row is None:
        raise Unauthenticated("The sign-in has ended")
    return profiles.actor_of(row, sign_in_id=row.sign_in_id, via="token")


class NewcomerFound(Unauthenticated):
    """A trusted issuer vouches for somebody the desk does not know yet."""

    def __init__(self, issuer: str, claims: dict[str, Any]) -> None:
        super().__init__()
        self.issuer = issuer
        self.claims = claims


def welcome(desk: Desk, newcomer: NewcomerFound) -> Actor:
    """Make the one an issuer vouches for known, with role user. For a desk that writes."""
    trusted = next(one for one in settings().trusted_issuers if one.issuer == newcomer.issuer)
    names = {
        "subject": trusted.subject_claim,
        "email": trusted.email_claim,
        "username": trusted.username_claim,
        "name": trusted.name_claim,
    }
    try:
        person = profiles.from_issuer(desk, newcomer.issuer, newcomer.claims, names)
    except Invalid as wrong:
        raise Unauthenticated(f"The token {wrong.reason}") from None
    auth_log().info("newcomer", person=person.username, issuer=newcomer.issuer)
    return replace(
        profiles.actor_of(person, via="issuer"), permissions=profiles.holds(desk, person)
    )


def by_api_token(desk: Desk, token: str) -> Actor:
    """Who a personal API token stands for, within its scopes. Raises `Unauthenticated`."""
    row = desk.db.execute(_BY_API_TOKEN, _now(desk, hash=secrets.fingerprint(token))).first()
    if row is None:
        raise Unauthenticated("The API token is not valid")
    return profiles.actor_of(row, via="api_token", scopes=row.scopes)


def make_api_token(
    desk: Desk,
    name: str,
    *,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[str, ApiToken]:
    """A new API token for the actor: its value, shown this once, and its row.

    Raises `Invalid`; `Forbidden` for scopes beyond the actor's own permissions.
    """
    holds = set(filter(desk.actor.may, desk.actor.permissions))
    beyond = set(scopes or desk.actor.permissions) - holds
    if beyond:
        raise Forbidden(f"You do not hold {', '.join(sorted(beyond))} yourself")
    if expires_at is not None and expires_at <= desk.now:
        raise Invalid("expires_at", "must lie in the future")
    value = secrets.new_token(API_TOKEN_PREFIX)
    row = ApiToken(
        person_id=desk.actor.id,
        name=text.required_line("name", name, 120),
        hint=value[:7],
        token_hash=secrets.fingerprint(value),
        scopes=list(scopes),
        created_at=desk.now,
        expires_at=expires_at,
    )
    desk.session.add(row)
    desk.settle()
    auth_log().info("api_token_made", person=desk.actor.username, token=row.hint)
    return value, row


def my_api_tokens(desk: Desk) -> Sequence[Any]:
    """The actor's API tokens that are not revoked, newest first; never their values."""
    return desk.db.execute(
        select(api_token_table)
        .where(api_token_table.c.person_id == desk.actor.id, api_token_table.c.revoked_at.is_(None))
        .order_by(api_token_table.c.id.desc())
    ).all()


def revoke_api_token(desk: Desk, reference: UUID) -> None:
    """The actor's token stops working at once. Raises `NotFound`."""
    changed = desk.db.execute(
        update(api_token_table)
        .where(
            api_token_table.c.uuid == reference,
            api_token_table.c.person_id == desk.actor.id,
            api_token_table.c.revoked_at.is_(None),
        )
        .values(revoked_at=desk.now)
    )
    if not changed.rowcount:
        raise NotFound("Token")
