"""Webhook subscriptions: create, change and delete them, rotate their secrets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select, update

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor
from ticket_app.core.people.rows import ActorRow
from ticket_app.core.platform import audit_log, network_addresses
from ticket_app.core.platform.errors import Invalid, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditAction
from ticket_app.core.webhooks import signatures as webhook_signatures
from ticket_app.core.webhooks.events import EVENT_NAMES
from ticket_app.core.webhooks.rows import ActiveWebhookRow, DueDeliveryRow, WebhookRow
from ticket_app.tables import person_table, webhook_table

MANAGE_WEBHOOKS = "manage_webhooks"
MAX_WEBHOOKS = 100
OLD_SECRET_VALIDITY = timedelta(hours=24)
"""How long the old secret remains valid after a rotation."""
MAX_ID = 2**31 - 1
_PUBLIC_ID_PATTERN = re.compile(r"wh_([0-9a-f]{32})")

_COLUMNS = (
    webhook_table.c.id,
    webhook_table.c.uuid,
    webhook_table.c.owner_id,
    webhook_table.c.url,
    webhook_table.c.events,
    webhook_table.c.is_active,
    webhook_table.c.failures,
    webhook_table.c.failing_since,
    webhook_table.c.deactivation_reason,
    webhook_table.c.old_secret_expires_at,
    webhook_table.c.created_at,
    webhook_table.c.updated_at,
)
_SELECT_WEBHOOKS = (
    select(*_COLUMNS, person_table.c.username.label("owner_username"))
    .select_from(webhook_table.join(person_table, person_table.c.id == webhook_table.c.owner_id))
    .where(webhook_table.c.deleted_at.is_(None))
)
_SELECT_ALL = _SELECT_WEBHOOKS.order_by(webhook_table.c.id).limit(MAX_WEBHOOKS)
_COUNT_WEBHOOKS = (
    select(func.count()).select_from(webhook_table).where(webhook_table.c.deleted_at.is_(None))
)
_SELECT_BY_ID = _SELECT_WEBHOOKS.where(webhook_table.c.id == bindparam("id"))
_SELECT_BY_UUID = _SELECT_WEBHOOKS.where(
    webhook_table.c.uuid == bindparam("uuid", type_=webhook_table.c.uuid.type)
)
_UPDATE_WEBHOOK = update(webhook_table).where(webhook_table.c.id == bindparam("webhook"))


@dataclass(frozen=True, slots=True)
class Receiver:
    """An active subscription with what deciding about deliveries needs."""

    id: int
    uuid: UUID
    events: frozenset[str]

    @property
    def public_id(self) -> str:
        """The id in payloads, `wh_...`."""
        return format_public_id(self.uuid)


def format_public_id(uuid: UUID) -> str:
    """Return a webhook's public id, `wh_...`."""
    return f"wh_{uuid.hex}"


def subscribe(
    uow: UnitOfWork,
    url: str,
    events: Sequence[str],
    *,
    secret: str | None = None,
    active: bool = True,
) -> tuple[WebhookRow, str]:
    """Create a webhook for the events; return its row and its signing secret.

    A secret is generated unless one is given; it cannot be read again. Raises `Forbidden`,
    `Invalid`, `RuleViolation` if there are `MAX_WEBHOOKS` already.
    """
    uow.actor.require(MANAGE_WEBHOOKS, "manage webhooks")
    network_addresses.parse_destination(url)
    valid_events = _validate_events(events)
    signing_secret = (
        webhook_signatures.generate_secret()
        if secret is None
        else webhook_signatures.validate_secret(secret)
    )
    if uow.connection.execute(_COUNT_WEBHOOKS).scalar_one() >= MAX_WEBHOOKS:
        raise RuleViolation(f"There are already {MAX_WEBHOOKS} webhooks. Delete one first.")
    webhook_uuid = uuid4()
    uow.connection.execute(
        insert(webhook_table),
        {
            "uuid": webhook_uuid,
            "owner_id": uow.actor.id,
            "url": url,
            "events": valid_events,
            "encrypted_secret": webhook_signatures.encrypt_secret(signing_secret),
            "is_active": active,
            "failures": 0,
            "created_at": uow.now,
            "updated_at": uow.now,
        },
    )
    row = find(uow, format_public_id(webhook_uuid))
    audit_log.record_created(uow, webhook_table, row.id)
    return row, signing_secret


def _validate_events(events: Sequence[str]) -> list[str]:
    if not events:
        raise Invalid("events", "must name at least one event")
    for event in events:
        if event not in EVENT_NAMES:
            raise Invalid("events", f"must only contain {', '.join(EVENT_NAMES)}")
    return [event for event in EVENT_NAMES if event in events]


def list_all(uow: UnitOfWork) -> Sequence[WebhookRow]:
    """Return all webhooks, oldest first. Raises `Forbidden`."""
    uow.actor.require(MANAGE_WEBHOOKS, "manage webhooks")
    return uow.all_rows(_SELECT_ALL, of=WebhookRow)


def find(uow: UnitOfWork, reference: str | int) -> WebhookRow:
    """Return a webhook by its id or public id. Raises `Forbidden`, `NotFound`."""
    uow.actor.require(MANAGE_WEBHOOKS, "manage webhooks")
    row = None
    if match := _PUBLIC_ID_PATTERN.fullmatch(str(reference)):
        row = uow.first_row(_SELECT_BY_UUID, {"uuid": UUID(match.group(1))}, of=WebhookRow)
    elif str(reference).isdecimal() and len(str(reference)) <= 10:
        number = int(reference)
        if number <= MAX_ID:
            row = uow.first_row(_SELECT_BY_ID, {"id": number}, of=WebhookRow)
    if row is None:
        raise NotFound("Webhook")
    return row


