"""Taking demo data out of a desk again, while what is real stays whole.

Demo data are the demo accounts with all that is theirs, the tickets they requested, and the teams,
departments, companies, contacts, calendars and policies that were made with them. What real tickets
or accounts use of these stays. What demo accounts did on real tickets stays as well, under the name
of one inactive account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine, and_, delete, func, or_, select, update

from ticket_app.core.approvals.approvers import ADMINS
from ticket_app.core.operations import installation
from ticket_app.core.people import profiles
from ticket_app.core.platform import database
from ticket_app.core.platform.storage import file_store
from ticket_app.core.platform.unit_of_work import Desk, open_desk
from ticket_app.core.tickets import counters, trash
from ticket_app.demo import approval_policies as demo_approval_policies
from ticket_app.demo import service_levels as demo_service_levels
from ticket_app.settings import settings
from ticket_app.tables import attachment_table, metadata, person_table, ticket_table

STAND_IN: Final = "former-demo-account"
BATCH: Final = 100
"""Tickets destroyed at once, so that no statement has too many parameters."""
OWN: Final = frozenset(
    {
        ("api_token", "person_id"),
        ("draft", "person_id"),
        ("idempotent_answer", "person_id"),
        ("notification", "person_id"),
        ("promised_file", "person_id"),
        ("sign_in", "person_id"),
        ("webhook", "owner_id"),
    }
)
"""Columns by which a row belongs to an account, and goes with it."""
EMPTIED: Final = frozenset(
    {
        ("contact", "person_id"),
        ("department", "manager_id"),
        ("notification", "actor_id"),
        ("ticket", "assignee_id"),
    }
)
"""Columns that name nobody once the account is gone; all others name the stand-in."""

_TABLES: Final = metadata.tables


@dataclass(frozen=True, slots=True)
class Removed:
    """How much was removed, by what it was."""

    accounts: int = 0
    tickets: int = 0
    files: int = 0
    companies: int = 0
    policies: int = 0

    def __bool__(self) -> bool:
        return any((self.accounts, self.tickets, self.companies, self.policies))


def remove(bind: Engine | None = None) -> Removed:
    """Remove all demo data in one transaction; a desk without any stays as it is."""
    chosen = bind or database.engine()
    with installation.alone(chosen), open_desk(writes=True, bind=chosen) as desk:
        ids = (
            desk.db.execute(
                select(person_table.c.id).where(person_table.c.is_demo).with_for_update()
            )
            .scalars()
            .all()
        )
        if not ids:
            return Removed()
        made_at = desk.db.execute(
            select(func.min(person_table.c.created_at)).where(person_table.c.is_demo)
        ).scalar_one()
        tickets, files = _remove_tickets(desk, ids)
        _unassign(desk, ids)
        _forget_drafts(desk, ids)
        _hand_over(desk, ids)
        policies = _remove_policies(desk, ids, made_at)
        trash.destroy(desk, person_table, ids)
        companies = _remove_places(desk, made_at)
        (settings().var / "demo_password").unlink(missing_ok=True)
        return Removed(len(ids), tickets, files, companies, policies)


def _remove_tickets(desk: Desk, person_ids: Sequence[int]) -> tuple[int, int]:
    """Destroy what demo accounts requested; returns how many tickets and files that were."""
    is_demo = ticket_table.c.requester_id.in_(person_ids)
    rows: Any = desk.db.execute(select(ticket_table).where(is_demo).with_for_update()).all()
    ids = [row.id for row in rows]
    with counters.together(desk):
        for row in rows:
            counters.move(desk, counters.Cell.of(row), None)
        files = 0
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            files += _forget_files(desk, attachment_table.c.ticket_id.in_(batch))
            trash.destroy(desk, ticket_table, batch)
    tag, tagged = _TABLES["tag"], _TABLES["ticket_tag"]
    if ids:
        desk.db.execute(delete(tag).where(tag.c.id.not_in(select(tagged.c.tag_id))))
    return len(ids), files


def _forget_files(desk: Desk, condition: Any) -> int:
    """Have the contents of files deleted once all is committed."""
    keys = desk.db.execute(select(attachment_table.c.storage_key).where(condition)).scalars().all()
    desk.after.extend(partial(file_store().delete, key) for key in keys)
    return len(keys)


def _unassign(desk: Desk, person_ids: Sequence[int]) -> None:
    """Real tickets that demo accounts work on are nobody's."""
    theirs = (
        select(ticket_table).where(ticket_table.c.assignee_id.in_(person_ids)).with_for_update()
    )
    with counters.together(desk):
        rows: Any = desk.db.execute(theirs).all()
        for row in rows:
            before = counters.Cell.of(row)
            desk.db.execute(
                update(ticket_table)
                .where(ticket_table.c.id == row.id)
                .values(assignee_id=None, version=ticket_table.c.version + 1, updated_at=desk.now)
            )
            after: Any = desk.db.execute(
                select(ticket_table).where(ticket_table.c.id == row.id)
            ).one()
            counters.move(desk, before, counters.Cell.of(after))


def _forget_drafts(desk: Desk, person_ids: Sequence[int]) -> None:
    """The files of unsent texts go with them; those that somebody else sent along, too."""
    draft = _TABLES["draft"]
    drafts = select(draft.c.id).where(draft.c.person_id.in_(person_ids))
    loose = and_(
        attachment_table.c.ticket_id.is_(None),
        or_(
            attachment_table.c.uploader_id.in_(person_ids),
            attachment_table.c.draft_id.in_(drafts),
        ),
    )
    _forget_files(desk, loose)
    loose_ids = desk.db.execute(select(attachment_table.c.id).where(loose)).scalars().all()
    trash.destroy(desk, attachment_table, loose_ids)


