"""People: registration, names and addresses, roles, and preferences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Text, bindparam, cast, func, literal_column, or_, select, union_all
from sqlmodel import select as select_rows

from ticket_app.core.people import passwords
from ticket_app.core.platform import action_limits, secrets, validators
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.email_addresses import MAX_EMAIL_LENGTH, is_email_address
from ticket_app.core.platform.errors import Conflict, Forbidden, Invalid, Reason
from ticket_app.core.platform.unit_of_work import UnitOfWork
from ticket_app.core.platform.vocabulary import Role
from ticket_app.core.search import search_index
from ticket_app.settings import settings
from ticket_app.tables import Person, permission_set_table, person_table

REGISTRATION_LOCK_ID = 7_214_002
"""The PostgreSQL advisory lock that serialises the creation of people."""
_USERNAME_PATTERN = re.compile(r"[\w.@+-]{2,150}")
INVALID_EMAIL = Reason("must be a valid email address", "email")
_LOOKALIKE_CHARACTERS = str.maketrans(
    "аеорсухіјѕԁһԛԝмтквнзοαερικντυχβηζ01|$@!35iӏ",
    "aeopcyxljsdhqwmtkbh3oaeplkvtuxbnzollsalesll",
)


def confusable_skeleton(name: str) -> str:
    """Reduce a name to its visual shape: names with the same skeleton are easily confused."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    base_characters = "".join(
        character for character in decomposed if not unicodedata.combining(character)
    )
    return (
        re.sub(r"[\W_]+", "", base_characters.translate(_LOOKALIKE_CHARACTERS))
        .replace("rn", "m")
        .replace("vv", "w")
    )


ROLE_PERMISSIONS_COLUMN: Any = (
    select(permission_set_table.c.permissions)
    .where(permission_set_table.c.role == person_table.c.role)
    .correlate(person_table)
    .scalar_subquery()
    .label("role_permissions")
)
"""The stored permissions of a selected person's role, or NULL for the default ones."""


_SELECT_ROLE_PERMISSIONS = select(permission_set_table.c.permissions).where(
    permission_set_table.c.role == bindparam("role")
)


def effective_permissions(
    role: Role, own_permissions: Sequence[str] | None, role_permissions: Sequence[str] | None
) -> frozenset[str]:
    """Return the person's own permissions, else the role's stored ones, else the role's default.

    A super_admin always has all permissions, so that administrators cannot lock themselves out.
    """
    if role is Role.SUPER_ADMIN:
        return frozenset(DEFAULT_ROLE_PERMISSIONS[role])
    stored = own_permissions if own_permissions is not None else role_permissions
    return frozenset(DEFAULT_ROLE_PERMISSIONS[role] if stored is None else stored)


def build_actor(
    person: Any,
    *,
    sign_in_id: int | None = None,
    via: str = "system",
    scopes: Sequence[str] = (),
) -> Actor:
    """Build the actor for a person, with the person's own permissions or the role's.

    Without `ROLE_PERMISSIONS_COLUMN` in the row the role's default permissions apply.
    """
    role = Role(person.role)
    return Actor(
        id=person.id,
        uuid=person.uuid,
        username=person.username,
        full_name=person.full_name,
        email=person.email,
        role=role,
        permissions=effective_permissions(
            role, person.permissions, getattr(person, "role_permissions", None)
        ),
        department_id=person.department_id,
        team_id=person.team_id,
        company_id=person.company_id,
        sign_in_id=sign_in_id,
        authentication_method=via,
        scopes=frozenset(scopes),
    )


def load_permissions(uow: UnitOfWork, person: Any) -> frozenset[str]:
    """Load the permissions of a person selected without `ROLE_PERMISSIONS_COLUMN`."""
    role_permissions = uow.connection.execute(
        _SELECT_ROLE_PERMISSIONS, {"role": person.role}
    ).scalar()
    return effective_permissions(Role(person.role), person.permissions, role_permissions)


