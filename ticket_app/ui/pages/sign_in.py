"""Sign-in, registration, the root page that redirects home, and the 404 page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import reflex as rx

from ticket_app.core.people import demo_accounts, passwords, verification
from ticket_app.core.people.registration import validate_registration_field
from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import Conflict, DomainError, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.installed_app import UnreadCount
from ticket_app.ui.components.remembered_form import RememberedForm
from ticket_app.ui.current_user import CurrentUser
from ticket_app.ui.page_registry import PageRegistry
from ticket_app.ui.pages.account import texts as account_texts
from ticket_app.ui.pages.portal import texts
from ticket_app.ui.post_form import post_form
from ticket_app.ui.tab_session import client_address

LOG_IN_URL: Final = "/session/login"
SIGN_UP_URL: Final = "/session/register"

ERROR_FIELDS: Final = (
    ("Username ", "username"),
    ("This username", "username"),
    ("Email ", "email"),
    ("An account with this email", "email"),
    ("Password ", "password"),
    ("First name ", "first_name"),
    ("This name", "first_name"),
    ("Last name ", "last_name"),
)
"""How an error message of registration starts, and the field it belongs to."""


@dataclass(frozen=True)
class DemoAccountRow:
    """A demo account that can be signed in to with one click."""

    username: str
    shows: str


@dataclass(frozen=True)
class SignInOptions:
    """Options of the sign-in page besides the form."""

    accounts: list[DemoAccountRow]
    password: str
    registration: bool


def _load_options(uow: UnitOfWork) -> SignInOptions:
    offered = demo_accounts.get_demo_credentials(uow)
    accounts = offered.accounts if offered.password else []
    return SignInOptions(
        accounts=[DemoAccountRow(one.username, one.description) for one in accounts],
        password=offered.password or "",
        registration=settings().registration,
    )


def split_error_by_field(message: str) -> dict[str, str]:
    """Return each sentence of a registration error by field; "" is the place above the form."""
    errors: dict[str, str] = {}
    for sentence in filter(None, message.split("; ")):
        place = next((field for prefix, field in ERROR_FIELDS if sentence.startswith(prefix)), "")
        errors[place] = f"{errors[place]}. {sentence}" if place in errors else sentence
    return errors


def read_signed_error(params: Mapping[str, str], page: str) -> str:
    """Return the error in the address, if signed: links cannot inject text."""
    message = params.get("error", "")
    return message if secrets.verify_signature(params.get("seal", ""), page, message) else ""


class SignIn(rx.State):
    """The sign-in page."""

    error: str = ""
    next_path: str = routes.HOME
    accounts: list[DemoAccountRow] = []
    demo_password: str = ""
    can_register: bool = False
    notice: str = ""
    resend_token: str = ""

    @bridge.event
    async def load(self) -> None:
        """Load the error, the next page and the demo accounts."""
        params = self.router.url.query_parameters
        self.error, self.next_path = (
            read_signed_error(params, routes.LOGIN),
            params.get("next", routes.HOME),
        )
        self.resend_token = params.get("resend", "")[:200] if self.error else ""
        self.notice = account_texts.VERIFY_REGISTERED if params.get("registered") else ""
        options = await bridge.read(self, _load_options)
        self.accounts, self.demo_password = options.accounts, options.password
        self.can_register = options.registration

    @bridge.event
    async def resend_verification(self) -> None:
        """Send the link to verify the address again, to who has just given the right password."""
        token, self.resend_token = self.resend_token, ""
        try:
            await bridge.write(self, verification.resend_by_token, token, client_address(self))
        except DomainError as error:
            self.error = error.message
            return
        self.error, self.notice = "", account_texts.VERIFY_RESENT


class Register(rx.State):
    """The registration page and the errors of its fields."""

    error: str = ""
    username_error: str = ""
    email_error: str = ""
    password_error: str = ""
    first_name_error: str = ""
    last_name_error: str = ""
    is_username_free: bool = False
    is_open: bool = True
    _username: str = ""

    def _show_errors(self, errors: dict[str, str]) -> None:
        for field in ("username", "email", "password", "first_name", "last_name"):
            setattr(self, f"{field}_error", errors.get(field, ""))
        self.error = errors.get("", "")

    @bridge.event
    def load(self) -> None:
        """Show the server's errors at their fields."""
        self._show_errors(
            split_error_by_field(
                read_signed_error(self.router.url.query_parameters, routes.REGISTER)
            )
        )
        self.is_username_free, self.is_open = False, settings().registration

    async def _check(self, field: str, value: str) -> str:
        if not value:
            return ""
        address = self.router.session.client_ip
        try:
            await bridge.read(
                self,
                validate_registration_field,
                field,
                value,
                address,
                typed_username=self._username,
            )
        except Invalid as error:
            return f"{field.capitalize().replace('Email', texts.REGISTER_EMAIL)} {error.reason}"
        except Conflict as conflict:
            return conflict.message
        except DomainError:
            return ""
        return ""

    @bridge.event
    async def check_username(self, value: str) -> None:
        """Check whether the username is valid and free."""
        self._username = value
        self.username_error = await self._check("username", value)
        self.is_username_free = bool(value) and not self.username_error

    @bridge.event
    async def check_email(self, value: str) -> None:
        """Check whether the email address is valid."""
        self.email_error = await self._check("email", value)

    @bridge.event
    async def check_password(self, value: str) -> None:
        """Check whether the password is accepted."""
        self.password_error = await self._check("password", value)


