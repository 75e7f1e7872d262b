"""Send held replies whose time has come."""

from __future__ import annotations

from uuid import UUID

from ticket_app.core.conversation import held_release, held_replies
from ticket_app.core.platform.availability import to_unavailable_error
from ticket_app.core.platform.errors import DomainError, Unavailable
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.jobs.registry import runs_every

INTERVAL_SECONDS = 1.0
UNEXPECTED_REASON = "An unexpected error occurred."


@runs_every(INTERVAL_SECONDS)
def release_due() -> None:
    """Send the replies that are due, each in its own transaction."""
    while True:
        with open_unit_of_work(writes=False) as uow:
            due = held_replies.list_due(uow)
        if not due:
            return
        for uuid in due:
            if not _release(uuid):
                return


def _release(uuid: UUID) -> bool:
    """Send one reply, or record why it cannot be sent; False if it should be tried again later."""
    try:
        with open_unit_of_work(writes=True) as uow:
            held_release.release(uow, uuid)
    except Exception as error:  # noqa: BLE001 - the author learns of it, and the log says why
        if isinstance(error, Unavailable) or to_unavailable_error(error):
            log().warning("held_reply_postponed", reply=str(uuid), reason=repr(error))
            return False
        if isinstance(error, DomainError):
            reason = error.message
        else:
            log().error("held_reply_failed", reply=str(uuid), exc_info=error)
            reason = UNEXPECTED_REASON
        with open_unit_of_work(writes=True) as uow:
            held_release.record_failure(uow, uuid, reason)
    return True
