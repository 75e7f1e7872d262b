"""Passwords are reset, people invited and addresses verified by links in email."""

from __future__ import annotations

import re
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import PASSWORD, Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.email.outgoing.log import read_content
from ticket_app.core.people import account_links, invitations, password_reset, verification
from ticket_app.core.people.account_links import LinkNotValid, LinkPurpose, find_link
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.authentication import authenticate_api_token, authenticate_cookie
from ticket_app.core.people.credentials import (
    AddressNotVerified,
    ClientInfo,
    VerifiedPerson,
    change_password,
    prepare_password_change,
    verify_credentials,
)
from ticket_app.core.people.mail_people import create_person_for_address, find_verified_person
from ticket_app.core.people.registration import register_user
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform import outbox
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    RuleViolation,
    Unauthenticated,
)
from ticket_app.core.platform.vocabulary import Role, Status
from ticket_app.core.tickets import rating_requests
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.tickets.ticket_lookup import read_ticket
from ticket_app.core.timeline import timeline
from ticket_app.jobs import account_email
from ticket_app.settings import reload_settings
from ticket_app.tables import (
    Person,
    account_link_table,
    contact_table,
    follower_table,
    outbox_message_table,
    outgoing_email_table,
    person_table,
    ticket_table,
    ticket_text_table,
)

NEW = {"username": "nora", "email": "nora@example.org", "password": "a door of oak"}
CHOSEN = "a lamp of brass"
HANDLERS = {
    password_reset.REQUESTED_TOPIC: account_email.send_reset_link,
    "email.account": account_email.write_account_email,
}


@pytest.fixture
def mail(uow_for: UowFor) -> Any:
    """Does the background work, and returns the emails written so far, newest last."""

    def read() -> list[Any]:
        while True:
            with uow_for(None) as uow:
                messages = outbox.claim_due(uow, 50, tuple(HANDLERS))
                for message in messages:
                    HANDLERS[message.topic](uow, message.payload)
                    outbox.mark_done(uow, message.id)
            if not messages:
                break
        with uow_for(None) as uow:
            return list(uow.connection.execute(select(outgoing_email_table).order_by("id")))

    return read


