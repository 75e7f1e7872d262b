"""The layout of the staff pages: sidebar with counts, keyboard shortcuts and account menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import SignOutForm
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.rows import count_waiting_for_me
from ticket_app.ui.pages.desk.availability.view import availability_dialog, availability_item
from ticket_app.ui.pages.desk.queue.rows import count_views
from ticket_app.ui.pages.desk.queue.views import DEFAULT_VIEW, TRASH_VIEW, VIEWS
from ticket_app.ui.pages.desk.settings_menu import allowed_settings_paths
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.pages.undo import undo_buttons
from ticket_app.ui.widgets.vars import Flag

SIGN_OUT_BUTTON_ID: Final = "sign-out"
INBOX: Final = "inbox"
ANALYTICS: Final = "analytics"
APPROVALS: Final = "approvals"
SETTINGS: Final = "settings"
PAGE_NAMES: Final = {
    routes.DESK_INBOX: INBOX,
    routes.DESK_APPROVALS: APPROVALS,
    routes.DESK_ANALYTICS: ANALYTICS,
}
"""The names of the sidebar links that are not views."""
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
            ("Shift A", texts.SHORTCUT_ASSIGN_TO_ME),
            ("Shift C", texts.SHORTCUT_CLOSE),
            ("Shift T T", texts.SHORTCUT_TEAM_TAGS),
            ("W", texts.SHORTCUT_FOLLOW),
            (". .. ...", texts.SHORTCUT_COPY),
            ("> <", texts.SHORTCUT_NEXT_IN_VIEW),
            ("Ctrl Enter", texts.SHORTCUT_SEND),
            ("Ctrl Shift Enter", texts.SHORTCUT_SEND_RESOLVE),
        ),
    ),
)


class Sidebar(rx.State):
    """The links and counts of the sidebar."""

    counts: dict[str, str] = {}
    current_view: str = ""
    can_restore: bool = False
    can_view_analytics: bool = False
    waiting_approvals: str = ""
    settings_paths: list[str] = []

    @bridge.event
    async def load(self) -> None:
        """Load the counts and mark the open view."""
        path = self.router.url.path.rstrip("/")
        self.current_view = path.rpartition("/views/")[2] if "/views/" in path else ""
        if path == routes.DESK:
            self.current_view = next(iter(VIEWS))
        self.current_view = PAGE_NAMES.get(path, self.current_view)
        if path.startswith(routes.ADMIN):
            self.current_view = SETTINGS
        data = await bridge.read(self, _load_sidebar)
        self.counts, self.waiting_approvals = data.counts, str(data.waiting_approvals or "")
        self.can_restore, self.can_view_analytics = data.can_restore, data.can_view_analytics
        self.settings_paths = data.settings_paths


@dataclass(frozen=True)
class SidebarData:
    """The counts of the sidebar and the links that the actor may see."""

    counts: dict[str, str]
    waiting_approvals: int
    can_restore: bool
    can_view_analytics: bool
    settings_paths: list[str]


def _load_sidebar(uow: UnitOfWork) -> SidebarData:
    return SidebarData(
        count_views(uow),
        count_waiting_for_me(uow),
        uow.actor.can("restore_tickets"),
        uow.actor.can("view_reports") or uow.actor.can("view_statistics"),
        allowed_settings_paths(uow),
    )


def _sidebar() -> rx.Component:
    return w.sidebar(
        w.sidebar_link(
            "bell",
            texts.LAYOUT_INBOX,
            to=routes.DESK_INBOX,
            number=UnreadBadge.unread,
            is_current=Sidebar.current_view == INBOX,
            is_emphasized=True,
        ),
        w.sidebar_link(
            "stamp",
            texts.LAYOUT_APPROVALS,
            to=routes.DESK_APPROVALS,
            number=Sidebar.waiting_approvals,
            is_current=Sidebar.current_view == APPROVALS,
            is_emphasized=True,
        ),
        *(
            w.sidebar_link(
                view.icon,
                view.label,
                to=routes.desk_view(name),
                number=Sidebar.counts[name],
                is_current=Sidebar.current_view == name,
            )
            for name, view in VIEWS.items()
        ),
        rx.cond(
            Sidebar.can_view_analytics,
            w.sidebar_link(
                "chart-line",
                texts.LAYOUT_ANALYTICS,
                to=routes.DESK_ANALYTICS,
                is_current=Sidebar.current_view == ANALYTICS,
            ),
        ),
        rx.cond(
            Sidebar.can_restore,
            w.sidebar_link(
                "trash-2",
                texts.DESK_TRASH,
                to=routes.desk_view(TRASH_VIEW),
                is_current=Sidebar.current_view == TRASH_VIEW,
            ),
        ),
        rx.cond(
            Sidebar.settings_paths,
            w.sidebar_link(
                "settings",
                texts.LAYOUT_SETTINGS,
                to=Sidebar.settings_paths[0],
                is_current=Sidebar.current_view == SETTINGS,
            ),
        ),
        footer=(
            rx.el.div(
                w.account_menu(
                    CurrentUser.name,
                    CurrentUser.email,
                    CurrentUser.initials,
                    CurrentUser.color,
                    rx.dropdown_menu.item(
                        rx.icon("user", size=14),
                        texts.LAYOUT_PROFILE,
                        on_select=rx.redirect(routes.PORTAL_PROFILE),
                    ),
                    availability_item(),
                    w.notification_settings_item(),
                    rx.dropdown_menu.item(
                        rx.icon("message-square-text", size=14),
                        texts.LAYOUT_MY_REPLIES,
                        on_select=rx.redirect(routes.MY_SAVED_REPLIES),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("life-buoy", size=14),
                        texts.LAYOUT_MY_TICKETS,
                        on_select=rx.redirect(routes.PORTAL),
                    ),
                    rx.dropdown_menu.separator(),
                    sign_out=w.click_on(SIGN_OUT_BUTTON_ID),
                ),
                w.theme_switch(),
                w.info_dialog_root(
                    rx.dialog.trigger(
                        w.icon_button("keyboard", texts.SHORTCUTS_TITLE, data_shortcut="?"),
                    ),
                    rx.dialog.content(_shortcut_help(), max_width="640px"),
                ),
                class_name="sidebar-buttons",
            ),
            SignOutForm.create(
                rx.el.button(texts.LAYOUT_SIGN_OUT, id=SIGN_OUT_BUTTON_ID, type="submit"),
                action="/session/logout",
                method="post",
                hidden=True,
            ),
        ),
    )


def _shortcut_help() -> rx.Component:
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
            _sidebar(),
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
