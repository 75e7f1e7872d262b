"""Scan files that had to wait for the scanner."""

from __future__ import annotations

from ticket_app.core.attachments import uploading
from ticket_app.core.platform.errors import Unavailable
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.jobs.registry import JOBS, Payload


@JOBS.handles_without_transaction(uploading.SCAN_TOPIC)
def scan_attachment(payload: Payload) -> None:
    """Scan a waiting file. Raises `Unavailable` while the scanner cannot be reached."""
    attachment_id = int(payload["attachment_id"])
    with open_unit_of_work(writes=False) as uow:
        row = uploading.find_unscanned_file(uow, attachment_id)
    if row is None:
        return
    verdict = uploading.rescan_stored_file(row)
    if verdict.retry:
        raise Unavailable(verdict.reason)
    with open_unit_of_work(writes=True) as uow:
        uploading.save_scan_result(uow, attachment_id, verdict)
