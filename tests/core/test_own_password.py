"""Changing one's own password, and what somebody registering is told as they type."""

from __future__ import annotations

import pytest

from tests.cast import PASSWORD, Cast, DeskFor
from ticket_app.core.people import profiles, sign_in
from ticket_app.core.people.sign_in import Caller
from ticket_app.core.platform.action_limits import LOOK_UPS_PER_MINUTE
from ticket_app.core.platform.errors import Conflict, Invalid, Stale, TooMany, Unauthenticated

NEW = "another kettle is on"


def come_in(desk_for: DeskFor, password: str = PASSWORD) -> str:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "owner", password, Caller())
        return sign_in.sign_in_browser(desk, proven, Caller())


def test_it_works_and_ends_every_other_sign_in(desk_for: DeskFor, cast: Cast) -> None:
    here, elsewhere = come_in(desk_for), come_in(desk_for)
    with desk_for(None) as desk:
        desk.actor = sign_in.by_cookie(desk, here)
        sign_in.change_password(desk, sign_in.prepare_password(desk, PASSWORD, NEW))
    with desk_for(None, writes=False) as desk:
        assert sign_in.by_cookie(desk, here)
        assert sign_in.by_cookie(desk, elsewhere) is None
    with pytest.raises(Unauthenticated):
        come_in(desk_for)
    assert come_in(desk_for, NEW)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not the kettle", NEW, "old_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, "password123", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
    ],
)
def test_it_names_the_field_that_is_wrong(
    desk_for: DeskFor, cast: Cast, old: str, new: str, field: str
) -> None:
    with pytest.raises(Invalid) as wrong, desk_for(cast.owner) as desk:
        sign_in.prepare_password(desk, old, new)
    assert wrong.value.field == field


def test_the_second_of_two_changes_is_told(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        first = sign_in.prepare_password(desk, PASSWORD, NEW)
        second = sign_in.prepare_password(desk, PASSWORD, NEW + " again")
        sign_in.change_password(desk, first)
        with pytest.raises(Stale):
            sign_in.change_password(desk, second)


def test_a_free_name_is_told_from_one_that_is_taken_or_none(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None, writes=False) as desk:
        profiles.check_newcomer(desk, "username", "nobody.yet", "192.0.2.1")
        for taken in ("owner", "OWNER", "0wner", "Agnes.Hale"):
            with pytest.raises(Conflict):
                profiles.check_newcomer(desk, "username", taken, "192.0.2.1")
        for field, wrong in (("username", "a b"), ("email", "no"), ("password", "short")):
            with pytest.raises(Invalid):
                profiles.check_newcomer(desk, field, wrong, "192.0.2.1")
        profiles.check_newcomer(desk, "email", "owner@example.com", "192.0.2.1")


def test_names_cannot_be_tried_without_end(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None, writes=False) as desk:
        for n in range(LOOK_UPS_PER_MINUTE):
            profiles.check_newcomer(desk, "username", f"name{n}x", "192.0.2.9")
        with pytest.raises(TooMany):
            profiles.check_newcomer(desk, "username", "one.more", "192.0.2.9")
