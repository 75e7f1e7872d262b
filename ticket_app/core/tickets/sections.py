"""The sections that the form for a new ticket offers; a ticket keeps a section as a text.

Until an administrator changes them, they are those of `TICKET_SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ticket_app.core.platform import audit_log, named_rows, usage, validators
from ticket_app.core.platform.errors import NotFound
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.routing_rules import (
    ensure_can_configure,
    ensure_can_view,
    validate_rank,
)
from ticket_app.core.tickets.settings_rows import SectionRow
from ticket_app.settings import settings
from ticket_app.tables import (
    routing_rule_table,
    section_table,
    ticket_table,
    ticket_template_table,
)

SECTION_VALIDATORS: named_rows.FieldValidators = {
    "name": named_rows.validate_name,
    "rank": validate_rank,
    "is_active": named_rows.accept_any,
}
"""The fields of a section that can change. Its value cannot, because tickets have it."""
RANK_STEP = 10


def format_section(value: str) -> str:
    """Return what a section is called that has no name of its own: `user_interface` in words."""
    words = value.replace("_", " ").strip()
    return "API" if words == "api" else words[:1].upper() + words[1:]


def list_offered(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return the values and names of the sections that the form offers, in their order."""
    statement = select(section_table).order_by(section_table.c.rank, section_table.c.id)
    rows = uow.all_rows(statement, of=SectionRow)
    if not rows:
        return [(value, format_section(value)) for value in settings().sections]
    return [(row.value, row.name) for row in rows if row.is_active]


def store_configured_sections_once(uow: UnitOfWork) -> None:
    """Store the sections of `TICKET_SECTIONS` if no section is stored yet. Raises `Forbidden`."""
    ensure_can_configure(uow)
    if uow.connection.execute(select(section_table.c.id).limit(1)).first():
        return
    for section in _configured_sections():
        values = named_rows.validate(
            SECTION_VALIDATORS,
            {"name": section.name, "rank": section.rank, "is_active": section.is_active},
        )
        named_rows.save(uow, section_table, "section", {**values, "value": section.value})


@dataclass(frozen=True, slots=True)
class Section:
    """A section that the form offers or has offered; one of `TICKET_SECTIONS` has no id yet."""

    id: int | None
    value: str
    name: str
    rank: int
    is_active: bool = True
    created_at: datetime | None = None
    updated_at: datetime | None = None


def _configured_sections() -> list[Section]:
    return [
        Section(None, value[:120], format_section(value), number * RANK_STEP)
        for number, value in enumerate(settings().sections, start=1)
    ]


def list_stored_or_configured(uow: UnitOfWork) -> list[Section]:
    """Return the stored sections, inactive ones too, or else those of `TICKET_SECTIONS`.

    Raises `Forbidden`.
    """
    rows = list_stored_sections(uow)
    return list(map(_from_row, rows)) if rows else _configured_sections()


def get_stored_or_configured_section(uow: UnitOfWork, reference: str) -> Section:
    """Return one of the current sections by its id or its value. Raises `Forbidden`, `NotFound`."""
    current = list_stored_or_configured(uow)
    found = {section.value: section for section in current}
    found |= {str(section.id): section for section in current if section.id is not None}
    if reference not in found:
        raise NotFound("Section")
    return found[reference]


def find_stored_id(uow: UnitOfWork, reference: str) -> int:
    """Return the id of a section that will change; those of `TICKET_SECTIONS` are stored first.

    `reference` is its id or its value. Raises `Forbidden`, `NotFound`.
    """
    get_stored_or_configured_section(uow, reference)
    store_configured_sections_once(uow)
    section_id = get_stored_or_configured_section(uow, reference).id
    assert section_id is not None
    return section_id


def _from_row(row: SectionRow) -> Section:
    return Section(
        row.id, row.value, row.name, row.rank, row.is_active, row.created_at, row.updated_at
    )


def list_stored_sections(uow: UnitOfWork) -> Sequence[SectionRow]:
    """Return all stored sections in their order, inactive ones too. Raises `Forbidden`."""
    ensure_can_view(uow)
    statement = select(section_table).order_by(section_table.c.rank, section_table.c.id)
    return uow.all_rows(statement, of=SectionRow)


def get_section(uow: UnitOfWork, section_id: int) -> SectionRow:
    """Return a section. Raises `Forbidden`, `NotFound`."""
    ensure_can_view(uow)
    statement = select(section_table).where(section_table.c.id == section_id)
    row = uow.first_row(statement, of=SectionRow)
    if row is None:
        raise NotFound("Section")
    return row


def create_section(
    uow: UnitOfWork, name: str, *, value: str | None = None, **fields: object
) -> SectionRow:
    """Create a section; tickets get its `value`, by default its name.

    Without a rank, it comes last. Raises `Forbidden`, `Invalid`, `Conflict` (name or value taken),
    `RuleViolation` (too many).
    """
    ensure_can_configure(uow)
    store_configured_sections_once(uow)
    named_rows.ensure_below_limit(uow, section_table, "sections")
    if fields.get("rank") is None:
        last = uow.connection.execute(select(func.max(section_table.c.rank))).scalar_one_or_none()
        fields["rank"] = (last or 0) + RANK_STEP
    values = named_rows.validate(SECTION_VALIDATORS, {"is_active": True, "name": name, **fields})
    values["value"] = validators.required_line("value", value or name, 120)
    return get_section(uow, named_rows.save(uow, section_table, "section", values))


def update_section(uow: UnitOfWork, section_id: int, changes: Mapping[str, object]) -> SectionRow:
    """Change the name, order or activity of a section; tickets keep its value.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    ensure_can_configure(uow)
    get_section(uow, section_id)
    values = named_rows.validate(SECTION_VALIDATORS, changes)
    named_rows.save(uow, section_table, "section", values, section_id)
    return get_section(uow, section_id)


def delete_section(uow: UnitOfWork, section_id: int) -> None:
    """Delete a section. Raises `Forbidden`, `NotFound`, `Conflict` that says where it is used."""
    ensure_can_configure(uow)
    section = get_section(uow, section_id)
    described = _describe_uses(uow, section.value)
    if described:
        raise usage.build_in_use_error("section", described)
    audit_log.delete_row(uow, section_table, section_id)


def _describe_uses(uow: UnitOfWork, value: str) -> str:
    rules = uow.connection.execute(select(routing_rule_table.c.sections)).scalars()
    templates = uow.connection.execute(select(ticket_template_table.c.ticket_values)).scalars()
    counts = (
        (usage.count_uses(uow, ticket_table.c.section, value), "ticket", "tickets"),
        (sum(value in sections for sections in rules), "routing rule", "routing rules"),
        (sum(row.get("section") == value for row in templates), "template", "templates"),
    )
    return usage.join_phrases([usage.format_count(*count) for count in counts if count[0]])