def redirecting_page() -> rx.Component:
    """Return what is visible while the root redirects."""
    return rx.el.main(
        rx.el.span(texts.SIGN_IN_OPENING, role="status", class_name="visually-hidden")
    )


def _demo_account(account: rx.Var[DemoAccountRow]) -> rx.Component:
    return post_form(
        rx.el.input(type="hidden", name="username", value=account.username, read_only=True),
        rx.el.input(type="hidden", name="password", value=SignIn.demo_password, read_only=True),
        rx.el.input(type="hidden", name="next", value=SignIn.next_path, read_only=True),
        rx.el.button(
            rx.el.b(account.username),
            rx.el.span(account.shows),
            type="submit",
            class_name="demo-account",
            aria_label=texts.sign_in_as(account.username),
        ),
        action=LOG_IN_URL,
        key=account.username,
    )


def login_page() -> rx.Component:
    """Return the sign-in form with the demo accounts below."""
    fields = RememberedForm.create(
        rx.cond(SignIn.error, w.callout(SignIn.error)),
        rx.cond(
            SignIn.resend_token,
            w.button(account_texts.VERIFY_RESEND, size="full", on_click=SignIn.resend_verification),
        ),
        rx.cond(SignIn.notice, w.callout(SignIn.notice, tone="green")),
        rx.el.input(type="hidden", name="next", value=SignIn.next_path, read_only=True),
        w.field(
            texts.SIGN_IN_USERNAME_OR_EMAIL,
            w.text_input("username", auto_complete="username", required=True, auto_focus=True),
            name="username",
        ),
        w.field(
            texts.SIGN_IN_PASSWORD,
            w.text_input(
                "password", input_type="password", auto_complete="current-password", required=True
            ),
            name="password",
        ),
        rx.el.div(
            w.link(account_texts.FORGOT, to=routes.FORGOT_PASSWORD),
            class_name="forgot-password",
        ),
        w.button(texts.SIGN_IN_TITLE, variant="primary", size="full", submit=True),
        action=LOG_IN_URL,
        class_name="auth-fields",
        name="login",
    )
    demo_section = rx.cond(
        SignIn.accounts,
        rx.el.section(
            rx.el.h2(texts.SIGN_IN_DEMO),
            rx.el.div(rx.foreach(SignIn.accounts, _demo_account), class_name="demo-accounts"),
            rx.el.p(
                texts.SIGN_IN_DEMO_PASSWORD,
                rx.el.code(SignIn.demo_password),
                class_name="text-muted",
            ),
            class_name="demo",
            aria_label=texts.SIGN_IN_DEMO,
        ),
    )
    return w.auth_layout(
        texts.SIGN_IN_TITLE,
        UnreadCount.create(unread=0),
        fields,
        demo_section,
        footer=[
            rx.cond(
                SignIn.can_register,
                rx.el.span(
                    texts.SIGN_IN_NEW_HERE, w.link(texts.SIGN_IN_CREATE_ACCOUNT, to=routes.REGISTER)
                ),
            )
        ],
    )


