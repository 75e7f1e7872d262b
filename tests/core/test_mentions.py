"""Mentioned people are notified if they may read the entry; a mention gives no access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.notifications import notifications
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.tickets import locking, ticket_lookup
from ticket_app.core.timeline import mentions


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("@john.doe, look", ["john.doe"]),
        ("Look, @john.doe.", ["john.doe."]),
        ("(@a_b) @c-d\n@e+f", ["a_b", "c-d", "e+f"]),
        ("@Ürsula @用户", ["Ürsula", "用户"]),
        ("@me @me", ["me"]),
        ("write to mail@example.com or x.@y", []),
        ("https://example.com/@name @@twice @x", []),
        ("nobody at all", []),
        ("@" * 5_000, []),
    ],
)
def test_mentioned_names_follow_an_at_sign(content: str, names: list[str]) -> None:
    assert mentions.find_mentioned_names(content) == names


def post_comment(uow_for: UowFor, actor: Actor, ticket_id: int, text: str, **how: Any) -> Any:
    with uow_for(actor) as uow:
        entry_id = commenting.add_comment(uow, locking.lock_ticket(uow, ticket_id), text, **how)
        return activity.get_comment(uow, entry_id)


def list_notifications(uow_for: UowFor, actor: Actor) -> Sequence[Any]:
    with uow_for(actor, writes=False) as uow:
        return notifications.list_own(uow)


def test_mentioned_people_are_notified(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    line = post_comment(
        uow_for, cast.owner, ticket_id, "Thanks, @AGENT.", mentioned_people=["@admin", "manager"]
    )
    assert line.mentions == [cast.admin.id, cast.manager.id, cast.agent.id]
    for actor in (cast.admin, cast.manager, cast.agent):
        (notice,) = list_notifications(uow_for, actor)
        assert notice.kind == "mention"
        assert notice.message == "Olive Ownby mentioned you on SUP-1"
        assert (notice.ticket_id, notice.entry_id) == (ticket_id, line.id)


def test_a_mention_lets_no_one_in(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    line = post_comment(uow_for, cast.agent, ticket_id, "@stranger @colleague @noone @owner")
    assert line.mentions == [cast.owner.id]
    for actor in (cast.stranger, cast.colleague):
        assert list_notifications(uow_for, actor) == []
        with uow_for(actor, writes=False) as uow, pytest.raises(NotFound):
            ticket_lookup.read_ticket(uow, ticket_id)


def test_a_note_names_staff_only(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    line = post_comment(uow_for, cast.agent, ticket_id, "@owner knows, @manager", internal=True)
    assert line.mentions == [cast.manager.id]
    assert list_notifications(uow_for, cast.owner) == []


def test_mentioning_oneself_sends_no_notification(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    line = post_comment(uow_for, cast.agent, file_ticket(), "I, @agent, say so")
    assert line.mentions == [cast.agent.id]
    assert list_notifications(uow_for, cast.agent) == []


def test_edited_comment_notifies_new_mentions_and_drops_removed_ones(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    line = post_comment(uow_for, cast.owner, file_ticket(), "@agent!", mentioned_people=["@admin"])
    with uow_for(cast.owner) as uow:
        commenting.edit_comment(uow, line.id, "@manager!")
        assert activity.get_comment(uow, line.id).mentions == [cast.admin.id, cast.manager.id]
        commenting.edit_comment(uow, line.id, "Oh, @manager!")
    assert len(list_notifications(uow_for, cast.manager)) == 1
    assert len(list_notifications(uow_for, cast.admin)) == 1


def test_comment_that_mentions_no_one_has_no_mentions(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    line = post_comment(uow_for, cast.agent, file_ticket(), "Hello")
    assert line.mentions is None
