"""Invite people by email: they choose their own name and password."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select, update
from sqlmodel import select as select_rows

from ticket_app.core.people import account_links, passwords, permissions, profiles
from ticket_app.core.people.account_links import LinkNotValid, LinkPurpose
from ticket_app.core.people.mail_people import release_address
from ticket_app.core.people.names import validate_email
from ticket_app.core.people.registration import (
    create_person,
    find_free_username,
    lock_registration,
    suggest_username,
)
from ticket_app.core.people.staff_access import drop_waiting_email, end_staff_notifications
from ticket_app.core.platform import audit_log, secrets
from ticket_app.core.platform.errors import (
    DomainError,
    Invalid,
    NotFound,
    RuleViolation,
    does_not_exist,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Person, account_link_table, person_table, team_table, ticket_table

MAX_INVITATIONS = 50
"""How many people can be invited at once."""


@dataclass(frozen=True, slots=True)
class InvitationOutcome:
    """What became of one address: `problem` says why it was not invited, or is empty."""

    address: str
    problem: str = ""


class _OpenInvitationRow:
    person_id: int
    expires_at: datetime


def invite_people(
    uow: UnitOfWork, addresses: str, *, role: Role = Role.USER, team_id: int | None = None
) -> Sequence[InvitationOutcome]:
    """Invite several addresses, separated by spaces, commas, semicolons or lines.

    Each gets an account that cannot be used to sign in until the invitation is accepted. An address
    that cannot be invited does not stop the others; the outcome says why. Raises `Forbidden` for a
    role not below the actor's own or permissions the actor does not have, `Invalid`.
    """
    _ensure_can_invite(uow, role)
    if team_id is not None:
        statement = select(team_table.c.id).where(team_table.c.id == team_id)
        if uow.connection.execute(statement).first() is None:
            raise Invalid("team", does_not_exist(team_id))
    emails = list(dict.fromkeys(word for word in re.split(r"[\s,;]+", addresses) if word))
    if not emails:
        raise Invalid("addresses", "must have at least one email address")
    if len(emails) > MAX_INVITATIONS:
        raise Invalid("addresses", f"must have at most {MAX_INVITATIONS} email addresses")
    return [_invite(uow, email, role, team_id) for email in emails]


def _ensure_can_invite(uow: UnitOfWork, role: Role) -> None:
    uow.actor.require("manage_people", "invite people")
    permissions.ensure_can_manage_role(uow, role, "invite people")
    granted = permissions.get_role_permissions(uow, role).permissions
    permissions.ensure_can_grant(uow, granted, ())


def _invite(uow: UnitOfWork, email: str, role: Role, team_id: int | None) -> InvitationOutcome:
    try:
        with uow.savepoint():
            address = validate_email("email", email)
            lock_registration(uow)
            person = _find_or_create(uow, address, role, team_id)
            account_links.send_link(uow, person, LinkPurpose.INVITATION)
    except Invalid:
        return InvitationOutcome(email[:254], "is not a valid email address")
    except DomainError as error:
        return InvitationOutcome(email[:254], error.message)
    auth_log().info("person_invited", by=uow.actor.username, person=person.username, role=str(role))
    return InvitationOutcome(address)


def _find_or_create(uow: UnitOfWork, email: str, role: Role, team_id: int | None) -> Person:
    """Return the person to invite: a new one, or one who has no way to sign in yet."""
    person = uow.session.exec(
        select_rows(Person).where(person_table.c.email_folded == email.casefold())
    ).first()
    if person is not None and person.email_verified_at is None and person.password_hash:
        release_address(uow, person)
        person = None
    if person is None:
        return create_person(
            uow,
            username=find_free_username(uow, suggest_username(email)),
            email=email,
            password=None,
            role=role,
            team_id=team_id,
        )
    if person.password_hash is not None or person.issuer is not None or person.is_demo:
        raise RuleViolation("has an account already")
    assert person.id is not None
    permissions.ensure_can_manage_role(uow, Role(person.role), "invite people")
    with audit_log.record_changes(uow, person_table, person.id):
        person.is_active, person.role = True, role
        person.team_id = team_id or person.team_id
    return person


def resend_invitation(uow: UnitOfWork, person_id: int) -> None:
    """Send an invitation again; the earlier link ends. Raises `Forbidden`, `NotFound`."""
    person = _get_invited(uow, person_id)
    account_links.send_link(uow, person, LinkPurpose.INVITATION)


def revoke_invitation(uow: UnitOfWork, person_id: int) -> None:
    """End an invitation. Raises `Forbidden`, `NotFound`.

    The account is deactivated, unless the person takes part here without it: they wrote by email.
    """
    person = _get_invited(uow, person_id)
    uow.connection.execute(
        account_link_table.delete().where(
            account_link_table.c.person_id == person_id,
            account_link_table.c.purpose == LinkPurpose.INVITATION,
        )
    )
    has_tickets = exists().where(
        ticket_table.c.requester_id == person_id, ticket_table.c.deleted_at.is_(None)
    )
    with audit_log.record_changes(uow, person_table, person_id):
        if uow.connection.execute(select(has_tickets)).scalar():
            person.role = Role.USER
            end_staff_notifications(uow, person_id)
        else:
            person.is_active = False
            drop_waiting_email(uow, person_id)
        uow.flush()
    auth_log().info("invitation_revoked", by=uow.actor.username, person=person.username)


def _get_invited(uow: UnitOfWork, person_id: int) -> Person:
    uow.actor.require("manage_people", "invite people")
    if person_id not in list_open_invitations(uow, [person_id]):
        raise NotFound("Invitation")
    person = uow.session.get_one(Person, person_id)
    _ensure_can_invite(uow, Role(person.role))
    return person


_SELECT_OPEN = (
    select(
        account_link_table.c.person_id,
        func.max(account_link_table.c.expires_at).label("expires_at"),
    )
    .select_from(
        account_link_table.join(person_table, person_table.c.id == account_link_table.c.person_id)
    )
    .where(
        account_link_table.c.person_id.in_(bindparam("person_ids", expanding=True)),
        account_link_table.c.purpose == LinkPurpose.INVITATION,
        account_link_table.c.used_at.is_(None),
        person_table.c.password_hash.is_(None),
    )
    .group_by(account_link_table.c.person_id)
)


def list_open_invitations(uow: UnitOfWork, person_ids: Collection[int]) -> Mapping[int, datetime]:
    """Return which of these people have not accepted their invitation, and when it expires.

    An expired one is still listed, so that it can be sent again. Raises `Forbidden`.
    """
    uow.actor.require("manage_people", "see invitations")
    rows = uow.all_rows(_SELECT_OPEN, {"person_ids": sorted(person_ids)}, of=_OpenInvitationRow)
    return {row.person_id: row.expires_at for row in rows}


def find_invited(uow: UnitOfWork, token: str) -> Person:
    """Return whom an invitation is for, without using it up. Raises `LinkNotValid`."""
    link = account_links.find_link(uow, token, LinkPurpose.INVITATION)
    person = uow.session.get_one(Person, link.person_id)
    if person.email_folded != link.address:
        raise LinkNotValid
    return person


def prepare_acceptance(uow: UnitOfWork, token: str, password: str) -> str:
    """Check the invitation and the chosen password; return its hash for `accept_invitation`.

    Reads only, because hashing takes long. Raises `LinkNotValid`, `Invalid`.
    """
    person = find_invited(uow, token)
    passwords.validate_password("password", password, names=[person.username, person.email])
    return secrets.hash_password(password)


def accept_invitation(
    uow: UnitOfWork, token: str, *, first_name: str, last_name: str, password_hash: str
) -> Person:
    """Use an invitation up: set the name and the password; the address is verified by it.

    Raises `LinkNotValid`, `Invalid`, `Conflict`.
    """
    find_invited(uow, token)
    link = account_links.use_link(uow, token, LinkPurpose.INVITATION)
    person = uow.session.get_one(Person, link.person_id)
    if not first_name.strip():
        raise Invalid("first_name", "is required")
    with audit_log.record_changes(uow, person_table, link.person_id):
        profiles.rename_person(uow, person, first_name, last_name)
        uow.flush()
    uow.connection.execute(
        update(person_table)
        .where(person_table.c.id == link.person_id)
        .values(password_hash=password_hash, email_verified_at=uow.now)
    )
    auth_log().info("invitation_accepted", person=person.username)
    return person
