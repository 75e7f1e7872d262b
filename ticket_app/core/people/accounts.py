"""Accounts: everybody who can come in, as staff lists them and administrators change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import select as select_rows

from ticket_app.core.people import permissions, profiles, sign_in
from ticket_app.core.people.customers import matching
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    RuleBroken,
    does_not_exist,
)
from ticket_app.core.platform.logs import auth_log
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.tables import Person, department_table, person_table

COLUMNS = (
    person_table.c.id,
    person_table.c.uuid,
    person_table.c.username,
    person_table.c.email,
    person_table.c.first_name,
    person_table.c.last_name,
    person_table.c.full_name,
    person_table.c.role,
    person_table.c.department_id,
    person_table.c.is_active,
    person_table.c.last_login_at,
    person_table.c.created_at,
    person_table.c.preferences,
    person_table.c.permissions,
    profiles.ROLE_PERMISSIONS,
)
"""What is told of a person; never what they come in with."""

_ONE = select(*COLUMNS).where(person_table.c.id == bindparam("person_id"))
_DEPARTMENT = select(department_table.c.id).where(
    department_table.c.id == bindparam("department_id")
)


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """Which accounts are wanted: those in which every word stands somewhere, of these roles..."""

    words: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    department_id: int | None = None
    is_active: bool | None = None


def _knows_people(desk: Desk) -> bool:
    return desk.actor.is_staff or desk.actor.may("manage_people")


def page(desk: Desk, query: AccountQuery, part: Slice) -> tuple[Page, int]:
    """Accounts by id, a part of them, and how many there are. For staff: raises `Forbidden`."""
    if not _knows_people(desk):
        raise Forbidden("You are not allowed to look through the address book")
    wanted: list[Any] = []
    if query.words.strip():
        wanted.append(
            matching(
                query.words,
                person_table.c.full_name,
                person_table.c.username_folded,
                person_table.c.email_folded,
            )
        )
    if query.roles:
        wanted.append(person_table.c.role.in_(sorted(query.roles)))
    if query.department_id is not None:
        wanted.append(person_table.c.department_id == query.department_id)
    if query.is_active is not None:
        wanted.append(person_table.c.is_active.is_(query.is_active))
    limit = max(1, min(part.limit, LONGEST_PAGE))
    statement = select(*COLUMNS).where(*wanted).order_by(person_table.c.id).limit(limit)
    rows = desk.db.execute(statement.offset(max(0, part.offset))).all()
    total = desk.db.execute(
        select(func.count()).select_from(person_table).where(*wanted)
    ).scalar_one()
    return Page(rows, part.offset + len(rows) < total), total


def find(desk: Desk, person_id: int) -> Any:
    """One account, with `COLUMNS`; who is no staff finds their own only. Raises `NotFound`."""
    row = None
    if _knows_people(desk) or person_id == desk.actor.id:
        row = desk.db.execute(_ONE, {"person_id": person_id}).first()
    if row is None:
        raise NotFound("User")
    return row


def held(row: Any) -> tuple[str, ...]:
    """What an account may, in order."""
    return permissions.in_order(
        profiles.granted(Role(row.role), row.permissions, row.role_permissions)
    )


def add(
    desk: Desk,
    *,
    username: str,
    email: str,
    password: str | None = None,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
    department_id: int | None = None,
    own: Sequence[str] | None = None,
) -> Any:
    """Make an account; without a password nobody comes in by it yet. Returns its row.

    Raises `Forbidden` (a role not below one's own, or more than one holds), `Invalid`, `Conflict`.
    """
    desk.actor.must("manage_people", "make accounts")
    permissions.check_rank(desk, role, "make accounts")
    chosen = _own_list(desk, role, own, before=())
    permissions.check_grant(
        desk, permissions.of_role(desk, role).permissions if chosen is None else chosen, ()
    )
    _check_department(desk, department_id)
    with _no_collision():
        made = profiles.add_person(
            desk,
            username=username,
            email=email,
            password=password,
            first_name=first_name,
            last_name=last_name,
            role=role,
            department_id=department_id,
            permissions=chosen,
        )
    assert made.id is not None
    auth_log().info("account_made", by=desk.actor.username, person=made.username, role=str(role))
    return find(desk, made.id)


STEPS = ("first_name", "last_name", "email", "department_id", "role", "permissions", "is_active")
"""What can be changed of an account."""
OF_RANK = frozenset({"role", "permissions", "is_active"})
"""What nobody changes of their own."""


def change(desk: Desk, person_id: int, changes: Mapping[str, Any]) -> Any:
    """Change an account (names of `STEPS`), all of it or nothing. Returns its row.

    Another role takes a list of one's own away, unless a new one is told. Who is switched off is
    out at once, wherever they were signed in, and has to sign in anew when they may again.
    Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict`, `RuleBroken`.
    """
    before = find(desk, person_id)
    desk.actor.must("manage_people", "change accounts")
    person = _hold(desk, person_id)
    was = Role(person.role)
    if person_id == desk.actor.id and changes.keys() & OF_RANK:
        raise Forbidden("Nobody changes what they themselves may")
    if person_id != desk.actor.id:
        permissions.check_rank(desk, was, "change people")
    if changes.keys() & {"first_name", "last_name"}:
        profiles.rename(
            desk,
            person,
            changes.get("first_name", person.first_name),
            changes.get("last_name", person.last_name),
        )
    if "email" in changes:
        profiles.readdress(desk, person, changes["email"])
    if "department_id" in changes:
        _check_department(desk, changes["department_id"])
        person.department_id = changes["department_id"]
    if changes.keys() & {"role", "permissions"}:
        _change_rank(desk, person, held(before), changes)
    if "is_active" in changes and changes["is_active"] != person.is_active:
        person.is_active = changes["is_active"]
        if not person.is_active:
            sign_in.end_all(desk, person_id, "account switched off")
    with _no_collision():
        desk.settle()
    told = {name: changes[name] for name in OF_RANK & changes.keys()}
    auth_log().info("account_changed", by=desk.actor.username, person=person.username, **told)
    return find(desk, person_id)


def _change_rank(
    desk: Desk, person: Person, before: Sequence[str], changes: Mapping[str, Any]
) -> None:
    was = Role(person.role)
    role = Role(changes.get("role", was))
    permissions.check_rank(desk, role, "make people")
    if "permissions" in changes or role is not was:
        own = _own_list(desk, role, changes.get("permissions"), before=before)
        now = permissions.of_role(desk, role).permissions if own is None else own
        permissions.check_grant(desk, now, before)
        person.permissions = own
    person.role = role


def _own_list(
    desk: Desk, role: Role, own: Sequence[str] | None, *, before: Sequence[str]
) -> list[str] | None:
    if own is None:
        return None
    if role is Role.SUPER_ADMIN:
        raise RuleBroken("A super_admin may everything: there is no list for one of them")
    chosen = permissions.checked(own)
    permissions.check_grant(desk, chosen, before)
    return list(chosen)


def _hold(desk: Desk, person_id: int) -> Person:
    """The person, locked together with the actor, who must still be who they were.

    Two who take each other's role away at once end as one of them having done it.
    """
    both = sorted({person_id, desk.actor.id})
    statement = (
        select_rows(Person)
        .where(person_table.c.id.in_(both))
        .order_by(person_table.c.id)
        .with_for_update()
    )
    rows = {row.id: row for row in desk.session.exec(statement)}
    actor, person = rows.get(desk.actor.id), rows.get(person_id)
    if person is None:
        raise NotFound("User")
    if actor is None or not actor.is_active or actor.role != desk.actor.role:
        raise Forbidden("Your own role was changed meanwhile")
    return person


@contextmanager
def _no_collision() -> Iterator[None]:
    """A department that went, or a name that was taken, between the look and the leap."""
    try:
        yield
    except Collision:
        raise Conflict("Somebody else changed this at the same time; try again") from None


def _check_department(desk: Desk, department_id: int | None) -> None:
    if department_id is None:
        return
    if desk.db.execute(_DEPARTMENT, {"department_id": department_id}).first() is None:
        raise Invalid("department_id", does_not_exist(department_id))


def change_mine(desk: Desk, changes: Mapping[str, Any]) -> Any:
    """Change one's own names and preferences. Returns the row. Raises `Invalid`, `Conflict`."""
    person = profiles.myself(desk)
    if changes.keys() & {"first_name", "last_name"}:
        profiles.rename(
            desk,
            person,
            changes.get("first_name", person.first_name),
            changes.get("last_name", person.last_name),
        )
    if "preferences" in changes:
        profiles.prefer(desk, changes["preferences"])
    desk.settle()
    return find(desk, desk.actor.id)
