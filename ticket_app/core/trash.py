"""The trash: deleted tickets, newest first, for those who may bring them back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from ticket_app.core.desk import Desk
from ticket_app.core.policy import T
from ticket_app.core.timeline import P

MOST = 100
_DELETER = P.alias("deleter")
_DELETED = (
    select(
        T.c.id,
        T.c.key_prefix,
        T.c.key_number,
        T.c.title,
        T.c.status,
        T.c.deleted_at,
        _DELETER.c.full_name.label("deleted_by"),
    )
    .select_from(T.outerjoin(_DELETER, _DELETER.c.id == T.c.deleted_by_id))
    .where(T.c.deleted_at.is_not(None))
    .order_by(T.c.deleted_at.desc(), T.c.id.desc())
    .limit(bindparam("most"))
)


def deleted(desk: Desk, most: int = MOST) -> Sequence[Any]:
    """The newest deleted tickets. Raises `Forbidden` for those who may not restore them."""
    desk.actor.must("restore_tickets", "look into the trash")
    return desk.db.execute(_DELETED, {"most": most}).all()
