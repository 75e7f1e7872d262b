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
from ticket_app.core.notifications.notifications import NotificationKind
from ticket_app.core.people import customers, profiles
from ticket_app.core.platform import (
    action_limits,
    row_inserts,
    text_formats,
    ticket_numbers,
    validators,
)
from ticket_app.core.platform.access_policy import (
    VISIBLE_TO_REQUESTER,
    VISIBLE_TO_STAFF,
    visibility_parameters,
)
from ticket_app.core.platform.errors import (
    NULL,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Reason,
    RuleViolation,
    VersionConflict,
    does_not_exist,
    invalid_choice,
)
from ticket_app.core.platform.ticket_numbers import TicketReference, parse_reference
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import (
    CATEGORY_OF_KIND,
    KIND_OF_CATEGORY,
    Category,
    EntryKind,
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    Status,
    StatusGroup,
    TextFormat,
    category_for_kind,
    kind_for_category,
)
from ticket_app.core.search import search_index
from ticket_app.core.sla import tracking as sla_tracking
from ticket_app.core.tickets import counters, tags, transitions
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.allowed_actions import Action, ensure_allowed
from ticket_app.core.tickets.approval_gate import get_approval_gate
from ticket_app.core.tickets.fields import TicketField
from ticket_app.core.tickets.transitions import Cause, Effect, TransitionRole
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

UNDO_WINDOW = timedelta(minutes=10)
"""How long somebody who is no admin can take back that they deleted a ticket."""
MAX_RATING = 5


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


def open_ticket(uow: UnitOfWork, draft: TicketDraft) -> Ticket:
    """File a ticket: numbered, on the timeline, counted and findable, all at once.

    Returns the ticket. Raises `Forbidden`, `Invalid` (every wrong field named), `RateLimited`.
    """
    actor = uow.actor
    actor.require("create_tickets", "file tickets")
    if not actor.can_see_own_tickets:
        raise Forbidden("You are not allowed to file tickets, as you may not see them")
    values = _validate_draft(draft)
    kind: Kind = values["kind"]
    if draft.requester_id not in (None, actor.id):
        actor.require("work_tickets", "file tickets for somebody else")
        _ensure_exists(uow, "requester", Person, draft.requester_id)
    if draft.assignee_id is not None:
        actor.require("assign_tickets", "assign tickets")
    if draft.department_id is not None:
        _ensure_exists(uow, "department", Department, draft.department_id)
    customers.ensure_valid_customer(uow, draft.company_id, draft.contact_id)
    assignee = _find_assignable(uow, draft.assignee_id)
    if not actor.is_staff:
        action_limits.count_submission(actor.id)
    company_id = draft.company_id or (actor.company_id if not actor.is_staff else None)
    number, today, day_number = ticket_numbers.allocate_numbers(uow, kind)
    ticket = row_inserts.new_row(
        Ticket,
        **values,
        key_prefix=kind.prefix,
        key_number=number,
        opened_on=today,
        day_number=day_number,
        status=Status.NEW,
        status_group=StatusGroup.OPEN,
        status_rank=Status.NEW.rank,
        requester_id=draft.requester_id or actor.id,
        created_by_id=actor.id,
        company_id=company_id,
        contact_id=draft.contact_id,
        department_id=draft.department_id or actor.department_id,
        due_sort_at=draft.due_at or FAR_FUTURE,
        text_formats=_initial_formats(values, draft),
        created_at=uow.now,
        updated_at=uow.now,
        channel=draft.channel,
    )
    sla_tracking.set_targets(uow, ticket)
    row_inserts.insert_row(uow, ticket)
    assert ticket.id is not None
    tags.add_tags(uow, ticket.id, ticket.tags)
    search_index.add(uow, ticket)
    timeline.add_entry(uow, ticket.id, EntryKind.CREATED, field="status", new_value=Status.NEW)
    if assignee:
        _assign_to(uow, ticket, assignee)
        apply_status(uow, ticket, Status.OPEN, Cause.ASSIGNMENT)
        uow.flush()
    counters.move(uow, None, counters.Bucket.of(ticket))
    get_approval_gate().request_if_required(uow, ticket)
    return ticket


def _initial_formats(values: Mapping[str, Any], draft: TicketDraft) -> dict[str, str]:
    text_format = draft.text_format or text_formats.default_format_for(draft.channel)
    return {name: str(text_format) for name in text_formats.FORMATTED_FIELDS if values.get(name)}


