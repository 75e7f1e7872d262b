"""What a role may, what one person may, and who changes it."""

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
from tests.cast import PASSWORD, Cast, DeskFor
from tests.core.conftest import FileTicket
from ticket_app.core.approvals import approvers
from ticket_app.core.approvals.approvers import Approvers
from ticket_app.core.conversation import commenting
from ticket_app.core.people import accounts, permissions, profiles, sign_in
from ticket_app.core.platform.actor import (
    AGENT_MAY,
    PERMISSION,
    PERMISSIONS,
    RESTS_ON,
    USER_MAY,
    Actor,
)
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RuleBroken,
    Unauthenticated,
)
from ticket_app.core.platform.paging import Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role, Status
from ticket_app.core.reports import performance
from ticket_app.core.reports.periods import span_of
from ticket_app.core.tickets import statistics, ticket_list, tickets
from ticket_app.core.tickets.ticket_list import TicketQuery
from ticket_app.tables import Person, api_token_table, person_table, sign_in_table

Again = Callable[[Actor], Actor]


@pytest.fixture
def again(desk_for: DeskFor) -> Again:
    """Who somebody is when they come with a token of theirs now."""

    def come(actor: Actor) -> Actor:
        with desk_for(actor) as desk:
            token, _ = sign_in.make_api_token(desk, "again")
        with desk_for(None, writes=False) as desk:
            return sign_in.by_api_token(desk, token)

    return come


@pytest.fixture
def root(desk_for: DeskFor, cast: Cast) -> Actor:
    """A super_admin."""
    with desk_for(cast.admin) as desk:
        desk.db.execute(
            person_table.update()
            .where(person_table.c.id == cast.admin.id)
            .values(role="super_admin")
        )
        person = profiles.add_person(
            desk, username="adam", email="adam@example.com", password=None, role=Role.ADMIN
        )
        assert person.id
        desk.settle()
        row = desk.db.execute(
            select(person_table, profiles.ROLE_PERMISSIONS).where(
                person_table.c.id == cast.admin.id
            )
        ).one()
        return profiles.actor_of(row)


def literals() -> Iterator[str]:
    """Every permission that is named where one is asked for."""
    for path in Path(ticket_app.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node, "func", None)
            if isinstance(called, ast.Attribute) and called.attr in ("may", "must"):
                name = next(iter(getattr(node, "args", ())), None)
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value


def test_every_permission_is_known_and_makes_sense() -> None:
    assert set(literals()) <= PERMISSION.keys()
    assert set(RESTS_ON) | set(RESTS_ON.values()) <= PERMISSION.keys()
    for names in PERMISSIONS.values():
        assert permissions.checked(names) == names == permissions.in_order(names)
    assert set(PERMISSIONS[Role.SUPER_ADMIN]) == PERMISSION.keys()


def test_a_set_takes_the_place_of_what_a_role_usually_may(
    desk_for: DeskFor, cast: Cast, again: Again, file_ticket: FileTicket
) -> None:
    chosen = [*USER_MAY, "view_all_tickets"]
    with desk_for(cast.admin) as desk:
        found = permissions.change_role_set(desk, Role.AGENT, chosen)
        assert found.permissions == tuple(chosen)
        sets = {one.role: one for one in permissions.role_sets(desk)}
        assert sets[Role.AGENT] == found
        assert sets[Role.MANAGER].changed_at is None
    ticket_id = file_ticket()
    narrow = again(cast.agent)
    assert narrow.permissions == set(chosen)
    with desk_for(narrow) as desk:
        held = tickets.hold(desk, ticket_id)
        for attempt in (
            lambda: tickets.change_status(desk, held, Status.RESOLVED),
            lambda: tickets.delete_ticket(desk, held),
            lambda: commenting.comment(desk, held, "x", internal=True),
        ):
            with pytest.raises(Forbidden):
                attempt()
    with desk_for(cast.manager) as desk, pytest.raises(Invalid, match="assignee"):
        tickets.assign(desk, tickets.hold(desk, ticket_id), cast.agent.id)
    with desk_for(cast.manager, writes=False) as desk:
        assert cast.agent.id not in {row.id for row in profiles.staff(desk)}
    with desk_for(cast.admin) as desk:
        assert permissions.reset_role_set(desk, Role.AGENT).permissions == AGENT_MAY
    assert again(cast.agent).permissions == set(AGENT_MAY)


