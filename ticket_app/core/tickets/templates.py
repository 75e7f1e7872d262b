"""Templates for common issues: administrators define them, people who create tickets pick one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from ticket_app.core.platform import audit_log, named_rows, validators
from ticket_app.core.platform.errors import Invalid, NotFound, invalid_choice
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import fields as ticket_fields
from ticket_app.core.tickets.routing_rules import (
    DEFAULT_RANK,
    ensure_can_configure,
    validate_rank,
)
from ticket_app.core.tickets.settings_rows import TemplateRow
from ticket_app.tables import ticket_template_table

TEMPLATE_FIELDS = (
    ticket_fields.TITLE,
    ticket_fields.DESCRIPTION,
    ticket_fields.KIND,
    ticket_fields.CATEGORY,
    ticket_fields.PRIORITY,
    ticket_fields.SEVERITY,
    ticket_fields.SECTION,
    ticket_fields.STEPS_TO_REPRODUCE,
    ticket_fields.EXPECTED_BEHAVIOR,
    ticket_fields.ACTUAL_BEHAVIOR,
    ticket_fields.TAGS,
)
"""The fields that a template may fill in."""
_FIELDS_BY_NAME = {field.name: field for field in TEMPLATE_FIELDS}


def _validate_values(_field: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values that are not empty, each valid for its field of a ticket."""
    problems: list[tuple[str, str]] = []
    valid: dict[str, object] = {}
    for name, value in values.items():
        field = _FIELDS_BY_NAME.get(name)
        if field is None or field.validate is None:
            problems.append((name, "cannot be filled in by a template"))
        elif value not in (None, "", [], ()):
            try:
                valid[name] = field.validate(name, value)
            except Invalid as error:
                problems += error.problems
            except ValueError:
                problems.append((name, invalid_choice(map(str, field.choices or ()), value)))
    if problems:
        raise Invalid.from_problems(problems)
    return valid


TEMPLATE_VALIDATORS: named_rows.FieldValidators = {
    "name": named_rows.validate_name,
    "summary": lambda field, value: validators.optional_line(field, value, 300),
    "rank": validate_rank,
    "is_staff_only": named_rows.accept_any,
    "is_active": named_rows.accept_any,
    "ticket_values": _validate_values,
}
"""The writable fields of a template with their validators."""
_SELECT_TEMPLATES = select(ticket_template_table).order_by(
    ticket_template_table.c.rank, ticket_template_table.c.id
)


def list_offered(uow: UnitOfWork) -> Sequence[TemplateRow]:
    """Return the active templates that the actor may pick, in their order. Raises `Forbidden`."""
    uow.actor.require("create_tickets", "create tickets")
    statement = _SELECT_TEMPLATES.where(ticket_template_table.c.is_active)
    if not uow.actor.can("work_tickets"):
        statement = statement.where(ticket_template_table.c.is_staff_only.is_(False))
    return uow.all_rows(statement, of=TemplateRow)


def list_templates(uow: UnitOfWork) -> Sequence[TemplateRow]:
    """Return all templates in their order, inactive ones too. Raises `Forbidden`."""
    ensure_can_configure(uow)
    return uow.all_rows(_SELECT_TEMPLATES, of=TemplateRow)


def list_visible(uow: UnitOfWork) -> Sequence[TemplateRow]:
    """Return the templates that the actor may pick or configure. Raises `Forbidden`."""
    return list_templates(uow) if uow.actor.can("set_up") else list_offered(uow)


def get_template(uow: UnitOfWork, template_id: int) -> TemplateRow:
    """Return a template that the actor may pick or configure. Raises `Forbidden`, `NotFound`."""
    for row in list_visible(uow):
        if row.id == template_id:
            return row
    raise NotFound("Template")


def create_template(uow: UnitOfWork, name: str, **fields: object) -> TemplateRow:
    """Create a template and return it; `fields` are those of `TEMPLATE_VALIDATORS`.

    Raises `Forbidden`, `Invalid`, `Conflict` (name taken), `RuleViolation` (too many).
    """
    ensure_can_configure(uow)
    named_rows.ensure_below_limit(uow, ticket_template_table, "templates")
    defaults: dict[str, object] = {
        "summary": None,
        "rank": DEFAULT_RANK,
        "is_staff_only": False,
        "is_active": True,
        "ticket_values": {},
    }
    values = named_rows.validate(TEMPLATE_VALIDATORS, {**defaults, "name": name, **fields})
    return get_template(uow, named_rows.save(uow, ticket_template_table, "template", values))


def update_template(
    uow: UnitOfWork, template_id: int, changes: Mapping[str, object]
) -> TemplateRow:
    """Change fields of a template; tickets made with it stay as they are.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    ensure_can_configure(uow)
    get_template(uow, template_id)
    values = named_rows.validate(TEMPLATE_VALIDATORS, changes)
    named_rows.save(uow, ticket_template_table, "template", values, template_id)
    return get_template(uow, template_id)


def delete_template(uow: UnitOfWork, template_id: int) -> None:
    """Delete a template; tickets made with it stay as they are. Raises `Forbidden`, `NotFound`."""
    ensure_can_configure(uow)
    get_template(uow, template_id)
    audit_log.delete_row(uow, ticket_template_table, template_id)
