"""What approvers say, and what becomes of the ticket."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.approving import asking, list_notices, policy, put_before, waiting_for
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.decisions import (
    BulkActionResult,
    cancel_request,
    perform_action,
    perform_bulk_action,
)
from ticket_app.core.approvals.policies import QUORUM_ALL
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.notifications import notifications
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ApprovalAction, Priority, Status
from ticket_app.core.tickets import counters, ticket_lookup
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status, reopen
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.core.timeline import timeline
from ticket_app.tables import Person

APPROVE, REJECT = ApprovalAction.APPROVE, ApprovalAction.REJECT
DELEGATE, REQUEST_INFO = ApprovalAction.DELEGATE, ApprovalAction.REQUEST_INFO


@pytest.fixture
def waiting(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> tuple[int, int]:
    """A ticket of the owner's that the agent put before the manager, and the request."""
    ticket_id = file_ticket()
    return ticket_id, put_before(uow_for, cast.agent, ticket_id, reason="Costs 900 euros")


def status_of(uow: UnitOfWork, ticket_id: int) -> str:
    return ticket_lookup.read_ticket(uow, ticket_id).status


def test_approval_returns_the_ticket_and_is_recorded(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with uow_for(cast.manager, writes=False) as uow:
        assert waiting_for(uow) == [request_id]
        assert status_of(uow, ticket_id) == Status.PENDING_APPROVAL
        assert [notice.message for notice in notifications.list_own(uow)] == [
            "Your approval is needed"
        ]
    asked_at = clock.now
    clock.forward(hours=1)
    with uow_for(cast.manager) as uow:
        perform_action(
            uow,
            request_id,
            APPROVE,
            comments="Fine, but watch them",
            conditions=["Budget limit: $5000", "Timeline: 2 weeks"],
        )
    manager = {"id": cast.manager.id, "username": "manager"}
    manager |= {"first_name": "Manny", "last_name": "Gere"}
    agent = {"id": cast.agent.id, "username": "agent", "first_name": "Agnes", "last_name": "Hale"}
    whole = {
        "id": request_id,
        "ticket_id": ticket_id,
        "state": "approved",
        "policy": None,
        "reason": "Costs 900 euros",
        "requested_by": agent,
        "created_at": asked_at,
        "question": None,
        "question_by": None,
        "decided_at": clock.now,
        "decided_by": manager,
        "conditions": ["Budget limit: $5000", "Timeline: 2 weeks"],
        "rejected_because": None,
        "steps": [
            {
                "step": 1,
                "name": "Approval",
                "state": "approved",
                "quorum": "any",
                "started_at": asked_at,
                "due_at": None,
                "escalated_at": None,
                "decided_at": clock.now,
                "asks": [
                    {
                        "approver": manager,
                        "state": "approved",
                        "comments": "Fine, but watch them",
                        "conditions": ["Budget limit: $5000", "Timeline: 2 weeks"],
                        "delegated_by": None,
                        "is_escalation": False,
                        "asked_at": asked_at,
                        "decided_at": clock.now,
                    }
                ],
            }
        ],
    }
    with uow_for(cast.agent, writes=False) as uow:
        assert approval_listing.list_ticket_requests(uow, ticket_id) == [whole]
        assert approval_listing.get_request(uow, request_id) == whole
        assert status_of(uow, ticket_id) == Status.OPEN
        assert counters.count_all_tickets(uow).by_status == {"open": 1}
        assert [notice.message for notice in notifications.list_own(uow)] == ["Approved"]
        assert list_notices(uow, ticket_id) == [
            ("requested", "public"),
            ("asked", "internal"),
            ("remark", "internal"),
            ("approved", "public"),
        ]
    with uow_for(cast.owner, writes=False) as uow:
        (shown,) = approval_listing.list_ticket_requests(uow, ticket_id)
        step = {**whole["steps"][0], "asks": []}
        assert shown == {**whole, "reason": None, "steps": [step]}
        assert [notice.message for notice in notifications.list_own(uow)] == ["Approved"]
        line = timeline.list_entries(uow, ticket_id)[-2]
        assert (line.field, line.new_id) == ("approved", request_id)
        assert line.body == "- Budget limit: $5000\n- Timeline: 2 weeks"
        assert list_notices(uow, ticket_id) == [("requested", "public"), ("approved", "public")]
    with uow_for(cast.manager, writes=False) as uow:
        assert waiting_for(uow) == []


def test_what_is_decided_calls_nobody_any_more(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    people = (cast.manager.id, cast.admin.id)
    ticket_id = file_ticket()
    request_id = put_before(uow_for, cast.agent, ticket_id, approver_ids=people)
    other_id = file_ticket()
    put_before(uow_for, cast.agent, other_id, approver_ids=people)
    with uow_for(cast.manager) as uow:
        assert notifications.count_unread(uow) == 2
        perform_action(uow, request_id, APPROVE)
    for one in (cast.manager, cast.admin):
        with uow_for(one, writes=False) as uow:
            unread = notifications.list_own(uow, unread_only=True)
            assert [notice.ticket_id for notice in unread] == [other_id]


@pytest.mark.parametrize("before", [Status.OPEN, Status.IN_PROGRESS, Status.PENDING_USER])
def test_an_approved_ticket_goes_back_to_where_it_was(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, before: Status
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), before)
    request_id = put_before(uow_for, cast.agent, ticket_id)
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, APPROVE)
        assert lock_ticket(uow, ticket_id).status == before


