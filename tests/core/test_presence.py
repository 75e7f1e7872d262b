"""Presence: who has a ticket open, seen by colleagues only, across processes, for a short time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, func, select, update

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import presence
from ticket_app.core.conversation.presence import Activity, PresenceWatcher
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Forbidden, NotFound
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets import locking, purging, ticket_lookup, trash
from ticket_app.tables import person_table, presence_table


@pytest.fixture
def open_tab(uow_for: UowFor):
    """Reports what a person does in a tab; returns the tab."""

    def report(
        by: Actor, ticket_id: int, activity: Activity = Activity.VIEWING, tab: UUID | None = None
    ) -> UUID:
        tab = tab or uuid4()
        with uow_for(by) as uow:
            presence.report(uow, tab, ticket_id, activity)
        return tab

    return report


@pytest.fixture
def others(uow_for: UowFor):
    """Returns whom a person sees on a ticket: username and activity."""

    def read(by: Actor, *ticket_ids: int) -> list[tuple[str, str]]:
        with uow_for(by, writes=False) as uow:
            return [(p.username, str(p.activity)) for p in presence.list_others(uow, ticket_ids)]

    return read


def test_colleagues_see_who_has_a_ticket_open_and_what_they_do(
    cast: Cast, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id, other_id = file_ticket(), file_ticket()
    tab = open_tab(cast.agent, ticket_id)
    agent = cast.agent.username
    assert others(cast.manager, ticket_id) == [(agent, "viewing")]
    assert others(cast.agent, ticket_id) == []
    assert others(cast.manager, other_id) == []
    open_tab(cast.agent, ticket_id, Activity.REPLY, tab)
    open_tab(cast.admin, ticket_id, Activity.AWAY)
    open_tab(cast.admin, other_id, Activity.NOTE)
    assert others(cast.manager, ticket_id) == [(agent, "reply"), (cast.admin.username, "away")]
    assert len(others(cast.manager, ticket_id, other_id)) == 3


def test_person_with_several_tabs_is_shown_once_with_the_highest_activity(
    cast: Cast, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id = file_ticket()
    for activity in (Activity.AWAY, Activity.NOTE, Activity.VIEWING):
        open_tab(cast.agent, ticket_id, activity)
    assert others(cast.manager, ticket_id) == [(cast.agent.username, "note")]


def test_tab_is_gone_when_it_closes_or_after_thirty_seconds_without_a_heartbeat(
    cast: Cast, clock: Clock, uow_for: UowFor, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id = file_ticket()
    kept = open_tab(cast.agent, ticket_id)
    open_tab(cast.admin, ticket_id)
    closed = open_tab(cast.agent, ticket_id, Activity.REPLY)
    with uow_for(None) as uow:
        presence.leave(uow, [closed])
    both = [(cast.admin.username, "viewing"), (cast.agent.username, "viewing")]
    assert others(cast.manager, ticket_id) == both
    clock.now += timedelta(seconds=20)
    with uow_for(None) as uow:
        presence.renew(uow, [kept])
    clock.now += timedelta(seconds=10)
    assert others(cast.manager, ticket_id) == [(cast.agent.username, "viewing")]
    clock.now += presence.KEPT_FOR
    with uow_for(None) as uow:
        presence.renew(uow, [])
        assert uow.connection.execute(select(func.count(presence_table.c.tab))).scalar_one() == 0


def test_requesters_neither_see_nor_cause_presence(
    cast: Cast, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id = file_ticket()
    open_tab(cast.agent, ticket_id)
    assert others(cast.owner, ticket_id) == []
    with pytest.raises(Forbidden):
        open_tab(cast.owner, ticket_id)


def test_presence_follows_the_visibility_of_its_ticket(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id = file_ticket()
    open_tab(cast.agent, ticket_id)
    with uow_for(cast.admin) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
    assert others(cast.manager, ticket_id) == []
    for missing in (ticket_id, 999_999):
        with pytest.raises(NotFound):
            open_tab(cast.agent, missing)
    with uow_for(cast.admin) as uow:
        purging.purge(uow, ticket_id)
        assert uow.connection.execute(select(func.count(presence_table.c.tab))).scalar_one() == 0


def test_tab_of_another_person_cannot_be_taken_over(
    cast: Cast, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id = file_ticket()
    tab = open_tab(cast.agent, ticket_id)
    open_tab(cast.admin, ticket_id, Activity.REPLY, tab)
    assert others(cast.manager, ticket_id) == [(cast.agent.username, "viewing")]


def test_looking_at_a_ticket_does_not_change_it(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, open_tab
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent, writes=False) as uow:
        before = ticket_lookup.read_ticket(uow, ticket_id)
    open_tab(cast.agent, ticket_id, Activity.REPLY)
    with uow_for(cast.agent, writes=False) as uow:
        assert ticket_lookup.read_ticket(uow, ticket_id) == before


def test_every_process_notices_changes_of_presence_and_tabs_that_expire(
    cast: Cast, clock: Clock, database: Engine, file_ticket: FileTicket, open_tab
) -> None:
    ticket_id, tails = file_ticket(), (PresenceWatcher(), PresenceWatcher())

    def read() -> list[set[int]]:
        changed = []
        for tail in tails:
            with open_unit_of_work(writes=False, clock=clock, bind=database) as uow:
                changed.append(tail.read_changed_ticket_ids(uow))
        return changed

    assert read() == [set(), set()]
    tab = open_tab(cast.agent, ticket_id)
    assert read() == [{ticket_id}, {ticket_id}]
    open_tab(cast.agent, ticket_id, tab=tab)
    assert read() == [set(), set()]
    open_tab(cast.agent, ticket_id, Activity.NOTE, tab)
    assert read() == [{ticket_id}, {ticket_id}]
    clock.now += presence.EXPIRY
    assert read() == [{ticket_id}, {ticket_id}]
    assert read() == [set(), set()]


def test_inactive_account_is_no_longer_shown(
    cast: Cast, uow_for: UowFor, file_ticket: FileTicket, open_tab, others
) -> None:
    ticket_id = file_ticket()
    open_tab(cast.agent, ticket_id)
    with uow_for(cast.admin) as uow:
        uow.connection.execute(
            update(person_table).where(person_table.c.id == cast.agent.id).values(is_active=False)
        )
    assert others(cast.manager, ticket_id) == []
