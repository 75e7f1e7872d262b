"""The time log of a ticket adds up to its actual hours, whoever else has set them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.reports.periods import parse_period
from ticket_app.core.reports.time_report import get_time_report
from ticket_app.core.tickets import purging, time_log, trash
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline import timeline

TODAY = date(2026, 11, 20)


def _actual_hours(uow_for: UowFor, cast: Cast, ticket_id: int) -> float | None:
    with uow_for(cast.agent) as uow:
        return lock_ticket(uow, ticket_id).actual_hours


def _log(uow_for: UowFor, cast: Cast, ticket_id: int, minutes: int) -> int:
    with uow_for(cast.agent) as uow:
        return time_log.log_time(uow, lock_ticket(uow, ticket_id), minutes)


def test_logged_time_is_listed_and_adds_up(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        time_log.log_time(uow, ticket, 20, note="Read the\nlogs ")
        time_log.log_time(uow, ticket, 20, worked_on=TODAY - timedelta(days=2))
    with uow_for(cast.admin) as uow:
        time_log.log_time(uow, lock_ticket(uow, ticket_id), 20)
    with uow_for(cast.manager, writes=False) as uow:
        log = time_log.read_time_log(uow, ticket_id, 1.0)
        changes = [(e.field, e.new_value) for e in timeline.list_entries(uow, ticket_id)[1:]]
    assert [
        (entry.person_id, entry.worked_on, entry.minutes, entry.note)
        for entry in log.newest_entries
    ] == [
        (cast.admin.id, TODAY, 20, None),
        (cast.agent.id, TODAY, 20, "Read the logs"),
        (cast.agent.id, TODAY - timedelta(days=2), 20, None),
    ]
    assert (log.logged_minutes, log.other_hours) == (60, 0.0)
    assert _actual_hours(uow_for, cast, ticket_id) == 1.0
    assert changes == [
        ("actual_hours", "0.3333"),
        ("actual_hours", "0.6667"),
        ("actual_hours", "1.0"),
    ]


def test_hours_that_a_client_sets_are_kept_beside_the_log(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    first = _log(uow_for, cast, ticket_id, 90)
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"actual_hours": 4.25})
    _log(uow_for, cast, ticket_id, 30)
    assert _actual_hours(uow_for, cast, ticket_id) == 4.75
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        log = time_log.read_time_log(uow, ticket_id, ticket.actual_hours)
        assert (log.logged_minutes, log.other_hours) == (120, 2.75)
        time_log.delete_time_entry(uow, ticket, first)
    assert _actual_hours(uow_for, cast, ticket_id) == 3.25


def test_actual_hours_never_go_below_zero(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    first = _log(uow_for, cast, ticket_id, 120)
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"actual_hours": 0.5})
        time_log.delete_time_entry(uow, lock_ticket(uow, ticket_id), first)
    assert _actual_hours(uow_for, cast, ticket_id) is None


def test_author_edits_an_entry_and_others_do_not(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    entry_id = _log(uow_for, cast, ticket_id, 60)
    clock.forward(minutes=1)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        time_log.edit_time_entry(
            uow, ticket, entry_id, 45, worked_on=TODAY - timedelta(days=1), note="Call"
        )
        (entry,) = time_log.read_time_log(uow, ticket_id, ticket.actual_hours).newest_entries
        assert (entry.minutes, entry.worked_on, entry.note) == (
            45,
            TODAY - timedelta(days=1),
            "Call",
        )
        version = ticket.version
        time_log.edit_time_entry(
            uow, ticket, entry_id, 45, worked_on=TODAY - timedelta(days=1), note=" Call "
        )
        assert ticket.version == version
    for person in (cast.manager, cast.admin):
        with uow_for(person) as uow:
            ticket = lock_ticket(uow, ticket_id)
            with pytest.raises(Forbidden):
                time_log.edit_time_entry(uow, ticket, entry_id, 1, worked_on=TODAY, note=None)
    assert _actual_hours(uow_for, cast, ticket_id) == 0.75


def test_author_and_administrators_delete_an_entry(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    own, other = (_log(uow_for, cast, ticket_id, 60) for _ in range(2))
    with uow_for(cast.manager) as uow, pytest.raises(Forbidden):
        time_log.delete_time_entry(uow, lock_ticket(uow, ticket_id), own)
    with uow_for(cast.agent) as uow:
        time_log.delete_time_entry(uow, lock_ticket(uow, ticket_id), own)
        with pytest.raises(NotFound):
            time_log.delete_time_entry(uow, lock_ticket(uow, ticket_id), own)
    with uow_for(cast.admin) as uow:
        time_log.delete_time_entry(uow, lock_ticket(uow, ticket_id), other)
    assert _actual_hours(uow_for, cast, ticket_id) is None


def test_requester_neither_reads_nor_writes_the_log(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    entry_id = _log(uow_for, cast, ticket_id, 60)
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, ticket_id)
        with pytest.raises(Forbidden):
            time_log.read_time_log(uow, ticket_id, None)
        with pytest.raises(Forbidden):
            time_log.log_time(uow, ticket, 5)
        with pytest.raises(Forbidden):
            time_log.delete_time_entry(uow, ticket, entry_id)
        assert [entry.field for entry in timeline.list_entries(uow, ticket_id)] == ["status"]


@pytest.mark.parametrize("minutes", [0, -5, 24 * 60 + 1])
def test_minutes_out_of_range_are_refused(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, minutes: int
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow, pytest.raises(Invalid, match="between 1 minute and 24 hours"):
        time_log.log_time(uow, lock_ticket(uow, ticket_id), minutes)


@pytest.mark.parametrize("days", [2, -4000])
def test_days_in_the_future_or_long_ago_are_refused(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, days: int
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow, pytest.raises(Invalid, match="must not be in the future"):
        time_log.log_time(
            uow, lock_ticket(uow, ticket_id), 5, worked_on=TODAY + timedelta(days=days)
        )


def test_entry_of_another_ticket_is_not_found(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    entry_id = _log(uow_for, cast, first, 60)
    with uow_for(cast.agent) as uow, pytest.raises(NotFound):
        time_log.delete_time_entry(uow, lock_ticket(uow, second), entry_id)


def test_time_log_is_destroyed_with_its_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    _log(uow_for, cast, ticket_id, 60)
    with uow_for(cast.admin) as uow:
        trash.delete_ticket(uow, lock_ticket(uow, ticket_id))
    with uow_for(cast.admin) as uow:
        purging.purge(uow, ticket_id)
        assert time_log.read_time_log(uow, ticket_id, None).logged_minutes == 0


def test_report_adds_up_the_time_of_people_and_compares_estimates(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    resolved, other = file_ticket(), file_ticket()
    _log(uow_for, cast, resolved, 90)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, resolved)
        edit(uow, ticket, {"estimated_hours": 2.0})
        time_log.log_time(uow, ticket, 60, worked_on=TODAY - timedelta(days=40))
        change_status(uow, ticket, Status.RESOLVED)
        edit(uow, lock_ticket(uow, other), {"estimated_hours": 7.0})
    with uow_for(cast.admin) as uow:
        time_log.log_time(uow, lock_ticket(uow, other), 15)
    with uow_for(cast.manager, writes=False) as uow:
        period = parse_period("30d", uow.now)
        report = get_time_report(uow, period)
        elsewhere = get_time_report(uow, period, department_id=9_999)
    assert report.minutes_by_person == {cast.agent.id: 90, cast.admin.id: 15}
    assert report.total_minutes == 105
    assert (report.estimated_tickets, report.estimated_hours, report.actual_hours) == (1, 2.0, 2.5)
    assert (elsewhere.total_minutes, elsewhere.estimated_tickets) == (0, 0)
    with uow_for(cast.agent, writes=False) as uow, pytest.raises(Forbidden):
        get_time_report(uow, period)
