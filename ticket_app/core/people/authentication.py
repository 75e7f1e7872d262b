"""Find the actor of a session cookie, a bearer token or an API token."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Boolean, and_, bindparam, or_, select

from ticket_app.core.people.actors import (
    ROLE_PERMISSIONS_COLUMN,
    SHARED_COMPANY_COLUMN,
    build_actor,
)
from ticket_app.core.people.api_tokens import API_TOKEN_PREFIX
from ticket_app.core.people.demo_accounts import accepts_demo_accounts
from ticket_app.core.people.external_issuers import UnregisteredSubject, normalize_subject
from ticket_app.core.people.rows import ActorRow, ApiTokenActorRow, SignInActorRow
from ticket_app.core.platform import secrets
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import (
    Unauthenticated,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.tables import (
    api_token_table,
    person_table,
    sign_in_table,
)

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
    person_table.c.rate_limits,
    ROLE_PERMISSIONS_COLUMN,
    SHARED_COMPANY_COLUMN,
)
_IS_ACCEPTED = and_(
    person_table.c.is_active,
    or_(person_table.c.is_demo.is_(False), bindparam("accepts_demo", type_=Boolean())),
    or_(
        person_table.c.email_verified_at.is_not(None),
        person_table.c.issuer.is_not(None),
        bindparam("accepts_unverified", type_=Boolean()),
    ),
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


def _query_values(uow: UnitOfWork, **values: object) -> dict[str, object]:
    return {
        "now": uow.now,
        "accepts_demo": accepts_demo_accounts(uow),
        "accepts_unverified": not settings().mail_verification,
        **values,
    }


def authenticate_cookie(uow: UnitOfWork, cookie: str) -> Actor | None:
    """Return the actor of a browser session, or None if the cookie is not valid."""
    if not cookie or len(cookie) > 200:
        return None
    row = uow.first_row(
        _SELECT_BY_COOKIE,
        _query_values(uow, hash=secrets.hash_token(cookie)),
        of=SignInActorRow,
    )
    return (
        None
        if row is None
        else build_actor(row, sign_in_id=row.sign_in_id, authentication_method="session")
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
            subject = normalize_subject(claims.get(issuer.subject_claim) or "")
            person = uow.first_row(
                _SELECT_BY_SUBJECT, {"issuer": issuer_name, "subject": subject}, of=ActorRow
            )
            if person is None:
                raise UnregisteredSubject(issuer.issuer, claims)
            if not person.is_active:
                raise Unauthenticated("The account is inactive")
            return build_actor(person, authentication_method="issuer")
    claims = secrets.decode_access_token(token, uow.now)
    try:
        sign_in_uuid, person_uuid = UUID(str(claims["sid"])), UUID(str(claims["sub"]))
    except (KeyError, ValueError):
        raise Unauthenticated("The token is not valid") from None
    query_values = _query_values(uow, uuid=sign_in_uuid, person_uuid=person_uuid)
    row = uow.first_row(_SELECT_BY_SIGN_IN, query_values, of=SignInActorRow)
    if row is None:
        raise Unauthenticated("The sign-in has ended")
    return build_actor(row, sign_in_id=row.sign_in_id, authentication_method="token")


def authenticate_api_token(uow: UnitOfWork, token: str) -> Actor:
    """Return the actor of a personal API token, limited to its scopes. Raises `Unauthenticated`."""
    row = uow.first_row(
        _SELECT_BY_API_TOKEN,
        _query_values(uow, hash=secrets.hash_token(token)),
        of=ApiTokenActorRow,
    )
    if row is None:
        raise Unauthenticated("The API token is not valid")
    return build_actor(row, authentication_method="api_token", scopes=row.scopes)
