"""A desk to try things on: four months of tickets, played through the use cases step by step.

Texts and structure come from a fixed seed; all times are told back from now.
"""

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
from ticket_app.core.attachments.attachments import Examined
from ticket_app.core.conversation import commenting
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.operations import installation
from ticket_app.core.people import demo_accounts, profiles
from ticket_app.core.people.demo_accounts import DemoAccounts
from ticket_app.core.platform import action_limits, database
from ticket_app.core.platform.actor import PERMISSIONS, Actor
from ticket_app.core.platform.errors import RuleBroken
from ticket_app.core.platform.unit_of_work import Desk, utc_now
from ticket_app.core.platform.vocabulary import AttachmentType, Kind, Priority, Role, Status
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import tickets
from ticket_app.core.timeline import timeline
from ticket_app.demo import approval_policies as demo_approval_policies
from ticket_app.demo import files as demo_files
from ticket_app.demo import service_levels as demo_service_levels
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
TICKETS = 420
DAYS = 120
NEWS = timedelta(days=2)
"""How long ago promises may have come due for somebody to be told of them still."""

AGES: tuple[tuple[float, dict[Status, int]], ...] = (
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
        DAYS + 1,
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
"""Up to how many days old tickets stand where, in parts of a hundred."""

PRIORITIES = {
    Priority.LOW: 18,
    Priority.MEDIUM: 47,
    Priority.HIGH: 22,
    Priority.URGENT: 9,
    Priority.CRITICAL: 4,
}
PROMISED = {
    Priority.LOW: timedelta(days=14),
    Priority.MEDIUM: timedelta(days=7),
    Priority.HIGH: timedelta(days=3),
    Priority.URGENT: timedelta(days=1),
    Priority.CRITICAL: timedelta(hours=8),
}
DESKS: dict[str, dict[str, int]] = {
    "Tech": {"sam": 62, "priya": 22, "kim": 16},
    "Music": {"kim": 80, "sam": 20},
    "Finance": {"leo": 75, "kim": 25},
    "Sales": {"nok": 78, "sam": 22},
    "Admin": {"priya": 64, "kim": 18, "sam": 18},
}
"""Who takes a team's tickets, in parts of a hundred."""

SPOKEN_AT = {"übersetzung": "nordlicht", "musique": "verger", "เพลง": "siamorchid"}
"""Whose tickets are written in another language, by the story's first tag."""

OWN: tuple[tuple[Status, float], ...] = (
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
"""What uma and bob have, and how many days old each is."""

APPROVED_KINDS = (Kind.REQUEST, Kind.CHANGE)
WAITS_FOR_REQUESTER = (Status.IN_PROGRESS, Status.PENDING_USER)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done on a ticket: when, by whom, and the name of the deed with its words."""

    at: datetime
    plot: Plot
    deed: str
    who: str
    told: Any = None


@dataclass(slots=True, eq=False)
class Plot:
    """What becomes of one ticket."""

    story: Story
    requester: str
    status: Status
    created: datetime
    priority: Priority
    slots: dict[str, str]
    title: str
    agent: str
    fresh: bool = False
    due: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    deeds: list[tuple[float, str, str, Any]] = field(default_factory=list)

    def add(self, hours: float, deed: str, who: str, told: Any = None) -> None:
        """Something happens, so many hours after what came before."""
        self.deeds.append((hours, deed, who, told))

    def say(self, words: str) -> str:
        """A text with what differs from ticket to ticket filled in."""
        return Template(words).safe_substitute(self.slots)

    def steps(self, now: datetime, dice: Random) -> Iterator[Step]:
        """The deeds with their times, none of them in the future."""
        moment, times = self.created, []
        for hours, *_ in self.deeds:
            moment += timedelta(hours=hours)
            times.append(moment)
        back = dice.uniform(0.05, 20) if self.fresh else dice.uniform(0.1, 2)
        latest = max(self.created, now - timedelta(hours=back))
        too_long = (moment - self.created) / max(latest - self.created, timedelta(seconds=1))
        if too_long > 1:
            times = [self.created + (at - self.created) / too_long for at in times]
        elif self.fresh:
            times[-1] = latest
        for at, (_, deed, who, told) in zip(times, self.deeds, strict=True):
            yield Step(at, self, deed, who, told)


class Replay(Desk):
    """A desk whose clock and actor are set for each step of a history."""

    def turn_to(self, at: datetime, actor: Actor | None) -> None:
        """What is done next is done then, and by them."""
        self._now = at
        self._actor = actor


# The plan: what happens to whom, without a database


def plan(now: datetime) -> list[Step]:
    """All that happens on the desk in order of time; the same for every `now`, moved along."""
    dice = Random(SEED)  # noqa: S311 - the same desk each time, no secret
    plots = [_long_plot(dice, now)]
    for username in ("uma", "bob"):
        plots += [_plot(dice, now, age, status, username) for status, age in OWN]
    others = [one.username for one in demo_texts.PEOPLE if one.role is Role.USER][2:]
    while len(plots) < TICKETS:
        age = DAYS * dice.random() ** 1.2
        chances = next(chances for most, chances in AGES if age <= most)
        status = dice.choices(list(chances), list(chances.values()))[0]
        plots.append(_plot(dice, now, age, status, dice.choice(others)))
    seen: set[str] = set()
    for plot in plots:
        if plot.title in seen and plot.slots["site"].casefold() not in plot.title.casefold():
            plot.title = f"{plot.title} ({plot.slots['site']})"
        seen.add(plot.title)
        _tell(dice, plot)
    steps = [step for plot in plots for step in plot.steps(now, dice)]
    return sorted(steps, key=lambda step: step.at)


def _moment(dice: Random, now: datetime, age: float) -> datetime:
    """A moment so many days ago, within working hours unless it is very recent."""
    moment = now - timedelta(days=age)
    if age > 1.5:
        moment = moment.replace(hour=dice.choice((1, 2, 3, 6, 7, 8, 8, 9, 9, 10, 11, 13, 14, 15)))
    return moment.replace(minute=dice.randrange(60), microsecond=0) if age > 1.5 else moment


def _plot(dice: Random, now: datetime, age: float, status: Status, requester: str) -> Plot:
    home = next(one.home for one in demo_texts.PEOPLE if one.username == requester)
    fitting = [
        story
        for story in demo_texts.STORIES
        if SPOKEN_AT.get(story.tags[0], "") in home
        and (status is not Status.PENDING_APPROVAL or story.kind in APPROVED_KINDS)
    ]
    story = dice.choice(fitting)
    priority = dice.choices(list(PRIORITIES), list(PRIORITIES.values()))[0]
    if story.kind is Kind.INCIDENT:
        priority = _ranked(max(priority.rank, Priority.HIGH.rank))
    fresh = requester in ("uma", "bob") and status in (*WAITS_FOR_REQUESTER, Status.RESOLVED)
    created = _moment(dice, now, age)
    return _cast(dice, story, requester, status, created, priority, fresh=fresh)


def _long_plot(dice: Random, now: datetime) -> Plot:
    created = _moment(dice, now, 9)
    story = demo_texts.LONG_STORY
    return _cast(dice, story, "fiona", Status.IN_PROGRESS, created, Priority.HIGH, fresh=True)


def _cast(
    dice: Random,
    story: Story,
    requester: str,
    status: Status,
    created: datetime,
    priority: Priority,
    *,
    fresh: bool,
) -> Plot:
    someone = next(one for one in demo_texts.PEOPLE if one.username == requester)
    firm = next(firm for firm in demo_texts.FIRMS if firm.domain == someone.home)
    desks = DESKS[story.team]
    agent = dice.choices(list(desks), list(desks.values()))[0]
    slots = {
        "site": dice.choice(firm.sites),
        "version": dice.choice(demo_texts.VERSIONS),
        "plugin": dice.choice(demo_texts.PLUGINS),
        "zone": dice.choice(demo_texts.ZONES),
        "number": str(dice.randint(2_104, 9_870)),
        "amount": f"€ {dice.randint(90, 4_800):,}",
        "me": someone.first_name,
        "agent": next(one.first_name for one in demo_texts.PEOPLE if one.username == agent),
    }
    title = Template(dice.choice(story.titles)).safe_substitute(slots)
    plot = Plot(
        story, requester, status, created, priority, slots, title[:1].upper() + title[1:], agent
    )
    plot.fresh = fresh
    plot.due = dice.random() < 0.5
    if story.kind is Kind.BUG:
        plot.fields = _bug_fields(dice, plot)
    return plot


def _bug_fields(dice: Random, plot: Plot) -> dict[str, Any]:
    story = plot.story
    return {
        "steps_to_reproduce": story.steps and plot.say(story.steps),
        "expected_behavior": story.expected and plot.say(story.expected),
        "actual_behavior": story.actual and plot.say(story.actual),
        "reproduction_rate": story.rate,
        "plugin_name": plot.slots["plugin"] if dice.random() < 0.6 else None,
        "client_version": plot.slots["version"],
        "environment": {
            "os": dice.choice(("Windows 11 23H2", "Windows 10 22H2", "macOS 15.1", "Ubuntu 24.04")),
            "browser": dice.choice(("Edge 131", "Chrome 131", "Firefox 133", "Safari 18.1")),
            "screen": dice.choice(("1920x1080", "2560x1440", "1366x768", "1280x800")),
            "language": dice.choice(("en-GB", "de-DE", "fr-FR", "th-TH")),
            "memory_gb": dice.choice((4, 8, 16, 32)),
        },
    }


def _tell(dice: Random, plot: Plot) -> None:
    """Write down all that happens on one ticket until it stands where it shall stand."""
    story, status = plot.story, plot.status
    plot.add(0, "open", plot.requester)
    if story.file and dice.random() < 0.6:
        plot.add(0, "attach", plot.requester, (story.file, story.caption, dice.getrandbits(32)))
    if status is Status.NEW:
        if dice.random() < 0.2:
            plot.add(dice.uniform(3, 20), "say", plot.requester, dice.choice(demo_texts.REMINDERS))
        return
    triage = "mia" if dice.random() < 0.4 else plot.agent
    plot.add(dice.uniform(0.1, 5), "assign", triage, plot.agent)
    if dice.random() < 0.12:
        plot.add(0.1, "edit", triage, {"priority": _next_priority(plot.priority)})
    if dice.random() < 0.15:
        plot.add(0.1, "edit", plot.agent, {"estimated_hours": dice.choice((0.5, 1.0, 2.0, 6.0))})
    turns = story.turns()
    talk = {
        Status.OPEN: turns[: dice.choice((0, 0, 1, 2))],
        Status.IN_PROGRESS: turns[: max(1, len(turns) - dice.choice((1, 1, 2)))],
        Status.PENDING_USER: _until_agent(turns, dice),
        Status.PENDING_APPROVAL: turns[: dice.choice((1, 2))],
        Status.DUPLICATE: [],
        Status.WONT_FIX: turns[:2],
    }.get(status, turns)
    _converse(dice, plot, talk)
    if dice.random() < 0.2:
        plot.add(dice.uniform(0.2, 9), "note", plot.agent, dice.choice(demo_texts.NOTES))
    if dice.random() < 0.08:
        labels = [*story.tags, dice.choice(("vip", "escalated", "phone"))]
        plot.add(0.2, "edit", "mia", {"tags": labels})
    if status in (Status.OPEN, Status.IN_PROGRESS) and dice.random() < 0.25:
        plot.add(dice.uniform(8, 40), "say", plot.requester, dice.choice(demo_texts.REMINDERS))
    END[status](dice, plot)


def _ranked(rank: int) -> Priority:
    return next(priority for priority in Priority if priority.rank == rank)


def _until_agent(turns: list[Any], dice: Random) -> list[Any]:
    spoken = [n for n, (who, _) in enumerate(turns, start=1) if who == "agent"]
    return turns[: spoken[min(len(spoken) - 1, dice.choice((0, 0, 1)))]]


def _next_priority(priority: Priority) -> Priority:
    return _ranked(min(priority.rank + 1, Priority.CRITICAL.rank))


def _converse(dice: Random, plot: Plot, turns: list[Any]) -> None:
    begun = False
    for n, ((who, said), (after, _)) in enumerate(pairwise([*turns, ("", "")])):
        speaker = plot.requester if who == "user" else plot.agent
        gap = dice.uniform(0.3, 6) if n == 0 else dice.uniform(0.5, 30)
        plot.add(gap, "note" if who == "note" else "say", speaker, said)
        if who == "agent" and not begun and plot.status is not Status.OPEN:
            plot.add(0.02, "status", plot.agent, Status.IN_PROGRESS)
            begun = True
        if who == "agent" and after == "user" and said.rstrip().endswith("?"):
            plot.add(0.01, "status", plot.agent, Status.PENDING_USER)
        if who == "note" and plot.story.file == "log" and dice.random() < 0.2:
            plot.add(0.02, "attach_note", plot.agent, ("log", "our side", dice.getrandbits(32)))


def _end_open(dice: Random, plot: Plot) -> None:
    if plot.status is Status.OPEN and not plot.fresh and dice.random() < 0.2:
        plot.add(dice.uniform(1, 9), "assign", "mia", None)


def _end_in_progress(dice: Random, plot: Plot) -> None:
    if plot.fresh or dice.random() < 0.5:
        plot.add(dice.uniform(2, 20), "say", plot.agent, dice.choice(demo_texts.CHECKING))


def _end_pending_user(dice: Random, plot: Plot) -> None:
    plot.add(0.02, "status", plot.agent, Status.PENDING_USER)
    if plot.fresh:
        ask = "Hello $me, did you have a chance to look at my question? I would like to go on."
        plot.add(dice.uniform(20, 50), "say", plot.agent, ask)


def _end_pending_approval(dice: Random, plot: Plot) -> None:
    plot.add(dice.uniform(0.5, 5), "ask_approval", plot.agent, "Costs are above the usual limit.")


def _finish(dice: Random, plot: Plot) -> None:
    if dice.random() < 0.25:
        words = plot.say(dice.choice(demo_texts.FEEDBACK))
        plot.add(0.2, "edit", plot.agent, {"admin_feedback": words, "actual_hours": 1.5})
    plot.add(dice.uniform(0.05, 2), "status", plot.agent, Status.RESOLVED)


def _end_resolved(dice: Random, plot: Plot) -> None:
    _finish(dice, plot)
    if plot.fresh:
        told = "I set this to resolved. Should it come back, just reopen it and it is mine again."
        plot.add(dice.uniform(1, 4), "say", plot.agent, told)
    elif dice.random() < 0.3:
        plot.add(dice.uniform(1, 20), "rate", plot.requester, dice.choice(demo_texts.RATINGS))


def _end_closed(dice: Random, plot: Plot) -> None:
    _finish(dice, plot)
    if dice.random() < 0.6:
        plot.add(dice.uniform(2, 40), "rate", plot.requester, dice.choice(demo_texts.RATINGS))
    plot.add(dice.uniform(24, 96), "status", plot.agent, Status.CLOSED)


def _end_reopened(dice: Random, plot: Plot) -> None:
    _finish(dice, plot)
    plot.add(dice.uniform(10, 70), "say", plot.requester, dice.choice(demo_texts.STILL))


def _end_duplicate(dice: Random, plot: Plot) -> None:
    plot.add(dice.uniform(0.5, 8), "say", plot.agent, dice.choice(demo_texts.DUPLICATES))
    plot.add(0.02, "duplicate", plot.agent)


def _end_wont_fix(dice: Random, plot: Plot) -> None:
    plot.add(dice.uniform(5, 60), "say", plot.agent, dice.choice(demo_texts.REFUSALS))
    plot.add(0.02, "status", plot.agent, Status.WONT_FIX)


END: dict[Status, Callable[[Random, Plot], None]] = {
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
"""How a ticket comes to stand where it shall stand."""


# The play: every step goes through its use case


@dataclass(slots=True)
class Stage:
    """Who and what is there while the plan is played."""

    actors: dict[str, Actor]
    companies: dict[str, int]
    contacts: dict[str, int]
    departments: dict[str, int]
    files: dict[int, Examined]
    tickets: dict[int, Ticket] = field(default_factory=dict)
    told: dict[int, list[int]] = field(default_factory=dict)

    def ticket(self, step: Step) -> Ticket:
        """The ticket of a step."""
        return self.tickets[id(step.plot)]


def _open(desk: Desk, stage: Stage, step: Step) -> None:
    plot, story = step.plot, step.plot.story
    draft = tickets.TicketDraft(
        title=plot.title,
        description=plot.say(story.told),
        kind=story.kind,
        priority=plot.priority,
        severity=story.severity,
        category=story.category,
        section=story.section,
        tags=list(story.tags),
        contact_id=stage.contacts.get(plot.requester),
        department_id=stage.departments[story.department],
        due_at=step.at + PROMISED[plot.priority] if plot.due else None,
        **plot.fields,
    )
    ticket = tickets.open_ticket(desk, draft)
    assert ticket.id is not None
    stage.tickets[id(plot)] = ticket
    stage.told.setdefault(id(story), []).append(ticket.id)


def _attach(desk: Desk, stage: Stage, step: Step, *, internal: bool = False) -> None:
    kind: FileKind = step.told[0]
    chosen = {"png": AttachmentType.SCREENSHOT, "log": AttachmentType.LOG_FILE}
    attachments.attach(
        desk,
        stage.ticket(step),
        stage.files[id(step)],
        attachment_type=chosen.get(kind, AttachmentType.DOCUMENT),
        internal=internal,
    )


def _rate(desk: Desk, stage: Stage, step: Step) -> None:
    ticket, (stars, words) = stage.ticket(step), step.told
    assert ticket.id is not None
    ticket.satisfaction_rating, ticket.satisfaction_comment = stars, words
    timeline.record_change(desk, ticket.id, ticket_fields.SATISFACTION_RATING, None, stars)
    tickets.touch(desk, ticket)
    desk.settle()


def _mark_duplicate(desk: Desk, stage: Stage, step: Step) -> None:
    ticket = stage.ticket(step)
    others = [one for one in stage.told[id(step.plot.story)] if one != ticket.id]
    ticket.duplicate_of_id = min(others, default=None)
    tickets.change_status(desk, ticket, Status.DUPLICATE)


DEEDS: dict[str, Callable[[Desk, Stage, Step], Any]] = {
    "open": _open,
    "assign": lambda desk, stage, step: tickets.assign(
        desk, stage.ticket(step), step.told and stage.actors[step.told].id
    ),
    "say": lambda desk, stage, step: commenting.comment(
        desk, stage.ticket(step), step.plot.say(step.told)
    ),
    "note": lambda desk, stage, step: commenting.comment(
        desk, stage.ticket(step), step.plot.say(step.told), internal=True
    ),
    "status": lambda desk, stage, step: tickets.change_status(desk, stage.ticket(step), step.told),
    "edit": lambda desk, stage, step: tickets.edit(desk, stage.ticket(step), step.told),
    "attach": _attach,
    "attach_note": lambda desk, stage, step: _attach(desk, stage, step, internal=True),
    "rate": _rate,
    "duplicate": _mark_duplicate,
    "ask_approval": lambda desk, stage, step: approval_requests.request(
        desk, stage.ticket(step), reason=step.told
    ),
}
"""What can be done in a step, by name."""


def load(bind: Engine | None = None, *, now: datetime | None = None) -> DemoAccounts:
    """Fill an empty desk with the demo data, all of it or none; leave any other desk alone.

    Who comes while another process loads waits for it. Returns who can sign in. Raises
    `RuleBroken` in production, `Invalid` for a weak `TICKET_DEMO_PASSWORD`.
    """
    if settings().env == "production":
        raise RuleBroken("Demo data has no place on a desk in production")
    chosen = bind or database.engine()
    with installation.alone(chosen):
        with database.reading(chosen) as connection:
            if not _is_empty(connection):
                return demo_accounts.offered(Desk(connection, actor=None))
        return _fill(chosen, now or utc_now())


def _fill(bind: Engine, moment: datetime) -> DemoAccounts:
    steps = plan(moment)
    with _examined(steps) as files, database.writing(bind) as connection:
        desk = Replay(connection, actor=None)
        if not _is_empty(connection):
            raise RuleBroken("Somebody has just begun to use this desk")
        desk.turn_to(steps[0].at - timedelta(days=1), _founder())
        stage = _set(desk, files)
        with action_limits.lifted():
            for step in steps:
                _let_time_pass(desk, step.at)
                desk.turn_to(step.at, stage.actors[step.who])
                DEEDS[step.deed](desk, stage, step)
            _let_time_pass(desk, moment)
        desk.turn_to(moment, stage.actors["ada"])
        known = {name: actor.id for name, actor in stage.actors.items()}
        demo_approval_policies.set_up(desk, known, stage.departments)
        # It all happened long ago: nobody is to be told of it now.
        connection.execute(
            delete(outbox_message_table).where(
                outbox_message_table.c.topic != attachments.SCAN_TOPIC
            )
        )
        told = notification_table.c
        connection.execute(
            delete(notification_table).where(
                told.kind == Notice.SERVICE_LEVEL, told.created_at < moment - NEWS
            )
        )
        return demo_accounts.offered(desk)


def _let_time_pass(desk: Replay, until: datetime) -> None:
    """What was promised comes due meanwhile, and is noticed when it does."""
    desk.settle()
    while (due := sla_tracking.next_due(desk)) is not None and due < until:
        desk.turn_to(due + timedelta(microseconds=1), None)
        sla_tracking.look(desk)
        desk.settle()


def _is_empty(connection: Connection) -> bool:
    return not any(
        connection.execute(select(table.c.id).limit(1)).first()
        for table in (person_table, ticket_table)
    )


def _founder() -> Actor:
    return Actor(
        id=0,
        uuid=UUID(int=0),
        username="demo",
        full_name="Demo",
        email="",
        role=Role.SUPER_ADMIN,
        permissions=frozenset(PERMISSIONS[Role.SUPER_ADMIN]),
    )


@contextmanager
def _examined(steps: Sequence[Step]) -> Iterator[dict[int, Examined]]:
    """The files of all steps, examined and stored; forgotten again if the block fails."""
    files: dict[int, Examined] = {}
    try:
        with tempfile.TemporaryDirectory() as folder:
            for n, step in enumerate(steps):
                if not step.deed.startswith("attach"):
                    continue
                kind, caption, seed = step.told
                name, make = demo_files.MAKERS[kind]
                path = Path(folder) / str(n)
                path.write_bytes(make(Random(seed), caption, step.at))  # noqa: S311
                label = name.format(f"{step.at:%m%d}-{seed % 1000}")
                files[id(step)] = attachments.examine(_founder(), path, label, now=step.at)
        yield files
    except BaseException:
        for examined in files.values():
            attachments.forget(examined)
        raise


def _set(desk: Desk, files: dict[int, Examined]) -> Stage:
    """Everybody and everything that is there before the first ticket."""
    moment = desk.now
    teams = [Team(name=name, created_at=moment) for name in demo_texts.TEAMS]
    departments = [Department(name=name, created_at=moment) for name in demo_texts.DEPARTMENTS]
    companies = [
        Company(
            name=firm.name,
            name_folded=firm.name.casefold(),
            domain=firm.domain,
            created_at=moment,
        )
        for firm in demo_texts.FIRMS
    ]
    desk.session.add_all([*teams, *departments, *companies])
    desk.settle()
    team_ids = {team.name: team.id for team in teams}
    department_ids = {one.name: one.id for one in departments if one.id}
    company_ids = {one.domain: one.id for one in companies if one.id and one.domain}
    persons: dict[str, Person] = {}
    contacts: dict[str, Contact] = {}
    for someone in demo_texts.PEOPLE:
        person = profiles.add_person(
            desk,
            username=someone.username,
            email=f"{someone.username}@{someone.home if '.' in someone.home else 'relay.example'}",
            password=demo_accounts.password() if someone.username in demo_accounts.SHOWS else None,
            first_name=someone.first_name,
            last_name=someone.last_name,
            role=someone.role,
            is_demo=True,
            team_id=team_ids.get(someone.home),
            company_id=company_ids.get(someone.home),
            department_id=department_ids.get(someone.department or ""),
        )
        persons[someone.username] = person
        if someone.role is Role.USER:
            contacts[someone.username] = Contact(
                company_id=person.company_id,
                person_id=person.id,
                name=person.full_name,
                email=person.email,
                phone=f"+44 20 7946 {100 + len(contacts):04d}",
                created_at=moment,
            )
    for firm in demo_texts.FIRMS:
        contacts[firm.domain] = Contact(
            company_id=company_ids[firm.domain],
            name=f"Front desk, {firm.name}",
            email=f"desk@{firm.domain}",
            created_at=moment,
        )
    for department in departments:
        department.manager_id = persons["mia"].id
    desk.session.add_all(contacts.values())
    desk.settle()
    demo_service_levels.set_up(desk, company_ids)
    return Stage(
        actors={name: profiles.actor_of(person) for name, person in persons.items()},
        companies=company_ids,
        contacts={name: contact.id for name, contact in contacts.items() if contact.id},
        departments=department_ids,
        files=files,
    )
