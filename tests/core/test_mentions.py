"""Who is named with an @ is told, if they may read it; a mention lets no one in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.notifications import notifications
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.tickets import ticket_list, tickets
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
def test_names_are_what_stands_behind_an_at_sign(content: str, names: list[str]) -> None:
    assert mentions.named_in(content) == names


def say(desk_for: DeskFor, actor: Actor, ticket_id: int, said: str, **how: Any) -> Any:
    with desk_for(actor) as desk:
        entry_id = commenting.comment(desk, tickets.hold(desk, ticket_id), said, **how)
        return activity.comment(desk, entry_id)


def told(desk_for: DeskFor, actor: Actor) -> Sequence[Any]:
    with desk_for(actor, writes=False) as desk:
        return notifications.mine(desk)


def test_it_works(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    line = say(desk_for, cast.owner, ticket_id, "Thanks, @AGENT.", mentioning=["@admin", "manager"])
    assert line.mentions == [cast.admin.id, cast.manager.id, cast.agent.id]
    for actor in (cast.admin, cast.manager, cast.agent):
        (notice,) = told(desk_for, actor)
        assert notice.kind == "mention"
        assert notice.says == "Olive Ownby mentioned you on SUP-1"
        assert (notice.ticket_id, notice.entry_id) == (ticket_id, line.id)


def test_a_mention_lets_no_one_in(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    line = say(desk_for, cast.agent, ticket_id, "@stranger @colleague @noone @owner")
    assert line.mentions == [cast.owner.id]
    for actor in (cast.stranger, cast.colleague):
        assert told(desk_for, actor) == []
        with desk_for(actor, writes=False) as desk, pytest.raises(NotFound):
            ticket_list.read(desk, ticket_id)


def test_a_note_names_staff_only(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    line = say(desk_for, cast.agent, ticket_id, "@owner knows, @manager", internal=True)
    assert line.mentions == [cast.manager.id]
    assert told(desk_for, cast.owner) == []


def test_nobody_is_told_that_they_named_themselves(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    line = say(desk_for, cast.agent, file_ticket(), "I, @agent, say so")
    assert line.mentions == [cast.agent.id]
    assert told(desk_for, cast.agent) == []


def test_who_is_named_only_now_is_told_and_who_is_no_more_is_not_kept(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    line = say(desk_for, cast.owner, file_ticket(), "@agent!", mentioning=["@admin"])
    with desk_for(cast.owner) as desk:
        commenting.rewrite(desk, line.id, "@manager!")
        assert activity.comment(desk, line.id).mentions == [cast.admin.id, cast.manager.id]
        commenting.rewrite(desk, line.id, "Oh, @manager!")
    assert len(told(desk_for, cast.manager)) == 1
    assert len(told(desk_for, cast.admin)) == 1


def test_what_is_said_to_nobody_names_nobody(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    line = say(desk_for, cast.agent, file_ticket(), "Hello")
    assert line.mentions is None
