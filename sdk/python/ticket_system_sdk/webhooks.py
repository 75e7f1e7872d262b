"""Webhook Integration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

from ticket_system_sdk import signatures
from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Delivery, ReplayResult, Webhook
from ticket_system_sdk.page import Page
from ticket_system_sdk.resource import Resource, iso_format, path_segment, without_none

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
    """The changes of a subscription."""

    url: str
    events: Sequence[Event]
    active: bool


class Webhooks(Resource):
    """Webhook subscriptions and deliveries. An `id` may be the numeric id or "wh_..."."""

    verify = staticmethod(signatures.verify)

    def create(
        self,
        *,
        url: str,
        events: Sequence[Event],
        secret: str | None = None,
        active: bool = True,
    ) -> Webhook:
        """Create a subscription. Without a secret, one is generated; only this response has it.

        Raises `ValidationError` if the URL is not allowed, `PermissionDenied`.
        """
        body = without_none(url=url, events=[*events], secret=secret, active=active)
        return self._one(Webhook, Call(method="POST", path="/webhooks", json=body))

    def list(self, *, page: int | None = None, size: int | None = None) -> Page[Webhook]:
        """Return a page of the subscriptions."""
        params = without_none(page=page, size=size)
        return self._page(Webhook, Call(method="GET", path="/webhooks", params=params))

    def get(self, id: int | str) -> Webhook:  # noqa: A002
        """Return a subscription. Raises `NotFound`."""
        return self._one(Webhook, Call(method="GET", path=f"/webhooks/{path_segment(id)}"))

    def update(
        self,
        id: int | str,  # noqa: A002
        changes: WebhookChanges,
    ) -> Webhook:
        """Change a subscription. Raises `ValidationError`, `NotFound`."""
        call = Call(method="PATCH", path=f"/webhooks/{path_segment(id)}", json=dict(changes))
        return self._one(Webhook, call)

    def delete(self, id: int | str) -> None:  # noqa: A002
        """Delete a subscription. Raises `NotFound`."""
        self._transport.json(Call(method="DELETE", path=f"/webhooks/{path_segment(id)}"))

    def rotate_secret(self, id: int | str, secret: str | None = None) -> Webhook:  # noqa: A002
        """Replace the secret; both sign for a day. Only this response has it. Raises `NotFound`."""
        path = f"/webhooks/{path_segment(id)}/rotate-secret"
        return self._one(Webhook, Call(method="POST", path=path, json=without_none(secret=secret)))

    def test(self, id: int | str) -> Delivery:  # noqa: A002
        """Send a test event. Raises `NotFound`."""
        return self._one(Delivery, Call(method="POST", path=f"/webhooks/{path_segment(id)}/test"))

    def deliveries(
        self,
        id: int | str,  # noqa: A002
        *,
        state: str | None = None,
        event: Event | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Page[Delivery]:
        """Return a page of a webhook's deliveries, newest first. Raises `NotFound`."""
        params = without_none(state=state, event=event, page=page, size=size)
        path = f"/webhooks/{path_segment(id)}/deliveries"
        return self._page(Delivery, Call(method="GET", path=path, params=params))

    def delivery(self, id: int | str, delivery_id: int | str) -> Delivery:  # noqa: A002
        """Return a delivery with its payload, response and attempts. Raises `NotFound`."""
        path = f"/webhooks/{path_segment(id)}/deliveries/{path_segment(delivery_id)}"
        return self._one(Delivery, Call(method="GET", path=path))

    def replay(self, id: int | str, delivery_id: int | str) -> Delivery:  # noqa: A002
        """Send a delivery again. Raises `NotFound`."""
        path = f"/webhooks/{path_segment(id)}/deliveries/{path_segment(delivery_id)}/replay"
        return self._one(Delivery, Call(method="POST", path=path))

    def replay_since(
        self,
        id: int | str,  # noqa: A002
        since: datetime | str,
        until: datetime | str | None = None,
        *,
        state: str | None = None,
    ) -> ReplayResult:
        """Send the deliveries of a period again; by default those that failed."""
        body = without_none(since=iso_format(since), until=iso_format(until), state=state)
        call = Call(method="POST", path=f"/webhooks/{path_segment(id)}/replay", json=body)
        return self._one(ReplayResult, call)
