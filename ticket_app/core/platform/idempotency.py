"""Idempotent POST requests: store the response with its effect, and send it again on a retry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select

from ticket_app.core.platform import secrets
from ticket_app.core.platform.batch_deletes import delete_batch
from ticket_app.core.platform.database import ConstraintViolation
from ticket_app.core.platform.errors import Conflict, Invalid, Reason
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import idempotent_response_table

RETENTION = timedelta(hours=24)
MAX_KEY_LENGTH = 255
ENCRYPTION_PURPOSE = "idempotent answer"

_SELECT_RESPONSE = select(
    idempotent_response_table.c.request_hash,
    idempotent_response_table.c.status,
    idempotent_response_table.c.headers,
    idempotent_response_table.c.body,
    idempotent_response_table.c.created_at,
).where(
    idempotent_response_table.c.person_id == bindparam("person_id"),
    idempotent_response_table.c.method == bindparam("method"),
    idempotent_response_table.c.route == bindparam("route"),
    idempotent_response_table.c.key == bindparam("key"),
)
_INSERT_RESPONSE = insert(idempotent_response_table)


@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """One request that carries an `Idempotency-Key`."""

    method: str
    route: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The response to the first request with a key."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_same_request: bool


def build_request(method: str, route: str, key: str, body: bytes) -> IdempotentRequest:
    """Describe a request. Raises `Invalid` for a key that is empty, too long or not printable."""
    if not 0 < len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        message = f"must have 1 to {MAX_KEY_LENGTH} printable characters"
        raise Invalid("Idempotency-Key", Reason(message, place="header"))
    # A path can contain NUL, which PostgreSQL does not accept.
    route = route[:300].replace("\x00", "\ufffd")
    return IdempotentRequest(method, route, key, hashlib.sha256(body).hexdigest())


def find_response(uow: UnitOfWork, request: IdempotentRequest) -> StoredResponse | None:
    """Return the response stored for this actor, route and key within the last 24 hours."""
    parameters = {
        "person_id": uow.actor.id,
        "method": request.method,
        "route": request.route,
        "key": request.key,
    }
    row = uow.connection.execute(_SELECT_RESPONSE, parameters).first()
    if row is None:
        return None
    body: bytes | None = bytes(row.body)
    if _is_secret_response(row.headers):
        body = secrets.decrypt(ENCRYPTION_PURPOSE, row.body)
    if body is None or row.created_at <= uow.now - RETENTION:
        uow.connection.execute(
            delete(idempotent_response_table).where(
                idempotent_response_table.c.person_id == uow.actor.id,
                idempotent_response_table.c.method == request.method,
                idempotent_response_table.c.route == request.route,
                idempotent_response_table.c.key == request.key,
            )
        )
        return None
    return StoredResponse(row.status, row.headers, body, row.request_hash == request.request_hash)


def _is_secret_response(headers: dict[str, str]) -> bool:
    return headers.get("cache-control") == "no-store"


def store_response(
    uow: UnitOfWork, request: IdempotentRequest, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Store the response in the transaction of its effect.

    A response with `Cache-Control: no-store` contains a secret, so its body is encrypted. Raises
    `Conflict` if another request with the same key was faster.
    """
    if _is_secret_response(headers):
        body = secrets.encrypt(ENCRYPTION_PURPOSE, body)
    row = {
        "person_id": uow.actor.id,
        "method": request.method,
        "route": request.route,
        "key": request.key,
        "request_hash": request.request_hash,
        "status": status,
        "headers": headers,
        "body": body,
        "created_at": uow.now,
    }
    try:
        uow.connection.execute(_INSERT_RESPONSE, row)
    except ConstraintViolation:
        raise Conflict("A request with this Idempotency-Key is already in progress") from None


def delete_expired_batch(uow: UnitOfWork) -> int:
    """Delete a batch of responses older than 24 hours; return how many."""
    is_expired = idempotent_response_table.c.created_at <= uow.now - RETENTION
    return delete_batch(uow, idempotent_response_table, is_expired)
