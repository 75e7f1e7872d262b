"""The state of the new ticket page: draft, validation and submission."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import ClassVar

import reflex as rx

from ticket_app.core.platform import markup
from ticket_app.core.platform.errors import DomainError, Invalid, Unauthenticated
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.core.tickets import sections, tags
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.lookup import LookupOption
from ticket_app.ui.pages.desk.new_ticket import form as forms
from ticket_app.ui.pages.desk.new_ticket.form import (
    DRAFT_PLACE,
    EMPTY_FORM,
    FORM_FIELDS,
    MORE_FIELDS,
    NO_OPTION,
    REFERENCES,
    VALIDATORS,
    StaffTicketForm,
)
from ticket_app.ui.pages.desk.ticket.rows import RelatedTicket
from ticket_app.ui.pages.ticket_form import texts as form_texts
from ticket_app.ui.pages.ticket_form.form import FOCUS_TARGETS
from ticket_app.ui.pages.ticket_form.state import TicketFormState
from ticket_app.ui.rows import is_id

NO_PROBLEMS = dict.fromkeys(("requester", *REFERENCES, *VALIDATORS, *MORE_FIELDS), "")
NO_REFERENCES = dict.fromkeys(REFERENCES, NO_OPTION)


class NewTicket(TicketFormState, rx.State):
    """The new ticket form. Its text stays in the browser; the state holds choices and messages."""

    initial_form: StaffTicketForm = EMPTY_FORM
    requester: LookupOption = NO_OPTION
    references: dict[str, LookupOption] = NO_REFERENCES
    """The chosen company, contact, department and team, by the name of the field."""
    company_id: int = 0
    """The company whose contacts are offered; 0 for all."""
    sections: list[tuple[str, str]] = []
    is_new_person: bool = False
    problems: dict[str, str] = NO_PROBLEMS
    similar_tickets: list[RelatedTicket] = []
    suggestions: list[str] = []

    _compared_title: str = ""
    _place: ClassVar[str] = DRAFT_PLACE
    _form: StaffTicketForm = EMPTY_FORM
    _offered_sections: list[tuple[str, str]] = []

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """Show an empty form, or offer the saved draft."""
        self.reset()
        yield
        draft = await bridge.read(self, forms.load_draft)
        self.attempt, self.files = draft.stored.attempt, draft.stored.files
        self._offered_sections = await bridge.read(self, sections.list_offered)
        await self._load_templates()
        if draft.is_draft:
            self._form, self.saved_at = draft.form, draft.stored.saved_at
            self.requester = draft.requester
            self._set_references(**draft.references)
            self.draft_title = draft.form.title.strip() or form_texts.TICKET_FORM_UNTITLED
            self.stage = "offer"
        else:
            self._show_form(EMPTY_FORM)

    def _show_form(self, form: StaffTicketForm) -> None:
        self.initial_form = self._form = form
        is_offered = not form.section or form.section in dict(self._offered_sections)
        own = [] if is_offered else [(form.section, form.section)]
        self.sections = [("", texts.NEW_TICKET_NO_SECTION), *self._offered_sections, *own]
        self.is_new_person, self.stage = form.is_new_person, "form"

    def _set_references(self, **chosen: LookupOption) -> None:
        self.references = {**self.references, **chosen}
        company = self.references["company"].value
        self.company_id = int(company) if company else 0

    def _with_choices(self, form: StaffTicketForm) -> StaffTicketForm:
        """Return the form with what is chosen from lookups."""
        return replace(
            form,
            requester=self.requester.value,
            is_new_person=self.is_new_person,
            **{name: option.value for name, option in self.references.items()},
        )

    def _read_form(self, data: bridge.FormData) -> StaffTicketForm:
        """Return the submitted values with what is chosen from lookups."""
        return self._with_choices(StaffTicketForm.from_data(data))

    @bridge.event
    async def continue_draft(self) -> None:
        """Continue with the saved draft."""
        self.is_saved = True
        self._show_form(self._form)
        await self._offer(self._form)

    async def _offer(self, form: StaffTicketForm) -> None:
        """Offer similar tickets and tags that go with the kind."""
        if form.title != self._compared_title:
            self._compared_title = form.title
            self.similar_tickets = await bridge.read(self, forms.similar_tickets, form.title)
        self.suggestions = await bridge.read(self, tags.suggest_tags, Kind(form.kind), form.section)

    @bridge.event
    async def discard(self) -> bridge.Events:
        """Delete the draft and its files, and show an empty form."""
        await self._discard_draft()
        self.requester = NO_OPTION
        self._set_references(**NO_REFERENCES)
        self.problems, self.similar_tickets, self._compared_title = NO_PROBLEMS, [], ""
        self._show_form(EMPTY_FORM)
        return [w.forget_unsent(DRAFT_PLACE), w.focus_on("requester")]

    @bridge.event
    async def use_template(self, template_id: str) -> AsyncIterator[bridge.Events]:
        """Fill in the form by a template."""
        values = await self._read_template(template_id)
        self.stage = "loading"
        yield w.forget_unsent(DRAFT_PLACE)
        self._show_form(await self._apply_template_and_save_draft(self._form, template_id, values))

    @bridge.event
    async def autosave(self, data_json: str) -> None:
        """Save and validate the form's values (JSON), a moment after the last key."""
        parsed = self._parse_autosave(data_json)
        if parsed is None:
            return
        form, touched = self._read_form(parsed[0]), parsed[1]
        self._form = form
        await self._save_draft(form)
        self.saved_length = len(data_json)
        wrong = form.problems()
        self.problems = {
            name: wrong.get(name, "") if name in touched or self.problems[name] else ""
            for name in NO_PROBLEMS
        }
        await self._offer(form)

    async def _save_choice(self) -> None:
        form = self._form = self._with_choices(self._form)
        self.problems = {**self.problems, "requester": "", **dict.fromkeys(REFERENCES, "")}
        await self._save_draft(form)

    @bridge.event
    async def choose_requester(self, person_id: str, name: str, email: str) -> None:
        """Choose the requester, and their company."""
        if not is_id(person_id):
            return
        self.requester, self.is_new_person = LookupOption(person_id, name, email), False
        company = await bridge.read(self, forms.company_of_person, int(person_id))
        self._set_references(company=company, contact=NO_OPTION)
        await self._save_choice()

    @bridge.event
    async def choose_new_person(self) -> None:
        """Enter a requester who has no account yet."""
        self.requester, self.is_new_person = NO_OPTION, True
        await self._save_choice()

    @bridge.event
    async def choose_reference(self, name: str, row_id: str, label: str) -> None:
        """Choose a company, contact, department or team; another company has other contacts."""
        if name not in REFERENCES:
            return
        chosen = {name: LookupOption(row_id, label) if is_id(row_id) else NO_OPTION}
        self._set_references(**({"contact": NO_OPTION} if name == "company" else {}), **chosen)
        await self._save_choice()

    @bridge.event
    def show_preview(self) -> None:
        """Show the rendered description."""
        text = markup.render(self._form.description, routes.desk_ticket)
        self.preview = text or form_texts.TICKET_FORM_EMPTY_PREVIEW

    @bridge.submission
    async def submit(self, data: bridge.FormData) -> bridge.Events:
        """Submit the form once and open the ticket; on an error the form keeps its values."""
        if self._created_number:
            return rx.redirect(routes.desk_ticket(self._created_number))
        self.submit_error = ""
        form = self._form = self._read_form(data)
        wrong = form.problems()
        if wrong:
            return self._show_problems(wrong)
        try:
            number = await bridge.write(self, forms.submit_form, form, self.attempt)
        except Unauthenticated:
            raise
        except Invalid as error:
            return self._show_problems(
                {
                    FORM_FIELDS.get(name, name): reason[:1].upper() + reason[1:]
                    for name, reason in reversed(error.problems)
                }
            )
        except DomainError as error:
            self.submit_error = error.message
            return None
        self._created_number, self.problems = number, NO_PROBLEMS
        return [
            w.forget_unsent(DRAFT_PLACE),
            rx.redirect(routes.desk_ticket(number)),
            w.toast(f"{number} created", tone="green"),
        ]

    def _show_problems(self, wrong: dict[str, str]) -> bridge.Events:
        """Show each problem at its field and focus the first one."""
        self.problems = {name: wrong.get(name, "") for name in NO_PROBLEMS}
        unknown = [f"{name}: {why}" for name, why in wrong.items() if name not in NO_PROBLEMS]
        self.submit_error = "; ".join(unknown)
        first = next((name for name in NO_PROBLEMS if name in wrong), "")
        return w.focus_on(FOCUS_TARGETS.get(first, first)) if first else None