def test_the_requester_learns_that_it_was_refused_and_why(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with uow_for(cast.manager) as uow:
        with pytest.raises(Invalid):
            perform_action(uow, request_id, REJECT)
        perform_action(uow, request_id, REJECT, comments="Not this year")
    with uow_for(cast.owner, writes=False) as uow:
        assert status_of(uow, ticket_id) == Status.WONT_FIX
        (shown,) = approval_listing.list_ticket_requests(uow, ticket_id)
        assert (shown["state"], shown["rejected_because"]) == ("rejected", "Not this year")
        line = next(
            line for line in timeline.list_entries(uow, ticket_id) if line.field == "rejected"
        )
        assert (line.body, line.actor_name) == ("Not this year", "Manny Gere")
        assert [notice.message for notice in notifications.list_own(uow)] == ["Not approved"]


@pytest.mark.parametrize("after", [one for one in Status if one is not Status.PENDING_APPROVAL])
def test_only_a_decision_lets_a_ticket_go_on(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int], after: Status
) -> None:
    ticket_id, _ = waiting
    with uow_for(cast.admin) as uow, pytest.raises(RuleViolation):
        change_status(uow, lock_ticket(uow, ticket_id), after)
    with uow_for(cast.owner) as uow, pytest.raises(RuleViolation):
        reopen(uow, lock_ticket(uow, ticket_id))


