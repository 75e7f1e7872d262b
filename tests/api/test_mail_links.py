"""Links of emails that work without signing in: files, and the end of email about a ticket."""

from __future__ import annotations

import re
from datetime import timedelta
from email import message_from_string
from email.policy import default
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.conftest import CreateTicket, Working
from tests.cast import Cast
from ticket_app.core.conversation import distribution
from ticket_app.core.email.links import unsubscribe_link
from ticket_app.core.email.outgoing import file_links, notifying
from ticket_app.core.notifications import followers
from ticket_app.core.platform import outbox
from ticket_app.core.platform.unit_of_work import utc_now
from ticket_app.tables import attachment_table, notification_table, outgoing_email_table

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def notify_and_compose(working: Working, cast: Cast) -> None:
    """Do at once what background work does once the hold is over."""
    with working(cast.admin) as uow:
        for message in outbox.claim_due(uow, 100, (outbox.NOTIFICATIONS_TOPIC,)):
            payload: Any = message.payload
            distribution.distribute(uow, payload["ticket_id"], payload["entries"])
            outbox.mark_done(uow, message.id)
        uow.connection.execute(notification_table.update().values(email_due_at=uow.now))
    with working(cast.admin) as uow:
        for pair in notifying.list_due(uow):
            notifying.compose(uow, pair.person_id, pair.ticket_id)


def emails_of(working: Working, cast: Cast, person_id: int) -> list[Any]:
    with working(cast.admin) as uow:
        statement = select(outgoing_email_table).where(
            outgoing_email_table.c.person_id == person_id
        )
        return list(uow.connection.execute(statement.order_by(outgoing_email_table.c.id)))


def reply(agent: TestClient, ticket: dict[str, Any], text: str = "Look at the lamp.") -> None:
    answer = agent.post(f"/api/tickets/{ticket['id']}/comments", json={"content": text})
    assert answer.status_code < 300, answer.text


@pytest.fixture
def ticket(create_ticket: CreateTicket) -> dict[str, Any]:
    return create_ticket()


@pytest.fixture
def unsubscribe_path(
    working: Working, cast: Cast, agent: TestClient, ticket: dict[str, Any]
) -> str:
    """The path of the unsubscribe link in an email that the owner of a ticket was sent."""
    reply(agent, ticket)
    notify_and_compose(working, cast)
    (email,) = emails_of(working, cast, cast.owner.id)
    header = message_from_string(email.source, policy=default)["List-Unsubscribe"]
    return urlsplit(header.strip("<>")).path


def test_opening_the_unsubscribe_link_changes_nothing_and_its_button_stops_email(
    unsubscribe_path: str,
    ticket: dict[str, Any],
    working: Working,
    cast: Cast,
    agent: TestClient,
    nobody: TestClient,
) -> None:
    page = nobody.get(unsubscribe_path)
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    with working(cast.admin) as uow:
        statement = select(outgoing_email_table.c.ticket_id)
        ticket_id = uow.connection.execute(statement).scalar_one()
        assert followers.is_following(uow, ticket_id, cast.owner.id) is False
    reply(agent, ticket, "A second answer.")
    notify_and_compose(working, cast)
    assert len(emails_of(working, cast, cast.owner.id)) == 2

    stopped = nobody.post(unsubscribe_path, data=ONE_CLICK)
    assert stopped.status_code == 200
    assert "<form" not in stopped.text
    states = [email.state for email in emails_of(working, cast, cast.owner.id)]
    assert states == ["dropped", "dropped"]
    reply(agent, ticket, "A third answer.")
    notify_and_compose(working, cast)
    assert len(emails_of(working, cast, cast.owner.id)) == 2
    assert nobody.post(unsubscribe_path, data=ONE_CLICK).status_code == 200


def test_unsubscribed_requester_still_finds_replies_in_the_app(
    unsubscribe_path: str,
    ticket: dict[str, Any],
    working: Working,
    cast: Cast,
    agent: TestClient,
    nobody: TestClient,
) -> None:
    nobody.post(unsubscribe_path, data=ONE_CLICK)
    reply(agent, ticket, "A second answer.")
    notify_and_compose(working, cast)
    with working(cast.admin) as uow:
        rows = uow.connection.execute(
            select(notification_table.c.is_in_app, notification_table.c.email_state)
            .where(notification_table.c.person_id == cast.owner.id)
            .order_by(notification_table.c.id)
        ).all()
    assert [tuple(row) for row in rows] == [(True, "sent"), (True, "none")]


@pytest.mark.parametrize(
    "token", ["1.1.0000000000000000", "1", "x.y.z", "..", "1.1.", "9" * 5000 + ".1.0"]
)
def test_altered_unsubscribe_link_is_404(token: str, nobody: TestClient, cast: Cast) -> None:
    assert nobody.get(f"/mail/unsubscribe/{token}").status_code == 404
    assert nobody.post(f"/mail/unsubscribe/{token}", data=ONE_CLICK).status_code == 404


def test_link_of_another_person_or_ticket_is_not_accepted(nobody: TestClient, cast: Cast) -> None:
    path = urlsplit(unsubscribe_link(1, cast.owner.id)).path
    token = path.rpartition("/")[2]
    _, _, signature = token.split(".")
    other = f"/mail/unsubscribe/1.{cast.colleague.id}.{signature}"
    assert nobody.post(other, data=ONE_CLICK).status_code == 404


def test_post_without_one_click_changes_nothing(
    unsubscribe_path: str, nobody: TestClient, working: Working, cast: Cast
) -> None:
    assert nobody.post(unsubscribe_path).status_code == 400
    assert [email.state for email in emails_of(working, cast, cast.owner.id)] == ["waiting"]


@pytest.fixture
def file_id(working: Working, owner: TestClient, ticket: dict[str, Any], cast: Cast) -> UUID:
    answer = owner.post(
        f"/api/tickets/{ticket['id']}/attachments",
        files={"file": ("notes.txt", b"The lamp is lit.", "text/plain")},
    )
    assert answer.status_code < 300, answer.text
    with working(cast.admin) as uow:
        return uow.connection.execute(select(attachment_table.c.uuid)).scalar_one()


def test_file_link_gives_the_bytes_to_whoever_has_it(
    file_id: UUID, nobody: TestClient, cast: Cast
) -> None:
    url = file_links.build_url(file_id, "notes.txt", utc_now() + timedelta(minutes=1))
    answer = nobody.get(urlsplit(url).path)
    assert answer.status_code == 200
    assert answer.content == b"The lamp is lit."
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith(("attachment", "inline"))
    assert nobody.head(urlsplit(url).path).content == b""


def test_altered_or_expired_file_link_is_404(file_id: UUID, nobody: TestClient, cast: Cast) -> None:
    expired = file_links.build_url(file_id, "notes.txt", utc_now() - timedelta(seconds=1))
    assert nobody.get(urlsplit(expired).path).status_code == 404
    path = urlsplit(
        file_links.build_url(file_id, "notes.txt", utc_now() + timedelta(minutes=1))
    ).path
    later = re.sub(r"/(\d{9,})/", lambda match: f"/{int(match[1]) + 1}/", path)
    assert later != path
    assert nobody.get(later).status_code == 404
    other = path.replace(str(file_id), "00000000-0000-0000-0000-000000000000")
    assert nobody.get(other).status_code == 404
    assert nobody.get("/mail/files/x/y/z/name").status_code == 404
