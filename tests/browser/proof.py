"""A small app on the product's real runtime, to prove the runtime by itself in a browser.

It is compiled, built and served exactly like the product; only its pages and its sessions differ.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

import reflex as rx
from fastapi import Cookie, FastAPI, Form
from fastapi.responses import JSONResponse, RedirectResponse

from ticket_app.serving import compose_app
from ticket_app.settings import settings
from ticket_app.ui import live
from ticket_app.ui.post_form import post_form
from ticket_app.ui.security_middleware import SESSION_COOKIE
from ticket_app.ui.tab_session import session_secret
from ticket_app.ui.widgets import toast

KEPT = settings().var / "kept"
KEPT.mkdir(parents=True, exist_ok=True)
REFRESHES: list[str] = []


def whose(secret: str | None) -> str:
    """The name of a session, from a file: several processes serve the same proof."""
    file = KEPT / f"session-{secret}"
    return file.read_text() if secret and file.exists() else "nobody"


def rings() -> int:
    return len(list(KEPT.glob("ring-*")))


async def is_alive(secret: str) -> bool:
    return whose(secret) != "nobody"


async def tail() -> None:
    """What the product does with its timeline: look for news, announce it in this process."""
    seen = rings()
    while True:
        await asyncio.sleep(0.05)
        if (now := rings()) != seen:
            seen = now
            live.publish({"bell"})


class Page(rx.State):
    who: str = ""
    taps: int = 0
    secret_note: str = ""

    @rx.event
    def load(self):
        self.who = whose(session_secret(self))

    @rx.event
    def tap(self):
        self.taps += 1
        self.who = whose(session_secret(self))
        self.secret_note = f"seen by {self.who}"

    @rx.event
    def show_message(self):
        return toast("Kept", tone="green")

    @rx.event
    def fail(self):
        raise RuntimeError("no")


class NotificationState(rx.State):
    rings: int = 0

    @rx.event
    def load(self):
        self.rings = rings()
        live.watch(self, NotificationState.refresh, {"bell"})

    @rx.event
    def refresh(self):
        REFRESHES.append(self.router.session.client_token)
        self.rings = rings()


def sign_in() -> rx.Component:
    return post_form(
        rx.el.input(name="name", aria_label="Name"),
        rx.el.button("Sign in", type="submit"),
        action="/session/login",
    )


def home() -> rx.Component:
    return rx.el.main(
        rx.el.p(Page.who, id="who"),
        rx.el.p(Page.taps, id="taps"),
        rx.el.p(Page.secret_note, id="note"),
        rx.el.p(rx.cond(Page.is_hydrated, "true", "false"), id="ready"),
        rx.button("Tap", on_click=Page.tap),
        rx.button("Show a message", on_click=Page.show_message),
        rx.button("Fail", on_click=Page.fail),
        rx.link("Bell", href="/portal"),
        post_form(rx.el.button("Sign out", type="submit"), action="/session/logout"),
    )


def notification_page() -> rx.Component:
    return rx.el.main(rx.el.p(NotificationState.rings, id="rings"), rx.link("Home", href="/"))


def ticket() -> rx.Component:
    return rx.el.main(
        rx.el.p(
            rx.State.ref,  # pyright: ignore[reportAttributeAccessIssue]
            id="ref",
        ),
        rx.el.p(Page.who, id="who"),
    )


api = FastAPI()


@api.post("/session/login")
def login(name: Annotated[str, Form()]) -> RedirectResponse:
    secret = secrets.token_urlsafe()
    (KEPT / f"session-{secret}").write_text(name)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(SESSION_COOKIE, secret, httponly=True, samesite="lax")
    return answer


@api.post("/session/logout")
def logout(desk_session: Annotated[str | None, Cookie()] = None) -> RedirectResponse:
    (KEPT / f"session-{desk_session}").unlink(missing_ok=True)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


@api.post("/api/ring")
def ring() -> JSONResponse:
    (KEPT / f"ring-{secrets.token_hex()}").touch()
    return JSONResponse({"rings": rings()})


@api.get("/api/watches")
async def watching() -> JSONResponse:
    return JSONResponse({"open": len(live.watches.by_token), "refreshed": len(REFRESHES)})


app = compose_app(rx.App(), api, is_session_alive=is_alive)
app.register_lifespan_task(tail)
app.add_page(ticket, route="/desk/tickets/[ref]", on_load=Page.load)
app.add_page(home, route="/", on_load=Page.load)
app.add_page(sign_in, route="/login")
app.add_page(notification_page, route="/portal", on_load=NotificationState.load)
