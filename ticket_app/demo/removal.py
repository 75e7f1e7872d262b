"""Remove demo data from a database and leave real data intact.

Demo data are the demo accounts with everything they own, the tickets they requested, and the teams,
departments, companies, contacts, calendars and policies created with them. Those that real tickets
or accounts use stay. What demo accounts did on real tickets stays as well, attributed to one
inactive placeholder account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine, Select, and_, delete, func, or_, select, update

from ticket_app.core.approvals.approvers import ADMINS
from ticket_app.core.operations import installation
from ticket_app.core.people.registration import create_person
from ticket_app.core.platform import database
from ticket_app.core.platform.audited_tables import AUDITED_TABLES
from ticket_app.core.platform.sql_types import Condition
from ticket_app.core.platform.storage import file_storage
from ticket_app.core.platform.unit_of_work import (
    SYSTEM_CHANNEL,
    UnitOfWork,
    open_unit_of_work,
)
from ticket_app.core.tickets import counters, purging
from ticket_app.core.tickets.changing import changing_rows
from ticket_app.demo import approval_policies as demo_approval_policies
from ticket_app.demo import sla_policies as demo_service_levels
from ticket_app.settings import settings
from ticket_app.tables import (
    attachment_table,
    audit_entry_table,
    metadata,
    person_table,
    ticket_table,
)

PLACEHOLDER_USERNAME: Final = "former-demo-account"
BATCH_SIZE: Final = 100
"""Tickets deleted in one statement, so that it does not have too many parameters."""
OWNED_COLUMNS: Final = frozenset(
    {
        ("api_token", "person_id"),
        ("draft", "person_id"),
        ("idempotent_response", "person_id"),
        ("notification", "person_id"),
        ("announced_file", "person_id"),
        ("sign_in", "person_id"),
        ("webhook", "owner_id"),
    }
)
"""Columns that mark a row as owned by an account; it is deleted with the account."""
CLEARED_COLUMNS: Final = frozenset(
    {
        ("contact", "person_id"),
        ("department", "manager_id"),
        ("notification", "actor_id"),
        ("routing_rule", "assignee_id"),
        ("ticket", "assignee_id"),
    }
)
"""Columns that become NULL when the account is deleted; all others refer to the placeholder."""

_TABLES: Final = metadata.tables


@dataclass(frozen=True, slots=True)
class RemovalSummary:
    """How many rows of each sort were removed."""

    accounts: int = 0
    tickets: int = 0
    files: int = 0
    companies: int = 0
    policies: int = 0

    def __bool__(self) -> bool:
        return any((self.accounts, self.tickets, self.companies, self.policies))


def remove(bind: Engine | None = None) -> RemovalSummary:
    """Remove all demo data in one transaction; does nothing if there is none."""
    engine = bind or database.get_engine()
    with installation.setup_lock(engine), open_unit_of_work(writes=True, bind=engine) as uow:
        ids = (
            uow.connection.execute(
                select(person_table.c.id).where(person_table.c.is_demo).with_for_update()
            )
            .scalars()
            .all()
        )
        if not ids:
            return RemovalSummary()
        loaded_at = uow.connection.execute(
            select(func.min(person_table.c.created_at)).where(person_table.c.is_demo)
        ).scalar_one()
        tickets, files = _remove_tickets(uow, ids)
        _unassign(uow, ids)
        _delete_draft_files(uow, ids)
        _reassign_to_placeholder(uow, ids)
        policies = _remove_policies(uow, ids, loaded_at)
        purging.delete_with_dependents(uow, person_table, ids)
        companies = _remove_organisations(uow, loaded_at)
        _remove_audit_entries(uow, ids)
        (settings().var / "demo_password").unlink(missing_ok=True)
        return RemovalSummary(len(ids), tickets, files, companies, policies)


def _remove_tickets(uow: UnitOfWork, person_ids: Sequence[int]) -> tuple[int, int]:
    """Delete the tickets that demo accounts requested; return how many tickets and files."""
    is_demo = ticket_table.c.requester_id.in_(person_ids)
    rows: Any = uow.connection.execute(select(ticket_table).where(is_demo).with_for_update()).all()
    ids = [row.id for row in rows]
    with counters.defer_moves(uow), changing_rows(uow, ids):
        files = 0
        for start in range(0, len(ids), BATCH_SIZE):
            batch = ids[start : start + BATCH_SIZE]
            files += _delete_files_after_commit(uow, attachment_table.c.ticket_id.in_(batch))
            purging.delete_with_dependents(uow, ticket_table, batch)
    tag, ticket_tag = _TABLES["tag"], _TABLES["ticket_tag"]
    if ids:
        uow.connection.execute(delete(tag).where(tag.c.id.not_in(select(ticket_tag.c.tag_id))))
    return len(ids), files


def _remove_audit_entries(uow: UnitOfWork, person_ids: Sequence[int]) -> None:
    """Delete what demo accounts did, and that the demo data that are gone were created."""
    uow.connection.execute(
        delete(audit_entry_table).where(audit_entry_table.c.actor_id.in_(person_ids))
    )
    for audited in AUDITED_TABLES.values():
        uow.connection.execute(
            delete(audit_entry_table).where(
                audit_entry_table.c.subject_type == audited.subject_type,
                audit_entry_table.c.actor_id.is_(None),
                audit_entry_table.c.channel == SYSTEM_CHANNEL,
                audit_entry_table.c.subject_id.not_in(select(audited.table.c.id)),
            )
        )


def _delete_files_after_commit(uow: UnitOfWork, condition: Condition) -> int:
    """Delete the contents of these files after the commit."""
    keys = (
        uow.connection.execute(select(attachment_table.c.storage_key).where(condition))
        .scalars()
        .all()
    )
    uow.after_commit.extend(partial(file_storage().delete, key) for key in keys)
    return len(keys)


def _unassign(uow: UnitOfWork, person_ids: Sequence[int]) -> None:
    """Unassign the real tickets that are assigned to demo accounts."""
    assigned_tickets = (
        select(ticket_table.c.id)
        .where(ticket_table.c.assignee_id.in_(person_ids))
        .with_for_update()
    )
    ids = uow.connection.execute(assigned_tickets).scalars().all()
    with counters.defer_moves(uow), changing_rows(uow, ids):
        uow.connection.execute(
            update(ticket_table)
            .where(ticket_table.c.id.in_(ids))
            .values(assignee_id=None, version=ticket_table.c.version + 1, updated_at=uow.now)
        )


def _delete_draft_files(uow: UnitOfWork, person_ids: Sequence[int]) -> None:
    """Delete the files of the accounts' drafts, including those that other accounts uploaded."""
    draft = _TABLES["draft"]
    drafts = select(draft.c.id).where(draft.c.person_id.in_(person_ids))
    is_unsent = and_(
        attachment_table.c.ticket_id.is_(None),
        or_(
            attachment_table.c.uploader_id.in_(person_ids),
            attachment_table.c.draft_id.in_(drafts),
        ),
    )
    _delete_files_after_commit(uow, is_unsent)
    unsent_ids = (
        uow.connection.execute(select(attachment_table.c.id).where(is_unsent)).scalars().all()
    )
    purging.delete_with_dependents(uow, attachment_table, unsent_ids)


