"""Keep the search text of each ticket: its numbers, texts, names and file names, by audience.

Each ticket has one row in `ticket_text`, folded to plain terms so that both databases find the same
(`core.search.search_terms`). SQLite reads it through FTS5, PostgreSQL through a generated tsvector
column.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Executable, bindparam, func, insert, literal_column, select, update

from ticket_app.core.platform import outbox, ticket_numbers
from ticket_app.core.platform.sql_types import AnyColumn
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Audience
from ticket_app.core.search.search_terms import fold
from ticket_app.tables import (
    Ticket,
    attachment_table,
    company_table,
    person_table,
    ticket_table,
    ticket_text_table,
)

MAX_INDEXED_LENGTH = 200_000
RENAMED_TOPIC = "search.renamed"
RENAME_BATCH_SIZE = 500
"""How many tickets are indexed again in the transaction of a new name, and in each later step."""

_INSERT_TEXT = insert(ticket_text_table)


HEAD_FIELDS = ("title", "tags")
"""The fields of the head; all other searched fields are in the body."""


def build_numbers_title_and_tags_text(ticket: Ticket) -> str:
    """Return the search text with the most weight: every printed number, the title and the tags."""
    numbers = (
        str(ticket.id),
        ticket_numbers.format_key(ticket),
        ticket_numbers.format_bmasia_number(ticket),
        ticket_numbers.format_enterprise_number(ticket),
        ticket_numbers.format_ticketing_number(ticket),
    )
    return fold(" ".join((*numbers, ticket.title, *ticket.tags)))


def build_body(ticket: Ticket, searched_fields: Iterable[str]) -> str:
    """Return the search text of all searched fields that are not in the head."""
    texts = (getattr(ticket, name) for name in searched_fields if name not in HEAD_FIELDS)
    return fold(" ".join(text for text in texts if text)[:MAX_INDEXED_LENGTH])[:MAX_INDEXED_LENGTH]


_SELECT_NAMES = (
    select(
        person_table.c.full_name,
        person_table.c.username,
        person_table.c.email,
        company_table.c.name.label("company"),
    )
    .select_from(
        person_table.outerjoin(company_table, company_table.c.id == bindparam("company_id"))
    )
    .where(person_table.c.id == bindparam("requester_id"))
)


def load_indexed_names(
    uow: UnitOfWork, requester_id: int, company_id: int | None
) -> dict[str, str]:
    """Return the names to index, by parameter: `new_requester` (with email) and `new_company`."""
    values = {"requester_id": requester_id, "company_id": company_id or 0}
    row = uow.connection.execute(_SELECT_NAMES, values).one()
    return {
        "new_requester": fold(f"{row.full_name} {row.username} {row.email}"),
        "new_company": fold(row.company or ""),
    }


def add(uow: UnitOfWork, ticket: Ticket, searched_fields: Iterable[str]) -> None:
    """Insert the search text of a new ticket: its numbers, names and searched fields."""
    names = load_indexed_names(uow, ticket.requester_id, ticket.company_id)
    uow.connection.execute(
        _INSERT_TEXT,
        {
            "ticket_id": ticket.id,
            "head": build_numbers_title_and_tags_text(ticket),
            "body": build_body(ticket, searched_fields),
            "public": "",
            "internal": "",
            "requester": names["new_requester"],
            "company": names["new_company"],
            "files": "",
            "internal_files": "",
        },
    )


_UPDATE_TEXT = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(
        head=bindparam("new_head"),
        body=bindparam("new_body"),
        requester=bindparam("new_requester"),
        company=bindparam("new_company"),
    )
)


def reindex(uow: UnitOfWork, ticket: Ticket, searched_fields: Iterable[str]) -> None:
    """Update the search text of a ticket's numbers, names and searched fields."""
    uow.connection.execute(
        _UPDATE_TEXT,
        {
            "of": ticket.id,
            "new_head": build_numbers_title_and_tags_text(ticket),
            "new_body": build_body(ticket, searched_fields),
            **load_indexed_names(uow, ticket.requester_id, ticket.company_id),
        },
    )


