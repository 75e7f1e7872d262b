"""A list that is read page by page shows each ticket once, in the order it had at the beginning."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import MORNING, Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DeskError
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.tickets import list_history, list_statements, merging, ticket_list, tickets
from ticket_app.core.tickets.ticket_list import TicketQuery

SORTS = ("updated", "priority", "status", "due")
ONCE = 18


def _filed(desk: Desk, by: Actor, random_: random.Random) -> int:
    draft = tickets.TicketDraft(
        title="The valve leaks",
        description="Since Monday",
        priority=random_.choice(list(Priority)),
        due_at=random_.choice([None, MORNING + timedelta(days=random_.randrange(9))]),
        requester_id=by.id,
    )
    ticket_id = tickets.open_ticket(desk, draft).id
    assert ticket_id is not None
    return ticket_id


def _change_something(desk: Desk, ids: list[int], cast: Cast, random_: random.Random) -> None:
    """One change of one ticket, if the rules let it be made."""
    one, other = random_.sample(ids, 2)
    held: Callable[[], Any] = lambda: tickets.hold(desk, one)  # noqa: E731
    changes: list[Callable[[], Any]] = [
        lambda: tickets.edit(desk, held(), {"priority": random_.choice(list(Priority))}),
        lambda: tickets.edit(desk, held(), {"due_at": None}),
        lambda: tickets.edit(
            desk, held(), {"due_at": MORNING + timedelta(hours=random_.randrange(200))}
        ),
        lambda: tickets.edit(desk, held(), {"title": f"Leak {random_.random()}"}),
        lambda: tickets.change_status(desk, held(), Status.RESOLVED),
        lambda: tickets.change_status(desk, held(), Status.PENDING_USER),
        lambda: tickets.reopen(desk, held()),
        lambda: tickets.assign(desk, held(), random_.choice([None, cast.agent.id])),
        lambda: commenting.post(desk, held(), "Any news?"),
        lambda: commenting.post(desk, held(), "A note", internal=True),
        lambda: merging.merge(desk, one, other),
        lambda: merging.unmerge(desk, one),
        lambda: tickets.mark_duplicate(desk, held(), other),
        lambda: tickets.delete_ticket(desk, held()),
        lambda: tickets.restore_ticket(desk, one),
    ]
    random_.choice(changes)()


@pytest.mark.parametrize("descending", [True, False], ids=["descending", "ascending"])
@pytest.mark.parametrize(
    ("by", "query"),
    [
        ("admin", {}),
        ("owner", {}),
        ("admin", {"search": "valve"}),
        ("admin", {"status": frozenset({Status.NEW, Status.OPEN, Status.RESOLVED})}),
    ],
    ids=["all", "own", "search", "several statuses"],
)
@pytest.mark.parametrize("sort", SORTS)
def test_each_ticket_is_read_once_in_the_order_of_the_beginning(
    desk_for: DeskFor, cast: Cast, clock: Clock, sort: Any, by: str, query: Any, descending: bool
) -> None:
    random_ = random.Random(f"{sort} {by} {sorted(query)} {descending}")
    asked = TicketQuery(**query, sort=sort, descending=descending)
    actor = getattr(cast, by)
    with desk_for(cast.admin) as desk:
        ids = [_filed(desk, cast.owner, random_) for _ in range(ONCE)]
    for _ in range(2 * ONCE):
        _try(desk_for, cast, clock, ids, random_)

    def now() -> list[int]:
        with desk_for(actor, writes=False) as desk:
            return [row.id for row in ticket_list.page(desk, asked, Slice(100)).rows]

    beginning = now()
    throughout = set(beginning)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        with desk_for(actor, writes=False) as desk:
            page = ticket_list.page(desk, asked, Slice(2, cursor=cursor, keeps_order=True))
        seen += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
        for _ in range(4):
            _try(desk_for, cast, clock, ids, random_)
            throughout &= set(now())
        with desk_for(cast.admin) as desk:
            _filed(desk, cast.owner, random_)
    assert len(seen) == len(set(seen))
    assert throughout <= set(seen)
    assert [one for one in seen if one in throughout] == [
        one for one in beginning if one in throughout
    ]
    assert len(throughout) > 1


def _try(
    desk_for: DeskFor, cast: Cast, clock: Clock, ids: list[int], random_: random.Random
) -> None:
    if random_.random() < 0.8:  # Some changes happen at the same moment.
        clock.forward(seconds=random_.randrange(1, 90))
    try:
        with desk_for(cast.admin) as desk:
            _change_something(desk, ids, cast, random_)
    except DeskError:
        pass  # A rule refuses this change now.


@pytest.mark.parametrize("descending", [True, False])
def test_cursors_lead_through_the_best_matches_while_better_ones_come(
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    descending: bool,
) -> None:
    """Only the newest five are weighed; older ones follow by age."""
    monkeypatch.setattr(list_statements, "MOST_WEIGHED", 5)
    list_statements.page_statement.cache_clear()
    words = ("Red valve", "Valve", "The red", "Red")
    ids = [file_ticket(title=words[n % 4], description="The red valve leaks") for n in range(12)]
    asked = TicketQuery(search="red valve", sort="relevance", descending=descending)
    seen: list[int] = []
    part: Slice | None = Slice(2)
    while part is not None:
        with desk_for(cast.admin) as desk:
            page = ticket_list.page(desk, asked, part)
        seen += [row.id for row in page.rows]
        assert len(seen) < 40
        part = Slice(2, cursor=page.next) if page.next else None
        file_ticket(title="Red valve", description="Red valve")
    list_statements.page_statement.cache_clear()
    assert sorted(seen) == sorted(set(seen))
    assert set(ids) <= set(seen)
    first = [one for one in seen if one in ids[7:]]
    assert first[0 if descending else -1] == ids[8]
    assert [one for one in seen if one in ids[:7]] == ids[6::-1]


@pytest.mark.parametrize("keeps_order", [True, False])
@pytest.mark.parametrize("sort", SORTS)
def test_cursors_lead_past_what_a_search_puts_into_an_order(
    desk_for: DeskFor,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    sort: Any,
    keeps_order: bool,
) -> None:
    monkeypatch.setattr(list_statements, "MOST_RANKED", 5)
    list_statements.page_statement.cache_clear()
    random_ = random.Random(sort)
    with desk_for(cast.admin) as desk:
        ids = [_filed(desk, cast.owner, random_) for _ in range(12)]
    asked = TicketQuery(search="valve", sort=sort)
    seen: list[int] = []
    part = Slice(2, keeps_order=keeps_order)
    while True:
        with desk_for(cast.admin) as desk:
            page = ticket_list.page(desk, asked, part)
            seen += [row.id for row in page.rows]
            if page.next is None:
                break
            part = Slice(2, cursor=page.next)
            _filed(desk, cast.owner, random_)
            if keeps_order:
                ticket = tickets.hold(desk, random_.choice(ids))
                tickets.edit(desk, ticket, {"title": f"Another valve {len(seen)}"})
    list_statements.page_statement.cache_clear()
    assert sorted(seen) == sorted(set(seen))
    assert set(ids) <= set(seen)
    assert set(seen[:5]) >= set(ids[-5:]) or not keeps_order
    assert [one for one in seen if one in ids[:7]] == ids[6::-1]


def test_a_list_begun_very_long_ago_is_read_on_in_its_present_order(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_history, "MOST_LINES", 3)
    ids = [file_ticket() for _ in range(6)]
    asked = TicketQuery(sort="priority")
    with desk_for(cast.admin) as desk:
        first = ticket_list.page(desk, asked, Slice(2, keeps_order=True))
        for _ in range(4):
            _filed(desk, cast.owner, random.Random(1))
        rest = ticket_list.page(desk, asked, Slice(50, cursor=first.next))
    assert {row.id for row in (*first.rows, *rest.rows)} >= set(ids)
