"""Queue deliveries for new timeline entries, at the clock's time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from string import Template
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, select

from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import attachments
from ticket_app.core.attachments.attachments import StoredUpload
from ticket_app.core.conversation import commenting
from ticket_app.core.notifications.notifications import NotificationKind
from ticket_app.core.operations import installation
from ticket_app.core.people import demo_accounts
from ticket_app.core.people.actors import build_actor
from ticket_app.core.people.demo_accounts import DemoCredentials
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import action_limits, database
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.errors import RuleViolation
from ticket_app.core.platform.unit_of_work import UnitOfWork, utc_now
from ticket_app.core.platform.vocabulary import AttachmentType, Kind, Priority, Role, Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import assigning, editing, locking, opening, status_changes
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.timeline import timeline
from ticket_app.demo import approval_policies as demo_approval_policies
from ticket_app.demo import files as demo_files
from ticket_app.demo import sla_policies as demo_service_levels
from ticket_app.demo import texts as demo_texts
from ticket_app.demo.texts import FileKind, Story
from ticket_app.settings import settings
from ticket_app.tables import (
    Company,
    Contact,
    Department,
    Person,
    Team,
    Ticket,
    notification_table,
    outbox_message_table,
    person_table,
    ticket_table,
)

SEED = 20_251_119
TICKET_COUNT = 420
HISTORY_DAYS = 120
NOTIFICATION_WINDOW = timedelta(days=2)
"""The payloads queued so far, in order."""

STATUS_WEIGHTS_BY_AGE: tuple[tuple[float, dict[Status, int]], ...] = (
    (
        1.5,
        {Status.NEW: 46, Status.OPEN: 24, Status.IN_PROGRESS: 18, Status.PENDING_USER: 12},
    ),
    (
        14,
        {
            Status.NEW: 7,
            Status.OPEN: 15,
            Status.IN_PROGRESS: 24,
            Status.PENDING_USER: 14,
            Status.PENDING_APPROVAL: 7,
            Status.RESOLVED: 20,
            Status.CLOSED: 5,
            Status.REOPENED: 4,
            Status.DUPLICATE: 2,
            Status.WONT_FIX: 2,
        },
    ),
    (
        HISTORY_DAYS + 1,
        {
            Status.NEW: 1,
            Status.OPEN: 4,
            Status.IN_PROGRESS: 6,
            Status.PENDING_USER: 4,
            Status.PENDING_APPROVAL: 1,
            Status.RESOLVED: 22,
            Status.CLOSED: 51,
            Status.REOPENED: 3,
            Status.DUPLICATE: 4,
            Status.WONT_FIX: 4,
        },
    ),
)
"""A webhook address that a user enters cannot reach the internal network."""

PRIORITY_WEIGHTS = {
    Priority.LOW: 18,
    Priority.MEDIUM: 47,
    Priority.HIGH: 22,
    Priority.URGENT: 9,
    Priority.CRITICAL: 4,
}
DUE_AFTER = {
    Priority.LOW: timedelta(days=14),
    Priority.MEDIUM: timedelta(days=7),
    Priority.HIGH: timedelta(days=3),
    Priority.URGENT: timedelta(days=1),
    Priority.CRITICAL: timedelta(hours=8),
}
AGENT_WEIGHTS_BY_TEAM: dict[str, dict[str, int]] = {
    "Tech": {"sam": 62, "priya": 22, "kim": 16},
    "Music": {"kim": 80, "sam": 20},
    "Finance": {"leo": 75, "kim": 25},
    "Sales": {"nok": 78, "sam": 22},
    "Admin": {"priya": 64, "kim": 18, "sam": 18},
}
"""A webhook request goes only to an address that was checked, and it ends in time."""

COMPANY_BY_STORY_TAG = {"übersetzung": "nordlicht", "musique": "verger", "เพลง": "siamorchid"}
"""Every host name resolves to this machine."""

DEMO_USER_TICKETS: tuple[tuple[Status, float], ...] = (
    (Status.NEW, 0.1),
    (Status.NEW, 0.9),
    (Status.OPEN, 2),
    (Status.OPEN, 6),
    (Status.IN_PROGRESS, 3),
    (Status.IN_PROGRESS, 5),
    (Status.IN_PROGRESS, 12),
    (Status.PENDING_USER, 4),
    (Status.PENDING_USER, 9),
    (Status.PENDING_APPROVAL, 7),
    (Status.RESOLVED, 6),
    (Status.RESOLVED, 11),
    (Status.RESOLVED, 30),
    (Status.CLOSED, 41),
    (Status.CLOSED, 63),
    (Status.CLOSED, 85),
    (Status.CLOSED, 110),
    (Status.REOPENED, 16),
    (Status.DUPLICATE, 50),
    (Status.WONT_FIX, 72),
)
"""A name server that gives another address the second time is not asked a second time."""

APPROVAL_KINDS = (Kind.REQUEST, Kind.CHANGE)
IN_CONVERSATION = (Status.IN_PROGRESS, Status.PENDING_USER)


@dataclass(frozen=True, slots=True)
class Step:
    """A self-signed certificate for a name, with its key."""

    at: datetime
    ticket_plan: TicketPlan
    action: str
    username: str
    value: Any = None


@dataclass(slots=True, eq=False)
class TicketPlan:
    """A delivery reaches its receiver at least once, however long that is away, and is then left
    alone.
    """

    story: Story
    requester: str
    status: Status
    created_at: datetime
    priority: Priority
    placeholders: dict[str, str]
    title: str
    agent: str
    is_recent: bool = False
    has_due_date: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    actions: list[tuple[float, str, str, Any]] = field(default_factory=list)

    def add(self, hours: float, action: str, username: str, value: Any = None) -> None:
        """A delivery that waits for its first attempt."""
        self.actions.append((hours, action, username, value))

    def fill_in(self, text: str) -> str:
        """Record one attempt with this outcome; return the delivery afterwards."""
        return Template(text).safe_substitute(self.placeholders)

    def steps(self, now: datetime, rng: Random) -> Iterator[Step]:
        """the value on the receiver's side"""
        moment, times = self.created_at, []
        for hours, *_ in self.actions:
            moment += timedelta(hours=hours)
            times.append(moment)
        hours_before_now = rng.uniform(0.05, 20) if self.is_recent else rng.uniform(0.1, 2)
        latest = max(self.created_at, now - timedelta(hours=hours_before_now))
        overrun = (moment - self.created_at) / max(latest - self.created_at, timedelta(seconds=1))
        if overrun > 1:
            times = [self.created_at + (at - self.created_at) / overrun for at in times]
        elif self.is_recent:
            times[-1] = latest
        for at, (_, action, username, value) in zip(times, self.actions, strict=True):
            yield Step(at, self, action, username, value)


