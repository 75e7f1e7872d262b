"""When approval is needed, who is asked then, and what cannot go on without it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.approving import asking, policy, put_before, waiting_for
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals import policies as approval_policies
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.approvals.decisions import cancel_request, perform_action
from ticket_app.core.approvals.listing import PendingQuery
from ticket_app.core.approvals.policies import QUORUM_ALL, PolicyDraft, StepPlan, draft_from_policy
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.vocabulary import ApprovalAction, Kind, Priority, Role, Status
from ticket_app.core.tickets import counters, purging, ticket_lookup, transitions
from ticket_app.core.tickets.editing import edit, set_department
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status, mark_duplicate, reopen
from ticket_app.core.tickets.trash import delete_ticket
from ticket_app.core.timeline import timeline
from ticket_app.tables import Department, Person

APPROVE, REJECT = ApprovalAction.APPROVE, ApprovalAction.REJECT
WHOLE = PageRequest()


@pytest.fixture
def department(uow_for: UowFor, cast: Cast, clock: Clock) -> int:
    """A department whose manager is the agent."""
    with uow_for(cast.admin) as uow:
        made = Department(name="Workshop", manager_id=cast.agent.id, created_at=clock.now)
        uow.session.add(made)
        uow.flush()
        assert made.id is not None
        return made.id


def approvers_of(uow_for: UowFor, cast: Cast, ticket_id: int) -> set[int]:
    """Who is asked now."""
    with uow_for(cast.agent, writes=False) as uow:
        values = approval_listing.list_ticket_requests(uow, ticket_id)
        asks = [ask for step in values[0]["steps"] for ask in step["asks"]] if values else []
        return {ask["approver"]["id"] for ask in asks if ask["state"] == "pending"}


def test_policy_with_several_steps_is_saved_and_read_back(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    draft = PolicyDraft(
        name="  Costly  changes ",
        steps=(
            StepPlan(ApproverSelection(roles=(Role.MANAGER,)), quorum=QUORUM_ALL, hours=24),
            StepPlan(
                ApproverSelection(
                    person_ids=(cast.admin.id, cast.admin.id), includes_department_manager=True
                ),
                "Board",
                2,
                48.5,
                ApproverSelection(roles=(Role.ADMIN,)),
            ),
        ),
        kinds=(Kind.CHANGE, Kind.REQUEST),
        priorities=(Priority.HIGH,),
        department_ids=(department,),
    )
    with uow_for(cast.admin) as uow:
        policy_id = approval_policies.create_policy(uow, draft)
    with uow_for(cast.agent, writes=False) as uow:
        kept = draft_from_policy(approval_policies.get_policy(uow, policy_id))
        assert (kept.name, kept.kinds) == ("Costly changes", draft.kinds)
        assert [step.name for step in kept.steps] == ["Step 1", "Board"]
        assert kept.steps[1].approvers == ApproverSelection(
            (cast.admin.id,), (), includes_department_manager=True
        )
        assert [row.id for row in approval_policies.list_policies(uow, PageRequest()).rows] == [
            policy_id
        ]
        assert approval_policies.count_policies(uow) == 1
    fits: dict[str, Any] = {
        "kind": Kind.CHANGE,
        "priority": Priority.HIGH,
        "department_id": department,
    }
    assert approvers_of(uow_for, cast, file_ticket(**fits)) == {cast.manager.id}
    other = {"kind": Kind.BUG, "priority": Priority.LOW, "department_id": None}
    for name, value in other.items():
        ticket_id = file_ticket(**{**fits, name: value})
        with uow_for(cast.owner) as uow:
            assert ticket_lookup.read_ticket(uow, ticket_id).status == Status.NEW
            assert approval_listing.list_ticket_requests(uow, ticket_id) == []


def test_creating_a_ticket_asks_for_approval_at_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager))
    ticket_id = file_ticket()
    with uow_for(cast.owner, writes=False) as uow:
        assert ticket_lookup.read_ticket(uow, ticket_id).status == Status.PENDING_APPROVAL
        lines = [(line.field, line.new_value) for line in timeline.list_entries(uow, ticket_id)]
        assert lines == [("status", "new"), ("requested", None), ("status", "pending_approval")]
        assert (
            approval_listing.list_ticket_requests(uow, ticket_id)[0]["requested_by"]["id"]
            == cast.owner.id
        )
    with uow_for(cast.agent) as uow:
        assert counters.count_all_tickets(uow).by_status == {"pending_approval": 1}


def test_the_first_in_order_that_fits_counts(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.admin), name="Any")
    policy(uow_for, cast.admin, asking(cast.agent), name="Off", rank=1, is_active=False)
    bugs = policy(
        uow_for, cast.admin, asking(cast.manager), name="Bugs", rank=50, kinds=(Kind.BUG,)
    )
    assert approvers_of(uow_for, cast, file_ticket(kind=Kind.BUG)) == {cast.manager.id}
    assert approvers_of(uow_for, cast, file_ticket()) == {cast.admin.id}
    with uow_for(cast.admin) as uow:
        approval_policies.update_policy(uow, bugs, {"rank": 200})
    assert approvers_of(uow_for, cast, file_ticket(kind=Kind.BUG)) == {cast.admin.id}


@pytest.mark.parametrize("after", sorted(transitions.STATUSES_REQUIRING_APPROVAL))
def test_without_the_approval_a_ticket_is_not_worked(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, after: Status
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager))
    ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        (request_id,) = waiting_for(uow)
    with uow_for(cast.owner) as uow:
        cancel_request(uow, request_id)
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match="Costs"):
        change_status(uow, lock_ticket(uow, ticket_id), after)
    put_before(uow_for, cast.agent, ticket_id, approver_ids=[cast.admin.id])
    with uow_for(cast.admin) as uow:
        perform_action(uow, waiting_for(uow)[0], APPROVE)
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation, match="Costs"):
        change_status(uow, lock_ticket(uow, ticket_id), after)
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.PENDING_APPROVAL)
    with uow_for(cast.manager) as uow:
        perform_action(uow, waiting_for(uow)[0], APPROVE)
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), after)
        assert lock_ticket(uow, ticket_id).status == after


def test_what_is_given_up_needs_no_approval(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    original = file_ticket()
    policy(uow_for, cast.admin, asking(cast.manager))
    given_up, twice = file_ticket(), file_ticket()
    with uow_for(cast.admin) as uow:
        for row in approval_listing.list_pending(
            uow, PendingQuery(for_everyone=True), PageRequest()
        ).rows:
            cancel_request(uow, row.id)
        change_status(uow, lock_ticket(uow, given_up), Status.WONT_FIX)
        mark_duplicate(uow, lock_ticket(uow, twice), original)


def test_a_refused_ticket_taken_up_again_still_needs_approval(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager))
    ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        perform_action(uow, waiting_for(uow)[0], REJECT, comments="No")
    with uow_for(cast.agent) as uow:
        reopen(uow, lock_ticket(uow, ticket_id))
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation):
        change_status(uow, lock_ticket(uow, ticket_id), Status.RESOLVED)


def test_a_ticket_changed_into_one_that_needs_approval_needs_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    policy(
        uow_for,
        cast.admin,
        asking(cast.manager),
        kinds=(Kind.CHANGE,),
        department_ids=(department,),
    )
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        edit(uow, ticket, {"kind": Kind.CHANGE})
        set_department(uow, ticket, department)
        with pytest.raises(RuleViolation):
            change_status(uow, ticket, Status.IN_PROGRESS)


def test_a_policy_counts_for_tickets_created_after_it(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    before = file_ticket(kind=Kind.BUG)
    clock.forward(hours=1)
    policy_id = policy(uow_for, cast.admin, asking(cast.manager), kinds=(Kind.CHANGE,))
    meanwhile = file_ticket(kind=Kind.BUG)
    clock.forward(hours=1)
    with uow_for(cast.admin) as uow:
        approval_policies.update_policy(uow, policy_id, {"kinds": (Kind.BUG,)})
    after = file_ticket(kind=Kind.BUG)
    with uow_for(cast.agent) as uow:
        for ticket_id in (before, meanwhile):
            change_status(uow, lock_ticket(uow, ticket_id), Status.RESOLVED)
        assert lock_ticket(uow, after).status == Status.PENDING_APPROVAL


def test_a_request_goes_on_as_it_began(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy_id = policy(uow_for, cast.admin, asking(cast.manager), asking(cast.admin))
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow:
        approval_policies.update_policy(
            uow, policy_id, {"steps": (asking(cast.agent),), "name": "New"}
        )
        approval_policies.delete_policy(uow, policy_id)
    with uow_for(cast.admin) as uow, pytest.raises(NotFound):
        approval_policies.delete_policy(uow, policy_id)
    for actor in (cast.manager, cast.admin):
        with uow_for(actor) as uow:
            perform_action(uow, waiting_for(uow)[0], APPROVE)
    with uow_for(cast.agent) as uow:
        (values,) = approval_listing.list_ticket_requests(uow, ticket_id)
        assert (values["state"], values["policy"]) == ("approved", {"id": None, "name": "Costs"})


def test_without_a_policy_the_manager_of_the_department_is_asked(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    ticket_id, other = file_ticket(department_id=department), file_ticket()
    for one in (ticket_id, other):
        put_before(uow_for, cast.admin, one)
    assert approvers_of(uow_for, cast, ticket_id) == {cast.agent.id}
    assert approvers_of(uow_for, cast, other) == {cast.manager.id}
    own = file_ticket(department_id=department)
    put_before(uow_for, cast.agent, own)
    assert approvers_of(uow_for, cast, own) == {cast.manager.id}


def test_where_too_few_can_be_asked_the_admins_decide(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.agent, cast.manager, quorum=2))
    with uow_for(cast.admin) as uow:
        uow.session.get_one(Person, cast.manager.id).is_active = False
    ticket_id = file_ticket()
    assert approvers_of(uow_for, cast, ticket_id) == {cast.agent.id, cast.admin.id}
    with uow_for(cast.agent) as uow:
        line = next(line for line in timeline.list_entries(uow, ticket_id) if line.field == "asked")
        assert line.new_value == "Agnes Hale, Addie Minton"
        assert (
            line.body
            == "There are not enough approvers for this step, so the admins were asked too."
        )


def test_a_request_that_nobody_could_decide_is_refused(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        uow.session.get_one(Person, cast.manager.id).is_active = False
    ticket_id = file_ticket()
    with pytest.raises(RuleViolation):
        put_before(uow_for, cast.admin, ticket_id)
    with uow_for(cast.agent) as uow:
        assert ticket_lookup.read_ticket(uow, ticket_id).status == Status.NEW


def test_only_staff_request_an_approval_and_only_once(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Forbidden):
        put_before(uow_for, cast.owner, ticket_id)
    with pytest.raises(NotFound):
        put_before(uow_for, cast.stranger, ticket_id)
    put_before(uow_for, cast.agent, ticket_id)
    with pytest.raises(Conflict):
        put_before(uow_for, cast.agent, ticket_id)
    done = file_ticket()
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, done), Status.RESOLVED)
    with pytest.raises(RuleViolation):
        put_before(uow_for, cast.agent, done)


@pytest.mark.parametrize(
    "values",
    [
        {"policy_id": 4711},
        {"approver_ids": [4711]},
        {"approver_ids": [1]},
        {"approver_ids": [6], "policy_id": 1},
    ],
)
def test_who_is_asked_must_be_known(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, values: dict[str, Any]
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(Invalid) as refused:
        put_before(uow_for, cast.agent, ticket_id, **values)
    assert refused.value.field in values


def test_two_ask_at_once_and_one_request_comes_of_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()

    def ask(actor: Actor) -> type[Exception] | None:
        try:
            put_before(uow_for, actor, ticket_id)
        except Conflict as late:
            return type(late)
        return None

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(ask, (cast.agent, cast.admin))) == {None, Conflict}
    with uow_for(cast.agent) as uow:
        assert len(approval_listing.list_ticket_requests(uow, ticket_id)) == 1


def test_only_users_with_the_setup_permission_change_policies(uow_for: UowFor, cast: Cast) -> None:
    policy_id = policy(uow_for, cast.admin, asking(cast.manager))
    draft = PolicyDraft("Another", (asking(cast.manager),))
    for actor in (cast.owner, cast.agent, cast.manager):
        with uow_for(actor) as uow:
            for do in (
                lambda uow=uow: approval_policies.create_policy(uow, draft),
                lambda uow=uow: approval_policies.update_policy(uow, policy_id, {"rank": 1}),
                lambda uow=uow: approval_policies.delete_policy(uow, policy_id),
            ):
                with pytest.raises(Forbidden):
                    do()
    with uow_for(cast.owner) as uow:
        with pytest.raises(Forbidden):
            approval_policies.list_policies(uow, PageRequest())
        with pytest.raises(Forbidden):
            approval_policies.get_policy(uow, policy_id)


WRONG = [
    ({"name": " "}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"department_ids": (4711,)}, "department_ids"),
    ({"rank": -1}, "rank"),
    ({"steps": ()}, "steps"),
    ({"steps": (StepPlan(ApproverSelection()),)}, "steps.0.approvers"),
    ({"steps": (StepPlan(ApproverSelection(person_ids=(1,))),)}, "steps.0.approvers"),
    ({"steps": (StepPlan(ApproverSelection(roles=(Role.USER,))),)}, "steps.0.approvers"),
    ({"steps": (StepPlan(ApproverSelection(person_ids=(5, 6)), quorum=3),)}, "steps.0.quorum"),
    ({"steps": (StepPlan(ApproverSelection(person_ids=(5, 6)), quorum=-1),)}, "steps.0.quorum"),
    ({"steps": (StepPlan(ApproverSelection(person_ids=(5, 6)), hours=0),)}, "steps.0.hours"),
    (
        {
            "steps": (
                StepPlan(
                    ApproverSelection(person_ids=(5,)),
                    escalates_to=ApproverSelection(person_ids=(6,)),
                ),
            )
        },
        "steps.0.hours",
    ),
    (
        {
            "steps": (
                StepPlan(
                    ApproverSelection(person_ids=(5,)),
                    hours=1,
                    escalates_to=ApproverSelection((1,)),
                ),
            )
        },
        "steps.0.escalates_to",
    ),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_invalid_policy_is_rejected(
    uow_for: UowFor, cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    policy_id = policy(uow_for, cast.admin, asking(cast.manager))
    with uow_for(cast.admin) as uow:
        with pytest.raises(Invalid) as refused:
            approval_policies.update_policy(uow, policy_id, wrong)
        assert refused.value.field == field
        draft = {"steps": (asking(cast.manager),), "name": "B"} | wrong
        with pytest.raises(Invalid):
            approval_policies.create_policy(uow, PolicyDraft(**draft))


def test_a_policy_can_be_switched_off_whatever_has_gone_since(
    uow_for: UowFor, cast: Cast, department: int
) -> None:
    policy_id = policy(uow_for, cast.admin, asking(cast.manager), department_ids=(department,))
    with uow_for(cast.admin) as uow:
        uow.session.get_one(Person, cast.manager.id).is_active = False
        uow.session.delete(uow.session.get_one(Department, department))
        uow.flush()
        approval_policies.update_policy(uow, policy_id, {"is_active": False})
        kept = draft_from_policy(approval_policies.get_policy(uow, policy_id))
        assert (kept.is_active, kept.department_ids) == (False, (department,))
        for change in ({"steps": kept.steps}, {"department_ids": (department,)}):
            with pytest.raises(Invalid):
                approval_policies.update_policy(uow, policy_id, change)


def test_a_policy_goes_while_tickets_are_created(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policies = [
        policy(uow_for, cast.admin, asking(cast.manager), name=f"No. {n}") for n in range(4)
    ]

    def remove(policy_id: int) -> None:
        for _ in range(20):
            with suppress(Conflict), uow_for(cast.admin) as uow:
                approval_policies.delete_policy(uow, policy_id)
                return
        raise AssertionError("it never went")

    with ThreadPoolExecutor(4) as pool:
        created = [pool.submit(file_ticket) for _ in range(12)]
        gone = [pool.submit(remove, policy_id) for policy_id in policies]
        assert len({one.result() for one in created}) == 12
        assert [one.result() for one in gone] == [None] * 4


def test_no_two_policies_have_one_name(uow_for: UowFor, cast: Cast) -> None:
    policy(uow_for, cast.admin, asking(cast.manager))
    other = policy(uow_for, cast.admin, asking(cast.manager), name="Other")
    with pytest.raises(Conflict):
        policy(uow_for, cast.admin, asking(cast.manager))
    with uow_for(cast.admin) as uow:
        with pytest.raises(Conflict):
            approval_policies.update_policy(uow, other, {"name": "Costs"})
        approval_policies.update_policy(uow, other, {"name": "Other", "rank": 3})


def test_pending_lists_are_filtered_and_paged(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, department: int
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager))
    file_ticket(department_id=department, priority=Priority.HIGH)
    file_ticket(department_id=department)
    file_ticket(priority=Priority.HIGH)

    def listed(actor: Actor, part: PageRequest = WHOLE, **values: Any) -> list[str]:
        with uow_for(actor, writes=False) as uow:
            page = approval_listing.list_pending(uow, PendingQuery(**values), part)
            return [f"{row.priority} {row.department_name}" for row in page.rows]

    everything = ["high Workshop", "medium Workshop", "high None"]
    assert listed(cast.manager) == everything
    assert listed(cast.manager, department_id=department) == everything[:2]
    high = frozenset({Priority.HIGH})
    assert listed(cast.manager, department_id=department, priorities=high) == everything[:1]
    assert listed(cast.manager, PageRequest(limit=1, offset=1)) == everything[1:2]
    assert listed(cast.admin) == listed(cast.owner) == []
    assert listed(cast.admin, for_everyone=True) == everything
    with pytest.raises(Forbidden):
        listed(cast.manager, for_everyone=True)


def test_a_purged_ticket_takes_its_approvals_with_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    request_id = put_before(uow_for, cast.agent, ticket_id)
    with uow_for(cast.admin) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket_id))
        purging.purge(uow, ticket_id)
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == []
        with pytest.raises(NotFound):
            approval_listing.get_request(uow, request_id)