def validate_name(field: str, value: str, max_length: int = 150) -> str:
    """Return a visible name without markup or links. Raises `Invalid`."""
    name = validators.optional_line(field, value, max_length) or ""
    if re.search(r"[<>{}\[\]\\`|^]|https?:|www\.", name, re.IGNORECASE):
        raise Invalid(field, "must be a name, without markup or links")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn") for character in name):
        raise Invalid(field, "must not contain invisible characters")
    return name


def create_person(
    uow: UnitOfWork,
    *,
    username: str,
    email: str,
    password: str | None,
    first_name: str = "",
    last_name: str = "",
    role: Role = Role.USER,
    **columns: Any,
) -> Person:
    """Create a person. Raises `Invalid` naming every wrong field, `Conflict`."""
    problems: list[tuple[str, str]] = []
    validated: dict[str, str] = {}
    for field, value, validate in (
        ("username", username, _validate_username),
        ("email", email, validate_email),
        ("first_name", first_name, validate_name),
        ("last_name", last_name, validate_name),
        (
            "password",
            password,
            lambda f, v: v and passwords.validate_password(f, v, names=[username, email]),
        ),
    ):
        try:
            validated[field] = validate(field, value)  # type: ignore[operator]
        except Invalid as error:
            problems += error.problems
    if problems:
        raise Invalid.from_problems(problems)
    full_name = (
        f"{validated['first_name']} {validated['last_name']}".strip() or validated["username"]
    )
    lock_registration(uow)
    _ensure_identity_available(uow, validated["username"], validated["email"], full_name, role)
    person = Person(
        username=validated["username"],
        username_folded=validated["username"].casefold(),
        username_skeleton=confusable_skeleton(validated["username"]),
        email=validated["email"],
        email_folded=validated["email"].casefold(),
        first_name=validated["first_name"],
        last_name=validated["last_name"],
        full_name=full_name,
        role=role,
        password_hash=secrets.hash_password(password) if password else None,
        created_at=uow.now,
        **columns,
    )
    uow.session.add(person)
    uow.flush()
    return person


def _validate_username(field: str, value: str) -> str:
    name = validate_name(field, value, 150)
    if (
        not _USERNAME_PATTERN.fullmatch(name)
        or max(len(name.casefold()), len(confusable_skeleton(name))) > 150
    ):
        raise Invalid(field, "must have 2 to 150 letters, digits or the characters . _ @ + -")
    if name.isdigit():
        raise Invalid(field, "must not be a number")
    return name


def validate_email(field: str, value: str) -> str:
    """Return a valid email address. Raises `Invalid`."""
    address = validators.required_line(field, value, MAX_EMAIL_LENGTH)
    if not is_email_address(address):
        raise Invalid(field, INVALID_EMAIL)
    return address


def lock_registration(uow: UnitOfWork) -> None:
    """Create people one at a time, so that no two take names that look alike."""
    if not uow.is_sqlite:
        uow.connection.execute(select(func.pg_advisory_xact_lock(REGISTRATION_LOCK_ID)))


def _ensure_identity_available(
    uow: UnitOfWork, username: str, email: str, full_name: str, role: Role
) -> None:
    names = [username.casefold(), email.casefold()]
    conflicting_rows = uow.connection.execute(
        select(person_table.c.username_folded, person_table.c.email_folded).where(
            or_(
                person_table.c.username_folded.in_(names),
                person_table.c.username_skeleton == confusable_skeleton(username),
                person_table.c.email_folded.in_(names),
            )
        )
    ).all()
    if any(row.email_folded == email.casefold() for row in conflicting_rows):
        raise Conflict("An account with this email address already exists")
    if conflicting_rows:
        raise Conflict("This username is taken or too similar to another one")
    if role is Role.USER:
        ensure_no_staff_lookalike(uow, full_name, username)


