"""Files that had to wait for the scanner."""

from __future__ import annotations

from typing import Any

from ticket_app.core.attachments import attachments
from ticket_app.core.platform.errors import Unavailable
from ticket_app.core.platform.unit_of_work import open_desk


def scan(payload: dict[str, Any]) -> None:
    """Judge a waiting file. Raises `Unavailable` while the scanner cannot."""
    attachment_id = int(payload["attachment_id"])
    with open_desk(writes=False) as desk:
        row = attachments.waiting(desk, attachment_id)
    if row is None:
        return
    verdict = attachments.scan_stored(row)
    if verdict.retry:
        raise Unavailable(verdict.reason)
    with open_desk(writes=True) as desk:
        attachments.judge_again(desk, attachment_id, verdict)
