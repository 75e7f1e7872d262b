"""Tags: words that tickets are gathered under, each known once whatever its case."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, case, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform.text import beginning_with
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Kind
from ticket_app.tables import tag_table, ticket_table, ticket_tag_table

RECENT = 2_000
"""How many of the newest tickets suggestions are drawn from."""

_MAKE_KNOWN = {
    "sqlite": sqlite.insert(tag_table).on_conflict_do_nothing(
        index_elements=[tag_table.c.name_folded]
    ),
    "postgresql": postgresql.insert(tag_table).on_conflict_do_nothing(
        index_elements=[tag_table.c.name_folded]
    ),
}
_TIE = insert(ticket_tag_table)


def tie(desk: Desk, ticket_id: int, names: Sequence[str]) -> None:
    """Gather a ticket under tags it does not carry yet; unknown tags become known."""
    if not names:
        return
    known = ids_of(desk, names)
    unknown = sorted((fold, name) for name in names if (fold := name.casefold()) not in known)
    if unknown:
        desk.db.execute(
            _MAKE_KNOWN[desk.db.dialect.name],
            [{"name": name, "name_folded": fold} for fold, name in unknown],
        )
        known = ids_of(desk, names)
    desk.db.execute(_TIE, [{"ticket_id": ticket_id, "tag_id": one} for one in known.values()])


def retie(desk: Desk, ticket_id: int, names: Sequence[str]) -> None:
    """Gather a ticket under these tags and no others."""
    desk.db.execute(delete(ticket_tag_table).where(ticket_tag_table.c.ticket_id == ticket_id))
    tie(desk, ticket_id, names)


_KNOWN_AS = select(tag_table.c.name_folded, tag_table.c.id).where(
    tag_table.c.name_folded.in_(bindparam("names", expanding=True))
)


def ids_of(desk: Desk, names: Sequence[str]) -> dict[str, int]:
    """The ids of those tags that are known, by their folded names."""
    folded = [name.casefold() for name in names]
    return {row.name_folded: row.id for row in desk.db.execute(_KNOWN_AS, {"names": folded})}


USUAL: dict[Kind, tuple[str, ...]] = {
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
"""Tags that go with a kind on a desk that has no history yet."""


def suggest(desk: Desk, kind: Kind, section: str, most: int = 8) -> list[str]:
    """Tags that go with a kind and a section: what recent such tickets carry, then the usual."""
    recent = (
        select(ticket_table.c.id)
        .where(ticket_table.c.deleted_at.is_(None), ticket_table.c.kind == kind)
        .order_by(ticket_table.c.updated_at.desc(), ticket_table.c.id.desc())
        .limit(RECENT)
        .subquery()
    )
    weight = func.sum(case((ticket_table.c.section == section, 5), else_=1))
    counted = (
        select(tag_table.c.name)
        .select_from(recent)
        .join(ticket_tag_table, ticket_tag_table.c.ticket_id == recent.c.id)
        .join(tag_table, tag_table.c.id == ticket_tag_table.c.tag_id)
        .join(ticket_table, ticket_table.c.id == recent.c.id)
        .group_by(tag_table.c.name)
        .having(func.count(ticket_table.c.requester_id.distinct()) > 1)
        .order_by(weight.desc(), tag_table.c.name)
        .limit(most)
    )
    found = list(desk.db.execute(counted).scalars())
    usual = [tag for tag in (section.replace("_", "-"), *USUAL[kind]) if tag and tag != "other"]
    return list(dict.fromkeys([*found, *usual]))[:most]


_FIND = (
    select(tag_table.c.name)
    .where(tag_table.c.name_folded.like(bindparam("beginning"), escape="\\"))
    .order_by(tag_table.c.name_folded)
    .limit(bindparam("most"))
)


def find(desk: Desk, beginning: str, most: int = 20) -> list[str]:
    """Known tags by their first letters. For staff only: raises `Forbidden`."""
    desk.actor.must("work_tickets", "look through all tags")
    values = {"beginning": beginning_with(beginning), "most": most}
    return list(desk.db.execute(_FIND, values).scalars())
