"""Plan what people do on one demo ticket."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from random import Random

from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.demo.texts import replies
from ticket_app.demo.texts.models import Turn
from ticket_app.demo.ticket_plans import TicketPlan


def plan_actions(rng: Random, ticket_plan: TicketPlan) -> None:
    """Plan everything that happens on a ticket until it has its final status."""
    story, status = ticket_plan.story, ticket_plan.status
    ticket_plan.add(0, "open", ticket_plan.requester)
    if story.file_kind and rng.random() < 0.6:
        ticket_plan.add(
            0,
            "attach",
            ticket_plan.requester,
            (story.file_kind, story.caption, rng.getrandbits(32)),
        )
    if status is Status.NEW:
        if rng.random() < 0.2:
            ticket_plan.add(
                rng.uniform(3, 20), "reply", ticket_plan.requester, rng.choice(replies.REMINDERS)
            )
        return
    triager = "mia" if rng.random() < 0.4 else ticket_plan.agent
    ticket_plan.add(rng.uniform(0.1, 5), "assign", triager, ticket_plan.agent)
    if rng.random() < 0.12:
        ticket_plan.add(0.1, "edit", triager, {"priority": _next_priority(ticket_plan.priority)})
    if rng.random() < 0.15:
        ticket_plan.add(
            0.1, "edit", ticket_plan.agent, {"estimated_hours": rng.choice((0.5, 1.0, 2.0, 6.0))}
        )
    turns = story.turns()
    conversation = {
        Status.OPEN: turns[: rng.choice((0, 0, 1, 2))],
        Status.IN_PROGRESS: turns[: max(1, len(turns) - rng.choice((1, 1, 2)))],
        Status.PENDING_USER: _turns_until_agent(turns, rng),
        Status.PENDING_APPROVAL: turns[: rng.choice((1, 2))],
        Status.DUPLICATE: [],
        Status.WONT_FIX: turns[:2],
    }.get(status, turns)
    _plan_conversation(rng, ticket_plan, conversation)
    if rng.random() < 0.2:
        ticket_plan.add(
            rng.uniform(0.2, 9), "note", ticket_plan.agent, rng.choice(replies.INTERNAL_NOTES)
        )
    if rng.random() < 0.08:
        labels = [*story.tags, rng.choice(("vip", "escalated", "phone"))]
        ticket_plan.add(0.2, "edit", "mia", {"tags": labels})
    if status in (Status.OPEN, Status.IN_PROGRESS) and rng.random() < 0.25:
        ticket_plan.add(
            rng.uniform(8, 40), "reply", ticket_plan.requester, rng.choice(replies.REMINDERS)
        )
    PLAN_ENDING[status](rng, ticket_plan)


def priority_of_rank(rank: int) -> Priority:
    """Return the priority with a rank."""
    return next(priority for priority in Priority if priority.rank == rank)


def _turns_until_agent(turns: list[Turn], rng: Random) -> list[Turn]:
    agent_turns = [n for n, (who, _) in enumerate(turns, start=1) if who == "agent"]
    return turns[: agent_turns[min(len(agent_turns) - 1, rng.choice((0, 0, 1)))]]


def _next_priority(priority: Priority) -> Priority:
    return priority_of_rank(min(priority.rank + 1, Priority.CRITICAL.rank))


def _plan_conversation(rng: Random, ticket_plan: TicketPlan, turns: list[Turn]) -> None:
    has_started = False
    for n, ((role, text), (next_speaker, _)) in enumerate(pairwise([*turns, ("", "")])):
        author = ticket_plan.requester if role == "user" else ticket_plan.agent
        hours = rng.uniform(0.3, 6) if n == 0 else rng.uniform(0.5, 30)
        ticket_plan.add(hours, "note" if role == "note" else "reply", author, text)
        if role == "agent" and not has_started and ticket_plan.status is not Status.OPEN:
            ticket_plan.add(0.02, "status", ticket_plan.agent, Status.IN_PROGRESS)
            has_started = True
        if role == "agent" and next_speaker == "user" and text.rstrip().endswith("?"):
            ticket_plan.add(0.01, "status", ticket_plan.agent, Status.PENDING_USER)
        if role == "note" and ticket_plan.story.file_kind == "log" and rng.random() < 0.2:
            ticket_plan.add(
                0.02, "attach_note", ticket_plan.agent, ("log", "our side", rng.getrandbits(32))
            )


def _end_open(rng: Random, ticket_plan: TicketPlan) -> None:
    if ticket_plan.status is Status.OPEN and not ticket_plan.is_recent and rng.random() < 0.2:
        ticket_plan.add(rng.uniform(1, 9), "assign", "mia", None)


def _end_in_progress(rng: Random, ticket_plan: TicketPlan) -> None:
    if ticket_plan.is_recent or rng.random() < 0.5:
        ticket_plan.add(
            rng.uniform(2, 20), "reply", ticket_plan.agent, rng.choice(replies.PROGRESS_REPLIES)
        )


def _end_pending_user(rng: Random, ticket_plan: TicketPlan) -> None:
    ticket_plan.add(0.02, "status", ticket_plan.agent, Status.PENDING_USER)
    if ticket_plan.is_recent:
        reminder = "Hello $me, did you have a chance to look at my question? I would like to go on."
        ticket_plan.add(rng.uniform(20, 50), "reply", ticket_plan.agent, reminder)


def _end_pending_approval(rng: Random, ticket_plan: TicketPlan) -> None:
    ticket_plan.add(
        rng.uniform(0.5, 5),
        "request_approval",
        ticket_plan.agent,
        "Costs are above the usual limit.",
    )


def _plan_resolution(rng: Random, ticket_plan: TicketPlan) -> None:
    if rng.random() < 0.25:
        feedback = ticket_plan.fill_in(rng.choice(replies.ADMIN_FEEDBACK))
        ticket_plan.add(0.2, "edit", ticket_plan.agent, {"admin_feedback": feedback})
        for minutes, note in replies.TIME_ENTRIES:
            ticket_plan.add(0.01, "log_time", ticket_plan.agent, (minutes, note))
    ticket_plan.add(rng.uniform(0.05, 2), "status", ticket_plan.agent, Status.RESOLVED)


def _end_resolved(rng: Random, ticket_plan: TicketPlan) -> None:
    _plan_resolution(rng, ticket_plan)
    if ticket_plan.is_recent:
        reply = "I set this to resolved. Should it come back, just reopen it and it is mine again."
        ticket_plan.add(rng.uniform(1, 4), "reply", ticket_plan.agent, reply)
    elif rng.random() < 0.3:
        ticket_plan.add(
            rng.uniform(1, 20), "rate", ticket_plan.requester, rng.choice(replies.RATINGS)
        )


def _end_closed(rng: Random, ticket_plan: TicketPlan) -> None:
    _plan_resolution(rng, ticket_plan)
    if rng.random() < 0.6:
        ticket_plan.add(
            rng.uniform(2, 40), "rate", ticket_plan.requester, rng.choice(replies.RATINGS)
        )
    ticket_plan.add(rng.uniform(24, 96), "status", ticket_plan.agent, Status.CLOSED)


def _end_reopened(rng: Random, ticket_plan: TicketPlan) -> None:
    _plan_resolution(rng, ticket_plan)
    ticket_plan.add(
        rng.uniform(10, 70), "reply", ticket_plan.requester, rng.choice(replies.REOPEN_REPLIES)
    )


def _end_duplicate(rng: Random, ticket_plan: TicketPlan) -> None:
    ticket_plan.add(
        rng.uniform(0.5, 8), "reply", ticket_plan.agent, rng.choice(replies.DUPLICATE_REPLIES)
    )
    ticket_plan.add(0.02, "duplicate", ticket_plan.agent)


def _end_wont_fix(rng: Random, ticket_plan: TicketPlan) -> None:
    ticket_plan.add(
        rng.uniform(5, 60), "reply", ticket_plan.agent, rng.choice(replies.WONT_FIX_REPLIES)
    )
    ticket_plan.add(0.02, "status", ticket_plan.agent, Status.WONT_FIX)


PLAN_ENDING: dict[Status, Callable[[Random, TicketPlan], None]] = {
    Status.OPEN: _end_open,
    Status.IN_PROGRESS: _end_in_progress,
    Status.PENDING_USER: _end_pending_user,
    Status.PENDING_APPROVAL: _end_pending_approval,
    Status.RESOLVED: _end_resolved,
    Status.CLOSED: _end_closed,
    Status.REOPENED: _end_reopened,
    Status.DUPLICATE: _end_duplicate,
    Status.WONT_FIX: _end_wont_fix,
}
"""The function that plans the last actions before each final status."""