def ensure_no_staff_lookalike(uow: UnitOfWork, *names: str) -> None:
    """Raise `Conflict` if a user with one of these names could be mistaken for staff."""
    staff_rows = uow.connection.execute(_SELECT_STAFF_NAMES)
    skeletons = {confusable_skeleton(name) for name in names}
    if any(
        {confusable_skeleton(row.full_name), confusable_skeleton(row.username)} & skeletons
        for row in staff_rows
    ):
        raise Conflict("This name is too similar to the name of a staff member")


def rename_person(uow: UnitOfWork, person: Person, first_name: str, last_name: str) -> None:
    """Change the names of a person. Raises `Invalid`, `Conflict`."""
    first = validate_name("first_name", first_name)
    last = validate_name("last_name", last_name)
    full_name = f"{first} {last}".strip() or person.username
    if person.role == Role.USER:
        ensure_no_staff_lookalike(uow, full_name)
    person.first_name, person.last_name, person.full_name = first, last, full_name
    _schedule_search_update(uow, person)


def change_email(uow: UnitOfWork, person: Person, email: str) -> None:
    """Change the email address of a person. Raises `Invalid`, `Conflict`."""
    address = validate_email("email", email)
    if address.casefold() != person.email_folded:
        lock_registration(uow)
        is_same_address = or_(
            person_table.c.email_folded == address.casefold(),
            person_table.c.username_folded == address.casefold(),
        )
        if uow.connection.execute(
            select(person_table.c.id).where(is_same_address, person_table.c.id != person.id)
        ).first():
            raise Conflict("An account with this email address already exists")
    person.email, person.email_folded = address, address.casefold()
    _schedule_search_update(uow, person)


def _schedule_search_update(uow: UnitOfWork, person: Person) -> None:
    """Reindex the person's tickets for search before the commit."""
    assert person.id is not None
    uow.before_commit.append(partial(search_index.reindex_names, uow, "person", person.id))


def validate_registration_field(
    uow: UnitOfWork, field: str, value: str, address: str, *, typed_username: str = ""
) -> None:
    """Check a `username`, `email` or `password` while a visitor types it into the form.

    Reports whether a username is free; of an email address only whether it is well-formed, so that
    the form does not reveal who has an account. `address` is the network address of the client and
    `typed_username` a name the password must not equal. Raises `Invalid`, `Conflict`,
    `RateLimited`.
    """
    if field == "password":
        passwords.validate_password(field, value, names=[typed_username])
    elif field == "email":
        validate_email(field, value)
    else:
        name = _validate_username(field, value)
        action_limits.count_username_check(address)
        _ensure_identity_available(uow, name, "", name, Role.USER)


def register_user(
    uow: UnitOfWork,
    *,
    username: str,
    email: str,
    password: str,
    first_name: str = "",
    last_name: str = "",
) -> Person:
    """Register a visitor with the role user (specs/kubebro, "Register/Login").

    Raises `Forbidden` where registration is closed, `Invalid`, `Conflict`.
    """
    if not settings().registration:
        raise Forbidden("Registration is closed; ask an administrator for an account")
    return create_person(
        uow,
        username=username,
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        role=Role.USER,
    )


def add_requester(
    uow: UnitOfWork, *, name: str, email: str, company_id: int | None = None
) -> Person:
    """Create a person without a password, for whom staff file a ticket.

    Raises `Forbidden`, `Invalid`, `Conflict`.
    """
    uow.actor.require("work_tickets", "add requesters")
    first_name, _, last_name = " ".join(name.split()).partition(" ")
    username_base = re.sub(r"[^\w.@+-]+", ".", email.partition("@")[0]).strip(".")[:120]
    return create_person(
        uow,
        username=_find_free_username(
            uow, username_base if len(username_base) > 1 else f"{username_base}person"
        ),
        email=email,
        password=None,
        first_name=first_name,
        last_name=last_name,
        company_id=company_id,
    )


