"""What approvers say, and what becomes of the ticket."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.cast import Cast, Clock, DeskFor
from tests.core.approving import asking, policy, put_before, told_of, waiting_for
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import listing as approval_listing
from ticket_app.core.approvals.decisions import Result, act, act_on_many, cancel
from ticket_app.core.approvals.policies import ALL
from ticket_app.core.conversation.commenting import comment
from ticket_app.core.notifications import notifications
from ticket_app.core.people import profiles
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DeskError, Forbidden, Invalid, NotFound, RuleBroken
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import ApprovalAction, Priority, Status
from ticket_app.core.tickets import counters, ticket_list
from ticket_app.core.tickets.tickets import (
    assign,
    change_status,
    delete_ticket,
    hold,
    reopen,
    restore_ticket,
)
from ticket_app.core.timeline import timeline
from ticket_app.tables import Person

APPROVE, REJECT = ApprovalAction.APPROVE, ApprovalAction.REJECT
DELEGATE, REQUEST_INFO = ApprovalAction.DELEGATE, ApprovalAction.REQUEST_INFO


@pytest.fixture
def waiting(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> tuple[int, int]:
    """A ticket of the owner's that the agent put before the manager, and the request."""
    ticket_id = file_ticket()
    return ticket_id, put_before(desk_for, cast.agent, ticket_id, reason="Costs 900 euros")


