"""Add search terms, names and files to the full-text index

Every ticket is indexed again, as text without spaces, vowel signs and hyphens was not found well. A
million tickets take some minutes: they are processed a thousand at a time to limit memory, in one
transaction, so that an interrupted migration changes nothing and can be started again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from alembic import op
from ticket_app.core.search.search_terms import fold

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
LONGEST_TEXT = 200_000
OLD_PARTS = ("head", "body", "public", "internal")
NEW_PARTS = (*OLD_PARTS, "requester", "company", "files", "internal_files")
TRIGGERS = ("ticket_text_ai", "ticket_text_ad", "ticket_text_au")

# A tsvector holds one megabyte. Pairs of characters (three bytes each) fill it sooner than words.
NEW_VECTOR = (
    "setweight(to_tsvector('simple', left(head, 20000)), 'A') || "
    "setweight(to_tsvector('simple', left(requester, 5000)), 'B') || "
    "setweight(to_tsvector('simple', left(company, 5000)), 'B') || "
    "setweight(to_tsvector('simple', left(files, 20000)), 'B') || "
    "setweight(to_tsvector('simple', left(body, {body})), 'B') || "
    "setweight(to_tsvector('simple', left(public, {public})), 'C') || "
    "setweight(to_tsvector('simple', left(internal, {internal})), 'D') || "
    "setweight(to_tsvector('simple', left(internal_files, 20000)), 'D')"
).format(
    **{
        part: f"CASE WHEN octet_length({part}) > 2 * length({part}) THEN 50000 ELSE 100000 END"
        for part in ("body", "public", "internal")
    }
)
OLD_VECTOR = (
    "setweight(to_tsvector('simple', head), 'A') || "
    "setweight(to_tsvector('simple', left(body, 100000)), 'B') || "
    "setweight(to_tsvector('simple', left(public, 100000)), 'C') || "
    "setweight(to_tsvector('simple', left(internal, 100000)), 'D')"
)


def _drop_index() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(f"DROP TRIGGER {trigger}")
        op.execute("DROP TABLE ticket_fts")
        return
    # With its index.
    op.execute("ALTER TABLE ticket_text DROP COLUMN everything")


def _make_index(parts: tuple[str, ...], vector: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"ALTER TABLE ticket_text ADD COLUMN everything tsvector "
            f"GENERATED ALWAYS AS ({vector}) STORED"
        )
        op.execute("CREATE INDEX ix_ticket_text_everything ON ticket_text USING gin (everything)")
        return
    names = ", ".join(parts)
    old, new = (", ".join(f"{row}.{part}" for part in parts) for row in ("old", "new"))
    take = (
        f"INSERT INTO ticket_fts(ticket_fts, rowid, {names}) "  # noqa: S608 - column names
        f"VALUES ('delete', old.ticket_id, {old});"
    )
    put = f"INSERT INTO ticket_fts(rowid, {names}) VALUES (new.ticket_id, {new});"  # noqa: S608 - column names
    op.execute(
        f"CREATE VIRTUAL TABLE ticket_fts USING fts5({names}, content='ticket_text', "
        "content_rowid='ticket_id', tokenize='unicode61')"
    )
    for trigger, when, what in zip(
        TRIGGERS, ("INSERT", "DELETE", "UPDATE"), (put, take, f"{take} {put}"), strict=True
    ):
        op.execute(f"CREATE TRIGGER {trigger} AFTER {when} ON ticket_text BEGIN {what} END")
    op.execute("INSERT INTO ticket_fts(ticket_fts) VALUES ('rebuild')")


def upgrade() -> None:
    _drop_index()
    for name in NEW_PARTS[len(OLD_PARTS) :]:
        op.add_column("ticket_text", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for rows in _batches():
        op.get_bind().execute(WRITE, rows)
    _make_index(NEW_PARTS, NEW_VECTOR)


def downgrade() -> None:
    _drop_index()
    for name in NEW_PARTS[len(OLD_PARTS) :]:
        op.drop_column("ticket_text", name)
    _make_index(OLD_PARTS, OLD_VECTOR)


TICKETS = sa.text(
    "SELECT t.id, t.key_prefix, t.key_number, t.opened_on, t.day_number, t.title, t.tags, "
    "t.description, t.steps_to_reproduce, t.expected_behavior, t.actual_behavior, t.plugin_name, "
    "t.section, p.full_name, p.username, p.email, c.name AS company "
    "FROM ticket t JOIN person p ON p.id = t.requester_id "
    "LEFT JOIN company c ON c.id = t.company_id "
    "WHERE t.id > :after ORDER BY t.id LIMIT :most"
).columns(opened_on=sa.Date(), tags=sa.JSON())
COMMENTS = sa.text(
    "SELECT ticket_id, body, audience FROM timeline WHERE ticket_id BETWEEN :first AND :last "
    "AND kind = 'comment' AND deleted_at IS NULL ORDER BY id"
)
FILES = sa.text(
    "SELECT ticket_id, original_name AS body, audience FROM attachment "
    "WHERE ticket_id BETWEEN :first AND :last AND deleted_at IS NULL ORDER BY id"
)
WRITE = sa.text(
    "UPDATE ticket_text SET head = :head, body = :body, public = :public, internal = :internal, "
    "requester = :requester, company = :company, files = :files, internal_files = :internal_files "
    "WHERE ticket_id = :id"
)
TOLD = (
    "description",
    "steps_to_reproduce",
    "expected_behavior",
    "actual_behavior",
    "plugin_name",
    "section",
)


def _batches() -> Iterator[list[dict[str, Any]]]:
    after = 0
    while tickets := _read(TICKETS, after=after, most=AT_ONCE):
        first, after = tickets[0].id, tickets[-1].id
        said = _by_ticket(_read(COMMENTS, first=first, last=after))
        files = _by_ticket(_read(FILES, first=first, last=after))
        yield [_indexed(ticket, said, files) for ticket in tickets]


def _read(statement: Any, **values: Any) -> Any:
    return op.get_bind().execute(statement, values).all()


Texts = dict[tuple[int, bool], list[str]]


def _by_ticket(rows: Any) -> Texts:
    found: Texts = {}
    for row in rows:
        found.setdefault((row.ticket_id, row.audience == "internal"), []).append(row.body)
    return found


def _terms(texts: Any) -> str:
    return fold(" ".join(text for text in texts if text)[:LONGEST_TEXT])[:LONGEST_TEXT]


def _indexed(ticket: Any, said: Texts, files: Texts) -> dict[str, Any]:
    day = f"{ticket.opened_on:%Y%m%d}"
    numbers = (
        str(ticket.id),
        f"{ticket.key_prefix}-{ticket.key_number}",
        f"T-{day}-{ticket.day_number:04d}",
        f"TKT-{day}-{ticket.day_number:03d}",
        f"TKT-{ticket.id:06d}",
    )
    return {
        "id": ticket.id,
        "head": _terms((*numbers, ticket.title, *(ticket.tags or ()))),
        "body": _terms(getattr(ticket, name) for name in TOLD),
        "public": _terms(said.get((ticket.id, False), ())),
        "internal": _terms(said.get((ticket.id, True), ())),
        "requester": _terms((ticket.full_name, ticket.username, ticket.email)),
        "company": _terms((ticket.company,)),
        "files": _terms(files.get((ticket.id, False), ())),
        "internal_files": _terms(files.get((ticket.id, True), ())),
    }
