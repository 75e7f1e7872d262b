"""Email in the browser: a whole conversation, the pages of administrators, invitations.

The product sends to a real SMTP server (aiosmtpd), and reads from a real IMAP server (dovecot).
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sqlalchemy import select

from tests.browser.conftest import Product, product_with, served, sign_in
from tests.core.mailing import SUPPORT, write
from tests.core.smtp_server import Mailroom, serving
from tests.operations.dovecot import Dovecot
from ticket_app.core.platform.database import read_connection
from ticket_app.tables import undeliverable_address_table
from ticket_app.ui import routes

Visit = Callable[[], BrowserContext]
TOKEN = "a token of the post office"
CUSTOMER = "Vera Lindt <vera@customer.example>"
REFUSED = "gone@customer.example"


@dataclass(frozen=True)
class Post:
    """The product with its mail server."""

    product: Product
    mailroom: Mailroom

    def deliver(self, page: Page, source: bytes) -> dict[str, Any]:
        """Hand an email over to the product, as a mail server does; return its answer."""
        answer = page.request.post(
            f"{self.product.address}/mail/inbound",
            data=source,
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "message/rfc822"},
        )
        assert answer.status == 202, answer.text()
        return answer.json()

    def wait_for_email(self, address: str, words: str, seconds: float = 30) -> EmailMessage:
        """Return the first email to an address with these words, once it was sent."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            for envelope in list(self.mailroom.messages):
                if envelope.rcpt_tos == [address] and isinstance(envelope.content, bytes):
                    message = message_from_bytes(envelope.content, policy=default)
                    assert isinstance(message, EmailMessage)
                    if words in f"{message['Subject']}\n{text_of(message)}":
                        return message
            time.sleep(0.1)
        raise AssertionError(f"no email to {address} with {words!r}")

    def wait_until_undeliverable(self, address: str) -> None:
        """Wait until the product has recorded that an address is refused."""
        statement = select(undeliverable_address_table).where(
            undeliverable_address_table.c.address == address
        )
        ends_at = time.monotonic() + 30
        while time.monotonic() < ends_at:
            with read_connection(self.product.engine) as connection:
                if connection.execute(statement).first():
                    return
            time.sleep(0.1)
        raise AssertionError(f"{address} is not marked as undeliverable")


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_in(message: EmailMessage, path: str) -> str:
    found = re.search(rf"http\S+{path}\S+", text_of(message))
    assert found is not None, text_of(message)
    return found.group()


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """The product with email; its mail server refuses one address for good."""
    var = tmp_path_factory.mktemp("email")
    engine, variables = product_with(var)
    mailroom = Mailroom(
        on_recipient=lambda address: "550 5.1.1 No such user" if address == REFUSED else None
    )
    with (
        serving(mailroom) as port,
        served(
            var,
            TICKET_SMTP_URL=f"smtp://127.0.0.1:{port}?starttls=off",
            TICKET_MAIL_FROM=f"Acme Support <{SUPPORT}>",
            TICKET_MAIL_HOLD_SECONDS="0",
            TICKET_MAIL_INBOUND_TOKEN=TOKEN,
            **variables,
        ) as address,
    ):
        yield Post(Product(address, engine), mailroom)
    engine.dispose()


def enter(visit: Visit, post: Post, username: str) -> Page:
    sign_in(page := visit().new_page(), post.product.address, username)
    return page


def open_page(page: Page, post: Post, path: str) -> None:
    page.goto(post.product.address + path)


def message_of(page: Page, words: str) -> Locator:
    return page.locator(".message").filter(has_text=words)