def status_of(desk: Desk, ticket_id: int) -> str:
    return ticket_list.read(desk, ticket_id).status


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int]) -> None:
    ticket_id, request_id = waiting
    with desk_for(cast.manager, writes=False) as desk:
        assert waiting_for(desk) == [request_id]
        assert status_of(desk, ticket_id) == Status.PENDING_APPROVAL
        assert [notice.says for notice in notifications.mine(desk)] == [
            "Your approval is asked for"
        ]
    asked_at = clock.now
    clock.forward(hours=1)
    with desk_for(cast.manager) as desk:
        act(
            desk,
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
    with desk_for(cast.agent, writes=False) as desk:
        assert approval_listing.of_ticket(desk, ticket_id) == [whole]
        assert approval_listing.read(desk, request_id) == whole
        assert status_of(desk, ticket_id) == Status.OPEN
        assert counters.totals(desk).by_status == {"open": 1}
        assert [notice.says for notice in notifications.mine(desk)] == ["Approved"]
        assert told_of(desk, ticket_id) == [
            ("requested", "public"),
            ("asked", "internal"),
            ("remark", "internal"),
            ("approved", "public"),
        ]
    with desk_for(cast.owner, writes=False) as desk:
        (told,) = approval_listing.of_ticket(desk, ticket_id)
        step = {**whole["steps"][0], "asks": []}
        assert told == {**whole, "reason": None, "steps": [step]}
        assert [notice.says for notice in notifications.mine(desk)] == ["Approved"]
        line = timeline.lines(desk, ticket_id)[-2]
        assert (line.field, line.new_id) == ("approved", request_id)
        assert line.body == "- Budget limit: $5000\n- Timeline: 2 weeks"
        assert told_of(desk, ticket_id) == [("requested", "public"), ("approved", "public")]
    with desk_for(cast.manager, writes=False) as desk:
        assert waiting_for(desk) == []


def test_what_is_decided_calls_nobody_any_more(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    people = (cast.manager.id, cast.admin.id)
    ticket_id = file_ticket()
    request_id = put_before(desk_for, cast.agent, ticket_id, approver_ids=people)
    other_id = file_ticket()
    put_before(desk_for, cast.agent, other_id, approver_ids=people)
    with desk_for(cast.manager) as desk:
        assert notifications.unread(desk) == 2
        act(desk, request_id, APPROVE)
    for one in (cast.manager, cast.admin):
        with desk_for(one, writes=False) as desk:
            unread = notifications.mine(desk, unread=True)
            assert [notice.ticket_id for notice in unread] == [other_id]


@pytest.mark.parametrize("before", [Status.OPEN, Status.IN_PROGRESS, Status.PENDING_USER])
def test_an_approved_ticket_goes_back_to_where_it_was(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, before: Status
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), before)
    request_id = put_before(desk_for, cast.agent, ticket_id)
    with desk_for(cast.manager) as desk:
        act(desk, request_id, APPROVE)
        assert hold(desk, ticket_id).status == before


def test_the_requester_learns_that_it_was_refused_and_why(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with desk_for(cast.manager) as desk:
        with pytest.raises(Invalid):
            act(desk, request_id, REJECT)
        act(desk, request_id, REJECT, comments="Not this year")
    with desk_for(cast.owner, writes=False) as desk:
        assert status_of(desk, ticket_id) == Status.WONT_FIX
        (told,) = approval_listing.of_ticket(desk, ticket_id)
        assert (told["state"], told["rejected_because"]) == ("rejected", "Not this year")
        line = next(line for line in timeline.lines(desk, ticket_id) if line.field == "rejected")
        assert (line.body, line.actor_name) == ("Not this year", "Manny Gere")
        assert [notice.says for notice in notifications.mine(desk)] == ["Not approved"]


@pytest.mark.parametrize("after", [one for one in Status if one is not Status.PENDING_APPROVAL])
def test_only_a_decision_lets_a_ticket_go_on(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int], after: Status
) -> None:
    ticket_id, _ = waiting
    with desk_for(cast.admin) as desk, pytest.raises(RuleBroken):
        change_status(desk, hold(desk, ticket_id), after)
    with desk_for(cast.owner) as desk, pytest.raises(RuleBroken):
        reopen(desk, hold(desk, ticket_id))


def test_what_waits_can_be_assigned_and_talked_about(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, _ = waiting
    with desk_for(cast.agent) as desk:
        assign(desk, hold(desk, ticket_id), cast.agent.id)
        comment(desk, hold(desk, ticket_id), "It waits for approval")
        assert hold(desk, ticket_id).status == Status.PENDING_APPROVAL


def test_who_is_not_asked_may_not_decide(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    for actor in (cast.owner, cast.agent, cast.admin):
        with desk_for(actor) as desk, pytest.raises(Forbidden):
            act(desk, request_id, APPROVE)
    for actor in (cast.stranger, cast.colleague):
        with desk_for(actor) as desk, pytest.raises(NotFound):
            act(desk, request_id, APPROVE)
        with desk_for(actor) as desk, pytest.raises(NotFound):
            approval_listing.read(desk, request_id)
        with desk_for(actor) as desk, pytest.raises(NotFound):
            cancel(desk, request_id)


def test_a_token_without_the_permission_decides_nothing(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    manager = cast.manager
    narrow = Actor(
        **{name: getattr(manager, name) for name in manager.__slots__ if name != "scopes"},
        scopes=frozenset({"view_tickets", "view_all_tickets", "work_tickets"}),
    )
    with desk_for(narrow) as desk, pytest.raises(Forbidden):
        act(desk, request_id, APPROVE)


def test_from_whom_the_permission_was_taken_is_not_asked_any_more(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    with desk_for(cast.admin) as desk:
        person = desk.session.get_one(Person, cast.manager.id)
        person.permissions = sorted(cast.manager.permissions - {"approve_tickets"})
        desk.settle()
        without = profiles.actor_of(person)
    with desk_for(without) as desk, pytest.raises(Forbidden):
        act(desk, request_id, APPROVE)
    with pytest.raises(Invalid):
        put_before(desk_for, cast.agent, file_ticket(), approver_ids=[cast.manager.id])
    put_before(desk_for, cast.agent, file_ticket())
    with desk_for(cast.admin) as desk:
        assert len(waiting_for(desk)) == 1


@pytest.mark.parametrize("wants", ["requester", "asker"])
def test_nobody_approves_what_they_want_themselves(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, wants: str
) -> None:
    ticket_id = file_ticket(cast.manager if wants == "requester" else cast.owner)
    by = cast.agent if wants == "requester" else cast.manager
    request_id = put_before(desk_for, by, ticket_id)
    with desk_for(cast.manager) as desk, pytest.raises(Forbidden):
        act(desk, request_id, APPROVE)
    with desk_for(cast.admin) as desk:
        assert waiting_for(desk) == [request_id]
        act(desk, request_id, APPROVE)


def test_where_the_policy_says_so_one_may_approve_for_oneself(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    own = policy(desk_for, cast.admin, asking(cast.manager), allows_own=True)
    ticket_id = file_ticket()
    with desk_for(cast.manager) as desk:
        assert status_of(desk, ticket_id) == Status.PENDING_APPROVAL
    with desk_for(cast.owner) as desk:
        (told,) = approval_listing.of_ticket(desk, ticket_id)
        assert told["policy"] == {"id": own, "name": "Costs"}
    own_ticket = file_ticket(cast.manager)
    with desk_for(cast.manager) as desk:
        (_, request_id) = waiting_for(desk)
        act(desk, request_id, APPROVE)
        assert hold(desk, own_ticket).status == Status.OPEN


def test_decided_is_decided(desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]) -> None:
    ticket_id, request_id = waiting
    with desk_for(cast.manager) as desk:
        act(desk, request_id, APPROVE)
    for action in (APPROVE, REJECT, REQUEST_INFO):
        with desk_for(cast.manager) as desk, pytest.raises(RuleBroken):
            act(desk, request_id, action, comments="Again")
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken):
        cancel(desk, request_id)
    with desk_for(cast.agent) as desk:
        assert len(told_of(desk, ticket_id)) == 3


QUORUMS = [
    ("any", 1, "a", "approved"),
    ("any", 1, "r", "rejected"),
    ("all", ALL, "aa", "pending"),
    ("all", ALL, "aaa", "approved"),
    ("all", ALL, "ar", "rejected"),
    ("two of three", 2, "a", "pending"),
    ("two of three", 2, "aa", "approved"),
    ("two of three", 2, "ra", "pending"),
    ("two of three", 2, "raa", "approved"),
    ("two of three", 2, "rr", "rejected"),
]


@pytest.mark.parametrize(("_name", "quorum", "words", "state"), QUORUMS)
def test_as_many_as_the_step_wants_must_agree(
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    _name: str,
    quorum: int,
    words: str,
    state: str,
) -> None:
    three = (cast.agent, cast.manager, cast.admin)
    policy(desk_for, cast.admin, asking(*three, quorum=quorum))
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        (request_id,) = waiting_for(desk)
    for actor, word in zip(three, words, strict=False):
        with desk_for(actor) as desk:
            act(desk, request_id, APPROVE if word == "a" else REJECT, comments="Because")
    with desk_for(cast.agent) as desk:
        assert approval_listing.read(desk, request_id)["state"] == state
        ends = {"approved": "open", "rejected": "wont_fix", "pending": "pending_approval"}
        assert status_of(desk, ticket_id) == ends[state]
        public = [field for field, audience in told_of(desk, ticket_id) if audience == "public"]
        assert public == ["requested"] + ([] if state == "pending" else [state])
        if state != "pending":
            asks = approval_listing.read(desk, request_id)["steps"][0]["asks"]
            assert {ask["state"] for ask in asks} <= {"approved", "rejected", "cancelled"}


def test_steps_follow_one_another(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
    policy(desk_for, cast.admin, asking(cast.agent, name="Team"), asking(cast.manager))
    ticket_id = file_ticket()
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == []
    with desk_for(cast.agent) as desk:
        (request_id,) = waiting_for(desk)
        act(desk, request_id, APPROVE, comments="Go", conditions=["Use the old cable"])
        assert hold(desk, ticket_id).status == Status.PENDING_APPROVAL
    with desk_for(cast.agent) as desk, pytest.raises(RuleBroken):
        act(desk, request_id, APPROVE)
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == [request_id]
        act(desk, request_id, APPROVE, conditions=["By Friday"])
        told = approval_listing.read(desk, request_id)
        assert told["conditions"] == ["Use the old cable", "By Friday"]
        assert [(step["name"], step["state"]) for step in told["steps"]] == [
            ("Team", "approved"),
            ("Step 2", "approved"),
        ]
        assert told_of(desk, ticket_id) == [
            ("requested", "public"),
            ("asked", "internal"),
            ("approved", "internal"),
            ("asked", "internal"),
            ("approved", "public"),
        ]


def test_a_refusal_ends_the_steps_after_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.agent), asking(cast.manager))
    file_ticket()
    with desk_for(cast.agent) as desk:
        (request_id,) = waiting_for(desk)
        act(desk, request_id, REJECT, comments="No")
        steps = approval_listing.read(desk, request_id)["steps"]
        assert [step["state"] for step in steps] == ["rejected", "cancelled"]
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == []


def test_a_delegate_decides_instead(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    with desk_for(cast.manager) as desk:
        act(desk, request_id, DELEGATE, delegate_to_id=cast.admin.id, comments="You know more")
        assert waiting_for(desk) == []
    with desk_for(cast.manager) as desk, pytest.raises(RuleBroken):
        act(desk, request_id, APPROVE)
    with desk_for(cast.admin) as desk:
        assert waiting_for(desk) == [request_id]
        assert notifications.mine(desk)[0].says == "An approval was delegated to you"
        act(desk, request_id, APPROVE)
        asks = approval_listing.read(desk, request_id)["steps"][0]["asks"]
        assert [
            (ask["state"], ask["delegated_by"] and ask["delegated_by"]["id"]) for ask in asks
        ] == [
            ("delegated", None),
            ("approved", cast.manager.id),
        ]


def test_nobody_is_delegated_to_who_may_not_decide(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    _, request_id = waiting
    wrong = (cast.manager.id, cast.owner.id, cast.agent.id, cast.stranger.id, 4711, None)
    for person_id in wrong:
        with desk_for(cast.manager) as desk, pytest.raises(Invalid) as refused:
            act(desk, request_id, DELEGATE, delegate_to_id=person_id)
        assert refused.value.field == "delegate_to_id"
    with desk_for(cast.manager) as desk:
        act(desk, request_id, DELEGATE, delegate_to_id=cast.admin.id)
    with desk_for(cast.admin) as desk, pytest.raises(Invalid, match="not been asked yet"):
        act(desk, request_id, DELEGATE, delegate_to_id=cast.manager.id)


@pytest.mark.parametrize("who", ["owner", "agent"])
def test_an_answer_brings_it_back_to_the_approvers(
    desk_for: DeskFor, cast: Cast, clock: Clock, waiting: tuple[int, int], who: str
) -> None:
    ticket_id, request_id = waiting
    with desk_for(cast.manager) as desk, pytest.raises(Invalid):
        act(desk, request_id, REQUEST_INFO, comments="  ")
    with desk_for(cast.manager) as desk:
        act(desk, request_id, REQUEST_INFO, comments="Which cost centre?")
        assert waiting_for(desk) == []
        assert hold(desk, ticket_id).status == Status.PENDING_APPROVAL
    with desk_for(cast.manager) as desk, pytest.raises(RuleBroken):
        act(desk, request_id, REQUEST_INFO, comments="Well?")
    with desk_for(cast.owner, writes=False) as desk:
        (told,) = approval_listing.of_ticket(desk, ticket_id)
        assert (told["state"], told["question"]) == ("info_requested", "Which cost centre?")
        assert notifications.mine(desk)[0].says == "Something is asked before this is approved"
    with desk_for(cast.admin) as desk:
        comment(desk, hold(desk, ticket_id), "I do not know either")
    with desk_for(cast.agent) as desk:
        comment(desk, hold(desk, ticket_id), "Ours, I think", internal=True)
        assert approval_listing.read(desk, request_id)["state"] == "info_requested"
    clock.forward(hours=1)
    with desk_for(getattr(cast, who)) as desk:
        comment(desk, hold(desk, ticket_id), "4711")
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == [request_id]
        told = approval_listing.read(desk, request_id)
        assert (told["state"], told["question"]) == ("pending", None)
        assert notifications.mine(desk)[0].says == "What you asked before approving is answered"
        assert [field for field, _ in told_of(desk, ticket_id)] == [
            "requested",
            "asked",
            "info_requested",
            "info_given",
        ]


def test_an_approver_need_not_wait_for_the_answer(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with desk_for(cast.manager) as desk:
        act(desk, request_id, REQUEST_INFO, comments="Which cost centre?")
    with desk_for(cast.manager) as desk:
        act(desk, request_id, APPROVE)
        assert hold(desk, ticket_id).status == Status.OPEN


def test_what_was_asked_can_be_taken_back(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for actor in (cast.agent, cast.admin):
        ticket_id = file_ticket()
        request_id = put_before(desk_for, cast.agent, ticket_id)
        with desk_for(cast.manager) as desk, pytest.raises(Forbidden):
            cancel(desk, request_id)
        with desk_for(actor) as desk:
            cancel(desk, request_id)
        with desk_for(cast.manager) as desk:
            assert waiting_for(desk) == []
            assert status_of(desk, ticket_id) == Status.NEW
            assert approval_listing.read(desk, request_id)["state"] == "cancelled"


def test_a_deleted_ticket_waits_for_nobody_until_it_is_restored(
    desk_for: DeskFor, cast: Cast, waiting: tuple[int, int]
) -> None:
    ticket_id, request_id = waiting
    with desk_for(cast.agent) as desk:
        delete_ticket(desk, hold(desk, ticket_id))
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == []
    with desk_for(cast.manager) as desk, pytest.raises(NotFound):
        act(desk, request_id, APPROVE)
    with desk_for(cast.admin) as desk:
        restore_ticket(desk, ticket_id)
    with desk_for(cast.manager) as desk:
        assert waiting_for(desk) == [request_id]


def test_several_at_once_each_as_if_alone(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [put_before(desk_for, cast.agent, file_ticket()) for _ in range(3)]
    foreign = put_before(desk_for, cast.manager, file_ticket(), approver_ids=[cast.admin.id])
    with desk_for(cast.manager) as desk:
        act(desk, ids[1], APPROVE)
    named = [ids[2], 4711, ids[1], foreign, ids[0], ids[2]]
    with desk_for(cast.manager) as desk:
        results = act_on_many(desk, named, APPROVE, comments="Routine")
    assert [result.request_id for result in results] == named[:-1]
    assert [(result.state, type(result.error)) for result in results] == [
        ("approved", type(None)),
        (None, NotFound),
        (None, RuleBroken),
        (None, Forbidden),
        ("approved", type(None)),
    ]
    with desk_for(cast.admin) as desk:
        assert [approval_listing.read(desk, one)["state"] for one in (*ids, foreign)] == [
            "approved",
            "approved",
            "approved",
            "pending",
        ]
        assert counters.totals(desk).by_status == {"open": 3, "pending_approval": 1}


@pytest.mark.parametrize("ids", [[], list(range(1, 102))])
def test_not_none_and_not_too_many(desk_for: DeskFor, cast: Cast, ids: list[int]) -> None:
    with desk_for(cast.manager) as desk, pytest.raises(Invalid):
        act_on_many(desk, ids, APPROVE)


def test_two_decisions_at_once_end_as_one(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager, cast.admin))
    ticket_id = file_ticket()
    with desk_for(cast.manager) as desk:
        (request_id,) = waiting_for(desk)
    at_once = Barrier(2)

    def decide(actor: Actor, action: ApprovalAction) -> DeskError | None:
        at_once.wait()
        try:
            with desk_for(actor) as desk:
                act(desk, request_id, action, comments="So be it")
        except DeskError as refused:
            return refused
        return None

    with ThreadPoolExecutor(2) as pool:
        words = list(pool.map(decide, (cast.manager, cast.admin), (APPROVE, REJECT)))
    assert sorted(type(word).__name__ for word in words) == ["NoneType", "RuleBroken"]
    with desk_for(cast.agent) as desk:
        told = approval_listing.read(desk, request_id)
        assert told["state"] == ("approved" if words[0] is None else "rejected")
        ended = [field for field, _ in told_of(desk, ticket_id)]
        assert ended.count("approved") + ended.count("rejected") == 1


def test_many_at_once_from_both_ends_hinder_nobody(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    policy(desk_for, cast.admin, asking(cast.manager, cast.admin))
    for n in range(12):
        file_ticket(priority=list(Priority)[n % 3])
    with desk_for(cast.manager) as desk:
        ids = waiting_for(desk)
    at_once = Barrier(2)

    def decide(actor: Actor, chosen: list[int]) -> list[Result]:
        at_once.wait()
        with desk_for(actor) as desk:
            return act_on_many(desk, chosen, APPROVE)

    with ThreadPoolExecutor(2) as pool:
        both = pool.map(decide, (cast.manager, cast.admin), (ids, ids[::-1]))
    done = [result.request_id for results in both for result in results if result.state]
    assert sorted(done) == ids
    with desk_for(cast.agent) as desk:
        assert counters.totals(desk).by_status == {"open": 12}
