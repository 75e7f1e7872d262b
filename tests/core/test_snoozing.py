"""A snoozed ticket leaves the lists of one person and comes back by itself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_distribution import assign, comment, distribute, received
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.ticket_status import UNFINISHED_GROUPS
from ticket_app.core.tickets import locking, purging, snoozing, ticket_list, trash
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.views import QUEUE_VIEWS, QueueView

HOUR = timedelta(hours=1)


def snooze(uow_for: UowFor, by: Actor, *ticket_ids: int, hours: int = 1) -> None:
    with uow_for(by) as uow:
        snoozing.snooze_several(uow, ticket_ids, uow.now + hours * HOUR)


def shown(uow_for: UowFor, to: Actor, view: QueueView) -> Collection[int]:
    """The tickets of a view, after checking that the count agrees."""
    with uow_for(to) as uow:
        definition = QUEUE_VIEWS[view]
        query = TicketQuery(**definition.query_fields(uow.now, uow.actor.id), sort=definition.sort)
        ids = [row.id for row in ticket_list.page(uow, query).rows]
        assert ticket_list.count_tickets(uow, query) == len(ids)
    return ids


def end_due(uow_for: UowFor) -> int:
    with uow_for(None) as uow:
        return snoozing.end_due(uow)


def test_snoozed_ticket_is_hidden_from_the_lists_of_its_person_only(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    snoozed, other = file_ticket(), file_ticket()
    snooze(uow_for, cast.agent, snoozed)
    for view in (QueueView.OPEN, QueueView.UNASSIGNED):
        assert shown(uow_for, cast.agent, view) == [other]
        assert {*shown(uow_for, cast.manager, view)} == {snoozed, other}
    assert {*shown(uow_for, cast.agent, QueueView.ALL)} == {snoozed, other}
    assert shown(uow_for, cast.agent, QueueView.SNOOZED) == [snoozed]
    assert shown(uow_for, cast.manager, QueueView.SNOOZED) == []


def test_due_snooze_ends_once_and_notifies_its_person(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    snooze(uow_for, cast.agent, ticket_id)
    assert end_due(uow_for) == 0
    clock.forward(hours=1)
    assert ticket_id in shown(uow_for, cast.agent, QueueView.OPEN)
    assert (end_due(uow_for), end_due(uow_for)) == (1, 0)
    ended = [one for one in received(uow_for) if one[1] == "snooze_ended"]
    assert [(username, "is back" in text) for username, _, text in ended] == [
        (cast.agent.username, True)
    ]


def test_activity_of_others_ends_a_snooze_and_own_activity_does_not(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    distribute(uow_for)
    snooze(uow_for, cast.agent, ticket_id)
    comment(uow_for, cast.agent, ticket_id, internal=True)
    distribute(uow_for)
    assert shown(uow_for, cast.agent, QueueView.SNOOZED) == [ticket_id]
    assign(uow_for, cast.manager, ticket_id, cast.manager.id)
    distribute(uow_for)
    assert shown(uow_for, cast.agent, QueueView.SNOOZED) == []
    assert ticket_id in shown(uow_for, cast.agent, QueueView.OPEN)


def test_reply_of_the_requester_ends_a_snooze_with_one_notification(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    assign(uow_for, cast.agent, ticket_id, cast.agent.id)
    distribute(uow_for)
    snooze(uow_for, cast.agent, ticket_id)
    comment(uow_for, cast.owner, ticket_id)
    distribute(uow_for)
    assert shown(uow_for, cast.agent, QueueView.MINE) == [ticket_id]
    kinds = [kind for username, kind, _ in received(uow_for) if username == cast.agent.username]
    assert kinds.count("requester_reply") == 1
    assert "snooze_ended" not in kinds


def test_activity_from_before_the_snooze_does_not_end_it(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    comment(uow_for, cast.owner, ticket_id)
    clock.forward(seconds=1)
    snooze(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    assert shown(uow_for, cast.agent, QueueView.SNOOZED) == [ticket_id]


def test_snooze_can_be_changed_and_ended_by_hand(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    snooze(uow_for, cast.agent, ticket_id)
    snooze(uow_for, cast.agent, ticket_id, hours=48)
    with uow_for(cast.agent) as uow:
        assert snoozing.find_snooze(uow, ticket_id) == clock() + 48 * HOUR
        assert snoozing.has_snoozed_tickets(uow)
        snoozing.end_snooze(uow, [ticket_id])
        assert snoozing.find_snooze(uow, ticket_id) is None
        assert not snoozing.has_snoozed_tickets(uow)
    assert end_due(uow_for) == 0


def test_several_tickets_are_snoozed_all_or_none(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(NotFound):
        snooze(uow_for, cast.agent, ticket_id, 999_999)
    assert shown(uow_for, cast.agent, QueueView.SNOOZED) == []


def test_requester_cannot_snooze_and_the_time_must_be_within_a_year(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Forbidden):
        snooze(uow_for, cast.owner, ticket_id)
    for hours in (0, -1, 24 * 400):
        with pytest.raises(Invalid):
            snooze(uow_for, cast.agent, ticket_id, hours=hours)


def test_deleted_ticket_comes_back_without_a_notification_and_can_be_destroyed(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, clock: Clock
) -> None:
    ticket_id = file_ticket()
    snooze(uow_for, cast.agent, ticket_id)
    snooze(uow_for, cast.manager, ticket_id, hours=500)
    with uow_for(cast.manager) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
    clock.forward(hours=1)
    assert end_due(uow_for) == 1
    assert "snooze_ended" not in {kind for _, kind, _ in received(uow_for)}
    with uow_for(cast.admin) as uow:
        purging.purge(uow, ticket_id)
    clock.forward(hours=600)
    assert end_due(uow_for) == 0


def test_lists_of_who_has_snoozed_nothing_are_counted_without_reading_tickets(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    snoozed = file_ticket()
    file_ticket()
    query = TicketQuery(group=UNFINISHED_GROUPS, not_snoozed=True)
    snooze(uow_for, cast.manager, snoozed)
    with uow_for(cast.manager) as uow:
        assert ticket_list.count_tickets(uow, query) == 1
    monkeypatch.delattr(ticket_list, "count_statement")
    with uow_for(cast.agent) as uow:
        assert ticket_list.count_tickets(uow, query) == 2