def _reassign_to_placeholder(uow: UnitOfWork, person_ids: Sequence[int]) -> None:
    """Replace demo accounts on real tickets by the placeholder account."""
    decision = _TABLES["approval_decision"]
    is_demo_decision = decision.c.person_id.in_(person_ids)
    uow.connection.execute(
        delete(decision).where(is_demo_decision, decision.c.decided_at.is_(None))
    )
    first_of_step = (
        select(func.min(decision.c.id)).where(is_demo_decision).group_by(decision.c.step_id)
    )
    placeholder_steps = select(decision.c.step_id).where(
        decision.c.person_id.in_(_placeholder_ids())
    )
    select_kept = select(decision.c.id).where(
        decision.c.id.in_(first_of_step), decision.c.step_id.not_in(placeholder_steps)
    )
    kept_ids = uow.connection.execute(select_kept).scalars().all()
    uow.connection.execute(delete(decision).where(is_demo_decision, decision.c.id.not_in(kept_ids)))
    for table in _TABLES.values():
        for column in table.columns:
            column_key = (table.name, column.name)
            if column_key in OWNED_COLUMNS or not any(
                key.column is person_table.c.id for key in column.foreign_keys
            ):
                continue
            references_demo_person = column.in_(person_ids)
            if column_key in CLEARED_COLUMNS:
                uow.connection.execute(
                    update(table).where(references_demo_person).values({column.name: None})
                )
            elif (
                uow.connection.execute(select(table).where(references_demo_person).limit(1)).first()
                is not None
            ):
                placeholder_id = _get_or_create_placeholder(uow).id
                uow.connection.execute(
                    update(table)
                    .where(references_demo_person)
                    .values({column.name: placeholder_id})
                )