_SELECT_FILE_NAMES = (
    select(attachment_table.c.original_name, attachment_table.c.audience)
    .where(
        attachment_table.c.ticket_id == bindparam("ticket_id"),
        attachment_table.c.deleted_at.is_(None),
    )
    .order_by(attachment_table.c.id)
)
_UPDATE_FILE_NAMES = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(files=bindparam("new_files"), internal_files=bindparam("new_internal"))
)


def reindex_files(uow: UnitOfWork, ticket_id: int) -> None:
    """Update the search text of a ticket's file names."""
    rows = uow.connection.execute(_SELECT_FILE_NAMES, {"ticket_id": ticket_id}).all()
    internal = [row.original_name for row in rows if row.audience == Audience.INTERNAL]
    public = [row.original_name for row in rows if row.audience != Audience.INTERNAL]
    uow.connection.execute(
        _UPDATE_FILE_NAMES,
        {
            "of": ticket_id,
            "new_files": fold(" ".join(public))[:MAX_INDEXED_LENGTH],
            "new_internal": fold(" ".join(internal))[:MAX_INDEXED_LENGTH],
        },
    )


_UPDATE_NAMES = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(requester=bindparam("new_requester"), company=bindparam("new_company"))
)


def _select_tickets_of(column: AnyColumn) -> Executable:
    return (
        select(ticket_table.c.id, ticket_table.c.requester_id, ticket_table.c.company_id)
        .where(column == bindparam("named"), ticket_table.c.id < bindparam("before"))
        .order_by(ticket_table.c.id.desc())
        .limit(literal_column(str(RENAME_BATCH_SIZE)))
    )


_SELECT_TICKETS_OF = {
    "person": _select_tickets_of(ticket_table.c.requester_id),
    "company": _select_tickets_of(ticket_table.c.company_id),
}


def reindex_names(
    uow: UnitOfWork, owner_kind: str, owner_id: int, *, before: int = ticket_numbers.MAX_ID
) -> None:
    """Update the search text of the tickets of a renamed person or company.

    `owner_kind` is "person" or "company". The newest `RENAME_BATCH_SIZE` tickets with ids below
    `before` are updated now, the older ones in further steps by a job (`RENAMED_TOPIC`).
    """
    uow.flush()
    rows = uow.connection.execute(
        _SELECT_TICKETS_OF[owner_kind], {"named": owner_id, "before": before}
    ).all()
    names_by_owner: dict[tuple[int, int | None], dict[str, str]] = {}
    for row in rows:
        key = (row.requester_id, row.company_id)
        names_by_owner[key] = names_by_owner.get(key) or load_indexed_names(uow, *key)
    if rows:
        name_updates = [
            {"of": row.id, **names_by_owner[row.requester_id, row.company_id]} for row in rows
        ]
        uow.connection.execute(_UPDATE_NAMES, name_updates)
    if len(rows) == RENAME_BATCH_SIZE:
        outbox.enqueue(uow, RENAMED_TOPIC, what=owner_kind, named=owner_id, before=rows[-1].id)


def _build_append(column_name: str) -> Executable:
    appended = func.substr(
        ticket_text_table.c[column_name].concat(" ").concat(bindparam("comment_text")),
        1,
        literal_column(str(MAX_INDEXED_LENGTH)),
    )
    return (
        update(ticket_text_table)
        .where(ticket_text_table.c.ticket_id == bindparam("of"))
        .values({column_name: appended})
    )


_APPEND_COMMENT = {False: _build_append("public"), True: _build_append("internal")}


def append_comment(
    uow: UnitOfWork, ticket_id: int, comment_text: str, *, is_internal: bool
) -> None:
    """Add a new comment to the search text of its ticket."""
    uow.connection.execute(
        _APPEND_COMMENT[is_internal], {"of": ticket_id, "comment_text": fold(comment_text)}
    )


_UPDATE_COMMENTS = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(public=bindparam("new_public"), internal=bindparam("new_internal"))
)


def reindex_comments(
    uow: UnitOfWork, ticket_id: int, public: Iterable[str], internal: Iterable[str]
) -> None:
    """Replace the search text of a ticket's comments: `public` replies and `internal` notes."""
    uow.connection.execute(
        _UPDATE_COMMENTS,
        {
            "of": ticket_id,
            "new_public": fold(" ".join(public))[:MAX_INDEXED_LENGTH],
            "new_internal": fold(" ".join(internal))[:MAX_INDEXED_LENGTH],
        },
    )
