"""Errors about a field begin with the words of the page, not with the API's name of the field."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from reflex.istate.data import ReflexURL
from sqlalchemy import Engine

from tests.cast import PASSWORD, Cast, UowFor
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform import natural_dates
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.ui import bridge, dialogs, routes
from ticket_app.ui.pages.desk.availability import state as availability_state
from ticket_app.ui.pages.desk.availability import texts as availability_texts
from ticket_app.ui.pages.desk.availability.state import AvailabilityDialog
from ticket_app.ui.pages.desk.queue.state import Queue
from ticket_app.ui.pages.desk.snooze import state as snooze_state
from ticket_app.ui.pages.desk.snooze.state import SnoozeDialog, SnoozeSuggestion
from ticket_app.ui.pages.desk.ticket.email_state import TicketEmail
from ticket_app.ui.pages.desk.ticket.state import TicketPage

pytestmark = pytest.mark.anyio


@pytest.fixture
def ticket_id(uow_for: UowFor, cast: Cast) -> int:
    with uow_for(cast.owner) as uow:
        return open_ticket(uow, TicketDraft(title="A lamp", description="Dark.")).id or 0


@pytest.fixture(autouse=True)
def tab(database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent's tab with the dialog open that an event is about."""

    async def is_current(*_: object) -> None:
        return None

    with open_unit_of_work(writes=True) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())
    monkeypatch.setattr(bridge, "session_secret", lambda _page: cookie)
    for module in (availability_state, snooze_state):
        monkeypatch.setattr(module, "ensure_dialog_is_current", is_current)


async def test_time_that_cannot_be_snoozed_until_is_explained(ticket_id: int) -> None:
    dialog: Any = SnoozeDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    dialog._ticket_ids = [ticket_id]
    for text, expected in (
        ("soon enough", f"This time {natural_dates.NOT_A_MOMENT}"),
        ("2020-01-01", "This time must be in the future"),
        ("2999-01-01", "This time must be within a year"),
    ):
        await SnoozeDialog.submit.fn(dialog, "", {"until": text})
        assert dialog.error == expected
        await SnoozeDialog.preview.fn(dialog, text)  # its event waits for a pause in typing
        assert dialog.error == expected
        await SnoozeDialog.preview.fn(dialog, f"{text} ")
        assert not dialog.error


async def test_suggested_time_that_has_passed_is_explained(ticket_id: int) -> None:
    dialog: Any = SnoozeDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    passed = "2020-01-01T09:00:00+00:00"
    dialog._ticket_ids, dialog.suggestions = [ticket_id], [SnoozeSuggestion("Later", passed)]
    await SnoozeDialog.choose.fn(dialog, "", passed)
    assert dialog.error == "This time must be in the future"


@pytest.mark.parametrize(
    ("path", "reloaded"),
    [(routes.desk_ticket("REQ-1"), "ticket"), (routes.DESK, "queue")],
)
async def test_snoozing_reloads_only_the_page_that_is_shown(
    ticket_id: int, path: str, reloaded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    queue, page = SimpleNamespace(selected_ids=[ticket_id]), SimpleNamespace()

    async def find_state(_dialog: object, kind: object) -> object:
        return {Queue: queue, TicketPage: page, dialogs.OpenDialog: open_dialog}[kind]

    async def reload_rows(_queue: object) -> None:
        done.append("queue")

    async def reload_ticket(_page: object) -> None:
        done.append("ticket")

    open_dialog = dialogs.OpenDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    monkeypatch.setattr(SnoozeDialog, "get_state", find_state)
    monkeypatch.setattr(snooze_state, "reload_rows", reload_rows)
    monkeypatch.setattr(snooze_state, "reload_ticket", reload_ticket)
    dialog: Any = SnoozeDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    dialog.router = replace(dialog.router, url=ReflexURL(f"http://desk{path}"))
    dialog._ticket_ids = [ticket_id]
    await SnoozeDialog.submit.fn(dialog, "", {"until": "in 3 hours"})
    assert done == [reloaded]
    assert queue.selected_ids == ([] if reloaded == "queue" else [ticket_id])


async def test_snooze_dialog_names_the_selected_tickets_as_the_queue_shows_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [SimpleNamespace(id=row_id, number=f"REQ-{row_id}") for row_id in (1, 2, 3)]
    queue = SimpleNamespace(rows=rows, selected_ids=[2])
    page = SimpleNamespace(ticket=SimpleNamespace(id=7, number="REQ-7"))
    open_dialog = dialogs.OpenDialog(_reflex_internal_init=True)  # type: ignore[call-arg]

    async def find_state(_dialog: object, kind: object) -> object:
        return {Queue: queue, TicketPage: page, dialogs.OpenDialog: open_dialog}[kind]

    monkeypatch.setattr(SnoozeDialog, "get_state", find_state)
    dialog: Any = SnoozeDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    for ticket_id, ids, heading in ((0, [2], "Snooze REQ-2"), (7, [7], "Snooze REQ-7")):
        await SnoozeDialog.open.fn(dialog, ticket_id)
        assert (dialog._ticket_ids, dialog.heading) == (ids, heading)
    await SnoozeDialog.open.fn(dialog, 8)
    assert dialog._ticket_ids == [7]


async def test_wrong_times_of_an_absence_are_named_as_in_the_dialog() -> None:
    dialog: Any = AvailabilityDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    await AvailabilityDialog.save.fn(dialog, "", {"state": "away", "until": "2020-01-01"})
    assert dialog.error == "The end must be in the future"
    for starts, ends, expected in (
        ("in 2 days", "", availability_texts.ENTER_BOTH),
        ("soon enough", "in 3 days", f"The start {natural_dates.NOT_A_MOMENT}"),
        ("in 2 days", "soon enough", f"The end {natural_dates.NOT_A_MOMENT}"),
        ("in 2 days", "in 1 day", "The end must be after the start"),
        ("in 2 days", "2999-01-01", "The end must be within two years"),
    ):
        await AvailabilityDialog.plan.fn(dialog, "", {"absence-from": starts, "absence-to": ends})
        assert dialog.plan_error == expected


async def test_planning_after_the_session_has_ended_asks_to_sign_in_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def write(*_: object) -> None:
        raise Unauthenticated

    monkeypatch.setattr(bridge, "write", write)
    dialog: Any = AvailabilityDialog(_reflex_internal_init=True)  # type: ignore[call-arg]
    events = await AvailabilityDialog.plan.fn(dialog, "", {})
    assert "signInAgain" in str(events)
    assert dialog.plan_error == ""


async def test_address_that_cannot_be_added_to_cc_is_explained(ticket_id: int, cast: Cast) -> None:
    page: Any = TicketEmail(_reflex_internal_init=True)  # type: ignore[call-arg]
    for value, expected in (
        ("nobody", "This address must be an email address, such as name@example.com."),
        (str(cast.owner.id), "This address belongs to the requester, who gets every reply."),
    ):
        assert expected in str(await TicketEmail.add_to_cc.fn(page, ticket_id, value))
