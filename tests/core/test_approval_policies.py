"""When approval is needed, who is asked then, and what cannot go on without it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.approving import asking, policy, put_before, waiting_for
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.decisions import act, cancel
from ticket_app.core.approvals.listing import WaitingQuery
from ticket_app.core.approvals.policies import ALL, PolicyDraft, StepPlan, draft_of
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleBroken
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.vocabulary import ApprovalAction, Kind, Priority, Role, Status
from ticket_app.core.tickets import counters, ticket_list, transitions, trash
from ticket_app.core.tickets.tickets import (
    change_status,
    delete_ticket,
    edit,
    hold,
    mark_duplicate,
    reopen,
    set_department,
)
from ticket_app.core.timeline import timeline
from ticket_app.tables import Department, Person

APPROVE, REJECT = ApprovalAction.APPROVE, ApprovalAction.REJECT
WHOLE = Slice()


@pytest.fixture
def department(desk_for: DeskFor, cast: Cast, clock: Clock) -> int:
    """A department whose manager is the agent."""
    with desk_for(cast.admin) as desk:
        made = Department(name="Workshop", manager_id=cast.agent.id, created_at=clock.now)
        desk.session.add(made)
        desk.settle()
        assert made.id is not None
        return made.id


def approvers_of(desk_for: DeskFor, cast: Cast, ticket_id: int) -> set[int]:
    """Who is asked now."""
    with desk_for(cast.agent, writes=False) as desk:
        told = approval_listing.of_ticket(desk, ticket_id)
        asks = [ask for step in told[0]["steps"] for ask in step["asks"]] if told else []
        return {ask["approver"]["id"] for ask in asks if ask["state"] == "pending"}


def test_it_works(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, department: int) -> None:
    draft = PolicyDraft(
        name="  Costly  changes ",
        steps=(
            StepPlan(Approvers(roles=(Role.MANAGER,)), quorum=ALL, hours=24),
            StepPlan(
                Approvers(people=(cast.admin.id, cast.admin.id), department_manager=True),
                "Board",
                2,
                48.5,
                Approvers(roles=(Role.ADMIN,)),
            ),
        ),
        kinds=(Kind.CHANGE, Kind.REQUEST),
        priorities=(Priority.HIGH,),
        department_ids=(department,),
    )
    with desk_for(cast.admin) as desk:
        policy_id = approval_policies.add(desk, draft)
    with desk_for(cast.agent, writes=False) as desk:
        kept = draft_of(approval_policies.read(desk, policy_id))
        assert (kept.name, kept.kinds) == ("Costly changes", draft.kinds)
        assert [step.name for step in kept.steps] == ["Step 1", "Board"]
        assert kept.steps[1].approvers == Approvers((cast.admin.id,), (), department_manager=True)
        assert [row.id for row in approval_policies.page(desk, Slice()).rows] == [policy_id]
        assert approval_policies.count(desk) == 1
    fits: dict[str, Any] = {
        "kind": Kind.CHANGE,
        "priority": Priority.HIGH,
        "department_id": department,
    }
    assert approvers_of(desk_for, cast, file_ticket(**fits)) == {cast.manager.id}
    other = {"kind": Kind.BUG, "priority": Priority.LOW, "department_id": None}
    for name, value in other.items():
        ticket_id = file_ticket(**{**fits, name: value})
        with desk_for(cast.owner) as desk:
            assert ticket_list.read(desk, ticket_id).status == Status.NEW
            assert approval_listing.of_ticket(desk, ticket_id) == []


def test_filing_a_ticket_asks_at_once(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager))
    ticket_id = file_ticket()
    with desk_for(cast.owner, writes=False) as desk:
        assert ticket_list.read(desk, ticket_id).status == Status.PENDING_APPROVAL
        lines = [(line.field, line.new_value) for line in timeline.lines(desk, ticket_id)]
        assert lines == [("status", "new"), ("requested", None), ("status", "pending_approval")]
        assert approval_listing.of_ticket(desk, ticket_id)[0]["requested_by"]["id"] == cast.owner.id
    with desk_for(cast.agent) as desk:
        assert counters.totals(desk).by_status == {"pending_approval": 1}


def test_the_first_in_order_that_fits_counts(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.admin), name="Any")
    policy(desk_for, cast.admin, asking(cast.agent), name="Off", rank=1, is_active=False)
    bugs = policy(
        desk_for, cast.admin, asking(cast.manager), name="Bugs", rank=50, kinds=(Kind.BUG,)
    )
    assert approvers_of(desk_for, cast, file_ticket(kind=Kind.BUG)) == {cast.manager.id}
    assert approvers_of(desk_for, cast, file_ticket()) == {cast.admin.id}
    with desk_for(cast.admin) as desk:
        approval_policies.change(desk, bugs, {"rank": 200})
    assert approvers_of(desk_for, cast, file_ticket(kind=Kind.BUG)) == {cast.admin.id}


@pytest.mark.parametrize("after", sorted(transitions.BEHIND_APPROVAL))
def test_without_the_approval_a_ticket_is_not_worked(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, after: Status
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager))
    ticket_id = file_ticket()
    with desk_for(cast.manager) as desk:
        (request_id,) = waiting_for(desk)
    with desk_for(cast.owner) as desk:
        cancel(desk, request_id)
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken, match="Costs"):
        change_status(desk, hold(desk, ticket_id), after)
    put_before(desk_for, cast.agent, ticket_id, approver_ids=[cast.admin.id])
    with desk_for(cast.admin) as desk:
        act(desk, waiting_for(desk)[0], APPROVE)
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken, match="Costs"):
        change_status(desk, hold(desk, ticket_id), after)
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), Status.PENDING_APPROVAL)
    with desk_for(cast.manager) as desk:
        act(desk, waiting_for(desk)[0], APPROVE)
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), after)
        assert hold(desk, ticket_id).status == after


def test_what_is_given_up_needs_no_approval(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    original = file_ticket()
    policy(desk_for, cast.admin, asking(cast.manager))
    given_up, twice = file_ticket(), file_ticket()
    with desk_for(cast.admin) as desk:
        for row in approval_listing.waiting(desk, WaitingQuery(everybody=True), Slice()).rows:
            cancel(desk, row.id)
        change_status(desk, hold(desk, given_up), Status.WONT_FIX)
        mark_duplicate(desk, hold(desk, twice), original)


def test_a_refused_ticket_taken_up_again_still_needs_approval(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager))
    ticket_id = file_ticket()
    with desk_for(cast.manager) as desk:
        act(desk, waiting_for(desk)[0], REJECT, comments="No")
    with desk_for(cast.agent) as desk:
        reopen(desk, hold(desk, ticket_id))
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken):
        change_status(desk, hold(desk, ticket_id), Status.RESOLVED)


def test_a_ticket_changed_into_one_that_needs_approval_needs_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    policy(
        desk_for,
        cast.admin,
        asking(cast.manager),
        kinds=(Kind.CHANGE,),
        department_ids=(department,),
    )
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        ticket = hold(desk, ticket_id)
        edit(desk, ticket, {"kind": Kind.CHANGE})
        set_department(desk, ticket, department)
        with pytest.raises(RuleBroken):
            change_status(desk, ticket, Status.IN_PROGRESS)


def test_a_policy_counts_for_tickets_filed_after_it(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    before = file_ticket(kind=Kind.BUG)
    clock.forward(hours=1)
    policy_id = policy(desk_for, cast.admin, asking(cast.manager), kinds=(Kind.CHANGE,))
    meanwhile = file_ticket(kind=Kind.BUG)
    clock.forward(hours=1)
    with desk_for(cast.admin) as desk:
        approval_policies.change(desk, policy_id, {"kinds": (Kind.BUG,)})
    after = file_ticket(kind=Kind.BUG)
    with desk_for(cast.agent) as desk:
        for ticket_id in (before, meanwhile):
            change_status(desk, hold(desk, ticket_id), Status.RESOLVED)
        assert hold(desk, after).status == Status.PENDING_APPROVAL


def test_a_request_goes_on_as_it_began(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy_id = policy(desk_for, cast.admin, asking(cast.manager), asking(cast.admin))
    ticket_id = file_ticket()
    with desk_for(cast.admin) as desk:
        approval_policies.change(desk, policy_id, {"steps": (asking(cast.agent),), "name": "New"})
        approval_policies.remove(desk, policy_id)
    with desk_for(cast.admin) as desk, pytest.raises(NotFound):
        approval_policies.remove(desk, policy_id)
    for actor in (cast.manager, cast.admin):
        with desk_for(actor) as desk:
            act(desk, waiting_for(desk)[0], APPROVE)
    with desk_for(cast.agent) as desk:
        (told,) = approval_listing.of_ticket(desk, ticket_id)
        assert (told["state"], told["policy"]) == ("approved", {"id": None, "name": "Costs"})


def test_without_a_policy_the_manager_of_the_department_is_asked(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    ticket_id, other = file_ticket(department_id=department), file_ticket()
    for one in (ticket_id, other):
        put_before(desk_for, cast.admin, one)
    assert approvers_of(desk_for, cast, ticket_id) == {cast.agent.id}
    assert approvers_of(desk_for, cast, other) == {cast.manager.id}
    own = file_ticket(department_id=department)
    put_before(desk_for, cast.agent, own)
    assert approvers_of(desk_for, cast, own) == {cast.manager.id}


def test_where_too_few_can_be_asked_the_admins_decide(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.agent, cast.manager, quorum=2))
    with desk_for(cast.admin) as desk:
        desk.session.get_one(Person, cast.manager.id).is_active = False
    ticket_id = file_ticket()
    assert approvers_of(desk_for, cast, ticket_id) == {cast.agent.id, cast.admin.id}
    with desk_for(cast.agent) as desk:
        line = next(line for line in timeline.lines(desk, ticket_id) if line.field == "asked")
        assert line.new_value == "Agnes Hale, Addie Minton"
        assert line.body == "Too few can be asked here: the admins decide."


def test_a_request_that_nobody_could_decide_is_refused(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        desk.session.get_one(Person, cast.manager.id).is_active = False
    ticket_id = file_ticket()
    with pytest.raises(RuleBroken):
        put_before(desk_for, cast.admin, ticket_id)
    with desk_for(cast.agent) as desk:
        assert ticket_list.read(desk, ticket_id).status == Status.NEW


def test_who_may_ask(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Forbidden):
        put_before(desk_for, cast.owner, ticket_id)
    with pytest.raises(NotFound):
        put_before(desk_for, cast.stranger, ticket_id)
    put_before(desk_for, cast.agent, ticket_id)
    with pytest.raises(Conflict):
        put_before(desk_for, cast.agent, ticket_id)
    done = file_ticket()
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, done), Status.RESOLVED)
    with pytest.raises(RuleBroken):
        put_before(desk_for, cast.agent, done)


@pytest.mark.parametrize(
    "told",
    [
        {"policy_id": 4711},
        {"approver_ids": [4711]},
        {"approver_ids": [1]},
        {"approver_ids": [6], "policy_id": 1},
    ],
)
def test_who_is_asked_must_be_known(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, told: dict[str, Any]
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Invalid) as refused:
        put_before(desk_for, cast.agent, ticket_id, **told)
    assert refused.value.field in told


def test_two_ask_at_once_and_one_request_comes_of_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()

    def ask(actor: Actor) -> type[Exception] | None:
        try:
            put_before(desk_for, actor, ticket_id)
        except Conflict as late:
            return type(late)
        return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(ask, (cast.agent, cast.admin))) == {None, Conflict}
    with desk_for(cast.agent) as desk:
        assert len(approval_listing.of_ticket(desk, ticket_id)) == 1


def test_only_those_who_set_up_the_desk_change_policies(desk_for: DeskFor, cast: Cast) -> None:
    policy_id = policy(desk_for, cast.admin, asking(cast.manager))
    draft = PolicyDraft("Another", (asking(cast.manager),))
    for actor in (cast.owner, cast.agent, cast.manager):
        with desk_for(actor) as desk:
            for do in (
                lambda desk=desk: approval_policies.add(desk, draft),
                lambda desk=desk: approval_policies.change(desk, policy_id, {"rank": 1}),
                lambda desk=desk: approval_policies.remove(desk, policy_id),
            ):
                with pytest.raises(Forbidden):
                    do()
    with desk_for(cast.owner) as desk:
        with pytest.raises(Forbidden):
            approval_policies.page(desk, Slice())
        with pytest.raises(Forbidden):
            approval_policies.read(desk, policy_id)


WRONG = [
    ({"name": " "}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"department_ids": (4711,)}, "department_ids"),
    ({"rank": -1}, "rank"),
    ({"steps": ()}, "steps"),
    ({"steps": (StepPlan(Approvers()),)}, "steps.0.approvers"),
    ({"steps": (StepPlan(Approvers(people=(1,))),)}, "steps.0.approvers"),
    ({"steps": (StepPlan(Approvers(roles=(Role.USER,))),)}, "steps.0.approvers"),
    ({"steps": (StepPlan(Approvers(people=(5, 6)), quorum=3),)}, "steps.0.quorum"),
    ({"steps": (StepPlan(Approvers(people=(5, 6)), quorum=-1),)}, "steps.0.quorum"),
    ({"steps": (StepPlan(Approvers(people=(5, 6)), hours=0),)}, "steps.0.hours"),
    (
        {"steps": (StepPlan(Approvers(people=(5,)), escalates_to=Approvers(people=(6,))),)},
        "steps.0.hours",
    ),
    (
        {"steps": (StepPlan(Approvers(people=(5,)), hours=1, escalates_to=Approvers((1,))),)},
        "steps.0.escalates_to",
    ),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_what_a_policy_cannot_say(
    desk_for: DeskFor, cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    policy_id = policy(desk_for, cast.admin, asking(cast.manager))
    with desk_for(cast.admin) as desk:
        with pytest.raises(Invalid) as refused:
            approval_policies.change(desk, policy_id, wrong)
        assert refused.value.field == field
        draft = {"steps": (asking(cast.manager),), "name": "B"} | wrong
        with pytest.raises(Invalid):
            approval_policies.add(desk, PolicyDraft(**draft))


def test_a_policy_can_be_switched_off_whatever_has_gone_since(
    desk_for: DeskFor, cast: Cast, department: int
) -> None:
    policy_id = policy(desk_for, cast.admin, asking(cast.manager), department_ids=(department,))
    with desk_for(cast.admin) as desk:
        desk.session.get_one(Person, cast.manager.id).is_active = False
        desk.session.delete(desk.session.get_one(Department, department))
        desk.settle()
        approval_policies.change(desk, policy_id, {"is_active": False})
        kept = draft_of(approval_policies.read(desk, policy_id))
        assert (kept.is_active, kept.department_ids) == (False, (department,))
        for change in ({"steps": kept.steps}, {"department_ids": (department,)}):
            with pytest.raises(Invalid):
                approval_policies.change(desk, policy_id, change)


def test_a_policy_goes_while_tickets_are_filed(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policies = [
        policy(desk_for, cast.admin, asking(cast.manager), name=f"No. {n}") for n in range(4)
    ]

    def remove(policy_id: int) -> None:
        for _ in range(20):
            with suppress(Conflict), desk_for(cast.admin) as desk:
                approval_policies.remove(desk, policy_id)
                return
        raise AssertionError("it never went")

    with ThreadPoolExecutor(4) as pool:
        filed = [pool.submit(file_ticket) for _ in range(12)]
        gone = [pool.submit(remove, policy_id) for policy_id in policies]
        assert len({one.result() for one in filed}) == 12
        assert [one.result() for one in gone] == [None] * 4


def test_no_two_policies_have_one_name(desk_for: DeskFor, cast: Cast) -> None:
    policy(desk_for, cast.admin, asking(cast.manager))
    other = policy(desk_for, cast.admin, asking(cast.manager), name="Other")
    with pytest.raises(Conflict):
        policy(desk_for, cast.admin, asking(cast.manager))
    with desk_for(cast.admin) as desk:
        with pytest.raises(Conflict):
            approval_policies.change(desk, other, {"name": "Costs"})
        approval_policies.change(desk, other, {"name": "Other", "rank": 3})


def test_pending_lists_are_filtered_and_paged(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager))
    file_ticket(department_id=department, priority=Priority.HIGH)
    file_ticket(department_id=department)
    file_ticket(priority=Priority.HIGH)

    def listed(actor: Actor, part: Slice = WHOLE, **told: Any) -> list[str]:
        with desk_for(actor, writes=False) as desk:
            page = approval_listing.waiting(desk, WaitingQuery(**told), part)
            return [f"{row.priority} {row.department_name}" for row in page.rows]

    everything = ["high Workshop", "medium Workshop", "high None"]
    assert listed(cast.manager) == everything
    assert listed(cast.manager, department_id=department) == everything[:2]
    high = frozenset({Priority.HIGH})
    assert listed(cast.manager, department_id=department, priorities=high) == everything[:1]
    assert listed(cast.manager, Slice(limit=1, offset=1)) == everything[1:2]
    assert listed(cast.admin) == listed(cast.owner) == []
    assert listed(cast.admin, everybody=True) == everything
    with pytest.raises(Forbidden):
        listed(cast.manager, everybody=True)


def test_a_purged_ticket_takes_its_approvals_with_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    request_id = put_before(desk_for, cast.agent, ticket_id)
    with desk_for(cast.admin) as desk:
        delete_ticket(desk, hold(desk, ticket_id))
        trash.purge(desk, ticket_id)
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == []
        with pytest.raises(NotFound):
            approval_listing.read(desk, request_id)
