"""The pages of links in emails: opening one changes nothing, its button acts."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.cast import Cast, UowFor
from ticket_app.core.people import account_links, invitations
from ticket_app.core.people.account_links import LinkPurpose
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.tables import Person, outbox_message_table
from ticket_app.ui import bridge
from ticket_app.ui.pages.account import state as account_state
from ticket_app.ui.pages.account.state import ForgotPassword, ResetPassword, VerifyAddress
from ticket_app.ui.pages.admin.people.rows import people_rows


@pytest.fixture
def search_and_paginate(database: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes a state of a page that nobody is signed in to, opened with a token."""
    monkeypatch.setattr(bridge, "session_secret", lambda _page: None)

    def make(state: Any, token: str = "") -> Any:
        monkeypatch.setattr(account_state, "link_token", lambda _page: token)
        return state(_reflex_internal_init=True)

    return make


def last_token(purpose: LinkPurpose) -> str:
    with open_unit_of_work(writes=False) as uow:
        payloads = uow.connection.execute(select(outbox_message_table.c.payload)).scalars()
        encrypted = [row["token"] for row in payloads if row.get("purpose") == purpose][-1]
    token = account_links.decrypt_token(encrypted)
    assert token is not None
    return token


@pytest.mark.anyio
@pytest.mark.parametrize("address", ["owner@example.com", "nobody@example.com"])
async def test_answer_is_the_same_for_every_address(
    search_and_paginate: Any, cast: Cast, address: str
) -> None:
    page = search_and_paginate(ForgotPassword)
    await ForgotPassword.send.fn(page, {"email": address})
    assert (page.is_sent, page.error, page.email_error) == (True, "", "")
    await ForgotPassword.send.fn(page, {"email": "nowhere"})
    assert page.email_error == "Email must be a valid email address"


@pytest.mark.anyio
async def test_link_is_used_by_the_button_and_not_by_opening_it(
    search_and_paginate: Any, cast: Cast
) -> None:
    with open_unit_of_work(writes=True) as uow:
        owner = uow.session.get_one(Person, cast.owner.id)
        account_links.send_link(uow, owner, LinkPurpose.PASSWORD_RESET)
    page = search_and_paginate(ResetPassword, last_token(LinkPurpose.PASSWORD_RESET))
    for _ in range(2):
        await ResetPassword.load.fn(page)
        assert (page.step, page.account) == ("form", "owner")
    await ResetPassword.save.fn(page, {"password": "short"})
    assert page.password_error.startswith("Password must have at least")
    await ResetPassword.save.fn(page, {"password": "a lamp of brass"})
    assert page.step == "finished"
    await ResetPassword.load.fn(page)
    assert page.step == "expired"


@pytest.mark.anyio
async def test_address_is_verified_by_the_button(search_and_paginate: Any, cast: Cast) -> None:
    with open_unit_of_work(writes=True) as uow:
        owner = uow.session.get_one(Person, cast.owner.id)
        account_links.send_link(uow, owner, LinkPurpose.VERIFICATION, address="olive@example.org")
    page = search_and_paginate(VerifyAddress, last_token(LinkPurpose.VERIFICATION))
    await VerifyAddress.load.fn(page)
    assert (page.step, page.account) == ("form", "olive@example.org")
    with open_unit_of_work(writes=True) as uow:
        assert uow.session.get_one(Person, cast.owner.id).email == "owner@example.com"
    await VerifyAddress.confirm.fn(page, {})
    assert page.step == "finished"
    with open_unit_of_work(writes=True) as uow:
        assert uow.session.get_one(Person, cast.owner.id).email == "olive@example.org"


def test_list_of_people_shows_who_has_not_accepted(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        invitations.invite_people(uow, "nora@example.org")
        rows, _ = people_rows(uow, "nora", "", "", 1)
        others, _ = people_rows(uow, "owner", "", "", 1)
    assert [(row.email, row.is_invited, row.is_invitation_expired) for row in rows] == [
        ("nora@example.org", True, False)
    ]
    assert [row.is_invited for row in others] == [False]
