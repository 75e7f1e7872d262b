"""Routing rules, which administrators set up: which new tickets go to which team and person.

The first active rule, by rank, whose conditions a new ticket meets decides; a rule without
conditions matches every ticket. `routing` applies them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, select

from ticket_app.core.people.staff import is_active_staff
from ticket_app.core.platform import audit_log, named_rows, validators
from ticket_app.core.platform.errors import Invalid, NotFound, does_not_exist, too_many
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AssignmentMethod, Category, Kind
from ticket_app.core.tickets.settings_rows import RoutingRuleRow
from ticket_app.tables import company_table, person_table, routing_rule_table, team_table

DEFAULT_RANK = 100
MAX_RANK = 1_000_000
MAX_SECTIONS = 50


def ensure_can_configure(uow: UnitOfWork) -> None:
    """Raise `Forbidden` unless the actor may set up routing, templates, sections and tags."""
    uow.actor.require("set_up", "change ticket settings")


def ensure_can_view(uow: UnitOfWork) -> None:
    """Raise `Forbidden` unless the actor works on tickets or sets them up."""
    if not uow.actor.can("work_tickets"):
        ensure_can_configure(uow)


def validate_rank(field: str, rank: int | None) -> int:
    """Return a rank in range; the default for None. Raises `Invalid`."""
    if rank is None:
        return DEFAULT_RANK
    if not 0 <= rank <= MAX_RANK:
        raise Invalid(field, f"must be from 0 to {MAX_RANK:,}")
    return rank


def _validate_sections(field: str, values: Sequence[str]) -> list[str]:
    lines = (validators.optional_line(field, value, 120) for value in values)
    sections = list(dict.fromkeys(line for line in lines if line))
    if len(sections) > MAX_SECTIONS:
        raise Invalid(field, too_many(MAX_SECTIONS, "sections"))
    return sections


RULE_VALIDATORS: named_rows.FieldValidators = {
    "name": named_rows.validate_name,
    "rank": validate_rank,
    "kinds": lambda _field, words: [word for word in Kind if word in set(words)],
    "categories": lambda _field, words: [word for word in Category if word in set(words)],
    "sections": _validate_sections,
    "company_id": named_rows.accept_any,
    "team_id": named_rows.accept_any,
    "assignee_id": named_rows.accept_any,
    "method": lambda _field, word: AssignmentMethod(word),
    "is_active": named_rows.accept_any,
}
"""The writable fields of a rule with their validators."""

_SELECT_RULES = select(
    routing_rule_table,
    company_table.c.name.label("company_name"),
    team_table.c.name.label("team_name"),
    person_table.c.full_name.label("assignee_name"),
).select_from(
    routing_rule_table.outerjoin(
        company_table, company_table.c.id == routing_rule_table.c.company_id
    )
    .outerjoin(team_table, team_table.c.id == routing_rule_table.c.team_id)
    .outerjoin(person_table, person_table.c.id == routing_rule_table.c.assignee_id)
)


def list_rules(uow: UnitOfWork) -> Sequence[RoutingRuleRow]:
    """Return all rules in the order in which they are tried. Raises `Forbidden`."""
    ensure_can_view(uow)
    statement = _SELECT_RULES.order_by(routing_rule_table.c.rank, routing_rule_table.c.id)
    return uow.all_rows(statement, of=RoutingRuleRow)


def get_rule(uow: UnitOfWork, rule_id: int) -> RoutingRuleRow:
    """Return a rule with the names it refers to. Raises `Forbidden`, `NotFound`."""
    ensure_can_view(uow)
    statement = _SELECT_RULES.where(routing_rule_table.c.id == rule_id)
    row = uow.first_row(statement, of=RoutingRuleRow)
    if row is None:
        raise NotFound("Routing rule")
    return row


def create_rule(uow: UnitOfWork, name: str, **fields: object) -> RoutingRuleRow:
    """Create a rule and return it; `fields` are those of `RULE_VALIDATORS`.

    Raises `Forbidden`, `Invalid`, `Conflict` (name taken), `RuleViolation` (too many).
    """
    ensure_can_configure(uow)
    named_rows.ensure_below_limit(uow, routing_rule_table, "routing rules")
    defaults: dict[str, object] = {
        "rank": DEFAULT_RANK,
        "kinds": (),
        "categories": (),
        "sections": (),
        "company_id": None,
        "team_id": None,
        "assignee_id": None,
        "method": AssignmentMethod.TEAM_ONLY,
        "is_active": True,
    }
    values = named_rows.validate(RULE_VALIDATORS, {**defaults, "name": name, **fields})
    _ensure_method_and_references(uow, values)
    values = {**values, "assigned_count": 0}
    return get_rule(uow, named_rows.save(uow, routing_rule_table, "routing rule", values))


def update_rule(uow: UnitOfWork, rule_id: int, changes: Mapping[str, object]) -> RoutingRuleRow:
    """Change fields of a rule; tickets that exist stay where they are.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`.
    """
    ensure_can_configure(uow)
    old = get_rule(uow, rule_id)
    values = named_rows.validate(RULE_VALIDATORS, changes)
    current = {name: getattr(old, name) for name in RULE_VALIDATORS}
    _ensure_method_and_references(uow, {**current, **values})
    named_rows.save(uow, routing_rule_table, "routing rule", values, rule_id)
    return get_rule(uow, rule_id)


def delete_rule(uow: UnitOfWork, rule_id: int) -> None:
    """Delete a rule; tickets that it routed stay where they are. Raises `Forbidden`, `NotFound`."""
    ensure_can_configure(uow)
    get_rule(uow, rule_id)
    audit_log.delete_row(uow, routing_rule_table, rule_id)


def _ensure_method_and_references(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    method = AssignmentMethod(values["method"])
    if method is AssignmentMethod.PERSON:
        if values["assignee_id"] is None:
            raise Invalid("assignee_id", "is required to assign tickets to one person")
    elif values["assignee_id"] is not None:
        raise Invalid("assignee_id", "must be empty unless tickets go to one person")
    elif values["team_id"] is None:
        raise Invalid("team_id", "is required unless tickets go to one person")
    references: tuple[tuple[str, Table], ...] = (
        ("company_id", company_table),
        ("team_id", team_table),
    )
    for field, table in references:
        statement = select(table.c.id).where(table.c.id == values[field])
        if values[field] is not None and uow.connection.execute(statement).first() is None:
            raise Invalid(field, does_not_exist(values[field]))
    assignee_id = cast("int | None", values["assignee_id"])
    if assignee_id is not None and not is_active_staff(uow, assignee_id):
        raise Invalid("assignee_id", "must be an active person who works on tickets")
