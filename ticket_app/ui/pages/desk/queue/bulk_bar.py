"""Change the selected tickets: the bar of actions and the dialog of choices."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.tickets.transitions import REQUIRED_INPUT
from ticket_app.ui import theme
from ticket_app.ui import widgets as w
from ticket_app.ui.components.option_list import OptionList
from ticket_app.ui.dialogs import OpenDialog, dialog_root
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.lookup import lookup_list
from ticket_app.ui.pages.desk.queue.changes import CHANGE_DIALOG, QueueChanges
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.widgets.badges import priority_shape, status_shape


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
            w.button(
                texts.DESK_DELETE,
                icon="trash-2",
                variant="danger",
                on_click=QueueChanges.delete_selected(Queue.selected_ids),
            ),
            rx.cond(
                Queue.selected_ids.length() < Queue.rows.length(),
                w.button(texts.QUEUE_SELECT_PAGE, variant="quiet", on_click=Queue.select_page),
                rx.cond(
                    Queue.select_more_label != "",
                    w.button(
                        Queue.select_more_label, variant="quiet", on_click=Queue.select_whole_view
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


def _change_option(mark: rx.Component, word: str, name: str, value: str) -> rx.Component:
    return rx.el.button(
        mark,
        rx.el.span(word),
        type="button",
        class_name="search-result",
        on_click=QueueChanges.apply_change(OpenDialog.fingerprint, name, value),
    )


def _change_options() -> rx.Component:
    return rx.match(
        QueueChanges.change_name,
        (
            "status",
            OptionList.create(
                *(
                    _change_option(status_shape(status=word), look.word, "status", word)
                    for word, look in theme.STATUS_LOOKS.items()
                    if word not in REQUIRED_INPUT
                ),
                class_name="search-results",
            ),
        ),
        (
            "priority",
            OptionList.create(
                *(
                    _change_option(priority_shape(priority=word), look.word, "priority", word)
                    for word, look in reversed(theme.PRIORITY_LOOKS.items())
                ),
                class_name="search-results",
            ),
        ),
        rx.fragment(),
    )


def change_dialog() -> rx.Component:
    """Return the dialog that changes the status, priority or assignee of tickets."""
    return dialog_root(
        CHANGE_DIALOG,
        rx.dialog.content(
            rx.dialog.title(
                rx.match(
                    QueueChanges.change_name,
                    ("status", texts.DESK_STATUS),
                    ("priority", texts.DESK_PRIORITY),
                    texts.DESK_ASSIGNEE,
                ),
                " of ",
                QueueChanges.change_subject,
                size="2",
                margin_bottom="12px",
            ),
            rx.cond(QueueChanges.change_name == "assignee", _assignee_options(), _change_options()),
            max_width="320px",
            aria_describedby="",
        ),
    )


def _assignee_options() -> rx.Component:
    return lookup_list(
        "staff",
        texts.DESK_SEARCH_PEOPLE,
        lambda entry: QueueChanges.apply_change(OpenDialog.fingerprint, "assignee", entry.value),
        rx.el.button(
            rx.icon("user-x", size=14),
            rx.el.span(texts.DESK_UNASSIGNED),
            type="button",
            class_name="search-result",
            on_click=QueueChanges.apply_change(OpenDialog.fingerprint, "assignee", ""),
        ),
        closes_menu=False,
    )
