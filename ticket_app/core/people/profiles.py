"""People: who they are, how they come in, and whose name nobody else may look like."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Text, bindparam, cast, func, literal_column, or_, select, union_all
from sqlmodel import select as select_rows

from ticket_app.core.people import passwords
from ticket_app.core.platform import action_limits, secrets, text
from ticket_app.core.platform.actor import PERMISSIONS, Actor
from ticket_app.core.platform.email_addresses import MAX_EMAIL_LENGTH, is_email_address
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, Reason
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.search import search_index
from ticket_app.settings import settings
from ticket_app.tables import Person, permission_set_table, person_table

NEWCOMERS_LOCK = 7_214_002
"""The advisory lock under which people are made known (PostgreSQL)."""
_USERNAME = re.compile(r"[\w.@+-]{2,150}")
EMAIL = Reason("must be an e-mail address", "email")
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝмтквнзοαερικντυχβηζ01|$@!35iӏ",
    "aeopcyxljsdhqwmtkbh3oaeplkvtuxbnzollsalesll",
)


def skeleton(name: str) -> str:
    """What a name looks like at a glance: names with the same skeleton are easily confused."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", "", plain.translate(_LOOKALIKES)).replace("rn", "m").replace("vv", "w")


ROLE_PERMISSIONS: Any = (
    select(permission_set_table.c.permissions)
    .where(permission_set_table.c.role == person_table.c.role)
    .correlate(person_table)
    .scalar_subquery()
    .label("role_permissions")
)
"""What the role of a selected person may here, where that is not the usual: one row by its key."""


_OF_ROLE = select(permission_set_table.c.permissions).where(
    permission_set_table.c.role == bindparam("role")
)


def granted(role: Role, own: Sequence[str] | None, of_role: Sequence[str] | None) -> frozenset[str]:
    """What somebody of a role may: what is their own, else what is the role's here, else the usual.

    A super_admin may everything, whatever is kept: nobody can be locked out of the desk.
    """
    if role is Role.SUPER_ADMIN:
        return frozenset(PERMISSIONS[role])
    kept = own if own is not None else of_role
    return frozenset(PERMISSIONS[role] if kept is None else kept)


def actor_of(
    person: Any,
    *,
    sign_in_id: int | None = None,
    via: str = "system",
    scopes: Sequence[str] = (),
) -> Actor:
    """The actor a person is, with their own permissions or their role's.

    A row that was selected with `ROLE_PERMISSIONS` brings what its role may here; without, the
    role's usual permissions are taken.
    """
    role = Role(person.role)
    return Actor(
        id=person.id,
        uuid=person.uuid,
        username=person.username,
        full_name=person.full_name,
        email=person.email,
        role=role,
        permissions=granted(role, person.permissions, getattr(person, "role_permissions", None)),
        department_id=person.department_id,
        team_id=person.team_id,
        company_id=person.company_id,
        sign_in_id=sign_in_id,
        via=via,
        scopes=frozenset(scopes),
    )


def holds(desk: Desk, person: Any) -> frozenset[str]:
    """What a person may, whose row was not selected with `ROLE_PERMISSIONS`."""
    of_role = desk.db.execute(_OF_ROLE, {"role": person.role}).scalar()
    return granted(Role(person.role), person.permissions, of_role)


def checked_name(field: str, value: str, most: int = 150) -> str:
    """A name that can be seen and is no markup or link. Raises `Invalid`."""
    name = text.optional_line(field, value, most) or ""
    if re.search(r"[<>{}\[\]\\`|^]|https?:|www\.", name, re.IGNORECASE):
        raise Invalid(field, "must be a name, without markup or links")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cn") for sign in name):
        raise Invalid(field, "must not contain invisible characters")
    return name