def body_of(row: Any) -> str:
    message = message_from_string(row.source, policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content()


def token_in(row: Any, page: str) -> str:
    found = re.search(rf"http://127\.0\.0\.1:\d+/{page}/([\w-]+)", body_of(row))
    assert found is not None
    return found.group(1)


def sign_in(uow_for: UowFor, name: str, password: str) -> None:
    with uow_for(None, writes=False) as uow:
        verify_credentials(uow, name, password, ClientInfo())


def ask_for_reset(uow_for: UowFor, address: str, client: str = "") -> None:
    with uow_for(None) as uow:
        password_reset.request_reset(uow, address, client)


def reset(uow_for: UowFor, token: str, password: str = CHOSEN) -> None:
    with uow_for(None, writes=False) as uow:
        password_hash = password_reset.prepare_reset(uow, token, password)
    with uow_for(None) as uow:
        password_reset.reset_password(uow, token, password_hash)


def test_link_by_email_sets_a_new_password_once(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    ask_for_reset(uow_for, " OWNER@example.com ")
    (email,) = mail()
    assert (email.kind, email.recipient, email.state) == (
        "password_reset",
        "owner@example.com",
        "waiting",
    )
    assert email.subject == "Choose a new password"
    assert "Auto-Submitted: auto-generated" in email.source
    token = token_in(email, "reset-password")
    with uow_for(None) as uow:
        stored = str(uow.connection.execute(select(account_link_table)).all())
        queued = str(uow.connection.execute(select(outbox_message_table.c.payload)).all())
    assert token not in stored + queued
    with uow_for(None, writes=False) as uow:
        _, person = password_reset.find_reset(uow, token)
        assert person.username == "owner"
    reset(uow_for, token)
    sign_in(uow_for, "owner", CHOSEN)
    with pytest.raises(Unauthenticated):
        sign_in(uow_for, "owner", PASSWORD)
    with pytest.raises(LinkNotValid):
        reset(uow_for, token, "another lamp of brass")


def test_unknown_address_gets_the_same_answer_and_no_email(
    uow_for: UowFor, cast: Cast, mail: Any
) -> None:
    ask_for_reset(uow_for, "nobody@example.com")
    assert mail() == []
    with pytest.raises(Invalid):
        ask_for_reset(uow_for, "nobody")


def test_reset_link_works_for_an_hour_and_until_the_next_one(
    uow_for: UowFor, cast: Cast, mail: Any, clock: Clock
) -> None:
    ask_for_reset(uow_for, "owner@example.com")
    ask_for_reset(uow_for, "owner@example.com")
    first, second = (token_in(email, "reset-password") for email in mail())
    with pytest.raises(LinkNotValid):
        reset(uow_for, first)
    clock.forward(minutes=59)
    with uow_for(None, writes=False) as uow:
        assert find_link(uow, second, LinkPurpose.PASSWORD_RESET)
        with pytest.raises(LinkNotValid):
            find_link(uow, second, LinkPurpose.INVITATION)
    clock.forward(minutes=1)
    with pytest.raises(LinkNotValid):
        reset(uow_for, second)


def test_reset_link_ends_when_its_person_changes_the_password(
    uow_for: UowFor, cast: Cast, mail: Any
) -> None:
    ask_for_reset(uow_for, "owner@example.com")
    (email,) = mail()
    with uow_for(cast.owner, writes=False) as uow:
        changed = prepare_password_change(uow, PASSWORD, "a shelf of pine")
    with uow_for(cast.owner) as uow:
        change_password(uow, changed)
    with pytest.raises(LinkNotValid):
        reset(uow_for, token_in(email, "reset-password"))
    sign_in(uow_for, "owner", "a shelf of pine")


@pytest.mark.parametrize("values", [{"is_active": False}, {"issuer": "https://idp.example"}])
def test_no_link_for_who_may_not_sign_in_with_a_password(
    uow_for: UowFor, cast: Cast, mail: Any, values: dict[str, Any]
) -> None:
    with uow_for(None) as uow:
        is_owner = person_table.c.id == cast.owner.id
        uow.connection.execute(person_table.update().where(is_owner).values(**values))
    ask_for_reset(uow_for, "owner@example.com")
    assert mail() == []


def test_reset_ends_every_session_and_keeps_api_tokens(
    uow_for: UowFor, cast: Cast, mail: Any
) -> None:
    with uow_for(cast.owner) as uow:
        owner = uow.session.get_one(Person, cast.owner.id)
        cookie = start_browser_session(uow, VerifiedPerson(owner), ClientInfo())
        api_token, _ = create_api_token(uow, "script", expires_at=None)
    ask_for_reset(uow_for, "owner@example.com")
    reset(uow_for, token_in(mail()[-1], "reset-password"))
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, cookie) is None
        assert authenticate_api_token(uow, api_token).id == cast.owner.id


def test_reset_of_a_registration_verifies_it_and_ends_what_others_made(
    uow_for: UowFor, cast: Cast, mail: Any
) -> None:
    """Somebody registered with an address that is not theirs; its owner takes it back."""
    with uow_for(None) as uow:
        person = register_user(uow, **NEW)
    with uow_for(build_actor_with_role_defaults(person)) as uow:
        api_token, _ = create_api_token(uow, "script", expires_at=None)
    ask_for_reset(uow_for, "nora@example.org")
    reset(uow_for, token_in(mail()[-1], "reset-password"))
    with uow_for(None) as uow:
        found = find_verified_person(uow, "nora@example.org")
        assert found is not None
        assert found.id == person.id
        with pytest.raises(Unauthenticated):
            authenticate_api_token(uow, api_token)


def test_weak_password_leaves_the_link_usable(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    ask_for_reset(uow_for, "owner@example.com")
    token = token_in(mail()[-1], "reset-password")
    with pytest.raises(Invalid):
        reset(uow_for, token, "short")
    reset(uow_for, token)


def test_links_are_limited_by_address_and_by_client(uow_for: UowFor, cast: Cast) -> None:
    for _ in range(5):
        ask_for_reset(uow_for, "owner@example.com", "192.0.2.1")
    with pytest.raises(RateLimited):
        ask_for_reset(uow_for, "owner@example.com", "192.0.2.2")
    for n in range(25):
        ask_for_reset(uow_for, f"person{n}@example.com", "192.0.2.1")
    with pytest.raises(RateLimited):
        ask_for_reset(uow_for, "stranger@example.com", "192.0.2.1")


def test_who_wrote_by_email_can_choose_a_password(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    with uow_for(None) as uow:
        create_person_for_address(uow, "Nora Quist", "nora@example.org")
    ask_for_reset(uow_for, "nora@example.org")
    reset(uow_for, token_in(mail()[-1], "reset-password"))
    sign_in(uow_for, "nora@example.org", CHOSEN)


def test_log_shows_account_emails_without_their_links(
    uow_for: UowFor, cast: Cast, mail: Any
) -> None:
    ask_for_reset(uow_for, "owner@example.com")
    (email,) = mail()
    shown = str(read_content(email.source))
    assert token_in(email, "reset-password") not in shown
    assert "/reset-password/" in shown


def test_invited_person_chooses_name_and_password(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    with uow_for(cast.admin) as uow:
        outcomes = invitations.invite_people(
            uow, "nora@example.org, Owner@example.com; nowhere\nnora@example.org", role=Role.AGENT
        )
        assert [(one.address, one.problem) for one in outcomes] == [
            ("nora@example.org", ""),
            ("Owner@example.com", "has an account already"),
            ("nowhere", "is not a valid email address"),
        ]
    (email,) = mail()
    assert email.kind == "invitation"
    assert email.subject == "Addie Minton has invited you to Help desk"
    token = token_in(email, "invitation")
    with uow_for(None, writes=False) as uow:
        password_hash = invitations.prepare_acceptance(uow, token, CHOSEN)
        person_id = invitations.find_invited(uow, token).id
    with uow_for(cast.admin) as uow:
        assert set(invitations.list_open_invitations(uow, [person_id, cast.owner.id])) == {
            person_id
        }
    with uow_for(None) as uow:
        person = invitations.accept_invitation(
            uow, token, first_name="Nora", last_name="Quist", password_hash=password_hash
        )
        assert (person.full_name, person.role) == ("Nora Quist", "agent")
    sign_in(uow_for, "nora@example.org", CHOSEN)
    with uow_for(cast.admin) as uow:
        assert invitations.list_open_invitations(uow, [person_id]) == {}
        with pytest.raises(NotFound):
            invitations.resend_invitation(uow, person_id)
    with uow_for(None) as uow, pytest.raises(LinkNotValid):
        invitations.accept_invitation(
            uow, token, first_name="N", last_name="", password_hash=password_hash
        )


def test_invitation_is_sent_again_and_revoked(
    uow_for: UowFor, cast: Cast, mail: Any, clock: Clock
) -> None:
    with uow_for(cast.admin) as uow:
        invitations.invite_people(uow, "nora@example.org")
    first = token_in(mail()[-1], "invitation")
    with uow_for(None, writes=False) as uow:
        person_id = invitations.find_invited(uow, first).id
    clock.forward(days=7)
    with uow_for(None, writes=False) as uow, pytest.raises(LinkNotValid):
        invitations.find_invited(uow, first)
    with uow_for(cast.admin) as uow:
        assert person_id in invitations.list_open_invitations(uow, [person_id])
        invitations.resend_invitation(uow, person_id)
    second = token_in(mail()[-1], "invitation")
    with uow_for(cast.admin) as uow:
        invitations.revoke_invitation(uow, person_id)
    with uow_for(None, writes=False) as uow, pytest.raises(LinkNotValid):
        invitations.find_invited(uow, second)
    ask_for_reset(uow_for, "nora@example.org")
    assert mail()[-1].kind == "invitation"
    with uow_for(cast.admin) as uow:
        assert invitations.invite_people(uow, "nora@example.org")[0].problem == ""
    assert token_in(mail()[-1], "invitation") not in (first, second)


def test_only_administrators_invite_and_only_below_their_role(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow, pytest.raises(Forbidden):
        invitations.invite_people(uow, "nora@example.org")
    with uow_for(cast.admin) as uow:
        with pytest.raises(Forbidden):
            invitations.invite_people(uow, "nora@example.org", role=Role.SUPER_ADMIN)
        with pytest.raises(Invalid):
            invitations.invite_people(uow, "nora@example.org", team_id=999)
        with pytest.raises(Invalid):
            invitations.invite_people(uow, " , ")


def verify(uow_for: UowFor, token: str) -> None:
    with uow_for(None) as uow:
        verification.verify_address(uow, token)


def test_registration_is_verified_by_its_link(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    with uow_for(None) as uow:
        register_user(uow, **NEW)
    (email,) = mail()
    assert (email.kind, email.recipient) == ("verification", "nora@example.org")
    token = token_in(email, "verify")
    verify(uow_for, token)
    with uow_for(None) as uow:
        found = find_verified_person(uow, "nora@example.org")
        assert found is not None
        assert found.username == "nora"
    with pytest.raises(LinkNotValid):
        verify(uow_for, token)


def test_sign_in_waits_for_verification_where_it_is_asked_for(
    uow_for: UowFor, cast: Cast, mail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with uow_for(None) as uow:
        person = register_user(uow, **NEW)
        cookie = start_browser_session(uow, VerifiedPerson(person), ClientInfo())
    monkeypatch.setenv("TICKET_MAIL_VERIFICATION", "true")
    reload_settings()
    with pytest.raises(AddressNotVerified, match=r"sent to nora@example\.org") as refused:
        sign_in(uow_for, "nora", NEW["password"])
    with pytest.raises(Unauthenticated):
        sign_in(uow_for, "nora", "another password")
    sign_in(uow_for, "owner", PASSWORD)
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, cookie) is None
        resend = verification.format_resend_token(refused.value.person_id, uow.now)
    with uow_for(None) as uow:
        verification.resend_by_token(uow, resend, "")
        with pytest.raises(LinkNotValid):
            verification.resend_by_token(uow, resend.replace("7.", "1.", 1), "")
    verify(uow_for, token_in(mail()[-1], "verify"))
    sign_in(uow_for, "nora", NEW["password"])
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, cookie) is not None


@pytest.fixture
def mail_person(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> int:
    """Somebody who only wrote by email: with a ticket, a followed ticket and a contact."""
    with uow_for(None) as uow:
        person = create_person_for_address(uow, "Nora Quist", "nora@example.org")
        assert person.id is not None
    with uow_for(cast.agent) as uow:
        uow.connection.execute(
            contact_table.insert().values(
                uuid=person.uuid, person_id=person.id, name="Nora", created_at=uow.now
            )
        )
    file_ticket(by=cast.agent, requester_id=person.id, title="The kettle leaks")
    followed = file_ticket()
    with uow_for(cast.agent) as uow:
        uow.connection.execute(
            follower_table.insert().values(
                ticket_id=followed, person_id=person.id, reason="cc", created_at=uow.now
            )
        )
    return person.id


def test_registration_gets_what_came_by_email_only_once_it_is_verified(
    uow_for: UowFor, cast: Cast, mail: Any, mail_person: int
) -> None:
    with uow_for(None) as uow:
        account = register_user(uow, **NEW, first_name="Norah", last_name="Quill")
        assert account.id is not None
        assert account.email_folded == f"unverified:{account.uuid}"
        found = find_verified_person(uow, "nora@example.org")
        assert found is not None
        assert found.id == mail_person

    def requesters() -> list[int]:
        with uow_for(None) as uow:
            statement = select(ticket_table.c.requester_id).order_by(ticket_table.c.id)
            return list(uow.connection.execute(statement).scalars())

    assert requesters() == [mail_person, cast.owner.id]
    verify(uow_for, token_in(mail()[-1], "verify"))
    assert requesters() == [account.id, cast.owner.id]
    with uow_for(None) as uow:
        found = find_verified_person(uow, "nora@example.org")
        assert found is not None
        assert found.id == account.id
        moved = uow.session.get_one(Person, mail_person)
        assert (moved.is_active, moved.email_verified_at) == (False, None)
        for table in (follower_table, contact_table):
            ids = uow.connection.execute(select(table.c.person_id)).scalars().all()
            assert account.id in ids
            assert mail_person not in ids


def test_moved_ticket_is_found_by_the_name_of_the_account(
    uow_for: UowFor, cast: Cast, mail: Any, mail_person: int
) -> None:
    with uow_for(None) as uow:
        register_user(uow, **NEW, first_name="Norah", last_name="Quill")
    verify(uow_for, token_in(mail()[-1], "verify"))
    with uow_for(cast.agent, writes=False) as uow:
        row = uow.connection.execute(
            select(ticket_table.c.id).where(ticket_table.c.title == "The kettle leaks")
        ).scalar_one()
        requester = uow.connection.execute(
            select(ticket_text_table.c.requester).where(ticket_text_table.c.ticket_id == row)
        ).scalar_one()
    assert "quill" in requester


def test_account_that_can_sign_in_keeps_its_address(
    uow_for: UowFor, cast: Cast, mail: Any, mail_person: int
) -> None:
    with uow_for(None) as uow:
        register_user(uow, **NEW)
    token = token_in(mail()[-1], "verify")
    ask_for_reset(uow_for, "nora@example.org")
    reset(uow_for, token_in(mail()[-1], "reset-password"))
    with pytest.raises(Conflict):
        verify(uow_for, token)
    with uow_for(None) as uow, pytest.raises(Conflict):
        register_user(uow, **{**NEW, "username": "norah"})


def test_new_address_counts_once_it_is_verified(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    with uow_for(cast.owner) as uow:
        verification.request_address_change(uow, "olive@example.org")
        with pytest.raises(Invalid):
            verification.request_address_change(uow, "owner@example.com")
    (email,) = mail()
    assert email.recipient == "olive@example.org"
    with uow_for(None) as uow:
        assert find_verified_person(uow, "owner@example.com") is not None
        assert find_verified_person(uow, "olive@example.org") is None
    verify(uow_for, token_in(email, "verify"))
    with uow_for(None) as uow:
        assert find_verified_person(uow, "owner@example.com") is None
        found = find_verified_person(uow, "olive@example.org")
        assert found is not None
        assert (found.id, found.email) == (cast.owner.id, "olive@example.org")


def test_address_of_another_account_cannot_be_taken(uow_for: UowFor, cast: Cast, mail: Any) -> None:
    """The request is accepted like any other: it must not show who has an account."""
    with uow_for(cast.owner) as uow:
        verification.request_address_change(uow, "stranger@example.com")
    with pytest.raises(Conflict):
        verify(uow_for, token_in(mail()[-1], "verify"))


def ask_for_ratings(uow_for: UowFor) -> int:
    with uow_for(None) as uow:
        return rating_requests.send_due(uow)


def resolve(uow_for: UowFor, cast: Cast, ticket_id: int) -> None:
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.RESOLVED)


def rate(uow_for: UowFor, token: str, stars: int, comment: str = "") -> None:
    with uow_for(None) as uow:
        rating_requests.rate_by_link(uow, token, stars, comment)


def test_rating_is_asked_for_once_a_while_after_the_resolution(
    uow_for: UowFor, cast: Cast, mail: Any, clock: Clock, file_ticket: FileTicket
) -> None:
    with uow_for(cast.agent) as uow, pytest.raises(Forbidden):
        rating_requests.change_rating_request_settings(uow, is_active=True, delay_hours=2)
    before = file_ticket()
    resolve(uow_for, cast, before)
    assert ask_for_ratings(uow_for) == 0
    clock.forward(minutes=1)
    with uow_for(cast.admin) as uow:
        assert not rating_requests.get_settings(uow).is_active
        rating_requests.change_rating_request_settings(uow, is_active=True, delay_hours=2)
    clock.forward(minutes=1)
    ticket_id = file_ticket()
    resolve(uow_for, cast, ticket_id)
    clock.forward(minutes=119)
    assert ask_for_ratings(uow_for) == 0
    clock.forward(minutes=1)
    assert [ask_for_ratings(uow_for), ask_for_ratings(uow_for)] == [1, 0]
    email = mail()[-1]
    assert (email.kind, email.recipient) == ("rating_request", "owner@example.com")
    token = token_in(email, "rate")
    with uow_for(None, writes=False) as uow:
        assert rating_requests.find_rated_ticket(uow, token).title == "The lamp flickers"
    with uow_for(cast.agent, writes=False) as uow:
        assert read_ticket(uow, ticket_id, "full").satisfaction_rating is None
    rate(uow_for, token, 4, " Quick, and friendly ")
    with uow_for(cast.agent, writes=False) as uow:
        row = read_ticket(uow, ticket_id, "full")
        assert (row.satisfaction_rating, row.satisfaction_comment) == (4, "Quick, and friendly")
        lines = timeline.list_creation_and_field_changes(uow, ticket_id, "satisfaction_comment")
        assert [line.new_value for line in lines] == ["Quick, and friendly"]
    with pytest.raises(LinkNotValid):
        rate(uow_for, token, 1)


def test_reopened_ticket_is_not_rated_by_its_link(
    uow_for: UowFor, cast: Cast, mail: Any, clock: Clock, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        rating_requests.change_rating_request_settings(uow, is_active=True, delay_hours=0)
    clock.forward(minutes=1)
    ticket_id = file_ticket()
    resolve(uow_for, cast, ticket_id)
    assert ask_for_ratings(uow_for) == 1
    token = token_in(mail()[-1], "rate")
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.REOPENED)
    with pytest.raises(RuleViolation):
        rate(uow_for, token, 5)
    resolve(uow_for, cast, ticket_id)
    rate(uow_for, token, 5)


def test_rows_of_links_are_deleted_a_month_after_they_expired(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow:
        invitations.invite_people(uow, "guest@example.org")
        owner = uow.session.get_one(Person, cast.owner.id)
        account_links.send_link(uow, owner, LinkPurpose.PASSWORD_RESET)
        account_links.send_link(uow, owner, LinkPurpose.VERIFICATION)
        account_links.send_link(uow, owner, LinkPurpose.RATING, ticket_id=ticket_id)

    def kept_after(days: int) -> list[str]:
        clock.forward(days=days)
        with uow_for(None) as uow:
            account_links.delete_expired_batch(uow)
            return sorted(uow.connection.execute(select(account_link_table.c.purpose)).scalars())

    assert kept_after(29) == ["invitation", "password_reset", "rating", "verification"]
    assert kept_after(2) == ["invitation", "rating", "verification"]
    assert kept_after(10) == ["invitation", "rating"]
    assert kept_after(400) == ["invitation"]
    with uow_for(cast.admin, writes=False) as uow:
        people = uow.connection.execute(select(account_link_table.c.person_id)).scalars().all()
        assert set(invitations.list_open_invitations(uow, people)) == set(people)


def test_own_verification_is_sent_again_until_the_address_is_verified(
    uow_for: UowFor, mail: Any
) -> None:
    with uow_for(None) as uow:
        person = register_user(uow, **NEW)
        actor = build_actor_with_role_defaults(person)
    with uow_for(actor) as uow:
        verification.resend_own_verification(uow)
    first, second = mail()
    with uow_for(None) as uow:
        with pytest.raises(LinkNotValid):
            verification.verify_address(uow, token_in(first, "verify"))
        verification.verify_address(uow, token_in(second, "verify"))
    with uow_for(actor) as uow, pytest.raises(Conflict):
        verification.resend_own_verification(uow)