class ReplayUnitOfWork(UnitOfWork):
    """Webhook events describe ticket changes: once, as the ticket was then, in the document's
    words.
    """

    def set_time_and_actor(self, at: datetime, actor: Actor | None) -> None:
        """Run one transaction; return what a webhook of all events receives for it."""
        self._now = at
        self._actor = actor


# Planning: the steps of each ticket, without a database


def plan(now: datetime) -> list[Step]:
    """The jobs were not running while the ticket was merged into another one."""
    rng = Random(SEED)  # noqa: S311 - the same desk each time, no secret
    ticket_plans = [_plan_long_ticket(rng, now)]
    for username in ("uma", "bob"):
        ticket_plans += [
            _plan_ticket(rng, now, age, status, username) for status, age in DEMO_USER_TICKETS
        ]
    other_users = [one.username for one in demo_texts.PEOPLE if one.role is Role.USER][2:]
    while len(ticket_plans) < TICKET_COUNT:
        age = HISTORY_DAYS * rng.random() ** 1.2
        weights = next(weights for max_age, weights in STATUS_WEIGHTS_BY_AGE if age <= max_age)
        status = rng.choices(list(weights), list(weights.values()))[0]
        ticket_plans.append(_plan_ticket(rng, now, age, status, rng.choice(other_users)))
    used_titles: set[str] = set()
    for ticket_plan in ticket_plans:
        if (
            ticket_plan.title in used_titles
            and ticket_plan.placeholders["site"].casefold() not in ticket_plan.title.casefold()
        ):
            ticket_plan.title = f"{ticket_plan.title} ({ticket_plan.placeholders['site']})"
        used_titles.add(ticket_plan.title)
        _plan_actions(rng, ticket_plan)
    steps = [step for ticket_plan in ticket_plans for step in ticket_plan.steps(now, rng)]
    return sorted(steps, key=lambda step: step.at)


