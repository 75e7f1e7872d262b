"""A ticket's page: the conversation, the composer under it, the properties at its side."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.tickets.allowed_actions import Action
from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.copy_button import CopyButton
from ticket_app.ui.components.date_time_input import TimeZoneName
from ticket_app.ui.components.layout_panels import PanelToggle
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk.approvals.deciding import deciding_dialog
from ticket_app.ui.pages.desk.approvals.panel import TicketApproval, approval_panel
from ticket_app.ui.pages.desk.frame import desk_page
from ticket_app.ui.pages.desk.merging import Merging, merge_dialog, merge_item, merged_notice
from ticket_app.ui.pages.desk.ticket_side import file_tile, side
from ticket_app.ui.pages.desk.ticket_state import COMPOSER, EDIT, FIRST_NEW, NOTHING_NOW, TicketPage

T = TicketPage.ticket
SHOWN = (("all", "All"), ("talk", "Conversation"), ("notes", "Notes"), ("history", "History"))


def _may(action: str) -> Any:
    """Whether the core allows an action on the ticket now."""
    return T.allowed.contains(str(Action(action)))


def _step(icon: str, label: str, to: Any, key: str) -> rx.Component:
    return rx.cond(
        to != "",
        w.link(
            rx.icon(icon, size=16, stroke_width=1.75),
            to=to,
            class_name="icon-button",
            aria_label=label,
            title=label,
            data_shortcut=key,
        ),
        w.icon_button(icon, label, disabled=True),
    )


def header() -> rx.Component:
    """Back, the number, the way to the neighbours, and what is done rarely."""
    return w.desk_header(
        rx.cond(
            TicketPage.ready & ~TicketPage.missing,
            rx.fragment(rx.el.span(T.number, class_name="key"), " ", w.user_text(T.title)),
            "Ticket",
        ),
        full=T.title,
        tools=(
            w.link(
                rx.icon("arrow-left", size=16, stroke_width=1.75),
                to=TicketPage.back,
                class_name="icon-button",
                aria_label="Back to the list",
                title="Back to the list",
                data_shortcut="u",
            ),
            rx.el.span(
                w.link(
                    "Back to the list", to=TicketPage.back, data_shortcut="Escape", tab_index=-1
                ),
                hidden=True,
            ),
            _step("chevron-up", "Previous ticket", TicketPage.before, "<"),
            _step("chevron-down", "Next ticket", TicketPage.after, ">"),
            w.button(
                "Resolve and next",
                icon="check",
                on_click=TicketPage.resolve_and_next(T.seen),
                title="Resolve it and open the next of the list (E)",
                data_shortcut="e",
                disabled=~_may("resolve") | TicketPage.missing,
            ),
            w.menu_root(
                rx.dropdown_menu.trigger(w.icon_button("ellipsis", "More")),
                rx.dropdown_menu.content(
                    w.menu_title(T.number),
                    rx.dropdown_menu.item(
                        rx.icon("pencil", size=14),
                        "Edit title",
                        on_select=TicketPage.edit("title"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("stamp", size=14),
                        "Request approval…",
                        on_select=TicketApproval.request,
                        disabled=~_may("request_approval"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("copy", size=14),
                        "Duplicate of…",
                        on_select=TicketPage.edit("duplicate"),
                        disabled=~_may("mark_duplicate"),
                    ),
                    merge_item(~_may("merge")),
                    rx.dropdown_menu.separator(),
                    rx.dropdown_menu.item(
                        rx.icon("trash-2", size=14),
                        "Delete",
                        color="red",
                        on_select=TicketPage.delete(T.seen),
                        disabled=~_may("delete"),
                    ),
                    size="1",
                    align="end",
                ),
            ),
            PanelToggle.create(
                rx.icon("panel-right", size=16, stroke_width=1.75),
                panel="side",
                class_name="icon-button side-button",
                aria_label="Properties",
                title="Properties",
            ),
        ),
    )


def _head() -> rx.Component:
    return rx.el.div(
        w.ticket_title(T.title),
        rx.el.div(
            CopyButton.create(
                T.number,
                text=T.number,
                class_name="key",
                title="Copy the number",
                data_shortcut=".",
            ),
            w.status_badge(T.status),
            rx.el.span(
                w.user_text(T.requester),
                rx.cond(T.company != "", rx.el.span(", ", w.user_text(T.company))),
            ),
            w.time_ago(T.created_at),
            class_name="facts",
        ),
        class_name="ticket-head",
    )


def _event(event: Any) -> rx.Component:
    return w.event_line(
        rx.el.b(event.name, dir="auto"),
        " ",
        event.did,
        rx.cond(event.new != "", rx.el.span(" ", rx.el.b(_word(event, event.new)))),
        rx.cond(event.old != "", rx.el.span(" (was ", _word(event, event.old), ")")),
        at=event.at,
        is_new=event.is_new,
    )


def _word(event: Any, word: Any) -> rx.Component:
    return rx.cond(event.of_moments, w.time_exact(word), w.user_text(word))


def _events(item: Any) -> rx.Component:
    lines = rx.foreach(item.events, _event)
    place = {
        "id": rx.cond(item.is_first_new, FIRST_NEW, ""),
        "tab_index": -1,
        "key": item.id,
    }
    return rx.cond(
        item.more != "",
        rx.el.details(
            rx.el.summary(item.more),
            rx.el.div(lines),
            class_name="event-more",
            open=item.has_new,
            **place,
        ),
        rx.el.div(lines, class_name="events", **place),
    )


def _files_of(item: Any) -> rx.Component:
    return rx.cond(item.files.length() > 0, w.files(rx.foreach(item.files, file_tile)))


def _item(item: Any) -> rx.Component:
    said = {
        "name": item.name,
        "initials": item.initials,
        "color": item.color,
        "at": item.at,
        "html": item.html,
        "anchor": item.anchor,
    }
    return rx.match(
        item.sort,
        ("message", w.message_card(**said, role=item.role, files=_files_of(item))),
        ("note", w.note_card(**said, files=_files_of(item))),
        _events(item),
    )


def _talk_tabs() -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                word,
                type="button",
                class_name="filter",
                data_on=rx.cond(TicketPage.show == show, "true", "false"),
                aria_pressed=rx.cond(TicketPage.show == show, "true", "false"),
                on_click=TicketPage.show_only(show),
            )
            for show, word in SHOWN
        ),
        class_name="talk-tabs",
        role="group",
        aria_label="What is shown",
    )


def _notices() -> rx.Component:
    return rx.fragment(
        merged_notice(T.id),
        rx.cond(
            TicketPage.gone,
            w.callout(
                "This ticket is in the trash",
                "Nothing of it is lost.",
                tone="amber",
                action=w.button("Undo", on_click=TicketPage.take_out(T.id)),
            ),
        ),
        rx.cond(
            (TicketPage.changed_by != "") & ~TicketPage.gone,
            rx.el.div(
                rx.icon("history", size=14),
                rx.el.span("Ticket updated by ", rx.el.b(TicketPage.changed_by, dir="auto")),
                w.button("Show changes", look="quiet", on_click=TicketPage.show_changes),
                w.icon_button("x", "Dismiss", size="small", on_click=TicketPage.close_changes),
                class_name="told updated",
                role="status",
            ),
        ),
    )


def _talk() -> rx.Component:
    return rx.fragment(
        _head(),
        _notices(),
        approval_panel(),
        _talk_tabs(),
        w.thread(
            rx.foreach(TicketPage.items, _item),
            rx.cond(
                TicketPage.items.length() == 0,
                rx.el.p("Nothing here yet.", class_name="soft"),
            ),
        ),
    )


def _draft_tile(file: Any) -> rx.Component:
    return w.attachment_tile(
        name=file.name,
        size=file.note,
        href=file.href,
        extension=file.extension,
        thumbnail=file.thumbnail,
        state=file.state,
        note=file.note,
        on_remove=TicketPage.remove_file(file.id),
    )


def _dock() -> rx.Component:
    place = (
        rx.Var.create("ticket:")
        + T.id.to_string()
        + rx.cond(TicketPage.audience == "note", ":note", ":reply").to(str)
    )
    writes = rx.el.div(
        rx.cond(
            TicketPage.draft_files.length() > 0,
            rx.el.div(
                w.files(rx.foreach(TicketPage.draft_files, _draft_tile)), class_name="draft-files"
            ),
        ),
        rx.el.div(
            w.composer(
                on_submit=TicketPage.send(T.id),
                on_change=lambda text: TicketPage.keep(T.id, text).debounce(700),
                text=TicketPage.draft_text,
                text_id=COMPOSER,
                placeholder="Write here",
                then=(
                    ("resolved", "Reply and resolve"),
                    ("pending_user", "Reply and wait for requester"),
                ),
                then_offered=T.statuses,
                recipients=T.requester,
                upload_url="/session/files",
                upload_fields={"place": place},
                on_uploaded=TicketPage.uploaded,
                saved=w.saved_line(
                    TicketPage.saved_at != "", TicketPage.saved_at, TicketPage.saved_length
                ),
                busy=TicketPage.busy,
                audience=TicketPage.audience,
                on_audience=TicketPage.write_as,
            ),
            key=T.id,
        ),
    )
    # Words that were begun before the merge stay in sight.
    is_over = Merging.is_closed & (Merging.case.ticket_id == T.id) & (TicketPage.draft_text == "")
    return rx.cond(is_over, rx.fragment(), writes)


def _edit_field() -> rx.Component:
    value = TicketPage.edit_value
    lines = {"rows": 8, "aria_label": TicketPage.editing_title}
    return rx.match(
        TicketPage.editing,
        ("tags", w.tag_input("value", value=value)),
        ("due_at", w.date_time_input("value", value=value, aria_label="Due")),
        (
            "duplicate",
            w.text_input(
                "value",
                placeholder="BUG-15",
                aria_label="Number of the other ticket",
                auto_complete="off",
            ),
        ),
        ("admin_feedback", w.text_area("value", value=value, **lines)),
        ("internal_notes", w.text_area("value", value=value, **lines)),
        w.text_input("value", value=value, aria_label=TicketPage.editing_title),
    )


def _hint() -> rx.Component:
    zone = TimeZoneName.create()
    form = rx.cond(
        TicketPage.edit_plain,
        "This is plain text: it is shown exactly as written.",
        "Markdown works.",
    )
    hints = {
        "admin_feedback": rx.el.span("The requester reads this on their ticket. ", form),
        "internal_notes": rx.el.span("Only staff reads this. ", form),
        "due_at": rx.el.span("In your own time zone, ", zone, "."),
        "duplicate": rx.el.span("Enter the number of the ticket that it repeats."),
    }
    return rx.match(TicketPage.editing, *hints.items(), rx.fragment())


def _now() -> rx.Component:
    moment = (TicketPage.editing == "due_at") & (TicketPage.edit_now != NOTHING_NOW)
    return rx.cond(
        moment, w.time_exact(TicketPage.edit_now), rx.el.span(TicketPage.edit_now, dir="auto")
    )


def _dialog() -> rx.Component:
    return dialog_root(
        EDIT,
        rx.dialog.content(
            rx.dialog.title(TicketPage.editing_title, size="3"),
            rx.cond(
                TicketPage.editing != "title",
                rx.el.p(T.title, class_name="dialog-about", dir="auto"),
            ),
            rx.dialog.description(_hint(), class_name="soft", size="1"),
            rx.el.form(
                rx.cond(
                    TicketPage.edit_now != "",
                    rx.el.div(rx.el.b("It says now: "), _now(), class_name="told"),
                ),
                _edit_field(),
                rx.el.p(TicketPage.edit_error, class_name="field-error", role="alert"),
                rx.el.div(
                    rx.dialog.close(w.button("Cancel")),
                    w.button(
                        rx.cond(TicketPage.editing == "duplicate", "Mark as duplicate", "Save"),
                        look="primary",
                        submit=True,
                    ),
                    class_name="end",
                ),
                on_submit=TicketPage.save(OpenDialog.seen),
                class_name="small-form",
            ),
            max_width="480px",
        ),
    )


def _missing() -> rx.Component:
    return w.empty_state(
        "search-x",
        "There is no such ticket",
        "Its number may be mistyped, or it lies in the trash.",
        w.button_link("All tickets", to=routes.desk_view("all")),
    )


TAB = rx.cond(TicketPage.ready & ~TicketPage.missing, T.number + " " + T.title, "Ticket")
"""What is open, for the window's title."""


def ticket_page() -> rx.Component:
    """A ticket."""
    return desk_page(
        header(),
        w.server_clock(TicketPage.now),
        rx.cond(
            TicketPage.ready,
            rx.cond(TicketPage.missing, _missing(), w.ticket_layout(_talk(), _dock(), side())),
            w.ticket_layout(w.thread_skeleton(), rx.fragment(), rx.fragment()),
        ),
        _dialog(),
        merge_dialog(),
        deciding_dialog(),
        split=True,
        after_undo=TicketPage.refresh,
    )
