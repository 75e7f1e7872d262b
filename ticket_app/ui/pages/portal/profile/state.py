"""The state of the profile page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import reflex as rx

from ticket_app.core.conversation import held_replies
from ticket_app.core.people import profiles, verification
from ticket_app.core.people.api_tokens import (
    create_api_token,
    list_own_api_tokens,
    revoke_api_token,
)
from ticket_app.core.people.credentials import change_password, prepare_password_change
from ticket_app.core.platform.errors import DomainError, Invalid, Unauthenticated
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import first_keystroke
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.rows import iso_time

TOKEN_LIFETIMES: Final = {
    "30": texts.PROFILE_TOKEN_30_DAYS,
    "90": texts.PROFILE_TOKEN_90_DAYS,
    "365": texts.PROFILE_TOKEN_YEAR,
    "": texts.PROFILE_TOKEN_FOREVER,
}


@dataclass(frozen=True)
class TokenRow:
    """An API token without its secret."""

    id: str
    name: str
    hint: str
    created_at: str
    used_at: str
    expires_on: str


@dataclass(frozen=True)
class ProfileData:
    """The data of the page."""

    shortcuts_enabled: bool
    assigns_on_typing: bool
    undo_seconds: str
    has_password: bool
    is_email_verified: bool
    tokens: list[TokenRow]


def _list_tokens(uow: UnitOfWork) -> list[TokenRow]:
    return [
        TokenRow(
            id=str(row.uuid),
            name=row.name,
            hint=row.hint,
            created_at=iso_time(row.created_at),
            used_at=iso_time(row.used_at),
            expires_on=f"{row.expires_at:%-d %B %Y}" if row.expires_at else "",
        )
        for row in list_own_api_tokens(uow)
    ]


def _load_profile(uow: UnitOfWork) -> ProfileData:
    person = profiles.get_own_person(uow)
    return ProfileData(
        shortcuts_enabled=person.preferences.get("keys") != "off",
        assigns_on_typing=first_keystroke.is_chosen(person.preferences),
        undo_seconds=str(held_replies.read_undo_seconds(person.preferences)),
        has_password=bool(person.password_hash),
        is_email_verified=person.email_verified_at is not None,
        tokens=_list_tokens(uow),
    )


def _create_token(uow: UnitOfWork, name: str, days: int | None) -> tuple[str, list[TokenRow]]:
    expires_at = uow.now + timedelta(days=days) if days else None
    value, _ = create_api_token(uow, name, expires_at=expires_at)
    return value, _list_tokens(uow)


def _revoke_token(uow: UnitOfWork, token_id: str) -> list[TokenRow]:
    revoke_api_token(uow, UUID(token_id))
    return _list_tokens(uow)


class Profile(rx.State):
    """The signed-in person's preferences, password and API tokens."""

    is_loaded: bool = False
    shortcuts_enabled: bool = True
    assigns_on_typing: bool = False
    undo_seconds: str = str(held_replies.DEFAULT_UNDO_SECONDS)
    has_password: bool = True
    tokens: list[TokenRow] = []
    new_token: str = ""
    token_error: str = ""
    current_password_error: str = ""
    new_password_error: str = ""
    password_error: str = ""
    email_error: str = ""
    is_email_verified: bool = True

    @bridge.event
    async def load(self) -> bridge.Events:
        """Load the preferences, apply them in this browser, and load the API tokens."""
        data = await bridge.read(self, _load_profile)
        self.reset()
        self.shortcuts_enabled, self.has_password = data.shortcuts_enabled, data.has_password
        self.is_email_verified = data.is_email_verified
        self.undo_seconds, self.assigns_on_typing = data.undo_seconds, data.assigns_on_typing
        self.tokens, self.is_loaded = data.tokens, True
        return w.set_browser_preference("keys", "on" if data.shortcuts_enabled else "off")

    @bridge.event
    async def toggle_shortcuts(self, is_on: bool) -> bridge.Events:
        """Turn single-key shortcuts on or off."""
        value = "on" if is_on else "off"
        await bridge.write(self, profiles.update_preferences, {"keys": value})
        self.shortcuts_enabled = is_on
        return w.set_browser_preference("keys", value)

    @bridge.event
    async def toggle_assigns_on_typing(self, is_on: bool) -> None:
        """Choose whether the first key of a reply assigns an unassigned ticket."""
        await bridge.write(self, first_keystroke.set_own_choice, is_on)
        self.assigns_on_typing = is_on

    @bridge.event
    async def choose_undo_seconds(self, seconds: str) -> bridge.Events:
        """Set for how long a reply can be taken back after sending it."""
        if seconds.isdecimal():
            await bridge.write(self, held_replies.set_own_undo_seconds, int(seconds))
            self.undo_seconds = seconds
        return None

    @bridge.event
    async def choose_theme(self, theme: str) -> bridge.Events:
        """Save the theme for other devices."""
        if theme in ("light", "dark", "system"):
            await bridge.write(self, profiles.update_preferences, {"theme": theme})
            return w.set_browser_preference("theme", theme)
        return None

    @bridge.submission
    async def create_token(self, data: bridge.FormData) -> bridge.Events:
        """Create a token and show it once."""
        days = str(data.get("days", ""))
        try:
            self.new_token, self.tokens = await bridge.write(
                self,
                _create_token,
                str(data.get("token_name", "")),
                int(days) if days in TOKEN_LIFETIMES and days else None,
            )
        except Invalid as error:
            self.token_error = texts.profile_token_name_invalid(error.reason)
            return None
        self.token_error = ""
        return w.clear_text("token_name")

    @bridge.event
    def hide_token(self) -> None:
        """Hide the token; it cannot be shown again."""
        self.new_token = ""

    @bridge.event
    async def revoke_token(self, token_id: str) -> bridge.Events:
        """Revoke a token immediately."""
        self.tokens = await bridge.write(self, _revoke_token, token_id)
        self.new_token = ""
        return w.toast(texts.PROFILE_TOKEN_REVOKED)

    @bridge.event
    async def resend_verification(self) -> bridge.Events:
        """Send the link to verify the address again."""
        await bridge.write(self, verification.resend_own_verification)
        return w.toast(
            texts.PROFILE_EMAIL_SENT, tone="green", detail=texts.PROFILE_EMAIL_SENT_DETAIL
        )

    @bridge.submission
    async def change_email(self, data: bridge.FormData) -> bridge.Events:
        """Send a link to a new address, or again to one that is not verified."""
        self.email_error = ""
        try:
            await bridge.write(
                self, verification.request_address_change, str(data.get("new_email", ""))
            )
        except Unauthenticated:
            raise
        except Invalid as error:
            self.email_error = texts.profile_email_invalid(error.reason)
            return w.focus_on("new_email")
        except DomainError as error:
            self.email_error = error.message
            return None
        return [
            w.clear_text("new_email"),
            w.toast(texts.PROFILE_EMAIL_SENT, tone="green", detail=texts.PROFILE_EMAIL_SENT_DETAIL),
        ]

    @bridge.submission
    async def change_password(self, data: bridge.FormData) -> bridge.Events:
        self.current_password_error = self.new_password_error = self.password_error = ""
        old, new = str(data.get("old_password", "")), str(data.get("new_password", ""))
        try:
            new_password = await bridge.read(self, prepare_password_change, old, new)
            await bridge.write(self, change_password, new_password)
        except Unauthenticated:
            raise
        except Invalid as error:
            if error.field == "old_password":
                self.current_password_error = texts.profile_password_invalid(error.reason)
            else:
                self.new_password_error = texts.profile_new_password_invalid(error.reason)
            return w.focus_on(error.field)
        except DomainError as error:
            self.password_error = error.message
            return None
        return [
            w.clear_text("old_password"),
            w.clear_text("new_password"),
            w.toast(
                texts.PROFILE_PASSWORD_CHANGED,
                tone="green",
                detail=texts.PROFILE_PASSWORD_CHANGED_DETAIL,
            ),
        ]
