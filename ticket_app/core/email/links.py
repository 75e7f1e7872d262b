"""Addresses of pages in emails: `TICKET_PUBLIC_URL` and a path (MAIL.md, "Readings settled")."""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from ticket_app.core.platform import secrets
from ticket_app.settings import settings

UNSUBSCRIBE_PURPOSE = "unsubscribe from a ticket by email"


def absolute_link(path: str) -> str:
    """Return the address of a page of the help desk; `path` begins with a slash."""
    own = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    return (settings().public_url or own).rstrip("/") + path


def ticket_link(key: str, *, is_staff: bool) -> str:
    """Return the address of a ticket's page at the desk or in the portal."""
    area = "desk" if is_staff else "portal"
    return absolute_link(f"/{area}/tickets/{quote(key, safe='')}")


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
