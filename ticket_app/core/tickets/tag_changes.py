"""Tags as administrators manage them: list, rename, merge and delete.

A renamed or merged tag is replaced on its tickets by statements, in batches, with the search text
in step: the newest tickets at once, the older ones through the outbox. The tickets get a new
version, so that clients read them again, but no history entry and no new `updated_at`: nobody
worked on them. Tags are in no counter.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlmodel import select as select_rows

from ticket_app.core.platform import audit_log, outbox, usage, validators
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.ticket_numbers import MAX_ID
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.validators import like_prefix_pattern
from ticket_app.core.platform.vocabulary import AuditAction, AuditKind
from ticket_app.core.search import search_index
from ticket_app.core.tickets import tags
from ticket_app.core.tickets.routing_rules import ensure_can_configure
from ticket_app.core.tickets.settings_rows import TagRow
from ticket_app.tables import (
    Ticket,
    tag_table,
    ticket_table,
    ticket_tag_table,
    ticket_template_table,
    ticket_text_table,
)

REPLACED_TOPIC = "tags.replaced"
BATCH_SIZE = 500
"""How many tickets get the new tag in the request, and in each later step."""

_TICKETS_OF_TAG = (
    select(func.count())
    .select_from(ticket_tag_table)
    .where(ticket_tag_table.c.tag_id == tag_table.c.id)
    .correlate(tag_table)
    .scalar_subquery()
    .label("tickets")
)
_SELECT_TAGS = select(tag_table.c.id, tag_table.c.name, _TICKETS_OF_TAG)
_UPDATE_TAGS = (
    update(ticket_table)
    .where(ticket_table.c.id == bindparam("ticket_id"))
    .values(tags=bindparam("new_tags"), version=ticket_table.c.version + 1)
)
_UPDATE_HEAD = (
    update(ticket_text_table)
    .where(ticket_text_table.c.ticket_id == bindparam("of"))
    .values(head=bindparam("new_head"))
)


def list_tags(uow: UnitOfWork, prefix: str, page_request: PageRequest) -> tuple[Page[TagRow], int]:
    """Return one page of tags, by name, with their numbers of tickets, and the total.

    `prefix` is the beginning of the names. Raises `Forbidden`.
    """
    ensure_can_configure(uow)
    condition = tag_table.c.name_folded.like(like_prefix_pattern(prefix), escape="\\")
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    rows = uow.all_rows(
        _SELECT_TAGS.where(condition)
        .order_by(tag_table.c.name_folded)
        .limit(limit)
        .offset(max(0, page_request.offset)),
        of=TagRow,
    )
    total = uow.connection.execute(
        select(func.count()).select_from(tag_table).where(condition)
    ).scalar_one()
    return Page(rows, page_request.offset + len(rows) < total), total


def get_tag(uow: UnitOfWork, tag_id: int) -> TagRow:
    """Return a tag with its number of tickets. Raises `Forbidden`, `NotFound`."""
    ensure_can_configure(uow)
    row = uow.first_row(_SELECT_TAGS.where(tag_table.c.id == tag_id), of=TagRow)
    if row is None:
        raise NotFound("Tag")
    return row


def create_tag(uow: UnitOfWork, name: str) -> TagRow:
    """Create a tag that no ticket has yet, for suggestions.

    Raises `Forbidden`, `Invalid`, `Conflict` (the tag exists).
    """
    ensure_can_configure(uow)
    clean_name = _validate_name(name)
    if tags.find_tag_ids(uow, [clean_name]):
        raise Conflict(f"The tag “{clean_name}” already exists")
    return get_tag(uow, _get_or_create(uow, clean_name))


def rename_tag(uow: UnitOfWork, tag_id: int, name: str) -> TagRow:
    """Rename a tag on all tickets, in the background; return the tag with the new name and id.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` if another tag has the name or the tag is
    still being replaced.
    """
    old = get_tag(uow, tag_id)
    new_name = _validate_name(name)
    if new_name == old.name:
        return old
    _ensure_not_being_replaced(uow, old)
    if new_name.casefold() == old.name.casefold():
        with audit_log.record_changes(uow, tag_table, tag_id):
            uow.connection.execute(
                update(tag_table).where(tag_table.c.id == tag_id).values(name=new_name)
            )
        replace_on_next_batch(uow, old_id=tag_id, new_id=tag_id)
        return get_tag(uow, tag_id)
    if tags.find_tag_ids(uow, [new_name]):
        raise Conflict(f"The tag “{new_name}” already exists; merge “{old.name}” into it instead")
    return _replace(uow, old, _get_or_create(uow, new_name), AuditAction.CHANGED)


def merge_tags(uow: UnitOfWork, tag_id: int, into: str) -> TagRow:
    """Replace a tag by another one (by name) on all tickets; return the other tag.

    Raises `Forbidden`, `NotFound`, `Invalid` if the other tag does not exist or is the same one,
    `Conflict` if either is still being replaced.
    """
    old = get_tag(uow, tag_id)
    other_id = next(iter(tags.find_tag_ids(uow, [into.strip()]).values()), None)
    if other_id is None:
        raise Invalid("into", "must be the name of a tag", into)
    if other_id == tag_id:
        raise Invalid("into", "must be another tag", into)
    for tag in (old, get_tag(uow, other_id)):
        _ensure_not_being_replaced(uow, tag)
    return _replace(uow, old, other_id, AuditAction.MERGED)


def delete_tag(uow: UnitOfWork, tag_id: int) -> None:
    """Delete a tag. Raises `Forbidden`, `NotFound`, `Conflict` that says where it is used."""
    tag = get_tag(uow, tag_id)
    _ensure_not_being_replaced(uow, tag)
    folded = tag.name.casefold()
    templates = uow.connection.execute(select(ticket_template_table.c.ticket_values)).scalars()
    in_templates = sum(
        any(name.casefold() == folded for name in values.get("tags", ())) for values in templates
    )
    counts = (
        (usage.count_uses(uow, ticket_tag_table.c.tag_id, tag_id), "ticket", "tickets"),
        (in_templates, "template", "templates"),
    )
    described = usage.join_phrases([usage.format_count(*count) for count in counts if count[0]])
    if described:
        raise usage.build_in_use_error("tag", described)
    audit_log.delete_row(uow, tag_table, tag_id)


def _ensure_not_being_replaced(uow: UnitOfWork, tag: TagRow) -> None:
    """Raise `Conflict` while tickets still wait for the last change of a tag.

    Without this, a second change could delete the tag that the first still has to set.
    """
    for payload in outbox.list_waiting_payloads(uow, REPLACED_TOPIC):
        if tag.id in (payload["old_id"], payload["new_id"]):
            raise Conflict(
                f"“{tag.name}” is still being changed on its tickets; try again in a minute"
            )


def _validate_name(name: str) -> str:
    (clean_name,) = validators.validate_tags("name", [name]) or [""]
    return validators.required_line("name", clean_name)


def _get_or_create(uow: UnitOfWork, name: str) -> int:
    tags.create_tags(uow, [name])
    (tag_id,) = tags.find_tag_ids(uow, [name]).values()
    return tag_id


def _replace(uow: UnitOfWork, old: TagRow, new_id: int, action: AuditAction) -> TagRow:
    audit_log.record(
        uow,
        AuditKind.SETTING,
        action,
        subject_type="tag",
        subject_id=old.id,
        subject_name=old.name,
        field="name",
        old=old.name,
        new=get_tag(uow, new_id).name,
    )
    _replace_in_templates(uow, old.name, get_tag(uow, new_id).name)
    replace_on_next_batch(uow, old_id=old.id, new_id=new_id)
    return get_tag(uow, new_id)


def _replace_in_templates(uow: UnitOfWork, old_name: str, new_name: str) -> None:
    statement = select(ticket_template_table.c.id, ticket_template_table.c.ticket_values)
    for row in uow.connection.execute(statement).all():
        old_tags: Sequence[str] = row.ticket_values.get("tags", ())
        new_tags = _with_replaced(old_tags, old_name.casefold(), new_name)
        if new_tags != list(old_tags):
            uow.connection.execute(
                update(ticket_template_table)
                .where(ticket_template_table.c.id == row.id)
                .values(ticket_values={**row.ticket_values, "tags": new_tags})
            )


def _with_replaced(names: Sequence[str], old_folded: str, new_name: str) -> list[str]:
    """Return the tags with the new name in the place of the old one, each once."""
    replaced = (new_name if name.casefold() == old_folded else name for name in names)
    return list({name.casefold(): name for name in replaced}.values())


def replace_on_next_batch(
    uow: UnitOfWork, *, old_id: int, new_id: int, before: int = MAX_ID
) -> None:
    """Replace a tag on the newest `BATCH_SIZE` tickets with ids below `before`; queue the rest.

    After the last batch, the old tag is deleted. The same id twice writes the tag's name as it is
    now.
    """
    names = {
        row.id: row.name
        for row in uow.connection.execute(
            select(tag_table.c.id, tag_table.c.name).where(tag_table.c.id.in_([old_id, new_id]))
        )
    }
    if names.keys() != {old_id, new_id}:
        return
    uow.flush()
    tickets = uow.session.exec(
        select_rows(Ticket)
        .join(ticket_tag_table, ticket_tag_table.c.ticket_id == ticket_table.c.id)
        .where(ticket_tag_table.c.tag_id == old_id, ticket_table.c.id < before)
        .order_by(ticket_table.c.id.desc())
        .limit(BATCH_SIZE)
        .with_for_update(of=ticket_table)
        .execution_options(populate_existing=True)
    ).all()
    if tickets:
        _replace_batch(uow, tickets, old_id, new_id, names)
    if len(tickets) == BATCH_SIZE:
        next_id = tickets[-1].id if old_id == new_id else MAX_ID
        outbox.enqueue(uow, REPLACED_TOPIC, old_id=old_id, new_id=new_id, before=next_id)
    elif old_id != new_id:
        uow.connection.execute(delete(tag_table).where(tag_table.c.id == old_id))


def _replace_batch(
    uow: UnitOfWork, tickets: Sequence[Ticket], old_id: int, new_id: int, names: dict[int, str]
) -> None:
    ids = [ticket.id for ticket in tickets]
    new_tags = {
        ticket.id: _with_replaced(ticket.tags, names[old_id].casefold(), names[new_id])
        for ticket in tickets
    }
    uow.connection.execute(
        _UPDATE_TAGS, [{"ticket_id": id_, "new_tags": value} for id_, value in new_tags.items()]
    )
    uow.session.exec(
        select_rows(Ticket)
        .where(ticket_table.c.id.in_(ids))
        .execution_options(populate_existing=True)
    ).all()
    uow.connection.execute(
        _UPDATE_HEAD,
        [
            {"of": ticket.id, "new_head": search_index.build_numbers_title_and_tags_text(ticket)}
            for ticket in tickets
        ],
    )
    if old_id == new_id:
        return
    of_batch = ticket_tag_table.c.ticket_id.in_(ids)
    have_new = set(
        uow.connection.execute(
            select(ticket_tag_table.c.ticket_id).where(
                of_batch, ticket_tag_table.c.tag_id == new_id
            )
        ).scalars()
    )
    uow.connection.execute(
        delete(ticket_tag_table).where(of_batch, ticket_tag_table.c.tag_id == old_id)
    )
    added = [{"ticket_id": id_, "tag_id": new_id} for id_ in ids if id_ not in have_new]
    if added:
        uow.connection.execute(insert(ticket_tag_table), added)
