"""The state of the settings page of rating requests."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import rating_requests
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.admin.ratings import texts


def _save(uow: UnitOfWork, is_active: bool, delay_hours: int) -> None:
    rating_requests.change_rating_request_settings(
        uow, is_active=is_active, delay_hours=delay_hours
    )


class RatingSettings(rx.State):
    """Whether requesters are asked to rate, and when."""

    is_active: bool = False
    delay_hours: str = ""
    error: str = ""
    is_loaded: bool = False
    denied_reason: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load the settings."""
        self.error = self.denied_reason = ""
        try:
            found = await bridge.read(self, rating_requests.get_settings)
            self.is_active, self.delay_hours = found.is_active, str(found.delay_hours)
        except Forbidden as error:
            self.denied_reason = error.message
        self.is_loaded = True

    @bridge.submission
    async def save(self, form: bridge.FormData) -> bridge.Events:
        """Save the settings."""
        hours, self.error = str(form.get("delay_hours", "")).strip(), ""
        is_active = bool(form.get("is_active"))
        try:
            if not (hours.isdecimal() and len(hours) < 5):
                raise Invalid("delay_hours", texts.DELAY_INVALID)
            await bridge.write(self, _save, is_active, int(hours))
        except Invalid:
            self.error = texts.DELAY_INVALID
            return w.focus_on("delay_hours")
        self.is_active, self.delay_hours = is_active, hours
        return w.toast(texts.SAVED, tone="green")
