"""The settings page of rating requests."""

from __future__ import annotations

import reflex as rx

from ticket_app.ui import routes
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.layout import settings_page
from ticket_app.ui.pages.admin.ratings import texts
from ticket_app.ui.pages.admin.ratings.state import RatingSettings


def ratings_page() -> rx.Component:
    """Return the switch and the delay."""
    form = rx.el.form(
        rx.el.p(texts.LEAD, class_name="text-muted"),
        rx.el.label(
            rx.el.input(
                type="checkbox", name="is_active", default_checked=RatingSettings.is_active
            ),
            rx.el.span(texts.ACTIVE),
            class_name="checkbox-option",
        ),
        w.field(
            texts.DELAY,
            w.text_input(
                "delay_hours",
                value=RatingSettings.delay_hours,
                input_mode="numeric",
                auto_complete="off",
                max_length=4,
            ),
            name="delay_hours",
            hint=texts.DELAY_HINT,
            error=RatingSettings.error,
        ),
        rx.el.div(w.button(texts.SAVE, variant="primary", submit=True)),
        on_submit=RatingSettings.save,
        class_name="form narrow-form",
        no_validate=True,
    )
    return settings_page(
        routes.ADMIN_RATINGS,
        form,
        ready=RatingSettings.is_loaded,
        denied_reason=RatingSettings.denied_reason,
    )
