"""The form of a ticket for somebody: one calm column."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.platform import text
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import ContinueDraftButton, DraftForm
from ticket_app.ui.pages.desk.finder import find_menu, plain_choice
from ticket_app.ui.pages.desk.frame import desk_page
from ticket_app.ui.pages.desk.new.form import PLACE
from ticket_app.ui.pages.desk.new.state import NewTicket
from ticket_app.ui.rows import FileRow


def _start(name: str) -> Any:
    return getattr(NewTicket.start, name)


def _requester() -> rx.Component:
    shown = rx.cond(
        NewTicket.requester.value != "",
        rx.el.span(
            w.user_text(NewTicket.requester.label),
            rx.el.span(" ", w.user_text(NewTicket.requester.detail), class_name="soft"),
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
                custom_attrs={"id": "requester", "data-control": "true"},
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
                w.text_input("name", value=_start("name"), auto_complete="off"),
                name="name",
                error=NewTicket.problems["name"],
            ),
            w.field(
                "E-mail",
                w.text_input("email", value=_start("email"), sort="email", auto_complete="off"),
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
                    w.user_text(NewTicket.company.label),
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


def _file(file: rx.Var[FileRow]) -> rx.Component:
    return w.attachment_tile(
        name=file.name,
        size=file.note,
        href=file.href,
        extension=file.extension,
        thumbnail=file.thumbnail,
        state=file.state,
        note=file.note,
        on_remove=NewTicket.remove_file(file.id),
    )


def _fields() -> rx.Component:
    return DraftForm.create(
        _requester(),
        _new_person(),
        _company(),
        rx.el.div(
            w.field(
                "Kind",
                w.select_input(
                    "kind",
                    [(word, look.word) for word, look in theme.KIND.items()],
                    value=_start("kind"),
                ),
                name="kind",
            ),
            w.field(
                "Priority",
                w.select_input(
                    "priority",
                    [(word, look.word) for word, look in theme.PRIORITY.items()],
                    value=_start("priority"),
                ),
                name="priority",
            ),
            w.field(
                "Section",
                w.text_input("section", value=_start("section")),
                name="section",
                error=NewTicket.problems["section"],
                optional=True,
            ),
            class_name="two three",
        ),
        w.field(
            "Title",
            w.text_input("title", value=_start("title"), auto_complete="off"),
            name="title",
            error=NewTicket.problems["title"],
            required=True,
            limit=text.LONGEST_TITLE,
        ),
        w.field(
            "Description",
            w.markdown_input(
                "description",
                value=_start("description"),
                upload_url="/session/files",
                upload_fields={"place": PLACE},
                on_uploaded=NewTicket.uploaded,
                on_preview=NewTicket.show_preview,
                preview=w.prose(NewTicket.preview),
            ),
            name="description",
            error=NewTicket.problems["description"],
            required=True,
        ),
        rx.cond(NewTicket.files.length() > 0, w.files(rx.foreach(NewTicket.files, _file))),
        w.field(
            "Tags",
            w.tag_input("tags", value=_start("tags")),
            name="tags",
            error=NewTicket.problems["tags"],
            optional=True,
        ),
        rx.cond(
            NewTicket.failed,
            w.callout(
                NewTicket.failed,
                "The ticket was not filed. Nothing is lost: all you wrote is still here.",
            ),
        ),
        rx.el.div(
            rx.el.label(
                rx.el.input(type="checkbox", name="mine", default_checked=_start("mine") != ""),
                "Assign to me",
                class_name="tick-line",
            ),
            rx.el.div(
                w.saved_line(NewTicket.is_saved, NewTicket.saved_at, NewTicket.saved_length),
                w.button("File ticket", look="primary", submit=True, size="large"),
                class_name="form-do",
            ),
            class_name="form-end",
        ),
        on_submit=NewTicket.file,
        class_name="form",
        no_validate=True,
        place=PLACE,
        on_draft=NewTicket.keep,
        key=NewTicket.attempt,
    )


def _offer() -> rx.Component:
    return rx.el.section(
        rx.el.p("You have a draft from ", w.time_ago(NewTicket.saved_at)),
        rx.el.strong(NewTicket.draft_title, dir="auto"),
        rx.cond(
            NewTicket.requester.label != "",
            rx.el.span("For ", w.user_text(NewTicket.requester.label), class_name="soft"),
        ),
        rx.cond(
            NewTicket.files,
            rx.el.span(NewTicket.files.length(), " files are with it", class_name="soft"),
        ),
        rx.el.div(
            ContinueDraftButton.create(
                "Continue",
                place=PLACE,
                on_click=NewTicket.go_on,
                type="button",
                class_name="button primary",
            ),
            w.button("Discard", on_click=NewTicket.discard),
            class_name="do",
        ),
        class_name="draft-offer",
        aria_label="Your draft",
    )


def new_page() -> rx.Component:
    """The form, or the draft it could go on from."""
    shown = rx.match(NewTicket.stage, ("form", _fields()), ("offer", _offer()), w.card_skeleton(3))
    return desk_page(w.desk_header("New ticket"), w.sheet(shown), here="new")
