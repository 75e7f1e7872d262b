"""Who outside is told of what happens: subscriptions, their secrets, and their end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, insert, select, update

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.people import profiles
from ticket_app.core.platform import network_addresses
from ticket_app.core.platform.errors import Invalid, NotFound, RuleBroken
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.webhooks import signatures as webhook_signatures
from ticket_app.core.webhooks.events import EVENTS
from ticket_app.tables import person_table, webhook_table

MANAGE = "manage_webhooks"
MOST_WEBHOOKS = 100
OVERLAP = timedelta(hours=24)
"""How long after a rotation the old secret signs, too."""
LARGEST_ID = 2**31 - 1
_PRINTED = re.compile(r"wh_([0-9a-f]{32})")

_COLUMNS = (
    webhook_table.c.id,
    webhook_table.c.uuid,
    webhook_table.c.owner_id,
    webhook_table.c.url,
    webhook_table.c.events,
    webhook_table.c.is_active,
    webhook_table.c.failures,
    webhook_table.c.failing_since,
    webhook_table.c.switched_off_why,
    webhook_table.c.old_secret_until,
    webhook_table.c.created_at,
    webhook_table.c.updated_at,
)
_LIVE = (
    select(*_COLUMNS, person_table.c.username.label("owner_username"))
    .select_from(webhook_table.join(person_table, person_table.c.id == webhook_table.c.owner_id))
    .where(webhook_table.c.deleted_at.is_(None))
)
_LIST = _LIVE.order_by(webhook_table.c.id).limit(MOST_WEBHOOKS)
_COUNT = select(func.count()).select_from(webhook_table).where(webhook_table.c.deleted_at.is_(None))
_BY_ID = _LIVE.where(webhook_table.c.id == bindparam("id"))
_BY_UUID = _LIVE.where(webhook_table.c.uuid == bindparam("uuid", type_=webhook_table.c.uuid.type))
_CHANGE = update(webhook_table).where(webhook_table.c.id == bindparam("webhook"))


@dataclass(frozen=True, slots=True)
class Receiver:
    """An active subscription, as far as it matters to what it is told."""

    id: int
    uuid: UUID
    events: frozenset[str]

    @property
    def printed(self) -> str:
        """wh_..., as payloads name it."""
        return printed(self.uuid)


def printed(uuid: UUID) -> str:
    """wh_..., as the document prints a webhook's id."""
    return f"wh_{uuid.hex}"


def subscribe(
    desk: Desk, url: str, events: Sequence[str], *, secret: str | None = None, active: bool = True
) -> tuple[Any, str]:
    """Have an address told of events from now on; returns the webhook and its secret.

    The secret is made unless one is given; it is shown this once. Raises `Forbidden`, `Invalid`,
    `RuleBroken` past the most there may be.
    """
    desk.actor.must(MANAGE, "manage webhooks")
    network_addresses.destination(url)
    known = _known_events(events)
    chosen = (
        webhook_signatures.new_secret()
        if secret is None
        else webhook_signatures.checked_secret(secret)
    )
    if desk.db.execute(_COUNT).scalar_one() >= MOST_WEBHOOKS:
        raise RuleBroken(f"There are {MOST_WEBHOOKS} webhooks already; delete one first")
    made = desk.db.execute(
        insert(webhook_table),
        {
            "uuid": uuid4(),
            "owner_id": desk.actor.id,
            "url": url,
            "events": known,
            "secret_sealed": webhook_signatures.seal(chosen),
            "is_active": active,
            "failures": 0,
            "created_at": desk.now,
            "updated_at": desk.now,
        },
    )
    return find(desk, made.inserted_primary_key[0]), chosen  # type: ignore[index]


def _known_events(events: Sequence[str]) -> list[str]:
    if not events:
        raise Invalid("events", "must name at least one event")
    for event in events:
        if event not in EVENTS:
            raise Invalid("events", f"must be some of {', '.join(EVENTS)}")
    return [event for event in EVENTS if event in events]


def listed(desk: Desk) -> Sequence[Any]:
    """All webhooks, the oldest first. Raises `Forbidden`."""
    desk.actor.must(MANAGE, "manage webhooks")
    return desk.db.execute(_LIST).all()


def find(desk: Desk, reference: str | int) -> Any:
    """One webhook by its id or its printed id. Raises `Forbidden`, `NotFound`."""
    desk.actor.must(MANAGE, "manage webhooks")
    row = None
    if match := _PRINTED.fullmatch(str(reference)):
        row = desk.db.execute(_BY_UUID, {"uuid": UUID(match.group(1))}).first()
    elif str(reference).isdecimal() and len(str(reference)) <= 10:
        number = int(reference)
        row = number <= LARGEST_ID and desk.db.execute(_BY_ID, {"id": number}).first()
    if not row:
        raise NotFound("Webhook")
    return row


