"""A person's own settings, password and API tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import reflex as rx

from ticket_app.core.people import profiles, sign_in
from ticket_app.core.platform.errors import DeskError, Invalid, Unauthenticated
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.rows import moment

LASTING: Final = {"30": "30 days", "90": "90 days", "365": "A year", "": "Until I revoke it"}


@dataclass(frozen=True)
class Token:
    """An API token without its secret."""

    id: str
    name: str
    hint: str
    created_at: str
    used_at: str
    ends: str


@dataclass(frozen=True)
class Own:
    """What the page opens with."""

    keys_are_on: bool
    has_password: bool
    tokens: list[Token]


def _tokens(desk: Desk) -> list[Token]:
    return [
        Token(
            id=str(row.uuid),
            name=row.name,
            hint=row.hint,
            created_at=moment(row.created_at),
            used_at=moment(row.used_at),
            ends=f"{row.expires_at:%-d %B %Y}" if row.expires_at else "",
        )
        for row in sign_in.my_api_tokens(desk)
    ]


def _own(desk: Desk) -> Own:
    person = profiles.myself(desk)
    return Own(
        keys_are_on=person.preferences.get("keys") != "off",
        has_password=bool(person.password_hash),
        tokens=_tokens(desk),
    )


def _make(desk: Desk, name: str, days: int | None) -> tuple[str, list[Token]]:
    expires_at = desk.now + timedelta(days=days) if days else None
    value, _ = sign_in.make_api_token(desk, name, expires_at=expires_at)
    return value, _tokens(desk)


def _revoke(desk: Desk, token_id: str) -> list[Token]:
    sign_in.revoke_api_token(desk, UUID(token_id))
    return _tokens(desk)


class Profile(rx.State):
    """What somebody may change about themselves."""

    is_loaded: bool = False
    keys_are_on: bool = True
    has_password: bool = True
    tokens: list[Token] = []
    new_token: str = ""
    token_error: str = ""
    old_error: str = ""
    new_error: str = ""
    password_error: str = ""

    @bridge.event
    async def load(self) -> Any:
        """One's preferences, which this browser is told too, and one's tokens."""
        own = await bridge.read(self, _own)
        self.reset()
        self.keys_are_on, self.has_password = own.keys_are_on, own.has_password
        self.tokens, self.is_loaded = own.tokens, True
        return w.remember("keys", "on" if own.keys_are_on else "off")

    @bridge.event
    async def switch_keys(self, on: bool) -> Any:
        """Single keys do something, or nothing."""
        word = "on" if on else "off"
        await bridge.write(self, profiles.prefer, {"keys": word})
        self.keys_are_on = on
        return w.remember("keys", word)

    @bridge.event
    async def choose_theme(self, theme: str) -> Any:
        """Remember the theme for other devices."""
        if theme in ("light", "dark", "system"):
            await bridge.write(self, profiles.prefer, {"theme": theme})
            return w.remember("theme", theme)
        return None

    @bridge.submission
    async def make_token(self, told: dict[str, Any]) -> Any:
        """A new token, shown this once."""
        days = str(told.get("days", ""))
        try:
            self.new_token, self.tokens = await bridge.write(
                self,
                _make,
                str(told.get("token_name", "")),
                int(days) if days in LASTING and days else None,
            )
        except Invalid as wrong:
            self.token_error = f"A name {wrong.reason}"
            return None
        self.token_error = ""
        return w.clear_text("token_name")

    @bridge.event
    def hide_token(self) -> None:
        """It was copied; it is never shown again."""
        self.new_token = ""

    @bridge.event
    async def revoke(self, token_id: str) -> Any:
        """A token stops working at once."""
        self.tokens = await bridge.write(self, _revoke, token_id)
        self.new_token = ""
        return w.toast("Token revoked")

    @bridge.submission
    async def change_password(self, told: dict[str, Any]) -> Any:
        """A new password for the old one."""
        self.old_error = self.new_error = self.password_error = ""
        old, new = str(told.get("old_password", "")), str(told.get("new_password", ""))
        try:
            prepared = await bridge.read(self, sign_in.prepare_password, old, new)
            await bridge.write(self, sign_in.change_password, prepared)
        except Unauthenticated:
            raise
        except Invalid as wrong:
            if wrong.field == "old_password":
                self.old_error = f"This {wrong.reason}"
            else:
                self.new_error = f"The new password {wrong.reason}"
            return w.focus_on(wrong.field)
        except DeskError as refused:
            self.password_error = refused.message
            return None
        return [
            w.clear_text("old_password"),
            w.clear_text("new_password"),
            w.toast("Password changed", tone="green", detail="Every other sign-in has ended."),
        ]
