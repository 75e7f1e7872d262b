"""Plan the history of the demo data: four months of tickets, without a database.

Texts and structure come from a fixed seed; all times are relative to now.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from string import Template
from typing import Any

from ticket_app.core.platform.vocabulary import Kind, Priority, Role, Status
from ticket_app.demo.planned_actions import plan_actions, priority_of_rank
from ticket_app.demo.texts.long_ticket import LONG_STORY
from ticket_app.demo.texts.models import Story
from ticket_app.demo.texts.people import COMPANIES, PEOPLE
from ticket_app.demo.texts.replies import PLUGINS, VERSIONS, ZONES
from ticket_app.demo.texts.stories import STORIES
from ticket_app.demo.ticket_plans import Step, TicketPlan

SEED = 20_251_119
TICKET_COUNT = 420
HISTORY_DAYS = 120

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
"""How often each status occurs among tickets of up to so many days, in percent."""

PRIORITY_WEIGHTS = {
    Priority.LOW: 18,
    Priority.MEDIUM: 47,
    Priority.HIGH: 22,
    Priority.URGENT: 9,
    Priority.CRITICAL: 4,
}
AGENT_WEIGHTS_BY_TEAM: dict[str, dict[str, int]] = {
    "Tech": {"sam": 62, "priya": 22, "kim": 16},
    "Music": {"kim": 80, "sam": 20},
    "Finance": {"leo": 75, "kim": 25},
    "Sales": {"nok": 78, "sam": 22},
    "Admin": {"priya": 64, "kim": 18, "sam": 18},
}
"""Who takes the tickets of each team, in percent."""

COMPANY_BY_STORY_TAG = {"übersetzung": "nordlicht", "musique": "verger", "เพลง": "siamorchid"}
"""Whose tickets are in another language, by the first tag of the story."""

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
"""The tickets of `uma` and of `bob`: the status and the age in days."""

APPROVAL_KINDS = (Kind.REQUEST, Kind.CHANGE)
IN_CONVERSATION = (Status.IN_PROGRESS, Status.PENDING_USER)


def plan(now: datetime) -> list[Step]:
    """Return all actions on all tickets in order of time, always the same relative to `now`."""
    rng = Random(SEED)  # noqa: S311 - the same desk each time, no secret
    ticket_plans = [_plan_long_ticket(rng, now)]
    for username in ("uma", "bob"):
        ticket_plans += [
            _plan_ticket(rng, now, age, status, username) for status, age in DEMO_USER_TICKETS
        ]
    other_users = [one.username for one in PEOPLE if one.role is Role.USER][2:]
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
        plan_actions(rng, ticket_plan)
    steps = [step for ticket_plan in ticket_plans for step in ticket_plan.steps(now, rng)]
    return sorted(steps, key=lambda step: step.at)


def _random_moment(rng: Random, now: datetime, age: float) -> datetime:
    """Return a moment so many days ago, within working hours unless it is very recent."""
    moment = now - timedelta(days=age)
    if age > 1.5:
        moment = moment.replace(hour=rng.choice((1, 2, 3, 6, 7, 8, 8, 9, 9, 10, 11, 13, 14, 15)))
    return moment.replace(minute=rng.randrange(60), microsecond=0) if age > 1.5 else moment


def _plan_ticket(
    rng: Random, now: datetime, age: float, status: Status, requester: str
) -> TicketPlan:
    organisation = next(one.organisation for one in PEOPLE if one.username == requester)
    suitable_stories = [
        story
        for story in STORIES
        if COMPANY_BY_STORY_TAG.get(story.tags[0], "") in organisation
        and (status is not Status.PENDING_APPROVAL or story.kind in APPROVAL_KINDS)
    ]
    story = rng.choice(suitable_stories)
    priority = rng.choices(list(PRIORITY_WEIGHTS), list(PRIORITY_WEIGHTS.values()))[0]
    if story.kind is Kind.INCIDENT:
        priority = priority_of_rank(max(priority.rank, Priority.HIGH.rank))
    is_recent = requester in ("uma", "bob") and status in (*IN_CONVERSATION, Status.RESOLVED)
    created_at = _random_moment(rng, now, age)
    return _build_plan(rng, story, requester, status, created_at, priority, is_recent=is_recent)


def _plan_long_ticket(rng: Random, now: datetime) -> TicketPlan:
    created_at = _random_moment(rng, now, 9)
    story = LONG_STORY
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
    person = next(one for one in PEOPLE if one.username == requester)
    company = next(company for company in COMPANIES if company.domain == person.organisation)
    agent_weights = AGENT_WEIGHTS_BY_TEAM[story.team]
    agent = rng.choices(list(agent_weights), list(agent_weights.values()))[0]
    placeholders = {
        "site": rng.choice(company.sites),
        "version": rng.choice(VERSIONS),
        "plugin": rng.choice(PLUGINS),
        "zone": rng.choice(ZONES),
        "number": str(rng.randint(2_104, 9_870)),
        "amount": f"€ {rng.randint(90, 4_800):,}",
        "me": person.first_name,
        "agent": next(one.first_name for one in PEOPLE if one.username == agent),
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
