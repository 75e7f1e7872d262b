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
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.tickets import tickets
from ticket_app.core.tickets.tickets import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui import routes
from ticket_app.ui.pages.desk.lookup import LookupOption
from ticket_app.ui.pages.desk.ticket import rows as ticket_rows
from ticket_app.ui.rows import FileRow, iso_time

DRAFT_PLACE: Final = drafts.NEW_TICKET_FOR_REQUESTER_PLACE
NO_OPTION: Final = LookupOption("", "")
VALIDATORS: Final = {
    "name": profiles.validate_name,
    "email": profiles.validate_email,
    **{
        name: tickets.FIELD_VALIDATORS[name] for name in ("section", "title", "description", "tags")
    },
}
"""Every field that can be wrong, in the order of the form, and what says so."""
FIELD_LABELS: Final = {
    "name": "The name",
    "email": "An e-mail address",
    "section": "The section",
    "title": "A title",
    "description": "A description",
    "tags": "Each ticket",
}
FORM_FIELDS: Final = {
    "first_name": "name",
    "last_name": "name",
    "username": "email",
    "requester_id": "requester",
    "company_id": "company",
}
"""The field of the form at which a problem of the core is shown, if not at its own name."""


def is_id(text: str) -> bool:
    """Whether a text of a page can be the id of a row."""
    return text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID


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
    def from_data(cls, data: Mapping[str, Any]) -> Form:
        """The form in what a page or a draft says; what is no word of a choice is left out."""
        choices = {"kind": Kind, "priority": Priority}
        values: dict[str, Any] = {
            field.name: value
            for field in fields(cls)
            if field.name != "is_new_person"
            and isinstance(value := data.get(field.name), str)
            and (field.name not in choices or value in set(choices[field.name]))
        }
        return cls(**values, is_new_person=data.get("is_new_person") is True)

    @property
    def is_empty(self) -> bool:
        """Whether nothing worth keeping has been written or chosen."""
        written = ("title", "description", "section", "tags", "name", "email")
        chosen = self.requester or self.company or self.is_new_person
        return not (chosen or any(getattr(self, name).strip() for name in written))

    def core_value(self, name: str) -> Any:
        """A field as the core takes it."""
        if name == "tags":
            return [tag for tag in self.tags.split(",") if tag.strip()]
        return getattr(self, name)

    def problems(self) -> dict[str, str]:
        """Every field that could not be filed as it is, with the reason, in the form's order."""
        problems: dict[str, str] = {}
        if not (self.requester or self.is_new_person):
            problems["requester"] = "Choose who it is for"
        for name, check in VALIDATORS.items():
            if name in ("name", "email") and not self.is_new_person:
                continue
            try:
                check(name, self.core_value(name))
            except Invalid as wrong:
                problems[name] = f"{FIELD_LABELS[name]} {wrong.reason}"
        return problems


EMPTY_FORM: Final = Form(mine="on")


@dataclass(frozen=True)
class OpenedDraft:
    """What lies on the server when the page opens."""

    form: Form
    requester: LookupOption
    company: LookupOption
    attempt: str
    saved_at: str
    files: list[FileRow]
    is_draft: bool


def load_draft(uow: UnitOfWork) -> OpenedDraft:
    """The actor's draft of a ticket for somebody, or an empty form."""
    draft = drafts.find_draft(uow, DRAFT_PLACE)
    content = draft.content if draft else {}
    form = Form.from_data(content) if "title" in content else EMPTY_FORM
    files = draft_files(uow)
    return OpenedDraft(
        form,
        _requester_option(uow, form.requester),
        _company_option(uow, form.company),
        attempt=str(content.get("attempt") or uuid4()),
        saved_at=iso_time(draft.updated_at) if draft else "",
        files=files,
        is_draft=draft is not None and not (form.is_empty and not files),
    )


def _requester_option(uow: UnitOfWork, person_id: str) -> LookupOption:
    row = directory.find_person(uow, int(person_id)) if is_id(person_id) else None
    return LookupOption(str(row.id), row.full_name, row.email) if row else NO_OPTION


def _company_option(uow: UnitOfWork, company_id: str) -> LookupOption:
    row = directory.find_company(uow, int(company_id)) if is_id(company_id) else None
    return LookupOption(str(row.id), row.name) if row else NO_OPTION


def company_of_person(uow: UnitOfWork, person_id: int) -> LookupOption:
    """The company somebody belongs to."""
    row = directory.find_person(uow, person_id)
    return (
        LookupOption(str(row.company_id), row.company_name) if row and row.company_id else NO_OPTION
    )


def draft_files(uow: UnitOfWork) -> list[FileRow]:
    """The files that wait for the ticket."""
    return [ticket_rows.file_row(row) for row in attachments.list_draft_files(uow, DRAFT_PLACE)]


def save_draft(uow: UnitOfWork, form: Form, attempt: str) -> str:
    """Keep what has been written so far; returns when."""
    return iso_time(
        drafts.save_draft(uow, DRAFT_PLACE, {**asdict(form), "attempt": attempt}).updated_at
    )


def submit_form(uow: UnitOfWork, form: Form, attempt: str) -> str:
    """File the form with its files and forget its draft; the same form filed twice is one ticket.

    Somebody new is made known with it. Returns the ticket's number. Raises `Invalid`.
    """
    request = idempotency.build_request(
        "POST", routes.DESK_NEW, attempt, orjson.dumps(asdict(form))
    )
    previous = idempotency.find_response(uow, request)
    if previous and previous.is_same_request:
        return previous.body.decode()
    ticket = tickets.open_ticket(
        uow,
        TicketDraft(
            title=form.title,
            description=form.description,
            kind=Kind(form.kind),
            priority=Priority(form.priority),
            section=form.section or None,
            tags=form.core_value("tags"),
            requester_id=_requester_id(uow, form),
            company_id=int(form.company) if form.company else None,
            assignee_id=uow.actor.id if form.mine else None,
        ),
    )
    attachments.attach_draft_files(uow, ticket, DRAFT_PLACE)
    drafts.discard_draft(uow, DRAFT_PLACE)
    number = ticket_numbers.format_key(ticket)
    if previous is None:
        idempotency.store_response(uow, request, 200, {}, number.encode())
    return number


def _requester_id(uow: UnitOfWork, form: Form) -> int:
    if not form.is_new_person:
        return int(form.requester)
    company_id = int(form.company) if form.company else None
    try:
        person = profiles.add_requester(
            uow, name=form.name, email=form.email, company_id=company_id
        )
    except Conflict as conflict:
        raise Invalid("email", conflict.message) from conflict
    assert person.id is not None
    return person.id
