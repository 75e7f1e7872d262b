"""The same POST twice has one effect: its answer is kept with the effect and given again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select

from ticket_app.core.platform import secrets
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Conflict, Invalid, Reason
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.tables import idempotent_answer_table

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255
PURPOSE = "idempotent answer"

_FIND = select(
    idempotent_answer_table.c.request_hash,
    idempotent_answer_table.c.status,
    idempotent_answer_table.c.headers,
    idempotent_answer_table.c.body,
    idempotent_answer_table.c.created_at,
).where(
    idempotent_answer_table.c.person_id == bindparam("person_id"),
    idempotent_answer_table.c.method == bindparam("method"),
    idempotent_answer_table.c.route == bindparam("route"),
    idempotent_answer_table.c.key == bindparam("key"),
)
_KEEP = insert(idempotent_answer_table)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that carries an `Idempotency-Key`."""

    method: str
    route: str
    key: str
    request_hash: str


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What the first request with the key was answered."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_same_request: bool


def attempt(method: str, route: str, key: str, body: bytes) -> Attempt:
    """The attempt a request makes. Raises `Invalid` for a key that is empty or too long."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        phrase = f"must have 1 to {LONGEST_KEY} printable characters"
        raise Invalid("Idempotency-Key", Reason(phrase, place="header"))
    # PostgreSQL takes no NUL, which a path can hold.
    route = route[:300].replace("\x00", "\ufffd")
    return Attempt(method, route, key, hashlib.sha256(body).hexdigest())


def find(desk: Desk, made: Attempt) -> KeptAnswer | None:
    """The answer kept for this actor, route and key, if it is younger than a day."""
    where = {
        "person_id": desk.actor.id,
        "method": made.method,
        "route": made.route,
        "key": made.key,
    }
    row = desk.db.execute(_FIND, where).first()
    if row is None:
        return None
    body: bytes | None = bytes(row.body)
    if _is_secret(row.headers):
        body = secrets.take_out(PURPOSE, row.body)
    if body is None or row.created_at <= desk.now - KEPT_FOR:
        desk.db.execute(
            delete(idempotent_answer_table).where(
                idempotent_answer_table.c.person_id == desk.actor.id,
                idempotent_answer_table.c.method == made.method,
                idempotent_answer_table.c.route == made.route,
                idempotent_answer_table.c.key == made.key,
            )
        )
        return None
    return KeptAnswer(row.status, row.headers, body, row.request_hash == made.request_hash)


def _is_secret(headers: dict[str, str]) -> bool:
    return headers.get("cache-control") == "no-store"


def keep(desk: Desk, made: Attempt, status: int, headers: dict[str, str], body: bytes) -> None:
    """Keep the answer in the transaction of its effect. Raises `Conflict` if another was first.

    One that says `Cache-Control: no-store` shows a secret, and is kept under lock.
    """
    if _is_secret(headers):
        body = secrets.lock_away(PURPOSE, body)
    row = {
        "person_id": desk.actor.id,
        "method": made.method,
        "route": made.route,
        "key": made.key,
        "request_hash": made.request_hash,
        "status": status,
        "headers": headers,
        "body": body,
        "created_at": desk.now,
    }
    try:
        desk.db.execute(_KEEP, row)
    except Collision:
        raise Conflict("A request with this Idempotency-Key is under way") from None


def sweep(desk: Desk) -> int:
    """Throw away answers older than a day; how many."""
    return desk.db.execute(
        delete(idempotent_answer_table).where(
            idempotent_answer_table.c.created_at <= desk.now - KEPT_FOR
        )
    ).rowcount
