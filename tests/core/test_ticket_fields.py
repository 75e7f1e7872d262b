"""A recorded field has an audience before anything is written: without one, nothing starts."""

from __future__ import annotations

import re
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson
import pytest

import ticket_app
from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.api.dialects.enterprise import vocabulary
from ticket_app.core.platform import validators
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.vocabulary import Audience, EntryKind
from ticket_app.core.search.search_index import build_body
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.fields import (
    FIELDS,
    FieldType,
    FieldView,
    TicketField,
    ensure_registered,
)
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.ticket_lookup import read_ticket
from ticket_app.core.timeline import timeline
from ticket_app.core.timeline.fields import AUDIENCE_OF_KIND
from ticket_app.core.timeline.rows import EntryRow
from ticket_app.core.webhooks import events, transactions
from ticket_app.tables import Ticket
from ticket_app.ui.field_values import choice_labels
from ticket_app.ui.pages.desk.new_ticket.form import StaffTicketForm
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.ticket.events import event_row
from ticket_app.ui.pages.desk.ticket.properties import property_fields
from ticket_app.ui.pages.desk.ticket_changes import parse_change
from ticket_app.ui.pages.portal.ticket.details import detail_facts
from ticket_app.ui.pages.portal.ticket.history import _describe_entry


def test_a_field_cannot_be_made_without_an_audience() -> None:
    make: Any = TicketField
    with pytest.raises(TypeError):
        make("mood")
    for audience in (None, "", "public"):
        with pytest.raises(TypeError, match="the field mood has no audience"):
            make("mood", audience)
    assert "mood" not in FIELDS


def test_fields_that_are_not_registered_are_refused_by_name() -> None:
    with pytest.raises(LookupError, match="the form names fields that are not registered: mood"):
        ensure_registered(["title", "mood"], "the form")


def test_editable_fields_and_webhook_fields_are_registered() -> None:
    assert ticket_fields.editable_field_validators().keys() <= FIELDS.keys()
    event_names = {field.event_name for field in FIELDS.values()}
    assert len(event_names) == len(FIELDS)
    assert vocabulary.FIELD_NAMES.keys() <= event_names
    assert len(transactions._SNAPSHOT_FIELDS) == len(transactions._SNAPSHOT_COLUMNS)


def test_a_new_field_is_described_in_the_registry_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket_id = file_ticket()
    with monkeypatch.context() as patch:
        patch.setattr(ticket_fields, "FIELDS", dict(FIELDS))
        TicketField(
            "last_comment",
            Audience.PUBLIC,
            validate=lambda name, value: validators.optional_line(name, value, 20),
            requester_may_edit=True,
            is_searched=True,
        )
        assert "last_comment" in ticket_fields.editable_field_validators()
        assert "last_comment" in ticket_fields.requester_editable_fields()
        assert "last_comment" in ticket_fields.searched_fields()
        with uow_for(cast.owner) as uow:
            ticket = lock_ticket(uow, ticket_id)
            edit(uow, ticket, {"last_comment": "phone"})
            with pytest.raises(Invalid, match="last_comment"):
                edit(uow, ticket, {"last_comment": "x" * 21})
            changes = [entry.field for entry in timeline.list_entries(uow, ticket_id)]
        assert changes[-1] == "last_comment"
    assert "last_comment" not in FIELDS