def test_who_does_not_see_all_tickets_is_no_staff(
    desk_for: DeskFor, cast: Cast, again: Again, file_ticket: FileTicket
) -> None:
    theirs = file_ticket()
    with desk_for(cast.agent) as desk:
        commenting.comment(desk, tickets.hold(desk, theirs), "Hm", internal=True)
    with desk_for(cast.admin) as desk:
        permissions.change_role_set(desk, Role.AGENT, USER_MAY)
    bare = again(cast.agent)
    assert not bare.is_staff
    mine = file_ticket(bare)
    with desk_for(bare) as desk:
        assert [row.id for row in ticket_list.page(desk, TicketQuery(), Slice()).rows] == [mine]
        with pytest.raises(NotFound):
            tickets.hold(desk, theirs)
        with pytest.raises(Forbidden):
            commenting.comment(desk, tickets.hold(desk, mine), "x", internal=True)
        with pytest.raises(NotFound):
            accounts.find(desk, cast.owner.id)
        with pytest.raises(Forbidden):
            accounts.page(desk, accounts.AccountQuery(), Slice())


def test_who_may_not_see_tickets_sees_none(
    desk_for: DeskFor, cast: Cast, file_ticket: FileTicket
) -> None:
    ticket_id = file_ticket()
    blind = replace(cast.owner, scopes=frozenset({"create_tickets", "comment_tickets"}))
    with desk_for(blind) as desk:
        assert not ticket_list.page(desk, TicketQuery(), Slice()).rows
        assert ticket_list.count(desk, TicketQuery()) == 0
        assert ticket_list.count_mine_by_status(desk) == {}
        assert statistics.figures(desk).total == 0
        with pytest.raises(NotFound):
            ticket_list.read(desk, ticket_id)
        with pytest.raises(NotFound):
            tickets.hold(desk, ticket_id)
        with pytest.raises(Forbidden):
            tickets.open_ticket(desk, tickets.TicketDraft("A lamp", "Dark"))
    blind = replace(cast.agent, scopes=frozenset({"work_tickets"}))
    with desk_for(blind) as desk, pytest.raises(NotFound):
        tickets.hold(desk, ticket_id)


@pytest.mark.parametrize("who", ["owner", "agent", "manager"])
def test_only_who_looks_after_people_changes_sets(desk_for: DeskFor, cast: Cast, who: str) -> None:
    with desk_for(getattr(cast, who)) as desk:
        with pytest.raises(Forbidden):
            permissions.change_role_set(desk, Role.USER, USER_MAY)
        with pytest.raises(Forbidden):
            permissions.reset_role_set(desk, Role.USER)


def test_only_a_super_admin_changes_what_admins_may(
    desk_for: DeskFor, cast: Cast, root: Actor
) -> None:
    less = [name for name in PERMISSIONS[Role.ADMIN] if name != "purge_tickets"]
    with desk_for(cast.admin) as desk, pytest.raises(Forbidden):
        permissions.change_role_set(desk, Role.ADMIN, less)
    with desk_for(root) as desk:
        assert permissions.change_role_set(desk, Role.ADMIN, less).permissions == tuple(less)


def test_nobody_is_locked_out_of_the_desk(desk_for: DeskFor, root: Actor, again: Again) -> None:
    with desk_for(root) as desk:
        with pytest.raises(RuleBroken):
            permissions.change_role_set(desk, Role.SUPER_ADMIN, USER_MAY)
        with pytest.raises(Forbidden):
            accounts.change(desk, root.id, {"permissions": list(USER_MAY)})
        with pytest.raises(Forbidden):
            accounts.change(desk, root.id, {"role": Role.USER})
        with pytest.raises(Forbidden):
            accounts.change(desk, root.id, {"is_active": False})
        desk.db.execute(
            person_table.update()
            .where(person_table.c.id == root.id)
            .values(permissions=["view_tickets"])
        )
    assert again(root).permissions == PERMISSION.keys()


def test_nobody_grants_what_they_do_not_hold(desk_for: DeskFor, cast: Cast, root: Actor) -> None:
    with desk_for(root) as desk:
        less = [name for name in PERMISSIONS[Role.ADMIN] if name != "view_reports"]
        accounts.change(desk, _id_of(desk, "adam"), {"permissions": less})
    with desk_for(None, writes=False) as desk:
        adam = profiles.actor_of(
            desk.db.execute(select(person_table).where(person_table.c.username == "adam")).one()
        )
    full = [*PERMISSIONS[Role.AGENT], "view_reports"]
    with desk_for(adam) as desk:
        for attempt in (
            lambda: permissions.change_role_set(desk, Role.AGENT, full),
            lambda: accounts.change(desk, cast.agent.id, {"permissions": full}),
            lambda: accounts.change(desk, cast.owner.id, {"role": Role.MANAGER}),
            lambda: accounts.add(desk, username="m2", email="m2@x.org", role=Role.MANAGER),
            lambda: accounts.add(desk, username="a2", email="a2@x.org", own=full),
        ):
            with pytest.raises(Forbidden, match="view_reports"):
                attempt()
        accounts.change(desk, cast.owner.id, {"role": Role.AGENT})
        kept = [name for name in PERMISSIONS[Role.MANAGER] if name != "delete_tickets"]
        assert "view_reports" in permissions.change_role_set(desk, Role.MANAGER, kept).permissions


