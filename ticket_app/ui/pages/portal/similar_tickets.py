"""Tickets that are similar to the one that a requester reads or writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import reflex as rx

from ticket_app.core.platform import ticket_numbers
from ticket_app.core.tickets.related import RelatedTicketRow
from ticket_app.ui import routes
from ticket_app.ui import widgets as w


@dataclass(frozen=True)
class SimilarTicket:
    """A ticket that the person may read and that may be about the same problem."""

    number: str
    title: str
    href: str
    status: str


def similar_rows(rows: Iterable[RelatedTicketRow]) -> list[SimilarTicket]:
    """Return the rows of similar tickets."""
    return [
        SimilarTicket(key, row.title, routes.portal_ticket(key), row.status)
        for row in rows
        for key in [ticket_numbers.format_key(row)]
    ]


def _similar_ticket(ticket: rx.Var[SimilarTicket]) -> rx.Component:
    return w.related_ticket(ticket.number, ticket.title, to=ticket.href, status=ticket.status)


def similar_list(tickets: rx.Var[list[SimilarTicket]], label: rx.Component) -> rx.Component:
    """Return links to similar tickets below a label, or nothing if there are none."""
    return rx.cond(
        tickets,
        rx.el.div(label, rx.foreach(tickets, _similar_ticket), class_name="similar-tickets"),
    )