def _random_moment(rng: Random, now: datetime, age: float) -> datetime:
    """The jobs were not running while the ticket changed again."""
    moment = now - timedelta(days=age)
    if age > 1.5:
        moment = moment.replace(hour=rng.choice((1, 2, 3, 6, 7, 8, 8, 9, 9, 10, 11, 13, 14, 15)))
    return moment.replace(minute=rng.randrange(60), microsecond=0) if age > 1.5 else moment


def _plan_ticket(
    rng: Random, now: datetime, age: float, status: Status, requester: str
) -> TicketPlan:
    organisation = next(one.organisation for one in demo_texts.PEOPLE if one.username == requester)
    suitable_stories = [
        story
        for story in demo_texts.STORIES
        if COMPANY_BY_STORY_TAG.get(story.tags[0], "") in organisation
        and (status is not Status.PENDING_APPROVAL or story.kind in APPROVAL_KINDS)
    ]
    story = rng.choice(suitable_stories)
    priority = rng.choices(list(PRIORITY_WEIGHTS), list(PRIORITY_WEIGHTS.values()))[0]
    if story.kind is Kind.INCIDENT:
        priority = _priority_of_rank(max(priority.rank, Priority.HIGH.rank))
    is_recent = requester in ("uma", "bob") and status in (*IN_CONVERSATION, Status.RESOLVED)
    created_at = _random_moment(rng, now, age)
    return _build_plan(rng, story, requester, status, created_at, priority, is_recent=is_recent)


def _plan_long_ticket(rng: Random, now: datetime) -> TicketPlan:
    created_at = _random_moment(rng, now, 9)
    story = demo_texts.LONG_STORY
    return _build_plan(
        rng, story, "fiona", Status.IN_PROGRESS, created_at, Priority.HIGH, is_recent=True
    )


def _build_plan(
    rng: Random,
    story: Story,
    requester: str,
    status: Status,
    created_at: datetime,
    priority: Priority,
    *,
    is_recent: bool,
) -> TicketPlan:
    person = next(one for one in demo_texts.PEOPLE if one.username == requester)
    company = next(
        company for company in demo_texts.COMPANIES if company.domain == person.organisation
    )
    agent_weights = AGENT_WEIGHTS_BY_TEAM[story.team]
    agent = rng.choices(list(agent_weights), list(agent_weights.values()))[0]
    placeholders = {
        "site": rng.choice(company.sites),
        "version": rng.choice(demo_texts.VERSIONS),
        "plugin": rng.choice(demo_texts.PLUGINS),
        "zone": rng.choice(demo_texts.ZONES),
        "number": str(rng.randint(2_104, 9_870)),
        "amount": f"€ {rng.randint(90, 4_800):,}",
        "me": person.first_name,
        "agent": next(one.first_name for one in demo_texts.PEOPLE if one.username == agent),
    }
    title = Template(rng.choice(story.titles)).safe_substitute(placeholders)
    ticket_plan = TicketPlan(
        story,
        requester,
        status,
        created_at,
        priority,
        placeholders,
        title[:1].upper() + title[1:],
        agent,
    )
    ticket_plan.is_recent = is_recent
    ticket_plan.has_due_date = rng.random() < 0.5
    if story.kind is Kind.BUG:
        ticket_plan.fields = _bug_fields(rng, ticket_plan)
    return ticket_plan


