"""The audit log page: what administrators see, and how the filters of the address are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import MORNING, Cast, Clock, UowFor
from ticket_app.core.people import departments
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditKind, EntryKind, Priority
from ticket_app.core.reports.audit_trail import CHANNELS
from ticket_app.core.tickets import editing, locking, trash
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.ui.pages.admin.audit import rows
from ticket_app.ui.pages.admin.audit.rows import AuditLogPage, load_page

NO_FILTERS = dict.fromkeys(rows.FILTER_NAMES, "")


def load(uow: UnitOfWork, cursor: str = "", **filters: str) -> AuditLogPage:
    return load_page(uow, {**NO_FILTERS, **filters}, cursor)


@pytest.fixture
def changed_ticket(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.owner) as uow:
        ticket = open_ticket(uow, TicketDraft("Lamp is dark", "No light"))
        assert ticket.id is not None
    with uow_for(cast.agent) as uow:
        uow.channel, uow.client_address, uow.request_id = "bmasia", "192.0.2.7", "req-1"
        locked = locking.lock_ticket(uow, ticket.id)
        editing.edit(uow, locked, {"priority": Priority.URGENT})
    return ticket.id


def test_a_change_is_shown_in_words(uow_for: UowFor, cast: Cast, changed_ticket: int) -> None:
    with uow_for(cast.admin) as uow:
        row = load(uow, field="priority").rows[0]
    assert (row.who, row.action, row.old, row.new) == (
        "Agnes Hale",
        "Changed priority",
        "Medium",
        "Urgent",
    )
    assert row.href == f"/desk/tickets/{row.subject}"
    assert (row.title, row.is_in_trash, row.has_values) == ("Lamp is dark", False, True)
    assert (row.channel, row.address, row.request_id) == ("BMAsia API", "192.0.2.7", "req-1")


def test_a_deleted_ticket_is_named_without_a_link(
    uow_for: UowFor, cast: Cast, changed_ticket: int
) -> None:
    with uow_for(cast.admin) as uow:
        trash.delete_ticket(uow, locking.lock_ticket(uow, changed_ticket))
        row = load(uow, kind="deleted").rows[0]
    assert (row.action, row.title, row.href, row.is_in_trash) == (
        "Moved to the trash",
        "Lamp is dark",
        "",
        True,
    )


def test_an_administrative_change_names_its_object(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        department = departments.create_department(uow, "Stage")
        departments.update_department(uow, department.id, {"name": "Lights"})
        newest, created = load(uow, kind="organisation").rows
    assert (newest.action, newest.subject_type, newest.subject, newest.old, newest.new) == (
        "Changed name",
        "Department",
        "Lights",
        "Stage",
        "Lights",
    )
    assert (created.action, created.who, created.channel) == ("Created", "Addie Minton", "System")


def test_filters_of_the_address_are_read_and_unknown_words_ignored(
    uow_for: UowFor, cast: Cast, clock: Clock, changed_ticket: int
) -> None:
    with uow_for(cast.admin) as uow:
        everything = load(uow)
        by_agent = load(uow, person=str(cast.agent.id))
        assert by_agent.person == "Agnes Hale"
        assert {row.who for row in by_agent.rows} == {"Agnes Hale"}
        today = MORNING.date()
        assert load(uow, since=str(today), until=str(today)).rows == everything.rows
        assert load(uow, until=str(today - timedelta(days=1))).rows == []
        for words in ({"kind": "x"}, {"channel": "x"}, {"field": "x"}, {"since": "tomorrow"}):
            assert load(uow, **words).rows == everything.rows
        with pytest.raises(Invalid):
            load(uow, ticket="the lamp")
        href = load(uow, q="lamp & co", channel="bmasia").export_href
    assert href == "/session/audit?channel=bmasia&search=lamp+%26+co&format="


def test_pages_are_joined_by_a_cursor(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "PAGE_SIZE", 2)
    with uow_for(cast.admin) as uow:
        for number in range(5):
            departments.create_department(uow, f"Stage {number}")
        first = load(uow)
        second = load(uow, first.next_cursor)
        last = load(uow, second.next_cursor)
    names = [row.subject for page in (first, second, last) for row in page.rows]
    assert names == [f"Stage {number}" for number in (4, 3, 2, 1, 0)]
    assert last.next_cursor == ""


def test_others_are_turned_away(uow_for: UowFor, cast: Cast) -> None:
    for person in (cast.owner, cast.agent, cast.manager):
        with uow_for(person) as uow, pytest.raises(Forbidden):
            load(uow)


def test_every_kind_and_channel_has_a_label() -> None:
    assert set(rows.KIND_LABELS) == {*map(str, EntryKind), *map(str, AuditKind)}
    assert set(rows.CHANNEL_LABELS) == set(CHANNELS)