def add_person(
    desk: Desk,
    *,
    username: str,
    email: str,
    password: str | None,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
    **columns: Any,
) -> Person:
    """Make somebody known. Raises `Invalid` (every wrong field named), `Conflict`."""
    problems: list[tuple[str, str]] = []
    checked: dict[str, str] = {}
    for field, value, check in (
        ("username", username, _checked_username),
        ("email", email, checked_email),
        ("first_name", first_name, checked_name),
        ("last_name", last_name, checked_name),
        (
            "password",
            password,
            lambda f, v: v and passwords.check_password(f, v, names=[username, email]),
        ),
    ):
        try:
            checked[field] = check(field, value)  # type: ignore[operator]
        except Invalid as wrong:
            problems += wrong.problems
    if problems:
        raise Invalid.several(problems)
    full_name = f"{checked['first_name']} {checked['last_name']}".strip() or checked["username"]
    take_turns(desk)
    _refuse_taken(desk, checked["username"], checked["email"], full_name, role)
    person = Person(
        username=checked["username"],
        username_folded=checked["username"].casefold(),
        username_skeleton=skeleton(checked["username"]),
        email=checked["email"],
        email_folded=checked["email"].casefold(),
        first_name=checked["first_name"],
        last_name=checked["last_name"],
        full_name=full_name,
        role=role,
        password_hash=secrets.hash_password(password) if password else None,
        created_at=desk.now,
        **columns,
    )
    desk.session.add(person)
    desk.settle()
    return person


def _checked_username(field: str, value: str) -> str:
    name = checked_name(field, value, 150)
    if not _USERNAME.fullmatch(name) or max(len(name.casefold()), len(skeleton(name))) > 150:
        raise Invalid(field, "must have 2 to 150 letters, digits or the signs . _ @ + -")
    if name.isdigit():
        raise Invalid(field, "must not be a number")
    return name


def checked_email(field: str, value: str) -> str:
    """An e-mail address. Raises `Invalid`."""
    address = text.required_line(field, value, MAX_EMAIL_LENGTH)
    if not is_email_address(address):
        raise Invalid(field, EMAIL)
    return address


def take_turns(desk: Desk) -> None:
    """Newcomers come in one at a time, so that no two take names that look alike."""
    if not desk.is_sqlite:
        desk.db.execute(select(func.pg_advisory_xact_lock(NEWCOMERS_LOCK)))


def _refuse_taken(desk: Desk, username: str, email: str, full_name: str, role: Role) -> None:
    names = [username.casefold(), email.casefold()]
    taken = desk.db.execute(
        select(person_table.c.username_folded, person_table.c.email_folded).where(
            or_(
                person_table.c.username_folded.in_(names),
                person_table.c.username_skeleton == skeleton(username),
                person_table.c.email_folded.in_(names),
            )
        )
    ).all()
    if any(row.email_folded == email.casefold() for row in taken):
        raise Conflict("Somebody with this e-mail address is registered already")
    if taken:
        raise Conflict("This username is taken, or looks like somebody else's")
    if role is Role.USER:
        refuse_likeness(desk, full_name, username)


def refuse_likeness(desk: Desk, *names: str) -> None:
    """Raises `Conflict` if a user of such a name would be taken for somebody of the staff."""
    staff = desk.db.execute(_NAMES_OF_STAFF)
    wanted = {skeleton(name) for name in names}
    if any({skeleton(row.full_name), skeleton(row.username)} & wanted for row in staff):
        raise Conflict("This name looks like that of somebody who works here")


def rename(desk: Desk, person: Person, first_name: str, last_name: str) -> None:
    """Give somebody other names. Raises `Invalid`, `Conflict`."""
    first = checked_name("first_name", first_name)
    last = checked_name("last_name", last_name)
    full_name = f"{first} {last}".strip() or person.username
    if person.role == Role.USER:
        refuse_likeness(desk, full_name)
    person.first_name, person.last_name, person.full_name = first, last, full_name
    _find_by_new_name(desk, person)


def readdress(desk: Desk, person: Person, email: str) -> None:
    """Give somebody another e-mail address. Raises `Invalid`, `Conflict`."""
    address = checked_email("email", email)
    if address.casefold() != person.email_folded:
        take_turns(desk)
        named = or_(
            person_table.c.email_folded == address.casefold(),
            person_table.c.username_folded == address.casefold(),
        )
        if desk.db.execute(
            select(person_table.c.id).where(named, person_table.c.id != person.id)
        ).first():
            raise Conflict("Somebody with this e-mail address is registered already")
    person.email, person.email_folded = address, address.casefold()
    _find_by_new_name(desk, person)


def _find_by_new_name(desk: Desk, person: Person) -> None:
    """Let search find the person's tickets by what they are called at the end of this."""
    assert person.id is not None
    desk.before.append(partial(search_index.follow_name, desk, "person", person.id))


