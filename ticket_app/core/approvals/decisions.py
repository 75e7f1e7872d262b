"""What those asked for approval say, one request at a time or several (specs/enterprise)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from ticket_app.core.approvals import approvers, cases
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.approvals.cases import Case
from ticket_app.core.notifications.notifications import settle_approvals
from ticket_app.core.platform import text
from ticket_app.core.platform.access_policy import viewer, visible
from ticket_app.core.platform.errors import (
    REQUIRED,
    DeskError,
    Forbidden,
    Invalid,
    NotFound,
    RuleBroken,
    too_many,
)
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    ApprovalAction,
    ApprovalEvent,
    ApprovalState,
    Audience,
)
from ticket_app.core.tickets import counters, tickets
from ticket_app.tables import ApprovalAsk, ApprovalStep, approval_request_table, ticket_table

MOST_CONDITIONS = 20
LONGEST_CONDITION = 500
LONGEST_COMMENTS = 10_000
MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Deed:
    """What an approver wants to do, checked as far as it can be without the request."""

    action: ApprovalAction
    comments: str | None = None
    conditions: tuple[str, ...] = ()
    delegate_to_id: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of several requests: where it stands now, or why nothing was done."""

    request_id: int
    state: str | None = None
    error: DeskError | None = None


def act(
    desk: Desk,
    request_id: int,
    action: ApprovalAction,
    *,
    comments: str | None = None,
    conditions: Sequence[str] = (),
    delegate_to_id: int | None = None,
) -> None:
    """Approve, reject, delegate or ask back (specs/enterprise, "Process Approval").

    Raises `NotFound`, `Forbidden` for who is not asked, `Invalid`, `RuleBroken` for what is
    decided.
    """
    deed = _checked(action, comments, conditions, delegate_to_id)
    _do(desk, _hold(desk, request_id), deed)


def act_on_many(
    desk: Desk,
    request_ids: Sequence[int],
    action: ApprovalAction,
    *,
    comments: str | None = None,
    conditions: Sequence[str] = (),
    delegate_to_id: int | None = None,
    seen: Mapping[int, int] | None = None,
) -> list[Result]:
    """Do the same to each of several requests, as to each alone (specs/enterprise, "Bulk").

    `seen` maps each request to the version of its ticket that the actor saw; one whose ticket has
    changed since is refused. Returns what became of each, in the order named. Raises `Invalid` for
    what fits none of them.
    """
    deed = _checked(action, comments, conditions, delegate_to_id)
    chosen = list(dict.fromkeys(request_ids))
    if not 1 <= len(chosen) <= MOST_AT_ONCE:
        raise Invalid("approval_ids", f"must name 1 to {MOST_AT_ONCE} approvals")
    _lock(desk, chosen)
    results: list[Result] = []
    with counters.together(desk) as moves:
        for request_id in chosen:
            counted = len(moves)
            try:
                with desk.session.begin_nested():
                    case = _hold(desk, request_id)
                    if seen is not None:
                        ticket = case.ticket
                        tickets.expect_seen(desk, ticket, seen[request_id], ticket.assignee_id)
                    _do(desk, case, deed)
            except DeskError as refused:
                del moves[counted:]
                results.append(Result(request_id, error=refused))
            else:
                results.append(Result(request_id, case.request.state))
    return results


def cancel(desk: Desk, request_id: int) -> None:
    """Take a request back: who asked may, and admins. The ticket is where it was before.

    Raises `NotFound`, `Forbidden`, `RuleBroken` for what is decided.
    """
    case = _hold(desk, request_id)
    if case.request.requested_by_id != desk.actor.id:
        desk.actor.must("set_up", "take back what somebody else asked for")
    _must_be_open(case)
    line = cases.record(
        desk,
        case,
        ApprovalEvent.CANCELLED,
        audience=Audience.PUBLIC,
        new_value=ApprovalState.CANCELLED,
    )
    waiting = [ask.person_id for ask in case.asks if ask.state == ApprovalState.PENDING]
    cases.end(desk, case, ApprovalState.CANCELLED)
    cases.tell_each(desk, case, waiting, "Your approval is not needed any more", line)


