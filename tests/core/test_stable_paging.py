"""Reading a list page by page returns each ticket once, in the order of the first page."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import MORNING, Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import DomainError
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.tickets import (
    assigning,
    editing,
    list_statements,
    locking,
    merging,
    opening,
    query_shape,
    stable_order,
    status_changes,
    ticket_list,
    trash,
)
from ticket_app.core.tickets.ticket_query import TicketQuery

SORTS = ("updated", "priority", "status", "due")
ONCE = 18


def _create_ticket(uow: UnitOfWork, by: Actor, random_: random.Random) -> int:
    draft = opening.TicketDraft(
        title="The valve leaks",
        description="Since Monday",
        priority=random_.choice(list(Priority)),
        due_at=random_.choice([None, MORNING + timedelta(days=random_.randrange(9))]),
        requester_id=by.id,
    )
    ticket_id = opening.open_ticket(uow, draft).id
    assert ticket_id is not None
    return ticket_id


def _change_something(uow: UnitOfWork, ids: list[int], cast: Cast, random_: random.Random) -> None:
    """One change of one ticket, if the rules let it be made."""
    one, other = random_.sample(ids, 2)
    held: Callable[[], Any] = lambda: locking.lock_ticket(uow, one)  # noqa: E731
    changes: list[Callable[[], Any]] = [
        lambda: editing.edit(uow, held(), {"priority": random_.choice(list(Priority))}),
        lambda: editing.edit(uow, held(), {"due_at": None}),
        lambda: editing.edit(
            uow, held(), {"due_at": MORNING + timedelta(hours=random_.randrange(200))}
        ),
        lambda: editing.edit(uow, held(), {"title": f"Leak {random_.random()}"}),
        lambda: status_changes.change_status(uow, held(), Status.RESOLVED),
        lambda: status_changes.change_status(uow, held(), Status.PENDING_USER),
        lambda: status_changes.reopen(uow, held()),
        lambda: assigning.assign(uow, held(), random_.choice([None, cast.agent.id])),
        lambda: commenting.post_comment(uow, held(), "Any news?"),
        lambda: commenting.post_comment(uow, held(), "A note", internal=True),
        lambda: merging.merge(uow, one, other),
        lambda: merging.unmerge(uow, one),
        lambda: status_changes.mark_duplicate(uow, held(), other),
        lambda: trash.delete_ticket(uow, held()),
        lambda: trash.restore_ticket(uow, one),
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
    uow_for: UowFor, cast: Cast, clock: Clock, sort: Any, by: str, query: Any, descending: bool
) -> None:
    random_ = random.Random(f"{sort} {by} {sorted(query)} {descending}")
    asked = TicketQuery(**query, sort=sort, descending=descending)
    actor = getattr(cast, by)
    with uow_for(cast.admin) as uow:
        ids = [_create_ticket(uow, cast.owner, random_) for _ in range(ONCE)]
    for _ in range(2 * ONCE):
        _try(uow_for, cast, clock, ids, random_)

    def now() -> list[int]:
        with uow_for(actor, writes=False) as uow:
            return [row.id for row in ticket_list.page(uow, asked, PageRequest(100)).rows]

    beginning = now()
    throughout = set(beginning)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        with uow_for(actor, writes=False) as uow:
            page = ticket_list.page(uow, asked, PageRequest(2, cursor=cursor, keep_order=True))
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
        for _ in range(4):
            _try(uow_for, cast, clock, ids, random_)
            throughout &= set(now())
        with uow_for(cast.admin) as uow:
            _create_ticket(uow, cast.owner, random_)
    assert len(seen) == len(set(seen))
    assert throughout <= set(seen)
    assert [one for one in seen if one in throughout] == [
        one for one in beginning if one in throughout
    ]
    assert len(throughout) > 1


def _try(uow_for: UowFor, cast: Cast, clock: Clock, ids: list[int], random_: random.Random) -> None:
    if random_.random() < 0.8:  # Some changes happen at the same moment.
        clock.forward(seconds=random_.randrange(1, 90))
    try:
        with uow_for(cast.admin) as uow:
            _change_something(uow, ids, cast, random_)
    except DomainError:
        pass  # A rule refuses this change now.


@pytest.mark.parametrize("descending", [True, False])
def test_cursors_lead_through_the_best_matches_while_better_ones_come(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    descending: bool,
) -> None:
    """Only the newest five are weighed; older ones follow by age."""
    monkeypatch.setattr(query_shape, "MAX_SCORED", 5)
    list_statements.page_statement.cache_clear()
    words = ("Red valve", "Valve", "The red", "Red")
    ids = [file_ticket(title=words[n % 4], description="The red valve leaks") for n in range(12)]
    asked = TicketQuery(search="red valve", sort="relevance", descending=descending)
    seen: list[int] = []
    part: PageRequest | None = PageRequest(2)
    while part is not None:
        with uow_for(cast.admin) as uow:
            page = ticket_list.page(uow, asked, part)
        seen += [row.id for row in page.rows]
        assert len(seen) < 40
        part = PageRequest(2, cursor=page.next_cursor) if page.next_cursor else None
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
    uow_for: UowFor,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    sort: Any,
    keeps_order: bool,
) -> None:
    monkeypatch.setattr(query_shape, "MAX_REORDERED_SEARCH", 5)
    list_statements.page_statement.cache_clear()
    random_ = random.Random(sort)
    with uow_for(cast.admin) as uow:
        ids = [_create_ticket(uow, cast.owner, random_) for _ in range(12)]
    asked = TicketQuery(search="valve", sort=sort)
    seen: list[int] = []
    part = PageRequest(2, keep_order=keeps_order)
    while True:
        with uow_for(cast.admin) as uow:
            page = ticket_list.page(uow, asked, part)
            seen += [row.id for row in page.rows]
            if page.next_cursor is None:
                break
            part = PageRequest(2, cursor=page.next_cursor)
            _create_ticket(uow, cast.owner, random_)
            if keeps_order:
                ticket = locking.lock_ticket(uow, random_.choice(ids))
                editing.edit(uow, ticket, {"title": f"Another valve {len(seen)}"})
    list_statements.page_statement.cache_clear()
    assert sorted(seen) == sorted(set(seen))
    assert set(ids) <= set(seen)
    assert set(seen[:5]) >= set(ids[-5:]) or not keeps_order
    assert [one for one in seen if one in ids[:7]] == ids[6::-1]


def test_a_list_begun_very_long_ago_is_read_on_in_its_present_order(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stable_order, "MAX_NEW_ENTRIES", 3)
    ids = [file_ticket() for _ in range(6)]
    asked = TicketQuery(sort="priority")
    with uow_for(cast.admin) as uow:
        first = ticket_list.page(uow, asked, PageRequest(2, keep_order=True))
        for _ in range(4):
            _create_ticket(uow, cast.owner, random.Random(1))
        rest = ticket_list.page(uow, asked, PageRequest(50, cursor=first.next_cursor))
    assert {row.id for row in (*first.rows, *rest.rows)} >= set(ids)
