"""What stands around every page of the settings: the desk, and a row of tabs."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.page_calls import go
from ticket_app.ui.pages.desk.frame import Rail, desk_page
from ticket_app.ui.pages.desk.set_up import SETTINGS, settings_for
from ticket_app.ui.session import Me


class Settings(rx.State):
    """The way into the settings."""

    @bridge.event
    async def lead(self) -> Any:
        """To the first page of the settings that one may use, or else to where one works."""
        may = await bridge.read(self, settings_for)
        me = await self.get_state(Me)
        return rx.redirect(may[0], replace=True) if may else go(me.home)


def settings_page(
    here: str,
    *content: rx.Component,
    ready: rx.Var[bool],
    refused: rx.Var[str],
    tools: tuple[rx.Component, ...] = (),
    title: Any = "Settings",
    full: Any = "",
) -> rx.Component:
    """A page of the settings; `here` is its address, `tools` what can be done on it.

    Until it is `ready` its place is kept; who may not use it reads why.
    """
    usable = ready & (refused == "")
    return desk_page(
        w.desk_header(title, tools=(rx.cond(usable, rx.fragment(*tools)),), full=full),
        rx.el.div(
            w.tab_links(
                *(
                    rx.cond(
                        Rail.settings.contains(page.path),
                        w.tab_link(page.word, to=page.path, here=page.path == here),
                    )
                    for page in SETTINGS
                ),
                label="Settings",
            ),
            class_name="settings-tabs",
        ),
        rx.el.div(
            rx.cond(
                ready,
                rx.cond(
                    refused != "",
                    w.empty_state("lock", "This page is for administrators", refused),
                    rx.fragment(*content),
                ),
                w.queue_skeleton(6),
            ),
            class_name="settings",
        ),
    )


def leading_page() -> rx.Component:
    """What shows for the moment in which /admin leads on."""
    return desk_page(w.desk_header("Settings"), w.queue_skeleton(6))
