"""Notifications of the installed app (Web Push, RFC 8030): subscribe, compose and encrypt them.

The key that identifies this installation to push services (VAPID, RFC 8292) is derived from
TICKET_SECRET_KEY when it is first needed. So all processes have the same one and none is stored.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from functools import lru_cache
from typing import Protocol, cast
from urllib.parse import urlsplit
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02  # pyright: ignore[reportMissingTypeStubs]
from pywebpush import WebPusher  # pyright: ignore[reportMissingTypeStubs]
from sqlalchemy import bindparam, delete, func, insert, select, update

from ticket_app.core.notifications import alerts, notifications
from ticket_app.core.notifications.alerts import BrowserAlert
from ticket_app.core.people.actors import (
    ROLE_PERMISSIONS_COLUMN,
    SHARED_COMPANY_COLUMN,
    build_actor,
)
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import network_addresses, secrets
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.tables import notification_table, person_table, push_subscription_table

KEYS_PURPOSE = "keys of a push subscription"
VAPID_PURPOSE = "web push"
CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the curve P-256; a private key is below it."""
MAX_SUBSCRIPTIONS = 20
"""Browsers of one person; the oldest is forgotten."""
MAX_FAILURES = 20
TOKEN_LIFETIME = timedelta(hours=12)
MESSAGE_LIFETIME_SECONDS = 24 * 3600
"""How long a push service keeps a message for a device without a connection."""
PUBLIC_KEY_BYTES, AUTH_BYTES = 65, 16


class DueSubscriptionRow:
    """A browser that receives notifications."""

    id: int
    person_id: int
    endpoint: str
    keys: str
    failures: int
    last_notification_id: int


class Signer(Protocol):
    """What is used of `Vapid02`, which has no types."""

    def sign(self, claims: Mapping[str, object]) -> Mapping[str, str]:
        """Return the header that proves who sends a message."""
        ...


@dataclass(frozen=True, slots=True)
class PushRequest:
    """An encrypted message on its way to a push service."""

    subscription_id: int
    endpoint: str
    body: bytes
    headers: Mapping[str, str]
    failures: int


_IS_OWN = (
    push_subscription_table.c.person_id == bindparam("of_person"),
    push_subscription_table.c.endpoint_hash == bindparam("hashed"),
)
_SELECT_OWN_IDS = (
    select(push_subscription_table.c.id)
    .where(push_subscription_table.c.person_id == bindparam("of_person"))
    .order_by(push_subscription_table.c.id.desc())
)
_SELECT_SUBSCRIPTIONS = (
    select(
        push_subscription_table.c.id,
        push_subscription_table.c.person_id,
        push_subscription_table.c.endpoint,
        push_subscription_table.c["keys"],
        push_subscription_table.c.failures,
        push_subscription_table.c.last_notification_id,
    )
    .where(push_subscription_table.c.person_id == bindparam("of_person"))
    .order_by(push_subscription_table.c.id)
)
_SELECT_PERSON = select(person_table, ROLE_PERMISSIONS_COLUMN, SHARED_COMPANY_COLUMN).where(
    person_table.c.id == bindparam("of_person"), person_table.c.is_active
)
_SELECT_LAST_NOTIFICATION = select(func.coalesce(func.max(notification_table.c.id), 0)).where(
    notification_table.c.person_id == bindparam("of_person")
)


@lru_cache(maxsize=2)
def _private_key(secret_key: str) -> ec.EllipticCurvePrivateKey:
    digest = hmac.new(secret_key.encode(), VAPID_PURPOSE.encode(), hashlib.sha512).digest()
    scalar = int.from_bytes(digest, "big") % (CURVE_ORDER - 1) + 1
    return ec.derive_private_key(scalar, ec.SECP256R1())


