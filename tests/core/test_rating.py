"""A finished ticket is rated by who created it."""

from __future__ import annotations

import pytest

from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, RuleViolation
from ticket_app.core.platform.vocabulary import Status
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.rating import rate
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.timeline import timeline


@pytest.fixture
def solved(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> int:
    ticket_id = file_ticket()
    with uow_for(cast.agent) as uow:
        change_status(uow, lock_ticket(uow, ticket_id), Status.RESOLVED)
    return ticket_id


def test_changed_rating_is_recorded_once(uow_for: UowFor, cast: Cast, solved: int) -> None:
    for stars in (2, 5, 5):
        with uow_for(cast.owner) as uow:
            rate(uow, lock_ticket(uow, solved), stars)
    with uow_for(cast.owner, writes=False) as uow:
        lines = timeline.list_creation_and_field_changes(uow, solved, "satisfaction_rating")
        assert [(line.old_value, line.new_value) for line in lines] == [(None, "2"), ("2", "5")]


@pytest.mark.parametrize("stars", [-1, 0, 6])
def test_rating_outside_one_to_five_is_rejected(
    uow_for: UowFor, cast: Cast, solved: int, stars: int
) -> None:
    with pytest.raises(Invalid), uow_for(cast.owner) as uow:
        rate(uow, lock_ticket(uow, solved), stars)


def test_only_its_requester_rates_it(uow_for: UowFor, cast: Cast, solved: int) -> None:
    with pytest.raises(Forbidden), uow_for(cast.agent) as uow:
        rate(uow, lock_ticket(uow, solved), 5)
    with pytest.raises(NotFound), uow_for(cast.stranger) as uow:
        rate(uow, lock_ticket(uow, solved), 5)


def test_only_a_finished_ticket_is_rated(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with pytest.raises(RuleViolation), uow_for(cast.owner) as uow:
        rate(uow, lock_ticket(uow, ticket_id), 5)