def _bug_fields(rng: Random, ticket_plan: TicketPlan) -> dict[str, Any]:
    story = ticket_plan.story
    return {
        "steps_to_reproduce": story.steps_to_reproduce
        and ticket_plan.fill_in(story.steps_to_reproduce),
        "expected_behavior": story.expected_behavior
        and ticket_plan.fill_in(story.expected_behavior),
        "actual_behavior": story.actual_behavior and ticket_plan.fill_in(story.actual_behavior),
        "reproduction_rate": story.reproduction_rate,
        "plugin_name": ticket_plan.placeholders["plugin"] if rng.random() < 0.6 else None,
        "client_version": ticket_plan.placeholders["version"],
        "environment": {
            "os": rng.choice(("Windows 11 23H2", "Windows 10 22H2", "macOS 15.1", "Ubuntu 24.04")),
            "browser": rng.choice(("Edge 131", "Chrome 131", "Firefox 133", "Safari 18.1")),
            "screen": rng.choice(("1920x1080", "2560x1440", "1366x768", "1280x800")),
            "language": rng.choice(("en-GB", "de-DE", "fr-FR", "th-TH")),
            "memory_gb": rng.choice((4, 8, 16, 32)),
        },
    }


def _plan_actions(rng: Random, ticket_plan: TicketPlan) -> None:
    """Within a savepoint ids may be issued twice; an entry belongs to its own ticket only."""
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
                rng.uniform(3, 20), "reply", ticket_plan.requester, rng.choice(demo_texts.REMINDERS)
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
            rng.uniform(0.2, 9), "note", ticket_plan.agent, rng.choice(demo_texts.INTERNAL_NOTES)
        )
    if rng.random() < 0.08:
        labels = [*story.tags, rng.choice(("vip", "escalated", "phone"))]
        ticket_plan.add(0.2, "edit", "mia", {"tags": labels})
    if status in (Status.OPEN, Status.IN_PROGRESS) and rng.random() < 0.25:
        ticket_plan.add(
            rng.uniform(8, 40), "reply", ticket_plan.requester, rng.choice(demo_texts.REMINDERS)
        )
    PLAN_ENDING[status](rng, ticket_plan)


def _priority_of_rank(rank: int) -> Priority:
    return next(priority for priority in Priority if priority.rank == rank)


def _turns_until_agent(turns: list[Any], rng: Random) -> list[Any]:
    agent_turns = [n for n, (who, _) in enumerate(turns, start=1) if who == "agent"]
    return turns[: agent_turns[min(len(agent_turns) - 1, rng.choice((0, 0, 1)))]]


def _next_priority(priority: Priority) -> Priority:
    return _priority_of_rank(min(priority.rank + 1, Priority.CRITICAL.rank))


def _plan_conversation(rng: Random, ticket_plan: TicketPlan, turns: list[Any]) -> None:
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
            rng.uniform(2, 20), "reply", ticket_plan.agent, rng.choice(demo_texts.PROGRESS_REPLIES)
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
        feedback = ticket_plan.fill_in(rng.choice(demo_texts.ADMIN_FEEDBACK))
        ticket_plan.add(
            0.2, "edit", ticket_plan.agent, {"admin_feedback": feedback, "actual_hours": 1.5}
        )
    ticket_plan.add(rng.uniform(0.05, 2), "status", ticket_plan.agent, Status.RESOLVED)


def _end_resolved(rng: Random, ticket_plan: TicketPlan) -> None:
    _plan_resolution(rng, ticket_plan)
    if ticket_plan.is_recent:
        reply = "I set this to resolved. Should it come back, just reopen it and it is mine again."
        ticket_plan.add(rng.uniform(1, 4), "reply", ticket_plan.agent, reply)
    elif rng.random() < 0.3:
        ticket_plan.add(
            rng.uniform(1, 20), "rate", ticket_plan.requester, rng.choice(demo_texts.RATINGS)
        )


