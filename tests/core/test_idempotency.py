"""The same POST twice has one effect, and one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import Cast, Clock, UowFor
from ticket_app.core.platform import idempotency
from ticket_app.core.platform.errors import Conflict, Invalid

ONCE = idempotency.build_request("POST", "/tickets", "a key", b"{}")


def test_stored_response_is_found_again(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        assert idempotency.find_response(uow, ONCE) is None
        idempotency.store_response(uow, ONCE, 201, {"Location": "/tickets/1"}, b"\x00\xff{}")
    with uow_for(cast.owner, writes=False) as uow:
        kept = idempotency.find_response(uow, ONCE)
        assert kept == idempotency.StoredResponse(
            201, {"Location": "/tickets/1"}, b"\x00\xff{}", True
        )


def test_same_key_with_another_body_is_detected(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        idempotency.store_response(uow, ONCE, 201, {}, b"{}")
        other = idempotency.build_request("POST", "/tickets", "a key", b"{ }")
        kept = idempotency.find_response(uow, other)
        assert kept is not None
        assert not kept.is_same_request


def test_a_key_is_one_person_s_on_one_route(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        idempotency.store_response(uow, ONCE, 201, {}, b"{}")
        for change in ({"method": "PUT"}, {"route": "/x"}, {"key": "b"}):
            assert idempotency.find_response(uow, replace(ONCE, **change)) is None
    for actor in (cast.colleague, cast.admin):
        with uow_for(actor) as uow:
            assert idempotency.find_response(uow, ONCE) is None


def test_the_second_at_once_fails_with_its_effect(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        idempotency.store_response(uow, ONCE, 201, {}, b"first")
    with pytest.raises(Conflict), uow_for(cast.owner) as uow:
        idempotency.store_response(uow, ONCE, 201, {}, b"second")
    with uow_for(cast.owner, writes=False) as uow:
        kept = idempotency.find_response(uow, ONCE)
        assert kept is not None
        assert kept.body == b"first"


def test_an_answer_is_kept_for_a_day(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(cast.owner) as uow:
        idempotency.store_response(uow, ONCE, 201, {}, b"{}")
    clock.forward(hours=24, seconds=-1)
    with uow_for(cast.owner) as uow:
        assert idempotency.delete_expired_batch(uow) == 0
        assert idempotency.find_response(uow, ONCE) is not None
    clock.forward(seconds=1)
    with uow_for(cast.owner) as uow:
        assert idempotency.find_response(uow, ONCE) is None
        idempotency.store_response(uow, ONCE, 200, {}, b"again")
    clock.forward(hours=24)
    with uow_for(cast.owner) as uow:
        assert idempotency.delete_expired_batch(uow) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "\x00", "\x7f"])
def test_an_odd_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as error:
        idempotency.build_request("POST", "/tickets", key, b"")
    assert error.value.field == "Idempotency-Key"
