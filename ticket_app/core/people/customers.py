"""The parties a ticket can name, for programs to list: people, teams, companies and contacts.

Staff choose from all of them; a requester knows of themselves and of their own company.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from ticket_app.core.platform import cursors, text
from ticket_app.core.platform.database import Collision
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound, does_not_exist, too_long
from ticket_app.core.platform.paging import LONGEST_PAGE, Page, Slice
from ticket_app.core.platform.unit_of_work import Desk
from ticket_app.core.search import search_index
from ticket_app.tables import (
    Company,
    Contact,
    Team,
    company_table,
    contact_table,
    person_table,
    team_table,
)

MOST_WORDS = 8

_CONTACT = (
    contact_table,
    company_table.c.uuid.label("company_uuid"),
    company_table.c.name.label("company_name"),
)
_CONTACTS = contact_table.outerjoin(company_table, company_table.c.id == contact_table.c.company_id)
_PERSON = (person_table, team_table.c.name.label("team_name"))
_PEOPLE = person_table.outerjoin(team_table, team_table.c.id == person_table.c.team_id)


def _known_companies(desk: Desk) -> ColumnElement[bool]:
    if desk.actor.is_staff:
        return true()
    return company_table.c.id == desk.actor.company_id if desk.actor.company_id else false()


def _known_contacts(desk: Desk) -> ColumnElement[bool]:
    return true() if desk.actor.is_staff else contact_table.c.person_id == desk.actor.id


def _known_people(desk: Desk) -> ColumnElement[bool]:
    return person_table.c.is_active if desk.actor.is_staff else person_table.c.id == desk.actor.id


def matching(words: str, *columns: Any) -> ColumnElement[bool]:
    """Rows in which every word stands somewhere."""
    return and_(
        true(),
        *(
            or_(*(func.lower(column).contains(word, autoescape=True) for column in columns))
            for word in words.lower().replace("\x00", " ").split()[:MOST_WORDS]
        ),
    )


def _listed(
    desk: Desk, columns: Any, start: Any, wanted: tuple[Any, ...], name: Any, part: Slice
) -> tuple[Page, int]:
    """A part of a list by a column of names; equal names go by id."""
    ids, of = name.table.c.id, name.table.name
    limit = max(1, min(part.limit, LONGEST_PAGE))
    statement = select(*columns).select_from(start).where(*wanted).order_by(name, ids)
    if part.cursor is None:
        statement = statement.offset(max(0, part.offset))
    else:
        last, last_id = cursors.decode_name(part.cursor, of)
        statement = statement.where(or_(name > last, and_(name == last, ids > last_id)))
    rows = desk.db.execute(statement.limit(limit + 1)).all()
    total = desk.db.execute(select(func.count()).select_from(start).where(*wanted)).scalar_one()
    has_more = len(rows) > limit
    following = None
    if has_more:
        row = rows[limit - 1]
        following = cursors.encode(of, getattr(row, name.name), row.id)
    return Page(rows[:limit], has_more, following), total


def companies(desk: Desk, words: str, part: Slice) -> tuple[Page, int]:
    """Companies to choose from, by name, and how many there are in all."""
    wanted = (
        _known_companies(desk),
        matching(words, company_table.c.name_folded, company_table.c.domain),
    )
    return _listed(desk, (company_table,), company_table, wanted, company_table.c.name_folded, part)


def contacts(
    desk: Desk, words: str, part: Slice, *, company_id: int | None = None
) -> tuple[Page, int]:
    """Contacts to choose from, by name, of one company or of all; and how many in all."""
    wanted = (_known_contacts(desk), matching(words, contact_table.c.name, contact_table.c.email))
    if company_id is not None:
        wanted += (contact_table.c.company_id == company_id,)
    return _listed(desk, _CONTACT, _CONTACTS, wanted, contact_table.c.name, part)


def people(
    desk: Desk, words: str, part: Slice, *, roles: frozenset[str] = frozenset()
) -> tuple[Page, int]:
    """People to choose from, by name, of these roles or of all; and how many in all."""
    wanted = (
        _known_people(desk),
        matching(words, person_table.c.full_name, person_table.c.username, person_table.c.email),
    )
    if roles:
        wanted += (person_table.c.role.in_(sorted(roles)),)
    return _listed(desk, _PERSON, _PEOPLE, wanted, person_table.c.full_name, part)


def _one(
    desk: Desk, what: str, columns: Any, start: Any, known: Any, table: Any, by: UUID | int
) -> Any:
    column = table.c.uuid if isinstance(by, UUID) else table.c.id
    row = desk.db.execute(select(*columns).select_from(start).where(known, column == by)).first()
    if row is None:
        raise NotFound(what)
    return row


def company(desk: Desk, reference: UUID | int) -> Any:
    """One company the actor may name. Raises `NotFound`."""
    return _one(
        desk,
        "Company",
        (company_table,),
        company_table,
        _known_companies(desk),
        company_table,
        reference,
    )


def contact(desk: Desk, reference: UUID | int) -> Any:
    """One contact the actor may name. Raises `NotFound`."""
    return _one(
        desk, "Contact", _CONTACT, _CONTACTS, _known_contacts(desk), contact_table, reference
    )


def person(desk: Desk, reference: UUID | int) -> Any:
    """One person the actor may name. Raises `NotFound`."""
    return _one(desk, "User", _PERSON, _PEOPLE, _known_people(desk), person_table, reference)


def add_company(
    desk: Desk, name: str, *, domain: str | None = None, notes: str | None = None
) -> Company:
    """Make a company known. Raises `Forbidden`, `Invalid`, `Conflict` if it is known already."""
    desk.actor.must("work_tickets", "add companies")
    line = _free_name(desk, name)
    made = Company(
        name=line,
        name_folded=line.casefold(),
        domain=text.optional_line("domain", domain, 253),
        notes=text.optional_text("notes", notes),
        created_at=desk.now,
    )
    desk.session.add(made)
    _settle_name(desk)
    return made


NAME_TAKEN = "A company with this name already exists"


def _free_name(desk: Desk, name: str, *, besides: int = 0) -> str:
    """A name that no company but `besides` (by id) has. Raises `Invalid`, `Conflict`."""
    line = text.required_line("name", name, 200)
    folded = line.casefold()
    if len(folded) > 200:
        raise Invalid("name", too_long(200))
    taken = select(company_table.c.id).where(
        company_table.c.name_folded == folded, company_table.c.id != besides
    )
    if desk.db.execute(taken).first():
        raise Conflict(NAME_TAKEN)
    return line


def _settle_name(desk: Desk) -> None:
    """Write a company. Raises `Conflict` if another one has just got this name."""
    try:
        desk.settle()
    except Collision:
        raise Conflict(NAME_TAKEN) from None


def rename_company(desk: Desk, reference: UUID | int, name: str | None) -> Company:
    """Give a company another name, by which its tickets are found; None leaves the name.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` if another company has this name.
    """
    desk.actor.must("work_tickets", "rename companies")
    renamed = desk.session.get_one(Company, company(desk, reference).id)
    if name is None:
        return renamed
    assert renamed.id is not None
    line = _free_name(desk, name, besides=renamed.id)
    renamed.name, renamed.name_folded = line, line.casefold()
    _settle_name(desk)
    search_index.follow_name(desk, "company", renamed.id)
    return renamed


def add_contact(
    desk: Desk,
    name: str,
    *,
    company_id: int | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> Contact:
    """Make a contact of a company known. Raises `Forbidden`, `Invalid`."""
    desk.actor.must("work_tickets", "add contacts")
    made = Contact(
        name=text.required_line("name", name, 200),
        company_id=company_id,
        email=text.optional_line("email", email, 254),
        phone=text.optional_line("phone", phone, 60),
        created_at=desk.now,
    )
    desk.session.add(made)
    desk.settle()
    return made


def team_named(desk: Desk, name: str) -> int:
    """The id of the team of that name, made known if it was not. Raises `Forbidden`."""
    known = team_id(desk, name)
    if known:
        return known
    desk.actor.must("assign_tickets", "hand tickets to teams")
    made = Team(name=text.required_line("team", name, 120), created_at=desk.now)
    desk.session.add(made)
    try:
        desk.settle()
    except Collision:
        raise Conflict("Somebody else makes this team known right now") from None
    assert made.id is not None
    return made.id


def team_id(desk: Desk, name: str) -> int:
    """The id of the team of that name, or 0, which is no team's."""
    return desk.db.execute(select(team_table.c.id).where(team_table.c.name == name)).scalar() or 0


def check_customer(desk: Desk, company_id: int | None, contact_id: int | None) -> None:
    """Whether the actor may say that a ticket is this company's and this contact's.

    Raises `Invalid` for what they do not know of, or a contact of another company.
    """
    if company_id is not None:
        try:
            company(desk, company_id)
        except NotFound:
            raise Invalid("company", does_not_exist(company_id)) from None
    if contact_id is not None:
        try:
            chosen = contact(desk, contact_id)
        except NotFound:
            raise Invalid("contact", does_not_exist(contact_id)) from None
        if company_id is not None and chosen.company_id not in (None, company_id):
            raise Invalid("contact", "must belong to the company of the ticket")
