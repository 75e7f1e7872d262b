"""Search finds the words of a ticket whatever their signs, and never what one may not read."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core import numbering, queue, search
from ticket_app.core.conversation import comment
from ticket_app.core.queue import Slice, TicketQuery
from ticket_app.core.tickets import hold


def found(desk, words: str) -> list[int]:
    rows = queue.page(desk, TicketQuery(search=words)).rows
    assert queue.count(desk, TicketQuery(search=words)) == len(rows)
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
            just_kettle = search.words_of(words) == ["kettle"]
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
        if not search.words_of(text) or numbering.read_reference(text) is not None:
            return
        said = "".join(sign for sign in text if sign != "\x00" and not "\ud800" <= sign <= "\udfff")
        with desk_for(cast.owner) as desk:
            comment(desk, hold(desk, ticket_id), said)
            assert found(desk, text) == [ticket_id], text
            first = search.words_of(text)[0]
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
            numbering.key(ticket),
            numbering.day_key(ticket),
            numbering.day_number(ticket),
            numbering.serial(ticket),
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
        for sort in queue.SORTS:
            query = TicketQuery(search="kettle", sort=sort)  # type: ignore[arg-type]
            page = queue.page(desk, query, Slice(4))
            rest = queue.page(desk, query, Slice(4, cursor=page.next))
            assert [row.id for row in (*page.rows, *rest.rows)] == ids[::-1], sort
            by_offset = queue.page(desk, query, Slice(4, 4))
            assert [row.id for row in by_offset.rows] == ids[2::-1], sort


def test_nothing_but_signs_finds_nothing(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    with desk_for(cast.owner, writes=False) as desk:
        assert found(desk, "!?") == []
        assert len(found(desk, "")) == len(found(desk, "  ")) == 1
