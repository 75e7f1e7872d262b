"""Coming in: sign in, register, and the root that leads everybody to where they work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from ticket_app.core.people import demo_accounts, passwords, profiles
from ticket_app.core.platform import secrets
from ticket_app.core.platform.errors import Conflict, DeskError, Invalid
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.settings import settings
from ticket_app.ui import bridge, routes
from ticket_app.ui import widgets as w
from ticket_app.ui.components.remembered_form import RememberedForm
from ticket_app.ui.page_adding import Pages
from ticket_app.ui.post_form import post_form
from ticket_app.ui.session import Me

LOG_IN: Final = "/session/login"
SIGN_UP: Final = "/session/register"

PLACES: Final = (
    ("Username", "username"),
    ("This username", "username"),
    ("Email", "email"),
    ("Somebody with this e-mail", "email"),
    ("Password", "password"),
    ("First name", "first_name"),
    ("This name", "first_name"),
    ("Last name", "last_name"),
)
"""How a refusal of the server begins, and the field it stands at."""


@dataclass(frozen=True)
class DemoRow:
    """A demo account to sign in as with one click."""

    username: str
    shows: str


@dataclass(frozen=True)
class Offer:
    """What the sign-in page offers beside the form."""

    accounts: list[DemoRow]
    password: str
    registration: bool


def _offer(desk: Desk) -> Offer:
    offered = demo_accounts.offered(desk)
    accounts = offered.accounts if offered.password else []
    return Offer(
        accounts=[DemoRow(one.username, one.shows) for one in accounts],
        password=offered.password or "",
        registration=settings().registration,
    )


def placed(told: str) -> dict[str, str]:
    """A refusal of registration, each sentence at its field; "" is the place above the form."""
    errors: dict[str, str] = {}
    for sentence in filter(None, told.split("; ")):
        place = next((field for begins, field in PLACES if sentence.startswith(begins)), "")
        errors[place] = f"{errors[place]}. {sentence}" if place in errors else sentence
    return errors


def refusal(asked: Mapping[str, str], page: str) -> str:
    """What the server said no with, out of the address; nobody else can put words there."""
    words = asked.get("error", "")
    return words if secrets.are_our_words(asked.get("seal", ""), page, words) else ""


class SignIn(rx.State):
    """What the sign-in page shows to somebody who is not known yet."""

    error: str = ""
    then: str = routes.HOME
    accounts: list[DemoRow] = []
    demo_password: str = ""
    may_register: bool = False

    @bridge.event
    async def load(self) -> None:
        """The refusal and the way on are in the address; the demo accounts in the desk."""
        asked = self.router.url.query_parameters
        self.error, self.then = refusal(asked, routes.LOGIN), asked.get("next", routes.HOME)
        offer = await bridge.read(self, _offer)
        self.accounts, self.demo_password = offer.accounts, offer.password
        self.may_register = offer.registration


class Register(rx.State):
    """What is wrong with what somebody registering has typed so far."""

    error: str = ""
    username_error: str = ""
    email_error: str = ""
    password_error: str = ""
    first_name_error: str = ""
    last_name_error: str = ""
    username_is_free: bool = False
    is_open: bool = True
    _username: str = ""

    def _show(self, errors: dict[str, str]) -> None:
        for field in ("username", "email", "password", "first_name", "last_name"):
            setattr(self, f"{field}_error", errors.get(field, ""))
        self.error = errors.get("", "")

    @bridge.event
    def load(self) -> None:
        """What the server refused stands at its field again."""
        self._show(placed(refusal(self.router.url.query_parameters, routes.REGISTER)))
        self.username_is_free, self.is_open = False, settings().registration

    async def _check(self, field: str, value: str) -> str:
        if not value:
            return ""
        address = self.router.session.client_ip
        try:
            await bridge.read(
                self, profiles.check_newcomer, field, value, address, beside=self._username
            )
        except Invalid as wrong:
            return f"{field.capitalize().replace('Email', 'E-mail')} {wrong.reason}"
        except Conflict as taken:
            return taken.message
        except DeskError:
            return ""
        return ""

    @bridge.event
    async def check_username(self, value: str) -> None:
        """Free, taken or no name at all."""
        self._username = value
        self.username_error = await self._check("username", value)
        self.username_is_free = bool(value) and not self.username_error

    @bridge.event
    async def check_email(self, value: str) -> None:
        """Whether it is an address."""
        self.email_error = await self._check("email", value)

    @bridge.event
    async def check_password(self, value: str) -> None:
        """Why it may not be used, if so."""
        self.password_error = await self._check("password", value)


def home() -> rx.Component:
    """Nothing to see: the root leads on."""
    return rx.el.main(rx.el.span("Opening the desk", role="status", class_name="hear"))


def _account(account: rx.Var[DemoRow]) -> rx.Component:
    return post_form(
        rx.el.input(type="hidden", name="username", value=account.username, read_only=True),
        rx.el.input(type="hidden", name="password", value=SignIn.demo_password, read_only=True),
        rx.el.input(type="hidden", name="next", value=SignIn.then, read_only=True),
        rx.el.button(
            rx.el.b(account.username),
            rx.el.span(account.shows),
            type="submit",
            class_name="demo-account",
            aria_label=rx.Var.create("Sign in as ") + account.username,
        ),
        action=LOG_IN,
        key=account.username,
    )


def login() -> rx.Component:
    """The form of everybody who has an account, and the demo accounts under it."""
    fields = RememberedForm.create(
        rx.cond(SignIn.error, w.callout(SignIn.error)),
        rx.el.input(type="hidden", name="next", value=SignIn.then, read_only=True),
        w.field(
            "Username or e-mail",
            w.text_input("username", auto_complete="username", required=True, auto_focus=True),
            name="username",
        ),
        w.field(
            "Password",
            w.text_input(
                "password", sort="password", auto_complete="current-password", required=True
            ),
            name="password",
        ),
        w.button("Sign in", look="primary", size="full", submit=True),
        action=LOG_IN,
        class_name="auth-fields",
        name="login",
    )
    offer = rx.cond(
        SignIn.accounts,
        rx.el.section(
            rx.el.h2("Demo accounts"),
            rx.el.div(rx.foreach(SignIn.accounts, _account), class_name="demo-accounts"),
            rx.el.p(
                "Password of every demo account: ",
                rx.el.code(SignIn.demo_password),
                class_name="soft",
            ),
            class_name="demo",
            aria_label="Demo accounts",
        ),
    )
    return w.auth_frame(
        "Sign in",
        fields,
        offer,
        foot=[
            rx.cond(
                SignIn.may_register,
                rx.el.span("New here? ", w.link("Create an account", to=routes.REGISTER)),
            )
        ],
    )


def register() -> rx.Component:
    """The form of somebody new; each field says what is wrong while it is typed."""
    fields = RememberedForm.create(
        rx.cond(Register.error, w.callout(Register.error)),
        w.field(
            "Username",
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
                    Register.username_is_free,
                    rx.el.span(rx.icon("check", size=14), "It is free", class_name="good"),
                    "Letters, digits and . _ @ + -",
                ),
                role="status",
            ),
            error=Register.username_error,
        ),
        w.field(
            "E-mail",
            w.text_input(
                "email",
                sort="email",
                auto_complete="email",
                required=True,
                max_length=254,
                on_change=Register.check_email.debounce(600),
            ),
            name="email",
            error=Register.email_error,
        ),
        w.field(
            "Password",
            w.text_input(
                "password",
                sort="password",
                auto_complete="new-password",
                required=True,
                max_length=1024,
                on_change=Register.check_password.debounce(500),
            ),
            name="password",
            hint=f"At least {passwords.SHORTEST} characters, and not a common one",
            error=Register.password_error,
        ),
        rx.el.div(
            w.field(
                "First name",
                w.text_input("first_name", auto_complete="given-name", max_length=150),
                name="first_name",
                optional=True,
                error=Register.first_name_error,
            ),
            w.field(
                "Last name",
                w.text_input("last_name", auto_complete="family-name", max_length=150),
                name="last_name",
                optional=True,
                error=Register.last_name_error,
            ),
            class_name="two",
        ),
        w.button("Create account", look="primary", size="full", submit=True),
        action=SIGN_UP,
        class_name="auth-fields",
        name="register",
    )
    closed = w.empty_state(
        "lock", "Registration is closed", "Somebody who runs this desk can make you an account."
    )
    return w.auth_frame(
        "Create an account",
        rx.cond(Register.is_open, fields, closed),
        foot=[rx.el.span("Already have an account? ", w.link("Sign in", to=routes.LOGIN))],
    )


def nowhere() -> rx.Component:
    """What an address shows at which there is no page."""
    return w.auth_frame(
        "There is no such page",
        rx.el.p("The address may be mistyped, or the page has moved.", class_name="soft"),
        rx.el.div(w.button_link("To the start", to=routes.HOME, look="primary")),
    )


def add_pages(app: Pages) -> None:
    """The root, sign-in, registration, and what is shown where no page is."""
    app.add_page(nowhere, route="404", title=w.window_title("Not found"))
    pages: tuple[tuple[Any, str, str, Any], ...] = (
        (home, routes.HOME, "Help desk", Me.go_home),
        (login, routes.LOGIN, "Sign in", SignIn.load),
        (register, routes.REGISTER, "Create an account", Register.load),
    )
    for page, route, title, load in pages:
        app.add_page(page, route=route, title=w.window_title(title), on_load=load)
