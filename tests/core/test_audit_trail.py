"""The audit trail: who changed what, when and from where, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest

from tests.cast import Cast, Clock, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.conversation import commenting
from ticket_app.core.people import accounts, api_tokens, departments, permissions, teams
from ticket_app.core.people.credentials import ClientInfo, VerifiedPerson
from ticket_app.core.people.sessions import issue_tokens
from ticket_app.core.platform.errors import Forbidden, Invalid
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import AuditKind, EntryKind, Priority, Role
from ticket_app.core.reports import audit_query, audit_trail
from ticket_app.core.reports.audit_query import AuditQuery
from ticket_app.core.reports.audit_trail import AuditRow
from ticket_app.core.tickets import editing, locking, purging, templates, trash
from ticket_app.core.webhooks import subscriptions
from ticket_app.settings import settings
from ticket_app.tables import Person

EVERYTHING = AuditQuery()


def entries(uow: UnitOfWork, query: AuditQuery = EVERYTHING) -> Sequence[AuditRow]:
    return audit_trail.list_entries(uow, query, PageRequest(limit=100)).rows


def described(row: AuditRow) -> tuple[object, ...]:
    return (row.actor_name, row.action, row.subject, row.field, row.old_value, row.new_value)


def test_a_change_of_a_ticket_has_who_what_when_and_from_where(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket(title="Lamp is dark")
    at = clock.forward(minutes=5)
    with uow_for(cast.agent) as uow:
        uow.channel, uow.client_address, uow.request_id = "kubebro", "192.0.2.7", "req-1"
        editing.edit(uow, locking.lock_ticket(uow, ticket_id), {"priority": Priority.HIGH})
    with uow_for(cast.admin) as uow:
        row = entries(uow, AuditQuery(field="priority"))[0]
    assert described(row) == ("Agnes Hale", "changed", row.subject, "priority", "medium", "high")
    assert row.subject.endswith("-1")
    assert (row.at, row.ticket_title, row.actor_username) == (at, "Lamp is dark", "agent")
    assert (row.channel, row.address, row.request_id) == ("kubebro", "192.0.2.7", "req-1")


def test_settings_people_permissions_tokens_and_sign_ins_are_recorded(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(cast.admin) as uow:
        department = departments.create_department(uow, "Stage")
        departments.update_department(
            uow, department.id, {"name": "Lights", "manager_id": cast.manager.id}
        )
        departments.delete_department(uow, department.id)
        accounts.update_account(uow, cast.owner.id, {"role": "agent", "is_active": False})
        permissions.set_role_permissions(uow, Role.USER, ["view_tickets"])
        template = templates.create_template(uow, "Outage", ticket_values={"title": "Down"})
        templates.delete_template(uow, template.id)
        teams.create_team(uow, "Night", member_ids=[cast.agent.id])
        api_tokens.create_api_token(uow, "Robot")
        person = uow.session.get_one(Person, cast.manager.id)
        issue_tokens(uow, VerifiedPerson(person), ClientInfo())
        found = [described(row) for row in entries(uow)]
    for expected in (
        ("Addie Minton", "created", "Stage", None, None, None),
        ("Addie Minton", "changed", "Lights", "name", "Stage", "Lights"),
        ("Addie Minton", "changed", "Lights", "manager", None, "Manny Gere"),
        ("Addie Minton", "deleted", "Lights", None, None, None),
        ("Addie Minton", "changed", "Olive Ownby", "role", "user", "agent"),
        ("Addie Minton", "changed", "Olive Ownby", "active", "yes", "no"),
        ("Addie Minton", "changed", "Agnes Hale", "team", None, "Night"),
        ("Addie Minton", "deleted", "Outage", None, None, None),
        ("Addie Minton", "created", "Robot", "permissions", None, "all permissions"),
        ("Manny Gere", "signed_in", "Manny Gere", None, None, None),
    ):
        assert expected in found
    (role,) = [row for row in found if row[2] == "user"]
    assert "comment_tickets" in str(role[4])
    assert role[5] == "view_tickets"


def test_an_unchanged_value_and_a_failed_change_leave_no_entry(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin) as uow:
        accounts.update_account(uow, cast.owner.id, {"role": "user"})
        with pytest.raises(Forbidden):
            accounts.update_account(uow, cast.admin.id, {"role": "user"})
        assert entries(uow) == []


def test_secrets_and_texts_of_comments_are_never_part_of_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    secret_url = "https://hooks.example.com/T0/secret-path?key=secret-query"
    with uow_for(cast.admin) as uow:
        token, _ = api_tokens.create_api_token(uow, "Robot")
        _, signing_secret = subscriptions.subscribe(uow, secret_url, ["ticket.created"])
        ticket = locking.lock_ticket(uow, ticket_id)
        posted = commenting.add_comment(uow, ticket, "hidden words", internal=True)
        commenting.edit_comment(uow, posted, "other words")
        editing.edit(uow, locking.lock_ticket(uow, ticket_id), {"internal_notes": "hidden notes"})
        everything = repr(entries(uow))
        assert entries(uow, AuditQuery(search="hidden")) == []
    for secret in (token, signing_secret, "secret-path", "secret-query", "hidden", "other words"):
        assert secret not in everything
    assert "https://hooks.example.com" in everything


def test_only_people_with_the_permission_read_and_export_it(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    file_ticket()
    for person in (cast.owner, cast.agent, cast.manager):
        with uow_for(person) as uow, pytest.raises(Forbidden, match="see the audit log"):
            entries(uow)
        with uow_for(person) as uow, pytest.raises(Forbidden):
            audit_trail.record_export(uow, "csv", "")
        with pytest.raises(Forbidden):
            next(audit_trail.iter_batches(partial(uow_for, person, writes=False), EVERYTHING))


def test_deleted_tickets_are_still_named(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    with uow_for(cast.admin) as uow:
        key = entries(uow)[0].subject
        trash.delete_ticket(uow, locking.lock_ticket(uow, ticket_id))
        in_trash = entries(uow, AuditQuery(ticket=key))
        assert in_trash[0].action == "deleted"
        assert all(row.is_in_trash for row in in_trash)
        purging.purge(uow, ticket_id)
        (purged,) = entries(uow, AuditQuery(ticket=key))
    assert described(purged) == ("Addie Minton", "deleted", key, None, None, None)
    assert purged.kind == AuditKind.DATA


def test_each_filter_finds_its_entries(
    uow_for: UowFor, cast: Cast, clock: Clock, file_ticket: FileTicket
) -> None:
    first = file_ticket(title="Lamp is dark")
    noon = clock.forward(hours=3)
    file_ticket(title="Chair squeaks")
    with uow_for(cast.agent) as uow:
        uow.channel = "mcp"
        editing.edit(uow, locking.lock_ticket(uow, first), {"title": "Lamp is broken"})
        commenting.add_comment(uow, locking.lock_ticket(uow, first), "Looking")
    with uow_for(cast.admin) as uow:
        uow.channel = "web"
        departments.create_department(uow, "Stage")

        def actions(**filters: object) -> list[str]:
            query = replace(EVERYTHING, **filters)  # type: ignore[arg-type]
            return [row.action for row in entries(uow, query)]

        everything = actions()
        assert everything.count("created") == 3
        assert sorted(actions(actor_id=cast.agent.id)) == ["changed", "commented"]
        assert set(actions(ticket=str(first))) == {"created", "changed", "commented"}
        assert actions(kind=EntryKind.COMMENT) == ["commented"]
        assert actions(kind=AuditKind.ORGANISATION) == ["created"]
        assert actions(field="title") == ["changed"]
        assert sorted(actions(channel="mcp")) == ["changed", "commented"]
        assert actions(channel="mcp", kind=EntryKind.CHANGE) == ["changed"]
        assert actions(actor_id=cast.agent.id, search="priority") == []
        assert actions(until=noon) == ["created"]
        assert "created" in actions(since=noon)
        assert len(actions(since=noon)) == len(everything) - 1
        assert sorted(actions(search="agnes BROKEN")) == ["changed", "commented"]
        assert actions(search="stage") == ["created"]
        assert actions(search="chair") == ["created"]
        assert actions(search="100%") == []
        assert actions(ticket="BUG-999") == []
        with pytest.raises(Invalid):
            actions(ticket="the lamp")


@pytest.mark.parametrize("scan_limit", [3, 10_000])
def test_pages_return_each_matching_entry_once_newest_first(
    uow_for: UowFor,
    cast: Cast,
    clock: Clock,
    file_ticket: FileTicket,
    monkeypatch: pytest.MonkeyPatch,
    scan_limit: int,
) -> None:
    monkeypatch.setattr(audit_query, "SCAN_LIMIT", scan_limit)
    for number, letter in enumerate("uvwxyz"):
        file_ticket(title=f"Lamp {letter * 3}")
        if number % 2:
            clock.forward(minutes=1)
        with uow_for(cast.admin) as uow:
            departments.create_department(uow, f"Lamp {letter * 3}")
    for search in ("", "lamp", "lamp xxx"):
        with uow_for(cast.admin) as uow:
            query = AuditQuery(search=search)
            seen: list[AuditRow] = []
            cursor: str | None = None
            for _ in range(60):
                page = audit_trail.list_entries(uow, query, PageRequest(limit=2, cursor=cursor))
                seen += page.rows
                cursor = page.next_cursor
                if cursor is None:
                    break
            assert cursor is None
        assert len({row.public_id for row in seen}) == len(seen)
        assert [row.at for row in seen] == sorted((row.at for row in seen), reverse=True)
        subjects = {row.subject for row in seen if row.source == "administration"}
        assert len(subjects) == (1 if search == "lamp xxx" else 6)
        assert len({row.ticket_id for row in seen if row.ticket_id}) == len(subjects)


def test_malformed_cursors_are_rejected(uow_for: UowFor, cast: Cast) -> None:
    for cursor in ("x", "W10", "WyJhdWRpdCIsIngiLCJ0aWNrZXQiLDFd", "WzEsMiwzXQ"):
        with uow_for(cast.admin) as uow, pytest.raises(Invalid):
            audit_trail.list_entries(uow, EVERYTHING, PageRequest(cursor=cursor))


def test_administrative_entries_are_kept_unless_a_setting_limits_them(
    uow_for: UowFor, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with uow_for(cast.admin) as uow:
        departments.create_department(uow, "Stage")
    clock.forward(days=4_000)
    with uow_for(None) as uow:
        assert audit_trail.delete_expired_batch(uow) == 0
        monkeypatch.setattr(settings(), "audit_days", 365)
        assert audit_trail.delete_expired_batch(uow) == 1


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (EVERYTHING, "ix_timeline_at"),
        (AuditQuery(actor_id=4), "ix_timeline_actor"),
        (AuditQuery(field="status"), "ix_timeline_field"),
        (AuditQuery(channel="mcp"), "ix_timeline_channel"),
        (AuditQuery(kind=EntryKind.DELETED), "ix_timeline_rare_kind"),
        (AuditQuery(search="lamp", kind=EntryKind.CHANGE), "ix_timeline_at"),
    ],
)
def test_each_filter_has_an_index(uow_for: UowFor, query: AuditQuery, index: str) -> None:
    with uow_for(None) as uow:
        scan = audit_query.scan_tickets(query, None, None)
        assert scan is not None
        sql = str(scan.rows(51).compile(uow.connection, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN" if uow.is_sqlite else "EXPLAIN"
        if not uow.is_sqlite:  # an empty table would be read from end to end, and sorted
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            uow.connection.exec_driver_sql("SET LOCAL enable_sort = off")
        sql = sql if uow.is_sqlite else sql.replace("%", "%%")
        plan = "\n".join(str(row[-1]) for row in uow.connection.exec_driver_sql(f"{explain} {sql}"))
        # Which index PostgreSQL takes depends on its statistics, of which these few rows have none.
        assert index in plan or (not uow.is_sqlite and " using ix_timeline_" in plan)
        assert "Sort" not in plan