def register_page() -> rx.Component:
    """Return the registration form; fields are validated while typing."""
    fields = RememberedForm.create(
        rx.cond(Register.error, w.callout(Register.error)),
        w.field(
            texts.REGISTER_USERNAME,
            w.text_input(
                "username",
                auto_complete="username",
                required=True,
                max_length=150,
                auto_focus=True,
                on_change=Register.check_username.debounce(400),
            ),
            name="username",
            hint=rx.el.span(
                rx.cond(
                    Register.is_username_free,
                    rx.el.span(
                        rx.icon("check", size=14),
                        texts.REGISTER_USERNAME_FREE,
                        class_name="success-text",
                    ),
                    texts.REGISTER_USERNAME_HINT,
                ),
                role="status",
            ),
            error=Register.username_error,
        ),
        w.field(
            texts.REGISTER_EMAIL,
            w.text_input(
                "email",
                input_type="email",
                auto_complete="email",
                required=True,
                max_length=254,
                on_change=Register.check_email.debounce(600),
            ),
            name="email",
            error=Register.email_error,
        ),
        w.field(
            texts.SIGN_IN_PASSWORD,
            w.text_input(
                "password",
                input_type="password",
                auto_complete="new-password",
                required=True,
                max_length=1024,
                on_change=Register.check_password.debounce(500),
            ),
            name="password",
            hint=texts.register_password_hint(passwords.MIN_LENGTH),
            error=Register.password_error,
        ),
        rx.el.div(
            w.field(
                texts.REGISTER_FIRST_NAME,
                w.text_input("first_name", auto_complete="given-name", max_length=150),
                name="first_name",
                optional=True,
                error=Register.first_name_error,
            ),
            w.field(
                texts.REGISTER_LAST_NAME,
                w.text_input("last_name", auto_complete="family-name", max_length=150),
                name="last_name",
                optional=True,
                error=Register.last_name_error,
            ),
            class_name="two-columns",
        ),
        w.button(texts.REGISTER_SUBMIT, variant="primary", size="full", submit=True),
        action=SIGN_UP_URL,
        class_name="auth-fields",
        name="register",
    )
    closed = w.empty_state("lock", texts.REGISTER_CLOSED_TITLE, texts.REGISTER_CLOSED_HINT)
    return w.auth_layout(
        texts.SIGN_IN_CREATE_ACCOUNT,
        rx.cond(Register.is_open, fields, closed),
        footer=[
            rx.el.span(texts.REGISTER_HAVE_ACCOUNT, w.link(texts.SIGN_IN_TITLE, to=routes.LOGIN))
        ],
    )


def not_found_page() -> rx.Component:
    """Return the page for unknown addresses."""
    return w.auth_layout(
        texts.NOT_FOUND_TITLE,
        rx.el.p(texts.NOT_FOUND_HINT, class_name="text-muted"),
        rx.el.div(w.button_link(texts.NOT_FOUND_HOME, to=routes.HOME, variant="primary")),
    )


def add_pages(app: PageRegistry) -> None:
    """Add the root, sign-in, registration and 404 pages."""
    app.add_page(not_found_page, route="404", title=w.window_title(texts.NOT_FOUND_WINDOW))
    pages: tuple[tuple[Callable[[], rx.Component], str, str, rx.event.EventType[()]], ...] = (
        (redirecting_page, routes.HOME, texts.HOME_WINDOW, CurrentUser.go_home),
        (login_page, routes.LOGIN, texts.SIGN_IN_TITLE, SignIn.load),
        (register_page, routes.REGISTER, texts.SIGN_IN_CREATE_ACCOUNT, Register.load),
    )
    for page, route, title, load in pages:
        app.add_page(page, route=route, title=w.window_title(title), on_load=load)
