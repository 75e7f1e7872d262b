"""Change the selected tickets: the bar of actions and the dialog of choices."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.fields import ASSIGNEE, PRIORITY, STATUS, TicketField
from ticket_app.core.tickets.transitions import REQUIRED_INPUT
from ticket_app.ui import widgets as w
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.field_values import choice_labels, field_label
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.lookup import lookup_kind_of, lookup_list, search_label
from ticket_app.ui.pages.desk.macros.state import MacroMenu
from ticket_app.ui.pages.desk.macros.view import macro_menu
from ticket_app.ui.pages.desk.queue.changes import CHANGE_DIALOG, QueueChanges
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.snooze.view import snooze_button
from ticket_app.ui.pages.desk.ticket_changes import MENU_FIELDS, bulk_fields
from ticket_app.ui.widgets.choices import VALUE_SHAPES


def bulk_bar() -> rx.Component:
    """Return the bar with the actions for the selected tickets."""
    return rx.cond(
        Queue.selected_ids.length() > 0,
        w.bulk_bar(
            rx.cond(
                (Queue.selected_ids.length() > 1)
                & (Queue.selected_ids.length() == Queue.rows.length()),
                rx.cond(Queue.is_truncated, texts.QUEUE_SELECTION_FIRST, texts.QUEUE_SELECTION_ALL),
                "",
            ).to(str)
            + Queue.selected_ids.length().to_string()
            + rx.match(
                rx.cond(Queue.selected_ids.length() == Queue.rows.length(), "all", "some"),
                (
                    "all",
                    rx.cond(
                        Queue.shows_whole_view,
                        texts.QUEUE_SELECTION_IN_VIEW,
                        texts.QUEUE_SELECTION_ON_PAGE,
                    ),
                ),
                " selected",
            ).to(str),
            w.button(
                texts.QUEUE_ASSIGN,
                icon="user-plus",
                on_click=QueueChanges.open_change_dialog("assignee", 0),
                data_shortcut="a",
            ),
            w.button(
                texts.DESK_STATUS,
                icon="circle-dot",
                on_click=QueueChanges.open_change_dialog("status", 0),
                data_shortcut="s",
            ),
            w.button(
                texts.DESK_PRIORITY,
                icon="signal",
                on_click=QueueChanges.open_change_dialog("priority", 0),
                data_shortcut="p",
            ),
            macro_menu(
                lambda macro_id: MacroMenu.apply_to_selection(Queue.selected_ids, macro_id),
                texts.QUEUE_SELECTED_TICKETS,
            ),
            snooze_button(),
            w.menu_root(
                rx.dropdown_menu.trigger(w.button(texts.QUEUE_MORE_CHANGES, icon="ellipsis")),
                rx.dropdown_menu.content(
                    *(
                        rx.dropdown_menu.item(
                            field_label(field),
                            on_select=QueueChanges.open_change_dialog(field.name, 0),
                        )
                        for field in bulk_fields()
                        if field.name not in MENU_FIELDS
                    ),
                    size="1",
                ),
            ),
            w.button(
                texts.DESK_DELETE,
                icon="trash-2",
                variant="danger",
                on_click=QueueChanges.delete_selected(Queue.selected_ids),
            ),
            rx.cond(
                Queue.selected_ids.length() < Queue.rows.length(),
                w.button(
                    texts.QUEUE_SELECT_PAGE, variant="quiet", on_click=Queue.toggle_page_selection
                ),
                rx.cond(
                    Queue.select_more_label != "",
                    w.button(
                        Queue.select_more_label,
                        variant="quiet",
                        on_click=Queue.select_view_up_to_limit,
                    ),
                ),
            ),
            w.icon_button(
                "x",
                texts.QUEUE_CLEAR_SELECTION,
                on_click=Queue.clear_selection,
                data_shortcut="Escape",
            ),
        ),
    )


def _option(field: TicketField, value: str, label: str) -> rx.Component:
    shape = VALUE_SHAPES.get(field.name)
    return rx.el.button(
        *([shape(**{field.name: value})] if shape else []),
        rx.el.span(label),
        type="button",
        class_name="search-result",
        on_click=QueueChanges.apply_change(OpenDialog.fingerprint, field.name, value, label),
    )


def _choices(field: TicketField) -> rx.Component:
    """Return the values of a field; those of a status that needs input are left out."""
    labels = list(choice_labels(field).items())
    if field is PRIORITY:
        labels.reverse()
    needs_input = {str(status) for status in REQUIRED_INPUT} if field is STATUS else set[str]()
    return OptionList.create(
        *(_option(field, value, label) for value, label in labels if value not in needs_input),
        class_name="search-results",
    )


def _rows(field: TicketField) -> rx.Component:
    """Return the search of the rows that a field can refer to, and the option of none."""
    is_person = field is ASSIGNEE
    return lookup_list(
        lookup_kind_of(field),
        search_label(field),
        lambda entry: QueueChanges.apply_change(
            OpenDialog.fingerprint, field.name, entry.value, entry.label
        ),
        rx.el.button(
            *([rx.icon("user-x", size=14)] if is_person else []),
            rx.el.span(texts.DESK_UNASSIGNED if is_person else texts.no_value(field.label)),
            type="button",
            class_name="search-result",
            on_click=QueueChanges.apply_change(OpenDialog.fingerprint, field.name, "", ""),
        ),
        closes_menu=False,
    )


def change_dialog() -> rx.Component:
    """Return the dialog that sets a field of tickets."""
    name = QueueChanges.change_name
    return dialog_root(
        CHANGE_DIALOG,
        rx.dialog.content(
            rx.dialog.title(
                rx.match(name, *((field.name, field_label(field)) for field in bulk_fields()), ""),
                " of ",
                QueueChanges.change_subject,
                size="2",
                margin_bottom="12px",
            ),
            rx.match(
                name,
                *(
                    (field.name, _choices(field) if field.has_choices else _rows(field))
                    for field in bulk_fields()
                ),
                rx.fragment(),
            ),
            max_width="320px",
            aria_describedby="",
        ),
    )
