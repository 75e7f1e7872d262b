"""The form in which staff submit a ticket for a requester: parsing, drafts, validation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

from ticket_app.core.people import directory
from ticket_app.core.people.names import validate_email, validate_name
from ticket_app.core.people.registration import add_requester
from ticket_app.core.platform.errors import Conflict, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind, Priority
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets import related
from ticket_app.core.tickets.fields import FieldView, fields_shown_in
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
        name: ticket_fields.editable_fields()[name]
        for name in ("section", "title", "description", "tags")
    },
}
"""The fields that are validated, in the order of the form, with the subject of their messages."""
MORE_FIELDS: Final = tuple(field.name for field in fields_shown_in(FieldView.STAFF_FORM))
"""The fields that the registry adds to the form."""
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
    "company_id": "company",
}
"""Maps a field of the core to the form field that shows its error, where the names differ."""


@dataclass(frozen=True)
class Form(TicketForm):
    """The values of the form of staff, with the requester; ids are texts."""

    name: str = ""
    email: str = ""
    mine: str = ""
    requester: str = ""
    company: str = ""
    is_new_person: bool = False

    view: ClassVar[FieldView] = FieldView.STAFF_FORM

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> Self:
        """Read the values that a page or a draft holds, leaving out unknown choices."""
        return replace(super().from_data(data), is_new_person=data.get("is_new_person") is True)

    @property
    def is_empty(self) -> bool:
        """Whether the form has nothing worth keeping."""
        written = ("title", "description", "section", "tags", "name", "email")
        chosen = self.requester or self.company or self.is_new_person or any(self.more.values())
        return not (chosen or any(getattr(self, name).strip() for name in written))

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


EMPTY_FORM: Final = Form(mine="on")


@dataclass(frozen=True)
class OpenedDraft:
    """The draft as the page opens with it."""

    form: Form
    stored: StoredDraft
    requester: LookupOption
    company: LookupOption
    is_draft: bool


def load_draft(uow: UnitOfWork) -> OpenedDraft:
    """Return the actor's draft, or an empty form."""
    stored = ticket_form.find_draft(uow, DRAFT_PLACE)
    form = Form.from_data(stored.content) if "title" in stored.content else EMPTY_FORM
    return OpenedDraft(
        form,
        stored,
        _requester_option(uow, form.requester),
        _company_option(uow, form.company),
        is_draft=stored.is_saved and not (form.is_empty and not stored.files),
    )


def _requester_option(uow: UnitOfWork, person_id: str) -> LookupOption:
    row = directory.find_person(uow, int(person_id)) if is_id(person_id) else None
    return LookupOption(str(row.id), row.full_name, row.email) if row else NO_OPTION


def _company_option(uow: UnitOfWork, company_id: str) -> LookupOption:
    row = directory.find_company(uow, int(company_id)) if is_id(company_id) else None
    return LookupOption(str(row.id), row.name) if row else NO_OPTION


def company_of_person(uow: UnitOfWork, person_id: int) -> LookupOption:
    """Return the company of a person."""
    row = directory.find_person(uow, person_id)
    return (
        LookupOption(str(row.company_id), row.company_name) if row and row.company_id else NO_OPTION
    )


def submit_form(uow: UnitOfWork, form: Form, attempt: str) -> str:
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
            company_id=int(form.company) if form.company else None,
            assignee_id=uow.actor.id if form.mine else None,
            **form.more_values(),
        )

    return ticket_form.submit(uow, DRAFT_PLACE, routes.DESK_NEW, form, attempt, build)


def _requester_id(uow: UnitOfWork, form: Form) -> int:
    if not form.is_new_person:
        return int(form.requester)
    company_id = int(form.company) if form.company else None
    try:
        person = add_requester(uow, name=form.name, email=form.email, company_id=company_id)
    except Conflict as conflict:
        raise Invalid("email", conflict.message) from conflict
    assert person.id is not None
    return person.id


def similar_tickets(uow: UnitOfWork, title: str) -> list[RelatedTicket]:
    """Return tickets whose titles are like that of the form."""
    return [related_ticket(row) for row in related.find_similar(uow, title)]