def check_newcomer(desk: Desk, field: str, value: str, address: str, *, beside: str = "") -> None:
    """Whether somebody registering could have this `username`, `email` or `password`, as they type.

    `beside` is the name they typed, which a password must not be. Tells of usernames whether they
    are free, and of e-mail addresses only whether they are ones. Raises `Invalid`, `Conflict`;
    `TooMany` when one address asks more than a person types.
    """
    if field == "password":
        passwords.check_password(field, value, names=[beside])
    elif field == "email":
        checked_email(field, value)
    else:
        name = _checked_username(field, value)
        action_limits.spend_look_up(address)
        _refuse_taken(desk, name, "", name, Role.USER)


def register(
    desk: Desk,
    *,
    username: str,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
) -> Person:
    """Somebody signs up for themselves, as a user (specs/kubebro, "Register/Login").

    Raises `Forbidden` where registration is closed, `Invalid`, `Conflict`.
    """
    if not settings().registration:
        raise Forbidden("Registration is closed on this desk")
    return add_person(
        desk,
        username=username,
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        role=Role.USER,
    )


def add_requester(desk: Desk, *, name: str, email: str, company_id: int | None = None) -> Person:
    """Staff makes somebody known for whom they file a ticket; the person signs in later, or never.

    Raises `Forbidden`, `Invalid`, `Conflict`.
    """
    desk.actor.must("work_tickets", "make people known")
    first_name, _, last_name = " ".join(name.split()).partition(" ")
    wanted = re.sub(r"[^\w.@+-]+", ".", email.partition("@")[0]).strip(".")[:120]
    return add_person(
        desk,
        username=_free_username(desk, wanted if len(wanted) > 1 else f"{wanted}person"),
        email=email,
        password=None,
        first_name=first_name,
        last_name=last_name,
        company_id=company_id,
    )


def from_issuer(desk: Desk, issuer: str, claims: dict[str, Any], names: dict[str, str]) -> Person:
    """The person a trusted issuer vouches for; made known at first sight, with role user.

    `names` maps `subject`, `email`, `username`, `name` to the claims that carry them.
    """
    subject = claims.get(names["subject"])
    if not isinstance(subject, str | int) or not str(subject).strip():
        raise Invalid("token", "does not say whom it is for")
    take_turns(desk)
    subject = subject_of(subject)
    known = desk.session.exec(
        select_rows(Person).where(
            person_table.c.issuer == issuer, person_table.c.subject == subject
        )
    ).first()
    if known is not None:
        return known
    wanted = _visible(str(claims.get(names["username"]) or claims.get("username") or subject))
    email = _visible(str(claims.get(names["email"]) or ""))
    told = " ".join(_visible(str(claims.get(names["name"]) or wanted)).split())[:300]
    first_name, _, last_name = told.partition(" ")
    usable = re.sub(r"[^\w.@+-]+", ".", wanted).strip(".")[:120]
    fits = usable and max(len(usable.casefold()), len(skeleton(usable))) <= 120
    username = _free_username(desk, usable if fits else "user")
    if not is_email_address(email) or _is_known_email(desk, email):
        email = f"{username}@{re.sub(r'[^a-z0-9.-]+', '-', issuer.lower()).strip('-')[:80]}.invalid"
    clean = (first_name, last_name)
    person = Person(
        username=username,
        username_folded=username.casefold(),
        username_skeleton=skeleton(username),
        email=email,
        email_folded=email.casefold(),
        first_name=clean[0][:150],
        last_name=clean[1][:150],
        full_name=" ".join(part for part in clean if part)[:301] or username,
        role=Role.USER,
        issuer=issuer,
        subject=subject,
        created_at=desk.now,
    )
    desk.session.add(person)
    desk.settle()
    return person


def subject_of(told: Any) -> str:
    """A subject as it is kept: whatever it is, both databases take it."""
    written = str(told).encode("utf-8", "replace").decode()
    return written.replace("\x00", "\ufffd")[:255]


def _visible(told: str) -> str:
    """What can be seen of a name: without markup, controls and halves of characters."""
    told = re.sub(r"[<>{}\[\]\\`|^]", "", told)
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn")
    return "".join(
        sign for sign in told if sign.isspace() or unicodedata.category(sign) not in hidden
    )