def test_conversation_by_email_from_the_first_message_to_the_rating(
    visit: Visit, post: Post
) -> None:
    admin = enter(visit, post, "admin")
    open_page(admin, post, routes.ADMIN_RATINGS)
    admin.get_by_label("Ask for a rating").check()
    admin.get_by_label("Hours after the resolution").fill("0")
    admin.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("Settings saved")).to_be_visible()

    # The customer writes, and is told the number of the ticket.
    outside = visit().new_page()
    receipt = post.deliver(outside, write(CUSTOMER, "The kettle drips", "Since Monday."))
    assert receipt["status"] == "accepted"
    key = receipt["ticket"]
    acknowledgement = post.wait_for_email("vera@customer.example", "The kettle drips")
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["Subject"] == f"[{key}] The kettle drips"

    # An agent takes it and answers in the web app; the answer leaves by email.
    agent = enter(visit, post, "agent")
    open_page(agent, post, routes.desk_ticket(key))
    expect(agent.get_by_text("Since Monday.")).to_be_visible()
    agent.locator(".ticket-header").first.click()
    agent.keyboard.press("Shift+A")
    expect(agent.get_by_role("button", name="Assignee", exact=True)).to_contain_text("Agnes Hale")
    agent.get_by_label("Write a message").fill("Is the lid closed?")
    agent.get_by_role("button", name="Reply", exact=True).click()
    expect(message_of(agent, "Is the lid closed?")).to_be_visible()
    answer = post.wait_for_email("vera@customer.example", "Is the lid closed?")
    assert answer["References"]
    assert "Agnes Hale" in str(answer["From"])

    # The customer answers that email; the agent's inbox and the window's title show it.
    open_page(agent, post, routes.DESK_INBOX)
    expect(agent).to_have_title(re.compile(r"^Inbox"))
    quoted = "\n".join(f"> {line}" for line in text_of(answer).splitlines())
    reply = write(
        CUSTOMER,
        f"Re: {answer['Subject']}",
        f"It is, and it still drips.\n\nOn Monday, Acme Support wrote:\n{quoted}\n",
        to=str(answer["Reply-To"]),
        headers={"In-Reply-To": answer["Message-ID"]},
    )
    assert post.deliver(outside, reply) == {"status": "accepted", "ticket": key, "reason": None}
    expect(agent.locator("main").get_by_text("Vera Lindt replied to")).to_be_visible()
    expect(agent).to_have_title(re.compile(r"^\(1\) "))
    open_page(agent, post, routes.desk_ticket(key))
    latest = message_of(agent, "It is, and it still drips.")
    expect(latest).to_be_visible()
    expect(agent).to_have_title(re.compile(rf"^{key}|^(?!\()"))

    # The ticket is resolved; the customer is asked how it was, and says so.
    agent.get_by_label("Write a message").fill("We send a new seal.")
    agent.keyboard.press("Control+Shift+Enter")
    expect(agent.locator(".ticket-header")).to_contain_text("Resolved")
    request = post.wait_for_email("vera@customer.example", "How was our help?", seconds=100)
    open_page(outside, post, link_in(request, "/rate/").removeprefix(post.product.address))
    outside.locator("input[name=rating][value='4']").check()
    outside.get_by_label("What could we do better?").fill("A drawing would help")
    outside.get_by_role("button", name="Send rating").click()
    expect(outside.get_by_text("Thank you for your rating")).to_be_visible()
    expect(agent.get_by_text("A drawing would help").first).to_be_visible()


def test_email_log_shows_content_and_sends_again(visit: Visit, post: Post) -> None:
    admin = enter(visit, post, "admin")
    open_page(admin, post, routes.ADMIN_MAIL)
    expect(admin.get_by_text("Senders of incoming email are not checked")).to_be_visible()
    admin.get_by_role("button", name="Send test email").click()
    expect(admin.get_by_text("is on its way").first).to_be_visible()
    post.wait_for_email("admin@example.com", "test")
    outside = visit().new_page()
    post.deliver(outside, write("Ida <ida@customer.example>", "The door squeaks", "A lot."))
    post.wait_for_email("ida@customer.example", "The door squeaks")
    open_page(admin, post, routes.admin_mail(address="ida@"))
    admin.get_by_role("button", name="Open the email").first.click()
    dialog = admin.get_by_role("dialog")
    expect(dialog.frame_locator("iframe").get_by_text("The door squeaks").first).to_be_visible()
    dialog.get_by_role("tab", name="Plain text").click()
    expect(dialog.locator("pre")).to_contain_text("A lot.")
    dialog.get_by_role("tab", name="Headers").click()
    expect(dialog.get_by_text("auto-replied")).to_be_visible()
    dialog.get_by_role("button", name="Send again").click()
    expect(admin.get_by_text("A copy of the email is on its way")).to_be_visible()
    expect(admin.get_by_role("button", name="Open the email")).to_have_count(2)


