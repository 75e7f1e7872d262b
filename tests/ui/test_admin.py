"""The settings: what administrators see and set up, and who is turned away."""

from __future__ import annotations

import pytest

from tests.cast import Cast, DeskFor
from ticket_app.core import webhook_log, webhooks
from ticket_app.core.errors import Forbidden
from ticket_app.core.webhook_events import EVENTS
from ticket_app.ui import routes
from ticket_app.ui.pages.admin.webhooks.rows import MEANS, log_of, message, webhook_rows
from ticket_app.ui.pages.desk.set_up import settings_for

ADDRESS = "https://hooks.example.com/tickets?key=1"


def test_the_settings_are_for_those_who_may_use_them(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin, writes=False) as desk:
        assert settings_for(desk) == [
            routes.ADMIN_PEOPLE,
            routes.ADMIN_APPROVALS,
            routes.ADMIN_LEVELS,
            routes.ADMIN_WEBHOOKS,
        ]
    for person in (cast.owner, cast.agent, cast.manager):
        with desk_for(person, writes=False) as desk:
            assert settings_for(desk) == []


def test_every_event_is_explained() -> None:
    assert tuple(MEANS) == EVENTS


def test_a_webhook_shows_what_became_of_its_newest_message(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        row, secret = webhooks.subscribe(desk, ADDRESS, ["ticket.created"])
        (before,) = webhook_rows(desk)
        webhook_log.send_ping(desk, row.id)
        (after,) = webhook_rows(desk)
    assert (before.host, before.path) == ("hooks.example.com", "/tickets?key=1")
    assert (before.events, before.hears_all, before.last_state) == (["ticket.created"], False, "")
    assert (after.last_state, after.last_status) == ("pending", "")
    assert secret not in repr(after)


def test_the_log_of_a_webhook_holds_its_messages_whole(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin) as desk:
        row, _ = webhooks.subscribe(desk, ADDRESS, list(EVENTS))
        sent = webhook_log.send_ping(desk, row.id)
        log = log_of(desk, webhooks.printed(row.uuid), "", 1)
        whole = message(desk, webhooks.printed(row.uuid), sent.id)
        assert log_of(desk, str(row.id), "failed", 1).rows == []
    assert (log.total, log.webhook.hears_all) == (1, True)
    assert [(one.event, one.state, one.number) for one in log.rows] == [("ping", "pending", "")]
    assert '"event": "ping"' in whole.payload
    assert (whole.may_replay, whole.tries) == (False, [])


def test_webhooks_are_for_those_who_manage_them(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.manager, writes=False) as desk, pytest.raises(Forbidden):
        webhook_rows(desk)
