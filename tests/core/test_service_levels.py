"""SLA targets: which policy applies, when the clock runs, and what a breach causes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.notifications import notifications
from ticket_app.core.people import customers
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.departments import create_department
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import named_rows
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import EntryKind, Kind, Priority, Role, Status
from ticket_app.core.sla import calendars as business_calendars
from ticket_app.core.sla import compliance as sla_compliance
from ticket_app.core.sla import policies as sla_policies
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.sla.business_time import Week
from ticket_app.core.sla.calendars import create_calendar
from ticket_app.core.sla.policies import create_policy, update_policy
from ticket_app.core.tickets import (
    assigning,
    editing,
    merging,
    status_changes,
    ticket_list,
    ticket_query,
)
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status, reopen
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.tables import Department, Ticket, entry_table

OFFICE: Week = (((9 * 60, 17 * 60),),) * 5 + ((), ())
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, when the cast's clock begins

MakePolicy = Callable[..., int]
Look = Callable[[], int]


@pytest.fixture
def make_policy(uow_for: UowFor, cast: Cast) -> MakePolicy:
    """Create a policy: first response in one hour, resolution in eight, around the clock."""

    def make(name: str = "Standard", **fields: Any) -> int:
        usual = {"respond_minutes": 60, "resolve_minutes": 480, "calendar_id": None}
        with uow_for(cast.admin) as uow:
            return create_policy(uow, name, **{**usual, **fields}).id

    return make


@pytest.fixture
def office(uow_for: UowFor, cast: Cast) -> int:
    """A calendar: London, nine to five from Monday to Friday."""
    with uow_for(cast.admin) as uow:
        return create_calendar(uow, "Office", zone="Europe/London", week=OFFICE).id


@pytest.fixture
def ticket(uow_for: UowFor, cast: Cast) -> Callable[[int], Ticket]:
    """Return the current ticket."""

    def read(ticket_id: int) -> Ticket:
        with uow_for(cast.agent, writes=False) as uow:
            return uow.session.get_one(Ticket, ticket_id)

    return read


@pytest.fixture
def look(uow_for: UowFor) -> Look:
    """Check due targets as the job does; return the number of tickets."""

    def now() -> int:
        with uow_for(None) as uow:
            return sla_tracking.check_due_targets(uow)

    return now


@pytest.fixture
def work(uow_for: UowFor, cast: Cast) -> Callable[..., None]:
    """Apply an action to a ticket, as the agent by default."""

    def do(
        ticket_id: int, action: Callable[..., Any], *fields: Any, by: Actor | None = None
    ) -> None:
        with uow_for(by or cast.agent) as uow:
            action(uow, lock_ticket(uow, ticket_id), *fields)

    return do


def lines(uow_for: UowFor, cast: Cast, ticket_id: int) -> list[tuple[str, str]]:
    with uow_for(cast.agent, writes=False) as uow:
        rows = uow.connection.execute(
            select(entry_table)
            .where(
                entry_table.c.ticket_id == ticket_id, entry_table.c.kind == EntryKind.SERVICE_LEVEL
            )
            .order_by(entry_table.c.id)
        ).all()
    assert all(row.audience == "internal" and row.actor_id is None for row in rows)
    return [(row.field, row.new_value) for row in rows]


def fields(uow_for: UowFor, actor: Actor) -> list[str]:
    with uow_for(actor, writes=False) as uow:
        return [row.message for row in reversed(notifications.list_own(uow))]


def states(row: Ticket, now: datetime) -> list[tuple[str, int | None] | None]:
    """Return the states of both targets and the seconds left."""
    shown = sla_tracking.get_ticket_sla(row, now)
    return [
        target and (target.state, target.seconds_left)
        for target in (shown.first_response, shown.resolution)
    ]


def test_targets_are_set_warned_of_and_breached(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, make_policy, ticket, look
) -> None:
    policy_id = make_policy()
    ticket_id = file_ticket()
    created = ticket(ticket_id)
    assert created.sla_policy_id == policy_id
    assert created.respond_by == START + timedelta(hours=1)
    assert created.resolve_by == START + timedelta(hours=8)
    assert created.sla_next_at == START + timedelta(minutes=45)
    assert created.due_at is None
    assert look() == 0
    clock.forward(minutes=50)
    assert look() == 1
    assert look() == 0
    assert lines(uow_for, cast, ticket_id) == [("first_response", "warned")]
    clock.forward(hours=8)
    assert look() == 1
    assert look() == 0
    assert lines(uow_for, cast, ticket_id)[1:] == [
        ("first_response", "breached"),
        ("resolution", "breached"),
    ]
    late = ticket(ticket_id)
    assert late.first_response_breached_at == START + timedelta(hours=1)
    assert late.sla_breached_at == START + timedelta(hours=8)
    assert late.sla_next_at is None
    assert (late.version, late.updated_at) == (created.version, created.updated_at)


def test_ticket_without_a_policy_has_no_sla_targets(file_ticket: FileTicket, work, ticket) -> None:
    ticket_id = file_ticket()
    work(ticket_id, change_status, Status.PENDING_USER)
    work(ticket_id, edit, {"priority": Priority.HIGH})
    work(ticket_id, change_status, Status.RESOLVED)
    row = ticket(ticket_id)
    assert (row.sla_policy_id, row.respond_by, row.resolve_by, row.sla_paused_at) == (None,) * 4
    shown = sla_tracking.get_ticket_sla(row, START)
    assert (shown.first_response, shown.resolution) == (None, None)


def test_the_first_policy_by_rank_whose_conditions_are_met_is_taken(
    file_ticket: FileTicket, cast: Cast, make_policy, ticket
) -> None:
    make_policy("Everything else", rank=500)
    make_policy("Gold", rank=10, company_id=cast.owner.company_id, kinds=[Kind.BUG])
    make_policy("Urgent", rank=20, priorities=[Priority.URGENT, Priority.CRITICAL])
    make_policy("Sleeping", rank=1, is_active=False)
    make_policy("Saltmarsh", rank=5, company_id=cast.stranger.company_id)

    def taken(**fields: Any) -> str:
        row = ticket(file_ticket(**fields))
        return {2: "Gold", 3: "Urgent", 1: "Everything else", 5: "Saltmarsh"}[row.sla_policy_id]

    assert taken(kind=Kind.BUG) == "Gold"
    assert taken(kind=Kind.BUG, priority=Priority.URGENT) == "Gold"
    assert taken(kind=Kind.INCIDENT, priority=Priority.CRITICAL) == "Urgent"
    assert taken(kind=Kind.INCIDENT) == "Everything else"
    assert taken(by=cast.stranger, kind=Kind.BUG) == "Saltmarsh"
    assert taken(by=cast.agent, kind=Kind.BUG) == "Everything else"


def test_targets_are_counted_in_the_hours_of_the_calendar(
    clock: Clock, file_ticket: FileTicket, make_policy, office: int, ticket, look
) -> None:
    make_policy(calendar_id=office, respond_minutes=600, resolve_minutes=1200)
    row = ticket(file_ticket())
    assert row.respond_by == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
    assert row.resolve_by == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert row.sla_next_at == datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    clock.now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    assert look() == 1
    assert ticket(row.id).sla_next_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_a_new_policy_counts_by_the_default_calendar(
    uow_for: UowFor, cast: Cast, office: int
) -> None:
    with uow_for(cast.admin) as uow:
        more = {"zone": "UTC", "week": OFFICE, "is_default": True}
        first = create_calendar(uow, "First", **more)
        second = create_calendar(uow, "Second", **more)
        assert not uow.connection.execute(
            text("SELECT is_default FROM business_calendar WHERE id = :id"), {"id": first.id}
        ).scalar_one()
        assert create_policy(uow, "A", resolve_minutes=60).calendar_id == second.id
        assert create_policy(uow, "B", resolve_minutes=60, calendar_id=None).calendar_id is None
        assert create_policy(uow, "C", resolve_minutes=60, calendar_id=office).calendar_id == office


@pytest.mark.parametrize("waits", [Status.PENDING_USER, Status.RESOLVED, Status.DUPLICATE])
def test_sla_target_is_paused_until_work_on_the_ticket_resumes(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, look, waits: Status
) -> None:
    make_policy()
    ticket_id = file_ticket()
    clock.forward(minutes=30)
    work(ticket_id, change_status, waits)
    row = ticket(ticket_id)
    assert (row.response_seconds_left, row.resolution_seconds_left) == (1800, 27_000)
    assert (row.sla_paused_at, row.sla_next_at) == (clock.now, None)
    clock.forward(days=3)
    assert look() == 0
    work(ticket_id, change_status, Status.IN_PROGRESS)
    row = ticket(ticket_id)
    assert row.respond_by == clock.now + timedelta(minutes=30)
    assert row.resolve_by == clock.now + timedelta(hours=7, minutes=30)
    assert (row.sla_paused_at, row.response_seconds_left, row.resolution_seconds_left) == (
        None,
        None,
        None,
    )
    assert row.sla_next_at == clock.now + timedelta(minutes=15)


def test_from_waiting_to_done_nothing_more_is_taken_off(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    make_policy()
    ticket_id = file_ticket()
    clock.forward(minutes=30)
    work(ticket_id, change_status, Status.PENDING_USER)
    clock.forward(days=2)
    work(ticket_id, change_status, Status.RESOLVED)
    row = ticket(ticket_id)
    assert (row.response_seconds_left, row.resolution_seconds_left, row.sla_breached_at) == (
        1800,
        27_000,
        None,
    )
    clock.forward(days=2)
    assert look() == 0
    work(ticket_id, reopen)
    assert ticket(ticket_id).resolve_by == clock.now + timedelta(hours=7, minutes=30)


def test_the_requesters_answer_lets_the_clock_go_on(
    clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy, ticket, work
) -> None:
    make_policy()
    ticket_id = file_ticket()
    work(ticket_id, change_status, Status.PENDING_USER)
    clock.forward(hours=20)
    work(ticket_id, commenting.add_comment, "It is the green one.", by=cast.owner)
    assert ticket(ticket_id).resolve_by == clock.now + timedelta(hours=8)
    assert ticket(ticket_id).respond_by == clock.now + timedelta(hours=1)


def test_sla_target_is_paused_in_the_trash(
    uow_for: UowFor,
    clock: Clock,
    cast: Cast,
    file_ticket: FileTicket,
    make_policy,
    ticket,
    work,
    look,
) -> None:
    make_policy()
    ticket_id = file_ticket()
    clock.forward(minutes=20)
    work(ticket_id, delete_ticket)
    clock.forward(days=9)
    assert look() == 0
    with uow_for(cast.admin) as uow:
        restore_ticket(uow, ticket_id)
    assert ticket(ticket_id).respond_by == clock.now + timedelta(minutes=40)


def test_public_reply_by_staff_meets_the_first_response_target(
    clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    make_policy(warn_percent=None)
    ticket_id = file_ticket()
    clock.forward(minutes=10)
    work(ticket_id, lambda uow, held: commenting.add_comment(uow, held, "Hm.", internal=True))
    work(ticket_id, commenting.add_comment, "Hello?", by=cast.owner)
    assert ticket(ticket_id).sla_next_at == START + timedelta(hours=1)
    clock.forward(minutes=50)
    work(ticket_id, commenting.add_comment, "We look at it.")
    row = ticket(ticket_id)
    assert row.first_response_at == row.respond_by == clock.now
    assert (row.first_response_breached_at, row.sla_next_at) == (None, row.resolve_by)
    clock.forward(hours=2)
    assert look() == 0
    assert states(row, clock.now)[0] == ("met", None)


def test_late_reply_records_the_breach_at_the_due_time_before_the_job_runs(
    uow_for: UowFor, clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy, ticket, work
) -> None:
    make_policy()
    answered, resolved, paused = file_ticket(), file_ticket(), file_ticket()
    clock.forward(hours=1, seconds=1)
    work(answered, commenting.add_comment, "We look at it.")
    assert ticket(answered).first_response_breached_at == START + timedelta(hours=1)
    clock.forward(hours=9)
    work(resolved, change_status, Status.RESOLVED)
    work(paused, change_status, Status.PENDING_USER)
    for ticket_id in (resolved, paused):
        row = ticket(ticket_id)
        assert row.sla_breached_at == START + timedelta(hours=8)
        assert row.first_response_breached_at == START + timedelta(hours=1)
        assert ("resolution", "breached") in lines(uow_for, cast, ticket_id)


def test_target_met_at_the_exact_second_is_met(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    make_policy()
    ticket_id = file_ticket()
    clock.forward(hours=8)
    work(ticket_id, change_status, Status.RESOLVED)
    assert look() == 0
    assert ticket(ticket_id).sla_breached_at is None


def test_breached_target_stays_breached(
    uow_for: UowFor,
    clock: Clock,
    cast: Cast,
    file_ticket: FileTicket,
    make_policy,
    ticket,
    work,
    look,
) -> None:
    make_policy()
    make_policy("Slow", rank=1, priorities=[Priority.LOW], resolve_minutes=50_000)
    ticket_id = file_ticket()
    clock.forward(hours=9)
    look()
    broken_at = START + timedelta(hours=8)
    work(ticket_id, edit, {"priority": Priority.LOW})
    work(ticket_id, change_status, Status.RESOLVED)
    clock.forward(hours=1)
    work(ticket_id, reopen)
    clock.forward(days=90)
    assert look() == 0
    row = ticket(ticket_id)
    assert (row.sla_breached_at, row.resolve_by) == (broken_at, broken_at)
    assert lines(uow_for, cast, ticket_id).count(("resolution", "breached")) == 1


def test_priority_change_recalculates_targets_from_creation_without_pauses(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, office: int
) -> None:
    make_policy()
    make_policy("Low", rank=1, priorities=[Priority.LOW], calendar_id=office, resolve_minutes=960)
    ticket_id = file_ticket()
    clock.forward(hours=1)
    work(ticket_id, change_status, Status.PENDING_USER)
    clock.forward(hours=2)
    work(ticket_id, change_status, Status.OPEN)
    clock.forward(hours=1)
    work(ticket_id, edit, {"priority": Priority.LOW})
    # Sixteen business hours from nine, and two more for the pause.
    assert ticket(ticket_id).resolve_by == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    work(ticket_id, edit, {"priority": Priority.MEDIUM})
    assert ticket(ticket_id).resolve_by == START + timedelta(hours=10)


def test_earlier_target_can_be_breached_immediately(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work
) -> None:
    make_policy("Slow", resolve_minutes=6000)
    make_policy("Quick", rank=1, priorities=[Priority.CRITICAL], resolve_minutes=120)
    ticket_id = file_ticket()
    clock.forward(hours=5)
    work(ticket_id, edit, {"priority": Priority.CRITICAL})
    assert ticket(ticket_id).sla_breached_at == START + timedelta(hours=2)


def test_changed_ticket_that_waits_keeps_the_remaining_time_of_its_new_target(
    uow_for: UowFor, clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    make_policy()
    make_policy("Bugs", rank=1, kinds=[Kind.BUG], resolve_minutes=180)
    ticket_id = file_ticket(kind=Kind.SUPPORT)
    clock.forward(minutes=30)
    work(ticket_id, change_status, Status.PENDING_USER)
    clock.forward(hours=30)
    work(ticket_id, edit, {"kind": Kind.BUG})
    row = ticket(ticket_id)
    assert (row.resolution_seconds_left, row.sla_paused_at) == (9000, START + timedelta(minutes=30))
    assert look() == 0
    work(ticket_id, change_status, Status.OPEN)
    assert ticket(ticket_id).resolve_by == clock.now + timedelta(hours=2, minutes=30)


def test_ticket_that_no_longer_matches_a_policy_loses_its_targets(
    cast: Cast, clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    policy_id = make_policy(company_id=cast.owner.company_id)
    ticket_id = file_ticket()
    assert ticket(ticket_id).sla_policy_id == policy_id
    work(ticket_id, editing.set_company, None)
    row = ticket(ticket_id)
    assert (row.sla_policy_id, row.respond_by, row.resolve_by, row.sla_next_at) == (None,) * 4
    clock.forward(hours=2)
    assert look() == 0
    work(ticket_id, editing.set_company, cast.owner.company_id)
    row = ticket(ticket_id)
    assert row.resolve_by == START + timedelta(hours=8)
    assert row.first_response_breached_at == START + timedelta(hours=1)


def test_finished_ticket_keeps_its_targets(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work
) -> None:
    make_policy()
    make_policy("Low", rank=1, priorities=[Priority.LOW], resolve_minutes=5)
    ticket_id = file_ticket()
    clock.forward(hours=1)
    work(ticket_id, change_status, Status.CLOSED)
    work(ticket_id, edit, {"priority": Priority.LOW})
    assert ticket(ticket_id).resolve_by == START + timedelta(hours=8)


def test_changed_policy_applies_only_to_new_targets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, make_policy, ticket
) -> None:
    policy_id = make_policy()
    before = file_ticket()
    with uow_for(cast.admin) as uow:
        update_policy(uow, policy_id, {"resolve_minutes": 60, "respond_minutes": None})
    after = file_ticket()
    assert ticket(before).resolve_by == START + timedelta(hours=8)
    assert (ticket(after).resolve_by, ticket(after).respond_by) == (
        START + timedelta(hours=1),
        None,
    )


@pytest.mark.parametrize("seed", range(6))
def test_incremental_remaining_time_equals_the_time_calculated_from_the_timeline(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, office: int, seed: int
) -> None:
    dice = Random(seed)
    make_policy(calendar_id=office, respond_minutes=60_000, resolve_minutes=90_000)
    make_policy("Same", rank=1, kinds=[Kind.BUG], calendar_id=office, resolve_minutes=90_000)
    ticket_id = file_ticket(kind=Kind.SUPPORT)
    for _ in range(8):
        clock.forward(seconds=dice.randint(1, 200_000))
        free = [one for one in Status if one is not Status.PENDING_APPROVAL]
        work(ticket_id, change_status, dice.choice(free))
    clock.forward(hours=1)
    work(ticket_id, change_status, dice.choice([Status.OPEN, Status.PENDING_USER]))
    stepwise = ticket(ticket_id)
    work(ticket_id, edit, {"kind": Kind.BUG})
    at_once = ticket(ticket_id)
    assert at_once.sla_policy_id != stepwise.sla_policy_id
    for name in ("resolve_by", "resolution_seconds_left", "sla_paused_at"):
        if name != "resolve_by" or stepwise.sla_paused_at is None:
            assert getattr(at_once, name) == getattr(stepwise, name), name


def test_sla_notifications_go_to_the_people_concerned(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, make_policy, work, look
) -> None:
    make_policy(respond_minutes=None, warn_percent=None)
    with uow_for(cast.admin) as uow:
        team_id = customers.get_or_create_team(uow, "Tech")
        member = build_actor_with_role_defaults(
            create_person(
                uow,
                username="tamsin",
                email="tamsin@example.com",
                password=None,
                role=Role.AGENT,
                team_id=team_id,
            )
        )
    of_agent, of_team, of_nobody = file_ticket(), file_ticket(), file_ticket()
    work(of_agent, assigning.assign, cast.agent.id)
    work(of_team, assigning.set_team, team_id)
    clock.forward(hours=9)
    assert look() == 3
    assert fields(uow_for, cast.agent) == ["SUP-1 is past its resolution target"]
    assert fields(uow_for, member) == ["SUP-2 is past its resolution target"]
    assert fields(uow_for, cast.manager) == ["SUP-3 is past its resolution target"]
    assert fields(uow_for, cast.admin) == fields(uow_for, cast.owner) == []
    assert lines(uow_for, cast, of_nobody) == [("resolution", "breached")]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["team"], {"agent", "member"}),
        (["department_manager"], {"agent", "head"}),
        (["managers"], {"agent", "manager"}),
        (["managers", "department_manager", "team"], {"agent", "member", "head", "manager"}),
    ],
)
def test_groups_of_the_policy_are_alerted_besides_the_assignee(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    make_policy,
    work,
    look,
    groups: list[str],
    expected: set[str],
) -> None:
    make_policy(respond_minutes=None, warn_percent=None, alert_groups=groups)
    with uow_for(cast.admin) as uow:
        team_id = customers.get_or_create_team(uow, "Tech")
        people = {
            name: build_actor_with_role_defaults(
                create_person(
                    uow,
                    username=name,
                    email=f"{name}@example.com",
                    password=None,
                    role=Role.AGENT,
                    team_id=team_id if name == "member" else None,
                )
            )
            for name in ("member", "head")
        }
        department = create_department(uow, "Facilities", manager_id=people["head"].id)
    people |= {"agent": cast.agent, "manager": cast.manager, "admin": cast.admin}
    ticket_id = file_ticket(department_id=department.id)
    work(ticket_id, assigning.set_team, team_id)
    work(ticket_id, assigning.assign, cast.agent.id)
    clock.forward(hours=9)
    assert look() == 1
    alert = ["SUP-1 is past its resolution target"]
    alerted = {name: fields(uow_for, person) for name, person in people.items()}
    assert {name for name, messages in alerted.items() if messages == alert} == expected
    assert all(not messages for name, messages in alerted.items() if name not in expected)


def test_who_is_near_the_end_is_warned_once(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket, make_policy, work, look
) -> None:
    make_policy(respond_minutes=None, warn_percent=50)
    ticket_id = file_ticket()
    clock.forward(hours=4, seconds=1)
    assert look() == 1
    work(ticket_id, change_status, Status.PENDING_USER)
    clock.forward(hours=4)
    work(ticket_id, change_status, Status.OPEN)
    clock.forward(hours=1)
    work(ticket_id, edit, {"priority": Priority.HIGH})
    assert look() == 0
    assert lines(uow_for, cast, ticket_id) == [("resolution", "warned")]
    assert fields(uow_for, cast.manager) == ["SUP-1 is approaching its resolution target"]


def test_concurrent_checks_record_each_breach_once(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    make_policy,
    database: Engine,
) -> None:
    make_policy(warn_percent=None)
    ids = [file_ticket() for _ in range(12)]
    clock.forward(hours=9)

    def look_once(_: int) -> int:
        with uow_for(None) as uow:
            return sla_tracking.check_due_targets(uow, limit=5)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(look_once, range(6))) >= 12
    for ticket_id in ids:
        assert sorted(lines(uow_for, cast, ticket_id)) == [
            ("first_response", "breached"),
            ("resolution", "breached"),
        ]


def plan_of(uow: UnitOfWork, statement: Any, **values: Any) -> str:
    """Return the query plan of SQLite for a statement."""
    compiled = statement.params(**values).compile(dialect=uow.connection.dialect)
    fields = compiled.construct_expanded_state()
    sent = tuple(map(str, fields.positional_parameters))
    rows = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {fields.statement}", sent).all()
    return "\n".join(row[-1] for row in rows)


def test_no_query_scans_all_tickets(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(cast.admin, writes=False) as uow:
        if not uow.is_sqlite:
            return
        due = plan_of(uow, sla_tracking._SELECT_DUE_IDS, now=clock.now, limit=1)
        assert due == "SEARCH ticket USING COVERING INDEX ix_ticket_sla_next (sla_next_at<?)"
        turns = plan_of(uow, sla_tracking._SELECT_CLOCK_CHANGES, ticket_id=1)
        assert turns.startswith("SEARCH timeline USING INDEX ix_timeline_ticket")
        period = {"since": clock.now, "until": clock.now}
        for department in ({}, {"department_id": 1}):
            statement = sla_compliance._select_all_counts(bool(department))
            counted = plan_of(uow, statement, **period, **department)
            for name in ("resolution_kept", "resolution_broken", "response_kept"):
                assert f"USING COVERING INDEX ix_ticket_{name} " in counted, counted


def test_sla_state_shows_the_remaining_time_or_the_pause(
    clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    make_policy()
    ticket_id = file_ticket()
    clock.forward(minutes=15)

    def current_states() -> Any:
        return states(ticket(ticket_id), clock.now)

    assert current_states() == [("running", 2700), ("running", 27_900)]
    work(ticket_id, change_status, Status.PENDING_USER)
    clock.forward(days=1)
    assert current_states() == [("paused", 2700), ("paused", 27_900)]
    assert sla_tracking.get_ticket_sla(ticket(ticket_id), clock.now).resolution_due_at is None
    work(ticket_id, commenting.add_comment, "Which one?")
    assert current_states()[0] == ("met", None)
    work(ticket_id, change_status, Status.OPEN)
    clock.forward(days=1)
    assert current_states() == [("met", None), ("missed", None)]
    look()
    assert current_states() == [("met", None), ("missed", None)]
    other = file_ticket()
    work(other, change_status, Status.RESOLVED)
    assert states(ticket(other), clock.now) == [("not_applicable", None), ("met", None)]


DONE_WITHOUT_REPLY = {
    "resolved": lambda uow, ticket: change_status(uow, ticket, Status.RESOLVED),
    "closed": lambda uow, ticket: change_status(uow, ticket, Status.CLOSED),
    "rejected": lambda uow, ticket: change_status(uow, ticket, Status.WONT_FIX),
    "duplicate": lambda uow, ticket: status_changes.mark_duplicate(uow, ticket, 1),
    "merged": lambda uow, ticket: merging.merge(uow, ticket.id, 1),
}


@pytest.mark.parametrize("how", DONE_WITHOUT_REPLY)
def test_first_response_is_not_applicable_where_nobody_answered(
    how: str, uow_for: UowFor, clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy,
    ticket, work, look,
) -> None:  # fmt: skip
    make_policy()
    original, ticket_id = file_ticket(), file_ticket()
    assert original == 1
    clock.forward(minutes=15)
    work(ticket_id, DONE_WITHOUT_REPLY[how])
    clock.forward(days=1)
    look()
    done = sla_tracking.get_ticket_sla(ticket(ticket_id), clock.now).first_response
    assert done == sla_tracking.SlaTarget(sla_tracking.TargetState.NOT_APPLICABLE, None, None, None)
    with uow_for(cast.manager, writes=False) as uow:
        measured = sla_tracking.measure_compliance(
            uow, since=START, until=START + timedelta(days=3)
        ).first_response
        assert measured == sla_tracking.ComplianceRate(0, 1)  # the original, which nobody answered
        for flag, found in (("response_met", []), ("response_breached", [original])):
            rows = ticket_list.page(uow, ticket_query.TicketQuery(**{flag: True})).rows
            assert [row.id for row in rows] == found


def test_a_target_that_was_not_applicable_applies_again_with_what_was_left(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work, look
) -> None:
    make_policy()
    ticket_id = file_ticket()
    clock.forward(minutes=15)
    work(ticket_id, change_status, Status.RESOLVED)
    clock.forward(days=2)
    work(ticket_id, reopen)
    assert states(ticket(ticket_id), clock.now)[0] == ("running", 45 * 60)
    clock.forward(minutes=30)
    work(ticket_id, commenting.add_comment, "Try again.")
    assert states(ticket(ticket_id), clock.now)[0] == ("met", None)
    other = file_ticket()
    work(other, change_status, Status.RESOLVED)
    work(other, change_status, Status.OPEN)
    clock.forward(hours=2)
    look()
    assert states(ticket(other), clock.now)[0] == ("missed", None)
    work(other, change_status, Status.RESOLVED)
    assert states(ticket(other), clock.now)[0] == ("missed", None)


def test_a_reply_after_the_ticket_was_done_meets_the_target(
    clock: Clock, file_ticket: FileTicket, make_policy, ticket, work
) -> None:
    make_policy()
    ticket_id = file_ticket()
    work(ticket_id, change_status, Status.RESOLVED)
    clock.forward(days=2)
    work(ticket_id, commenting.add_comment, "It was the bulb.")
    assert states(ticket(ticket_id), clock.now)[0] == ("met", None)


def test_list_shows_sla_targets_like_the_ticket(
    uow_for: UowFor, clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy, ticket, work
) -> None:
    make_policy()
    ids = [file_ticket() for _ in range(3)]
    clock.forward(minutes=5)
    work(ids[0], change_status, Status.PENDING_USER)
    work(ids[1], change_status, Status.RESOLVED)
    with uow_for(cast.agent, writes=False) as uow:
        rows = ticket_list.page(
            uow, ticket_query.TicketQuery(sort="number"), column_set="summary_with_sla"
        ).rows
    listed = {row.id: sla_tracking.get_ticket_sla(row, clock.now) for row in rows}
    assert listed == {one: sla_tracking.get_ticket_sla(ticket(one), clock.now) for one in ids}


def test_compliance_report_counts_met_and_breached_targets(
    uow_for: UowFor, clock: Clock, cast: Cast, file_ticket: FileTicket, make_policy, work, look
) -> None:
    def kept(hours: float = 24, **fields: Any) -> sla_tracking.ComplianceReport:
        since = clock.now - timedelta(hours=hours)
        with uow_for(cast.agent, writes=False) as uow:
            return sla_tracking.measure_compliance(uow, since=since, until=clock.now, **fields)

    file_ticket(by=cast.agent)
    department_id = department(uow_for, cast)
    make_policy("Gold", company_id=cast.owner.company_id)
    make_policy("Answers only", rank=500, resolve_minutes=None)
    assert kept() == sla_tracking.ComplianceReport(
        0, 0, None, {}, {}, sla_tracking.ComplianceRate(0, 0)
    )
    in_time = [file_ticket(department_id=department_id) for _ in range(2)]
    late, never, thrown = (file_ticket(priority=Priority.HIGH) for _ in range(3))
    answered = file_ticket(by=cast.stranger)
    clock.forward(minutes=30)
    for ticket_id in (*in_time, answered):
        work(ticket_id, commenting.add_comment, "We look at it.")
        work(ticket_id, change_status, Status.RESOLVED)
    clock.forward(hours=10)
    work(late, change_status, Status.CLOSED)
    look()
    work(thrown, delete_ticket)
    clock.forward(hours=1)
    assert kept() == sla_tracking.ComplianceReport(
        met=2,
        breached=2,
        percent=50.0,
        by_policy={(1, "Gold"): sla_tracking.ComplianceRate(2, 2)},
        by_priority={
            Priority.MEDIUM: sla_tracking.ComplianceRate(2, 0),
            Priority.HIGH: sla_tracking.ComplianceRate(0, 2),
        },
        first_response=sla_tracking.ComplianceRate(3, 2),
    )
    only_here = kept(department_id=department_id)
    assert (only_here.met, only_here.breached, only_here.percent) == (2, 0, 100.0)
    assert (kept(hours=4).met, kept(hours=4).breached) == (0, 2)
    work(in_time[0], reopen)
    assert (kept().met, kept().breached) == (1, 2)
    assert never
    with uow_for(cast.owner, writes=False) as uow, pytest.raises(Forbidden):
        sla_tracking.measure_compliance(uow, since=START, until=clock.now)


def department(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.admin) as uow:
        made = Department(name="Lighting", created_at=uow.now)
        uow.session.add(made)
        uow.flush()
        assert made.id is not None
        return made.id


def test_only_admins_manage_sla_policies(
    uow_for: UowFor, cast: Cast, make_policy, office: int
) -> None:
    policy_id = make_policy()
    deeds: tuple[Callable[[UnitOfWork], Any], ...] = (
        lambda uow: create_policy(uow, "Mine", resolve_minutes=1),
        lambda uow: update_policy(uow, policy_id, {"rank": 1}),
        lambda uow: sla_policies.delete_policy(uow, policy_id),
        lambda uow: create_calendar(uow, "Mine", zone="UTC", week=OFFICE),
        lambda uow: business_calendars.update_calendar(uow, office, {"name": "Mine"}),
        lambda uow: business_calendars.delete_calendar(uow, office),
    )
    looks: tuple[Callable[[UnitOfWork], Any], ...] = (
        sla_policies.list_policies,
        business_calendars.list_calendars,
        lambda uow: sla_policies.get_policy(uow, policy_id),
        lambda uow: business_calendars.get_calendar(uow, office),
    )
    for actor, refused in ((cast.owner, deeds + looks), (cast.manager, deeds)):
        for action in refused:
            with uow_for(actor) as uow, pytest.raises(Forbidden):
                action(uow)


def test_number_of_policies_is_limited(
    uow_for: UowFor, cast: Cast, make_policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_rows, "MAX_ROWS", 1)
    make_policy()
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        create_policy(uow, "One more", resolve_minutes=60)


def test_two_admins_who_take_one_name_at_once_are_one(uow_for: UowFor, cast: Cast) -> None:
    def add(_: int) -> bool:
        try:
            with uow_for(cast.admin) as uow:
                create_policy(uow, "Standard", resolve_minutes=60)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(add, range(4))) == 1
