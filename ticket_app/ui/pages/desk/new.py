"""Filing a ticket for somebody: who, what, how urgent."""

from __future__ import annotations

from typing import Any, Final

import reflex as rx

from ticket_app.core import attachments, directory, drafts, markup, numbering, people, tickets
from ticket_app.core.desk import Desk
from ticket_app.core.errors import Conflict, Invalid
from ticket_app.core.tickets import TicketDraft
from ticket_app.core.words import Kind, Priority
from ticket_app.ui import bridge, routes, theme
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.desk import ticket_rows
from ticket_app.ui.pages.desk.finder import Entry, find_menu, plain_choice
from ticket_app.ui.pages.desk.frame import desk_page
from ticket_app.ui.rows import FileRow

UPLOADED: Final = "uploaded-to-new"
NAMED: Final = {"first_name": "name", "last_name": "name", "username": "email"}


def _file(desk: Desk, form: dict[str, Any], requester_id: int, company_id: int) -> str:
    tags = [tag for tag in str(form.get("tags", "")).split(",") if tag.strip()]
    if not requester_id:
        requester_id = (
            people.add_requester(
                desk,
                name=str(form.get("name", "")),
                email=str(form.get("email", "")),
                company_id=company_id or None,
            ).id
            or 0
        )
    ticket = tickets.open_ticket(
        desk,
        TicketDraft(
            title=str(form.get("title", "")),
            description=str(form.get("description", "")),
            kind=Kind(form.get("kind", "support")),
            priority=Priority(form.get("priority", "medium")),
            section=str(form.get("section", "")) or None,
            tags=tags,
            requester_id=requester_id,
            company_id=company_id or None,
            assignee_id=desk.actor.id if form.get("mine") else None,
        ),
    )
    attachments.adopt(desk, ticket, drafts.NEW_TICKET)
    drafts.discard(desk, drafts.NEW_TICKET)
    return numbering.key(ticket)


def _company_of(desk: Desk, person_id: int) -> tuple[int, str]:
    row = directory.person(desk, person_id)
    return (row.company_id or 0, row.company_name or "") if row else (0, "")


def _files(desk: Desk) -> list[FileRow]:
    return [ticket_rows.file_row(row) for row in attachments.of_draft(desk, drafts.NEW_TICKET)]


class NewTicket(rx.State):
    """The form for a new ticket; what is typed stays in the browser until it is filed."""

    requester: Entry = Entry("", "")
    company: Entry = Entry("", "")
    is_new_person: bool = False
    problems: dict[str, str] = {}
    files: list[FileRow] = []
    form_key: int = 0
    preview: str = ""

    _text: str = ""

    @bridge.event
    async def load(self) -> None:
        """An empty form, with the files that are still waiting for it."""
        self.requester = self.company = Entry("", "")
        self.is_new_person, self.problems = False, {}
        self.form_key += 1
        self._text = self.preview = ""
        self.files = await bridge.read(self, _files)

    @bridge.event
    async def choose_requester(self, person_id: str, name: str, email: str) -> None:
        """Who it is for; their company comes with them."""
        if not person_id.isdigit():
            return
        self.requester, self.is_new_person = Entry(person_id, name, email), False
        company_id, company = await bridge.read(self, _company_of, int(person_id))
        self.company = Entry(str(company_id or ""), company)

    @bridge.event
    def somebody_new(self) -> None:
        """It is for somebody the desk does not know."""
        self.requester, self.is_new_person = Entry("", ""), True

    @bridge.event
    def choose_company(self, company_id: str, name: str) -> None:
        """Which company it is filed under."""
        self.company = Entry(company_id if company_id.isdigit() else "", name)

    @bridge.event
    def write(self, text: str) -> None:
        """Know what is written, for its preview."""
        self._text = text[:50_000]

    @bridge.event
    def show_preview(self) -> None:
        """Show how the description will read."""
        self.preview = markup.render(self._text, routes.desk_ticket)

    @bridge.event
    async def uploaded(self) -> None:
        """A file has arrived."""
        self.files = await bridge.read(self, _files)

    @bridge.event
    async def file(self, form: dict[str, Any]) -> Any:
        """File it, and open it."""
        if not self.requester.value and not self.is_new_person:
            self.problems = {"requester": "Choose who it is for"}
            return None
        requester_id = int(self.requester.value or 0)
        company_id = int(self.company.value or 0)
        try:
            number = await bridge.write(self, _file, form, requester_id, company_id)
        except Invalid as wrong:
            self.problems = {
                NAMED.get(name, name): reason[:1].upper() + reason[1:]
                for name, reason in reversed(wrong.problems)
            }
            return None
        except Conflict as taken:
            self.problems = {"email": taken.message}
            return None
        return [rx.redirect(routes.desk_ticket(number)), w.toast(f"{number} filed", tone="green")]


