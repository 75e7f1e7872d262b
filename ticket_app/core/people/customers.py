"""Companies, contacts, teams and people that a ticket can refer to: lists, lookups and changes.

Staff see all of them; a requester sees their own person, contact and company. Lists raise `Invalid`
for a cursor of another list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Table,
    and_,
    false,
    func,
    or_,
    select,
    true,
)

from ticket_app.core.people.rows import CompanyRow, ContactRow, PersonRow
from ticket_app.core.platform import audit_log, cursors, validators
from ticket_app.core.platform.database import conflict_on_violation
from ticket_app.core.platform.errors import Conflict, Invalid, NotFound, does_not_exist, too_long
from ticket_app.core.platform.paging import MAX_PAGE_SIZE, Page, PageRequest
from ticket_app.core.platform.unit_of_work import UnitOfWork
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

MAX_SEARCH_WORDS = 8
RowT = TypeVar("RowT", CompanyRow, ContactRow, PersonRow)
Columns = Sequence[Table | ColumnElement[object]]

_CONTACT_COLUMNS = (
    contact_table,
    company_table.c.uuid.label("company_uuid"),
    company_table.c.name.label("company_name"),
)
_CONTACT_JOIN = contact_table.outerjoin(
    company_table, company_table.c.id == contact_table.c.company_id
)
_PERSON_COLUMNS = (person_table, team_table.c.name.label("team_name"))
_PERSON_JOIN = person_table.outerjoin(team_table, team_table.c.id == person_table.c.team_id)


def _visible_companies(uow: UnitOfWork) -> ColumnElement[bool]:
    if uow.actor.is_staff:
        return true()
    return company_table.c.id == uow.actor.company_id if uow.actor.company_id else false()


def _visible_contacts(uow: UnitOfWork) -> ColumnElement[bool]:
    return true() if uow.actor.is_staff else contact_table.c.person_id == uow.actor.id


def _visible_people(uow: UnitOfWork) -> ColumnElement[bool]:
    return person_table.c.is_active if uow.actor.is_staff else person_table.c.id == uow.actor.id


def contains_every_word(search_text: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that each word of the text occurs in one of the columns."""
    return and_(
        true(),
        *(
            or_(*(func.lower(column).contains(word, autoescape=True) for column in columns))
            for word in search_text.lower().replace("\x00", " ").split()[:MAX_SEARCH_WORDS]
        ),
    )


def _list_by_name(
    uow: UnitOfWork,
    columns: Columns,
    from_clause: FromClause,
    conditions: tuple[ColumnElement[bool], ...],
    name_column: Column[str],
    page_request: PageRequest,
    *,
    of: type[RowT],
) -> tuple[Page[RowT], int]:
    """Return one page of rows ordered by a name column and the id, and the total."""
    id_column, list_name = name_column.table.c.id, name_column.table.name
    limit = max(1, min(page_request.limit, MAX_PAGE_SIZE))
    statement = (
        select(*columns)
        .select_from(from_clause)
        .where(*conditions)
        .order_by(name_column, id_column)
    )
    if page_request.cursor is None:
        statement = statement.offset(max(0, page_request.offset))
    else:
        last_name, last_id = cursors.decode_name(page_request.cursor, list_name)
        statement = statement.where(
            or_(name_column > last_name, and_(name_column == last_name, id_column > last_id))
        )
    rows = uow.all_rows(statement.limit(limit + 1), of=of)
    total = uow.connection.execute(
        select(func.count()).select_from(from_clause).where(*conditions)
    ).scalar_one()
    has_more = len(rows) > limit
    next_cursor = None
    if has_more:
        row = rows[limit - 1]
        next_cursor = cursors.encode(list_name, getattr(row, name_column.name), row.id)
    return Page(rows[:limit], has_more, next_cursor), total


def list_companies(
    uow: UnitOfWork, search_text: str, page_request: PageRequest
) -> tuple[Page[CompanyRow], int]:
    """Return one page of the companies the actor may see, by name, and the total."""
    conditions = (
        _visible_companies(uow),
        contains_every_word(search_text, company_table.c.name_folded, company_table.c.domain),
    )
    return _list_by_name(
        uow,
        (company_table,),
        company_table,
        conditions,
        company_table.c.name_folded,
        page_request,
        of=CompanyRow,
    )