def _validate_draft(draft: TicketDraft) -> dict[str, Any]:
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {
        "kind": draft.kind or kind_for_category(draft.category or Category.GENERAL),
        "priority": draft.priority,
        "priority_rank": draft.priority.rank,
        "severity": draft.severity,
        "category": draft.category
        or (category_for_kind(draft.kind) if draft.kind else Category.GENERAL),
        "reproduction_rate": draft.reproduction_rate,
    }
    for name, validate in FIELD_VALIDATORS.items():
        if name in values or not hasattr(draft, name):
            continue
        try:
            values[name] = validate(name, getattr(draft, name))
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    values["section"] = values["section"] or ""
    return values


def _validate_hours(name: str, value: float | None) -> float | None:
    if value is not None and not 0 <= value <= 100_000:
        raise Invalid(name, "must be between 0 and 100,000 hours")
    return value


def _validate_moment(name: str, value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise Invalid(name, "must say its time zone")
    try:
        return value and value.astimezone(UTC)
    except OverflowError:
        raise Invalid(name, "is too far away") from None


FIELD_VALIDATORS: dict[str, Callable[[str, Any], Any]] = {
    "title": validators.required_line,
    "description": validators.required_text,
    "section": lambda name, value: validators.optional_line(name, value, 120),
    "plugin_name": lambda name, value: validators.optional_line(name, value, 200),
    "client_version": lambda name, value: validators.optional_line(name, value, 60),
    "steps_to_reproduce": validators.optional_text,
    "expected_behavior": validators.optional_text,
    "actual_behavior": validators.optional_text,
    "environment": validators.validate_environment,
    "tags": validators.validate_tags,
    "admin_feedback": validators.optional_text,
    "internal_notes": validators.optional_text,
    "public_notes": validators.optional_text,
    "estimated_hours": _validate_hours,
    "actual_hours": _validate_hours,
    "kind": lambda _name, value: Kind(value),
    "priority": lambda _name, value: Priority(value),
    "severity": lambda _name, value: Severity(value),
    "category": lambda _name, value: Category(value),
    "due_at": _validate_moment,
}
"""What may be written into each field, by name."""
ticket_fields.ensure_registered(FIELD_VALIDATORS, "tickets.CHECKS")

FIELD_CHOICES: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "priority": Priority,
    "severity": Severity,
    "category": Category,
}
"""The words that a field of `CHECKS` can be, for those that are one of a few."""