def _placeholder_ids() -> Select[tuple[int]]:
    return select(person_table.c.id).where(person_table.c.username_folded == PLACEHOLDER_USERNAME)


def _get_or_create_placeholder(uow: UnitOfWork) -> Any:
    """Return the inactive account to which the actions of demo accounts are attributed."""
    row = uow.connection.execute(
        select(person_table).where(person_table.c.username_folded == PLACEHOLDER_USERNAME)
    ).first()
    if row is None:
        create_person(
            uow,
            username=PLACEHOLDER_USERNAME,
            email=f"{PLACEHOLDER_USERNAME}@demo.invalid",
            password=None,
            first_name="Former",
            last_name="demo account",
            is_active=False,
        )
        uow.flush()
        row = uow.connection.execute(
            select(person_table).where(person_table.c.username_folded == PLACEHOLDER_USERNAME)
        ).one()
    return row


def _remove_policies(uow: UnitOfWork, person_ids: Sequence[int], loaded_at: datetime) -> int:
    """Remove approval policies, SLA policies and calendars of the demo data.

    An SLA policy that real tickets use stays and becomes inactive. Real approval policies ask
    admins instead of demo accounts.
    """
    policy, sla_policy = _TABLES["approval_policy"], _TABLES["sla_policy"]
    calendar = _TABLES["business_calendar"]
    select_demo_policies = select(policy.c.id).where(
        policy.c.name.in_(demo_approval_policies.POLICY_NAMES)
    )
    approval_ids = uow.connection.execute(select_demo_policies).scalars().all()
    purging.delete_with_dependents(uow, policy, approval_ids)
    for row in uow.connection.execute(select(policy.c.id, policy.c.steps)).all():
        steps = [_without_approvers(step, person_ids) for step in row.steps]
        if steps != row.steps:
            uow.connection.execute(update(policy).where(policy.c.id == row.id).values(steps=steps))
    is_demo_policy = (
        sla_policy.c.name.in_(tuple(demo_service_levels.POLICIES)),
        sla_policy.c.created_at == loaded_at,
    )
    in_use = select(ticket_table.c.sla_policy_id).where(ticket_table.c.sla_policy_id.is_not(None))
    unused = select(sla_policy.c.id).where(*is_demo_policy, sla_policy.c.id.not_in(in_use))
    sla_policy_ids = uow.connection.execute(unused).scalars().all()
    purging.delete_with_dependents(uow, sla_policy, sla_policy_ids)
    uow.connection.execute(update(sla_policy).where(*is_demo_policy).values(is_active=False))
    by_calendar = select(sla_policy.c.calendar_id).where(sla_policy.c.calendar_id.is_not(None))
    uow.connection.execute(
        delete(calendar).where(
            calendar.c.name.in_(tuple(demo_service_levels.CALENDARS)),
            calendar.c.created_at == loaded_at,
            calendar.c.id.not_in(by_calendar),
        )
    )
    return len(approval_ids) + len(sla_policy_ids)


def _without_approvers(step: dict[str, Any], person_ids: Sequence[int]) -> dict[str, Any]:
    """Return an approval step without these approvers; admins replace them if no one is left."""
    changed_step = dict(step)
    for field in ("approvers", "escalates_to"):
        approvers = changed_step.get(field)
        if not approvers or not set(approvers["people"]) & set(person_ids):
            continue
        remaining = {
            **approvers,
            "people": [one for one in approvers["people"] if one not in person_ids],
        }
        is_empty = not (
            remaining["people"] or remaining["roles"] or remaining["department_manager"]
        )
        changed_step[field] = ADMINS.to_json() if is_empty else remaining
    return changed_step


def _remove_organisations(uow: UnitOfWork, loaded_at: datetime) -> int:
    """Remove contacts, companies, teams and departments of the demo data that no real data uses.

    Returns how many companies were removed.
    """
    policy = _TABLES["approval_policy"]
    department_ids_in_use = {
        department_id
        for ids in uow.connection.execute(select(policy.c.department_ids)).scalars()
        for department_id in ids
    }
    companies = 0
    for name in ("contact", "company", "team", "department"):
        table = _TABLES[name]
        unused = [table.c.created_at == loaded_at]
        for other in _TABLES.values():
            unused += [
                table.c.id.not_in(select(column).where(column.is_not(None)))
                for column in other.columns
                if any(key.column is table.c.id for key in column.foreign_keys)
            ]
        if name == "department":
            unused.append(table.c.id.not_in(department_ids_in_use))
        removed_count = uow.connection.execute(delete(table).where(*unused)).rowcount
        companies += removed_count if name == "company" else 0
    return companies
