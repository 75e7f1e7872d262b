"""The email pages: what administrators see, and what their forms and addresses mean."""

from __future__ import annotations

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.test_distribution import comment, distribute
from tests.core.test_outgoing_email import Refusing, compose, deliver
from ticket_app.core.email.incoming import mailboxes
from ticket_app.core.email.incoming.mailboxes import MailboxDraft
from ticket_app.core.email.outgoing import template_editing, trial
from ticket_app.core.email.outgoing.transport import FailureScope
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.settings import reload_settings
from ticket_app.ui.pages.admin.mail import log_rows, texts
from ticket_app.ui.pages.admin.mail.addresses_page import load_lists
from ticket_app.ui.pages.admin.mail.mailboxes_page import load_mailboxes, parse_form
from ticket_app.ui.pages.admin.mail.notice import load_trouble
from ticket_app.ui.pages.admin.mail.parked_page import load_parked_and_one_more
from ticket_app.ui.pages.admin.mail.templates_page import VARIABLE_NAMES, load_templates
from ticket_app.ui.pages.desk.ticket import email_state

NO_FILTERS = dict.fromkeys(log_rows.FILTER_NAMES, "")


@pytest.fixture
def rejected(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    """An email whose address the mail server refused."""
    with uow_for(cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft("The lamp flickers", "Since noon.")).id
    assert ticket_id is not None
    comment(uow_for, cast.agent, ticket_id)
    distribute(uow_for)
    clock.forward(seconds=61)
    compose(uow_for)
    deliver(uow_for, Refusing(FailureScope.RECIPIENT))


def test_failed_email_is_listed_and_opened(uow_for: UowFor, cast: Cast, rejected: None) -> None:
    with uow_for(cast.admin) as uow:
        page = log_rows.load_page(uow, {**NO_FILTERS, "state": "failed"}, "")
        (row,) = page.rows
        assert (row.kind, row.state_label, row.number) == ("Reply", "Failed", "SUP-1")
        assert row.href == "/desk/tickets/SUP-1"
        assert row.reason == "550 5.1.1 No such user"
        assert page.counts == {"waiting": "0", "sent": "0", "failed": "1", "dropped": "0"}
        details = log_rows.load_details(uow, row.uuid)
        assert details.recipient == "Olive Ownby <owner@example.com>"
        assert details.preview == f"/mail/preview/{row.uuid}"
        assert "Look at the lamp." in details.text
        assert [attempt.result for attempt in details.attempts] == ["550 5.1.1 No such user"]
        (address,) = load_lists(uow).undeliverable
        assert (address.address, address.details) == (cast.owner.email, "550 5.1.1 No such user")
        with pytest.raises(NotFound):
            log_rows.load_details(uow, "no id")


def test_address_of_the_page_is_read_leniently(uow_for: UowFor, cast: Cast, rejected: None) -> None:
    with uow_for(cast.admin) as uow:
        for odd in ({"state": "x"}, {"since": "yesterday"}, {"until": "9999-12-31"}):
            assert len(log_rows.load_page(uow, {**NO_FILTERS, **odd}, "x").rows) == 1
        assert log_rows.load_page(uow, {**NO_FILTERS, "since": "2026-11-21"}, "").rows == []
        assert len(log_rows.load_page(uow, {**NO_FILTERS, "until": "2026-11-20"}, "").rows) == 1


def test_agents_see_none_of_the_settings(uow_for: UowFor, cast: Cast) -> None:
    for actor in (cast.agent, cast.owner):
        with uow_for(actor) as uow:
            for load in (load_templates, load_lists, load_mailboxes, trial.send_test_email):
                with pytest.raises(Forbidden):
                    load(uow)
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        load_parked_and_one_more(uow, None)


def test_test_email_goes_to_oneself(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        assert trial.send_test_email(uow) == cast.admin.email
    with uow_for(cast.admin) as uow:
        (row,) = log_rows.load_page(uow, NO_FILTERS, "").rows
        assert (row.kind, row.recipient, row.state) == ("Test email", cast.admin.email, "waiting")


def test_every_kind_of_email_has_a_label() -> None:
    assert set(template_editing.list_kinds()) <= texts.KIND_LABELS.keys()


def test_own_template_replaces_the_default_until_it_is_reset(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        template_editing.save_template(uow, "reply", "Re: {{ ticket.key }}", "Hello!")
        template_editing.save_template(uow, "reply", "Re: {{ ticket.title }}", "Hello!")
        (row,) = [row for row in load_templates(uow) if row.is_own]
        assert (row.label, row.subject, row.body) == ("Reply", "Re: {{ ticket.title }}", "Hello!")
        template_editing.reset_template(uow, "reply")
        assert not any(row.is_own for row in load_templates(uow))
        with pytest.raises(NotFound):
            template_editing.save_template(uow, "nothing", "a", "b")


@pytest.mark.parametrize(
    "body",
    [
        "{{ ticket.colour }}",
        "{{ unknown }}",
        "{% for x in y %}",
        "{{ ''.__class__ }}",
        "{{ message.upper() }}",
        "{{ 1 // 0 }}",
        " ",
        "x" * 10_001,
    ],
)
def test_template_that_cannot_be_filled_in_is_not_saved(
    uow_for: UowFor, cast: Cast, body: str
) -> None:
    with uow_for(cast.admin) as uow, pytest.raises(Invalid) as problem:
        template_editing.save_template(uow, "reply", "Fine", body)
    assert problem.value.problems[0][0] == "body"


def test_every_listed_variable_can_be_used() -> None:
    for name in VARIABLE_NAMES:
        template_editing.check("Subject", name)


def test_password_of_a_mailbox_is_never_shown_again(uow_for: UowFor, cast: Cast) -> None:
    form = {
        "name": "Billing",
        "address": "billing@desk.example.com",
        "imap_url": "imaps://billing:open%20sesame@mail.example.com/INBOX",
        "signature": "Your billing team",
    }
    with uow_for(cast.admin) as uow:
        mailbox_id = mailboxes.save_mailbox(uow, parse_form(form, is_active=True))
        (row,) = load_mailboxes(uow).rows
        assert row.location == "billing@mail.example.com"
        assert "sesame" not in str(row)
        changed = {**form, "name": "Accounts", "imap_url": ""}
        mailboxes.save_mailbox(uow, parse_form(changed, is_active=False), mailbox_id)
        (row,) = load_mailboxes(uow).rows
        assert (row.name, row.location, row.is_active) == (
            "Accounts",
            "billing@mail.example.com",
            False,
        )
        removed = {**changed, "remove_url": "on"}
        mailboxes.save_mailbox(uow, parse_form(removed, is_active=True), mailbox_id)
        assert load_mailboxes(uow).rows[0].location == ""


@pytest.mark.parametrize(
    ("name", "value", "is_advised"),
    [
        ("TICKET_MAIL_INBOUND_TOKEN", "a token long enough for the tests", True),
        ("TICKET_IMAP_URL", "imaps://support:secret@mail.example.com/INBOX", True),
        ("TICKET_MAIL_HOLD_SECONDS", "60", False),
    ],
)
def test_check_of_senders_is_advised_while_email_arrives_without_it(
    uow_for: UowFor,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    is_advised: bool,
) -> None:
    monkeypatch.setenv(name, value)
    reload_settings()
    with uow_for(cast.admin) as uow:
        assert load_trouble(uow) == ("", is_advised)
    with uow_for(cast.agent) as uow:
        assert load_trouble(uow) == ("", False)
    monkeypatch.setenv("TICKET_MAIL_AUTHSERV_ID", "mx.example.com")
    reload_settings()
    with uow_for(cast.admin) as uow:
        assert load_trouble(uow) == ("", False)


def test_check_of_senders_is_advised_for_a_mailbox_that_is_read(
    uow_for: UowFor, cast: Cast
) -> None:
    url = "imaps://sales:secret@mail.example.com/INBOX"
    with uow_for(cast.admin) as uow:
        mailboxes.save_mailbox(uow, MailboxDraft("Sales", "sales@desk.example.com", url))
        assert load_trouble(uow) == ("", True)


@pytest.mark.parametrize(
    "number", ["9" * 300, str(2**63), "\u0661" * 20], ids=["long", "64 bits", "Arabic digits"]
)
def test_number_that_is_no_id_of_a_person_is_refused_in_cc(
    uow_for: UowFor, cast: Cast, number: str
) -> None:
    with uow_for(cast.owner) as uow:
        ticket_id = open_ticket(uow, TicketDraft("The lamp flickers", "Since noon.")).id
    assert ticket_id is not None
    with uow_for(cast.agent) as uow, pytest.raises(Invalid, match="must be an email address"):
        email_state._add(uow, ticket_id, number)
