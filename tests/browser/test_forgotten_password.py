"""Somebody who has forgotten their password chooses a new one by a link in an email."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Product
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]
CHOSEN = "a lamp of brass"


def email_to(product: Product, address: str, subject: str) -> EmailMessage:
    """The email with a subject to an address, once it is in the folder that email is written to."""
    assert product.engine.url.database is not None
    folder = Path(product.engine.url.database).parent / "mail"
    ends_at = time.monotonic() + 20
    while time.monotonic() < ends_at:
        for path in sorted(folder.rglob("*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=default)
            if address in str(message["To"]) and message["Subject"] == subject:
                assert isinstance(message, EmailMessage)
                return message
        time.sleep(0.1)
    raise AssertionError(f"no email to {address} in {folder}")


def test_new_password_by_a_link_in_an_email(visit: Visit, product: Product) -> None:
    page = visit().new_page()
    account = {
        "username": "forgetful",
        "email": "forgetful@example.org",
        "password": "a door of oak",
    }
    assert page.request.post(f"{product.address}/auth/register", data=account).status == 201
    page.goto(product.address + routes.LOGIN)
    page.get_by_role("link", name="Forgot password?").click()
    page.wait_for_url("**" + routes.FORGOT_PASSWORD)
    page.get_by_label("Email").fill(account["email"])
    page.get_by_role("button", name="Send link").click()
    expect(page.get_by_text("Check your email")).to_be_visible()

    email = email_to(product, account["email"], "Choose a new password")
    body = email.get_body(("plain",))
    assert body is not None
    link = re.search(r"http\S+/reset-password/\S+", body.get_content())
    assert link is not None
    for _ in range(2):  # a program that looks at links opens it too
        page.goto(link.group())
        expect(page.get_by_text("Account: forgetful")).to_be_visible()
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Password must have at least")).to_be_visible()
    page.get_by_label("New password").fill(CHOSEN)
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_text("Your password was changed")).to_be_visible()

    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_label("Username or email").fill(account["email"])
    page.get_by_label("Password").fill(CHOSEN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/portal" in url)

    page.goto(link.group())
    expect(page.get_by_text("This link has expired or has been used")).to_be_visible()
