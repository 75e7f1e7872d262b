"""Addresses of pages of the help desk, as they are sent to people outside of it."""

from __future__ import annotations

import os
from urllib.parse import quote

from ticket_app.settings import settings


def absolute_link(path: str) -> str:
    """Return the address of a page of the help desk; `path` begins with a slash."""
    own = f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    return (settings().public_url or own).rstrip("/") + path


def ticket_link(key: str, *, is_staff: bool) -> str:
    """Return the address of a ticket's page at the desk or in the portal."""
    area = "desk" if is_staff else "portal"
    return absolute_link(f"/{area}/tickets/{quote(key, safe='')}")