def _is_known_email(desk: Desk, email: str) -> bool:
    return (
        desk.db.execute(
            select(person_table.c.id).where(person_table.c.email_folded == email.casefold())
        ).first()
        is not None
    )


def _free_username(desk: Desk, wanted: str) -> str:
    for n in range(1, 10_000):
        name = wanted if n == 1 else f"{wanted}.{n}"
        taken = desk.db.execute(
            select(person_table.c.id).where(
                or_(
                    person_table.c.username_folded == name.casefold(),
                    person_table.c.username_skeleton == skeleton(name),
                )
            )
        ).first()
        if taken is None:
            return name
    raise Conflict("No username is free for this person")


_KEPT = func.coalesce(cast(person_table.c.permissions, Text), "null")
_OWN_LIST_WORKS = select(person_table.c.id).where(
    # As the index is written (tables/people.py), or it would not be taken.
    literal_column("person.permissions <> 'null'"),
    _KEPT.contains('"work_tickets"'),
)
WORKS = person_table.c.id.in_(
    union_all(
        select(person_table.c.id).where(person_table.c.role == Role.SUPER_ADMIN).correlate(None),
        select(person_table.c.id)
        .where(person_table.c.role.in_(bindparam("working_roles", expanding=True)), _KEPT == "null")
        .correlate(None),
        _OWN_LIST_WORKS.correlate(None),
    )
)
"""Who works tickets, as `works` says it of a row; wants `working_roles`."""
_NAMES_OF_STAFF = select(person_table.c.full_name, person_table.c.username).where(
    or_(
        person_table.c.role.in_([role for role in Role if role.is_staff]),
        person_table.c.id.in_(_OWN_LIST_WORKS.correlate(None)),
    )
)
_ROLE_SETS = select(permission_set_table.c.role, permission_set_table.c.permissions)
_STAFF = (
    select(
        person_table.c.id,
        person_table.c.uuid,
        person_table.c.username,
        person_table.c.full_name,
        person_table.c.role,
        person_table.c.team_id,
    )
    .where(WORKS, person_table.c.is_active)
    .order_by(person_table.c.full_name, person_table.c.id)
    .limit(bindparam("most"))
)


def working_roles(desk: Desk) -> list[Role]:
    """The roles whose people work tickets here, unless they have a list of their own."""
    kept = {row.role: row.permissions for row in desk.db.execute(_ROLE_SETS)}
    return [role for role in Role if "work_tickets" in granted(role, None, kept.get(role))]


def staff(desk: Desk, most: int = 500) -> Sequence[Any]:
    """Those a ticket can be assigned to, by name. For staff only: raises `Forbidden`."""
    desk.actor.must("work_tickets", "see who works here")
    values = {"working_roles": working_roles(desk), "most": most}
    return desk.db.execute(_STAFF, values).all()


def works(row: Any) -> bool:
    """Whether a person, as selected with `ROLE_PERMISSIONS`, may be given tickets to work on."""
    return "work_tickets" in granted(Role(row.role), row.permissions, row.role_permissions)


MOST_PREFERENCES = 50
LARGEST_PREFERENCES = 8 * 1024
OF_THE_PAGES = frozenset({"theme", "keys"})
"""Preferences that the web app reads: words."""
_PREFERENCE = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def prefer(desk: Desk, told: Mapping[str, Any]) -> None:
    """Remember how the actor likes the desk (`theme`...); None forgets. Raises `Invalid`."""
    person = myself(desk)
    for name, value in told.items():
        if not _PREFERENCE.fullmatch(name):
            raise Invalid("preferences", "must have names of letters, digits and the signs . _ -")
        if name in OF_THE_PAGES and not (value is None or isinstance(value, str)):
            raise Invalid("preferences", f"must have a text as the value of {name}")
    kept = {**person.preferences, **told}
    kept = {name: value for name, value in kept.items() if value is not None}
    if len(kept) > MOST_PREFERENCES:
        raise Invalid("preferences", f"must have at most {MOST_PREFERENCES} entries")
    text.as_json("preferences", kept, LARGEST_PREFERENCES)
    person.preferences = text.environment_facts("preferences", kept) or {}
    desk.settle()


def myself(desk: Desk) -> Person:
    """The actor's own row."""
    person = desk.session.get(Person, desk.actor.id)
    assert person is not None
    return person
