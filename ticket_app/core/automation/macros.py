"""Macros: sets of actions that staff apply to tickets with one press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Select, select

from ticket_app.core.automation import macro_actions
from ticket_app.core.platform import sharing, validators
from ticket_app.core.platform.errors import Invalid, NotFound
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets.routing_rules import DEFAULT_RANK, validate_rank
from ticket_app.tables import macro_table, macro_use_table, person_table, team_table

MAX_NAME_LENGTH = 120
MAX_LISTED = 1_000
NOUN = "macro"
_ORDER = (macro_table.c.rank, macro_table.c.name, macro_table.c.id)


class UsableMacroRow:
    """What a menu shows of a macro."""

    id: int
    name: str
    actions: list[dict[str, object]]
    shortcut: str | None


class MacroRow(UsableMacroRow):
    """A macro with the names of its owner and team, and how often it was applied."""

    rank: int
    scope: str
    owner_id: int
    team_id: int | None
    owner_name: str
    team_name: str | None
    use_count: int
    last_used_at: datetime | None
    own_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


def _select_unfiltered_macros(uow: UnitOfWork) -> Select[tuple[object, ...]]:
    return (
        select(
            macro_table,
            person_table.c.full_name.label("owner_name"),
            team_table.c.name.label("team_name"),
            *sharing.usage_columns(uow.actor, macro_table, macro_use_table),
        )
        .select_from(
            macro_table.join(person_table, person_table.c.id == macro_table.c.owner_id).outerjoin(
                team_table, team_table.c.id == macro_table.c.team_id
            )
        )
        .order_by(*_ORDER)
        .limit(MAX_LISTED)
    )


def list_usable(uow: UnitOfWork) -> Sequence[UsableMacroRow]:
    """Return the macros that the actor may apply, in their order. Raises `Forbidden`."""
    sharing.require_staff(uow, "macros")
    statement = (
        select(*(macro_table.c[name] for name in UsableMacroRow.__annotations__))
        .where(sharing.usable_by(uow.actor, macro_table))
        .order_by(*_ORDER)
        .limit(MAX_LISTED)
    )
    return uow.all_rows(statement, of=UsableMacroRow)


def list_macros(uow: UnitOfWork, *, scopes: Sequence[str] = tuple(Scope)) -> Sequence[MacroRow]:
    """Return the macros of these scopes that the actor may read. Raises `Forbidden`."""
    sharing.require_staff(uow, "macros")
    statement = _select_unfiltered_macros(uow).where(
        sharing.visible_to(uow.actor, macro_table), macro_table.c.scope.in_(scopes)
    )
    return uow.all_rows(statement, of=MacroRow)


def get_macro(uow: UnitOfWork, macro_id: int) -> MacroRow:
    """Return a macro that the actor may read. Raises `Forbidden`, `NotFound`."""
    sharing.require_staff(uow, "macros")
    return _get(uow, macro_id, is_for_use=False)


def get_usable(uow: UnitOfWork, macro_id: int) -> MacroRow:
    """Return a macro that the actor may apply. Raises `Forbidden`, `NotFound`."""
    sharing.require_staff(uow, "macros")
    return _get(uow, macro_id, is_for_use=True)


def _get(uow: UnitOfWork, macro_id: int, *, is_for_use: bool) -> MacroRow:
    allowed = sharing.usable_by if is_for_use else sharing.visible_to
    statement = _select_unfiltered_macros(uow).where(
        allowed(uow.actor, macro_table), macro_table.c.id == macro_id
    )
    row = uow.first_row(statement, of=MacroRow)
    if row is None:
        raise NotFound("Macro")
    return row


def _validate_shortcut(value: str | None) -> str | None:
    key = validators.optional_line("shortcut", value, 1)
    if key is None:
        return None
    if not (key.isascii() and key.isalnum()):
        raise Invalid("shortcut", "must be one letter from a to z or a digit")
    return key.casefold()


def _validate(uow: UnitOfWork, changes: Mapping[str, object]) -> dict[str, object]:
    def validate_field(name: str, value: object) -> object:
        match name:
            case "name":
                line = cast("str | None", value)
                return validators.required_line(name, line, MAX_NAME_LENGTH)
            case "actions":
                return macro_actions.validate_actions(uow, value)
            case "shortcut":
                return _validate_shortcut(cast("str | None", value))
            case "rank":
                return validate_rank(name, cast("int | None", value))
            case _:
                raise Invalid(name, "cannot be changed")

    return validators.validate_each(changes, validate_field)


def create_macro(
    uow: UnitOfWork,
    name: str,
    actions: Sequence[Mapping[str, object]],
    *,
    shortcut: str | None = None,
    rank: int | None = DEFAULT_RANK,
    scope: str = Scope.ME,
    team_id: int | None = None,
) -> MacroRow:
    """Create a macro and return it; `actions` are `{"type": ..., "value": ...}`.

    Raises `Forbidden` (scope), `Invalid`, `Conflict` (shortcut taken), `RuleViolation` (too many).
    """
    sharing.require_staff(uow, "macros")
    values = _validate(
        uow, {"name": name, "actions": list(actions), "shortcut": shortcut, "rank": rank}
    )
    values |= sharing.sharing_columns(uow, scope, team_id)
    sharing.ensure_below_limit(uow, macro_table, values, "macros")
    sharing.ensure_shortcut_free(uow, macro_table, "name", values)
    return get_macro(uow, sharing.save(uow, macro_table, values))


def update_macro(uow: UnitOfWork, macro_id: int, changes: Mapping[str, object]) -> MacroRow:
    """Change fields of a macro: name, actions, shortcut, rank, scope, team_id.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` (shortcut taken), `RuleViolation` (too
    many).
    """
    row = get_macro(uow, macro_id)
    sharing.ensure_can_change(uow, row, NOUN)
    columns = sharing.changed_columns(uow, macro_table, row, changes, "macros")
    values: dict[str, object] = {
        "shortcut": row.shortcut,
        **_validate(uow, sharing.without_sharing(changes)),
        **columns,
    }
    sharing.ensure_shortcut_free(uow, macro_table, "name", values, except_id=macro_id)
    sharing.save(uow, macro_table, values, macro_id)
    return get_macro(uow, macro_id)


def delete_macro(uow: UnitOfWork, macro_id: int) -> None:
    """Delete a macro; what it has done stays. Raises `Forbidden`, `NotFound`."""
    row = get_macro(uow, macro_id)
    sharing.ensure_can_change(uow, row, NOUN)
    sharing.delete_row(uow, macro_table, macro_use_table, macro_id, row.scope)
