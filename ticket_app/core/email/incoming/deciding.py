"""Decide what becomes of an email: a ticket, a comment, parked for an agent, or ignored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from ticket_app.core.email.incoming import blocking, loops, matching, senders
from ticket_app.core.email.incoming.headers import Address
from ticket_app.core.email.incoming.matching import Evidence, Match
from ticket_app.core.email.incoming.senders import Authenticity, Owner
from ticket_app.core.email.incoming.source import ParsedEmail
from ticket_app.core.email.incoming.writing import visible_text
from ticket_app.core.email.own_addresses import is_own_address
from ticket_app.core.platform.email_addresses import is_email_address
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.settings import settings

UNREADABLE = "The message could not be read"
NO_SENDER = "The message names no valid sender"
NOT_AUTHENTICATED = "The sender's domain says that it did not send this message (DMARC)"
AGENT_NOT_AUTHENTICATED = "It is in an agent's name, and their domain does not vouch for it (DMARC)"
UNKNOWN_SENDER_REPLY = "Reply from an unknown sender"
UNKNOWN_SENDER = "Unknown sender"
INACTIVE_SENDER = "The sender's account is not active"
UNSIGNED_AGENT = "It is in an agent's name and was not sent to the ticket's signed reply address"
OWN_MAIL = "It was sent by the help desk itself"
BLOCKED = "The sender is blocked"
REFUSED_SENDER = "Email from unknown senders is refused"


class Outcome(Enum):
    """What becomes of an email."""

    OPEN = auto()
    """A new ticket."""
    ADD = auto()
    """A comment on a ticket."""
    PARK = auto()
    """An agent decides."""
    IGNORE = auto()
    """Nothing: it is our own, or a delivery report."""
    REJECT = auto()
    """Nothing: mail from its sender is not accepted."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an email, of whom it is, and why if it is not accepted."""

    outcome: Outcome
    reason: str | None = None
    owner: Owner | None = None
    """The person whom the sender's address belongs to; None for somebody new."""
    ticket_id: int | None = None
    answers_forward: bool = False
    """Whether it answers a message that staff forwarded: it becomes an internal note."""

    @property
    def is_accepted(self) -> bool:
        """Whether it becomes a ticket or a part of one."""
        return self.outcome in (Outcome.OPEN, Outcome.ADD)


def decide(uow: UnitOfWork, email: ParsedEmail, own_addresses: Collection[str]) -> Decision:
    """Return what becomes of an email. `own_addresses` are those of the mailboxes, case-folded."""
    sender = email.sender
    if sender is not None and is_own_address(sender.address, own_addresses):
        return Decision(Outcome.IGNORE, OWN_MAIL)
    if email.is_delivery_report:
        return Decision(Outcome.IGNORE)
    if sender is None or not is_email_address(sender.address):
        return Decision(Outcome.PARK, NO_SENDER)
    return _decide_by_sender(uow, email, sender)


def _decide_by_sender(uow: UnitOfWork, email: ParsedEmail, sender: Address) -> Decision:
    if email.defects and not email.text and not email.files:
        return Decision(Outcome.PARK, f"{UNREADABLE}: {email.defects[0]}"[:500])
    if blocking.is_blocked(uow, sender.address):
        return Decision(Outcome.REJECT, BLOCKED)
    owner = senders.find_owner(uow, sender.address)
    found = matching.match(uow, email)
    if limit := loops.find_exceeded_sender_limit(uow, sender.address.casefold()):
        return Decision(Outcome.PARK, limit, owner, found.ticket_id)
    authenticity = _check_authenticity(email, sender)
    if authenticity is Authenticity.FAILED:
        return Decision(Outcome.PARK, NOT_AUTHENTICATED, owner, found.ticket_id)
    if owner is not None and not owner.is_active:
        return Decision(Outcome.PARK, INACTIVE_SENDER, owner, found.ticket_id)
    if found.evidence is Evidence.FORWARD:
        return _decide_on_forward_answer(uow, email, sender, owner, found, authenticity)
    if owner is None:
        return _decide_on_newcomer(uow, email, found)
    if owner.actor.is_staff:
        return _decide_on_staff(uow, email, owner, found, authenticity)
    return _decide_on_requester(uow, email, owner, found)


