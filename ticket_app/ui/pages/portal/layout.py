"""The frame of every portal page."""

from __future__ import annotations

from typing import Literal

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.draft_form import SignOutForm
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.pages.inbox.unread_badge import UnreadBadge
from ticket_app.ui.pages.portal import texts

LOG_OUT_URL = "/session/logout"
SIGN_OUT_BUTTON_ID = "sign-out"

CurrentPage = Literal["tickets", "new_ticket", "profile", "inbox", ""]


def _account_menu() -> rx.Component:
    return w.account_menu(
        CurrentUser.name,
        CurrentUser.email,
        CurrentUser.initials,
        CurrentUser.color,
        rx.cond(
            CurrentUser.is_staff,
            rx.dropdown_menu.item(
                rx.icon("inbox", size=14),
                texts.NAVIGATION_WORKSPACE,
                on_select=rx.redirect(routes.DESK),
            ),
        ),
        rx.dropdown_menu.item(
            rx.icon("user", size=14), texts.PROFILE, on_select=rx.redirect(routes.PORTAL_PROFILE)
        ),
        w.notification_settings_item(),
        sign_out=w.click_on(SIGN_OUT_BUTTON_ID),
    )


def portal_page(*content: rx.Component, current_page: CurrentPage = "") -> rx.Component:
    """Return a portal page; `current_page` selects the link in the navigation."""
    return w.portal_layout(
        *content,
        SignOutForm.create(
            rx.el.button(id=SIGN_OUT_BUTTON_ID, type="submit", hidden=True),
            action=LOG_OUT_URL,
            method="post",
        ),
        account=CurrentUser.username,
        links=[
            w.portal_link(texts.MY_TICKETS, to=routes.PORTAL, is_current=current_page == "tickets"),
            w.portal_link(
                texts.NEW_TICKET, to=routes.PORTAL_NEW, is_current=current_page == "new_ticket"
            ),
        ],
        notifications=w.notifications_link(
            UnreadBadge.unread, to=routes.PORTAL_INBOX, is_current=current_page == "inbox"
        ),
        menu=_account_menu(),
    )