def search_contacts(
    uow: UnitOfWork, search_text: str, limit: int, *, company_id: int | None = None
) -> Sequence[ContactRow]:
    """Return the first `limit` contacts that match a text, by name: of a company, or of all.

    Raises `Forbidden` without the permission `work_tickets`.
    """
    uow.actor.require("work_tickets", "search the user directory")
    statement = (
        select(*_CONTACT_COLUMNS)
        .select_from(_CONTACT_JOIN)
        .where(contains_every_word(search_text, contact_table.c.name, contact_table.c.email))
        .order_by(contact_table.c.name, contact_table.c.id)
        .limit(limit)
    )
    if company_id is not None:
        statement = statement.where(contact_table.c.company_id == company_id)
    return uow.all_rows(statement, of=ContactRow)


def list_contacts(
    uow: UnitOfWork, search_text: str, page_request: PageRequest, *, company_id: int | None = None
) -> tuple[Page[ContactRow], int]:
    """Return one page of contacts, by name, of one company or of all, and the total."""
    conditions = (
        _visible_contacts(uow),
        contains_every_word(search_text, contact_table.c.name, contact_table.c.email),
    )
    if company_id is not None:
        conditions += (contact_table.c.company_id == company_id,)
    return _list_by_name(
        uow,
        _CONTACT_COLUMNS,
        _CONTACT_JOIN,
        conditions,
        contact_table.c.name,
        page_request,
        of=ContactRow,
    )


def list_people(
    uow: UnitOfWork,
    search_text: str,
    page_request: PageRequest,
    *,
    roles: frozenset[str] = frozenset(),
) -> tuple[Page[PersonRow], int]:
    """Return one page of people, by name, with one of these roles or any, and the total."""
    conditions = (
        _visible_people(uow),
        contains_every_word(
            search_text, person_table.c.full_name, person_table.c.username, person_table.c.email
        ),
    )
    if roles:
        conditions += (person_table.c.role.in_(sorted(roles)),)
    return _list_by_name(
        uow,
        _PERSON_COLUMNS,
        _PERSON_JOIN,
        conditions,
        person_table.c.full_name,
        page_request,
        of=PersonRow,
    )


def _get_row(
    uow: UnitOfWork,
    label: str,
    columns: Columns,
    from_clause: FromClause,
    visibility: ColumnElement[bool],
    table: Table,
    reference: UUID | int,
    *,
    of: type[RowT],
) -> RowT:
    column = table.c.uuid if isinstance(reference, UUID) else table.c.id
    row = uow.first_row(
        select(*columns).select_from(from_clause).where(visibility, column == reference), of=of
    )
    if row is None:
        raise NotFound(label)
    return row


def get_company(uow: UnitOfWork, reference: UUID | int) -> CompanyRow:
    """Return a company the actor may see, by id or UUID. Raises `NotFound`."""
    return _get_row(
        uow,
        "Company",
        (company_table,),
        company_table,
        _visible_companies(uow),
        company_table,
        reference,
        of=CompanyRow,
    )


def get_contact(uow: UnitOfWork, reference: UUID | int) -> ContactRow:
    """Return a contact the actor may see, by id or UUID. Raises `NotFound`."""
    return _get_row(
        uow,
        "Contact",
        _CONTACT_COLUMNS,
        _CONTACT_JOIN,
        _visible_contacts(uow),
        contact_table,
        reference,
        of=ContactRow,
    )


def get_person(uow: UnitOfWork, reference: UUID | int) -> PersonRow:
    """Return a person the actor may see, by id or UUID. Raises `NotFound`."""
    return _get_row(
        uow,
        "User",
        _PERSON_COLUMNS,
        _PERSON_JOIN,
        _visible_people(uow),
        person_table,
        reference,
        of=PersonRow,
    )


def add_company(
    uow: UnitOfWork, name: str, *, domain: str | None = None, notes: str | None = None
) -> Company:
    """Create a company. Raises `Forbidden`, `Invalid`, `Conflict` if the name is taken."""
    uow.actor.require("work_tickets", "add companies")
    clean_name = _validate_unique_name(uow, name)
    new_company = Company(
        name=clean_name,
        name_folded=clean_name.casefold(),
        domain=validators.optional_line("domain", domain, 253),
        notes=validators.optional_text("notes", notes),
        created_at=uow.now,
    )
    uow.session.add(new_company)
    _flush_unique_name(uow)
    assert new_company.id is not None
    audit_log.record_created(uow, company_table, new_company.id)
    return new_company


