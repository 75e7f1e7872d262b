"""Files announced with a ticket or a comment are attached to it, whenever they are uploaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast, UowFor
from tests.core import samples
from tests.core.conftest import FileTicket
from ticket_app.core.attachments import (
    announced_files,
    attachments,
    referenced_files,
    stored_files,
    uploading,
)
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid, RuleViolation
from ticket_app.core.tickets import locking, purging, trash

Send = Callable[..., Any]


@pytest.fixture
def send(uow_for: UowFor, tmp_path: Path) -> Send:
    """Sends a small picture to a ticket; returns its row."""

    def send(actor: Actor, ticket_id: int, name: str = "a.png", **how: Any) -> Any:
        path = tmp_path / "upload"
        path.write_bytes(samples.png())
        with uow_for(actor) as uow:
            examined = uploading.count_check_and_store(actor, path, name, now=uow.now)
            return attachments.attach(uow, locking.lock_ticket(uow, ticket_id), examined, **how)

    return send


def post_comment(
    uow_for: UowFor, actor: Actor, ticket_id: int, *named: int | str, **how: Any
) -> int:
    with uow_for(actor) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        return commenting.add_comment(uow, ticket, "See there", file_references=named, **how)


def awaited(uow_for: UowFor, actor: Actor, ticket_id: int) -> list[str]:
    with uow_for(actor, writes=False) as uow:
        return announced_files.list_awaited_names(uow, ticket_id)


def files_of(uow_for: UowFor, actor: Actor, entry_id: int) -> list[int]:
    with uow_for(actor, writes=False) as uow:
        return stored_files.file_ids_by_comment(uow, [entry_id]).get(entry_id, [])


def test_a_file_sent_after_the_comment_becomes_the_comments(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    entry_id = post_comment(uow_for, cast.owner, ticket_id, "Shot.PNG", "b.png")
    assert awaited(uow_for, cast.agent, ticket_id) == ["Shot.PNG", "b.png"]
    assert send(cast.agent, ticket_id, "shot.png").entry_id is None
    sent = send(cast.owner, ticket_id, "shot.png")
    assert files_of(uow_for, cast.owner, entry_id) == [sent.id]
    assert awaited(uow_for, cast.owner, ticket_id) == ["b.png"]
    assert send(cast.owner, ticket_id, "shot.png").entry_id is None


def test_a_file_sent_before_is_named_by_id_or_name(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    one, two = send(cast.owner, ticket_id, "a.png"), send(cast.owner, ticket_id, "b.png")
    entry_id = post_comment(uow_for, cast.owner, ticket_id, one.id, "B.png", one.id)
    assert files_of(uow_for, cast.agent, entry_id) == [one.id, two.id]
    assert awaited(uow_for, cast.owner, ticket_id) == []
    with uow_for(cast.owner) as uow:
        assert locking.lock_ticket(uow, ticket_id).attachments_count == 2


def test_files_of_others_and_of_other_comments_are_nobody_elses(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id, other = file_ticket(), file_ticket(by=cast.stranger)
    theirs = send(cast.agent, ticket_id)
    elsewhere = send(cast.stranger, other)
    comment_id = send(cast.owner, ticket_id)
    post_comment(uow_for, cast.owner, ticket_id, comment_id.id)
    for file_id in (theirs.id, elsewhere.id, comment_id.id, 999):
        with pytest.raises(Invalid, match="only files that you have uploaded"):
            post_comment(uow_for, cast.owner, ticket_id, file_id)


def test_naming_a_file_changes_nothing_about_who_may_read_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    secret = send(cast.agent, ticket_id, "secret.png", internal=True)
    with pytest.raises(Invalid):
        post_comment(uow_for, cast.agent, ticket_id, secret.id)
    post_comment(uow_for, cast.agent, ticket_id, "secret.png")
    public = send(cast.agent, ticket_id, "other.png")
    with pytest.raises(Invalid):
        post_comment(uow_for, cast.agent, ticket_id, public.id, internal=True)
    with uow_for(cast.owner, writes=False) as uow:
        assert [row.id for row in stored_files.list_ticket_files(uow, ticket_id)] == [public.id]


def test_what_was_announced_with_a_note_is_for_staff(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    entry_id = post_comment(uow_for, cast.agent, ticket_id, "a.png", internal=True)
    assert awaited(uow_for, cast.owner, ticket_id) == []
    sent = send(cast.agent, ticket_id, "a.png")
    assert sent.audience == "internal"
    assert files_of(uow_for, cast.agent, entry_id) == [sent.id]
    assert files_of(uow_for, cast.owner, entry_id) == []


def test_an_internal_file_is_not_what_was_announced_to_all(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    post_comment(uow_for, cast.agent, ticket_id, "a.png")
    sent = send(cast.agent, ticket_id, "a.png", internal=True)
    assert (sent.entry_id, sent.audience) == (None, "internal")
    assert awaited(uow_for, cast.owner, ticket_id) == ["a.png"]


def test_files_of_a_draft_are_put_on_the_ticket_by_their_ids(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, tmp_path: Path
) -> None:
    ticket_id = file_ticket()
    path = tmp_path / "upload"
    path.write_bytes(samples.png())
    with uow_for(cast.owner) as uow:
        examined = uploading.count_check_and_store(cast.owner, path, "a.png", now=uow.now)
        kept = attachments.attach_to_draft(uow, "new", examined)
    theirs = file_ticket(by=cast.colleague)
    with uow_for(cast.colleague) as uow, pytest.raises(Invalid):
        referenced_files.attach_referenced_files(
            uow, locking.lock_ticket(uow, theirs), [kept.id or 0]
        )
    with uow_for(cast.owner) as uow:
        referenced_files.attach_referenced_files(
            uow, locking.lock_ticket(uow, ticket_id), [kept.id or 0, "later.pdf"]
        )
        assert [row.id for row in stored_files.list_ticket_files(uow, ticket_id)] == [kept.id]
        assert announced_files.list_awaited_names(uow, ticket_id) == ["later.pdf"]


def test_a_comment_that_is_taken_back_awaits_nothing(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, send: Send
) -> None:
    ticket_id = file_ticket()
    entry_id = post_comment(uow_for, cast.owner, ticket_id, "a.png")
    with uow_for(cast.owner) as uow:
        commenting.delete_comment(uow, entry_id)
    assert awaited(uow_for, cast.owner, ticket_id) == []
    assert send(cast.owner, ticket_id, "a.png").entry_id is None


def test_a_ticket_waits_for_so_many_files_and_no_more(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    post_comment(
        uow_for,
        cast.owner,
        ticket_id,
        *(f"{n}.png" for n in range(announced_files.MAX_ANNOUNCED_FILES)),
    )
    with pytest.raises(RuleViolation):
        post_comment(uow_for, cast.owner, ticket_id, "one more.png")


def test_a_destroyed_ticket_awaits_nothing(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    post_comment(uow_for, cast.owner, ticket_id, "a.png")
    with uow_for(cast.admin) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
        purging.purge(uow, ticket_id)
        assert announced_files.list_awaited_names(uow, ticket_id) == []
