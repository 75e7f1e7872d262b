"""The transition table decides every change of a status, whichever way it is caused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.notifications.notifications import list_own
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, Forbidden, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status, StatusGroup
from ticket_app.core.tickets import (
    assigning,
    counters,
    editing,
    locking,
    merging,
    opening,
    rating,
    status_changes,
    ticket_lookup,
    trash,
    undo,
)
from ticket_app.core.tickets import updates as ticket_updates
from ticket_app.core.tickets.allowed_actions import RULES, Action, allowed_actions
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.tickets.transitions import (
    TRANSITIONS,
    Cause,
    Effect,
    TransitionRole,
    find_transition,
)
from ticket_app.core.timeline import timeline
from ticket_app.settings import reload_settings
from ticket_app.tables import Ticket

DONE = [status for status in Status if status.group is StatusGroup.DONE]
UNFINISHED = [
    status
    for status in Status
    if status.group is not StatusGroup.DONE and status is not Status.PENDING_APPROVAL
]
WHOLE = (
    "status_group",
    "resolved_at",
    "closed_at",
    "reopened_count",
    "sla_paused_at",
    "resolve_by",
    "resolution_seconds_left",
    "sla_next_at",
)


@pytest.fixture
def ticket_in(uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket):
    """Files a ticket and puts it into a status an hour later."""

    def put(status: Status) -> int:
        ticket_id = file_ticket()
        clock.forward(hours=1)
        with uow_for(cast.admin) as uow:
            status_changes.change_status(uow, locking.lock_ticket(uow, ticket_id), status)
        return ticket_id

    return put


def test_pending_approval_is_reached_by_asking_and_left_by_a_decision_only() -> None:
    into = {row.cause for row in TRANSITIONS if Status.PENDING_APPROVAL in row.targets}
    out = {row.cause for row in TRANSITIONS if Status.PENDING_APPROVAL in row.sources}
    assert into == {Cause.APPROVAL_REQUEST}
    assert out == {Cause.APPROVAL_DECISION}


def test_every_status_can_be_chosen_by_staff_from_every_other() -> None:
    staff = frozenset({TransitionRole.STAFF})
    for old, new in product(Status, Status):
        pending = Status.PENDING_APPROVAL in (old, new)
        if old is not new and not pending:
            assert find_transition(Cause.CHANGE, old, new, staff) is not None, (old, new)
            assert (
                find_transition(Cause.CHANGE, old, new, frozenset({TransitionRole.REQUESTER}))
                is None
            )


def test_every_way_out_of_the_finished_statuses_counts_as_reopening() -> None:
    for row in TRANSITIONS:
        if row.cause in (Cause.UNDO, Cause.UNMERGE):
            continue
        leaves = any(old.group is StatusGroup.DONE for old in row.sources) and any(
            new.group is not StatusGroup.DONE for new in row.targets
        )
        assert (Effect.REOPEN in row.effects) == leaves, row
        assert (Effect.NOTIFY_ASSIGNEE in row.effects) == leaves, row


@pytest.mark.parametrize("done", DONE)
@pytest.mark.parametrize("target", [*UNFINISHED, None])
def test_reopening_has_one_result_however_it_is_done(
    uow_for: UowFor, cast: Cast, clock: Clock, ticket_in, done: Status, target: Status | None
) -> None:
    ids = [ticket_in(done), ticket_in(done)]
    for ticket_id in ids:
        with uow_for(cast.admin) as uow:
            assigning.assign(uow, locking.lock_ticket(uow, ticket_id), cast.manager.id)
    clock.forward(days=30)
    results: list[dict[str, Any]] = []
    ways: list[Callable[[UnitOfWork, Ticket], None]] = [
        lambda uow, ticket: status_changes.change_status(uow, ticket, target or Status.REOPENED),
        status_changes.reopen,
    ]
    for ticket_id, way in zip(ids, ways, strict=True):
        with uow_for(cast.agent) as uow:
            way(uow, locking.lock_ticket(uow, ticket_id))
        with uow_for(cast.agent, writes=False) as uow:
            row = ticket_lookup.read_ticket(uow, ticket_id)
            line = timeline.list_creation_and_field_changes(uow, ticket_id, "status")[-1]
            results.append(
                {name: getattr(row, name) for name in WHOLE}
                | {"status_group": Status(row.status).group, "old": line.old_value}
            )
            assert line.new_value == row.status
    with uow_for(cast.manager, writes=False) as uow:
        notices = [(row.kind, row.message) for row in list_own(uow)]
    if target is Status.PENDING_USER:
        results[0]["status_group"] = results[1]["status_group"]
    assert results[0] == results[1]
    assert results[0]["reopened_count"] == 1
    assert notices == [("status_changed", "A ticket assigned to you was reopened")] * 2


@pytest.mark.parametrize("done", [Status.DUPLICATE, Status.WONT_FIX])
def test_requester_cannot_reopen_what_was_closed_for_good(
    uow_for: UowFor, cast: Cast, ticket_in, done: Status
) -> None:
    ticket_id = ticket_in(done)
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation, match="create a new one"):
        status_changes.reopen(uow, locking.lock_ticket(uow, ticket_id))


@pytest.mark.parametrize(("days", "setting", "allowed"), [(14, 14, True), (3, 2, False)])
def test_requester_reopens_within_the_days_of_the_setting(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    ticket_in,
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    setting: int,
    allowed: bool,
) -> None:
    monkeypatch.setenv("TICKET_REOPEN_DAYS", str(setting))
    reload_settings()
    ticket_id = ticket_in(Status.CLOSED)
    clock.forward(days=days)
    with uow_for(cast.owner, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert (Action.REOPEN in allowed_actions(row, cast.owner, now=clock.now)) == allowed
        assert Action.REOPEN in allowed_actions(row, cast.agent, now=clock.now)
    clock.forward(seconds=1)
    with (
        uow_for(cast.owner) as uow,
        pytest.raises(RuleViolation, match=f"more than {setting} days"),
    ):
        status_changes.reopen(uow, locking.lock_ticket(uow, ticket_id))


def test_undo_restores_the_status_with_its_times_and_count(
    uow_for: UowFor, cast: Cast, clock: Clock, ticket_in
) -> None:
    ticket_id = ticket_in(Status.CLOSED)
    with uow_for(cast.agent, writes=False) as uow:
        before = ticket_lookup.read_ticket(uow, ticket_id)
    clock.forward(hours=1)
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        shown = undo.take_snapshot(uow, ticket)
        status_changes.change_status(uow, ticket, Status.OPEN)
        step = undo.build_step(uow, ticket, shown)
    assert step
    with uow_for(cast.agent) as uow:
        undo.revert(uow, step)
    with uow_for(cast.agent, writes=False) as uow:
        after = ticket_lookup.read_ticket(uow, ticket_id)
        for name in ("status", *WHOLE):
            assert getattr(after, name) == getattr(before, name), name
        assert counters.count_all_tickets(uow).by_status == {"closed": 1}


ROLES = ("owner", "agent")
SITUATIONS: dict[str, tuple[set[Action], set[Action]]] = {
    # What the requester and what an agent may do.
    "new": (
        {Action.COMMENT, Action.UPLOAD, Action.EDIT},
        set(Action) - {Action.REOPEN, Action.RATE},
    ),
    "resolved": (
        {Action.COMMENT, Action.UPLOAD, Action.REOPEN, Action.RATE},
        set(Action) - {Action.RESOLVE, Action.RATE, Action.REQUEST_APPROVAL},
    ),
    "wont_fix": (
        {Action.COMMENT, Action.UPLOAD, Action.RATE},
        set(Action) - {Action.RESOLVE, Action.RATE, Action.REQUEST_APPROVAL},
    ),
    "pending_approval": (
        {Action.COMMENT, Action.UPLOAD, Action.EDIT},
        set(Action)
        - {
            Action.REOPEN,
            Action.RATE,
            Action.RESOLVE,
            Action.CHANGE_STATUS,
            Action.REQUEST_APPROVAL,
            Action.MARK_DUPLICATE,
            Action.MERGE,
        },
    ),
    "merged": (
        {Action.RATE},
        {Action.EDIT, Action.ASSIGN, Action.DELETE},
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_allowed_actions_are_those_that_are_not_refused(
    uow_for: UowFor, cast: Cast, clock: Clock, ticket_in, file_ticket, situation: str
) -> None:
    if situation == "merged":
        ticket_id, into = file_ticket(), file_ticket()
        with uow_for(cast.agent) as uow:
            merging.merge(uow, ticket_id, into)
    else:
        ticket_id = ticket_in(Status(situation))
    for role, expected in zip(ROLES, SITUATIONS[situation], strict=True):
        actor = getattr(cast, role)
        with uow_for(actor, writes=False) as uow:
            row = ticket_lookup.read_ticket(uow, ticket_id)
            assert allowed_actions(row, actor, now=clock.now) == expected, role
        for action, use in USES.items():
            try:
                with uow_for(actor) as uow:
                    use(uow, locking.lock_ticket(uow, ticket_id))
                    raise _UndoneError
            except _UndoneError:
                done = True
            except DomainError:
                done = False
            assert done == (action in expected), (role, action)


class _UndoneError(Exception):
    """Rolls back what was tried."""


USES: dict[Action, Callable[[UnitOfWork, Ticket], Any]] = {
    Action.EDIT: lambda uow, ticket: editing.edit(uow, ticket, {"title": "The lamp hums"}),
    Action.CHANGE_STATUS: lambda uow, ticket: status_changes.change_status(
        uow, ticket, Status.IN_PROGRESS
    ),
    Action.RESOLVE: lambda uow, ticket: (
        status_changes.change_status(uow, ticket, Status.RESOLVED)
        if Status(ticket.status).group is not StatusGroup.DONE
        else _reject()
    ),
    Action.REOPEN: status_changes.reopen,
    Action.ASSIGN: lambda uow, ticket: assigning.assign(uow, ticket, None),
    Action.REQUEST_APPROVAL: approval_requests.request_approval,
    Action.RATE: lambda uow, ticket: rating.rate(uow, ticket, 5),
    Action.DELETE: trash.delete_ticket,
}


def _reject() -> None:
    raise RuleViolation("Resolving what is finished changes nothing")


def test_every_action_has_a_rule() -> None:
    assert set(RULES) == set(Action)


def create_with_status(uow_for: UowFor, actor: Actor, status: Status | None, **fields: Any) -> int:
    """File a ticket and give it a status in the same transaction, as the APIs do."""
    with uow_for(actor) as uow:
        ticket = opening.open_ticket(uow, TicketDraft("The lamp", "Dark", **fields))
        if status is not None:
            ticket_updates.update_ticket(uow, ticket, {"status": status})
        assert ticket.id is not None
        return ticket.id


@pytest.mark.parametrize(
    ("asked", "becomes", "group"),
    [
        (None, "new", "open"),
        (Status.NEW, "new", "open"),
        (Status.IN_PROGRESS, "in_progress", "open"),
        (Status.PENDING_USER, "pending_user", "waiting"),
        (Status.PENDING_APPROVAL, "pending_approval", "waiting"),
        (Status.RESOLVED, "resolved", "done"),
        (Status.WONT_FIX, "wont_fix", "done"),
    ],
)
def test_a_ticket_is_created_in_the_status_that_is_asked_for(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    asked: Status | None,
    becomes: str,
    group: str,
) -> None:
    ticket_id = create_with_status(uow_for, cast.agent, asked)
    with uow_for(cast.agent, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        assert (row.status, row.status_group) == (becomes, group)
        assert row.resolved_at == (clock.now if group == "done" else None)
        assert counters.count_all_tickets(uow).by_status == {becomes: 1}


def test_requester_files_in_no_status_but_the_usual(uow_for: UowFor, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        create_with_status(uow_for, cast.owner, Status.RESOLVED)
    with uow_for(cast.agent, writes=False) as uow:
        assert counters.count_all_tickets(uow).by_status == {}


def test_an_assigned_ticket_is_created_in_the_status_that_is_asked_for(
    uow_for: UowFor, cast: Cast
) -> None:
    ids = {
        status: create_with_status(uow_for, cast.agent, status, assignee_id=cast.agent.id)
        for status in (None, Status.NEW, Status.IN_PROGRESS)
    }
    with uow_for(cast.agent, writes=False) as uow:
        assert {
            status: ticket_lookup.read_ticket(uow, one).status for status, one in ids.items()
        } == {
            None: "open",
            Status.NEW: "new",
            Status.IN_PROGRESS: "in_progress",
        }
