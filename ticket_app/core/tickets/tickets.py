"""What is done with a ticket: open it, change it, hand it on, throw it away and bring it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import select as select_rows

from ticket_app.core.notifications import notifications
from ticket_app.core.notifications.notifications import Notice
from ticket_app.core.people import customers, profiles
from ticket_app.core.platform import action_limits, row_inserts, text, text_formats, ticket_numbers
from ticket_app.core.platform.access_policy import REQUESTER_SEES, STAFF_SEES, viewer
from ticket_app.core.platform.errors import (
    NULL,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Reason,
    RuleBroken,
    Stale,
    does_not_exist,
    not_a_choice,
)
from ticket_app.core.platform.ticket_numbers import Reference, read_reference
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import (
    CATEGORY_OF_KIND,
    KIND_OF_CATEGORY,
    Category,
    EntryKind,
    Group,
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    Status,
    TextFormat,
    category_for,
    kind_for,
)
from ticket_app.core.search import search_index
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import counters, tags, transitions
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, check
from ticket_app.core.tickets.approval_gate import gate
from ticket_app.core.tickets.fields import TicketField
from ticket_app.core.tickets.transitions import Cause, Effect, Who
from ticket_app.core.timeline import timeline
from ticket_app.tables import (
    Company,
    Contact,
    Department,
    Person,
    Team,
    Ticket,
    person_table,
    ticket_table,
)
from ticket_app.tables.tickets import FAR_FUTURE

UNDO = timedelta(minutes=10)
"""How long somebody who is no admin can take back that they deleted a ticket."""
MOST_STARS = 5


@dataclass(slots=True)
class TicketDraft:
    """What somebody files; the desk adds numbers, times and the requester."""

    title: str
    description: str
    kind: Kind | None = None
    priority: Priority = Priority.MEDIUM
    severity: Severity = Severity.MINOR
    category: Category | None = None
    section: str | None = None
    plugin_name: str | None = None
    client_version: str | None = None
    steps_to_reproduce: str | None = None
    expected_behavior: str | None = None
    actual_behavior: str | None = None
    reproduction_rate: ReproductionRate | None = None
    environment: dict[str, Any] | None = None
    tags: list[str] = field(default_factory=list)
    requester_id: int | None = None
    assignee_id: int | None = None
    company_id: int | None = None
    contact_id: int | None = None
    department_id: int | None = None
    due_at: datetime | None = None
    estimated_hours: float | None = None
    channel: str = "web"
    text_format: TextFormat | None = None
    """How the long texts are to be read; None for the format usual for the channel."""


def open_ticket(desk: Desk, draft: TicketDraft) -> Ticket:
    """File a ticket: numbered, on the timeline, counted and findable, all at once.

    Returns the ticket. Raises `Forbidden`, `Invalid` (every wrong field named), `TooMany`.
    """
    actor = desk.actor
    actor.must("create_tickets", "file tickets")
    if not actor.sees_own:
        raise Forbidden("You are not allowed to file tickets, as you may not see them")
    values = _checked(draft)
    kind: Kind = values["kind"]
    if draft.requester_id not in (None, actor.id):
        actor.must("work_tickets", "file tickets for somebody else")
        _exists(desk, "requester", Person, draft.requester_id)
    if draft.assignee_id is not None:
        actor.must("assign_tickets", "assign tickets")
    if draft.department_id is not None:
        _exists(desk, "department", Department, draft.department_id)
    customers.check_customer(desk, draft.company_id, draft.contact_id)
    assignee = _assignable(desk, draft.assignee_id)
    if not actor.is_staff:
        action_limits.spend_submission(actor.id)
    company_id = draft.company_id or (actor.company_id if not actor.is_staff else None)
    number, today, day_number = ticket_numbers.take_numbers(desk, kind)
    ticket = row_inserts.begin(
        Ticket,
        **values,
        key_prefix=kind.prefix,
        key_number=number,
        opened_on=today,
        day_number=day_number,
        status=Status.NEW,
        status_group=Group.OPEN,
        status_rank=Status.NEW.rank,
        requester_id=draft.requester_id or actor.id,
        created_by_id=actor.id,
        company_id=company_id,
        contact_id=draft.contact_id,
        department_id=draft.department_id or actor.department_id,
        due_sort_at=draft.due_at or FAR_FUTURE,
        text_formats=_formats_of(values, draft),
        created_at=desk.now,
        updated_at=desk.now,
        channel=draft.channel,
    )
    sla_tracking.promise(desk, ticket)
    row_inserts.keep(desk, ticket)
    assert ticket.id is not None
    tags.tie(desk, ticket.id, ticket.tags)
    search_index.add(desk, ticket)
    timeline.append(desk, ticket.id, EntryKind.CREATED, field="status", new_value=Status.NEW)
    if assignee:
        _hand_to(desk, ticket, assignee)
        apply_status(desk, ticket, Status.OPEN, Cause.ASSIGNMENT)
        desk.settle()
    counters.move(desk, None, counters.Cell.of(ticket))
    gate().request_if_required(desk, ticket)
    return ticket


def _formats_of(values: Mapping[str, Any], draft: TicketDraft) -> dict[str, str]:
    text_format = draft.text_format or text_formats.default_format(draft.channel)
    return {name: str(text_format) for name in text_formats.LONG_TEXTS if values.get(name)}


def _checked(draft: TicketDraft) -> dict[str, Any]:
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {
        "kind": draft.kind or kind_for(draft.category or Category.GENERAL),
        "priority": draft.priority,
        "priority_rank": draft.priority.rank,
        "severity": draft.severity,
        "category": draft.category
        or (category_for(draft.kind) if draft.kind else Category.GENERAL),
        "reproduction_rate": draft.reproduction_rate,
    }
    for name, read in CHECKS.items():
        if name in values or not hasattr(draft, name):
            continue
        try:
            values[name] = read(name, getattr(draft, name))
        except Invalid as wrong:
            problems += wrong.problems
    if problems:
        raise Invalid.several(problems)
    values["section"] = values["section"] or ""
    return values


def _hours(name: str, value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 100_000:
        raise Invalid(name, "must be between 0 and 100,000 hours")
    return value


def _moment(name: str, value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise Invalid(name, "must say its time zone")
    try:
        return value and value.astimezone(UTC)
    except OverflowError:
        raise Invalid(name, "is too far away") from None


CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "title": text.required_line,
    "description": text.required_text,
    "section": lambda name, value: text.optional_line(name, value, 120),
    "plugin_name": lambda name, value: text.optional_line(name, value, 200),
    "client_version": lambda name, value: text.optional_line(name, value, 60),
    "steps_to_reproduce": text.optional_text,
    "expected_behavior": text.optional_text,
    "actual_behavior": text.optional_text,
    "environment": text.environment_facts,
    "tags": text.tag_list,
    "admin_feedback": text.optional_text,
    "internal_notes": text.optional_text,
    "public_notes": text.optional_text,
    "estimated_hours": _hours,
    "actual_hours": _hours,
    "kind": lambda _name, value: Kind(value),
    "priority": lambda _name, value: Priority(value),
    "severity": lambda _name, value: Severity(value),
    "category": lambda _name, value: Category(value),
    "due_at": _moment,
}
"""What may be written into each field, by name."""
ticket_fields.require(CHECKS, "tickets.CHECKS")

CHOICES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "priority": Priority,
    "severity": Severity,
    "category": Category,
}
"""The words that a field of `CHECKS` can be, for those that are one of a few."""

REQUESTER_MAY_EDIT = frozenset(
    {
        "title",
        "description",
        "section",
        "plugin_name",
        "client_version",
        "steps_to_reproduce",
        "expected_behavior",
        "actual_behavior",
        "environment",
        "tags",
        "priority",
        "severity",
        "category",
    }
)
"""What somebody may still change on their own ticket while it is not done."""


NOT_ASSIGNABLE = Reason("must be a person who works on tickets", "not_assignable")


def _exists(desk: Desk, name: str, table: Any, chosen: int | None) -> None:
    if desk.db.execute(select(table.id).where(table.id == chosen)).first() is None:
        raise Invalid(name, does_not_exist(chosen))


_WORKER = select(person_table.c.role, person_table.c.permissions, profiles.ROLE_PERMISSIONS).where(
    person_table.c.id == bindparam("person_id"), person_table.c.is_active
)


def _is_known(desk: Desk, person_id: int) -> bool:
    return (
        desk.db.execute(select(person_table.c.id).where(person_table.c.id == person_id)).first()
        is not None
    )


def _assignable(desk: Desk, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    known = desk.db.execute(_WORKER, {"person_id": person_id}).first()
    if known is None and not _is_known(desk, person_id):
        raise Invalid("assignee", does_not_exist(person_id))
    if known is None or not profiles.works(known):
        raise Invalid("assignee", NOT_ASSIGNABLE)
    return desk.session.get(Person, person_id)


_HELD = {
    (staff, column): select_rows(Ticket)
    .where(STAFF_SEES if staff else REQUESTER_SEES, ticket_table.c[column] == bindparam("wanted"))
    .with_for_update(of=ticket_table)
    for staff in (True, False)
    for column in ("id", "uuid")
}


def hold(desk: Desk, reference: str | int | Reference, *, if_version: int | None = None) -> Ticket:
    """The ticket behind any of its ids or numbers, locked for a change in this transaction.

    Raises `NotFound` if there is none that the actor may see, `Stale` if it is past `if_version`.
    """
    found = read_reference(str(reference)) if isinstance(reference, str | int) else reference
    key = found and ticket_numbers.key_of(desk, found)
    if key is None:
        raise NotFound
    column, wanted = key
    values = {**viewer(desk.actor), "wanted": wanted}
    held = desk.session.execute(_HELD[desk.actor.is_staff, column], values)
    row = held.scalar_one_or_none()
    if row is None:
        raise NotFound
    if if_version is not None and row.version != if_version:
        raise Stale
    return row


def must_go_on_here(desk: Desk, ticket: Ticket) -> None:
    """Raise `RuleBroken` naming the ticket that this one was merged into, if it was."""
    if ticket.merged_into_id is not None:
        other = desk.session.get_one(Ticket, ticket.merged_into_id)
        while other.merged_into_id is not None:
            other = desk.session.get_one(Ticket, other.merged_into_id)
        raise RuleBroken(
            f"The ticket was merged into {ticket_numbers.key(other)}; it goes on there"
        )


def touch(desk: Desk, ticket: Ticket) -> None:
    """The ticket has changed now: a new version, and the first of the lists."""
    ticket.updated_at = desk.now
    ticket.version += 1


def change_status(desk: Desk, ticket: Ticket, status: Status) -> None:
    """Put the ticket into another status; into `pending_approval` is to ask for approval.

    Raises `Forbidden`, `RuleBroken` also where a policy demands approval first.
    """
    desk.actor.must("work_tickets", "change the status of a ticket")
    if ticket.status == status:
        return
    must_go_on_here(desk, ticket)
    if status is Status.PENDING_APPROVAL:
        gate().request(desk, ticket)
        return
    check(Action.CHANGE_STATUS, ticket, desk.actor, desk.now)
    gate().ensure_approved(desk, ticket, status)
    move(desk, ticket, status, Cause.CHANGE)


def reopen(desk: Desk, ticket: Ticket) -> None:
    """Take up a finished ticket again: staff any, its requester for `TICKET_REOPEN_DAYS`.

    The effects are those of a change to an unfinished status. Raises `Forbidden`, `RuleBroken`.
    """
    must_go_on_here(desk, ticket)
    check(Action.REOPEN, ticket, desk.actor, desk.now)
    move(desk, ticket, Status.REOPENED, Cause.REOPEN)


def rate(desk: Desk, ticket: Ticket, stars: int) -> None:
    """Its requester says how well a finished ticket was answered, from 1 to 5; may be said anew.

    Raises `Forbidden`, `Invalid`, `RuleBroken`.
    """
    assert ticket.id is not None
    check(Action.RATE, ticket, desk.actor, desk.now)
    if not 1 <= stars <= MOST_STARS:
        raise Invalid("satisfaction_rating", f"must be from 1 to {MOST_STARS}")
    if ticket.satisfaction_rating == stars:
        return
    timeline.record_change(
        desk, ticket.id, ticket_fields.SATISFACTION_RATING, ticket.satisfaction_rating, stars
    )
    ticket.satisfaction_rating = stars
    touch(desk, ticket)
    desk.settle()


def status_after_reply(ticket: Ticket) -> Status:
    """Return the status that the requester's reply gives a ticket that waited for them, or that
    was finished.
    """
    if Status(ticket.status).group is Group.DONE:
        return Status.REOPENED
    return Status.IN_PROGRESS if ticket.assignee_id else Status.OPEN


def move(desk: Desk, ticket: Ticket, status: Status, cause: Cause) -> None:
    """Give the ticket a status by the transition table: recorded, counted, a new version of it.

    Asks for no permission. Raises `RuleBroken` where the table has no such row.
    """
    before = counters.Cell.of(ticket)
    apply_status(desk, ticket, status, cause)
    touch(desk, ticket)
    desk.settle()
    counters.move(desk, before, counters.Cell.of(ticket))


def apply_status(
    desk: Desk, ticket: Ticket, status: Status, cause: Cause, *, entry_id: int | None = None
) -> None:
    """Give the ticket a status with the effects of its row in the transition table; the one place
    where a status is set. A status it has already changes nothing.

    `entry_id` is the line a notification leads to, instead of the line of the change itself.
    Asks for no permission, and leaves `touch` and the tallies to the caller. Raises `RuleBroken`
    where the table has no such row.
    """
    assert ticket.id is not None
    old = Status(ticket.status)
    if old is status:
        return
    row = transitions.find(cause, old, status, ANYONE)
    if row is None:
        raise RuleBroken(f"A ticket that is {old} cannot become {status} this way")
    ticket.status, ticket.status_group, ticket.status_rank = (
        status,
        status.group,
        status.rank,
    )
    closed_at = desk.now if status is Status.CLOSED else None
    if Effect.FINISH in row.effects:
        ticket.resolved_at, ticket.closed_at = ticket.resolved_at or desk.now, closed_at
    elif Effect.REFINISH in row.effects:
        ticket.closed_at = closed_at
    elif Effect.REOPEN in row.effects:
        ticket.resolved_at = ticket.closed_at = None
        ticket.reopened_count += 1
    line = timeline.record_change(desk, ticket.id, ticket_fields.STATUS, old, status)
    sla_tracking.follow(desk, ticket)
    if ticket.duplicate_of_id is not None and status is not Status.DUPLICATE:
        point_to(desk, ticket, None)
    if Effect.TELL_ASSIGNEE in row.effects and ticket.assignee_id is not None:
        notifications.tell(
            desk,
            ticket.assignee_id,
            Notice.REOPENED,
            REOPENED_BY_REPLY if cause is Cause.REPLY else REOPENED,
            ticket_id=ticket.id,
            entry_id=entry_id or line,
        )


REOPENED = "A ticket assigned to you was reopened"
REOPENED_BY_REPLY = "The requester replied: a ticket assigned to you was reopened"
ANYONE = frozenset(Who)


def mark_duplicate(desk: Desk, ticket: Ticket, original: str | int | Reference) -> None:
    """Close the ticket as a duplicate of another one. Raises `Forbidden`, `Invalid`, `RuleBroken`.

    `original` is any id or number of the other ticket; if that one is a duplicate itself or was
    merged, the ticket it stands for is taken.
    """
    desk.actor.must("work_tickets", "mark tickets as duplicates")
    must_go_on_here(desk, ticket)
    found = read_reference(str(original)) if isinstance(original, str | int) else original
    other = (
        found
        and desk.session.exec(
            select_rows(Ticket).where(ticket_table.c.deleted_at.is_(None), found.condition())
        ).first()
    )
    if not other:
        raise Invalid("original", "must be the id or number of a ticket")
    while other.id != ticket.id and (next_id := other.merged_into_id or other.duplicate_of_id):
        other = desk.session.get_one(Ticket, next_id)
    if other.id == ticket.id:
        raise Invalid("original", "must not be the ticket itself or a duplicate of it")
    check(Action.MARK_DUPLICATE, ticket, desk.actor, desk.now)
    before = counters.Cell.of(ticket)
    apply_status(desk, ticket, Status.DUPLICATE, Cause.DUPLICATE)
    point_to(desk, ticket, other)
    touch(desk, ticket)
    desk.settle()
    counters.move(desk, before, counters.Cell.of(ticket))


def point_to(desk: Desk, ticket: Ticket, other: Ticket | None) -> None:
    """Name the ticket that this one is a duplicate of, or none; `touch` is left to the caller."""
    assert ticket.id is not None
    if ticket.duplicate_of_id == (other and other.id):
        return
    old = ticket.duplicate_of_id and desk.session.get_one(Ticket, ticket.duplicate_of_id)
    ticket.duplicate_of_id = other.id if other else None
    timeline.record_change(
        desk,
        ticket.id,
        ticket_fields.DUPLICATE_OF,
        ticket_numbers.key(old) if old else None,
        ticket_numbers.key(other) if other else None,
        old_id=old.id if old else None,
        new_id=ticket.duplicate_of_id,
    )


def assign(desk: Desk, ticket: Ticket, to: int | None) -> None:
    """Hand the ticket to somebody who works tickets (by id), or to nobody.

    A new ticket is open once it has somebody. Raises `Forbidden`, `Invalid`.
    """
    check(Action.ASSIGN, ticket, desk.actor, desk.now)
    if ticket.assignee_id == to:
        return
    person = _assignable(desk, to)
    before = counters.Cell.of(ticket)
    _hand_to(desk, ticket, person)
    if person and ticket.status == Status.NEW:
        apply_status(desk, ticket, Status.OPEN, Cause.ASSIGNMENT)
    touch(desk, ticket)
    desk.settle()
    counters.move(desk, before, counters.Cell.of(ticket))


def _taken(desk: Desk, ticket: Ticket) -> Conflict:
    holder = ticket.assignee_id and desk.session.get(Person, ticket.assignee_id)
    who = f"{holder.full_name} has taken" if holder else "Someone has unassigned"
    return Conflict(f"{who} {ticket_numbers.key(ticket)} in the meantime. Nothing was changed.")


def expect_seen(desk: Desk, ticket: Ticket, version: int, assignee_id: int | None = None) -> None:
    """Refuse a change of a ticket that is no longer at the version the actor saw.

    Raises `Conflict` naming who has taken the ticket from `assignee_id`, `Stale` for any other
    change.
    """
    if ticket.version == version:
        return
    if ticket.assignee_id != assignee_id:
        raise _taken(desk, ticket)
    raise Stale(
        f"{ticket_numbers.key(ticket)} has changed since you last saw it. Nothing was changed."
    )


def _hand_to(desk: Desk, ticket: Ticket, person: Person | None) -> None:
    assert ticket.id is not None
    old = desk.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    ticket.assignee_id = person.id if person else None
    timeline.record_change(
        desk,
        ticket.id,
        ticket_fields.ASSIGNEE,
        old and old.full_name,
        person and person.full_name,
        old_id=old and old.id,
        new_id=person and person.id,
    )
    if person and person.team_id is not None:
        _give_to_team(desk, ticket, person.team_id)


def set_team(desk: Desk, ticket: Ticket, team_id: int | None) -> None:
    """Hand the ticket to a team (by id), or to none. Raises `Forbidden`, `Invalid`."""
    desk.actor.must("assign_tickets", "assign tickets")
    if ticket.team_id != team_id:
        _give_to_team(desk, ticket, team_id)
        touch(desk, ticket)
        desk.settle()


def _give_to_team(desk: Desk, ticket: Ticket, team_id: int | None) -> None:
    assert ticket.id is not None
    if ticket.team_id == team_id:
        return
    old = desk.session.get(Team, ticket.team_id) if ticket.team_id else None
    new = desk.session.get(Team, team_id) if team_id else None
    if team_id and new is None:
        raise Invalid("team", does_not_exist(team_id))
    ticket.team_id = team_id
    timeline.record_change(
        desk,
        ticket.id,
        ticket_fields.TEAM,
        old and old.name,
        new and new.name,
        old_id=old and old.id,
        new_id=new and new.id,
    )


def set_company(desk: Desk, ticket: Ticket, company_id: int | None) -> None:
    """File the ticket under a company (by id), or none. Raises `Forbidden`, `Invalid`.

    A contact of another company is no longer the ticket's.
    """
    if ticket.company_id == company_id:
        return
    _belong(desk, ticket, ticket_fields.COMPANY, Company, company_id)
    sla_tracking.promise_anew(desk, ticket)
    search_index.replace(desk, ticket)
    contact = ticket.contact_id and desk.session.get(Contact, ticket.contact_id)
    if contact and contact.company_id not in (None, company_id):
        set_contact(desk, ticket, None)


def set_contact(desk: Desk, ticket: Ticket, contact_id: int | None) -> None:
    """Name the contact the ticket is for (by id), or none. Raises `Forbidden`, `Invalid`."""
    if ticket.contact_id != contact_id:
        customers.check_customer(desk, ticket.company_id, contact_id)
    _belong(desk, ticket, ticket_fields.CONTACT, Contact, contact_id)


def set_department(desk: Desk, ticket: Ticket, department_id: int | None) -> None:
    """File the ticket under a department (by id), or none. Raises `Forbidden`, `Invalid`."""
    _belong(desk, ticket, ticket_fields.DEPARTMENT, Department, department_id)


def _belong(desk: Desk, ticket: Ticket, field: TicketField, table: Any, row_id: int | None) -> None:
    assert ticket.id is not None
    name = field.name
    desk.actor.must("work_tickets", f"change the {name} of a ticket")
    old_id = getattr(ticket, f"{name}_id")
    if old_id == row_id:
        return
    old = desk.session.get(table, old_id) if old_id else None
    new = desk.session.get(table, row_id) if row_id else None
    if row_id and new is None:
        raise Invalid(name, does_not_exist(row_id))
    setattr(ticket, f"{name}_id", row_id)
    timeline.record_change(
        desk,
        ticket.id,
        field,
        old and old.name,
        new and new.name,
        old_id=old_id,
        new_id=row_id,
    )
    touch(desk, ticket)
    desk.settle()


def expect_unchanged(ticket: Ticket, seen: Mapping[str, Any]) -> None:
    """Raise `Stale` if one of these fields is no longer what the actor saw when they began."""
    if any(getattr(ticket, name) != value for name, value in seen.items()):
        raise Stale("Somebody has changed this since you began")


def edit(
    desk: Desk,
    ticket: Ticket,
    changes: Mapping[str, Any],
    *,
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> None:
    """Change fields of a ticket, each on its own line of the timeline, or none of them.

    `changes` maps names of `CHECKS` to new values. A text keeps its format unless `text_format`
    names one, which without a text is that of the description; a text that was empty has the one
    usual for the `channel`. Raises `Forbidden`, `Invalid`, `RuleBroken`.
    """
    assert ticket.id is not None
    if text_format and not changes.keys() & set(text_formats.LONG_TEXTS):
        changes = {**changes, "description": ticket.description}
    _may_edit(desk, ticket, changes)
    changed = _checked_changes(ticket, changes)
    formats = _changed_formats(ticket, changes, text_format, channel)
    if not changed and formats == ticket.text_formats:
        return
    before = counters.Cell.of(ticket)
    if formats != ticket.text_formats:
        _set_formats(desk, ticket, formats)
    for name, new in changed.items():
        old = getattr(ticket, name)
        setattr(ticket, name, new)
        timeline.record_change(
            desk, ticket.id, ticket_fields.FIELDS[name], in_words(old), in_words(new)
        )
    if "priority" in changed:
        ticket.priority_rank = Priority(ticket.priority).rank
    if changed.keys() & {"priority", "kind"}:
        sla_tracking.promise_anew(desk, ticket)
    if "due_at" in changed:
        ticket.due_sort_at = ticket.due_at or FAR_FUTURE
    if "tags" in changed:
        tags.retie(desk, ticket.id, ticket.tags)
    touch(desk, ticket)
    desk.settle()
    if changed.keys() & SEARCHED:
        search_index.replace(desk, ticket)
    counters.move(desk, before, counters.Cell.of(ticket))


def _changed_formats(
    ticket: Ticket, changes: Mapping[str, Any], text_format: TextFormat | None, channel: str
) -> dict[str, str]:
    """The formats of a ticket's texts once they are changed."""
    formats = dict(ticket.text_formats)
    for name in text_formats.LONG_TEXTS:
        if name not in changes:
            continue
        if text_format:
            formats[name] = str(text_format)
        elif not getattr(ticket, name):
            formats[name] = str(text_formats.default_format(channel))
    return formats


