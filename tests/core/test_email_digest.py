"""The daily digest: one email about all tickets with something that a person has not read."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import assign, comment, distribute
from tests.core.test_outgoing_email import compose, emails, parsed, text_of
from ticket_app.core.conversation import commenting
from ticket_app.core.email.outgoing import digest, template_editing
from ticket_app.core.notifications import notifications, preferences
from ticket_app.core.platform.actor import Actor
from ticket_app.core.tickets import locking
from ticket_app.tables import notification_table, ticket_table


def choose_digest(uow_for: UowFor, actor: Actor, *, is_on: bool = True) -> None:
    with uow_for(actor) as uow:
        preferences.update_own_preferences(uow, {"daily_digest": is_on, "time_zone": "UTC"})


def write(uow_for: UowFor, by: Actor, ticket_id: int, text: str, *, internal: bool = False) -> None:
    with uow_for(by) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), text, internal=internal)


def states(uow_for: UowFor, person_id: int) -> list[str]:
    with uow_for(None) as uow:
        statement = (
            select(notification_table.c.email_state)
            .where(notification_table.c.person_id == person_id)
            .order_by(notification_table.c.id)
        )
        return list(uow.connection.execute(statement).scalars())


@pytest.fixture
def two_tickets(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> tuple[int, int]:
    """Two tickets with a public reply, which the owner's digest is to tell of."""
    choose_digest(uow_for, cast.owner)
    first, second = file_ticket(), file_ticket(title="The door <squeaks>")
    write(uow_for, cast.agent, first, "Look at the **lamp**.")
    write(uow_for, cast.agent, second, "Oil it. " + "Then wait an hour. " * 40)
    distribute(uow_for)
    return first, second


def test_two_tickets_are_one_email_at_eight(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock
) -> None:
    clock.forward(minutes=10)
    compose(uow_for)
    assert emails(uow_for) == []
    clock.forward(days=1)
    compose(uow_for)
    (row,) = emails(uow_for)
    assert (row.kind, row.person_id, row.ticket_id) == ("digest", cast.owner.id, None)
    message = parsed(row)
    assert message["Subject"] == row.subject == "2 tickets have new activity"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@localhost>")
    for absent in ("List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To", "References"):
        assert message[absent] is None
    text, html = text_of(row), text_of(row, "html")
    for body in (text, html):
        for words in ("SUP-1", "SUP-2", "The lamp flickers", "Look at the lamp.", "Oil it."):
            assert words in body
        assert "/portal/tickets/SUP-1" in body
        assert "/settings/notifications" in body
        assert body.count("Then wait an hour.") < 15
        assert "replied to SUP-1" in body
    assert text.index("SUP-2") < text.index("SUP-1")
    assert "The door <squeaks>" in text
    assert "The door &lt;squeaks&gt;" in html
    assert set(states(uow_for, cast.owner.id)) == {"sent"}


def test_what_was_read_is_left_out(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock
) -> None:
    with uow_for(cast.owner) as uow:
        notifications.mark_ticket_read(uow, two_tickets[0])
    clock.forward(days=1)
    compose(uow_for)
    (row,) = emails(uow_for)
    assert row.subject == "1 ticket has new activity"
    assert "SUP-1" not in text_of(row)


def test_nothing_is_sent_if_everything_was_read(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock
) -> None:
    with uow_for(cast.owner) as uow:
        for ticket_id in two_tickets:
            notifications.mark_ticket_read(uow, ticket_id)
    clock.forward(days=1)
    compose(uow_for)
    assert emails(uow_for) == []


def test_internal_notes_are_for_staff_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, clock: Clock
) -> None:
    for actor in (cast.owner, cast.agent):
        choose_digest(uow_for, actor)
    ticket_id = file_ticket()
    assign(uow_for, cast.manager, ticket_id, cast.agent.id)
    with uow_for(cast.agent) as uow:
        preferences.update_own_preferences(uow, {"note": {"email": True}})
    write(uow_for, cast.manager, ticket_id, "A secret of the house.", internal=True)
    write(uow_for, cast.manager, ticket_id, "We look at it.")
    distribute(uow_for)
    clock.forward(days=1)
    compose(uow_for)
    texts = {row.person_id: text_of(row) + text_of(row, "html") for row in emails(uow_for)}
    assert "We look at it." in texts[cast.owner.id]
    assert "secret" not in texts[cast.owner.id]
    assert "Internal note" not in texts[cast.owner.id]
    assert "A secret of the house." in texts[cast.agent.id]
    assert "Internal note" in texts[cast.agent.id]
    assert "/desk/tickets/SUP-1" in texts[cast.agent.id]


def test_next_digest_has_only_what_is_new(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock
) -> None:
    clock.forward(days=1)
    compose(uow_for)
    write(uow_for, cast.agent, two_tickets[0], "Is it dark now?")
    distribute(uow_for)
    compose(uow_for)
    assert len(emails(uow_for)) == 1
    clock.forward(days=1)
    compose(uow_for)
    first, second = emails(uow_for)
    assert second.subject == "1 ticket has new activity"
    assert "Is it dark now?" in text_of(second)
    assert "Look at the lamp." not in text_of(second)
    assert first.message_id != second.message_id


def test_without_the_digest_what_waits_is_one_email_a_ticket(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock
) -> None:
    choose_digest(uow_for, cast.owner, is_on=False)
    clock.forward(days=1)
    compose(uow_for)
    assert [row.kind for row in emails(uow_for)] == ["reply", "reply"]


def test_deleted_tickets_are_left_out(
    uow_for: UowFor, two_tickets: tuple[int, int], clock: Clock
) -> None:
    clock.forward(days=1)
    with uow_for(None) as uow:
        uow.connection.execute(
            update(ticket_table)
            .where(ticket_table.c.id == two_tickets[1])
            .values(deleted_at=clock.now)
        )
    compose(uow_for)
    (row,) = emails(uow_for)
    assert row.subject == "1 ticket has new activity"
    assert "SUP-2" not in text_of(row)


def test_long_digest_counts_the_tickets_that_it_does_not_name(
    uow_for: UowFor,
    two_tickets: tuple[int, int],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(digest, "MAX_TICKETS", 1)
    clock.forward(days=1)
    compose(uow_for)
    (row,) = emails(uow_for)
    assert row.subject == "2 tickets have new activity"
    for kind in ("plain", "html"):
        assert "and 1 more" in text_of(row, kind)
        assert "SUP-1" not in text_of(row, kind)


def test_administrators_may_change_the_words_of_the_digest(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock
) -> None:
    with uow_for(cast.admin) as uow:
        template_editing.save_template(
            uow, "digest", "Good morning: {{ message }}", "Hello {{ recipient.name }}!"
        )
        plain, html = template_editing.render_preview(uow, "digest")
    assert "Good morning: 1 ticket has new activity" in plain
    assert "BUG-15" in plain
    assert "BUG-15" in html
    clock.forward(days=1)
    compose(uow_for)
    (row,) = emails(uow_for)
    assert row.subject == "Good morning: 2 tickets have new activity"
    assert "Hello Olive Ownby!" in text_of(row)


def test_notifications_of_several_people_are_an_email_each(
    uow_for: UowFor, cast: Cast, two_tickets: tuple[int, int], clock: Clock, file_ticket: FileTicket
) -> None:
    third = file_ticket(cast.stranger)
    comment(uow_for, cast.agent, third)
    distribute(uow_for)
    clock.forward(days=1)
    compose(uow_for)
    assert {(row.person_id, row.kind) for row in emails(uow_for)} == {
        (cast.owner.id, "digest"),
        (cast.stranger.id, "reply"),
    }
