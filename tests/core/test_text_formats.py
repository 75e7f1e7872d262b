"""Each text keeps the format it was written in, whatever happens to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.config import Config
from sqlalchemy import Engine, inspect

from alembic import command
from tests.cast import Cast, UowFor, gathered, move_in
from tests.conftest import DATABASES, DatabaseUrl
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.platform import database
from ticket_app.core.platform.errors import Invalid
from ticket_app.core.platform.text_formats import FORMATTED_FIELDS, get_format, parse_format
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import TextFormat
from ticket_app.core.tickets import merging, ticket_lookup
from ticket_app.core.tickets.editing import edit
from ticket_app.core.tickets.locking import lock_ticket
from ticket_app.core.tickets.opening import TicketDraft, open_ticket
from ticket_app.core.timeline import timeline
from ticket_app.settings import PROJECT_ROOT

PLAIN, MARKDOWN = TextFormat.PLAIN, TextFormat.MARKDOWN
CHANNELS = {
    "web": MARKDOWN,
    "centcom": MARKDOWN,
    "kubebro": PLAIN,
    "bmasia": PLAIN,
    "enterprise": PLAIN,
    "ticketing": PLAIN,
}


def formats(uow_for: UowFor, cast: Cast, ticket_id: int) -> dict[str, str]:
    with uow_for(cast.agent, writes=False) as uow:
        row = ticket_lookup.read_ticket(uow, ticket_id)
        return {name: str(get_format(row, name)) for name in FORMATTED_FIELDS if getattr(row, name)}


def comment_formats(uow_for: UowFor, cast: Cast, ticket_id: int) -> list[str]:
    with uow_for(cast.agent, writes=False) as uow:
        return [line.body_format for line in timeline.list_comments(uow, ticket_id)]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("stated", [None, PLAIN, MARKDOWN])
def test_new_text_has_the_given_format_or_the_default_of_its_channel(
    uow_for: UowFor,
    cast: Cast,
    file_ticket: FileTicket,
    channel: str,
    stated: TextFormat | None,
) -> None:
    ticket_id = file_ticket(channel=channel, text_format=stated, steps_to_reproduce="1. Look")
    wanted = stated or CHANNELS[channel]
    assert formats(uow_for, cast, ticket_id) == {
        "description": wanted,
        "steps_to_reproduce": wanted,
    }
    with uow_for(cast.owner) as uow:
        commenting.add_comment(
            uow, lock_ticket(uow, ticket_id), "a\n  b", text_format=stated, channel=channel
        )
    assert comment_formats(uow_for, cast, ticket_id) == [wanted]


def test_an_edit_keeps_the_format_unless_it_states_one(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(channel="kubebro")
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"description": "_a_"}, channel="web")
    assert formats(uow_for, cast, ticket_id)["description"] == PLAIN
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"description": "_b_"}, text_format=MARKDOWN)
    assert formats(uow_for, cast, ticket_id)["description"] == MARKDOWN
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"description": "_c_"}, channel="bmasia")
        edit(uow, lock_ticket(uow, ticket_id), {"title": "Other"}, channel="bmasia")
    assert formats(uow_for, cast, ticket_id)["description"] == MARKDOWN


def test_a_text_that_was_empty_gets_the_usual_format_of_who_writes_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(channel="web")
    with uow_for(cast.agent) as uow:
        edit(uow, lock_ticket(uow, ticket_id), {"internal_notes": "a"}, channel="enterprise")
        edit(uow, lock_ticket(uow, ticket_id), {"admin_feedback": "b"}, channel="web")
    assert formats(uow_for, cast, ticket_id) == {
        "description": MARKDOWN,
        "internal_notes": PLAIN,
        "admin_feedback": MARKDOWN,
    }


def test_a_format_alone_is_that_of_the_description_and_is_recorded(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, ticket_id)
        edit(uow, ticket, {}, text_format=PLAIN)
        assert ticket.version == 2
        edit(uow, ticket, {}, text_format=PLAIN)
        assert ticket.version == 2
    assert formats(uow_for, cast, ticket_id) == {"description": PLAIN}
    with uow_for(cast.agent, writes=False) as uow:
        (line,) = timeline.list_creation_and_field_changes(uow, ticket_id, "text_format")
        assert (line.old_value, line.new_value, line.audience) == (MARKDOWN, PLAIN, "internal")


def test_a_comment_keeps_its_format_when_it_is_rewritten(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.owner) as uow:
        ticket = lock_ticket(uow, ticket_id)
        entry_id = commenting.add_comment(uow, ticket, "*a*  b", channel="ticketing")
        assert ticket.last_comment == "*a* b"
        commenting.edit_comment(uow, entry_id, "*b*  c")
        assert ticket.last_comment == "*b* c"
        commenting.edit_comment(uow, entry_id, None)
        assert timeline.get_entry(uow, ticket_id, entry_id).body_format == PLAIN
        commenting.edit_comment(uow, entry_id, None, text_format=MARKDOWN)
        assert ticket.last_comment == "b c"
    assert comment_formats(uow_for, cast, ticket_id) == [MARKDOWN]


def test_texts_keep_their_format_through_a_merge_and_back(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    one, other = file_ticket(channel="kubebro"), file_ticket()
    with uow_for(cast.owner) as uow:
        commenting.add_comment(uow, lock_ticket(uow, one), "5*4*3 is __sixty__", channel="kubebro")
    with uow_for(cast.agent) as uow:
        commenting.add_comment(uow, lock_ticket(uow, other), "**Yes**")
        merging.merge(uow, one, other)
    assert comment_formats(uow_for, cast, other) == [PLAIN, MARKDOWN]
    with uow_for(cast.agent) as uow:
        merging.unmerge(uow, one)
        assert lock_ticket(uow, one).last_comment == "5*4*3 is __sixty__"
    assert comment_formats(uow_for, cast, one) == [PLAIN]
    assert formats(uow_for, cast, one) == {"description": PLAIN}


def test_an_unknown_format_is_refused() -> None:
    assert parse_format(None) is parse_format("") is None
    assert parse_format("plain") is PLAIN
    with pytest.raises(Invalid) as error:
        parse_format("html")
    assert error.value.problems == [("format", "must be one of plain, markdown")]


BEFORE = "0008"
"""The version of the tables before texts had formats."""


@pytest.fixture(params=DATABASES)
def tables(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the present version with the cast in it."""
    url = f"sqlite:///{tmp_path}/tables.db"
    if request.param == "postgresql":
        make: DatabaseUrl = request.getfixturevalue("empty_postgresql")
        url = make()
    engine = database.create_database_engine(url)
    migrate(engine, "head")
    with database.write_connection(engine) as connection:
        move_in(connection)
    yield engine
    engine.dispose()


