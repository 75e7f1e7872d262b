"""Promises to tickets that come due: a warning before, a broken promise after."""

from __future__ import annotations

from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.sla import tracking as sla_tracking

EVERY_SECONDS = 15.0
AT_ONCE = 100
"""Tickets looked at in one transaction."""


def look() -> None:
    """Look at every ticket on which something has come due."""
    with open_desk(writes=False) as desk:
        if not sla_tracking.any_due(desk):
            return
    while True:
        with open_desk(writes=True) as desk:
            found = sla_tracking.look(desk, AT_ONCE)
        if found < AT_ONCE:
            return