def get_or_create_from_issuer(
    uow: UnitOfWork, issuer: str, claims: dict[str, Any], claim_names: dict[str, str]
) -> Person:
    """Return the person a trusted issuer's token names; create them with the role user at first.

    `claim_names` maps `subject`, `email`, `username`, `name` to the claims that carry them.
    """
    subject = claims.get(claim_names["subject"])
    if not isinstance(subject, str | int) or not str(subject).strip():
        raise Invalid("token", "has no subject")
    lock_registration(uow)
    subject = normalize_subject(subject)
    existing = uow.session.exec(
        select_rows(Person).where(
            person_table.c.issuer == issuer, person_table.c.subject == subject
        )
    ).first()
    if existing is not None:
        return existing
    claimed_username = _strip_invisible(
        str(claims.get(claim_names["username"]) or claims.get("username") or subject)
    )
    email = _strip_invisible(str(claims.get(claim_names["email"]) or ""))
    claimed_name = " ".join(
        _strip_invisible(str(claims.get(claim_names["name"]) or claimed_username)).split()
    )[:300]
    first_name, _, last_name = claimed_name.partition(" ")
    username_base = re.sub(r"[^\w.@+-]+", ".", claimed_username).strip(".")[:120]
    is_valid = (
        username_base
        and max(len(username_base.casefold()), len(confusable_skeleton(username_base))) <= 120
    )
    username = _find_free_username(uow, username_base if is_valid else "user")
    if not is_email_address(email) or _email_exists(uow, email):
        email = f"{username}@{re.sub(r'[^a-z0-9.-]+', '-', issuer.lower()).strip('-')[:80]}.invalid"
    name_parts = (first_name, last_name)
    person = Person(
        username=username,
        username_folded=username.casefold(),
        username_skeleton=confusable_skeleton(username),
        email=email,
        email_folded=email.casefold(),
        first_name=name_parts[0][:150],
        last_name=name_parts[1][:150],
        full_name=" ".join(name_part for name_part in name_parts if name_part)[:301] or username,
        role=Role.USER,
        issuer=issuer,
        subject=subject,
        created_at=uow.now,
    )
    uow.session.add(person)
    uow.flush()
    return person


def normalize_subject(value: Any) -> str:
    """Convert a subject claim to text that both databases can store."""
    encodable = str(value).encode("utf-8", "replace").decode()
    return encodable.replace("\x00", "\ufffd")[:255]


def _strip_invisible(value: str) -> str:
    """Remove markup, control characters and lone surrogates from a name."""
    value = re.sub(r"[<>{}\[\]\\`|^]", "", value)
    hidden_categories = ("Cc", "Cf", "Cs", "Co", "Cn")
    return "".join(
        character
        for character in value
        if character.isspace() or unicodedata.category(character) not in hidden_categories
    )


def _email_exists(uow: UnitOfWork, email: str) -> bool:
    return (
        uow.connection.execute(
            select(person_table.c.id).where(person_table.c.email_folded == email.casefold())
        ).first()
        is not None
    )


def _find_free_username(uow: UnitOfWork, base: str) -> str:
    for n in range(1, 10_000):
        name = base if n == 1 else f"{base}.{n}"
        taken = uow.connection.execute(
            select(person_table.c.id).where(
                or_(
                    person_table.c.username_folded == name.casefold(),
                    person_table.c.username_skeleton == confusable_skeleton(name),
                )
            )
        ).first()
        if taken is None:
            return name
    raise Conflict("No free username was found for this person; choose another name")


