"""The frame of every settings page: the agent workspace with a row of tabs."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_calls import load_document
from ticket_app.ui.pages.admin import texts
from ticket_app.ui.pages.admin.mail.notice import mail_notice
from ticket_app.ui.pages.desk.layout import desk_page
from ticket_app.ui.pages.desk.settings_menu import SETTINGS_PAGES, allowed_settings_paths
from ticket_app.ui.pages.desk.sidebar import Sidebar
from ticket_app.ui.widgets.vars import Text


class SettingsHome(rx.State):
    """The entry page of the settings."""

    @bridge.event
    async def redirect_to_first_page(self) -> bridge.Events:
        """Redirect to the first settings page the person may open, or to their home page."""
        allowed_paths = await bridge.read(self, allowed_settings_paths)
        me = await self.get_state(CurrentUser)
        return (
            rx.redirect(allowed_paths[0], replace=True) if allowed_paths else load_document(me.home)
        )


def settings_page(
    current_path: str,
    *content: rx.Component,
    ready: rx.Var[bool],
    denied_reason: rx.Var[str],
    tools: tuple[rx.Component, ...] = (),
    title: Text = texts.SETTINGS_TITLE,
    full_title: Text = "",
) -> rx.Component:
    """Return a settings page: a skeleton, then the content or why access is denied.

    `current_path` selects the tab; `tools` are the actions in the header.
    """
    is_usable = ready & (denied_reason == "")
    return desk_page(
        w.desk_header(
            title, tools=(rx.cond(is_usable, rx.fragment(*tools)),), full_title=full_title
        ),
        rx.cond(
            Sidebar.settings_paths.length() > 0,
            rx.el.div(
                w.tab_links(
                    *(
                        rx.cond(
                            Sidebar.settings_paths.contains(page.path),
                            w.tab_link(
                                page.label, to=page.path, is_current=page.path == current_path
                            ),
                        )
                        for page in SETTINGS_PAGES
                    ),
                    label=texts.SETTINGS_TITLE,
                ),
                class_name="settings-tabs",
            ),
        ),
        rx.el.div(
            mail_notice(),
            rx.cond(
                ready,
                rx.cond(
                    denied_reason != "",
                    w.empty_state("lock", texts.SETTINGS_DENIED_TITLE, denied_reason),
                    rx.fragment(*content),
                ),
                w.queue_skeleton(6),
            ),
            class_name="settings",
        ),
    )


def settings_redirect_placeholder() -> rx.Component:
    """Return what is visible while /admin redirects."""
    return desk_page(w.desk_header(texts.SETTINGS_TITLE), w.queue_skeleton(6))