def test_what_waits_can_be_assigned_and_talked_about(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, _ = waiting
    with uow_for(cast.agent) as uow:
        assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
        add_comment(uow, lock_ticket(uow, ticket_id), "It waits for approval")
        assert lock_ticket(uow, ticket_id).status == Status.PENDING_APPROVAL


def test_who_is_not_asked_may_not_decide(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    for actor in (cast.owner, cast.agent, cast.admin):
        with uow_for(actor) as uow, pytest.raises(Forbidden):
            perform_action(uow, request_id, APPROVE)
    for actor in (cast.stranger, cast.colleague):
        with uow_for(actor) as uow, pytest.raises(NotFound):
            perform_action(uow, request_id, APPROVE)
        with uow_for(actor) as uow, pytest.raises(NotFound):
            approval_listing.get_request(uow, request_id)
        with uow_for(actor) as uow, pytest.raises(NotFound):
            cancel_request(uow, request_id)


def test_a_token_without_the_permission_decides_nothing(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    manager = cast.manager
    narrow = Actor(
        **{name: getattr(manager, name) for name in manager.__slots__ if name != "scopes"},
        scopes=frozenset({"view_tickets", "view_all_tickets", "work_tickets"}),
    )
    with uow_for(narrow) as uow, pytest.raises(Forbidden):
        perform_action(uow, request_id, APPROVE)


def test_approver_who_lost_the_permission_is_no_longer_asked(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    with uow_for(cast.admin) as uow:
        person = uow.session.get_one(Person, cast.manager.id)
        person.permissions = sorted(cast.manager.permissions - {"approve_tickets"})
        uow.flush()
        without = build_actor_with_role_defaults(person)
    with uow_for(without) as uow, pytest.raises(Forbidden):
        perform_action(uow, request_id, APPROVE)
    with pytest.raises(Invalid):
        put_before(uow_for, cast.agent, file_ticket(), approver_ids=[cast.manager.id])
    put_before(uow_for, cast.agent, file_ticket())
    with uow_for(cast.admin) as uow:
        assert len(waiting_for(uow)) == 1


@pytest.mark.parametrize("wants", ["requester", "asker"])
def test_nobody_approves_what_they_want_themselves(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, wants: str
) -> None:
    ticket_id = file_ticket(cast.manager if wants == "requester" else cast.owner)
    by = cast.agent if wants == "requester" else cast.manager
    request_id = put_before(uow_for, by, ticket_id)
    with uow_for(cast.manager) as uow, pytest.raises(Forbidden):
        perform_action(uow, request_id, APPROVE)
    with uow_for(cast.admin) as uow:
        assert waiting_for(uow) == [request_id]
        perform_action(uow, request_id, APPROVE)


def test_self_approval_is_allowed_if_the_policy_allows_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    own = policy(uow_for, cast.admin, asking(cast.manager), allows_own=True)
    ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        assert status_of(uow, ticket_id) == Status.PENDING_APPROVAL
    with uow_for(cast.owner) as uow:
        (shown,) = approval_listing.list_ticket_requests(uow, ticket_id)
        assert shown["policy"] == {"id": own, "name": "Costs"}
    own_ticket = file_ticket(cast.manager)
    with uow_for(cast.manager) as uow:
        (_, request_id) = waiting_for(uow)
        perform_action(uow, request_id, APPROVE)
        assert lock_ticket(uow, own_ticket).status == Status.OPEN


def test_decided_is_decided(uow_for: UowFor, cast: Cast, waiting: tuple[int, int]) -> None:
    ticket_id, request_id = waiting
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, APPROVE)
    for action in (APPROVE, REJECT, REQUEST_INFO):
        with uow_for(cast.manager) as uow, pytest.raises(RuleViolation):
            perform_action(uow, request_id, action, comments="Again")
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation):
        cancel_request(uow, request_id)
    with uow_for(cast.agent) as uow:
        assert len(list_notices(uow, ticket_id)) == 3


QUORUMS = [
    ("any", 1, "a", "approved"),
    ("any", 1, "r", "rejected"),
    ("all", QUORUM_ALL, "aa", "pending"),
    ("all", QUORUM_ALL, "aaa", "approved"),
    ("all", QUORUM_ALL, "ar", "rejected"),
    ("two of three", 2, "a", "pending"),
    ("two of three", 2, "aa", "approved"),
    ("two of three", 2, "ra", "pending"),
    ("two of three", 2, "raa", "approved"),
    ("two of three", 2, "rr", "rejected"),
]


@pytest.mark.parametrize(("_name", "quorum", "words", "state"), QUORUMS)
def test_as_many_as_the_step_wants_must_agree(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    _name: str,
    quorum: int,
    words: str,
    state: str,
) -> None:
    three = (cast.agent, cast.manager, cast.admin)
    policy(uow_for, cast.admin, asking(*three, quorum=quorum))
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        (request_id,) = waiting_for(uow)
    for actor, word in zip(three, words, strict=False):
        with uow_for(actor) as uow:
            perform_action(uow, request_id, APPROVE if word == "a" else REJECT, comments="Because")
    with uow_for(cast.agent) as uow:
        assert approval_listing.get_request(uow, request_id)["state"] == state
        ends = {"approved": "open", "rejected": "wont_fix", "pending": "pending_approval"}
        assert status_of(uow, ticket_id) == ends[state]
        public = [field for field, audience in list_notices(uow, ticket_id) if audience == "public"]
        assert public == ["requested"] + ([] if state == "pending" else [state])
        if state != "pending":
            asks = approval_listing.get_request(uow, request_id)["steps"][0]["asks"]
            assert {ask["state"] for ask in asks} <= {"approved", "rejected", "cancelled"}


def test_steps_follow_one_another(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    policy(uow_for, cast.admin, asking(cast.agent, name="Team"), asking(cast.manager))
    ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == []
    with uow_for(cast.agent) as uow:
        (request_id,) = waiting_for(uow)
        perform_action(uow, request_id, APPROVE, comments="Go", conditions=["Use the old cable"])
        assert lock_ticket(uow, ticket_id).status == Status.PENDING_APPROVAL
    with uow_for(cast.agent) as uow, pytest.raises(RuleViolation):
        perform_action(uow, request_id, APPROVE)
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == [request_id]
        perform_action(uow, request_id, APPROVE, conditions=["By Friday"])
        shown = approval_listing.get_request(uow, request_id)
        assert shown["conditions"] == ["Use the old cable", "By Friday"]
        assert [(step["name"], step["state"]) for step in shown["steps"]] == [
            ("Team", "approved"),
            ("Step 2", "approved"),
        ]
        assert list_notices(uow, ticket_id) == [
            ("requested", "public"),
            ("asked", "internal"),
            ("approved", "internal"),
            ("asked", "internal"),
            ("approved", "public"),
        ]


def test_rejection_ends_the_following_steps(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.agent), asking(cast.manager))
    file_ticket()
    with uow_for(cast.agent) as uow:
        (request_id,) = waiting_for(uow)
        perform_action(uow, request_id, REJECT, comments="No")
        steps = approval_listing.get_request(uow, request_id)["steps"]
        assert [step["state"] for step in steps] == ["rejected", "cancelled"]
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == []


def test_a_delegate_decides_instead(uow_for: UowFor, cast: Cast, waiting: tuple[int, int]) -> None:
    _, request_id = waiting
    with uow_for(cast.manager) as uow:
        perform_action(
            uow, request_id, DELEGATE, delegate_to_id=cast.admin.id, comments="You know more"
        )
        assert waiting_for(uow) == []
    with uow_for(cast.manager) as uow, pytest.raises(RuleViolation):
        perform_action(uow, request_id, APPROVE)
    with uow_for(cast.admin) as uow:
        assert waiting_for(uow) == [request_id]
        assert notifications.list_own(uow)[0].message == "An approval was delegated to you"
        perform_action(uow, request_id, APPROVE)
        asks = approval_listing.get_request(uow, request_id)["steps"][0]["asks"]
        assert [
            (ask["state"], ask["delegated_by"] and ask["delegated_by"]["id"]) for ask in asks
        ] == [
            ("delegated", None),
            ("approved", cast.manager.id),
        ]


def test_nobody_is_delegated_to_who_may_not_decide(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    wrong = (cast.manager.id, cast.owner.id, cast.agent.id, cast.stranger.id, 4711, None)
    for person_id in wrong:
        with uow_for(cast.manager) as uow, pytest.raises(Invalid) as error:
            perform_action(uow, request_id, DELEGATE, delegate_to_id=person_id)
        assert error.value.field == "delegate_to_id"
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, DELEGATE, delegate_to_id=cast.admin.id)
    with uow_for(cast.admin) as uow, pytest.raises(Invalid, match="not been asked yet"):
        perform_action(uow, request_id, DELEGATE, delegate_to_id=cast.manager.id)


@pytest.mark.parametrize("who", ["owner", "agent"])
def test_an_answer_brings_it_back_to_the_approvers(
    uow_for: UowFor, cast: Cast, clock: Clock, waiting: tuple[int, int], who: str
) -> None:
    ticket_id, request_id = waiting
    with uow_for(cast.manager) as uow, pytest.raises(Invalid):
        perform_action(uow, request_id, REQUEST_INFO, comments="  ")
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, REQUEST_INFO, comments="Which cost centre?")
        assert waiting_for(uow) == []
        assert lock_ticket(uow, ticket_id).status == Status.PENDING_APPROVAL
    with uow_for(cast.manager) as uow, pytest.raises(RuleViolation):
        perform_action(uow, request_id, REQUEST_INFO, comments="Well?")
    with uow_for(cast.owner, writes=False) as uow:
        (shown,) = approval_listing.list_ticket_requests(uow, ticket_id)
        assert (shown["state"], shown["question"]) == ("info_requested", "Which cost centre?")
        assert (
            notifications.list_own(uow)[0].message
            == "Information is needed before this can be approved"
        )
    with uow_for(cast.admin) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "I do not know either")
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "Ours, I think", internal=True)
        assert approval_listing.get_request(uow, request_id)["state"] == "info_requested"
    clock.forward(hours=1)
    with uow_for(getattr(cast, who)) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "4711")
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == [request_id]
        shown = approval_listing.get_request(uow, request_id)
        assert (shown["state"], shown["question"]) == ("pending", None)
        assert (
            notifications.list_own(uow)[0].message == "The information you asked for was provided"
        )
        assert [field for field, _ in list_notices(uow, ticket_id)] == [
            "requested",
            "asked",
            "info_requested",
            "info_given",
        ]


