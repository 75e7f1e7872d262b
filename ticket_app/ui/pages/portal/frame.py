"""What stands around every page of the portal."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import SignOutForm
from ticket_app.ui.pages.inbox.bell import Bell
from ticket_app.ui.session import Me

LOG_OUT = "/session/logout"
LEAVE = "sign-out"

Here = Literal["tickets", "new", "profile", "inbox", ""]


def _menu() -> rx.Component:
    return w.account_menu(
        Me.name,
        Me.email,
        Me.initials,
        Me.color,
        rx.cond(
            Me.is_staff,
            rx.dropdown_menu.item(
                rx.icon("inbox", size=14), "The desk", on_select=rx.redirect(routes.DESK)
            ),
        ),
        rx.dropdown_menu.item(
            rx.icon("user", size=14), "Profile", on_select=rx.redirect(routes.PORTAL_PROFILE)
        ),
        sign_out=w.click_on(LEAVE),
    )


def portal_page(*content: rx.Component, here: Here = "") -> rx.Component:
    """The portal's frame around a page's content; `here` is the link that is open."""
    return w.portal_frame(
        *content,
        SignOutForm.create(
            rx.el.button(id=LEAVE, type="submit", hidden=True), action=LOG_OUT, method="post"
        ),
        account=Me.username,
        links=[
            w.portal_link("My tickets", to=routes.PORTAL, here=here == "tickets"),
            w.portal_link("New ticket", to=routes.PORTAL_NEW, here=here == "new"),
        ],
        bell=w.bell_link(Bell.unread, to=routes.PORTAL_INBOX, here=here == "inbox"),
        menu=_menu(),
    )
