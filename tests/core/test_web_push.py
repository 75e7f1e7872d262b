"""Web Push: what reaches the browser of an installed app, and which addresses are called."""

from __future__ import annotations

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.notifications import notifications, preferences, web_push
from ticket_app.core.notifications.kinds import NotificationKind
from ticket_app.core.platform.errors import Invalid
from ticket_app.tables import outbox_message_table, push_subscription_table

ENDPOINT = "https://push.example.com/send/abc"
AUTH = b"0123456789abcdef"


def encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Browser:
    """A browser with a key pair, as a push service knows it."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh = encode(point)

    def read(self, body: bytes) -> dict[str, object]:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=AUTH, version="aes128gcm")
        return json.loads(text)


def subscribed(uow_for: UowFor, cast: Cast, browser: Browser, *, with_browser: bool = True) -> None:
    with uow_for(cast.owner) as uow:
        web_push.subscribe(uow, ENDPOINT, browser.p256dh, encode(AUTH))
        preferences.update_own_preferences(uow, {"mention": {"browser": with_browser}})


def mention(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(cast.agent) as uow:
        notifications.notify(
            uow,
            cast.owner.id,
            NotificationKind.MENTION,
            "Agnes Hale mentioned you on SUP-1",
            ticket_id=ticket_id,
        )


def test_the_browser_decrypts_number_and_title_and_nothing_is_sent_twice(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    browser, ticket_id = Browser(), file_ticket()
    subscribed(uow_for, cast, browser)
    mention(uow_for, cast, ticket_id)
    with uow_for(None) as uow:
        topics = uow.connection.execute(select(outbox_message_table.c.topic)).scalars().all()
        assert notifications.PUSH_TOPIC in topics
        (request,) = web_push.compose(uow, cast.owner.id)
        keys = uow.connection.execute(select(push_subscription_table.c["keys"])).scalar_one()
        assert browser.p256dh not in keys
    message = browser.read(request.body)
    assert message.pop("title").startswith("SUP-1 ")
    assert message == {
        "body": "Agnes Hale mentioned you on SUP-1",
        "url": "/portal/tickets/SUP-1",
        "tag": f"ticket-{ticket_id}",
        "badge": 1,
    }
    assert request.endpoint == ENDPOINT
    assert request.headers["Authorization"].endswith(f"k={web_push.public_key()}")
    with uow_for(None) as uow:
        assert web_push.compose(uow, cast.owner.id) == []


def test_kinds_without_the_browser_channel_and_quiet_hours_send_nothing(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    browser, ticket_id = Browser(), file_ticket()
    subscribed(uow_for, cast, browser, with_browser=False)
    mention(uow_for, cast, ticket_id)
    with uow_for(None) as uow:
        assert web_push.compose(uow, cast.owner.id) == []
    subscribed(uow_for, cast, browser)
    with uow_for(cast.owner) as uow:
        hours = {"start": "08:00", "end": "10:00"}
        preferences.update_own_preferences(uow, {"quiet_hours": hours, "time_zone": "UTC"})
    mention(uow_for, cast, ticket_id)
    with uow_for(None) as uow:
        assert web_push.compose(uow, cast.owner.id) == []


def test_a_browser_belongs_to_who_subscribed_last_until_they_unsubscribe(
    uow_for: UowFor, cast: Cast
) -> None:
    browser = Browser()
    for person in (cast.owner, cast.agent):
        with uow_for(person) as uow:
            web_push.subscribe(uow, ENDPOINT, browser.p256dh, encode(AUTH))
    people = select(push_subscription_table.c.person_id)
    with uow_for(cast.owner) as uow:
        web_push.unsubscribe(uow, ENDPOINT)
        assert uow.connection.execute(people).scalars().all() == [cast.agent.id]
    with uow_for(cast.agent) as uow:
        web_push.unsubscribe(uow, ENDPOINT)
        assert uow.connection.execute(people).scalars().all() == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest",
        "https://desk.internal/x",
        "http://push.example.com/x",
        "ftp://push.example.com/x",
    ],
)
def test_only_public_addresses_with_tls_are_called(
    endpoint: str, uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Invalid):
        web_push.subscribe(uow, endpoint, Browser().p256dh, encode(AUTH))


@pytest.mark.parametrize("p256dh", ["", "short", encode(b"\x04" + b"\x01" * 64)])
def test_keys_that_are_no_keys_are_rejected(p256dh: str, uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Invalid):
        web_push.subscribe(uow, ENDPOINT, p256dh, encode(AUTH))
