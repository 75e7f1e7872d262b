"""Apply several changes to a ticket at once, as API clients send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import assigning, editing, rating, status_changes
from ticket_app.tables import Ticket

FIELD_SETTERS: dict[str, Callable[[UnitOfWork, Ticket, Any], None]] = {
    "company_id": editing.set_company,
    "contact_id": editing.set_contact,
    "department_id": editing.set_department,
    "assignee_id": assigning.assign,
    "team_id": assigning.set_team,
    "status": status_changes.change_status,
    "satisfaction_rating": rating.rate,
}
"""Fields with a use case of their own, in the order in which they are applied: the assignee may set
the team, the status overrides the one that assigning set, and only a finished ticket can be rated.
"""


def update_ticket(
    uow: UnitOfWork,
    ticket: Ticket,
    changes: Mapping[str, object],
    *,
    text_format: TextFormat | None = None,
    channel: str = "web",
) -> None:
    """Change several fields of a ticket, by name, through `editing.edit` and `FIELD_SETTERS`.

    `text_format` and `channel` are those of `editing.edit`. Raises what the single changes raise;
    the caller must then roll back.
    """
    fields = {name: value for name, value in changes.items() if name not in FIELD_SETTERS}
    if fields or text_format:
        editing.edit(uow, ticket, fields, text_format=text_format, channel=channel)
    for name, set_field in FIELD_SETTERS.items():
        if name in changes:
            set_field(uow, ticket, changes[name])
