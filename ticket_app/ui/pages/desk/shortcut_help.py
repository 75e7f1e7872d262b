"""The list of the keyboard shortcuts of the staff pages."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.queue.views import VIEWS

SHORTCUT_HELP: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        texts.SHORTCUTS_ANYWHERE,
        (
            ("?", texts.SHORTCUT_HELP),
            ("Ctrl K", texts.SHORTCUT_PALETTE),
            ("/", texts.SHORTCUT_SEARCH),
            ("C", texts.LAYOUT_NEW_TICKET),
            ("[", texts.SHORTCUT_COLLAPSE_SIDEBAR),
            ("D", texts.SHORTCUT_THEME),
        ),
    ),
    (
        texts.SHORTCUTS_GO_TO,
        (
            ("G H", texts.SHORTCUT_HOME),
            ("G N", texts.LAYOUT_INBOX),
            ("G P", texts.LAYOUT_APPROVALS),
            ("G R", texts.LAYOUT_ANALYTICS),
            ("G S", texts.LAYOUT_SETTINGS),
            *((view.key.upper(), view.label) for view in VIEWS.values()),
        ),
    ),
    (
        texts.SHORTCUTS_IN_LIST,
        (
            ("J K", texts.SHORTCUT_NEXT_IN_LIST),
            ("Enter", texts.DESK_OPEN),
            ("Space", texts.DESK_PREVIEW),
            ("X", texts.SHORTCUT_SELECT),
            ("A S P", texts.SHORTCUT_CHANGE_SELECTED),
            ("M", texts.SHORTCUT_MACROS),
            ("H", texts.SHORTCUT_SNOOZE),
            ("Esc", texts.SHORTCUT_CLEAR_SELECTION),
        ),
    ),
    (
        texts.SHORTCUTS_ON_TICKET,
        (
            ("R", texts.SHORTCUT_REPLY),
            ("N", texts.SHORTCUT_NOTE),
            ("A S P", texts.SHORTCUT_CHANGE_TICKET),
            ("M", texts.SHORTCUT_MACROS),
            ("/", texts.SHORTCUT_SAVED_REPLIES),
            ("H", texts.SHORTCUT_SNOOZE),
            ("U Esc", texts.DESK_BACK_TO_LIST),
            ("E", texts.SHORTCUT_RESOLVE_NEXT),
            ("Shift A", texts.TICKET_ASSIGN_TO_ME),
            ("Shift C", texts.TICKET_CLOSE),
            ("Shift T T", texts.SHORTCUT_TEAM_TAGS),
            ("W", texts.SHORTCUT_FOLLOW),
            (". .. ...", texts.SHORTCUT_COPY),
            ("> <", texts.SHORTCUT_NEXT_IN_VIEW),
            ("Ctrl Enter", texts.SHORTCUT_SEND),
            ("Ctrl Shift Enter", texts.SHORTCUT_SEND_RESOLVE),
        ),
    ),
)


def shortcut_help() -> rx.Component:
    """Return the content of the dialog with all shortcuts."""
    return rx.fragment(
        rx.dialog.title(texts.SHORTCUTS_TITLE, size="4"),
        rx.dialog.description(
            texts.SHORTCUTS_TEXT,
            class_name="text-muted",
        ),
        rx.el.div(
            *(
                rx.el.section(
                    rx.el.h2(title),
                    rx.el.dl(
                        *(
                            rx.el.div(
                                rx.el.dt(*(rx.el.kbd(k) for k in keys.split())),
                                rx.el.dd(what),
                            )
                            for keys, what in lines
                        )
                    ),
                )
                for title, lines in SHORTCUT_HELP
            ),
            class_name="shortcut-list",
        ),
    )