def _id_of(desk: Any, username: str) -> int:
    return desk.db.execute(
        select(person_table.c.id).where(person_table.c.username == username)
    ).scalar_one()


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        (["view_tickets", "fly"], "unknown permissions: fly"),
        (["create_tickets"], "create_tickets without view_tickets"),
        (["view_tickets", "write_notes"], "without view_all_tickets"),
        ([*USER_MAY, "\ud800"], "unknown permissions"),
    ],
)
def test_a_set_that_makes_no_sense_is_refused(
    desk_for: DeskFor, cast: Cast, chosen: list[str], why: str
) -> None:
    with desk_for(cast.admin) as desk:
        with pytest.raises(Invalid, match=why):
            permissions.change_role_set(desk, Role.AGENT, chosen)
        with pytest.raises(Invalid, match=why):
            accounts.change(desk, cast.agent.id, {"permissions": chosen})


def test_ones_own_list_goes_before_the_roles(desk_for: DeskFor, cast: Cast, again: Again) -> None:
    with desk_for(cast.admin) as desk:
        row = accounts.change(desk, cast.agent.id, {"permissions": ["view_tickets"]})
        assert accounts.held(row) == ("view_tickets",)
        permissions.change_role_set(desk, Role.AGENT, USER_MAY)
    assert again(cast.agent).permissions == {"view_tickets"}
    with desk_for(cast.admin) as desk:
        accounts.change(desk, cast.agent.id, {"permissions": None})
    assert again(cast.agent).permissions == set(USER_MAY)
    with desk_for(cast.admin) as desk:
        accounts.change(desk, cast.agent.id, {"permissions": []})
    assert again(cast.agent).permissions == frozenset()
    with desk_for(cast.admin) as desk:
        row = accounts.change(desk, cast.agent.id, {"role": Role.USER})
        assert (row.role, row.permissions) == ("user", None)
    assert again(cast.agent).permissions == set(PERMISSIONS[Role.USER])


def test_every_way_in_brings_the_set(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "agent", PASSWORD, sign_in.Caller())
        cookie = sign_in.sign_in_browser(desk, proven, sign_in.Caller())
        tokens = sign_in.sign_in_program(desk, proven, sign_in.Caller())
        assert tokens.permissions == set(AGENT_MAY)
    with desk_for(cast.agent) as desk:
        api_token, _ = sign_in.make_api_token(desk, "x")
    with desk_for(cast.admin) as desk:
        permissions.change_role_set(desk, Role.AGENT, USER_MAY)
    with desk_for(None) as desk:
        found = sign_in.by_cookie(desk, cookie)
        assert found
        assert found.permissions == set(USER_MAY)
        for token in (tokens.access, api_token):
            assert sign_in.by_bearer(desk, token).permissions == set(USER_MAY)
        renewed = sign_in.refresh(desk, tokens.refresh)
        assert renewed
        assert renewed.permissions == set(USER_MAY)


def test_an_account_switched_off_is_out_everywhere(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "agent", PASSWORD, sign_in.Caller())
        tokens = sign_in.sign_in_program(desk, proven, sign_in.Caller())
        cookie = sign_in.sign_in_browser(desk, proven, sign_in.Caller())
    with desk_for(cast.agent) as desk:
        api_token, _ = sign_in.make_api_token(desk, "x")
    for is_active in (False, True):
        with desk_for(cast.admin) as desk:
            row = accounts.change(desk, cast.agent.id, {"is_active": is_active})
            assert row.is_active is is_active
        with desk_for(None) as desk:
            assert sign_in.by_cookie(desk, cookie) is None
            for token in (tokens.access, api_token):
                with pytest.raises(Unauthenticated):
                    sign_in.by_bearer(desk, token)
        with pytest.raises(Unauthenticated), desk_for(None) as desk:
            sign_in.refresh(desk, tokens.refresh)
    with desk_for(None, writes=False) as desk:
        assert sign_in.check_credentials(desk, "agent", PASSWORD, sign_in.Caller())
        ended = desk.db.execute(
            select(sign_in_table.c.ended_why).where(sign_in_table.c.person_id == cast.agent.id)
        )
        assert set(ended.scalars()) == {"account switched off"}
        assert (
            desk.db.execute(
                select(api_token_table.c.id).where(api_token_table.c.revoked_at.is_(None))
            ).first()
            is None
        )


