"""A ticket is created whole or not at all, and every wrong field is named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from tests.cast import MORNING, Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform import rate_limits
from ticket_app.core.platform.errors import Forbidden, Invalid, RateLimited, Unauthenticated
from ticket_app.core.platform.vocabulary import (
    Category,
    Kind,
    Priority,
    ReproductionRate,
    Severity,
    Status,
)
from ticket_app.core.tickets import counters, ticket_list, ticket_query
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.timeline import timeline
from ticket_app.settings import reload_settings
from ticket_app.tables import Contact, Department, Ticket
from ticket_app.tables.tickets import FAR_FUTURE

DEFAULTS: dict[str, Any] = {
    "kind": "support",
    "category": "general",
    "status": "new",
    "status_group": "open",
    "status_rank": 1,
    "priority": "medium",
    "priority_rank": 2,
    "severity": "minor",
    "tags": [],
    "external_id": None,
    "section": "",
    "plugin_name": None,
    "client_version": None,
    "steps_to_reproduce": None,
    "expected_behavior": None,
    "actual_behavior": None,
    "reproduction_rate": None,
    "environment": None,
    "assignee_id": None,
    "team_id": None,
    "department_id": None,
    "contact_id": None,
    "admin_feedback": None,
    "internal_notes": None,
    "public_notes": None,
    "estimated_hours": None,
    "actual_hours": None,
    "satisfaction_rating": None,
    "satisfaction_comment": None,
    "due_at": None,
    "due_sort_at": FAR_FUTURE,
    "sla_policy_id": None,
    "respond_by": None,
    "resolve_by": None,
    "sla_paused_at": None,
    "response_seconds_left": None,
    "resolution_seconds_left": None,
    "response_warned_at": None,
    "resolution_warned_at": None,
    "first_response_breached_at": None,
    "sla_breached_at": None,
    "sla_next_at": None,
    "first_response_at": None,
    "resolved_at": None,
    "closed_at": None,
    "comments_count": 0,
    "notes_count": 0,
    "attachments_count": 0,
    "internal_attachments_count": 0,
    "reopened_count": 0,
    "last_comment": None,
    "last_comment_at": None,
    "last_comment_by_id": None,
    "duplicate_of_id": None,
    "merged_into_id": None,
    "deleted_at": None,
    "deleted_by_id": None,
    "channel": "web",
    "text_formats": {"description": "markdown"},
    "version": 1,
}


def row_of(database: Engine, ticket_id: int) -> dict[str, Any]:
    table: Any = Ticket.__table__  # type: ignore[attr-defined]
    with database.connect() as connection:
        found = connection.execute(select(table).where(table.c.id == ticket_id)).one()
    return dict(found._mapping)


def counted(database: Engine) -> int:
    with database.connect() as connection:
        return connection.execute(select(func.count()).select_from(Ticket)).scalar_one()


def refused(uow_for: UowFor, by: Any, **values: Any) -> list[tuple[str, str]]:
    draft = TicketDraft(**{"title": "Lamp", "description": "Dark."} | values)
    with pytest.raises(Invalid) as error, uow_for(by) as uow:
        open_ticket(uow, draft)
    return error.value.problems


def test_opened_ticket_has_every_given_field(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    environment = {"os": "Plan 9", "screen": {"width": 640, "colours": [1, 2]}}
    ticket_id = file_ticket(
        title="  The lamp\n flickers ",
        description=" Since *noon*. \n",
        kind=Kind.BUG,
        priority=Priority.URGENT,
        severity=Severity.MAJOR,
        category=Category.TECHNICAL,
        section="user_interface",
        plugin_name="dimmer",
        client_version="1.2.3",
        steps_to_reproduce="Look.",
        expected_behavior="Light.",
        actual_behavior="Dark.",
        reproduction_rate=ReproductionRate.ALWAYS,
        environment=environment,
        tags=["Lamp", "lamp", " two  words "],
        due_at=MORNING + timedelta(days=2),
        estimated_hours=1.5,
        channel="centcom",
    )
    row = row_of(database, ticket_id)
    assert isinstance(row.pop("uuid"), UUID)
    assert row == DEFAULTS | {
        "id": 1,
        "key_prefix": "BUG",
        "key_number": 1,
        "opened_on": date(2026, 11, 20),
        "day_number": 1,
        "title": "The lamp flickers",
        "description": " Since *noon*. \n",
        "kind": "bug",
        "priority": "urgent",
        "priority_rank": 4,
        "severity": "major",
        "category": "technical",
        "section": "user_interface",
        "plugin_name": "dimmer",
        "client_version": "1.2.3",
        "steps_to_reproduce": "Look.",
        "expected_behavior": "Light.",
        "actual_behavior": "Dark.",
        "reproduction_rate": "always",
        "environment": environment,
        "tags": ["Lamp", "two words"],
        "requester_id": cast.owner.id,
        "created_by_id": cast.owner.id,
        "company_id": cast.owner.company_id,
        "due_at": MORNING + timedelta(days=2),
        "due_sort_at": MORNING + timedelta(days=2),
        "estimated_hours": 1.5,
        "text_formats": dict.fromkeys(
            ("description", "steps_to_reproduce", "expected_behavior", "actual_behavior"),
            "markdown",
        ),
        "created_at": MORNING,
        "updated_at": MORNING,
        "channel": "centcom",
    }
    with uow_for(cast.agent, writes=False) as uow:
        lines = timeline.list_entries(uow, ticket_id)
        assert [(line.kind, line.field, line.new_value) for line in lines] == [
            ("created", "status", "new")
        ]
        assert lines[0].actor_username == "owner"
        assert counters.count_all_tickets(uow).by_status == {"new": 1}
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery(search="flickers")) == 1


def test_missing_fields_get_their_defaults(
    database: Engine, cast: Cast, file_ticket: FileTicket
) -> None:
    row = row_of(database, file_ticket())
    assert {name: row[name] for name in DEFAULTS} == DEFAULTS
    assert row.keys() - DEFAULTS.keys() == {
        "id",
        "uuid",
        "key_prefix",
        "key_number",
        "opened_on",
        "day_number",
        "title",
        "description",
        "requester_id",
        "created_by_id",
        "company_id",
        "created_at",
        "updated_at",
    }


def test_every_wrong_field_is_named_at_once(database: Engine, uow_for: UowFor, cast: Cast) -> None:
    problems = refused(
        uow_for,
        cast.owner,
        title=" \n ",
        description="",
        section="s" * 121,
        plugin_name="p" * 201,
        client_version="v" * 61,
        tags=[f"tag {n}" for n in range(21)],
        environment={"k": "v" * 17_000},
        estimated_hours=-1,
    )
    assert [name for name, _ in problems] == [
        "title",
        "description",
        "section",
        "plugin_name",
        "client_version",
        "environment",
        "tags",
        "estimated_hours",
    ]
    assert all(reason for _, reason in problems)
    assert counted(database) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "\x00"),
        ("title", "half \ud83d"),
        ("title", "x" * 501),
        ("description", "  \n\t "),
        ("description", "x" * 50_001),
        ("description", "a\x00b"),
        ("description", "\udfff"),
        ("steps_to_reproduce", "\x00"),
        ("expected_behavior", "x" * 50_001),
        ("actual_behavior", "\ud800"),
        ("section", "a\x00"),
        ("tags", ["\x00"]),
        ("tags", ["\ud800"]),
        ("tags", ["x" * 61]),
        ("tags", ["ß" * 60]),
        ("environment", {"a": {"b": {"c": {"d": {"e": {"f": {}}}}}}}),
        ("environment", {"a": "\x00"}),
        ("environment", {"\x00": 1}),
        ("environment", {"a": "\ud800"}),
        ("environment", {"a": 2**70}),
        ("environment", {"a": float("nan")}),
        ("environment", {"a": [float("inf")]}),
        ("environment", {"a": object()}),
        ("estimated_hours", float("nan")),
        ("estimated_hours", -0.5),
        ("estimated_hours", 1e9),
        ("due_at", datetime(2026, 11, 30)),  # noqa: DTZ001
        ("due_at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
    ],
)
def test_what_cannot_be_kept_is_refused(
    uow_for: UowFor, cast: Cast, field: str, value: Any
) -> None:
    assert [name for name, _ in refused(uow_for, cast.owner, **{field: value})] == [field]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 500),
        ("title", "日本語 العربية 🏮 \u202eright"),
        ("description", "x" * 50_000),
        ("description", "🏮" * 50_000),
        ("tags", ["x" * 60, "ΰ", *(f"tag {n}" for n in range(18))]),
        ("environment", {"a": {"b": {"c": {"d": {"e": {}}}}}}),
        ("environment", {"path": "C:\\users\\u0000", "n": 2**53}),
        ("environment", {}),
        ("estimated_hours", 0.0),
        ("due_at", datetime(2020, 2, 29, tzinfo=UTC)),
    ],
)
def test_what_lies_at_the_limit_is_kept(
    database: Engine, file_ticket: FileTicket, field: str, value: Any
) -> None:
    assert row_of(database, file_ticket(**{field: value}))[field] == value


@pytest.mark.parametrize(
    "field", ["requester_id", "assignee_id", "company_id", "contact_id", "department_id"]
)
def test_what_it_refers_to_must_be_known(uow_for: UowFor, cast: Cast, field: str) -> None:
    problems = refused(uow_for, cast.agent, **{field: 999})
    assert problems[0][0] == field.removesuffix("_id")


def test_ticket_is_opened_for_a_department_and_a_contact(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        department = Department(name="Lights", created_at=uow.now)
        contact = Contact(name="Wick", company_id=2, created_at=uow.now)
        uow.session.add_all([department, contact])
        uow.flush()
    row = row_of(
        database,
        file_ticket(cast.agent, department_id=department.id, contact_id=contact.id, company_id=2),
    )
    assert (row["department_id"], row["contact_id"], row["company_id"]) == (
        department.id,
        contact.id,
        2,
    )


def test_staff_file_for_somebody_else(
    database: Engine, cast: Cast, file_ticket: FileTicket
) -> None:
    row = row_of(database, file_ticket(cast.agent, requester_id=cast.owner.id))
    assert (row["requester_id"], row["created_by_id"]) == (cast.owner.id, cast.agent.id)


def test_a_requester_files_for_nobody_else_and_assigns_nobody(
    database: Engine, uow_for: UowFor, cast: Cast
) -> None:
    for values in ({"requester_id": cast.colleague.id}, {"assignee_id": cast.agent.id}):
        with pytest.raises(Forbidden), uow_for(cast.owner) as uow:
            open_ticket(uow, TicketDraft("Lamp", "Dark", **values))
    with pytest.raises(Unauthenticated), uow_for(cast.nobody) as uow:
        open_ticket(uow, TicketDraft("Lamp", "Dark"))
    assert counted(database) == 0


def test_an_assigned_ticket_is_open_at_once(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(cast.manager, assignee_id=cast.agent.id)
    row = row_of(database, ticket_id)
    assert (row["status"], row["assignee_id"], row["version"]) == ("open", cast.agent.id, 1)
    with uow_for(cast.agent, writes=False) as uow:
        assert [
            (line.kind, line.field, line.old_value, line.new_value)
            for line in timeline.list_entries(uow, ticket_id)
        ] == [
            ("created", "status", None, "new"),
            ("change", "assignee", None, "Agnes Hale"),
            ("change", "status", "new", "open"),
        ]
        assert counters.count_all_tickets(uow).by_status == {"open": 1}


def test_only_staff_are_assigned(uow_for: UowFor, cast: Cast) -> None:
    problems = refused(uow_for, cast.agent, assignee_id=cast.owner.id)
    assert problems == [("assignee", "must be a person who works on tickets")]


def test_a_requester_files_so_many_an_hour(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_SUBMISSIONS_PER_HOUR", "2")
    reload_settings()
    rate_limits.reset()
    file_ticket()
    refused(uow_for, cast.owner, title="")
    file_ticket()
    with pytest.raises(RateLimited) as error:
        file_ticket()
    assert error.value.retry_at > datetime.now(UTC)
    file_ticket(cast.colleague)
    for _ in range(3):
        file_ticket(cast.agent)
    monkeypatch.setenv("TICKET_SUBMISSIONS_PER_HOUR", "0")
    reload_settings()
    file_ticket()


def test_a_failure_after_the_ticket_is_created_leaves_nothing(
    database: Engine, uow_for: UowFor, cast: Cast
) -> None:
    def file_and_fail() -> None:
        with uow_for(cast.owner) as uow:
            open_ticket(uow, TicketDraft("Lamp", "Dark", tags=["a"]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    assert counted(database) == 0
    with uow_for(cast.agent, writes=False) as uow:
        assert counters.count_all_tickets(uow).total == 0
        assert ticket_list.count_tickets(uow, ticket_query.TicketQuery(search="lamp")) == 0
    with uow_for(cast.owner) as uow:
        ticket = open_ticket(uow, TicketDraft("Lamp", "Dark"))
        assert (ticket.key_number, ticket.day_number) == (1, 1)
        assert ticket.status == Status.NEW