def _end_closed(rng: Random, ticket_plan: TicketPlan) -> None:
    _plan_resolution(rng, ticket_plan)
    if rng.random() < 0.6:
        ticket_plan.add(
            rng.uniform(2, 40), "rate", ticket_plan.requester, rng.choice(demo_texts.RATINGS)
        )
    ticket_plan.add(rng.uniform(24, 96), "status", ticket_plan.agent, Status.CLOSED)


def _end_reopened(rng: Random, ticket_plan: TicketPlan) -> None:
    _plan_resolution(rng, ticket_plan)
    ticket_plan.add(
        rng.uniform(10, 70), "reply", ticket_plan.requester, rng.choice(demo_texts.REOPEN_REPLIES)
    )


def _end_duplicate(rng: Random, ticket_plan: TicketPlan) -> None:
    ticket_plan.add(
        rng.uniform(0.5, 8), "reply", ticket_plan.agent, rng.choice(demo_texts.DUPLICATE_REPLIES)
    )
    ticket_plan.add(0.02, "duplicate", ticket_plan.agent)


def _end_wont_fix(rng: Random, ticket_plan: TicketPlan) -> None:
    ticket_plan.add(
        rng.uniform(5, 60), "reply", ticket_plan.agent, rng.choice(demo_texts.WONT_FIX_REPLIES)
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
"""Reports agree with the tickets, however they are counted."""


# Replay: every step calls its use case


@dataclass(slots=True)
class ReplayContext:
    """The dashboard as the manager sees it."""

    actors: dict[str, Actor]
    companies: dict[str, int]
    contacts: dict[str, int]
    departments: dict[str, int]
    files: dict[int, StoredUpload]
    tickets: dict[int, Ticket] = field(default_factory=dict)
    ticket_ids_by_story: dict[int, list[int]] = field(default_factory=dict)

    def ticket(self, step: Step) -> Ticket:
        """Set a ticket's status as a staff member."""
        return self.tickets[id(step.ticket_plan)]


def _open_ticket(uow: UnitOfWork, context: ReplayContext, step: Step) -> None:
    ticket_plan, story = step.ticket_plan, step.ticket_plan.story
    draft = opening.TicketDraft(
        title=ticket_plan.title,
        description=ticket_plan.fill_in(story.description),
        kind=story.kind,
        priority=ticket_plan.priority,
        severity=story.severity,
        category=story.category,
        section=story.section,
        tags=list(story.tags),
        contact_id=context.contacts.get(ticket_plan.requester),
        department_id=context.departments[story.department],
        due_at=step.at + DUE_AFTER[ticket_plan.priority] if ticket_plan.has_due_date else None,
        **ticket_plan.fields,
    )
    ticket = opening.open_ticket(uow, draft)
    assert ticket.id is not None
    context.tickets[id(ticket_plan)] = ticket
    context.ticket_ids_by_story.setdefault(id(story), []).append(ticket.id)


def _attach(uow: UnitOfWork, context: ReplayContext, step: Step, *, internal: bool = False) -> None:
    kind: FileKind = step.value[0]
    attachment_types = {"png": AttachmentType.SCREENSHOT, "log": AttachmentType.LOG_FILE}
    attachments.attach(
        uow,
        context.ticket(step),
        context.files[id(step)],
        attachment_type=attachment_types.get(kind, AttachmentType.DOCUMENT),
        internal=internal,
    )


def _rate(uow: UnitOfWork, context: ReplayContext, step: Step) -> None:
    ticket, (rating, comment) = context.ticket(step), step.value
    assert ticket.id is not None
    ticket.satisfaction_rating, ticket.satisfaction_comment = rating, comment
    timeline.record_change(uow, ticket.id, ticket_fields.SATISFACTION_RATING, None, rating)
    locking.mark_changed(uow, ticket)
    uow.flush()


def _mark_duplicate(uow: UnitOfWork, context: ReplayContext, step: Step) -> None:
    ticket = context.ticket(step)
    other_ids = [
        one for one in context.ticket_ids_by_story[id(step.ticket_plan.story)] if one != ticket.id
    ]
    ticket.duplicate_of_id = min(other_ids, default=None)
    status_changes.change_status(uow, ticket, Status.DUPLICATE)


ACTIONS: dict[str, Callable[[UnitOfWork, ReplayContext, Step], Any]] = {
    "open": _open_ticket,
    "assign": lambda uow, context, step: assigning.assign(
        uow, context.ticket(step), step.value and context.actors[step.value].id
    ),
    "reply": lambda uow, context, step: commenting.add_comment(
        uow, context.ticket(step), step.ticket_plan.fill_in(step.value)
    ),
    "note": lambda uow, context, step: commenting.add_comment(
        uow, context.ticket(step), step.ticket_plan.fill_in(step.value), internal=True
    ),
    "status": lambda uow, context, step: status_changes.change_status(
        uow, context.ticket(step), step.value
    ),
    "edit": lambda uow, context, step: editing.edit(uow, context.ticket(step), step.value),
    "attach": _attach,
    "attach_note": lambda uow, context, step: _attach(uow, context, step, internal=True),
    "rate": _rate,
    "duplicate": _mark_duplicate,
    "request_approval": lambda uow, context, step: approval_requests.request_approval(
        uow, context.ticket(step), reason=step.value
    ),
}
"""Eighty days of random changes to tickets."""


def load(bind: Engine | None = None, *, now: datetime | None = None) -> DemoCredentials:
    """Load the demo data into an empty database, completely or not at all.

    Leaves a database that has data unchanged; waits for another process that is loading. Returns
    the credentials of the demo accounts. Raises `RuleViolation` in production, `Invalid` for a weak
    `TICKET_DEMO_PASSWORD`.
    """
    if settings().env == "production":
        raise RuleViolation("Demo data cannot be loaded in production")
    engine = bind or database.get_engine()
    with installation.setup_lock(engine):
        with database.read_connection(engine) as connection:
            if not _is_empty(connection):
                return demo_accounts.get_demo_credentials(UnitOfWork(connection, actor=None))
        return _load_into(engine, now or utc_now())


def _load_into(bind: Engine, now: datetime) -> DemoCredentials:
    steps = plan(now)
    with _examined_files(steps) as files, database.write_connection(bind) as connection:
        uow = ReplayUnitOfWork(connection, actor=None)
        if not _is_empty(connection):
            raise RuleViolation("The database is not empty")
        uow.set_time_and_actor(steps[0].at - timedelta(days=1), _setup_actor())
        context = _set_up_organisation(uow, files)
        with action_limits.limits_disabled():
            for step in steps:
                _check_sla_targets_until(uow, step.at)
                uow.set_time_and_actor(step.at, context.actors[step.username])
                ACTIONS[step.action](uow, context, step)
            _check_sla_targets_until(uow, now)
        uow.set_time_and_actor(now, context.actors["ada"])
        person_ids = {name: actor.id for name, actor in context.actors.items()}
        demo_approval_policies.create_policies(uow, person_ids, context.departments)
        # All of it happened in the past, so no notifications are sent for it.
        connection.execute(
            delete(outbox_message_table).where(
                outbox_message_table.c.topic != attachments.SCAN_TOPIC
            )
        )
        columns = notification_table.c
        connection.execute(
            delete(notification_table).where(
                columns.kind == NotificationKind.SERVICE_LEVEL,
                columns.created_at < now - NOTIFICATION_WINDOW,
            )
        )
        return demo_accounts.get_demo_credentials(uow)


def _check_sla_targets_until(uow: ReplayUnitOfWork, until: datetime) -> None:
    """Check the SLA targets that come due until a moment, at the time they are due."""
    uow.flush()
    while (due := sla_tracking.get_next_check_at(uow)) is not None and due < until:
        uow.set_time_and_actor(due + timedelta(microseconds=1), None)
        sla_tracking.check_due_targets(uow)
        uow.flush()


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.execute(select(table.c.id).limit(1)).first()
        for table in (person_table, ticket_table)
    )