_OWN_PERMISSIONS_TEXT = func.coalesce(cast(person_table.c.permissions, Text), "null")
_SELECT_STAFF_BY_OWN_PERMISSIONS = select(person_table.c.id).where(
    # Written exactly as in the partial index (tables/people.py); otherwise it would not be used.
    literal_column("person.permissions <> 'null'"),
    _OWN_PERMISSIONS_TEXT.contains('"work_tickets"'),
)
CAN_WORK_TICKETS = person_table.c.id.in_(
    union_all(
        select(person_table.c.id).where(person_table.c.role == Role.SUPER_ADMIN).correlate(None),
        select(person_table.c.id)
        .where(
            person_table.c.role.in_(bindparam("staff_roles", expanding=True)),
            _OWN_PERMISSIONS_TEXT == "null",
        )
        .correlate(None),
        _SELECT_STAFF_BY_OWN_PERMISSIONS.correlate(None),
    )
)
"""The query condition for `can_work_tickets`; expects the parameter `staff_roles`."""
_SELECT_STAFF_NAMES = select(person_table.c.full_name, person_table.c.username).where(
    or_(
        person_table.c.role.in_([role for role in Role if role.is_staff]),
        person_table.c.id.in_(_SELECT_STAFF_BY_OWN_PERMISSIONS.correlate(None)),
    )
)
_SELECT_ALL_ROLE_PERMISSIONS = select(
    permission_set_table.c.role, permission_set_table.c.permissions
)
_SELECT_ASSIGNABLE_STAFF = (
    select(
        person_table.c.id,
        person_table.c.uuid,
        person_table.c.username,
        person_table.c.full_name,
        person_table.c.role,
        person_table.c.team_id,
    )
    .where(CAN_WORK_TICKETS, person_table.c.is_active)
    .order_by(person_table.c.full_name, person_table.c.id)
    .limit(bindparam("limit"))
)


def list_staff_roles(uow: UnitOfWork) -> list[Role]:
    """List the roles that have `work_tickets`."""
    stored = {
        row.role: row.permissions for row in uow.connection.execute(_SELECT_ALL_ROLE_PERMISSIONS)
    }
    return [
        role
        for role in Role
        if "work_tickets" in effective_permissions(role, None, stored.get(role))
    ]


def list_assignable_staff(uow: UnitOfWork, limit: int = 500) -> Sequence[Any]:
    """List active people to whom a ticket can be assigned, by name. Raises `Forbidden`."""
    uow.actor.require("work_tickets", "list staff")
    values = {"staff_roles": list_staff_roles(uow), "limit": limit}
    return uow.connection.execute(_SELECT_ASSIGNABLE_STAFF, values).all()


def can_work_tickets(row: Any) -> bool:
    """Whether a person selected with `ROLE_PERMISSIONS_COLUMN` can be assigned tickets."""
    return "work_tickets" in effective_permissions(
        Role(row.role), row.permissions, row.role_permissions
    )


MAX_PREFERENCES = 50
MAX_PREFERENCES_BYTES = 8 * 1024
WEB_APP_PREFERENCES = frozenset({"theme", "keys"})
"""Preferences that the web app reads; their values must be text."""
_PREFERENCE_NAME_PATTERN = re.compile(r"[A-Za-z0-9_.-]{1,60}")


def update_preferences(uow: UnitOfWork, changes: Mapping[str, Any]) -> None:
    """Change the actor's preferences (`theme` and others); None removes one. Raises `Invalid`."""
    person = get_own_person(uow)
    for name, value in changes.items():
        if not _PREFERENCE_NAME_PATTERN.fullmatch(name):
            raise Invalid(
                "preferences", "must have names of letters, digits and the characters . _ -"
            )
        if name in WEB_APP_PREFERENCES and not (value is None or isinstance(value, str)):
            raise Invalid("preferences", f"must have text as the value of {name}")
    preferences = {**person.preferences, **changes}
    preferences = {name: value for name, value in preferences.items() if value is not None}
    if len(preferences) > MAX_PREFERENCES:
        raise Invalid("preferences", f"must have at most {MAX_PREFERENCES} entries")
    validators.validate_json("preferences", preferences, MAX_PREFERENCES_BYTES)
    person.preferences = validators.validate_environment("preferences", preferences) or {}
    uow.flush()


def get_own_person(uow: UnitOfWork) -> Person:
    """Return the row of the actor."""
    person = uow.session.get(Person, uow.actor.id)
    assert person is not None
    return person
