"""The same POST twice has one effect, and one answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import Cast, Clock, DeskFor
from ticket_app.core.platform import idempotency
from ticket_app.core.platform.errors import Conflict, Invalid

ONCE = idempotency.attempt("POST", "/tickets", "a key", b"{}")


def test_it_works(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        assert idempotency.find(desk, ONCE) is None
        idempotency.keep(desk, ONCE, 201, {"Location": "/tickets/1"}, b"\x00\xff{}")
    with desk_for(cast.owner, writes=False) as desk:
        kept = idempotency.find(desk, ONCE)
        assert kept == idempotency.KeptAnswer(201, {"Location": "/tickets/1"}, b"\x00\xff{}", True)


def test_another_body_under_the_key_is_told_apart(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        idempotency.keep(desk, ONCE, 201, {}, b"{}")
        other = idempotency.attempt("POST", "/tickets", "a key", b"{ }")
        kept = idempotency.find(desk, other)
        assert kept is not None
        assert not kept.is_same_request


def test_a_key_is_one_person_s_on_one_route(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        idempotency.keep(desk, ONCE, 201, {}, b"{}")
        for change in ({"method": "PUT"}, {"route": "/x"}, {"key": "b"}):
            assert idempotency.find(desk, replace(ONCE, **change)) is None
    for actor in (cast.colleague, cast.admin):
        with desk_for(actor) as desk:
            assert idempotency.find(desk, ONCE) is None


def test_the_second_at_once_fails_with_its_effect(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        idempotency.keep(desk, ONCE, 201, {}, b"first")
    with pytest.raises(Conflict), desk_for(cast.owner) as desk:
        idempotency.keep(desk, ONCE, 201, {}, b"second")
    with desk_for(cast.owner, writes=False) as desk:
        kept = idempotency.find(desk, ONCE)
        assert kept is not None
        assert kept.body == b"first"


def test_an_answer_is_kept_for_a_day(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    with desk_for(cast.owner) as desk:
        idempotency.keep(desk, ONCE, 201, {}, b"{}")
    clock.forward(hours=24, seconds=-1)
    with desk_for(cast.owner) as desk:
        assert idempotency.sweep(desk) == 0
        assert idempotency.find(desk, ONCE) is not None
    clock.forward(seconds=1)
    with desk_for(cast.owner) as desk:
        assert idempotency.find(desk, ONCE) is None
        idempotency.keep(desk, ONCE, 200, {}, b"again")
    clock.forward(hours=24)
    with desk_for(cast.owner) as desk:
        assert idempotency.sweep(desk) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "\x00", "\x7f"])
def test_an_odd_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        idempotency.attempt("POST", "/tickets", key, b"")
    assert refusal.value.field == "Idempotency-Key"
