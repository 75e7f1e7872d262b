"""The sidebar of the staff pages: links with counts, and the account menu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import reflex as rx

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import saved_views
from ticket_app.core.tickets.saved_views import KeptCount, PinnedView
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import SignOutForm
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.desk import texts
from ticket_app.ui.pages.desk.approvals.rows import count_waiting_for_me
from ticket_app.ui.pages.desk.availability.view import availability_item
from ticket_app.ui.pages.desk.queue.rows import count_views
from ticket_app.ui.pages.desk.queue.views import TRASH_VIEW, VIEWS
from ticket_app.ui.pages.desk.saved_views import texts as view_texts
from ticket_app.ui.pages.desk.saved_views.icons import view_icon
from ticket_app.ui.pages.desk.settings_menu import allowed_settings_paths, can_open_analytics
from ticket_app.ui.pages.desk.shortcut_help import shortcut_help
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge

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


@dataclass(frozen=True)
class PinnedLink:
    """The link of a pinned view; `view` is its name in the URL."""

    view: str
    label: str
    icon: str
    href: str
    count: str


@dataclass(frozen=True)
class KeptCounts:
    """The counts of a person's pinned views by id, so that not every update counts them again."""

    person_id: int = 0
    counts: Mapping[int, KeptCount] = field(default_factory=dict[int, KeptCount])


class Sidebar(rx.State):
    """The links and counts of the sidebar."""

    counts: dict[str, str] = {}
    current_view: str = ""
    can_restore: bool = False
    can_view_analytics: bool = False
    waiting_approvals: str = ""
    settings_paths: list[str] = []
    pinned: list[PinnedLink] = []

    _kept_counts: KeptCounts = KeptCounts()

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
        data = await bridge.read(self, _load_sidebar, self._kept_counts)
        self.counts, self.waiting_approvals = data.counts, str(data.waiting_approvals or "")
        self.can_restore, self.can_view_analytics = data.can_restore, data.can_view_analytics
        self.settings_paths, self.pinned = data.settings_paths, data.pinned
        self._kept_counts = data.kept_counts


@dataclass(frozen=True)
class SidebarData:
    """The counts of the sidebar and the links that the actor may see."""

    counts: dict[str, str]
    waiting_approvals: int
    can_restore: bool
    can_view_analytics: bool
    settings_paths: list[str]
    pinned: list[PinnedLink]
    kept_counts: KeptCounts


def _load_sidebar(uow: UnitOfWork, kept: KeptCounts) -> SidebarData:
    kept_counts = kept.counts if kept.person_id == uow.actor.id else {}
    pinned = saved_views.count_pinned_views(uow, kept_counts)
    return SidebarData(
        count_views(uow),
        count_waiting_for_me(uow),
        uow.actor.can("restore_tickets"),
        can_open_analytics(uow.actor),
        allowed_settings_paths(uow),
        _make_pinned_links(pinned),
        KeptCounts(uow.actor.id, {one.view.id: one.kept for one in pinned}),
    )


def _make_pinned_links(pinned: list[PinnedView]) -> list[PinnedLink]:
    limit = saved_views.MAX_PINNED_COUNT
    return [
        PinnedLink(
            str(one.view.id),
            one.view.name,
            one.view.icon,
            routes.desk_view(str(one.view.id)),
            f"{one.count:,}" if one.count <= limit else f"{limit}+",
        )
        for one in pinned
    ]


def _pinned_link(one: rx.Var[PinnedLink]) -> rx.Component:
    return rx.el.div(
        w.sidebar_link(
            view_icon(one.icon),
            one.label,
            to=one.href,
            number=one.count,
            is_current=Sidebar.current_view == one.view,
        ),
        role="listitem",
        key=one.view,
    )


def desk_sidebar() -> rx.Component:
    """Return the sidebar."""
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
            Sidebar.pinned,
            rx.el.div(
                rx.foreach(Sidebar.pinned, _pinned_link),
                role="list",
                aria_label=view_texts.PINNED,
            ),
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
                    rx.dialog.content(shortcut_help(), max_width="640px"),
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