def test_an_approver_need_not_wait_for_the_answer(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, REQUEST_INFO, comments="Which cost centre?")
    with uow_for(cast.manager) as uow:
        perform_action(uow, request_id, APPROVE)
        assert lock_ticket(uow, ticket_id).status == Status.OPEN


def test_what_was_asked_can_be_taken_back(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for actor in (cast.agent, cast.admin):
        ticket_id = file_ticket()
        request_id = put_before(uow_for, cast.agent, ticket_id)
        with uow_for(cast.manager) as uow, pytest.raises(Forbidden):
            cancel_request(uow, request_id)
        with uow_for(actor) as uow:
            cancel_request(uow, request_id)
        with uow_for(cast.manager) as uow:
            assert waiting_for(uow) == []
            assert status_of(uow, ticket_id) == Status.NEW
            assert approval_listing.get_request(uow, request_id)["state"] == "cancelled"


def test_a_deleted_ticket_waits_for_nobody_until_it_is_restored(
    uow_for: UowFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, ticket_id))
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == []
    with uow_for(cast.manager) as uow, pytest.raises(NotFound):
        perform_action(uow, request_id, APPROVE)
    with uow_for(cast.admin) as uow:
        restore_ticket(uow, ticket_id)
    with uow_for(cast.manager) as uow:
        assert waiting_for(uow) == [request_id]


