"""Search finds the words of a ticket whatever their signs, and never what one may not read."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.search import search_query
from ticket_app.core.tickets import list_filters, list_statements, query_shape, ticket_list
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.status_changes import change_status
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.core.tickets.trash import delete_ticket, restore_ticket
from ticket_app.tables import Department


def found(uow, words: str) -> list[int]:
    rows = ticket_list.page(uow, TicketQuery(search=words)).rows
    assert ticket_list.count_tickets(uow, TicketQuery(search=words)) == len(rows)
    return [row.id for row in rows]


def test_search_ignores_case_accents_and_word_endings(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    lamp = file_ticket(title="Die Größe der Lampe", description="Naïve café, 100% _snake_case_")
    kettle = file_ticket(title="Kettle", description="foo@example.com said: C++ & R&D (v1.2.3)")
    for words, ids in {
        "lampe": [lamp],
        "LAMP": [lamp],
        "ampe": [],
        "groesse": [],
        "grösse": [lamp],
        "GRÖSSE": [lamp],
        "grosse": [lamp],
        "größe lampe": [lamp],
        "cafe": [lamp],
        "café naive": [lamp],
        "100%": [lamp],
        "snake_case": [lamp],
        "lampe kettle": [],
        "example.com": [kettle],
        "foo@example.com": [kettle],
        "v1.2.3": [kettle],
        "r&d": [kettle],
        "k": [],
        "ke": [kettle],
        "the": [],
    }.items():
        with uow_for(cast.owner, writes=False) as uow:
            assert found(uow, words) == ids, words


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "'",
        "''",
        '"kettle',
        "kettle'",
        "ket*tle*",
        "head:kettle",
        "internal : kettle",
        "{internal} : kettle",
        "kettle AND",
        "NOT kettle",
        "kettle OR lamp",
        "NEAR(kettle lamp)",
        "kettle & ! | lamp",
        "kettle:*",
        "<->",
        "\\",
        "%",
        "_",
        "kettle\x00",
        "\ud800kettle",
        "kettle; DROP TABLE ticket",
        "(((((",
        "🏮",
        "x" * 100_000,
        "ä" * 3_000,
        "字" * 3_000,
        "a " * 10_000,
        "\u202ekettle",
        "^kettle",
        "-kettle",
    ],
    ids=lambda words: f"{words[:12]!a}",
)
def test_no_sign_means_anything_to_the_index(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, words: str
) -> None:
    ticket_id = file_ticket(title="Kettle", description="It drips")
    for actor in (cast.owner, cast.agent):
        with uow_for(actor, writes=False) as uow:
            just_kettle = search_query.query_words(words) == ["kettle"]
            assert found(uow, words) == ([ticket_id] if just_kettle else [])


ALPHABET = "aB1 éßØλЖ한字。-_.'\"*:&|!%()\u0301\u00ad\u200b²①ﬁ"


def test_what_was_written_is_found_by_its_words(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()

    @settings(
        max_examples=40,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.nested_given],
    )
    @given(st.text(ALPHABET, min_size=1, max_size=24) | st.text(min_size=1, max_size=24))
    @example("12abc 1e5 v1.2")
    @example("a-1 -1 +1")
    @example("00\x00¾")
    @example("lamp\x00post")
    @example("हिन्दी ภาษาไทย")
    def check(text: str) -> None:
        if not search_query.query_words(text) or ticket_numbers.parse_reference(text) is not None:
            return
        described_ticket = "".join(
            sign for sign in text if sign != "\x00" and not "\ud800" <= sign <= "\udfff"
        )
        with uow_for(cast.owner) as uow:
            add_comment(uow, lock_ticket(uow, ticket_id), described_ticket)
            assert found(uow, text) == [ticket_id], text
            first = search_query.query_words(text)[0]
            assert found(uow, first.upper()) == [ticket_id], first

    check()


def test_a_note_s_words_are_found_by_staff_only(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="Kettle")
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, ticket_id), "Probably limescale", internal=True)
        add_comment(uow, lock_ticket(uow, ticket_id), "Please descale it")
    attempts = [
        "limescale",
        "limes",
        "kettle limescale",
        "limescale kettle",
        "internal:limescale",
        '{internal} : limescale"',
        '") OR internal : ("limescale',
    ]
    with uow_for(cast.owner, writes=False) as uow:
        assert found(uow, "descale") == [ticket_id]
        for words in attempts:
            assert found(uow, words) == [], words
    with uow_for(cast.agent, writes=False) as uow:
        for words in attempts[:4]:
            assert found(uow, words) == [ticket_id], words


def test_a_number_is_found_in_every_form(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    ticket_id = file_ticket(title="Kettle")
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, ticket_id)
        forms = [
            ticket_numbers.format_key(ticket),
            ticket_numbers.format_bmasia_number(ticket),
            ticket_numbers.format_enterprise_number(ticket),
            ticket_numbers.format_ticketing_number(ticket),
            str(ticket.uuid),
        ]
    for actor, ids in ((cast.owner, [ticket_id]), (cast.agent, [ticket_id]), (cast.stranger, [])):
        with uow_for(actor, writes=False) as uow:
            for form in forms:
                for written in (form, form.lower(), f" #{form} "):
                    assert found(uow, written) == ids, written
            assert found(uow, f"kettle {forms[0]}") == ids


def test_finds_are_paged_like_any_list(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [file_ticket(cast.agent, title=f"Kettle {n}") for n in range(7)]
    with uow_for(cast.agent, writes=False) as uow:
        for sort in list_filters.SORT_COLUMNS:
            query = TicketQuery(search="kettle", sort=sort)  # type: ignore[arg-type]
            page = ticket_list.page(uow, query, PageRequest(4))
            rest = ticket_list.page(uow, query, PageRequest(4, cursor=page.next_cursor))
            assert [row.id for row in (*page.rows, *rest.rows)] == ids[::-1], sort
            by_offset = ticket_list.page(uow, query, PageRequest(4, 4))
            assert [row.id for row in by_offset.rows] == ids[2::-1], sort


def test_nothing_but_signs_finds_nothing(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    with uow_for(cast.owner, writes=False) as uow:
        assert found(uow, "!?") == []
        assert len(found(uow, "")) == len(found(uow, "  ")) == 1


def ranked(uow: UnitOfWork, words: str, **options: Any) -> list[int]:
    query = TicketQuery(search=words, sort="relevance", **options)
    return [row.id for row in ticket_list.page(uow, query).rows]


def test_best_matches_come_first(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    together = file_ticket(title="Server performance drops", description="Slow")
    apart = file_ticket(title="Performance of the server", description="Slow")
    half = file_ticket(title="Server", description="Bad performance")
    described = file_ticket(title="Slow", description="The server has no performance")
    described_ticket = file_ticket(title="Slow", description="Since noon")
    tagged = file_ticket(title="Slow", tags=["server", "performance"])
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, described_ticket), "Is it the performance of the server?")
    newer = file_ticket(title="Slow", description="The server has no performance")
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            expected = [together, tagged, apart, half, newer, described, described_ticket]
            found = ranked(uow, "server performance")
            assert sorted(found) == sorted(expected)
            assert set(found[:2]) == {together, tagged}
            assert found[2:] == expected[2:]
            assert ranked(uow, "server performance", descending=False) == found[::-1]


def test_the_company_is_found_by_its_name(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    theirs = file_ticket(cast.owner)
    file_ticket(cast.stranger)
    with uow_for(cast.agent, writes=False) as uow:
        assert ranked(uow, "lanternworks") == [theirs]


def test_notes_neither_find_nor_weigh_for_a_requester(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    plain_one, noted = file_ticket(title="Lamp"), file_ticket(title="Lamp")
    third = file_ticket(title="Lamp")
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, plain_one), "Lamp lamp lamp giraffe", internal=True)
    with uow_for(cast.owner, writes=False) as uow:
        assert ranked(uow, "lamp") == [third, noted, plain_one]
        assert ranked(uow, "giraffe") == []
        assert ticket_list.count_tickets(uow, TicketQuery(search="giraffe", sort="relevance")) == 0
    with uow_for(cast.agent, writes=False) as uow:
        assert ranked(uow, "giraffe") == [plain_one]


def ordered(uow: UnitOfWork, *keys: tuple[Any, bool], **options: Any) -> list[int]:
    (sort, descending), *then = keys
    query = TicketQuery(sort=sort, descending=descending, then_by=tuple(then), **options)
    first = ticket_list.page(uow, query, PageRequest(limit=2))
    rest = ticket_list.page(uow, query, PageRequest(limit=100, offset=2))
    assert first.has_more
    return [row.id for row in (*first.rows, *rest.rows)]


def test_a_list_is_sorted_by_several_keys(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    words = ("low", "critical", "high", "critical", "low", "high")
    made = [
        file_ticket(priority=Priority(word), title="Lamp", due_at=clock() + timedelta(days=n % 3))
        for n, word in enumerate(words)
    ]
    for n, ticket_id in enumerate(made):
        clock.forward(minutes=1)
        with uow_for(cast.agent) as uow:
            change_status(
                uow, lock_ticket(uow, ticket_id), Status.RESOLVED if n % 2 else Status.IN_PROGRESS
            )
    rank = {one: Priority(word).rank for one, word in zip(made, words, strict=True)}
    for actor, options in product((cast.agent, cast.owner), ({}, {"search": "lamp"})):
        with uow_for(actor, writes=False) as uow:
            for older, dearer in product((False, True), repeat=2):
                found = ordered(uow, ("priority", dearer), ("created", older), **options)
                assert found == sorted(
                    made, key=lambda one: (rank[one] * (1 - 2 * dearer), one * (1 - 2 * older))
                )
            rows = {row.id: row for row in ticket_list.page(uow, TicketQuery(**options)).rows}
            found = ordered(
                uow,
                ("status", True),
                ("due", False),
                ("priority", True),
                ("updated", True),
                **options,
            )
            assert found == sorted(
                made,
                key=lambda one: (
                    -rows[one].status_rank,
                    rows[one].due_at,
                    -rank[one],
                    -rows[one].updated_at.timestamp(),
                ),
            )


@pytest.mark.parametrize(
    "query",
    [
        TicketQuery(sort="priority", descending=False, then_by=(("updated", True),)),
        TicketQuery(search="lamp", sort="relevance"),
        TicketQuery(search="lamp", sort="priority", descending=False),
    ],
    ids=["several keys", "relevance", "a search by priority"],
)
def test_an_order_of_its_own_is_bounded_work_and_yet_every_ticket_comes_once(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    query: TicketQuery,
) -> None:
    for name in ("MAX_REORDERED", "MAX_SCORED", "MAX_REORDERED_SEARCH"):
        monkeypatch.setattr(query_shape, name, 4)
    list_statements.page_statement.cache_clear()
    best, *others = [
        file_ticket(priority=Priority(word), title="Lamp" if word == "low" else "The lamp")
        for word in ("low", "high", "medium", "low", "critical", "high", "low")
    ]
    with uow_for(cast.agent, writes=False) as uow:
        for size in (1, 2, 3, 5):
            found: list[int] = []
            for start in range(0, 8, size):
                page = ticket_list.page(uow, query, PageRequest(limit=size, offset=start))
                assert page.has_more == (start + size < 7)
                found += [row.id for row in page.rows]
            assert sorted(found) == [best, *others]
            assert set(found[:4]) == set(others[2:])
            assert found[4:] == [others[1], others[0], best]
    list_statements.page_statement.cache_clear()


def test_list_rejects_a_cursor_made_for_another_order(uow_for: UowFor, cast: Cast) -> None:
    for query in (
        TicketQuery(sort="priority", then_by=(("updated", True),)),
        TicketQuery(search="lamp", sort="relevance"),
    ):
        with uow_for(cast.agent, writes=False) as uow, pytest.raises(Invalid):
            ticket_list.page(uow, query, PageRequest(cursor="W10"))


def test_keys_that_decide_nothing_cost_nothing(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    made = [file_ticket() for _ in range(3)]
    with uow_for(cast.agent, writes=False) as uow:
        for query in (
            TicketQuery(sort="relevance"),
            TicketQuery(sort="created", then_by=(("priority", True),)),
            TicketQuery(sort="priority", then_by=(("created", True),)),
            TicketQuery(sort="priority", then_by=(("priority", False), ("number", True))),
            TicketQuery(search="SUP-1", sort="relevance"),
        ):
            page = ticket_list.page(uow, query, PageRequest(limit=1))
            assert page.rows[0].id == (made[0] if query.search else made[-1])
            assert (page.next_cursor is not None) == page.has_more


def test_departments_are_any_of_several(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with uow_for(cast.admin) as uow:
        made = [
            uow.connection.execute(
                insert(Department.__table__)  # type: ignore[attr-defined]
                .values(name=name, created_at=uow.now)
                .returning(Department.__table__.c.id)  # type: ignore[attr-defined]
            ).scalar_one()
            for name in ("Works", "Sales", "Post")
        ]
    one, two, three = (file_ticket(cast.agent, department_id=place) for place in made)
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            for chosen, ids in {
                (0,): {one},
                (0, 2): {one, three},
                (0, 1, 2): {one, two, three},
            }.items():
                query = TicketQuery(departments=frozenset(made[n] for n in chosen))
                seen = ids if actor.is_staff else set()
                assert {row.id for row in ticket_list.page(uow, query).rows} == seen
                assert ticket_list.count_tickets(uow, query) == len(seen)


def test_what_lies_in_the_trash_is_not_counted(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = (file_ticket(title="Lamp") for _ in range(3))
    file_ticket(title="Kettle")
    with uow_for(cast.admin) as uow:
        for gone in (first, third):
            delete_ticket(uow, lock_ticket(uow, gone))
        assert found(uow, "lamp") == [second]
        restore_ticket(uow, third)
        assert found(uow, "lamp") == [third, second]
        assert ticket_list.count_tickets(uow, TicketQuery(search="lamp"), limit=1) == 1
    with uow_for(cast.owner, writes=False) as uow:
        assert found(uow, "lamp") == [third, second]
