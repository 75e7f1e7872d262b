"""Comments are changed and taken back by who wrote them or by staff, and leave nothing wrong."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import activity, commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.paging import Slice
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import delete_ticket, hold
from ticket_app.core.timeline import timeline


def say(
    desk_for: DeskFor, actor: Actor, ticket_id: int, text: str, *, internal: bool = False
) -> int:
    with desk_for(actor) as desk:
        return commenting.comment(desk, hold(desk, ticket_id), text, internal=internal)


def found(desk_for: DeskFor, actor: Actor, words: str) -> int:
    with desk_for(actor, writes=False) as desk:
        return ticket_list.count(desk, TicketQuery(search=words))


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    entry_id = say(desk_for, cast.owner, ticket_id, "It is purple")
    clock.forward(minutes=1)
    with desk_for(cast.owner) as desk:
        assert commenting.rewrite(desk, entry_id, "It is green") == entry_id
    with desk_for(cast.owner) as desk:
        (said,) = commenting.read(desk, ticket_id)
        assert (said.body, said.edited, said.updated_at) == ("It is green", True, clock.now)
        ticket = hold(desk, ticket_id)
        assert (ticket.last_comment, ticket.comments_count) == ("It is green", 1)
        assert (ticket.version, ticket.updated_at) == (3, clock.now)
        assert [line.kind for line in timeline.lines(desk, ticket_id)] == ["created", "comment"]
    with desk_for(cast.agent) as desk:
        kept = timeline.lines(desk, ticket_id)[-1]
        assert (kept.field, kept.old_value, kept.new_value) == (
            "comment",
            "It is purple",
            "It is green",
        )
    assert (found(desk_for, cast.owner, "purple"), found(desk_for, cast.owner, "green")) == (0, 1)


def test_a_comment_taken_back_is_nowhere(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    say(desk_for, cast.owner, ticket_id, "First")
    answered_at = clock.forward(minutes=1)
    second = say(desk_for, cast.agent, ticket_id, "Second zebra")
    note = say(desk_for, cast.agent, ticket_id, "Note giraffe", internal=True)
    with desk_for(cast.manager) as desk:
        commenting.withdraw(desk, second)
        commenting.withdraw(desk, note)
    with desk_for(cast.agent) as desk:
        assert [said.body for said in commenting.read(desk, ticket_id)] == ["First"]
        ticket = hold(desk, ticket_id)
        assert (ticket.comments_count, ticket.notes_count) == (1, 0)
        assert (ticket.last_comment, ticket.last_comment_by_id) == ("First", cast.owner.id)
        assert ticket.first_response_at == answered_at
        with pytest.raises(NotFound):
            commenting.withdraw(desk, second)
    for words in ("zebra", "giraffe"):
        assert found(desk_for, cast.agent, words) == 0


def test_only_the_author_and_staff_may(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    answer = say(desk_for, cast.agent, ticket_id, "We look into it")
    note = say(desk_for, cast.agent, ticket_id, "A note", internal=True)
    with desk_for(cast.owner) as desk:
        with pytest.raises(Forbidden):
            commenting.rewrite(desk, answer, "You do not")
        with pytest.raises(Forbidden):
            commenting.withdraw(desk, answer)
        with pytest.raises(NotFound):
            commenting.rewrite(desk, note, "Found you")
    for other in (cast.stranger, cast.colleague):
        with desk_for(other) as desk, pytest.raises(NotFound):
            commenting.rewrite(desk, answer, "Hello")
    with desk_for(cast.manager) as desk:
        with pytest.raises(Invalid):
            commenting.rewrite(desk, answer, "  ")
        commenting.rewrite(desk, answer, "They look into it")


def test_the_logbook_shows_what_one_may_read(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    mine, theirs = file_ticket(), file_ticket(by=cast.stranger)
    for ticket_id, text, internal in ((mine, "a", False), (theirs, "b", False), (mine, "c", True)):
        say(desk_for, cast.agent, ticket_id, text, internal=internal)
    query = activity.LogQuery(events=activity.COMMENTS)
    for actor, bodies in ((cast.owner, ["a"]), (cast.stranger, ["b"]), (cast.agent, list("abc"))):
        with desk_for(actor, writes=False) as desk:
            page = activity.lines(desk, query, Slice())
            assert [line.body for line in page.rows] == bodies
            assert activity.count_lines(desk, query) == len(bodies)
            part = activity.lines(desk, query, Slice(limit=1, offset=1))
            assert [line.body for line in part.rows] == bodies[1:2]
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, mine))
    with desk_for(cast.agent, writes=False) as desk:
        assert [line.body for line in activity.lines(desk, query, Slice()).rows] == ["b"]
