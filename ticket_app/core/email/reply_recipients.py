"""Who a public reply is emailed to, as staff see it before they send it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import bindparam, select

from ticket_app.core.email.known_domains import is_external, list_known_domains
from ticket_app.core.email.outgoing import failures
from ticket_app.core.notifications.followers import FollowReason
from ticket_app.core.notifications.kinds import Channel, NotificationKind
from ticket_app.core.notifications.preferences import read_preferences
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.tickets.rows import TicketSummaryRow
from ticket_app.tables import follower_table, person_table

MAX_FOLLOWERS = 200
"""Of how many followers the addresses are read."""


class Obstacle(StrEnum):
    """Why no email reaches a recipient."""

    UNDELIVERABLE = "undeliverable"
    """A mail server has refused the address for good."""
    UNSUBSCRIBED = "unsubscribed"
    """They have stopped email about this ticket."""
    EMAIL_OFF = "email_off"
    """They have turned off email about replies."""


@dataclass(frozen=True, slots=True)
class ReplyRecipient:
    """Somebody whom a public reply is emailed to, or who would be if nothing were in the way."""

    person_id: int
    name: str
    address: str
    is_requester: bool
    is_copied: bool
    """Whether they are in Cc, from which staff can remove them."""
    is_external: bool
    """Whether the address is neither of the help desk nor of the requester's company."""
    obstacle: Obstacle | None


class _FollowerRow:
    person_id: int
    reason: str
    is_unsubscribed: bool


class _PersonRow:
    id: int
    full_name: str
    email: str
    role: str
    preferences: dict[str, object]


_SELECT_FOLLOWERS = (
    select(
        follower_table.c.person_id,
        follower_table.c.reason,
        follower_table.c.unfollowed_at.is_not(None).label("is_unsubscribed"),
    )
    .where(follower_table.c.ticket_id == bindparam("ticket_id"))
    .order_by(follower_table.c.id)
    .limit(MAX_FOLLOWERS)
)
_SELECT_PEOPLE = select(*(person_table.c[name] for name in _PersonRow.__annotations__)).where(
    person_table.c.id.in_(bindparam("person_ids", expanding=True)), person_table.c.is_active
)


def list_reply_recipients(uow: UnitOfWork, reference: str | int) -> list[ReplyRecipient]:
    """Return whom a public reply by the actor is emailed to: the requester first, then Cc.

    Requesters and people in Cc are listed even if no email reaches them, with the reason. Staff are
    listed if they get one. For staff. Raises `NotFound`, `Forbidden`.
    """
    ticket = ticket_lookup.read_ticket(uow, reference, "summary")
    uow.actor.require("work_tickets", "see the recipients of replies")
    values = {"ticket_id": ticket.id}
    followers = {
        row.person_id: row for row in uow.all_rows(_SELECT_FOLLOWERS, values, of=_FollowerRow)
    }
    ids = [ticket.requester_id, *followers]
    if ticket.assignee_id is not None:
        ids.append(ticket.assignee_id)
    people = {
        row.id: row
        for row in uow.all_rows(
            _SELECT_PEOPLE, {"person_ids": list(dict.fromkeys(ids))}, of=_PersonRow
        )
    }
    shown = [one for one in dict.fromkeys(ids) if one in people and one != uow.actor.id]
    requester = people.get(ticket.requester_id)
    known_domains: frozenset[str] = frozenset()
    if any(person_id != ticket.requester_id for person_id in shown):
        known_domains = list_known_domains(
            uow,
            company_id=ticket.company_id,
            requester_address=requester.email if requester else "",
        )
    dead = failures.find_undeliverable(uow, [row.email for row in people.values()])
    recipients = (
        _describe(ticket, people[person_id], followers.get(person_id), known_domains, dead)
        for person_id in shown
    )
    return [recipient for recipient in recipients if recipient is not None]


def _describe(
    ticket: TicketSummaryRow,
    person: _PersonRow,
    follower: _FollowerRow | None,
    known_domains: frozenset[str],
    dead: Sequence[str],
) -> ReplyRecipient | None:
    is_staff = Role(person.role).is_staff
    is_requester = person.id == ticket.requester_id
    is_unsubscribed = follower is not None and follower.is_unsubscribed
    is_copied = (
        not is_requester
        and follower is not None
        and follower.reason == FollowReason.CC
        and not is_unsubscribed
    )
    preferences = read_preferences(person.preferences, is_staff=is_staff)
    obstacle = None
    if is_unsubscribed:
        obstacle = Obstacle.UNSUBSCRIBED
    elif not preferences.is_on(NotificationKind.REPLY, Channel.EMAIL):
        obstacle = Obstacle.EMAIL_OFF
    elif person.email.casefold() in dead:
        obstacle = Obstacle.UNDELIVERABLE
    is_shown = is_requester or is_copied or obstacle in (None, Obstacle.UNDELIVERABLE)
    if not is_shown:
        return None
    return ReplyRecipient(
        person_id=person.id,
        name=person.full_name,
        address=person.email,
        is_requester=is_requester,
        is_copied=is_copied,
        is_external=not is_requester and is_external(person.email, known_domains),
        obstacle=obstacle,
    )