def change(desk: Desk, reference: str | int, changes: Mapping[str, Any]) -> Any:
    """Change `url`, `events`, `active`; returns the webhook.

    Who switches one on again answers for it from then on: they are its owner. Raises `Forbidden`,
    `NotFound`, `Invalid`.
    """
    row = find(desk, reference)
    values: dict[str, Any] = {}
    if "url" in changes:
        network_addresses.destination(changes["url"])
        values["url"] = changes["url"]
    if "events" in changes:
        values["events"] = _known_events(changes["events"])
    if "active" in changes and changes["active"] != row.is_active:
        values["is_active"] = changes["active"]
        values |= {"switched_off_why": None, "failures": 0, "failing_since": None}
        if changes["active"]:
            values["owner_id"] = desk.actor.id
    if values:
        desk.db.execute(_CHANGE.values(**values, updated_at=desk.now), {"webhook": row.id})
    return find(desk, row.id)


def remove(desk: Desk, reference: str | int) -> None:
    """End a subscription; what waits is not sent. Raises `Forbidden`, `NotFound`.

    Its deliveries go with the next sweeps, as there may be many.
    """
    row = find(desk, reference)
    ended = {"is_active": False, "deleted_at": desk.now, "secret_sealed": ""}
    desk.db.execute(
        _CHANGE.values(**ended, old_secret_sealed=None, old_secret_until=None), {"webhook": row.id}
    )


def rotate_secret(desk: Desk, reference: str | int, secret: str | None = None) -> tuple[Any, str]:
    """Give a webhook a new secret; returns it and the secret, which is shown this once.

    For a day messages are signed with both. Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    row = find(desk, reference)
    chosen = (
        webhook_signatures.new_secret()
        if secret is None
        else webhook_signatures.checked_secret(secret)
    )
    desk.db.execute(
        _CHANGE.values(
            old_secret_sealed=webhook_table.c.secret_sealed,
            old_secret_until=desk.now + OVERLAP,
            secret_sealed=webhook_signatures.seal(chosen),
            updated_at=desk.now,
        ),
        {"webhook": row.id},
    )
    return find(desk, row.id), chosen


_OWNERS = (
    select(
        webhook_table.c.id, webhook_table.c.uuid, webhook_table.c.events, webhook_table.c.owner_id
    )
    .where(webhook_table.c.is_active, webhook_table.c.deleted_at.is_(None))
    .order_by(webhook_table.c.id)
    .limit(MOST_WEBHOOKS)
)
_PEOPLE = select(person_table, profiles.ROLE_PERMISSIONS).where(
    person_table.c.id.in_(bindparam("ids", expanding=True))
)


def receivers(desk: Desk) -> list[Receiver]:
    """Who is to be told now. For the jobs, at a desk that writes.

    A webhook tells all there is, so its owner must be somebody who may know it: one whose owner
    has left, or may manage webhooks no more, is switched off.
    """
    rows = desk.db.execute(_OWNERS).all()
    owners = desk.db.execute(_PEOPLE, {"ids": list({row.owner_id for row in rows})}) if rows else ()
    trusted = {
        person.id for person in owners if person.is_active and profiles.actor_of(person).may(MANAGE)
    }
    for row in rows:
        if row.owner_id not in trusted:
            switch_off(desk, row.id, "Its owner may no longer manage webhooks")
    return [
        Receiver(row.id, row.uuid, frozenset(row.events)) for row in rows if row.owner_id in trusted
    ]


def switch_off(desk: Desk, webhook_id: int, why: str) -> None:
    """Send no more to a webhook, and tell its owner; once, however many find a reason."""
    switched = desk.db.execute(
        update(webhook_table)
        .where(webhook_table.c.id == webhook_id, webhook_table.c.is_active)
        .values(is_active=False, switched_off_why=why, updated_at=desk.now)
    )
    if switched.rowcount != 1:
        return
    row = desk.db.execute(
        select(webhook_table.c.owner_id, webhook_table.c.uuid).where(
            webhook_table.c.id == webhook_id
        )
    ).one()
    says = f"Your webhook {webhook_id} was switched off. {why}"
    notifications.tell(desk, row.owner_id, Notice.WEBHOOK, says)


def secrets_of(row: Any, now: datetime) -> list[str]:
    """The secrets that sign now, the current one first; none if they cannot be read any more."""
    current = webhook_signatures.unseal(row.secret_sealed)
    if current is None:
        return []
    if row.old_secret_sealed is None or row.old_secret_until <= now:
        return [current]
    old = webhook_signatures.unseal(row.old_secret_sealed)
    return [current] if old is None else [current, old]
