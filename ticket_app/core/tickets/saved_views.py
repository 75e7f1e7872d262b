"""Saved views: named lists of tickets that a person keeps for themselves, a team or everyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import Select, and_, delete, func, select, update

from ticket_app.core.platform import audit_log, sharing
from ticket_app.core.platform.errors import (
    Conflict,
    NotFound,
    RuleViolation,
)
from ticket_app.core.platform.sharing import Scope
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.tickets import saved_view_queries
from ticket_app.core.tickets.saved_view_fields import DEFAULT_FIELDS, validate_fields
from ticket_app.core.tickets.ticket_list import count_tickets
from ticket_app.tables import (
    person_table,
    saved_view_choice_table,
    saved_view_table,
    team_table,
)

NOUN: Final = "view"
MAX_PINNED: Final = 30
MAX_LISTED: Final = 1_000
MAX_PINNED_COUNT: Final = 99
"""The highest count in the sidebar; more tickets are "99+"."""
UNDO_PERIOD: Final = timedelta(days=1)
"""How long a deleted view can be restored."""


COUNT_KEPT_FOR: Final = timedelta(minutes=1)
"""How long the sidebar shows the count of a pinned view before it is counted again."""


class SavedViewRow:
    """A saved view, with the names of its owner and team and the actor's own choices."""

    id: int
    name: str
    icon: str
    scope: str
    owner_id: int
    team_id: int | None
    owner_name: str
    team_name: str | None
    conditions: dict[str, object]
    search: str
    sort: str
    descending: bool
    columns: list[str]
    group_by: str
    layout: str
    density: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    rank: int | None
    """Its place among the actor's pinned views; None if it is not pinned."""
    is_default: bool | None


class KeptCount(NamedTuple):
    """The number of tickets of a view, when it was counted, and when the view was changed."""

    ticket_count: int
    counted_at: datetime
    view_updated_at: datetime