def test_undeliverable_address_is_listed_and_cleared(visit: Visit, post: Post) -> None:
    admin = enter(visit, post, "admin")
    outside = visit().new_page()
    post.deliver(outside, write(f"Gone <{REFUSED}>", "The shelf fell", "Twice."))
    post.wait_until_undeliverable(REFUSED)
    open_page(admin, post, routes.ADMIN_MAIL_ADDRESSES)
    admin.get_by_role("button", name=f"Clear {REFUSED}").click()
    expect(admin.get_by_text(f"{REFUSED} receives email again")).to_be_visible()
    expect(admin.get_by_text("Every address receives its email.")).to_be_visible()

    admin.get_by_label("Address or domain").fill("spam.example")
    admin.get_by_role("button", name="Block", exact=True).click()
    remove = admin.get_by_role("button", name="Remove spam.example")
    expect(remove).to_be_visible()
    blocked = post.deliver(outside, write("Joe <joe@spam.example>", "Buy", "Now."))
    assert blocked["ticket"] is None
    remove.click()
    expect(admin.get_by_text("No one is blocked.")).to_be_visible()


def test_parked_email_becomes_a_ticket_or_is_discarded(visit: Visit, post: Post) -> None:
    outside = visit().new_page()
    key = post.deliver(outside, write("Una <una@customer.example>", "The roof leaks"))["ticket"]
    first = post.wait_for_email("una@customer.example", "The roof leaks")
    for number in (1, 2):
        source = write(
            f"Eve <eve{number}@other.example>", f"Forwarded {number}", to=str(first["Reply-To"])
        )
        parked = post.deliver(outside, source)
        assert (parked["status"], parked["ticket"]) == ("parked", None)
    admin = enter(visit, post, "admin")
    open_page(admin, post, routes.ADMIN_MAIL_PARKED)
    expect(admin.get_by_text("Reply from an unknown sender")).to_have_count(2)
    dialog = admin.get_by_role("dialog")

    admin.get_by_role("button", name="Open the email “Forwarded 1”").click()
    expect(dialog.get_by_text("Since noon.").first).to_be_visible()
    dialog.get_by_label("Ticket", exact=True).fill(key)
    dialog.get_by_role("button", name="Add to ticket").click()
    expect(admin.get_by_text(f"The email was added to {key}")).to_be_visible()

    admin.get_by_role("button", name="Open the email “Forwarded 2”").click()
    dialog.get_by_role("button", name="Discard").click()
    admin.get_by_role("menuitem", name="Discard").click()
    expect(admin.get_by_text("No parked email")).to_be_visible()


def test_mailbox_is_added_and_its_connection_tested(visit: Visit, post: Post) -> None:
    server = Dovecot()
    server.start()
    try:
        admin = enter(visit, post, "admin")
        open_page(admin, post, routes.ADMIN_MAIL_MAILBOXES)
        admin.get_by_role("button", name="Add mailbox").first.click()
        dialog = admin.get_by_role("dialog")
        dialog.get_by_label("Name").fill("Sales")
        dialog.get_by_label("Address").fill("sales@desk.example.com")
        dialog.get_by_label("IMAP URL").fill(server.url("sales"))
        dialog.get_by_role("button", name="Add mailbox").click()
        expect(admin.get_by_text("The mailbox Sales was saved")).to_be_visible()
        admin.get_by_role("button", name="More actions for Sales").click()
        admin.get_by_role("menuitem", name="Test connection").click()
        expect(admin.get_by_text("The mailbox can be read")).to_be_visible()
        assert "sesame" not in admin.content()
        server.stop()
        admin.get_by_role("button", name="More actions for Sales").click()
        admin.get_by_role("menuitem", name="Test connection").click()
        expect(admin.get_by_text("The mailbox cannot be read")).to_be_visible()
    finally:
        server.remove()


def test_template_is_previewed_checked_saved_and_reset(visit: Visit, post: Post) -> None:
    admin = enter(visit, post, "admin")
    open_page(admin, post, routes.ADMIN_MAIL_TEMPLATES)
    admin.get_by_role("button", name="Mention").click()
    dialog = admin.get_by_role("dialog")
    body = dialog.get_by_label("Introduction")
    body.fill("Hello {{ recipient.nme }}")
    body.blur()
    expect(dialog.get_by_text("nme", exact=False).last).to_be_visible()
    body.fill("A good day to **you**, {{ recipient.name }}")
    body.blur()
    expect(dialog.frame_locator("iframe").get_by_text("A good day to").last).to_be_visible()
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(admin.get_by_text("The template was saved")).to_be_visible()
    expect(admin.get_by_text("Edited", exact=True)).to_be_visible()
    admin.get_by_role("button", name="Mention").click()
    dialog.get_by_role("button", name="Reset to default").click()
    expect(admin.get_by_text("The default template is used again")).to_be_visible()


