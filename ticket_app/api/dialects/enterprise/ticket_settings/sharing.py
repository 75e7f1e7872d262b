"""Who uses a macro, a saved reply or a view, as the Enterprise API says it."""

from __future__ import annotations

from typing import Protocol

from ticket_app.api.dialects.enterprise.ticket_settings.fields import format_reference
from ticket_app.core.platform.sharing import SharedRow


class SharedNamedRow(SharedRow, Protocol):
    """A shared row with the names of its owner and team."""

    owner_name: str
    team_name: str | None


def format_sharing(row: SharedNamedRow) -> dict[str, object]:
    """Format with whom something is shared, and whose it is."""
    return {
        "scope": row.scope,
        "team": format_reference(row.team_id, row.team_name),
        "owner": format_reference(row.owner_id, row.owner_name),
    }
