"""The form in which staff submit a ticket for a requester: parsing, drafts, validation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Final, Self

from ticket_app.core.people import directory
from ticket_app.core.people.names import validate_email, validate_name
from ticket_app.core.people.registration import add_requester
from ticket_app.core.platform.errors import Conflict, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import ContactChannel, Kind, Priority, TextFormat
from ticket_app.core.tickets import editing, related
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.fields import (
    COMPANY,
    CONTACT,
    DEPARTMENT,
    TEAM,
    FieldView,
    TicketField,
    fields_shown_in,
)
from ticket_app.core.tickets.opening import TicketDraft
from ticket_app.core.timeline import drafts
from ticket_app.ui import routes
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.lookup import LookupOption
from ticket_app.ui.pages.desk.ticket.rows import RelatedTicket, related_ticket
from ticket_app.ui.pages.ticket_form import form as ticket_form
from ticket_app.ui.pages.ticket_form.form import StoredDraft, TicketForm, find_problem
from ticket_app.ui.rows import is_id

DRAFT_PLACE: Final = drafts.NEW_TICKET_FOR_REQUESTER_PLACE
NO_OPTION: Final = LookupOption("", "")
VALIDATORS: Final = {
    "name": validate_name,
    "email": validate_email,
    **{
        name: ticket_fields.editable_field_validators()[name]
        for name in ("section", "title", "description", "tags")
    },
}
"""The fields that are validated, in the order of the form, with the subject of their messages."""
MORE_FIELDS: Final = tuple(field.name for field in fields_shown_in(FieldView.STAFF_FORM))
"""The fields that the registry adds to the form."""
REFERENCES: Final[dict[str, TicketField]] = {
    field.name: field for field in (COMPANY, CONTACT, DEPARTMENT, TEAM)
}
"""The fields whose values are chosen from a lookup."""
FIELD_LABELS: Final = {
    "name": texts.NEW_TICKET_SUBJECT_NAME,
    "email": texts.NEW_TICKET_SUBJECT_EMAIL,
    "section": texts.NEW_TICKET_SUBJECT_SECTION,
    "title": texts.NEW_TICKET_SUBJECT_TITLE,
    "description": texts.NEW_TICKET_SUBJECT_DESCRIPTION,
    "tags": texts.NEW_TICKET_SUBJECT_TAGS,
}
FORM_FIELDS: Final = {
    "first_name": "name",
    "last_name": "name",
    "username": "email",
    "requester_id": "requester",
    **{field.column: name for name, field in REFERENCES.items()},
}
"""Maps a field of the core to the form field that shows its error, where the names differ."""


@dataclass(frozen=True)
class StaffTicketForm(TicketForm):
    """The values of the form of staff, with the requester; ids are texts."""

    name: str = ""
    email: str = ""
    mine: str = ""
    requester: str = ""
    company: str = ""
    contact: str = ""
    department: str = ""
    team: str = ""
    channel: str = ""
    is_new_person: bool = False

    choices: ClassVar[dict[str, type[StrEnum]]] = {
        **TicketForm.choices,
        "channel": ContactChannel,
    }
    view: ClassVar[FieldView] = FieldView.STAFF_FORM

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Read the values that a page or a draft holds, leaving out unknown choices."""
        return replace(super().from_data(data), is_new_person=data.get("is_new_person") is True)

    @property
    def is_empty(self) -> bool:
        """Whether the form has nothing worth keeping."""
        written = ("title", "description", "section", "tags", "name", "email")
        chosen = ("requester", "channel", *REFERENCES)
        return not (
            self.is_new_person
            or any(self.more.values())
            or any(getattr(self, name).strip() for name in (*written, *chosen))
        )

    def reference_id(self, name: str) -> int | None:
        """Return the id of the chosen row of a field, or None."""
        value = getattr(self, name)
        return int(value) if is_id(value) else None

    def core_value(self, name: str) -> str | list[str]:
        """Return a value as the core expects it."""
        if name == "tags":
            return self.tag_list()
        return getattr(self, name)

    def problems(self) -> dict[str, str]:
        """Return the reason for each invalid field, in the order of the form."""
        problems: dict[str, str] = {}
        if not (self.requester or self.is_new_person):
            problems["requester"] = texts.NEW_TICKET_CHOOSE_REQUESTER
        for name, check in VALIDATORS.items():
            if name in ("name", "email") and not self.is_new_person:
                continue
            if reason := find_problem(check, name, self.core_value(name)):
                problems[name] = f"{FIELD_LABELS[name]} {reason}"
        return problems | self.more_problems()


EMPTY_FORM: Final = StaffTicketForm(mine="on")


@dataclass(frozen=True)
class OpenedDraft:
    """The draft as the page opens with it."""

    form: StaffTicketForm
    stored: StoredDraft
    requester: LookupOption
    references: dict[str, LookupOption]
    is_draft: bool


def load_draft(uow: UnitOfWork) -> OpenedDraft:
    """Return the actor's draft, or an empty form."""
    stored = ticket_form.find_draft(uow, DRAFT_PLACE)
    form = StaffTicketForm.from_data(stored.content) if "title" in stored.content else EMPTY_FORM
    return OpenedDraft(
        form,
        stored,
        _requester_option(uow, form.requester),
        {name: _reference_option(uow, form, field) for name, field in REFERENCES.items()},
        is_draft=stored.is_saved and not (form.is_empty and not stored.files),
    )


def _requester_option(uow: UnitOfWork, person_id: str) -> LookupOption:
    row = directory.find_person(uow, int(person_id)) if is_id(person_id) else None
    return LookupOption(str(row.id), row.full_name, row.email) if row else NO_OPTION


def _reference_option(uow: UnitOfWork, form: StaffTicketForm, field: TicketField) -> LookupOption:
    row_id = form.reference_id(field.name)
    name = editing.find_row_name(uow, field, row_id) if row_id else None
    return LookupOption(str(row_id), name) if name else NO_OPTION


def company_of_person(uow: UnitOfWork, person_id: int) -> LookupOption:
    """Return the company of a person."""
    row = directory.find_person(uow, person_id)
    return (
        LookupOption(str(row.company_id), row.company_name) if row and row.company_id else NO_OPTION
    )


def submit_form(uow: UnitOfWork, form: StaffTicketForm, attempt: str) -> str:
    """Submit the form once with its files, delete its draft and return the ticket's number.

    A new requester is created with the ticket. Raises `Invalid`.
    """

    def build() -> TicketDraft:
        return TicketDraft(
            title=form.title,
            description=form.description,
            kind=Kind(form.kind),
            priority=Priority(form.priority),
            section=form.section or None,
            tags=form.tag_list(),
            requester_id=_requester_id(uow, form),
            **{field.column: form.reference_id(name) for name, field in REFERENCES.items()},
            channel=form.channel or "web",
            text_format=TextFormat.MARKDOWN,
            assignee_id=uow.actor.id if form.mine else None,
            **form.more_values(),
        )

    return ticket_form.submit(uow, DRAFT_PLACE, routes.DESK_NEW, form, attempt, build)


def _requester_id(uow: UnitOfWork, form: StaffTicketForm) -> int:
    if not form.is_new_person:
        return int(form.requester)
    try:
        person = add_requester(
            uow, name=form.name, email=form.email, company_id=form.reference_id("company")
        )
    except Conflict as conflict:
        raise Invalid("email", conflict.message) from conflict
    assert person.id is not None
    return person.id


def similar_tickets(uow: UnitOfWork, title: str) -> list[RelatedTicket]:
    """Return tickets whose titles are like that of the form."""
    return [related_ticket(row) for row in related.find_similar(uow, title)]
