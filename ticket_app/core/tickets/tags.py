"""Tags of tickets; names are unique regardless of case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import like_prefix_pattern
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.tables import tag_table, ticket_table, ticket_tag_table

MAX_RECENT_TICKETS = 2_000
"""How many of the newest tickets suggestions are drawn from."""

_INSERT_TAGS = {
    "sqlite": sqlite.insert(tag_table).on_conflict_do_nothing(
        index_elements=[tag_table.c.name_folded]
    ),
    "postgresql": postgresql.insert(tag_table).on_conflict_do_nothing(
        index_elements=[tag_table.c.name_folded]
    ),
}
_INSERT_TICKET_TAGS = insert(ticket_tag_table)


def merge_tag_changes(
    current: Sequence[str], seen: Sequence[str], wanted: Sequence[str]
) -> list[str]:
    """Return the current tags with what a person added to, and removed from, those they saw."""
    seen_folded, wanted_folded = (
        {tag.strip().casefold() for tag in tags} for tags in (seen, wanted)
    )
    kept = [tag for tag in current if tag.casefold() not in seen_folded - wanted_folded]
    kept_folded = {tag.casefold() for tag in kept}
    added = [tag for tag in wanted if tag.strip().casefold() not in seen_folded | kept_folded]
    return [*kept, *added]


def add_tags(uow: UnitOfWork, ticket_id: int, names: Sequence[str]) -> None:
    """Add tags to a ticket that it does not have yet, creating unknown ones."""
    if not names:
        return
    tag_ids = create_missing_tags(uow, names)
    uow.connection.execute(
        _INSERT_TICKET_TAGS,
        [{"ticket_id": ticket_id, "tag_id": tag_id} for tag_id in tag_ids.values()],
    )


def create_missing_tags(uow: UnitOfWork, names: Sequence[str]) -> dict[str, int]:
    """Create the tags that do not exist; return the ids of all of them by their folded names.

    A transaction that tags several tickets calls this first, with the tags of all of them: two
    transactions that create the same tags in different orders would deadlock.
    """
    tag_ids = find_tag_ids(uow, names)
    missing = [name for name in names if name.casefold() not in tag_ids]
    if missing:
        create_tags(uow, missing)
        tag_ids = find_tag_ids(uow, names)
    return tag_ids


def create_tags(uow: UnitOfWork, names: Sequence[str]) -> None:
    """Create tags; those that exist stay as they are."""
    # In the order of their names, so that two requests cannot deadlock.
    rows = sorted({name.casefold(): name for name in reversed(names)}.items())
    uow.connection.execute(
        _INSERT_TAGS[uow.connection.dialect.name],
        [{"name": name, "name_folded": folded} for folded, name in rows],
    )


def set_tags(uow: UnitOfWork, ticket_id: int, names: Sequence[str]) -> None:
    """Replace the tags of a ticket."""
    uow.connection.execute(
        delete(ticket_tag_table).where(ticket_tag_table.c.ticket_id == ticket_id)
    )
    add_tags(uow, ticket_id, names)


_SELECT_TAG_IDS = select(tag_table.c.name_folded, tag_table.c.id).where(
    tag_table.c.name_folded.in_(bindparam("names", expanding=True))
)


def find_tag_ids(uow: UnitOfWork, names: Sequence[str]) -> dict[str, int]:
    """Return the ids of the tags that exist, by their folded names."""
    folded = [name.casefold() for name in names]
    return {
        row.name_folded: row.id
        for row in uow.connection.execute(_SELECT_TAG_IDS, {"names": folded})
    }


DEFAULT_TAGS: dict[Kind, tuple[str, ...]] = {
    Kind.BUG: ("regression", "crash", "data-loss", "performance", "ui"),
    Kind.FEATURE_REQUEST: ("ui", "api", "integration", "reporting", "automation"),
    Kind.IMPROVEMENT: ("usability", "performance", "documentation", "accessibility"),
    Kind.SUPPORT: ("how-to", "account", "billing", "configuration"),
    Kind.INCIDENT: ("outage", "degraded", "network", "security"),
    Kind.REQUEST: ("access", "hardware", "software", "onboarding"),
    Kind.PROBLEM: ("root-cause", "recurring", "monitoring"),
    Kind.CHANGE: ("maintenance", "upgrade", "rollback"),
    Kind.OTHER: ("question", "feedback"),
}
"""Suggested tags of each kind, until recent tickets have tags."""


def suggest_tags(uow: UnitOfWork, kind: Kind, section: str, limit: int = 8) -> list[str]:
    """Return up to `limit` tags for a kind and a section: of recent tickets, then defaults."""
    recent = (
        select(ticket_table.c.id)
        .where(ticket_table.c.deleted_at.is_(None), ticket_table.c.kind == kind)
        .order_by(ticket_table.c.updated_at.desc(), ticket_table.c.id.desc())
        .limit(MAX_RECENT_TICKETS)
        .subquery()
    )
    weight = func.sum(case((ticket_table.c.section == section, 5), else_=1))
    ranked = (
        select(tag_table.c.name)
        .select_from(recent)
        .join(ticket_tag_table, ticket_tag_table.c.ticket_id == recent.c.id)
        .join(tag_table, tag_table.c.id == ticket_tag_table.c.tag_id)
        .join(ticket_table, ticket_table.c.id == recent.c.id)
        .group_by(tag_table.c.name)
        .having(func.count(ticket_table.c.requester_id.distinct()) > 1)
        .order_by(weight.desc(), tag_table.c.name)
        .limit(limit)
    )
    recent_tags = list(uow.connection.execute(ranked).scalars())
    defaults = [
        tag for tag in (section.replace("_", "-"), *DEFAULT_TAGS[kind]) if tag and tag != "other"
    ]
    return list(dict.fromkeys([*recent_tags, *defaults]))[:limit]


_SELECT_TAGS_BY_PREFIX = (
    select(tag_table.c.name)
    .where(tag_table.c.name_folded.like(bindparam("prefix"), escape="\\"))
    .order_by(tag_table.c.name_folded)
    .limit(bindparam("limit"))
)


def find_tags(uow: UnitOfWork, prefix: str, limit: int = 20) -> list[str]:
    """Return at most `limit` tags that begin with a prefix, by name. Raises `Forbidden`."""
    uow.actor.require("work_tickets", "look through all tags")
    values = {"prefix": like_prefix_pattern(prefix), "limit": limit}
    return list(uow.connection.execute(_SELECT_TAGS_BY_PREFIX, values).scalars())
