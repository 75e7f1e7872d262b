"""What has to do with a ticket: its duplicates, what it was merged with, and those alike."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.actor import Actor
from ticket_app.core.tickets import merging, related, ticket_list, tickets
from ticket_app.core.tickets.related import MOST_ALIKE


def found(desk_for: DeskFor, actor: Actor, ticket_id: int) -> list[tuple[str, int]]:
    with desk_for(actor, writes=False) as desk:
        row: Any = ticket_list.read(desk, ticket_id)
        return [(str(other.relation), other.ticket.id) for other in related.related(desk, row)]


def test_links_are_told_from_both_sides(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    original, copy, gone = (file_ticket(title=title) for title in ("Lamp", "Light", "Bulb"))
    with desk_for(cast.agent) as desk:
        tickets.mark_duplicate(desk, tickets.hold(desk, copy), original)
        merging.merge(desk, gone, original)
    assert found(desk_for, cast.agent, original) == [("merged_from", gone), ("duplicate", copy)]
    assert found(desk_for, cast.agent, copy) == [("duplicate_of", original)]
    assert found(desk_for, cast.agent, gone) == [("merged_into", original)]


def test_tickets_that_share_two_words_of_their_titles_are_alike(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    one = file_ticket(title="Server performance issue")
    other = file_ticket(title="The PERFORMANCE of this server, again", by=cast.colleague)
    file_ticket(title="Performance of the choir", description="Server performance issue")
    file_ticket(title="No light at all")
    assert found(desk_for, cast.agent, one) == [("similar", other)]
    assert found(desk_for, cast.agent, other) == [("similar", one)]


def test_a_requester_finds_only_their_own_alike(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    one = file_ticket(title="Server performance issue")
    file_ticket(title="Server performance issue", by=cast.stranger)
    own = file_ticket(title="Server performance, once more")
    assert found(desk_for, cast.owner, one) == [("similar", own)]
    with desk_for(cast.agent) as desk:
        tickets.delete_ticket(desk, tickets.hold(desk, own))
    assert found(desk_for, cast.owner, one) == []


def test_few_are_told_and_the_newest(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [file_ticket(title="Printer jammed upstairs") for _ in range(MOST_ALIKE + 3)]
    newest = [("similar", ticket_id) for ticket_id in ids[:0:-1]][:MOST_ALIKE]
    assert found(desk_for, cast.agent, ids[0]) == newest
    assert found(desk_for, cast.owner, ids[0]) == newest


def test_signs_that_mean_something_to_an_index_are_only_signs(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for title in ('"quoted" OR {head} : NEAR(', "'); DROP TABLE ticket; -- & | !", "***"):
        ticket_id = file_ticket(title=title)
        assert found(desk_for, cast.agent, ticket_id) == []
        assert found(desk_for, cast.owner, ticket_id) == []