def test_several_at_once_each_as_if_alone(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [put_before(uow_for, cast.agent, file_ticket()) for _ in range(3)]
    foreign = put_before(uow_for, cast.manager, file_ticket(), approver_ids=[cast.admin.id])
    with uow_for(cast.manager) as uow:
        perform_action(uow, ids[1], APPROVE)
    named = [ids[2], 4711, ids[1], foreign, ids[0], ids[2]]
    with uow_for(cast.manager) as uow:
        results = perform_bulk_action(uow, named, APPROVE, comments="Routine")
    assert [result.request_id for result in results] == named[:-1]
    assert [(result.state, type(result.error)) for result in results] == [
        ("approved", type(None)),
        (None, NotFound),
        (None, RuleViolation),
        (None, Forbidden),
        ("approved", type(None)),
    ]
    with uow_for(cast.admin) as uow:
        assert [approval_listing.get_request(uow, one)["state"] for one in (*ids, foreign)] == [
            "approved",
            "approved",
            "approved",
            "pending",
        ]
        assert counters.count_all_tickets(uow).by_status == {"open": 3, "pending_approval": 1}


@pytest.mark.parametrize("ids", [[], list(range(1, 102))])
def test_not_none_and_not_too_many(uow_for: UowFor, cast: Cast, ids: list[int]) -> None:
    with uow_for(cast.manager) as uow, pytest.raises(Invalid):
        perform_bulk_action(uow, ids, APPROVE)


def test_two_decisions_at_once_end_as_one(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager, cast.admin))
    ticket_id = file_ticket()
    with uow_for(cast.manager) as uow:
        (request_id,) = waiting_for(uow)
    at_once = Barrier(2)

    def decide(actor: Actor, action: ApprovalAction) -> DomainError | None:
        at_once.wait()
        try:
            with uow_for(actor) as uow:
                perform_action(uow, request_id, action, comments="So be it")
        except DomainError as error:
            return error
        return None

    with ThreadPoolExecutor(2) as pool:
        words = list(pool.map(decide, (cast.manager, cast.admin), (APPROVE, REJECT)))
    assert sorted(type(word).__name__ for word in words) == ["NoneType", "RuleViolation"]
    with uow_for(cast.agent) as uow:
        shown = approval_listing.get_request(uow, request_id)
        assert shown["state"] == ("approved" if words[0] is None else "rejected")
        ended = [field for field, _ in list_notices(uow, ticket_id)]
        assert ended.count("approved") + ended.count("rejected") == 1


def test_many_at_once_from_both_ends_hinder_nobody(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(uow_for, cast.admin, asking(cast.manager, cast.admin))
    for n in range(12):
        file_ticket(priority=list(Priority)[n % 3])
    with uow_for(cast.manager) as uow:
        ids = waiting_for(uow)
    at_once = Barrier(2)

    def decide(actor: Actor, chosen: list[int]) -> list[BulkActionResult]:
        at_once.wait()
        with uow_for(actor) as uow:
            return perform_bulk_action(uow, chosen, APPROVE)

    with ThreadPoolExecutor(2) as pool:
        both = pool.map(decide, (cast.manager, cast.admin), (ids, ids[::-1]))
    done = [result.request_id for results in both for result in results if result.state]
    assert sorted(done) == ids
    with uow_for(cast.agent) as uow:
        assert counters.count_all_tickets(uow).by_status == {"open": 12}
