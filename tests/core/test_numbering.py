"""Numbers are given out once, and read in every form in which they are printed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.ticket_numbers import MAX_ID, TicketReference, parse_reference
from ticket_app.core.platform.vocabulary import KIND_PREFIX, Kind
from ticket_app.core.tickets import ticket_list, ticket_lookup, ticket_query
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.tickets.trash import delete_ticket


@dataclass
class Printed:
    id: int = 15
    key_prefix: str = "BUG"
    key_number: int = 15
    opened_on: date = date(2025, 11, 19)
    day_number: int = 1


def test_numbers_are_printed_and_parsed_in_every_form() -> None:
    ticket = Printed()
    assert ticket_numbers.format_key(ticket) == "BUG-15"
    assert ticket_numbers.format_bmasia_number(ticket) == "T-20251119-0001"
    assert ticket_numbers.format_enterprise_number(ticket) == "TKT-20251119-001"
    assert ticket_numbers.format_ticketing_number(ticket) == "TKT-000015"
    assert parse_reference("BUG-15") == TicketReference(prefix="BUG", number=15)
    assert parse_reference("T-20251119-0001") == parse_reference("TKT-20251119-001")
    assert parse_reference("TKT-20251119-001") == TicketReference(
        opened_on=date(2025, 11, 19), day_number=1
    )
    assert parse_reference("TKT-000015") == parse_reference("15") == TicketReference(id=15)
    assert parse_reference("TKT-15") == TicketReference(prefix="TKT", number=15)


@pytest.mark.parametrize("written", ["bug-15", " BUG-15 ", "#BUG-15", "BUG-0015", "Bug-15 "])
def test_how_it_is_written_does_not_matter(written: str) -> None:
    assert parse_reference(written) == TicketReference(prefix="BUG", number=15)


@given(
    st.builds(
        Printed,
        id=st.integers(1, MAX_ID),
        key_prefix=st.sampled_from(sorted(set(KIND_PREFIX.values()))),
        key_number=st.integers(1, 99_999),
        opened_on=st.dates(),
        day_number=st.integers(1, 999_999_999),
    )
)
def test_every_printed_form_is_read_back(ticket: Printed) -> None:
    by_day = TicketReference(opened_on=ticket.opened_on, day_number=ticket.day_number)
    by_key = TicketReference(prefix=ticket.key_prefix, number=ticket.key_number)
    # A date before the year 1000 is not printed with four digits; no ticket is that old.
    if ticket.opened_on.year >= 1000:
        assert parse_reference(ticket_numbers.format_bmasia_number(ticket)) == by_day
        assert parse_reference(ticket_numbers.format_enterprise_number(ticket)) == by_day
    assert parse_reference(ticket_numbers.format_key(ticket)) == by_key
    if ticket.id < 1_000_000_000:
        assert parse_reference(ticket_numbers.format_ticketing_number(ticket)) == TicketReference(
            id=ticket.id
        )
    assert parse_reference(str(ticket.id)) == TicketReference(id=ticket.id)


@given(st.uuids())
def test_a_uuid_is_read_back(uuid: UUID) -> None:
    assert parse_reference(str(uuid)) == parse_reference(uuid.hex) == TicketReference(uuid=uuid)


ODD = st.text() | st.from_regex(r"[#A-Za-z0-9-]{0,40}", fullmatch=True)


@given(ODD)
@example("0" * 10 + "1" + "9" * 20)
@example("0" * 10 + "1" + "0" * 5_000)
@example("9" * 5_000)
@example("TKT-99999999-001")
@example("T-20260230-0001")
@example("T-00000101-0001")
@example("T-２０２５１１１９-０００１")
@example("XYZ-1")
@example("-1")
@example("0")
@example("①②")
@example("\ud800")
def test_garbage_is_nobodys_number(text: str) -> None:
    found = parse_reference(text)
    assert found is None or found.id is None or 0 < found.id <= MAX_ID


@pytest.mark.parametrize(
    "garbage", ["0" * 10 + "1" + "9" * 20, "999999999999", "TKT-999999999", "x"]
)
def test_garbage_finds_nothing(uow_for: UowFor, cast: Cast, garbage: str) -> None:
    for actor in (cast.owner, cast.agent):
        with uow_for(actor) as uow:
            with pytest.raises(NotFound):
                lock_ticket(uow, garbage)
            with pytest.raises(NotFound):
                ticket_lookup.read_ticket(uow, garbage)
            assert ticket_list.count_tickets(uow, ticket_query.TicketQuery(search=garbage)) == 0


@pytest.mark.parametrize("kind", Kind)
def test_any_form_holds_the_ticket(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, kind: Kind
) -> None:
    file_ticket()
    ticket_id = file_ticket(kind=kind)
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, ticket_id)
        for form in (
            str(ticket.uuid),
            ticket.uuid.hex.upper(),
            ticket_numbers.format_key(ticket),
            ticket_numbers.format_key(ticket).lower(),
            ticket_numbers.format_bmasia_number(ticket),
            ticket_numbers.format_enterprise_number(ticket),
            ticket_numbers.format_ticketing_number(ticket),
            f"#{ticket.id}",
        ):
            assert lock_ticket(uow, form).id == ticket_id
            assert ticket_lookup.read_ticket(uow, form).id == ticket_id


def test_tkt_15_and_tkt_000015_are_two_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    other = file_ticket(kind=Kind.OTHER)
    with uow_for(cast.owner) as uow:
        assert lock_ticket(uow, "TKT-1").id == other
        assert lock_ticket(uow, "TKT-000001").id == 1
        with pytest.raises(NotFound):
            lock_ticket(uow, "TKT-2")
        assert lock_ticket(uow, "TKT-000002").id == other


def test_each_kind_counts_for_itself_and_each_day_begins_at_one(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    clock.now = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    first, second = file_ticket(kind=Kind.BUG), file_ticket(kind=Kind.CHANGE)
    clock.forward(seconds=1)
    third = file_ticket(kind=Kind.BUG)
    with uow_for(cast.agent) as uow:
        tickets = [lock_ticket(uow, ticket_id) for ticket_id in (first, second, third)]
    assert [ticket_numbers.format_key(ticket) for ticket in tickets] == ["BUG-1", "CHG-1", "BUG-2"]
    assert [ticket_numbers.format_bmasia_number(ticket) for ticket in tickets] == [
        "T-20261231-0001",
        "T-20261231-0002",
        "T-20270101-0001",
    ]


def test_a_number_is_not_given_out_again(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    gone = file_ticket()
    with uow_for(cast.agent) as uow:
        delete_ticket(uow, lock_ticket(uow, gone))

    def file_and_fail() -> None:
        with uow_for(cast.owner) as uow:
            open_ticket(uow, TicketDraft("Lamp", "Dark"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    next_id = file_ticket()
    assert next_id > gone
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, next_id)
        assert (ticket.key_number, ticket.day_number) == (2, 2)


def test_sixteen_at_once_get_sixteen_numbers(uow_for: UowFor, cast: Cast) -> None:
    def file(n: int) -> tuple[str, int, int]:
        with uow_for(cast.agent) as uow:
            kind = (Kind.BUG, Kind.SUPPORT)[n % 2]
            ticket = open_ticket(uow, TicketDraft(f"Lamp {n}", "Dark", kind, tags=["a", f"t{n}"]))
            return ticket_numbers.format_key(ticket), ticket.day_number, ticket.id or 0

    with ThreadPoolExecutor(16) as pool:
        created = list(pool.map(file, range(48)))
    assert sorted(key for key, _, _ in created) == sorted(
        f"{prefix}-{n}" for prefix in ("BUG", "SUP") for n in range(1, 25)
    )
    assert sorted(day for _, day, _ in created) == list(range(1, 49))
    assert len({ticket_id for _, _, ticket_id in created}) == 48


def test_an_unknown_uuid_is_not_found(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow, pytest.raises(NotFound):
        lock_ticket(uow, str(uuid4()))
