"""Who is at this tab, as the frames show it; never what decides what they may do."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ticket_app.core.people import profiles
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.page_calls import go
from ticket_app.ui.rows import color_of, initials_of


def _who(desk: Desk) -> dict[str, Any]:
    actor = desk.actor
    return {
        "name": actor.full_name,
        "username": actor.username,
        "email": actor.email,
        "role": str(actor.role),
        "is_staff": actor.is_staff,
        "preferences": profiles.myself(desk).preferences,
    }


class Me(rx.State):
    """The person whose session this is. Guards here are for the eye; the core is the guard."""

    name: str = ""
    username: str = ""
    email: str = ""
    role: str = ""
    initials: str = ""
    color: int = 0
    is_staff: bool = False
    is_known: bool = False
    home: str = routes.HOME
    _likes: dict[str, str] = {}
    _told: dict[str, str] = {}

    async def _know(self) -> Any:
        try:
            who = await bridge.read(self, _who)
        except Unauthenticated:
            self.is_known = False
            here = self.router.url
            then = here.path + (f"?{here.query}" if here.query else "")
            return go(routes.login("" if then == routes.HOME else then))
        self.name, self.username, self.email = who["name"], who["username"], who["email"]
        self.role, self.is_staff, self.is_known = who["role"], who["is_staff"], True
        self.initials, self.color = initials_of(self.name), color_of(self.username)
        self.home = routes.DESK if self.is_staff else routes.PORTAL
        self._likes = {name: who["preferences"].get(name, "") for name in ("theme", "keys")}
        return None

    def _tell(self) -> Any:
        """What this person likes, to a browser that was not told yet."""
        told, self._told = self._told, self._likes
        return [
            w.remember(name, word)
            for name, word in self._likes.items()
            if word and told.get(name) != word
        ]

    @bridge.event
    async def load(self) -> Any:
        """Show whose session this is, as they like it; send strangers to sign in."""
        return await self._know() or self._tell()

    @bridge.event
    async def load_staff(self) -> Any:
        """As `load`, for pages of the desk: others are sent to their own tickets."""
        leave = await self._know()
        return leave or (self._tell() if self.is_staff else go(routes.PORTAL))

    @bridge.event
    async def go_home(self) -> Any:
        """From the root to where somebody of this role works."""
        leave = await self._know()
        return leave or rx.redirect(self.home, replace=True)
