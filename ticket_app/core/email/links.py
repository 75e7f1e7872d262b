"""Addresses of pages in emails: `TICKET_PUBLIC_URL` and a path (MAIL.md, "Readings settled")."""

from __future__ import annotations

import re

from ticket_app.core.platform import secrets
from ticket_app.core.platform.page_links import absolute_link

UNSUBSCRIBE_PURPOSE = "unsubscribe from a ticket by email"


def unsubscribe_link(ticket_id: int, person_id: int) -> str:
    """Return the address by which a person stops email about a ticket, without signing in."""
    signature = secrets.sign_text(UNSUBSCRIBE_PURPOSE, f"{ticket_id}.{person_id}")
    return absolute_link(f"/mail/unsubscribe/{ticket_id}.{person_id}.{signature}")


def read_unsubscribe_token(token: str) -> tuple[int, int] | None:
    """Return the ids of the ticket and the person of an unsubscribe link, None if it is altered."""
    ticket_id, _, rest = token.partition(".")
    person_id, _, signature = rest.partition(".")
    if not (ticket_id.isdecimal() and person_id.isdecimal()):
        return None
    if not secrets.verify_signature(signature, UNSUBSCRIBE_PURPOSE, f"{ticket_id}.{person_id}"):
        return None
    return int(ticket_id), int(person_id)


_ACCOUNT_LINK = re.compile(r"/(reset-password|invitation|verify|rate)/[\w-]{20,}")


def hide_account_links(text: str) -> str:
    """Return the text of an email without the tokens of its links, as administrators may see it."""
    return _ACCOUNT_LINK.sub(r"/\1/…", text)
