"""What the pages that links in emails open show, and what their buttons do."""

from __future__ import annotations

import reflex as rx

from ticket_app.core.people import invitations, password_reset, verification
from ticket_app.core.people.account_links import LinkNotValid
from ticket_app.core.platform.errors import DomainError, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.ui import bridge
from ticket_app.ui import widgets as w
from ticket_app.ui.pages.account import texts
from ticket_app.ui.tab_session import client_address


def link_token(page: rx.State) -> str:
    """Return the token at the end of the address."""
    return str(page.router.url.path).rstrip("/").rpartition("/")[2]


class ForgotPassword(rx.State):
    """The form that asks for a link to choose a new password."""

    error: str = ""
    email_error: str = ""
    is_sent: bool = False

    @bridge.event
    def load(self) -> None:
        """Begin with an empty form."""
        self.reset()

    @bridge.event
    def start_again(self) -> None:
        """Show the form again."""
        self.reset()

    @bridge.submission
    async def send(self, form: bridge.FormData) -> bridge.Events:
        """Ask for a link; the answer does not show whether the address has an account."""
        self.error = self.email_error = ""
        email = str(form.get("email", ""))
        try:
            await bridge.write(self, password_reset.request_reset, email, client_address(self))
        except Invalid as error:
            self.email_error = texts.email_invalid(error.reason)
            return w.focus_on("email")
        except DomainError as error:
            self.error = error.message
            return None
        self.is_sent = True
        return None


def _reset_account(uow: UnitOfWork, token: str) -> str:
    _, person = password_reset.find_reset(uow, token)
    return person.username


class ResetPassword(rx.State):
    """The form for a new password."""

    step: str = ""
    account: str = ""
    error: str = ""
    password_error: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show whose password it is, or that the link no longer works."""
        self.reset()
        try:
            self.account = await bridge.read(self, _reset_account, link_token(self))
            self.step = "form"
        except LinkNotValid:
            self.step = "expired"

    @bridge.submission
    async def save(self, form: bridge.FormData) -> bridge.Events:
        """Set the new password."""
        self.error = self.password_error = ""
        token, password = link_token(self), str(form.get("password", ""))
        try:
            password_hash = await bridge.read(self, password_reset.prepare_reset, token, password)
            await bridge.write(self, password_reset.reset_password, token, password_hash)
        except LinkNotValid:
            self.step = "expired"
            return None
        except Invalid as error:
            self.password_error = texts.password_invalid(error.reason)
            return w.focus_on("password")
        self.step = "finished"
        return None


def _invited_address(uow: UnitOfWork, token: str) -> str:
    return invitations.find_invited(uow, token).email


def _accept(
    uow: UnitOfWork, token: str, first_name: str, last_name: str, password_hash: str
) -> None:
    invitations.accept_invitation(
        uow, token, first_name=first_name, last_name=last_name, password_hash=password_hash
    )


class AcceptInvitation(rx.State):
    """The form for the name and password of an invited person."""

    step: str = ""
    account: str = ""
    error: str = ""
    first_name_error: str = ""
    last_name_error: str = ""
    password_error: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show the invited address, or that the link no longer works."""
        self.reset()
        try:
            self.account = await bridge.read(self, _invited_address, link_token(self))
            self.step = "form"
        except LinkNotValid:
            self.step = "expired"

    @bridge.submission
    async def accept(self, form: bridge.FormData) -> bridge.Events:
        """Set the name and the password."""
        self.error = self.first_name_error = self.last_name_error = self.password_error = ""
        token, password = link_token(self), str(form.get("password", ""))
        names = str(form.get("first_name", "")), str(form.get("last_name", ""))
        try:
            password_hash = await bridge.read(self, invitations.prepare_acceptance, token, password)
            await bridge.write(self, _accept, token, *names, password_hash)
        except LinkNotValid:
            self.step = "expired"
            return None
        except Invalid as error:
            if error.field == "password":
                self.password_error = texts.password_invalid(error.reason)
            elif error.field == "last_name":
                self.last_name_error = texts.name_invalid(error.reason)
            else:
                self.first_name_error = texts.name_invalid(error.reason)
            return w.focus_on(error.field)
        except DomainError as error:
            self.error = error.message
            return None
        self.step = "finished"
        return None


def _verified_address(uow: UnitOfWork, token: str) -> str:
    return verification.find_verification(uow, token).address


def _verify(uow: UnitOfWork, token: str) -> None:
    verification.verify_address(uow, token)


class VerifyAddress(rx.State):
    """The button that confirms an address."""

    step: str = ""
    account: str = ""
    error: str = ""

    @bridge.event
    async def load(self) -> None:
        """Show the address, or that the link no longer works."""
        self.reset()
        try:
            self.account = await bridge.read(self, _verified_address, link_token(self))
            self.step = "form"
        except LinkNotValid:
            self.step = "expired"

    @bridge.submission
    async def confirm(self, _form: bridge.FormData) -> bridge.Events:
        """Confirm the address."""
        try:
            await bridge.write(self, _verify, link_token(self))
        except LinkNotValid:
            self.step = "expired"
            return None
        except DomainError as error:
            self.error = error.message
            return None
        self.step = "finished"
        return None
