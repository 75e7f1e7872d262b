"""Creating a ticket for another person: what is typed is kept, offered again, and created once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, func, select

from tests.cast import PASSWORD, Cast, UowFor
from ticket_app.core.people import customers
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.unit_of_work import UnitOfWork, open_unit_of_work
from ticket_app.core.tickets import ticket_lookup
from ticket_app.core.timeline import drafts
from ticket_app.tables import Department, Team, person_table, ticket_table
from ticket_app.ui import bridge
from ticket_app.ui.pages.desk.new_ticket.form import (
    DRAFT_PLACE,
    EMPTY_FORM,
    StaffTicketForm,
    load_draft,
    submit_form,
)
from ticket_app.ui.pages.desk.new_ticket.state import NewTicket
from ticket_app.ui.pages.portal.new_ticket.state import load_draft as read_own_draft
from ticket_app.ui.pages.ticket_form.form import save_draft


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def form(cast: Cast, **given: Any) -> StaffTicketForm:
    filled = StaffTicketForm(
        title="The lift stops",
        description="Every **morning**.",
        kind="incident",
        priority="high",
        section="building",
        tags="lift,hall",
        mine="on",
        requester=str(cast.owner.id),
        company=str(cast.owner.company_id),
    )
    return replace(filled, **given)


def number_of(uow: UnitOfWork, table: Any) -> int:
    return uow.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_saved_draft_is_offered_again_and_submitted(uow_for: UowFor, cast: Cast) -> None:
    whole = form(cast)
    with uow_for(cast.agent) as uow:
        assert not load_draft(uow).is_draft
        save_draft(uow, DRAFT_PLACE, whole, "one attempt")
    with uow_for(cast.agent, writes=False) as uow:
        begun = load_draft(uow)
        assert (begun.form, begun.stored.attempt, begun.is_draft) == (whole, "one attempt", True)
        assert (begun.requester.label, begun.references["company"].label) == (
            "Olive Ownby",
            "Lanternworks",
        )
    with uow_for(cast.agent) as uow:
        key = submit_form(uow, whole, "one attempt")
        assert key == "INC-1"
        row = ticket_lookup.read_ticket(uow, key)
        assert (row.requester_id, row.assignee_id) == (cast.owner.id, cast.agent.id)
        assert (row.section, row.priority, row.tags) == ("building", "high", ["lift", "hall"])
        assert drafts.find_draft(uow, DRAFT_PLACE) is None


def test_team_department_contact_and_channel_are_kept_and_submitted(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        team = Team(name="Lifts", created_at=uow.now)
        department = Department(name="Building", created_at=uow.now)
        uow.session.add_all([team, department])
        contact = customers.add_contact(uow, "Cora", company_id=cast.owner.company_id)
        uow.flush()
        ids = {"team": str(team.id), "department": str(department.id), "contact": str(contact.id)}
    whole = form(cast, **ids, channel="phone", mine="")
    with uow_for(cast.agent) as uow:
        save_draft(uow, DRAFT_PLACE, whole, "one attempt")
        begun = load_draft(uow)
        assert begun.form == whole
        labels = {name: option.label for name, option in begun.references.items()}
        assert labels == {
            "company": "Lanternworks",
            "contact": "Cora",
            "department": "Building",
            "team": "Lifts",
        }
        row = ticket_lookup.read_ticket(uow, submit_form(uow, whole, "one attempt"))
        assert (row.team_name, row.department_name, row.contact_name, row.channel) == (
            "Lifts",
            "Building",
            "Cora",
            "phone",
        )
        assert row.assignee_id is None
    with uow_for(cast.agent) as uow, pytest.raises(Invalid, match="contact"):
        submit_form(uow, form(cast, contact=ids["contact"], company="2"), "another attempt")
    assert StaffTicketForm.from_data({"channel": "pigeon"}).channel == ""


def test_one_s_own_new_ticket_is_another_draft(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        save_draft(uow, DRAFT_PLACE, form(cast), "a")
        assert not read_own_draft(uow).is_draft
        drafts.save_draft(uow, drafts.NEW_TICKET_PLACE, {"title": "My own chair"})
        submit_form(uow, form(cast), "a")
        assert read_own_draft(uow).form.title == "My own chair"


def test_a_form_submitted_twice_is_one_ticket_and_one_person(uow_for: UowFor, cast: Cast) -> None:
    new = form(
        cast, requester="", company="", is_new_person=True, name="Nora Quist", email="n@example.org"
    )
    with uow_for(cast.agent) as uow:
        before = number_of(uow, person_table)
        first = submit_form(uow, new, "one attempt")
    with uow_for(cast.agent) as uow:
        assert submit_form(uow, new, "one attempt") == first
        assert (number_of(uow, ticket_table), number_of(uow, person_table)) == (1, before + 1)
    with uow_for(cast.agent) as uow, pytest.raises(Invalid) as refused:
        submit_form(uow, new, "another attempt")
    assert refused.value.field == "email"


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    assert list(EMPTY_FORM.problems()) == ["requester", "title", "description"]
    wrong = form(
        cast, requester="", is_new_person=True, email="nobody", tags=",".join("abcdefgh" * 9)
    )
    assert set(wrong.problems()) <= {"email", "tags"}
    assert "email" in wrong.problems()
    assert form(cast).problems() == {}


def test_form_values_of_other_types_are_ignored(cast: Cast) -> None:
    given = {"title": 7, "kind": "nonsense", "priority": None, "is_new_person": "yes", "x": "y"}
    assert StaffTicketForm.from_data(given) == StaffTicketForm()


def test_a_draft_outlives_who_it_was_for(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        save_draft(uow, DRAFT_PLACE, form(cast, requester="4711", company="4711"), "a")
        begun = load_draft(uow)
        assert (begun.requester.value, begun.references["company"].value) == ("", "")
        assert begun.form.title == "The lift stops"


def test_who_does_not_work_tickets_files_for_nobody_else(uow_for: UowFor, cast: Cast) -> None:
    for somebody in (cast.colleague, cast.stranger):
        with uow_for(somebody) as uow, pytest.raises(Forbidden):
            submit_form(uow, form(cast, mine=""), "a")


@pytest.fixture
def page(database: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The page's state, in an agent's tab."""
    with open_unit_of_work(writes=True) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())
    monkeypatch.setattr(bridge, "session_secret", lambda _page: cookie)
    return NewTicket(_reflex_internal_init=True)  # type: ignore[call-arg]


