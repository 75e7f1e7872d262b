"""The general log has who did what to which ticket, and why something was rejected."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.cast import Cast, UowFor
from ticket_app.core.conversation.commenting import post_comment
from ticket_app.core.platform import logs
from ticket_app.core.platform.errors import Forbidden, Invalid, Unavailable
from ticket_app.core.platform.operation_log import log_rejection
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets import trash, updates
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.purging import purge
from ticket_app.settings import reload_settings

SECRET = "kettle"


def operations(written: Any) -> list[dict[str, Any]]:
    return [line for line in written() if line["event"] == "ticket_operation"]


def open_secret(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.owner) as uow:
        ticket = open_ticket(uow, TicketDraft(f"A {SECRET}", f"The {SECRET}", tags=[SECRET]))
        assert ticket.id is not None
        return ticket.id


def test_every_change_of_a_ticket_is_one_line_without_its_content(
    database: Engine, cast: Cast, uow_for: UowFor, written: Any
) -> None:
    ticket_id = open_secret(uow_for, cast)
    with uow_for(cast.agent) as uow:
        ticket = lock_ticket(uow, ticket_id)
        changes = {
            "status": Status.IN_PROGRESS,
            "title": f"{SECRET} again",
            "assignee_id": cast.agent.id,
        }
        updates.update_ticket(uow, ticket, changes)
        post_comment(uow, ticket, f"My {SECRET}", internal=True)
    lines = operations(written)
    created, *changed = lines
    assert (created["operation"], created["actor"], created["ticket_id"]) == (
        "created",
        "owner",
        ticket_id,
    )
    by_field = {line["field"]: line for line in changed if line["operation"] == "change"}
    assert set(by_field) == {"status", "title", "assignee"}
    assert "new" not in by_field["title"]
    assert by_field["assignee"]["new_id"] == cast.agent.id
    assert by_field["status"]["new"] in ("open", "in_progress")
    (comment,) = [line for line in changed if line["operation"] == "comment"]
    assert (comment["actor"], comment["is_internal"]) == ("agent", True)
    assert all(SECRET not in str(line) for line in lines)


def test_deleting_restoring_and_purging_are_logged(
    database: Engine, cast: Cast, uow_for: UowFor, written: Any
) -> None:
    ticket_id = open_secret(uow_for, cast)
    for _ in range(2):
        with uow_for(cast.agent) as uow:
            trash.delete_ticket(uow, lock_ticket(uow, ticket_id))
        with uow_for(cast.admin) as uow:
            trash.restore_ticket(uow, ticket_id)
    with uow_for(cast.agent) as uow:
        trash.delete_ticket(uow, lock_ticket(uow, ticket_id))
    with uow_for(cast.admin) as uow:
        purge(uow, ticket_id)
    assert [line["operation"] for line in operations(written)][-3:] == [
        "restored",
        "deleted",
        "purged",
    ]


def test_what_was_rolled_back_is_not_logged(
    database: Engine, cast: Cast, uow_for: UowFor, written: Any
) -> None:
    ticket_id = open_secret(uow_for, cast)

    def change_and_fail() -> None:
        with uow_for(cast.agent) as uow:
            updates.update_ticket(uow, lock_ticket(uow, ticket_id), {"status": Status.RESOLVED})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()
    assert len(operations(written)) == 1


def test_item_of_a_bulk_change_that_failed_is_not_logged(
    database: Engine, cast: Cast, uow_for: UowFor, written: Any
) -> None:
    def open_and_fail(uow: UnitOfWork) -> None:
        with uow.savepoint():
            open_ticket(uow, TicketDraft("Undone", "Undone"))
            raise Forbidden("no")

    with uow_for(cast.agent) as uow:
        with pytest.raises(Forbidden):
            open_and_fail(uow)
        open_ticket(uow, TicketDraft("Kept", "Kept"))
    assert len(operations(written)) == 1


def test_rejection_is_logged_with_its_reason_and_details_at_debug(
    monkeypatch: pytest.MonkeyPatch, written: Any, cast: Cast
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "info")
    reload_settings()
    logs.configure()
    log_rejection(
        Forbidden("You are not allowed to assign tickets"), "PATCH /tickets/1", cast.owner
    )
    log_rejection(Unavailable("The database is away"), "GET /tickets", None)
    rejected, unavailable = written()
    assert (rejected["event"], rejected["level"], rejected["error"]) == (
        "rejected",
        "info",
        "Forbidden",
    )
    assert rejected["reason"] == "You are not allowed to assign tickets"
    assert (rejected["actor"], rejected["action"]) == ("owner", "PATCH /tickets/1")
    assert unavailable["level"] == "warning"


@pytest.mark.parametrize(
    "environment", [{"LOG_LEVEL": "debug"}, {"TICKET_DEBUG": "true"}, {"DEBUG": "True"}]
)
def test_debug_mode_logs_details_of_rejections(
    monkeypatch: pytest.MonkeyPatch,
    written: Any,
    cast: Cast,
    environment: dict[str, str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    reload_settings()
    logs.configure()
    try:
        raise Invalid("status", "must be one of open, closed", "gone")
    except Invalid as error:
        log_rejection(error, "PATCH /tickets/1", cast.owner)
    _, details = written()
    assert (details["event"], details["level"]) == ("rejection_details", "debug")
    assert details["problems"] == [["status", "must be one of open, closed"]]
    assert details["value"] == "gone"
    assert "Traceback" in details["exception"]
