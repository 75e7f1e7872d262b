"""Webhook Integration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

from ticket_system_sdk import signatures
from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Delivery, Replayed, Webhook
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, known, moment, segment

Event = Literal[
    "ticket.created",
    "ticket.updated",
    "ticket.status_changed",
    "ticket.assigned",
    "comment.added",
    "approval.requested",
    "approval.processed",
    "file.uploaded",
]


class WebhookChanges(TypedDict, total=False):
    """What may be changed of a subscription."""

    url: str
    events: Sequence[Event]
    active: bool


class Webhooks(Resource):
    """Subscriptions, and what was delivered. An `id` may be the number or "wh_..."."""

    verify = staticmethod(signatures.verify)

    def create(
        self,
        *,
        url: str,
        events: Sequence[Event],
        secret: str | None = None,
        active: bool = True,
    ) -> Webhook:
        """Subscribe; without a secret one is made, which `secret` tells this once.

        Raises `ValidationError` for an address that is not to be called, `PermissionDenied`.
        """
        told = known(url=url, events=[*events], secret=secret, active=active)
        return self._one(Webhook, Call(method="POST", path="/webhooks", json=told))

    def list(self, *, page: int | None = None, size: int | None = None) -> Page[Webhook]:
        """A page of the subscriptions."""
        params = known(page=page, size=size)
        return self._page(Webhook, Call(method="GET", path="/webhooks", params=params))

    def get(self, id: int | str) -> Webhook:  # noqa: A002
        """One subscription. Raises `NotFound`."""
        return self._one(Webhook, Call(method="GET", path=f"/webhooks/{segment(id)}"))

    def update(
        self,
        id: int | str,  # noqa: A002
        changes: WebhookChanges,
    ) -> Webhook:
        """Change a subscription. Raises `ValidationError`, `NotFound`."""
        call = Call(method="PATCH", path=f"/webhooks/{segment(id)}", json=dict(changes))
        return self._one(Webhook, call)

    def delete(self, id: int | str) -> None:  # noqa: A002
        """End a subscription. Raises `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/webhooks/{segment(id)}"))

    def rotate_secret(self, id: int | str, secret: str | None = None) -> Webhook:  # noqa: A002
        """Have a new secret, told this once; for a day both sign. Raises `NotFound`."""
        path = f"/webhooks/{segment(id)}/rotate-secret"
        return self._one(Webhook, Call(method="POST", path=path, json=known(secret=secret)))

    def test(self, id: int | str) -> Delivery:  # noqa: A002
        """Have a test event sent. Raises `NotFound`."""
        return self._one(Delivery, Call(method="POST", path=f"/webhooks/{segment(id)}/test"))

    def deliveries(
        self,
        id: int | str,  # noqa: A002
        *,
        state: str | None = None,
        event: Event | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[Delivery]:
        """A page of what was sent to a webhook, the newest first. Raises `NotFound`."""
        params = known(state=state, event=event, page=page, size=size)
        path = f"/webhooks/{segment(id)}/deliveries"
        return self._page(Delivery, Call(method="GET", path=path, params=params))

    def delivery(self, id: int | str, delivery_id: int | str) -> Delivery:  # noqa: A002
        """One message, with what was sent, what came back, and each try. Raises `NotFound`."""
        path = f"/webhooks/{segment(id)}/deliveries/{segment(delivery_id)}"
        return self._one(Delivery, Call(method="GET", path=path))

    def replay(self, id: int | str, delivery_id: int | str) -> Delivery:  # noqa: A002
        """Have one delivery sent again. Raises `NotFound`."""
        path = f"/webhooks/{segment(id)}/deliveries/{segment(delivery_id)}/replay"
        return self._one(Delivery, Call(method="POST", path=path))

    def replay_since(
        self,
        id: int | str,  # noqa: A002
        since: datetime | str,
        until: datetime | str | None = None,
        *,
        state: str | None = None,
    ) -> Replayed:
        """Have the deliveries of a time sent again: those that failed, unless told otherwise."""
        told = known(since=moment(since), until=moment(until), state=state)
        call = Call(method="POST", path=f"/webhooks/{segment(id)}/replay", json=told)
        return self._one(Replayed, call)
