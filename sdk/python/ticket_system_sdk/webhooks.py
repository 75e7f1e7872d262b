"""Webhook Integration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict

from ticket_system_sdk import signatures
from ticket_system_sdk.call import Call
from ticket_system_sdk.models import Delivery, ReplayResult, Webhook
from ticket_system_sdk.operation import Listing, Operation, nothing, one
from ticket_system_sdk.resource import (
    Resource,
    endpoint,
    iso_format,
    listing,
    path_segment,
    without_none,
)
from ticket_system_sdk.transport import TransportT

Event = Literal[
    "ticket.created",
    "ticket.updated",
    "ticket.status_changed",
    "ticket.assigned",
    "comment.added",
    "approval.requested",
    "approval.processed",
    "file.uploaded",
    "ticket.sla_warning",
    "ticket.sla_breached",
]


class WebhookChanges(TypedDict, total=False):
    """The changes of a subscription."""

    url: str
    events: Sequence[Event]
    active: bool


class Webhooks(Resource[TransportT]):
    """Webhook subscriptions and deliveries. An `id` may be the numeric id or "wh_...".

    Every method raises `PermissionDenied` for callers who may not manage webhooks.
    """

    verify = staticmethod(signatures.verify)

    @endpoint
    def create(
        self,
        *,
        url: str,
        events: Sequence[Event],
        secret: str | None = None,
        active: bool = True,
    ) -> Operation[Webhook]:
        """Create a subscription. Without a secret, one is generated; only this response has it.

        Raises `ValidationError` if the URL is not allowed.
        """
        body = without_none(url=url, events=[*events], secret=secret, active=active)
        return one(Webhook, Call(method="POST", path="/webhooks", json=body))

    @listing
    def list(self, *, page: int | None = None, size: int | None = None) -> Listing[Webhook]:
        """Return a page of the subscriptions, `size` per page."""
        params = without_none(page=page, size=size)
        return Listing(Call(method="GET", path="/webhooks", params=params), Webhook)

    @endpoint
    def get(self, id: int | str) -> Operation[Webhook]:  # noqa: A002
        """Return a subscription. Raises `NotFound`."""
        return one(Webhook, Call(method="GET", path=f"/webhooks/{path_segment(id)}"))

    @endpoint
    def update(
        self,
        id: int | str,  # noqa: A002
        changes: WebhookChanges,
    ) -> Operation[Webhook]:
        """Change a subscription. Raises `ValidationError`, `NotFound`."""
        call = Call(method="PATCH", path=f"/webhooks/{path_segment(id)}", json=dict(changes))
        return one(Webhook, call)

    @endpoint
    def delete(self, id: int | str) -> Operation[None]:  # noqa: A002
        """Delete a subscription. Raises `NotFound`."""
        return nothing(Call(method="DELETE", path=f"/webhooks/{path_segment(id)}"))

    @endpoint
    def rotate_secret(self, id: int | str, secret: str | None = None) -> Operation[Webhook]:  # noqa: A002
        """Replace the secret; both sign for a day. Only this response has it. Raises `NotFound`."""
        path = f"/webhooks/{path_segment(id)}/rotate-secret"
        return one(Webhook, Call(method="POST", path=path, json=without_none(secret=secret)))

    @endpoint
    def test(self, id: int | str) -> Operation[Delivery]:  # noqa: A002
        """Send a test event. Raises `NotFound`."""
        return one(Delivery, Call(method="POST", path=f"/webhooks/{path_segment(id)}/test"))

    @listing
    def deliveries(
        self,
        id: int | str,  # noqa: A002
        *,
        state: str | None = None,
        event: Event | None = None,
        page: int | None = None,
        size: int | None = None,
    ) -> Listing[Delivery]:
        """Return a page of `size` deliveries of a webhook, newest first. Raises `NotFound`."""
        params = without_none(state=state, event=event, page=page, size=size)
        path = f"/webhooks/{path_segment(id)}/deliveries"
        return Listing(Call(method="GET", path=path, params=params), Delivery)

    @endpoint
    def delivery(self, id: int | str, delivery_id: int | str) -> Operation[Delivery]:  # noqa: A002
        """Return a delivery with its payload, response and attempts. Raises `NotFound`."""
        path = f"/webhooks/{path_segment(id)}/deliveries/{path_segment(delivery_id)}"
        return one(Delivery, Call(method="GET", path=path))

    @endpoint
    def replay(self, id: int | str, delivery_id: int | str) -> Operation[Delivery]:  # noqa: A002
        """Send a delivery again. Raises `NotFound`."""
        path = f"/webhooks/{path_segment(id)}/deliveries/{path_segment(delivery_id)}/replay"
        return one(Delivery, Call(method="POST", path=path))

    @endpoint
    def replay_since(
        self,
        id: int | str,  # noqa: A002
        since: datetime | str,
        until: datetime | str | None = None,
        *,
        state: str | None = None,
    ) -> Operation[ReplayResult]:
        """Send the deliveries of a period again; by default those that failed."""
        body = without_none(since=iso_format(since), until=iso_format(until), state=state)
        call = Call(method="POST", path=f"/webhooks/{path_segment(id)}/replay", json=body)
        return one(ReplayResult, call)
