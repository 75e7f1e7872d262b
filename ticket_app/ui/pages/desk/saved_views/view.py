"""The buttons, the menu and the dialog of saved views, in the queue's header."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.saved_view_fields import ICONS, MAX_NAME_LENGTH
from ticket_app.ui import widgets as w
from ticket_app.ui.dialogs import OpenDialog
from ticket_app.ui.pages.admin import fields
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.saved_views import texts
from ticket_app.ui.pages.desk.saved_views.state import VIEW_DIALOG, SavedViews

VIEW = Queue.saved


def _quiet_button(label: str, on_click: rx.event.EventType) -> rx.Component:
    return rx.el.button(label, type="button", class_name="filter-button quiet", on_click=on_click)


def save_buttons() -> rx.Component:
    """Return the buttons that save or reset the filters of the list."""
    return rx.cond(
        VIEW.id == 0,
        rx.cond(Queue.chips.is_filtered, _quiet_button(texts.SAVE_VIEW, SavedViews.add)),
        rx.cond(
            VIEW.is_changed,
            rx.fragment(
                rx.cond(
                    VIEW.can_change,
                    _quiet_button(texts.SAVE_CHANGES, SavedViews.save_changes(VIEW.id, VIEW.seen)),
                    _quiet_button(texts.SAVE_AS_NEW, SavedViews.add),
                ),
                _quiet_button(texts.RESET, Queue.clear_filters),
            ),
        ),
    )


def _item(icon: str, label: str, on_select: rx.event.EventType) -> rx.Component:
    return rx.dropdown_menu.item(rx.icon(icon, size=14), label, on_select=on_select)


def view_menu() -> rx.Component:
    """Return the menu of the saved view that is shown."""
    return rx.cond(
        VIEW.id != 0,
        w.menu_root(
            rx.dropdown_menu.trigger(w.icon_button("ellipsis", texts.MENU)),
            rx.dropdown_menu.content(
                w.menu_title(VIEW.name),
                rx.cond(VIEW.can_change, _item("pencil", texts.RENAME, SavedViews.edit)),
                rx.cond(
                    VIEW.is_pinned,
                    _item("pin-off", texts.UNPIN, SavedViews.pin(VIEW.id, False)),
                    _item("pin", texts.PIN, SavedViews.pin(VIEW.id, True)),
                ),
                rx.cond(
                    VIEW.is_default,
                    _item("home", texts.NO_DEFAULT, SavedViews.make_default(0, VIEW.name)),
                    _item("home", texts.MAKE_DEFAULT, SavedViews.make_default(VIEW.id, VIEW.name)),
                ),
                _item("copy", texts.DUPLICATE, SavedViews.duplicate(VIEW.id, VIEW.name)),
                rx.cond(
                    VIEW.is_changed,
                    _item("bookmark-plus", texts.SAVE_AS_NEW, SavedViews.add),
                ),
                rx.cond(
                    VIEW.can_change,
                    rx.fragment(
                        rx.dropdown_menu.separator(),
                        rx.dropdown_menu.item(
                            rx.icon("trash-2", size=14),
                            texts.DELETE,
                            color="red",
                            on_select=SavedViews.delete(VIEW.id, VIEW.name),
                        ),
                    ),
                ),
                size="1",
                align="end",
            ),
        ),
    )


def view_dialog() -> rx.Component:
    """Return the dialog of a view."""
    form, errors = SavedViews.form, SavedViews.errors
    return fields.dialog(
        SavedViews.title,
        texts.HINT,
        rx.cond(SavedViews.left_out != "", w.callout(SavedViews.left_out, tone="amber")),
        fields.labelled_field(
            texts.NAME,
            w.text_input("name", value=form.name, max_length=MAX_NAME_LENGTH, auto_complete="off"),
            errors["name"],
        ),
        fields.labelled_field(
            texts.ICON,
            w.select_input(
                "icon", [(icon, texts.ICON_LABELS[icon]) for icon in ICONS], value=form.icon
            ),
        ),
        fields.labelled_field(
            texts.SCOPE,
            w.select_input("scope", SavedViews.scopes, value=form.scope),
            errors["scope"],
        ),
        rx.el.label(
            rx.el.input(type="checkbox", name="pinned", default_checked=form.is_pinned),
            rx.el.span(texts.PIN),
            class_name="checkbox",
        ),
        name=VIEW_DIALOG,
        on_submit=SavedViews.save(OpenDialog.fingerprint),
        button_label=rx.cond(form.id == 0, texts.SAVE_VIEW, texts.SAVE_CHANGES),
        error=errors[""],
        width="420px",
    )


def missing_view() -> rx.Component:
    """Return what a URL of a view shows that does not exist, or is not shared with the person."""
    return w.empty_state("search-x", texts.MISSING_TITLE, texts.MISSING_TEXT)
