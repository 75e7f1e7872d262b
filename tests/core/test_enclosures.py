"""Files named with a ticket or a comment find it, sent before or after, and change no reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast, DeskFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import announced_files, attachments
from ticket_app.core.attachments import links as attachment_links
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid, RuleBroken
from ticket_app.core.tickets import tickets, trash

Send = Callable[..., Any]


@pytest.fixture
def send(desk_for: DeskFor, tmp_path: Path) -> Send:
    """Sends a small picture to a ticket; returns its row."""

    def send(actor: Actor, ticket_id: int, name: str = "a.png", **how: Any) -> Any:
        path = tmp_path / "upload"
        path.write_bytes(samples.png())
        with desk_for(actor) as desk:
            examined = attachments.examine(actor, path, name, now=desk.now)
            return attachments.attach(desk, tickets.hold(desk, ticket_id), examined, **how)

    return send


def say(desk_for: DeskFor, actor: Actor, ticket_id: int, *named: int | str, **how: Any) -> int:
    with desk_for(actor) as desk:
        ticket = tickets.hold(desk, ticket_id)
        return commenting.comment(desk, ticket, "See there", enclosing=named, **how)


def awaited(desk_for: DeskFor, actor: Actor, ticket_id: int) -> list[str]:
    with desk_for(actor, writes=False) as desk:
        return announced_files.awaited(desk, ticket_id)


def files_of(desk_for: DeskFor, actor: Actor, entry_id: int) -> list[int]:
    with desk_for(actor, writes=False) as desk:
        return attachments.of_comments(desk, [entry_id]).get(entry_id, [])


def test_a_file_sent_after_the_comment_becomes_the_comments(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    entry_id = say(desk_for, cast.owner, ticket_id, "Shot.PNG", "b.png")
    assert awaited(desk_for, cast.agent, ticket_id) == ["Shot.PNG", "b.png"]
    assert send(cast.agent, ticket_id, "shot.png").entry_id is None
    sent = send(cast.owner, ticket_id, "shot.png")
    assert files_of(desk_for, cast.owner, entry_id) == [sent.id]
    assert awaited(desk_for, cast.owner, ticket_id) == ["b.png"]
    assert send(cast.owner, ticket_id, "shot.png").entry_id is None


def test_a_file_sent_before_is_named_by_id_or_name(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    one, two = send(cast.owner, ticket_id, "a.png"), send(cast.owner, ticket_id, "b.png")
    entry_id = say(desk_for, cast.owner, ticket_id, one.id, "B.png", one.id)
    assert files_of(desk_for, cast.agent, entry_id) == [one.id, two.id]
    assert awaited(desk_for, cast.owner, ticket_id) == []
    with desk_for(cast.owner) as desk:
        assert tickets.hold(desk, ticket_id).attachments_count == 2


def test_files_of_others_and_of_other_comments_are_nobody_elses(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id, other = file_ticket(), file_ticket(by=cast.stranger)
    theirs = send(cast.agent, ticket_id)
    elsewhere = send(cast.stranger, other)
    said = send(cast.owner, ticket_id)
    say(desk_for, cast.owner, ticket_id, said.id)
    for file_id in (theirs.id, elsewhere.id, said.id, 999):
        with pytest.raises(Invalid, match="only files that you have uploaded"):
            say(desk_for, cast.owner, ticket_id, file_id)


def test_naming_a_file_changes_nothing_about_who_may_read_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    secret = send(cast.agent, ticket_id, "secret.png", internal=True)
    with pytest.raises(Invalid):
        say(desk_for, cast.agent, ticket_id, secret.id)
    say(desk_for, cast.agent, ticket_id, "secret.png")
    public = send(cast.agent, ticket_id, "other.png")
    with pytest.raises(Invalid):
        say(desk_for, cast.agent, ticket_id, public.id, internal=True)
    with desk_for(cast.owner, writes=False) as desk:
        assert [row.id for row in attachments.of_ticket(desk, ticket_id)] == [public.id]


def test_what_was_announced_with_a_note_is_for_staff(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    entry_id = say(desk_for, cast.agent, ticket_id, "a.png", internal=True)
    assert awaited(desk_for, cast.owner, ticket_id) == []
    sent = send(cast.agent, ticket_id, "a.png")
    assert sent.audience == "internal"
    assert files_of(desk_for, cast.agent, entry_id) == [sent.id]
    assert files_of(desk_for, cast.owner, entry_id) == []


def test_an_internal_file_is_not_what_was_announced_to_all(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    say(desk_for, cast.agent, ticket_id, "a.png")
    sent = send(cast.agent, ticket_id, "a.png", internal=True)
    assert (sent.entry_id, sent.audience) == (None, "internal")
    assert awaited(desk_for, cast.owner, ticket_id) == ["a.png"]


def test_files_of_a_draft_are_put_on_the_ticket_by_their_ids(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path
) -> None:
    ticket_id = file_ticket()
    path = tmp_path / "upload"
    path.write_bytes(samples.png())
    with desk_for(cast.owner) as desk:
        examined = attachments.examine(cast.owner, path, "a.png", now=desk.now)
        kept = attachments.attach_to_draft(desk, "new", examined)
    theirs = file_ticket(by=cast.colleague)
    with desk_for(cast.colleague) as desk, pytest.raises(Invalid):
        attachment_links.enclose(desk, tickets.hold(desk, theirs), [kept.id or 0])
    with desk_for(cast.owner) as desk:
        attachment_links.enclose(desk, tickets.hold(desk, ticket_id), [kept.id or 0, "later.pdf"])
        assert [row.id for row in attachments.of_ticket(desk, ticket_id)] == [kept.id]
        assert announced_files.awaited(desk, ticket_id) == ["later.pdf"]


def test_a_comment_that_is_taken_back_awaits_nothing(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    entry_id = say(desk_for, cast.owner, ticket_id, "a.png")
    with desk_for(cast.owner) as desk:
        commenting.withdraw(desk, entry_id)
    assert awaited(desk_for, cast.owner, ticket_id) == []
    assert send(cast.owner, ticket_id, "a.png").entry_id is None


def test_a_ticket_waits_for_so_many_files_and_no_more(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    say(desk_for, cast.owner, ticket_id, *(f"{n}.png" for n in range(announced_files.MOST)))
    with pytest.raises(RuleBroken):
        say(desk_for, cast.owner, ticket_id, "one more.png")


def test_a_destroyed_ticket_awaits_nothing(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    say(desk_for, cast.owner, ticket_id, "a.png")
    with desk_for(cast.admin) as desk:
        tickets.delete_ticket(desk, tickets.hold(desk, ticket_id))
        trash.purge(desk, ticket_id)
        assert announced_files.awaited(desk, ticket_id) == []
