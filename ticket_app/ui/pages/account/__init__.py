"""The pages that links in emails open, and "Forgot password?"."""

from __future__ import annotations

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.account import texts
from ticket_app.ui.pages.account.rating import RateTicket, rate_page
from ticket_app.ui.pages.account.state import (
    AcceptInvitation,
    ForgotPassword,
    ResetPassword,
    VerifyAddress,
)
from ticket_app.ui.pages.account.view import (
    forgot_password_page,
    invitation_page,
    reset_password_page,
    verify_page,
)


def add_pages(app: PageRegistry) -> None:
    """Add the pages; no one needs to be signed in."""
    for page, route, title, load in (
        (forgot_password_page, routes.FORGOT_PASSWORD, texts.FORGOT_TITLE, ForgotPassword.load),
        (reset_password_page, routes.RESET_PASSWORD, texts.RESET_TITLE, ResetPassword.load),
        (invitation_page, routes.INVITATION, texts.INVITATION_TITLE, AcceptInvitation.load),
        (verify_page, routes.VERIFY, texts.VERIFY_TITLE, VerifyAddress.load),
        (rate_page, routes.RATE, texts.RATE_TITLE, RateTicket.load),
    ):
        app.add_page(page, route=route, title=w.window_title(title), on_load=load)
