"""The layout of the staff pages: sidebar, links of the keyboard, and the bar on phones."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.availability.view import availability_dialog
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW, VIEWS
from ticket_app.ui.pages.desk.sidebar import INBOX, Sidebar, desk_sidebar
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.pages.undo import undo_buttons
from ticket_app.ui.widgets.vars import Flag


def _shortcut_links() -> rx.Component:
    return rx.el.nav(
        *(
            w.link(view.label, to=routes.desk_view(name), data_shortcut=view.key, tab_index=-1)
            for name, view in VIEWS.items()
        ),
        w.link(texts.SHORTCUT_HOME, to=routes.DESK, data_shortcut="g h", tab_index=-1),
        w.link(texts.LAYOUT_INBOX, to=routes.DESK_INBOX, data_shortcut="g n", tab_index=-1),
        w.link(texts.LAYOUT_APPROVALS, to=routes.DESK_APPROVALS, data_shortcut="g p", tab_index=-1),
        rx.cond(
            Sidebar.can_view_analytics,
            w.link(
                texts.LAYOUT_ANALYTICS, to=routes.DESK_ANALYTICS, data_shortcut="g r", tab_index=-1
            ),
        ),
        rx.cond(
            Sidebar.settings_paths,
            w.link(texts.LAYOUT_SETTINGS, to=routes.ADMIN, data_shortcut="g s", tab_index=-1),
        ),
        w.link(texts.LAYOUT_NEW_TICKET, to=routes.DESK_NEW, data_shortcut="c", tab_index=-1),
        hidden=True,
    )


def new_ticket_button() -> rx.Component:
    """Return the primary button of the staff pages."""
    return w.button_link(
        texts.LAYOUT_NEW_TICKET, to=routes.DESK_NEW, variant="primary", icon="plus"
    )


def desk_page(
    header: rx.Component,
    *content: rx.Component,
    is_split: bool = False,
    current_page: str = "",
    on_undo: Sequence[rx.event.EventType] = (),
) -> rx.Component:
    """Return a page with the layout for staff.

    `current_page` marks a link of the bar on phones; `on_undo` updates the page after an undo.
    """
    mobile_links: Sequence[tuple[str, str, str, Flag]] = (
        (
            "inbox",
            texts.DESK_OPEN,
            routes.desk_view(DEFAULT_VIEW),
            Sidebar.current_view == DEFAULT_VIEW,
        ),
        ("user", texts.DESK_MINE, routes.desk_view("mine"), Sidebar.current_view == "mine"),
        ("bell", texts.LAYOUT_INBOX, routes.DESK_INBOX, Sidebar.current_view == INBOX),
        ("list", texts.DESK_ALL, routes.desk_view("all"), Sidebar.current_view == "all"),
        ("plus", texts.LAYOUT_NEW, routes.DESK_NEW, current_page == "new_ticket"),
    )
    return rx.fragment(
        w.desk_layout(
            desk_sidebar(),
            header,
            rx.fragment(*content),
            account=CurrentUser.username,
            bottom_bar=w.mobile_nav(*mobile_links, numbers={routes.DESK_INBOX: UnreadBadge.unread}),
            is_split=is_split,
        ),
        _shortcut_links(),
        undo_buttons(*on_undo),
        availability_dialog(),
    )
