"""The pages of saved replies and macros: for everyone in the settings, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.admin.automation import macros, saved_replies, texts
from ticket_app.ui.pages.admin.records.kinds import RecordKind
from ticket_app.ui.pages.admin.records.state import RecordDialog, RecordList
from ticket_app.ui.pages.admin.records.view import record_page
from ticket_app.ui.pages.desk.sidebar import Sidebar

SHARED_TABS: Final = (
    (routes.ADMIN_SAVED_REPLIES, texts.SAVED_REPLIES),
    (routes.ADMIN_MACROS, texts.MACROS),
)
OWN_TABS: Final = (
    (routes.MY_SAVED_REPLIES, texts.MY_SAVED_REPLIES),
    (routes.MY_MACROS, texts.MY_MACROS),
)


def _tabs(tabs: Sequence[tuple[str, str]], current_path: str) -> list[rx.Component]:
    return [w.tab_link(name, to=path, is_current=path == current_path) for path, name in tabs]


def _page(
    kind: RecordKind,
    rows: type[RecordList],
    dialog: type[RecordDialog],
    icon: str,
) -> rx.Component:
    return record_page(
        kind,
        rows,
        dialog,
        w.tab_links(
            rx.cond(
                Sidebar.settings_paths.contains(routes.ADMIN_SAVED_REPLIES),
                rx.fragment(*_tabs(SHARED_TABS, kind.path)),
            ),
            *_tabs(OWN_TABS, kind.path),
            label=texts.TABS,
        ),
        current_path=routes.ADMIN_SAVED_REPLIES,
        icon=icon,
    )


def shared_replies_page() -> rx.Component:
    return _page(
        saved_replies.SHARED_REPLIES,
        saved_replies.SharedReplyList,
        saved_replies.SharedReplyDialog,
        "message-square-text",
    )


def own_replies_page() -> rx.Component:
    return _page(
        saved_replies.OWN_REPLIES,
        saved_replies.OwnReplyList,
        saved_replies.OwnReplyDialog,
        "message-square-text",
    )


def shared_macros_page() -> rx.Component:
    return _page(macros.SHARED_MACROS, macros.SharedMacroList, macros.SharedMacroDialog, "zap")


def own_macros_page() -> rx.Component:
    return _page(macros.OWN_MACROS, macros.OwnMacroList, macros.OwnMacroDialog, "zap")


def add_pages(app: PageRegistry, layout_events: Sequence[rx.event.EventType]) -> None:
    """Add the pages; `layout_events` load what surrounds them."""
    for route, page, title, load in (
        (
            routes.ADMIN_SAVED_REPLIES,
            shared_replies_page,
            texts.SAVED_REPLIES,
            saved_replies.SharedReplyList.load,
        ),
        (routes.ADMIN_MACROS, shared_macros_page, texts.MACROS, macros.SharedMacroList.load),
        (
            routes.MY_SAVED_REPLIES,
            own_replies_page,
            texts.MY_SAVED_REPLIES,
            saved_replies.OwnReplyList.load,
        ),
        (routes.MY_MACROS, own_macros_page, texts.MY_MACROS, macros.OwnMacroList.load),
    ):
        app.add_page(
            page,
            route=route,
            title=w.window_title(title),
            on_load=[CurrentUser.load_staff, load, *layout_events],
        )