def test_nobody_reaches_above_themselves(desk_for: DeskFor, cast: Cast, root: Actor) -> None:
    with desk_for(root) as desk:
        adam_id = _id_of(desk, "adam")
    with desk_for(cast.admin) as desk:
        for person_id, changes in (
            (root.id, {"role": Role.USER}),
            (root.id, {"is_active": False}),
            (root.id, {"email": "mine@example.com"}),
            (adam_id, {"is_active": False}),
            (cast.agent.id, {"role": Role.ADMIN}),
            (cast.agent.id, {"role": Role.SUPER_ADMIN}),
        ):
            with pytest.raises(Forbidden):
                accounts.change(replace_role(desk, cast.admin), person_id, changes)
        for role in (Role.ADMIN, Role.SUPER_ADMIN):
            with pytest.raises(Forbidden):
                accounts.add(desk, username="up", email="up@example.com", role=role)


def replace_role(desk: Any, actor: Actor) -> Any:
    """The desk, with an actor who is an admin."""
    desk.actor = replace(actor, role=Role.ADMIN, permissions=frozenset(PERMISSIONS[Role.ADMIN]))
    return desk


def test_two_who_take_each_others_role_away_end_as_one(
    desk_for: DeskFor, cast: Cast, root: Actor
) -> None:
    with desk_for(root) as desk:
        adam_id = _id_of(desk, "adam")
        accounts.change(desk, adam_id, {"role": Role.SUPER_ADMIN})
        adam = profiles.actor_of(
            desk.db.execute(select(person_table).where(person_table.c.id == adam_id)).one()
        )
    both_in = Barrier(2, timeout=5)

    def take(actor: Actor, other: int) -> bool:
        both_in.wait()
        try:
            with desk_for(actor) as desk:
                accounts.change(desk, other, {"role": Role.USER})
        except Forbidden:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(take, (root, adam), (adam_id, root.id)))
    assert sorted(done) == [False, True]
    with desk_for(None, writes=False) as desk:
        roles = select(person_table.c.role).where(person_table.c.id.in_([root.id, adam_id]))
        assert sorted(desk.db.execute(roles).scalars()) == ["super_admin", "user"]


def test_two_who_change_a_set_at_once_end_as_one(desk_for: DeskFor, cast: Cast) -> None:
    both_in = Barrier(2, timeout=5)
    wishes = (AGENT_MAY[:5], AGENT_MAY[:6])

    def change(chosen: tuple[str, ...]) -> tuple[str, ...] | None:
        both_in.wait()
        try:
            with desk_for(cast.admin) as desk:
                return permissions.change_role_set(desk, Role.AGENT, chosen).permissions
        except Conflict:
            return None

    with ThreadPoolExecutor(2) as pool:
        done = {told for told in pool.map(change, wishes) if told}
    with desk_for(None, writes=False) as desk:
        assert permissions.of_role(desk, Role.AGENT).permissions in done


def test_a_refresh_token_sent_twice_at_once_works_once_and_ends_the_sign_in(
    desk_for: DeskFor, cast: Cast
) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "agent", PASSWORD, sign_in.Caller())
        first = sign_in.sign_in_program(desk, proven, sign_in.Caller())
    both_in = Barrier(2, timeout=5)

    def renew(_: int) -> str | None:
        both_in.wait()
        with desk_for(None) as desk:
            told = sign_in.refresh(desk, first.refresh)
            return told.access if told else None

    with ThreadPoolExecutor(2) as pool:
        given = [access for access in pool.map(renew, range(2)) if access]
    assert len(given) == 1
    with desk_for(None, writes=False) as desk:
        for access in (first.access, *given):
            with pytest.raises(Unauthenticated):
                sign_in.by_bearer(desk, access)