REQUESTER_EDITABLE_FIELDS = frozenset(
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


def _ensure_exists(uow: UnitOfWork, name: str, table: Any, row_id: int | None) -> None:
    if uow.connection.execute(select(table.id).where(table.id == row_id)).first() is None:
        raise Invalid(name, does_not_exist(row_id))


_SELECT_ACTIVE_PERSON = select(
    person_table.c.role, person_table.c.permissions, profiles.ROLE_PERMISSIONS_COLUMN
).where(person_table.c.id == bindparam("person_id"), person_table.c.is_active)


def _person_exists(uow: UnitOfWork, person_id: int) -> bool:
    return (
        uow.connection.execute(
            select(person_table.c.id).where(person_table.c.id == person_id)
        ).first()
        is not None
    )


def _find_assignable(uow: UnitOfWork, person_id: int | None) -> Person | None:
    if person_id is None:
        return None
    person_row = uow.connection.execute(_SELECT_ACTIVE_PERSON, {"person_id": person_id}).first()
    if person_row is None and not _person_exists(uow, person_id):
        raise Invalid("assignee", does_not_exist(person_id))
    if person_row is None or not profiles.can_work_tickets(person_row):
        raise Invalid("assignee", NOT_ASSIGNABLE)
    return uow.session.get(Person, person_id)


_LOCK_TICKET = {
    (staff, column): select_rows(Ticket)
    .where(
        VISIBLE_TO_STAFF if staff else VISIBLE_TO_REQUESTER,
        ticket_table.c[column] == bindparam("wanted"),
    )
    .with_for_update(of=ticket_table)
    for staff in (True, False)
    for column in ("id", "uuid")
}


def lock_ticket(
    uow: UnitOfWork, reference: str | int | TicketReference, *, expected_version: int | None = None
) -> Ticket:
    """The ticket behind any of its ids or numbers, locked for a change in this transaction.

    Raises `NotFound` if there is none that the actor may see, `VersionConflict` if it is past
    `if_version`.
    """
    parsed_reference = (
        parse_reference(str(reference)) if isinstance(reference, str | int) else reference
    )
    key = parsed_reference and ticket_numbers.resolve_reference(uow, parsed_reference)
    if key is None:
        raise NotFound
    column, wanted_id = key
    values = {**visibility_parameters(uow.actor), "wanted": wanted_id}
    result = uow.session.execute(_LOCK_TICKET[uow.actor.is_staff, column], values)
    row = result.scalar_one_or_none()
    if row is None:
        raise NotFound
    if expected_version is not None and row.version != expected_version:
        raise VersionConflict
    return row


def ensure_not_merged(uow: UnitOfWork, ticket: Ticket) -> None:
    """Raise `RuleViolation` naming the ticket that this one was merged into, if it was."""
    if ticket.merged_into_id is not None:
        other = uow.session.get_one(Ticket, ticket.merged_into_id)
        while other.merged_into_id is not None:
            other = uow.session.get_one(Ticket, other.merged_into_id)
        raise RuleViolation(
            f"The ticket was merged into {ticket_numbers.format_key(other)}; it goes on there"
        )


def mark_changed(uow: UnitOfWork, ticket: Ticket) -> None:
    """The ticket has changed now: a new version, and the first of the lists."""
    ticket.updated_at = uow.now
    ticket.version += 1


def change_status(uow: UnitOfWork, ticket: Ticket, status: Status) -> None:
    """Put the ticket into another status; into `pending_approval` is to ask for approval.

    Raises `Forbidden`, `RuleViolation` also where a policy demands approval first.
    """
    uow.actor.require("work_tickets", "change the status of a ticket")
    if ticket.status == status:
        return
    ensure_not_merged(uow, ticket)
    if status is Status.PENDING_APPROVAL:
        get_approval_gate().request(uow, ticket)
        return
    ensure_allowed(Action.CHANGE_STATUS, ticket, uow.actor, uow.now)
    get_approval_gate().ensure_approved(uow, ticket, status)
    transition(uow, ticket, status, Cause.CHANGE)


def reopen(uow: UnitOfWork, ticket: Ticket) -> None:
    """Take up a finished ticket again: staff any, its requester for `TICKET_REOPEN_DAYS`.

    The effects are those of a change to an unfinished status. Raises `Forbidden`, `RuleViolation`.
    """
    ensure_not_merged(uow, ticket)
    ensure_allowed(Action.REOPEN, ticket, uow.actor, uow.now)
    transition(uow, ticket, Status.REOPENED, Cause.REOPEN)


def rate(uow: UnitOfWork, ticket: Ticket, rating: int) -> None:
    """Its requester says how well a finished ticket was answered, from 1 to 5; may be said anew.

    Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    ensure_allowed(Action.RATE, ticket, uow.actor, uow.now)
    if not 1 <= rating <= MAX_RATING:
        raise Invalid("satisfaction_rating", f"must be from 1 to {MAX_RATING}")
    if ticket.satisfaction_rating == rating:
        return
    timeline.record_change(
        uow, ticket.id, ticket_fields.SATISFACTION_RATING, ticket.satisfaction_rating, rating
    )
    ticket.satisfaction_rating = rating
    mark_changed(uow, ticket)
    uow.flush()


def status_after_reply(ticket: Ticket) -> Status:
    """Return the status that the requester's reply gives a ticket that waited for them, or that
    was finished.
    """
    if Status(ticket.status).group is StatusGroup.DONE:
        return Status.REOPENED
    return Status.IN_PROGRESS if ticket.assignee_id else Status.OPEN


def transition(uow: UnitOfWork, ticket: Ticket, status: Status, cause: Cause) -> None:
    """Give the ticket a status by the transition table: recorded, counted, a new version of it.

    Asks for no permission. Raises `RuleViolation` where the table has no such row.
    """
    before = counters.Bucket.of(ticket)
    apply_status(uow, ticket, status, cause)
    mark_changed(uow, ticket)
    uow.flush()
    counters.move(uow, before, counters.Bucket.of(ticket))


def apply_status(
    uow: UnitOfWork, ticket: Ticket, status: Status, cause: Cause, *, entry_id: int | None = None
) -> None:
    """Give the ticket a status with the effects of its row in the transition table; the one place
    where a status is set. A status it has already changes nothing.

    `entry_id` is the line a notification leads to, instead of the line of the change itself.
    Asks for no permission, and leaves `touch` and the tallies to the caller. Raises `RuleViolation`
    where the table has no such row.
    """
    assert ticket.id is not None
    old = Status(ticket.status)
    if old is status:
        return
    transition_row = transitions.find_transition(cause, old, status, ANY_ROLE)
    if transition_row is None:
        raise RuleViolation(f"A ticket that is {old} cannot become {status} this way")
    ticket.status, ticket.status_group, ticket.status_rank = (
        status,
        status.group,
        status.rank,
    )
    closed_at = uow.now if status is Status.CLOSED else None
    if Effect.FINISH in transition_row.effects:
        ticket.resolved_at, ticket.closed_at = ticket.resolved_at or uow.now, closed_at
    elif Effect.REFINISH in transition_row.effects:
        ticket.closed_at = closed_at
    elif Effect.REOPEN in transition_row.effects:
        ticket.resolved_at = ticket.closed_at = None
        ticket.reopened_count += 1
    change_entry_id = timeline.record_change(uow, ticket.id, ticket_fields.STATUS, old, status)
    sla_tracking.sync_clock(uow, ticket)
    if ticket.duplicate_of_id is not None and status is not Status.DUPLICATE:
        set_original(uow, ticket, None)
    if Effect.NOTIFY_ASSIGNEE in transition_row.effects and ticket.assignee_id is not None:
        notifications.notify(
            uow,
            ticket.assignee_id,
            NotificationKind.REOPENED,
            REOPENED_BY_REPLY_MESSAGE if cause is Cause.REPLY else REOPENED_MESSAGE,
            ticket_id=ticket.id,
            entry_id=entry_id or change_entry_id,
        )


REOPENED_MESSAGE = "A ticket assigned to you was reopened"
REOPENED_BY_REPLY_MESSAGE = "The requester replied: a ticket assigned to you was reopened"
ANY_ROLE = frozenset(TransitionRole)


def mark_duplicate(uow: UnitOfWork, ticket: Ticket, original: str | int | TicketReference) -> None:
    """Close the ticket as a duplicate of another one. Raises `Forbidden`, `Invalid`,
    `RuleViolation`.

    `original` is any id or number of the other ticket; if that one is a duplicate itself or was
    merged, the ticket it stands for is taken.
    """
    uow.actor.require("work_tickets", "mark tickets as duplicates")
    ensure_not_merged(uow, ticket)
    parsed_reference = (
        parse_reference(str(original)) if isinstance(original, str | int) else original
    )
    original_ticket = (
        parsed_reference
        and uow.session.exec(
            select_rows(Ticket).where(
                ticket_table.c.deleted_at.is_(None), parsed_reference.condition()
            )
        ).first()
    )
    if not original_ticket:
        raise Invalid("original", "must be the id or number of a ticket")
    while original_ticket.id != ticket.id and (
        next_id := original_ticket.merged_into_id or original_ticket.duplicate_of_id
    ):
        original_ticket = uow.session.get_one(Ticket, next_id)
    if original_ticket.id == ticket.id:
        raise Invalid("original", "must not be the ticket itself or a duplicate of it")
    ensure_allowed(Action.MARK_DUPLICATE, ticket, uow.actor, uow.now)
    before = counters.Bucket.of(ticket)
    apply_status(uow, ticket, Status.DUPLICATE, Cause.DUPLICATE)
    set_original(uow, ticket, original_ticket)
    mark_changed(uow, ticket)
    uow.flush()
    counters.move(uow, before, counters.Bucket.of(ticket))


def set_original(uow: UnitOfWork, ticket: Ticket, other: Ticket | None) -> None:
    """Name the ticket that this one is a duplicate of, or none; `touch` is left to the caller."""
    assert ticket.id is not None
    if ticket.duplicate_of_id == (other and other.id):
        return
    old = ticket.duplicate_of_id and uow.session.get_one(Ticket, ticket.duplicate_of_id)
    ticket.duplicate_of_id = other.id if other else None
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.DUPLICATE_OF,
        ticket_numbers.format_key(old) if old else None,
        ticket_numbers.format_key(other) if other else None,
        old_id=old.id if old else None,
        new_id=ticket.duplicate_of_id,
    )


def assign(uow: UnitOfWork, ticket: Ticket, assignee_id: int | None) -> None:
    """Hand the ticket to somebody who works tickets (by id), or to nobody.

    A new ticket is open once it has somebody. Raises `Forbidden`, `Invalid`.
    """
    ensure_allowed(Action.ASSIGN, ticket, uow.actor, uow.now)
    if ticket.assignee_id == assignee_id:
        return
    person = _find_assignable(uow, assignee_id)
    before = counters.Bucket.of(ticket)
    _assign_to(uow, ticket, person)
    if person and ticket.status == Status.NEW:
        apply_status(uow, ticket, Status.OPEN, Cause.ASSIGNMENT)
    mark_changed(uow, ticket)
    uow.flush()
    counters.move(uow, before, counters.Bucket.of(ticket))


def _assignee_conflict(uow: UnitOfWork, ticket: Ticket) -> Conflict:
    assignee = ticket.assignee_id and uow.session.get(Person, ticket.assignee_id)
    change_text = f"{assignee.full_name} has taken" if assignee else "Someone has unassigned"
    return Conflict(
        f"{change_text} {ticket_numbers.format_key(ticket)} in the meantime. Nothing was changed."
    )


def ensure_version(
    uow: UnitOfWork, ticket: Ticket, version: int, assignee_id: int | None = None
) -> None:
    """Refuse a change of a ticket that is no longer at the version the actor saw.

    Raises `Conflict` naming who has taken the ticket from `assignee_id`, `VersionConflict` for any
    other change.
    """
    if ticket.version == version:
        return
    if ticket.assignee_id != assignee_id:
        raise _assignee_conflict(uow, ticket)
    raise VersionConflict(
        f"{ticket_numbers.format_key(ticket)} has changed since you last saw it. "
        "Nothing was changed."
    )


def _assign_to(uow: UnitOfWork, ticket: Ticket, person: Person | None) -> None:
    assert ticket.id is not None
    old = uow.session.get(Person, ticket.assignee_id) if ticket.assignee_id else None
    ticket.assignee_id = person.id if person else None
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.ASSIGNEE,
        old and old.full_name,
        person and person.full_name,
        old_id=old and old.id,
        new_id=person and person.id,
    )
    if person and person.team_id is not None:
        _assign_to_team(uow, ticket, person.team_id)


def set_team(uow: UnitOfWork, ticket: Ticket, team_id: int | None) -> None:
    """Hand the ticket to a team (by id), or to none. Raises `Forbidden`, `Invalid`."""
    uow.actor.require("assign_tickets", "assign tickets")
    if ticket.team_id != team_id:
        _assign_to_team(uow, ticket, team_id)
        mark_changed(uow, ticket)
        uow.flush()


def _assign_to_team(uow: UnitOfWork, ticket: Ticket, team_id: int | None) -> None:
    assert ticket.id is not None
    if ticket.team_id == team_id:
        return
    old = uow.session.get(Team, ticket.team_id) if ticket.team_id else None
    new = uow.session.get(Team, team_id) if team_id else None
    if team_id and new is None:
        raise Invalid("team", does_not_exist(team_id))
    ticket.team_id = team_id
    timeline.record_change(
        uow,
        ticket.id,
        ticket_fields.TEAM,
        old and old.name,
        new and new.name,
        old_id=old and old.id,
        new_id=new and new.id,
    )


def set_company(uow: UnitOfWork, ticket: Ticket, company_id: int | None) -> None:
    """File the ticket under a company (by id), or none. Raises `Forbidden`, `Invalid`.

    A contact of another company is no longer the ticket's.
    """
    if ticket.company_id == company_id:
        return
    _set_reference(uow, ticket, ticket_fields.COMPANY, Company, company_id)
    sla_tracking.recalculate_targets(uow, ticket)
    search_index.reindex(uow, ticket)
    contact = ticket.contact_id and uow.session.get(Contact, ticket.contact_id)
    if contact and contact.company_id not in (None, company_id):
        set_contact(uow, ticket, None)


def set_contact(uow: UnitOfWork, ticket: Ticket, contact_id: int | None) -> None:
    """Name the contact the ticket is for (by id), or none. Raises `Forbidden`, `Invalid`."""
    if ticket.contact_id != contact_id:
        customers.ensure_valid_customer(uow, ticket.company_id, contact_id)
    _set_reference(uow, ticket, ticket_fields.CONTACT, Contact, contact_id)


def set_department(uow: UnitOfWork, ticket: Ticket, department_id: int | None) -> None:
    """File the ticket under a department (by id), or none. Raises `Forbidden`, `Invalid`."""
    _set_reference(uow, ticket, ticket_fields.DEPARTMENT, Department, department_id)


def _set_reference(
    uow: UnitOfWork, ticket: Ticket, field: TicketField, table: Any, row_id: int | None
) -> None:
    assert ticket.id is not None
    name = field.name
    uow.actor.require("work_tickets", f"change the {name} of a ticket")
    old_id = getattr(ticket, f"{name}_id")
    if old_id == row_id:
        return
    old = uow.session.get(table, old_id) if old_id else None
    new = uow.session.get(table, row_id) if row_id else None
    if row_id and new is None:
        raise Invalid(name, does_not_exist(row_id))
    setattr(ticket, f"{name}_id", row_id)
    timeline.record_change(
        uow,
        ticket.id,
        field,
        old and old.name,
        new and new.name,
        old_id=old_id,
        new_id=row_id,
    )
    mark_changed(uow, ticket)
    uow.flush()


def ensure_fields_unchanged(ticket: Ticket, expected: Mapping[str, Any]) -> None:
    """Raise `VersionConflict` if one of these fields is no longer what the actor saw when they
    began.
    """
    if any(getattr(ticket, name) != value for name, value in expected.items()):
        raise VersionConflict("Somebody has changed this since you began")


def edit(
    uow: UnitOfWork,
    ticket: Ticket,
    changes: Mapping[str, Any],
    *,
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> None:
    """Change fields of a ticket, each on its own line of the timeline, or none of them.

    `changes` maps names of `CHECKS` to new values. A text keeps its format unless `text_format`
    names one, which without a text is that of the description; a text that was empty has the one
    usual for the `channel`. Raises `Forbidden`, `Invalid`, `RuleViolation`.
    """
    assert ticket.id is not None
    if text_format and not changes.keys() & set(text_formats.FORMATTED_FIELDS):
        changes = {**changes, "description": ticket.description}
    _ensure_can_edit(uow, ticket, changes)
    changed = _validate_changes(ticket, changes)
    formats = _changed_formats(ticket, changes, text_format, channel)
    if not changed and formats == ticket.text_formats:
        return
    before = counters.Bucket.of(ticket)
    if formats != ticket.text_formats:
        _set_formats(uow, ticket, formats)
    for name, new in changed.items():
        old = getattr(ticket, name)
        setattr(ticket, name, new)
        timeline.record_change(
            uow,
            ticket.id,
            ticket_fields.FIELDS[name],
            format_recorded_value(old),
            format_recorded_value(new),
        )
    if "priority" in changed:
        ticket.priority_rank = Priority(ticket.priority).rank
    if changed.keys() & {"priority", "kind"}:
        sla_tracking.recalculate_targets(uow, ticket)
    if "due_at" in changed:
        ticket.due_sort_at = ticket.due_at or FAR_FUTURE
    if "tags" in changed:
        tags.set_tags(uow, ticket.id, ticket.tags)
    mark_changed(uow, ticket)
    uow.flush()
    if changed.keys() & SEARCHED_FIELDS:
        search_index.reindex(uow, ticket)
    counters.move(uow, before, counters.Bucket.of(ticket))


def _changed_formats(
    ticket: Ticket, changes: Mapping[str, Any], text_format: TextFormat | None, channel: str
) -> dict[str, str]:
    """The formats of a ticket's texts once they are changed."""
    formats = dict(ticket.text_formats)
    for name in text_formats.FORMATTED_FIELDS:
        if name not in changes:
            continue
        if text_format:
            formats[name] = str(text_format)
        elif not getattr(ticket, name):
            formats[name] = str(text_formats.default_format_for(channel))
    return formats


def _set_formats(uow: UnitOfWork, ticket: Ticket, formats: dict[str, str]) -> None:
    """Keep new formats; that one with a text changed is recorded for staff."""
    assert ticket.id is not None
    for name, new in formats.items():
        old = text_formats.get_format(ticket, name)
        if old != new and getattr(ticket, name):
            timeline.record_change(uow, ticket.id, ticket_fields.TEXT_FORMAT, old, new)
    ticket.text_formats = formats


def _ensure_can_edit(uow: UnitOfWork, ticket: Ticket, changes: Mapping[str, Any]) -> None:
    if not uow.actor.can("work_tickets") and not changes.keys() <= REQUESTER_EDITABLE_FIELDS:
        raise Forbidden("You are not allowed to change this on a ticket")
    ensure_allowed(Action.EDIT, ticket, uow.actor, uow.now)


def _validate_changes(ticket: Ticket, changes: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[tuple[str, str]] = []
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in FIELD_VALIDATORS:
            raise Invalid(name, "cannot be changed")
        try:
            if name == "tags":
                values[name] = validators.validate_tags(name, value, ticket.tags)
            else:
                values[name] = FIELD_VALIDATORS[name](name, value)
        except Invalid as error:
            problems += error.problems
        except ValueError:
            problems.append(
                (name, NULL if value is None else invalid_choice(FIELD_CHOICES[name], value))
            )
    if problems:
        raise Invalid.from_problems(problems)
    if "section" in values:
        values["section"] = values["section"] or ""
    changed = {name: new for name, new in values.items() if getattr(ticket, name) != new}
    return {**changed, **_matching_kind_or_category(ticket, changed)}


def _matching_kind_or_category(ticket: Ticket, changed: Mapping[str, Any]) -> dict[str, Any]:
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


SEARCHED_FIELDS = frozenset(
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


def format_recorded_value(value: Any) -> str | None:
    """Return a field's value as the timeline keeps it."""
    if value is None:
        return None
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def delete_ticket(uow: UnitOfWork, ticket: Ticket) -> None:
    """Put the ticket into the trash; its numbers stay taken. Raises `Forbidden`."""
    assert ticket.id is not None
    ensure_allowed(Action.DELETE, ticket, uow.actor, uow.now)
    before = counters.Bucket.of(ticket)
    ticket.deleted_at, ticket.deleted_by_id = uow.now, uow.actor.id
    timeline.add_entry(uow, ticket.id, EntryKind.DELETED)
    sla_tracking.sync_clock(uow, ticket)
    mark_changed(uow, ticket)
    uow.flush()
    counters.move(uow, before, None)


def restore_ticket(uow: UnitOfWork, reference: str | int) -> Ticket:
    """Bring a ticket back from the trash. Raises `Forbidden`, `NotFound`."""
    uow.actor.require("restore_tickets", "restore deleted tickets")
    parsed_reference = parse_reference(str(reference))
    if parsed_reference is None:
        raise NotFound
    ticket = uow.session.exec(
        select_rows(Ticket).where(
            ticket_table.c.deleted_at.is_not(None), parsed_reference.condition()
        )
    ).first()
    if ticket is None or ticket.id is None:
        raise NotFound
    _remove_from_trash(uow, ticket)
    return ticket


def undo_delete(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """Take back one's own deletion of a moment ago, as if it had never been.

    The SLA clock does not gain the time in the trash. Raises `NotFound` if it is not that.
    """
    ticket = uow.session.exec(
        select_rows(Ticket).where(
            ticket_table.c.id == ticket_id,
            ticket_table.c.deleted_by_id == uow.actor.id,
            ticket_table.c.deleted_at > uow.now - UNDO_WINDOW,
        )
    ).first()
    if ticket is None:
        raise NotFound
    if ticket.status_group == StatusGroup.OPEN:
        sla_tracking.undo_pause(uow, ticket)
    _remove_from_trash(uow, ticket)
    return ticket


def _remove_from_trash(uow: UnitOfWork, ticket: Ticket) -> None:
    assert ticket.id is not None
    ticket.deleted_at = ticket.deleted_by_id = None
    timeline.add_entry(uow, ticket.id, EntryKind.RESTORED)
    sla_tracking.sync_clock(uow, ticket)
    sla_tracking.check_ticket_targets(uow, ticket)
    mark_changed(uow, ticket)
    uow.flush()
    counters.move(uow, None, counters.Bucket.of(ticket))