def _setup_actor() -> Actor:
    return Actor(
        id=0,
        uuid=UUID(int=0),
        username="demo",
        full_name="Demo",
        email="",
        role=Role.SUPER_ADMIN,
        permissions=frozenset(DEFAULT_ROLE_PERMISSIONS[Role.SUPER_ADMIN]),
    )


@contextmanager
def _examined_files(steps: Sequence[Step]) -> Iterator[dict[int, StoredUpload]]:
    """Scan and store the files of all steps; delete them again if the block fails."""
    files: dict[int, StoredUpload] = {}
    try:
        with tempfile.TemporaryDirectory() as folder:
            for n, step in enumerate(steps):
                if not step.action.startswith("attach"):
                    continue
                kind, caption, seed = step.value
                name, make_file = demo_files.FILE_MAKERS[kind]
                path = Path(folder) / str(n)
                path.write_bytes(make_file(Random(seed), caption, step.at))  # noqa: S311
                file_name = name.format(f"{step.at:%m%d}-{seed % 1000}")
                files[id(step)] = attachments.check_and_store(
                    _setup_actor(), path, file_name, now=step.at
                )
        yield files
    except BaseException:
        for examined in files.values():
            attachments.discard_upload(examined)
        raise


def _email_domain(person: demo_texts.DemoPerson) -> str:
    return person.organisation if "." in person.organisation else "relay.example"


