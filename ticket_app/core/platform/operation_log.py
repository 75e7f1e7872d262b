"""What people do, in the general log: operations on tickets, and requests that were rejected.

Each line has the id of its request and its channel from the log's context. It never has the content
of a ticket: no titles, texts or names of files.
"""

from __future__ import annotations

from functools import partial

import structlog

from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError, Invalid, Unavailable, to_printable
from ticket_app.core.platform.logs import log
from ticket_app.core.platform.unit_of_work import UnitOfWork

MAX_REASON_LENGTH = 300


def log_ticket_operation(uow: UnitOfWork, ticket_id: int, operation: str, **facts: object) -> None:
    """Log after the commit who did what to a ticket; facts that are None are left out.

    Nothing is logged in a process that has not configured its logs, such as one that loads demo
    data.
    """
    if not structlog.is_configured():
        return
    actor = uow.actor if uow.has_actor else None
    given = {name: value for name, value in facts.items() if value is not None}
    uow.after_commit.append(
        partial(
            log().info,
            "ticket_operation",
            ticket_id=ticket_id,
            operation=operation,
            actor=actor.username if actor else None,
            authenticated_by=actor.authentication_method if actor else "system",
            **given,
        )
    )


def log_rejection(error: DomainError, action: str, actor: Actor | None) -> None:
    """Log why an action was rejected: the reason at `info`, details and traceback at `debug`."""
    write = log().warning if isinstance(error, Unavailable) else log().info
    username = actor.username if actor else None
    kind = type(error).__name__
    reason = error.message[:MAX_REASON_LENGTH]
    write("rejected", action=action, error=kind, reason=reason, actor=username)
    details: dict[str, object] = {}
    if isinstance(error, Invalid):
        details = {"problems": error.problems, "value": to_printable(error.value)}
    log().debug(
        "rejection_details",
        action=action,
        error=kind,
        actor_role=actor.role if actor else None,
        actor_scopes=sorted(actor.scopes) if actor else None,
        exc_info=error,
        **details,
    )
