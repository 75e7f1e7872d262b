"""Perform the planned steps through the use cases of the core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ticket_app.core.approvals import requests as approval_requests
from ticket_app.core.attachments import attachments
from ticket_app.core.attachments.uploading import StoredUpload
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AttachmentType, Priority, Status
from ticket_app.core.tickets import assigning, editing, opening, status_changes, time_log
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.changing import changing
from ticket_app.core.timeline import timeline
from ticket_app.demo.texts.models import FileKind
from ticket_app.demo.ticket_plans import Step
from ticket_app.tables import (
    Ticket,
)

DUE_AFTER = {
    Priority.LOW: timedelta(days=14),
    Priority.MEDIUM: timedelta(days=7),
    Priority.HIGH: timedelta(days=3),
    Priority.URGENT: timedelta(days=1),
    Priority.CRITICAL: timedelta(hours=8),
}


class ReplayUnitOfWork(UnitOfWork):
    """A unit of work whose time and actor are set for each step of a history."""

    def set_time_and_actor(self, at: datetime, actor: Actor | None) -> None:
        """Make the following changes happen at this time, by this actor."""
        self._now = at
        self._actor = actor


@dataclass(slots=True)
class ReplayContext:
    """The organisation, the files and the tickets so far."""

    actors: dict[str, Actor]
    companies: dict[str, int]
    contacts: dict[str, int]
    departments: dict[str, int]
    files: dict[int, StoredUpload]
    tickets: dict[int, Ticket] = field(default_factory=dict)
    ticket_ids_by_story: dict[int, list[int]] = field(default_factory=dict)

    def ticket(self, step: Step) -> Ticket:
        """Return the ticket of a step."""
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
    with changing(uow, ticket):
        ticket.satisfaction_rating, ticket.satisfaction_comment = rating, comment
        timeline.record_change(uow, ticket.id, ticket_fields.SATISFACTION_RATING, None, rating)


def _mark_duplicate(uow: UnitOfWork, context: ReplayContext, step: Step) -> None:
    ticket = context.ticket(step)
    other_ids = [
        one for one in context.ticket_ids_by_story[id(step.ticket_plan.story)] if one != ticket.id
    ]
    with changing(uow, ticket):
        ticket.duplicate_of_id = min(other_ids, default=None)
        status_changes.change_status(uow, ticket, Status.DUPLICATE)


def _log_time(uow: UnitOfWork, context: ReplayContext, step: Step) -> None:
    minutes, note = step.value
    time_log.log_time(uow, context.ticket(step), minutes, note=note)


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
    "log_time": _log_time,
    "attach": _attach,
    "attach_note": lambda uow, context, step: _attach(uow, context, step, internal=True),
    "rate": _rate,
    "duplicate": _mark_duplicate,
    "request_approval": lambda uow, context, step: approval_requests.request_approval(
        uow, context.ticket(step), reason=step.value
    ),
}
"""The use case of each action."""