def test_invited_person_chooses_a_password_and_signs_in(visit: Visit, post: Post) -> None:
    admin = enter(visit, post, "admin")
    open_page(admin, post, routes.ADMIN_PEOPLE)
    admin.get_by_role("button", name="Invite people").click()
    admin.get_by_label("Email addresses").fill("guest@partner.example")
    admin.get_by_role("button", name="Send invitations").click()
    expect(admin.get_by_text("1 person invited")).to_be_visible()
    invitation = post.wait_for_email("guest@partner.example", "has invited you")
    guest = visit().new_page()
    guest.goto(link_in(invitation, "/invitation/"))
    guest.get_by_label("First name").fill("Greta")
    guest.get_by_label("Password").fill("a harbour in the fog")
    guest.get_by_role("button", name="Create account").click()
    expect(guest.get_by_text("Your account is ready")).to_be_visible()
    guest.get_by_role("link", name="Sign in", exact=True).click()
    guest.get_by_label("Username or email").fill("guest@partner.example")
    guest.get_by_label("Password").fill("a harbour in the fog")
    guest.get_by_role("button", name="Sign in", exact=True).click()
    guest.wait_for_url("**/portal")


def test_staff_change_cc_forward_and_look_at_the_original_on_the_page_of_a_ticket(
    visit: Visit, post: Post
) -> None:
    outside = visit().new_page()
    key = post.deliver(outside, write(CUSTOMER, "The oven smokes", "Black smoke."))["ticket"]
    agent = enter(visit, post, "agent")
    open_page(agent, post, routes.desk_ticket(key))
    recipients = agent.get_by_role("list", name="Recipients of a reply").get_by_role("listitem")
    expect(recipients).to_have_count(1)
    expect(recipients).to_contain_text("Vera Lindt")
    expect(recipients).not_to_contain_text("External")

    # An address is added to Cc: it is marked, and its owner gets the reply. A note reaches nobody.
    agent.get_by_role("button", name="Add Cc").click()
    agent.get_by_label("Name or email address").fill("Nora Vole <nora@chimney.example>")
    agent.get_by_role("button", name="Add Nora Vole").click()
    copied = recipients.filter(has_text="nora@chimney.example")
    expect(copied).to_contain_text("External")
    expect(agent.locator(".thread").get_by_text("added to Cc")).to_be_visible()
    agent.locator("label", has_text="Internal note").click()
    expect(recipients.first).to_be_hidden()
    expect(agent.get_by_text("Visible to staff only")).to_be_visible()
    agent.locator("label", has_text="Reply").first.click()
    agent.get_by_label("Write a message").fill("Call the chimney sweep.")
    agent.get_by_role("button", name="Reply", exact=True).click()
    for address in ("vera@customer.example", "nora@chimney.example"):
        post.wait_for_email(address, "Call the chimney sweep.")

    # The message is forwarded; the answer comes back as an internal note.
    message = message_of(agent, "Black smoke.").first
    message.hover()
    message.get_by_role("button", name="Forward message").click()
    dialog = agent.get_by_role("dialog")
    dialog.get_by_label("Email address").fill("vera@customer.example")
    dialog.get_by_role("button", name="Forward").click()
    expect(dialog.get_by_role("alert")).to_contain_text("takes part in the ticket")
    dialog.get_by_label("Email address").fill("ned@maker.example")
    dialog.get_by_label("Message").fill("Is that the thermostat?")
    dialog.get_by_role("button", name="Forward").click()
    expect(dialog).to_have_count(0)
    expect(agent.locator(".note").filter(has_text="Is that the thermostat?")).to_be_visible()
    forwarded = post.wait_for_email("ned@maker.example", "Is that the thermostat?")
    assert "Black smoke." in text_of(forwarded)
    answer = write("Ned <ned@maker.example>", "Re: oven", "It is.", to=str(forwarded["Reply-To"]))
    assert post.deliver(outside, answer)["ticket"] == key
    expect(agent.locator(".note").filter(has_text="It is.")).to_be_visible()

    # The original of the email is shown as text and can be downloaded.
    message.hover()
    message.get_by_role("button", name="Show original").click()
    expect(dialog.locator("dl")).to_contain_text("vera@customer.example")
    expect(dialog.locator("pre")).to_contain_text("Subject: The oven smokes")
    with agent.expect_download() as download:
        dialog.get_by_role("link", name="Download .eml").click()
    assert b"Black smoke." in download.value.path().read_bytes()
    dialog.get_by_role("button", name="Close").click()

    copied.get_by_role("button", name="Remove from Cc: Nora Vole").click()
    expect(copied).to_have_count(0)
    expect(agent.locator(".thread").get_by_text("removed from Cc")).to_be_visible()
