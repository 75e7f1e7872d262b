"""Sentences of MAIL.md that no other test shows."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.mailing import Deliver, sent, write
from tests.core.test_distribution import comment, distribute, last_id, received
from tests.core.test_outgoing_email import compose, emails, parsed, text_of
from ticket_app.core.email import own_addresses
from ticket_app.core.notifications import followers, preferences
from ticket_app.core.people import teams
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.tickets.ticket_lookup import read_ticket
from ticket_app.settings import reload_settings
from ticket_app.tables import person_table, ticket_table

FOLLOWER = "Fay Lowe <fay@elsewhere.example>"


def test_requester_and_follower_never_see_one_anothers_addresses_or_references(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    source = write(headers={"Cc": FOLLOWER})
    ticket_id = read_number(uow_for, deliver(source).ticket)
    compose_after_hold(uow_for, clock)
    for _ in range(2):
        comment(uow_for, cast.agent, ticket_id)
        compose_after_hold(uow_for, clock)
    by_address: dict[str, list[str]] = {}
    for row in sent(uow_for):
        message = parsed(row)
        other = {"uma@customer.example": "fay@", "fay@elsewhere.example": "uma@"}[row.recipient]
        whole = row.source + text_of(row) + text_of(row, "html")
        assert other not in whole.casefold()
        assert message["Cc"] is None
        by_address.setdefault(row.recipient, []).append(str(message["References"] or ""))
    assert by_address.keys() == {"uma@customer.example", "fay@elsewhere.example"}
    assert "@customer.example>" in by_address["uma@customer.example"][-1]
    assert "@customer.example>" not in by_address["fay@elsewhere.example"][-1]


def read_number(uow_for: UowFor, key: str | None) -> int:
    assert key is not None
    with uow_for(None) as uow:
        prefix, _, number = key.partition("-")
        statement = ticket_table.select().where(
            ticket_table.c.key_prefix == prefix, ticket_table.c.key_number == int(number)
        )
        return uow.connection.execute(statement).one().id


def compose_after_hold(uow_for: UowFor, clock: Clock) -> None:
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)


def test_without_an_assignee_the_teams_members_who_opted_in_are_notified(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        team_id = teams.create_team(uow, "Lamps").id
        uow.connection.execute(
            person_table.update()
            .where(person_table.c.id.in_([cast.agent.id, cast.manager.id]))
            .values(team_id=team_id)
        )
    with uow_for(cast.agent) as uow:
        preferences.update_own_preferences(uow, {"team_tickets": True})
    ticket_id = file_ticket()
    with uow_for(None) as uow:
        uow.connection.execute(
            ticket_table.update().where(ticket_table.c.id == ticket_id).values(team_id=team_id)
        )
    since = last_id(uow_for)
    comment(uow_for, cast.owner, ticket_id)
    distribute(uow_for)
    assert [row[:2] for row in received(uow_for, since)] == [("agent", "requester_reply")]


def test_links_of_an_email_are_the_public_address_plus_a_path(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TICKET_PUBLIC_URL", "https://desk.example.com")
    reload_settings()
    comment(uow_for, cast.agent, file_ticket())
    compose_after_hold(uow_for, clock)
    (row,) = emails(uow_for)
    assert "https://desk.example.com/portal/tickets/SUP-1" in text_of(row)
    assert "https://desk.example.com/settings/notifications" in text_of(row)
    assert "<https://desk.example.com/mail/unsubscribe/" in parsed(row)["List-Unsubscribe"]
    assert "127.0.0.1" not in row.source


def test_signatures_of_two_tickets_differ_and_have_eight_characters() -> None:
    signatures = {
        own_addresses.format_reply_address(f"BUG-{number}").partition("@")[0].rpartition(".")[2]
        for number in range(50)
    }
    assert len(signatures) == 50
    assert all(len(signature) >= 8 for signature in signatures)


def test_people_in_cc_get_the_conversation_by_email_and_not_the_ticket_in_the_portal(
    deliver: Deliver, uow_for: UowFor, cast: Cast, clock: Clock
) -> None:
    key = deliver(write(headers={"Cc": "stranger@example.com"})).ticket
    ticket_id = read_number(uow_for, key)
    comment(uow_for, cast.agent, ticket_id)
    compose_after_hold(uow_for, clock)
    (email,) = [row for row in sent(uow_for) if row.recipient == "stranger@example.com"]
    assert "Look at the lamp." in text_of(email)
    with uow_for(cast.agent, writes=False) as uow:
        assert [row.person_id for row in followers.list_followers(uow, ticket_id)] != []
    with uow_for(cast.stranger, writes=False) as uow, pytest.raises(NotFound):
        read_ticket(uow, str(key))
