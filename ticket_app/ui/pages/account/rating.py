"""The page that rates a resolved ticket."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.people.account_links import LinkNotValid
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.tickets import rating_requests
from ticket_app.core.tickets.rating import MAX_COMMENT_LENGTH
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.account import texts
from ticket_app.ui.pages.account.state import link_token
from ticket_app.ui.pages.account.view import expired_link_notice


class RateTicket(rx.State):
    """The form that rates a resolved ticket."""

    step: str = ""
    key: str = ""
    title: str = ""
    error: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show the ticket, or that the link no longer works."""
        self.reset()
        try:
            ticket = await bridge.read(self, rating_requests.find_rated_ticket, link_token(self))
        except LinkNotValid:
            self.step = "expired"
            return
        self.key, self.title, self.step = ticket.key, ticket.title, "form"

    @bridge.submission
    async def send(self, form: bridge.FormData) -> bridge.Events:
        """Rate the ticket for its requester."""
        chosen, comment = str(form.get("rating", "")), str(form.get("comment", ""))
        if chosen not in dict(texts.RATE_SCALE):
            self.error = texts.RATE_CHOOSE
            return None
        try:
            await bridge.write(
                self, rating_requests.rate_by_link, link_token(self), int(chosen), comment
            )
        except LinkNotValid:
            self.step = "expired"
            return None
        except DomainError as error:
            self.error = error.message
            return None
        self.step = "finished"
        return None


def _rating_choice(value: str, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="rating", value=value, required=True),
        rx.el.b(value),
        rx.el.span(label),
        class_name="rating-choice",
    )


def rate_page() -> rx.Component:
    """Return the form that rates a resolved ticket."""
    state = RateTicket
    form = rx.el.form(
        rx.cond(state.error, w.callout(state.error)),
        rx.el.p(
            rx.el.span(state.key, class_name="text-muted"),
            " ",
            rx.el.strong(state.title, dir="auto"),
        ),
        rx.el.fieldset(
            rx.el.legend(texts.RATE_QUESTION, class_name="field-label"),
            *(_rating_choice(value, label) for value, label in texts.RATE_SCALE),
            class_name="rating-choices",
        ),
        w.field(
            texts.RATE_COMMENT,
            w.text_area("comment", max_length=MAX_COMMENT_LENGTH),
            name="comment",
            optional=True,
        ),
        w.button(texts.RATE_SEND, variant="primary", size="full", submit=True),
        on_submit=state.send,
        class_name="auth-fields",
        no_validate=True,
    )
    return w.auth_layout(
        texts.RATE_TITLE,
        rx.match(
            state.step,
            ("form", form),
            ("finished", w.callout(texts.RATE_DONE, tone="green")),
            ("expired", expired_link_notice(texts.RATE_EXPIRED_HINT)),
            w.card_skeleton(1),
        ),
    )