def _requester() -> rx.Component:
    shown = rx.cond(
        NewTicket.requester.value != "",
        rx.el.span(
            NewTicket.requester.label,
            rx.el.span(" ", NewTicket.requester.detail, class_name="soft"),
            class_name="cut",
        ),
        rx.cond(
            NewTicket.is_new_person,
            "Somebody new",
            rx.el.span("Find by name or e-mail", class_name="soft"),
        ),
    )
    return w.field(
        "Requester",
        find_menu(
            rx.el.button(
                shown,
                rx.icon("chevron-down", size=14),
                type="button",
                class_name="input picker",
                aria_label="Requester",
            ),
            "requester",
            "Name or e-mail",
            lambda entry: NewTicket.choose_requester(entry.value, entry.label, entry.detail),
            plain_choice("Somebody new", NewTicket.somebody_new, icon="user-plus"),
        ),
        name="requester",
        error=NewTicket.problems["requester"],
        required=True,
    )


def _new_person() -> rx.Component:
    return rx.cond(
        NewTicket.is_new_person,
        rx.el.div(
            w.field(
                "Name",
                w.text_input("name", auto_complete="off"),
                name="name",
                error=NewTicket.problems["name"],
            ),
            w.field(
                "E-mail",
                w.text_input("email", sort="email", auto_complete="off"),
                name="email",
                error=NewTicket.problems["email"],
                required=True,
            ),
            class_name="two",
        ),
    )


def _company() -> rx.Component:
    return w.field(
        "Company",
        find_menu(
            rx.el.button(
                rx.cond(
                    NewTicket.company.label != "",
                    NewTicket.company.label,
                    rx.el.span("None", class_name="soft"),
                ),
                rx.icon("chevron-down", size=14),
                type="button",
                class_name="input picker",
                aria_label="Company",
            ),
            "company",
            "Find a company",
            lambda entry: NewTicket.choose_company(entry.value, entry.label),
            plain_choice("No company", NewTicket.choose_company("", "")),
        ),
        name="company",
    )


def _fields() -> rx.Component:
    return rx.el.form(
        _requester(),
        _new_person(),
        _company(),
        rx.el.div(
            w.field(
                "Kind",
                w.select_input(
                    "kind",
                    [(word, look.word) for word, look in theme.KIND.items()],
                    value="support",
                ),
                name="kind",
            ),
            w.field(
                "Priority",
                w.select_input(
                    "priority",
                    [(word, look.word) for word, look in theme.PRIORITY.items()],
                    value="medium",
                ),
                name="priority",
            ),
            w.field("Section", w.text_input("section"), name="section", optional=True),
            class_name="two three",
        ),
        w.field(
            "Title",
            w.text_input("title", auto_complete="off"),
            name="title",
            error=NewTicket.problems["title"],
            required=True,
            limit=500,
        ),
        w.field(
            "Description",
            w.markdown_input(
                "description",
                upload_url="/session/files",
                upload_fields={"place": drafts.NEW_TICKET},
                uploaded_id=UPLOADED,
                on_change=NewTicket.write.debounce(200),
                on_preview=NewTicket.show_preview,
                preview=w.prose(NewTicket.preview),
            ),
            name="description",
            error=NewTicket.problems["description"],
            required=True,
        ),
        rx.cond(
            NewTicket.files.length() > 0,
            w.files(
                rx.foreach(
                    NewTicket.files,
                    lambda file: w.attachment_tile(
                        name=file.name,
                        size=file.note,
                        href=file.href,
                        extension=file.extension,
                        thumbnail=file.thumbnail,
                        state=file.state,
                        note=file.note,
                    ),
                )
            ),
        ),
        w.field("Tags", w.tag_input("tags"), name="tags", optional=True),
        rx.el.div(
            rx.el.label(
                rx.el.input(type="checkbox", name="mine", default_checked=True),
                "Assign to me",
                class_name="tick-line",
            ),
            w.button("File ticket", look="primary", submit=True, size="large"),
            class_name="form-end",
        ),
        w.uploaded_button(UPLOADED, NewTicket.uploaded),
        on_submit=NewTicket.file,
        class_name="form",
        key=NewTicket.form_key,
    )


def new_page() -> rx.Component:
    """The form."""
    return desk_page(w.desk_header("New ticket"), w.sheet(_fields()), here="new")
