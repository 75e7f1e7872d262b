"""Notifications that the browser of a signed-in person receives while no page is open."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from ticket_app.api.kit.request_context import SessionUow
from ticket_app.api.kit.responses import JsonResponse
from ticket_app.api.session_routing import create_session_router
from ticket_app.core.notifications import web_push

router = create_session_router()


class PushKeys(BaseModel):
    """The keys of a browser, as its push service gives them."""

    p256dh: Annotated[str, Field(max_length=200)]
    auth: Annotated[str, Field(max_length=100)]


class NewPushSubscription(BaseModel):
    """A subscription, as `PushSubscription.toJSON` writes it."""

    endpoint: Annotated[str, Field(max_length=2000)]
    keys: PushKeys


class EndedPushSubscription(BaseModel):
    """A subscription that ends."""

    endpoint: Annotated[str, Field(max_length=2000)]


@router.get("/session/push")
def get_push_key(uow: SessionUow) -> JsonResponse:
    """Return the key that a browser subscribes with."""
    return JsonResponse({"key": web_push.public_key(), "person": uow.actor.id})


@router.post("/session/push")
def subscribe_to_push(body: NewPushSubscription, uow: SessionUow) -> JsonResponse:
    """Send the person's notifications to this browser also while no page is open."""
    web_push.subscribe(uow, body.endpoint, body.keys.p256dh, body.keys.auth)
    return JsonResponse({"success": True})


@router.post("/session/push/remove")
def unsubscribe_from_push(body: EndedPushSubscription, uow: SessionUow) -> JsonResponse:
    """Send nothing more to this browser."""
    web_push.unsubscribe(uow, body.endpoint)
    return JsonResponse({"success": True})
