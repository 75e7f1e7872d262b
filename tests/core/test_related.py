"""What has to do with a ticket: its duplicates, what it was merged with, and those alike."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.actor import Actor
from ticket_app.core.tickets import locking, merging, related, status_changes, ticket_lookup, trash
from ticket_app.core.tickets.related import MAX_SIMILAR


def found(uow_for: UowFor, actor: Actor, ticket_id: int) -> list[tuple[str, int]]:
    with uow_for(actor, writes=False) as uow:
        row: Any = ticket_lookup.read_ticket(uow, ticket_id)
        return [(str(other.relation), other.ticket.id) for other in related.list_related(uow, row)]


def test_links_are_shown_on_both_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    original, copy, gone = (file_ticket(title=title) for title in ("Lamp", "Light", "Bulb"))
    with uow_for(cast.agent) as uow:
        status_changes.mark_duplicate(uow, locking.lock_ticket(uow, copy), original)
        merging.merge(uow, gone, original)
    assert found(uow_for, cast.agent, original) == [("merged_from", gone), ("duplicate", copy)]
    assert found(uow_for, cast.agent, copy) == [("duplicate_of", original)]
    assert found(uow_for, cast.agent, gone) == [("merged_into", original)]


def test_tickets_that_share_two_words_of_their_titles_are_alike(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    one = file_ticket(title="Server performance issue")
    other = file_ticket(title="The PERFORMANCE of this server, again", by=cast.colleague)
    file_ticket(title="Performance of the choir", description="Server performance issue")
    file_ticket(title="No light at all")
    assert found(uow_for, cast.agent, one) == [("similar", other)]
    assert found(uow_for, cast.agent, other) == [("similar", one)]


def test_a_requester_finds_only_their_own_alike(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    one = file_ticket(title="Server performance issue")
    file_ticket(title="Server performance issue", by=cast.stranger)
    own = file_ticket(title="Server performance, once more")
    assert found(uow_for, cast.owner, one) == [("similar", own)]
    with uow_for(cast.agent) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, own))
    assert found(uow_for, cast.owner, one) == []


def test_only_the_newest_related_tickets_are_shown(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [file_ticket(title="Printer jammed upstairs") for _ in range(MAX_SIMILAR + 3)]
    newest = [("similar", ticket_id) for ticket_id in ids[:0:-1]][:MAX_SIMILAR]
    assert found(uow_for, cast.agent, ids[0]) == newest
    assert found(uow_for, cast.owner, ids[0]) == newest


def test_signs_that_mean_something_to_an_index_are_only_signs(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for title in ('"quoted" OR {head} : NEAR(', "'); DROP TABLE ticket; -- & | !", "***"):
        ticket_id = file_ticket(title=title)
        assert found(uow_for, cast.agent, ticket_id) == []
        assert found(uow_for, cast.owner, ticket_id) == []


def test_similar_tickets_are_found_for_a_title_that_is_being_typed(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    own = file_ticket(title="Server performance issue")
    other = file_ticket(title="Performance of our server", by=cast.stranger)
    for actor, ids in (
        (cast.agent, [other, own]),
        (cast.owner, [own]),
        (cast.manager, [other, own]),
    ):
        with uow_for(actor, writes=False) as uow:
            rows = related.find_similar(uow, "The server performance again")
            assert [row.id for row in rows] == ids
            assert related.find_similar(uow, "Server") == []