NAME_TAKEN_MESSAGE = "A company with this name already exists"


def _validate_unique_name(uow: UnitOfWork, name: str, *, except_id: int = 0) -> str:
    """Return a name that no company but `except_id` has. Raises `Invalid`, `Conflict`."""
    clean_name = validators.required_line("name", name, 200)
    folded = clean_name.casefold()
    if len(folded) > 200:
        raise Invalid("name", too_long(200))
    statement = select(company_table.c.id).where(
        company_table.c.name_folded == folded, company_table.c.id != except_id
    )
    if uow.connection.execute(statement).first():
        raise Conflict(NAME_TAKEN_MESSAGE)
    return clean_name


def _flush_unique_name(uow: UnitOfWork) -> None:
    """Flush a company. Raises `Conflict` if another one has just taken its name."""
    with conflict_on_violation(NAME_TAKEN_MESSAGE):
        uow.flush()


def rename_company(uow: UnitOfWork, reference: UUID | int, name: str | None) -> Company:
    """Rename a company and reindex its tickets for search; None keeps the name.

    Raises `Forbidden`, `NotFound`, `Invalid`, `Conflict` if another company has this name.
    """
    uow.actor.require("work_tickets", "rename companies")
    renamed = uow.session.get_one(Company, get_company(uow, reference).id)
    if name is None:
        return renamed
    assert renamed.id is not None
    clean_name = _validate_unique_name(uow, name, except_id=renamed.id)
    with audit_log.record_changes(uow, company_table, renamed.id):
        renamed.name, renamed.name_folded = clean_name, clean_name.casefold()
        _flush_unique_name(uow)
    search_index.reindex_names(uow, "company", renamed.id)
    return renamed


def add_contact(
    uow: UnitOfWork,
    name: str,
    *,
    company_id: int | None = None,
    email: str | None = None,
    phone: str | None = None,
) -> Contact:
    """Create a contact. Raises `Forbidden`, `Invalid`."""
    uow.actor.require("work_tickets", "add contacts")
    new_contact = Contact(
        name=validators.required_line("name", name, 200),
        company_id=company_id,
        email=validators.optional_line("email", email, 254),
        phone=validators.optional_line("phone", phone, 60),
        created_at=uow.now,
    )
    uow.session.add(new_contact)
    uow.flush()
    assert new_contact.id is not None
    audit_log.record_created(uow, contact_table, new_contact.id)
    return new_contact


def get_or_create_team(uow: UnitOfWork, name: str) -> int:
    """Return the id of the team with this name; create the team if needed.

    Raises `Forbidden`, `Invalid`, `Conflict`.
    """
    existing_id = find_team_id(uow, name)
    if existing_id:
        return existing_id
    uow.actor.require("assign_tickets", "assign tickets to teams")
    new_team = Team(name=validators.required_line("team", name, 120), created_at=uow.now)
    uow.session.add(new_team)
    with conflict_on_violation("Another person created this team at the same time; try again"):
        uow.flush()
    assert new_team.id is not None
    audit_log.record_created(uow, team_table, new_team.id)
    return new_team.id


def find_team_id(uow: UnitOfWork, name: str) -> int:
    """Return the id of the team with this name, or 0 if there is none."""
    return (
        uow.connection.execute(select(team_table.c.id).where(team_table.c.name == name)).scalar()
        or 0
    )


def ensure_valid_customer(uow: UnitOfWork, company_id: int | None, contact_id: int | None) -> None:
    """Check that the actor may file a ticket for this company and contact.

    Raises `Invalid` if the actor cannot see one of them, or the contact is at another company.
    """
    if company_id is not None:
        try:
            get_company(uow, company_id)
        except NotFound:
            raise Invalid("company", does_not_exist(company_id)) from None
    if contact_id is not None:
        try:
            contact_row = get_contact(uow, contact_id)
        except NotFound:
            raise Invalid("contact", does_not_exist(contact_id)) from None
        if company_id is not None and contact_row.company_id not in (None, company_id):
            raise Invalid("contact", "must belong to the company of the ticket")
