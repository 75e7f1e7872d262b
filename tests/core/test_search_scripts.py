"""Search finds words in every script, whatever marks, widths and hyphens they are written with."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.config import Config
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Result, select, text

from alembic import command
from tests.cast import Cast, UowFor
from tests.core.conftest import FileTicket
from tests.core.test_search import found
from ticket_app.core.conversation.commenting import add_comment
from ticket_app.core.platform import database as databases
from ticket_app.core.search import search_query, search_terms
from ticket_app.core.tickets import ticket_list
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.settings import PROJECT_ROOT
from ticket_app.tables import TicketText

UNSPACED = {
    "chinese": "打印机在三楼无法打印，请尽快处理。𠮷野家",
    "japanese": "東京都のプリンターが、印刷できません。ガラス・データベース",
    "thai": "เครื่องพิมพ์ชั้นสามไม่สามารถพิมพ์งานได้ น้ำรั่ว",
    "lao": "ເຄື່ອງພິມບໍ່ເຮັດວຽກ",
    "khmer": "ម៉ាស៊ីនបោះពុម្ពមិនដំណើរការ",
    "burmese": "ပရင်တာအလုပ်မလုပ်ပါ",
    "korean": "네트워크프린터가 고장났습니다",
}


@pytest.mark.parametrize("title", UNSPACED.values(), ids=UNSPACED.keys())
def test_text_without_spaces_is_found_by_every_part_of_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, title: str
) -> None:
    ticket_id = file_ticket(title=title)
    parts = {title[at : at + size] for size in (2, 3, 7) for at in range(len(title) - size + 1)}
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            for part in parts:
                if search_query.query_words(part):
                    query = TicketQuery(search=part)
                    assert [row.id for row in ticket_list.page(uow, query).rows] == [ticket_id], (
                        part
                    )
            for letter in set(title):
                if letter.isalpha():
                    assert found(uow, letter) == [ticket_id], letter


def test_any_part_of_a_random_title_finds_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()

    @settings(
        max_examples=30,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.nested_given],
    )
    @given(
        st.text("日本語字東京のプリンターガ々กขคงะาิีุู็่้๊๋ำเแโ๓한국어ကျာခြ", min_size=4, max_size=14),
        st.integers(0, 12),
        st.integers(2, 14),
    )
    @example("ก่ิข้ำ", 1, 2)
    def check(title: str, start: int, size: int) -> None:
        part = title[start % (len(title) - 1) :][:size]
        with uow_for(cast.agent) as uow:
            edit(uow, lock_ticket(uow, ticket_id), {"title": title})
            assert found(uow, part) == [ticket_id], (title, part)
            assert found(uow, f"since {part}") == [ticket_id], (title, part)

    check()


def test_characters_that_only_occur_apart_are_not_a_match(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    capital = file_ticket(title="東京都の天気")
    file_ticket(title="東京と京都")
    file_ticket(title="京都", description="東京")
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            assert found(uow, "東京都") == [capital]
            assert len(found(uow, "東京")) == 3
            assert len(found(uow, "京")) == 3


def test_words_keep_their_vowel_signs(uow_for: UowFor, cast: Cast, file_ticket: FileTicket) -> None:
    ids = {
        title: file_ticket(title=title)
        for title in ("किताब की दुकान", "प्रिंटर काम नहीं", "আমার প্রিন্টার", "எனது அச்சுப்பொறி", "మా ప్రింటర్")
    }
    with uow_for(cast.agent, writes=False) as uow:
        for title, ticket_id in ids.items():
            for word in title.split():
                assert found(uow, word) == [ticket_id], word
                assert found(uow, word[:-1] if len(word) > 3 else word) == [ticket_id], word
        assert found(uow, "कताब") == []
        assert found(uow, "का") == [ids["प्रिंटर काम नहीं"]]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Łódź", "lodz"),
        ("Søren Ørsted", "soren orsted"),
        ("ışık", "isik"),
        ("İstanbul", "istanbul"),
        ("Đorđe", "dorde"),
        ("Straße", "strasse"),
        ("STRASSE", "straße"),
        ("Ærø", "aero"),
        ("œuvre", "oeuvre"),
        ("Þór og Guðrún", "thor gudrun"),
        ("Ħamrun", "hamrun"),
        ("Größe", "grosse"),
        ("Tiếng Việt", "tieng viet"),
        ("Ёлка", "елка"),
        ("ґанок", "ганок"),
        ("Ελλάδα", "ελλαδα"),
        ("ﬁle", "file"),
        ("ＶＰＮ１２", "vpn12"),
        ("VPN", "ｖｐｎ"),
        ("ガラス", "ｶﾞﾗｽ"),
        ("が", "か\u3099"),
        ("مُحَمَّد", "محمد"),
        ("שָׁלוֹם", "שלום"),
        ("٤٢ تذكرة", "42"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_spellings_of_one_word_find_each_other(written: str, typed: str) -> None:
    assert search_terms.extract_terms(written) == search_terms.extract_terms(typed) or set(
        search_terms.extract_terms(typed)
    ) <= set(search_terms.extract_terms(written))


def test_hyphenated_and_joined_words_find_each_other(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    pairs = {"wi-fi": "wifi", "e-mail": "email", "re-login": "relogin", "co‑worker": "coworker"}
    tickets = {
        word: file_ticket(title=f"The {word} fails") for pair in pairs.items() for word in pair
    }
    apart = file_ticket(title="wi fi, e mail, re login")
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            for hyphenated, joined in pairs.items():
                both = {tickets[hyphenated], tickets[joined]}
                for typed in (joined, joined.upper(), joined[:-1], f"{joined} fails"):
                    assert set(found(uow, typed)) == both, typed
                for typed in (hyphenated, hyphenated.title(), hyphenated[:-1]):
                    assert set(found(uow, typed)) - {apart} == both, typed
                assert set(found(uow, f"{hyphenated} fails")) == both
            assert apart in found(uow, "wi-fi")
            assert set(found(uow, "login")) == {tickets["re-login"], apart}


def test_long_hyphenated_words_are_found_however_they_are_joined(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="The read-only-file-system is full")
    with uow_for(cast.agent, writes=False) as uow:
        for typed in ("readonly", "read-only", "filesystem", "file-system", "readonlyfilesystem"):
            assert found(uow, typed) == [ticket_id], typed
        assert found(uow, "readonly-filesystem full") == [ticket_id]


def test_relevance_counts_every_spelling(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    titled = file_ticket(title="Wifi", description="Slow")
    described = file_ticket(title="Slow", description="The Wi-Fi")
    for actor in (cast.agent, cast.owner):
        with uow_for(actor, writes=False) as uow:
            page = ticket_list.page(uow, TicketQuery(search="wi-fi", sort="relevance"))
            assert [row.id for row in page.rows] == [titled, described]


@pytest.mark.parametrize("word", ["字", "ก", "ab-cd ", "x-y-z-", "Ω1 "])
def test_a_full_description_and_long_threads_are_kept(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, word: str
) -> None:
    long = "".join(chr(ord(word[0]) + n % 40) + word[1:] for n in range(50_000 // len(word)))
    ticket_id = file_ticket(title="Kettle", description=long)
    with uow_for(cast.agent) as uow:
        for n in range(5):
            ticket = lock_ticket(uow, ticket_id)
            add_comment(uow, ticket, f"{long[:49_000]}", internal=n % 2 == 0)
        assert found(uow, "kettle") == [ticket_id]


def _terms(rows: Result[Any]) -> list[list[list[str]]]:
    return [[str(text).split() for text in row] for row in rows]


def test_the_migration_indexes_existing_tickets_as_new_ones(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket, database: Engine
) -> None:
    wanted = [file_ticket(title=title, tags=["tëg"]) for title in UNSPACED.values()]
    with uow_for(cast.agent) as uow:
        add_comment(uow, lock_ticket(uow, wanted[0]), "再ログイン wi-fi")
        add_comment(uow, lock_ticket(uow, wanted[1]), "Ein Wort", internal=True)
    table = TicketText.__table__  # type: ignore[attr-defined]
    everything = select(table).order_by(table.c.ticket_id)
    with databases.read_connection(database) as connection:
        indexed = _terms(connection.execute(everything))
    config = Config(str(PROJECT_ROOT / "alembic.ini"))
    with databases.write_connection(database) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        connection.execute(text("UPDATE ticket_text SET head = 'old', body = '', public = ''"))
    with databases.write_connection(database) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with databases.read_connection(database) as connection:
        assert _terms(connection.execute(everything)) == indexed
    with uow_for(cast.agent) as uow:
        assert found(uow, "無法打印") == []
        assert found(uow, "无法打印") == [wanted[0]]
        assert found(uow, "wifi") == [wanted[0]]
        edit(uow, lock_ticket(uow, wanted[0]), {"title": "Kettle"})
        assert found(uow, "无法打印") == []
        assert found(uow, "kettle") == [wanted[0]]
        assert found(uow, "lanternworks") == wanted[::-1]
