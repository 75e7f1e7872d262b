"""Each text keeps the format it was written in, whatever happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine, inspect

from alembic import command
from tests.cast import Cast, DeskFor, gathered, move_in
from tests.conftest import DATABASES, DatabaseUrl
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.text_formats import LONG_TEXTS, format_of, read_format
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import merging, ticket_list
from ticket_app.core.tickets.tickets import TicketDraft, edit, hold, open_ticket
from ticket_app.core.timeline import timeline
from ticket_app.settings import ROOT

PLAIN, MARKDOWN = TextFormat.PLAIN, TextFormat.MARKDOWN
CHANNELS = {
    "web": MARKDOWN,
    "centcom": MARKDOWN,
    "kubebro": PLAIN,
    "bmasia": PLAIN,
    "enterprise": PLAIN,
    "ticketing": PLAIN,
}


def formats(desk_for: DeskFor, cast: Cast, ticket_id: int) -> dict[str, str]:
    with desk_for(cast.agent, writes=False) as desk:
        row = ticket_list.read(desk, ticket_id)
        return {name: str(format_of(row, name)) for name in LONG_TEXTS if getattr(row, name)}


def comment_formats(desk_for: DeskFor, cast: Cast, ticket_id: int) -> list[str]:
    with desk_for(cast.agent, writes=False) as desk:
        return [line.body_format for line in timeline.comments(desk, ticket_id)]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("stated", [None, PLAIN, MARKDOWN])
def test_a_new_text_has_the_stated_format_or_the_usual_one_of_its_channel(
    desk_for: DeskFor,
    cast: Cast,
    file_ticket: FileTicket,
    channel: str,
    stated: TextFormat | None,
) -> None:
    ticket_id = file_ticket(channel=channel, text_format=stated, steps_to_reproduce="1. Look")
    wanted = stated or CHANNELS[channel]
    assert formats(desk_for, cast, ticket_id) == {
        "description": wanted,
        "steps_to_reproduce": wanted,
    }
    with desk_for(cast.owner) as desk:
        commenting.comment(
            desk, hold(desk, ticket_id), "a\n  b", text_format=stated, channel=channel
        )
    assert comment_formats(desk_for, cast, ticket_id) == [wanted]


def test_an_edit_keeps_the_format_unless_it_states_one(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(channel="kubebro")
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {"description": "_a_"}, channel="web")
    assert formats(desk_for, cast, ticket_id)["description"] == PLAIN
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {"description": "_b_"}, text_format=MARKDOWN)
    assert formats(desk_for, cast, ticket_id)["description"] == MARKDOWN
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {"description": "_c_"}, channel="bmasia")
        edit(desk, hold(desk, ticket_id), {"title": "Other"}, channel="bmasia")
    assert formats(desk_for, cast, ticket_id)["description"] == MARKDOWN


def test_a_text_that_was_empty_gets_the_usual_format_of_who_writes_it(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(channel="web")
    with desk_for(cast.agent) as desk:
        edit(desk, hold(desk, ticket_id), {"internal_notes": "a"}, channel="enterprise")
        edit(desk, hold(desk, ticket_id), {"admin_feedback": "b"}, channel="web")
    assert formats(desk_for, cast, ticket_id) == {
        "description": MARKDOWN,
        "internal_notes": PLAIN,
        "admin_feedback": MARKDOWN,
    }


def test_a_format_alone_is_that_of_the_description_and_is_recorded(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.owner) as desk:
        ticket = hold(desk, ticket_id)
        edit(desk, ticket, {}, text_format=PLAIN)
        assert ticket.version == 2
        edit(desk, ticket, {}, text_format=PLAIN)
        assert ticket.version == 2
    assert formats(desk_for, cast, ticket_id) == {"description": PLAIN}
    with desk_for(cast.agent, writes=False) as desk:
        (line,) = timeline.changes_of(desk, ticket_id, "text_format")
        assert (line.old_value, line.new_value, line.audience) == (MARKDOWN, PLAIN, "internal")


def test_a_comment_keeps_its_format_when_it_is_rewritten(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with desk_for(cast.owner) as desk:
        ticket = hold(desk, ticket_id)
        entry_id = commenting.comment(desk, ticket, "*a*  b", channel="ticketing")
        assert ticket.last_comment == "*a* b"
        commenting.rewrite(desk, entry_id, "*b*  c")
        assert ticket.last_comment == "*b* c"
        commenting.rewrite(desk, entry_id, None)
        assert timeline.line(desk, ticket_id, entry_id).body_format == PLAIN
        commenting.rewrite(desk, entry_id, None, text_format=MARKDOWN)
        assert ticket.last_comment == "b c"
    assert comment_formats(desk_for, cast, ticket_id) == [MARKDOWN]


def test_texts_keep_their_format_through_a_merge_and_back(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    one, other = file_ticket(channel="kubebro"), file_ticket()
    with desk_for(cast.owner) as desk:
        commenting.comment(desk, hold(desk, one), "5*4*3 is __sixty__", channel="kubebro")
    with desk_for(cast.agent) as desk:
        commenting.comment(desk, hold(desk, other), "**Yes**")
        merging.merge(desk, one, other)
    assert comment_formats(desk_for, cast, other) == [PLAIN, MARKDOWN]
    with desk_for(cast.agent) as desk:
        merging.unmerge(desk, one)
        assert hold(desk, one).last_comment == "5*4*3 is __sixty__"
    assert comment_formats(desk_for, cast, one) == [PLAIN]
    assert formats(desk_for, cast, one) == {"description": PLAIN}


def test_an_unknown_format_is_refused() -> None:
    assert read_format(None) is read_format("") is None
    assert read_format("plain") is PLAIN
    with pytest.raises(Invalid) as refusal:
        read_format("html")
    assert refusal.value.problems == [("format", "must be one of plain, markdown")]


BEFORE = "0008"
"""The version of the tables before texts had formats."""


@pytest.fixture(params=DATABASES)
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the present version with the cast in it."""
    url = f"sqlite:///{tmp_path}/tables.db"
    if request.param == "postgresql":
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    engine = database.make_engine(url)
    migrate(engine, "head")
    with database.writing(engine) as connection:
        move_in(connection)
    yield engine
    engine.dispose()


def migrate(engine: Engine, revision: str, *, down: bool = False) -> None:
    with database.writing(engine) as connection:
        config = Config(str(ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def test_the_migration_decides_by_the_channel_and_goes_back(tables: Engine) -> None:
    with database.writing(tables) as connection:
        cast = gathered(connection)
    filed: dict[str, int] = {}
    for channel in CHANNELS:
        with open_desk(writes=True, actor=cast.owner, bind=tables) as desk:
            draft = TicketDraft("A lamp", "*Dark*", channel=channel, text_format=PLAIN)
            filed[channel] = open_ticket(desk, draft).id or 0
            commenting.comment(desk, hold(desk, filed[channel]), "Still *dark*")
        with open_desk(writes=True, actor=cast.agent, bind=tables) as desk:
            commenting.comment(desk, hold(desk, filed[channel]), "Is it **on**?")
    migrate(tables, BEFORE, down=True)
    assert "text_formats" not in {one["name"] for one in inspect(tables).get_columns("ticket")}
    migrate(tables, "head")
    for channel, ticket_id in filed.items():
        with open_desk(writes=False, actor=cast.agent, bind=tables) as desk:
            description = format_of(ticket_list.read(desk, ticket_id), "description")
            comments = [line.body_format for line in timeline.comments(desk, ticket_id)]
        assert (description, comments) == (CHANNELS[channel], [CHANNELS[channel], MARKDOWN])