def public_key() -> str:
    """Return the key that a browser subscribes with, in base64url."""
    key = _private_key(settings().secret_key).public_key()
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _hash(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _decode(name: str, text: str, length: int) -> str:
    """Return a base64url text of so many bytes without padding. Raises `Invalid`."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != length:
        raise Invalid(name, f"must be {length} bytes in base64url")
    return text.rstrip("=")


def subscribe(uow: UnitOfWork, endpoint: str, p256dh: str, auth: str) -> None:
    """Send the actor's notifications to a browser, which belongs to them alone from then on.

    `endpoint` is the address that the browser's push service gave it; `p256dh` and `auth` are the
    browser's keys. Raises `Invalid`.
    """
    destination = network_addresses.parse_destination(endpoint)
    if destination.scheme != "https" and not destination.is_allowlisted:
        raise Invalid("endpoint", "must begin with https://")
    if ":" in destination.host:
        raise Invalid("endpoint", "must name its host")
    keys = {
        "p256dh": _decode("p256dh", p256dh, PUBLIC_KEY_BYTES),
        "auth": _decode("auth", auth, AUTH_BYTES),
    }
    _check_point(keys["p256dh"])
    hashed = _hash(endpoint)
    uow.connection.execute(
        delete(push_subscription_table).where(push_subscription_table.c.endpoint_hash == hashed)
    )
    me = {"of_person": uow.actor.id}
    uow.connection.execute(
        insert(push_subscription_table),
        {
            "uuid": uuid4(),
            "person_id": uow.actor.id,
            "endpoint": endpoint,
            "endpoint_hash": hashed,
            "keys": secrets.encrypt(KEYS_PURPOSE, json.dumps(keys).encode()).decode(),
            "failures": 0,
            "last_notification_id": uow.connection.execute(
                _SELECT_LAST_NOTIFICATION, me
            ).scalar_one(),
            "created_at": uow.now,
        },
    )
    surplus = list(uow.connection.execute(_SELECT_OWN_IDS, me).scalars())[MAX_SUBSCRIPTIONS:]
    for subscription_id in surplus:
        delete_subscription(uow, subscription_id)


def _check_point(p256dh: str) -> None:
    point = base64.urlsafe_b64decode(p256dh + "=" * (-len(p256dh) % 4))
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise Invalid("p256dh", "must be a point of the curve P-256") from None


def unsubscribe(uow: UnitOfWork, endpoint: str) -> None:
    """Send nothing more to a browser of the actor; safe to repeat."""
    uow.connection.execute(
        delete(push_subscription_table).where(*_IS_OWN),
        {"of_person": uow.actor.id, "hashed": _hash(endpoint)},
    )


def compose(uow: UnitOfWork, person_id: int) -> list[PushRequest]:
    """Return the messages about a person's new notifications, for each of their browsers.

    They are recorded as sent, so that a repetition sends nothing twice.
    """
    requests: list[PushRequest] = []
    of_person = {"of_person": person_id}
    person = uow.first_row(_SELECT_PERSON, of_person, of=ActorRow)
    rows = uow.all_rows(_SELECT_SUBSCRIPTIONS, of_person, of=DueSubscriptionRow)
    if not rows or person is None:
        return requests
    uow.actor = build_actor(person)
    unread = notifications.count_unread(uow)
    for row in rows:
        found = alerts.list_alerts_after(uow, row.last_notification_id)
        uow.connection.execute(
            update(push_subscription_table)
            .where(push_subscription_table.c.id == row.id)
            .values(last_notification_id=found.last_id)
        )
        messages = [_format_message(alert, unread) for alert in found.alerts]
        requests += _encrypt(uow, row, messages)
    return requests


def _format_message(alert: BrowserAlert, unread: int) -> dict[str, object]:
    """Return what the service worker reads (`readPush` in push.ts)."""
    return {
        "title": alert.title,
        "body": alert.body,
        "url": alert.url,
        "tag": alert.tag,
        "badge": unread,
    }


def _encrypt(
    uow: UnitOfWork, row: DueSubscriptionRow, messages: Sequence[dict[str, object]]
) -> list[PushRequest]:
    decrypted = secrets.decrypt(KEYS_PURPOSE, row.keys.encode())
    if decrypted is None or not messages:
        return []
    subscription = {"endpoint": row.endpoint, "keys": json.loads(decrypted)}
    target = urlsplit(row.endpoint)
    claims = {
        "aud": f"{target.scheme}://{target.netloc}",
        "sub": f"mailto:{parseaddr(settings().mail_from)[1]}",
        "exp": int((uow.now + TOKEN_LIFETIME).timestamp()),
    }
    signer = cast("Signer", Vapid02(private_key=_private_key(settings().secret_key)))
    authorization = signer.sign(claims)["Authorization"]
    requests: list[PushRequest] = []
    for message in messages:
        topic = hashlib.sha256(str(message["tag"]).encode()).hexdigest()[:32]
        encoded = cast(
            "Mapping[str, bytes]", WebPusher(subscription).encode(json.dumps(message).encode())
        )
        headers = {
            "Authorization": authorization,
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(MESSAGE_LIFETIME_SECONDS),
            "Topic": topic,
            "Urgency": "normal",
        }
        requests.append(PushRequest(row.id, row.endpoint, encoded["body"], headers, row.failures))
    return requests


def record_success(uow: UnitOfWork, subscription_id: int) -> None:
    """Record that a push service took a message."""
    uow.connection.execute(
        update(push_subscription_table)
        .where(push_subscription_table.c.id == subscription_id)
        .values(failures=0, used_at=uow.now)
    )


def record_failure(uow: UnitOfWork, request: PushRequest) -> None:
    """Count a failed attempt; a browser that fails too often in a row is forgotten."""
    if request.failures + 1 >= MAX_FAILURES:
        delete_subscription(uow, request.subscription_id)
        return
    uow.connection.execute(
        update(push_subscription_table)
        .where(push_subscription_table.c.id == request.subscription_id)
        .values(failures=push_subscription_table.c.failures + 1)
    )


def delete_subscription(uow: UnitOfWork, subscription_id: int) -> None:
    """Forget a browser, which its push service does not know any more."""
    uow.connection.execute(
        delete(push_subscription_table).where(push_subscription_table.c.id == subscription_id)
    )
