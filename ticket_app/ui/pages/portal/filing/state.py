"""Writing a new ticket: the draft on the server, what is wrong, what is like it, and filing it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import orjson
import reflex as rx

from ticket_app.core.attachments import attachments
from ticket_app.core.platform import idempotency, markup, ticket_numbers
from ticket_app.core.platform.errors import DeskError, Invalid, Unauthenticated
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.core.tickets import tags
from ticket_app.core.tickets.tickets import open_ticket
from ticket_app.core.timeline import drafts
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.portal.files import file_rows
from ticket_app.ui.pages.portal.filing.draft import CHECKED, Form, label, sections, similar
from ticket_app.ui.pages.portal.ticket.state import PortalTicket, announce_filed
from ticket_app.ui.rows import FileRow, moment


@dataclass(frozen=True)
class Alike:
    """A ticket of one's own that may be about the same."""

    number: str
    title: str
    href: str
    status: str


@dataclass(frozen=True)
class Begun:
    """What lies on the server when the page opens."""

    form: Form
    attempt: str
    saved_at: str
    files: list[FileRow]
    is_draft: bool


def read_draft(desk: Desk) -> Begun:
    """The actor's draft of a new ticket, or an empty form."""
    kept = drafts.find(desk, drafts.NEW_TICKET)
    files = file_rows(attachments.of_draft(desk, drafts.NEW_TICKET))
    content = kept.content if kept else {}
    form = Form.of(content)
    return Begun(
        form=form,
        attempt=str(content.get("attempt") or uuid4()),
        saved_at=moment(kept.updated_at) if kept else "",
        files=files,
        is_draft=kept is not None and not (form.is_empty and not files),
    )


def keep_draft(desk: Desk, form: Form, attempt: str) -> str:
    """Keep what has been written so far; returns when."""
    content = {**asdict(form), "attempt": attempt}
    return moment(drafts.keep(desk, drafts.NEW_TICKET, content).updated_at)


def file_form(desk: Desk, form: Form, attempt: str) -> str:
    """File the form with its files and forget its draft; the same form filed twice is one ticket.

    Returns the ticket's number.
    """
    body = orjson.dumps(asdict(form))
    made = idempotency.attempt("POST", routes.PORTAL_NEW, attempt, body)
    before = idempotency.find(desk, made)
    if before and before.is_same_request:
        return before.body.decode()
    ticket = open_ticket(desk, form.ticket())
    attachments.adopt(desk, ticket, drafts.NEW_TICKET)
    drafts.discard(desk, drafts.NEW_TICKET)
    number = ticket_numbers.key(ticket)
    if before is None:
        idempotency.keep(desk, made, 200, {}, number.encode())
    return number


def _alike(desk: Desk, title: str) -> list[Alike]:
    return [
        Alike(key, row.title, routes.portal_ticket(key), row.status)
        for row in similar(desk, title)
        for key in [ticket_numbers.key(row)]
    ]