def _checked(
    action: ApprovalAction,
    comments: str | None,
    conditions: Sequence[str],
    delegate_to_id: int | None,
) -> Deed:
    said = text.optional_text("comments", comments, LONGEST_COMMENTS)
    said = said if said and said.strip() else None
    if said is None and action in (ApprovalAction.REJECT, ApprovalAction.REQUEST_INFO):
        raise Invalid("comments", f"is required for {action}")
    if conditions and action is not ApprovalAction.APPROVE:
        raise Invalid("conditions", "can be set only to approve")
    if len(conditions) > MOST_CONDITIONS:
        raise Invalid("conditions", too_many(MOST_CONDITIONS))
    if action is ApprovalAction.DELEGATE and delegate_to_id is None:
        raise Invalid("delegate_to_id", REQUIRED)
    if action is not ApprovalAction.DELEGATE and delegate_to_id is not None:
        raise Invalid("delegate_to_id", "can be named only to delegate")
    lines = tuple(
        text.required_line(f"conditions.{n}", condition, LONGEST_CONDITION)
        for n, condition in enumerate(conditions)
    )
    return Deed(action, said, lines, delegate_to_id)


_TICKETS = approval_request_table.join(
    ticket_table, ticket_table.c.id == approval_request_table.c.ticket_id
)
_TICKET = (
    select(approval_request_table.c.ticket_id)
    .select_from(_TICKETS)
    .where(approval_request_table.c.id == bindparam("request_id"))
)
_LOCKED = (
    select(ticket_table.c.id)
    .where(
        ticket_table.c.id.in_(
            select(approval_request_table.c.ticket_id).where(
                approval_request_table.c.id.in_(bindparam("ids", expanding=True))
            )
        )
    )
    .order_by(ticket_table.c.id)
    .with_for_update()
)


def _lock(desk: Desk, request_ids: Sequence[int]) -> None:
    """Lock all the tickets before anything is written, in one order: no two wait for each other."""
    seen = _LOCKED.where(visible(desk.actor))
    desk.db.execute(seen, {"ids": request_ids, **viewer(desk.actor)}).all()


def _hold(desk: Desk, request_id: int) -> Case:
    seen = _TICKET.where(visible(desk.actor))
    row = desk.db.execute(seen, {"request_id": request_id, **viewer(desk.actor)}).first()
    if row is None:
        raise NotFound("Approval")
    return cases.of_request(desk, tickets.hold(desk, row.ticket_id), request_id)


def _must_be_open(case: Case) -> None:
    if not case.is_open:
        raise RuleBroken(f"This is {case.request.state} already")


def _own_ask(desk: Desk, case: Case) -> tuple[ApprovalStep, ApprovalAsk]:
    """The step under way and what the actor is asked in it. Raises `Forbidden`, `RuleBroken`."""
    actor = desk.actor
    mine = [ask for ask in case.asks if ask.person_id == actor.id]
    if actor.id in case.barred:
        raise Forbidden("Nobody decides on what they want themselves")
    if not mine:
        raise Forbidden("You are not asked to decide on this")
    if not approvers.may_decide(actor):
        raise Forbidden("You are not allowed to decide on approvals")
    _must_be_open(case)
    step = case.step
    ask = next((ask for ask in mine if step and ask.step_id == step.id), None)
    if step is None or ask is None or ask.state != ApprovalState.PENDING:
        did = "delegated" if mine[-1].state == ApprovalState.DELEGATED else "decided on"
        raise RuleBroken(f"You have {did} this already")
    return step, ask


def _do(desk: Desk, case: Case, deed: Deed) -> None:
    step, ask = _own_ask(desk, case)
    settle_approvals(desk, case.request.ticket_id, [desk.actor.id])
    DEEDS[deed.action](desk, case, step, ask, deed)
    if case.is_open:
        tickets.touch(desk, case.ticket)
    desk.settle()


