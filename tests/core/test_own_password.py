"""Changing the own password, and validation of the registration form while typing."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD, Cast, UowFor
from ticket_app.core.people.authentication import authenticate_cookie
from ticket_app.core.people.credentials import (
    ClientInfo,
    change_password,
    prepare_password_change,
    verify_credentials,
)
from ticket_app.core.people.registration import validate_registration_field
from ticket_app.core.people.sessions import start_browser_session
from ticket_app.core.platform.action_limits import USERNAME_CHECKS_PER_MINUTE
from ticket_app.core.platform.errors import (
    Conflict,
    Invalid,
    RateLimited,
    Unauthenticated,
    VersionConflict,
)

NEW = "another kettle is on"


def come_in(uow_for: UowFor, password: str = PASSWORD) -> str:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", password, ClientInfo())
        return start_browser_session(uow, proven, ClientInfo())


def test_changed_password_ends_every_other_session(uow_for: UowFor, cast: Cast) -> None:
    here, elsewhere = come_in(uow_for), come_in(uow_for)
    with uow_for(None) as uow:
        uow.actor = authenticate_cookie(uow, here)
        change_password(uow, prepare_password_change(uow, PASSWORD, NEW))
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, here)
        assert authenticate_cookie(uow, elsewhere) is None
    with pytest.raises(Unauthenticated):
        come_in(uow_for)
    assert come_in(uow_for, NEW)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not the kettle", NEW, "old_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "password123", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
    ],
)
def test_rejected_password_names_the_wrong_field(
    uow_for: UowFor, cast: Cast, old: str, new: str, field: str
) -> None:
    with pytest.raises(Invalid) as wrong, uow_for(cast.owner) as uow:
        prepare_password_change(uow, old, new)
    assert wrong.value.field == field


def test_second_of_two_simultaneous_changes_is_rejected(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        first = prepare_password_change(uow, PASSWORD, NEW)
        second = prepare_password_change(uow, PASSWORD, NEW + " again")
        change_password(uow, first)
        with pytest.raises(VersionConflict):
            change_password(uow, second)


def test_free_registration_values_are_accepted_and_taken_or_invalid_ones_rejected(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(None, writes=False) as uow:
        validate_registration_field(uow, "username", "nobody.yet", "192.0.2.1")
        for taken in ("owner", "OWNER", "0wner", "Agnes.Hale"):
            with pytest.raises(Conflict):
                validate_registration_field(uow, "username", taken, "192.0.2.1")
        for field, wrong in (("username", "a b"), ("email", "no"), ("password", "short")):
            with pytest.raises(Invalid):
                validate_registration_field(uow, field, wrong, "192.0.2.1")
        validate_registration_field(uow, "email", "owner@example.com", "192.0.2.1")


def test_names_cannot_be_tried_without_end(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None, writes=False) as uow:
        for n in range(USERNAME_CHECKS_PER_MINUTE):
            validate_registration_field(uow, "username", f"name{n}x", "192.0.2.9")
        with pytest.raises(RateLimited):
            validate_registration_field(uow, "username", "one.more", "192.0.2.9")