def test_a_user_is_not_renamed_into_somebody_who_works_here(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        for first, last in (("Agnes", "Hale"), ("Аgnes", "Hаle"), ("agnes", "HALE")):
            with pytest.raises(Conflict):
                accounts.change_mine(desk, {"first_name": first, "last_name": last})
        with pytest.raises(Invalid):
            accounts.change_mine(desk, {"first_name": "<b>"})
        row = accounts.change_mine(desk, {"first_name": "Olga"})
        assert (row.first_name, row.last_name, row.full_name) == ("Olga", "Ownby", "Olga Ownby")


@pytest.mark.parametrize(
    "told",
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
def test_preferences_are_bounded(desk_for: DeskFor, cast: Cast, told: dict[str, Any]) -> None:
    with desk_for(cast.owner) as desk, pytest.raises(Invalid):
        accounts.change_mine(desk, {"preferences": told})


def test_preferences_are_added_and_forgotten(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.owner) as desk:
        accounts.change_mine(desk, {"preferences": {"theme": "dark", "mail": {"daily": True}}})
        row = accounts.change_mine(desk, {"preferences": {"theme": None, "size": 2}})
        assert row.preferences == {"mail": {"daily": True}, "size": 2}


def _who_works(desk_for: DeskFor, cast: Cast) -> tuple[set[int], set[int | None], set[int]]:
    """Those in the assign menus, in the report of the span, and whom a ticket can be given to."""
    with desk_for(cast.admin) as desk:
        told = performance.performance(desk, span_of("7d", desk.now)).agents
        everybody = desk.db.execute(
            select(person_table, profiles.ROLE_PERMISSIONS).where(person_table.c.is_active)
        ).all()
        able = {row.id for row in everybody if profiles.works(row)}
        return {row.id for row in profiles.staff(desk)}, {one.id for one in told}, able


def test_all_who_work_tickets_are_offered_and_reported_and_nobody_else(
    desk_for: DeskFor, cast: Cast, root: Actor
) -> None:
    with desk_for(root, writes=False) as desk:
        adam = desk.db.execute(
            select(person_table.c.id).where(person_table.c.username == "adam")
        ).scalar_one()
    usual = {cast.agent.id, cast.manager.id, root.id, adam}
    assert _who_works(desk_for, cast) == (usual, usual, usual)
    with desk_for(root) as desk:
        # A user may, by a list of their own; a manager may not, and a super_admin always may.
        for person_id, own in (
            (cast.colleague.id, list(AGENT_MAY)),
            (cast.manager.id, ["view_tickets", "view_all_tickets", "view_reports"]),
            (root.id, []),
            (cast.stranger.id, None),
        ):
            desk.session.get_one(Person, person_id).permissions = own
    by_list = usual - {cast.manager.id} | {cast.colleague.id}
    assert _who_works(desk_for, cast) == (by_list, by_list, by_list)
    with desk_for(root) as desk:
        permissions.change_role_set(desk, Role.AGENT, USER_MAY)
        permissions.change_role_set(desk, Role.USER, AGENT_MAY)
    by_set = by_list - {cast.agent.id} | {cast.owner.id, cast.stranger.id}
    assert _who_works(desk_for, cast) == (by_set, by_set, by_set)


def test_who_works_tickets_is_found_by_indexes(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.admin, writes=False) as desk:
        if not desk.is_sqlite:
            return
        asked = profiles._STAFF.params(working_roles=["agent"], most=9)
        shown = asked.compile(desk.db).construct_expanded_state()
        values = tuple(shown.positional_parameters)
        found = desk.db.exec_driver_sql(f"EXPLAIN QUERY PLAN {shown.statement}", values)
        plan = " ".join(row[-1] for row in found)
    few = "SCAN person USING INDEX ix_person_own_permissions"
    assert few in plan
    assert "ix_person_role_name" in plan
    assert "SCAN person" not in plan.replace(few, "")


def test_the_roles_that_may_be_asked_for_approval_go_by_what_they_may(
    desk_for: DeskFor, cast: Cast, root: Actor
) -> None:
    def refused(desk: Desk) -> set[Role]:
        found = set()
        for role in Role:
            try:
                approvers.check(desk, "approvers", Approvers(roles=(role,)))
            except Invalid:
                found.add(role)
        return found

    with desk_for(root) as desk:
        assert refused(desk) == {Role.USER}
        permissions.change_role_set(desk, Role.MANAGER, AGENT_MAY)
        permissions.change_role_set(desk, Role.AGENT, USER_MAY)
        permissions.change_role_set(desk, Role.USER, AGENT_MAY)
        assert refused(desk) == {Role.AGENT, Role.MANAGER}
        # Whom a policy can name by role is who is then asked.
        asked = approvers.find(desk, Approvers(roles=tuple(Role)), department_id=None)
        assert {Role(person.role) for person in asked} == set(Role) - {Role.AGENT, Role.MANAGER}
