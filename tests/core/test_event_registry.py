"""A webhook event is registered, formatted and described in three files, whatever its payload."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

import ticket_app
from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.api.dialects.enterprise.webhooks import payloads
from ticket_app.core.platform.vocabulary import EntryKind
from ticket_app.core.tickets import trash
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.timeline import timeline
from ticket_app.core.webhooks import events
from ticket_app.core.webhooks.events import EVENT_NAMES, EVENT_TYPES, EventOrder, EventType
from ticket_app.core.webhooks.payload_format import EventDetails
from ticket_app.core.webhooks.transactions import TicketTransaction

PACKAGE = Path(ticket_app.__file__).parent
REGISTRY = "core/webhooks/events.py"
FORMATS = "api/dialects/enterprise/webhooks/payloads.py"
DESCRIPTIONS = "ui/pages/admin/texts.py"
HISTORY = "api/dialects/enterprise/tickets/details.py"
"""The document uses the same words for the entries of a ticket's history, which are no events."""
SHAPES = {
    shape
    for shape in vars(events).values()
    if isinstance(shape, type) and issubclass(shape, EventDetails) and shape is not EventDetails
}


def test_every_shape_of_an_event_has_a_format() -> None:
    assert payloads.FORMATTERS.keys() == SHAPES


def test_an_event_with_a_new_payload_is_registered_and_formatted_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dataclass(frozen=True, slots=True)
    class TicketTrashed(EventDetails):
        reason: str

    def find(transaction: TicketTransaction) -> events.FoundEvents:
        for entry in transaction.entries:
            if entry.kind == EntryKind.DELETED:
                yield entry, TicketTrashed("spam")

    event_type = EventType("ticket.trashed", EventOrder.ADDED, find)
    monkeypatch.setattr(events, "EVENT_TYPES", (*EVENT_TYPES, event_type))
    monkeypatch.setitem(payloads.FORMATTERS, TicketTrashed, lambda one: {"trash": one.reason})
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        trash.delete_ticket(uow, lock_ticket(uow, ticket_id))
        entry = timeline.list_entries(uow, ticket_id)[-1]
        _, event = events.build_events(uow, ticket_id, [entry.id])
    assert event.name == "ticket.trashed"
    assert orjson.loads(event.data).keys() == {"ticket", "actor", "trash"}


def test_a_new_event_changes_three_files_of_the_product() -> None:
    shapes = {shape.__name__ for shape in SHAPES}
    naming_shapes, naming_events = set(), set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = path.relative_to(PACKAGE).as_posix()
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
        strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        if names & shapes:
            naming_shapes.add(place)
        if strings >= set(EVENT_NAMES):
            naming_events.add(place)
    assert naming_shapes == {REGISTRY, FORMATS}
    assert naming_events - {HISTORY} == {REGISTRY, DESCRIPTIONS}
