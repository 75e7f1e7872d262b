"""Delete rows whose retention period is over."""

from __future__ import annotations

from ticket_app.core.attachments import cleanup as attachment_cleanup
from ticket_app.core.email.outgoing import log as email_log
from ticket_app.core.notifications import notifications
from ticket_app.core.people import account_links
from ticket_app.core.platform import idempotency, outbox
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.reports import audit_trail
from ticket_app.core.webhooks import deliveries as webhook_deliveries
from ticket_app.jobs.registry import pause_for_other_writers, runs_every

INTERVAL_SECONDS = 3600.0


@runs_every(INTERVAL_SECONDS)
def delete_expired_rows() -> None:
    """Delete rows whose retention period is over, each batch in a transaction of its own."""
    for delete_batch in (
        idempotency.delete_expired_batch,
        attachment_cleanup.destroy_removed_files,
        notifications.delete_expired_batch,
        outbox.delete_expired_batch,
        webhook_deliveries.delete_expired_batch,
        audit_trail.delete_expired_batch,
        email_log.delete_expired_batch,
        account_links.delete_expired_batch,
    ):
        deleted_count = 1
        while deleted_count:
            with open_unit_of_work(writes=True) as uow:
                deleted_count = delete_batch(uow)
            pause_for_other_writers()
