"""A ticket's page for staff: header, conversation and composer."""

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
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.decision_dialog import decision_dialog
from ticket_app.ui.pages.desk.approvals.ticket_panel import TicketApproval, approval_panel
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.desk.ticket.editing import NO_VALUE
from ticket_app.ui.pages.desk.ticket.merge import (
    TicketMerge,
    merge_dialog,
    merge_menu_item,
    merged_notice,
)
from ticket_app.ui.pages.desk.ticket.side_panel import file_tile, ticket_side_panel
from ticket_app.ui.pages.desk.ticket.state import COMPOSER_ID, EDIT_DIALOG, FIRST_NEW_ID, TicketPage

TICKET = TicketPage.ticket
CONVERSATION_FILTERS = (
    ("all", texts.DESK_ALL),
    ("talk", texts.TICKET_FILTER_MESSAGES),
    ("notes", texts.TICKET_FILTER_NOTES),
    ("history", texts.TICKET_FILTER_HISTORY),
)


def _is_allowed(action: str) -> Any:
    """Return whether the core allows an action on the ticket now."""
    return TICKET.allowed_actions.contains(str(Action(action)))


def _neighbour_link(icon: str, label: str, to: Any, key: str) -> rx.Component:
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


def ticket_header() -> rx.Component:
    """Return the header: number, links to the neighbouring tickets, and the menu of actions."""
    return w.desk_header(
        rx.cond(
            TicketPage.is_loaded & ~TicketPage.is_missing,
            rx.fragment(
                rx.el.span(TICKET.number, class_name="key"), " ", w.user_text(TICKET.title)
            ),
            texts.TICKET_WINDOW_TITLE,
        ),
        full_title=TICKET.title,
        tools=(
            w.link(
                rx.icon("arrow-left", size=16, stroke_width=1.75),
                to=TicketPage.list_href,
                class_name="icon-button",
                aria_label=texts.DESK_BACK_TO_LIST,
                title=texts.DESK_BACK_TO_LIST,
                data_shortcut="u",
            ),
            rx.el.span(
                w.link(
                    texts.DESK_BACK_TO_LIST,
                    to=TicketPage.list_href,
                    data_shortcut="Escape",
                    tab_index=-1,
                ),
                hidden=True,
            ),
            _neighbour_link(
                "chevron-up", texts.TICKET_PREVIOUS_TICKET, TicketPage.previous_href, "<"
            ),
            _neighbour_link("chevron-down", texts.TICKET_NEXT_TICKET, TicketPage.next_href, ">"),
            w.button(
                texts.TICKET_RESOLVE_NEXT,
                icon="check",
                on_click=TicketPage.resolve_and_next(TICKET.version_token),
                title=texts.TICKET_RESOLVE_NEXT_TOOLTIP,
                data_shortcut="e",
                disabled=~_is_allowed("resolve") | TicketPage.is_missing,
            ),
            w.menu_root(
                rx.dropdown_menu.trigger(w.icon_button("ellipsis", texts.TICKET_MORE)),
                rx.dropdown_menu.content(
                    w.menu_title(TICKET.number),
                    rx.dropdown_menu.item(
                        rx.icon("pencil", size=14),
                        texts.TICKET_MENU_EDIT_TITLE,
                        on_select=TicketPage.open_edit_dialog("title"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("stamp", size=14),
                        texts.TICKET_MENU_REQUEST_APPROVAL,
                        on_select=TicketApproval.request,
                        disabled=~_is_allowed("request_approval"),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("copy", size=14),
                        texts.DESK_MENU_DUPLICATE_OF,
                        on_select=TicketPage.open_edit_dialog("duplicate"),
                        disabled=~_is_allowed("mark_duplicate"),
                    ),
                    merge_menu_item(~_is_allowed("merge")),
                    rx.dropdown_menu.separator(),
                    rx.dropdown_menu.item(
                        rx.icon("trash-2", size=14),
                        texts.DESK_DELETE,
                        color="red",
                        on_select=TicketPage.delete(TICKET.version_token),
                        disabled=~_is_allowed("delete"),
                    ),
                    size="1",
                    align="end",
                ),
            ),
            PanelToggle.create(
                rx.icon("panel-right", size=16, stroke_width=1.75),
                panel="side",
                class_name="icon-button side-button",
                aria_label=texts.TICKET_PROPERTIES,
                title=texts.TICKET_PROPERTIES,
            ),
        ),
    )


def _ticket_heading() -> rx.Component:
    return rx.el.div(
        w.ticket_title(TICKET.title),
        rx.el.div(
            CopyButton.create(
                TICKET.number,
                text=TICKET.number,
                class_name="key",
                title=texts.DESK_COPY_TICKET_NUMBER,
                data_shortcut=".",
            ),
            w.status_badge(TICKET.status),
            rx.el.span(
                w.user_text(TICKET.requester),
                rx.cond(TICKET.company != "", rx.el.span(", ", w.user_text(TICKET.company))),
            ),
            w.time_ago(TICKET.created_at),
            class_name="facts",
        ),
        class_name="ticket-head",
    )


def _event_line(event: Any) -> rx.Component:
    return w.event_line(
        rx.el.b(event.name, dir="auto"),
        " ",
        event.action,
        rx.cond(event.new != "", rx.el.span(" ", rx.el.b(_event_value(event, event.new)))),
        rx.cond(event.old != "", rx.el.span(" (was ", _event_value(event, event.old), ")")),
        at=event.at,
        is_new=event.is_new,
    )


def _event_value(event: Any, value: Any) -> rx.Component:
    return rx.cond(event.shows_times, w.time_exact(value), w.user_text(value))


def _event_group(item: Any) -> rx.Component:
    lines = rx.foreach(item.events, _event_line)
    props = {
        "id": rx.cond(item.is_first_new, FIRST_NEW_ID, ""),
        "tab_index": -1,
        "key": item.id,
    }
    return rx.cond(
        item.summary != "",
        rx.el.details(
            rx.el.summary(item.summary),
            rx.el.div(lines),
            class_name="event-more",
            open=item.has_new,
            **props,
        ),
        rx.el.div(lines, class_name="events", **props),
    )


def _item_files(item: Any) -> rx.Component:
    return rx.cond(item.files.length() > 0, w.files(rx.foreach(item.files, file_tile)))


def _conversation_item(item: Any) -> rx.Component:
    message_props = {
        "name": item.name,
        "initials": item.initials,
        "color": item.color,
        "at": item.at,
        "html": item.html,
        "anchor": item.anchor,
    }
    return rx.match(
        item.kind,
        ("message", w.message_card(**message_props, role=item.role, files=_item_files(item))),
        ("note", w.note_card(**message_props, files=_item_files(item))),
        _event_group(item),
    )


def _conversation_tabs() -> rx.Component:
    return rx.el.div(
        *(
            rx.el.button(
                word,
                type="button",
                class_name="filter",
                data_on=rx.cond(TicketPage.shown_kind == show, "true", "false"),
                aria_pressed=rx.cond(TicketPage.shown_kind == show, "true", "false"),
                on_click=TicketPage.filter_conversation(show),
            )
            for show, word in CONVERSATION_FILTERS
        ),
        class_name="talk-tabs",
        role="group",
        aria_label=texts.TICKET_FILTER_CONVERSATION,
    )


def _notices() -> rx.Component:
    return rx.fragment(
        merged_notice(TICKET.id),
        rx.cond(
            TicketPage.is_deleted,
            w.callout(
                texts.TICKET_DELETED_TITLE,
                texts.TICKET_DELETED_TEXT,
                tone="amber",
                action=w.button(texts.DESK_UNDO, on_click=TicketPage.undo_delete(TICKET.id)),
            ),
        ),
        rx.cond(
            (TicketPage.changed_by != "") & ~TicketPage.is_deleted,
            rx.el.div(
                rx.icon("history", size=14),
                rx.el.span(texts.TICKET_UPDATED_BY, rx.el.b(TicketPage.changed_by, dir="auto")),
                w.button(
                    texts.TICKET_SHOW_CHANGES, variant="quiet", on_click=TicketPage.show_changes
                ),
                w.icon_button(
                    "x", texts.TICKET_DISMISS, size="small", on_click=TicketPage.dismiss_changes
                ),
                class_name="told updated",
                role="status",
            ),
        ),
    )


def _conversation() -> rx.Component:
    return rx.fragment(
        _ticket_heading(),
        _notices(),
        approval_panel(),
        _conversation_tabs(),
        w.conversation_log(
            rx.foreach(TicketPage.items, _conversation_item),
            rx.cond(
                TicketPage.items.length() == 0,
                rx.el.p(texts.TICKET_CONVERSATION_EMPTY, class_name="soft"),
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


def _composer() -> rx.Component:
    place = (
        rx.Var.create("ticket:")
        + TICKET.id.to_string()
        + rx.cond(TicketPage.audience == "note", ":note", ":reply").to(str)
    )
    composer = rx.el.div(
        rx.cond(
            TicketPage.draft_files.length() > 0,
            rx.el.div(
                w.files(rx.foreach(TicketPage.draft_files, _draft_tile)), class_name="draft-files"
            ),
        ),
        rx.el.div(
            w.composer(
                on_submit=TicketPage.send(TICKET.id),
                on_change=lambda text: TicketPage.autosave(TICKET.id, text).debounce(700),
                text=TicketPage.draft_text,
                text_id=COMPOSER_ID,
                placeholder=texts.TICKET_COMPOSER_PLACEHOLDER,
                status_choices=(
                    ("resolved", texts.TICKET_COMPOSER_REPLY_RESOLVE),
                    ("pending_user", texts.TICKET_COMPOSER_REPLY_WAIT),
                ),
                offered_statuses=TICKET.allowed_statuses,
                recipients=TICKET.requester,
                upload_url="/session/files",
                upload_fields={"place": place},
                on_uploaded=TicketPage.reload_draft_files,
                saved=w.saved_indicator(
                    TicketPage.saved_at != "", TicketPage.saved_at, TicketPage.saved_length
                ),
                busy=TicketPage.is_busy,
                audience=TicketPage.audience,
                on_audience=TicketPage.choose_audience,
            ),
            key=TICKET.id,
        ),
    )
    # A text that was begun before the merge stays visible.
    is_hidden = (
        TicketMerge.hides_composer
        & (TicketMerge.status.ticket_id == TICKET.id)
        & (TicketPage.draft_text == "")
    )
    return rx.cond(is_hidden, rx.fragment(), composer)


def _edit_field() -> rx.Component:
    value = TicketPage.edit_value
    text_area_props = {"rows": 8, "aria_label": TicketPage.editing_title}
    return rx.match(
        TicketPage.editing,
        ("tags", w.tag_input("value", value=value)),
        ("due_at", w.date_time_input("value", value=value, aria_label=texts.DESK_DUE)),
        (
            "duplicate",
            w.text_input(
                "value",
                placeholder="BUG-15",
                aria_label=texts.TICKET_EDIT_DUPLICATE_LABEL,
                auto_complete="off",
            ),
        ),
        ("admin_feedback", w.text_area("value", value=value, **text_area_props)),
        ("internal_notes", w.text_area("value", value=value, **text_area_props)),
        w.text_input("value", value=value, aria_label=TicketPage.editing_title),
    )


def _hint() -> rx.Component:
    zone = TimeZoneName.create()
    form = rx.cond(
        TicketPage.edits_plain_text,
        texts.TICKET_EDIT_HINT_PLAIN_TEXT,
        texts.TICKET_EDIT_HINT_MARKDOWN,
    )
    hints = {
        "admin_feedback": rx.el.span(texts.TICKET_EDIT_HINT_FEEDBACK, form),
        "internal_notes": rx.el.span(texts.TICKET_EDIT_HINT_NOTES, form),
        "due_at": rx.el.span(texts.TICKET_EDIT_HINT_TIME_ZONE, zone, "."),
        "duplicate": rx.el.span(texts.TICKET_EDIT_HINT_DUPLICATE),
    }
    return rx.match(TicketPage.editing, *hints.items(), rx.fragment())


def _current_value() -> rx.Component:
    is_time = (TicketPage.editing == "due_at") & (TicketPage.current_value != NO_VALUE)
    return rx.cond(
        is_time,
        w.time_exact(TicketPage.current_value),
        rx.el.span(TicketPage.current_value, dir="auto"),
    )


def _edit_dialog() -> rx.Component:
    return dialog_root(
        EDIT_DIALOG,
        rx.dialog.content(
            rx.dialog.title(TicketPage.editing_title, size="3"),
            rx.cond(
                TicketPage.editing != "title",
                rx.el.p(TICKET.title, class_name="dialog-about", dir="auto"),
            ),
            rx.dialog.description(_hint(), class_name="soft", size="1"),
            rx.el.form(
                rx.cond(
                    TicketPage.current_value != "",
                    rx.el.div(
                        rx.el.b(texts.TICKET_EDIT_CURRENT_VALUE),
                        _current_value(),
                        class_name="told",
                    ),
                ),
                _edit_field(),
                rx.el.p(TicketPage.edit_error, class_name="field-error", role="alert"),
                rx.el.div(
                    rx.dialog.close(w.button(texts.DESK_CANCEL)),
                    w.button(
                        rx.cond(
                            TicketPage.editing == "duplicate",
                            texts.TICKET_EDIT_MARK_DUPLICATE,
                            texts.TICKET_EDIT_SAVE,
                        ),
                        variant="primary",
                        submit=True,
                    ),
                    class_name="end",
                ),
                on_submit=TicketPage.save(OpenDialog.fingerprint),
                class_name="small-form",
            ),
            max_width="480px",
        ),
    )


def _missing_ticket() -> rx.Component:
    return w.empty_state(
        "search-x",
        texts.TICKET_MISSING_TITLE,
        texts.TICKET_MISSING_TEXT,
        w.button_link(texts.DESK_ALL_TICKETS, to=routes.desk_view("all")),
    )


WINDOW_TITLE = rx.cond(
    TicketPage.is_loaded & ~TicketPage.is_missing,
    TICKET.number + " " + TICKET.title,
    texts.TICKET_WINDOW_TITLE,
)
"""The title of the browser window."""


def ticket_page() -> rx.Component:
    """Return the page."""
    return desk_page(
        ticket_header(),
        w.server_time(TicketPage.server_time),
        rx.cond(
            TicketPage.is_loaded,
            rx.cond(
                TicketPage.is_missing,
                _missing_ticket(),
                w.ticket_layout(_conversation(), _composer(), ticket_side_panel()),
            ),
            w.ticket_layout(w.thread_skeleton(), rx.fragment(), rx.fragment()),
        ),
        _edit_dialog(),
        merge_dialog(),
        decision_dialog(),
        is_split=True,
        on_undo=TicketPage.refresh,
    )