class WebhookChanges(TypedDict, total=False):
    """The fields of a webhook that can be changed."""

    url: str
    events: Sequence[str]
    active: bool


def update_webhook(uow: UnitOfWork, reference: str | int, changes: WebhookChanges) -> WebhookRow:
    """Change a webhook; return its row.

    The person who activates a webhook becomes its owner. Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    row = find(uow, reference)
    values: dict[str, object] = {}
    if "url" in changes:
        network_addresses.parse_destination(changes["url"])
        values["url"] = changes["url"]
    if "events" in changes:
        values["events"] = _validate_events(changes["events"])
    if "active" in changes and changes["active"] != row.is_active:
        values["is_active"] = changes["active"]
        values |= {"deactivation_reason": None, "failures": 0, "failing_since": None}
        if changes["active"]:
            values["owner_id"] = uow.actor.id
    if values:
        with audit_log.record_changes(uow, webhook_table, row.id):
            uow.connection.execute(
                _UPDATE_WEBHOOK.values(**values, updated_at=uow.now), {"webhook": row.id}
            )
    return find(uow, row.id)


def delete_webhook(uow: UnitOfWork, reference: str | int) -> None:
    """Delete a webhook; its pending deliveries are not sent. Raises `Forbidden`, `NotFound`.

    The periodic cleanup deletes its deliveries, as there may be many.
    """
    row = find(uow, reference)
    audit_log.record_deleted(uow, webhook_table, row.id)
    deleted_values = {"is_active": False, "deleted_at": uow.now, "encrypted_secret": ""}
    uow.connection.execute(
        _UPDATE_WEBHOOK.values(
            **deleted_values, encrypted_old_secret=None, old_secret_expires_at=None
        ),
        {"webhook": row.id},
    )


def rotate_secret(
    uow: UnitOfWork, reference: str | int, secret: str | None = None
) -> tuple[WebhookRow, str]:
    """Replace a webhook's secret; return its row and the new secret, which cannot be read again.

    Deliveries are signed with both secrets for a day. Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    row = find(uow, reference)
    signing_secret = (
        webhook_signatures.generate_secret()
        if secret is None
        else webhook_signatures.validate_secret(secret)
    )
    uow.connection.execute(
        _UPDATE_WEBHOOK.values(
            encrypted_old_secret=webhook_table.c.encrypted_secret,
            old_secret_expires_at=uow.now + OLD_SECRET_VALIDITY,
            encrypted_secret=webhook_signatures.encrypt_secret(signing_secret),
            updated_at=uow.now,
        ),
        {"webhook": row.id},
    )
    audit_log.record_action(uow, AuditAction.SECRET_ROTATED, webhook_table, row.id)
    return find(uow, row.id), signing_secret


_SELECT_ACTIVE = (
    select(
        webhook_table.c.id, webhook_table.c.uuid, webhook_table.c.events, webhook_table.c.owner_id
    )
    .where(webhook_table.c.is_active, webhook_table.c.deleted_at.is_(None))
    .order_by(webhook_table.c.id)
    .limit(MAX_WEBHOOKS)
)
_SELECT_OWNERS = select(person_table, ROLE_PERMISSIONS_COLUMN).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)


def deactivate_untrusted_and_list_receivers(uow: UnitOfWork) -> list[Receiver]:
    """Deactivate webhooks whose owners may no longer manage webhooks; return the other active ones.

    A webhook receives every event, so its owner must have the permission to see them.
    """
    rows = uow.all_rows(_SELECT_ACTIVE, of=ActiveWebhookRow)
    owners = (
        uow.all_rows(_SELECT_OWNERS, {"ids": list({row.owner_id for row in rows})}, of=ActorRow)
        if rows
        else ()
    )
    trusted_owner_ids = {
        person.id
        for person in owners
        if person.is_active and build_actor(person).can(MANAGE_WEBHOOKS)
    }
    for row in rows:
        if row.owner_id not in trusted_owner_ids:
            deactivate(uow, row.id, "Its owner may no longer manage webhooks")
    return [
        Receiver(row.id, row.uuid, frozenset(row.events))
        for row in rows
        if row.owner_id in trusted_owner_ids
    ]


def deactivate(uow: UnitOfWork, webhook_id: int, reason: str) -> None:
    """Deactivate a webhook and notify its owner, unless it is inactive already."""
    with audit_log.record_changes(uow, webhook_table, webhook_id):
        updated = uow.connection.execute(
            update(webhook_table)
            .where(webhook_table.c.id == webhook_id, webhook_table.c.is_active)
            .values(is_active=False, deactivation_reason=reason, updated_at=uow.now)
        )
    if updated.rowcount != 1:
        return
    row = uow.connection.execute(
        select(webhook_table.c.owner_id, webhook_table.c.url).where(
            webhook_table.c.id == webhook_id
        )
    ).one()
    message = f"Your webhook to {urlsplit(str(row.url)).hostname} was deactivated. {reason}."
    notifications.notify(uow, row.owner_id, NotificationKind.WEBHOOK_DISABLED, message)


def valid_signing_secrets(row: DueDeliveryRow, now: datetime) -> list[str]:
    """Return the secrets to sign with now, current one first; none if they cannot be decrypted."""
    current_secret = webhook_signatures.decrypt_secret(row.encrypted_secret)
    if current_secret is None:
        return []
    old_expires_at = row.old_secret_expires_at
    if row.encrypted_old_secret is None or old_expires_at is None or old_expires_at <= now:
        return [current_secret]
    old_secret = webhook_signatures.decrypt_secret(row.encrypted_old_secret)
    return [current_secret] if old_secret is None else [current_secret, old_secret]
