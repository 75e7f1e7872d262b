"""Search finds the words of a ticket whatever their signs, and never what one may not read."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from tests.cast import Cast, Clock, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation.commenting import comment
from ticket_app.core.platform import ticket_numbers
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Priority, Status
from ticket_app.core.search import search_index
from ticket_app.core.tickets import list_statements, ticket_list
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.core.tickets.tickets import change_status, delete_ticket, hold, restore_ticket
from ticket_app.tables import Department


def found(desk, words: str) -> list[int]:
    rows = ticket_list.page(desk, TicketQuery(search=words)).rows
    assert ticket_list.count(desk, TicketQuery(search=words)) == len(rows)
    return [row.id for row in rows]


def test_it_works(desk_for: DeskFor, cast: Cast, file_ticket: FileTicket) -> None:
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
        with desk_for(cast.owner, writes=False) as desk:
            assert found(desk, words) == ids, words


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
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket, words: str
) -> None:
    ticket_id = file_ticket(title="Kettle", description="It drips")
    for actor in (cast.owner, cast.agent):
        with desk_for(actor, writes=False) as desk:
            just_kettle = search_index.words_of(words) == ["kettle"]
            assert found(desk, words) == ([ticket_id] if just_kettle else [])


ALPHABET = "aB1 éßØλЖ한字。-_.'\"*:&|!%()\u0301\u00ad\u200b²①ﬁ"


def test_what_was_written_is_found_by_its_words(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
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
    @example("हिन्दी ภาษาไทย")
    def check(text: str) -> None:
        if not search_index.words_of(text) or ticket_numbers.read_reference(text) is not None:
            return
        said = "".join(sign for sign in text if sign != "\x00" and not "\ud800" <= sign <= "\udfff")
        with desk_for(cast.owner) as desk:
            comment(desk, hold(desk, ticket_id), said)
            assert found(desk, text) == [ticket_id], text
            first = search_index.words_of(text)[0]
            assert found(desk, first.upper()) == [ticket_id], first

    check()


def test_a_note_s_words_are_found_by_staff_only(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="Kettle")
    with desk_for(cast.agent) as desk:
        comment(desk, hold(desk, ticket_id), "Probably limescale", internal=True)
        comment(desk, hold(desk, ticket_id), "Please descale it")
    attempts = [
        "limescale",
        "limes",
        "kettle limescale",
        "limescale kettle",
        "internal:limescale",
        '{internal} : limescale"',
        '") OR internal : ("limescale',
    ]
    with desk_for(cast.owner, writes=False) as desk:
        assert found(desk, "descale") == [ticket_id]
        for words in attempts:
            assert found(desk, words) == [], words
    with desk_for(cast.agent, writes=False) as desk:
        for words in attempts[:4]:
            assert found(desk, words) == [ticket_id], words


def test_a_number_is_found_in_every_form(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    ticket_id = file_ticket(title="Kettle")
    with desk_for(cast.owner) as desk:
        ticket = hold(desk, ticket_id)
        forms = [
            ticket_numbers.key(ticket),
            ticket_numbers.day_key(ticket),
            ticket_numbers.day_number(ticket),
            ticket_numbers.serial(ticket),
            str(ticket.uuid),
        ]
    for actor, ids in ((cast.owner, [ticket_id]), (cast.agent, [ticket_id]), (cast.stranger, [])):
        with desk_for(actor, writes=False) as desk:
            for form in forms:
                for written in (form, form.lower(), f" #{form} "):
                    assert found(desk, written) == ids, written
            assert found(desk, f"kettle {forms[0]}") == ids


def test_finds_are_paged_like_any_list(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ids = [file_ticket(cast.agent, title=f"Kettle {n}") for n in range(7)]
    with desk_for(cast.agent, writes=False) as desk:
        for sort in ticket_list.SORTS:
            query = TicketQuery(search="kettle", sort=sort)  # type: ignore[arg-type]
            page = ticket_list.page(desk, query, Slice(4))
            rest = ticket_list.page(desk, query, Slice(4, cursor=page.next))
            assert [row.id for row in (*page.rows, *rest.rows)] == ids[::-1], sort
            by_offset = ticket_list.page(desk, query, Slice(4, 4))
            assert [row.id for row in by_offset.rows] == ids[2::-1], sort


def test_nothing_but_signs_finds_nothing(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    with desk_for(cast.owner, writes=False) as desk:
        assert found(desk, "!?") == []
        assert len(found(desk, "")) == len(found(desk, "  ")) == 1


def ranked(desk: Desk, words: str, **told: Any) -> list[int]:
    query = TicketQuery(search=words, sort="relevance", **told)
    return [row.id for row in ticket_list.page(desk, query).rows]


def test_what_tells_most_comes_first(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    together = file_ticket(title="Server performance drops", description="Slow")
    apart = file_ticket(title="Performance of the server", description="Slow")
    half = file_ticket(title="Server", description="Bad performance")
    described = file_ticket(title="Slow", description="The server has no performance")
    said = file_ticket(title="Slow", description="Since noon")
    tagged = file_ticket(title="Slow", tags=["server", "performance"])
    with desk_for(cast.agent) as desk:
        comment(desk, hold(desk, said), "Is it the performance of the server?")
    newer = file_ticket(title="Slow", description="The server has no performance")
    for actor in (cast.agent, cast.owner):
        with desk_for(actor, writes=False) as desk:
            expected = [together, tagged, apart, half, newer, described, said]
            found = ranked(desk, "server performance")
            assert sorted(found) == sorted(expected)
            assert set(found[:2]) == {together, tagged}
            assert found[2:] == expected[2:]
            assert ranked(desk, "server performance", descending=False) == found[::-1]


def test_the_company_is_found_by_its_name(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    theirs = file_ticket(cast.owner)
    file_ticket(cast.stranger)
    with desk_for(cast.agent, writes=False) as desk:
        assert ranked(desk, "lanternworks") == [theirs]


def test_notes_neither_find_nor_weigh_for_a_requester(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    plain_one, noted = file_ticket(title="Lamp"), file_ticket(title="Lamp")
    third = file_ticket(title="Lamp")
    with desk_for(cast.agent) as desk:
        comment(desk, hold(desk, plain_one), "Lamp lamp lamp giraffe", internal=True)
    with desk_for(cast.owner, writes=False) as desk:
        assert ranked(desk, "lamp") == [third, noted, plain_one]
        assert ranked(desk, "giraffe") == []
        assert ticket_list.count(desk, TicketQuery(search="giraffe", sort="relevance")) == 0
    with desk_for(cast.agent, writes=False) as desk:
        assert ranked(desk, "giraffe") == [plain_one]


def ordered(desk: Desk, *keys: tuple[Any, bool], **told: Any) -> list[int]:
    (sort, descending), *then = keys
    query = TicketQuery(sort=sort, descending=descending, then=tuple(then), **told)
    first = ticket_list.page(desk, query, Slice(limit=2))
    rest = ticket_list.page(desk, query, Slice(limit=100, offset=2))
    assert first.has_more
    return [row.id for row in (*first.rows, *rest.rows)]


def test_a_list_is_sorted_by_several_keys(
    desk_for: DeskFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    words = ("low", "critical", "high", "critical", "low", "high")
    made = [
        file_ticket(priority=Priority(word), title="Lamp", due_at=clock() + timedelta(days=n % 3))
        for n, word in enumerate(words)
    ]
    for n, ticket_id in enumerate(made):
        clock.forward(minutes=1)
        with desk_for(cast.agent) as desk:
            change_status(
                desk, hold(desk, ticket_id), Status.RESOLVED if n % 2 else Status.IN_PROGRESS
            )
    rank = {one: Priority(word).rank for one, word in zip(made, words, strict=True)}
    for actor, told in product((cast.agent, cast.owner), ({}, {"search": "lamp"})):
        with desk_for(actor, writes=False) as desk:
            for older, dearer in product((False, True), repeat=2):
                found = ordered(desk, ("priority", dearer), ("created", older), **told)
                assert found == sorted(
                    made, key=lambda one: (rank[one] * (1 - 2 * dearer), one * (1 - 2 * older))
                )
            rows = {row.id: row for row in ticket_list.page(desk, TicketQuery(**told)).rows}
            found = ordered(
                desk,
                ("status", True),
                ("due", False),
                ("priority", True),
                ("updated", True),
                **told,
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
        TicketQuery(sort="priority", descending=False, then=(("updated", True),)),
        TicketQuery(search="lamp", sort="relevance"),
        TicketQuery(search="lamp", sort="priority", descending=False),
    ],
    ids=["several keys", "relevance", "a search by priority"],
)
def test_an_order_of_its_own_is_bounded_work_and_yet_every_ticket_comes_once(
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    query: TicketQuery,
) -> None:
    for name in ("MOST_ORDERED", "MOST_WEIGHED", "MOST_RANKED"):
        monkeypatch.setattr(list_statements, name, 4)
    list_statements.page_statement.cache_clear()
    best, *others = [
        file_ticket(priority=Priority(word), title="Lamp" if word == "low" else "The lamp")
        for word in ("low", "high", "medium", "low", "critical", "high", "low")
    ]
    with desk_for(cast.agent, writes=False) as desk:
        for size in (1, 2, 3, 5):
            found: list[int] = []
            for start in range(0, 8, size):
                page = ticket_list.page(desk, query, Slice(limit=size, offset=start))
                assert page.has_more == (start + size < 7)
                found += [row.id for row in page.rows]
            assert sorted(found) == [best, *others]
            assert set(found[:4]) == set(others[2:])
            assert found[4:] == [others[1], others[0], best]
    list_statements.page_statement.cache_clear()


def test_lists_in_an_order_of_their_own_refuse_cursors_of_others(
    desk_for: DeskFor, cast: Cast
) -> None:
    for query in (
        TicketQuery(sort="priority", then=(("updated", True),)),
        TicketQuery(search="lamp", sort="relevance"),
    ):
        with desk_for(cast.agent, writes=False) as desk, pytest.raises(Invalid):
            ticket_list.page(desk, query, Slice(cursor="W10"))


def test_keys_that_decide_nothing_cost_nothing(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    made = [file_ticket() for _ in range(3)]
    with desk_for(cast.agent, writes=False) as desk:
        for query in (
            TicketQuery(sort="relevance"),
            TicketQuery(sort="created", then=(("priority", True),)),
            TicketQuery(sort="priority", then=(("created", True),)),
            TicketQuery(sort="priority", then=(("priority", False), ("number", True))),
            TicketQuery(search="SUP-1", sort="relevance"),
        ):
            page = ticket_list.page(desk, query, Slice(limit=1))
            assert page.rows[0].id == (made[0] if query.search else made[-1])
            assert (page.next is not None) == page.has_more


def test_departments_are_any_of_several(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    with desk_for(cast.admin) as desk:
        made = [
            desk.db.execute(
                insert(Department.__table__)  # type: ignore[attr-defined]
                .values(name=name, created_at=desk.now)
                .returning(Department.__table__.c.id)  # type: ignore[attr-defined]
            ).scalar_one()
            for name in ("Works", "Sales", "Post")
        ]
    one, two, three = (file_ticket(cast.agent, department_id=place) for place in made)
    for actor in (cast.agent, cast.owner):
        with desk_for(actor, writes=False) as desk:
            for chosen, ids in {
                (0,): {one},
                (0, 2): {one, three},
                (0, 1, 2): {one, two, three},
            }.items():
                query = TicketQuery(departments=frozenset(made[n] for n in chosen))
                seen = ids if actor.is_staff else set()
                assert {row.id for row in ticket_list.page(desk, query).rows} == seen
                assert ticket_list.count(desk, query) == len(seen)


def test_what_lies_in_the_trash_is_not_counted(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    first, second, third = (file_ticket(title="Lamp") for _ in range(3))
    file_ticket(title="Kettle")
    with desk_for(cast.admin) as desk:
        for gone in (first, third):
            delete_ticket(desk, hold(desk, gone))
        assert found(desk, "lamp") == [second]
        restore_ticket(desk, third)
        assert found(desk, "lamp") == [third, second]
        assert ticket_list.count(desk, TicketQuery(search="lamp"), most=1) == 1
    with desk_for(cast.owner, writes=False) as desk:
        assert found(desk, "lamp") == [third, second]
