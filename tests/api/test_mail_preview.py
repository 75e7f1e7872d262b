"""Previews of emails: administrators only, and in a sandbox that runs nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from tests.api.conftest import Working
from tests.cast import Cast
from ticket_app.api.status import status_check
from ticket_app.core.email.outgoing import trial
from ticket_app.tables import outgoing_email_table

POLICY = "sandbox; default-src 'none'; img-src data: https:; style-src 'unsafe-inline'"


@pytest.fixture
def path(working: Working, cast: Cast) -> str:
    with working(cast.admin) as uow:
        trial.send_test_email(uow)
        uuid = uow.connection.execute(select(outgoing_email_table.c.uuid)).scalar_one()
    return f"/mail/preview/{uuid}"


def test_email_is_shown_alone_in_a_sandbox(path: str, admin: TestClient) -> None:
    answer = admin.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert "This is a test." in answer.text


def test_preview_has_the_colours_that_are_asked_for(path: str, admin: TestClient) -> None:
    assert "@media (prefers-color-scheme: dark)" in admin.get(path).text
    assert "@media all" in admin.get(f"{path}?theme=dark").text
    assert "@media not all" in admin.get(f"{path}?theme=light").text


def test_others_see_no_email(
    path: str, agent: TestClient, owner: TestClient, nobody: TestClient
) -> None:
    assert agent.get(path).status_code == 403
    assert owner.get(path).status_code == 403
    assert nobody.get(path).status_code == 401
    assert agent.get("/mail/preview/templates/reply").status_code == 403


def test_template_is_previewed_before_it_is_saved(admin: TestClient) -> None:
    draft = {"subject": "{{ ticket.key }}", "body": "Dear **{{ recipient.name }}**"}
    answer = admin.get("/mail/preview/templates/reply", params=draft)
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "Dear <strong>Uma Perera</strong>" in answer.text
    assert "The lamp in the hall flickers" in answer.text


def test_template_with_an_unknown_variable_is_not_previewed(admin: TestClient) -> None:
    answer = admin.get("/mail/preview/templates/reply", params={"body": "{{ ticket.colour }}"})
    assert answer.status_code == 400
    assert "colour" in answer.text
    assert admin.get("/mail/preview/templates/nothing").status_code == 404


def test_failing_mail_server_is_on_the_status_of_administrators(
    path: str, admin: TestClient, nobody: TestClient, working: Working, cast: Cast
) -> None:
    status_check.reset()
    assert admin.get("/status.json").json()["email"] == {
        "working": True,
        "problem": None,
        "waiting": 1,
        "failed_last_day": 0,
    }
    with working(cast.admin) as uow:
        uow.connection.execute(
            update(outgoing_email_table).values(reason="Mail server: refused the sign-in (535)")
        )
    status_check.reset()
    email = admin.get("/status.json").json()["email"]
    assert (email["working"], email["problem"]) == (False, "refused the sign-in (535)")
    assert "email" not in nobody.get("/status.json").json()
    status_check.reset()
