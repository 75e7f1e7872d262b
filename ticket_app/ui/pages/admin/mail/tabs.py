"""The tabs of the email pages."""

from __future__ import annotations

from typing import Final

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.mail import texts

_TABS: Final = (
    (texts.OUTGOING, routes.ADMIN_MAIL),
    (texts.PARKED, routes.ADMIN_MAIL_PARKED),
    (texts.MAILBOXES, routes.ADMIN_MAIL_MAILBOXES),
    (texts.TEMPLATES, routes.ADMIN_MAIL_TEMPLATES),
    (texts.ADDRESSES, routes.ADMIN_MAIL_ADDRESSES),
)


def mail_tabs(current_path: str) -> rx.Component:
    """Return the tabs of the email pages."""
    return w.tab_links(
        *(w.tab_link(label, to=path, is_current=path == current_path) for label, path in _TABS),
        label=texts.TABS,
    )