def _decide(desk: Desk, case: Case, step: ApprovalStep, ask: ApprovalAsk, deed: Deed) -> None:
    approves = deed.action is ApprovalAction.APPROVE
    ask.state = ApprovalState.APPROVED if approves else ApprovalState.REJECTED
    ask.comments, ask.conditions, ask.decided_at = deed.comments, list(deed.conditions), desk.now
    cases.resume(desk, case)
    reached = cases.outcome(step, case.asked_in(step))
    if reached is not ApprovalState.PENDING:
        cases.close_step(desk, case, step, reached)
    following = next((one for one in case.steps if one.state == ApprovalState.WAITING), None)
    if reached is ApprovalState.REJECTED or (reached is ApprovalState.APPROVED and not following):
        _finish(desk, case, reached, deed)
        return
    event = ApprovalEvent.APPROVED if approves else ApprovalEvent.REJECTED
    said = "\n\n".join(filter(None, (deed.comments, _listed(deed.conditions)))) or None
    cases.record(
        desk,
        case,
        event,
        audience=Audience.INTERNAL,
        old_value=step.name,
        new_value=case.request.state,
        body=said,
    )
    if reached is ApprovalState.APPROVED and following:
        cases.start(desk, case, following)


def _finish(desk: Desk, case: Case, state: ApprovalState, deed: Deed) -> None:
    """The last word is said: everybody on the ticket learns what it is.

    Of a refusal they read why; of an approval the conditions, and what the approver remarks stays
    among staff.
    """
    if state is ApprovalState.APPROVED:
        approved = [ask for ask in case.asks if ask.state == ApprovalState.APPROVED]
        body = _listed([line for ask in approved for line in ask.conditions])
        event, says = ApprovalEvent.APPROVED, "Approved"
        if deed.comments:
            cases.record(
                desk, case, ApprovalEvent.REMARK, audience=Audience.INTERNAL, body=deed.comments
            )
    else:
        body, event, says = deed.comments, ApprovalEvent.REJECTED, "Not approved"
    line = cases.record(
        desk, case, event, audience=Audience.PUBLIC, old_value="pending", new_value=state, body=body
    )
    cases.end(desk, case, state)
    ticket = case.ticket
    told = (ticket.requester_id, case.request.requested_by_id, ticket.assignee_id)
    cases.tell_each(desk, case, told, says, line)


def _listed(conditions: Sequence[str]) -> str | None:
    return "\n".join(f"- {line}" for line in dict.fromkeys(conditions)) or None


def _delegate(desk: Desk, case: Case, step: ApprovalStep, ask: ApprovalAsk, deed: Deed) -> None:
    assert deed.delegate_to_id is not None
    to = deed.delegate_to_id
    if to in case.barred:
        raise Invalid("delegate_to_id", "must not be the person who asked for the approval")
    if any(other.person_id == to for other in case.asked_in(step)):
        raise Invalid("delegate_to_id", "must be a user who has not been asked yet")
    found = approvers.find(desk, Approvers(people=(to,)), department_id=None)
    if not found:
        raise Invalid("delegate_to_id", "must be a user who can decide on approvals")
    ask.state, ask.comments, ask.decided_at = ApprovalState.DELEGATED, deed.comments, desk.now
    cases.ask(
        desk, case, step, [to], delegated_by_id=desk.actor.id, is_escalation=ask.is_escalation
    )
    line = cases.record(
        desk,
        case,
        ApprovalEvent.DELEGATED,
        audience=Audience.INTERNAL,
        old_value=desk.actor.full_name,
        new_value=cases.names_of(found),
        body=deed.comments,
    )
    cases.tell_each(desk, case, [to], "An approval was delegated to you", line)


def _ask_back(desk: Desk, case: Case, step: ApprovalStep, _ask: ApprovalAsk, deed: Deed) -> None:
    request = case.request
    if request.state == ApprovalState.INFO_REQUESTED:
        raise RuleBroken("An answer is waited for already")
    request.state = step.state = ApprovalState.INFO_REQUESTED
    request.question = deed.comments
    request.info_asked_by_id, request.info_asked_at = desk.actor.id, desk.now
    line = cases.record(
        desk,
        case,
        ApprovalEvent.INFO_REQUESTED,
        audience=Audience.PUBLIC,
        new_value=ApprovalState.INFO_REQUESTED,
        body=deed.comments,
    )
    asked = (case.ticket.requester_id, request.requested_by_id)
    cases.tell_each(desk, case, asked, "Something is asked before this is approved", line)


DEEDS: dict[ApprovalAction, Callable[[Desk, Case, ApprovalStep, ApprovalAsk, Deed], None]] = {
    ApprovalAction.APPROVE: _decide,
    ApprovalAction.REJECT: _decide,
    ApprovalAction.DELEGATE: _delegate,
    ApprovalAction.REQUEST_INFO: _ask_back,
}
"""How each action is done."""
