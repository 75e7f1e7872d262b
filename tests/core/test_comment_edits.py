"""Comments are edited and deleted by their author or staff, and derived data follows."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import activity, comment_history, commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, VersionConflict
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.trash import delete_ticket
from ticket_app.core.timeline import timeline


def post_comment(
    uow_for: UowFor, actor: Actor, ticket_id: int, text: str, *, internal: bool = False
) -> int:
    with uow_for(actor) as uow:
        return commenting.add_comment(uow, lock_ticket(uow, ticket_id), text, internal=internal)


def found(uow_for: UowFor, actor: Actor, words: str) -> int:
    with uow_for(actor, writes=False) as uow:
        return ticket_list.count_tickets(uow, TicketQuery(search=words))


def test_edited_comment_updates_the_ticket(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    entry_id = post_comment(uow_for, cast.owner, ticket_id, "It is purple")
    clock.forward(minutes=1)
    with uow_for(cast.owner) as uow:
        assert commenting.edit_comment(uow, entry_id, "It is green") == entry_id
    with uow_for(cast.owner) as uow:
        (comment,) = commenting.list_comments(uow, ticket_id)
        assert (comment.body, comment.edited, comment.updated_at) == (
            "It is green",
            True,
            clock.now,
        )
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.last_comment, ticket.comments_count) == ("It is green", 1)
        assert (ticket.version, ticket.updated_at) == (3, clock.now)
        assert [line.kind for line in timeline.list_entries(uow, ticket_id)] == [
            "created",
            "comment",
        ]
    with uow_for(cast.agent) as uow:
        kept = timeline.list_entries(uow, ticket_id)[-1]
        assert (kept.field, kept.old_value, kept.new_value) == (
            "comment",
            "It is purple",
            "It is green",
        )
    assert (found(uow_for, cast.owner, "purple"), found(uow_for, cast.owner, "green")) == (0, 1)


def test_a_comment_taken_back_is_nowhere(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    post_comment(uow_for, cast.owner, ticket_id, "First")
    answered_at = clock.forward(minutes=1)
    second = post_comment(uow_for, cast.agent, ticket_id, "Second zebra")
    note = post_comment(uow_for, cast.agent, ticket_id, "Note giraffe", internal=True)
    with uow_for(cast.manager) as uow:
        commenting.delete_comment(uow, second)
        commenting.delete_comment(uow, note)
    with uow_for(cast.agent) as uow:
        assert [comment.body for comment in commenting.list_comments(uow, ticket_id)] == ["First"]
        ticket = lock_ticket(uow, ticket_id)
        assert (ticket.comments_count, ticket.notes_count) == (1, 0)
        assert (ticket.last_comment, ticket.last_comment_by_id) == ("First", cast.owner.id)
        assert ticket.first_response_at == answered_at
        with pytest.raises(NotFound):
            commenting.delete_comment(uow, second)
    for words in ("zebra", "giraffe"):
        assert found(uow_for, cast.agent, words) == 0


def test_only_the_author_and_staff_may(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    answer = post_comment(uow_for, cast.agent, ticket_id, "We look into it")
    note = post_comment(uow_for, cast.agent, ticket_id, "A note", internal=True)
    with uow_for(cast.owner) as uow:
        with pytest.raises(Forbidden):
            commenting.edit_comment(uow, answer, "You do not")
        with pytest.raises(Forbidden):
            commenting.delete_comment(uow, answer)
        with pytest.raises(NotFound):
            commenting.edit_comment(uow, note, "Found you")
    for other in (cast.stranger, cast.colleague):
        with uow_for(other) as uow, pytest.raises(NotFound):
            commenting.edit_comment(uow, answer, "Hello")
    with uow_for(cast.manager) as uow:
        with pytest.raises(Invalid):
            commenting.edit_comment(uow, answer, "  ")
        commenting.edit_comment(uow, answer, "They look into it")


def test_the_logbook_shows_what_one_may_read(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    mine, theirs = file_ticket(), file_ticket(by=cast.stranger)
    for ticket_id, text, internal in ((mine, "a", False), (theirs, "b", False), (mine, "c", True)):
        post_comment(uow_for, cast.agent, ticket_id, text, internal=internal)
    query = activity.ActivityQuery(entry_filters=activity.COMMENT_ENTRIES)
    for actor, bodies in ((cast.owner, ["a"]), (cast.stranger, ["b"]), (cast.agent, list("abc"))):
        with uow_for(actor, writes=False) as uow:
            page = activity.list_entries(uow, query, PageRequest())
            assert [line.body for line in page.rows] == bodies
            assert activity.count_entries(uow, query) == len(bodies)
            part = activity.list_entries(uow, query, PageRequest(limit=1, offset=1))
            assert [line.body for line in part.rows] == bodies[1:2]
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, mine))
    with uow_for(cast.agent, writes=False) as uow:
        assert [line.body for line in activity.list_entries(uow, query, PageRequest()).rows] == [
            "b"
        ]


def test_edit_of_an_outdated_text_is_refused(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    entry_id = post_comment(uow_for, cast.owner, file_ticket(), "It is purple")
    with uow_for(cast.agent) as uow:
        commenting.edit_comment(uow, entry_id, "It is green", original="It is purple")
    with uow_for(cast.owner) as uow:
        with pytest.raises(VersionConflict):
            commenting.edit_comment(uow, entry_id, "It is blue", original="It is purple")
        with pytest.raises(VersionConflict):
            commenting.delete_comment(uow, entry_id, original="It is purple")
        assert activity.get_comment(uow, entry_id).body == "It is green"
        commenting.delete_comment(uow, entry_id, original="It is green")


def test_author_and_staff_read_the_earlier_texts(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    written_at = clock.now
    entry_id = post_comment(uow_for, cast.owner, ticket_id, "It is purple")
    edited_at = clock.forward(minutes=1)
    with uow_for(cast.agent) as uow:
        commenting.edit_comment(uow, entry_id, "It is green")
    for actor in (cast.owner, cast.agent):
        with uow_for(actor, writes=False) as uow:
            versions = comment_history.list_versions(uow, entry_id)
            assert [(version.text, version.at, version.author_name) for version in versions] == [
                ("It is green", edited_at, "Agnes Hale"),
                ("It is purple", written_at, "Olive Ownby"),
            ]
    answer = post_comment(uow_for, cast.agent, ticket_id, "The password is tea")
    with uow_for(cast.agent) as uow:
        commenting.edit_comment(uow, answer, "Look at the manual")
    with uow_for(cast.owner, writes=False) as uow, pytest.raises(Forbidden):
        comment_history.list_versions(uow, answer)
    with uow_for(cast.stranger, writes=False) as uow, pytest.raises(NotFound):
        comment_history.list_versions(uow, entry_id)


def test_pages_offer_a_change_to_the_author_and_staff(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    entry_id = post_comment(uow_for, cast.owner, file_ticket(), "It is purple")
    with uow_for(cast.agent, writes=False) as uow:
        comment = activity.get_comment(uow, entry_id)
    may = {name for name, actor in cast if commenting.can_change_comment(actor, comment)}
    assert may == {"owner", "agent", "manager", "admin"}