def test_history_and_events_of_a_new_field_follow_from_the_registry(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    TicketField(
        "last_comment",
        Audience.PUBLIC,
        validate=validators.optional_text,
        requester_may_edit=True,
        label="remark on the rating",
        event_name="rating_remark",
        views=frozenset(FieldView),
    )
    try:
        with uow_for(cast.owner) as uow:
            edit(uow, lock_ticket(uow, ticket_id), {"last_comment": "phone"})
            entry = timeline.list_entries(uow, ticket_id)[-1]
            (event,) = events.build_events(uow, ticket_id, [entry.id])
            row = read_ticket(uow, ticket_id)
        assert event_row(entry).action == "set the remark on the rating to"
        (change,) = orjson.loads(event.data)["changes"]
        assert change == {"field": "rating_remark", "old": None, "new": "phone"}
        assert "Remark on the rating" in [fact.name for fact in detail_facts(row)]
        assert "last_comment" in [
            field.column for field in ticket_fields.fields_shown_in(FieldView.EXPORT)
        ]
    finally:
        del FIELDS["last_comment"]


def test_filters_forms_and_properties_of_a_new_field_follow_from_the_registry() -> None:
    class Mood(StrEnum):
        GOOD = "good"
        VERY_BAD = "very_bad"

    field = TicketField(
        "mood",
        Audience.PUBLIC,
        FieldType.CHOICE,
        choices=Mood,
        requester_may_edit=True,
        is_searched=True,
        views=frozenset(FieldView),
    )
    try:
        assert choice_labels(field) == {"good": "Good", "very_bad": "Very bad"}
        filters = QueueFilters.from_url("all", {"mood": "very_bad,unknown"})
        assert filters.choices == {"mood": ("very_bad",)}
        assert filters.href() == "/desk/views/all?mood=very_bad"
        assert field in property_fields()
        assert parse_change("mood", "good").describe() == "set to mood Good"
        form = StaffTicketForm.from_data({"title": "Lamp", "mood": "good"})
        assert form.more_values() == {"mood": Mood.GOOD}
        draft = StaffTicketForm.from_data({"title": "Lamp", "more": form.more})
        assert draft.more_values() == {"mood": Mood.GOOD}
        broken = StaffTicketForm.from_data({"mood": "sour"})
        assert broken.more_problems() == {"mood": "Mood is not one of the choices"}
        ticket = Ticket.model_construct(description="Dark", section="")
        object.__setattr__(ticket, "mood", "very_bad")
        assert "very bad" in build_body(ticket, ["description", "mood"])
        changed = EntryRow()
        changed.field, changed.new_value, changed.kind = "mood", "very_bad", EntryKind.CHANGE
        assert _describe_entry(changed) == "changed the mood to Very bad"
    finally:
        del FIELDS["mood"]


MAX_FILES_OF_A_FIELD = 6
"""How many files of the product name a field that has no behaviour of its own."""


@pytest.mark.parametrize("name", ["plugin_name", "client_version"])
def test_a_field_is_named_in_few_files(name: str) -> None:
    """Dialects whose document has the field and the demo data are not counted."""
    product = Path(ticket_app.__file__).parent
    files = {
        path.relative_to(product).as_posix()
        for path in product.rglob("*.py")
        if re.search(rf"\b{name}\b", path.read_text())
    }
    counted = {path for path in files if not path.startswith(("api/dialects/", "demo/"))}
    assert len(counted) <= MAX_FILES_OF_A_FIELD, sorted(counted)


IMPORT = "from ticket_app.core.tickets import fields"


@pytest.mark.parametrize(
    ("before", "module"),
    [
        ("del fields.FIELDS['title']", "webhooks.transactions"),
        ("del fields.FIELDS['due_at']", "webhooks.transactions"),
    ],
)
def test_a_field_without_an_audience_fails_at_import(before: str, module: str) -> None:
    words = [sys.executable, "-c", f"{IMPORT}; {before}\nimport ticket_app.core.{module}"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "is not a registered field" in ran.stderr


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_each_change_is_read_by_the_fields_audience(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, field: TicketField
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        timeline.record_change(uow, ticket_id, field, None, None)
    with uow_for(cast.owner, writes=False) as uow:
        seen = [line.field for line in timeline.list_entries(uow, ticket_id)]
    assert (field.name in seen[1:]) == (field.audience is Audience.PUBLIC)


INTERNAL = {
    "team",
    "internal_notes",
    "estimated_hours",
    "actual_hours",
    "duplicate_of",
    "routing_rule",
    "text_format",
    "comment",
    "file",
    "file_name",
    "file_description",
    "copied_person",
}


def test_these_fields_are_for_staff() -> None:
    assert {name for name, field in FIELDS.items() if field.audience is Audience.INTERNAL} == (
        INTERNAL
    )


@pytest.mark.parametrize(
    "kind", [kind for kind, audience in AUDIENCE_OF_KIND.items() if audience is None]
)
def test_entry_that_can_be_internal_requires_an_audience(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, kind: EntryKind
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow, pytest.raises(TypeError, match="needs an audience"):
        timeline.add_entry(uow, ticket_id, kind)
