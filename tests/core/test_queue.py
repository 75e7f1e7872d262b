"""Lists show what a plain reading of their filters says, in order, each ticket once."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert

from tests.cast import MORNING, Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.vocabulary import (
    Category,
    Kind,
    Priority,
    Severity,
    Status,
    StatusGroup,
)
from ticket_app.core.tickets import (
    list_columns,
    list_filters,
    query_shape,
    ticket_list,
    ticket_lookup,
)
from ticket_app.core.tickets.assigning import assign
from ticket_app.core.tickets.counters import BUCKET_COLUMNS
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import Company, Department, Tag, Team, Ticket, TicketCount, TicketTag

MANY = 60
TAGS = ("Steam", "Brass", "élan")


@dataclass(frozen=True)
class Known:
    """What the model knows of a ticket."""

    id: int
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    status: Status
    priority: Priority
    kind: Kind
    category: Category
    severity: Severity
    section: str
    requester_id: int
    created_by_id: int
    assignee_id: int | None
    team_id: int | None
    company_id: int | None
    department_id: int | None
    tags: tuple[str, ...]
    deleted: bool

    @property
    def group(self) -> StatusGroup:
        return self.status.group


def pick(options: Sequence[Any], *seed: int) -> Any:
    n = 17
    for part in seed:
        n = (n * 1_103_515_245 + part * 12_345 + 7) % 2_147_483_648
    return options[(n >> 8) % len(options)]


def make(n: int, cast: Cast) -> Known:
    created_at = MORNING + timedelta(minutes=n // 3)
    people = [cast.owner.id, cast.colleague.id, cast.stranger.id]
    requester_id = pick(people, n, 2)
    return Known(
        id=n + 1,
        created_at=created_at,
        updated_at=created_at + timedelta(minutes=pick(range(15), n, 3)),
        due_at=pick([None, *(MORNING + timedelta(hours=h) for h in range(-3, 4))], n, 4),
        status=pick(list(Status), n, 5),
        priority=pick(list(Priority), n, 6),
        kind=pick(list(Kind)[:4], n, 7),
        category=pick(list(Category)[:3], n, 8),
        severity=pick(list(Severity), n, 9),
        section=pick(["", "api", "billing"], n, 10),
        requester_id=requester_id,
        created_by_id=pick([requester_id, cast.agent.id], n, 11),
        assignee_id=pick([None, cast.agent.id, cast.manager.id], n, 12),
        team_id=pick([None, 1], n, 13),
        company_id=pick([None, 1, 2], n, 14),
        department_id=pick([None, 1], n, 15),
        tags=tuple(tag for k, tag in enumerate(TAGS) if pick([True, False], n, 16, k)),
        deleted=pick([False] * 7 + [True], n, 17),
    )


@pytest.fixture
def known(database: Engine, cast: Cast) -> list[Known]:
    """Many tickets of every sort, written straight into the tables."""
    tickets = [make(n, cast) for n in range(MANY)]
    far = datetime(9999, 12, 31, tzinfo=UTC)
    with database.connect().execution_options(writes=True) as db, db.begin():
        db.execute(insert(Team), {"name": "Lights", "created_at": MORNING})
        db.execute(insert(Department), {"name": "House", "created_at": MORNING})
        db.execute(insert(Tag), [{"name": tag, "name_folded": tag.casefold()} for tag in TAGS])
        db.execute(
            insert(Ticket),
            [
                {
                    **{
                        name: getattr(ticket, name)
                        for name in Known.__dataclass_fields__
                        if name not in ("id", "deleted", "tags")
                    },
                    "tags": list(ticket.tags),
                    "key_prefix": ticket.kind.prefix,
                    "key_number": ticket.id,
                    "opened_on": MORNING.date(),
                    "day_number": ticket.id,
                    "title": f"Ticket {ticket.id}",
                    "description": "Text",
                    "status_group": ticket.group,
                    "status_rank": ticket.status.rank,
                    "priority_rank": ticket.priority.rank,
                    "due_sort_at": ticket.due_at or far,
                    "deleted_at": MORNING if ticket.deleted else None,
                }
                for ticket in tickets
            ],
        )
        ties = [
            {"ticket_id": ticket.id, "tag_id": TAGS.index(tag) + 1}
            for ticket in tickets
            for tag in ticket.tags
        ]
        db.execute(insert(TicketTag), ties)
        buckets = Counter(
            (t.status, t.priority, t.category, t.kind, t.assignee_id is not None)
            for t in tickets
            if not t.deleted
        )
        db.execute(
            insert(TicketCount),
            [
                {**dict(zip(BUCKET_COLUMNS, bucket, strict=True)), "tickets": n}
                for bucket, n in buckets.items()
            ],
        )
    return tickets


FAR = datetime(9999, 12, 31, tzinfo=UTC)
BY: dict[str, Any] = {
    "created": lambda ticket: ticket.created_at,
    "updated": lambda ticket: ticket.updated_at,
    "priority": lambda ticket: ticket.priority.rank,
    "status": lambda ticket: ticket.status.rank,
    "due": lambda ticket: ticket.due_at or FAR,
    "number": lambda ticket: ticket.id,
}


def expected(tickets: list[Known], query: TicketQuery, actor: Actor, now: datetime) -> list[int]:
    """The ids a plain reading of the query gives."""

    def wanted(ticket: Known) -> bool:
        return (
            not ticket.deleted
            and (actor.is_staff or ticket.requester_id == actor.id)
            and all(
                not getattr(query, name) or getattr(ticket, name) in getattr(query, name)
                for name in list_filters.SET_FILTERS
            )
            and all(
                getattr(query, name) is None or getattr(ticket, name) == getattr(query, name)
                for name in list_filters.EXACT_FILTERS
            )
            and not (query.unassigned and ticket.assignee_id is not None)
            and not (query.assigned and ticket.assignee_id is None)
            and not (
                query.overdue
                and not (ticket.due_at and ticket.due_at < now and ticket.group != StatusGroup.DONE)
            )
            and (query.created_from is None or ticket.created_at >= query.created_from)
            and (query.created_before is None or ticket.created_at < query.created_before)
            and (query.updated_from is None or ticket.updated_at >= query.updated_from)
            and (query.due_before is None or (ticket.due_at or FAR) < query.due_before)
            and {tag.casefold() for tag in query.tags} <= {tag.casefold() for tag in ticket.tags}
        )

    found = sorted(
        filter(wanted, tickets),
        key=lambda ticket: (BY[query.sort](ticket), ticket.id),
        reverse=query.descending,
    )
    return [ticket.id for ticket in found]


def some(words: Any) -> st.SearchStrategy[frozenset[Any]]:
    return st.frozensets(st.sampled_from(list(words)), min_size=1, max_size=4)


MOMENTS = [MORNING + timedelta(minutes=m) for m in (-300, -60, 0, 5, 10, 30, 90)]
FILTERS: dict[str, st.SearchStrategy[Any]] = {
    "status": some(Status),
    "priority": some(Priority),
    "kind": some(Kind),
    "category": some(Category),
    "severity": some(Severity),
    "group": some(StatusGroup),
    "requester_id": st.sampled_from([1, 3]),
    "created_by_id": st.sampled_from([1, 4]),
    "assignee_id": st.sampled_from([4, 5]),
    "team_id": st.sampled_from([1]),
    "company_id": st.sampled_from([1, 2]),
    "department_id": st.sampled_from([1]),
    "section": st.sampled_from(["api", ""]),
    "unassigned": st.just(True),
    "assigned": st.just(True),
    "overdue": st.just(True),
    "created_from": st.sampled_from([*MOMENTS]),
    "created_before": st.sampled_from([*MOMENTS]),
    "updated_from": st.sampled_from([*MOMENTS]),
    "due_before": st.sampled_from([*MOMENTS]),
    "tags": st.lists(st.sampled_from([*TAGS, "STEAM", "none"]), max_size=2).map(tuple),
}


@st.composite
def queries(draw: st.DrawFn) -> TicketQuery:
    names = draw(st.lists(st.sampled_from(list(FILTERS)), max_size=3, unique=True))
    return TicketQuery(
        **{name: draw(FILTERS[name]) for name in names},
        sort=draw(st.sampled_from(list(list_filters.SORT_COLUMNS))),  # type: ignore[arg-type]
        descending=draw(st.booleans()),
    )


ONE_FILTER = [
    TicketQuery(),
    *(TicketQuery(status=frozenset({status})) for status in Status),
    *(TicketQuery(group=frozenset({group})) for group in StatusGroup),
    TicketQuery(priority=frozenset({Priority.LOW, Priority.HIGH})),
    TicketQuery(status=frozenset(Status), priority=frozenset(Priority)),
    TicketQuery(status=frozenset({Status.NEW, Status.OPEN}), kind=frozenset(list(Kind)[:3])),
    TicketQuery(unassigned=True),
    TicketQuery(assigned=True),
    TicketQuery(overdue=True),
    TicketQuery(tags=("steam", "brass")),
    TicketQuery(tags=("ÉLAN",)),
    TicketQuery(section=""),
    TicketQuery(company_id=2),
    TicketQuery(created_from=MOMENTS[3], created_before=MOMENTS[5]),
    TicketQuery(due_before=MOMENTS[2]),
]


def walked(uow, query: TicketQuery, size: int) -> list[int]:
    """Every id of a list, by its cursors."""
    ids: list[int] = []
    cursor = None
    while True:
        page = ticket_list.page(uow, query, PageRequest(size, cursor=cursor))
        ids += [row.id for row in page.rows]
        assert page.has_more is (page.next_cursor is not None)
        assert len(page.rows) == size or not page.has_more
        if page.next_cursor is None:
            return ids
        cursor = page.next_cursor


def test_each_filter_and_order_lists_the_expected_tickets(
    uow_for: UowFor, cast: Cast, known: list[Known]
) -> None:
    for actor in (cast.owner, cast.agent):
        with uow_for(actor, writes=False) as uow:
            for plain in ONE_FILTER:
                for sort in list_filters.SORT_COLUMNS:
                    for descending in (False, True):
                        query = replace(plain, sort=sort, descending=descending)  # type: ignore[arg-type]
                        ids = expected(known, query, actor, uow.now)
                        rows = ticket_list.page(uow, query, PageRequest(100)).rows
                        assert [row.id for row in rows] == ids, query
                        assert walked(uow, query, 25) == ids, query
                assert ticket_list.count_tickets(uow, plain) == len(
                    expected(known, plain, actor, uow.now)
                )


def test_every_mixture_of_filters_is_read_plainly(
    uow_for: UowFor, cast: Cast, known: list[Known]
) -> None:
    with (
        uow_for(cast.owner, writes=False) as owner,
        uow_for(cast.agent, writes=False) as agent,
    ):

        @settings(
            max_examples=60,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.nested_given, HealthCheck.too_slow],
        )
        @given(queries(), st.integers(1, 12), st.integers(0, 20), st.sampled_from([owner, agent]))
        def check(query: TicketQuery, size: int, offset: int, uow: Any) -> None:
            ids = expected(known, query, uow.actor, uow.now)
            assert walked(uow, query, size) == ids
            by_offset = ticket_list.page(uow, query, PageRequest(size, offset))
            assert [row.id for row in by_offset.rows] == ids[offset : offset + size]
            assert by_offset.has_more == (len(ids) > offset + size)
            if by_offset.next_cursor:
                following = ticket_list.page(
                    uow, query, PageRequest(size, cursor=by_offset.next_cursor)
                )
                assert [row.id for row in following.rows] == ids[offset + size :][:size]
            assert ticket_list.count_tickets(uow, query) == len(ids)
            assert ticket_list.count_tickets(uow, query, limit=5) == min(5, len(ids))

        check()


def test_what_is_new_is_listed_alike_however_much_of_it_there_is(
    uow_for: UowFor, cast: Cast, known: list[Known], monkeypatch: pytest.MonkeyPatch
) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        for sort, descending, maximum in product(
            list_filters.SORT_COLUMNS, (False, True), (0, 20_000)
        ):
            monkeypatch.setattr(query_shape, "MAX_RECENT", maximum)
            query = TicketQuery(created_from=MOMENTS[2], sort=sort, descending=descending)  # type: ignore[arg-type]
            ids = expected(known, query, cast.agent, uow.now)
            assert walked(uow, query, 25) == ids, query
            assert ticket_list.count_tickets(uow, query) == len(ids)


def test_a_tag_is_counted_without_what_lies_in_the_trash(
    uow_for: UowFor, cast: Cast, known: list[Known]
) -> None:
    tag = TAGS[0]
    carried = [ticket for ticket in known if tag in ticket.tags]
    assert {ticket.deleted for ticket in carried} == {True, False}
    with uow_for(cast.agent, writes=False) as uow:
        left = sum(not ticket.deleted for ticket in carried)
        assert ticket_list.count_tickets(uow, TicketQuery(tags=(tag,))) == left
        assert ticket_list.count_tickets(uow, TicketQuery(tags=(tag.upper(),)), limit=3) == 3


def test_every_column_set_contains_the_assignee(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(tags=["a"])
    with uow_for(cast.agent) as uow:
        assign(uow, lock_ticket(uow, ticket_id), cast.agent.id)
    with uow_for(cast.owner, writes=False) as uow:
        for view, columns in list_columns.COLUMN_SETS.items():
            (row,) = ticket_list.page(uow, TicketQuery(), column_set=view).rows  # type: ignore[arg-type]
            assert len(row) == len(columns)
            assert row.assignee_username == "agent"
            if view in ("summary", "summary_with_description", "full"):
                assert (row.requester_name, row.assignee_name, row.company_name) == (
                    "Olive Ownby",
                    "Agnes Hale",
                    "Lanternworks",
                )
            assert row.tags == ["a"]
            assert row.created_at == MORNING
        whole = ticket_lookup.read_ticket(uow, ticket_id)
        assert (whole.creator_username, whole.requester_email) == ("owner", "owner@example.com")
        assert (whole.department_name, whole.team_name) == (None, None)


@pytest.mark.parametrize(
    ("part", "rows"),
    [
        (PageRequest(0), 1),
        (PageRequest(-5), 1),
        (PageRequest(10_000), 54),
        (PageRequest(50, -3), 50),
        (PageRequest(50, 10**6), 0),
        (PageRequest(50, 10**30), 0),
        (PageRequest(10**30, 50), 4),
    ],
)
def test_a_part_is_clamped(
    uow_for: UowFor, cast: Cast, known: list[Known], part: PageRequest, rows: int
) -> None:
    alive = sum(not ticket.deleted for ticket in known)
    with uow_for(cast.agent, writes=False) as uow:
        assert len(ticket_list.page(uow, TicketQuery(), part).rows) == rows + (alive - 54) * (
            rows in (54, 4)
        )


def test_no_page_is_longer_than_a_hundred(
    database: Engine, uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    for _ in range(101):
        file_ticket(cast.agent)
    with uow_for(cast.agent, writes=False) as uow:
        page = ticket_list.page(uow, TicketQuery(), PageRequest(1_000))
        assert (len(page.rows), page.has_more) == (100, True)


def cursor_of(*parts: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "é",
        "\x00",
        "====",
        cursor_of("created", "2026-11-20T09:00:00", 1),
        cursor_of("created", 5, 1),
        cursor_of("updated", "2026-11-20T09:00:00+00:00", 1),
        cursor_of("created", None, 1),
        cursor_of("created", "2026-11-20T09:00:00+00:00", None),
        cursor_of("created", "2026-11-20T09:00:00+00:00", "x"),
        cursor_of("created", "2026-11-20T09:00:00+00:00", 2**63 - 1),
        cursor_of("created", "0001-01-01T00:00:00+14:00", 1),
        cursor_of("created", "9999-12-31T23:59:59-14:00", 1),
        cursor_of("created"),
        cursor_of(["created"], {}, []),
        base64.urlsafe_b64encode(b'["created",1e400,1]').decode(),
        base64.urlsafe_b64encode(b"[" * 5_000).decode(),
    ],
)
def test_a_cursor_of_another_making_is_refused(
    uow_for: UowFor, cast: Cast, known: list[Known], cursor: str
) -> None:
    with uow_for(cast.agent, writes=False) as uow, pytest.raises(Invalid) as error:
        ticket_list.page(uow, TicketQuery(), PageRequest(5, cursor=cursor))
    assert error.value.field == "cursor"


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of("priority", 2**62, 1),
        cursor_of("priority", 1, 2**62),
        cursor_of("priority", 1.5, -1),
        cursor_of("priority", "2", 1),
        base64.urlsafe_b64encode(b'["priority",1e400,1]').decode(),
    ],
)
def test_malformed_numeric_cursor_is_rejected(
    uow_for: UowFor, cast: Cast, known: list[Known], cursor: str
) -> None:
    query = TicketQuery(sort="priority")
    with uow_for(cast.agent, writes=False) as uow, pytest.raises(Invalid):
        ticket_list.page(uow, query, PageRequest(5, cursor=cursor))


def test_another_list_s_cursor_is_refused(uow_for: UowFor, cast: Cast, known: list[Known]) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        for sort in list_filters.SORT_COLUMNS:
            query = TicketQuery(sort=sort)  # type: ignore[arg-type]
            cursor = ticket_list.page(uow, query, PageRequest(3)).next_cursor
            for other in list_filters.SORT_COLUMNS:
                if other != sort:
                    with pytest.raises(Invalid):
                        ticket_list.page(
                            uow, replace(query, sort=other), PageRequest(3, cursor=cursor)
                        )  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "query",
    [
        TicketQuery(tags=("\x00",)),
        TicketQuery(tags=("\ud800",)),
        TicketQuery(tags=("x" * 5_000,)),
        TicketQuery(section="\x00"),
        TicketQuery(section="\ud800"),
        TicketQuery(requester_id=10**12),
        TicketQuery(assignee_id=-(10**12)),
        TicketQuery(company_id=10**30),
        TicketQuery(created_before=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        TicketQuery(created_from=datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-14)))),
    ],
    ids=str,
)
def test_what_no_ticket_can_have_finds_none(
    uow_for: UowFor, cast: Cast, known: list[Known], query: TicketQuery
) -> None:
    with uow_for(cast.agent, writes=False) as uow:
        assert not ticket_list.page(uow, query).rows
        assert ticket_list.count_tickets(uow, query) == 0


def test_mine_are_counted_by_status(uow_for: UowFor, cast: Cast, known: list[Known]) -> None:
    with uow_for(cast.owner, writes=False) as uow:
        counts = ticket_list.count_own_by_status(uow)
        mine = [t.status for t in known if t.requester_id == cast.owner.id and not t.deleted]
        assert counts == {status: mine.count(status) for status in set(mine)}


def test_changed_ticket_moves_to_its_new_position_in_the_list(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second = file_ticket(), file_ticket()
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, first), {"priority": "critical", "due_at": MORNING})
        change_status(uow, lock_ticket(uow, first), Status.CLOSED)
    with uow_for(cast.agent, writes=False) as uow:
        for sort, ids in (
            ("priority", [first, second]),
            ("status", [first, second]),
            ("due", [second, first]),
        ):
            rows = ticket_list.page(uow, TicketQuery(sort=sort)).rows  # type: ignore[arg-type]
            assert [row.id for row in rows] == ids, sort
        assert ticket_list.count_tickets(uow, TicketQuery(group=frozenset({StatusGroup.DONE}))) == 1


def test_a_company_is_known_by_its_name(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        company = Company(name="Fen & Co", name_folded="fen & co", created_at=MORNING)
        uow.session.add(company)
        uow.flush()
    file_ticket(cast.agent, company_id=company.id)
    with uow_for(cast.agent, writes=False) as uow:
        (row,) = ticket_list.page(uow, TicketQuery(company_id=company.id)).rows
        assert (row.company_name, row.company_uuid) == ("Fen & Co", company.uuid)
