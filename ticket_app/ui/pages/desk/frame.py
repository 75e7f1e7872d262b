"""What stands around every page of the desk: the rail with its counts, keys, and the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import SignOutForm
from ticket_app.ui.pages.desk import work
from ticket_app.ui.pages.desk.approvals.rows import waits_for_me
from ticket_app.ui.pages.desk.set_up import settings_for
from ticket_app.ui.pages.desk.undoing import undo_buttons
from ticket_app.ui.pages.desk.views import TRASH, VIEWS
from ticket_app.ui.pages.inbox.bell import Bell
from ticket_app.ui.session import Me

SIGN_OUT: Final = "sign-out"
INBOX: Final = "inbox"
ANALYTICS: Final = "analytics"
APPROVALS: Final = "approvals"
SETTINGS: Final = "settings"
PAGES: Final = {
    routes.DESK_INBOX: INBOX,
    routes.DESK_APPROVALS: APPROVALS,
    routes.DESK_ANALYTICS: ANALYTICS,
}
"""What the pages that are no lists of tickets are marked by."""
HELP: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "Anywhere",
        (
            ("?", "This sheet"),
            ("/", "Search"),
            ("C", "New ticket"),
            ("[", "Collapse the side bar"),
        ),
    ),
    (
        "Go to",
        (
            ("G N", "Inbox"),
            ("G R", "Analytics"),
            ("G S", "Settings"),
            *((view.key.upper(), view.word) for view in VIEWS.values()),
        ),
    ),
    (
        "In the list",
        (
            ("J K", "Next, previous ticket"),
            ("Enter", "Open"),
            ("Space", "Peek"),
            ("X", "Select; Shift and a click, or Shift and an arrow, for several"),
            ("A S P", "Assign, status, priority, of the selected or this one"),
            ("Esc", "Clear the selection, close"),
        ),
    ),
    (
        "On a ticket",
        (
            ("R", "Reply"),
            ("N", "Internal note"),
            ("A S P", "Assign, status, priority"),
            ("U Esc", "Back to the list"),
            ("E", "Resolve and open the next"),
            (".", "Copy the number"),
            ("> <", "Next, previous ticket in the view"),
            ("Ctrl Enter", "Send"),
            ("Ctrl Shift Enter", "Send and resolve"),
        ),
    ),
)


class Rail(rx.State):
    """How many tickets each view holds."""

    counts: dict[str, str] = {}
    here: str = ""
    may_restore: bool = False
    may_report: bool = False
    to_decide: str = ""
    settings: list[str] = []

    @bridge.event
    async def load(self) -> None:
        """Count for the rail, and mark the open view."""
        path = self.router.url.path.rstrip("/")
        self.here = path.rpartition("/views/")[2] if "/views/" in path else ""
        if path == routes.DESK:
            self.here = next(iter(VIEWS))
        self.here = PAGES.get(path, self.here)
        if path.startswith(routes.ADMIN):
            self.here = SETTINGS
        counted = await bridge.read(self, _counted)
        self.counts, self.to_decide = counted.views, str(counted.to_decide or "")
        self.may_restore, self.may_report = counted.may_restore, counted.may_report
        self.settings = counted.settings


@dataclass(frozen=True)
class Counted:
    """What the rail shows, and which of its entries are for the actor."""

    views: dict[str, str]
    to_decide: int
    may_restore: bool
    may_report: bool
    settings: list[str]


def _counted(desk: Desk) -> Counted:
    return Counted(
        work.counted(desk),
        waits_for_me(desk),
        desk.actor.may("restore_tickets"),
        desk.actor.may("view_reports"),
        settings_for(desk),
    )


def _rail() -> rx.Component:
    return w.rail(
        w.rail_view(
            "bell",
            "Inbox",
            to=routes.DESK_INBOX,
            number=Bell.unread,
            here=Rail.here == INBOX,
            strong=True,
        ),
        w.rail_view(
            "stamp",
            "Approvals",
            to=routes.DESK_APPROVALS,
            number=Rail.to_decide,
            here=Rail.here == APPROVALS,
            strong=True,
        ),
        *(
            w.rail_view(
                view.icon,
                view.word,
                to=routes.desk_view(name),
                number=Rail.counts[name],
                here=Rail.here == name,
            )
            for name, view in VIEWS.items()
        ),
        rx.cond(
            Rail.may_report,
            w.rail_view(
                "chart-line", "Analytics", to=routes.DESK_ANALYTICS, here=Rail.here == ANALYTICS
            ),
        ),
        rx.cond(
            Rail.may_restore,
            w.rail_view("trash-2", "Trash", to=routes.desk_view(TRASH), here=Rail.here == TRASH),
        ),
        rx.cond(
            Rail.settings,
            w.rail_view("settings", "Settings", to=Rail.settings[0], here=Rail.here == SETTINGS),
        ),
        foot=(
            rx.el.div(
                w.account_menu(
                    Me.name,
                    Me.email,
                    Me.initials,
                    Me.color,
                    rx.dropdown_menu.item(
                        rx.icon("user", size=14),
                        "Profile",
                        on_select=rx.redirect(routes.PORTAL_PROFILE),
                    ),
                    rx.dropdown_menu.item(
                        rx.icon("life-buoy", size=14),
                        "My own tickets",
                        on_select=rx.redirect(routes.PORTAL),
                    ),
                    rx.dropdown_menu.separator(),
                    sign_out=w.click_on(SIGN_OUT),
                ),
                w.theme_switch(),
                w.sheet_root(
                    rx.dialog.trigger(
                        w.icon_button("keyboard", "Keys", data_shortcut="?"),
                    ),
                    rx.dialog.content(_keys_sheet(), max_width="640px"),
                ),
                class_name="rail-tools",
            ),
            SignOutForm.create(
                rx.el.button("Sign out", id=SIGN_OUT, type="submit"),
                action="/session/logout",
                method="post",
                hidden=True,
            ),
        ),
    )


def _keys_sheet() -> rx.Component:
    return rx.fragment(
        rx.dialog.title("Keys", size="4"),
        rx.dialog.description(
            "Single keys work outside of fields; turn them off in your profile.",
            class_name="soft",
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
                for title, lines in HELP
            ),
            class_name="keys-sheet",
        ),
    )


def _shortcuts() -> rx.Component:
    return rx.el.nav(
        *(
            w.link(view.word, to=routes.desk_view(name), data_shortcut=view.key, tab_index=-1)
            for name, view in VIEWS.items()
        ),
        w.link("Inbox", to=routes.DESK_INBOX, data_shortcut="g n", tab_index=-1),
        w.link("Approvals", to=routes.DESK_APPROVALS, data_shortcut="g p", tab_index=-1),
        rx.cond(
            Rail.may_report,
            w.link("Analytics", to=routes.DESK_ANALYTICS, data_shortcut="g r", tab_index=-1),
        ),
        rx.cond(
            Rail.settings,
            w.link("Settings", to=routes.ADMIN, data_shortcut="g s", tab_index=-1),
        ),
        w.link("New ticket", to=routes.DESK_NEW, data_shortcut="c", tab_index=-1),
        hidden=True,
    )


def new_button() -> rx.Component:
    """The desk's one primary button."""
    return w.button_link("New ticket", to=routes.DESK_NEW, look="primary", icon="plus")


def desk_page(
    header: rx.Component,
    *content: rx.Component,
    split: bool = False,
    here: str = "",
    after_undo: Any = None,
) -> rx.Component:
    """A page of the desk, framed. `here` marks its word in a phone's bar.

    `after_undo` brings the page up to date when an action was undone on it.
    """
    bar: Sequence[tuple[str, str, str, Any]] = (
        ("inbox", "Open", routes.desk_view("open"), Rail.here == "open"),
        ("user", "Mine", routes.desk_view("mine"), Rail.here == "mine"),
        ("bell", "Inbox", routes.DESK_INBOX, Rail.here == INBOX),
        ("list", "All", routes.desk_view("all"), Rail.here == "all"),
        ("plus", "New", routes.DESK_NEW, here == "new"),
    )
    return rx.fragment(
        w.desk_frame(
            _rail(),
            header,
            rx.fragment(*content),
            account=Me.username,
            bar=w.phone_bar(*bar),
            split=split,
        ),
        _shortcuts(),
        undo_buttons(after_undo),
    )