def _set_formats(desk: Desk, ticket: Ticket, formats: dict[str, str]) -> None:
    """Keep new formats; that one with a text changed is recorded for staff."""
    assert ticket.id is not None
    for name, new in formats.items():
        old = text_formats.format_of(ticket, name)
        if old != new and getattr(ticket, name):
            timeline.record_change(desk, ticket.id, ticket_fields.TEXT_FORMAT, old, new)
    ticket.text_formats = formats


def _may_edit(desk: Desk, ticket: Ticket, changes: Mapping[str, Any]) -> None:
    if not desk.actor.may("work_tickets") and not changes.keys() <= REQUESTER_MAY_EDIT:
        raise Forbidden("You are not allowed to change this on a ticket")
    check(Action.EDIT, ticket, desk.actor, desk.now)


def _checked_changes(ticket: Ticket, changes: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in CHECKS:
            raise Invalid(name, "cannot be changed")
        try:
            if name == "tags":
                values[name] = text.tag_list(name, value, ticket.tags)
            else:
                values[name] = CHECKS[name](name, value)
        except Invalid as wrong:
            problems += wrong.problems
        except ValueError:
            problems.append((name, NULL if value is None else not_a_choice(CHOICES[name], value)))
    if problems:
        raise Invalid.several(problems)
    if "section" in values:
        values["section"] = values["section"] or ""
    changed = {name: new for name, new in values.items() if getattr(ticket, name) != new}
    return {**changed, **_shared_word(ticket, changed)}


def _shared_word(ticket: Ticket, changed: Mapping[str, Any]) -> dict[str, Any]:
    """The kind that a new category brings along, or the category that a new kind does.

    Only words that both have are kept alike, and only where the other field holds such a word now:
    an incident stays an incident in whichever category it is filed.
    """
    if "category" in changed and "kind" not in changed and ticket.kind in CATEGORY_OF_KIND:
        kind = KIND_OF_CATEGORY.get(changed["category"])
        return {"kind": kind} if kind not in (None, ticket.kind) else {}
    if "kind" in changed and "category" not in changed and ticket.category in KIND_OF_CATEGORY:
        category = CATEGORY_OF_KIND.get(changed["kind"])
        return {"category": category} if category not in (None, ticket.category) else {}
    return {}


SEARCHED = frozenset(
    {
        "title",
        "description",
        "tags",
        "section",
        "plugin_name",
        "steps_to_reproduce",
        "expected_behavior",
        "actual_behavior",
    }
)


def in_words(value: Any) -> str | None:
    """Return a field's value as the timeline keeps it."""
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def delete_ticket(desk: Desk, ticket: Ticket) -> None:
    """Put the ticket into the trash; its numbers stay taken. Raises `Forbidden`."""
    assert ticket.id is not None
    check(Action.DELETE, ticket, desk.actor, desk.now)
    before = counters.Cell.of(ticket)
    ticket.deleted_at, ticket.deleted_by_id = desk.now, desk.actor.id
    timeline.append(desk, ticket.id, EntryKind.DELETED)
    sla_tracking.follow(desk, ticket)
    touch(desk, ticket)
    desk.settle()
    counters.move(desk, before, None)


def restore_ticket(desk: Desk, reference: str | int) -> Ticket:
    """Bring a ticket back from the trash. Raises `Forbidden`, `NotFound`."""
    desk.actor.must("restore_tickets", "restore deleted tickets")
    found = read_reference(str(reference))
    if found is None:
        raise NotFound
    ticket = desk.session.exec(
        select_rows(Ticket).where(ticket_table.c.deleted_at.is_not(None), found.condition())
    ).first()
    if ticket is None or ticket.id is None:
        raise NotFound
    _take_out(desk, ticket)
    return ticket


def undo_delete(desk: Desk, ticket_id: int) -> Ticket:
    """Take back one's own deletion of a moment ago, as if it had never been.

    The SLA clock does not gain the time in the trash. Raises `NotFound` if it is not that.
    """
    ticket = desk.session.exec(
        select_rows(Ticket).where(
            ticket_table.c.id == ticket_id,
            ticket_table.c.deleted_by_id == desk.actor.id,
            ticket_table.c.deleted_at > desk.now - UNDO,
        )
    ).first()
    if ticket is None:
        raise NotFound
    if ticket.status_group == Group.OPEN:
        sla_tracking.undo_pause(desk, ticket)
    _take_out(desk, ticket)
    return ticket


def _take_out(desk: Desk, ticket: Ticket) -> None:
    assert ticket.id is not None
    ticket.deleted_at = ticket.deleted_by_id = None
    timeline.append(desk, ticket.id, EntryKind.RESTORED)
    sla_tracking.follow(desk, ticket)
    sla_tracking.look_at(desk, ticket)
    touch(desk, ticket)
    desk.settle()
    counters.move(desk, None, counters.Cell.of(ticket))
