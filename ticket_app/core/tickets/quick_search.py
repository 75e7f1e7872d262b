"""What the command palette finds: tickets by number or words, people and companies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ticket_app.core.people import directory
from ticket_app.core.people.rows import NamedRow, PersonSuggestionRow
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.search.search_operators import has_operators
from ticket_app.core.tickets import ticket_list, ticket_lookup
from ticket_app.core.tickets.rows import TicketSummaryRow
from ticket_app.core.tickets.search_filters import apply_search
from ticket_app.core.tickets.search_suggestions import suggest_search
from ticket_app.core.tickets.ticket_query import TicketQuery

MAX_TICKETS: Final = 8
MAX_PEOPLE: Final = 5
MAX_RECENT: Final = 8
MIN_LENGTH: Final = 2
"""Shorter texts find no tickets, people or companies."""


@dataclass(frozen=True, slots=True)
class QuickResults:
    """What a text finds; `hints` say what of it could not be applied."""

    tickets: Sequence[TicketSummaryRow] = ()
    people: Sequence[PersonSuggestionRow] = ()
    companies: Sequence[NamedRow] = ()
    hints: Sequence[str] = ()
    suggestions: Sequence[str] = ()


def quick_search(uow: UnitOfWork, text: str) -> QuickResults:
    """Return the tickets that the actor may see, and for staff people and companies."""
    text = text.strip()
    if len(text) < MIN_LENGTH:
        return QuickResults()
    applied = apply_search(uow, TicketQuery(search=text, sort="updated"))
    tickets = list(ticket_list.page(uow, applied.query, PageRequest(MAX_TICKETS)).rows)
    exact_id = ticket_lookup.find_single_match(uow, text)
    if exact_id is not None:
        exact = ticket_lookup.read_ticket(uow, exact_id, "summary")
        tickets = [exact, *(row for row in tickets if row.id != exact_id)][:MAX_TICKETS]
    looks_up_people = uow.actor.can("work_tickets") and not has_operators(text)
    return QuickResults(
        tickets,
        directory.search_people(uow, text, MAX_PEOPLE) if looks_up_people else (),
        directory.search_companies(uow, text, MAX_PEOPLE) if looks_up_people else (),
        applied.hints,
        suggest_search(uow, text),
    )


def read_recent_tickets(uow: UnitOfWork, references: Sequence[str]) -> list[TicketSummaryRow]:
    """Return the tickets with these numbers that the actor may still see, in this order."""
    found: list[TicketSummaryRow] = []
    for reference in references[:MAX_RECENT]:
        try:
            ticket_id = ticket_lookup.find_single_match(uow, reference)
            if ticket_id is not None:
                found.append(ticket_lookup.read_ticket(uow, ticket_id, "summary"))
        except NotFound:
            continue
    return found
