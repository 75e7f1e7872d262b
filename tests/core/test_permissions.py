"""Permissions of roles and people, and who may change them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

import ticket_app
from tests.cast import PASSWORD, Cast, UowFor
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import approvers
from ticket_app.core.approvals.approvers import ApproverSelection
from ticket_app.core.conversation import commenting
from ticket_app.core.people import accounts, permissions
from ticket_app.core.people.actors import ROLE_PERMISSIONS_COLUMN, build_actor_with_role_defaults
from ticket_app.core.people.api_tokens import create_api_token
from ticket_app.core.people.authentication import (
    authenticate_api_token,
    authenticate_bearer,
    authenticate_cookie,
)
from ticket_app.core.people.credentials import ClientInfo, verify_credentials
from ticket_app.core.people.registration import create_person
from ticket_app.core.people.sessions import issue_tokens, refresh_tokens, start_browser_session
from ticket_app.core.people.staff import (
    _SELECT_ASSIGNABLE_STAFF,
    can_work_tickets,
    list_assignable_staff,
)
from ticket_app.core.platform.actor import (
    AGENT_PERMISSIONS,
    DEFAULT_ROLE_PERMISSIONS,
    PERMISSION_DESCRIPTIONS,
    REQUIRED_PERMISSION,
    USER_PERMISSIONS,
    Actor,
)
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RuleViolation,
    Unauthenticated,
)
from ticket_app.core.platform.paging import PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role, Status
from ticket_app.core.reports import performance
from ticket_app.core.reports.periods import parse_period
from ticket_app.core.tickets import (
    assigning,
    locking,
    opening,
    statistics,
    status_changes,
    ticket_list,
    ticket_lookup,
    trash,
)
from ticket_app.core.tickets.ticket_query import TicketQuery
from ticket_app.tables import Person, api_token_table, person_table, sign_in_table

Again = Callable[[Actor], Actor]


@pytest.fixture
def again(uow_for: UowFor) -> Again:
    """Return the actor of a person who uses an API token now."""

    def come(actor: Actor) -> Actor:
        with uow_for(actor) as uow:
            token, _ = create_api_token(uow, "again")
        with uow_for(None, writes=False) as uow:
            return authenticate_api_token(uow, token)

    return come


@pytest.fixture
def root(uow_for: UowFor, cast: Cast) -> Actor:
    """A super_admin."""
    with uow_for(cast.admin) as uow:
        uow.connection.execute(
            person_table.update()
            .where(person_table.c.id == cast.admin.id)
            .values(role="super_admin")
        )
        person = create_person(
            uow, username="adam", email="adam@example.com", password=None, role=Role.ADMIN
        )
        assert person.id
        uow.flush()
        row = uow.connection.execute(
            select(person_table, ROLE_PERMISSIONS_COLUMN).where(person_table.c.id == cast.admin.id)
        ).one()
        return build_actor_with_role_defaults(row)


def literals() -> Iterator[str]:
    """Return every permission that the code requires somewhere."""
    for path in Path(ticket_app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node, "func", None)
            if isinstance(called, ast.Attribute) and called.attr in ("may", "must"):
                name = next(iter(getattr(node, "args", ())), None)
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value


def test_every_permission_is_known_and_makes_sense() -> None:
    assert set(literals()) <= PERMISSION_DESCRIPTIONS.keys()
    assert (
        set(REQUIRED_PERMISSION) | set(REQUIRED_PERMISSION.values())
        <= PERMISSION_DESCRIPTIONS.keys()
    )
    for names in DEFAULT_ROLE_PERMISSIONS.values():
        assert (
            permissions.validate_permissions(names) == names == permissions.sort_permissions(names)
        )
    assert set(DEFAULT_ROLE_PERMISSIONS[Role.SUPER_ADMIN]) == PERMISSION_DESCRIPTIONS.keys()


def test_a_set_takes_the_place_of_what_a_role_usually_may(
    uow_for: UowFor, cast: Cast, again: Again, file_ticket: FileTicket
) -> None:
    chosen = [*USER_PERMISSIONS, "view_all_tickets"]
    with uow_for(cast.admin) as uow:
        found = permissions.set_role_permissions(uow, Role.AGENT, chosen)
        assert found.permissions == tuple(chosen)
        sets = {one.role: one for one in permissions.list_role_permissions(uow)}
        assert sets[Role.AGENT] == found
        assert sets[Role.MANAGER].changed_at is None
    ticket_id = file_ticket()
    narrow = again(cast.agent)
    assert narrow.permissions == set(chosen)
    with uow_for(narrow) as uow:
        held = locking.lock_ticket(uow, ticket_id)
        for attempt in (
            lambda: status_changes.change_status(uow, held, Status.RESOLVED),
            lambda: trash.delete_ticket(uow, held),
            lambda: commenting.add_comment(uow, held, "x", internal=True),
        ):
            with pytest.raises(Forbidden):
                attempt()
    with uow_for(cast.manager) as uow, pytest.raises(Invalid, match="assignee"):
        assigning.assign(uow, locking.lock_ticket(uow, ticket_id), cast.agent.id)
    with uow_for(cast.manager, writes=False) as uow:
        assert cast.agent.id not in {row.id for row in list_assignable_staff(uow)}
    with uow_for(cast.admin) as uow:
        assert permissions.reset_role_permissions(uow, Role.AGENT).permissions == AGENT_PERMISSIONS
    assert again(cast.agent).permissions == set(AGENT_PERMISSIONS)


def test_who_does_not_see_all_tickets_is_no_staff(
    uow_for: UowFor, cast: Cast, again: Again, file_ticket: FileTicket
) -> None:
    theirs = file_ticket()
    with uow_for(cast.agent) as uow:
        commenting.add_comment(uow, locking.lock_ticket(uow, theirs), "Hm", internal=True)
    with uow_for(cast.admin) as uow:
        permissions.set_role_permissions(uow, Role.AGENT, USER_PERMISSIONS)
    bare = again(cast.agent)
    assert not bare.is_staff
    mine = file_ticket(bare)
    with uow_for(bare) as uow:
        assert [row.id for row in ticket_list.page(uow, TicketQuery(), PageRequest()).rows] == [
            mine
        ]
        with pytest.raises(NotFound):
            locking.lock_ticket(uow, theirs)
        with pytest.raises(Forbidden):
            commenting.add_comment(uow, locking.lock_ticket(uow, mine), "x", internal=True)
        with pytest.raises(NotFound):
            accounts.get_account(uow, cast.owner.id)
        with pytest.raises(Forbidden):
            accounts.list_accounts(uow, accounts.AccountQuery(), PageRequest())


def test_people_without_permission_see_no_tickets(
    uow_for: UowFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    blind = replace(cast.owner, scopes=frozenset({"create_tickets", "comment_tickets"}))
    with uow_for(blind) as uow:
        assert not ticket_list.page(uow, TicketQuery(), PageRequest()).rows
        assert ticket_list.count_tickets(uow, TicketQuery()) == 0
        assert ticket_list.count_own_by_status(uow) == {}
        assert statistics.read_statistics(uow).total == 0
        with pytest.raises(NotFound):
            ticket_lookup.read_ticket(uow, ticket_id)
        with pytest.raises(NotFound):
            locking.lock_ticket(uow, ticket_id)
        with pytest.raises(Forbidden):
            opening.open_ticket(uow, opening.TicketDraft("A lamp", "Dark"))
    blind = replace(cast.agent, scopes=frozenset({"work_tickets"}))
    with uow_for(blind) as uow, pytest.raises(NotFound):
        locking.lock_ticket(uow, ticket_id)


@pytest.mark.parametrize("who", ["owner", "agent", "manager"])
def test_only_who_looks_after_people_changes_sets(uow_for: UowFor, cast: Cast, who: str) -> None:
    with uow_for(getattr(cast, who)) as uow:
        with pytest.raises(Forbidden):
            permissions.set_role_permissions(uow, Role.USER, USER_PERMISSIONS)
        with pytest.raises(Forbidden):
            permissions.reset_role_permissions(uow, Role.USER)


def test_only_a_super_admin_changes_what_admins_may(
    uow_for: UowFor, cast: Cast, root: Actor
) -> None:
    less = [name for name in DEFAULT_ROLE_PERMISSIONS[Role.ADMIN] if name != "purge_tickets"]
    with uow_for(cast.admin) as uow, pytest.raises(Forbidden):
        permissions.set_role_permissions(uow, Role.ADMIN, less)
    with uow_for(root) as uow:
        assert permissions.set_role_permissions(uow, Role.ADMIN, less).permissions == tuple(less)


def test_super_admin_cannot_be_locked_out(uow_for: UowFor, root: Actor, again: Again) -> None:
    with uow_for(root) as uow:
        with pytest.raises(RuleViolation):
            permissions.set_role_permissions(uow, Role.SUPER_ADMIN, USER_PERMISSIONS)
        with pytest.raises(Forbidden):
            accounts.update_account(uow, root.id, {"permissions": list(USER_PERMISSIONS)})
        with pytest.raises(Forbidden):
            accounts.update_account(uow, root.id, {"role": Role.USER})
        with pytest.raises(Forbidden):
            accounts.update_account(uow, root.id, {"is_active": False})
        uow.connection.execute(
            person_table.update()
            .where(person_table.c.id == root.id)
            .values(permissions=["view_tickets"])
        )
    assert again(root).permissions == PERMISSION_DESCRIPTIONS.keys()


def test_nobody_grants_what_they_do_not_hold(uow_for: UowFor, cast: Cast, root: Actor) -> None:
    with uow_for(root) as uow:
        less = [name for name in DEFAULT_ROLE_PERMISSIONS[Role.ADMIN] if name != "view_reports"]
        accounts.update_account(uow, _id_of(uow, "adam"), {"permissions": less})
    with uow_for(None, writes=False) as uow:
        adam = build_actor_with_role_defaults(
            uow.connection.execute(
                select(person_table).where(person_table.c.username == "adam")
            ).one()
        )
    full = [*DEFAULT_ROLE_PERMISSIONS[Role.AGENT], "view_reports"]
    with uow_for(adam) as uow:
        for attempt in (
            lambda: permissions.set_role_permissions(uow, Role.AGENT, full),
            lambda: accounts.update_account(uow, cast.agent.id, {"permissions": full}),
            lambda: accounts.update_account(uow, cast.owner.id, {"role": Role.MANAGER}),
            lambda: accounts.create_account(
                uow, username="m2", email="m2@x.org", role=Role.MANAGER
            ),
            lambda: accounts.create_account(
                uow, username="a2", email="a2@x.org", own_permissions=full
            ),
        ):
            with pytest.raises(Forbidden, match="view_reports"):
                attempt()
        accounts.update_account(uow, cast.owner.id, {"role": Role.AGENT})
        kept = [name for name in DEFAULT_ROLE_PERMISSIONS[Role.MANAGER] if name != "delete_tickets"]
        assert (
            "view_reports" in permissions.set_role_permissions(uow, Role.MANAGER, kept).permissions
        )


def _id_of(uow: Any, username: str) -> int:
    return uow.connection.execute(
        select(person_table.c.id).where(person_table.c.username == username)
    ).scalar_one()


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (["view_tickets", "fly"], "unknown permissions: fly"),
        (["create_tickets"], "create_tickets without view_tickets"),
        (["view_tickets", "write_notes"], "without view_all_tickets"),
        ([*USER_PERMISSIONS, "\ud800"], "unknown permissions"),
    ],
)
def test_a_set_that_makes_no_sense_is_refused(
    uow_for: UowFor, cast: Cast, chosen: list[str], why: str
) -> None:
    with uow_for(cast.admin) as uow:
        with pytest.raises(Invalid, match=why):
            permissions.set_role_permissions(uow, Role.AGENT, chosen)
        with pytest.raises(Invalid, match=why):
            accounts.update_account(uow, cast.agent.id, {"permissions": chosen})


def test_ones_own_list_goes_before_the_roles(uow_for: UowFor, cast: Cast, again: Again) -> None:
    with uow_for(cast.admin) as uow:
        row = accounts.update_account(uow, cast.agent.id, {"permissions": ["view_tickets"]})
        assert accounts.get_permissions(row) == ("view_tickets",)
        permissions.set_role_permissions(uow, Role.AGENT, USER_PERMISSIONS)
    assert again(cast.agent).permissions == {"view_tickets"}
    with uow_for(cast.admin) as uow:
        accounts.update_account(uow, cast.agent.id, {"permissions": None})
    assert again(cast.agent).permissions == set(USER_PERMISSIONS)
    with uow_for(cast.admin) as uow:
        accounts.update_account(uow, cast.agent.id, {"permissions": []})
    assert again(cast.agent).permissions == frozenset()
    with uow_for(cast.admin) as uow:
        row = accounts.update_account(uow, cast.agent.id, {"role": Role.USER})
        assert (row.role, row.permissions) == ("user", None)
    assert again(cast.agent).permissions == set(DEFAULT_ROLE_PERMISSIONS[Role.USER])


def test_every_way_in_brings_the_set(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())
        tokens = issue_tokens(uow, proven, ClientInfo())
        assert tokens.permissions == set(AGENT_PERMISSIONS)
    with uow_for(cast.agent) as uow:
        api_token, _ = create_api_token(uow, "x")
    with uow_for(cast.admin) as uow:
        permissions.set_role_permissions(uow, Role.AGENT, USER_PERMISSIONS)
    with uow_for(None) as uow:
        found = authenticate_cookie(uow, cookie)
        assert found
        assert found.permissions == set(USER_PERMISSIONS)
        for token in (tokens.access_token, api_token):
            assert authenticate_bearer(uow, token).permissions == set(USER_PERMISSIONS)
        renewed = refresh_tokens(uow, tokens.refresh_token)
        assert renewed
        assert renewed.permissions == set(USER_PERMISSIONS)


def test_an_account_switched_off_is_out_everywhere(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        tokens = issue_tokens(uow, proven, ClientInfo())
        cookie = start_browser_session(uow, proven, ClientInfo())
    with uow_for(cast.agent) as uow:
        api_token, _ = create_api_token(uow, "x")
    for is_active in (False, True):
        with uow_for(cast.admin) as uow:
            row = accounts.update_account(uow, cast.agent.id, {"is_active": is_active})
            assert row.is_active is is_active
        with uow_for(None) as uow:
            assert authenticate_cookie(uow, cookie) is None
            for token in (tokens.access_token, api_token):
                with pytest.raises(Unauthenticated):
                    authenticate_bearer(uow, token)
        with pytest.raises(Unauthenticated), uow_for(None) as uow:
            refresh_tokens(uow, tokens.refresh_token)
    with uow_for(None, writes=False) as uow:
        assert verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        ended = uow.connection.execute(
            select(sign_in_table.c.end_reason).where(sign_in_table.c.person_id == cast.agent.id)
        )
        assert set(ended.scalars()) == {"account deactivated"}
        assert (
            uow.connection.execute(
                select(api_token_table.c.id).where(api_token_table.c.revoked_at.is_(None))
            ).first()
            is None
        )


def test_nobody_reaches_above_themselves(uow_for: UowFor, cast: Cast, root: Actor) -> None:
    with uow_for(root) as uow:
        adam_id = _id_of(uow, "adam")
    with uow_for(cast.admin) as uow:
        for person_id, changes in (
            (root.id, {"role": Role.USER}),
            (root.id, {"is_active": False}),
            (root.id, {"email": "mine@example.com"}),
            (adam_id, {"is_active": False}),
            (cast.agent.id, {"role": Role.ADMIN}),
            (cast.agent.id, {"role": Role.SUPER_ADMIN}),
        ):
            with pytest.raises(Forbidden):
                accounts.update_account(replace_role(uow, cast.admin), person_id, changes)
        for role in (Role.ADMIN, Role.SUPER_ADMIN):
            with pytest.raises(Forbidden):
                accounts.create_account(uow, username="up", email="up@example.com", role=role)


def replace_role(uow: Any, actor: Actor) -> Any:
    """A unit of work whose actor is an admin."""
    uow.actor = replace(
        actor, role=Role.ADMIN, permissions=frozenset(DEFAULT_ROLE_PERMISSIONS[Role.ADMIN])
    )
    return uow


def test_two_who_take_each_others_role_away_end_as_one(
    uow_for: UowFor, cast: Cast, root: Actor
) -> None:
    with uow_for(root) as uow:
        adam_id = _id_of(uow, "adam")
        accounts.update_account(uow, adam_id, {"role": Role.SUPER_ADMIN})
        adam = build_actor_with_role_defaults(
            uow.connection.execute(select(person_table).where(person_table.c.id == adam_id)).one()
        )
    both_in = Barrier(2, timeout=5)

    def take(actor: Actor, other: int) -> bool:
        both_in.wait()
        try:
            with uow_for(actor) as uow:
                accounts.update_account(uow, other, {"role": Role.USER})
        except Forbidden:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, (root, adam), (adam_id, root.id)))
    assert sorted(done) == [False, True]
    with uow_for(None, writes=False) as uow:
        roles = select(person_table.c.role).where(person_table.c.id.in_([root.id, adam_id]))
        assert sorted(uow.connection.execute(roles).scalars()) == ["super_admin", "user"]


def test_two_who_change_a_set_at_once_end_as_one(uow_for: UowFor, cast: Cast) -> None:
    both_in = Barrier(2, timeout=5)
    wishes = (AGENT_PERMISSIONS[:5], AGENT_PERMISSIONS[:6])

    def change(chosen: tuple[str, ...]) -> tuple[str, ...] | None:
        both_in.wait()
        try:
            with uow_for(cast.admin) as uow:
                return permissions.set_role_permissions(uow, Role.AGENT, chosen).permissions
        except Conflict:
            return None

    with ThreadPoolExecutor(2) as pool:
        done = {result for result in pool.map(change, wishes) if result}
    with uow_for(None, writes=False) as uow:
        assert permissions.get_role_permissions(uow, Role.AGENT).permissions in done


def test_a_refresh_token_sent_twice_at_once_works_once_and_ends_the_sign_in(
    uow_for: UowFor, cast: Cast
) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "agent", PASSWORD, ClientInfo())
        first = issue_tokens(uow, proven, ClientInfo())
    both_in = Barrier(2, timeout=5)

    def renew(_: int) -> str | None:
        both_in.wait()
        with uow_for(None) as uow:
            result = refresh_tokens(uow, first.refresh_token)
            return result.access_token if result else None

    with ThreadPoolExecutor(2) as pool:
        given = [access for access in pool.map(renew, range(2)) if access]
    assert len(given) == 1
    with uow_for(None, writes=False) as uow:
        for access in (first.access_token, *given):
            with pytest.raises(Unauthenticated):
                authenticate_bearer(uow, access)


def test_a_user_is_not_renamed_into_somebody_who_works_here(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        for first, last in (("Agnes", "Hale"), ("Аgnes", "Hаle"), ("agnes", "HALE")):
            with pytest.raises(Conflict):
                accounts.update_own_account(uow, {"first_name": first, "last_name": last})
        with pytest.raises(Invalid):
            accounts.update_own_account(uow, {"first_name": "<b>"})
        row = accounts.update_own_account(uow, {"first_name": "Olga"})
        assert (row.first_name, row.last_name, row.full_name) == ("Olga", "Ownby", "Olga Ownby")


@pytest.mark.parametrize(
    "result",
    [
        {"a b": 1},
        {"": 1},
        {"x" * 61: 1},
        {"theme": {"dark": True}},
        {"a": "\x00"},
        {"a": "x" * 9_000},
        {"a": [[[[[[[1]]]]]]]},
        {f"n{n}": 1 for n in range(51)},
    ],
)
def test_preferences_are_bounded(uow_for: UowFor, cast: Cast, result: dict[str, Any]) -> None:
    with uow_for(cast.owner) as uow, pytest.raises(Invalid):
        accounts.update_own_account(uow, {"preferences": result})


def test_preferences_are_added_and_forgotten(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.owner) as uow:
        accounts.update_own_account(
            uow, {"preferences": {"theme": "dark", "mail": {"daily": True}}}
        )
        row = accounts.update_own_account(uow, {"preferences": {"theme": None, "size": 2}})
        assert row.preferences == {"mail": {"daily": True}, "size": 2}


def _who_works(uow_for: UowFor, cast: Cast) -> tuple[set[int], set[int | None], set[int]]:
    """Return who is in the assign menu, in the report, and who can be assigned a ticket."""
    with uow_for(cast.admin) as uow:
        result = performance.get_performance_report(uow, parse_period("7d", uow.now)).agents
        everybody = uow.connection.execute(
            select(person_table, ROLE_PERMISSIONS_COLUMN).where(person_table.c.is_active)
        ).all()
        able = {row.id for row in everybody if can_work_tickets(row)}
        return (
            {row.id for row in list_assignable_staff(uow)},
            {one.id for one in result},
            able,
        )


def test_all_who_work_tickets_are_offered_and_reported_and_nobody_else(
    uow_for: UowFor, cast: Cast, root: Actor
) -> None:
    with uow_for(root, writes=False) as uow:
        adam = uow.connection.execute(
            select(person_table.c.id).where(person_table.c.username == "adam")
        ).scalar_one()
    usual = {cast.agent.id, cast.manager.id, root.id, adam}
    assert _who_works(uow_for, cast) == (usual, usual, usual)
    with uow_for(root) as uow:
        # The user has own permissions, the manager lacks one, and a super_admin has all.
        for person_id, own in (
            (cast.colleague.id, list(AGENT_PERMISSIONS)),
            (cast.manager.id, ["view_tickets", "view_all_tickets", "view_reports"]),
            (root.id, []),
            (cast.stranger.id, None),
        ):
            uow.session.get_one(Person, person_id).permissions = own
    by_list = usual - {cast.manager.id} | {cast.colleague.id}
    assert _who_works(uow_for, cast) == (by_list, by_list, by_list)
    with uow_for(root) as uow:
        permissions.set_role_permissions(uow, Role.AGENT, USER_PERMISSIONS)
        permissions.set_role_permissions(uow, Role.USER, AGENT_PERMISSIONS)
    by_set = by_list - {cast.agent.id} | {cast.owner.id, cast.stranger.id}
    assert _who_works(uow_for, cast) == (by_set, by_set, by_set)


def test_who_works_tickets_is_found_by_indexes(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.admin, writes=False) as uow:
        if not uow.is_sqlite:
            return
        asked = _SELECT_ASSIGNABLE_STAFF.params(staff_roles=["agent"], limit=9)
        shown = asked.compile(uow.connection).construct_expanded_state()
        values = tuple(shown.positional_parameters)
        found = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {shown.statement}", values)
        plan = " ".join(row[-1] for row in found)
    few = "SCAN person USING INDEX ix_person_own_permissions"
    assert few in plan
    assert "ix_person_role_name" in plan
    assert "SCAN person" not in plan.replace(few, "")


def test_the_roles_that_may_be_asked_for_approval_go_by_what_they_may(
    uow_for: UowFor, cast: Cast, root: Actor
) -> None:
    def refused(uow: UnitOfWork) -> set[Role]:
        found = set()
        for role in Role:
            try:
                approvers.validate_approvers(uow, "approvers", ApproverSelection(roles=(role,)))
            except Invalid:
                found.add(role)
        return found

    with uow_for(root) as uow:
        assert refused(uow) == {Role.USER}
        permissions.set_role_permissions(uow, Role.MANAGER, AGENT_PERMISSIONS)
        permissions.set_role_permissions(uow, Role.AGENT, USER_PERMISSIONS)
        permissions.set_role_permissions(uow, Role.USER, AGENT_PERMISSIONS)
        assert refused(uow) == {Role.AGENT, Role.MANAGER}
        # An approval policy by role asks exactly the people who can be named.
        asked = approvers.find_approvers(
            uow, ApproverSelection(roles=tuple(Role)), department_id=None
        )
        assert {Role(person.role) for person in asked} == set(Role) - {Role.AGENT, Role.MANAGER}