def migrate(engine: Engine, revision: str, *, down: bool = False) -> None:
    with database.write_connection(engine) as connection:
        config = Config(str(PROJECT_ROOT / "alembic.ini"))
        config.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(config, revision)


def test_the_migration_decides_by_the_channel_and_goes_back(tables: Engine) -> None:
    with database.write_connection(tables) as connection:
        cast = gathered(connection)
    created: dict[str, int] = {}
    for channel in CHANNELS:
        with open_unit_of_work(writes=True, actor=cast.owner, bind=tables) as uow:
            draft = TicketDraft("A lamp", "*Dark*", channel=channel, text_format=PLAIN)
            created[channel] = open_ticket(uow, draft).id or 0
            commenting.add_comment(uow, lock_ticket(uow, created[channel]), "Still *dark*")
        with open_unit_of_work(writes=True, actor=cast.agent, bind=tables) as uow:
            commenting.add_comment(uow, lock_ticket(uow, created[channel]), "Is it **on**?")
    migrate(tables, BEFORE, down=True)
    assert "text_formats" not in {one["name"] for one in inspect(tables).get_columns("ticket")}
    migrate(tables, "head")
    for channel, ticket_id in created.items():
        with open_unit_of_work(writes=False, actor=cast.agent, bind=tables) as uow:
            description = get_format(ticket_lookup.read_ticket(uow, ticket_id), "description")
            comments = [line.body_format for line in timeline.list_comments(uow, ticket_id)]
        assert (description, comments) == (CHANNELS[channel], [CHANNELS[channel], MARKDOWN])
