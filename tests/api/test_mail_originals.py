"""The source of an email is a download for staff, which no browser shows as a page."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from tests.core.mailing import write
from ticket_app.core.email.incoming.receiving import receive
from ticket_app.core.email.incoming.states import MailChannel
from ticket_app.tables import incoming_email_table

SOURCE = write(headers={"Bcc": "hidden@customer.example"}, text="<script>alert(1)</script>")


@pytest.fixture
def path(working: Working, cast: Cast) -> str:
    receive(SOURCE, channel=MailChannel.HTTP)
    with working(cast.admin) as uow:
        email_id = uow.connection.execute(select(incoming_email_table.c.id)).scalar_one()
    return f"/mail/originals/{email_id}"


def test_staff_download_the_source_unchanged(path: str, agent: TestClient) -> None:
    answer = agent.get(path)
    assert answer.status_code == 200
    assert answer.content == SOURCE
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_others_get_no_source(path: str, owner: TestClient, nobody: TestClient) -> None:
    assert owner.get(path).status_code == 403
    assert nobody.get(path).status_code == 401
    assert owner.get("/mail/originals/999999").status_code == 403


def test_unknown_email_has_no_source(agent: TestClient) -> None:
    assert agent.get("/mail/originals/999999").status_code == 404