def _hand_over(desk: Desk, person_ids: Sequence[int]) -> None:
    """Leave nothing on real tickets that names a demo account."""
    ask = _TABLES["approval_ask"]
    theirs = ask.c.person_id.in_(person_ids)
    desk.db.execute(delete(ask).where(theirs, ask.c.decided_at.is_(None)))
    first = select(func.min(ask.c.id)).where(theirs).group_by(ask.c.step_id)
    taken = select(ask.c.step_id).where(ask.c.person_id.in_(_stand_in_ids()))
    kept = select(ask.c.id).where(ask.c.id.in_(first), ask.c.step_id.not_in(taken))
    kept_ids = desk.db.execute(kept).scalars().all()
    desk.db.execute(delete(ask).where(theirs, ask.c.id.not_in(kept_ids)))
    for table in _TABLES.values():
        for column in table.columns:
            place = (table.name, column.name)
            if place in OWN or not any(
                key.column is person_table.c.id for key in column.foreign_keys
            ):
                continue
            named = column.in_(person_ids)
            if place in EMPTIED:
                desk.db.execute(update(table).where(named).values({column.name: None}))
            elif desk.db.execute(select(table).where(named).limit(1)).first() is not None:
                stand_in = _stand_in(desk).id
                desk.db.execute(update(table).where(named).values({column.name: stand_in}))


def _stand_in_ids() -> Any:
    return select(person_table.c.id).where(person_table.c.username_folded == STAND_IN)


def _stand_in(desk: Desk) -> Any:
    """The inactive account under whose name things stay that demo accounts did on real tickets."""
    known = desk.db.execute(
        select(person_table).where(person_table.c.username_folded == STAND_IN)
    ).first()
    if known is None:
        profiles.add_person(
            desk,
            username=STAND_IN,
            email=f"{STAND_IN}@demo.invalid",
            password=None,
            first_name="Former",
            last_name="demo account",
            is_active=False,
        )
        desk.settle()
        known = desk.db.execute(
            select(person_table).where(person_table.c.username_folded == STAND_IN)
        ).one()
    return known


def _remove_policies(desk: Desk, person_ids: Sequence[int], made_at: datetime) -> int:
    """Remove approval policies, service levels and calendars of the demo data.

    A service level that real tickets go by stays, inactive. Real approval policies ask admins where
    they asked demo accounts.
    """
    policy, service = _TABLES["approval_policy"], _TABLES["service_policy"]
    calendar = _TABLES["business_calendar"]
    wanted = select(policy.c.id).where(policy.c.name.in_(demo_approval_policies.NAMES))
    approval_ids = desk.db.execute(wanted).scalars().all()
    trash.destroy(desk, policy, approval_ids)
    for row in desk.db.execute(select(policy.c.id, policy.c.steps)).all():
        steps = [_without(step, person_ids) for step in row.steps]
        if steps != row.steps:
            desk.db.execute(update(policy).where(policy.c.id == row.id).values(steps=steps))
    demo_service = (
        service.c.name.in_(tuple(demo_service_levels.POLICIES)),
        service.c.created_at == made_at,
    )
    in_use = select(ticket_table.c.sla_policy_id).where(ticket_table.c.sla_policy_id.is_not(None))
    unused = select(service.c.id).where(*demo_service, service.c.id.not_in(in_use))
    service_ids = desk.db.execute(unused).scalars().all()
    trash.destroy(desk, service, service_ids)
    desk.db.execute(update(service).where(*demo_service).values(is_active=False))
    by_calendar = select(service.c.calendar_id).where(service.c.calendar_id.is_not(None))
    desk.db.execute(
        delete(calendar).where(
            calendar.c.name.in_(tuple(demo_service_levels.CALENDARS)),
            calendar.c.created_at == made_at,
            calendar.c.id.not_in(by_calendar),
        )
    )
    return len(approval_ids) + len(service_ids)


def _without(step: dict[str, Any], person_ids: Sequence[int]) -> dict[str, Any]:
    """A step of an approval that asks none of these people; admins, if it asked nobody else."""
    told = dict(step)
    for field in ("approvers", "escalates_to"):
        asked = told.get(field)
        if not asked or not set(asked["people"]) & set(person_ids):
            continue
        left = {**asked, "people": [one for one in asked["people"] if one not in person_ids]}
        is_empty = not (left["people"] or left["roles"] or left["department_manager"])
        told[field] = ADMINS.kept() if is_empty else left
    return told


def _remove_places(desk: Desk, made_at: datetime) -> int:
    """Remove contacts, companies, teams and departments of the demo data that nothing real uses.

    Returns how many companies that were.
    """
    policy = _TABLES["approval_policy"]
    named = {
        department_id
        for ids in desk.db.execute(select(policy.c.department_ids)).scalars()
        for department_id in ids
    }
    companies = 0
    for name in ("contact", "company", "team", "department"):
        table = _TABLES[name]
        unused = [table.c.created_at == made_at]
        for other in _TABLES.values():
            unused += [
                table.c.id.not_in(select(column).where(column.is_not(None)))
                for column in other.columns
                if any(key.column is table.c.id for key in column.foreign_keys)
            ]
        if name == "department":
            unused.append(table.c.id.not_in(named))
        gone = desk.db.execute(delete(table).where(*unused)).rowcount
        companies += gone if name == "company" else 0
    return companies
