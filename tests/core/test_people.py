"""Names that could be mistaken for those of other people are rejected."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.cast import MORNING, PASSWORD, Cast, UowFor
from ticket_app.core.people import passwords, profiles
from ticket_app.core.people.actors import build_actor_with_role_defaults
from ticket_app.core.people.registration import create_person, register_user
from ticket_app.core.people.staff import list_assignable_staff
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import reload_settings
from ticket_app.tables import Person

NEW = {
    "username": "nora",
    "email": "nora@example.org",
    "password": "a door of oak",
    "first_name": "Nora",
    "last_name": "Quist",
}


def test_registered_user_is_an_active_requester(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        person = register_user(uow, **NEW)
    assert person.id == 7
    with uow_for(cast.admin) as uow:
        kept = uow.session.get(Person, 7)
        assert kept is not None
        assert (kept.username, kept.email, kept.full_name) == (
            "nora",
            "nora@example.org",
            "Nora Quist",
        )
        assert (kept.role, kept.is_active, kept.is_demo) == ("user", True, False)
        assert kept.created_at == MORNING
        assert kept.password_hash is not None
        assert kept.password_hash.startswith("$argon2id$")
        actor = build_actor_with_role_defaults(kept)
        assert not actor.is_staff
        assert actor.can("create_tickets")


def test_every_wrong_field_is_named(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow, pytest.raises(Invalid) as error:
        register_user(
            uow,
            username="<b>",
            email="nowhere",
            password="short",
            first_name="a\x00",
            last_name="https://spam.example",
        )
    assert [name for name, _ in error.value.problems] == [
        "username",
        "email",
        "first_name",
        "last_name",
        "password",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "x"),
        ("username", "x" * 151),
        ("username", "12345"),
        ("username", "two words"),
        ("username", "a/b"),
        ("username", "\x00ab"),
        ("username", "\ud800ab"),
        ("username", "a\u200bb"),
        ("username", "a\u202eb"),
        ("username", "ß" * 150),
        ("email", ""),
        ("email", "a@b"),
        ("email", "a b@example.org"),
        ("email", "a@example.org\nBcc: x@example.org"),
        ("email", "<a@example.org>"),
        ("email", "a@@example.org"),
        ("email", "a,b@example.org"),
        ("email", "x" * 65 + "@example.org"),
        ("email", "a@" + "x" * 260 + ".org"),
        ("email", "a\x00@example.org"),
        ("email", "a..b@example.org"),
        ("email", "\u202ea@example.org"),
        ("email", "a@ex\u00adample.org"),
        ("email", "ΐ" * 60 + "@" + "ΐ" * 150 + ".org"),
        ("first_name", "<script>"),
        ("first_name", "Visit www.spam.example"),
        ("last_name", "a\u202eb"),
        ("last_name", "`rm`"),
        ("first_name", "x" * 151),
        ("password", "123456789"),
        ("password", "x" * 257),
        ("password", "password123"),
        ("password", "PassWord123"),
        ("password", "qwertyuiop"),
        ("password", "aaaaaaaaaaaa"),
        ("password", "nora@example.org"),
        ("password", "long enough \x00"),
        ("password", "long enough \ud800"),
    ],
    ids=lambda value: f"{value[:14]!a}",
)
def test_what_will_not_do_is_refused(uow_for: UowFor, cast: Cast, field: str, value: str) -> None:
    with uow_for(None) as uow, pytest.raises(Invalid) as error:
        register_user(uow, **NEW | {field: value})
    assert error.value.field == field


@pytest.mark.parametrize(
    "values",
    [
        {"username": "Owner"},
        {"username": "OWNER"},
        {"username": "0wner"},
        {"username": "оwner"},
        {"username": "ówner"},
        {"username": "o_w.ner"},
        {"username": "ovvner"},
        {"username": "agent"},
        {"username": "аgent"},
        {"email": "owner@example.com"},
        {"email": "Owner@EXAMPLE.com"},
        {"username": "owner@example.com"},
        {"email": "someone@example.net", "username": "agent@example.com"},
        {"first_name": "Agnes", "last_name": "Hale"},
        {"first_name": "AGNES", "last_name": "Haӏe"},
        {"first_name": "Аgnes", "last_name": "Hale"},
        {"first_name": "agent", "last_name": ""},
        {"username": "agneshale"},
    ],
    ids=str,
)
def test_nobody_looks_like_somebody_else(
    uow_for: UowFor, cast: Cast, values: dict[str, str]
) -> None:
    with uow_for(None) as uow, pytest.raises(Conflict):
        register_user(uow, **NEW | values)


@pytest.mark.parametrize(
    "name", ["Zoë O'Brien-Smith", "Nguyễn Văn", "李 小龍", "d'Arc", "Jr. Müller"]
)
def test_people_have_names_of_every_kind(uow_for: UowFor, cast: Cast, name: str) -> None:
    first, _, last = name.partition(" ")
    with uow_for(None) as uow:
        person = register_user(uow, **NEW | {"first_name": first, "last_name": last})
        assert person.full_name == name


@pytest.mark.parametrize(
    "email",
    ["o'brien@example.org", "nora@desk.local", "Nora+x@EXAMPLE.org", "müller@münchen.example"],
)
def test_email_addresses_of_every_kind_are_kept_as_written(
    uow_for: UowFor, cast: Cast, email: str
) -> None:
    with uow_for(None) as uow:
        assert register_user(uow, **NEW | {"email": email}).email == email


def test_users_may_share_a_full_name(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        register_user(uow, **NEW | {"first_name": "Olive", "last_name": "Ownby"})


def test_registration_is_rejected_when_it_is_closed(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKET_REGISTRATION", "false")
    reload_settings()
    with uow_for(None) as uow, pytest.raises(Forbidden):
        register_user(uow, **NEW)


def test_of_several_at_once_one_gets_the_name(
    database: Engine, uow_for: UowFor, cast: Cast
) -> None:
    names = ["nora", "Nora", "nоra", "n0ra", "nora", "NORA"]

    def register(n: int) -> bool:
        try:
            with uow_for(None) as uow:
                register_user(uow, **NEW | {"username": names[n], "email": f"n{n}@example.org"})
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(register, range(6))) == 1
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Person)).scalar_one() == 7


def test_staff_can_list_the_active_assignable_staff(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        gone = uow.session.get(Person, cast.manager.id)
        assert gone is not None
        gone.is_active = False
    with uow_for(cast.agent) as uow:
        assert [person.username for person in list_assignable_staff(uow)] == [
            "admin",
            "agent",
        ]
    with uow_for(cast.owner) as uow, pytest.raises(Forbidden):
        list_assignable_staff(uow)


def test_what_one_likes_is_remembered(uow_for: UowFor, cast: Cast) -> None:
    liked: dict[str, Any] = {"theme": "dark", "rail": ["a", {"b": 1}]}
    with uow_for(cast.owner) as uow:
        profiles.update_preferences(uow, liked)
    with uow_for(cast.owner) as uow:
        profiles.update_preferences(uow, {"theme": "light"})
    with uow_for(cast.owner) as uow:
        assert profiles.get_own_person(uow).preferences == liked | {"theme": "light"}
    with uow_for(cast.colleague) as uow:
        assert profiles.get_own_person(uow).preferences == {}


def test_the_cast_s_password_would_do() -> None:
    assert passwords.validate_password("password", PASSWORD) == PASSWORD


@pytest.mark.parametrize("role", Role)
def test_a_role_has_its_permissions_and_those_below(
    uow_for: UowFor, cast: Cast, role: Role
) -> None:
    with uow_for(cast.admin) as uow:
        person = create_person(uow, **NEW, role=role)
        actor = build_actor_with_role_defaults(person)
    below = [other for other in Role if other.rank < role.rank]
    for other in below:
        assert actor.permissions >= set(DEFAULT_ROLE_PERMISSIONS[other])
    assert actor.is_staff == role.is_staff
