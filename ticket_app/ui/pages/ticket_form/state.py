"""What the states of both forms of a new ticket have in common: the draft and its files."""

from __future__ import annotations

from typing import ClassVar, TypeVar
from uuid import UUID, uuid4

import orjson
import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge
from ticket_app.ui.pages.ticket_form import form as ticket_form
from ticket_app.ui.pages.ticket_form import texts
from ticket_app.ui.rows import FileRow, is_id

FormT = TypeVar("FormT", bound=ticket_form.TicketForm)


class TicketFormState(rx.State, mixin=True):
    """The draft of a new ticket. Its text stays in the browser."""

    stage: str = "loading"
    draft_title: str = ""
    saved_at: str = ""
    saved_length: int = 0
    is_saved: bool = False
    submit_error: str = ""
    attempt: str = ""
    files: list[FileRow] = []
    preview: str = ""
    templates: list[tuple[str, str]] = []
    template: str = ""

    _template_values: dict[str, str] = {}
    _place: ClassVar[str] = ""
    _created_number: str = ""

    @bridge.event
    async def reload_files(self) -> None:
        """Show the files of the draft after an upload."""
        self.files = await bridge.read(self, ticket_form.draft_files, self._place)

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Remove a file from the draft."""
        await bridge.write(self, attachments.remove_file, UUID(file_id))
        self.files = [file for file in self.files if file.id != file_id]

    async def _load_templates(self) -> None:
        """Load the templates that the person may pick; the first option is to pick none."""
        options = await bridge.read(self, ticket_form.template_options)
        none = ("", texts.TICKET_FORM_TEMPLATE_CHOOSE)
        self.templates = [none, *options] if options else []

    async def _read_template(self, template_id: str) -> dict[str, str]:
        """Return the values of a template; none without an id. Raises `NotFound`."""
        if not is_id(template_id):
            return {}
        return await bridge.read(self, ticket_form.read_template_values, int(template_id))

    async def _apply_template_and_save_draft(
        self, form: FormT, template_id: str, values: dict[str, str]
    ) -> FormT:
        """Return the form filled in by a template, and save it as the draft.

        The form must not be shown meanwhile: what it keeps in the browser would come back into it.
        """
        filled = ticket_form.apply_template(form, values, self._template_values)
        self._template_values, self.template = values, template_id if values else ""
        self.attempt = str(uuid4())
        await self._save_draft(filled)
        return filled

    async def _discard_draft(self) -> None:
        """Delete the draft with its files, and begin another attempt."""
        await bridge.write(self, drafts.discard_draft, self._place)
        self.files, self.saved_at, self.is_saved = [], "", False
        self._template_values, self.template = {}, ""
        self.attempt, self.submit_error = str(uuid4()), ""

    async def _save_draft(self, form: ticket_form.TicketForm) -> None:
        self.saved_at = await bridge.write(
            self, ticket_form.save_draft, self._place, form, self.attempt
        )
        self.is_saved = True

    def _parse_autosave(self, data_json: str) -> tuple[dict[str, object], set[str]] | None:
        """Return the values and the touched fields of the open form, unless they are malformed."""
        if self._created_number or self.stage != "form":
            return None
        try:
            data = orjson.loads(data_json)
            values, touched = dict(data["values"]), set(data["touched"])
        except (orjson.JSONDecodeError, TypeError, KeyError, ValueError):
            return None
        return values, touched