def _set_up_organisation(uow: UnitOfWork, files: dict[int, StoredUpload]) -> ReplayContext:
    """Create the people and organisations that exist before the first ticket."""
    now = uow.now
    teams = [Team(name=name, created_at=now) for name in demo_texts.TEAMS]
    departments = [Department(name=name, created_at=now) for name in demo_texts.DEPARTMENTS]
    companies = [
        Company(
            name=demo_company.name,
            name_folded=demo_company.name.casefold(),
            domain=demo_company.domain,
            created_at=now,
        )
        for demo_company in demo_texts.COMPANIES
    ]
    uow.session.add_all([*teams, *departments, *companies])
    uow.flush()
    team_ids = {team.name: team.id for team in teams}
    department_ids = {one.name: one.id for one in departments if one.id}
    company_ids = {one.domain: one.id for one in companies if one.id and one.domain}
    people: dict[str, Person] = {}
    contacts: dict[str, Contact] = {}
    for demo_person in demo_texts.PEOPLE:
        person = create_person(
            uow,
            username=demo_person.username,
            email=f"{demo_person.username}@{_email_domain(demo_person)}",
            password=demo_accounts.get_demo_password()
            if demo_person.username in demo_accounts.DESCRIPTIONS
            else None,
            first_name=demo_person.first_name,
            last_name=demo_person.last_name,
            role=demo_person.role,
            is_demo=True,
            team_id=team_ids.get(demo_person.organisation),
            company_id=company_ids.get(demo_person.organisation),
            department_id=department_ids.get(demo_person.department or ""),
        )
        people[demo_person.username] = person
        if demo_person.role is Role.USER:
            contacts[demo_person.username] = Contact(
                company_id=person.company_id,
                person_id=person.id,
                name=person.full_name,
                email=person.email,
                phone=f"+44 20 7946 {100 + len(contacts):04d}",
                created_at=now,
            )
    for demo_company in demo_texts.COMPANIES:
        contacts[demo_company.domain] = Contact(
            company_id=company_ids[demo_company.domain],
            name=f"Front desk, {demo_company.name}",
            email=f"desk@{demo_company.domain}",
            created_at=now,
        )
    for department in departments:
        department.manager_id = people["mia"].id
    uow.session.add_all(contacts.values())
    uow.flush()
    demo_service_levels.create_calendars_and_policies(uow, company_ids)
    return ReplayContext(
        actors={name: build_actor(person) for name, person in people.items()},
        companies=company_ids,
        contacts={name: contact.id for name, contact in contacts.items() if contact.id},
        departments=department_ids,
        files=files,
    )
