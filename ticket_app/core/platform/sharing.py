"""Who may use and who may change what staff share: only me, my team, or everyone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from ticket_app.core.platform import audit_log
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import (
    REQUIRED,
    Conflict,
    Forbidden,
    Invalid,
    RuleViolation,
    does_not_exist,
    invalid_choice,
)
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.tables import team_table

MAX_IN_SCOPE = 200
"""How many rows of one table a person, a team, or everyone together may have."""
CHANGED_MEANWHILE: Final = "Another person changed this; load it again"


class Scope(StrEnum):
    """Who may use something."""

    ME = "me"
    TEAM = "team"
    EVERYONE = "everyone"


class SharedRow(Protocol):
    """A row with who may use it."""

    scope: str
    owner_id: int
    team_id: int | None


def require_staff(uow: UnitOfWork, things: str) -> None:
    """Raise `Forbidden` unless the actor works on tickets."""
    uow.actor.require("work_tickets", f"use {things}")


def usable_by(actor: Actor, table: Table) -> ColumnElement[bool]:
    """Return the condition for the rows that an actor may use."""
    conditions = [
        table.c.scope == Scope.EVERYONE,
        and_(table.c.scope == Scope.ME, table.c.owner_id == actor.id),
    ]
    if actor.team_id is not None:
        conditions.append(and_(table.c.scope == Scope.TEAM, table.c.team_id == actor.team_id))
    return or_(*conditions)


def visible_to(actor: Actor, table: Table) -> ColumnElement[bool]:
    """Return the condition for the rows that an actor may read: admins see those of all teams."""
    if not actor.can("set_up"):
        return usable_by(actor, table)
    return or_(
        table.c.scope.in_([Scope.EVERYONE, Scope.TEAM]),
        and_(table.c.scope == Scope.ME, table.c.owner_id == actor.id),
    )


def can_change(actor: Actor, row: SharedRow) -> bool:
    """Return whether an actor may change or delete a row that they may read."""
    if row.scope == Scope.ME:
        return row.owner_id == actor.id
    return actor.can("set_up") or (row.scope == Scope.TEAM and row.team_id == actor.team_id)


def ensure_can_change(uow: UnitOfWork, row: SharedRow, noun: str) -> None:
    """Raise `Forbidden` unless the actor may change a row."""
    if not can_change(uow.actor, row):
        raise Forbidden(f"Only administrators can change a {noun} that everyone uses")


def offered_scopes(actor: Actor) -> list[Scope]:
    """Return the scopes that an actor may choose."""
    scopes = [Scope.ME]
    if actor.team_id is not None or actor.can("set_up"):
        scopes.append(Scope.TEAM)
    return [*scopes, Scope.EVERYONE] if actor.can("set_up") else scopes


def sharing_columns(
    uow: UnitOfWork, scope: str, team_id: int | None, owner_id: int | None = None
) -> dict[str, object]:
    """Return the columns for a scope; without a team, that of the actor is meant.

    `owner_id` is the owner that a row has already. Raises `Invalid`, `Forbidden`.
    """
    actor = uow.actor
    if scope not in list(Scope):
        raise Invalid("scope", invalid_choice(list(Scope), scope))
    if scope != Scope.TEAM:
        if scope == Scope.EVERYONE:
            actor.require("set_up", "share this with everyone")
        owner = actor.id if scope == Scope.ME or owner_id is None else owner_id
        return {"scope": scope, "team_id": None, "owner_id": owner}
    team_id = team_id if team_id is not None else actor.team_id
    if team_id is None:
        raise Invalid("team_id", REQUIRED)
    if team_id != actor.team_id:
        actor.require("set_up", "share this with another team")
        exists = select(team_table.c.id).where(team_table.c.id == bindparam("team"))
        if uow.connection.execute(exists, {"team": team_id}).first() is None:
            raise Invalid("team_id", does_not_exist(team_id))
    return {"scope": scope, "team_id": team_id, "owner_id": owner_id or actor.id}


def changed_columns(
    uow: UnitOfWork, table: Table, row: SharedRow, changes: Mapping[str, object], plural_noun: str
) -> dict[str, object]:
    """Return the columns for a change of `scope` and `team_id`, which may name neither.

    Raises `Invalid`, `Forbidden`, and `RuleViolation` if the row moves to a scope that is full.
    """
    scope = str(changes.get("scope", row.scope))
    team_id = changes.get("team_id", row.team_id)
    if scope == row.scope and team_id == row.team_id:
        return {"scope": row.scope, "team_id": row.team_id, "owner_id": row.owner_id}
    columns = sharing_columns(uow, scope, cast("int | None", team_id), row.owner_id)
    if (columns["scope"], columns["team_id"]) != (row.scope, row.team_id):
        ensure_below_limit(uow, table, columns, plural_noun)
    return columns


def without_sharing(changes: Mapping[str, object]) -> dict[str, object]:
    """Return the changes of a row but for `scope` and `team_id`, which `changed_columns` reads."""
    return {name: value for name, value in changes.items() if name not in ("scope", "team_id")}


def in_same_scope(table: Table, columns: Mapping[str, object]) -> ColumnElement[bool]:
    """Return the condition for the rows of a scope: of one person, one team, or everyone."""
    condition = table.c.scope == columns["scope"]
    if columns["scope"] == Scope.ME:
        return and_(condition, table.c.owner_id == columns["owner_id"])
    if columns["scope"] == Scope.TEAM:
        return and_(condition, table.c.team_id == columns["team_id"])
    return condition


def ensure_below_limit(
    uow: UnitOfWork, table: Table, columns: Mapping[str, object], plural_noun: str
) -> None:
    """Raise `RuleViolation` if a scope has the maximum number of rows that are not deleted."""
    count = select(func.count()).select_from(table).where(in_same_scope(table, columns))
    if "deleted_at" in table.c:
        count = count.where(table.c.deleted_at.is_(None))
    if uow.connection.execute(count).scalar_one() >= MAX_IN_SCOPE:
        raise RuleViolation(f"There can be at most {MAX_IN_SCOPE} {plural_noun} in one scope")


def ensure_shortcut_free(
    uow: UnitOfWork,
    table: Table,
    name_column: str,
    values: Mapping[str, object],
    *,
    except_id: int = 0,
) -> None:
    """Raise `Conflict` if another row of the same scope has the shortcut of these values."""
    if values["shortcut"] is None:
        return
    statement = select(table.c[name_column]).where(
        table.c.shortcut == values["shortcut"],
        in_same_scope(table, values),
        table.c.id != except_id,
    )
    taken = uow.connection.execute(statement).scalars().first()
    if taken is not None:
        raise Conflict(f"“{taken}” has this shortcut already")


def save(
    uow: UnitOfWork,
    table: Table,
    values: Mapping[str, object],
    row_id: int | None = None,
    *,
    seen_at: datetime | None = None,
) -> int:
    """Insert or update a row and return its id; the audit log records what others use too.

    `seen_at` is the `updated_at` that the actor saw: a change since then raises `Conflict`.
    """
    if row_id is None:
        result = uow.connection.execute(
            table.insert().values(**values, created_at=uow.now, updated_at=uow.now)
        )
        primary_key = result.inserted_primary_key
        assert primary_key is not None
        new_id = int(primary_key[0])
        if values["scope"] != Scope.ME:
            audit_log.record_created(uow, table, new_id)
        return new_id
    statement = table.update().where(table.c.id == row_id).values(**values, updated_at=uow.now)
    if seen_at is not None:
        statement = statement.where(table.c.updated_at == seen_at)
    if values["scope"] == Scope.ME:
        changed = uow.connection.execute(statement).rowcount
    else:
        with audit_log.record_changes(uow, table, row_id):
            changed = uow.connection.execute(statement).rowcount
    if seen_at is not None and not changed:
        raise Conflict(CHANGED_MEANWHILE)
    return row_id


def delete_row(uow: UnitOfWork, table: Table, use_table: Table, row_id: int, scope: str) -> None:
    """Delete a row with its uses; the audit log records what others used too."""
    uow.connection.execute(delete(use_table).where(_row_column(use_table) == row_id))
    if scope == Scope.ME:
        uow.connection.execute(delete(table).where(table.c.id == row_id))
    else:
        audit_log.delete_row(uow, table, row_id)


def _row_column(use_table: Table) -> ColumnElement[int]:
    column: ColumnElement[int] = next(
        one for one in use_table.primary_key.columns if one.name != "person_id"
    )
    return column


def record_use(uow: UnitOfWork, use_table: Table, row_id: int, times: int = 1) -> None:
    """Count that the actor has used a row now."""
    name = _row_column(use_table).key
    dialect_insert = sqlite.insert if uow.is_sqlite else postgresql.insert
    statement = dialect_insert(use_table).values(
        {name: row_id, "person_id": uow.actor.id, "use_count": times, "last_used_at": uow.now}
    )
    uow.connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(use_table.primary_key.columns),
            set_={
                "use_count": use_table.c.use_count + statement.excluded.use_count,
                "last_used_at": statement.excluded.last_used_at,
            },
        )
    )


def usage_columns(actor: Actor, table: Table, use_table: Table) -> list[ColumnElement[object]]:
    """Return columns for how often, when last, and when last by the actor a row was used."""
    of_row = _row_column(use_table) == table.c.id

    def total(
        value: ColumnElement[object], name: str, *more: ColumnElement[bool]
    ) -> ColumnElement[object]:
        found = select(value).where(of_row, *more).correlate(table).scalar_subquery()
        return found.label(name)

    return [
        total(func.coalesce(func.sum(use_table.c.use_count), 0), "use_count"),
        total(
            func.max(use_table.c.last_used_at, type_=use_table.c.last_used_at.type), "last_used_at"
        ),
        total(
            func.max(use_table.c.last_used_at, type_=use_table.c.last_used_at.type),
            "own_used_at",
            use_table.c.person_id == actor.id,
        ),
    ]
