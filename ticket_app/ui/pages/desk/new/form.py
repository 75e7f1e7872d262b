"""What is in the form of a ticket for somebody: read, kept as a draft, made into a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final
from uuid import uuid4

import orjson

from ticket_app.core.attachments import attachments
from ticket_app.core.people import directory, profiles
from ticket_app.core.platform import idempotency, ticket_numbers
from ticket_app.core.platform.errors import Conflict, Invalid
from ticket_app.core.platform.ticket_numbers import LARGEST_ID
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.tickets import tickets
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import ticket_rows
from ticket_app.ui.pages.desk.finder import Entry
from ticket_app.ui.rows import FileRow, moment

PLACE: Final = drafts.NEW_FOR_SOMEBODY
NOBODY: Final = Entry("", "")
CHECKS: Final = {
    "name": profiles.checked_name,
    "email": profiles.checked_email,
    **{name: tickets.CHECKS[name] for name in ("section", "title", "description", "tags")},
}
"""Every field that can be wrong, in the order of the form, and what says so."""
SAID: Final = {
    "name": "The name",
    "email": "An e-mail address",
    "section": "The section",
    "title": "A title",
    "description": "A description",
    "tags": "Each ticket",
}
FIELD: Final = {
    "first_name": "name",
    "last_name": "name",
    "username": "email",
    "requester_id": "requester",
    "company_id": "company",
}
"""The field of the form at which a problem of the core is shown, if not at its own name."""


def is_id(told: str) -> bool:
    """Whether a text of a page can be the id of a row."""
    return told.isascii() and told.isdigit() and len(told) <= 10 and int(told) <= LARGEST_ID


@dataclass(frozen=True)
class Form:
    """The fields as they stand in the form, and who was chosen: ids as texts."""

    title: str = ""
    description: str = ""
    kind: str = Kind.SUPPORT
    priority: str = Priority.MEDIUM
    section: str = ""
    tags: str = ""
    name: str = ""
    email: str = ""
    mine: str = ""
    requester: str = ""
    company: str = ""
    is_new_person: bool = False

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Form:
        """The form in what a page or a draft says; what is no word of a choice is left out."""
        chosen = {"kind": Kind, "priority": Priority}
        values: dict[str, Any] = {
            field.name: value
            for field in fields(cls)
            if field.name != "is_new_person"
            and isinstance(value := told.get(field.name), str)
            and (field.name not in chosen or value in set(chosen[field.name]))
        }
        return cls(**values, is_new_person=told.get("is_new_person") is True)

    @property
    def is_empty(self) -> bool:
        """Whether nothing worth keeping has been written or chosen."""
        written = ("title", "description", "section", "tags", "name", "email")
        chosen = self.requester or self.company or self.is_new_person
        return not (chosen or any(getattr(self, name).strip() for name in written))

    def value(self, name: str) -> Any:
        """A field as the core takes it."""
        if name == "tags":
            return [tag for tag in self.tags.split(",") if tag.strip()]
        return getattr(self, name)

    def problems(self) -> dict[str, str]:
        """Every field that could not be filed as it is, with the reason, in the form's order."""
        found: dict[str, str] = {}
        if not (self.requester or self.is_new_person):
            found["requester"] = "Choose who it is for"
        for name, check in CHECKS.items():
            if name in ("name", "email") and not self.is_new_person:
                continue
            try:
                check(name, self.value(name))
            except Invalid as wrong:
                found[name] = f"{SAID[name]} {wrong.reason}"
        return found


EMPTY: Final = Form(mine="on")


@dataclass(frozen=True)
class Begun:
    """What lies on the server when the page opens."""

    form: Form
    requester: Entry
    company: Entry
    attempt: str
    saved_at: str
    files: list[FileRow]
    is_draft: bool


def read_draft(desk: Desk) -> Begun:
    """The actor's draft of a ticket for somebody, or an empty form."""
    kept = drafts.find(desk, PLACE)
    content = kept.content if kept else {}
    form = Form.of(content) if "title" in content else EMPTY
    files = draft_files(desk)
    return Begun(
        form,
        _requester(desk, form.requester),
        _company(desk, form.company),
        attempt=str(content.get("attempt") or uuid4()),
        saved_at=moment(kept.updated_at) if kept else "",
        files=files,
        is_draft=kept is not None and not (form.is_empty and not files),
    )


def _requester(desk: Desk, person_id: str) -> Entry:
    row = directory.person(desk, int(person_id)) if is_id(person_id) else None
    return Entry(str(row.id), row.full_name, row.email) if row else NOBODY


def _company(desk: Desk, company_id: str) -> Entry:
    row = directory.company(desk, int(company_id)) if is_id(company_id) else None
    return Entry(str(row.id), row.name) if row else NOBODY


def company_of(desk: Desk, person_id: int) -> Entry:
    """The company somebody belongs to."""
    row = directory.person(desk, person_id)
    return Entry(str(row.company_id), row.company_name) if row and row.company_id else NOBODY


def draft_files(desk: Desk) -> list[FileRow]:
    """The files that wait for the ticket."""
    return [ticket_rows.file_row(row) for row in attachments.of_draft(desk, PLACE)]


def keep_draft(desk: Desk, form: Form, attempt: str) -> str:
    """Keep what has been written so far; returns when."""
    return moment(drafts.keep(desk, PLACE, {**asdict(form), "attempt": attempt}).updated_at)


def file_form(desk: Desk, form: Form, attempt: str) -> str:
    """File the form with its files and forget its draft; the same form filed twice is one ticket.

    Somebody new is made known with it. Returns the ticket's number. Raises `Invalid`.
    """
    made = idempotency.attempt("POST", routes.DESK_NEW, attempt, orjson.dumps(asdict(form)))
    before = idempotency.find(desk, made)
    if before and before.is_same_request:
        return before.body.decode()
    ticket = tickets.open_ticket(
        desk,
        TicketDraft(
            title=form.title,
            description=form.description,
            kind=Kind(form.kind),
            priority=Priority(form.priority),
            section=form.section or None,
            tags=form.value("tags"),
            requester_id=_whom(desk, form),
            company_id=int(form.company) if form.company else None,
            assignee_id=desk.actor.id if form.mine else None,
        ),
    )
    attachments.adopt(desk, ticket, PLACE)
    drafts.discard(desk, PLACE)
    number = ticket_numbers.key(ticket)
    if before is None:
        idempotency.keep(desk, made, 200, {}, number.encode())
    return number


def _whom(desk: Desk, form: Form) -> int:
    if not form.is_new_person:
        return int(form.requester)
    company_id = int(form.company) if form.company else None
    try:
        person = profiles.add_requester(
            desk, name=form.name, email=form.email, company_id=company_id
        )
    except Conflict as taken:
        raise Invalid("email", taken.message) from taken
    assert person.id is not None
    return person.id