NO_KEPT_COUNTS: Final[Mapping[int, KeptCount]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PinnedView:
    """A pinned view with the number of its tickets, up to one more than `MAX_PINNED_COUNT`."""

    view: SavedViewRow
    kept: KeptCount

    @property
    def count(self) -> int:
        """The number of its tickets."""
        return self.kept.ticket_count


def _select_views(uow: UnitOfWork, *, deleted: bool = False) -> Select[tuple[object, ...]]:
    is_deleted = saved_view_table.c.deleted_at
    return (
        select(
            saved_view_table,
            person_table.c.full_name.label("owner_name"),
            team_table.c.name.label("team_name"),
            saved_view_choice_table.c.rank,
            saved_view_choice_table.c.is_default,
        )
        .select_from(
            saved_view_table.join(person_table, person_table.c.id == saved_view_table.c.owner_id)
            .outerjoin(team_table, team_table.c.id == saved_view_table.c.team_id)
            .outerjoin(
                saved_view_choice_table,
                and_(
                    saved_view_choice_table.c.saved_view_id == saved_view_table.c.id,
                    saved_view_choice_table.c.person_id == uow.actor.id,
                ),
            )
        )
        .where(
            sharing.visible_to(uow.actor, saved_view_table),
            is_deleted.is_not(None) if deleted else is_deleted.is_(None),
        )
    )


def list_views(uow: UnitOfWork) -> Sequence[SavedViewRow]:
    """Return the views that the actor may use, by name. Raises `Forbidden`."""
    sharing.require_staff(uow, "views")
    statement = _select_views(uow).order_by(
        func.lower(saved_view_table.c.name), saved_view_table.c.id
    )
    return uow.all_rows(statement.limit(MAX_LISTED), of=SavedViewRow)


def get_view(uow: UnitOfWork, view_id: int) -> SavedViewRow:
    """Return a view that the actor may use. Raises `Forbidden`, `NotFound`."""
    return _get(uow, view_id)


def _get(uow: UnitOfWork, view_id: int, *, deleted: bool = False) -> SavedViewRow:
    sharing.require_staff(uow, "views")
    statement = _select_views(uow, deleted=deleted).where(saved_view_table.c.id == view_id)
    row = uow.first_row(statement, of=SavedViewRow)
    if row is None:
        raise NotFound("View")
    return row


def can_change(uow: UnitOfWork, row: SavedViewRow) -> bool:
    """Return whether the actor may change or delete a view that they may use."""
    return sharing.can_change(uow.actor, row)


def create_view(
    uow: UnitOfWork,
    name: str,
    *,
    scope: str = Scope.ME,
    team_id: int | None = None,
    **fields: object,
) -> SavedViewRow:
    """Create a view, pin it for the actor and return it.

    Raises `Forbidden`, `Invalid`, `RuleViolation` (too many).
    """
    sharing.require_staff(uow, "views")
    columns = sharing.sharing_columns(uow, scope, team_id)
    values = validate_fields({**DEFAULT_FIELDS, "name": name, **fields})
    _purge_deleted(uow, uow.actor.id)
    sharing.ensure_below_limit(uow, saved_view_table, columns, "views")
    view_id = sharing.save(uow, saved_view_table, {**values, **columns})
    if _count_pinned(uow) < MAX_PINNED:
        pin_view(uow, view_id)
    return get_view(uow, view_id)


def update_view(
    uow: UnitOfWork,
    view_id: int,
    changes: Mapping[str, object],
    *,
    seen_at: datetime | None = None,
) -> SavedViewRow:
    """Change fields of a view, `scope` and `team_id` too.

    `seen_at` is the `updated_at` that the actor saw: a change since then is a conflict.
    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict`, `RuleViolation`.
    """
    row = get_view(uow, view_id)
    sharing.ensure_can_change(uow, row, NOUN)
    if seen_at is not None and seen_at != row.updated_at:
        raise Conflict(sharing.CHANGED_MEANWHILE)
    columns = sharing.changed_columns(uow, saved_view_table, row, changes, "views")
    values = validate_fields(sharing.without_sharing(changes))
    sharing.save(uow, saved_view_table, {**values, **columns}, view_id, seen_at=seen_at)
    return get_view(uow, view_id)


def duplicate_view(uow: UnitOfWork, view_id: int, name: str) -> SavedViewRow:
    """Copy a view for the actor alone, with this name. Raises as `create_view`, `NotFound`."""
    row = get_view(uow, view_id)
    return create_view(
        uow,
        name,
        icon=row.icon,
        conditions=saved_view_queries.valid_conditions(row).to_json(),
        search=row.search,
        sort=row.sort,
        descending=row.descending,
        columns=row.columns,
        group_by=row.group_by,
        layout=row.layout,
        density=row.density,
    )


def delete_view(uow: UnitOfWork, view_id: int) -> None:
    """Delete a view; it can be restored for `UNDO_PERIOD`. Raises `Forbidden`, `NotFound`."""
    row = get_view(uow, view_id)
    sharing.ensure_can_change(uow, row, NOUN)
    _purge_deleted(uow, row.owner_id)
    _set_deleted_at(uow, view_id, uow.now)


def restore_view(uow: UnitOfWork, view_id: int) -> SavedViewRow:
    """Take back the deletion of a view, for `UNDO_PERIOD`.

    Raises `Forbidden`, `NotFound`, `RuleViolation` (too many).
    """
    row = _get(uow, view_id, deleted=True)
    sharing.ensure_can_change(uow, row, NOUN)
    if row.deleted_at is None or row.deleted_at < uow.now - UNDO_PERIOD:
        raise NotFound("View")
    columns = {"scope": row.scope, "team_id": row.team_id, "owner_id": row.owner_id}
    sharing.ensure_below_limit(uow, saved_view_table, columns, "views")
    _set_deleted_at(uow, view_id, None)
    return get_view(uow, view_id)


def _set_deleted_at(uow: UnitOfWork, view_id: int, moment: datetime | None) -> None:
    with audit_log.record_changes(uow, saved_view_table, view_id):
        uow.connection.execute(
            update(saved_view_table)
            .where(saved_view_table.c.id == view_id)
            .values(deleted_at=moment)
        )


def _purge_deleted(uow: UnitOfWork, owner_id: int) -> None:
    old = select(saved_view_table.c.id).where(
        saved_view_table.c.owner_id == owner_id,
        saved_view_table.c.deleted_at < uow.now - UNDO_PERIOD,
    )
    uow.connection.execute(
        delete(saved_view_choice_table).where(saved_view_choice_table.c.saved_view_id.in_(old))
    )
    uow.connection.execute(delete(saved_view_table).where(saved_view_table.c.id.in_(old)))


# --- the choices of a person ---


def list_pinned(uow: UnitOfWork) -> list[SavedViewRow]:
    """Return the actor's pinned views, in their order. Raises `Forbidden`."""
    sharing.require_staff(uow, "views")
    statement = (
        _select_views(uow)
        .where(saved_view_choice_table.c.rank.is_not(None))
        .order_by(saved_view_choice_table.c.rank, saved_view_table.c.id)
        .limit(MAX_PINNED)
    )
    return list(uow.all_rows(statement, of=SavedViewRow))


def count_pinned_views(
    uow: UnitOfWork, kept_counts: Mapping[int, KeptCount] = NO_KEPT_COUNTS
) -> list[PinnedView]:
    """Return the actor's pinned views with the numbers of their tickets.

    The actor's `kept_counts`, by the id of the view, are used for `COUNT_KEPT_FOR`. Raises
    `Forbidden`.
    """
    return [
        PinnedView(row, _count_view(uow, row, kept_counts.get(row.id))) for row in list_pinned(uow)
    ]


def _count_view(uow: UnitOfWork, row: SavedViewRow, kept: KeptCount | None) -> KeptCount:
    if (
        kept is not None
        and kept.view_updated_at == row.updated_at
        and uow.now - kept.counted_at < COUNT_KEPT_FOR
    ):
        return kept
    query = saved_view_queries.build_view_query(uow, row)
    count = count_tickets(uow, query, limit=MAX_PINNED_COUNT + 1)
    return KeptCount(count, uow.now, row.updated_at)


def _count_pinned(uow: UnitOfWork) -> int:
    return len(list_pinned(uow))


def _set_choice(uow: UnitOfWork, view_id: int, **values: object) -> None:
    of_view = and_(
        saved_view_choice_table.c.person_id == uow.actor.id,
        saved_view_choice_table.c.saved_view_id == view_id,
    )
    changed = uow.connection.execute(
        update(saved_view_choice_table).where(of_view).values(**values)
    ).rowcount
    if not changed:
        defaults: dict[str, object] = {"rank": None, "is_default": False}
        uow.connection.execute(
            saved_view_choice_table.insert().values(
                person_id=uow.actor.id, saved_view_id=view_id, **{**defaults, **values}
            )
        )


def pin_view(uow: UnitOfWork, view_id: int) -> None:
    """Pin a view below the others. Raises `Forbidden`, `NotFound`, `RuleViolation` (too many)."""
    row = get_view(uow, view_id)
    pinned = list_pinned(uow)
    if row.rank is not None:
        return
    if len(pinned) >= MAX_PINNED:
        raise RuleViolation(f"You can pin at most {MAX_PINNED} views")
    last = max((one.rank or 0 for one in pinned), default=0)
    _set_choice(uow, view_id, rank=last + 1)


def unpin_view(uow: UnitOfWork, view_id: int) -> None:
    """Remove a view from the actor's pinned ones. Raises `Forbidden`, `NotFound`."""
    get_view(uow, view_id)
    _set_choice(uow, view_id, rank=None)


def move_pinned(uow: UnitOfWork, view_id: int, place: int) -> None:
    """Move a pinned view to a place from 0; places beyond the ends mean these.

    Raises `Forbidden`, `NotFound` (also for a view that is not pinned).
    """
    ids = [row.id for row in list_pinned(uow)]
    if view_id not in ids:
        raise NotFound("View")
    ids.remove(view_id)
    ids.insert(max(0, place), view_id)
    for rank, one in enumerate(ids, start=1):
        _set_choice(uow, one, rank=rank)


def set_default_view(uow: UnitOfWork, view_id: int | None) -> None:
    """Let the actor's queue open with a view; None for the standard one.

    Raises `Forbidden`, `NotFound`.
    """
    sharing.require_staff(uow, "views")
    if view_id is not None:
        get_view(uow, view_id)
    uow.connection.execute(
        update(saved_view_choice_table)
        .where(
            saved_view_choice_table.c.person_id == uow.actor.id,
            saved_view_choice_table.c.is_default,
        )
        .values(is_default=False)
    )
    if view_id is not None:
        _set_choice(uow, view_id, is_default=True)


def find_default_view(uow: UnitOfWork) -> SavedViewRow | None:
    """Return the view that the actor's queue opens with; None for the standard one."""
    sharing.require_staff(uow, "views")
    return uow.first_row(
        _select_views(uow).where(saved_view_choice_table.c.is_default), of=SavedViewRow
    )
