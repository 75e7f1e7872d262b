"""The signed-in person, for display only: the core decides what they may do."""

from __future__ import annotations

import reflex as rx
from reflex.event import EventSpec

from ticket_app.core.people import profiles
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.page_calls import load_document
from ticket_app.ui.rows import initials_of, person_color_number


def _load_profile(uow: UnitOfWork) -> tuple[Actor, dict[str, object]]:
    """Return the signed-in person and their preferences."""
    return uow.actor, profiles.get_own_person(uow).preferences


class CurrentUser(rx.State):
    """The person whose session this is. Its redirects are a convenience; the core checks access."""

    name: str = ""
    username: str = ""
    email: str = ""
    role: str = ""
    initials: str = ""
    color: int = 0
    is_staff: bool = False
    is_signed_in: bool = False
    home: str = routes.HOME
    _preferences: dict[str, str] = {}
    _sent_preferences: dict[str, str] = {}

    async def _load_user(self) -> EventSpec | None:
        try:
            actor, preferences = await bridge.read(self, _load_profile)
        except Unauthenticated:
            self.is_signed_in = False
            url = self.router.url
            next_path = url.path + (f"?{url.query}" if url.query else "")
            return load_document(routes.login("" if next_path == routes.HOME else next_path))
        self.name, self.username, self.email = actor.full_name, actor.username, actor.email
        self.role, self.is_staff, self.is_signed_in = str(actor.role), actor.is_staff, True
        self.initials, self.color = initials_of(self.name), person_color_number(self.username)
        self.home = routes.DESK if self.is_staff else routes.PORTAL
        self._preferences = {name: str(preferences.get(name) or "") for name in ("theme", "keys")}
        return None

    def _send_preferences(self) -> list[EventSpec]:
        """Return events that send the person's preferences to a browser that does not have them
        yet.
        """
        already_sent, self._sent_preferences = self._sent_preferences, self._preferences
        return [
            w.set_browser_preference(name, word)
            for name, word in self._preferences.items()
            if word and already_sent.get(name) != word
        ]

    @bridge.event
    async def load(self) -> bridge.Events:
        """Load the signed-in person; redirect an anonymous visitor to the sign-in page."""
        return await self._load_user() or self._send_preferences()

    @bridge.event
    async def load_staff(self) -> bridge.Events:
        """Like `load`, for staff pages: requesters are redirected to their own tickets."""
        redirect = await self._load_user()
        return redirect or (
            self._send_preferences() if self.is_staff else load_document(routes.PORTAL)
        )

    @bridge.event
    async def go_home(self) -> bridge.Events:
        """Redirect from the root to the home page of the person's role, or to a shortcut's page."""
        redirect = await self._load_user()
        shortcut = self.router.url.query_parameters.get(routes.SHORTCUT_PARAMETER, "")
        page = routes.shortcut_page(shortcut, is_staff=self.is_staff) or self.home
        return redirect or rx.redirect(page, replace=True)
