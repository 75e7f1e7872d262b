"""Properties, filters, bulk changes and forms that the web app derives from the field registry."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from tests.ui.test_desk import file_ticket
from ticket_app.core.platform.vocabulary import Category, Priority
from ticket_app.core.tickets import editing, locking, time_log
from ticket_app.tables import Contact, Team
from ticket_app.ui import theme
from ticket_app.ui.durations import format_minutes, parse_minutes
from ticket_app.ui.field_values import CATEGORY_LABELS, SEVERITY_LABELS
from ticket_app.ui.pages.desk import ticket_actions
from ticket_app.ui.pages.desk.new_ticket.form import StaffTicketForm
from ticket_app.ui.pages.desk.queue.filter_labels import make_filter_chips
from ticket_app.ui.pages.desk.queue.filters import QueueFilters
from ticket_app.ui.pages.desk.queue.rows import load_queue
from ticket_app.ui.pages.desk.ticket.properties import property_fields
from ticket_app.ui.pages.desk.ticket.rows import load_ticket_page
from ticket_app.ui.pages.desk.ticket_changes import bulk_fields, parse_change
from ticket_app.ui.pages.portal.new_ticket.form import RequesterTicketForm


def test_properties_and_bulk_changes_are_these_fields() -> None:
    assert [field.name for field in property_fields()] == [
        "status",
        "priority",
        "assignee",
        "team",
        "kind",
        "category",
        "severity",
        "section",
        "tags",
        "due_at",
        "department",
        "company",
        "contact",
        "estimated_hours",
        "actual_hours",
    ]
    assert [field.name for field in bulk_fields()] == [
        "status",
        "priority",
        "assignee",
        "team",
        "kind",
        "category",
        "severity",
        "department",
        "company",
    ]


def test_every_category_and_priority_differs_in_words() -> None:
    assert CATEGORY_LABELS.keys() == set(Category)
    assert len({*CATEGORY_LABELS.values()}) == len(Category)
    assert len({*SEVERITY_LABELS.values()}) == len(SEVERITY_LABELS)
    looks = [theme.PRIORITY_LOOKS[priority] for priority in Priority]
    assert len({look.word for look in looks}) == len({look.bars for look in looks}) == len(looks)
    assert len({look.color for look in looks}) == len(looks)


def test_queue_filters_by_category_contact_and_requester(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        contact = Contact(name="Nadia Rahman", created_at=uow.now)
        uow.session.add(contact)
        uow.flush()
        contact_id = contact.id
    wanted = file_ticket(uow_for, cast.owner, category=Category.BILLING)
    with uow_for(cast.agent) as uow:
        editing.set_contact(uow, locking.lock_ticket(uow, wanted), contact_id)
    file_ticket(uow_for, cast.owner)
    file_ticket(uow_for, cast.stranger, category=Category.BILLING)
    params = {
        "category": "billing",
        "contact": str(contact_id),
        "requester": cast.owner.username,
    }
    asked = QueueFilters.from_url("all", params)
    with uow_for(cast.agent, writes=False) as uow:
        page = load_queue(uow, asked)
        assert [row.id for row in page.rows] == [wanted]
        for name, value in params.items():
            found = load_queue(uow, QueueFilters.from_url("all", {name: value})).rows
            assert len(found) == (1 if name == "contact" else 2)
    chips = make_filter_chips(asked, page)
    assert chips.labels["category"] == "Billing"
    assert chips.labels["contact"] == "Nadia Rahman"
    assert chips.labels["requester"] == cast.owner.full_name


def test_several_tickets_get_a_team_and_a_category_at_once(uow_for: UowFor, cast: Cast) -> None:
    ids = [file_ticket(uow_for, cast.owner) for _ in range(2)]
    with uow_for(cast.agent) as uow:
        team = Team(name="Network", created_at=uow.now)
        uow.session.add(team)
        uow.flush()
        to_team = parse_change("team", str(team.id), team.name)
        assert to_team.describe() == "moved to team Network"
        to_category = parse_change("category", "zone_config")
        assert to_category.describe() == "set to category Zone configuration"
        for change in (to_team, to_category):
            seen = {
                ticket_id: ticket_actions.ExpectedState(locking.lock_ticket(uow, ticket_id).version)
                for ticket_id in ids
            }
            assert ticket_actions.change_tickets(uow, change, seen).errors == []
        for ticket_id in ids:
            ticket = locking.lock_ticket(uow, ticket_id)
            assert (ticket.team_id, ticket.category) == (team.id, "zone_config")


@pytest.mark.parametrize(
    ("field", "value"), [("title", "x"), ("category", "unknown"), ("unknown", "1"), ("team", "x")]
)
def test_other_changes_are_refused(field: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_change(field, value)


def test_ticket_page_shows_the_fields_and_the_time_log(uow_for: UowFor, cast: Cast) -> None:
    ticket_id = file_ticket(uow_for, cast.owner, category=Category.BILLING)
    with uow_for(cast.agent) as uow:
        ticket = locking.lock_ticket(uow, ticket_id)
        editing.edit(uow, ticket, {"public_notes": "Known *issue*", "estimated_hours": 2.5})
        time_log.log_time(uow, ticket, 75, note="Called")
        editing.edit(uow, ticket, {"actual_hours": 2.0})
    with uow_for(cast.admin) as uow:
        page = load_ticket_page(uow, ticket_id, "all")
    shown = page.ticket.properties
    assert (shown["category"], shown["estimated_hours"]) == ("Billing", "2.5 h")
    assert shown["actual_hours"] == "2 h"
    assert "Known" in shown["public_notes"]
    log = page.side_panel.time_log
    assert log.summary == "1 h 15 min logged · 45 min outside the time log · 2 h 30 min estimated"
    (entry,) = log.lines
    assert (entry.duration, entry.note, entry.can_edit, entry.can_delete) == (
        "1 h 15 min",
        "Called",
        False,
        True,
    )


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 min", 45),
        ("1h 30m", 90),
        ("1:30", 90),
        ("1.5 h", 90),
        ("1,5h", 90),
        ("2 hours 5 minutes", 125),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1:75", None),
    ],
)
def test_durations_are_read_as_people_write_them(text: str, minutes: int | None) -> None:
    assert parse_minutes(text) == minutes


def test_durations_are_shown_in_short() -> None:
    assert [format_minutes(n) for n in (0, 45, 120, 90, -30)] == [
        "0 min",
        "45 min",
        "2 h",
        "1 h 30 min",
        "-30 min",
    ]


def test_forms_of_a_new_ticket_take_a_category_and_staff_an_estimate() -> None:
    requester = RequesterTicketForm.from_data(
        {"title": "Lamp", "category": "billing", "estimated_hours": "3"}
    )
    assert requester.to_ticket_draft().category is Category.BILLING
    assert requester.to_ticket_draft().estimated_hours is None
    staff = StaffTicketForm.from_data({"category": "", "estimated_hours": "1,5"})
    assert staff.more_values() == {"estimated_hours": 1.5}
    wrong = StaffTicketForm.from_data({"category": "nonsense", "estimated_hours": "long"})
    assert wrong.more_problems() == {
        "category": "Category is not one of the choices",
        "estimated_hours": "Estimated hours must be a number of hours, such as 1.5",
    }
