"""Unrecognised reply addresses and Message-IDs: what is ours is found again, nothing else is."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ticket_app.core.email.message_ids import format_message_id, read_message_id
from ticket_app.core.email.own_addresses import (
    format_reply_address,
    is_own_address,
    read_reply_address,
)
from ticket_app.core.email.signatures import Unrecognised


def test_reply_address_names_its_ticket_in_any_case() -> None:
    address = format_reply_address("BUG-15")
    assert address.startswith("support+BUG-15.")
    assert read_reply_address(address) == "BUG-15"
    assert read_reply_address(address.upper()) == "BUG-15"
    assert read_reply_address(address.lower()) == "BUG-15"


def test_altered_reply_address_has_a_wrong_signature() -> None:
    address = format_reply_address("BUG-15")
    assert read_reply_address(address.replace("BUG-15", "BUG-16")) is Unrecognised.WRONG_SIGNATURE
    local, _, domain = address.partition("@")
    last = "0" if local[-1] != "0" else "1"
    assert read_reply_address(f"{local[:-1]}{last}@{domain}") is Unrecognised.WRONG_SIGNATURE
    assert read_reply_address(f"{local[:-1]}@{domain}") is Unrecognised.WRONG_SIGNATURE


@pytest.mark.parametrize(
    "address",
    ["", "support@localhost", "support+hello@localhost", "a@b", "support+BUG-15@localhost"],
)
def test_other_addresses_are_not_reply_addresses(address: str) -> None:
    assert read_reply_address(address) is Unrecognised.NOT_OURS


def test_reply_address_of_another_domain_is_not_ours() -> None:
    local = format_reply_address("BUG-15").partition("@")[0]
    assert read_reply_address(f"{local}@evil.example.com") is Unrecognised.NOT_OURS


def test_message_id_names_its_ticket_and_entry() -> None:
    ticket, entry = uuid4(), uuid4()
    message_id = format_message_id(ticket, entry)
    assert read_message_id(message_id) == (ticket, entry)
    other = format_message_id(ticket, uuid4())
    forged = message_id.replace(str(entry), other.split(".")[1])
    assert read_message_id(forged) is Unrecognised.WRONG_SIGNATURE
    assert read_message_id("<abc@example.com>") is Unrecognised.NOT_OURS


def test_signature_of_an_address_differs_from_that_of_a_message_id() -> None:
    ticket, entry = uuid4(), uuid4()
    message_signature = format_message_id(ticket, entry).split(".")[2].partition("@")[0]
    address_signature = format_reply_address("BUG-1").partition("@")[0].rpartition(".")[2]
    assert message_signature != address_signature
    assert len(message_signature) >= 8
    assert len(address_signature) >= 8


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("Support@LOCALHOST", True),
        ("support+BUG-1.abc@localhost", True),
        ("help@example.com", True),
        ("uma@example.com", False),
        ("supporter@localhost", False),
    ],
)
def test_own_addresses_are_known(address: str, is_own: bool) -> None:
    assert is_own_address(address, ["help@example.com"]) is is_own