def whole(**values: str) -> str:
    return orjson.dumps({"values": values, "touched": list(values)}).decode()


async def opened(page: Any) -> None:
    async for _ in NewTicket.load.fn(page):
        pass


@pytest.mark.anyio
async def test_whoever_is_chosen_is_kept_with_what_is_typed(page: Any, cast: Cast) -> None:
    await opened(page)
    assert page.stage == "form"
    await NewTicket.autosave.fn(page, whole(title="The lift", mine="on"))
    await NewTicket.choose_requester.fn(page, str(cast.owner.id), "Olive Ownby", "o@example.org")
    await opened(page)
    assert (page.stage, page.draft_title) == ("offer", "The lift")
    assert (page.requester.label, page.references["company"].label) == (
        "Olive Ownby",
        "Lanternworks",
    )
    await NewTicket.continue_draft.fn(page)
    assert (page.stage, page.initial_form.title, page.initial_form.mine) == (
        "form",
        "The lift",
        "on",
    )
    await NewTicket.discard.fn(page)
    assert (page.stage, page.initial_form, page.requester.value) == ("form", EMPTY_FORM, "")
    await opened(page)
    assert page.stage == "form"


@pytest.mark.anyio
@pytest.mark.parametrize("given", ["", "x", "\u00b2", "-1", "9" * 5000, "99999999999"])
async def test_what_is_no_id_chooses_nobody(page: Any, given: str) -> None:
    await opened(page)
    await NewTicket.choose_requester.fn(page, given, "Nobody", "")
    await NewTicket.choose_reference.fn(page, "company", given, "None")
    assert (page.requester.value, page.references["company"].value) == ("", "")


@pytest.mark.anyio
async def test_sent_twice_it_is_created_once(page: Any, cast: Cast, uow_for: UowFor) -> None:
    await opened(page)
    await NewTicket.choose_requester.fn(page, str(cast.owner.id), "Olive Ownby", "o@example.org")
    given = {"title": "The lift", "description": "It stops", "mine": "on"}
    first, second = [await NewTicket.submit.fn(page, given) for _ in range(2)]
    assert first
    assert second
    await NewTicket.autosave.fn(page, whole(title="The lift"))
    with uow_for(cast.agent) as uow:
        assert number_of(uow, ticket_table) == 1
        assert drafts.find_draft(uow, DRAFT_PLACE) is None


@pytest.mark.anyio
async def test_validation_error_is_shown_at_its_field(page: Any, cast: Cast) -> None:
    await opened(page)
    await NewTicket.submit.fn(page, {"title": "", "description": "It stops"})
    assert page.problems["requester"] == "Choose a requester"
    assert page.problems["title"] == "A title is required"
    await NewTicket.choose_new_person.fn(page)
    taken = {"title": "Lift", "description": "Stops", "name": "O", "email": cast.owner.email}
    await NewTicket.submit.fn(page, taken)
    assert "already exists" in page.problems["email"]
    assert page.stage == "form"
