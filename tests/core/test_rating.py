"""A finished ticket is rated by who filed it."""

from __future__ import annotations

import pytest

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, RuleBroken
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets.tickets import change_status, hold, rate
from ticket_app.core.timeline import timeline


@pytest.fixture
def solved(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> int:
    ticket_id = file_ticket()
    with desk_for(cast.agent) as desk:
        change_status(desk, hold(desk, ticket_id), Status.RESOLVED)
    return ticket_id


def test_it_works(desk_for: DeskFor, cast: Cast, solved: int) -> None:
    for stars in (2, 5, 5):
        with desk_for(cast.owner) as desk:
            rate(desk, hold(desk, solved), stars)
    with desk_for(cast.owner, writes=False) as desk:
        lines = timeline.changes_of(desk, solved, "satisfaction_rating")
        assert [(line.old_value, line.new_value) for line in lines] == [(None, "2"), ("2", "5")]


@pytest.mark.parametrize("stars", [-1, 0, 6])
def test_it_takes_one_to_five(desk_for: DeskFor, cast: Cast, solved: int, stars: int) -> None:
    with pytest.raises(Invalid), desk_for(cast.owner) as desk:
        rate(desk, hold(desk, solved), stars)


def test_only_its_requester_rates_it(desk_for: DeskFor, cast: Cast, solved: int) -> None:
    with pytest.raises(Forbidden), desk_for(cast.agent) as desk:
        rate(desk, hold(desk, solved), 5)
    with pytest.raises(NotFound), desk_for(cast.stranger) as desk:
        rate(desk, hold(desk, solved), 5)


def test_only_a_finished_ticket_is_rated(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(RuleBroken), desk_for(cast.owner) as desk:
        rate(desk, hold(desk, ticket_id), 5)
