"""The state of the new ticket form: draft, validation, similar tickets and submission."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ClassVar

import reflex as rx

from ticket_app.core.platform import markup
from ticket_app.core.platform.errors import DomainError, Invalid, Unauthenticated
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.core.tickets import related, sections, tags
from ticket_app.core.timeline.drafts import NEW_TICKET_PLACE
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.pages.portal.new_ticket.form import (
    CHECKED_FIELDS,
    RequesterTicketForm,
    format_label,
    with_offered_choices,
)
from ticket_app.ui.pages.portal.similar_tickets import SimilarTicket, similar_rows
from ticket_app.ui.pages.portal.ticket.state import PortalTicket, remember_new_ticket
from ticket_app.ui.pages.ticket_form import form as ticket_form
from ticket_app.ui.pages.ticket_form import texts as form_texts
from ticket_app.ui.pages.ticket_form.form import FOCUS_TARGETS, StoredDraft
from ticket_app.ui.pages.ticket_form.state import TicketFormState


@dataclass(frozen=True)
class OpenedDraft:
    """The draft found on the server when the page opens."""

    form: RequesterTicketForm
    stored: StoredDraft
    is_draft: bool


def load_draft(uow: UnitOfWork) -> OpenedDraft:
    """Return the actor's draft, or an empty form."""
    stored = ticket_form.find_draft(uow, NEW_TICKET_PLACE)
    form = RequesterTicketForm.from_data(stored.content)
    return OpenedDraft(form, stored, stored.is_saved and not (form.is_empty and not stored.files))


def submit_form(uow: UnitOfWork, form: RequesterTicketForm, attempt: str) -> str:
    """File the ticket once with its files, delete the draft and return the number."""
    return ticket_form.submit(
        uow, NEW_TICKET_PLACE, routes.PORTAL_NEW, form, attempt, form.to_ticket_draft
    )


def _similar_rows(uow: UnitOfWork, title: str) -> list[SimilarTicket]:
    return similar_rows(related.find_similar(uow, title))


class NewTicket(TicketFormState, rx.State):
    """The new ticket form.

    The fields' values stay in the browser; this holds errors, suggestions and files.
    """

    initial_form: RequesterTicketForm = RequesterTicketForm()
    fills_environment: bool = True
    sections: list[tuple[str, str]] = []
    kind: str = Kind.BUG
    section: str = ""
    errors: dict[str, str] = dict.fromkeys(CHECKED_FIELDS, "")
    similar_tickets: list[SimilarTicket] = []
    suggestions: list[str] = []

    _place: ClassVar[str] = NEW_TICKET_PLACE
    _form: RequesterTicketForm = RequesterTicketForm()
    _compared_title: str = ""

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """Open an empty form and offer the saved draft, if there is one."""
        self.reset()
        yield
        draft = await bridge.read(self, load_draft)
        self.sections = await bridge.read(self, sections.list_offered)
        await self._load_templates()
        self.attempt, self.files = draft.stored.attempt, draft.stored.files
        if draft.is_draft:
            self._form, self.saved_at = draft.form, draft.stored.saved_at
            self.draft_title = draft.form.title.strip() or form_texts.TICKET_FORM_UNTITLED
            self.stage = "offer"
        else:
            await self._show_form(RequesterTicketForm(), fills_environment=True)

    async def _show_form(self, form: RequesterTicketForm, *, fills_environment: bool) -> None:
        self.initial_form = self._form = form
        self.kind, self.section, self.fills_environment = form.kind, form.section, fills_environment
        self.stage = "form"
        await self._load_suggestions()

    async def _load_suggestions(self) -> None:
        self.suggestions = await bridge.read(self, tags.suggest_tags, Kind(self.kind), self.section)

    @bridge.event
    async def continue_draft(self) -> None:
        """Load the saved draft into the form."""
        self.is_saved = True
        await self._show_form(self._form, fills_environment=False)
        await self._find_similar(self._form.title)

    @bridge.event
    async def discard(self) -> bridge.Events:
        """Delete the draft with its files and start over."""
        await self._discard_draft()
        self.similar_tickets = []
        self.errors = dict.fromkeys(CHECKED_FIELDS, "")
        await self._show_form(RequesterTicketForm(), fills_environment=True)
        return [w.forget_unsent(NEW_TICKET_PLACE), w.focus_on("title")]

    @bridge.event
    async def use_template(self, template_id: str) -> AsyncIterator[bridge.Events]:
        """Fill in the form by a template."""
        values = await self._read_template(template_id)
        self.stage = "loading"
        yield w.forget_unsent(NEW_TICKET_PLACE)
        form = with_offered_choices(
            await self._apply_template_and_save_draft(self._form, template_id, values),
            self.sections,
        )
        await self._show_form(form, fills_environment=not form.browser)

    @bridge.event
    async def autosave(self, data_json: str) -> None:
        """Save, validate and compare the whole form, shortly after the last key."""
        parsed = self._parse_autosave(data_json)
        if parsed is None:
            return
        form, touched = RequesterTicketForm.from_data(parsed[0]), parsed[1]
        self._form = form
        await self._save_draft(form)
        self.saved_length = len(data_json)
        wrong = form.problems()
        touched |= {"section"} if "section_other" in touched else set()
        self.errors = {
            name: wrong.get(name, "") if name in touched else "" for name in CHECKED_FIELDS
        }
        await self._find_similar(form.title)

    async def _find_similar(self, title: str) -> None:
        if title != self._compared_title:
            self._compared_title = title
            self.similar_tickets = await bridge.read(self, _similar_rows, title)

    @bridge.event
    async def choose_kind(self, kind: str) -> None:
        """Show the fields and tags of the chosen kind."""
        self.kind = Kind(kind) if kind in set(Kind) else Kind.BUG
        await self._load_suggestions()

    @bridge.event
    async def choose_section(self, section: str) -> None:
        """Show the tags of the chosen section."""
        self.section = section
        await self._load_suggestions()

    @bridge.event
    def show_preview(self) -> None:
        """Render the description as others will see it."""
        self.preview = markup.render(self._form.description) or form_texts.TICKET_FORM_EMPTY_PREVIEW

    @bridge.submission
    async def submit(self, data: bridge.FormData) -> bridge.Events:
        """File the ticket once; on an error the form keeps its values."""
        if self._created_number:
            return rx.redirect(routes.portal_ticket(self._created_number))
        self.submit_error = ""
        form = self._form = RequesterTicketForm.from_data(data)
        wrong = form.problems()
        self.errors = {name: wrong.get(name, "") for name in CHECKED_FIELDS}
        if wrong:
            first = next(iter(wrong))
            targets = {**FOCUS_TARGETS, "section": "section_other"}
            return w.focus_on(targets.get(first, first))
        try:
            self._created_number = await bridge.write(self, submit_form, form, self.attempt)
        except Unauthenticated:
            raise
        except Invalid as error:
            self.submit_error = "; ".join(
                f"{format_label(field)} {why}" for field, why in error.problems
            )
            return None
        except DomainError as error:
            self.submit_error = error.message
            return None
        except Exception as error:  # noqa: BLE001 - whatever it was, the person must be told
            log().error("ticket_creation_failed", error=repr(error))
            self.submit_error = texts.SERVER_ERROR
            return None
        page = await self.get_state(PortalTicket)
        remember_new_ticket(page, self._created_number)
        return [
            w.forget_unsent(NEW_TICKET_PLACE),
            rx.redirect(routes.portal_ticket(self._created_number)),
        ]