class NewTicket(rx.State):
    """The form of a new ticket. What is typed stays in the browser; here is what is about it."""

    stage: str = "loading"
    start: Form = Form()
    fills_facts: bool = True
    sections: list[tuple[str, str]] = []
    draft_title: str = ""
    saved_at: str = ""
    saved_length: int = 0
    is_saved: bool = False
    kind: str = Kind.BUG
    section: str = ""
    errors: dict[str, str] = dict.fromkeys(CHECKED, "")
    failed: str = ""
    attempt: str = ""
    files: list[FileRow] = []
    alike: list[Alike] = []
    suggestions: list[str] = []
    preview: str = ""
    _form: Form = Form()
    _seen_title: str = ""
    _filed: str = ""

    @bridge.event
    async def load(self) -> AsyncIterator[None]:
        """An empty form, or the draft on offer."""
        self.reset()
        yield
        begun = await bridge.read(self, read_draft)
        self.sections = sections()
        self.attempt, self.files = begun.attempt, begun.files
        if begun.is_draft:
            self._form, self.saved_at = begun.form, begun.saved_at
            self.draft_title = begun.form.title.strip() or "without a title"
            self.stage = "offer"
        else:
            await self._begin(Form(), fills_facts=True)

    async def _begin(self, form: Form, *, fills_facts: bool) -> None:
        self.start = self._form = form
        self.kind, self.section, self.fills_facts = form.kind, form.section, fills_facts
        self.stage = "form"
        await self._suggest()

    async def _suggest(self) -> None:
        self.suggestions = await bridge.read(self, tags.suggest, Kind(self.kind), self.section)

    @bridge.event
    async def go_on(self) -> None:
        """Take up the draft where it was left."""
        self.is_saved = True
        await self._begin(self._form, fills_facts=False)
        await self._look_for_alike(self._form.title)

    @bridge.event
    async def discard(self) -> Any:
        """Throw the draft away, its files too, and begin anew."""
        await bridge.write(self, drafts.discard, drafts.NEW_TICKET)
        self.files, self.saved_at, self.is_saved = [], "", False
        self.attempt, self.alike = str(uuid4()), []
        self.errors = dict.fromkeys(CHECKED, "")
        await self._begin(Form(), fills_facts=True)
        return [w.forget_unsent(drafts.NEW_TICKET), w.focus_on("title")]

    @bridge.event
    async def keep(self, told: str) -> None:
        """All that the form holds, a moment after the last key: kept, checked, compared."""
        if self._filed or self.stage != "form":
            return
        try:
            whole = orjson.loads(told)
            form, touched = Form.of(whole["values"]), set(whole["touched"])
        except (orjson.JSONDecodeError, TypeError, KeyError, AttributeError):
            return
        self._form = form
        self.saved_at = await bridge.write(self, keep_draft, form, self.attempt)
        self.is_saved, self.saved_length = True, len(told)
        wrong = form.problems()
        touched |= {"section"} if "section_other" in touched else set()
        self.errors = {name: wrong.get(name, "") if name in touched else "" for name in CHECKED}
        await self._look_for_alike(form.title)

    async def _look_for_alike(self, title: str) -> None:
        if title != self._seen_title:
            self._seen_title = title
            self.alike = await bridge.read(self, _alike, title)

    @bridge.event
    async def choose_kind(self, kind: str) -> None:
        """The fields and tags that go with another kind."""
        self.kind = Kind(kind) if kind in set(Kind) else Kind.BUG
        await self._suggest()

    @bridge.event
    async def choose_section(self, section: str) -> None:
        """The tags that go with another section."""
        self.section = section
        await self._suggest()

    @bridge.event
    def show_preview(self) -> None:
        """The description as everybody will read it."""
        self.preview = markup.render(self._form.description) or "<p>Nothing to show yet.</p>"

    @bridge.event
    async def load_files(self) -> None:
        """The files with the draft, after one was sent."""
        rows = await bridge.read(self, attachments.of_draft, drafts.NEW_TICKET)
        self.files = file_rows(rows)

    @bridge.event
    async def remove_file(self, file_id: str) -> None:
        """Take a file away from the draft."""
        await bridge.write(self, attachments.remove, UUID(file_id))
        self.files = [file for file in self.files if file.id != file_id]

    @bridge.submission
    async def file(self, told: dict[str, Any]) -> Any:
        """File the ticket, once; whatever goes wrong, the form stays as it is."""
        if self._filed:
            return rx.redirect(routes.portal_ticket(self._filed))
        self.failed = ""
        form = self._form = Form.of(told)
        wrong = form.problems()
        self.errors = {name: wrong.get(name, "") for name in CHECKED}
        if wrong:
            return w.focus_on(FOCUS.get(next(iter(wrong)), next(iter(wrong))))
        try:
            self._filed = await bridge.write(self, file_form, form, self.attempt)
        except Unauthenticated:
            raise
        except Invalid as refused:
            self.failed = "; ".join(f"{label(field)} {why}" for field, why in refused.problems)
            return None
        except DeskError as refused:
            self.failed = refused.message
            return None
        except Exception as broken:  # noqa: BLE001 - whatever it was, the person must be told
            log().error("filing_failed", error=repr(broken))
            self.failed = "Something went wrong on our side."
            return None
        page = await self.get_state(PortalTicket)
        announce_filed(page, self._filed)
        return [
            w.forget_unsent(drafts.NEW_TICKET),
            rx.redirect(routes.portal_ticket(self._filed)),
        ]


FOCUS: Final = {"section": "section_other", "tags": "tags-entry"}
"""Where a wrong field is put right, if not at the control of its own name."""
