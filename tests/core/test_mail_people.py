"""An email address belongs to the person who verified it, and to nobody else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import MORNING, Cast, UowFor
from ticket_app.core.people.mail_people import create_person_for_address, find_verified_person
from ticket_app.core.people.registration import add_requester, register_user
from ticket_app.core.platform.errors import Invalid
from ticket_app.tables import Person

NEW = {"username": "nora", "email": "nora@example.org", "password": "a door of oak"}


def test_address_of_a_verified_person_is_theirs_in_any_case(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        person = find_verified_person(uow, " Owner@EXAMPLE.com ")
        assert person is not None
        assert person.id == cast.owner.id
        assert find_verified_person(uow, "owner@example.com\x00") is None
        assert find_verified_person(uow, "nobody@example.com") is None


def test_registration_matches_no_email(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        registered = register_user(uow, **NEW)
        assert registered.email_verified_at is None
        assert find_verified_person(uow, "nora@example.org") is None


def test_requester_added_by_staff_has_a_verified_address(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        added = add_requester(uow, name="Nora Quist", email="nora@example.org")
        found = find_verified_person(uow, "NORA@example.org")
        assert found is not None
        assert found.id == added.id


def test_sender_becomes_a_user_without_a_password(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        person = create_person_for_address(uow, "Nora Quist", "Nora.Quist@Example.org")
        assert person.username.startswith("Nora.Quist.")
        assert (person.email, person.email_folded) == (
            "Nora.Quist@Example.org",
            "nora.quist@example.org",
        )
        assert (person.first_name, person.last_name, person.full_name) == (
            "Nora",
            "Quist",
            "Nora Quist",
        )
        assert (person.role, person.password_hash, person.is_active) == ("user", None, True)
        assert person.email_verified_at == MORNING
        again = create_person_for_address(uow, "Somebody Else", "nora.quist@EXAMPLE.org")
        assert again.id == person.id
        assert again.full_name == "Nora Quist"


@pytest.mark.parametrize(
    ("name", "address", "full_name"),
    [
        ("", "nora.quist@example.org", "nora.quist"),
        ("  Nora\n  Quist ", "n@example.org", "Nora Quist"),
        ("<b>Nora</b>", "nora.quist@example.org", "nora.quist"),
        ("Agnes Hale", "nora.quist@example.org", "nora.quist"),
        ("nora.quist@example.org", "nora.quist@example.org", "nora.quist"),
        ("Nora\u202equist", "nora.quist@example.org", "nora.quist"),
        ("n" * 200, "nora.quist@example.org", "n" * 150),
    ],
)
def test_name_of_a_sender_is_never_markup_or_the_name_of_staff(
    uow_for: UowFor, cast: Cast, name: str, address: str, full_name: str
) -> None:
    with uow_for(None) as uow:
        assert create_person_for_address(uow, name, address).full_name == full_name


def test_address_like_the_name_of_staff_gives_neither_name_nor_username(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(None) as uow:
        person = create_person_for_address(uow, "Agnes Hale", "agnes.hale@elsewhere.example")
        assert person.full_name.startswith("Customer ")
        assert person.username.startswith("agnes.hale.")


def test_username_of_a_sender_is_left_to_who_registers(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        first = create_person_for_address(uow, "", "nora@first.example")
        second = create_person_for_address(uow, "", "nora@second.example")
        assert first.username != second.username
        assert register_user(uow, **NEW).username == "nora"


def test_username_that_is_the_address_does_not_keep_its_mail_out(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(None) as uow:
        register_user(uow, **{**NEW, "username": "victim@example.org"})
        person = create_person_for_address(uow, "", "victim@example.org")
        assert person.email_folded == "victim@example.org"
        assert person.username.startswith("victim.")


def test_email_takes_an_address_from_an_unverified_account(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        registered = register_user(uow, **NEW)
        person = create_person_for_address(uow, "Nora Quist", "nora@example.org")
        assert person.id != registered.id
        found = find_verified_person(uow, "nora@example.org")
        assert found is not None
        assert found.id == person.id
    with uow_for(cast.admin) as uow:
        kept = uow.session.get_one(Person, registered.id)
        assert kept.email == "nora@example.org"
        assert kept.email_folded == f"unverified:{kept.uuid}"
        assert kept.is_active


def test_what_is_no_address_makes_no_person(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow, pytest.raises(Invalid):
        create_person_for_address(uow, "Nora", "nora at example")


def test_two_messages_of_a_new_sender_make_one_person(uow_for: UowFor, cast: Cast) -> None:
    def receive(_: int) -> int | None:
        with uow_for(None) as uow:
            return create_person_for_address(uow, "Nora Quist", "nora@example.org").id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(receive, range(8)))) == 1