def _check_authenticity(email: ParsedEmail, sender: Address) -> Authenticity:
    authserv_id = settings().mail_authserv_id
    if not authserv_id:
        return Authenticity.UNKNOWN
    return senders.check_authenticity(email.authentication_results, authserv_id, sender.address)


def _decide_on_forward_answer(
    uow: UnitOfWork,
    email: ParsedEmail,
    sender: Address,
    owner: Owner | None,
    found: Match,
    authenticity: Authenticity,
) -> Decision:
    """Decide on an answer to a forwarded message, which only its recipient may give."""
    assert found.ticket_id is not None
    if sender.address.casefold() != found.forwarded_to:
        return Decision(Outcome.PARK, UNKNOWN_SENDER_REPLY, owner, found.ticket_id)
    is_unproven = settings().mail_authserv_id and authenticity is not Authenticity.PASSED
    if owner is not None and owner.actor.is_staff and is_unproven:
        return Decision(Outcome.PARK, AGENT_NOT_AUTHENTICATED, owner, found.ticket_id)
    person_id = owner.actor.id if owner else 0
    if limit := loops.find_loop_reason(uow, found.ticket_id, person_id, visible_text(email)):
        return Decision(Outcome.PARK, limit, owner, found.ticket_id)
    return Decision(Outcome.ADD, owner=owner, ticket_id=found.ticket_id, answers_forward=True)


def _decide_on_newcomer(uow: UnitOfWork, email: ParsedEmail, found: Match) -> Decision:
    if found.is_signed:
        return Decision(Outcome.PARK, UNKNOWN_SENDER_REPLY, ticket_id=found.ticket_id)
    policy = settings().mail_unknown_senders
    if policy == "refuse":
        return Decision(Outcome.REJECT, REFUSED_SENDER)
    if policy == "park":
        return Decision(Outcome.PARK, UNKNOWN_SENDER)
    return _decide_on_new_ticket(uow, email, None)


def _decide_on_staff(
    uow: UnitOfWork,
    email: ParsedEmail,
    owner: Owner,
    found: Match,
    authenticity: Authenticity,
) -> Decision:
    """Decide on mail in an agent's name, which a From alone does not prove."""
    if settings().mail_authserv_id and authenticity is not Authenticity.PASSED:
        return Decision(Outcome.PARK, AGENT_NOT_AUTHENTICATED, owner, found.ticket_id)
    if found.evidence is Evidence.NONE:
        return _decide_on_new_ticket(uow, email, owner)
    if found.evidence is not Evidence.ADDRESS or found.ticket_id is None:
        return Decision(Outcome.PARK, UNSIGNED_AGENT, owner, found.ticket_id)
    return _decide_on_comment(uow, email, owner, found.ticket_id)


def _decide_on_requester(
    uow: UnitOfWork, email: ParsedEmail, owner: Owner, found: Match
) -> Decision:
    if found.ticket_id is None:
        return _decide_on_new_ticket(uow, email, owner)
    if matching.takes_part(uow, found.ticket_id, owner.actor):
        return _decide_on_comment(uow, email, owner, found.ticket_id)
    if found.is_signed:
        return Decision(Outcome.PARK, UNKNOWN_SENDER_REPLY, owner, found.ticket_id)
    return _decide_on_new_ticket(uow, email, owner)


def _decide_on_new_ticket(uow: UnitOfWork, email: ParsedEmail, owner: Owner | None) -> Decision:
    if not email.is_automatic:
        sender = email.sender
        assert sender is not None
        limit = loops.find_exceeded_acknowledgement_limit(uow, sender.address.casefold())
        if limit:
            return Decision(Outcome.PARK, limit, owner)
    return Decision(Outcome.OPEN, owner=owner)


def _decide_on_comment(
    uow: UnitOfWork, email: ParsedEmail, owner: Owner, ticket_id: int
) -> Decision:
    limit = loops.find_loop_reason(uow, ticket_id, owner.actor.id, visible_text(email))
    if limit:
        return Decision(Outcome.PARK, limit, owner, ticket_id)
    return Decision(Outcome.ADD, owner=owner, ticket_id=ticket_id)
