"""Writing a ticket for somebody: the draft on the server, what is wrong, and filing it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import orjson
import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.platform import markup
from ticket_app.core.platform.errors import DeskError, Invalid, Unauthenticated
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk.finder import Entry
from ticket_app.ui.pages.desk.new import form as forms
from ticket_app.ui.pages.desk.new.form import CHECKS, EMPTY, FIELD, NOBODY, PLACE, Form, is_id
from ticket_app.ui.rows import FileRow

RIGHT = dict.fromkeys(("requester", "company", *CHECKS), "")


class NewTicket(rx.State):
    """The form for a new ticket. What is typed stays in the browser; here is what is about it."""

    stage: str = "loading"
    start: Form = EMPTY
    requester: Entry = NOBODY
    company: Entry = NOBODY
    is_new_person: bool = False
    problems: dict[str, str] = RIGHT
    failed: str = ""
    files: list[FileRow] = []
    attempt: str = ""
    draft_title: str = ""
    saved_at: str = ""
    saved_length: int = 0
    is_saved: bool = False
    preview: str = ""

    _form: Form = EMPTY
    _filed: str = ""

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """An empty form, or the draft on offer."""
        self.reset()
        yield
        begun = await bridge.read(self, forms.read_draft)
        self.attempt, self.files = begun.attempt, begun.files
        if begun.is_draft:
            self._form, self.saved_at = begun.form, begun.saved_at
            self.requester, self.company = begun.requester, begun.company
            self.draft_title = begun.form.title.strip() or "without a title"
            self.stage = "offer"
        else:
            self._begin(EMPTY)

    def _begin(self, form: Form) -> None:
        self.start = self._form = form
        self.is_new_person, self.stage = form.is_new_person, "form"

    def _whole(self, told: dict[str, Any]) -> Form:
        """What the page says, with who was chosen."""
        return replace(
            Form.of(told),
            requester=self.requester.value,
            company=self.company.value,
            is_new_person=self.is_new_person,
        )

    @bridge.event
    def go_on(self) -> None:
        """Take up the draft where it was left."""
        self.is_saved = True
        self._begin(self._form)

    @bridge.event
    async def discard(self) -> Any:
        """Throw the draft away, its files too, and begin anew."""
        await bridge.write(self, drafts.discard, PLACE)
        self.requester = self.company = NOBODY
        self.files, self.saved_at, self.is_saved = [], "", False
        self.attempt, self.problems, self.failed = str(uuid4()), RIGHT, ""
        self._begin(EMPTY)
        return [w.forget_unsent(PLACE), w.focus_on("requester")]

    @bridge.event
    async def keep(self, told: str) -> None:
        """All that the form holds, a moment after the last key: kept and checked."""
        if self._filed or self.stage != "form":
            return
        try:
            whole = orjson.loads(told)
            form, touched = self._whole(whole["values"]), set(whole["touched"])
        except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
            return
        await self._keep(form)
        self.saved_length = len(told)
        wrong = form.problems()
        self.problems = {
            name: wrong.get(name, "") if name in touched or self.problems[name] else ""
            for name in RIGHT
        }

    async def _keep(self, form: Form) -> None:
        self._form = form
        self.saved_at = await bridge.write(self, forms.keep_draft, form, self.attempt)
        self.is_saved = True

    async def _keep_chosen(self) -> None:
        form = replace(
            self._form,
            requester=self.requester.value,
            company=self.company.value,
            is_new_person=self.is_new_person,
        )
        self.problems = {**self.problems, "requester": "", "company": ""}
        await self._keep(form)

    @bridge.event
    async def choose_requester(self, person_id: str, name: str, email: str) -> None:
        """Who it is for; their company comes with them."""
        if not is_id(person_id):
            return
        self.requester, self.is_new_person = Entry(person_id, name, email), False
        self.company = await bridge.read(self, forms.company_of, int(person_id))
        await self._keep_chosen()

    @bridge.event
    async def somebody_new(self) -> None:
        """It is for somebody the desk does not know."""
        self.requester, self.is_new_person = NOBODY, True
        await self._keep_chosen()

    @bridge.event
    async def choose_company(self, company_id: str, name: str) -> None:
        """Which company it is filed under."""
        self.company = Entry(company_id, name) if is_id(company_id) else NOBODY
        await self._keep_chosen()

    @bridge.event
    def show_preview(self) -> None:
        """Show how the description will read."""
        text = markup.render(self._form.description, routes.desk_ticket)
        self.preview = text or "<p>Nothing to show yet.</p>"

    @bridge.event
    async def uploaded(self) -> None:
        """A file has arrived."""
        self.files = await bridge.read(self, forms.draft_files)

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Take a file away from the draft."""
        await bridge.write(self, attachments.remove, UUID(file_id))
        self.files = [file for file in self.files if file.id != file_id]

    @bridge.submission
    async def file(self, told: dict[str, Any]) -> Any:
        """File it, once, and open it; whatever goes wrong, the form stays as it is."""
        if self._filed:
            return rx.redirect(routes.desk_ticket(self._filed))
        self.failed = ""
        form = self._form = self._whole(told)
        wrong = form.problems()
        if wrong:
            return self._show(wrong)
        try:
            number = await bridge.write(self, forms.file_form, form, self.attempt)
        except Unauthenticated:
            raise
        except Invalid as refused:
            return self._show(
                {
                    FIELD.get(name, name): reason[:1].upper() + reason[1:]
                    for name, reason in reversed(refused.problems)
                }
            )
        except DeskError as refused:
            self.failed = refused.message
            return None
        self._filed, self.problems = number, RIGHT
        return [
            w.forget_unsent(PLACE),
            rx.redirect(routes.desk_ticket(number)),
            w.toast(f"{number} filed", tone="green"),
        ]

    def _show(self, wrong: dict[str, str]) -> Any:
        """Say what is wrong at each field, and lead to the first."""
        self.problems = {name: wrong.get(name, "") for name in RIGHT}
        unknown = [f"{name}: {why}" for name, why in wrong.items() if name not in RIGHT]
        self.failed = "; ".join(unknown)
        first = next((name for name in RIGHT if name in wrong), "")
        return w.focus_on("tags-entry" if first == "tags" else first) if first else None
